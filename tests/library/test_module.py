"""Modules: finding parameters, saving and loading them, and saying what they are."""

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest

import nnlib as nn


def net():
    return nn.Sequential(
        nn.Linear(2, 3, rng=0), nn.Tanh(), nn.Sequential(nn.Linear(3, 1, rng=1, bias=False))
    )


class Shared(nn.Module):
    def __init__(self):
        self.scale = nn.Parameter(np.ones(2, np.float32))
        self.first = nn.Linear(2, 2, rng=0)
        self.second = self.first

    def forward(self, x):
        return self.second(self.first(x)) * self.scale


def test_names_and_shapes_are_those_of_pytorch():
    shapes = {name: value.shape for name, value in net().state_dict().items()}
    assert shapes == {"0.weight": (3, 2), "0.bias": (3,), "2.0.weight": (1, 3)}
    assert list(Shared().state_dict()) == [
        "scale", "first.weight", "first.bias", "second.weight", "second.bias"
    ]  # fmt: skip


def test_a_shared_parameter_is_listed_once():
    assert [p.shape for p in Shared().parameters()] == [(2,), (2, 2), (2,)]


def test_state_dict_is_a_copy():
    network = net()
    state = network.state_dict()
    state["0.bias"][:] = 7
    assert not np.any(network[0].bias.data == 7)


def test_load_state_dict():
    source, target = net(), net()
    source[0].bias.data[:] = 5
    target.load_state_dict(source.state_dict())
    np.testing.assert_array_equal(target[0].bias.data, [5, 5, 5])
    assert target[0].bias.data is not source[0].bias.data


def test_loading_what_does_not_fit_changes_nothing():
    network = net()
    before = network.state_dict()
    wrong = network.state_dict() | {"0.bias": np.zeros(4), "extra": np.zeros(1)}
    wrong["0.weight"] = np.full((3, 2), 9.0)
    del wrong["2.0.weight"]
    with pytest.raises(ValueError) as error:
        network.load_state_dict(wrong)
    assert "2.0.weight is missing" in str(error.value)
    assert "extra is unexpected" in str(error.value)
    assert "0.bias has shape (4,) instead of (3,)" in str(error.value)
    for name, value in network.state_dict().items():
        np.testing.assert_array_equal(value, before[name])


def test_astype_and_dtype_errors():
    network = net()
    assert network(np.ones((1, 2))).dtype == np.float32
    assert network.astype(np.float64)(np.ones((1, 2))).dtype == np.float64
    with pytest.raises(ValueError, match=r"float64 weights, got a float32 tensor.*astype"):
        network(nn.Tensor([[1.0, 2.0]]))
    with pytest.raises(TypeError, match="dtype: expected float32 or float64, got int64"):
        network.astype(int)


def test_train_and_eval_reach_the_children():
    network = net()
    assert network.training
    network.eval()
    assert not network[2][0].training
    network.train()
    assert network[2][0].training


def test_repr_shows_structure_and_counts():
    assert repr(net()) == (
        "Sequential(\n"
        "  (0): Linear(2, 3)  # 9 parameters\n"
        "  (1): Tanh()\n"
        "  (2): Sequential(\n"
        "    (0): Linear(3, 1, bias=False)  # 3 parameters\n"
        "  )  # 3 parameters\n"
        ")  # 12 parameters"
    )
    assert repr(nn.LeakyReLU(0.2)) == "LeakyReLU(0.2)"
    assert repr(nn.Softmax(dim=1)) == "Softmax(dim=1)"


def test_copies_and_pickles():
    network, x = net(), np.ones((2, 2))
    for twin in (copy.deepcopy(network), pickle.loads(pickle.dumps(network))):
        np.testing.assert_array_equal(twin(x).data, network(x).data)
        twin[0].bias.data += 1
        assert not np.array_equal(twin(x).data, network(x).data)


def test_sequential():
    network = net()
    assert len(network) == 3
    assert isinstance(network[1], nn.Tanh)
    with pytest.raises(TypeError, match="place 1"):
        nn.Sequential(nn.Tanh(), np.tanh)


def test_a_slice_of_a_sequential_is_one():
    network, x = net(), np.ones((1, 2))
    np.testing.assert_array_equal(network[:2](x).data, network[1](network[0](x)).data)


@pytest.mark.parametrize(
    "kind",
    [
        lambda m: [m], lambda m: (1, m), lambda m: {"first": m}, lambda m: [[m]], lambda m: {m},
        lambda m: {"deep": ({"er": [m]},)}, lambda m: frozenset([m.weight]),
    ],
)  # fmt: skip
def test_modules_in_a_list_would_not_learn_and_are_refused(kind):
    class Listed(nn.Module):
        def __init__(self):
            self.layers = kind(nn.Linear(1, 1))

    with pytest.raises(TypeError, match="layers: modules and parameters in a"):
        Listed()


@pytest.mark.parametrize(
    "use", [nn.Module.parameters, nn.Module.state_dict, nn.Module.eval, lambda m: m.astype(float)]
)
def test_a_list_that_was_filled_later_is_noticed(use):
    class Listed(nn.Module):
        def __init__(self):
            self.layers, self.sizes = [], [1, [2, 3]]
            self.layers.append(nn.Linear(1, 1))

    with pytest.raises(TypeError, match="layers: modules and parameters in a list are not found"):
        use(Listed())


@pytest.mark.parametrize(
    "name, value, dtype",
    [
        ("weight", np.full(2, 1e300), "float32"),
        ("running_var", np.full(2, -1e39), "float32"),
        ("num_batches_tracked", np.array(1.7), "int64"),
        ("num_batches_tracked", np.array(np.nan), "int64"),
        ("num_batches_tracked", np.array(1e30), "int64"),
    ],
)
def test_a_state_that_would_change_on_the_way_in_is_refused(name, value, dtype):
    layer = nn.BatchNorm1d(2)
    before = layer.state_dict()
    with pytest.raises(ValueError, match=f"{name} holds numbers that are none of {dtype}"):
        layer.load_state_dict(before | {"bias": np.ones(2), name: value})
    assert all(np.array_equal(before[key], value) for key, value in layer.state_dict().items())
    layer.load_state_dict(before | {name: np.asarray(before[name], float)})


def test_a_network_from_another_process_goes_on_learning(tmp_path):
    """Its parameters were counted by another process, and may look younger than what they make."""
    script = (
        "import pickle, nnlib as nn\n"
        "for _ in range(1000): nn.Tensor([1.0])\n"
        f"pickle.dump(nn.Linear(2, 1, rng=0), open({str(tmp_path / 'net')!r}, 'wb'))"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
    script = (
        f"import pickle; net = pickle.load(open({str(tmp_path / 'net')!r}, 'rb'))\n"
        "(net([[1.0, 2.0]]) * 3).sum().backward(); print(net.weight.grad.tolist())"
    )
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[[3.0, 6.0]]"


def test_a_module_without_forward_says_so():
    class Empty(nn.Module):
        pass

    with pytest.raises(NotImplementedError, match="Empty has no forward"):
        Empty()(1)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: nn.Linear(0, 3), "in_features"),
        (lambda: nn.Linear(3, 2.5), "out_features"),
        (lambda: nn.Linear(3, 2)(np.ones((4, 2))), r"shape \(\.\.\., 3\), got \(4, 2\)"),
        (lambda: nn.Linear(3, 2)(1.0), "got"),
    ],
)
def test_linear_errors(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_linear_starts_as_pytorch_does_and_repeats_with_its_rng():
    weights = nn.Linear(100, 400, rng=0).weight.data
    assert np.abs(weights).max() <= 0.1
    assert np.std(weights) == pytest.approx(0.1 / np.sqrt(3), rel=0.02)
    np.testing.assert_array_equal(weights, nn.Linear(100, 400, rng=0).weight.data)
    rng = np.random.default_rng(0)
    a, b = nn.Linear(2, 2, rng=rng), nn.Linear(2, 2, rng=rng)
    assert not np.array_equal(a.weight.data, b.weight.data)


@pytest.mark.parametrize("function", [nn.sigmoid, nn.tanh, nn.softmax, nn.gelu, nn.relu])
def test_activations_of_huge_inputs_stay_finite(function):
    with np.errstate(all="raise", under="ignore"):
        y = function(np.array([[-1e30, -700.0, 0.0, 700.0, 1e30]]))
    assert np.isfinite(y.data).all()


def test_softmax_sums_to_one_along_its_axis():
    x = np.random.default_rng(0).standard_normal((3, 4, 5))
    for dim in (0, 1, -1):
        np.testing.assert_allclose(nn.softmax(x, dim).data.sum(axis=dim), 1)
    x = nn.Tensor(x[0], requires_grad=True)
    assert nn.gradcheck(lambda x: nn.softmax(x, 0), [x])


@pytest.mark.parametrize(
    "value, kind",
    [(["a", "b", "c"], "<U1"), (np.ones(3) * 1j, "complex128"), ([[1], [1, 2], []], "object")],
)
def test_weights_that_are_no_real_numbers_change_nothing(value, kind):
    network = net()
    before = network.state_dict()
    with pytest.raises(ValueError, match=f"0.bias holds {kind}, not real numbers"):
        network.load_state_dict({name: v + 1 for name, v in before.items()} | {"0.bias": value})
    with pytest.raises(TypeError, match="state: expected a dict of arrays, got list"):
        network.load_state_dict(list(before.values()))
    for name, array in network.state_dict().items():
        np.testing.assert_array_equal(array, before[name])


def test_what_an_input_is_is_said_precisely():
    layer = nn.Linear(2, 3, rng=0)
    with pytest.raises(ValueError) as error:
        layer(nn.Tensor([[1, 2]]))
    assert str(error.value) == (
        "x: Linear(2, 3) has float32 weights, got a int64 tensor; "
        "convert the tensor, Tensor(x.data.astype(np.float32))"
    )
    with np.errstate(over="ignore"):
        with pytest.raises(ValueError, match=r"within ±3.4e\+38, the range of float32, got 1e\+39"):
            layer(np.array([[1.0, -1e39]]))
    with pytest.raises(ValueError, match="got 1 that are nan or infinite"):
        layer(np.array([[1.0, np.inf]]))
    with np.errstate(over="ignore"):
        assert np.isfinite(layer(np.array([[1e30, 0.0]])).data).all()


@pytest.mark.parametrize("shape", [(0, 2), (0, 4, 2), (4, 0, 2)])
def test_empty_batches_are_named(shape):
    with pytest.raises(ValueError) as error:
        nn.Linear(2, 3)(np.empty(shape))
    assert str(error.value) == (
        f"x: Linear(2, 3) expects shape (..., 2), got {shape}, which is empty"
    )


def test_a_pair_is_not_a_whole_number():
    for size in ((3, 3), (), True, [4]):
        with pytest.raises(ValueError, match="expected a whole number of at least 1"):
            nn.LayerNorm(size)
        with pytest.raises(ValueError, match="expected a whole number of at least 1"):
            nn.Embedding(size, 2)
