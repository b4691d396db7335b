"""Figures as notebooks show them: SVG, legible, the same each time, with the data behind it."""

import json
import re
import subprocess
import sys

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from nnlib import figures
from nnlib.plots import use_style


@pytest.fixture(autouse=True)
def style():
    use_style()
    yield
    plt.close("all")


def data(figure):
    svg = figures.to_svg(figure)
    text = re.search("<metadata>(.*)</metadata>", svg)[1]
    return svg, json.loads(text.replace("&lt;", "<").replace("&amp;", "&"))


def luminance(color):
    rgb = np.array(to_rgb(color))
    linear = np.where(rgb > 0.04045, ((rgb + 0.055) / 1.055) ** 2.4, rgb / 12.92)
    return linear @ [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize("color", [*figures.CLASS_COLORS, figures.INK])
def test_colors_stand_out_from_white(color):
    assert 1.05 / (luminance(color) + 0.05) >= 4.5


def test_text_is_text_on_a_white_ground_with_only_the_axes_that_count():
    _, ax = plt.subplots()
    ax.plot([1, 2, 3], [1, 4, 9], label="squares")
    ax.set(xlabel="number", ylabel="square")
    ax.legend()
    svg, _ = data(ax.figure)
    assert {"number", "square", "squares"} <= set(re.findall("<text[^>]*>([^<]*)</text>", svg))
    assert "fill: #ffffff" in svg.split("axes_1")[0]
    assert not ax.spines["top"].get_visible() and not ax.spines["right"].get_visible()
    sizes = [float(size) for size in re.findall(r"font-size: ([\d.]+)px", svg)]
    width = float(re.search(r'viewBox="0 0 ([\d.]+)', svg)[1])
    assert min(sizes) * 327 / width >= 9  # pixels on a phone, whose column has 327


def test_same_figure_gives_the_same_text_in_another_process():
    program = ("import matplotlib; matplotlib.use('Agg'); import matplotlib.pyplot as plt; "
               "from nnlib import figures, plots; fig, ax = plt.subplots(); "
               "ax.plot([1, 2, 3], [1, 4, 9], 'o-'); print(figures.to_svg(fig))")
    one, two = (subprocess.run([sys.executable, "-c", program], capture_output=True, text=True,
                               check=True).stdout for _ in range(2))
    assert one == two and "</svg>" in one


def test_data_are_those_of_the_curves():
    _, (left, right) = plt.subplots(1, 2)
    t = np.array([1.0, 2.0, 4.0])
    left.semilogy(t, 1 / t**9, label="$x_1$")
    left.axhline(0.5)  # no data
    left.plot([1, 3], [1, 0.1], color="0.5")  # a guide to the eye
    left.set(xlabel="time (s)", ylabel="length", title="decay")
    right.errorbar([0, 1, 2], [3, 4, 5], [1, 1, 1], fmt="o", label="mean & bar")
    right.set_xticks(range(3), ["a", "b", "c"])
    _, (first, second) = data(left.figure)
    assert first["title"] == "decay" and first["x"]["label"] == "time (s)"
    assert first["y"]["log"] and "log" not in first["x"]
    assert first["series"] == [{"name": "x₁", "x": [1, 2, 4], "y": [1, 0.0019531, 3.8147e-06]}]
    assert second["series"] == [{"name": "mean & bar", "x": [0, 1, 2], "y": [3, 4, 5]}]
    assert second["x"]["names"] == [[0, "a"], [1, "b"], [2, "c"]]


def test_marks_without_a_name_have_that_of_their_color():
    _, ax = plt.subplots()
    ax.plot([0, 1, 2], [1, 2, 3], "o", color="C1", mfc="none", label="Pt in Cu")
    ax.plot([0, 1, 2], [2, 3, 4], "o", color="C1")
    ax.plot([0, 1, 2], [2, 3, 4], color="C1", lw=0.5)  # a run behind its median, say
    _, (panel,) = data(ax.figure)
    assert [s["name"] for s in panel["series"]] == ["Pt in Cu"] * 2


def test_box_is_where_the_axes_stand_in_the_svg():
    _, ax = plt.subplots()
    ax.plot([0, 1, 2], [0, 1, 2], "o")
    ax.set(xlim=(0, 2), ylim=(0, 2))
    svg, (panel,) = data(ax.figure)
    middle = [(panel["box"][i] + panel["box"][i + 2]) / 2 for i in (0, 1)]
    places = np.array(re.findall(r'<use [^>]*x="([\d.]+)" y="([\d.]+)"', svg), dtype=float)
    assert np.abs(places - middle).max(axis=1).min() < 0.3


def test_long_curves_are_thinned_and_what_lies_outside_is_left_out():
    _, ax = plt.subplots()
    x = np.linspace(0, 10, 1001)
    ax.plot(x, np.sin(x), label="sine")
    ax.set_xlim(0, 5)
    _, (panel,) = data(ax.figure)
    curve = panel["series"][0]
    assert 40 < len(curve["x"]) <= figures.READ and max(curve["x"]) <= 5
    assert np.allclose(curve["y"], np.sin(curve["x"]), atol=1e-4)


def test_thousands_of_marks_become_pixels():
    _, (few, many) = plt.subplots(1, 2)
    few.plot(np.arange(9), "o")
    many.plot(np.arange(5000), "o")
    svg, panels = data(few.figure)
    assert svg.count("<use") < 100 and "<image" in svg
    assert len(panels) == 1  # of the others, nobody could find one


def test_ticks_with_numbers_for_names_stay_numbers():
    _, ax = plt.subplots()
    ax.plot([50, 1656, 2000], [1, 2, 3])
    ax.set_xticks([50, 1656], ["50", "1,656"])
    _, (panel,) = data(ax.figure)
    assert "names" not in panel["x"]


def test_pixels_of_a_small_image_are_read_by_row_and_column():
    _, (small, large, map_) = plt.subplots(1, 3)
    small.imshow([[0, 1, 2], [3, 4, 5]])
    small.set(xticks=[], yticks=[])
    large.imshow(np.zeros((32, 32)))
    map_.imshow(np.eye(2))
    map_.set_yticks([0, 1], ["mass", "charge"])
    _, (first, second) = data(small.figure)
    assert first["series"][0]["x"] == [0, 1, 2, 0, 1, 2] and first["y"]["label"] == "row"
    assert first["series"][0]["z"] == [0, 1, 2, 3, 4, 5]
    assert first["x"]["names"] == [[0, "1"], [1, "2"], [2, "3"]]
    assert second["y"]["names"] == [[0, "mass"], [1, "charge"]]
