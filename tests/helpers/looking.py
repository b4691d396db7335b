"""What the widget tests do and see in a page, the same for all widgets.

A widget draws in the next frame and speaks a little later. So what a test does is followed by
`until` or `said`, or by `picture` or `readout`, which look once the page has caught up.
"""

import json
import re
from pathlib import Path

from waiting import FRAMES
from waiting import until as until

STATIC = Path(__file__).resolve().parents[2] / "nnlib" / "widgets" / "static"

# Room for ticks and labels around a plot: {"left": pixels, ...}, as the page has it.
_PLOT = (STATIC / "shared" / "plot.js").read_text(encoding="utf-8")
_LINE = re.search(r"MARGINS = \{(.*?)\}", _PLOT)[1]
MARGINS = {name: int(size) for name, size in re.findall(r"(\w+): (\d+)", _LINE)}


PICTURES = "canvas, .nnlib-widget svg[role=img]"
IN_ORDER = ("composition", "_crystals", "_datasets", "_pictures")  # dicts that travel as pairs


def without_code(source):
    """A page's source without the code and styles in its state, which have words of their own."""
    found = re.search(r'widget-state\+json">(.*?)</script>', source, re.DOTALL)[1]
    state = json.loads(found)
    for model in state["state"].values():
        for part in ("_esm", "_css"):
            model["state"].pop(part, None)
    return source.replace(found, json.dumps(state, ensure_ascii=False))


def control(page, name, kind=None):
    """The button of that name, or the (first) input or select inside the control of that name."""
    if kind:
        return page.locator(f'[data-control="{name}"] :is({kind})').first
    return page.locator(
        f'button[data-control="{name}"], [data-control="{name}"] :is(input, select)'
    ).first


def press(page, name):
    page.locator(f'button[data-control="{name}"]').click()


def set_number(page, name, value):
    field = control(page, name, "input[type=number]")
    field.fill(str(value))
    field.press("Enter")


def trait(page, name):
    """A trait of the (first) widget's model, as Python would get it."""
    value = page.evaluate("name => shown.model.get(name)", name)
    return dict(value) if name in IN_ORDER else value


# Timers of a page run in the order in which they are due, however late. So one that is set now and
# due after the longest delay in static/ (300 ms, of the readout) ends after all that are pending.
# A widget that says that it is still measuring has more to say.
CATCH_UP = f"""async (milliseconds) => {{
  {FRAMES}
  if (!milliseconds) return;
  const said = () => [...document.querySelectorAll("output")].map((one) => one.textContent).join();
  do await new Promise((done) => setTimeout(done, milliseconds));
  while (said().includes("measuring"));
}}"""


def module(page, source):
    """A JavaScript module for `page.evaluate` to take: a file of static by its name, or a text."""
    if source.endswith(".js"):
        source = (STATIC / source).read_text(encoding="utf-8")
    return page.evaluate_handle("""(source) =>
        import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })))""", source)


def settled(page):
    """Wait until the pending frame is drawn, and the readout and the traits have caught up."""
    page.evaluate(CATCH_UP, 320)


def picture(page, *which):
    """What the pictures show once the pending frame is drawn: a list, of all or of `which`."""
    page.evaluate(CATCH_UP, 0)
    pictures = page.locator(PICTURES).evaluate_all(
        "all => all.map((one) => one.matches('canvas') ? one.toDataURL() : one.outerHTML)")
    return [pictures[k] for k in which] if which else pictures


def readout(page):
    """The readout, which is written at most three times a second, once it has caught up."""
    settled(page)
    return page.locator("output").inner_text()


def said(page, text):
    """Wait until the readout says `text`."""
    page.locator("output").get_by_text(text).wait_for()


def each_changes(page, steps):
    """Do each (name, action), and find other words and another picture after it."""
    words, drawn = readout(page), picture(page)
    for name, act in steps:
        act()
        now = readout(page), picture(page)
        assert now[0] != words and now[1] != drawn, name
        words, drawn = now
    assert not page.errors


def place(page, x, y):
    """Where in the page a plot has fractions of its area: x from the left, y from below."""
    box = page.locator("canvas").bounding_box()
    width = box["width"] - MARGINS["left"] - MARGINS["right"]
    height = box["height"] - MARGINS["top"] - MARGINS["bottom"]
    return (
        box["x"] + MARGINS["left"] + x * width,
        box["y"] + MARGINS["top"] + (1 - y) * height,
    )
