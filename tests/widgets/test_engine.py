"""The arithmetic of the page (engine.js, data.js) against nnlib's, in a real browser."""

import functools
import http.server
import threading
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import nnlib as nn
from nnlib.widgets import data
from nnlib.widgets.network import ACTIVATIONS

STATIC = Path(data.__file__).parent / "static"
LOSSES = {
    "binary_cross_entropy": nn.binary_cross_entropy_with_logits,
    "mean_squared_error": nn.mse_loss,
}
STEPS = 100

# sizes, activation, loss, l1, l2, optimizer, learning rate
CASES = [
    ([2, 1], "tanh", "binary_cross_entropy", 0, 0, "SGD", 0.1),
    ([3, 1], "relu", "mean_squared_error", 0.01, 0.02, "SGD", 0.05),
    ([1, 1, 1], "sigmoid", "mean_squared_error", 0, 0, "Adam", 0.01),
    ([2, 4, 2, 1], "tanh", "binary_cross_entropy", 0, 0, "SGD", 0.03),
    ([2, 4, 2, 1], "relu", "binary_cross_entropy", 0, 0.03, "SGD", 0.03),
    ([2, 8, 8, 1], "sigmoid", "binary_cross_entropy", 0.003, 0, "SGD", 0.3),
    ([5, 3, 7, 1], "linear", "mean_squared_error", 0.001, 0.001, "SGD", 0.01),
    ([2, 8, 8, 1], "tanh", "mean_squared_error", 0.001, 0.01, "Adam", 0.03),
    ([7, 8, 8, 8, 8, 8, 8, 1], "tanh", "binary_cross_entropy", 0, 0, "SGD", 0.03),
    ([7, 8, 8, 8, 8, 8, 8, 1], "relu", "binary_cross_entropy", 0.001, 0.001, "Adam", 0.01),
]

RUN = """async ([{ sizes, activation, loss, l1, l2, optimizer, lr, weights, X, y, grid, steps }]) => {
  const { Network, SGD, Adam } = await import("/network/engine.js");
  const columns = (rows) => Float64Array.from(rows[0].flatMap((_, i) => rows.map((row) => row[i])));
  const network = new Network(sizes, activation);
  network.fromLists(weights);
  const values = network.workspace(grid.length);
  network.forward(columns(grid), grid.length, values);
  const maps = values.map((layer) => Array.from(layer));
  const inputs = X.map(columns), targets = y.map((batch) => Float64Array.from(batch));
  const first = network.backward(inputs[0], targets[0], targets[0].length, loss);
  const plain = network.loss(
    network.forward(inputs[0], targets[0].length, network.workspace(targets[0].length)),
    targets[0], targets[0].length, loss);
  network.addPenalty(l1, l2);
  const gradients = Array.from(network.gradients);
  const rule = optimizer === "Adam" ? new Adam(network.parameters.length) : new SGD();
  const losses = [];
  for (let step = 0; step < steps; step++) {
    const k = step % inputs.length;
    losses.push(network.backward(inputs[k], targets[k], targets[k].length, loss));
    network.addPenalty(l1, l2);
    rule.step(network, lr);
  }
  return { maps, first, plain, gradients, losses, weights: network.toLists() };
}"""


@pytest.fixture(scope="module")
def modules(browser):
    """A page from whose origin the modules can be imported one by one."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=STATIC)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/network/engine.js")
    yield page
    page.close()
    server.shutdown()
    server.server_close()


def make_network(sizes, activation, rng):
    layers = []
    for inputs, outputs in pairwise(sizes):
        if layers and ACTIVATIONS[activation]:
            layers.append(ACTIVATIONS[activation]())
        layers.append(nn.Linear(inputs, outputs))
    network = nn.Sequential(*layers).astype(np.float64)
    network.load_state_dict({k: rng.normal(size=v.shape) for k, v in network.state_dict().items()})
    return network


def objective(network, X, y, loss, l1, l2):
    plain = LOSSES[loss](network(X), y)
    total = plain
    for name, p in network.named_parameters():
        if name.endswith("weight"):
            total = total + np.array(l1) * nn.absolute(p).sum() + np.array(l2 / 2) * (p * p).sum()
    return plain, total


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{'-'.join(map(str, c[0]))} {c[1]} {c[5]}")
def test_forward_loss_gradients_and_training_agree_with_nnlib(case, modules):
    sizes, activation, loss, l1, l2, optimizer, lr = case
    rng = np.random.default_rng(7)
    network = make_network(sizes, activation, rng)
    batches = 5
    X = [rng.normal(size=(8 + k, sizes[0])) for k in range(batches)]  # batches of different sizes
    binary = loss == "binary_cross_entropy"
    y = [(rng.random(len(x)) < 0.5).astype(float) if binary else rng.normal(size=len(x)) for x in X]
    grid = rng.normal(size=(37, sizes[0]))
    weights = list(network.state_dict().values())

    page = modules.evaluate(RUN, [{
        "sizes": sizes, "activation": activation, "loss": loss, "l1": l1, "l2": l2,
        "optimizer": optimizer, "lr": lr, "weights": [w.tolist() for w in weights],
        "X": [x.tolist() for x in X], "y": [t.tolist() for t in y], "grid": grid.tolist(),
        "steps": STEPS,
    }])  # fmt: skip

    # every unit of every layer, as the maps show them
    with nn.no_grad():
        activations, values = [], grid
        for k, layer in enumerate(network):
            values = layer(values).data
            following = list(network)[k + 1 : k + 2]
            if not (
                following
                and isinstance(layer, nn.Linear)
                and not isinstance(following[0], nn.Linear)
            ):
                activations.append(values)
    assert len(activations) == len(page["maps"])
    for mine, theirs in zip(activations, page["maps"]):
        np.testing.assert_allclose(
            np.array(theirs).reshape(mine.T.shape).T, mine, rtol=0, atol=1e-10
        )

    plain, total = objective(network, X[0], y[0], loss, l1, l2)
    total.backward()
    assert page["first"] == pytest.approx(plain.item(), abs=1e-10)
    assert page["plain"] == pytest.approx(plain.item(), abs=1e-10)
    gradients = np.concatenate([p.grad.ravel() for p in network.parameters()])
    np.testing.assert_allclose(page["gradients"], gradients, rtol=0, atol=1e-10)

    rule = {"SGD": nn.SGD, "Adam": nn.Adam}[optimizer](network.parameters(), lr=lr)
    losses = []
    for step in range(STEPS):
        k = step % batches
        rule.zero_grad()
        plain, total = objective(network, X[k], y[k], loss, l1, l2)
        total.backward()
        rule.step()
        losses.append(plain.item())
    assert abs(losses[-1] - losses[0]) > 1e-3  # it did train
    # Where a gradient is nearly 0, Adam divides by nearly 0 and makes rounding errors larger.
    atol = 1e-10 if optimizer == "SGD" else 1e-7
    np.testing.assert_allclose(page["losses"], losses, rtol=0, atol=atol)
    for mine, theirs in zip(network.state_dict().values(), page["weights"]):
        np.testing.assert_allclose(theirs, mine, rtol=0, atol=atol)


def test_extreme_logits_do_not_overflow(modules):
    losses = modules.evaluate("""async () => {
      const { Network } = await import("/network/engine.js");
      const network = new Network([1, 1], "tanh");
      network.fromLists([[[1]], [0]]);
      const input = Float64Array.from([-800, 800]), target = Float64Array.from([1, 1]);
      return [network.backward(input, target, 2, "binary_cross_entropy"), ...network.gradients];
    }""")
    assert losses == pytest.approx([400, 400, -0.5])


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_what_the_maps_show_is_what_the_network_says(activation, modules):
    """The maps' tanh and sigmoid are approximate; a color is 1/128 of their range."""
    exact, drawn = modules.evaluate("""async (activation) => {
      const { Network, exact } = await import("/network/engine.js");
      const { drawn } = await import("/network/drawn.js");
      const { initialize } = await import("/network/data.js");
      const network = new Network([1, 8, 8, 8, 8, 8, 8, 1], activation);
      initialize(network, 3);
      const z = Float64Array.from({ length: 4001 }, (_, n) => (n - 2000) / 40);
      return [exact, drawn].map((activations) => {
        const values = network.workspace(z.length);
        network.forward(z, z.length, values, {}, activations);
        const units = z.slice();
        activations[activation](units, 0, units.length);
        return [...units, ...values.flatMap((layer) => Array.from(layer))];
      });
    }""", activation)
    assert np.ptp(exact) > 0.5
    np.testing.assert_allclose(drawn, exact, rtol=0, atol=1e-3)


def test_a_map_of_numbers_that_are_none_or_endless_is_none_or_at_its_end(modules):
    drawn = modules.evaluate("""async () => {
      const { drawn } = await import("/network/drawn.js");
      const z = Float64Array.from([NaN, -Infinity, Infinity, -1e6, 1e6, 0]);
      drawn.sigmoid(z, 0, z.length);
      return Array.from(z, String);
    }""")
    assert drawn[0] == "NaN"
    np.testing.assert_allclose(np.array(drawn[1:], float), [0, 1, 0, 1, 0.5], atol=1e-6)


def test_an_epoch_visits_every_point_once(modules):
    seen = modules.evaluate("""async () => {
      const { Network, Trainer } = await import("/network/engine.js");
      const { random } = await import("/shared/random.js");
      const network = new Network([1, 1], "tanh");
      const count = 23, seen = [];
      const backward = network.backward.bind(network);
      network.backward = (input, target, n, loss) => {
        seen.push(...input.subarray(0, n));
        return backward(input, target, n, loss);
      };
      const data = { input: Float64Array.from({ length: count }, (_, n) => n), target: new Float64Array(count), count };
      const trainer = new Trainer(network, data, "mean_squared_error", random(3, 4));
      const settings = { batchSize: 5, learningRate: 0, l1: 0, l2: 0 };
      const done = trainer.run(settings, 2, 1e9);
      return { seen, done, epoch: trainer.epoch };
    }""")
    first, second = seen["seen"][:23], seen["seen"][23:]
    assert seen["done"] == seen["epoch"] == 2
    assert sorted(first) == sorted(second) == list(range(23))
    assert first != second


def test_a_slice_of_training_ends_in_time_and_goes_on_where_it_stopped(modules):
    result = modules.evaluate("""async () => {
      const { Network, Trainer } = await import("/network/engine.js");
      const { random } = await import("/shared/random.js");
      const network = new Network([1, 1], "tanh");
      const count = 6, data = { input: new Float64Array(count), target: new Float64Array(count), count };
      const trainer = new Trainer(network, data, "mean_squared_error", random(3, 4));
      const settings = { batchSize: 2, learningRate: 0, l1: 0, l2: 0 };
      const slices = [];
      for (let k = 0; k < 3; k++) {
        trainer.run(settings, 1, -1);
        slices.push([trainer.epoch, trainer.position]);
      }
      return slices;
    }""")
    assert result == [[0, 2], [0, 4], [1, 0]]


@pytest.mark.parametrize("name", data.DATASETS)
def test_data_sets_are_the_same_in_the_page_and_in_python(name, modules):
    for noise, seed in ((0, 0), (0.4, 3), (1, 2**31 - 1)):
        page = modules.evaluate(
            """async ([name, noise, seed]) => {
              const { generate, heldOut, featureMatrix, FEATURES } = await import("/network/data.js");
              const points = generate(name, 60, noise, seed);
              return {
                points, held: heldOut(60, 0.35, seed),
                features: Array.from(featureMatrix(Object.keys(FEATURES), points)), names: Object.keys(FEATURES),
              };
            }""",
            [name, noise, seed],
        )
        points = data.generate(name, 60, noise, seed)
        np.testing.assert_allclose(page["points"], points, atol=1e-12)
        assert page["held"] == data.held_out(60, 0.35, seed).tolist()
        assert page["names"] == list(data.FEATURES)
        features = data.feature_matrix(page["names"], points[:, :2])
        np.testing.assert_allclose(page["features"], features.T.ravel(), atol=1e-10)


@pytest.mark.parametrize("share, held", [(0.1, 1), (0.5, 2), (0.9, 3)])
def test_neither_the_training_nor_the_test_part_is_empty(share, held, modules):
    script = "async (share) => (await import('/network/data.js')).heldOut(4, share, 0)"
    assert sum(modules.evaluate(script, share)) == data.held_out(4, share, 0).sum() == held


def test_first_weights_are_the_same_in_the_page_and_in_python(modules):
    sizes = [7, 8, 3, 1]
    page = modules.evaluate(
        """async ([sizes]) => {
          const { Network } = await import("/network/engine.js");
          const { initialize } = await import("/network/data.js");
          const network = new Network(sizes, "tanh");
          initialize(network, 12);
          return network.toLists();
        }""",
        [sizes],
    )
    assert page == [w.tolist() for w in data.first_weights(sizes, 12)]  # to the last bit


@pytest.mark.parametrize("name", data.DATASETS)
def test_data_sets_are_what_their_names_say(name):
    points = data.generate(name, 400, 0, 1)
    assert np.abs(points[:, :2]).max() < 6
    x1, x2, y = points.T
    if data.DATASETS[name] == "classification":
        assert set(y) == {0, 1}
        assert 0.4 < y.mean() < 0.6
    if name == "circles":
        np.testing.assert_array_equal(y == 1, np.hypot(x1, x2) < 3)
    if name == "xor":
        np.testing.assert_array_equal(y == 1, (x1 < 0) != (x2 < 0))
    if name == "plane":
        np.testing.assert_allclose(y, (x1 + x2) / 10)
    if name == "gaussians":
        assert y.min() < -0.8 < 0.8 < y.max()
    if name == "spirals":  # class 1 is class 0 turned by half a turn
        angle = np.arctan2(x1, x2) - 3 * np.pi * np.hypot(x1, x2) / 5 - np.pi * y
        np.testing.assert_allclose(np.cos(angle), 1, atol=1e-9)
    if name == "moons":
        center = np.where(y[:, None] == 1, [1.5, 0.75], [-1.5, -0.75])
        np.testing.assert_allclose(np.hypot(*(points[:, :2] - center).T), 3)


def test_the_random_numbers_are_uniform_and_normal():
    uniform = data.random(5)
    draws = np.array([uniform() for _ in range(20_000)])
    assert draws.min() >= 0
    assert draws.max() < 1
    np.testing.assert_allclose(np.histogram(draws, 10, (0, 1))[0], 2000, atol=170)  # 4 sigma
    normal = np.array([data.normal(uniform) for _ in range(20_000)])
    assert normal.mean() == pytest.approx(0, abs=0.03)
    assert normal.std() == pytest.approx(1, abs=0.03)


def test_a_boundary_is_made_of_whole_lines_on_which_the_function_is_zero(modules):
    """An ellipse inside the grid goes round; a line across it has two ends at its border."""
    ellipse, straight, nothing = modules.evaluate("""async () => {
      const { boundary } = await import("/network/boundary.js");
      const over = (f) => Float64Array.from({ length: 2500 }, (_, k) => f(k % 50, Math.floor(k / 50)));
      return [
        over((i, j) => (i - 20) ** 2 / 4 + (j - 25) ** 2 - 64.5),
        over((i, j) => i + 2 * j - 60.3),
        over(() => 1),
      ].map((z) => boundary(z, 50));
    }""")
    assert nothing == []
    assert len(ellipse) == len(straight) == 1
    i, j = np.array(ellipse[0]).T
    assert ellipse[0][0] == ellipse[0][-1] and len(ellipse[0]) > 40
    np.testing.assert_allclose((i - 20) ** 2 / 4 + (j - 25) ** 2, 64.5, atol=0.3)
    steps = np.hypot(np.diff(i), np.diff(j))
    assert steps.max() < 1.5  # from one cell to the next
    i, j = np.array(straight[0]).T
    np.testing.assert_allclose(i + 2 * j, 60.3, atol=1e-9)
    assert {i.min(), i.max(), j.min(), j.max()} >= {0, 49} and len(straight[0]) > 60
