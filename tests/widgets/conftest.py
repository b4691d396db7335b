"""A page with widgets in it and no book around them, for tests in a real browser.

    p = widget_page(PerceptronPlayground(), PerceptronPlayground(dataset="octet"), width=375)
    w1 = p.locator('[data-control="w1"] input[type=range]')

The page is what the book makes of the widgets: their HTML, their state and host.js. It is opened
from the disk, and is Playwright's Page with the lists of tests/conftest.py. In it, `shown.model` is
host.js's model of the first widget, `await shown.load()` its module, loaded once more, and
`await newView()` shows it once more: { el, remove }.
"""

import json

import pytest
from ipywidgets.embed import dependency_state, embed_data
from looking import STATIC

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"

SHOW = """async (id) => {
  const model = (await window.nnlibHost)[id];
  const load = () => import(URL.createObjectURL(new Blob([model.get("_esm")], { type: "text/javascript" })));
  window.shown = { model, load };
  window.newView = async () => {
    const { default: widget } = await load();
    const el = document.querySelector("main").appendChild(document.createElement("div"));
    return { el, remove: await widget.render({ model, el }) };
  };
}"""


def script(mime, data):
    text = json.dumps(data, sort_keys=True).replace("</", r"<\/")  # as Jupyter writes a notebook
    return f'<script type="{mime}">{text}</script>'


def body(widget, still):
    """What stands in a page for a widget: its static picture, which takes long to make, if asked."""
    if not still:
        about = {"version_major": 2, "version_minor": 1, "model_id": widget.model_id}
        return script(VIEW, about)
    bundle = widget._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    return data.get("text/html") or script(VIEW, data[VIEW])


def page_source(*widgets, head="", still=False):
    bodies = [body(widget, still) for widget in widgets]
    # These widgets alone: embed_data by itself takes every widget that this process has made.
    needed = dependency_state(list(widgets), drop_defaults=False)
    state = embed_data(list(widgets), state=needed)["manager_state"]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Widgets</title>{head}</head><body><main><h1>Widgets</h1>{''.join(bodies)}</main>"
        f"{script(STATE, state)}"
        f'<script defer src="{(STATIC / "link.js").as_uri()}"></script>'
        f'<script defer src="{(STATIC / "host.js").as_uri()}"></script></body></html>'
    )


@pytest.fixture
def widget_page(page, tmp_path):
    """A function that shows widgets in a browser.

    (*widgets, head="", edit=None, still=False, **page options): `edit` may change the page's source
    before it is opened, `still` puts the static pictures in.
    """

    def open_page(*widgets, head="", edit=None, still=False, **options):
        still = still or not options.get("javascript", True)
        source = page_source(*widgets, head=head, still=still)
        if edit:
            source = edit(source)
        file = tmp_path / f"page{len(list(tmp_path.iterdir()))}.html"
        file.write_text(source, encoding="utf-8")
        opened = page(file.as_uri(), **options)
        if options.get("javascript", True):
            opened.evaluate(SHOW, widgets[0].model_id)
        return opened

    return open_page
