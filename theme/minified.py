"""A Sphinx extension that sends a page our JavaScript and CSS without comments and spare blanks.

No name and no order changes. The scripts are formatted as `make lint` wants them, with a semicolon
behind each statement, so that no line break means anything. Whoever wants to read them finds them
in the repository.
"""

import functools
import re
from pathlib import Path

from sphinx.errors import ExtensionError

SPACE = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
PATTERN = re.compile(r"/(?:\\.|\[(?:\\.|[^]\\\n])*\]|[^[/\\\n])+/\w*")  # a regular expression
TEXT = re.compile(r"""(["'])(?:\\.|(?!\1)[^\\\n])*\1""", re.DOTALL)
TEMPLATE = re.compile(r"[`}](?:\\.|\$(?!\{)|[^\\`$])*(?:`|\$\{)", re.DOTALL)  # up to a value
TOKEN = re.compile(r"[\w$#]+|[^\"'`]")
VALUE = re.compile(r"""[\w$)\]}"'`]$(?<!\breturn)(?<!\btypeof)""")  # after it, / divides
GAP = r"(?:\s|/\*.*?\*/)"
STYLE = re.compile(rf"""("[^"]*"|'[^']*')|{GAP}*([{{}};,]|:(?=\s)){GAP}*|{GAP}+""", re.DOTALL)


@functools.cache
def minified(script):
    """The JavaScript `script` without comments, and with blanks only where two tokens need one."""
    parts, text = [], ""
    braces = []  # the open ones: "{", or "${" in a template
    place = 0
    while place < len(script):
        space = SPACE.match(script, place)
        if space:
            place = space.end()
            between = text[-1:] + script[place:place + 1]
            if re.fullmatch(r"[\w$#]{2}|\+\+|--|//", between):
                parts.append(" ")
            continue
        kind = TOKEN
        if script[place] in "\"'":
            kind = TEXT
        elif script[place] == "`" or (script[place] == "}" and braces[-1:] == ["${"]):
            kind = TEMPLATE
        elif script[place] == "/" and not VALUE.search(text):
            kind = PATTERN
        token = kind.match(script, place)
        if not token:
            line = script.count("\n", 0, place) + 1
            raise ExtensionError(f"expected JavaScript, got {script[place:place + 20]!r} in line "
                                 f"{line} of {script[:60]!r}")
        text = token[0]
        if text.startswith("}"):
            braces[-1:] = []
        if text.endswith("{"):
            braces.append(text[-2:] if kind is TEMPLATE else "{")
        parts.append(text)
        place = token.end()
    return "".join(parts)


def minified_css(sheet):
    """The style sheet without comments, and without blanks beside its signs."""
    return STYLE.sub(lambda found: found[1] or found[2] or " ", sheet).strip()


def shorten(app, exception):
    if exception or app.builder.name != "html":
        return
    for folder in app.config.html_static_path:
        for script in (Path(app.confdir) / folder).glob("*.js"):
            path = app.outdir / "_static" / script.name  # where Sphinx has copied it
            path.write_text(minified(path.read_text(encoding="utf-8")), encoding="utf-8")


def setup(app):
    app.connect("build-finished", shorten, priority=700)  # before page_styles looks for their words
    return {"parallel_read_safe": True, "parallel_write_safe": True}
