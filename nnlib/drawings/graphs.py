"""A round of messages on a small graph, and two graphs that messages cannot tell apart."""

import math

from nnlib.drawings.drawing import Drawing

PAW = {"a": (0.2, 0), "b": (0.2, 2), "c": (1.5, 1), "d": (2.9, 1)}  # a triangle with a tail
LINKS = ("ab", "ac", "bc", "cd")


def message_round(values=(1, 2, 0, 4), node="c"):
    """What one node of a triangle with a tail computes in a round: message, sum, update.

    Parameters
    ----------
    values : the numbers of the nodes a, b, c and d
    node : the one that receives

    Returns
    -------
    A Drawing. The update adds the sum to the node's own number.
    """
    own = dict(zip(PAW, values))
    senders = sorted({name for link in LINKS if node in link for name in link} - {node})
    total = sum(own[name] for name in senders)
    sent = " and ".join(f"{name} sends {own[name]}" for name in senders)
    drawing = Drawing(
        "Left, a graph of four nodes with a number each: "
        + ", ".join(f"{name} has {value}" for name, value in own.items())
        + f". a, b and c are linked to one another, d to c alone. Arrows lead to {node} from its neighbors: "
        f"{sent}. Right, what {node} does with them: a box that sums gives {total}, a box that updates "
        f"adds its own {own[node]}, and {own[node] + total} is its new number.",
        step=(50, 44),
    )
    nodes = {}
    for name, place in PAW.items():
        tone = "orange" if name == node else "blue" if name in senders else "plain"
        nodes[name] = drawing.unit(f"${own[name]}$", *place, tone)
    for name, away in (("a", -0.62), ("b", -0.62), ("c", 0), ("d", 0)):
        column, row = PAW[name]
        drawing.label(f"${name}$", column + away, row + (0 if away else -0.72), "faint")
    for link in LINKS:
        if node in link:
            sender = link.replace(node, "")
            drawing.arrow(nodes[sender], nodes[node], tone="blue")
        else:
            drawing.line(nodes[link[0]], nodes[link[1]], tone="faint")
    drawing.label("messages", 1.5, 2.9, "faint")

    add = drawing.box("sum", 4.9, 1, "blue")
    update = drawing.box("update", 6.5, 1, "orange")
    for k, name in enumerate(senders):
        message = drawing.data(f"${own[name]}$", 3.9, 1 + 1.0 * (k - (len(senders) - 1) / 2), "blue", size=(28, 28))
        drawing.arrow(message, add, tone="blue")
    drawing.arrow(add, update, label=f"${total}$", tone="blue")
    drawing.arrow(drawing.data(f"${own[node]}$", 6.5, 2.1, "orange", size=(28, 28)), update, tone="orange")
    drawing.arrow(update, drawing.unit(f"${own[node] + total}$", 8, 1, "orange"), tone="orange")
    drawing.label(f"node ${node}$", 6.5, 2.9, "faint")
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
    graphs = {"two triangles": [(0.7, 1, 3), (2.5, 1, 3)], "a hexagon": [(5.2, 1, 6)]}
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
