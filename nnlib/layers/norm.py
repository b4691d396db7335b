"""Normalization: numbers between layers brought to mean 0 and variance 1, then scaled as learned."""

import numpy as np

from nnlib.module import Buffer, Module, Parameter
from nnlib.tensor import record_joint
from nnlib.validation import NOT_NEGATIVE, PROBABILITY, as_input, at_least, number, signature


def layer_norm(x, weight, bias, eps=1e-5):
    """Normalize each vector along the last axis by its own mean and variance.

    Shapes: x (..., features), weight and bias (features,); returns x's shape.
    Source: Ba, Kiros and Hinton (2016), Layer normalization.
    """
    rows = x.data.reshape(-1, x.shape[-1])
    mean = np.full(x.shape[-1], 1 / x.shape[-1], x.dtype)  # rows @ mean is several times np.mean
    normal = rows - (rows @ mean)[:, None]
    scale = (1 / np.sqrt((normal * normal) @ mean + eps)).astype(x.dtype)[:, None]
    normal *= scale
    y = normal * weight.data
    y += bias.data

    def derivative(g):
        g = g.reshape(rows.shape)
        ones = np.ones(len(g), g.dtype)
        dweight, dbias = ones @ (g * normal), ones @ g
        dx = g * weight.data
        along = ((dx * normal) @ mean)[:, None]
        dx -= (dx @ mean)[:, None]
        dx -= normal * along
        dx *= scale
        return dx.reshape(x.shape), dweight, dbias

    return record_joint(y.reshape(x.shape), (x, weight, bias), derivative)


class LayerNorm(Module):
    """Each vector normalized by its own mean and variance, then times weight, plus bias.

    Shapes: input and output (..., normalized_shape).
    """

    def __init__(self, normalized_shape, eps=1e-5):
        at_least(1, normalized_shape=normalized_shape)
        number(NOT_NEGATIVE, eps=eps)
        self.eps = eps
        self.weight = Parameter(np.ones(normalized_shape, np.float32))
        self.bias = Parameter(np.zeros(normalized_shape, np.float32))

    def forward(self, x):
        x = as_input(x, self, self.weight.dtype, (..., self.weight.size))
        return layer_norm(x, self.weight, self.bias, self.eps)

    def extra_repr(self):
        return f"{self.weight.size}"


class _BatchNorm(Module):
    """Each feature normalized over the batch; for predictions, over a running mean of batches.

    Parameters
    ----------
    num_features : int
    eps : float
        Added to the variance, so that a constant feature does not divide by zero.
    momentum : float
        Share of the newest batch in the running mean and variance.

    Notes
    -----
    Source: Ioffe and Szegedy (2015), Batch normalization.
    """

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        at_least(1, num_features=num_features)
        number(NOT_NEGATIVE, eps=eps)
        number(PROBABILITY, momentum=momentum)
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.weight = Parameter(np.ones(num_features, np.float32))
        self.bias = Parameter(np.zeros(num_features, np.float32))
        self.running_mean = Buffer(np.zeros(num_features, np.float32))
        self.running_var = Buffer(np.ones(num_features, np.float32))
        self.num_batches_tracked = Buffer(np.array(0))

    def forward(self, x):
        x = as_input(x, self, self.weight.dtype, ("batch", self.num_features, *self.image))
        axes = (0, *range(2, x.ndim))
        column = (1, -1) + (1,) * (x.ndim - 2)
        weight, bias = self.weight.reshape(column), self.bias.reshape(column)
        if not self.training:
            mean, var = self.running_mean.data, self.running_var.data
            scale = 1 / np.sqrt(var + self.eps)
            return (x - mean.reshape(column)) * scale.reshape(column) * weight + bias
        count = x.size // self.num_features
        if count == 1:
            raise ValueError(
                f"x: in training {signature(self)} expects more than one value per feature, to "
                f"take their variance, got shape {x.shape}. Where the last batch is one sample, "
                "choose a batch_size that leaves no such rest; to predict, call eval() first"
            )
        normal, mean, var = _normalize(x, axes, self.eps)
        self._remember(mean, var * (count / (count - 1)))
        return normal * weight + bias

    def _remember(self, mean, var):
        for buffer, new in ((self.running_mean, mean), (self.running_var, var)):
            buffer.data += self.momentum * (new.ravel() - buffer.data)
        self.num_batches_tracked.data += 1

    def extra_repr(self):
        return f"{self.num_features}"


class BatchNorm1d(_BatchNorm):
    __doc__ = _BatchNorm.__doc__ + "\n    Shapes: input and output (batch, num_features).\n"
    image = ()


class BatchNorm2d(_BatchNorm):
    __doc__ = (
        _BatchNorm.__doc__ + "\n    Shapes: in and out (batch, num_features, height, width).\n"
    )
    image = ("height", "width")


def _normalize(x, axes, eps):
    """x minus its mean over the axes, divided by its standard deviation; the mean and variance."""
    mean = x.data.mean(axis=axes, keepdims=True)
    normal = x.data - mean
    var = (normal * normal).mean(axis=axes, keepdims=True)
    scale = 1 / np.sqrt(var + eps)
    normal *= scale

    def derivative(g):
        along = (g * normal).mean(axis=axes, keepdims=True)
        return ((g - g.mean(axis=axes, keepdims=True) - normal * along) * scale,)

    return record_joint(normal, (x,), derivative), mean, var
