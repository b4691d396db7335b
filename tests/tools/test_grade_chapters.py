"""Grading: the book's own solutions, pasted over their stubs in the student notebooks, pass."""

from pathlib import Path

import nbformat
import pytest
from myst_nb.core.read import read_myst_markdown_notebook

from nnlib.exercises import registry
from nnlib.exercises.trial import Trial
from tools.grader import grade, submissions
from tools.grader.proctor import Limits

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
    path = tmp_path / f"{chapter}.ipynb"
    path.write_text(nbformat.writes(content))
    monkeypatch.setattr(registry, "Trial", lambda: Trial(120))
    result, = grade.grade_student("ada", submissions.Submission([path]), tmp_path, exercises, None,
                                  Limits(cell=600, notebook=3000), None)
    assert result.reports and all(report.ok for report in result.reports.values()), [
        report for report in result.reports.values() if not report.ok]
    assert result.remarks == [] and result.notes == []
