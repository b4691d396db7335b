"""A unit on the curve of its activation function, and a chain of such units whose slopes multiply.

The curve, its tangent and the product are worked out in static/slope. Here are the state that the
browser and Python share, its validation, and the nnlib network that gives the same product.
"""

import numpy as np

import nnlib as nn
from nnlib.widgets.base import Widget
from nnlib.widgets.traits import Checked, numbers, one_of

MOST = 20  # units of a chain
REACH = 6.0  # of z on both sides

# The name of each activation function in the page, and its layer; the same ones in shared/slopes.js.
ACTIVATIONS = {
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
}


class SlopePlayground(Widget):
    """A chain of units h = φ(h before + b): the slope at each one, and the product of all.

    Parameters
    ----------
    activation : "sigmoid", "tanh", "relu", "leaky_relu", "gelu" or "silu"
    z : list of 1 to 20 numbers from -6 to 6
        The weighted sum of each unit of the chain. All weights are 1; the biases follow from z.

    Notes
    -----
    Both traits follow the page and can be assigned. `slopes()` gives φ'(z) for each unit, `product`
    how much of a gradient at the end reaches the beginning, and `network` the chain in nnlib, which
    has these z for the input 0.

    Raises
    ------
    ValueError
        Naming the argument that does not fit, what was expected and what came.

    Examples
    --------
    >>> SlopePlayground(z=[0, 0, 0]).product
    0.015625
    """

    _module = "slope"
    _linked = ("activation", "z")

    activation = Checked(one_of(ACTIVATIONS))
    z = Checked(numbers(1, MOST, -REACH, REACH))

    def __init__(self, activation="sigmoid", z=(1.0,) * 10):
        super().__init__(activation=activation, z=z)

    def slopes(self):
        """φ'(z) of each unit, shape (units,)."""
        z = nn.Tensor(np.array(self.z), requires_grad=True)
        ACTIVATIONS[self.activation]()(z).sum().backward()
        return z.grad

    @property
    def network(self):
        """A new `nn.Sequential` in float64: for each unit a Linear(1, 1) with weight 1, and φ."""
        parts, h = [], 0.0
        for z in self.z:
            linear, activation = nn.Linear(1, 1).astype(np.float64), ACTIVATIONS[self.activation]()
            linear.load_state_dict({"weight": np.ones((1, 1)), "bias": np.array([z - h])})
            parts += [linear, activation]
            h = activation(np.array([z])).item()
        return nn.Sequential(*parts)

    @property
    def product(self):
        """The derivative of the last output with respect to the input, by backpropagation."""
        x = nn.Tensor(np.zeros((1, 1)), requires_grad=True)
        self.network(x).sum().backward()
        return x.grad.item()

    def static_figure(self):
        """The curve with the units on it, and what is left of a gradient after each of them."""
        from matplotlib.figure import Figure

        layer, z = ACTIVATIONS[self.activation](), np.array(self.z)
        grid, slopes = np.linspace(-REACH, REACH, 241), self.slopes()
        left = np.abs(np.cumprod(slopes))
        figure = Figure(figsize=(6.4, 4.8), layout="constrained")
        above, below = figure.subplots(2)
        h = layer(z[:1]).item()
        above.plot(grid, layer(grid).data, color="#0f62ab")
        tangent = h + slopes[0] * (grid - z[0])
        above.plot(grid, tangent, "--", color="#b84a00")
        above.plot(z, layer(z).data, "o", color="#0f62ab")
        above.set(xlabel="z", ylabel="h", xlim=(-REACH, REACH), ylim=_heights(self.activation))
        below.semilogy(np.arange(len(z) + 1), np.maximum(np.append(1, left), 1e-30), "o-", color="#00735a")
        below.set(xlabel="units passed", ylabel="gradient left")
        alternative = (
            f"Above, the curve of {self.activation} with its tangent at z = {z[0]:g}, whose slope is "
            f"{slopes[0]:.3g}. Below, on a logarithmic axis, what is left of a gradient after each of "
            f"{len(z)} such units: {left[-1]:.2g} after the last.")
        caption = (
            f"A chain of {len(z)} units whose slopes multiply; {left[-1]:.2g} of a gradient is left. On the "
            "page with JavaScript, each unit can be moved along its curve.")
        return figure, alternative, caption


def _heights(activation):
    return (-1.3, 1.3) if activation in ("sigmoid", "tanh") else (-1.3, REACH + 0.3)
