"""What a kernel does to an image, and the shapes that pass through a network."""

import math

import numpy as np

from nnlib.drawings.drawing import Drawing
from nnlib.layers import Flatten
from nnlib.module import Sequential
from nnlib.tape import no_grad
from nnlib.tensor import Tensor
from nnlib.validation import array_of, at_least, instance, listed

SIDE, CELL = 48, 16  # px: of the largest map, of a vector's entries


def kernel(image, weights, row=0, column=0):
    """A kernel on one place of an image, and the entry of the feature map that it makes there.

    Parameters
    ----------
    image : array, shape (height, width), up to 6 x 6 whole numbers
    weights : array, shape (k, k), of whole numbers; not larger than the image
    row, column : the place, counted in the feature map

    Returns
    -------
    A Drawing.
    """
    image, weights = _grid("image", image), _grid("weights", weights)
    at_least(0, row=row, column=column)
    if max(image.shape) > 6:
        raise ValueError(f"image: expected up to 6 x 6 numbers, got shape {image.shape}")
    if weights.shape[0] > image.shape[0] or weights.shape[1] > image.shape[1]:
        raise ValueError(
            f"weights: expected at most {image.shape}, the shape of the image, got {weights.shape}"
        )
    windows = np.lib.stride_tricks.sliding_window_view(image, weights.shape)
    result = (windows * weights).sum(axis=(2, 3))
    if row >= result.shape[0] or column >= result.shape[1]:
        raise ValueError(
            f"row, column: expected a place in the feature map of shape {result.shape}, "
            f"got ({row}, {column})"
        )
    value, window = result[row, column], windows[row, column]
    terms = " + ".join(f"{x} times {w}" for x, w in zip(window.ravel(), weights.ravel()))
    side = min(32, 300 / (image.shape[1] + weights.shape[1] + result.shape[1] + 2.6))
    words = (
        f"An image with the rows {_rows(image)}; a star; a kernel with the rows {_rows(weights)}; an "
        f"equals sign; and the feature map with the rows {_rows(result)}. In the image the window at "
        f"row {row} and column {column} is marked. With the kernel it makes {terms} = {value}, which is "
        "marked at the same place of the map."
    )
    drawing = Drawing(words.replace("-", "−"), step=(side, side))
    middle = (image.shape[0] - 1) / 2

    def grid(numbers, left, marked, tone, name):
        top = middle - (len(numbers) - 1) / 2
        for (i, j), number in np.ndenumerate(numbers):
            strong = tone if marked(i, j) else "faint"
            drawing.data(f"${number}$", left + j, top + i, strong, size=(side, side))
        drawing.label(name, left + (numbers.shape[1] - 1) / 2, image.shape[0] + 0.05, "faint")
        return left + numbers.shape[1]

    height, width = weights.shape
    right = grid(
        image, 0, lambda i, j: 0 <= i - row < height and 0 <= j - column < width, "blue", "image"
    )
    drawing.label("⋆", right + 0.15, middle)
    right = grid(weights, right + 1.3, lambda i, j: True, "blue", "kernel")
    drawing.label("=", right + 0.15, middle)
    grid(result, right + 1.3, lambda i, j: (i, j) == (row, column), "orange", "feature map")
    return drawing


def _rows(numbers):
    return ", ".join(" ".join(map(str, row)) for row in numbers)


def shapes(network, shape):
    """The shapes that an input of one sample takes on its way through a network, layer by layer.

    Parameters
    ----------
    network : nnlib.Sequential
    shape : of one sample, such as (1, 8, 8): channels, height, width; or (64,)

    Returns
    -------
    A Drawing. A layer's maps lie behind one another; sides are true to scale within a drawing.
    """
    instance(Sequential, network=network)
    shape = listed("shape", shape, "lengths")
    for length in shape:
        at_least(1, shape=length)
    if len(shape) not in (1, 3):
        raise ValueError(f"shape: expected channels, height and width, or one number, got {shape}")
    steps = _steps(network, shape)
    words = ", then ".join(f"{_by(s)} after {', '.join(names)}" for names, s in steps[1:])
    drawing = Drawing(
        f"From top to bottom, the shapes in a network. The input is {_by(steps[0][1])}, then {words}. "
        "Channels are squares behind one another, 16 at most, and a vector is a row of up to 10 cells.",
        step=(1, 1),
    )
    largest = max((max(found[1:]) for _, found in steps if len(found) == 3), default=1)
    y, before = 0.0, None  # px; the bottom edge of the step before
    for k, (names, found) in enumerate(steps):
        height = _height(found, largest)
        if before is not None:
            y = before + 36
            drawing.arrow((0, before + 4), (0, y - 4))
            drawing.label(", ".join(names), 14, before + 18, "faint", "start")
        tone = "orange" if k == len(steps) - 1 else "blue" if k else "plain"
        if len(found) == 3:
            _maps(drawing, found, largest, y + height / 2, tone)
        else:
            cells = min(found[-1], 10)
            for c in range(cells):
                drawing.data(
                    "", (c - (cells - 1) / 2) * 12, y + height / 2, tone, size=(12, height)
                )
        drawing.label(_by(found), 90, y + height / 2, align="start")
        before = y + height
    return drawing


def _depth(channels):
    """How far, in px, a pile of maps reaches back."""
    return 12 * math.log2(channels)


def _height(shape, largest):
    return shape[1] * SIDE / largest + _depth(shape[0]) if len(shape) == 3 else CELL


def _maps(drawing, shape, largest, middle, tone):
    """A pile of maps, of which the front one is whole and those behind show an edge."""
    channels, *sides = shape
    tall, wide = (side * SIDE / largest for side in sides)
    depth, behind = _depth(channels), min(channels, 16) - 1
    left, top = -(wide + depth) / 2, middle + (depth - tall) / 2
    for k in range(behind, 0, -1):
        x, y, step = left + k * depth / behind, top - k * depth / behind, depth / behind
        corners = [(x, y), (x + wide, y), (x + wide, y + tall)]
        drawing.line(
            (x, y + step), (x + wide - step, y + tall), via=corners, tone="faint", sharp=True
        )
    drawing.data("", left + wide / 2, top + tall / 2, tone, size=(wide, tall))


def _grid(name, numbers):
    numbers = np.asarray(array_of(name, numbers))
    if numbers.ndim != 2 or not numbers.size or numbers.dtype.kind not in "iu":
        raise ValueError(
            f"{name}: expected rows of whole numbers, got shape {numbers.shape} of {numbers.dtype}"
        )
    return numbers


def _steps(network, shape):
    """[(names of layers, shape behind them)], a step for each change of the shape."""
    dtype = next((p.data.dtype for p in network.parameters()), np.float32)
    x = Tensor(np.zeros((1, *shape), dtype))
    steps, names = [([], tuple(shape))], []
    with no_grad():
        for layer in network:
            x = layer(x)
            names.append(type(layer).__name__)
            if x.shape[1:] != steps[-1][1] and not isinstance(layer, Flatten):
                steps.append((names, x.shape[1:]))
                names = []
            elif len(steps) > 1 and x.shape[1:] == steps[-1][1]:
                steps[-1][0].extend(names)  # an activation behind what changed the shape
                names = []
    if names:
        steps.append((names, x.shape[1:]))
    return steps


def _by(shape):
    return " × ".join(map(str, shape))
