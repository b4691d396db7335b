"""NetworkPlayground: a small network whose every weight can be moved by hand, and trained, in the page."""

from itertools import pairwise

import numpy as np
import traitlets

import nnlib as nn
from nnlib.widgets import data
from nnlib.widgets.base import InvalidValue, Widget

ACTIVATIONS = {"tanh": nn.Tanh, "relu": nn.ReLU, "sigmoid": nn.Sigmoid, "linear": None}
CONTROLS = ("play", "training", "data", "features", "layers", "weights", "loss")
MAX_LAYERS, MAX_UNITS = 6, 8
WEIGHT_LIMIT = 1e6  # as in engine.js
POINTS = 500  # of a built-in data set


def _number(low, high, kind="a number", whole=False):
    def check(name, value):
        good = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
        if not good or not low <= value <= high or (whole and value != int(value)):
            raise InvalidValue(f"{name}: expected {kind} from {low:g} to {high:g}, got {value!r}")
        return int(value) if whole else float(value)

    return check


def _whole(low, high):
    return _number(low, high, "a whole number", whole=True)


def _one_of(choices):
    def check(name, value):
        if value not in choices:
            raise InvalidValue(f"{name}: expected one of {', '.join(choices)}, got {value!r}")
        return value

    return check


def _some_of(choices, least):
    def check(name, value):
        chosen = [value] if isinstance(value, str) else list(value)
        for entry in chosen:
            _one_of(choices)(name, entry)
        if len(chosen) < least:
            raise InvalidValue(f"{name}: expected at least one of {', '.join(choices)}, got none")
        return [entry for entry in choices if entry in chosen]  # in the order of the page

    return check


def _features(name, value):
    chosen = [value] if isinstance(value, str) else list(value)
    ordered = _some_of(tuple(data.FEATURES), least=1)(name, chosen)
    if chosen != ordered:  # the columns of the first weights would belong to other inputs
        raise InvalidValue(f"{name}: expected each once and in the order {ordered}, got {chosen}")
    return ordered


def _hidden(name, value):
    try:
        units = [int(u) for u in value if u == int(u)]
    except (TypeError, ValueError):
        units = None
    if units is None or len(units) != len(value):
        raise InvalidValue(
            f"{name}: expected a list of units per layer such as [4, 2], got {value!r}"
        )
    if len(units) > MAX_LAYERS or not all(1 <= u <= MAX_UNITS for u in units):
        raise InvalidValue(
            f"{name}: expected 0 to {MAX_LAYERS} hidden layers of 1 to {MAX_UNITS} units, got {units}"
        )
    return units


def _boolean(name, value):
    if not isinstance(value, (bool, np.bool_)):
        raise InvalidValue(f"{name}: expected True or False, got {value!r}")
    return bool(value)


CHECKS = {
    "noise": _number(0, 2),
    "test_share": _number(0.1, 0.9),
    "data_seed": _whole(0, 2**31 - 1),
    "seed": _whole(0, 2**31 - 1),
    "features": _features,
    "hidden": _hidden,
    "activation": _one_of(tuple(ACTIVATIONS)),
    "learning_rate": _number(1e-6, 100),
    "l1": _number(0, 10),
    "l2": _number(0, 10),
    "batch_size": _whole(1, 100_000),
    "optimizer": _one_of(("SGD", "Adam")),
    "epoch": _whole(0, 10**9),
    "playing": _boolean,
    "controls": _some_of(CONTROLS, least=0),
}


class NetworkPlayground(Widget):
    """A fully connected network on points in the plane: train it, or move any weight by hand.

    Every argument is also an attribute that follows the page, and that moves the page when assigned.

    Parameters
    ----------
    network : Sequential of Linear layers with one activation between them, optional
        Shown first, and again on a reset. It gives ``hidden`` and ``activation``. Its inputs are
        ``features``, its one output is a logit for classification, or the value for regression.
    X, y : arrays (n, 2) and (n,), optional
        Own data, shown as the data set "given". Labels 0 and 1 (or -1 and +1) make it
        classification, other floats regression. A network learns best when X is standardized.
    dataset : "circles", "xor", "blobs", "moons", "spirals", "plane", "gaussians" or "given"
    noise : standard deviation of a random shift of each point, in units of the axes
    test_share : the share of the points that is held out
    data_seed, seed : int, of the points, and of the first weights and the batches
    features : list from "x1", "x2", "x1^2", "x2^2", "x1*x2", "sin x1", "sin x2"
    hidden : list of units per hidden layer, 0 to 6 layers of 1 to 8 units
    activation : "tanh", "relu", "sigmoid" or "linear"
    learning_rate, batch_size, optimizer : for `optimizer` "SGD" (plain) or "Adam"
    l1, l2 : the loss that is minimized has l1 Σ|w| + l2/2 Σw² added, over weights, not biases
    controls : which groups of controls the page shows, from "play", "training", "data", "features",
        "layers", "weights", "loss"; all of them unless given

    Classification minimizes `binary_cross_entropy_with_logits`, regression `mse_loss`.

    Raises
    ------
    ValueError
        Naming the argument that does not fit, what was expected and what came.

    >>> playground = NetworkPlayground(dataset="xor", hidden=[2])
    >>> playground.network[0].weight.shape
    (2, 2)
    """

    _module = "network.js"

    dataset = traitlets.Any("circles").tag(sync=True)
    noise = traitlets.Any(0.3).tag(sync=True)
    test_share = traitlets.Any(0.5).tag(sync=True)
    data_seed = traitlets.Any(0).tag(sync=True)
    seed = traitlets.Any(0).tag(sync=True)
    features = traitlets.Any(["x1", "x2"]).tag(sync=True)
    hidden = traitlets.Any([4, 2]).tag(sync=True)
    activation = traitlets.Any("tanh").tag(sync=True)
    learning_rate = traitlets.Any(0.03).tag(sync=True)
    l1 = traitlets.Any(0.0).tag(sync=True)
    l2 = traitlets.Any(0.0).tag(sync=True)
    batch_size = traitlets.Any(10).tag(sync=True)
    optimizer = traitlets.Any("SGD").tag(sync=True)
    controls = traitlets.Any(list(CONTROLS)).tag(sync=True)
    weights = traitlets.Any().tag(sync=True)  # [W1, b1, W2, b2, ...] as nested lists
    epoch = traitlets.Any(0).tag(sync=True)
    playing = traitlets.Any(False).tag(sync=True)
    given = traitlets.Any(None, allow_none=True).tag(sync=True)  # X and y, as the page reads them

    def __init__(self, network=None, X=None, y=None, **settings):
        for name in settings:
            if name not in (*CHECKS, "dataset", "weights"):
                raise TypeError(f"NetworkPlayground has no argument {name!r}")
        if (X is None) != (y is None):
            raise InvalidValue("X, y: expected both or neither, got only one")
        if X is not None:
            settings = {"dataset": "given", **settings, "given": _as_given(X, y)}
        if network is not None:
            for name in ("hidden", "activation", "weights"):
                if name in settings:
                    raise InvalidValue(
                        f"{name}: expected nothing beside network, which has its own, "
                        f"got {settings[name]!r}"
                    )
            settings |= _read_network(network)
        super().__init__(**settings)
        self.weights  # drawn now: a page without Python needs them in its state  # noqa: B018

    @traitlets.validate(*CHECKS)
    def _check(self, proposal):
        return CHECKS[proposal.trait.name](proposal.trait.name, proposal.value)

    @traitlets.validate("dataset")
    def _check_dataset(self, proposal):
        if proposal.value == "given" and self.given is None:
            raise InvalidValue('dataset: expected X and y with "given", got neither; use set_data')
        return _one_of((*data.DATASETS, "given"))("dataset", proposal.value)

    @traitlets.validate("weights")
    def _check_weights(self, proposal):
        shapes = self._shapes()
        try:
            arrays = [np.asarray(w, dtype=float) for w in proposal.value]
        except (TypeError, ValueError):
            raise InvalidValue(
                f"weights: expected a list of {len(shapes)} arrays, got {proposal.value!r}"
            ) from None
        came = [a.shape for a in arrays]
        if came != shapes:
            raise InvalidValue(
                f"weights: expected shapes {shapes} for features {', '.join(self.features)} and hidden "
                f"layers {self.hidden}, got {came}"
            )
        if not all(np.all(np.abs(a) <= WEIGHT_LIMIT) for a in arrays):
            raise InvalidValue(
                f"weights: expected finite numbers up to {WEIGHT_LIMIT:g} in size, got others"
            )
        return [a.tolist() for a in arrays]

    @traitlets.default("weights")
    def _first_weights(self):
        return [a.tolist() for a in data.first_weights(self._sizes(), self.seed)]

    @traitlets.observe("features", "hidden", "seed")
    def _restart(self, change):
        # A view sends new weights together with such a change, and they are these: nothing moves then.
        if change.name == "seed" or [np.shape(w) for w in self.weights] != self._shapes():
            self.weights = self._first_weights()
            self.epoch = 0

    def _sizes(self):
        return [len(self.features), *self.hidden, 1]

    def _shapes(self):
        return [shape for i, o in pairwise(self._sizes()) for shape in ((o, i), (o,))]

    @property
    def task(self):
        """ "classification" or "regression"."""
        return self.given["task"] if self.dataset == "given" else data.DATASETS[self.dataset]

    @property
    def X(self):
        """The points on screen, shape (n, 2)."""
        return self._points()[:, :2]

    @property
    def y(self):
        """Their targets, shape (n,): labels 0 and 1, or values."""
        target = self._points()[:, 2]
        return target.astype(int) if self.task == "classification" else target

    @property
    def test_mask(self):
        """True for the points that are held out for testing, shape (n,)."""
        return data.held_out(len(self._points()), self.test_share, self.data_seed)

    def _points(self):
        if self.dataset == "given":
            return np.array(self.given["points"])
        return data.generate(self.dataset, POINTS, self.noise, self.data_seed)

    def set_data(self, X, y):
        """Show own data: X (n, 2) and y (n,), as in the constructor."""
        self.given = _as_given(X, y)
        self.dataset = "given"

    def inputs(self, X):
        """What the network gets for points X (n, 2): the chosen features, shape (n, features)."""
        return data.feature_matrix(self.features, np.asarray(X, dtype=float))

    @property
    def network(self):
        """A new Sequential, in float64, with the weights that are on screen now.

        Assigning a Sequential of Linear layers with one kind of activation between them shows it.
        """
        layers = []
        for inputs, outputs in pairwise(self._sizes()):
            if layers and ACTIVATIONS[self.activation]:
                layers.append(ACTIVATIONS[self.activation]())
            layers.append(nn.Linear(inputs, outputs))
        network = nn.Sequential(*layers).astype(np.float64)
        network.load_state_dict(dict(zip(network.state_dict(), map(np.array, self.weights))))
        return network

    @network.setter
    def network(self, network):
        state = _read_network(network)
        inputs = len(state["weights"][0][0])
        if inputs != len(self.features):
            raise InvalidValue(
                f"network: expected {len(self.features)} inputs for the features "
                f"{', '.join(self.features)}, got a first layer with {inputs}"
            )
        with self.hold_sync(), self.hold_trait_notifications():  # the page gets all of it at once
            self.hidden = state["hidden"]
            self.activation = state.get("activation", self.activation)
            self.weights = state["weights"]
            self.epoch = 0

    def static_figure(self):
        """The diagram of the network and its output over the plane, as the page first shows them."""
        from matplotlib.colors import LinearSegmentedColormap
        from matplotlib.figure import Figure

        from nnlib import plots

        network, points, test = self.network, self._points(), self.test_mask
        classification = self.task == "classification"
        figure = Figure(figsize=(9.6, 4), layout="constrained")
        diagram, plane = figure.subplots(1, 2, width_ratios=[1.4, 1])
        plots.network_diagram(network, ax=diagram, feature_names=self.features)
        limits = _view(points, self.noise, self.dataset != "given")
        x1, x2 = np.meshgrid(*(np.linspace(*limit, 100) for limit in limits))
        with nn.no_grad():
            output = network(self.inputs(np.column_stack([x1.ravel(), x2.ravel()]))).data
        output = output.reshape(x1.shape)
        colors = LinearSegmentedColormap.from_list("", ["#f5b06d", "#f7f7f7", "#7fb6e6"])
        if classification:
            output = 2 / (1 + np.exp(-np.clip(output, -50, 50))) - 1
            if output.min() < 0 < output.max():
                plane.contour(x1, x2, output, [0], colors="black")
            kinds = [("class 0", "s", "#b84a00", 0), ("class 1", "o", "#0f62ab", 1)]
        else:
            kinds = [("points", "o", "#535d69", None)]
        top = 1 if classification else np.abs(points[:, 2]).max() or 1
        # "none" keeps the picture's own 100 x 100 pixels, which the reader's program smooths
        plane.imshow(output, cmap=colors, vmin=-top, vmax=top, origin="lower", aspect="auto",
                     extent=[*limits[0], *limits[1]], interpolation="none")  # fmt: skip
        for name, marker, color, label in kinds:
            mine = np.ones(len(points), bool) if label is None else points[:, 2] == label
            for part, face in ((~test, color), (test, "white")):
                plane.scatter(*points[mine & part, :2].T, s=12, marker=marker, c=face, ec=color,
                              lw=0.8, label=name + (", test" if face == "white" else ""))  # fmt: skip
        plane.legend(fontsize=7, loc="upper right")
        plane.set(xlabel="$x_1$", ylabel="$x_2$", xlim=limits[0], ylim=limits[1])
        layers = ", ".join(str(u) for u in self.hidden) or "no"
        alternative = (
            f"Left, a network with inputs {', '.join(self.features)}, hidden layers of {layers} units and "
            f"one output; right, its output over the plane with {len(points)} points of the data set "
            f"{self.dataset}."
        )
        caption = (
            "A network and what it says at each point of the plane, before training. "
            "In a browser with JavaScript this picture is a playground."
        )
        return figure, alternative, caption


def _as_given(X, y):
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim != 2 or X.shape[1] != 2 or len(X) < 4 or X.dtype.kind not in "fiu":
        raise InvalidValue(
            f"X: expected numbers of shape (n, 2) with n at least 4, got shape {X.shape}, dtype {X.dtype}"
        )
    if y.shape != (len(X),) or y.dtype.kind not in "fiub":
        raise InvalidValue(
            f"y: expected numbers of shape ({len(X)},), got shape {y.shape}, dtype {y.dtype}"
        )
    for name, values in (("X", X), ("y", y)):
        if not np.all(np.isfinite(values)):
            raise InvalidValue(f"{name}: expected finite numbers, got nan or inf")
    labels = set(np.unique(y).tolist())
    classes = labels <= {0, 1} or labels <= {-1, 1}
    if not classes and y.dtype.kind != "f":
        raise InvalidValue(
            "y: expected labels 0 and 1 (or -1 and +1), or floats for regression, got labels "
            f"{sorted(labels)[:6]}"
        )
    target = (y > 0) if classes else y
    points = np.column_stack([X, target]).astype(float).tolist()
    return {"task": "classification" if classes else "regression", "points": points}


def _read_network(network):
    """hidden, activation (where there is one) and weights of a Sequential."""
    layers = list(network) if isinstance(network, nn.Sequential) else [network]
    kinds = {cls: name for name, cls in ACTIVATIONS.items() if cls}
    linears, between = [], []
    for layer in layers:
        if isinstance(layer, nn.Linear):
            if len(between) < len(linears):
                between.append("linear")
            linears.append(layer)
        elif type(layer) in kinds and len(between) == len(linears) - 1:
            between.append(kinds[type(layer)])
        else:
            linears = []
            break
    if not linears or len(between) >= len(linears):
        raise InvalidValue(
            "network: expected a Sequential of Linear layers with Tanh, ReLU, Sigmoid or nothing "
            f"between them, and a Linear layer last, got {network!r}"
        )
    if len(set(between)) > 1:
        raise InvalidValue(
            f"network: expected one kind of activation, got {', '.join(dict.fromkeys(between))}"
        )
    hidden = [linear.weight.shape[0] for linear in linears]
    if hidden.pop() != 1:
        raise InvalidValue(
            "network: expected one output (a logit, or the value of a regression), "
            f"got {linears[-1].weight.shape[0]}"
        )
    if any(linear.bias is None for linear in linears):
        raise InvalidValue("network: expected Linear layers with a bias, got one without")
    _hidden("network", hidden)
    weights = [
        p.data.astype(float).tolist() for linear in linears for p in (linear.weight, linear.bias)
    ]
    state = {"hidden": hidden, "weights": weights}
    return state | {"activation": between[0]} if between else state


def _view(points, noise, built_in):
    """The visible range of x1 and of x2, as network.js chooses it."""
    if built_in:
        return (-6 - noise, 6 + noise), (-6 - noise, 6 + noise)
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    pad = np.where(high > low, 0.08 * (high - low), 1)
    return tuple(zip(low - pad, high + pad))
