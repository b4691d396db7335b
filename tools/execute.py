"""Execute the chapters whose cells have changed, as many at once as there are processors.

    python -m tools.execute CHAPTERS CACHE

Sphinx would take one after the other. It looks for results in Jupyter's cache first, and there we
put them. The exit code says whether a chapter failed. (jupyter-cache has an executor of this kind,
but its processes, all writing to the cache, at times take each other's newest results for old ones
and delete them.)
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import yaml
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from jupyter_cache.readers import get_reader

from tools.workshop import ROOT

read = get_reader({"name": "myst_nb_md", "type": "plugin"})


def run(path, timeout):
    """The chapter as a notebook with its outputs, the seconds it took, and how it failed, if so."""
    notebook = read(str(path))
    done = single_nb_execution(notebook, cwd=str(path.parent), timeout=timeout, allow_errors=False)
    return notebook, done.time, done.err and str(done.err)


def is_cached(path, cache):
    try:
        cache.match_cache_notebook(read(str(path)))
    except KeyError:
        return False
    return True


def execute(chapters, cache):
    """Whether all went well."""
    pages = [path for path in chapters if "\nkernelspec:" in path.read_text(encoding="utf-8")]
    stale = [path for path in pages if not is_cached(path, cache)]
    if not stale:
        return True
    print("Executing", *(path.stem for path in stale), flush=True)
    timeout = yaml.safe_load((ROOT / "_config.yml").read_text())["execute"]["timeout"]
    well = True
    with ProcessPoolExecutor() as pool:
        results = pool.map(partial(run, timeout=timeout), stale)
        for path, (notebook, seconds, error) in zip(stale, results):
            if error:
                print(f"\n{path} fails.\n{error}", file=sys.stderr)
                well = False
            else:
                bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds})
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    return well


if __name__ == "__main__":
    folder, cache_folder = sys.argv[1:]
    chapters = sorted(Path(folder).resolve().glob("*.md"))
    sys.exit(not execute(chapters, get_cache(cache_folder)))
