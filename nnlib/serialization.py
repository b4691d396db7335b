"""Weights in a file: the arrays of `state_dict()` as numpy's .npz, which runs no code when opened."""

import os
import uuid
import zipfile
from pathlib import Path

import numpy as np

from nnlib.module import Module
from nnlib.validation import instance


def save(module, path):
    """Write a network's weights to a file, from which `load` or `numpy.load` gets them back.

    The file is there whole or not at all: it is written beside its place and then moved there.

    Raises
    ------
    OSError
        If the file cannot be written; a file that was there stays as it was.
    """
    instance(Module, module=module)
    place = Path(path).resolve()  # behind a symbolic link
    if not place.parent.is_dir():
        raise FileNotFoundError(f"path: there is no folder {place.parent}")
    if place.is_dir():
        raise IsADirectoryError(f"path: {path} is a folder")
    state = module.state_dict()
    temporary = place.with_name(f".{uuid.uuid4().hex}.tmp")
    try:
        with open(temporary, "xb") as file:
            # As np.savez does; but a parameter may have the name of one of its arguments.
            with zipfile.ZipFile(file, "w") as archive:
                for name, array in state.items():
                    with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                        np.lib.format.write_array(entry, array, allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, place)
    finally:
        temporary.unlink(missing_ok=True)


def load(module, path):
    """Read weights that `save` wrote into a network of the same shape, and return the network.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is damaged or no .npz file, or its arrays do not fit the network by name, shape
        or kind. The network stays as it was then.
    """
    instance(Module, module=module)
    state = _read(path)
    try:
        module.load_state_dict(state)
    except ValueError as error:
        raise ValueError(f"path: the weights in {path} do not fit; {error}") from None
    return module


def _read(path):
    """All arrays of the file, read to the last byte before anything else happens."""
    with open(path, "rb") as file:
        start = file.read(2)
        if start != b"PK":  # with which every zip file begins
            what = "is no .npz file" if start else "is empty"
            raise ValueError(f"path: {path} {what}; expected one written by nnlib.save")
        file.seek(0)
        try:
            with np.load(file, allow_pickle=False) as arrays:
                return dict(arrays)
        except Exception as error:  # zipfile, zlib and numpy have a dozen kinds for damaged files
            raise ValueError(f"path: {path} is truncated or damaged ({error})") from error
