"""Show as code: the programs that the pages print, run in Python, give the numbers of the page."""

import contextlib
import io
import re

import numpy as np
import pytest
from looking import control, press, set_number, settled, trait

import nnlib as nn
from nnlib.widgets import BumpPlayground, NetworkPlayground, PerceptronPlayground

ADAM = {"optimizer": "Adam", "learning_rate": 0.03}
ALL = ["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin x1", "sin x2"]
X = np.random.default_rng(0).normal(size=(30, 2))

NETWORKS = {
    "default": {},
    "adam": {"dataset": "xor", "hidden": [4], **ADAM},
    "no layer": {"dataset": "blobs", "hidden": [], "noise": 0.6},
    "relu": {"dataset": "moons", "hidden": [8, 8], "activation": "relu", "batch_size": 7, "seed": 3},
    "sigmoid": {"activation": "sigmoid", "test_share": 0.9, "learning_rate": 0.3},
    "linear": {"activation": "linear", "data_seed": 5, "batch_size": 1},
    "spirals": {"dataset": "spirals", "noise": 0.1, "features": ALL, "hidden": [8], **ADAM},
    "plane": {"dataset": "plane", "l2": 0.03, "schedule": "StepLR", "schedule_epochs": 7},
    "gaussians": {"dataset": "gaussians", "hidden": [12], "schedule": "CosineAnnealingLR"},
    "warm-up": {"features": ["x1^2", "x2^2"], "l1": 0.01, "schedule": "LinearLR", "batch_size": 250},
    "penalties": {"l1": 0.003, "l2": 0.01, **ADAM},
    "own classes": {"X": X, "y": (X[:, 0] > 0).astype(int), "test_share": 0.3},
    "own values": {"X": X, "y": X[:, 0] * X[:, 1], "seed": 2},
}


def program(page):
    """The text in the fold, opened if it is not."""
    if not page.locator(".nn-code[open]").count():
        page.get_by_text("Show as code").click()
    settled(page)
    return page.locator(".nn-code .nn-program").inner_text()


def run(text):
    """The names that the program leaves, and what it printed."""
    names, said = {}, io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(text, names)
    return names, said.getvalue()


def numbers(weights):
    return np.concatenate([np.ravel(w) for w in weights])


def losses(page, made):
    """On the points to train on and on those held out, of the network on screen; computed in Python."""
    made.set_state({name: trait(page, name) for name in ("_given", "dataset", "activation")})
    made.weights = trait(page, "weights")
    loss = nn.binary_cross_entropy_with_logits if made.task == "classification" else nn.mse_loss
    inputs, test = made.inputs(made.X), made.test_mask
    with nn.no_grad():
        return [loss(made.network(inputs[part]), made.y[part]).item() for part in (~test, test)]


def step(page, times):
    page.evaluate("""async (times) => {
        for (let k = 0; k < times; k++) document.querySelector("button[data-control=step]").click();
    }""", times)
    settled(page)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_is_trained_by_its_program_to_what_is_on_screen(name, widget_page):
    made = NetworkPlayground(**NETWORKS[name])
    page = widget_page(made)
    for epochs in (0, 20):
        step(page, epochs)
        assert trait(page, "epoch") == epochs
        text = program(page)
        assert "np.array([[" not in text and "first_weights" in text
        names, said = run(text)
        there = numbers(trait(page, "weights"))
        here = numbers([p.data for p in names["network"].parameters()])
        np.testing.assert_allclose(here, there, rtol=0, atol=1e-6)
        np.testing.assert_allclose(names["losses"](), losses(page, made), rtol=0, atol=1e-6)
        assert said.count("training:") == 2
    assert not page.errors


def touch_a_weight(page):
    set_number(page, "weight", 1.25)


def change_the_rate_and_back(page):
    control(page, "learning-rate").select_option("0.3")
    step(page, 1)
    control(page, "learning-rate").select_option("0.03")
    settled(page)


def draw_points(page):
    for _ in range(2):
        page.get_by_role("group", name="Plane").press("1")
        step(page, 3)


def diverge(page):
    control(page, "learning-rate").select_option("10")
    page.evaluate("shown.model.set({ dataset: 'plane', activation: 'relu' })")
    step(page, 20)
    assert page.locator('button[data-control="restore"]').count()


@pytest.mark.parametrize("act", [touch_a_weight, change_the_rate_and_back, draw_points, diverge])
def test_weights_that_no_training_leads_to_are_written_out(act, widget_page):
    made = NetworkPlayground(**({"hidden": [8, 8]} if act is diverge else {}))
    page = widget_page(made)
    step(page, 3)
    act(page)
    settled(page)
    text = program(page)
    assert "first_weights" not in text and "no loop leads to them" in text
    before = text[: text.index("optimizer = ")]
    names, said = run(before)
    assert said.startswith("on screen:")
    here = numbers([p.data for p in names["network"].parameters()])
    there = numbers(trait(page, "weights"))
    np.testing.assert_array_equal(here, there)
    np.testing.assert_allclose(names["losses"](), losses(page, made), rtol=0, atol=1e-6)
    step(page, 1)
    assert "first_weights" not in program(page)
    press(page, "reset")  # from here on it can be followed again
    settled(page)
    assert "first_weights" in program(page)
    assert not page.errors


def test_weights_from_python_are_written_out(widget_page):
    page = widget_page(NetworkPlayground(nn.Linear(2, 1, rng=0)))
    text = program(page)
    assert "first_weights" not in text
    names, _ = run(text[: text.index("optimizer = ")])
    np.testing.assert_array_equal(names["network"][0].weight.data, trait(page, "weights")[0])
    first = names["losses"]()[0]
    names, said = run(text)  # goes on from there
    assert said.count("training:") == 1 and names["losses"]()[0] < first


def test_while_the_network_trains_no_program_claims_to_show_it(widget_page):
    page = widget_page(NetworkPlayground())
    program(page)
    press(page, "play")
    page.wait_for_function("shown.model.get('epoch') > 3")
    assert program(page).startswith("# The network is being trained.")
    press(page, "play")
    settled(page)
    assert "first_weights" in program(page) or "paused within an epoch" in program(page)


def test_more_points_than_can_be_read_are_not_written_out(widget_page):
    many = np.random.default_rng(0).normal(size=(501, 2))
    page = widget_page(NetworkPlayground(X=many, y=many[:, 0]))
    assert "points = ...  # put the 501 points" in program(page)
    page = widget_page(PerceptronPlayground(X=many, y=np.sign(many[:, 0])))
    assert "points = ...  # put the 501 points" in program(page)


PERCEPTRONS = {
    "wide": {},
    "narrow": {"dataset": "narrow", "learning_rate": 0.1, "w": (0.3, -0.2), "b": 1.5},
    "octet": {"dataset": "octet"},
    "own": {"X": 100 * X, "y": np.sign(X[:, 0]), "standardize": True},
}


@pytest.mark.parametrize("name", PERCEPTRONS)
@pytest.mark.parametrize("steps", [0, 4])
def test_the_perceptron_goes_on_in_python_as_in_the_page(name, steps, widget_page):
    page = widget_page(PerceptronPlayground(**PERCEPTRONS[name]))
    for _ in range(steps):
        press(page, "step")
    text, before = program(page), trait(page, "updates")
    names, said = run(text[: text.index("# The perceptron rule")])
    np.testing.assert_array_equal(names["model"].weights, trait(page, "w"))
    assert names["model"].bias == trait(page, "b")
    mistakes = int(re.search(r"on the wrong side: (\d+)", page.locator(".nn-legend").inner_text())[1])
    assert f"on screen: {mistakes} " in said
    names, said = run(text)
    page.evaluate("""() => {
        const step = document.querySelector("button[data-control=step]");
        const updates = () => shown.model.get("updates");
        for (let before = -1; updates() !== before; ) { before = updates(); step.click(); }
    }""")
    assert names["updates"] == trait(page, "updates") - before
    np.testing.assert_allclose(names["model"].weights, trait(page, "w"), rtol=0, atol=1e-6)
    assert names["model"].bias == pytest.approx(trait(page, "b"), abs=1e-6)
    assert not page.errors


def test_points_that_the_reader_moved_are_written_out(widget_page):
    page = widget_page(PerceptronPlayground())
    assert 'PerceptronPlayground(dataset="wide")' in program(page)
    moved = trait(page, "X")
    moved[0] = [0.25, -1.5]
    page.evaluate("X => shown.model.set({ X })", moved)
    text = program(page)
    assert "PerceptronPlayground" not in text
    names, _ = run(text)
    np.testing.assert_array_equal(names["X"], moved)
    np.testing.assert_array_equal(names["y"], trait(page, "y"))


@pytest.mark.parametrize("settings", [
    {}, {"target": "step", "bumps": 2, "steepness": 50}, {"target": "peak", "heights": [0.5, -1, 2]},
])  # fmt: skip
def test_bumps_are_a_network(settings, widget_page):
    made = BumpPlayground(**settings)
    page = widget_page(made)
    names, _ = run(program(page))
    x = np.linspace(0, 1, 50)[:, None]
    with nn.no_grad():
        np.testing.assert_allclose(names["network"](x).data, made.network(x).data, rtol=0, atol=1e-12)
    error = float(re.search(r"Largest error ([\d.e−-]+)", page.locator("output").inner_text())[1].rstrip("."))
    assert np.abs(names["total"] - names["target"]).max() == pytest.approx(error, rel=1e-2)


@pytest.mark.parametrize("clipboard", ["{ writeText: async (text) => { window.copied = text; } }",
                                       "{ writeText: async () => { throw new Error('no'); } }",
                                       "undefined"])
def test_the_program_is_copied_or_chosen_by_keyboard(clipboard, widget_page):
    head = ("<script>Object.defineProperty(navigator, 'clipboard', "
            f"{{ value: {clipboard} }});</script>")
    page = widget_page(BumpPlayground(), head=head)
    page.get_by_text("Show as code").focus()
    page.keyboard.press("Enter")
    text = program(page)
    button = page.locator('button[data-control="copy-code"]')
    button.press("Enter")
    page.locator(".nn-code [role=status]", has_text="Copied." if "copied" in clipboard else "Selected").wait_for()
    copied = page.evaluate("window.copied ?? String(getSelection())")
    assert copied.strip() == text.strip()
    assert not page.errors


def test_the_plain_playground_has_no_program(widget_page):
    page = widget_page(NetworkPlayground(controls=["play", "weights"]))
    assert page.get_by_text("Show as code").count() == 0
