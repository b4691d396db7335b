"""Trained weights of the widgets' networks; README.md says where they come from."""

from importlib.resources import files

import numpy as np


def load(name):
    """The arrays of `<name>.npz` in this folder, {name: float16 array}."""
    with files(__package__).joinpath(f"{name}.npz").open("rb") as file, np.load(file) as arrays:
        return {key: arrays[key] for key in arrays.files}


def packed(arrays):
    """The same for the page: {name: {"shape": [...], "float16": bytes}}, read by weights.js."""
    return {name: {"shape": list(a.shape), "float16": np.ascontiguousarray(a, "<f2").tobytes()}
            for name, a in arrays.items()}
