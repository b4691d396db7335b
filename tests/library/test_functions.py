"""The sums over groups of rows that embeddings and graphs need."""

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
