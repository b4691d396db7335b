"""Values and derivatives of every operation, shapes of every kind, and errors that explain."""

import operator as op
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, mutually_broadcastable_shapes

import nnlib as nn
from nnlib.tensor import Tensor


def tensor(shape, seed=0, low=-2.0, high=2.0):
    data = np.random.default_rng(seed).uniform(low, high, shape)
    return Tensor(data, requires_grad=True)


ELEMENTWISE = {
    "neg": (lambda x: -x, -2, 2),
    "square": (lambda x: x**2, -2, 2),
    "cube": (lambda x: x**3, -2, 2),
    "inverse": (lambda x: 1 / x, 0.5, 2),
    "power": (lambda x: x**-1.5, 0.5, 2),
    "minus": (lambda x: 1 - x, -2, 2),
    "exp": (nn.exp, -2, 2),
    "log": (nn.log, 0.5, 2),
    "sqrt": (nn.sqrt, 0.5, 2),
    "sin": (nn.sin, -4, 4),
    "cos": (nn.cos, -4, 4),
    "absolute": (nn.absolute, 0.1, 2),
    "absolute of negative": (nn.absolute, -2, -0.1),
    "tanh": (nn.tanh, -2, 2),
    "sigmoid": (nn.sigmoid, -4, 4),
    "gelu": (nn.gelu, -3, 3),
    "relu": (nn.relu, 0.1, 2),
    "relu of negative": (nn.relu, -2, -0.1),
    "leaky relu": (nn.leaky_relu, -2, -0.1),
}
BINARY = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
}


@pytest.mark.parametrize("name", ELEMENTWISE)
@given(shape=array_shapes(min_dims=0, max_dims=3, max_side=3), seed=st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_elementwise_gradients(name, shape, seed):
    function, low, high = ELEMENTWISE[name]
    assert nn.gradcheck(function, [tensor(shape, seed, low, high)])


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_second_derivatives(name):
    function, low, high = ELEMENTWISE[name]
    x = tensor((2, 3), 1, low, high)

    def slope(x):
        y = function(x)
        return nn.grad((y * y).sum(), x, create_graph=True)

    assert nn.gradcheck(slope, [x])


@pytest.mark.parametrize("name", BINARY)
@given(shapes=mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3))
@settings(max_examples=20, deadline=None)
def test_broadcasting_gradients(name, shapes):
    a, b = (tensor(s, i, 0.5, 2) for i, s in enumerate(shapes.input_shapes))
    assert BINARY[name](a, b).shape == shapes.result_shape
    assert nn.gradcheck(BINARY[name], [a, b])


@pytest.mark.parametrize(
    "a, b",
    [((2, 3), (3, 4)), ((3,), (3, 4)), ((2, 3), (3,)), ((3,), (3,)), ((5, 2, 3), (3, 4)),
     ((5, 2, 3), (5, 3, 4)), ((2, 3), (5, 3, 4))],
)  # fmt: skip
def test_matrix_product(a, b):
    a, b = tensor(a, 1), tensor(b, 2)
    np.testing.assert_allclose((a @ b).data, a.data @ b.data)
    assert nn.gradcheck(lambda a, b: a @ b, [a, b])
    np.testing.assert_array_equal(a.dot(b).data, (a @ b).data)


@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 2)])
@pytest.mark.parametrize("keepdims", [False, True])
def test_sums_and_means(axis, keepdims):
    x = tensor((2, 3, 4))
    np.testing.assert_allclose(
        x.mean(axis=axis, keepdims=keepdims).data, x.data.mean(axis=axis, keepdims=keepdims)
    )
    assert nn.gradcheck(lambda x: x.sum(axis=axis, keepdims=keepdims) * 2, [x])
    assert nn.gradcheck(lambda x: x.mean(axis=axis, keepdims=keepdims) ** 2, [x])


SHAPING = {
    "reshape": lambda x: x.reshape(4, -1),
    "T": lambda x: x.T,
    "transpose": lambda x: x.transpose(2, 0, 1),
    "transpose with negative axes": lambda x: x.transpose(0, -1, 1),
    "swapaxes": lambda x: x.swapaxes(0, 2),
    "row": lambda x: x[1],
    "slice": lambda x: x[:, 1:, ::2],
    "rows picked twice": lambda x: x[[0, 1, 1]],
    "mask": lambda x: x[np.array([True, False])],
    "concatenate": lambda x: nn.concatenate([x, x * x, x], axis=1),
    "concatenate last": lambda x: nn.concatenate([x, 3 * x], axis=-1),
}


@pytest.mark.parametrize("name", SHAPING)
def test_shaping_gradients_once_and_twice(name):
    x = tensor((2, 3, 4))
    assert nn.gradcheck(SHAPING[name], [x])
    assert nn.gradcheck(lambda x: nn.grad((SHAPING[name](x) ** 3).sum(), x, create_graph=True), [x])


def test_worked_example():
    """L = (w x + b - t)², with w = 3, x = 2, b = 1, t = 5: dL/dw = 2 (7 - 5) 2 = 8, dL/db = 4."""
    w, b = Tensor([3.0], requires_grad=True), Tensor([1.0], requires_grad=True)
    loss = ((w * 2.0 + b - 5.0) ** 2).sum()
    loss.backward()
    assert (loss.item(), w.grad.item(), b.grad.item()) == (4.0, 8.0, 4.0)


def test_a_tensor_used_twice_collects_both_gradients():
    x = Tensor([3.0], requires_grad=True)
    y = x * x
    (y + y * x).sum().backward()  # x² + x³
    assert x.grad.item() == 2 * 3 + 3 * 9


def test_backward_adds_to_what_is_there():
    x = Tensor([2.0], requires_grad=True)
    for _ in range(3):
        (x * 5.0).sum().backward()
    assert x.grad.item() == 15


def test_gradients_do_not_share_memory():
    a, b = (Tensor(np.ones(3), requires_grad=True) for _ in range(2))
    (a + b).backward(np.ones(3))
    a.grad *= 0.5
    np.testing.assert_array_equal(b.grad, np.ones(3))


def test_grad_leaves_grad_alone_and_finds_inner_tensors():
    x = Tensor([2.0], requires_grad=True)
    y = x * x
    z = (y * 3.0).sum()
    assert nn.grad(z, y).data.tolist() == [3.0]
    dx, dy = nn.grad(z, [x, y])
    assert (dx.item(), dy.item()) == (12.0, 3.0)
    assert x.grad is None
    assert not nn.grad(z, x).requires_grad


def test_a_loss_may_hold_derivatives():
    """u(x) = x³ at 2: the loss (u'' - 1)² has the derivative 2 (6 x - 1) 6 = 132."""
    x = Tensor([2.0], requires_grad=True)
    du = nn.grad((x**3).sum(), x, create_graph=True)
    ddu = nn.grad(du.sum(), x, create_graph=True)
    ((ddu - 1.0) ** 2).sum().backward()
    assert (du.item(), ddu.item(), x.grad.item()) == (12.0, 12.0, 132.0)


def test_network_derivatives_reach_the_weights():
    net = nn.Sequential(
        nn.Linear(2, 4, rng=0),
        nn.Tanh(),
        nn.Linear(4, 3, rng=1),
        nn.Sigmoid(),
        nn.Linear(3, 1, rng=2),
    ).astype(np.float64)
    x = tensor((5, 2))
    parameters = net.parameters()

    def residual(*_):
        u = net(x)
        du = nn.grad(u.sum(), x, create_graph=True)
        ddu = nn.grad(du[:, 0].sum(), x, create_graph=True)
        return (ddu[:, 0] + du[:, 1] * u[:, 0] - 1.0) ** 2

    assert nn.gradcheck(residual, [x, *parameters])


def test_no_grad_records_nothing_even_after_an_error():
    x = Tensor([1.0], requires_grad=True)
    with pytest.raises(RuntimeError), nn.no_grad():
        assert not (x * 2).requires_grad
        raise RuntimeError
    assert (x * 2).requires_grad


def test_no_grad_holds_for_its_thread_only():
    x, results = Tensor([1.0], requires_grad=True), []
    with nn.no_grad():
        thread = threading.Thread(target=lambda: results.append((x * 2).requires_grad))
        thread.start()
        thread.join()
    assert results == [True]


def test_a_long_chain_needs_no_recursion():
    x = y = Tensor([1.0], requires_grad=True)
    for _ in range(5000):
        y = y + 1.0
    y.sum().backward()
    assert x.grad.item() == 1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_numbers_take_the_dtype_of_the_tensor(dtype):
    x = Tensor(np.ones(2, dtype), requires_grad=True)
    for y in (x + 1, 2.5 * x, 1 / x, x - np.float64(2), x @ [1.0, 2.0], x.mean(), 3 - x, x**2):
        assert y.dtype == dtype
    assert Tensor([1.0, 2.0]).dtype == np.float32
    assert (0.1 * x).data[0] == dtype(0.1)  # not by way of another precision


def test_whole_numbers_become_floats_where_they_must():
    x = Tensor([1, 4])
    assert (x + 0.5).data.tolist() == [1.5, 4.5]
    assert (0.5 * x).data.tolist() == [0.5, 2.0]
    assert x.mean().item() == 2.5
    assert (x + 1).dtype.kind == "i"


def test_it_prints_and_compares_like_a_number():
    x = Tensor([2.5])
    assert f"{x:.2f}" == "2.50"
    assert x
    assert not Tensor([0.0])
    assert f"{Tensor([1.0, 2.0])}" == "Tensor([1., 2.])"


@pytest.mark.parametrize("compare", [op.lt, op.le, op.gt, op.ge, op.eq, op.ne])
def test_comparisons_are_made_element_by_element(compare):
    a, b = np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0])
    for right in (b, Tensor(b), 2.0):
        found = compare(Tensor(a), right)
        np.testing.assert_array_equal(found, compare(a, np.asarray(right)))
        assert type(found) is np.ndarray
    x, y = Tensor(a), Tensor(a)
    assert len({x, y, x}) == 2  # a set still tells equal tensors apart


def test_a_power_keeps_the_dtype():
    assert (Tensor([4.0]) ** np.float64(0.5)).dtype == np.float32
    assert (Tensor([4.0]) ** np.int64(2)).dtype == np.float32


def test_functions_take_arrays_too():
    for f in (nn.exp, nn.sin, nn.cos, nn.sqrt, nn.log, nn.absolute, nn.tanh, nn.relu):
        assert isinstance(f(np.ones(2)), Tensor)


def test_array_on_the_left_leaves_the_work_to_the_tensor():
    x = Tensor(np.ones((2, 2)), requires_grad=True)
    for y in (np.ones((2, 2)) + x, np.ones((2, 2)) * x, np.ones((2, 2)) @ x, np.ones((2, 2)) - x):
        assert isinstance(y, Tensor)
        assert y.requires_grad


def test_it_is_an_array_where_an_array_is_needed():
    x = Tensor([[1.0, 2.0]], requires_grad=True)
    np.testing.assert_array_equal(np.asarray(x.detach()), [[1, 2]])
    np.testing.assert_array_equal(np.clip(Tensor([[0.0, 5.0]]), 1, 2), [[1, 2]])
    with nn.no_grad():
        np.testing.assert_array_equal(np.asarray(x), [[1, 2]])
    assert x.numpy() is x.data
    assert len(x) == 1
    assert float(Tensor([3.0])) == 3
    assert repr(x) == "Tensor([[1., 2.]], requires_grad=True)"
    detached = x.detach()
    assert not detached.requires_grad


@pytest.mark.parametrize("leads", [True, False], ids=["leaf", "result"])
@pytest.mark.parametrize(
    "call, instead",
    [
        (lambda x: np.clip(x, 0, 10), "functions of nnlib"),
        (lambda x: np.concatenate([x, x]), "nnlib.concatenate"),
        (lambda x: np.stack([x, np.ones(3)]), "nnlib.concatenate"),
        (lambda x: np.where([True, False, True], x, 0), "mask"),
        (lambda x: np.dot(np.eye(3), x), "x @ y"),
        (lambda x: np.einsum("i,i", x, x), "functions of nnlib"),
        (lambda x: np.cumsum(x), "functions of nnlib"),
        (lambda x: np.reshape(x, (3, 1)), "x.reshape()"),
        (lambda x: np.transpose(x), "x.transpose()"),
        (lambda x: np.pad(x, 1), "functions of nnlib"),
        (lambda x: np.outer(x, np.ones(2)), "functions of nnlib"),
        (lambda x: np.linalg.norm(x), "functions of nnlib"),
        (lambda x: np.mean(x), "x.mean()"),
        (lambda x: np.mean([x, x]), "functions of nnlib"),
        (lambda x: np.asarray(x), "functions of nnlib"),
        (lambda x: np.array([x, x]), "functions of nnlib"),
        (lambda x: Tensor([x, x]), "functions of nnlib"),
        (lambda x: Tensor([[x], [x]]), "functions of nnlib"),
        (lambda x: nn.tanh([x, x]), "functions of nnlib"),
    ],
)
def test_numpy_forgets_no_derivative_silently(call, instead, leads):
    x = tensor(3) if leads else tensor(3) * 2
    with pytest.raises(TypeError, match=f"would forget the derivatives.*{instead}.*x.data"):
        call(x)


def test_a_gradient_is_an_array_of_every_shape():
    p = nn.Parameter(np.array(3.0))
    for times in (1, 2):
        (p * p).backward()
        assert isinstance(p.grad, np.ndarray) and p.grad == times * 6
    nn.clip_grad_norm_([p], 1.0)
    assert p.grad == pytest.approx(1, abs=1e-6)
    assert isinstance(nn.grad((p * p).sum(), p).data, np.ndarray)


def test_going_through_a_tensor():
    x = Tensor(np.array([[1.0, 2.0], [3.0, 4.0]]), requires_grad=True)
    first, second = x
    (first * second).sum().backward()
    np.testing.assert_array_equal(x.grad, [[3, 4], [1, 2]])
    assert [float(value) for value in first] == [1, 2]
    assert 3.0 in x and 5.0 not in x and 3.0 in Tensor(3.0)
    for use in (list, all, sum, iter):
        with pytest.raises(TypeError, match="without axes"):
            use(Tensor(3.0))


@pytest.mark.parametrize("make", [np.array, list, lambda i: (np.array(i),), nn.Tensor])
def test_an_index_may_change_after_its_use(make):
    x = Tensor(np.array([1.0, 2.0, 4.0]), requires_grad=True)
    index = make([0, 0, 2])
    y = x[index]
    inside = index[0] if isinstance(index, tuple) else index
    if isinstance(inside, Tensor):
        inside = inside.data
    inside[0] = 1
    (y * y).sum().backward()
    assert x.grad.tolist() == [4, 0, 8]


def test_gradients_of_a_sum_share_no_memory():
    a, b = tensor(3), tensor(3)
    of_a, of_b = nn.grad((a + b).sum(), [a, b])
    of_a.data[0] = 7
    assert of_b.data.tolist() == [1, 1, 1]


def test_what_meets_a_tensor_takes_its_dtype():
    x = Tensor(np.ones(2, np.float32))
    doubles = np.ones(2)
    for y in (x + doubles, doubles - x, x / doubles, nn.concatenate([doubles, x])):
        assert y.dtype == np.float32
    wide = Tensor(doubles)
    assert (x + wide).dtype == nn.concatenate([x, wide]).dtype == np.float64


def test_axes_come_as_numbers_or_as_a_tuple():
    x = tensor((2, 3, 4))
    for y in (x.transpose(1, 0, 2), x.transpose((1, 0, 2)), x.transpose([-2, 0, 2])):
        assert y.shape == (3, 2, 4)
    nn.gradcheck(lambda x: x.transpose((2, 0, 1)), [x])
    nn.gradcheck(lambda x: x.transpose(), [x])


@pytest.mark.parametrize("dtype", [np.float16, np.longdouble, ">f4"])
def test_floats_that_no_operation_is_made_for_are_refused(dtype):
    array = np.ones(2, dtype)
    for use in (Tensor, nn.tanh, lambda a: nn.mse_loss(a, a)):
        with pytest.raises(TypeError, match="array: expected float32 or float64, got"):
            use(array)
    with pytest.raises(TypeError, match="dtype: expected float32 or float64, got"):
        nn.Linear(2, 1).astype(dtype)
    assert nn.Linear(2, 1)(array).dtype == np.float32  # a layer takes its inputs over


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: nn.grad(tensor(1).sum(), None), TypeError, "input: expected a Tensor or a list"),
        (lambda: nn.grad(3.0, tensor(1)), TypeError, "output: expected a Tensor, got 3.0"),
        (lambda: Tensor(["a"]), TypeError, "expected numbers"),
        (lambda: Tensor(Tensor([1.0])), TypeError, "detach"),
        (lambda: Tensor([1, 2], requires_grad=True), TypeError, "int64"),
        (lambda: Tensor([1.0]).backward(), ValueError, "requires_grad"),
        (lambda: (tensor(3) * 2).backward(), ValueError, r"gradient: .* of shape \(3,\)"),
        (lambda: (tensor(3) * 2).backward(np.ones(2)), ValueError, r"expected shape \(3,\)"),
        (lambda: tensor((2, 3)) @ tensor((2, 3)), ValueError, r"\(2, 3\) and \(2, 3\)"),
        (lambda: tensor(3) @ tensor(4), ValueError, r"\(3,\) and \(4,\)"),
        (lambda: tensor(3) ** tensor(3), TypeError, "exponent"),
        (lambda: nn.grad(tensor(1).sum(), tensor(1)), ValueError, "does not depend"),
        (lambda: nn.grad(tensor(3) * 2, tensor(3)), ValueError, "sum it first"),
        (lambda: tensor((0, 2)).mean(), ValueError, r"at least one element, got shape \(0, 2\)"),
        (
            lambda: tensor((2, 3)).reshape(4, -1),
            ValueError,
            r"6 elements of \(2, 3\), got \(4, -1\)",
        ),
        (
            lambda: tensor((0, 3)).reshape(0, -1),
            ValueError,
            r"0 elements of \(0, 3\), got \(0, -1\)",
        ),
    ],
)
def test_errors_say_what_was_expected(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_the_power_0_is_flat_also_at_0():
    x = Tensor(np.array([-1.0, 0.0, 2.0]), requires_grad=True)
    (x**0).sum().backward()
    assert x.grad.tolist() == [0, 0, 0]
    (second,) = [nn.grad((nn.grad((x**1).sum(), x, create_graph=True)).sum(), x)]
    assert second.data.tolist() == [0, 0, 0]


def test_the_docstring_warns_of_changes_in_place():
    """What it says is what happens: backward computes with the array as it is by then."""
    x = Tensor(np.array([2.0]), requires_grad=True)
    y = (x * x).sum()
    x.data[0] = 5
    y.backward()
    assert x.grad.tolist() == [10]
    assert "in place" in Tensor.__doc__
