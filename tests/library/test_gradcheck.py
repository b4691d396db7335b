"""A gradient check must fail when a derivative is wrong, and say where."""

import numpy as np
import pytest

import nnlib as nn
from nnlib.tensor import Tensor, record


def test_finds_a_wrong_derivative_and_names_its_place():
    def doubled_square(x):
        return record(x.data**2, (x,), lambda g, y, x: g * 4 * x).sum()

    x = Tensor(np.array([0.0, 3.0]), requires_grad=True)
    with pytest.raises(AssertionError, match=r"doubled_square.*input 0 at \(1,\).*12.*slope is 6"):
        nn.gradcheck(doubled_square, [x])


def test_finds_a_missing_gradient():
    x = Tensor(np.ones(2), requires_grad=True)
    with pytest.raises(AssertionError, match=r"came out as 0"):
        nn.gradcheck(lambda x: Tensor(x.data * 2) + x * 0, [x])


def test_finds_a_derivative_that_is_nan():
    x = Tensor(np.ones(2), requires_grad=True)
    with pytest.raises(AssertionError, match="nan"):
        nn.gradcheck(lambda x: record(x.data, (x,), lambda g, y, x: g * np.nan), [x])


def test_inputs_are_left_as_they_were():
    x = Tensor(np.array([1.0, 2.0]), requires_grad=True)
    x.grad = np.array([5.0, 5.0])
    assert nn.gradcheck(lambda x: x * x, [x])
    assert x.grad.tolist() == [5.0, 5.0]
    np.testing.assert_array_equal(x.data, [1.0, 2.0])


def test_needs_double_precision():
    with pytest.raises(TypeError, match="float64"):
        nn.gradcheck(lambda x: x, [Tensor([1.0], requires_grad=True)])
