"""A crystal as a graph: neighbors within a cutoff, counted by shells, and one round of messages.

The page computes the same in static/crystal/lattice.js and draws it in static/crystal. Here are the
crystals, the state that the browser and Python share, and the graph and its messages in numpy.
"""

from collections import Counter
from itertools import product
from typing import NamedTuple

import numpy as np
import traitlets

from nnlib.datasets import load_elements
from nnlib.widgets.base import Widget
from nnlib.widgets.traits import Checked, floats, formed, in_order, number, one_of, whole, wrong

CUTOFF = (1.0, 6.0)  # Å
TAU = 1e-9  # Å: rounding does not decide whether an atom at the cutoff is a neighbor
SHARE = 0.1  # of the neighbors' sum, in the update

FCC = [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]
CENTER = [0.5, 0.5, 0.5]


def shifted(fractions, by):
    return ((np.array(fractions) + by) % 1).tolist()


def crystal(label, cell, cutoff, **sites):
    """One entry of CRYSTALS: cell holds the lattice vectors as rows, in Å, or a cube's edge.

    `sites` are fractional coordinates, a list of rows for each element.
    """
    cell = (cell * np.eye(3)).tolist() if np.ndim(cell) == 0 else cell
    elements = [element for element, rows in sites.items() for _ in rows]
    fractions = [row for rows in sites.values() for row in rows]
    return {
        "label": label, "cell": cell, "cutoff": cutoff, "elements": elements, "fractions": fractions
    }  # fmt: skip


# Lattice constants near room temperature, rounded. Crystallography Open Database, entries 9003308
# (NaCl), 9008789 (CsCl), 9000107 (ZnS), 9008564 (diamond), 9008536 (Fe) and 9008506 (Mg); Cu₃Au:
# http://ressources.univ-lemans.fr/AccesLibre/UM/Pedago/physique/02b/cristallo/alliagesaucu.html;
# SrTiO₃: https://scripts.iucr.org/cgi-bin/paper?sh5025. `cutoff` is where the page begins.
CRYSTALS = {
    "NaCl": crystal("NaCl, rock salt", 5.64, 3.6, Na=shifted(FCC, CENTER), Cl=FCC),
    "CsCl": crystal("CsCl", 4.12, 4.6, Cs=[CENTER], Cl=[[0, 0, 0]]),
    "ZnS": crystal("ZnS, zinc blende", 5.41, 3.0, Zn=shifted(FCC, 0.25), S=FCC),
    "diamond": crystal("C, diamond", 3.57, 2.0, C=shifted(FCC, 0.25) + FCC),
    "Cu3Au": crystal("Cu₃Au, ordered fcc (L1₂)", 3.75, 3.4, Cu=FCC[1:], Au=FCC[:1]),
    "Fe": crystal("Fe, bcc", 2.87, 3.4, Fe=[CENTER, [0, 0, 0]]),
    "Mg": crystal(
        "Mg, hcp", [[3.21, 0, 0], [-3.21 / 2, 3.21 * 3**0.5 / 2, 0], [0, 0, 5.21]], 3.8,
        Mg=[[2 / 3, 1 / 3, 1 / 2], [0, 0, 0]],
    ),
    "SrTiO3": crystal(
        "SrTiO₃, perovskite", 3.905, 3.0,
        Ti=[CENTER], Sr=[[0, 0, 0]], O=[[0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]],
    ),
}  # fmt: skip

_elements = load_elements()
ELECTRONEGATIVITY = {  # of the elements in CRYSTALS, on Pauling's scale
    symbol: float(_elements["electronegativity"][_elements.symbols.index(symbol)])
    for symbol in sorted({e for entry in CRYSTALS.values() for e in entry["elements"]})
}


class Edges(NamedTuple):
    """The edges of a periodic graph, one per row.

    An edge leads from atom `source`, in the cell that is `shift` cells away, to atom `target`;
    `vector` is the way from the target to that image of the source.
    """

    source: np.ndarray  # (edges,) int
    target: np.ndarray  # (edges,) int
    shift: np.ndarray  # (edges, 3) int
    vector: np.ndarray  # (edges, 3), Å
    distance: np.ndarray  # (edges,), Å


class Messages(NamedTuple):
    """One round of message passing."""

    message: np.ndarray  # (edges,) weight of the edge times the number of its source
    sum: np.ndarray  # (atoms,) of the messages that arrive
    updated: np.ndarray  # (atoms,) number + 0.1 sum


def find_edges(cell, fractions, cutoff):
    """All pairs of atoms at most `cutoff` apart, by going through all images that may be so near.

    `cell` (3, 3) has the lattice vectors as rows, in Å; `fractions` (atoms, 3) lie in 0 ... 1.
    Targets are in order, and the sources of each from near to far. Returns Edges.
    """
    cell, fractions = np.array(cell), np.array(fractions)
    # Planes of the lattice are 1 / |reciprocal vector| apart, and fractions differ by less than 1.
    most = np.floor(cutoff * np.linalg.norm(np.linalg.inv(cell), axis=0) + TAU).astype(int) + 1
    shifts = np.array(list(product(*[range(-n, n + 1) for n in most])))  # (images, 3)
    between = fractions[None, :, None] - fractions[:, None, None] + shifts  # target, source, image
    vectors = between @ cell
    distances = np.linalg.norm(vectors, axis=-1)
    target, source, image = np.nonzero((distances > TAU) & (distances <= cutoff + TAU))
    found = distances[target, source, image]
    order = np.lexsort([image, source, found.round(6), target])
    target, source, image = target[order], source[order], image[order]
    return Edges(source, target, shifts[image], vectors[target, source, image], found[order])


def weight(distance, cutoff):
    """½ (1 + cos(π d / cutoff)): 1 at distance 0, falling smoothly to 0 at the cutoff.

    Source: Behler and Parrinello (2007), Physical Review Letters 98, 146401, eq. 3.
    """
    return 0.5 * (1 + np.cos(np.pi * np.minimum(distance / cutoff, 1)))


def view_angles(name, value):
    """Turn and tilt in degrees."""
    expected = "two numbers of degrees, from -180 to 180 and from -90 to 90"
    array = floats(name, value, expected)
    if array.shape != (2,) or np.any(np.abs(array) > [180, 90]):
        raise wrong(name, expected, value)
    return array.tolist()


formed(view_angles, "array", ["number", -180, 180], 2, 2)


class CrystalPlayground(Widget):
    """A crystal to turn, its neighbors within a cutoff, and one round of messages between them.

    Parameters
    ----------
    structure : "NaCl", "CsCl", "ZnS", "diamond", "Cu3Au", "Fe", "Mg" or "SrTiO3"
    cutoff : float, 1 to 6 Å
        Atoms at most this far apart are neighbors, images in other cells included. By default
        the first one or two shells are.
    atom : int, the chosen atom of the unit cell, from 0; 0 where a new structure has no such atom
    start : "electronegativity" or "element"
        What number an atom begins with: its element's electronegativity on Pauling's scale, or 1
        for the first element and 0 for the others.
    step : int, 0 to 3: the start, the messages, their sums, the update
    repeat : int, 1 to 3 cells drawn along each axis, which changes no number
    angles : turn and tilt of the view in degrees, -180 to 180 and -90 to 90

    Notes
    -----
    The traits of the same names follow the page and can be assigned; `edges` is the graph on
    screen, `numbers` what its atoms begin with, and `messages()` one round between them: an edge
    of length d has the weight ½ (1 + cos(π d / cutoff)), its message is this times the number of
    the atom it comes from, and an atom's new number is the old one plus a tenth of the sum. This is
    `nnlib.GraphConv` with W_root = 1, W_rel = 0.1 and b = 0.

    Lattice constants in Å: NaCl 5.64, CsCl 4.12, ZnS 5.41, diamond 3.57, Cu₃Au 3.75, Fe 2.87,
    Mg 3.21 and 5.21, SrTiO₃ 3.905, measured near room temperature and rounded; the sources stand
    in crystal.py. Electronegativities are those of `nnlib.datasets.load_elements`.

    Raises
    ------
    ValueError
        Naming the argument that does not fit, what was expected and what came.

    Examples
    --------
    >>> playground = CrystalPlayground("NaCl", cutoff=4.2, start="element")
    >>> playground.shells()
    [(6, 'Cl', 2.82), (12, 'Na', 3.988)]
    >>> playground.messages().updated.round(4)
    array([1.0075, 1.0075, 1.0075, 1.0075, 0.1461, 0.1461, 0.1461, 0.1461])
    """

    _module = "crystal"
    _linked = ("structure", "cutoff", "atom", "start", "step", "repeat", "angles")
    _crystals = in_order(traitlets.Dict(CRYSTALS))
    _electronegativity = traitlets.Dict(ELECTRONEGATIVITY).tag(sync=True)

    structure = Checked(one_of(CRYSTALS))
    cutoff = Checked(number(*CUTOFF))
    atom = Checked(whole(0, 7), 0)
    start = Checked(one_of(["electronegativity", "element"]), "electronegativity")
    step = Checked(whole(0, 3), 0)
    repeat = Checked(whole(1, 3), 1)
    angles = Checked(view_angles, [24.0, 16.0])

    def __init__(self, structure="NaCl", cutoff=None, **traits):
        structure = one_of(CRYSTALS)("structure", structure)
        unknown = set(traits) - {"atom", "start", "step", "repeat", "angles"}
        if unknown:
            raise TypeError(f"CrystalPlayground has no argument {', '.join(sorted(unknown))}")
        cutoff = CRYSTALS[structure]["cutoff"] if cutoff is None else cutoff
        super().__init__(structure=structure, cutoff=cutoff, **traits)

    @traitlets.validate("atom")
    def _atom_of_the_cell(self, proposal):
        return whole(0, len(self.elements) - 1)("atom", proposal["value"])

    @traitlets.observe("structure")
    def _first_atom(self, change):
        if self.atom >= len(self.elements):
            self.atom = 0

    @property
    def elements(self):
        """The symbols of the atoms of the unit cell, a list."""
        return CRYSTALS[self.structure]["elements"]

    @property
    def numbers(self):
        """What the atoms of the unit cell begin with, shape (atoms,)."""
        if self.start == "electronegativity":
            return np.array([ELECTRONEGATIVITY[element] for element in self.elements])
        return np.array([float(element == self.elements[0]) for element in self.elements])

    @property
    def edges(self):
        """The graph of the unit cell: the Edges within the cutoff."""
        crystal = CRYSTALS[self.structure]
        return find_edges(crystal["cell"], crystal["fractions"], self.cutoff)

    def shells(self, atom=None):
        """Neighbors of an atom (the chosen one by default), near to far: (count, element, Å)."""
        edges, atom = self.edges, self.atom if atom is None else atom
        near = [e for e, target in enumerate(edges.target) if target == atom]
        kinds = [(self.elements[edges.source[e]], float(edges.distance[e].round(3))) for e in near]
        return [(count, *kind) for kind, count in Counter(kinds).items()]

    def messages(self):
        """One round of Messages along the edges."""
        edges, numbers = self.edges, self.numbers
        message = weight(edges.distance, self.cutoff) * numbers[edges.source]
        total = np.bincount(edges.target, message, minlength=len(numbers))
        return Messages(message, total, numbers + SHARE * total)

    def _turned(self, points):
        """Points (n, 3) in Å, seen under the angles: to the right, up and toward the eye."""
        turn, tilt = np.radians(self.angles)
        x, y, z = np.moveaxis(np.asarray(points, float), -1, 0)
        right, back = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
        up, front = z * np.cos(tilt) + back * np.sin(tilt), z * np.sin(tilt) - back * np.cos(tilt)
        return np.stack([right, up, front], axis=-1)

    def static_figure(self):
        """The unit cell with the atoms on its faces, and the edges of the chosen atom."""
        from matplotlib.figure import Figure

        crystal, edges = CRYSTALS[self.structure], self.edges
        cell, fractions = np.array(crystal["cell"]), np.array(crystal["fractions"])
        corners = np.array(list(product([0, 1], repeat=3)))
        inside = [  # (atom, position in the cell), images on the far faces included
            (atom, f + shift)
            for atom, f in enumerate(fractions)
            for shift in corners
            if (f + shift < 1 + TAU).all()
        ]
        copies = [f for atom, f in inside if atom == self.atom]
        chosen = min(copies, key=lambda f: np.linalg.norm((f - 0.5) @ cell).round(6)) @ cell
        own = edges.target == self.atom
        near = list(zip(edges.source[own], chosen + edges.vector[own], strict=True))
        atoms = [(atom, f @ cell) for atom, f in inside] + near

        figure = Figure(figsize=(5.6, 5.2), layout="constrained")
        ax = figure.subplots()
        for a in corners:
            for b in a + np.eye(3, dtype=int)[a == 0]:
                ax.plot(*self._turned([a @ cell, b @ cell])[:, :2].T, color="#7a8490", lw=1)
        for _, at in near:
            ax.plot(*self._turned([at, chosen])[:, :2].T, color="#1b2129", lw=2)
        kinds = list(dict.fromkeys(self.elements))
        looks = [
            ("o", "#d9975f", "#b84a00"),
            ("o", "#9ec0de", "#0f62ab"),
            ("D", "#7fb9ac", "#00735a"),
        ]
        seen = self._turned([at for _, at in atoms])
        for k in np.argsort(seen[:, 2], kind="stable"):
            element = self.elements[atoms[k][0]]
            shape, face, rim = looks[kinds.index(element)]
            rim = "#a3123f" if np.allclose(atoms[k][1], chosen) else rim
            width = 3 if rim == "#a3123f" else 1.5
            ax.plot(*seen[k, :2], shape, ms=19, mfc=face, mec=rim, mew=width, zorder=3)
            ax.text(*seen[k, :2], element, ha="center", va="center_baseline", zorder=3)
        ax.set_aspect("equal")
        ax.margins(0.08)
        ax.axis("off")
        shells = self.shells()[:4]
        counted = ", ".join(f"{n} {element} at {d:.2f} Å" for n, element, d in shells)
        has = f"{counted}{' and more' if len(self.shells()) > 4 else ''}" if shells else "none"
        alternative = (
            f"The unit cell of {crystal['label']}, its atoms as marked balls, and lines from one "
            f"{self.elements[self.atom]} atom to its neighbors within {self.cutoff:g} Å."
        )
        caption = (
            f"The unit cell of {crystal['label']}. Neighbors of the ringed "
            f"{self.elements[self.atom]} within {self.cutoff:g} Å, images in other cells included: "
            f"{has}. On the page with JavaScript, the crystal can be turned."
        )
        return figure, alternative, caption
