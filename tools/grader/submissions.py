"""What students hand in: the folder of submissions, and the notebooks in it.

Every file here comes from elsewhere. So it is read as data, with a limit on all that can be large,
and none of the code in it is run or parsed in this process.
"""

import json
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path

from tools.grader.proctor import OUR_FAULT

LARGEST_FILE = 10 * 2**20  # bytes; a notebook with many pictures has a few millions
LARGEST_CELL = 200_000     # characters; whole chapters of this book have a quarter of it
MOST_OTHERS = 5            # files of a student's that are named because they are no notebooks
FURNITURE = {"thumbs.db", "desktop.ini"}  # which Windows puts into folders
CHECK = re.compile(r"""\bcheck\(\s*["']([\w-]{1,100})["']""")


# A notebook


class Unreadable(Exception):
    """This file cannot be graded; the text says why."""


@dataclass
class Cell:
    number: int  # among all cells of the notebook, from 1
    source: str
    exercise: str | None = None  # to which it belongs, where that is known
    checks: list = field(default_factory=list)  # the names of the exercises that it checks
    kind: str = "code"  # as which it was handed in


@dataclass
class Notebook:
    chapter: str | None
    cells: list  # of code


def content(path):
    """The bytes of this file, or Unreadable."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise Unreadable("This is a link or a special file, not a notebook.")
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        if error.errno in OUR_FAULT:
            raise
        raise Unreadable(f"The file cannot be read: {error.strerror}.") from None
    if not data.strip():
        raise Unreadable("The file is empty.")
    if len(data) > LARGEST_FILE:
        raise Unreadable(f"The file is larger than {LARGEST_FILE >> 20} MB. Clear the outputs of "
                         "its cells and save it again.")
    return data


def read(path):
    """The notebook in this file, or Unreadable."""
    data = content(path)
    try:
        return parse(json.loads(data.decode("utf-8-sig")))
    except (ValueError, RecursionError) as error:
        raise Unreadable(no_json(data, error)) from None


def no_json(data, error):
    """Why this is no notebook, in words."""
    encoding = json.detect_encoding(data).upper()
    if encoding[:6] in ("UTF-16", "UTF-32") and data.decode(encoding, "ignore").strip()[:1] == "{":
        return f"The file is saved as {encoding[:6]}. Save it as UTF-8."
    if re.search(rb"^<{7} .*^={7}\s.*^>{7} ", data, re.DOTALL | re.MULTILINE):
        return ("The file holds two versions at once, which git could not merge (<<<<<<<). Decide "
                "for one of them in the lines between the marks, and save it again.")
    return f"The file is not JSON, and so no notebook: {error}."


def parse(content):
    """The notebook in this content, or Unreadable. Only what grading needs has to be there."""
    if not isinstance(content, dict) or not isinstance(content.get("nbformat"), int):
        raise Unreadable("The file is JSON, but not a notebook.")
    if content["nbformat"] != 4:
        raise Unreadable(f"The notebook is in format {content['nbformat']}; open it in Jupyter and "
                         "save it again, which makes it format 4.")
    if not isinstance(content.get("cells"), list):
        raise Unreadable("The notebook has no list of cells.")
    cells = []
    for number, cell in enumerate(content["cells"], start=1):
        kind = cell.get("cell_type") if isinstance(cell, dict) else None
        source = cell.get("source") if kind else None
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(kind, str) or not isinstance(source, str):
            raise Unreadable(f"Cell {number} of the notebook is damaged: it has no type or source.")
        about = ours(cell)
        # A key pressed by mistake makes Markdown of a cell for an answer.
        given_as_code = kind in ("markdown", "raw") and about.get("role") in ("stub", "check")
        if (kind == "code" or given_as_code) and source.strip():
            cells.append(as_cell(number, whole(source), about, kind))
    assign(cells)
    chapter = ours(content).get("chapter")
    return Notebook(chapter if isinstance(chapter, str) else None, cells)


def whole(text):
    """The text with a mark in the place of half a character, which Python takes for an error."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def ours(content):
    """What our own metadata say of a cell or a notebook: {} where they are missing or damaged."""
    metadata = content.get("metadata")
    about = metadata.get("nnlib") if isinstance(metadata, dict) else None
    return about if isinstance(about, dict) else {}


def as_cell(number, source, about, kind="code"):
    checks = [] if len(source) > LARGEST_CELL else CHECK.findall("\n".join(code_lines(source)))
    name = about.get("exercise") if isinstance(about.get("exercise"), str) else None
    if about.get("role") == "check" and name:
        checks.insert(0, name)
    return Cell(number, source, name, list(dict.fromkeys(checks)), kind)


def code_lines(source):
    """The lines of code without blank ones and those that are all comment."""
    return [line for line in source.splitlines() if line.strip() and line.strip()[0] != "#"]


def assign(cells):
    """A cell between the first sign of exercises and a check belongs to that check's exercise."""
    begun = [cell.exercise is not None or bool(cell.checks) or "nnlib.exercises" in cell.source
             for cell in cells]
    first = begun.index(True) if True in begun else len(cells)
    following = None
    for cell in reversed(cells[first:]):
        following = next(iter(cell.checks), following)
        cell.exercise = cell.exercise or following


def chapter_of(notebook, path, known):
    """The chapter that a notebook is of: by its metadata, its checks, or the file's name."""
    if notebook.chapter in known:
        return notebook.chapter
    prefixes = [name.partition("-")[0] for cell in notebook.cells for name in cell.checks]
    for chapter in sorted(known, key=lambda chapter: -prefixes.count(chapter)):
        if chapter in prefixes or re.search(rf"(?<![a-z]){chapter}(?![a-z])", path.stem.lower()):
            return chapter
    return None


# The folder


@dataclass
class Submission:
    """What one student has handed in."""

    notebooks: list = field(default_factory=list)  # paths
    others: list = field(default_factory=list)  # names of what is graded for nobody


def collect(submissions):
    """{student: Submission}."""
    students = {}
    for entry in sorted(submissions.iterdir()):
        if entry.name.startswith((".", "__MACOSX")) or entry.name.lower() in FURNITURE:
            continue
        is_folder = entry.is_dir() and not entry.is_symlink()
        its = students.setdefault(entry.name if is_folder else entry.stem, Submission())
        if is_folder:
            notebooks, others = inside(entry)
            its.notebooks += notebooks
            if not notebooks:
                its.others += others
        elif entry.suffix.lower() == ".ipynb":
            its.notebooks.append(entry)
        else:
            its.others.append(entry.name)
    return students


def inside(folder):
    """Of the files below a folder the notebooks, sorted, and the names of some others.

    Links are among them; they are reported and not followed.
    """
    notebooks, others = [], []
    for where, folders, files in os.walk(folder, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith((".", "__MACOSX"))]
        for name in [*files, *folders]:
            path = Path(where, name)
            if name.startswith(".") or (path.is_dir() and not path.is_symlink()):
                continue
            if name.lower().endswith(".ipynb"):
                notebooks.append(path)
            elif len(others) < MOST_OTHERS and name.lower() not in FURNITURE:
                others.append(name)
    return sorted(notebooks), sorted(others)
