"""Attention of one query, and a transformer block on its residual stream."""

from nnlib.drawings.drawing import Drawing

_EXAMPLE = [("1", "2", "0.67", "blue"), ("2", "0", "0.09", "faint"), ("3", "1", "0.24", "plain")]


def attention():
    """The attention of one query to three keys, with the numbers of the chapter's example.

    Returns
    -------
    A Drawing.
    """
    drawing = Drawing(
        "On the left the query q. Arrows lead from it to three boxes, the dot products with the keys k 1, k 2 and "
        "k 3, divided by the root of d. Their scores 2, 0 and 1 enter a tall box, softmax. Out of it come "
        "the weights 0.67, strong, 0.09, faint, and 0.24. They are multiplied by the values v 1, v 2 and v 3, "
        "and the sum of the three products is the output y.",
        step=(10, 62),
    )
    query = drawing.data(r"$\mathbf{q}$", 0, 1, size=(26, 34))
    drawing.box("softmax", 11.8, 1, size=(64, 166))
    add = drawing.box("+", 26.3, 1, "orange")
    for row, (index, score, weight, tone) in enumerate(_EXAMPLE):
        fit = drawing.box(rf"· $\mathbf{{k}}_{index}$", 4.9, row, size=(38, 30))
        mixed = drawing.box(rf"× $\mathbf{{v}}_{index}$", 21.1, row, tone, size=(40, 30))
        drawing.arrow(query, fit)
        drawing.arrow(fit, (8.6, row), label=score)
        drawing.arrow((15, row), mixed, label=weight, tone=tone)
        drawing.arrow(mixed, add, [] if row == 1 else [(26.3, row)], tone=tone)
    drawing.arrow(add, drawing.data(r"$\mathbf{y}$", 31, 1, "orange", size=(26, 34)), tone="orange")
    return drawing


def transformer_block():
    """A transformer block, normalized before each part, at one place of a sequence.

    Returns
    -------
    A Drawing.
    """
    drawing = Drawing(
        "The residual stream runs straight down on the left, from the vector x at the top over two sums, each "
        "written +, to the vector y at the bottom. Before the first sum a branch leads through the boxes norm "
        "and attention, into which arrows from other places lead too, and is added to the stream. Before the second sum "
        "a branch leads through norm and network and is added as well.",
        step=(54, 50),
    )
    stream, part = 0, 1.9
    x = drawing.data(r"$\mathbf{x}$", stream, 0, "orange")
    sums = []
    for row, name in ((0, "attention"), (3.2, "network")):
        norm = drawing.box("norm", part, row + 0.9, size=(84, 30))
        work = drawing.box(name, part, row + 2, "blue", size=(84, 30))
        add = drawing.box("+", stream, row + 2.9, "orange")
        drawing.dot(stream, row + 0.9, "orange")
        drawing.arrow((stream, row + 0.9), norm)
        drawing.arrow(norm, work)
        drawing.arrow(work, add, [(part, row + 2.9)])
        if name == "attention":
            drawing.arrow((part + 1.75, row + 2), work, tone="faint")
            drawing.label("other", part + 1.85, row + 1.82, "faint", "start")
            drawing.label("places", part + 1.85, row + 2.18, "faint", "start")
        sums.append(add)
    y = drawing.data(r"$\mathbf{y}$", stream, 7.2, "orange")
    for start, end in ((x, sums[0]), (sums[0], sums[1]), (sums[1], y)):
        drawing.arrow(start, end, tone="orange")
    return drawing
