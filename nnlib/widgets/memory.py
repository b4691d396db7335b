"""One LSTM cell worked by hand: its gates, its state over time, and a value to remember.

The cell is computed in static/memory. Here are the state that the browser and Python share, its
validation, and the nnlib cell with the same weights.
"""

import numpy as np

import nnlib as nn
from nnlib.widgets.base import Widget
from nnlib.widgets.traits import Checked, floats, formed, numbers, wrong

STEPS = 12
WRITE, READ = 2, 12  # the steps at which the value comes and is asked for, counted from 1
LIMIT = 20.0

# What the reader starts from: every gate half open, and the candidate follows the input.
HALF_OPEN = [[0, 0, 0], [0, 0, 0], [1, 0, 0], [0, 0, 0]]

# The value at step 2, and what distracts at the other steps; the same ones in memory.js.
DISTRACTION = [0.6, 0, -0.8, 0.5, -0.3, 0.9, -0.6, 0.2, -0.9, 0.7, 0.4, -0.5]


def gate_weights(name, value):
    """Rows for the gates i, f, g, o; columns for the input, the write flag and the read flag."""
    array = floats(name, value, "4 rows of 3 finite numbers")
    if array.shape != (4, 3) or np.abs(array).max() > LIMIT:
        raise wrong(name, f"4 rows of 3 numbers from {-LIMIT:g} to {LIMIT:g}", value)
    return array.tolist()


formed(gate_weights, "matrix", 4, 4, 3, 3, -LIMIT, LIMIT)


class MemoryPlayground(Widget):
    """One LSTM unit that is to remember the value of step 2 until step 12.

    Its inputs at each step are a number x, a flag that is 1 at step 2 (write) and one that is 1 at
    step 12 (read).

    Parameters
    ----------
    weight_ih : 4 rows of 3 numbers from -20 to 20
        For the gates i, f, g and o, the weights of x and of the two flags.
    weight_hh : 4 numbers from -20 to 20, the weights of the last output
    bias : 4 numbers from -20 to 20
    x : 12 numbers from -1 to 1

    Notes
    -----
    The traits of the same names follow the page and can be assigned; `cell` is the nnlib cell on
    screen, and assigning an `nn.LSTMCell(3, 1)` shows it. `run()` gives gates and states.

    Raises
    ------
    ValueError
        Naming the argument that does not fit, what was expected and what came.

    Examples
    --------
    >>> gates, c, h = MemoryPlayground().run()
    >>> gates[0].round(3)
    array([0.5  , 0.5  , 0.537, 0.5  ])
    """

    _module = "memory"
    _linked = ("weight_ih", "weight_hh", "bias", "x")

    weight_ih = Checked(gate_weights)
    weight_hh = Checked(numbers(4, 4, -LIMIT, LIMIT))
    bias = Checked(numbers(4, 4, -LIMIT, LIMIT))
    x = Checked(numbers(STEPS, STEPS, -1, 1))

    def __init__(self, weight_ih=None, weight_hh=(0, 0, 0, 0), bias=(0, 0, 0, 0), x=None):
        if x is None:
            x = [1.0 if t == WRITE - 1 else v for t, v in enumerate(DISTRACTION)]
        super().__init__(weight_ih=HALF_OPEN if weight_ih is None else weight_ih,
                         weight_hh=weight_hh, bias=bias, x=x)

    def inputs(self):
        """x and the two flags, shape (12, 3)."""
        flags = np.zeros((STEPS, 2))
        flags[WRITE - 1, 0] = flags[READ - 1, 1] = 1
        return np.column_stack([self.x, flags])

    @property
    def cell(self):
        """A new `nn.LSTMCell(3, 1)` in float64 with the weights on screen."""
        cell = nn.LSTMCell(3, 1).astype(np.float64)
        cell.load_state_dict({
            "weight_ih": np.array(self.weight_ih), "weight_hh": np.reshape(self.weight_hh, (4, 1)),
            "bias_ih": np.array(self.bias), "bias_hh": np.zeros(4)})
        return cell

    @cell.setter
    def cell(self, cell):
        if not isinstance(cell, nn.LSTMCell) or (cell.input_size, cell.hidden_size) != (3, 1):
            raise wrong("cell", "an nn.LSTMCell(3, 1)", cell)
        with self._at_once():
            self.weight_ih = cell.weight_ih.data
            self.weight_hh = cell.weight_hh.data[:, 0]
            self.bias = cell.bias_ih.data + cell.bias_hh.data

    def run(self):
        """Over the 12 steps: gates i, f, g, o, shape (12, 4), c and h, each (12,)."""
        W, w, b = np.array(self.weight_ih), np.array(self.weight_hh), np.array(self.bias)
        cell, state, h, rows = self.cell, None, 0.0, []
        with nn.no_grad():
            for x in self.inputs():
                z = W @ x + w * h + b
                gates = 1 / (1 + np.exp(-z))
                gates[2] = np.tanh(z[2])
                state = cell(x[None], state)
                h = state[0].data[0, 0]
                rows.append([*gates, state[1].data[0, 0], h])
        rows = np.array(rows)
        return rows[:, :4], rows[:, 4], rows[:, 5]

    def static_figure(self):
        """Inputs, gates and states, as the page first shows them."""
        from matplotlib.figure import Figure

        gates, c, h = self.run()
        t = np.arange(1, STEPS + 1)
        figure = Figure(figsize=(6.4, 4.8), layout="constrained")
        above, middle, below = figure.subplots(3, sharex=True, height_ratios=[1, 1, 1.3])
        above.bar(t, self.x, color=["#b84a00" if k == WRITE else "#e8b98d" for k in t], width=0.6)
        above.set_ylabel("input x")
        middle.imshow(gates[:, [0, 1, 3]].T, aspect="auto", cmap="Blues", vmin=0, vmax=1,
                      extent=(0.5, STEPS + 0.5, 2.5, -0.5))
        middle.set_yticks([0, 1, 2], ["i", "f", "o"])
        below.plot(t, c, "o-", color="#00735a", label="cell state c")
        below.plot(t, h, "s--", color="#0f62ab", label="output h")
        below.set(xlabel="step t")
        below.legend()
        alternative = (
            f"Twelve inputs as bars, the one to remember at step {WRITE}; below, the input, forget and "
            f"output gates at each step as shades; below that the cell state, {c[WRITE - 1]:.2f} after "
            f"step {WRITE} and {c[-1]:.2f} at the end, and the output, {h[-1]:.2f} at the end.")
        caption = (
            f"One LSTM unit over twelve steps. It is to keep the value of step {WRITE} until step {READ}. "
            "On the page with JavaScript, the weights of its gates can be changed.")
        return figure, alternative, caption
