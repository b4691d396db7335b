"""The commands keep their word: what is pinned, what a wheel holds, when a build must fail."""

import importlib
import inspect
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import psutil
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
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
    from tools import common

    monkeypatch.setattr(common, "ROOT", tmp_path / "absent")
    words = r"absent cannot be written to \(No such file"
    with pytest.raises(SystemExit, match=words), common.lock():
        pass


# A small book, in a folder whose name has a space and a letter that is not ASCII. Each build takes
# seconds, so the tests share the book; each finds it as it was at first, but for what is built.

CHAPTER = """---
jupytext: {{text_representation: {{extension: .md, format_name: myst}}}}
kernelspec: {{name: python3, display_name: Python 3}}
---
# {title}

{text}

```{{code-cell}} ipython3
:tags: [hide-input]

import sys
sys.path.insert(0, "..")
import nnlib
{code}
```
"""
FENCE, FIRST = 9, 15  # the lines at which the cell begins, and `code`
PIXEL = ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQ"
         "AAAABJRU5ErkJggg==")
CODE = {  # what differs in every run: names of widgets, pieces of output, the order of a set
    "one": "import ipywidgets\nassert nnlib.ANSWER == 42\nipywidgets.IntSlider(3)",
    "two": "print('in pieces', end='', flush=True); print(', joined'); print({'a', 'b', 'c'})",
    "three": "import base64; from IPython.display import Image\n"
             f"Image(base64.b64decode({PIXEL!r}))",
}


class SmallBook:
    def __init__(self, folder):
        self.folder, self.html = folder, folder / "_build" / "html"
        for name in ["chapters", "nnlib/widgets"]:
            (folder / name).mkdir(parents=True)
        for name in ["_config.yml", "requirements.txt", "constraints.txt"]:
            shutil.copy(ROOT / name, folder)
        for name in ["tools", "theme", "nnlib/widgets/static"]:
            shutil.copytree(ROOT / name, folder / name)
        (folder / "references.bib").touch()
        (folder / "_toc.yml").write_text(
            "format: jb-book\nroot: chapters/one\n"
            "chapters: [{file: chapters/two}, {file: chapters/three}]\n", encoding="utf-8")
        # A kernel in the reader's own folder that must not be used.
        kernel = folder.parent / "jupyter" / "kernels" / "python3"
        kernel.mkdir(parents=True)
        (kernel / "kernel.json").write_text(
            '{"argv": ["false", "{connection_file}"], "display_name": "wrong", '
            '"language": "python"}', encoding="utf-8")
        self.env = dict(os.environ, JUPYTER_DATA_DIR=str(kernel.parent.parent))
        self.reset()

    def reset(self):
        self.library("ANSWER = 42\n")
        for name in CODE:
            self.chapter(name)

    def library(self, text):
        self.write(self.folder / "nnlib" / "__init__.py", text)

    def chapter(self, name, text="Text.", code=None, title=None):
        self.write(self.folder / "chapters" / f"{name}.md", CHAPTER.format(
            title=title or f"Chapter {name}", text=text, code=code or CODE[name]))

    def write(self, path, text):
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")

    def start(self, **options):
        return subprocess.Popen([sys.executable, "-m", "tools.build_book"], cwd=self.folder,
                                env=self.env, text=True, stdout=subprocess.PIPE, **options)

    def build(self):
        """Whether it was built, and everything that was said."""
        process = self.start(stderr=subprocess.STDOUT)
        said, _ = process.communicate()
        return process.returncode == 0, said

    def page(self, name):
        return (self.html / "chapters" / f"{name}.html").read_text(encoding="utf-8")

    def pages(self):
        """{path: bytes} of the whole built book."""
        return {path.relative_to(self.html): path.read_bytes()
                for path in self.html.rglob("*") if path.is_file()}


def executed(said):
    """The chapters that were executed, whatever came of it."""
    return set(re.findall(r"^(\w+) \(\d of \d\)", said, re.MULTILINE))


@pytest.fixture(scope="module")
def built_once(tmp_path_factory):
    """The small book, what its first build said, and its pages then."""
    book = SmallBook(tmp_path_factory.mktemp("build") / "a bôok")
    built, said = book.build()
    assert built, said
    return book, said, book.pages()


@pytest.fixture
def book(built_once):
    book = built_once[0]
    yield book
    book.reset()


def test_a_build_says_what_it_does_and_where_the_book_is(built_once):
    book, said, _ = built_once
    assert executed(said) == {"one", "two", "three"}
    first, *progress, last, ready, serve = said.splitlines()
    assert first == "Executing 3 of 3 chapters."
    assert [re.fullmatch(rf"\w+ \({k} of 3\) \d+ s", line) is not None
            for k, line in enumerate(progress, start=1)] == 3 * [True]
    assert last == "Writing the pages."
    assert str(book.html / "index.html") in ready and "make serve" in serve


def test_an_unchanged_book_is_left_alone(book):
    assert book.build()[0]
    before = (book.html / "index.html").stat().st_mtime_ns
    checkpoints = book.folder / "chapters" / ".ipynb_checkpoints"
    checkpoints.mkdir()
    shutil.copy(book.folder / "chapters" / "one.md", checkpoints / "one-checkpoint.md")
    built, said = book.build()
    assert built and "Nothing has changed" in said
    assert (book.html / "index.html").stat().st_mtime_ns == before


def test_what_has_changed_is_built_and_what_others_show_of_it(book):
    # A changed chapter alone is executed, and its new title stands in the others' menu.
    book.chapter("two", title="Renamed", text="(label-of-two)=\n## Section", code="print(6 * 7)")
    book.chapter("one", text="See {ref}`there <label-of-two>`.")
    built, said = book.build()
    assert built, said
    assert executed(said) == {"two"}
    assert "Renamed" in book.page("three")

    # The third page is left as it is when nothing changes that others show, new text is shown.
    before = (book.html / "chapters" / "three.html").stat().st_mtime_ns
    book.chapter("one", text="See also {ref}`there <label-of-two>`.")
    built, said = book.build()
    assert built, said
    assert executed(said) == set()
    assert "See also" in book.page("one")
    assert (book.html / "chapters" / "three.html").stat().st_mtime_ns == before

    # What lies beside the chapters may change alone: then no page is out of date.
    (book.html.parents[1] / "chapters" / "draft.txt").write_text("not a page", encoding="utf-8")
    built, said = book.build()
    assert built, said
    assert list((book.html / "_static").glob("*.css"))
    assert (book.html / "chapters" / "three.html").stat().st_mtime_ns == before

    # A label that another page refers to cannot vanish unnoticed, nor when nothing is changed. The
    # last good book stays.
    before = book.pages()
    book.chapter("two", title="Renamed", code="print(6 * 7)")
    for _ in range(2):
        built, said = book.build()
        assert not built
        assert "chapters/one.md" in said and "label-of-two" in said
        assert f"The last good one is still in {book.html}." in said
        assert book.pages() == before


def test_a_failing_cell_is_named_with_its_place(book):
    assert book.build()[0]
    before = book.pages()
    book.chapter("one", code="def half(x):\n    return x / 0\n\nhalf(1)")
    book.chapter("two", code="print('beware', file=sys.stderr)")
    book.chapter("three", code="import os\nos._exit(0)")
    for _ in range(2):  # with nothing changed, again
        built, said = book.build()
        assert not built
        assert executed(said) == {"one", "two", "three"}
        assert (f"chapters/one.md, line {FIRST + 3}, line 7 of the cell that begins at line {FENCE}"
                ": ZeroDivisionError: division by zero\n") in said
        assert "return x / 0\n" in said
        assert (f"chapters/two.md, line {FENCE}, in the cell that begins there: it writes to its "
                "error stream:\nbeware\n") in said
        assert f"chapters/three.md, line {FENCE}, in the cell that begins there: the kernel" in said
        assert "Traceback (most recent call last)\n  File" not in said
        assert book.pages() == before


@pytest.mark.parametrize("name, text", [
    ("_config.yml", "title: [no, text]"), ("_config.yml", "title: {never: ends"),
    ("_toc.yml", "chapters: []"), ("_toc.yml", "chapters: [never ends"),
])
def test_wrong_settings_are_refused_in_words(name, text, monkeypatch, tmp_path):
    from tools import build_book

    monkeypatch.setattr(build_book, "ROOT", tmp_path)
    (tmp_path / name).write_text(text, encoding="utf-8")
    read = build_book.read_contents if name == "_toc.yml" else build_book.read_settings
    with pytest.raises(SystemExit, match=f"^{re.escape(name)}: "):
        read()


def test_a_page_that_is_not_in_the_book_is_not_executed(monkeypatch, tmp_path):
    from tools import build_book

    monkeypatch.setattr(build_book, "ROOT", tmp_path)
    for page in ["one", "two", "draft"]:
        (tmp_path / f"{page}.md").touch()
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: two\nchapters: [{file: one}]\n",
                                       encoding="utf-8")
    assert [path.stem for path in build_book.read_contents()] == ["one", "two"]


def test_a_result_is_not_trusted_once_nnlib_has_changed(book):
    book.library("ANSWER = 41\n")
    built, said = book.build()
    assert not built
    assert executed(said) == {"one", "two", "three"}
    assert "AssertionError" in said


def test_two_builds_give_the_same_bytes(book, built_once):
    """From nothing, and from another state of the book, without what that has left."""
    _, _, first = built_once
    assert "in pieces, joined\n" in re.sub("<[^>]*>", "", first[Path("chapters/two.html")].decode())
    book.library("ANSWER = 42\n\n")
    built, said = book.build()
    assert built, said
    assert executed(said) == {"one", "two", "three"}
    assert book.pages() == first
    book.chapter("three", code="print()")
    assert book.build()[0]
    assert not list((book.html / "_images").iterdir())
    book.chapter("three")
    assert book.build()[0]
    assert book.pages() == first


def test_two_folders_differ_in_what_is_not_in_both_or_not_the_same(tmp_path):
    from tools.reproduce import differences

    one, two = tmp_path / "one", tmp_path / "two"
    for folder, files in [(one, {"same": "1", "other": "1", "gone": ""}),
                          (two, {"same": "1", "other": "2", "new/page": ""})]:
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
    assert differences(one, two) == ["gone", "new/page", "other"]
    assert differences(one, one) == []


def test_ctrl_c_ends_all_processes_and_says_one_line(book, tmp_path):
    assert book.build()[0]
    before, running = book.pages(), tmp_path / "running"
    book.chapter("two", code=f"import pathlib, time\npathlib.Path({str(running)!r}).touch()\n"
                             "time.sleep(600)")
    # A run of the tests in a shell's background ignores Ctrl-C, and so would all that it starts.
    process = book.start(stderr=subprocess.PIPE, start_new_session=True,
                         preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    while not running.exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.1)
    children = psutil.Process(process.pid).children(recursive=True)
    assert children
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate()
    assert process.returncode == 128 + signal.SIGINT
    assert errors == "Stopped.\n"
    assert not [child for child in children if child.is_running()]
    assert book.pages() == before


def test_a_chapter_may_not_take_forever(tmp_path):
    from tools.execute import ChapterFails, run

    path = tmp_path / "slow.md"
    path.write_text(CHAPTER.format(title="Slow", text="", code="while True: pass"),
                    encoding="utf-8")
    words = f"{path}, line {FENCE}, .*: it takes longer than the 1 s that execute: timeout"
    with pytest.raises(ChapterFails, match=words):
        run(path, timeout=1)


def test_results_that_a_full_disk_has_cut_off_are_made_anew(tmp_path):
    from tools.execute import is_cached, keep, open_cache, read

    path = tmp_path / "one.md"
    path.write_text(CHAPTER.format(title="One", text="", code="1"), encoding="utf-8")
    folder = tmp_path / "cache"
    for damage in [lambda file: file.unlink(), lambda file: file.write_text("{"),
                   lambda file: (folder / "global.db").write_text("no data base")]:
        cache = open_cache(folder)
        keep(read(str(path)), path, 1.0, cache)
        assert is_cached(path, cache)
        [file] = folder.glob("executed/*/base.ipynb")
        damage(file)
        assert not is_cached(path, open_cache(folder))


def test_a_disk_without_room_is_named_in_words(monkeypatch):
    from tools import build_book

    usage = build_book.shutil.disk_usage(ROOT)._replace(free=12_345_678)
    monkeypatch.setattr(build_book.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(SystemExit, match=r"A build needs up to 200 MB, and .* has 12 MB left"):
        build_book.check_room()


def test_whatever_decides_what_a_chapter_gives_empties_the_cache(monkeypatch):
    from tools import build_book

    seen = []
    monkeypatch.setattr(build_book, "fingerprint", lambda *parts: seen.append(parts))
    build_book.inputs()
    code, settings = ({part.relative_to(ROOT).as_posix() for part in parts
                       if isinstance(part, Path)} for parts in seen[:2])
    assert code == {"nnlib", "requirements.txt", "constraints.txt", "tools/build_book.py",
                    "tools/execute.py", "tools/common.py"}
    assert sys.version in seen[0]
    assert settings == {"_config.yml", "_toc.yml", "references.bib", "theme"}


@pytest.mark.parametrize("port", ["abc", "-1", "70000", "80.5", ""])
def test_serve_says_what_a_port_is(port):
    done = subprocess.run([sys.executable, "-m", "tools.serve", port], cwd=ROOT,
                          capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1 and not done.stdout
    assert done.stderr.startswith("PORT must be a whole number from 0 to 65535")
    assert repr(port) in done.stderr and "Traceback" not in done.stderr


def test_a_comment_in_a_cell_is_no_title_that_other_pages_show(tmp_path, monkeypatch):
    from tools import build_book

    monkeypatch.setattr(build_book, "ROOT", tmp_path)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "chapters").mkdir()
    chapter = tmp_path / "chapters" / "a.md"

    def shared(title, comment):
        chapter.write_text(f"# {title}\n\n```{{code-cell}} ipython3\n# {comment}\nx = 1\n```\n")
        return list(build_book.shared_lines())

    assert shared("A", "one") == shared("A", "another")
    assert shared("A", "one") != shared("B", "one")


def test_whether_a_source_page_is_old_is_seen_without_importing_its_module(monkeypatch, tmp_path):
    from sphinx.ext import viewcode

    from tools import build_book

    asked = viewcode.get_module_filename
    assert list(inspect.signature(asked).parameters) == ["app", "modname"]  # whose place ours takes
    for module in ["nnlib.tensor", "nnlib.datasets"]:
        assert build_book.source_of(None, module) == importlib.import_module(module).__file__
    monkeypatch.setattr(build_book, "ROOT", tmp_path)
    assert build_book.source_of(None, "nnlib.new") == str(tmp_path / "nnlib" / "new.py")
