"""Checks of the exercises on materials data."""

import re

import numpy as np

from nnlib.datasets import load_elements
from nnlib.exercises.registry import exercise
from nnlib.exercises.trial import describe, show
from nnlib.materials import (
    STATISTICS,
    composition_features,
    fractions,
    group_by_chemical_system,
    parse_formula,
)

# --- What remains ---


@exercise(
    "materials_data-worth",
    "The single answer is the mean of the three. Square the deviations from it, average, take the root.",
    "The deviations are -0.04, 0.02 and 0.02. The bounds are 0.054 less 0.005, and 0.054 and 0.005.",
)
def worth(trial, best, rest, nearest_bound, farthest_bound):
    trial.predicted(best, -0.08, "the single answer")
    trial.predicted(rest, 0.0008**0.5, "the root mean squared error", tolerance=3e-4)  # 1 %
    trial.predicted(nearest_bound, 0.049, "the nearer bound")
    trial.predicted(farthest_bound, 0.059, "the farther bound")


worth.mistake("That is the lowest energy, of the crystal that nature would prefer. The squared error "
              "counts all three.", -0.12, 0.0283, 0.049, 0.059)
worth.mistake("That is the median, which makes the mean absolute error smallest.",
              -0.06, 0.0283, 0.049, 0.059)
worth.mistake("This is the mean absolute error. Square first.", -0.08, 0.08 / 3, 0.049, 0.059)
worth.mistake("Divide the squares by three: the mean is the model's answer here, not an estimate.",
              -0.08, 0.0012**0.5, 0.049, 0.059)
worth.mistake("This is the mean squared error, in eV² per atom². Its root is asked for.",
              -0.08, 0.0008, 0.049, 0.059)
worth.mistake("The distance is from experiment, not from EMT. The labels are 0.054 Å off before the "
              "model adds its own.", -0.08, 0.0283, 0.0, 0.005)
worth.mistake("The model may also be off toward experiment, and so nearer to it than EMT.",
              -0.08, 0.0283, 0.054, 0.059)
worth.mistake("These uncertainties do not add as squares: EMT's deviation is known and has a sign.",
              -0.08, 0.0283, 0.049, (0.054**2 + 0.005**2)**0.5)


# --- Alumina by hand ---


@exercise(
    "materials_data-features",
    "Two of five atoms are aluminum. Weigh the electronegativities by the fractions for the mean.",
    "The deviation is 0.4 times aluminum's distance from the mean plus 0.6 times oxygen's. The "
    "range does not ask how much there is of each.",
)
def features(trial, oxygen, statistics, changed):
    trial.predicted(oxygen, 0.6, "the fraction of oxygen")
    for value, right, what in zip(trial.array(statistics, "the statistics", shape=(3,)),
                                  (2.708, 0.8784, 1.83), ("mean", "deviation", "range")):
        trial.predicted(value, right, f"the {what}", tolerance=1e-3)
    trial.choice(changed, "none", ["all", "some"], "Al4O6")


features.mistake("That is the amount of oxygen for each aluminum. Its part of all atoms is asked for.",
                 1.5, [2.708, 0.8784, 1.83], "none")
features.mistake("That is the fraction of aluminum.", 0.4, [2.708, 0.8784, 1.83], "none")
features.mistake("This mean counts both elements once. Oxygen is three of the five atoms.",
                 0.6, [2.525, 0.8784, 1.83], "none")
features.mistake("This deviation counts both elements once. Weigh the distances by the fractions.",
                 0.6, [2.708, 0.915, 1.83], "none")
features.mistake("This is the standard deviation. Take absolute distances, without squares.",
                 0.6, [2.708, 0.8965, 1.83], "none")
features.mistake("Al4O6 has twice the atoms in the same proportions. What enters the formulas?",
                 0.6, [2.708, 0.8784, 1.83], "all")
features.mistake("Amounts double, so one might expect it of whatever counts atoms. Write down the "
                 "fractions of Al4O6 first, and see which of the three uses anything else.",
                 0.6, [2.708, 0.8784, 1.83], "some")


# --- The same in other words ---


@exercise(
    "materials_data-groups",
    "`materials.fractions(formulas)` has a row of fractions for each formula, with the same columns "
    "for all. Rows that are equal, up to rounding, are the same composition.",
    "`numbers.setdefault(key, len(numbers))` looks a key up in a dictionary and gives it the next "
    "number if it is new.",
)
def groups(trial, groups):
    for formulas, what in (
        (["NiAl", "Ni3Al", "AlNi", "Ni0.5Al0.5"], "four formulas"),
        (["Ba(NO3)2", "NaCl", "O6N2Ba", "Na2Cl2", "BaN2O6"], "brackets and multiples"),
        (["Fe", "Fe2", "FeO", "Fe2O3", "Fe0.4O0.6", "Fe3O4"], "one system, several compositions"),
        (["Cu", "Au0.333333Cu0.666667", "Cu2Au", "Au0.3334Cu0.6666"], "thirds as decimals"),
    ):
        _groups_agree(trial, groups, formulas, what)


def _groups(formulas, key=lambda row, text: tuple(row.round(5))):
    numbers = {}
    return [numbers.setdefault(key(row, text), len(numbers))
            for row, text in zip(fractions(formulas), formulas)]


def _plain(formula):
    """The formula as the chapter's `parse` reads it, which passes over brackets."""
    amounts = {}
    for symbol, n in re.findall(r"([A-Z][a-z]?)([\d.]*)", formula):
        amounts[symbol] = amounts.get(symbol, 0) + float(n or 1)
    return _formula(amounts)


def _without_brackets(formulas):
    return _groups([_plain(formula) for formula in formulas])


def _groups_agree(trial, groups, formulas, what):
    wanted = np.array(_groups(formulas))
    given = f"groups({formulas})"
    came = trial.array(trial.call(groups, formulas), what, shape=wanted.shape, given=given)
    trial.that(np.array_equal(came, wanted), what, "not these numbers.", given=given,
               expected=show(wanted), came=show(came))


groups.mistake("Formulas are compared as texts. The same composition can be written in many ways.",
               lambda formulas: _groups(formulas, lambda row, text: text))
groups.mistake("`parse` of the chapter passes over brackets. `materials.fractions` reads them.",
               _without_brackets)
groups.mistake("The elements are compared, but not the amounts: this is the chemical system.",
               lambda formulas: _groups(formulas, lambda row, text: tuple(row > 0)))
groups.mistake("The order in which elements are written takes part. NiAl and AlNi are the same.",
               lambda formulas: _groups(formulas, lambda row, text: (text[:1], *row.round(5))))
groups.mistake("The numbers are right as labels, but not in order of first appearance. `np.unique` "
               "sorts.", lambda formulas: np.unique(fractions(formulas).round(5), axis=0,
                                                    return_inverse=True)[1].ravel())
groups.mistake("Begin to count with 0.", lambda formulas: [n + 1 for n in _groups(formulas)])
groups.mistake("The fractions are rounded too coarsely, so that different compositions fall together.",
               lambda formulas: _groups(formulas, lambda row, text: tuple(row.round(2))))
groups.mistake("The fractions are compared to the last digit. 0.333333 and a third are meant to be "
               "the same.", lambda formulas: _groups(formulas, lambda row, text: tuple(row.round(9))))


# --- From density to length ---


@exercise(
    "materials_data-side",
    "The mass of the cell in grams is atoms times mass divided by Avogadro's number, 6.02214076e23.",
    "Mass over density is the volume in cm³; its cube root is in cm, and a cm has 1e8 Å.",
)
def side(trial, side):
    trial.gives(side, (8.96, 63.546, 4), _side(8.96, 63.546, 4), "copper, four atoms", tolerance=1e-3)
    trial.gives(side, (7.87, 55.845, 2), _side(7.87, 55.845, 2), "iron, two atoms", tolerance=1e-3)
    density, mass = np.array([2.33, 5.3234]), np.array([28.085, 72.63])
    trial.gives(side, (density, mass, 8), _side(density, mass, 8), "silicon and germanium, arrays",
                tolerance=1e-3)


def _side(density, mass, atoms, avogadro=6.02214076e23, root=np.cbrt, unit=1e8):
    return root(atoms * mass / (avogadro * density)) * unit


side.mistake("The cell holds several atoms. This is the side of a cube for one.",
             lambda density, mass, atoms: _side(density, mass, 1))
side.mistake("This is in cm. 1 cm is 1e8 Å.", lambda *a: _side(*a, unit=1))
side.mistake("This is in pm. Divide by 100 for Å.", lambda *a: _side(*a, unit=1e10))
side.mistake("This is in nm. Multiply by 10 for Å.", lambda *a: _side(*a, unit=1e7))
side.mistake("This is the volume of the cell in Å³, not its side: the cube root is missing.",
             lambda *a: _side(*a, root=lambda v: v, unit=1e24))
side.mistake("This is a square root. A volume has three edges.", lambda *a: _side(*a, root=np.sqrt))
side.mistake("The density was multiplied with. Volume is mass divided by density.",
             lambda density, mass, atoms: _side(1 / density, mass, atoms))


# --- Three laboratories ---


@exercise(
    "materials_data-repair",
    "If the factor is right, the logarithm of value over estimate is close to that of the factor. "
    "`argmin` along the axis of the factors finds the closest.",
    "Halfway between 1 and 1/√2 on the scale of logarithms lies 2 to the power -1/4. The estimate "
    "stands in the denominator.",
)
def repair(trial, repair, limit):
    factors = [1, 100, 0.5]
    values, estimate = np.array([4.0, 390.0, 2.1]), np.array([4.1, 4.0, 4.0])
    trial.gives(repair, (values, estimate, factors), [4.0, 3.9, 4.2], "three rows by hand")
    rng = np.random.default_rng(0)
    right = rng.uniform(3, 5, 60)
    factors = [1, 100, 0.1, 2**-0.5]
    values = right * rng.choice(factors, 60)
    estimate = right * rng.uniform(0.93, 1.07, 60)
    trial.gives(repair, (values, estimate, factors), right, "sixty rows, four factors")
    trial.gives(repair, (np.array([10.0]), np.array([2.0]), [1, 10]), [1.0],
                "a row nearer in ratio to one factor, in logarithm to the other")
    trial.gives(repair, (np.array([8.0]), np.array([4.0]), [1, 8]), [8.0],
                "a row nearer in difference to one factor, in logarithm to the other")
    trial.predicted(limit, 2**0.25, "the limit", tolerance=5e-3)


def _repair(values, estimate, factors, take=lambda v, f: v / f, scale=np.log, one=False):
    factors = np.asarray(factors, float)
    distance = np.abs(scale(values / estimate)[:, None] - scale(factors))
    if one:
        distance = np.broadcast_to(distance.sum(axis=0), distance.shape)
    return take(np.asarray(values), factors[distance.argmin(axis=1)])


def _nearest(values, estimate, factors):
    repaired = np.asarray(values)[:, None] / np.asarray(factors, float)
    best = np.abs(repaired - np.asarray(estimate)[:, None]).argmin(axis=1)
    return repaired[np.arange(len(repaired)), best]


LIMIT = 2**0.25
repair.mistake("The values were multiplied by the factor once more. Divide.",
               lambda *a: _repair(*a, take=lambda v, f: v * f), LIMIT)
repair.mistake("These are the factors. Divide the values by them.",
               lambda *a: _repair(*a, take=lambda v, f: f), LIMIT)
repair.mistake("One factor was chosen for the whole table. Each row has its own.",
               lambda *a: _repair(*a, one=True), LIMIT)
repair.mistake("The ratios are compared without logarithms. Five is nearer to 1 than to 10 then, but "
               "a factor of five away from 1 and of two from 10.",
               lambda *a: _repair(*a, scale=lambda v: np.asarray(v, float)), LIMIT)
repair.mistake("The repaired value nearest to the estimate in Å was chosen. Compare logarithms: twice the "
               "estimate is nearer to it than a quarter.", _nearest, LIMIT)
repair.mistake("The estimates were returned. They are only there to find the factor.",
               lambda values, estimate, factors: estimate, LIMIT)
repair.mistake("This is the ratio of the factors. The border lies halfway between them.",
               _repair, 2**0.5)
repair.mistake("This is halfway without logarithms.", _repair, 2 / (1 + 2**-0.5))
repair.mistake("This is the other way up: right value over estimate.", _repair, 2**-0.25)


# --- Columns that repeat ---


@exercise(
    "materials_data-keep",
    "Go through the columns in a loop, with a list of those kept so far. Compare with these only.",
    "`np.ptp(F[:, j]) == 0` finds a constant column. For the others, take the absolute value of "
    "`np.corrcoef(F[:, i], F[:, j])[0, 1]`.",
)
def keep(trial, keep):
    u, v = np.array([1.0, 2, 3, 4, 5, 6]), np.array([2.0, -1, 0, 1, -1, 2])
    _kept(trial, keep, np.column_stack([u, v, 3 * u + 1]), 0.9, "a column on another scale")
    _kept(trial, keep, np.column_stack([u, v, -u]), 0.9, "a column with the other sign")
    _kept(trial, keep, np.column_stack([u, np.full(6, 2.0), v]), 0.9, "a constant column")
    _kept(trial, keep, np.column_stack([np.full(6, 2.0), u, v]), 0.9, "a constant column, the first")
    w = np.array([1.0, 1, 1, -1, -1, -1])
    w, q = w / w.std(), np.array([1.0, -1, 0, 0, -1, 1])
    q = q / q.std()
    turn = [w, 0.8 * w + 0.6 * q, 0.28 * w + 0.96 * q]  # each close to the next, the ends are not
    _kept(trial, keep, np.column_stack(turn), 0.7, "a chain of three")
    rng = np.random.default_rng(0)
    F = rng.normal(size=(40, 3)) @ rng.normal(size=(3, 8))
    _kept(trial, keep, F, 0.6, "eight columns of three sources")


def _keep(F, limit, size=np.abs, against="kept", constant=False):
    kept = []
    for j in range(F.shape[1]):
        if np.ptp(F[:, j]) == 0:
            if constant:
                kept.append(j)
            continue
        others = [i for i in (kept if against == "kept" else range(j)) if np.ptp(F[:, i]) > 0]
        if all(size(np.corrcoef(F[:, i], F[:, j])[0, 1]) <= limit for i in others):
            kept.append(j)
    return kept


def _keep_untested(F, limit):
    kept = []
    with np.errstate(invalid="ignore"):
        for j in range(F.shape[1]):
            if all(abs(np.corrcoef(F[:, i], F[:, j])[0, 1]) <= limit for i in kept):
                kept.append(j)
    return kept


def _last(F, limit):
    return sorted(F.shape[1] - 1 - j for j in _keep(F[:, ::-1], limit))


def _kept(trial, keep, F, limit, what):
    wanted = np.array(_keep(F, limit))
    given = f"keep({show(F)}, {limit})"
    came = trial.array(trial.call(keep, F, limit), what, shape=(-1,), given=given)
    trial.that(came.dtype != bool and np.array_equal(came, wanted), what, "not these columns.",
               given=given, expected=show(wanted), came=show(came))


keep.mistake("These are the columns to drop. Return those to keep.",
             lambda F, limit: sorted(set(range(F.shape[1])) - set(_keep(F, limit))))
keep.mistake("This keeps the later one of two columns. Go from left to right.", _last)
keep.mistake("The sign of the correlation took part. A column times -1 says the same.",
             lambda F, limit: _keep(F, limit, size=lambda r: r))
keep.mistake("A constant column tells nothing about any sample, and is never kept.",
             lambda F, limit: _keep(F, limit, constant=True))
keep.mistake("The first column is constant here, and was kept without a look. All correlations with it are "
             "nan, so no other could follow.", _keep_untested)
keep.mistake("The numbers count the columns that are left without the constant ones. Return the numbers "
             "of the columns in F.", lambda F, limit: _keep(F[:, np.ptp(F, axis=0) > 0], limit))
keep.mistake("Each column was compared with all before it, those dropped included. What is dropped "
             "stands for nothing any more.", lambda F, limit: _keep(F, limit, against="all"))
keep.mistake("This is a mask. Return the numbers of the columns.",
             lambda F, limit: np.isin(np.arange(F.shape[1]), _keep(F, limit)))


# --- Who has seen what ---


@exercise(
    "materials_data-seen",
    "For the columns: could you compute it for an alloy that exists on paper only, without any "
    "target of a test row?",
    "Number the compositions of train and test together, so that equal ones have equal numbers. "
    "The mean of a mask is a share.",
)
def seen(trial, radii, alloy_density, system_mean, chi_range, seen):
    trial.choice(radii, "fine", ["leak"], "the mean of the radii")
    trial.choice(alloy_density, "leak", ["fine"], "the density")
    trial.choice(system_mean, "leak", ["fine"], "the mean over the system")
    trial.choice(chi_range, "fine", ["leak"], "the electronegativity range")
    for train, test, what in (
        (["NiAl", "Cu", "CuAu"], ["AlNi", "Ni3Al", "Cu3Au", "Pt", "Ag"], "five test formulas"),
        (["Ba(NO3)2", "NaCl", "KCl", "Na2Cl2"], ["O6N2Ba", "KNaCl2"], "brackets"),
        (["Fe2O3", "Ni"], ["Fe0.4O0.6", "FeO", "Fe3O4", "Ni2", "NiO"], "decimals"),
    ):
        trial.gives(seen, (train, test), _seen(train, test), what)


def _seen(train, test, same=_groups):
    numbers = np.array(same([*train, *test]))
    known, asked = group_by_chemical_system(train), group_by_chemical_system(test)
    return (float(np.mean(np.isin(numbers[len(train):], numbers[:len(train)]))),
            float(np.mean(np.isin(asked, known))))


RIGHT = ("fine", "leak", "leak", "fine")
seen.mistake("Radii of elements stand in a table before any alloy is made.", "leak", *RIGHT[1:], _seen)
seen.mistake("Mass and density give the volume, and its cube root is the lattice constant.",
             "fine", "fine", "leak", "fine", _seen)
seen.mistake("The targets of the test rows are part of that mean.", "fine", "leak", "fine", "fine",
             _seen)
seen.mistake("Electronegativities belong to the elements, not to the alloy. Nothing is given away.",
             *RIGHT[:3], "leak", _seen)
seen.mistake("Texts were compared. AlNi and NiAl are one composition.",
             *RIGHT, lambda train, test: _seen(train, test, same=list))
seen.mistake("`parse` of the chapter passes over brackets. `materials.fractions` reads them.",
             *RIGHT, lambda train, test: _seen(train, test, same=_without_brackets))
seen.mistake("The two shares are exchanged: compositions first, then systems.",
             *RIGHT, lambda train, test: _seen(train, test)[::-1])
seen.mistake("These are shares of the training formulas. Those of the test formulas are asked for.",
             *RIGHT, lambda train, test: _seen(test, train))
seen.mistake("These are the shares that were not seen.",
             *RIGHT, lambda train, test: tuple(1 - s for s in _seen(train, test)))


# --- One number for each system ---


@exercise(
    "materials_data-bowing",
    "First the deviations r from Vegard's law, then one unknown: r is b times q, with q = x(1 - x).",
    "The derivative of the sum of squares is zero at b = Σ q r / Σ q².",
)
def bowing(trial, bowing):
    x = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    trial.gives(bowing, (x, 4 - 0.5 * x + 0.2 * x * (1 - x), 4.0, 3.5), 0.2, "an exact parabola")
    rng = np.random.default_rng(0)
    for first, second, b, what in ((3.5, 4.0, 0.15, "thirty alloys"), (4.1, 3.9, -0.08, "a dip")):
        x = rng.random(30)
        a = (1 - x) * first + x * second + b * x * (1 - x) + rng.normal(0, 0.01, 30) + 0.02 * x**3
        trial.gives(bowing, (x, a, first, second), _bowing(x, a, first, second), what)


def _bowing(x, a, first, second, q=lambda x: x * (1 - x)):
    r, q = a - (1 - x) * first - x * second, q(x)
    return float(np.sum(q * r) / np.sum(q * q))


def _mean_ratio(x, a, first, second, ends=False):
    r, q = a - (1 - x) * first - x * second, x * (1 - x)
    at = np.full(len(x), True) if ends else q > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(np.mean(r[at] / q[at]))


bowing.mistake("The ends are exchanged: x is the fraction of the second element.",
               lambda x, a, first, second: _bowing(x, a, second, first))
bowing.mistake("Vegard's law was not subtracted.",
               lambda x, a, first, second: _bowing(x, a, 0.0, 0.0))
bowing.mistake("This is Vegard's law less a. The sign of b is the other one.",
               lambda *args: -_bowing(*args))
bowing.mistake("This is the sum of the deviations over the sum of q. Least squares weighs each "
               "deviation by its q.",
               lambda x, a, first, second: float(np.sum(a - (1 - x) * first - x * second)
                                                 / np.sum(x * (1 - x))))
bowing.mistake("This is the mean of r/q. Least squares weighs each deviation by its q: where q is small, r/q "
               "is mostly noise.", _mean_ratio)
bowing.mistake("At the ends q is 0, and r/q is no number. Divide the sums instead.",
               lambda *args: _mean_ratio(*args, ends=True))
bowing.mistake("The added term is x² here. With x(1 - x) the pure metals stay as they are.",
               lambda *args: _bowing(*args, q=lambda x: x**2))
bowing.mistake("A free parabola was fitted, whose ends move. They are given.",
               lambda x, a, first, second: float(-np.polyfit(x, a, 2)[0]))


# --- Twins of the feature map ---


@exercise(
    "materials_data-twins",
    "Magnesium and calcium stand in one column of the table, and so do titanium and zirconium. Keep "
    "the amounts and replace each element by the one below it.",
    "MgTiO3 becomes CaZrS3. The radius tells them apart.",
)
def twins(trial, first, second, telling):
    trial.written(first, second, telling)
    for amounts, what in ((first, "the first compound"), (second, "the second compound")):
        _written(trial, amounts, what)
    same = sorted(set(first) & set(second))
    trial.that(not same, "no element in common", f"both hold {', '.join(same)}.", came=", ".join(same))
    a, b = (_features(amounts, "valence_electrons") for amounts in (first, second))
    at = int(np.argmax(np.abs(a - b)))
    trial.that(np.allclose(a, b), "equal in valence electrons",
               f"the {STATISTICS[at]} is {show(a[at])} in the first compound and {show(b[at])} in the "
               "second.", came=f"first: {_in_words(a)}\nsecond: {_in_words(b)}")
    names = load_elements().property_names
    trial.that(isinstance(telling, str) and telling in names, "the property's name",
               f"expected one of {', '.join(names)}, got {telling!r}.")
    trial.that(telling != "valence_electrons", "another property", "this one is equal for both.",
               came=telling)
    p, q = (_features(amounts, telling) for amounts in (first, second))
    trial.that(not np.isnan([p, q]).any(), "known for all elements",
               f"{telling} is missing for an element; choose another property.", came=telling)
    trial.that((np.abs(p - q) > 0.1 * np.maximum(np.abs(p), np.abs(q))).any(), "told apart",
               f"no feature of {telling} differs by more than a tenth.", came=telling)


def _in_words(features):
    return ", ".join(f"{name} {show(value)}" for name, value in zip(STATISTICS, features))


def _written(trial, amounts, what):
    """Amounts of three elements that exist, above zero."""
    if not isinstance(amounts, dict):
        trial.fail(f"{what}: expected amounts such as {{'Na': 1, 'Cl': 1}}, got {describe(amounts)}. "
                   "`table.composition` has this form.", "type", came=describe(amounts))
    try:
        written = parse_formula(_formula(amounts))
    except (TypeError, ValueError, OverflowError) as error:
        trial.fail(f"{what}: {error}", came=str(error))
    if set(written) != set(amounts):
        trial.fail(f"{what}: each key must be the symbol of an element.", came=str(list(amounts)))
    trial.that(len(amounts) == 3, what, f"expected three elements, got {len(amounts)}.",
               came=str(len(amounts)))


def _formula(amounts):
    return "".join(f"{symbol}{np.format_float_positional(float(n), trim='-')}"
                   for symbol, n in amounts.items())


def _features(amounts, name):
    return composition_features([_formula(amounts)], [name], missing="nan")[0][0]


CALCITE, TWIN = {"Ca": 1, "C": 1, "O": 3}, {"Sr": 1, "Si": 1, "S": 3}
twins.mistake("The two share an element. Take another one from its column.",
              CALCITE, {"Sr": 1, "C": 1, "O": 3}, "covalent_radius")
twins.mistake("The elements are of the same columns, but the amounts differ.",
              CALCITE, {"Sr": 1, "Si": 1, "S": 4}, "covalent_radius")
twins.mistake("Two elements are too few here; three are asked for.",
              {"Na": 1, "Cl": 1}, {"K": 1, "Br": 1}, "covalent_radius")
twins.mistake("The group is the column of the table, and the elements were taken from the same columns.",
              CALCITE, TWIN, "group")
twins.mistake("By this property the two are equal: that was the task. Name another one.",
              CALCITE, TWIN, "valence_electrons")
