"""What `make bench` measures can still be measured. How fast things are is no matter here."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("measure", [
    "redraw(moves=25)", "redraw(25, 'step', hidden=[2])",
    "training_step(epochs=30)", "main_thread(False, seconds=1)[0]",
])
def test_it_is_measured(measure):
    # In a process of its own: Playwright runs once in each, and that may be the other tests'.
    code = f"from benchmarks import widgets; print(widgets.{measure})"
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).resolve().parents[2],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) >= 0
