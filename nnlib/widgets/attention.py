"""A trained network of attention alone: where each head reads, and what it is good for.

The network runs in static/attention. Here are the state that the browser and Python share, its
validation, and the same network in nnlib.
"""

import numpy as np
import traitlets

import nnlib as nn
from nnlib.layers.attention import attention_by_loops
from nnlib.widgets import data, weights
from nnlib.widgets.base import Widget
from nnlib.widgets.traits import Checked, formed, some_of, whole, wrong
from nnlib.widgets.traits import text as any_text

ALPHABET = "abcdefghijkl"
LENGTH = 24
PERIODS = 5, 11
WIDTH, HEADS = 32, 2
TESTS = 200  # sequences on which the accuracy is measured
HEAD_NAMES = ["1.1", "1.2", "2.1", "2.2"]  # layer.head


def letters(name, value):
    """A text of 2 to 24 letters from a to l."""
    text = any_text(name, value)
    if not 2 <= len(text) <= LENGTH or not set(text) <= set(ALPHABET):
        raise wrong(name, f"2 to {LENGTH} letters from a to l, in lower case", value)
    return text


formed(letters, "text", LENGTH, "^[a-l]{2,}$")


def sequence(seed, period=None):
    """24 letters as numbers: `period` different ones in random order, repeated; and the period.

    Without a period, one from 5 to 11 is drawn. The page draws the same from the same seed.
    """
    uniform = data.random(seed)
    low, high = PERIODS
    drawn = low + int(uniform() * (high - low + 1))
    period = drawn if period is None else period
    order = data.permutation(len(ALPHABET), uniform)[:period]
    return np.resize(order, LENGTH), period


class AttentionOnly(nn.Module):
    """One or two layers of two heads on the residual stream, and nothing else.

    Takes letters (batch, time) as numbers; returns the logits (batch, time, 12) of each next one.
    """

    def __init__(self, layers, rng=None):
        self.letter = nn.Embedding(len(ALPHABET), WIDTH, rng=rng)
        self.position = nn.Embedding(LENGTH, WIDTH, rng=rng)
        self.first = nn.MultiheadAttention(WIDTH, HEADS, rng=rng)
        self.second = nn.MultiheadAttention(WIDTH, HEADS, rng=rng) if layers == 2 else None
        self.out = nn.Linear(WIDTH, len(ALPHABET), rng=rng)

    def layers(self):
        return [layer for layer in (self.first, self.second) if layer is not None]

    def stream(self, x):
        """The residual stream before the first layer and after each, (batch, time, 32) each."""
        h = self.letter(x) + self.position(np.arange(x.shape[1]))
        states, mask = [h], nn.causal_mask(x.shape[1])
        for layer in self.layers():
            h = h + layer(h, h, h, attn_mask=mask)[0]
            states.append(h)
        return states

    def forward(self, x):
        return self.out(self.stream(x)[-1])


class AttentionPlayground(Widget):
    """Networks of one and of two attention layers that have learned to continue repeated sequences.

    Parameters
    ----------
    text : str, 2 to 24 letters from a to l
    layers : 1 or 2
        Which of the two trained networks reads it.
    off : list of "1.1", "1.2", "2.1", "2.2"
        The heads, as layer.head, that are switched off: what they bring counts as zero.
    place : int, 0 to 24
        The place whose reading is put into words, counted from 1; 0 is the first one whose next
        letter is determined.

    Notes
    -----
    The traits follow the page and can be assigned. `network` is the network on screen with its heads
    off, `attention()` where its heads read, `probabilities()` what it expects, and `accuracy()` how
    often it is right on 200 sequences that it has not seen.

    Source: Olsson et al. (2022), In-context learning and induction heads.

    Raises
    ------
    ValueError
        Naming the argument that does not fit, what was expected and what came.

    Examples
    --------
    >>> playground = AttentionPlayground("kbfaekbfaekb")
    >>> ALPHABET[playground.probabilities()[-1].argmax()]
    'f'
    """

    _module = "attention"
    _linked = ("text", "layers", "off", "place")

    text = Checked(letters)
    layers = Checked(whole(1, 2))
    off = Checked(some_of(HEAD_NAMES))
    place = Checked(whole(0, LENGTH))
    _weights = traitlets.Dict().tag(sync=True)

    def __init__(self, text="kbfaechkbfaechkbfaechkbf", layers=2, off=(), place=0):
        super().__init__(text=text, layers=layers, off=off, place=place,
                         _weights=weights.packed(weights.load("attention")))

    def encoded(self):
        """The letters of the text as numbers, shape (time,)."""
        return np.array([ALPHABET.index(letter) for letter in self.text])

    @property
    def network(self):
        """A new `AttentionOnly` in float64; the columns that mix in a head that is off are zero."""
        prefix = f"{self.layers}."
        net = AttentionOnly(self.layers).astype(np.float64)
        net.load_state_dict({name.removeprefix(prefix): array.astype(float)
                             for name, array in weights.load("attention").items()
                             if name.startswith(prefix)})
        size = WIDTH // HEADS
        for i, layer in enumerate(net.layers(), 1):
            for j in range(HEADS):
                if f"{i}.{j + 1}" in self.off:
                    layer.out_proj.weight.data[:, j * size:(j + 1) * size] = 0
        return net

    def attention(self):
        """How much each place reads from each, shape (layers, heads, time, time)."""
        net, x = self.network, self.encoded()[None]
        mask = np.where(nn.causal_mask(x.shape[1]), -np.inf, 0)
        with nn.no_grad():
            states = net.stream(x)
        found = []
        for layer, h in zip(net.layers(), states):
            joined = h.data[0] @ layer.in_proj_weight.data.T + layer.in_proj_bias.data
            heads = zip(*(np.split(part, HEADS, axis=1) for part in np.split(joined, 3, axis=1)))
            found.append([attention_by_loops(q, k, v, mask)[1] for q, k, v in heads])
        return np.array(found)

    def probabilities(self):
        """Of the letter after each place, in the order of ALPHABET; shape (time, 12)."""
        with nn.no_grad():
            return nn.softmax(self.network(self.encoded()[None])).data[0]

    def accuracy(self):
        """Percent right on 200 new sequences, wherever the next letter is determined."""
        rows, periods = zip(*(sequence(seed) for seed in range(TESTS)))
        x = np.array(rows)
        known = np.arange(LENGTH - 1) >= np.array(periods)[:, None]
        with nn.no_grad():
            said = self.network(x).data[:, :-1].argmax(axis=-1)
        return float(100 * np.mean((said == x[:, 1:])[known]))

    def static_figure(self):
        """Where each head reads."""
        from matplotlib.figure import Figure

        A, p = self.attention(), self.probabilities()
        figure = Figure(figsize=(6.4, 3.3 * self.layers), layout="constrained")
        for (i, j), ax in np.ndenumerate(figure.subplots(self.layers, HEADS, squeeze=False)):
            ax.imshow(A[i, j], cmap="Blues", vmin=0, vmax=1)
            ax.set_title(f"layer {i + 1}, head {j + 1}", fontsize=11)
            places = range(len(self.text))
            ax.set_xticks(places, self.text, fontsize=8)
            ax.set_yticks(places, self.text, fontsize=8)
        expected = ALPHABET[p[-1].argmax()]
        said = (f"after {self.text} the network expects {expected} with a probability of "
                f"{p[-1].max():.2f}")
        return figure, (
            f"{A.shape[0] * HEADS} triangular matrices of attention weights over {len(self.text)} "
            f"letters, one for each head; {said}."
        ), (
            f"Where the heads of a trained network read: each row is a place that reads, each column "
            f"one that is read; {said}. On the page with JavaScript, letters can be changed and heads "
            "switched off."
        )
