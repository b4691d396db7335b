"""Images of an alloy that separates into two phases, from a phase-field simulation."""

from typing import NamedTuple

import numpy as np

from nnlib.validation import NOT_NEGATIVE, at_least, generator, number

KAPPA = 0.5  # gradient energy: interfaces are about 2 pixels wide
STEP = 0.5   # largest time step


class Micrographs(NamedTuple):
    """What `micrographs` returns: images, and for each its annealing time and volume fraction."""

    images: np.ndarray
    time: np.ndarray
    fraction: np.ndarray


def micrographs(n=200, size=32, times=(20, 200), fractions=(0.35, 0.65), noise=0.1, rng=0):
    """Two-phase microstructures, each after an annealing time of its own.

    A mixture, uniform but for weak noise, is quenched into its miscibility gap; it separates, and
    the domains coarsen. The composition c (from about -1 to 1) follows the equation of Cahn and
    Hilliard, ∂c/∂t = ∇²(c³ - c - κ∇²c) with κ = 0.5, on a periodic grid. The image shows the gray
    levels (1 + c)/2 plus noise.

    Parameters
    ----------
    n : int
        Number of images; each is a simulation of its own.
    size : int
        Pixels along an edge, even, at least 8. A pixel is the unit of length.
    times : (float, float)
        Shortest and longest annealing time; drawn uniformly in its logarithm. The unit is
        pixel²/(mobility · curvature of the free energy), so it has no dimension here.
    fractions : (float, float)
        Range of the volume fraction of the bright phase, within 0.25 and 0.75, where a uniform
        mixture is unstable; drawn uniformly.
    noise : float
        Standard deviation of the noise of a pixel, in gray levels.
    rng : int or numpy.random.Generator

    Returns
    -------
    Micrographs
        `images`, (n, 1, size, size), float32; `time`, (n,); `fraction`, (n,), the mean of
        (1 + c)/2, which the equation conserves.

    Raises
    ------
    TypeError, ValueError
        Naming the argument, what was expected and what came.

    Notes
    -----
    The equation is that of Cahn (1961), Acta Metall. 9, 795, with the free energy of Cahn and
    Hilliard (1958), J. Chem. Phys. 28, 258. It is solved in Fourier space with the linear terms
    taken implicitly, as by Chen and Shen (1998), Comput. Phys. Commun. 108, 147. Late domains grow
    about as t^(1/3) (Lifshitz and Slyozov, 1961).

    Examples
    --------
    >>> images, time, fraction = micrographs(n=3, size=16)
    >>> images.shape, time.shape
    ((3, 1, 16, 16), (3,))
    """
    at_least(1, n=n)
    at_least(8, size=size)
    number(NOT_NEGATIVE, noise=noise)
    if size % 2:
        raise ValueError(f"size: expected an even number of pixels, got {size}")
    shortest, longest = _range("times", times, 0, np.inf)
    if shortest == 0:
        raise ValueError(f"times: expected times above 0, got {times!r}")
    low, high = _range("fractions", fractions, 0.25, 0.75)
    rng = generator(rng)

    time = np.exp(rng.uniform(np.log(shortest), np.log(longest), n))
    fraction = rng.uniform(low, high, n)
    c = 0.1 * rng.normal(size=(n, size, size))
    c += (2 * fraction - 1 - c.mean(axis=(1, 2)))[:, None, None]
    c = c.astype(np.float32)
    by_time = np.argsort(time)
    for start in range(0, n, 50):  # few enough at once to stay in fast memory
        part = by_time[start : start + 50]
        c[part] = anneal(c[part], time[part])
    images = (1 + c) / 2 + noise * rng.normal(size=c.shape)
    return Micrographs(images[:, None].astype(np.float32), time, fraction)


def anneal(c, times, step=STEP):
    """Each composition after its time: c (n, size, size); times (n,), in ascending order.

    The error is of first order in `step`. Implicit are -k²(1 + κk²), explicit is the rest, so that
    the step is limited by accuracy alone.
    """
    size, result = c.shape[-1], np.empty_like(c)
    k = 2 * np.pi * np.fft.fftfreq(size)
    k2 = k[:, None] ** 2 + k[: size // 2 + 1] ** 2
    waves, now = np.fft.rfft2(c), 0.0
    for i, end in enumerate(times):
        steps = int(np.ceil((end - now) / step))
        if steps:
            h = (end - now) / steps
            implicit = 1 + h * k2 * (1 + KAPPA * k2)
            keep = ((1 + h * k2) / implicit).astype(c.dtype)
            force = (h * k2 / implicit).astype(c.dtype)
            for _ in range(steps):
                waves = keep * waves - force * np.fft.rfft2(c * c * c - c)
                c = np.fft.irfft2(waves, s=(size, size))
        result[i], now = c[0], end
        c, waves = c[1:], waves[1:]  # this one is done
    return result


def _range(name, value, least, most):
    inside = f"from {least} to {most}" if np.isfinite(most) else f"of at least {least}"
    expected = f"{name}: expected two finite numbers {inside}, the smaller first"
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise TypeError(f"{expected}, got {value!r}")
    low, high = value
    for end in value:
        number((expected.removeprefix(f"{name}: expected "), np.isfinite), **{name: end})
    if not least <= low <= high <= most:
        raise ValueError(f"{expected}, got {value!r}")
    return low, high
