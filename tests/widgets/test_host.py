"""host.js: widgets in a page that has no kernel."""

import json
import re
import sys
from pathlib import Path

import ipywidgets
import traitlets
from matplotlib.figure import Figure

from nnlib.widgets import BumpPlayground, PerceptronPlayground
from nnlib.widgets.base import VIEW_MIME, Widget

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "theme"))
from widget_state import VIEW, lean

COUNT = """
export default {
  initialize({ model }) { model.set("started", model.get("started") + 1); },
  render({ model, el }) {
    window.imported = (window.imported ?? 0) + 1;
    const button = document.createElement("button");
    const show = () => { button.textContent = `count is ${model.get("count")}`; };
    button.onclick = () => { model.set("count", model.get("count") + 1); model.save_changes(); };
    model.on("change:count", show);
    show();
    el.append(button);
  },
};
"""


class Counter(Widget):
    _esm = COUNT
    _css = "button { color: rgb(1, 2, 3); }"
    count = traitlets.Int(0).tag(sync=True)
    started = traitlets.Int(0).tag(sync=True)
    other = traitlets.Any().tag(sync=True, **ipywidgets.widget_serialization)
    blob = traitlets.Bytes(b"\x01\x02").tag(sync=True)

    def static_figure(self):
        return Figure(figsize=(2, 1)), "an empty picture", "Counts."


class Broken(Counter):
    _esm = "export default { render() { throw new Error('the reason'); } };"


def view(name):
    """The script tag on which the model of this name is to stand."""
    place = {"version_major": 2, "version_minor": 1, "model_id": name}
    return f'<script type="{VIEW_MIME}">{json.dumps(place)}</script>'


def models(page, expression):
    """Evaluate `expression` with `models` in it, the local models by id."""
    return page.evaluate(f"async () => {{ const models = await window.nnlibHost; {expression} }}")


def test_a_widget_is_live_and_its_picture_hidden_on_screen_but_kept_for_print(widget_page):
    page = widget_page(Counter(), still=True)
    button = page.locator("button")
    button.click()
    assert button.inner_text() == "count is 1"
    assert button.evaluate("b => getComputedStyle(b).color") == "rgb(1, 2, 3)"
    assert page.evaluate("performance.getEntriesByName('nnlib-widget-ready').length") == 1
    assert "nnlib-replaced" in page.locator("figure").get_attribute("class")
    assert not page.errors


def test_two_views_of_one_model_share_it_and_are_imported_once(widget_page):
    counter = Counter()
    page = widget_page(
        counter,
        counter,
        Counter(),
        head="<script>window.urls = 0;"
        "const make = URL.createObjectURL; URL.createObjectURL = (b) => { urls++; return make(b); };"
        "</script>",
    )
    buttons = page.locator("button")
    buttons.nth(0).click()
    assert buttons.all_inner_texts() == ["count is 1", "count is 1", "count is 0"]
    assert page.evaluate("urls") == 1
    assert models(page, f"return models['{counter.model_id}'].get('started');") == 1
    # One of the widget, one of link.js.
    assert page.evaluate("document.head.querySelectorAll('style').length") == 2


def test_a_module_of_ours_is_live_before_the_page_has_told_that_it_is_loaded(widget_page):
    """Without an import, which comes later by all that other scripts do meanwhile."""

    class Ours(Counter):
        _esm = (
            "export const one = 1;\nexport function next(k) { return k + one; }\n"
            "function render({ el }) { el.append(`next is ${next(1)}`); }\n"
            "export default { render };\n"
        )

    page = widget_page(Ours())
    assert page.locator(".nnlib-mount").inner_text() == "next is 2"
    ready, loaded = page.evaluate("""[
        performance.getEntriesByName("nnlib-widget-ready")[0].startTime,
        performance.getEntriesByType("navigation")[0].domContentLoadedEventStart]""")
    assert ready <= loaded
    assert not page.errors


def test_a_module_that_waits_is_imported(widget_page):
    class Waits(Counter):
        _esm = (
            "const word = await Promise.resolve('waited');\n"
            "function render({ el }) { el.append(word); }\n"
            "export default { render };\n"
        )

    page = widget_page(Waits())
    assert page.locator(".nnlib-mount").inner_text() == "waited"
    assert not page.errors


def test_loading_the_script_twice_mounts_once(widget_page):
    page = widget_page(
        Counter(),
        edit=lambda html: html.replace(
            "<script defer",
            html[html.index("<script defer") : html.index("</body>")] + "<script defer",
            1,
        ),
    )
    assert page.locator("script[defer]").count() == 4  # link.js and host.js
    assert page.locator("button").count() == 1


def test_references_and_buffers_arrive_as_models_and_bytes(widget_page):
    inner = Counter(count=7)
    outer = Counter(other=[inner])
    page = widget_page(outer)
    got = models(
        page,
        f"const m = models['{outer.model_id}'];"
        "return [m.get('other')[0].get('count'), m.get('blob').getUint8(1)];",
    )
    assert got == [7, 2]


def test_set_tells_only_of_changes_and_off_ends_it(widget_page):
    counter = Counter()
    page = widget_page(counter)
    got = models(
        page,
        f"""const m = models['{counter.model_id}']; const seen = [];
        const one = (model, value) => seen.push(value), any = () => seen.push("any");
        m.on("change:count", one); m.on("change", any);
        m.set("count", 5); m.set("count", 5); m.set({{ count: 6, started: 2 }});
        m.off("change:count", one); m.set("count", 8);
        return seen;""",
    )
    assert got == [5, "any", 6, "any", "any"]


def test_a_widget_that_fails_says_so_and_keeps_its_picture(widget_page):
    page = widget_page(Broken(), Counter(), still=True)
    assert "could not start (the reason)" in page.locator(".nnlib-message").inner_text()
    assert page.locator("figure").nth(0).is_visible()
    assert page.locator("button").inner_text() == "count is 0"  # the next one is not affected


def test_a_plain_control_says_that_it_needs_a_kernel(widget_page):
    link = '<a href="https://mybinder.org/v2/gh/someone/book/HEAD">Binder</a>'
    page = widget_page(
        ipywidgets.IntSlider(), edit=lambda html: html.replace("<main>", f"<main>{link}")
    )
    message = page.locator(".nnlib-message")
    assert "needs a running kernel" in message.inner_text()
    assert message.locator("a").get_attribute("href").startswith("https://mybinder.org/")


def test_a_box_shows_the_live_widgets_in_it(widget_page):
    page = widget_page(ipywidgets.VBox([ipywidgets.IntSlider(), Counter()]))
    assert page.locator("button").inner_text() == "count is 0"
    assert page.locator(".nnlib-message").count() == 1


def test_a_view_without_state_says_so(widget_page):
    counter = Counter()
    page = widget_page(
        counter,
        still=True,
        edit=lambda html: html.replace(f'"model_id": "{counter.model_id}"', '"model_id": "x"'),
    )
    assert "not in the page" in page.locator(".nnlib-message").inner_text()
    assert page.locator("figure").is_visible()


def test_without_javascript_and_in_print_the_picture_stands(widget_page):
    class Boxed(Counter):
        pass

    from nnlib.widgets.base import STATIC

    Boxed._css = (STATIC / "shared" / "widget.css").read_text()
    plain = widget_page(Boxed(), javascript=False)
    assert plain.locator("figure").is_visible()
    live = widget_page(Boxed(), still=True)
    assert not live.locator("figure").is_visible()
    live.emulate_media(media="print")
    assert live.locator("figure").is_visible() and not live.locator("button").is_visible()


def test_a_lean_page_holds_each_text_once_and_no_widget_that_is_not_shown(widget_page):
    """As the book's pages do: theme/widget_state.py reduces the state, host.js completes it."""
    inner = Counter(count=5)
    counters = [Counter(), Counter(other=inner)]
    lines = []

    def reduced(source):
        state = re.compile(
            r'(<script type="application/vnd.jupyter.widget-state\+json">)(.*?)</script>', re.DOTALL
        )
        full = state.search(source)[2]
        small, source = lean(full, VIEW.sub(without_hidden, source))
        lines.extend([full, small])
        return state.sub(lambda found: f"{found[1]}{small}</script>", source)

    def without_hidden(shown):
        return "" if hidden.model_id in shown[1] else shown[0]

    hidden = Counter(count=9)
    page = widget_page(*counters, hidden, edit=reduced)
    full, small = (json.loads(line) for line in lines)
    assert len(full["state"]) > len(small["state"])
    counts = {name: model["state"].get("count") for name, model in small["state"].items()}
    assert list(counts) == [f"model_{number}" for number in range(len(counts))]
    assert counts["model_0"] == counts["model_1"] == 0
    assert 5 in counts.values(), "a shown widget refers to it"
    assert 9 not in counts.values()
    assert lines[0].count("createElement") > 1
    assert lines[1].count("createElement") == 1
    assert "</" not in lines[1]
    button = page.locator("button").nth(1)
    button.click()
    assert button.inner_text() == "count is 1"
    assert button.evaluate("b => getComputedStyle(b).color") == "rgb(1, 2, 3)"


def test_a_single_widget_keeps_its_text():
    state = {"a": {"state": {"_esm": "x('</script>');", "_css": None}}, "b": {"state": {"_esm": "x"}}}
    small, page = lean(json.dumps({"state": state, "version_major": 2}), view("a"))
    kept = {"_esm": ["x('</script>');"], "_css": None}
    assert json.loads(small) == {
        "state": {"model_0": {"state": kept}}, "shared": [], "version_major": 2
    }
    assert page == view("model_0")


def test_a_page_holds_each_file_of_different_widgets_once_and_mounts_them_from_it(widget_page):
    sizes = []

    def reduced(source):
        state = re.compile(r'(widget-state\+json">)(.*?)(?=</script>)', re.DOTALL)
        full = state.search(source)[2]
        small, source = lean(full, source)
        sizes.extend([full.count("data-lm-suppress-shortcuts"), len(full)])
        sizes.extend([small.count("data-lm-suppress-shortcuts"), len(small)])
        assert "LayoutModel" in full and "LayoutModel" not in small
        return state.sub(lambda found: found[1] + small, source)

    made = [PerceptronPlayground(), BumpPlayground(), PerceptronPlayground(dataset="xor")]
    page = widget_page(*made, edit=reduced)
    times, full, once, small = sizes
    assert times == 3 and once == 1 and small < full / 2
    assert page.locator("[data-widget=perceptron]").count() == 2
    assert page.locator("[data-widget=bumps]").count() == 1
    said = page.locator("[data-widget=perceptron] output").all_inner_texts()
    assert said[0] != said[1], "each with its own data"
    assert not page.errors


def test_a_view_without_state_keeps_its_name():
    assert lean('{"state": {}}', view("gone"))[1] == view("gone")
