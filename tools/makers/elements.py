"""Write nnlib/datasets/elements.csv: properties of the elements, from mendeleev.

mendeleev is no dependency of nnlib. `make data` runs this in an environment apart; by hand, from
the repository's root, with the packages of requirements-data.txt:

    python3 -m tools.makers.elements

The same version writes the same bytes. Columns, units and sources: nnlib/datasets/README.md.
"""

import csv
import sys
from importlib.metadata import version

from tools.common import ROOT

MENDELEEV = "1.3.0"
TARGET = ROOT / "nnlib" / "datasets" / "elements.csv"

# Of the elements with several solid forms in mendeleev: the one that melts at ambient pressure.
MELTING_FORM = {"P": "white", "S": "monoclinic", "Se": "gray", "Sn": "white"}

# mendeleev fills these gaps with calculated densities; we leave them open.
DENSITY_NOT_MEASURED = {"At", "Fr"}  # and all from einsteinium on


def melting_point(element):
    forms = element.phase_transitions
    if element.symbol in MELTING_FORM:
        forms = [form for form in forms if form.allotrope == MELTING_FORM[element.symbol]]
    return forms[0].melting_point if len(forms) == 1 else None


def density(element):
    measured = element.atomic_number < 99 and element.symbol not in DENSITY_NOT_MEASURED
    return element.density if measured else None


COLUMNS = {
    "atomic_number": lambda e: e.atomic_number,
    "symbol": lambda e: e.symbol,
    "name": lambda e: e.name.lower(),
    "group": lambda e: e.group_id,
    "period": lambda e: e.period,
    "block": lambda e: e.block,
    "mendeleev_number": lambda e: e.mendeleev_number,
    "atomic_mass": lambda e: e.atomic_weight,
    "electronegativity": lambda e: e.en_pauling,
    "covalent_radius": lambda e: e.covalent_radius_cordero,
    "valence_electrons": lambda e: e.nvalence(),
    "ionization_energy": lambda e: e.ionenergies.get(1),
    "melting_point": melting_point,
    "density": density,
}


def cell(value):
    """As the file has it: nothing where mendeleev knows no value, else seven digits."""
    if value is None:
        return ""
    return f"{value:.7g}" if isinstance(value, float) else str(value)


def row(element):
    return [cell(value(element)) for value in COLUMNS.values()]


def write(target):
    from mendeleev import get_all_elements

    rows = [row(element) for element in get_all_elements()]  # first, since this takes minutes
    with open(target, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


if __name__ == "__main__":
    if version("mendeleev") != MENDELEEV:
        sys.exit(f"expected mendeleev {MENDELEEV}, got {version('mendeleev')}")
    write(TARGET)
    print(f"wrote {TARGET}")
