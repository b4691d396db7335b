"""emt_alloys.csv and emt_graphs.npz agree with themselves, with the literature and their README."""

import csv
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
from nnlib.datasets import load_emt_alloys, load_emt_graphs
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
