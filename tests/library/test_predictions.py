"""Every prediction of the book is well-formed, and one that is not says what is wrong with it."""

import base64
import dataclasses
import json
import re
from pathlib import Path

import numpy as np
import pytest

from nnlib.questions import curves, markup, prediction, registry, secret
from nnlib.questions.curves import Axis, Prediction
from nnlib.widgets.prediction import PredictionWidget

CHAPTERS = Path(__file__).resolve().parents[2] / "chapters"
EVERY = [one for chapter in registry.chapters() for one in registry.predictions(chapter).values()]
GOOD = Prediction("test-it", "How much?", Axis("units", 1, 100, log=True), Axis("error (%)", 0, 10, "%"),
                  "minimum", points=[1, 10, 100])


@pytest.mark.parametrize("chapter", registry.chapters())
def test_each_stands_once_in_its_chapter_before_a_figure(chapter):
    text = (CHAPTERS / f"{chapter}.md").read_text(encoding="utf-8")
    asked = re.findall(r'^prediction\("([^"]+)"', text, re.MULTILINE)
    assert sorted(asked) == sorted(registry.predictions(chapter))
    for name in asked:
        following = text.split(f'prediction("{name}"')[1]
        assert "name: fig-" in following.split("```\n\n```{code-cell}")[1], f"{name}: no figure comes next"


def test_none_has_the_name_of_a_question():
    asked = {name for chapter in registry.chapters() for name in registry.questions(chapter)}
    assert EVERY and not asked & {one.name for one in EVERY}


@pytest.mark.parametrize("asked", [*EVERY, GOOD], ids=lambda one: one.name)
def test_print_has_text_and_empty_axes(asked):
    plain = asked.plain()
    assert markup.to_html(asked.text) in plain and plain.count("<svg") == 1
    words = re.findall(r"<text[^>]*>([^<]*)</text>", plain)
    assert words[-2:] == [asked.x.label, asked.y.label]
    assert 4 <= len(words) <= 22 and json.dumps(asked.public())


@pytest.mark.parametrize("axis, wanted", [
    (Axis("x", 0, 200), [0, 50, 100, 150, 200]), (Axis("x", -1, 1), [-1, -0.5, 0, 0.5, 1]),
    (Axis("x", 5, 160, log=True), [5, 10, 20, 50, 100]), (Axis("x", 1e-4, 1, log=True), [1e-4, 1e-3, 0.01, 0.1, 1]),
    (Axis("x", 1e-12, 1e12, log=True), [1e-12, 1e-8, 1e-4, 1, 1e4, 1e8, 1e12]),
    (Axis("x", 1e-14, 1, log=True), [1e-14, 1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 0.01, 1]),
    (Axis("x", 0.3, 0.9), [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])])
def test_ticks_are_round_and_few(axis, wanted):
    assert axis.ticks() == pytest.approx(wanted)
    for value in wanted:
        assert axis.along(axis.share(value)) == pytest.approx(value)


def test_large_and_small_values_on_an_axis_are_powers_of_ten():
    axes = dataclasses.replace(GOOD, y=Axis("length", 1e-8, 5e6, log=True)).empty_axes()
    for said in (">10⁻⁸<", ">10⁻⁴<", ">0.01<", ">10⁶<", "length from 10⁻⁸ to 5·10⁶, logarithmic"):
        assert said in axes
    assert ">−0.5<" in dataclasses.replace(GOOD, y=Axis("length", -1, 1)).empty_axes()


def test_the_data_are_hidden_and_found_again():
    text = GOOD.secret([1, 10, 100], [3.14159265, 1, 20])
    data = base64.b64decode(text)
    plain = bytes(a ^ b for a, b in zip(data, secret.stream(secret.hashed("test-it"))))
    assert json.loads(plain) == [[1, 3.1416], [10, 1], [100, 20]] and "3.14" not in text


def test_a_curve_is_set_at_even_steps_along_the_axis():
    asked = dataclasses.replace(GOOD, points=(), curve=3)
    assert asked.positions() == pytest.approx([1, 10, 100]) and asked.public()["smooth"]
    assert dataclasses.replace(asked, x=Axis("units", 0, 10)).positions() == [0, 5, 10]


ILL = [
    ({"name": "X"}, "name: expected <chapter>-<what>"), ({"text": ""}, "test-it: text: expected a text"),
    ({"x": None}, "test-it: x: expected an Axis, got None"), ({"y": "loss"}, "test-it: y: expected an Axis"),
    ({"x": Axis("", 0, 1)}, "test-it: x.label: expected a text that is not empty"),
    ({"x": Axis("units", 1, 1)}, "test-it: x.high: expected a number above 1, got 1"),
    ({"y": Axis("loss", 0, 1, log=True)}, "test-it: y.low: expected a number above 0 on a logarithmic axis, got 0"),
    ({"y": Axis("loss", 0, float("inf"))}, "test-it: y.high: expected a finite number"),
    ({"y": Axis("loss", "0", 1)}, "test-it: y.low: expected a finite number, got '0'"),
    ({"y": Axis("loss", 0, 1, None)}, "test-it: y.unit: expected a text, got None"),
    ({"compare": "mean"}, "test-it: compare: expected one of minimum, maximum, end, plateau, slope, crossing, got 'mean'"),
    ({"compare": "crossing"}, "test-it: level: expected a value for the feature crossing"),
    ({"level": 1}, "test-it: level: expected a value for the feature crossing, and for no other, got 1"),
    ({"compare": "crossing", "level": 11}, "test-it: level: expected a value on the y axis, got 11"),
    ({"compare": "crossing", "level": "1"}, "test-it: level: expected a finite number, got '1'"),
    ({"points": ()}, "test-it: points: expected either points or curve"),
    ({"curve": 4}, "test-it: points: expected either points or curve"),
    ({"points": (), "curve": 2}, "test-it: curve: expected a whole number from 3 to 9, got 2"),
    ({"points": [1]}, "test-it: points: expected a list of 2 to 9 positions"),
    ({"points": np.array([1, 2])}, "test-it: points: expected a list of 2 to 9 positions"),
    ({"points": [10, 1]}, "test-it: points: expected increasing positions"),
    ({"points": [1, "2"]}, "test-it: points: expected a finite number"),
    ({"points": [0.5, 10]}, "test-it: points: expected positions on the x axis"),
]


@pytest.mark.parametrize("change, words", ILL)
def test_what_is_not_well_formed_is_refused(change, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        dataclasses.replace(GOOD, **change)


RUNS = [
    ([1, 10], [1, 2, 3], "test-it: y: expected 2 values as in x, got '3 values'"),
    ([1], [1], "test-it: x: expected 2 to 500 numbers, got an array of int64 of shape (1,)"),
    ([[1, 10]], [1, 2], "test-it: x: expected 2 to 500 numbers"), (["1", "10"], [1, 2], "test-it: x: expected 2 to 500 numbers"),
    ([1, 10], [1, np.nan], "test-it: y: expected finite numbers"), ([1, np.inf], [1, 2], "test-it: x: expected finite numbers"),
    ([0, 10], [1, 2], "test-it: x: expected numbers above 0 on a logarithmic axis"),
    ([10, 1], [1, 2], "test-it: x: expected increasing values"), ([1, 1], [1, 2], "test-it: x: expected increasing values"),
    ([2, 50], [1, 2], "test-it: x: expected values that reach over two of the points to be set, got '2 to 50'"),
    ([1, [2, 3]], [1, 2], "test-it: x: expected rows of equal length"),
    (np.arange(1, 502), np.ones(501), "test-it: x: expected 2 to 500 numbers"),
]


@pytest.mark.parametrize("x, y, words", RUNS)
def test_a_run_that_does_not_fit_is_refused(x, y, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        GOOD.measured(x, y)


def test_a_run_may_leave_the_axes():
    assert GOOD.measured([0.1, 1, 1000], [-5, 1, 500]) == [[0.1, -5], [1, 1], [1000, 500]]


def test_it_is_found_by_its_name():
    made = prediction("feedforward-bumps", x=np.array([5, 160]), y=[0.4, 0.001])
    assert isinstance(made, PredictionWidget) and made.reached == "new"
    with pytest.raises(KeyError, match="There is no prediction 'feedforward-bump'. Did you mean 'feedforward-bumps'?"):
        prediction("feedforward-bump", [1, 2], [1, 2])
    with pytest.raises(KeyError, match="There is no question 'feedforward-bumps'"):
        registry.question("feedforward-bumps")
    with pytest.raises(ValueError, match="feedforward-bumps: y: expected finite numbers"):
        prediction("feedforward-bumps", [5, 160], [np.nan, 1])


def test_every_feature_is_one_that_the_page_knows():
    words = (Path(curves.__file__).parents[1] / "widgets/static/prediction/words.js").read_text(encoding="utf-8")
    features = words[words.index("const FEATURES") :]
    assert set(re.findall(r"^  (\w+)[:(]", features, re.MULTILINE)) >= set(curves.FEATURES)
