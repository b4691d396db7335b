"""The playground's data sets and first weights: static/network/data.js once more, number for number.

The page computes them without Python, and Python without the page (for the static figure, and for a
network that is asked for before any view exists). Both must agree, so that a seed means the same
points and weights on both sides. A test in a browser holds them equal.

These are not the data sets of `nnlib.datasets`: they are of about the same size, -6 to 6, so that
one picture and one learning rate suit all of them, and draw from a generator that JavaScript can repeat.
"""

import math
from itertools import pairwise

import numpy as np

# Independent streams of one seed: changing the noise must not change the first weights.
STREAMS = {"data": 1, "split": 2, "weights": 3, "batches": 4}

# Data set: the task it poses.
DATASETS = {
    "circles": "classification",
    "xor": "classification",
    "blobs": "classification",
    "moons": "classification",
    "spirals": "classification",
    "plane": "regression",
    "gaussians": "regression",
}

FEATURES = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1^2": lambda x1, x2: x1 * x1,
    "x2^2": lambda x1, x2: x2 * x2,
    "x1*x2": lambda x1, x2: x1 * x2,
    "sin x1": lambda x1, x2: np.sin(x1),
    "sin x2": lambda x1, x2: np.sin(x2),
}

# Bumps of the Gaussian mixture: center and sign.
BUMPS = [(-3, -2.5, 1), (0, -2, -1), (3, -2.5, 1), (-1.5, 2.5, -1), (2.5, 2.5, 1)]


def random(seed, stream=0):
    """Mulberry32: 32 bits of state; returns a function that draws uniform numbers in [0, 1)."""
    mask = 0xFFFFFFFF
    state = (seed * 0x9E3779B9 + stream * 0x85EBCA6B) & mask

    def uniform(low=0, high=1):
        nonlocal state
        state = (state + 0x6D2B79F5) & mask
        t = ((state ^ (state >> 15)) * (state | 1)) & mask
        t ^= (t + (((t ^ (t >> 7)) * (t | 61)) & mask)) & mask
        return low + (high - low) * (((t ^ (t >> 14)) & mask) / 4294967296)

    return uniform


def normal(uniform):
    """One standard normal number from two uniform ones (Box and Muller)."""
    radius = math.sqrt(-2 * math.log(1 - uniform()))
    return radius * math.cos(2 * math.pi * uniform())


def permutation(count, uniform):
    """A random order of 0 ... count - 1 (Fisher and Yates)."""
    order = list(range(count))
    for n in range(count - 1, 0, -1):
        other = math.floor(uniform() * (n + 1))
        order[n], order[other] = order[other], order[n]
    return order


def _circles(n, uniform):
    inner = n % 2
    radius = uniform(0, 2.2) if inner else uniform(3.6, 5)
    angle = uniform(0, 2 * math.pi)
    return radius * math.cos(angle), radius * math.sin(angle), inner


def _xor(n, uniform):
    x1 = uniform(0.4, 5) * (-1 if uniform() < 0.5 else 1)
    x2 = uniform(0.4, 5) * (-1 if uniform() < 0.5 else 1)
    return x1, x2, int(x1 * x2 < 0)


def _blobs(n, uniform):
    center = 2 if n % 2 else -2
    return center + 0.8 * normal(uniform), center + 0.8 * normal(uniform), n % 2


def _moons(n, uniform):
    angle = uniform(0, math.pi)
    if n % 2:
        return 1.5 - 3 * math.cos(angle), 0.75 - 3 * math.sin(angle), 1
    return -1.5 + 3 * math.cos(angle), -0.75 + 3 * math.sin(angle), 0


def _spirals(n, uniform):
    t = math.sqrt(uniform())
    angle = 3 * math.pi * t + math.pi * (n % 2)
    return 5 * t * math.sin(angle), 5 * t * math.cos(angle), n % 2


def _plane(n, uniform):
    x1, x2 = uniform(-5, 5), uniform(-5, 5)
    return x1, x2, (x1 + x2) / 10


def _gaussians(n, uniform):
    x1, x2 = uniform(-5, 5), uniform(-5, 5)
    y = sum(s * math.exp(-((x1 - c1) ** 2 + (x2 - c2) ** 2) / 3) for c1, c2, s in BUMPS)
    return x1, x2, y


_DRAW = {
    "circles": _circles,
    "xor": _xor,
    "blobs": _blobs,
    "moons": _moons,
    "spirals": _spirals,
    "plane": _plane,
    "gaussians": _gaussians,
}


def generate(name, count, noise, seed):
    """Points (count, 3), each row x1, x2, target. Noise moves a point after its target is fixed."""
    uniform = random(seed, STREAMS["data"])
    points = []
    for n in range(count):
        x1, x2, y = _DRAW[name](n, uniform)
        points.append((x1 + noise * normal(uniform), x2 + noise * normal(uniform), y))
    return np.array(points)


def held_out(count, share, seed):
    """Which points are held out for testing: True for a random share of them, shape (count,)."""
    held = math.floor(count * share + 0.5)  # as JavaScript rounds
    held = min(count - 1, max(1, held))  # neither part may be empty
    mask = np.zeros(count, dtype=bool)
    mask[permutation(count, random(seed, STREAMS["split"]))[:held]] = True
    return mask


def feature_matrix(names, X):
    """The network's input (n, features) for points X (n, 2)."""
    return np.column_stack([FEATURES[name](X[:, 0], X[:, 1]) for name in names])


def first_weights(sizes, seed):
    """[W1, b1, W2, b2, ...] for layer sizes such as [2, 4, 1], uniform in ±1/√inputs as in Linear."""
    uniform = random(seed, STREAMS["weights"])
    arrays = []
    for inputs, outputs in pairwise(sizes):
        bound = 1 / math.sqrt(inputs)
        draw = np.array([uniform(-bound, bound) for _ in range((inputs + 1) * outputs)])
        arrays += [draw[: inputs * outputs].reshape(outputs, inputs), draw[inputs * outputs :]]
    return arrays
