"""Octet binaries: which crystal structure do two elements with eight valence electrons form?

A real classification task old enough to have a literature and small enough to plot whole.
Sources, units and limits stand in README.md of this folder.
"""

import csv
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

FOURFOLD = ("zincblende", "wurtzite", "diamond")  # each atom has four neighbors


@dataclass(frozen=True)
class OctetBinaries:
    """n compounds AB.

    Attributes
    ----------
    X : (n, 2) float64, the electronegativity difference abs(chi_B - chi_A) (Pauling) and the mean
        covalent radius (r_A + r_B) / 2 (pm)
    y : (n,) int, +1 for rock salt (six neighbors) and cesium chloride (eight, only among the
        contested), -1 for zinc blende, wurtzite and diamond (four)
    structures : the structure that y stands for
    alternatives : the structure that another source gives, "" where the sources agree
    contested : (n,) bool, True where they do not
    """

    X: np.ndarray
    y: np.ndarray
    formulas: list[str]
    structures: list[str]
    alternatives: list[str]
    contested: np.ndarray
    feature_names: list[str]
    units: list[str]

    def __repr__(self):
        return (
            f"OctetBinaries({len(self.y)} compounds: {(self.y == 1).sum()} of y = +1, "
            f"{(self.y == -1).sum()} of y = -1; {self.contested.sum()} contested)"
        )


def load_octet_binaries(contested=False):
    """66 octet binaries whose structure the sources agree on; `contested=True` adds 7 more.

    The contested ones come last.
    """
    if not isinstance(contested, (bool, np.bool_)):
        raise TypeError(f"contested: expected True or False, got {type(contested).__name__}")
    text = files(__package__).joinpath("octet_binaries.csv").read_text(encoding="utf-8")
    rows = [r for r in csv.DictReader(text.splitlines()) if contested or r["contested"] == "0"]

    chi_a, chi_b, r_a, r_b = (
        np.array([float(row[f"{quantity}_{ion}"]) for row in rows])
        for quantity in ("electronegativity", "covalent_radius")
        for ion in ("cation", "anion")
    )
    return OctetBinaries(
        X=np.column_stack([np.abs(chi_b - chi_a), (r_a + r_b) / 2]),
        y=np.array([-1 if row["structure"] in FOURFOLD else 1 for row in rows]),
        formulas=[row["formula"] for row in rows],
        structures=[row["structure"] for row in rows],
        alternatives=[row["alternative"] for row in rows],
        contested=np.array([row["contested"] == "1" for row in rows]),
        feature_names=["electronegativity difference", "mean covalent radius"],
        units=["Pauling", "pm"],
    )
