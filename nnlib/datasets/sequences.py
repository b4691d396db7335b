"""Sequences that ship with nnlib: a measured series and a list of words.

Sources, units and limits stand in README.md of this folder.
"""

from importlib.resources import files

import numpy as np


def load_sunspots():
    """The yearly mean sunspot number from 1700 to 2008: (years, numbers), each of shape (309,).

    >>> years, numbers = load_sunspots()
    >>> int(years[numbers.argmax()])
    1957
    """
    text = files(__package__).joinpath("sunspots.csv").read_text(encoding="utf-8")
    years, numbers = np.loadtxt(text.splitlines(), delimiter=",", skiprows=1, unpack=True)
    return years.astype(int), numbers


def load_minerals():
    """The names of 603 minerals and mineral groups, in lower case and alphabetical order.

    >>> load_minerals()[:3]
    ['acanthite', 'actinolite', 'adamite']
    """
    return files(__package__).joinpath("minerals.txt").read_text(encoding="utf-8").split()
