"""Fixtures for the tests that look at the built book in a real browser.

    def test_it(page):
        p = page("chapters/perceptron.html", width=375, theme="dark")   # over http
        q = page("chapters/perceptron.html", over="file")               # from the disk
        p.locator("canvas").click()
        assert not p.errors and not p.outside

`page` opens a page of the book (or any address, or no address for an empty page) and returns
Playwright's Page with three lists that fill as the page runs: `requests` (every address asked
for), `outside` (those that leave the book) and `errors` (console errors, uncaught exceptions,
failed requests).
"""

import os
import re
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from opening import opener
from waiting import SECONDS

# Before anything imports scipy: scikit-learn skips some checks of estimators without it.
os.environ.setdefault("SCIPY_ARRAY_API", "1")
# The processes are the parallelism here, also those that tests start: with a thread for each core,
# a notebook that trains beside another one takes many times as long.
for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]:
    os.environ.setdefault(name, "1")

# The same examples every time, however slow the machine. `--hypothesis-profile=default` looks for
# new ones.
settings.register_profile(
    "course", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("course")

ROOT = Path(__file__).resolve().parent.parent


# What takes long to make and is shared: JupyterLab, a small book, PyTorch, an open page.
SHARED = re.compile(r"tests/(?:lab/test_lab\.py|tools/test_build\.py|library/(?=.*torch))"
                    r"|(?<=\[)[\w/]+\.html(?=[-\]])")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Tests that share something go to one process, each of the others to whichever is free.

    (The groups of pytest-xdist 3.8 are not seen by pytest 9.)
    """
    from xdist.scheduler import LoadScopeScheduling

    class Scheduler(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            found = SHARED.search(nodeid)
            return found[0] if found else nodeid

    return Scheduler(config, log)


@pytest.fixture(scope="session")
def built_book():
    """The folder of the built pages."""
    html = ROOT / "_build" / "html"
    if not (html / "index.html").exists():
        pytest.fail("There is no built book to look at: run `make book` first.")
    return html


@pytest.fixture(scope="session")
def book_server(built_book):
    """The address at which the built book is served, without a slash at its end."""
    from tools.serve import serve

    server = serve(0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    from tools.chromium import FLAGS, find_chromium

    path = find_chromium()
    if path is None:
        pytest.fail("There is no Chromium for this test: run `make test`, which installs one.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS,
                                               timeout=2000 * SECONDS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, request):
    """A function that opens pages; see the head of this file."""
    with opener(browser, request) as open_page:
        yield open_page
