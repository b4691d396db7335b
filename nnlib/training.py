"""The training loop: batches, epochs, what was measured on the way, and when to stop."""

from dataclasses import dataclass, field

import numpy as np

from nnlib.module import Module
from nnlib.optim import Optimizer
from nnlib.tape import no_grad
from nnlib.tensor import Tensor
from nnlib.validation import NOT_NEGATIVE, array_of, at_least, finite, generator, instance, number


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

    Examples
    --------
    >>> [xb.tolist() for xb, yb in batches([1, 2, 3], [4, 5, 6], batch_size=2, shuffle=False)]
    [[1, 2], [3]]
    """
    arrays = [array_of(f"arrays[{i}]", a) for i, a in enumerate(arrays)]
    lengths = [len(a) if a.ndim else 0 for a in arrays]
    if not arrays or min(lengths) == 0 or len(set(lengths)) > 1:
        raise ValueError(f"arrays: expected equal lengths above 0, got lengths {lengths}")
    at_least(1, batch_size=batch_size)
    n = lengths[0]
    order = generator(rng).permutation(n) if shuffle else np.arange(n)
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


class Snapshot:
    """All that training changes, as it was at one moment: parameters, buffers and, where there is an
    optimizer, what it remembers of earlier gradients."""

    def __init__(self, network, optimizer=None):
        self.network, self.optimizer = network, optimizer
        self.take()

    def take(self):
        self._network = self.network.state_dict()
        self._optimizer = self.optimizer.state_dict() if self.optimizer else None

    def restore(self):
        self.network.load_state_dict(self._network)
        if self.optimizer:
            self.optimizer.load_state_dict(self._optimizer)


class Callback:
    """Something that `fit` calls as it goes; a subclass overrides what it needs."""

    def on_train_begin(self, network, optimizer):
        """Called once before the first epoch."""

    def on_epoch_end(self, network, history):
        """Called after each epoch; returning True ends the training."""

    def on_train_end(self, network, history):
        """Called once at the end, also when an error or the reader ends it."""


class EarlyStopping(Callback):
    """Stop when the validation loss has not improved for `patience` epochs; go back to the best one.

    `min_delta` is how much lower a loss must be to count as better. Without validation data the
    training loss is watched. Source: Prechelt (1998), Early stopping, but when?
    """

    def __init__(self, patience=5, min_delta=0.0):
        at_least(1, patience=patience)
        number(NOT_NEGATIVE, min_delta=min_delta)
        self.patience, self.min_delta = patience, min_delta
        self.best_epoch, self.best_loss, self._best = 0, np.inf, None

    def on_train_begin(self, network, optimizer):
        self.best_epoch, self.best_loss = 0, np.inf
        self._best = Snapshot(network, optimizer)

    def on_epoch_end(self, network, history):
        epoch, loss = len(history), (history.validation_loss or history.loss)[-1]
        if loss < self.best_loss - self.min_delta:
            self.best_epoch, self.best_loss = epoch, loss
            self._best.take()
        return epoch - self.best_epoch >= self.patience

    def on_train_end(self, network, history):
        if self.best_epoch:
            self._best.restore()
        self._best = None  # it may be large


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
        Whether to show a progress bar when the training takes more than five seconds.

    Returns
    -------
    History

    Raises
    ------
    FloatingPointError
        If a loss or a weight is no longer finite. Network and optimizer are then back where they
        were after the last whole epoch, or with `EarlyStopping` after the best one.
    ValueError, TypeError
        If an argument is not what it should be, such as an optimizer of another network.
    """
    X, y = _pair("data", data)
    validation = None if validation is None else _pair("validation", validation)
    callbacks = _checked(network, optimizer, epochs, callbacks)
    rng, history, last = generator(rng), History(), Snapshot(network, optimizer)
    for callback in callbacks:
        callback.on_train_begin(network, optimizer)
    try:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # see _finite
            for epoch in _with_bar(range(1, epochs + 1), progress):
                network.train()
                total = 0.0
                parts = batches(X, y, batch_size=batch_size, rng=rng)
                for step, (xb, yb) in enumerate(parts, start=1):
                    optimizer.zero_grad()
                    value = _finite("the loss", loss(network(xb), yb), epoch, step)
                    value.backward()
                    optimizer.step()
                    total += value.item() * len(xb)
                network.eval()
                _finite_weights(network, epoch, step)
                if validation is not None:
                    with no_grad():
                        prediction = network(validation[0])
                        value = loss(prediction, validation[1])
                    value = _finite("the validation loss", value, epoch, step)
                    history.validation_loss.append(value.item())
                history.loss.append(total / len(X))
                last.take()
                stop = [callback.on_epoch_end(network, history) for callback in callbacks]
                if any(stop):
                    break
    except FloatingPointError as error:
        last.restore()
        raise FloatingPointError(
            f"{error}; network and optimizer are as they were after {len(history)} epochs. A smaller "
            f"learning rate often helps (now lr={optimizer.lr:g})."
        ) from None
    finally:
        network.eval()
        for callback in callbacks:
            callback.on_train_end(network, history)
    return history


def _checked(network, optimizer, epochs, callbacks):
    """The callbacks as a list, if all that `fit` got is what it should be."""
    instance(Module, network=network)
    instance(Optimizer, optimizer=optimizer)
    at_least(0, epochs=epochs)
    if not hasattr(callbacks, "__iter__"):
        raise TypeError(f"callbacks: expected a list, got {type(callbacks).__name__}")
    callbacks = list(callbacks)
    instance(Callback, **{f"callbacks[{i}]": c for i, c in enumerate(callbacks)})
    if not set(network.parameters()) & set(optimizer.parameters):
        raise ValueError(
            "optimizer: expected one of this network's parameters, got one that holds none of them"
        )
    return callbacks


def _pair(name, data):
    if not isinstance(data, (tuple, list)) or len(data) != 2:
        raise ValueError(f"{name}: expected a pair (X, y), got {type(data).__name__}")
    X, y = (array_of(f"{name}, {part}", a) for part, a in zip("Xy", data))
    if not X.ndim or not y.ndim or len(X) != len(y) or not len(X):
        raise ValueError(f"{name}: expected X and y of equal length, got {X.shape} and {y.shape}")
    for part, a in zip("Xy", (X, y)):
        finite(f"{name}, {part}", a)
    return X, y


def _finite(what, value, epoch, step):
    """The loss, if it is one and is finite. Numpy's warnings on the way are off: this says it."""
    if not isinstance(value, Tensor) or value.size != 1:
        shape = f" of shape {value.shape}" if isinstance(value, Tensor) else ""
        raise TypeError(
            "loss: expected a function that returns a Tensor with one element, "
            f"got a {type(value).__name__}{shape}"
        )
    if not np.isfinite(value.data):
        raise FloatingPointError(f"{what} became {value.item()} in epoch {epoch}, step {step}")
    return value


def _finite_weights(network, epoch, step):
    if not all(np.isfinite(p.data).all() for p in network.parameters()):
        raise FloatingPointError(f"weights became infinite in epoch {epoch}, step {step}")


def _with_bar(epochs, progress):
    if not progress:
        return epochs
    from tqdm import tqdm  # only here, so that `import nnlib` stays quick

    return tqdm(epochs, desc="training", unit="epoch", delay=5)
