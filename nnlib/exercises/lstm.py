"""Checks of the exercises on LSTM and GRU."""

import numpy as np

from nnlib.exercises.registry import exercise


@exercise(
    "lstm-count",
    "The plain layer has a matrix of 20 rows and 10 columns, one of 20 by 20, and two biases of 20.",
    "The GRU has the blocks r, z and n, the LSTM i, f, g and o; each block has as many parameters as "
    "the plain layer.",
)
def count(trial, rnn_count, gru_count, lstm_count):
    trial.predicted(rnn_count, 640, "the plain layer")
    trial.predicted(gru_count, 1920, "the GRU")
    trial.predicted(lstm_count, 2560, "the LSTM")


count.mistake("One bias is missing: there is one for the input and one for the state.", 620, 1860, 2480)
count.mistake("The matrix from state to state is missing.", 240, 720, 960)
count.mistake("Both biases are missing.", 600, 1800, 2400)
count.mistake("The GRU has three blocks: two gates and the candidate.", 640, 1280, 2560)
count.mistake("The LSTM has four blocks: three gates and the candidate.", 640, 1920, 1920)


@exercise(
    "lstm-hand",
    "First the new c: what was there times f, plus what is new times i.",
    "c is 0.75 times 1.2 plus 0.5 times -0.2. Then h is o times the tanh of this new c.",
)
def hand(trial, c_new, h_closed, h_open):
    trial.predicted(c_new, 0.8, "the new c")
    trial.predicted(h_closed, 0, "h with the output gate closed")
    trial.predicted(h_open, np.tanh(0.8), "h with the output gate open", tolerance=0.005)


hand.mistake("The forget gate was left out: what was there is multiplied by f.", 1.1, 0, 0.8)
hand.mistake("f and i are exchanged: f multiplies what was there.", 0.45, 0, 0.42)
hand.mistake("The input gate was left out: the candidate is multiplied by i.", 0.7, 0, 0.6)
hand.mistake("A minus was lost: the candidate is -0.2.", 1.0, 0, 0.76)
hand.mistake("A closed output gate, o = 0, shows nothing, whatever c is.", 0.8, 0.66, 0.66)
hand.mistake("The output gate is open, so something must be seen.", 0.8, 0, 0)
hand.mistake("The tanh is missing: an open gate shows tanh(c), not c.", 0.8, 0, 0.8)
hand.mistake("The output is o times tanh(c), with the new c, not with the old one.",
             0.8, 0, np.tanh(1.2))


@exercise(
    "lstm-step",
    "One line gives all four weighted sums: W_ih @ x + W_hh @ h + b.",
    "Cut it into four parts in the order i, f, g, o. The gates i, f and o take the logistic function, "
    "g takes tanh. The new c comes before the new h.",
)
def step(trial, lstm_step):
    m = 1
    zero = np.zeros((4, 1))
    trial.written(lstm_step)
    h, c = _pair(trial, lstm_step, (np.zeros(1), np.zeros(m), np.ones(m), zero, zero, np.zeros(4)),
                 "all weights zero")
    trial.close(c, [0.5], "the cell state with all weights zero")
    trial.close(h, [0.5 * np.tanh(0.5)], "the output with all weights zero")
    rng = np.random.default_rng(0)
    for d, m in [(1, 1), (2, 3)]:
        arguments = (rng.normal(size=d), rng.normal(size=m), rng.normal(size=m),
                     rng.normal(size=(4 * m, d)), rng.normal(size=(4 * m, m)), rng.normal(size=4 * m))
        size = f"{m} unit{'s' if m > 1 else ''}"
        h, c = _pair(trial, lstm_step, arguments, f"random weights, {size}")
        wanted_h, wanted_c = _step(*arguments)
        trial.close(c, wanted_c, f"the cell state of {size}")
        trial.close(h, wanted_h, f"the output of {size}")


def _pair(trial, function, arguments, what):
    result = trial.call(function, *arguments)
    trial.that(isinstance(result, (tuple, list)) and len(result) == 2, f"two arrays ({what})",
               "return h and c as a tuple, `return h, c`.", kind="type", came=type(result).__name__)
    return result


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def _step(x, h, c, W_ih, W_hh, b, order="ifgo"):
    parts = dict(zip(order, np.split(W_ih @ x + W_hh @ h + b, 4)))
    c = _sigmoid(parts["f"]) * c + _sigmoid(parts["i"]) * np.tanh(parts["g"])
    return _sigmoid(parts["o"]) * np.tanh(c), c


@step.mistake("The order of the rows is i, f, g, o. Yours takes the candidate from the last block.")
def step_order(x, h, c, W_ih, W_hh, b):
    return _step(x, h, c, W_ih, W_hh, b, order="ifog")


@step.mistake("Return h first and c second.")
def step_exchanged(x, h, c, W_ih, W_hh, b):
    return _step(x, h, c, W_ih, W_hh, b)[::-1]


@step.mistake("The output shows the old cell state. It is o times tanh of the new one.")
def step_old_c(x, h, c, W_ih, W_hh, b):
    o = np.split(W_ih @ x + W_hh @ h + b, 4)[3]
    return _sigmoid(o) * np.tanh(c), _step(x, h, c, W_ih, W_hh, b)[1]


@step.mistake("The candidate g takes tanh, so that it can be negative.")
def step_sigmoid_g(x, h, c, W_ih, W_hh, b):
    i, f, g, o = map(_sigmoid, np.split(W_ih @ x + W_hh @ h + b, 4))
    c = f * c + i * g
    return o * np.tanh(c), c


@step.mistake("The output is o times the tanh of c; the tanh is missing.")
def step_no_tanh(x, h, c, W_ih, W_hh, b):
    i, f, g, o = np.split(W_ih @ x + W_hh @ h + b, 4)
    c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * c, c


@step.mistake("The last output h does not come in: where is W_hh @ h?")
def step_no_state(x, h, c, W_ih, W_hh, b):
    return _step(x, 0 * h, c, W_ih, W_hh, b)


@exercise(
    "lstm-half",
    "After n steps f to the power n is left. Take logarithms.",
    "n is log(1/2) divided by log(f), with f the logistic function of b. Backward: f is the hundredth "
    "root of one half, and b the logarithm of f / (1 - f).",
)
def half(trial, half_life, bias_100):
    trial.gives(half_life, (0.0,), 1.0, "b = 0, which halves at each step")
    trial.gives(half_life, (2.0,), _half_life(2.0), "b = 2")
    trial.gives(half_life, (-1.0,), _half_life(-1.0), "b = -1, less than a step")
    b = trial.number(bias_100, "the bias for 100 steps")
    trial.that(abs(_half_life(b) / 100 - 1) < 0.01, "the bias for 100 steps",
               f"with {b:.4g} the half-life is {_half_life(b):.4g} steps.", came=f"{b:.2f}")


def _half_life(b):
    return np.log(2) / np.log1p(np.exp(-b))


half.mistake("You used the gate f as it is given; b has to go through the logistic function first.",
             lambda b: np.log(0.5) / np.log(b) if b > 0 else 0.0, 5.0)
half.mistake("The quotient is upside down: the logarithm of the gate stands below.",
             lambda b: 1 / _half_life(b) if b else 1.0, 5.0)
half.mistake("This is the time in which the state falls to 1/e, not to one half.",
             lambda b: _half_life(b) / np.log(2), 5.0)
half.mistake("Whole steps were asked for by nobody: do not round.",
             lambda b: np.ceil(_half_life(b)), 5.0)
half.mistake("That is the gate f for a half-life of 100, not its bias.", _half_life, 0.5 ** 0.01)
half.mistake("The sign is wrong: a gate that stays open has a positive bias.", _half_life, -4.968)


@exercise(
    "lstm-stuck",
    "Put 0 or 1 for one gate at a time into c = f c + i g and h = o tanh(c).",
    "The output is hidden by one gate, writing prevented by another; two of the cells have the same "
    "gate stuck, at opposite ends.",
)
def stuck(trial, A, B, C, D):
    trial.choice(A, "o", ["i", "f"], "cell A")
    trial.choice(B, "i", ["o", "f"], "cell B")
    trial.choice(C, "f", ["i", "o"], "cell C")
    trial.choice(D, "f", ["i", "o"], "cell D")


stuck.mistake("A: without the input gate, or the forget gate, the cell state could not change as "
              "described, and the output would not be 0 throughout.", "i", "i", "f", "f")
stuck.mistake("A: a stuck forget gate does not silence the output.", "f", "i", "f", "f")
stuck.mistake("B: a closed forget gate keeps nothing, but each step still writes i times g.",
              "o", "f", "f", "f")
stuck.mistake("B: the output gate decides what is shown, not what the cell holds.", "o", "o", "f", "f")
stuck.mistake("C: a stuck input gate decides what is added. The old cell state still comes in, as f c.",
              "o", "i", "i", "f")
stuck.mistake("C: the output gate makes h of the cell state. What makes the new cell state of the old one?",
              "o", "i", "o", "f")
stuck.mistake("D: an open input gate takes everything in; what keeps all of it?", "o", "i", "f", "i")
stuck.mistake("D: the output gate does not touch the cell state.", "o", "i", "f", "o")


@exercise(
    "lstm-latch",
    "Make the candidate constant by a large bias, and let the input gate tell large x from small ones.",
    "Small amounts add up over twelve steps, so let the forget gate leak while h is small and hold "
    "when h is large: a positive weight from h, and a negative bias.",
)
def latch(trial, latch_ih, latch_hh, latch_b):
    trial.written(latch_ih, latch_hh, latch_b)
    W = trial.array(latch_ih, "the weights of the inputs", shape=(4, 3))
    w = trial.array(latch_hh, "the weights of the last output", shape=(4,))
    b = trial.array(latch_b, "the biases", shape=(4,))
    rng = np.random.default_rng(1)
    quiet = [rng.uniform(-0.8, 0.8, 12) for _ in range(20)] + [np.full(12, 0.8), np.full(12, -0.8)]
    silent = [_run(x, W, w, b) for x in quiet]
    worst = max(silent, key=abs)
    trial.that(abs(worst) < 0.2, "no event, no answer",
               f"without an event the output at step 12 reaches {worst:.2f}.",
               came=("a negative output" if worst < 0 else "an open input gate"
                     if _sigmoid(b[0]) > 0.2 else "many small amounts" if b[1] > 2 else "a leak"))
    for when, name in [(11, "last"), (6, "seventh"), (0, "first")]:
        answers = []
        for x in quiet[:20]:
            x = x.copy()
            x[when] = 0.95
            answers.append(_run(x, W, w, b))
        trial.that(min(answers) > 0.5, f"an event at the {name} step",
                   f"the output at step 12 is {min(answers):.2f} for one of the sequences.",
                   came="none" if max(answers) < 0.1 else f"from {min(answers):.1f}")


def _run(x, W, w, b):
    h = c = 0.0
    for t, value in enumerate(x):
        z = W @ [value, t == 1, t == 11] + w * h + b
        c = _sigmoid(z[1]) * c + _sigmoid(z[0]) * np.tanh(z[2])
        h = _sigmoid(z[3]) * np.tanh(c)
    return h


_ON_X = [[20, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]]
latch.mistake("The cell answers without any event: is its input gate open for ordinary inputs too?",
              np.zeros((4, 3)), np.zeros(4), [5, 5, 5, 5])
latch.mistake("Small amounts pile up, because the forget gate stays open throughout and the input gate "
              "is never quite shut.", _ON_X, np.zeros(4), [-18.4, 6, 5, 5])
latch.mistake("Without an event the output has to be near 0, and yours is negative. Should the candidate "
              "be negative for ordinary inputs?",
              [[0, 0, 0], [0, 0, 0], [20, 0, 0], [0, 0, 0]], np.zeros(4), [5, 0, -18, 5])
latch.mistake("Nothing comes out. Do the candidate and the output gate have a positive bias?",
              _ON_X, np.zeros(4), [-18.8, 0, 0, -6])
latch.mistake("An event is noticed when it happens and forgotten at once. What should hold the forget "
              "gate open afterwards?", _ON_X, np.zeros(4), [-18.2, -6, 5, 5])
