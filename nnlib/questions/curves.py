"""Predictions: axes on which the reader draws a curve before the measured one is shown."""

import html
import math
from dataclasses import asdict, dataclass
from itertools import pairwise

import numpy as np

from nnlib.questions.kinds import Asked
from nnlib.questions.markup import to_html, to_text
from nnlib.questions.secret import hidden
from nnlib.validation import array_of

# What of two curves is compared in words; static/prediction/words.js says how each is found.
FEATURES = ("minimum", "maximum", "end", "plateau", "slope", "crossing")
MOST = 500  # measured points: all are in the page


@dataclass(frozen=True)
class Axis:
    """An axis from `low` to `high`, its `label` with the unit as in a figure: "distance (Å)".

    `unit` is what follows a value in words, such as "Å" or "hidden units".
    """

    label: str
    low: float
    high: float
    unit: str = ""
    log: bool = False

    def along(self, share):
        """The value at a share of the axis: 0 is `low`, 1 is `high`."""
        if self.log:
            return self.low * (self.high / self.low) ** share
        return self.low + share * (self.high - self.low)

    def share(self, value):
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def ticks(self):
        """Round values for the empty axes, about six."""
        if not self.log:
            rough = (self.high - self.low) / 6
            power = 10 ** math.floor(math.log10(rough))
            step = next(m * power for m in (1, 2, 5, 10) if m * power >= 0.999 * rough)
            first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
            return [float(f"{k * step:.12g}") for k in range(first, last + 1)]
        powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        for factors in ((1, 2, 5), (1,)):
            values = [m * 10.0**k for k in powers for m in factors]
            values = [v for v in values if self.low * (1 - 1e-9) <= v <= self.high * (1 + 1e-9)]
            if len(values) <= 8:
                break
        return values[:: math.ceil(len(values) / 8)]


@dataclass(frozen=True)
class Prediction(Asked):
    """A curve to draw, over the axes `x` and `y`.

    The reader sets it at the positions `points`; or, with `curve` instead, at so many that are
    spread over the x axis, and a smooth curve goes through them. `compare` is the feature of
    FEATURES that is compared in words; "crossing" needs the `level` on the y axis that is crossed.
    """

    x: Axis
    y: Axis
    compare: str
    points: tuple = ()
    curve: int = 0
    level: float = None

    def __post_init__(self):
        super().__post_init__()
        for field in ("x", "y"):
            self.check_axis(field, getattr(self, field))
        if self.compare not in FEATURES:
            raise self.refuse("compare", f"one of {', '.join(FEATURES)}", self.compare)
        if (self.compare == "crossing") != (self.level is not None):
            raise self.refuse("level", "a value for the feature crossing, and for no other", self.level)
        if self.level is not None and not self.y.low <= self.number("level", self.level) <= self.y.high:
            raise self.refuse("level", "a value on the y axis", self.level)
        if not isinstance(self.points, (list, tuple)):
            raise self.refuse("points", "a list of 2 to 9 positions", self.points)
        if bool(self.curve) == bool(self.points):
            raise self.refuse("points", "either points or curve", self.points)
        if self.curve and self.curve not in range(3, 10):
            raise self.refuse("curve", "a whole number from 3 to 9", self.curve)
        if self.points:
            self.check_points()

    def check_axis(self, field, axis):
        if not isinstance(axis, Axis):
            raise self.refuse(field, "an Axis", axis)
        self.html(f"{field}.label", axis.label)
        if not isinstance(axis.unit, str):
            raise self.refuse(f"{field}.unit", "a text", axis.unit)
        low, high = self.number(f"{field}.low", axis.low), self.number(f"{field}.high", axis.high)
        if not low < high:
            raise self.refuse(f"{field}.high", f"a number above {low:g}", axis.high)
        if axis.log and low <= 0:
            raise self.refuse(f"{field}.low", "a number above 0 on a logarithmic axis", axis.low)

    def check_points(self):
        if not 2 <= len(self.points) <= 9:
            raise self.refuse("points", "a list of 2 to 9 positions", self.points)
        values = [self.number("points", value) for value in self.points]
        if any(b <= a for a, b in pairwise(values)):
            raise self.refuse("points", "increasing positions", self.points)
        if values[0] < self.x.low or values[-1] > self.x.high:
            raise self.refuse("points", "positions on the x axis", self.points)

    def positions(self):
        """Where on the x axis the reader sets a value."""
        if self.points:
            return [float(value) for value in self.points]
        return [self.x.along(k / (self.curve - 1)) for k in range(self.curve)]

    def measured(self, x, y):
        """[[x, y], ...] to five digits.

        The values may lie outside of the axes, which widen when they are shown: so the empty axes
        do not tell them, and a run with other settings is shown too.
        """
        x, y = self.values("x", x, self.x.log), self.values("y", y, self.y.log)
        if len(x) != len(y):
            raise self.refuse("y", f"{len(x)} values as in x", f"{len(y)} values")
        if np.any(np.diff(x) <= 0):
            raise self.refuse("x", "increasing values", x.tolist())
        if sum(x[0] <= place <= x[-1] for place in self.positions()) < 2:
            raise self.refuse("x", "values that reach over two of the points to be set",
                              f"{x[0]:g} to {x[-1]:g}")
        return [[float(f"{value:.5g}") for value in pair] for pair in zip(x, y)]

    def values(self, field, given, log):
        array = array_of(f"{self.name}: {field}", given)
        if array.ndim != 1 or not 2 <= len(array) <= MOST or array.dtype.kind not in "fiu":
            found = f"an array of {array.dtype} of shape {array.shape}"
            raise ValueError(f"{self.name}: {field}: expected 2 to {MOST} numbers, got {found}")
        array = array.astype(float)
        if not np.isfinite(array).all():
            raise self.refuse(field, "finite numbers", array[~np.isfinite(array)][0])
        if log and not (array > 0).all():
            raise self.refuse(field, "numbers above 0 on a logarithmic axis", array.min())
        return array

    # What the page gets.

    def public(self):
        """What everybody may see in the page's source, as JSON."""
        return {"name": self.name, "text": to_html(self.text), "label": to_text(self.text),
                "x": asdict(self.x), "y": asdict(self.y), "points": self.positions(),
                "smooth": bool(self.curve), "compare": self.compare, "level": self.level}

    def secret(self, x, y):
        """What was measured, as a text in which it is not in plain sight."""
        return hidden(self.measured(x, y), self.name)

    def plain(self):
        """The prediction with its empty axes, in HTML: for print and without JavaScript."""
        return (f"<p><strong>Prediction.</strong> {to_html(self.text)}</p>{self.empty_axes()}"
                "<p>Sketch it, here in print or on paper, before you read on.</p>")

    def empty_axes(self):
        left, top, width, height = 62, 8, 410, 250
        lines, words = [], []

        def text(x, y, anchor, said, turn=""):
            words.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{turn}>{html.escape(said)}</text>')

        for value in self.x.ticks():
            x = left + self.x.share(value) * width
            lines.append(f"M{x:.1f} {top}v{height}")
            text(x, top + height + 18, "middle", _said(value))
        for value in self.y.ticks():
            y = top + (1 - self.y.share(value)) * height
            lines.append(f"M{left} {y:.1f}h{width}")
            text(left - 6, y + 4.5, "end", _said(value))
        text(left + width / 2, top + height + 40, "middle", self.x.label)
        text(14, top + height / 2, "middle", self.y.label, f' transform="rotate(-90 14 {top + height / 2:g})"')
        axes = " and ".join(
            f"{axis.label} from {_said(axis.low)} to {_said(axis.high)}{', logarithmic' * axis.log}"
            for axis in (self.x, self.y))
        return (f'<svg viewBox="0 0 {left + width + 18} {top + height + 48}" width="490" role="img" '
                f'aria-label="{html.escape(f"Empty axes: {axes}.")}" '
                'style="display: block; max-width: 100%; height: auto">'
                f'<path d="{"".join(lines)}" stroke="currentColor" stroke-opacity="0.25"/>'
                f'<path d="M{left} {top}h{width}v{height}h-{width}z" fill="none" stroke="currentColor"/>'
                f'<g fill="currentColor" font-size="14">{"".join(words)}</g></svg>')


def _said(value):
    return f"{value:.6g}".replace("e-0", "e-").replace("-", "−")
