"""Layers for graphs: what a node learns from the nodes that it is linked to.

A graph is its nodes' vectors x, shape (nodes, features), and a list of edges, shape (2, edges): row
0 holds the node that each edge comes from, row 1 the one it goes to. Several graphs in a batch are
one larger graph without edges between them.
"""


from nnlib.functions import gather, scatter_sum
from nnlib.layers.linear import Linear
from nnlib.module import Module
from nnlib.tensor import as_tensor
from nnlib.validation import as_input, at_least, generator, indices


class GraphConv(Module):
    """y_i = W_rel Σ_j e_ji x_j + b + W_root x_i, with the sum over the edges from j to i.

    Parameters
    ----------
    in_channels, out_channels : int
        Features of a node before and after.
    rng : int or numpy.random.Generator, optional

    Attributes
    ----------
    lin_rel, lin_root : Linear
        For the neighbors' sum (with the bias) and for the node itself (without), named as in
        PyTorch Geometric.

    Notes
    -----
    Shapes: x (nodes, in_channels), edge_index (2, edges) of int, edge_weight (edges,), ones by
    default; returns (nodes, out_channels).
    Source: Morris et al. (2019), Weisfeiler and Leman go neural.

    Examples
    --------
    >>> chain = np.array([[0, 1], [1, 2]])  # 0 -> 1 -> 2
    >>> GraphConv(4, 8, rng=0)(np.zeros((3, 4)), chain).shape
    (3, 8)
    """

    def __init__(self, in_channels, out_channels, *, rng=None):
        at_least(1, in_channels=in_channels, out_channels=out_channels)
        rng = generator(rng)
        self.lin_rel = Linear(in_channels, out_channels, rng=rng)
        self.lin_root = Linear(in_channels, out_channels, bias=False, rng=rng)

    def forward(self, x, edge_index, edge_weight=None):
        weight = self.lin_rel.weight
        x = as_input(x, self, weight.dtype, ("nodes", weight.shape[1]))
        source, target = check_edges(edge_index, len(x))
        messages = gather(x, source)
        if edge_weight is not None:
            edge_weight = as_tensor(edge_weight, x.dtype)
            if edge_weight.shape != source.shape:
                raise ValueError(
                    f"edge_weight: expected shape {source.shape}, got {edge_weight.shape}"
                )
            messages = messages * edge_weight.reshape(-1, 1)
        return self.lin_rel(scatter_sum(messages, target, len(x))) + self.lin_root(x)

    def extra_repr(self):
        return ", ".join(map(str, self.lin_rel.weight.shape[::-1]))


def check_edges(edge_index, nodes):
    """The two rows of an edge list, if all its numbers are nodes."""
    edge_index = indices("edge_index", edge_index, nodes)
    if edge_index.ndim != 2 or len(edge_index) != 2:
        raise ValueError(f"edge_index: expected shape (2, edges), got {edge_index.shape}")
    return edge_index
