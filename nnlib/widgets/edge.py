"""Full-batch gradient descent whose sharpness meets its limit: the edge of stability, live.

Training and sharpness are worked out in static/edge. Here are the state that the browser and Python
share, its validation, and the same run by nnlib.
"""

import itertools
from typing import NamedTuple

import numpy as np

import nnlib as nn
from nnlib.widgets import data
from nnlib.widgets.base import Widget
from nnlib.widgets.traits import Checked, floats, formed, number, whole, wrong

# The same ones in static/edge/descent.js.
POINTS, HIDDEN = 20, 20
EVERY = 10  # steps between two measurements of the sharpness
FIRST, LATER = 30, 4  # iterations of a measurement: at the start, and with the last direction at hand
EPSILON = 1e-4  # of the difference of two gradients
MOST, CHANGES = 6000, 100
RATE = 0.01, 2.0
FAR = 1e6  # a run has diverged once a weight is larger
STREAMS = {"weights": 1, "direction": 2}  # of random numbers


def rate_changes(name, value):
    """One learning rate, or rows (step from which it holds, learning rate), as such rows."""
    array = floats(name, value, "a learning rate, or rows (step, learning rate)")
    if array.ndim == 0:
        array = np.array([[0.0, array.item()]])
    if array.ndim != 2 or array.shape[1] != 2 or not 1 <= len(array) <= CHANGES:
        raise wrong(name, f"a learning rate, or 1 to {CHANGES} rows (step, learning rate)", value)
    steps, rates = array.T
    if steps[0] != 0 or np.any(np.diff(steps) <= 0) or np.any(steps % 1) or steps[-1] > MOST:
        raise wrong(name, f"rows whose steps are whole numbers that rise from 0 to {MOST} at most", value)
    if rates.min() < RATE[0] or rates.max() > RATE[1]:
        raise wrong(name, f"learning rates from {RATE[0]:g} to {RATE[1]:g}", value)
    return array.tolist()


formed(rate_changes, "matrix", 1, CHANGES, 2, 2, 0, MOST)


class Run(NamedTuple):
    """What a run has measured: losses (steps + 1,), and the sharpness at the steps measured_at."""

    losses: np.ndarray
    measured_at: np.ndarray
    sharpness: np.ndarray
    network: nn.Sequential


class EdgePlayground(Widget):
    """Gradient descent on all of 20 points at once, and the sharpness of the loss on the way.

    A network of two layers of 20 tanh units learns the Chebyshev polynomial of some degree; the loss
    is half the mean squared error. The sharpness is the largest eigenvalue of its Hessian.

    Parameters
    ----------
    rates : float from 0.01 to 2, or rows (step, learning rate)
        The learning rate; with rows, the one that holds from a step on, the first from step 0.
    momentum : float, 0 to 0.95
    degree : int, 1 to 6
    seed : int, 0 to 1,000,000
        Of the first weights.
    steps : int, 0 to 6,000
        How many steps the run has made.

    Notes
    -----
    All of them are traits that follow the page and can be assigned. `network` is the one that a run
    begins with, and `run()` the run by nnlib's `SGD`. At the edge, where the weights swing, the last
    digits of a sum grow from step to step: page and Python agree on where the sharpness settles, but
    after some hundred steps no longer on the digits of the loss.

    Source: Cohen et al. (2021), Gradient descent on neural networks typically occurs at the edge of
    stability, where the Chebyshev polynomials are taken from too.

    Raises
    ------
    ValueError
        Naming the argument that does not fit, what was expected and what came.

    Examples
    --------
    >>> run = EdgePlayground(0.2).run(steps=20)
    >>> run.measured_at, run.sharpness.round(1)
    (array([ 0, 10, 20]), array([3.2, 3.3, 3.3]))
    """

    _module = "edge"
    _linked = ("rates", "momentum", "degree", "seed", "steps")

    rates = Checked(rate_changes)
    momentum = Checked(number(0, 0.95))
    degree = Checked(whole(1, 6))
    seed = Checked(whole(0, 10**6))
    steps = Checked(whole(0, MOST))

    def __init__(self, rates=0.4, momentum=0.0, degree=4, seed=0, steps=0):
        super().__init__(rates=rates, momentum=momentum, degree=degree, seed=seed, steps=steps)

    @property
    def points(self):
        """The x and y to learn, each of shape (20,)."""
        x = np.linspace(-1, 1, POINTS)
        return x, np.polynomial.chebyshev.chebval(x, [0] * self.degree + [1])

    @property
    def network(self):
        """A new `nn.Sequential` in float64 with the first weights of this seed."""
        sizes = [1, HIDDEN, HIDDEN, 1]
        uniform, parts = data.random(self.seed, STREAMS["weights"]), []
        for n_in, n_out in itertools.pairwise(sizes):
            linear, reach = nn.Linear(n_in, n_out).astype(np.float64), n_in**-0.5
            for parameter in (linear.weight, linear.bias):
                parameter.data[...] = np.reshape(
                    [uniform(-reach, reach) for _ in range(parameter.size)], parameter.shape)
            parts += [linear, nn.Tanh()]
        return nn.Sequential(*parts[:-1])

    def run(self, steps=None):
        """The run by nnlib; `steps` is the trait if None. One that diverges ends early."""
        steps = self.steps if steps is None else whole(0, MOST)("steps", steps)
        x, y = (column[:, None] for column in self.points)
        net = self.network
        parameters = list(net.parameters())
        optimizer = nn.SGD(parameters, lr=self.rates[0][1], momentum=self.momentum)
        rates = {int(step): rate for step, rate in self.rates}
        normal = data.random(self.seed, STREAMS["direction"])
        direction = np.array([data.normal(normal) for p in parameters for _ in range(p.size)])
        direction /= np.linalg.norm(direction)

        def backward():
            optimizer.zero_grad()
            loss = 0.5 * nn.mse_loss(net(x), y)
            loss.backward()
            return loss.item()

        def gradient_at(w):
            for p, part in zip(parameters, np.split(w, ends)):
                p.data[...] = part.reshape(p.shape)
            backward()
            return np.concatenate([p.grad.ravel() for p in parameters])

        def sharpest(v, iterations):
            w = np.concatenate([p.data.ravel() for p in parameters])
            for _ in range(iterations):
                product = (gradient_at(w + EPSILON * v) - gradient_at(w - EPSILON * v)) / (2 * EPSILON)
                value, size = v @ product, np.linalg.norm(product)
                v = product / size if size > 0 else v
            gradient_at(w)
            return value, v

        ends = np.cumsum([p.size for p in parameters])[:-1]
        value, direction = sharpest(direction, FIRST)
        losses, sharpness = [backward()], [value]
        for step in range(steps):
            optimizer.lr = rates.get(step, optimizer.lr)
            optimizer.step()
            losses.append(backward())
            if max(np.abs(p.data).max() for p in parameters) > FAR:
                break
            if (step + 1) % EVERY == 0:
                value, direction = sharpest(direction, LATER)
                sharpness.append(value)
        return Run(np.array(losses), EVERY * np.arange(len(sharpness)), np.array(sharpness), net)

    def static_figure(self):
        """Sharpness with its limit, and loss, over the first 1,000 steps or as many as there are."""
        from matplotlib.figure import Figure

        run = self.run(self.steps or 1000)
        made = len(run.losses) - 1
        begins = [step for step, _ in self.rates] + [made]
        limits = [2 * (1 + self.momentum) / rate for _, rate in self.rates]
        figure = Figure(figsize=(6.4, 5.2), layout="constrained")
        above, below = figure.subplots(2, sharex=True)
        above.plot(run.measured_at, run.sharpness, color="#0f62ab", label="sharpness")
        above.stairs(limits, begins, baseline=None, color="#b84a00", linestyle="--", label="limit")
        above.set(ylabel="sharpness", ylim=(0, 1.3 * max(*limits, run.sharpness[-1])))
        above.legend(loc="lower right")
        below.semilogy(run.losses, color="#00735a", linewidth=1)
        below.set(xlabel="step", ylabel="loss")
        result = (f"sharpness {run.sharpness[-1]:.2g} and limit {limits[-1]:.2g}, loss "
                  f"{run.losses[-1]:.2g}, after {made} steps")
        return figure, (
            f"Above, the sharpness over {made} steps and its limit as a dashed line; below, the loss "
            f"on a logarithmic axis. At the end: {result}."
        ), (
            f"Gradient descent on all points at once with a learning rate of {self.rates[-1][1]:g}: "
            f"{result}. On the page with JavaScript, the rate can be changed during the run."
        )
