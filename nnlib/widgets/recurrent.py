"""A recurrent network unrolled in time: its states, and how much each input still moves the last output.

Forward and backward pass are worked out in static/recurrent. Here are the state that the browser
and Python share, its validation, and the nnlib layer that computes the same.
"""

import numpy as np

import nnlib as nn
from nnlib.widgets.base import Widget
from nnlib.widgets.traits import Checked, floats, formed, number, numbers, one_of, whole, wrong

MAX_STEPS = 60
UNITS = (1, 8)
RADIUS = 2.0
INPUT = 2.0

# Input sequences to begin with, the same ones in recurrent.js.
SEQUENCES = {
    "pulse": lambda t: np.where(t == 0, 1.0, 0.0),
    "pulses": lambda t: np.where(t % 10 == 0, 1.0, 0.0),
    "wave": lambda t: np.sin(2 * np.pi * t / 12),
    "alternating": lambda t: np.where(t % 2 == 0, 1.0, -1.0),
}


def one_or_eight(name, value):
    if isinstance(value, bool) or value not in UNITS:
        raise wrong(name, "1 or 8", value)
    return int(value)


formed(one_or_eight, "one", list(UNITS))


def matrix(name, value):
    """Rows of a square matrix of finite numbers, one or eight of them."""
    array = floats(name, value, "rows of finite numbers")
    if array.shape not in [(n, n) for n in UNITS]:
        raise wrong(name, "a matrix of shape (1, 1) or (8, 8)", value)
    return array.tolist()


class RecurrentPlayground(Widget):
    """h_t = φ(w_in x_t + W h_{t-1}) over a sequence, and the slope of the last output toward each x_t.

    Parameters
    ----------
    inputs : "pulse", "pulses", "wave", "alternating", or a list of 2 to 60 numbers from -2 to 2
    radius : float, -2 to 2
        What the recurrent matrix, of spectral radius 1, is multiplied by. With one unit it is the
        recurrent weight itself.
    units : 1 or 8
        One unit, or eight with a random matrix.
    activation : "tanh" or "linear"
    steps : int, 2 to 60, for an input given by name
    seed : int, for the random matrix and the weights of input and output

    Notes
    -----
    The output is y = v · h_T, with T the last step; with one unit, y = h_T. The traits `inputs`,
    `radius`, `units` and `activation` follow the page and can be assigned; `layer` is the nnlib
    layer on screen, and `slopes()` the derivatives of y toward each input.

    Raises
    ------
    ValueError
        Naming the argument that does not fit, what was expected and what came.

    Examples
    --------
    >>> RecurrentPlayground([1, 0, 0], radius=0.5, activation="linear").slopes()
    array([0.25, 0.5 , 1.  ])
    """

    _module = "recurrent"
    _linked = ("inputs", "radius", "units", "activation")

    inputs = Checked(numbers(2, MAX_STEPS, -INPUT, INPUT))
    radius = Checked(number(-RADIUS, RADIUS))
    units = Checked(one_or_eight)
    activation = Checked(one_of(["tanh", "linear"]))
    # For eight units: the recurrent matrix, and the weights from the input and to the output.
    random_matrix = Checked(matrix)
    into = Checked(numbers(8, 8))
    out = Checked(numbers(8, 8))

    def __init__(self, inputs="pulse", radius=0.9, units=1, activation="tanh", steps=30, seed=0):
        if isinstance(inputs, str):
            inputs = SEQUENCES[one_of(SEQUENCES)("inputs", inputs)](
                np.arange(whole(2, MAX_STEPS)("steps", steps)))
        one_or_eight("units", units)
        rng = np.random.default_rng(whole(0, 2**31)("seed", seed))
        W = rng.normal(size=(8, 8))
        W /= np.abs(np.linalg.eigvals(W)).max()
        into, out = rng.normal(size=(2, 8)) / np.sqrt(8)
        super().__init__(inputs=inputs, radius=radius, units=units, activation=activation,
                         random_matrix=W.round(6), into=into.round(6), out=out.round(6))

    def _weights(self):
        """W (units, units), w_in and v (units,)."""
        if self.units == 1:
            return np.array([[self.radius]]), np.ones(1), np.ones(1)
        return self.radius * np.array(self.random_matrix), np.array(self.into), np.array(self.out)

    @property
    def layer(self):
        """A new `nn.RNN` in float64 with these weights and no bias; it has tanh in any case."""
        W, into, _ = self._weights()
        layer = nn.RNN(1, len(W)).astype(np.float64)
        layer.load_state_dict({
            "weight_ih_l0": into[:, None], "weight_hh_l0": W,
            "bias_ih_l0": np.zeros(len(W)), "bias_hh_l0": np.zeros(len(W))})
        return layer

    def states(self):
        """h_1 ... h_T, shape (steps, units)."""
        W, into, _ = self._weights()
        if self.activation == "tanh":
            with nn.no_grad():
                return self.layer(np.reshape(self.inputs, (1, -1, 1)))[0].data[0]
        h, states = np.zeros(len(W)), []
        for x in self.inputs:
            h = into * x + W @ h
            states.append(h)
        return np.array(states)

    def slopes(self):
        """dy/dx_t for each step t, shape (steps,), by backpropagation through time."""
        W, into, out = self._weights()
        if self.activation == "tanh":
            x = nn.Tensor(np.reshape(self.inputs, (1, -1, 1)), requires_grad=True)
            output, _ = self.layer(x)
            (output[0, -1] * out).sum().backward()
            return x.grad[0, :, 0]
        slopes = []
        for _ in self.inputs:
            slopes.append(into @ out)
            out = W.T @ out
        return np.array(slopes[::-1])

    def static_figure(self):
        """Inputs and states above, the slopes below, as the page first shows them."""
        from matplotlib.figure import Figure

        t = np.arange(1, len(self.inputs) + 1)
        states, slopes = self.states(), np.abs(self.slopes())
        figure = Figure(figsize=(6.4, 4.6), layout="constrained")
        above, below = figure.subplots(2, sharex=True)
        above.bar(t, self.inputs, width=0.6, color="#e8b98d", label="input $x_t$")
        above.plot(t, states, "o-", color="#0f62ab", markersize=3.5, linewidth=1.2)
        above.set_ylabel("input, state")
        below.semilogy(t, np.maximum(slopes, 1e-300), "o-", color="#0f62ab", markersize=3.5)
        below.set(xlabel="step $t$", ylabel="$|dy/dx_t|$",
                  ylim=(max(slopes.min(), 1e-12) / 3, max(slopes.max(), 1e-12) * 3))
        for ax in (above, below):
            ax.spines[["top", "right"]].set_visible(False)
        alternative = (
            f"Above, {len(t)} inputs as bars and the states they leave; below, on a logarithmic axis, how "
            f"strongly the last output depends on each input: {slopes[0]:.2g} for the first step, "
            f"{slopes[-1]:.2g} for the last.")
        caption = (
            f"A recurrent network of {self.units} unit{'s' * (self.units > 1)} with recurrent "
            f"{'weight' if self.units == 1 else 'spectral radius'} {self.radius:g} over {len(t)} steps. "
            "On the page with JavaScript, inputs and weights can be changed.")
        return figure, alternative, caption
