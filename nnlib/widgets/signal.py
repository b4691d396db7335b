"""Values on their way up through many layers, and a gradient on its way back, at a scale of the weights.

Both passes are worked out in static/signal. Here are the state that the browser and Python share,
its validation, and the nnlib network with the same weights.
"""

import numpy as np

import nnlib as nn
from nnlib.widgets.base import Widget
from nnlib.widgets.slope import ACTIVATIONS
from nnlib.widgets.traits import Checked, number, one_of, whole

WIDTH, BATCH = 64, 16  # units of a layer, samples
DEPTH = 2, 30
SCALE = 0.2, 4.0
STREAMS = {"inputs": 1, "weights": 2, "gradient": 3}  # of random numbers, for one seed


def uniform(seed, stream, count):
    """The first `count` numbers of `data.random(seed, stream)`, all at once: the k-th depends on k alone."""
    with np.errstate(over="ignore"):
        start = np.uint32((seed * 0x9E3779B9 + stream * 0x85EBCA6B) & 0xFFFFFFFF)
        state = start + np.uint32(0x6D2B79F5) * np.arange(1, count + 1, dtype=np.uint32)
        t = (state ^ (state >> np.uint32(15))) * (state | np.uint32(1))
        t ^= t + (t ^ (t >> np.uint32(7))) * (t | np.uint32(61))
    return (t ^ (t >> np.uint32(14))) / 2**32


def spread(seed, stream, *shape):
    """Random numbers of mean 0 and variance 1, uniform in ±√3."""
    return (np.sqrt(3) * (2 * uniform(seed, STREAMS[stream], np.prod(shape)) - 1)).reshape(shape)


class SignalPlayground(Widget):
    """16 samples through up to 30 layers of 64 units, and a random gradient back from the last layer.

    Parameters
    ----------
    activation : "sigmoid", "tanh", "relu", "leaky_relu", "gelu", "silu" or "linear"
    depth : int, 2 to 30, the number of layers
    scale : float, 0.2 to 4
        The weights have the variance scale² / 64: Glorot's variance at 1, He's at √2.
    seed : int, for inputs, weights and the gradient that starts

    Notes
    -----
    There are no biases. The traits follow the page and can be assigned. `network` is the nnlib
    network on screen, and `profile()` gives the sizes that the page draws.

    Raises
    ------
    ValueError
        Naming the argument that does not fit, what was expected and what came.

    Examples
    --------
    >>> values, gradients = SignalPlayground("linear", depth=2).profile()
    >>> values.shape, gradients.shape
    ((3,), (3,))
    """

    _module = "signal"
    _linked = ("activation", "depth", "scale", "seed")

    activation = Checked(one_of([*ACTIVATIONS, "linear"]))
    depth = Checked(whole(*DEPTH))
    scale = Checked(number(*SCALE))
    seed = Checked(whole(0, 10**6))

    def __init__(self, activation="relu", depth=20, scale=1.0, seed=0):
        super().__init__(activation=activation, depth=depth, scale=scale, seed=seed)

    @property
    def network(self):
        """A new `nn.Sequential` in float64, a Linear(64, 64) without bias and an activation each layer."""
        weights = spread(self.seed, "weights", self.depth, WIDTH, WIDTH) * self.scale / np.sqrt(WIDTH)
        parts = []
        for weight in weights:
            linear = nn.Linear(WIDTH, WIDTH, bias=False).astype(np.float64)
            linear.load_state_dict({"weight": weight})
            parts.append(linear)
            if self.activation != "linear":
                parts.append(ACTIVATIONS[self.activation]())
        return nn.Sequential(*parts)

    def run(self):
        """Values and gradients of the input and of each layer, both (depth + 1, 16, 64), by nnlib."""
        h = nn.Tensor(spread(self.seed, "inputs", BATCH, WIDTH), requires_grad=True)
        parts, step = list(self.network), 1 if self.activation == "linear" else 2
        states = [h]
        for k in range(0, len(parts), step):
            for part in parts[k : k + step]:
                h = part(h)
            states.append(h)
        total = (h * spread(self.seed, "gradient", BATCH, WIDTH)).sum()
        gradients = nn.grad(total, states)
        return tuple(np.array([tensor.data for tensor in some]) for some in (states, gradients))

    def profile(self):
        """Root mean squares of values and of gradients, input first, each of shape (depth + 1,)."""
        values, gradients = self.run()
        return _size(values), _size(gradients)

    def static_figure(self):
        """Sizes of values and gradients in each layer, as the page first shows them."""
        from matplotlib.figure import Figure

        values, gradients = self.profile()
        layer = np.arange(self.depth + 1)
        figure = Figure(figsize=(6.4, 4.6), layout="constrained")
        above, below = figure.subplots(2, sharex=True)
        above.semilogy(layer, np.maximum(values, 1e-30), "o-", color="#0f62ab")
        above.set_ylabel("values")
        below.semilogy(layer, np.maximum(gradients, 1e-30), "s-", color="#00735a")
        below.set(xlabel="layer (0 is the input)", ylabel="gradient")
        for ax in (above, below):
            ax.spines[["top", "right"]].set_visible(False)
        part = gradients[0] / gradients[-1]
        alternative = (
            f"Two panels over the layers, from the input to layer {self.depth}, on logarithmic axes: the "
            f"root mean square of the values, {values[-1]:.2g} in the last layer, and that of the "
            f"gradient, of which {part:.2g} reaches the input.")
        caption = (
            f"Signals through {self.depth} layers of {WIDTH} units ({self.activation}) with weights of variance "
            f"{self.scale:g}²/{WIDTH}. On the page with JavaScript, depth, activation and scale can be changed.")
        return figure, alternative, caption


def _size(arrays):
    return np.sqrt(np.mean(np.square(arrays), axis=(1, 2)))
