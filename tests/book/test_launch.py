"""From a chapter's page to its student notebook, and to nothing with solutions in it."""

import functools
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import yaml
from accessibility import violations
from waiting import at_rest

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = [path.stem for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]
REPOSITORY = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]

sys.path.insert(0, str(ROOT / "theme"))
from launch import online  # noqa: E402


def test_addresses_follow_from_the_repository():
    path = "notebooks/one.ipynb"
    hub = dict(online(path, "https://github.com/owner/name", "a/b",
                      jupyterhub_url="https://hub.example.edu/"))
    assert hub == {
        "Binder": "https://mybinder.org/v2/gh/owner/name/a%2Fb?urlpath=lab%2Ftree%2Fnotebooks%2Fone.ipynb",
        "Colab": "https://colab.research.google.com/github/owner/name/blob/a/b/notebooks/one.ipynb",
        "JupyterHub": "https://hub.example.edu/hub/user-redirect/git-pull?repo=https%3A%2F%2F"
                      "github.com%2Fowner%2Fname&branch=a%2Fb&urlpath=lab%2Ftree%2Fname%2Fnotebooks"
                      "%2Fone.ipynb"}
    names = [name for name, _ in online(path, "https://github.com/owner/name.git")]
    assert names == ["Binder", "Colab"]
    [(_, lab)] = online(path, "https://gitlab.com/group/part/name")
    assert lab.startswith("https://mybinder.org/v2/gl/group%2Fpart%2Fname/main?")
    [(_, other)] = online(path, "https://git.example.org/name")
    assert other.startswith("https://mybinder.org/v2/git/https%3A%2F%2Fgit.example.org%2Fname/main?")


@pytest.mark.parametrize("url", ["github.com/owner/name", "", "https://github.com"])
def test_an_address_that_is_none_is_refused_in_words(url):
    with pytest.raises(Exception, match=r"_config\.yml: expected the web address"):
        online("notebooks/one.ipynb", url)


@pytest.fixture
def page(page):
    """Pages whose formulas stay TeX: nothing here looks at them."""
    return functools.partial(page, maths=False)


def menu_of(p):
    button = p.get_by_role("button", name="Student notebook", exact=True)
    button.click()
    assert button.get_attribute("aria-expanded") == "true"
    return p.locator(".dropdown-student-notebook .dropdown-menu")


@pytest.mark.parametrize("chapter, over", [*((name, "http") for name in CHAPTERS),
                                           (CHAPTERS[0], "file")])
def test_menu_and_sentence_lead_to_the_student_notebook(chapter, over, page, built_book):
    p = page(f"chapters/{chapter}.html", over=over)
    names = [name for name, _ in online("", **REPOSITORY)]
    menu = menu_of(p)
    assert menu.get_by_role("link").count() == 1 + len(names)
    sentence = p.locator("section:has(> h2:text('Exercises')) > p.student-notebook")
    for where in (menu, sentence):
        for name in names:
            address = where.get_by_role("link", name=name).get_attribute("href")
            said = unquote(address)
            assert f"notebooks/{chapter}.ipynb" in said
            assert urlsplit(REPOSITORY["url"]).path in said
            if name == "Binder":
                [path] = parse_qs(urlsplit(address).query)["urlpath"]
                assert path == f"lab/tree/notebooks/{chapter}.ipynb"
    for link in (menu.get_by_role("link", name="Download notebook"),
                 sentence.get_by_role("link", name="student notebook")):
        with p.expect_download() as download:
            link.click()
        assert download.value.suggested_filename == f"{chapter}.ipynb"
        got = Path(download.value.path()).read_text(encoding="utf-8")
        assert got == (ROOT / "notebooks" / f"{chapter}.ipynb").read_text(encoding="utf-8")
    assert p.url.endswith(f"chapters/{chapter}.html")
    assert not p.errors


def test_menu_obeys_the_keyboard(page):
    p = page(f"chapters/{CHAPTERS[0]}.html")
    button = p.get_by_role("button", name="Student notebook", exact=True)
    button.focus()
    p.keyboard.press("Enter")
    p.keyboard.press("ArrowDown")
    focused = "document.activeElement.innerText.trim()"
    assert p.evaluate(focused) == "Download notebook"
    p.keyboard.press("ArrowDown")
    assert p.evaluate(focused) == "Open on Binder"
    p.keyboard.press("Escape")
    assert not p.locator(".dropdown-student-notebook .dropdown-menu").is_visible()
    assert p.evaluate("document.activeElement.ariaLabel") == "Student notebook"


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_menu_fits_and_is_accessible(width, theme, page):
    p = page(f"chapters/{CHAPTERS[0]}.html", width=width, theme=theme)
    menu = menu_of(p)
    at_rest(p)
    for link in menu.get_by_role("link").all():
        box = link.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["height"] >= 24
    assert not violations(p, {"include": [[".header-article"], [".student-notebook"]]})
    assert p.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_no_page_hands_out_solutions(built_book):
    assert not (built_book / "_sources").exists()
    offered = sorted(path.relative_to(built_book).as_posix() for path in built_book.rglob("*")
                     if path.suffix in (".md", ".ipynb") and "_static" not in path.parts)
    assert offered == [f"notebooks/{chapter}.ipynb" for chapter in CHAPTERS]
    for path in (built_book / "chapters").glob("*.html"):
        links = re.findall(r'href="([^"]+)"', path.read_text(encoding="utf-8"))
        sites = [link for link in links if re.search(r"mybinder|colab|git-pull|\.ipynb", link)]
        assert all(f"notebooks/{path.stem}.ipynb" in unquote(link) for link in sites)
        assert bool(sites) == (path.stem in CHAPTERS)


CHAPTER = """\
---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {name: python3, display_name: Python 3}
---
# A chapter

SECTION

```{code-cell} ipython3
1
```
"""


def test_a_hub_is_offered_once_it_is_set_and_a_lost_section_is_an_error(tmp_path):
    for name in ["tools", "theme", "nnlib/widgets/static"]:
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ["requirements.txt", "constraints.txt"]:
        shutil.copy(ROOT / name, tmp_path)
    config = (ROOT / "_config.yml").read_text(encoding="utf-8")
    assert "# jupyterhub_url: " in config
    (tmp_path / "_config.yml").write_text(config.replace("# jupyterhub_url", "jupyterhub_url"),
                                          encoding="utf-8")
    (tmp_path / "references.bib").touch()
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: chapters/one\n", encoding="utf-8")
    for folder in ["chapters", "notebooks"]:
        (tmp_path / folder).mkdir()
    (tmp_path / "notebooks" / "one.ipynb").write_text("{}", encoding="utf-8")

    def build(section):
        (tmp_path / "chapters" / "one.md").write_text(CHAPTER.replace("SECTION", section),
                                                      encoding="utf-8")
        return subprocess.run([sys.executable, "-m", "tools.build_book"], cwd=tmp_path, text=True,
                              capture_output=True, check=False)

    done = build("## Exercises")
    assert done.returncode == 0, done.stderr
    html = (tmp_path / "_build" / "html" / "chapters" / "one.html").read_text(encoding="utf-8")
    assert html.count("https://hub.example.edu/hub/user-redirect/git-pull?repo=") == 2
    done = build("## Tasks")
    assert done.returncode != 0
    assert "no section called Exercises" in done.stderr
