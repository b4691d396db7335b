"""The edge of stability: the run in the page against nnlib's, and everything that a reader can do."""

import numpy as np
import pytest
from looking import control, each_changes, picture, press, readout, said, set_number, trait, until
from test_code import program, run

import nnlib as nn
from nnlib.widgets import EdgePlayground
from nnlib.widgets.edge import MOST


@pytest.mark.parametrize("rate", [0.1, 0.2, 0.4])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_sharpness_settles_at_two_over_the_rate(rate, seed):
    run = EdgePlayground(rate, seed=seed).run(2500)
    np.testing.assert_allclose(run.sharpness[-50:].mean(), 2 / rate, rtol=0.06)
    assert run.losses[-1] < run.losses[0] / 10


def test_with_momentum_the_limit_is_farther():
    run = EdgePlayground(0.15, momentum=0.5).run(2500)
    np.testing.assert_allclose(run.sharpness[-50:].mean(), 2 * 1.5 / 0.15, rtol=0.06)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_larger_rate_drives_the_weights_to_where_the_loss_is_flatter(seed):
    run = EdgePlayground([[0, 0.1], [2500, 0.2]], seed=seed).run(2700)
    before, after = run.sharpness[240:250].mean(), run.sharpness[262:].mean()
    assert before > 17 and after < 11
    assert run.losses[2500:].max() > 5 * run.losses[0]


def test_the_sharpness_is_the_largest_eigenvalue_of_the_hessian():
    playground = EdgePlayground(0.3)
    x, y = (column[:, None] for column in playground.points)
    net, parts = playground.network, []
    parameters = list(net.parameters())
    gradients = nn.grad(0.5 * nn.mse_loss(net(x), y), parameters, create_graph=True)
    for gradient in gradients:
        for k in range(gradient.size):
            row = nn.grad(gradient.reshape(-1)[k], parameters, create_graph=True)
            parts.append(np.concatenate([part.data.ravel() for part in row]))
    largest = np.linalg.eigvalsh(np.array(parts))[-1]
    np.testing.assert_allclose(playground.run(0).sharpness, [largest], rtol=1e-4)


@pytest.mark.parametrize("seed", [1, 2])
def test_four_times_the_rate_is_too_much_and_half_calms_the_loss(seed):
    assert len(EdgePlayground([[0, 0.1], [2500, 0.4]], seed=seed).run(2700).losses) < 2700
    run = EdgePlayground([[0, 0.4], [2000, 0.2]], seed=seed).run(2100)
    assert run.losses[2020] < run.losses[1900:2000].mean()
    np.testing.assert_allclose(run.sharpness[-5:].mean(), 5, rtol=0.1)


def test_a_run_that_diverges_ends():
    run = EdgePlayground(2.0).run(500)
    assert len(run.losses) < 200 and run.losses[-1] > 1e6
    assert np.isfinite(run.losses).all()


def test_the_rate_is_a_number_or_rows():
    assert EdgePlayground(0.2).rates == [[0, 0.2]]
    same = EdgePlayground([[0, 0.2], [3, 0.2]]).run(30)
    np.testing.assert_array_equal(same.losses, EdgePlayground(0.2).run(30).losses)


@pytest.mark.parametrize("arguments, words", [
    ({"rates": 0}, "rates: expected learning rates from 0.01 to 2"),
    ({"rates": 3}, "rates: expected learning rates from 0.01 to 2"),
    ({"rates": np.nan}, "rates: .* finite"),
    ({"rates": "large"}, "rates: expected a learning rate, or rows"),
    ({"rates": [0.1, 0.2]}, "rates: expected a learning rate, or 1 to 100 rows"),
    ({"rates": []}, "rates: expected a learning rate, or 1 to 100 rows"),
    ({"rates": [[1, 0.1]]}, "rates: expected rows whose steps are whole numbers that rise from 0"),
    ({"rates": [[0, 0.1], [0, 0.2]]}, "rates: expected rows whose steps"),
    ({"rates": [[0, 0.1], [2.5, 0.2]]}, "rates: expected rows whose steps"),
    ({"rates": [[0, 0.1], [MOST + 1, 0.2]]}, "rates: expected rows whose steps"),
    ({"momentum": 1}, "momentum: expected a number from 0 to 0.95, got 1"),
    ({"degree": 0}, "degree: expected a whole number from 1 to 6, got 0"),
    ({"seed": 1.5}, "seed: expected a whole number"),
    ({"steps": MOST + 1}, "steps: expected a whole number from 0 to 6000"),
])
def test_errors_name_the_argument(arguments, words):
    with pytest.raises(ValueError, match=words):
        EdgePlayground(**arguments)


# In a browser -------------------------------------------------------------------------------------

RUN = """async (settings) => {
  const { descend } = await shown.load();
  const { losses, sharpness } = descend(settings);
  return [losses, sharpness];
}"""


@pytest.mark.parametrize("arguments", [
    {"rates": 0.1}, {"rates": 0.2, "degree": 2, "seed": 7}, {"rates": 0.05, "momentum": 0.9},
    {"rates": [[0, 0.1], [33, 0.3]]}, {"rates": 2.0},
])
def test_page_computes_what_nnlib_does(arguments, widget_page):
    playground = EdgePlayground(**arguments, steps=100)
    page = widget_page(EdgePlayground())
    losses, sharpness = page.evaluate(RUN, {
        name: getattr(playground, name) for name in playground._linked})
    run = playground.run()
    np.testing.assert_allclose(losses, run.losses, rtol=1e-6)
    np.testing.assert_allclose(sharpness, run.sharpness, rtol=1e-4)


def test_page_and_nnlib_settle_at_the_same_place(widget_page):
    _, sharpness = widget_page(EdgePlayground()).evaluate(RUN, {
        "rates": [[0, 0.4]], "momentum": 0, "degree": 4, "seed": 0, "steps": 2500})
    np.testing.assert_allclose(np.mean(sharpness[-50:]), 5, rtol=0.06)


def test_every_control_changes_words_and_picture(widget_page):
    p = widget_page(EdgePlayground(steps=200))
    until(lambda: "Step 200" in readout(p), p)
    each_changes(p, [
        ("step", lambda: press(p, "step")),
        ("rate", lambda: control(p, "rate", "input[type=range]").press("ArrowLeft")),
        ("degree", lambda: control(p, "degree", "input[type=range]").press("ArrowLeft")),
        ("step", lambda: press(p, "step")),
        ("momentum", lambda: control(p, "momentum", "input[type=range]").press("ArrowRight")),
        ("seed", lambda: press(p, "seed")),
        ("reset", lambda: press(p, "reset")),
    ])
    assert not p.errors


def test_it_plays_to_the_edge_and_stops(widget_page):
    p = widget_page(EdgePlayground())
    control(p, "speed").select_option("2500")
    press(p, "play")
    until(lambda: "At the edge" in readout(p), p)
    press(p, "play")
    steps = trait(p, "steps")
    assert steps > 100 and control(p, "play").inner_text() == "Play"
    assert "limit 2/η = 5." in readout(p)


def test_a_new_rate_holds_from_the_step_at_which_it_was_chosen(widget_page):
    p = widget_page(EdgePlayground(0.1, steps=50))
    said(p, "Step 50")
    set_number(p, "rate", 0.2)
    assert trait(p, "rates") == [[0, 0.1], [50, 0.2]]
    set_number(p, "rate", 0.3)
    assert trait(p, "rates") == [[0, 0.1], [50, 0.3]] and trait(p, "steps") == 50
    said(p, "limit 2/η = 6.67.")
    press(p, "restart")
    assert trait(p, "rates") == [[0, 0.3]] and trait(p, "steps") == 0
    said(p, "The sharpness begins below its limit.")


def test_a_rate_changed_without_end_begins_anew(widget_page):
    rows = [[k, 0.1 + 0.001 * k] for k in range(100)]
    p = widget_page(EdgePlayground(rows, steps=100))
    said(p, "Step 100")
    set_number(p, "rate", 0.5)
    assert trait(p, "rates") == [[0, 0.5]] and trait(p, "steps") == 0


def test_a_run_that_diverges_says_what_to_do(widget_page):
    p = widget_page(EdgePlayground(1.5))
    control(p, "speed").select_option("2500")
    press(p, "play")
    said(p, "Diverged at step")
    said(p, "choose a smaller rate")
    assert control(p, "step").is_disabled()
    press(p, "play")  # plays once more, from the start
    said(p, "Diverged at step")
    press(p, "restart")
    set_number(p, "rate", 0.2)
    press(p, "step")
    said(p, "Step 1:")
    assert not p.errors


def test_python_moves_the_run(widget_page):
    p = widget_page(EdgePlayground())
    before = picture(p)
    p.evaluate("shown.model.set({ rates: [[0, 0.2]], steps: 3000 })")
    said(p, "Step 3,000")
    said(p, "limit 2/η = 10.")
    assert picture(p) != before
    p.evaluate("shown.model.set({ steps: 20 })")
    said(p, "Step 20:")


@pytest.mark.parametrize("arguments", [{}, {"momentum": 0.5, "seed": 3},
                                       {"rates": [[0, 0.1], [40, 0.3]], "degree": 2}])
def test_the_program_gives_the_loss_of_the_page(arguments, widget_page):
    playground = EdgePlayground(**arguments, steps=80)
    p = widget_page(playground)
    said(p, "Step 80")
    names, printed = run(program(p))
    np.testing.assert_allclose(names["losses"], playground.run().losses[:-1], rtol=1e-9)
    assert float(printed.split()[1]) == pytest.approx(playground.run().losses[-1], rel=1e-2)


def test_reset_goes_back_to_the_start(widget_page):
    p = widget_page(EdgePlayground(0.2, steps=30))
    said(p, "Step 30")
    words, drawn = readout(p), picture(p)
    set_number(p, "degree", 2)
    press(p, "step")
    press(p, "reset")
    until(lambda: readout(p) == words and picture(p) == drawn, p)
