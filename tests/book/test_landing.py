"""The first minute: the book's root plays before anything is read or scrolled."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
LOSS = "document.querySelector('[data-widget=network] output').textContent"
first_screen = pytest.mark.parametrize(("width", "height"), [(1440, 900), (375, 700)])


@first_screen
def test_everything_that_plays_is_on_the_first_screen(page, width, height):
    p = page("index.html", width=width, height=height, touch=width < 500)
    for what in [".bd-article h1", '[data-control="play"]', '[data-control="zero"]',
                 ".nn-diagram canvas", ".nn-output-map canvas"]:
        box = p.locator(what).first.bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= height, what
        assert box["x"] >= 0 and box["x"] + box["width"] <= width, what
    for what in ["play", "zero"]:
        assert p.locator(f'[data-control="{what}"]').bounding_box()["height"] >= 44


@first_screen
@pytest.mark.parametrize("address", ["index.html", "chapters/playground.html"])
def test_nothing_moves_when_the_widget_comes_alive(address, page, width, height):
    p = page("chapters/grading.html", width=width, height=height, own=True, wait=False)
    p.add_init_script("""window.moved = []; new PerformanceObserver((list) => {
        for (const { sources } of list.getEntries())
          for (const { node } of sources) moved.push((node.textContent ?? "").trim().slice(0, 40));
      }).observe({ type: "layout-shift", buffered: true });""")
    p.goto(f"{p.home}/{address}")
    p.locator("[data-widget=network] output").wait_for()
    p.evaluate("() => document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    assert p.evaluate("moved") == []


def test_it_trains_once_by_itself(page):
    p = page("index.html")
    p.wait_for_function(f"{LOSS}.startsWith('Epoch 150. Training stopped')")
    assert p.locator('[data-control="play"]').inner_text() == "Play"
    assert float(re.search(r"training ([\d.]+)", p.evaluate(LOSS))[1]) < 0.02


def test_it_rests_where_the_reader_prefers_that(page):
    p = page("index.html", reduced_motion="reduce")
    p.locator('[data-control="zero"]').click()  # whatever had begun would have moved on by now
    p.wait_for_function(f"{LOSS}.includes('the output: 0.')")
    assert p.evaluate(LOSS).startswith("Epoch 0.")


def test_a_weight_goes_to_zero_and_back(page):
    p = page("index.html")
    p.wait_for_function(f"{LOSS}.startsWith('Epoch 150.')")
    trained = p.evaluate(LOSS)
    button = p.locator('[data-control="zero"]')
    assert button.inner_text() == "Try: set this weight to zero"
    button.press("Enter")
    p.wait_for_function(f"{LOSS}.includes('the output: 0.')")
    accuracy = [float(re.search(r"Accuracy: training ([\d.]+)", words)[1])
                for words in (trained, p.evaluate(LOSS))]
    assert accuracy[1] < accuracy[0] - 5  # a side of the fence has fallen
    assert button.inner_text() == "Put the weight back"
    button.press("Enter")
    weight = trained.rsplit("to the output: ")[1]
    p.wait_for_function("weight => " + LOSS + ".endsWith(weight)", arg=weight)


def test_no_code_stands_on_it(page):
    assert page("index.html").locator(".cell_input").count() == 0


def test_each_chapter_has_its_card_with_a_picture_and_a_question(built_book):
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    chapters = [f"{entry['file']}.html" for part in contents["parts"]
                if part["caption"] not in ("Try it", "Back matter") for entry in part["chapters"]]
    html = (built_book / "index.html").read_text(encoding="utf-8")
    cards = re.findall(r'<div class="sd-card .*?</svg>.*?<p class="sd-card-text">(.*?)</p>.*?'
                       r'href="(chapters/\w+\.html)"', html, re.DOTALL)
    assert [address for _, address in cards] == chapters
    assert all(question.rstrip().endswith("?") for question, _ in cards)


def test_a_connection_is_picked_where_it_is_drawn_larger(page):
    p = page("index.html", width=1440, reduced_motion="reduce")
    canvas = p.locator(".nn-diagram canvas")
    box = canvas.bounding_box()
    assert box["height"] > 250  # of a phone's diagram, 165
    # x₁ is in the upper half, and its connection to the first unit begins level.
    at = {"x": 0.28 * box["width"], "y": 0.39 * box["height"]}
    canvas.click(position=at)
    p.wait_for_function(f"{LOSS}.includes('Weight from x₁ to unit 1 of hidden layer 1')")
