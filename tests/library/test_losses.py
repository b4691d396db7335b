"""Losses: worked examples, gradients, extreme logits and wrong targets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnlib as nn
from nnlib.tensor import Tensor

LOSSES = {
    "mse": (nn.mse_loss, lambda rng, n: rng.standard_normal(n)),
    "l1": (nn.l1_loss, lambda rng, n: rng.standard_normal(n)),
    "huber": (nn.huber_loss, lambda rng, n: rng.standard_normal(n)),
    "huber with delta": (
        lambda p, t: nn.huber_loss(p, t, delta=0.3),
        lambda rng, n: rng.standard_normal(n),
    ),
    "bce": (nn.binary_cross_entropy_with_logits, lambda rng, n: rng.uniform(0, 1, n)),
    "perceptron": (nn.perceptron_loss, lambda rng, n: rng.choice([-1, 1], n)),
}


@pytest.mark.parametrize("name", LOSSES)
@given(n=st.integers(1, 6), seed=st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_gradients(name, n, seed):
    loss, targets = LOSSES[name]
    rng = np.random.default_rng(seed)
    p, t = Tensor(3 * rng.standard_normal((n, 1)), requires_grad=True), targets(rng, n)
    assert nn.gradcheck(lambda p: loss(p, t), [p])


@given(n=st.integers(1, 5), classes=st.integers(1, 4), seed=st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_cross_entropy_gradients(n, classes, seed):
    rng = np.random.default_rng(seed)
    z = Tensor(3 * rng.standard_normal((n, classes)), requires_grad=True)
    t = rng.integers(0, classes, n)
    assert nn.gradcheck(lambda z: nn.cross_entropy(z, t), [z])


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.uint64])
def test_labels_are_of_any_integer_type_and_logits_in_any_order_of_memory(dtype):
    rng = np.random.default_rng(0)
    z, t = rng.standard_normal((300, 3)), rng.integers(0, 3, 300)
    expected = -np.mean(np.log(np.exp(z) / np.exp(z).sum(1, keepdims=True))[np.arange(300), t])
    for logits in (z, np.asfortranarray(z), np.repeat(z, 2, axis=0)[::2]):
        assert nn.cross_entropy(Tensor(logits), t.astype(dtype)).item() == pytest.approx(expected)


def test_worked_examples():
    assert nn.mse_loss(Tensor([1.0, 4.0]), [2.0, 2.0]).item() == (1 + 4) / 2
    assert nn.l1_loss(Tensor([1.0, 4.0]), [2.0, 2.0]).item() == (1 + 2) / 2
    assert nn.huber_loss(Tensor([1.0, 4.0]), [2.0, 2.0]).item() == (1 / 2 + (2 - 1 / 2)) / 2
    # with delta = 2 an error of 4 costs 2 (4 - 2/2)
    assert nn.huber_loss(Tensor([5.0]), [1.0], delta=2.0).item() == 6
    assert nn.cross_entropy(Tensor([[0.0, 0.0]]), [1]).item() == pytest.approx(np.log(2))
    z = np.log([[3.0, 1.0]])  # probabilities 3/4 and 1/4
    assert nn.cross_entropy(Tensor(z), [0]).item() == pytest.approx(-np.log(3 / 4))
    assert nn.binary_cross_entropy_with_logits(Tensor([0.0]), [1.0]).item() == pytest.approx(
        np.log(2)
    )
    # scores 2, 0.5 and -1, all of class +1: max(0, -s)
    s, t = Tensor([2.0, 0.5, -1.0]), [1, 1, 1]
    assert nn.perceptron_loss(s, t).item() == pytest.approx((0 + 0 + 1) / 3)


def test_a_descent_step_on_the_criterion_is_a_perceptron_update():
    """Also at a score of exactly 0, where sign(0) = +1 makes a label of -1 wrong."""
    x = np.array([[2.0, -1.0]])
    for w, y in [([1.0, 1.0], -1), ([0.0, 0.0], -1), ([0.0, 0.0], 1), ([-1.0, 0.0], 1)]:
        perceptron = nn.Perceptron()
        perceptron.weights = np.array(w)
        perceptron.update(x[0], y)
        weights = Tensor(np.array(w), requires_grad=True)
        nn.perceptron_loss(Tensor(x) @ weights, [y]).backward()
        np.testing.assert_allclose(weights.data - weights.grad, perceptron.weights)


def test_extreme_logits_stay_finite():
    z = Tensor(np.array([[1e4], [-1e4]]), requires_grad=True)
    nn.binary_cross_entropy_with_logits(z, [1, 0]).backward()
    np.testing.assert_array_equal(z.grad, 0)
    z = Tensor(np.array([[1e4, 0.0], [0.0, -1e4]]), requires_grad=True)
    loss = nn.cross_entropy(z, [1, 1])
    loss.backward()
    assert loss.item() == 1e4
    assert np.isfinite(z.grad).all()


def test_targets_get_no_gradient_and_may_be_tensors():
    p, t = Tensor([1.0], requires_grad=True), Tensor([3.0], requires_grad=True)
    nn.mse_loss(p, t).backward()
    assert t.grad is None
    assert p.grad.tolist() == [-4.0]


@pytest.mark.parametrize("name", [*LOSSES, "cross_entropy"])
def test_second_derivatives(name):
    p = Tensor(np.array([[1.2, 2.0], [1.5, -0.5]]), requires_grad=True)
    if name == "cross_entropy":
        loss, t = nn.cross_entropy, [0, 1]
    else:
        loss, targets = LOSSES[name]
        t = targets(np.random.default_rng(0), (2, 2))
    assert nn.gradcheck(lambda p: nn.grad(loss(p * p, t), p, create_graph=True), [p])


def test_slopes_at_the_edges():
    """|d| has no slope at 0, which is taken as 0; Huber's pieces meet at delta with one slope."""
    p = Tensor(np.array([2.0, 3.0, -1.0]), requires_grad=True)
    nn.l1_loss(p, [2.0, 2.0, 2.0]).backward()
    np.testing.assert_allclose(p.grad, [0, 1 / 3, -1 / 3])
    p.grad = None
    nn.huber_loss(p, [2.0, 2.0, 2.0]).backward()
    np.testing.assert_allclose(p.grad, [0, 1 / 3, -1 / 3])


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: nn.mse_loss(Tensor([1.0, 2.0]), [1.0]), ValueError, r"shape \(2,\), got \(1,\)"),
        (lambda: nn.mse_loss(Tensor([[1.0, 2.0]]), [1.0, 2.0]), ValueError, r"target: expected"),
        (lambda: nn.mse_loss(Tensor(np.empty((0, 1))), []), ValueError, "at least one sample"),
        (lambda: nn.mse_loss(Tensor([1.0]), ["a"]), TypeError, "expected numbers"),
        (lambda: nn.mse_loss(Tensor([1]), [1.0]), TypeError, "prediction: expected floats, got dt"),
        (lambda: nn.cross_entropy(Tensor([[1.0, 2.0]]), [2]), ValueError, "integers from 0 to 1"),
        (lambda: nn.cross_entropy(Tensor([[1.0, 2.0]]), [-1]), ValueError, "got -1 to -1"),
        (
            lambda: nn.cross_entropy(Tensor([[1.0, 2.0]]), [0.5]),
            TypeError,
            "target: expected integers, got dtype float64",
        ),
        (lambda: nn.cross_entropy(Tensor([1.0, 2.0]), [0, 1]), ValueError, "logits of shape"),
        (lambda: nn.cross_entropy(Tensor(np.empty((0, 2))), []), ValueError, "logits of shape"),
        (lambda: nn.cross_entropy(Tensor([[1.0, 2.0]]), [0, 1]), ValueError, r"shape \(1,\)"),
        (lambda: nn.cross_entropy(Tensor(np.empty((2, 0))), [0, 0]), ValueError, "logits of shape"),
        (
            lambda: nn.binary_cross_entropy_with_logits(Tensor([1.0]), [2.0]),
            ValueError,
            "from 0 to 1",
        ),
        (lambda: nn.l1_loss(Tensor([1.0, 2.0]), [1.0]), ValueError, r"shape \(2,\), got \(1,\)"),
        (lambda: nn.huber_loss(Tensor([1.0]), [1.0], delta=0), ValueError, "delta.*above 0, got 0"),
        (lambda: nn.huber_loss(Tensor([1.0]), [1.0], delta="1"), ValueError, "delta"),
        (lambda: nn.perceptron_loss(Tensor([1.0, 1.0]), [0, 1]), ValueError, r"-1 and \+1"),
        (lambda: nn.perceptron_loss(Tensor([1.0]), [2]), ValueError, r"-1 and \+1"),
    ],
)
def test_wrong_targets_are_explained(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_logits_far_from_zero_still_have_a_gradient_in_float32():
    """There sigmoid(z) is 2e-9, which the difference of two halves would lose."""
    z = Tensor([-20.0], requires_grad=True)
    nn.binary_cross_entropy_with_logits(z, [0.0]).backward()
    assert z.grad == pytest.approx(np.exp(-20), rel=1e-6)


def test_the_log_of_sigmoid_is_finite_in_float32():
    for x in (-20.0, -50.0, -80.0):
        y = nn.log(nn.sigmoid(Tensor([x])))
        assert y.dtype == np.float32
        assert y.item() == pytest.approx(x, rel=1e-6)


def test_the_mean_of_many_equal_errors_is_exact():
    for n in (70_000, 10**7):
        errors = np.full(n, 0.1, np.float32)
        loss = nn.mse_loss(Tensor(errors), np.zeros(n, np.float32)).item()
        assert loss == pytest.approx(float(np.float32(0.1) ** 2), rel=1e-6)
    ones = np.zeros(10**7, np.float32)
    for loss in (nn.binary_cross_entropy_with_logits, nn.l1_loss, nn.huber_loss):
        found = loss(Tensor(ones), ones + np.float32(0.5)).item()
        assert found == pytest.approx(loss(Tensor(ones[:1]), [0.5]).item(), rel=1e-6)
