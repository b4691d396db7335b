"""The training loop: batches, what it measures, when it stops, what it does when it diverges."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnlib as nn


@given(n=st.integers(1, 40), size=st.integers(1, 50), seed=st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_batches_hold_every_sample_once_and_keep_pairs(n, size, seed):
    X, y = np.arange(2 * n).reshape(n, 2), np.arange(n)
    got = list(nn.batches(X, y, batch_size=size, rng=seed))
    assert [len(xb) for xb, _ in got] == [size] * (n // size) + ([n % size] if n % size else [])
    xs, ys = (np.concatenate(part) for part in zip(*got))
    np.testing.assert_array_equal(xs[:, 0] // 2, ys)
    np.testing.assert_array_equal(np.sort(ys), y)


def test_batches_are_drawn_by_rng():
    def order(rng):
        return np.concatenate([b for (b,) in nn.batches(np.arange(50), batch_size=7, rng=rng)])

    np.testing.assert_array_equal(order(3), order(3))
    rng = np.random.default_rng(3)
    assert not np.array_equal(order(rng), order(rng))
    unshuffled = [b.tolist() for (b,) in nn.batches([1, 2, 3], batch_size=2, shuffle=False)]
    assert unshuffled == [[1, 2], [3]]


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: nn.batches([1, 2], [1], batch_size=1), r"lengths \[2, 1\]"),
        (lambda: nn.batches([], batch_size=1), "above 0"),
        (lambda: nn.batches(batch_size=1), "arrays"),
        (lambda: nn.batches(3, batch_size=1), "above 0"),
        (lambda: nn.batches([1, 2], batch_size=0), "batch_size"),
        (lambda: nn.batches([1], [[1], [1, 2]][:1], [[[1], [1, 2]]], batch_size=1), r"arrays\[2\]"),
    ],
)
def test_batches_complain_at_once(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def regression(seed=0, n=40):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, 3))
    return X, X @ [1.0, -2.0, 0.5] + 3.0


def train(net, data, lr=0.1, loss=nn.mse_loss, **settings):
    settings = {"optimizer": nn.SGD(net.parameters(), lr=lr)} | settings
    return nn.fit(net, data, loss=loss, progress=False, **settings)


def test_fit_finds_the_line_that_made_the_data():
    net = nn.Linear(3, 1, rng=0)
    history = train(net, regression(), epochs=60, batch_size=10, rng=0)
    np.testing.assert_allclose(net.weight.data, [[1.0, -2.0, 0.5]], atol=1e-4)
    np.testing.assert_allclose(net.bias.data, [3.0], atol=1e-4)
    assert len(history) == 60
    assert history.loss[-1] < 1e-6 < history.loss[0]
    assert history.validation_loss == []


def test_fit_is_the_loop_written_out():
    X, y = regression()
    by_fit, by_hand = nn.Linear(3, 1, rng=0), nn.Linear(3, 1, rng=0)
    history = train(by_fit, (X, y), epochs=3, batch_size=7, rng=5)

    optimizer, rng = nn.SGD(by_hand.parameters(), lr=0.1), np.random.default_rng(5)
    for epoch in range(3):
        total = 0.0
        for xb, yb in nn.batches(X, y, batch_size=7, rng=rng):
            optimizer.zero_grad()
            loss = nn.mse_loss(by_hand(xb), yb)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(xb)
        assert history.loss[epoch] == pytest.approx(total / len(X))
    np.testing.assert_array_equal(by_fit.weight.data, by_hand.weight.data)


def test_validation_is_measured_after_each_epoch_and_changes_nothing():
    data, validation = regression(), regression(1)
    with_it, without = nn.Linear(3, 1, rng=0), nn.Linear(3, 1, rng=0)
    history = train(with_it, data, epochs=4, validation=validation, rng=0)
    train(without, data, epochs=4, rng=0)
    np.testing.assert_array_equal(with_it.weight.data, without.weight.data)
    last = nn.mse_loss(with_it(validation[0]), validation[1]).item()
    assert history.validation_loss[-1] == pytest.approx(last)
    assert len(history.validation_loss) == 4


class Scripted(nn.Module):
    """Its validation loss follows a script, to test what watches it."""

    def __init__(self, losses):
        self.w = nn.Parameter(np.zeros(1))
        self.losses = iter(losses)

    def forward(self, x):
        if self.training:
            return self.w * 0 + 1.0
        self.w.data[:] += 1  # the number of the epoch
        return self.w * 0 + next(self.losses)


def scripted_loss(prediction, target):
    return prediction.sum()


def test_early_stopping_keeps_the_best_epoch():
    net = Scripted([5.0, 3.0, 4.0, 2.0, 3.0, 3.0, 3.0, 1.0])
    stopping = nn.EarlyStopping(patience=3)
    data = (np.zeros((1, 1)), np.zeros(1))
    history = train(net, data, loss=scripted_loss, epochs=20, validation=data, callbacks=[stopping])
    assert len(history) == 7
    assert (stopping.best_epoch, stopping.best_loss) == (4, 2.0)
    assert net.w.data[0] == 4


def test_early_stopping_min_delta_and_second_use():
    stopping = nn.EarlyStopping(patience=2, min_delta=0.5)
    data = (np.zeros((1, 1)), np.zeros(1))
    for _ in range(2):  # a second training starts afresh
        net = Scripted([5.0, 4.9, 4.8, 4.7])
        history = train(
            net, data, loss=scripted_loss, epochs=20, validation=data, callbacks=[stopping]
        )
        assert (len(history), stopping.best_epoch) == (3, 1)


def test_the_best_weights_return_even_if_epochs_run_out():
    net = Scripted([1.0, 2.0, 3.0])
    data = (np.zeros((1, 1)), np.zeros(1))
    train(net, data, loss=scripted_loss, epochs=3, validation=data, callbacks=[nn.EarlyStopping(9)])
    assert net.w.data[0] == 1


def test_early_stopping_watches_the_training_loss_without_validation():
    net = nn.Linear(3, 1, rng=0)
    stopping = nn.EarlyStopping(4, min_delta=0.01)
    history = train(net, regression(), lr=0.0, epochs=50, callbacks=[stopping])
    assert len(history) < 50


def test_all_callbacks_are_called():
    class Count(nn.Callback):
        epochs = ends = 0

        def on_epoch_end(self, network, history):
            assert not network.training
            self.epochs += 1
            return self.epochs == 2

        def on_train_end(self, network, history):
            self.ends += 1

    one, two = Count(), Count()
    train(nn.Linear(3, 1, rng=0), regression(), epochs=9, callbacks=[one, two])
    assert (one.epochs, two.epochs, one.ends, two.ends) == (2, 2, 1, 1)


def test_callbacks_may_come_from_a_generator():
    stopping = (callback for callback in [nn.EarlyStopping(1, min_delta=0.01)])
    history = train(nn.Linear(3, 1, rng=0), regression(), lr=0.0, epochs=9, callbacks=stopping)
    assert len(history) == 2


def test_early_stopping_leaves_the_next_network_alone():
    stopping, other = nn.EarlyStopping(), nn.Linear(3, 1, rng=1)
    train(nn.Linear(3, 1, rng=0), regression(), epochs=2, callbacks=[stopping])
    before = other.weight.data.copy()
    train(other, regression(), epochs=0, callbacks=[stopping])
    np.testing.assert_array_equal(other.weight.data, before)


def test_early_stopping_keeps_the_best_of_an_interrupted_training():
    class Interrupt(nn.Callback):
        def on_epoch_end(self, network, history):
            if len(history) == 3:
                raise KeyboardInterrupt

    net, data = Scripted([5.0, 3.0, 4.0, 2.0]), (np.zeros((1, 1)), np.zeros(1))
    callbacks = [nn.EarlyStopping(patience=3), Interrupt()]
    with pytest.raises(KeyboardInterrupt):
        train(net, data, loss=scripted_loss, epochs=9, validation=data, callbacks=callbacks)
    assert net.w.data[0] == 2
    assert not net.training


class Explodes(nn.Module):
    """Batch normalization and a line, whose inputs become huge in the batch of that number."""

    def __init__(self, batch):
        self.norm, self.line, self.left = nn.BatchNorm1d(3), nn.Linear(3, 1, rng=0), batch

    def forward(self, x):
        self.left -= self.training
        return self.line(self.norm(x) * (1e30 if self.left == 0 else 1.0))


@pytest.mark.parametrize("make", [partial(nn.SGD, momentum=0.9), nn.Adam, nn.RMSprop])
def test_divergence_goes_back_to_the_last_whole_epoch(make):
    """Weights, running means, the optimizer's memories: as if the bad epoch had not begun."""
    data = regression()
    net, twin = Explodes(batch=7), Explodes(batch=np.inf)
    optimizer, other = make(net.parameters(), lr=0.01), make(twin.parameters(), lr=0.01)
    with pytest.raises(FloatingPointError, match=(
            r"the loss became inf in epoch 3, step 1; .* after 2 epochs.*lr=0.01")):
        train(net, data, optimizer=optimizer, epochs=9, batch_size=14, rng=0)
    train(twin, data, optimizer=other, epochs=2, batch_size=14, rng=0)
    for step in ("restored", "goes on"):
        for (name, a), b in zip(net.state_dict().items(), twin.state_dict().values()):
            np.testing.assert_array_equal(a, b, err_msg=f"{step}: {name}")
        for network, its in ((net, optimizer), (twin, other)):
            train(network, data, optimizer=its, epochs=1, batch_size=40, rng=1)


def test_divergence_in_the_first_epoch_goes_back_to_the_start():
    net = nn.Linear(3, 1, rng=0)
    before = net.state_dict()
    with pytest.raises(FloatingPointError, match=r"epoch 1, step \d+.* after 0 epochs.*lr=1e\+15"):
        train(net, regression(), lr=1e15, epochs=100, batch_size=1)
    assert all(np.array_equal(before[name], a) for name, a in net.state_dict().items())


def test_early_stopping_takes_the_optimizer_back_too():
    net = nn.Linear(3, 1, rng=0)
    optimizer, stopping = nn.SGD(net.parameters(), lr=0.3, momentum=0.9), nn.EarlyStopping(2)
    train(net, regression(), optimizer=optimizer, epochs=50, callbacks=[stopping], rng=0)
    twin = nn.Linear(3, 1, rng=0)
    other = nn.SGD(twin.parameters(), lr=0.3, momentum=0.9)
    train(twin, regression(), optimizer=other, epochs=stopping.best_epoch, rng=0)
    np.testing.assert_array_equal(net.weight.data, twin.weight.data)
    np.testing.assert_array_equal(*(o.state_dict()["memories"][0] for o in (optimizer, other)))


def test_a_last_step_that_overflows_is_noticed():
    net = nn.Linear(3, 1, rng=0)
    start = net.weight.data.copy()
    with pytest.raises(FloatingPointError, match="weights became infinite in epoch 1, step 1"):
        train(net, regression(), lr=3e38, epochs=1, batch_size=40)
    np.testing.assert_array_equal(net.weight.data, start)
    assert not net.training


def test_fit_leaves_the_network_ready_to_predict():
    net = nn.Linear(3, 1, rng=0)
    train(net, regression(), epochs=1)
    assert not net.training


def test_zero_epochs():
    history = train(nn.Linear(3, 1, rng=0), regression(), epochs=0)
    assert repr(history) == "History(0 epochs)"


def test_history_says_how_it_went():
    history = nn.History([2.0, 1.0], [3.0, 1.5])
    assert repr(history) == "History(2 epochs, loss 2 -> 1, validation 3 -> 1.5)"


def test_a_progress_bar_waits_five_seconds_and_stays(monkeypatch):
    bars = []
    monkeypatch.setattr("tqdm.tqdm", lambda epochs, **options: bars.append(options) or epochs)
    for progress in (True, False):
        net = nn.Linear(3, 1, rng=0)
        optimizer = nn.SGD(net.parameters())
        nn.fit(
            net, regression(), loss=nn.mse_loss, optimizer=optimizer, epochs=2, progress=progress
        )
    assert [bar["delay"] for bar in bars] == [5]
    assert bars[0].get("leave", True)  # one that goes leaves an empty error output in a notebook


@pytest.mark.parametrize(
    "settings, words",
    [
        ({"data": regression()[0]}, r"data: expected a pair \(X, y\), got ndarray"),
        ({"data": (np.ones((3, 3)), np.ones(2))}, "data: expected X and y of equal length"),
        ({"data": (np.ones((0, 3)), np.ones(0))}, "data"),
        ({"data": (np.full((2, 3), np.nan), np.ones(2))}, "6 that are nan or infinite"),
        ({"data": (np.ones((2, 3)), [1.0, np.nan])}, "data, y: expected finite numbers, got 1"),
        ({"validation": (np.ones((3, 3)), np.ones(2))}, "validation"),
        ({"epochs": -1}, "epochs"),
        ({"epochs": 1.5}, "epochs"),
        ({"batch_size": 0}, "batch_size"),
        (
            {"optimizer": nn.SGD(nn.Linear(3, 1).parameters())},
            "optimizer: expected one of this network's parameters",
        ),
    ],
)
def test_bad_arguments_are_named(settings, words):
    settings = {"data": regression(), "epochs": 1} | settings
    with pytest.raises(ValueError, match=words):
        train(nn.Linear(3, 1, rng=0), **settings)


@pytest.mark.parametrize("patience", [0, 1.5])
def test_patience_is_checked(patience):
    with pytest.raises(ValueError, match="patience"):
        nn.EarlyStopping(patience)


@pytest.mark.parametrize(
    "settings, words",
    [
        ({"optimizer": nn.SGD}, "optimizer: expected an Optimizer, got type"),
        ({"callbacks": nn.EarlyStopping()}, "callbacks: expected a list, got EarlyStopping"),
        ({"callbacks": [print]}, r"callbacks\[0\]: expected a Callback, got builtin_function"),
        ({"loss": lambda p, t: 3.0}, "loss: expected .* Tensor with one element, got a float"),
        ({"loss": lambda p, t: p}, r"loss: .* got a Tensor of shape \(32, 1\)"),
    ],
)
def test_arguments_of_another_kind_are_named(settings, words):
    with pytest.raises(TypeError, match=words):
        train(nn.Linear(3, 1, rng=0), **{"data": regression(), "epochs": 1} | settings)
    with pytest.raises(TypeError, match="network: expected a Module, got function"):
        nn.fit(train, regression(), loss=nn.mse_loss, optimizer=None, epochs=1)


def test_an_infinite_validation_loss_is_noticed():
    net = nn.Linear(3, 1, rng=0)
    X, y = regression()
    with pytest.raises(FloatingPointError, match="the validation loss became inf in epoch 1, step"):
        train(net, (X, y), epochs=3, validation=(X * 1e30, y))
    assert np.isfinite(net.weight.data).all()
    assert not net.training


@pytest.mark.parametrize("min_delta", [-1, "1", np.nan])
def test_min_delta_is_checked(min_delta):
    with pytest.raises(ValueError, match="min_delta"):
        nn.EarlyStopping(5, min_delta)
