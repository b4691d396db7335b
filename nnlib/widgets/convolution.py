"""A convolution to step through: a kernel slides over a small image and writes a feature map.

The sums are drawn and worked out in static/convolution. Here are the state that the browser and
Python share, its validation, and the nnlib layer that computes the same map.
"""

import numpy as np
import traitlets

import nnlib as nn
from nnlib.widgets.base import Widget
from nnlib.widgets.traits import (
    Checked,
    InvalidValue,
    boolean,
    floats,
    formed,
    in_order,
    number,
    whole,
    wrong,
)

IMAGE_SIZE, KERNEL_SIZE = 16, 5  # largest
VALUE = 1000.0
PADDING = 4
LEVELS = {".": 0.0, "+": 0.5, "#": 1.0}

# Drawn for this widget; the micrograph is noise, smoothed by a Gaussian and cut at its median.
PICTURES = {
    "cross": """............ .....##..... .....##..... .....##..... .....##..... .##########.
        .##########. .....##..... .....##..... .....##..... .....##..... ............""",
    "ring": """............ ...+####+... ..########.. .+##+..+##+. .##+....+##. .##......##.
        .##......##. .##+....+##. .+##+..+##+. ..########.. ...+####+... ............""",
    "edge": """###########+ ##########+. #########+.. ########+... #######+.... ######+.....
        #####+...... ####+....... ###+........ ##+......... #+.......... +...........""",
    "digit": """............ ...+####+... ..##++++##.. ..+.....##.. ........##.. ....####+...
        ....####+... ........##.. ..+.....##.. ..##++++##.. ...+####+... ............""",
    "micrograph": """##..#...#### ....###.#### .....##.#### ......#.###. ......#..#.. ##....####..
        .###..####.. .#########.. #...######.. #...#####..# #...##....## #...#....###""",
    "empty": " ".join(["." * 12] * 12),
}


def picture(name):
    """The image called `name`: a list of 12 rows of 12 numbers from 0 to 1."""
    return [[LEVELS[mark] for mark in row] for row in PICTURES[name].split()]


def rows_of_numbers(most):
    """A check for `most` x `most` numbers at most, given as rows."""
    expected = f"1 to {most} rows of 1 to {most} numbers"

    def check(name, value):
        array = floats(name, value, f"{expected}, all rows equally long")
        if array.ndim != 2 or not all(1 <= size <= most for size in array.shape):
            raise InvalidValue(f"{name}: expected {expected}, got shape {array.shape}")
        if np.abs(array).max() > VALUE:
            largest = array.flat[np.abs(array).argmax()]
            raise wrong(name, f"numbers from {-VALUE:g} to {VALUE:g}", float(largest))
        return array.tolist()

    return formed(check, "matrix", 1, most, 1, most, -VALUE, VALUE)


def image_or_name(name, value):
    if not isinstance(value, str):
        return rows_of_numbers(IMAGE_SIZE)(name, value)
    if value not in PICTURES:
        raise wrong(name, f"rows of numbers or one of {', '.join(PICTURES)}", value)
    return picture(value)


formed(image_or_name, *rows_of_numbers(IMAGE_SIZE).form)


class ConvolutionPlayground(Widget):
    """A kernel that slides over a small image, one sum of products at each place.

    Parameters
    ----------
    image : rows of numbers, up to 16 x 16, or "cross", "ring", "edge", "digit", "micrograph", "empty"
    kernel : rows of numbers, up to 5 x 5; without it, one that answers to vertical edges
    bias : float, added to each sum
    stride, dilation : int, 1 to 4
    padding : int, 0 to 4, rings of zeros around the image
    relu : bool, whether negative results become 0
    row, column : int, the place in the feature map that is worked out, from 0; one beyond the map
        stands for its last

    Notes
    -----
    All of these are traits: they follow the page and can be assigned.

    Raises
    ------
    ValueError
        Naming the argument that does not fit, what was expected and what came.

    Examples
    --------
    >>> ConvolutionPlayground([[0, 1, 1]], kernel=[[-1, 1]]).output
    array([[1., 0.]])
    """

    _module = "convolution"
    _linked = ("image", "kernel", "bias", "stride", "padding", "dilation", "relu", "row", "column")

    image = Checked(image_or_name)
    kernel = Checked(rows_of_numbers(KERNEL_SIZE))
    bias = Checked(number(-VALUE, VALUE))
    stride = Checked(whole(1, 4))
    padding = Checked(whole(0, PADDING))
    dilation = Checked(whole(1, 4))
    relu = Checked(boolean)
    # The largest map is that of a 1 x 1 kernel on the largest padded image.
    row = Checked(whole(0, IMAGE_SIZE + 2 * PADDING - 1))
    column = Checked(whole(0, IMAGE_SIZE + 2 * PADDING - 1))
    # What the page offers for a choice; sent along, so that the pictures stand in one file.
    _pictures = in_order(traitlets.Dict())

    def __init__(
        self,
        image="ring",
        kernel=((-1, 0, 1), (-1, 0, 1), (-1, 0, 1)),
        bias=0.0,
        stride=1,
        padding=0,
        dilation=1,
        relu=False,
        row=3,
        column=0,
    ):
        super().__init__(
            image=image, kernel=kernel, bias=bias, stride=stride, padding=padding,
            dilation=dilation, relu=relu, row=row, column=column,
            _pictures={name: " ".join(text.split()) for name, text in PICTURES.items()},
        )  # fmt: skip

    @property
    def layer(self):
        """A new Conv2d, in float64, that computes this map; nnlib's has no dilation, so zeros stand
        between the kernel's numbers instead."""
        kernel, d = np.array(self.kernel), self.dilation
        spread = np.zeros([d * (size - 1) + 1 for size in kernel.shape])
        spread[::d, ::d] = kernel
        layer = nn.Conv2d(1, 1, spread.shape, stride=self.stride, padding=self.padding)
        layer.astype(np.float64).load_state_dict(
            {"weight": spread[None, None], "bias": [self.bias]}
        )
        return layer

    @property
    def output(self):
        """The feature map on screen, an array (rows, columns).

        Raises ValueError when the kernel, dilated, is larger than the padded image.
        """
        with nn.no_grad():
            y = self.layer(np.array(self.image)[None, None]).data[0, 0]
        return np.maximum(y, 0) if self.relu else y

    def static_figure(self):
        """Image with its window, kernel and feature map, as the page first shows them."""
        from matplotlib.colors import LinearSegmentedColormap
        from matplotlib.figure import Figure
        from matplotlib.patches import Rectangle

        signed = LinearSegmentedColormap.from_list("signed", ["#f5b06d", "#f7f7f7", "#7fb6e6"])
        figure = Figure(figsize=(8, 3.2), layout="constrained")
        panels = figure.subplots(1, 3, width_ratios=[4, 2, 4])
        image, kernel = np.array(self.image), np.array(self.kernel)
        try:
            output = self.output
        except ValueError as problem:
            output, told = np.zeros((1, 1)), f"There is no feature map: {problem}."
        else:
            i, j = min(self.row, len(output) - 1), min(self.column, output.shape[1] - 1)
            told = f"At row {i}, column {j}, outlined, the result is {output[i, j]:.3g}."
            span = [self.dilation * (size - 1) + 1 for size in kernel.shape]
            corner = np.array([j, i]) * self.stride - self.padding - 0.5
            outline = {"fill": False, "edgecolor": "#00735a", "linewidth": 2.5, "clip_on": False}
            panels[0].add_patch(Rectangle(corner, span[1], span[0], **outline))
            panels[2].add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, **outline))
        shown = zip(panels, [image, kernel, output], ["gray_r", signed, signed], strict=True)
        for ax, values, colors in shown:
            top = max(np.abs(values).max(), 1e-9)
            low = 0 if colors == "gray_r" else -top
            ax.imshow(values, cmap=colors, vmin=low, vmax=1.6 * top if low == 0 else top)
            ax.set(xticks=[], yticks=[])
        for (a, b), weight in np.ndenumerate(kernel):
            panels[1].text(b, a, f"{weight:.2g}", ha="center", va="center")
        for ax, name in zip(panels, ["input", "kernel", "feature map"], strict=True):
            ax.set_title(name, fontsize=11)
        h, w = image.shape
        alternative = (
            f"An image of {h} by {w} pixels, a kernel of {kernel.shape[0]} by {kernel.shape[1]} "
            f"numbers, and the feature map that the kernel makes of the image. {told}"
        )
        caption = (
            f"Convolution with stride {self.stride}, padding {self.padding} and dilation "
            f"{self.dilation}. {told} On the page with JavaScript, the kernel can be stepped across."
        )
        return figure, alternative, caption
