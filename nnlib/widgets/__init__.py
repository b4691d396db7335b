"""Widgets that work in the static page by themselves and two-way in a notebook."""

import importlib

_HOME = {
    "PerceptronPlayground": "perceptron",
    "NetworkPlayground": "network",
    "BumpPlayground": "bumps",
}
__all__ = list(_HOME)


def __getattr__(name):
    # On first use: each widget composes its JavaScript when its class is made.
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
