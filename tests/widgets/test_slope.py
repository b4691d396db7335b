"""The chain of slopes: its numbers against nnlib's, and everything that a reader can do."""

import numpy as np
import pytest
from looking import control, each_changes, picture, press, readout, said, set_number, trait, until

from nnlib.widgets import SlopePlayground
from nnlib.widgets.slope import ACTIVATIONS

GRID = [-6, -3.3, -1, -0.2, 0, 0.7, 1.4, 2.5, 6]


def test_a_product_by_hand():
    assert SlopePlayground(z=[0, 0, 0]).product == 1 / 64
    assert SlopePlayground("relu", z=[1, 2, -1, 3]).product == 0
    np.testing.assert_allclose(SlopePlayground("leaky_relu", z=[-1, 2, -1]).product, 1e-4)
    s = 1 / (1 + np.exp(-2))
    np.testing.assert_allclose(SlopePlayground("sigmoid", z=[2]).slopes(), [s * (1 - s)])


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_network_gives_the_product_of_the_slopes(activation):
    playground = SlopePlayground(activation, z=GRID)
    np.testing.assert_allclose(playground.product, np.prod(playground.slopes()), rtol=1e-9, atol=1e-18)


@pytest.mark.parametrize("arguments, words", [
    ({"activation": "step"}, "activation: expected one of 'sigmoid', 'tanh', .* got 'step'"),
    ({"z": []}, "z: expected 1 to 20 numbers"),
    ({"z": [0] * 21}, "z: expected 1 to 20 numbers"),
    ({"z": [7]}, "z: expected numbers from -6 to 6, got"),
    ({"z": [np.nan]}, "z: expected finite numbers"),
])
def test_errors_name_the_argument(arguments, words):
    with pytest.raises(ValueError, match=words):
        SlopePlayground(**arguments)


# In a browser -------------------------------------------------------------------------------------

CHAIN = """async () => {
  const { chain } = await shown.load();
  return chain({ activation: shown.model.get("activation"), z: shown.model.get("z") });
}"""


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_page_computes_what_nnlib_does(activation, widget_page):
    playground = SlopePlayground(activation, z=GRID)
    result = widget_page(playground).evaluate(CHAIN)
    np.testing.assert_allclose(result["slopes"], playground.slopes(), rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(result["products"], np.cumprod(playground.slopes()), rtol=1e-8, atol=1e-14)


def test_every_control_changes_words_and_picture(widget_page):
    p = widget_page(SlopePlayground())
    each_changes(p, [
        ("activation", lambda: control(p, "activation").select_option("tanh")),
        ("count", lambda: control(p, "count", "input[type=range]").press("ArrowLeft")),
        ("z", lambda: control(p, "z", "input[type=range]").press("ArrowRight")),
        ("unit", lambda: set_number(p, "unit", 3)),
        ("reset", lambda: press(p, "reset")),
    ])
    assert not p.errors


def test_all_units_move_together_until_the_reader_parts_them(widget_page):
    p = widget_page(SlopePlayground(z=[1, 1, 1]))
    set_number(p, "z", 2)
    assert trait(p, "z") == [2, 2, 2]
    control(p, "together").uncheck()
    set_number(p, "unit", 2)
    set_number(p, "z", -1)
    assert trait(p, "z") == [2, -1, 2]
    said(p, "Each unit has a place of its own.")
    control(p, "together").check()
    assert trait(p, "z") == [-1, -1, -1]


def test_a_longer_chain_goes_on_as_it_ended(widget_page):
    p = widget_page(SlopePlayground(z=[1, -2]))
    set_number(p, "count", 4)
    assert trait(p, "z") == [1, -2, -2, -2]
    set_number(p, "count", 1)
    assert trait(p, "z") == [1]
    said(p, "After one unit, 0.197 of the gradient is left.")


def test_reset_goes_back_to_the_start(widget_page):
    p = widget_page(SlopePlayground("tanh", z=[0.5, 1.5]))
    words, drawn = readout(p), picture(p)
    control(p, "activation").select_option("relu")
    set_number(p, "count", 7)
    control(p, "together").check()
    press(p, "reset")
    assert readout(p) == words and picture(p) == drawn
    assert trait(p, "z") == [0.5, 1.5] and not control(p, "together").is_checked()


@pytest.mark.parametrize("touch", [False, True])
def test_a_point_follows_the_pointer_along_the_curve(touch, widget_page):
    p = widget_page(SlopePlayground("tanh", z=[1.0]), touch=touch, width=420)
    canvas = p.locator("canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    # A view of -6 to 6 and of -1.3 to 1.3 (margins of plot.js).
    at = [(box["x"] + 52 + (x + 6) / 12 * (box["width"] - 62),
           box["y"] + 8 + (1.3 - np.tanh(1.0)) / 2.6 * (box["height"] - 50)) for x in (1, 0, -3)]
    if touch:
        session = p.context.new_cdp_session(p)
        for kind, place in [("touchStart", at[0]), ("touchMove", at[1]), ("touchMove", at[2]), ("touchEnd", None)]:
            points = [] if place is None else [{"x": place[0], "y": place[1]}]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    else:
        p.mouse.move(*at[0])
        p.mouse.down()
        p.mouse.move(*at[2], steps=5)
        p.mouse.up()
    until(lambda: trait(p, "z")[0] == pytest.approx(-3, abs=0.05), p)


def test_a_click_in_the_lower_picture_chooses_a_unit(widget_page):
    p = widget_page(SlopePlayground(z=[0.0, 1.0, 2.0, 3.0]))
    box = p.locator("canvas").nth(1).bounding_box()
    x = 52 + (3 + 0.3) / 4.6 * (box["width"] - 62)
    p.locator("canvas").nth(1).click(position={"x": x, "y": 40})
    said(p, "Unit 3: z = 2")


def test_nothing_left_is_said_and_drawn(widget_page):
    p = widget_page(SlopePlayground("relu", z=[1.0, -1.0]))
    assert "After 2 units, 0 of the gradient is left." in readout(p)
    assert not p.errors


def test_python_moves_the_picture(widget_page):
    p = widget_page(SlopePlayground())
    before = picture(p)
    p.evaluate("shown.model.set({ activation: 'gelu', z: [1, 2] })")
    said(p, "After 2 units")
    assert picture(p) != before and not control(p, "together").is_checked()
