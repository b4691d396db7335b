"""The book's own figures: how long it takes to build, and what its pages weigh and ask for."""

import functools
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measurement import Measurement

ROOT = Path(__file__).resolve().parent.parent
HTML = ROOT / "_build" / "html"


# --- building, in a copy so that the reader's own book stays as it is

@functools.cache
def scratch_book():
    folder = tempfile.TemporaryDirectory(prefix="book-")
    copy = Path(folder.name) / "book"
    leave = shutil.ignore_patterns(".venv", ".git", "_build", "__pycache__", ".pytest_cache")
    shutil.copytree(ROOT, copy, ignore=leave)
    return folder, copy  # the folder lives as long as its object


def build():
    """Seconds of one build of the copy."""
    _, copy = scratch_book()
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "tools.build_book"], cwd=copy, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def cold_build():
    _, copy = scratch_book()
    shutil.rmtree(copy / "_build", ignore_errors=True)
    return build()


def unchanged_build():
    build()
    return build()


def build_after_one_change():
    """One code cell of the chapter with most code is new, so that it is executed again."""
    _, copy = scratch_book()
    build()
    texts = {file: file.read_text(encoding="utf-8") for file in (copy / "chapters").glob("*.md")}
    chapter, text = max(texts.items(), key=lambda item: item[1].count("{code-cell}"))
    start = text.index("\n", text.index("```{code-cell}")) + 1
    while text.startswith(":", start):  # the cell's options come first
        start = text.index("\n", start) + 1
    chapter.write_text(f"{text[:start]}# changed\n{text[start:]}", encoding="utf-8")
    return build()


# --- importing

def import_time(module):
    code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    return float(done.stdout)


def import_over_numpy():
    """Milliseconds that nnlib adds to numpy; both in turn, so that they meet the same machine."""
    import_time("nnlib")
    pairs = [(import_time("nnlib"), import_time("numpy")) for _ in range(9)]
    return 1000 * statistics.median(a - b for a, b in pairs)


# --- pages, in a browser

LIVE = """() => {
    const { domContentLoadedEventEnd } = performance.getEntriesByType("navigation")[0];
    return performance.getEntriesByName("nnlib-widget-ready")
        .map(mark => mark.startTime - domContentLoadedEventEnd);
}"""

FIRST = """() => performance.getEntriesByName("nnlib-widget-ready").map((mark) => mark.startTime)"""

LOADED = """ending => {
    const files = performance.getEntriesByType("resource")
        .filter(({ name }) => new URL(name).pathname.endsWith(ending))
        .filter(({ name }) => !name.includes("/mathjax/"));
    return files.reduce((sum, file) => sum + file.decodedBodySize, 0);
}"""

OURS = """async names => {
    const size = text => new TextEncoder().encode(text).length;
    let bytes = 0;
    for (const state of document.querySelectorAll('script[type*="widget-state"]')) {
        bytes += size(state.textContent);
    }
    const entries = performance.getEntriesByType("resource");
    const loaded = new Set(entries.map(entry => entry.name.split("?")[0]));
    for (const url of loaded) {
        if (names.includes(url.split("/").pop())) bytes += size(await (await fetch(url)).text());
    }
    return bytes;
}"""


@functools.cache
def visits():
    """Each page opened five times: its widgets' times, its weight, its requests to other sites.

    MathJax, which comes once the widgets stand, is no part of the scripts' weight.
    """
    import threading

    from playwright.sync_api import sync_playwright

    from tools.chromium import FLAGS, find_chromium
    from tools.serve import serve

    ours = [f.name for folder in ["theme/static", "nnlib/widgets/static"]
            for f in (ROOT / folder).rglob("*") if f.suffix in {".js", ".css"}]
    server = serve(0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    home = f"http://127.0.0.1:{server.server_port}/"
    pages = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        for path in [HTML / "index.html", *sorted((HTML / "chapters").rglob("*.html"))]:
            live, first, outside = [], [], []
            for _ in range(5):
                page = browser.new_page()
                page.on("request", lambda r, o=outside: r.url.startswith(("data:", "blob:", home))
                        or o.append(r.url))
                page.goto(home + path.relative_to(HTML).as_posix(), wait_until="load")
                page.evaluate("() => window.nnlibHost")
                live += [max(times) for times in [page.evaluate(LIVE)] if times]
                first += [min(times) for times in [page.evaluate(FIRST)] if times]
                scripts, styles = (page.evaluate(LOADED, ending) for ending in (".js", ".css"))
                size = page.evaluate(OURS, ours)
                page.close()
            pages[path.name] = {"live": statistics.median(live) if live else 0.0,
                                "first": statistics.median(first) if first else 0.0,
                                "scripts": scripts / 1000, "styles": styles / 1000,
                                "outside": len(outside), "size": size / 1000}
        browser.close()
    server.shutdown()
    server.server_close()
    return pages


def worst(what):
    return max(page[what] for page in visits().values())


MEASUREMENTS = [
    Measurement("book built from nothing, install apart", 150, "s", cold_build),
    Measurement("book built after a change in one chapter", 15, "s", build_after_one_change),
    Measurement("book built with nothing changed", 5, "s", unchanged_build),
    Measurement("import nnlib, beyond import numpy", 150, "ms", import_over_numpy),
    Measurement("widgets live after DOMContentLoaded, slowest page", 150, "ms",
           functools.partial(worst, "live")),
    Measurement("first widget live after navigation, slowest page", 500, "ms",
           functools.partial(worst, "first")),
    Measurement("JavaScript loaded before MathJax, heaviest page", 200, "kB",
           functools.partial(worst, "scripts")),
    Measurement("CSS loaded, heaviest page", 200, "kB", functools.partial(worst, "styles")),
    Measurement("our JavaScript, CSS and widget state, heaviest page", 300, "kB",
           functools.partial(worst, "size")),
    Measurement("requests to another site, all pages", 0, "", functools.partial(worst, "outside")),
]
