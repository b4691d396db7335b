"""An alloy mixer: choose elements and amounts, and see what an ensemble predicts and when to doubt it.

The page computes and draws in static/mixer. Here are the state that the browser and Python
share, its validation, and the same networks in nnlib.
"""

import re
from functools import cache
from itertools import groupby
from typing import NamedTuple

import numpy as np
import traitlets

import nnlib as nn
from nnlib.datasets.emt import ELEMENTS
from nnlib.formulas import parse_formula
from nnlib.widgets import traits, weights
from nnlib.widgets.base import Widget
from nnlib.widgets.traits import Checked, InvalidValue, floats, number, one_of, whole, wrong

HIDDEN, MEMBERS = 12, 5
CELL = 32  # atoms in a random cell, so that distances are whole numbers of atoms
LEAST, MOST = 1e-6, 1000.0  # parts of one element in the mixture
UNIT = 1e-5  # eV/atom, in which the page gets the energies
TRAINED_ON = ("all", *(f"without {element}" for element in ELEMENTS))
LAYERS = ("0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias")


class Prediction(NamedTuple):
    """Formation energies in eV/atom."""

    mean: np.ndarray  # (...)
    spread: np.ndarray  # (...) standard deviation over the members, with divisor members - 1
    members: np.ndarray  # (..., 5)


class Domain(NamedTuple):
    """What can be said about a mixture without knowing its energy."""

    new_elements: list  # in the mixture, but in no training alloy
    elements: int  # in the mixture; training alloys have at most four
    distance: float  # to the nearest training alloy, the share of atoms to exchange
    limit: float  # 99 % of the training alloys have another one at most so far away

    @property
    def outside(self):
        return bool(self.new_elements) or self.elements > 4 or self.distance > self.limit + 1e-9


class Neighbor(NamedTuple):
    """A known alloy and its distance from the mixture, the share of atoms to exchange."""

    formula: str
    distance: float
    energy: float  # by EMT, eV/atom
    prototype: str
    trained: bool  # whether the ensemble was trained on it


def network(rng=None):
    """A network without weights yet, 7 fractions to eV/atom."""
    return nn.Sequential(
        nn.Linear(len(ELEMENTS), HIDDEN, rng=rng), nn.Tanh(),
        nn.Linear(HIDDEN, HIDDEN, rng=rng), nn.Tanh(),
        nn.Linear(HIDDEN, 1, rng=rng),
    )  # fmt: skip


@cache
def alloys():
    return nn.datasets.load_emt_alloys()


@cache
def held_out():
    """Which alloys no ensemble was trained on, (2070,) bool: all those of a fifth of the compositions.

    Cells of one composition stay together, or the test would ask what training has answered.
    """
    names, place = np.unique(alloys().formulas, return_inverse=True)
    chosen = np.random.default_rng(0).permutation(len(names))[: len(names) // 5]
    return np.isin(place, chosen)


def training_rows(trained_on):
    """Which alloys an ensemble was trained on, (2070,) bool."""
    rows = ~held_out()
    if trained_on != "all":
        rows = rows & (alloys().X[:, ELEMENTS.index(trained_on.split()[1])] == 0)
    return rows


def distances(x, X):
    """What share of its atoms one must exchange to turn x (7,) into each of X (n, 7)."""
    return np.abs(X - x).sum(axis=1) / 2


def limit(trained_on):
    """The 99th percentile of the distances from each training alloy to the nearest other one."""
    X = alloys().X[training_rows(trained_on)]
    nearest = [np.partition(distances(x, X), 1)[1] for x in X]  # at 0 stands the alloy itself
    return float(np.quantile(nearest, 0.99, method="higher"))


@cache
def shipped():
    return weights.load("mixer")


def _coded(atoms):
    """Six of the seven counts as the digits of one number, to keep the page small; (n, 7) to bytes."""
    return (atoms[:, :-1] @ (CELL + 1) ** np.arange(len(ELEMENTS) - 1)).astype("<u4").tobytes()


def amounts(name, value):
    """Amounts of some of the seven metals, {symbol: parts}, from such a dict or from a formula."""
    if isinstance(value, str):
        try:
            value = parse_formula(value)
        except ValueError as error:
            raise InvalidValue(f"{name}: {_among_the_seven(str(error))}") from None
    expected = f"a formula or amounts of {', '.join(ELEMENTS)}, such as {{'Ni': 3, 'Al': 1}}"
    if not isinstance(value, dict):
        raise wrong(name, expected, value)
    check = number(0, MOST)
    for symbol, amount in value.items():
        if symbol not in ELEMENTS:
            raise wrong(name, expected, value)
        if 0 < check(f"{name}[{symbol!r}]", amount) < LEAST:
            raise wrong(f"{name}[{symbol!r}]", f"0 or a number from {LEAST:g} to {MOST:g}", amount)
    kept = {symbol: float(amount) for symbol, amount in value.items() if amount > 0}
    if not kept:
        raise wrong(name, "at least one amount above zero", value)
    return kept


traits.formed(amounts, "amounts", "_elements", 1, LEAST, MOST)


def _among_the_seven(words):
    """The words of parse_formula, advising none but the seven metals."""

    def keep(advice):
        near = [symbol for symbol in advice[1].split(" or ") if symbol in ELEMENTS]
        return f" (did you mean {' or '.join(near)}?)" if near else ""

    return re.sub(r" \(did you mean (.*?)\?\)", keep, words, count=1)


class AlloyMixer(Widget):
    """An alloy of up to seven metals, and its formation energy by an ensemble of five networks.

    The networks were trained on formation energies that the model potential EMT gives, not on
    experiment, and see fractions alone.

    Parameters
    ----------
    composition : str or dict
        A formula such as "Ni3Al", or parts such as {"Ni": 3, "Al": 1}, of Al, Ni, Cu, Pd, Ag, Pt
        and Au: 0.000001 to 1000 each, or 0.
    trained_on : "all", "without Al", "without Ni", ... or "without Au"
        Which ensemble answers: one that was trained on alloys of all elements, or one that has
        never seen an alloy with that element. A fifth of all compositions is held out of each.
    line : str, the element whose fraction runs along the picture
        The other elements keep their proportions.

    Notes
    -----
    The traits of the same names follow the page and can be assigned; `members` are the five
    networks, `predict()` is what they say, `nearest()` what is known nearby, and `domain()` what
    speaks for caution.

    Raises
    ------
    ValueError
        Naming the argument that does not fit, what was expected and what came.

    Examples
    --------
    >>> mixer = AlloyMixer("Cu3Pt", trained_on="without Pt")
    >>> mixer.domain().new_elements
    ['Pt']
    >>> mixer.nearest(1)[0].prototype
    'L1_2'
    """

    _module = "mixer"
    _linked = ("composition", "trained_on", "line")

    composition = traits.composition(amounts)
    trained_on = Checked(one_of(TRAINED_ON))
    line = Checked(one_of(ELEMENTS))
    _weights = traitlets.Dict().tag(sync=True)
    _elements = traitlets.List(list(ELEMENTS)).tag(sync=True)
    _known = traitlets.Dict().tag(sync=True)

    def __init__(self, composition="Cu3Pt", trained_on="all", line="Pt"):
        table = alloys()
        known = {
            "atoms": _coded(np.rint(CELL * table.X).astype(int)),
            "energy": np.rint(table.formation_energy / UNIT).astype("<i2").tobytes(),
            "held_out": np.packbits(held_out(), bitorder="little").tobytes(),
            # [name, rows] in the order of the rows
            "prototypes": [[name, len(list(rows))] for name, rows in groupby(table.prototypes)],
        }
        super().__init__(composition=composition, trained_on=trained_on, line=line,
                         _weights=weights.packed(shipped()), _known=known)  # fmt: skip

    @property
    def fractions(self):
        """Of the seven elements in the mixture, shape (7,)."""
        parts = np.array([self.composition.get(element, 0.0) for element in ELEMENTS])
        return parts / parts.sum()

    @property
    def members(self):
        """The five networks that answer: Sequentials in float64, fractions (n, 7) to (n, 1) eV/atom."""
        networks = []
        for member in range(MEMBERS):
            net = network().astype(np.float64)
            chosen = TRAINED_ON.index(self.trained_on), member
            net.load_state_dict({name: shipped()[name][chosen].astype(float) for name in LAYERS})
            networks.append(net)
        return networks

    def predict(self, X=None):
        """The Prediction for fractions X, (7,) or (n, 7), whose rows sum to 1; for the mixture without X."""
        X = self.fractions if X is None else floats("X", X, "fractions of shape (7,) or (n, 7)")
        if X.ndim not in (1, 2) or X.shape[-1] != len(ELEMENTS) or not len(X):
            raise InvalidValue(f"X: expected shape (7,) or (n, 7) with n at least 1, got {X.shape}")
        if X.min() < 0:
            raise InvalidValue(f"X: expected fractions of 0 or more, got {X.min():g}")
        sums = np.atleast_1d(X.sum(axis=-1))
        farthest = sums[np.abs(sums - 1).argmax()]
        if abs(farthest - 1) > 1e-5:
            raise InvalidValue(f"X: expected fractions that sum to 1, got the sum {farthest:g}")
        with nn.no_grad():
            values = [net(np.atleast_2d(X)).data[:, 0] for net in self.members]
        P = np.stack(values, axis=-1).reshape(*X.shape[:-1], MEMBERS)
        return Prediction(P.mean(axis=-1), P.std(axis=-1, ddof=1), P)

    def domain(self):
        """What can be said about the mixture without knowing its energy."""
        x, rows = self.fractions, training_rows(self.trained_on)
        X = alloys().X[rows]
        new = [e for e, here, there in zip(ELEMENTS, x, X.max(axis=0)) if here > 0 and there == 0]
        farthest = float(shipped()["limit"][TRAINED_ON.index(self.trained_on)])
        return Domain(new, int((x > 0).sum()), float(distances(x, X).min()), farthest)

    def nearest(self, n=5):
        """The n known alloys that are nearest in composition, a list of Neighbors.

        Where several are equally near, ordered ones come first, as in the table.
        """
        n = whole(1, len(alloys().formulas))("n", n)
        table, away = alloys(), distances(self.fractions, alloys().X).round(9)
        trained = training_rows(self.trained_on)
        return [Neighbor(table.formulas[k], float(away[k]), float(table.formation_energy[k]),
                         table.prototypes[k], bool(trained[k]))
                for k in np.argsort(away, kind="stable")[:n]]  # fmt: skip

    def along(self, t):
        """Fractions (n, 7) on the line: t (n,) of the element `line`, the others in proportion.

        A pure metal has no others; then the next of the seven takes their place.
        """
        expected = "a list of fractions from 0 to 1"
        t = floats("t", t, expected)
        if t.ndim != 1:
            raise InvalidValue(f"t: expected {expected}, got shape {t.shape}")
        if not np.all((t >= 0) & (t <= 1)):
            raise wrong("t", expected, t.tolist())
        k, t = ELEMENTS.index(self.line), t[:, None]
        others = self.fractions.copy()
        others[k] = 0
        if others.sum() == 0:
            others[(k + 1) % len(ELEMENTS)] = 1
        return t * np.eye(len(ELEMENTS))[k] + (1 - t) * others / others.sum()

    def _axis(self):
        """What runs along the picture, in words."""
        rest = self.along([0])[0]
        parts = (rest / rest[rest > 0].min()).round(2)
        written = sorted((e, n) for e, n in zip(ELEMENTS, parts) if n > 0)
        name = "".join(e if n == 1 else f"{e}{n:g}" for e, n in written)
        simple = np.all(parts == parts.round()) and len(name) <= 8
        return f"fraction of {self.line}, the rest {f'is {name}' if simple else 'as mixed'}"

    def static_figure(self):
        """The line through the mixture: the ensemble's mean and twice its spread, and what EMT says."""
        from matplotlib.figure import Figure

        table, trained = alloys(), training_rows(self.trained_on)
        k = ELEMENTS.index(self.line)
        t = np.linspace(0, 1, 101)
        mean, spread, members = self.predict(self.along(t))
        figure = Figure(figsize=(6.4, 4.0), layout="constrained")
        ax = figure.subplots()
        ax.axhline(0, color="#7a8490", lw=0.8)
        ax.fill_between(t, mean - 2 * spread, mean + 2 * spread, color="#bcd6ee", lw=0)
        ax.plot(t, members, color="#7a8490", lw=0.6)
        ax.plot(t, mean, color="#1b2129", lw=2)
        near = np.abs(table.X - self.along(table.X[:, k])).sum(axis=1) / 2 < 1.01 / CELL
        ordered = np.array(table.prototypes) != "random"
        for seen, color, shape in ((True, "#0f62ab", "o"), (False, "#b84a00", "s")):
            for full in (False, True):
                rows = near & (trained == seen) & (ordered == full)
                ax.plot(table.X[rows, k], table.formation_energy[rows], shape, ms=6, mec=color,
                        mfc=color if full else "none")  # fmt: skip
        here = self.predict()
        ax.errorbar(self.fractions[k], here.mean, 2 * here.spread, fmt="D", ms=8, color="#a3123f",
                    elinewidth=3, capsize=7, capthick=3)  # fmt: skip
        ax.set(xlabel=self._axis(), ylabel="formation energy (eV/atom)", xlim=(-0.02, 1.02))
        ax.spines[["top", "right"]].set_visible(False)
        name = "".join(e if n == 1 else e + np.format_float_positional(n, 3, fractional=False, trim="-")
                       for e, n in self.composition.items())
        said = f"{here.mean:+.3f} eV/atom, s = {here.spread:.4f} eV/atom".replace("-", "−")
        alternative = (
            f"Formation energy over the {self._axis()}: the curve of an ensemble with its band, "
            f"markers of known alloys, and {name} at {said}."
        )
        caption = (
            f"What five networks, trained on {self.trained_on if self.trained_on == 'all' else 'alloys ' + self.trained_on}"
            f"{' alloys' if self.trained_on == 'all' else ''}, predict for {name}: {said} (diamond; band and bar "
            f"reach 2 s up and down, s the standard deviation of the networks). Markers are EMT's energies "
            f"of known alloys, filled where the atoms are ordered or the metal is pure, blue circles if trained "
            f"on, orange squares if not. On the page with JavaScript, any mixture can be made."
        )
        return figure, alternative, caption
