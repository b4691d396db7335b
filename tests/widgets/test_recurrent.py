"""The unrolled recurrent network: its numbers against nnlib's, and everything that a reader can do."""

import re

import numpy as np
import pytest
from looking import control, each_changes, picture, press, readout, said, set_number, trait, until

from nnlib.widgets import RecurrentPlayground

TOUCH = [("touchStart", 0.0), ("touchMove", 0.5), ("touchMove", 0.9), ("touchEnd", None)]


def test_slopes_by_hand():
    # Linear, w = 0.5: y = x3 + 0.5 x2 + 0.25 x1.
    linear = RecurrentPlayground([1, 2, 1], radius=0.5, activation="linear")
    np.testing.assert_allclose(linear.states()[:, 0], [1, 2.5, 2.25])
    np.testing.assert_allclose(linear.slopes(), [0.25, 0.5, 1])
    # tanh at 0 has slope 1, so with no input the two agree.
    tanh = RecurrentPlayground([0, 0, 0], radius=0.5)
    np.testing.assert_allclose(tanh.slopes(), [0.25, 0.5, 1])


@pytest.mark.parametrize("units", [1, 8])
@pytest.mark.parametrize("activation", ["tanh", "linear"])
def test_slopes_are_slopes(units, activation):
    x = np.random.default_rng(0).uniform(-1, 1, 6)

    def y(x):
        playground = RecurrentPlayground(x, 0.8, units, activation)
        return playground.states()[-1] @ playground._weights()[2]

    eps = 1e-6 * np.eye(6)
    by_difference = [(y(x + e) - y(x - e)) / 2e-6 for e in eps]
    slopes = RecurrentPlayground(x, 0.8, units, activation).slopes()
    np.testing.assert_allclose(slopes, by_difference, atol=1e-8)


def test_the_random_matrix_has_spectral_radius_one():
    playground = RecurrentPlayground(units=8, seed=3)
    assert np.abs(np.linalg.eigvals(playground.random_matrix)).max() == pytest.approx(1, abs=1e-4)
    assert RecurrentPlayground(units=8, seed=3).random_matrix == playground.random_matrix
    assert RecurrentPlayground(units=8, seed=4).random_matrix != playground.random_matrix


@pytest.mark.parametrize("arguments, words", [
    ({"inputs": "sine"}, "inputs: expected one of 'pulse', 'pulses', 'wave', 'alternating', got 'sine'"),
    ({"inputs": [1]}, "inputs: expected 2 to 60 numbers"),
    ({"inputs": [1, 3]}, "inputs: expected numbers from -2 to 2"),
    ({"inputs": [1, np.nan]}, "inputs: expected finite numbers"),
    ({"radius": 2.5}, "radius: expected a number from -2 to 2, got 2.5"),
    ({"units": 3}, "units: expected 1 or 8, got 3"),
    ({"activation": "relu"}, "activation: expected 'tanh' or 'linear'"),
    ({"steps": 1}, "steps: expected a whole number from 2 to 60, got 1"),
    ({"seed": -1}, "seed: expected a whole number"),
])
def test_errors_name_the_argument(arguments, words):
    with pytest.raises(ValueError, match=words):
        RecurrentPlayground(**arguments)


def test_units_between_one_and_eight_are_refused_later_too():
    playground = RecurrentPlayground()
    with pytest.raises(ValueError, match="units"):
        playground.units = 5
    assert playground.units == 1


# In a browser -------------------------------------------------------------------------------------

UNROLL = """async () => {
  const { unroll, weightsOf } = await shown.load();
  const get = (name) => shown.model.get(name);
  return unroll({ inputs: get("inputs"), ...weightsOf(get), linear: get("activation") === "linear" });
}"""


@pytest.mark.parametrize("units", [1, 8])
@pytest.mark.parametrize("activation", ["tanh", "linear"])
def test_page_computes_what_nnlib_does(units, activation, widget_page):
    inputs = np.random.default_rng(1).uniform(-2, 2, 40)
    playground = RecurrentPlayground(inputs, 1.2, units, activation)
    result = widget_page(playground).evaluate(UNROLL)
    np.testing.assert_allclose(result["states"], playground.states(), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(result["slopes"], playground.slopes(), rtol=1e-9, atol=1e-14)


def test_every_control_changes_words_and_picture(widget_page):
    p = widget_page(RecurrentPlayground())
    each_changes(p, [
        ("radius", lambda: control(p, "radius", "input[type=range]").press("ArrowLeft")),
        ("steps", lambda: control(p, "steps", "input[type=range]").press("ArrowLeft")),
        ("preset", lambda: control(p, "preset").select_option("wave")),
        ("activation", lambda: control(p, "activation").select_option("linear")),
        ("units", lambda: control(p, "units").select_option("8")),
        ("step", lambda: set_number(p, "step", 4)),
        ("value", lambda: control(p, "value", "input[type=range]").press("ArrowRight")),
        ("silence", lambda: press(p, "silence")),
        ("reset", lambda: press(p, "reset")),
    ])
    assert not p.errors


def test_reset_goes_back_to_the_start(widget_page):
    p = widget_page(RecurrentPlayground("wave", radius=1.1, steps=12))
    words = readout(p)
    control(p, "units").select_option("8")
    set_number(p, "steps", 40)
    press(p, "silence")
    press(p, "reset")
    assert readout(p) == words
    assert len(trait(p, "inputs")) == 12 and trait(p, "radius") == 1.1


def test_a_spectral_radius_is_not_negative(widget_page):
    p = widget_page(RecurrentPlayground(radius=-1.5))
    control(p, "units").select_option("8")
    until(lambda: trait(p, "radius") == 1.5, p)
    set_number(p, "radius", -1)
    words = p.locator('[data-control="radius"] [role=alert]').inner_text()
    assert words == "Spectral radius ρ must be from 0 to 2; it stays 1.5."
    assert trait(p, "radius") == 1.5
    control(p, "units").select_option("1")
    set_number(p, "radius", -1)
    until(lambda: trait(p, "radius") == -1, p)


def test_verdicts(widget_page):
    for radius, verdict in [(0.9, "the gradient vanishes"), (1.1, "the gradient explodes"),
                            (1.0, "neither vanishes nor explodes")]:
        p = widget_page(RecurrentPlayground(radius=radius, activation="linear"))
        said(p, verdict)


def test_more_steps_keep_the_readers_own_inputs(widget_page):
    p = widget_page(RecurrentPlayground([0.5, -1, 0.25]))
    set_number(p, "steps", 5)
    assert trait(p, "inputs") == [0.5, -1, 0.25, 0, 0]
    assert "your own" in control(p, "preset").inner_text()


@pytest.mark.parametrize("touch", [False, True])
def test_an_input_follows_the_pointer(touch, widget_page):
    p = widget_page(RecurrentPlayground(steps=10), touch=touch, width=420)
    canvas = p.locator("canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    # Step 4 of a view of 0.3 ... 10.7; heights of a view of -1.1 ... 1.1 (margins of plot.js).
    x = box["x"] + 52 + (4 - 0.3) / 10.4 * (box["width"] - 62)

    def at(y):
        return box["y"] + 8 + (1.1 - y) / 2.2 * (box["height"] - 50)

    if touch:
        session = p.context.new_cdp_session(p)
        for kind, y in TOUCH:
            points = [] if y is None else [{"x": x, "y": at(y)}]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    else:
        p.mouse.move(x, at(0))
        p.mouse.down()
        p.mouse.move(x, at(0.9), steps=5)
        p.mouse.up()
    until(lambda: trait(p, "inputs")[3] == pytest.approx(0.9, abs=0.02), p)
    assert re.search(r"Step 4: input 0\.[89]", readout(p))


def test_python_moves_the_picture(widget_page):
    p = widget_page(RecurrentPlayground())
    before = picture(p)
    p.evaluate("shown.model.set({ radius: 1.3, inputs: [1, 0, 0, 1] })")
    said(p, "at step 4")
    assert picture(p) != before
    assert control(p, "radius", "input[type=number]").input_value() == "1.3"
