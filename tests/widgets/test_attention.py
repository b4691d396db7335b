"""The trained attention networks: the page against nnlib, and everything that a reader can do."""

import numpy as np
import pytest
from looking import control, each_changes, picture, press, readout, said, trait, until

from nnlib.widgets import AttentionPlayground
from nnlib.widgets.attention import HEAD_NAMES, LENGTH, sequence

TEXTS = ["kbfaechkbfaechkbfaechkbf", "ab", "aaaaaa", "abcabcabcabc", "lkjihgfedcbalkjihgfedcba"]


def test_a_sequence_repeats_different_letters():
    for seed in range(100):
        x, period = sequence(seed)
        assert len(x) == LENGTH and 5 <= period <= 11
        assert len(set(x[:period])) == period
        np.testing.assert_array_equal(x[period:], x[:-period])
    assert {sequence(seed)[1] for seed in range(100)} == set(range(5, 12))
    assert sequence(3, period=6)[1] == 6


def test_weights_of_a_place_sum_to_one_and_never_look_ahead():
    A = AttentionPlayground().attention()
    assert A.shape == (2, 2, 24, 24)
    np.testing.assert_allclose(A.sum(axis=-1), 1)
    assert not np.triu(A, 1).any()
    assert AttentionPlayground("abcd", layers=1).attention().shape == (1, 2, 4, 4)


def test_the_layers_read_what_the_attention_says():
    """The weights of `attention`, mixed by hand, give the stream that the network has."""
    playground = AttentionPlayground()
    net, A = playground.network, playground.attention()
    h, after = (state.data[0] for state in net.stream(playground.encoded()[None])[:2])
    value = h @ net.first.in_proj_weight.data[64:].T + net.first.in_proj_bias.data[64:]
    mixed = np.hstack([A[0, j] @ value[:, 16 * j:16 * j + 16] for j in range(2)])
    out = net.first.out_proj
    np.testing.assert_allclose(h + mixed @ out.weight.data.T + out.bias.data, after, atol=1e-10)


def test_the_trained_networks_do_what_the_text_says():
    def accuracy(layers, *off):
        return AttentionPlayground(layers=layers, off=off).accuracy()

    assert accuracy(2) > 99.5 and 75 < accuracy(1) < 95
    assert accuracy(2, "1.1") < 30 and accuracy(2, "2.1", "2.2") < 15
    assert min(accuracy(2, name) for name in ("1.2", "2.1", "2.2")) > 99


@pytest.mark.parametrize("arguments, words", [
    ({"text": "a"}, "text: expected 2 to 24 letters from a to l"),
    ({"text": "abz"}, "text: expected 2 to 24 letters from a to l"),
    ({"text": "ABC"}, "text: expected 2 to 24 letters from a to l"),
    ({"text": "ab" * 13}, "text: expected 2 to 24 letters"),
    ({"text": 3}, "text: expected a string"),
    ({"layers": 3}, "layers: expected a whole number from 1 to 2, got 3"),
    ({"off": ["3.1"]}, "off: expected one of"),
    ({"off": 1.1}, "off: expected a list of strings"),
    ({"place": 25}, "place: expected a whole number from 0 to 24, got 25"),
])
def test_errors_name_the_argument(arguments, words):
    with pytest.raises(ValueError, match=words):
        AttentionPlayground(**arguments)


# In a browser -------------------------------------------------------------------------------------

READ = """async ([x, layers, off]) => {
  const { network, unpackWeights } = await shown.load();
  const { attention, logits } = network(unpackWeights(shown.model.get("_weights")), layers)(x, off);
  return [attention, logits.map((row) => Array.from(row))];
}"""


@pytest.mark.parametrize("off", [[], ["1.1"], ["1.2", "2.1"], HEAD_NAMES])
@pytest.mark.parametrize("layers", [1, 2])
def test_page_computes_what_nnlib_does(layers, off, widget_page):
    p = widget_page(AttentionPlayground())
    for text in TEXTS:
        playground = AttentionPlayground(text, layers, off)
        attention, logits = p.evaluate(READ, [playground.encoded().tolist(), layers, off])
        A = playground.attention()
        for layer, looks in zip(attention, A):
            for head, weights in zip(layer, looks):
                for t, row in enumerate(head):
                    np.testing.assert_allclose(row, weights[t, :t + 1], atol=1e-9)
        z = np.array(logits)
        odds = np.exp(z - z.max(axis=1, keepdims=True))
        np.testing.assert_allclose(odds / odds.sum(axis=1, keepdims=True), playground.probabilities(),
                                   atol=1e-9)


def test_page_draws_the_same_sequences(widget_page):
    p = widget_page(AttentionPlayground())
    drawn = p.evaluate("""async () => {
        const { sequence } = await shown.load();
        return [...Array(50).keys()].map((seed) => [sequence(seed).x, sequence(seed).period, sequence(seed, 6).x]);
    }""")
    for seed, (x, period, six) in enumerate(drawn):
        np.testing.assert_array_equal(x, sequence(seed)[0])
        np.testing.assert_array_equal(six, sequence(seed, 6)[0])
        assert period == sequence(seed)[1]


@pytest.mark.parametrize("off", [[], ["1.1"], ["2.1", "2.2"]])
def test_the_accuracy_is_that_of_python(off, widget_page):
    playground = AttentionPlayground(off=off)
    p = widget_page(playground)
    shares = p.evaluate("""async (off) => {
        const { network, score, unpackWeights } = await shown.load();
        const net = network(unpackWeights(shown.model.get("_weights")), 2);
        const counts = [...Array(200).keys()].map((seed) => score(net, off, seed));
        return [0, 1].map((k) => counts.reduce((sum, count) => sum + count[k], 0));
    }""", off)
    assert 100 * shares[0] / shares[1] == pytest.approx(playground.accuracy())


def test_every_control_changes_words_and_picture(widget_page):
    p = widget_page(AttentionPlayground())
    each_changes(p, [
        ("place", lambda: control(p, "place", "input[type=range]").press("ArrowRight")),
        ("head-1.1", lambda: control(p, "head-1.1").uncheck()),
        ("another", lambda: press(p, "another")),
        ("period", lambda: control(p, "period", "input[type=range]").press("ArrowRight")),
        ("layers", lambda: control(p, "layers").select_option("1")),
        ("reset", lambda: press(p, "reset")),
    ])
    assert not p.errors


def test_a_head_that_is_off_costs_what_python_says(widget_page):
    p = widget_page(AttentionPlayground())
    said(p, "the network is right in 100 % of the places that are determined.")
    control(p, "head-1.1").uncheck()
    assert trait(p, "off") == ["1.1"]
    percent = AttentionPlayground(off=["1.1"]).accuracy()
    said(p, f"without layer 1, head 1, in {percent:.2g} %.")
    said(p, "layer 1, head 1 (off)".capitalize())


def test_a_guess_is_compared_with_the_measurement(widget_page):
    p = widget_page(AttentionPlayground())
    assert control(p, "measure").is_disabled()
    control(p, "guess").select_option("2.1")
    press(p, "measure")
    told = p.locator(".nn-note[role=status]").first
    until(lambda: "You guessed layer 2, head 1; it is layer 1, head 1." in told.inner_text(), p)
    control(p, "guess").select_option("1.1")
    until(lambda: "Your guess was right." in told.inner_text(), p)
    control(p, "layers").select_option("1")
    until(lambda: told.inner_text() == "", p)
    assert control(p, "measure").is_disabled()


def test_letters_are_typed(widget_page):
    p = widget_page(AttentionPlayground())
    field = control(p, "text")
    field.fill("ABCxABC")
    assert trait(p, "text") == "abcabc" and "a to l" in p.locator(".nn-problem").first.inner_text()
    said(p, "Place 4 (a): the network expects b")
    field.fill("a")
    assert trait(p, "text") == "abcabc" and "Two letters" in p.locator(".nn-problem").first.inner_text()
    field.fill("abcdefg")
    said(p, "g has not come before, so nothing determines what is next.")
    assert p.locator(".nn-problem").first.inner_text() == ""
    assert not p.errors


def test_copies_that_disagree_are_named(widget_page):
    p = widget_page(AttentionPlayground("kbfaechkbflechkbfaechkbf"))
    control(p, "place", "input[type=number]").fill("17")
    control(p, "place", "input[type=number]").press("Enter")
    said(p, "Place 17 (f): the network expects a")
    said(p, "But l followed the last f.")


def test_a_click_in_a_map_or_in_the_row_chooses_the_place(widget_page):
    p = widget_page(AttentionPlayground(), width=1000)
    box = p.locator("canvas").nth(1).bounding_box()
    cell = (box["width"] / 2 - 42) / 24
    p.locator("canvas").nth(1).click(position={"x": 20 + 2.5 * cell, "y": 34 + 9.5 * cell})
    said(p, "Place 10 (f): the network")
    strip = p.locator("canvas").first
    width = strip.bounding_box()["width"]
    strip.click(position={"x": 44 + 3.5 * (width - 44) / 24, "y": 10})
    said(p, "Place 4 (a): the network")


def test_reset_goes_back_to_the_start(widget_page):
    p = widget_page(AttentionPlayground("abcdeabcde", off=["2.2"]))
    said(p, "without layer 2, head 2")
    words, drawn = readout(p), picture(p)
    press(p, "another")
    control(p, "head-1.2").uncheck()
    press(p, "reset")
    until(lambda: readout(p) == words and picture(p) == drawn, p)
    assert trait(p, "text") == "abcdeabcde" and trait(p, "off") == ["2.2"]


def test_python_moves_the_picture(widget_page):
    p = widget_page(AttentionPlayground())
    before = picture(p)
    p.evaluate("shown.model.set({ text: 'abcabc', layers: 1 })")
    said(p, "Place 4 (a): the network")
    assert picture(p) != before and control(p, "layers").input_value() == "1"
