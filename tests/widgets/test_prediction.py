"""Predictions in the page: a curve is drawn first, the measured one comes after, with the distance in words."""

import dataclasses
import itertools
import json
import random
import re

import numpy as np
import pytest
from accessibility import violations
from looking import MARGINS, STATIC, picture, trait, without_code
from scipy.interpolate import PchipInterpolator
from test_question import GOOD, REFUSED, again, stored

from nnlib.questions.curves import FEATURES, Axis, Prediction
from nnlib.questions.kinds import Number
from nnlib.questions.markup import to_text
from nnlib.widgets.prediction import PredictionWidget
from nnlib.widgets.question import QuestionWidget

POINTS = Prediction(
    "test-points", "How *large* is $x_1$?", Axis("hidden units", 1, 1000, "units", log=True),
    Axis("error (eV)", 0, 1, "eV"), "minimum", points=[1, 10, 100, 1000])
CURVE = Prediction(
    "test-curve", "And the loss?", Axis("epoch", 0, 100, "epochs"), Axis("loss", 0.001, 10, log=True), "end", curve=5)
MEASURED = {"test-points": ([1, 3, 10, 30, 100, 1000], [0.8123, 0.3456, 0.1234, 0.2345, 0.4567, 0.6789]),
            "test-curve": (np.arange(1, 101), 8.7654 * np.exp(-np.arange(100) / 20.0) + 0.01234)}
BOTH = [POINTS, CURVE]
each = pytest.mark.parametrize("asked", BOTH, ids=lambda one: one.name)
STEPS = 200


def made(asked):
    return PredictionWidget(asked, *MEASURED[asked.name])


def ranges(page):
    return page.locator("section").first.locator("input[type=range]")


def put(page, heights):
    """Set the points by their ranges, in steps from 0 to 200."""
    for k, height in enumerate(heights):
        ranges(page).nth(k).fill(str(height))


def heights(page):
    return [int(value) for value in ranges(page).evaluate_all("all => all.map((one) => one.value)")]


def button(page, name):
    return page.locator("section").first.locator(f'[data-control="{name}"]')


def said(page):
    lines = page.locator("section").first.locator("output .nn-line").all_inner_texts()
    return [line.replace("\xa0", " ") for line in lines]


def reached(page):
    return page.locator("section").first.get_attribute("data-reached")


def label(page):
    return page.locator("canvas").first.get_attribute("aria-label").replace("\xa0", " ")


def place(page, asked, k, height):
    """Where in the page point k has a height, from 0 to 1: the x axis begins and ends 3 % early and late."""
    box = page.locator("canvas").first.bounding_box()
    share = (asked.x.share(asked.positions()[k]) + 0.03) / 1.06
    width, tall = box["width"] - MARGINS["left"] - MARGINS["right"], box["height"] - MARGINS["top"] - MARGINS["bottom"]
    return box["x"] + MARGINS["left"] + share * width, box["y"] + MARGINS["top"] + (1 - height) * tall


# --- First the guess, then what was measured ---


@each
def test_nothing_is_shown_before_a_guess(asked, widget_page):
    page = widget_page(made(asked))
    assert button(page, "show").is_disabled() and not button(page, "again").is_visible()
    assert button(page, "show").inner_text() == "Move a point, then show what was measured"
    assert "The measured curve is not shown yet" in label(page) and "not moved yet" in label(page)
    assert page.locator(".nn-key").count() == 1 and said(page) == []
    empty = picture(page)
    put(page, [150])
    assert button(page, "show").inner_text() == "Show what was measured"
    assert "not moved yet" not in label(page) and picture(page) != empty
    before = picture(page)
    button(page, "show").click()
    assert len(said(page)) == 2 and page.locator(".nn-key").count() == 2
    assert "Measured, the dashed curve: at 1 " in label(page) and picture(page) != before
    assert trait(page, "solved") and reached(page) == "solved"
    assert page.evaluate("document.activeElement.dataset.control") == "again"
    assert all(one.is_disabled() for one in ranges(page).all())
    button(page, "again").click()
    assert said(page) == [] and button(page, "show").is_disabled() and set(heights(page)) == {100}
    assert page.evaluate("document.activeElement.type") == "range"
    assert not page.errors and not page.outside


def test_the_distance_is_told(widget_page):
    page = widget_page(made(POINTS))
    put(page, [160, 120, 20, 140])
    button(page, "show").click()
    # off by 0.0123, 0.4766, 0.3567 and 0.0211
    assert said(page) == ["You expected a minimum near 100 units; it lies at 10 units.",
                          "On average your curve is off by 0.22 eV."]
    page = widget_page(made(CURVE))
    put(page, [195, 150, 120, 100, 100])
    button(page, "show").click()
    assert said(page)[0] == "You expected 0.1 at 100 epochs, and it is 0.074."
    assert re.fullmatch(r"On average your curve is off by a factor of [\d.]+\.", said(page)[1])


def test_large_and_small_numbers_are_powers_of_ten(widget_page):
    wide = dataclasses.replace(CURVE, y=Axis("length", 1e-12, 1e12, log=True))
    page = widget_page(PredictionWidget(wide, [0, 100], [1, 1e6]))
    put(page, [100, 90, 50, 20, 0])
    button(page, "show").click()
    assert said(page)[0] == "You expected 10⁻¹² at 100 epochs; it is 10⁶, higher by a factor of 10¹⁸."
    values = page.locator(".nn-value").all_inner_texts()
    assert values == ["1", "0.0631", "10⁻⁶", "2.51·10⁻¹⁰", "10⁻¹²"]
    assert "length from 10⁻¹² to 10¹², logarithmic" in label(page)


def test_percentages_differ_by_points_and_keep_their_sign_on_the_line(widget_page):
    share = dataclasses.replace(POINTS, y=Axis("accuracy (%)", 0, 100, "%"), compare="end")
    page = widget_page(PredictionWidget(share, [1, 1000], [95, 50]))
    put(page, [190, 180, 180, 180])
    button(page, "show").click()
    lines = page.locator("output .nn-line").all_inner_texts()
    assert lines[0] == "You expected 90\xa0% at 1000\xa0units; it is 50\xa0%, 40\xa0percentage points lower."
    assert lines[1].endswith("\xa0percentage points.")


@each
def test_the_source_does_not_hold_the_data_in_plain_sight(asked, widget_page):
    sources = []

    def see(html):
        sources.append(html)
        return html

    page = widget_page(made(asked), edit=see, still=True)
    source = without_code(sources[0])
    values = [value for _, value in asked.measured(*MEASURED[asked.name])]
    assert not any(str(value) in source for value in values if len(str(value)) > 5)
    page.emulate_media(media="print")
    assert page.locator(".nnlib-static svg").is_visible() and not page.locator("section").is_visible()


@each
def test_without_javascript_the_text_stands_with_empty_axes(asked, widget_page):
    page = widget_page(made(asked), javascript=False, width=375)
    shown = page.locator(".nnlib-static").inner_text()
    assert to_text(asked.text) in shown and asked.x.label in shown and asked.y.label in shown
    assert page.get_by_role("img", name="Empty axes: ").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


# --- Hands ---


@each
def test_a_point_is_dragged(asked, widget_page):
    page = widget_page(made(asked))
    page.mouse.move(*place(page, asked, 1, 0.5))
    page.mouse.down()
    page.mouse.move(*place(page, asked, 2, 0.9), steps=5)  # to the side too: it stays the same point
    page.mouse.up()
    found = heights(page)
    assert found[1] == pytest.approx(180, abs=2) and set(found[:1] + found[2:]) == {100}


@each
def test_a_curve_is_drawn_in_one_go(asked, widget_page):
    page = widget_page(made(asked))
    last = len(asked.positions()) - 1
    page.mouse.move(*place(page, asked, 0, 0.1))
    page.mouse.down()
    page.mouse.move(*place(page, asked, last, 0.9))  # one leap: points on the way are passed all the same
    page.mouse.up()
    assert heights(page) == pytest.approx([20 + 160 * k / last for k in range(last + 1)], abs=2)
    button(page, "show").click()
    frozen = heights(page)
    page.mouse.click(*place(page, asked, 1, 0.3))
    assert heights(page) == frozen


@each
def test_a_finger_sets_the_nearest_point(asked, widget_page):
    page = widget_page(made(asked), width=375, touch=True)
    page.locator("canvas").scroll_into_view_if_needed()
    for k, height in [(0, 0.2), (2, 0.8), (1, 0.05)]:
        px, py = place(page, asked, k, height)
        page.touchscreen.tap(px + 9, py)
        assert heights(page)[k] == pytest.approx(STEPS * height, abs=2)
    button(page, "show").tap()
    assert len(said(page)) == 2


@each
def test_all_of_it_by_keyboard(asked, widget_page):
    page = widget_page(made(asked))
    page.keyboard.press("Tab")
    picture(page)
    for k in range(len(asked.positions())):
        assert page.evaluate("document.activeElement.type") == "range"
        page.keyboard.press("PageUp" if k % 2 else "ArrowUp")
        page.keyboard.press("Tab")
    assert min(heights(page)) == 101 and max(heights(page)) > 110
    page.keyboard.press("Enter")
    assert len(said(page)) == 2
    page.keyboard.press("Enter")
    assert said(page) == []


def test_the_focused_point_has_a_ring(widget_page):
    page = widget_page(made(POINTS))
    before = picture(page)
    ranges(page).nth(2).focus()
    assert picture(page) != before
    ranges(page).nth(2).blur()
    assert picture(page) == before


def test_its_parts_have_names(widget_page):
    page = widget_page(made(POINTS))
    assert page.locator("section").get_attribute("aria-label") == "Prediction: How large is x1?"
    assert page.locator("output[aria-live=polite]").count() == page.locator("output").count() == 1
    assert page.get_by_role("group", name="Your curve: error (eV)").count() == 1
    slider = page.get_by_role("slider", name="at 10 units", exact=True)
    slider.fill("50")
    assert slider.get_attribute("aria-valuetext") == "0.25\xa0eV"
    assert page.locator("canvas").get_attribute("role") == "img" and "at 10 units, 0.25 eV" in label(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1200])
def test_axe_finds_nothing_and_it_fits(theme, width, widget_page):
    ground = "#14181e" if theme == "dark" else "#fff"
    page = widget_page(*map(made, BOTH), theme=theme, width=width,
                       head=f"<style>body {{ background: {ground} }} h1 {{ color: gray }}</style>")
    assert not violations(page)
    for root in page.locator("section").all():
        root.locator("input").first.fill("20")
        root.locator('[data-control="show"]').click()
    assert not violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


RECORD = """<script>window.written = [];
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, ...more) {
    if (this.textBaseline === "top")  // a number below the x axis
      written.push([text, this.canvas.clientWidth - x - this.measureText(text).width / 2]);
    return fillText.call(this, text, x, ...more);
  };</script>"""


def test_the_last_number_of_an_axis_is_not_cut_off(widget_page):
    asked = dataclasses.replace(POINTS, x=Axis("steps", 0, 200_000), points=[0, 200_000])
    page = widget_page(PredictionWidget(asked, [0, 200_000], [0.1, 0.2]), width=375, head=RECORD)
    room = dict(page.evaluate("written"))
    assert 0 <= room["200000"] < 1, "which would not fit if it stood in the middle of its tick"


def test_the_ends_of_many_decades_are_written_as_powers_of_ten(widget_page):
    asked = dataclasses.replace(POINTS, x=Axis("step", 1e-14, 1, log=True), y=Axis("error", 1e-8, 1, log=True),
                                points=[1e-14, 3e-7, 1])
    page = widget_page(PredictionWidget(asked, [1e-14, 2e-8, 1], [0.3, 0.1, 0.2]), width=700, head=RECORD)
    assert "10⁻¹⁴" in dict(page.evaluate("written"))
    told = page.locator("section").inner_text()
    assert "at 10⁻¹⁴" in told and "at 3·10⁻⁷" in told and "at 1\n" in told
    assert told.count("0.0001") == 3, "the heights in the middle"
    put(page, [200, 0, 200])
    assert "10⁻⁸" in page.locator("section").inner_text()
    button(page, "show").click()
    assert said(page)[0] == "You expected a minimum near 3·10⁻⁷; it lies at 2·10⁻⁸."


def test_a_finger_finds_every_control(widget_page):
    page = widget_page(*map(made, BOTH), width=375, touch=True)
    sizes = """all => all.filter((c) => c.checkVisibility()).map((c) => c.getBoundingClientRect())
        .map((box) => Math.min(box.width, box.height))"""
    assert min(page.locator("section :is(input, button)").evaluate_all(sizes)) >= 44
    put(page, [120])
    button(page, "show").tap()
    assert min(page.locator("section :is(input, button)").evaluate_all(sizes)) >= 44


# --- What is kept ---


@each
def test_a_guess_is_still_there_after_a_reload(asked, widget_page):
    page = widget_page(made(asked))
    guess = [199, 0, 73] + [101] * (len(asked.positions()) - 3)
    put(page, guess)
    again(page)
    assert heights(page) != guess and stored(page, asked) is None, "only what was compared is kept"
    put(page, guess)
    button(page, "show").click()
    before, record = said(page), stored(page, asked)
    assert set(record) == set(GOOD) and record["solved"] and record["tries"] == 1 and len(record["last"]) == len(guess)
    again(page)
    assert said(page) == before and heights(page) == guess and stored(page, asked) == record and reached(page) == "solved"
    button(page, "again").click()
    assert stored(page, asked)["solved"], "what was reached stays"
    put(page, [5])
    button(page, "show").click()
    assert stored(page, asked)["last"] != record["last"] and stored(page, asked)["tries"] == 1
    page.evaluate("name => window.dispatchEvent(new CustomEvent('nnlib-progress', { detail: { name, record: null } }))",
                  asked.name)
    assert said(page) == [] and reached(page) == "new"
    assert not page.errors


@each
def test_where_the_browser_keeps_nothing_it_works(asked, widget_page):
    page = widget_page(made(asked), head=REFUSED)
    put(page, [20])
    button(page, "show").click()
    assert len(said(page)) == 2 and trait(page, "solved")
    button(page, "again").click()
    assert said(page) == []
    assert not page.errors


MALFORMED = ["", "x", "null", "[]", "{}", *(json.dumps({**GOOD, "solved": True, **change}) for change in [
    {"last": "1"}, {"last": []}, {"last": ["1"]}, {"last": ["x"] * 4}, {"last": [""] * 5}, {"last": ["-3"] * 4},
    {"last": ["1e9"] * 5}, {"last": ["Infinity"] * 4}, {"last": ["0"] * 5}, {"tries": -1}])]


@each
def test_what_is_stored_may_be_anything(asked, widget_page):
    page = widget_page(made(asked))
    for text in MALFORMED:
        page.evaluate("([n, t]) => localStorage.setItem('nnlib:question:' + n, t)", [asked.name, text])
        again(page)
        assert page.locator("section").count() == 1 and set(heights(page)) == {100} and said(page) == []
        assert not page.errors, text
    put(page, [20])
    button(page, "show").click()
    assert len(said(page)) == 2


def test_two_views_agree_and_leave_nothing_behind(widget_page):
    page = widget_page(made(CURVE))
    page.evaluate("async () => { window.second = await newView(); }")
    put(page, [20, 30])
    button(page, "show").click()
    second = page.locator("section").nth(1)
    assert [line.replace("\xa0", " ") for line in second.locator("output .nn-line").all_inner_texts()] == said(page)
    left = page.evaluate("""async () => {
      let live = 0;
      const { addEventListener: add, removeEventListener: remove } = window;
      window.addEventListener = (...a) => { live++; add.apply(window, a); };
      window.removeEventListener = (...a) => { live--; remove.apply(window, a); };
      const view = await newView();
      const during = live;
      view.remove();
      second.remove();
      return [during, live, view.el.children.length];
    }""")
    assert left == [1, -1, 0] and page.locator("section").count() == 1
    assert not page.errors


def test_python_hears_what_is_reached():
    widget = made(CURVE)
    assert repr(widget) == "prediction('test-curve'): new"
    widget.solved = True
    assert widget.reached == "solved"
    with pytest.raises(TypeError, match="prediction: expected a Prediction, got str"):
        PredictionWidget("test-curve", [1, 2], [1, 2])


def test_a_question_and_a_prediction_look_alike(widget_page):
    asked = Number("test-number", "How long?", "So.", answer=1, wrong={2: "No."})
    page = widget_page(made(CURVE), QuestionWidget(asked))
    style = "all => all.map((root) => ((s) => [s.border, s.padding, s.font, s.background, s.maxWidth])(getComputedStyle(root)))"
    one, other = page.locator("section").evaluate_all(style)
    assert one == other


# --- The words, beside the same computed in Python ---



class Reference:
    """What words.js says, from numpy and scipy. All values are shares of their axis."""

    def __init__(self, asked, heights, x, y):
        self.asked, self.x, self.y = asked, asked.x, asked.y
        places = [asked.x.share(p) for p in asked.positions()]
        values = np.array(heights) / STEPS
        self.theirs = np.array([(asked.x.share(a), asked.y.share(b)) for a, b in asked.measured(x, y)])
        self.mine = np.column_stack([places, values])
        if asked.curve:
            fine = np.unique(np.concatenate([np.linspace(a, b, 17) for a, b in itertools.pairwise(places)]))
            self.mine = np.column_stack([fine, PchipInterpolator(places, values)(fine)])
        start, end = max(places[0], self.theirs[0, 0]), min(places[-1], self.theirs[-1, 0])
        self.grid = np.linspace(start, end, 101)
        where = self.grid if asked.curve else [p for p in places if start - 1e-9 < p < end + 1e-9]
        self.distance = np.mean(np.abs(np.interp(where, *self.mine.T) - np.interp(where, *self.theirs.T)))

    def feature(self):
        """(what the guess has, what was measured): numbers in the axes' units, signs or None."""
        return [self.of(curve) for curve in (self.mine, self.theirs)]

    def of(self, curve):
        x, y = curve.T
        on_grid = np.interp(self.grid, x, y)
        match self.asked.compare:
            case "minimum":
                return self.x.along(x[y.argmin()])
            case "maximum":
                return self.x.along(x[y.argmax()])
            case "end":
                return self.y.along(on_grid[-1])
            case "plateau":
                return self.y.along(np.median(on_grid[76:]))
            case "slope":
                rise = np.polyfit(self.grid, on_grid, 1)[0] * (self.grid[-1] - self.grid[0])
                return 0 if abs(rise) < 0.1 else np.sign(rise)
            case "crossing":
                level = self.y.share(self.asked.level)
                off = y - level
                if off[0] == 0:
                    return self.x.along(x[0])
                k = np.flatnonzero(off[1:] * off[:-1] <= 0)
                if not len(k):
                    return None
                k = k[0]
                return self.x.along(x[k] + (level - y[k]) / (y[k + 1] - y[k]) * (x[k + 1] - x[k]))


NUMBER = r"(−?\d+(?:\.\d+)?(?:e[−+]?\d+)?)"


def numbers(text):
    return [float(found.replace("−", "-")) for found in re.findall(NUMBER, text)]


def near(told, wanted, digits):
    return told == pytest.approx(wanted, rel=0.51 * 10 ** (1 - digits), abs=1e-9)


@pytest.mark.parametrize("asked", BOTH, ids=lambda one: one.name)
@pytest.mark.parametrize("feature", FEATURES)
def test_the_words_are_those_of_the_curves(feature, asked, widget_page):
    draw = random.Random(f"{feature}{asked.name}")
    level = {"crossing": 0.3}.get(feature)
    asked = dataclasses.replace(asked, compare=feature, level=level)
    count, cases = len(asked.positions()), []
    for k in range(40):
        n = draw.randrange(4, 40)
        x = sorted(asked.x.along(draw.uniform(-0.1 * (k % 2), 1)) for _ in range(n))
        x[0], x[-1] = asked.x.along(0), asked.x.along(draw.uniform(0.8, 1.1))
        x = sorted({float(f"{v:.5g}") for v in x})
        y = [asked.y.along(draw.uniform(0, 1.1)) for _ in x]
        if k % 3 == 0:
            y = [asked.y.along(0.1 + 0.8 * i / len(x)) for i in range(len(x))]
        cases.append(([draw.randrange(STEPS + 1) for _ in range(count)], x, y))
    page = widget_page(*(PredictionWidget(asked, x, y) for _, x, y in cases))
    words = page.evaluate("""(guesses) => [...document.querySelectorAll("section")].map((root, i) => {
      root.querySelectorAll("input").forEach((range, k) => {
        range.value = guesses[i][k];
        range.dispatchEvent(new Event("input"));
      });
      root.querySelector('[data-control="show"]').click();
      return [...root.querySelectorAll(".nn-line")].map((line) => line.textContent);
    })""", [guess for guess, _, _ in cases])
    seen = set()
    for (guess, x, y), (told, distance) in zip(cases, words):
        right = Reference(asked, guess, x, y)
        mine, theirs = right.feature()
        span = right.distance * (asked.y.high - asked.y.low)
        if asked.y.log:
            span = (asked.y.high / asked.y.low) ** right.distance
        assert near(numbers(distance)[0], span, 2), (distance, span)
        if feature == "slope":
            verb = {1: ("rise", "rises"), 0: ("stay level", "stays level"), -1: ("fall", "falls")}
            wanted = (f"The curve {verb[theirs][1]}, as you expected." if mine == theirs
                      else f"You expected the curve to {verb[mine][0]}; it {verb[theirs][1]}.")
            assert told == wanted
        elif feature == "crossing":
            rest = [v for v in (mine, theirs) if v is not None]
            assert near(numbers(told)[0], level, 3)
            assert numbers(told)[1:] == [pytest.approx(v, rel=0.0051, abs=1e-9) for v in rest], told
            assert ("never" in told) == (None in (mine, theirs))
        else:
            digits = 3 if feature in ("minimum", "maximum") else 2
            found = numbers(told)
            if feature == "end":
                assert near(found.pop(1), asked.x.along(right.grid[-1]), 3)
            assert near(found[0], mine, digits) and near(found[1], theirs, digits), (told, mine, theirs)
        seen.add(re.sub(NUMBER, "#", told))
    assert len(seen) > 1 and not page.errors


# --- In the hands of a monkey ---

FUZZ = """async ([seed, actions]) => {
  let state = seed;
  const draw = (n) => {
    state ^= state << 13; state ^= state >>> 17; state ^= state << 5;
    return (state >>> 0) % n;
  };
  const pick = (list) => list[draw(list.length)];
  const sections = () => [...document.querySelectorAll("section")];
  const count = sections().length;
  const views = [];
  const seen = {};
  for (let k = 0; k < actions; k++) {
    const root = pick(sections());
    const kind = root.getAttribute("aria-label");
    const canvas = root.querySelector("canvas");
    const heights = () => [...root.querySelectorAll("input")].map((range) => range.value).join();
    const before = heights();
    const act = draw(10);
    if (act < 3) {
      const range = pick([...root.querySelectorAll("input")]);
      if (!range.disabled) {
        range.value = draw(260) - 30;
        range.dispatchEvent(new Event("input", { bubbles: true }));
      }
    } else if (act < 6) {
      canvas.setPointerCapture = () => {};
      const box = canvas.getBoundingClientRect();
      const at = () => ({ pointerId: 1, button: 0, bubbles: true, clientX: box.x + draw(box.width * 2) - box.width / 2,
        clientY: box.y + draw(box.height * 2) - box.height / 2 });
      canvas.dispatchEvent(new PointerEvent("pointerdown", at()));
      for (let i = draw(4); i; i--) canvas.dispatchEvent(new PointerEvent("pointermove", at()));
      canvas.dispatchEvent(new PointerEvent(pick(["pointerup", "pointercancel"]), at()));
    } else if (act < 8) pick([...root.querySelectorAll("button")]).click();
    else if (act === 8) {
      const name = pick(["test-points", "test-curve"]);
      const last = pick([null, ["1", "1", "1", "1"], ["0.1", "2", "", "x", "1e400"], ["0.5", "0.25", "0.75", "1", "1"], "0.5"]);
      const record = pick([null, { v: 1, tries: draw(3), solved: !draw(2), shown: !draw(2), last, at: "2026-01-01T00:00:00Z" }]);
      window.dispatchEvent(new CustomEvent("nnlib-progress", { detail: { name, record } }));
    } else if (views.length < 2) views.push(await newView());
    else views.pop().remove();
    if (k % 50 === 0) document.documentElement.dataset.theme = pick(["light", "dark"]);
    if (k % 25 === 0) await new Promise(requestAnimationFrame);
    const by = act < 3 ? "range" : act < 6 ? "pointer" : "";
    if (by && heights() !== before) (seen[kind] ??= {})[by] = true;
    for (const one of sections()) {
      const shown = !one.querySelector('[data-control="again"]').hidden;
      const values = [...one.querySelectorAll("input")].map((range) => Number(range.value));
      const right = values.every((v) => v >= 0 && v <= 200) && shown === (one.querySelectorAll(".nn-line").length === 2)
        && shown === one.querySelector("canvas").getAttribute("aria-label").includes("Measured")
        && !/NaN|undefined|not a number|∞/.test(one.textContent);
      if (!right) return [k, one.textContent];
      if (shown) (seen[one.getAttribute("aria-label")] ??= {}).shown = true;
    }
  }
  while (views.length) views.pop().remove();
  return [count, sections().length, seen];
}"""


def test_five_hundred_random_actions_leave_it_whole(widget_page):
    page = widget_page(*map(made, BOTH))
    before, after, seen = page.evaluate(FUZZ, [20260601, 500])
    assert before == after == 2, seen
    everything = {"range": True, "pointer": True, "shown": True}
    assert seen == {f"Prediction: {to_text(asked.text)}": everything for asked in BOTH}
    assert not page.errors


def test_what_a_page_carries_for_predictions_is_small():
    lines = [line.strip() for path in (STATIC / "prediction").iterdir()
             for line in path.read_text(encoding="utf-8").splitlines()]
    sent = [line for line in lines if line and not line.startswith("//")]
    assert len("\n".join(sent).encode()) < 16_500  # once a page, of 300 kB
