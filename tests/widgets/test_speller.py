"""The network that spells: its numbers against nnlib's, and everything that a reader can do."""

import numpy as np
import pytest
from looking import control, each_changes, picture, press, readout, said, set_number, trait, until

import nnlib as nn
from nnlib.widgets import SpellerPlayground, weights
from nnlib.widgets.speller import ALPHABET, encode

READ = """async () => {
  const module = await shown.load();
  return module.read(module.unpackWeights(shown.model.get("_weights")), shown.model.get("text"))
    .map((s) => ({ ...s, c: [...s.c], h: [...s.h] }));
}"""


def test_weights_are_small_and_finite():
    arrays = weights.load("speller")
    assert sum(a.size for a in arrays.values()) == 8571
    assert all(a.dtype == np.float16 and np.isfinite(a).all() for a in arrays.values())


def test_it_spells_better_than_counts_on_names_it_has_not_read():
    from tools.makers import speller_weights

    known, held_out = speller_weights.split()
    assert len(known) == 503 and len(held_out) == 100
    lstm, out = SpellerPlayground().network
    s = encode("." + ".".join(held_out) + ".")
    with nn.no_grad():
        logits = out(lstm(np.eye(27)[s[None, :-1]])[0])
    bits = nn.cross_entropy(logits[0], s[1:]).item() / np.log(2)
    assert bits == pytest.approx(2.66, abs=0.01)  # what weights/README.md says
    assert bits < 2.9                             # what counts of letters reach (chapter rnn)


def test_probabilities_follow_the_names():
    after = {text: SpellerPlayground(text).probabilities() for text in ("", "sphalerit", "galeni")}
    for p in after.values():
        assert p.sum() == pytest.approx(1) and p.min() > 0
    assert ALPHABET[after["sphalerit"].argmax()] == "e"
    assert ALPHABET[after["galeni"].argmax()] == "t"
    assert after[""][0] < 0.02  # no name is empty


@pytest.mark.parametrize("arguments, words", [
    ({"text": "Quartz"}, "text: expected at most 20 letters from a to z, in lower case, got 'Quartz'"),
    ({"text": "a b"}, "text: expected at most 20 letters"),
    ({"text": "a" * 21}, "text: expected at most 20 letters"),
    ({"text": 3}, "text: expected a string, got 3"),
    ({"quantity": "g"}, "quantity: expected one of 'c', 'h', 'i', 'f', 'o', got 'g'"),
    ({"temperature": 0}, "temperature: expected a number from 0.1 to 3, got 0"),
])
def test_errors_name_the_argument(arguments, words):
    with pytest.raises(ValueError, match=words):
        SpellerPlayground(**arguments)


# In a browser -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "sphalerite", "xyzzyqqq"])
def test_page_computes_what_nnlib_does(text, widget_page):
    speller = SpellerPlayground(text)
    steps = widget_page(speller).evaluate(READ)
    lstm, _ = speller.network
    with nn.no_grad():
        states, (_, c) = lstm(np.eye(27)[encode("." + text)][None])
    np.testing.assert_allclose([s["h"] for s in steps], states.data[0], atol=1e-12)
    np.testing.assert_allclose(steps[-1]["c"], c.data[0, 0], atol=1e-12)
    np.testing.assert_allclose([s["logits"] for s in steps], speller.logits(), atol=1e-11)


def test_typing_is_followed_and_other_signs_are_explained(widget_page):
    p = widget_page(SpellerPlayground(""))
    field = control(p, "text")
    field.press_sequentially("Qua-rtz")
    assert trait(p, "text") == field.input_value() == "quartz"
    assert "“quartz” cost" in readout(p)
    field.fill("é")
    assert "Only the letters a to z" in p.locator('[data-control="text"] [role=alert]').inner_text()
    assert trait(p, "text") == ""
    press(p, "likely")  # what was said of another text goes
    until(lambda: p.locator('[data-control="text"] [role=alert]').inner_text() == "", p)
    assert not p.errors


def test_every_control_changes_words_or_picture(widget_page):
    p = widget_page(SpellerPlayground("chal"))
    p.evaluate("Math.random = () => 0.999")  # else the end of the name may be drawn
    each_changes(p, [
        ("likely", lambda: press(p, "likely")),
        ("draw", lambda: press(p, "draw")),
        ("erase", lambda: press(p, "erase")),
        ("temperature", lambda: set_number(p, "temperature", 2)),
        ("place", lambda: control(p, "place", "input[type=range]").press("ArrowLeft")),
        ("unit", lambda: set_number(p, "unit", 9)),
        ("reset", lambda: press(p, "reset")),
    ])
    drawn = picture(p)
    for quantity in "hifoc":
        control(p, "quantity").select_option(quantity)
        assert trait(p, "quantity") == quantity and picture(p) != drawn
        drawn = picture(p)
    assert not p.errors


def test_likeliest_letter_is_nnlibs(widget_page):
    p = widget_page(SpellerPlayground("galen"))
    press(p, "likely")
    until(lambda: trait(p, "text") == "galena" or len(trait(p, "text")) == 6, p)
    assert trait(p, "text")[5] == ALPHABET[SpellerPlayground("galen").probabilities().argmax()]


def test_it_writes_a_name_and_stops(widget_page):
    p = widget_page(SpellerPlayground())
    press(p, "play")
    until(lambda: trait(p, "text") != "chal", p)
    button = control(p, "play")
    until(lambda: button.inner_text() == "Write a name", p)
    assert 1 <= len(trait(p, "text")) <= 20


def test_a_full_text_is_said(widget_page):
    p = widget_page(SpellerPlayground("a" * 20))
    said(p, "as many as fit")
    assert control(p, "likely").is_disabled() and control(p, "draw").is_disabled()


def test_a_click_in_the_map_chooses_place_and_unit(widget_page):
    p = widget_page(SpellerPlayground("chal"))
    canvas = p.locator("canvas").nth(1)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    # Columns 0 ... 10 and units 0 ... 32 inside the margins of plot.js: the second letter, the fifth unit.
    canvas.click(position={"x": 52 + 2.5 / 10 * (box["width"] - 62), "y": 8 + 4.5 / 32 * (box["height"] - 50)})
    said(p, "After “ch”")
    said(p, "Unit 5 there")
