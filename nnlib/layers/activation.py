"""Activation functions: what makes a network more than one big linear map.

Each is here twice, as in PyTorch: as a function (`tanh(x)`) and as a layer (`Tanh()`)."""

import math

import numpy as np

from nnlib.functions import as_float, exp
from nnlib.module import Module
from nnlib.tensor import Tensor, record

_erf = np.frompyfunc(math.erf, 1, 1)  # numpy has no erf; the standard library's is exact, if slow


def relu(x):
    """max(0, x); the derivative at 0 is taken as 0."""
    x = as_float(x)
    y = np.maximum(x.data, np.zeros_like(x.data))  # against the number 0 it takes twice as long
    return record(y, (x,), lambda g, y, x: g * (y > 0))


def leaky_relu(x, negative_slope=0.01):
    """x where x > 0, elsewhere negative_slope * x."""
    x = as_float(x)

    def slope(x):
        return np.where(x > 0, 1, negative_slope).astype(x.dtype)

    return record(x.data * slope(x.data), (x,), lambda g, y, x: g * slope(x))


def tanh(x):
    """Hyperbolic tangent: from -1 to 1, steepest at 0."""
    x = as_float(x)
    return record(np.tanh(x.data), (x,), lambda g, y, x: g * (1 - y * y))


def sigmoid(x):
    """1 / (1 + e⁻ˣ), the logistic function: from 0 to 1."""
    x = as_float(x)
    return record(_logistic(x.data), (x,), lambda g, y, x: g * (y * (1 - y)))


def _logistic(x):
    if isinstance(x, Tensor):
        return sigmoid(x)
    return np.tanh(x / 2) / 2 + 0.5  # 1 / (1 + e⁻ˣ), written so that nothing can overflow


def silu(x):
    """x sigmoid(x), a smooth relative of relu (Elfwing, Uchibe and Doya, 2018)."""
    x = as_float(x)
    return x * sigmoid(x)


def softplus(x):
    """log(1 + eˣ): a smooth relu that is always positive; its derivative is sigmoid."""
    x = as_float(x)
    return record(np.logaddexp(x.data, 0).astype(x.dtype), (x,), lambda g, y, x: g * _logistic(x))


def gelu(x):
    """x Φ(x), with Φ the distribution function of the standard normal (Hendrycks and Gimpel, 2016)."""
    x = as_float(x)

    def normal_cdf(x):
        if isinstance(x, Tensor):
            return record(normal_cdf(x.data), (x,), lambda g, y, x: g * normal_pdf(x))
        return (np.asarray(_erf(x / math.sqrt(2)), x.dtype) + 1) / 2

    def normal_pdf(x):
        e = exp if isinstance(x, Tensor) else np.exp
        return e(x * x * -0.5) * (1 / math.sqrt(2 * math.pi))

    y = x.data * normal_cdf(x.data)
    return record(y, (x,), lambda g, y, x: g * (normal_cdf(x) + x * normal_pdf(x)))


def softmax(x, dim=-1):
    """e^x, divided by its sum along one axis: positive numbers that add up to 1."""
    x = as_float(x)
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
