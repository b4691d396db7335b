"""nnlib's networks as scikit-learn estimators, for pipelines, cross-validation and grid search.

Names and defaults are scikit-learn's; what trains is nnlib's `fit`, and the trained network is
there to look into, as `network_`. This module alone needs scikit-learn.
"""

import math
import warnings
from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin, is_regressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

import nnlib as nn

ACTIVATIONS = {"identity": None, "logistic": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}


class Perceptron(ClassifierMixin, BaseEstimator):
    """Rosenblatt's perceptron, `nnlib.Perceptron`, for any two classes.

    It stops when an epoch goes by without a mistake. On classes that no hyperplane separates it
    never does; a ConvergenceWarning then says so.

    Parameters
    ----------
    eta0 : float
        The learning rate.
    max_iter : int
        How often at the most to go through the samples.

    Attributes
    ----------
    classes_ : array, shape (2,), the labels; decision_function is positive for the second
    coef_ : array, shape (1, d); intercept_ : array, shape (1,)
    n_iter_ : int, epochs
    perceptron_ : the nnlib.Perceptron, which knows the mistakes of each epoch
    """

    def __init__(self, eta0=1.0, max_iter=100):
        self.eta0 = eta0
        self.max_iter = max_iter

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags

    def fit(self, X, y):
        """Learn from X, shape (n, d), and two kinds of labels y, shape (n,)."""
        _check_number("eta0", self.eta0, above=0)
        _check_count("max_iter", self.max_iter)
        X, y = validate_data(self, X, y, dtype=np.float64)
        self.classes_ = _find_classes(y)
        if len(self.classes_) > 2:
            raise ValueError(  # the words that scikit-learn expects of a binary classifier
                "Only binary classification is supported. The type of the target is "
                f"{type_of_target(y)}."
            )
        signs = np.where(y == self.classes_[1], 1, -1)
        self.perceptron_ = nn.Perceptron(self.eta0, self.max_iter).fit(X, signs)
        self.coef_ = self.perceptron_.weights[None, :]
        self.intercept_ = np.array([self.perceptron_.bias])
        self.n_iter_ = len(self.perceptron_.mistakes)
        if not self.perceptron_.converged:
            warnings.warn(repr(self.perceptron_), ConvergenceWarning, stacklevel=2)
        return self

    def decision_function(self, X):
        """The scores w · x + b, shape (n,)."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        return X @ self.coef_[0] + self.intercept_[0]

    def predict(self, X):
        """Labels, shape (n,)."""
        index = (self.decision_function(X) >= 0).astype(int)
        return self.classes_[index]


def multilayer_perceptron(
    input_shape, n_outputs, rng, hidden_layer_sizes=(100,), activation="relu"
):
    """A fully connected network; the example of a `build` function, and the default one.

    Parameters
    ----------
    input_shape : tuple, the shape of one sample; several axes are flattened
    n_outputs : int
    rng : numpy.random.Generator, for the first weights
    hidden_layer_sizes : int or sequence of int, () for no hidden layer
    activation : "relu", "tanh", "logistic" or "identity"
    """
    sizes = hidden_layer_sizes
    if not isinstance(sizes, (Integral, list, tuple, np.ndarray)):
        raise TypeError(
            "hidden_layer_sizes: expected an integer or a sequence of integers, got "
            f"{type(sizes).__name__}"
        )
    sizes = [sizes] if isinstance(sizes, Integral) else list(sizes)
    for size in sizes:
        _check_count("hidden_layer_sizes", size)
    if not isinstance(activation, str) or activation not in ACTIVATIONS:
        raise ValueError(f"activation: expected one of {', '.join(ACTIVATIONS)}, got {activation!r}")
    layers = [nn.Flatten()] if len(input_shape) > 1 else []
    widths = [math.prod(input_shape), *sizes]
    for a, b in zip(widths, sizes):
        layers.append(nn.Linear(a, b, rng=rng))
        if activation != "identity":
            layers.append(ACTIVATIONS[activation]())
    return nn.Sequential(*layers, nn.Linear(widths[-1], n_outputs, rng=rng))


@dataclass(eq=False, repr=False, kw_only=True)
class _Trained(BaseEstimator):
    """What all estimators with a network share: the parameters of the training and the training.

    A subclass says how to make the network, `_build`, and what its outputs mean: `_targets`, which
    sets `n_outputs_`, and `_loss`.
    """

    alpha: float = 1e-4
    batch_size: int | str = "auto"
    learning_rate_init: float = 1e-3
    max_iter: int = 200
    tol: float = 1e-4
    early_stopping: bool = False
    validation_fraction: float = 0.1
    n_iter_no_change: int = 10
    random_state: int | np.random.RandomState | None = None

    optimizer = nn.Adam  # no type, so no parameter
    _any_shape = False  # whether samples may have several axes

    def fit(self, X, y, sample_weight=None):
        """Learn from X, shape (n, ...), and y, shape (n,).

        A sample of weight w counts like w samples. With all samples in one batch the result is the
        same too; smaller batches are drawn by another chance.
        """
        return self._learn(X, y, sample_weight)

    def partial_fit(self, X, y, sample_weight=None):
        """Learn for one epoch more, from these samples; early stopping has no part in it."""
        return self._learn(X, y, sample_weight, once=True)

    def _learn(self, X, y, sample_weight, once=False, classes=None):
        self._check_parameters()
        goes_on = once and hasattr(self, "network_")
        X, y = validate_data(
            self, X, y, allow_nd=self._any_shape, y_numeric=is_regressor(self), reset=not goes_on
        )
        weights = _check_sample_weight(
            sample_weight, X, dtype=np.float64, ensure_non_negative=True
        )
        used = weights > 0
        if not used.any():
            raise ValueError("sample_weight: expected at least one above zero")
        if not used.all():
            X, y, weights = X[used], y[used], weights[used]
        y = self._targets(y, classes, goes_on)

        random_state = check_random_state(self.random_state)
        if goes_on:
            network, history, rng = self.network_, self.history_, self._rng
        else:
            rng = np.random.default_rng(random_state.randint(2**31 - 1))
            network = self._build(X.shape[1:], rng)
            network.astype(np.float32 if X.dtype == np.float32 else np.float64)
            history = nn.History()
        optimizer = self._optimizer if goes_on else None
        if optimizer is None:
            optimizer = self.optimizer(network.parameters(), lr=self.learning_rate_init)
        else:
            optimizer._flatten()  # a copy or a pickle has come apart from its parameters
            optimizer.lr = float(self.learning_rate_init)

        rows, validation = np.arange(len(X)), None
        if self.early_stopping and not once:
            rows, held_out = train_test_split(
                rows,
                test_size=self.validation_fraction,
                random_state=random_state,
                stratify=None if is_regressor(self) else y,
            )
            validation = X[held_out], held_out
        stopping = nn.EarlyStopping(patience=self.n_iter_no_change, min_delta=self.tol)
        training = nn.fit(
            network,
            (X[rows], rows),
            loss=self._objective(network, y, weights),
            optimizer=optimizer,
            epochs=1 if once else self.max_iter,
            batch_size=min(200, len(rows)) if self.batch_size == "auto" else self.batch_size,
            validation=validation,
            callbacks=[] if once else [stopping],
            rng=rng,
            progress=False,
        )
        optimizer.zero_grad()  # a pickle need not carry the last gradients
        history.loss += training.loss
        history.validation_loss += training.validation_loss
        self.network_, self.history_, self._rng = network, history, rng
        # After early stopping the optimizer remembers gradients of weights that are gone.
        self._optimizer = optimizer if once else None
        self.loss_curve_ = history.loss
        self.n_iter_ = len(history)
        if not once and self.n_iter_ - stopping.best_epoch < self.n_iter_no_change:
            warnings.warn(
                f"max_iter={self.max_iter} epochs are over and the loss was still falling; more "
                "epochs may do better",
                ConvergenceWarning,
                stacklevel=3,
            )
        return self

    def _objective(self, network, y, weights):
        """The loss that `nn.fit` is to minimize, a function of predictions and their rows of y."""
        loss, mean_weight = self._loss(), weights.mean()
        matrices = [p for p in network.parameters() if p.ndim > 1]  # all but biases and the like

        def objective(prediction, rows):
            if prediction.shape != (len(rows), self.n_outputs_):
                raise ValueError(
                    f"build: expected a network whose outputs for {len(rows)} samples have shape "
                    f"({len(rows)}, {self.n_outputs_}), got {prediction.shape}"
                )
            value = _weighted(loss, prediction, y[rows], weights[rows] / mean_weight)
            if network.training and self.alpha:  # validation measures the predictions alone
                for p in matrices:
                    value = value + (p * p).sum() * (self.alpha / (2 * len(rows) * mean_weight))
            return value

        return objective

    def _check_parameters(self):
        if self.batch_size != "auto":
            _check_count("batch_size", self.batch_size)
        _check_number("alpha", self.alpha)
        _check_number("learning_rate_init", self.learning_rate_init, above=0)
        _check_number("tol", self.tol)
        _check_count("max_iter", self.max_iter)
        _check_count("n_iter_no_change", self.n_iter_no_change)
        if self.early_stopping:
            _check_number("validation_fraction", self.validation_fraction, above=0, below=1)

    def _outputs(self, X):
        """The network's outputs for X, shape (n, outputs)."""
        check_is_fitted(self)
        X = validate_data(self, X, allow_nd=self._any_shape, reset=False)
        with nn.no_grad():  # in parts, for the sake of memory
            return np.concatenate([self.network_(X[i : i + 500]).data for i in range(0, len(X), 500)])


class _Classifies(ClassifierMixin):
    """Labels of any kind, cross-entropy and probabilities; two classes share one output."""

    def partial_fit(self, X, y, classes=None, sample_weight=None):
        """Learn for one epoch more, from these samples; early stopping has no part in it.

        The first call needs all labels that will ever come, as `classes`.
        """
        if classes is None and not hasattr(self, "network_"):
            raise ValueError("classes: expected all labels in the first call of partial_fit")
        return self._learn(X, y, sample_weight, once=True, classes=classes)

    def _targets(self, y, classes, goes_on):
        known = self.classes_ if goes_on else _find_classes(y if classes is None else classes)
        if classes is not None and not np.array_equal(known, np.unique(classes)):
            raise ValueError(f"classes: expected {known} as in the first call, got {classes}")
        check_classification_targets(y)
        unknown = np.setdiff1d(y, known)
        if len(unknown):
            raise ValueError(f"y: expected labels among the classes {known}, got {unknown}")
        self.classes_ = known
        self.n_outputs_ = 1 if len(known) == 2 else len(known)
        return np.searchsorted(known, y)

    def _loss(self):
        return nn.binary_cross_entropy_with_logits if self.n_outputs_ == 1 else nn.cross_entropy

    def predict_proba(self, X):
        """Probabilities, shape (n, classes)."""
        logits = self._outputs(X)
        if logits.shape[1] == 1:
            logits = np.concatenate([np.zeros_like(logits), logits], axis=1)
        e = np.exp(logits - logits.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def predict(self, X):
        """Labels, shape (n,)."""
        index = self.predict_proba(X).argmax(axis=1)
        return self.classes_[index]


class _Predicts(RegressorMixin):
    """A number for each sample."""

    def _targets(self, y, classes, goes_on):
        self.n_outputs_ = 1
        return y

    def _loss(self):
        return self.loss

    def predict(self, X):
        """Numbers, shape (n,)."""
        return self._outputs(X)[:, 0]


@dataclass(eq=False, repr=False)
class _Multilayer(_Trained):
    hidden_layer_sizes: int | tuple = (100,)
    activation: str = "relu"

    def _build(self, input_shape, rng):
        return multilayer_perceptron(
            input_shape, self.n_outputs_, rng, self.hidden_layer_sizes, self.activation
        )


@dataclass(eq=False, repr=False)
class _Network(_Trained):
    build: object = multilayer_perceptron
    build_params: dict | None = None
    optimizer: object = nn.Adam

    _any_shape = True

    def set_params(self, **params):
        """Set parameters; `build__width=8` sets the entry "width" of build_params."""
        inner = {name[7:]: params.pop(name) for name in list(params) if name[:7] == "build__"}
        super().set_params(**params)
        if inner:
            self.build_params = {**(self.build_params or {}), **inner}
        return self

    def _build(self, input_shape, rng):
        if not callable(self.build):
            raise TypeError(f"build: expected a function, got {self.build!r}")
        network = self.build(input_shape, self.n_outputs_, rng, **(self.build_params or {}))
        if not isinstance(network, nn.Module):
            raise TypeError(f"build: expected it to return a Module, got {network!r}")
        return network


_HIDDEN = """
    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int
        Units in each hidden layer; () for none.
    activation : "relu", "tanh", "logistic" or "identity\""""

_BUILD = """
    Parameters
    ----------
    build : function of (input_shape, n_outputs, rng) that returns a new Module
        input_shape is the shape of a sample, rng a numpy.random.Generator; the Module maps an array
        (n, *input_shape) to (n, n_outputs). `multilayer_perceptron` is an example.
    build_params : dict, optional
        Further arguments of build. Grid search reaches each by its name, as in `build__width`.
    optimizer : function of (parameters, lr) that returns an Optimizer"""

_TRAINING = """
    alpha : float
        L2 penalty: alpha / (2 · samples in the batch) times the sum of all squared weights is added
        to the loss.
    batch_size : int or "auto", which is min(200, samples)
    learning_rate_init : float
    max_iter : int
        Epochs at the most.
    tol : float
        The training ends after `n_iter_no_change` epochs that did not lower the loss by this much.
    early_stopping : bool
        Whether to keep a `validation_fraction` of the samples apart and watch the loss on these.
    random_state : int, RandomState or None
        Decides the first weights, the order of the samples and which are kept apart.

    Attributes
    ----------
    network_ : the Module, in the dtype of X, with the weights of the best epoch
    history_ : the nnlib.History; loss_curve_ : its training losses; n_iter_ : int, epochs"""

_LABELS = """
    classes_ : array of the labels, in the order of predict_proba's columns
    """


class MLPClassifier(_Classifies, _Multilayer):
    __doc__ = f"""A fully connected network that tells classes apart, trained by cross-entropy.
{_HIDDEN}{_TRAINING}{_LABELS}"""


class MLPRegressor(_Predicts, _Multilayer):
    __doc__ = f"""A fully connected network that predicts a number.

    The loss is half the mean squared error, as in scikit-learn. Scale the targets to about unit
    variance, by `TransformedTargetRegressor` for example: training starts near zero.
{_HIDDEN}{_TRAINING}
    """

    @staticmethod
    def loss(prediction, target):
        return nn.mse_loss(prediction, target) * 0.5


class NetworkClassifier(_Classifies, _Network):
    __doc__ = f"""Any network that tells classes apart, trained by cross-entropy.

    Samples may be images, sequences or of any other shape. n_outputs is the number of classes, or
    1 where there are two.
{_BUILD}{_TRAINING}{_LABELS}
    >>> def build(input_shape, n_outputs, rng, width=8):
    ...     return nn.Sequential(
    ...         nn.Linear(*input_shape, width, rng=rng), nn.Tanh(), nn.Linear(width, n_outputs, rng=rng)
    ...     )
    >>> X, y = nn.datasets.moons(rng=0)
    >>> model = NetworkClassifier(build, learning_rate_init=0.05, random_state=0)
    >>> model.set_params(build__width=16).fit(X, y).score(X, y) > 0.95
    True
    """


@dataclass(eq=False, repr=False)
class NetworkRegressor(_Predicts, _Network):
    __doc__ = f"""Any network that predicts a number; n_outputs is 1.

    Samples may be images, sequences or of any other shape. Scale the targets to about unit variance.
{_BUILD}
    loss : function of (prediction, target) that returns a mean over the samples{_TRAINING}
    """

    loss: object = nn.mse_loss


def _weighted(loss, prediction, target, weights):
    """The mean of weight times loss, by a call of the loss for each distinct weight."""
    distinct = np.unique(weights)
    if len(distinct) == 1:
        return loss(prediction, target) * float(distinct[0])
    total = 0.0
    for weight in distinct:
        rows = np.flatnonzero(weights == weight)
        total = total + loss(prediction[rows], target[rows]) * float(weight * len(rows))
    return total * (1 / len(weights))


def _find_classes(y):
    """The sorted labels, two at least."""
    check_classification_targets(y)
    classes = np.unique(y)
    if len(classes) < 2:
        raise ValueError(
            f"y: expected at least two classes, got one class, {classes.tolist()[0]!r}"
        )
    return classes


def _check_count(name, value):
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(f"{name}: expected an integer, got {value!r}")
    if value < 1:
        raise ValueError(f"{name}: expected an integer of at least 1, got {value!r}")


def _check_number(name, value, above=None, below=np.inf):
    """Whether a number is >= 0, or > `above` if that is given, and < `below`."""
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(f"{name}: expected a number, got {value!r}")
    if not (0 <= value < below and (above is None or value > above)):
        lower = "of at least 0" if above is None else f"above {above}"
        upper = " and finite" if below == np.inf else f" and below {below}"
        raise ValueError(f"{name}: expected a number {lower}{upper}, got {value!r}")
