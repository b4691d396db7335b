"""A computation graph of a formula, through which the reader sends the gradient back, node by node.

The graph is read, laid out and differentiated in static/computation. Here are the state that the
browser and Python share, its validation, and the same gradients by nnlib's Tensor.
"""

import ast
import operator
import re

import numpy as np
import traitlets

import nnlib as nn
from nnlib.questions.formula import CONSTANTS
from nnlib.widgets.base import Widget
from nnlib.widgets.traits import Checked, formed, number, numbers, wrong
from nnlib.widgets.traits import text as any_text

LONGEST = 200  # characters of all formulas together
MOST = 12  # inputs
LIMIT = 10.0
DEFAULTS = (2.0, -1.0, 0.5, 3.0, 1.5, -2.0)  # of inputs without a value, in turn; the same in computation.js

EXAMPLES = {
    "shared": ("A shared node", "c = a*b; e = c + d; f = c*d; y = e + f", [1, 2, 3]),
    "unit": ("One tanh unit", "z = w*x + b; h = tanh(z); L = 0.5*(h - t)^2", [0.8, 1, -0.3, 1]),
    "xor": ("XOR, two hidden units",
            "z1 = w1*x1 + w2*x2 + b1; z2 = w3*x1 + w4*x2 + b2; h1 = relu(z1); h2 = relu(z2); "
            "y = v1*h1 + v2*h2 + b3; L = 0.5*y^2", [1, 1, 1, 1, 0, 1, 1, -1, 1, -1.5, 0]),
    "deep": ("Four sigmoids, one weight",
             "h1 = sigmoid(w*x); h2 = sigmoid(w*h1); h3 = sigmoid(w*h2); y = sigmoid(w*h3)", [2, 1]),
    "doubling": ("Doubling", "c = x + x; d = c + c; y = d + d", [1]),
}  # fmt: skip

_FUNCTIONS = {
    "sin": nn.sin, "cos": nn.cos, "tan": lambda x: nn.sin(x) / nn.cos(x), "tanh": nn.tanh,
    "exp": nn.exp, "ln": nn.log, "log": nn.log, "log2": lambda x: nn.log(x) / np.log(2),
    "log10": lambda x: nn.log(x) / np.log(10), "sqrt": nn.sqrt, "abs": nn.absolute,
    "sigmoid": nn.sigmoid, "relu": nn.relu,
}  # fmt: skip
_OPERATORS = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.USub: operator.neg, ast.UAdd: operator.pos,
}  # fmt: skip
_NAME = re.compile(r"[A-Za-z]\d*")


def _steps(formula):
    """[(name, syntax tree), ...] of the formulas; the last name may be None. ValueError for others."""
    read = []
    for part in formula.split(";"):
        try:
            [statement] = ast.parse(part.strip().replace("^", "**")).body
        except (SyntaxError, ValueError):
            raise ValueError(f"{part.strip()!r} cannot be read") from None
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=right) if _NAME.fullmatch(name):
                read.append((name, right))
            case ast.Expr(value=right):
                read.append((None, right))
            case _:
                raise ValueError(f"{part.strip()!r} is no formula with a name of one letter before the =")
    return read


def _names(tree, known):
    """The variables of a syntax tree, as they stand in the text; ValueError for what is no formula."""
    match tree:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return []
        case ast.Name(id=name) if name in CONSTANTS and name not in known:
            return []
        case ast.Name(id=name) if _NAME.fullmatch(name):
            return [name]
        case ast.UnaryOp(op=op, operand=inner) if type(op) in _OPERATORS:
            return _names(inner, known)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in {**_OPERATORS, ast.Pow: 0}:
            return _names(left, known) + _names(right, known)
        case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]) if name in _FUNCTIONS:
            return _names(inner, known)
    raise ValueError(f"{ast.unparse(tree)!r} is not known here")


def inputs_of(formula):
    """The names of the inputs, in the order of the text; ValueError says what is wrong with it."""
    steps, inputs, used = _steps(formula), [], set()
    made = [name for name, _ in steps]
    for k, (name, right) in enumerate(steps):
        if name is None and k < len(steps) - 1:
            raise ValueError("every step but the last needs a name")
        if name in made[:k]:
            raise ValueError(f"{name} is computed twice")
        names = _names(right, made[:k])
        if not names:
            raise ValueError(f"{name or 'the last step'} has no variable in it")
        for one in names:
            used.add(one)
            if one in made[k:]:
                raise ValueError(f"{one} is used before it is computed")
            if one not in made and one not in inputs:
                inputs.append(one)
    unused = [name for name in made[:-1] if name not in used]
    if unused:
        raise ValueError(f"{unused[0]} is not used by what follows")
    if len(inputs) > MOST:
        raise ValueError(f"there are more than {MOST} inputs")
    return inputs


def program(name, value):
    """Formulas with semicolons between them, such as "c = a*b; y = c + 2*c"."""
    any_text(name, value)
    if len(value) > LONGEST:
        raise wrong(name, f"at most {LONGEST} characters", value)
    try:
        inputs_of(value)
    except ValueError as error:
        raise wrong(name, f"formulas with a semicolon between them ({error})", value) from None
    return value


formed(program, "text", LONGEST, r"^[\w\s+\-*/^().;=]+$")


class ComputationGraph(Widget):
    """The steps of a formula as a graph; the reader fires the nodes of the backward pass.

    Parameters
    ----------
    formula : "shared", "unit", "xor", "deep", "doubling", or formulas with semicolons between them
        Such as "c = a*b; y = tanh(c) + c": names of one letter, perhaps with digits, and the
        functions sin, cos, tan, tanh, exp, ln, log2, log10, sqrt, abs, sigmoid and relu. What is not
        computed is an input, and the last step is the output. Up to 200 characters and 12 inputs.
    values : dict of numbers from -10 to 10, by the name of an input; optional
    nudge : float, -2 to 2, by how much one input is changed

    Notes
    -----
    The traits `formula`, `nudge` and `values`, a list in the order of `inputs`, follow the page and
    can be assigned. `gradients()` are the derivatives of the output by nnlib's Tensor, and
    `change(name, nudge)` is what a nudge really does.

    Raises
    ------
    ValueError
        Naming the argument that does not fit, what was expected and what came.

    Examples
    --------
    >>> ComputationGraph("a*b + a", values={"a": 2, "b": 3}).gradients()
    {'a': 4.0, 'b': 2.0}
    """

    _module = "computation"
    _linked = ("formula", "values", "nudge")

    formula = Checked(program)
    values = Checked(numbers(0, MOST, -LIMIT, LIMIT))
    nudge = Checked(number(-2, 2))
    _examples = traitlets.List().tag(sync=True)

    def __init__(self, formula="shared", values=None, nudge=0.1):
        if isinstance(formula, str) and formula in EXAMPLES:
            _, formula, given = EXAMPLES[formula]
        else:
            given = []
        names = inputs_of(program("formula", formula))
        numbers_of = [*given, *(DEFAULTS[k % len(DEFAULTS)] for k in range(len(given), len(names)))]
        for name, value in dict(values or {}).items():
            if name not in names:
                raise wrong("values", f"numbers for {', '.join(names)}", values)
            numbers_of[names.index(name)] = value
        super().__init__(formula=formula, values=numbers_of, nudge=nudge,
                         _examples=[list(example) for example in EXAMPLES.values()])

    @property
    def inputs(self):
        """{name: number} of the inputs."""
        names = inputs_of(self.formula)
        return {name: float(self.values[k]) if k < len(self.values) else DEFAULTS[k % len(DEFAULTS)]
                for k, name in enumerate(names)}

    def _output(self, inputs):
        known = dict(inputs)

        def value(tree):
            match tree:
                case ast.Constant(value=number):
                    return float(number)
                case ast.Name(id=name):
                    return known[name] if name in known else CONSTANTS[name]
                case ast.UnaryOp(op=op, operand=inner):
                    return _OPERATORS[type(op)](value(inner))
                case ast.BinOp(left=left, op=ast.Pow(), right=right):
                    return _power(value(left), value(right))
                case ast.BinOp(left=left, op=op, right=right):
                    return _OPERATORS[type(op)](value(left), value(right))
                case ast.Call(func=ast.Name(id=name), args=[inner]):
                    return _FUNCTIONS[name](nn.Tensor(np.float64(x)) if isinstance(x := value(inner), float) else x)

        for name, right in _steps(self.formula):
            known[name] = value(right)
        return known[name]

    def gradients(self):
        """d(output)/d(input) for each input, {name: number}."""
        inputs = {name: nn.Tensor(np.array(value), requires_grad=True) for name, value in self.inputs.items()}
        with np.errstate(all="ignore"):
            self._output(inputs).backward()
        return {name: float(x.grad) for name, x in inputs.items()}

    def output(self):
        """The value of the last step."""
        with nn.no_grad(), np.errstate(all="ignore"):
            inputs = {name: nn.Tensor(np.array(value)) for name, value in self.inputs.items()}
            return float(self._output(inputs))

    def change(self, name, nudge):
        """By how much the output changes if this input grows by `nudge`."""
        moved = {**self.inputs, name: self.inputs[name] + nudge}
        return ComputationGraph(self.formula, moved).output() - self.output()

    def static_figure(self):
        """The gradients of the inputs as bars."""
        from matplotlib.figure import Figure

        gradients = self.gradients()
        figure = Figure(figsize=(6.4, 1.2 + 0.36 * len(gradients)), layout="constrained")
        ax = figure.subplots()
        names = [f"{name} = {value:g}" for name, value in self.inputs.items()]
        bars = ax.barh(names, list(gradients.values()), color="#0f62ab")
        ax.bar_label(bars, [f"{g:.3g}" for g in gradients.values()], padding=4)
        ax.axvline(0, color="#1b2129", linewidth=0.8)
        ax.invert_yaxis()
        ax.margins(x=0.15)
        ax.spines[["top", "right"]].set_visible(False)
        ax.set_xlabel("derivative of the output")
        said = ", ".join(f"{name} {g:.3g}" for name, g in gradients.items())
        alternative = f"The derivatives of the output of {self.formula}, one bar for each input: {said}."
        caption = (f"What the backward pass through {self.formula} finds. On the page with JavaScript, the "
                   "graph is drawn, and its nodes can be fired one by one.")
        return figure, alternative, caption


def _power(base, exponent):
    if isinstance(exponent, float):
        return base**exponent
    base = nn.Tensor(np.float64(base)) if isinstance(base, float) else base
    return nn.exp(exponent * nn.log(base))
