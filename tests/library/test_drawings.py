"""Drawings: well-formed, described in full, with labels side by side, and worded errors."""

import itertools
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

import nnlib as nn
from nnlib import drawings
from nnlib.drawings import text

IMAGE = [[0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 0, 0]]


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1, rng=0), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(128, 10, rng=0))  # fmt: skip


DRAWN = {
    "neuron": lambda: drawings.neuron(),
    "one input": lambda: drawings.neuron(1, activation="$φ$", output="$h$"),
    "five inputs": lambda: drawings.neuron(5),
    "network": lambda: drawings.layered_network([2, 3, 1]),
    "deep network": lambda: drawings.layered_network([4, 5, 5, 3]),
    "adam": lambda: drawings.adam(),
    "attention": lambda: drawings.attention(),
    "block": lambda: drawings.transformer_block(),
    "chain": lambda: drawings.chain(),
    "dropout": lambda: drawings.dropout(),
    "round": lambda: drawings.message_round(),
    "round of a leaf": lambda: drawings.message_round(node="d"),
    "triangles": lambda: drawings.triangles_and_hexagon(),
    "kernel": lambda: drawings.kernel(IMAGE, [[-1, 1], [-1, 1]], 0, 1),
    "shapes": lambda: drawings.shapes(lenet(), (1, 8, 8)),
    "dense shapes": lambda: drawings.shapes(nn.Sequential(nn.Linear(4, 8, rng=0)), (4,)),
    "unrolled": lambda: drawings.unrolled(),
    "backward": lambda: drawings.unrolled(gradient=True),
    "lstm": lambda: drawings.lstm_cell(),
    "forget": lambda: drawings.lstm_cell("forget"),
    "input": lambda: drawings.lstm_cell("input"),
    "state": lambda: drawings.lstm_cell("cell"),
    "output": lambda: drawings.lstm_cell("output"),
    "gru": lambda: drawings.gru_cell(),
    "crystal": lambda: drawings.crystal_graph(),
    "graph": lambda: drawings.shared_node(),
    "graph backward": lambda: drawings.shared_node(gradient=True),
}
# How signs are said, which stand in no sentence.
SPOKEN = {
    "⊙": "product|times|multipl", "+": "sum|added|plus", "⋆": "star", "=": "equals",
    "…": "and so on", "⋮": "the inputs", r"$1-\mathbf{z}$": "1 − z",
    **{rf"{sign} $\mathbf{{{letter}}}_{k}$": rf"{named}.*{letter} {k}" for k in "123"
       for sign, letter, named in (("·", "k", "dot products with"), ("×", "v", "multiplied by"))},
}  # fmt: skip
every_drawing = pytest.mark.parametrize("name", DRAWN)


@every_drawing
def test_is_well_formed_and_the_same_each_time(name):
    markup = DRAWN[name]()._repr_html_()
    root = ET.fromstring(markup)
    assert root.tag.endswith("svg") and root.get("role") == "img"
    assert not re.search(r"\bid=|nan|inf\b|[0-9]e-", markup)  # no ids: nothing to collide in a page
    assert DRAWN[name]()._repr_html_() == markup


@every_drawing
def test_fits_a_phone_without_being_shrunk(name):
    assert DRAWN[name]().size[0] <= 340


@every_drawing
def test_no_label_lies_on_another(name):
    for one, other in itertools.combinations(DRAWN[name]().labels, 2):
        (l1, t1, r1, b1), (l2, t2, r2, b2) = one.box, other.box
        assert r1 <= l2 or r2 <= l1 or b1 <= t2 or b2 <= t1, (one, other)


@every_drawing
def test_everything_is_inside(name):
    drawing = DRAWN[name]()
    left, top, width, height = map(
        float, ET.fromstring(drawing._repr_html_()).get("viewBox").split())
    for label in drawing.labels:
        assert label.box[0] >= left and label.box[1] >= top
        assert label.box[2] <= left + width and label.box[3] <= top + height


@every_drawing
def test_alternative_text_names_every_part(name):
    drawing = DRAWN[name]()
    words = ET.fromstring(drawing._repr_html_()).get("aria-label")
    assert words == drawing.description
    for label in drawing.labels:
        read = text.plain(label.text).removesuffix(" ⊤")
        said = SPOKEN.get(label.text) or rf"(?<!\w){re.escape(read)}(?!\w)"
        assert re.search(said, words), label.text


def test_lines_end_on_the_borders_of_what_they_join():
    drawing = drawings.Drawing("Two.", step=(100, 100))
    circle, box = drawing.unit("", 0, 0), drawing.data("", 1, 1, size=(20, 40))
    drawing.line(circle, box)
    found = re.search(r'd="M(\S+) (\S+)L(\S+) (\S+)"', drawing._repr_html_())
    x0, y0, x1, y1 = map(float, found.groups())
    assert np.hypot(x0, y0) == pytest.approx(18, abs=0.1)
    assert (x1, y1) == (90, 90)  # the box reaches from 90 to 110, and from 80 to 120


def test_labels_know_letters_from_words():
    assert text.runs(r"gate $\mathbf{h}_{t-1}$") == [
        ("gate ", "", ""), ("h", "b", ""), ("t", "i", "_"), ("−1", "r", "_")]
    assert text.plain(r"$\mathbf{h}_{t-1}$") == "h t−1"
    assert text.spoken(["$x_1$", "$x_2$", "$x_d$"]) == "x 1, x 2 and x d"
    assert text.spoken(["b"]) == "b"
    assert 'dy="4"' in text.svg("$x_1^2$") and 'dy="-10"' in text.svg("$x_1^2$")
    assert text.svg("a < b") == "a &lt; b"


def test_kernel_computes_the_entry_that_it_marks():
    assert "= 2, which is marked" in drawings.kernel(IMAGE, [[-1, 1], [-1, 1]], 0, 1).description


def test_shapes_are_those_of_the_network():
    shown = [label.text for label in drawings.shapes(lenet(), (1, 8, 8)).labels]
    assert shown == ["1 × 8 × 8", "Conv2d, ReLU", "8 × 8 × 8", "MaxPool2d", "8 × 4 × 4",
                     "Flatten, Linear", "10"]
    shown = drawings.shapes(nn.Sequential(nn.MaxPool2d(2), nn.Flatten()), (2, 4, 4)).labels
    assert [label.text for label in shown][1:] == ["MaxPool2d", "2 × 2 × 2", "Flatten", "8"]


@pytest.mark.parametrize("node, messages, new", [
    ("a", "2, 0", 3), ("c", "1, 2, 4", 7), ("d", "0", 4)])  # fmt: skip
def test_a_round_of_messages_adds_what_the_neighbors_send(node, messages, new):
    drawing = drawings.message_round(node=node)
    assert f"what {node} does with {messages}:" in drawing.description
    assert f"{new} is its new number" in drawing.description


def test_edges_of_the_crystal_graph_are_its_neighbors():
    words = drawings.crystal_graph([[0.1, 0.5], [0.9, 0.5]], cutoff=0.5).description
    assert "edges, 1 in all, of which 1" in words  # across the face, 0.2 apart
    words = drawings.crystal_graph().description
    assert "4 in all, dashed" in words and "edges, 6 in all, of which 3" in words


@pytest.mark.parametrize("call, words", [
    (lambda: drawings.Drawing(" "), "description: expected a sentence"),
    (lambda: drawings.Drawing("A unit.").unit("$x$", 0, 0, "red"), "tone: expected one of"),
    (lambda: drawings.Drawing("A unit.").label("x", 0, 0, align="left"), "align: expected one of"),
    (lambda: drawings.Drawing("An arrow.").arrow((0, 0), (1, 0), label="w", side="up"),
     "side: expected one of"),
    (lambda: drawings.neuron(0), "inputs: expected a whole number of at least 1, got 0"),
    (lambda: drawings.layered_network([3]), "sizes: expected at least two layers"),
    (lambda: drawings.layered_network([3, 0]),
     "sizes: expected a whole number of at least 1, got 0"),
    (lambda: drawings.layered_network([3, 1], names=["in"]),
     "names: expected 2 texts, one a layer, got 1"),
    (lambda: drawings.lstm_cell("candidate"), "part: expected one of"),
    (lambda: drawings.kernel([[1.5]], [[1]]), "image: expected rows of whole numbers"),
    (lambda: drawings.kernel(np.zeros((7, 7), int), [[1]]), "image: expected up to 6 x 6"),
    (lambda: drawings.kernel([[1]], [[1, 2]]), r"weights: expected at most \(1, 1\)"),
    (lambda: drawings.kernel(IMAGE, [[1]], row=4),
     r"row, column: expected a place .* got \(4, 0\)"),
    (lambda: drawings.shapes(lenet(), (8, 8)), "shape: expected channels, height and width"),
    (lambda: drawings.shapes(lenet(), (1, 8, 0)), "shape: expected a whole number of at least 1"),
    (lambda: drawings.shapes(lenet(), (3, 8, 8)), "Conv2d"),
    (lambda: drawings.crystal_graph(cutoff=1), "cutoff: expected a number between 0 and 1, got 1"),
    (lambda: drawings.crystal_graph([[0, 1]]), "positions: expected parts of the side"),
    (lambda: drawings.crystal_graph([[0, 0, 0]]),
     r"positions: expected 1 to 6 atoms.* got shape \(1, 3\)"),
    (lambda: drawings.message_round(node="e"), "node: expected one of 'a', .* got 'e'"),
    (lambda: drawings.message_round((1, 2)), "values: expected a number for each of 4 nodes"),
])  # fmt: skip
def test_says_what_is_wrong(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_says_which_type_is_wrong():
    with pytest.raises(TypeError, match="network: expected a Sequential, got list"):
        drawings.shapes([nn.ReLU()], (4,))
    with pytest.raises(TypeError, match="gradient: expected True or False, got 1"):
        drawings.unrolled(gradient=1)
    with pytest.raises(TypeError, match="gradient: expected True or False, got 'yes'"):
        drawings.shared_node("yes")
    with pytest.raises(TypeError, match="label: expected a str, got int"):
        drawings.Drawing("A unit.").label(3, 0, 0)


def test_nothing_drawn_yet_is_an_empty_drawing():
    assert drawings.Drawing("Nothing.").size == (4, 4)
    ET.fromstring(drawings.Drawing("Nothing.")._repr_html_())
