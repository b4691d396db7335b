"""Rosenblatt's perceptron as an estimator."""

import warnings
from dataclasses import dataclass

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted, validate_data

import nnlib as nn
from nnlib.estimators.common import find_classes, whole_or_not_at_all
from nnlib.validation import POSITIVE, at_least, number


@dataclass(eq=False, repr=False)
class Perceptron(ClassifierMixin, BaseEstimator):
    """Rosenblatt's perceptron, `nnlib.Perceptron`, for any two classes.

    It stops when an epoch goes by without a mistake. On classes that no hyperplane separates it
    never does; a ConvergenceWarning then says so.

    Parameters
    ----------
    eta0 : float, the learning rate
    max_iter : int, how often at the most to go through the samples

    Attributes
    ----------
    classes_ : array, shape (2,), the labels; decision_function is positive for the second
    coef_, intercept_ : arrays, shapes (1, d) and (1,)
    n_iter_ : int, epochs
    perceptron_ : the nnlib.Perceptron, which knows the mistakes of each epoch
    """

    eta0: float = 1.0
    max_iter: int = 100

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags

    @whole_or_not_at_all
    def fit(self, X, y):
        """Learn from X, shape (n, d), and two kinds of labels y, shape (n,)."""
        number(POSITIVE, eta0=self.eta0)
        at_least(1, max_iter=self.max_iter)
        X, y = validate_data(self, X, y, dtype=np.float64)
        self.classes_ = find_classes(y)
        if len(self.classes_) > 2:  # in the words that scikit-learn expects of a binary classifier
            found = "The type of the target is multiclass."
            raise ValueError(f"Only binary classification is supported. {found}")
        signs = np.where(y == self.classes_[1], 1, -1)
        learned = self.perceptron_ = nn.Perceptron(self.eta0, self.max_iter).fit(X, signs)
        self.coef_, self.intercept_ = learned.weights[None, :], np.array([learned.bias])
        self.n_iter_ = len(learned.mistakes)
        if not learned.converged:
            warnings.warn(repr(learned), ConvergenceWarning, stacklevel=3)
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
