"""The elements and some of their properties: what a model of materials knows before it has learned.

Sources, units and limits stand in README.md of this folder.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

UNITS = {
    "atomic_number": "", "group": "", "period": "", "mendeleev_number": "", "atomic_mass": "Da",
    "electronegativity": "Pauling", "covalent_radius": "pm", "valence_electrons": "",
    "ionization_energy": "eV", "melting_point": "K", "density": "g/cm³",
}  # fmt: skip


@dataclass(frozen=True)
class Elements:
    """The 118 elements in the order of their atomic numbers.

    Attributes
    ----------
    symbols, names, blocks : "H" ..., "hydrogen" ..., and "s", "p", "d" or "f"
    X : (118, properties) float64, nan where no value is known; not writable
    property_names, units : of the columns of X
    """

    symbols: tuple[str, ...]
    names: tuple[str, ...]
    blocks: tuple[str, ...]
    X: np.ndarray
    property_names: tuple[str, ...]
    units: tuple[str, ...]

    def __getitem__(self, name):
        """One property of all elements, shape (118,)."""
        if name not in self.property_names:
            raise KeyError(f"expected one of {', '.join(self.property_names)}, got {name!r}")
        return self.X[:, self.property_names.index(name)]

    def __repr__(self):
        return f"Elements({len(self.symbols)} elements: {', '.join(self.property_names)})"


@cache
def load_elements():
    """Properties of the 118 elements, with the gaps of their sources left open.

    >>> elements = load_elements()
    >>> iron = elements.symbols.index("Fe")
    >>> float(elements["electronegativity"][iron])
    1.83
    """
    text = files(__package__).joinpath("elements.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    X = np.array([[float(row[name] or "nan") for name in UNITS] for row in rows])
    X.flags.writeable = False  # every caller gets the same table
    return Elements(
        symbols=tuple(row["symbol"] for row in rows),
        names=tuple(row["name"] for row in rows),
        blocks=tuple(row["block"] for row in rows),
        X=X,
        property_names=tuple(UNITS),
        units=tuple(UNITS.values()),
    )
