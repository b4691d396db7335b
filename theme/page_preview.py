"""A Sphinx extension for what a link to a page shows where people share it.

Each page says in its head, in the terms of the Open Graph protocol (https://ogp.me), what it is
called and what it is about: `description` in its header, else its first paragraph. A picture with
its title goes with that, drawn here. Both need the book's address: html_baseurl in _config.yml,
else GitHub Pages' of `repository`.
"""

import hashlib
import textwrap
import zlib
from html import escape
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, urlsplit

import yaml
from docutils import nodes

FOLDER = "previews"
SIZE = 1200, 630  # pixels, as most sites show them
LENGTH = 200      # of a description, in characters, which sites do not cut
ASIDE = (nodes.Admonition, nodes.figure, nodes.table, nodes.list_item, nodes.definition,
         nodes.footnote, nodes.citation)


# --- words

def base_address(app):
    """Where the book is published, with a slash at its end, or None where nothing says so."""
    if app.config.html_baseurl:
        return app.config.html_baseurl.rstrip("/") + "/"
    config = yaml.safe_load((Path(app.srcdir) / "_config.yml").read_text(encoding="utf-8"))
    place = urlsplit(config["repository"]["url"].rstrip("/").removesuffix(".git"))
    owner, _, name = place.path.strip("/").partition("/")
    if place.netloc != "github.com" or not name:
        return None
    return f"https://{owner.lower()}.github.io/{name}/"


def first_paragraph(doctree):
    """The text of the first paragraph of whole sentences without a formula, or ""."""
    for paragraph in doctree.findall(nodes.paragraph):
        parents = set()
        parent = paragraph.parent
        while parent is not None:
            parents.add(type(parent))
            parent = parent.parent
        aside = any(issubclass(parent, ASIDE) for parent in parents)
        text = paragraph.astext().strip()
        if not aside and not any(paragraph.findall(nodes.math)) and text.endswith((".", "?", "!")):
            return text
    return ""


def describe(app, page, doctree):
    """(title, description) of a page."""
    book = app.config.html_title
    if page in app.env.titles:
        title = app.env.titles[page].astext()
        text = (app.env.metadata[page].get("description")
                or (doctree and first_paragraph(doctree))
                or f"{title}: a page of the book “{book}”.")
    elif page == "search":
        title, text = "Search", f"Search the text of {book}."
    else:
        title = page.removeprefix("_modules/").replace("/", ".")
        title = "Source code" if title == "index" else f"Source code of {title}"
        text = f"{title}, the library of {book}."
    return title, textwrap.shorten(text, LENGTH, placeholder=" …")


# --- picture

def picture_of(app, page):
    """Where the picture of a page lies; pages that nobody wrote have the book's."""
    own = page if page in app.env.titles else app.config.root_doc
    return f"{FOLDER}/{own}-{digest_of(heading(app, own))}.png"


def heading(app, page):
    """(title, book), as they stand in the picture."""
    return app.env.titles[page].astext(), app.config.html_title


def digest_of(words):
    drawing = Path(__file__).read_bytes()
    return hashlib.sha256(drawing + "\n".join(words).encode()).hexdigest()[:8]


def draw(title, book, path):
    """The title beside a network whose weights are drawn at random, the same for the same title."""
    import numpy as np
    from matplotlib import font_manager, style
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from PIL import Image

    rng = np.random.default_rng(zlib.crc32(title.encode()))
    with style.context("default"):  # the page of the library imports nnlib.plots, which has its own
        figure = Figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100, facecolor="#0f2540")
        ax = figure.add_axes((0, 0, 1, 1))
        ax.set(xlim=(0, SIZE[0]), ylim=(0, SIZE[1]))
        ax.axis("off")
        layers = [[(x, SIZE[1] / 2 + 110 * (k - (n - 1) / 2)) for k in range(n)]
                  for x, n in [(800, 3), (950, 5), (1100, 2)]]
        for left, right in pairwise(layers):
            for a in left:
                for b in right:
                    weight = rng.normal()
                    ax.plot(*zip(a, b, strict=True), color="#f2a65a" if weight > 0 else "#6db3f2",
                            linewidth=0.8 + 2.2 * abs(weight), alpha=0.8, zorder=1)
        for layer in layers:
            ax.scatter(*zip(*layer, strict=True), s=1300, color="#f4f7fb", zorder=2)

        size, width = next((size, width) for size, width in [(52, 18), (42, 23), (34, 28), (26, 38)]
                           if len(textwrap.wrap(title, width)) <= 4 or size == 26)
        font = font_manager.FontProperties(family="DejaVu Sans", weight="bold", size=0.72 * size)
        ax.text(80, 350, textwrap.fill(title, width), font=font, color="white", va="center",
                linespacing=1.25)
        if book != title:
            ax.text(80, 90, textwrap.fill(book, 28), color="#b9c9dc", fontsize=17, va="center",
                    family="DejaVu Sans", linespacing=1.3)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
    image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    path.parent.mkdir(parents=True, exist_ok=True)
    image.quantize(64).save(path, optimize=True)


# --- together

def add_tags(app, pagename, templatename, context, doctree):
    title, description = describe(app, pagename, doctree)
    tags = [("name", "description", description),
            ("property", "og:title", title),
            ("property", "og:description", description),
            ("property", "og:type", "website" if pagename == app.config.root_doc else "article"),
            ("property", "og:site_name", app.config.html_title),
            ("name", "twitter:card", "summary_large_image")]
    if base := base_address(app):
        image = picture_of(app, pagename)
        tags += [("property", "og:url", base + quote(app.builder.get_target_uri(pagename))),
                 ("property", "og:image", base + quote(image)),
                 ("property", "og:image:width", str(SIZE[0])),
                 ("property", "og:image:height", str(SIZE[1])),
                 ("property", "og:image:alt", f"The title of the page, {title}, beside a network")]
    context["metatags"] = context.get("metatags", "") + "\n" + "".join(
        f'    <meta {kind}="{name}" content="{escape(text)}" />\n' for kind, name, text in tags)


def draw_pictures(app, exception):
    """Those that are not there yet; and those that no page names any more go."""
    if exception or app.builder.name != "html" or not base_address(app):
        return
    out = Path(app.outdir)
    needed = {out / picture_of(app, page): heading(app, page) for page in app.env.titles}
    for path in set((out / FOLDER).rglob("*.png")) - set(needed):
        path.unlink()
    for path, words in needed.items():
        if not path.exists():
            draw(*words, path)


def setup(app):
    app.connect("html-page-context", add_tags)
    app.connect("build-finished", draw_pictures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
