"""A trained network of letters: type a beginning, and see its gates and what it expects next.

The network runs in static/speller. Here are the state that the browser and Python share, its
validation, and the same network in nnlib.
"""

import numpy as np
import traitlets

import nnlib as nn
from nnlib.widgets import weights
from nnlib.widgets.base import Widget
from nnlib.widgets.traits import Checked, formed, number, one_of, wrong
from nnlib.widgets.traits import text as any_text

ALPHABET = ".abcdefghijklmnopqrstuvwxyz"  # the dot stands before and after a name
LONGEST = 20
QUANTITIES = {"c": "cell state", "h": "output", "i": "input gate", "f": "forget gate", "o": "output gate"}


def encode(letters):
    """Letters as numbers, their places in the alphabet, shape (len(letters),)."""
    return np.array([ALPHABET.index(letter) for letter in letters])


def beginning(name, value):
    """A text of at most 20 letters from a to z."""
    letters = any_text(name, value)
    if len(letters) > LONGEST or not set(letters) <= set(ALPHABET[1:]):
        raise wrong(name, f"at most {LONGEST} letters from a to z, in lower case", value)
    return letters


formed(beginning, "text", LONGEST, "^[a-z]*$")


class SpellerPlayground(Widget):
    """An LSTM of 32 units that has read the names of minerals, and predicts the next letter.

    Parameters
    ----------
    text : str, at most 20 letters from a to z
    quantity : "c", "h", "i", "f" or "o"
        What the picture shows of each unit: cell state, output, input, forget or output gate.
    temperature : float, 0.1 to 3
        By which the logits are divided before a letter is drawn.

    Notes
    -----
    The traits of the same names follow the page and can be assigned; `network` is the trained
    network, and `probabilities()` what it expects after `text`.

    Raises
    ------
    ValueError
        Naming the argument that does not fit, what was expected and what came.

    Examples
    --------
    >>> speller = SpellerPlayground("sphaler")
    >>> ALPHABET[speller.probabilities().argmax()]
    'i'
    """

    _module = "speller"
    _linked = ("text", "quantity", "temperature")

    text = Checked(beginning)
    quantity = Checked(one_of(QUANTITIES))
    temperature = Checked(number(0.1, 3))
    _weights = traitlets.Dict().tag(sync=True)

    def __init__(self, text="chal", quantity="c", temperature=1.0):
        arrays = weights.load("speller")
        super().__init__(text=text, quantity=quantity, temperature=temperature,
                         _weights=weights.packed(arrays))

    @property
    def network(self):
        """The trained pair (nn.LSTM(27, 32), nn.Linear(32, 27)), in float64."""
        w = weights.load("speller")
        lstm, out = nn.LSTM(27, 32).astype(np.float64), nn.Linear(32, 27).astype(np.float64)
        lstm.load_state_dict({
            "weight_ih_l0": w["weight_ih"].astype(float), "weight_hh_l0": w["weight_hh"].astype(float),
            "bias_ih_l0": w["bias"].astype(float), "bias_hh_l0": np.zeros(4 * 32)})
        out.load_state_dict({"weight": w["out_weight"].astype(float), "bias": w["out_bias"].astype(float)})
        return lstm, out

    def logits(self):
        """After the dot and after each letter of `text`, shape (len(text) + 1, 27)."""
        lstm, out = self.network
        with nn.no_grad():
            states, _ = lstm(np.eye(27)[encode("." + self.text)][None])
            return out(states).data[0]

    def probabilities(self):
        """Of the next letter after `text`, in the order of ALPHABET, at temperature 1; shape (27,)."""
        z = self.logits()[-1]
        p = np.exp(z - z.max())
        return p / p.sum()

    def static_figure(self):
        """What the network expects after the text."""
        from matplotlib.figure import Figure

        p = self.probabilities()
        figure = Figure(figsize=(6.4, 3.2), layout="constrained")
        ax = figure.subplots()
        ax.bar(list(ALPHABET), p, color="#0f62ab")
        ax.set(xlabel=f"next letter after “{self.text}” (the dot ends the name)", ylabel="probability")
        ax.spines[["top", "right"]].set_visible(False)
        best = [ALPHABET[k] for k in np.argsort(-p)[:3]]
        alternative = (
            f"Bars for 26 letters and the end of the name: after {self.text or 'nothing'} the network "
            f"expects {best[0]} with probability {p.max():.2f}, then {best[1]} and {best[2]}.")
        caption = (
            f"What a small LSTM, trained on the names of minerals, expects after “{self.text}”. On the "
            "page with JavaScript, any text can be typed and the gates can be watched.")
        return figure, alternative, caption
