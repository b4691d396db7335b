"""Every question of the book is well-formed, and one that is not says what is wrong with it."""

import base64
import dataclasses
import html
import json
import math
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nnlib.exercises import registry as exercises
from nnlib.questions import formula, markup, registry, secret
from nnlib.questions.kinds import Choice, Choices, Formula, Number, Order, Tap

CHAPTERS = Path(__file__).resolve().parents[2] / "chapters"
EVERY = [one for chapter in registry.chapters() for one in registry.questions(chapter).values()]
each_question = pytest.mark.parametrize("asked", EVERY, ids=lambda one: one.name)


def revealed(asked):
    """What the page makes of a question's secret."""
    data = base64.b64decode(asked.secret())
    plain = bytes(a ^ b for a, b in zip(data, secret.stream(secret.hashed(asked.name))))
    return json.loads(plain)


@each_question
def test_it_has_all_that_a_reader_needs(asked):
    assert asked.hints and asked.explanation
    shown, said = asked.public(), revealed(asked)
    assert shown["kind"] in ("choice", "choices", "order", "number", "formula", "tap")
    assert len(said["wrong"]) >= 3 and said["explanation"] == markup.to_html(asked.explanation)
    json.dumps(shown)


@each_question
def test_neither_the_page_nor_the_printed_text_tells_the_answer(asked):
    said = revealed(asked)
    told = json.dumps(asked.public(), ensure_ascii=False) + asked.plain()
    assert said["explanation"] not in told
    for message in dict(said["wrong"]).values():
        assert message not in told
    for text in (said["explanation"], json.dumps(said["answer"])):
        assert text not in asked.secret()
    if isinstance(asked, (Number, Formula)):
        assert "options" not in asked.public() and str(said["answer"]) not in re.sub("<svg.*", "", asked.plain())


@each_question
def test_print_shows_question_and_options(asked):
    plain = asked.plain()
    assert markup.to_html(asked.text) in plain
    for _, option in asked.public().get("options", ()):
        assert f"<li>{option}</li>" in plain
    assert "options" in asked.public() or "Answer:" in plain


@pytest.mark.parametrize("chapter", registry.chapters())
def test_each_is_asked_once_in_its_chapter(chapter):
    text = (CHAPTERS / f"{chapter}.md").read_text(encoding="utf-8")
    asked = re.findall(r'^question\("([^"]+)"', text, re.MULTILINE)
    assert sorted(asked) == sorted(registry.questions(chapter)) and len(asked) >= 4


def test_no_question_has_the_name_of_an_exercise():
    for module in exercises.chapters():
        __import__(f"nnlib.exercises.{module}")
    assert not {one.name for one in EVERY} & set(exercises._EXERCISES)


def test_two_processes_make_the_same_bytes():
    code = ("from nnlib.questions import registry as r\n"
            "for c in r.chapters():\n    for q in r.questions(c).values(): print(q.public(), q.secret())")
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, check=True,
                           env={"PYTHONHASHSEED": seed}).stdout for seed in "12"]
    assert runs[0] == runs[1] and runs[0]


def test_questions_are_found_without_what_shows_them():
    code = ("import sys; from nnlib.questions.registry import find; find('perceptron-bias');"
            "print([m for m in ('anywidget', 'matplotlib') if m in sys.modules])")
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_the_hash_is_the_published_one():
    assert secret.hashed("a") == 0xE40C292C and secret.hashed("foobar") == 0xBF9CF968


@pytest.mark.parametrize("name, near", [
    ("perceptron-bais", "Did you mean 'perceptron-bias'?"), ("perceptrn-bias", "'perceptron-bias'?"),
    ("registry-x", "There is no question 'registry-x'"), (7, "There is no question '7'")])
def test_an_unknown_name_brings_the_nearest(name, near):
    with pytest.raises(KeyError, match=re.escape(near)):
        registry.question(name)


# --- What is not well-formed ---

SAY = "Because."
NUMBER = {"answer": 4, "wrong": {5: SAY}}
CHOICE = {"right": "yes", "wrong": {"no": SAY}}
CHOICES = {"right": {"a": SAY}, "wrong": {"b": SAY}}
ORDER = {"right": "one", "then": {"two": SAY, "three": SAY}}
FORMULA = {"answer": "2*x", "variables": {"x": (1, 2)}, "wrong": {"x": SAY}}
TAP = {"right": "up", "wrong": {"down": SAY}, "description": "Two circles.", "picture": "<path d='M0 0'/>",
       "regions": {"up": "<circle r='3'/>", "down": "<circle r='4'/>"}}

ILL = [
    (Number, NUMBER, {"name": "X"}, "name: expected <chapter>-<what>"),
    (Number, NUMBER, {"text": " "}, "test-it: text: expected a text that is not empty"),
    (Number, NUMBER, {"text": "a *b"}, "test-it: text: expected '*' in pairs"),
    (Number, NUMBER, {"explanation": ""}, "test-it: explanation: expected a text"),
    (Number, NUMBER, {"explanation": r"$\frac{1}{2}$"}, r"test-it: explanation: expected simple mathematics"),
    (Number, NUMBER, {"hints": "one"}, "test-it: hints: expected a list of texts, got 'one'"),
    (Number, NUMBER, {"hints": [""]}, "test-it: hints: expected a text"),
    (Number, NUMBER, {"answer": math.nan}, "test-it: answer: expected a finite number"),
    (Number, NUMBER, {"answer": "4"}, "test-it: answer: expected a finite number, got '4'"),
    (Number, NUMBER, {"tolerance": -1}, "test-it: tolerance: expected a finite number of at least 0"),
    (Number, NUMBER, {"unit": None}, "test-it: unit: expected a text"),
    (Number, NUMBER, {"wrong": {}}, "test-it: wrong: expected a dict of 1 or more"),
    (Number, NUMBER, {"wrong": {5: ""}}, "test-it: wrong: expected a text that is not empty"),
    (Number, NUMBER, {"wrong": {4.05: SAY}, "tolerance": 0.1}, "that tolerance tells from the answer, got 4.05"),
    (Number, NUMBER, {"wrong": {5: SAY, 5.05: SAY}, "tolerance": 0.1}, "that tolerance tells from 5, got 5.05"),
    (Choice, CHOICE, {"right": ""}, "test-it: right: expected a text"),
    (Choice, CHOICE, {"wrong": {}}, "test-it: wrong: expected a dict of 1 or more"),
    (Choice, CHOICE, {"wrong": {"yes": SAY}}, "test-it: wrong: expected options other than the right one"),
    (Choice, CHOICE, {"wrong": {"$b$": SAY, "$ b $": SAY}}, "test-it: wrong: expected options that differ"),
    (Choice, CHOICE, {"wrong": {"no": None}}, "test-it: wrong: expected a text"),
    (Choices, CHOICES, {"right": {}}, "test-it: right: expected a dict of 1 or more"),
    (Choices, CHOICES, {"right": {"b": SAY}}, "test-it: wrong: expected options that differ, got 'b'"),
    (Order, ORDER, {"then": {"two": SAY}}, "test-it: then: expected a dict of 2 or more"),
    (Order, ORDER, {"right": "two"}, "test-it: then: expected options that differ"),
    (Order, ORDER, {"then": {"two": SAY, "three": ""}}, "test-it: then: expected a text"),
    (Formula, FORMULA, {"answer": "2x"}, "test-it: formula: expected a formula, got '2x'"),
    (Formula, FORMULA, {"answer": "2*y"}, "test-it: formula: expected a formula in x, got 'y'"),
    (Formula, FORMULA, {"answer": "ln(-x)"}, "test-it: answer: expected a formula with a value everywhere"),
    (Formula, FORMULA, {"answer": None}, "test-it: formula: "),
    (Formula, FORMULA, {"answer": "().__class__"}, "test-it: formula: expected a formula in x"),
    (Formula, FORMULA, {"wrong": {"x+x": SAY}}, "test-it: wrong: expected a formula with other values than the answer"),
    (Formula, FORMULA, {"wrong": {"x": SAY, "x*1": SAY}}, "other values than the others, got 'x*1'"),
    (Formula, FORMULA, {"variables": {"x": (2, 1)}}, "test-it: variables: expected a smallest value below"),
    (Formula, FORMULA, {"variables": {"e": (1, 2)}}, "test-it: variables: expected names"),
    (Formula, FORMULA, {"variables": {}}, "test-it: variables: expected a dict of names"),
    (Tap, TAP, {"right": "left"}, "test-it: regions: expected one of up, down, got 'left'"),
    (Tap, TAP, {"regions": {"up": "<circle/>"}}, "test-it: regions: expected a dict of at least two"),
    (Tap, TAP, {"regions": {**TAP["regions"], "far": "<circle/>"}}, "a message for every region but the right one"),
    (Tap, TAP, {"picture": "<g>"}, "test-it: picture: expected well-formed SVG"),
    (Tap, TAP, {"description": ""}, "test-it: description: expected a text"),
]  # fmt: skip


@pytest.mark.parametrize("kind, fields, change, message", ILL)
def test_what_is_ill_formed_is_refused_with_its_name_and_field(kind, fields, change, message):
    whole = {"name": "test-it", "text": "How?", "explanation": "So.", **fields}
    kind(**whole)
    with pytest.raises(ValueError, match=re.escape(message)):
        kind(**{**whole, **change})


def test_a_number_may_come_from_the_run():
    asked = Number("test-run", "How much?", "So much.", answer=None, wrong={2: SAY})
    with pytest.raises(ValueError, match=r"test-run: answer: expected a number, given by the chapter"):
        asked.public()
    assert revealed(dataclasses.replace(asked, answer=3))["solution"] == "3"
    with pytest.raises(ValueError, match="test-run: wrong: expected a number that tolerance tells"):
        dataclasses.replace(asked, answer=2)


@pytest.mark.parametrize("answer, tolerance, shown", [
    (100, 0, "100"), (-2.5, 0, "−2.5"), (1 / 3, 0.01, "0.333"), (1e-4, 0, "0.0001"), (12345.678, 5, "12345.7")])
def test_the_answer_is_shown_with_the_digits_that_count(answer, tolerance, shown):
    asked = Number("test-it", "?", "!", answer=answer, tolerance=tolerance, wrong={7: SAY})
    assert revealed(asked)["solution"] == shown


def test_the_steps_do_not_stand_in_their_order_at_first():
    for k in range(60):
        asked = Order(f"test-order{k}", "?", "!", **ORDER)
        assert [one for one, _ in asked.public()["options"]] != revealed(asked)["answer"]


# --- Texts and formulas ---

@pytest.mark.parametrize("text, made", [
    ("plain & <b>", "plain &amp; &lt;b&gt;"),
    ("*so* and `a<b`", "<em>so</em> and <code>a&lt;b</code>"),
    ("$w_1 x^2$", "<var>w</var><sub>1</sub><var>x</var><sup>2</sup>"),
    (r"$\sigma(-z)$", "<var>σ</var>(−<var>z</var>)"),
    (r"$h^{(l-1)}$", "<var>h</var><sup>(<var>l</var>−1)</sup>"),
    (r"$\mathbf{w}\cdot\mathbf{x} \ge 0.5$", "<b>w</b> · <b>x</b> ≥ 0.5"),
    (r"$\hat y$ and $\hat{y}$", "<var>y\u0302</var> and <var>y\u0302</var>"),
    ("*the $x$*", "<em>the <var>x</var></em>"),
])  # fmt: skip
def test_marks_become_html(text, made):
    assert re.sub("</?span[^>]*>", "", markup.to_html(text)) == made


@pytest.mark.parametrize("text, made", [
    ("0.5 to 3 Å", "0.5 to 3~Å"), ("at 40 %, not", "at 40~%, not"), ("1.5 eV/atom", "1.5~eV/atom"),
    ("(12 GPa)", "(12~GPa)"), ("*by 300 K.*", "by 300~K."), ("5 meV or 2 nm", "5~meV or 2~nm")])
def test_a_number_and_its_unit_stay_on_one_line(text, made):
    assert markup.to_text(text) == made.replace("~", "\u00a0")


def test_the_solution_of_a_number_stays_on_one_line():
    asked = Number("test-it", "?", "!", answer=2, unit="Å", wrong={7: SAY})
    assert revealed(asked)["solution"] == "2\u00a0Å"


@pytest.mark.parametrize("text", ["3 steps", "2 Kelvin", "all 5 samples", "5 %s", "30 minutes", "`x = 3 % 2`", "in 2 s_1"])
def test_other_spaces_may_break_a_line(text):
    assert "\u00a0" not in markup.to_html(text)


@pytest.mark.parametrize("text", ["*a", "`a", "$x", "$$", "5 $", r"$\frac12$", "$a&b$", "$x_$", "$x^{2$", "$x}$", r"$\mathbf$"])
def test_other_marks_are_refused(text):
    with pytest.raises(ValueError, match="expected"):
        markup.to_html(text)


@given(st.text(alphabet=r"ab1 <>&\"'*`$_^{}\sigma", max_size=30))
def test_nothing_but_our_own_tags_gets_into_a_page(text):
    try:
        made = markup.to_html(text)
    except ValueError:
        return
    bare = re.sub(r'</?(?:em|code|var|sub|sup|b)>|<span style="white-space: nowrap">|</span>', "", made)
    assert not re.search("[<>]", bare) and html.unescape(bare) is not None


NUMBERS = st.floats(0.1, 9).map(lambda x: repr(round(x, 2)))


@given(st.recursive(NUMBERS | st.just("x"), lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(
    lambda t: f"({t[0]}{t[1]}{t[2]})")))
def test_a_formula_is_the_one_with_the_same_values(text):
    asked = Formula("test-it", "?", "!", answer="x+100", variables={"x": (1, 2)}, wrong={"x": SAY})
    values = asked.values(text)
    assume(all(map(math.isfinite, values)))
    assert formula.same(values, asked.values(f"({text})*1 + 0"))
    assert formula.same(values, asked.values(f"({text}) + 1e-12*x"))
    if any(abs(value) > 1e-3 for value in values):
        assert not formula.same(values, asked.values(f"({text})*1.001"))


@pytest.mark.parametrize("text, value", [
    ("-x^2", -4), ("2^3^2", 512), ("e^x", math.e**2), ("ln(e)", 1), ("log(e)", 1), ("relu(-x)", 0),
    ("sigmoid(0)", 0.5), ("1/(x-2)", math.nan), ("ln(0-x)", math.nan), ("(0-8)^(1/3)", math.nan)])
def test_formulas_have_the_usual_values(text, value):
    assert formula.evaluate(text, {"x": 2}) == pytest.approx(value, nan_ok=True)
