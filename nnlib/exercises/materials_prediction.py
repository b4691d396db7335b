"""Checks of the exercises on predicting properties of materials."""

from math import erf

import numpy as np

from nnlib.exercises.registry import exercise
from nnlib.exercises.trial import show

# --- Which split answers? ---


@exercise(
    "materials_prediction-splits",
    "Ask of each split what its test set holds that its training set does not: new proportions, a "
    "new combination, a new element.",
    "Six elements remain. Count the ways to take one, two, three and four of them, and add up.",
)
def splits(trial, proportions, ternary, rhodium, hardest, systems_left):
    trial.choice(proportions, "random", ["system", "element"], "more proportions of known systems")
    trial.choice(ternary, "system", ["random", "element"], "a new ternary system")
    trial.choice(rhodium, "element", ["random", "system"], "alloys with rhodium")
    trial.choice(hardest, "element", ["random", "system"], "the largest error")
    trial.predicted(systems_left, 56, "the number of systems left")


splits.mistake("Random folds test new proportions of systems that the model has seen. A new ternary "
               "is a combination that it has not.", "random", "random", "element", "element", 56)
splits.mistake("A system left out is one of which the model has seen no alloy at all. Of the systems "
               "that this colleague asks about, has it seen some?",
               "system", "system", "element", "element", 56)
splits.mistake("An element left out is new to the model in every alloy. Is any element new to it here?",
               "element", "system", "element", "element", 56)
splits.mistake("Its elements are all in the table, in its three binaries. What of a ternary is not?",
               "random", "element", "element", "element", 56)
splits.mistake("With random folds the model has seen other alloys of every element that it is asked "
               "about. How many of rhodium has it seen?",
               "random", "system", "random", "element", 56)
splits.mistake("Random folds leave a test alloy its nearest relatives, other proportions of the same "
               "system. The more such help is taken away, the larger is the error.",
               "random", "system", "element", "random", 56)
splits.mistake("Leaving a system out keeps every element in the training set. Rhodium is in none of "
               "its alloys.", "random", "system", "system", "element", 56)
splits.mistake("Look at the table of errors once more: which column is near the mean's error?",
               "random", "system", "element", "system", 56)
splits.mistake("These are the systems that are lost: those with the element. How many stay?",
               "random", "system", "element", "element", 42)
splits.mistake("These are the binary systems alone. One, three and four elements form systems too.",
               "random", "system", "element", "element", 15)
splits.mistake("The binary, ternary and quaternary systems are right; the six pure metals are "
               "systems of one element.", "random", "system", "element", "element", 50)


# --- Leave an element out ---


@exercise(
    "materials_prediction-element",
    "Go through the columns. An alloy holds the element if its fraction is above zero, however "
    "small it is.",
    "`np.flatnonzero` turns the mask and its opposite into row numbers; skip the column when the "
    "mask is all true or all false.",
)
def element(trial, element_folds):
    alloys = np.array([[1, 0, 0], [0.75, 0.25, 0], [0.4, 0.4, 0.2], [0, 0.5, 0.5]])
    _folds_agree(trial, element_folds, alloys, "four alloys of three elements")
    alloys = np.array([[0.5, 0, 0.5], [1.0, 0, 0], [0.01, 0, 0.99]])
    _folds_agree(trial, element_folds, alloys, "an element in none and one in all")
    rng = np.random.default_rng(0)
    alloys = rng.dirichlet(np.ones(5), 30) * (rng.random((30, 5)) < 0.5) + 1e-9 * np.eye(30, 5)
    _folds_agree(trial, element_folds, alloys, "thirty alloys, some with traces")


def _folds(X, inside=lambda column, X: column > 0, skip=True):
    pairs = []
    for column in X.T:
        mask = inside(column, X)
        if not skip or (mask.any() and not mask.all()):
            pairs.append((np.flatnonzero(~mask), np.flatnonzero(mask)))
    return pairs


def _folds_agree(trial, element_folds, X, what):
    folds, wanted = trial.call(element_folds, X), _folds(X)
    given = f"element_folds({show(X)})"
    if not isinstance(folds, (list, tuple)):
        trial.fail(f"{what}: return a list of pairs.", "type", given=given, came=type(folds).__name__)
    if len(folds) != len(wanted):
        trial.fail(f"{what}: expected {len(wanted)} pairs, got {len(folds)}.", given=given,
                   came=str(len(folds)))
    for k, (pair, right) in enumerate(zip(folds, wanted), start=1):
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            trial.fail(f"{what}: pair {k} is not (train, test).", "type", given=given)
        for rows, good, name in zip(pair, right, ("train", "test")):
            rows = trial.array(rows, f"{name} of pair {k}", shape=(-1,), given=given)
            if rows.dtype == bool or not np.array_equal(rows, good):
                trial.fail(f"{what}: {name} of pair {k}: not these rows.", given=given,
                           expected=show(good), came=show(rows))
    trial.passed.append(what)


element.mistake("Train and test are exchanged: the alloys with the element are tested.",
                lambda X: [(b, a) for a, b in _folds(X)])
element.mistake("Here an alloy is tested only if the element makes up half of it or more. The "
                "others with the element are in the training set, which so knows the element.",
                lambda X: _folds(X, lambda column, X: column >= 0.5))
element.mistake("Only the pure element is tested. Every alloy that holds it belongs in the test set.",
                lambda X: _folds(X, lambda column, X: column == 1))
element.mistake("These are masks. `np.flatnonzero` turns one into row numbers.",
                lambda X: [(column == 0, column > 0) for column in X.T])
element.mistake("A pair with an empty side is of no use: skip elements that are in no alloy or in "
                "all of them.", lambda X: _folds(X, skip=False))
element.mistake("Traces were counted as absent. An alloy with any amount of the element is tested.",
                lambda X: _folds(X, lambda column, X: column > 1e-6))


# --- Three numbers for a table ---


@exercise(
    "materials_prediction-report",
    "Absolute values before the mean for the first number, no absolute values for the second.",
    "The third is the first divided by the mean distance of the test targets from the mean of the "
    "training targets.",
)
def report(trial, report):
    trial.gives(report, (np.array([0.0, 2.0]), np.array([3.0, 1.0, 2.0]), np.array([2.0, 2.0, 3.0])),
                [1, 1 / 3, 1], "three alloys by hand")
    rng = np.random.default_rng(0)
    for n, scale, what in ((40, 0.05, "forty alloys"), (7, 50, "another unit")):
        y_train, y = scale * rng.normal(1, 1, 25), scale * rng.normal(size=n)
        p = y + 0.3 * scale * rng.normal(0.5, 1, n)
        trial.gives(report, (y_train, y, p), _report(y_train, y, p), what)


def _report(y_train, y, p, trivial=None, size=lambda e: np.mean(np.abs(e))):
    error = size(p - y)
    return error, np.mean(p - y), error / size((np.mean(y_train) if trivial is None else trivial) - y)


report.mistake("The baseline has looked at the test targets: its mean is theirs. It may know the "
               "training set alone.", lambda t, y, p: _report(t, y, p, trivial=np.mean(y)))
report.mistake("The ratio is upside down: a good model's is below 1.",
               lambda t, y, p: (*_report(t, y, p)[:2], 1 / _report(t, y, p)[2]))
report.mistake("This is truth minus prediction. A model that aims too high has a positive number.",
               lambda t, y, p: (_report(t, y, p)[0], np.mean(y - p), _report(t, y, p)[2]))
report.mistake("The mean was taken before the absolute value, so errors up and down cancel.",
               lambda t, y, p: _report(t, y, p, size=lambda e: np.abs(np.mean(e))))
report.mistake("This is the root mean squared error. Take absolute values instead of squares.",
               lambda t, y, p: _report(t, y, p, size=lambda e: np.sqrt(np.mean(e**2))))


# --- Twins in the test set ---


@exercise(
    "materials_prediction-twins",
    "Where is the nearest neighbor of an alloy whose copy is in the training set?",
    "All distances between test and training rows make one array; its smallest entry in a test "
    "alloy's row is zero exactly if the composition was seen.",
)
def twins(trial, twice, seen_and_new):
    trial.choice(twice, "fall", ["stay", "rise"], "every alloy twice")
    X = np.array([[1, 0], [0.5, 0.5], [0.5, 0.5], [0.25, 0.75], [0, 1]])
    y = np.array([0.0, 1.0, 3.0, 10.0, 20.0])
    train, test = np.array([0, 1, 4]), np.array([2, 3])
    trial.gives(seen_and_new, (X, y, train, test), _twins(X, y, train, test), "five alloys by hand")
    rng = np.random.default_rng(0)
    for n, elements, what in ((60, 3, "sixty alloys"), (200, 4, "two hundred alloys")):
        X = rng.multinomial(8, np.ones(elements) / elements, n) / 8
        y, order = rng.normal(size=n), rng.permutation(n)
        train, test = order[n // 3:], order[:n // 3]
        trial.gives(seen_and_new, (X, y, train, test), _twins(X, y, train, test), what)


def _twins(X, y, train, test, size=np.abs, by_system=False, pool=None):
    pool = train if pool is None else pool
    distance = np.linalg.norm(X[test][:, None] - X[pool], axis=2)
    error = size(y[pool][distance.argmin(axis=1)] - y[test])
    seen = distance.min(axis=1) == 0
    if by_system:
        seen = ((X[test][:, None] > 0) == (X[train] > 0)).all(axis=2).any(axis=1)
    return error[seen].mean(), error[~seen].mean() if (~seen).any() else 0.0


twins.mistake("With two copies of each alloy, the test rows of a random fold nearly all have their "
              "copy in the training set. What does the nearest neighbor then answer?", "stay", _twins)
twins.mistake("More rows, but the new ones are copies: nothing became harder. Where is the copy of "
              "a test alloy?", "rise", _twins)
twins.mistake("The two errors are exchanged: the seen compositions come first.",
              "fall", lambda *a: _twins(*a)[::-1])
twins.mistake("The neighbors were searched in all rows, so each test alloy found itself. Search in "
              "the training rows alone.", "fall",
              lambda X, y, train, test: _twins(X, y, train, test, pool=np.arange(len(y))))
twins.mistake("This counts an alloy as seen if its elements are those of a training alloy. The "
              "proportions must be the same too.", "fall", lambda *a: _twins(*a, by_system=True))
twins.mistake("These are mean squared errors. Absolute ones were asked for.",
              "fall", lambda *a: _twins(*a, size=np.square))


# --- The best of many ---


@exercise(
    "materials_prediction-luck",
    "Average the validation errors over the seeds, one number for each setting, and find the row "
    "of the lowest.",
    "The honest number is the mean of that row of the test errors. The lucky one is the minimum "
    "of all test errors.",
)
def luck(trial, two_reports):
    validation = np.array([[3.0, 5.0], [1.0, 9.0], [6.0, 6.0]])
    test = np.array([[4.0, 6.0], [2.0, 9.0], [4.0, 3.0]])
    trial.gives(two_reports, (validation, test), [5.0, 2.0], "three settings by hand")
    rng = np.random.default_rng(0)
    for shape, what in (((20, 3), "twenty settings"), ((6, 1), "one seed each")):
        validation, test = rng.gamma(4, size=(2, *shape))
        trial.gives(two_reports, (validation, test), _luck(validation, test), what)


def _luck(validation, test):
    return test[validation.mean(axis=1).argmin()].mean(), test.min()


luck.mistake("The setting was chosen by its test errors, so the first number is a lucky one too.",
             lambda v, t: (t.mean(axis=1).min(), t.min()))
luck.mistake("This is the validation error of the chosen setting, which is too low because it was "
             "chosen for being low. Report its test error.",
             lambda v, t: (v.mean(axis=1).min(), t.min()))
luck.mistake("The setting was chosen by its single best run. Compare the means over the seeds.",
             lambda v, t: (t[v.min(axis=1).argmin()].mean(), t.min()))
luck.mistake("Rows are settings and columns are seeds; here the seeds were compared.",
             lambda v, t: (t[:, v.mean(axis=0).argmin()].mean(), t.min()))
luck.mistake("The lucky number is the lowest test error of any run, not of the chosen setting's.",
             lambda v, t: (_luck(v, t)[0], t[v.mean(axis=1).argmin()].min()))


# --- Coverage with the floor ---


@exercise(
    "materials_prediction-coverage",
    "`np.unique` with `return_inverse` and `return_counts` gives each row its group and each group "
    "its size. The members are the first axis of P.",
    "The floor's divisor is the number of rows minus the number of groups. For the coverage, the "
    "half width of the interval is k times the root of s squared plus noise squared.",
)
def coverage(trial, noise_floor, coverage):
    trial.gives(noise_floor, (np.array([1.0, 3.0, 10.0, 4.0, 8.0, 6.0]), np.array(list("aacbbb"))),
                np.sqrt(10 / 3), "six energies in three groups")
    rng = np.random.default_rng(0)
    groups = rng.integers(0, 12, 40)
    y = groups + rng.normal(0, 0.1, 40)
    trial.gives(noise_floor, (y, groups), _floor(y, groups), "forty energies")
    P = rng.normal(size=(4, 1)) * 0.1 + rng.normal(size=(4, 500)) * rng.gamma(2, size=500)
    y = rng.normal(0, 2, 500)
    for k, noise, what in ((1, 0.0, "no noise, k = 1"), (2, 0.7, "noise, k = 2")):
        trial.gives(coverage, (P, y, k, noise), _coverage(P, y, k, noise), what)
    trial.gives(coverage, (np.zeros((3, 2)), np.array([1.0, 3.0]), 1.0, 2.0), 0.5,
                "members that agree")


def _floor(y, groups, divisor=lambda n, m: n - m):
    names = np.unique(groups)
    squares = sum(np.sum((y[groups == g] - y[groups == g].mean())**2) for g in names)
    return np.sqrt(squares / divisor(len(y), len(names)))


def _coverage(P, y, k, noise, width=np.hypot, spread=lambda P: P.std(axis=0, ddof=1)):
    return float(np.mean(np.abs(y - P.mean(axis=0)) <= k * width(spread(P), noise)))


coverage.mistake("The sum of squares was divided by the number of rows. Each group's mean was "
                 "estimated from the rows themselves, which costs one row a group.",
                 lambda y, g: _floor(y, g, lambda n, m: n), _coverage)
coverage.mistake("This is the mean of the groups' standard deviations. Add up all squares first, "
                 "then divide and take one root.",
                 lambda y, g: np.mean([np.std(y[g == k], ddof=1) for k in np.unique(g)
                                       if np.sum(g == k) > 1]), _coverage)
coverage.mistake("This is the standard deviation of all energies, whatever their group.",
                 lambda y, g: np.std(y, ddof=1), _coverage)
coverage.mistake("This is the share outside of the intervals.",
                 _floor, lambda *a: 1 - _coverage(*a))
coverage.mistake("The divisor of the members' standard deviation is members minus one: ddof=1.",
                 _floor, lambda *a: _coverage(*a, spread=lambda P: P.std(axis=0)))
coverage.mistake("This is the standard error of the mean. It says how well the mean of many "
                 "networks is known, not how far the truth may be.", _floor,
                 lambda *a: _coverage(*a, spread=lambda P: P.std(axis=0, ddof=1) / len(P)**0.5))
coverage.mistake("The noise takes no part. Is the interval wide enough where the members agree?",
                 _floor, lambda P, y, k, noise: _coverage(P, y, k, 0))
coverage.mistake("s and noise were added. Independent uncertainties add as squares.",
                 _floor, lambda *a: _coverage(*a, width=np.add))


# --- Expected improvement ---


@exercise(
    "materials_prediction-improvement",
    "An improvement is a lower energy: f minus the mean, not the other way round. Try an alloy with "
    "mean equal to f: only the second term is left.",
    "For `choose`, set the known ones to minus infinity in a copy of the result, and sort its "
    "negative.",
)
def improvement(trial, expected_improvement, choose):
    one = np.array([0.4])
    trial.gives(expected_improvement, (np.zeros(1), one, 0.0), one * 0.3989422804,
                "a mean at the lowest so far")
    mean, s = np.array([-2.0, -1.0, 0.0, 1.0, 2.0]), np.array([0.1, 1.0, 2.0, 0.5, 5.0])
    trial.gives(expected_improvement, (mean, s, -0.5), _ei(mean, s, -0.5), "five alloys")
    trial.gives(expected_improvement, (np.array([-1.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0]), 0.2),
                _ei(np.array([-1.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0]), 0.2),
                "alloys without uncertainty")
    rng = np.random.default_rng(0)
    mean, s = rng.normal(size=(2, 30))
    s = np.abs(s)
    order = np.argsort(-_ei(mean, s, -1.0))
    trial.gives(choose, (mean, s, -1.0, [], 4), order[:4], "four of thirty, none known")
    known = order[[0, 2]].tolist()
    trial.gives(choose, (mean, s, -1.0, known, 3), order[[1, 3, 4]], "three, with two known")


def _ei(mean, s, f, sign=1, second=1):
    gain, safe = sign * (f - mean), np.where(s > 0, s, 1)
    u = gain / safe
    phi = np.exp(-u**2 / 2) / np.sqrt(2 * np.pi)
    return np.where(s > 0, gain * _cdf(u) + second * s * phi, np.maximum(gain, 0))


def _cdf(u):
    return np.array([0.5 * (1 + erf(value / 2**0.5)) for value in u])


def _choose(mean, s, f, known, n, free=True, sign=-1, ei=_ei):
    promise = ei(mean, s, f)
    order = np.argsort(sign * promise)
    return np.array([k for k in order if not free or k not in known][:n])


improvement.mistake("This rewards high energies. The search is for the lowest: an improvement is "
                    "f minus the mean.", lambda *a: _ei(*a, sign=-1), _choose)
improvement.mistake("The term with the density is missing, so uncertainty counts for nothing where "
                    "the mean equals f.", lambda *a: _ei(*a, second=0), _choose)


improvement.mistake("Without uncertainty the improvement is not zero: it is f minus the mean where "
                    "that is positive.", lambda mean, s, f: np.where(s > 0, _ei(mean, s, f), 0.0),
                    _choose)
improvement.mistake("Alloys without uncertainty that are worse than f improve nothing; this gives "
                    "them a negative number.",
                    lambda mean, s, f: np.where(s > 0, _ei(mean, s, f), f - mean), _choose)
improvement.mistake("This is the probability of an improvement. How large it will be counts too.",
                    lambda mean, s, f: _cdf((f - mean) / np.where(s > 0, s, 1)), _choose)
improvement.mistake("These are the least promising alloys: the sorting is upside down.",
                    _ei, lambda *a: _choose(*a, sign=1))
improvement.mistake("Known alloys are chosen again. Computing one twice teaches nothing.",
                    _ei, lambda *a: _choose(*a, free=False))


# --- Three hundred steels ---


@exercise(
    "materials_prediction-steels",
    "Take one fold's test rows, compute the mean absolute error there; do so for all folds.",
    "The two answers are np.mean and np.std of the list of errors.",
)
def steels(trial, matbench_score):
    p, y = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([1.0, 0.0, 3.0, 8.0, 5.0])
    folds = [(np.array([3, 4]), np.array([0, 1, 2])), (np.array([0, 1, 2]), np.array([3, 4]))]
    trial.gives(matbench_score, (p, y, folds), [4 / 3, 2 / 3], "five steels in two folds")
    rng = np.random.default_rng(0)
    y = rng.gamma(4, 300, 47)
    p = y + rng.normal(0, 100, 47) * np.linspace(0.2, 2, 47)
    tests = np.split(np.arange(47), [5, 14, 25, 37])
    folds = [(np.setdiff1d(np.arange(47), test), test) for test in tests]
    trial.gives(matbench_score, (p, y, folds), _score(p, y, folds), "47 steels in five folds")


def _score(p, y, folds, side=1, size=lambda e: np.mean(np.abs(e)), ddof=0):
    errors = [size((p - y)[fold[side]]) for fold in folds]
    return np.mean(errors), np.std(errors, ddof=ddof)


steels.mistake("This is the error over all rows at once. The folds differ in size, and each fold's "
               "error counts the same.",
               lambda p, y, folds: (np.mean(np.abs(p - y)), _score(p, y, folds)[1]))
steels.mistake("These are the training rows of each fold. Take its test rows.",
               lambda p, y, folds: _score(p, y, folds, side=0))
steels.mistake("The divisor of the standard deviation is the number of folds.",
               lambda p, y, folds: _score(p, y, folds, ddof=1))
steels.mistake("These are root mean squared errors. Matbench scores absolute ones.",
               lambda p, y, folds: _score(p, y, folds, size=lambda e: np.sqrt(np.mean(e**2))))
