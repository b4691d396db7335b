"""What a reader meets on Binder: chapters and student notebooks that run, and two-way widgets."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from last_digits import far, of_page
from waiting import FRAMES

from nnlib import widgets
from tools.common import ROOT
from tools.grader.submissions import CHECK
from tools.student import as_asked

CHAPTERS = [path for path in sorted(ROOT.glob("chapters/*.md"))
            if "code-cell" in path.read_text(encoding="utf-8")]
OLD_PROCESSOR = {"OPENBLAS_CORETYPE": "Nehalem"}  # one of x86; on others the variable does nothing
# Run a chapter with each check once before the solution and once behind it. Print what the checks
# said, and what the chapter would glue into its text where the book's tools are.
RUN = """
import json, sys, jupytext, nbclient, nbformat

def tagged(tag):
    return [k for k, cell in enumerate(cells) if tag in cell.metadata.get("tags", ())]

def add(place, source, *tags):
    cells.insert(place, nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)}))

def said(tag):
    return [(cells[k].source, output.data) for k in tagged(tag) for output in cells[k].outputs]

notebook = jupytext.read(sys.argv[1])
cells = notebook.cells
for stub in reversed(tagged("exercise-stub")):
    add(stub + 1, next(cells[k].source for k in tagged("check") if k > stub), "blank")
record = '''
def glue(name, value, display=True, here=glue):
    here(name, value, display)
    shown, _ = get_ipython().display_formatter.format(value, include=["text/plain"])
    all_that_is_glued[name] = shown["text/plain"]  # no name that a chapter has
'''
for place in [k for k, cell in enumerate(cells) if "def glue(" in cell.source]:
    add(place + 1, record)
add(0, "all_that_is_glued = {}")
add(len(cells), "import json; print(json.dumps(all_that_is_glued))")
nbclient.NotebookClient(notebook, startup_timeout=600,
                        resources={"metadata": {"path": "chapters"}}).execute()
print(json.dumps([json.loads(cells[-1].outputs[0].text), said("blank"), said("check")]))
"""
IN_THE_BROWSER = ["chapters/perceptron.md", "notebooks/perceptron.ipynb"]
WITH_MANY_WIDGETS = ["chapters/rnn.md", "notebooks/cnn.ipynb"]  # most of them only compute

# A notebook with every widget, cell k showing WIDGETS[k - 1], and in the last cell a network again.
WIDGETS = widgets.__all__
VARIABLES = [name.removesuffix("Playground").lower() for name in WIDGETS]
PLAYGROUNDS = "\n".join(
    f"```{{code-cell}} ipython3\n{code}\n```\n" for code in [
        "import time, numpy as np, nnlib as nn\nfrom nnlib.widgets import *",
        *(f"{variable} = {name}()\n{variable}" for variable, name in zip(VARIABLES, WIDGETS)),
        "network",
    ])
HEADER = """\
---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---
"""
NETWORK, NETWORK_AGAIN = 1 + VARIABLES.index("network"), 1 + len(WIDGETS)


@pytest.fixture(scope="module")
def playgrounds_path(lab_home):
    (lab_home / "scratch").mkdir()
    (lab_home / "scratch" / "playgrounds.md").write_text(HEADER + PLAYGROUNDS, encoding="utf-8")
    return "scratch/playgrounds.md"


@pytest.fixture
def playgrounds(lab, playgrounds_path):
    """The notebook with all widgets, which the tests share."""
    book = lab.open(playgrounds_path)
    if book.cells[0]["execution_count"] is None:
        book.run_all()
    assert not book.errors()
    return book


def test_binder_installs_nothing_that_is_not_pinned(lab_home, packages):
    pins = dict(line.lower().replace("_", "-").split()[0].split("==")
                for name in ["tests/lab/repo2docker.txt", "binder/requirements.txt"]
                for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if "==" in line)
    assert packages.pop("nnlib")
    packages.pop("pip")
    assert packages == pins


def is_blank(source, shown):
    """Does a check say of its exercise that nothing is written yet, and why?"""
    name, = CHECK.findall(source)
    text = shown["text/plain"]
    return (text.startswith(f"✗ Not written yet: {name}\n") and text.count("✗") == 2
            and "data-ok='false'" in shown["text/html"])


def test_every_chapter_runs_on_an_old_processor_and_gives_the_numbers_of_the_page(
        run_in_lab, built_book):
    """Assertions hold there too, no stub passes its check, and every solution does."""
    def faults(path):
        done = run_in_lab("python", "-c", RUN, f"chapters/{path.name}", timeout=1800,
                          **OLD_PROCESSOR)
        if done.returncode:
            return [f"{path.name}:\n{done.stderr}"]
        told, blank, solved = json.loads(done.stdout)
        page = of_page(path, built_book)
        assert len(blank) == len(solved)
        return [*far(page, as_asked(told, page)).items(),
                *(shown for source, shown in blank if not is_blank(source, shown)),
                *(shown for source, shown in solved if "data-ok='true'" not in shown["text/html"])]

    with ThreadPoolExecutor(2) as pool:
        found = list(filter(None, pool.map(faults, CHAPTERS)))
    assert not found


@pytest.mark.parametrize("path", IN_THE_BROWSER)
def test_the_perceptron_in_a_live_notebook(lab, path):
    book = lab.open(path)
    book.run_all()
    assert not book.errors()
    k = book.cell_with("playground = PerceptronPlayground()")
    widget = book.widget(k)

    # A slider dragged with the mouse moves Python.
    box = widget.locator("[data-control=w1] input[type=range]").bounding_box()
    mouse = book.page.mouse
    mouse.move(box["x"] + 0.45 * box["width"], box["y"] + box["height"] / 2)
    mouse.down()
    mouse.move(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2, steps=10)
    mouse.up()
    shown = float(reading(widget, "w1"))
    assert 2.5 < shown < 3.5
    book.until(lambda: book.python("playground.w") == [shown, 1.0])

    # Python moves the picture.
    before = picture(widget)
    book.run("import nnlib\n"
             "playground.perceptron = nnlib.Perceptron().fit(playground.X, playground.y)")
    book.until(lambda: "No mistakes" in widget.locator("output").inner_text())
    assert picture(widget) != before

    # The plain ipywidgets below follow, and are followed.
    live = book.cell_with("ipywidgets.VBox")
    book.run("playground.learning_rate = 1.2; playground.w = [-0.5, 1]")
    rate = book.go_to(live).locator(".widget-slider .widget-readout")
    book.until(lambda: rate.inner_text() == "1.20")
    rate.fill("0.7")
    rate.press("Enter")
    book.until(lambda: book.python("playground.learning_rate") == 0.7)
    widget = book.widget(k)
    book.until(lambda: reading(widget, "learning-rate") == "0.7")
    widget.locator("[data-control=step]").click()
    book.until(lambda: book.python("playground.updates") == 1)
    book.go_to(live).locator(".jp-OutputArea-output img").wait_for()


@pytest.mark.parametrize("path", WITH_MANY_WIDGETS)
def test_running_a_chapter_leaves_no_error_and_no_empty_output(lab, path):
    book = lab.open(path)
    book.run_all()
    assert not book.errors()
    assert not [k for k, cell in enumerate(book.cells) for output in cell.get("outputs", [])
                if output.get("name") == "stderr" and not visible("".join(output["text"]))]
    # anywidget complains two seconds after a model came, by a timer that is due before this one.
    book.page.evaluate("() => new Promise((done) => setTimeout(done, 2100))")


def visible(text):
    """What is left of a stream when the returns in it have overwritten the rest."""
    return text.rstrip("\n").split("\r")[-1].strip()


@pytest.mark.parametrize("name", WIDGETS)
def test_a_widget_is_two_way(playgrounds, name):
    """A slider changes a trait in Python, and assigning the trait moves slider and picture back."""
    k = WIDGETS.index(name)
    variable, widget = VARIABLES[k], playgrounds.widget(1 + k)
    state = (f"{{k: dict(v) if isinstance(getattr({variable}, k), dict) else v"  # it went as pairs
             f" for k, v in {variable}.get_state().items()"
             f" if k in {name}.class_own_traits() and k[0] != '_'}}")
    before = playgrounds.python(state)
    for slider in widget.locator("[data-control]:has(input[type=range]:enabled)").all():
        control = slider.get_attribute("data-control")
        start = reading(widget, control)
        slider.locator("input[type=range]").press("ArrowRight")
        moved = reading(widget, control)
        assert moved != start
        # A widget may wait 250 ms with its message, by a timer that is due before this one. What it
        # has sent, Python reads before the question.
        playgrounds.page.evaluate("() => new Promise((done) => setTimeout(done, 300))")
        after = playgrounds.python(state)
        changed = [trait for trait in after if after[trait] != before[trait]]
        if changed:
            break
    else:
        pytest.fail("no slider changes anything in Python")
    playgrounds.until(lambda: any(
        abs(float(moved) - value) < 1e-3 * max(1, abs(value))
        for values in [playgrounds.python(state)] for trait in changed
        for value in numbers(values[trait])))

    seen = picture(widget)
    for trait in changed:
        playgrounds.run(f"{variable}.{trait} = {before[trait]!r}")
    playgrounds.until(lambda: reading(widget, control) == start)
    playgrounds.until(lambda: picture(widget) != seen)


def reading(widget, control):
    """The number beside a slider."""
    return widget.locator(f"[data-control={control}] input[type=number]").input_value()


def picture(widget):
    """What the widget's pictures look like once the pending frame is drawn, to compare."""
    return widget.evaluate(f"""async widget => {{
        {FRAMES}
        return [...widget.querySelectorAll('canvas, svg[role=img]')]
            .map(one => one.matches('canvas') ? one.toDataURL() : one.outerHTML).join();
    }}""")


def numbers(value):
    """All numbers in lists of numbers or in a mixture, and how many entries the lists have."""
    if isinstance(value, list):
        yield len(value)
        for entry in value:
            yield from numbers(entry)
    elif isinstance(value, dict):  # the amounts of a mixture: they and their shares
        yield from value.values()
        yield from (amount / sum(value.values()) for amount in value.values())
    elif isinstance(value, (int, float)):
        yield float(value)


class Network:
    """A new network playground, from both sides."""

    def __init__(self, book):
        self.book = book
        book.run_cell(NETWORK)
        self.widget = book.widget(NETWORK)

    def click(self, control):
        self.widget.locator(f"button[data-control={control}]").click()

    @property
    def playing(self):
        return self.widget.locator("[data-control=play]").inner_text() == "Pause"

    @property
    def epoch(self):
        return epoch(self.widget)

    def python(self, expression):
        return self.book.python(expression)

    def agrees(self):
        """The page's table has the weights that Python has, in the same order, to three digits."""
        here = self.widget.evaluate(
            """widget => {
                const table = widget.querySelector("details.nn-table");
                return new Promise((done) => {  // it is made when it opens
                    table.addEventListener("toggle", () => {
                        const rows = [...table.querySelectorAll("tbody tr")];
                        done(rows.map((row) => row.lastChild.textContent));
                        table.open = false;
                    }, { once: true });
                    table.open = true;
                });
            }""")
        here = [float(text.replace("−", "-")) for text in here]
        there = self.python(
            "[float(w) for W, b in zip(network.weights[::2], network.weights[1::2]) "
            "for row, bias in zip(W, b) for w in [*row, bias]]")
        return len(here) == len(there) and all(
            abs(a - b) <= 0.006 * abs(b) + 1e-9 for a, b in zip(here, there))


def epoch(widget):
    return int(widget.locator(".nn-epoch").inner_text().split()[1].replace(",", ""))


@pytest.fixture
def network(playgrounds):
    return Network(playgrounds)


def test_a_network_trained_in_the_page_arrives_in_python(network):
    network.click("play")
    network.book.until(lambda: network.epoch > 20)
    assert network.python("network.playing")
    network.click("play")
    network.book.until(lambda: not network.python("network.playing"))
    network.book.until(lambda: network.python("network.epoch") == network.epoch)
    network.book.until(network.agrees)


def test_python_starts_and_stops_the_training_in_the_page(network):
    network.book.run("network.playing = True")
    network.book.until(lambda: network.playing and network.epoch > 5)
    network.book.run("network.playing = False")
    network.book.until(lambda: not network.playing)
    network.book.until(lambda: network.python("network.epoch") == network.epoch)
    network.book.until(network.agrees)


def test_the_pages_settings_arrive_in_python_with_the_weights_that_go_with_them(network):
    network.click("add-layer")
    network.widget.locator("[data-control='feature-x1^2'] input").click()
    network.click("new-seed")
    network.book.until(lambda: network.python("network.seed") == 1)
    assert network.python("network.hidden") == [4, 2, 2]
    assert network.python("network.features") == ["x1", "x2", "x1^2"]
    network.book.until(network.agrees)


def test_a_new_shape_from_python_stops_the_training_on_both_sides(network):
    network.click("play")
    network.book.until(lambda: network.epoch > 5)
    network.book.run("network.hidden = [2]")
    network.book.until(lambda: not network.playing)
    network.book.until(lambda: not network.python("network.playing"))
    network.book.until(network.agrees)


@pytest.mark.parametrize("first", [
    "network.set_data(np.random.default_rng(0).normal(size=(40, 2)), np.arange(40) % 2)",
    "network.hidden = [3, 2]; network.seed = 7",
    "network.features = ['x1', 'x2', 'x1*x2']; network.features = ['x1', 'x2']",
    "network.playing = False; time.sleep(1)",
])
def test_a_network_assigned_last_is_the_one_that_stays(network, first):
    """Whatever the page says in the meantime, such as the weights of another start."""
    network.click("play")
    network.book.until(lambda: network.epoch > 5)
    weight = network.book.run(
        f"{first}\n"
        "mine = nn.Sequential(nn.Linear(2, 3, rng=5), nn.ReLU(), nn.Linear(3, 1, rng=6))\n"
        "network.playing = False\n"
        "network.network = mine\n"
        "print(mine[0].weight.data[0, 0])")
    network.book.until(lambda: not network.playing and network.epoch == 0 and network.agrees())
    network.book.page.wait_for_timeout(1000)  # whatever is under way arrives, and changes nothing
    assert network.python("float(network.weights[0][0][0])") == pytest.approx(float(weight))
    assert network.python("network.epoch") == network.epoch == 0
    assert network.agrees()


def test_weights_assigned_while_the_page_trains_stay_where_its_own_would_fit(network):
    network.click("play")
    network.book.until(lambda: network.epoch > 5)
    network.book.run("mine = network.network\nmine[0].weight.data[:] = 0.25\n"
                     "network.playing = False\nnetwork.network = mine")
    network.book.until(lambda: not network.playing and network.epoch == 0 and network.agrees())
    network.book.page.wait_for_timeout(1000)  # whatever is under way arrives, and changes nothing
    assert network.python("network.weights[0]") == [[0.25, 0.25]] * 4
    assert network.python("network.epoch") == network.epoch == 0
    assert network.agrees()


def test_two_views_of_a_network_show_the_same(network):
    network.book.run_cell(NETWORK_AGAIN)
    again = network.book.widget(NETWORK_AGAIN)
    again.locator("[data-control=play]").click()
    network.book.until(lambda: epoch(again) > 20)
    again.locator("[data-control=play]").click()
    shown = epoch(again)
    network.book.go_to(NETWORK)
    network.book.until(lambda: network.epoch == shown)
    network.book.until(network.agrees)


def test_widgets_follow_the_theme_of_jupyterlab(lab, playgrounds):
    shown = range(1, 1 + len(WIDGETS))
    light = {k: picture(playgrounds.widget(k)) for k in shown}
    lab.command("apputils:change-theme", theme="JupyterLab Dark")
    for k in shown:  # most of them scrolled away when it changes
        widget = playgrounds.widget(k)
        playgrounds.until(lambda: picture(widget) != light[k])  # noqa: B023
    lab.command("apputils:change-theme", theme="JupyterLab Light")
    for k in shown:
        widget = playgrounds.widget(k)
        playgrounds.until(lambda: picture(widget) == light[k])  # noqa: B023
