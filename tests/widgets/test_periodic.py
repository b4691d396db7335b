"""The periodic table: its features and formulas against nnlib.materials, its cells, controls and keys."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from looking import (
    control,
    each_changes,
    picture,
    place,
    press,
    readout,
    said,
    set_number,
    settled,
    trait,
    until,
)

from nnlib.datasets import load_elements
from nnlib.materials import composition_features, parse_formula
from nnlib.widgets import PeriodicTable
from nnlib.widgets.periodic import PROPERTIES, SCALE, logarithmic, places

TABLE = load_elements()


# In Python ----------------------------------------------------------------------------------------


def test_each_element_has_its_place():
    where = dict(zip(TABLE.symbols, map(tuple, places(TABLE).tolist()), strict=True))
    assert len(set(where.values())) == 118
    assert where["H"] == (1, 1) and where["He"] == (1, 18) and where["O"] == (2, 16)
    assert where["La"] == (6, 3) and where["Hf"] == (6, 4) and where["Og"] == (7, 18)
    assert where["Ce"] == (9, 4) and where["Lu"] == (9, 17)
    assert where["Th"] == (10, 4) and where["Lr"] == (10, 17)


def test_only_the_density_needs_logarithms():
    assert [name for name in PROPERTIES if logarithmic(TABLE[name])] == ["density"]


def test_features_by_hand():
    # Sr 0.95, Ti 1.54, O 3.44: mean (0.95 + 1.54 + 3 · 3.44) / 5 = 2.562, and deviation
    # (1.612 + 1.022 + 3 · 0.878) / 5 = 1.0536.
    X, names = PeriodicTable("SrTiO3").features()
    assert names[0] == "mean electronegativity"
    np.testing.assert_allclose(X, [[2.562, 1.0536, 0.95, 3.44, 2.49, 3.44]], rtol=1e-12)


@pytest.mark.parametrize("missing", ["nan", "skip"])
def test_features_are_those_of_materials(missing):
    table = PeriodicTable("CaCO3", property="melting_point", missing=missing)  # carbon has none
    X, names = table.features()
    expected = composition_features(["CaCO3"], ["melting_point"], missing)
    np.testing.assert_array_equal(X, expected[0])
    assert names == expected[1] and np.isnan(X).all() == (missing == "nan")
    X, names = table.features(["period", "density"])
    np.testing.assert_array_equal(X, composition_features(["CaCO3"], ["period", "density"])[0])
    assert len(names) == 12


def test_without_elements_there_are_no_features():
    table = PeriodicTable({})
    assert table.formula == "" and PeriodicTable(table.formula).composition == {}
    with pytest.raises(ValueError, match="composition: expected at least one element, got none"):
        table.features()


@given(st.dictionaries(st.sampled_from(TABLE.symbols), st.floats(1e-6, 1e6), min_size=1, max_size=5))
def test_the_formula_says_exactly_what_is_picked(amounts):
    table = PeriodicTable(amounts)
    again = parse_formula(table.formula)
    assert list(again.items()) == list(amounts.items())  # in the order of picking


@pytest.mark.parametrize("arguments, words", [
    ({"composition": "Fe2Xx"}, r"composition: formula: unknown element 'Xx' \(did you mean Xe\?\) at position 4"),
    ({"composition": {"Fe": 0}}, r"composition\['Fe'\]: expected a number from 1e-06 to 1e\+06, got 0"),
    ({"composition": {"Fe": "2"}}, r"composition\['Fe'\]: expected a number"),
    ({"composition": {"Fe": float("nan")}}, r"composition\['Fe'\]"),
    ({"composition": {"iron": 1}}, "composition: expected symbols of elements such as 'Fe', got 'iron'"),
    ({"composition": ["Fe", "O"]}, "composition: expected a formula or amounts of elements"),
    ({"property": "hardness"}, "property: expected one of 'atomic_number', .*got 'hardness'"),
    ({"against": "block"}, "against: expected one of"),
    ({"missing": "raise"}, "missing: expected 'nan' or 'skip', got 'raise'"),
])  # fmt: skip
def test_errors_name_the_argument(arguments, words):
    with pytest.raises(ValueError, match=words):
        PeriodicTable(**arguments)


def test_a_rejected_assignment_leaves_what_was():
    table = PeriodicTable("Fe2O3")
    for bad in ("Fe2o", {"Fe": -1}, None, " "):
        with pytest.raises(ValueError, match="composition"):
            table.composition = bad
        assert table.formula == "Fe2O3"
    table.composition = {"Ni": 3, "Al": 1}
    assert table.formula == "Ni3Al"


def test_the_order_of_picking_is_part_of_the_state():
    table = PeriodicTable("Fe2O3")
    told = []
    table.observe(lambda change: told.append(list(change["new"])), "composition")
    for again in ("O3Fe2", "O3Fe2", {"Fe": 2, "O": 3}):
        table.composition = again
    assert told == [["O", "Fe"], ["Fe", "O"]]
    assert repr(table.composition) == "{'Fe': 2.0, 'O': 3.0}"


@pytest.mark.parametrize("bad", [5, True, float("nan"), "period", {"period"}])
def test_properties_are_a_list_of_names(bad):
    with pytest.raises(TypeError, match="properties: expected a list of names, got"):
        PeriodicTable("Fe2O3").features(bad)
    with pytest.raises(ValueError, match="properties: expected at least one, got none"):
        PeriodicTable("Fe2O3").features([])


def test_the_static_figure_says_what_it_shows():
    _, alternative, caption = PeriodicTable("NaCl", property="density").static_figure()
    assert "density, from 8.2e-05 to 22.5872; 22 have no value" in alternative
    assert "density (g/cm³), hatched where no value is known (22)" in caption
    assert "NaCl, whose mean density is" in caption
    caption = PeriodicTable("CO", property="melting_point").static_figure()[2]
    assert "mean melting point is missing" in caption
    assert "Framed" not in PeriodicTable({}, property="period").static_figure()[2]


# In a browser -------------------------------------------------------------------------------------


@pytest.fixture
def compute(widget_page):
    """statistics() and parse() of the page's module: a function (name, arguments) to what it returns or throws."""
    page = widget_page(PeriodicTable())
    page.evaluate("async () => { window.module = await shown.load(); }")
    call = """([name, values]) => {
      try { return { ok: name === "parse" ? Object.entries(module.parse(...values)) : module[name](...values) }; }
      catch (error) { return { error: error.message }; }
    }"""
    return lambda name, *values: page.evaluate(call, [name, values])


def test_the_page_computes_the_features_of_materials(compute):
    compositions = st.dictionaries(
        st.sampled_from(TABLE.symbols),
        st.one_of(st.integers(1, 4), st.floats(0.01, 100)),
        min_size=1, max_size=5,
    )  # fmt: skip

    @given(compositions, st.sampled_from(PROPERTIES), st.sampled_from(["nan", "skip"]))
    def same(composition, name, missing):
        table = PeriodicTable(composition, property=name, missing=missing)
        values = [TABLE[name][TABLE.symbols.index(symbol)] for symbol in composition]
        p = [None if np.isnan(value) else float(value) for value in values]
        here = compute("statistics", list(composition.values()), p, missing == "skip")["ok"]
        X, names = table.features()
        assert [f"{key} {name}" for key in here] == names
        found = [np.nan if value is None else value for value in here.values()]
        np.testing.assert_allclose(found, X[0], rtol=1e-9, atol=1e-9)

    same()


def read(formula):
    try:
        return {"ok": [list(entry) for entry in parse_formula(formula).items()]}
    except ValueError as error:
        return {"error": str(error)}


def test_the_page_reads_formulas_as_python_does(compute):
    parts = [*TABLE.symbols[:40], *"ABCDIJQTVXYZabcenxyz()[]{}0123456789. -'\"\\+é₂٢😀·*/,:@^½⅓²⁺δⅢ−\u200b\xa0",
             "(I)", "(III)", "III", "VI3", ".5", "2.", "H2O", "(H2O)", "C2H6O", "O4", "e-05", "Uu"]  # fmt: skip

    @given(st.lists(st.sampled_from(parts), max_size=8).map("".join))
    def same(formula):
        assert compute("parse", formula, list(TABLE.symbols)) == read(formula)

    same()
    for formula in ("Ba(NO3)2", "K4[Fe(CN)6]", "Fe0.5Ni.5", "O6N2Ba", "Xx", "J", "QF", "fe2o3", "Fe0",
                    "(Fe", "Fe)", "[Fe)", "()", "2H", "", "CuSO4·5H2O", "Ba(NO₃)₂", "Fe₀", "Fe" + "9" * 400):  # fmt: skip
        assert compute("parse", formula, list(TABLE.symbols)) == read(formula), formula


def cell(page, symbol):
    return page.locator(f'[role=gridcell][data-element="{symbol}"]')


def shown_features(page):
    return dict(page.locator("td[data-feature]").evaluate_all("all => all.map((td) => [td.dataset.feature, td.textContent])"))  # fmt: skip


def test_the_page_keeps_the_order_of_picking_and_of_the_properties(widget_page):
    page = widget_page(PeriodicTable("SrTiO3"))
    said(page, "SrTiO3: fractions Sr 0.2, Ti 0.2, O 0.6.")
    assert control(page, "formula").input_value() == "SrTiO3"
    for name in ("property", "against"):
        options = control(page, name).locator("option").evaluate_all("all => all.map((o) => o.value)")
        assert options == list(PROPERTIES)
    cell(page, "Al").click()
    until(lambda: list(trait(page, "composition")) == ["Sr", "Ti", "O", "Al"], page)


def test_what_the_page_sends_arrives_in_its_order():
    table = PeriodicTable("Fe")
    table.set_state({"composition": [["Sr", 1], ["Ti", 1], ["O", 3]]})
    assert table.formula == "SrTiO3" and table.get_state("composition")["composition"][0] == ["Sr", 1]
    with pytest.raises(ValueError, match="composition"):
        table.set_state({"composition": [["Sr", -1]]})
    assert table.formula == "SrTiO3"


def test_every_property_shows_its_features(widget_page):
    page = widget_page(PeriodicTable("SrTiO3"))
    for name in PROPERTIES:
        control(page, "property").select_option(name)
        until(lambda name=name: trait(page, "property") == name, page)
        settled(page)
        X, names = composition_features(["SrTiO3"], [name], "nan")
        shown = shown_features(page)
        assert [f"{key} {name}" for key in shown] == names
        if np.isnan(X).any():
            assert set(shown.values()) == {"missing"}
        else:
            np.testing.assert_allclose([float(text.replace("−", "-")) for text in shown.values()], X[0], rtol=1e-4, atol=1e-9)  # fmt: skip
        labels = page.locator("[role=gridcell]").evaluate_all("all => all.map((c) => c.ariaLabel)")
        hatched = page.locator(".nn-periodic-cell.nn-periodic-missing").count()
        gaps = int(np.isnan(TABLE[name]).sum())
        assert hatched == sum("no " in label and "known" in label for label in labels) == gaps
    assert not page.errors


def background(page, symbol):
    return cell(page, symbol).evaluate("c => [c.style.backgroundColor, getComputedStyle(c).backgroundImage.slice(0, 9)]")  # fmt: skip


def rgb(color):
    return f"rgb({int(color[1:3], 16)}, {int(color[3:5], 16)}, {int(color[5:], 16)})"


def test_colors_run_from_lowest_to_highest_and_gaps_are_hatched(widget_page):
    page = widget_page(PeriodicTable())
    assert background(page, "Fr") == [rgb(SCALE[0]), "none"]
    assert background(page, "F") == [rgb(SCALE[2]), "none"]
    assert background(page, "He") == ["", "repeating"]
    assert cell(page, "He").get_attribute("aria-label") == "He, helium: no electronegativity known"
    control(page, "property").select_option("density")
    until(lambda: background(page, "Os") == [rgb(SCALE[2]), "none"], page)
    assert background(page, "H") == [rgb(SCALE[0]), "none"]
    # Between 8.2e-05 and 22.59 g/cm³, the 0.534 of lithium lie at 0.70 of the logarithms' way.
    level = 2 * np.log(0.534 / 8.2e-05) / np.log(22.5872 / 8.2e-05) - 1
    middle, high = (np.array([int(c[k : k + 2], 16) for k in (1, 3, 5)]) for c in SCALE[1:])
    lithium = json.loads(f"[{background(page, 'Li')[0][4:-1]}]")
    np.testing.assert_allclose(lithium, middle + (high - middle) * level, atol=1.5)
    assert "logarithmic" in page.locator(".nn-periodic-scale").inner_text()
    assert "no value: 22" in page.locator(".nn-periodic-scale").inner_text()
    control(page, "property").select_option("period")
    until(lambda: background(page, "He")[1] == "none", page)
    assert "no value" not in page.locator(".nn-periodic-scale").inner_text()


def test_every_control_changes_words_and_picture_and_reset_takes_it_back(widget_page):
    page = widget_page(PeriodicTable("CaCO3"))
    start, words = picture(page), readout(page)
    each_changes(page, [
        ("property", lambda: control(page, "property").select_option("melting_point")),
        ("missing", lambda: control(page, "missing").select_option("skip")),
        ("amount", lambda: set_number(page, "amount-Ca", 2.5)),
        ("slider", lambda: control(page, "amount-O").press("ArrowRight")),
        ("formula", lambda: control(page, "formula").fill("Al2O3")),
        ("click", lambda: cell(page, "Cr").click()),
        ("clear", lambda: press(page, "clear")),
    ])  # fmt: skip
    assert trait(page, "composition") == {}
    assert "No element is picked." in readout(page)
    drawn = picture(page)
    control(page, "against").select_option("ionization_energy")
    assert picture(page) != drawn
    assert "over the ionization energy" in page.locator("canvas").get_attribute("aria-label")
    press(page, "reset")
    assert readout(page) == words
    assert trait(page, "composition") == {"Ca": 1, "C": 1, "O": 3}
    cell(page, "Ca").hover()  # the reset leaves which element was looked at
    assert picture(page) == start
    assert not page.errors


def test_words_of_missing_values(widget_page):
    page = widget_page(PeriodicTable("CaCO3", property="melting_point"))
    said(page, "No melting point is known of C: the features are missing.")
    assert "Not drawn, for want of a value: C." in page.locator(".nn-picture .nn-note").inner_text()
    control(page, "missing").select_option("skip")
    said(page, "No melting point is known of C: the features are those of the other elements.")
    said(page, "Mean melting point: 0.25 × 1115.2 + 0.75 × 54.36 = 319.56 K.")
    control(page, "formula").fill("C")
    said(page, "No melting point is known of C: the features are missing.")
    control(page, "formula").fill("CoCrFeMnNiCuAl")
    said(page, "CoCrFeMnNiCuAl: 7 elements.")
    said(page, "Mean melting point: 1614 K.")


@pytest.mark.parametrize("touch", [False, True])
def test_a_click_or_tap_picks_and_unpicks(touch, widget_page):
    page = widget_page(PeriodicTable("Fe"), touch=touch, width=375 if touch else 1000)
    for symbol, formula in [("O", "FeO"), ("Fe", "O"), ("U", "OU")]:
        cell(page, symbol).scroll_into_view_if_needed()
        (cell(page, symbol).tap if touch else cell(page, symbol).click)()
        said(page, f"{formula}: fraction")
        assert control(page, "formula").input_value() == formula
        picked = page.locator('[aria-selected="true"]').evaluate_all("all => all.map((c) => c.dataset.element)")  # fmt: skip
        assert sorted(picked) == sorted(parse_formula(formula))
        assert cell(page, symbol).evaluate("c => document.activeElement === c")
        assert page.locator(".nn-periodic-info b").inner_text() == symbol
    assert not page.errors


def test_the_keyboard_moves_in_the_table_and_picks(widget_page):
    page = widget_page(PeriodicTable("Ti"))
    stops = page.locator("[role=gridcell][tabindex='0']")
    assert stops.count() == 1
    control(page, "property").focus()
    page.keyboard.press("Tab")
    focused = "document.activeElement.dataset.element"
    assert page.evaluate(focused) == "Ti"
    for key, symbol in [
        ("ArrowRight", "V"), ("ArrowUp", "Mg"), ("ArrowUp", "Be"), ("ArrowRight", "B"), ("ArrowLeft", "Be"),
        ("End", "Ne"), ("ArrowUp", "He"), ("ArrowUp", "He"), ("ArrowLeft", "H"), ("ArrowLeft", "H"),
        ("Control+End", "Og"), ("Home", "Fr"), ("ArrowDown", "Ce"), ("ArrowDown", "Th"), ("ArrowDown", "Th"),
        ("ArrowUp", "Ce"), ("ArrowUp", "Rf"), ("Control+Home", "H"), ("ArrowDown", "Li"),
    ]:  # fmt: skip
        page.keyboard.press(key)
        assert page.evaluate(focused) == symbol, key
        assert page.locator(".nn-periodic-info b").inner_text() == symbol
    assert stops.count() == 1 and stops.get_attribute("data-element") == "Li"
    page.keyboard.press("Enter")
    said(page, "TiLi: fractions Ti 0.5, Li 0.5.")
    assert cell(page, "Li").get_attribute("aria-selected") == "true"
    page.keyboard.press("Space")
    said(page, "Ti: fraction Ti 1.")
    assert cell(page, "Li").get_attribute("aria-selected") == "false"
    assert page.evaluate(focused) == "Li" and page.evaluate("scrollY") == 0
    page.keyboard.press("Tab")
    assert page.evaluate(focused) is None
    assert not page.errors


def test_pointing_at_an_element_tells_its_value(widget_page):
    page = widget_page(PeriodicTable("Ti", property="covalent_radius"))
    info = page.locator(".nn-periodic-info")
    before = picture(page)
    cell(page, "Cs").hover()
    until(lambda: "Cs cesium, s block" in info.inner_text(), page)
    assert "covalent radius 244 pm" in info.inner_text()
    assert picture(page) != before  # ringed there too
    cell(page, "Og").hover()
    until(lambda: "no covalent radius known" in info.inner_text(), page)
    assert trait(page, "composition") == {"Ti": 1}


@pytest.mark.parametrize("touch", [False, True])
def test_a_point_of_the_plot_is_picked(touch, widget_page):
    page = widget_page(PeriodicTable("Ti"), touch=touch, width=420 if touch else 1000)
    page.locator("canvas").scroll_into_view_if_needed()
    picture(page)

    def fraction(value, low, high):  # the view has 4 % below the lowest and 6 % above the highest
        return ((value - low) / (high - low) + 0.04) / 1.1

    x, y = place(page, fraction(9, 1, 118), fraction(3.98, 0.7, 3.98))  # fluorine
    (page.touchscreen.tap if touch else page.mouse.click)(x, y)
    until(lambda: trait(page, "composition") == {"Ti": 1, "F": 1}, page)
    if not touch:
        assert page.locator(".nn-periodic-info b").inner_text() == "F"
        assert page.locator("canvas").evaluate("c => c.style.cursor") in ("", "pointer")
    picture(page)
    (page.touchscreen.tap if touch else page.mouse.click)(x, y)
    until(lambda: trait(page, "composition") == {"Ti": 1}, page)
    (page.touchscreen.tap if touch else page.mouse.click)(*place(page, 0.95, 0.95))  # nothing is there
    settled(page)
    assert trait(page, "composition") == {"Ti": 1}


@pytest.mark.parametrize("text, words", [
    ("Fe2Xx", "Unknown element 'Xx' (did you mean Xe?) at position 4 of 'Fe2Xx'. It stays SrTiO3."),
    ("fe2o3", "Unexpected 'f' (did you mean Fe?) at position 1 of 'fe2o3'."),
    ("Fe()", "An empty group at position 3"),
    ("Fe1000001", "The amount of Fe must be from 0.000001 to 1,000,000."),
])  # fmt: skip
def test_a_formula_that_cannot_be_read_is_explained(text, words, widget_page):
    page = widget_page(PeriodicTable("SrTiO3"))
    field = control(page, "formula")
    field.fill(text)
    assert words in page.locator('[data-control="formula"] [role=alert]').inner_text()
    assert field.get_attribute("aria-invalid") == "true"
    assert trait(page, "composition") == {"Sr": 1, "Ti": 1, "O": 3}
    field.fill("Ba(NO3)2")
    said(page, "BaN2O6: fractions Ba 0.11111, N 0.22222, O 0.66667.")
    assert field.input_value() == "Ba(NO3)2"  # as typed, until the field is left
    assert page.locator('[data-control="formula"] [role=alert]').inner_text() == ""
    field.press("Tab")
    assert field.input_value() == "BaN2O6"
    field.fill("")
    said(page, "No element is picked.")
    assert not page.errors


def test_a_formula_half_typed_is_no_error_until_it_is_left(widget_page):
    page = widget_page(PeriodicTable("SrTiO3"))
    problem = page.locator('[data-control="formula"] [role=alert]')
    page.locator('[data-control="formula"] label').click()
    field = control(page, "formula")
    assert field.evaluate("field => document.activeElement === field")
    for text in ("Ba(NO3)2", "XeMg", "K4[Fe(CN)6]", "Ni9e-05Cu", "Ba(Mg1/3Ta2/3)O3", "CuSO4*5H2O", "2MgO.SiO2",
                 "Fe(III)2O3", "CsVI3", "NaNO3", "DyTb", "Fe2 O3", "Fe0.05Ni.5"):  # fmt: skip
        field.fill("")
        for key in text:
            page.keyboard.press(key)
            assert problem.inner_text() == "", field.input_value()
        assert trait(page, "composition") == parse_formula(text)
    field.fill("Fe(O")
    assert problem.inner_text() == ""
    field.press("Enter")
    until(lambda: problem.inner_text().startswith("'(' is never closed at position 3 of 'Fe(O'."), page)
    assert field.input_value() == "Fe0.05Ni0.5" and field.get_attribute("aria-invalid") is None
    assert field.get_attribute("aria-describedby") == problem.get_attribute("id")
    cell(page, "Fe").click()
    until(lambda: problem.inner_text() == "", page)
    assert not page.errors


def test_unpicking_all_keeps_the_focus(widget_page):
    page = widget_page(PeriodicTable("SrTiO3"))
    control(page, "clear").focus()
    page.keyboard.press("Enter")
    said(page, "No element is picked.")
    assert control(page, "clear").evaluate("button => document.activeElement === button")


@pytest.mark.parametrize("width", [320, 1280])
def test_long_texts_wrap(width, widget_page):
    page = widget_page(PeriodicTable(dict.fromkeys(TABLE.symbols[:116], 0.001)), width=width)
    control(page, "formula").fill("x" * 400)  # of which the field takes 100
    problem = page.locator('[data-control="formula"] [role=alert]')
    until(lambda: "Unexpected 'x'" in problem.inner_text(), page)
    readout(page)
    wide = page.locator(".nnlib-widget :is(.nn-line, .nn-note, .nn-problem)").evaluate_all(
        "all => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent)"
    )
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_amounts_that_do_not_fit_are_explained(widget_page):
    page = widget_page(PeriodicTable("Fe2O3"))
    for typed in ("0", "2000000"):
        control(page, "amount-Fe", "input[type=number]").fill(typed)
        problem = page.locator('[data-control="amount-Fe"] [role=alert]').inner_text()
        assert problem == "Fe must be from 0.000001 to 1,000,000; it stays 2."
    assert trait(page, "composition") == {"Fe": 2, "O": 3}
    set_number(page, "amount-Fe", 40)  # beyond the range, which grows
    said(page, "Fe40O3: fractions Fe 0.93023, O 0.069767.")
    assert control(page, "amount-Fe").get_attribute("max") == "40"


def test_python_moves_the_page(widget_page):
    page = widget_page(PeriodicTable("Fe2O3"))
    before = picture(page)
    page.evaluate("shown.model.set({ composition: [['Ga', 1], ['As', 1]], property: 'valence_electrons', against: 'group', missing: 'skip' })")  # fmt: skip
    said(page, "Mean valence electrons: 0.5 × 3 + 0.5 × 5 = 4.")
    assert picture(page) != before
    assert control(page, "formula").input_value() == "GaAs"
    for name, value in [("property", "valence_electrons"), ("against", "group"), ("missing", "skip")]:
        assert control(page, name).input_value() == value
    assert control(page, "amount-Ga").is_visible() and control(page, "amount-Fe").count() == 0
    assert cell(page, "Ga").get_attribute("aria-selected") == "true"
    assert cell(page, "Fe").get_attribute("aria-selected") == "false"
    page.evaluate("shown.model.set({ composition: [] })")
    said(page, "No element is picked.")
    assert not page.locator(".nn-periodic-amounts").is_visible()
    assert not page.errors


def test_the_table_holds_all_elements(widget_page):
    page = widget_page(PeriodicTable("Fe2O3"))
    page.locator("summary").click()
    rows = page.locator(".nn-table tbody tr")
    rows.first.wait_for()
    assert rows.count() == 118
    assert rows.nth(25).locator("td").all_inner_texts() == ["Fe", "iron", "2", "26", "1.83"]
    assert rows.nth(1).locator("td").all_inner_texts() == ["He", "helium", "0", "2", "missing"]


def test_on_a_phone_the_table_scrolls_within_its_frame(widget_page):
    page = widget_page(PeriodicTable(), width=375)
    sizes = page.locator("[role=gridcell]").evaluate_all("all => all.map((c) => { const b = c.getBoundingClientRect(); return [b.width, b.height]; })")  # fmt: skip
    assert np.min(sizes) >= 28
    frame = page.locator(".nn-periodic-scroll")
    assert frame.evaluate("f => f.scrollWidth > f.clientWidth")
    assert page.get_by_text("scroll it sideways").is_visible()
    cell(page, "H").focus()
    page.keyboard.press("End")  # helium, at the other side, comes into view
    until(lambda: frame.evaluate("f => f.scrollLeft") > 100, page)
    box = cell(page, "He").bounding_box()
    assert 0 <= box["x"] and box["x"] + box["width"] <= 375
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
