"""A trained convolutional network in the page: draw a digit, and see every number that it makes of it.

The network runs in static/digit. Here are the state that the browser and Python share, its
validation, and the same network in nnlib.
"""

import numpy as np
import traitlets

import nnlib as nn
from nnlib.widgets import weights
from nnlib.widgets.base import Widget
from nnlib.widgets.traits import Checked, InvalidValue, floats, formed, one_of, whole, wrong

SIZE, FULL = 8, 16  # an image has 8 x 8 blocks, and a block 4 x 4 places for ink
# What can be looked at, and how many of the network's modules lead there.
LAYERS = {"input": 0, "conv1": 1, "relu1": 2, "pool1": 3, "conv2": 4, "relu2": 5, "out": 7}
MOST = 12  # channels


def network(rng=None):
    """The network with new weights: 2,650 of them, for images of shape (batch, 1, 8, 8) from 0 to 1."""
    rng = np.random.default_rng(rng)
    return nn.Sequential(
        nn.Conv2d(1, 6, 3, padding=1, rng=rng), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 12, 3, padding=1, rng=rng), nn.ReLU(),
        nn.Flatten(), nn.Linear(192, 10, rng=rng),
    )  # fmt: skip


def counts(name, value):
    """8 rows of 8 numbers from 0 to 16."""
    image = floats(name, value, f"{SIZE} rows of {SIZE} numbers from 0 to {FULL}")
    if image.shape != (SIZE, SIZE):
        raise InvalidValue(f"{name}: expected {SIZE} rows of {SIZE} numbers, got shape {image.shape}")
    outside = image[(image < 0) | (image > FULL)]
    if len(outside):
        raise wrong(name, f"numbers from 0 to {FULL}", float(outside[0]))
    return image.tolist()


formed(counts, "matrix", SIZE, SIZE, SIZE, SIZE, 0, FULL)


class DigitPlayground(Widget):
    """A small convolutional network that reads a digit as it is drawn, with all its feature maps.

    Parameters
    ----------
    image : 8 rows of 8 numbers from 0 to 16, as in scikit-learn's digits
        How much ink there is in each block; without it, a 3 that the network has not seen before.
        The network's input is this divided by 16.
    layer : "input", "conv1", "relu1", "pool1", "conv2", "relu2" or "out"
    channel, row, column : int, from 0
        The unit that is worked out, by its place in the layer; one beyond stands for the last.

    Notes
    -----
    The traits of the same names follow the page and can be assigned. `network` is the trained
    network, `activations()` all that it computes and `probabilities()` what it says. `examples` and
    `labels` are images for a start, shape (12, 8, 8): one of each digit, and two that it misreads.

    Raises
    ------
    ValueError
        Naming the argument that does not fit, what was expected and what came.

    Examples
    --------
    >>> playground = DigitPlayground()
    >>> int(playground.probabilities().argmax())
    3
    >>> playground.activations()["relu2"].shape
    (12, 4, 4)
    """

    _module = "digit"
    _linked = ("image", "layer", "channel", "row", "column")

    image = Checked(counts)
    layer = Checked(one_of(LAYERS))
    channel = Checked(whole(0, MOST - 1))
    row = Checked(whole(0, SIZE - 1))
    column = Checked(whole(0, SIZE - 1))
    _weights = traitlets.Dict().tag(sync=True)

    def __init__(self, image=None, layer="pool1", channel=1, row=1, column=2):
        arrays = weights.load("digits")
        self.examples, self.labels = arrays["examples"].astype(float), arrays["labels"].astype(int)
        super().__init__(image=self.examples[3] if image is None else image, layer=layer,
                         channel=channel, row=row, column=column, _weights=weights.packed(arrays))

    @property
    def network(self):
        """The trained network, an nn.Sequential in float64."""
        net = network().astype(np.float64)
        arrays = weights.load("digits")
        net.load_state_dict({name: arrays[name].astype(float) for name in net.state_dict()})
        return net.eval()

    def activations(self):
        """What each layer makes of `image`: {layer: array (channels, rows, columns)}; "out" are logits."""
        x = nn.Tensor(np.array(self.image)[None, None] / FULL)
        values, done = {}, 0
        with nn.no_grad():
            steps = list(self.network)
            for name, count in LAYERS.items():
                for step in steps[done:count]:
                    x = step(x)
                done = count
                values[name] = x.data.reshape(*x.shape[1:], *[1] * (4 - x.ndim))
        return values

    def probabilities(self):
        """Of the digits 0 to 9, shape (10,)."""
        z = self.activations()["out"].ravel()
        p = np.exp(z - z.max())
        return p / p.sum()

    def static_figure(self):
        """The image, the maps after pooling and at the end, and the ten probabilities."""
        from matplotlib.figure import Figure

        values, p = self.activations(), self.probabilities()
        figure = Figure(figsize=(8, 3), layout="constrained")
        parts = figure.subfigures(1, 4, width_ratios=[3, 3, 3, 4])
        for part, name, title, shape in [(parts[0], "input", "drawing, 8 × 8", (1, 1)),
                                         (parts[1], "pool1", "6 maps, 4 × 4", (3, 2)),
                                         (parts[2], "relu2", "12 maps, 4 × 4", (4, 3))]:
            part.suptitle(title, fontsize=11)
            axes = part.subplots(*shape, squeeze=False)
            for ax, values_of_map in zip(axes.flat, values[name], strict=True):
                ax.imshow(values_of_map, cmap="Blues", vmin=0, vmax=max(values[name].max(), 1e-9))
                ax.set(xticks=[], yticks=[])
        ax = parts[3].subplots()
        ax.barh(range(10), p, color="#0f62ab")
        ax.set(yticks=range(10), xlim=(0, 1), xlabel="probability")
        ax.invert_yaxis()
        ax.spines[["top", "right"]].set_visible(False)
        best, second = np.argsort(-p)[:2]
        said = f"It says {best} ({p[best]:.2f}), next {second} ({p[second]:.2f})."
        alternative = (
            "A drawn digit of 8 by 8 gray pixels, the feature maps of a convolutional network after "
            f"its pooling and at its end, and bars for ten probabilities. {said}")
        caption = (
            f"A digit and what a small convolutional network, trained on such digits, makes of it. {said} "
            "On the page with JavaScript, any digit can be drawn and every map is shown.")
        return figure, alternative, caption
