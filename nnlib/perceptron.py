"""The perceptron: one neuron that learns from its mistakes (Rosenblatt, 1958).

This file needs nothing else of the library. It is a good one to read first.
"""

import numpy as np


class Perceptron:
    """A line, plane or hyperplane w · x + b = 0 that is moved until two classes lie on its two sides.

    Labels y are -1 and +1. The prediction is sign(w · x + b), with sign(0) = +1. Each sample that
    is predicted wrongly moves the boundary::

        w ← w + learning_rate · y x        b ← b + learning_rate · y

    and one that is predicted rightly changes nothing. If some boundary separates the classes, the
    number of these updates is finite (Novikoff, 1962).

    Parameters
    ----------
    learning_rate : float
        Size of an update. Starting from zeros it scales w and b but changes no prediction.
    max_epochs : int
        How often at the most to go through the samples.

    Attributes
    ----------
    weights : array, shape (d,); bias : float
        The weights are None before the first sample.
    mistakes : list of int
        Mistakes in each epoch, which are the updates made in it.
    converged : bool
        Whether an epoch went by without a mistake, so that all samples are separated.

    Examples
    --------
    >>> X = [[2.0, 1.0], [1.0, 3.0], [-1.0, -2.0]]
    >>> Perceptron().fit(X, [1, 1, -1])
    Perceptron: separated 3 samples after 1 update in 2 epochs
    """

    def __init__(self, learning_rate=1.0, max_epochs=100):
        if not 0 < learning_rate < np.inf:
            raise ValueError(f"learning_rate: expected a number above 0, got {learning_rate!r}")
        if not isinstance(max_epochs, (int, np.integer)) or max_epochs < 1:
            raise ValueError(
                f"max_epochs: expected a whole number of at least 1, got {max_epochs!r}"
            )
        self.learning_rate = learning_rate
        self.max_epochs = max_epochs
        self.weights, self.bias = None, 0.0
        self.mistakes = []

    @property
    def converged(self):
        return bool(self.mistakes) and self.mistakes[-1] == 0

    @property
    def updates(self):
        """Updates made by `fit`, in all epochs together."""
        return sum(self.mistakes)

    def decision_function(self, X):
        """The scores w · x + b, shape (n,): positive on the side of class +1."""
        if self.weights is None:
            raise ValueError("this perceptron has no weights yet: call fit first")
        X = _samples(X)
        if X.shape[1] != len(self.weights):
            raise ValueError(f"X: expected {len(self.weights)} columns, got shape {X.shape}")
        return X @ self.weights + self.bias

    def predict(self, X):
        """Labels -1 or +1, shape (n,)."""
        return np.where(self.decision_function(X) >= 0, 1, -1)

    def update(self, x, y):
        """Learn from one sample x, shape (d,), with label y; returns whether it was a mistake."""
        x = np.asarray(x, dtype=float)
        if y not in (-1, 1):
            raise ValueError(f"y: expected a label of -1 or +1, got {y!r}")
        if self.weights is None:
            self.weights = np.zeros(len(x))
        prediction = 1 if self.weights @ x + self.bias >= 0 else -1
        if prediction == y:
            return False
        self.weights = self.weights + self.learning_rate * y * x
        self.bias += self.learning_rate * y
        return True

    def fit(self, X, y):
        """Start from zeros and go through the samples until an epoch has no mistake.

        Parameters
        ----------
        X : array, shape (n, d)
        y : array, shape (n,), of -1 and +1

        Raises
        ------
        ValueError
            If the shapes do not fit, a value is not finite or a label is not -1 or +1.
        """
        X, y = _labeled(X, y)
        self.weights, self.bias = np.zeros(X.shape[1]), 0.0
        self.mistakes, self._count = [], len(X)
        for _ in range(self.max_epochs):
            self.mistakes.append(sum(self.update(xi, yi) for xi, yi in zip(X, y)))
            if self.converged:
                break
        return self

    def criterion(self, X, y):
        """The perceptron criterion, the mean of max(0, -y (w · x + b)).

        It is zero for each sample on its right side and grows with the score of each that is not:
        a smooth stand-in for the count of mistakes, of which `update` is a descent step."""
        X, y = _labeled(X, y)
        return float(np.mean(np.maximum(0, -y * self.decision_function(X))))

    def margin(self, X, y):
        """The smallest signed distance y (w · x + b) / ‖w‖ from a sample to the boundary.

        In the units of X; negative where a sample lies on the wrong side."""
        X, y = _labeled(X, y)
        length = np.linalg.norm(self.weights) if self.weights is not None else 0.0
        if length == 0:
            raise ValueError("the weights are all zero, so there is no boundary to measure from")
        return float(np.min(y * self.decision_function(X)) / length)

    def __repr__(self):
        if not self.mistakes:
            return f"Perceptron(learning_rate={self.learning_rate:g}, max_epochs={self.max_epochs})"
        updates = f"{self.updates} update{'' if self.updates == 1 else 's'}"
        epochs = f"{len(self.mistakes)} epoch{'' if len(self.mistakes) == 1 else 's'}"
        if self.converged:
            return f"Perceptron: separated {self._count} samples after {updates} in {epochs}"
        return (
            f"Perceptron: not separated after {updates} in {epochs} ({self.mistakes[-1]} mistakes "
            f"in the last); no boundary separates these samples, or it needs more epochs"
        )


def _samples(X):
    X = np.asarray(X, dtype=float)
    if X.ndim != 2 or not X.size:
        raise ValueError(f"X: expected shape (n, d) with n and d above 0, got {X.shape}")
    if not np.isfinite(X).all():
        raise ValueError(f"X: expected finite numbers, got {np.sum(~np.isfinite(X))} that are not")
    return X


def _labeled(X, y):
    X, y = _samples(X), np.asarray(y)
    if y.shape != (len(X),):
        raise ValueError(f"y: expected one label for each of {len(X)} samples, got shape {y.shape}")
    if y.dtype.kind not in "fiu" or not np.isin(y, (-1, 1)).all():
        found = ", ".join(repr(v) for v in np.unique(y)[:5].tolist())
        raise ValueError(f"y: expected labels -1 and +1, got {found}")
    return X, y.astype(int)  # the -y of unsigned numbers is not their opposite
