"""A single unit, and layers of them."""

import itertools

from nnlib.drawings.drawing import Drawing
from nnlib.drawings.text import plain, spoken
from nnlib.validation import at_least, listed


def neuron(inputs=3, activation="sign", output="$ŷ$"):
    """A unit from the inside: inputs, weights, bias, weighted sum and activation.

    Parameters
    ----------
    inputs : how many inputs are drawn, from 1 on; the last one is number d, after an ellipsis
    activation, output : labels of the function and of its result; a "sign" is drawn with its step

    Returns
    -------
    A Drawing.
    """
    at_least(1, inputs=inputs)
    indices = [str(k + 1) for k in range(inputs - 1)] + ["d" if inputs > 1 else "1"]
    drawing = Drawing(
        f"A neuron. Squares on the left hold {spoken(f'$x_{k}$' for k in indices)}, the inputs; an "
        f"arrow leads from each to a box Σ. On the arrows stand "
        f"{spoken(f'$w_{k}$' for k in indices)}, the weights. The bias b comes to the same box from "
        f"below. Its sum z goes on to a box {plain(activation)}, and from there comes the output "
        f"{plain(output)}. A circle around both boxes is the unit.",
        step=(56, 52),
    )
    middle = inputs / 2
    drawing.unit("", 2.72, middle, "faint", radius=68)
    total = drawing.box("$Σ$", 2.15, middle, size=(34, 34))
    step = activation == "sign"
    function = drawing.box(
        "" if step else activation, 3.35, middle, "orange", size=(46, 48 if step else 34)
    )
    if step:
        drawing.label(activation, 3.35, middle - 0.17, "orange")
        corners = [(3.35, middle + 0.27), (3.35, middle + 0.1)]
        drawing.line(
            (3.1, middle + 0.27), (3.6, middle + 0.1), via=corners, tone="orange", sharp=True
        )
    for k, index in enumerate(indices):
        row = k + (index == "d")  # after the ellipsis
        x = drawing.data(f"$x_{index}$", 0, row)
        side = "above" if row <= middle else "below"
        drawing.arrow(x, total, label=f"$w_{index}$", side=side, at=0.3, tone="blue")
    if inputs > 1:
        drawing.label("⋮", 0, inputs - 1)
    bias = drawing.data("$b$", 2.15, middle + 1.9, "blue")
    drawing.arrow(bias, total, tone="blue")
    drawing.arrow(total, function, label="$z$")
    drawing.arrow(function, drawing.data(output, 4.8, middle))
    return drawing


def layered_network(sizes, names=None):
    """A feedforward network: a column for each layer, a line for each weight.

    Parameters
    ----------
    sizes : the number of units of each layer, from the inputs on, such as [2, 3, 1]
    names : one text for each layer, drawn below it; optional

    Returns
    -------
    A Drawing.
    """
    sizes = listed("sizes", sizes, "numbers of units")
    for size in sizes:
        at_least(1, sizes=size)
    if len(sizes) < 2:
        raise ValueError(f"sizes: expected at least two layers, inputs and outputs, got {sizes}")
    if names is None:
        names = ["input", *["hidden"] * (len(sizes) - 2), "output"]
    names = listed("names", names, "texts")
    if len(names) != len(sizes):
        raise ValueError(f"names: expected {len(sizes)} texts, one a layer, got {len(names)}")
    columns = [_labels(column, size, column == len(sizes) - 1) for column, size in enumerate(sizes)]
    parts = "; ".join(f"{name}, with {spoken(layer)}" for name, layer in zip(names, columns))
    weights = sum(a * b for a, b in itertools.pairwise(sizes))
    drawing = Drawing(
        f"A network in {len(sizes)} columns: {parts}. Inputs are squares, units circles. A line "
        f"leads from each to all of the next column: {weights} connections, each a weight.",
        step=(300 / len(sizes), 52),
    )
    largest, before = max(sizes), []
    for column, labels in enumerate(columns):
        top, tone = (largest - len(labels)) / 2, "orange" if column == len(sizes) - 1 else "blue"
        layer = [
            drawing.unit(label, column, top + k, tone)
            if column
            else drawing.data(label, 0, top + k)
            for k, label in enumerate(labels)
        ]
        for start, end in itertools.product(before, layer):
            drawing.arrow(start, end, head=weights <= 20)
        drawing.label(names[column], column, largest - 0.32, "faint")
        before = layer
    return drawing


def chain():
    """Three units one behind the other: values go forward above, a gradient comes back below.

    Returns
    -------
    A Drawing.
    """
    drawing = Drawing(
        "A chain of three units, circles marked φ. Above, the value h 0 on the left passes through "
        "them one by one and leaves as h 3 on the right; the sums before them are z 1, z 2 and z 3. "
        "Below, an arrow leads from the right, where it begins with 1, to the left, through three "
        "boxes, each under its unit: times φ'(z 3), times φ'(z 2) and times φ'(z 1). The product "
        "arrives on the left as ∂h 3/∂h 0.",
        step=(70, 62),
    )
    before = drawing.data("$h_0$", 0, 0)
    back = drawing.data("1", 4, 1, "orange")
    for k in (1, 2, 3):
        unit = drawing.unit("$φ$", k, 0, "blue")
        drawing.arrow(before, unit, label=f"$z_{k}$")
        before = unit
    drawing.arrow(before, drawing.data("$h_3$", 4, 0))
    for k in (3, 2, 1):
        box = drawing.box(f"$φ'(z_{k})$", k, 1, "orange", size=(52, 30))
        drawing.line(box, (k, 0.31), tone="faint", dashed=True)
        drawing.arrow(back, box, tone="orange")
        back = box
    drawing.arrow(back, drawing.data("$∂h_3/∂h_0$", 0, 1, "orange", size=(66, 34)), tone="orange")
    return drawing


def dropout():
    """A layer with dropout, twice: two of its four units are 0 in training, none in prediction.

    Returns
    -------
    A Drawing.
    """
    drawing = Drawing(
        "The same small network twice, with two inputs, four hidden units and one output. On the left, "
        "in training: two of the hidden units are faint and marked 0, and no lines lead to or "
        "from them; the other two are marked 2h, twice their value. On the right, in prediction: all "
        "four units are marked h and are connected.",
        step=(55, 50),
    )
    for left, dropped, label in ((0, (1, 2), "$2h$"), (3.4, (), "$h$")):
        inputs = [drawing.data("", left, row) for row in (1, 2)]
        hidden = [drawing.unit("0" if k in dropped else label, left + 1, k, "faint" if k in dropped else "blue")
                  for k in range(4)]  # fmt: skip
        output = drawing.unit("", left + 2, 1.5, "orange")
        for k, unit in enumerate(hidden):
            if k not in dropped:
                for start, end in [(inputs[0], unit), (inputs[1], unit), (unit, output)]:
                    drawing.line(start, end)
        drawing.label("training" if dropped else "prediction", left + 1, 3.8, "faint")
    return drawing


def _labels(column, size, last):
    """The letters of a layer's units: inputs x, outputs y, between them h."""
    if last and size == 1:
        return ["$ŷ$"]
    letter = "y" if last else "h" if column else "x"
    return [f"${letter}_{k + 1}$" for k in range(size)]
