"""Checks of the exercises in the chapter on the perceptron."""

import math

import numpy as np

from nnlib import datasets
from nnlib.exercises.registry import exercise
from nnlib.exercises.trial import describe, show
from nnlib.perceptron import Perceptron


def weights_and_bias(trial, value, count, what):
    """An answer (w, b) as an array of shape (count,) and a float; w may be a row, b in brackets."""
    trial.written(value)
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        trial.fail(f"{what}: expected the weights and the bias, got {describe(value)}.", "type")
    w, b = (trial.array(item, what).astype(float).ravel() for item in value)
    if len(w) != count or len(b) != 1 or not np.isfinite([*w, *b]).all():
        trial.fail(f"{what}: expected {count} finite weights and one bias, got {show(w)} and "
                   f"{show(b)}.", "shape")
    return w, float(b[0])


def answers(X, w, b):
    return np.where(X @ w + b >= 0, 1, -1)


# --- A step by hand ---

@exercise("perceptron-hand",
          "The score is 2 times the first input, minus 3 times the second, plus 1; its sign decides.",
          "To the weights add 0.5 times the label times the point, to the bias 0.5 times the label. "
          "Then compute the score anew.")
def hand(trial, score, answer, w, b, answer_after):
    trial.predicted(score, -3.0, "the score")
    trial.predicted(answer, -1, "the neuron's answer")
    trial.predicted(w, [2.5, -2.0], "the weights after the update")
    trial.predicted(b, 1.5, "the bias after the update")
    trial.predicted(answer_after, 1, "the answer after the update")


hand.mistake("The bias is missing from the score.", -4, -1, [2.5, -2], 1.5, 1)
hand.mistake("A minus was lost: the second weight is -3.", 9, 1, [2.5, -2], 1.5, 1)
hand.mistake("The score is negative. Which answer belongs to that?", -3, 1, [2.5, -2], 1.5, 1)
hand.mistake("This neuron answers +1 or -1, never 0.", -3, 0, [2.5, -2], 1.5, 1)
hand.mistake("The weights moved away from the point. Its label is +1.", -3, -1, [1.5, -4], 0.5, -1)
hand.mistake("A full step: the learning rate of 0.5 was left out.", -3, -1, [3, -1], 2, 1)
hand.mistake("The bias learns too, as the weight of an input that is always 1.",
             -3, -1, [2.5, -2], 1, -1)
hand.mistake("The bias moves by the learning rate times the label, as the weights do.",
             -3, -1, [2.5, -2], 2, 1)
hand.mistake("The score there is 0, but a neuron answers one of two numbers. Which one goes with 0?",
             -3, -1, [2.5, -2], 1.5, 0)
hand.mistake("Compute the score again: it is exactly on the edge. What is sign(0) here?",
             -3, -1, [2.5, -2], 1.5, -1)


# --- The learning rate ---

@exercise("perceptron-rate",
          "Write down the first two updates with a learning rate of 1, and below them with 4.",
          "All weights start from zero. If every update is 4 times as large, what are the weights at "
          "every moment, and what are the signs of the scores?")
def rate(trial, fewest, longer):
    trial.choice(fewest, "all the same", ["0.25", "1", "4"], "the rate with the fewest updates")
    trial.predicted(longer, 4, "the length of the weights")


rate.mistake("Larger steps arrive sooner only if they start from somewhere. Where do these start?",
             "4", 4)
rate.mistake("Smaller steps are no more careful here: compare the signs of the scores.", "0.25", 4)
rate.mistake("Nothing singles out 1. Follow the first two updates with two rates.", "1", 4)
rate.mistake("The line is the same one, but one line has many weights.", "all the same", 1)
rate.mistake("Do not square: every weight, and so the length, is multiplied by the same number.",
             "all the same", 16)
rate.mistake("The other way round: larger steps make longer weights.", "all the same", 0.25)


# --- Twice the weights ---

@exercise("perceptron-double",
          "The line is where the score is 0. What is twice 0?",
          "The score becomes -2. The probability is 1 / (1 + exp(2)), and the loss minus its natural "
          "logarithm, since the label is 1.")
def double(trial, line, p, loss):
    trial.choice(line, "stays", ["moves"], "the line")
    trial.predicted(p, 1 / (1 + np.exp(2)), "the probability of label 1", tolerance=1e-2)
    trial.predicted(loss, np.log(1 + np.exp(2)), "the loss of this sample", tolerance=1e-2)


P = 1 / (1 + np.exp(2))  # the probability after the doubling
double.mistake("Points with score 0 have it still when all is doubled.", "moves", P, -np.log(P))
double.mistake("This is the probability before the doubling.", "stays", 1 / (1 + np.e), 0)
double.mistake("The score doubles, not the probability, which could then exceed 1.",
               "stays", 2 / (1 + np.e), 0)
double.mistake("A negative score gives a probability below one half.", "stays", 1 - P, 0)
double.mistake("This is the loss if the label were 0.", "stays", P, -np.log(1 - P))
double.mistake("The loss grows to less than the double. Compute it from the new probability.",
               "stays", P, 2 * np.log(1 + np.e))
double.mistake("This is the loss before the doubling.", "stays", P, np.log(1 + np.e))
double.mistake("The loss is minus the logarithm, so it is positive.", "stays", P, np.log(P))
double.mistake("Use the natural logarithm.", "stays", P, -np.log10(P))


# --- The bound ---

POINTS, LABELS = np.array([[3.0, 1], [0, 3], [-1, 0]]), np.array([1, -1, 1])


def allowed(X, y, w, b):
    scores = y * (X @ w + b)
    if scores.min() <= 0:
        return np.inf
    return (1 + (X**2).sum(axis=1).max()) * (w @ w + b**2) / scores.min()**2


@exercise("perceptron-bound",
          "Every point gets a third coordinate 1 first, and the line's weights a third one, b.",
          "The smallest product of label and score must be divided by the length of (w, b). If it is "
          "not above 0, no number of updates is promised.")
def bound(trial, R2, gamma, step, bound):
    trial.predicted(R2, 11.0, "R²")
    trial.predicted(gamma, 1 / 3, "γ", tolerance=1e-2)
    trial.predicted(step, 1, "the step of the proof")
    w, b = np.array([1.0, -2.0]), 2.0
    trial.gives(bound, (POINTS, LABELS, w, b), 99.0, "the bound by hand")
    trial.gives(bound, (POINTS, LABELS, 10 * w, 10 * b), 99.0, "the same line with longer weights")
    rng = np.random.default_rng(0)
    X, v = rng.normal(size=(20, 3)), np.array([1.0, 2.0, -1.0])
    y = np.where(X @ v + 0.5 >= 0, 1, -1)
    trial.gives(bound, (X, y, v, 0.5), allowed(X, y, v, 0.5), "three features")
    trial.gives(bound, (POINTS, LABELS, np.array([1.0, 0.0]), 2.5), np.inf,
                "a line with a point on the wrong side")
    trial.gives(bound, (POINTS, LABELS, np.array([0.0, -1.0]), 1.0), np.inf,
                "a line through a point")


def trusting(X, y, w, b):
    u = np.append(w, b) / np.sqrt(w @ w + b**2)
    gamma = np.min(y * (np.column_stack([X, np.ones(len(X))]) @ u))
    with np.errstate(divide="ignore"):
        return (1 + np.max(np.sum(X**2, axis=1))) / gamma**2


bound.mistake("The input that is always 1 counts in the length too.", 10, 1 / 3, 1, allowed)
bound.mistake("This is R. The bound has its square.", np.sqrt(11), 1 / 3, 1, allowed)
bound.mistake("The line must first be scaled so that (w, b) has length 1.", 11, 1, 1, allowed)
bound.mistake("This is the margin in the plane, divided by the length of w. The bound needs the "
              "length of (w, b).", 11, 1 / np.sqrt(5), 1, allowed)
bound.mistake("Step 2 uses only that each sample was a mistake, which holds for any data.",
              11, 1 / 3, 2, allowed)
bound.mistake("Step 3 holds for all vectors.", 11, 1 / 3, 3, allowed)
bound.mistake("The bound uses the square of γ, which hides its sign. Here a point is on the wrong "
              "side, and the theorem promises nothing.", 11, 1 / 3, 1, trusting)
bound.mistake("The same line has many w and b. The bound must not depend on which we take.",
              11, 1 / 3, 1, lambda X, y, w, b: 9 * allowed(X, y, w, b) / (w @ w + b**2))
bound.mistake("A point on the line makes γ zero, and R²/0² is no promise either.", 11, 1 / 3, 1,
              lambda X, y, w, b: allowed(X, y, w, b) if np.min(y * (X @ w + b)) else 0.0)


# --- Exclusive or with other features ---

@exercise("perceptron-xor",
          "For each of the four, try to write down weights. A vote needs no more than equal weights.",
          "What is the same for (1, 1) and (-1, -1), and different for the other two corners? No sum "
          "with weights can be; combine the inputs in another way.")
def xor(trial, possible, features):
    trial.written(possible)
    text = "".join(possible) if isinstance(possible, list) and all(
        isinstance(letter, str) for letter in possible) else possible
    if not isinstance(text, str):
        trial.fail(f"the tasks for one neuron: expected letters such as \"ab\", got "
                   f"{describe(possible)}.", "type")
    letters = "".join(sorted(set(text.lower()) - set(" ,")))
    if not letters or not set(letters) <= set("abcd"):
        trial.fail(f"the tasks for one neuron: expected letters from a to d, such as \"abd\", got "
                   f"{text!r}.", came=letters)
    for letter in "abcd":
        named = letter in letters
        trial.that(named == (letter in "ac"), f"task {letter}", "judge this one again.",
                   came="named" if named else "not named")
    trial.as_one(0, "the tasks for one neuron")
    corners, scattered = datasets.xor(4, noise=0), datasets.xor(40, noise=0.2, rng=0)
    for (X, y), what in ((corners, "the four corners"), (scattered, "points around the corners")):
        value = trial.call(features, X)
        F = trial.array(value, what, shape=(len(X), -1)).astype(float)
        trial.that(F.size and np.isfinite(F).all() and _perceptron_separates(F, 2 * y - 1), what,
                   "with these features a perceptron still makes mistakes.",
                   given=f"features({show(X)})", came=show(F) if len(X) == 4 else "not separated")
    alone = trial.array(trial.call(features, X[:1]), "one point alone", shape=(1, F.shape[1]))
    trial.that(np.allclose(alone, F[:1]), "one point alone", "its features differ from those that "
               "it has among others.", expected=show(F[:1]), came=show(alone))


def _perceptron_separates(F, y):
    scale = np.std(F, axis=0)
    F = (F - F.mean(axis=0)) / np.where(scale > 0, scale, 1)
    return Perceptron(max_epochs=500).fit(F, y).converged


def product(X):
    return X[:, :1] * X[:, 1:]


xor.mistake("(a) asks for one corner of the square and none of the others. Draw the four, and try to "
            "part it from the other three with a line.", "c", product)
xor.mistake("(b) Alike is the opposite of exclusive or. A line that did one would do the other.",
            "abc", product)
xor.mistake("(c) At least two of three is a vote. What does a sum with equal weights count?",
            "a", product)
xor.mistake("(d) An odd number of three: set the third input to -1, and exclusive or is left.",
            "acd", product)
xor.mistake("These are the inputs themselves, which no line separates.", "ac", np.copy)
xor.mistake("A sum of the inputs adds nothing that the weights could not do.", "ac",
            lambda X: np.column_stack([X, X.sum(axis=1)]))
xor.mistake("The squares are 1 at all four corners.", "ac", np.square)
xor.mistake("This compares for equality, which works at the corners alone.", "ac",
            lambda X: (X[:, :1] == X[:, 1:]) * 1.0)


# --- A line by hand, from Python ---

@exercise("perceptron-widget",
          "Type `p.w = [1.0, 1.0]` and look at the picture: rock salt is at the upper right, so both "
          "weights are positive. The first feature matters more.",
          "Divide the trained weights by `scale` for the units of the data; the bias changes by "
          "minus these weights times `center`. Assigning to `p.perceptron` does the rest.")
def widget(trial, w, b, w_trained, b_trained):
    data = datasets.load_octet_binaries()
    center, spread = data.X.mean(axis=0), data.X.std(axis=0)
    playground = (data.X - [1.3, 130.0]) / [0.85, 25.0]

    def line(w, b, most, what):
        w, b = weights_and_bias(trial, (w, b), 2, what)

        def wrong(X):
            return int(np.sum(answers(X, w, b) != data.y))

        n = wrong(playground)
        came = (str(n) if n <= most or not w.any() else
                "a line in the units of the data" if wrong(data.X) <= most else
                "the two sides exchanged" if len(data.y) - n <= most else
                "standardized otherwise than the playground"
                if wrong((data.X - center) / spread) <= most and most == 0 else str(n))
        trial.that(n <= most and w.any(), what, f"compounds on the wrong side: {n} of {len(data.y)}.",
                   given=f"w = {show(w)}, b = {show(b)}",
                   expected=f"at most {most}" if most else "none", came=came)

    line(w, b, 3, "a line by hand")
    line(w_trained, b_trained, 0, "a trained line")


widget.mistake("These weights are in the units of the data. `p.w` and `p.b` are in the playground's.",
               [5, 0.1], -18.4, [5, 4], 1.5)
widget.mistake("The line is good, but +1 is on the side of zinc blende. Where does w point?",
               [-4, -2.5], -1, [5, 4], 1.5)
widget.mistake("This is where the playground starts. Move the line.", [-0.5, 1], 0, [5, 4], 1.5)
widget.mistake("Zero weights draw no line.", [0, 0], 0, [5, 4], 1.5)
widget.mistake("The weights fit features shifted by `center` and scaled by `scale`. The playground "
               "shifts and scales by other, round numbers: translate, or let `p.perceptron` do it.",
               [4, 2.5], 1, [4.237729, 2.489629], 1)
widget.mistake("These trained weights are translated, but to the units of the data. Assign them to "
               "`p.perceptron`, then read `p.w` and `p.b`.", [4, 2.5], 1, [5.119, 0.10124], -18.84)


# --- The pocket ---

def run_pocket(X, y, epochs, better=np.less, each_epoch=False, at_zero=False, sign=answers):
    """(w, b, mistakes); at_zero: a score of 0 is taken for a mistake whatever the label."""
    w, b = np.zeros(X.shape[1]), 0.0
    best = w, b, int(np.sum(sign(X, w, b) != y))
    for _ in range(epochs):
        for i in range(len(y)):
            if y[i] * (X[i] @ w + b) <= 0 if at_zero else answers(X[i], w, b) != y[i]:
                w, b = w + y[i] * X[i], b + y[i]
            count = int(np.sum(sign(X, w, b) != y))
            if better(count, best[2]) and (not each_epoch or i == len(y) - 1):
                best = w, b, count
    return best


@exercise("perceptron-pocket",
          "Two sets of weights are needed: those that learn, and the best so far.",
          "After each update count the mistakes on all samples. If there are fewer than in the "
          "pocket, replace its weights, bias and number. At the end return the pocket.")
def pocket(trial, pocket):
    def run(X, y, epochs, what):
        value = trial.call(pocket, X, y, epochs)
        if not isinstance(value, (tuple, list)) or len(value) != 3:
            trial.fail(f"{what}: expected the weights, the bias and the number of mistakes, got "
                       f"{describe(value)}.", "type")
        w, b = weights_and_bias(trial, value[:2], X.shape[1], what)
        number, right = trial.number(value[2], what), run_pocket(X, y, epochs)[2]
        counted = int(np.sum(answers(X, w, b) != y))
        if number == right != counted:
            trial.fail(f"{what}: the weights do not make the number of mistakes that was returned "
                       "with them.", came=f"{right} returned, {counted} made")
        trial.close(number, right, what, f"pocket(X, y, {epochs})")

    run(POINTS, LABELS, 5, "three points")
    run(POINTS, LABELS, 0, "no epoch, and so zero weights")
    for seed, what in ((51, "overlapping clouds"), (0, "other clouds")):
        X, y = datasets.blobs(60, centers=2, noise=0.8, rng=seed)
        run(X, 2 * y - 1, 4, what)


@pocket.mistake("These are the last weights. The best ones came earlier, and were not kept.")
def last_weights(X, y, epochs):
    return run_pocket(X, y, epochs, better=lambda new, old: True)


@pocket.mistake("The pocket was looked at only after each epoch. The best weights may come in "
                "the middle of one.")
def once_an_epoch(X, y, epochs):
    return run_pocket(X, y, epochs, each_epoch=True)


@pocket.mistake("With all weights zero the score is 0, and that counts as +1, not as 0.")
def neither(X, y, epochs):
    return run_pocket(X, y, epochs, at_zero=True, sign=lambda X, w, b: np.sign(X @ w + b))


@pocket.mistake("A score of exactly 0 counts as +1 in this chapter, also where mistakes are counted.")
def zero_is_minus(X, y, epochs):
    return run_pocket(X, y, epochs, sign=lambda X, w, b: np.where(X @ w + b > 0, 1, -1))


@pocket.mistake("A score of 0 with label +1 is no mistake in this chapter, and so no update.")
def zero_is_wrong(X, y, epochs):
    return run_pocket(X, y, epochs, at_zero=True)


@pocket.mistake("The number is right, but the weights went on changing: `w += ...` changes the array "
                "that lies in the pocket too. Make a new array or a copy.")
def same_array(X, y, epochs):
    return *last_weights(X, y, epochs)[:2], run_pocket(X, y, epochs)[2]


@pocket.mistake("This counts the mistakes of an epoch while the line moves. Count all samples with "
                "the same line.")
def of_moving_line(X, y, epochs):
    model = Perceptron(max_epochs=epochs).fit(X, y)
    return model.weights, model.bias, min(model.mistakes)


# --- One wrong label ---

def separable(X, y, epochs=600):
    return Perceptron(max_epochs=epochs).fit(X, y).converged


def flips(X, y, judge=separable):
    """The samples whose label can be flipped, as judged by a function of X and y."""
    signs = np.where(np.eye(len(y), dtype=bool), -1, 1)
    return [i for i in range(len(y)) if judge(X, y * signs[i])]


ROW = np.array([[0.0, 0], [1, 0], [2, 0], [3, 0]]), np.array([-1, -1, 1, 1])
# Two of its flips can be separated too, for which a perceptron needs 151 and 499 epochs.
TIGHT = np.array([[0.0, 0], [0, 1], [1, 0.5], [1.1, 0.5], [2, 0], [2, 1]]), np.repeat([-1, 1], 3)
CORNERS = np.array([[1.0, 1], [-1, -1], [1, -1], [-1, 1]]), np.array([-1, -1, 1, 1])


@exercise("perceptron-flip",
          "For each sample copy the labels, flip one, and ask `is_separable`.",
          "Collect i whenever the answer is yes; return the list of these i.")
def flip(trial, harmless):
    for (X, y), right, what in ((ROW, [1, 2], "four points in a row"),
                                (TIGHT, [2, 3, 4, 5], "a narrow gap"),
                                ((POINTS, LABELS), [0, 1, 2], "three points"),
                                (CORNERS, [0, 1, 2, 3], "exclusive or")):
        value = trial.call(harmless, X, y)
        got = trial.array(value, what, shape=(-1,))
        trial.that(got.dtype != bool and np.array_equal(np.sort(got), right), what,
                   "not these samples.", given=f"harmless({show(X)}, {show(y)})",
                   expected=str(right), came=show(np.sort(got)))


@flip.mistake("These are the samples whose flip makes a line impossible; the others were asked for.")
def harmful(X, y):
    return [i for i in range(len(y)) if i not in flips(X, y)]


@flip.mistake("Flags instead of indices. `np.flatnonzero` turns one into the other.")
def flags(X, y):
    return [i in flips(X, y) for i in range(len(y))]


@flip.mistake("Each flip seems to stay when the next is made. Start from the true labels each time.")
def cumulated(X, y):
    return [i for i in range(len(y)) if separable(X, y * np.where(np.arange(len(y)) <= i, -1, 1))]


@flip.mistake("A perceptron that has not ended proves nothing: with a narrow gap it may only need "
              "more time. The linear program decides.")
def impatient(X, y):
    return flips(X, y, lambda X, y: separable(X, y, epochs=100))


# --- A family left out ---

def run_left_out(X, y, family, everyone=False, seen=False, average=False, standardize=True):
    right = np.zeros(len(y))
    for name in np.unique(family):
        out = family == name
        known = slice(None) if everyone else ~out
        center, scale = X[known].mean(axis=0), X[known].std(axis=0)
        Z = (X - center) / scale if standardize else X
        train = slice(None) if seen else ~out
        model = Perceptron(max_epochs=1000).fit(Z[train], y[train])
        right[out] = model.predict(Z[out]) == y[out]
    if average:
        return float(np.mean([right[family == name].mean() for name in np.unique(family)]))
    return float(right.mean())


@exercise("perceptron-family",
          "Take `left_out` of this chapter and let `others` be all samples of other families.",
          "For each family: center and scale from the others, train on the others, predict this "
          "family, count. At the end divide the count by the number of samples.")
def family(trial, families_left_out):
    for seed, what in ((26, "24 samples in four families"), (40, "families of other sizes")):
        X, y, groups = _families(seed)
        trial.gives(families_left_out, (X, y, groups), run_left_out(X, y, groups), what)
    alone = np.arange(len(y))
    trial.gives(families_left_out, (X, y, alone), run_left_out(X, y, alone),
                "families of one: leave-one-out")


def _families(seed):
    rng = np.random.default_rng(seed)
    groups = np.repeat(["a", "b", "c", "d"], rng.permutation([2, 4, 6, 12]))
    X = rng.normal(size=(24, 2)) * [1, 30] + [0, 100] + 1.5 * (groups[:, None] == "b") * [1, 30]
    y = np.where(X[:, 0] + (X[:, 1] - 100) / 30 + 0.3 * rng.normal(size=24) > 0.5, 1, -1)
    return X, y, groups


family.mistake("Center and scale come from all samples here. Those left out must not take part.",
               lambda X, y, groups: run_left_out(X, y, groups, everyone=True))
family.mistake("The model has seen the samples it is tested on. Train it on the others only.",
               lambda X, y, groups: run_left_out(X, y, groups, seen=True, everyone=True))
family.mistake("This is the mean over families, in which a small one counts as much as a large one. "
               "The fraction of all samples was asked for.",
               lambda X, y, groups: run_left_out(X, y, groups, average=True))
family.mistake("Only single samples were left out, while the rest of the family stayed.",
               lambda X, y, groups: run_left_out(X, y, np.arange(len(y))))
family.mistake("The features are not standardized.",
               lambda X, y, groups: run_left_out(X, y, groups, standardize=False))


# --- Beside a simpler method ---

def split(ours, simple, sides=2, at_least=True, ties=False):
    """(gained, lost, probability) of two methods that are right where these arrays say so."""
    gained, lost = int(np.sum(ours & ~simple)), int(np.sum(simple & ~ours))
    n, ahead = (len(ours), gained + int(np.sum(ours == simple))) if ties else (gained + lost, max(gained, lost))
    tail = sum(math.comb(n, k) for k in range(ahead, n + 1 if at_least else ahead + 1))
    return gained, lost, min(1.0, sides * tail / 2**n)


@exercise("perceptron-beside",
          "Samples on which both methods are right, or both wrong, tell nothing: leave them out first.",
          "With n samples that tell, add up comb(n, k) for k from the larger of the two numbers to n. "
          "Twice that, since either method may be ahead, divided by 2**n, but never more than 1.")
def beside(trial, than_logistic, than_threshold, beside):
    trial.choice(than_logistic, "not clear", ["clear"], "four mistakes fewer")
    trial.choice(than_threshold, "clear", ["not clear"], "seven mistakes fewer")
    for right_only, wrong_only, both, neither, what in (
            (4, 1, 5, 2, "ours ahead by four to one"), (2, 9, 20, 3, "the simple one ahead"),
            (12, 2, 0, 4, "no sample that both have right"), (3, 3, 4, 1, "a tie"),
            (0, 0, 5, 2, "two methods that never differ")):
        ours = np.repeat([True, False, True, False], [right_only, wrong_only, both, neither])
        simple = np.repeat([False, True, True, False], [right_only, wrong_only, both, neither])
        value = trial.call(beside, ours, simple)
        got = trial.array(value, what, shape=(3,))
        trial.close(got, split(ours, simple), what, f"beside({show(ours)}, {show(simple)})")


beside.mistake("How often do four tosses of a coin all come out alike? Twice in sixteen.",
               "clear", "clear", split)
beside.mistake("How often do seven tosses of a coin all come out alike? Twice in 128.",
               "not clear", "not clear", split)
beside.mistake("This counts one side only. The simple method could have been ahead as well, so the "
               "probability is twice that.", "not clear", "clear", lambda a, b: split(a, b, sides=1))
beside.mistake("This is the probability of exactly this outcome. Those that are more uneven belong "
               "to it.", "not clear", "clear", lambda a, b: split(a, b, at_least=False))
beside.mistake("The two numbers are exchanged: first come the samples that only `ours` has right.",
               "not clear", "clear", lambda a, b: split(b, a))
beside.mistake("Samples that both methods have right are counted here. Only those tell that one has "
               "right and the other wrong.", "not clear", "clear",
               lambda a, b: (int(a.sum()), int(b.sum()), split(a, b)[2]))
beside.mistake("The coin was tossed for every sample. Where the methods agree there is nothing to "
               "decide.", "not clear", "clear", lambda a, b: split(a, b, ties=True))
beside.mistake("Of a tie, both halves of the tosses count the middle: the sum exceeds 1, and no "
               "probability does.", "not clear", "clear",
               lambda a, b: (*split(a, b)[:2], 2 * split(a, b, sides=1)[2]))


# --- A logistic unit that never arrives ---

def descend(X, y, steps, mean=True, bias=True, zero_one=True, sign=1):
    w, b = np.zeros(X.shape[1]), 0.0
    labels = (y + 1) / 2 if zero_one else y
    for _ in range(steps):
        error = (1 / (1 + np.exp(-(X @ w + b))) - labels) / (len(y) if mean else 1)
        w, b = w - sign * error @ X, b - sign * error.sum() * bias
    return w, b


@exercise("perceptron-growth",
          "Once all samples are right, what does doubling the weights do to the loss, and to the line?",
          "The labels for the loss are 0 and 1. A step subtracts the mean over the samples of "
          "(probability minus label) times the input; for the bias the input is 1.")
def growth(trial, weights, line, train):
    trial.choice(weights, "never settles", ["settles"], "the length of the weights")
    trial.choice(line, "settles", ["never settles"], "the line")
    one = np.array([[2.0, 0.0], [0.0, 1.0]])
    rng = np.random.default_rng(1)
    many = rng.normal(size=(20, 3)), rng.choice([-1, 1], 20)
    for X, y, steps, what in ((one, np.array([1, -1]), 1, "one step by hand"),
                              (POINTS, LABELS, 200, "200 steps"),
                              (*many, 30, "three features, no line")):
        value = trial.call(train, X, y, steps)
        w, b = weights_and_bias(trial, value, X.shape[1], what)
        trial.close([*w, b], np.append(*descend(X, y, steps)), f"{what}: w and b",
                    f"train({show(X)}, {show(y)}, {steps})", tolerance=1e-3)


growth.mistake("With every sample right, longer weights still lower the loss a little. What stops "
               "them?", "settles", "settles", descend)
growth.mistake("The weights grow, but in which direction? Their length alone does not move the "
               "line.", "never settles", "never settles", descend)
growth.mistake("The labels -1 and +1 were used as they are; this loss wants 0 and 1.",
               "never settles", "settles", lambda *a: descend(*a, zero_one=False))
growth.mistake("The gradients were added up over the samples. The loss is their mean.",
               "never settles", "settles", lambda *a: descend(*a, mean=False))
growth.mistake("The bias stays at 0. It learns too.",
               "never settles", "settles", lambda *a: descend(*a, bias=False))
growth.mistake("Up the slope instead of down.",
               "never settles", "settles", lambda *a: descend(*a, sign=-1))
