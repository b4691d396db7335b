"""Optimizers by hand; their trajectories are compared with PyTorch's in test_against_torch.py."""

import copy
import pickle

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


def test_adam_by_hand():
    """beta1 = 1/2, gradients 4 and 1: the weights of m are 1/2 and 1, so m = (2 + 1) / 1.5 = 2.

    With beta2 = 1/5 those of v are 1/5 and 1: v = (16/5 + 1) / 1.2 = 3.5, and p = -1 - 2 / √3.5."""
    p = parameter(0.0)
    optimizer = nn.Adam([p], lr=1.0, betas=(0.5, 0.2), eps=0.0)
    for gradient, expected in ((4.0, -1.0), (1.0, -1 - 2 / np.sqrt(3.5))):
        p.grad = np.array([gradient])
        optimizer.step()
        assert p.data[0] == pytest.approx(expected)


def test_rmsprop_by_hand():
    """alpha = 3/4, gradient 2: v = 4/4 = 1, so p = 1 - 0.1 · 2 / 1; centered v - (2/4)² = 3/4."""
    for centered, expected in ((False, 0.8), (True, 1 - 0.2 / np.sqrt(0.75))):
        p = parameter(1.0)
        optimizer = nn.RMSprop([p], lr=0.1, alpha=0.75, eps=0.0, centered=centered)
        p.grad = np.array([2.0])
        optimizer.step()
        assert p.data[0] == pytest.approx(expected)


def test_weight_decay_pulls_toward_zero():
    """At a gradient of 0: AdamW by lr · weight_decay · p; Adam by lr, however weak the decay."""
    pulls = {nn.SGD: 0.1 * 0.5 * 2, nn.AdamW: 0.1 * 0.5 * 2, nn.Adam: 0.1}
    for make, pull in pulls.items():
        p = parameter(2.0)
        optimizer = make([p], lr=0.1, weight_decay=0.5)
        p.grad = np.array([0.0])
        optimizer.step()
        assert p.data[0] == pytest.approx(2 - pull)


OPTIMIZERS = [nn.SGD, nn.RMSprop, nn.Adam, nn.AdamW]


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_gradients_that_come_and_go_are_those_of_pytorch(make):
    """Each parameter counts its own steps: one that was frozen for a while starts afresh."""
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    starts = [rng.standard_normal(3) for _ in range(3)]
    ours = [parameter(*start) for start in starts]
    theirs = [torch.tensor(start, requires_grad=True) for start in starts]
    optimizers = make(ours, lr=0.1), getattr(torch.optim, make.__name__)(theirs, lr=0.1)
    for missing in [{1, 2}, {1}, {1}, {0}, set(), {2}, set()]:
        for i, (p, q) in enumerate(zip(ours, theirs)):
            p.grad = None if i in missing else rng.standard_normal(3)
            q.grad = None if i in missing else torch.tensor(p.grad)
        for optimizer in optimizers:
            optimizer.step()
        for p, q in zip(ours, theirs):
            np.testing.assert_allclose(p.data, q.detach().numpy(), rtol=1e-12)


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_float32_stays_float32_whatever_the_learning_rate_is(make):
    p = Tensor([1.0, 2.0], requires_grad=True)
    optimizer = make([p], lr=np.float64(0.1), weight_decay=np.float64(0.1))
    p.grad = np.array([1.0, 1.0], np.float32)
    optimizer.step()
    assert p.dtype == np.float32
    assert isinstance(optimizer.lr, float)


def test_constant_gradients_without_variance_make_no_nan():
    g = np.random.default_rng(0).standard_normal(100).astype(np.float32)
    p = Tensor(np.zeros_like(g), requires_grad=True)
    optimizer = nn.RMSprop([p], lr=0.01, alpha=0.9, eps=1.0, centered=True)
    for _ in range(300):
        p.grad = g
        optimizer.step()
    assert np.isfinite(p.data).all()


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_gradients_are_left_as_they_were(make):
    p = parameter(1.0, 2.0)
    p.grad = np.array([3.0, 4.0])
    make([p], weight_decay=0.1).step()
    assert p.grad.tolist() == [3.0, 4.0]


def test_clipping_by_hand():
    """The gradients (3) and (0, 4) have the length 5: times 1/5 it is 1; at 10 nothing happens."""
    p, q, without = parameter(0.0), parameter(0.0, 0.0), parameter(0.0)
    p.grad, q.grad = np.array([3.0]), np.array([0.0, 4.0])
    assert nn.clip_grad_norm_([p, q, without], max_norm=10) == 5
    assert (p.grad.tolist(), q.grad.tolist()) == ([3.0], [0.0, 4.0])
    assert nn.clip_grad_norm_(iter([p, q, without]), max_norm=1) == 5
    np.testing.assert_allclose([p.grad[0], *q.grad], [0.6, 0, 0.8], rtol=1e-6)
    assert without.grad is None
    assert nn.clip_grad_norm_([without], max_norm=1) == 0


@pytest.mark.parametrize("size", [0.0, 1e-3, 1.0, 1e3, np.inf, np.nan])
@pytest.mark.parametrize("max_norm", [0.0, 0.5, 2.0])
def test_clipping_is_that_of_pytorch(size, max_norm):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    ours = [Tensor(rng.standard_normal(shape), requires_grad=True) for shape in [(3, 2), (4,)]]
    theirs = [torch.tensor(p.data, requires_grad=True) for p in ours]
    for p, q in zip(ours, theirs):
        p.grad = rng.standard_normal(p.shape)
        p.grad.flat[0] = size
        q.grad = torch.tensor(p.grad)
    with np.errstate(invalid="ignore"):
        length = nn.clip_grad_norm_(ours, max_norm)
    expected = torch.nn.utils.clip_grad_norm_(theirs, max_norm).item()
    np.testing.assert_allclose(length, expected, rtol=1e-12)
    for p, q in zip(ours, theirs):
        np.testing.assert_allclose(p.grad, q.grad.numpy(), rtol=1e-12)


def test_a_gradient_whose_square_is_too_large_for_float32_is_clipped_all_the_same():
    p = Tensor([0.0, 0.0], requires_grad=True)
    p.grad = np.array([3e25, 4e25], np.float32)
    assert nn.clip_grad_norm_(p, max_norm=1.0) == pytest.approx(5e25)
    np.testing.assert_allclose(p.grad, [0.6, 0.8], rtol=1e-6)


@pytest.mark.parametrize("make", OPTIMIZERS)
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


@pytest.mark.parametrize("twin_of", [copy.deepcopy, lambda pair: pickle.loads(pickle.dumps(pair))])
def test_copies_and_pickles_go_on_learning(twin_of):
    p = parameter(1.0)
    q, optimizer = twin_of((p, nn.SGD([p], lr=0.5)))
    assert optimizer.parameters[0] is q
    q.grad = np.array([1.0])
    optimizer.step()
    assert (q.data[0], p.data[0]) == (0.5, 1.0)


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
        (
            lambda: nn.SGD([np.ones(2)]),
            TypeError,
            r"parameters\[0\]: expected a Tensor, got ndarray",
        ),
        (lambda: nn.SGD(parameter(1.0, 2.0)), TypeError, r"parameters: expected a list .*Tensor"),
        (lambda: nn.SGD(3), TypeError, r"parameters: expected a list .* got int"),
        (lambda: nn.SGD([Tensor([1.0])]), ValueError, "parameters: .* got one without"),
        (lambda: nn.SGD([parameter(1.0) * 2]), ValueError, "got one computed from others"),
        (lambda: nn.Adam([parameter(1.0)], betas=0.9), ValueError, "betas: expected two numbers"),
        (lambda: nn.SGD([parameter(1.0)], lr=-1), ValueError, "lr"),
        (lambda: nn.SGD([parameter(1.0)], lr=np.nan), ValueError, "lr"),
        (lambda: nn.SGD([parameter(1.0)], nesterov=True), ValueError, "momentum"),
        (lambda: nn.Adam([parameter(1.0)], betas=(0.9, 1.0)), ValueError, "betas"),
        (lambda: nn.Adam([parameter(1.0)], eps="tiny"), ValueError, "eps"),
        (lambda: nn.AdamW([parameter(1.0)], betas=(0.9,)), ValueError, "betas"),
        (lambda: nn.RMSprop([parameter(1.0)], alpha=1.0), ValueError, "alpha: .*below 1, got 1.0"),
        (lambda: nn.RMSprop([parameter(1.0)], alpha=-0.5), ValueError, "alpha"),
        (lambda: nn.RMSprop([parameter(1.0)], momentum=np.inf), ValueError, "momentum"),
        (lambda: nn.clip_grad_norm_([parameter(1.0)], -1), ValueError, "max_norm"),
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


def test_an_optimizer_of_one_s_own_needs_only_its_rule():
    class SignDescent(nn.Optimizer):
        def update(self, p, g, t):
            p -= self.lr / t * np.sign(g)

    p = parameter(1.0, 1.0)
    optimizer = SignDescent([p], lr=0.5, weight_decay=0)
    for _ in range(2):
        p.grad = np.array([10.0, -0.1])
        optimizer.step()
    assert p.data.tolist() == [1 - 0.5 - 0.25, 1 + 0.5 + 0.25]
    with pytest.raises(NotImplementedError, match="Optimizer has no update rule"):
        nn.Optimizer([p], lr=0.5, weight_decay=0).step()


def test_a_parameter_that_is_listed_twice_moves_once():
    p = parameter(1.0)
    optimizer = nn.SGD([p, p], lr=0.25)
    p.grad = np.array([1.0])
    optimizer.step()
    assert p.data.tolist() == [0.75]


@pytest.mark.parametrize("make", [nn.SGD, nn.RMSprop, nn.Adam, nn.AdamW])
def test_what_an_optimizer_remembers_can_be_taken_over(make):
    """A second one with the first one's memories makes the very same steps."""

    def step(p, optimizer, g):
        p.grad = np.array([g, -g])
        optimizer.step()

    options = {"momentum": 0.9} if make in (nn.SGD, nn.RMSprop) else {}
    p = parameter(1.0, 2.0)
    first = make([p], **options)
    for g in (1.0, 0.5):
        step(p, first, g)
    kept = first.state_dict()
    q = parameter(*p.data)
    second = make([q], **options)
    second.load_state_dict(kept)
    step(p, first, 0.25)  # must not reach what was kept
    step(q, second, 0.25)
    np.testing.assert_array_equal(p.data, q.data)
    other = make([parameter(1.0)]).state_dict()
    for wrong in (kept | {"memories": [np.zeros(3)]}, {}, None, other):
        with pytest.raises(ValueError, match=f"state: expected the .* of a {make.__name__}"):
            second.load_state_dict(wrong)


def test_clipping_a_module_is_told_what_to_clip():
    with pytest.raises(TypeError, match=r"parameters: expected a list .*, got Linear"):
        nn.clip_grad_norm_(nn.Linear(1, 1), 1.0)
