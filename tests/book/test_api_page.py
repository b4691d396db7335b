"""The page of the library names everything that is public, and its code runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import nnlib
from nnlib import (
    datasets,
    drawings,
    estimators,
    exercises,
    init,
    materials,
    plots,
    questions,
    widgets,
)

PAGE = Path(__file__).resolve().parents[2] / "chapters" / "api.md"


def public_names():
    yield from (f"nnlib.{name}" for name in nnlib.__all__ if name not in ("datasets", "init"))
    for module in (datasets, drawings, estimators, exercises, init, materials, plots, questions,
                   widgets):
        for name, thing in vars(module).items():
            here = getattr(thing, "__module__", "").startswith(module.__name__)
            if callable(thing) and here and not name.startswith("_"):
                yield f"{module.__name__}.{name}"


@pytest.mark.parametrize("name", sorted(set(public_names())))
def test_every_public_name_is_on_the_page(name, built_book):
    html = (built_book / "chapters" / "api.html").read_text(encoding="utf-8")
    entry = re.search(rf'<dt[^>]* id="{re.escape(name)}">.*?</dd>', html, re.DOTALL)
    assert entry, f"add {name} to chapters/api.md"
    assert "viewcode-link" in entry[0], "its source"
    assert re.search(r"<dd><p>\S", entry[0]), "a sentence from its docstring"


def test_only_names_of_parameters_stand_where_parameters_are_listed(built_book):
    """Prose or an example behind "Parameters" without a heading of its own becomes one of them."""
    html = (built_book / "chapters" / "api.html").read_text(encoding="utf-8")
    bold = re.findall(r"<li><p><strong>(.*?)</strong>", html, re.DOTALL)
    assert len(bold) > 200
    assert [text for text in bold if not re.fullmatch(r"[*]{0,2}\w+(, [*]?\w+)*", text)] == []


def test_examples_in_docstrings_are_code(built_book):
    """Without `::` before it, an indented block becomes a quotation, with curly quotes."""
    assert "<blockquote" not in (built_book / "chapters" / "api.html").read_text(encoding="utf-8")


def test_the_way_to_pytorch_and_back_runs():
    pytest.importorskip("torch")
    section = PAGE.read_text(encoding="utf-8").split("(api-pytorch)=")[1]
    code = re.search(r"```python\n(.*?)```", section, re.DOTALL)[1]
    subprocess.run([sys.executable, "-c", code], check=True)
