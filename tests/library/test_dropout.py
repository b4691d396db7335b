"""Dropout."""

import copy

import numpy as np
import pytest

import nnlib as nn
from nnlib.tensor import Tensor


def numbers(shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dropout_zeroes_a_share_and_keeps_the_mean(p, dtype):
    y = nn.Dropout(p, rng=0)(np.ones((200, 500), dtype)).data
    assert y.dtype == dtype
    assert np.mean(y == 0) == pytest.approx(p, abs=0.005)
    np.testing.assert_allclose(y[y != 0], 1 / (1 - p), rtol=1e-6)
    assert y.mean() == pytest.approx(1, abs=0.05)


def test_dropout_draws_anew_at_each_call_and_repeats_with_its_rng():
    x, layer, twin = np.ones(100), nn.Dropout(0.5, rng=3), nn.Dropout(0.5, rng=3)
    first, second = layer(x).data, layer(x).data
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(twin(x).data, first)
    np.testing.assert_array_equal(copy.deepcopy(twin)(x).data, second)


def test_dropout_does_nothing_when_predicting_or_without_p():
    x = Tensor(numbers(5), requires_grad=True)
    net = nn.Sequential(nn.Dropout(0.5)).eval()
    assert net(x) is x
    assert nn.Dropout(0.0)(x) is x
    np.testing.assert_array_equal(nn.Dropout(1.0)(x).data, 0)


def test_gradient_flows_where_the_signal_did_once_and_twice():
    x = Tensor(numbers((4, 5)), requires_grad=True)

    def same_zeros_each_time(x):
        return nn.Dropout(0.5, rng=1)(x)

    assert nn.gradcheck(same_zeros_each_time, [x])
    assert nn.gradcheck(
        lambda x: nn.grad((same_zeros_each_time(x) ** 3).sum(), x, create_graph=True), [x]
    )


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: nn.Dropout(1.5), ValueError, "p: expected a number from 0 to 1, got 1.5"),
        (lambda: nn.Dropout(-0.1), ValueError, "p: expected"),
        (lambda: nn.Dropout(np.nan), ValueError, "p: expected"),
        (lambda: nn.Dropout("half"), ValueError, "p: expected"),
        (lambda: nn.Dropout(0.5)([1, 2]), TypeError, r"Dropout\(p=0.5\) expects floats, got .*int"),
    ],
)
def test_wrong_dropout_is_explained(call, error, words):
    with pytest.raises(error, match=words):
        call()
