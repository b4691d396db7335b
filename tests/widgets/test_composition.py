"""CompositionPlayground: the page's models are Python's and scikit-learn's, and what a reader does with it."""

import numpy as np
import pytest
from looking import control, module, picture, press, readout, set_number, settled, until
from looking import trait as model
from sklearn.linear_model import Ridge
from sklearn.model_selection import PredefinedSplit, cross_val_predict
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from test_csv import composed
from test_own_data import choose_file, opened, use

from nnlib import materials
from nnlib.widgets import CompositionPlayground

GAPS = {"GaAs": 1.42, "Si": 1.11, "Ge": 0.66, "InP": 1.34, "ZnO": 3.3, "ZnS": 3.6, "CdTe": 1.5, "CdSe": 1.74,
        "GaN": 3.4, "AlN": 6.0, "InAs": 0.36, "GaSb": 0.73, "TiO2": 3.2, "Cu2O": 2.1}  # fmt: skip


def gaps(*more):
    return "\n".join(["sample;formula;gap (eV)", *(f"s{k};{f};{g}" for k, (f, g) in enumerate(GAPS.items())), *more])


def sklearn_models(playground):
    return {
        "ridge": make_pipeline(StandardScaler(), Ridge(alpha=playground.alpha)),
        "nearest": make_pipeline(StandardScaler(), KNeighborsRegressor(playground.neighbors, algorithm="brute")),
    }


@pytest.mark.parametrize("split", ["random", "system"])
@pytest.mark.parametrize("name", ["mean", "ridge", "nearest"])
def test_the_page_python_and_scikit_learn_predict_the_same(split, name, page, tmp_path):
    rng = np.random.default_rng(0)
    # Not the default values: among ordered alloys many are equally near, and scikit-learn takes any.
    formulas = [f"{a}{rng.integers(1, 9)}{b}{rng.integers(1, 9)}" for a in ("Fe", "Al", "Ti", "Mn") for b in
                ("O", "S", "Cl", "N", "C") for _ in range(3)] + ["O2", "Eu", "Cm"]  # fmt: skip
    y = rng.normal(size=len(formulas))
    playground = CompositionPlayground(formulas, y, alpha=0.37, neighbors=4)
    predicted, folds = playground.cross_validate(name, split), playground.folds(split)
    assert np.bincount(folds).tolist() == sorted(np.bincount(folds), reverse=True) or split == "system"
    if name != "mean":
        expected = cross_val_predict(sklearn_models(playground)[name], playground.features(), y, cv=PredefinedSplit(folds))
        np.testing.assert_allclose(predicted, expected, rtol=1e-8, atol=1e-9)
    made = module(page := page(), composed(tmp_path, {
        "composition/features.js": ["featuresOf", "systemOf"], "shared/formula.js": ["parseFormula"],
        "composition/models.js": ["crossValidate", "randomFolds", "systemFolds", "fit"],
    }))  # fmt: skip
    found = page.evaluate("""([{ default: all }, table, formulas, y, name, split, settings]) => {
        const amounts = formulas.map((text) => all.parseFormula(text, table.symbols));
        const X = amounts.map((one) => all.featuresOf(one, table));
        const folds = split === "random" ? all.randomFolds(y.length) : all.systemFolds(amounts.map(all.systemOf));
        return { X, folds, predicted: all.crossValidate(name, X, y, folds, settings), all: X.map(all.fit(name, X, y, settings)) };
    }""", [made, playground._table, formulas, y.tolist(), name, split, {"alpha": 0.37, "neighbors": 4}])
    np.testing.assert_allclose(found["X"], playground.features(), rtol=1e-12, atol=1e-12)
    assert found["folds"] == folds.tolist()
    np.testing.assert_allclose(found["predicted"], predicted, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(found["all"], playground.predict(formulas, name), rtol=1e-8, atol=1e-9)


def test_no_system_is_in_two_folds():
    playground = CompositionPlayground()
    folds, systems = playground.folds("system"), materials.group_by_chemical_system(playground.formulas)
    assert set(folds) == set(range(5)) and all(len(set(folds[systems == s])) == 1 for s in systems)
    assert np.ptp(np.bincount(folds)) <= 3
    assert sorted(np.bincount(playground.folds("random"))) == [14] * 5


def test_an_example_by_hand():
    """Two pure elements by turns: with the nearest neighbor of the same element the error is half the difference."""
    playground = CompositionPlayground(["Cu", "Au"] * 10, [0.0, 1.0] * 10, neighbors=1)
    assert playground.error("mean", "random") == pytest.approx(0.5, abs=0.1)
    assert playground.error("nearest", "random") == 0
    assert playground.error("nearest", "system") == 1  # the other element is all that is known
    playground.composition, playground.model = "Cu3Au", "nearest"
    assert playground.predict() == 0 and playground.predict(["Au5Cu", "Cu"], "nearest").tolist() == [1, 0]


def test_the_readout_has_the_numbers_of_python(widget_page):
    made = CompositionPlayground()
    page = widget_page(made)
    for name in ("ridge", "nearest", "mean"):
        control(page, "model").select_option(name)
        made.model = name
        words = readout(page)
        for value in (made.predict(), made.error(), made.error(split="system"), made.error("mean")):
            assert f"{value:.3g}".rstrip("0") in words
    assert "what any model has to beat" in words
    before = picture(page)
    control(page, "model").select_option("ridge")
    control(page, "split").select_option("system")
    assert picture(page) != before and model(page, "split") == "system"
    set_number(page, "alpha", 500)
    assert f"{CompositionPlayground(alpha=500).error():.3g}" in readout(page)
    press(page, "reset")
    settled(page)
    assert (model(page, "alpha"), model(page, "split")) == (1, "random")
    assert not page.errors


def test_a_typed_formula_is_predicted_with_the_error_it_had(widget_page):
    page = widget_page(made := CompositionPlayground())
    field = page.locator('[data-control="formula"] input')
    field.fill("Ni3Au")
    made.composition = "Ni3Au"
    assert f"Ni3Au: {made.predict():.3g} predicted" in readout(page) and "system Au-Ni is known" in readout(page)
    field.fill("NiAuCu")
    assert "a chemical system is new, as Au-Cu-Ni is" in readout(page)
    assert f"an error of {made.error(split='system'):.3g} on average" in readout(page)
    field.fill("Og2")
    assert "no prediction, since a property of an element" in readout(page)
    field.fill("Ni3Xx")
    field.press("Enter")
    assert "nknown element" in page.locator('[data-control="formula"]').inner_text()
    assert not page.errors


def test_a_table_of_formulas_takes_the_place_of_the_example(widget_page):
    page = widget_page(made := CompositionPlayground())
    use(page, gaps("s20;Fe2O3;", "s21;;2.0", "s22;XyZ;2"), "gaps.csv")
    assert model(page, "formulas") == list(GAPS) and model(page, "values") == list(GAPS.values())
    made.set_data(list(GAPS), list(GAPS.values()), "gap (eV)")
    words = readout(page)
    assert f"{made.error():.3g} in random folds" in words and f"{made.error(split='system'):.3g} with whole" in words
    assert "14 formulas of 14 chemical systems" in words
    assert "gap (eV)" in page.locator("canvas").get_attribute("aria-label")
    page.get_by_text("Show the formulas as a table").click()
    until(lambda: page.locator(".nn-table tbody tr").count() == 14, page)
    press(page, "copy-link")
    until(lambda: "cannot carry your table" in page.locator(".nn-link").inner_text(), page)
    press(page, "reset")
    settled(page)
    assert len(model(page, "formulas")) == 70
    assert not page.errors and not page.outside


def test_what_cannot_be_predicted_from_is_refused_in_words(widget_page):
    page = widget_page(CompositionPlayground())
    shown = readout(page), picture(page)
    opened(page)
    names = "\n".join(f"{name};{k}" for k, name in enumerate(["steel", "brass", "glass"] * 5))
    for text, words in [
        ("\n".join(gaps().split("\n")[:8]), "7 rows can be used, and at least 10 are needed"),
        ("name;n\n" + names, "has 15 cells that are no formulas, the first in line 2"),
        (gaps("s20;NaCl;high"), "“gap (eV)” has “high” in line 16, and numbers are to be predicted"),
        (gaps("s20;GaAs;1.5"), "1 row repeats a formula: random folds give its answer away"),
        (gaps("s20;XyZ;1.5"), "1 row left out whose formula cannot be used, the first in line 16: unknown element 'Xy'"),
        (gaps("s20;;1.5"), "1 row left out for an empty cell"),
    ]:
        choose_file(page, text)
        until(lambda words=words: words in page.locator(".nn-own").inner_text(), page)
    press(page, "own-cancel")
    assert (readout(page), picture(page)) == shown and not page.errors


def test_one_chemical_system_cannot_be_left_out(widget_page):
    page = widget_page(CompositionPlayground([f"Cu{k}Au" for k in range(1, 13)], list(range(12)), split="system"))
    words = readout(page)
    assert "left out;" not in words and "none can be left out" in words
    assert control(page, "split").locator("option").count() == 1
    assert not page.errors


def test_what_python_gives_is_checked():
    for arguments, words in [
        ({"formulas": ["Cu"]}, "formulas, values: expected both or neither"),
        ({"formulas": ["Cu"] * 9, "values": range(9)}, "formulas: expected 10 to 1,000 formulas, got 9"),
        ({"formulas": ["Cu"] * 10, "values": range(9)}, "expected one for each of the"),
        ({"formulas": ["Xx"] * 10, "values": range(10)}, "formulas: .*unknown element"),
        ({"formulas": ["Og"] * 10, "values": range(10)}, "formulas: no covalent_radius is known of Og"),
        ({"formulas": ["Cu"] * 10, "values": [1] * 10}, "values: expected values that differ, got 1 alone"),
        ({"model": "forest"}, "model: expected one of"),
        ({"split": "time"}, "split: expected 'random' or 'system'"),
        ({"alpha": 0}, "alpha: expected a number from 1e-06"),
        ({"neighbors": 2.5}, "neighbors: expected a whole number from 1 to 20"),
        ({"composition": ""}, "composition: expected at least one element"),
    ]:
        with pytest.raises(ValueError, match=words):
            CompositionPlayground(**arguments)
    with pytest.raises(TypeError, match="no argument 'folds'"):
        CompositionPlayground(folds=3)
    playground = CompositionPlayground()
    with pytest.raises(ValueError, match="assign both with set_data"):
        playground.formulas = list(GAPS)
    assert len(playground.formulas) == 70
    playground.set_data(list(GAPS), list(GAPS.values()), "gap (eV)")
    assert "gap (eV) of 14 formulas" in playground.static_figure()[2]
    with pytest.raises(ValueError, match="split: expected two chemical systems at least, got Cu alone"):
        CompositionPlayground(["Cu"] * 10, range(10)).folds("system")
