"""A Sphinx extension that gives all pages one style sheet, with the rules that they can use.

The theme and the other extensions bring twelve style sheets of 0.55 MB, nearly all of it for parts
that no page of this book has, and three fonts with two thousand icons. Once all pages are written,
a rule stays where each class and id that its selector asks for stands in a page or is a word of a
script, whatever else it asks for. So a rule goes only where it can never hold. The icons that
remain come as fonts inside the style sheet.
"""

import base64
import hashlib
import io
import logging
import posixpath
import re
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import tinycss2
from sphinx.errors import ExtensionError
from tinycss2.ast import LiteralToken

SHEET = "_static/styles.css"
PATTERN_PAGE = "search.html"  # written in every build, so that it names all style sheets
LINK = re.compile(r'[ \t]*<link\b(?=[^>]*\brel="stylesheet")[^>]*\bhref="([^"]*)"[^>]*>\n?')
NAMES = re.compile(r"""\b(?:class|id)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
WORD = re.compile(r"[A-Za-z_][\w-]*")
GROUPS = {"media", "supports", "layer", "container"}
UNUSED = ["basic.css", "styles", "vendor", "scripts/*.map"]  # of the theme, once all is merged


# --- the rules that can hold

class Names:
    """The classes and ids that elements may have: those of the pages and all words of scripts."""

    def __init__(self, pages, scripts):
        self.names = {name for page in pages for found in NAMES.findall(page)
                      for name in found.strip("\"'").split()}
        inline = (script for page in pages for script in INLINE.findall(page))
        for script in {*scripts, *inline}:
            self.names.update(WORD.findall(script))
        # A script adds `bs-${what}-auto`; then whatever begins with bs- is possible.
        self.beginnings = tuple(name for name in self.names if name.endswith("-"))

    def __contains__(self, name):
        return name in self.names or name.startswith(self.beginnings)


def can_hold(selector, names):
    """False where a class or id of this selector (a list of tokens) is in no page and no script."""
    before = None
    for token in selector:
        is_name = token.type == "hash" or (token.type == "ident" and before == ".")
        if is_name and token.value not in names:
            return False
        before = token.value if token.type == "literal" else None
    return True


def selectors(prelude):
    found = [[]]
    for token in prelude:
        if token == ",":
            found.append([])
        else:
            found[-1].append(token)
    return found


def cut(rules, names):
    """The rules that can hold."""
    kept = []
    for rule in rules:
        if rule.type == "error":
            raise ExtensionError(f"a style sheet: {rule.message}, in line {rule.source_line}")
        if rule.type == "qualified-rule":
            possible = [one for one in selectors(rule.prelude) if can_hold(one, names)]
            if not possible:
                continue
            comma = LiteralToken(rule.source_line, rule.source_column, ",")
            rule.prelude = [part for one in possible for part in (comma, *one)][1:]
        elif rule.type == "at-rule" and rule.lower_at_keyword in GROUPS and rule.content:
            rule.content = cut(parse(rule.content), names)
            if not rule.content:
                continue
        kept.append(rule)
    return kept


def parse(css):
    return tinycss2.parse_rule_list(css, skip_whitespace=True)


def tidy(tokens, folder):
    """These tokens without comments and with single spaces; addresses lead from SHEET."""
    for token in tokens:
        if token.type == "comment" and not token.value.startswith("!"):  # those are licenses
            continue
        if token.type == "whitespace":
            token.value = " "
        elif token.type == "url" and not urlsplit(token.value).scheme:
            path = posixpath.normpath(posixpath.join(folder, token.value))
            token.representation = f'url("{posixpath.relpath(path, posixpath.dirname(SHEET))}")'
        for part in ("prelude", "content", "arguments"):
            if getattr(token, part, None):
                setattr(token, part, list(tidy(getattr(token, part), folder)))
        yield token


def read(static, path):
    """[(rule, folder of its style sheet)], with those that the style sheet imports in front."""
    folder = posixpath.dirname(path)
    for rule in parse((static / path).read_text(encoding="utf-8-sig")):
        if rule.type == "at-rule" and rule.lower_at_keyword == "import":
            address = next(token.value for token in rule.prelude if token.type in ("string", "url"))
            yield from read(static, posixpath.normpath(posixpath.join(folder, address)))
        elif not (rule.type == "at-rule" and rule.lower_at_keyword == "charset"):
            yield rule, folder


# --- the icons

def descriptors(rule):
    """{name: tokens} of a @font-face."""
    return {one.lower_name: one.value for one in tinycss2.parse_blocks_contents(rule.content)
            if one.type == "declaration"}


def glyphs(css):
    """The characters that the rules show: strings of one character are icons."""
    found = re.findall(r"""(["'])(?:\\([0-9a-fA-F]{1,6}) ?|([^\\]))\1""", css)
    return {int(code, 16) if code else ord(character) for _, code, character in found}


def subset(path, characters):
    """The font with these characters alone, as bytes of a WOFF file, or None without any."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells each of its steps
    font = TTFont(path, recalcTimestamp=False)
    characters = characters & set(font.getBestCmap())
    if not characters:
        return None
    subsetter = Subsetter(Options(layout_features=[], name_IDs=[0, 13, 14]))  # its license stays
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font.flavor = "woff"
    file = io.BytesIO()
    font.save(file)
    return file.getvalue()


def font_face(rule, folder, css):
    """The rule with the glyphs that the style sheet `css` shows inside it, or "" where none is."""
    what = descriptors(rule)
    family = " ".join(token.value for token in what["font-family"] if hasattr(token, "value")
                      and token.type in ("ident", "string"))
    if family not in css:
        return ""
    # Of the formats, TrueType is the one that can be read without another library.
    file = next(token.value for token in what["src"]
                if token.type == "url" and token.value.endswith(".ttf"))
    data = subset(folder / file, glyphs(css))
    if not data:
        return ""
    what["src"] = tinycss2.parse_component_value_list(
        f"url(data:font/woff;base64,{base64.b64encode(data).decode()})")
    return "@font-face{" + ";".join(f"{name}:{tinycss2.serialize(value)}"
                                    for name, value in what.items()) + "}"


# --- all together

def style_sheet(out, paths, names):
    """One style sheet of those at `paths`, with the rules that can hold."""
    rules = [(rule, folder) for path in paths for rule, folder in read(out, path)]
    fonts = [(rule, folder) for rule, folder in rules
             if rule.type == "at-rule" and rule.lower_at_keyword == "font-face"]
    faces = {id(rule) for rule, _ in fonts}
    kept = [tinycss2.serialize(tidy(cut([rule], names), folder)).strip()
            for rule, folder in rules if id(rule) not in faces]
    css = "\n".join(filter(None, kept))
    icons = [font_face(rule, out / folder, css) for rule, folder in fonts]
    return "\n".join(['@charset "UTF-8";', *filter(None, icons), css, ""])


def merge(app, exception):
    if exception or app.builder.name != "html":
        return
    out = Path(app.outdir)
    pages = {path.relative_to(out).as_posix(): path.read_text(encoding="utf-8")
             for path in sorted(out.rglob("*.html")) if out / "_static" not in path.parents}

    def target(page, address):
        path = posixpath.join(posixpath.dirname(page), urlsplit(address).path)
        return posixpath.normpath(path)

    paths = [target(PATTERN_PAGE, address) for address in LINK.findall(pages[PATTERN_PAGE])]
    scripts = [path.read_text(encoding="utf-8") for path in (out / "_static").rglob("*.js")
               if not {"vendor", "mathjax"} & set(path.parts)]  # MathJax brings its own styles
    css = style_sheet(out, paths, Names(pages.values(), scripts))
    (out / SHEET).write_text(css, encoding="utf-8")
    digest = hashlib.sha256(css.encode()).hexdigest()[:8]  # no browser shows an old one

    for page, text in pages.items():
        root = posixpath.relpath(SHEET, posixpath.dirname(page) or ".")
        link = f'    <link rel="stylesheet" href="{root}?v={digest}" />\n'
        links = [found for found in LINK.finditer(text)
                 if target(page, found[1]) in {SHEET, *paths}]
        for found in reversed(links):
            text = text[:found.start()] + (link if found is links[0] else "") + text[found.end():]
        if text != pages[page]:
            (out / page).write_text(text, encoding="utf-8")
    for path in [out / path for path in paths] + [
            path for name in UNUSED for path in (out / "_static").glob(name)]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def setup(app):
    app.connect("build-finished", merge, priority=900)  # the theme has written pygments.css by then
    return {"parallel_read_safe": True, "parallel_write_safe": True}
