"""Convolution: one small set of weights, applied at every place of an image.

In PyTorch an image batch has the shape (batch, channels, height, width), and so it has here. In
memory the batch comes last: then the numbers that one step of the work needs for all images lie side
by side, which makes copying several times faster. `transpose` changes from one view to the other
without moving anything.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nnlib.functions import as_float
from nnlib.module import Module, Parameter, as_input
from nnlib.tensor import as_tensor, record_joint


def conv2d(x, weight, bias=None, stride=1, padding=0):
    """Slide each filter over the image and take the sum of products at each place.

    Shapes: x (batch, in, height, width), weight (out, in, kh, kw), bias (out,) or None;
    returns (batch, out, ⌊(height + 2 padding - kh) / stride⌋ + 1, the same for the width).

    All windows are copied side by side into one matrix, so the sums are one matrix product
    (Chellapilla, Puri and Simard, 2006). `conv2d_by_loops` is the plain version.
    """
    (sh, sw), (ph, pw), x = pair(stride), pair(padding), as_tensor(x)
    n, channels, height, width = x.shape
    filters, _, kh, kw = weight.shape

    padded = pad(x.data.transpose(1, 2, 3, 0), ph, pw)
    windows = sliding_window_view(padded, (kh, kw), axis=(1, 2))[:, ::sh, ::sw]
    out_h, out_w = windows.shape[1:3]
    columns = windows.transpose(0, 4, 5, 1, 2, 3).reshape(channels * kh * kw, -1)
    W = weight.data.reshape(filters, -1)
    y = W @ columns
    if bias is not None:
        y += bias.data[:, None]

    def derivative(g):
        g = g.transpose(1, 2, 3, 0).reshape(filters, -1)
        dx = None
        if x.requires_grad:
            dpadded = np.zeros_like(padded)
            # A row of the kernel at a time, so that what is added is still in fast memory.
            rows = weight.data.transpose(2, 3, 1, 0).reshape(kh, kw * channels, filters)
            dwindows = np.empty((kw * channels, g.shape[1]), g.dtype)
            for i in range(kh):
                np.matmul(rows[i], g, out=dwindows)
                for j, dwindow in enumerate(dwindows.reshape(kw, channels, out_h, out_w, n)):
                    dpadded[:, i : i + sh * out_h : sh, j : j + sw * out_w : sw] += dwindow
            dx = dpadded[:, ph : ph + height, pw : pw + width].transpose(3, 0, 1, 2)
        dweight = (columns @ g.T).T.reshape(weight.shape)
        return dx, dweight, g @ np.ones(g.shape[1], g.dtype)

    y = y.reshape(filters, out_h, out_w, n).transpose(3, 0, 1, 2)
    return record_joint(y, (x, weight) if bias is None else (x, weight, bias), derivative)


def conv2d_by_loops(x, weight, bias, stride=1, padding=0):
    """The definition of `conv2d`, on arrays, one output place at a time."""
    (sh, sw), (ph, pw) = pair(stride), pair(padding)
    x = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    kh, kw = weight.shape[2:]
    rows = range(0, x.shape[2] - kh + 1, sh)
    columns = range(0, x.shape[3] - kw + 1, sw)
    y = np.empty((len(x), len(weight), len(rows), len(columns)), x.dtype)
    for i, top in enumerate(rows):
        for j, left in enumerate(columns):
            window = x[:, None, :, top : top + kh, left : left + kw]  # (batch, 1, in, kh, kw)
            y[:, :, i, j] = (window * weight).sum(axis=(2, 3, 4)) + bias
    return y


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

    Source: LeCun et al. (1989), Backpropagation applied to handwritten zip code recognition.

    >>> Conv2d(1, 6, kernel_size=5, padding=2, rng=0)(np.zeros((10, 1, 28, 28))).shape
    (10, 6, 28, 28)
    """

    def __init__(
        self, in_channels, out_channels, kernel_size, stride=1, padding=0, bias=True, rng=None
    ):
        at_least(1, in_channels=in_channels, out_channels=out_channels)
        at_least(1, kernel_size=kernel_size, stride=stride)
        at_least(0, padding=padding)
        self.stride, self.padding = stride, padding
        rng = np.random.default_rng(rng)
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
            raise ValueError(f"x: {self} expects {in_channels} channels, got shape {x.shape}")
        if kh > x.shape[2] + 2 * ph or kw > x.shape[3] + 2 * pw:
            raise ValueError(
                f"x: the {kh} x {kw} kernel of {self} is larger than the padded image "
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


def pad(x, ph, pw, value=0):
    """An array (channels, height, width, batch) with ph rows and pw columns added on each side."""
    if ph == pw == 0:
        return np.ascontiguousarray(x)
    channels, height, width, n = x.shape
    padded = np.full((channels, height + 2 * ph, width + 2 * pw, n), value, x.dtype)
    padded[:, ph : ph + height, pw : pw + width] = x
    return padded


def pair(value):
    """(vertical, horizontal) from one number for both or from two."""
    return (value, value) if isinstance(value, (int, np.integer)) else tuple(value)


def at_least(least, **settings):
    """Check that each setting is a whole number, or a pair of them, not below `least`."""
    for name, value in settings.items():
        values = value if isinstance(value, (tuple, list)) else (value,)
        whole = all(isinstance(v, (int, np.integer)) and v >= least for v in values)
        if not whole or len(values) > 2:
            raise ValueError(f"{name}: expected whole numbers of at least {least}, got {value!r}")


def image(x, layer, dtype=None):
    """x as a tensor, if it is a batch of images that `layer` can work on."""
    x = as_float(x) if dtype is None else as_input(x, layer, dtype)
    if x.ndim != 4 or not x.size:
        raise ValueError(
            f"x: {layer} expects shape (batch, channels, height, width), got {x.shape}"
        )
    return x
