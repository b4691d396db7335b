"""What `import nnlib` promises: quick, numpy alone, and every public name documented."""

import doctest
import importlib
import pkgutil
import subprocess
import sys

import pytest

import nnlib

HEAVY = ("matplotlib", "sklearn", "scipy", "anywidget", "ipywidgets", "tqdm", "pandas", "IPython")


def test_library_and_its_data_need_numpy_alone():
    code = (
        "import sys, nnlib; nnlib.datasets.moons(); nnlib.datasets.load_octet_binaries();"
        f"print([m for m in {HEAVY} if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_every_public_name_is_there_and_documented():
    for name in nnlib.__all__:
        assert getattr(nnlib, name).__doc__, name


@pytest.mark.parametrize(
    "module", [m.name for m in pkgutil.walk_packages(nnlib.__path__, "nnlib.")]
)
def test_examples_in_docstrings(module):
    module = importlib.import_module(module)
    assert module.__doc__, "a module opens by saying why it exists"
    assert doctest.testmod(module, extraglobs={"np": __import__("numpy"), "nn": nnlib}).failed == 0
