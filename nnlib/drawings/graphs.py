"""A round of messages on a small graph, and two graphs that messages cannot tell apart."""

import math

from nnlib.drawings.drawing import Drawing
from nnlib.validation import one_of

PAW = {"a": (0, 0.5), "b": (0, 2.5), "c": (1.25, 1.5), "d": (2.6, 1.5)}  # a triangle with a tail
LINKS = ("ab", "ac", "bc", "cd")


def message_round(values=(1, 2, 0, 4), node="c"):
    """What one node of a triangle with a tail computes in a round: message, sum, update.

    Parameters
    ----------
    values : four whole numbers, of the nodes a, b, c and d
    node : the one that receives, "a" to "d"

    Returns
    -------
    A Drawing. The update adds the sum to the node's own number.
    """
    one_of(tuple(PAW), node=node)
    if len(values) != len(PAW):
        raise ValueError(f"values: expected a number for each of 4 nodes, got {len(values)}")
    own = dict(zip(PAW, values))
    senders = sorted({name for link in LINKS if node in link for name in link} - {node})
    total = sum(own[name] for name in senders)
    messages = [str(own[name]) for name in senders]
    said = " and ".join(f"{name} sends {own[name]}" for name in senders)
    drawing = Drawing(
        "Left, a graph of four nodes with a number each: "
        + ", ".join(f"{name} has {value}" for name, value in own.items())
        + f". a, b and c are linked to one another, d to c alone. Arrows lead to {node} from its neighbors: "
        f"{said}. Right, from top to bottom, what {node} does with {', '.join(messages)}: "
        f"the box sum gives {total}, the box update adds its own {own[node]}, and {own[node] + total} is its new "
        f"number.",
        step=(50, 56),
    )
    nodes = {}
    for name, place in PAW.items():
        tone = "orange" if name == node else "blue" if name in senders else "plain"
        nodes[name] = drawing.unit(f"${own[name]}$", *place, tone)
    for name, away in (("a", -0.55), ("b", -0.55), ("c", 0), ("d", 0)):
        column, row = PAW[name]
        drawing.label(f"${name}$", column + away, row + (0 if away else -0.55), "faint")
    for link in LINKS:
        if node in link:
            sender = link.replace(node, "")
            drawing.arrow(nodes[sender], nodes[node], tone="blue")
        else:
            drawing.line(nodes[link[0]], nodes[link[1]], tone="faint")

    sent = drawing.data(", ".join(f"${message}$" for message in messages), 4.6, 0, "blue")
    add = drawing.box("sum", 4.6, 1, "blue")
    update = drawing.box("update", 4.6, 2.1, "orange")
    drawing.arrow(sent, add, tone="blue")
    drawing.arrow(add, update, label=f"${total}$", tone="blue")
    kept = drawing.data(f"${own[node]}$", 3.3, 2.1, "orange", size=(28, 28))
    drawing.arrow(kept, update, tone="orange")
    drawing.arrow(update, drawing.unit(f"${own[node] + total}$", 4.6, 3.1, "orange"), tone="orange")
    return drawing


def triangles_and_hexagon():
    """Two triangles beside a ring of six: every node has two neighbors, in both graphs.

    Returns
    -------
    A Drawing.
    """
    drawing = Drawing(
        "Left, two triangles, six nodes in all, with no line between the two. Right, a hexagon: six nodes in a "
        "ring. In both graphs every node has two neighbors, and all nodes look alike.",
        step=(50, 50),
    )
    graphs = {"two triangles": [(0.7, 1, 3), (2.65, 1, 3)], "a hexagon": [(5.2, 1, 6)]}
    for name, rings in graphs.items():
        for column, row, size in rings:
            radius = 0.75 if size == 3 else 1.05
            turn = -math.pi / 2 if size == 3 else 0
            ring = [
                drawing.unit(
                    "",
                    column + radius * math.cos(turn + 2 * math.pi * k / size),
                    row + radius * math.sin(turn + 2 * math.pi * k / size),
                    "blue" if size == 3 else "orange",
                    radius=10,
                )
                for k in range(size)
            ]
            for k, node in enumerate(ring):
                drawing.line(node, ring[k - 1])
        middle = sum(column for column, _, _ in rings) / len(rings)
        drawing.label(name, middle, 2.5, "faint")
    return drawing
