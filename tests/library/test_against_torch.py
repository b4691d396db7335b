"""nnlib computes what PyTorch computes: outputs, gradients and trajectories to 1e-10 in float64."""

import numpy as np
import pytest
from torch_cases import CASES, FIXTURES, KINDS, NETWORKS, flat, part, torch_network

import nnlib as nn


def assert_same(ours, theirs):
    assert ours.keys() == theirs.keys()
    for key, value in theirs.items():
        assert ours[key].shape == value.shape, key
        np.testing.assert_allclose(ours[key], value, rtol=1e-10, atol=1e-10, err_msg=key)


@pytest.fixture(scope="module")
def fixtures():
    with np.load(FIXTURES) as file:
        return dict(file)


@pytest.mark.parametrize("kind, name", CASES)
def test_equals_recorded_results(kind, name, fixtures):
    recorded = part(fixtures, f"{kind}|{name}|")
    assert recorded, f"no fixture for this case: run {FIXTURES.parents[1].name}/torch_cases.py"
    assert_same(KINDS[kind][2](name, recorded), recorded)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("kind, name", CASES)
def test_equals_pytorch_live(kind, name, seed):
    pytest.importorskip("torch")
    _, ask_torch, ask_nnlib = KINDS[kind]
    answer = ask_torch(name, seed)
    assert_same(ask_nnlib(name, answer), answer)


@pytest.mark.parametrize("name", NETWORKS)
def test_state_dict_loads_into_pytorch_and_back(name):
    torch = pytest.importorskip("torch")
    case = NETWORKS[name]
    ours, theirs = case.build(nn).astype(np.float64).eval(), case.build(torch.nn).double().eval()
    assert list(ours.state_dict()) == list(theirs.state_dict())
    theirs.load_state_dict({key: torch.tensor(v) for key, v in ours.state_dict().items()})
    x = np.random.default_rng(0).standard_normal(case.shape)
    for y, expected in zip(flat(ours(x)), flat(theirs(torch.tensor(x)))):
        np.testing.assert_allclose(y.data, expected.detach().numpy(), rtol=1e-10, atol=1e-10)
    back = case.build(nn).astype(np.float64).eval()
    back.load_state_dict(theirs.state_dict())
    for y, expected in zip(flat(back(x)), flat(ours(x))):
        np.testing.assert_array_equal(y.data, expected.data)


def test_recorded_results_are_those_of_the_committed_script(fixtures):
    pytest.importorskip("torch")
    for key, value in torch_network("network", seed=0).items():
        np.testing.assert_allclose(fixtures[f"network|network|{key}"], value, rtol=1e-12)
