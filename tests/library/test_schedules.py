"""Schedules by hand; their learning rates are compared with PyTorch's in test_against_torch.py."""

import numpy as np
import pytest

import nnlib as nn


def optimizer(lr=0.5):
    return nn.SGD([nn.Parameter(np.zeros(1))], lr=lr)


def rates(schedule, epochs):
    """The learning rate in each epoch of a loop."""
    found = []
    for _ in range(epochs):
        found.append(schedule.optimizer.lr)
        schedule.step()
    return found


def test_by_hand():
    assert rates(nn.StepLR(optimizer(0.8), 2, gamma=0.5), 5) == [0.8, 0.8, 0.4, 0.4, 0.2]
    # factors 1/2, 3/4, 1, 1
    warmup = nn.LinearLR(optimizer(0.8), start_factor=0.5, total_iters=2)
    assert rates(warmup, 4) == pytest.approx([0.4, 0.6, 0.8, 0.8])
    # (1 + cos(0, 60°, 120°, 180°)) / 2 = 1, 3/4, 1/4, 0
    cosine = nn.CosineAnnealingLR(optimizer(0.9), T_max=3, eta_min=0.1)
    assert rates(cosine, 4) == pytest.approx([0.9, 0.7, 0.3, 0.1])


def test_fit_takes_a_step_after_each_epoch():
    net = nn.Linear(1, 1, rng=0)
    sgd = nn.SGD(net.parameters(), lr=0.1)
    seen = []

    class Watch(nn.Callback):
        def on_epoch_end(self, network, history):
            seen.append(sgd.lr)

    data = (np.zeros((4, 1)), np.zeros(4))
    schedule = nn.StepLR(sgd, step_size=2, gamma=0.5)
    nn.fit(net, data, loss=nn.mse_loss, optimizer=sgd, epochs=5, callbacks=[Watch(), schedule],
           progress=False)  # fmt: skip
    assert seen == [0.1, 0.1, 0.05, 0.05, 0.025]
    assert schedule.last_epoch == 5


@pytest.mark.parametrize("make", [nn.SGD, nn.RMSprop, nn.Adam, nn.AdamW])
def test_every_optimizer_obeys(make):
    """A learning rate of 0 from the second epoch on: nothing moves any more."""
    p = nn.Parameter(np.ones(3))
    used = make([p], lr=0.1)
    schedule = nn.StepLR(used, step_size=1, gamma=0.0)
    p.grad = np.ones(3)
    used.step()
    assert (p.data < 1).all()
    schedule.step()
    before = p.data.copy()
    used.step()
    np.testing.assert_array_equal(p.data, before)


def test_a_second_schedule_starts_from_the_optimizer_s_own_rate():
    used = optimizer(0.6)
    nn.LinearLR(used)
    assert used.lr == pytest.approx(0.2)
    nn.StepLR(used, step_size=5)
    assert used.lr == 0.6


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda o: nn.StepLR(0.1, 2), TypeError, "optimizer: expected an Optimizer, got float"),
        (lambda o: nn.StepLR(o, 0), ValueError, "step_size"),
        (lambda o: nn.StepLR(o, 2.5), ValueError, "step_size"),
        (
            lambda o: nn.StepLR(o, 2, gamma=-1),
            ValueError,
            "gamma: expected a finite number of at least 0",
        ),
        (lambda o: nn.CosineAnnealingLR(o, 0), ValueError, "T_max"),
        (lambda o: nn.CosineAnnealingLR(o, 5, eta_min=np.nan), ValueError, "eta_min"),
        (lambda o: nn.LinearLR(o, start_factor=0), ValueError, "start_factor.*above 0"),
        (
            lambda o: nn.LinearLR(o, start_factor=1.5),
            ValueError,
            "start_factor: expected a number from 0 to 1",
        ),
        (lambda o: nn.LinearLR(o, end_factor="1"), ValueError, "end_factor"),
        (lambda o: nn.LinearLR(o, total_iters=0), ValueError, "total_iters"),
        (lambda o: nn.SequentialLR(o, [nn.StepLR(o, 2)], [3]), ValueError, "one less"),
        (
            lambda o: nn.SequentialLR(o, [nn.StepLR(o, 2)] * 3, [5, 3]),
            ValueError,
            "increasing epochs",
        ),
        (
            lambda o: nn.SequentialLR(o, [nn.StepLR(o, 2)] * 2, [0]),
            ValueError,
            r"milestones\[0\]",
        ),
        (
            lambda o: nn.SequentialLR(o, [nn.StepLR(optimizer(), 2)], []),
            ValueError,
            r"schedulers\[0\].*same optimizer",
        ),
    ],
)
def test_bad_settings_are_named(call, error, words):
    with pytest.raises(error, match=words):
        call(optimizer())


def test_a_schedule_without_a_rule_says_so():
    class Empty(nn.LRScheduler):
        pass

    with pytest.raises(NotImplementedError, match="Empty has no rule"):
        Empty(optimizer())
