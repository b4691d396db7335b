"""The perceptron playground: its Python side, its JavaScript against nnlib's, and what a reader can do."""

import json
from pathlib import Path

import numpy as np
import pytest
from accessibility import violations
from looking import module, picture, readout, said, until

from nnlib import datasets
from nnlib.perceptron import Perceptron
from nnlib.widgets import PerceptronPlayground

THREE = ([[1.0, 2.0], [-1.0, 1.0], [0.5, -2.0]], [1, -1, 1])

# ---- Python


def test_it_starts_with_the_given_points_and_weights():
    playground = PerceptronPlayground(*THREE, w=(2, -1), b=0.5, learning_rate=0.1)
    assert playground.X == THREE[0] and playground.y == THREE[1]
    assert playground.w == [2.0, -1.0] and playground.b == 0.5
    assert repr(playground) == "PerceptronPlayground(3 points of 'given', w=(2, -1), b=0.5)"


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"X": [[1.0, 2.0]], "y": [0]}, r"y: expected labels -1 and \+1, got 0"),
        ({"X": [[1.0, 2.0, 3.0]], "y": [1]}, r"X: expected shape \(n, 2\).*got \(1, 3\)"),
        ({"X": [[1.0, np.nan]], "y": [1]}, "X: expected finite numbers"),
        ({"X": [["a", "b"]], "y": [1]}, "X: expected numbers"),
        ({"X": [[1.0, 2.0]], "y": [1, -1]}, "expected one entry for each of the"),
        ({"X": [[1.0, 2.0]]}, "y: expected both X and y"),
        ({"w": [1.0]}, r"w: expected 2 numbers, got shape \(1,\)"),
        ({"b": float("inf")}, r"b: expected a number from -1e\+100 to 1e\+100, got inf"),
        ({"b": "x"}, "b: expected a number from .*, got 'x'"),
        ({"w": [1e300, 1]}, "w: expected numbers from .*, got"),
        ({"X": [[1e300, 1]], "y": [1]}, "X: expected numbers from .*, got 1e.300"),
        ({"learning_rate": 0.0}, "learning_rate: expected a number from 1e-06 to 1e.06, got 0.0"),
        ({"learning_rate": "a"}, "learning_rate: expected a number from .*, got 'a'"),
        ({"dataset": "moon"}, "dataset: expected one of 'wide', 'narrow'.*'moon'"),
        ({"dataset": ["a"]}, r"dataset: expected one of 'wide', 'narrow'.*, got \['a'\]"),
        ({"X": [[1.0, 2.0]], "y": [1], "names": ["a", "b"]}, "names: expected 1 strings, got 2"),
        ({"X": [[1.0, 2.0]], "y": [1], "names": 7}, "names: expected a list of strings, got 7"),
        ({"X": [[1.0, 2.0]], "y": [1], "units": "pm"}, "units: expected a list of strings"),
        ({"X": [[1.0, 2.0]], "y": [1], "units": ["pm"]}, "units: expected 2 strings, got 1"),
        ({"X": [[1.0, 2.0]], "y": [[1], [2, 3]]}, "y: expected labels -1 and"),
        ({"X": [[1.0, 2.0]], "y": [1], "standardize": "no"}, "standardize: expected True or False"),
    ],
)
def test_a_wrong_argument_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        PerceptronPlayground(**arguments)


@pytest.mark.parametrize(
    "trait, value",
    [
        ("y", [1, -1, 2]),
        ("X", [[1.0, 2.0]]),
        ("names", "abc"),
        ("w", "ab"),
        ("b", np.nan),
        ("b", "x"),
        ("b", 10**400),
        ("learning_rate", -1.0),
        ("learning_rate", "a"),
        ("dataset", "moon"),
        ("dataset", None),
        ("dataset", ["a"]),
        ("updates", -1),
    ],
)
def test_a_wrong_assignment_is_refused_and_changes_nothing(trait, value):
    playground = PerceptronPlayground(*THREE)
    before = getattr(playground, trait)
    with pytest.raises(ValueError, match=f"{trait}: expected"):
        setattr(playground, trait, value)
    assert getattr(playground, trait) == before


def test_numpy_arrays_can_be_assigned():
    playground = PerceptronPlayground(*THREE)
    playground.w = np.array([3.0, 4.0])
    playground.X = 2 * np.array(THREE[0])
    playground.set_data(np.zeros((5, 2)), np.ones(5))
    assert playground.w == [3.0, 4.0]
    assert len(playground.X) == len(playground.y) == len(playground.names) == 5


def test_choosing_a_data_set_loads_it_and_goes_back_to_the_start():
    playground = PerceptronPlayground(*THREE, w=(1, 1))
    playground.w = [5, 5]
    playground.dataset = "octet"
    assert len(playground.X) == 66 and playground.names[0] == "LiF"
    assert playground.w == [1.0, 1.0]
    playground.dataset = "given"
    assert playground.X == THREE[0]


def test_the_octet_compounds_are_the_librarys():
    data = datasets.load_octet_binaries()
    playground = PerceptronPlayground(dataset="octet")
    np.testing.assert_allclose(playground.X, data.X, atol=5e-4)
    assert playground.y == data.y.tolist() and playground.names == data.formulas


def test_a_perceptron_goes_in_and_out_in_the_units_of_X():
    data = datasets.load_octet_binaries()
    scaled = Perceptron().fit((data.X - data.X.mean(0)) / data.X.std(0), data.y)
    model = Perceptron()
    model.weights = scaled.weights / data.X.std(0)
    model.bias = scaled.bias - model.weights @ data.X.mean(0)

    playground = PerceptronPlayground(dataset="octet")
    playground.perceptron = model
    np.testing.assert_allclose(playground.perceptron.weights, model.weights, rtol=1e-12)
    np.testing.assert_allclose(playground.perceptron.bias, model.bias, rtol=1e-12)
    assert (playground.perceptron.predict(data.X) == data.y).all()
    # The numbers beside the picture act on z = (x - center) / scale.
    z = (data.X - [1.3, 130.0]) / [0.85, 25.0]
    np.testing.assert_allclose(
        z @ playground.w + playground.b, model.decision_function(data.X), atol=1e-9
    )


def test_what_is_no_fitted_perceptron_is_refused():
    playground = PerceptronPlayground()
    with pytest.raises(TypeError, match="perceptron: expected an nnlib.Perceptron, got int"):
        playground.perceptron = 3
    with pytest.raises(ValueError, match="perceptron: expected a fitted one"):
        playground.perceptron = Perceptron()


def test_standardize_makes_both_features_alike():
    X = [[0.0, 100.0], [1.0, 300.0], [2.0, 500.0]]
    playground = PerceptronPlayground(X, [1, -1, 1], standardize=True, w=(1, 1))
    deviations = np.std(X, axis=0)
    np.testing.assert_allclose(playground.perceptron.weights, 1 / deviations)
    assert playground.X == X  # the data stay in their units


def test_the_static_picture_says_what_it_shows():
    figure, alternative, caption = PerceptronPlayground(dataset="octet").static_figure()
    assert "mean covalent radius (pm)" in alternative and "wrong side" in caption
    assert "y = +1: rock salt" in figure.legends[0].get_texts()[1].get_text()
    flat = PerceptronPlayground(w=(0, 0)).static_figure()[1]
    assert "without a boundary" in flat


# ---- the same rule in both languages


def python_updates(X, y, w, b, rate, epochs=12):
    """The points that nnlib's perceptron learns from, in order, with the weights after each."""
    model = Perceptron(learning_rate=rate)
    model.weights, model.bias = np.array(w, dtype=float), float(b)
    seen = []
    for _ in range(epochs):
        for i, (x, label) in enumerate(zip(np.array(X), y)):
            if model.update(x, label):
                seen.append([i, *model.weights.tolist(), model.bias])
    return seen


CASES = {
    "three points": (*THREE, (0, 0), 0, 1.0),
    "separable": (*datasets.separable(50, margin=0.05, rng=3), (0.3, -1), 0.2, 0.5),
    "not separable": (
        datasets.xor(30, rng=1)[0],
        2 * datasets.xor(30, rng=1)[1] - 1,
        (0, 0),
        0,
        0.1,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_javascript_makes_the_updates_that_nnlib_makes(page, name):
    X, y, w, b, rate = CASES[name]
    expected = python_updates(X, y, w, b, rate)
    p = page()
    got = p.evaluate(
        """({ rule: { nextMistake, update }, X, y, w, b, rate, limit }) => {
            const seen = [];
            for (let cursor = 0; seen.length < limit; ) {
                const i = nextMistake(w, b, X, y, cursor);
                if (i < 0) break;
                ({ w, b } = update(w, b, X[i], y[i], rate));
                cursor = (i + 1) % y.length;
                seen.push([i, ...w, b]);
            }
            return seen;
        }""",
        {
            "rule": module(p, "perceptron/rule.js"),
            "X": np.asarray(X).tolist(),
            "y": np.asarray(y).tolist(),
            "w": list(w),
            "b": b,
            "rate": rate,
            "limit": len(expected),
        },
    )
    assert len(expected) > 2
    np.testing.assert_allclose(got, expected, atol=1e-12)


def test_the_steps_a_reader_clicks_are_nnlibs(widget_page):
    X, y = datasets.separable(20, margin=0.05, rng=4)
    playground = PerceptronPlayground(X, y, w=(0.5, -0.5), b=0.1, learning_rate=0.3)
    expected = python_updates(X, y, (0.5, -0.5), 0.1, 0.3, epochs=3)[:6]
    page = widget_page(playground)
    for i, *weights, bias in expected:
        control(page, "step", "button").click()
        said(page, f"point {i + 1} with y = {'+1' if y[i] > 0 else '−1'} was on the wrong side")
        np.testing.assert_allclose(trait(page, playground, "w"), weights, atol=1e-12)
        np.testing.assert_allclose(trait(page, playground, "b"), bias, atol=1e-12)


# ---- what a reader can do


def control(page, name, kind="input[type=range]"):
    within = page.locator(f'[data-control="{name}"]')
    return within.first if kind == "button" else within.locator(kind)


def trait(page, widget, name):
    return page.evaluate(
        "async ([id, name]) => (await window.nnlibHost)[id].get(name)", [widget.model_id, name]
    )


def color_at(page, x, y):
    """Red, green and blue at a fraction of the canvas' width and height."""
    picture(page)
    return page.evaluate(
        """([x, y]) => { const c = document.querySelector("canvas");
            return [...c.getContext("2d").getImageData(x * c.width, y * c.height, 1, 1).data].slice(0, 3); }""",
        [x, y],
    )


def blue(color):
    return color[2] > color[0]


def place(page, x, y):
    """Where the data point (x, y) is on the page; only for the square of data used below."""
    box = page.locator("canvas").bounding_box()
    left, top = 52, 8
    width, height = box["width"] - 62, box["height"] - 50
    unit = max(2 * 1.12 / width, 2 * 1.12 / height)
    return (
        box["x"] + left + width / 2 + x / unit,
        box["y"] + top + height / 2 - y / unit,
    )


SQUARE = ([[-1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [1.0, -1.0]], [-1, 1, -1, 1])


def test_moving_w1_turns_the_boundary(widget_page):
    playground = PerceptronPlayground(*SQUARE, w=(1, 0), b=0)
    page = widget_page(playground)
    right, left = (0.85, 0.5), (0.25, 0.5)
    assert blue(color_at(page, *right)) and not blue(color_at(page, *left))
    box = control(page, "w1").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.6 * box["width"], middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.2 * box["width"], middle, steps=5)
    page.mouse.up()
    assert not blue(color_at(page, *right)) and blue(color_at(page, *left))
    assert trait(page, playground, "w")[0] < -1
    said(page, "Mistakes: 4 of 4 points")


KEYS = {"dataset": "ArrowDown", "point": "ArrowDown", "click": "ArrowDown"}


@pytest.mark.parametrize(
    "name",
    ["w1", "w2", "b", "learning-rate", "x1", "x2", "dataset", "point", "click", "step", "run"]
    + ["reset", "add-plus", "add-minus", "flip", "remove"],
)
def test_every_control_works_by_keyboard_and_changes_picture_or_readout(widget_page, name):
    playground = PerceptronPlayground(dataset="narrow")
    page = widget_page(playground)
    assert page.locator(f'[data-control="{name}"]').count() == 1
    if name == "reset":
        control(page, "w1").press("ArrowRight")
    before = picture(page), page.locator("output").inner_text()
    if name in KEYS:
        control(page, name, "select").press(KEYS[name])
    elif control(page, name).count():
        control(page, name).press("ArrowLeft")
    else:
        control(page, name, "button").press("Enter")
    until(lambda: (picture(page), page.locator("output").inner_text()) != before, page)
    assert not page.errors


def test_tab_reaches_every_control(widget_page):
    page = widget_page(PerceptronPlayground())
    wanted = page.locator(".nnlib-widget").evaluate(
        """root => [...root.querySelectorAll("input, select, button, summary")]
            .filter((e) => e.checkVisibility()).length"""
    )
    reached = set()
    for _ in range(wanted + 3):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                """() => { const root = document.querySelector(".nnlib-widget");
                    const all = [...root.querySelectorAll("input, select, button, summary")]
                        .filter((e) => e.checkVisibility());
                    return all.indexOf(document.activeElement); }"""
            )
        )
    assert reached >= set(range(wanted))


def test_a_number_beyond_the_slider_is_taken_and_nonsense_is_explained(widget_page):
    playground = PerceptronPlayground(*SQUARE)
    page = widget_page(playground)
    number = control(page, "w1", "input[type=number]")
    number.fill("12.5")
    assert trait(page, playground, "w")[0] == 12.5
    number.press("Control+a")
    number.press("e")
    problem = page.locator('[data-control="w1"] .nn-problem')
    assert "w₁ needs a number" in problem.inner_text() and "stays 12.5" in problem.inner_text()
    assert number.get_attribute("aria-invalid") == "true"
    number.press("Tab")
    assert number.input_value() == "12.5" and trait(page, playground, "w")[0] == 12.5
    rate = control(page, "learning-rate", "input[type=number]")
    rate.fill("-1")
    assert "must be from" in page.locator('[data-control="learning-rate"]').inner_text()
    assert trait(page, playground, "learning_rate") == 0.5


def test_points_move_by_mouse_and_by_keyboard(widget_page):
    playground = PerceptronPlayground(*SQUARE, w=(1, 0))
    page = widget_page(playground)
    picture(page)
    page.mouse.move(*place(page, 1, 1))
    page.mouse.down()
    page.mouse.move(*place(page, -0.5, 0.3), steps=5)
    page.mouse.up()
    np.testing.assert_allclose(trait(page, playground, "X")[1], [-0.5, 0.3], atol=0.03)
    said(page, "Mistakes: 1 of 4 points on the wrong side (2)")
    assert control(page, "point", "select").input_value() == "1"
    control(page, "x1", "input[type=number]").fill("0.75")
    assert trait(page, playground, "X")[1][0] == 0.75
    said(page, "No mistakes")


def test_points_are_added_and_removed_by_click_and_by_keyboard(widget_page):
    playground = PerceptronPlayground(*SQUARE, w=(1, 0))
    page = widget_page(playground)
    picture(page)
    page.mouse.click(*place(page, -0.5, -0.2))
    assert trait(page, playground, "y") == [-1, 1, -1, 1, 1]
    np.testing.assert_allclose(trait(page, playground, "X")[4], [-0.5, -0.2], atol=0.03)
    control(page, "click", "select").select_option("-1")
    page.mouse.click(*place(page, 0.5, -0.2))
    assert trait(page, playground, "y")[-1] == -1
    control(page, "click", "select").select_option("0")
    page.mouse.click(*place(page, 0.6, 0.5))
    assert len(trait(page, playground, "y")) == 6
    control(page, "flip", "button").press("Enter")
    assert trait(page, playground, "y")[-1] == 1
    for left in (5, 4, 3, 2, 1):
        control(page, "remove", "button").press("Enter")
        assert len(trait(page, playground, "X")) == len(trait(page, playground, "names")) == left
    assert control(page, "remove", "button").is_disabled()
    control(page, "add-minus", "button").press("Enter")
    assert trait(page, playground, "y")[-1] == -1


def test_the_boundary_can_be_dragged_and_turned(widget_page):
    playground = PerceptronPlayground(*SQUARE, w=(1, 0))
    page = widget_page(playground)
    picture(page)
    page.mouse.move(*place(page, 0, -0.6))
    page.mouse.down()
    page.mouse.move(*place(page, 0.5, -0.6), steps=4)
    page.mouse.up()
    assert trait(page, playground, "b") == pytest.approx(-0.5, abs=0.03)
    x, y = place(page, 0.5, 0)
    page.mouse.move(x + 54, y)  # the tip of w
    page.mouse.down()
    page.mouse.move(x, y - 54, steps=4)
    page.mouse.up()
    np.testing.assert_allclose(trait(page, playground, "w"), [0, 1], atol=0.03)
    assert trait(page, playground, "b") == pytest.approx(0, abs=0.05)


def test_touch_scrolls_the_page_except_on_what_can_be_dragged(widget_page):
    page = widget_page(PerceptronPlayground(*SQUARE, w=(1, 0)), touch=True)
    picture(page)
    kept = """([x, y]) => { const canvas = document.querySelector("canvas");
        const touch = new Touch({ identifier: 1, target: canvas, clientX: x, clientY: y });
        return !canvas.dispatchEvent(new TouchEvent("touchstart",
            { touches: [touch], cancelable: true, bubbles: true })); }"""
    assert page.evaluate(kept, place(page, 1, 1)) is True
    assert page.evaluate(kept, place(page, 0.6, -0.4)) is False
    page.touchscreen.tap(*place(page, 0.6, -0.4))
    said(page, "all 5 points")


def test_run_converges_and_says_so(widget_page):
    playground = PerceptronPlayground(dataset="wide")
    page = widget_page(playground)
    # In one go, before the run can end.
    assert control(page, "run", "button").evaluate("b => { b.click(); return b.innerText; }") == "Pause"
    said(page, "The rule has ended")
    said(page, "No mistakes: all 40 points")
    assert control(page, "run", "button").inner_text() == "Run"
    X, y, w, b = (trait(page, playground, name) for name in ("X", "y", "w", "b"))
    scores = np.array(X) @ w + b
    assert (np.where(scores >= 0, 1, -1) == y).all()
    margin = np.min(y * scores) / np.hypot(*w)
    said(page, f"Margin: {margin:.3g}")
    before = trait(page, playground, "updates")
    control(page, "step", "button").click()
    said(page, "No point is on the wrong side, so the rule changes nothing.")
    assert trait(page, playground, "updates") == before


def test_a_run_pauses_and_ends_at_its_limit(widget_page):
    playground = PerceptronPlayground(dataset="xor")
    page = widget_page(playground)
    control(page, "run", "button").click()
    until(lambda: trait(page, playground, "updates") > 0, page)
    control(page, "run", "button").click()
    paused = trait(page, playground, "updates")
    page.wait_for_timeout(400)
    assert paused == trait(page, playground, "updates")
    control(page, "run", "button").click()
    page.locator("output").get_by_text("Stopped after 2000 updates").wait_for(timeout=180_000)
    assert trait(page, playground, "updates") == paused + 2000


def test_a_run_works_with_reduced_motion(widget_page):
    page = widget_page(PerceptronPlayground(dataset="wide"), reduced_motion="reduce")
    control(page, "run", "button").click()
    said(page, "The rule has ended")


# Ends once observers have been told where the widget is: its own is older, and so told before this one.
TOLD = """(y) => new Promise((done) => {
  scrollTo(0, y);
  new IntersectionObserver(([{ isIntersecting }]) => { if (isIntersecting === (y === 0)) done(); })
    .observe(document.querySelector(".nnlib-widget"));
})"""


def test_a_run_waits_while_off_screen(widget_page):
    playground = PerceptronPlayground(dataset="xor")
    page = widget_page(
        playground,
        edit=lambda html: html.replace("</main>", '<div style="height: 3000px"></div></main>'),
    )
    control(page, "run", "button").click()
    until(lambda: trait(page, playground, "updates") > 0, page)
    page.evaluate(TOLD, 3000)
    before = trait(page, playground, "updates")
    page.wait_for_timeout(1000)
    assert trait(page, playground, "updates") == before
    page.evaluate(TOLD, 0)
    until(lambda: trait(page, playground, "updates") > before, page)


def test_reset_goes_back_to_the_start(widget_page):
    playground = PerceptronPlayground(*SQUARE, w=(1, 0.5), b=0.25)
    page = widget_page(playground)
    first = picture(page), page.locator("output").inner_text()
    control(page, "w1").press("End")
    control(page, "b", "input[type=number]").fill("1e9")
    control(page, "x1", "input[type=number]").fill("400")
    control(page, "learning-rate").press("End")
    control(page, "remove", "button").click()
    control(page, "step", "button").click()
    assert picture(page) != first[0]
    control(page, "reset", "button").click()
    assert trait(page, playground, "w") == [1, 0.5] and trait(page, playground, "b") == 0.25
    assert trait(page, playground, "X") == SQUARE[0]
    assert readout(page) == first[1]
    page.mouse.move(1, 1)
    page.evaluate("document.activeElement.blur()")
    assert picture(page) == first[0]


def test_zero_weights_are_put_in_words(widget_page):
    playground = PerceptronPlayground(*SQUARE, w=(1, 0))
    page = widget_page(playground)
    control(page, "w1", "input[type=number]").fill("0")
    said(
        page,
        "w = (0, 0): there is no boundary. The score is b = 0 everywhere, so every point is predicted +1.",
    )
    control(page, "step", "button").click()
    said(page, "Update 1: point 1 with y = −1 was on the wrong side (score 0)")
    assert trait(page, playground, "w") == [0.5, 0.5]


def test_what_lies_outside_the_picture_is_brought_in_or_said(widget_page):
    playground = PerceptronPlayground(*SQUARE, w=(1, 0))
    page = widget_page(playground)
    before = picture(page)
    control(page, "x1", "input[type=number]").fill("-50")
    assert picture(page) != before
    box = control(page, "x1")
    assert float(box.get_attribute("min")) < -50  # the axes now reach there
    control(page, "reset", "button").click()
    control(page, "b", "input[type=number]").fill("40")
    said(page, "It lies outside the picture.")


def test_names_and_units_of_the_octet_compounds_are_shown(widget_page):
    page = widget_page(PerceptronPlayground(dataset="octet"))
    said(page, "with r in pm")
    assert "rock salt" in page.locator(".nn-legend").inner_text()
    assert "LiF" in control(page, "point", "select").inner_text()
    page.locator("summary").first.press("Enter")
    page.locator("tbody tr").first.wait_for()  # the table is made when it opens
    assert page.locator("tbody tr").count() == 66
    assert "r (pm)" in page.locator("thead").inner_text()
    assert page.locator("tbody tr").first.locator("td").nth(1).inner_text() == "LiF"
    label = page.locator("canvas").get_attribute("aria-label")
    assert "66 points" in label and "on the wrong side" in label
    # A moved compound is no longer that compound.
    control(page, "x1").press("ArrowLeft")
    picture(page)
    assert page.locator("tbody tr").first.locator("td").nth(1).inner_text() == ""


def test_hovering_shows_the_point(widget_page):
    page = widget_page(PerceptronPlayground(*SQUARE, w=(1, 0), names=["a", "b", "c", "d"]))
    before = picture(page)
    page.mouse.move(*place(page, 1, 1))
    assert picture(page) != before
    page.mouse.move(*place(page, 0.5, 0.5))
    assert picture(page) == before


def test_the_theme_is_followed(widget_page):
    page = widget_page(PerceptronPlayground())
    root = page.locator(".nnlib-widget")
    light = picture(page)
    background = "root => getComputedStyle(root).backgroundColor"
    for switch, theme in [
        ("document.documentElement.dataset.theme = 'dark'", "dark"),
        ("document.documentElement.dataset.theme = 'light'", "light"),
        ("delete document.documentElement.dataset.theme", "light"),
        ("document.body.dataset.jpThemeLight = 'false'", "dark"),
        ("document.body.dataset.jpThemeLight = 'true'", "light"),
    ]:
        page.evaluate(switch)
        until(lambda: root.get_attribute("data-theme") == theme, page)  # noqa: B023
        assert (picture(page) == light) == (theme == "light")
        shade = json.loads(root.evaluate(background).replace("rgb(", "[").replace(")", "]"))
        assert (sum(shade) < 200) == (theme == "dark")
    page.evaluate("delete document.body.dataset.jpThemeLight")
    page.emulate_media(color_scheme="dark")
    until(lambda: root.get_attribute("data-theme") == "dark", page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1000])
def test_axe_finds_nothing(widget_page, theme, width):
    page = widget_page(PerceptronPlayground(dataset="octet"), theme=theme, width=width)
    page.locator("summary").first.click()
    control(page, "step", "button").click()
    control(page, "w1", "input[type=number]").press("e")
    assert not violations(page)


def test_it_fits_a_phone_and_targets_are_large_enough(widget_page):
    page = widget_page(PerceptronPlayground(dataset="octet"), width=375, height=700)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    small = page.locator(".nnlib-widget").evaluate(
        """root => [...root.querySelectorAll("input, select, button, summary")]
            .filter((c) => c.checkVisibility())
            .map((c) => [c.outerHTML.slice(0, 80), c.getBoundingClientRect()])
            .filter(([, box]) => box.height < 24 || box.width < 24).map(([html]) => html)"""
    )
    assert small == []
    # The picture stays in view beside the last control.
    control(page, "click", "select").scroll_into_view_if_needed()
    assert page.locator("canvas").bounding_box()["y"] > -5


def test_two_on_a_page_have_no_id_in_common(widget_page):
    page = widget_page(PerceptronPlayground(), PerceptronPlayground(dataset="octet"))
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((node) => node.id)")
    assert len(ids) == len(set(ids)) > 20
    control(page.locator(".nnlib-widget").nth(1), "w1").press("ArrowRight")
    values = [
        page.locator('[data-control="w1"] input[type=number]').nth(k).input_value() for k in (0, 1)
    ]
    assert values[0] == "-0.5" and values[1] != "-0.5"


def test_nothing_is_asked_of_another_place(widget_page):
    page = widget_page(PerceptronPlayground())
    assert [r for r in page.requests if not r.startswith(("file:", "blob:", "data:"))] == []
    assert not page.errors


def test_the_size_of_what_a_page_carries():
    root = Path(__file__).resolve().parents[2] / "nnlib" / "widgets" / "static"
    playground = PerceptronPlayground()
    state = json.dumps({k: v for k, v in playground.get_state().items()})
    assert len(state) + (root / "host.js").stat().st_size < 125_000


@pytest.mark.parametrize("typed", ["-1.5", "-.5", "2e-3", "+4"])
def test_on_the_way_to_a_number_nothing_is_complained_about(typed, widget_page):
    playground = PerceptronPlayground(*SQUARE)
    page = widget_page(playground)
    field = control(page, "w1", "input[type=number]")
    problem = page.locator('[data-control="w1"] .nn-problem')
    field.press("Control+a")
    for key in ["Delete", *typed]:
        field.press(key)
        assert problem.inner_text() == ""
    assert trait(page, playground, "w")[0] == float(typed)
    field.press("Control+a")
    field.press("-")
    assert problem.inner_text() == ""
    assert trait(page, playground, "w")[0] == float(typed)
    field.press("Tab")  # and left like this it is no number
    assert "w₁ needs a number" in problem.inner_text()
    assert float(field.input_value()) == pytest.approx(float(typed))


def test_what_can_become_no_number_is_explained_at_once(widget_page):
    page = widget_page(PerceptronPlayground(*SQUARE))
    field = control(page, "w1", "input[type=number]")
    for typed in ("e", "--", "5-", "-e"):
        field.press("Control+a")
        field.press_sequentially(typed)
        assert "w₁ needs a number" in page.locator('[data-control="w1"] .nn-problem').inner_text()


def test_a_comma_makes_no_other_number(widget_page):
    """Chromium leaves a typed comma out, so that 1,5 would be 15."""
    playground = PerceptronPlayground(*SQUARE)
    page = widget_page(playground)
    before = trait(page, playground, "w")
    field = control(page, "w1", "input[type=number]")
    problem = page.locator('[data-control="w1"] .nn-problem')
    for typed in ("1,5", "10,000"):
        field.press("Control+a")
        field.press_sequentially(typed)
        assert "write a point for decimals, and no comma" in problem.inner_text()
        assert trait(page, playground, "w")[1:] == before[1:]
    field.press("Tab")
    assert float(field.input_value()) == trait(page, playground, "w")[0] in (1, before[0])
    field.press("Control+a")
    field.press_sequentially("2.5")
    assert problem.inner_text() == "" and trait(page, playground, "w")[0] == 2.5


@pytest.mark.parametrize("name", ["w1", "w2", "b", "x1", "x2"])
@pytest.mark.parametrize("value", ["1e308", "-1e308"])
def test_a_number_too_large_for_the_arithmetic_is_refused_in_words(name, value, widget_page):
    playground = PerceptronPlayground(*SQUARE)
    page = widget_page(playground)
    before = [trait(page, playground, name) for name in ("X", "w", "b")]
    control(page, name, "input[type=number]").fill(value)
    problem = page.locator(f'[data-control="{name}"] .nn-problem')
    assert "must be from −1,000,000,000 to 1,000,000,000" in problem.inner_text()
    assert [trait(page, playground, name) for name in ("X", "w", "b")] == before
    assert "not a number" not in readout(page) and "∞" not in readout(page)


# What is written into the picture: [text, x, y], and the boxes with round corners.
WATCH = """() => {
  window.drawn = { texts: [], boxes: [] };
  const { fillText, roundRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...rest) {
    drawn.texts.push([text, x, y]);
    fillText.call(this, text, x, y, ...rest);
  };
  CanvasRenderingContext2D.prototype.roundRect = function (...box) {
    drawn.boxes.push(box.slice(0, 4));
    roundRect.apply(this, box);
  };
}"""


def drawn(page):
    """What the next frames draw."""
    page.evaluate("window.drawn.texts = []; window.drawn.boxes = [];")
    page.evaluate("document.querySelector('.nnlib-widget').dispatchEvent(new Event('focusin'))")
    picture(page)
    return page.evaluate("window.drawn")


@pytest.mark.parametrize("width", [375, 1000])
@pytest.mark.parametrize("dataset", ["wide", "narrow", "octet"])
def test_the_tip_leaves_the_arrow_free(dataset, width, widget_page):
    page = widget_page(PerceptronPlayground(dataset=dataset), width=width)
    page.evaluate(WATCH)
    for k in range(1, 4 if dataset == "wide" else 9):  # wide: then no point is wrong any more
        control(page, "step", "button").click()
        said(page, f"Update {k}:")
        seen = drawn(page)
        letter = next(spot for spot in seen["texts"] if spot[0] == "w")
        tip = seen["boxes"][-1]
        inside = all(low <= at <= low + size for low, size, at in zip(tip, tip[2:], letter[1:]))
        assert not inside, f"after step {k}"


def test_the_points_carry_their_numbers_or_names(widget_page):
    page = widget_page(PerceptronPlayground(dataset="wide"))
    page.evaluate(WATCH)
    written = {text for text, _, _ in drawn(page)["texts"]}
    assert len({str(k) for k in range(1, 41)} & written) > 35  # where there is room
    control(page, "dataset", "select").select_option("octet")
    written = {text for text, _, _ in drawn(page)["texts"]}
    assert {"CsF", "NaCl", "BN"} <= written and "17" not in written


def test_the_page_offers_the_data_sets_in_their_order(widget_page):
    options = widget_page(PerceptronPlayground()).locator('[data-control="dataset"] option')
    wanted = ["wide", "narrow", "overlap", "xor", "octet", "octet-contested"]
    assert options.evaluate_all("all => all.map((o) => o.value)") == wanted


@pytest.mark.parametrize("width", [320, 375])
def test_the_choice_of_data_is_not_cut(width, widget_page):
    page = widget_page(PerceptronPlayground(dataset="octet-contested"), width=width)
    inner = page.locator(".nnlib-widget").bounding_box()
    box = control(page, "dataset", "select").bounding_box()
    assert box["x"] + box["width"] <= inner["x"] + inner["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_other_data_under_a_drag_end_it(widget_page):
    playground = PerceptronPlayground(*SQUARE, w=(1, 0))
    page = widget_page(playground)
    picture(page)
    page.mouse.move(*place(page, 1, 1))
    page.mouse.down()
    page.mouse.move(*place(page, 0.5, 0.5), steps=3)
    # As Python does it: the page hears of the data set and of its points in one message.
    page.evaluate("""() => { const { model } = shown;
        const { X, y, names } = Object.fromEntries(model.get("_datasets")).octet;
        model.set({ dataset: "octet", X, y, names, updates: 0, cursor: 0 }); }""")
    said(page, "of 66 points")
    page.mouse.move(*place(page, 0.2, 0.2), steps=3)
    fresh = dict(trait(page, playground, "_datasets"))["octet"]["X"]
    assert trait(page, playground, "X") == fresh
    page.mouse.up()
    low, high = (float(control(page, "x2").get_attribute(end)) for end in ("min", "max"))
    assert low < 70 and high > 170  # the axes are those of the new data
    assert trait(page, playground, "X") == fresh and not page.errors


def test_a_run_is_read_aloud_when_it_ends(widget_page):
    page = widget_page(PerceptronPlayground(dataset="wide"))
    output = page.locator("output")
    readout(page)
    page.evaluate("""() => { const output = document.querySelector("output");
        window.heard = [];
        new MutationObserver((changes) => {
            const live = output.getAttribute("aria-live");
            for (const { addedNodes, type } of changes) if (type === "childList" && live === "polite") for (const node of addedNodes) heard.push(node.textContent);
        }).observe(output, { childList: true, characterData: true, subtree: true }); }""")
    control(page, "run", "button").click()
    until(lambda: output.get_attribute("aria-live") == "off", page)
    said(page, "Update")  # words for those who see go on
    said(page, "The rule has ended")
    readout(page)
    assert output.get_attribute("aria-live") == "polite"
    heard = page.evaluate("heard")
    assert any("The rule has ended" in line for line in heard)
    assert any("No mistakes" in line for line in heard)
