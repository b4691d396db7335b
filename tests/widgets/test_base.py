"""How a widget's JavaScript is made of several modules, and what its HTML holds."""

import base64
import re
import subprocess
import sys
import threading

import ipywidgets
import pytest
import traitlets
from looking import module
from matplotlib.figure import Figure

from nnlib.widgets import NetworkPlayground
from nnlib.widgets.base import Widget, compose
from nnlib.widgets.traits import InvalidValue


def write(folder, **modules):
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")


RENDER = "export default { render() {} };\n"


def run(page, source):
    """Import a composed module in the browser and return what its render gives."""
    return page.evaluate("({ default: widget }) => widget.render()", module(page, source))


def test_modules_with_the_same_names_inside_do_not_collide(tmp_path, page):
    write(
        tmp_path,
        one="// says one\nconst secret = 1;\nexport function value() { return secret; }\n",
        two='import { value as first } from "./one.js";\n'
        "const secret = 20;\nexport const value = () => secret + first();\n",
        widget='import { value } from "./two.js";\nimport {\n  value as first,\n} from "./one.js";\n'
        "const secret = 300;\n"
        "export default { render() { return [secret, value(), first()]; } };\n",
    )
    source = compose(tmp_path / "widget.js")
    assert run(page(), source) == [300, 21, 1]
    assert source.count("const secret = 1;") == 1
    assert "says one" not in source


def test_a_module_that_was_edited_is_composed_anew(tmp_path):
    write(tmp_path, widget="const first = 1;\n" + RENDER)
    compose(tmp_path / "widget.js")
    write(tmp_path, widget="const second = 2;\n" + RENDER)
    assert "second" in compose(tmp_path / "widget.js")


@pytest.mark.parametrize(
    "modules, message",
    [
        ({"widget": 'import { a } from "./one.js";\n' + RENDER}, "no JavaScript module one.js"),
        (
            {"one": "export const b = 1;\n", "widget": 'import { a } from "./one.js";\n' + RENDER},
            "widget.js imports a from one.js, which exports b",
        ),
        (
            {
                "one": 'import { b } from "./two.js";\nexport const a = 1;\n',
                "two": 'import { a } from "./one.js";\nexport const b = 1;\n',
                "widget": 'import { a } from "./one.js";\n' + RENDER,
            },
            "cycle: one.js -> two.js -> one.js",
        ),
        (
            {"widget": 'import { w } from "./widget.js";\n' + RENDER},
            "cycle: widget.js -> widget.js",
        ),
        ({"widget": 'import * as a from "./one.js";\n' + RENDER}, "expected imports of the form"),
        ({"widget": 'import a from "https://x.org/a.js";\n' + RENDER}, "expected imports of the"),
        (
            {"one": "export { a };\n", "widget": 'import { a } from "./one.js";\n' + RENDER},
            "one.js: expected exports of the form",
        ),
        ({"widget": "const render = 1;\n"}, "widget.js: expected an export default"),
    ],
)
def test_what_cannot_be_composed_is_refused_in_words(tmp_path, modules, message):
    write(tmp_path, **modules)
    with pytest.raises(ValueError, match=re.escape(message)):
        compose(tmp_path / "widget.js")


class Counter(Widget):
    count = traitlets.Int(3).tag(sync=True)

    def static_figure(self):
        figure = Figure(figsize=(3, 2))
        figure.subplots().plot([1, self.count])
        return figure, 'a line "up" & <on>', "Counting <up>."


def test_the_html_holds_the_picture_its_words_and_the_view():
    counter = Counter()
    data, _ = counter._repr_mimebundle_()
    view = data["application/vnd.jupyter.widget-view+json"]
    html = data["text/html"]
    assert view["model_id"] == counter.model_id and counter.model_id in html
    assert 'alt="a line &quot;up&quot; &amp; &lt;on&gt;"' in html
    assert "<figcaption>Counting &lt;up&gt;.</figcaption>" in html
    picture = base64.b64decode(re.search(r'src="data:image/png;base64,([^"]+)"', html).group(1))
    assert picture.startswith(b"\x89PNG")


@pytest.mark.parametrize("show", [
    lambda counter: counter._repr_mimebundle_(),
    lambda counter: ipywidgets.VBox([counter]).get_state(),
])
def test_the_page_has_no_model_of_a_widget_that_is_not_shown(show):
    counter = Counter()
    counter.count = 4
    assert counter.comm is None
    show(counter)
    assert counter.comm is not None
    assert counter.model_id == counter.comm.comm_id


def test_the_same_widget_makes_the_same_picture():
    pictures = {Counter()._repr_mimebundle_()[0]["text/html"].split('"')[5] for _ in range(2)}
    assert len(pictures) == 1


def test_without_matplotlib_the_live_view_is_left(monkeypatch):
    def static_figure(self):
        raise ImportError("No module named 'matplotlib'")

    monkeypatch.setattr(Counter, "static_figure", static_figure)
    data, _ = Counter()._repr_mimebundle_()
    assert "text/html" not in data
    assert "application/vnd.jupyter.widget-view+json" in data


def test_what_the_page_says_meanwhile_waits_for_what_python_sets_at_once():
    playground = NetworkPlayground()
    weights = playground.weights
    page = threading.Thread(target=playground.set_state, args=({"epoch": 9, "seed": 3},))
    with playground._at_once():
        page.start()
        page.join(0.3)
        assert page.is_alive() and playground.epoch == 0
        playground.noise = 1
    page.join()
    assert playground.seed == 3 and playground.weights != weights


def test_a_rejected_value_leaves_all_that_were_assigned_with_it():
    class Pair(traitlets.HasTraits):
        a = traitlets.Int(1)
        b = traitlets.Int(1)

        @traitlets.validate("b")
        def _check(self, proposal):
            if proposal.value < 0:
                raise InvalidValue("b: expected 0 or more")
            return proposal.value

    pair = Pair()
    with pytest.raises(ValueError, match="b: expected"), pair.hold_trait_notifications():
        pair.a, pair.b = 2, -2
    assert (pair.a, pair.b) == (1, 1)


def test_widgets_leave_the_import_of_nnlib_light():
    code = "import sys, nnlib; print([m for m in ('anywidget', 'matplotlib') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
