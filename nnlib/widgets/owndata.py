"""Points from a reader's own table, for `playground.data`; static/shared/columns.js does the same with a CSV file.

They stay in their own units. A `table` beside them says what they are called and how they are
standardized: {"names", "classes" (of 0 and 1, for classification), "center", "scale"}, each of the
three columns, two features and what is to be learned.
"""

import numpy as np

from nnlib.validation import described
from nnlib.widgets import traits
from nnlib.widgets.traits import InvalidValue, floats

MOST_ROWS, LEAST_ROWS = 5000, 4  # as in columns.js
EXPECTED = "(X, y), or a table with three columns: two features, then what is to be learned"


def from_table(data, *, feature_names=None, standardize=True, tasks=("classification", "regression")):
    """{"task", "points" (n, 3), "table"} from (X, y), a dict, a structured array or a data frame.

    X is of shape (n, 2), or a table with two columns. What is to be learned is made of two classes
    (texts, or two different numbers), or of floats for a regression.

    Raises
    ------
    ValueError
        Naming what does not fit, what was expected and what came.
    """
    names, columns = _columns(data)
    if feature_names is not None:
        names[:2] = pair_of_names("feature_names", feature_names)
    features = [floats(f"data[{name!r}]", column, "finite numbers")
                for name, column in zip(names, columns[:2])]  # fmt: skip
    shapes = [np.shape(column) for column in (*features, columns[2])]
    if len(set(shapes)) > 1 or len(shapes[0]) != 1:
        raise InvalidValue(f"data: expected columns of one length, got shapes {shapes}")
    rows = shapes[0][0]
    if not LEAST_ROWS <= rows <= MOST_ROWS:
        raise InvalidValue(f"data: expected {LEAST_ROWS} to {MOST_ROWS:,} rows, got {rows:,}")
    target, classes = _target(names[2], columns[2], tasks)
    points = np.column_stack([*features, target])
    for name, column in zip(names, points.T):
        if np.ptp(column) == 0:
            raise InvalidValue(f"data[{name!r}]: expected values that differ, got {column[0]:g} alone")
    table = {"names": names, "center": [0.0] * 3, "scale": [1.0] * 3}
    if classes:
        table["classes"] = classes
    if traits.boolean("standardize", standardize):
        scaled = 2 if classes else 3
        table["center"][:scaled] = points[:, :scaled].mean(axis=0).tolist()
        table["scale"][:scaled] = points[:, :scaled].std(axis=0).tolist()
    return {"task": "classification" if classes else "regression", "points": points.tolist(),
            "table": table}  # fmt: skip


def pair_of_names(name, value):
    """Two different texts."""
    pair = traits.strings(name, value)
    if len(pair) != 2 or pair[0] == pair[1] or not all(pair):
        raise traits.wrong(name, "two different names", value)
    return pair


def _columns(data):
    """The names and the columns of three."""
    if isinstance(data, (tuple, list)) and len(data) == 2:
        X, y = data
        named = _named(X)
        if named is None:
            X = floats("X", X, "numbers of shape (n, 2)")
            if X.ndim != 2 or X.shape[1] != 2:
                raise InvalidValue(f"X: expected shape (n, 2), got {X.shape}")
            named = {"x1": X[:, 0], "x2": X[:, 1]}
        if len(named) != 2:
            raise InvalidValue(f"X: expected two columns, got {len(named)}: {', '.join(map(str, named))}")
        target = getattr(y, "name", None)
        target = "y" if target is None or str(target) in map(str, named) else str(target)
        return [*map(str, named), target], [*named.values(), y]
    named = _named(data)
    if named is None:
        raise InvalidValue(f"data: expected {EXPECTED}, got {described(data)}")
    if len(named) != 3:
        found = ", ".join(map(str, list(named)[:8])) or "none"
        raise InvalidValue(f"data: expected {EXPECTED}, got {len(named)}: {found}")
    return [*map(str, named)], [*named.values()]


def _named(data):
    """The columns of a table by their names, or None if it is none."""
    if isinstance(data, dict):
        return dict(data)
    names = getattr(getattr(data, "dtype", None), "names", None)  # a structured array
    if names is None:
        names = getattr(data, "columns", None)
    if names is None or not hasattr(data, "__getitem__"):
        return None
    return {name: data[name] for name in names}


def _target(name, values, tasks):
    """What is to be learned, as floats, and the names of classes 0 and 1, None for a regression."""
    array = np.asarray(values)
    where = f"data[{name!r}]"
    if array.dtype.kind in "OUSTb":
        listed = array.tolist()
        for value in listed if array.ndim == 1 else ():
            if not isinstance(value, (str, bool, int)):
                raise InvalidValue(f"{where}: expected a text in each row, got {described(value)}")
        found = sorted({str(value) for value in listed} if array.ndim == 1 else ())
        if len(found) != 2:
            few = ", ".join(found[:6])
            raise InvalidValue(f"{where}: expected two classes, got {len(found)}: {few}")
        return np.array([float(str(value) == found[1]) for value in listed]), found
    array = floats(where, array, "texts or finite numbers")
    found = np.unique(array)
    if len(found) == 2:
        return (array == found[1]).astype(float), [f"{value:g}" for value in found]
    if "regression" not in tasks or len(found) < 2 or np.asarray(values).dtype.kind != "f":
        few = ", ".join(f"{value:g}" for value in found[:6])
        also = ", or floats for a regression" if "regression" in tasks else ""
        raise InvalidValue(f"{where}: expected two classes{also}, got {len(found)} values: {few}")
    return array, None


def check_table(name, value, task):
    """A `table` as the page or a link brings it."""
    expected = "a dict of names, center and scale of three columns, and the classes if there are any"
    if not isinstance(value, dict):
        raise traits.wrong(name, expected, value)
    table = {"names": traits.strings(name, value.get("names", ()))}
    for part in ("center", "scale"):
        table[part] = floats(name, value.get(part, ()), expected).tolist()
    if [np.shape(table[part]) for part in table] != [(3,)] * 3 or min(table["scale"]) <= 0:
        raise traits.wrong(name, expected, value)
    if task == "classification":
        table["classes"] = traits.strings(name, value.get("classes", ()))
        if len(table["classes"]) != 2:
            raise traits.wrong(name, expected, value)
    if "file" in value:
        table["file"] = traits.text(name, value["file"])
    if isinstance(value.get("source"), dict):
        table["source"] = value["source"]  # for the page's own program
    return table
