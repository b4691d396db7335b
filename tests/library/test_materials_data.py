"""The materials data files: what is in them agrees with itself, the literature and their scripts.

Where ASE or mendeleev is not installed (requirements-data.txt), nothing is computed again.
"""

import csv
import importlib
import re
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures

from nnlib import datasets
from nnlib.datasets import load_elements, load_emt_alloys, load_emt_graphs
from nnlib.materials import fractions, group_by_chemical_system, leave_one_element_out

METALS = ("Al", "Ni", "Cu", "Pd", "Ag", "Pt", "Au")


def table(name):
    text = files(datasets).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@pytest.fixture(scope="module")
def alloys():
    return load_emt_alloys()


@pytest.fixture(scope="module")
def graphs():
    return load_emt_graphs()


def script(name, package):
    """A module of tools/makers, or a skipped test where its package is missing."""
    pytest.importorskip(package, reason=f"{package} is not installed (requirements-data.txt)")
    return importlib.import_module(f"tools.makers.{name}")


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
        for row in table("octet_binaries.csv"):
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

    @pytest.mark.parametrize("symbol", ["H", "C", "Al", "P", "Fe", "Sn", "Eu", "At", "U", "Og"])
    def test_a_row_made_again(self, symbol):
        make = script("elements", "mendeleev")
        from mendeleev import element

        [shipped] = [row for row in table("elements.csv") if row["symbol"] == symbol]
        assert list(shipped) == list(make.COLUMNS)
        assert list(shipped.values()) == make.row(element(symbol))


class TestAlloys:
    def test_rows(self, alloys):
        kinds = {kind: alloys.prototypes.count(kind) for kind in ("fcc", "L1_2", "L1_0", "random")}
        assert kinds == {"fcc": 7, "L1_2": 42, "L1_0": 21, "random": 2000}
        assert len(alloys.prototypes) == 2070 and alloys.elements == METALS
        assert alloys.X.shape == (2070, 7)
        np.testing.assert_allclose(alloys.X.sum(axis=1), 1)
        for column in (alloys.formation_energy, alloys.lattice_constant, alloys.bulk_modulus):
            assert column.shape == (2070,) and np.isfinite(column).all()
        assert "computed by EMT" in repr(alloys)

    def test_sites_formulas_and_fractions_say_the_same(self, alloys):
        np.testing.assert_allclose(fractions(alloys.formulas, METALS), alloys.X)
        raw = [row["sites"] for row in table("emt_alloys.csv")]
        np.testing.assert_allclose(fractions(raw, METALS), alloys.X)
        assert all(set(re.findall("[A-Z][a-z]", sites)) <= set(METALS) for sites in raw)
        assert {len(s) for s in alloys.sites[:70]} == {4}
        assert {len(s) for s in alloys.sites[70:]} == {32}
        assert alloys.formulas[7] == "AlNi3" and alloys.formulas[49] == "AlNi"
        systems = group_by_chemical_system(alloys.formulas[70:])
        assert {len(system.split("-")) for system in systems} == {2, 3, 4}

    def test_pure_metals_are_the_zero_and_near_nature(self, alloys):
        assert alloys.formation_energy[:7].tolist() == [0] * 7
        measured = [4.05, 3.52, 3.61, 3.89, 4.09, 3.92, 4.08]  # Å, lattice constants of the metals
        np.testing.assert_allclose(alloys.lattice_constant[:7], measured, rtol=0.015)

    def test_emt_misses_signs_as_the_readme_says(self, alloys):
        energy = dict(zip(alloys.formulas[:70], alloys.formation_energy))
        assert energy["AlNi3"] == pytest.approx(0.26, abs=0.005)  # in nature far below zero

    def test_same_composition_scatters_as_the_readme_says(self, alloys):
        """Pooled standard deviation over compositions that occur more than once."""
        random = np.array(alloys.prototypes) == "random"
        names, energies = np.array(alloys.formulas)[random], alloys.formation_energy[random]
        groups = [energies[names == name] for name in set(names.tolist())]
        variances = [group.var(ddof=1) for group in groups if len(group) > 1]
        assert len(variances) > 100
        assert np.sqrt(np.mean(variances)) == pytest.approx(0.005, abs=0.0005)

    def test_easy_within_and_hard_without_an_element(self, alloys):
        y = alloys.formation_energy
        quadratic = make_pipeline(PolynomialFeatures(2), Ridge(1e-3))

        def error(cv):
            return -cross_val_score(quadratic, alloys.X, y, cv=cv,
                                    scoring="neg_mean_absolute_error").mean()

        constant = np.abs(y - y.mean()).mean()
        assert error(KFold(5, shuffle=True, random_state=0)) < 0.2 * constant
        splits = leave_one_element_out(alloys.formulas)
        assert error([(train, test) for _, train, test in splits]) > 0.8 * constant

    def test_arrangements_are_those_of_the_script(self, alloys):
        make = script("emt_alloys", "ase")
        assert make.ELEMENTS == METALS
        made = [(kind, "".join(sites)) for kind, sites in make.arrangements(make.RANDOM, make.SEED)]
        assert [(r["prototype"], r["sites"]) for r in table("emt_alloys.csv")] == made

    @pytest.mark.parametrize("row", [0, 6, 7, 30, 49, 69, 70, 1000, 2069])
    def test_a_row_computed_again(self, row):
        make = script("emt_alloys", "ase")
        shipped = table("emt_alloys.csv")[row]
        energy, constant, modulus = make.compute(re.findall("[A-Z][a-z]", shipped["sites"]))
        assert float(shipped["formation_energy"]) == pytest.approx(energy, abs=2e-6)
        assert float(shipped["lattice_constant"]) == pytest.approx(constant, abs=2e-5)
        assert float(shipped["bulk_modulus"]) == pytest.approx(modulus, abs=0.02)

    @pytest.mark.parametrize("row, close", [(2, 0.01), (9, 0.02), (500, 0.02), (50, 0.3)])
    def test_minimum_and_curvature_without_an_equation_of_state(self, row, close):
        """At the shipped lattice constant the energy is lowest, and curved as the modulus says.

        Row 50 is Al-Cu, where the README warns of waves in EMT's energy.
        """
        make = script("emt_alloys", "ase")
        from ase.calculators.emt import EMT
        from ase.units import GPa

        shipped = table("emt_alloys.csv")[row]
        symbols = re.findall("[A-Z][a-z]", shipped["sites"])

        def energy(volume):
            atoms = make.alloy(symbols, (4 * volume) ** (1 / 3))
            atoms.calc = EMT()
            return atoms.get_potential_energy() / len(symbols)

        volume = float(shipped["lattice_constant"]) ** 3 / 4
        h = 0.003 * volume
        low, middle, high = energy(volume - h), energy(volume), energy(volume + h)
        pressure = (low - high) / (2 * h) / GPa
        modulus = volume * (low - 2 * middle + high) / h**2 / GPa
        assert abs(pressure) < 0.005 * modulus
        assert modulus == pytest.approx(float(shipped["bulk_modulus"]), rel=close)
        apart, _ = make.mean_of_elements(symbols)
        assert middle - apart == pytest.approx(float(shipped["formation_energy"]), abs=7e-4)

    def test_prototypes_have_their_neighbors(self):
        """L1_2: the minority has 12 unlike neighbors. L1_0: everyone has 8 unlike and 4 like."""
        make = script("emt_alloys", "ase")
        from ase.neighborlist import neighbor_list

        unlike = {}
        for kind, symbols in make.arrangements(0, 0):
            atoms = make.alloy(symbols, 4.0)
            i, j = neighbor_list("ij", atoms, 3.0)
            assert np.bincount(i).tolist() == [12] * 4
            number = np.array(symbols)
            unlike.setdefault(kind, set()).add(
                tuple(np.bincount(i, number[i] != number[j]).astype(int).tolist())
            )
        assert unlike == {"fcc": {(0,) * 4}, "L1_2": {(12, 4, 4, 4)}, "L1_0": {(8,) * 4}}


class TestGraphs:
    def test_shapes(self, graphs):
        assert len(graphs) == len(graphs.pairs) == len(graphs.shifts) == 700
        assert graphs.species.shape == (700, 32) and graphs.positions.shape == (700, 32, 3)
        assert graphs.elements == METALS and graphs.cutoff == 3.6
        assert graphs.energy.dtype == graphs.positions.dtype == np.float32
        np.testing.assert_allclose(graphs.X.sum(axis=1), 1)
        assert "computed by EMT" in repr(graphs)
        assert sum(map(len, graphs.pairs)) == 140357  # as the README says

    def test_file_holds_plain_arrays(self):
        path = files(datasets).joinpath("emt_graphs.npz")
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            assert all(arrays[name].dtype.kind in "uifU" for name in arrays)
        assert len(path.read_bytes()) < 1_000_000

    @pytest.mark.parametrize("crystal", [0, 1, 10, 55, 69, 70, 400, 699])
    def test_neighbors_by_brute_force(self, graphs, crystal):
        """Every atom against every image in the 27 cubes around."""
        batch = graphs.batch([crystal])
        positions = graphs.positions[crystal].astype(float)
        shifts = np.stack(np.meshgrid(*[[-1, 0, 1]] * 3), -1).reshape(-1, 3)
        images = positions[None] + shifts[:, None] * float(graphs.sides[crystal])
        lengths = np.linalg.norm(images[:, None] - positions[None, :, None], axis=-1)
        near = lengths[(lengths < graphs.cutoff) & (lengths > 1e-6)]
        assert len(near) == batch.edge_index.shape[1]
        np.testing.assert_allclose(np.sort(batch.edge_length), np.sort(near), atol=1e-5)

    @given(st.lists(st.integers(0, 699), min_size=1, max_size=5))
    @settings(deadline=None)
    def test_a_batch_is_its_crystals_apart(self, numbers):
        graphs = load_emt_graphs()
        batch = graphs.batch(numbers)
        source, target = batch.edge_index
        assert batch.graph.tolist() == np.repeat(range(len(numbers)), 32).tolist()
        np.testing.assert_array_equal(batch.graph[source], batch.graph[target])
        np.testing.assert_array_equal(batch.energy, graphs.energy[numbers])
        np.testing.assert_allclose(
            np.linalg.norm(batch.edge_vector, axis=1), batch.edge_length, rtol=1e-6
        )
        assert batch.edge_vector.dtype == batch.edge_length.dtype == np.float32
        assert batch.edge_length.max() < graphs.cutoff + 1e-5
        for place, number in enumerate(numbers):
            alone = graphs.batch(number)
            mine = batch.graph[source] == place
            np.testing.assert_array_equal(batch.edge_index[:, mine] - 32 * place, alone.edge_index)
            np.testing.assert_array_equal(batch.edge_vector[mine], alone.edge_vector)
            np.testing.assert_array_equal(batch.species[batch.graph == place], alone.species)

    def test_edges_come_both_ways(self, graphs):
        batch = graphs.batch([3, 500])
        there = {(*e, *v) for e, v in zip(batch.edge_index.T.tolist(), batch.edge_vector.tolist())}
        back = {(j, i, -x, -y, -z) for i, j, x, y, z in there}
        assert there == back and len(there) == batch.edge_index.shape[1]

    @pytest.mark.parametrize(
        "numbers, error, words",
        [
            ([700], ValueError, "numbers: expected integers from 0 to 699, got 700 to 700"),
            ([-1], ValueError, "numbers: expected integers from 0 to 699"),
            ([0.5], TypeError, "numbers: expected integers, got dtype float64"),
            (np.zeros(0, int), ValueError, "numbers: expected at least one crystal"),
            ([[0, 1]], ValueError, r"numbers: expected .* got shape \(1, 2\)"),
        ],
    )
    def test_bad_batches(self, graphs, numbers, error, words):
        with pytest.raises(error, match=words):
            graphs.batch(numbers)

    def test_strain_and_rattle_are_as_the_readme_says(self, graphs):
        ideal = np.argwhere(np.indices((4, 4, 4)).sum(axis=0) % 2 == 0) / 4  # fcc sites in the cube
        for k in (0, 70, 350, 699):
            inside = graphs.positions[k] / graphs.sides[k]
            offset = inside[:, None] - ideal
            offset -= np.round(offset)
            nearest = np.linalg.norm(offset, axis=2).argmin(axis=1)
            assert len(set(nearest.tolist())) == 32  # each atom at a site of its own
            moved = offset[range(32), nearest] * graphs.sides[k]
            assert moved.std() == pytest.approx(0.05, rel=0.25)
        pure = graphs.sides[:7] / 2 / load_emt_alloys().lattice_constant[:7] - 1
        assert (np.abs(pure) < 0.02).all() and np.ptp(pure) > 0.01

    @pytest.mark.parametrize("crystal", [0, 7, 69, 70, 333, 699])
    def test_energy_and_neighbors_computed_again(self, graphs, crystal):
        make = script("emt_graphs", "ase")
        symbols = [METALS[s] for s in graphs.species[crystal]]
        atoms = make.crystal(symbols, graphs.positions[crystal], graphs.sides[crystal])
        assert graphs.energy[crystal] == pytest.approx(make.energy(atoms), abs=1e-6)
        # In which order an atom's neighbors come depends on the processor.
        shipped = np.hstack([graphs.pairs[crystal], graphs.shifts[crystal]]).tolist()
        assert sorted(shipped) == sorted(np.hstack(make.pairs(atoms)).tolist())

    def test_crystals_are_those_of_the_script(self, graphs):
        make = script("emt_graphs", "ase")
        for _, k, atoms in zip(range(75), range(75), make.cells()):
            np.testing.assert_allclose(atoms.positions, graphs.positions[k], rtol=1e-6, atol=1e-6)
            assert [METALS[s] for s in graphs.species[k]] == atoms.get_chemical_symbols()
