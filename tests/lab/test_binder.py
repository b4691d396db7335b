"""The files in binder/ agree with the rest of the repository and hold what Binder needs."""

import subprocess

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.version import Version

from tools.common import ROOT

PYTHON = {"python_version": "3.11", "python_full_version": "3.11.14"}


def pins(name):
    """Package and version in a requirements file, on Binder's Python."""
    lines = (line.split("#")[0].strip() for line in (ROOT / name).read_text("utf-8").splitlines())
    found = [Requirement(line) for line in lines if line and not line.startswith("-")]
    here = default_environment() | PYTHON
    return {entry.name.lower().replace("_", "-"): str(entry.specifier) for entry in found
            if entry.marker is None or entry.marker.evaluate(here)}


def test_binder_runs_the_python_of_its_pins():
    # Without the file Binder takes a Python of its own choice.
    assert (ROOT / "binder" / "runtime.txt").read_text("utf-8").strip() == "python-3.11"


def test_every_version_is_exact_and_that_of_the_book():
    binder, book = pins("binder/requirements.txt"), pins("requirements.txt")
    everything = pins("constraints.txt")
    assert all(version.startswith("==") for version in binder.values())
    assert {name: binder[name] for name in binder if name in everything} == {
        name: everything[name] for name in binder if name in everything}
    assert {name: binder[name] for name in binder if name in book} == {
        name: book[name] for name in binder if name in book}
    assert set(binder) - set(everything) == {"jupytext"}  # the book needs no editor


def test_jupytext_loads_in_binders_jupyterlab():
    # 1.19.5 needs a newer JupyterLab than 4.4.9, and says nothing when it fails.
    lab = pins("tests/lab/repo2docker.txt")["jupyterlab"]
    jupytext = Version(pins("binder/requirements.txt")["jupytext"].removeprefix("=="))
    assert lab != "==4.4.9" or Version("1.17") <= jupytext < Version("1.19.5")


def test_binder_can_run_what_comes_after_the_packages():
    script = ROOT / "binder" / "postBuild"
    assert script.stat().st_mode & 0o111
    assert "\nset -e" in script.read_text("utf-8")  # or a failure goes unnoticed


def test_binder_can_start_through_our_script():
    script = ROOT / "binder" / "start"
    assert script.stat().st_mode & 0o111
    assert script.read_text("utf-8").endswith('\nexec "$@"\n')  # or nothing is started


def test_binder_asks_for_one_thread_unless_the_reader_has():
    def threads(**env):
        done = subprocess.run([ROOT / "binder" / "start", "/usr/bin/env"], capture_output=True,
                              text=True, check=True, env=env)
        return {line for line in done.stdout.splitlines() if "NUM_THREADS" in line}

    names = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]
    assert threads() == {f"{name}=1" for name in names}
    assert threads(OMP_NUM_THREADS="3") >= {"OMP_NUM_THREADS=3", "MKL_NUM_THREADS=1"}
