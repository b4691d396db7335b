"""Give the repository its own Python environment, .venv, with exactly the pinned packages.

    python3 -m tools.install [--exact] [dev] [torch]

Nothing is installed, and so no network is needed, while the requirement files stay as they
were at the last install. A .venv that still works is kept, whichever supported Python made it;
with --exact (the reader chose PYTHON) it must be this very version.
"""

import importlib.util
import os
import shutil
import subprocess
import sys

from tools.common import ROOT, fingerprint, in_words, lock

OLDEST, NEWEST = (3, 11), (3, 13)
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PINS = {
    "book": ["requirements.txt", "constraints.txt", "pyproject.toml"],
    "dev": ["requirements-dev.txt", "requirements-data.txt", "requirements.txt",
            "constraints.txt"],
    "torch": ["requirements-torch.txt", "constraints.txt"],
}


def version_of_venv():
    """The (major, minor) version of a .venv that works, else None."""
    asking = "import sys, pip; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run([str(PYTHON), "-c", asking], stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return tuple(int(number) for number in answer.stdout.split())


def make_venv():
    this = sys.version_info[:2]
    if not OLDEST <= this <= NEWEST:
        sys.exit(f"The book needs Python 3.{OLDEST[1]} to 3.{NEWEST[1]}, but {sys.executable} is "
                 f"{this[0]}.{this[1]}. Name another one: make book PYTHON=python3.12")
    for module, package in [("ensurepip", "python3-venv"), ("venv", "python3-venv"),
                            ("ssl", "openssl"), ("sqlite3", "sqlite")]:
        if importlib.util.find_spec(module) is None:
            sys.exit(f"{sys.executable} was built without its module {module!r}. Install the "
                     f"system's package for it ({package}), or name another Python: "
                     "make book PYTHON=python3.12")
    if VENV.exists():
        print(f"{VENV.name} is broken or made by another Python; making it anew.", flush=True)
        shutil.rmtree(VENV)
    print(f"Making {VENV.name} with Python {this[0]}.{this[1]}.", flush=True)
    if subprocess.call([sys.executable, "-m", "venv", str(VENV)]):
        sys.exit(f"{VENV} could not be made; what went wrong stands above.")


def pip(*arguments):
    # A personal pip setting may ask for user installs, which no virtual environment allows.
    environment = dict(os.environ, PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", *arguments]
    if subprocess.call(command, cwd=ROOT, env=environment):
        sys.exit("Installing failed; pip says why above. It needs the network the first time, "
                 "and again whenever the pinned requirements change.")


def install(name):
    # The path counts too: nnlib is installed in place, and a moved folder must be found again.
    key = fingerprint(str(ROOT), *[ROOT / file for file in PINS[name]])
    stamp = VENV / f"installed-{name}"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == key:
        return
    print(f"Installing what {PINS[name][0]} pins; this can take minutes.", flush=True)
    pip("-r", PINS[name][0])
    if name == "book":
        pip("--no-deps", "--no-build-isolation", "--editable", ".")
    stamp.write_text(key, encoding="utf-8")


def main(arguments):
    exact = "--exact" in arguments
    with in_words(), lock():
        version = version_of_venv()
        usable = version is not None and OLDEST <= version <= NEWEST
        if not usable or (exact and version != sys.version_info[:2]):
            make_venv()
        for name in ["book", *(a for a in arguments if a != "--exact")]:
            install(name)


if __name__ == "__main__":
    main(sys.argv[1:])
