"""Pages load what they use, and nothing of that is missing."""

import base64
import hashlib
import io
import json
import re
import sys
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest
import tinycss2
from fontTools.ttLib import TTFont
from sphinx.errors import ExtensionError

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "theme"))
import page_styles  # noqa: E402
import widget_state as page_state  # noqa: E402
from minified import minified, minified_css  # noqa: E402

from nnlib import widgets  # noqa: E402
from nnlib.widgets.prediction import PredictionWidget  # noqa: E402
from nnlib.widgets.question import QuestionWidget  # noqa: E402

BROUGHT_BY = ["pydata_sphinx_theme", "sphinx_book_theme", "sphinx_design", "sphinx_togglebutton",
              "sphinx_copybutton", "myst_nb", "sphinx_exercise"]


@pytest.fixture(scope="module")
def sheet(built_book):
    return (built_book / page_styles.SHEET).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def texts(built_book):
    return {path: path.read_text(encoding="utf-8") for path in built_book.rglob("*.html")
            if "_static" not in path.parts}


def selectors(css):
    """For each selector of a style sheet the classes and ids that it asks for, as a frozenset."""
    found = set()
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    for rule in rules:
        if rule.type == "at-rule" and rule.lower_at_keyword in page_styles.GROUPS and rule.content:
            found |= selectors(tinycss2.serialize(rule.content))
        elif rule.type == "qualified-rule":
            for one in page_styles.selectors(rule.prelude):
                found.add(frozenset(
                    token.value for before, token in pairwise([None, *one])
                    if token.type == "hash" or (before == "." and token.type == "ident")))
    return found


def classes_of(texts):
    return {name for text in texts for found in re.findall(
        r"""\bclass=("[^"]*"|'[^']*')""", text)
            for name in found.strip("\"'").split()}


def test_every_rule_that_can_hold_is_there(texts, sheet):
    full = set()
    for package in BROUGHT_BY:
        folder = Path(find_spec(package).origin).parent
        for path in folder.rglob("*.css"):
            full |= selectors(path.read_text(encoding="utf-8-sig"))
    # What scripts put there: an open menu, the sidebar's place, a tooltip, a hidden solution.
    made = {"show", "active", "tooltip", "tooltip-arrow", "bs-tooltip-auto", "dropdown-menu-dark",
            "toggle-hidden", "toggle-button", "copybtn", "o-tooltip--left", "scrolled"}
    possible = classes_of(texts.values()) | made
    needed = {names for names in full if names <= possible}
    assert made <= set().union(*needed)
    assert len(needed) > 200
    assert not needed - selectors(sheet)


def test_every_icon_has_its_glyph(texts, sheet):
    codes = {name: character for names, character in re.findall(
        r'((?:\.fa-[\w-]+::?before\s*,?\s*)+)\{\s*content:\s*"([^"]+)"', sheet)
        for name in re.findall(r"\.(fa-[\w-]+)", names)}
    glyphs = set()
    for data in re.findall(r"data:font/woff;base64,([\w+/=]+)", sheet):
        glyphs |= set(TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap())
    styles = {"fa-solid", "fa-regular", "fa-brands", "fa-lg"}  # these choose no icon
    icons = {name for name in classes_of(texts.values()) if name.startswith("fa-")} - styles
    assert len(icons) > 9
    assert icons <= set(codes)
    assert {ord(codes[name]) for name in icons} <= glyphs
    # The theme's own rules show icons too, beside the title of a note for example.
    assert page_styles.glyphs(sheet) & set(range(0xE000, 0xF900)) <= glyphs


def test_every_page_links_the_present_style_sheet_and_no_other(texts, sheet):
    digest = hashlib.sha256(sheet.encode()).hexdigest()[:8]
    for path, text in texts.items():
        links = page_styles.LINK.findall(text)
        assert [link.rsplit("/", 1)[-1] for link in links] == [f"styles.css?v={digest}"], path


# A style sheet, and what remains where pages have a, b and #c, and a script has "on" and "t-".
CASES = [
    (".a { x: y }", ".a { x: y }"),
    (".a, .z { x: y }", ".a { x: y }"),
    (".z, .a .b:not(.z) { x: y }", ".a .b:not(.z) { x: y }"),
    (".a .z { x: y }", ""),
    (".a#c { x: y }", ".a#c { x: y }"),
    (".a#z { x: y }", ""),
    ('p::before { content: ".z" }', 'p::before { content: ".z" }'),
    (".a.on { x: y }", ".a.on { x: y }"),
    (".t-what { x: y }", ".t-what { x: y }"),
    ('[class*="z"] { x: y }', '[class*="z"] { x: y }'),
    ("@media print { .z { x: y } .b { x: y } }", "@media print {.b { x: y }}"),
    ("@media print { .z { x: y } }", ""),
    ("@keyframes z { to { x: y } }", "@keyframes z { to { x: y } }"),
    ("/* of .a */ .a { /* why */ x:   y }", ".a { x: y }"),
    ("/*! license */", "/*! license */"),
]


@pytest.mark.parametrize("css, remains", CASES)
def test_a_rule_goes_only_where_it_can_never_hold(css, remains, tmp_path):
    (tmp_path / "x.css").write_text(css)
    names = page_styles.Names(["<p class='a b' id=c>"], ['classList.add("on", `t-${x}`)'])
    cut = page_styles.style_sheet(tmp_path, ["x.css"], names).split("\n", 1)[1]
    assert re.sub(r"\s*([{}])\s*|\s+", r"\1 ", cut).split() == re.sub(
        r"\s*([{}])\s*|\s+", r"\1 ", remains).split()


# JavaScript, and what is sent of it.
SCRIPTS = [
    ("const a = 1; // why\n\n  let b = 2;", "const a=1;let b=2;"),
    ("/* why */ return /* so */ a", "return a"),
    ("a + +b - -c; a++ + ++b", "a+ +b- -c;a++ + ++b"),
    ("""f("a  b // c", 'd  "e', "\\\\")  ;""", """f("a  b // c",'d  "e',"\\\\");"""),
    ("`a  b ${c ? `d  ${{ e: 1 }.e}  f` : ''}  // g`  ;",
     "`a  b ${c?`d  ${{e:1}.e}  f`:''}  // g`;"),
    ("`\\`  ${a}  \\${  b`", "`\\`  ${a}  \\${  b`"),
    ("a = /[/'\"]  `/g ; b", "a=/[/'\"]  `/g;b"),
    ("return / a/.test(b)", "return/ a/.test(b)"),
    ("a = b / c  / d; e = (f) / 2  / g", "a=b/c/d;e=(f)/2/g"),
    ("x.replace(/ {2}/, ' ')", "x.replace(/ {2}/,' ')"),
    ("if (a) { b = { c } } else { d }", "if(a){b={c}}else{d}"),
    ("class A { #b = 1; get c() { return this.#b } }", "class A{#b=1;get c(){return this.#b}}"),
]


@pytest.mark.parametrize("script, sent", SCRIPTS)
def test_a_script_is_sent_without_what_only_people_read(script, sent):
    assert minified(script) == sent
    assert minified(sent) == sent


@pytest.mark.parametrize("script", ["a = 'b", "`a b"])
def test_what_is_no_script_stops_the_build(script):
    with pytest.raises(ExtensionError, match="expected JavaScript"):
        minified(script)


def test_style_sheets_say_the_same_without_their_blanks(page):
    sheets = [path.read_text(encoding="utf-8")
              for folder in ["theme/static", "nnlib/widgets/static"]
              for path in (ROOT / folder).rglob("*.css")]
    sheets += ["a > b :hover, c:not(.d) { width: calc(1px + 2px) /* why */ }",
               "p::before { content: 'x  ; /* y */  z'; margin: 0 -1px }"]
    rules = """sheets => sheets.map((text) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        // What holds a variable, a browser keeps as it is written.
        return [...sheet.cssRules].map((rule) => rule.cssText.replace(/, /g, ","));
    })"""
    p = page()
    long, short = p.evaluate(rules, sheets), p.evaluate(rules, [*map(minified_css, sheets)])
    assert len(sheets) > 20 and all(long)
    for one, other in zip(long, short, strict=True):
        assert other == one


def test_formulas_are_typeset_once_the_widgets_stand(page):
    p = page("chapters/feedforward.html")
    assert p.evaluate("""() => {
        const maths = performance.getEntriesByType("resource")
            .find((entry) => entry.name.includes("tex-chtml"));
        const widgets = performance.getEntriesByName("nnlib-widget-ready");
        return widgets.length && widgets.every((mark) => mark.startTime <= maths.startTime);
    }""")


def test_a_page_without_formulas_loads_no_mathjax(page, texts, built_book):
    plain = [path for path, text in texts.items()
             if not re.search(r'class="[^"]*\bmath\b', text) and "bd-article" in text]
    assert plain
    p = page(plain[0].relative_to(built_book).as_posix())
    assert not [address for address in p.requests if "mathjax" in address]


OURS = {path.name for folder in ["theme/static", "nnlib/widgets/static"]
        for path in (ROOT / folder).rglob("*") if path.suffix in {".js", ".css"}}


def test_widgets_leave_room_for_another_one_on_every_page(texts, built_book):
    """Of the 300 kB of our JavaScript, CSS and widget state that benchmarks/book.py counts."""
    weights = {}
    for path, text in texts.items():
        states = re.findall(r'widget-state\+json">(.*?)</script>', text, re.DOTALL)
        files = {name.split("?")[0] for name in re.findall(r'(?:src|href)="([^"]+)"', text)}
        mine = [path.parent / name for name in files if name.rsplit("/", 1)[-1] in OURS]
        weights[path.name] = (sum(len(state.encode()) for state in states)
                              + sum(file.stat().st_size for file in mine))
    assert weights["feedforward.html"] > 100_000
    assert not {name: weight for name, weight in weights.items() if weight > 260_000}


def pieces(*widgets):
    """The files of these widgets as a page has them."""
    return {shorten(file) for widget in widgets
            for text, shorten in [(widget._esm, minified), (widget._css, minified_css)]
            for file in text.split(page_state.BETWEEN_FILES)}


def test_what_pages_carry_for_questions_predictions_links_and_progress_is_little(built_book, sheet):
    """Beside what other widgets have too; what loads when a reader opens it does not count."""
    own = pieces(QuestionWidget, PredictionWidget)
    own -= pieces(*(getattr(widgets, name) for name in widgets.__all__))
    sent = [json.dumps(text, ensure_ascii=False).replace("</", r"<\/") for text in own]
    page = (built_book / "chapters/perceptron.html").read_text(encoding="utf-8")
    assert len(sent) > 9 and all(text in page for text in sent)
    scripts = [(built_book / "_static" / name).read_text(encoding="utf-8")
               for name in ["progress.js", "link.js"]]
    rules = re.findall(r"[^}\n]*\.nn-(?:mark|track|progress|review)[^}]*\}", sheet)
    assert sum(len(text.encode()) for text in [*sent, *scripts, *rules]) < 46_000
