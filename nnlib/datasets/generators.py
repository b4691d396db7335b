"""Point clouds in the plane, each hard in its own way.

Every generator returns `X` of shape (n, 2), float64, and integer labels `y` of shape (n,). Class
sizes differ by at most one, rows come in random order, and the same `rng` gives the same points.
"""

import numpy as np

from nnlib.validation import NOT_NEGATIVE, POSITIVE, at_least, generator, number


def moons(n=200, noise=0.1, rng=0):
    """Two interleaved half circles of radius 1, labels 0 and 1.

    `noise` is the standard deviation of the Gaussian noise on each coordinate. The construction
    is that of scikit-learn's `make_moons`.
    """
    rng = _checked(2, n, noise, rng)
    upper, lower = (np.linspace(0, np.pi, size) for size in _class_sizes(n, 2))
    return _noisy(
        [
            np.column_stack([np.cos(upper), np.sin(upper)]),
            np.column_stack([1 - np.cos(lower), 0.5 - np.sin(lower)]),
        ],
        noise,
        rng,
    )


def circles(n=200, noise=0.1, rng=0):
    """A circle of radius 1 (label 0) around a circle of radius 0.5 (label 1).

    `noise` is the standard deviation of the Gaussian noise on each coordinate. The construction
    is that of scikit-learn's `make_circles`.
    """
    rng = _checked(2, n, noise, rng)
    clouds = []
    for radius, size in zip((1.0, 0.5), _class_sizes(n, 2)):
        angle = np.linspace(0, 2 * np.pi, size, endpoint=False)
        clouds.append(radius * np.column_stack([np.cos(angle), np.sin(angle)]))
    return _noisy(clouds, noise, rng)


def spirals(n=200, noise=0.03, rng=0):
    """Two spirals of 1.5 turns and radius 1, one the other turned by 180 degrees, labels 0 and 1.

    `noise` is the standard deviation of the Gaussian noise on each coordinate; the arms are 1/3
    apart. Telling two spirals apart is a test of Lang and Witbrock (Proceedings of the 1988
    Connectionist Models Summer School), whose spirals have three turns.
    """
    rng = _checked(2, n, noise, rng)
    clouds = []
    for start, size in zip((0.0, np.pi), _class_sizes(n, 2)):
        radius = np.linspace(0, 1, size + 1)[1:]  # the center belongs to neither spiral
        angle = start + 3 * np.pi * radius
        clouds.append(radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]))
    return _noisy(clouds, noise, rng)


def xor(n=200, noise=0.2, rng=0):
    """Clouds around the corners (-1, -1), (1, 1) with label 0 and (-1, 1), (1, -1) with label 1.

    `noise` is the standard deviation of a cloud; without noise the points are the four rows of
    the truth table of "exclusive or", which no single line separates.
    """
    rng = _checked(2, n, noise, rng)
    corners = np.array([[[-1, -1], [1, 1]], [[-1, 1], [1, -1]]], dtype=float)
    clouds = [corners[label][np.arange(size) % 2] for label, size in enumerate(_class_sizes(n, 2))]
    return _noisy(clouds, noise, rng)


def blobs(n=200, centers=3, noise=0.2, rng=0):
    """Gaussian clouds, one per class, labels 0, 1, ...

    `centers` is a number of classes, then spread evenly on the unit circle, or an array of shape
    (classes, 2). `noise` is the standard deviation of a cloud.
    """
    centers = _check_centers(centers)
    rng = _checked(len(centers), n, noise, rng)
    sizes = _class_sizes(n, len(centers))
    return _noisy([np.tile(c, (size, 1)) for c, size in zip(centers, sizes)], noise, rng)


def separable(n=100, margin=0.5, rng=0):
    """Two clouds on either side of a random line, labels -1 and +1.

    Every point is at least `margin` away from the line, and no line does better: one point of
    each class sits right at that distance, facing each other across the line, which is their
    perpendicular bisector. They are the closest pair of opposite points. Behind the margin each
    cloud fills a rectangle 1 deep and 2 wide.
    """
    rng = _checked(2, n, 0, rng)
    number(POSITIVE, margin=margin)

    angle = rng.uniform(0, 2 * np.pi)
    normal = np.array([np.cos(angle), np.sin(angle)])
    along = np.array([-normal[1], normal[0]])
    y = np.repeat([-1, 1], _class_sizes(n, 2))
    depth = rng.uniform(0, 1, n)  # behind the margin
    position = rng.uniform(-1, 1, n)  # along the line
    facing = [0, n - 1]  # one point of each class
    depth[facing] = 0
    position[facing] = rng.uniform(-1, 1)
    # A hair more than asked, so that rounding never leaves a point inside the margin.
    distance = y * (margin + 1e-14 * (1 + margin) + depth)
    offset = rng.uniform(-0.5, 0.5)  # a line off the origin, so that a bias has to be learned
    X = (distance + offset)[:, None] * normal + position[:, None] * along
    order = rng.permutation(n)
    return X[order], y[order]


def _class_sizes(n, classes):
    """Split n into `classes` sizes that differ by at most one."""
    return [n // classes + (label < n % classes) for label in range(classes)]


def _noisy(clouds, noise, rng):
    """Stack one (size, 2) cloud per class, add noise, label and shuffle."""
    X = np.concatenate(clouds)
    y = np.repeat(np.arange(len(clouds)), [len(cloud) for cloud in clouds])
    X = X + noise * rng.standard_normal(X.shape)
    order = rng.permutation(len(X))
    return X[order], y[order]


def _checked(classes, n, noise, rng):
    """The generator, if there is a point at least for each class and noise is what it should be."""
    at_least(classes, n=n)
    number(NOT_NEGATIVE, noise=noise)
    return generator(rng)


def _check_centers(centers):
    if np.ndim(centers) == 0 and not isinstance(centers, str):
        at_least(1, centers=centers)
        angle = 2 * np.pi * np.arange(centers) / centers
        return np.column_stack([np.cos(angle), np.sin(angle)])
    try:
        centers = np.asarray(centers, dtype=float)
    except (TypeError, ValueError):
        raise TypeError(
            "centers: expected a number of classes or an array of shape (classes, 2), "
            f"got {type(centers).__name__}"
        ) from None
    if centers.ndim != 2 or centers.shape[1] != 2 or len(centers) == 0:
        raise ValueError(
            "centers: expected a number of classes or an array of shape (classes, 2), "
            f"got shape {centers.shape}"
        )
    if not np.isfinite(centers).all():
        raise ValueError("centers: expected finite coordinates, got nan or infinity")
    return centers
