"""A Sphinx extension that keeps a page's widget state small.

A notebook holds the state of every widget that its cells made, shown or not, and in each the whole
JavaScript of its kind. A page needs the state of the widgets it shows, and each text once. Here the
others are dropped, and a text that several widgets have moves to a list of shared ones; host.js
puts it back.
"""

import json
import re
from collections import Counter

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = re.compile(r'<script type="application/vnd\.jupyter\.widget-view\+json">(.*?)</script>',
                  re.DOTALL)
REFERENCE = re.compile(r"IPY_MODEL_(\w+)")


def lean(text, shown):
    """The state as JSON, reduced to the models with these ids and those that they refer to."""
    saved = json.loads(text)
    models, keep, waiting = saved["state"], {}, sorted(shown)
    while waiting:
        name = waiting.pop()
        if name in models and name not in keep:
            keep[name] = models[name]
            waiting += REFERENCE.findall(json.dumps(models[name]["state"]))
    places = [(model["state"], key) for model in keep.values() for key in ("_esm", "_css")]
    places = [(state, key) for state, key in places if isinstance(state.get(key), str)]
    uses = Counter(state[key] for state, key in places)
    shared = [text for text, count in uses.items() if count > 1]
    for state, key in places:
        if state[key] in shared:
            state[key] = {"shared": shared.index(state[key])}
    text = json.dumps({**saved, "state": keep, "shared": shared}, separators=(",", ":"))
    return text.replace("</", r"<\/")  # nothing in it may end the script tag


def reduce_state(app, pagename, templatename, context, doctree):
    shown = {json.loads(view)["model_id"] for view in VIEW.findall(context.get("body") or "")}
    for script in context.get("script_files", ()):
        attributes = getattr(script, "attributes", {})
        if attributes.get("type") == STATE:
            attributes["body"] = lean(attributes["body"], shown)


def setup(app):
    app.connect("html-page-context", reduce_state, priority=900)  # after myst-nb has put it there
    return {"parallel_read_safe": True, "parallel_write_safe": True}
