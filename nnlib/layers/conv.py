"""Convolution: one small set of weights, applied at every place of an image.

`conv2d_by_loops` says what is computed; nnlib/kernels/conv.py computes it, fast.
"""

import numpy as np

from nnlib.kernels.conv import conv2d, pair
from nnlib.module import Module, Parameter
from nnlib.tensor import record_joint
from nnlib.validation import as_float, as_input, at_least, generator, signature


def conv2d_by_loops(x, weight, bias=None, stride=1, padding=0):
    """The definition of `conv2d`, on arrays, one output place at a time."""
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    x = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    kh, kw = weight.shape[2:]
    rows = range(0, x.shape[2] - kh + 1, sh)
    columns = range(0, x.shape[3] - kw + 1, sw)
    y = np.empty((len(x), len(weight), len(rows), len(columns)), np.result_type(x, weight))
    for i, top in enumerate(rows):
        for j, left in enumerate(columns):
            window = x[:, None, :, top : top + kh, left : left + kw]  # (batch, 1, in, kh, kw)
            y[:, :, i, j] = (window * weight).sum(axis=(2, 3, 4))
    return y if bias is None else y + bias[:, None, None]


class Conv2d(Module):
    """A layer of `out_channels` filters, each as deep as the image has channels.

    Parameters
    ----------
    in_channels, out_channels : int
    kernel_size, stride, padding : int, or pair (vertical, horizontal)
        Size of a filter, steps between its places, and how many zeros to put around the image.
    bias : bool
    rng : int or numpy.random.Generator, optional
        For the initial values, uniform in ±1/√(in_channels · kernel area) as in PyTorch.

    Attributes
    ----------
    weight : Parameter, shape (out_channels, in_channels, kh, kw)
    bias : Parameter, shape (out_channels,), or None

    Notes
    -----
    Source: LeCun et al. (1989), Backpropagation applied to handwritten zip code recognition.

    Examples
    --------
    >>> Conv2d(1, 6, kernel_size=5, padding=2, rng=0)(np.zeros((10, 1, 28, 28))).shape
    (10, 6, 28, 28)
    """

    def __init__(
        self, in_channels, out_channels, kernel_size, stride=1, padding=0, *, bias=True, rng=None
    ):
        at_least(1, in_channels=in_channels, out_channels=out_channels)
        pairs_at_least(1, kernel_size=kernel_size, stride=stride)
        pairs_at_least(0, padding=padding)
        self.stride, self.padding = stride, padding
        rng = generator(rng)
        shape = (out_channels, in_channels, *pair(kernel_size))
        bound = 1 / np.sqrt(np.prod(shape[1:]))
        self.weight = Parameter(rng.uniform(-bound, bound, shape).astype(np.float32))
        self.bias = (
            Parameter(rng.uniform(-bound, bound, out_channels).astype(np.float32)) if bias else None
        )

    def forward(self, x):
        x = image(x, self, self.weight.dtype)
        in_channels, kh, kw = self.weight.shape[1:]
        ph, pw = pair(self.padding)
        if x.shape[1] != in_channels:
            raise ValueError(f"x: {signature(self)} expects {in_channels} channels, got shape {x.shape}")
        if kh > x.shape[2] + 2 * ph or kw > x.shape[3] + 2 * pw:
            raise ValueError(
                f"x: the {kh} x {kw} kernel of {signature(self)} is larger than the padded image "
                f"({x.shape[2] + 2 * ph} x {x.shape[3] + 2 * pw})"
            )
        return conv2d(x, self.weight, self.bias, self.stride, self.padding)

    def extra_repr(self):
        out_channels, in_channels, *kernel = self.weight.shape
        text = f"{in_channels}, {out_channels}, kernel_size={tuple(kernel)}"
        text += f", stride={self.stride}" if self.stride != 1 else ""
        text += f", padding={self.padding}" if self.padding != 0 else ""
        return text + ("" if self.bias is not None else ", bias=False")


class Upsample(Module):
    """An image enlarged by repeating each pixel: the nearest neighbor, `scale_factor` times as large.

    Shapes: input (batch, channels, height, width), output (batch, channels, s height, s width).
    """

    def __init__(self, scale_factor=2):
        at_least(1, scale_factor=scale_factor)
        self.scale_factor = scale_factor

    def forward(self, x):
        x, s = image(x, self), self.scale_factor
        n, channels, height, width = x.shape

        def derivative(g):
            return (g.reshape(n, channels, height, s, width, s).sum(axis=(3, 5)),)

        return record_joint(x.data.repeat(s, axis=2).repeat(s, axis=3), (x,), derivative)

    def extra_repr(self):
        return f"scale_factor={self.scale_factor}"


def pairs_at_least(least, **settings):
    """Each setting is a whole number, or a pair of them, not below `least`."""
    for name, value in settings.items():
        if isinstance(value, (tuple, list)) and len(value) != 2:
            raise ValueError(f"{name}: expected one whole number or two, got {value!r}")
        for v in pair(value) if isinstance(value, (tuple, list)) else [value]:
            at_least(least, **{name: v})


def image(x, layer, dtype=None):
    """x as a tensor, if it is a batch of images that `layer` can work on."""
    x = as_float(x) if dtype is None else as_input(x, layer, dtype)
    if x.ndim != 4 or not x.size:
        raise ValueError(
            f"x: {signature(layer)} expects shape (batch, channels, height, width), got {x.shape}"
        )
    return x
