"""One query and four keys in the plane: whom it fits, and what it reads from them.

The attention is computed in static/querykey. Here are the state that the browser and Python share,
its validation, and the same attention by nnlib.
"""

import numpy as np

from nnlib.layers.attention import attention_by_loops
from nnlib.widgets.base import Widget
from nnlib.widgets.traits import Checked, boolean, floats, formed, number, numbers, wrong

KEYS = 4
LIMIT = 4.0  # of coordinates
VALUES = 100.0
PLACES = 1000


def plane_vectors(name, value):
    """Four vectors of the plane, as lists."""
    array = floats(name, value, f"{KEYS} rows of 2 finite numbers")
    if array.shape != (KEYS, 2) or np.abs(array).max() > LIMIT:
        raise wrong(name, f"{KEYS} rows of 2 numbers from {-LIMIT:g} to {LIMIT:g}", value)
    return array.tolist()


formed(plane_vectors, "matrix", KEYS, KEYS, 2, 2, -LIMIT, LIMIT)


def places(name, value):
    """The places of the query and of the four keys, whole numbers."""
    array = floats(name, value, f"{KEYS + 1} whole numbers")
    if array.shape != (KEYS + 1,) or np.any(array % 1) or array.min() < 0 or array.max() > PLACES:
        raise wrong(name, f"{KEYS + 1} whole numbers from 0 to {PLACES}", value)
    return array.astype(int).tolist()


formed(places, "array", ["whole", 0, PLACES], KEYS + 1, KEYS + 1)


class QueryKeyPlane(Widget):
    """Attention of one query to four keys, all of them vectors of the plane.

    Parameters
    ----------
    query : 2 numbers from -4 to 4
    key : 4 rows of 2 numbers from -4 to 4
    value : 4 numbers from -100 to 100
    scaled : bool
        Whether the dot products are divided by √2, the root of the vectors' length.
    angle : float, 0 to 180
        Degrees by which rotary positions turn a vector for each place; 0 leaves them as they are.
    places : 5 whole numbers from 0 to 1,000
        The place of the query and of the four keys, which count where `angle` is not 0.

    Notes
    -----
    All of them are traits that follow the page and can be assigned. `weights()` and `answer()` are
    what the page shows, by nnlib's `attention_by_loops`.

    Sources: Vaswani et al. (2017), Attention is all you need; Su et al. (2024), RoFormer, for the
    turned vectors.

    Raises
    ------
    ValueError
        Naming the argument that does not fit, what was expected and what came.

    Examples
    --------
    >>> plane = QueryKeyPlane(query=[0, 0])
    >>> plane.weights(), plane.answer()
    (array([0.25, 0.25, 0.25, 0.25]), 25.0)
    """

    _module = "querykey"
    _linked = ("query", "key", "value", "scaled", "angle", "places")

    query = Checked(numbers(2, 2, -LIMIT, LIMIT))
    key = Checked(plane_vectors)
    value = Checked(numbers(KEYS, KEYS, -VALUES, VALUES))
    scaled = Checked(boolean)
    angle = Checked(number(0, 180))
    places = Checked(places)

    def __init__(self, query=(1.5, 1.0), key=((2, 0), (0, 2), (-2, 0), (1, -2)),
                 value=(10, 20, 30, 40), scaled=True, angle=0.0, places=(4, 0, 1, 2, 3)):
        super().__init__(query=query, key=key, value=value, scaled=scaled, angle=angle,
                         places=places)

    def vectors(self):
        """The query and the keys as they are compared, turned by their places, shape (5, 2)."""
        turns = np.deg2rad(self.angle) * np.array(self.places)
        x, y = np.array([self.query, *self.key]).T
        return np.stack([x * np.cos(turns) - y * np.sin(turns),
                         x * np.sin(turns) + y * np.cos(turns)], axis=1)

    def _attend(self):
        query, *keys = self.vectors()
        query = query if self.scaled else query * np.sqrt(2)  # takes the division back
        mixed, weights = attention_by_loops(query[None], np.array(keys), np.array(self.value)[:, None])
        return mixed.item(), weights[0]

    def weights(self):
        """How much of each value is read, shape (4,)."""
        return self._attend()[1]

    def answer(self):
        """The mean of the values, weighted."""
        return self._attend()[0]

    def static_figure(self):
        """The arrows, and beside them the weights."""
        from matplotlib.figure import Figure

        query, *keys = self.vectors()
        weights = self.weights()
        figure = Figure(figsize=(8, 3.6), layout="constrained")
        plane, bars = figure.subplots(1, 2)
        for name, (x, y), color in [("q", query, "#b84a00"),
                                    *((f"k{k}", key, "#0f62ab") for k, key in enumerate(keys, 1))]:
            plane.annotate("", (x, y), (0, 0), arrowprops={"arrowstyle": "-|>", "color": color, "lw": 2})
            plane.annotate(name, (x, y), xytext=(4, 4), textcoords="offset points")
        reach = max(2.5, 1.15 * np.abs([query, *keys]).max())
        plane.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
        names = [f"k{k}, value {value:g}" for k, value in enumerate(self.value, 1)]
        bars.barh(names[::-1], weights[::-1], color="#0f62ab")
        bars.set(xlim=(0, 1), xlabel="weight")
        said = ", ".join(f"{weight:.2f} for k{k}" for k, weight in enumerate(weights, 1))
        return figure, (
            f"A query and four keys as arrows of the plane; beside them the weights as bars: {said}."
        ), (
            f"A query and four keys in the plane. The weights are {said}, and the answer is "
            f"{self.answer():.1f}. On the page with JavaScript, all arrows can be moved."
        )
