"""The LSTM cell by hand: its numbers against nnlib's, its goal, and everything that a reader can do."""

import numpy as np
import pytest
from looking import control, each_changes, picture, press, said, set_number, trait, until

import nnlib as nn
from nnlib.widgets import MemoryPlayground

RANDOM = np.random.default_rng(0)


def random_playground():
    return MemoryPlayground(RANDOM.normal(size=(4, 3)), RANDOM.normal(size=4), RANDOM.normal(size=4))


def test_two_steps_by_hand():
    # All gates half open; g = tanh(x): c1 = 0.5 tanh(0.6), c2 = 0.5 c1 + 0.5 tanh(1).
    gates, c, h = MemoryPlayground().run()
    c1 = 0.5 * np.tanh(0.6)
    c2 = 0.5 * c1 + 0.5 * np.tanh(1)
    np.testing.assert_allclose(c[:2], [c1, c2])
    np.testing.assert_allclose(h[:2], 0.5 * np.tanh([c1, c2]))
    np.testing.assert_allclose(gates[:, [0, 1, 3]], 0.5)


def test_the_gates_are_those_of_the_cell():
    gates, c, h = random_playground().run()
    i, f, g, o = gates.T
    before = np.append(0, c[:-1])
    np.testing.assert_allclose(c, f * before + i * g, atol=1e-12)
    np.testing.assert_allclose(h, o * np.tanh(c), atol=1e-12)


def test_a_cell_can_be_assigned():
    playground, cell = MemoryPlayground(), nn.LSTMCell(3, 1, rng=0).astype(np.float64)
    playground.cell = cell
    x = np.random.default_rng(1).normal(size=(5, 3))
    with nn.no_grad():
        np.testing.assert_allclose(playground.cell(x)[0].data, cell(x)[0].data, atol=1e-12)
    with pytest.raises(ValueError, match=r"cell: expected an nn.LSTMCell\(3, 1\)"):
        playground.cell = nn.LSTMCell(2, 1)


@pytest.mark.parametrize("arguments, words", [
    ({"weight_ih": np.zeros((3, 3))}, "weight_ih: expected 4 rows of 3 numbers"),
    ({"weight_ih": np.full((4, 3), 21)}, "weight_ih: expected 4 rows of 3 numbers from -20 to 20"),
    ({"weight_hh": [0, 0, 0]}, "weight_hh: expected 4 numbers"),
    ({"bias": [0, 0, 0, np.inf]}, "bias: expected finite numbers"),
    ({"x": [0] * 11}, "x: expected 12 numbers"),
    ({"x": [2] * 12}, "x: expected numbers from -1 to 1"),
])
def test_errors_name_the_argument(arguments, words):
    with pytest.raises(ValueError, match=words):
        MemoryPlayground(**arguments)


# In a browser -------------------------------------------------------------------------------------

RUN = """async () => {
  const { runCell } = await shown.load();
  return runCell(Object.fromEntries(["weight_ih", "weight_hh", "bias", "x"].map((n) => [n, shown.model.get(n)])));
}"""


def test_page_computes_what_nnlib_does(widget_page):
    playground = random_playground()
    steps = widget_page(playground).evaluate(RUN)
    gates, c, h = playground.run()
    for k, name in enumerate("ifgo"):
        np.testing.assert_allclose([s[name] for s in steps], gates[:, k], atol=1e-12)
    np.testing.assert_allclose([s["c"] for s in steps], c, atol=1e-12)
    np.testing.assert_allclose([s["h"] for s in steps], h, atol=1e-12)


def test_every_control_changes_words_and_picture(widget_page):
    p = widget_page(MemoryPlayground())
    each_changes(p, [
        ("bias", lambda: control(p, "bias", "input[type=range]").press("ArrowRight")),
        ("input1", lambda: control(p, "input1", "input[type=range]").press("ArrowRight")),
        ("input0", lambda: control(p, "input0", "input[type=range]").press("ArrowRight")),
        ("state", lambda: control(p, "state", "input[type=range]").press("ArrowRight")),
        ("step", lambda: set_number(p, "step", 12)),
        ("input2", lambda: control(p, "input2", "input[type=range]").press("ArrowRight")),
        ("value", lambda: set_number(p, "value", 0.75)),
        ("solve", lambda: press(p, "solve")),
        ("reset", lambda: press(p, "reset")),
    ])
    assert trait(p, "x")[11] == MemoryPlayground().x[11]
    assert not p.errors


def test_each_gate_shows_its_own_weights(widget_page):
    W = np.arange(12).reshape(4, 3) / 10
    p = widget_page(MemoryPlayground(W, [1, 2, 3, 4], [5, 6, 7, 8]))
    for k in range(4):
        control(p, "gate").select_option(str(k))
        fields = [control(p, name, "input[type=number]").input_value()
                  for name in ("input0", "input1", "input2", "state", "bias")]
        np.testing.assert_allclose([float(f) for f in fields], [*W[k], 1 + k, 5 + k])


def test_goals(widget_page):
    p = widget_page(MemoryPlayground())
    goals = p.locator(".nn-goal li")
    assert [t[0] for t in goals.all_inner_texts()] == ["○", "○", "○"]
    press(p, "solve")
    said(p, "All three goals are met")
    assert [t[0] for t in goals.all_inner_texts()] == ["✓", "✓", "✓"]
    # In the solution c goes through to the end.
    playground = MemoryPlayground(trait(p, "weight_ih"), trait(p, "weight_hh"), trait(p, "bias"))
    _, c, h = playground.run()
    assert abs(c[-1] - c[1]) < 0.1 and h[-1] > 0.5 and np.abs(h[:-1]).max() < 0.1
    # With an output gate that is always open the last goal is missed.
    control(p, "gate").select_option("3")
    set_number(p, "bias", 6)
    said(p, "2 of 3 goals met")
    assert goals.all_inner_texts()[2][0] == "○"


def test_a_click_chooses_a_step_and_a_drag_changes_an_input(widget_page):
    p = widget_page(MemoryPlayground())
    canvas = p.locator("canvas").first
    box = canvas.bounding_box()
    # Views of 0.4 ... 12.6 and -1.2 ... 1.7, inside the margins of plot.js.
    x = box["x"] + 52 + (7 - 0.4) / 12.2 * (box["width"] - 62)

    def at(value):
        return box["y"] + 8 + (1.7 - value) / 2.9 * (box["height"] - 50)

    p.mouse.click(x, at(1.0))
    said(p, "Step 7:")
    p.mouse.move(x, at(-0.6))
    p.mouse.down()
    p.mouse.move(x, at(0.5), steps=4)
    p.mouse.up()
    until(lambda: trait(p, "x")[6] == pytest.approx(0.5, abs=0.05), p)


def test_python_moves_the_picture(widget_page):
    p = widget_page(MemoryPlayground())
    before = picture(p)
    p.evaluate("shown.model.set({ bias: [0, 5, 0, 0] })")
    until(lambda: picture(p) != before, p)
    assert control(p, "bias", "input[type=number]").input_value() == "5"
