"""Pooling: a smaller image, in which each pixel stands for a window of the larger one."""

import itertools
import math

import numpy as np

from nnlib.kernels.conv import pad, pair
from nnlib.layers.conv import image, pairs_at_least
from nnlib.module import Module
from nnlib.tensor import as_tensor, record_joint
from nnlib.validation import as_float, signature


def max_pool2d(x, kernel_size, stride=None, padding=0):
    """The largest value in each window; of equal ones the first gets the gradient, as in PyTorch.

    Shapes: x (batch, channels, height, width); returns (batch, channels,
    ⌊(height + 2 padding - kernel_size) / stride⌋ + 1, the same for the width).
    """
    x = as_float(x)
    padded, places, crop = _windows(x, kernel_size, stride, padding, -np.inf)
    y = padded[places[0]].copy()
    for place in places[1:]:
        np.maximum(y, padded[place], out=y)

    apart = stride is None or all(s >= k for s, k in zip(pair(stride), pair(kernel_size)))
    tiled = apart and len(places) * y.size == padded.size  # each pixel is in exactly one window

    def derivative(g):
        rest = g.transpose(1, 2, 3, 0).copy()  # 0 where the window's largest value has been met
        dpadded = np.empty_like(padded) if tiled else np.zeros_like(padded)

        def give(place, part):
            dpadded[place] = part if tiled else dpadded[place] + part

        for place in places[:-1]:
            part = rest * (padded[place] == y)
            give(place, part)
            rest -= part
        give(places[-1], rest)
        return (dpadded[crop].transpose(3, 0, 1, 2),)

    return record_joint(y.transpose(3, 0, 1, 2), (x,), derivative)


def avg_pool2d(x, kernel_size, stride=None, padding=0):
    """The mean of each window, in which padding counts as zeros. Shapes as in `max_pool2d`."""
    x = as_float(x)
    padded, places, crop = _windows(x, kernel_size, stride, padding, 0)
    y = sum(padded[place] for place in places) / len(places)

    def derivative(g):
        g = g.transpose(1, 2, 3, 0) / len(places)
        dpadded = np.zeros_like(padded)
        for place in places:
            dpadded[place] += g
        return (dpadded[crop].transpose(3, 0, 1, 2),)

    return record_joint(y.transpose(3, 0, 1, 2), (x,), derivative)


def _windows(x, kernel_size, stride, padding, value):
    """The padded image, batch last, and where to find the windows' 1st, 2nd, ... pixels in it."""
    (kh, kw), (ph, pw) = pair(kernel_size), pair(padding)
    sh, sw = pair(kernel_size if stride is None else stride)
    height, width = x.shape[2:]
    out_h = (height + 2 * ph - kh) // sh + 1
    out_w = (width + 2 * pw - kw) // sw + 1
    places = [
        (slice(None), slice(i, i + sh * out_h, sh), slice(j, j + sw * out_w, sw))
        for i, j in itertools.product(range(kh), range(kw))
    ]
    crop = (slice(None), slice(ph, ph + height), slice(pw, pw + width))
    return pad(x.data.transpose(1, 2, 3, 0), ph, pw, value), places, crop


class _Pool2d(Module):
    def __init__(self, kernel_size, stride=None, padding=0):
        pairs_at_least(1, kernel_size=kernel_size, stride=kernel_size if stride is None else stride)
        pairs_at_least(0, padding=padding)
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        if any(2 * p > k for p, k in zip(pair(padding), pair(kernel_size))):
            raise ValueError(f"padding: expected at most half the kernel_size, got {padding!r}")

    def forward(self, x):
        x = image(x, self)
        (kh, kw), (ph, pw) = pair(self.kernel_size), pair(self.padding)
        if kh > x.shape[2] + 2 * ph or kw > x.shape[3] + 2 * pw:
            raise ValueError(f"x: the window of {signature(self)} is larger than an image of {x.shape}")
        return self.pool(x, self.kernel_size, self.stride, self.padding)

    def extra_repr(self):
        text = f"{self.kernel_size}"
        text += f", stride={self.stride}" if self.stride is not None else ""
        return text + (f", padding={self.padding}" if self.padding != 0 else "")


class MaxPool2d(_Pool2d):
    """The largest value in each window of `kernel_size`; the step is the window's size by default.

    >>> MaxPool2d(2)(np.arange(16.0).reshape(1, 1, 4, 4)).data[0, 0]
    array([[ 5.,  7.],
           [13., 15.]])
    """

    pool = staticmethod(max_pool2d)


class AvgPool2d(_Pool2d):
    """The mean of each window of `kernel_size`; the step is the window's size by default."""

    pool = staticmethod(avg_pool2d)


class Flatten(Module):
    """All axes but the first in one: (batch, ...) becomes (batch, features)."""

    def forward(self, x):
        x = as_tensor(x)
        if not x.ndim:
            raise ValueError("x: Flatten() expects shape (batch, ...), got a single number")
        return x.reshape(len(x), math.prod(x.shape[1:]))
