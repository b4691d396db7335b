"""Signals through depth: the numbers against nnlib's, and everything that a reader can do."""

import numpy as np
import pytest
from looking import control, each_changes, picture, press, readout, said, set_number, trait, until

import nnlib as nn
from nnlib.widgets import SignalPlayground, data, signal

SETTINGS = [("relu", 20, 1.4), ("tanh", 12, 1.0), ("sigmoid", 30, 1.0), ("gelu", 7, 2.0),
            ("silu", 5, 0.5), ("leaky_relu", 3, 4.0), ("linear", 2, 0.2)]


def test_random_numbers_are_those_of_the_data():
    one_by_one = data.random(7, 2)
    assert signal.uniform(7, 2, 500).tolist() == [one_by_one() for _ in range(500)]
    drawn = signal.spread(0, "weights", 30, 64, 64)
    assert abs(drawn.mean()) < 0.01 and drawn.var() == pytest.approx(1, abs=0.01)


def test_a_linear_layer_by_hand():
    playground = SignalPlayground("linear", depth=2, scale=2.0, seed=3)
    W1, W2 = (2 / 8 * w for w in signal.spread(3, "weights", 2, 64, 64))
    x, g = signal.spread(3, "inputs", 16, 64), signal.spread(3, "gradient", 16, 64)
    values, gradients = playground.run()
    np.testing.assert_allclose(values, [x, x @ W1.T, x @ W1.T @ W2.T])
    np.testing.assert_allclose(gradients, [g @ W2 @ W1, g @ W2, g])
    np.testing.assert_allclose(playground.profile()[1], np.sqrt([np.mean(a**2) for a in gradients]))


def test_the_network_is_the_one_on_screen():
    network = SignalPlayground("tanh", depth=3, scale=1.5).network
    assert [type(part) for part in network] == [nn.Linear, nn.Tanh] * 3
    assert network[0].weight.data.std() == pytest.approx(1.5 / 8, rel=0.05)


def test_glorots_and_hes_scales_do_what_they_are_for():
    def left(activation, scale):
        parts = []
        for seed in range(8):
            _, gradients = SignalPlayground(activation, 20, scale, seed).profile()
            parts.append(gradients[0] / gradients[-1])
        return np.median(parts)

    assert 0.3 < left("relu", 2**0.5) < 2 and left("relu", 1.0) < 0.01
    assert 0.05 < left("tanh", 1.0) < 1 and 0.3 < left("linear", 1.0) < 3
    assert left("sigmoid", 1.0) < 4.0**-20


@pytest.mark.parametrize("arguments, words", [
    ({"activation": "none"}, "activation: expected one of .* got 'none'"),
    ({"depth": 1}, "depth: expected a whole number from 2 to 30, got 1"),
    ({"depth": 2.5}, "depth: expected a whole number from 2 to 30, got 2.5"),
    ({"scale": 0.1}, "scale: expected a number from 0.2 to 4, got 0.1"),
    ({"seed": -1}, "seed: expected a whole number from 0 to 1000000, got -1"),
])
def test_errors_name_the_argument(arguments, words):
    with pytest.raises(ValueError, match=words):
        SignalPlayground(**arguments)


# In a browser -------------------------------------------------------------------------------------

SIGNALS = """async (settings) => {
  const { signals, profile } = await shown.load();
  return settings.map(([activation, depth, scale], seed) => {
    const { values, gradients } = signals({ activation, depth, scale, seed });
    const both = [values, gradients].map((list) => list.map((one) => Array.from(one)));
    return [...both, profile({ activation, depth, scale, seed })];
  });
}"""


def test_page_computes_what_nnlib_does(widget_page):
    results = widget_page(SignalPlayground()).evaluate(SIGNALS, SETTINGS)
    for seed, (setting, (values, gradients, sizes)) in enumerate(zip(SETTINGS, results)):
        playground = SignalPlayground(*setting, seed)
        for ours, theirs in zip((values, gradients), playground.run()):
            theirs = theirs.reshape(len(theirs), -1)
            scale = np.abs(theirs).max(axis=1, keepdims=True)
            np.testing.assert_allclose(np.array(ours) / scale, theirs / scale, atol=1e-9, err_msg=str(setting))
        for ours, theirs in zip((sizes["values"], sizes["gradients"]), playground.profile()):
            np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_every_control_changes_words_and_picture(widget_page):
    p = widget_page(SignalPlayground())
    each_changes(p, [
        ("scale", lambda: control(p, "scale", "input[type=range]").press("ArrowRight")),
        ("depth", lambda: control(p, "depth", "input[type=range]").press("ArrowLeft")),
        ("activation", lambda: control(p, "activation").select_option("tanh")),
        ("draw", lambda: press(p, "draw")),
        ("answer", lambda: press(p, "answer")),
        ("reset", lambda: press(p, "reset")),
    ])
    assert not p.errors


def test_the_answer_comes_when_asked_for_and_goes(widget_page):
    p = widget_page(SignalPlayground())
    words, drawn = readout(p), picture(p)
    assert "Glorot" not in words and "with He" not in p.locator(".nn-legend").inner_text()
    press(p, "answer")
    said(p, "Glorot, scale 1, variance 1/64:")
    said(p, "He, scale 1.41, variance 2/64:")
    assert "with He" in p.locator(".nn-legend").inner_text()
    assert trait(p, "scale") == 1
    press(p, "answer")
    assert readout(p) == words and picture(p) == drawn


@pytest.mark.parametrize("scale, verdict", [(1.0, "it vanishes"), (2**0.5, "it arrives"), (2.0, "it explodes")])
def test_verdicts(scale, verdict, widget_page):
    said(widget_page(SignalPlayground("relu", scale=scale)), verdict)


def test_reset_goes_back_to_the_start(widget_page):
    p = widget_page(SignalPlayground("tanh", depth=5, scale=1.2, seed=4))
    words = readout(p)
    control(p, "activation").select_option("sigmoid")
    set_number(p, "depth", 30)
    set_number(p, "scale", 4)
    press(p, "draw")
    press(p, "answer")
    press(p, "reset")
    assert readout(p) == words
    assert [trait(p, name) for name in ("activation", "depth", "scale", "seed")] == ["tanh", 5, 1.2, 4]


def test_the_largest_numbers_are_drawn(widget_page):
    p = widget_page(SignalPlayground("linear", depth=30, scale=4.0))
    assert "it explodes" in readout(p)
    set_number(p, "scale", 0.2)
    said(p, "it vanishes")
    assert not p.errors


def test_the_table_has_a_row_for_the_input_and_each_layer(widget_page):
    p = widget_page(SignalPlayground(depth=4))
    p.get_by_text("Show the numbers as a table").click()
    until(lambda: p.locator(".nn-table tbody tr").count() == 5, p)


def test_python_moves_the_picture(widget_page):
    p = widget_page(SignalPlayground())
    before = picture(p)
    p.evaluate("shown.model.set({ activation: 'silu', depth: 9 })")
    said(p, "starts at layer 9")
    assert picture(p) != before
