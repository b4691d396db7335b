"""What holds for every page of the built book, whoever wrote it."""

import json
import posixpath
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from accessibility import violations
from opening import opener
from waiting import at_rest

HTML = Path(__file__).resolve().parents[2] / "_build" / "html"
PAGES = sorted(path.relative_to(HTML).as_posix() for path in HTML.rglob("*.html")
               if "_static" not in path.parts) or ["index.html"]  # absent: built_book says so
# Of the library's source pages, all alike, one.
READING = [name for name in PAGES
           if (not name.startswith("_modules/") or name == "_modules/nnlib/optim.html")]

# What a browser itself refuses to a page from the disk: name of the rule -> its words.
# Empty: at present no page of the book needs anything that file:// forbids.
FORBIDDEN_BY_FILE = {}

every_page = pytest.mark.parametrize("name", PAGES)
every_text = pytest.mark.parametrize("name", READING)


class Links(HTMLParser):
    """The anchors of a page and all its references to other files."""

    def __init__(self, text):
        super().__init__()
        self.anchors, self.references = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.anchors |= {attributes[key] for key in ("id", "name") if attributes.get(key)}
        self.references += [attributes[key] for key in ("href", "src") if attributes.get(key)]


@pytest.fixture(scope="module")
def links(built_book):
    """Of every file of the book, by its path in it; None for one that is no page."""
    paths = (path for path in built_book.rglob("*") if path.is_file())
    return {path.relative_to(built_book).as_posix():
            Links(path.read_text(encoding="utf-8")) if path.suffix == ".html" else None
            for path in paths}


@every_page
def test_links_lead_somewhere(name, links):
    dead = []
    for reference in links[name].references:
        parts = urlsplit(reference)
        if parts.scheme or parts.netloc:
            continue  # another site, mail, or data inside the page
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
        target, anchor = target if parts.path else name, unquote(parts.fragment)
        page = links.get(target)
        if target not in links or (anchor and page and anchor not in page.anchors):
            dead.append(reference)
    assert not dead


@every_text
def test_says_once_how_wide_it_is(name, built_book):
    assert (built_book / name).read_text(encoding="utf-8").count('name="viewport"') == 1


@every_text
def test_every_widget_is_one_that_lives_without_python(name, built_book):
    """A plain ipywidget would be dead; its cell has the tag remove-output."""
    text = (built_book / name).read_text(encoding="utf-8")
    views = re.findall(r'widget-view\+json">(.*?)</script>', text, re.DOTALL)
    states = re.findall(r'widget-state\+json">(.*?)</script>', text, re.DOTALL)
    models = {name: model for state in states for name, model in json.loads(state)["state"].items()}
    assert all("_esm" in models[json.loads(view)["model_id"]]["state"] for view in views)


@pytest.fixture(scope="module", params=READING)
def shared(request, browser):
    """A page, wide and light, opened once for all tests that only look at it."""
    with opener(browser, request) as open_page:
        yield open_page(request.param)


def set_view(p, width=1280, theme="light"):
    p.set_viewport_size({"width": width, "height": 900})
    p.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
    at_rest(p)


def check_arrival(p, allowed=()):
    assert not [error for error in p.errors if not any(words in error for words in allowed)]
    assert not p.outside
    # Maths: everything that Sphinx marked as such is typeset, and no bare TeX is left in the text.
    assert p.locator(".math").count() == p.locator(".math:has(mjx-container)").count()
    assert p.locator("mjx-merror").count() == 0
    text = p.evaluate("""() => {
        const article = document.querySelector("main").cloneNode(true);
        for (const e of article.querySelectorAll("pre, code, dt.sig, script, mjx-container"))
            e.remove();
        return article.textContent;
    }""")
    assert not re.search(r"\$[^$\n]+\$|\\\(|\\\[|\\begin\{", text)
    # Pictures have arrived, and say in words what they show.
    pictures = p.evaluate("""() => [...document.querySelectorAll("main img")]
        .filter(i => !(i.getAttribute("alt") ?? "").trim() || !i.naturalWidth)
        .map(i => i.outerHTML.slice(0, 200))""")
    assert not pictures


def test_arrives_whole_from_the_book_alone(shared):
    check_arrival(shared)


@every_text
def test_arrives_whole_from_the_disk(name, page):
    check_arrival(page(name, over="file"), FORBIDDEN_BY_FILE.values())


def unfold(p):
    """Open everything that can be opened."""
    p.evaluate("""() => {
        for (const d of document.querySelectorAll("details")) d.open = true;
        for (const b of document.querySelectorAll("button.toggle-button-hidden")) b.click();
    }""")
    at_rest(p)  # dropdowns fade in; half-faded text has half its contrast


def axe(p, **options):
    """What axe-core finds, with everything open that can be opened."""
    unfold(p)
    return violations(p, **options)


# Marks the texts that are like others, over which axe-core takes minutes: what is painted in the
# same way over the same has the same contrast. Of each look three are left, since axe-core has no
# verdict where something may lie over a text. What is out of the flow may lie over anything, and so
# is a look of its own. A single character gets no verdict either.
MARK_ALIKE = """() => {
    const behind = new Map();
    const backdrop = (e) => {
        if (!e) return "";
        if (!behind.has(e)) {
            const s = getComputedStyle(e);
            const own = [s.backgroundColor, s.backgroundImage, s.opacity, s.filter, s.mixBlendMode];
            const paints = own.join() !== "rgba(0, 0, 0, 0),none,1,none,normal";
            const inFlow = ["static", "relative"].includes(s.position);
            behind.set(e, backdrop(e.parentElement) + (paints ? own : "")
                          + (inFlow ? "" : behind.size));
        }
        return behind.get(e);
    };
    const looks = {};
    for (const e of document.querySelectorAll("body *")) {
        const own = [...e.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
        const text = own.map((node) => node.data.trim()).join("");
        if (!text && !e.matches("input, select, textarea")) continue;
        if (!e.checkVisibility({ visibilityProperty: true })) continue;
        const s = getComputedStyle(e);
        const look = [e.tagName, e.className, s.color, s.fontSize, s.fontWeight, s.textShadow,
                      text.length > 1, backdrop(e)].join();
        (looks[look] ??= []).push(e);
    }
    const left = new Set(Object.values(looks).flatMap((texts) => texts.slice(0, 3)));
    for (const text of left)  // what holds one stays too, or what is behind it would go
        for (let e = text; e; e = e.parentElement) left.add(e);
    for (const e of Object.values(looks).flat()) if (!left.has(e)) e.dataset.alike = "";
}"""


def contrast(p):
    """What axe-core finds of the contrast of texts, looked at for a few of each look.

    Formulas have the color of the text around them, see `test_structure`.
    """
    unfold(p)
    p.evaluate(MARK_ALIKE)
    hidden = "[data-alike], mjx-container { visibility: hidden !important; }"
    style = p.add_style_tag(content=hidden)
    found = violations(p, runOnly=["color-contrast"])
    style.evaluate("node => node.remove()")
    p.evaluate("for (const e of document.querySelectorAll('[data-alike]')) delete e.dataset.alike")
    return found


NO_CONTRAST = {"color-contrast": {"enabled": False}}


def test_structure(shared):
    set_view(shared)
    assert not axe(shared, rules=NO_CONTRAST)
    # Formulas have the color of the text around them, whose contrast is looked at below.
    colored = shared.evaluate("""() => [...document.querySelectorAll("mjx-container")]
        .filter((m) => m.querySelector("[style*=color], [mathcolor]") ||
                getComputedStyle(m).color !== getComputedStyle(m.parentElement).color)
        .map((m) => m.outerHTML.slice(0, 200))""")
    assert not colored


@pytest.mark.parametrize("width", [1280, 375])
def test_nothing_is_too_wide(shared, width):
    set_view(shared, width)
    assert shared.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cut = shared.evaluate("""() => [...document.querySelectorAll("main span.math")].filter((span) =>
        [...span.querySelectorAll("mjx-container > :is(mjx-math, svg)")].some((maths) =>
            maths.getBoundingClientRect().right > span.getBoundingClientRect().right + 1))
        .map((span) => span.textContent)""")
    assert not cut, "display these formulas, which then scroll"


def test_nothing_is_too_wide_where_letters_are_wider(shared):
    """As in another font, or with the spacing that a reader may ask for (WCAG 1.4.12)."""
    set_view(shared, 375)
    style = shared.add_style_tag(
        content="* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }")
    assert shared.evaluate("document.documentElement.scrollWidth <= innerWidth")
    style.evaluate("node => node.remove()")


def test_no_button_lies_over_the_page(shared):
    set_view(shared, 768)  # on a wide screen the theme has none
    button = shared.locator("#pst-back-to-top")
    button.evaluate("node => { node.style.display = 'block'; }")  # as the theme does on the way up
    assert not button.is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast(shared, theme):
    set_view(shared, theme=theme)
    assert not contrast(shared)


# What the layout decides. All else is the same on a phone, but for the frame that all pages share.
LAYOUT = ["target-size", "scrollable-region-focusable", "css-orientation-lock", "meta-viewport",
          "label-content-name-mismatch", "link-in-text-block", "aria-hidden-focus"]
FRAMES = ["index.html", "search.html", "chapters/intro.html", "chapters/api.html", "genindex.html"]


def test_structure_on_a_phone(shared, request):
    set_view(shared, width=375)
    if request.node.callspec.params["shared"] in FRAMES:
        assert not axe(shared, rules=NO_CONTRAST)
    else:
        assert not axe(shared, runOnly=LAYOUT)


@pytest.mark.parametrize("spoilt", [
    '<p style="color: #bbb">Pale</p>', '<p style="opacity: 0.4">Faded</p>',
    '<div style="background: #333"><p>Dark on dark</p></div>',
    '<p><b style="background: #333; position: absolute">On top</b></p>',
    '<p style="color: #777; font-size: 30px">Large</p><p style="color: #888">Small</p>',
])
def test_contrast_finds_one_bad_text_among_many_good_ones(spoilt, page):
    p = page()
    good = "<p>Black on white</p><b>Bold</b>"
    p.set_content(f"<body style='background: white; color: black'>{good * 20}{spoilt}{good}</body>")
    assert contrast(p)
    p.set_content(f"<body style='background: white; color: black'>{good * 20}</body>")
    assert not contrast(p)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast_on_a_phone_whose_system_chose_the_colors(theme, page):
    p = page("chapters/intro.html", width=375, theme=theme)
    assert p.evaluate("document.documentElement.dataset.theme") == theme
    assert not contrast(p)


@every_text
def test_reads_without_javascript(name, page):
    p = page(name, javascript=False)
    main = p.locator("main")
    assert main.locator("h1:visible, h2:visible").count()
    for figure in main.locator(".nnlib-static img").all():
        assert figure.is_visible()
        assert figure.bounding_box()["width"] > 200
    # The color scheme is set even though no script could choose one.
    background, color = (p.evaluate(f"getComputedStyle(document.body).{what}")
                         for what in ("backgroundColor", "color"))
    assert (background, color) != ("rgba(0, 0, 0, 0)", "rgb(0, 0, 0)")


def test_on_a_phone_the_picture_stays_beside_the_controls(page):
    p = page("chapters/perceptron.html", width=375, height=740)
    widget = p.locator("[data-widget=perceptron]").first
    bar = p.locator(".bd-header-article").bounding_box()
    last = widget.locator("[data-control=x2]")
    last.evaluate("""node =>
        scrollTo(0, scrollY + node.getBoundingClientRect().bottom - innerHeight + 9)""")
    picture = widget.locator("canvas").bounding_box()
    assert abs(picture["y"] - bar["height"]) < 20
    assert last.bounding_box()["y"] > picture["y"] + picture["height"]
    # A keyboard on the screen leaves no room for both.
    last.locator("input[type=number]").focus()
    assert widget.locator("canvas").bounding_box()["y"] < 0


def test_reader_can_choose_the_color_scheme(page):
    p = page("chapters/intro.html", theme="light")
    button = p.locator(".theme-switch-button").first
    seen = set()
    for _ in range(3):
        button.click()
        seen.add(p.evaluate("document.documentElement.dataset.theme"))
    assert seen == {"light", "dark"}


@pytest.mark.parametrize("name", ["chapters/intro.html", "search.html"])  # a dialog; in the page
def test_search_icon_covers_no_letter(name, page):
    p = page(name)
    p.keyboard.press("Control+k")
    field = p.locator("form.bd-search:visible")
    icon, text = (field.locator(part).bounding_box() for part in (".fa-magnifying-glass", "input"))
    assert icon["x"] + icon["width"] <= text["x"]


# In Sphinx's count, a class of that name and the glossary's entry have more points.
@pytest.mark.parametrize("query, chapter, excerpt", [
    ("LSTM", "lstm", "LSTM"),
    ("perceptron", "perceptron", "perceptron"),
    ("convolution", "cnn", "convolution"),
    ("RNN", "rnn", "RNN"),
])
def test_search_finds_the_chapter_first_and_shows_the_place(query, chapter, excerpt, page):
    p = page(f"search.html?q={query}")
    first = p.locator("#search-results li").first
    assert excerpt in first.locator("p.context").inner_text()
    assert "Contents" not in first.inner_text()
    assert f"/chapters/{chapter}.html" in first.locator("a").evaluate("a => a.href")
    assert not p.errors
    assert not p.outside


def test_search_from_the_disk_says_why_it_shows_titles_alone(page):
    p = page("search.html?q=LSTM", over="file")
    p.get_by_text("Search finished").wait_for()
    assert "/chapters/lstm.html" in p.locator("#search-results li a").first.evaluate("a => a.href")
    p.get_by_text("you see the titles alone").wait_for()
    assert not p.errors
