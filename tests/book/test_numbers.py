"""The numbers in the text are those of the run, on whichever processor it ran.

A processor adds in an order of its own, and hundreds of training steps carry the rounding into
the digits that we print. So texts are compared but for last digits, and every chapter is run once
more as an old processor would run it: its assertions, exercises and numbers must hold there too.
"""

import json
import platform
import re
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest

from tools.build_book import environment
from tools.execute import run
from tools.student import glued

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CHAPTERS = sorted(path for path in (ROOT / "chapters").glob("*.md")
                  if "{glue:text}`" in path.read_text(encoding="utf-8"))
NUMBER = re.compile(r"[-+−]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")


def alike(told, run):
    """The same words, and numbers that differ in last digits alone: by at most a tenth of the
    number, and ten units of its last digit."""
    if NUMBER.sub("#", told) != NUMBER.sub("#", run):
        return False
    return all(map(near, NUMBER.findall(told), NUMBER.findall(run)))


def near(told, run):
    told, run = (Decimal(text.replace(",", "").replace("−", "-")) for text in (told, run))
    unit = Decimal(1).scaleb(run.as_tuple().exponent)
    return abs(told - run) <= unit + min(10 * unit, abs(run) / 10)


def far(told, run):
    """{key: both texts} of what is not alike, but for times, which no two runs share."""
    return {key: (told[key], run[key]) for key in told
            if not key.startswith("clock-") and not alike(told[key], run[key])}


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


def numbers_of_page(chapter, built_book):
    """{key: text} of all that was glued into the text of a built page."""
    html = (built_book / "chapters" / f"{chapter.stem}.html").read_text(encoding="utf-8")
    shown = [unescape(said) for said in re.findall(r'<span class="pasted-text">(.*?)</span>', html)]
    asked = re.findall(r"\{glue:text\}`(.+?)`", chapter.read_text(encoding="utf-8"))
    assert len(shown) == len(asked)
    return dict(zip(asked, shown))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_numbers_of_the_student_notebook_are_those_of_the_page(path, built_book):
    page = numbers_of_page(ROOT / "chapters" / f"{path.stem}.md", built_book)
    values = json.loads(path.read_text(encoding="utf-8"))["metadata"]["nnlib"]["values"]
    assert values
    assert not far(values, page), "run .venv/bin/python -m tools.student --force"


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"),
                    reason="the kernels named here are those of x86 processors")
@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_numbers_of_the_page_are_those_of_an_old_processor(path, built_book, monkeypatch):
    page = numbers_of_page(path, built_book)
    old = {"OPENBLAS_CORETYPE": "Nehalem", "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4"}
    for name, value in {**environment(), **old}.items():
        monkeypatch.setenv(name, value)
    notebook, _ = run(path, timeout=600)
    assert not far(page, glued(notebook, page))
