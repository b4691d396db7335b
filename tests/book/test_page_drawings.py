"""The drawings of the chapters, as a reader sees them: readable, in light and dark, on a phone."""

import pytest
from opening import opener
from waiting import at_rest

from nnlib import drawings

CHAPTERS = {
    "intro": ["fig-intro-network"],
    "perceptron": ["fig-perceptron-neuron"],
    "activations": ["fig-activations-chain"],
    "backpropagation": ["fig-backprop-forward", "fig-backprop-backward"],
    "training": ["fig-training-adam"],
    "regularization": ["fig-regularization-dropout"],
    "cnn": ["fig-cnn-kernel", "fig-cnn-shapes"],
    "rnn": ["fig-rnn-unrolled", "fig-rnn-backward"],
    "lstm": ["fig-lstm-forget", "fig-lstm-input", "fig-lstm-state", "fig-lstm-output", "fig-gru"],
    "transformer": ["fig-transformer-attention", "fig-transformer-block"],
    "gnn": ["fig-gnn-round", "fig-gnn-twins"],
    "materials_graphs": ["fig-materials-graphs-cell"],
}

# For each drawing: the smallest text in px, the smallest contrast of a text and of a line, and the
# pairs of texts that overlap. A tinted shape lies behind the texts of its own color.
LOOK = """() => {
  const rgb = (color) => color.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const luminance = (c) => c.map((v) => linear(v / 255))
    .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
  const contrast = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const ground = (e) => {
    const color = getComputedStyle(e).backgroundColor;
    return color === "rgba(0, 0, 0, 0)" && e.parentElement ? ground(e.parentElement) : rgb(color);
  };
  return [...document.querySelectorAll("svg.nnlib-drawing")].map((svg) => {
    const behind = ground(svg);
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    const texts = [...svg.querySelectorAll("text")];
    const written = texts.flatMap((t) => [t, ...t.querySelectorAll("tspan")]);
    const size = Math.min(...written.map((t) => scale * parseFloat(getComputedStyle(t).fontSize)));
    const text = Math.min(...written.map((t) => {
      const color = rgb(getComputedStyle(t).fill);
      const tint = Number(getComputedStyle(t).getPropertyValue("--f"));
      return contrast(color, behind.map((v, k) => (1 - tint) * v + tint * color[k]));
    }));
    const lines = [...svg.querySelectorAll("path, rect, circle")]
      .map((e) => getComputedStyle(e).stroke).filter((stroke) => stroke !== "none");
    const line = Math.min(...lines.map((stroke) => contrast(rgb(stroke), behind)));
    const boxes = texts.map((t) => [t.textContent, t.getBoundingClientRect()]);
    const overlapping = boxes.flatMap(([a, p], k) => boxes.slice(k + 1).filter(([, q]) =>
      p.right > q.left + 1 && q.right > p.left + 1 && p.bottom > q.top + 5 && q.bottom > p.top + 5)
      .map(([b]) => `${a} and ${b}`));
    return { size, text, line, overlapping, wide: svg.getBoundingClientRect().width };
  });
}"""


@pytest.fixture(scope="module", params=[f"chapters/{name}.html" for name in CHAPTERS])
def chapter(request, browser):
    """The name of a chapter with drawings, and its page, opened once; formulas stay TeX."""
    with opener(browser, request) as open_page:
        name = request.param.removeprefix("chapters/").removesuffix(".html")
        yield name, open_page(request.param, maths=False)


def test_each_is_a_figure_with_a_caption_and_is_referred_to_before(chapter):
    name, p = chapter
    assert p.locator("svg.nnlib-drawing").count() == len(CHAPTERS[name])
    for label in CHAPTERS[name]:
        figure = p.locator(f"figure#{label}")
        svg = figure.locator("svg.nnlib-drawing[role=img]")
        assert len(svg.get_attribute("aria-label")) > 80
        assert figure.locator("figcaption .caption-text").inner_text().strip()
        before = p.evaluate("""label => {
            const link = document.querySelector(`main a[href="#${label}"]:not(.headerlink)`);
            const place = link?.compareDocumentPosition(document.getElementById(label));
            return Boolean(place & Node.DOCUMENT_POSITION_FOLLOWING);
        }""", label)
        assert before, f"refer to {label} before it"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 375])
def test_can_be_read(chapter, width, theme):
    name, p = chapter
    p.set_viewport_size({"width": width, "height": 900})
    p.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
    at_rest(p)
    seen = p.evaluate(LOOK)
    assert len(seen) == len(CHAPTERS[name])
    for drawing in seen:
        assert drawing["size"] >= 11
        assert drawing["text"] >= 4.5
        assert drawing["line"] >= 3
        assert not drawing["overlapping"]
        assert drawing["wide"] <= width


def test_prints_light_from_a_dark_page(page):
    p = page("chapters/lstm.html", theme="dark")
    first = p.locator("svg.nnlib-drawing .plain text, svg.nnlib-drawing .blue text").first
    color = "node => getComputedStyle(node).fill"
    assert first.evaluate(color) == "rgb(109, 182, 255)"
    p.emulate_media(media="print")
    assert first.evaluate(color) == "rgb(15, 98, 171)"


def test_needs_no_javascript(page):
    p = page("chapters/lstm.html", javascript=False)
    for svg in p.locator("svg.nnlib-drawing").all():
        assert svg.bounding_box()["width"] > 300


@pytest.mark.parametrize("opening, color", [
    ("<html><body>", "rgb(27, 33, 41)"),
    ('<html data-theme="light"><body>', "rgb(27, 33, 41)"),
    ('<html data-theme="dark"><body>', "rgb(232, 235, 239)"),
    ('<html><body data-jp-theme-light="false">', "rgb(232, 235, 239)"),  # JupyterLab
    ('<html theme="dark"><body>', "rgb(232, 235, 239)"),  # Colab
    ('<html><body class="vscode-dark">', "rgb(232, 235, 239)"),
])
def test_follows_the_program_that_shows_it(opening, color, page):
    p = page()
    p.set_content(f"<!doctype html>{opening}{drawings.lstm_cell()._repr_html_()}")
    found = p.locator("text").first.evaluate("node => getComputedStyle(node).fill")
    assert found == color
