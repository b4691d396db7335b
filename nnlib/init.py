"""Initial weights: random, and of a size that keeps signals alike from layer to layer.

Each function fills a parameter in place and returns it, as in PyTorch:

    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", rng=0)

A weight has the shape (out, in, ...). An output is a sum over fan_in numbers, in times the size of
a convolution's kernel; on the way back a gradient is one over fan_out numbers. Sums of many numbers
vary more, so the weights are drawn with a variance of gain² / fan.
"""

import math

import numpy as np

from nnlib.tensor import Tensor
from nnlib.validation import generator, instance, one_of


def calculate_gain(nonlinearity, param=None):
    """The factor that makes up for how much an activation function shrinks its input.

    `nonlinearity` is "linear", "conv2d", "sigmoid", "tanh", "relu" or "leaky_relu"; `param` is the
    negative slope of the last. The values are PyTorch's.
    """
    slope = 0.01 if param is None else param
    gains = {
        "linear": 1.0,
        "conv2d": 1.0,
        "sigmoid": 1.0,
        "tanh": 5 / 3,
        "relu": math.sqrt(2),
        "leaky_relu": math.sqrt(2 / (1 + slope**2)),
    }
    one_of(gains, nonlinearity=nonlinearity)
    return gains[nonlinearity]


def xavier_uniform_(tensor, gain=1.0, rng=None):
    """Uniform, with variance gain² · 2 / (fan_in + fan_out): a compromise between both directions.

    Source: Glorot and Bengio (2010), Understanding the difficulty of training deep feedforward
    neural networks. Their analysis is of activations that are linear around 0, such as tanh.
    """
    fan_in, fan_out = _fans(tensor)
    return _uniform(tensor, gain * math.sqrt(2 / (fan_in + fan_out)), rng)


def xavier_normal_(tensor, gain=1.0, rng=None):
    """Normally distributed, with the variance of `xavier_uniform_`."""
    fan_in, fan_out = _fans(tensor)
    return _normal(tensor, gain * math.sqrt(2 / (fan_in + fan_out)), rng)


def kaiming_uniform_(tensor, a=0.0, mode="fan_in", nonlinearity="leaky_relu", rng=None):
    """Uniform, with variance gain² / fan, for networks with ReLUs.

    Parameters
    ----------
    tensor : Tensor, shape (out, in, ...)
    a : float
        The negative slope of "leaky_relu"; 0 stands for the ReLU.
    mode : "fan_in" or "fan_out"
        Whether the outputs or the gradients shall keep their size.
    nonlinearity : str, see `calculate_gain`
    rng : int or numpy.random.Generator, optional

    Notes
    -----
    Source: He et al. (2015), Delving deep into rectifiers.
    """
    return _uniform(tensor, _kaiming(tensor, a, mode, nonlinearity), rng)


def kaiming_normal_(tensor, a=0.0, mode="fan_in", nonlinearity="leaky_relu", rng=None):
    """Normally distributed, with the variance of `kaiming_uniform_`."""
    return _normal(tensor, _kaiming(tensor, a, mode, nonlinearity), rng)


def orthogonal_(tensor, gain=1.0, rng=None):
    """A random orthogonal matrix times gain: it turns vectors without changing their length.

    The rows of (out, in · ...) are orthogonal, or its columns where it has more rows than columns.
    Source: Saxe, McClelland and Ganguli (2014), Exact solutions to the nonlinear dynamics of
    learning in deep linear neural networks.
    """
    _fans(tensor)
    rows = tensor.shape[0]
    columns = tensor.size // rows
    normal = generator(rng).standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(normal)
    q *= np.sign(np.diag(r))  # else not all orthogonal matrices would be equally likely
    return _fill(tensor, gain * (q if rows >= columns else q.T))


def _kaiming(tensor, a, mode, nonlinearity):
    fans = dict(zip(("fan_in", "fan_out"), _fans(tensor)))
    one_of(fans, mode=mode)
    return calculate_gain(nonlinearity, a) / math.sqrt(fans[mode])


def _uniform(tensor, std, rng):
    bound = math.sqrt(3) * std  # the variance of a uniform distribution in ±bound is bound² / 3
    return _fill(tensor, generator(rng).uniform(-bound, bound, tensor.shape))


def _normal(tensor, std, rng):
    return _fill(tensor, std * generator(rng).standard_normal(tensor.shape))


def _fill(tensor, values):
    tensor.data[...] = values.reshape(tensor.shape)
    return tensor


def _fans(tensor):
    instance(Tensor, tensor=tensor)
    if tensor.dtype.kind != "f":
        raise TypeError(f"tensor: expected floats, got dtype {tensor.dtype}")
    if tensor.ndim < 2 or not tensor.size:
        raise ValueError(f"tensor: expected a shape (out, in, ...), got {tensor.shape}")
    fan_out, fan_in, *kernel = tensor.shape
    return fan_in * math.prod(kernel), fan_out * math.prod(kernel)
