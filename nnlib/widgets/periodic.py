"""The periodic table as a map of features: color it by a property, pick elements, get numbers.

The page computes the same in static/periodic. Here are the state that the browser and Python
share and its validation; the features are those of `nnlib.materials`.
"""

import builtins

import numpy as np
import traitlets

from nnlib.datasets import load_elements
from nnlib.formulas import parse_formula, write_formula
from nnlib.materials import composition_features
from nnlib.widgets import traits
from nnlib.widgets.base import Widget
from nnlib.widgets.traits import Checked, InvalidValue, number, one_of, wrong

AMOUNT = (1e-6, 1e6)  # of one element
SCALE = ("#f7f4c5", "#41a3b0", "#22307a")  # colors from low to high
LABELS = {"mendeleev_number": "Mendeleev number"}
PROPERTIES = load_elements().property_names


def label(name):
    """A property in words."""
    return LABELS.get(name, name.replace("_", " "))


def with_unit(name):
    """A property in words, with its unit in parentheses where it has one."""
    unit = load_elements().units[PROPERTIES.index(name)]
    return f"{label(name)} ({unit})" if unit else label(name)


def logarithmic(values):
    """Whether values, nan left out, span so much that only their logarithms can be told apart."""
    return bool(np.nanmin(values) > 0 and np.nanmax(values) > 1000 * np.nanmin(values))


def places(table):
    """Row and column of each element, (118, 2), from 1; the f block stands in rows 9 and 10."""
    n, period, group = table["atomic_number"], table["period"], table["group"]
    f = np.isnan(group)
    first = np.where(period == 6, 58, 90)  # cerium and thorium stand in column 4
    return np.stack([period + 3 * f, np.where(f, n - first + 4, group)], axis=1).astype(int)


def amounts(name, value):
    """Amounts from a dict or from a formula, in the order of picking."""
    if isinstance(value, str):
        try:
            value = parse_formula(value) if value else {}
        except ValueError as error:
            raise InvalidValue(f"{name}: {error}") from None
    if not isinstance(value, dict):
        raise wrong(name, "a formula or amounts of elements such as {'Fe': 2, 'O': 3}", value)
    for symbol in value:
        if symbol not in load_elements().symbols:
            raise wrong(name, "symbols of elements such as 'Fe'", symbol)
    check = number(*AMOUNT)
    return {symbol: check(f"{name}[{symbol!r}]", n) for symbol, n in value.items()}


traits.formed(amounts, "amounts", "_table.symbols", 0, *AMOUNT)


class PeriodicTable(Widget):
    """The periodic table, colored by a property, from which elements are picked into a formula.

    Parameters
    ----------
    composition : str or dict
        A formula such as "Ba(NO3)2", or amounts such as {"Fe": 2, "O": 3}, 0.000001 to 1000000
        each, in the order of picking. "" and {} pick nothing.
    property : str
        Which column of `nnlib.datasets.load_elements()` colors the table.
    against : str
        The column over which the property is drawn; over the atomic number, it repeats itself.
    missing : "nan" or "skip"
        What becomes of a picked element without a value, as in `composition_features`.

    Notes
    -----
    The traits of the same names follow the page and can be assigned; `formula` is the composition
    written as a formula, and `features()` what `nnlib.materials.composition_features` makes of it.

    Raises
    ------
    ValueError
        Naming the argument that does not fit, what was expected and what came.

    Examples
    --------
    >>> table = PeriodicTable("NaCl", property="electronegativity")
    >>> table.composition = {"Fe": 2, "O": 3}
    >>> table.formula
    'Fe2O3'
    >>> X, names = table.features()
    >>> names[0], X[0, 0].round(3).item()
    ('mean electronegativity', 2.796)
    """

    _module = "periodic"
    _linked = ("composition", "property", "against", "missing")

    composition = traits.composition(amounts)
    property = Checked(one_of(PROPERTIES))
    against = Checked(one_of(PROPERTIES))
    missing = Checked(one_of(["nan", "skip"]))
    _table = traitlets.Dict().tag(sync=True)
    _scale = traitlets.List(list(SCALE)).tag(sync=True)

    def __init__(self, composition="SrTiO3", property="electronegativity",
                 against="atomic_number", missing="nan"):  # fmt: skip
        table = load_elements()
        columns = {
            name: [None if np.isnan(value) else value for value in table[name].tolist()]
            for name in PROPERTIES
        }
        shared = {
            "symbols": list(table.symbols), "names": list(table.names),
            "blocks": "".join(table.blocks), "places": places(table).tolist(),
            "properties": list(PROPERTIES), "values": columns,
            "labels": {name: label(name) for name in PROPERTIES},
            "units": dict(zip(PROPERTIES, table.units)),
            "logarithmic": [name for name in PROPERTIES if logarithmic(table[name])],
        }  # fmt: skip
        super().__init__(composition=composition, property=property, against=against,
                         missing=missing, _table=shared)  # fmt: skip

    @builtins.property  # a trait hides the plain name
    def formula(self):
        """The composition as a formula that `parse_formula` reads back, "" where nothing is picked."""
        return write_formula(self.composition) if self.composition else ""

    def features(self, properties=None):
        """What `composition_features` gives for the formula: (X, names), X of shape (1, 6 · properties).

        The properties are the one that colors the table, or those given.
        """
        if not self.composition:
            raise InvalidValue("composition: expected at least one element, got none picked")
        properties = [self.property] if properties is None else properties
        return composition_features([self.formula], properties, missing=self.missing)

    def static_figure(self):
        """The table in the property's colors, the picked elements framed."""
        from matplotlib.cm import ScalarMappable
        from matplotlib.colors import LinearSegmentedColormap, LogNorm, Normalize
        from matplotlib.figure import Figure
        from matplotlib.patches import Rectangle

        table = load_elements()
        values = table[self.property]
        norm = LogNorm if logarithmic(values) else Normalize
        norm = norm(np.nanmin(values), np.nanmax(values))
        colors = LinearSegmentedColormap.from_list("scale", SCALE, N=16)  # few, for a small file
        figure = Figure(figsize=(9, 5.2), layout="constrained")
        ax = figure.subplots()
        for symbol, value, (row, column) in zip(table.symbols, values, places(table)):
            missing = np.isnan(value)
            level = 0 if missing else norm(value)
            style = {"fc": "white", "hatch": "////"} if missing else {"fc": colors(level)}
            y = row - 0.6 * (row > 8)
            ax.add_patch(Rectangle((column - 0.5, y - 0.5), 1, 1, ec="#b5bcc5", lw=0.8, **style))
            if symbol in self.composition:
                box = (column - 0.43, y - 0.43), 0.86, 0.86
                ax.add_patch(Rectangle(*box, fc="none", ec="black", lw=3))
            ink = "white" if level > 0.5 else "black"
            back = {"fc": "white", "ec": "none", "pad": 1} if missing else None
            ax.text(column, y, symbol, ha="center", va="center", color=ink, bbox=back)
        ax.set(xlim=(0.4, 18.6), ylim=(10, 0.4), aspect="equal")
        ax.axis("off")
        scale = figure.colorbar(ScalarMappable(norm, colors), ax=ax, shrink=0.7, pad=0.01)
        scale.set_label(with_unit(self.property))
        number_missing = int(np.isnan(values).sum())
        alternative = (
            f"The periodic table, each element in a color for its {label(self.property)}, from "
            f"{np.nanmin(values):g} to {np.nanmax(values):g}; {number_missing} have no value."
        )
        caption = f"The elements colored by {with_unit(self.property)}"
        if number_missing:
            caption += f", hatched where no value is known ({number_missing})"
        caption += "."
        if self.composition:
            (mean, *_), = self.features()[0]
            known = "missing" if np.isnan(mean) else f"{mean:.4g}"
            caption += f" Framed: {self.formula}, whose mean {label(self.property)} is {known}."
        caption += " On the page with JavaScript, any property and any elements can be chosen."
        return figure, alternative, caption
