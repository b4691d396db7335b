"""Arrays that remember how they were made, so that derivatives can be computed.

An operation on tensors computes its value with numpy and, beside it, records which tensors went in
and the derivative with respect to each. `Tensor.backward` walks these records from the output back
to the inputs and multiplies the derivatives along the way: the chain rule, last operation first.

A derivative is written once, with operators that arrays and tensors share. `backward` calls it with
arrays, which is fast; `grad(..., create_graph=True)` calls it with tensors, which are recorded in
turn, so the result can be differentiated again.
"""

import copy
import operator
import reprlib

import numpy as np

from nnlib.tape import ancestors, creation, gradients_of, start_of, tape

# What to use in the place of some functions of numpy, which forget derivatives.
_INSTEAD = {
    **dict.fromkeys(["concatenate", "hstack", "vstack", "stack"], "nnlib.concatenate"),
    **{name: f"x.{name}()" for name in ["sum", "mean", "reshape", "transpose", "swapaxes"]},
    "dot": "x @ y", "take": "nnlib.gather", "ravel": "x.reshape(-1)", "where": "a mask's product",
}


def _comparison(compare):
    """A method that compares element by element; it has no derivative and gives a plain array."""
    return lambda self, other: compare(self.data, np.asarray(other))


def _reflected(operation):
    """A method for what stands on the left of a tensor and is none."""
    return lambda self, other: operation(as_tensor(other, self.dtype), self)


class Tensor:
    """A numpy array with a gradient.

    Parameters
    ----------
    array : array-like of numbers, any shape
        Python numbers and lists become float32; a numpy array keeps its dtype and is not copied.
    requires_grad : bool
        Whether `backward` should leave d(output)/d(this tensor) in `.grad`.

    Raises
    ------
    TypeError
        For what is not numbers, for floats other than float32 and float64, and for `requires_grad`
        of what is not floats.

    Notes
    -----
    An array or a number that meets a tensor in an operation takes its dtype. Functions of numpy know
    no derivatives: they take tensors that need none and refuse others, whose array is `x.data`.
    Derivatives are computed from the arrays as they are when `backward` is called. An array that
    was changed in place since then (`x.data[0] = 5`) gives wrong gradients, and nothing notices.

    Examples
    --------
    >>> x = Tensor([1.0, 2.0, 3.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> x.grad
    array([2., 4., 6.], dtype=float32)
    """

    __slots__ = ("_backward", "_created", "_inputs", "data", "grad", "requires_grad")
    __array_ufunc__ = None  # array + tensor is then left to Tensor.__radd__

    def __init__(self, array, requires_grad=False):
        if isinstance(array, Tensor):
            raise TypeError("array: expected numbers or a numpy array, got a Tensor; use .detach()")
        data = np.asarray(array)
        if data.dtype.kind not in "fiub":
            came = f"dtype {data.dtype} from {reprlib.repr(array)}"
            raise TypeError(f"array: expected numbers, got {came}")
        if data.dtype == np.float64 and not isinstance(array, (np.ndarray, np.generic)):
            data = data.astype(np.float32)
        if data.dtype.kind == "f" and (data.itemsize not in (4, 8) or not data.dtype.isnative):
            raise TypeError(f"array: expected float32 or float64, got {data.dtype}; use astype")
        if requires_grad and data.dtype.kind != "f":
            raise TypeError(f"requires_grad: only floats have gradients, got dtype {data.dtype}")
        self.data, self.grad, self.requires_grad = data, None, requires_grad
        self._inputs, self._backward = (), None
        self._created = -1  # before all results; one from a pickle too, counted by nobody here

    # What a tensor shares with its array -----------------------------------------------------------

    shape = property(lambda self: self.data.shape)
    ndim = property(lambda self: self.data.ndim)
    dtype = property(lambda self: self.data.dtype)
    size = property(lambda self: self.data.size)
    T = property(lambda self: self.transpose())
    mT = property(lambda self: self.swapaxes(-1, -2))

    def __len__(self):
        return len(self.data)

    def __iter__(self):
        if not self.ndim:
            raise TypeError("a tensor without axes is a single number, through which nothing can go")
        return (self[i] for i in range(len(self)))

    def __contains__(self, value):
        return bool(np.any(self == value))

    def __repr__(self):
        text = np.array2string(self.data, separator=", ", prefix="Tensor(")
        return f"Tensor({text}{', requires_grad=True' if self.requires_grad else ''})"

    def __float__(self):
        return float(self.item())

    def __bool__(self):
        return bool(self.item())

    def __format__(self, spec):
        return format(self.item(), spec) if spec else repr(self)

    __lt__, __le__ = _comparison(operator.lt), _comparison(operator.le)
    __gt__, __ge__ = _comparison(operator.gt), _comparison(operator.ge)
    __eq__, __ne__ = _comparison(operator.eq), _comparison(operator.ne)
    __hash__ = object.__hash__  # by identity, for sets and dicts of tensors

    def numpy(self):
        """The array itself, not a copy."""
        return self.data

    def item(self):
        """The value of a tensor with one element, as a Python number."""
        return self.data.item()

    def detach(self):
        """The same array, cut off from what it was computed from."""
        return Tensor(self.data)

    def __array__(self, dtype=None, copy=None):
        self._refuse_to_forget("np.asarray", "operators and functions of nnlib")
        return np.array(self.data, dtype=dtype, copy=copy)

    def __array_function__(self, function, types, arguments, options):
        """What np.mean(x) and the like call: on the arrays of tensors, if those need no gradient."""

        def array(value):
            if isinstance(value, Tensor):
                name = function.__name__
                value._refuse_to_forget(f"np.{name}", _INSTEAD.get(name, "functions of nnlib"))
                return value.data
            return type(value)(map(array, value)) if type(value) in (list, tuple) else value

        return function(*map(array, arguments), **{k: array(v) for k, v in options.items()})

    def _refuse_to_forget(self, name, instead):
        if self.requires_grad and tape.recording:
            raise TypeError(
                f"{name} would forget the derivatives of this tensor: use {instead}, or x.data, its "
                "array, where none is needed"
            )

    # Derivatives -----------------------------------------------------------------------------------

    def backward(self, gradient=None):
        """Add d(self)/d(leaf) to `.grad` of each leaf with `requires_grad` that self depends on.

        `gradient`, d(loss)/d(self), has self's shape; where self is a single number it may be left
        out and is 1. Raises ValueError if it does not fit, or if nothing has `requires_grad`.
        """
        gradient = start_of(self, gradient)
        for leaf, g in gradients_of(self, gradient, *ancestors(self)).items():
            # Kept apart from every other array: a later `leaf.grad *= 0.5` must not reach those.
            g = np.array(g, leaf.data.dtype)
            leaf.grad = g if leaf.grad is None else np.asarray(leaf.grad + g)

    # Arithmetic ------------------------------------------------------------------------------------

    def __add__(self, other):
        other = as_tensor(other, self.dtype)
        by_self, by_other = lambda g, y, a, b: _like(a, g), lambda g, y, a, b: _like(b, g)
        return record(self.data + other.data, (self, other), by_self, by_other)

    def __mul__(self, other):
        other = as_tensor(other, self.dtype)
        by_self, by_other = lambda g, y, a, b: _like(a, g * b), lambda g, y, a, b: _like(b, g * a)
        return record(self.data * other.data, (self, other), by_self, by_other)

    def __truediv__(self, other):
        other = as_tensor(other, self.dtype)
        by_self, by_other = lambda g, y, a, b: _like(a, g / b), lambda g, y, a, b: _like(b, -g * y / b)
        return record(self.data / other.data, (self, other), by_self, by_other)

    def __pow__(self, exponent):
        """Each element to the power of a constant number."""
        if not isinstance(exponent, (int, float, np.number)):
            raise TypeError(f"exponent: expected a number, got {reprlib.repr(exponent)}")
        exponent = exponent.item() if isinstance(exponent, np.number) else exponent  # without dtype

        def derivative(g, y, x):  # x⁰ is 1 everywhere, also at 0, where x⁻¹ is infinite
            return g * (exponent * x ** (exponent - 1)) if exponent else g * 0.0

        return record(self.data**exponent, (self,), derivative)

    def __neg__(self):
        return record(-self.data, (self,), lambda g, y, x: -g)

    def __sub__(self, other):
        return self + (-as_tensor(other, self.dtype))

    __radd__, __rmul__ = __add__, __mul__
    __rsub__ = _reflected(operator.sub)
    __rtruediv__ = _reflected(operator.truediv)

    def __matmul__(self, other):
        """Matrix product, as in numpy: a vector is a row on the left and a column on the right."""
        other = as_tensor(other, self.dtype)
        try:
            value = self.data @ other.data
        except ValueError:
            raise ValueError(f"matrix product: {self.shape} and {other.shape} do not fit") from None
        if self.ndim == 1 or other.ndim == 1:
            a = self.reshape(1, -1) if self.ndim == 1 else self
            b = other.reshape(-1, 1) if other.ndim == 1 else other
            return (a @ b).reshape(value.shape)
        by_self, by_other = lambda g, y, a, b: _like(a, g @ b.mT), lambda g, y, a, b: _like(b, a.mT @ g)
        return record(value, (self, other), by_self, by_other)

    __rmatmul__ = _reflected(operator.matmul)
    dot = __matmul__  # the same for an array that is a matrix, and quicker than @ if it is small

    # Sums and shapes -------------------------------------------------------------------------------

    def sum(self, axis=None, keepdims=False):
        """Sum over one axis, several, or all of them."""
        kept, total = (self.data.sum(axis=axis, keepdims=keep) for keep in (True, keepdims))
        shape = kept.shape
        return record(total, (self,), lambda g, y, x: g.reshape(shape) * np.ones(x.shape, x.dtype))

    def mean(self, axis=None, keepdims=False):
        """Mean over one axis, several, or all of them."""
        if not self.size:
            raise ValueError(f"mean: expected at least one element, got shape {self.shape}")
        total = self.sum(axis=axis, keepdims=keepdims)
        return total * (total.size / self.size)

    def reshape(self, *shape):
        """The same elements in another shape; one length may be -1."""
        try:
            value = self.data.reshape(*shape)
        except ValueError:
            expected = f"one for the {self.size} elements of {self.shape}"
            raise ValueError(f"shape: expected {expected}, got {shape}") from None
        return record(value, (self,), lambda g, y, x: g.reshape(x.shape))

    def transpose(self, *axes):
        """Axes in the given order, as numbers or as one tuple; reversed by default."""
        axes = axes[0] if len(axes) == 1 and isinstance(axes[0], (tuple, list)) else axes
        back = np.argsort([axis % self.ndim for axis in axes]) if axes else ()
        return record(self.data.transpose(*axes), (self,), lambda g, y, x: g.transpose(*back))

    def swapaxes(self, axis1, axis2):
        """Two axes exchanged."""
        value = self.data.swapaxes(axis1, axis2)
        return record(value, (self,), lambda g, y, x: g.swapaxes(axis1, axis2))

    def __getitem__(self, index):
        index = _own(index)
        return record(self.data[index], (self,), lambda g, y, x: _put(g, index, x))


# Recording -----------------------------------------------------------------------------------------

def as_array(value):
    """The array of a tensor, without its derivatives; anything else as an array."""
    return value.data if isinstance(value, Tensor) else np.asarray(value)


def as_tensor(value, dtype=None):
    """A tensor as it is; anything else as a tensor of the given float dtype."""
    if isinstance(value, Tensor):
        return value
    if dtype is not None:
        value = np.asarray(value)
        if value.dtype.kind in "fiub" and np.dtype(dtype).kind == "f":
            value = value.astype(dtype, copy=False)
    return Tensor(value)


def record(value, inputs, *derivatives):
    """The tensor that an operation returns, tied to what it was computed from.

    `value` is the operation's result y, an array, and `inputs` a tuple of tensors, with one function
    for each: called as `derivative(g, y, *inputs)` with g = d(loss)/dy, it returns d(loss)/d(input),
    of the input's shape. All arguments are arrays, or all are tensors when the derivative is to be
    differentiated again, so it uses only what both have.
    """

    def backward(g, y, values, needed):
        return [(t, d(g, y, *values)) for t, d in zip(inputs, derivatives) if t in needed]

    return _record(value, inputs, backward)


def record_joint(value, inputs, derivative):
    """Like `record`, for an operation whose derivatives share their work, such as a whole layer.

    `derivative(g)`, with g = d(loss)/dy as an array, returns a list with d(loss)/d(input) for each
    input, None for one that is not needed. It cannot be differentiated again.
    """

    def backward(g, y, values, needed):
        if isinstance(g, Tensor):
            name = derivative.__qualname__.split(".")[0]
            raise NotImplementedError(f"{name} can be differentiated once, not twice")
        return [(t, d) for t, d in zip(inputs, derivative(g)) if t in needed]

    return _record(value, inputs, backward)


def _record(value, inputs, backward):
    """The one form in which the tape keeps an operation.

    `backward(g, y, values, needed)` returns pairs (input, d(loss)/d(input)) for each of the inputs
    that is needed; the values are their arrays, or they themselves to differentiate again.
    """
    out = Tensor.__new__(Tensor)
    out.data = np.asarray(value)  # a sum over all axes is a numpy scalar
    out.grad, out.requires_grad, out._inputs, out._backward = None, False, (), None
    if tape.recording:
        for tensor in inputs:
            if tensor.requires_grad:
                out.requires_grad = True
                out._inputs, out._backward = inputs, backward
                break
    out._created = next(creation)
    return out


def grad(output, input, create_graph=False):
    """d(output)/d(input), without touching any `.grad`.

    `output` is a tensor with one element, `input` one that it was computed from and that has
    `requires_grad`, or a list of such; the result has the input's shape, or is a list. With
    `create_graph` the result can itself be differentiated, as in a loss that holds a derivative.
    Raises ValueError if output does not depend on input, or is not a single number.
    """
    inputs = [input] if isinstance(input, Tensor) else input
    if not isinstance(inputs, (list, tuple)) or not all(isinstance(t, Tensor) for t in inputs):
        raise TypeError(f"input: expected a Tensor or a list of them, got {reprlib.repr(input)}")
    if not isinstance(output, Tensor):
        raise TypeError(f"output: expected a Tensor, got {reprlib.repr(output)}")
    if output.size != 1:
        raise ValueError(f"output: expected one element, got shape {output.shape}; sum it first")
    start = start_of(output, None)
    needed, order = ancestors(output)
    for i, tensor in enumerate(inputs):
        if tensor not in needed:
            name = "input" if len(inputs) == 1 else f"input[{i}]"
            raise ValueError(f"{name}: output does not depend on it, or it has no requires_grad")
    leads = set(inputs)  # tensors on a path to an input: the others' gradients are not needed
    for tensor in order:
        if any(t in leads for t in tensor._inputs):
            leads.add(tensor)
    order = [t for t in order if t in leads]
    start = Tensor(start) if create_graph else start
    found = gradients_of(output, start, leads, order, create_graph, inputs)
    # A sum hands the same array on to all that were added: none of them may change another's.
    results = [found[t] if create_graph else Tensor(np.array(found[t])) for t in inputs]
    return results[0] if isinstance(input, Tensor) else results


def _like(x, g):
    """g, summed over the axes along which broadcasting repeated x."""
    if g.shape == x.shape:
        return g
    added = g.ndim - x.ndim
    stretched = tuple(i for i, n in enumerate(g.shape) if i < added or x.shape[i - added] != n)
    return g.sum(axis=stretched, keepdims=True).reshape(x.shape)


def _own(index):
    """An index that stays as it is: lists and arrays in it are copied."""
    if isinstance(index, tuple):
        return tuple(map(_own, index))
    if isinstance(index, Tensor):
        index = index.data
    return copy.deepcopy(index) if isinstance(index, (list, np.ndarray)) else index


def _put(g, index, x):
    """Zeros like x with g added at an index: the derivative of x[index]."""
    if isinstance(g, Tensor):
        return record(_put(g.data, index, x.data), (g,), lambda h, y, g: h[index])
    out = np.zeros_like(x, dtype=g.dtype)
    places = index if isinstance(index, tuple) else (index,)
    if all(isinstance(place, (int, slice, type(None), type(...))) for place in places):
        out[index] = g
    else:
        np.add.at(out, index, g)  # an array of places may name one twice
    return out
