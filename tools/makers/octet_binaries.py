"""Write nnlib/datasets/octet_binaries.csv: structures from the literature, numbers from mendeleev.

mendeleev is no dependency of nnlib; run this from the repository's root in an environment apart:

    python3 -m venv /tmp/octet && /tmp/octet/bin/pip install mendeleev==1.3.0 \
        && /tmp/octet/bin/python -m tools.makers.octet_binaries

The same version writes the same bytes. Sources of the structures: nnlib/datasets/README.md.
"""

import csv
import re
import sys
from importlib.metadata import version

from tools.common import ROOT

MENDELEEV = "1.3.0"
TARGET = ROOT / "nnlib" / "datasets" / "octet_binaries.csv"

CONSENSUS = {
    "rocksalt": """
        LiF LiCl LiBr NaF NaCl NaBr NaI MgO MgS KF KCl KBr KI CaO CaS CaSe CaTe RbCl RbBr RbI
        SrO SrS SrSe SrTe AgF AgCl AgBr CdO CsF BaO BaS BaSe BaTe""",
    "zincblende": """
        BeS BeSe BeTe BN BP BAs AlP AlAs AlSb SiC CuCl CuBr ZnS ZnSe ZnTe GaP GaAs GaSb CdTe
        InP InAs InSb""",
    "wurtzite": "BeO AlN ZnO GaN AgI CdS CdSe",
    "diamond": "C Si Ge Sn",
}

# formula: (structure most often quoted at ambient conditions, structure another source gives)
CONTESTED = {
    "LiI": ("rocksalt", "wurtzite"),
    "MgSe": ("rocksalt", "wurtzite"),
    "MgTe": ("wurtzite", "rocksalt"),
    "RbF": ("rocksalt", "cesium chloride"),
    "CsCl": ("cesium chloride", "rocksalt"),
    "CsBr": ("cesium chloride", "rocksalt"),
    "CsI": ("cesium chloride", "rocksalt"),
}


def compounds():
    """One (formula, structure, alternative, contested) per row of the file, in its order."""
    for structure, formulas in CONSENSUS.items():
        for formula in formulas.split():
            yield formula, structure, "", 0
    for formula, (structure, alternative) in CONTESTED.items():
        yield formula, structure, alternative, 1


def ions(formula):
    """The element of the cation and of the anion, the same one twice for an elemental crystal."""
    symbols = re.findall("[A-Z][a-z]?", formula)
    return symbols[0], symbols[-1]


def write(target):
    from mendeleev import element

    rows = []  # all of them first, so that a failure leaves the file as it is
    for formula, structure, alternative, contested in compounds():
        a, b = (element(symbol) for symbol in ions(formula))
        rows.append(
            [formula, a.symbol, b.symbol, structure, alternative, contested,
             f"{a.en_pauling:.2f}", f"{b.en_pauling:.2f}",
             f"{a.covalent_radius_cordero:.0f}", f"{b.covalent_radius_cordero:.0f}"]
        )
    with open(target, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ["formula", "cation", "anion", "structure", "alternative", "contested",
             "electronegativity_cation", "electronegativity_anion",
             "covalent_radius_cation", "covalent_radius_anion"]
        )
        writer.writerows(rows)


if __name__ == "__main__":
    if version("mendeleev") != MENDELEEV:
        sys.exit(f"expected mendeleev {MENDELEEV}, got {version('mendeleev')}")
    write(TARGET)
    print(f"wrote {TARGET}")
