"""Matbench: measured properties of materials, fetched from their official address and kept.

The file's checksum is verified, whatever it came from, and nothing that fails it stays behind.
"""

import contextlib
import gzip
import hashlib
import http.client
import json
import os
import re
import sys
import urllib.request
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nnlib.validation import at_least, number, one_of

SECONDS = "a number of seconds above 0 and at most a million", lambda value: 0 < value <= 1e6


@dataclass(frozen=True)
class _Task:
    """Where a task is, how to know its file, and what is in it."""

    url: str
    sha256: str
    target: str
    unit: str


_TASKS = {
    "steels": _Task(
        url="https://ml.materialsproject.org/projects/matbench_steels.json.gz",
        sha256="473bc4957b2ea5e6465aef84bc29bb48ac34db27d69ea4ec5f508745c6fae252",
        target="yield strength",
        unit="MPa",
    ),
    "expt_gap": _Task(
        url="https://ml.materialsproject.org/projects/matbench_expt_gap.json.gz",
        sha256="783e7d1461eb83b00b2f2942da4b95fda5e58a0d1ae26b581c24cf8a82ca75b2",
        target="gap expt",
        unit="eV",
    ),
}


@dataclass(frozen=True)
class Matbench:
    """A task of Matbench: n formulas and a measured number of each.

    Attributes
    ----------
    task : its name
    formulas : list of n str
    y : (n,) float64
    target, unit : of y
    folds : the official five (train, test), row numbers; fit as scikit-learn's `cv=`
    """

    task: str
    formulas: list[str]
    y: np.ndarray
    target: str
    unit: str
    folds: Sequence[tuple[np.ndarray, np.ndarray]]

    def __repr__(self):
        return f"Matbench({self.task}: {self.target} of {len(self.y)} materials, {self.unit})"


def load_matbench(task, *, cache=None, url=None, sha256=None, timeout=30):
    """A task of Matbench v0.1, downloaded once and kept; what is kept is checked at every call.

    Parameters
    ----------
    task : "steels" or "expt_gap"
        312 steels and their yield strengths (MPa), or 4,604 measured band gaps (eV).
    cache : path, optional
        The folder that keeps the file; see `cache_folder`.
    url, sha256 : str, optional
        Of a copy elsewhere, where it is not the official one.
    timeout : float
        Seconds that the server may be silent.

    Returns
    -------
    Matbench

    Raises
    ------
    ConnectionError
        If the file is not in the cache and cannot be fetched whole.
    ValueError
        If what came is not the file that was expected; it is not kept. Also if an argument cannot
        be what it should.
    OSError
        If the cache cannot be written.

    Notes
    -----
    Source: Dunn et al. (2020), doi:10.1038/s41524-020-00406-3.
    """
    one_of(_TASKS, task=task)
    known = _TASKS[task]
    url = known.url if url is None else url
    sha256 = known.sha256 if sha256 is None else sha256
    if not isinstance(url, str) or not re.match("(https?|file)://.", url):
        raise ValueError(f"url: expected an address such as {known.url}, got {url!r}")
    # A wrong one would have the file in the cache thrown away.
    if not isinstance(sha256, str) or not re.fullmatch("[0-9a-fA-F]{64}", sha256):
        raise ValueError(f"sha256: expected 64 hexadecimal digits, got {sha256!r}")
    if cache is not None and (not isinstance(cache, (str, os.PathLike)) or not os.fspath(cache)):
        raise ValueError(f"cache: expected the path of a folder, got {cache!r}")
    number(SECONDS, timeout=timeout)
    sha256 = sha256.lower()
    path = Path(cache_folder() if cache is None else cache) / f"matbench_{task}.json.gz"
    if path.is_file() and _sha256(path.read_bytes()) != sha256:
        path.unlink()  # damaged, or another file
    if path.is_file():
        content = path.read_bytes()
    else:
        content = _download(task, url, path, timeout)
        if _sha256(content) != sha256:
            raise ValueError(
                f"{url}: expected a file with SHA-256 {sha256}, got one with {_sha256(content)}. "
                "It was not kept. Another page may have answered, such as that of a network that "
                "wants a login; else the file has changed."
            )
    formulas, y = _read_matbench(content, known.target, url)
    if not path.is_file():
        _keep(content, path)
    return Matbench(task, formulas, y, known.target, known.unit, matbench_folds(len(y)))


def _sha256(content):
    return hashlib.sha256(content).hexdigest()


def cache_folder():
    """Where downloads are kept: NNLIB_CACHE if it is set, else the platform's cache folder."""
    if os.environ.get("NNLIB_CACHE"):
        return Path(os.environ["NNLIB_CACHE"])
    if sys.platform == "win32":
        home = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        home = Path.home() / "Library" / "Caches"
    else:
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "nnlib"


def _download(task, url, path, timeout):
    """The bytes at a url; `path` is where a reader without a connection may put the file."""
    request = urllib.request.Request(url, headers={"User-Agent": "nnlib"})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return response.read()
    except http.client.IncompleteRead as error:
        raise ConnectionError(
            f"{url}: the connection ended after {len(error.partial)} bytes, before the file did. "
            "Nothing was kept; try again."
        ) from error
    except (OSError, http.client.HTTPException) as error:
        raise ConnectionError(
            f"Matbench's task {task!r} is not in the cache, and {url} could not be fetched "
            f"({getattr(error, 'reason', error)}). Connect once and call again, or fetch the file "
            f"on another computer and put it here: {path}"
        ) from error


def _keep(content, path):
    """Write a file whole or not at all, also where two processes do so at once."""
    part = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        os.replace(part, path)
    except OSError as error:
        raise OSError(
            f"{path.parent} cannot keep the file ({error.strerror or error}); name another folder "
            "with cache= or in the environment variable NNLIB_CACHE"
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()  # there only if something went wrong


def _read_matbench(content, target, where):
    """Formulas and targets of a gzipped JSON table in the orientation that pandas calls split."""
    try:
        table = json.loads(gzip.decompress(content))
        columns = [table["columns"].index(name) for name in ("composition", target)]
        formulas, y = zip(*[[row[k] for k in columns] for row in table["data"]])
        y = np.array(y, float)
    except (OSError, EOFError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError(
            f"{where}: expected gzipped JSON with the columns 'composition' and {target!r}, got "
            f"something else ({error})"
        ) from error
    good = [isinstance(formula, str) and np.isfinite(value) for formula, value in zip(formulas, y)]
    if len(good) < 5 or not all(good):
        raise ValueError(
            f"{where}: expected five rows or more, each with a formula and a finite number, got "
            f"{len(good)} rows, {good.count(False)} of them without"
        )
    return list(formulas), y


def matbench_folds(n):
    """Matbench's five (train, test), row numbers in order, for a task with n rows.

    Those of scikit-learn's KFold(5, shuffle=True, random_state=18012019), which Matbench uses.
    """
    at_least(5, n=n)
    order = np.arange(n)
    np.random.RandomState(18012019).shuffle(order)  # the generator that those numbers came from
    parts = np.array_split(order, 5)
    return tuple((np.setdiff1d(order, test), np.sort(test)) for test in parts)
