"""Write notebooks/<chapter>.ipynb, the notebook in which a student works on a chapter's exercises.

Each chapter that checks answers (a cell tagged `check`) gets one. It is the chapter, in Markdown
that every notebook program shows, without anything that stands between solution-start and
solution-end. The cell in which an answer is written, and the one that checks it, say so in their
metadata: {"nnlib": {"exercise": "perceptron-pocket", "role": "stub"}}, or "check".

The same chapters give the same bytes, on every machine. That needs care with the numbers in the
text, which come from a run (glue), and whose last digits may differ elsewhere. So a notebook keeps
the numbers of its text in its metadata, beside a fingerprint of the code that they came from, and
the chapter is only run anew when its code has changed. (tests/book compares them with the book's.)
"""

import ast
import copy
import hashlib
import os
import re
import symtable
import sys

import nbformat
import yaml
from myst_nb.core.read import read_myst_markdown_notebook
from myst_nb.core.variables import format_plain_text
from nbclient.exceptions import CellExecutionError

from tools.build_book import environment, quiet_kernel
from tools.common import ROOT, in_words
from tools.execute import Client
from tools.plain_markdown import Book, Directive, Plain, blocks, details

NOTE = """\
> **Student notebook.** This is the chapter's text and code without the solutions. Run the cells \
from the top, in order. Each exercise has a cell for your answer and, below it, a cell with \
`check(...)`. Write your answer, run both, and the check says what is right, what is not yet, and \
why; after further tries it adds hints. A check needs no connection, sends nothing anywhere and \
never stops the notebook: until you have written something, it says that nothing is there yet.
>
> On Binder nothing is kept when you leave: save your notebook with *File*, *Download*. On Colab, \
save a copy first. In a notebook that you open again, *model not found* stands where a widget was: \
run its cell once more."""

SETUP = """\
import importlib.util
import os
import subprocess
import sys

# The matrices are small: threads would cost more than they bring.
for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]:
    os.environ.setdefault(name, "1")


class Missing(Exception):
    def _render_traceback_(self):
        return [str(self)]  # one sentence is enough


if importlib.util.find_spec("nnlib") is None:  # where nnlib is, this does nothing
    package = "nnlib[all] @ git+{url}@{branch}"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", package]
    if "google.colab" not in sys.modules:
        raise Missing(f'This notebook needs nnlib: in a terminal, run pip install "{{package}}", '
                      "then restart the kernel.")
    if subprocess.run(pip, capture_output=True).returncode:
        raise Missing("nnlib cannot be installed from {url} just now: is there a connection?")
    importlib.invalidate_caches()"""


class Chapter:
    """A chapter's cells outside of its solutions. Markdown cells have a list of `blocks`."""

    def __init__(self, name, text):
        self.name, self.cells = name, []
        inside = None  # the label of the solution that we are in
        for cell in read_myst_markdown_notebook(text).cells:
            if cell.cell_type != "markdown":
                if inside is None:
                    self.cells.append(cell)
                continue
            cell.blocks = []
            for block in blocks(cell.source):
                kind = block.name if isinstance(block, Directive) else None
                if kind == "solution-start":
                    if inside is not None:
                        raise ValueError(f"chapters/{name}.md: a solution begins within {inside}.")
                    inside = block.argument
                elif kind == "solution-end":
                    if inside is None:
                        raise ValueError(f"chapters/{name}.md: a solution ends that never began.")
                    inside = None
                elif inside is None and kind != "solution":
                    cell.blocks.append(block)
            self.cells.append(cell)
        if inside is not None:
            raise ValueError(f"chapters/{name}.md: the solution of {inside} never ends.")

    @property
    def code(self):
        return [cell for cell in self.cells if cell.cell_type == "code"]

    def fingerprint(self):
        return hashlib.sha256("\0".join(cell.source for cell in self.code).encode()).hexdigest()

    def run(self):
        """The chapter's notebook, executed, without its solutions."""
        quiet_kernel()
        cells = [nbformat.v4.new_code_cell(cell.source) for cell in self.code]
        notebook = nbformat.v4.new_notebook(cells=cells)
        client = Client(notebook, timeout=120, kernel_name="python3", shutdown_kernel="immediate")
        env = {key: value for key, value in environment().items() if key != "NNLIB_CHECK"}
        return client.execute(cwd=str(ROOT / "chapters"), env=env)


def tags(cell):
    return cell.metadata.get("tags", [])


# Numbers in the text


def keys(text):
    """What the text asks of glue: {"loss:.2f", "count"}."""
    return set(re.findall(r"\{glue(?::text)?\}`([^`]+)`", text))


def glued(notebook, asked):
    """{key: text} of what an executed notebook has glued, for the keys that a text asks for."""
    said = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            name = output.get("metadata", {}).get("scrapbook", {}).get("name")
            for kind, value in output.get("data", {}).items():
                if name and kind.endswith("text/plain"):
                    said[name] = value
    return as_asked(said, asked)


def as_asked(said, asked):
    """{key: text} for the keys that a text asks for, from {name: text of the value}."""
    values = {}
    for key in sorted(asked):
        name, _, form = key.partition(":")
        if name not in said:
            raise ValueError(f"The text asks for {name!r}, which no cell outside of the solutions "
                             "has glued.")
        values[key] = format_plain_text(said[name], form or "s")
    return values


# Cells that the book does not show


def useful(source):
    """A hidden cell's code without what only serves the book: its glue and its asserts."""
    lines = source.splitlines()
    for statement in reversed(ast.parse(source).body):
        uses = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
        uses |= {alias.name for node in ast.walk(statement) if isinstance(node, ast.ImportFrom)
                 for alias in node.names}
        if isinstance(statement, ast.Assert) or "glue" in uses:
            del lines[statement.lineno - 1:statement.end_lineno]
    code = "\n".join(lines).strip("\n")
    return code if ast.parse(code).body else ""


def names(source):
    """(names that the code needs from before it, names that it binds), of the notebook's own."""
    needed, bound = set(), set()
    for statement in ast.parse(source).body:
        table = symtable.symtable(ast.unparse(statement), "cell", "exec")
        reads = {s.get_name() for s in table.get_symbols() if s.is_referenced()}
        writes = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
        waiting = table.get_children()
        while waiting:
            inner = waiting.pop()
            reads |= {s.get_name() for s in inner.get_symbols() if s.is_global()}
            waiting += inner.get_children()
        if not isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            reads -= writes  # `for n in ...: print(n)` brings its n along; `n = n + 1` does not
        needed |= reads - bound
        bound |= writes
    return needed, bound


def without_the_books_own(cells):
    """Drop hidden cells, except for those (without glue and asserts) whose names are used later."""
    kept, wanted = [], set()
    for cell in reversed(cells):
        if cell.cell_type == "code":
            hidden = "remove-cell" in tags(cell)
            if hidden:
                cell.source = useful(cell.source)
            needed, bound = names(cell.source)
            if hidden and not bound & wanted:
                continue
            wanted = (wanted - bound) | needed
        kept.append(cell)
    return kept[::-1]


# The notebook


def mark_exercises(chapter):
    """Write into each stub and check which exercise it belongs to."""
    stubs, seen = [], set()
    for cell in chapter.code:
        if "exercise-stub" in tags(cell):
            stubs.append(cell)
        elif "check" in tags(cell):
            calls = [node for node in ast.walk(ast.parse(cell.source))
                     if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "check"]
            if len(calls) != 1 or not isinstance((calls[0].args or [None])[0], ast.Constant):
                raise ValueError(f"chapters/{chapter.name}.md: a cell tagged check must have one "
                                 f"check(\"name\", ...), got: {cell.source}")
            name = calls[0].args[0].value
            if name in seen:
                raise ValueError(f"chapters/{chapter.name}.md: {name} is checked twice.")
            seen.add(name)
            if not stubs:
                raise ValueError(f"chapters/{chapter.name}.md: the check of {name} has no cell "
                                 "tagged exercise-stub before it.")
            for stub in stubs:
                stub.metadata["nnlib"] = {"exercise": name, "role": "stub"}
            cell.metadata["nnlib"] = {"exercise": name, "role": "check"}
            stubs = []
    if stubs:
        raise ValueError(f"chapters/{chapter.name}.md: no check follows on: {stubs[0].source}")


def code_cell(cell):
    """A code cell with what a notebook program understands of its metadata."""
    metadata = {"tags": list(tags(cell))} if tags(cell) else {}
    hidden = {}
    if {"hide-input", "hide-cell", "remove-input", "remove-cell"} & set(tags(cell)):
        hidden["source_hidden"] = True
    if {"hide-output", "hide-cell"} & set(tags(cell)):  # remove-output: it would be dead on a page
        hidden["outputs_hidden"] = True
    if hidden:
        metadata["jupyter"] = hidden
    if "nnlib" in cell.metadata:
        metadata["nnlib"] = cell.metadata["nnlib"]
    return nbformat.v4.new_code_cell(cell.source, metadata=metadata)


def figure_of(cell):
    """The caption and alternative text of the figure that a cell draws, or None."""
    about = cell.metadata.get("mystnb", {})
    figure, image = about.get("figure", {}), about.get("image", {})
    if not figure and not image.get("alt"):
        return None
    caption = figure.get("caption", "")
    return figure.get("name", caption), caption, image.get("alt", "")


def student_notebook(name, text, book, repository, values):
    """The student notebook of a chapter, from its text and the values glued into it."""
    chapter = Chapter(name, text)
    mark_exercises(chapter)
    cells = without_the_books_own(copy.deepcopy(chapter.cells))
    plain = Plain(book, name, values)
    for cell in cells:
        if cell.cell_type == "markdown":
            for block in cell.blocks:
                plain.number_equations(block)
        elif (figure := figure_of(cell)) and figure[1]:
            plain.number_figure(figure[0])

    made = []

    def markdown(source):
        if source:
            made.append(nbformat.v4.new_markdown_cell(source))

    for cell in cells:
        if cell.cell_type == "markdown":
            markdown("\n\n".join(filter(None, map(plain.block, cell.blocks))))
            continue
        made.append(code_cell(cell))
        if figure := figure_of(cell):
            label, caption, alternative = figure
            title = f"Figure {plain.numbers[label]}" if caption else "This figure"
            markdown("\n\n".join(filter(None, [
                f"**{title}.** {plain.inline(caption)}" if caption else "",
                details(f"{title} in words", plain.inline(alternative)) if alternative else ""])))
    if sources := plain.references():
        markdown(f"## References\n\n{sources}")

    # The title, what this notebook is, and then the text that followed the title.
    title, _, rest = made[0].source.partition("\n")
    setup = nbformat.v4.new_code_cell(SETUP.format(**repository),
                                      metadata={"nnlib": {"role": "setup"}})
    begin = [nbformat.v4.new_markdown_cell(f"{title}\n\n{NOTE}"), setup]
    if rest.strip():
        begin.append(nbformat.v4.new_markdown_cell(rest.strip("\n")))
    made[:1] = begin

    taken = set()
    for cell in made:
        about = cell.metadata.get("nnlib", {})
        cell.id = identity(cell, about, name, taken)
    notebook = nbformat.v4.new_notebook(cells=made, metadata={
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "nnlib": {"chapter": name, "code": chapter.fingerprint(), "values": values,
                  "cells": fingerprint_of(made)},
    })
    notebook.nbformat_minor = 5
    nbformat.validate(notebook)
    return notebook


def identity(cell, about, chapter, taken):
    """An id, from the exercise or the content, that stays when cells come and go before it."""
    first = (f"{about['exercise']}-{about['role']}" if "exercise" in about else
             hashlib.sha256(f"{chapter} {cell.cell_type} {cell.source}".encode()).hexdigest()[:12])
    name, number = first, 1
    while name in taken:
        number += 1
        name = f"{first}-{number}"
    taken.add(name)
    return name


def written(notebook):
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def fingerprint_of(cells):
    return hashlib.sha256("\0".join(cell["source"] for cell in cells).encode()).hexdigest()


def about(path):
    """What a notebook of ours keeps of how it was made; {} for any other file."""
    try:
        notebook = nbformat.read(path, 4)
    except Exception:  # noqa: BLE001 - nbformat and json raise many kinds
        return {}
    return {**notebook.metadata.get("nnlib", {}), "now": fingerprint_of(notebook.cells)}


def recorded(path, chapter):
    """The values that the notebook in this file has kept of the same code, or None; see --force."""
    kept = {} if "--force" in sys.argv else about(path)
    return kept["values"] if kept.get("code") == chapter.fingerprint() else None


def worked_on(path):
    """Whether somebody has changed the notebook, or put a file of their own in its place."""
    kept = about(path)
    return path.exists() and kept.get("cells") != kept.get("now", "")


def asked_by(chapter):
    """The keys of all values in the chapter's text outside of solutions, captions included."""
    asked = set()
    for cell in chapter.cells:
        for block in getattr(cell, "blocks", ()):
            lines = [block] if isinstance(block, str) else [block.argument, *block.body]
            asked |= keys("\n".join(lines))
        if cell.cell_type == "code":
            asked |= keys(" ".join(filter(None, figure_of(cell) or ())))
    return asked


def generate(root=ROOT, say=print):
    """{path: text} of all student notebooks of the book in this folder, and a list of errors."""
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    repository = {"branch": "main", **config["repository"]}
    book = Book.read(root)
    made, errors = {}, []
    for name in sorted(book.notebooks):
        path = root / "notebooks" / f"{name}.ipynb"
        text = (root / "chapters" / f"{name}.md").read_text(encoding="utf-8")
        try:
            chapter = Chapter(name, text)
            asked, values = asked_by(chapter), recorded(path, chapter)
            if values is None or not asked <= values.keys():
                say(f"{name}: its code has changed; running it for the numbers in the text.")
                values = glued(chapter.run(), asked)
            values = {key: values[key] for key in sorted(asked)}
            made[path] = written(student_notebook(name, text, book, repository, values))
        except SyntaxError as error:
            errors.append(f"chapters/{name}.md: a cell is not plain Python: {error.text or error}")
        except (ValueError, CellExecutionError) as error:
            errors.append(str(error))
    return made, errors


def main():
    made, errors = generate()
    folder = ROOT / "notebooks"
    folder.mkdir(exist_ok=True)
    for path, text in made.items():
        if worked_on(path) and "--force" not in sys.argv:
            errors.append(f"notebooks/{path.name} has been worked on, and would be lost. Move it "
                          "away, or run .venv/bin/python -m tools.student --force.")
            continue
        path.write_text(text, encoding="utf-8")
        checks = text.count('"role": "check"')
        print(f"notebooks/{path.name}: {checks} checks.")
    if errors:
        sys.exit("\n".join(errors))
    for path in set(folder.glob("*.ipynb")) - set(made):
        if about(path).get("chapter") == path.stem and not worked_on(path):
            path.unlink()
            print(f"notebooks/{path.name}: removed, its chapter checks no answers.")


if __name__ == "__main__":
    clean = environment()
    os.environ.clear()
    os.environ.update(clean)  # the kernel is this environment's, whatever else Jupyter knows
    with in_words():
        main()
