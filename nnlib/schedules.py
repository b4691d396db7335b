"""Learning-rate schedules: the learning rate as a function of the epoch.

A schedule goes into `fit(..., callbacks=[schedule])`, or its `step()` is called after each epoch of a
loop written by hand. Each computes the learning rate from the optimizer's first one and the epoch
alone, so an optimizer has one schedule; `SequentialLR` joins several.
"""

import math
from bisect import bisect_right

from nnlib.optim import Optimizer
from nnlib.training import Callback
from nnlib.validation import NOT_NEGATIVE, POSITIVE, PROBABILITY, at_least, instance, number


class LRScheduler(Callback):
    """What all schedules share; a subclass writes only its rule, `lr_at`."""

    def __init__(self, optimizer):
        instance(Optimizer, optimizer=optimizer)
        # Kept with the optimizer, for a second schedule must not start from what the first has set.
        vars(optimizer).setdefault("initial_lr", optimizer.lr)
        self.optimizer, self.initial_lr, self.last_epoch = optimizer, optimizer.initial_lr, 0
        optimizer.lr = self.lr_at(0)

    def lr_at(self, epoch):
        """The learning rate after `epoch` epochs."""
        raise NotImplementedError(f"{type(self).__name__} has no rule")

    def step(self):
        """An epoch is over: set the learning rate of the next one."""
        self.last_epoch += 1
        self.optimizer.lr = self.lr_at(self.last_epoch)

    def on_epoch_end(self, network, history):
        self.step()


class StepLR(LRScheduler):
    """The learning rate times `gamma` after every `step_size` epochs.

    >>> from nnlib import SGD, Parameter
    >>> schedule = StepLR(SGD([Parameter([1.0])], lr=0.8), step_size=2, gamma=0.5)
    >>> [schedule.lr_at(epoch) for epoch in range(5)]
    [0.8, 0.8, 0.4, 0.4, 0.2]
    """

    def __init__(self, optimizer, step_size, gamma=0.1):
        at_least(1, step_size=step_size)
        number(NOT_NEGATIVE, gamma=gamma)
        self.step_size, self.gamma = step_size, float(gamma)
        super().__init__(optimizer)

    def lr_at(self, epoch):
        return self.initial_lr * self.gamma ** (epoch // self.step_size)


class CosineAnnealingLR(LRScheduler):
    """Half a wave of the cosine: from the first learning rate down to `eta_min` in `T_max` epochs.

    After that the wave goes on, up again. Source: Loshchilov and Hutter (2017), SGDR: stochastic
    gradient descent with warm restarts.
    """

    def __init__(self, optimizer, T_max, eta_min=0.0):
        at_least(1, T_max=T_max)
        number(NOT_NEGATIVE, eta_min=eta_min)
        self.T_max, self.eta_min = T_max, float(eta_min)
        super().__init__(optimizer)

    def lr_at(self, epoch):
        height = (1 + math.cos(math.pi * epoch / self.T_max)) / 2
        return self.eta_min + (self.initial_lr - self.eta_min) * height


class LinearLR(LRScheduler):
    """Warm-up: a factor that goes from `start_factor` to `end_factor` in `total_iters` epochs.

    Source: Goyal et al. (2017), Accurate, large minibatch SGD: training ImageNet in 1 hour.
    """

    def __init__(self, optimizer, start_factor=1 / 3, end_factor=1.0, total_iters=5):
        at_least(1, total_iters=total_iters)
        number(POSITIVE, start_factor=start_factor)
        number(PROBABILITY, start_factor=start_factor, end_factor=end_factor)
        self.start_factor, self.end_factor = float(start_factor), float(end_factor)
        self.total_iters = total_iters
        super().__init__(optimizer)

    def lr_at(self, epoch):
        done = min(epoch / self.total_iters, 1)
        return self.initial_lr * (self.start_factor + (self.end_factor - self.start_factor) * done)


class SequentialLR(LRScheduler):
    """One schedule after the other; `milestones` are the epochs in which the next one begins.

    Warm-up, then a cosine:

    >>> from nnlib import SGD, Parameter
    >>> optimizer = SGD([Parameter([1.0])], lr=0.5)
    >>> warmup = LinearLR(optimizer, start_factor=0.2, total_iters=2)
    >>> cosine = CosineAnnealingLR(optimizer, T_max=2)
    >>> schedule = SequentialLR(optimizer, [warmup, cosine], milestones=[2])
    >>> [round(schedule.lr_at(epoch), 3) for epoch in range(5)]
    [0.1, 0.3, 0.5, 0.25, 0.0]
    """

    def __init__(self, optimizer, schedulers, milestones):
        self.schedulers, self.milestones = list(schedulers), list(milestones)
        at_least(1, **{f"milestones[{i}]": m for i, m in enumerate(self.milestones)})
        if len(self.milestones) != len(self.schedulers) - 1:
            raise ValueError(
                f"milestones: expected one less than there are schedulers ({len(self.schedulers)}), "
                f"got {len(self.milestones)}"
            )
        if sorted(set(self.milestones)) != self.milestones:
            raise ValueError(f"milestones: expected increasing epochs, got {self.milestones}")
        for i, schedule in enumerate(self.schedulers):
            if not isinstance(schedule, LRScheduler) or schedule.optimizer is not optimizer:
                raise ValueError(f"schedulers[{i}]: expected a schedule of the same optimizer")
        super().__init__(optimizer)

    def lr_at(self, epoch):
        i = bisect_right(self.milestones, epoch)
        return self.schedulers[i].lr_at(epoch - (self.milestones[i - 1] if i else 0))
