"""Build the book twice from nothing, in two folders, and compare every byte.

    .venv/bin/python -m tools.reproduce

Times differ, though: a chapter that measures some (it glues a key that begins with `clock-`) is
executed once, and both books are made from that.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from jupyter_cache import get_cache

from tools.common import ROOT, in_words

PARTS = ["_config.yml", "_toc.yml", "references.bib", "requirements.txt", "constraints.txt",
         "index.md", "chapters", "nnlib", "notebooks", "theme", "tools"]
LEFT = shutil.ignore_patterns("__pycache__", ".*")


def copy(folder):
    folder.mkdir()
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part, ignore=LEFT)
        else:
            shutil.copy(ROOT / part, folder)


def build(folder):
    if subprocess.call([sys.executable, "-m", "tools.build_book"], cwd=folder):
        sys.exit(1)


def share_times(first, second):
    """Give the second book those results of the first that hold measured times, and no others."""
    (second / "_build").mkdir()
    shutil.copy(first / "_build" / "results.key", second / "_build")
    shutil.copytree(first / "_build" / ".jupyter_cache", second / "_build" / ".jupyter_cache")
    cache = get_cache(second / "_build" / ".jupyter_cache")
    for record in cache.list_cache_records():
        if 'glue("clock-' not in Path(record.uri).read_text(encoding="utf-8"):
            cache.remove_cache(record.pk)


def differences(first, second):
    """The files of two folders that are not in both, or not the same."""
    files = {path.relative_to(folder) for folder in (first, second)
             for path in folder.rglob("*") if path.is_file()}
    return [name.as_posix() for name in sorted(files)
            if not ((first / name).is_file() and (second / name).is_file()
                    and (first / name).read_bytes() == (second / name).read_bytes())]


def main():
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "first", Path(folder) / "the second"
        copy(first)
        copy(second)
        build(first)
        share_times(first, second)
        build(second)
        different = differences(first / "_build" / "html", second / "_build" / "html")
    if different:
        sys.exit("The two builds differ in\n" + "\n".join(different))
    print("The two builds are the same, byte for byte.")


if __name__ == "__main__":
    with in_words():
        main()
