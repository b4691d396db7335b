"""From chemical formulas to a property, by models that are honest for few rows.

The page computes and draws in static/composition. Here are the state that the browser and Python
share, its validation, and the same models in numpy.
"""

from collections import Counter
from functools import cache

import numpy as np
import traitlets

from nnlib import materials
from nnlib.datasets import load_elements, load_emt_alloys
from nnlib.validation import listed
from nnlib.widgets import data as randomness
from nnlib.widgets import periodic, traits
from nnlib.widgets.base import Widget
from nnlib.widgets.traits import Checked, InvalidValue, number, one_of, whole

MODELS = ("mean", "ridge", "nearest")
SPLITS = ("random", "system")
LEAST, MOST = 10, 1000  # rows, as in formulas.js
FOLDS, SEED = 5, 0  # as in models.js


@cache
def _table():
    """What the page makes features of: the default properties of each element, None for unknown."""
    elements = load_elements()
    columns = [elements[name] for name in materials.PROPERTIES]
    rows = [[None if np.isnan(v) else float(v) for v in row] for row in np.transpose(columns)]
    return {"symbols": list(elements.symbols), "values": rows}


def _formulas(name, value):
    texts = [str(text) for text in listed(name, value, "formulas")]
    if not LEAST <= len(texts) <= MOST:
        raise InvalidValue(f"{name}: expected {LEAST} to {MOST:,} formulas, got {len(texts):,}")
    try:
        materials.composition_features(texts)
    except ValueError as error:
        raise InvalidValue(f"{name}: {str(error).removeprefix('formulas: ')}") from None
    return texts


def _values(name, value):
    array = traits.floats(name, value, "finite numbers of shape (n,)")
    if array.ndim != 1:
        raise InvalidValue(f"{name}: expected shape (n,), got {array.shape}")
    if array.size and np.ptp(array) == 0:
        raise InvalidValue(f"{name}: expected values that differ, got {array[0]:g} alone")
    return array.tolist()


def _one_formula(name, value):
    amounts = periodic.amounts(name, value)
    if not amounts:
        raise traits.wrong(name, "at least one element", value)
    return amounts


traits.formed(_one_formula, "amounts", "_table.symbols", 1, *periodic.AMOUNT)


class CompositionPlayground(Widget):
    """A property predicted from chemical formulas, with the error on formulas that were not seen.

    Features are those of `nnlib.materials.composition_features`, standardized; models are the mean,
    ridge regression and the mean of the nearest neighbors. Each is tested in five random folds, and
    in five with whole chemical systems left out.

    Parameters
    ----------
    formulas, values : list of str and of float, 10 to 1,000, optional
        The 70 pure metals and ordered compounds of `load_emt_alloys()` unless given, with their
        lattice constants by EMT, a model potential; never experiment. In the page, a reader may
        open a CSV file.
    property : str, what the values are called, with their unit
    model : "mean", "ridge" or "nearest"
    split : "random" or "system", which test the picture shows
    alpha : float, the penalty of ridge
    neighbors : int from 1 to 20
    composition : str or dict, a formula to predict

    Notes
    -----
    The traits of the same names follow the page and can be assigned; `set_data` replaces formulas
    and values together. `predict()`, `cross_validate()` and `error()` are what the page says.

    Raises
    ------
    ValueError
        Naming the argument that does not fit, what was expected and what came.

    Examples
    --------
    >>> playground = CompositionPlayground()
    >>> playground.error("ridge") < playground.error("mean")
    True
    """

    _module = "composition"
    _linked = ("model", "split", "alpha", "neighbors", "composition")

    formulas = Checked(_formulas)
    values = Checked(_values)
    property = Checked(traits.text)
    dataset = Checked(one_of(("given", "own")), "given")  # own: from a file, which no link can carry
    model = Checked(one_of(MODELS), "ridge")
    split = Checked(one_of(SPLITS), "random")
    alpha = Checked(number(1e-6, 1e6), 1.0)
    neighbors = Checked(whole(1, 20), 3)
    composition = traits.composition(_one_formula)
    _table = traitlets.Dict().tag(sync=True)

    def __init__(self, formulas=None, values=None, property=None, composition="Cu2Pt", **settings):
        for name in settings:
            if name not in ("model", "split", "alpha", "neighbors"):
                raise TypeError(f"CompositionPlayground has no argument {name!r}")
        if (formulas is None) != (values is None):
            raise InvalidValue("formulas, values: expected both or neither, got only one")
        if formulas is None:
            alloys = load_emt_alloys()
            formulas = alloys.formulas[:70]
            values = alloys.lattice_constant[:70]
            property = property or "lattice constant by EMT (Å)"
        super().__init__(formulas=formulas, values=values, property=property or "value",
                         composition=composition, _table=_table(), **settings)  # fmt: skip

    @traitlets.validate("formulas", "values")
    def _check_lengths(self, proposal):
        name = proposal.trait.name
        other = {"formulas": "values", "values": "formulas"}[name]
        if len(proposal.value) != len(getattr(self, other)):
            raise InvalidValue(
                f"{name}: expected one for each of the {len(getattr(self, other))} {other}, got "
                f"{len(proposal.value)}; assign both with set_data"
            )
        return proposal.value

    def set_data(self, formulas, values, property="value"):
        """Show other formulas with their values."""
        with self._at_once():
            self.formulas, self.values, self.property = formulas, values, property

    def features(self):
        """Of the formulas, shape (n, 42); see `nnlib.materials.composition_features`."""
        return materials.composition_features(self.formulas)[0]

    def folds(self, split=None):
        """The fold of each row, (n,) int from 0; of "system" none if there is only one system."""
        split = one_of(SPLITS)("split", split or self.split)
        if split == "random":
            order = randomness.permutation(len(self.values), randomness.random(SEED))
            folds = np.empty(len(order), int)
            folds[order] = np.arange(len(order)) % FOLDS
            return folds
        systems = materials.group_by_chemical_system(self.formulas).tolist()
        sizes = Counter(systems)
        if len(sizes) < 2:
            raise InvalidValue(f"split: expected two chemical systems at least, got {systems[0]} alone")
        rows = [0] * min(FOLDS, len(sizes))
        place = {}
        for system in sorted(sizes, key=lambda s: (-sizes[s], s)):
            place[system] = rows.index(min(rows))
            rows[place[system]] += sizes[system]
        return np.array([place[system] for system in systems])

    def cross_validate(self, model=None, split=None):
        """The prediction for each row by a model that has not seen its fold, shape (n,)."""
        X, y, folds = self.features(), np.array(self.values), self.folds(split)
        predicted = np.empty(len(y))
        for fold in range(folds.max() + 1):
            seen = folds != fold
            predicted[~seen] = self._fit(model, X[seen], y[seen])(X[~seen])
        return predicted

    def error(self, model=None, split=None):
        """The mean absolute error of `cross_validate`."""
        return float(np.abs(self.cross_validate(model, split) - self.values).mean())

    def predict(self, formulas=None, model=None):
        """By the model fitted to all rows: for the composition, or for a list of formulas (n,)."""
        fitted = self._fit(model, self.features(), np.array(self.values))
        if formulas is not None:
            return fitted(materials.composition_features(formulas)[0])
        name = "".join(f"({symbol}{amount!r})" for symbol, amount in self.composition.items())
        return float(fitted(materials.composition_features([name])[0])[0])

    def _fit(self, model, X, y):
        """A function of features (n, 42)."""
        model = one_of(MODELS)("model", model or self.model)
        if model == "mean":
            return lambda rows: np.full(len(rows), y.mean())
        center, variance = X.mean(axis=0), X.var(axis=0)
        epsilon = np.finfo(float).eps
        constant = variance <= len(X) * epsilon * variance + (len(X) * center * epsilon) ** 2
        scale = np.where(constant, 1, np.sqrt(variance))
        Z = (X - center) / scale
        if model == "ridge":
            w = np.linalg.solve(Z.T @ Z + self.alpha * np.eye(Z.shape[1]), Z.T @ (y - y.mean()))
            return lambda rows: (rows - center) / scale @ w + y.mean()

        def nearest(rows):
            away = (((rows - center) / scale)[:, None] - Z) ** 2
            return y[np.argsort(away.sum(axis=-1), axis=1, kind="stable")[:, : self.neighbors]].mean(axis=1)

        return nearest

    def static_figure(self):
        """The parity plot of the chosen model and split."""
        from matplotlib.figure import Figure

        split = self.split if len(set(materials.group_by_chemical_system(self.formulas))) > 1 else "random"
        y, predicted = np.array(self.values), self.cross_validate(split=split)
        figure = Figure(figsize=(4.8, 4.6), layout="constrained")
        ax = figure.subplots()
        ends = [min(y.min(), predicted.min()), max(y.max(), predicted.max())]
        ax.plot(ends, ends, color="#7a8490", lw=1.2)
        ax.axhline(y.mean(), color="#7a8490", lw=1.2, ls=":")
        ax.plot(y, predicted, "o", ms=5, color="#0f62ab", mec="white")
        # A dollar sign in a name of the reader's is no formula.
        ax.set_xlabel(f"{self.property}, given", parse_math=False)
        ax.set_ylabel("predicted, unseen")
        apart = {"random": "in random folds", "system": "with whole chemical systems left out"}[split]
        said = (f"mean absolute error {self.error(split=split):.3g} {apart}, "
                f"{self.error('mean', split):.3g} for always saying the mean")  # fmt: skip
        alternative = (
            f"Parity plot of {self.property}: predicted by {self.model} over given, for {len(y)} "
            f"formulas, around the diagonal; {said}."
        )
        caption = (
            f"{self.property} of {len(y)} formulas, each predicted by a model that has not seen its "
            f"fold: {said}. On the page with JavaScript, formulas can be typed, and a CSV file opened."
        )
        return figure, alternative, caption
