"""The perceptron in the plane: a line one can move by hand, and the learning rule one step at a time.

The picture, the controls and the rule itself are in static/perceptron. Here are the state that
the browser and Python share, its validation, the data sets, and the way to and from
`nnlib.Perceptron`.
"""

import functools

import numpy as np
import traitlets

from nnlib import datasets as generators
from nnlib.perceptron import Perceptron
from nnlib.widgets import owndata, traits
from nnlib.widgets.base import Widget
from nnlib.widgets.traits import Checked, InvalidValue, number, numbers, one_of, strings, whole

MARKERS = {-1: ("s", "#b84a00", "#f5b06d"), 1: ("o", "#0f62ab", "#7fb6e6")}  # as in widget.css


def _record(label, X, y, **details):
    """One entry of the list of data sets, as the browser gets it."""
    record = {
        "label": label,
        "X": X,
        "y": y,
        "names": [""] * len(y),
        "feature_names": ["x₁", "x₂"],
        "symbols": ["x₁", "x₂"],
        "units": ["", ""],
        "class_names": ["", ""],  # of -1 and of +1
        "center": [0.0, 0.0],
        "scale": [1.0, 1.0],
    }
    return record | details


@functools.cache
def _records():
    def plain(label, X, y):
        return _record(label, np.round(X, 3).tolist(), np.asarray(y).tolist())

    def octet(label, contested):
        data = generators.load_octet_binaries(contested=contested)
        return _record(
            label,
            np.round(data.X, 3).tolist(),
            data.y.tolist(),
            names=data.formulas,
            feature_names=data.feature_names,
            symbols=["Δχ", "r"],
            units=data.units,
            class_names=[
                "zinc blende, wurtzite or diamond",
                "rock salt or cesium chloride" if contested else "rock salt",
            ],
            # The same for both sets, so that the consensus compounds stand at the same place.
            center=[1.3, 130.0],
            scale=[0.85, 25.0],
        )

    X, y = generators.xor(40, noise=0.2, rng=0)
    overlap = generators.blobs(40, centers=2, noise=0.5, rng=0)
    return {
        "wide": plain("Two clouds, wide gap", *generators.separable(40, margin=0.3, rng=1)),
        "narrow": plain("Two clouds, narrow gap", *generators.separable(40, margin=0.05, rng=11)),
        "overlap": plain("Overlapping clouds", overlap[0], 2 * overlap[1] - 1),
        "xor": plain("Exclusive or", X, 2 * y - 1),
        "octet": octet("Octet compounds", False),
        "octet-contested": octet("Octet compounds, contested ones too", True),
    }


def _own_record(data, feature_names, standardize):
    """The record of a reader's own table."""
    made = owndata.from_table(data, feature_names=feature_names, standardize=standardize,
                              tasks=("classification",))  # fmt: skip
    points, table = np.array(made["points"]), made["table"]
    return _record(
        "Your table",
        points[:, :2].tolist(),
        (2 * points[:, 2].astype(int) - 1).tolist(),
        feature_names=table["names"][:2],
        class_names=table["classes"],
        center=table["center"][:2],
        scale=table["scale"][:2],
    )


LARGEST = 1e100  # products of two numbers and of their squares must not overflow in the page
LINKED = 1e9  # what the page's own controls go up to, and a link


def _points(name, value):
    array = traits.points(name, value)
    if not (np.abs(array) <= LARGEST).all():
        raise InvalidValue(
            f"{name}: expected numbers from {-LARGEST:g} to {LARGEST:g}, got {np.abs(array).max():g}"
        )
    return array.tolist()


traits.formed(_points, "matrix", 1, 500, 2, 2, -LINKED, LINKED)


def _labels(name, value):
    array = traits.floats(name, value, "labels -1 and +1")
    if array.ndim != 1:
        raise InvalidValue(f"{name}: expected shape (n,), got {array.shape}")
    if not np.isin(array, (-1, 1)).all():
        found = ", ".join(f"{value:g}" for value in np.unique(array)[:5])
        raise InvalidValue(f"{name}: expected labels -1 and +1, got {found}")
    return array.astype(int).tolist()


traits.formed(_labels, "array", ["one", [-1, 1]], 1, 500, "X")


# What the page takes from a link is narrower than what Python may assign.
def _names(name, value):
    return strings(name, value)


def _key(name, value):
    return traits.text(name, value)


_weights, _bias = numbers(2, 2, -LARGEST, LARGEST), number(-LARGEST, LARGEST)
traits.formed(_names, "array", ["text", 60, ""], 1, 500, "X")
traits.formed(_key, "one", "_datasets")
traits.formed(_weights, "array", ["number", -LINKED, LINKED], 2, 2)
traits.formed(_bias, "number", -LINKED, LINKED)


def _some_strings(name, value, count):
    value = strings(name, value)
    if len(value) != count:
        raise InvalidValue(f"{name}: expected {count} strings, got {len(value)}")
    return value


class PerceptronPlayground(Widget):
    """Move the boundary w · x + b = 0 of a perceptron, or let the perceptron rule move it.

    Parameters
    ----------
    X : array, shape (n, 2), optional
        Points in their own units. Without X and y the playground starts with `dataset`.
    y : array, shape (n,), optional
        Labels -1 and +1.
    dataset : str
        "wide", "narrow", "overlap", "xor", "octet" or "octet-contested".
    w, b : two floats, a float
        Where the boundary starts, in each data set.
    learning_rate : float
    data : (X, y), a dict, a structured array or a data frame, optional
        The same from a table, as a reader of the page has from a CSV file: up to 5,000 rows of two
        columns of numbers and one of two classes, the second in alphabetical order being +1. The
        axes and classes have the names of the columns and classes.
    names : list of str, optional
        A name for each point.
    feature_names, units, class_names : pairs of str, optional
        For the axes, and for the classes -1 and +1.
    standardize : bool
        Let w and b act on (x - mean) / standard deviation, which the rule needs where the features
        differ much in size. The axes show x all the same. The octet compounds come standardized,
        and so does `data` unless this is False.

    Notes
    -----
    The traits `X`, `y`, `names`, `w`, `b`, `learning_rate` and `dataset` follow what the reader does,
    and can be assigned; so do `data`, the pair of X and y, and `feature_names`. `w` and `b` are the
    numbers beside the picture; `perceptron` translates them into the units of X::

        playground = PerceptronPlayground(dataset="octet")
        playground.perceptron.predict(playground.X)
        playground.perceptron = nnlib.Perceptron().fit(X, y)    # show a trained one

    Raises ValueError naming the argument whose shape, label or value does not fit.
    """

    _module = "perceptron"
    _linked = ("X", "y", "names", "w", "b", "learning_rate", "dataset", "updates", "cursor")

    X = Checked(_points)
    y = Checked(_labels)
    names = Checked(_names)
    w = Checked(_weights)
    b = Checked(_bias)
    learning_rate = Checked(number(1e-6, 1e6))
    dataset = Checked(_key)
    updates = Checked(whole(0, 2**53), 0)
    cursor = Checked(whole(0, 2**53), 0)  # where the rule looks for the next mistake
    _datasets = traits.in_order(traitlets.Dict())  # what there are; given to the page once

    def __init__(
        self,
        X=None,
        y=None,
        *,
        data=None,
        dataset="wide",
        w=(-0.5, 1.0),
        b=0.0,
        learning_rate=0.5,
        names=None,
        feature_names=None,
        units=None,
        class_names=None,
        standardize=None,
    ):
        records = dict(_records())
        if (X is None) != (y is None):
            missing = "y" if y is None else "X"
            raise ValueError(f"{missing}: expected both X and y, or neither; got only the other")
        if X is not None and data is not None:
            raise InvalidValue("data: expected nothing beside X and y, got both")
        if data is not None:
            record = _own_record(data, feature_names, standardize is None or standardize)
            dataset, records = "own", records | {"own": record}
        if X is not None:
            X, y = _points("X", X), _labels("y", y)
            details = {
                "feature_names": (feature_names, 2),
                "units": (units, 2),
                "class_names": (class_names, 2),
                "names": (names, len(y)),
            }
            details = {
                name: _some_strings(name, value, count)
                for name, (value, count) in details.items()
                if value is not None
            }
            if standardize is not None and traits.boolean("standardize", standardize):
                spread = np.std(X, axis=0)
                details["center"] = np.mean(X, axis=0).tolist()
                details["scale"] = np.where(spread > 0, spread, 1.0).tolist()
            dataset = "given"
            records = {dataset: _record("Data of this page", X, y, **details)} | records
        record = records[one_of(records)("dataset", dataset)]
        start = {"w": w, "b": b, "learning_rate": learning_rate}
        start = {name: self.traits()[name].check(name, value) for name, value in start.items()}
        self._start = start
        super().__init__(
            X=record["X"],
            y=record["y"],
            names=record["names"],
            dataset=dataset,
            _datasets=records,
            **start,
        )

    @traitlets.validate("X", "y", "names")
    def _validate_data(self, proposal):
        name, value = proposal.trait.name, proposal.value
        lengths = {other: len(getattr(self, other)) for other in ("X", "y") if other != name}
        for other, length in lengths.items():
            if length != len(value):
                raise InvalidValue(
                    f"{name}: expected one entry for each of the {length} in {other}, got "
                    f"{len(value)}; assign X, y and names of a new length with set_data(X, y, names)"
                )
        return value

    @traitlets.validate("dataset")
    def _validate_dataset(self, proposal):
        return one_of(self._datasets)("dataset", proposal.value)

    @traitlets.observe("dataset")
    def _load(self, change):
        record = self._datasets[self.dataset]
        self._assign(
            X=record["X"],
            y=record["y"],
            names=record["names"],
            w=self._start["w"],
            b=self._start["b"],
            updates=0,
            cursor=0,
        )

    def _assign(self, **values):
        """Assign several traits at once: the browser and the validation see only the result."""
        with self._at_once():
            for name, value in values.items():
                setattr(self, name, value)

    def set_data(self, X, y, names=None):
        """Show other points, of any number, on the axes of the present data set."""
        X = _points("X", X)
        names = [""] * len(X) if names is None else names
        self._assign(X=X, y=y, names=names, updates=0, cursor=0)

    @property
    def data(self):
        """(X, y) on screen. Assigning a pair or a table shows it, standardized; see the class."""
        return np.array(self.X), np.array(self.y)

    @data.setter
    def data(self, value):
        record = _own_record(value, None, True)
        start = {name: self._start[name] for name in ("w", "b")}
        self._assign(_datasets={**self._datasets, "own": record}, dataset="own", updates=0, cursor=0,
                     **{name: record[name] for name in ("X", "y", "names")}, **start)  # fmt: skip

    @property
    def feature_names(self):
        """What the two axes are called."""
        return list(self._datasets[self.dataset]["feature_names"])

    @feature_names.setter
    def feature_names(self, value):
        names = owndata.pair_of_names("feature_names", value)
        record = {**self._datasets[self.dataset], "feature_names": names}
        self._datasets = {**self._datasets, self.dataset: record}

    @property
    def perceptron(self):
        """An `nnlib.Perceptron` with the boundary on screen, in the units of X.

        Assigning one shows its boundary.
        """
        center, scale = self._center_and_scale()
        model = Perceptron(learning_rate=self.learning_rate)
        model.weights = np.array(self.w) / scale
        model.bias = float(self.b - model.weights @ center)
        return model

    @perceptron.setter
    def perceptron(self, model):
        if not isinstance(model, Perceptron):
            raise TypeError(f"perceptron: expected an nnlib.Perceptron, got {type(model).__name__}")
        if model.weights is None or np.shape(model.weights) != (2,):
            raise ValueError("perceptron: expected a fitted one with two weights")
        center, scale = self._center_and_scale()
        weights = np.asarray(model.weights, dtype=float)
        self._assign(w=weights * scale, b=float(model.bias + weights @ center))

    def _center_and_scale(self):
        record = self._datasets[self.dataset]
        return np.array(record["center"]), np.array(record["scale"])

    def __repr__(self):
        w1, w2 = self.w
        return (
            f"PerceptronPlayground({len(self.y)} points of {self.dataset!r}, w=({w1:g}, {w2:g}), "
            f"b={self.b:g})"
        )

    def static_figure(self):
        from matplotlib.figure import Figure

        record = self._datasets[self.dataset]
        X, y, model = np.array(self.X), np.array(self.y), self.perceptron
        figure = Figure(figsize=(6, 4.6), layout="constrained")
        ax = figure.subplots()
        pad = 0.08 * np.ptp(X, axis=0) + 1e-3
        low, high = X.min(axis=0) - pad, X.max(axis=0) + pad
        ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
        grid = np.stack(np.meshgrid(*np.linspace(low, high, 60).T), axis=-1)
        scores = grid @ model.weights + model.bias
        if model.weights.any():
            tints = [MARKERS[-1][2], MARKERS[1][2]]
            levels = [min(scores.min(), -1), 0, max(scores.max(), 1)]
            ax.contourf(grid[..., 0], grid[..., 1], scores, levels, colors=tints, alpha=0.45)
            ax.contour(grid[..., 0], grid[..., 1], scores, [0], colors="#1b2129", linewidths=2)
        for label, name in zip((-1, 1), record["class_names"]):
            shape, color, _ = MARKERS[label]
            text = f"y = {label:+d}".replace("-", "−") + (f": {name}" if name else "")
            points = X[y == label].T
            ax.plot(*points, shape, color=color, markeredgecolor="white", label=text)
        wrong = model.predict(X) != y
        ax.plot(*X[wrong].T, "o", markersize=12, markerfacecolor="none", markeredgecolor="#a3123f")
        axes = [
            f"{name} ({unit})" if unit else name
            for name, unit in zip(record["feature_names"], record["units"])
        ]
        ax.set(xlabel=axes[0], ylabel=axes[1])
        figure.legend(loc="outside upper left", ncols=2, frameon=False)

        mistakes = int(wrong.sum())
        where = "; without a boundary, since both weights are zero" * (not model.weights.any())
        alternative = (
            f"Scatter plot of {len(y)} points, {np.sum(y == 1)} with y = +1 (blue circles) and "
            f"{np.sum(y == -1)} with y = −1 (orange squares), over {axes[0]} and {axes[1]}, "
            f"with the boundary of a perceptron{where}. {mistakes} of the points are on the wrong "
            "side, each with a ring around it."
        )
        caption = (
            f"{record['label']}: a perceptron before it learns, with {mistakes} of {len(y)} points "
            "on the wrong side. On the page with JavaScript, its weights and its points can be moved."
        )
        return figure, alternative, caption
