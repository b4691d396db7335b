"""The figures in the pages: legible by day and by night, small, and they answer."""

import base64
import io
import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from waiting import at_rest, until

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "theme"))
import figures as theme  # noqa: E402

from nnlib.figures import CLASS_COLORS, INK  # noqa: E402

CHAPTERS = sorted(path.stem for path in (ROOT / "chapters").glob("*.md")
                  if "plt.show()" in path.read_text(encoding="utf-8"))
every_chapter = pytest.mark.parametrize("chapter", CHAPTERS)
FIGURE = re.compile(r'<div class="nn-figure">.*?</svg>(?:<script.*?</script>)?</div>', re.DOTALL)


@pytest.fixture(scope="module")
def text_of(built_book):
    return lambda chapter: (built_book / f"chapters/{chapter}.html").read_text(encoding="utf-8")


def contrast(one, two):
    def luminance(color):
        rgb = np.array([int(color[i:i + 2], 16) for i in (1, 3, 5)]) / 255
        linear = np.where(rgb > 0.04045, ((rgb + 0.055) / 1.055) ** 2.4, rgb / 12.92)
        return linear @ [0.2126, 0.7152, 0.0722]

    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_dark_turns_lightness_round_and_keeps_the_hue():
    assert theme.dark_color("#ffffff") == theme.GROUND
    assert contrast(theme.dark_color("#000000"), theme.GROUND) > 12
    for color in [*CLASS_COLORS, INK]:
        assert contrast(theme.dark_color(color), theme.GROUND) >= 4.5
    colors = np.random.default_rng(0).integers(0, 256, (200, 3)).astype(float)
    before, after = theme.oklab(colors / 255), theme.oklab(theme.in_the_dark(colors) / 255)
    order = np.argsort(before[:, 0])
    assert (np.diff(after[order, 0]) < 0.02).all()
    colored = (np.hypot(*before[:, 1:].T) > 0.05) & (np.hypot(*after[:, 1:].T) > 0.03)
    turned = [np.arctan2(*lab[colored, :0:-1].T) for lab in (before, after)]
    assert np.abs(np.angle(np.exp(1j * (turned[0] - turned[1])))).max() < 0.2
    assert colored.sum() > 100


@every_chapter
def test_colors_stand_out_by_day_and_by_night(chapter, text_of):
    text = text_of(chapter)
    night = dict(re.findall("--c([0-9a-f]{6}):(#[0-9a-f]{6});",
                            re.search(r"\[data-theme=dark\] \.nn-figure\{(.*?)\}", text)[1]))
    words, marks = {"000000"}, set()
    for figure in FIGURE.findall(text):
        if "<image" not in figure:  # there, a text may have the ground that its cell has
            words |= set(re.findall(r"<text[^>]*?fill: var\(--c(\w{6})\)", figure))
        lines = re.findall(r"stroke: var\(--c(\w{6})\); stroke-width: ([\d.]+)", figure)
        for color, width in lines:
            if float(width) >= 1 and color != "ffffff":  # white is an edge around a mark
                marks.add(color)
    assert marks or chapter == "cnn"  # whose figures are pictures
    for colors, least in ((words, 4.5), (marks, 3)):
        for color in colors:
            assert contrast("#" + color, "#ffffff") >= least, color
            assert contrast(night[color], theme.GROUND) >= least, (color, night[color])


@every_chapter
def test_ids_are_unique_and_what_is_referred_to_is_there(chapter, text_of):
    text = text_of(chapter)
    ids = re.findall(r'\sid="([^"]+)"', "".join(FIGURE.findall(text)))
    assert len(set(ids)) == len(ids)
    for figure in FIGURE.findall(text):
        without = re.sub(r'base64,[^"]*', "", figure)
        assert set(re.findall(r'(?:href="|url\()#([\w-]+)', without)) <= set(ids)


@every_chapter
def test_figures_are_in_the_page_with_their_words_and_weigh_little(chapter, text_of, built_book):
    text = text_of(chapter)
    source = (ROOT / f"chapters/{chapter}.md").read_text(encoding="utf-8")
    found = FIGURE.findall(text)
    cells = re.findall(r"^```\{code-cell\}.*?^```$", source, re.DOTALL | re.MULTILINE)
    assert len(found) == sum("name: fig-" in cell and "plt.show()" in cell for cell in cells) > 0
    for figure in found:
        assert len(re.search('aria-label="([^"]*)"', figure)[1]) > 40
        assert len(figure) < 100_000
        pictures = re.findall(r'base64,([^"]*)"', figure)
        assert all(len(base64.b64decode(picture)) < 30_000 for picture in pictures)
        assert figure.count('class="nn-light"') == figure.count('class="nn-dark"')
        assert "#ffffff" not in figure and "<style" not in figure
    assert not list(built_book.glob("_images/*.png"))


@every_chapter
def test_at_least_one_figure_answers(chapter, text_of):
    figures = FIGURE.findall(text_of(chapter))
    assert any("application/json" in figure for figure in figures)


@every_chapter
def test_no_white_in_the_dark_and_text_is_legible_on_a_phone(chapter, page):
    p = page(f"chapters/{chapter}.html", width=375, theme="dark", maths=False)
    ground = p.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == f"rgb{tuple(theme._channels(theme.GROUND))}"
    for figure in p.locator(".nn-figure svg").all():
        image = np.asarray(Image.open(io.BytesIO(figure.screenshot())).convert("RGB"), dtype=int)
        assert (image.min(axis=2) > 240).mean() < 0.02
        corners = image[[0, 0, -1, -1], [0, -1, 0, -1]]
        assert np.abs(corners - theme._channels(theme.GROUND)).max() < 40
    smallest = p.evaluate("""() => [...document.querySelectorAll(".nn-figure text")]
        .filter((text) => !text.querySelector("tspan"))
        .map((text) => parseFloat(getComputedStyle(text).fontSize)
                       * text.ownerSVGElement.getScreenCTM().a)""")
    assert min(smallest, default=9) >= 9
    weights = p.locator("figcaption .caption-text").evaluate_all(
        "all => all.map((text) => Number(getComputedStyle(text).fontWeight))")
    assert weights and min(weights) >= 400
    outside = p.evaluate("""() => [...document.querySelectorAll(".nn-figure text")]
    .filter((text) => {
        const inner = text.getBoundingClientRect();
        const outer = text.ownerSVGElement.getBoundingClientRect();
        return inner.left < outer.left - 1 || inner.right > outer.right + 1;
    }).map((text) => text.textContent)""")
    assert not outside


def said(figure):
    return figure.locator("output").inner_text()


def test_arrow_keys_read_the_data_from_the_disk(page):
    p = page("chapters/intro.html", over="file")
    figure = p.locator(".nn-figure:has(> script)").first
    panels = json.loads(figure.locator("> script").text_content())
    curve = panels[0]["series"][1]
    order = np.argsort(curve["x"])
    figure.focus()
    p.keyboard.press("ArrowDown")  # to the second curve
    p.keyboard.press("Home")
    for k in (0, 1, 2):
        words = said(figure)
        assert words.startswith(curve["name"])
        wanted = [curve[axis][order[k]] for axis in "xy"]
        got = [float(n.replace("−", "-")) for n in re.findall(r"(−?[\d.]+) (?:Å|eV)", words)]
        assert np.allclose(got, wanted, rtol=1e-3), (words, wanted)
        p.keyboard.press("ArrowRight")
    p.keyboard.press("Escape")
    assert "Tab" in said(figure) and not figure.locator(".nn-ring").count()
    assert figure.locator("output").get_attribute("aria-live") == "polite"


def test_pointer_finds_a_point_of_xor_on_both_sides_of_the_fold(page):
    p = page("chapters/feedforward.html")
    figure = p.locator("#fig-ff-spaces .nn-figure")
    panels = json.loads(figure.locator("> script").text_content())
    left, top, right, bottom = panels[0]["box"]
    (x0, x1), (y0, y1) = panels[0]["x"]["limits"], panels[0]["y"]["limits"]
    at = [left - x0 / (x1 - x0) * (right - left), bottom - (1 - y0) / (y1 - y0) * (bottom - top)]
    figure.scroll_into_view_if_needed()
    at_rest(p)
    place = figure.locator("svg").evaluate(
        "(svg, [x, y]) => { const p = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());"
        " return [p.x, p.y]; }", at)
    p.mouse.move(place[0] + 3, place[1] + 2)
    until(lambda: "class 1" in said(figure), p)
    assert said(figure) == "class 1: x₁ 0, x₂ 1; there h₁ 1, h₂ 0."
    assert figure.locator(".nn-ring:not(.nn-halo)").count() == 2
    ring = figure.locator(".nn-ring").first.bounding_box()
    assert abs(ring["x"] + ring["width"] / 2 - place[0]) < 1.5
    p.mouse.move(place[0], 5)
    until(lambda: "class 1" not in said(figure), p)


def test_small_numbers_are_read_as_powers_of_ten(page):
    p = page("chapters/rnn.html")
    figure = p.locator("#fig-rnn-radius .nn-figure")
    figure.focus()
    for key in ["ArrowUp", "End"]:  # the last curve is the one that vanishes
        p.keyboard.press(key)
    assert re.fullmatch(r"strong inputs, radius 0.8: steps back 50, "
                        r"length of the gradient [\d.]+ × 10⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]+\.", said(figure))


def test_arrow_keys_go_through_an_image_by_row_and_column(page):
    p = page("chapters/cnn.html")
    figure = p.locator("#fig-cnn-occlusion .nn-figure")
    (panel, *_) = json.loads(figure.locator("> script").text_content())
    figure.focus()
    for key in ["Home", "ArrowRight", "ArrowRight", "ArrowDown"]:
        p.keyboard.press(key)
    value = panel["series"][0]["z"][8 + 2]
    assert said(figure) == f"column 3, row 2: {value:g}."


def test_script_is_small_and_only_where_it_is_needed(built_book, text_of):
    assert (built_book / "_static/figures.js").stat().st_size < 8000
    assert "figures.js" in text_of("rnn")
    for name in ("glossary", "api"):
        assert "figures.js" not in text_of(name)


def test_without_javascript_figures_stand_in_the_light(page):
    p = page("chapters/rnn.html", javascript=False)
    figure = p.locator(".nn-figure").first
    assert figure.is_visible() and not figure.locator("output").count()
    assert figure.evaluate("figure => getComputedStyle(figure).fill") == "rgb(0, 0, 0)"
