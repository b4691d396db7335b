"""A query among keys: the attention in the page against nnlib's, and everything that a reader can do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from looking import control, each_changes, picture, press, readout, said, set_number, trait, until

from nnlib.widgets import QueryKeyPlane

vector = st.lists(st.floats(-4, 4), min_size=2, max_size=2)


def test_an_attention_by_hand():
    plane = QueryKeyPlane([1, 0], [[np.sqrt(2) * np.log(3), 0], [0, 1], [0, -1], [0, 2]])
    np.testing.assert_allclose(plane.weights(), [1 / 2, 1 / 6, 1 / 6, 1 / 6])
    np.testing.assert_allclose(plane.answer(), (30 + 20 + 30 + 40) / 6)
    unscaled = QueryKeyPlane([1, 0], [[np.log(3), 0], [0, 1], [0, -1], [0, 2]], scaled=False)
    np.testing.assert_allclose(unscaled.weights(), [1 / 2, 1 / 6, 1 / 6, 1 / 6])


@given(query=vector, key=st.lists(vector, min_size=4, max_size=4), angle=st.floats(0, 180),
       places=st.lists(st.integers(0, 500), min_size=5, max_size=5), shift=st.integers(0, 500))
def test_only_the_distance_of_places_counts(query, key, angle, places, shift):
    here = QueryKeyPlane(query, key, angle=angle, places=places)
    there = QueryKeyPlane(query, key, angle=angle, places=[place + shift for place in places])
    np.testing.assert_allclose(here.weights(), there.weights(), atol=1e-9)
    np.testing.assert_allclose(here.weights().sum(), 1)


@pytest.mark.parametrize("arguments, words", [
    ({"query": [1, 2, 3]}, "query: expected 2 numbers"),
    ({"query": [5, 0]}, "query: expected numbers from -4 to 4"),
    ({"key": [[1, 2]] * 3}, "key: expected 4 rows of 2 numbers from -4 to 4"),
    ({"key": [[1, 2]] * 3 + [[5, 0]]}, "key: expected 4 rows"),
    ({"key": [[1, 2]] * 3 + [[np.nan, 0]]}, "key: .* finite"),
    ({"value": [1, 2, 3]}, "value: expected 4 numbers"),
    ({"angle": 270}, "angle: expected a number from 0 to 180"),
    ({"places": [0, 1, 2, 3]}, "places: expected 5 whole numbers from 0 to 1000"),
    ({"places": [0, 1, 2, 3, 0.5]}, "places: expected 5 whole numbers"),
    ({"places": [0, 1, 2, 3, -1]}, "places: expected 5 whole numbers"),
    ({"scaled": "yes"}, "scaled: expected True or False"),
])
def test_errors_name_the_argument(arguments, words):
    with pytest.raises(ValueError, match=words):
        QueryKeyPlane(**arguments)


# In a browser -------------------------------------------------------------------------------------

ATTEND = """async (settings) => {
  const { attend } = await shown.load();
  const { weights, answer } = attend(settings);
  return [weights, answer];
}"""


def test_page_computes_what_nnlib_does(widget_page):
    p = widget_page(QueryKeyPlane())
    rng = np.random.default_rng(0)
    for k in range(30):
        plane = QueryKeyPlane(
            rng.uniform(-4, 4, 2), rng.uniform(-4, 4, (4, 2)), rng.uniform(-100, 100, 4),
            scaled=k % 2 == 0, angle=rng.uniform(0, 180) * (k % 3), places=rng.integers(0, 1001, 5)
        ) if k % 3 < 2 else QueryKeyPlane([4, -4], [[4, -4], [-4, 4], [0, 0], [4, 4]], scaled=False)
        weights, answer = p.evaluate(ATTEND, {name: getattr(plane, name) for name in plane._linked})
        np.testing.assert_allclose(weights, plane.weights(), atol=1e-9)
        np.testing.assert_allclose(answer, plane.answer(), rtol=1e-9)


def test_every_control_changes_words_and_picture(widget_page):
    p = widget_page(QueryKeyPlane(angle=20))
    each_changes(p, [
        ("x", lambda: control(p, "x", "input[type=range]").press("ArrowRight")),
        ("y", lambda: control(p, "y", "input[type=range]").press("ArrowLeft")),
        ("angle", lambda: control(p, "angle", "input[type=range]").press("ArrowRight")),
        ("place", lambda: control(p, "place", "input[type=range]").press("ArrowRight")),
        ("reset", lambda: press(p, "reset")),
    ])
    assert not p.errors


def test_the_table_says_what_is_read(widget_page):
    p = widget_page(QueryKeyPlane([0, 0]))
    rows = p.locator(".nn-querykey-table tbody tr")
    assert rows.nth(2).inner_text().split() == ["k₃", "0", "0", "0.25", "30"]
    said(p, "fits all keys alike")
    control(p, "arrow").select_option("3")
    set_number(p, "value", 50)
    assert trait(p, "value") == [10, 20, 50, 40]
    said(p, "The answer is 30: ")


def test_the_division_is_optional(widget_page):
    p = widget_page(QueryKeyPlane())
    before = readout(p)
    control(p, "scaled").uncheck()
    until(lambda: readout(p) != before, p)
    assert trait(p, "scaled") is False


def test_to_move_all_one_place_on_changes_no_weight(widget_page):
    p = widget_page(QueryKeyPlane(angle=30))
    line, drawn = readout(p).split("\n")[0], picture(p)
    press(p, "shift")
    said(p, "at place 5, the keys are at 1, 2, 3, 4")
    assert readout(p).split("\n")[0] == line and picture(p) != drawn


def test_goals_are_marked_when_they_are_reached_and_stay(widget_page):
    p = widget_page(QueryKeyPlane())
    goals = p.locator(".nn-querykey-goals")
    assert goals.inner_text().count("✓") == 0
    set_number(p, "x", 0)
    set_number(p, "y", 0)
    until(lambda: "✓ An answer of 25" in goals.inner_text(), p)
    set_number(p, "x", 4)
    set_number(p, "y", 1)
    until(lambda: "✓ More than 95 %" in goals.inner_text(), p)
    set_number(p, "x", 1.5)
    set_number(p, "y", 1.5)
    until(lambda: goals.inner_text().count("✓") == 3, p)
    press(p, "reset")
    until(lambda: goals.inner_text().count("✓") == 0, p)


@pytest.mark.parametrize("angle", [0, 90])
@pytest.mark.parametrize("touch", [False, True])
def test_an_arrow_follows_the_pointer(touch, angle, widget_page):
    plane = QueryKeyPlane([1.5, 0.0], angle=angle, places=[1, 0, 0, 0, 0])
    p = widget_page(plane, touch=touch, width=420)
    canvas = p.locator("canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    reach = 1.15 * 2.6
    unit = min((box["width"] - 62), (box["height"] - 50)) / (2 * reach)
    middle = (box["x"] + 52 + (box["width"] - 62) / 2, box["y"] + 8 + (box["height"] - 50) / 2)
    tip = plane.vectors()[0]
    at = [(middle[0] + unit * x, middle[1] - unit * y) for x, y in (tip, tip / 2 + 0.5, (-1, -1.5))]
    if touch:
        session = p.context.new_cdp_session(p)
        for kind, spot in [("touchStart", at[0]), ("touchMove", at[1]), ("touchMove", at[2]), ("touchEnd", None)]:
            points = [] if spot is None else [{"x": spot[0], "y": spot[1]}]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    else:
        p.mouse.move(*at[0])
        p.mouse.down()
        p.mouse.move(*at[2], steps=4)
        p.mouse.up()
    wanted = [-1, -1.5] if angle == 0 else [-1.5, 1]
    until(lambda: trait(p, "query") == pytest.approx(wanted, abs=0.06), p)


def test_a_key_can_be_chosen_and_moved_by_keyboard(widget_page):
    p = widget_page(QueryKeyPlane())
    control(p, "arrow").select_option("2")
    control(p, "x", "input[type=range]").press("ArrowRight")
    assert trait(p, "key")[1] == pytest.approx([0.1, 2])
    assert trait(p, "query") == [1.5, 1]


def test_python_moves_the_picture(widget_page):
    p = widget_page(QueryKeyPlane())
    before = picture(p)
    p.evaluate("shown.model.set({ query: [-2, 0] })")
    said(p, "k₃ fits best")
    assert picture(p) != before
