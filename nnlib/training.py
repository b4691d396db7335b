"""The training loop: batches, epochs, what was measured on the way, and when to stop."""

from dataclasses import dataclass, field

import numpy as np

from nnlib.module import Module
from nnlib.optim import Optimizer
from nnlib.tensor import Tensor, no_grad
from nnlib.validation import NOT_NEGATIVE, at_least, finite, instance, number


def batches(*arrays, batch_size, rng=None, shuffle=True):
    """Mini-batches of arrays that belong together, such as X and y, for one epoch.

    Parameters
    ----------
    *arrays : arrays of equal length n
    batch_size : int
        Samples in a batch; the last one may have fewer.
    rng : int or numpy.random.Generator, optional
        Decides the order. Pass a Generator to get another order in each epoch.
    shuffle : bool
        Whether to draw a new order at all.

    Returns
    -------
    iterator over tuples with a batch of each array

    >>> [xb.tolist() for xb, yb in batches([1, 2, 3], [4, 5, 6], batch_size=2, shuffle=False)]
    [[1, 2], [3]]
    """
    arrays = [np.asarray(a) for a in arrays]
    lengths = [len(a) if a.ndim else 0 for a in arrays]
    if not arrays or min(lengths) == 0 or len(set(lengths)) > 1:
        raise ValueError(f"arrays: expected equal lengths above 0, got lengths {lengths}")
    at_least(1, batch_size=batch_size)
    n = lengths[0]
    order = np.random.default_rng(rng).permutation(n) if shuffle else np.arange(n)
    return (tuple(a[order[i : i + batch_size]] for a in arrays) for i in range(0, n, batch_size))


@dataclass
class History:
    """What `fit` measured: a number for each epoch.

    `loss` is the mean over the epoch's batches while the network learned from them;
    `validation_loss` is taken after the epoch and is empty without validation data.
    """

    loss: list = field(default_factory=list)
    validation_loss: list = field(default_factory=list)

    def __len__(self):
        return len(self.loss)

    def __repr__(self):
        if not self.loss:
            return "History(0 epochs)"
        text = f"History({len(self)} epochs, loss {self.loss[0]:.4g} -> {self.loss[-1]:.4g}"
        if self.validation_loss:
            text += f", validation {self.validation_loss[0]:.4g} -> {self.validation_loss[-1]:.4g}"
        return text + ")"


class Callback:
    """Something that `fit` calls as it goes; a subclass overrides what it needs."""

    def on_epoch_end(self, network, history):
        """Called after each epoch; returning True ends the training."""

    def on_train_end(self, network, history):
        """Called once at the end, also when an error or the reader ends it."""


class EarlyStopping(Callback):
    """Stop when the validation loss has not improved for `patience` epochs; keep the best weights.

    `min_delta` is how much lower a loss must be to count as better. Without validation data the
    training loss is watched. Source: Prechelt (1998), Early stopping, but when?
    """

    def __init__(self, patience=5, min_delta=0.0):
        at_least(1, patience=patience)
        number(NOT_NEGATIVE, min_delta=min_delta)
        self.patience, self.min_delta = patience, min_delta
        self.best_epoch, self.best_loss, self._best_state = 0, np.inf, None

    def on_epoch_end(self, network, history):
        epoch = len(history)
        if epoch == 1:  # a new training
            self.best_epoch, self.best_loss, self._best_state = 0, np.inf, None
        loss = (history.validation_loss or history.loss)[-1]
        if loss < self.best_loss - self.min_delta:
            self.best_epoch, self.best_loss = epoch, loss
            self._best_state = network.state_dict()
        return epoch - self.best_epoch >= self.patience

    def on_train_end(self, network, history):
        if self._best_state is not None:
            network.load_state_dict(self._best_state)
            self._best_state = None  # another training, if only of 0 epochs, has its own best


def fit(network, data, *, loss, optimizer, epochs, batch_size=32, validation=None, callbacks=(),
        rng=None, progress=True):  # fmt: skip
    """Train a network on mini-batches.

    Parameters
    ----------
    network : Module
        Left in `eval()` mode at the end, ready to predict.
    data : (X, y)
        Arrays of equal length; X goes into the network, y into the loss.
    loss : function of (prediction, target) that returns a scalar Tensor
    optimizer : Optimizer over the network's parameters
    epochs, batch_size : int
    validation : (X, y), optional
        Data to measure on after each epoch, never learned from.
    callbacks : list of Callback
    rng : int or numpy.random.Generator, optional
        Decides the order of the samples.
    progress : bool
        Whether to show a progress bar when the training takes more than two seconds.

    Returns
    -------
    History

    Raises
    ------
    FloatingPointError
        If a loss or a weight is no longer finite. The network then holds the last weights with
        which the training loss was, or with `EarlyStopping` the best ones.
    ValueError, TypeError
        If an argument is not what it should be, such as an optimizer of another network.
    """
    instance(Module, network=network)
    instance(Optimizer, optimizer=optimizer)
    at_least(0, epochs=epochs)
    if not hasattr(callbacks, "__iter__"):
        raise TypeError(f"callbacks: expected a list, got {type(callbacks).__name__}")
    callbacks = list(callbacks)
    instance(Callback, **{f"callbacks[{i}]": c for i, c in enumerate(callbacks)})
    parameters = network.parameters()
    if not set(parameters) & set(optimizer.parameters):
        raise ValueError(
            "optimizer: expected one of this network's parameters, got one that holds none of them"
        )
    X, y = _pair("data", data)
    if validation is not None:
        validation = _pair("validation", validation)
    rng, history = np.random.default_rng(rng), History()
    last_finite = [p.data.copy() for p in parameters]

    def diverged(what, epoch, step):
        for p, last in zip(parameters, last_finite):
            p.data[...] = last
        return FloatingPointError(
            f"{what} in epoch {epoch}, step {step}; the network keeps its last finite weights. "
            f"A smaller learning rate often helps (now lr={optimizer.lr:g})."
        )

    try:
        # No warnings on the way: numbers that are not finite get an error of their own.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            for epoch in _with_bar(range(1, epochs + 1), progress):
                network.train()
                total = 0.0
                parts = batches(X, y, batch_size=batch_size, rng=rng)
                for step, (xb, yb) in enumerate(parts, start=1):
                    optimizer.zero_grad()
                    value = _scalar(loss(network(xb), yb))
                    if not np.isfinite(value.data):
                        raise diverged(f"the loss became {value.item()}", epoch, step)
                    value.backward()
                    for p, last in zip(parameters, last_finite):
                        np.copyto(last, p.data)
                    optimizer.step()
                    total += value.item() * len(xb)
                if not all(np.isfinite(p.data).all() for p in parameters):
                    raise diverged("weights became infinite", epoch, step)
                history.loss.append(total / len(X))
                network.eval()
                if validation is not None:
                    with no_grad():
                        value = _scalar(loss(network(validation[0]), validation[1])).item()
                    if not np.isfinite(value):
                        raise diverged(f"the validation loss became {value}", epoch, step)
                    history.validation_loss.append(value)
                stop = [callback.on_epoch_end(network, history) for callback in callbacks]
                if any(stop):
                    break
    finally:
        network.eval()
        for callback in callbacks:
            callback.on_train_end(network, history)
    return history


def _pair(name, data):
    if not isinstance(data, (tuple, list)) or len(data) != 2:
        raise ValueError(f"{name}: expected a pair (X, y), got {type(data).__name__}")
    X, y = (np.asarray(a) for a in data)
    if not X.ndim or not y.ndim or len(X) != len(y) or not len(X):
        raise ValueError(f"{name}: expected X and y of equal length, got {X.shape} and {y.shape}")
    for part, a in (("X", X), ("y", y)):
        finite(f"{name}, {part}", a)
    return X, y


def _scalar(value):
    if not isinstance(value, Tensor) or value.size != 1:
        shape = f" of shape {value.shape}" if isinstance(value, Tensor) else ""
        raise TypeError(
            "loss: expected a function that returns a Tensor with one element, "
            f"got a {type(value).__name__}{shape}"
        )
    return value


def _with_bar(epochs, progress):
    if not progress:
        return epochs
    from tqdm import tqdm  # only here, so that `import nnlib` stays quick

    return tqdm(epochs, desc="training", unit="epoch", delay=2, leave=False)
