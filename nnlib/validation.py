"""What arguments must be: each check names the argument, what was expected and what came."""

import reprlib
from collections.abc import Mapping

import numpy as np

from nnlib.tensor import Tensor, as_array, as_tensor

# Rules for `number`: what is expected in words, and a test.
POSITIVE = "a finite number above 0", lambda value: 0 < value < np.inf
NOT_NEGATIVE = "a finite number of at least 0", lambda value: 0 <= value < np.inf
PROBABILITY = "a number from 0 to 1", lambda value: 0 <= value <= 1
FRACTION = "a number between 0 and 1", lambda value: 0 < value < 1
BELOW_ONE = "a number from 0 to below 1", lambda value: 0 <= value < 1


def number(rule, **settings):
    """Each setting is a number that keeps to the rule."""
    words, test = rule
    for name, value in settings.items():
        kinds = (int, float, np.integer, np.floating)
        if not isinstance(value, kinds) or isinstance(value, bool) or not test(value):
            raise ValueError(f"{name}: expected {words}, got {value!r}")


def at_least(least, **settings):
    """Each setting is one whole number, not below `least`."""
    for name, value in settings.items():
        whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
        if not whole or value < least:
            raise ValueError(f"{name}: expected a whole number of at least {least}, got {value!r}")


def one_of(choices, **settings):
    """Each setting is one of some texts."""
    for name, value in settings.items():
        if not isinstance(value, str) or value not in choices:
            few = len(choices) < 3
            names = (" or " if few else ", ").join(map(repr, choices))
            names = names if few else f"one of {names}"
            raise ValueError(f"{name}: expected {names}, got {value!r}")


def instance(kind, **settings):
    """Each setting is an object of a class."""
    for name, value in settings.items():
        if not isinstance(value, kind):
            article = "an" if kind.__name__[0] in "AEIO" else "a"
            raise TypeError(
                f"{name}: expected {article} {kind.__name__}, got {type(value).__name__}"
            )


def generator(rng):
    """The random numbers that a caller chose: a seed, a Generator of numpy, or None for new ones."""
    try:
        return np.random.default_rng(rng)
    except (TypeError, ValueError):
        expected = "a whole number of at least 0, a numpy.random.Generator or None"
        raise TypeError(f"rng: expected {expected}, got {rng!r}") from None


def array_of(name, values):
    """An array of anything array-like; rows of different lengths get words of our own."""
    try:
        return as_array(values)
    except ValueError:
        raise ValueError(f"{name}: expected rows of equal length, got some of other lengths") from None


def described(value):
    """A value of the wrong type, in words: its type and what it looks like, shortened."""
    kind = type(value).__name__
    missing = kind in ("NoneType", "NAType", "NaTType") or (
        isinstance(value, float) and np.isnan(value)
    )
    shown = reprlib.repr(value)
    return f"{shown}, a missing value" if missing else f"{kind} {shown}"


def listed(name, value, what):
    """The entries of a list or of anything else with one dimension and an order, as a list."""
    if isinstance(value, (str, bytes)):
        kind = "string" if isinstance(value, str) else "bytes"
        raise TypeError(f"{name}: expected a list of {what}, got the one {kind} {reprlib.repr(value)}")
    if getattr(value, "ndim", 1) != 1:
        found = f"{type(value).__name__} of shape {value.shape}"
        raise TypeError(f"{name}: expected a list of {what}, got {found}")
    if isinstance(value, (Mapping, set, frozenset)) or not hasattr(value, "__iter__"):
        raise TypeError(f"{name}: expected a list of {what}, got {described(value)}")
    return list(value)


def indices(name, value, size):
    """An array of integers from 0 to size - 1."""
    array = value if isinstance(value, np.ndarray) else array_of(name, value)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name}: expected integers, got dtype {array.dtype}")
    # Taken as unsigned, a negative number is a huge one: one comparison finds both kinds of error.
    if array.size and np.maximum.reduce(array.astype(np.uint64), axis=None) >= size:
        found = f"{array.min()} to {array.max()}"
        raise ValueError(f"{name}: expected integers from 0 to {size - 1}, got {found}")
    return array


def finite(name, array):
    """No element of an array of numbers is nan or infinite."""
    bad = array.size - np.isfinite(array).sum() if array.dtype.kind == "f" else 0
    if bad:
        raise ValueError(f"{name}: expected finite numbers, got {bad} that are nan or infinite")


def as_float(x):
    """x as a tensor of floats: whole numbers become float32."""
    x = as_tensor(x)
    return x if x.data.dtype.kind == "f" else Tensor(x.data.astype(np.float32))


def as_input(x, layer, dtype, shape=None, name="x"):
    """x as a tensor that a layer can work on whose weights have this dtype.

    Where the shape that the layer expects is given, see `fits`, that is checked too.

    Raises
    ------
    ValueError
        If an array holds what is not finite in this dtype, or a tensor has another dtype.
    """
    if isinstance(x, Tensor):
        if x.data.dtype != dtype:
            remedy = f"convert the tensor, Tensor(x.data.astype(np.{dtype}))"
            if x.dtype.kind == "f":
                remedy = f"convert the network with astype(np.{x.dtype})"
            raise ValueError(
                f"{name}: {signature(layer)} has {dtype} weights, got a {x.dtype} tensor; {remedy}"
            )
    else:
        given = x if isinstance(x, np.ndarray) else array_of(name, x)
        if given.dtype.kind not in "fiub":
            raise TypeError(f"{name}: {signature(layer)} expects numbers, got dtype {given.dtype}")
        x = Tensor(given.astype(dtype, copy=False))
        # The sum of squares is not finite if a value is not, and takes next to no time.
        if not np.vdot(x.data, x.data) < np.inf and not np.isfinite(x.data).all():
            finite(name, given)
            largest = np.finfo(dtype).max
            raise ValueError(
                f"{name}: expected numbers within ±{largest:.2g}, the range of {dtype}, "
                f"got {np.abs(given).max():.3g}"
            )
    if shape is not None:
        fits(name, x.shape, layer, shape)
    return x


def fits(name, found, layer, expected):
    """A shape is the one that a layer expects, and no length is 0.

    Expected are numbers, or names of lengths that may be any; ... stands for any number of them.
    """
    some = expected[0] is ...
    own = expected[some:]
    tail = found[len(found) - len(own) :]
    right = len(tail) == len(own) and (some or len(found) == len(own)) and 0 not in found
    if not right or any(n != m for n, m in zip(tail, own) if not isinstance(m, str)):
        words = ", ".join("..." if length is ... else str(length) for length in expected)
        empty = ", which is empty" if 0 in found else ""
        raise ValueError(f"{name}: {signature(layer)} expects shape ({words}), got {found}{empty}")


def signature(layer):
    """A layer as it is written, without its inside and its number of parameters."""
    return f"{type(layer).__name__}({layer.extra_repr()})"
