"""Small data sets: point clouds in the plane made on the spot, and one real table that ships."""

from nnlib.datasets.generators import blobs, circles, moons, separable, spirals, xor
from nnlib.datasets.octet import OctetBinaries, load_octet_binaries

__all__ = [
    "OctetBinaries",
    "blobs",
    "circles",
    "load_octet_binaries",
    "moons",
    "separable",
    "spirals",
    "xor",
]
