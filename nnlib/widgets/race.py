"""Optimizers racing downhill on a loss of two weights.

Surfaces and steps are worked out in static/race. Here are the state that the browser and Python
share, its validation, and the same paths by nnlib's tensors and optimizers.
"""

import numpy as np

import nnlib as nn
from nnlib.widgets.base import Widget
from nnlib.widgets.traits import (
    Checked,
    boolean,
    floats,
    number,
    numbers,
    one_of,
    some_of,
    whole,
    wrong,
)  # fmt: skip

MOST = 500  # steps
RATE = 1e-4, 10.0
OUTSIDE = 100.0  # a weight beyond has diverged: 25 times as far as the map reaches
TARGET = 0.01  # above the smallest loss: what the race is about
STEEP = 10.0  # the ravine's larger eigenvalue

# The optimizers, in the order of `rates`; the second argument is the momentum.
OPTIMIZERS = {
    "SGD": lambda w, lr, _: nn.SGD(w, lr),
    "momentum": lambda w, lr, momentum: nn.SGD(w, lr, momentum),
    "RMSprop": lambda w, lr, _: nn.RMSprop(w, lr),
    "Adam": lambda w, lr, _: nn.Adam(w, lr),
}

# Surface: where a race starts, and each optimizer's best learning rate from there.
STARTS = {
    "bowl": ([-3.0, 2.0], [1.0, 0.005, 0.14, 1.3]),
    "ravine": ([-3.0, 0.5], [0.18, 0.028, 0.05, 1.0]),
    "saddle": ([0.05, 2.5], [0.79, 0.18, 0.13, 0.28]),
    "rosenbrock": ([-1.5, 2.0], [0.001, 0.00056, 0.013, 0.13]),
    "line": ([1.5, 2.8], [0.16, 0.022, 0.045, 0.71]),
    "network": ([-2.5, 1.5], [1.0, 0.063, 0.063, 0.71]),
}

# Of "line" with x standardized, which is a bowl.
STANDARDIZED = [0.5, 0.0028, 0.028, 0.045]

# Points to fit: a line, whose x lies off-center, and a unit, which fits exactly at w = (1.2, 1.5).
LINE = np.array([[1.0, 0.25], [1.3, 0.5], [1.6, 1.0], [1.9, 1.2],
                 [2.2, 1.75], [2.5, 1.95], [2.8, 2.3], [3.1, 2.8]])  # fmt: skip
UNIT = np.array([[x, 1.5 * np.tanh(1.2 * x)] for x in np.linspace(-2, 2, 9)])


class OptimizerRace(Widget):
    """SGD, SGD with momentum, RMSprop and Adam, each from the same start on the map of a loss.

    Parameters
    ----------
    surface : "bowl", "ravine", "saddle", "rosenbrock", "line" or "network"
        "line" is the mean squared error of w x + b on eight points, "network" that of
        w₂ tanh(w₁ x) on nine. The others are functions of two weights.
    start : two numbers from -10 to 10, or None for the surface's own
    optimizers : list of "SGD", "momentum", "RMSprop" and "Adam"
        The ones that are shown.
    rates : four learning rates from 1e-4 to 10 in this order, or a dict of some of them
        By default each optimizer's best one from the surface's start, with the shape and momentum
        that are the default.
    momentum : float, 0 to 0.999
        Of "momentum", which is SGD with it.
    condition, angle : of the ravine
        The ratio of its curvatures, 1 to 1000, and the direction of its floor in degrees.
    standardized : bool
        For "line": x has mean 0 and standard deviation 1.
    steps : int, 0 to 500
        How many steps the race has gone.

    Notes
    -----
    All of them are traits that follow the page and can be assigned. Gradients are those of the
    whole loss, without noise. `loss(w)` is the height of the map, `paths()` where nnlib's
    optimizers go, and `hessian` the curvature where it is the same everywhere.

    Where a loss still swings, as RMSprop's does with a rate too large to settle, its last value
    depends on how sums are rounded: page and Python agree on the swinging, not on its digits.

    Raises
    ------
    ValueError
        Naming the argument that does not fit, what was expected and what came.

    Examples
    --------
    >>> race = OptimizerRace("bowl", start=[2, -1], rates={"SGD": 0.5}, steps=2)
    >>> race.paths()["SGD"]
    array([[ 2.  , -1.  ],
           [ 1.  , -0.5 ],
           [ 0.5 , -0.25]])
    """

    _module = "race"
    _linked = ("surface", "start", "optimizers", "rates", "momentum", "condition", "angle",
               "standardized", "steps")  # fmt: skip

    surface = Checked(one_of(STARTS))
    start = Checked(numbers(2, 2, -10, 10))
    optimizers = Checked(some_of(OPTIMIZERS, least=1))
    rates = Checked(numbers(4, 4, *RATE))
    momentum = Checked(number(0, 0.999))
    condition = Checked(number(1, 1000))
    angle = Checked(number(-90, 90))
    standardized = Checked(boolean)
    steps = Checked(whole(0, MOST))

    def __init__(self, surface="ravine", start=None, optimizers=tuple(OPTIMIZERS), rates=None,
                 momentum=0.9, condition=100.0, angle=30.0, standardized=False, steps=0):
        one_of(STARTS)("surface", surface)
        usual, best = STARTS[surface]
        if surface == "line" and boolean("standardized", standardized):
            best = STANDARDIZED
        if rates is None or isinstance(rates, dict):
            given = rates or {}
            if not given.keys() <= OPTIMIZERS.keys():
                raise wrong("rates", f"learning rates of {', '.join(OPTIMIZERS)}", rates)
            rates = [given.get(name, rate) for name, rate in zip(OPTIMIZERS, best)]
        super().__init__(
            surface=surface, start=usual if start is None else start, optimizers=optimizers,
            rates=rates, momentum=momentum, condition=condition, angle=angle,
            standardized=standardized, steps=steps)

    @property
    def points(self):
        """The x and y that a surface fits, two arrays (n,); None where it fits none."""
        if self.surface not in ("line", "network"):
            return None
        x, y = (LINE if self.surface == "line" else UNIT).T
        if self.surface == "line" and self.standardized:
            x = (x - x.mean()) / x.std()
        return x, y

    @property
    def hessian(self):
        """The second derivatives (2, 2) of "bowl", "ravine" and "line", None elsewhere."""
        if self.surface == "bowl":
            return np.eye(2)
        if self.surface == "ravine":
            turn = np.deg2rad(self.angle)
            floor = np.array([np.cos(turn), np.sin(turn)])
            flat = STEEP / self.condition
            return STEEP * np.eye(2) + (flat - STEEP) * np.outer(floor, floor)
        if self.surface == "line":
            x, _ = self.points
            return 2 * np.array([[np.mean(x * x), x.mean()], [x.mean(), 1.0]])
        return None

    @property
    def minimum(self):
        """The smallest loss of the surface."""
        if self.surface != "line":
            return 0.0
        x, y = self.points
        return float(np.mean((np.polyval(np.polyfit(x, y, 1), x) - y) ** 2))

    def loss(self, w):
        """The loss (...) at weights (..., 2), an array or a Tensor."""
        if not isinstance(w, nn.Tensor):
            with nn.no_grad():
                return self.loss(nn.Tensor(floats("w", w, "numbers of shape (..., 2)"))).data
        if w.ndim == 0 or w.shape[-1] != 2:
            raise ValueError(f"w: expected shape (..., 2), got {w.shape}")
        w1, w2 = w[..., 0], w[..., 1]
        if self.surface in ("bowl", "ravine"):
            return 0.5 * ((w @ self.hessian) * w).sum(axis=-1)
        if self.surface == "saddle":
            return (w1 * w1 - 4) ** 2 / 16 + 0.5 * w2 * w2
        if self.surface == "rosenbrock":
            return (1 - w1) ** 2 + 100 * (w2 - w1 * w1) ** 2
        x, y = self.points
        w1, w2 = w[..., 0:1], w[..., 1:2]
        output = w1 * x + w2 if self.surface == "line" else w2 * nn.Tanh()(w1 * x)
        return ((output - y) ** 2).mean(axis=-1)

    def paths(self, steps=None):
        """The weights of each chosen optimizer, {name: (steps + 1, 2)}, by nnlib.

        `steps` is the trait if None. A path that has diverged ends with its first weight beyond 100.
        """
        steps = self.steps if steps is None else whole(0, MOST)("steps", steps)
        found = {}
        for (name, make), rate in zip(OPTIMIZERS.items(), self.rates):
            if name not in self.optimizers:
                continue
            w = nn.Tensor(np.array(self.start), requires_grad=True)
            optimizer, path = make([w], rate, self.momentum), [w.data.copy()]
            while len(path) <= steps and np.abs(w.data).max() <= OUTSIDE:
                optimizer.zero_grad()
                self.loss(w).backward()
                optimizer.step()
                path.append(w.data.copy())
            found[name] = np.array(path)
        return found

    def static_figure(self):
        """The map with the paths, and beside it the loss after each step."""
        from matplotlib.figure import Figure

        steps = self.steps or 100
        figure = Figure(figsize=(8.4, 3.6), layout="constrained")
        here, beside = figure.subplots(1, 2, width_ratios=[4, 3])
        wide, low, high = (2.2, -0.8, 2.6) if self.surface == "rosenbrock" else (4, -3, 3)
        w1, w2 = np.meshgrid(np.linspace(-wide, wide, 161), np.linspace(low, high, 121))
        heights = self.loss(np.stack([w1, w2], axis=-1)) - self.minimum
        levels = 10.0 ** np.arange(-2, np.log10(heights.max()) + 0.5, 0.5)
        here.contour(w1, w2, heights, levels, colors="#9aa4af", linewidths=0.7)
        ends = []
        paths = self.paths(steps)
        for name, color, shape in zip(OPTIMIZERS, ["#1b2129", "#b84a00", "#0f62ab", "#00735a"], "osD^"):
            if name not in paths:
                continue
            path = paths[name]
            left = np.maximum(self.loss(path) - self.minimum, 1e-12)
            look = {"color": color, "marker": shape, "linewidth": 1.2}
            here.plot(*path.T, **look, markevery=[-1], label=name)
            beside.semilogy(left, **look, markevery=max(1, steps // 8))
            end = "below 1e-12" if left[-1] == 1e-12 else f"{left[-1]:.2g}"
            ends.append(f"{name} {'has diverged' if len(path) <= steps else end}")
        here.plot(*self.start, "o", color="#1b2129", markersize=9, fillstyle="none")
        here.set(xlim=(-wide, wide), ylim=(low, high), xlabel="$w_1$", ylabel="$w_2$", aspect="equal")
        beside.set(xlabel="step", ylabel="loss above its minimum" if self.minimum else "loss")
        here.legend(fontsize=8)
        result = f"loss after {steps} steps: {', '.join(ends)}"
        return figure, (
            f"Contour lines of a loss of two weights ({self.surface}) and the paths of {len(ends)} "
            f"optimizers from one start; beside them, on a logarithmic axis, the loss after each "
            f"step. The {result}."
        ), (
            f"Optimizers on one surface ({self.surface}), each with its own learning rate; {result}. "
            "On the page with JavaScript, start, surface and rates can be changed."
        )
