"""Activation functions: what makes a network more than one big linear map.

Each is here twice, as in PyTorch: as a function (`tanh(x)`) and as a layer (`Tanh()`)."""

import math

import numpy as np

from nnlib.functions import elementwise, exp
from nnlib.module import Module
from nnlib.tensor import as_array, record
from nnlib.validation import as_float

_erf = np.frompyfunc(math.erf, 1, 1)  # numpy has no erf; the standard library's is exact, if slow


def relu(x):
    """max(0, x); the derivative at 0 is taken as 0."""
    x = as_float(x)
    y = np.zeros_like(x.data)
    np.maximum(x.data, y, out=y)  # against the number 0 it takes twice as long
    return record(y, (x,), lambda g, y, x: g * (y > 0))


def leaky_relu(x, negative_slope=0.01):
    """x where x > 0, elsewhere negative_slope * x."""

    def slope(x, y=None):
        x = as_array(x)
        return np.where(x > 0, 1, negative_slope).astype(x.dtype)

    return elementwise(as_float(x), lambda x: x * slope(x), slope)


def tanh(x):
    """Hyperbolic tangent: from -1 to 1, steepest at 0."""
    x = as_float(x)
    return record(np.tanh(x.data), (x,), lambda g, y, x: g * (1 - y * y))


def sigmoid(x):
    """1 / (1 + e⁻ˣ), the logistic function: from 0 to 1."""
    return elementwise(as_float(x), logistic, lambda x, y: y * (1 - y))


def logistic(x):
    """The values of `sigmoid`, from an array."""
    with np.errstate(over="ignore"):  # e⁻ˣ may become infinite: then 0 is right
        return 1 / (1 + np.exp(-x))


def silu(x):
    """x sigmoid(x), a smooth relative of relu (Elfwing, Uchibe and Doya, 2018)."""
    x = as_float(x)
    return x * sigmoid(x)


def softplus(x):
    """log(1 + eˣ): a smooth relu that is always positive; its derivative is sigmoid."""
    return elementwise(as_float(x), lambda x: np.logaddexp(x, 0), lambda x, y: sigmoid(x))


def gelu(x):
    """x Φ(x), with Φ the distribution function of the standard normal (Hendrycks and Gimpel, 2016)."""
    x = as_float(x)
    root = math.sqrt(2)
    return x * elementwise(
        x,
        lambda x: (np.asarray(_erf(x / root), x.dtype) + 1) / 2,  # Φ, and below it its density
        lambda x, y: exp(x * x * -0.5) / math.sqrt(2 * math.pi),
    )


def softmax(x, dim=-1):
    """e^x, divided by its sum along one axis: positive numbers that add up to 1."""
    x = as_float(x)
    if 0 in x.shape:
        raise ValueError(f"x: softmax expects at least one number along each axis, got {x.shape}")
    # The shift cancels; without it e^x could overflow.
    e = np.exp(x.data - x.data.max(axis=dim, keepdims=True))
    return record(
        e / e.sum(axis=dim, keepdims=True),
        (x,),
        lambda g, y, x: y * (g - (g * y).sum(axis=dim, keepdims=True)),
    )


class ReLU(Module):
    """max(0, x), element by element."""

    def forward(self, x):
        return relu(x)


class LeakyReLU(Module):
    """x where x > 0, elsewhere negative_slope * x."""

    def __init__(self, negative_slope=0.01):
        self.negative_slope = negative_slope

    def forward(self, x):
        return leaky_relu(x, self.negative_slope)

    def extra_repr(self):
        return f"{self.negative_slope}"


class Tanh(Module):
    """Hyperbolic tangent, element by element."""

    def forward(self, x):
        return tanh(x)


class Sigmoid(Module):
    """The logistic function 1 / (1 + e⁻ˣ), element by element."""

    def forward(self, x):
        return sigmoid(x)


class SiLU(Module):
    """x sigmoid(x), element by element."""

    def forward(self, x):
        return silu(x)


class Softplus(Module):
    """log(1 + eˣ), element by element."""

    def forward(self, x):
        return softplus(x)


class GELU(Module):
    """x Φ(x), with Φ the distribution function of the standard normal."""

    def forward(self, x):
        return gelu(x)


class Softmax(Module):
    """Positive numbers that add up to 1 along the axis `dim`."""

    def __init__(self, dim=-1):
        self.dim = dim

    def forward(self, x):
        return softmax(x, self.dim)

    def extra_repr(self):
        return f"dim={self.dim}"
