"""A Sphinx extension that lets no script stand between a reader and a page's widgets.

The theme and the extensions load all their scripts on each page, and most of them while its text
waits. Here a page has the scripts that it uses, and they run once its text is there: first the
widgets' host, and last maths.js, which loads MathJax once the widgets stand.
"""

import re

# How a script's name or text begins, and what it is for; it stays away from pages without that.
TOGGLE = r'class="[^"]*\b(toggle|dropdown)\b'
MATHS = r'class="[^"]*\bmath\b'
USES = {
    "link.js": "widget-view",
    "host.js": "widget-view",
    "clipboard.min.js": r'class="highlight',
    "copybutton.js": r'class="highlight',
    "design-tabs.js": r"sd-tab-set",
    "togglebutton.js": TOGGLE,
    "let toggle": TOGGLE,
    "var toggle": TOGGLE,
    "maths.js": MATHS,
    "window.MathJax": MATHS,
    "mathjax/": None,  # maths.js loads it
    "DOCUMENTATION_OPTIONS.pagename": None,  # for the theme's menu of versions
}
ORDER = {"link.js": 0, "host.js": 1, "maths.js": 1000}  # the rest stands between
EAGER = "search"  # the scripts of this page expect that others have run


def name_of(script):
    """The file's name, or the text of a script without a file."""
    name = script.filename or script.attributes.get("body", "")
    return name.removeprefix("_static/")


def is_used(script, body):
    name = name_of(script)
    for beginning, use in USES.items():
        if name.startswith(beginning):
            return use is not None and re.search(use, body)
    return True


def deferred(script):
    """This script as one that runs after the page's text has arrived; Sphinx sorts by priority."""
    priority = ORDER.get(name_of(script), script.priority)
    return type(script)(script.filename, priority=priority,
                        **{**script.attributes, "defer": "defer"})


def choose(app, pagename, templatename, context, doctree):
    body = context.get("body", "")
    scripts = []
    for script in context["script_files"]:
        if script.filename and pagename != EAGER:
            script = deferred(script)
        if script not in scripts and is_used(script, body):
            scripts.append(script)
    context["script_files"] = scripts


def setup(app):
    app.connect("html-page-context", choose, priority=950)  # after everybody has added theirs
    return {"parallel_read_safe": True, "parallel_write_safe": True}
