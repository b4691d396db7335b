"""Checks of the exercises on regularization."""

import math

import numpy as np

from nnlib import softmax
from nnlib.exercises.registry import exercise

# --- Factors ---

_LAM = np.array([4, 1, 0.01])
_RIDGE, _STEPS = _LAM / (_LAM + 0.5), 1 - (1 - 0.2 * _LAM) ** 10


@exercise(
    "regularization-factors",
    "Ridge: eigenvalue over eigenvalue plus α. Each is between 0 and 1, and largest for the largest eigenvalue.",
    "Each step multiplies the distance from the solution by 1 - ηλ. After ten, 1 - (1 - ηλ)^10 is covered.",
)
def factors(trial, ridge_factors, step_factors, alpha_same):
    # Two digits will do.
    trial.predicted(ridge_factors, _RIDGE, "the factors of ridge", tolerance=4e-3)
    trial.predicted(step_factors, _STEPS, "the factors of ten steps", tolerance=4e-3)
    trial.predicted(alpha_same, 0.5, "the α of these steps")


factors.mistake("Ridge: this is the part that is taken away. What is left?", 0.5 / (_LAM + 0.5), _STEPS, 0.5)
factors.mistake("Ridge: α is added to the eigenvalue, not to 1.", 1 / (1 + 0.5 * _LAM), _STEPS, 0.5)
factors.mistake("Ridge: the factor of L2 for a single weight has an eigenvalue of 1. Here each direction has its own.",
                np.full(3, 1 / 1.5), _STEPS, 0.5)
factors.mistake("Steps: this is the part of the way that is still to go.", _RIDGE, 1 - _STEPS, 0.5)
factors.mistake("Steps: that is the factor of one step. There are ten.", _RIDGE, 0.2 * _LAM, 0.5)
factors.mistake("Steps: ten steps are not ten times one step, since each starts where the last one ended.",
                _RIDGE, 2 * _LAM, 0.5)
factors.mistake("α: this is its reciprocal, rate times steps.", _RIDGE, _STEPS, 2)
factors.mistake("α: the number of steps counts, too.", _RIDGE, _STEPS, 5)
factors.mistake("α: the rate counts, too.", _RIDGE, _STEPS, 0.1)


# --- Dropout ---

@exercise(
    "regularization-dropout",
    "U >= p is True where an output is kept. Multiplying by it sets the others to 0.",
    "In training divide by 1 - p. In prediction return H as it is.",
)
def dropout(trial, dropout):
    H, U = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.1, 0.9], [0.5, 0.3]])
    trial.gives(dropout, (H, 0.4, U, True), [[0, 2 / 0.6], [3 / 0.6, 0]], "two samples in training")
    rng = np.random.default_rng(0)
    H, U = rng.normal(size=(6, 5)), rng.random((6, 5))
    trial.gives(dropout, (H, 0.8, U, True), _dropout(H, 0.8, U, True), "a large p")
    trial.gives(dropout, (H, 0.0, U, True), H, "p = 0")
    trial.gives(dropout, (H, 0.8, U, False), H, "prediction")


def _dropout(H, p, U, training):
    return H * (U >= p) / (1 - p) if training else H


@dropout.mistake("Dropout is left on in prediction: the same image would get another answer each time.")
def dropout_left_on(H, p, U, training):
    return _dropout(H, p, U, True)


@dropout.mistake("Nothing makes up for the outputs that are gone: on average, this is smaller than H.")
def dropout_not_scaled(H, p, U, training):
    return H * (U >= p) if training else H


@dropout.mistake("A share p is gone and 1 - p is left. Divide by what is left.")
def dropout_by_p(H, p, U, training):
    return H * (U >= p) / (p or 1) if training else H


@dropout.mistake("These are the wrong ones: where U is below p, the output becomes 0.")
def dropout_reversed(H, p, U, training):
    return H * (U < p) / (1 - p) if training else H


@dropout.mistake("In training this is right. In prediction nothing has been taken away, so nothing is to be scaled.")
def dropout_scaled_twice(H, p, U, training):
    return _dropout(H, p, U, True) if training else H * (1 - p)


@dropout.mistake("Training and prediction are exchanged.")
def dropout_exchanged(H, p, U, training):
    return _dropout(H, p, U, not training)


# --- Leaks ---

_FAULTS = {"a": "selection", "b": "tuning", "c": "none", "d": "copies", "e": "scaling"}
_LOOK = {
    "scaling": {
        "a": "nothing is standardized here.",
        "b": "nothing is standardized here.",
        "c": "its mean and scale come from the training samples.",
        "d": "nothing is standardized here.",
    },
    "selection": dict.fromkeys("bcde", "all features stay in."),
    "copies": dict.fromkeys("abce", "every sample is there once, on one side of the split."),
    "tuning": dict.fromkeys("acde", "it has one setting and looks at the test score once."),
}


@exercise(
    "regularization-leaks",
    "One study chooses with labels, one takes the largest of many test scores, one splits too late.",
    "Two standardize. Where do they take the mean from?",
)
def leaks(trial, a, b, c, d, e):
    for name, answer in zip("abcde", (a, b, c, d, e)):
        right = _FAULTS[name]
        trial.choice(answer, right, [fault for fault in (*_LOOK, "none") if fault != right], f"study {name}")


_SEEN = {
    "a": "look at `y` in its first line: whose labels are these?",
    "b": "how often does it look at the test labels?",
    "d": "when does it split?",
    "e": "where do the mean and the scale come from?",
}
for _name, _right in _FAULTS.items():
    for _fault in (*_LOOK, "none"):
        if _fault != _right:
            _words = _SEEN[_name] if _fault == "none" else _LOOK[_fault][_name]
            _start = "is not clean" if _fault == "none" else "is not guilty of that"
            leaks.mistake(f"Study {_name} {_start}: {_words}", *({**_FAULTS, _name: _fault}.values()))


# --- Lasso ---

@exercise(
    "regularization-lasso",
    "The gradient is X.T @ (X @ w - y) / n. Step first, then shrink.",
    "Shrinking: np.sign(w) * np.maximum(np.abs(w) - eta * alpha, 0).",
)
def lasso(trial, lasso):
    one = np.array([[1.0], [1.0]])
    # Four samples: with two, the mean of a gradient without the half would be its sum.
    trial.gives(lasso, (np.ones((4, 1)), np.array([2.0, 2.0, 4.0, 4.0]), 0.5, 0.5, 2), [1.875], "one weight, two steps")
    trial.gives(lasso, (one, np.array([-2.0, -4.0]), 0.5, 0.1, 1), [-0.25], "a negative weight, a small rate")
    trial.gives(lasso, (one, np.array([0.2, 0.4]), 0.5, 0.5, 3), [0.0], "a weight that stops at zero")
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(12, 4)), rng.normal(size=12)
    trial.gives(lasso, (X, y, 0.1, 0.2, 30), _lasso(X, y, 0.1, 0.2, 30), "four weights, thirty steps")


def _shrink(w, by):
    return np.sign(w) * np.maximum(np.abs(w) - by, 0)


def _lasso(X, y, alpha, eta, steps, shrink=_shrink, mean=True, first=False):
    w = np.zeros(X.shape[1])
    for _ in range(steps):
        if first:
            w = shrink(w, eta * alpha)
        w = w - eta * X.T @ (X @ w - y) / (len(X) if mean else 1)
        if not first:
            w = shrink(w, eta * alpha)
    return w


@lasso.mistake("Each step moves a weight by `eta * alpha`, not by `alpha`: the penalty's slope times the rate.")
def lasso_alpha(X, y, alpha, eta, steps):
    return _lasso(X, y, alpha, eta, steps, shrink=lambda w, by: _shrink(w, by / eta))


@lasso.mistake("The loss is divided by the number of samples. The gradient too, then.")
def lasso_sum(X, y, alpha, eta, steps):
    return _lasso(X, y, alpha, eta, steps, mean=False)


@lasso.mistake("The ½ in the loss cancels the 2 of the square's derivative.")
def lasso_twice(X, y, alpha, eta, steps):
    return _lasso(np.sqrt(2) * X, np.sqrt(2) * y, alpha, eta, steps)


@lasso.mistake("The penalty goes through zero and out on the other side. A weight that would cross zero stops there.")
def lasso_crosses(X, y, alpha, eta, steps):
    return _lasso(X, y, alpha, eta, steps, shrink=lambda w, by: w - by * np.sign(w))


@lasso.mistake("This adds the penalty's slope to the gradient. A weight then hops from one side of zero to the other "
               "and never rests there. Step on the first term alone, then shrink.")
def lasso_slope(X, y, alpha, eta, steps):
    w = np.zeros(X.shape[1])
    for _ in range(steps):
        w = w - eta * (X.T @ (X @ w - y) / len(X) + alpha * np.sign(w))
    return w


@lasso.mistake("This shrinks before the step. The step then moves weights away from zero again.")
def lasso_first(X, y, alpha, eta, steps):
    return _lasso(X, y, alpha, eta, steps, first=True)


@lasso.mistake("This only sets small weights to zero. The large ones move toward zero as well.")
def lasso_hard(X, y, alpha, eta, steps):
    return _lasso(X, y, alpha, eta, steps, shrink=lambda w, by: np.where(np.abs(w) > by, w, 0))


@lasso.mistake("This is ridge: each weight is multiplied by a factor. Here it moves by a fixed amount.")
def lasso_ridge(X, y, alpha, eta, steps):
    return _lasso(X, y, alpha, eta, steps, shrink=lambda w, by: w / (1 + by))


@lasso.mistake("A negative weight becomes zero or positive. Take the absolute value, and put the sign back.")
def lasso_unsigned(X, y, alpha, eta, steps):
    return _lasso(X, y, alpha, eta, steps, shrink=lambda w, by: np.maximum(w - by, 0))


# --- The best of many ---

@exercise(
    "regularization-best",
    "math.comb(n, k) / 2**n is the probability of exactly k right answers; np.cumsum makes F of these.",
    "The best is above k with probability 1 - F(k)**m. Sum over k from 0 to n - 1 and divide by n.",
)
def best(trial, best_of):
    what = "one model"
    share = trial.number(trial.call(best_of, 1, 10), what)
    if 1e-6 < abs(share - 0.5) < 0.05:  # each simulation comes to another number, so this has words alone
        trial.fail(f"{what}: close, but not this value.", given="best_of(1, 10)", expected="0.5")
    trial.gives(best_of, (1, 10), 0.5, what)
    trial.gives(best_of, (2, 1), 0.75, "two models, one image")
    trial.gives(best_of, (3, 2), _best(3, 2), "three models, two images")
    trial.gives(best_of, (1000, 100), _best(1000, 100), "a thousand models, a hundred images")


def _distribution(n):
    return np.cumsum([math.comb(n, k) / 2**n for k in range(n + 1)])


def _best(m, n):
    return float(np.sum(1 - _distribution(n)[:n] ** m) / n)


@best.mistake("That is right for each of them. The best one was chosen for being above average.")
def best_average(m, n):
    return 0.5


@best.mistake("Close, but simulated. Sum exactly: the probabilities of all numbers of right answers are known.")
def best_simulated(m, n):
    return np.random.default_rng(0).binomial(n, 0.5, size=(1000, m)).max(axis=1).mean() / n


@best.mistake("This is the expected share of the *worst*: all are above k with probability (1 - F(k))**m.")
def best_worst(m, n):
    return float(np.sum((1 - _distribution(n)[:n]) ** m) / n)


@best.mistake("That is the expected number of right answers. Divide by n.")
def best_number(m, n):
    return n * _best(m, n)


@best.mistake("Here F(k) lacks k itself: it is the probability of *at most* k right answers.")
def best_below(m, n):
    return float(np.sum(1 - np.append(0, _distribution(n)[: n - 1]) ** m) / n)


@best.mistake("That is the probability that at least one is right, for a single image. There are n of them.")
def best_single(m, n):
    return 1 - 0.5**m


# --- Temperature ---

@exercise(
    "regularization-temperature",
    "For each T of the grid: divide, take the log-softmax, pick the entry of the true class in each row, average.",
    "log p = S - ln Σ exp(S), with S = Z / T less its largest entry in each row. Return the T, not its place.",
)
def temperature(trial, best_temperature):
    grid = np.array([0.25, 0.5, 1.0, 2.0, 4.0, 8.0])
    trial.gives(best_temperature, (*_logits(200, 0, 0.25), grid), 0.25, "logits that are too small")
    trial.gives(best_temperature, (*_logits(200, 1, 4.0), grid), 4.0, "logits that are four times too large")
    Z, y = _logits(200, 2, 2.0)
    trial.gives(best_temperature, (Z + 2000.0, y, grid), 2.0, "logits of about two thousand")
    Z, y = _logits(60, 6, 2.0)
    y[np.random.default_rng(6).permutation(60)[:6]] += 1  # six labels that are far off
    trial.gives(best_temperature, (Z, y % 4, grid), 4.0, "logits with a few sure answers that are wrong")


def _logits(n, seed, factor):
    """Labels drawn with the probabilities that the logits give, which are then made too large."""
    rng = np.random.default_rng(seed)
    Z = rng.normal(size=(n, 4)) * 2
    y = np.argmax(Z + rng.gumbel(size=Z.shape), axis=1)
    return factor * Z, y


def _scores(Z, y, grid):
    rows = np.arange(len(y))
    return [-np.log(softmax(Z / T).data[rows, y] + 1e-300).mean() for T in grid]


@temperature.mistake("This multiplies by T. A temperature divides: a large one evens the probabilities out.")
def temperature_times(Z, y, grid):
    return grid[int(np.argmin(_scores(Z, y, 1 / grid)))]


@temperature.mistake("That is the highest cross-entropy. The lowest is wanted.")
def temperature_highest(Z, y, grid):
    return grid[int(np.argmax(_scores(Z, y, grid)))]


@temperature.mistake("This prefers the surest answers. Score each T by the mean of −ln p, with p the probability of the true "
                     "class.")
def temperature_own(Z, y, grid):
    return grid[int(np.argmin(_scores(Z, Z.argmax(axis=1), grid)))]


@temperature.mistake("This measures something else, such as the squared error, or how far the mean probability is from the "
                     "share of right answers. Take the mean of −ln of the true class's probability.")
def temperature_brier(Z, y, grid):
    errors = [np.mean((softmax(Z / T).data - np.eye(Z.shape[1])[y])**2) for T in grid]
    return grid[int(np.argmin(errors))]


@temperature.mistake("That is a place in the grid. Return the temperature that stands there.")
def temperature_place(Z, y, grid):
    return int(np.argmin(_scores(Z, y, grid)))


@temperature.mistake("Large logits overflow: subtract each row's largest before the exponential.")
def temperature_overflow(Z, y, grid):
    with np.errstate(all="ignore"):
        E = [np.exp(Z / T) for T in grid]
        losses = [-np.log((e / e.sum(axis=1, keepdims=True))[np.arange(len(y)), y]).mean() for e in E]
    return grid[int(np.argmin(losses))]
