"""Fractions and features are right, splits are clean, downloads are checked, bad input is named."""

import bz2
import gzip
import hashlib
import json
import subprocess
import sys
import threading
import urllib.request
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold, KFold, cross_val_score

from nnlib import materials
from nnlib.datasets import load_elements
from nnlib.formulas import write_formula
from nnlib.materials import (
    composition_features,
    elements_in,
    fractions,
    group_by_chemical_system,
    leave_one_element_out,
    load_matbench,
    matbench_folds,
    parse_formula,
)

symbols = st.sampled_from(load_elements().symbols)
whole = st.integers(1, 10**6)
decimal = st.decimals("0.001", "1000", places=3).map(float)
amounts = st.dictionaries(symbols, whole | decimal, min_size=1, max_size=6)
formulas = amounts.map(write_formula)
lists = st.lists(formulas, min_size=1, max_size=12)


class TestFractions:
    def test_by_hand(self):
        X = fractions(["Ba(NO3)2", "O2", "Fe0.2O0.2"], ["O", "N", "Ba", "Fe"])
        np.testing.assert_allclose(
            X, [[6 / 9, 2 / 9, 1 / 9, 0], [1, 0, 0, 0], [0.5, 0, 0, 0.5]]
        )
        np.testing.assert_array_equal(fractions("CuAu3", ["Cu", "Au"]), [0.25, 0.75])
        assert elements_in(["CuAu3", "H2O"]) == ["H", "O", "Cu", "Au"]
        np.testing.assert_allclose(fractions(["H2O"]), [[2 / 3, 1 / 3]])
        np.testing.assert_allclose(fractions("Fe" + "9" * 308 + "Ni" + "9" * 308), [0.5, 0.5])

    @given(lists)
    @settings(deadline=None)
    def test_rows_sum_to_one_and_scale_does_not_matter(self, chosen):
        X = fractions(chosen)
        assert X.shape == (len(chosen), len(elements_in(chosen))) and (X >= 0).all()
        np.testing.assert_allclose(X.sum(axis=1), 1)
        np.testing.assert_allclose(fractions([f"({f})7" for f in chosen]), X)
        assert ((X > 0).sum(axis=1) == [len(parse_formula(f)) for f in chosen]).all()

    @pytest.mark.parametrize(
        "arguments, words",
        [
            ((["Fe", "NaCl"], ["Fe", "Na"]), r"formulas\[1\]: expected elements among .* got Cl"),
            ((["Fe"], ["Fe", "Qq"]), "elements: expected one of 'H', .*, got 'Qq'"),
            ((["Fe"], ["Fe", "Fe"]), "elements: expected each once"),
            (([],), "formulas: expected at least one formula, got none"),
            ((["Fe", "Fe("],), r"formulas\[1\]: formula: '\(' is never closed"),
        ],
    )
    def test_bad_input(self, arguments, words):
        with pytest.raises(ValueError, match=words):
            fractions(*arguments)

    @pytest.mark.parametrize("elements", ["CO", b"Fe", {"Fe"}, {"Fe": 1}, 5, np.array([["Fe"]])])
    def test_elements_are_a_list(self, elements):
        with pytest.raises(TypeError, match="elements: expected a list of symbols, got "):
            fractions(["Fe"], elements)

    def test_amounts_too_far_apart(self):
        words = r"formulas\[1\]: expected amounts that differ by .* got 1e-200 and 1e\+200"
        with pytest.raises(ValueError, match=words):
            fractions(["FeO", "Fe1e200O1e-200"])

    def test_any_list_will_do_and_rows_stay_where_they_are(self):
        chosen = ["Fe2O3", "FeO", "Fe2O3"]
        series = pd.Series(chosen, index=[7, 7, 1])
        for formulas in (chosen, tuple(chosen), np.array(chosen), series, iter(chosen)):
            X = fractions(formulas, ["Fe", "O"])
            np.testing.assert_allclose(X, [[0.4, 0.6], [0.5, 0.5], [0.4, 0.6]])


TAKERS = [elements_in, fractions, composition_features, group_by_chemical_system,
          leave_one_element_out]  # fmt: skip


@pytest.mark.parametrize("take", TAKERS)
class TestFormulas:
    @pytest.mark.parametrize(
        "formulas, words",
        [
            (None, "None, a missing value"), (np.nan, "nan, a missing value"), (5, "int 5"),
            (b"Fe", "the one bytes b'Fe'"), ({"Fe": 1}, "dict {'Fe': 1}"), ({"FeO"}, "set {'FeO'}"),
            (np.array("FeO"), r"ndarray of shape \(\)"),
            (np.array([["FeO"]]), r"ndarray of shape \(1, 1\)"),
            (pd.DataFrame({"Fe": ["NaCl"]}), r"DataFrame of shape \(1, 1\)"),
        ],
    )  # fmt: skip
    def test_no_list(self, take, formulas, words):
        with pytest.raises(TypeError, match=f"^formulas: expected a list of formulas, got {words}"):
            take(formulas)

    @pytest.mark.parametrize(
        "formula, words",
        [(None, "None, a missing value"), (np.nan, "nan, a missing value"), (3, "int 3"),
         (b"Fe", "bytes b'Fe'"), (["FeO"], r"list \['FeO'\]"), (pd.NA, "<NA>, a missing value")],
    )  # fmt: skip
    def test_no_string_in_a_list(self, take, formula, words):
        words = rf"^formulas\[1\]: formula: expected a string, got {words}"
        for formulas in (["FeO", formula], pd.Series(["FeO", formula], dtype=object)):
            with pytest.raises(TypeError, match=words):
                take(formulas)

    @pytest.mark.parametrize("formula", ["", " ", "nan", "Fe0", "Fe-1", "Fe" + "9" * 400, "FeO)",
                                         "Fe" * 5000 + "?", "(" * 50 + "Fe"])  # fmt: skip
    def test_no_formula_in_a_list(self, take, formula):
        with pytest.raises(ValueError, match=r"^formulas\[1\]: formula: ") as caught:
            take(["FeO", formula])
        assert len(str(caught.value)) < 300


# `fractions` takes one formula too.
@pytest.mark.parametrize("take", [take for take in TAKERS if take is not fractions])
def test_one_string_is_no_list(take):
    with pytest.raises(TypeError, match="formulas: expected a list of formulas, got the one str"):
        take("FeO")


class TestCompositionFeatures:
    def test_by_hand(self):
        # Fe2O3: electronegativities 1.83 and 3.44 with weights 0.4 and 0.6.
        X, names = composition_features(["Fe2O3"], ["electronegativity"])
        mean = 0.4 * 1.83 + 0.6 * 3.44
        expected = {
            "mean electronegativity": mean,
            "deviation electronegativity": 0.4 * (mean - 1.83) + 0.6 * (3.44 - mean),
            "minimum electronegativity": 1.83,
            "maximum electronegativity": 3.44,
            "range electronegativity": 1.61,
            "mode electronegativity": 3.44,
        }
        assert names == list(expected)
        np.testing.assert_allclose(X, [list(expected.values())])

    def test_mode_of_equals_is_the_smallest(self):
        X, names = composition_features(["NaCl", "KF", "FK"], ["electronegativity"])
        assert X[:, names.index("mode electronegativity")].tolist() == [0.93, 0.82, 0.82]

    def test_the_default_ones_are_known_of_all_natural_elements(self):
        natural = load_elements().symbols[:92]
        X, names = composition_features([*natural, "Fe3C", "EuTiO3", "".join(natural)])
        assert X.shape == (95, 42) and len(set(names)) == 42 and np.isfinite(X).all()
        assert names[:7] == [*names[:6], "mean mendeleev_number"]
        # And no other property is.
        table = load_elements()
        complete = {name for name in table.property_names if np.isfinite(table[name][:92]).all()}
        assert set(materials.PROPERTIES) == complete

    def test_which_made_elements_have_no_covalent_radius_or_ionization_energy(self):
        composition_features(["CmO2"])
        with pytest.raises(ValueError, match="no covalent_radius is known of Bk;"):
            composition_features(["BkO2"])
        composition_features(["Hs"], ["ionization_energy"])
        with pytest.raises(ValueError, match="no ionization_energy is known of Mt;"):
            composition_features(["Mt"], ["ionization_energy"])

    @given(lists, st.sampled_from(["skip", "nan"]))
    @settings(deadline=None)
    def test_statistics_keep_their_order(self, chosen, missing):
        X, _ = composition_features(chosen, missing=missing)
        mean, deviation, low, high, spread, mode = np.moveaxis(X.reshape(len(X), -1, 6), 2, 0)
        known = ~np.isnan(mean)
        for left, right in [(low, mean), (mean, high), (low, mode), (mode, high), (0, deviation)]:
            left = np.broadcast_to(left, mean.shape)[known]
            assert (left <= right[known] * (1 + 1e-12) + 1e-12).all()
        np.testing.assert_array_equal(spread, high - low)
        assert (deviation[known] <= spread[known] + 1e-9).all()
        assert (np.isnan(X).reshape(-1, 6).sum(axis=1) % 6 == 0).all()  # all six or none

    def test_missing_values_are_never_silent(self):
        with pytest.raises(ValueError, match=r"melting_point is known of C; .* missing='skip'"):
            composition_features(["Fe", "Fe9C1"], ["atomic_mass", "melting_point"])
        skipped, _ = composition_features(["Fe9C1", "C"], ["melting_point"], missing="skip")
        melting = 1811.15
        np.testing.assert_allclose(skipped[0], [melting, 0, melting, melting, 0, melting])
        assert np.isnan(skipped[1]).all()
        marked, _ = composition_features(["Fe9C1", "Fe"], ["melting_point"], missing="nan")
        assert np.isnan(marked[0]).all() and np.isfinite(marked[1]).all()

    @pytest.mark.parametrize(
        "arguments, words",
        [
            ({"properties": ["color"]}, "properties: expected one of 'atomic_number', .*'color'"),
            ({"properties": []}, "properties: expected at least one, got none"),
            ({"properties": ["period", 3]}, "properties: expected one of .* got 3"),
            ({"properties": ["period"] * 2}, "properties: expected each once, got .'period', 'per"),
            ({"missing": "zero"}, "missing: expected one of 'raise', 'skip', 'nan', got 'zero'"),
        ],
    )
    def test_bad_arguments(self, arguments, words):
        with pytest.raises(ValueError, match=words):
            composition_features(["Fe"], **arguments)

    @pytest.mark.parametrize("properties", ["period", None, 5, {"period"}])
    def test_properties_are_a_list(self, properties):
        with pytest.raises(TypeError, match="properties: expected a list of names, got "):
            composition_features(["Fe"], properties)


class TestSplits:
    def test_chemical_systems(self):
        systems = group_by_chemical_system(["Ni3Al", "AlNi3", "Al(NiCu)2", "Ni"])
        assert systems.tolist() == ["Al-Ni", "Al-Ni", "Al-Cu-Ni", "Ni"]
        X = np.zeros((4, 1))
        for train, test in GroupKFold(3).split(X, groups=systems):
            assert not set(systems[train]) & set(systems[test])

    @given(st.lists(formulas, min_size=2, max_size=12))
    @settings(deadline=None)
    def test_leaving_out_is_disjoint_complete_and_clean(self, chosen):
        contained = [set(parse_formula(f)) for f in chosen]
        common = set.intersection(*contained)
        if set.union(*contained) == common:
            with pytest.raises(ValueError, match="expected some without one of the elements"):
                leave_one_element_out(chosen)
            return
        left_out = []
        for element, train, test in leave_one_element_out(chosen):
            left_out.append(element)
            assert sorted([*train, *test]) == list(range(len(chosen)))
            assert len(train) and len(test)
            assert all(element in contained[i] for i in test)
            assert not any(element in contained[i] for i in train)
        assert left_out == [e for e in elements_in(chosen) if e not in common]

    def test_as_cv_of_scikit_learn(self):
        chosen = ["Fe", "FeNi", "FeAl", "Fe3Al", "FeNiAl", "FeCu"]
        cv = [(train, test) for _, train, test in leave_one_element_out(chosen)]
        scores = cross_val_score(Ridge(), fractions(chosen), np.arange(6.0), cv=cv,
                                 scoring="neg_mean_absolute_error")
        assert scores.shape == (3,) and np.isfinite(scores).all()  # Al, Ni, Cu; Fe is everywhere


def test_numpy_is_enough():
    code = (
        "import sys, nnlib; assert 'nnlib.materials' not in sys.modules;"
        "from nnlib.materials import composition_features, matbench_folds;"
        "composition_features(['NaCl']); matbench_folds(9);"
        "print([m for m in ('sklearn', 'scipy', 'pandas', 'ase', 'mendeleev') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@given(st.integers(5, 5000))
@settings(deadline=None)
def test_folds_are_those_of_scikit_learn(n):
    expected = KFold(5, shuffle=True, random_state=18012019).split(np.zeros(n))
    for ours, theirs in zip(matbench_folds(n), expected, strict=True):
        np.testing.assert_array_equal(ours[0], theirs[0])
        np.testing.assert_array_equal(ours[1], theirs[1])


def test_folds_are_the_official_ones():
    # Matbench's own tests name the rows of each steels fold, counted from 1; these come first.
    official = [[3, 5, 20, 26], [4, 9, 10, 12], [17, 19, 21, 23], [2, 7, 14, 22], [1, 6, 8, 11]]
    folds = matbench_folds(312)
    assert [(test[:4] + 1).tolist() for _, test in folds] == official
    assert [len(test) for _, test in folds] == [63, 63, 62, 62, 62]
    with pytest.raises(ValueError, match="n: expected a whole number of at least 5, got 4"):
        matbench_folds(4)


STEELS = Path(__file__).resolve().parents[3] / "shared/reference/matbench_steels.json.bz2"
ROWS = [(f"Fe{10 + k}Ni{k + 1}", 1000.0 + k) for k in range(11)]


def packed(rows, columns=("composition", "yield strength")):
    """A file as Matbench serves it, and its SHA-256."""
    table = {"index": [*range(len(rows))], "columns": columns, "data": rows}
    content = gzip.compress(json.dumps(table).encode(), mtime=0)
    return content, hashlib.sha256(content).hexdigest()


@pytest.fixture
def server():
    """A web server on this machine; `server.answer` is what it does with a request."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            http.requests.append(self.path)
            http.answer(self)

        def log_message(self, *_):
            pass

    def stop():
        if thread.is_alive():
            http.shutdown()
            http.server_close()
            thread.join()

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.requests = []
        http.url = f"http://127.0.0.1:{http.server_port}/matbench_steels.json.gz"
        http.stop = stop
        thread = threading.Thread(target=http.serve_forever, args=(0.02,))
        thread.start()
        yield http
        stop()


def whole_file(request, content, length=None, status=200):
    request.send_response(status)
    request.send_header("Content-Length", str(length or len(content)))
    request.end_headers()
    request.wfile.write(content)


class TestMatbench:
    def test_fetched_once_and_kept(self, server, tmp_path):
        content, sha256 = packed(ROWS)
        server.answer = partial(whole_file, content=content)
        cache = tmp_path / "new" / "folder"
        load = partial(load_matbench, "steels", cache=cache, url=server.url, sha256=sha256)
        data = load()
        assert list(zip(data.formulas, data.y)) == ROWS and data.y.dtype == np.float64
        assert (data.task, data.target, data.unit) == ("steels", "yield strength", "MPa")
        assert repr(data) == "Matbench(steels: yield strength of 11 materials, MPa)"
        assert [f.name for f in cache.iterdir()] == ["matbench_steels.json.gz"]
        scores = cross_val_score(DummyRegressor(), fractions(data.formulas), data.y,
                                 cv=data.folds, scoring="neg_mean_absolute_error")
        assert scores.shape == (5,)

        server.stop()  # from now on there is no network
        kept = cache / "matbench_steels.json.gz"
        inode = kept.stat().st_ino
        again = load()
        assert kept.stat().st_ino == inode  # read, not written again
        assert again.formulas == data.formulas and len(server.requests) == 1

    @pytest.mark.skipif(not STEELS.exists(), reason=f"needs Matbench's real steels: {STEELS}")
    def test_the_real_steels(self, server, tmp_path):
        table = json.loads(bz2.decompress(STEELS.read_bytes()))
        rows = [
            (table["composition"][key], table["yield strength"][key])
            for key in sorted(table["composition"], key=int)
        ]
        content, sha256 = packed(rows)
        server.answer = partial(whole_file, content=content)
        data = load_matbench("steels", cache=tmp_path, url=server.url, sha256=sha256)
        assert len(data.formulas) == len(data.y) == 312
        assert (data.y.min(), data.y.max()) == (1005.9, 2510.3)
        assert elements_in(data.formulas) == "C N Al Si Ti V Cr Mn Fe Co Ni Nb Mo W".split()
        X = fractions(data.formulas)
        largest = X.argmax(axis=1)
        assert (largest == elements_in(data.formulas).index("Fe")).all()  # they are steels
        assert np.isfinite(composition_features(data.formulas)[0]).all()

        # The mean as a model, on the official folds: Matbench publishes 229.7 MPa.
        def error(model):
            return -cross_val_score(model, X, data.y, cv=data.folds,
                                    scoring="neg_mean_absolute_error").mean()

        assert error(DummyRegressor()) == pytest.approx(229.7, abs=0.05)
        assert error(RandomForestRegressor(100, random_state=0)) < 120

    @pytest.mark.parametrize("damage", [lambda c: c[:-1], lambda c: b"", lambda c: c + b"x"])
    def test_damaged_cache_is_fetched_anew(self, server, tmp_path, damage):
        content, sha256 = packed(ROWS)
        server.answer = partial(whole_file, content=content)
        kept = tmp_path / "matbench_steels.json.gz"
        kept.write_bytes(damage(content))
        data = load_matbench("steels", cache=tmp_path, url=server.url, sha256=sha256)
        assert len(data.y) == 11 and kept.read_bytes() == content

    @pytest.mark.parametrize("before", [None, b"damaged"])
    def test_nothing_bad_is_kept(self, server, tmp_path, before):
        content, sha256 = packed(ROWS)
        other, other_sha256 = packed(ROWS[:7])
        wrong_columns, wrong_sha256 = packed(ROWS, ["formula", "hardness"])
        cases = [
            (partial(whole_file, content=content[:50], length=len(content)), sha256,
             ConnectionError, "the connection ended after 50 bytes"),
            (partial(whole_file, content=other), sha256,
             ValueError, f"expected a file with SHA-256 {sha256}, got one with {other_sha256}"),
            (partial(whole_file, content=b"", status=404), sha256,
             ConnectionError, "'steels' is not in the cache, and .* could not be fetched .Not Fou"),
            (lambda request: request.connection.close(), sha256, ConnectionError, "fetch"),
            (partial(whole_file, content=b"<html>"), hashlib.sha256(b"<html>").hexdigest(),
             ValueError, "expected gzipped JSON with the columns 'composition' and 'yield stren"),
            (partial(whole_file, content=wrong_columns), wrong_sha256,
             ValueError, "expected gzipped JSON with the columns"),
        ]  # fmt: skip
        for answer, expected, error, words in cases:
            if before is not None:
                (tmp_path / "matbench_steels.json.gz").write_bytes(before)
            server.answer = answer
            with pytest.raises(error, match=words):
                load_matbench("steels", cache=tmp_path, url=server.url, sha256=expected)
            assert list(tmp_path.iterdir()) == []

    def test_offline_says_where_the_file_may_be_put(self, server, tmp_path):
        content, sha256 = packed(ROWS)
        server.stop()
        load = partial(load_matbench, "steels", cache=tmp_path, url=server.url, sha256=sha256)
        with pytest.raises(ConnectionError, match="and put it here: ") as caught:
            load()
        assert list(tmp_path.iterdir()) == []
        Path(str(caught.value).split("put it here: ")[1]).write_bytes(content)
        assert len(load().y) == 11

    @pytest.mark.parametrize(
        "rows, words",
        [
            (ROWS[:4], "got 4 rows, 0 of them without"),
            ([*ROWS, (None, 1.0)], "got 12 rows, 1 of them without"),
            ([*ROWS, ("Fe", None)], "got 12 rows, 1 of them without"),
            ([*ROWS, ("Fe", float("inf")), ("Fe", float("nan"))], "got 13 rows, 2 of them without"),
        ],
    )
    def test_rows_without_a_formula_or_a_number(self, server, tmp_path, rows, words):
        content, sha256 = packed(rows)
        server.answer = partial(whole_file, content=content)
        with pytest.raises(ValueError, match=f"expected five rows or more, .* {words}"):
            load_matbench("steels", cache=tmp_path, url=server.url, sha256=sha256)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        "arguments, words",
        [
            ({"task": None}, "task: expected 'steels' or 'expt_gap', got None"),
            ({"task": ["steels"]}, r"task: expected 'steels' or 'expt_gap', got \['steels'\]"),
            ({"url": "steels.json"}, "url: expected an address such as .*got 'steels.json'"),
            ({"url": 5}, "url: expected an address such as .*got 5"),
            ({"sha256": "abc"}, "sha256: expected 64 hexadecimal digits, got 'abc'"),
            ({"sha256": b"a" * 64}, "sha256: expected 64 hexadecimal digits, got b'aaa"),
            ({"cache": ""}, "cache: expected the path of a folder, got ''"),
            ({"cache": 5}, "cache: expected the path of a folder, got 5"),
            *(({"timeout": bad}, "timeout: expected a number of seconds above 0")
              for bad in (0, -1, None, "3", float("nan"), 1e20, True)),
        ],
    )  # fmt: skip
    def test_bad_arguments_cost_nothing_in_the_cache(self, tmp_path, arguments, words):
        kept = tmp_path / "matbench_steels.json.gz"
        kept.write_bytes(b"kept")
        with pytest.raises(ValueError, match=words):
            load_matbench(**{"task": "steels", "cache": tmp_path} | arguments)
        assert kept.read_bytes() == b"kept"

    def test_a_cache_that_cannot_be_written(self, server, tmp_path):
        content, sha256 = packed(ROWS)
        server.answer = partial(whole_file, content=content)
        (tmp_path / "file").touch()
        with pytest.raises(OSError, match=r"cannot keep the file .* NNLIB_CACHE"):
            load_matbench("steels", cache=tmp_path / "file", url=server.url, sha256=sha256)

    def test_the_official_address_and_hash(self, monkeypatch, tmp_path):
        asked = []

        def nobody(request, timeout):
            asked.append(request.full_url)
            raise OSError("no route")

        monkeypatch.setattr(urllib.request, "urlopen", nobody)
        for task in ("steels", "expt_gap"):
            with pytest.raises(ConnectionError, match="no route"):
                load_matbench(task, cache=tmp_path)
        home = "https://ml.materialsproject.org/projects/matbench_"
        assert asked == [home + "steels.json.gz", home + "expt_gap.json.gz"]
        with pytest.raises(ValueError, match="task: expected 'steels' or 'expt_gap', got 'gap'"):
            load_matbench("gap")

    def test_where_the_cache_is(self, monkeypatch, tmp_path):
        monkeypatch.setenv("NNLIB_CACHE", str(tmp_path))
        assert materials.cache_folder() == tmp_path
        monkeypatch.delenv("NNLIB_CACHE")
        monkeypatch.setenv("HOME", "/home/ada")
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
        monkeypatch.setattr(sys, "platform", "linux")
        assert materials.cache_folder() == Path("/home/ada/.cache/nnlib")
        monkeypatch.setenv("XDG_CACHE_HOME", "/scratch/ada")
        assert materials.cache_folder() == Path("/scratch/ada/nnlib")
        monkeypatch.setattr(sys, "platform", "darwin")
        assert materials.cache_folder() == Path("/home/ada/Library/Caches/nnlib")
        monkeypatch.setattr(sys, "platform", "win32")
        monkeypatch.setenv("LOCALAPPDATA", "/local")
        assert materials.cache_folder() == Path("/local/nnlib")
