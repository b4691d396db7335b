"""Recurrent networks over whole sequences. The equations of a step are in cells.py: read that first.

Here are the parameters and how layers stand on top of one another; the work is done, fast, by
nnlib/kernels/recurrent.py.
"""

import numpy as np

from nnlib.functions import concatenate
from nnlib.kernels.recurrent import gru, lstm, rnn
from nnlib.layers.cells import pair_of_states, start_values
from nnlib.module import Module
from nnlib.validation import as_input, at_least, generator


class _Recurrent(Module):
    """What the three share: parameters of each layer under PyTorch's names, and the layers' order."""

    gates = 1

    def __init__(self, input_size, hidden_size, num_layers=1, *, rng=None):
        at_least(1, input_size=input_size, hidden_size=hidden_size, num_layers=num_layers)
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        rng = generator(rng)
        for layer in range(num_layers):
            width = hidden_size if layer else input_size
            vars(self).update(start_values(rng, self.gates, width, hidden_size, f"_l{layer}"))

    def forward(self, x, state=None):
        x = as_input(x, self, self.weight_hh_l0.dtype, ("batch", "time", self.input_size))
        states = self._states("state", state, len(x))
        last = []
        for layer in range(self.num_layers):
            x = self.run(x, states[layer], *self._weights(layer))
            last.append(x[:, -1])
        return x, _stack(last)

    def _states(self, name, state, batch):
        shape, dtype = (self.num_layers, batch, self.hidden_size), self.weight_hh_l0.dtype
        return as_input(np.zeros(shape) if state is None else state, self, dtype, shape, name)

    def _weights(self, layer):
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        return [getattr(self, f"{name}_l{layer}") for name in names]

    def extra_repr(self):
        layers = f", num_layers={self.num_layers}" if self.num_layers > 1 else ""
        return f"{self.input_size}, {self.hidden_size}{layers}"


class RNN(_Recurrent):
    """The simple recurrent network, h' = tanh(W_ih x + b_ih + W_hh h + b_hh) at each step.

    Parameters
    ----------
    input_size, hidden_size : int
        Features of an input and of a state.
    num_layers : int
        Layers on top of one another; each takes the states of the one below as its input.
    rng : int or numpy.random.Generator, optional
        For the initial values, uniform in ±1/√hidden_size as in PyTorch.

    Attributes
    ----------
    weight_ih_l0, weight_hh_l0 : Parameter, shapes (hidden, input) and (hidden, hidden)
    bias_ih_l0, bias_hh_l0 : Parameter, shape (hidden,); and the same for l1, l2, ...

    Notes
    -----
    Shapes: x (batch, time, input_size), state (num_layers, batch, hidden_size), zeros by default.
    Returns the states of the last layer at all steps, (batch, time, hidden_size), and the last
    state of all layers, as PyTorch does with `batch_first=True`.

    Examples
    --------
    >>> output, state = RNN(3, 5, rng=0)(np.zeros((2, 7, 3)))
    >>> output.shape, state.shape
    ((2, 7, 5), (1, 2, 5))
    """

    run = staticmethod(rnn)


class GRU(_Recurrent):
    """Gated recurrent units; the equations are in `GRUCell`, all else is as in `RNN`.

    The rows of the weights are those of the gates r, z and n, in this order.
    """

    gates = 3
    run = staticmethod(gru)


class LSTM(_Recurrent):
    """Long short-term memory; the equations are in `LSTMCell`, all else is as in `RNN`.

    The state is a pair (h, c), and so is what comes back beside the output. The rows of the
    weights are those of the gates i, f, g and o, in this order.
    """

    gates = 4
    run = staticmethod(lstm)

    def forward(self, x, state=None):
        x = as_input(x, self, self.weight_hh_l0.dtype, ("batch", "time", self.input_size))
        h0, c0 = pair_of_states(state, self)
        h0, c0 = self._states("state[0]", h0, len(x)), self._states("state[1]", c0, len(x))
        last_h, last_c = [], []
        for layer in range(self.num_layers):
            both = self.run(x, h0[layer], c0[layer], *self._weights(layer))
            x = both[:, :-1]
            last_h.append(x[:, -1])
            last_c.append(both[:, -1])
        return x, (_stack(last_h), _stack(last_c))


def _stack(states):
    """(batch, hidden) of each layer as (layers, batch, hidden)."""
    return concatenate([s.reshape(1, *s.shape) for s in states])
