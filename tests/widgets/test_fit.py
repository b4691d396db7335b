"""The fit through noisy points: its numbers against numpy's, and everything that a reader can do."""

import numpy as np
import pytest
from looking import (
    MARGINS,
    control,
    each_changes,
    picture,
    press,
    readout,
    said,
    set_number,
    trait,
    until,
)

from nnlib.widgets import FitPlayground
from nnlib.widgets.fit import GRID, TRUTHS

PEAK = {"degree": 11, "points": 12}

SETTINGS = [
    {},
    {"degree": 0, "points": 5, "truth": "bump"},
    PEAK,
    {"degree": 29, "points": 30, "truth": "kink"},
    {"degree": 40, "points": 30, "noise": 1.0},
    {"degree": 40, "points": 7, "noise": 0.0},
    {"model": "relu", "width": 1},
    {"model": "relu", "width": 12},
    {"model": "relu", "width": 30, "points": 30, "seed": 5},
    {"model": "relu", "width": 200, "truth": "kink", "seed": 10**6},
    *({**size, "regularization": name, **strength}
      for size in (PEAK, {"degree": 25}, {"model": "relu", "width": 12}, {"model": "relu", "width": 90})
      for name, strength in [("ridge", {"penalty": 1e-6}), ("ridge", {"penalty": 1.0}), ("ridge", {"penalty": 0.0}),
                             ("early_stopping", {"steps": 1}), ("early_stopping", {"steps": 3000}),
                             ("dropout", {"dropout": 0.3}), ("dropout", {"dropout": 0.0}), ("dropout", {"dropout": 1e-300})]),
]


def test_least_squares_by_hand():
    """A line through 5 points, by the formulas of every textbook."""
    playground = FitPlayground(degree=1, points=5)
    x, y = playground.sample()
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    line = y.mean() + slope * (x - x.mean())
    np.testing.assert_allclose(playground.curve(x), line)
    assert playground.errors()[0] == pytest.approx(np.mean((line - y) ** 2))
    a = playground.coefficients
    np.testing.assert_allclose(a, [y.mean() - slope * x.mean(), slope / np.sqrt(3)])


def test_each_point_lies_in_a_part_of_its_own_and_noise_has_its_size():
    places, noise = [], []
    for seed in range(200):
        playground = FitPlayground("bump", points=7, noise=0.5, seed=seed)
        x, y = playground.sample()
        places.append(np.floor((x + 1) / 2 * 7))
        noise.append(y - TRUTHS["bump"](x))
    np.testing.assert_array_equal(places, np.tile(np.arange(7.0), (200, 1)))
    assert np.std(noise) == pytest.approx(0.5, rel=0.05) and abs(np.mean(noise)) < 0.05


def test_legendre_features_have_mean_square_one():
    x, weights = np.polynomial.legendre.leggauss(60)
    F = FitPlayground(degree=40).features(x)
    np.testing.assert_allclose(F.T @ (weights[:, None] * F) / 2, np.eye(41), atol=1e-12)


@pytest.mark.parametrize("size", [{"degree": 5}, {"degree": 20}, {"model": "relu", "width": 40}])
def test_early_stopping_is_gradient_descent(size):
    playground = FitPlayground(regularization="early_stopping", steps=50, **size)
    x, y = playground.sample()
    F = playground.features(x)
    a, rate = np.zeros(F.shape[1]), 1 / np.linalg.norm(F, 2) ** 2
    for _ in range(50):
        a -= rate * F.T @ (F @ a - y)
    np.testing.assert_allclose(playground.coefficients, a, atol=1e-12)


@pytest.mark.parametrize("size", [{"degree": 5}, {"model": "relu", "width": 8}])
def test_dropout_is_the_minimum_of_the_expected_error(size):
    playground = FitPlayground(regularization="dropout", dropout=0.3, **size)
    x, y = playground.sample()
    F, a = playground.features(x), playground.coefficients
    count = len(a)
    masks = (np.arange(2**count)[:, None] >> np.arange(count)) & 1  # all that there are
    chances = np.prod(np.where(masks, 0.7, 0.3), axis=1)
    outputs = (masks / 0.7 * a) @ F.T
    gradient = (chances[:, None] * masks / 0.7 * ((outputs - y) @ F)).sum(axis=0)
    np.testing.assert_allclose(gradient, 0, atol=1e-10)


def test_the_penalty_is_that_of_the_mean_squared_error():
    playground = FitPlayground(regularization="ridge", penalty=0.02)
    x, y = playground.sample()
    F, a = playground.features(x), playground.coefficients
    np.testing.assert_allclose(F.T @ (F @ a - y) / len(y) + 0.02 * a, 0, atol=1e-12)


def test_the_peak_stands_where_coefficients_and_points_are_as_many_and_melts():
    heights = {}
    for penalty in (0.0, 1e-3, 1e-1):
        errors = []
        for seed in range(9):
            playground = FitPlayground(regularization="ridge", penalty=penalty, seed=seed, **PEAK)
            sizes, training, validation = playground.sweep()
            errors.append(validation)
            if not penalty:
                assert training[sizes < 12].min() > 1e-10 and training[sizes >= 12].max() < 1e-9
        middle = np.median(errors, axis=0)
        heights[penalty] = middle[11] / middle[3:7].min()
        if not penalty:
            assert sizes[np.argmax(middle)] in (12, 13)
            assert middle[11] > 50 * middle[19], "it falls again behind the peak"
    assert heights[0.0] > 50 > heights[1e-3] > 2 * heights[1e-1]


def test_places_and_seeds_are_checked():
    relu = FitPlayground(model="relu")
    assert relu.curve(0.5).shape == FitPlayground().curve(0.5).shape == (1,)
    np.testing.assert_array_equal(relu.sample(np.int64(2))[1], relu.sample(2)[1])
    for seed in ("a", 1.5, 10**7):
        with pytest.raises(ValueError, match="seed: expected a whole number from -20 to 1000000"):
            relu.sample(seed)


def test_bias_and_variance_add_up_to_the_validation_error():
    playground = FitPlayground(degree=4, seed=30, ghosts=20)
    bias, variance = playground.bias_and_variance()
    errors = [FitPlayground(degree=4, seed=30 - k).errors()[1] for k in range(21)]
    assert bias + variance + 0.09 == pytest.approx(np.mean(errors))
    # Of the mean of 21 fits, most of the error is variance: the true squared bias is below 0.001.
    loose = FitPlayground(degree=7, points=20, seed=30, ghosts=20).bias_and_variance()
    assert abs(loose[0]) < loose[1] / 10
    with pytest.raises(ValueError, match="ghosts: expected at least 1 to tell bias from variance, got 0"):
        FitPlayground().bias_and_variance()


@pytest.mark.parametrize("arguments, words", [
    ({"truth": "step"}, "truth: expected one of 'sine', 'bump', 'kink', got 'step'"),
    ({"model": "spline"}, "model: expected 'polynomial' or 'relu', got 'spline'"),
    ({"degree": 41}, "degree: expected a whole number from 0 to 40, got 41"),
    ({"width": 0}, "width: expected a whole number from 1 to 200, got 0"),
    ({"points": 4}, "points: expected a whole number from 5 to 30, got 4"),
    ({"noise": -0.1}, "noise: expected a number from 0 to 1, got -0.1"),
    ({"regularization": "lasso"}, "regularization: expected one of 'none', 'ridge', .* got 'lasso'"),
    ({"penalty": 11}, "penalty: expected a number from 0 to 10, got 11"),
    ({"steps": 0}, "steps: expected a whole number from 1 to 1000000, got 0"),
    ({"dropout": 1}, "dropout: expected a number from 0 to 0.9, got 1"),
    ({"ghosts": 21}, "ghosts: expected a whole number from 0 to 20, got 21"),
    ({"show_truth": 1}, "show_truth: expected True or False, got 1"),
])
def test_errors_name_the_argument(arguments, words):
    with pytest.raises(ValueError, match=words):
        FitPlayground(**arguments)


# In a browser -------------------------------------------------------------------------------------

FITS = """async (settings) => {
  const { fitted } = await shown.load();
  return settings.map((one) => {
    const { x, y, curve, training, validation } = fitted(one);
    return { x: [...x], y: [...y], curve: [...curve], training, validation };
  });
}"""


def test_page_computes_what_numpy_does(widget_page):
    """Rounding is as large as the smallest singular value lets it become, which is much at the peak."""
    made = [FitPlayground(**settings) for settings in SETTINGS]
    settings = [{name: getattr(one, name) for name in one._linked} for one in made]
    for playground, given, page in zip(made, SETTINGS, widget_page(FitPlayground()).evaluate(FITS, settings)):
        x, y = playground.sample()
        np.testing.assert_allclose([page["x"], page["y"]], [x, y], atol=1e-13, err_msg=str(given))
        singular = np.linalg.svd(playground.features(x), compute_uv=False)
        left = singular[singular > 30 * np.finfo(float).eps * singular[0]]
        rounding = 1e-11 + 3e-14 * left[0] / left[-1]
        curve = playground.curve(GRID)
        np.testing.assert_allclose(page["curve"], curve, atol=rounding * np.abs(curve).max(), err_msg=str(given))
        training, validation = playground.errors()
        assert page["validation"] == pytest.approx(validation, rel=10 * rounding), given
        assert page["training"] == pytest.approx(training, rel=1e-9, abs=rounding * np.abs(curve).max()), given


def test_every_control_changes_words_and_picture(widget_page):
    p = widget_page(FitPlayground())
    each_changes(p, [
        ("truth", lambda: control(p, "truth").select_option("bump")),
        ("degree", lambda: control(p, "degree", "input[type=range]").press("ArrowRight")),
        ("points", lambda: control(p, "points", "input[type=range]").press("ArrowRight")),
        ("noise", lambda: set_number(p, "noise", 0.5)),
        ("sample", lambda: press(p, "sample")),
        ("ten", lambda: press(p, "ten")),
        ("clear", lambda: press(p, "clear")),
        ("regularization", lambda: control(p, "regularization").select_option("ridge")),
        ("penalty", lambda: set_number(p, "penalty", 0.5)),
        ("regularization", lambda: control(p, "regularization").select_option("early_stopping")),
        ("steps", lambda: set_number(p, "steps", 5)),
        ("regularization", lambda: control(p, "regularization").select_option("dropout")),
        ("dropout", lambda: control(p, "dropout", "input[type=range]").press("ArrowLeft")),
        ("model", lambda: control(p, "model").select_option("relu")),
        ("width", lambda: control(p, "width", "input[type=range]").press("ArrowLeft")),
        ("reset", lambda: press(p, "reset")),
    ])
    drawn = picture(p)
    control(p, "show_truth").uncheck()
    assert picture(p, 0) != drawn[:1] and picture(p, 1) == drawn[1:]
    assert "true curve" not in p.locator(".nn-legend").first.inner_text()


def test_only_the_sliders_that_count_are_shown(widget_page):
    p = widget_page(FitPlayground())

    def shown():
        names = ("degree", "width", "penalty", "steps", "dropout")
        return [name for name in names if p.locator(f'[data-control="{name}"]').is_visible()]

    assert shown() == ["degree"]
    control(p, "model").select_option("relu")
    control(p, "regularization").select_option("ridge")
    until(lambda: shown() == ["width", "penalty"], p)
    control(p, "regularization").select_option("early_stopping")
    until(lambda: shown() == ["width", "steps"], p)
    control(p, "regularization").select_option("dropout")
    until(lambda: shown() == ["width", "dropout"], p)


def test_the_left_end_of_the_penalty_is_none_at_all(widget_page):
    p = widget_page(FitPlayground(regularization="ridge", penalty=1e-8))
    control(p, "penalty", "input[type=range]").press("ArrowRight")
    assert trait(p, "penalty") == pytest.approx(1.1e-8)
    control(p, "penalty", "input[type=range]").press("Home")
    assert trait(p, "penalty") == 0
    said(p, "The penalty adds α = 0 times")
    assert control(p, "penalty", "input[type=number]").input_value() == "0"


def test_keys_reach_every_number_of_steps_at_the_beginning(widget_page):
    p = widget_page(FitPlayground(regularization="early_stopping", steps=1))
    seen = []
    for key in ["ArrowRight"] * 3 + ["ArrowLeft"] * 3:
        control(p, "steps", "input[type=range]").press(key)
        seen.append(trait(p, "steps"))
    assert seen == [2, 3, 4, 3, 2, 1]
    said(p, "stops after one step.")


@pytest.mark.parametrize("settings, words", [
    ({"degree": 4, "points": 20}, "Degree 4 through 20 points: training error"),
    ({"noise": 0.3}, "noise floor 0.09."),
    ({"degree": 30}, "The curve goes through every point; of all coefficients that make it do so"),
    ({"degree": 11}, "The curve goes through every point."),
    ({"regularization": "dropout", "dropout": 0.2}, "p/(1 − p) = 0.25 on features of equal length"),
    ({"regularization": "early_stopping", "steps": 2000}, "stops after 2,000 steps."),
])
def test_words(settings, words, widget_page):
    said(widget_page(FitPlayground(**settings)), words)


@pytest.mark.parametrize("size", [{"degree": 5}, {"model": "relu", "width": 40}])
def test_stopping_early_is_said_to_be_a_penalty(size, widget_page):
    """η is 1 over the largest eigenvalue of FᵀF/n. Where little is learned, both fits are nearly the same."""
    stopped = FitPlayground(regularization="early_stopping", steps=300, **size)
    x, _ = stopped.sample()
    steepest = np.linalg.norm(stopped.features(x), 2) ** 2 / len(x)
    p = widget_page(stopped)
    said(p, f"ηt, is {float(f'{300 / steepest:.3g}'):g}: this acts much as a penalty α = 1/(ηt) = {steepest / 300:.3g} does.")
    ridge = FitPlayground(regularization="ridge", penalty=steepest / 300, **size)
    assert np.abs(ridge.curve(GRID) - stopped.curve(GRID)).mean() < 0.1


def test_the_penalty_has_the_chapters_letter(widget_page):
    p = widget_page(FitPlayground(regularization="ridge"))
    assert "Penalty α" in p.locator('[data-control="penalty"]').inner_text()
    assert "λ" not in p.locator(".nnlib-widget").inner_text()


def test_the_best_model_is_named(widget_page):
    playground = FitPlayground(seed=2)
    sizes, _, validation = playground.sweep()
    best = np.argmin(validation)
    p = widget_page(playground)
    said(p, f"Validation is lowest at degree {sizes[best] - 1}: {validation[best]:.2g}.")
    p.get_by_text("Show the errors as a table").click()
    until(lambda: p.locator(".nn-table tbody tr").count() == 41, p)
    cells = p.locator(".nn-table tbody tr").nth(best).locator("td").all_inner_texts()
    assert cells[0] == str(sizes[best] - 1) and cells[2] == f"{validation[best]:.2g}"


def test_bias_and_variance_of_several_samples(widget_page):
    p = widget_page(FitPlayground(degree=4))
    press(p, "ten")
    assert [trait(p, name) for name in ("seed", "ghosts")] == [10, 10]
    bias, variance = FitPlayground(degree=4, seed=10, ghosts=10).bias_and_variance()
    assert bias > variance / 11
    said(p, f"Over 11 samples: squared bias about {bias:.2g}, variance {variance:.2g}, noise 0.09. Together they are the mean validation error, {bias + variance + 0.09:.2g}.")
    one = picture(p, 0)
    press(p, "clear")
    said(p, "Degree 4")
    until(lambda: "Over" not in readout(p), p)
    assert trait(p, "seed") == 10 and picture(p, 0) != one
    assert control(p, "clear").is_disabled()


def test_ghosts_of_the_first_sample_have_seeds_below_zero(widget_page):
    playground = FitPlayground(model="relu", ghosts=5)
    bias, variance = playground.bias_and_variance()
    assert bias < variance / 6
    said(widget_page(playground), "Over 6 samples: squared bias too small to be measured with so few, "
                                  f"variance {variance:.2g}, noise 0.09. "
                                  f"The mean validation error is {bias + variance + 0.09:.2g}.")


def test_no_more_than_twenty_ghosts(widget_page):
    p = widget_page(FitPlayground())
    for _ in range(3):
        press(p, "ten")
    assert [trait(p, name) for name in ("seed", "ghosts")] == [30, 20]
    said(p, "Over 21 samples")


def test_what_takes_several_frames_arrives(widget_page):
    p = widget_page(FitPlayground(model="relu", width=200, points=30, ghosts=20))
    said(p, "Over 21 samples")
    said(p, "Of the widths drawn, validation is lowest at width")
    assert not p.errors


def test_the_bars_have_the_errors_lengths(widget_page):
    p = widget_page(FitPlayground(degree=2))
    playground = FitPlayground(degree=2)
    full = np.mean(TRUTHS["sine"](GRID) ** 2) + 0.09
    for name, error in zip(("training", "validation"), playground.errors()):
        bar = p.locator(f".nn-fit-bar.nn-fit-{name}")
        inside, mark = (bar.locator(part).bounding_box() for part in ("span", "i"))
        box = bar.bounding_box()
        assert inside["width"] / box["width"] == pytest.approx(min(1, error / full), abs=0.01)
        assert (mark["x"] - box["x"]) / box["width"] == pytest.approx(0.09 / full, abs=0.01)


@pytest.mark.parametrize("touch", [False, True])
@pytest.mark.parametrize("model", ["polynomial", "relu"])
def test_dragging_along_the_errors_changes_the_size(model, touch, widget_page):
    p = widget_page(FitPlayground(model=model), touch=touch, width=420)
    canvas = p.locator("canvas").nth(1)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    first, last = (0, 40) if model == "polynomial" else (0, np.log10(200))
    edge = 0.025 * (last - first)

    def place(value):  # margins of plot.js
        at = value if model == "polynomial" else np.log10(value)
        part = (at - first + edge) / (last - first + 2 * edge)
        return box["x"] + MARGINS["left"] + part * (box["width"] - MARGINS["left"] - MARGINS["right"]), box["y"] + 60

    name, (start, end) = ("degree", (20, 31)) if model == "polynomial" else ("width", (10, 100))
    if touch:
        session = p.context.new_cdp_session(p)
        (x0, y0), (x1, _) = place(start), place(end)
        steps = [(x0 + (x1 - x0) * k / 5, y0) for k in range(6)]
        session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x0, "y": y0}]})
        for x, y in steps[1:]:
            session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    else:
        p.mouse.move(*place(start))
        p.mouse.down()
        until(lambda: trait(p, name) == start, p)
        p.mouse.move(*place(end), steps=5)
        p.mouse.up()
    until(lambda: trait(p, name) == end, p)


def test_on_a_phone_both_pictures_stay_in_view_beside_the_sliders(widget_page):
    p = widget_page(FitPlayground(), width=375, height=812)

    def box(k):
        return p.locator("canvas").nth(k).bounding_box()

    def top():
        return box(0)["y"]

    p.evaluate("scrollTo(0, document.querySelector('[data-control=noise]').offsetTop - 400)")
    assert top() == 0 and box(1)["y"] == box(0)["height"]
    assert box(1)["y"] + box(1)["height"] < 812 / 2
    control(p, "noise", "input[type=number]").focus()  # a keyboard on the screen needs the room
    until(lambda: top() < 0, p)


def test_reset_goes_back_to_the_start(widget_page):
    p = widget_page(FitPlayground("kink", degree=6, seed=4, regularization="ridge"))
    words, drawn = readout(p), picture(p)
    control(p, "model").select_option("relu")
    control(p, "truth").select_option("sine")
    control(p, "regularization").select_option("none")
    press(p, "ten")
    control(p, "show_truth").uncheck()
    press(p, "reset")
    assert readout(p) == words and picture(p) == drawn
    assert [trait(p, name) for name in ("truth", "model", "seed", "ghosts")] == ["kink", "polynomial", 4, 0]


def test_python_moves_the_picture(widget_page):
    p = widget_page(FitPlayground())
    before = picture(p)
    p.evaluate("shown.model.set({ degree: 3, points: 25 })")
    said(p, "Degree 3 through 25 points")
    assert picture(p) != before
