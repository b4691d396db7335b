"""Execute the chapters whose cells have changed, as many at once as there are processors.

    python tools/execute.py CHAPTERS CACHE

Sphinx would take one after the other. It looks for results in Jupyter's cache first, where we put
them. What a failing chapter printed stands in the messages; the exit code says that one failed.
"""

import logging
import sys
from pathlib import Path

import yaml
from jupyter_cache import get_cache
from jupyter_cache.executors import load_executor
from workshop import ROOT


def execute(chapters, cache):
    """The chapters that failed."""
    cache = get_cache(cache)
    stale = []
    for path in chapters:
        if "\nkernelspec:" in path.read_text(encoding="utf-8"):
            reader = {"name": "myst_nb_md", "type": "plugin"}
            record = cache.add_nb_to_project(str(path), read_data=reader)
            if cache.get_cached_project_nb(record.uri) is None:
                stale.append(record)
    if not stale:
        return []
    print("Executing", *(Path(record.uri).stem for record in stale), flush=True)
    timeout = yaml.safe_load((ROOT / "_config.yml").read_text())["execute"]["timeout"]
    executor = load_executor("local-parallel", cache, logging.getLogger("jupyter_cache"))
    done = executor.run_and_cache(filter_pks=[record.pk for record in stale], timeout=timeout)
    return done.excepted + done.errored


if __name__ == "__main__":
    sys.exit(bool(execute(sorted(Path(sys.argv[1]).resolve().glob("*.md")), sys.argv[2])))
