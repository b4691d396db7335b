"""The bump playground: its arithmetic against nnlib's, and everything that a reader can do with it."""

import numpy as np
import pytest
from looking import picture, readout, until

import nnlib as nn
from nnlib.widgets import BumpPlayground
from nnlib.widgets.bumps import TARGETS, midpoints

GRID = np.linspace(0, 1, 1001)


def output(playground, x=GRID):
    with nn.no_grad():
        return playground.network(np.reshape(x, (-1, 1))).data[:, 0]


def test_two_bumps_by_hand():
    # Steep bumps of heights 0.25 and 0.75 meet at 0.5, where each is at half its height.
    playground = BumpPlayground("step", bumps=2, steepness=1000)
    np.testing.assert_allclose(output(playground, [0.2, 0.5, 0.8]), [0.25, 0.5, 0.75], atol=1e-12)
    # σ(s (x - 0.5)) for s = 10 at x = 0.6 is σ(1) = 0.7310586; the outer steps are 1 and 0.
    playground = BumpPlayground(heights=[0, 1], steepness=10)
    np.testing.assert_allclose(output(playground, [0.6]), [0.7310586], atol=1e-5)


def test_network_has_two_units_a_bump():
    network = BumpPlayground(bumps=7).network
    assert sum(p.size for p in network.parameters()) == 6 * 7 + 1
    assert network[0].weight.shape == (14, 1)


@pytest.mark.parametrize("target", TARGETS)
def test_steep_bumps_take_the_targets_value_at_their_midpoints(target):
    playground = BumpPlayground(target, bumps=9, steepness=10_000)
    x = midpoints(9)
    np.testing.assert_allclose(output(playground, x), TARGETS[target](x), atol=1e-9)


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"target": "sine"}, "target: expected one of 'wave', 'peak', 'step', got 'sine'"),
        ({"target": ["wave"]}, "target"),
        ({"bumps": 0}, "bumps: expected a whole number from 1 to 40, got 0"),
        ({"bumps": 2.5}, "bumps"),
        ({"bumps": True}, "bumps"),
        ({"bumps": 2, "heights": [1, 2]}, "bumps: expected nothing beside heights"),
        ({"steepness": 0}, "steepness: expected a number from 1 to 10000, got 0"),
        ({"steepness": "steep"}, "steepness"),
        ({"steepness": float("nan")}, "steepness"),
        ({"heights": []}, "heights: expected 1 to 40 numbers"),
        ({"heights": [[1]]}, "heights"),
        ({"heights": [0.5, float("nan")]}, "heights: expected finite numbers, got 1 that"),
        ({"heights": [0.5, 2.5]}, r"heights: expected numbers from -2 to 2, got \[0.5, 2.5\]"),
        ({"heights": ["high"]}, "heights"),
    ],
)
def test_errors_name_the_argument(arguments, words):
    with pytest.raises(ValueError, match=words):
        BumpPlayground(**arguments)


def test_rejected_assignment_leaves_the_old_value():
    playground = BumpPlayground(bumps=3)
    before = playground.heights
    with pytest.raises(ValueError):
        playground.heights = [5.0]
    assert playground.heights == before


# In a browser -------------------------------------------------------------------------------------


def traits(p):
    """What the page would send to Python, read from the controls and the words."""
    control = '[data-control="{}"] {}'
    return {
        "target": p.locator(control.format("target", "select")).input_value(),
        "bumps": p.locator(control.format("bumps", "input[type=number]")).input_value(),
        "steepness": p.locator(control.format("steepness", "input[type=number]")).input_value(),
        "height": p.locator(control.format("height", "input[type=number]")).input_value(),
    }


# The page says errors to three digits, which many steep and gentle rows of bumps hold to account.
ROWS = [(1, 1), (5, 20), (10, 500), (23, 115), (40, 10_000)]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("bumps, steepness", ROWS)
def test_page_measures_what_nnlib_computes(target, bumps, steepness, widget_page):
    playground = BumpPlayground(target, bumps=bumps, steepness=steepness)
    error = np.abs(output(playground) - TARGETS[target](GRID))
    words = readout(widget_page(playground))
    largest = float(words.split("Largest error ")[1].split(",")[0])
    mean = float(words.split("mean absolute error ")[1].split(".\n")[0])
    assert largest == pytest.approx(error.max(), rel=0.006)
    assert mean == pytest.approx(error.mean(), rel=0.006)
    assert f"{2 * bumps} hidden units, {6 * bumps + 1} parameters" in words


def test_every_control_changes_words_and_picture(widget_page):
    p = widget_page(BumpPlayground())
    steps = [
        ("steepness", lambda c: c.locator("input[type=range]").press("ArrowLeft")),
        ("bumps", lambda c: c.locator("input[type=range]").press("ArrowRight")),
        ("bumps", lambda c: c.locator("input[type=number]").fill("4")),
        ("bump", lambda c: c.locator("select").select_option("2")),
        ("height", lambda c: c.locator("input[type=number]").fill("1.25")),
        ("height", lambda c: c.locator("input[type=range]").press("ArrowLeft")),
        ("flatten", lambda c: c.press("Enter")),
        ("fit", lambda c: c.press("Enter")),
        ("target", lambda c: c.locator("select").select_option("peak")),
        ("reset", lambda c: c.press("Enter")),
    ]
    words, drawn = readout(p), picture(p)
    for name, act in steps:
        act(p.locator(f'[data-control="{name}"]'))
        now = readout(p), picture(p)
        assert now[0] != words and now[1] != drawn, name
        words, drawn = now
    p.locator('[data-control="single"] input').press("Space")
    assert picture(p) != drawn
    assert not p.errors


def test_reset_goes_back_to_the_start(widget_page):
    p = widget_page(BumpPlayground("peak", bumps=6, steepness=80))
    before, words = traits(p), readout(p)
    p.locator('[data-control="target"] select').select_option("step")
    p.locator('[data-control="bumps"] input[type=number]').fill("3")
    p.locator('[data-control="reset"]').click()
    assert readout(p) == words and traits(p) == before


@pytest.mark.parametrize("touch", [False, True])
def test_height_follows_the_pointer(touch, widget_page):
    p = widget_page(BumpPlayground("step", bumps=4, steepness=300), touch=touch, width=420)
    canvas = p.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    # Bump 2 of 4: its handle is at x = 0.375 and height 0.25, in a view of -0.15 ... 1.1.
    x = box["x"] + 52 + 0.375 * (box["width"] - 62)

    def at(h):
        return box["y"] + 8 + (1.1 - h) / 1.25 * (box["height"] - 50)

    if touch:
        session = p.context.new_cdp_session(p)
        for kind, h in [
            ("touchStart", 0.25),
            ("touchMove", 0.5),
            ("touchMove", 0.9),
            ("touchEnd", None),
        ]:
            points = [] if h is None else [{"x": x, "y": at(h)}]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    else:
        p.mouse.move(x, at(0.25))
        p.mouse.down()
        p.mouse.move(x, at(0.9), steps=5)
        p.mouse.up()
    until(lambda: float(traits(p)["height"]) == pytest.approx(0.9, abs=0.01), p)
    assert "Bump 2 has height" in readout(p)
    assert p.evaluate("scrollY") == 0 or not touch


def test_a_number_out_of_range_is_explained(widget_page):
    p = widget_page(BumpPlayground())
    p.locator('[data-control="bumps"] input[type=number]').fill("99")
    assert "must be from 1 to 40" in p.locator('[data-control="bumps"] [role=alert]').inner_text()
    assert "10 bumps" in readout(p)


def test_static_figure_speaks(widget_page):
    playground = BumpPlayground(bumps=5, steepness=60)
    error = np.abs(output(playground) - TARGETS["wave"](GRID)).max()
    _, alternative, caption = playground.static_figure()
    assert f"{error:.2g}" in alternative and "5 bumps of steepness 60" in caption
    p = widget_page(playground, javascript=False)
    assert p.locator(".nnlib-static img").is_visible()
