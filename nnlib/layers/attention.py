"""Attention: each place of a sequence looks at all others and takes from them what it needs."""

import numpy as np

from nnlib.layers.activation import gelu, relu
from nnlib.layers.dropout import Dropout
from nnlib.layers.linear import Linear, linear
from nnlib.layers.norm import LayerNorm
from nnlib.module import Module, Parameter
from nnlib.tensor import Tensor, record_joint
from nnlib.validation import PROBABILITY, as_input, at_least, generator, number, one_of


def attention_by_loops(q, k, v, mask=0.0):
    """The definition of attention, on arrays, one query at a time.

    Shapes: q (queries, d), k (keys, d), v (keys, e), mask (queries, keys), added to the scores;
    returns (queries, e), and the weights (queries, keys).
    """
    mask = np.broadcast_to(mask, (len(q), len(k)))
    out, weights = np.empty((len(q), v.shape[1])), np.empty((len(q), len(k)))
    for i in range(len(q)):
        scores = k @ q[i] / np.sqrt(len(q[i])) + mask[i]
        e = np.exp(scores - scores.max())
        weights[i] = e / e.sum()
        out[i] = weights[i] @ v
    return out, weights


def _attend(q, k, v, mask):
    """softmax(q kᵀ / √d + mask) v for all heads at once.

    Shapes: (batch, heads, length, d), mask (batch or 1, 1, queries, keys) or None. Returns the
    result, the weights, and a function from d(loss)/d(result) to the gradients of q, k and v.
    """
    scale = q.dtype.type(1 / np.sqrt(q.shape[-1]))
    weights = (q * scale) @ k.swapaxes(-1, -2)
    if mask is not None:
        weights += mask
    flat = weights.reshape(-1, weights.shape[-1])  # one row for each query
    flat -= np.maximum.reduce(flat, axis=1, keepdims=True)
    np.exp(flat, out=flat)
    ones = np.ones(flat.shape[1], flat.dtype)
    flat /= (flat @ ones)[:, None]

    def derivative(g):
        dv = weights.swapaxes(-1, -2) @ g
        ds = g @ v.swapaxes(-1, -2)
        ds *= weights
        rows = ds.reshape(flat.shape)
        rows -= flat * (rows @ ones)[:, None]
        ds *= scale
        return ds @ k, ds.swapaxes(-1, -2) @ q, dv

    return weights @ v, weights, derivative


class MultiheadAttention(Module):
    """Several attentions side by side, each on its own part of the projected vectors.

    Parameters
    ----------
    embed_dim : int
        Length of the vectors; must be divisible by `num_heads`.
    num_heads : int
    rng : int or numpy.random.Generator, optional

    Attributes
    ----------
    in_proj_weight, in_proj_bias : Parameter, shapes (3 embed_dim, embed_dim) and (3 embed_dim,)
        The projections of query, key and value above one another.
    out_proj : Linear

    Notes
    -----
    Source: Vaswani et al. (2017), Attention is all you need. Names, shapes and initial
    distribution are PyTorch's, with `batch_first=True`.

    Examples
    --------
    >>> x = np.zeros((2, 5, 8))
    >>> y, weights = MultiheadAttention(8, num_heads=2, rng=0)(x, x, x)
    >>> y.shape, weights.shape
    ((2, 5, 8), (2, 5, 5))
    """

    def __init__(self, embed_dim, num_heads, *, rng=None):
        at_least(1, embed_dim=embed_dim, num_heads=num_heads)
        if embed_dim % num_heads:
            raise ValueError(
                f"num_heads: expected a divisor of embed_dim {embed_dim}, got {num_heads}"
            )
        self.embed_dim, self.num_heads = embed_dim, num_heads
        rng = generator(rng)
        bound = np.sqrt(6 / (4 * embed_dim))  # Glorot's, for a (3 embed_dim, embed_dim) matrix
        self.in_proj_weight = Parameter(
            rng.uniform(-bound, bound, (3 * embed_dim, embed_dim)).astype(np.float32)
        )
        self.in_proj_bias = Parameter(np.zeros(3 * embed_dim, np.float32))
        self.out_proj = Linear(embed_dim, embed_dim, rng=rng)
        self.out_proj.bias.data[:] = 0

    def forward(self, query, key, value, key_padding_mask=None, *, attn_mask=None):
        """Attend from each query to all keys.

        Parameters
        ----------
        query : (batch, queries, embed_dim); key, value : (batch, keys, embed_dim)
        key_padding_mask : bool array (batch, keys), optional
            True for keys that are padding, which nobody may look at.
        attn_mask : bool array (queries, keys), or floats added to the scores, optional
            True where a query must not look; `causal_mask(n)` is the usual one.

        Returns
        -------
        output (batch, queries, embed_dim), and the weights (batch, queries, keys), the mean over
        the heads, without gradient.
        """
        same = query is key is value

        def sequence(name, x):
            shape = ("batch", "length", self.embed_dim)
            return as_input(x, self, self.in_proj_weight.dtype, shape, name)

        query = sequence("query", query)
        key = query if same else sequence("key", key)
        value = query if same else sequence("value", value)
        if key.shape != value.shape or len(query) != len(key):
            raise ValueError(
                f"key: expected the batch of the query and the shape of the value, "
                f"got query {query.shape}, key {key.shape}, value {value.shape}"
            )
        mask = _mask(attn_mask, key_padding_mask, query.shape, key.shape[1], query.dtype)
        W, b, n = self.in_proj_weight, self.in_proj_bias, self.embed_dim
        if same:
            joined = linear(query, W, b)
            mixed, weights = self._heads_of_one(joined, mask)
        else:
            parts = [slice(i * n, (i + 1) * n) for i in range(3)]
            projected = [linear(x, W[p], b[p]) for x, p in zip((query, key, value), parts)]
            mixed, weights = self._heads(*projected, mask)
        return self.out_proj(mixed), Tensor(weights.mean(axis=1))

    def _heads(self, q, k, v, mask):
        y, weights, derivative = _attend(*(self._split(t.data) for t in (q, k, v)), mask)

        def back(g):
            return [_join(d) for d in derivative(self._split(g))]

        return record_joint(_join(y), (q, k, v), back), weights

    def _heads_of_one(self, joined, mask):
        """The same for query, key and value in one tensor (batch, length, 3 embed_dim)."""
        batch, length, _ = joined.shape
        parts = joined.data.reshape(batch, length, 3, self.num_heads, -1).transpose(2, 0, 3, 1, 4)
        y, weights, derivative = _attend(*np.ascontiguousarray(parts), mask)

        def back(g):
            d = np.empty((batch, length, 3, *y.shape[1::2]), g.dtype)
            for i, part in enumerate(derivative(self._split(g))):
                d[:, :, i] = part.transpose(0, 2, 1, 3)
            return (d.reshape(joined.shape),)

        return record_joint(_join(y), (joined,), back), weights

    def _split(self, x):
        """(batch, length, embed_dim) as (batch, heads, length, embed_dim / heads)."""
        return x.reshape(*x.shape[:2], self.num_heads, -1).transpose(0, 2, 1, 3)

    def extra_repr(self):
        return f"{self.embed_dim}, {self.num_heads}"


def causal_mask(length):
    """True above the diagonal: a place may look at itself and at earlier ones."""
    return np.triu(np.ones((length, length), bool), 1)


def _join(x):
    """(batch, heads, length, d) as (batch, length, heads · d)."""
    return x.transpose(0, 2, 1, 3).reshape(x.shape[0], x.shape[2], -1)


def _mask(attn_mask, key_padding_mask, query_shape, keys, dtype):
    """Both masks as one array to be added to the scores, 0 or -inf; None if there is none."""
    batch, queries, _ = query_shape
    mask = None
    if attn_mask is not None:
        mask = _additive("attn_mask", attn_mask, (queries, keys), dtype)
    if key_padding_mask is not None:
        padding = _additive("key_padding_mask", key_padding_mask, (batch, keys), dtype)
        padding = padding[:, None, None, :]
        mask = padding if mask is None else mask + padding
    if mask is not None and np.isneginf(mask).all(axis=-1).any():
        raise ValueError("attn_mask, key_padding_mask: they leave a query no key to look at")
    return mask


def _additive(name, mask, shape, dtype):
    mask = np.asarray(mask)
    if mask.shape != shape:
        raise ValueError(f"{name}: expected shape {shape}, got {mask.shape}")
    if mask.dtype.kind not in "bf":
        raise TypeError(f"{name}: expected bools or floats, got {mask.dtype}")
    if mask.dtype == bool:
        return np.where(mask, dtype.type(-np.inf), dtype.type(0))
    return mask.astype(dtype)


class TransformerEncoderLayer(Module):
    """Attention, then a small network at each place, both with a shortcut and normalization.

    Parameters
    ----------
    d_model, nhead : int
        Length of the vectors and number of heads.
    dim_feedforward : int
        Hidden units of the small network.
    dropout : float
        For the hidden units and both branches; PyTorch also drops attention weights.
    activation : "relu" or "gelu"
    norm_first : bool
        Normalize before attention and network, not after; deep stacks then train more easily.
    rng : int or numpy.random.Generator, optional

    Notes
    -----
    Shapes: input and output (batch, length, d_model). Source: Vaswani et al. (2017).
    """

    def __init__(self, d_model, nhead, dim_feedforward=2048, dropout=0.1, activation="relu", *,
                 norm_first=False, rng=None):  # fmt: skip
        at_least(1, d_model=d_model, nhead=nhead, dim_feedforward=dim_feedforward)
        number(PROBABILITY, dropout=dropout)
        one_of(("relu", "gelu"), activation=activation)
        if d_model % nhead:
            raise ValueError(f"nhead: expected a divisor of d_model {d_model}, got {nhead}")
        rng = generator(rng)
        self.self_attn = MultiheadAttention(d_model, nhead, rng=rng)
        self.linear1 = Linear(d_model, dim_feedforward, rng=rng)
        self.linear2 = Linear(dim_feedforward, d_model, rng=rng)
        self.norm1, self.norm2 = LayerNorm(d_model), LayerNorm(d_model)
        self.dropout = Dropout(dropout, rng=rng)
        self.activation, self.norm_first = {"relu": relu, "gelu": gelu}[activation], norm_first

    def forward(self, src, src_mask=None, src_key_padding_mask=None):
        """The masks are MultiheadAttention's `attn_mask` and `key_padding_mask`."""

        def attend(x):
            return self.dropout(self.self_attn(x, x, x, src_key_padding_mask, attn_mask=src_mask)[0])

        def network(x):
            hidden = self.dropout(self.activation(self.linear1(x)))
            return self.dropout(self.linear2(hidden))

        width = self.linear1.weight.shape[1]
        x = as_input(src, self, self.linear1.weight.dtype, ("batch", "length", width), "src")
        if self.norm_first:
            x = x + attend(self.norm1(x))
            return x + network(self.norm2(x))
        x = self.norm1(x + attend(x))
        return self.norm2(x + network(x))
