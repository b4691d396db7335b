"""The reader's own table in the playgrounds: from a file in the page, and from Python."""

import contextlib
import io
import os

import numpy as np
import pytest
from accessibility import violations
from looking import control, picture, press, readout, settled, until
from looking import trait as model
from test_code import losses, numbers, program, step
from test_link import copied, forged, note, site  # noqa: F401 - a fixture

from nnlib.widgets import NetworkPlayground, PerceptronPlayground

RNG = np.random.default_rng(0)
HARD, CARBON = RNG.normal(300, 60, 40).round(1), RNG.uniform(0.1, 0.9, 40).round(3)
PHASE = np.where(HARD / 300 + CARBON / 0.5 + RNG.normal(0, 0.1, 40) > 2, "martensite", "ferrite")
NAMES = ["hardness (HV)", "carbon (wt%)", "phase"]


def german(rows=range(40), head="Nr;hardness (HV);carbon (wt%);phase"):
    lines = [f"{k + 1};{HARD[k]};{CARBON[k]};{PHASE[k]}".replace(".", ",") for k in rows]
    return "\r\n".join([head, *lines]) + "\r\n"


def opened(page):
    press(page, "own-data")
    page.get_by_role("dialog").wait_for()


def choose_file(page, data, name="steels.csv"):
    data = data if isinstance(data, bytes) else data.encode()
    page.locator('.nn-own input[type="file"]').set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})


def use(page, data, name="steels.csv", **choices):
    """Open a file and take it, with a column or class of that text in each select."""
    opened(page)
    choose_file(page, data, name)
    page.locator(".nn-own [role=status]", has_text=name).wait_for()
    for select, text in choices.items():
        option = control(page, f"own-{select}", "select").locator("option", has_text=text).first
        control(page, f"own-{select}", "select").select_option(option.get_attribute("value"))
    press(page, "own-use")
    settled(page)
    assert not page.get_by_role("dialog").count()


def said(page):
    return page.locator(".nn-own").inner_text()




# In the page ------------------------------------------------------------------------------------------


def test_a_file_becomes_the_points_of_the_network(widget_page):
    page = widget_page(NetworkPlayground())
    before = picture(page, 1)
    use(page, german())
    given = model(page, "_given")
    assert model(page, "dataset") == "given" and given["task"] == "classification"
    np.testing.assert_array_equal(given["points"], np.column_stack([HARD, CARBON, PHASE == "martensite"]))
    assert given["table"]["names"] == NAMES and given["table"]["classes"] == ["ferrite", "martensite"]
    assert picture(page, 1) != before
    plane = page.locator("canvas").nth(1).get_attribute("aria-label")
    assert "over x₁ (hardness (HV)) and x₂ (carbon (wt%))" in plane and "class 1: martensite" in plane
    assert "class 0: ferrite" in page.locator(".nn-keys").nth(1).inner_text()
    assert "Weight from x₁ (hardness (HV)) to unit 1" in readout(page)
    assert "steels.csv: x₁ is hardness (HV), x₂ is carbon (wt%)" in page.locator("fieldset", has_text="Your own points").inner_text()
    press(page, "step")
    settled(page)
    assert model(page, "epoch") == 1
    page.get_by_role("radio", name="circles").check()
    settled(page)
    assert "hardness" not in readout(page)
    page.get_by_role("radio", name="your points").check()
    settled(page)
    assert "hardness" in readout(page)
    assert not page.errors and not page.outside


def test_a_file_becomes_the_points_of_the_perceptron(widget_page):
    page = widget_page(PerceptronPlayground())
    before = picture(page)
    use(page, german())
    assert model(page, "dataset") == "own"
    np.testing.assert_array_equal(model(page, "X"), np.column_stack([HARD, CARBON]))
    np.testing.assert_array_equal(model(page, "y"), np.where(PHASE == "martensite", 1, -1))
    assert picture(page) != before
    words = readout(page)
    assert "where x₁ is hardness (HV) and x₂ is carbon (wt%)" in words and "of 40 points" in words
    assert "y = +1: martensite" in page.locator(".nn-legend").inner_text()
    assert "over hardness (HV) and carbon (wt%)" in page.locator("canvas").get_attribute("aria-label")
    assert control(page, "dataset").locator("option:checked").inner_text() == "steels.csv"
    press(page, "step")
    control(page, "dataset").select_option("wide")
    settled(page)
    assert len(model(page, "y")) == 40 and model(page, "dataset") == "wide" and "hardness" not in readout(page)
    control(page, "dataset").select_option("own")
    settled(page)
    assert model(page, "X")[0] == [HARD[0], CARBON[0]] and model(page, "updates") == 0
    use(page, german(range(20)), name="fewer.csv")  # in place of the first
    assert control(page, "dataset").locator("option", has_text=".csv").all_inner_texts() == ["fewer.csv"]
    assert not page.errors


@pytest.mark.parametrize("widget", [NetworkPlayground, PerceptronPlayground])
def test_what_is_refused_changes_nothing(widget, widget_page):
    page = widget_page(widget())
    shown = picture(page), readout(page), model(page, "dataset")
    opened(page)
    assert control(page, "own-use").is_disabled()
    for data, words in [
        (b"PK\x03\x04....", "a workbook of a spreadsheet"),
        ("a,b,y\nu,1,no\nv,2,yes\nw,3,no\nx,4,yes\n", "“a” holds text"),
        ("a,b,y\n1,1,no\n2,2,yes\n", "only 2 rows"),
        ('a,b,y\n1,"2,no\n', "never closed"),
    ]:
        choose_file(page, german())
        until(lambda: control(page, "own-use").is_enabled(), page)
        choose_file(page, data)
        until(lambda words=words: words in page.locator(".nn-own [role=alert]").inner_text(), page)
        assert control(page, "own-use").is_disabled()
    page.locator('.nn-own input[type="file"]').evaluate("""(field) => {
        const chosen = new DataTransfer();
        chosen.items.add(new File([new Uint8Array(10_000_001)], "huge.csv"));
        field.files = chosen.files;
        field.dispatchEvent(new Event("change"));
    }""")
    until(lambda: "huge.csv has 10 MB, and the most is 10 MB" in said(page), page)
    press(page, "own-cancel")
    assert (picture(page), readout(page), model(page, "dataset")) == shown
    assert page.evaluate("document.activeElement.dataset.control") == "own-data"
    assert not page.errors


def test_columns_classes_and_separator_can_be_chosen(widget_page):
    page = widget_page(NetworkPlayground())
    rows = "\n".join(f"{k},{k * k % 17},{k * 3 % 11},{'pqr'[k % 3]},{k % 7 / 2}" for k in range(30))
    text = "id,a,b,kind,value\n" + rows
    use(page, text, target="value")
    given = model(page, "_given")
    assert given["task"] == "regression" and given["table"]["names"][2] == "value" and "classes" not in given["table"]
    assert "value from" in page.locator(".nn-keys").nth(1).inner_text()
    assert "value from" in page.locator("canvas").nth(1).get_attribute("aria-label")
    use(page, text, target="kind", **{"class-0": "all others", "class-1": "r ("})
    given = model(page, "_given")
    assert given["table"]["classes"] == ["not r", "r"] and len(given["points"]) == 30
    use(page, text, target="value", task="a class")
    assert model(page, "_given")["table"]["classes"] == ["0", "0.5"]
    opened(page)
    choose_file(page, text)
    until(lambda: "30 rows, 5 columns" in said(page), page)
    control(page, "own-header").uncheck()
    until(lambda: "31 rows, 5 columns" in said(page), page)
    control(page, "own-separator").select_option(";")
    until(lambda: "only one column" in said(page), page)
    assert not control(page, "own-x1", "select").is_visible()
    control(page, "own-header").check()
    assert "only one column" in said(page)
    control(page, "own-separator").select_option(",")
    until(lambda: "30 rows" in said(page), page)
    control(page, "own-standardize").uncheck()
    assert "Mean and standard deviation" not in said(page)
    press(page, "own-use")
    assert model(page, "_given")["table"]["scale"] == [1, 1, 1]
    assert not page.errors


def test_a_table_can_be_pasted_and_taken_by_keyboard_alone(widget_page):
    page = widget_page(PerceptronPlayground())
    page.locator('[data-control="own-data"]').focus()
    page.keyboard.press("Enter")
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            break
    page.keyboard.insert_text(german(range(12)))
    until(lambda: "12 rows" in said(page), page)
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.control") == "own-use":
            break
    page.keyboard.press("Enter")
    settled(page)
    assert len(model(page, "y")) == 12 and model(page, "dataset") == "own"
    assert page.evaluate("document.activeElement.dataset.control") == "own-data"
    press(page, "own-data")
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").count()


def test_a_file_can_be_dropped_on_the_plane(widget_page):
    page = widget_page(NetworkPlayground())
    drop = """(plane, [text, name]) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([text], name));
        for (const kind of ["dragover", "drop"]) {
            const event = new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true });
            if (plane.dispatchEvent(event)) throw new Error(`${kind}: the browser would open the file itself`);
        }
    }"""
    page.locator("canvas").nth(1).evaluate(drop, [german(), "dropped.csv"])
    until(lambda: "dropped.csv: 40 rows" in said(page), page)
    page.get_by_role("dialog").evaluate(drop, [german(range(9)), "another.csv"])
    until(lambda: "another.csv: 9 rows" in said(page), page)
    press(page, "own-cancel")
    press(page, "own-data")
    assert page.get_by_role("dialog").is_visible() and "another" not in said(page)
    assert not page.errors


def test_rows_are_told_and_never_left_out_silently(widget_page):
    page = widget_page(NetworkPlayground())
    opened(page)
    choose_file(page, german() + "41;;0,3;ferrite\r\n42;310;?;ferrite\r\n43;310;0,3;\r\n44;310;0,3;ferrite;9\r\n")
    until(lambda: "40 rows are used" in said(page), page)
    words = said(page)
    assert "3 rows left out for an empty cell" in words and "1 row left out for more cells" in words
    assert "steels.csv: 43 rows, 4 columns, separated by semicolons, with decimal commas" in words
    assert f"would be right for {100 * max(np.mean(PHASE == 'ferrite'), np.mean(PHASE != 'ferrite')):g} %" in words


def test_points_of_a_table_can_be_moved_and_more_added(widget_page):
    page = widget_page(NetworkPlayground())
    use(page, german())
    plane = page.get_by_role("group", name="Plane")
    plane.press("ArrowUp")
    plane.press("1")
    settled(page)
    given = model(page, "_given")
    assert len(given["points"]) == 41 and "source" not in given["table"]
    x, y, label = given["points"][-1]
    assert label == 1 and abs(x - HARD.mean()) < 0.3 * HARD.std() and abs(y - CARBON.mean()) < 0.5 * CARBON.std()
    plane.press("Shift+ArrowRight")
    settled(page)
    assert model(page, "_given")["points"][-1][0] > x
    assert "points = np.array([" in program(page)  # the file does not have it
    press(page, "clear-points")
    settled(page)
    assert "table" not in model(page, "_given") and "hardness" not in readout(page)
    assert not page.errors


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1200])
def test_the_dialog_is_accessible_and_fits(theme, width, widget_page):
    page = widget_page(PerceptronPlayground(), theme=theme, width=width)
    opened(page)
    choose_file(page, german(head="Nr;a name that is longer than any column of a table should ever have been;b;c"))
    until(lambda: "40 rows" in said(page), page)
    assert not violations(page)
    box = page.locator(".nn-own").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    inside = page.locator(".nn-own").evaluate("box => box.scrollWidth <= box.clientWidth")
    assert inside


# Programs ----------------------------------------------------------------------------------------------


def run_in(folder, files, text):
    """What the program leaves and prints, run where the reader's file is."""
    for name, data in files.items():
        (folder / name).write_bytes(data)
    names, printed = {}, io.StringIO()
    before = os.getcwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(printed):
            exec(text, names)
    finally:
        os.chdir(before)
    return names, printed.getvalue()


MANY = "\n".join(["id,a,b,kind", *(f"{k},{k * 7919 % 10007},{k * 31 % 997},{'pq'[k * 13 % 5 > 2]}" for k in range(6000))])
THREE = "a\tb\tn\n" + "\n".join(f"{k * k % 17}\t−{k * 3 % 11}.5\t{k % 3}" for k in range(30))
FILES = {
    "german": (german().encode("cp1252"), {}),
    "numbers": (german().replace("ferrite", "1").replace("martensite", "2").encode("utf-16"), {"target": "phase"}),
    "regression": (("Title\n" + german()).encode(), {"x1": "Nr", "x2": "carbon", "target": "hardness"}),
    "lacking": ((german() + "41;;0,3;ferrite\n\n42;310;?;ferrite\n43;1;0,3;-\n44;1;0,3;ferrite;9\n").encode(), {}),
    "others": ((german() + '45;310;0,5; "pearl ""ite"""\n' * 3).encode(), {"class-0": "all others", "class-1": "pearl"}),
    "typographic": (THREE.encode(), {"target": "n", "task": "a class", "class-1": "2 ("}),
    "other numbers": (THREE.encode(), {"target": "n", "task": "a class", "class-0": "all others"}),
    "many": (MANY.encode(), {}),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_the_program_finds_in_the_file_what_is_on_screen(name, widget_page, tmp_path):
    data, choices = FILES[name]
    page = widget_page(NetworkPlayground())
    use(page, data, "my data.csv", **choices)
    step(page, 3)
    names, printed = run_in(tmp_path, {"my data.csv": data}, program(page))
    given = model(page, "_given")
    table = given["table"]
    expected = (np.array(given["points"]) - table["center"]) / table["scale"]
    np.testing.assert_allclose(names["points"], expected, rtol=0, atol=1e-12)
    there = numbers(model(page, "weights"))
    np.testing.assert_allclose(numbers([p.data for p in names["network"].parameters()]), there, rtol=0, atol=1e-6)
    made = NetworkPlayground()
    with contextlib.suppress(AttributeError):
        np.testing.assert_allclose(names["losses"](), losses_of(page, made), rtol=0, atol=1e-6)
    assert printed.count("training:") == 2 and not page.errors


def losses_of(page, made):
    """As `losses`, for targets that may be standardized."""
    made.set_state({name: model(page, name) for name in ("_given", "dataset", "activation")})
    if made.task == "classification":
        return losses(page, made)
    import nnlib as nn

    made.weights = model(page, "weights")
    inputs, y, test = made.inputs(made.X), made.targets(made.y), made.test_mask
    with nn.no_grad():
        return [nn.mse_loss(made.network(inputs[part]), y[part, None]).item() for part in (~test, test)]


@pytest.mark.parametrize("name", ["german", "others", "numbers"])
def test_the_program_of_the_perceptron_reads_the_file(name, widget_page, tmp_path):
    data, choices = FILES[name]
    page = widget_page(PerceptronPlayground())
    use(page, data, "mine.csv", **{k: v for k, v in choices.items() if k != "task"})
    for _ in range(3):
        press(page, "step")
    names, printed = run_in(tmp_path, {"mine.csv": data}, program(page).split("# The perceptron rule")[0])
    np.testing.assert_array_equal(names["X"], model(page, "X"))
    np.testing.assert_array_equal(names["y"], model(page, "y"))
    mistakes = readout(page).split("Mistakes: ")[1].split(" ")[0]
    assert f"on screen: {mistakes} " in printed


# Python ------------------------------------------------------------------------------------------------


class Frame:
    """As a data frame of pandas: columns, and a column by its name."""

    def __init__(self, **columns):
        self.columns, self._columns = list(columns), columns

    def __getitem__(self, name):
        return self._columns[name]


STRUCTURED = np.array(list(zip(HARD, CARBON, PHASE)), dtype=[("h", float), ("c", float), ("p", "U12")])
TABLES = {
    "pair": (np.column_stack([HARD, CARBON]), PHASE),
    "lists": [np.column_stack([HARD, CARBON]).tolist(), PHASE.tolist()],
    "dict": {"h": HARD, "c": CARBON, "p": PHASE.tolist()},
    "structured": STRUCTURED,
    "frame": Frame(h=HARD, c=CARBON, p=PHASE.astype(object)),
    "frame and labels": (Frame(h=HARD, c=CARBON), PHASE),
}


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("widget", [NetworkPlayground, PerceptronPlayground])
def test_tables_of_many_kinds_are_data(kind, widget):
    playground = widget()
    playground.data = TABLES[kind]
    low = 0 if widget is NetworkPlayground else -1
    np.testing.assert_array_equal(playground.X, np.column_stack([HARD, CARBON]))
    np.testing.assert_array_equal(playground.y, np.where(PHASE == "martensite", 1, low))
    names = ["x1", "x2"] if kind in ("pair", "lists") else ["h", "c"]
    assert playground.feature_names == names
    X, y = playground.data
    np.testing.assert_array_equal(X, playground.X)
    np.testing.assert_array_equal(y, playground.y)
    playground.feature_names = NAMES[:2]
    assert playground.feature_names == NAMES[:2]
    made = widget(data=TABLES[kind], feature_names=NAMES[:2])
    assert made.feature_names == NAMES[:2]
    figure, alternative, _ = made.static_figure()
    assert NAMES[0] in alternative and NAMES[1] in alternative
    assert NAMES[0] in [ax.get_xlabel() for ax in figure.axes]


def test_the_network_gets_them_standardized():
    playground = NetworkPlayground(data=(np.column_stack([HARD, CARBON]), 3 * HARD + 400 * CARBON))
    inputs, targets = playground.inputs(playground.X), playground.targets(playground.y)
    for values in (*inputs.T, targets):
        assert values.mean() == pytest.approx(0, abs=1e-12) and values.std() == pytest.approx(1)
    assert playground.task == "regression" and playground.class_names is None
    plain = NetworkPlayground(data=TABLES["dict"], standardize=False)
    np.testing.assert_array_equal(plain.inputs(plain.X), plain.X)
    assert plain.class_names == ["ferrite", "martensite"]
    np.testing.assert_array_equal(plain.targets(plain.y), plain.y)


WRONG = [
    (3, r"data: expected \(X, y\), or a table .*, got int 3"),
    ({"a": HARD, "b": CARBON}, "data: expected .*, got 2: a, b"),
    ((HARD, PHASE), r"X: expected shape \(n, 2\), got \(40,\)"),
    ((np.column_stack([HARD, CARBON]), PHASE[:9]), "data: expected columns of one length"),
    ({"a": HARD, "b": PHASE, "y": PHASE}, "data\\['b'\\]: expected finite numbers, got"),
    ({"a": [1, 2, 3, np.nan], "b": [1, 2, 3, 4], "y": list("uuvv")}, "data\\['a'\\]: expected finite numbers"),
    ({"a": [1, 1, 1, 1], "b": [1, 2, 3, 4], "y": list("uuvv")}, "data\\['a'\\]: expected values that differ, got 1"),
    ({"a": [1, 2, 3, 4], "b": [1, 2, 3, 4], "y": list("uvww")}, "data\\['y'\\]: expected two classes, got 3: u, v, w"),
    ({"a": [1, 2, 3, 4], "b": [1, 2, 3, 4], "y": list("uuuu")}, "data\\['y'\\]: expected two classes, got 1: u"),
    ({"a": [1, 2, 3, 4], "b": [1, 2, 3, 4], "y": ["u", None, "v", "u"]}, "expected a text in each row, got None, a missing value"),
    ({"a": [1, 2, 3, 4], "b": [1, 2, 3, 4], "y": [1, 2, 3, 4]}, "data\\['y'\\]: expected two classes"),
    ({"a": [1, 2], "b": [1, 2], "y": ["u", "v"]}, "data: expected 4 to 5,000 rows, got 2"),
    ({"a": range(5001), "b": range(5001), "y": [0, 1] * 2500 + [0]}, "data: expected 4 to 5,000 rows, got 5,001"),
]


@pytest.mark.parametrize("data, message", WRONG)
@pytest.mark.parametrize("widget", [NetworkPlayground, PerceptronPlayground])
def test_wrong_data_are_named_and_change_nothing(data, message, widget):
    playground = widget()
    before = playground.X, playground.dataset
    with pytest.raises(ValueError, match=message):
        playground.data = data
    np.testing.assert_array_equal(playground.X, before[0])
    assert playground.dataset == before[1]


def test_names_that_are_none_are_refused():
    with pytest.raises(ValueError, match="feature_names: expected two different names, got"):
        NetworkPlayground(data=TABLES["pair"], feature_names=["a", "a"])
    with pytest.raises(ValueError, match="feature_names: expected a table in data"):
        NetworkPlayground().feature_names = ["a", "b"]
    with pytest.raises(ValueError, match="feature_names: expected data beside it"):
        NetworkPlayground(feature_names=["a", "b"])
    for widget in (NetworkPlayground, PerceptronPlayground):
        with pytest.raises(ValueError, match="data: expected nothing beside X and y"):
            widget(X=np.zeros((4, 2)), y=[1, -1, 1, -1], data=TABLES["pair"])


@pytest.mark.parametrize("widget", [NetworkPlayground, PerceptronPlayground])
def test_a_file_arrives_in_python(widget, widget_page):
    made = widget()
    page = widget_page(made)
    use(page, german())
    names = {NetworkPlayground: ("_given", "dataset"), PerceptronPlayground: ("_datasets", "dataset", "X", "y", "names")}[widget]
    state = {name: page.evaluate("name => shown.model.get(name)", name) for name in names}
    made.set_state(state)
    np.testing.assert_array_equal(made.X, np.column_stack([HARD, CARBON]))
    assert made.feature_names == NAMES[:2] and len(made.y) == 40
    for name in names:  # nothing goes back to the page changed
        assert getattr(made, name) == (dict(state[name]) if name == "_datasets" else state[name])
    assert NAMES[0] in made.static_figure()[1]


@pytest.mark.parametrize("widget", [NetworkPlayground, PerceptronPlayground])
def test_data_of_python_are_shown_with_their_names(widget, widget_page):
    page = widget_page(widget(data=TABLES["dict"], feature_names=NAMES[:2]))
    assert "hardness (HV)" in readout(page)
    assert "carbon (wt%)" in page.locator("canvas").last.get_attribute("aria-label") + page.locator("canvas").nth(
        min(1, page.locator("canvas").count() - 1)).get_attribute("aria-label")  # fmt: skip
    assert not page.errors


@pytest.mark.parametrize("table", [
    {}, {"names": ["a", "b", "c"]}, {"names": ["a", "b"], "center": [0] * 3, "scale": [1] * 3, "classes": ["u", "v"]},
    {"names": ["a", "b", "c"], "center": [0] * 3, "scale": [1, 0, 1], "classes": ["u", "v"]},
    {"names": ["a", "b", "c"], "center": [0] * 3, "scale": [1] * 3}, 3,
    {"names": ["a", "b", "c"], "center": ["x"] * 3, "scale": [1] * 3, "classes": ["u", "v"]},
])  # fmt: skip
def test_a_table_that_is_none_is_refused(table):
    given = {"task": "classification", "points": [[0, 0, 1], [1, 1, 0]] * 2, "table": table}
    with pytest.raises(ValueError, match="^_given: expected"):
        NetworkPlayground()._given = given


# Links ---------------------------------------------------------------------------------------------------


def test_a_small_table_is_in_a_link_and_a_large_one_is_refused_in_words(site):  # noqa: F811
    open_page = site(NetworkPlayground())
    first = open_page()
    use(first, german(range(20)))
    second = open_page(copied(first))
    assert model(second, "_given")["table"]["names"] == NAMES
    np.testing.assert_allclose(model(second, "_given")["points"], model(first, "_given")["points"], rtol=1e-4)
    assert "hardness" in readout(second) and not second.errors
    use(first, german() + german().split("\n", 1)[1] * 15)  # which packs well, but a page takes 500 points
    press(first, "copy-link")
    until(lambda: "cannot carry your table" in note(first), first)
    first = site(PerceptronPlayground())()
    use(first, german(range(20)))
    press(first, "copy-link")
    until(lambda: "cannot carry your table" in note(first), first)


GOOD = {"names": ["a", "b", "c"], "center": [0, 0, 0], "scale": [1, 1, 1], "classes": ["u", "v"]}


@pytest.mark.parametrize("change", [
    {"names": ["a", "b"]}, {"names": ["a", "b", {}]}, {"center": [0, 0, "x"]}, {"scale": [1, 0, 1]}, {"classes": ["u"]},
    {"source": {}}, {"file": 3}, {"scale": None},
])  # fmt: skip
def test_a_hostile_table_in_a_link_changes_nothing(change, site):  # noqa: F811
    given = {"task": "classification", "points": [[0, 0, 1], [1, 1, 0]] * 2}
    _, second = forged(site, {"_given": {**given, "table": {**GOOD, **change}}, "dataset": "given"})
    assert model(second, "_given") is None and "how the page starts" in note(second)
    _, second = forged(site, {"_given": {**given, "table": GOOD}, "dataset": "given"})
    assert model(second, "_given")["table"] == GOOD and not second.errors
