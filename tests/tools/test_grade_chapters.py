"""Grading: the book's own solutions, pasted over their stubs in the student notebooks, pass.

Most of a notebook's time goes into networks that no exercise asks for. tests/lab runs all cells of
each chapter; here those run that a solution or a check needs.
"""

from pathlib import Path

import nbformat
import pytest
from myst_nb.core.read import read_myst_markdown_notebook

from nnlib.exercises import registry
from nnlib.exercises.trial import Trial
from tools.grader import grade, submissions
from tools.grader.proctor import Limits
from tools.student import names

ROOT = Path(__file__).resolve().parents[2]


def solutions(text):
    """{exercise: the code of its solution, as the book shows it} of a chapter."""
    shown, found = [], {}
    for cell in read_myst_markdown_notebook(text).cells:
        tags = cell.metadata.get("tags", ())
        if "exercise-stub" in tags:
            shown = []
        elif "check" in tags:
            name, = submissions.CHECK.findall(cell.source)
            found[name] = "\n\n".join(shown)
        elif cell.cell_type == "code" and "remove-cell" not in tags:
            shown.append(cell.source)
    return found


def leave_out_what_no_answer_needs(cells):
    """Empty each cell of code that binds no name which a solution, a check or its like needs."""
    wanted = set()
    for cell in reversed(cells):
        if cell.cell_type != "code":
            continue
        needed, bound = names(cell.source)
        if "nnlib" in cell.metadata or bound & wanted:
            wanted = (wanted - bound) | needed
        else:
            cell.source = ""


@pytest.mark.parametrize("chapter", registry.chapters())
def test_the_solutions_of_a_chapter_pass(chapter, tmp_path, monkeypatch):
    """Each pasted over its stub in the student notebook, and then graded."""
    exercises = grade.all_questions()
    if chapter not in exercises:
        pytest.skip(f"{chapter} has checks, but does not use them yet")
    solved = solutions((ROOT / "chapters" / f"{chapter}.md").read_text(encoding="utf-8"))
    content = nbformat.read(ROOT / "notebooks" / f"{chapter}.ipynb", 4)
    for cell in content.cells:
        about = cell.metadata.get("nnlib", {})
        if about.get("role") == "stub":
            cell.source = solved.pop(about["exercise"])
    assert not solved
    leave_out_what_no_answer_needs(content.cells)
    path = tmp_path / f"{chapter}.ipynb"
    path.write_text(nbformat.writes(content))
    monkeypatch.setattr(registry, "Trial", lambda: Trial(120))
    result, = grade.grade_student("ada", submissions.Submission([path]), tmp_path, exercises, None,
                                  Limits(cell=600, notebook=3000), None)
    assert result.reports and all(report.ok for report in result.reports.values()), [
        report for report in result.reports.values() if not report.ok]
    assert result.remarks == [] and result.notes == []
