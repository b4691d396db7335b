"""Widgets that work in the static page by themselves and two-way in a notebook."""

from nnlib.widgets.attention import AttentionPlayground
from nnlib.widgets.bumps import BumpPlayground
from nnlib.widgets.composition import CompositionPlayground
from nnlib.widgets.computation import ComputationGraph
from nnlib.widgets.convolution import ConvolutionPlayground
from nnlib.widgets.crystal import CrystalPlayground
from nnlib.widgets.digit import DigitPlayground
from nnlib.widgets.edge import EdgePlayground
from nnlib.widgets.fit import FitPlayground
from nnlib.widgets.graph import GraphPlayground
from nnlib.widgets.memory import MemoryPlayground
from nnlib.widgets.mixer import AlloyMixer
from nnlib.widgets.network import NetworkPlayground
from nnlib.widgets.perceptron import PerceptronPlayground
from nnlib.widgets.periodic import PeriodicTable
from nnlib.widgets.querykey import QueryKeyPlane
from nnlib.widgets.race import OptimizerRace
from nnlib.widgets.recurrent import RecurrentPlayground
from nnlib.widgets.signal import SignalPlayground
from nnlib.widgets.slope import SlopePlayground
from nnlib.widgets.speller import SpellerPlayground

__all__ = [
    "AlloyMixer",
    "AttentionPlayground",
    "BumpPlayground",
    "CompositionPlayground",
    "ComputationGraph",
    "ConvolutionPlayground",
    "CrystalPlayground",
    "DigitPlayground",
    "EdgePlayground",
    "FitPlayground",
    "GraphPlayground",
    "MemoryPlayground",
    "NetworkPlayground",
    "OptimizerRace",
    "PerceptronPlayground",
    "PeriodicTable",
    "QueryKeyPlane",
    "RecurrentPlayground",
    "SignalPlayground",
    "SlopePlayground",
    "SpellerPlayground",
]
