"""A graph to edit, on which numbers or colors spread in rounds of messages.

Rounds and colors are worked out in static/graph. Here are the state that the browser and Python
share, its validation, and the same rounds by nnlib.
"""

import numpy as np
import traitlets

import nnlib as nn
from nnlib.widgets.base import Widget
from nnlib.widgets.traits import Checked, InvalidValue, floats, formed, one_of, whole, wrong

NODES, EDGES, ROUNDS = 40, 200, 32
LIMIT = 100.0  # of the numbers at the start
UPDATES = ["sum", "mean", "normalized", "colors"]

# Zachary (1977): who met outside the karate club, and where the chapter on graph networks draws them.
CLUB = """0: 1 2 3 4 5 6 7 8 10 11 12 13 17 19 21 31; 1: 2 3 7 13 17 19 21 30; 2: 3 7 8 9 13 27 28 32;
3: 7 12 13; 4: 6 10; 5: 6 10 16; 6: 16; 8: 30 32 33; 9: 33; 13: 33; 14: 32 33; 15: 32 33; 18: 32 33;
19: 33; 20: 32 33; 22: 32 33; 23: 25 27 29 32 33; 24: 25 27 31; 25: 31; 26: 29 33; 27: 33; 28: 31 33;
29: 32 33; 30: 32 33; 31: 32 33; 32: 33"""
PLACES = """-1.1,0.2 -0.7,0.7 -0.0,-0.2 -0.8,-0.3 -2.0,-0.7 -2.3,-0.0 -2.2,0.4 -0.9,-0.7 0.2,0.5
0.9,0.9 -1.9,-0.3 -1.9,1.1 -1.5,-1.1 -0.2,0.3 1.9,-0.9 2.2,-0.1 -3.3,0.2 -1.1,1.5 2.1,0.6 0.0,0.9
1.9,1.0 -1.5,1.3 1.5,1.3 1.5,-1.2 -0.1,-1.9 0.6,-2.0 2.5,0.3 0.6,-1.1 0.8,-0.7 2.1,-0.5 0.5,1.1
0.1,-0.7 1.2,-0.2 1.1,0.2"""


def _ring(n, center=0.0, radius=0.8):
    turns = 2 * np.pi * (np.arange(n) / n + 0.25)
    places = np.stack([center + radius * np.cos(turns), radius * np.sin(turns)], axis=1)
    return places, [(k, (k + 1) % n) for k in range(n)]


def _graph(places, edges, starts=None):
    """Rows x, y, start, and rows i, j with i < j."""
    places = np.asarray(places, float)
    starts = [1.0] + [0.0] * (len(places) - 1) if starts is None else starts
    nodes = np.column_stack([places, starts]).round(3).tolist()
    return nodes, sorted(sorted(edge) for edge in edges)


def _cliques(m=6):
    left, _ = _ring(m, -0.55, 0.38)
    right, _ = _ring(m, 0.55, 0.38)
    left[:, 1], right[:, 1] = 1.6 * left[:, 1], 1.6 * right[:, 1]
    pairs = [(i, j) for i in range(m) for j in range(i)]
    near = int(left[:, 0].argmax())
    far = int(right[:, 0].argmin())
    return _graph(np.vstack([left, right]),
                  pairs + [(i + m, j + m) for i, j in pairs] + [(near, far + m)])


def _club():
    places = np.array([place.split(",") for place in PLACES.split()], dtype=float)
    edges = [(int(i), int(j)) for row in CLUB.split(";") for i, others in [row.split(":")]
             for j in others.split()]
    starts = np.zeros(34)
    starts[[0, 33]] = 1, -1
    return _graph(places / [3.5, 2.1], edges, starts)


def _twins():
    above, triangle = _ring(3, -0.5, 0.38)
    below = above - [0, 0.55]
    above[:, 1] += 0.35
    right, hexagon = _ring(6, 0.5, 0.42)
    ones = [1.0] * 12
    return _graph(np.vstack([above, below, right]), triangle + [(i + 3, j + 3) for i, j in triangle]
                  + [(i + 6, j + 6) for i, j in hexagon], ones)


PAW = [(-0.6, 0.6), (-0.6, -0.6), (0.1, 0.0), (0.8, 0.0)]
# What a graph may begin as: its name in the page, and its nodes and edges.
PRESETS = {
    "paw": ("a triangle with a tail", *_graph(PAW, [(0, 1), (0, 2), (1, 2), (2, 3)], [1, 2, 0, 4])),
    "path": ("a path of ten", *_graph(np.stack([np.linspace(-0.9, 0.9, 10), np.zeros(10)], axis=1),
                                      [(k, k + 1) for k in range(9)])),
    "ring": ("a ring of twelve", *_graph(*_ring(12))),
    "star": ("a star", *_graph(np.vstack([[[0, 0]], _ring(8)[0]]), [(0, k) for k in range(1, 9)])),
    "cliques": ("two cliques and a bridge", *_cliques()),
    "club": ("the karate club", *_club()),
    "twins": ("two triangles and a hexagon", *_twins()),
}


def node_rows(name, value):
    """Rows x, y, start of 1 to 40 nodes."""
    array = floats(name, value, f"1 to {NODES} rows (x, y, number at the start)")
    if array.ndim != 2 or array.shape[1] != 3 or not 1 <= len(array) <= NODES:
        raise wrong(name, f"1 to {NODES} rows (x, y, number at the start)", value)
    if np.abs(array[:, :2]).max() > 1 or np.abs(array[:, 2]).max() > LIMIT:
        raise wrong(name, f"places from -1 to 1 and numbers from {-LIMIT:g} to {LIMIT:g}", value)
    return array.tolist()


formed(node_rows, "matrix", 1, NODES, 3, 3, -LIMIT, LIMIT)


def edge_rows(name, value):
    """Rows i, j of at most 200 edges, each with i < j and once, in order."""
    array = floats(name, value, "rows (i, j) of whole numbers")
    array = array.reshape(0, 2) if array.size == 0 else array
    if array.ndim != 2 or array.shape[1] != 2 or len(array) > EDGES:
        raise wrong(name, f"at most {EDGES} rows (i, j)", value)
    if np.any(array % 1) or np.any(array < 0) or np.any(array[:, 0] == array[:, 1]):
        raise wrong(name, "pairs of two different nodes, counted from 0", value)
    pairs = sorted({(int(min(pair)), int(max(pair))) for pair in array})
    if len(pairs) < len(array):
        raise wrong(name, "each pair once", value)
    return [list(pair) for pair in pairs]


formed(edge_rows, "matrix", 0, EDGES, 2, 2, 0, NODES - 1)


class GraphPlayground(Widget):
    """A graph whose nodes carry numbers, or colors, which change in rounds of messages.

    Parameters
    ----------
    preset : "paw", "path", "ring", "star", "cliques", "club" or "twins"
        The graph to begin with.
    nodes : 1 to 40 rows (x, y, number at the start), instead of those of the preset
        Places are from -1 to 1, numbers from -100 to 100.
    edges : up to 200 rows (i, j), instead of those of the preset
        Pairs of nodes, counted from 0.
    update : "sum", "mean", "normalized" or "colors"
        What a round makes of a node's number x_i: x_i plus the neighbors' sum; the mean of x_i and
        the neighbors' numbers; the sum over the node itself and its neighbors of x_j / √(d_i d_j),
        with degrees that count the node itself; or, instead of numbers, color refinement.
    rounds : int, 0 to 32
    node : int
        The chosen node.

    Notes
    -----
    `nodes`, `edges`, `update`, `rounds` and `node` follow the page and can be assigned; to change
    nodes and edges together, use `set_graph`. `numbers()` gives what the nodes have, by nnlib's
    `GraphConv`, `colors()` their colors, and `heard()` which nodes the chosen one has heard from.

    Sources: Kipf and Welling (2017), Semi-supervised classification with graph convolutional
    networks; Weisfeiler and Leman (1968) for the colors; Zachary (1977) for the club.

    Raises
    ------
    ValueError
        Naming the argument that does not fit, what was expected and what came.

    Examples
    --------
    >>> GraphPlayground("paw", rounds=2).numbers()
    array([13., 13., 17., 11.])
    """

    _module = "graph"
    _linked = ("nodes", "edges", "update", "rounds", "node")

    nodes = Checked(node_rows)
    edges = Checked(edge_rows)
    update = Checked(one_of(UPDATES))
    rounds = Checked(whole(0, ROUNDS))
    node = Checked(whole(0, NODES - 1))
    _presets = traitlets.List().tag(sync=True)

    def __init__(self, preset="paw", nodes=None, edges=None, update="sum", rounds=0, node=0):
        one_of(PRESETS)("preset", preset)
        _, its_nodes, its_edges = PRESETS[preset]
        nodes = node_rows("nodes", its_nodes if nodes is None else nodes)
        edges = edge_rows("edges", its_edges if edges is None else edges)
        self._agree(nodes, edges)
        super().__init__(nodes=nodes, edges=edges, update=update, rounds=rounds, node=node,
                         _presets=[[name, *preset] for name, preset in PRESETS.items()])

    @staticmethod
    def _agree(nodes, edges):
        if edges and max(j for _, j in edges) >= len(nodes):
            raise InvalidValue(f"edges: expected nodes from 0 to {len(nodes) - 1}, got {edges}")

    @traitlets.validate("nodes", "edges", "node")
    def _check_graph(self, proposal):
        made = {name: getattr(self, name) for name in ("nodes", "edges", "node")}
        made[proposal.trait.name] = proposal.value
        self._agree(made["nodes"], made["edges"])
        if made["node"] >= len(made["nodes"]):
            raise InvalidValue(
                f"node: expected one of the nodes 0 to {len(made['nodes']) - 1}, got {made['node']}")
        return proposal.value

    def set_graph(self, nodes, edges):
        """Show another graph."""
        nodes, edges = node_rows("nodes", nodes), edge_rows("edges", edges)
        self._agree(nodes, edges)
        with self._at_once():
            self.node = min(self.node, len(nodes) - 1)
            self.nodes, self.edges = nodes, edges

    def adjacency(self):
        """The matrix with a 1 for each pair that is linked, shape (nodes, nodes)."""
        A = np.zeros((len(self.nodes),) * 2)
        for i, j in self.edges:
            A[i, j] = A[j, i] = 1
        return A

    def numbers(self, rounds=None):
        """What the nodes have after some rounds, by default those on screen; shape (nodes,)."""
        if self.update == "colors":
            raise InvalidValue("update: expected one with numbers, got 'colors'; see colors()")
        rounds = self.rounds if rounds is None else whole(0, ROUNDS)("rounds", rounds)
        A = self.adjacency() + np.eye(len(self.nodes))  # a node hears itself too
        links, degree = np.array(A.nonzero()), A.sum(axis=1)
        source, target = links
        weight = {"sum": np.ones(links.shape[1]), "mean": 1 / degree[target],
                  "normalized": 1 / np.sqrt(degree[source] * degree[target])}[self.update]
        layer = nn.GraphConv(1, 1).astype(np.float64)
        layer.load_state_dict({"lin_rel.weight": np.ones((1, 1)), "lin_rel.bias": np.zeros(1),
                               "lin_root.weight": np.zeros((1, 1))})
        x = np.array(self.nodes)[:, 2:]
        with nn.no_grad():
            for _ in range(rounds):
                x = layer(x, links, weight).data
        return x[:, 0]

    def colors(self, rounds=None):
        """The color of each node after some rounds of color refinement, from 0; a list of int."""
        rounds = self.rounds if rounds is None else whole(0, ROUNDS)("rounds", rounds)
        A = self.adjacency()
        colors = _by_first([start for _, _, start in self.nodes])
        for _ in range(rounds):
            colors = _by_first([(colors[i], *sorted(colors[j] for j in A[i].nonzero()[0]))
                                for i in range(len(A))])
        return colors

    def heard(self):
        """For each node, whether the chosen one has heard from it; shape (nodes,)."""
        reached = np.linalg.matrix_power(self.adjacency() + np.eye(len(self.nodes)), self.rounds)
        return reached[self.node] > 0

    def static_figure(self):
        """The graph with the numbers or colors of its nodes."""
        from matplotlib.figure import Figure

        x, y, _ = np.array(self.nodes).T
        figure = Figure(figsize=(6.4, 4.2), layout="constrained")
        ax = figure.subplots()
        for i, j in self.edges:
            ax.plot(x[[i, j]], y[[i, j]], color="#9aa4af", linewidth=1, zorder=1)
        if self.update == "colors":
            values = self.colors()
            words = [chr(65 + color) if color < 26 else str(color) for color in values]
            said = f"{len(set(values))} colors"
        else:
            values = self.numbers()
            words = [f"{value:.2g}" for value in values]
            said = f"numbers from {min(values):.2g} to {max(values):.2g}"
        reach = np.abs(values).max() or 1
        cmap = "Blues" if self.update == "colors" else "PuOr_r"
        ax.scatter(x, y, s=420, c=values, cmap=cmap, vmin=-reach, vmax=1.6 * reach, edgecolors="#1b2129",
                   zorder=2)
        for place, word in zip(zip(x, y), words):
            ax.annotate(word, place, ha="center", va="center", fontsize=9, zorder=3)
        ax.margins(0.12)
        ax.set_axis_off()
        rounds = f"{self.rounds} round{'' if self.rounds == 1 else 's'}"
        size = f"{len(self.nodes)} nodes and {len(self.edges)} edges"
        return figure, (
            f"A graph of {size}. After {rounds} of messages its nodes have {said}, written in them."
        ), (
            f"A graph of {size} after {rounds} of messages ({self.update}): {said}. On the page with "
            "JavaScript, it can be edited, and the rounds go on."
        )


def _by_first(seen):
    """Equal things as equal numbers, counted in the order in which they first come."""
    known = {}
    return [known.setdefault(one, len(known)) for one in seen]
