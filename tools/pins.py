"""Resolve constraints.txt anew: one exact version of everything, for Python 3.11 to 3.13."""

import subprocess
import sys

from workshop import ROOT

CONSTRAINTS = ROOT / "constraints.txt"
REQUIREMENTS = ["requirements.txt", "requirements-dev.txt", "requirements-torch.txt"]

if __name__ == "__main__":
    before = CONSTRAINTS.read_text()
    CONSTRAINTS.write_text("")  # the requirement files refer to it; old pins must not bind
    uv = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal",
          "--python-version", "3.11", "--no-annotate", "--no-header"]
    answer = subprocess.run([*uv, *REQUIREMENTS], cwd=ROOT, capture_output=True, text=True,
                            check=False)
    CONSTRAINTS.write_text(before if answer.returncode else answer.stdout)
    sys.exit(answer.stderr if answer.returncode else None)
