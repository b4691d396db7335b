"""NetworkPlayground: what Python promises of it, and what a reader can do with it in a page."""

import re
from itertools import pairwise

import numpy as np
import pytest
import traitlets
from accessibility import violations
from looking import control, module, picture, press, readout, said, set_number, settled, until
from looking import trait as model

import nnlib as nn
from nnlib.widgets import NetworkPlayground
from nnlib.widgets.network import CONTROLS

# In Python ------------------------------------------------------------------------------------------


def some_network(*sizes, activation=nn.Tanh, seed=0):
    layers = []
    for k, (inputs, outputs) in enumerate(pairwise(sizes)):
        layers += [nn.Linear(inputs, outputs, rng=seed + k), activation()]
    return nn.Sequential(*layers[:-1])


def test_its_network_computes_with_the_weights_on_screen():
    playground = NetworkPlayground(hidden=[3], activation="relu", features=["x1", "x1*x2"])
    network = playground.network
    assert [type(layer) for layer in network] == [nn.Linear, nn.ReLU, nn.Linear]
    X = np.array([[1.0, 2.0], [-0.5, 3.0]])
    W1, b1, W2, b2 = map(np.array, playground.weights)
    inputs = np.column_stack([X[:, 0], X[:, 0] * X[:, 1]])
    expected = np.maximum(inputs @ W1.T + b1, 0) @ W2.T + b2
    np.testing.assert_allclose(network(playground.inputs(X)).data, expected, atol=1e-14)


@pytest.mark.parametrize("sizes", [(2, 1), (2, 3, 1), (2, 8, 1, 5, 1)])
@pytest.mark.parametrize("activation", [nn.Tanh, nn.ReLU, nn.Sigmoid])
def test_a_network_goes_in_and_comes_out_the_same(sizes, activation):
    network = some_network(*sizes, activation=activation).astype(np.float64)
    playground = NetworkPlayground(network)
    back = playground.network
    assert [type(layer) for layer in back] == [type(layer) for layer in network]
    for name, array in network.state_dict().items():
        np.testing.assert_array_equal(back.state_dict()[name], array)
    assert playground.hidden == list(sizes[1:-1])


def test_assigning_a_network_shows_it_and_starts_at_epoch_0():
    playground = NetworkPlayground(dataset="moons", hidden=[4, 2])
    playground.epoch = 12
    network = some_network(2, 5, 1, activation=nn.ReLU)
    playground.network = network
    assert (playground.hidden, playground.activation, playground.epoch) == ([5], "relu", 0)
    np.testing.assert_array_equal(playground.weights[0], network[0].weight.data)


def test_it_shows_a_network_loaded_from_a_state_dict_of_pytorch():
    state = {  # as torch.nn.Sequential(Linear(2, 2), ReLU(), Linear(2, 1)).state_dict() names it
        "0.weight": np.array([[1, 1], [1, 1]]),
        "0.bias": np.array([0, -1]),
        "2.weight": np.array([[1, -2]]),
        "2.bias": np.array([-0.5]),
    }
    network = some_network(2, 2, 1, activation=nn.ReLU)
    network.load_state_dict(state)
    playground = NetworkPlayground(network, dataset="xor")
    assert playground.weights == [[[1, 1], [1, 1]], [0, -1], [[1, -2]], [-0.5]]
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    logits = playground.network(playground.inputs(corners)).data[:, 0]
    np.testing.assert_array_equal(logits > 0, [False, True, True, False])


def test_layers_without_an_activation_are_a_linear_network():
    network = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    playground = NetworkPlayground(network)
    assert playground.activation == "linear"
    assert [type(layer) for layer in playground.network] == [nn.Linear, nn.Linear]
    assert NetworkPlayground(nn.Linear(2, 1)).hidden == []


def test_a_new_shape_gets_new_weights_and_a_seed_gives_the_same_ones_again():
    playground = NetworkPlayground()
    first = playground.weights
    playground.hidden = (3,)
    assert [np.shape(w) for w in playground.weights] == [(3, 2), (3,), (1, 3), (1,)]
    playground.features = ["x1"]
    assert np.shape(playground.weights[0]) == (3, 1)
    playground.features, playground.hidden = ["x1", "x2"], [4, 2]
    assert playground.weights == first
    playground.seed = 1
    assert playground.weights != first


@pytest.mark.parametrize("first", ["hidden", "weights"])
def test_a_change_in_the_page_arrives_whole_in_python(first):
    playground = NetworkPlayground()
    message = {"hidden": [1], "weights": [[[1, 2]], [3], [[4]], [5]], "epoch": 7, "playing": True}
    playground.set_state({first: message[first], **message})  # as the page sends it
    assert (playground.hidden, playground.epoch, playground.playing) == ([1], 7, True)
    assert playground.weights == message["weights"]
    np.testing.assert_array_equal(playground.network[0].weight.data, [[1, 2]])
    with pytest.raises(ValueError, match="weights"):
        playground.set_state({"hidden": [2], "weights": [[[9, 9]], [3], [[4]], [5]]})
    assert playground.hidden == [1]


def test_weights_that_python_assigned_are_not_overwritten_by_what_the_page_said_before():
    playground = NetworkPlayground(hidden=[])
    playground.playing = True

    def say(weight, at, asked, **more):
        now = {"weights": [[[weight, 0]], [0]], "epoch": at}
        playground.set_state(now | more | {"_report": {**now, "asked": asked}})
        return playground.weights[0][0][0], playground.epoch

    known = playground._asked[0]
    assert say(1, 7, known) == (1, 7)
    playground.network = nn.Linear(2, 1, rng=5)
    mine = playground.weights[0][0][0]
    assert say(2, 8, known, playing=False) == (mine, 0)
    assert not playground.playing
    # The page has heard of it; an epoch from before still waited, and Jupyter has put them together.
    assert say(mine, 0, known + 1, epoch=9) == (mine, 0)
    assert say(3, 1, known + 1) == (3, 1)
    playground.seed += 1  # as much an assignment
    assert say(4, 2, known + 1)[1] == 0


def test_the_page_answers_when_python_has_assigned_weights(mount):
    page = mount(NetworkPlayground(hidden=[]))
    press(page, "step")
    assert model(page, "epoch") == 1
    # Python has not heard of that epoch, so it says nothing of one.
    page.evaluate("shown.model.set({ _asked: [9, 0], weights: [[[1, 2]], [3]] })")
    page.wait_for_function("shown.model.get('_report')?.asked === 9")
    assert model(page, "_report") == {"asked": 9, "weights": [[[1, 2]], [3]], "epoch": 0}
    assert "Epoch 000,000" in page.locator(".nn-epoch").inner_text()


def test_given_points_are_shown_as_they_are():
    X = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [6.0, 7.0]])
    labels = NetworkPlayground(X=X, y=np.array([-1, 1, 1, -1]))
    assert (labels.dataset, labels.task) == ("given", "classification")
    np.testing.assert_array_equal(labels.X, X)
    np.testing.assert_array_equal(labels.y, [0, 1, 1, 0])
    values = NetworkPlayground(X=X, y=np.array([0.1, 0.2, 0.3, -4]))
    assert values.task == "regression"
    np.testing.assert_array_equal(values.y, [0.1, 0.2, 0.3, -4])
    values.set_data(X[::-1], [0, 1, 0, 1])
    np.testing.assert_array_equal(values.X, X[::-1])
    assert values.task == "classification"


def test_the_built_in_data_are_500_points_half_of_them_held_out():
    playground = NetworkPlayground(dataset="spirals", test_share=0.5)
    assert playground.X.shape == (500, 2)
    assert playground.test_mask.sum() == 250
    assert set(playground.y) == {0, 1}


X4, Y4 = np.zeros((4, 2)), np.array([0, 1, 0, 1])
WRONG = [
    ({"dataset": "iris"}, "dataset"),
    ({"dataset": "given"}, "dataset"),
    ({"noise": -1}, "noise"),
    ({"noise": "much"}, "noise"),
    ({"dataset": ["xor"]}, "dataset"),
    ({"features": None}, "features"),
    ({"hidden": [float("inf")]}, "hidden"),
    ({"hidden": None}, "hidden"),
    ({"controls": 3}, "controls"),
    ({"epoch": 0.5}, "epoch"),
    ({"test_share": 1}, "test_share"),
    ({"seed": 0.5}, "seed"),
    ({"data_seed": -1}, "data_seed"),
    ({"features": []}, "features"),
    ({"features": ["x3"]}, "features"),
    ({"features": ["x2", "x1"]}, "features"),
    ({"features": ["x1", "x1"]}, "features"),
    ({"hidden": [2] * 9}, "hidden"),
    ({"hidden": [13]}, "hidden"),
    ({"hidden": [0]}, "hidden"),
    ({"hidden": [2.5]}, "hidden"),
    ({"hidden": 3}, "hidden"),
    ({"activation": "softmax"}, "activation"),
    ({"learning_rate": 0}, "learning_rate"),
    ({"learning_rate": float("nan")}, "learning_rate"),
    ({"l1": -0.1}, "l1"),
    ({"l2": True}, "l2"),
    ({"batch_size": 0}, "batch_size"),
    ({"optimizer": "RMSprop"}, "optimizer"),
    ({"schedule": "cosine"}, "schedule"),
    ({"schedule_epochs": 0}, "schedule_epochs"),
    ({"stop_epoch": -1}, "stop_epoch"),
    ({"stop_epoch": 2.5}, "stop_epoch"),
    ({"stop_loss": -0.1}, "stop_loss"),
    ({"show_test": "yes"}, "show_test"),
    ({"discrete": 1}, "discrete"),
    ({"log_loss": 0}, "log_loss"),
    ({"playing": 1}, "playing"),
    ({"stop_epoch": -1}, "stop_epoch"),
    ({"stop_epoch": 2.5}, "stop_epoch"),
    ({"stop_loss": -0.1}, "stop_loss"),
    ({"stop_loss": float("inf")}, "stop_loss"),
    ({"controls": ["sound"]}, "controls"),
    ({"weights": [[[1, 2]], [0]]}, "weights"),
    ({"hidden": [], "weights": [[[1, 2]], [float("inf")]]}, "weights"),
    ({"weights": "heavy"}, "weights"),
    ({"X": X4}, "X, y"),
    ({"X": np.zeros((4, 3)), "y": Y4}, "X"),
    ({"X": X4 + np.nan, "y": Y4}, "X"),
    ({"X": X4, "y": Y4[:3]}, "y"),
    ({"X": X4, "y": np.array([0, 1, 2, 3])}, "y"),
    ({"X": X4, "y": np.array(list("abcd"))}, "y"),
    ({"network": "a network"}, "network"),
    ({"network": nn.Sequential(nn.Linear(2, 3), nn.Tanh())}, "network"),
    ({"network": nn.Sequential(nn.Tanh(), nn.Linear(2, 1))}, "network"),
    ({"network": nn.Sequential(nn.Linear(2, 3), nn.GELU(), nn.Linear(3, 1))}, "network"),
    ({"network": nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())}, "network"),
    ({"network": some_network(2, 2)}, "network"),
    ({"network": some_network(2, 13, 1)}, "network"),
    ({"network": nn.Sequential(nn.Linear(2, 1, bias=False))}, "network"),
    ({"network": some_network(2, 1), "hidden": [2]}, "hidden"),
    ({"network": some_network(3, 1)}, "weights"),
]


@pytest.mark.parametrize("settings, name", WRONG, ids=lambda v: str(v)[:50])
def test_a_wrong_argument_is_named(settings, name):
    with pytest.raises(ValueError, match=rf"^{name}: expected .*, got "):
        NetworkPlayground(**settings)


def test_an_activation_of_two_kinds_is_refused():
    mixed = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
    with pytest.raises(ValueError, match="one kind of activation, got tanh, relu"):
        NetworkPlayground(mixed)


def test_an_unknown_argument_is_named():
    for name in ("momentum", "given", "layout"):
        with pytest.raises(TypeError, match=f"no argument '{name}'"):
            NetworkPlayground(**{name: 0.9})


@pytest.mark.parametrize(
    "settings, name",
    [w for w in WRONG if len(w[0]) == 1 and not {"X", "network"} & set(w[0])],
    ids=lambda v: str(v)[:50],
)
def test_a_wrong_assignment_is_refused_and_changes_nothing(settings, name):
    playground = NetworkPlayground()
    [(trait, value)] = settings.items()
    before = getattr(playground, trait)
    with pytest.raises(ValueError, match=rf"^{name}: expected .*, got "):
        setattr(playground, trait, value)
    with pytest.raises(ValueError, match=rf"^{name}: expected "):
        setattr(playground, trait, None)
    assert getattr(playground, trait) == before


def test_a_refused_assignment_leaves_everything_as_it_was():
    playground = NetworkPlayground(hidden=[2])
    weights = playground.weights
    with pytest.raises(traitlets.TraitError, match="hidden"):
        playground.hidden = [99]
    with pytest.raises(ValueError, match="network: expected 2 inputs"):
        playground.network = some_network(3, 2, 1)
    with pytest.raises(ValueError, match="weights"):
        playground.weights = weights[:-1]
    assert (playground.hidden, playground.weights) == ([2], weights)


@pytest.mark.parametrize("settings", [{}, {"dataset": "plane", "hidden": []}, {"dataset": "xor"}])
def test_the_static_figure_shows_network_and_plane(settings):
    figure, alternative, caption = NetworkPlayground(**settings).static_figure()
    assert len(figure.axes) >= 2
    assert "network" in alternative
    assert caption.endswith(".")


def test_without_javascript_a_page_that_would_train_shows_a_trained_network():
    landing = {"noise": 0.2, "hidden": [3], "seed": 8, "optimizer": "Adam", "stop_epoch": 150}
    playground = NetworkPlayground(**landing, playing=True)
    figure, _, caption = playground.static_figure()
    assert "after 150 epochs of training" in caption
    image = figure.axes[1].images[0].get_array()
    middle, corner = image[50, 50], image[0, 0]
    assert middle > 0.9 and corner < -0.9  # the blue points are fenced in
    assert "before training" in NetworkPlayground(**landing).static_figure()[2]


# In a page ------------------------------------------------------------------------------------------

# Mounts a widget on a model that tests can reach, as `shown`: what Python would see and assign.
MOUNT = """([state, { default: widget }, css]) => {
  const handlers = {}, data = { ...state };
  const model = {
    get: (name) => data[name],
    set(name, value) {
      const changes = typeof name === "object" ? name : { [name]: value };
      const changed = Object.keys(changes).filter((key) => data[key] !== changes[key]);
      Object.assign(data, changes);
      for (const key of changed) for (const handler of [...(handlers[`change:${key}`] ?? [])]) handler();
    },
    on(event, handler) { (handlers[event] ??= []).push(handler); },
    off(event, handler) { handlers[event] = (handlers[event] ?? []).filter((other) => other !== handler); },
    save_changes() {},
    listeners: () => Object.values(handlers).flat().length,
  };
  document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
  const el = document.body.querySelector("main").appendChild(document.createElement("div"));
  window.shown = { model, el, remove: widget.render({ model, el }) };
}"""


@pytest.fixture
def mount(page, tmp_path):
    def open_one(widget, **options):
        file = tmp_path / "page.html"
        file.write_text(
            "<!doctype html><html lang='en'><title>One widget</title><main></main></html>"
        )
        opened = page(file.as_uri(), **options)
        traits = set(NetworkPlayground.class_own_traits(sync=True))
        state = {name: value for name, value in widget.get_state().items() if name in traits}
        opened.evaluate(MOUNT, [state, module(opened, str(widget._esm)), str(widget._css)])
        return opened

    return open_one


# The canvases: 0 is the diagram, 1 the plane, 2 the loss.


def test_it_starts_and_says_what_it_shows(widget_page):
    page = widget_page(NetworkPlayground())
    assert not page.errors
    assert not page.outside
    section = page.locator('section.nnlib-widget[data-widget="network"]')
    assert section.get_attribute("aria-label")
    labels = [c.get_attribute("aria-label") for c in section.locator("canvas[role=img]").all()]
    assert len(labels) == section.locator("canvas").count() == 3
    assert "inputs x₁, x₂, hidden layers of 4, 2 tanh units" in labels[0]
    assert "250 training and 250 test points" in labels[1]
    assert labels[2].startswith("Loss against epoch: after 0 epochs")


@pytest.mark.parametrize("settings", [
    {"dataset": "moons", "noise": 0.5, "test_share": 0.3},
    {"dataset": "gaussians", "hidden": [8, 3], "activation": "sigmoid", "data_seed": 5, "seed": 2},
    {"dataset": "xor", "hidden": [], "features": ["x1", "x1*x2", "sin x2"]},
])  # fmt: skip
def test_loss_and_accuracy_on_screen_are_those_of_nnlib(settings, widget_page):
    playground = NetworkPlayground(**settings)
    words = readout(widget_page(playground)).replace("−", "-")
    loss = nn.mse_loss if playground.task == "regression" else nn.binary_cross_entropy_with_logits
    with nn.no_grad():
        output = playground.network(playground.inputs(playground.X))
    numbers = re.search(r"Loss: training (\S+), test (\S+)\.", words).groups()
    for number, mine in zip(numbers, (~playground.test_mask, playground.test_mask), strict=True):
        expected = loss(nn.Tensor(output.data[mine]), playground.y[mine].astype(float)).item()
        assert float(number) == pytest.approx(expected, rel=0.006)
    if playground.task == "classification":
        shares = re.search(r"training (\S+)\xa0%, test (\S+)\xa0%", words).groups()
        right = (output.data[:, 0] > 0) == playground.y
        for share, mine in zip(shares, (~playground.test_mask, playground.test_mask), strict=True):
            assert float(share) == pytest.approx(100 * right[mine].mean(), abs=0.06)


def select_option(name, value):
    return lambda page: control(page, name).select_option(value)


def choose_data(page, name):
    page.locator(f'[data-control="dataset"] input[value="{name}"]').check()


def chosen_data(page):
    return page.locator('[data-control="dataset"] input:checked').input_value()


def check_box(name):
    return lambda page: control(page, name).click()


EFFECTS = {
    "play": lambda page: press(page, "play"),
    "step": lambda page: press(page, "step"),
    "new-seed": lambda page: press(page, "new-seed"),
    "dataset": lambda page: choose_data(page, "moons"),
    "noise": lambda page: set_number(page, "noise", 1.5),
    "test-share": lambda page: set_number(page, "test-share", 0.2),
    "data-seed": lambda page: set_number(page, "data-seed", 3),
    "seed": lambda page: set_number(page, "seed", 3),
    "activation": select_option("activation", "relu"),
    "add-layer": lambda page: press(page, "add-layer"),
    "remove-layer": lambda page: press(page, "remove-layer"),
    "add-unit-1": lambda page: press(page, "add-unit-1"),
    "remove-unit-2": lambda page: press(page, "remove-unit-2"),
    "feature-x1": check_box("feature-x1"),
    "feature-x1*x2": check_box("feature-x1*x2"),
    "weight-layer": select_option("weight-layer", "1"),
    "weight-to": select_option("weight-to", "2"),
    "weight-from": select_option("weight-from", "-1"),
    "weight": lambda page: set_number(page, "weight", 4),
    "map": select_option("map", "0.1"),
    "show-test": check_box("show-test"),
    "discrete": check_box("discrete"),
    "preset": select_option("preset", "0"),
    "challenge": select_option("challenge", "plane"),
    "pen": lambda page: (control(page, "pen").select_option("1"), picture(page)),
    "loss-axis": select_option("loss-axis", "log"),
}
# What changes training shows when one trains: the state after one epoch then differs.
TRAINING = {
    "learning-rate": ("learning_rate", "0.3"),
    "batch-size": ("batch_size", "50"),
    "optimizer": ("optimizer", "Adam"),
    "schedule": ("schedule", "LinearLR"),
    "l1": ("l1", "0.1"),
    "l2": ("l2", "0.1"),
}


def test_every_control_is_named_in_these_tests(mount):
    page = mount(NetworkPlayground())
    names = set(
        page.eval_on_selector_all("[data-control]", "all => all.map((e) => e.dataset.control)")
    )
    elsewhere = {"stop-epoch", "stop-loss", "schedule-epochs", "clear-points",
                 "challenge-again", "challenge-forget", "copy-code", "own-data"}  # fmt: skip
    tested = {*EFFECTS, *TRAINING, "reset", "speed", *elsewhere}
    families = {re.sub(r"(unit)-\d|(feature)-.*", r"\1\2", name) for name in tested}
    assert {re.sub(r"(unit)-\d|(feature)-.*", r"\1\2", name) for name in names} == families


@pytest.mark.parametrize("name", EFFECTS)
def test_a_control_changes_the_picture(name, mount):
    page = mount(NetworkPlayground())
    before = picture(page)
    EFFECTS[name](page)
    until(lambda: picture(page) != before, page)
    assert not page.errors


@pytest.mark.parametrize("name", TRAINING)
def test_a_setting_changes_what_training_does(name, mount):
    page = mount(NetworkPlayground())
    press(page, "step")
    plain = model(page, "weights")
    press(page, "reset")
    trait, value = TRAINING[name]
    control(page, name).select_option(value)
    assert str(model(page, trait)) == value
    press(page, "step")
    assert model(page, "weights") != plain


def test_the_speed_sets_the_pace(mount):
    page = mount(NetworkPlayground(), own=True)

    def epochs_in(seconds, speed):
        """By a clock of the page's own, which stands still but for these seconds."""
        control(page, "speed").select_option(str(speed))
        before = model(page, "epoch")
        press(page, "play")
        page.clock.run_for(1000 * seconds)
        press(page, "play")
        return model(page, "epoch") - before

    page.clock.install(time=0)
    page.clock.pause_at(1000)
    assert epochs_in(2, 5) == pytest.approx(10, abs=1)
    assert epochs_in(2, 60) == pytest.approx(120, abs=2)
    assert epochs_in(1, 1000) == pytest.approx(1000, abs=20)


def test_training_lowers_the_loss_and_reset_goes_back(mount):
    playground = NetworkPlayground()
    page = mount(playground)
    first = float(re.search(r"training (\S+),", readout(page))[1])
    for _ in range(40):
        press(page, "step")
    assert model(page, "epoch") == 40
    assert float(re.search(r"training (\S+),", readout(page))[1]) < 0.8 * first
    press(page, "reset")
    assert model(page, "epoch") == 0
    assert model(page, "weights") == playground.weights


def test_playing_stops_at_its_epoch_and_goes_on_beyond_when_asked(mount):
    page = mount(NetworkPlayground(stop_epoch=7))
    control(page, "speed").select_option("1000")
    for _ in range(3):
        press(page, "step")
    assert "Training stopped" not in readout(page)
    press(page, "play")
    said(page, "Epoch 7. Training stopped here by itself.")
    assert (model(page, "epoch"), model(page, "playing")) == (7, False)
    press(page, "play")
    page.wait_for_function("shown.model.get('epoch') > 20")
    assert "Training stopped" not in page.locator("output").inner_text()
    page.evaluate("shown.model.set('stop_epoch', shown.model.get('epoch') + 2000)")
    page.wait_for_function("!shown.model.get('playing')")
    assert model(page, "epoch") == model(page, "stop_epoch")
    press(page, "reset")
    assert "Training stopped" not in readout(page)


def test_playing_stops_at_the_first_epoch_with_the_loss_it_was_to_reach(mount):
    page = mount(NetworkPlayground(stop_loss=0.5))
    losses = []
    while not losses or losses[-1] > 0.5:
        press(page, "step")
        losses.append(float(re.search(r"training (\S+),", readout(page))[1]))
    press(page, "reset")
    press(page, "play")
    said(page, "Training stopped at a training loss of at most 0.5, as set.")
    assert (model(page, "epoch"), model(page, "playing")) == (len(losses), False)
    press(page, "play")
    page.wait_for_function("stop => shown.model.get('epoch') > stop + 3", arg=len(losses))
    assert model(page, "playing") is True


def below_the_window(source):
    return source.replace("<h1>", '<div style="height: 3000px"></div><h1>')


def test_a_page_saved_while_playing_trains_once_the_widget_is_in_view(widget_page):
    page = widget_page(NetworkPlayground(playing=True), edit=below_the_window)
    picture(page)
    assert (model(page, "epoch"), model(page, "playing")) == (0, True)
    page.locator("section").scroll_into_view_if_needed()
    page.wait_for_function("shown.model.get('epoch') > 3")


def test_with_less_motion_a_page_saved_while_playing_waits_for_play(widget_page):
    page = widget_page(NetworkPlayground(playing=True), reduced_motion="reduce")
    assert model(page, "playing") is False
    assert readout(page).startswith("Epoch 0.")
    press(page, "play")
    page.wait_for_function("shown.model.get('epoch') > 3")


def test_play_goes_on_until_pause_and_the_page_stays_live(mount):
    page = mount(
        NetworkPlayground(
            hidden=[8] * 6, features=["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin x1", "sin x2"]
        )
    )
    press(page, "play")
    assert model(page, "playing") is True
    page.wait_for_function("shown.model.get('epoch') > 3")
    press(page, "play")
    assert model(page, "playing") is False
    epoch = model(page, "epoch")
    page.wait_for_timeout(400)
    assert model(page, "epoch") == epoch


# Weights --------------------------------------------------------------------------------------------


def names_of_all_weights(page):
    """What the label says for each choice of the three selects."""
    names = []
    for layer in range(control(page, "weight-layer").locator("option").count()):
        control(page, "weight-layer").select_option(str(layer))
        for to in range(control(page, "weight-to").locator("option").count()):
            control(page, "weight-to").select_option(str(to))
            for option in control(page, "weight-from").locator("option").all():
                control(page, "weight-from").select_option(option.get_attribute("value"))
                names.append(page.locator('[data-control="weight"] label').inner_text())
    return names


def test_every_weight_and_bias_can_be_picked_and_moved_with_native_controls(mount):
    page = mount(NetworkPlayground(hidden=[3, 2]))
    names = names_of_all_weights(page)
    assert len(names) == len(set(names)) == 3 * 3 + 4 * 2 + 3
    number = 0
    for layer, (inputs, outputs) in enumerate([(2, 3), (3, 2), (2, 1)]):
        control(page, "weight-layer").select_option(str(layer))
        for to in range(outputs):
            control(page, "weight-to").select_option(str(to))
            for source in [*range(inputs), -1]:
                number += 1
                control(page, "weight-from").select_option(str(source))
                set_number(page, "weight", number / 8)
                settled(page)
                weights = model(page, "weights")
                mine = weights[2 * layer + 1][to] if source < 0 else weights[2 * layer][to][source]
                assert mine == number / 8


# Clicks on a fine grid over the diagram, and collects what is picked.
SWEEP = """(type) => {
  const canvas = document.querySelector("canvas"), box = canvas.getBoundingClientRect(), names = new Set();
  canvas.setPointerCapture = () => {};
  for (let y = 60; y < box.height; y += 4) {
    for (let x = 60; x < box.width; x += 4) {
      const at = { clientX: box.left + x, clientY: box.top + y, pointerId: 1, pointerType: type, button: 0, bubbles: true };
      canvas.dispatchEvent(new PointerEvent("pointerdown", at));
      canvas.dispatchEvent(new PointerEvent("pointerup", at));
      names.add(document.querySelector('[data-control="weight"] label').textContent);
    }
  }
  return [...names];
}"""


@pytest.mark.parametrize("pointer", ["mouse", "touch"])
def test_every_weight_and_bias_can_be_picked_in_the_diagram(pointer, mount):
    page = mount(NetworkPlayground(hidden=[4, 3]), width=800)
    names = set(names_of_all_weights(page))
    picture(page)
    assert set(page.evaluate(SWEEP, pointer)) == names


def test_the_arrow_keys_lead_to_every_weight_and_bias(mount):
    page = mount(NetworkPlayground(hidden=[4, 3]), width=800)
    names = names_of_all_weights(page)
    label = page.locator('[data-control="weight"] label')
    diagram = page.get_by_role("group", name="Network diagram")
    picture(page)
    diagram.press("ArrowLeft")
    diagram.press("ArrowLeft")
    found = []
    for layer, count in enumerate([4 * 3, 3 * 5, 1 * 4]):
        start = label.inner_text()
        for _ in range(count):
            found.append(label.inner_text())
            diagram.press("ArrowDown")
        assert label.inner_text() == start  # once round
        diagram.press("ArrowUp")
        assert label.inner_text() == found[-1]
        diagram.press("ArrowDown")
        diagram.press("ArrowRight")
        assert (label.inner_text() == start) == (layer == 2)  # the last layer is the end
    assert sorted(found) == sorted(names)


def test_plus_and_minus_change_the_picked_weight(mount):
    page = mount(NetworkPlayground(hidden=[2]))
    diagram = page.get_by_role("group", name="Network diagram")
    picture(page)
    diagram.press("ArrowDown")  # from x2
    before = model(page, "weights")[0][0][1]
    drawn = picture(page, 0, 1)
    for key in "++-+":
        diagram.press(key)
    settled(page)
    assert model(page, "weights")[0][0][1] == pytest.approx(before + 0.2, abs=1e-4)
    assert all(a != b for a, b in zip(picture(page, 0, 1), drawn))
    assert f"{model(page, 'weights')[0][0][1]:.3g}".replace("-", "−") in readout(page)
    scroll = page.evaluate("scrollY")
    diagram.press("ArrowDown")
    assert page.evaluate("scrollY") == scroll  # the page stays


def test_the_picked_layer_comes_into_view(mount):
    page = mount(NetworkPlayground(hidden=[2, 2, 2, 2, 2]), width=375)
    diagram = page.get_by_role("group", name="Network diagram")
    picture(page)
    assert diagram.evaluate("d => d.scrollWidth > d.clientWidth")
    for _ in range(5):
        diagram.press("ArrowRight")
    assert diagram.evaluate("d => d.scrollLeft") > 0


def test_a_diagram_without_weights_to_change_only_scrolls(mount):
    page = mount(NetworkPlayground(controls=["play"]))
    diagram = page.get_by_role("group", name="Network diagram", exact=True)
    before = model(page, "weights")
    diagram.press("ArrowDown")
    diagram.press("+")
    settled(page)
    assert model(page, "weights") == before and not page.errors


def test_while_it_trains_the_readout_is_not_read_aloud(mount):
    page = mount(NetworkPlayground())
    output = page.locator("output")
    live = output.get_attribute
    assert live("aria-live") == "polite"
    press(page, "play")
    until(lambda: live("aria-live") == "off" and model(page, "epoch") > 3, page)
    said(page, "Training, epoch")
    page.evaluate("window.shown_lines = [...document.querySelectorAll('output > *')]")
    press(page, "play")
    settled(page)
    assert live("aria-live") == "polite"
    assert f"Epoch {model(page, 'epoch')}." in output.inner_text()
    # Made anew, and so read as a whole: words that stand already would not be.
    assert page.evaluate("shown_lines.every((line) => !line.isConnected)")


def test_the_legend_keeps_its_marks_in_forced_colors(mount):
    page = mount(NetworkPlayground())
    page.emulate_media(forced_colors="active")
    look = """dot => { const style = getComputedStyle(dot);
        return [style.backgroundColor, style.outlineStyle]; }"""
    marks = [dot.evaluate(look) for dot in page.locator(".nn-dot").all()]
    assert len({color for color, _ in marks}) == 2  # orange and blue
    assert {line for _, line in marks} == {"solid"}


def test_a_touch_on_the_diagram_picks(mount):
    page = mount(NetworkPlayground(hidden=[1]), width=375, touch=True)
    picture(page)
    canvas = page.locator("canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    middle = box["y"] + 118 + (box["height"] - 126) / 2  # below the buttons, larger for fingers
    page.touchscreen.tap(box["x"] + box["width"] - 23, middle)
    label = page.locator('[data-control="weight"] label')
    until(lambda: "Bias of the output" in label.text_content(), page)
    # A tap on a hidden unit puts its map into the plane, one on the output the output's.
    page.touchscreen.tap(box["x"] + (80 + 17 + box["width"] - 23) / 2, middle)
    until(lambda: control(page, "map").input_value() == "0.0", page)
    page.touchscreen.tap(box["x"] + box["width"] - 23, middle)
    until(lambda: control(page, "map").input_value() == "1.0", page)


def test_the_keyboard_enlarges_the_unit_whose_weights_it_picks(mount):
    page = mount(NetworkPlayground(hidden=[3]))
    diagram = page.get_by_role("group", name="Network diagram")
    before = picture(page, 1)
    diagram.press("ArrowDown")
    assert picture(page, 1) != before
    page.keyboard.press("Tab")
    assert picture(page, 1) == before


def test_a_reset_repeats_the_same_training(mount):
    page = mount(NetworkPlayground())
    seen = []
    for _ in range(2):
        for _ in range(3):
            press(page, "step")
        seen.append(model(page, "weights"))
        press(page, "reset")
    assert seen[0] == seen[1]


def test_dragging_the_slider_moves_boundary_and_readout_at_once(mount):
    page = mount(NetworkPlayground(hidden=[2]))
    slider = control(page, "weight", "input[type=range]")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    before = picture(page, 1)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2, steps=5)
    assert picture(page, 1) != before
    page.mouse.up()
    settled(page)
    assert 3.5 < model(page, "weights")[0][0][0] < 4.5
    assert re.search(r"hidden layer 1: [34]\.", readout(page))


def test_dragging_a_unit_in_the_diagram_moves_its_bias(mount):
    page = mount(NetworkPlayground(hidden=[]), width=700)
    picture(page)
    canvas = page.locator("canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    x, y = box["x"] + box["width"] - 23, box["y"] + 56 + (box["height"] - 64) / 2
    bias = model(page, "weights")[1][0]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 50, steps=5)
    page.mouse.up()
    settled(page)
    assert model(page, "weights")[1][0] == pytest.approx(bias + 1.5, abs=0.01)


def test_what_is_drawn_after_moves_is_what_a_new_page_draws(mount):
    """Only the maps that a move can change are computed again; the others must still be right."""
    page = mount(NetworkPlayground(hidden=[3, 2]))
    picture(page)
    for layer, to, source, value in [
        (0, 1, 0, 2),
        (1, 0, 2, -1.5),
        (1, 1, -1, 0.5),
        (0, 2, -1, -1),
        (2, 0, 1, 3),
    ]:
        for name, choice in (("weight-layer", layer), ("weight-to", to), ("weight-from", source)):
            control(page, name).select_option(str(choice))
        set_number(page, "weight", value)
        if value > 0:  # moves with a picture between them, and two moves in one frame
            picture(page)
    settled(page)
    moved, weights = picture(page, 1), model(page, "weights")
    again = mount(NetworkPlayground(hidden=[3, 2], weights=weights))
    assert picture(again, 1) == moved
    units = '[data-control="map"] option'
    for k in range(again.locator(units).count()):
        for one in (page, again):
            one.locator('[data-control="map"] select').select_option(index=k)
        assert picture(page, 1) == picture(again, 1)


def test_what_is_drawn_once_training_pauses_is_what_a_new_page_draws(mount):
    """While it trains not every epoch is drawn, nor every change of a connection."""
    page = mount(NetworkPlayground(hidden=[3, 2], learning_rate=0.001))
    press(page, "play")
    page.wait_for_function("shown.model.get('epoch') > 40")
    press(page, "play")
    settled(page)
    paused = picture(page, 0, 1)
    again = mount(NetworkPlayground(hidden=[3, 2], weights=model(page, "weights")))
    assert picture(again, 0, 1) == paused


# What is kept from one picture to the next depends on each of these.
OTHERS = {
    "dataset": "moons",
    "noise": 1,
    "data_seed": 4,
    "test_share": 0.2,
    "features": ["x2", "x1*x2"],
    "hidden": [2, 2, 3],
    "seed": 5,
    "activation": "relu",
    "discrete": True,
    "show_test": False,
    "log_loss": True,
}
WEIGHTS = [[[-2, 1], [0.5, 0.5], [3, 0]], [1, -1, 0], [[1, 2, -3], [0, -1, 1]], [0.5, 0], [[2, -2]], [-1]]


@pytest.mark.parametrize("name", [*OTHERS, "weights", "points", "theme", "width"])
def test_no_picture_is_kept_longer_than_it_is_true(name, mount):
    """Each thing a picture depends on, changed on the page, leads to what a new page draws."""
    shape = {"hidden": [3, 2], "log_loss": False}
    given = {"task": "classification", "points": [[-2, -2, 0], [2, 2, 1], [-2, 2, 0], [2, -3, 1]]}
    changes = {name: OTHERS[name]} if name in OTHERS else {}
    if name == "weights":
        changes = {"weights": WEIGHTS, "epoch": 0}
    page = mount(NetworkPlayground(**shape), width=900)
    before = picture(page)
    if name == "points":
        page.evaluate("given => shown.model.set({ _given: given, dataset: 'given' })", given)
    elif name == "theme":
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
    elif name == "width":
        page.set_viewport_size({"width": 1100, "height": 900})
    else:
        page.evaluate("changes => shown.model.set(changes)", changes)
    settled(page)
    changed = picture(page)
    assert changed != before
    points = np.array(given["points"])
    fresh = NetworkPlayground(**{**shape, **{k: v for k, v in changes.items() if k != "epoch"}})
    if name == "points":
        fresh.set_data(points[:, :2], points[:, 2].astype(int))
    again = mount(fresh, width=1100 if name == "width" else 900)
    if name == "theme":
        again.evaluate("document.documentElement.dataset.theme = 'dark'")
    settled(again)
    same = slice(2) if name == "activation" else slice(3)  # the curve still begins with the old one
    assert changed[same] == picture(again)[same]


def test_a_loss_curve_goes_on_while_the_network_trains(mount):
    """It is drawn less often than the plane, but it is drawn."""
    page = mount(NetworkPlayground())
    before = picture(page, 2)
    press(page, "play")
    until(lambda: picture(page, 2) != before, page)
    assert model(page, "playing") is True


def test_a_weight_can_be_typed_while_the_network_trains(mount):
    page = mount(NetworkPlayground(learning_rate=1e-6))
    press(page, "play")
    page.wait_for_function("shown.model.get('epoch') > 2")
    before = picture(page, 1)
    set_number(page, "weight", -3.25)
    page.wait_for_function("Math.abs(shown.model.get('weights')[0][0][0] + 3.25) < 0.01")
    assert picture(page, 1) != before
    epoch = model(page, "epoch")
    page.wait_for_function("epoch => shown.model.get('epoch') > epoch", arg=epoch)
    assert model(page, "playing") is True


def test_training_does_not_take_a_held_slider_away(mount):
    page = mount(NetworkPlayground(learning_rate=0.3))
    press(page, "play")
    slider = control(page, "weight", "input[type=range]")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2)
    page.mouse.down()
    held = float(slider.input_value())
    until(lambda: model(page, "weights")[0][0][0] == pytest.approx(held, abs=0.011), page)
    epoch = model(page, "epoch")
    page.wait_for_function("epoch => shown.model.get('epoch') > epoch + 20", arg=epoch)
    assert model(page, "weights")[0][0][0] == pytest.approx(held, abs=0.011)
    assert float(slider.input_value()) == held
    page.mouse.up()
    page.wait_for_function(
        "held => Math.abs(shown.model.get('weights')[0][0][0] - held) > 0.02", arg=held
    )


def test_a_weight_that_is_no_number_is_explained_and_refused(mount):
    page = mount(NetworkPlayground())
    weights = model(page, "weights")
    set_number(page, "weight", "1e300")
    assert "must be from" in page.locator('[data-control="weight"] [role=alert]').inner_text()
    settled(page)
    assert model(page, "weights") == weights


def test_divergence_stops_says_why_and_gives_the_last_finite_weights_back(mount):
    page = mount(
        NetworkPlayground(dataset="plane", activation="relu", hidden=[8, 8], learning_rate=10)
    )
    press(page, "play")
    problem = page.locator(".nn-diverged")
    problem.get_by_text("Training stopped in epoch").wait_for()
    assert "smaller learning rate than 10" in problem.inner_text()
    assert model(page, "playing") is False
    assert page.locator('button[data-control="play"]').is_disabled()
    assert "diverged" in readout(page)
    press(page, "restore")
    assert problem.inner_text() == ""
    assert np.all(np.abs(np.concatenate([np.ravel(w) for w in model(page, "weights")])) <= 1e6)
    assert re.search(r"Loss: training [\d.e+]+, test [\d.e+]+", readout(page))
    control(page, "learning-rate").select_option("0.0001")
    press(page, "reset")
    press(page, "step")
    assert model(page, "epoch") == 1
    assert not page.errors


# Python's assignments -------------------------------------------------------------------------------


def test_weights_assigned_in_python_are_shown_and_are_what_reset_returns_to(mount):
    page = mount(NetworkPlayground(hidden=[]))
    before = picture(page, 1)
    page.evaluate("shown.model.set({ weights: [[[3, -2]], [0.5]], epoch: 0 })")
    assert picture(page, 1) != before
    assert "Weight from x₁ to the output: 3." in readout(page)
    press(page, "step")
    press(page, "reset")
    assert model(page, "weights") == [[[3, -2]], [0.5]]


@pytest.mark.parametrize(
    "order", ["hidden, activation, weights, epoch", "weights, epoch, activation, hidden"]
)
def test_a_whole_network_assigned_in_python_is_shown_whatever_comes_first(order, mount):
    page = mount(NetworkPlayground())
    page.evaluate(f"""() => {{
        const hidden = [1], activation = "relu", weights = [[[1, 2]], [3], [[4]], [5]], epoch = 0;
        shown.model.set({{ {order} }});
    }}""")
    assert model(page, "weights") == [[[1, 2]], [3], [[4]], [5]]
    assert "hidden layers of 1 relu units" in page.locator("canvas").first.get_attribute(
        "aria-label"
    )
    assert "unit 1 of hidden layer 1: 1." in readout(page)


def test_settings_assigned_in_python_move_the_controls(mount):
    page = mount(NetworkPlayground())
    page.evaluate("""() => {
        shown.model.set({ dataset: "spirals", learning_rate: 0.07, noise: 1.25, seed: 4, playing: true });
    }""")
    assert chosen_data(page) == "spirals"
    assert control(page, "learning-rate").input_value() == "0.07"
    assert control(page, "noise", "input[type=number]").input_value() == "1.25"
    page.wait_for_function("shown.model.get('epoch') > 1")
    page.evaluate("shown.model.set('playing', false)")
    assert page.locator('button[data-control="play"]').inner_text() == "Play"


def test_the_key_of_a_regression_tells_the_range_of_the_points_on_screen(mount):
    page = mount(NetworkPlayground(dataset="plane"))
    points = [NetworkPlayground(dataset="plane", data_seed=seed) for seed in (0, 3)]
    tops = {p.data_seed: np.abs(p.y).max() for p in points}
    assert f"{tops[0]:.2g}" != f"{tops[3]:.2g}"
    for seed, top in tops.items():
        page.evaluate("seed => shown.model.set('data_seed', seed)", seed)
        assert f"color: ±{top:.2g}" in page.locator("section").inner_text()


def test_a_layer_may_go_while_the_pointer_is_on_it(mount):
    page = mount(NetworkPlayground(), width=800)
    picture(page)
    canvas = page.locator("canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    before = picture(page, 0)
    page.mouse.move(box["x"] + box["width"] - 23, box["y"] + 56 + (box["height"] - 64) / 2)
    assert picture(page, 0) != before
    page.evaluate("shown.model.set({ hidden: [] })")
    settled(page)
    assert not page.errors


def test_given_points_are_in_the_page(widget_page):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(30, 2))
    page = widget_page(NetworkPlayground(X=X, y=(X[:, 0] > 0).astype(int), test_share=0.2))
    assert chosen_data(page) == "given"
    labels = [c.get_attribute("aria-label") for c in page.locator("canvas").all()]
    assert "24 training and 6 test points" in labels[1]


@pytest.mark.parametrize("share", [0.1, 0.9])
def test_four_points_can_be_trained_on_whatever_is_held_out(share, mount):
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    page = mount(NetworkPlayground(X=X, y=[0, 1, 1, 0], test_share=share))
    press(page, "step")
    assert model(page, "epoch") == 1
    assert "not a number" not in readout(page)


@pytest.mark.parametrize("group, marks", {
    "play": ["play", "step"], "training": ["learning-rate"], "data": ["dataset"], "features": ["feature-x1"],
    "layers": ["add-layer", "add-unit-1"], "weights": ["weight"], "loss": ["loss-axis"],
    "presets": ["preset"], "schedule": ["schedule", "schedule-epochs"], "stop": ["stop-epoch", "stop-loss"],
    "points": ["pen"], "output": ["discrete"], "challenges": ["challenge"],
    "code": ["copy-code"],
}.items())  # fmt: skip
def test_a_group_of_controls_can_be_left_out(group, marks, widget_page):
    page = widget_page(NetworkPlayground(controls=[c for c in CONTROLS if c != group]))
    assert not page.errors
    for name in marks:
        assert page.locator(f'[data-control="{name}"]').count() == 0
    assert page.locator('[data-control="reset"]').count() == 1


def test_of_two_views_of_one_model_one_trains_and_the_other_follows(mount):
    page = mount(NetworkPlayground())
    page.evaluate("""({ default: widget }) => {
        const el = document.querySelector("main").appendChild(document.createElement("div"));
        shown.removeSecond = widget.render({ model: shown.model, el });
    }""", module(page, str(NetworkPlayground._esm)))
    buttons = page.locator('button[data-control="play"]')
    buttons.nth(1).click()
    page.wait_for_function("shown.model.get('epoch') > 30")
    assert buttons.all_inner_texts() == ["Pause", "Pause"]
    buttons.nth(0).click()
    assert buttons.all_inner_texts() == ["Play", "Play"]
    settled(page)
    outputs = page.locator("output").all_inner_texts()
    assert outputs[0] == outputs[1]
    assert f"Epoch {model(page, 'epoch')}." in outputs[0]
    buttons.nth(0).click()
    page.evaluate("shown.remove()")  # the one that trains; the other can still be played
    assert model(page, "playing") is False
    epoch = model(page, "epoch")
    buttons.click()
    page.wait_for_function("epoch => shown.model.get('epoch') > epoch", arg=epoch)


# Reaching and reading it ----------------------------------------------------------------------------


def test_the_keyboard_alone_reaches_everything_and_trains_and_moves_a_weight(mount):
    page = mount(NetworkPlayground(hidden=[2]))
    reached = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.closest('[data-control]')?.dataset.control")
        reached |= {name}
        if name == "challenge":
            break
    everything = set(page.eval_on_selector_all(
        "[data-control]", "all => all.filter((e) => e.checkVisibility() && !e.matches(':disabled, :has(:disabled)')).map((e) => e.dataset.control)"
    ))  # fmt: skip
    assert everything <= reached
    control(page, "weight-layer").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    assert page.locator('[data-control="weight"] label').inner_text() == "Bias of the output"
    page.keyboard.press("Tab")
    value = model(page, "weights")[3][0]
    before = picture(page, 1)
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert picture(page, 1) != before
    settled(page)
    assert model(page, "weights")[3][0] == pytest.approx(value + 0.1, abs=0.02)
    page.locator('button[data-control="step"]').focus()
    page.keyboard.press("Enter")
    assert model(page, "epoch") == 1


def test_the_focus_stays_where_units_and_features_are_changed(mount):
    page = mount(NetworkPlayground(hidden=[11]))
    focused = "document.activeElement.closest('[data-control]')?.dataset.control"
    page.locator('button[data-control="add-unit-1"]').focus()
    page.keyboard.press("Enter")
    picture(page)
    assert model(page, "hidden") == [12]
    assert page.evaluate(focused) == "remove-unit-1"  # no more can be added, so the neighbor has it
    control(page, "feature-x1*x2").focus()
    page.keyboard.press("Space")
    picture(page)
    assert model(page, "features") == ["x1", "x2", "x1*x2"]
    assert page.evaluate(focused) == "feature-x1*x2"


def test_the_last_feature_cannot_be_taken_away(mount):
    page = mount(NetworkPlayground(features=["x1"]))
    picture(page)
    assert control(page, "feature-x1").is_disabled()


def test_the_table_lists_every_weight(mount):
    page = mount(NetworkPlayground(hidden=[2]))
    page.get_by_text("Show all weights as a table").click()
    until(lambda: page.locator("tbody tr").count() == 9, page)
    rows = page.locator("tbody tr").all_inner_texts()
    assert rows[0].split("\t")[:2] == ["x₁", "unit 1 of hidden layer 1"]


def test_it_follows_the_theme(mount):
    page = mount(NetworkPlayground())
    light = picture(page)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert picture(page) != light
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    assert picture(page) == light


def test_on_a_phone_only_the_diagram_scrolls(mount):
    page = mount(NetworkPlayground(hidden=[12] * 8), width=375)
    picture(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    wide = page.locator(".nn-diagram-scroll")
    assert wide.evaluate("e => e.scrollWidth > e.clientWidth")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 375])
def test_axe_finds_nothing(theme, width, widget_page):
    playground = NetworkPlayground(
        dataset="plane", activation="relu", hidden=[8, 8], learning_rate=10
    )
    page = widget_page(playground, theme=theme, width=width)
    page.evaluate(
        "theme => { document.body.style.background = theme === 'dark' ? '#111' : '#fff'; }", theme
    )
    page.add_style_tag(
        content=f"h1 {{ color: {'#fff' if theme == 'dark' else '#000'} }} figure {{ display: none }}"
    )
    assert not violations(page)
    press(page, "play")
    page.get_by_text("Training stopped in epoch").wait_for()
    assert not violations(page)


def test_cleanup_stops_training_and_leaves_nothing_behind(mount):
    page = mount(NetworkPlayground())
    press(page, "play")
    page.wait_for_function("shown.model.get('epoch') > 1")
    page.evaluate("shown.remove()")
    epoch = model(page, "epoch")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_timeout(400)
    assert model(page, "epoch") == epoch
    assert page.evaluate("shown.model.listeners()") == 0
    assert page.evaluate("shown.el.childElementCount") == 0
    assert not page.errors


def test_less_motion_still_trains(mount):
    page = mount(NetworkPlayground(), reduced_motion="reduce")
    press(page, "play")
    page.wait_for_function("shown.model.get('epoch') > 10")
    assert not page.errors
