"""Saving and loading: what goes in comes out, and a failure changes neither network nor file."""

import os
import zipfile

import numpy as np
import pytest

import nnlib as nn


def net(seed=0, hidden=3):
    return nn.Sequential(nn.Linear(2, hidden, rng=seed), nn.Tanh(), nn.Linear(hidden, 1, rng=seed))


def same(state, other):
    return state.keys() == other.keys() and all(np.array_equal(state[k], other[k]) for k in state)


@pytest.fixture
def saved(tmp_path):
    """A network's file."""
    nn.save(net(), tmp_path / "net.npz")
    return tmp_path / "net.npz"


@pytest.mark.parametrize(
    "build",
    [
        net,
        lambda: net().astype(np.float64),
        lambda: nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)),  # has buffers, one of integers
        nn.Tanh,  # has nothing
    ],
)
def test_what_is_saved_comes_back(tmp_path, build):
    source, target = build(), build()
    for value in vars(source).values():
        if isinstance(value, nn.BatchNorm1d):
            value(np.random.default_rng(0).standard_normal((5, 3)))
    nn.save(source, tmp_path / "w.npz")
    assert nn.load(target, tmp_path / "w.npz") is target
    assert same(source.state_dict(), target.state_dict())
    assert os.listdir(tmp_path) == ["w.npz"]


def test_the_file_is_numpy_s_own_and_needs_no_pickle(saved):
    with np.load(saved, allow_pickle=False) as arrays:
        assert same(dict(arrays), net().state_dict())


def test_the_path_is_taken_as_it_is_and_may_be_text(tmp_path):
    nn.save(net(), str(tmp_path / "weights"))
    assert os.listdir(tmp_path) == ["weights"]
    nn.load(net(1), str(tmp_path / "weights"))


def test_a_file_written_by_numpy_from_pytorch_s_weights_loads(tmp_path):
    torch = pytest.importorskip("torch")
    theirs = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    state = {name: value.numpy() for name, value in theirs.state_dict().items()}
    np.savez_compressed(tmp_path / "net.npz", **state)
    x = np.ones((4, 2), np.float32)
    ours = nn.load(net(), tmp_path / "net.npz")
    np.testing.assert_allclose(ours(x).data, theirs(torch.tensor(x)).detach().numpy(), rtol=1e-5)


def test_an_optimizer_goes_on_from_the_loaded_weights(saved):
    network = net(1)
    optimizer = nn.SGD(network.parameters(), lr=1.0)
    nn.load(network, saved)
    for p in network.parameters():
        p.grad = np.ones(p.shape, np.float32)
    optimizer.step()
    expected = {name: value - 1 for name, value in net().state_dict().items()}
    assert same(network.state_dict(), expected)


# A failing load changes nothing ---------------------------------------------------------------


def fails_to_load(path, words, network=None):
    network = network or net(5)
    before = network.state_dict()
    with pytest.raises(ValueError, match=words) as error:
        nn.load(network, path)
    assert str(path) in str(error.value)
    assert same(network.state_dict(), before)


def test_a_truncated_file_is_refused(saved):
    """Wherever it is cut: never another error, never a half-loaded network."""
    whole = saved.read_bytes()
    for length in [*range(0, len(whole), 7), *range(len(whole) - 30, len(whole))]:
        saved.write_bytes(whole[:length])
        fails_to_load(saved, "truncated or damaged|is empty|is no .npz file")


def test_damaged_bytes_never_change_the_network_without_a_word(saved):
    whole, rng = saved.read_bytes(), np.random.default_rng(0)
    refused = 0
    for place in rng.integers(2, len(whole), 200):
        saved.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        network = net(5)
        before = network.state_dict()
        try:
            nn.load(network, saved)
        except ValueError as error:
            refused += 1
            assert str(saved) in str(error)
            assert same(network.state_dict(), before)
        else:  # a byte that says nothing, such as a date
            assert same(network.state_dict(), net().state_dict())
    assert refused > 60


def test_a_file_that_is_no_npz(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"")
    fails_to_load(path, "is empty")
    path.write_text("weights: 3", encoding="utf-8")
    fails_to_load(path, "is no .npz file")
    with open(path, "wb") as file:
        np.save(file, np.ones(3))
    fails_to_load(path, "is no .npz file")
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("letter.txt", "dear reader")
    fails_to_load(path, "letter.txt holds .*, not real numbers")


def test_a_pytorch_file_is_refused(tmp_path):
    torch = pytest.importorskip("torch")
    torch.save(torch.nn.Linear(2, 1).state_dict(), tmp_path / "net.pt")
    fails_to_load(tmp_path / "net.pt", "not real numbers")


def test_nothing_in_a_file_is_run(tmp_path):
    class Bomb:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "ran"),)

    state = {name: np.array(Bomb(), object) for name in net().state_dict()}
    np.savez(tmp_path / "net.npz", **state)
    fails_to_load(tmp_path / "net.npz", "damaged .*allow_pickle")
    assert not (tmp_path / "ran").exists()


def test_weights_that_do_not_fit(saved, tmp_path):
    fails_to_load(saved, r"0.weight has shape \(3, 2\) instead of \(4, 2\)", net(hidden=4))
    fails_to_load(saved, "1.weight is missing.*2.weight is unexpected", nn.Sequential(
        nn.Linear(2, 3), nn.Linear(3, 1)))  # fmt: skip
    state = net().state_dict()
    for wrong, words in [
        (state["2.bias"].astype(complex), "2.bias holds complex128, not real numbers"),
        (np.array(["a"]), "2.bias holds <U1"),
    ]:
        np.savez(tmp_path / "wrong.npz", **(state | {"2.bias": wrong}))
        fails_to_load(tmp_path / "wrong.npz", words)


def test_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        nn.load(net(), tmp_path / "nowhere.npz")


# A failing save changes nothing ---------------------------------------------------------------


def test_a_save_that_fails_midway_leaves_the_old_file(saved, monkeypatch):
    before = saved.read_bytes()

    def full_disk(file, array, allow_pickle):
        file.write(b"PK half of")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(OSError, match="No space"):
        patched.setattr(np.lib.format, "write_array", full_disk)
        nn.save(net(1), saved)
    assert saved.read_bytes() == before
    assert os.listdir(saved.parent) == [saved.name]
    nn.save(net(1), saved)
    assert same(nn.load(net(), saved).state_dict(), net(1).state_dict())


def test_a_save_to_an_impossible_place_leaves_nothing(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no folder .*missing"):
        nn.save(net(), tmp_path / "missing" / "net.npz")
    with pytest.raises(IsADirectoryError, match="is a folder"):
        nn.save(net(), tmp_path)
    assert os.listdir(tmp_path) == []


def test_a_symbolic_link_stays_one(saved):
    link = saved.with_name("latest.npz")
    link.symlink_to(saved.name)
    nn.save(net(1), link)
    assert link.is_symlink()
    assert same(nn.load(net(), saved).state_dict(), net(1).state_dict())


@pytest.mark.parametrize("call", [nn.save, nn.load])
def test_exchanged_arguments_are_explained(call, saved):
    with pytest.raises(TypeError, match="module: expected a Module, got str"):
        call(str(saved), net())


def test_parameters_may_have_the_names_of_numpys_arguments(tmp_path):
    class Odd(nn.Module):
        def __init__(self, value):
            self.file = nn.Parameter(np.full(2, value))
            self.allow_pickle = nn.Parameter(np.full(3, value))

    nn.save(Odd(1.0), tmp_path / "odd.npz")
    assert same(nn.load(Odd(0.0), tmp_path / "odd.npz").state_dict(), Odd(1.0).state_dict())
