"""Optimizers by hand; their trajectories are compared with PyTorch's in test_against_torch.py."""

import numpy as np
import pytest

import nnlib as nn
from nnlib.tensor import Tensor


def parameter(*values):
    return Tensor(np.array(values), requires_grad=True)


def test_sgd_by_hand():
    """p = 1 with gradient 2: 1 - 0.1 · 2 = 0.8; momentum 0.5: v = 2, then 0.5 · 2 + 2 = 3."""
    p = parameter(1.0)
    optimizer = nn.SGD([p], lr=0.1, momentum=0.5)
    for expected in (0.8, 0.5):
        p.grad = np.array([2.0])
        optimizer.step()
        assert p.data[0] == pytest.approx(expected)


def test_first_adam_step_has_the_size_of_the_learning_rate():
    """m / √v = g / |g| after the correction, whatever the gradient's size."""
    p = parameter(1.0, 1.0)
    optimizer = nn.Adam([p], lr=0.01)
    p.grad = np.array([1e-3, -50.0])
    optimizer.step()
    np.testing.assert_allclose(p.data, [0.99, 1.01], rtol=1e-6)


def test_weight_decay_pulls_toward_zero():
    p = parameter(2.0)
    optimizer = nn.SGD([p], lr=0.1, weight_decay=0.5)
    p.grad = np.array([0.0])
    optimizer.step()
    assert p.data[0] == pytest.approx(2 - 0.1 * 0.5 * 2)


@pytest.mark.parametrize("make", [nn.SGD, nn.Adam])
def test_a_parameter_without_gradient_stays(make):
    used, unused = parameter(1.0, 2.0), parameter(3.0)
    optimizer = make([unused, used], lr=0.1)
    used.grad = np.array([1.0, 1.0])
    optimizer.step()
    assert unused.data.tolist() == [3.0]
    assert (used.data < [1.0, 2.0]).all()


def test_zero_grad_forgets():
    p = parameter(1.0)
    p.grad = np.array([5.0])
    nn.SGD([p]).zero_grad()
    assert p.grad is None


def test_the_network_sees_every_update_and_the_optimizer_every_load():
    net = nn.Sequential(nn.Linear(2, 1, rng=0))
    optimizer = nn.SGD(net.parameters(), lr=0.5)
    net.load_state_dict({"0.weight": [[1.0, 2.0]], "0.bias": [0.0]})
    nn.mse_loss(net([[1.0, 0.0]]), [[0.0]]).backward()  # gradient 2 on w1 and b
    optimizer.step()
    np.testing.assert_allclose(net[0].weight.data, [[0.0, 2.0]])
    np.testing.assert_allclose(net[0].bias.data, [-1.0])


def test_two_optimizers_may_share_parameters():
    p, q = parameter(1.0), parameter(1.0)
    both, one = nn.SGD([p, q], lr=1.0), nn.SGD([q], lr=1.0)
    for optimizer in (both, one, both):
        p.grad, q.grad = np.array([1.0]), np.array([1.0])
        optimizer.step()
    assert (p.data[0], q.data[0]) == (-1.0, -2.0)


def test_a_replaced_array_is_taken_over():
    p = parameter(1.0)
    optimizer = nn.SGD([p], lr=1.0)
    p.data, p.grad = np.array([10.0]), np.array([1.0])
    optimizer.step()
    assert p.data[0] == 9


def test_a_change_of_dtype_asks_for_a_new_optimizer():
    net = nn.Linear(1, 1)
    optimizer = nn.SGD(net.parameters())
    net.astype(np.float64)
    with pytest.raises(ValueError, match="new optimizer after astype"):
        optimizer.step()


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: nn.SGD([]), ValueError, "at least one"),
        (lambda: nn.SGD([np.ones(2)]), TypeError, "expected tensors, got ndarray"),
        (lambda: nn.SGD([parameter(1.0)], lr=-1), ValueError, "lr"),
        (lambda: nn.SGD([parameter(1.0)], lr=np.nan), ValueError, "lr"),
        (lambda: nn.SGD([parameter(1.0)], nesterov=True), ValueError, "momentum"),
        (lambda: nn.Adam([parameter(1.0)], betas=(0.9, 1.0)), ValueError, "betas"),
        (lambda: nn.Adam([parameter(1.0)], eps="tiny"), ValueError, "eps"),
        (lambda: nn.Adam([parameter(1.0)], weight_decay=-0.1), ValueError, "weight_decay"),
        (
            lambda: nn.SGD([parameter(1.0), Tensor([1.0], requires_grad=True)]),
            ValueError,
            "one dtype",
        ),
    ],
)
def test_bad_settings_are_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
