"""A Sphinx extension that keeps a page's widget state small, and the same in every build.

A notebook holds the state of every widget that its cells made, shown or not, with what only a
notebook reads, and in each the whole JavaScript of its kind. A page needs the state of the widgets
it shows, and each file of JavaScript or CSS once and minified. Here the rest is dropped, and a file
that several widgets have moves to a list of shared ones; host.js puts it back. The names of the
models, random in a notebook, become their numbers on the page.
"""

import json
import re
from collections import Counter

from ipywidgets import DOMWidget
from minified import minified, minified_css

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = re.compile(r'<script type="application/vnd\.jupyter\.widget-view\+json">(.*?)</script>',
                  re.DOTALL)
REFERENCE = re.compile(r"IPY_MODEL_(\w+)")
BETWEEN_FILES = "\n\n"  # as nnlib/widgets/base.py puts them together
NOTEBOOK = set(DOMWidget.class_trait_names(sync=True))  # layout, tooltip, the class to load, ...


def lean(text, page):
    """(the state as JSON, the page), with the models that the page shows or that those refer to."""
    saved = json.loads(text)
    models, keep = saved["state"], {}
    waiting = [json.loads(view)["model_id"] for view in VIEW.findall(page)]
    while waiting:
        name = waiting.pop(0)
        if name in models and name not in keep:
            model = models[name]
            state = {key: value for key, value in model["state"].items() if key not in NOTEBOOK}
            keep[name] = {"state": state}
            if "buffers" in model:
                keep[name]["buffers"] = model["buffers"]
            waiting += REFERENCE.findall(json.dumps(state))
    files = [(state, key, [shorten(file) for file in state[key].split(BETWEEN_FILES)])
             for state in (model["state"] for model in keep.values())
             for key, shorten in [("_esm", minified), ("_css", minified_css)]
             if isinstance(state.get(key), str)]
    uses = Counter(file for *_, parts in files for file in parts)
    shared = [file for file, count in uses.items() if count > 1]
    places = {file: place for place, file in enumerate(shared)}
    for state, key, parts in files:
        state[key] = [places.get(file, file) for file in parts]

    names = {name: f"model_{number}" for number, name in enumerate(keep)}

    def rename(view):
        model = json.loads(view[1])
        model["model_id"] = names.get(model["model_id"], model["model_id"])
        return view[0].replace(view[1], json.dumps(model))

    state = {names[name]: model for name, model in keep.items()}
    text = json.dumps({**saved, "state": state, "shared": shared}, ensure_ascii=False,
                      separators=(",", ":"))
    text = REFERENCE.sub(lambda found: "IPY_MODEL_" + names.get(found[1], found[1]), text)
    return text.replace("</", r"<\/"), VIEW.sub(rename, page)  # nothing may end the script tag


def reduce_state(app, pagename, templatename, context, doctree):
    for script in context.get("script_files", ()):
        attributes = getattr(script, "attributes", {})
        if attributes.get("type") == STATE:
            attributes["body"], context["body"] = lean(attributes["body"], context["body"])


def setup(app):
    app.connect("html-page-context", reduce_state, priority=900)  # after myst-nb has put it there
    return {"parallel_read_safe": True, "parallel_write_safe": True}
