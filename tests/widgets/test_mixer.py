"""The alloy mixer: its numbers against nnlib's, its honesty, and everything that a reader can do."""

import base64
import io
import json
import re

import known_formulas
import numpy as np
import pytest
from looking import (
    control,
    each_changes,
    module,
    picture,
    place,
    press,
    readout,
    said,
    set_number,
    trait,
    until,
)
from PIL import Image

import nnlib as nn
from nnlib.datasets import load_elements
from nnlib.materials import parse_formula
from nnlib.widgets import AlloyMixer, mixer, weights
from nnlib.widgets.mixer import (
    ELEMENTS,
    TRAINED_ON,
    alloys,
    distances,
    held_out,
    limit,
    training_rows,
)


def test_weights_are_small_and_finite():
    arrays = weights.load("mixer")
    assert sum(a.size for a in arrays.values()) == 10_608
    assert all(a.dtype == np.float16 and np.isfinite(a).all() for a in arrays.values())
    assert {a.shape[:1] for a in arrays.values()} == {(len(TRAINED_ON),)}


def test_no_held_out_composition_is_trained_on():
    formulas, out = np.array(alloys().formulas), held_out()
    assert 0.15 < out.mean() < 0.25
    assert not set(formulas[out]) & set(formulas[~out])
    for k, element in enumerate(ELEMENTS):
        rows = training_rows(f"without {element}")
        assert not (rows & out).any() and alloys().X[rows, k].max() == 0


def errors(trained_on, rows):
    """Absolute error and spread of an ensemble on some alloys."""
    prediction = AlloyMixer(trained_on=trained_on).predict(alloys().X[rows])
    return np.abs(prediction.mean - alloys().formation_energy[rows]), prediction.spread


def test_the_ensemble_of_all_predicts_what_was_held_out():
    error, spread = errors("all", held_out())
    assert error.mean() == pytest.approx(0.0042, abs=1e-4)  # what weights/README.md says
    y = alloys().formation_energy
    assert error.mean() < 0.15 * np.abs(y[held_out()] - y[~held_out()].mean()).mean()
    assert spread.mean() < error.mean()  # overconfident even here


@pytest.mark.parametrize("element", ELEMENTS)
def test_without_an_element_it_is_wrong_and_too_sure(element):
    has = alloys().X[:, ELEMENTS.index(element)] > 0
    inside, _ = errors(f"without {element}", held_out() & ~has)
    outside, spread = errors(f"without {element}", has)
    assert inside.mean() < 0.006 and outside.mean() > 4 * inside.mean()
    assert (outside > 2 * spread).mean() > 0.5


@pytest.mark.parametrize("trained_on", TRAINED_ON)
def test_weights_of_the_element_left_out_were_never_moved(trained_on):
    # A first layer starts within 1/√7 and its inputs are not scaled where there is nothing to scale by.
    first = np.array([net[0].weight.data for net in AlloyMixer(trained_on=trained_on).members])
    largest = np.abs(first).max(axis=(0, 1))
    unmoved = [largest[k] <= 7**-0.5 + 1e-3 for k in range(7)]
    assert unmoved == [trained_on == f"without {element}" for element in ELEMENTS]


@pytest.mark.parametrize("trained_on", ["all", "without Pt"])
def test_the_shipped_limit_is_the_99th_percentile(trained_on):
    found = weights.load("mixer")["limit"][TRAINED_ON.index(trained_on)]
    assert found == limit(trained_on)
    X = alloys().X[training_rows(trained_on)]
    away = [np.sort(distances(x, X))[1] for x in X[::7]]
    assert np.mean(np.array(away) <= found) > 0.97


def test_training_again_takes_the_same_steps(monkeypatch):
    from tools.makers import mixer_weights

    monkeypatch.setattr(mixer_weights, "EPOCHS", 1)
    rows = training_rows("without Al")
    first, again, other = (mixer_weights.train(rows, seed) for seed in (0, 0, 1))
    for name, array in first.items():
        assert array.shape == weights.load("mixer")[name].shape[2:]
        np.testing.assert_array_equal(array, again[name])
        assert not np.array_equal(array, other[name])


def test_predict_is_mean_and_deviation_of_the_members():
    made = AlloyMixer("Ni3Al")
    np.testing.assert_array_equal(made.fractions, [0.25, 0.75, 0, 0, 0, 0, 0])
    with nn.no_grad():
        said_by = [net(made.fractions[None]).item() for net in made.members]
    found = made.predict()
    np.testing.assert_allclose(found.members, said_by, rtol=1e-12)
    assert found.mean == pytest.approx(np.mean(said_by)) and found.spread == pytest.approx(np.std(said_by, ddof=1))
    many = made.predict(alloys().X[:9])
    assert many.mean.shape == many.spread.shape == (9,) and many.members.shape == (9, 5)
    made.trained_on = "without Ni"
    assert abs(made.predict().mean - found.mean) > 0.1


def test_distances_neighbors_and_domain_by_hand():
    made = AlloyMixer({"Cu": 1, "Pt": 1})
    # From CuPt, one quarter of the atoms is exchanged for Cu3Pt, a half for Cu, all for Ni.
    to = np.eye(7)[[2, 1]]
    np.testing.assert_allclose(distances(made.fractions, to), [0.5, 1])
    first = made.nearest(1)[0]
    assert (first.formula, first.distance, first.prototype) == ("CuPt", 0, "L1_0")
    assert [n.distance for n in made.nearest(9)] == sorted(n.distance for n in made.nearest(9))
    assert not made.domain().outside
    made.trained_on = "without Pt"
    domain = made.domain()
    assert domain.new_elements == ["Pt"] and domain.distance == 0.5 and domain.outside
    assert not any(n.trained for n in made.nearest(5))
    equal = AlloyMixer("AlNiCuPdAgPtAu").domain()
    assert equal.new_elements == [] and equal.elements == 7 and equal.outside
    # Four of the seven sevenths at most can be covered by four elements.
    assert equal.distance >= 3 / 7 - 1e-9


@pytest.mark.parametrize("arguments, words", [
    ({"composition": "FeNi"}, "composition: expected a formula or amounts of Al, Ni, .*got {'Fe': 1"),
    ({"composition": "ni3"}, r"composition: formula: unexpected 'n' \(did you mean Ni\?\) at position 1"),
    ({"composition": 3}, "composition: expected a formula or amounts"),
    ({"composition": {}}, "composition: expected at least one amount above zero, got {}"),
    ({"composition": {"Ni": 0}}, "composition: expected at least one amount above zero"),
    ({"composition": {"Ni": -1}}, r"composition\['Ni'\]: expected a number from 0 to 1000, got -1"),
    ({"composition": {"Ni": float("nan")}}, r"composition\['Ni'\]"),
    ({"composition": "Ni0.0000001Al"}, r"composition\['Ni'\]: expected 0 or a number from 1e-06 to 1000, got 1e-07"),
    ({"composition": "Xx2"}, "composition: formula: unknown element 'Xx' at position"),
    ({"trained_on": "Pt"}, "trained_on: expected one of 'all', 'without Al', .*got 'Pt'"),
    ({"line": "Fe"}, "line: expected one of 'Al', 'Ni', .*got 'Fe'"),
])  # fmt: skip
def test_errors_name_the_argument(arguments, words):
    with pytest.raises(ValueError, match=words):
        AlloyMixer(**arguments)


def test_a_rejected_assignment_changes_nothing_and_shapes_are_checked():
    made = AlloyMixer("AgPd")
    with pytest.raises(ValueError, match="composition"):
        made.composition = "Xx"
    assert made.composition == {"Ag": 1, "Pd": 1}
    with pytest.raises(ValueError, match=r"X: expected shape \(7,\) or \(n, 7\) with n at least 1, got \(3,\)"):
        made.predict([1, 0, 0])


@pytest.mark.parametrize("t", [0.5, "a", {}, [2], [-1], [np.nan], [None], ["0.5"], [[0.5]]])
def test_along_wants_a_list_of_fractions(t):
    with pytest.raises(ValueError, match="^t: expected "):
        AlloyMixer().along(t)


@pytest.mark.parametrize("n", [0, -1, None, True, 1.5, "5", np.nan, 2071])
def test_nearest_wants_a_whole_number(n):
    with pytest.raises(ValueError, match="n: expected a whole number from 1 to 2070, got "):
        AlloyMixer().nearest(n)


@pytest.mark.parametrize("X, words", [
    (np.zeros((0, 7)), r"expected shape \(7,\) or \(n, 7\) with n at least 1, got \(0, 7\)"),
    (np.zeros(7), "expected fractions that sum to 1, got the sum 0"),
    ([[1, 0, 0, 0, 0, 0, 0], [3, 1, 0, 0, 0, 0, 0]], "expected fractions that sum to 1, got the sum 4"),
    ([1.5, -0.5, 0, 0, 0, 0, 0], "expected fractions of 0 or more, got -0.5"),
])  # fmt: skip
def test_predict_wants_fractions(X, words):
    with pytest.raises(ValueError, match=f"^X: {words}"):
        AlloyMixer().predict(X)


def test_the_static_figure_says_the_rest_and_what_s_is():
    figure, alternative, caption = AlloyMixer("Cu3Pt").static_figure()
    assert figure.axes[0].get_xlabel() == "fraction of Pt, the rest is Cu"
    s = AlloyMixer("Cu3Pt").predict().spread
    assert f"eV/atom, s = {s:.4f} eV/atom" in alternative and "reach 2 s up and down" in caption
    # The page's 32 colors tell the diamond from the squares: more blue than green, and the reverse.
    html = AlloyMixer("Cu3Pt").static_html()
    data = base64.b64decode(re.search(r"base64,([^\"]+)", html)[1])
    colors = [c for _, c in Image.open(io.BytesIO(data)).convert("RGB").getcolors()]
    for wanted in ((0xA3, 0x12, 0x3F), (0xB8, 0x4A, 0x00)):
        r, g, b = min(colors, key=lambda c: np.abs(np.subtract(c, wanted)).sum())
        assert r > 120 and (b > g) == (wanted[2] > wanted[1])
    uneven = AlloyMixer({"Al": 1.3, "Ni": 22.2, "Pt": 3}).static_figure()[0]
    assert uneven.axes[0].get_xlabel() == "fraction of Pt, the rest as mixed"


def test_the_line_keeps_proportions():
    line = AlloyMixer("Cu2NiPt", line="Pt").along([0, 0.4, 1])
    np.testing.assert_allclose(line[1], [0, 0.2, 0.4, 0, 0, 0.4, 0])
    np.testing.assert_allclose(line[2], np.eye(7)[5])
    np.testing.assert_allclose(AlloyMixer("Au", line="Au").along([0.5])[0], [0.5, 0, 0, 0, 0, 0, 0.5])


# In a browser -------------------------------------------------------------------------------------

COMPUTE = """([{ CELL, formulaOf, predict, unpackKnown }, { unpack }, X]) => {
  const [w, elements] = [unpack(shown.model.get("_weights")), shown.model.get("_elements")];
  return {
    members: [0, 1, 2, 3, 4, 5, 6, 7].map((which) => X.map((x) => predict(w, which, x))),
    known: unpackKnown(shown.model.get("_known"), elements).map((a) => ({ ...a, name: formulaOf(elements, a.x.map((n) => Math.round(CELL * n))) })),
  };
}"""


def test_the_page_computes_what_nnlib_does(widget_page):
    page = widget_page(AlloyMixer())
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.dirichlet(np.full(7, 0.5), 20), np.eye(7)])
    modules = [module(page, name) for name in ("mixer/alloys.js", "shared/weights.js")]
    here = page.evaluate(COMPUTE, [*modules, X.tolist()])
    for trained_on, members in zip(TRAINED_ON, here["members"], strict=True):
        there = AlloyMixer(trained_on=trained_on).predict(X).members
        np.testing.assert_allclose(members, there, rtol=0, atol=1e-12)
    known = here["known"]
    np.testing.assert_allclose([a["x"] for a in known], alloys().X, rtol=0, atol=1e-12)
    np.testing.assert_allclose([a["energy"] for a in known], alloys().formation_energy, rtol=0, atol=mixer.UNIT / 2 + 1e-12)
    assert [a["prototype"] for a in known] == alloys().prototypes
    assert [a["name"] for a in known] == list(alloys().formulas)
    np.testing.assert_array_equal([a["held"] for a in known], held_out())


@pytest.mark.parametrize("trained_on", ["all", "without Cu"])
@pytest.mark.parametrize("composition", ["Ni3Pt", "Cu2NiPt", "AlNiCuPdAg"])
def test_the_page_says_what_python_says(composition, trained_on, widget_page):
    made = AlloyMixer(composition, trained_on=trained_on)
    page = widget_page(made)
    prediction, domain, near = made.predict(), made.domain(), made.nearest(5)
    words = readout(page)
    shown = f"{prediction.mean:+.3f}".replace("-", "−")
    assert f"{composition}: {shown} eV/atom predicted, s = {prediction.spread:.4f} eV/atom." in words
    assert ("No warning" not in words) == domain.outside
    assert ("no training alloy has Cu" in words) == ("Cu" in domain.new_elements)
    assert ("no training alloy has more than 4" in words) == (domain.elements > 4)
    assert (f"training alloy is {domain.distance:.3f} away" in words) == (domain.distance > domain.limit)
    rows = page.locator(".nn-mixer-nearest tbody tr")
    for k, neighbor in enumerate(near):
        name, order, away, energy, trained = rows.nth(k).locator("td").all_inner_texts()
        assert name == neighbor.formula
        assert (order == "random") == (neighbor.prototype == "random")
        assert (away, trained) == (f"{neighbor.distance:.3f}", "yes" if neighbor.trained else "no")
        assert float(energy.replace("−", "-")) == pytest.approx(neighbor.energy, abs=6e-4)


def test_the_page_keeps_the_order_of_the_mixture(widget_page):
    made = AlloyMixer("Pt2CuAl")
    page = widget_page(made)
    assert control(page, "formula").input_value() == "Pt2CuAl"
    said(page, "50 % Pt, 25 % Cu, 25 % Al")
    made.composition = "CuAlPt2"  # the same amounts
    assert list(made.composition) == ["Cu", "Al", "Pt"]
    made.set_state({"composition": [["Pt", 2], ["Al", 1]]})
    assert made.composition == {"Pt": 2, "Al": 1}


def test_it_sees_no_order_and_says_so(widget_page):
    page = widget_page(AlloyMixer("Ni3Pt"))
    table = alloys()
    here = [k for k, formula in enumerate(table.formulas) if formula == "Ni3Pt"]
    energy = {table.prototypes[k]: table.formation_energy[k] for k in here}
    assert energy["L1_2"] < energy["random"] - 0.03
    words = readout(page)
    assert f"−{-energy['L1_2']:.3f} in order (L1₂)" in words and "placed at random" in words
    assert "can see how the atoms are ordered, nor that EMT itself may be wrong" in words


def test_every_control_changes_words_and_picture_and_reset_takes_it_back(widget_page):
    page = widget_page(AlloyMixer("Cu3Pt"))
    words, drawn = readout(page), picture(page)
    each_changes(page, [
        ("preset", lambda: control(page, "preset").select_option("Ni3Al")),
        ("formula", lambda: control(page, "formula").fill("CuAu")),
        ("trained_on", lambda: control(page, "trained_on").select_option("without Au")),
        ("fraction", lambda: set_number(page, "fraction", 0.3)),
        *((element, lambda element=element: control(page, element, "input[type=range]").press("ArrowRight"))
          for element in ELEMENTS),
    ])  # fmt: skip
    said_before, drawn_before = readout(page), picture(page)
    control(page, "line").select_option("Ni")  # the mixture stays, the line through it does not
    assert picture(page) != drawn_before and readout(page) == said_before
    press(page, "reset")
    assert readout(page) == words and picture(page) == drawn
    assert trait(page, "composition") == {"Cu": 3, "Pt": 1} and trait(page, "trained_on") == "all"


def test_parts_and_fraction_move_together(widget_page):
    page = widget_page(AlloyMixer("Cu2NiPt", line="Pt"))
    set_number(page, "fraction", 0.5)
    assert trait(page, "composition") == {"Cu": pytest.approx(4 / 3, abs=1e-5), "Ni": pytest.approx(2 / 3, abs=1e-5), "Pt": 2}
    set_number(page, "fraction", 1)
    assert trait(page, "composition") == {"Pt": 4}
    set_number(page, "fraction", 0)  # what was mixed with it comes back
    found = trait(page, "composition")
    assert found["Cu"] / found["Ni"] == pytest.approx(2, abs=1e-4) and "Pt" not in found
    set_number(page, "Ni", 0)
    set_number(page, "Pt", 50)
    assert trait(page, "composition")["Pt"] == 50 and "Ni" not in trait(page, "composition")
    slider = control(page, "Pt", "input[type=range]")
    until(lambda: (slider.get_attribute("max"), slider.get_attribute("step")) == ("50", "1"), page)
    set_number(page, "Pt", 2)
    until(lambda: (slider.get_attribute("max"), slider.get_attribute("step")) == ("4", "0.1"), page)
    assert not page.errors


def test_amounts_stay_between_the_least_and_the_most(widget_page):
    page = widget_page(AlloyMixer("Ni1000Al1000", line="Ni"))
    set_number(page, "fraction", 1)
    assert trait(page, "composition") == {"Ni": 1000}
    set_number(page, "fraction", 0.5)
    assert trait(page, "composition") == {"Ni": 500, "Al": 500}
    control(page, "formula").fill("Ni0.000001Al0.000001")
    set_number(page, "fraction", 0.1)
    found = trait(page, "composition")
    assert found["Al"] == pytest.approx(9 * found["Ni"]) and AlloyMixer(found).composition == found
    set_number(page, "fraction", 0.0000001)  # less than can be written
    assert trait(page, "composition") == {"Al": pytest.approx(found["Al"] + found["Ni"])}
    set_number(page, "Pd", 0.0000001)
    assert "Pd" not in trait(page, "composition")
    assert control(page, "Pd", "input[type=number]").input_value() == "0"
    assert not page.errors


def test_an_uneven_rest_is_not_spelled_out(widget_page):
    page = widget_page(AlloyMixer({"Al": 1.3, "Ni": 22.2, "Pt": 3}))
    assert "fraction of Pt, the rest as mixed" in page.locator("canvas").get_attribute("aria-label")


@pytest.mark.parametrize("width", [320, 375])
def test_the_nearest_alloys_fit_a_phone(width, widget_page):
    page = widget_page(AlloyMixer({"Al": 7, "Ni": 1, "Cu": 9, "Pd": 2, "Ag": 5, "Pt": 3, "Au": 4}), width=width)
    hidden = page.locator(".nn-mixer-nearest .nn-scroll").evaluate("(el) => el.scrollWidth - el.clientWidth")
    assert hidden <= 0


def test_an_empty_mixture_is_refused_in_words(widget_page):
    page = widget_page(AlloyMixer("Ag"))
    set_number(page, "Ag", 0)
    problem = page.locator("fieldset [role=alert]", has_text="Something must be in the mixture")
    problem.wait_for()
    assert trait(page, "composition") == {"Ag": 1}
    assert control(page, "Ag", "input[type=range]").input_value() == "1"
    set_number(page, "Pd", 1)
    problem.wait_for(state="detached")
    assert trait(page, "composition") == {"Ag": 1, "Pd": 1}


@pytest.mark.parametrize("text, words, finished", [
    ("FeNi", "Not one of the seven metals: 'Fe' at position 1 of 'FeNi'.", True),
    ("ni3Al", "(did you mean Ni?)", True),
    ("Ni0", "Expected an amount above zero", False),
    ("(NiAl", "is never closed", False),
    ("", "Expected at least one element", False),
    ("Ni2000", "The amount of Ni must be from 0.000001 to 1,000.", True),
    ("Ni0.0000001Al", "from 0.000001", True),
])  # fmt: skip
def test_a_formula_that_cannot_be_read_is_explained(text, words, finished, widget_page):
    page = widget_page(AlloyMixer("Cu3Pt"))
    field, problem = control(page, "formula"), page.locator('[data-control="formula"] [role=alert]')
    field.fill(text)
    assert bool(problem.inner_text()) == finished
    assert (field.get_attribute("aria-invalid") == "true") == finished
    field.press("Enter")  # what is mixed comes back, and nothing is wrong with that
    assert words in problem.inner_text()
    assert "Al, Ni, Cu, Pd, Ag, Pt, Au; the mixture stays Cu3Pt." in problem.inner_text()
    assert field.input_value() == "Cu3Pt" and not field.get_attribute("aria-invalid")
    assert trait(page, "composition") == {"Cu": 3, "Pt": 1}
    field.fill("Ni3.0Al")
    said(page, "Ni3Al:")
    assert field.input_value() == "Ni3.0Al"  # as typed, until the field is left
    assert problem.inner_text() == ""
    field.press("Tab")
    assert field.input_value() == "Ni3Al" and not field.get_attribute("aria-invalid")
    assert not page.errors


FORMULAS = ["Ba(NO3)2", "Ni3Al", "((NiAl)2Cu)3", "[Fe(CN)6]4", "Fe0.5Ni.5", "Ni2.Al", "", "2Ni", "Fe0", "ni3", "nI",
            "(Ni", "Ni)", "()", "[Ni)", "Ni2 Al", "Ni-Al", "Ni'", "Ni2(", "H2O", "HfO2", "Ni₃Pt", "Al₁₀(Ni₂", "₂Ni", "CO", "Co", "Ni33", "Al1e3",
            *(re.split("   +", line)[0] for line in known_formulas.WRITTEN), *known_formulas.REPORTED_REFUSED,
            *(formula for table in ("NO_FORMULAS", "NAMED", "TWOFOLD", "REPORTED") for formula, *_ in getattr(known_formulas, table)),
            "FeVI", "nan", "NaN", "Ca(OH)2·", "Fe" * 100 + "?", "?" + "Fe" * 100, "Fe" * 40 + "😀" + "Fe" * 40, "Fe\x7f", "Fe\ue000", "Fe" * 30 + ".5H2O"]  # fmt: skip
PARSE = """([{ parseFormula, writeFormula }, formulas, symbols]) => formulas.map((f) => {
    try { return { amounts: parseFormula(f, symbols), again: parseFormula(writeFormula(parseFormula(f, symbols), 17), symbols) }; }
    catch (error) { return { error: error.message }; }
})"""


def test_formulas_are_read_as_in_python(widget_page):
    page = widget_page(AlloyMixer())
    given = [module(page, "shared/formula.js"), FORMULAS, list(load_elements().symbols)]
    for formula, found in zip(FORMULAS, page.evaluate(PARSE, given), strict=True):
        try:
            expected = parse_formula(formula)
        except ValueError as error:
            assert found == {"error": str(error)}
        else:
            assert json.dumps(found["amounts"]) == json.dumps(expected), formula  # in the same order
            assert found["again"] == expected


def touch(page, begin, steps):
    session = page.context.new_cdp_session(page)
    for kind, point in [("touchStart", begin), *(("touchMove", p) for p in steps), ("touchEnd", None)]:
        points = [dict(zip("xy", point, strict=True))] if point else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@pytest.mark.parametrize("by_touch", [False, True])
def test_the_mixture_is_dragged_along_the_line(by_touch, widget_page):
    page = widget_page(AlloyMixer("CuPt"), touch=by_touch, width=420 if by_touch else 1000)
    page.locator("canvas").scroll_into_view_if_needed()
    picture(page)
    # A click or tap anywhere takes the mixture to that fraction; the picture goes from -0.03 to 1.03.
    x, y = place(page, (0.6 + 0.03) / 1.06, 0.3)
    (page.touchscreen.tap if by_touch else page.mouse.click)(x, y)
    until(lambda: set(trait(page, "composition")) == {"Cu", "Pt"} and trait(page, "composition")["Pt"] != 1, page)
    assert trait(page, "composition")["Pt"] == pytest.approx(1.2, abs=0.03)
    picture(page)
    made = AlloyMixer("CuPt")
    here = made.fractions[5]
    set_number(page, "fraction", here)
    picture(page)
    page.locator("canvas").scroll_into_view_if_needed()
    grip = find(page)
    end = (grip[0] + 2000, grip[1] + 5)  # far beyond the right end
    if by_touch:
        touch(page, grip, [(grip[0] + 20, grip[1]), end])
    else:
        page.mouse.move(*grip)
        page.mouse.down()
        page.mouse.move(grip[0] + 20, grip[1])
        page.mouse.move(*end)
        page.mouse.up()
    until(lambda: trait(page, "composition") == {"Pt": 2}, page)
    said(page, "100 % Pt")
    assert page.evaluate("scrollX") == 0
    assert not page.errors


# Where the diamond is, in pixels of the page: the middle of what has its color.
FIND = """(canvas) => {
  const color = getComputedStyle(canvas.closest(".nnlib-widget")).getPropertyValue("--nn-alert").trim();
  const [r, g, b] = [1, 3, 5].map((k) => parseInt(color.slice(k, k + 2), 16));
  const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let [n, x, y] = [0, 0, 0];
  for (let k = 0; k < data.length; k += 4) {
    if (data[k] !== r || data[k + 1] !== g || data[k + 2] !== b) continue;
    [n, x, y] = [n + 1, x + (k / 4) % width, y + Math.floor(k / 4 / width)];
  }
  const box = canvas.getBoundingClientRect();
  return [box.left + x / n / devicePixelRatio, box.top + y / n / devicePixelRatio];
}"""


def find(page):
    return tuple(page.locator("canvas").evaluate(FIND))


def test_python_moves_the_page(widget_page):
    page = widget_page(AlloyMixer())
    made = AlloyMixer("AgPd", trained_on="without Ag", line="Ag")
    page.evaluate("state => shown.model.set(state)", {name: made.get_state(name)[name] for name in ("composition", "trained_on", "line")})
    said(page, "AgPd:")
    said(page, "no training alloy has Ag;")
    assert control(page, "formula").input_value() == "AgPd" and control(page, "line").input_value() == "Ag"
    assert control(page, "preset").input_value() == "AgPd"
    assert control(page, "Ag", "input[type=number]").input_value() == "1"
    assert "fraction of Ag, the rest is Pd" in page.locator("canvas").get_attribute("aria-label")
    page.evaluate("shown.model.set({ composition: [['Ag', 3]] })")
    said(page, "100 % Ag")
    assert control(page, "preset").input_value() == ""
    assert not page.errors


def test_a_pure_metal_has_a_line_too(widget_page):
    page = widget_page(AlloyMixer("Pt", line="Pt"))
    assert "the rest is Au" in page.locator("canvas").get_attribute("aria-label")
    control(page, "fraction", "input[type=range]").press("ArrowLeft")
    assert trait(page, "composition") == {"Pt": pytest.approx(0.99), "Au": pytest.approx(0.01)}


def test_the_table_holds_the_known_alloys_of_the_line(widget_page):
    made = AlloyMixer("Cu3Pt")
    page = widget_page(made)
    page.locator("summary").click()
    rows = page.locator("details tbody tr")
    rows.first.wait_for()
    X = alloys().X
    near = [k for k, x in enumerate(X) if distances(x, made.along([x[5]]))[0] < 1.01 / 32]
    assert rows.count() == len(near) > 30
    cells = [row.locator("td").all_inner_texts() for row in rows.all()]
    found = next(c for c in cells if c[1:3] == ["CuPt", "L1₀"])
    predicted = made.predict(made.along([0.5])).mean[0]
    assert found[0] == "0.5" and found[4] == f"−{-predicted:.3f}"
