"""Convolution: one small set of weights, applied at every place of an image.

In PyTorch an image batch has the shape (batch, channels, height, width), and so it has here. In
memory the batch comes last: then the numbers that one step of the work needs for all images lie side
by side, which makes copying several times faster. `transpose` changes from one view to the other
without moving anything.
"""

import itertools

import numpy as np

from nnlib.module import Module, Parameter
from nnlib.tensor import as_tensor, record_joint
from nnlib.validation import as_float, as_input, at_least, generator, signature

BLOCK = 2**18  # numbers to work on at a time: a megabyte of float32 stays in fast memory


def conv2d(x, weight, bias=None, stride=1, padding=0):
    """Slide each filter over the image and take the sum of products at each place.

    Shapes: x (batch, in, height, width), weight (out, in, kh, kw), bias (out,) or None;
    returns (batch, out, ⌊(height + 2 padding - kh) / stride⌋ + 1, the same for the width).

    Windows are copied side by side into a matrix, so their sums are one matrix product (Chellapilla,
    Puri and Simard, 2006): some rows of the image at a time, so that the matrix stays in fast memory,
    and once more for the gradient, so that it need not be kept. `conv2d_by_loops` is the plain version.
    """
    (sh, sw), (ph, pw), x = pair(stride), pair(padding), as_tensor(x)
    n, channels, height, width = x.shape
    filters, depth, kh, kw = weight.shape
    if channels != depth:
        raise ValueError(f"x: expected {depth} channels, as deep as weight, got shape {x.shape}")
    inputs = (x, weight) if bias is None else (x, weight, bias)

    padded = pad(x.data.transpose(1, 2, 3, 0), ph, pw)
    windows = _windows(padded, kh, kw, sh, sw)
    out_h, out_w = windows.shape[3:5]
    # The bias is one more weight of each filter, for an input that is always 1.
    W = np.concatenate([p.data.reshape(filters, -1) for p in inputs[1:]], axis=1)
    size = channels * kh * kw
    step = max(1, BLOCK // (size * out_w * n))
    blocks = [slice(top, top + step) for top in range(0, out_h, step)]

    def copied(block):
        part = windows[:, :, :, block]
        columns = np.empty((W.shape[1], part.shape[3] * out_w * n), padded.dtype)
        columns[:size].reshape(part.shape)[...] = part
        columns[size:] = 1
        return columns

    y = np.empty((filters, out_h, out_w, n), np.result_type(padded, W))
    for block in blocks:
        np.matmul(W, copied(block), out=y[:, block].reshape(filters, -1))

    def derivative(g):
        g = np.ascontiguousarray(g.transpose(1, 2, 3, 0))
        dW, dpadded = np.zeros_like(W.T), np.zeros_like(padded)
        dwindows = _windows(dpadded, kh, kw, sh, sw)
        for block in blocks:
            columns, dy = copied(block), g[:, block].reshape(filters, -1)
            dW += columns @ dy.T
            if x.requires_grad:
                np.matmul(W[:, :size].T, dy, out=columns[:size])
                to = dwindows[:, :, :, block]
                dcolumns = columns[:size].reshape(to.shape)
                for i, j in itertools.product(range(kh), range(kw)):
                    to[:, i, j] += dcolumns[:, i, j]
        dx = dpadded[:, ph : ph + height, pw : pw + width].transpose(3, 0, 1, 2)
        return dx, dW[:size].T.reshape(weight.shape), dW[size:].ravel()

    return record_joint(y.transpose(3, 0, 1, 2), inputs, derivative)


def _windows(image, kh, kw, sh, sw):
    """A view (channels, kh, kw, out_h, out_w, batch) of all windows: an address for each number."""
    channels, height, width, n = image.shape
    shape = channels, kh, kw, (height - kh) // sh + 1, (width - kw) // sw + 1, n
    a, b, c, d = image.strides
    return np.ndarray(shape, image.dtype, image, strides=(a, b, c, sh * b, sw * c, d))


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

    Source: LeCun et al. (1989), Backpropagation applied to handwritten zip code recognition.

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
