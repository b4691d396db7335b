"""Checks of the exercises on backpropagation."""

import numpy as np

from nnlib.exercises.registry import exercise


@exercise(
    "backpropagation-paper",
    "Begin at the end: the derivative of the loss with respect to the output is the output minus y.",
    "x is used twice. What comes through z, and what along the shortcut? Add them.",
)
def paper(trial, by_w2, by_b1, by_w1, by_x):
    trial.predicted(by_w2, -9, "the gradient of w2")
    trial.predicted(by_b1, 6, "the gradient of b1")
    trial.predicted(by_w1, 12, "the gradient of w1")
    trial.predicted(by_x, 9, "the gradient of x")


paper.mistake("w2: the sign is reversed. The derivative of the loss is output minus y.", 9, -6, -12, -9)
paper.mistake("w2: the loss has a factor of ½, which cancels the 2 of the exponent.", -18, 12, 24, 18)
paper.mistake("w2: that is the gradient of the output. w2 multiplies h.", -3, 6, 12, 9)
paper.mistake("w2: the output is w2 h + x. Did you leave the shortcut out of the forward pass?",
              -15, 10, 20, 15)
paper.mistake("b1: on its way to z, the gradient passes through w2.", -9, -3, -6, -9)
paper.mistake("b1: a bias gets what arrives at its sum, multiplied by nothing. Did you multiply by x?",
              -9, 12, 12, 9)
paper.mistake("w1: that is the gradient of z. w1 multiplies x.", -9, 6, 6, 9)
paper.mistake("w1: this is multiplied by h. What does w1 multiply on the way forward?", -9, 6, 18, 9)
paper.mistake("x: that is what comes through z. Something comes along the shortcut too.", -9, 6, 12, 12)
paper.mistake("x: that is what comes along the shortcut. Something comes through z too.",
              -9, 6, 12, -3)
paper.mistake("x: the contributions of both paths are added. Look at the sign of the one along the shortcut.",
              -9, 6, 12, 15)


@exercise(
    "backpropagation-sweep",
    "Make a list of zeros, put a 1 at its end, and go through the tape from its end to its beginning.",
    "For (\"mul\", i, j) at place k: add values[j] * grad[k] to grad[i], and values[i] * grad[k] to "
    "grad[j]. Add, even if i equals j.",
)
def sweep(trial, sweep):
    x = ("input",)
    trial.gives(sweep, ([x, x, ("add", 0, 1)], [2.0, 5.0, 7.0]), [1.0, 1.0, 1.0], "a sum")
    trial.gives(sweep, ([x, x, ("mul", 0, 1)], [2.0, 5.0, 10.0]), [5.0, 2.0, 1.0], "a product")
    trial.gives(sweep, ([x, ("tanh", 0)], [0.5, np.tanh(0.5)]), [1 - np.tanh(0.5)**2, 1.0], "a tanh")
    trial.gives(sweep, ([x, ("mul", 0, 0)], [3.0, 9.0]), [6.0, 1.0], "a square, x · x")
    trial.gives(sweep, ([x, x, ("mul", 0, 1), ("add", 2, 0)], [2.0, 5.0, 10.0, 12.0]), [6.0, 2.0, 1.0, 1.0],
                "an input that is used twice")
    tape, values = _tape()
    trial.gives(sweep, (tape, values), _sweep(tape, values), "a tape of thirty steps")


def _tape(seed=0):
    rng = np.random.default_rng(seed)
    tape, values = [("input",)] * 4, rng.uniform(-1, 1, 4).tolist()
    for _ in range(26):
        i, j = (int(k) for k in rng.integers(max(0, len(tape) - 6), len(tape), 2))
        op = ("add", "mul", "tanh")[int(rng.integers(3))]
        tape.append((op, i) if op == "tanh" else (op, i, j))
        values.append({"add": values[i] + values[j], "mul": values[i] * values[j],
                       "tanh": float(np.tanh(values[i]))}[op])
    return tape, values


def _sweep(tape, values, own=False, tanh_of="output", overwrite=False, forward=False, seeded=True):
    grad = [0.0] * len(tape)
    grad[-1] = float(seeded)
    for k in range(len(tape)) if forward else reversed(range(len(tape))):
        op, *inputs = tape[k]
        slopes = [1.0] * len(inputs)
        if op == "mul":
            i, j = inputs
            slopes = [values[i], values[j]] if own else [values[j], values[i]]
        elif op == "tanh":
            slopes = [1 - values[k if tanh_of == "output" else inputs[0]]**2]
        for i, slope in zip(inputs, slopes):
            grad[i] = slope * grad[k] + (0 if overwrite else grad[i])
    return grad


@sweep.mistake("For a product, each factor gets the *other* factor. Here each gets itself.")
def sweep_own(tape, values):
    return _sweep(tape, values, own=True)


@sweep.mistake("The slope of tanh is 1 minus the square of its value, not of what goes in.")
def sweep_tanh(tape, values):
    return _sweep(tape, values, tanh_of="input")


@sweep.mistake("Each contribution overwrites the previous one. A value that is used twice gets both: +=.")
def sweep_overwrite(tape, values):
    return _sweep(tape, values, overwrite=True)


@sweep.mistake("Everything is zero except the inputs of the last step, or even those: the gradient goes from "
               "the end of the tape to its beginning.")
def sweep_forward(tape, values):
    grad = _sweep(tape, values, forward=True)
    return grad


@sweep.mistake("All gradients are zero. What is the gradient of the last value to begin with?")
def sweep_unseeded(tape, values):
    return _sweep(tape, values, seeded=False)


@sweep.mistake("These are the gradients of the inputs alone. You are asked for one for each value.")
def sweep_inputs(tape, values):
    return [g for g, step in zip(_sweep(tape, values), tape) if step == ("input",)]


_LOOK = {
    "accumulation": "both contributions to the shared matrix are added up.",
    "transpose": "the gradient goes back through W.T, as it should.",
    "order": "what is passed back is complete: it has already been multiplied by the slope of its own layer.",
    "factor": "the slope of each tanh is there, in one place or another.",
    "in place": "no array is overwritten after it has been computed.",
}
_LOOK_NOT = {  # where a suspect does have that fault, or seems to
    ("a", "in place"): "no array is overwritten here; look at what the first tanh contributes.",
}
_FAULTS = {"a": "factor", "b": "in place", "c": "accumulation", "d": "order", "e": "transpose"}


@exercise(
    "backpropagation-suspects",
    "Write the right function first, from the equations for layers, and compare line by line.",
    "Two faults cannot be seen in a formula: look for `out=`, and for a name that is assigned twice.",
)
def suspects(trial, a, b, c, d, e):
    for name, answer in zip("abcde", (a, b, c, d, e)):
        right = _FAULTS[name]
        trial.choice(answer, right, [fault for fault in _LOOK if fault != right], f"suspect {name}")


for _name, _right in _FAULTS.items():
    for _fault in _LOOK:
        if _fault != _right:
            _words = _LOOK_NOT.get((_name, _fault), _LOOK[_fault])
            suspects.mistake(f"Suspect {_name} is not guilty of that: {_words}",
                             *({**_FAULTS, _name: _fault}.values()))


@exercise(
    "backpropagation-layer",
    "ReLU lets the gradient through where Z is positive: D = G * (Z > 0). All three results come from D.",
    "(n, p) can only be D @ W, and (q, p) only D.T @ X. The bias is added to every row.",
)
def layer(trial, layer_backward):
    rng = np.random.default_rng(0)
    X, W, b = rng.normal(size=(5, 3)), rng.normal(size=(4, 3)), rng.normal(size=4)
    G = rng.normal(size=(5, 4))
    Z = X @ W.T + b
    parts = trial.call(layer_backward, X, W, Z, G)
    trial.that(isinstance(parts, (tuple, list)) and len(parts) == 3, "three gradients",
               "return a tuple of the gradients with respect to X, W and the bias.", kind="type",
               came=repr(type(parts).__name__))
    for came, right, what in zip(parts, _layer(X, W, Z, G), ("by X", "by W", "by the bias")):
        trial.close(came, right, f"the gradient {what}")


def _layer(X, W, Z, G):
    D = G * (Z > 0)
    return D @ W, D.T @ X, D.sum(axis=0)


@layer.mistake("The slope of ReLU is missing: where Z is negative, nothing passes.")
def layer_linear(X, W, Z, G):
    return _layer(X, W, np.ones_like(Z), G)


@layer.mistake("X: the mask belongs to the units of this layer. Multiply G by it, not the result.")
def layer_mask_late(X, W, Z, G):
    return (G @ W) * (X > 0), *_layer(X, W, Z, G)[1:]


@layer.mistake("W: this is transposed. Its rows are the units, (q, p).")
def layer_transposed(X, W, Z, G):
    dX, dW, db = _layer(X, W, Z, G)
    return dX, dW.T, db


@layer.mistake("The layer divides by the number of samples. If the loss is a mean, that is already in G.")
def layer_mean(X, W, Z, G):
    dX, dW, db = _layer(X, W, Z, G)
    return dX, dW / len(X), db / len(X)


@layer.mistake("The bias: the samples are still separate. Every row used the same bias, so add them up.")
def layer_bias_rows(X, W, Z, G):
    dX, dW, _ = _layer(X, W, Z, G)
    return dX, dW, G * (Z > 0)


@layer.mistake("The bias: the slope of ReLU is missing there.")
def layer_bias_linear(X, W, Z, G):
    dX, dW, _ = _layer(X, W, Z, G)
    return dX, dW, G.sum(axis=0)


@exercise(
    "backpropagation-best",
    "Differentiate each error with respect to the step, and set the result to zero.",
    "One side: 1/2 = u / step². Both sides: step / 3 = u / step².",
)
def best(trial, step_one_side, step_both_sides):
    for came, right, what in [(step_one_side, np.sqrt(2e-16), "the step from one side"),
                              (step_both_sides, np.cbrt(3e-16), "the step from both sides")]:
        got = trial.number(came, what)
        trial.that(np.isclose(got, right, rtol=0.02, atol=0), what, "not this value.", came=f"{got:.6g}")


best.mistake("One side: that is the rounding u itself. At such a step the error is about 1.", 1e-16, 6.7e-6)
best.mistake("One side: a factor is missing. The truncation error has a ½.", 1e-8, 6.7e-6)
best.mistake("One side: this is the best step from both sides.", np.cbrt(3e-16), np.cbrt(3e-16))
best.mistake("Both sides: this is the best step from one side.", np.sqrt(2e-16), np.sqrt(2e-16))
best.mistake("Both sides: the two errors are equal there, but their sum is not at its smallest.",
             np.sqrt(2e-16), np.cbrt(6e-16))
best.mistake("Both sides: a factor is missing. The derivative of the truncation error is step / 3.",
             np.sqrt(2e-16), np.cbrt(1e-16))
best.mistake("Both sides: that is a square root, but the equation has the third power of the step.",
             np.sqrt(2e-16), np.sqrt(3e-16))


@exercise(
    "backpropagation-forward",
    "Through a matrix, the change goes as the value does: W1 @ v. Through tanh, it is multiplied by the slope.",
    "y changes by W2 @ ((1 - h²) * (W1 @ v)). One pass gives the derivatives for one input.",
)
def forward(trial, directional, passes):
    one = np.array([[1.0]])
    trial.gives(directional, (2 * one, 3 * one, np.array([0.0]), np.array([1.0])), [6.0], "one unit at 0")
    rng = np.random.default_rng(0)
    W1, W2, x, v = (rng.normal(size=size) for size in ((3, 2), (2, 3), 2, 2))
    trial.gives(directional, (W1, W2, x, v), _directional(W1, W2, x, v), "three units")
    trial.gives(directional, (W1, W2, x, -2 * v), _directional(W1, W2, x, -2 * v), "another direction")
    trial.predicted(passes, 4810, "the number of passes")


def _directional(W1, W2, x, v):
    return W2 @ ((1 - np.tanh(W1 @ x)**2) * (W1 @ v))


def _linear(W1, W2, x, v):
    return W2 @ (W1 @ v)


def _slope_of_change(W1, W2, x, v):
    change = W1 @ v
    return W2 @ ((1 - np.tanh(change)**2) * change)


def _at_moved(W1, W2, x, v):
    return W2 @ np.tanh(W1 @ (x + v)) - W2 @ np.tanh(W1 @ x)


def _jacobian(W1, W2, x, v):
    return W2 @ ((1 - np.tanh(W1 @ x)**2)[:, None] * W1)


forward.mistake("The slope of tanh is missing: this is the change of a linear network.", _linear, 4810)
forward.mistake("The slope of tanh is taken at the change. It belongs to the value, W1 @ x.", _slope_of_change, 4810)
forward.mistake("This is the change for a whole step v. The derivative is for an infinitely small one.", _at_moved, 4810)
forward.mistake("This is the whole table of derivatives, with v left out. You are asked for one direction.", _jacobian, 4810)
forward.mistake("One pass is what reverse mode takes. Forward mode covers one parameter in each pass.",
                _directional, 1)
forward.mistake("This counts the pass without a nudge. Forward mode computes value and derivative together.",
                _directional, 4811)
forward.mistake("One pass for each output of the network? Forward mode takes one for each input of the loss, and "
                "its inputs are the parameters.", _directional, 10)
