"""Opening pages in Chromium, as the fixture `page` of tests/conftest.py does for one test."""

import contextlib

from waiting import SECONDS

# Pages that no test uses, by whether they run JavaScript. A new one, in a context of its own, costs
# Chromium more than most tests do in it; an old one is emptied instead.
idle = {True: [], False: []}


@contextlib.contextmanager
def opener(browser, request):
    """A function that opens pages; at the end of the block they close or become idle."""
    lent, own_pages = [], []

    def open_page(
        address=None,
        *,
        over="http",
        width=1280,
        height=900,
        theme="light",
        javascript=True,
        touch=False,
        own=False,  # for tests that change what stays as it is in another document, as the clock
        reduced_motion=None,
        without=None,
        maths=True,  # False: formulas stay TeX, which saves a third of the time to open a chapter
        wait=True,
    ):
        own = own or touch
        opened = idle[javascript].pop() if idle[javascript] and not own else None
        if opened is None:
            context = browser.new_context(has_touch=touch, java_script_enabled=javascript)
            context.set_default_timeout(1000 * SECONDS)
            opened = context.new_page()
            record(opened)
        (own_pages if own else lent).append((opened, javascript))
        if "://" in (address or "about:"):
            opened.home = None
        elif over == "file":
            opened.home = request.getfixturevalue("built_book").as_uri()
        else:
            opened.home = request.getfixturevalue("book_server")
        opened.requests, opened.outside, opened.errors = [], [], []
        opened.set_viewport_size({"width": width, "height": height})
        opened.emulate_media(color_scheme=theme, reduced_motion=reduced_motion or "null")
        if without:  # a pattern of addresses that are not to arrive
            opened.route(without, lambda route: route.abort())
        if not maths:
            opened.route("**/mathjax/**", lambda route: route.fulfill(
                body="MathJax.startup = {};", content_type="text/javascript"))
        if address:
            opened.goto(f"{opened.home}/{address}" if opened.home else address)
            if wait and javascript:
                settle(opened)
        return opened

    yield open_page
    for opened, _ in own_pages:
        opened.context.close()
    for opened, javascript in lent:
        if opened.context.pages == [opened]:
            empty(opened)
            idle[javascript].append(opened)
        else:  # it has been closed, or has opened another one
            opened.context.close()


def empty(page):
    """Make a page as good as a new one."""
    page.evaluate("() => { try { localStorage.clear(); sessionStorage.clear(); } catch {} }")
    page.unroute_all()
    page.goto("about:blank")
    page.mouse.up()
    page.mouse.move(-1, -1)
    page.emulate_media(media="null", forced_colors="null")


def record(page):
    def asked(request):
        page.requests.append(request.url)
        # A page that a test wrote itself has no home; its files may lie anywhere on the disk.
        inside = ("data:", "blob:", "about:", f"{page.home}/" if page.home else "file:")
        if not request.url.startswith(inside):
            page.outside.append(request.url)

    def said(message):
        if message.type == "error":
            page.errors.append(message.text)

    page.home, page.requests, page.outside, page.errors = None, [], [], []
    page.on("request", asked)
    page.on("console", said)
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("requestfailed", lambda r: page.errors.append(f"{r.url}: {r.failure}"))
    page.on("response", lambda r: r.status >= 400 and page.errors.append(f"{r.url}: {r.status}"))


def settle(page):
    """Wait until the maths is typeset and every widget is alive."""
    page.wait_for_load_state("load")
    page.evaluate("() => Promise.all([window.MathJax?.startup?.promise, window.nnlibHost])")
