"""What the other tools share: where the repository is, and one lock for all of them."""

import contextlib
import hashlib
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has no fcntl; there, two runs at once are the reader's own care
    fcntl = None

ROOT = Path(__file__).resolve().parent.parent


@contextlib.contextmanager
def lock():
    """Hold the repository for ourselves, so that two runs of make do not tread on each other."""
    with open(ROOT / ".make.lock", "w") as file:
        if fcntl:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                print("Another make is at work in this folder; waiting for it to finish.", flush=True)
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
