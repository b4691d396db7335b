"""A page with widgets in it and no book around them, for tests in a real browser.

    p = widget_page(PerceptronPlayground(), PerceptronPlayground(dataset="octet"), width=375)
    w1 = p.locator('[data-control="w1"] input[type=range]')

The page is what the book makes of the widgets: their HTML, their state and host.js. It is opened
from the disk, and is Playwright's Page with the lists of tests/conftest.py.
"""

import json
from pathlib import Path

import pytest
from ipywidgets.embed import embed_data

STATIC = Path(__file__).resolve().parents[2] / "nnlib" / "widgets" / "static"


def page_source(*widgets, state=None, head=""):
    state = state or embed_data(list(widgets), drop_defaults=False)["manager_state"]
    bodies = [widget._repr_mimebundle_()[0]["text/html"] for widget in widgets]
    text = json.dumps(state).replace("</", r"<\/")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Widgets</title>{head}</head><body><main><h1>Widgets</h1>{''.join(bodies)}</main>"
        f'<script type="application/vnd.jupyter.widget-state+json">{text}</script>'
        f'<script defer src="{(STATIC / "host.js").as_uri()}"></script></body></html>'
    )


@pytest.fixture
def widget_page(page, tmp_path):
    def open_page(*widgets, source=None, **options):
        file = tmp_path / f"page{len(list(tmp_path.iterdir()))}.html"
        file.write_text(source or page_source(*widgets), encoding="utf-8")
        opened = page(file.as_uri(), **options)
        if options.get("javascript", True):
            opened.evaluate("() => window.nnlibHost")
        return opened

    return open_page
