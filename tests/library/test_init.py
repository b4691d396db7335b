"""Initial weights: their spread, their bounds, their effect on a deep network."""

import math

import numpy as np
import pytest

import nnlib as nn

VARIANCES = {
    "xavier": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "kaiming": lambda fan_in, fan_out: 2 / fan_in,
}
SHAPES = {(300, 200): (200, 300), (60, 40, 3, 5): (40 * 15, 60 * 15)}  # shape: (fan_in, fan_out)


def parameter(*shape):
    return nn.Parameter(np.full(shape, np.nan, np.float32))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("rule", VARIANCES)
@pytest.mark.parametrize("kind", ["uniform", "normal"])
def test_mean_and_variance(shape, rule, kind):
    p = parameter(*shape)
    assert getattr(nn.init, f"{rule}_{kind}_")(p, rng=0) is p
    std = math.sqrt(VARIANCES[rule](*SHAPES[shape]))
    assert p.dtype == np.float32
    assert p.data.mean() == pytest.approx(0, abs=0.02 * std)
    assert p.data.std() == pytest.approx(std, rel=0.02)
    if kind == "uniform":
        assert np.abs(p.data).max() == pytest.approx(math.sqrt(3) * std, rel=1e-3)
    else:  # a normal distribution has about 0.27 % beyond three standard deviations
        assert np.mean(np.abs(p.data) > 3 * std) == pytest.approx(0.0027, abs=0.001)


def test_arguments():
    p = parameter(400, 100)
    assert nn.init.xavier_normal_(p, gain=3.0, rng=0).data.std() == pytest.approx(
        3 * math.sqrt(2 / 500), rel=0.02
    )
    assert nn.init.kaiming_normal_(p, mode="fan_out", rng=0).data.std() == pytest.approx(
        math.sqrt(2 / 400), rel=0.02
    )
    assert nn.init.kaiming_uniform_(p, a=math.sqrt(5), rng=0).data.std() == pytest.approx(
        math.sqrt(2 / 6 / 100), rel=0.02
    )
    assert nn.init.kaiming_normal_(p, nonlinearity="tanh", rng=0).data.std() == pytest.approx(
        5 / 3 / 10, rel=0.02
    )


def test_gains_are_those_of_pytorch():
    torch = pytest.importorskip("torch")
    for name in ("linear", "conv2d", "sigmoid", "tanh", "relu", "leaky_relu"):
        assert nn.init.calculate_gain(name) == pytest.approx(torch.nn.init.calculate_gain(name))
    assert nn.init.calculate_gain("leaky_relu", 0.2) == pytest.approx(
        torch.nn.init.calculate_gain("leaky_relu", 0.2)
    )


@pytest.mark.parametrize("shape", [(5, 5), (3, 7), (7, 3), (4, 2, 3, 3), (6, 1), (1, 6)])
def test_orthogonal(shape):
    q = nn.init.orthogonal_(nn.Parameter(np.empty(shape)), gain=2.0, rng=0).data
    q = q.reshape(shape[0], -1)
    product = q @ q.T if q.shape[0] <= q.shape[1] else q.T @ q
    np.testing.assert_allclose(product, 4 * np.eye(min(q.shape)), atol=1e-12)


def test_orthogonal_matrices_are_equally_likely():
    """All entries have the mean 0; without the correction of signs the diagonal leans one way."""
    rng, p = np.random.default_rng(0), nn.Parameter(np.empty((2, 2)))
    mean = np.mean([nn.init.orthogonal_(p, rng=rng).data.copy() for _ in range(2000)], axis=0)
    np.testing.assert_allclose(mean, 0, atol=0.06)


def test_a_deep_relu_network_keeps_its_signals():
    """20 layers: by He's variance outputs still differ between samples, by default hardly."""
    x = np.random.default_rng(0).standard_normal((50, 200)).astype(np.float32)
    layers = [layer for i in range(20) for layer in (nn.Linear(200, 200, rng=i), nn.ReLU())]
    net = nn.Sequential(*layers)

    def spread():
        return net(x).data.std(axis=0).mean()

    faded = spread()
    for i, (name, p) in enumerate(net.named_parameters()):
        if name.endswith("weight"):
            nn.init.kaiming_normal_(p, nonlinearity="relu", rng=i)
    assert faded < 1e-4
    assert 0.1 < spread() < 5


def test_an_optimizer_sees_the_new_values_and_rng_repeats_them():
    layer = nn.Linear(4, 3)
    optimizer = nn.SGD(layer.parameters(), lr=1.0)
    nn.init.xavier_uniform_(layer.weight, rng=7)
    before = layer.weight.data.copy()
    np.testing.assert_array_equal(before, nn.init.xavier_uniform_(parameter(3, 4), rng=7).data)
    layer.weight.grad = np.ones((3, 4), np.float32)
    optimizer.step()
    np.testing.assert_allclose(layer.weight.data, before - 1, rtol=1e-6)


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: nn.init.xavier_uniform_(np.ones((2, 2))), TypeError, "expected a Tensor"),
        (
            lambda: nn.init.kaiming_normal_(parameter(3)),
            ValueError,
            r"\(out, in, ...\), got \(3,\)",
        ),
        (lambda: nn.init.orthogonal_(parameter(3, 0)), ValueError, r"got \(3, 0\)"),
        (lambda: nn.init.orthogonal_(nn.Tensor([[1, 2]])), TypeError, "expected floats"),
        (lambda: nn.init.kaiming_normal_(parameter(2, 2), mode="in"), ValueError, "mode"),
        (
            lambda: nn.init.kaiming_uniform_(parameter(2, 2), nonlinearity="step"),
            ValueError,
            "nonlinearity.*'relu'.*got 'step'",
        ),
    ],
)
def test_bad_arguments_are_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
