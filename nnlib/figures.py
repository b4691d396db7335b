"""How every figure of the course is drawn and shown; importing nnlib.plots makes it so.

A notebook gets a figure as SVG, sharp at any density, with its text as text, on a white ground. The
book's theme/figures.py puts that SVG into the page, without the ground and with a second set of
colors for the dark. The SVG also carries the numbers behind its curves and points, from which the
page answers what lies under the pointer.
"""

import io
import json
import re

import matplotlib
import numpy as np
from cycler import cycler
from matplotlib.collections import PathCollection
from matplotlib.colors import same_color, to_hex
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator

# Class 0 (or -1) is the orange square, class 1 the blue circle, as in the widgets.
CLASS_COLORS = ["#b84a00", "#0f62ab", "#00735a", "#8a2f7d", "#6f6200", "#3f4650"]
INK = "#1b2129"
TEXT, SMALL = 13, 12  # font sizes: in a figure 6 inches wide, 12 points are 9 pixels on a phone

STYLE = {
    "figure.figsize": (6, 4),
    "figure.constrained_layout.use": True,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "font.family": "DejaVu Sans",  # comes with matplotlib, so a layout is the same everywhere
    "font.size": SMALL,
    "axes.labelsize": TEXT,
    "axes.titlesize": TEXT,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "legend.fontsize": SMALL,
    "legend.frameon": False,
    "legend.handlelength": 2.4,
    "axes.facecolor": "none",
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=CLASS_COLORS),
    "grid.color": "#d3d9e0",
    "image.cmap": "gray_r",
    "lines.linewidth": 2,
    "svg.fonttype": "none",
    "svg.hashsalt": "nnlib",  # ids that are the same in every run
}
MANY = 600  # marks of one kind; more are drawn as pixels
READ = 100  # points of a curve without markers, or of an image, that can be read in the page

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def use_style():
    """Give all figures of this process the course's style, and those of a notebook its format."""
    matplotlib.rcParams.update(STYLE)
    if matplotlib.get_backend(auto_select=False) not in (
        "inline",
        "module://matplotlib_inline.backend_inline",
    ):
        return
    from IPython import get_ipython
    from matplotlib_inline import backend_inline  # once imported, it no longer sets a format itself
    from matplotlib_inline.config import InlineBackend

    shell = get_ipython()
    if shell is not None:
        InlineBackend.instance(parent=shell).figure_formats = {"svg"}
        backend_inline.set_matplotlib_formats("svg")
        shell.display_formatter.formatters["image/svg+xml"].for_type(Figure, to_svg)


def to_svg(figure):
    """The matplotlib ``figure`` as SVG text, with the numbers that it shows as JSON in <metadata>.

    What has more than 600 marks is in it as pixels. The same figure gives the same text.
    """
    for artist in [a for ax in figure.axes for a in (*ax.lines, *ax.collections)]:
        if _marks(artist) > MANY:
            artist.set_rasterized(True)
    figure.draw_without_rendering()
    place = figure.get_tightbbox().padded(0.04)
    text = io.StringIO()
    nothing = dict.fromkeys(["Date", "Creator", "Format", "Type"])
    with matplotlib.rc_context(
        {name: value for name, value in STYLE.items() if name.startswith("svg.")}
    ):
        figure.savefig(text, format="svg", bbox_inches=place, dpi=144, metadata=nothing)
    numbers = json.dumps(series(figure, place), ensure_ascii=False, separators=(",", ":"))
    numbers = numbers.replace("&", "&amp;").replace("<", "&lt;")
    return text.getvalue().replace("</svg>", f"<metadata>{numbers}</metadata>\n</svg>")


def _marks(artist):
    if isinstance(artist, PathCollection):
        return len(artist.get_offsets())
    if isinstance(artist, matplotlib.lines.Line2D) and artist.get_marker() not in ("None", None):
        return len(artist.get_xdata())
    return 0


def series(figure, place):
    """What a reader can look up in a figure: a list of panels, one for each Axes with data.

    A panel is a dict: `box`, the corners (left, top, right, bottom) of its axes in points from the
    upper left of `place`, which is the part of the figure, in inches, that is shown; `title`; for
    the axes `x` and `y` their `label`, `limits`, whether they are logarithmic (`log`) and, if ticks
    have names instead of numbers, `names`, a list of [value, name]; and `series`, a list of dicts
    with a `name` and the values `x` and `y`, to five digits. An image of up to 100 pixels is a series
    too; its `z` are the pixels' values, and its rows and columns are counted from 1.
    """
    panels = []
    for ax in figure.axes:
        found = _series_of(ax) or _pixels(ax)
        if not found or not ax.axison:
            continue
        box = ax.get_window_extent().transformed(figure.dpi_scale_trans.inverted())
        corners = [box.x0 - place.x0, place.y1 - box.y1, box.x1 - place.x0, place.y1 - box.y0]
        panels.append(
            {
                "box": [round(72 * corner, 2) for corner in corners],
                "title": _plain(ax.get_title()),
                "x": _axis(ax.xaxis, figure, figure.get_supxlabel()),
                "y": _axis(ax.yaxis, figure, figure.get_supylabel()),
                "series": found,
            }
        )
        if "z" in found[0]:
            for letter, name in (("x", "column"), ("y", "row")):
                axis, places = panels[-1][letter], sorted(set(found[0][letter]))
                axis["label"] = axis["label"] or name
                axis.setdefault("names", [[k, f"{k + 1:g}"] for k in places])
    return panels


def _series_of(ax):
    names = {bars.lines[0]: bars.get_label() for bars in ax.containers if hasattr(bars, "lines")}
    found = []  # (name, color of marks without a line, x, y)
    for line in ax.lines:
        x, y = line.get_data(orig=False)
        if line.get_transform() == ax.transData and len(x) > 2 and line.get_visible():
            if _marks(line) == 0 and len(x) > READ:
                kept = np.linspace(0, len(x) - 1, READ).round().astype(int)
                x, y = x[kept], y[kept]
            name = names.get(line, line.get_label())
            marks = line.get_color() if line.get_linestyle() == "None" else None
            found.append((name, marks, x, y))
    for points in ax.collections:
        if isinstance(points, PathCollection) and len(points.get_offsets()):
            x, y = np.ma.getdata(points.get_offsets()).T
            found.append((points.get_label(), to_hex(points.get_facecolor()[0]), x, y))
    if not any(_named(name) for name, *_ in found):
        found = [("", color, x, y) for _, color, x, y in found]
    result = []
    for name, color, x, y in found:
        if name and not _named(name):  # marks like others, or only a guide to the eye
            same = [n for n, c, *_ in found if _named(n) and color and c and same_color(c, color)]
            name = same[0] if same else None
        if name is not None and len(x) <= MANY:
            inside = _inside(ax, x, y)
            if inside.any():
                values = {"x": _numbers(x[inside]), "y": _numbers(y[inside])}
                result.append({"name": _plain(name), **values})
    return result


def _pixels(ax):
    for image in ax.images:
        values = np.ma.getdata(image.get_array())
        if values.ndim == 2 and values.size <= READ:
            y, x = (index.ravel().tolist() for index in np.indices(values.shape))
            return [{"name": "", "x": x, "y": y, "z": [float(f"{v:.3g}") for v in values.flat]}]
    return []


def _named(name):
    return bool(name) and not name.startswith("_")


def _inside(ax, x, y):
    x, y = np.asarray(x, float), np.asarray(y, float)
    (left, right), (low, high) = sorted(ax.get_xlim()), sorted(ax.get_ylim())
    return (x >= left) & (x <= right) & (y >= low) & (y <= high)


def _numbers(values):
    return [float(f"{value:.5g}") for value in np.asarray(values, float)]


def _axis(axis, figure, common):
    get = f"get_{axis.axis_name}label"
    label = axis.get_label_text() or common
    if not label:  # panels side by side name a shared axis once
        label = next(filter(None, (getattr(ax, get)() for ax in figure.axes)), "")
    result = {"label": _plain(label), "limits": [float(f"{v:.6g}") for v in axis.get_view_interval()]}
    if axis.get_scale() == "log":
        result["log"] = True
    if isinstance(axis.get_major_locator(), FixedLocator):
        names = [label.get_text() for label in axis.get_majorticklabels()]
        ticks = [tick for tick in zip(axis.get_majorticklocs().tolist(), names) if tick[1]]
        if ticks and not any(name.replace(",", "") == f"{v:g}" for v, name in ticks):
            result["names"] = [[value, _plain(name)] for value, name in ticks]
    return result


def _plain(text):
    """A label without the marks of mathtext."""
    text = re.sub(r"_\{?(\d+)\}?", lambda found: found[1].translate(_SUBSCRIPTS), text)
    return " ".join(re.sub(r"[$\\{}]", "", text).split())
