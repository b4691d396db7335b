"""Checks of the exercises in the introduction."""

import numpy as np

from nnlib.exercises.registry import exercise

# --- Counting ---

@exercise("intro-count",
          "Go from layer to layer. Every unit has a weight for each unit of the layer before it, and one bias.",
          "The first hidden layer has 10 units with 4 weights and a bias each: 10 times 5. Two layers are left.")
def count(trial, narrow, wide):
    trial.predicted(narrow, 193, "the network with 10 units in each hidden layer")
    trial.predicted(wide, 583, "the network with 20 units in each hidden layer")


count.mistake("The biases are missing: one for each unit of the hidden layers and of the output.", 170, 540)
count.mistake("Inputs have no biases; only units have.", 197, 587)
count.mistake("There are two hidden layers, with weights from one to the other.", 83, 163)
count.mistake("The outputs are units too, with weights and biases of their own.", 160, 520)
count.mistake("The output's units have biases as well.", 190, 580)
count.mistake("These are the circles in the drawing. Count its lines, and a bias for each unit.", 27, 47)
count.mistake("Not every layer doubles: the weights between the two hidden layers become four times as many.",
              193, 386)
count.mistake("Only the weights between the two hidden layers become four times as many.", 193, 772)
count.mistake("The biases are missing in the second network.", 193, 540)


# --- When it pays ---

@exercise("intro-payoff",
          "Write down two bills for n answers: by calculation alone, and by the surrogate with all that it takes "
          "to get one.",
          "The surrogate costs examples * calculation + training before its first answer. Each answer then saves "
          "calculation - network.")
def payoff(trial, pays_after):
    for costs, what in [((1.0, 0.0, 100, 50.0), "answers that cost nothing"),
                        ((2.0, 0.5, 30, 15.0), "answers at a quarter of the price"),
                        ((0.005, 2e-7, 128, 2.5), "costs like those of this chapter"),
                        ((1.0, 4.0, 10, 10.0), "a network slower than the calculation"),
                        ((1.0, 1.0, 10, 10.0), "a network as slow as the calculation")]:
        trial.gives(pays_after, costs, _pays_after(*costs), what)


def _pays_after(calculation, network, examples, training):
    saved = calculation - network
    return (examples * calculation + training) / saved if saved > 0 else np.inf


@payoff.mistake("The examples have to be calculated too, before there is a network.")
def payoff_free_examples(calculation, network, examples, training):
    return _pays_after(calculation, network, 0, training)


@payoff.mistake("The training is missing from the bill.")
def payoff_free_training(calculation, network, examples, training):
    return _pays_after(calculation, network, examples, 0)


@payoff.mistake("The network's answers cost something too: an answer saves the difference of the two costs.")
def payoff_free_answers(calculation, network, examples, training):
    return _pays_after(calculation, 0, examples, training) if network < calculation else np.inf


@payoff.mistake("`examples` is a number of calculations, not a time. What does one of them cost?")
def payoff_examples_as_seconds(calculation, network, examples, training):
    return _pays_after(calculation, network, examples / calculation, training)


@payoff.mistake("Where an answer saves nothing, the surrogate never pays, however many answers you need: `np.inf`.")
def payoff_never(calculation, network, examples, training):
    return (examples * calculation + training) / (calculation - network)


# --- A guard ---

DIAGONAL = np.column_stack([np.linspace(0, 1, 11)] * 2)


@exercise("intro-guard",
          "`X.min(axis=0)` and `X.max(axis=0)` are the ends of the range of each input.",
          "A row is covered where *all* of its inputs lie within: compare, then `np.all(..., axis=1)`. For the "
          "hole, draw the examples: they lie on a diagonal of the box, and a box has corners.")
def guard(trial, covered, hole):
    X = np.array([[10.0, 0.5], [30.0, 2.0], [20.0, 3.0]])
    for candidates, what in [
            ([[20.0, 1.0]], "a pair within both ranges"),
            ([[20.0, 8.0], [5.0, 1.0], [15.0, 1.0], [40.0, 9.0], [1.0, 20.0]],
             "pairs of which one input or both lie outside"),
            ([[10.0, 3.0], [30.0, 0.5]], "pairs at the ends of the ranges")]:
        trial.gives(covered, (X, np.array(candidates)), _covered(X, np.array(candidates)), what)
    rng = np.random.default_rng(0)
    X, candidates = rng.normal(size=(20, 3)), 2 * rng.normal(size=(30, 3))
    trial.gives(covered, (X, candidates), _covered(X, candidates), "twenty examples with three inputs")
    place = trial.array(hole, "the hole", shape=(2,)).astype(float)
    trial.that(_covered(DIAGONAL, place[None])[0], "a hole that the guard lets pass",
               "this pair lies outside the range of an input.", came="outside")
    distance = np.linalg.norm(DIAGONAL - place, axis=1).min()
    trial.that(distance >= 0.5, "a hole at least 0.5 from every example",
               f"the nearest example is {distance:.2f} away.", came="near")


def _covered(X, candidates):
    return np.all((candidates >= X.min(axis=0)) & (candidates <= X.max(axis=0)), axis=1)


guard.mistake("One input within its range is not enough: a depth of 20 eV with a distance of 8 Å passes here.",
              lambda X, candidates: np.any((candidates >= X.min(axis=0)) & (candidates <= X.max(axis=0)), axis=1),
              [1, 0])
guard.mistake("The ends belong to the range: an example lies there.",
              lambda X, candidates: np.all((candidates > X.min(axis=0)) & (candidates < X.max(axis=0)), axis=1),
              [1, 0])
guard.mistake("This takes one range for all inputs together. Each input has its own: `axis=0`.",
              lambda X, candidates: np.all((candidates >= X.min()) & (candidates <= X.max()), axis=1), [1, 0])
guard.mistake("This is True for what lies outside.",
              lambda X, candidates: ~_covered(X, candidates), [1, 0])
guard.mistake("One answer for all candidates together is too few: return one per row, with `axis=1`.",
              lambda X, candidates: np.all(_covered(X, candidates)), [1, 0])
guard.mistake("This says for each input whether it is covered. A row is covered if all of its inputs are.",
              lambda X, candidates: (candidates >= X.min(axis=0)) & (candidates <= X.max(axis=0)), [1, 0])
guard.mistake("The upper ends are not looked at.",
              lambda X, candidates: np.all(candidates >= X.min(axis=0), axis=1), [1, 0])
guard.mistake("The guard stops this pair. The hole must lie within both ranges, from 0 to 1.", _covered, [2, 0])
guard.mistake("The diagonal runs through here. Which places of the square are farthest from it?",
              _covered, [0.5, 0.4])


# --- How many examples ---

@exercise("intro-examples",
          "For each n: solve by `np.linalg.lstsq` with the first n rows of A and y, then compare `A[:n] @ c` with "
          "`y[:n]` and `A_test @ c` with `y_test`.",
          "Two means of absolute differences make a row of the result. The polynomial can meet as many examples "
          "exactly as it has coefficients.")
def examples(trial, learning_curve, exact):
    rng = np.random.default_rng(0)
    A, A_test = rng.normal(size=(12, 4)), rng.normal(size=(9, 4))
    c = np.array([1.0, -2.0, 0.5, 3.0])
    y, y_test = A @ c + 0.3 * rng.normal(size=12), A_test @ c
    for sizes, what in [((8,), "eight examples, four coefficients"),
                        ((2, 4, 6, 12), "four sizes, one of them smaller than the number of coefficients")]:
        trial.gives(learning_curve, (A, y, A_test, y_test, sizes), _learning_curve(A, y, A_test, y_test, sizes), what)
    trial.predicted(exact, 28, "the most examples that are met exactly")


def _learning_curve(A, y, A_test, y_test, sizes, size=lambda off: np.abs(off).mean(), fitted=lambda n: n,
                    judged=lambda n: n):
    rows = []
    for n in sizes:
        c = np.linalg.lstsq(A[:fitted(n)], y[:fitted(n)], rcond=None)[0]
        rows.append([size(A[:judged(n)] @ c - y[:judged(n)]), size(A_test @ c - y_test)])
    return np.array(rows)


def _curve(**other):
    return lambda A, y, A_test, y_test, sizes: _learning_curve(A, y, A_test, y_test, sizes, **other)


examples.mistake("The polynomial is fitted to all examples every time. Take the first n rows, `A[:n]` and `y[:n]`.",
                 _curve(fitted=lambda n: None), 28)
examples.mistake("The first error is on the n examples that were fitted, not on all there are.",
                 _curve(judged=lambda n: None), 28)
examples.mistake("The differences are squared. The chapter's errors are means of absolute values.",
                 _curve(size=lambda off: (off**2).mean()), 28)
examples.mistake("This is the root mean squared error. The chapter's errors are means of absolute values.",
                 _curve(size=lambda off: np.sqrt((off**2).mean())), 28)
examples.mistake("Errors of either sign cancel here. Take absolute values before the mean.", _curve(size=np.mean), 28)
examples.mistake("The two errors are exchanged: the one on the examples comes first.",
                 lambda *given: _learning_curve(*given)[:, ::-1], 28)
examples.mistake("Rows and columns are exchanged: a row for each size, with two errors in it.",
                 lambda *given: _learning_curve(*given).T, 28)
examples.mistake("Twenty are met exactly. Can the polynomial meet more?", _learning_curve, 20)
examples.mistake("With 26 examples, two coefficients are still to spare.", _learning_curve, 26)
examples.mistake("With 30 examples there are more equations than coefficients.", _learning_curve, 30)
