"""What is said of a cell that failed, or in which something was passed over.

Each has `text` for the student, in full sentences, and `short` for the teacher's table. Part of
both was made by the student's process; results.py takes care of that.
"""

from tools.grader.submissions import LARGEST_CELL, code_lines

# What to do, by the error of a statement that was passed over.
ADVICE = {
    "EOFError": "Nobody is there to answer: write the value itself into the cell.",
    "ImportError": "The exercises need no packages but the book's. Take the line out.",
    "FileNotFoundError": "Only files are there that the notebook has written itself. Write what "
                         "you need of the file into the notebook.",
    "PermissionError": "A notebook is graded without a network, other programs and other files. "
                       "Take the line out.",
    "NameError": "It needs what an earlier line, which was passed over, would have made.",
}
ADVICE["ModuleNotFoundError"] = ADVICE["ImportError"]
PASSED_OVER = {
    "program": "was not run, for no other program is started while a notebook is graded, and what "
               "the exercises need is installed",
    "magic": "is not known where notebooks are graded, and was passed over",
    "debugger": "was passed over, for nobody is there to use a debugger. Take it out",
}


class Failure:
    """An error of a cell."""

    def __init__(self, cell, error, what=None):
        line = error.get("line")
        at = f", line {line}," if line else ""
        code = f"\n      {code_of(cell, error)}" if error.get("code") else ""
        self.blank = error["type"] == "NotImplementedError"
        if what is None:
            if error["syntax"]:
                what = f"is not valid Python{at.rstrip(',')}: {error['text']}.{code}"
            elif error["slow"]:
                what = "did not finish in time, and was stopped. Does a loop never end?"
            else:
                what = f"raised {said(error)}{at.rstrip(',')}.{code}"
        self.text = f"{called(cell)} {what}"
        self.short = f"cell {cell.number}{at} {'too slow' if error.get('slow') else error['type']}"


class TooLong(Failure):
    """A cell that was not even run."""

    def __init__(self, cell):
        super().__init__(cell, {"type": "TooLong"}, "has more than "
                         f"{LARGEST_CELL // 1000} kB of code, and was not run.")


class Aside:
    """What was passed over in a cell, or (cell is None) when the answer to an exercise was tried.

    `short` is None for what cannot have mattered, or follows from another one.
    """

    def __init__(self, cell, name, aside):
        line, kind, code = aside["line"], aside["kind"], code_of(cell, aside).strip()
        at = f", line {line}" if cell and line else ""
        where = f"{called(cell)}{at}" if cell else f"The answer to {name}"
        if kind in PASSED_OVER:
            rest = "" if code.startswith("%%") else " The rest was run."
            self.text = f"{where}: `{code.partition(chr(10))[0][:80]}` {PASSED_OVER[kind]}.{rest}"
        else:
            self.text = "\n".join(filter(None, [
                f"{where}, was passed over: {said(aside)}. The rest was run.", f"      {code}",
                ADVICE.get(aside["type"])]))
        words = {"program": "shell command", "magic": None, "debugger": None}.get(
            kind, None if aside["type"] == "NameError" else aside["type"])
        start = f"cell {cell.number}{at}" if cell else name
        self.short = f"{start}, passed over: {words}" if words else None


def called(cell):
    first = code_lines(cell.source) or [""]
    return f"Cell {cell.number} (it begins `{first[0].strip()[:60]}`)"


def code_of(cell, error):
    """The line of an error, as the student wrote it where IPython has made Python of it."""
    lines = cell.source.lstrip("\n").splitlines() if cell else []
    line, code = error["line"], error["code"]
    made = not code or code.startswith("get_ipython()")
    return lines[line - 1] if made and line in range(1, len(lines) + 1) else code


def said(error):
    words = f"{error['type']}: {error['text']}" if error["text"] else error["type"]
    return words.rstrip(".")
