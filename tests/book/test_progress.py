"""The reader's progress: marks in the menu, the panel and its files, questions that come back."""

import functools
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from accessibility import violations
from playwright.sync_api import expect
from waiting import FRAMES, until

from nnlib.exercises import check
from nnlib.exercises import registry as exercises
from nnlib.exercises.report import Report
from nnlib.questions import registry
from theme import page_progress

NOON = "2026-03-02T12:00:00Z"
HIDDEN = "() => document.querySelectorAll('.nn-mark, .nn-progress, .nn-review').length"


@pytest.fixture
def page(page):
    """Pages whose formulas stay TeX: nothing here looks at them."""
    return functools.partial(page, maths=False)


def record(at=NOON, solved=True):
    return {"v": 1, "tries": 1, "solved": solved, "shown": False, "last": None, "at": at}


SOME = {
    "question:rnn-backward": record(),
    "question:perceptron-mistakes": record(),
    "question:perceptron-bias": record(solved=False),
    "question:rnn-gone": record(),
    "exercise:rnn-leak": {"v": 1, "at": NOON},
    "read:chapters/rnn": {"v": 1, "read": True, "at": NOON},
    "review:rnn-backward": {"v": 1, "box": 1, "day": 20514},
}
OTHER = {"mode": "light", "tasks": "[]", "nnlib:other": "1"}  # of other pages on the same site


def put(p, entries):
    p.evaluate("""(entries) => {
        for (const [key, entry] of Object.entries(entries))
          localStorage.setItem(`nnlib:${key}`, JSON.stringify(entry));
    }""", entries)


def kept(p):
    """All entries of the reader, by their keys."""
    return p.evaluate("""() => Object.fromEntries(Object.entries(localStorage)
        .filter(([key]) => /^nnlib:(question|exercise|read|review):/.test(key))
        .map(([key, text]) => [key.slice(6), JSON.parse(text)]))""")


def open_with(page, entries, address="chapters/rnn.html", **options):
    """A page of the book for a reader who comes with these entries."""
    p = page("chapters/bibliography.html", own=True, **options)
    put(p, entries)
    go(p, address)
    return p


def go(p, address):
    p.goto(f"{p.home}/{address}")
    ready(p)


def ready(p):
    p.locator(".nn-progress").wait_for(state="attached")


def menu(p):
    """{chapter: what its mark says}, of those that have one."""
    return dict(p.evaluate("""() => [...document.querySelectorAll(".nn-mark")].map((mark) =>
        [mark.closest("a").firstChild.textContent.trim(), mark.textContent.trim()])"""))


def panel(p):
    """The panel, opened."""
    found = p.locator(".nn-progress")
    if not found.locator("details").get_attribute("open") == "":
        found.locator("summary").click()
    found.get_by_role("button", name="Import").wait_for()
    return found


def give(p, *files):
    """Import (name, text or data) files; what the panel says of them."""
    files = [{"name": name, "mimeType": "application/json",
              "buffer": (data if isinstance(data, str) else json.dumps(data)).encode()}
             for name, data in files]
    output = panel(p).locator("output")
    output.evaluate("node => { node.textContent = ''; }")
    p.locator(".nn-progress input[type=file]").set_input_files(files)
    until(output.inner_text, p)
    return output.inner_text()


# --- Marks ---


def test_a_mark_says_what_is_done_of_each_chapter(page):
    p = open_with(page, SOME)
    rnn, perceptron = (len(registry.questions(chapter)) + len(registry.predictions(chapter))
                       for chapter in ("rnn", "perceptron"))
    assert menu(p) == {
        "Recurrent networks": f"(1 of {rnn} questions answered, 1 of 6 exercises passed, read)",
        "The perceptron": f"(1 of {perceptron} questions answered)"}
    link = p.locator("nav.bd-links a", has_text="Recurrent networks")
    assert "1 of 6 exercises passed" in link.evaluate("a => a.textContent")
    assert link.locator(".nn-mark").get_attribute("title").endswith("read")
    assert not p.errors and not p.outside


def test_a_new_reader_sees_no_mark(page):
    p = page("chapters/rnn.html")
    ready(p)
    assert menu(p) == {} and p.locator(".nn-review").count() == 0


@pytest.mark.parametrize("over", ["http", "file"])
def test_an_answer_in_the_page_marks_the_chapter_at_once(over, page):
    p = page("chapters/rnn.html", over=over)
    ready(p)
    question = p.locator("[data-widget=question]").first
    question.evaluate("node => node.scrollIntoView()")
    name = p.evaluate("""async () => Object.values(await window.nnlibHost)
        .map((m) => m.get("_question")?.name).find(Boolean)""")
    put(p, {f"question:{name}": record()})
    p.evaluate("""(name) => dispatchEvent(new CustomEvent("nnlib-progress", { detail: { name,
        record: JSON.parse(localStorage.getItem("nnlib:question:" + name)) } }))""", name)
    until(lambda: menu(p), p)
    assert menu(p)["Recurrent networks"].startswith("(1 of ")
    assert "Saved in this browser." in question.inner_text()


def test_the_menu_does_not_move_when_the_marks_come(page):
    p = page("chapters/bibliography.html", own=True)
    put(p, SOME)
    p.add_init_script("""window.moved = []; new PerformanceObserver((list) => {
        for (const { node } of list.getEntries().flatMap((entry) => entry.sources))
          if (node?.parentElement?.closest(".bd-sidebar-primary")) moved.push(node.textContent);
      }).observe({ type: "layout-shift", buffered: true });""")
    go(p, "chapters/rnn.html")
    assert menu(p)
    p.evaluate(f"async () => {{ {FRAMES} }}")
    assert p.evaluate("moved") == []


def test_a_chapter_is_read_when_its_text_has_ended_on_the_screen(page):
    p = page("chapters/rnn.html")
    ready(p)
    assert "read:chapters/rnn" not in kept(p)
    p.locator("#exercises h2").first.scroll_into_view_if_needed()
    until(lambda: menu(p), p)
    assert menu(p)["Recurrent networks"].endswith("read)")
    read = panel(p).get_by_label("I have read this chapter")
    assert read.is_checked()
    read.uncheck()
    until(lambda: not menu(p), p)
    p.reload()
    ready(p)
    p.evaluate("scrollTo(0, document.body.scrollHeight)")
    p.evaluate(f"async () => {{ {FRAMES} {FRAMES} }}")
    assert kept(p)["read:chapters/rnn"]["read"] is False, "what the reader said stays"


def test_every_chapter_knows_its_questions_and_exercises(built_book):
    script = (built_book / "_static/progress.js").read_text(encoding="utf-8")
    contents = json.loads(re.search(r',"\w{8}",(\{.*\})\);\s*$', script)[1])
    assert len(contents) >= 9
    for chapter, asked in contents.items():
        names = [{f"{chapter}-{what}" for what in one.split()} for one in asked]
        source = built_book.parents[1] / "chapters" / f"{chapter}.md"
        checks = re.findall(r'^check\("([\w-]+)"', source.read_text(encoding="utf-8"), re.M)
        assert names == [set(registry.questions(chapter)), set(registry.predictions(chapter)),
                         set(checks)]


def test_all_of_it_is_small(built_book):
    script = (built_book / "_static/progress.js").read_bytes()
    sheet = (built_book / "_static/styles.css").read_text(encoding="utf-8")
    rules = re.findall(r"[^}\n]*\.nn-(?:mark|track|progress|review)[^}]*\}", sheet)
    assert len(rules) > 5
    own = len(script) + len("".join(rules).encode()) + len(page_progress.SHELL)
    assert own < 13_500, "what is loaded when a reader opens it belongs into a file of its own"


PAGE = """<section id="a"><section id="b">
<script type="application/vnd.jupyter.widget-view+json">{"model_id": "m"}</script></section>
<div class='nnlib-check' data-ok='true' style='x'><strong>Passed: rnn-leak</strong></div>
<script type="application/vnd.jupyter.widget-state+json">
{"state": {"m": {"state": {"_question": {"name": "rnn-x", "text": "<b>y<\\/b>"}, "_secret": "z"}}}}
</script>"""


def test_what_a_page_asks_is_read_from_it():
    questions, predictions, exercises = page_progress.asked_in(PAGE)
    assert questions == {"rnn-x": ({"name": "rnn-x", "text": "<b>y</b>"}, "z", "b")}
    assert predictions == [] and exercises == ["rnn-leak"]
    assert not any(page_progress.asked_in("<p>Nothing.</p>"))
    # What another chapter asks once more counts in its own.
    assert page_progress.listed("rnn", ["rnn-x", "lstm-sum", "rnn-leak"]) == "x leak"


# --- The panel and its files ---


def test_export_erase_and_import_give_the_same(page):
    p = open_with(page, SOME)
    p.evaluate("(other) => Object.assign(localStorage, other)", OTHER)
    before = kept(p)
    found = panel(p)
    where = found.inner_text()
    assert "Saved in this browser only, which may forget it. Last saved: Mar 2, 2026" in where
    with p.expect_download() as download:
        found.get_by_role("button", name="Export").click()
    assert re.fullmatch(r"progress-\d{4}-\d\d-\d\d\.json", download.value.suggested_filename)
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert json.loads(text)["v"] == 1 and json.loads(text)["saved"].startswith("20")

    p.once("dialog", lambda dialog: dialog.dismiss())
    found.get_by_role("button", name="Erase").click()
    assert kept(p) == before, "the reader was asked, and said no"
    p.once("dialog", lambda dialog: dialog.accept())
    found.get_by_role("button", name="Erase").click()
    until(lambda: not menu(p), p)
    assert kept(p) == {} and "Nothing is saved yet." in found.inner_text()
    assert {key: p.evaluate("key => localStorage[key]", key) for key in OTHER} == OTHER
    assert found.get_by_role("button", name="Erase").is_disabled()

    assert give(p, ("a.json", text)) == "a.json: 7 entries taken in."
    assert kept(p) == before
    assert give(p, ("a.json", text)) == "a.json: nothing new."
    until(lambda: menu(p), p)
    assert not p.errors


FILE = {"nnlib": "progress", "v": 1, "questions": {}}
MALFORMED = {
    "empty": "", "no json": "{", "null": "null", "a list": "[]", "a number": "7",
    "another program's": '{"a": 1}',
    "newer": {**FILE, "v": 2, "questions": {"rnn-backward": record("2099-01-01T00:00:00Z")}},
    "no version": {"nnlib": "progress", "questions": {}},
    "no questions": {"nnlib": "progress", "v": 1},
    "questions in a list": {**FILE, "questions": []},
    "exercises in a text": {**FILE, "exercises": "x"},
    "too large": {**FILE, "questions": {f"rnn-{k}": record() for k in range(25_000)}},
    "half a file": json.dumps(FILE)[:-5], "an empty notebook": {"cells": []},
    "a notebook of another book": {
        "cells": [{"cell_type": "code", "source": "check('other-thing', 1)"}]},
    "cells that are none": {"cells": [None, 3, {"cell_type": "code", "source": 7, "outputs": 3}]},
    "a notebook that was not run": {
        "cells": [{"cell_type": "code", "source": 'check("rnn-leak", f)', "outputs": []}]},
}


def test_a_file_that_is_none_is_refused_in_words_and_changes_nothing(page):
    p = open_with(page, SOME)
    before = kept(p)
    for what, data in MALFORMED.items():
        said = give(p, ("x.json", data))
        assert re.fullmatch(r"x\.json was refused: [a-z].{10,}\.", said), what
        assert kept(p) == before, what
    assert "newer edition" in give(p, ("x.json", MALFORMED["newer"]))
    assert not p.errors


def test_a_file_adds_what_is_better_or_later_and_nothing_else(page):
    p = open_with(page, SOME)
    new, old = "2026-05-01T00:00:00Z", "2025-01-01T00:00:00Z"
    said = give(p, ("x.json", {**FILE, "questions": {
        "rnn-backward": record(new, solved=False), "perceptron-bias": record(old),
        "cnn-sign": record(old), "__proto__": record(), "a b": record(),
        "rnn-slope": {**record(), "tries": "x"}},
        "exercises": {"rnn-leak": {"v": 1, "at": old}, "rnn-shapes": {"v": 1, "at": old}},
        "read": {"chapters/rnn": {"v": 1, "read": False, "at": new}},
        "reviews": {"rnn-backward": {"v": 1, "box": 4, "day": 20000},
                    "cnn-sign": {"v": 1, "box": -1, "day": 1}}}))
    assert said == "x.json: 4 entries taken in, 4 that cannot be read left out."
    now = kept(p)
    assert now["question:rnn-backward"] == record() and now["question:perceptron-bias"]["solved"]
    assert now["exercise:rnn-leak"]["at"] == NOON and "exercise:rnn-shapes" in now
    assert not now["read:chapters/rnn"]["read"] and now["review:rnn-backward"]["box"] == 1


REFUSE = """Object.defineProperty(window, "localStorage",
    { get() { throw new DOMException("no", "SecurityError"); } });"""
FULL = """Storage.prototype.setItem = () => {
    throw new DOMException("full", "QuotaExceededError"); };"""


@pytest.mark.parametrize("trouble", [REFUSE, FULL])
def test_where_the_browser_keeps_nothing_a_line_says_so(trouble, page):
    p = page(own=True)
    p.add_init_script(trouble)
    ours = []  # the theme's own scripts fail there too
    p.on("pageerror", lambda error: "_static/progress" in error.stack and ours.append(error))
    go(p, "chapters/rnn.html")
    p.evaluate("scrollTo(0, document.body.scrollHeight)")
    found = panel(p)
    assert "This browser keeps nothing for this page" in found.inner_text()
    assert menu(p) == {} and not found.get_by_role("checkbox").locator("visible=true").count()
    assert "refused" in give(p, ("x.json", {**FILE, "questions": {"rnn-backward": record()}}))
    question = p.locator("[data-widget=question]:has(input[type=text])").first
    question.locator("input").fill("1")
    question.get_by_role("button", name="Check").click()
    expect(question).to_contain_text("Your browser did not save this")
    assert not ours


def test_two_tabs_agree(page):
    first = open_with(page, {}, "chapters/rnn.html")
    second = first.context.new_page()
    second.home = first.home
    go(second, "chapters/rnn.html")
    name = next(iter(registry.questions("rnn")))
    put(first, {f"question:{name}": {**record(), "last": "nothing that fits"}})
    until(lambda: menu(second), second)
    assert menu(second)["Recurrent networks"].startswith("(1 of ")
    first.evaluate("localStorage.clear()")
    until(lambda: not menu(second), second)
    second.close()


def test_a_page_that_comes_back_by_the_back_button_is_up_to_date(page):
    p = page("chapters/rnn.html", own=True)
    ready(p)
    put(p, SOME)
    p.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    until(lambda: len(menu(p)) == 2, p)


# --- Checks of a notebook ---


def code(source, *reports, lines=True):
    """A cell as JupyterLab saves it."""
    outputs = []
    for report in reports:
        data = {"text/plain": repr(report), "text/html": report._repr_html_()}
        if lines:
            data = {mime: text.splitlines(keepends=True) for mime, text in data.items()}
        outputs.append({"output_type": "execute_result", "data": data, "metadata": {}})
    return {"cell_type": "code", "source": source, "outputs": outputs}


def test_a_notebook_says_which_of_its_checks_passed(page):
    failed = check("rnn-shapes", 1)
    assert not failed.ok
    names = sorted(name for name in exercises._EXERCISES if name.startswith("rnn-"))
    names.remove(failed.name)
    passed = {name: Report(name, True, ["all"]) for name in names}
    notebook = {"nbformat": 4, "cells": [
        {"cell_type": "markdown", "source": 'check("rnn-leak", f)\n✓ Passed: rnn-leak'},
        code(f'check("{names[1]}", f)', passed[names[1]]),
        code(['leak = 1\n', f"check('{names[2]}', f)"], passed[names[2]], lines=False),
        code('check("rnn-shapes", 1)', failed),
        code(f'check("{names[3]}", f)'),
        # Another check stands here now than the one that left this report.
        code(f'check("{names[4]}", f)', passed[names[0]]),
        {"cell_type": "code", "source": f'print(check("{names[1]}", f))', "outputs": [
            {"output_type": "stream", "name": "stdout", "text": repr(passed[names[1]])}]},
        {"cell_type": "code", "source": "1 / 0", "outputs": [{"output_type": "error"}]},
    ]}
    p = open_with(page, {})
    assert give(p, ("rnn.ipynb", notebook)) == "rnn.ipynb: 2 checks passed, 1 not yet, 2 not run."
    assert set(kept(p)) == {f"exercise:{names[1]}", f"exercise:{names[2]}"}
    until(lambda: menu(p), p)
    assert "2 of 6 exercises passed" in menu(p)["Recurrent networks"]
    fails = Report(names[1], False, message="no")
    worse = {"cells": [code(f'check("{names[1]}", f)', fails)]}
    assert give(p, ("rnn.ipynb", worse)) == "rnn.ipynb: 0 checks passed, 1 not yet."
    assert len(kept(p)) == 2, "what has passed once stays"
    two = give(p, ("a.ipynb", worse), ("b.json", FILE))
    assert two == "a.ipynb: 0 checks passed, 1 not yet.\nb.json: nothing new."


def test_the_notebook_of_each_chapter_is_understood_once_it_has_run(built_book, page):
    """The student notebooks themselves, with the outputs that a reader's would have."""
    p = open_with(page, {})
    files, total = [], 0
    for path in sorted((built_book / "notebooks").glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            names = re.findall(r'^check\("([\w-]+)"', "".join(cell["source"]), re.M)
            if cell["cell_type"] == "code" and names:
                cell["outputs"] = code("", *(Report(name, True) for name in names))["outputs"]
                total += len(names)
        files.append((path.name, notebook))
    said = give(p, *files)
    assert sum(map(int, re.findall(r"(\d+) checks? passed\.", said))) == total == len(kept(p))


# --- Questions that come back ---


def at(p, day, hour=12):
    """Set the clock to an hour of the day, counted from when the questions were answered."""
    p.clock.set_fixed_time(datetime(2026, 3, 2, hour, tzinfo=UTC) + timedelta(days=day))


def box_on(p, day, address="chapters/lstm.html"):
    """The box on the page when it is opened on that day."""
    at(p, day)
    go(p, address)
    return p.locator(".nn-review")


def opened(box):
    box.locator("summary").first.click()
    box.locator("section").first.wait_for()
    return box


def answer(p, box, right):
    """Answer the first question; its name."""
    question = box.locator("section").first
    secret = p.evaluate("""() => Object.fromEntries(Object.entries(nnlibReview.questions)
        .map(([name, [asked]]) => [asked.text, name]))""")
    name = secret[question.locator(".nn-text").evaluate(
        "node => node.innerHTML.replace(/^<strong>Question.<.strong> /, '')")]
    asked = registry.questions(name.partition("-")[0])[name]
    if hasattr(asked, "right"):
        text = asked.right if right else next(iter(asked.wrong))
        question.locator(f'input[value="{asked.key_of(text)}"]').check()
    else:
        text = asked.answer if right else next(iter(asked.wrong))
        question.locator("input[type=text]").fill(str(text))
    question.locator('[data-control="check"]').click()
    return name


ONE = "perceptron-bias"


@pytest.fixture
def reader(page):
    """A page whose reader has answered one question, today, by the page's own clock."""
    p = page("chapters/bibliography.html", own=True)
    at(p, 0)
    put(p, {f"question:{ONE}": record()})
    go(p, "chapters/rnn.html")
    return p


def test_a_question_comes_back_after_days_and_not_before(reader):
    p, before = reader, kept(reader)
    assert box_on(p, 0).count() == box_on(p, 1).count() == 0
    assert box_on(p, 2).count() == 1
    assert box_on(p, 2, "chapters/perceptron.html").count() == 0, "not in its own chapter"
    assert box_on(p, 2, "chapters/intro.html").count() == 0, "nor in an earlier one"
    box = opened(box_on(p, 2))
    assert answer(p, box, right=True) == ONE
    expect(box).to_contain_text("✓ Right.")
    expect(box).to_contain_text("From The perceptron. Comes back in 5 days.")
    now = kept(p)
    assert now[f"question:{ONE}"] == before[f"question:{ONE}"], "it counts once"
    assert menu(p)["The perceptron"] == "(1 of 5 questions answered)"
    assert now[f"review:{ONE}"]["box"] == 1
    answer(p, box, right=True)  # again at once
    assert kept(p) == now
    assert box_on(p, 6).count() == 0
    box = opened(box_on(p, 7))
    answer(p, box, right=False)
    expect(box).to_contain_text("✗ Not yet.")
    expect(box).to_contain_text("Comes back in 2 days.")
    answer(p, box, right=True)  # now known, but not remembered
    assert kept(p)[f"review:{ONE}"]["box"] == 0 and kept(p)[f"question:{ONE}"]["solved"]
    assert box_on(p, 8).count() == 0 and box_on(p, 9).count() == 1
    assert not p.errors and not p.outside


def test_the_days_between_grow_up_to_the_last(reader):
    p, day = reader, 0
    for wait, next_wait in [(2, 5), (5, 14), (14, 40), (40, 120), (120, 120)]:
        assert box_on(p, day + wait - 1).count() == 0
        day += wait
        box = opened(box_on(p, day))
        answer(p, box, right=True)
        expect(box).to_contain_text(f"Comes back in {next_wait} days.")


def test_three_at_most_come_back_the_latest_first_and_from_the_disk(page):
    p = page("chapters/bibliography.html", own=True, over="file")
    names = [*registry.questions("perceptron"), "intro-lines"]
    entries = {f"question:{name}": record(f"2026-02-{10 + k}T12:00:00Z")
               for k, name in enumerate(names)}
    put(p, {**entries, "question:perceptron-mistakes": record("2020-01-01T00:00:00Z")})
    go(p, "chapters/cnn.html")
    assert not p.evaluate("document.querySelectorAll('script[src*=questions-]').length")
    box = opened(box_on(p, 30))
    assert box.locator("section").count() == 3
    assert not box.locator("canvas").count(), "a prediction does not come back"
    sources = box.locator("p a").evaluate_all("all => all.map((a) => a.href.split('/').at(-1))")
    assert all(re.fullmatch(r"perceptron\.html#[\w-]+", one) for one in sources)
    assert not p.errors and not p.outside


def test_the_box_is_there_before_any_script_and_nothing_moves(reader):
    p = reader
    first = "() => document.querySelector('.bd-article h1 ~ p').getBoundingClientRect().y"
    at(p, 2)
    p.route("**/_static/progress.js*", lambda route: route.abort())
    p.goto(f"{p.home}/chapters/cnn.html")
    assert p.locator(".nn-review").count() == 1
    before = p.evaluate(first)
    p.unroute("**/_static/progress.js*")
    assert box_on(p, 2, "chapters/cnn.html").locator("div").count() == 1
    assert p.evaluate(first) == before


def test_what_is_not_answered_here_still_waits(reader):
    p = reader
    opened(box_on(p, 3))
    assert opened(box_on(p, 30)).locator("section").count() == 1
    assert f"review:{ONE}" not in kept(p)


def test_off_means_off(reader):
    p = reader
    box = box_on(p, 2)
    assert box.count() == 1
    choice = panel(p).get_by_label("Let questions come back")
    choice.uncheck()
    until(lambda: not box.count(), p)
    assert box_on(p, 30).count() == 0
    panel(p).get_by_label("Let questions come back").check()
    until(lambda: p.evaluate("localStorage['nnlib:due'] !== '{}'"), p)
    assert box_on(p, 30).count() == 1


def test_a_clock_that_was_ahead_does_not_keep_a_question_away(reader):
    p = reader
    box = opened(box_on(p, 1000))
    answer(p, box, right=True)
    assert box_on(p, 3).count() == 0  # and from this day on, five days are counted
    assert box_on(p, 7).count() == 0 and box_on(p, 8).count() == 1


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "Europe/Berlin"])
def test_days_are_days_of_the_readers_calendar(zone, browser, book_server):
    """Also where the day begins later than in Greenwich, and over a change of the clocks."""
    context = browser.new_context(timezone_id=zone)
    context.route("**/mathjax/**", lambda route: route.abort())
    p = context.new_page()
    p.home = book_server
    local = datetime(2026, 3, 28, 23, 30, tzinfo=ZoneInfo(zone))
    p.clock.set_fixed_time(local)
    p.goto(f"{p.home}/chapters/bibliography.html")
    put(p, {f"question:{ONE}": record(local.astimezone(UTC).isoformat())})
    go(p, "chapters/rnn.html")
    for when, shown in [((29, 23, 59), 0), ((30, 0, 1), 1), ((30, 23, 59), 1)]:
        p.clock.set_fixed_time(datetime(2026, 3, *when, tzinfo=ZoneInfo(zone)))
        go(p, "chapters/lstm.html")
        assert p.locator(".nn-review").count() == shown, when
    context.close()


def test_two_tabs_do_not_move_a_question_twice(reader):
    p = reader
    box = opened(box_on(p, 2))
    other = p.context.new_page()
    other.home = p.home
    at(other, 2)
    go(other, "chapters/lstm.html")
    answer(other, opened(other.locator(".nn-review")), right=True)
    answer(p, box, right=True)
    expect(box).to_contain_text("Comes back in 5 days.")
    assert kept(p)[f"review:{ONE}"]["box"] == 1
    at(p, 2)
    third = p.context.new_page()
    third.home = p.home
    at(third, 2)
    go(third, "chapters/cnn.html")
    assert third.locator(".nn-review").count() == 0
    third.close()
    other.close()


def test_a_question_that_is_cleared_begins_anew(reader):
    p = reader
    answer(p, opened(box_on(p, 2)), right=True)
    go(p, "chapters/perceptron.html")
    p.locator("[data-widget=question] [data-control=clear]:visible").first.click()
    until(lambda: kept(p) == {}, p)


def test_questions_that_do_not_arrive_are_told(reader):
    p = reader
    box = box_on(p, 2)
    p.route("**/questions-*.js*", lambda route: route.abort())
    box.locator("summary").first.click()
    expect(box).to_contain_text("This did not arrive.")


# --- Everybody ---


def test_without_javascript_nothing_dead_stands_there(page):
    assert page("chapters/rnn.html", javascript=False).evaluate(HIDDEN) == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_all_can_read_and_use_it(width, theme, page):
    entries = {**SOME, "question:cnn-sign": record(), "question:intro-lines": record()}
    p = open_with(page, entries, "chapters/lstm.html", width=width, theme=theme)
    go(p, "chapters/lstm.html")
    opened(p.locator(".nn-review"))
    if width < 960:
        p.locator(".primary-toggle:visible").first.click()
    panel(p)
    p.evaluate("() => Promise.all(document.getAnimations().map((a) => a.finished))")
    for part in (".nn-review", ".bd-sidebar-primary"):
        assert not violations(p, context=part)
        assert p.locator(part).evaluate("node => node.scrollWidth <= node.clientWidth")
    assert p.evaluate("document.documentElement.scrollWidth <= innerWidth")
    p.emulate_media(media="print")
    assert not p.locator(".nn-review, .nn-progress, .nn-mark").locator("visible=true").count()


def test_by_keyboard(page):
    p = open_with(page, SOME)
    p.locator(".nn-progress summary").focus()
    p.keyboard.press("Enter")
    p.locator(".nn-progress").get_by_role("button", name="Erase").wait_for()
    names = []
    for _ in range(8):
        p.keyboard.press("Tab")
        names.append(p.evaluate("""() => {
            const { textContent, parentElement } = document.activeElement;
            return (textContent || parentElement.textContent).trim();
        }"""))
    assert names[:5] == ["The perceptron", "Recurrent networks", "I have read this chapter",
                         "Export to a file", "Import a file"]
