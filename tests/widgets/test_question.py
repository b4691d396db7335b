"""Questions in the page: what is right, what is wrong and why, what is kept, and what is not told."""

import dataclasses
import itertools
import json
import math
import random
import re

import pytest
from accessibility import violations
from looking import STATIC, module, trait, until, without_code

from nnlib.questions import formula, registry
from nnlib.questions.kinds import Choice, Choices, Formula, Number, Order, Tap
from nnlib.questions.markup import to_text
from nnlib.widgets import PerceptronPlayground
from nnlib.widgets.question import QuestionWidget

NUMBER = Number(
    "test-number", "How *long*?", "A quarter of 10.", ["Divide."], answer=2.5, tolerance=0.01, unit="cm",
    wrong={40: "Turned over.", 25: "Of 100?", 0.25: "Of 1?"})
CHOICE = Choice("test-choice", "Which one?", "As $x$ says.", right="This $x_1$", wrong={"That": "No, $x_2$.", "None": "Look."})
CHOICES = Choices(
    "test-choices", "Which ones?", "Both.", ["First.", "Second."], right={"Red": "And red?", "Blue": "And blue?"},
    wrong={"Green": "Not green.", "Gray": "Not gray."})
ORDER = Order(
    "test-order", "In which order?", "So it goes.", right="One",
    then={"Two": "Two needs one.", "Three": "Three needs two.", "Four": "Four needs three."})
FORMULA = Formula(
    "test-formula", "What is it?", "It is.", answer="2*x1^2 - ln(y)", variables={"x1": (1, 2), "y": (1, 3)},
    wrong={"2*x1^2": "And y?", "4*x1 - ln(y)": "A square."})
TAP = Tap(
    "test-tap", "Where?", "There.", right="up", wrong={"down": "Too low.", "far": "Too far."}, size=(300, 200),
    picture='<path d="M0 100H300"/>', description="Three circles.",
    regions={"up": '<circle cx="50" cy="50" r="9"/>', "down": '<circle cx="50" cy="150" r="9"/>',
             "far": '<circle cx="250" cy="50" r="9"/>'})
KINDS = [NUMBER, CHOICE, CHOICES, ORDER, FORMULA, TAP]
GROUPS = {"kinds": KINDS, **{chapter: list(registry.questions(chapter).values()) for chapter in registry.chapters()}}
each_kind = pytest.mark.parametrize("asked", KINDS, ids=lambda one: one.kind)


def right(asked):
    """The right answer: a text, or a list of options."""
    if isinstance(asked, Choices):
        return list(asked.right)
    if isinstance(asked, Order):
        return asked.offered()
    return asked.right if isinstance(asked, Choice) else str(asked.answer)


def foreseen(asked):
    """(a wrong answer, its message), for every foreseen one."""
    if isinstance(asked, Choices):
        for text, why in asked.right.items():
            if len(asked.right) > 1:
                yield [one for one in asked.right if one != text], why
        for text, why in asked.wrong.items():
            yield [*asked.right, text], why
    elif isinstance(asked, Order):
        steps = asked.offered()
        for k, why in enumerate(asked.then.values()):
            yield [*steps[:k], steps[k + 1], steps[k], *steps[k + 2 :]], why
    else:
        for text, why in asked.wrong.items():
            yield str(text), why


def give(page, asked, answer):
    """Put an answer into the controls, as a reader would, and check it."""
    root = page.locator("section").first
    if isinstance(asked, (Number, Formula)):
        root.locator("input[type=text]").fill(answer)
    elif isinstance(asked, Order):
        for place, step in enumerate(answer):
            up = root.locator(f'li[data-key="{asked.key_of(step)}"] button').first
            while root.locator("li").nth(place).get_attribute("data-key") != asked.key_of(step):
                up.click()
    elif isinstance(asked, Choices):
        for box in root.locator("input").all():
            box.set_checked(box.get_attribute("value") in map(asked.key_of, answer))
    else:
        root.locator(f'input[value="{asked.key_of(answer)}"]').check()
    root.locator('[data-control="check"]').click()


def words(text):
    return " ".join(text.split())


def said(page):
    return words(page.locator("section").first.locator("output").inner_text())


def stored(page, asked):
    text = page.evaluate("name => localStorage.getItem('nnlib:question:' + name)", asked.name)
    return text and json.loads(text)


def again(page):
    page.reload()
    page.evaluate("window.nnlibHost")


# --- Every question: right, each foreseen mistake, and what the page tells before ---


def in_keys(asked, answer):
    """What `ANSWER` takes: the text of a field, the options chosen, or the steps in their order."""
    if isinstance(asked, (Number, Formula)):
        return {"text": answer}
    chosen = [answer] if isinstance(answer, str) else answer
    return {"order" if isinstance(asked, Order) else "chosen": [asked.key_of(one) for one in chosen]}


# `give` for many answers at once: what the page says to each, and how many tries it has counted.
ANSWER = """async ([id, k, answers]) => {
  const model = (await window.nnlibHost)[id];
  const root = document.querySelectorAll("section")[k];
  return answers.map(({ text, chosen, order }) => {
    if (text !== undefined) {
      const field = root.querySelector("input[type=text]");
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (chosen) for (const box of root.querySelectorAll("input"))
      if (box.checked !== chosen.includes(box.value)) box.click();
    order?.forEach((key, place) => {
      const at = () => root.querySelectorAll("li")[place].dataset.key;
      while (at() !== key) root.querySelector(`li[data-key="${key}"] button`).click();
    });
    root.querySelector('[data-control="check"]').click();
    return [root.querySelector("output").innerText, model.get("tries"), model.get("solved"), root.dataset.reached];
  });
}"""


@pytest.mark.parametrize("group", GROUPS)
def test_every_foreseen_answer_gets_its_own_words(group, widget_page):
    shown = [QuestionWidget(asked) for asked in GROUPS[group]]
    page = widget_page(*shown)
    for k, (asked, widget) in enumerate(zip(GROUPS[group], shown)):
        explanation, wrong = words(to_text(asked.explanation)), list(foreseen(asked))
        answers = [*(answer for answer, _ in wrong), right(asked)]
        *told, (last, *end) = page.evaluate(
            ANSWER, [widget.model_id, k, [in_keys(asked, answer) for answer in answers]])
        for tries, ((answer, why), (said, *counted)) in enumerate(zip(wrong, told), start=1):
            said = words(said)
            assert said.startswith("✗ Not yet.") and words(to_text(why)) in said, (asked.name, answer)
            assert explanation not in said
            assert counted == [tries, False, "tried"], asked.name
        assert words(last) == f"✓ Right. {explanation}", asked.name
        assert end == [len(wrong) + 1, True, "solved"], asked.name
    assert page.locator('[data-control="show"]:visible').count() == 0
    assert not page.errors and not page.outside


@each_kind
def test_the_answer_is_told_after_an_honest_try_and_not_before(asked, widget_page):
    page = widget_page(QuestionWidget(asked))
    show = page.locator('[data-control="show"]')
    assert not show.is_visible()
    give(page, asked, next(foreseen(asked))[0])
    show.click()
    assert said(page).startswith("The answer: ") and words(to_text(asked.explanation)) in said(page)
    assert trait(page, "shown") and not trait(page, "solved")
    again(page)
    assert said(page).startswith("The answer: ")
    give(page, asked, right(asked))
    assert stored(page, asked)["solved"] and stored(page, asked)["shown"]


@each_kind
def test_nothing_is_no_answer(asked, widget_page):
    page = widget_page(QuestionWidget(asked))
    page.locator('[data-control="check"]').click()
    if not isinstance(asked, Order):  # which always has some order
        assert trait(page, "tries") == 0 and stored(page, asked) is None
        assert said(page).startswith(("Choose", "Write a number", "Nothing is written"))


@each_kind
def test_the_source_does_not_tell_the_answer(asked, widget_page):
    sources = []

    def see(html):
        sources.append(html)
        return html

    page = widget_page(QuestionWidget(asked), edit=see, still=True)
    told = [asked.explanation, *asked.hints, *(why for _, why in foreseen(asked))]
    told = [to_text(text) for text in told] + ([] if isinstance(asked, Choice) else [right(asked)])
    source = without_code(sources[0])
    for text in told:
        assert re.findall(f".{{0,60}}{re.escape(text)}.{{0,60}}", source) == []
    page.emulate_media(media="print")
    assert page.locator(".nnlib-static").is_visible() and not page.locator("section").is_visible()
    printed = words(page.locator("main").inner_text())
    assert words(to_text(asked.text)) in printed
    assert not any(text in printed for text in told)


@each_kind
def test_without_javascript_the_question_stands_with_its_options(asked, widget_page):
    page = widget_page(QuestionWidget(asked), javascript=False)
    shown = words(page.locator(".nnlib-static").inner_text())
    assert words(to_text(asked.text)) in shown
    offered = asked.regions if isinstance(asked, Tap) else asked.offered() if isinstance(asked, Choice) else ["Answer:"]
    for option in offered:
        assert words(to_text(option)) in shown
    assert page.locator("main").evaluate("m => m.scrollWidth <= m.clientWidth")


# --- What is kept ---


@each_kind
def test_an_answer_is_still_there_after_a_reload_and_can_be_cleared(asked, widget_page):
    page = widget_page(QuestionWidget(asked))
    wrong, _ = next(foreseen(asked))
    give(page, asked, wrong)
    before = said(page)
    again(page)
    assert said(page) == before and stored(page, asked)["tries"] == 1
    page.locator('[data-control="check"]').click()
    assert stored(page, asked)["tries"] == 1, "the same answer is no new try"
    give(page, asked, right(asked))
    record = stored(page, asked)
    assert set(record) == {"v", "tries", "solved", "shown", "last", "at"} and record["v"] == 1
    again(page)
    assert said(page).startswith("✓ Right.") and record == stored(page, asked)
    page.locator('[data-control="clear"]').click()
    assert stored(page, asked) is None and said(page) == ""
    assert page.locator("section").get_attribute("data-reached") == "new"
    assert page.evaluate("document.activeElement.closest('section') !== null")
    again(page)
    assert said(page) == "" and not page.locator("input:checked").count()
    assert not page.errors


REFUSED = """<script>Object.defineProperty(window, "localStorage",
    { get() { throw new DOMException("The user said no", "SecurityError"); } });</script>"""


@each_kind
def test_where_the_browser_keeps_nothing_the_question_works(asked, widget_page):
    page = widget_page(QuestionWidget(asked), head=REFUSED)
    give(page, asked, next(foreseen(asked))[0])
    assert said(page).startswith("✗")
    give(page, asked, right(asked))
    assert said(page).startswith("✓") and trait(page, "solved")
    page.locator('[data-control="clear"]').click()
    assert said(page) == "" and not trait(page, "solved")
    assert not page.errors


GOOD = {"v": 1, "tries": 2, "solved": False, "shown": False, "last": None, "at": "2026-01-02T03:04:05.000Z"}
MALFORMED = ["", "x", "null", "7", "[]", "{}", '"v"', *(json.dumps({**GOOD, **change}) for change in [
    {"v": 2}, {"tries": -1}, {"tries": "2"}, {"tries": 1e99}, {"solved": 1}, {"shown": None}, {"last": 5}, {"last": {}},
    {"last": "<img src=x onerror=alert(1)>"}, {"last": ["up", "up"]}, {"last": [1]}, {"last": "a" * 5000},
    {"last": [["x"]]}, {"last": []}, {"last": ["constructor"]}, {"last": "__proto__"}, {"at": 5}, {"at": "yesterday"}])]  # fmt: skip


@each_kind
def test_what_is_stored_may_be_anything(asked, widget_page):
    page = widget_page(QuestionWidget(asked))
    for text in MALFORMED:
        page.evaluate("([n, t]) => localStorage.setItem('nnlib:question:' + n, t)", [asked.name, text])
        again(page)
        assert page.locator("section").count() == 1 and page.locator("section img").count() == 0
        assert not page.errors, text
    give(page, asked, right(asked))
    assert said(page).startswith("✓")


def test_two_views_of_a_question_agree(widget_page):
    page = widget_page(QuestionWidget(CHOICE))
    page.evaluate("async () => { window.second = await newView(); }")
    give(page, CHOICE, "That")
    second = page.locator("section").nth(1)
    assert "No, x2." in second.locator("output").inner_text()
    assert second.locator(f'input[value="{CHOICE.key_of("That")}"]').is_checked()
    assert page.locator("section").first.locator("input:checked").count() == 1
    page.evaluate("second.remove()")
    assert page.locator("section").count() == 1
    page.locator('[data-control="clear"]').click()
    assert not page.errors


def test_a_record_is_saved_told_and_cleared(widget_page):
    page = widget_page(QuestionWidget(CHOICE))
    give(page, CHOICE, CHOICE.right)
    tools = module(page, "shared/progress.js")
    told = page.evaluate("""(tools) => {
      const heard = [];
      window.addEventListener("nnlib-progress", ({ detail }) => heard.push([detail.name, detail.record?.solved]));
      localStorage.setItem("nnlib:question:odd", "{");
      localStorage.setItem("other", "1");
      const record = tools.load("test-choice");
      tools.clear("test-choice");
      const cleared = tools.load("test-choice");
      return { cleared, kept: tools.save("test-choice", record), odd: tools.load("odd"), heard,
               other: localStorage.getItem("other") };
    }""", tools)
    assert told["cleared"] is None and told["odd"] is None and told["kept"] and told["other"] == "1"
    assert told["heard"] == [["test-choice", None], ["test-choice", True]]
    assert said(page).startswith("✓"), "the question has followed"


def test_it_says_whether_the_answer_is_saved(widget_page):
    before = "For practice, not an exam. Your answer stays in this browser."
    page = widget_page(QuestionWidget(CHOICE))
    note = page.locator(".nn-row .nn-note")
    assert note.inner_text() == before
    give(page, CHOICE, "That")
    assert note.inner_text() == "For practice, not an exam. Saved in this browser."
    again(page)
    assert note.inner_text() == "For practice, not an exam. Saved in this browser."
    page.locator('[data-control="clear"]').click()
    assert note.inner_text() == before
    page.evaluate("""() => { Storage.prototype.setItem = () => {
        throw new DOMException("full", "QuotaExceededError"); }; }""")
    give(page, CHOICE, "That")
    assert note.inner_text().startswith("Your browser did not save this")
    assert not page.errors


# --- Hands ---


def test_all_kinds_by_keyboard(widget_page):
    page = widget_page(QuestionWidget(CHOICE))
    page.locator("input").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert said(page)[0] in "✓✗"
    page = widget_page(QuestionWidget(NUMBER))
    page.keyboard.press("Tab")
    page.keyboard.type("2.5")
    page.keyboard.press("Enter")
    assert said(page).startswith("✓")
    page = widget_page(QuestionWidget(TAP))
    page.locator("input").first.focus()
    page.keyboard.press("Space")
    assert page.locator(".nn-chosen").count() == 1
    page.keyboard.press("Enter")
    assert said(page)[0] in "✓✗"
    page = widget_page(QuestionWidget(ORDER))
    step = page.locator("li").nth(0).locator(".nn-step").inner_text()
    page.locator("li").nth(0).get_by_role("button", name=f"Down: {step}").focus()
    for place in (2, 3, 4):
        page.keyboard.press("Enter")
        assert said(page) == f"“{step}” is now number {place} of 4."
        assert page.locator("li").nth(place - 1).locator(".nn-step").inner_text() == step
        assert page.evaluate("document.activeElement.closest('li').innerText").startswith(step), "focus goes along"


@pytest.mark.parametrize("dx, hit", [(0, True), (25, True), (60, False)])
def test_a_tap_finds_the_nearest_region(dx, hit, widget_page):
    page = widget_page(QuestionWidget(TAP), width=375, touch=True)
    box = page.locator("svg.nn-tap").bounding_box()
    scale = box["width"] / 300
    page.touchscreen.tap(box["x"] + scale * (50 + dx), box["y"] + scale * 50)
    assert page.locator("input:checked").count() == page.locator(".nn-chosen").count() == int(hit)
    page.locator('[data-control="check"]').tap()
    assert said(page).startswith("✓" if hit else "Choose")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1200])
def test_axe_finds_nothing_and_it_fits(theme, width, widget_page):
    page = widget_page(*(QuestionWidget(one) for one in KINDS), theme=theme, width=width,
                       head=f"<style>body {{ background: {'#14181e' if theme == 'dark' else '#fff'} }} h1 {{ color: gray }}</style>")
    for summary in page.locator("summary").all():
        summary.click()
    assert not violations(page)
    for root in page.locator("section").all():
        for box in root.locator("input:not([type=text])").all():
            box.check()
        for field in root.locator("input[type=text]").all():
            field.fill("1,5")
        root.locator('[data-control="check"]').click()
    assert not violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((node) => node.id)")
    assert len(ids) == len(set(ids))


def test_a_finger_finds_every_control(widget_page):
    page = widget_page(*(QuestionWidget(one) for one in KINDS), width=375, touch=True)
    for check in page.locator('[data-control="check"]').all():
        check.click()
    boxes = page.locator("section :is(input, button, summary)").evaluate_all(
        """all => all.map((c) => [c.outerHTML.slice(0, 80), (c.closest("label") ?? c).getBoundingClientRect()])""")
    assert [name for name, box in boxes if box["width"] and min(box["height"], box["width"]) < 44] == []


def test_its_parts_have_names(widget_page):
    page = widget_page(*(QuestionWidget(one) for one in KINDS))
    for asked, root in zip(KINDS, page.locator("section").all()):
        assert root.get_attribute("aria-label") == f"Question: {to_text(asked.text)}"
        assert root.locator("output[aria-live=polite]").count() == root.locator("output").count() == 1
    page = widget_page(QuestionWidget(CHOICE))
    assert page.get_by_role("radiogroup", name="Question. Which one?").count() == 1
    page = widget_page(QuestionWidget(NUMBER))
    assert page.get_by_role("textbox", name="Answer").count() == 1


def test_python_hears_what_is_reached(widget_page):
    made = QuestionWidget(NUMBER)
    assert made.reached == "new" and repr(made) == "question('test-number'): new"
    made.tries = 1
    assert made.reached == "tried"
    made.shown = True
    assert made.reached == "shown"
    made.solved = True
    assert made.reached == "solved"
    with pytest.raises(ValueError, match="tries: expected a whole number"):
        made.tries = -1
    with pytest.raises(TypeError, match="question: expected a Question, got str"):
        QuestionWidget("perceptron-bias")


def test_removing_it_leaves_nothing_behind(widget_page):
    page = widget_page(QuestionWidget(CHOICE))
    left = page.evaluate("""async () => {
      let live = 0;
      const { addEventListener: add, removeEventListener: remove } = window;
      window.addEventListener = (...a) => { live++; add.apply(window, a); };
      window.removeEventListener = (...a) => { live--; remove.apply(window, a); };
      const view = await newView();
      const during = live;
      view.remove();
      return [during, live, view.el.children.length];
    }""")
    assert left == [1, 0, 0]


# --- What readers type ---


@pytest.fixture
def reading(page):
    """A page with the modules that read formulas and numbers: (page, module)."""
    opened = page()
    source = (STATIC / "shared" / "expression.js").read_text(encoding="utf-8")
    number = (STATIC / "question" / "number.js").read_text(encoding="utf-8")
    lines = [line for line in number.splitlines() if not line.startswith("import")]
    return opened, module(opened, source + "\n".join(lines))


READ_NUMBERS = """([tools, rows]) => rows.map(([text, unit]) => {
  try { return tools.readNumber(text, unit); } catch (error) { return error.message; }
})"""
READ_FORMULAS = """([tools, rows, names, at]) => rows.map((text) => {
  try {
    const { value, text: shown } = tools.parseExpression(text, names);
    const again = tools.parseExpression(shown, names);
    return [String(value(at)), shown, String(again.value(at))];
  } catch (error) { return error.message; }
})"""

NUMBERS = [
    ("2.5", "", 2.5), (" 2.5 ", "", 2.5), ("2,5", "", 2.5), ("+2.5", "", 2.5), (".5", "", 0.5), (",5", "", 0.5), ("5.", "", 5),
    ("-3", "", -3), ("−3", "", -3), ("–3", "", -3), ("‑3", "", -3), ("‒3", "", -3), ("﹣3", "", -3),
    ("－３．５", "", -3.5), ("１００", "", 100), ("（１＋２）", "", 3), ("- 3", "", -3), ("1e-3", "", 1e-3), ("1E-3", "", 1e-3), ("1 e -3", "", 1e-3),
    ("1e−3", "", 1e-3), ("1,5e3", "", 1500), ("1·10^-3", "", 1e-3), ("1x10^-3", "", 1e-3), ("1 × 10⁻³", "", 1e-3), ("10^3", "", 1000),
    ("10**3", "", 1000), ("1/3", "", 1 / 3), ("2⁄3", "", 2 / 3), ("½", "", 0.5), ("1½", "", 1.5), ("1 ½", "", 1.5), ("-½", "", -0.5),
    ("1 000", "", 1000), ("1\u00a0000", "", 1000), ("1\u202f000,5", "", 1000.5), ("1'000", "", 1000), ("1’000’000", "", 1e6),
    ("1_000", "", 1000), ("1,234,567", "", 1234567), ("1,234.5", "", 1234.5), ("1.234,5", "", 1234.5), ("1.234.567", "", 1234567),
    ("1.000", "", 1), ("0,125", "", 0.125), ("1234,567", "", 1234.567), ("0.30000000004", "", 0.30000000004), ("50 %", "", 0.5),
    ("50%", "%", 50), ("50", "%", 50), ("4 eV", "eV", 4), ("4eV", "eV", 4), ("4 ev", "eV", 4), ("2,5 cm", "cm", 2.5), ("≈ 4", "", 4),
    ("4 pixel", "pixels", 4), ("1 Atom", "atoms", 1), ("3\u00a0step", "steps", 3), ("4 EV", "eV", 4), ("4 mev", "meV", 4),
    ("5 μm", "µm", 5), ("5 Å", "Å", 5), ("5 kΩ", "kΩ", 5), ("1.2E3 atoms", "atoms", 1200), ("1*10^5 atoms", "atoms", 1e5),
    ("1,2·10³ atoms", "atoms", 1200), ("1 e10", "", 1e10), ("138*10^-3", "", 0.138), ("−1×10⁻³", "", -1e-3), ("1.5 *10 ^ -3", "", 1.5e-3),
    ("\u202d-3\u202c", "", -3), ("\u200e−3", "", -3), ("-\u200f3", "", -3), ("3\u00ad", "", 3), ("\ufeff3", "", 3), ("ー3", "", -3), ("˗3", "", -3),
    ("⁃3", "", -3), ("﹘3", "", -3), ("➖3", "", -3), ("٢٫٥", "", 2.5), ("۳٫۱۴", "", 3.14), ("१२", "", 12), ("٣٬٥٠٠٬٠٠٠", "", 3500000),
    ("２。５", "", 2.5), ("１，５", "", 1.5), ("50 ％", "", 0.5), ("٥٠٪", "", 0.5), ("⅞", "", 0.875), ("2⅖", "", 2.4), ("-⅒", "", -0.1), ("21.0", "", 21),
    ("= 4", "", 4), ("2*3", "", 6), ("sqrt(2)", "", math.sqrt(2)), ("√2", "", math.sqrt(2)), ("π/2", "", math.pi / 2), ("4\u200b", "", 4),
    ("10,000", "", 10000), ("−250,000", "", -250000), ("10,000 steps", "steps", 10000), ("1,00,000", "", 100000), ("12,34,567.5", "", 1234567.5),
    ("10,00,000", "", 1000000), ("4x", "", 4), ("4 ×", "", 4), ("1/4×", "", 0.25), ("4 times", "", 4), ("½ Times ", "", 0.5), ("10⁴ times", "", 1e4),
    ("4-fold", "", 4), ("4 fold", "", 4), ("1.5fold", "", 1.5), ("(1+2)x", "", 3), ("≈ 4x", "", 4), ("~4", "", 4), ("≈−0.5", "", -0.5),
    # and what is refused, in these words
    ("", "", "Write a number."), ("   ", "", "Write a number."), ("1,000", "", "Is 1,000 above a thousand? Write 1000, or 1.000."),
    ("12,500", "", "Is 12,500 above"), ("1 2", "", "Expected a sign such as + or * before “2” at position 3."), ("1/0", "", "not a finite number"),
    ("1e400", "", "not a finite number"), ("NaN", "", "“NaN” means nothing here"), ("Infinity", "", "means nothing here"),
    ("four", "", "means nothing here"), ("4 kg", "eV", "“kg” means nothing here at position 3. Write a number such as 0.5 or −3, in eV."),
    ("4 MeV", "meV", "“MeV” means nothing here"), ("4 km", "m", "“k” means nothing here"), ("5 pixel", "eV", "“pixel” means nothing here at position 3."),
    ("nan", "", "“nan” means nothing here"), ("0/0", "", "not a finite number"), ("∞", "", "“∞” does not belong"), ("-inf", "", "“inf” means nothing"),
    ("9,000", "", "Is 9,000 above a thousand? Write 9000, or 9.000."), ("12,345", "", "Is 12,345 above"), ("1,00,0", "", "“,” does not belong here"),
    ("1 1/2", "", "before “1” at position 3"), ("4x", "eV", "“x” means nothing here"), ("4 times", "eV", "“times” means nothing here"),
    ("4*", "", "Something is missing"), ("4-fold", "steps", "“fold” means nothing here"), ("times", "", "“times” means nothing here"),
    ("1.5·10-3", "", "Is 10-3 a power of ten? Write 10^-3."), ("2 × 10−12", "", "Write 10^-12."), ("3x10 - 4 eV", "eV", "Write 10^-4."), ("<4", "", "“<” does not belong here"), ("4±1", "", "“±” does not belong"),
    ("1.2.3", "", "Expected a sign"), ("--", "", "Something is missing"), ("x", "", "“x” means nothing here"), ("4;5", "", "“;” does not belong"),
    ("x = 4", "", "“x” means nothing here"), ("💥", "", "“💥” does not belong"), ("alert(1)", "", "“alert” means nothing here"),
]  # fmt: skip


def test_numbers_are_read_as_people_type_them(reading):
    page, tools = reading
    read = page.evaluate(READ_NUMBERS, [tools, [[text, unit] for text, unit, _ in NUMBERS]])
    for (text, unit, wanted), got in zip(NUMBERS, read):
        if isinstance(wanted, str):
            assert isinstance(got, str) and wanted in got, (text, unit, got)
        else:
            assert got == pytest.approx(wanted, rel=1e-12), (text, unit, got)


def test_a_number_is_the_same_in_all_the_ways_of_writing_it(reading):
    page, tools = reading
    draw, rows, wanted = random.Random(3), [], []
    for _ in range(400):
        value = round(draw.choice([-1, 1]) * 10 ** draw.uniform(-4, 7), draw.randrange(6))
        whole, _, part = f"{abs(value):.6f}".rstrip("0").rstrip(".").partition(".")
        sign = draw.choice("-−–") if value < 0 else draw.choice(["", "+"])
        groups = f"{int(whole):,}"
        ways = [whole + ("." + part if part else ""), repr(abs(value)), f"{abs(value):.12e}".replace("e", draw.choice("eE"))]
        mark = draw.choice(".,") if "," in groups or len(part) != 3 else "."
        ways += [groups.replace(",", gap) + (mark + part if part else "") for gap in " '’\u00a0\u202f"]
        if part and "," in groups:
            ways += [f"{groups}.{part}", groups.replace(",", ".") + "," + part]
        if part and (len(part) != 3 or whole == "0" or len(whole) > 3):
            ways.append(f"{whole},{part}")
        rows += [[" " * draw.randrange(2) + sign + way, ""] for way in ways]
        wanted += [value] * len(ways)
    assert page.evaluate(READ_NUMBERS, [tools, rows]) == pytest.approx(wanted, rel=1e-11)


AT = {"x": 0.7, "y": 1.9, "w1": 2.5}
FORMULAS = [
    ("2x", 1.4), ("2 x", 1.4), ("x y", 1.33), ("xy", 1.33), ("x²", 0.49), ("x^2", 0.49), ("x**2", 0.49), ("−x^2", -0.49), ("-x²", -0.49),
    ("(-x)^2", 0.49), ("2^-x", 2**-0.7), ("x⁻¹", 1 / 0.7), ("2^3^2", 512), ("sin x", math.sin(0.7)), ("sin(x)", math.sin(0.7)),
    ("Sin(X)", math.sin(0.7)), ("sin(x)^2", math.sin(0.7) ** 2), ("e^x", math.exp(0.7)), ("e^-x", math.exp(-0.7)), ("exp(-x)", math.exp(-0.7)),
    ("e^(2x)", math.exp(1.4)), ("2e^x", 2 * math.exp(0.7)), ("ln x", math.log(0.7)), ("log(x)", math.log(0.7)), ("log10(x)", math.log10(0.7)),
    ("log_10(x)", math.log10(0.7)), ("log₂(x)", math.log2(0.7)), ("√x", 0.7**0.5), ("sqrt(x+y)", 2.6**0.5), ("π x", math.pi * 0.7),
    ("pi*x", math.pi * 0.7), ("x·y", 1.33), ("x×y", 1.33), ("x÷y", 0.7 / 1.9), ("x/y*2", 2 * 0.7 / 1.9), ("2(x+y)", 5.2), ("(x+y)(x-y)", 0.49 - 3.61),
    ("x(1−x)", 0.21), ("w1", 2.5), ("w_1", 2.5), ("w₁", 2.5), ("2w₁x", 3.5), ("x^2(1-x)", 0.49 * 0.3), ("x² y", 0.49 * 1.9), ("x²y", 0.49 * 1.9),
    ("x^2 y", 0.49 * 1.9), ("1-ln y", 1 - math.log(1.9)), ("-ln(1 - x)", -math.log(0.3)), ("x + - y", -1.2), ("2*-x", -1.4), ("1e-1x", 0.07),
    ("x\u00a0+\u00a0y", 2.6), ("σ(x)", 1 / (1 + math.exp(-0.7))), ("ReLU(-x)", 0), (".5x", 0.35), ("x - -y", 2.6), ("3 - 2 - 1", 0),
    ("x\u2062y", 1.33), ("sin\u2061x", math.sin(0.7)), ("\u202dx ー １\u202c", -0.3), ("٢x", 1.4), ("x^٢", 0.49), ("x/y/2", 0.7 / 1.9 / 2), ("x - (y - 1)", -0.2), ("(x^2)^3", 0.7**6), ("x/(y*2)", 0.7 / 3.8),
    # refused, in these words
    ("", "Nothing is written yet."), ("  ", "Nothing is written yet."), ("1/2x", "This has two readings: write 1/(2*x) or (1/2)*x, at position 2."),
    ("e^2x", "This has two readings: write e^(2*x) or e^2*x, at position 4."), ("sin 2x", "Of what? Put it into parentheses, as in sin(…), at position 1."),
    ("sin x^2", "Of what?"), ("sin^2(x)", "Of what?"), ("ln x/2", "Of what?"), ("ln", "Of what?"), ("sin -x", "Of what?"), ("x2", "Expected a sign such as + or * before “2” at position 2."),
    ("2 3", "before “3” at position 3."), ("x +", "Something is missing at position 4."), ("* x", "Expected a number or a name before “*” at position 1."),
    ("(x", "No ) for the ( at position 1."), ("x)", "No ( for the ) at position 2."), ("((x)", "No ) for the ( at position 1."), ("z", "“z” means nothing here; the formula is in x and y and w1 at position 1."),
    ("y = 2x", "“=” does not belong here: write the right side alone; at position 3."), ("0,5x", "“,” does not belong here: write a decimal with a full stop; at position 2."),
    ("5%", "“%” does not belong here"), ("|x|", "write abs(…)"), ("[x]", "write round parentheses"), ("x!", "no factorial"), ("x:y", "write / for a division"),
    ("x'", "“'” does not belong here"), ("window", "“window” means nothing here"), ("x.constructor", "“.” does not belong here"), ("()", "Expected a number or a name before “)”"),
    ("constructor(x)", "means nothing here"), ("__proto__", "means nothing here"), ("💥", "“💥” does not belong here at position 1."),
]  # fmt: skip


def test_formulas_are_read_as_people_type_them(reading):
    page, tools = reading
    names = [["x", "x"], ["y", "y"], ["w1", "w1"]]
    read = page.evaluate(READ_FORMULAS, [tools, [text for text, _ in FORMULAS], names, AT])
    for (text, wanted), got in zip(FORMULAS, read):
        if isinstance(wanted, str):
            assert isinstance(got, str) and wanted in got, (text, got)
        else:
            assert not isinstance(got, str), (text, got)
            assert float(got[0]) == pytest.approx(wanted, rel=1e-12, abs=1e-12), (text, got)
            assert float(got[2]) == pytest.approx(wanted, rel=1e-12, abs=1e-12), f"what is shown for {text}: {got[1]}"


def test_greek_names_have_two_spellings(reading):
    page, tools = reading
    read = page.evaluate(READ_FORMULAS, [tools, ["η x", "eta*x", "2ηx"], [["eta", "η"], ["x", "x"]], {"eta": 3, "x": 2}])
    assert [float(value) for value, *_ in read] == [6, 6, 12]


def grown(draw, depth):
    """A random formula as an author may write it."""
    if depth == 0 or draw.random() < 0.2:
        return draw.choice(["x", "y", "w1", "e", "pi", str(draw.randrange(10)), f"{draw.uniform(0, 9):.2f}", "1e-2"])
    kind = draw.random()
    if kind < 0.2:
        return f"{draw.choice(list(formula.FUNCTIONS))}({grown(draw, depth - 1)})"
    if kind < 0.3:
        return f"-{grown(draw, depth - 1)}"
    a, b = grown(draw, depth - 1), grown(draw, depth - 1)
    a, b = (f"({one})" if draw.random() < 0.5 else one for one in (a, b))
    gap = draw.choice(["", " "])
    return f"{a}{gap}{draw.choice('++--**//^')}{gap}{b}"


def test_the_page_computes_what_python_computes(reading):
    page, tools = reading
    draw = random.Random(5)
    texts = [grown(draw, draw.randrange(1, 6)) for _ in range(2000)]
    read = page.evaluate(READ_FORMULAS, [tools, texts, [[name, name] for name in AT], AT])
    compared = 0
    for text, got in zip(texts, read):
        wanted = formula.evaluate(text, AT)
        assert not isinstance(got, str), (text, got)
        if math.isfinite(wanted):
            compared += 1
            for value in (got[0], got[2]):
                assert float(value.replace("Infinity", "inf")) == pytest.approx(wanted, rel=1e-9, abs=1e-12), (text, got)
    assert compared > 1200


def test_a_rounded_answer_is_told_apart_from_a_wrong_one(widget_page):
    page = widget_page(QuestionWidget(NUMBER))
    for typed, told in [("2.50000000004", "✓"), ("2.51", "✓"), ("2,5 cm", "✓"), ("2.53", "✗ Not yet. Very close."), ("-2.5", "And the sign?"), ("−2,5049 cm", "And the sign?"),
                        ("40.005", "Turned over."), ("7", "✗ Not yet. Look at the question once more"), ("abc", "means nothing here")]:  # fmt: skip
        give(page, NUMBER, typed)
        assert told in said(page), typed
    page = widget_page(QuestionWidget(FORMULA))
    for typed, told in [("2x1² − ln y", "✓"), ("2x_1^2-ln(y)", "✓"), ("2.001x1^2-ln(y)", "Write numbers exactly"), ("ln(-y)", "has no value"),
                        ("x1", "✗ Not yet. Look at the question once more"), ("2x1^2-ln(y", "No ) for the ( at position 9.")]:  # fmt: skip
        give(page, FORMULA, typed)
        assert told in said(page), typed
    assert page.locator("input").get_attribute("aria-invalid") == "true"


@pytest.mark.parametrize("typed, read", [("10,000", "10000"), ("12.500", "12.5"), ("−10.000", "−10"), ("6.02x1023", "6158.46"), ("10-3", "7"),
                                         ("12.5", ""), ("0.125", ""), ("−250", ""), ("12,500", "")])  # fmt: skip
def test_what_could_be_read_in_another_way_is_shown_as_it_is_read(typed, read, widget_page):
    page = widget_page(QuestionWidget(NUMBER))
    page.locator("[data-control=answer] input").fill(typed)
    shown = page.locator("[data-control=answer] .nn-note").inner_text()
    assert shown.startswith(f"Read as {read}"[:13]) if read else shown == ""


def test_a_double_click_is_one_try_and_each_check_is_read_aloud(widget_page):
    """A live region is read where nodes are new, also if their words are not."""
    page = widget_page(QuestionWidget(NUMBER))
    page.evaluate("""() => {
      window.told = [];
      new MutationObserver((all) => all.forEach(({ addedNodes }) => addedNodes.length && told.push(addedNodes[0].textContent)))
        .observe(document.querySelector("output"), { childList: true });
    }""")
    page.locator("input").fill("7")
    page.locator('[data-control="check"]').dblclick()
    page.locator("input").press("Enter")
    assert trait(page, "tries") == stored(page, NUMBER)["tries"] == 1
    assert page.evaluate("told") == ["✗ Not yet."] * 3
    page.locator("input").fill("2.5")
    assert said(page) == "", "no verdict stands beside an answer that it is not of"
    page.locator('[data-control="check"]').dblclick()
    assert trait(page, "tries") == 2 and page.evaluate("told").count("✓ Right.") == 2


def test_what_an_input_method_composes_is_no_answer_before_it_is_done(widget_page):
    page = widget_page(QuestionWidget(NUMBER))
    page.locator("input").focus()
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "２．５", "selectionStart": 3, "selectionEnd": 3})
    session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Process", "windowsVirtualKeyCode": 229})
    assert trait(page, "tries") == 0 and said(page) == ""
    session.send("Input.insertText", {"text": "２．５"})
    assert "Read as 2.5" in page.locator("section").inner_text()
    page.keyboard.press("Enter")
    assert said(page).startswith("✓")


def test_numbers_run_from_left_to_right_in_a_page_that_is_turned_around(widget_page):
    """As translators of pages do it; the minus would stand behind its number."""
    page = widget_page(QuestionWidget(NUMBER), QuestionWidget(FORMULA), PerceptronPlayground(),
                       head="<script>document.documentElement.dir = 'rtl'</script>")
    fields = page.locator("input:is([type=text], [type=number])")
    assert fields.count() > 6
    assert set(fields.evaluate_all("all => all.map((one) => getComputedStyle(one).direction)")) == {"ltr"}


# --- In the hands of a monkey ---

FUZZ = r"""async ([seed, actions, order]) => {
  let state = seed;
  const draw = (n) => {
    state ^= state << 13; state ^= state >>> 17; state ^= state << 5;
    return (state >>> 0) % n;
  };
  const pick = (list) => list[draw(list.length)];
  const pieces = ["x", "x1", "y", "2", "0.5", "1,000", "-", "−", "^", "**", "/", "(", ")", "sin", "ln ", "e", "1e", "²", " ", "%", ",", "<b>", "\u0000",
    "💥", "\ud800", "√", "'", "\"", "constructor", "__proto__", "½", "cm", "((((((((", "1e999"];
  const garbage = () => Array.from({ length: draw(7) }, () => pick(pieces)).join("");
  const sections = () => [...document.querySelectorAll("section")];
  const count = sections().length;
  const views = [];
  const kindOf = (root) => root.querySelector("svg") ? "tap" : root.querySelector("ol") ? "order"
    : root.querySelector("[type=checkbox]") ? "choices" : root.querySelector("[type=radio]") ? "choice"
    : root.querySelector(".nn-label").textContent === "Answer" ? "number" : "formula";
  const seen = {};
  for (let k = 0; k < actions; k++) {
    const root = pick(sections());
    const inputs = [...root.querySelectorAll("input")];
    const chosen = root.querySelector(".nn-chosen");
    const act = draw(12);
    if (act < 3 && inputs.length) {
      const one = pick(inputs);
      if (one.type === "text") {
        one.value = draw(2) ? garbage().slice(0, 200) : pick(["2.5", "40", "7", "x1", "2x1^2 - ln(y)"]);
        one.dispatchEvent(new Event("input", { bubbles: true }));
      } else one.click();
    } else if (act < 6) root.querySelector("form").requestSubmit();
    else if (act < 9) pick([...root.querySelectorAll("button:not(:disabled)")].filter((b) => b.offsetWidth)).click();
    else if (act === 9) [...root.querySelectorAll("summary, svg, circle")].forEach((one) => draw(2) && one.dispatchEvent(
      new MouseEvent("click", { bubbles: true, clientX: draw(400), clientY: draw(400) })));
    else if (act === 10) {
      const name = pick(Object.keys(localStorage)) ?? "nnlib:question:test-order";
      const last = pick([garbage(), [garbage()], null, [], 3, order]);
      const record = pick(['{"v":1', "null", JSON.stringify({ v: 1, tries: draw(3), solved: last === order || !draw(2),
        shown: !draw(2), last, at: "2026-01-01T00:00:00Z" })]);
      localStorage.setItem(name, record);
      let parsed = null;
      try { parsed = JSON.parse(record); } catch {}
      window.dispatchEvent(new CustomEvent("nnlib-progress", { detail: { name: name.slice(15), record: parsed } }));
    } else if (views.length < 2) views.push(await newView());
    else views.pop().remove();
    if (k % 100 === 0) document.documentElement.dataset.theme = pick(["light", "dark"]);
    for (const one of sections()) {
      const { reached } = one.dataset;
      const [kind, { verdict = "" }] = [kindOf(one), one.querySelector("output").dataset];
      (seen[kind] ??= {})[verdict] = true;
      const right = ["new", "tried", "shown", "solved"].includes(reached) && one.querySelectorAll("output").length === 1
        && one.querySelector('[data-control="show"]').hidden === (reached === "new" || reached === "solved"
          || (reached === "shown" && one.querySelector('[data-control="show"]').hidden))
        && (verdict !== "right" || reached === "solved")
        && (kind !== "tap" || one.querySelectorAll(".nn-chosen").length === one.querySelectorAll(":checked").length)
        && !one.querySelector("b b, img") && !/NaN|undefined|\[object/.test(one.textContent);
      if (!right) return { wrong: [k, act, kind, reached, verdict, one.textContent] };
    }
    if (act === 9 && root.isConnected && root.querySelector(".nn-chosen") !== chosen) (seen.tap ??= {}).picture = true;
  }
  while (views.length) views.pop().remove();
  return { sections: [count, sections().length], seen };
}"""


def test_three_thousand_random_actions_leave_no_error(widget_page):
    page = widget_page(*(QuestionWidget(one) for one in KINDS))
    found = page.evaluate(FUZZ, [20260101, 3000, ORDER.judgment()["answer"]])
    assert "wrong" not in found, found
    assert found["sections"] == [len(KINDS)] * 2
    assert not page.errors
    assert found["seen"].keys() == {asked.kind for asked in KINDS}
    for kind, said in found["seen"].items():
        assert {"", "wrong", "shown", "right"} <= said.keys(), kind
    assert "picture" in found["seen"]["tap"], "chosen in the picture, not only in the list"
    page.evaluate("localStorage.clear()")
    again(page)
    for asked, root in itertools.islice(zip(KINDS, page.locator("section").all()), 1):
        give(page, asked, right(asked))
        until(lambda root=root: root.get_attribute("data-reached") == "solved", page)


def test_what_a_page_carries_for_questions_is_small():
    own = [*(STATIC / "question").iterdir(), *(STATIC / "shared" / name for name in ("progress.js", "secret.js"))]
    lines = [line.strip() for path in own for line in path.read_text(encoding="utf-8").splitlines()]
    sent = [line for line in lines if line and not line.startswith("//")]
    assert len("\n".join(sent).encode()) < 25_500  # once a page, of 300 kB


def test_a_question_given_a_value_is_another_one():
    assert dataclasses.replace(NUMBER, answer=3).secret() != NUMBER.secret()


def test_a_playground_beside_it_does_not_change_how_it_looks(widget_page):
    """The style that all widgets share comes once more with each kind of widget, and later."""
    page = widget_page(QuestionWidget(CHOICE), PerceptronPlayground())
    style = "root => [getComputedStyle(root).borderTopWidth, getComputedStyle(root).borderLeftWidth]"
    assert page.locator('[data-widget="question"]').evaluate(style) == ["0px", "3px"]
