"""The widget that CONTRIBUTING.md builds from nothing works as it stands there."""

import re
from pathlib import Path

import numpy as np
import pytest
from looking import control, picture, press, readout, trait

from nnlib.questions.curves import Axis, Prediction
from nnlib.questions.kinds import Number
from nnlib.widgets import base

TEXT = (Path(__file__).resolve().parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.fixture
def wave(tmp_path, monkeypatch):
    """The class, made from the page's code with its JavaScript beside the shared modules."""
    python, script = (re.search(rf"^```{kind}\n(.*?)```", TEXT, re.DOTALL | re.MULTILINE)[1]
                      for kind in ("python", "javascript"))
    for shared in base.STATIC.iterdir():
        (tmp_path / shared.name).symlink_to(shared)
    (tmp_path / "wave").mkdir()
    (tmp_path / "wave" / "wave.js").write_text(script, encoding="utf-8")
    monkeypatch.setattr(base, "STATIC", tmp_path)
    names = {"__name__": "wave"}
    exec(compile(python, "wave.py", "exec"), names)
    return names["WavePlayground"]


def test_the_question_is_one():
    code = re.search(r"^   ```python\n(.*?)   ```", TEXT, re.DOTALL | re.MULTILINE)[1]
    asked = eval(code.strip(), {"Number": Number})
    assert asked.public()["kind"] == "number" and code.count("\n") <= 5


def test_the_prediction_is_one():
    code = re.findall(r"^   ```python\n(.*?)   ```", TEXT, re.DOTALL | re.MULTILINE)[1]
    asked = eval(code.strip(), {"Axis": Axis, "Prediction": Prediction})
    assert len(asked.positions()) == 6 and code.count("\n") <= 5


def test_it_is_short(wave):
    lines = [re.search(rf"^```{kind}\n(.*?)```", TEXT, re.DOTALL | re.MULTILINE)[1].count("\n")
             for kind in ("python", "javascript")]
    assert max(lines) < 60


def test_it_works_as_it_stands(wave, widget_page):
    p = widget_page(wave(2.0))
    assert "3.18 periods" in readout(p)
    before = picture(p)
    control(p, "frequency", "input[type=range]").press("ArrowRight")
    assert trait(p, "frequency") == pytest.approx(2.1) and picture(p) != before
    assert "3.34 periods" in readout(p)
    press(p, "reset")
    assert trait(p, "frequency") == 2.0
    assert not p.errors


def test_it_refuses_what_it_cannot_show(wave):
    with pytest.raises(ValueError, match="frequency: expected a number from 0.1 to 5, got 6"):
        wave(6)
    figure, alternative, _ = wave(np.pi / 5).static_figure()
    assert figure.axes and "1.0 periods" in alternative
