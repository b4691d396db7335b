"""Grading: what each kind of submission gets, and what a submission cannot do."""

import contextlib
import csv
import errno
import hashlib
import json
import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

import nnlib
from nnlib.exercises import registry
from nnlib.exercises.registry import exercise
from nnlib.exercises.trial import Trial
from tools.grader import confine, grade, proctor, progress, wire
from tools.grader import submissions as reading
from tools.grader.proctor import CannotGrade, Limits, Proctor
from tools.grader.remarks import Aside

ROOT = Path(__file__).resolve().parents[2]
# What ends by itself has minutes, for a machine that is busy; what hangs is waited for in full.
LIMITS = Limits(cell=120, notebook=1200)
HURRY = Limits(cell=4, notebook=1200)

CHAPTER = '''\
---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---
# Sample

```{code-cell} ipython3
import numpy as np
from nnlib.exercises import check
```

```{code-cell} ipython3
:tags: [check]

check("sample-double", double)
```

```{code-cell} ipython3
:tags: [check]

check("sample-total", total + 0)
```

```{code-cell} ipython3
:tags: [check]

check("sample-name", name)
```
'''

WRONG = "def double(x): return x\n"
START = "import numpy as np\nfrom nnlib.exercises import check"
RIGHT = {"double": "def double(x):\n    return 2 * x", "total": "total = 6", "name": "name = 'sum'"}


@pytest.fixture(autouse=True)
def sample(tmp_path_factory, monkeypatch):
    """A chapter of three exercises, which is all that there is."""
    root = tmp_path_factory.mktemp("book")
    (root / "_toc.yml").write_text("root: chapters/sample")
    (root / "references.bib").touch()
    (root / "chapters").mkdir()
    (root / "chapters" / "sample.md").write_text(CHAPTER)
    monkeypatch.setattr(grade, "ROOT", root)
    monkeypatch.setattr(grade, "font_list", lambda folder: None)
    monkeypatch.setattr(registry, "_EXERCISES", {})
    monkeypatch.setattr(registry, "Trial", lambda: Trial(120))

    @exercise("sample-double", "hint")
    def double(trial, double):
        trial.gives(double, (np.array([1.0, 3.0]),), [2.0, 6.0], "two numbers")
        trial.gives(double, (np.array([-5.0]),), [-10.0], "a negative number")

    double.mistake("This is the square.", lambda x: x**2)

    @exercise("sample-total", "hint")
    def total(trial, total):
        trial.close(total, 6, "the total")

    @exercise("sample-name", "hint")
    def name(trial, name):
        trial.choice(name, "sum", ["product"], "the name")


def notebook(answers=(), checks=None, chapter="sample", before=()):
    """A submission: right answers but for those given, each with its check."""
    cell = nbformat.v4.new_code_cell
    cells = [nbformat.v4.new_markdown_cell("# Sample"), *map(cell, before), cell(START)]
    for name, source in (RIGHT | dict(answers)).items():
        about = {"exercise": f"sample-{name}"}
        expression = {"total": "total + 0"}.get(name, name)
        source_of_check = (checks or {}).get(name, f'check("sample-{name}", {expression})')
        cells.append(cell(source, metadata={"nnlib": {**about, "role": "stub"}}))
        if source_of_check is not None:
            cells.append(cell(source_of_check, metadata={"nnlib": {**about, "role": "check"}}))
    metadata = {"nnlib": {"chapter": chapter}} if chapter else {}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


@pytest.fixture
def graded(tmp_path):
    """(marks of double, total and name; feedback; remarks) of a submission."""
    def run(content, limits=LIMITS, name="ada.ipynb"):
        path = tmp_path / name
        path.write_text(json.dumps(content))
        results = grade.grade_student("ada", reading.Submission([path]), tmp_path,
                                      grade.all_questions(), None, limits, None)
        marks = [int(report.ok) for report in results[0].reports.values()]
        return marks, grade.feedback("ada", results), "; ".join(results[0].remarks)
    return run


# Answers, right and wrong


def test_right_answers(graded):
    marks, text, remarks = graded(notebook())
    assert marks == [1, 1, 1] and remarks == ""
    assert "ada.ipynb: 3 of 3" in text and "✓ a negative number" in text


def test_nothing_written(graded):
    stub = "def double(x):\n    raise NotImplementedError"
    marks, text, remarks = graded(notebook({
        "double": stub, "total": "raise NotImplementedError", "name": "name = ..."}))
    assert marks == [0, 0, 0] and text.count("Not written yet.") == 3 and "is no" not in remarks


@pytest.mark.parametrize("wrong, words", [
    ("def double(x):\n    return x**2", ["This is the square.", "double([1., 3.])", "[2., 6.]"]),
    ("def double(x):\n    x *= 2\n    return x", ["changed its input"]),
    ("def double(x):\n    return x / nothing", ["NameError", "x / nothing"]),
    ("def double(x): return double(x)", ["RecursionError"]),
    ("def double(x): return np.zeros(2_000_000)", ["an array of more than 8 MB"]),
    ("def double(x): return [[[]] * 1000] * 1000", ["a list of more than 8 MB"]),
    ("double = 3", ["Expected a function, got an int"]),
    ("def double(x): return check", ["expected numbers, got a function"]),
    ("def double(x): return object()", ["expected numbers, got an object"]),
    ("def double(x)\n    return 2 * x", ["Cell 3", "not valid Python", "line 1", "expected ':'"]),
    ("zero = 1 / 0\ndef double(x): return 2 * x", ["Cell 3", "ZeroDivisionError", "There is no "
                                                   "`double`", "zero = 1 / 0"]),
    ("def dubble(x): return 2 * x", ["There is no `double`"]),
])
def test_a_wrong_answer_is_named_and_costs_itself_alone(graded, wrong, words):
    marks, text, _ = graded(notebook({"double": wrong}))
    assert marks == [0, 1, 1]
    assert all(word in text for word in words), text


def test_a_cell_that_belongs_to_no_exercise(graded):
    marks, text, remarks = graded(notebook(before=["1 / 0"]))
    assert marks == [1, 1, 1] and remarks == "cell 2, line 1, ZeroDivisionError"
    assert "Cell 2" in text and "ZeroDivisionError" in text


def test_without_metadata_a_check_shows_its_place(graded):
    content = notebook({"double": "def double(x)"}, chapter=None)
    for cell in content.cells:
        cell.metadata = {}
    marks, _, remarks = graded(content)
    assert marks == [0, 1, 1] and "sample-double: cell 3, line 1, SyntaxError" in remarks


def test_the_answer_at_the_place_of_the_check_counts(graded):
    content = notebook()
    content.cells.append(nbformat.v4.new_code_cell("name = 'product'; total = 0"))
    assert graded(content)[0] == [1, 1, 1]


@pytest.mark.parametrize("check, words", [
    (None, "check cell missing"),
    ("print('✓ Passed: sample-double')", "check cell changed"),
    ('check("sample-double", lambda x: 2 * x)', "check cell changed"),
    ("def double(x) return 2 * x", "SyntaxError"),
    ('def check(*a): return True\ncheck("sample-double", double)', "check cell changed"),
])
def test_what_stands_in_a_submitted_check_does_not_count(graded, check, words):
    wrong = notebook({"double": "def double(x): return x"}, {"double": check})
    marks, _, remarks = graded(wrong)
    assert marks == [0, 1, 1] and words in remarks
    assert graded(notebook(checks={"double": check}))[0] == [1, 1, 1]


@pytest.mark.parametrize("check", [
    'def double(x): return 2 * x\ncheck("sample-double", double)',
    'check("sample-double", double)\ndef double(x): return 2 * x',
    "def double(x): return 2 * x",
])
@pytest.mark.parametrize("metadata", [True, False])
def test_an_answer_in_the_cell_of_its_check_counts(graded, check, metadata):
    content = notebook({"double": WRONG}, {"double": check})
    if not metadata:
        content.metadata = {}
        for cell in content.cells:
            cell.metadata = {}
    marks, _, remarks = graded(content, name="sample.ipynb")
    assert marks == [1, 1, 1]
    assert remarks == ("sample-double: check cell changed" if metadata or "check(" in check
                       else "sample-double: check cell missing")


def test_all_in_one_cell(graded):
    content = notebook()
    source = "\n".join(cell.source for cell in content.cells[1:])
    content.cells = [nbformat.v4.new_code_cell(source)]
    assert graded(content)[0] == [1, 1, 1]
    content.cells[0].source = source.replace("2 * x", "x")
    assert graded(content)[0] == [0, 1, 1]


def test_a_check_may_be_spaced_and_commented_as_one_likes(graded):
    check = '# mine\nfrom nnlib.exercises import check\n\ncheck( \'sample-double\',double )'
    assert graded(notebook(checks={"double": check}))[::2] == ([1, 1, 1], "")


def test_an_exercise_that_was_deleted_is_remarked_on_once(graded):
    content = notebook()
    del content.cells[2:4]
    marks, _, remarks = graded(content)
    assert marks == [0, 1, 1] and remarks == "sample-double: its cells are missing"


@pytest.mark.parametrize("half", ["\ud83d", "\ude00", "\udc00\ud800"])
def test_half_a_character_costs_nothing(graded, half):
    answers = {"double": f"def double(x):  # {half}\n    return 2 * x",
               "total": f"word = '{half}'; total = 6", "name": f"name = 'sum' if '{half}' else 0"}
    content = notebook(answers)
    content.cells[0].source = f"# Sample {half}"
    content.metadata["author"] = half
    marks, _, remarks = graded(content)
    assert marks == [1, 1, 1] and remarks == ""
    made = notebook({"name": "name = '" + ascii(half)[1:-1] + "'"})
    marks, text, _ = graded(made)  # here Python makes it, and it crosses
    assert marks == [1, 1, 0] and "is none of the texts" in text


def test_what_is_too_large_is_not_run(graded):
    marks, text, remarks = graded(notebook({"double": RIGHT["double"] + "\n#" + "x" * 200_000}))
    assert marks == [0, 1, 1] and "more than 200 kB of code" in text and "TooLong" in remarks


def test_what_python_cannot_parse_costs_its_own_exercise(graded):
    nested = "{1:" * 100 + "(" * 199 + "-" * 90_000 + "1"
    assert graded(notebook({"double": nested}))[0] == [0, 1, 1]


def test_many_errors_are_not_all_told(graded):
    marks, text, remarks = graded(notebook(before=["1 / 0"] * 60))
    assert marks == [1, 1, 1] and "There is more" in text
    assert remarks.count("ZeroDivisionError") == 20


def test_magics_top_level_await_and_figures_work(graded):
    marks, _, remarks = graded(notebook(before=[
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()",
        "import asyncio\nawait asyncio.sleep(0)", "%time 1 + 1"]))
    assert marks == [1, 1, 1] and remarks == ""


@pytest.mark.parametrize("kept, own", [
    ("total = ...", "1 / 0"),
    ("total = ...", "total = )"),
    ("raise NotImplementedError", "import nothing_of_this_name"),
])
def test_a_stub_that_stayed_does_not_hide_what_failed_beside_it(graded, kept, own):
    content = notebook({"total": kept})
    content.cells.insert(5, nbformat.v4.new_code_cell(own))
    marks, text, remarks = graded(content)
    assert marks == [1, 0, 1]
    assert "cell 6, line 1" in remarks and "Cell 6" in text and own in text


# What was there for the student and is not here


@pytest.fixture(scope="module")
def shared_room():
    with Proctor(LIMITS) as room:
        yield room


@pytest.fixture
def run_cell(shared_room):
    """(the value of `total` after it, or None; what the student is told; remarks) of a cell."""
    def run(source):
        cell = reading.as_cell(5, source, {})
        shared_room.run("%reset -f\nimport numpy as np")
        told = [] if (failed := grade.failure_of(shared_room, cell)) is None else [failed]
        told += [Aside(cell, None, aside) for aside in shared_room.take_asides()]
        (value, _), = shared_room.evaluate(["total"])
        return (value, "\n".join(note.text for note in told),
                "; ".join(note.short for note in told if note.short))
    return run


@pytest.mark.parametrize("code, words, remark", [
    ("open('data.csv').read()", "Only files are there that the notebook", "FileNotFoundError"),
    ("with open('data.csv') as file:\n    rows = list(file)", "line 1", "FileNotFoundError"),
    ("np.loadtxt('/content/data.csv')", "Write what you need|Take the line out", "Error"),
    ("open('/content/drive/MyDrive/x', 'w')", "may not open the file /content", "PermissionError"),
    ("from google.colab import drive", "Take the line out", "ModuleNotFoundError"),
    ("import seaborn as sns", "No module named 'seaborn'", "ModuleNotFoundError"),
    ("from sklearn.datasets import load_boston", "load_boston", "ImportError"),
    ("input('Press enter')", "write the value itself into the cell", "EOFError"),
    ("from urllib.request import urlopen\nurlopen('http://127.0.0.1:9')", "line 2",
     "PermissionError"),
    ("import os; os.system('pip install x')", "may not start", "PermissionError"),
    ("import os; os.chdir('/content')", "line 1", "PermissionError"),
    ("!pip install seaborn", "`!pip install seaborn` was not run", "shell command"),
    ("%pip install seaborn", "`%pip install seaborn` was not run", "shell command"),
    ("%conda install seaborn", "`%conda install seaborn` was not run", "shell command"),
    ("files = !ls", "`!ls` was not run", "shell command"),
    ("if True:\n    !ls", "line 2", "shell command"),
    ("%tensorflow_version 2.x", "`%tensorflow_version 2.x` is not known", None),
    ("%config InlineBackend.figure_format = 'retina'", "", None),
    ("%matplotlib widget", "", None),
    ("%matplotlib notebook", "", None),
    ("%load_ext autoreload\n%autoreload 2", "", None),
    ("%cd /content", "", None),
    ("%run helper.py", "      %run helper.py", "FileNotFoundError"),
    ("%load_ext google.colab.data_table", "      %load_ext google.colab", "ModuleNotFoundError"),
    ("breakpoint()", "for nobody is there to use a debugger", None),
    ("import pdb; pdb.set_trace()", "debugger", None),
    ("from IPython.core.debugger import set_trace; set_trace()", "debugger", None),
    ("%debug", "debugger", None),
    ("%pdb on", "debugger", None),
])
def test_a_line_that_wants_what_is_not_here_costs_nothing(run_cell, code, words, remark):
    value, text, remarks = run_cell(f"{code}\ntotal = 6")
    assert value == 6 and re.search(words, text), text
    assert remarks.endswith(f"passed over: {remark}") if remark == "shell command" else (
        re.fullmatch(rf"cell 5, line \d, passed over: \w*{remark}", remarks) if remark
        else remarks == ""), remarks


@pytest.mark.parametrize("magic, remark", [
    ("bash", "shell command"), ("sh", "shell command"), ("python3", "shell command"),
    ("shell", None), ("bigquery", None), ("html", None), ("javascript", None),
])
def test_a_cell_that_is_not_python_costs_nothing(run_cell, magic, remark):
    _, text, remarks = run_cell(f"%%{magic}\nls -l")
    assert remarks == (f"cell 5, line 1, passed over: {remark}" if remark else ""), text


def test_what_follows_from_a_line_passed_over_is_passed_over_too(graded):
    marks, text, remarks = graded(notebook({"total": """
from google.colab import files
uploaded = files.upload()
rows = [line.split() for line in uploaded['x.csv'].splitlines()]
mean = sum(rows) / len(rows)
total = 6"""}))
    assert marks == [1, 1, 1] and text.count("was passed over: NameError") == 3
    assert remarks == "cell 5, line 1, passed over: ModuleNotFoundError"


@pytest.mark.parametrize("code, words", [
    ("total = int(input('How many?'))", "write the value itself"),
    ("with open('data.csv') as file:\n    total = 6", "FileNotFoundError"),
    ("data = open('data.csv').read()\ntotal = len(data)", "It needs what an earlier line"),
    ("x = 1 / 0\ntotal = 6", "ZeroDivisionError"),
    ("total = nothing + 6", "NameError"),
    ("!pip install x\ntotal = )", "is not valid Python, line 2"),
])
def test_an_answer_that_hangs_on_it_is_lost_and_says_why(run_cell, code, words):
    value, text, _ = run_cell(code)
    assert value is None and words in text


@pytest.mark.parametrize("inside, words", [
    ("breakpoint()", None),
    ("import pdb; pdb.set_trace()", None),
    ("!ls", None),
    ("input()", "nobody answers input()"),
    ("open('data.csv')", "FileNotFoundError"),
])
def test_within_a_function_too(graded, inside, words):
    answer = f"def double(x):\n    {inside}\n    return 2 * x"
    marks, text, remarks = graded(notebook({"double": answer}))
    assert marks == [0 if words else 1, 1, 1] and (words or "The answer to sample-double: ") in text
    assert (remarks == "sample-double, passed over: shell command") == (inside == "!ls")


@pytest.mark.parametrize("guard", ["try:\n    {}\nexcept ImportError:\n    total = 6",
                                   "try:\n    {}\n    total = 0\nexcept Exception:\n    total = 6"])
def test_who_asks_whether_this_is_colab_hears_that_it_is_not(run_cell, guard):
    assert run_cell(guard.format("import google.colab")) == (6, "", "")


@pytest.mark.parametrize("cells", [
    ["%%writefile helper.py\ndef twice(x):\n    return 2 * x", "from helper import twice"],
    ["%%file helper.py\ndef twice(x): pass", "import helper", "%%writefile helper.py\n"
     "def twice(x):\n    return 2 * x", "import importlib; importlib.reload(helper)\n"
     "from helper import twice"],
    ["%mkdir tools_of_mine", "import os; os.makedirs('own', exist_ok=True)",
     "%%writefile own/helper.py\ndef twice(x):\n    return 2 * x", "from own.helper import twice"],
    ["with open('helper.py', 'w') as file:\n    file.write('twice = lambda x: 2 * x')",
     "%run helper.py"],
    ["%%writefile random.py\ndef twice(x):\n    return 2 * x", "import importlib.util, sys",
     "spec = importlib.util.spec_from_file_location('mine', 'random.py')\n"
     "mine = importlib.util.module_from_spec(spec); spec.loader.exec_module(mine)\n"
     "twice = mine.twice"],
])
def test_a_file_that_a_cell_writes_can_be_imported(graded, cells):
    use = {"double": "def double(x):\n    return twice(x)"}
    marks, text, _ = graded(notebook(use, before=[*cells, "import os; os._exit(0)"]))
    assert marks == [1, 1, 1], text  # also where another process had to write it anew


@pytest.mark.parametrize("magic", ["%%time", "%%capture", "%%capture out", "%%prun", "%%debug"])
def test_a_cell_magic_around_an_answer(run_cell, magic):
    assert run_cell(f"{magic}\ntotal = 6") == (6, "", "")
    value, text, remarks = run_cell(f"{magic}\nx = 1 / 0\ntotal = 6")
    assert value is None and "ZeroDivisionError" in text and "ZeroDivisionError" in remarks


def test_the_same_line_in_two_cells_is_told_twice_and_in_a_loop_once(graded):
    _, text, _ = graded(notebook(before=["for i in range(9): breakpoint()", "breakpoint()"]))
    assert text.count("`breakpoint()` was passed over") == 2


def test_display_and_widgets_are_there(graded):
    marks, text, remarks = graded(notebook(before=[
        "display(1)\nfrom IPython.display import display, HTML; display(HTML('<b>'))",
        "import ipywidgets\nipywidgets.interact(lambda name: print(name), name=['James', 'Bond'])",
        "from nnlib.widgets import PerceptronPlayground\nPerceptronPlayground()"]))
    assert marks == [1, 1, 1] and remarks == "", text


# Code that does not end, or ends too much


@pytest.mark.parametrize("culprit, words", [
    ("def double(x):\n    while True: pass", "did not finish within"),
    ("def double(x):\n    while True:\n        try:\n            while True: pass\n"
     "        except BaseException: pass", "did not finish within"),
    ("while True: print('spam' * 1000)", "did not finish in time"),
    ("def double(x):\n    import os\n    os._exit(0)", "ended the whole process"),
    ("import os; os._exit(0)", "ended the whole process"),
    ("import sys; sys.exit()", "SystemExit"),
    ("raise SystemExit", "SystemExit"),
    ("def double(x): exit()", "SystemExit"),
    ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    ("def double(x): return np.ones(10**11)", "MemoryError"),
    ("import os, signal; os.abort()", "SIGABRT"),
    ("import signal; signal.raise_signal(37)", "signal 37"),
    ("def double(x):\n    import os\n    while True: os.fork()", "PermissionError"),
])
def test_it_costs_its_own_exercise_alone(graded, monkeypatch, culprit, words):
    hangs = words.startswith("did not finish")
    if hangs:
        monkeypatch.setattr(registry, "Trial", lambda: Trial(2))
    marks, text, remarks = graded(notebook({"double": culprit}), HURRY if hangs else LIMITS)
    assert marks == [0, 1, 1] and words in text, text
    assert "the notebook took longer" not in remarks


@pytest.mark.parametrize("hog", ["{}", "def double(x):\n    {}"])
def test_memory_that_is_kept_is_not_in_the_way_of_the_next_answer(graded, hog):
    eat = "while True: kept.append(np.empty(10**7))"
    marks, text, _ = graded(notebook({
        "double": "kept = []\n" + hog.format(eat),
        "total": "kept = np.empty(4 * 10**7)\ntotal = 6"}), Limits(120, 1200, memory=1))
    assert marks == [0, 1, 1] and "MemoryError" in text


@pytest.mark.parametrize("written", [
    "open(f'{i}', 'wb').write(b'x' * 2**20)",
    "open('all', 'ab').write(b'x' * 2**20)",
    "os.makedirs(f'a/{i}'); np.save(f'a/{i}/b', np.zeros(2**17))",
    "open(f'{i}', 'wb').close()\n    if i > 30: os.makedirs(f'many/{i}')",
    "kept.append(open('x', 'wb')); kept[-1].write(b'x' * 2**20); kept[-1].flush(); os.remove('x')",
    "os.mkdir('deep'); os.chdir('deep')",
    "os.mkdir('deep' * 50); os.chdir('deep' * 50)",
])
@pytest.mark.parametrize("hog", ["{}\ntotal = 6", "def double(x):\n    {}\n    return 2 * x"])
def test_a_submission_may_not_fill_the_disk(graded, monkeypatch, tmp_path, written, hog):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(proctor, "MOST_FILES", 60)
    loop = f"for i in range(100):\n    {written}"
    code = "import os\nkept = []\n" + hog.format(
        loop.replace("\n", "\n    ") if "def" in hog else loop)
    double = "def" in hog
    marks, text, remarks = graded(notebook({"double" if double else "total": code}),
                                  Limits(120, 1200, files=20))
    assert marks == ([0, 1, 1] if double else [1, 0, 1])
    assert re.search("wrote more than 20 MB of files|made more than 60 files and folders|"
                     "a folder that it made cannot be looked into", text), text
    assert re.search("too many or too large files" if double else "TooMuchWritten", remarks)
    assert [path.name for path in tmp_path.iterdir()] == ["ada.ipynb"]  # the scratch folder is gone


def test_what_is_removed_again_does_not_count(graded):
    code = "import os\nfor i in range(50):\n    open('x', 'wb').write(bytes(2**20))\n" \
           "    os.remove('x')\ntotal = 6"
    assert graded(notebook({"total": code}), Limits(120, 1200, files=20))[::2] == ([1, 1, 1], "")


def test_closed_folders_are_noticed_and_removed():
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o777)
    child = os.fork()
    if not child:  # root looks into everything, so be nobody
        with contextlib.suppress(PermissionError):
            os.setgroups([])
            os.setuid(65534)
        (folder / "own" / "a" / "b").mkdir(parents=True)
        (folder / "own" / "a" / "b").chmod(0o000)
        (folder / "own" / "a").chmod(0o300)
        try:
            proctor.written(folder / "own", os.getpid())
        except PermissionError:
            proctor.remove(folder / "own")
            os._exit(7)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert not list(folder.iterdir())
    folder.rmdir()


def test_without_room_on_the_disk_nobody_is_graded(graded, monkeypatch):
    monkeypatch.setattr(proctor.shutil, "disk_usage", lambda path: SimpleNamespace(free=2**20))
    with pytest.raises(CannotGrade, match="fewer than 200 MB are free"):
        graded(notebook())


@pytest.fixture
def clock(monkeypatch):
    """Makes the proctor's clock jump by some seconds before the requests for which when() holds."""
    late, send = [0.0], Proctor._exchange

    def jump(seconds, when):
        def exchange(self, do, arguments, limit):
            late[0] += seconds if when(do, arguments) else 0
            return send(self, do, arguments, limit)
        monkeypatch.setattr(Proctor, "_exchange", exchange)

    monkeypatch.setattr(proctor, "time", SimpleNamespace(
        monotonic=lambda: time.monotonic() + late[0]))
    return jump


def test_a_notebook_has_a_time_for_the_whole(graded, clock):
    sleep = "import time\ntime.sleep(90)"
    clock(597, lambda do, arguments: arguments.get("code") == sleep)
    marks, _, remarks = graded(notebook({"total": sleep}), Limits(cell=300, notebook=600))
    assert marks == [1, 0, 0] and "took longer than 600 seconds as a whole" in remarks


def test_the_time_for_the_whole_may_end_within_a_check(graded, clock):
    sleep = "import time\ndef double(x):\n    time.sleep(90)"
    clock(597, lambda do, arguments: do == "call")
    marks, text, remarks = graded(notebook({"double": sleep}), Limits(cell=300, notebook=600))
    assert marks == [0, 0, 0] and "took longer than 600 seconds as a whole" in remarks
    assert text.count("It was not tried") == 3


def test_no_process_and_no_folder_is_left():
    with Proctor(LIMITS) as room:
        assert room.run("x = 1") is None
        process, folder = room.process, room.folder
        assert folder.is_dir()
    assert process.returncode == -signal.SIGKILL and not folder.exists()


# Tricks: the second and third answer are right, the first is wrong and stays so


@pytest.mark.parametrize("trick", [
    "def check(*a): print('✓ Passed: sample-double')",
    "import nnlib.exercises; nnlib.exercises.check = lambda *a: True",
    "np.allclose = np.array_equal = np.isclose = lambda *a, **k: True",
    "import builtins; builtins.all = builtins.any = lambda *a: True",
    "print('{\"id\": 3, \"values\": [{\"value\": true}]}'); print('✓ Passed: sample-double')",
    """
import os
for pipe in range(3, 30):
    for number in range(1, 9):
        try:
            os.write(pipe, b'{"id": %d, "value": true, "changed": {}, "asides": []}\\n'
                     % number)
        except OSError:
            pass
""",
    """
import json
from IPython.core.getipython import get_ipython
strange = [{"kind": kind, "line": line, "code": "get_ipython()", "type": ["x"], "text": 7}
           for kind in ("error", "program", "debugger", {}) for line in (-99, 10**30, True, "1")]
dumps = json.dumps
json.dumps = lambda reply, **more: dumps(
    reply | {"asides": strange * 99} if "asides" in reply else reply, **more)
""",
    """
import os
for pipe in range(3, 30):
    try:
        os.write(pipe, b'[' * 100_000 + b'\\n')
    except OSError:
        pass
""",
    """
class Liar(np.ndarray):
    __eq__ = lambda *a: True
    __array__ = lambda *a, **k: np.array([2.0, 6.0])
def double(x): return x.view(Liar)
""",
    """
class Anything:
    __eq__ = __call__ = lambda *a: True
    shape, ok = (2,), True
def double(x): return Anything()
""",
])
def test_tricks_earn_nothing(graded, trick):
    marks, _, _ = graded(notebook({"double": WRONG + trick}))
    assert marks == [0, 1, 1]


def test_a_text_that_equals_everything(graded):
    trick = "class Liar(str):\n    __eq__ = lambda *a: True\n    __hash__ = str.__hash__\n    " \
            "lower = split = lambda *a: ['sum']\nname = Liar('product')"
    assert graded(notebook({"name": trick}))[0] == [1, 1, 0]


@pytest.mark.parametrize("theft", [
    "from nnlib.exercises.sample import reference",
    "import nnlib.exercises.registry",
    "import importlib; importlib.import_module('nnlib.exercises.perceptron')",
    "open({exercises!r} + '/registry.py').read()",
    "import os; os.listdir({exercises!r})",
    "open({root!r} + '/chapters/perceptron.md').read()",
    "open({other!r}).read()",
    "import os; os.listdir(os.path.dirname({other!r}))",
    "import glob; found = glob.glob(os.path.dirname({other!r}) + '/*'); assert found",
    "open(os.path.dirname({other!r}) + '/new.txt', 'w')",
    "os.remove({other!r})",
    "os.symlink({other!r}, 'link'); open('link').read()",
    "import subprocess; subprocess.run(['cat', {other!r}], check=True)",
    "get_ipython().system('cat ' + {other!r}); raise ValueError",
    "assert get_ipython().getoutput('cat ' + {other!r})",
    "found = !cat {other!r}\nassert found",
    "get_ipython().run_cell_magic('bash', '', 'cat ' + {other!r}); raise ValueError",
    "import socket; socket.create_connection(('127.0.0.1', 9))",
    "import ctypes; ctypes.CDLL(None).system(b'true')",
    "os.kill(os.getppid(), 0)",
    "import resource; resource.prlimit(os.getppid(), resource.RLIMIT_CORE, (0, 0))",
    "import resource; resource.setrlimit(resource.RLIMIT_CPU, (90, 90))",
    "os.setpriority(os.PRIO_PROCESS, os.getppid(), 5)",
    "os.sched_setaffinity(os.getppid(), os.sched_getaffinity(0))",
    "os.chmod({other!r}, 0o600)",
    "import confine; confine._CHANGES = ('none',)",
    "import wire",
])
def test_what_a_submission_cannot_reach(graded, tmp_path, theft):
    other = tmp_path / "others" / "bob.ipynb"
    other.parent.mkdir()
    other.write_text("total = 6")
    code = theft.replace("{exercises!r}", repr(str(ROOT / "nnlib" / "exercises")))
    code = code.replace("{root!r}", repr(str(ROOT))).replace("{other!r}", repr(str(other)))
    # One statement, which ends where the theft is refused; what is passed over costs nothing.
    code = "import os\ndef steal():\n    " + code.replace("\n", "\n    ") + "\n    return 6\n"
    marks, text, _ = graded(notebook({"total": f"{code}total = steal()"}))
    assert marks == [1, 0, 1] and "Cell 5" in text
    assert re.search("PermissionError|ModuleNotFoundError|AssertionError|ValueError", text), text
    assert other.read_text() == "total = 6" and len(list(other.parent.iterdir())) == 1


def test_own_files_and_the_library_are_there(graded):
    code = "open('own.txt', 'w').write('6')\nimport nnlib as nn\nfrom nnlib import datasets\n" \
           "total = int(open('own.txt').read())"
    assert graded(notebook({"total": code}))[0] == [1, 1, 1]


def test_nothing_of_our_environment_is_seen(graded, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "abc")
    code = "import os\nassert 'SECRET_TOKEN' not in os.environ\ntotal = 6"
    assert graded(notebook({"total": code}))[0] == [1, 1, 1]


GUARDED = """
import os, socket, subprocess, sys
sys.path.insert(0, sys.argv[1])
from tools.grader import confine
guard, scratch, outside, exercises, port = sys.argv[2:]
whole, listed = confine.readable(exercises)
version = getattr(confine, guard)(scratch, whole, listed)
if guard == "landlock":
    print("version", version)
def attempt(name, action):
    try:
        action()
        print(name, "done")
    except PermissionError:
        print(name, "refused")
attempt("scratch", lambda: open(scratch + "/a", "w").close())
attempt("listing", lambda: os.listdir(os.path.dirname(exercises)))
attempt("library", lambda: open(os.path.dirname(exercises) + "/tensor.py").close())
attempt("null", lambda: open(os.devnull, "w").close())
attempt("read", lambda: open(outside + "/secret").close())
attempt("list", lambda: os.listdir(outside))
attempt("write", lambda: open(outside + "/new", "w").close())
attempt("remove", lambda: os.remove(outside + "/secret"))
attempt("rename", lambda: os.rename(outside + "/secret", scratch + "/secret"))
attempt("solutions", lambda: open(exercises + "/registry.py").close())
attempt("program", lambda: subprocess.run(["/bin/true"], check=True))
attempt("network", lambda: socket.create_connection(("127.0.0.1", int(port))).close())
attempt("signal", lambda: os.kill(os.getppid(), 0))
"""


@pytest.mark.parametrize("guard", ["landlock", "audit"])
def test_each_guard_alone(guard, tmp_path):
    scratch, outside = tmp_path / "scratch", tmp_path / "outside"
    scratch.mkdir()
    outside.mkdir()
    (outside / "secret").write_text("x")
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = subprocess.run(
            [sys.executable, "-c", GUARDED, ROOT, guard, scratch, outside,
             Path(nnlib.__file__).parent / "exercises", str(server.getsockname()[1])],
            capture_output=True, text=True, check=True)
    said = dict(line.split() for line in done.stdout.splitlines())
    version = int(said.pop("version", 99))
    if not version:
        pytest.skip("this system has no Landlock")
    expected = dict.fromkeys(["scratch", "listing", "library", "null"], "done")
    expected |= dict.fromkeys(["read", "list", "write", "remove", "rename", "solutions",
                               "program"], "refused")
    expected |= {"network": "refused" if version >= 4 else "done",
                 "signal": "refused" if version >= 6 else "done"}
    assert said == expected
    assert (outside / "secret").read_text() == "x"


FILTERED = """
import ctypes, errno, os, resource, shutil, signal, socket, sys, threading
sys.path.insert(0, sys.argv[1])
from tools.grader import confine
libc = ctypes.CDLL(None, use_errno=True)
if not confine.seccomp():
    sys.exit("none")
os.chdir(sys.argv[2])
parent = os.getppid()
def attempt(name, action):
    try:
        action()
        print(name, "done")
    except (PermissionError, ValueError):  # the latter by resource.setrlimit
        print(name, "refused")
def call(name, *arguments):
    if getattr(libc, name)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), name)
def thread():
    worker = threading.Thread(target=lambda: print("within", "done"))
    worker.start()
    worker.join()
attempt("prlimit", lambda: resource.prlimit(parent, resource.RLIMIT_CORE, (0, 0)))
attempt("setrlimit", lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))
attempt("getrlimit", lambda: resource.getrlimit(resource.RLIMIT_CORE))
attempt("setpriority", lambda: os.setpriority(os.PRIO_PROCESS, parent, 5))
attempt("affinity", lambda: os.sched_setaffinity(parent, os.sched_getaffinity(0)))
attempt("kill", lambda: os.kill(parent, 0))
attempt("killpg", lambda: os.kill(0, 0))
attempt("own-signal", lambda: os.kill(os.getpid(), 0))
attempt("ptrace", lambda: call("ptrace", 16, parent, 0, 0))
attempt("fork", lambda: os.fork() or os._exit(0))
attempt("spawn", lambda: os.posix_spawn("/bin/true", ["true"], {}))
attempt("exec", lambda: os.execv("/bin/true", ["true"]))
attempt("udp", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
attempt("pair", lambda: socket.socketpair())
attempt("thread", thread)
attempt("memfd", lambda: os.memfd_create("x"))
attempt("chown", lambda: os.chown("secret", os.getuid(), os.getgid()))
attempt("chmod", lambda: os.chmod("secret", 0o777))
attempt("utime", lambda: os.utime("secret", (1, 1)))
attempt("copy", lambda: shutil.copy2("secret", "copy"))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has seccomp")
def test_what_the_filter_of_system_calls_refuses(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("x")

    def stat():
        now = secret.stat()
        return now.st_mode, now.st_uid, now.st_gid, now.st_mtime_ns

    before = stat()
    done = subprocess.run([sys.executable, "-c", FILTERED, ROOT, tmp_path],
                          capture_output=True, text=True)
    if done.stderr == "none\n":
        pytest.skip("this system has no seccomp")
    said = dict(line.split() for line in done.stdout.splitlines())
    allowed = {"getrlimit", "own-signal", "pair", "thread", "within", "chmod", "utime", "copy"}
    assert {name for name, came in said.items() if came == "done"} == allowed
    assert len(said) == 21, done.stderr
    assert stat() == before  # chmod and utime only said that they did it


TAMPERED = """
import builtins, os, posixpath, stat, sys
sys.path.insert(0, sys.argv[1])
from tools.grader import confine
scratch, outside, exercises = sys.argv[2:]
victim, new = outside + "/secret", outside + "/new"
confine.audit(scratch, *confine.readable(exercises))
for name in dir(confine):
    if isinstance(getattr(confine, name), tuple):
        setattr(confine, name, ("none",))
confine.isinstance = confine.str = lambda *_: True
class Liar(str):
    startswith = __eq__ = lambda *_: True
    __hash__ = str.__hash__
    __str__ = __fspath__ = lambda self: scratch
def attempt(name, action):
    kept = dict(vars(builtins)), dict(vars(os)), dict(vars(posixpath)), dict(vars(stat))
    call, refused, done = action, "refused", "done"
    builtins.isinstance = builtins.hasattr = lambda *_: True
    os.lstat = os.readlink = os.fspath = os.fsdecode = lambda *_: scratch
    posixpath.realpath = posixpath.abspath = posixpath.join = lambda *_, **__: scratch
    posixpath._joinrealpath = lambda *_: (scratch, True)
    stat.S_ISLNK = lambda *_: False
    try:
        call()
        came = done
    except kept[0]["PermissionError"]:
        came = refused
    finally:
        for module, names in zip((builtins, os, posixpath, stat), kept):
            vars(module).update(names)
    print(name, came)
attempt("inside", lambda: open(scratch + "/a", "w").close())
attempt("read", lambda: open(victim).close())
attempt("bytes", lambda: open(victim.encode()).close())
attempt("liar", lambda: open(Liar(victim)).close())
attempt("write", lambda: open(new, "w").close())
attempt("list", lambda: os.listdir(outside))
attempt("chmod", lambda: os.chmod(victim, 0o777))
attempt("remove", lambda: os.remove(victim))
attempt("program", lambda: os.system("true"))
attempt("kill", lambda: os.kill(os.getppid(), 0))
"""


def test_the_hook_does_not_hang_on_what_students_can_replace(tmp_path):
    scratch, outside = tmp_path / "scratch", tmp_path / "outside"
    scratch.mkdir()
    outside.mkdir()
    (outside / "secret").write_text("x")
    done = subprocess.run(
        [sys.executable, "-c", TAMPERED, ROOT, scratch, outside,
         Path(nnlib.__file__).parent / "exercises"], capture_output=True, text=True)
    said = dict(line.split() for line in done.stdout.splitlines())
    assert said == {name: "done" if name == "inside" else "refused" for name in (
        "inside", "read", "bytes", "liar", "write", "list", "chmod", "remove", "program",
        "kill")}, done.stderr


def test_nothing_of_the_guard_is_in_reach(graded):
    code = "import sys\nframe, names = sys._getframe(), set(sys.modules)\nwhile frame:\n" \
           "    names |= {*frame.f_globals, *frame.f_locals}\n    frame = frame.f_back\n" \
           "assert 'confine' not in names\ntotal = 6"
    assert graded(notebook({"total": code}))[0] == [1, 1, 1]


def test_readable_goes_around_what_is_hidden(tmp_path):
    package = tmp_path / "nnlib"
    (package / "exercises").mkdir(parents=True)
    (package / "tensor.py").touch()
    whole, listed = confine.readable(package / "exercises")
    assert package / "tensor.py" in whole and package in listed
    assert not any((package / "exercises").is_relative_to(path) for path in whole)


# What other graders have stumbled over, in three variants each


def changed(content, number, **parts):
    """The notebook with another cell in the place of this one."""
    content.cells[number] = content.cells[number] | parts
    return content


def doubled(content, *numbers):
    """The notebook with copies of these cells, metadata included, at its end."""
    content.cells += [content.cells[number] for number in numbers]
    return content


FROM_ELSEWHERE = {
    # nbgrader 108, 1083: copied cells have the same id, and nothing of the notebook is graded.
    "check copied": (doubled(notebook(), 3), [1, 1, 1], ""),
    "answer copied": (doubled(notebook({"total": "total = 7"}), 4), [1, 0, 1], ""),
    "exercise copied and answered there": (
        doubled(changed(notebook({"total": "total = ..."}), 0, source=""), 4, 5), [1, 0, 1], ""),
    # nbgrader 92, 107, 1941: a cell changed to Markdown or raw is not graded, or stops it all.
    "answer is Markdown": (changed(notebook(), 2, cell_type="markdown"), [1, 1, 1],
                           "cell 3 is of type markdown"),
    "check is Markdown": (changed(notebook(), 3, cell_type="markdown"), [1, 1, 1],
                          "cell 4 is of type markdown"),
    "answer is raw": (changed(notebook(), 2, cell_type="raw"), [1, 1, 1], "cell 3 is of type raw"),
    # nbgrader 1682: a deleted check cell leaves the exercise open for ever.
    "check deleted": (notebook(checks={"double": None}), [1, 1, 1], "check cell missing"),
    "all checks deleted": (notebook(checks=dict.fromkeys(RIGHT)), [1, 1, 1], "check cell missing"),
    "check emptied": (changed(notebook(), 3, source=""), [1, 1, 1], "check cell missing"),
    # otter-grader 793: what a name holds at the end counts, not at its question.
    "used again later": (notebook({"name": "total = double = None; name = 'sum'"}), [1, 1, 1], ""),
    "deleted later": (notebook({"name": "del total, double; name = 'sum'"}), [1, 1, 1], ""),
    "all forgotten later": (notebook({"name": "%reset -f\nname = 'sum'"}), [1, 1, 1], ""),
    # otter-grader 817: a student's names and the grader's get in each other's way.
    "names of ours": (notebook(before=["check = shell = exercise = results = t = json = None"]),
                      [1, 1, 1], ""),
    "names of Python": (notebook(before=["print = list = str = len = isinstance = eval = None"]),
                        [1, 1, 1], ""),
    "names of IPython": (notebook(before=["get_ipython = display = In = Out = _ = None"]),
                         [1, 1, 1], ""),
    # nbgrader 427: a loop that fills the memory hangs, and all later tests pass.
    "list without end": (notebook({"total": "a = []\nwhile True: a.append(bytes(10**6))"}),
                         [1, 0, 1], "MemoryError"),
    "text without end": (notebook({"total": "a = 'a'\nwhile True: a += a"}), [1, 0, 1],
                         "MemoryError"),
    "recursion without end": (notebook({"total": "import sys; sys.setrecursionlimit(10**9)\n"
                                        "def f(x): return f([x])\nf(1)"}), [1, 0, 1], "cell 5"),
    # taskgrader 80: endless output passes for right.
    "returns lines": (notebook({"double": "def double(x): return '\\n' * 10**7"}), [0, 1, 1], ""),
    "prints lines": (notebook({"double": "def double(x): print('\\n' * 10**7); return x"}),
                     [0, 1, 1], ""),
    "says lines": (notebook({"double": "def double(x): raise ValueError('\\n' * 10**7)"}),
                   [0, 1, 1], ""),
    # otter-grader 524, 928: letters that are not ASCII end the grading.
    "own letters": (notebook({"double": "def double(数): return 2 * 数  # 二倍 é"}), [1, 1, 1], ""),
    "own file": (notebook({"total": "open('ä', 'w').write('é数')\ntotal = 2 + 2 * len("
                           "open('ä').read())"}), [1, 1, 1], ""),
    "own error": (notebook({"total": "raise ValueError('数é')"}), [1, 0, 1], "ValueError"),
    # nbgrader 416: another Python, or no Python at all, stops the grading.
    "Python 2": (notebook({"total": "print 6\ntotal = 6"}), [1, 0, 1], "SyntaxError"),
    "R": (notebook({"total": "total <- 6; c(1, 2) |> sum()"}), [1, 0, 1], "SyntaxError"),
    "a newer Python": (notebook({"total": "type X[T] = list[T]\nlazy import x\ntotal = 6"}),
                       [1, 0, 1], "SyntaxError"),
    # cocalc 4588, 4951: what ends the kernel ends the grading, or nobody is told.
    "kernel killed": (notebook({"total": "import os; os.kill(os.getpid(), 9)"}), [1, 0, 1],
                      "cell 5"),
    "kernel crashed": (notebook({"total": "import ctypes; ctypes.string_at(0)"}), [1, 0, 1],
                       "cell 5"),
    "kernel closed": (notebook({"total": "import os; os.closerange(0, 100)"}), [1, 0, 1],
                      "cell 5"),
}


@pytest.mark.parametrize("case", FROM_ELSEWHERE)
def test_what_other_graders_stumble_over(graded, case):
    content, expected, words = FROM_ELSEWHERE[case]
    limits = Limits(cell=120, notebook=1200, memory=1) if "without end" in case else LIMITS
    marks, text, remarks = graded(content, limits)
    assert marks == expected and words in remarks and (words or not remarks), (remarks, text)
    assert len(text) < 10_000


def test_files_that_are_huge_are_not_read(tmp_path):
    """nbgrader 874: one of a terabyte filled the server."""
    submissions = folder_of(tmp_path / "submissions", {
        "ada.ipynb": b"", "bob/data.bin": b"", "bob/x.ipynb": notebook(), "eve.zip": b""})
    for name in ("ada.ipynb", "bob/data.bin", "eve.zip"):
        os.truncate(submissions / name, 10**12)
    said = []
    ada, bob, eve = grade.grade_all(submissions, tmp_path / "out", limits=LIMITS, say=said.append)
    assert "larger than 10 MB" in ada.remarks[0] and bob.points == 3
    assert "no notebook" in eve.remarks[0]


@pytest.mark.parametrize("name", ["WMS q3.ipynb", "perceptron (1).IPYNB", "a/b/Kopie von x.ipynb"])
def test_a_notebook_may_have_another_name(tmp_path, name):
    """nbgrader 1302: it is skipped as unknown."""
    submissions = folder_of(tmp_path / "submissions", {f"ada/{name}": notebook()})
    result, = grade.grade_all(submissions, tmp_path / "out", limits=LIMITS, say=lambda line: None)
    assert result.points == 3 and result.remarks == []


# What crosses between the processes


@pytest.mark.parametrize("value", [
    None, True, 0, -(10**40), 1.5, np.inf, "text", [1, [2.0]], (1, ()), {"w": [1], 2: (3,)}, ...,
    1 + 2j, np.float32(1.5), np.bool_(True), np.arange(6).reshape(2, 3), np.zeros((0, 3)),
    np.array(["a", "bc"]), np.arange(6)[::2], [np.ones(2), {"b": np.int8(3)}],
])
def test_values_come_back_as_they_were(value):
    message = json.loads(json.dumps(wire.encode(value, None)))
    back = wire.decode(message, None)
    assert type(back) is type(value)
    np.testing.assert_equal(back, value)


def test_others_come_as_plain_values_or_names():
    class Text(str):
        pass

    assert type(wire.decode(wire.encode(Text("a"), None), None)) is str
    view = np.ones(2).view(np.recarray)
    assert type(wire.decode(wire.encode(view, None), None)) is np.ndarray
    assert np.array_equal(wire.decode(wire.encode(range(3), None), None), [0, 1, 2])
    for odd, name in [({1}, "set"), (np.array([None]), "ndarray"), (10**5000, "int")]:
        assert wire.decode(wire.encode(odd, None), None).type_name == name
    assert wire.encode(len, lambda function: 7) == {"function": 7}
    loop = []
    loop.append(loop)
    assert "nested" in wire.encode(loop, None)["opaque"]


@pytest.mark.parametrize("message", [
    {}, {"a": 1, "b": 2}, {"pickle": "x"}, {"array": ["|O", [1], "AAAAAAAAAAA="]},
    {"array": ["<f8", [10**12], ""]}, {"array": ["<f8", [-1], ""]}, {"array": ["<f8", [1], "?"]},
    {"array": ["<f8", [True], "AAAAAAAAAAA="]}, {"array": 3}, {"tuple": 3}, {"dict": [[1]]},
    {"dict": [[[1], 2]]}, {"complex": ["x", 1]}, {"function": "x"}, {"array": ["<U0", [10**9], ""]},
])
def test_a_malformed_message_is_a_value_error(message):
    with pytest.raises(ValueError):
        wire.decode(message, None)


# The folder of submissions


def folder_of(path, files):
    for name, content in files.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            file.write_bytes(content)
        else:
            file.write_text(nbformat.writes(content))
    return path


def state(folder):
    return {str(path.relative_to(folder)): (path.lstat().st_mode, path.lstat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None)
            for path in sorted(folder.rglob("*"))}


@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.skipif(
    multiprocessing.get_start_method() != "fork", reason="only a fork knows the sample chapter"))])
def test_a_folder_with_all_that_comes_in(tmp_path, jobs):
    unnamed = notebook(chapter=None)
    for cell in unnamed.cells:
        cell.metadata = {}
        cell.source = cell.source.replace("check", "chuck")
    submissions = folder_of(tmp_path / "submissions", {
        "zoe/deep/sample.ipynb": notebook(),
        "zoe/.ipynb_checkpoints/sample.ipynb": b"{",
        "=cmd|'calc'!A0.ipynb": notebook({"total": "total = 7"}),
        "Bob_12_assignsubmission_file_/mine.ipynb": notebook(chapter=None),
        "Bob_12_assignsubmission_file_/mine (1).ipynb": notebook(),
        "sample_eve.ipynb": unnamed,
        "unclear.ipynb": nbformat.v4.new_notebook(),
        "empty.ipynb": b"", "binary.ipynb": bytes(range(256)), "list.ipynb": b"[]",
        "json.ipynb": b'{"nbformat": 4, "cells": [', "deep.ipynb": b"[" * 10**6,
        "v3.ipynb": b'{"nbformat": 3, "worksheets": []}',
        "damaged.ipynb": b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 3}]}',
        "utf16.ipynb": nbformat.writes(notebook()).encode("utf-16"),
        "windows.ipynb": nbformat.writes(notebook()).encode("utf-16-le"),
        "latin.ipynb": '{"nbformat": 4, "cells": ["\u00e9"]}'.encode("latin-1"),
        "merged.ipynb": b'{\n<<<<<<< HEAD\n "nbformat": 4,\n=======\n "nbformat": 4,\n'
                        b'>>>>>>> 1a2b3c\n "cells": []}',
        "lazy/report.pdf": b"%PDF", "nothing/Thumbs.db": b"", "._ada.ipynb": b"\0",
        "zip.zip": b"PK", "script.py": b"total = 6", "zoe.py": b"total = 6",
        "unnamed.ipynb.txt": b"{}", "desktop.ini": b"",
    })
    outside = tmp_path / "outside.ipynb"
    outside.write_text(nbformat.writes(notebook()))
    (submissions / "link.ipynb").symlink_to(outside)
    os.mkfifo(submissions / "fifo.ipynb")
    before = state(submissions)
    said = []
    grade.grade_all(submissions, tmp_path / "grades", jobs=jobs, limits=LIMITS, say=said.append)
    assert state(submissions) == before

    with open(tmp_path / "grades" / "grades.csv", newline="", encoding="utf-8") as file:
        rows = {(row["student"], row["notebook"]): row for row in csv.DictReader(file)}
    assert list(rows) == sorted(rows, key=lambda key: (key[0].lstrip("'"), key[1]))
    zoe = rows["zoe", "zoe/deep/sample.ipynb"]
    assert zoe["total"] == "3" and zoe["sample-double"] == "1"
    assert zoe["remark"] == "not graded: zoe.py"
    formula = "'=cmd|'calc'!A0"
    assert rows[formula, f"{formula}.ipynb"]["sample-total"] == "0"
    bobs = [row for (student, _), row in rows.items() if student.startswith("Bob")]
    assert [row["total"] for row in bobs] == ["3", "3"]
    assert all("one of several" in row["remark"] for row in bobs)
    for student, words in {
            "unclear": "not clear which chapter", "empty": "is empty", "binary": "not JSON",
            "list": "not a notebook", "json": "not JSON", "deep": "not JSON", "v3": "format 3",
            "damaged": "Cell 1", "link": "link", "fifo": "special file", "latin": "not JSON",
            "utf16": "saved as UTF-16. Save it as UTF-8", "windows": "saved as UTF-16",
            "merged": "two versions at once"}.items():
        row = rows[student, f"{student}.ipynb"]
        assert words in row["remark"] and row["total"] == "0" and row["sample-name"] == ""
        assert words in (tmp_path / "grades" / "feedback" / f"{student}.md").read_text()
    for student, file in {"lazy": "report.pdf", "nothing": "", "zip": "zip.zip",
                          "script": "script.py", "unnamed.ipynb": "unnamed.ipynb.txt"}.items():
        row = rows[student, file]
        assert row["remark"] == "no notebook: hand in the file that ends in .ipynb"
        assert row["total"] == "0"
        text = (tmp_path / "grades" / "feedback" / f"{student}.md").read_text()
        assert "Hand in the notebook itself" in text and file.replace("_", "\\_") in text
    assert "sample-double: check cell missing" in rows["sample_eve", "sample_eve.ipynb"]["remark"]
    feedback = tmp_path / "grades" / "feedback"
    assert len(list(feedback.iterdir())) == len({student for student, _ in rows})
    assert (feedback / "zoe.md").read_text().startswith("# Feedback for zoe")


def test_only_one_chapter_if_it_is_named(tmp_path, monkeypatch):
    (grade.ROOT / "chapters" / "other.md").write_text(CHAPTER)
    (grade.ROOT / "_toc.yml").write_text("root: chapters/sample\nchapters:\n- file: chapters/other")
    submissions = folder_of(tmp_path / "submissions", {"ada.ipynb": notebook(chapter="other")})
    result, = grade.grade_all(submissions, tmp_path / "out", "sample", limits=LIMITS,
                              say=lambda line: None)
    assert "a notebook of the chapter other, not of sample" in result.remarks[0]


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Grades a folder of submissions: (the students graded in this run, their rows by name)."""
    real = grade.grade_student

    def again(files, until=None, **options):
        graded = []

        def student(name, *rest):
            if name == until:
                raise KeyboardInterrupt
            graded.append(name)
            return real(name, *rest)

        monkeypatch.setattr(grade, "grade_student", student)
        submissions = folder_of(tmp_path / "submissions", files)
        options = {"limits": LIMITS, "say": lambda line: None} | options
        if until:
            with pytest.raises(KeyboardInterrupt):
                grade.grade_all(submissions, tmp_path / "grades", **options)
        else:
            grade.grade_all(submissions, tmp_path / "grades", **options)
        with open(tmp_path / "grades" / "grades.csv", newline="", encoding="utf-8") as file:
            return graded, {row["student"]: row for row in csv.DictReader(file)}
    return again


def test_after_an_interruption_the_next_run_goes_on(run, tmp_path):
    files = {"ada.ipynb": notebook({"total": "open('x')\ntotal = 6"}),
             "bob.ipynb": notebook({"total": "total = 7"}), "eve.ipynb": notebook()}
    graded, rows = run(files, until="eve")
    assert graded == ["ada", "bob"]
    first = rows.pop("eve")
    assert first["remark"] == "NOT GRADED YET" and first["total"] == ""
    assert [rows[name]["total"] for name in ("ada", "bob")] == ["3", "2"]
    graded, now = run(files)
    assert graded == ["eve"] and now.pop("eve")["total"] == "3"
    assert now == rows and "passed over" in rows["ada"]["remark"]
    assert run(files)[0] == []
    assert run(files, again=True)[0] == ["ada", "bob", "eve"]


def test_what_has_changed_is_graded_again(run, tmp_path, monkeypatch):
    files = {"ada.ipynb": notebook({"total": "total = 7"}), "bob.ipynb": notebook()}
    run(files)
    assert run({"ada.ipynb": notebook()})[0] == ["ada"]
    assert run({"bob.py": b""})[0] == ["bob"]
    assert run({}, chapter="sample")[0] == ["ada", "bob"]
    assert run({}, chapter="sample", limits=Limits(cell=121, notebook=1200))[0] == ["ada", "bob"]
    (tmp_path / "grades" / "feedback" / "ada.md").unlink()
    assert run({}, chapter="sample", limits=Limits(cell=121, notebook=1200))[0] == ["ada"]
    run({})
    chapter = grade.ROOT / "chapters" / "sample.md"
    chapter.write_text(CHAPTER.replace("total + 0", "total + 1"))
    graded, rows = run({})
    assert graded == ["ada", "bob"] and rows["bob"]["sample-total"] == "0"
    assert run({})[0] == []
    monkeypatch.setattr(progress, "fingerprint_of_all", lambda *settings: "another nnlib")
    monkeypatch.setattr(grade, "fingerprint_of_all", lambda *settings: "another nnlib")
    assert run({})[0] == ["ada", "bob"]


def test_the_fingerprint_covers_what_grades(monkeypatch):
    seen = []
    monkeypatch.setattr(progress, "fingerprint", lambda *parts: seen.append(parts) or "")
    progress.fingerprint_of_all("settings")
    assert {ROOT / "nnlib", ROOT / "tools" / "grader", ROOT / "constraints.txt"} <= set(seen[0])


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"ada": 3}', '{"ada": {"key": []}}'])
def test_a_broken_record_of_what_is_done_does_no_harm(run, tmp_path, broken):
    files = {"ada.ipynb": nbformat.v4.new_notebook()}
    run(files)
    (tmp_path / "grades" / "graded.json").write_text(broken)
    assert run(files)[0] == ["ada"]


def test_what_went_wrong_here_is_graded_again(run, monkeypatch, capsys):
    real = grade.ask
    monkeypatch.setattr(grade, "ask", lambda *_: 1 / 0)
    files = {"ada.ipynb": notebook()}
    assert "THE GRADER FAILED" in run(files)[1]["ada"]["remark"]
    monkeypatch.setattr(grade, "ask", real)
    graded, rows = run(files)
    assert graded == ["ada"] and rows["ada"]["total"] == "3"


def test_root_is_warned(tmp_path, monkeypatch, capsys):
    submissions = folder_of(tmp_path / "here", {"ada.ipynb": nbformat.v4.new_notebook()})
    monkeypatch.setattr(sys, "argv", ["grade", str(submissions), "--jobs", "1"])
    for user, warned in ((0, True), (1000, False)):
        monkeypatch.setattr(os, "geteuid", lambda user=user: user, raising=False)
        grade.main()
        assert ("you are root" in capsys.readouterr().err) == warned


@pytest.mark.skipif(multiprocessing.get_start_method() != "fork",
                    reason="only a fork knows the sample chapter")
def test_interrupted_with_many_at_work_it_ends_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    endless = notebook(before=["while True: pass"])
    submissions = folder_of(tmp_path / "submissions", {
        "ada.ipynb": nbformat.v4.new_notebook(), "bob.ipynb": endless,
        "eve.ipynb": endless})
    (tmp_path / "tmp").mkdir()
    patience = Limits(cell=900, notebook=1800)

    def interrupted(line):
        if "] ada" in line:
            while not list((tmp_path / "tmp").glob("*/nnlib-grade-*")):
                time.sleep(0.05)
            raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        grade.grade_all(submissions, tmp_path / "grades", jobs=2, limits=patience, say=interrupted)
    assert time.monotonic() - began < 600  # a cell may take 900
    assert not multiprocessing.active_children() and not list((tmp_path / "tmp").iterdir())


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOSPC, errno.ENOMEM])
@pytest.mark.parametrize("where", [(reading.os, "open"), (tempfile, "mkdtemp")])
def test_what_this_machine_lacks_is_no_students_fault(graded, monkeypatch, number, where):
    def fail(*arguments, **more):
        raise OSError(number, os.strerror(number))

    content = notebook()
    monkeypatch.setattr(*where, fail)
    with pytest.raises(CannotGrade, match=os.strerror(number)):
        graded(content)


def test_where_the_grader_fails_there_is_no_mark(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(grade, "ask", lambda *_: 1 / 0)
    submissions = folder_of(tmp_path / "submissions", {"ada.ipynb": notebook()})
    result, = grade.grade_all(submissions, tmp_path / "out", limits=LIMITS, say=lambda line: None)
    assert result.trouble and "ZeroDivisionError" in capsys.readouterr().err
    row, = csv.DictReader((tmp_path / "out" / "grades.csv").open())
    assert row["total"] == "" and "THE GRADER FAILED" in row["remark"]


def test_names_that_are_long_or_odd(tmp_path):
    smile = "\N{GRINNING FACE}"
    wide = "\N{FULLWIDTH EQUALS SIGN}"
    names = [smile * 63 + "abc", smile * 62 + "abc", "a\nb", f"{wide}1+1", "Ada", "ADA",
             "e\u0301", "\u00e9"]
    submissions = folder_of(tmp_path / "submissions",
                            {f"{name}/x.ipynb": nbformat.v4.new_notebook() for name in names})
    students = len(list(submissions.iterdir()))
    said = []
    results = grade.grade_all(submissions, tmp_path / "out", limits=LIMITS, say=said.append)
    assert len(list((tmp_path / "out" / "feedback").iterdir())) == len(results) == students
    assert not any("\n" in line for line in said)
    table = (tmp_path / "out" / "grades.csv").read_text()
    assert len(table.splitlines()) == students + 1 and all(
        f"{start}{wide}1+1" in table for start in ("\n'", ",'"))


def test_feedback_that_cannot_be_written_stops_nobody(tmp_path):
    submissions = folder_of(tmp_path / "submissions", {
        f"{name}.ipynb": nbformat.v4.new_notebook() for name in ("ada", "bob")})
    (tmp_path / "out" / "feedback" / "ada.md").mkdir(parents=True)
    ada, bob = grade.grade_all(submissions, tmp_path / "out", limits=LIMITS, say=lambda line: None)
    assert ada.trouble and not bob.trouble
    assert "THE FEEDBACK CANNOT BE WRITTEN" in (tmp_path / "out" / "grades.csv").read_text()
    assert (tmp_path / "out" / "feedback" / "bob.md").is_file()


def test_a_file_that_is_too_large(tmp_path):
    submissions = folder_of(tmp_path / "submissions", {"ada.ipynb": b" " * (10 * 2**20) + b"{}"})
    result, = grade.grade_all(submissions, tmp_path / "out", limits=LIMITS, say=lambda line: None)
    assert "larger than 10 MB. Clear the outputs" in result.remarks[0]


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "grades.csv"
    grade.write(path, "old")
    monkeypatch.setattr(os, "replace", lambda *paths: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        grade.write(path, "new")
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_nothing_in_feedback_gets_out_of_its_block(graded):
    _, text, _ = graded(notebook({"name": "name = '```\\n<script>alert(1)</script>\\n```'",
                                  "total": "raise ValueError('\\n```\\n# You passed')"}))
    inside, fence = False, ""
    for line in text.splitlines():
        if not inside and line.startswith("```"):
            inside, fence = True, line.removesuffix("text")
        elif inside and line == fence:
            inside = False
        else:
            assert inside or ("<script>" not in line and "You passed" not in line)


@pytest.mark.parametrize("bad, words", [
    (["missing"], "must be a folder"), (["here", "--out", "here/grades"], "must not lie in"),
    (["here", "--chapter", "nope"], "one of "), (["here", "--jobs", "0"], "greater than zero"),
    (["bare"], "holds no notebook"), (["here", "--out", "file"], "OUT must be a folder"),
    (["here", "--out", "/proc/none"], "OUT must be a folder"),
])
def test_the_command_says_what_it_wants(tmp_path, bad, words):
    folder_of(tmp_path, {"here/ada.ipynb": notebook(), "bare/notes.txt": b"", "file": b""})
    done = subprocess.run([sys.executable, "-m", "tools.grader", *bad], cwd=tmp_path,
                          env=dict(os.environ, PYTHONPATH=str(ROOT)), capture_output=True,
                          text=True)
    assert done.returncode == 2 and words in done.stderr
