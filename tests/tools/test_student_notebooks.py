"""Student notebooks: no solution in them, plain Markdown, and a blank one runs through."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from pybtex.database import parse_file

from tools import student
from tools.plain_markdown import Book

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)

HEAD = """\
---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

"""

SAMPLE = HEAD + r"""(sample)=
# A sample

A **{term}`neuron`** and its {term}`weights <weight>`, after {cite:t}`cox1958` and others
{cite:p}`block1962,cordero2008`. {numref}`fig-rising` rises, by {eq}`eq-late`; see
{ref}`sample-more`, {ref}`this exercise <ex-double>`, {ref}`before <other-part>`, {doc}`other`,
[the other one](other.md) and {numref}`fig-other`. The code `{term}` and $a_{[i](j)}$ stay.

```{code-cell} ipython3
:tags: [remove-cell]
from myst_nb import glue
```

```{code-cell} ipython3
start = 3
```

```{code-cell} ipython3
:tags: [remove-cell]

def helper(n):
    return n + start

unused = helper(1)
assert unused == 4
glue("four", float(unused), display=False)
for n in range(2):
    glue(f"loop-{n}", n, display=False)
```

The result is {glue:text}`four:.2f`, then {glue:text}`loop-1`.

(sample-more)=
## More

$$
\begin{aligned}
y &= x
\end{aligned}
$$ (eq-first)

$$z = 1$$

```{math}
:label: eq-late
w = {x}
```

```{code-cell} ipython3
---
tags: [hide-input]
mystnb:
  figure:
    name: fig-rising
    caption: "It rises, see {eq}`eq-first`, to {glue:text}`four:.2f`."
  image:
    alt: A line that rises from 1 < 2.
---
print(helper(2))
```

:::{note}
Kept, with a list:

- one
:::

```{only} html
On this page, without Python, nothing runs.
```

```python
shown = "as {ref}`it` is"
```

## Exercises

```{code-cell} ipython3
from nnlib.exercises import check
```

```{exercise-start} Double it
:label: ex-double
```
*Implement.* Write `double(x)`, as in $2x$.
```{exercise-end}
```

```{admonition} Hint
:class: tip dropdown
Twice *as much*.
```

```{code-cell} ipython3
:tags: [exercise-stub]

def double(x):
    raise NotImplementedError
```

```{solution-start} ex-double
:class: dropdown
```
The secret explanation, with {cite:t}`novikoff1962` and {glue:text}`secret`.

```{code-cell} ipython3
def double(x):
    return secret_factor * x
```

```{code-cell} ipython3
:tags: [remove-cell]
glue("secret", secret_factor)
```

```{solution-end}
```

```{code-cell} ipython3
:tags: [check]

check("sample-double", double)
```

## Recap

The end.
"""

OTHER = HEAD + """\
# Another one

(other-part)=
## The other part

```{code-cell} ipython3
---
mystnb:
  figure:
    name: fig-other
---
1
```
"""

REPOSITORY = {"url": "https://github.com/owner/name", "branch": "trunk"}
VALUES = {"four:.2f": "4.00", "loop-1": "1"}


def made(text=SAMPLE, values=VALUES):
    book = Book(works=parse_file(str(ROOT / "references.bib")).entries)
    book.add("sample", text)
    book.add("other", OTHER)
    return student.student_notebook("sample", text, book, REPOSITORY, values)


def markdown(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("words", [
    # words and links
    "A **neuron** and its weights, after Cox (1958) and others\n"
    "(Block, 1962; Cordero et al., 2008).",
    "Figure 1 rises, by (2); see\n*More*, this exercise, [before](../chapters/other.md), "
    "[Another one](../chapters/other.md),",
    "[the other one](../chapters/other.md) and figure in [Another one](../chapters/other.md).",
    "The code `{term}` and $a_{[i](j)}$ stay.",
    "The result is 4.00, then 1.",
    # equations
    "$$\n\\begin{aligned}\ny &= x\n\\end{aligned} \\tag{1}\n$$",
    "$$z = 1$$",
    "$$\nw = {x} \\tag{2}\n$$",
    # a figure
    "**Figure 1.** It rises, see (1), to 4.00.\n\n<details>\n"
    "<summary>Figure 1 in words</summary>\n\nA line that rises from 1 < 2.\n\n</details>",
    # directives
    "> **Note**\n>\n> Kept, with a list:\n>\n> - one",
    '```python\nshown = "as {ref}`it` is"\n```',
    "### Double it\n\n*Implement.* Write `double(x)`, as in $2x$.\n\n"
    "<details>\n<summary>Hint</summary>\n\nTwice *as much*.\n\n</details>",
])
def test_markdown_is_plain(words):
    assert words in markdown(made())


def test_what_is_said_of_the_page_alone_is_left_out():
    assert "On this page" not in markdown(made())


def test_references_list_what_is_cited_outside_of_solutions():
    text = markdown(made()).partition("## References\n")[2]
    begins = [line[:9] for line in text.strip().splitlines()]
    assert begins == ["- H. D. B", "- Beatriz", "- D. R. C"]
    assert "(https://doi.org/10.1103/RevModPhys.34.123)" in text


def test_nothing_of_a_solution_is_left():
    text = student.written(made())
    assert "secret" not in text
    assert "Novikoff" not in text


def test_stub_and_check_say_which_exercise_they_belong_to():
    about = [(cell.id, cell.metadata["nnlib"], cell.metadata.get("tags"))
             for cell in made().cells if "nnlib" in cell.metadata]
    assert [entry[1:] for entry in about] == [
        ({"role": "setup"}, None),
        ({"exercise": "sample-double", "role": "stub"}, ["exercise-stub"]),
        ({"exercise": "sample-double", "role": "check"}, ["check"])]
    assert [entry[0] for entry in about[1:]] == ["sample-double-stub", "sample-double-check"]


def test_hidden_cells_stay_only_where_their_names_are_used():
    setup, start, helper, drawn, *_ = [cell.source for cell in code(made())]
    assert "nnlib" in setup
    assert start == "start = 3"
    assert helper == "def helper(n):\n    return n + start\n\nunused = helper(1)"
    assert drawn == "print(helper(2))"
    hidden = [cell.metadata.get("jupyter", {}).get("source_hidden", False) for cell in code(made())]
    assert hidden == [False, False, True, True, False, False, False]
    assert "helper" not in student.written(made(SAMPLE.replace("print(helper(2))", "print(2)")))


@pytest.mark.parametrize(("source", "needed", "bound"), [
    ("n = n + 1", {"n"}, {"n"}),
    ("for n in rows: print(n)", {"rows", "print"}, {"n"}),
    ("def f(a):\n    return a * g(b)", {"g", "b"}, {"f"}),
    ("x = 1\ny = [x * i for i in x]", set(), {"x", "y"}),
    ("import numpy as np\nfrom a import b", set(), {"np", "b"}),
    ("class A:\n    def f(self): return h", {"h"}, {"A"}),
])
def test_names_that_a_cell_needs_and_binds(source, needed, bound):
    assert student.names(source) == (needed, bound)


def test_written_bytes_are_stable_and_valid():
    first, again = student.written(made()), student.written(made())
    assert first == again
    assert first.endswith("}\n")
    notebook = nbformat.reads(first, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    # A paragraph more changes the ids of no other cell.
    more = made(SAMPLE.replace("The end.", "New.\n\n+++\n\nThe end."))
    assert ({cell.id for cell in made().cells if "The end" not in cell.source}
            <= {cell.id for cell in more.cells})


FIRST_CELL = """
import os, sys
sys.path.append(sys.argv[1])  # the packages, without what makes an nnlib in place be found
from IPython.core.interactiveshell import InteractiveShell
if sys.argv[2] == "colab":
    sys.modules["google.colab"] = sys
ran = InteractiveShell.instance().run_cell(sys.stdin.read())
print("went on" if ran.success else "stopped")
import numpy, threadpoolctl
threads = {pool["num_threads"] for pool in threadpoolctl.threadpool_info()}
print(threads, os.getenv("OMP_NUM_THREADS"))
"""


def first_cell(tmp_path, where, found=False, **env):
    """What it prints where nnlib is found or not, and where pip fails, for want of git."""
    packages = Path(nbformat.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, *([] if found else ["-S"]), "-c", FIRST_CELL, packages, where],
        input=code(made())[0].source, cwd=tmp_path, capture_output=True, text=True, check=True,
        env={"PATH": "", "HOME": str(tmp_path), **env})
    return done.stdout.splitlines()


@pytest.mark.parametrize(("where", "sentence"), [
    ("here", 'This notebook needs nnlib: in a terminal, run pip install "nnlib[all] @ '
             'git+https://github.com/owner/name@trunk", then restart the kernel.'),
    ("colab", "nnlib cannot be installed from https://github.com/owner/name just now: is there a "
              "connection?"),
])
def test_without_nnlib_the_first_cell_stops_in_a_sentence(tmp_path, where, sentence):
    assert first_cell(tmp_path, where)[:-1] == [sentence, "stopped"]


def test_on_colab_the_first_cell_installs_nnlib(monkeypatch):
    import importlib.util

    asked = []
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setitem(sys.modules, "google.colab", sys.modules[__name__])
    monkeypatch.setattr(subprocess, "run", lambda command, **options: asked.append(command)
                        or subprocess.CompletedProcess(command, 0))
    exec(code(made())[0].source, {})
    assert asked == [[sys.executable, "-m", "pip", "install", "--quiet",
                      "nnlib[all] @ git+https://github.com/owner/name@trunk"]]


def test_the_first_cell_asks_for_one_thread_unless_the_student_has(tmp_path):
    assert first_cell(tmp_path, "here", found=True) == ["went on", "{1} 1"]
    last = first_cell(tmp_path, "here", found=True, OMP_NUM_THREADS="3")[-1]
    assert last.endswith("} 3")


def test_numbers_come_from_a_run_without_the_solutions():
    chapter = student.Chapter("sample", SAMPLE.replace("check(", "(lambda *a: a)("))
    assert student.asked_by(chapter) == set(VALUES)
    assert student.glued(chapter.run(), student.asked_by(chapter)) == VALUES


def test_recorded_numbers_hold_as_long_as_the_code_does(tmp_path):
    path = tmp_path / "sample.ipynb"
    assert student.recorded(path, student.Chapter("sample", SAMPLE)) is None
    path.write_text(student.written(made()), encoding="utf-8")
    prose = SAMPLE.replace("The end.", "The very end.")
    assert student.recorded(path, student.Chapter("sample", prose)) == VALUES
    solution = SAMPLE.replace("return secret_factor", "return another_factor")
    assert student.recorded(path, student.Chapter("sample", solution)) == VALUES
    changed = SAMPLE.replace("start = 3", "start = 4")
    assert student.recorded(path, student.Chapter("sample", changed)) is None


@pytest.mark.parametrize(("old", "new", "words"), [
    ("{solution-end}", "{exercise-end}", "the solution of ex-double never ends"),
    ("{solution-start} ex-double", "{exercise-end}", "a solution ends that never began"),
    (":tags: [exercise-stub]", ":tags: [stub]", "no cell tagged exercise-stub before it"),
    (":tags: [check]", ":tags: [done]", "no check follows on: def double"),
    ("{cite:t}`cox1958`", "{cite:t}`nobody`", "no entry 'nobody'"),
    (":::{note}", ":::{carousel}", "the directive {carousel} has no form in plain Markdown"),
    ("{term}`neuron`", "{fancy}`neuron`", "the role {fancy} has no form in plain Markdown"),
    ("{eq}`eq-late`", "{eq}`eq-lost`", "no label 'eq-lost'"),
    ("{doc}`other`", "{doc}`lost`", "no chapter 'lost'"),
    ("{glue:text}`loop-1`", "{glue:text}`loop-9`", "glued a value for {glue:text}`loop-9`"),
])
def test_what_cannot_be_told_is_an_error_that_says_so(old, new, words):
    assert old in SAMPLE
    with pytest.raises(ValueError, match=re.escape(words)):
        made(SAMPLE.replace(old, new))


# The notebooks of the book

def test_notebooks_are_those_of_the_chapters():
    made, errors = student.generate(say=lambda words: None)
    assert not errors
    assert sorted(made) == NOTEBOOKS, "run `make exercises`"
    stale = [path.name for path, text in made.items() if path.read_bytes() != text.encode()]
    assert not stale, "run `make exercises`"


@each_notebook
def test_questions_are_asked_as_in_the_chapter(path):
    asked = re.compile(r"^(?:question|prediction)\(.*", re.MULTILINE)
    chapter = (ROOT / "chapters" / f"{path.stem}.md").read_text(encoding="utf-8")
    code = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    kept = [line for source in code for line in asked.findall(source)]
    assert kept == asked.findall(chapter)


@each_notebook
def test_no_line_of_a_solution_is_in_its_notebook(path):
    chapter = (ROOT / "chapters" / f"{path.stem}.md").read_text(encoding="utf-8")
    gated = r"(?ms)^[`:]{3,}\{solution-start\}.*?^[`:]{3,}\{solution-end\}.*?^[`:]{3,}$"
    outside = re.sub(gated, "", chapter)
    inside = {line.strip() for part in re.findall(gated, chapter) for line in part.splitlines()}
    lines = {line for line in inside if len(line) > 12 and line not in outside}
    assert len(lines) > 10
    notebook = path.read_text(encoding="utf-8")
    told = "\n".join(cell.source for cell in nbformat.reads(notebook, as_version=4).cells)
    assert [line for line in lines if line in told] == []
    assert [line for line in lines if json.dumps(line)[1:-1] in notebook] == []


def test_what_lives_in_a_notebook_alone_comes_after_the_exercises():
    found = 0
    for path in sorted((ROOT / "chapters").glob("*.md")):
        sections = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        if "In a live notebook" in sections:
            found += 1
            at = sections.index("Exercises")
            assert sections[at : at + 3] == ["Exercises", "In a live notebook", "Recap"], path.name
    assert found


@each_notebook
def test_nothing_comes_before_the_cell_that_prepares(path):
    first = code(nbformat.read(path, as_version=4))[0]
    assert first.metadata["nnlib"] == {"role": "setup"} and "numpy" not in first.source


@each_notebook
def test_no_myst_is_left(path):
    notebook = nbformat.read(path, as_version=4)
    text = re.sub(r"(?ms)^```.*?^```$", "", markdown(notebook))
    assert not re.findall(r"\{[\w:.-]+\}`|^[`:]{3,}\{|^\([\w:.-]+\)=", text, re.MULTILINE)
    assert not [cell for cell in code(notebook) if "glue(" in cell.source]


def test_a_blank_notebook_runs_through_and_passes_no_check(tmp_path):
    """The shortest; tests/lab runs the cells of all, and two more notebooks in JupyterLab."""
    path = ROOT / "notebooks" / "materials_data.ipynb"
    notebook = nbformat.read(path, as_version=4)
    env = {key: value for key, value in os.environ.items() if key != "NNLIB_CHECK"}
    # Time enough for a busy machine; after four seconds, outputs that are late would be left out.
    client = NotebookClient(notebook, timeout=600, startup_timeout=600, iopub_timeout=600,
                            kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}})
    client.execute(env=env)  # raises where a cell fails
    checks = [cell for cell in notebook.cells
              if cell.metadata.get("nnlib", {}).get("role") == "check"]
    assert checks
    for cell in checks:
        name = cell.metadata["nnlib"]["exercise"]
        said = [output["data"] for output in cell.outputs if "data" in output]
        assert len(said) == 1
        assert said[0]["text/plain"].startswith(f"✗ Not written yet: {name}\n")
        assert said[0]["text/plain"].count("✗") == 2, "a message"
        assert "data-ok='false'" in said[0]["text/html"]


def test_the_command_writes_the_same_bytes_again(tmp_path):
    """In a copy of the book with the sample in it, by the command itself."""
    import shutil

    for name in ["tools", "theme"]:
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ["_config.yml", "references.bib"]:
        shutil.copy(ROOT / name, tmp_path)
    for folder in ["chapters", "notebooks"]:
        (tmp_path / folder).mkdir()
    own = nbformat.v4.new_notebook()  # a student's, and so left alone
    nbformat.write(own, tmp_path / "notebooks" / "mine.ipynb")
    empty = student.fingerprint_of([])  # one that a chapter had once
    own.metadata["nnlib"] = {"chapter": "gone", "cells": empty}
    nbformat.write(own, tmp_path / "notebooks" / "gone.ipynb")
    (tmp_path / "chapters" / "sample.md").write_text(SAMPLE, encoding="utf-8")
    (tmp_path / "chapters" / "other.md").write_text(OTHER, encoding="utf-8")
    (tmp_path / "chapters" / "draft.md").write_text(SAMPLE, encoding="utf-8")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: chapters/other\n"
                                       "chapters: [{file: chapters/sample}]\n", encoding="utf-8")

    def command():
        done = subprocess.run([sys.executable, "-m", "tools.student"], cwd=tmp_path, text=True,
                              capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        files = {path.name: path for path in (tmp_path / "notebooks").iterdir()}
        assert set(files) == {"mine.ipynb", "sample.ipynb"}
        return done.stdout, files["sample.ipynb"].read_bytes()

    said, first = command()
    assert "sample: its code has changed" in said
    assert "gone.ipynb: removed" in said
    assert json.loads(first)["metadata"]["nnlib"]["values"] == VALUES
    said, again = command()
    assert "has changed" not in said
    assert again == first

    # A student's answers are not written over, unless somebody insists.
    path = tmp_path / "notebooks" / "sample.ipynb"
    worked = first.replace(b"raise NotImplementedError", b"return 2 * x")
    assert worked != first
    path.write_bytes(worked)
    call = [sys.executable, "-m", "tools.student"]
    done = subprocess.run(call, cwd=tmp_path, text=True, capture_output=True, check=False)
    assert done.returncode != 0 and "sample.ipynb has been worked on" in done.stderr
    assert path.read_bytes() == worked
    subprocess.run([*call, "--force"], cwd=tmp_path, capture_output=True, check=True)
    assert path.read_bytes() == first


@pytest.mark.parametrize("hidden", [
    "~~~{solution} ex-double\ndouble it\n~~~",
    "- ```{solution} ex-double\n  double it\n  ```",
    "> :::{solution} ex-double\n> double it\n> :::",
    "``` {solution} ex-double\ndouble it\n```",
    "   ```{solution-start} ex-double\n   ```\ndouble it",
])
def test_a_solution_in_another_form_of_fence_is_refused(hidden):
    with pytest.raises(ValueError, match="is not seen as a directive here"):
        made(SAMPLE + f"\n\n{hidden}\n")


def test_comments_are_left_out():
    told = markdown(made(SAMPLE + "\n\nSaid.\n% unsaid one\n<!-- unsaid\ntwo -->\nSaid too.\n"))
    assert "Said.\nSaid too." in told and "unsaid" not in told
