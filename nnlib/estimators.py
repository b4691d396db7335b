"""nnlib's networks as scikit-learn estimators, for pipelines, cross-validation and grid search.

Names and defaults are scikit-learn's; what trains is nnlib's `fit` with `Adam`, and the trained
network is there to look into, as `network_`. This module alone needs scikit-learn.
"""

import warnings
from numbers import Integral, Real

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, validate_data

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
        check_classification_targets(y)
        self.classes_, index = _classes(y)
        if len(self.classes_) > 2:
            raise ValueError(  # the words that scikit-learn expects of a binary classifier
                "Only binary classification is supported. The type of the target is "
                f"{type_of_target(y)}."
            )
        self.perceptron_ = nn.Perceptron(self.eta0, self.max_iter).fit(X, 2 * index - 1)
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


class _MultilayerPerceptron(BaseEstimator):
    """What classifier and regressor share: the parameters, the network and its training."""

    def __init__(
        self,
        hidden_layer_sizes=(100,),
        activation="relu",
        alpha=1e-4,
        batch_size="auto",
        learning_rate_init=1e-3,
        max_iter=200,
        tol=1e-4,
        early_stopping=False,
        validation_fraction=0.1,
        n_iter_no_change=10,
        random_state=None,
    ):
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.alpha = alpha
        self.batch_size = batch_size
        self.learning_rate_init = learning_rate_init
        self.max_iter = max_iter
        self.tol = tol
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.random_state = random_state

    def _train(self, X, y, outputs, loss, stratify=None):
        """Build a network with that many outputs and minimize the loss, penalty included."""
        sizes = self._check_parameters()
        random_state = check_random_state(self.random_state)
        rng = np.random.default_rng(random_state.randint(2**31 - 1))
        validation = None
        if self.early_stopping:
            X, X_validation, y, y_validation = train_test_split(
                X,
                y,
                test_size=self.validation_fraction,
                random_state=random_state,
                stratify=stratify,
            )
            validation = X_validation, y_validation

        layers = []
        widths = [X.shape[1], *sizes]
        for a, b in zip(widths, sizes):
            layers.append(nn.Linear(a, b, rng=rng))
            if self.activation != "identity":
                layers.append(ACTIVATIONS[self.activation]())
        network = nn.Sequential(*layers, nn.Linear(widths[-1], outputs, rng=rng)).astype(X.dtype)
        weights = [p for name, p in network.named_parameters() if name.endswith("weight")]

        def penalized(prediction, target):
            value = loss(prediction, target)
            if network.training and self.alpha:  # validation measures the predictions alone
                for w in weights:
                    value = value + (w * w).sum() * (self.alpha / (2 * len(target)))
            return value

        stopping = nn.EarlyStopping(patience=self.n_iter_no_change, min_delta=self.tol)
        self.history_ = nn.fit(
            network,
            (X, y),
            loss=penalized,
            optimizer=nn.Adam(network.parameters(), lr=self.learning_rate_init),
            epochs=self.max_iter,
            batch_size=min(200, len(X)) if self.batch_size == "auto" else self.batch_size,
            validation=validation,
            callbacks=[stopping],
            rng=rng,
            progress=False,
        )
        for p in network.parameters():
            p.grad = None  # training's leftovers; a pickle need not carry them
        self.network_ = network
        self.loss_curve_ = self.history_.loss
        self.n_iter_ = len(self.history_)
        if self.n_iter_ - stopping.best_epoch < self.n_iter_no_change:
            warnings.warn(
                f"max_iter={self.max_iter} epochs are over and the loss was still falling; more "
                "epochs may do better",
                ConvergenceWarning,
                stacklevel=3,
            )
        return self

    def _check_parameters(self):
        """Raise for a parameter that makes no sense; returns the hidden sizes as a list."""
        sizes = self.hidden_layer_sizes
        sizes = [sizes] if isinstance(sizes, Integral) else sizes
        try:
            sizes = list(sizes)
        except TypeError:
            raise TypeError(
                "hidden_layer_sizes: expected an integer or a sequence of integers, got "
                f"{type(sizes).__name__}"
            ) from None
        for size in sizes:
            _check_count("hidden_layer_sizes", size)
        if not isinstance(self.activation, str) or self.activation not in ACTIVATIONS:
            raise ValueError(
                f"activation: expected one of {', '.join(ACTIVATIONS)}, got {self.activation!r}"
            )
        if self.batch_size != "auto":
            _check_count("batch_size", self.batch_size)
        _check_number("alpha", self.alpha)
        _check_number("learning_rate_init", self.learning_rate_init, above=0)
        _check_number("tol", self.tol)
        _check_count("max_iter", self.max_iter)
        _check_count("n_iter_no_change", self.n_iter_no_change)
        if self.early_stopping:
            _check_number("validation_fraction", self.validation_fraction, above=0, below=1)
        return sizes

    def _outputs(self, X):
        """The network's outputs for X, shape (n, outputs)."""
        check_is_fitted(self)
        dtype = self.network_.parameters()[0].dtype
        X = validate_data(self, X, dtype=dtype, reset=False)
        with nn.no_grad():
            return self.network_(X).data


_PARAMETERS = """
    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int
        Units in each hidden layer; () for none.
    activation : "relu", "tanh", "logistic" or "identity"
    alpha : float
        L2 penalty: alpha / (2 · samples in the batch) times the sum of all squared weights is added
        to the loss.
    batch_size : int or "auto", which is min(200, samples)
    learning_rate_init : float
        Adam's learning rate.
    max_iter : int
        Epochs at the most.
    tol : float
        The training ends after `n_iter_no_change` epochs that did not lower the loss by this much.
    early_stopping : bool
        Whether to keep a `validation_fraction` of the samples apart and watch the loss on these
        instead.
    validation_fraction, n_iter_no_change : see above
    random_state : int, RandomState or None
        Decides the first weights, the order of the samples and which are kept apart.

    Attributes
    ----------
    network_ : the nnlib.Sequential, in the dtype of X, with the weights of the best epoch
    history_ : the nnlib.History; loss_curve_ : its training losses
    n_iter_ : int, epochs
    n_features_in_ : int"""


class MLPClassifier(ClassifierMixin, _MultilayerPerceptron):
    __doc__ = f"""A fully connected network that tells classes apart, trained by cross-entropy.
{_PARAMETERS}
    classes_ : array of the labels, in the order of predict_proba's columns
    """

    def fit(self, X, y):
        """Learn from X, shape (n, d), and labels y of any kind, shape (n,)."""
        X, y = validate_data(self, X, y, dtype=(np.float64, np.float32))
        check_classification_targets(y)
        self.classes_, index = _classes(y)
        if len(self.classes_) == 2:
            loss = nn.binary_cross_entropy_with_logits
            return self._train(X, index.astype(X.dtype), 1, loss, stratify=index)
        return self._train(X, index, len(self.classes_), nn.cross_entropy, stratify=index)

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


class MLPRegressor(RegressorMixin, _MultilayerPerceptron):
    __doc__ = f"""A fully connected network that predicts a number.

    The loss is half the mean squared error, as in scikit-learn. Scale the targets to about unit
    variance, by `TransformedTargetRegressor` for example: training starts near zero.
{_PARAMETERS}
    """

    def fit(self, X, y):
        """Learn from X, shape (n, d), and numbers y, shape (n,)."""
        X, y = validate_data(self, X, y, dtype=(np.float64, np.float32), y_numeric=True)
        return self._train(X, y.astype(X.dtype), 1, _half_mse_loss)

    def predict(self, X):
        """Numbers, shape (n,)."""
        return self._outputs(X)[:, 0]


def _half_mse_loss(prediction, target):
    return nn.mse_loss(prediction, target) * 0.5


def _classes(y):
    """The sorted labels and, for each sample, the index of its own."""
    classes, index = np.unique(y, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(
            f"y: expected at least two classes, got one class, {classes.tolist()[0]!r}"
        )
    return classes, index


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
