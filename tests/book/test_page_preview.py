"""A link to a page shows what the page is about."""

import re
import sys
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils.core import publish_doctree
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "theme"))
import page_preview  # noqa: E402

TAG = re.compile(r'<meta (?:name|property)="((?:og|twitter):[\w:]+|description)" content="([^"]*)"')


@pytest.fixture(scope="module")
def tags(built_book):
    """{page: {name: content}}"""
    pages = (path for path in built_book.rglob("*.html") if "_static" not in path.parts)
    return {path.relative_to(built_book).as_posix():
            {name: unescape(text) for name, text in TAG.findall(path.read_text(encoding="utf-8"))}
            for path in pages}


def test_every_page_says_what_it_is(tags):
    for page, found in tags.items():
        assert set(found) >= {
            "description", "og:title", "og:description", "og:type", "og:url", "og:image",
            "og:site_name", "twitter:card"}, page
        assert found["og:description"] == found["description"]
        assert found["og:url"].endswith("/" + page)
        assert found["og:url"].startswith("https://")


def test_every_page_has_a_picture_that_fits(tags, built_book):
    pictures = set()
    for found in tags.values():
        base, path = found["og:image"].split(f"/{page_preview.FOLDER}/")
        assert found["og:url"].startswith(base)
        pictures.add(built_book / page_preview.FOLDER / path)
    assert len(pictures) > 5
    for path in pictures:
        assert Image.open(path).size == (1200, 630)
        assert path.stat().st_size < 60_000
    # Nothing is left of pages as they were before.
    assert set((built_book / page_preview.FOLDER).rglob("*.png")) == pictures


def test_descriptions_are_unique_and_end_in_whole_words(tags, built_book):
    own = {page: found["description"] for page, found in tags.items()}
    assert len(set(own.values())) == len(own)
    for page, text in own.items():
        assert 20 < len(text) <= 200, page
        assert not re.search(r"\$|\\\(|\\\[|<|\s\s", text), page
        if text.endswith(" …"):
            whole = (built_book / page).read_text(encoding="utf-8")
            words = re.findall(r"\w+", unescape(re.sub(r"<[^>]+>", "", whole)))
            assert re.findall(r"\w+", text)[-1] in words, page
        else:
            assert text[-1] in ".?!", page


def test_a_description_is_the_first_paragraph_that_is_plain_text():
    doctree = publish_doctree("""\
Title
=====

.. note:: Not this one.

- Nor this.

With a formula, :math:`x`.

Before a list

- this.

This *one*.
""")
    assert page_preview.first_paragraph(doctree) == "This one."


@pytest.mark.parametrize("setting, url, address", [
    ("", "https://github.com/Owner/book", "https://owner.github.io/book/"),
    ("", "https://github.com/owner/book.git", "https://owner.github.io/book/"),
    ("https://book.example.edu", "https://github.com/owner/book", "https://book.example.edu/"),
    ("", "https://git.example.edu/owner/book", None),  # who knows where that is published
])
def test_the_address_is_the_one_that_is_set_or_follows_from_the_repository(
        setting, url, address, tmp_path):
    (tmp_path / "_config.yml").write_text(f"repository: {{url: '{url}'}}\n")
    app = SimpleNamespace(srcdir=tmp_path, config=SimpleNamespace(html_baseurl=setting))
    assert page_preview.base_address(app) == address


def test_a_picture_is_the_same_each_time(tmp_path):
    for name in ("a.png", "b.png"):
        page_preview.draw("A title that is longer than one line", "A book", tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
