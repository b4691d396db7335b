"""NetworkPlayground: a small network whose every weight can be moved by hand, and trained, in the page."""

from itertools import pairwise

import numpy as np
import traitlets

import nnlib as nn
from nnlib.widgets import data, owndata, traits
from nnlib.widgets.base import STATIC, Widget, compose
from nnlib.widgets.traits import Checked, InvalidValue, number, numbers, one_of, some_of, whole

ACTIVATIONS = {"tanh": nn.Tanh, "relu": nn.ReLU, "sigmoid": nn.Sigmoid, "linear": None}
CONTROLS = (
    "play", "presets", "training", "schedule", "stop", "data", "points", "features", "layers",
    "weights", "output", "loss", "challenges",
    "code", "zero",
)  # fmt: skip
EXTRAS = {"presets", "schedule", "points", "challenges", "code"}  # as in network.js
SCHEDULES = ("constant", "StepLR", "CosineAnnealingLR", "LinearLR")
PLAIN = compose(STATIC / "network" / "plain.js")
MAX_LAYERS, MAX_UNITS = 8, 12
WEIGHT_LIMIT = 1e6  # as in engine.js
POINTS = 500  # of a built-in data set


def _features(name, value):
    ordered = some_of(data.FEATURES, least=1)(name, value)
    if [value] != ordered and list(value) != ordered:
        # the columns of the first weights would belong to other inputs
        raise traits.wrong(name, f"each once and in the order {ordered}", value)
    return ordered


traits.formed(_features, "some", list(data.FEATURES), 1)


def _hidden(name, value):
    expected = (
        f"a list of 0 to {MAX_LAYERS} hidden layers of 1 to {MAX_UNITS} units, such as [4, 2]"
    )
    units = traits.items(name, value, expected)
    try:
        units = [whole(1, MAX_UNITS)(name, count) for count in units]
    except InvalidValue:
        raise traits.wrong(name, expected, value) from None
    if len(units) > MAX_LAYERS:
        raise traits.wrong(name, expected, value)
    return units


traits.formed(_hidden, "array", ["whole", 1, MAX_UNITS], 0, MAX_LAYERS)


def _weights(name, value):
    expected = "a list of arrays, W and b of each layer"
    arrays = [traits.floats(name, w, expected) for w in traits.items(name, value, expected)]
    if not all(np.all(np.abs(a) <= WEIGHT_LIMIT) for a in arrays):
        raise InvalidValue(f"{name}: expected numbers up to {WEIGHT_LIMIT:g} in size, got others")
    return [a.tolist() for a in arrays]


traits.formed(_weights, "layers", "features", "hidden", WEIGHT_LIMIT)


def _given_points(name, value):
    """None, or points in their own units, the part of the plane that they lie in, and their table."""
    if value is None:
        return None
    try:
        task, points, view = value["task"], value["points"], value.get("view")
    except (TypeError, KeyError, AttributeError):
        raise traits.wrong(name, "None or a dict of task, points and, if any, view and table", value) from None
    one_of(("classification", "regression"))(name, task)
    points = traits.floats(name, points, "points [x1, x2, target]")
    if points.ndim != 2 or points.shape[1] != 3 or len(points) < 4:
        raise InvalidValue(f"{name}: expected shape (n, 3) with n at least 4, got {points.shape}")
    if task == "classification" and not np.isin(points[:, 2], (0, 1)).all():
        raise InvalidValue(f"{name}: expected targets 0 and 1, got others")
    given = {"task": task, "points": points.tolist()}
    if view is not None:
        limits = traits.floats(name, view, "a view [[low, high], [low, high]]")
        if limits.shape != (2, 2) or not np.all(limits[:, 0] < limits[:, 1]):
            raise traits.wrong(name, "a view [[low, high], [low, high]]", view)
        given["view"] = limits.tolist()
    if value.get("table") is not None:
        given["table"] = owndata.check_table(name, value["table"], task)
    return given


traits.formed(_given_points, "points", 500, 1e6)


_dataset = one_of((*data.DATASETS, "given"))
_dataset.form.append({"given": "_given"})  # which only goes with that


class NetworkPlayground(Widget):
    """A fully connected network on points in the plane: train it, or move any weight by hand.

    Every argument from `dataset` to `log_loss` is also an attribute that follows the page, and that
    moves the page when assigned. So are `network`, `weights` (the lists [W1, b1, W2, b2, ...]) and
    `playing`. Others only tell: `X`, `y` and `test_mask` are the points on screen, which `set_data`
    and an assignment to `data` replace, and the reader too, who may draw them or open a file;
    `epoch` is the page's count. `controls` is read when the page shows the widget.

    Parameters
    ----------
    network : Sequential of Linear layers with one activation between them, optional
        Shown first, and again on a reset. It gives ``hidden`` and ``activation``. Its inputs are
        ``features``, its one output is a logit for classification, or the value for regression.
    X, y : arrays (n, 2) and (n,), optional
        Own data, shown as the data set "given". Labels 0 and 1 (or -1 and +1) make it
        classification, other floats regression. A network learns best when X is standardized.
    data : (X, y), a dict, a structured array or a data frame, optional
        The same from a table, as a reader of the page has from a CSV file: up to 5,000 rows of two
        columns of numbers and one to learn, which holds two classes or floats. The axes have the
        names of the columns.
    feature_names : two str, optional; those of the columns unless given
    standardize : bool, whether the network gets the columns of `data` with mean 0 and standard
        deviation 1, of a regression the targets too; the axes and `X`, `y` have their units
    dataset : "circles", "xor", "blobs", "moons", "spirals", "plane", "gaussians" or "given"
        500 points in a plane from -6 to 6. They have a scale and noise of their own, and are not the
        points of `nnlib.datasets` under the same names.
    noise : standard deviation of a random shift of each point, in units of the axes
    test_share : the share of the points that is held out
    data_seed, seed : int, of the points, and of the first weights and the batches
    features : list from "x1", "x2", "x1^2", "x2^2", "x1*x2", "sin x1", "sin x2"
    hidden : list of units per hidden layer, 0 to 8 layers of 1 to 12 units
    activation : "tanh", "relu", "sigmoid" or "linear"
    learning_rate, batch_size, optimizer : for `optimizer` "SGD" (plain) or "Adam"
    l1, l2 : the loss that is minimized has l1 Σ|w| + l2/2 Σw² added, over weights, not biases
    schedule : "constant", "StepLR", "CosineAnnealingLR" or "LinearLR": how the learning rate goes
        with the epoch, as in nnlib with the arguments that are not `schedule_epochs` left out
    schedule_epochs : its `step_size`, `T_max` or `total_iters`
    stop_epoch, stop_loss : training by Play stops by itself at this epoch, or at the first epoch
        whose training loss is at most this; 0 for never. Only what lies ahead when it starts counts,
        so Play pressed again goes on beyond.
    playing : bool; a page that opens with True trains by itself once the widget is in view. Where
        the reader prefers reduced motion it waits for Play
    show_test : bool, whether the points that are held out are drawn
    discrete : bool, whether the output's map shows its sign alone
    log_loss : bool, whether the scale of the loss is logarithmic
    controls : which groups of controls the page shows, from "play", "presets" (settings worth a
        look), "training", "schedule" and "stop" (within "training"), "data", "points" (the reader's
        own), "features", "layers", "weights", "output" (`discrete`), "loss", "challenges" (goals to
        reach under a rule; the reader's browser remembers them), "code" (the program of what is on
        screen), "zero" (a weight silenced and put back); all but the last unless given

    Notes
    -----
    Classification minimizes `binary_cross_entropy_with_logits`, regression `mse_loss`.

    Raises
    ------
    ValueError
        Naming the argument that does not fit, what was expected and what came.

    Examples
    --------
    >>> playground = NetworkPlayground(dataset="xor", hidden=[2])
    >>> playground.network[0].weight.shape
    (2, 2)
    """

    _module = "network"
    _linked = (
        "dataset", "noise", "test_share", "data_seed", "seed", "features", "hidden", "activation",
        "learning_rate", "l1", "l2", "batch_size", "optimizer", "schedule", "schedule_epochs",
        "stop_epoch", "stop_loss", "show_test", "discrete", "log_loss", "epoch", "playing", "weights",
        "_given",
    )  # fmt: skip

    dataset = Checked(_dataset, "circles")
    noise = Checked(number(0, 2), 0.3)
    test_share = Checked(number(0.1, 0.9), 0.5)
    data_seed = Checked(whole(0, 2**31 - 1), 0)
    seed = Checked(whole(0, 2**31 - 1), 0)
    features = Checked(_features, ["x1", "x2"])
    hidden = Checked(_hidden, [4, 2])
    activation = Checked(one_of(ACTIVATIONS), "tanh")
    learning_rate = Checked(number(1e-6, 100), 0.03)
    l1 = Checked(number(0, 10), 0.0)
    l2 = Checked(number(0, 10), 0.0)
    batch_size = Checked(whole(1, 100_000), 10)
    optimizer = Checked(one_of(("SGD", "Adam")), "SGD")
    schedule = Checked(one_of(SCHEDULES), "constant")
    schedule_epochs = Checked(whole(1, 10**9), 100)
    stop_epoch = Checked(whole(0, 10**9), 0)
    stop_loss = Checked(number(0, 1e9), 0.0)
    show_test = Checked(traits.boolean, True)
    discrete = Checked(traits.boolean, False)
    log_loss = Checked(traits.boolean, False)
    controls = Checked(some_of(CONTROLS), list(CONTROLS[:-1]))
    epoch = Checked(whole(0, 10**9), 0)
    playing = Checked(traits.boolean, False)
    weights = Checked(_weights)  # [W1, b1, W2, b2, ...]
    # How often Python has assigned weights, and the epoch that it gave them last; see set_state.
    _asked = Checked(numbers(2, 2, 0, 2**53), [0, 0])
    _given = Checked(_given_points, None)  # X and y, as the page reads them
    _hearing = False  # is it the page that sets traits?

    def __init__(self, network=None, X=None, y=None, data=None, feature_names=None, standardize=True,
                 **settings):  # fmt: skip
        for name in settings:
            if name.startswith("_") or name not in NetworkPlayground.class_own_traits():
                raise TypeError(f"NetworkPlayground has no argument {name!r}")
        if (X is None) != (y is None):
            raise InvalidValue("X, y: expected both or neither, got only one")
        if X is not None:
            settings = {"dataset": "given", **settings, "_given": _as_given(X, y)}
        if data is not None:
            if X is not None:
                raise InvalidValue("data: expected nothing beside X and y, got both")
            given = owndata.from_table(data, feature_names=feature_names, standardize=standardize)
            settings = {"dataset": "given", **settings, "_given": given}
        elif feature_names is not None:
            raise InvalidValue(f"feature_names: expected data beside it, got {feature_names!r} alone")
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

    @traitlets.observe("controls")
    def _choose_module(self, change):
        # A page that shows none of the extras need not carry them.
        self._esm = NetworkPlayground._esm if EXTRAS & set(self.controls) else PLAIN

    @traitlets.validate("dataset")
    def _check_dataset(self, proposal):
        if proposal.value == "given" and self._given is None:
            raise InvalidValue('dataset: expected X and y with "given", got neither; use set_data')
        return proposal.value

    @traitlets.validate("weights")
    def _check_weights(self, proposal):
        shapes, came = self._shapes(), [np.shape(w) for w in proposal.value]
        if came != shapes:
            raise InvalidValue(
                f"weights: expected shapes {shapes} for features {', '.join(self.features)} and hidden "
                f"layers {self.hidden}, got {came}"
            )
        return proposal.value

    @traitlets.default("weights")
    def _first_weights(self):
        return [a.tolist() for a in data.first_weights(self._sizes(), self.seed)]

    @traitlets.observe("features", "hidden", "seed")
    def _restart(self, change):
        # A view sends new weights together with such a change, and they are these: nothing moves then.
        if change.name == "seed" or [np.shape(w) for w in self.weights] != self._shapes():
            self.epoch = 0
            self.weights = self._first_weights()

    def set_state(self, sync_data):
        """What the page says, except weights from before it had heard of those that Python assigned.

        They come with their epoch in one `report`, which also tells how many assignments the page
        knew: what waits to be sent is merged by Jupyter, so that traits of their own could come from
        different moments.
        """
        with self._whole:
            state = dict(sync_data)
            if report := state.pop("_report", None):
                state |= {name: report[name] for name in ("weights", "epoch")}
                if report["asked"] != self._asked[0]:
                    del state["weights"], state["epoch"]  # the page will answer with others
            self._hearing = True
            try:
                super().set_state(state)
            finally:
                self._hearing = False

    @traitlets.observe("weights")
    def _ask(self, change):
        if not self._hearing:
            self._asked = [self._asked[0] + 1, self.epoch]

    def _sizes(self):
        return [len(self.features), *self.hidden, 1]

    def _shapes(self):
        return [shape for i, o in pairwise(self._sizes()) for shape in ((o, i), (o,))]

    @property
    def task(self):
        """ "classification" or "regression"."""
        return self._given["task"] if self.dataset == "given" else data.DATASETS[self.dataset]

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

    @property
    def data(self):
        """(X, y) on screen. Assigning a pair or a table shows it, standardized; see the class."""
        return self.X, self.y

    @data.setter
    def data(self, value):
        self._show(owndata.from_table(value))

    @property
    def feature_names(self):
        """What the two axes are called; of a table they can be assigned."""
        return list(self._table["names"][:2]) if self._table else ["x1", "x2"]

    @feature_names.setter
    def feature_names(self, value):
        if not self._table:
            raise InvalidValue("feature_names: expected a table in data to name, got none")
        names = [*owndata.pair_of_names("feature_names", value), self._table["names"][2]]
        self._given = {**self._given, "table": {**self._table, "names": names}}

    @property
    def class_names(self):
        """What classes 0 and 1 of a table are called, or None."""
        return self._table.get("classes") if self._table else None

    @property
    def _table(self):
        return self._given.get("table") if self.dataset == "given" else None

    def _points(self):
        if self.dataset == "given":
            return np.array(self._given["points"])
        return data.generate(self.dataset, POINTS, self.noise, self.data_seed)

    def set_data(self, X, y):
        """Show own data: X (n, 2) and y (n,), as in the constructor."""
        self._show(_as_given(X, y))

    def _show(self, given):
        with self._at_once():
            self._given = given
            self.dataset = "given"

    def inputs(self, X):
        """What the network gets for points X (n, 2): the chosen features, shape (n, features).

        The columns of a table are standardized first, if they are to be.
        """
        X = np.asarray(X, dtype=float)
        if self._table:
            X = (X - self._table["center"][:2]) / self._table["scale"][:2]
        return data.feature_matrix(self.features, X)

    def targets(self, y):
        """What the network is to say for targets y (n,): themselves, or standardized as in a table."""
        y = np.asarray(y, dtype=float)
        return (y - self._table["center"][2]) / self._table["scale"][2] if self._table else y

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
        with self._at_once():
            self.hidden = state["hidden"]
            self.activation = state.get("activation", self.activation)
            self.weights = state["weights"]
            self.epoch = 0

    def static_figure(self):
        """The diagram of the network and its output over the plane, as the page first shows them.

        Where the page opens with `playing` and stops at an epoch, they are those of that epoch, for
        the text around it speaks of them; the page's own batches are others.
        """
        from matplotlib.colors import LinearSegmentedColormap
        from matplotlib.figure import Figure

        from nnlib import plots

        network, points, test = self.network, self._points(), self.test_mask
        targets = self.targets(points[:, 2])
        classification = self.task == "classification"
        epochs = self.stop_epoch if self.playing else 0
        if epochs:
            optimizer = {"SGD": nn.SGD, "Adam": nn.Adam}[self.optimizer]
            loss = nn.binary_cross_entropy_with_logits if classification else nn.mse_loss
            nn.fit(network, (self.inputs(points[~test, :2]), targets[~test, None]), loss=loss,
                   optimizer=optimizer(network.parameters(), lr=self.learning_rate),
                   epochs=epochs, batch_size=self.batch_size, rng=self.seed)  # fmt: skip
        figure = Figure(figsize=(9.6, 4), layout="constrained")
        diagram, plane = figure.subplots(1, 2, width_ratios=[1.4, 1])
        plots.network_diagram(network, ax=diagram, feature_names=self.features)
        limits = _view(points, self.noise, self._given if self.dataset == "given" else None)
        x1, x2 = np.meshgrid(*(np.linspace(*limit, 100) for limit in limits))
        with nn.no_grad():
            output = network(self.inputs(np.column_stack([x1.ravel(), x2.ravel()]))).data
        output = output.reshape(x1.shape)
        colors = LinearSegmentedColormap.from_list("", ["#f5b06d", "#f7f7f7", "#7fb6e6"])
        if classification:
            output = np.tanh(output / 2)  # 2 σ(z) - 1, from -1 to 1
            if output.min() < 0 < output.max():
                plane.contour(x1, x2, output, [0], colors="black")
            names = [f"class {k}: {name}" for k, name in enumerate(self.class_names or ())]
            names = names or ["class 0", "class 1"]
            kinds = [(names[0], "s", "#b84a00", 0), (names[1], "o", "#0f62ab", 1)]
        else:
            kinds = [("points", "o", "#535d69", None)]
        top = 1 if classification else np.abs(targets).max() or 1
        # "none" keeps the picture's own 100 x 100 pixels, which the reader's program smooths
        plane.imshow(output, cmap=colors, vmin=-top, vmax=top, origin="lower", aspect="auto",
                     extent=[*limits[0], *limits[1]], interpolation="none")  # fmt: skip
        for name, marker, color, label in kinds:
            mine = np.ones(len(points), bool) if label is None else points[:, 2] == label
            for part, face in ((~test, color), (test, "white")):
                plane.scatter(*points[mine & part, :2].T, s=12, marker=marker, c=face, ec=color,
                              lw=0.8, label=name + (", test" if face == "white" else ""))  # fmt: skip
        plane.legend(fontsize=7, loc="upper right")
        axes = self.feature_names if self._table else ["$x_1$", "$x_2$"]
        # A dollar sign in a name of the reader's is no formula.
        plane.set(xlim=limits[0], ylim=limits[1])
        plane.set_xlabel(axes[0], parse_math=not self._table)
        plane.set_ylabel(axes[1], parse_math=not self._table)
        layers = ", ".join(str(u) for u in self.hidden) or "no"
        alternative = (
            f"Left, a network with inputs {', '.join(self.features)}, hidden layers of {layers} units and "
            f"one output; right, its output over the plane with {len(points)} points of "
            + (f"a table, {axes[0]} and {axes[1]}, to learn {self._table['names'][2]}." if self._table
               else f"the data set {self.dataset}.")
        )  # fmt: skip
        caption = (
            "A network and what it says at each point of the plane, "
            f"{f'after {epochs} epochs of training' if epochs else 'before training'}. "
            "In a browser with JavaScript this picture is a playground."
        )
        return figure, alternative, caption


def _as_given(X, y):
    X = traits.points("X", X, least=4)
    values = traits.floats("y", y, f"numbers of shape ({len(X)},)")
    if values.shape != (len(X),):
        raise InvalidValue(f"y: expected numbers of shape ({len(X)},), got shape {values.shape}")
    labels = set(np.unique(values).tolist())
    classes = labels <= {0, 1} or labels <= {-1, 1}
    if not classes and np.asarray(y).dtype.kind != "f":
        raise InvalidValue(
            "y: expected labels 0 and 1 (or -1 and +1), or floats for regression, got labels "
            f"{sorted(labels)[:6]}"
        )
    target = (values > 0) if classes else values
    rows = np.column_stack([X, target]).tolist()
    return {"task": "classification" if classes else "regression", "points": rows}


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


def _view(points, noise, given):
    """The visible range of x1 and of x2, as lab.js chooses it."""
    if given is None:
        return (-6 - noise, 6 + noise), (-6 - noise, 6 + noise)
    if "view" in given:
        limits = np.array(given["view"])
        if table := given.get("table"):
            limits = limits * np.array(table["scale"])[:2, None] + np.array(table["center"])[:2, None]
        return tuple(map(tuple, limits))
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    pad = np.where(high > low, 0.08 * (high - low), 1)
    return tuple(zip(low - pad, high + pad))
