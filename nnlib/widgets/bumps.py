"""Universal approximation by hand: a row of bumps, each made of two sigmoid units, follows a function.

The sum is drawn and its error measured in static/bumps. Here are the state that the browser and
Python share, its validation, and the nnlib network that computes the same sum.
"""

import numpy as np

import nnlib as nn
from nnlib.widgets.base import Widget
from nnlib.widgets.traits import Checked, InvalidValue, number, numbers, one_of, whole

MAX_BUMPS = 40
STEEPNESS = (1.0, 1e4)
HEIGHTS = (-2.0, 2.0)

# Functions on 0 ... 1, the same ones in bumps.js.
TARGETS = {
    "wave": lambda x: 0.5 - 0.2 * np.cos(2 * np.pi * x) + 0.2 * np.cos(5 * np.pi * x),
    "peak": lambda x: 0.1 + 0.8 * np.maximum(0, 1 - np.abs(x - 0.5) / 0.25),
    "step": lambda x: np.where(x < 0.5, 0.25, 0.75),
}


def edges(bumps):
    """Where bumps of equal width on 0 ... 1 begin and end, shape (bumps + 1,).

    The first begins at -1 and the last ends at 2, so that neither drops at the rim of the picture.
    """
    x = np.linspace(0, 1, bumps + 1)
    x[0], x[-1] = -1, 2
    return x


def midpoints(bumps):
    """Where the bumps are as high as their heights say, shape (bumps,)."""
    return (np.arange(bumps) + 0.5) / bumps


class BumpPlayground(Widget):
    """A network of one hidden layer, two sigmoid units a bump, beside the function that it follows.

    Parameters
    ----------
    target : "wave", "peak" or "step", a function on 0 ... 1
    bumps : int, 1 to 40, of equal width
    steepness : float, 1 to 10,000, the weight s in σ(s (x - edge))
    heights : list of floats from -2 to 2, one per bump; without it, the target at the midpoints

    Notes
    -----
    The traits `target`, `steepness` and `heights` follow the page and can be assigned; `network` is
    the nnlib network that is on screen.

    Raises
    ------
    ValueError
        Naming the argument that does not fit, what was expected and what came.

    Examples
    --------
    >>> BumpPlayground("step", bumps=2, steepness=50).heights
    [0.25, 0.75]
    """

    _module = "bumps"
    _linked = ("target", "steepness", "heights")

    target = Checked(one_of(TARGETS))
    steepness = Checked(number(*STEEPNESS))
    heights = Checked(numbers(1, MAX_BUMPS, *HEIGHTS))

    def __init__(self, target="wave", bumps=None, steepness=500.0, heights=None):
        target = one_of(TARGETS)("target", target)
        if bumps is not None and heights is not None:
            raise InvalidValue("bumps: expected nothing beside heights, one for each bump")
        if heights is None:
            bumps = whole(1, MAX_BUMPS)("bumps", 10 if bumps is None else bumps)
            heights = TARGETS[target](midpoints(bumps))
        super().__init__(target=target, steepness=steepness, heights=heights)

    @property
    def network(self):
        """A new Sequential, in float64, of the bumps that are on screen: x (n, 1) to (n, 1).

        Hidden units 0, 2, 4 ... are the bumps' rises, units 1, 3, 5 ... their falls.
        """
        n, at = len(self.heights), edges(len(self.heights))
        steps = np.column_stack([at[:-1], at[1:]]).ravel()  # begin, end, begin, end ...
        network = nn.Sequential(nn.Linear(1, 2 * n), nn.Sigmoid(), nn.Linear(2 * n, 1))
        network.astype(np.float64).load_state_dict(
            {
                "0.weight": np.full((2 * n, 1), self.steepness),
                "0.bias": -self.steepness * steps,
                "2.weight": [np.repeat(self.heights, 2) * np.tile([1, -1], n)],
                "2.bias": [0.0],
            }
        )
        return network

    def static_figure(self):
        """Target, bumps and their sum, as the page first shows them."""
        from matplotlib.figure import Figure

        x = np.linspace(0, 1, 1001)
        target = TARGETS[self.target](x)
        with nn.no_grad():
            hidden = self.network[1](self.network[0](x[:, None])).data
        bumps = (hidden[:, ::2] - hidden[:, 1::2]) * self.heights
        total = bumps.sum(axis=1)
        error = np.abs(total - target).max()
        figure = Figure(figsize=(6.4, 4.0), layout="constrained")
        ax = figure.subplots()
        ax.plot(x, bumps, color="#7a8490", linewidth=0.8)
        ax.plot(x, target, color="#535d69", linewidth=2.4, linestyle=(0, (4, 1.5)), label="target")
        ax.plot(x, total, color="#0f62ab", linewidth=2.4, label="sum of the bumps")
        ax.set(xlabel="$x$", ylabel="$f(x)$", xlim=(0, 1))
        ax.spines[["top", "right"]].set_visible(False)
        ax.legend()
        n = len(self.heights)
        alternative = (
            f"A curve over x from 0 to 1, {n} thin bumps side by side, and their sum, which follows the "
            f"curve; it is off by {error:.2g} at most."
        )
        caption = (
            f"{n} bumps of steepness {self.steepness:g} beside the function they are to follow; the "
            f"largest error is {error:.2g}. On the page with JavaScript, all of this can be moved."
        )
        return figure, alternative, caption
