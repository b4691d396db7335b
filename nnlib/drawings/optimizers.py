"""How an optimizer makes a step from gradients."""

from nnlib.drawings.drawing import Drawing


def adam():
    """Adam's two memories of the gradient, and the step that their quotient makes.

    Returns
    -------
    A Drawing.
    """
    drawing = Drawing(
        "A square g, the gradient, on the left. Two arrows lead from it to two boxes: m above, the "
        "mean of g, and v below, the mean of its square, g 2. Each box has a loop: it keeps the part β 1, or "
        "β 2, of what it held. From v the way goes through a box √. From m and from √ arrows lead to a "
        "box ÷, which divides the upper by the lower. Its quotient goes, times −η, to the square w, the "
        "weight, to which it is added.",
        step=(74, 56),
    )
    gradient = drawing.data("$g$", 0, 1)
    mean = drawing.box("$m$", 1.3, 0.25, "blue", size=(40, 32))
    square = drawing.box("$v$", 1.3, 1.75, "orange", size=(40, 32))
    root = drawing.box("√", 2.35, 1.75, "orange", size=(32, 32))
    quotient = drawing.box("÷", 2.35, 0.25, size=(32, 32))
    weight = drawing.data("$w$", 4, 0.25)
    drawing.arrow(gradient, mean, tone="blue")
    drawing.arrow(gradient, square, label="$g^2$", side="below", tone="orange")
    for row, away, name, tone in ((0.25, -0.8, "1", "blue"), (1.75, 0.8, "2", "orange")):
        corners = [(1.13, row + away), (1.47, row + away)]
        edge = row + (0.29 if away > 0 else -0.29)
        drawing.arrow((1.13, edge), (1.47, edge), via=corners, tone=tone)
        drawing.label(f"$β_{name}$", 1.68, row + 0.8 * away, tone, align="start")
    drawing.arrow(mean, quotient)
    drawing.arrow(square, root)
    drawing.arrow(root, quotient)
    drawing.arrow(quotient, weight, label="times $−η$")
    return drawing
