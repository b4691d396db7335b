"""A small computation graph, forward and backward."""

from nnlib.drawings.drawing import Drawing

# Column and row of each node of c = ab, e = c + d, f = cd, y = e + f.
_PLACES = {
    "a": (0, 0), "b": (0, 1.5), "c": (1.3, 0.75), "d": (1.3, 2.75), "e": (2.75, 0.75), "f": (2.75, 2.75),
    "y": (4.05, 1.75),
}  # fmt: skip
_MADE = {"c": "$c = ab$", "e": "$e = c+d$", "f": "$f = cd$", "y": "$y = e+f$"}
_USES = [("a", "c"), ("b", "c"), ("c", "e"), ("d", "e"), ("c", "f"), ("d", "f"), ("e", "y"), ("f", "y")]
_VALUES = {"a": 1, "b": 2, "c": 2, "d": 3, "e": 5, "f": 6, "y": 11}
_GRADIENTS = {"a": 8, "b": 4, "c": 4, "d": 3, "e": 1, "f": 1, "y": 1}
_LOCAL = {"ac": 2, "bc": 1, "ce": 1, "de": 1, "cf": 3, "df": 2, "ey": 1, "fy": 1}


def shared_node(gradient=False):
    """The graph of c = ab, e = c + d, f = cd, y = e + f, in which c and d are used twice.

    Parameters
    ----------
    gradient : whether to draw the backward pass, with a gradient at each node, rather than values

    Returns
    -------
    A Drawing.
    """
    if not isinstance(gradient, bool):
        raise TypeError(f"gradient: expected True or False, got {gradient!r}")
    return _backward() if gradient else _forward()


def _forward():
    drawing = Drawing(
        "A computation graph from left to right. Squares hold the inputs a with the value 1, b with 2 "
        "and d with 3. Boxes hold c = ab, with the value 2, e = c+d, with 5, f = cd, with 6, and "
        "y = e+f, with 11. Arrows lead from a and b to c, from c and d both to e and to f, and from e "
        "and f to y.",
        step=(66, 40),
    )
    nodes = {}
    for name, place in _PLACES.items():
        if name in _MADE:
            tone = "orange" if name == "y" else "blue"
            nodes[name] = drawing.box(_MADE[name], *place, tone, size=(78, 30))
        else:
            nodes[name] = drawing.data(f"${name}$", *place)
        drawing.label(str(_VALUES[name]), place[0], place[1] + 0.62, "faint")
    for start, end in _USES:
        drawing.arrow(nodes[start], nodes[end])
    return drawing


def _backward():
    drawing = Drawing(
        "The same graph, with dashed arrows from y back to the inputs; on each arrow stands what it "
        "brings, and below each node their sum, its gradient. y has the gradient 1 and gives 1 to e "
        "and 1 to f. e gives 1 to c and 1 to d; f gives 3 to c and 2 to d. So c has 4 and d has 3. c "
        "gives 8 to a and 4 to b.",
        step=(66, 46),
    )
    nodes = {}
    for name, place in _PLACES.items():
        add = drawing.unit if name in _MADE else drawing.data
        nodes[name] = add(f"${name}$", *place, "orange" if name == "y" else "plain")
        drawing.label(str(_GRADIENTS[name]), place[0], place[1] + 0.66, "orange")
    for start, end in _USES:
        crossing = start + end in ("cf", "de")
        drawing.arrow(
            nodes[end], nodes[start], tone="orange", dashed=True, at=0.3 if crossing else 0.5,
            label=str(_LOCAL[start + end] * _GRADIENTS[end]), side="right" if crossing else "above",
        )  # fmt: skip
    return drawing
