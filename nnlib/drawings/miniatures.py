"""A small picture for each chapter, without a word: what its networks look like."""

from itertools import pairwise

from nnlib.drawings.drawing import Drawing
from nnlib.validation import one_of


def miniature(chapter):
    """The picture that stands for a chapter in the overview of the course.

    Parameters
    ----------
    chapter : the name of its file, such as "perceptron"

    Returns
    -------
    A Drawing, of the same size for each chapter.
    """
    one_of(tuple(_MINIATURES), chapter=chapter)
    description, draw = _MINIATURES[chapter]
    drawing = Drawing(description, step=(10, 10))
    drawing._grow(0, 0, 180, 100)  # every picture is as large as this
    draw(drawing)
    return drawing


def _network(drawing, sizes, columns):
    before = []
    for column, size in zip(columns, sizes):
        tone = "orange" if column == columns[-1] else "blue" if before else "plain"
        layer = [drawing.unit("", column, 5 + 3 * (k - (size - 1) / 2), tone, radius=7)
                 for k in range(size)]  # fmt: skip
        for start in before:
            for end in layer:
                drawing.line(start, end, tone="faint")
        before = layer


def _intro(drawing):
    _network(drawing, [2, 3, 1], [3, 9, 15])


def _perceptron(drawing):
    for place in [(3, 2.5), (5.5, 1.6), (4.6, 4.4), (8, 2.3), (2.6, 6.2)]:
        drawing.data("", *place, "orange", size=(9, 9))
    for place in [(15, 7.3), (12.4, 8.2), (13.6, 5.4), (10, 7.4), (15.6, 3.8)]:
        drawing.unit("", *place, "blue", radius=5.5)
    drawing.line((4, 9), (14, 1))


def _activations(drawing):
    drawing.line((1.5, 8), (16.5, 8), tone="faint")
    drawing.line((9, 8.8), (9, 1.2), tone="faint")
    curve = [(1.5, 7.7), (5, 7.4), (7.4, 6.2), (10.6, 3.2), (13, 2), (16.5, 1.7)]
    drawing.line(curve[0], curve[-1], via=curve[1:-1], tone="blue")
    drawing.line((5.4, 8.1), (12.6, 1.3), tone="orange")
    drawing.unit("", 9, 4.7, "blue", radius=6)


def _feedforward(drawing):
    _network(drawing, [2, 3, 3, 2, 1], [1.5, 5.2, 9, 12.8, 16.5])


def _backpropagation(drawing):
    places = [(2.5, 2), (2.5, 8), (9, 2), (9, 8), (15.5, 5)]
    units = [drawing.unit("", *place, tone, radius=8)
             for place, tone in zip(places, ["plain", "plain", "blue", "blue", "orange"])]  # fmt: skip
    for start, end in [(4, 2), (4, 3), (2, 0), (2, 1), (3, 0), (3, 1)]:
        drawing.arrow(units[start], units[end], tone="orange", dashed=True)


def _training(drawing):
    drawing.circle(11, 5.2, 40, "faint")
    drawing.circle(11.5, 5.3, 26, "faint")
    drawing.circle(12, 5.4, 12, "faint")
    path = [(1.2, 8.8), (6.4, 1.4), (8.6, 8), (10.6, 3.2), (11.4, 6.6)]
    for start, end in pairwise(path):
        drawing.arrow(start, end, tone="orange")
    drawing.unit("", 12, 5.4, "blue", radius=4)


def _regularization(drawing):
    drawing.line((1.5, 9), (16.5, 9), tone="faint")
    points = [(2.5, 6.6), (4.9, 3.9), (7.3, 3), (9.7, 5.2), (12.1, 4.9), (15.5, 8)]
    wild = [(2.5, 6.6), (3.4, 1.8), (4.9, 3.9), (6.2, 5.6), (7.3, 3), (8.4, 1.3), (9.7, 5.2), (10.9, 7.8),
            (12.1, 4.9), (13.9, 1.6), (15.5, 8)]  # fmt: skip
    drawing.line(wild[0], wild[-1], via=wild[1:-1], tone="faint", dashed=True)
    smooth = [(1.8, 6.6), (5, 3.9), (8.5, 3.4), (12, 5), (16.2, 8.2)]
    drawing.line(smooth[0], smooth[-1], via=smooth[1:-1], tone="blue")
    for place in points:
        drawing.unit("", *place, "orange", radius=4.5)


def _cnn(drawing):
    for row in range(5):
        for column in range(5):
            inside = 1 <= column < 4 and row < 3
            tone = "blue" if inside else "faint"
            drawing.data("", 2 + 1.7 * column, 1.6 + 1.7 * row, tone, size=(15, 15))
    for row in range(3):
        for column in range(3):
            tone = "orange" if (row, column) == (0, 1) else "faint"
            drawing.data("", 13.2 + 1.7 * column, 3.3 + 1.7 * row, tone, size=(15, 15))
    drawing.arrow((8.2, 3.3), (13.9, 3.3), tone="orange")


def _rnn(drawing):
    before = None
    for column in (2.5, 9, 15.5):
        state = drawing.unit("", column, 4.6, "blue", radius=11)
        drawing.arrow(drawing.data("", column, 8.4, size=(11, 11)), state)
        drawing.arrow(state, (column, 1.2), tone="orange")
        if before:
            drawing.arrow(before, state, tone="blue")
        before = state


def _lstm(drawing):
    drawing.box("", 9, 5, "faint", size=(128, 74))
    drawing.arrow((0.5, 3), (17.8, 3), tone="blue")
    for column in (5, 9, 13):
        gate = drawing.unit("", column, 6.8, "orange", radius=7)
        drawing.arrow(gate, (column, 3))


def _transformer(drawing):
    columns = [2, 4.8, 7.6, 10.4, 13.2, 16]
    for column in columns:
        tone = {columns[1]: "orange", columns[-1]: "blue"}.get(column, "plain")
        drawing.data("", column, 8, tone, size=(17, 17))
    for k, column in enumerate(columns[:-1]):
        height, strong = 0.65 + 1.15 * k, k == 1
        drawing.arrow((15.7, 7), (column, 7), via=[(15.7, height), (column, height)],
                      tone="orange" if strong else "faint", head=strong)  # fmt: skip


def _gnn(drawing):
    places = [(2.2, 2.4), (2.6, 7.8), (6.4, 4.8), (11.4, 5.2), (15.4, 2), (15.8, 8)]
    nodes = [drawing.unit("", *place, tone, radius=8)
             for place, tone in zip(places, ["blue", "blue", "blue", "orange", "orange", "orange"])]  # fmt: skip
    for start, end in [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (3, 5), (4, 5)]:
        drawing.line(nodes[start], nodes[end])


def _materials_data(drawing):
    rows = ["A................A", "AA..........BBBBBA", "AA..........BBBBBA", "AACCCCCCCCCCBBBBBA"]
    for row, cells in enumerate(rows):
        for column, kind in enumerate(cells):
            if kind != ".":
                tone = {"A": "orange", "B": "blue", "C": "faint"}[kind]
                drawing.data("", 0.6 + 0.98 * column, 2.4 + 1.75 * row, tone, size=(8.4, 15))


def _materials_prediction(drawing):
    drawing.line((3, 9), (3, 1), tone="faint")
    drawing.line((3, 9), (16, 9), tone="faint")
    drawing.line((3.5, 8.6), (15, 1.4))
    for x, error in [(4.5, 0.6), (5.6, -0.8), (6.8, 0.3), (8, -0.5), (9, 0.9), (10.2, -0.3),
                     (11.2, 0.5), (12.4, -0.9), (13.6, 0.2)]:  # fmt: skip
        drawing.unit("", x, 8.6 - 0.626 * (x - 3.5) + error, "blue", radius=3.5)


def _materials_graphs(drawing):
    drawing.data("", 9, 5, "faint", size=(84, 70))
    places = [(6, 3), (12, 3.4), (9.2, 7)]
    atoms = [drawing.unit("", *place, tone, radius=8)
             for place, tone in zip(places, ["blue", "orange", "blue"])]  # fmt: skip
    for k, atom in enumerate(atoms):
        drawing.line(atom, atoms[k - 1])
    for atom, (column, row) in zip(atoms, [(1, 2), (17, 2.6), (11, 9.6)]):
        drawing.line(atom, (column, row), dashed=True)


_MINIATURES = {
    "intro": ("A network of two inputs, three units and an output.", _intro),
    "perceptron": ("A straight line between squares and circles.", _perceptron),
    "activations": ("A curve that rises in the shape of an S, with its tangent.", _activations),
    "feedforward": ("A network of four layers behind two inputs.", _feedforward),
    "backpropagation": ("Dashed arrows lead from an output back to two inputs, over two units.", _backpropagation),
    "training": ("A path that jumps from side to side toward the middle of three rings.", _training),
    "regularization": ("A smooth curve passes close to six points, and a wild one, dashed, through all of them.", _regularization),
    "cnn": ("Nine pixels of an image become one of a smaller one.", _cnn),
    "rnn": ("Three steps in time; the state of each goes on to the next.", _rnn),
    "lstm": ("A line that runs straight through a cell, with three gates on it.", _lstm),
    "transformer": ("The last of six squares in a row looks back at all others, and strongly at one.", _transformer),
    "gnn": ("Two groups of three nodes, all linked within a group, with one line between the groups.", _gnn),
    "materials_data": ("The periodic table.", _materials_data),
    "materials_prediction": ("Predictions scattered around a diagonal.", _materials_prediction),
    "materials_graphs": ("Three atoms in a cell, joined to one another and to atoms of its neighbors.", _materials_graphs),
}
