"""The state of a widget in a link: made, opened, refused, and as an assignment."""

import base64
import json
import zlib

import pytest
from accessibility import violations
from conftest import page_source
from ipywidgets.embed import dependency_state
from looking import STATIC, control, press, set_number, settled

from nnlib import widgets
from nnlib.widgets import BumpPlayground, NetworkPlayground, PerceptronPlayground
from nnlib.widgets.question import QuestionWidget

LINKED = [getattr(widgets, name) for name in widgets.__all__]
each_linked = pytest.mark.parametrize("widget", LINKED, ids=lambda w: w.__name__)
CLIPBOARD = ("<script>Object.defineProperty(navigator, 'clipboard', "
             "{ value: { writeText: async (text) => { window.copied = text; } } });</script>")
START = "This is how the page starts"
ADAM = {"optimizer": "Adam", "learning_rate": 0.03}


@pytest.fixture
def site(page, tmp_path):
    """A function that makes a page of widgets and returns one that opens it, with a link's end or none."""

    def make(*shown, head=CLIPBOARD):
        file = tmp_path / f"page{len(list(tmp_path.iterdir()))}.html"
        file.write_text(page_source(*shown, head=head), encoding="utf-8")
        names = [widget.model_id for widget in shown]

        def open_page(link="", **options):
            opened = page(file.as_uri() + link, **options)
            opened.evaluate("""async (names) => {
                const models = await window.nnlibHost;
                window.models = names.map((name) => models[name]);
                window.shown = { model: window.models[0] };
            }""", names)
            return opened

        return open_page

    return make


def section(page, number=0):
    return page.locator(".nnlib-widget").nth(number)


def copied(page, number=0):
    """The link's end that the button copies."""
    settled(page)
    section(page, number).locator('[data-control="copy-link"]').click()
    section(page, number).locator(".nn-link [role=status]", has_text="Link copied.").wait_for()
    link = page.evaluate("window.copied")
    assert len(link) < 2000 and link.startswith(page.url.split("#")[0])
    return link[link.index("#"):]


def written(number=0, kind="NetworkPlayground", hash_=None, settings=None, lock=(), hide=(), **more):
    """A link's end, as somebody else could write it."""
    said = {"k": kind, "n": number, "h": hash_, "s": settings, "lock": list(lock), "hide": list(hide), **more}
    text = json.dumps(said).encode()
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    return "#nn=" + base64.urlsafe_b64encode(packed.compress(text) + packed.flush()).decode().rstrip("=")


def read(link):
    packed = link.removeprefix("#nn=")
    return json.loads(zlib.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), -15))


def traits(page, number=0):
    return page.evaluate("""(k) => Object.fromEntries(Object.keys(models[k].get("_settings"))
        .map((name) => [name, models[k].get(name)]))""", number)


def note(page, number=0):
    return section(page, number).locator(".nn-link [role=status]").inner_text()


def forged(site, settings, made=None, **more):
    """The page of a playground, opened with settings that nobody's button has put into a link."""
    made = made or NetworkPlayground()
    open_page = site(made)
    first = open_page()
    hash_ = read(copied(first))["h"]
    return first, open_page(written(kind=type(made).__name__, hash_=hash_, settings=settings, **more))


def same(here, there):
    """Equal but for numbers, which may differ in the fifth digit."""
    if isinstance(here, dict):
        assert here.keys() == there.keys()
        here, there = [*here.values()], [there[name] for name in here]
    if isinstance(here, list):
        assert len(here) == len(there)
        for one, other in zip(here, there):
            same(one, other)
    elif isinstance(here, float):
        assert there == pytest.approx(here, rel=1e-4)
    else:
        assert here == there


@each_linked
def test_what_a_reader_has_set_is_there_again(widget, site):
    open_page = site(widget())
    first = open_page()
    start = traits(first)
    assert start
    for slider in first.locator("input[type=range]:visible:not(:disabled)").all()[:3]:
        for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):
            slider.press(key)
    link = copied(first)
    set_there = traits(first)
    assert set_there != start
    assert read(link)["s"].keys() == {name for name in start if start[name] != set_there[name]}
    again = open_page(link)
    assert traits(again) != start
    same(set_there, traits(again))
    assert "As in the link." in note(again)
    assert not again.errors and not first.errors


@each_linked
def test_reset_goes_back_to_what_the_link_has_set(widget, site):
    """But for the network playground, whose Reset begins the training anew with the settings that are there."""
    sliders, back = "input[type=range]", widget._linked
    if widget is NetworkPlayground:
        sliders, back = '[data-control="weight"] input[type=range]', ["weights"]
    open_page = site(widget())
    first = open_page()
    for slider in first.locator(f"{sliders}:visible:not(:disabled)").all()[:3]:
        for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):
            slider.press(key)
    page = open_page(copied(first))
    of_link = traits(page)
    assert any(of_link[name] != traits(open_page())[name] for name in back)
    for slider in page.locator(f"{sliders}:visible:not(:disabled)").all()[:3]:
        slider.press("ArrowRight")
    settled(page)
    assert any(of_link[name] != traits(page)[name] for name in back)
    press(page, "reset")
    settled(page)
    now = traits(page)
    same([of_link[name] for name in back], [now[name] for name in back])
    assert not page.errors


def test_reset_of_the_perceptron_brings_back_the_points_of_the_link(site):
    open_page = site(PerceptronPlayground())
    first = open_page()
    set_number(first, "x1", 0.25)
    set_number(first, "w1", 2)
    page = open_page(copied(first))
    start = traits(page)
    assert start["w"][0] == 2 and start["X"][0][0] == 0.25
    press(page, "remove")
    press(page, "step")
    set_number(page, "learning-rate", 3)
    press(page, "reset")
    settled(page)
    assert traits(page) == start
    control(page, "dataset", "select").select_option("xor")
    press(page, "reset")
    settled(page)
    now = traits(page)
    assert now["dataset"] == "xor" and len(now["X"]) == len(now["y"]) == 40 and now["w"] == start["w"]
    assert not page.errors


def test_a_widget_of_answers_has_no_link(site):
    from nnlib.questions.kinds import Number

    page = site(QuestionWidget(Number("test-one", "How many?", "One.", answer=1, wrong={2: "Too many."})))()
    assert page.locator(".nn-link").count() == 0


def test_without_the_host_there_is_no_button(page):
    """As in a notebook, where the model belongs to Python."""
    opened = page()
    opened.evaluate("""async ([source, data]) => {
        const { default: widget } = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
        widget.render({ el: document.body, model: { get: (name) => data[name], set() {}, save_changes() {}, on() {}, off() {} } });
    }""", [str(BumpPlayground._esm), {"target": "wave", "steepness": 50, "heights": [0.5, 0.5]}])
    assert opened.locator(".nnlib-widget").count() == 1
    assert opened.locator(".nn-link").count() == 0


SETTINGS = [
    {"dataset": "spirals", "hidden": [8, 8], "noise": 0.1, **ADAM},
    {"features": ["x1^2", "x2^2"], "hidden": [], "l1": 0.01, "schedule": "StepLR", "discrete": True},
    {"dataset": "plane", "activation": "relu", "seed": 4, "test_share": 0.2},
]


@pytest.mark.parametrize("settings", SETTINGS)
def test_a_trained_network_is_the_same_again_to_four_digits(settings, site):
    open_page = site(NetworkPlayground(), NetworkPlayground(seed=3))
    first = open_page()
    first.evaluate("settings => models[1].set(settings)", settings)
    for _ in range(3):
        section(first, 1).locator('button[data-control="step"]').click()
    again = open_page(copied(first, 1))
    same(traits(first, 1), traits(again, 1))
    assert traits(first, 0) == traits(again, 0)
    assert section(again, 1).locator("output").inner_text() == section(first, 1).locator("output").inner_text()
    assert again.evaluate("scrollY") > 200  # to the widget that is meant
    assert not again.errors


def test_points_that_the_reader_drew_are_there_again(site):
    open_page = site(NetworkPlayground())
    first = open_page()
    first.get_by_role("group", name="Plane").press("1")
    again = open_page(copied(first))
    same(traits(first), traits(again))
    assert len(traits(again)["_given"]["points"]) == 5


def test_of_an_edited_page_the_same_widget_is_meant(site):
    link = copied(site(PerceptronPlayground(), PerceptronPlayground(dataset="octet"))(), 1)
    page = site(PerceptronPlayground(dataset="octet"), PerceptronPlayground())(link)
    assert "As in the link" in note(page, 0) and note(page, 1) == ""
    page = site(PerceptronPlayground(dataset="xor"), PerceptronPlayground())(link)
    assert "another version of this page" in note(page, 0)
    assert not page.errors


def test_too_many_weights_are_refused_in_words(site):
    page = site(NetworkPlayground())()
    page.evaluate("shown.model.set({ hidden: [12, 12, 12, 12, 12] })")
    settled(page)
    press(page, "copy-link")
    page.locator(".nn-link [role=status]", has_text="This network has too many weights for a link.").wait_for()
    assert page.evaluate("window.copied") is None
    assert not page.errors


@pytest.mark.parametrize("clipboard", ["undefined", "{ writeText: async () => { throw new Error('no'); } }"])
def test_where_nothing_can_be_copied_the_link_is_chosen(clipboard, site):
    head = CLIPBOARD[: CLIPBOARD.index("{ value")] + f"{{ value: {clipboard} }});</script>"
    page = site(BumpPlayground(), head=head)()
    control(page, "copy-link").press("Enter")
    field = page.get_by_role("textbox", name="Link")
    field.wait_for()
    assert page.evaluate("String(getSelection())") == field.input_value() and "#nn=" in field.input_value()


@pytest.mark.parametrize("end", ["#nn=", "#nn=%%%", "#nn=AAAA", "#nn=" + "A" * 5000,
                                 written(settings=None), "#nn=" + base64.b64encode(b"{}").decode()])
def test_a_broken_link_changes_nothing_and_is_told(end, site):
    open_page = site(NetworkPlayground(), BumpPlayground())
    page = open_page(end)
    assert traits(page) == traits(open_page())
    assert START in note(page) and note(page, 1) == ""
    assert not page.errors


HOSTILE = [
    {"_esm": "export default { render() { window.hacked = true; } }"},
    {"_css": "* { display: none }"},
    {"_settings": {}},
    {"controls": []},
    {"__proto__": {"noise": 1}},
    {"constructor": 1},
    {"toString": "x"},
    {"noise": "0.5"},
    {"noise": None},
    {"noise": 1e999},
    {"noise": -1},
    {"noise": [0.5]},
    {"seed": 0.5},
    {"batch_size": 0},
    {"discrete": 1},
    {"dataset": "<img src=x onerror=alert(1)>"},
    {"dataset": "__proto__"},
    {"dataset": "given"},
    {"dataset": ["xor"]},
    {"features": []},
    {"features": ["x2", "x1"]},
    {"features": "x1"},
    {"features": {"length": 2}},
    {"hidden": [13]},
    {"hidden": [1] * 9},
    {"hidden": [2.5]},
    {"hidden": None},
    {"hidden": 3},
    {"hidden": [3]},  # without weights of that shape
    {"hidden": [], "weights": [[[1, 2]], [1e7]]},
    {"hidden": [], "weights": [[[1, "2"]], [0]]},
    {"hidden": [], "weights": [[[1, None]], [0]]},
    {"hidden": [], "weights": [[[1, 2, 3]], [0]]},
    {"hidden": [], "weights": [[[1, 2]]]},
    {"hidden": [], "weights": {"length": 2}},
    {"weights": [[0]] * 500_000},
    {"_given": {}},
    {"_given": 3},
    {"_given": {"task": "classification", "points": [[0, 0, 2]] * 4}},
    {"_given": {"task": "regression", "points": [[0, 0, 0]] * 3}},
    {"_given": {"task": "regression", "points": [[0, 0]] * 4}},
    {"_given": {"task": "regression", "points": [[0, 0, 1e9]] * 4}},
    {"_given": {"task": "regression", "points": [[0, 0, 1]] * 4, "view": [[1, 0], [0, 1]]}},
    {"_given": {"task": "regression", "points": [[0, 0, 1]] * 4, "view": None}},
    {"_given": {"task": "regression", "points": [[0, 0, 1]] * 100_000}},
]


@pytest.fixture(scope="module")
def hash_of():
    return {}


@pytest.mark.parametrize("settings", HOSTILE, ids=lambda s: str(s)[:60])
def test_a_hostile_link_changes_nothing(settings, hash_of, site):
    open_page = site(NetworkPlayground())
    if not hash_of:
        first = open_page()
        hash_of.update(first=traits(first), hash=read(copied(first))["h"])
    page = open_page(written(hash_=hash_of["hash"], settings=settings))
    assert traits(page) == hash_of["first"]
    assert START in note(page)
    assert page.evaluate("[window.hacked, Object.prototype.noise, ({}).noise]") == [None, None, None]
    press(page, "step")
    assert "not a number" not in page.locator("output").inner_text()
    assert not page.errors


def test_the_widest_allowed_values_do_no_harm(site):
    given = {"task": "regression", "points": [[-1e6, 1e6, 1e6], [1e6, 0, -1e6], [0, 0, 0], [0, 0, 0]]}
    weights = [[[1e6, -1e6]], [1e6]]
    for settings in ({"_given": given, "dataset": "given"}, {"hidden": [], "weights": weights},
                     {"noise": 2, "learning_rate": 100, "batch_size": 1, "epoch": 10**9}):
        first, page = forged(site, settings)
        assert traits(page) == {**traits(first), **settings}
        assert "As in the link" in note(page)
        press(page, "step")
        settled(page)
        assert not page.errors


OTHERS = [
    (PerceptronPlayground, {"dataset": "toString"}),
    (PerceptronPlayground, {"dataset": "xor", "X": [[0, 0]]}),
    (PerceptronPlayground, {"names": ["x" * 61] * 40}),
    (PerceptronPlayground, {"w": [1, 1e300]}),
    (PerceptronPlayground, {"y": [0] * 40}),
    (widgets.SpellerPlayground, {"text": "<b>"}),
    (widgets.AlloyMixer, {"composition": []}),
    (widgets.PeriodicTable, {"composition": [["Xx", 1]]}),
    (widgets.PeriodicTable, {"composition": [["Fe", 1], ["Fe", 2]]}),
    (widgets.PeriodicTable, {"composition": {"Fe": 1}}),
    (widgets.PeriodicTable, {"composition": [["Fe", 0]]}),
    (widgets.ConvolutionPlayground, {"image": [[1], [1, 2]]}),
    (widgets.ConvolutionPlayground, {"kernel": [[0] * 6]}),
    (widgets.DigitPlayground, {"image": [[17] * 8] * 8}),
    (widgets.MemoryPlayground, {"bias": [0, 0, 0, None]}),
    (widgets.RecurrentPlayground, {"units": "8"}),
    (widgets.CrystalPlayground, {"angles": [0]}),
    (widgets.SlopePlayground, {"z": [7]}),
    (widgets.SignalPlayground, {"depth": 31}),
    (widgets.FitPlayground, {"ghosts": 21}),
    (widgets.ComputationGraph, {"formula": "<b>"}),
    (widgets.ComputationGraph, {"formula": "a +"}),
    (widgets.ComputationGraph, {"values": [11]}),
    (widgets.AttentionPlayground, {"text": "a"}),
    (widgets.AttentionPlayground, {"off": ["3.1"]}),
    (widgets.QueryKeyPlane, {"places": [0, 1, 2, 3, 0.5]}),
    (widgets.QueryKeyPlane, {"key": [[5, 0]] * 4}),
    (widgets.EdgePlayground, {"degree": 2.5}),
    (widgets.GraphPlayground, {"nodes": [[0, 0]]}),
]
# What only the widget itself can tell to be no state of it.
IMPOSSIBLE = [
    *((widgets.GraphPlayground, {"edges": edges}) for edges in ([[0, 1], [0, 1]], [[1, 0]], [[0, 9]], [[0.5, 1]])),
    (widgets.GraphPlayground, {"node": 7}),
    *((widgets.EdgePlayground, {"rates": rates})
      for rates in ([[5, 0.1]], [[0, 0]], [[0, 3]], [[0, 0.1], [0, 0.2]], [[0, 0.1], [2.5, 0.2]])),
]


@pytest.mark.parametrize("widget, settings", OTHERS, ids=str)
def test_other_widgets_refuse_what_they_cannot_show(widget, settings, site):
    made = widget()
    first, page = forged(site, settings, made)
    assert traits(page) == traits(first)
    assert START in note(page)
    assert not page.errors


@pytest.mark.parametrize("widget, settings", IMPOSSIBLE, ids=str)
def test_what_no_form_foresees_is_refused_by_the_widget(widget, settings, site):
    first, page = forged(site, settings, widget())
    assert traits(page) == traits(first) and "cannot show" in note(page)
    assert page.locator(".nnlib-message").count() == 0


def test_where_a_widget_fails_with_a_link_the_page_starts_as_it_is(site):
    """The last barrier: what no form foresees."""
    made = BumpPlayground()
    made._esm = str(made._esm).replace("function render({ model, el }) {", """function render({ model, el }) {
        if (model.get("steepness") === 2) throw new Error("cannot");""", 1)
    first, page = forged(site, {"steepness": 2}, made)
    assert traits(page) == traits(first) and "cannot show" in note(page)
    assert page.locator(".nnlib-message").count() == 0


# Assignments ----------------------------------------------------------------------------------------


def assignment(page, lock, hide):
    copied(page)
    press(page, "assign")
    dialog = page.get_by_role("dialog")
    for name in lock:
        dialog.locator(f'[name=Lock][value="{name}"]').check()
    for name in hide:
        dialog.locator(f'[name=Hide][value="{name}"]').check()
    page.evaluate("window.copied = ''")
    dialog.locator('[data-control="copy-assignment"]').press("Enter")
    page.wait_for_function("window.copied")
    link = page.evaluate("window.copied")
    return link[link.index("#"):]


def test_a_teacher_locks_and_hides_controls(site):
    open_page = site(NetworkPlayground())
    first = open_page()
    set_number(first, "weight", 1.5)
    link = assignment(first, ["learning-rate", "add-layer", "feature-x1", "optimizer"], ["noise", "preset", "challenge"])
    page = open_page(link)
    for _ in range(2):
        for name in ("learning-rate", "add-layer", "feature-x1", "optimizer"):
            assert control(page, name).is_disabled(), name
        for name in ("noise", "preset", "challenge"):
            assert not page.locator(f'[data-control="{name}"]').first.is_visible()
        assert control(page, "batch-size").is_enabled() and control(page, "weight").is_visible()
        press(page, "step")  # which shows all anew
        page.evaluate("shown.model.set({ hidden: [3], dataset: 'moons' })")
        settled(page)
    assert not page.get_by_role("group", name="Challenges").is_visible()  # nothing is left in it
    assert page.get_by_role("group", name="Data").is_visible()
    assert note(page) == "As in the link, an assignment."
    assert not page.errors


def test_names_of_controls_that_are_none_lock_nothing(site):
    _, page = forged(site, {}, lock=["nothing", "__proto__"], hide=["weight"])
    assert "As in the link" in note(page) and not page.errors
    for lock in (["a b"], ["[x]"], [3], ["x" * 99], ["x"] * 101):
        _, page = forged(site, {}, lock=lock)
        assert START in note(page) and not page.errors


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1440])
def test_the_dialog_fits_and_can_be_left(width, theme, site):
    page = site(NetworkPlayground())(width=width, theme=theme)
    copied(page)
    press(page, "assign")
    dialog = page.get_by_role("dialog")
    box = dialog.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert not violations(page)
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")


# The next script that the page asks for is not there.
GONE = """() => {
    document.head.append = (script) => {
        delete document.head.append;
        script.src += ".gone";
        document.head.append(script);
    };
}"""


@pytest.mark.parametrize("name", ["copy-link", "assign"])
def test_what_does_not_arrive_is_told_and_asked_for_again(name, site):
    page = site(BumpPlayground())()
    if name == "assign":
        copied(page)
    page.evaluate(GONE)
    press(page, name)
    page.locator(".nn-link [role=status]", has_text="This did not arrive.").wait_for()
    press(page, name)
    if name == "assign":
        page.get_by_role("dialog").wait_for()
    else:
        page.locator(".nn-link [role=status]", has_text="Link copied.").wait_for()


def test_what_each_page_carries_for_links_is_little():
    assert (STATIC / "link.js").stat().st_size < 6000
    state = json.dumps(dependency_state([NetworkPlayground()], drop_defaults=False))
    assert state.count('"_settings"') == 1
