"""Networks as estimators: fully connected ones, and any that a function builds."""

import warnings
from dataclasses import dataclass
from functools import partial
from inspect import cleandoc

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin, is_regressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

import nnlib as nn
from nnlib.estimators.common import find_classes, whole_or_not_at_all
from nnlib.tensor import record_joint
from nnlib.validation import FRACTION, NOT_NEGATIVE, POSITIVE, at_least, number, one_of

ACTIVATIONS = {"identity": [], "logistic": [nn.Sigmoid], "tanh": [nn.Tanh], "relu": [nn.ReLU]}


def multilayer_perceptron(shape, n_outputs, rng, hidden_layer_sizes=(100,), activation="relu"):
    """A fully connected network: the example of a `build` function, and the default one.

    Parameters
    ----------
    shape : tuple, one sample's; several axes are flattened
    n_outputs : int; rng : numpy.random.Generator, for the first weights
    hidden_layer_sizes : int or sequence of int; () for no hidden layer
    activation : "relu", "tanh", "logistic" or "identity"
    """
    sizes = np.atleast_1d(hidden_layer_sizes).tolist()
    for size in sizes:
        at_least(1, hidden_layer_sizes=size)
    one_of(ACTIVATIONS, activation=activation)
    layers = [nn.Flatten()] if len(shape) > 1 else []
    widths = [int(np.prod(shape)), *sizes]
    for a, b in zip(widths, sizes):
        layers += [nn.Linear(a, b, rng=rng)] + [make() for make in ACTIVATIONS[activation]]
    return nn.Sequential(*layers, nn.Linear(widths[-1], n_outputs, rng=rng))


@dataclass(eq=False, repr=False, kw_only=True)
class _Trained(BaseEstimator):
    """What all share; a subclass has `build`, `build_params`, `optimizer`, `n_outputs_` and `loss`.

    alpha : float, L2 penalty; alpha / (2 · samples in the batch) · Σ weight² is added to the loss
    batch_size : int or "auto", which is 200
    learning_rate_init : float
    max_iter, n_iter_no_change, tol : int, int, float
        Epochs at the most; the last are n_iter_no_change that did not lower the loss by tol.
    early_stopping, validation_fraction : bool, float
        Whether to keep that fraction of the samples apart and watch the loss on these.
    random_state : int, RandomState or None, for the first weights, the order and the kept samples

    Attributes
    ----------
    network_ : the Module, in the dtype of X, with the weights of the best epoch
    history_ : the nnlib.History
    loss_curve_ : its training losses
    n_iter_ : int, epochs
    """

    alpha: float = 1e-4
    batch_size: int | str = "auto"
    learning_rate_init: float = 1e-3
    max_iter: int = 200
    tol: float = 1e-4
    early_stopping: bool = False
    validation_fraction: float = 0.1
    n_iter_no_change: int = 10
    random_state: object = None

    def fit(self, X, y, sample_weight=None):
        """Learn from X, shape (n, ...), and y, shape (n,).

        A sample of weight w counts like w of them: exactly in one batch, in several on average.
        Few different weights are quick, since samples of the same weight share a call of the loss.
        """
        return self._learn(X, y, sample_weight)

    def partial_fit(self, X, y, sample_weight=None):
        """Learn for one epoch more, from these samples; early stopping has no part in it."""
        return self._learn(X, y, sample_weight, once=True)

    @whole_or_not_at_all
    def _learn(self, X, y, sample_weight, once=False, classes=None):
        size = self.batch_size if self.batch_size != "auto" else 200
        patience = self.n_iter_no_change
        at_least(1, batch_size=size, max_iter=self.max_iter, n_iter_no_change=patience)
        number(POSITIVE, learning_rate_init=self.learning_rate_init)
        number(NOT_NEGATIVE, alpha=self.alpha, tol=self.tol)
        number(FRACTION, validation_fraction=self.validation_fraction)
        goes_on = once and hasattr(self, "network_")
        numeric = is_regressor(self)
        X, y = validate_data(self, X, y, allow_nd=True, y_numeric=numeric, reset=not goes_on)
        weights = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
        if not weights.all():
            X, y, weights = (a[weights > 0] for a in (X, y, weights))
        if not numeric:
            y = self._encode(y, classes, goes_on)
        random_state, optimizer = check_random_state(self.random_state), None
        if goes_on:
            network, rng, optimizer = self.network_, *self._progress
        else:
            rng = np.random.default_rng(random_state.randint(2**31 - 1))
            network = self._build(X.shape[1:], rng)
            network.astype(np.float32 if X.dtype == np.float32 else np.float64)
        optimizer = optimizer or self.optimizer(network.parameters(), lr=self.learning_rate_init)

        rows, validation = np.arange(len(X)), None
        if self.early_stopping and not once:
            options = {"test_size": self.validation_fraction, "random_state": random_state}
            rows, held_out = train_test_split(rows, stratify=None if numeric else y, **options)
            validation = X[held_out], held_out
        stopping = nn.EarlyStopping(patience=patience, min_delta=self.tol)
        matrices = tuple(p for p in network.parameters() if p.ndim > 1)  # no biases
        history = nn.fit(
            network, (X if validation is None else X[rows], rows), batch_size=size, rng=rng,
            loss=partial(self._objective, network, matrices, y, weights), optimizer=optimizer,
            epochs=1 if once else self.max_iter, callbacks=[] if once else [stopping],
            validation=validation, progress=False,
        )  # fmt: skip
        optimizer.zero_grad()  # a pickle need not carry the last gradients
        self.network_, self.history_, self.loss_curve_ = network, history, history.loss
        self.n_iter_ = len(history)
        # The optimizer of a whole fit remembers the way to weights that are not the best ones.
        self._progress = rng, optimizer if once else None
        if not once and self.n_iter_ - stopping.best_epoch < patience:
            words = f"max_iter={self.max_iter} epochs are over and the loss was still falling"
            warnings.warn(words, ConvergenceWarning, stacklevel=4)
        return self

    def _build(self, shape, rng):
        network = self.build
        if callable(network) and not isinstance(network, nn.Module):
            network = network(shape, self.n_outputs_, rng, **(self.build_params or {}))
            if isinstance(network, nn.Module):
                return network
        raise TypeError(f"build: expected a function that returns a Module, got {network!r}")

    def _objective(self, network, matrices, y, weights, prediction, rows):
        """The loss that `nn.fit` is to minimize, for predictions of some rows of y."""
        expected = len(rows), self.n_outputs_
        if prediction.shape != expected:
            raise ValueError(f"build: expected outputs {expected}, got {prediction.shape}")
        batch, samples = weights[rows], len(rows) * weights.mean()  # that many the batch stands for
        alike = [batch == weight for weight in np.unique(batch)] if np.ptp(batch) else [...]
        # A loss is a mean, so samples of equal weights can share a call.
        value = sum(self.loss(prediction[i], y[rows[i]]) * float(batch[i].sum() / samples)
                    for i in alike)  # fmt: skip
        if network.training and self.alpha:  # validation measures the predictions alone
            squares = sum(np.vdot(p.data, p.data) for p in matrices)  # in one step: it is faster
            penalty = record_joint(squares, matrices, lambda g: [2 * g * p.data for p in matrices])
            value = value + penalty * float(self.alpha / (2 * samples))
        return value

    def _outputs(self, X):
        """Shape (n, outputs)."""
        check_is_fitted(self)
        X = validate_data(self, X, allow_nd=True, reset=False)
        with nn.no_grad():  # in parts, for the sake of memory
            parts = [self.network_(X[i : i + 500]).data for i in range(0, len(X), 500)]
        return np.concatenate(parts)


class _Classifies(ClassifierMixin):
    """Labels of any kind and their probabilities; two classes share one output.

    classes_ : array of the labels, in the order of predict_proba's columns
    """

    def partial_fit(self, X, y, classes=None, sample_weight=None):
        """Learn for one epoch more, from these samples; early stopping has no part in it.

        The first call needs all labels that will ever come, as `classes`.
        """
        begun = hasattr(self, "network_")
        if classes is None and not begun:
            raise ValueError("classes: expected all labels in the first call of partial_fit")
        if classes is not None and begun and not np.array_equal(np.unique(classes), self.classes_):
            raise ValueError(
                f"classes: expected those of the first call, {self.classes_}, got {classes}"
            )
        return self._learn(X, y, sample_weight, once=True, classes=classes)

    def loss(self, prediction, target):
        """The cross-entropy, from the network's outputs and the classes' numbers."""
        loss = nn.binary_cross_entropy_with_logits if self.n_outputs_ == 1 else nn.cross_entropy
        return loss(prediction, target)

    def predict_proba(self, X):
        """Probabilities, shape (n, classes)."""
        return nn.softmax(self._logits(X)).data

    def predict_log_proba(self, X):
        """The probabilities' logarithms, shape (n, classes), finite where these round to 0."""
        logits = self._logits(X)
        return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)

    def _logits(self, X):
        """Shape (n, classes); of two classes, the first one's are 0."""
        logits = self._outputs(X)
        if logits.shape[1] == 1:
            logits = np.concatenate([np.zeros_like(logits), logits], axis=1)
        return logits

    def predict(self, X):
        """Labels, shape (n,)."""
        index = self.predict_proba(X).argmax(axis=1)
        return self.classes_[index]

    def _encode(self, y, classes, goes_on):
        """The number of each label's class."""
        if not goes_on:
            self.classes_ = find_classes(y if classes is None else classes)
        check_classification_targets(y)
        unknown = np.setdiff1d(y, self.classes_)
        if len(unknown):
            raise ValueError(f"y: expected labels among the classes {self.classes_}, got {unknown}")
        self.n_outputs_ = 1 if len(self.classes_) == 2 else len(self.classes_)
        return np.searchsorted(self.classes_, y)


class _Predicts(RegressorMixin):
    """One number for each sample."""

    n_outputs_ = 1

    def predict(self, X):
        """Numbers, shape (n,)."""
        return self._outputs(X)[:, 0]


@dataclass(eq=False, repr=False)
class _Multilayer(_Trained):
    """A fully connected network.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, units in each hidden layer; () for none
    activation : "relu", "tanh", "logistic" or "identity"
    """

    hidden_layer_sizes: int | tuple = (100,)
    activation: str = "relu"

    build = staticmethod(multilayer_perceptron)  # without a type these are no parameters
    optimizer = nn.Adam

    @property
    def build_params(self):
        return {"hidden_layer_sizes": self.hidden_layer_sizes, "activation": self.activation}


@dataclass(eq=False, repr=False)
class _Network(_Trained):
    """Any network.

    Samples may be images, sequences or anything of one shape.

    Parameters
    ----------
    build : function of (shape, n_outputs, rng) that returns a new Module
        shape is a sample's, rng a numpy.random.Generator for the first weights. The Module maps
        arrays `(n, *shape)` to `(n, n_outputs)`. `multilayer_perceptron` is an example.
    build_params : dict or None, more arguments of build; grid search reaches them as `build__width`
    optimizer : function of (parameters, lr) that returns an Optimizer
    """

    build: object = multilayer_perceptron
    build_params: dict | None = None
    optimizer: object = nn.Adam

    def set_params(self, **params):
        """Set parameters; `build__width=8` sets the entry "width" of build_params."""
        inner = {name[7:]: params.pop(name) for name in list(params) if name[:7] == "build__"}
        super().set_params(**params)
        if inner:
            self.build_params = {**(self.build_params or {}), **inner}
        return self


def _documented(cls):
    """Put behind an estimator's docstring what its bases say, each from its second paragraph on."""
    task, kind = cls.__bases__
    shared = [cleandoc(base.__doc__).partition("\n\n")[2] for base in (kind, _Trained, task)]
    cls.__doc__ = cleandoc(cls.__doc__) + "\n\n" + "\n".join(shared).strip()
    return cls


@_documented
class MLPClassifier(_Classifies, _Multilayer):
    """A fully connected network that tells classes apart, trained by cross-entropy."""


@_documented
class MLPRegressor(_Predicts, _Multilayer):
    """A fully connected network that predicts a number.

    The loss is half the mean squared error, as in scikit-learn. Scale the targets to about unit
    variance, by `TransformedTargetRegressor` for example: training starts near zero.
    """

    loss = staticmethod(lambda prediction, target: nn.mse_loss(prediction, target) * 0.5)


@_documented
class NetworkClassifier(_Classifies, _Network):
    """Any network that tells classes apart, trained by cross-entropy.

    n_outputs is the number of classes, or 1 where there are two.

    >>> def build(shape, n_outputs, rng, width=8):
    ...     first = nn.Linear(*shape, width, rng=rng)
    ...     return nn.Sequential(first, nn.Tanh(), nn.Linear(width, n_outputs, rng=rng))
    >>> X, y = nn.datasets.moons(rng=0)
    >>> model = NetworkClassifier(build, learning_rate_init=0.1, tol=0.01, random_state=0)
    >>> model.set_params(build__width=16).fit(X, y).score(X, y) > 0.95
    True
    """


@_documented
@dataclass(eq=False, repr=False)
class NetworkRegressor(_Predicts, _Network):
    """Any network that predicts a number; n_outputs is 1.

    Scale the targets to about unit variance: training starts near zero. `loss` is a function of
    (prediction, target) that returns a mean over the samples.
    """

    loss: object = nn.mse_loss
