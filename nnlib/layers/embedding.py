"""Embedding: a vector to learn for each of a number of things, such as words or chemical elements."""

import numpy as np

from nnlib.functions import gather
from nnlib.module import Module, Parameter
from nnlib.validation import at_least, generator, indices


class Embedding(Module):
    """A table of vectors, looked up by integers.

    Parameters
    ----------
    num_embeddings, embedding_dim : int
        How many vectors there are, and how long each is.
    rng : int or numpy.random.Generator, optional
        For the initial values, normally distributed with mean 0 and variance 1 as in PyTorch.

    Attributes
    ----------
    weight : Parameter, shape (num_embeddings, embedding_dim)

    Notes
    -----
    Shapes: input any, of integers from 0 to num_embeddings - 1; output `(*input, embedding_dim)`.

    Examples
    --------
    >>> Embedding(10, 3, rng=0)([[1, 2, 1, 9]]).shape
    (1, 4, 3)
    """

    def __init__(self, num_embeddings, embedding_dim, *, rng=None):
        at_least(1, num_embeddings=num_embeddings, embedding_dim=embedding_dim)
        rng = generator(rng)
        self.weight = Parameter(
            rng.standard_normal((num_embeddings, embedding_dim)).astype(np.float32)
        )

    def forward(self, x):
        return gather(self.weight, indices("x", x, len(self.weight)))

    def extra_repr(self):
        return ", ".join(map(str, self.weight.shape))
