"""Checks of the exercises on graph networks."""

import numpy as np

from nnlib.exercises.registry import exercise, instead


def _normalized(A, loops=1):
    A = A + loops * np.eye(len(A))
    root = np.sqrt(np.maximum(A.sum(axis=1), 1))
    return A / np.outer(root, root)


def _matrix(edges, nodes):
    A = np.zeros((nodes, nodes))
    np.add.at(A, (edges[1], edges[0]), 1)
    return A


# --- A star ---

_STAR = [16, 16 / 3, 8, 16 / np.sqrt(8), 2]

@exercise(
    "gnn-star",
    "Three leaves send 4, 4 and 8. For the normalized round, count each node among its own neighbors.",
    "With itself, the center has a degree of 4 and a leaf of 2. Center and leaf share the weight 1/√8, and a leaf "
    "gives itself ½.",
)
def star(trial, total, mean, largest_leaf, center, leaf):
    names = ["the sum", "the mean", "the maximum", "the center", "the leaf"]
    for came, right, what in zip((total, mean, largest_leaf, center, leaf), _STAR, names):
        trial.predicted(came, right, what, tolerance=5e-3)


star.mistake("Sum: that is the sum of two of the three leaves.", *instead(_STAR, 0, 12))
star.mistake("Mean: that divides by four. In (b) the center is not among its own neighbors.", *instead(_STAR, 1, 4))
star.mistake("Mean: that is the one in the middle, the median.", *instead(_STAR, 1, 4.5))
star.mistake("Maximum: two leaves have 4, but the largest number is that of the third.", *instead(_STAR, 2, 4))
star.mistake("Center: that divides by the center's degree alone. Here both ends' roots divide.",
             *instead(_STAR, 3, 4))
star.mistake("Center: that leaves the loops out. With itself, the center has a degree of 4 and a leaf of 2.",
             *instead(_STAR, 3, 16 / np.sqrt(3)))
star.mistake("Center: that divides by the product of the degrees. Take its root.", *instead(_STAR, 3, 2))
star.mistake("Center: that divides by the leaf's root alone.", *instead(_STAR, 3, 16 / np.sqrt(2)))
star.mistake("Leaf: the center sends 0, but the leaf is also its own neighbor.", *instead(_STAR, 4, 0))
star.mistake("Leaf: that is its old number. What is its weight for itself, 1/d?", *instead(_STAR, 4, 4))
star.mistake("Leaf: 1/√8 is the weight between leaf and center. For itself, both ends have a degree of 2.",
             *instead(_STAR, 4, 4 / np.sqrt(8)))
star.mistake("Leaf: that is 4/√2. For itself both ends are the leaf, and the root is taken twice.",
             *instead(_STAR, 4, 4 / np.sqrt(2)))


# --- Rounds on a list of edges ---


@exercise(
    "gnn-rounds",
    "degree = 1 + np.bincount(target, minlength=len(x)), and each message is divided by the roots of the degrees of "
    "its two ends.",
    "In each round: x / degree[:, None], which is a node's message to itself, plus the sum over the edges of x[source] "
    "/ np.sqrt(degree[source] * degree[target]).",
)
def rounds(trial, smooth):
    chain = np.array([[0, 1, 1, 2], [1, 0, 2, 1]])
    x = np.array([[2.0], [3.0], [8.0]])
    trial.gives(smooth, (x, chain, 1), _smooth(x, chain, 1), "a chain of three, one round")
    x = np.array([[1.0, 0.0], [0.0, 3.0], [-2.0, 5.0], [7.0, 1.0]])
    for k, what in [(1, "a chain of three and a node without neighbors"), (2, "two rounds"), (0, "no round"),
                    (5, "five rounds")]:
        trial.gives(smooth, (x, chain, k), _smooth(x, chain, k), what)


def _smooth(x, edges, rounds):
    return np.linalg.matrix_power(_normalized(_matrix(edges, len(x))), rounds) @ x


@rounds.mistake("The loops are missing: a node is also its own neighbor.")
def rounds_without_loops(x, edges, rounds):
    return np.linalg.matrix_power(_normalized(_matrix(edges, len(x)), 0), rounds) @ x


@rounds.mistake("The degree must count the node itself: 1 plus the number of its neighbors.")
def rounds_degree_without_loop(x, edges, rounds):
    A = _matrix(edges, len(x))
    root = np.sqrt(np.maximum(A.sum(axis=1), 1))
    return np.linalg.matrix_power((A + np.eye(len(A))) / np.outer(root, root), rounds) @ x


@rounds.mistake("That divides by the degree of the receiver, a mean. Here the roots of both ends' degrees divide.")
def rounds_mean(x, edges, rounds):
    A = _matrix(edges, len(x)) + np.eye(len(x))
    return np.linalg.matrix_power(A / A.sum(axis=1, keepdims=True), rounds) @ x


@rounds.mistake("That divides by the product of the degrees. Take its root.")
def rounds_no_root(x, edges, rounds):
    A = _matrix(edges, len(x)) + np.eye(len(x))
    d = A.sum(axis=1)
    return np.linalg.matrix_power(A / np.outer(d, d), rounds) @ x


@rounds.mistake("The numbers grow: nothing is divided by the degrees.")
def rounds_sum(x, edges, rounds):
    A = _matrix(edges, len(x)) + np.eye(len(x))
    return np.linalg.matrix_power(A, rounds) @ x


@rounds.mistake("`total[target] += ...` keeps only one of several messages to the same node. Use np.add.at or a loop.")
def rounds_overwritten(x, edges, rounds):
    source, target = edges
    degree = 1 + np.bincount(target, minlength=len(x))
    for _ in range(rounds):
        total = x / degree[:, None]
        total[target] += x[source] / np.sqrt(degree[source] * degree[target])[:, None]
        x = total
    return x


@rounds.mistake("This makes one round, however many are asked for.")
def rounds_once(x, edges, rounds):
    return _smooth(x, edges, 1)


# --- Which of these is a layer for graphs? ---

_KEPT = ["equivariant", "broken", "equivariant", "equivariant", "broken"]


@exercise(
    "gnn-symmetry",
    "Does the result depend on anything but which numbers arrive, and how often each of them?",
    "Two of the five use the numbering: the order of the list of edges, or the index of a neighbor.",
)
def symmetry(trial, a, b, c, d, e):
    trial.written(a, b, c, d, e)
    for letter, came, right in zip("abcde", (a, b, c, d, e), _KEPT):
        trial.choice(came, right, ["broken" if right == "equivariant" else "equivariant"], f"layer {letter}")


symmetry.mistake("a: the largest of some numbers is the same in any order.", *instead(_KEPT, 0, "broken"))
symmetry.mistake("b: sort the list of edges in another way, and another neighbor comes first.",
                 *instead(_KEPT, 1, "equivariant"))
symmetry.mistake("c: the weights are made of the numbers themselves, and go with them to any place.",
                 *instead(_KEPT, 2, "broken"))
symmetry.mistake("d: the ranks come from the numbers, not from the nodes' indices. Any order is sorted into the same "
                 "one.",
                 *instead(_KEPT, 3, "broken"))
symmetry.mistake("e: a renumbered neighbor has another index, so it would count for more or less than before.",
                 *instead(_KEPT, 4, "equivariant"))


# --- Sum, mean or maximum ---

_TOLD = [1, 1, 2, 1, 0]  # how many of the three tell each pair apart

@exercise(
    "gnn-multisets",
    "Write down sum, mean and maximum of both, six numbers for each pair.",
    "(b) has equal sums and equal means. (d) is about a neighbor with the number 0. In (e) all three are equal.",
)
def multisets(trial, a, b, c, d, e):
    for letter, came, right in zip("abcde", (a, b, c, d, e), _TOLD):
        trial.predicted(came, right, f"pair {letter}")


multisets.mistake("a: one 1 and two have the same mean and the same maximum. Only how many there are differs.",
                  *instead(_TOLD, 0, 2))
multisets.mistake("a: the sums are 2 and 1.", *instead(_TOLD, 0, 0))
multisets.mistake("b: 1 + 3 = 2 + 2. The means are equal too, but what about the maximum?", *instead(_TOLD, 1, 0))
multisets.mistake("b: both sums are 4, and both means 2.", *instead(_TOLD, 1, 3))
multisets.mistake("c: sums of 4 and 5, so the means differ as well.", *instead(_TOLD, 2, 1))
multisets.mistake("c: the maximum is 2 in both.", *instead(_TOLD, 2, 3))
multisets.mistake("d: a neighbor with the number 0 adds nothing to a sum, but a mean counts it.",
                  *instead(_TOLD, 3, 0))
multisets.mistake("d: the sums are 2 and 2, and so are the maxima.", *instead(_TOLD, 3, 2))
multisets.mistake("e: 0 + 3 + 3 = 1 + 2 + 3, three numbers in both, and 3 is the largest in both.",
                  *instead(_TOLD, 4, 1))


# --- Colors that see too little ---


@exercise(
    "gnn-refine",
    "A set holds each color once. What else knows how often each occurs, and not in which order?",
    "Make the new color of (colors[i], *sorted(the colors of the neighbors)).",
)
def refine(trial, count_colors):
    path = np.diag(np.ones(4), 1) + np.diag(np.ones(4), -1)
    trial.gives(count_colors, (path, [1] * 5, 2), 3, "a path of five nodes")
    trial.gives(count_colors, (np.zeros((2, 2)), [0, 1], 1), 2, "two nodes of different colors, not linked")
    trial.gives(count_colors, (path, [0, 0, 0, 0, 1], 0), 2, "no round")
    trial.gives(count_colors, (path, [0, 0, 0, 0, 1], 3), 5, "a path with one end marked")
    stars = np.zeros((6, 6))
    stars[0, 2:4] = stars[1, 4:] = 1
    trial.gives(count_colors, (stars + stars.T, [4, 4, 0, 3, 1, 2], 1), 6, "neighbors 0 and 3, and 1 and 2")
    ring = np.roll(np.eye(6), 1, axis=1) + np.roll(np.eye(6), -1, axis=1)
    trial.gives(count_colors, (ring, [0] * 6, 4), 1, "a hexagon")
    trial.gives(count_colors, (ring, [1, 0, 0, 0, 0, 0], 3), 4, "a hexagon with one node marked")


def _count(A, colors, rounds, own=True, kind=lambda seen: tuple(sorted(seen))):
    for _ in range(rounds):
        seen = [(colors[i] if own else 0, kind(colors[j] for j in A[i].nonzero()[0])) for i in range(len(A))]
        ids = {}
        colors = [ids.setdefault(s, len(ids)) for s in seen]
    return len(set(colors))


@refine.mistake("A set forgets how often a color occurs: an end of the path and its middle look alike. Sort the colors "
                "instead, and keep the node's own.")
def refine_set(A, colors, rounds):
    return _count(A, colors, rounds, kind=frozenset)


@refine.mistake("The node's own color is forgotten, so two nodes that differ can become alike. Make the new color of "
                "the old one and the neighbors'.")
def refine_without_own(A, colors, rounds):
    return _count(A, colors, rounds, own=False)


@refine.mistake("The neighbors' colors stand in the order of the nodes' numbers. Sort them, or a renumbered graph gets "
                "other colors.")
def refine_unsorted(A, colors, rounds):
    return _count(A, colors, rounds, kind=tuple)


@refine.mistake("This adds up the colors of the neighbors. Different neighbors can have the same sum.")
def refine_sum(A, colors, rounds):
    return _count(A, colors, rounds, kind=sum)


@refine.mistake("This looks at the neighbors once, however many rounds are asked for.")
def refine_once(A, colors, rounds):
    return _count(A, colors, min(rounds, 1))


# --- A layer that turns ---


@exercise(
    "gnn-turn",
    "v = r[target] - r[source] holds r_i - r_j for each edge; its lengths are the distances.",
    "Add up np.exp(-d)[:, None] * v over the edges of each target, with nn.scatter_sum, np.add.at or a loop, and add "
    "that to r.",
)
def turn(trial, push):
    r, pair = np.array([[0.0, 0, 0], [2, 0, 0]]), np.array([[1], [0]])
    trial.gives(push, (r, pair), _push(r, pair), "one edge, from the second atom to the first")
    rng = np.random.default_rng(0)
    r, edges = rng.normal(size=(4, 3)), np.array([[0, 1, 2, 3, 1], [1, 0, 1, 2, 2]])
    trial.gives(push, (r, edges), _push(r, edges), "five edges, and an atom to which none leads")
    Q, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    trial.gives(push, (r @ Q, edges), _push(r, edges) @ Q, "the atoms turned")
    trial.gives(push, (r + 5, edges), _push(r, edges) + 5, "the atoms shifted")


def _push(r, edges, sign=1.0, size=lambda d: np.exp(-d), start=1.0):
    source, target = edges
    v = sign * (r[target] - r[source])
    total = np.zeros_like(r)
    np.add.at(total, target, size(np.linalg.norm(v, axis=1))[:, None] * v)
    return start * r + total


@turn.mistake("The atom moves toward its neighbor, since this takes r_j - r_i. The layer has r_i - r_j.")
def turn_toward(r, edges):
    return _push(r, edges, sign=-1.0)


@turn.mistake("This gives only the steps. Add them to the old positions.")
def turn_steps(r, edges):
    return _push(r, edges, start=0.0)


@turn.mistake("The vectors are scaled to length one. In this layer they keep their length.")
def turn_unit(r, edges):
    return _push(r, edges, size=lambda d: np.exp(-d) / d)


@turn.mistake("This uses the squared distance in the exponential, not the distance.")
def turn_squared(r, edges):
    return _push(r, edges, size=lambda d: np.exp(-(d**2)))


@turn.mistake("This grows with the distance: the exponent has a minus.")
def turn_grows(r, edges):
    return _push(r, edges, size=np.exp)


@turn.mistake("Sources and targets are interchanged: row 0 holds where an edge comes from, row 1 where it leads.")
def turn_swapped(r, edges):
    return _push(r, edges[::-1])


@turn.mistake("This uses the neighbor's position itself and not the difference, so a shift of all atoms changes the "
              "shape.")
def turn_absolute(r, edges):
    source, target = edges
    total = np.zeros_like(r)
    d = np.linalg.norm(r[target] - r[source], axis=1)
    np.add.at(total, target, -np.exp(-d)[:, None] * r[source])
    return r + total


@turn.mistake("Where several edges lead to one atom, only one of them counts: `+=` with repeated indices. Use "
              "np.add.at or a loop.")
def turn_overwritten(r, edges):
    source, target = edges
    v, new = r[target] - r[source], r.copy()
    new[target] += np.exp(-np.linalg.norm(v, axis=1))[:, None] * v
    return new


# --- Where to build a bridge ---


@exercise(
    "gnn-bridge",
    "Go through all pairs p < q with A[p, q] == 0 and without i and j. For each, copy A, add the edge in both "
    "directions, normalize.",
    "arrives = np.linalg.matrix_power(normalize(more), rounds)[i, j]; keep the pair for which it is largest.",
)
def bridge(trial, best_edge):
    chain = np.diag(np.ones(5), 1) + np.diag(np.ones(5), -1)
    pair = np.kron(np.eye(2), np.ones((4, 4)) - np.eye(4))
    pair[3, 4] = pair[4, 3] = 1
    hubs = np.zeros((10, 10))
    for p, q in [(0, 1), (1, 2), (2, 3), (0, 4), (4, 5), (5, 3), (1, 6), (1, 7), (1, 8), (2, 9)]:
        hubs[p, q] = hubs[q, p] = 1
    for A, i, j, rounds, what in [(chain, 0, 5, 3, "a path of six nodes, three rounds"),
                                  (pair, 0, 7, 3, "two cliques of four, three rounds"),
                                  (hubs, 0, 3, 3, "a ring of six with leaves, three rounds"),
                                  (hubs, 0, 3, 4, "a ring of six with leaves, four rounds")]:
        came = trial.call(best_edge, A.copy(), i, j, rounds)
        given = f"best_edge(A, {i}, {j}, {rounds}), {what}"
        p, q = (int(v) for v in trial.array(came, what, shape=(2,), given=given))
        trial.that(0 <= p < q < len(A), what, f"expected two nodes p < q, got ({p}, {q}).", given=given,
                   came=str((p, q)))
        trial.that(not {p, q} & {i, j}, what, f"({p}, {q}) touches one of the two ends.", given=given,
                   came=str((p, q)))
        trial.that(A[p, q] == 0, what, f"({p}, {q}) is linked already.", given=given, came=str((p, q)))
        best = _best(A, i, j, rounds)
        trial.that(_arrives(A, p, q, i, j, rounds) > _arrives(A, *best, i, j, rounds) - 1e-12, what,
                   f"with ({p}, {q}) less arrives than with another edge.", given=given, came=str((p, q)))


def _arrives(A, p, q, i, j, rounds, normalized=_normalized):
    more = A.copy()
    more[p, q] = more[q, p] = 1
    return np.linalg.matrix_power(normalized(more), rounds)[i, j]


def _best(A, i, j, rounds, sign=1, **how):
    pairs = [(int(p), int(q)) for p, q in zip(*np.triu(A == 0, 1).nonzero()) if not {p, q} & {i, j}]
    return max(pairs, key=lambda pair: sign * _arrives(A, *pair, i, j, rounds, **how))


@bridge.mistake("That is the direct edge. The new one may touch neither i nor j.")
def bridge_direct(A, i, j, rounds):
    return min(i, j), max(i, j)


@bridge.mistake("This keeps the edge with which the least arrives.")
def bridge_least(A, i, j, rounds):
    return _best(A, i, j, rounds, sign=-1)


@bridge.mistake("Nothing is normalized, so hubs seem to cost nothing. Divide by the degrees after the edge has been "
                "added.")
def bridge_not_normalized(A, i, j, rounds):
    return _best(A, i, j, rounds, normalized=lambda more: more + np.eye(len(more)))


@bridge.mistake("The degrees are those of the old graph. Normalize anew, with the edge in it.")
def bridge_old_degrees(A, i, j, rounds):
    root = np.sqrt(A.sum(axis=1) + 1)
    return _best(A, i, j, rounds, normalized=lambda more: (more + np.eye(len(more))) / np.outer(root, root))


@bridge.mistake("This counts walks without loops: with loops, a message may wait at a node for a round.")
def bridge_without_loops(A, i, j, rounds):
    return _best(A, i, j, rounds, normalized=lambda more: _normalized(more, 0))
