"""The canvas: nodes in columns and rows, arrows between them, and one style for all drawings."""

import html
import itertools
import math
from dataclasses import dataclass

from nnlib.drawings.text import SIZE, SMALL, svg, width
from nnlib.validation import instance, one_of

# What the parts of a drawing may be: as usual, in the background, or one of two emphases.
TONES = "plain", "faint", "blue", "orange"

# The colors are those of the widgets. A page that says it is dark does so in one of these ways: the
# book, JupyterLab, Colab, VS Code. In print all is light.
_DARK = ", ".join(
    f"{page} .nnlib-drawing"
    for page in ("[data-theme=dark]", "[data-jp-theme-light=false]", "[theme=dark]", ".vscode-dark")
)
STYLE = f"""
.nnlib-drawing {{ --plain: #1b2129; --faint: #6f7985; --words: #535d69; --blue: #0f62ab; --orange: #b84a00;
 display: block; width: 100%; height: auto; margin: 0.5rem auto; overflow: visible;
 font: {SIZE}px system-ui, sans-serif; font-family: var(--pst-font-family-base, var(--jp-ui-font-family, system-ui, sans-serif)); }}
@media screen {{ {_DARK} {{ --plain: #e8ebef; --faint: #7f8b98; --words: #a9b3be; --blue: #6db6ff; --orange: #ff9f4a; }} }}
.nnlib-drawing g {{ --c: var(--plain); --t: var(--c); --f: 0; --w: 1.6px; }}
.nnlib-drawing .faint {{ --c: var(--faint); --t: var(--words); --w: 1px; }}
.nnlib-drawing .blue {{ --c: var(--blue); --f: 0.14; --w: 2.4px; }}
.nnlib-drawing .orange {{ --c: var(--orange); --f: 0.08; --w: 2.4px; }}
.nnlib-drawing :is(path, rect, circle) {{ stroke: var(--c); stroke-width: var(--w); fill: var(--c); fill-opacity: var(--f); stroke-linejoin: round; }}
.nnlib-drawing .line {{ fill: none; }}
.nnlib-drawing .head {{ fill-opacity: 1; stroke: none; }}
.nnlib-drawing .dashed {{ stroke-dasharray: 5 3.5; }}
.nnlib-drawing text {{ fill: var(--t); text-anchor: middle; }}
.nnlib-drawing .start {{ text-anchor: start; }}
.nnlib-drawing .end {{ text-anchor: end; }}
.nnlib-drawing :is(.i, .b, .r) {{ font-family: "Latin Modern Roman", "STIX Two Text", "Times New Roman", Times, serif; font-size: {SIZE + 1}px; }}
.nnlib-drawing .i {{ font-style: italic; }}
.nnlib-drawing .b {{ font-weight: bold; }}
.nnlib-drawing .s {{ font-size: {SMALL}px; }}
"""


@dataclass(frozen=True)
class Node:
    """What an arrow can lead from or to: a shape around a center, in px."""

    x: float
    y: float
    half_width: float
    half_height: float
    round: bool = False

    def border(self, dx, dy):
        """The point of the border in a direction from the center."""
        if self.round:
            reach = self.half_width / math.hypot(dx, dy)
        else:
            reach = min(
                half / abs(d) for half, d in ((self.half_width, dx), (self.half_height, dy)) if d
            )
        return self.x + reach * dx, self.y + reach * dy


@dataclass(frozen=True)
class Label:
    """A text on the drawing and the box (left, top, right, bottom) that it fills, in px."""

    text: str
    box: tuple


class Drawing:
    """A drawing whose parts stand in columns and rows; fractions lie between them.

    Its methods add a part each. `tone` is "plain", "faint", "blue" or "orange". Labels are plain
    text with letters of formulas between dollars, such as ``"gate $f$"`` or ``"$h_{t-1}$"``::

        drawing = Drawing("An input x, multiplied by a weight w, reaches a unit.", step=(100, 50))
        x = drawing.data("$x$", 0, 0)
        drawing.arrow(x, drawing.unit("$h$", 1, 0), label="$w$")
        drawing

    At the end of a cell it shows itself. A drawing up to 340 px wide is not shrunk on a phone.

    Parameters
    ----------
    description : the alternative text, which says what the drawing shows and names its parts
    step : two numbers, the distance of neighboring columns and of neighboring rows in px
    """

    def __init__(self, description, step=(56, 46)):
        instance(str, description=description)
        if not description.strip():
            raise ValueError("description: expected a sentence that says what is seen, got none")
        self.description, self.step = description, step
        self.labels = []
        self._parts = []  # (tone, SVG)
        self._extent = [0, 0, 0, 0]  # px: left, top, right, bottom

    # Nodes

    def unit(self, label, column, row, tone="plain", radius=18):
        """A unit of a network: a circle."""
        x, y = self._place(column, row)
        self._add(tone, f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"/>')
        return self._node(Node(x, y, radius, radius, True), label, tone)

    def box(self, label, column, row, tone="plain", size=None):
        """An operation: a box with round corners, as wide as its label needs unless a size is given."""
        size = size or (max(30, width(label) + 14), 30)
        return self._rectangle(label, column, row, tone, size, corner=10)

    def data(self, label, column, row, tone="plain", size=None):
        """Numbers that go in, come out or are kept: a square, or a rectangle of a given size."""
        size = size or (max(34, width(label) + 14), 34)
        return self._rectangle(label, column, row, tone, size, corner=1.5)

    def label(self, label, column, row, tone="plain", align="middle"):
        """Words beside the shapes; `align` says which end of them is at the place."""
        one_of(("start", "middle", "end"), align=align)
        self._write(label, *self._place(column, row), tone, align)

    # Lines

    def arrow(
        self, start, end, via=(), label="", side="", at=0.5, tone="plain", head=True,
        dashed=False, bend=0.0, sharp=False,
    ):  # fmt: skip
        """An arrow from one node or place (column, row) to another.

        Parameters
        ----------
        via : places (column, row) of the corners between the ends
        label : words beside the longest straight piece, `at` a part of its length
        side : of the line, "above", "below", "left" or "right"; by default above or right
        head : False for a plain line
        dashed : for what is not always so, or runs backward
        sharp : whether the corners are left sharp
        bend : how far a line without corners is bent to its left, as a part of its length
        """
        one_of(TONES, tone=tone)
        one_of(("", "above", "below", "left", "right"), side=side)
        ends = [n if isinstance(n, Node) else Node(*self._place(*n), 0, 0) for n in (start, end)]
        corners = [self._place(*place) for place in via]
        points = [(ends[0].x, ends[0].y), *corners, (ends[1].x, ends[1].y)]
        control = _control(points, bend) if bend else None
        for k, inner, node in ((0, 1, ends[0]), (-1, -2, ends[1])):
            toward = control or points[inner]
            if node.half_width:
                points[k] = node.border(toward[0] - node.x, toward[1] - node.y)
        last = control or points[-2]
        stroke = list(points)
        if head:  # the line ends inside the head, or its flat end would show beside the tip
            stroke[-1] = _toward(points[-1], last, 5)
        if control:
            path = "M{} {}Q{} {} {} {}".format(*map(_n, (*stroke[0], *control, *stroke[1])))
        else:
            path = _rounded(stroke, 0 if sharp else 9)
        dash = " dashed" if dashed else ""
        drawn = f'<path class="line{dash}" d="{path}"/>'
        if head:
            drawn += (
                f'<path class="head" d="{_head(last, points[-1], 9 if tone != "faint" else 7)}"/>'
            )
        self._add(tone, drawn)
        for x, y in [*points, *([_middle(points, control)] if control else [])]:
            self._grow(x, y, x, y)
        if label:
            self._beside(label, points, control, side, at, tone)

    def line(self, start, end, **style):
        """An arrow without a head."""
        self.arrow(start, end, head=False, **style)

    def dot(self, column, row, tone="plain"):
        """A dot where a line branches."""
        x, y = self._place(column, row)
        self._add(tone, f'<circle class="head" cx="{_n(x)}" cy="{_n(y)}" r="3.2"/>')

    def circle(self, column, row, radius, tone="plain", dashed=False):
        """A circle around a place, of a radius in px, that is no unit."""
        x, y = self._place(column, row)
        kind = "line dashed" if dashed else "line"
        self._add(tone, f'<circle class="{kind}" cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"/>')
        self._grow(x - radius, y - radius, x + radius, y + radius)

    # Showing it

    @property
    def size(self):
        """Width and height in px."""
        left, top, right, bottom = self._extent
        return math.ceil(right - left) + 4, math.ceil(bottom - top) + 4

    def _repr_html_(self):
        across, down = self.size
        left, top = (_n(edge - 2) for edge in self._extent[:2])
        # The faint parts lie below the others.
        parts = sorted(self._parts, key=lambda part: part[0] != "faint")
        body = "\n".join(f'<g class="{tone}">{part}</g>' for tone, part in parts)
        return (
            f'<svg class="nnlib-drawing" xmlns="http://www.w3.org/2000/svg" role="img" '
            f'aria-label="{html.escape(self.description)}" '
            f'viewBox="{left} {top} {across} {down}" style="max-width: {1.3 * across:.0f}px">'
            f"<style>{STYLE}</style>\n{body}\n</svg>"
        )

    def __repr__(self):
        return f"Drawing({self.description!r})"

    # How it is done

    def _place(self, column, row):
        return column * self.step[0], row * self.step[1]

    def _add(self, tone, svg):
        one_of(TONES, tone=tone)
        self._parts.append((tone, svg))

    def _grow(self, left, top, right, bottom):
        low, high = self._extent[:2], self._extent[2:]
        self._extent = [
            *map(min, low, (left, top)),
            *map(max, high, (right, bottom)),
        ]

    def _rectangle(self, label, column, row, tone, size, corner):
        x, y = self._place(column, row)
        across, down = size
        self._add(
            tone,
            f'<rect x="{_n(x - across / 2)}" y="{_n(y - down / 2)}" width="{_n(across)}" '
            f'height="{_n(down)}" rx="{corner}"/>',
        )
        return self._node(Node(x, y, across / 2, down / 2), label, tone)

    def _node(self, node, label, tone):
        self._grow(
            node.x - node.half_width, node.y - node.half_height,
            node.x + node.half_width, node.y + node.half_height,
        )  # fmt: skip
        if label:
            self._write(label, node.x, node.y, tone)
        return node

    def _write(self, label, x, y, tone, align="middle"):
        instance(str, label=label)
        across = width(label)
        left = x - across * {"start": 0, "middle": 0.5, "end": 1}[align]
        box = (left, y - 9, left + across, y + 9)
        self.labels.append(Label(label, box))
        self._grow(*box)
        named = "" if align == "middle" else f' class="{align}"'
        self._add(tone, f'<text x="{_n(x)}" y="{_n(y + 5)}"{named}>{svg(label)}</text>')

    def _beside(self, label, points, control, side, at, tone):
        pieces = sorted(itertools.pairwise(points), key=lambda piece: -math.dist(*piece))
        (x0, y0), (x1, y1) = pieces[0]
        x, y = x0 + at * (x1 - x0), y0 + at * (y1 - y0)
        if control:
            x, y = _middle(points, control)
        side = side or ("above" if abs(x1 - x0) >= abs(y1 - y0) else "right")
        slope = min(1, abs(y1 - y0) / (abs(x1 - x0) or 1)) if side in ("above", "below") else 0
        room = 12 + slope * width(label) / 2  # a line that rises would run through the label
        away = {"above": (0, -room), "below": (0, room), "left": (-7, 0), "right": (7, 0)}[side]
        align = {"left": "end", "right": "start"}.get(side, "middle")
        self._write(label, x + away[0], y + away[1], tone, align)


def _n(value):
    """A number of px, with as many digits as the eye can tell."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _toward(start, end, length):
    far = math.dist(start, end) or 1.0
    return tuple(a + length * (b - a) / far for a, b in zip(start, end))


def _control(points, bend):
    """The control point of a quadratic curve between two points."""
    (x0, y0), (x1, y1) = points
    return (x0 + x1) / 2 + 2 * bend * (y1 - y0), (y0 + y1) / 2 - 2 * bend * (x1 - x0)


def _middle(points, control):
    (x0, y0), (x1, y1) = points
    return (x0 + x1 + 2 * control[0]) / 4, (y0 + y1 + 2 * control[1]) / 4


def _rounded(points, radius):
    """A path through points, its corners rounded."""
    path = "M{} {}".format(*map(_n, points[0]))
    for before, corner, after in zip(points, points[1:], points[2:]):
        room = min(radius, math.dist(before, corner) / 2, math.dist(corner, after) / 2)
        ends = (*_toward(corner, before, room), *corner, *_toward(corner, after, room))
        path += "L{} {}Q{} {} {} {}".format(*map(_n, ends))
    return path + "L{} {}".format(*map(_n, points[-1]))


def _head(start, tip, length):
    """A triangle that ends in a tip."""
    back = _toward(tip, start, length)
    across = 0.42 * (tip[1] - back[1]), 0.42 * (back[0] - tip[0])
    left = back[0] + across[0], back[1] + across[1]
    right = back[0] - across[0], back[1] - across[1]
    return "M{} {}L{} {}L{} {}Z".format(*map(_n, (*tip, *left, *right)))
