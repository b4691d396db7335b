"""Write nnlib/datasets/emt_graphs.npz: strained and rattled fcc cells with their neighbors.

Energies are effective-medium theory's (EMT), computed with ASE, which is no dependency of nnlib.
`make data` runs this in an environment apart; by hand, from the repository's root, with the
packages of requirements-data.txt:

    python3 -m tools.makers.emt_graphs

Columns, units and limits: nnlib/datasets/README.md.
"""

import numpy as np
from ase import Atoms
from ase.calculators.emt import EMT
from ase.neighborlist import neighbor_list

from tools.common import ROOT
from tools.makers.emt_alloys import ELEMENTS, alloy, arrangements, mean_of_elements

RANDOM = 630
SEED = 20250102
STRAIN = 0.02  # most that a lattice constant is off that of the elements' mean volume
RATTLE = 0.05  # standard deviation of each coordinate, Å
CUTOFF = 3.6  # Å: the nearest neighbors of every cell, and a few of the next of the small ones
TARGET = ROOT / "nnlib" / "datasets" / "emt_graphs.npz"


def cells():
    """One strained and rattled crystal of 32 atoms per graph, coordinates rounded to float32."""
    rng = np.random.default_rng(SEED)
    for _, symbols in arrangements(RANDOM, SEED):
        if len(symbols) == 4:
            symbols = symbols * 8  # the ordered cell, repeated twice along each axis
        _, volume = mean_of_elements(symbols)
        atoms = alloy(symbols, (4 * volume) ** (1 / 3) * (1 + rng.uniform(-STRAIN, STRAIN)))
        moved = atoms.positions + rng.normal(scale=RATTLE, size=(32, 3))
        yield crystal(symbols, moved.astype(np.float32), atoms.cell[0, 0].astype(np.float32))


def crystal(symbols, positions, side):
    """A cube of periodic crystal: atoms at these positions (32, 3), side in Å."""
    return Atoms(symbols, positions=positions, cell=[side] * 3, pbc=True)


def energy(atoms):
    """The energy that is over that of the pure fcc elements at their best volume, eV/atom."""
    atoms.calc = EMT()
    apart, _ = mean_of_elements(atoms.get_chemical_symbols())
    return atoms.get_potential_energy() / len(atoms) - apart


def pairs(atoms):
    """Each pair of atoms nearer than the cutoff once: (i, j) and the periodic image of j."""
    i, j, shift = neighbor_list("ijS", atoms, CUTOFF)
    once = i < j  # no atom of these cells has an image of its own within the cutoff
    return np.column_stack([i, j])[once], shift[once]


def columns():
    crystals = list(cells())
    neighbors = [pairs(atoms) for atoms in crystals]
    return {
        "elements": np.array(ELEMENTS),
        "species": np.array(
            [[ELEMENTS.index(s) for s in atoms.get_chemical_symbols()] for atoms in crystals],
            np.uint8,
        ),
        "positions": np.array([atoms.positions for atoms in crystals], np.float32),
        "side": np.array([atoms.cell[0, 0] for atoms in crystals], np.float32),
        "cutoff": np.array(CUTOFF),
        "pairs": np.concatenate([found for found, _ in neighbors]).astype(np.int8),
        "shifts": np.concatenate([shift for _, shift in neighbors]).astype(np.int8),
        "n_pairs": np.array([len(found) for found, _ in neighbors], np.uint16),
        "energy": np.array([energy(atoms) for atoms in crystals], np.float32),
    }


if __name__ == "__main__":
    np.savez_compressed(TARGET, **columns())
    print(f"wrote {TARGET}")
