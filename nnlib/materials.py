"""From a chemical formula to numbers that a network can learn from, and to honest tests of it.

Formulas become element fractions or statistics of element properties; splits keep apart what is
alike; `load_matbench` fetches tasks that everyone is measured on. Needs numpy alone.
"""

import difflib
import re

import numpy as np

from nnlib.datasets.elements import load_elements
from nnlib.datasets.matbench import Matbench, cache_folder, load_matbench, matbench_folds
from nnlib.validation import one_of

__all__ = [
    "Matbench", "cache_folder", "composition_features", "elements_in", "fractions",
    "group_by_chemical_system", "leave_one_element_out", "load_matbench", "matbench_folds",
    "parse_formula",
]

CLOSING = {"(": ")", "[": "]", "{": "}"}
SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
TOKEN = re.compile(
    r"(?a)(?P<element>[A-Z][a-z]?)|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<amount>\d+\.?\d*|\.\d+)"
)


def parse_formula(formula):
    """Amount of each element in a formula, in the order in which they first appear.

    Groups in (), [] or {} may be nested; an amount is a number such as 2, ₂ or 0.25, above zero.
    Whole amounts are returned as int.

    >>> parse_formula("Ba(NO3)2")
    {'Ba': 1, 'N': 2, 'O': 6}
    >>> parse_formula("Fe0.5Ni0.5")
    {'Fe': 0.5, 'Ni': 0.5}

    Raises
    ------
    TypeError
        If it is no string.
    ValueError
        With the position, counted from 1, of whatever cannot be read: an unknown element, a
        bracket without its partner, a zero amount, an empty formula or group, another character.
    """
    if not isinstance(formula, str):
        raise TypeError(f"formula: expected a string, got {type(formula).__name__}")
    formula = formula.translate(SUBSCRIPTS)

    def refuse(what, start):
        return ValueError(f"formula: {what} at position {start + 1} of {formula!r}")

    # A stack of what each open bracket began: the bracket, its position and the amounts in it. A
    # group that was closed stays as `latest`, until the number behind it, if any, has been read.
    stack = [("", 0, {})]
    latest, start, may_count = {}, 0, False
    while start < len(formula):
        token = TOKEN.match(formula, start)
        if token is None:
            raise refuse(f"unexpected {formula[start]!r}{_advice(formula, start)}", start)
        text = token[0]
        if token["amount"]:
            if not may_count:
                raise refuse(f"expected an element or a group before {text!r}", start)
            if not 0 < (amount := float(text)) < np.inf:
                limit = "below 1.8e308" if amount else "above zero"
                raise refuse(f"expected an amount {limit}, got {text!r}", start)
            latest = {symbol: n * amount for symbol, n in latest.items()}
            may_count = False
        else:
            _add(stack[-1][2], latest)
            latest, may_count = {}, not token["open"]
            if token["element"]:
                if text not in load_elements().symbols:
                    raise refuse(f"unknown element {text!r}{_advice(formula, start)}", start)
                latest = {text: 1.0}
            elif token["open"]:
                stack.append((text, start, {}))
            else:
                opened, where, latest = stack.pop()
                if not stack:
                    raise refuse(f"{text!r} closes nothing", start)
                if text != CLOSING[opened]:
                    raise refuse(f"expected {CLOSING[opened]!r}, got {text!r}", start)
                if not latest:
                    raise refuse("an empty group", where)
        start = token.end()
    opened, where, amounts = stack.pop()
    if stack:
        raise refuse(f"{opened!r} is never closed", where)
    _add(amounts, latest)
    if not amounts:
        raise ValueError(f"formula: expected at least one element, got {formula!r}")
    if not all(0 < n < np.inf for n in amounts.values()):  # products can leave the range of floats
        raise ValueError(f"formula: expected amounts above zero and below 1.8e308, got {formula!r}")
    return {symbol: int(n) if n.is_integer() else n for symbol, n in amounts.items()}


def _add(amounts, more):
    for symbol, n in more.items():
        amounts[symbol] = amounts.get(symbol, 0) + n


def _advice(formula, start):
    """Which element may have been meant where there is none."""
    symbols = load_elements().symbols
    letters = re.match("[A-Za-z]{0,2}", formula[start:])[0]
    if letters.capitalize() in symbols:
        near = [letters.capitalize()]
    elif letters[:1].isupper():
        near = difflib.get_close_matches(letters, symbols, cutoff=0.5)
    else:
        near = []
    return f" (did you mean {' or '.join(near)}?)" if near else ""


def _compositions(formulas):
    """Each formula's amounts by element; an error says which formula is wrong."""
    if isinstance(formulas, str):
        raise TypeError(f"formulas: expected a list of formulas, got the one string {formulas!r}")
    parsed = []
    for place, formula in enumerate(formulas):
        try:
            parsed.append(parse_formula(formula))
        except (TypeError, ValueError) as error:
            raise type(error)(f"formulas[{place}]: {error}") from None
    if not parsed:
        raise ValueError("formulas: expected at least one formula, got none")
    return parsed


def elements_in(formulas):
    """The elements of all formulas, in the order of their atomic numbers.

    >>> elements_in(["NiAl", "Cu3Au"])
    ['Al', 'Ni', 'Cu', 'Au']
    """
    return _elements(_compositions(formulas))


def _elements(parsed):
    present = set().union(*parsed)
    return [symbol for symbol in load_elements().symbols if symbol in present]


def fractions(formulas, elements=None):
    """What part of all atoms each element is: shape (formulas, elements), each row sums to 1.

    >>> fractions(["Cu3Au", "Cu"], ["Cu", "Au"])
    array([[0.75, 0.25],
           [1.  , 0.  ]])

    Parameters
    ----------
    formulas : str or sequence of str
        One formula gives one row, shape (elements,).
    elements : sequence of str, optional
        The columns; `elements_in(formulas)` if not given.

    Raises
    ------
    ValueError
        If a formula has an element without a column, or cannot be read.
    """
    if isinstance(formulas, str):
        return fractions([formulas], elements)[0]
    parsed = _compositions(formulas)
    symbols = _elements(parsed) if elements is None else list(elements)
    for symbol in symbols:
        one_of(load_elements().symbols, elements=symbol)
    if len(set(symbols)) < len(symbols):
        raise ValueError(f"elements: expected each once, got {symbols}")
    for place, amounts in enumerate(parsed):
        if unexpected := amounts.keys() - set(symbols):
            names = ", ".join(sorted(unexpected))
            raise ValueError(f"formulas[{place}]: expected elements among {symbols}, got {names}")
    return _fractions(parsed, symbols)


def _fractions(parsed, symbols):
    X = np.array([[amounts.get(symbol, 0) for symbol in symbols] for amounts in parsed], float)
    X /= X.max(axis=1, keepdims=True)  # so that no sum of large amounts overflows
    return X / X.sum(axis=1, keepdims=True)


STATISTICS = ("mean", "deviation", "minimum", "maximum", "range", "mode")
PROPERTIES = (
    "atomic_number", "mendeleev_number", "period", "atomic_mass", "electronegativity",
    "covalent_radius", "valence_electrons", "ionization_energy", "melting_point",
)  # fmt: skip


def composition_features(formulas, properties=PROPERTIES, missing="raise"):
    """Statistics of the elements' properties over each formula: (X, feature names).

    With element i's fraction f_i of the atoms and its property p_i, the six of each property are
    mean = Σ f_i p_i, deviation = Σ f_i abs(p_i - mean), minimum, maximum, range (maximum - minimum)
    and mode, the p_i of the most abundant element (the smallest p_i where several are).

    Parameters
    ----------
    formulas : sequence of str
    properties : sequence of str
        Columns of `nnlib.datasets.load_elements()`. Not among the default ones: density, which
        jumps a thousandfold between solids and gases, and group, which f elements have none of.
    missing : "raise", "skip" or "nan"
        What becomes of an element without a value (carbon melts at no ambient pressure, argon has
        no electronegativity): an error; statistics of the formula's other elements, their
        fractions scaled to sum to 1; or nan in the six statistics. nan too where skipping leaves
        nothing.

    Returns
    -------
    X : (formulas, 6 · properties) float64
    names : list of str, "mean electronegativity" ...

    Notes
    -----
    Source: Ward et al. (2016), A general-purpose machine learning framework for predicting
    properties of inorganic materials, doi:10.1038/npjcompumats.2016.28; the properties are fewer.

    Examples
    --------
    >>> X, names = composition_features(["NaCl"], ["electronegativity"])
    >>> dict(zip(names, X[0].round(3).tolist()))["range electronegativity"]
    2.23
    """
    one_of(("raise", "skip", "nan"), missing=missing)
    table = load_elements()
    if isinstance(properties, str) or not hasattr(properties, "__len__") or not len(properties):
        raise ValueError(f"properties: expected a list of names, got {properties!r}")
    for name in properties:
        one_of(table.property_names, properties=name)
    parsed = _compositions(formulas)
    symbols = _elements(parsed)
    weights = _fractions(parsed, symbols)
    rows = [table.symbols.index(symbol) for symbol in symbols]

    X = np.full((len(parsed), len(properties), len(STATISTICS)), np.nan)
    for column, name in enumerate(properties):
        values = table[name][rows]
        gaps = [symbol for symbol, value in zip(symbols, values) if np.isnan(value)]
        if gaps and missing == "raise":
            raise ValueError(
                f"formulas: no {name} is known of {', '.join(gaps)}; leave it out of properties, "
                "or choose missing='skip' or missing='nan'"
            )
        for place, weight in enumerate(weights):
            present = weight > 0
            if missing == "skip":
                present &= ~np.isnan(values)
            if present.any() and not np.isnan(values[present]).any():
                X[place, column] = _statistics(weight[present], values[present])
    names = [f"{statistic} {name}" for name in properties for statistic in STATISTICS]
    return X.reshape(len(parsed), -1), names


def _statistics(f, p):
    """The STATISTICS of properties p of elements that are present in the proportions f."""
    f = f / f.sum()
    mean = f @ p
    mode = p[np.isclose(f, f.max())].min()
    return mean, f @ np.abs(p - mean), p.min(), p.max(), p.max() - p.min(), mode


def group_by_chemical_system(formulas):
    """The chemical system of each formula, its elements in alphabetical order: (formulas,) of str.

    As `groups=` of scikit-learn's GroupKFold, it keeps all formulas of a system on one side.

    >>> group_by_chemical_system(["Ni3Al", "AlNi", "Cu"]).tolist()
    ['Al-Ni', 'Al-Ni', 'Cu']
    """
    return np.array(["-".join(sorted(amounts)) for amounts in _compositions(formulas)])


def leave_one_element_out(formulas):
    """(element, train, test) for each element in turn: tested on all formulas that contain it.

    train and test are row numbers; no formula of train contains the element. Elements come in
    the order of their atomic numbers. One that every formula contains is passed over, since
    nothing would be left to train on. For scikit-learn:

        cv = [(train, test) for _, train, test in leave_one_element_out(formulas)]

    >>> [(e, test.tolist()) for e, _, test in leave_one_element_out(["Fe", "FeC", "FeNi", "FeNiC"])]
    [('C', [1, 3]), ('Ni', [2, 3])]

    Raises
    ------
    ValueError
        If every element is in every formula.
    """
    parsed = _compositions(formulas)
    splits = []
    for element in _elements(parsed):
        contains = np.array([element in amounts for amounts in parsed])
        if not contains.all():
            splits.append((element, np.flatnonzero(~contains), np.flatnonzero(contains)))
    if not splits:
        raise ValueError("formulas: expected some without one of the elements, got none")
    return iter(splits)
