"""The numbers in the text are those of the run.

tests/lab runs the chapters once more, as an old processor would: their numbers hold there too.
"""

import json
from pathlib import Path

import pytest
from last_digits import alike, far, of_page

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("told, run, verdict", [
    ("97.8 to 98.2", "98.0 to 98.4", True),
    ("97.8 to 98.2", "98.0 to 90.4", False),
    ("97.8 to 98.2", "97.8", False),
    ("0.097", "0.103", True),
    ("0.097", "0.077", False),
    ("−0.12", "-0.13", True),
    ("−0.12", "0.12", False),
    ("2,632", "2,640", True),
    ("2,632", "2,700", False),
    ("1.6e+10", "1.7e+10", True),
    ("1.6e+10", "1.6e+11", False),
    ("3", "5", False),
    ("all five", "4 of the five", False),
    ("one", "one", True),
    ("one", "two", False),
])
def test_texts_are_alike_but_for_last_digits(told, run, verdict):
    assert alike(told, run) == verdict


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_numbers_of_the_student_notebook_are_those_of_the_page(path, built_book):
    page = of_page(ROOT / "chapters" / f"{path.stem}.md", built_book)
    values = json.loads(path.read_text(encoding="utf-8"))["metadata"]["nnlib"]["values"]
    assert values
    assert not far(values, page), "run .venv/bin/python -m tools.student --force"
