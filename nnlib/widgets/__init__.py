"""Widgets that work in the static page by themselves and two-way in a notebook."""

from nnlib.widgets.bumps import BumpPlayground
from nnlib.widgets.network import NetworkPlayground
from nnlib.widgets.perceptron import PerceptronPlayground

__all__ = ["BumpPlayground", "NetworkPlayground", "PerceptronPlayground"]
