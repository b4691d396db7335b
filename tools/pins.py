"""Resolve constraints.txt anew: one exact version of everything, for Python 3.11 to 3.13.

.venv is left alone: it cannot be made from requirements that the present constraints contradict.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from tools.common import ROOT

UV = "uv==0.13.8"
CONSTRAINTS = ROOT / "constraints.txt"
REQUIREMENTS = ["requirements.txt", "requirements-data.txt", "requirements-dev.txt",
                "requirements-torch.txt"]


def resolve(folder):
    """The new constraints, as text."""
    for name in REQUIREMENTS:
        shutil.copy(ROOT / name, folder)
    (folder / CONSTRAINTS.name).touch()  # the copies refer to it; the present pins must not bind
    venv.create(folder / "uv", with_pip=True)
    python = folder / "uv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", UV], check=True)
    uv = [python, "-m", "uv", "pip", "compile", "--quiet", "--universal",
          "--python-version", "3.11", "--no-annotate", "--no-header"]
    return subprocess.run([*uv, *REQUIREMENTS], cwd=folder, stdout=subprocess.PIPE, check=True,
                          encoding="utf-8").stdout


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        try:
            pins = resolve(Path(folder))
        except subprocess.CalledProcessError:
            sys.exit(f"{CONSTRAINTS.name} is as it was; what went wrong stands above.")
    new = CONSTRAINTS.with_suffix(".new")
    new.write_text(pins, encoding="utf-8")
    os.replace(new, CONSTRAINTS)  # all or nothing
