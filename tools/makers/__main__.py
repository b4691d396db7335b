"""Compute every data file of nnlib/datasets anew, in an environment of its own (`make data`).

The scripts need ASE and mendeleev, which nnlib does not: requirements-data.txt is installed into
a temporary folder that is removed afterwards. `git diff --stat` then shows what has changed.
"""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from tools.common import ROOT

FILES = ["octet_binaries", "elements", "emt_alloys", "emt_graphs"]


def main():
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        print("Installing requirements-data.txt into a temporary environment.", flush=True)
        requirements = ROOT / "requirements-data.txt"
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", requirements], cwd=ROOT, check=True)
        for name in FILES:
            subprocess.run([python, "-m", f"tools.makers.{name}"], cwd=ROOT, check=True)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error}\nWhat went wrong stands above; files written before it are whole.")
