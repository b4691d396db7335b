"""A page that another test has used is as good as a new one."""

from opening import opener

LOAD = """() => new Promise((done) => {
    const image = new Image();
    image.onerror = done;
    image.src = "nothing";
})"""
FOUND = """() => [
    localStorage.length, sessionStorage.length, document.querySelectorAll("p:hover").length,
    matchMedia("print").matches, matchMedia("(forced-colors: active)").matches,
    matchMedia("(prefers-color-scheme: dark)").matches,
    matchMedia("(prefers-reduced-motion: reduce)").matches, innerWidth, typeof window.left]"""


def test_nothing_is_left_of_what_was_done_before(browser, request, tmp_path):
    file = tmp_path / "page.html"
    file.write_text("<title>A page</title><style>p { height: 90vh }</style><p>A text.</p>")
    address = file.as_uri()
    with opener(browser, request) as open_page:
        new = open_page(address, own=True).evaluate(FOUND)
    with opener(browser, request) as open_page:
        used = open_page(address, theme="dark", width=400, reduced_motion="reduce",
                         without="**/nothing")
        used.emulate_media(media="print", forced_colors="active")
        used.mouse.move(50, 50)
        used.mouse.down()
        used.evaluate("""() => {
            window.left = localStorage.left = sessionStorage.left = "x";
        }""")
        used.evaluate(LOAD)
        assert any("ERR_FAILED" in words for words in used.errors)
        assert [a == b for a, b in zip(used.evaluate(FOUND), new)] == [False] * len(new)
    with opener(browser, request) as open_page:
        again = open_page(address)
        assert again == used
        assert again.evaluate(FOUND) == new
        assert again.requests == [address] and not again.errors and not again.outside
        again.evaluate(LOAD)
        assert again.errors and not any("ERR_FAILED" in words for words in again.errors)


def test_a_page_that_opened_another_one_is_not_used_again(browser, request):
    with opener(browser, request) as open_page:
        used = open_page()
        with used.expect_popup():
            used.evaluate("() => { open('about:blank'); }")
    assert used.is_closed()
