"""Embedding."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnlib as nn
from nnlib.tensor import Tensor

index_shapes = st.lists(st.integers(0, 4), min_size=1, max_size=2).map(tuple)


def numbers(shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


@given(index_shapes, st.integers(1, 4), st.integers(1, 3), st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_embedding_gradient(index_shape, count, width, seed):
    layer = nn.Embedding(count, width, rng=seed).astype(np.float64)
    x = np.random.default_rng(seed).integers(0, count, index_shape)
    assert layer(x).shape == (*index_shape, width)
    assert nn.gradcheck(lambda _: layer(x), [layer.weight])


def test_embedding_by_hand():
    """Row 1 is looked up twice and gets both gradients, row 0 once, row 2 never."""
    layer = nn.Embedding(3, 2, rng=0)
    y = layer([1, 0, 1])
    np.testing.assert_array_equal(y.data, layer.weight.data[[1, 0, 1]])
    y.backward([[1, 2], [3, 4], [10, 20]])
    np.testing.assert_array_equal(layer.weight.grad, [[3, 4], [11, 22], [0, 0]])


@pytest.mark.parametrize(
    "x", [3, [0, 4, 4], np.zeros((2, 0), int), np.array([[[1], [4]]], np.uint8)]
)
def test_embedding_equals_pytorch(x):
    torch = pytest.importorskip("torch")
    theirs, ours = torch.nn.Embedding(5, 3).double(), nn.Embedding(5, 3).astype(np.float64)
    ours.load_state_dict(theirs.state_dict())
    y, expected = ours(x), theirs(torch.tensor(x, dtype=torch.long))
    np.testing.assert_array_equal(y.data, expected.detach().numpy())
    weights = numbers(y.shape)
    y.backward(weights)
    expected.backward(torch.tensor(weights))
    np.testing.assert_allclose(ours.weight.grad, theirs.weight.grad.numpy(), atol=1e-12)


def test_embedding_starts_normally_distributed():
    layer = nn.Embedding(100, 50, rng=0)
    assert layer.weight.dtype == np.float32
    assert layer.weight.data.mean() == pytest.approx(0, abs=0.03)
    assert layer.weight.data.std() == pytest.approx(1, abs=0.03)
    np.testing.assert_array_equal(layer.weight.data, nn.Embedding(100, 50, rng=0).weight.data)


def test_embedding_learns_inside_a_network():
    x, y = np.array([[0, 1], [1, 2], [2, 0], [1, 1]]), np.array([1.0, 2.0, -1.0, 0.5])
    net = nn.Sequential(nn.Embedding(3, 4, rng=0), nn.Flatten(), nn.Linear(8, 1, rng=1))
    optimizer = nn.Adam(net.parameters(), lr=0.05)
    history = nn.fit(
        net, (x, y), loss=nn.mse_loss, optimizer=optimizer, epochs=200, rng=0, progress=False
    )
    assert history.loss[-1] < 1e-3 < history.loss[0]


@pytest.mark.parametrize(
    "call, error, words",
    [
        (
            lambda: nn.Embedding(3, 2)([0, 3]),
            ValueError,
            r"x: expected integers from 0 to 2, got 0 to 3",
        ),
        (lambda: nn.Embedding(3, 2)([-1]), ValueError, "got -1"),
        (lambda: nn.Embedding(3, 2)([0.0]), TypeError, "integers, got dtype float64"),
        (lambda: nn.Embedding(3, 2)(Tensor([1.0])), TypeError, "integers, got dtype float32"),
        (lambda: nn.Embedding(0, 2), ValueError, "num_embeddings"),
        (lambda: nn.Embedding(3, 1.5), ValueError, "embedding_dim"),
    ],
)
def test_wrong_lookups_are_explained(call, error, words):
    with pytest.raises(error, match=words):
        call()
