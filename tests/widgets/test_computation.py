"""The computation graph: its derivatives against nnlib's, the backward pass, and what readers type."""

import os
import random

import numpy as np
import pytest
from looking import STATIC, control, module, picture, press, readout, said, set_number, trait, until

from nnlib.widgets import ComputationGraph
from nnlib.widgets.base import compose
from nnlib.widgets.computation import EXAMPLES


def test_gradients_by_hand():
    shared = ComputationGraph("shared")
    assert shared.inputs == {"a": 1, "b": 2, "d": 3} and shared.output() == 11
    assert shared.gradients() == {"a": 8, "b": 4, "d": 3}
    assert shared.change("b", 0.5) == pytest.approx(2)
    assert ComputationGraph("x + x + x").gradients() == {"x": 3}
    assert ComputationGraph("2^x", values={"x": 3}).gradients()["x"] == pytest.approx(8 * np.log(2))
    assert ComputationGraph("e^x", values={"x": 1}).gradients()["x"] == pytest.approx(np.e)
    assert ComputationGraph("e = 2*x; e*e", values={"x": 1}).gradients()["x"] == 8  # e is a step here


@pytest.mark.parametrize("name", EXAMPLES)
def test_gradients_are_slopes(name):
    graph = ComputationGraph(name)
    for one, gradient in graph.gradients().items():
        slope = (graph.change(one, 1e-6) - graph.change(one, -1e-6)) / 2e-6
        assert gradient == pytest.approx(slope, abs=1e-8)


@pytest.mark.parametrize("arguments, words", [
    ({"formula": ""}, "formula: expected formulas with a semicolon between them"),
    ({"formula": 3}, "formula: expected a string, got 3"),
    ({"formula": "a +"}, r"'a \+' cannot be read"),
    ({"formula": "foo(a)"}, r"'foo\(a\)' is not known here"),
    ({"formula": "a[0]"}, "is not known here"),
    ({"formula": "ab + c"}, "'ab' is not known here"),
    ({"formula": "a = b = c"}, "is no formula with a name of one letter before the ="),
    ({"formula": "a*b; c"}, "every step but the last needs a name"),
    ({"formula": "c = a; c = b; c"}, "c is computed twice"),
    ({"formula": "y = a + b; a = 2*b"}, "a is used before it is computed"),
    ({"formula": "c = a*b; y = a + b"}, "c is not used by what follows"),
    ({"formula": "2 + 3"}, "the last step has no variable in it"),
    ({"formula": " + ".join(f"a{k}" for k in range(13))}, "there are more than 12 inputs"),
    ({"formula": "a" + " + a" * 60}, "formula: expected at most 200 characters"),
    ({"formula": "a*b", "values": {"c": 1}}, "values: expected numbers for a, b"),
    ({"formula": "a*b", "values": {"a": 11}}, "values: expected numbers from -10 to 10"),
    ({"nudge": 3}, "nudge: expected a number from -2 to 2, got 3"),
])
def test_errors_name_the_argument(arguments, words):
    with pytest.raises(ValueError, match=words):
        ComputationGraph(**arguments)


def test_a_refused_formula_leaves_the_old_one():
    graph = ComputationGraph("unit")
    with pytest.raises(ValueError, match="formula"):
        graph.formula = "a +"
    assert graph.formula == EXAMPLES["unit"][1]
    graph.formula = "p*q"  # the values go on, in the order of the inputs
    assert graph.inputs == {"p": 0.8, "q": 1}


# In a browser -------------------------------------------------------------------------------------


@pytest.fixture
def tools(page, tmp_path):
    """An empty page, and the modules that read and differentiate graphs and lay them out."""
    opened = page()
    names = {"graph.js": "readGraph, compute, gradientsOf", "layout.js": "layOut"}
    folder = os.path.relpath(STATIC / "computation", tmp_path)
    imports = [f'import {{ {exported} }} from "{folder}/{name}";' for name, exported in names.items()]
    entry = tmp_path / "tools.js"
    entry.write_text("\n".join([*imports, f"export default {{ {', '.join(names.values())} }};"]))
    return opened, opened.evaluate_handle("found => found.default", module(opened, compose(entry)))


RUN = """([tools, rows]) => rows.map(([formula, values]) => {
  const graph = tools.readGraph(formula);
  const given = Object.fromEntries(graph.inputs.map((name, k) => [name, values[k]]));
  const { values: all, locals } = tools.compute(graph, given);
  const gradients = tools.gradientsOf(graph, locals);
  return [graph.formula, all.at(-1), Object.fromEntries(graph.inputs.map((name, k) => [name, gradients[k]]))];
})"""

FUNCTIONS = ["sin", "cos", "tanh", "exp", "sigmoid", "relu", "abs", "tan"]


def formula(draw, depth, names):
    """A random formula in these names, with parentheses around each part of it."""
    if depth == 0:
        return draw.choice(names) if draw.random() < 0.8 else str(round(draw.uniform(0.2, 2), 1))
    kind = draw.randrange(9)
    a, b = (formula(draw, depth - 1, names) for _ in range(2))
    if kind < 2:
        return f"({a}) + ({b})"
    if kind == 2:
        return f"({a}) - ({b})"
    if kind < 5:
        return f"({a})*({b})"
    if kind == 5:
        return f"({a})/(2 + ({b})^2)"
    if kind == 6:
        return f"-({a})^{draw.randrange(1, 4)}"
    if kind == 7:
        return draw.choice([f"ln(3 + sin({a}))", f"sqrt(1 + ({a})^2)", f"2^tanh({a})",
                            f"log2(2 + cos({a}))", f"(2 + cos({a}))^sin({b})", f"1/(2 + sin({a}))"])
    return f"{draw.choice(FUNCTIONS)}({a})"


def programs(count):
    draw, found = random.Random(5), []
    while len(found) < count:
        names = ["x", "w1", "b"]
        steps = [f"h = {formula(draw, 2, names)}"] if draw.random() < 0.6 else []
        steps.append(formula(draw, 3, [*names, "h", "h"] if steps else names))
        values = [round(draw.uniform(-2, 2), 2) for _ in names]
        try:
            made = ComputationGraph("; ".join(steps))
        except ValueError:  # h is not used, or the text is too long
            continue
        made.values = values
        output, gradients = made.output(), made.gradients()
        if np.isfinite([output, *gradients.values()]).all() and abs(output) < 1e6:
            found.append((made.formula, values, output, gradients))
    return found


def test_the_page_differentiates_as_nnlib_does(tools):
    page, graph = tools
    cases = programs(300)
    results = page.evaluate(RUN, [graph, [[text, values] for text, values, *_ in cases]])
    for (text, values, output, gradients), (canonical, value, found) in zip(cases, results):
        assert value == pytest.approx(output, rel=1e-9, abs=1e-12), text
        assert found == pytest.approx(gradients, rel=1e-8, abs=1e-10), text
        again = ComputationGraph(canonical)  # Python reads what the page makes of a formula
        again.values = values
        assert list(again.inputs) == list(found)
        assert again.output() == pytest.approx(output, rel=1e-9, abs=1e-12), canonical


READ = """([tools, rows]) => rows.map((text) => {
  try {
    const { nodes, inputs, formula } = tools.readGraph(text);
    return [inputs.join(" "), nodes.filter((one) => one.text).map((one) => `${one.name} = ${one.text}`).join("; "), formula];
  } catch (error) { return error.message; }
})"""

TYPED = [
    ("2x", "x", "y = 2 · x", "2*x"),
    ("wx+b", "w x b", "v1 = w · x; y = v1 + b", "w*x + b"),
    ("w_1 x₁ − 3", "w1 x1", "v1 = w1 · x1; y = v1 − 3", "w1*x1 - 3"),
    ("x²", "x", "y = x²", "x^2"),
    ("σ(z)", "z", "y = sigmoid(z)", "sigmoid(z)"),
    ("c = a·b\ny = c + c", "a b", "c = a · b; y = c + c", "c = a*b; y = c + c"),
    ("y = x", "x", "y = x", "y = x"),
    ("a - b - c + 1", "a b c", "y = a − b − c + 1", "a - b - c + 1"),
    ("1 - x", "x", "y = 1 − x", "1 - x"),
    ("-x", "x", "y = −x", "-x"),
    ("y*v", "y v", "L = y · v", "y*v"),
    ("x/4", "x", "y = 0.25 · x", "x/4"),
    ("2π x", "x", "y = 6.28319 · x", "2*pi*x"),
    ("", "Write a formula, such as a*b + c."),
    ("a +", "Something is missing at position 4."),
    ("a*b; c", "Give every step but the last a name, as in c = a*b."),
    ("c = a; c = b; c", "c is computed twice. Give the second one another name."),
    ("y = a + b; a = 2*b", "a is used before it is computed."),
    ("c = a*b; y = a", "c is not used by what follows."),
    ("2 + 3", "The formula has no variable in it, so there is nothing to differentiate."),
]


def test_what_is_typed_is_read(tools):
    page, graph = tools
    found = page.evaluate(READ, [graph, [text for text, *_ in TYPED]])
    for (text, *wanted), came in zip(TYPED, found):
        assert came == (wanted[0] if len(wanted) == 1 else wanted), text


LAY = """([tools, rows]) => rows.map(([formula, width]) => {
  const graph = tools.readGraph(formula);
  const size = [Math.min(112, Math.floor((width - 44) / 3)), 60];
  const { places, lines, height } = tools.layOut(graph, { width, size });
  return { places, size, height, lines: lines.map(({ from, to, points }) => [from, to, points[0], points.at(-1)]) };
})"""


@pytest.mark.parametrize("width", [290, 520, 780])
def test_nodes_lie_apart_and_inside_and_lines_lead_on(width, tools):
    page, graph = tools
    texts = [text for _, text, _ in EXAMPLES.values()] + [text for text, *_ in programs(40)]
    for text, found in zip(texts, page.evaluate(LAY, [graph, [[text, width] for text in texts]])):
        w, h = found["size"]
        for k, (x, y) in enumerate(found["places"]):
            assert -0.5 <= x <= width - w + 0.5 and -0.5 <= y <= found["height"] - h + 0.5, text
            for u, v in found["places"][:k]:
                assert abs(x - u) >= w or abs(y - v) >= h, text
        for start, end, out, into in found["lines"]:
            (x, y), (u, v) = found["places"][start], found["places"][end]
            down = out[1] == pytest.approx(y + h)
            assert down or out[0] == pytest.approx(x + w)
            assert into[1] == pytest.approx(v) if down else into[0] == pytest.approx(u)
            assert v >= y + h if down else u >= x + w


def tap(page, *names):
    for name in names:
        page.locator(f'[data-node="{name}"]').click()


def gradient(page, name):
    return page.locator(f'[data-node="{name}"] .nn-grad').inner_text()


def test_a_complete_order_gives_the_gradients(widget_page):
    p = widget_page(ComputationGraph("shared"))
    assert {gradient(p, name) for name in "abcdef"} == {"grad ?"} and gradient(p, "y") == "grad 1"
    tap(p, "y")
    said(p, "y passes on 1 · 1 = 1 to e and 1 · 1 = 1 to f.")
    tap(p, "e")
    assert gradient(p, "c") == "grad 1 + ?"
    tap(p, "f")
    assert gradient(p, "c") == "grad 4"
    tap(p, "c")
    said(p, "All gradients are complete: a 8, b 4 and d 3.")
    assert "4 of 4 nodes" in readout(p)
    tap(p, "c")
    said(p, "A second time would count it twice.")
    assert gradient(p, "a") == "grad 8"
    tap(p, "d")
    said(p, "d is an input and passes nothing on. Its gradient is complete: 3.")
    assert not p.errors


def test_a_node_fired_too_early_shows_what_it_lacks(widget_page):
    p = widget_page(ComputationGraph("shared"))
    dashed = p.locator(".nn-lines path[stroke-dasharray]")
    tap(p, "c")
    said(p, "Too early: c waits for e and f. It has got nothing yet.")
    until(lambda: dashed.count() == 2, p)
    tap(p, "y", "e", "c")
    said(p, "Too early: c waits for f. It has 1 so far, and what comes through f is missing.")
    until(lambda: dashed.count() == 1, p)
    assert p.locator('[data-node="c"]').get_attribute("data-state") == "early"
    assert gradient(p, "a") == "grad ?"
    tap(p, "f")
    until(lambda: dashed.count() == 0, p)
    assert gradient(p, "c") == "grad 4"


@pytest.mark.parametrize("touch", [False, True])
def test_by_keyboard_and_by_finger(touch, widget_page):
    p = widget_page(ComputationGraph("shared"), touch=touch, width=375)
    for name in "yfec":
        node = p.locator(f'[data-node="{name}"]')
        if touch:
            node.tap()
        else:
            node.focus()
            node.press("Enter")
    until(lambda: gradient(p, "a") == "grad 8", p)


def test_local_derivatives_are_filled_in_and_checked(widget_page):
    p = widget_page(ComputationGraph("c = a*b; y = c - a", values={"a": 2, "b": 3}))
    p.locator('[data-control="fill"] input').check()
    assert p.locator(".nn-lines text").all_text_contents() == ["?"] * 4
    tap(p, "y")
    said(p, "Fill in its local derivatives below the graph; then tap it again.")
    assert gradient(p, "c") == "grad ?"

    def fill(place, value):
        field = control(p, f"local-{place}")
        field.fill(str(value))
        field.press("Enter")
        return p.locator(f'[data-control="local-{place}"]').inner_text()

    assert "right" in fill(1, 1)
    assert "The size is right. Look at the sign." in fill(2, 1)
    fill(2, -1)
    said(p, "Right. y can pass its gradient on: tap it.")
    tap(p, "y", "c")
    assert "This is the value of a itself. Hold one factor still." in fill(1, 2)
    assert "This is the value of c." in fill(1, 6)
    fill(1, 3)
    fill(2, 2)
    tap(p, "c")
    said(p, "All gradients are complete: a 2 and b 2.")
    set_number(p, "value", 1)  # another value has other local derivatives
    assert "?" in picture(p)[0]
    assert not p.errors


def test_steps_and_forgetting(widget_page):
    p = widget_page(ComputationGraph("xor"))
    press(p, "step")
    assert gradient(p, "u7") == "grad 0.5"
    press(p, "all")
    assert "13 of 13 nodes" in readout(p)
    found = {name: float(gradient(p, name)[5:].replace("−", "-")) for name in ComputationGraph("xor").inputs}
    assert found == ComputationGraph("xor").gradients()
    press(p, "forget")
    assert gradient(p, "w1") == "grad ?" and "0 of 13 nodes" in readout(p)


def test_a_nudge_is_compared_with_the_gradient(widget_page):
    p = widget_page(ComputationGraph("x^2", values={"x": 1}, nudge=0.5))
    said(p, "Nudge x by 0.5: y changes by 1.25; the gradient of x is not complete yet.")
    press(p, "all")
    said(p, "y changes by 1.25; gradient · nudge is 2 · 0.5 = 1.")
    set_number(p, "nudge", 0.1)
    said(p, "y changes by 0.21; gradient · nudge is 2 · 0.1 = 0.2.")
    assert trait(p, "nudge") == 0.1


def test_a_formula_of_ones_own(widget_page):
    p = widget_page(ComputationGraph("shared"))
    field = control(p, "formula")
    field.fill("h = tanh(wx); y = h d")
    field.press("Enter")
    until(lambda: trait(p, "formula") == "h = tanh(w*x); y = h*d", p)
    assert trait(p, "values") == [2, -1, 3]  # d keeps its value, the new ones get others
    assert p.locator("[data-node]").count() == 6
    assert "your own" in control(p, "example").inner_text()
    field.fill("h = 2*")
    field.press("Enter")
    problem = p.locator('[data-control="formula"] [role=alert]').inner_text()
    assert problem.startswith("Something is missing") and problem.endswith("The graph stays as it is.")
    field.fill(" + ".join(f"a{k}" for k in range(13)))
    field.press("Enter")
    assert "There may be 12 inputs, and here are 13." in p.locator('[data-control="formula"]').inner_text()
    assert trait(p, "formula") == "h = tanh(w*x); y = h*d"
    control(p, "example").select_option(label="Doubling")
    until(lambda: p.locator("[data-node]").count() == 4, p)
    press(p, "reset")
    until(lambda: trait(p, "formula") == EXAMPLES["shared"][1], p)
    assert not p.errors


def test_where_the_formula_has_no_value_it_says_so(widget_page):
    p = widget_page(ComputationGraph("ln(x)", values={"x": 1}))
    set_number(p, "value", -1)
    said(p, "y has no finite value here. Choose other inputs.")
    press(p, "all")
    assert not p.errors


def test_python_moves_the_graph(widget_page):
    p = widget_page(ComputationGraph("shared"))
    press(p, "all")
    p.evaluate("shown.model.set({ formula: 'y = a*b', values: [3, 4] })")
    said(p, "Forward pass: y = 12.")
    p.evaluate("shown.model.set({ values: [3, 5] })")
    said(p, "Forward pass: y = 15.")


def test_the_table_says_it_all(widget_page):
    p = widget_page(ComputationGraph("shared"))
    p.locator("summary").click()
    tap(p, "y", "e")
    until(lambda: p.locator("tbody tr").nth(3).inner_text().split("\t") == ["c", "a · b", "2", "1", "f"], p)
