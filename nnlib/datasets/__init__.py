"""Small data sets: point clouds and micrographs made on the spot, and real ones that ship."""

from nnlib.datasets.elements import Elements, load_elements
from nnlib.datasets.emt import (
    EMTAlloys, EMTBatch, EMTGraphs, load_emt_alloys, load_emt_graphs,
)  # fmt: skip
from nnlib.datasets.generators import blobs, circles, moons, separable, spirals, xor
from nnlib.datasets.micrographs import Micrographs, micrographs
from nnlib.datasets.octet import OctetBinaries, load_octet_binaries
from nnlib.datasets.sequences import load_minerals, load_sunspots

__all__ = [
    "EMTAlloys",
    "EMTBatch",
    "EMTGraphs",
    "Elements",
    "Micrographs",
    "OctetBinaries",
    "blobs",
    "circles",
    "load_elements",
    "load_emt_alloys",
    "load_emt_graphs",
    "load_minerals",
    "load_octet_binaries",
    "load_sunspots",
    "micrographs",
    "moons",
    "separable",
    "spirals",
    "xor",
]
