"""The commands keep their word: what is pinned, what a wheel holds, when a build must fail."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==(\S+)", re.MULTILINE)


def pins(name):
    return {found[0].lower().replace("_", "-"): found[1]
            for found in PIN.findall((ROOT / name).read_text(encoding="utf-8"))}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt",
                                  "requirements-torch.txt"])
def test_requirements_are_exact_and_resolved(name):
    lines = [line for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
             if line.strip() and not line.startswith(("#", "-"))]
    assert lines
    assert len(pins(name)) == len(lines), "every requirement is pinned with =="
    resolved = pins("constraints.txt")
    assert {key: resolved.get(key) for key in pins(name)} == pins(name), "run `make pins`"


def test_wheel_holds_every_file_of_nnlib(tmp_path):
    source = tmp_path / "source"
    shutil.copytree(ROOT / "nnlib", source / "nnlib",
                    ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for name in ["pyproject.toml", "README.md", "LICENSE"]:
        shutil.copy(ROOT / name, source)
    # Without isolation pip uses the pinned setuptools, and so needs no network.
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps",
                    "--no-build-isolation", "--wheel-dir", str(tmp_path), str(source)], check=True)
    [wheel] = tmp_path.glob("nnlib-*.whl")
    expected = {path.relative_to(ROOT).as_posix() for path in (ROOT / "nnlib").rglob("*")
                if path.is_file() and "__pycache__" not in path.parts
                and not path.name.startswith(".")}
    assert {"nnlib/__init__.py", "nnlib/widgets/static/host.js",
            "nnlib/datasets/octet_binaries.csv"} <= expected
    assert expected <= set(zipfile.ZipFile(wheel).namelist())


def test_only_the_configuration_knows_where_the_repository_lives():
    url = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"]
    place = url.removeprefix("https://")
    files = [*ROOT.glob("*.md"), *ROOT.glob("*.toml"), ROOT / "CITATION.cff",
             *(ROOT / "chapters").rglob("*.md"), *(ROOT / "nnlib").rglob("*.py"),
             *(ROOT / "nnlib").rglob("*.js")]
    assert [str(file) for file in files if place in file.read_text(encoding="utf-8")] == []


def test_every_command_that_the_readme_names_exists():
    makefile, *pages = ((ROOT / name).read_text(encoding="utf-8")
                        for name in ["Makefile", "README.md", "CONTRIBUTING.md"])
    targets = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    text = "\n".join(pages)
    named = set(re.findall(r"(?:`|^)make (\w+)", text, re.MULTILINE))
    assert {"book", "test"} <= named <= targets


def test_unsupported_python_is_refused_in_words(monkeypatch, tmp_path):
    from tools import install

    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")  # whatever it does, not to ours
    monkeypatch.setattr(install, "OLDEST", (3, 98))
    monkeypatch.setattr(install, "NEWEST", (3, 99))
    with pytest.raises(SystemExit, match=r"needs Python 3\.98 to 3\.99, but .* is 3\.\d+"):
        install.make_venv()


def test_folder_that_cannot_be_written_to_is_refused_in_words(monkeypatch, tmp_path):
    from tools import workshop

    monkeypatch.setattr(workshop, "ROOT", tmp_path / "absent")
    words = r"absent cannot be written to \(No such file"
    with pytest.raises(SystemExit, match=words), workshop.lock():
        pass


# A small book of its own, in a folder whose name has a space. One long test, because the steps
# depend on each other and each build takes seconds.

CHAPTER = """---
jupytext: {{text_representation: {{extension: .md, format_name: myst}}}}
kernelspec: {{name: python3, display_name: Python 3}}
---
# {title}

{text}

```{{code-cell}} ipython3
import sys
sys.path.insert(0, "..")
import nnlib
{code}
```
"""


@pytest.fixture
def small_book(tmp_path):
    book = tmp_path / "a book"
    for folder in ["chapters", "nnlib"]:
        (book / folder).mkdir(parents=True)
    for name in ["_config.yml", "requirements.txt", "constraints.txt"]:
        shutil.copy(ROOT / name, book)
    for name in ["tools", "theme"]:
        shutil.copytree(ROOT / name, book / name)
    shutil.copytree(ROOT / "nnlib" / "widgets" / "static", book / "nnlib" / "widgets" / "static")
    (book / "references.bib").touch()
    (book / "_toc.yml").write_text(
        "format: jb-book\nroot: chapters/one\n"
        "chapters: [{file: chapters/two}, {file: chapters/three}]\n",
        encoding="utf-8")
    (book / "nnlib" / "__init__.py").write_text("ANSWER = 42\n", encoding="utf-8")
    return book


def chapter(book, name, text="Text.", code="assert nnlib.ANSWER == 42"):
    code += f"  # {name}"  # chapters with the very same cells would share one cached result
    (book / "chapters" / f"{name}.md").write_text(
        CHAPTER.format(title=f"Chapter {name}", text=text, code=code), encoding="utf-8")


def build(book):
    """Whether it was built, and everything that was said."""
    # A kernel in the reader's own folder that must not be used.
    kernel = book.parent / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True, exist_ok=True)
    (kernel / "kernel.json").write_text(
        '{"argv": ["false", "{connection_file}"], "display_name": "wrong", "language": "python"}',
        encoding="utf-8")
    env = dict(os.environ, JUPYTER_DATA_DIR=str(kernel.parent.parent))
    done = subprocess.run([sys.executable, "-m", "tools.build_book"], cwd=book, env=env, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.returncode == 0, done.stdout


def executed(output):
    chapters = re.search(r"^Executing (.*)$", output, re.MULTILINE)
    return chapters[1].split() if chapters else []


def test_build_is_strict_and_never_stale(small_book):
    html = small_book / "_build" / "html"
    chapter(small_book, "one")
    chapter(small_book, "two")
    chapter(small_book, "three")
    built, said = build(small_book)
    assert built, said
    assert executed(said) == ["one", "three", "two"]
    assert str(html / "index.html") in said

    built, said = build(small_book)
    assert built
    assert "Nothing has changed" in said

    # A changed chapter alone is executed, and its new title stands in the other's menu.
    chapter(small_book, "two", text="[](one.md)", code="print(nnlib.ANSWER)")
    path = small_book / "chapters" / "two.md"
    path.write_text(path.read_text(encoding="utf-8").replace("# Chapter two", "# Renamed"),
                    encoding="utf-8")
    built, said = build(small_book)
    assert built, said
    assert executed(said) == ["two"]
    assert "Renamed" in (html / "chapters" / "one.html").read_text(encoding="utf-8")

    # The third page is left as it is when nothing changes that others show.
    before = (html / "chapters" / "three.html").stat().st_mtime_ns
    path.write_text(path.read_text(encoding="utf-8").replace("print(", "str("), encoding="utf-8")
    built, said = build(small_book)
    assert built, said
    assert executed(said) == ["two"]
    assert "str(nnlib" in re.sub("<[^>]*>", "", (html / "chapters" / "two.html").read_text("utf-8"))
    assert (html / "chapters" / "three.html").stat().st_mtime_ns == before

    # A label that the other page refers to cannot vanish unnoticed.
    chapter(small_book, "one", text="See {ref}`there <label-of-two>`.")
    chapter(small_book, "two", text="(label-of-two)=\n## Section")
    built, said = build(small_book)
    assert built, said
    chapter(small_book, "two")
    built, said = build(small_book)
    assert not built
    assert "label-of-two" in said
    chapter(small_book, "one")

    # A warning fails the build, and again when nothing is changed.
    chapter(small_book, "two", text="See {ref}`nowhere`.")
    for _ in range(2):
        built, said = build(small_book)
        assert not built
        assert "nowhere" in said
        assert not html.exists()

    # So does what a cell writes to its error stream, and a cell that fails.
    chapter(small_book, "two", code="print('beware', file=sys.stderr)")
    assert not build(small_book)[0]
    chapter(small_book, "two", code="1 / 0")
    built, said = build(small_book)
    assert not built
    assert "ZeroDivisionError" in said

    # The chapters are right again, but a cached result is not trusted once nnlib has changed.
    chapter(small_book, "two")
    assert build(small_book)[0]
    (small_book / "nnlib" / "__init__.py").write_text("ANSWER = 41\n", encoding="utf-8")
    built, said = build(small_book)
    assert not built
    assert "AssertionError" in said


@pytest.mark.parametrize("port", ["abc", "-1", "70000", "80.5", ""])
def test_serve_says_what_a_port_is(port):
    done = subprocess.run([sys.executable, "-m", "tools.serve", port], cwd=ROOT,
                          capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1 and not done.stdout
    assert done.stderr.startswith("PORT must be a whole number from 0 to 65535")
    assert repr(port) in done.stderr and "Traceback" not in done.stderr
