"""Checks of the exercises on activation functions."""

import warnings

import numpy as np

from nnlib.exercises.registry import exercise


@exercise(
    "activations-slopes",
    "σ' = s (1 - s) with s the value of σ; tanh' = 1 - h² with h the value of tanh.",
    "In a chain with weights of 1 the slopes multiply. At its steepest, σ has slope 1/4; an open "
    "ReLU has slope 1.",
)
def slopes(trial, slope_sigmoid, slope_tanh, slope_leaky, largest_part):
    trial.written(slope_sigmoid, slope_tanh, slope_leaky, largest_part)
    trial.predicted(slope_sigmoid, 0.16, "the slope of σ")
    trial.predicted(slope_tanh, 0.75, "the slope of tanh")
    trial.predicted(slope_leaky, 0.01, "the slope of the leaky ReLU")
    trial.predicted(largest_part, 1 / 64, "the largest part")


slopes.mistake("That is 1 minus the square of the value, as for tanh. For σ it is s (1 - s).",
               0.96, 0.75, 0.01, 1 / 64)
slopes.mistake("That is the slope of σ in its middle. Where σ is 0.2, it is less steep.",
               0.25, 0.75, 0.01, 1 / 64)
slopes.mistake("That is σ' at z = 0.2. Here 0.2 is the value of σ.", 0.2475, 0.75, 0.01, 1 / 64)
slopes.mistake("h (1 - h) is the slope of σ. That of tanh is 1 - h².", 0.16, -0.75, 0.01, 1 / 64)
slopes.mistake("1 - h is not yet the slope of tanh: h is squared.", 0.16, 1.5, 0.01, 1 / 64)
slopes.mistake("That is tanh' at z = -0.5. Here -0.5 is the value of tanh.", 0.16, 0.7864, 0.01, 1 / 64)
slopes.mistake("That is the value of the leaky ReLU at -3. Its slope is the same at every negative z.",
               0.16, 0.75, -0.03, 1 / 64)
slopes.mistake("That is the slope of the plain ReLU on the left. The leaky one lets something through.",
               0.16, 0.75, 0.0, 1 / 64)
slopes.mistake("Slopes along a chain multiply; they do not add up.", 0.16, 0.75, 0.01, 0.75)
slopes.mistake("You have counted a factor of 1/4 for the ReLU units too. How steep is an open ReLU?",
               0.16, 0.75, 0.01, 1 / 1024)
slopes.mistake("That is for one sigmoid unit. There are three.", 0.16, 0.75, 0.01, 0.25)


@exercise(
    "activations-softmax",
    "Adding a number to all logits of a row changes nothing. Which number keeps every exponent at 0 "
    "or below?",
    "Z / T, minus its maximum over axis 1 with keepdims=True; then exp, divided by the sum over the "
    "same axis.",
)
def softmax(trial, probabilities):
    Z = np.array([[1.0, 0.0, -2.0], [2.0, 2.0, 0.0]])
    trial.gives(probabilities, (Z, 1.0), _softmax(Z, 1.0), "two rows of three logits")
    trial.gives(probabilities, (Z, 4.0), _softmax(Z, 4.0), "a temperature of 4")
    large = np.array([[1000.0, 1001.0], [2000.0, 2003.0]])
    _quiet(trial, probabilities, (large, 1.0), _softmax(large, 1.0), "logits of a thousand")
    apart = np.array([[1000.0, 1001.0], [-1000.0, -1001.0]])
    _quiet(trial, probabilities, (apart, 1.0), _softmax(apart, 1.0), "rows that lie far apart")


def _quiet(trial, function, arguments, expected, what):
    """As trial.gives, without the warnings of a result that is judged anyway."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        trial.gives(function, arguments, expected, what)


def _softmax(Z, T, shift=lambda Z: Z.max(axis=1, keepdims=True), axis=1):
    Z = Z / T
    E = np.exp(Z - shift(Z))
    return E / E.sum(axis=axis, keepdims=True)


@softmax.mistake("The columns sum to 1, but the rows should: each row is a sample.")
def softmax_columns(Z, T):
    return _softmax(Z, T, shift=lambda Z: Z.max(axis=0, keepdims=True), axis=0)


@softmax.mistake("All probabilities of the batch together sum to 1. Each row is a sample of its own.")
def softmax_whole(Z, T):
    return _softmax(Z, T, shift=np.max, axis=None)


@softmax.mistake("The temperature divides the logits; here it multiplies them.")
def softmax_inverse(Z, T):
    return _softmax(Z, 1 / T)


@softmax.mistake("The temperature makes no difference. Divide the logits by it first.")
def softmax_without_temperature(Z, T):
    return _softmax(Z, 1.0)


@softmax.mistake("The exponential overflows. Subtract each row's largest logit before you take it.")
def softmax_naive(Z, T):
    return _softmax(Z, T, shift=lambda Z: 0.0)


@softmax.mistake("One maximum for all rows is too large for the lower ones, whose exponentials all become 0. "
                 "Subtract each row's own.")
def softmax_one_shift(Z, T):
    return _softmax(Z, T, shift=np.max)


@softmax.mistake("These are the logits divided by their sum, without an exponential: they may be "
                 "negative, and depend on more than the differences.")
def softmax_plain(Z, T):
    Z = Z / T
    return Z / Z.sum(axis=1, keepdims=True)


@softmax.mistake("These are the logarithms of the probabilities.")
def softmax_log(Z, T):
    return np.log(_softmax(Z, T))


@exercise(
    "activations-silu",
    "The slope of a product u v is u' v + u v', here with u = z and v = σ(z).",
    "σ(z) + z σ(z) (1 - σ(z)). Where np.exp may overflow, 0.5 * np.tanh(z / 2) + 0.5 is the same as "
    "σ(z).",
)
def silu(trial, silu_slope):
    trial.gives(silu_slope, (np.array([0.0]),), [0.5], "z = 0")
    trial.gives(silu_slope, (np.array([-2.0, 1.0, 3.0]),), _silu(np.array([-2.0, 1.0, 3.0])), "three numbers")
    z = np.linspace(-8, 8, 33)
    trial.gives(silu_slope, (z,), _silu(z), "a grid of 33 numbers")
    _quiet(trial, silu_slope, (np.array([-2000.0, 2000.0]),), [0.0, 1.0], "z of two thousand, on both sides")


def _silu(z):
    s = 0.5 * np.tanh(z / 2) + 0.5
    return s + z * s * (1 - s)


@silu.mistake("That is SiLU itself. You are asked for its slope.")
def silu_value(z):
    return z * (0.5 * np.tanh(z / 2) + 0.5)


@silu.mistake("That is σ' alone. SiLU is a product, and the product rule has two terms.")
def silu_sigmoid_slope(z):
    s = 0.5 * np.tanh(z / 2) + 0.5
    return s * (1 - s)


@silu.mistake("The first term, σ, is right at 0. How does σ itself change with z?")
def silu_first_term(z):
    return 0.5 * np.tanh(z / 2) + 0.5


@silu.mistake("The z of the second term is missing.")
def silu_without_z(z):
    s = 0.5 * np.tanh(z / 2) + 0.5
    return s + s * (1 - s)


@silu.mistake("The slope of σ in the second term is s (1 - s), not 1 - s².")
def silu_as_tanh(z):
    s = 0.5 * np.tanh(z / 2) + 0.5
    return s + z * (1 - s**2)


@silu.mistake("This is right where z is small. But np.exp(z) / (1 + np.exp(z)) becomes inf / inf at large z; "
              "1 / (1 + np.exp(-z)) is the same number and does not.")
def silu_overflow(z):
    s = np.exp(z) / (1 + np.exp(z))
    return s + z * s * (1 - s)


@exercise(
    "activations-kill",
    "First the forward pass: what is h at x = 1? Then both derivatives, and the step.",
    "w and b move alike, from 1 to 1 - 4 η. The unit is closed everywhere when b ≤ 0 and w + b ≤ 0.",
)
def kill(trial, rate, w_after, b_after):
    trial.written(rate, w_after, b_after)
    trial.predicted(rate, 0.25, "the smallest rate")
    trial.predicted(w_after, -1, "w with twice that rate")
    trial.predicted(b_after, -1, "b with twice that rate")


kill.mistake("Check the gradient: the derivative of h² is 2 h, and at x = 1 the unit says h = w + b = 2.",
             0.5, -1, -1)
kill.mistake("w + b moves by 8 η, but it starts at 2; w and b alone start at 1 and move by 4 η.", 0.125, -1, -1)
kill.mistake("That is w at the smallest rate. You are asked for twice that rate.", 0.25, 0, 0)
kill.mistake("b has a gradient too: 2 h, the same as that of w at x = 1.", 0.25, -1, 1)
kill.mistake("The gradient is subtracted, not added.", 0.25, 3, 3)


@exercise(
    "activations-remedy",
    "One layer multiplies the gradient by about sqrt(n v E[φ'²]). What is that number for each measure?",
    "Only a measure that makes this factor about 1 in all twenty layers lets a gradient through.",
)
def remedy(trial, cross_entropy, relu_he, relu_small, rate_up):
    trial.choice(cross_entropy, "does not help", ["helps"], "cross-entropy")
    trial.choice(relu_he, "helps", ["does not help"], "ReLU with variance 2/n")
    trial.choice(relu_small, "does not help", ["helps"], "ReLU with variance 1/100n")
    trial.choice(rate_up, "does not help", ["helps"], "a larger rate")


_NO, _YES = "does not help", "helps"
remedy.mistake("Cross-entropy cancels the slope of the last unit. At least nineteen more follow on the way back.",
               _YES, _YES, _NO, _NO)
remedy.mistake("With ReLU half of the mean square is lost in each layer, and 2/n makes up for exactly that. "
               "What is the factor per layer?", _NO, _NO, _NO, _NO)
remedy.mistake("The slope of an open ReLU is 1, but the weights multiply too. How small are they here?",
               _NO, _YES, _YES, _NO)
remedy.mistake("Compare the thousand with what twenty layers have taken away. And the rate is the same for "
               "the last layers, whose gradient is large.", _NO, _YES, _NO, _YES)


@exercise(
    "activations-gain",
    "E[φ(z)²] is an integral of φ(z)² times the density of the standard normal distribution.",
    "The sum of h**2 * density, times the step z[1] - z[0]; then 1 divided by its square root.",
)
def gain(trial, gain):
    fine, coarse = np.linspace(-10, 10, 2001), np.linspace(-8, 8, 321)
    for z, h, what in [
        (fine, fine.copy(), "no activation"),
        (fine, np.maximum(fine, 0), "ReLU"),
        (coarse, np.tanh(coarse), "tanh on a coarser grid"),
        (fine, 0.5 * np.tanh(fine / 2) + 0.5, "the logistic function"),
    ]:
        trial.gives(gain, (z, h), _gain(z, h), what, tolerance=1e-4)


def _mean(z, values):
    """E[f(z)] for z normal with mean 0 and variance 1, from the values of f on an even grid."""
    return np.sum(values * np.exp(-z**2 / 2)) / np.sqrt(2 * np.pi) * (z[1] - z[0])


def _gain(z, h):
    return 1 / np.sqrt(_mean(z, h**2))


@gain.mistake("That is the mean square itself. The gain is what makes up for it.")
def gain_square(z, h):
    return _mean(z, h**2)


@gain.mistake("That is 1 divided by the mean square, the factor for the variance. The gain multiplies "
              "the weights themselves: take the root.")
def gain_without_root(z, h):
    return 1 / _mean(z, h**2)


@gain.mistake("You have subtracted the mean of φ, as for a variance. The sums of the next layer depend on "
              "the mean square of what comes in, including its mean.")
def gain_centered(z, h):
    return 1 / np.sqrt(_mean(z, h**2) - _mean(z, h) ** 2)


@gain.mistake("The density is missing: small z are far more frequent than large ones.")
def gain_uniform(z, h):
    return 1 / np.sqrt(np.mean(h**2))


@gain.mistake("The sum is not yet the integral. Multiply it by the step of the grid.")
def gain_without_step(z, h):
    return _gain(z, h) * np.sqrt(z[1] - z[0])


@gain.mistake("That comes from the mean of the absolute value. Square the values before taking the mean.")
def gain_absolute(z, h):
    return 1 / _mean(z, np.abs(h))
