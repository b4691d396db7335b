"""The fully connected layer: every output sees every input."""

import numpy as np

from nnlib.module import Module, Parameter
from nnlib.tensor import as_tensor, record
from nnlib.validation import as_input, at_least, fits, generator

LONG = 2**14  # numbers in the blocks of ones that are kept


def linear(x, weight, bias=None):
    """y = x Wᵀ + b

    Shapes: x (..., in), weight (out, in), bias (out,) or None; returns (..., out).
    """
    x = as_tensor(x)
    if x.data.ndim != 2:
        return linear(x.reshape(-1, x.shape[-1]), weight, bias).reshape(*x.shape[:-1], -1)
    y = x.data.dot(weight.data.T)
    if bias is not None:
        y += bias.data
    return record(
        y,
        (x, weight) if bias is None else (x, weight, bias),
        lambda g, y, x, W, *b: g.dot(W),
        lambda g, y, x, W, *b: g.T.dot(x),
        # the sum over the rows as a product with ones, which is several times faster
        lambda g, y, x, W, b: g.T.dot(_ones(len(g), g.dtype)),
    )


_BLOCKS = {np.dtype(kind).char: np.ones(LONG, kind) for kind in (np.float32, np.float64)}


def _ones(length, dtype):
    """A vector of ones; unless it is long, a part of one that is made once."""
    return _BLOCKS[dtype.char][:length] if length <= LONG else np.ones(length, dtype)


class Linear(Module):
    """A fully connected layer, y = x Wᵀ + b.

    Parameters
    ----------
    in_features, out_features : int
        The lengths of an input and of an output vector.
    bias : bool
        Whether b is there.
    rng : int or numpy.random.Generator, optional
        For the initial values, uniform in ±1/√in_features as in PyTorch.

    Attributes
    ----------
    weight : Parameter, shape (out_features, in_features)
    bias : Parameter, shape (out_features,), or None

    Notes
    -----
    Shapes: input (..., in_features), output (..., out_features).

    Examples
    --------
    >>> Linear(2, 3, rng=0)(np.zeros((5, 2))).shape
    (5, 3)
    """

    def __init__(self, in_features, out_features, bias=True, *, rng=None):
        at_least(1, in_features=in_features, out_features=out_features)
        rng = generator(rng)
        bound = 1 / np.sqrt(in_features)
        weight = rng.uniform(-bound, bound, (out_features, in_features))
        self.weight = Parameter(weight.astype(np.float32))
        b = rng.uniform(-bound, bound, out_features).astype(np.float32) if bias else None
        self.bias = Parameter(b) if bias else None

    def forward(self, x):
        weight = self.weight.data
        x = as_input(x, self, weight.dtype)
        if x.data.shape[-1:] != weight.shape[1:] or not x.data.size:
            fits("x", x.shape, self, (..., weight.shape[1]))
        return linear(x, self.weight, self.bias)

    def extra_repr(self):
        out_features, in_features = self.weight.shape
        return f"{in_features}, {out_features}" + ("" if self.bias is not None else ", bias=False")
