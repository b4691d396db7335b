"""Elementary functions of tensors, each with its derivative beside it."""

import numpy as np

from nnlib.tensor import Tensor, as_tensor, record


def exp(x):
    """e to the power of each element."""
    return record(np.exp(x.data), (x,), lambda g, y, x: g * y)


def log(x):
    """Natural logarithm of each element."""
    return record(np.log(x.data), (x,), lambda g, y, x: g / x)


def sqrt(x):
    """Square root of each element."""
    return record(np.sqrt(x.data), (x,), lambda g, y, x: g / (2 * y))


def sin(x):
    """Sine of each element, in radians."""
    if not isinstance(x, Tensor):  # the derivative of cos calls sin with arrays too
        return np.sin(x)
    return record(np.sin(x.data), (x,), lambda g, y, x: g * cos(x))


def cos(x):
    """Cosine of each element, in radians."""
    if not isinstance(x, Tensor):
        return np.cos(x)
    return record(np.cos(x.data), (x,), lambda g, y, x: -g * sin(x))


def absolute(x):
    """Absolute value of each element; the derivative at 0 is taken as 0."""
    return record(np.abs(x.data), (x,), lambda g, y, x: g * ((x > 0) * 1.0 - (x < 0) * 1.0))


def concatenate(tensors, axis=0):
    """Tensors joined along an axis that exists in each."""
    tensors = tuple(as_tensor(t) for t in tensors)
    ends = np.cumsum([t.shape[axis] for t in tensors])

    def part(end, length):
        place = (slice(None),) * (axis % tensors[0].ndim) + (slice(end - length, end),)
        return lambda g, y, *inputs: g[place]

    derivatives = [part(end, t.shape[axis]) for end, t in zip(ends, tensors)]
    return record(np.concatenate([t.data for t in tensors], axis), tensors, *derivatives)
