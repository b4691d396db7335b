"""What holds for every widget: the contract with readers, browsers and notebooks. New ones are included."""

import base64
import json
import re

import pytest
from accessibility import violations
from ipywidgets.embed import dependency_state
from looking import PICTURES, STATIC, picture, readout, settled, until

from nnlib import widgets

WIDGETS = [getattr(widgets, name) for name in widgets.__all__]
# What the reader can change and reach.
CONTROLS = ":is(input, select, button, summary):not(:disabled)"

PLAIN = ["play", "training", "data", "features", "layers", "weights", "output", "loss"]

pytestmark = pytest.mark.parametrize("widget", WIDGETS, ids=lambda w: w.__name__)


def test_its_parts_have_names(widget, widget_page):
    page = widget_page(widget())
    root = page.locator("section.nnlib-widget[data-widget]")
    assert root.count() == 1 and root.get_attribute("aria-label")
    assert root.locator("output[aria-live=polite]").count() == root.locator("output").count() == 1
    assert root.locator('button[data-control="reset"]').inner_text() == "Reset"
    pictures = root.locator("canvas, svg[role=img]").all()
    assert pictures
    for one in pictures:
        assert one.get_attribute("role") == "img"
        assert len(one.get_attribute("aria-label")) > 40
    nameless = root.locator("input, select, button").evaluate_all(
        """all => all.filter((c) => !(c.getAttribute("aria-label") ?? [...(c.labels ?? [])].map((l) => l.innerText).join("")
            + (c.matches("button") ? c.innerText : "")).trim()).map((c) => c.outerHTML)"""
    )
    assert nameless == []
    assert readout(page).strip()
    assert not page.errors
    assert not page.outside


def test_the_browser_restores_no_control_on_its_own(widget, widget_page):
    page = widget_page(widget())
    controls = page.locator(".nnlib-widget :is(input, select)")
    assert controls.count() > 1
    off = "all => all.map((one) => one.getAttribute('autocomplete'))"
    assert set(controls.evaluate_all(off)) == {"off"}


def test_a_slider_changes_picture_words_and_text_alternative(widget, widget_page):
    page = widget_page(widget())
    slider = page.locator("input[type=range]:not(:disabled)").first
    labels = "all => all.map((c) => c.getAttribute('aria-label'))"

    def seen():
        return (
            picture(page) + [page.locator("output").inner_text()],
            page.locator(PICTURES).evaluate_all(labels),
        )

    readout(page)
    before = seen()
    for _ in range(4):  # one step may be too small for the digits of the words
        slider.press("ArrowRight")
    until(lambda: seen()[0][-1] != before[0][-1] and seen()[1] != before[1], page)
    assert picture(page) != before[0][:-1]
    assert not page.errors


def backwards(value):
    """JSON with the keys of all objects in the reverse of alphabetical order."""
    if isinstance(value, dict):
        return {key: backwards(value[key]) for key in sorted(value, reverse=True)}
    return [backwards(entry) for entry in value] if isinstance(value, list) else value


def test_the_order_of_keys_says_nothing(widget, widget_page):
    """Jupyter sorts the keys of the state when it writes the notebook that the page is made of."""

    def turned(html):
        start = html.index('widget-state+json">') + len('widget-state+json">')
        state, end = json.JSONDecoder().raw_decode(html, start)
        return html[:start] + json.dumps(backwards(state)).replace("</", r"<\/") + html[end:]

    made, seen = widget(), []
    for edit in (None, turned):
        page = widget_page(made, edit=edit)
        words = readout(page)
        texts = page.locator(".nnlib-widget").inner_text()
        fields = page.locator(".nnlib-widget input").evaluate_all("all => all.map((one) => one.value)")
        seen.append((words, texts, fields, picture(page)))
    assert seen[0] == seen[1]


def test_tab_reaches_every_control(widget, widget_page):
    page = widget_page(widget())
    picture(page)
    # Of radio buttons Tab reaches the one that is checked, the arrow keys the others.
    stops = f"""[...document.querySelectorAll('.nnlib-widget {CONTROLS}:not([type=radio]:not(:checked))')]
        .filter((one) => one.checkVisibility())"""
    index = f"() => {stops}.indexOf(document.activeElement)"
    wanted = set(range(page.evaluate(f"{stops}.length")))
    reached = set()
    for _ in range(len(wanted) + 5):  # some regions that scroll have a stop too
        page.keyboard.press("Tab")
        reached.add(page.evaluate(index))
    assert reached >= wanted


@pytest.mark.parametrize(("theme", "width"), [("light", 1200), ("dark", 375)])
def test_axe_finds_nothing_and_it_fits(theme, width, widget, widget_page):
    page = widget_page(widget(), theme=theme, width=width)
    for summary in page.locator("summary").all():
        summary.click()
    page.locator("input[type=number]").first.press("e")  # which is no number, and so explained
    assert not violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.locator(f".nnlib-widget {CONTROLS}").evaluate_all(
        """all => all.map((c) => [c.outerHTML.slice(0, 80), (c.closest("label") ?? c).getBoundingClientRect()])
            .filter(([, box]) => box.width).filter(([, box]) => box.height < 24 || box.width < 24).map(([html]) => html)"""
    )
    assert small == []


# For each canvas: what a finger drags or draws on, of 25 places; and what else a finger may do.
SWIPES = """() => [...document.querySelectorAll("canvas")].filter((c) => c.clientWidth).map((canvas) => {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const parts = [0.1, 0.3, 0.5, 0.7, 0.9];
  const held = parts.flatMap((u) => parts.map((v) => {
    const touch = new Touch({ identifier: 0, target: canvas, clientX: left + u * width, clientY: top + v * height });
    return !canvas.dispatchEvent(new TouchEvent("touchstart", { cancelable: true, touches: [touch] }));
  }));
  const { touchAction, cursor } = getComputedStyle(canvas);
  return [held.filter(Boolean).length, touchAction, cursor];
})"""


def test_a_finger_finds_every_control_and_scrolls_over_the_pictures(widget, widget_page):
    page = widget_page(widget(), width=375, touch=True)
    assert page.evaluate("matchMedia('(pointer: coarse)').matches")
    for held, action, cursor in page.evaluate(SWIPES):
        assert held <= 12 or cursor == "crosshair", "a pad for drawing"
        assert action in ("auto", "manipulation") or action.startswith("pan-y")
    for summary in page.locator("summary").all():
        summary.click()
    exempt = ":not(.nn-grid *, [type=range])"  # no room; its number field is large
    boxes = page.locator(f".nnlib-widget {CONTROLS}{exempt}").evaluate_all(
        """all => all.map((c) => [c.outerHTML.slice(0, 80), (c.closest("label") ?? c).getBoundingClientRect()])"""
    )
    assert [html for html, box in boxes if box["width"] and min(box["height"], box["width"]) < 44] == []
    cut = page.locator(".nnlib-widget :is(button, select)").evaluate_all(
        """all => all.filter((c) => c.matches("button") && c.scrollWidth > c.clientWidth ||
            c.scrollHeight > c.clientHeight + 1).map((c) => c.outerHTML.slice(0, 80))"""
    )
    assert cut == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


# Groups of controls with more than 40 px of nothing above them.
HOLES = """root => {
  const parts = [...root.querySelectorAll("canvas, svg[role=img], input, select, button, fieldset, output, table, summary, .nn-note")]
    .map((node) => [node, node.getBoundingClientRect()]).filter(([, box]) => box.width);
  return [...root.querySelectorAll("fieldset")].filter((group) => {
    const { left, right, top } = group.getBoundingClientRect();
    const above = parts.filter(([, box]) => box.left < right && box.right > left && box.bottom <= top);
    return top - Math.max(...above.map(([, box]) => box.bottom)) > 40 && above.length;
  }).map((group) => group.innerText);
}"""


def test_no_hole_between_groups_of_controls(widget, widget_page):
    page = widget_page(widget(), width=823)  # what a page of the book has for it on a large screen
    for width in [823, 768, 375]:
        page.set_viewport_size({"width": width, "height": 900})
        picture(page)
        assert page.locator(".nnlib-widget").evaluate(HOLES) == []


def test_it_follows_the_theme(widget, widget_page):
    page = widget_page(widget())
    root = page.locator(".nnlib-widget")
    light = picture(page)
    background = "root => getComputedStyle(root).backgroundColor"

    def is_dark(switched):
        until(lambda: root.get_attribute("data-theme") == ("dark" if switched else "light"), page)
        assert (picture(page) == light) == (not switched)
        shade = json.loads(root.evaluate(background).replace("rgb(", "[").replace(")", "]"))
        assert (sum(shade) < 200) == switched

    for switch, dark in [
        ("document.documentElement.dataset.theme = 'dark'", True),  # the book
        ("document.documentElement.dataset.theme = 'light'", False),
        ("delete document.documentElement.dataset.theme", False),
        ("document.body.dataset.jpThemeLight = 'false'", True),  # JupyterLab
        ("document.body.dataset.jpThemeLight = 'true'", False),
    ]:
        page.evaluate(switch)
        is_dark(dark)
    page.evaluate("delete document.body.dataset.jpThemeLight")
    page.emulate_media(color_scheme="dark")
    is_dark(True)


# Counts what is listened to and observed, and makes a view of its own on the host's model.
COUNT = """window.live = 0;
  for (const target of [window, document, MediaQueryList.prototype]) {
    const { addEventListener: add, removeEventListener: remove } = target;
    target.addEventListener = function (...a) { live++; return add.apply(this, a); };
    target.removeEventListener = function (...a) { live--; return remove.apply(this, a); };
  }
  for (const name of ["MutationObserver", "ResizeObserver", "IntersectionObserver"]) {
    const Original = window[name];
    window[name] = class extends Original {
      constructor(...a) { super(...a); live++; }
      disconnect() { super.disconnect(); live--; }
    };
  }"""
VIEW_AND_REMOVE = """async () => {
  const { model } = shown;
  const heard = new Set();
  const { on, off } = model;
  model.on = (event, handler) => { heard.add(handler); on(event, handler); };
  model.off = (event, handler) => { heard.delete(handler); off(event, handler); };
  const before = live;
  const view = await newView();
  for (const name of ["play", "run"]) view.el.querySelector(`[data-control="${name}"]`)?.click();
  await new Promise((done) => setTimeout(done, 100));
  const during = [live - before, heard.size, view.el.children.length];
  view.remove();
  return [during, [live - before, heard.size, view.el.children.length]];
}"""


def test_cleanup_undoes_everything(widget, widget_page):
    page = widget_page(widget(), head=f"<script>{COUNT}</script>")
    during, after = page.evaluate(VIEW_AND_REMOVE)
    assert min(during) > 0
    assert after == [0, 0, 0]
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    picture(page)
    assert not page.errors


def test_without_javascript_and_in_print_a_picture_stands(widget, widget_page):
    made = widget()
    html = made._repr_mimebundle_()[0]["text/html"]
    image = re.search(r'src="(data:image/png;base64,([^"]+))" alt="([^"]{60,})"', html)
    assert base64.b64decode(image[2]).startswith(b"\x89PNG")
    assert len(image[1]) < 40_000
    plain = widget_page(made, javascript=False)
    assert plain.locator(".nnlib-static img").is_visible()
    assert plain.locator(".nnlib-static figcaption").inner_text().endswith(".")
    live = widget_page(made, still=True)
    assert not live.locator(".nnlib-static").is_visible()
    live.emulate_media(media="print")
    assert live.locator(".nnlib-static img").is_visible()
    assert not live.locator(".nnlib-widget").is_visible()


def test_two_in_a_page_do_not_meet(widget, widget_page):
    page = widget_page(widget(), widget())
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((node) => node.id)")
    assert len(ids) == len(set(ids)) > 4
    first, second = (page.locator(".nnlib-widget").nth(k) for k in (0, 1))
    settled(page)
    words = second.locator("output").inner_text()
    before = first.locator("output").inner_text()
    for _ in range(4):
        first.locator("input[type=range]:not(:disabled)").first.press("ArrowRight")
    until(lambda: first.locator("output").inner_text() != before, page)
    assert second.locator("output").inner_text() == words


def test_a_page_carries_little(widget):
    # With all its controls it has a page of its own.
    settings = {"controls": PLAIN} if widget is widgets.NetworkPlayground else {}
    state = json.dumps(dependency_state([widget(**settings)], drop_defaults=False))
    scripts = sum((STATIC / name).stat().st_size for name in ("host.js", "link.js"))
    assert len(state) + scripts < 148_500  # of 300 kB for a page
