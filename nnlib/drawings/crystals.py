"""A crystal, its neighbors across the faces of the cell, and the graph that comes of it."""

import itertools
import math

import numpy as np

from nnlib.drawings.drawing import Drawing
from nnlib.drawings.text import spoken
from nnlib.validation import FRACTION, array_of, number

SIDE, RADIUS = 90, 11  # px: of the cell, of an atom
MARGIN = 0.45  # how much of the next cells is drawn


def crystal_graph(positions=((0.25, 0.3), (0.74, 0.5), (0.3, 0.8)), cutoff=0.68):
    """Left a flat crystal with its images and a cutoff, right the graph of its cell.

    Parameters
    ----------
    positions : array, shape (atoms, 2), in parts of a square cell's side, each from 0 to below 1
    cutoff : in the same unit, below 1, so that no atom is a neighbor of its own image

    Returns
    -------
    A Drawing. The edges are those of `positions` and the images in the eight cells around, each
    drawn once; those that cross a face are dashed.
    """
    number(FRACTION, cutoff=cutoff)
    positions = np.asarray(array_of("positions", positions), dtype=float)
    if positions.ndim != 2 or positions.shape[1] != 2 or not len(positions) or len(positions) > 6:
        raise ValueError(
            f"positions: expected 1 to 6 atoms, shape (atoms, 2), got shape {positions.shape}"
        )
    if not ((positions >= 0) & (positions < 1)).all():
        raise ValueError("positions: expected parts of the side from 0 to below 1")
    edges, numbers = _edges(positions, cutoff), range(1, len(positions) + 1)
    own = [edge for edge in edges if 0 in edge[:2]]
    across = sum(edge[2] != (0, 0) for edge in edges)
    drawing = Drawing(
        f"Left, a crystal: a square cell with the atoms {spoken(map(str, numbers))}, and around it "
        "their images in the next cells. A dashed circle, the cutoff, lies around atom 1. Lines lead "
        f"from it to its neighbors in the circle, {len(own)} in all, dashed where the neighbor is an "
        f"image. Right, the graph: a node for each atom, and edges, {len(edges)} in all, of which "
        f"{across} cross a face of the cell and are dashed.",
        step=(SIDE, SIDE),
    )
    for edge in (0, 1):
        drawing.line((edge, -MARGIN), (edge, 1 + MARGIN), tone="faint")
        drawing.line((-MARGIN, edge), (1 + MARGIN, edge), tone="faint")
    drawing.data("", 0.5, 0.5, size=(SIDE, SIDE))
    drawing.circle(*positions[0], cutoff * SIDE, "orange", dashed=True)
    atoms = [
        drawing.unit(f"${k + 1}$", *place, _tone(k), RADIUS) for k, place in enumerate(positions)
    ]
    images = {}
    for shift in itertools.product((-1, 0, 1), repeat=2):
        for k, place in enumerate(positions + shift):
            if shift != (0, 0) and (np.abs(place - 0.5) < 0.5 + MARGIN).all():
                images[k, shift] = drawing.unit(f"${k + 1}$", *place, "faint", RADIUS)
    for _, j, shift in own:
        end = atoms[j] if shift == (0, 0) else images.get((j, shift), tuple(positions[j] + shift))
        drawing.line(atoms[0], end, tone="orange", dashed=shift != (0, 0))
    drawing.label("crystal", 0.5, 1 + MARGIN + 0.3, "faint")

    drawing.arrow((1.15 + MARGIN, 0.5), (1.55 + MARGIN, 0.5))
    places = (1.6 + MARGIN, 0.5) + 1.3 * (positions - (0, 0.5))
    nodes = [drawing.unit(f"${k + 1}$", *place, _tone(k), RADIUS) for k, place in enumerate(places)]
    for pair, parallel in itertools.groupby(edges, key=lambda edge: edge[:2]):
        shifts = [shift for _, _, shift in parallel]
        for k, shift in enumerate(shifts):
            bend = 0.22 * (k - (len(shifts) - 1) / 2)
            tone = "orange" if 0 in pair else "blue"
            drawing.line(
                nodes[pair[0]], nodes[pair[1]], tone=tone, dashed=shift != (0, 0), bend=bend
            )
    drawing.label("graph", 1.6 + MARGIN + 0.65, 1 + MARGIN + 0.3, "faint")
    return drawing


def _tone(k):
    return "blue" if k else "orange"


def _edges(positions, cutoff):
    """(i, j, shift) of each pair within the cutoff, once."""
    pairs = itertools.combinations(range(len(positions)), 2)
    return [
        (i, j, shift)
        for i, j in pairs
        for shift in itertools.product((-1, 0, 1), repeat=2)
        if math.dist(positions[i], positions[j] + shift) <= cutoff
    ]
