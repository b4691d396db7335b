"""Checks of the exercises on recurrent networks."""

import numpy as np

from nnlib.exercises.registry import exercise


@exercise(
    "rnn-shapes",
    "The recurrent layer has four arrays: two matrices, whose rows are its units, and two biases.",
    "20 rows of 3, 20 rows of 20 and two biases of 20; then 5 rows of 20 and a bias of 5.",
)
def shapes(trial, parameters, shape, parameters_100):
    trial.predicted(parameters, 605, "the number of parameters")
    trial.shape(shape, (8, 50, 5), "the shape of the result")
    trial.predicted(parameters_100, 605, "the number for sequences of 100 steps")


shapes.mistake("That is one bias too few: nnlib's recurrent layer, like PyTorch's, has two.",
               585, (8, 50, 5), 585)
shapes.mistake("That is the recurrent layer alone. The linear layer has weights and a bias too.",
               500, (8, 50, 5), 500)
shapes.mistake("You counted without the matrix from state to state.",
               205, (8, 50, 5), 205)
shapes.mistake("The linear layer is used at every step, so the axis of the steps stays.",
               605, (8, 5), 605)
shapes.mistake("That is the shape for one sequence. The batch of 8 comes first.",
               605, (50, 5), 605)
shapes.mistake("The steps come second, in nnlib: the batch is the first axis.",
               605, (50, 8, 5), 605)
shapes.mistake("The second axis is that of the steps; the third holds what the linear layer gives.",
               605, (8, 50, 20), 605)
shapes.mistake("All steps share the same weights. Which array would grow with the sequence?",
               605, (8, 50, 5), 1210)


@exercise(
    "rnn-leak",
    "Keep the state in one variable that starts at 0, and collect its values in a list.",
    "Inside the tanh stands the old state times w; outside, the old state times 1 - a.",
)
def leak(trial, leaky):
    trial.gives(leaky, (np.array([1.0, 0.5]), 0.5, 0.75), _leaky([1, 0.5], 0.5, 0.75),
                "two steps with a = 0.75")
    trial.gives(leaky, (np.array([1.0, 0.0, -2.0]), 0.5, 0.25), _leaky([1, 0, -2], 0.5, 0.25),
                "three steps with a = 0.25")
    trial.gives(leaky, (np.array([1.0, 2.0]), 3.0, 0.0), [0.0, 0.0], "a = 0, which never changes")
    x = np.random.default_rng(0).normal(size=30)
    trial.gives(leaky, (x, -0.8, 0.6), _leaky(x, -0.8, 0.6), "thirty random inputs")


def _leaky(x, w, a):
    h, states = 0.0, []
    for value in x:
        h = (1 - a) * h + a * np.tanh(value + w * h)
        states.append(h)
    return np.array(states)


@leak.mistake("The part that is kept and the part that is new are exchanged: a is the share of the "
              "new.")
def leak_exchanged(x, w, a):
    return _leaky(x, w, 1 - a)


@leak.mistake("The first entry is the state before any input. Append each state after its update.")
def leak_early(x, w, a):
    return np.append(0.0, _leaky(x, w, a)[:-1])


@leak.mistake("The old state does not come back inside the tanh. Where is w?")
def leak_without_w(x, w, a):
    return _leaky(x, 0.0, a)


@leak.mistake("This returns the last state alone; all of them are asked for, one per input.")
def leak_last(x, w, a):
    return _leaky(x, w, a)[-1]


@leak.mistake("The state is changed in two moves, so the tanh sees the half-updated one. Both h on "
              "the right-hand side are the state before the step.")
def leak_in_two_moves(x, w, a):
    h, states = 0.0, []
    for value in x:
        h = (1 - a) * h
        h = h + a * np.tanh(value + w * h)
        states.append(h)
    return np.array(states)


@leak.mistake("The tanh is around everything. The leak (1 - a) h is added outside of it.")
def leak_inside(x, w, a):
    h, states = 0.0, []
    for value in x:
        h = np.tanh((1 - a) * h + a * (value + w * h))
        states.append(h)
    return np.array(states)


@exercise(
    "rnn-jacobian",
    "Go forward step by step and keep two things: the state, and the matrix so far.",
    "One step's matrix is W with row i multiplied by 1 - h_i squared, h the state after the step; "
    "the matrix so far is multiplied by it from the left.",
)
def jacobian(trial, jacobian):
    trial.gives(jacobian, (np.array([[0.5]]), np.array([0.0]), 3), [[0.125]],
                "one unit at rest, three steps")
    W, h0 = np.array([[0.0, 1.0], [-0.5, 0.3]]), np.array([0.4, -0.2])
    trial.gives(jacobian, (W, h0, 1), _jacobian(W, h0, 1), "two units, one step")
    trial.gives(jacobian, (W, h0, 0), np.eye(2), "no step at all")
    rng = np.random.default_rng(1)
    W, h0 = rng.normal(size=(4, 4)), rng.normal(size=4)
    trial.gives(jacobian, (W, h0, 5), _jacobian(W, h0, 5), "four units, five steps")


def _jacobian(W, h0, T, slope=lambda before, after: 1 - after**2, order=lambda a, b: a @ b):
    h, J = np.asarray(h0, float), np.eye(len(h0))
    for _ in range(T):
        after = np.tanh(W @ h)
        J = order(slope(h, after)[:, None] * W, J)
        h = after
    return J


@jacobian.mistake("The slopes of the tanh are missing: this is the matrix of a linear network.")
def jacobian_linear(W, h0, T):
    return np.linalg.matrix_power(W, T) if len(h0) > 1 else _jacobian(W, h0, T)


@jacobian.mistake("Rows and columns are exchanged: row i belongs to the last state's entry i.")
def jacobian_transposed(W, h0, T):
    return _jacobian(W, h0, T).T


@jacobian.mistake("The slope is taken at the state before the step. tanh' is 1 - h² with the state "
                  "after it.")
def jacobian_early(W, h0, T):
    return _jacobian(W, h0, T, slope=lambda before, after: 1 - before**2)


@jacobian.mistake("The product has the wrong order: the matrix of a later step stands on the left.")
def jacobian_order(W, h0, T):
    return _jacobian(W, h0, T, order=lambda step, J: J @ step)


@jacobian.mistake("The slopes multiply the columns of W. They belong to the units that come out, "
                  "which are its rows.")
def jacobian_columns(W, h0, T):
    h, J = np.asarray(h0, float), np.eye(len(h0))
    for _ in range(T):
        h = np.tanh(W @ h)
        J = W * (1 - h**2) @ J
    return J


@exercise(
    "rnn-parity",
    "Write the old parity p as a difference of two units, such as (h1 - h2) / 2.",
    "h1 asks whether p + x is above 1/2, h2 whether it is above 3/2. Each is a tanh of a steep line "
    "in p + x, and p itself is a row of weights on the old h.",
)
def parity(trial, parity_network):
    parts = trial.call(parity_network)
    trial.that(isinstance(parts, (tuple, list)) and len(parts) == 5, "five parts",
               "return the tuple W_ih, W_hh, b, v, c.", kind="type", came=repr(type(parts).__name__))
    W_hh = trial.array(parts[1], "W_hh", shape=(-1, -1))
    m = len(W_hh)
    trial.that(m <= 3, "at most three units", f"W_hh has {m} rows.", came=str(m))
    W_ih = trial.array(parts[0], "W_ih", shape=(m, 1))
    b, v = (trial.array(part, name, shape=(m,)) for part, name in zip(parts[2:4], "bv"))
    trial.array(W_hh, "W_hh", shape=(m, m))
    c = trial.number(parts[4], "c")
    rng = np.random.default_rng(0)
    for bits, what in [([1], "the sequence 1"), ([0], "the sequence 0"), ([1, 0], "the sequence 1 0"),
                       ([1, 1], "the sequence 1 1"), ([1, 0, 1, 1], "the sequence 1 0 1 1"), ([0] * 50 + [1], "fifty zeros, then 1"),
                       (rng.integers(0, 2, 500), "five hundred random bits")]:
        h, answers = np.zeros(m), []
        for x in bits:
            h = np.tanh(W_ih[:, 0] * x + W_hh @ h + b)
            answers.append(v @ h + c > 0.5)
        wanted = np.cumsum(bits) % 2 == 1
        wrong = np.flatnonzero(np.array(answers) != wanted)
        trial.that(not len(wrong), what, "" if not len(wrong) else
                   f"after step {wrong[0] + 1} the answer is {'odd' if answers[wrong[0]] else 'even'}"
                   f", and the number of ones is {'odd' if wanted[wrong[0]] else 'even'}.",
                   came=f"{wrong[:1]} {np.sum(answers)} {bool(W_hh.any())}")


def _parity(s=10.0, v=(0.5, -0.5), start=0.0):
    v = np.array(v)
    return (np.full((2, 1), s), s * np.stack([v, v]), -s * np.array([0.5, 1.5]), v, start)


@parity.mistake("The tanh is not steep enough: the state drifts toward the middle and the parity is "
                "forgotten. What happens with weights ten times as large?")
def parity_flat():
    return _parity(s=1.5)


@parity.mistake("This network says whether the last input was 1. Its units do not see the parity "
                "so far: the weights from state to state are all zero.")
def parity_without_memory():
    W_ih, W_hh, b, v, c = _parity()
    return W_ih, 0 * W_hh, b, v, c


@parity.mistake("This network says whether there was any 1 so far. What must happen at the second?")
def parity_any():
    return np.array([[10.0]]), np.array([[5.0]]), np.array([-2.5]), np.array([0.5]), 0.5


@parity.mistake("The answer is reversed: odd must be above 1/2.")
def parity_reversed():
    W_ih, W_hh, b, v, _ = _parity()
    return W_ih, W_hh, b, -v, 1.0


@exercise(
    "rnn-remedy",
    "Write down by which factor the gradient is multiplied from one step to the one before.",
    "Only a measure that changes this factor brings back a gradient that has vanished.",
)
def remedy(trial, clip, cut, faster, radius_one):
    trial.choice(clip, "does not help", ["helps"], "clipping the gradient")
    trial.choice(cut, "does not help", ["helps"], "cutting the sequence")
    trial.choice(faster, "does not help", ["helps"], "a higher learning rate")
    trial.choice(radius_one, "helps", ["does not help"], "a spectral radius of 1")


_NO = "does not help"
remedy.mistake("Clipping shortens gradients that are too long. Here it is too short.",
               "helps", _NO, _NO, "helps")
remedy.mistake("At a cut the gradient stops, so what lies more than 10 steps back gets none at all.",
               _NO, "helps", _NO, "helps")
remedy.mistake("The rate multiplies the gradient of all steps alike, and the last steps' part is "
               "already the larger one by twelve orders of magnitude.", _NO, _NO, "helps", "helps")
remedy.mistake("With radius 1 the product over 40 steps is no longer bound to vanish, at least "
               "while the units are not saturated.", _NO, _NO, _NO, _NO)


@exercise(
    "rnn-start",
    "Compute the ratio for a dozen values of the radius and look where it is largest.",
    "The ratio is largest near 1; the playground's `slopes()` gives all 30 slopes, the first and "
    "the last are `[0]` and `[-1]`. For the second part only the first of the inputs changes.",
)
def start(trial, radius, ratio_strong):
    trial.written(radius, ratio_strong)
    r = trial.number(radius, "the radius")
    trial.that(0 <= r <= 2, "a radius from 0 to 2", f"{r:g} is not.", came=f"{r:.4g}")
    ratio = _ratio(r, 1.0)
    trial.that(0.5 <= ratio <= 2, "a ratio between 0.5 and 2",
               f"with radius {r:g} the ratio is {ratio:.3g}.", came="small" if r < 1 else "large")
    strong, what = _ratio(r, 2.0), "the ratio with a pulse of 2"
    given = trial.number(ratio_strong, what)
    for other, name in [(ratio, "weak"), (1 / strong, "inverse")]:
        if np.isclose(given, other, rtol=0.02) and not np.isclose(given, strong, rtol=0.02):
            trial.fail(f"{what}: not this value.", came=name)
    trial.predicted(given, strong, what, tolerance=0.02)


def _ratio(radius, pulse):
    """What the playground's slopes give; its eight units once more, for numpy alone."""
    rng = np.random.default_rng(0)
    W = rng.normal(size=(8, 8))
    W /= np.abs(np.linalg.eigvals(W)).max()
    into, out = rng.normal(size=(2, 8)) / np.sqrt(8)
    h, steps = np.zeros(8), []
    for t in range(30):
        h = np.tanh(into * (pulse if t == 0 else 0) + radius * W @ h)
        steps.append(1 - h**2)
    slopes = []
    for step in steps[::-1]:
        slopes.append(abs(into @ (step * out)))
        out = radius * W.T @ (step * out)
    return slopes[-1] / slopes[0]


start.mistake("The radius is too small: the gradient vanishes on the way back.", 0.8, 0.01)
start.mistake("The radius is too large. Then the units saturate, and the gradient vanishes again, "
              "for another reason.", 1.3, 0.01)
start.mistake("That is the ratio for the pulse of 1. A stronger pulse drives the units to where the "
              "tanh is flatter.", 1.0, _ratio(1.0, 1.0))
start.mistake("That is the last slope divided by the first. The ratio asked for is the first divided "
              "by the last.", 1.0, 1 / _ratio(1.0, 2.0))
