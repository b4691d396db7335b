"""Losses: how wrong a prediction is, as one number, the mean over the samples.

Each is a function of `(prediction, target)`. A target is an array; no gradient flows into it.
"""

import numpy as np

from nnlib.layers.activation import logistic, sigmoid, softmax
from nnlib.tensor import Tensor, as_tensor, record
from nnlib.validation import POSITIVE, as_float, indices, number


def mse_loss(prediction, target):
    """Mean squared error, the mean of (prediction - target)².

    Shapes: both the same; a target (n,) also fits a prediction (n, 1).
    """
    p, t = _pair(prediction, target)
    d = p.data - t
    return _mean(p, (d * d).sum(), lambda p: (p - t) * 2)


def l1_loss(prediction, target):
    """Mean absolute error, the mean of abs(prediction - target); the slope at 0 is taken as 0.

    Shapes: both the same; a target (n,) also fits a prediction (n, 1).
    """
    p, t = _pair(prediction, target)
    d = p.data - t
    return _mean(p, np.abs(d).sum(), lambda p: np.sign(d))


def huber_loss(prediction, target, delta=1.0):
    """Half the squared error up to an error of delta, from there on a straight line.

    The mean of d²/2 where abs(d) ≤ delta and of delta · (abs(d) - delta/2) elsewhere, with
    d = prediction - target: one wild target then pulls no harder than an error of delta.

    Shapes: both the same; a target (n,) also fits a prediction (n, 1).
    Source: Huber (1964), Robust estimation of a location parameter.
    """
    number(POSITIVE, delta=delta)
    p, t = _pair(prediction, target)
    d, delta = p.data - t, float(delta)
    inside = (np.abs(d) <= delta).astype(d.dtype)
    outside = (1 - inside) * np.sign(d) * delta
    losses = np.where(inside, d * d / 2, delta * (np.abs(d) - delta / 2))
    return _mean(p, losses.sum(), lambda p: (p - t) * inside + outside)


def cross_entropy(prediction, target):
    """Minus the log of the probability that softmax(prediction) gives to the right class.

    Parameters
    ----------
    prediction : Tensor of logits, shape (n, classes)
    target : array of int, shape (n,), each in 0 ... classes - 1
    """
    z = as_float(prediction)
    if z.data.ndim != 2 or not z.data.size:
        raise ValueError(f"prediction: expected logits of shape (n, classes), got shape {z.shape}")
    n, classes = z.data.shape
    labels = indices("target", target, classes)
    if labels.shape != (n,):
        raise ValueError(f"target: expected {n} labels, shape ({n},), got shape {labels.shape}")
    # One row for each class: the max and sum over classes then go row by row, which is quicker.
    logits = z.data.T.copy()
    # The shift cancels in softmax and avoids overflow. (`reduce` is the quick way to max and sum.)
    shifted = logits - np.maximum.reduce(logits)
    e = np.exp(shifted)
    total = np.add.reduce(e)
    columns = np.arange(n)
    losses = np.log(total) - shifted[labels, columns]
    right = np.zeros(e.shape, e.dtype)
    right[labels, columns] = 1

    def slope(z):
        return softmax(z) - right.T if isinstance(z, Tensor) else (e / total - right).T

    return _mean(z, np.add.reduce(losses), slope, n)


def binary_cross_entropy_with_logits(prediction, target):
    """Minus the log of the probability that sigmoid(prediction) gives to the right answer.

    Shapes: both the same; a target (n,) also fits a prediction (n, 1). Targets are from 0 to 1.
    """
    z, t = _pair(prediction, target)
    if t.min() < 0 or t.max() > 1:
        raise ValueError(f"target: expected values from 0 to 1, got {t.min():g} to {t.max():g}")
    # log(1 + e^z) - t z, written so that e^z cannot overflow
    losses = np.maximum(z.data, 0) - z.data * t + np.log1p(np.exp(-np.abs(z.data)))
    return _mean(z, losses.sum(), lambda z: (sigmoid if isinstance(z, Tensor) else logistic)(z) - t)


def perceptron_loss(prediction, target):
    """The perceptron criterion, the mean of max(0, -target * prediction).

    It smooths the count of mistakes: zero for a sample on its right side, otherwise the score's
    distance from zero, so it has a slope to follow. A step of gradient descent on one sample is
    the perceptron's update.

    Shapes: both the same; a target (n,) also fits a prediction (n, 1). Targets are -1 or +1.
    At a score of exactly 0 a target of -1 counts as wrong, since sign(0) = +1.
    """
    s, t = _pair(prediction, target)
    if not np.isin(t, (-1, 1)).all():
        raise ValueError(f"target: expected labels -1 and +1, got {np.unique(t)[:5].tolist()}")
    gap = -t * s.data
    wrong = (gap > 0) | ((gap == 0) & (t < 0))
    return _mean(s, np.maximum(gap, 0).sum(), lambda s: -t * wrong)


def _mean(p, total, slope, samples=None):
    """The mean of losses, from their sum; `slope(p)` is the derivative of the sum."""
    n = samples or p.data.size
    return record(total / p.data.dtype.type(n), (p,), lambda g, y, p: slope(p) * (g * (1 / n)))


def _pair(prediction, target):
    """The prediction as a tensor and the target as an array of the same shape and dtype."""
    p = as_tensor(prediction)
    t = np.asarray(target.data if isinstance(target, Tensor) else target)
    if p.dtype.kind != "f":
        raise TypeError(f"prediction: expected floats, got dtype {p.dtype}")
    if t.dtype.kind not in "fiub":
        raise TypeError(f"target: expected numbers, got dtype {t.dtype}")
    if not p.size:
        raise ValueError(f"prediction: expected at least one sample, got shape {p.shape}")
    if p.shape == (*t.shape, 1):
        t = t[..., None]
    if p.shape != t.shape:
        raise ValueError(f"target: expected the prediction's shape {p.shape}, got {t.shape}")
    return p, t.astype(p.dtype)
