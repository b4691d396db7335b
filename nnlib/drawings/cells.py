"""Recurrent networks: unrolled in time, and the cells of LSTM and GRU."""

from nnlib.drawings.drawing import Drawing
from nnlib.validation import one_of

_LSTM = {
    "": "All is drawn alike.",
    "forget": "Strong here: the forget gate. The sum of the inputs and a logistic function σ give f, "
    "which multiplies the old cell state.",
    "input": "Strong here: the input gate and the candidate. A σ gives i, a tanh gives g, and i "
    "multiplies g.",
    "cell": "Strong here: the new cell state. The product of f and the old state and the product of "
    "i and g are added, which makes c t.",
    "output": "Strong here: the output gate. A σ gives o, which multiplies the tanh of the new cell "
    "state and makes the output h t.",
}


def lstm_cell(part=""):
    """The cell of an LSTM, whose rows are its equations; one part strong, the others faint.

    Parameters
    ----------
    part : "forget", "input" (with the candidate), "cell" (the new cell state), "output", or "" for
        all alike

    Returns
    -------
    A Drawing, with the letters of nnlib.LSTM, gates i, f and o, candidate g, states c and h.
    """
    one_of(tuple(_LSTM), part=part)
    drawing = Drawing(
        "The cell of an LSTM. The input x t and the last output h t−1 enter at the top left and run "
        "down one line, from which four rows branch off: σ, which gives f; σ, which gives i; tanh, "
        "which gives g; and σ, which gives o. The cell state runs down on the right, from c t−1 "
        "through a product with f and a sum with i times g to c t, and through a tanh and a product "
        f"with o to the output h t. c t and h t go on to the next step. {_LSTM[part]}",
        step=(54, 46),
    )

    def tone(*parts, strong="blue"):
        return "plain" if not part else strong if part in parts else "faint"

    def state(*parts):
        return tone(*parts, strong="orange")

    entering = tone("forget", "input", "output")
    bus, layer, gate, cell = 0.55, 1.45, 2.65, 3.7  # columns
    x = drawing.data(r"$\mathbf{x}_t$", 0, 0, entering)
    h = drawing.data(r"$\mathbf{h}_{t-1}$", 1.1, 0, entering)
    old = drawing.data(r"$\mathbf{c}_{t-1}$", cell, 0, state("forget", "cell"))

    layers = [
        ("f", "$σ$", 1, "forget"),
        ("i", "$σ$", 2, "input"),
        ("g", "tanh", 3, "input"),
        ("o", "$σ$", 6, "output"),
    ]
    boxes = {}
    for letter, function, row, name in layers:
        strong = tone(name)
        boxes[letter] = drawing.box(function, layer, row, strong, size=(48, 30))
        drawing.arrow((bus, 0.55), boxes[letter], [(bus, row)], tone=strong)
    for start in (x, h):
        column = start.x / drawing.step[0]
        drawing.line(start, (bus, 0.75), via=[(column, 0.55), (bus, 0.55)], tone=entering)

    keep = drawing.box("⊙", cell, 1, state("forget", "cell"))
    write = drawing.box("⊙", gate, 3, tone("input", "cell"))
    add = drawing.box("+", cell, 3, state("cell"))
    new = drawing.data(r"$\mathbf{c}_t$", cell, 4, state("cell", "output"))
    squash = drawing.box("tanh", cell, 5, tone("output"), size=(48, 30))
    show = drawing.box("⊙", cell, 6, tone("output"))
    out = drawing.data(r"$\mathbf{h}_t$", cell, 7, tone("output"))

    def letter(name):
        return rf"$\mathbf{{{name}}}$"

    drawing.arrow(boxes["f"], keep, label=letter("f"), tone=tone("forget", "cell"))
    drawing.arrow(
        boxes["i"], write, [(gate, 2)], label=letter("i"), at=0.4, tone=tone("input", "cell")
    )
    drawing.arrow(boxes["g"], write, label=letter("g"), at=0.4, tone=tone("input", "cell"))
    drawing.arrow(write, add, tone=tone("cell"))
    drawing.arrow(boxes["o"], show, label=letter("o"), tone=tone("output"))
    drawing.arrow(old, keep, tone=state("forget", "cell"))
    drawing.arrow(keep, add, tone=state("cell"))
    drawing.arrow(add, new, tone=state("cell"))
    drawing.arrow(new, squash, tone=tone("output"))
    drawing.arrow(squash, show, tone=tone("output"))
    drawing.arrow(show, out, tone=tone("output"))
    for end, row, strong in [(new, 4, state("cell")), (out, 7, tone("output"))]:
        drawing.arrow(end, (cell + 0.8, row), tone=strong)
        drawing.label(
            "next step", cell + 0.87, row, strong if strong == "plain" else "faint", "start"
        )
    return drawing


def gru_cell():
    """The cell of a GRU, with the letters of nnlib.GRU: gates r and z, candidate n, state h.

    Returns
    -------
    A Drawing.
    """
    drawing = Drawing(
        "The cell of a GRU. The input x t and the last state h t−1 enter at the top left and run "
        "down one line, from which two logistic functions σ branch off; they give r and z. The state "
        "h t−1 also runs down on the right. A branch of it, multiplied by r, enters a tanh together "
        "with x t, which gives the candidate n. Below, h t−1 is multiplied by z, n by 1 − z, and "
        "the sum of both is the new state h t, which goes on to the next step.",
        step=(54, 46),
    )
    bus, layer, gate, state = 0.55, 1.45, 2.55, 3.75  # columns
    x = drawing.data(r"$\mathbf{x}_t$", 0, 0)
    seen = drawing.data(r"$\mathbf{h}_{t-1}$", 1.1, 0)
    old = drawing.data(r"$\mathbf{h}_{t-1}$", state, 0, "orange")
    reset = drawing.box("$σ$", layer, 1, "blue", size=(48, 30))
    partly = drawing.box("⊙", gate, 2)
    candidate = drawing.box("tanh", layer, 3, size=(48, 30))
    fresh = drawing.box("⊙", gate, 3)
    update = drawing.box("$σ$", layer, 4.2, "blue", size=(48, 30))
    keep = drawing.box("⊙", state, 4.2, "orange")
    add = drawing.box("+", state, 5.2, "orange")
    new = drawing.data(r"$\mathbf{h}_t$", state, 6.2, "orange")

    for start, column in ((x, 0), (seen, 1.1)):
        drawing.line(start, (bus, 0.75), via=[(column, 0.55), (bus, 0.55)])
    for end, row in ((reset, 1), (update, 4.2)):
        drawing.arrow((bus, 0.55), end, [(bus, row)])
    drawing.arrow((-0.18, 0.37), candidate, [(-0.18, 3)])
    drawing.arrow(reset, partly, [(gate, 1)], label=r"$\mathbf{r}$", at=0.3, tone="blue")
    drawing.dot(state, 2, "orange")
    drawing.arrow((state, 2), partly)
    drawing.arrow(partly, candidate, [(layer, 2)])
    drawing.arrow(candidate, fresh, label=r"$\mathbf{n}$", at=0.4)
    drawing.arrow(update, keep, label=r"$\mathbf{z}$", at=0.53, tone="blue")
    drawing.dot(gate, 4.2, "blue")
    drawing.arrow((gate, 4.2), fresh, label=r"$1-\mathbf{z}$", side="left", at=0.5, tone="blue")
    drawing.arrow(fresh, add, [(gate + 0.6, 3), (gate + 0.6, 5.2)])
    drawing.arrow(old, keep, tone="orange")
    drawing.arrow(keep, add, tone="orange")
    drawing.arrow(add, new, tone="orange")
    drawing.arrow(new, (state + 0.8, 6.2), tone="orange")
    drawing.label("next step", state + 0.87, 6.2, align="start")
    return drawing


def unrolled(gradient=False):
    """A recurrent layer folded, with a loop, and written out over time with the same weights.

    Parameters
    ----------
    gradient : whether to draw the way back instead: what the loss gives each state, and the factor
        between one step and the one before

    Returns
    -------
    A Drawing. The letters are those of nnlib.RNN.
    """
    if not isinstance(gradient, bool):
        raise TypeError(f"gradient: expected True or False, got {gradient!r}")
    return _backward() if gradient else _forward()


_TIMES = ("1", 0), ("2", 1), ("T", 2.55)  # step, column after the first


def _forward():
    drawing = Drawing(
        "Left, the folded network: the input x t goes up through the weights W ih into a box tanh, "
        "whose output is h t, and a loop through the weights W hh leads from the box back to itself. "
        "Right of an equals sign, the unrolled network: a box for each of the steps 1, 2 and so on to "
        "T, with inputs x 1, x 2 and x T and outputs h 1, h 2 and h T. From the initial state h 0 on, an arrow leads "
        "from each box to the next, and every arrow carries the same weights, W ih or W hh.",
        step=(54, 62),
    )
    into, onward = r"$\mathbf{W}_{ih}$", r"$\mathbf{W}_{hh}$"

    def step(index, column):
        box = drawing.box("tanh", column, 1, size=(42, 30))
        drawing.arrow(
            drawing.data(rf"$\mathbf{{x}}_{index}$", column, 2), box, label=into, tone="blue"
        )
        drawing.arrow(box, drawing.data(rf"$\mathbf{{h}}_{index}$", column, 0))
        return box

    step("t", 0)
    drawing.arrow((0.35, 0.87), (0.35, 1.13), [(0.75, 0.87), (0.75, 1.13)], tone="orange")
    drawing.label(onward, 0.62, 0.6, "orange")
    drawing.label("=", 1.15, 1)
    before = drawing.data(r"$\mathbf{h}_0$", 1.65, 1)
    first = 2.65
    for index, column in _TIMES:
        box = step(index, first + column)
        middle = first + column - 0.5
        if index == "T":
            drawing.line(before, (middle - 0.45, 1), tone="orange")
            drawing.label("…", middle - 0.25, 1)
            before = (middle - 0.05, 1)
        drawing.arrow(before, box, tone="orange")
        drawing.label(onward, middle, 0.6, "orange")
        before = box
    return drawing


def _backward():
    drawing = Drawing(
        "The way back through time. Squares hold the gradients δ 1, δ 2 and so on to δ T, one for "
        "each step. From above comes to each what the loss gives that state, g 1, g 2 to g T. From "
        "each step an arrow leads back to the one before, and all these arrows carry the same "
        "factor, the transposed weights W hh.",
        step=(92, 62),
    )
    before = None
    for index, column in reversed(_TIMES):
        delta = drawing.data(rf"$\boldsymbol{{δ}}_{index}$", column, 1, "orange")
        given = drawing.data(rf"$\mathbf{{g}}_{index}$", column, 0)
        drawing.arrow(given, delta)
        if index == "2":
            drawing.label("…", column + 0.78, 1)
            drawing.line(before, (column + 0.92, 1), tone="orange", dashed=True)
            before = (column + 0.64, 1)
        if before:
            drawing.arrow(before, delta, tone="orange", dashed=True)
            drawing.label(r"$\mathbf{W}_{hh}^⊤$", column + 0.5, 0.7, "orange")
        before = delta
    return drawing
