"""One step of a recurrent network, written as its equations are.

These are what to read. `RNN`, `GRU` and `LSTM` compute the same over a whole sequence, much faster, by
nnlib/kernels/recurrent.py; the tests hold them equal.
"""

import numpy as np

from nnlib.layers.activation import sigmoid, tanh
from nnlib.layers.linear import linear
from nnlib.module import Module, Parameter
from nnlib.validation import as_input, at_least, generator, signature


class _Cell(Module):
    """What the cells share: two weight matrices and two biases, of all gates above one another."""

    gates = 1

    def __init__(self, input_size, hidden_size, *, rng=None):
        at_least(1, input_size=input_size, hidden_size=hidden_size)
        self.input_size, self.hidden_size = input_size, hidden_size
        vars(self).update(start_values(rng, self.gates, input_size, hidden_size))

    def from_input(self, x):
        """W_ih x + b_ih, cut into one tensor (batch, hidden_size) for each gate."""
        x = as_input(x, self, self.weight_ih.dtype, ("batch", self.input_size))
        return self._cut(linear(x, self.weight_ih, self.bias_ih))

    def from_state(self, h):
        """W_hh h + b_hh, cut in the same way."""
        return self._cut(linear(h, self.weight_hh, self.bias_hh))

    def state(self, x, h, name="h"):
        """The state given with x, or zeros."""
        shape, dtype = (len(x), self.hidden_size), self.weight_hh.dtype
        return as_input(np.zeros(shape) if h is None else h, self, dtype, shape, name)

    def _cut(self, y):
        size = self.hidden_size
        return [y[:, k * size : (k + 1) * size] for k in range(self.gates)]

    def extra_repr(self):
        return f"{self.input_size}, {self.hidden_size}"


class RNNCell(_Cell):
    """h' = tanh(W_ih x + b_ih + W_hh h + b_hh) (Elman, 1990).

    Shapes: x (batch, input_size), h and h' (batch, hidden_size); h is zeros by default.
    """

    def forward(self, x, h=None):
        (a,), (b,) = self.from_input(x), self.from_state(self.state(x, h))
        return tanh(a + b)


class LSTMCell(_Cell):
    """The long short-term memory (Hochreiter and Schmidhuber, 1997; forget gate: Gers et al., 2000).

    Shapes: x (batch, input_size); state (h, c), each (batch, hidden_size), zeros by default;
    returns the next (h, c).
    """

    gates = 4

    def forward(self, x, state=None):
        h, c = pair_of_states(state, self)
        from_input = self.from_input(x)
        h, c = self.state(x, h, "state[0]"), self.state(x, c, "state[1]")
        i, f, g, o = (a + b for a, b in zip(from_input, self.from_state(h)))
        i = sigmoid(i)  # how much to write
        f = sigmoid(f)  # how much to keep
        g = tanh(g)  # what to write
        o = sigmoid(o)  # how much to show
        c = f * c + i * g
        h = o * tanh(c)
        return h, c


class GRUCell(_Cell):
    """The gated recurrent unit (Cho et al., 2014), in the variant that PyTorch and cuDNN use.

    Shapes: x (batch, input_size), h and h' (batch, hidden_size); h is zeros by default.
    """

    gates = 3

    def forward(self, x, h=None):
        xr, xz, xn = self.from_input(x)
        h = self.state(x, h)
        hr, hz, hn = self.from_state(h)
        r = sigmoid(xr + hr)  # how much of the old state to use for the candidate
        z = sigmoid(xz + hz)  # how much of the old state to keep
        n = tanh(xn + r * hn)  # the candidate
        return (1 - z) * n + z * h


def pair_of_states(state, layer):
    """(h, c) of an LSTM; (None, None) if no state was given."""
    if state is None:
        return None, None
    if not isinstance(state, (tuple, list)) or len(state) != 2:
        came = f"{len(state)} things" if isinstance(state, (tuple, list)) else type(state).__name__
        raise TypeError(f"state: {signature(layer)} expects a pair (h, c), got {came}")
    return state


def start_values(rng, gates, input_size, hidden_size, layer=""):
    """The parameters of a layer by name, drawn uniformly from ±1/√hidden_size, as in PyTorch."""
    rng, rows = generator(rng), gates * hidden_size
    bound = 1 / np.sqrt(hidden_size)
    shapes = {
        "weight_ih": (rows, input_size),
        "weight_hh": (rows, hidden_size),
        "bias_ih": rows,
        "bias_hh": rows,
    }
    return {
        name + layer: Parameter(rng.uniform(-bound, bound, shape).astype(np.float32))
        for name, shape in shapes.items()
    }
