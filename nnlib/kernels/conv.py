"""Convolution. Read `conv2d_by_loops` in nnlib/layers/conv.py first: it is the definition.

Windows are copied side by side into a matrix, so their sums are one matrix product (Chellapilla, Puri
and Simard, 2006): some rows of the image at a time, so that the matrix stays in fast memory, and once
more for the gradient, so that it need not be kept.

In PyTorch an image batch has the shape (batch, channels, height, width), and so it has here. In
memory the batch comes last: then the numbers that one step of the work needs for all images lie side
by side, which makes copying several times faster. `transpose` changes from one view to the other
without moving anything.
"""

import itertools

import numpy as np

from nnlib.tensor import as_tensor, record_joint

BLOCK = 2**18  # numbers to work on at a time: a megabyte of float32 stays in fast memory


def conv2d(x, weight, bias=None, stride=1, padding=0):
    """Slide each filter over the image and take the sum of products at each place.

    Shapes: x (batch, in, height, width), weight (out, in, kh, kw), bias (out,) or None;
    returns (batch, out, ⌊(height + 2 padding - kh) / stride⌋ + 1, the same for the width).
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
