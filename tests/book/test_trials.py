"""The book in the hands of a reader and of a teacher.

From the disk, without a network, and from one visit to the next.
"""

import base64
import contextlib
import json
import zlib

import pytest
from waiting import SECONDS, until

from nnlib.questions import registry
from nnlib.questions.markup import to_text

CLIPBOARD = """Object.defineProperty(navigator, "clipboard",
    { value: { writeText: async (text) => { window.copied = text; } } });"""


@pytest.fixture
def device(browser, built_book):
    """A function that makes a browser of its own, which opens pages and keeps what they store."""
    with contextlib.ExitStack() as devices:

        def make(width, height, touch):
            size = {"width": width, "height": height}
            context = browser.new_context(viewport=size, has_touch=touch, is_mobile=touch)
            devices.callback(context.close)
            context.set_default_timeout(1000 * SECONDS)
            context.set_offline(True)
            context.add_init_script(CLIPBOARD)

            def open_page(address):
                page = context.new_page()
                page.errors, page.asked_for = [], []
                page.on("pageerror", lambda error: page.errors.append(str(error)))
                page.on("request", lambda request: page.asked_for.append(request.url.split(":")[0]))
                page.goto(f"{built_book.as_uri()}/{address}")
                page.evaluate("() => window.nnlibHost")
                return page

            return open_page

        yield make


def whole(page):
    return not page.errors and set(page.asked_for) <= {"file", "data", "blob"}


def words(locator):
    return " ".join(locator.inner_text().split())


# A reader on a phone ------------------------------------------------------------------------------


def draw(page, canvas, heights):
    """A finger draws from left to right, at these shares of the picture's height."""
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    steps = [{"x": box["x"] + box["width"] * (0.2 + 0.75 * k / (len(heights) - 1)),
              "y": box["y"] + box["height"] * height} for k, height in enumerate(heights)]
    session = page.context.new_cdp_session(page)
    for kind, step in zip(["touchStart", *["touchMove"] * len(steps)], [steps[0], *steps]):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [step]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_reader_on_a_phone_guesses_errs_learns_and_finds_it_again(device):
    asked = registry.questions("perceptron")["perceptron-bias"]
    wrong, why = next(iter(asked.wrong.items()))
    phone = device(375, 667, touch=True)
    page = phone("chapters/perceptron.html")

    def parts(page):
        option = page.locator(f'input[value="{asked.key_of(wrong)}"]')
        question = page.locator('section[data-widget="question"]', has=option)
        return page.locator('section[data-widget="prediction"]').first, question

    def heights(prediction):
        return prediction.locator("input").evaluate_all("all => all.map((one) => +one.value)")

    prediction, question = parts(page)
    show = prediction.locator('[data-control="show"]')
    assert show.is_disabled()
    draw(page, prediction.locator("canvas"), [0.7, 0.6, 0.5, 0.4, 0.3, 0.2])
    until(show.is_enabled, page)
    drawn = heights(prediction)
    assert drawn == sorted(drawn) and drawn[0] < drawn[-1], "as the finger went"
    show.tap()
    until(lambda: prediction.locator("output .nn-line").count() == 2, page)
    told = words(prediction.locator("output"))
    assert "You expected" in told and "On average" in told

    output = question.locator("output")
    for answer, verdict in [(wrong, f"✗ Not yet. {to_text(why)}"),
                            (asked.right, f"✓ Right. {to_text(asked.explanation)}")]:
        option = page.locator(f'input[value="{asked.key_of(answer)}"]')
        question.locator("label", has=option).tap()
        question.locator('[data-control="check"]').tap()
        until(lambda verdict=verdict: words(output) == " ".join(verdict.split()), page)
    right = words(output)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert whole(page)
    page.close()

    page = phone("chapters/perceptron.html")
    prediction, question = parts(page)
    until(lambda: words(prediction.locator("output")) == told, page)
    assert heights(prediction) == drawn
    assert words(question.locator("output")) == right
    assert question.locator(f'input[value="{asked.key_of(asked.right)}"]').is_checked()
    assert whole(page)
    other = device(375, 667, touch=True)("chapters/perceptron.html")
    assert words(parts(other)[1].locator("output")) == "", "it stays in the reader's own browser"


# A teacher and a class ----------------------------------------------------------------------------

PAGE = "chapters/playground.html"


def control(page, name, kind="input[type=number]"):
    return page.locator(f'[data-control="{name}"] {kind}').first


def note(page):
    return words(page.locator(".nn-link [role=status]"))


def shown(page):
    settings = page.locator("section :is(select, input[type=number]):visible")
    values = settings.evaluate_all("all => all.map((one) => one.value)")
    return values, words(page.locator("section output").first)


def button(page, name):
    return page.locator(f'button[data-control="{name}"]')


@pytest.fixture
def assignment(device):
    """(the teacher's page, the end of its link): a preset; its rate is locked, no noise."""
    page = device(1280, 900, touch=False)(PAGE)
    control(page, "preset", "select").select_option(index=3)
    control(page, "learning-rate", "select").select_option("0.003")
    button(page, "copy-link").click()
    page.locator(".nn-link [role=status]", has_text="Link copied.").wait_for()
    button(page, "assign").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("checkbox", name="Lock: Learning rate").check()
    dialog.get_by_role("checkbox", name="Hide: Noise").check()
    page.evaluate("window.copied = ''")
    dialog.get_by_role("button", name="Copy the link").click()
    page.wait_for_function("window.copied")
    link = page.evaluate("window.copied")
    assert whole(page)
    return page, link[link.index("#"):]


def test_a_teacher_s_assignment_opens_in_another_browser_as_it_was_made(assignment, device):
    teacher, link = assignment
    page = device(375, 667, touch=True)(PAGE + link)
    assert note(page) == "As in the link, an assignment."
    assert control(page, "learning-rate", "select").is_disabled()
    assert control(page, "learning-rate", "select").input_value() == "0.003"
    assert not control(page, "noise").is_visible() and control(teacher, "noise").is_visible()
    for name in ("dataset", "activation"):
        kind = ":is(select, input:checked)"
        assert control(page, name, kind).input_value() == control(teacher, name, kind).input_value()
    theirs, ours = (one.locator("section output").first for one in (teacher, page))
    assert words(ours) == words(theirs)
    button(page, "step").first.tap()
    assert control(page, "learning-rate", "select").is_disabled(), "also after all was drawn anew"
    assert whole(page)


def packed(data):
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    code = deflate.compress(json.dumps(data).encode()) + deflate.flush()
    return base64.urlsafe_b64encode(code).decode().rstrip("=")


def test_links_that_cannot_be_meant_are_refused_in_words(assignment, device):
    _, link = assignment
    code = link.removeprefix("#nn=")
    said = json.loads(zlib.decompress(base64.urlsafe_b64decode(code + "=" * (-len(code) % 4)), -15))
    unread = "The link could not be read."
    old = "The link is for another version of this page."
    browser = device(1280, 900, touch=False)
    start = shown(browser(PAGE))
    for end, reason in [(code[: len(code) // 2], unread), ("%%%", unread),
                        (code + "A" * 5000, unread),
                        (packed({**said, "s": {"learning_rate": 1e9}}), unread),
                        (packed({**said, "h": "0"}), old),
                        (packed({**said, "k": "GonePlayground"}), old)]:
        page = browser(f"{PAGE}#nn={end}")
        assert note(page) == f"{reason} This is how the page starts.", end[:40]
        assert shown(page) == start and control(page, "learning-rate", "select").is_enabled()
        assert whole(page)
        page.close()


def test_too_much_for_a_link_is_said_and_nothing_is_copied(device):
    page = device(1280, 900, touch=False)(PAGE)
    page.evaluate("""async () => {
        const all = (name) =>
            [...document.querySelectorAll(`button[data-control^="${name}"]:enabled`)];
        for (const name of ["add-layer", "add-unit"])
            while (all(name).length) {
                for (const one of all(name)) one.click();
                await new Promise(requestAnimationFrame);
            }
    }""")
    button(page, "copy-link").click()
    refusal = "This network has too many weights for a link."
    page.locator(".nn-link [role=status]", has_text=refusal).wait_for()
    assert page.evaluate("window.copied") is None and not button(page, "assign").is_visible()
    assert whole(page)
