"""Write nnlib/datasets/emt_alloys.csv: fcc alloys, computed with effective-medium theory (EMT).

ASE is no dependency of nnlib. `make data` runs this and all its siblings in an environment apart;
by hand, from the repository's root, with the packages of requirements-data.txt:

    python3 -m tools.makers.emt_alloys

About 2,000 structures take some minutes on two processes. Columns, units and limits:
nnlib/datasets/README.md.
"""

import csv
import itertools
import multiprocessing
import os
from functools import cache

from tools.common import ROOT

os.environ.setdefault("OMP_NUM_THREADS", "1")  # the processes are the parallelism here

import numpy as np
from ase import Atoms
from ase.build import bulk
from ase.calculators.emt import EMT
from ase.data import atomic_numbers, reference_states
from ase.eos import EquationOfState
from ase.units import GPa

ELEMENTS = ("Al", "Ni", "Cu", "Pd", "Ag", "Pt", "Au")  # the metals that EMT has parameters for
RANDOM = 2000
SEED = 20250101
TARGET = ROOT / "nnlib" / "datasets" / "emt_alloys.csv"


def arrangements(n, seed):
    """One (prototype, element of each site) per structure: 70 ordered ones, then n random ones.

    The 4 sites of an ordered cell and the 32 of a random one are those of `sites`.
    """
    for a in ELEMENTS:
        yield "fcc", [a] * 4
    for a, b in itertools.permutations(ELEMENTS, 2):
        yield "L1_2", [a, b, b, b]  # a on the corners, b on the faces
    for a, b in itertools.combinations(ELEMENTS, 2):
        yield "L1_0", [a, b, b, a]  # layers across z: sites 0 and 3 at z = 0, 1 and 2 at 1/2
    rng = np.random.default_rng(seed)
    for _ in range(n):
        k = rng.choice([2, 3, 4], p=[0.4, 0.4, 0.2])
        chosen = rng.choice(ELEMENTS, k, replace=False)
        counts = np.zeros(k, int)
        while counts.min() == 0:
            counts = rng.multinomial(32, rng.dirichlet(np.ones(k)))
        yield "random", rng.permutation(np.repeat(chosen, counts)).tolist()


def sites(n):
    """An fcc crystal of lattice constant 1 Å whose periodic cell has 4 or 32 sites."""
    return bulk("Cu", "fcc", a=1, cubic=True).repeat({4: 1, 32: 2}[n])


def alloy(symbols, lattice_constant):
    """The fcc crystal with these elements on its sites; lattice constant in Å."""
    atoms = sites(len(symbols))
    atoms.set_chemical_symbols(symbols)
    atoms.set_cell(atoms.cell * lattice_constant, scale_atoms=True)
    return atoms


def equilibrium(symbols, guess):
    """Energy (eV/atom), volume (Å³/atom) and bulk modulus (GPa) where the energy is lowest.

    The cell only swells and shrinks: atoms stay on their sites, the shape stays cubic. A
    third-order Birch-Murnaghan equation of state is fitted to seven lattice constants within 3 %
    of the guess (Å), and again around the fitted one, until the two agree.
    """
    while True:
        crystals = [alloy(symbols, guess * s) for s in np.linspace(0.97, 1.03, 7)]
        for atoms in crystals:
            atoms.calc = EMT()
        volumes, energies = (
            np.array([quantity(atoms) / len(symbols) for atoms in crystals])
            for quantity in (Atoms.get_volume, Atoms.get_potential_energy)
        )
        volume, energy, modulus = EquationOfState(volumes, energies, "birchmurnaghan").fit()
        found = (4 * volume) ** (1 / 3)
        if abs(found / guess - 1) < 1e-4:
            return energy, volume, modulus / GPa
        guess = found


@cache
def pure(element):
    atomic_number = atomic_numbers[element]
    return equilibrium([element] * 4, guess=reference_states[atomic_number]["a"])


def mean_of_elements(symbols):
    """Energy (eV/atom) and volume (Å³/atom) of the pure fcc elements, mixed in proportion."""
    return np.mean([pure(s)[:2] for s in symbols], axis=0)


def compute(symbols):
    """Formation energy (eV/atom), lattice constant (Å) and bulk modulus (GPa) of an arrangement."""
    energy_apart, volume_apart = mean_of_elements(symbols)
    energy, volume, modulus = equilibrium(symbols, guess=(4 * volume_apart) ** (1 / 3))
    return energy - energy_apart, (4 * volume) ** (1 / 3), modulus


def written(symbols):
    """The computed numbers as the file has them."""
    energy, lattice_constant, modulus = compute(symbols)
    return [f"{round(energy, 6) + 0:.6f}", f"{lattice_constant:.5f}", f"{modulus:.3f}"]


def write(target):
    structures = list(arrangements(RANDOM, SEED))
    with multiprocessing.Pool(2) as pool:
        numbers = pool.map(written, [symbols for _, symbols in structures], chunksize=16)
    with open(target, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ["prototype", "sites", "formation_energy", "lattice_constant", "bulk_modulus"]
        )
        for (prototype, symbols), row in zip(structures, numbers):
            writer.writerow([prototype, "".join(symbols), *row])


if __name__ == "__main__":
    write(TARGET)
    print(f"wrote {TARGET}")
