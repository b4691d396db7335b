"""The generators keep their promises for any size and seed, the octet table its sources."""

import csv
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from sklearn.svm import SVC

from nnlib import datasets
from nnlib.datasets import (
    blobs,
    circles,
    load_octet_binaries,
    micrographs,
    moons,
    separable,
    spirals,
    xor,
)
from nnlib.datasets.micrographs import KAPPA, anneal

CLOUDS = {"moons": moons, "circles": circles, "spirals": spirals, "xor": xor, "blobs": blobs}
CLASSES = {"moons": 2, "circles": 2, "spirals": 2, "xor": 2, "blobs": 3}

names = st.sampled_from(sorted(CLOUDS))
seeds = st.integers(0, 2**32)
noises = st.floats(0, 2)


@given(names, st.integers(3, 300), noises, seeds)
@settings(deadline=None)
def test_shape_dtype_labels_balance(name, n, noise, seed):
    X, y = CLOUDS[name](n=n, noise=noise, rng=seed)
    assert X.shape == (n, 2) and X.dtype == np.float64 and np.isfinite(X).all()
    assert y.shape == (n,) and y.dtype.kind == "i"
    sizes = np.bincount(y, minlength=CLASSES[name])
    assert len(sizes) == CLASSES[name] and sizes.max() - sizes.min() <= 1


@given(names, st.integers(3, 50), seeds)
@settings(deadline=None)
def test_same_seed_same_points(name, n, seed):
    X, y = CLOUDS[name](n=n, rng=seed)
    again, labels = CLOUDS[name](n=n, rng=np.random.default_rng(seed))
    np.testing.assert_array_equal(X, again)
    np.testing.assert_array_equal(y, labels)
    assert not np.array_equal(X, CLOUDS[name](n=n, rng=seed + 1)[0])


@pytest.mark.parametrize("generate", [*CLOUDS.values(), separable])
def test_a_generator_moves_on_and_the_global_one_is_left_alone(generate):
    before = np.random.get_state()[1].copy()
    rng = np.random.default_rng(3)
    first, second = generate(rng=rng)[0], generate(rng=rng)[0]
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(before, np.random.get_state()[1])


@pytest.mark.parametrize("generate", [*CLOUDS.values(), separable])
def test_rows_come_in_random_order(generate):
    y = generate(n=200, rng=0)[1]
    head = np.unique(y[:50], return_counts=True)[1]
    assert len(head) == len(np.unique(y)) and head.min() >= 5


@given(names, seeds)
@settings(max_examples=20, deadline=None)
def test_noise_is_a_standard_deviation(name, seed):
    # Same seed, same draws: only the scale of the noise differs. 2 x 2000 draws know it to 1.1 %.
    clean = CLOUDS[name](n=2000, noise=0, rng=seed)[0]
    noisy = CLOUDS[name](n=2000, noise=0.7, rng=seed)[0]
    assert (noisy - clean).std() == pytest.approx(0.7, rel=0.06)
    assert abs((noisy - clean).mean()) < 0.07


@given(st.integers(2, 200), seeds)
@settings(deadline=None)
def test_noiseless_moons_are_two_half_circles(n, seed):
    X, y = moons(n, noise=0, rng=seed)
    upper, lower = X[y == 0], X[y == 1] - [1, 0.5]
    for half in (upper, lower):
        np.testing.assert_allclose(np.linalg.norm(half, axis=1), 1)
    assert (upper[:, 1] > -1e-12).all() and (lower[:, 1] < 1e-12).all()


@given(st.integers(2, 200), seeds)
@settings(deadline=None)
def test_noiseless_circles_have_their_radii(n, seed):
    X, y = circles(n, noise=0, rng=seed)
    np.testing.assert_allclose(np.linalg.norm(X, axis=1), np.where(y == 0, 1, 0.5))


@given(st.integers(1, 100), seeds)
@settings(deadline=None)
def test_noiseless_spirals_are_each_other_turned_by_180_degrees(half, seed):
    X, y = spirals(2 * half, noise=0, rng=seed)
    radius = np.linalg.norm(X, axis=1)
    assert radius.max() == pytest.approx(1)
    angle = 3 * np.pi * radius + np.pi * y
    np.testing.assert_allclose(
        X, radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), atol=1e-12
    )
    first, second = (X[y == k][np.argsort(radius[y == k])] for k in (0, 1))
    np.testing.assert_allclose(first, -second, atol=1e-12)


def test_noiseless_xor_is_the_truth_table():
    X, y = xor(n=8, noise=0)
    rows = sorted((*x, label) for x, label in zip(X.tolist(), y.tolist()))
    assert rows[::2] == [(-1, -1, 0), (-1, 1, 1), (1, -1, 1), (1, 1, 0)]
    assert rows[::2] == rows[1::2]  # each twice
    assert not linearly_separable(X, np.where(y == 1, 1, -1))


@given(st.integers(1, 6), seeds)
@settings(deadline=None)
def test_noiseless_blobs_sit_on_their_centers(k, seed):
    X, y = blobs(n=4 * k, centers=k, noise=0, rng=seed)
    np.testing.assert_allclose(np.linalg.norm(X, axis=1), 1)
    assert len(np.unique(X.round(9), axis=0)) == k == len(np.unique(y))
    chosen = np.random.default_rng(seed).normal(size=(k, 2))
    X, y = blobs(n=4 * k, centers=chosen, noise=0, rng=seed)
    np.testing.assert_array_equal(X, chosen[y])


@given(st.integers(2, 200), st.floats(1e-6, 100), seeds)
@settings(deadline=None)
def test_separable_keeps_its_margin_and_attains_it(n, margin, seed):
    X, y = separable(n=n, margin=margin, rng=seed)
    assert X.shape == (n, 2) and X.dtype == np.float64 and y.dtype.kind == "i"
    assert set(y.tolist()) == {-1, 1} and abs(y.sum()) <= 1
    # The line of the docstring: perpendicular bisector of the closest pair of opposite points.
    plus, minus = X[y == 1], X[y == -1]
    gaps = np.linalg.norm(plus[:, None] - minus, axis=2)
    i, j = np.unravel_index(gaps.argmin(), gaps.shape)
    normal, middle = (plus[i] - minus[j]) / gaps[i, j], (plus[i] + minus[j]) / 2
    # Numbers near 1 + margin are rounded to 1e-16 of it, which turns this normal by a bit.
    turn = 1e-15 * (1 + margin) / margin
    distance = y * ((X - middle) @ normal)
    assert distance.min() >= margin - 3 * (1 + margin) * turn
    # No line has more margin than half the distance of the closest opposite pair.
    assert margin <= gaps[i, j] / 2 <= margin + 3e-14 * (1 + margin)


def test_separable_needs_a_bias():
    X, y = separable(n=100, margin=0.01, rng=1)
    assert linearly_separable(X, y)
    assert not linearly_separable(X, y, through_origin=True)


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_separable_clouds_lie_within_their_rectangles(seed):
    X, _ = separable(n=60, margin=0.5, rng=seed)
    spread = np.linalg.norm(X[:, None] - X, axis=2).max()
    assert spread <= np.hypot(2 * (0.5 + 1), 2) + 1e-9


@pytest.mark.parametrize("generate", [*CLOUDS.values(), separable])
@pytest.mark.parametrize(
    "arguments, error, words",
    [
        ({"n": 0}, ValueError, "n: expected a whole number of at least ., got 0"),
        ({"n": 1}, ValueError, "n: expected a whole number of at least ., got 1"),
        ({"n": 10.0}, ValueError, "n: expected a whole number of at least ., got 10.0"),
        ({"n": True}, ValueError, "n: expected a whole number of at least ., got True"),
        ({"n": "10"}, ValueError, "n: expected a whole number of at least ., got '10'"),
        ({"rng": -1}, TypeError, "rng: expected a whole number of at least 0, .* got -1"),
        ({"rng": 1.5}, TypeError, "rng: expected a whole number of at least 0, .* got 1.5"),
        ({"rng": np.random}, TypeError, "rng: expected a whole number .* got <module"),
    ],
)
def test_bad_n_and_rng(generate, arguments, error, words):
    with pytest.raises(error, match=words):
        generate(**arguments)


@pytest.mark.parametrize("generate", CLOUDS.values())
@pytest.mark.parametrize(
    "noise, came", [(-0.1, "-0.1"), (np.nan, "nan"), (np.inf, "inf"), ("0.1", "'0.1'")]
)
def test_bad_noise(generate, noise, came):
    words = f"noise: expected a finite number of at least 0, got {came}"
    with pytest.raises(ValueError, match=words):
        generate(noise=noise)


@pytest.mark.parametrize("margin", [0, -1.0, np.nan, np.inf, None])
def test_bad_margin(margin):
    with pytest.raises(ValueError, match=f"margin: expected a finite number above 0, got {margin}"):
        separable(margin=margin)


@pytest.mark.parametrize(
    "centers, error, words",
    [
        (0, ValueError, "centers: expected a whole number of at least 1, got 0"),
        ([[0, 0, 0]], ValueError, r"centers: .* shape \(classes, 2\), got shape \(1, 3\)"),
        ([], ValueError, r"centers: .* got shape \(0,\)"),
        ([[0, np.nan]], ValueError, "centers: expected finite coordinates"),
        ("three", TypeError, "centers: .* got str"),
        (2.5, ValueError, "centers: expected a whole number of at least 1, got 2.5"),
    ],
)
def test_bad_centers(centers, error, words):
    with pytest.raises(error, match=words):
        blobs(centers=centers)


def test_fewer_points_than_blobs():
    with pytest.raises(ValueError, match="n: expected a whole number of at least 5, got 4"):
        blobs(n=4, centers=5)


def linearly_separable(X, y, through_origin=False):
    """Whether some w, b has y (w.x + b) >= 1 everywhere: a linear program's feasibility."""
    X = (X - (0 if through_origin else X.mean(axis=0))) / X.std(axis=0)
    rows = -y[:, None] * np.column_stack([X, np.ones(len(X))])
    bounds = [(None, None)] * 2 + [(0, 0) if through_origin else (None, None)]
    status = linprog(np.zeros(3), A_ub=rows, b_ub=-np.ones(len(X)), bounds=bounds).status
    assert status in (0, 2)  # solved, or infeasible
    return status == 0


def side_of_published_line(X):
    return np.sign(X @ [22.2, 0.489] - 86.7)


class TestOctetBinaries:
    def test_consensus_and_contested_counts(self):
        consensus, everything = load_octet_binaries(), load_octet_binaries(contested=True)
        assert consensus.X.shape == (66, 2) and consensus.X.dtype == np.float64
        assert (consensus.y == 1).sum() == (consensus.y == -1).sum() == 33
        assert not consensus.contested.any() and everything.contested.sum() == 7
        assert everything.formulas[:66] == consensus.formulas
        assert len(set(everything.formulas)) == 73
        np.testing.assert_array_equal(everything.X[:66], consensus.X)
        assert "66 compounds: 33 of y = +1, 33 of y = -1; 0 contested" in repr(consensus)
        for values in (consensus.y, consensus.structures, consensus.contested):
            assert len(values) == 66
        assert consensus.feature_names == ["electronegativity difference", "mean covalent radius"]
        assert consensus.units == ["Pauling", "pm"]

    def test_features_by_hand(self):
        data = load_octet_binaries()
        # Pauling's values 0.93, 3.16, 2.55, 1.90; Cordero's 166, 102, 111 pm.
        nacl, silicon = (data.X[data.formulas.index(f)] for f in ("NaCl", "Si"))
        np.testing.assert_allclose(nacl, [3.16 - 0.93, (166 + 102) / 2])
        np.testing.assert_allclose(silicon, [0, 111])

    def test_structures_of_textbooks(self):
        data = load_octet_binaries(contested=True)
        structure = dict(zip(data.formulas, data.structures))
        for formula, expected in {
            "NaCl": "rocksalt",
            "MgO": "rocksalt",
            "GaAs": "zincblende",
            "ZnS": "zincblende",
            "ZnO": "wurtzite",
            "GaN": "wurtzite",
            "Si": "diamond",
            "CsCl": "cesium chloride",
        }.items():
            assert structure[formula] == expected
        y = dict(zip(data.formulas, data.y))
        assert y["NaCl"] == y["CsCl"] == 1 and y["GaAs"] == y["ZnO"] == y["Si"] == -1

    def test_rows_are_octets(self):
        # Valence electrons of the two elements add up to eight, whatever the table says of them.
        groups = "Li Na K Rb Cs Cu Ag, Be Mg Ca Sr Ba Zn Cd, B Al Ga In, C Si Ge Sn, "
        groups += "N P As Sb, O S Se Te, F Cl Br I"
        valence = {e: v for v, group in enumerate(groups.split(","), 1) for e in group.split()}
        text = files(datasets).joinpath("octet_binaries.csv").read_text(encoding="utf-8")
        rows = list(csv.DictReader(text.splitlines()))
        assert len(rows) == 73
        for row in rows:
            assert valence[row["cation"]] + valence[row["anion"]] == 8
            assert (row["cation"] == row["anion"]) == (row["structure"] == "diamond")
            assert float(row["electronegativity_cation"]) <= float(row["electronegativity_anion"])
            assert row["formula"] in (row["cation"] + row["anion"], row["cation"])
            assert bool(row["alternative"]) == (row["contested"] == "1")
            assert row["alternative"] != row["structure"]

    def test_consensus_is_separated_by_the_line_of_the_readme(self):
        data = load_octet_binaries()
        np.testing.assert_array_equal(side_of_published_line(data.X), data.y)

    def test_widest_margin_is_as_the_readme_says(self):
        def widest(data):
            scaled = (data.X - data.X.mean(axis=0)) / data.X.std(axis=0)
            machine = SVC(kernel="linear", C=1e9).fit(scaled, data.y)
            w = machine.coef_[0]
            margin = (data.y * (scaled @ w + machine.intercept_)).min() / np.linalg.norm(w)
            return {data.formulas[i] for i in machine.support_}, margin

        support, margin = widest(load_octet_binaries())
        assert support == {"ZnO", "AgI", "AgBr"}
        support, narrower = widest(load_octet_binaries(contested=True))
        assert "MgTe" in support and narrower / margin == pytest.approx(0.94, abs=0.01)

    def test_one_contested_label_can_break_separability(self):
        data = load_octet_binaries(contested=True)
        np.testing.assert_array_equal(side_of_published_line(data.X), data.y)
        outcome = {}
        for formula in ("LiI", "MgSe", "MgTe"):
            y = data.y.copy()
            y[data.formulas.index(formula)] *= -1
            outcome[formula] = linearly_separable(data.X, y)
        assert outcome == {"LiI": False, "MgSe": False, "MgTe": True}

    def test_mooser_pearson_axes_do_not_separate(self):
        data = load_octet_binaries()
        periods = "Li Be B C N O F, Na Mg Al Si P S Cl, K Ca Cu Zn Ga Ge As Se Br, "
        periods += "Rb Sr Ag Cd In Sn Sb Te I, Cs Ba"
        number = {e: p for p, row in enumerate(periods.split(","), 2) for e in row.split()}
        text = files(datasets).joinpath("octet_binaries.csv").read_text(encoding="utf-8")
        rows = list(csv.DictReader(text.splitlines()))[:66]
        mean = np.array([(number[r["cation"]] + number[r["anion"]]) / 2 for r in rows])
        assert not linearly_separable(np.column_stack([data.X[:, 0], mean]), data.y)

    def test_file_holds_the_tables_of_its_script(self):
        from tools.makers import octet_binaries as script

        text = files(datasets).joinpath("octet_binaries.csv").read_text(encoding="utf-8")
        rows = [
            (row["formula"], row["structure"], row["alternative"], int(row["contested"]))
            for row in csv.DictReader(text.splitlines())
        ]
        assert rows == list(script.compounds())

    def test_bad_argument(self):
        with pytest.raises(TypeError, match="contested: expected True or False, got str"):
            load_octet_binaries(contested="yes")


class TestSequences:
    def test_sunspots_are_whole_and_known(self):
        years, numbers = datasets.load_sunspots()
        assert years.tolist() == list(range(1700, 2009)) and numbers.shape == years.shape
        assert np.isfinite(numbers).all() and numbers.min() == 0
        # The highest maximum of the series and two minima that any history of the sun names.
        assert numbers[years == 1957] == 190.2 and years[numbers.argmax()] == 1957
        assert numbers[years == 1810] == 0 and numbers[years == 1712] == 0
        power = np.abs(np.fft.rfft(numbers - numbers.mean()))
        assert 10 < len(numbers) / power.argmax() < 12  # the cycle of eleven years

    def test_minerals_are_words_in_order(self):
        names = datasets.load_minerals()
        assert len(names) == len(set(names)) == 603 and names == sorted(names)
        assert all(name.isascii() and name.isalpha() and name.islower() for name in names)
        assert {"quartz", "halite", "sphalerite", "perovskite"} <= set(names)


class TestMicrographs:
    def length(self, c):
        """Mean wavelength of each composition field (n, size, size), in pixels."""
        k = np.fft.fftfreq(c.shape[-1])
        k = np.hypot(k[:, None], k)
        power = np.abs(np.fft.fft2(c - c.mean(axis=(1, 2), keepdims=True))) ** 2
        return power.sum(axis=(1, 2)) / (power * k).sum(axis=(1, 2))

    def energy(self, c):
        """Free energy per pixel, (c² - 1)²/4 + κ|∇c|²/2, the gradient in Fourier space."""
        k = 2 * np.pi * np.fft.fftfreq(c.shape[-1])
        k2 = k[:, None] ** 2 + k**2
        gradient = (k2 * np.abs(np.fft.fft2(c)) ** 2).mean(axis=(1, 2)) / c[0].size
        return ((c**2 - 1) ** 2 / 4).mean(axis=(1, 2)) + KAPPA * gradient / 2

    def test_shapes_ranges_and_seeds(self):
        images, time, fraction = micrographs(n=7, size=16, times=(5, 9), fractions=(0.4, 0.6))
        assert images.shape == (7, 1, 16, 16) and images.dtype == np.float32
        assert ((time >= 5) & (time <= 9)).all() and ((fraction >= 0.4) & (fraction <= 0.6)).all()
        again = micrographs(n=7, size=16, times=(5, 9), fractions=(0.4, 0.6), rng=0)
        np.testing.assert_array_equal(images, again.images)
        other = micrographs(n=7, size=16, times=(5, 9), fractions=(0.4, 0.6), rng=1)
        assert not np.array_equal(images, other.images)

    def test_the_mean_is_conserved_and_the_noise_is_noise(self):
        images, _, fraction = micrographs(n=30, noise=0, rng=2)
        np.testing.assert_allclose(images.mean(axis=(1, 2, 3)), fraction, atol=1e-5)
        noisy = micrographs(n=30, noise=0.2, rng=2).images
        assert (noisy - images).std() == pytest.approx(0.2, rel=0.02)

    def test_two_phases_appear(self):
        images = micrographs(n=10, times=(150, 150), fractions=(0.5, 0.5), noise=0).images
        # Most pixels lie near one of the two equilibrium compositions, few between them.
        assert np.mean((images > 0.25) & (images < 0.75)) < 0.2
        assert images.min() > -0.05 and images.max() < 1.05

    def test_domains_grow_as_the_cube_root_of_time_and_the_energy_falls(self):
        c = 0.1 * np.random.default_rng(0).normal(size=(8, 64, 64))
        c -= c.mean(axis=(1, 2), keepdims=True)
        times = [0.0, 40.0, 80.0, 160.0, 320.0]
        states = [c if t == 0 else anneal_all(c, t) for t in times]
        energies = np.array([self.energy(state) for state in states])
        assert (np.diff(energies, axis=0) < 0).all()
        lengths = np.log([self.length(state).mean() for state in states[1:]])
        exponent = np.polyfit(np.log(times[1:]), lengths, 1)[0]
        assert 0.2 < exponent < 0.4

    def test_a_weak_wave_grows_at_the_rate_of_the_linear_theory(self):
        # Small waves of wavenumber k grow as exp(k²(1 - κk²)t), Cahn (1961).
        x = np.arange(32)
        k = 2 * np.pi * 4 / 32
        wave = 1e-4 * np.cos(k * x)[None, :, None] * np.ones((1, 1, 32))
        grown = anneal(wave, [4.0], step=0.001)
        rate = np.log(np.abs(grown).max() / 1e-4) / 4
        assert rate == pytest.approx(k**2 * (1 - KAPPA * k**2), rel=3e-3)

    def test_the_step_is_small_enough(self):
        c = 0.1 * np.random.default_rng(3).normal(size=(10, 32, 32))
        c -= c.mean(axis=(1, 2), keepdims=True)
        coarse, fine = anneal_all(c, 60.0), anneal_all(c, 60.0, step=0.1)
        assert self.length(coarse).mean() == pytest.approx(self.length(fine).mean(), rel=0.02)

    def test_a_batch_is_its_images_one_by_one(self):
        c = 0.1 * np.random.default_rng(3).normal(size=(3, 16, 16))
        together = anneal(c, [3.0, 3.0, 7.0])
        for one, state, t in zip(c, together, [3.0, 3.0, 7.0]):
            np.testing.assert_allclose(state, anneal(one[None], [t])[0], atol=1e-12)

    @pytest.mark.parametrize("arguments, error, words", [
        ({"n": 0}, ValueError, "n: expected a whole number of at least 1, got 0"),
        ({"n": 2.5}, ValueError, "n: expected a whole number of at least 1, got 2.5"),
        ({"size": 9}, ValueError, "size: expected an even number of pixels, got 9"),
        ({"times": (0, 1)}, ValueError, "times: expected times above 0"),
        ({"times": (9, 1)}, ValueError, "times: expected two finite numbers of at least 0"),
        ({"times": 9}, TypeError, "times: expected two finite numbers"),
        ({"times": (1, np.inf)}, ValueError, "times: expected two finite numbers"),
        ({"fractions": (0.1, 0.5)}, ValueError, "fractions: expected two finite numbers from 0.25"),
        ({"noise": -1}, ValueError, "noise: expected a finite number of at least 0, got -1"),
        ({"noise": "much"}, ValueError, "noise: expected a finite number"),
        ({"rng": "x"}, TypeError, "rng: expected a whole number of at least 0, .* got 'x'"),
    ])
    def test_bad_arguments_are_named(self, arguments, error, words):
        with pytest.raises(error, match=words):
            micrographs(**arguments)


def anneal_all(c, time, **options):
    return anneal(c, np.full(len(c), time), **options)
