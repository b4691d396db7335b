"""Drawings that carry an idea: units are circles, operations rounded boxes, data squares.

Each function returns a `Drawing`, which a notebook and the book show as SVG in the page itself, so
that it takes its typeface from the page and follows its light or dark colors. `Drawing` and its
methods are there for drawings of one's own.
"""

from nnlib.drawings.attention import attention, transformer_block
from nnlib.drawings.backward import shared_node
from nnlib.drawings.cells import gru_cell, lstm_cell, unrolled
from nnlib.drawings.crystals import crystal_graph
from nnlib.drawings.drawing import Drawing
from nnlib.drawings.graphs import message_round, triangles_and_hexagon
from nnlib.drawings.images import kernel, shapes
from nnlib.drawings.miniatures import miniature
from nnlib.drawings.optimizers import adam
from nnlib.drawings.units import chain, dropout, layered_network, neuron

__all__ = [
    "Drawing",
    "adam",
    "attention",
    "chain",
    "crystal_graph",
    "dropout",
    "gru_cell",
    "kernel",
    "layered_network",
    "lstm_cell",
    "message_round",
    "miniature",
    "neuron",
    "shapes",
    "shared_node",
    "transformer_block",
    "triangles_and_hexagon",
    "unrolled",
]
