"""elements.csv agrees with itself and with handbooks."""

import csv
from importlib.resources import files

import numpy as np
import pytest

from nnlib import datasets
from nnlib.datasets import load_elements


class TestElements:
    def test_shape_and_order(self):
        elements = load_elements()
        assert len(elements.symbols) == len(set(elements.symbols)) == len(elements.names) == 118
        assert elements.X.shape == (118, len(elements.property_names)) == (118, 11)
        assert elements["atomic_number"].tolist() == list(range(1, 119))
        assert len(elements.units) == 11 and set(elements.blocks) == set("spdf")
        assert repr(elements).startswith("Elements(118 elements: atomic_number, group, period")

    @pytest.mark.parametrize(
        "symbol, name, known",
        [
            ("H", "hydrogen", {"group": 1, "period": 1, "electronegativity": 2.2}),
            ("C", "carbon", {"covalent_radius": 73, "valence_electrons": 4}),
            ("Fe", "iron", {"atomic_mass": 55.845, "melting_point": 1811.15, "density": 7.87}),
            ("Cu", "copper", {"group": 11, "ionization_energy": 7.72638}),
            ("Sn", "tin", {"melting_point": 505.078, "density": 7.287}),
            ("Au", "gold", {"atomic_number": 79, "covalent_radius": 136, "density": 19.3}),
            ("U", "uranium", {"period": 7, "valence_electrons": 6}),
        ],
    )
    def test_as_handbooks_have_it(self, symbol, name, known):
        elements = load_elements()
        row = elements.symbols.index(symbol)
        assert elements.names[row] == name
        assert {key: elements[key][row] for key in known} == known

    def test_gaps_are_where_they_should_be(self):
        elements = load_elements()
        gaps = {
            name: {s for s, value in zip(elements.symbols, elements[name]) if np.isnan(value)}
            for name in elements.property_names
        }
        for name in ("atomic_number", "period", "atomic_mass", "valence_electrons"):
            assert gaps[name] == set()
        natural = set(elements.symbols[:92])
        assert gaps["electronegativity"] & natural == set("He Ne Ar Kr Rn Pm Eu Tb Yb".split())
        assert gaps["melting_point"] & natural == {"He", "C"}
        assert gaps["density"] & natural == {"At", "Fr"}
        assert gaps["covalent_radius"] & natural == gaps["ionization_energy"] & natural == set()
        f_block = {s for s, block in zip(elements.symbols, elements.blocks) if block == "f"}
        assert gaps["group"] == f_block

    def test_agrees_with_the_octet_table(self):
        elements = load_elements()
        text = files(datasets).joinpath("octet_binaries.csv").read_text(encoding="utf-8")
        for row in csv.DictReader(text.splitlines()):
            for ion in ("cation", "anion"):
                place = elements.symbols.index(row[ion])
                for name in ("electronegativity", "covalent_radius"):
                    assert elements[name][place] == float(row[f"{name}_{ion}"])

    def test_shared_table_cannot_be_changed(self):
        elements = load_elements()
        with pytest.raises(ValueError, match="read-only"):
            elements.X[0, 0] = 2
        with pytest.raises(ValueError, match="read-only"):
            elements["period"][0] = 2
        with pytest.raises(KeyError, match=r"expected one of atomic_number, .* got 'color'"):
            elements["color"]
