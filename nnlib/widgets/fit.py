"""A curve through noisy points: what a larger model, more data and regularization do to its error.

Points, features and fits are worked out in static/fit. Here are the state that the browser and
Python share, its validation, and the same fits by numpy.
"""

import numpy as np
from numpy.polynomial import legendre

from nnlib.widgets import data
from nnlib.widgets.base import Widget
from nnlib.widgets.traits import Checked, boolean, number, one_of, whole

DEGREE = 0, 40
WIDTH = 1, 200
POINTS = 5, 30
NOISE = 0.0, 1.0
PENALTY = 0.0, 10.0
STEPS = 1, 10**6
DROPOUT = 0.0, 0.9
GHOSTS = 20
STREAMS = {"places": 1, "noise": 2, "features": 3}  # of random numbers
SWEEP = 21  # widths of ReLU features, about evenly spread over powers of ten

# The true curves and the places where validation errors are measured, the same ones in static/fit.
TRUTHS = {
    "sine": lambda x: np.sin(1.5 * np.pi * x),
    "bump": lambda x: 1.5 * np.exp(-12 * x**2) - 0.5,
    "kink": lambda x: 1.4 * np.abs(x + 0.2) - 0.7,
}
GRID = -1 + (2 * np.arange(300) + 1) / 300
ANY_SEED = whole(-GHOSTS, 10**6)  # a ghost of the first sample has one below 0


class FitPlayground(Widget):
    """A linear model of many features, fitted to noisy points of a smooth curve.

    Parameters
    ----------
    truth : "sine", "bump" or "kink"
        The true curve on [-1, 1].
    model : "polynomial" or "relu"
        Legendre polynomials up to `degree`, scaled to a mean square of 1 on [-1, 1], so that high
        degrees are computable; or `width` random features max(0, ±(x - t)) / √width with t uniform
        in [-1, 1], which are the first layer of a network that is not trained.
    degree : int, 0 to 40
    width : int, 1 to 200
    points : int, 5 to 30
        n, the number of points: one at a random place in each of n equal parts of [-1, 1].
    noise : float, 0 to 1
        Standard deviation of the normal noise that the points carry; its square is the noise floor.
    regularization : "none", "ridge", "early_stopping" or "dropout"
        "none" is least squares, and where many coefficients fit equally well, those of the smallest
        norm. The others have their strength in `penalty`, `steps` and `dropout`.
    penalty : float, 0 to 10
        α in the loss, the mean squared error + α ‖a‖², with a the coefficients.
    steps : int, 1 to 1,000,000
        t steps of gradient descent on half the mean squared error from a = 0. The learning rate η is
        the one that takes the steepest direction to its end in the first step. They act much as a
        penalty of 1 / (ηt) does.
    dropout : float, 0 to 0.9
        Probability p that a feature is left out; those that stay are divided by 1 - p. The fit is
        the minimum of the squared error in expectation over all masks, which for a linear model is
        the squared error + p / (1 - p) Σ_j a_j² ‖φ_j‖², with φ_j feature j at the points.
    seed : int, 0 to 1,000,000
        Of places and noise. The random features are the same for all samples.
    ghosts : int, 0 to 20
        Earlier samples (seed - 1, seed - 2, ...) to which the same model is fitted too.
    show_truth : bool

    Notes
    -----
    All of these are traits, which follow the page and can be assigned. `coefficients`, `curve(x)`
    and `errors()` give the fit on screen, `sweep()` the errors of models of all sizes, and
    `bias_and_variance()` what the fits to several samples say, all by numpy. The validation error is
    that on infinitely many new points: the mean squared distance from the true curve on a fine
    grid, plus the noise floor. Above a degree of about 25, where fits swing between the places of
    the grid, it is a few percent off.

    Sources: Belkin et al. (2019), Reconciling modern machine-learning practice and the classical
    bias-variance trade-off, for the peak at as many coefficients as points; Wager, Wang and Liang
    (2013), Dropout training as adaptive regularization.

    Raises
    ------
    ValueError
        Naming the argument that does not fit, what was expected and what came.

    Examples
    --------
    >>> playground = FitPlayground(degree=11, points=12)
    >>> training, validation = playground.errors()
    >>> print(f"{training:.3f}, {validation:.0f}")
    0.000, 67
    """

    _module = "fit"
    _linked = ("truth", "model", "degree", "width", "points", "noise", "regularization", "penalty",
               "steps", "dropout", "seed", "ghosts", "show_truth")

    truth = Checked(one_of(TRUTHS))
    model = Checked(one_of(["polynomial", "relu"]))
    degree = Checked(whole(*DEGREE))
    width = Checked(whole(*WIDTH))
    points = Checked(whole(*POINTS))
    noise = Checked(number(*NOISE))
    regularization = Checked(one_of(["none", "ridge", "early_stopping", "dropout"]))
    penalty = Checked(number(*PENALTY))
    steps = Checked(whole(*STEPS))
    dropout = Checked(number(*DROPOUT))
    seed = Checked(whole(0, 10**6))
    ghosts = Checked(whole(0, GHOSTS))
    show_truth = Checked(boolean)

    def __init__(self, truth="sine", model="polynomial", degree=9, width=30, points=12, noise=0.3,
                 regularization="none", penalty=0.001, steps=100, dropout=0.1, seed=0, ghosts=0,
                 show_truth=True):
        super().__init__(truth=truth, model=model, degree=degree, width=width, points=points,
                         noise=noise, regularization=regularization, penalty=penalty, steps=steps,
                         dropout=dropout, seed=seed, ghosts=ghosts, show_truth=show_truth)

    @property
    def size(self):
        """Number of coefficients of the model on screen."""
        return self.degree + 1 if self.model == "polynomial" else self.width

    def sample(self, seed=None):
        """The points on screen, or those of another seed: x and y, each of shape (points,)."""
        seed = self.seed if seed is None else ANY_SEED("seed", seed)
        uniform = data.random(seed, STREAMS["places"])
        x = np.array([-1 + 2 * (k + uniform()) / self.points for k in range(self.points)])
        uniform = data.random(seed, STREAMS["noise"])
        noise = np.array([data.normal(uniform) for _ in x])
        return x, TRUTHS[self.truth](x) + self.noise * noise

    def features(self, x, size=None):
        """The features at places x (n,), shape (n, size); by default as many as on screen."""
        size = self.size if size is None else size
        x = np.atleast_1d(np.asarray(x, float))
        if self.model == "polynomial":
            return legendre.legvander(x, size - 1) * np.sqrt(2 * np.arange(size) + 1)
        uniform = data.random(0, STREAMS["features"])
        drawn = np.array([(-1 if uniform() < 0.5 else 1, 2 * uniform() - 1) for _ in range(size)])
        signs, kinks = drawn.T
        return np.maximum(0, signs * (x[:, None] - kinks)) / np.sqrt(size)

    def _fit(self, size, seed=None):
        x, y = self.sample(seed)
        F = self.features(x, size)
        if self.regularization == "early_stopping":
            U, s, Vt = np.linalg.svd(F, full_matrices=False)
            left = s > s[0] * max(F.shape) * np.finfo(float).eps
            U, s, Vt = U[:, left], s[left], Vt[left]
            with np.errstate(divide="ignore"):  # of the steepest direction nothing is left to do
                done = -np.expm1(self.steps * np.log1p(-((s / s[0]) ** 2)))
            return Vt.T @ (done / s * (U.T @ y))
        # A penalty on coefficients is a row for each of them, to be fitted to 0. That of dropout is the
        # same for all features once each is divided by its length; where it is next to nothing, the
        # smallest coefficients are meant in this measure.
        p, length = self.dropout, np.ones(size)
        if self.regularization == "dropout" and p > 0:
            length = np.sqrt((F**2).sum(axis=0))
            length[length == 0] = 1
        penalty = {"none": 0, "ridge": len(y) * self.penalty, "dropout": p / (1 - p)}[self.regularization]
        rows = np.sqrt(penalty) * np.eye(size) if penalty else np.empty((0, size))
        target = np.concatenate([y, np.zeros(len(rows))])
        return np.linalg.lstsq(np.vstack([F / length, rows]), target, rcond=None)[0] / length

    def _errors(self, size):
        a = self._fit(size)
        x, y = self.sample()
        training = np.mean((self.features(x, size) @ a - y) ** 2)
        distance = self.features(GRID, size) @ a - TRUTHS[self.truth](GRID)
        return training, np.mean(distance**2) + self.noise**2

    @property
    def coefficients(self):
        """The coefficient of each feature, shape (size,)."""
        return self._fit(self.size)

    def curve(self, x, seed=None):
        """The fit at places x (n,), shape (n,); that to another sample, if its seed is given."""
        return self.features(x) @ self._fit(self.size, seed)

    def errors(self):
        """Training and validation error of the fit on screen: mean squared errors."""
        return self._errors(self.size)

    def sweep(self):
        """Sizes of the model, from smallest to largest, and both errors of each: three arrays."""
        if self.model == "polynomial":
            sizes = np.arange(DEGREE[0], DEGREE[1] + 1) + 1
        else:
            spread = np.floor(WIDTH[1] ** (np.arange(SWEEP) / (SWEEP - 1)) + 0.5).astype(int)
            sizes = np.unique([*spread, self.points])
        return sizes, *np.transpose([self._errors(size) for size in sizes])

    def bias_and_variance(self):
        """Squared bias and variance of the fit, estimated from its samples, means over x in [-1, 1].

        The samples are the one on screen and its ghosts, k in all. The mean of k fits is off by the
        bias and by a k-th of the variance, so that much is taken off its squared error: what is left
        is right on average, but may be negative. With the noise the two add up to the mean
        validation error of the k fits. Raises ValueError without any ghost.
        """
        if not self.ghosts:
            raise ValueError("ghosts: expected at least 1 to tell bias from variance, got 0")
        curves = [self.curve(GRID, self.seed - k) for k in range(self.ghosts + 1)]
        variance = np.mean(np.var(curves, axis=0, ddof=1))
        off = np.mean(curves, axis=0) - TRUTHS[self.truth](GRID)
        return np.mean(off**2) - variance / len(curves), variance

    def static_figure(self):
        """The fit through its points above, the errors of models of all sizes below."""
        from matplotlib.figure import Figure

        (x, y), polynomial = self.sample(), self.model == "polynomial"
        training, validation = self.errors()
        sizes, *both = self.sweep()
        shift = 1 if polynomial else 0
        best = sizes[np.argmin(both[1])] - shift
        figure = Figure(figsize=(6.4, 6), layout="constrained")
        above, below = figure.subplots(2)
        if self.show_truth:
            above.plot(GRID, TRUTHS[self.truth](GRID), "--", color="#00735a", label="true curve")
        for k in range(1, self.ghosts + 1):
            above.plot(GRID, self.curve(GRID, self.seed - k), color="#7fb6e6", linewidth=0.8,
                       label="earlier samples" if k == 1 else None)
        above.plot(GRID, self.curve(GRID), color="#0f62ab", label="fit")
        above.plot(x, y, "o", color="#b84a00", label="points")
        reach = 1.5 + 1.5 * self.noise
        above.set(xlabel="x", ylabel="y", ylim=(-reach, reach))
        below.plot(sizes - shift, np.maximum(both[0], 1e-30), "--", color="#b84a00", label="training")
        below.plot(sizes - shift, both[1], color="#0f62ab", label="validation")
        below.axvline(self.size - shift, color="#535d69", linewidth=1)
        if self.noise:
            below.axhline(self.noise**2, color="#535d69", linestyle=":", label="noise floor")
        below.set(xlabel="degree" if polynomial else "width", ylabel="mean squared error", yscale="log",
                  xscale="linear" if polynomial else "log", ylim=(1e-3, max(1e3, 2 * both[1].max())))
        for ax in (above, below):
            ax.spines[["top", "right"]].set_visible(False)
            ax.legend(frameon=False, fontsize=8, loc="upper right", ncols=3)
        kind = "degree" if polynomial else "width"
        named = f"A polynomial of degree {self.degree}" if polynomial else f"A sum of {self.width} ReLU features"
        alternative = (
            f"Above, {named[0].lower()}{named[1:]} through {self.points} noisy points of a curve: training "
            f"error {training:.2g}, validation error {validation:.2g}. Below, both errors against the "
            f"{kind} on a logarithmic axis; the validation error is lowest at {kind} {best}.")
        caption = (
            f"{named} through {self.points} noisy points, and the errors of models of all sizes. On the page "
            "with JavaScript, model, points, noise and regularization can be changed.")
        return figure, alternative, caption
