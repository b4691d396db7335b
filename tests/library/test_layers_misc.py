"""Dropout, embedding and the sums over groups of rows that embeddings and graphs need."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnlib as nn
from nnlib.functions import scatter_sum_by_loop
from nnlib.tensor import Tensor

shapes = st.lists(st.integers(0, 3), max_size=2).map(tuple)
index_shapes = st.lists(st.integers(0, 4), min_size=1, max_size=2).map(tuple)


def numbers(shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


# Sums over groups of rows -------------------------------------------------------------------------


@given(index_shapes, shapes, st.integers(1, 4), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_scatter_sum_is_its_definition(index_shape, rest, size, seed):
    index = np.random.default_rng(seed).integers(0, size, index_shape)
    values = numbers((*index_shape, *rest), seed)
    sums = nn.scatter_sum(values, index, size)
    assert sums.shape == (size, *rest)
    np.testing.assert_allclose(sums, scatter_sum_by_loop(values, index, size), atol=1e-14)
    np.testing.assert_array_equal(nn.scatter_sum(Tensor(values), index, size).data, sums)


@given(index_shapes, st.integers(0, 3), st.integers(1, 4), st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_gradients_of_scatter_sum_and_gather_once_and_twice(index_shape, width, size, seed):
    index = np.random.default_rng(seed).integers(0, size, index_shape)
    values = Tensor(numbers((*index_shape, width), seed), requires_grad=True)
    rows = Tensor(numbers((size, width), seed), requires_grad=True)
    for function, x in [
        (lambda v: nn.scatter_sum(v, index, size), values),
        (lambda r: nn.gather(r, index), rows),
    ]:
        assert nn.gradcheck(function, [x])
        assert nn.gradcheck(
            lambda x, f=function: nn.grad((f(x) ** 3).sum(), x, create_graph=True), [x]
        )


def test_gather_is_indexing_for_arrays_and_tensors():
    x, index = numbers((4, 2)), [[3, 0], [3, 3]]
    np.testing.assert_array_equal(nn.gather(x, index), x[index])
    np.testing.assert_array_equal(nn.gather(Tensor(x), index).data, x[index])


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_scatter_sum_keeps_the_dtype(dtype):
    sums = nn.scatter_sum(np.array([1, 2, 3], dtype), [1, 1, 0], 3)
    assert sums.dtype == dtype
    assert sums.tolist() == [3, 3, 0]


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: nn.scatter_sum(np.ones(2), [0, 2], 2), ValueError, "from 0 to 1, got 0 to 2"),
        (lambda: nn.scatter_sum(np.ones(2), [-1, 0], 2), ValueError, "got -1 to 0"),
        (lambda: nn.scatter_sum(np.ones(2), [0.0, 1.0], 2), TypeError, "integers, got .*float64"),
        (lambda: nn.scatter_sum(np.ones(3), [0, 1], 2), ValueError, r"begins with .*\(2,\)"),
        (lambda: nn.gather(np.ones((2, 2)), [2]), ValueError, "from 0 to 1"),
        (lambda: nn.gather(np.ones((2, 2)), [True, False]), TypeError, "integers, got .*bool"),
    ],
)
def test_wrong_indices_are_explained(call, error, words):
    with pytest.raises(error, match=words):
        call()


# Embedding ----------------------------------------------------------------------------------------


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


# Dropout ------------------------------------------------------------------------------------------


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
