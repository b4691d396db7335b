"""What the other tools share: where the repository is, one lock for those that write there, words
for what stops them, and how they write a widget's weights."""

import contextlib
import errno
import fcntl
import hashlib
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}


@contextlib.contextmanager
def in_words():
    """One line, not a traceback, when the reader stops a command or the disk takes no file."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        print("\n" * sys.stderr.isatty() + "Stopped.", file=sys.stderr)  # below the ^C
        sys.exit(128 + signal.SIGINT)
    except OSError as error:
        if error.errno not in DISK:
            raise
        sys.exit(f"Stopped by the disk: {error.filename or ROOT}: {error.strerror}.")


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
        for file in [part] if part.is_file() else files_of(part):
            name = file.relative_to(ROOT).as_posix()
            digest.update(name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def files_of(folder, pattern="*"):
    """The files in a folder and below, but for what Python, Jupyter and editors leave there."""
    return [file for file in sorted(folder.rglob(pattern)) if file.is_file() and not any(
        part.startswith((".", "__pycache__")) or part.endswith("~")
        for part in file.relative_to(folder).parts)]


def write_weights(name, arrays):
    """Ship the float16 arrays of a trained widget as nnlib/widgets/weights/<name>.npz."""
    import numpy as np  # not installed yet when install.py takes its lock

    path = ROOT / "nnlib" / "widgets" / "weights" / f"{name}.npz"
    np.savez_compressed(path, **arrays)
    size = sum(a.size for a in arrays.values())
    print(f"wrote {path.name}: {size:,} numbers, {path.stat().st_size:,} bytes")
