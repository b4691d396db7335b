"""The optimizer race: the paths against nnlib's, and everything that a reader can do."""

import numpy as np
import pytest
from looking import (
    MARGINS,
    control,
    each_changes,
    module,
    picture,
    press,
    readout,
    said,
    set_number,
    settled,
    trait,
    until,
)  # fmt: skip

import nnlib as nn
from nnlib.widgets import OptimizerRace
from nnlib.widgets.race import OPTIMIZERS, STARTS

ALL = list(OPTIMIZERS)
TRAITS = OptimizerRace._linked


def settings_of(race):
    return {name: getattr(race, name) for name in TRAITS}


# In Python ----------------------------------------------------------------------------------------


def test_sgd_on_a_ravine_by_hand():
    """1 - ηλ is 0.5 along the floor (λ = 10/4) and -1 across it (λ = 10)."""
    race = OptimizerRace("ravine", start=[2, 3], rates={"SGD": 0.2}, condition=4, angle=0, steps=3)
    expected = [[2, 3], [1, -3], [0.5, 3], [0.25, -3]]
    np.testing.assert_allclose(race.paths()["SGD"], expected)
    np.testing.assert_allclose(race.loss([2, 3]), (2.5 * 4 + 10 * 9) / 2)


def test_the_losses_by_hand():
    assert OptimizerRace("bowl").loss([3, 4]) == 12.5
    assert OptimizerRace("saddle").loss([[0, 0], [2, 1], [-2, 0]]).tolist() == [1, 0.5, 0]
    assert OptimizerRace("rosenbrock").loss([[1, 1], [0, 1]]).tolist() == [0, 101]
    assert OptimizerRace("network").loss([[1.2, 1.5], [-1.2, -1.5]]) == pytest.approx([0, 0])


@pytest.mark.parametrize("standardized", [False, True])
def test_the_loss_of_the_line_is_that_of_nnlib_and_its_hessian_is_the_curvature(standardized):
    race = OptimizerRace("line", standardized=standardized)
    x, y = race.points
    layer = nn.Linear(1, 1).astype(np.float64)
    layer.load_state_dict({"weight": np.array([[0.7]]), "bias": np.array([-0.4])})
    assert race.loss([0.7, -0.4]) == pytest.approx(nn.mse_loss(layer(x[:, None]), y[:, None]).item())
    best = np.polyfit(x, y, 1)
    assert race.loss(best) == pytest.approx(race.minimum)
    away = np.array([0.3, -0.2])
    assert race.loss(best + away) - race.minimum == pytest.approx(away @ race.hessian @ away / 2)
    if standardized:
        np.testing.assert_allclose(race.hessian, 2 * np.eye(2), atol=1e-12)
    else:
        assert np.linalg.cond(race.hessian) > 50, "a ravine in disguise"


def test_a_path_that_diverges_ends_beyond_the_map():
    race = OptimizerRace("bowl", start=[1, 0], rates={"SGD": 3.0}, steps=500)
    assert race.paths()["SGD"].tolist() == [[(-2.0) ** k, 0] for k in range(8)]


def test_rates_that_are_not_given_are_the_best_ones():
    assert OptimizerRace("line", rates={"Adam": 0.2}).rates == [*STARTS["line"][1][:3], 0.2]
    assert OptimizerRace("bowl", rates=[0.1, 0.2, 0.3, 0.4]).rates == [0.1, 0.2, 0.3, 0.4]


@pytest.mark.parametrize("arguments, words", [
    ({"surface": "hill"}, "surface: expected one of .* got 'hill'"),
    ({"start": [1]}, r"start: expected 2 numbers, got shape \(1,\)"),
    ({"start": [0, 11]}, "start: expected numbers from -10 to 10, got"),
    ({"start": [0, float("nan")]}, "start: "),
    ({"optimizers": []}, "optimizers: expected at least 1 of SGD, momentum, RMSprop, Adam"),
    ({"optimizers": ["SGD", "AdaGrad"]}, "optimizers: expected one of .* got 'AdaGrad'"),
    ({"rates": {"AdaGrad": 0.1}}, "rates: expected learning rates of SGD, momentum, RMSprop, Adam, got"),
    ({"rates": {"SGD": 0}}, "rates: expected numbers from 0.0001 to 10, got"),
    ({"rates": [0.1]}, r"rates: expected 4 numbers, got shape \(1,\)"),
    ({"momentum": 1}, "momentum: expected a number from 0 to 0.999, got 1"),
    ({"condition": 0.5}, "condition: expected a number from 1 to 1000, got 0.5"),
    ({"angle": 91}, "angle: expected a number from -90 to 90, got 91"),
    ({"standardized": 1}, "standardized: expected True or False, got 1"),
    ({"steps": 501}, "steps: expected a whole number from 0 to 500, got 501"),
    ({"steps": 2.5}, "steps: expected a whole number from 0 to 500, got 2.5"),
])
def test_errors_name_the_argument(arguments, words):
    with pytest.raises(ValueError, match=words):
        OptimizerRace(**arguments)


def test_a_number_of_steps_for_the_paths_is_checked():
    with pytest.raises(ValueError, match="steps: expected a whole number from 0 to 500, got -1"):
        OptimizerRace().paths(-1)


@pytest.mark.parametrize("w", [1.0, [1.0], [1.0, 2.0, 3.0], ["a", "b"], [np.nan, 1.0]])
def test_the_weights_of_a_loss_are_two(w):
    with pytest.raises(ValueError, match="w: expected "):
        OptimizerRace("rosenbrock").loss(w)


# In a browser -------------------------------------------------------------------------------------

RACES = [
    *({"surface": surface} for surface in STARTS),
    {"surface": "ravine", "condition": 7, "angle": -35, "momentum": 0.5, "start": [1, -2]},
    {"surface": "line", "standardized": True, "momentum": 0},
    {"surface": "bowl", "rates": [2.5, 0.001, 0.1, 9.0], "start": [0.5, 0]},
]


def test_page_goes_where_nnlib_does(widget_page):
    """A hundred steps of each optimizer on each surface, and how high they are."""
    races = [OptimizerRace(**arguments, steps=100) for arguments in RACES]
    p = widget_page(OptimizerRace())
    results = p.evaluate("""async (all) => {
        const { race } = await shown.load();
        return all.map((settings) => race(settings).runs);
    }""", [settings_of(race) for race in races])
    for race, runs in zip(races, results):
        assert [run["name"] for run in runs] == ALL
        for run, (name, path) in zip(runs, race.paths().items()):
            about = f"{race.surface}, {name}"
            ours = np.array(run["path"])
            assert min(len(ours), 101) == len(path), about
            np.testing.assert_allclose(ours[: len(path)], path, rtol=1e-6, atol=1e-9, err_msg=about)
            heights = np.maximum(race.loss(path) - race.minimum, 0)
            np.testing.assert_allclose(run["losses"][: len(path)], heights, rtol=1e-5, atol=1e-12, err_msg=about)


def test_the_rates_in_python_are_the_best_ones_of_the_page(widget_page):
    p = widget_page(OptimizerRace())
    for race in [*map(OptimizerRace, STARTS), OptimizerRace("line", standardized=True)]:
        best = p.evaluate("async (now) => (await shown.load()).tuned(now)", settings_of(race))
        assert best == race.rates, race.surface


def test_the_best_rates_are_better_than_their_neighbors():
    """Each is below 0.01 for good as soon as the next ones, which stand 12 % beside it, or sooner."""
    def arrival(rate):
        race = OptimizerRace("ravine", optimizers=["SGD"], rates={"SGD": rate})
        return np.flatnonzero(race.loss(race.paths(500)["SGD"]) >= 0.01)[-1]

    best = STARTS["ravine"][1][0]
    assert arrival(best) <= min(arrival(0.16), arrival(0.199))


def test_every_control_changes_words_and_picture(widget_page):
    p = widget_page(OptimizerRace(steps=30))
    each_changes(p, [
        ("steps", lambda: control(p, "steps", "input[type=range]").press("ArrowRight")),
        ("condition", lambda: control(p, "condition", "input[type=range]").press("ArrowLeft")),
        ("angle", lambda: control(p, "angle", "input[type=range]").press("ArrowLeft")),
        ("rate-SGD", lambda: control(p, "rate-SGD", "input[type=range]").press("ArrowLeft")),
        ("rate-Adam", lambda: control(p, "rate-Adam", "input[type=range]").press("ArrowLeft")),
        ("momentum", lambda: control(p, "momentum", "input[type=range]").press("ArrowLeft")),
        ("start1", lambda: control(p, "start1", "input[type=range]").press("ArrowRight")),
        ("start2", lambda: control(p, "start2", "input[type=range]").press("ArrowRight")),
        ("show-RMSprop", lambda: control(p, "show-RMSprop").uncheck()),
        ("best", lambda: press(p, "best")),
        ("step", lambda: press(p, "step")),
        ("restart", lambda: press(p, "restart")),
        ("surface", lambda: control(p, "surface").select_option("line")),
        ("standardized", lambda: control(p, "standardized").check()),
        ("reset", lambda: press(p, "reset")),
    ])
    assert not p.errors


def test_play_goes_on_until_all_have_arrived(widget_page):
    p = widget_page(OptimizerRace("bowl", optimizers=["SGD"], rates={"SGD": 0.5}))
    press(p, "play")
    until(lambda: control(p, "play").inner_text() == "Play" and trait(p, "steps") > 0, p)
    # The loss of 6.5 is divided by four in each step, and below 1e-7 after 13.
    assert trait(p, "steps") == 13
    said(p, "After 13 steps, loss: SGD")
    press(p, "play")  # from the start again
    until(lambda: control(p, "play").inner_text() == "Play", p)
    assert trait(p, "steps") == 13
    assert not p.errors


def test_pause_and_step(widget_page):
    p = widget_page(OptimizerRace("rosenbrock"))
    press(p, "play")
    assert control(p, "play").inner_text() == "Pause"
    until(lambda: trait(p, "steps") > 0, p)
    press(p, "play")
    settled(p)
    made = trait(p, "steps")
    assert 0 < made < 500 and control(p, "play").inner_text() == "Play"
    press(p, "step")
    assert trait(p, "steps") == made + 1
    press(p, "restart")
    assert trait(p, "steps") == 0 and control(p, "restart").is_disabled()


def test_words_say_who_is_where_and_who_was_first(widget_page):
    race = OptimizerRace("ravine", steps=500, optimizers=["SGD", "Adam"])
    left = {name: race.loss(path) for name, path in race.paths().items()}
    since = {name: np.flatnonzero(loss >= 0.01)[-1] + 1 for name, loss in left.items()}
    assert since["Adam"] < since["SGD"] < 500
    p = widget_page(race)
    said(p, f"First below 0.01 for good: Adam, from step {since['Adam']}; then SGD ({since['SGD']}).")
    set_number(p, "steps", since["Adam"])
    said(p, f"First below 0.01 for good: Adam, from step {since['Adam']}.")
    loss = left["SGD"][since["Adam"]]
    assert f"SGD {loss:.2g}" in readout(p)
    set_number(p, "steps", since["Adam"] - 1)
    said(p, "None is below 0.01 for good yet.")


def test_the_factor_of_sgd_is_the_one_of_the_run(widget_page):
    p = widget_page(OptimizerRace("ravine", optimizers=["SGD"], rates={"SGD": 0.05}, condition=4, angle=0))
    assert "1\u00a0−\u00a0ηλ: 0.5 along the steep direction (λ = 10), 0.875 along the flat direction (λ = 2.5)." in readout(p)
    control(p, "surface").select_option("saddle")
    settled(p)
    assert "1\u00a0−\u00a0ηλ" not in readout(p)


@pytest.mark.parametrize("arguments, words", [
    # 1 − ηλ is −4e−16 here, and −1.0000000000000002 there.
    ({"surface": "line", "standardized": True}, "by 1\u00a0−\u00a0ηλ: 0 in every direction (λ = 2)."),
    ({"surface": "ravine", "rates": {"SGD": 0.2 + 3e-17}}, "−1 (it changes sides) along the steep direction"),
])
def test_rounding_is_on_no_side(arguments, words, widget_page):
    assert words in readout(widget_page(OptimizerRace(**arguments)))


def test_numbers_that_differ_are_written_so_that_they_do(widget_page):
    p = widget_page(OptimizerRace("ravine", rates={"SGD": 0.2001, "momentum": 0.38001}))
    assert ("1\u00a0−\u00a0ηλ = −1.001, since η = 0.2001 is above 2/λ = 0.2.") in readout(p)
    assert "η = 0.38001 is above 2 (1 + μ)/λ = 0.38." in readout(p)


def test_the_factor_of_momentum_is_that_of_nnlibs_run(widget_page):
    """In the long run: the root of the matrix that takes (w, velocity) one step on."""
    rate, mu = 0.01, 0.5
    race = OptimizerRace("ravine", [3, 0], ["momentum"], {"momentum": rate}, mu, condition=4, angle=0)
    path = race.paths(120)["momentum"][:, 0]
    factor = path[-1] / path[-2]
    p = widget_page(race)
    assert f"{factor:.3g} along the flat direction" in readout(p)


def test_too_large_a_rate_is_said_to_diverge_and_nothing_is_nan(widget_page):
    p = widget_page(OptimizerRace("ravine", rates={"SGD": 0.22, "momentum": 0.4}, steps=200))
    words = readout(p)
    assert "SGD has diverged (step " in words and "momentum has diverged (step " in words
    assert ("SGD diverges along the steep direction: 1\u00a0−\u00a0ηλ = −1.2, "
            "since η = 0.22 is above 2/λ = 0.2.") in words
    assert "Momentum diverges along the steep direction: η = 0.4 is above 2 (1 + μ)/λ = 0.38." in words
    p.get_by_text("Show the numbers as a table").click()
    until(lambda: p.locator(".nn-table tbody tr").count() == 4, p)
    lasts = [cell.inner_text() for cell in p.locator(".nn-table tr td:last-child").all()]
    assert lasts[:2] == ["diverged", "diverged"] and "diverged" not in lasts[2:]
    shown = p.locator(".nnlib-widget").inner_text() + p.locator("canvas").first.get_attribute("aria-label")
    assert "NaN" not in shown and "not a number" not in shown
    set_number(p, "rate-SGD", 10)
    control(p, "surface").select_option("rosenbrock")
    for k in range(4):
        set_number(p, f"rate-{ALL[k]}", 10)
    set_number(p, "steps", 500)
    said(p, "SGD has diverged (step ")
    assert "not a number" not in readout(p) and "∞" not in readout(p)
    assert not p.errors


def pixel(p, x, y):
    """Where the map shows a point in a view of 8 by 6, whose units are as long both ways."""
    box = p.locator("canvas").first.bounding_box()
    width = box["width"] - MARGINS["left"] - MARGINS["right"]
    height = box["height"] - MARGINS["top"] - MARGINS["bottom"]
    unit = min(width / 8, height / 6)
    middle = box["x"] + MARGINS["left"] + width / 2, box["y"] + MARGINS["top"] + height / 2
    return middle[0] + x * unit, middle[1] - y * unit


def test_the_start_is_dragged_and_clicked(widget_page):
    p = widget_page(OptimizerRace("bowl", start=[-3, 2], steps=20))
    before = picture(p)
    p.mouse.move(*pixel(p, -3, 2))
    p.mouse.down()
    p.mouse.move(*pixel(p, 0, 0), steps=4)
    p.mouse.move(*pixel(p, 2, -1), steps=4)
    p.mouse.up()
    assert trait(p, "start") == pytest.approx([2, -1], abs=0.05)
    assert picture(p) != before
    p.mouse.click(*pixel(p, -1, 1))
    assert trait(p, "start") == pytest.approx([-1, 1], abs=0.05)
    assert trait(p, "steps") == 20, "the race stays where it is"
    p.mouse.move(*pixel(p, -1, 1))
    p.mouse.down()
    p.mouse.move(*pixel(p, -9, 9), steps=4)
    p.mouse.up()
    assert trait(p, "start") == [-4, 3], "held within the map"
    assert not p.errors


def test_the_map_says_how_high_it_is_under_the_pointer(widget_page):
    p = widget_page(OptimizerRace("bowl"))
    p.mouse.move(*pixel(p, 1, 1))
    note = p.locator(".nn-picture .nn-note").first
    until(lambda: "loss 1" in note.inner_text() or "loss 0.99" in note.inner_text(), p)
    p.mouse.move(5, 5)
    until(lambda: "Drag the ring" in note.inner_text(), p)


def test_a_new_surface_begins_at_its_own_start_with_its_best_rates(widget_page):
    p = widget_page(OptimizerRace(steps=40))
    for surface, (start, best) in STARTS.items():
        set_number(p, "steps", 7)
        control(p, "surface").select_option("saddle" if surface == "ravine" else "ravine")
        control(p, "surface").select_option(surface)
        settled(p)
        assert (trait(p, "start"), trait(p, "rates"), trait(p, "steps")) == (start, best, 0), surface


def test_standardizing_takes_that_shapes_best_rates_and_back(widget_page):
    p = widget_page(OptimizerRace("line", steps=1))
    control(p, "standardized").check()
    said(p, "First below 0.01 for good: SGD, from step 1.")
    assert trait(p, "rates") == OptimizerRace("line", standardized=True).rates
    assert (trait(p, "start"), trait(p, "steps")) == (STARTS["line"][0], 1), "the race stays where it is"
    control(p, "standardized").uncheck()
    settled(p)
    assert trait(p, "rates") == STARTS["line"][1]


def test_a_curve_at_the_bottom_is_said_to_lie_lower(widget_page):
    p = widget_page(OptimizerRace("bowl", steps=100))
    assert p.locator(".nn-picture .nn-note").last.inner_text() == "What is below 10⁻⁸ is drawn at 10⁻⁸."


# What is written on a canvas while the page draws: [text, x, y, canvas].
WRITTEN = """<script>
  window.written = [];
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    written.push([text, x, y, [...document.querySelectorAll("canvas")].indexOf(this.canvas)]);
    return fillText.call(this, text, x, y);
  };
</script>"""


@pytest.mark.parametrize("width", [375, 768, 1440])
@pytest.mark.parametrize("arguments", [{"surface": "ravine"}, {"surface": "line"}, {"surface": "ravine", "condition": 8, "angle": -60}],
                         ids=["ravine", "line", "turned"])
def test_names_on_the_map_stand_apart(arguments, width, widget_page):
    p = widget_page(OptimizerRace(**arguments), head=WRITTEN, width=width, own=True)
    settled(p)
    written = p.evaluate("written.filter(([, , , canvas]) => canvas === 0)")
    names = {text: (x, y) for text, x, y, _ in written if text in ("steep", "flat")}
    # Contour lines are named 10ᵏ, and 1; but for 1, no tick is called so.
    last = max(k for k, (text, *_) in enumerate(written) if text == "flat")
    levels = []
    for text, x, y, _ in written[last + 1 :]:
        if not (text == "1" or text.startswith("10")):
            break
        levels.append((x, y))
    assert len(names) == 2 and len(levels) > 1
    for x, y in levels:
        for a, b in names.values():
            assert abs(x - a) > 30 or abs(y - b) > 14, (x, y, a, b)


def test_what_belongs_to_a_surface_is_there_with_it_alone(widget_page):
    p = widget_page(OptimizerRace())
    for surface, controls, canvases in [("ravine", ["condition", "angle"], 4), ("bowl", [], 4), ("saddle", [], 2),
                                        ("line", ["standardized"], 5), ("network", [], 3)]:
        control(p, "surface").select_option(surface)
        settled(p)
        there = [name for name in ("condition", "angle", "standardized") if control(p, name).is_visible()]
        assert there == controls, surface
        assert sum(canvas.is_visible() for canvas in p.locator("canvas").all()) == canvases, surface


def test_the_last_optimizer_stays(widget_page):
    p = widget_page(OptimizerRace())
    for name in ALL[:3]:
        control(p, f"show-{name}").uncheck()
        settled(p)
    assert trait(p, "optimizers") == ["Adam"]
    assert control(p, "show-Adam").is_disabled()
    assert not control(p, "rate-SGD", "input[type=number]").is_visible()
    control(p, "show-SGD").check()
    settled(p)
    assert trait(p, "optimizers") == ["SGD", "Adam"] and control(p, "show-Adam").is_enabled()


def test_a_wrong_rate_is_explained_and_not_taken(widget_page):
    p = widget_page(OptimizerRace())
    control(p, "rate-Adam", "input[type=number]").fill("-1")
    problem = p.locator('[data-control="rate-Adam"] .nn-problem')
    until(lambda: "must be from 0.0001 to 10" in problem.inner_text(), p)
    assert trait(p, "rates") == STARTS["ravine"][1]


def test_the_table_has_a_row_for_each(widget_page):
    p = widget_page(OptimizerRace("bowl", start=[2, -1], rates={"SGD": 0.5}, optimizers=["SGD", "Adam"], steps=1))
    p.get_by_text("Show the numbers as a table").click()
    until(lambda: p.locator(".nn-table tbody tr").count() == 2, p)
    assert p.locator(".nn-table tbody tr").first.inner_text().split("\t") == ["SGD", "0.5", "1", "−0.5", "0.625", "not yet"]


@pytest.mark.parametrize("arguments", RACES, ids=lambda a: "-".join(map(str, a.values())))
def test_the_program_goes_where_the_page_does(arguments, widget_page):
    race = OptimizerRace(**arguments, steps=40)
    p = widget_page(race)
    p.get_by_text("Show as code").click()
    text = p.locator(".nn-program")
    until(lambda: "paths[name]" in text.inner_text(), p)
    names = {}
    exec(text.inner_text(), names)
    for name, path in race.paths().items():
        np.testing.assert_allclose(names["paths"][name], path, rtol=1e-6, atol=1e-9, err_msg=name)


def test_python_moves_the_picture(widget_page):
    p = widget_page(OptimizerRace())
    before = picture(p)
    p.evaluate("shown.model.set({ surface: 'network', start: [9, 1], steps: 7 })")
    said(p, "After 7 steps")
    assert "w₁ = 9, w₂ = 1" in p.locator("canvas").first.get_attribute("aria-label")
    assert picture(p) != before
    assert not p.errors


def test_the_pieces_of_a_contour_line_join(widget_page):
    """Of a circle on a grid: all ends meet, and all lie as far from the middle."""
    p = widget_page(OptimizerRace())
    pieces = p.evaluate("""({ pieces }) => {
        const values = Array.from({ length: 21 * 21 }, (_, k) => (k % 21 - 10) ** 2 + (Math.floor(k / 21) - 10) ** 2);
        return pieces(values, 21, 21, 51.5);
    }""", module(p, "race/pieces.js"))
    ends = np.round(np.reshape(pieces, (-1, 2)), 9)
    _, counts = np.unique(ends, axis=0, return_counts=True)
    assert set(counts) == {2} and len(pieces) > 30
    np.testing.assert_allclose(np.hypot(*(ends - 10).T), 51.5**0.5, atol=0.05)
