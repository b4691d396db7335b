"""Elementary functions of tensors, each with its derivative beside it."""

import math

import numpy as np

from nnlib.tensor import Tensor, as_array, as_tensor, record
from nnlib.validation import array_of, as_float, at_least, indices


def elementwise(x, value, slope):
    """y = f(x) for each element: `value(x)` is y, an array, and `slope(x, y)` is dy/dx.

    Like a derivative of `record`, slope gets arrays or tensors; it may call functions of tensors.
    """

    def derivative(g, y, x):
        s = slope(x, y)
        return g * (s.data if isinstance(s, Tensor) and not isinstance(g, Tensor) else s)

    return record(value(x.data), (x,), derivative)


def exp(x):
    """e to the power of each element."""
    return elementwise(as_float(x), np.exp, lambda x, y: y)


def log(x):
    """Natural logarithm of each element."""
    return elementwise(as_float(x), np.log, lambda x, y: 1 / x)


def sqrt(x):
    """Square root of each element."""
    return elementwise(as_float(x), np.sqrt, lambda x, y: 0.5 / y)


def sin(x):
    """Sine of each element, in radians."""
    return elementwise(as_float(x), np.sin, lambda x, y: cos(x))


def cos(x):
    """Cosine of each element, in radians."""
    return elementwise(as_float(x), np.cos, lambda x, y: -sin(x))


def absolute(x):
    """Absolute value of each element; the derivative at 0 is taken as 0."""
    return elementwise(as_float(x), np.abs, lambda x, y: np.sign(as_array(x)))


def concatenate(tensors, axis=0):
    """Tensors joined along an axis that exists in each; arrays among them take the tensors' dtype."""
    tensors = list(tensors)
    dtype = next((t.dtype for t in tensors if isinstance(t, Tensor)), None)
    tensors = tuple(as_tensor(t, dtype) for t in tensors)
    try:
        value = np.concatenate([t.data for t in tensors], axis)
    except ValueError:
        shapes = ", ".join(str(t.shape) for t in tensors) or "none"
        expected = f"shapes that are equal but along axis {axis}"
        raise ValueError(f"tensors: expected {expected}, got {shapes}") from None
    ends = np.cumsum([t.shape[axis] for t in tensors])

    def part(end, length):
        place = (slice(None),) * (axis % tensors[0].ndim) + (slice(end - length, end),)
        return lambda g, y, *inputs: g[place]

    derivatives = [part(end, t.shape[axis]) for end, t in zip(ends, tensors)]
    return record(value, tensors, *derivatives)


def gather(x, index):
    """Rows of x by their numbers: y[i] = x[index[i]], the opposite direction of `scatter_sum`.

    Shapes: x (rows, ...), index of integers from 0 to rows - 1, any shape; returns `(*index, ...)`.
    """
    x = x if isinstance(x, Tensor) else array_of("x", x)
    if not x.ndim:
        raise ValueError("x: expected shape (rows, ...), got a single number")
    index = indices("index", index, len(x)).copy()  # whoever gave it may change it
    if not isinstance(x, Tensor):
        return x[index]
    return record(x.data[index], (x,), lambda g, y, x: scatter_sum(g, index, len(x)))


def scatter_sum(values, index, size):
    """Sums of those values that belong together: y[k] is the sum of all values[i] with index[i] = k.

    Shapes: index of integers from 0 to size - 1, any shape; values `(*index, ...)`, array or Tensor;
    returns (size, ...), zeros where nothing belongs.

    >>> scatter_sum(np.array([1.0, 10.0, 100.0]), [2, 0, 2], size=4)
    array([ 10.,   0., 101.,   0.])
    """
    at_least(0, size=size)
    values = values if isinstance(values, Tensor) else array_of("values", values)
    index = indices("index", index, size).copy()
    if values.shape[: index.ndim] != index.shape:
        raise ValueError(
            f"values: expected a shape that begins with the index's {index.shape}, "
            f"got {values.shape}"
        )
    if isinstance(values, Tensor):
        sums = scatter_sum(values.data, index, size)
        return record(sums, (values,), lambda g, y, values: gather(g, index))
    # Each number's place in the flat result; bincount then adds up what has the same place.
    shape = (size, *values.shape[index.ndim :])
    width = math.prod(shape[1:])
    places = (index.reshape(-1, 1) * width + np.arange(width)).ravel()
    sums = np.bincount(places, weights=values.ravel(), minlength=size * width)
    return sums.reshape(shape).astype(values.dtype, copy=False)


def scatter_sum_by_loop(values, index, size):
    """The definition of `scatter_sum`, on arrays."""
    sums = np.zeros((size, *values.shape[index.ndim :]), values.dtype)
    for place in np.ndindex(index.shape):
        sums[index[place]] += values[place]
    return sums
