"""Alloys by effective-medium theory (EMT): a model potential, quick to compute, not experiment.

Enough data to learn from, every number of which a reader can compute again. Sources, units and
limits stand in README.md of this folder.
"""

import csv
import re
from dataclasses import dataclass
from importlib.resources import files
from math import gcd

import numpy as np

from nnlib.validation import indices

ELEMENTS = ("Al", "Ni", "Cu", "Pd", "Ag", "Pt", "Au")


@dataclass(frozen=True)
class EMTAlloys:
    """n fcc crystals of seven metals at the volume that EMT gives the lowest energy.

    Attributes
    ----------
    X : (n, 7) float64, the fraction of each element
    formation_energy : (n,) float64, eV/atom over the fcc crystals of the pure elements
    lattice_constant : (n,) float64, Å, the side of the fcc cube that holds four atoms
    bulk_modulus : (n,) float64, GPa
    prototypes : "fcc", "L1_2" (A₃B), "L1_0" (AB) or "random"
    formulas : in lowest terms, elements in alphabetical order: "AlNi3"
    sites : the element on each of the 4 or 32 sites, by their numbers in `elements`
    elements : of the columns of X
    """

    X: np.ndarray
    formation_energy: np.ndarray
    lattice_constant: np.ndarray
    bulk_modulus: np.ndarray
    prototypes: list[str]
    formulas: list[str]
    sites: list[np.ndarray]
    elements: tuple[str, ...]

    def __repr__(self):
        return f"EMTAlloys({len(self.X)} fcc alloys of {', '.join(self.elements)}, computed by EMT)"


def load_emt_alloys():
    """2,070 fcc alloys: formation energy, lattice constant and bulk modulus computed by EMT.

    The first 70 rows are ordered (7 elements, 42 of L1_2, 21 of L1_0), the rest random cells of
    2 to 4 elements. Atoms were not relaxed off their sites.

    >>> load_emt_alloys()
    EMTAlloys(2070 fcc alloys of Al, Ni, Cu, Pd, Ag, Pt, Au, computed by EMT)
    """
    text = files(__package__).joinpath("emt_alloys.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    sites = [
        np.array([ELEMENTS.index(symbol) for symbol in re.findall("[A-Z][a-z]", row["sites"])])
        for row in rows
    ]
    counts = [np.bincount(numbers, minlength=len(ELEMENTS)) for numbers in sites]
    energy, constant, modulus = (
        np.array([float(row[name]) for row in rows])
        for name in ("formation_energy", "lattice_constant", "bulk_modulus")
    )
    return EMTAlloys(
        X=np.array([count / count.sum() for count in counts]),
        formation_energy=energy,
        lattice_constant=constant,
        bulk_modulus=modulus,
        prototypes=[row["prototype"] for row in rows],
        formulas=[formula(count) for count in counts],
        sites=sites,
        elements=ELEMENTS,
    )


def formula(counts):
    """The formula in lowest terms of so many atoms of each of the seven elements."""
    lowest = counts // gcd(*counts.tolist())
    pairs = sorted((symbol, n) for symbol, n in zip(ELEMENTS, lowest) if n)
    return "".join(symbol + (str(n) if n > 1 else "") for symbol, n in pairs)


@dataclass(frozen=True)
class EMTBatch:
    """Several crystals as one larger graph without edges between them.

    Attributes
    ----------
    species : (nodes,) int, the element of each atom, by its number in `EMTGraphs.elements`
    edge_index : (2, edges) int, the atom an edge comes from and the one it goes to
    edge_vector : (edges, 3) float32, from the first to the second, Å
    edge_length : (edges,) float32, Å
    graph : (nodes,) int, the crystal each atom is in, 0 for the first of the batch
    energy : (graphs,) float32, eV/atom
    """

    species: np.ndarray
    edge_index: np.ndarray
    edge_vector: np.ndarray
    edge_length: np.ndarray
    graph: np.ndarray
    energy: np.ndarray

    def __repr__(self):
        return (
            f"EMTBatch({len(self.energy)} graphs, {len(self.species)} nodes, "
            f"{self.edge_index.shape[1]} edges)"
        )


@dataclass(frozen=True)
class EMTGraphs:
    """n strained and rattled crystals of 32 atoms, with their energies by EMT.

    Attributes
    ----------
    X : (n, 7) float64, the fraction of each element
    energy : (n,) float32, eV/atom over the fcc crystals of the pure elements
    species : (n, 32) int, the element of each atom, by its number in `elements`
    positions : (n, 32, 3) float32, Å
    sides : (n,) float32, Å, of the cube that is repeated in all directions
    elements : the seven metals
    cutoff : Å, atoms nearer than this are neighbors
    pairs, shifts : one (p, 2) and one (p, 3) int8 array per crystal, each pair of neighbors once:
        two atoms, and by how many sides the second one's image is shifted
    """

    X: np.ndarray
    energy: np.ndarray
    species: np.ndarray
    positions: np.ndarray
    sides: np.ndarray
    elements: tuple[str, ...]
    cutoff: float
    pairs: list[np.ndarray]
    shifts: list[np.ndarray]

    def __len__(self):
        return len(self.energy)

    def __repr__(self):
        return f"EMTGraphs({len(self)} crystals of 32 atoms, computed by EMT)"

    def batch(self, numbers):
        """The crystals with these numbers as one graph, an `EMTBatch`; each edge both ways."""
        numbers = np.atleast_1d(indices("numbers", numbers, len(self)))
        if numbers.ndim != 1 or not len(numbers):
            raise ValueError(f"numbers: expected at least one crystal, got shape {numbers.shape}")
        atoms = self.species.shape[1]
        edges, vectors = [], []
        for place, k in enumerate(numbers):
            i, j = self.pairs[k].T
            vector = self.positions[k][j] + self.shifts[k] * self.sides[k] - self.positions[k][i]
            edges.append(place * atoms + np.array([np.append(i, j), np.append(j, i)], int))
            vectors.append(np.concatenate([vector, -vector]))
        vectors = np.concatenate(vectors)
        return EMTBatch(
            species=self.species[numbers].ravel(),
            edge_index=np.concatenate(edges, axis=1),
            edge_vector=vectors,
            edge_length=np.linalg.norm(vectors, axis=1),
            graph=np.repeat(np.arange(len(numbers)), atoms),
            energy=self.energy[numbers],
        )


def load_emt_graphs():
    """700 strained and rattled fcc crystals with neighbors within 3.6 Å, and energies by EMT.

    >>> graphs = load_emt_graphs()
    >>> graphs.batch([0, 1]).graph.shape
    (64,)
    """
    with files(__package__).joinpath("emt_graphs.npz").open("rb") as file, np.load(file) as arrays:
        a = dict(arrays)
    ends = np.cumsum(a["n_pairs"], dtype=int)[:-1]
    species = a["species"].astype(int)
    return EMTGraphs(
        X=np.array([np.bincount(s, minlength=len(ELEMENTS)) for s in species]) / species.shape[1],
        energy=a["energy"],
        species=species,
        positions=a["positions"],
        sides=a["side"],
        elements=tuple(a["elements"].tolist()),
        cutoff=float(a["cutoff"]),
        pairs=np.split(a["pairs"], ends),
        shifts=np.split(a["shifts"], ends),
    )
