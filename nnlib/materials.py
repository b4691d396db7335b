"""From a chemical formula to numbers that a network can learn from, and to honest tests of it.

Formulas become element fractions or statistics of element properties; splits keep apart what is
alike; `load_matbench` fetches tasks that everyone is measured on. Needs numpy alone.
"""

import numpy as np

from nnlib.datasets.elements import load_elements
from nnlib.datasets.matbench import Matbench, cache_folder, load_matbench, matbench_folds
from nnlib.formulas import parse_formula
from nnlib.validation import listed, one_of

__all__ = [
    "Matbench", "cache_folder", "composition_features", "elements_in", "fractions",
    "group_by_chemical_system", "leave_one_element_out", "load_matbench", "matbench_folds",
    "parse_formula",
]


def _compositions(formulas):
    """Each formula's amounts by element; an error says which formula is wrong."""
    parsed = []
    for place, formula in enumerate(listed("formulas", formulas, "formulas")):
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
    if elements is None:
        symbols = _elements(parsed)
    else:
        symbols = _each_once("elements", elements, load_elements().symbols)
    for place, amounts in enumerate(parsed):
        if unexpected := amounts.keys() - set(symbols):
            names = ", ".join(sorted(unexpected))
            raise ValueError(f"formulas[{place}]: expected elements among {symbols}, got {names}")
    return _fractions(parsed, symbols)


def _fractions(parsed, symbols):
    X = np.array([[amounts.get(symbol, 0) for symbol in symbols] for amounts in parsed], float)
    X /= X.max(axis=1, keepdims=True)  # so that no sum of large amounts overflows
    X /= X.sum(axis=1, keepdims=True)
    for place in np.flatnonzero((X > 0).sum(axis=1) < [len(amounts) for amounts in parsed]):
        raise ValueError(
            f"formulas[{place}]: expected amounts that differ by less than a factor of 1e300, got "
            f"{min(parsed[place].values()):.3g} and {max(parsed[place].values()):.3g}"
        )
    return X


def _each_once(name, value, choices):
    """A list of some of these texts, at least one, none twice."""
    chosen = listed(name, value, "names" if name == "properties" else "symbols")
    if not chosen:
        raise ValueError(f"{name}: expected at least one, got none")
    for entry in chosen:
        one_of(choices, **{name: entry})
    if len(set(chosen)) < len(chosen):
        raise ValueError(f"{name}: expected each once, got {chosen}")
    return chosen


STATISTICS = ("mean", "deviation", "minimum", "maximum", "range", "mode")
PROPERTIES = (  # those that all natural elements have
    "atomic_number", "mendeleev_number", "period", "atomic_mass", "covalent_radius",
    "valence_electrons", "ionization_energy",
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
        Columns of `nnlib.datasets.load_elements()`. The default ones are those with a value for
        every element from hydrogen to uranium, and so for nearly every compound. Not among them:
        electronegativity, of which there is none for He, Ne, Ar, Kr, Rn, Pm, Eu, Tb and Yb; the
        melting point, which He and C have not at ambient pressure; density, unknown of At and Fr,
        which jumps a thousandfold between solids and gases; and group, which f elements have not.
        Name those that you want, where your elements have them. Of the elements that are made
        (Np to Og), the covalent radius ends with curium, the ionization energy with hassium.
    missing : "raise", "skip" or "nan"
        What becomes of an element without a value: an error; statistics of the formula's other
        elements, their fractions scaled to sum to 1; or nan in the six statistics. nan too where
        skipping leaves nothing. No value is ever made up.

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
    properties = _each_once("properties", properties, table.property_names)
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
    nothing would be left to train on. For scikit-learn::

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
