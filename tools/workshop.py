"""What the other tools share: where the repository is, one lock for those that write there, and how
they write a widget's weights."""

import contextlib
import fcntl
import hashlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextlib.contextmanager
def lock():
    """One installation or build at a time in this folder; tests and the server do not take part."""
    try:
        file = open(ROOT / ".make.lock", "w", encoding="utf-8")
    except OSError as error:
        sys.exit(f"{ROOT} cannot be written to ({error.strerror}), but .venv and _build are "
                 "made in it. Copy the folder to a place of your own.")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print("Another make is at work in this folder; waiting for it.", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def fingerprint(*parts):
    """One hash of texts and files; a folder counts with every file in it, names included."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, str):
            digest.update(part.encode() + b"\0")
            continue
        files = sorted(part.rglob("*")) if part.is_dir() else [part]
        for file in files:
            hidden = {"__pycache__", ".ipynb_checkpoints"} & set(file.parts)
            if file.is_file() and not hidden:
                name = file.relative_to(ROOT).as_posix()
                digest.update(name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def write_weights(name, arrays):
    """Ship the float16 arrays of a trained widget as nnlib/widgets/weights/<name>.npz."""
    import numpy as np  # not installed yet when install.py takes its lock

    path = ROOT / "nnlib" / "widgets" / "weights" / f"{name}.npz"
    np.savez_compressed(path, **arrays)
    size = sum(a.size for a in arrays.values())
    print(f"wrote {path.name}: {size:,} numbers, {path.stat().st_size:,} bytes")
