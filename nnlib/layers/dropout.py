"""Dropout: random zeros while a network learns, so that it cannot rely on any single number."""

import numpy as np

from nnlib.module import Module
from nnlib.tensor import as_tensor, record
from nnlib.validation import PROBABILITY, generator, number, signature


class Dropout(Module):
    """In training each number becomes 0 with probability p; when predicting nothing happens.

    What is left is divided by 1 - p, which keeps the mean the same in both modes.

    Parameters
    ----------
    p : float, from 0 to 1
    rng : int or numpy.random.Generator, optional
        Decides what becomes 0, anew at each call.

    Notes
    -----
    Shapes: output as input, any.
    Source: Srivastava et al. (2014), Dropout: a simple way to prevent neural networks from
    overfitting.

    Examples
    --------
    >>> layer = Dropout(0.5, rng=0)
    >>> layer(np.ones(4)).data
    array([2., 2., 2., 0.])
    >>> layer.eval()(np.ones(4)).data
    array([1., 1., 1., 1.])
    """

    def __init__(self, p=0.5, *, rng=None):
        number(PROBABILITY, p=p)
        self.p, self.rng = float(p), generator(rng)

    def forward(self, x):
        x = as_tensor(x)
        if x.dtype.kind != "f":
            raise TypeError(f"x: {signature(self)} expects floats, got dtype {x.dtype}")
        if not self.training or self.p == 0:
            return x
        kept = self.rng.random(x.shape, np.float32) >= self.p
        scale = kept * x.dtype.type(1 / (1 - self.p) if self.p < 1 else 0)
        return record(x.data * scale, (x,), lambda g, y, x: g * scale)

    def extra_repr(self):
        return f"p={self.p}"
