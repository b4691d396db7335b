"""Execute the chapters whose cells have changed, as many at once as there are processors.

Sphinx would take one after the other. It looks for results in Jupyter's cache first, and there we
put them. A kernel is a process of its own, and all we do is wait for what it says, so the chapters
are tasks of one event loop: when that ends, by Ctrl-C too, each task ends its kernel.
(jupyter-cache has an executor of this kind, but its processes, all writing to the cache, at times
take each other's newest results for old ones and delete them.)
"""

import asyncio
import contextlib
import os
import re
import shutil
import sys
import time

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.readers import get_reader
from jupyter_client.kernelspec import NoSuchKernel
from jupyter_core.utils import run_sync
from myst_nb.core.read import MystMetadataParsingError, is_myst_markdown_notebook
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from sqlalchemy.exc import DatabaseError, OperationalError

from tools.common import ROOT

ANSI = re.compile(r"\x1b\[[\d;]*m")

read = get_reader({"name": "myst_nb_md", "type": "plugin"})


class ChapterFails(Exception):
    """Says which chapter, and where in it."""


class Client(NotebookClient):
    """A notebook's kernel, which ends with the task that runs it and leaves Ctrl-C alone."""

    @contextlib.asynccontextmanager
    async def async_setup_kernel(self, **options):
        self.create_kernel_manager()
        try:
            await self.async_start_new_kernel(**options)
            await self.async_start_new_kernel_client()
            yield
        finally:
            if self.km is not None:  # else a start that failed has cleaned up
                await self._async_cleanup_kernel()


async def run_chapter(path, timeout):
    """The chapter as a notebook with its outputs, and the seconds it took; or ChapterFails."""
    name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    try:
        notebook = read(str(path))
    except MystMetadataParsingError as error:
        raise ChapterFails(f"{name}: {error}") from None
    at = None  # the cell that runs

    def reach(cell, cell_index):
        nonlocal at
        at = cell_index

    start = time.monotonic()
    client = Client(
        notebook, timeout=timeout, shutdown_kernel="immediate", on_cell_execute=reach,
        coalesce_streams=True,  # what is printed arrives in pieces, cut differently each time
        record_timing=False)    # times would be part of what the cache compares
    try:
        await client.async_execute(cwd=str(path.parent))
    except CellExecutionError as error:
        traceback = notebook.cells[at].outputs[-1].traceback
        said = ANSI.sub("", "\n".join(traceback)).strip()
        place = where(path, notebook, at, said)
        raise ChapterFails(f"{name}, {place}: {error.ename}: {error.evalue}\n{said}") from None
    except CellTimeoutError:
        raise ChapterFails(f"{name}, {where(path, notebook, at)}: it takes longer than the "
                           f"{timeout} s that execute: timeout in _config.yml allows") from None
    except DeadKernelError:
        if asyncio.current_task().cancelling():  # we end it ourselves, and nbclient wonders
            raise asyncio.CancelledError from None
        raise ChapterFails(f"{name}, {where(path, notebook, at)}: the kernel died; the system may "
                           "have ended it for want of memory") from None
    except NoSuchKernel as error:
        raise ChapterFails(f"{name}: its header names the kernel {error.name!r}, and there is none "
                           "of that name") from None
    except RuntimeError as error:
        raise ChapterFails(f"{name}: its kernel does not start: {error}") from None
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", ()):
            if output.get("name") == "stderr":
                raise ChapterFails(f"{name}, {where(path, notebook, number)}: it writes to its "
                                   f"error stream:\n{ANSI.sub('', output['text']).strip()}")
    return notebook, time.monotonic() - start


def where(path, notebook, number, traceback=""):
    """The place of a cell in its chapter, and of the line in it that a traceback names."""
    begin = notebook.metadata["source_map"][number]
    lines = path.read_text(encoding="utf-8").splitlines()
    code = notebook.cells[number].source.splitlines()
    first = [k for k in range(begin, len(lines)) if lines[k:k + len(code)] == code]
    found = re.search(r"\bCell In\[\d+\], line (\d+)", traceback)
    if not first or not found:
        return f"line {begin}, in the cell that begins there"
    line = int(found[1])
    return f"line {first[0] + line}, line {line} of the cell that begins at line {begin}"


run = run_sync(run_chapter)  # for those who are no coroutine


def open_cache(folder):
    """Jupyter's cache in this folder, emptied if a crash has left it unreadable."""
    try:
        cache = get_cache(folder)
        cache.list_cache_records()
    except OperationalError:  # a full disk
        raise
    except DatabaseError:
        shutil.rmtree(folder)
        cache = get_cache(folder)
    return cache


def is_cached(path, cache):
    try:
        cache.merge_match_into_notebook(read(str(path)))
    except MystMetadataParsingError:
        return False
    except (KeyError, ValueError):  # no entry, or one whose file is missing or cut off
        return False
    return True


def keep(notebook, path, seconds, cache):
    """Put a chapter's results into the cache."""
    _, key = cache.create_hashed_notebook(notebook)
    shutil.rmtree(cache.path / "executed" / key, ignore_errors=True)  # what a crash has left of it
    bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds})
    cache.cache_notebook_bundle(bundle, check_validity=False)


async def run_all(stale, cache, timeout):
    processors = asyncio.Semaphore(os.cpu_count())
    done, well = 0, True

    async def work(path):
        nonlocal done, well
        async with processors:
            try:
                notebook, seconds = await run_chapter(path, timeout)
            except ChapterFails as failure:
                well = False
                said = f"\n{failure}\n"
            else:
                keep(notebook, path, seconds, cache)
                said = f"{seconds:.0f} s"
        done += 1
        print(f"{path.stem} ({done} of {len(stale)}) {said}", flush=True)

    await asyncio.gather(*map(work, stale))
    return well


def execute(pages, cache_folder, timeout):
    """Whether all went well; a cell may take `timeout` seconds."""
    chapters = [path for path in pages
                if is_myst_markdown_notebook(path.read_text(encoding="utf-8"))]
    try:
        cache = open_cache(cache_folder)
        stale = [path for path in chapters if not is_cached(path, cache)]
        if not stale:
            return True
        print(f"Executing {len(stale)} of {len(chapters)} chapters.", flush=True)
        return asyncio.run(run_all(stale, cache, timeout))
    except DatabaseError as error:
        print(f"{cache_folder}: {error.orig}", file=sys.stderr)
        return False
