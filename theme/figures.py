"""A Sphinx extension that puts the chapters' figures into their pages, in colors for day and night.

A notebook's figure is an SVG on a white ground (nnlib/figures.py), which as a file could not know
the page's theme. Here it becomes part of the page: without its ground, each color a variable that
the theme sets, each picture in it twice, and the numbers that it carries beside it for figures.js.
A color for the dark has the hue of the light one, and its lightness turned round.
"""

import base64
import io
import itertools
import re
from html import escape, unescape
from pathlib import Path

import numpy as np
from docutils import nodes
from PIL import Image

GROUND = "#121212"  # the theme's own in the dark
DARK = {"#b84a00": "#ff9f4a", "#0f62ab": "#6db6ff", "#00735a": "#4fd0ac"}  # as in the widgets
COLORS = 64  # of a picture
SMALLEST = 11  # size of text; only indices and exponents are smaller

TO_LMS = np.array([[0.4122214708, 0.5363325363, 0.0514459929],
                   [0.2119034982, 0.6806995451, 0.1073969566],
                   [0.0883024619, 0.2817188376, 0.6299787005]])
TO_LAB = np.array([[0.2104542553, 0.7936177850, -0.0040720468],
                   [1.9779984951, -2.4285922050, 0.4505937099],
                   [0.0259040371, 0.7827717662, -0.8086757660]])


def oklab(rgb):
    """Lightness and two axes of hue of colors, shape (n, 3), given as red, green, blue from 0 to 1.

    Björn Ottosson, A perceptual color space for image processing, 2020.
    """
    linear = np.where(rgb > 0.04045, ((rgb + 0.055) / 1.055) ** 2.4, rgb / 12.92)
    return np.cbrt(linear @ TO_LMS.T) @ TO_LAB.T


def _linear(lab):
    return (lab @ np.linalg.inv(TO_LAB).T) ** 3 @ np.linalg.inv(TO_LMS).T


def in_the_dark(rgb):
    """Colors, shape (n, 3), with red, green and blue from 0 to 255, as they are on a dark page.

    White becomes the ground of the page, black nearly white.
    """
    lab = oklab(rgb / 255)
    ground = oklab(np.array([_channels(GROUND)]) / 255)[0]
    white = np.clip(lab[:, :1], 0, 1)
    light = ground[0] + (0.95 - ground[0]) * (1 - white) ** 0.7
    least, most = np.zeros((len(lab), 1)), np.ones((len(lab), 1))
    for _ in range(12):  # as much of the hue as there is at this lightness
        share = (least + most) / 2
        found = _linear(np.hstack([light, lab[:, 1:] * share]))
        fits = ((found > -1e-4) & (found < 1.0001)).all(axis=1, keepdims=True)
        least, most = np.where(fits, share, least), np.where(fits, most, share)
    linear = np.clip(_linear(np.hstack([light, lab[:, 1:] * least])), 0, 1)
    srgb = np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear)
    return np.round(255 * srgb).astype(np.uint8)


def _channels(color):
    return [int(color[i:i + 2], 16) for i in (1, 3, 5)]


def dark_color(color):
    """The color "#rrggbb" as it is on a dark page."""
    if color in DARK:
        return DARK[color]
    return "#" + bytes(in_the_dark(np.array([_channels(color)]))[0]).hex()


def for_both(png):
    """Two PNGs of few colors as base64 text, for a light and a dark page, of one such text."""
    full = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGBA")
    small = full.quantize(COLORS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    mode = small.palette.mode
    palette = np.frombuffer(small.palette.palette, np.uint8).reshape(-1, len(mode)).copy()
    light = _png(small)
    palette[:, :3] = in_the_dark(palette[:, :3].astype(float))
    small.putpalette(palette.tobytes(), mode)
    return light, _png(small)


def _png(image):
    data = io.BytesIO()
    image.save(data, format="PNG", optimize=True)
    return base64.b64encode(data.getvalue()).decode()


def in_page(svg, name, alternative):
    """The HTML of a figure: its SVG for a page in which ids begin with `name`, and its numbers."""
    svg = svg[svg.index("<svg"):]
    found = re.search(r"<metadata>(.*?)</metadata>", svg, re.DOTALL)
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->|<defs>\s*<style.*?</defs>", "", svg,
                 flags=re.DOTALL)
    svg = re.sub(r'<g id="patch_1">.*?</g>', "", svg, count=1, flags=re.DOTALL)  # its ground
    svg = re.sub(r'<path d="[^"]*"( clip-path="[^"]*")? style="fill: none"/>', "", svg)
    _, _, width, height = re.search(r'viewBox="(\S+) (\S+) (\S+) (\S+)"', svg).groups()
    svg = svg[svg.index(">") + 1:svg.rindex("</svg>")]
    svg = re.sub(r"<image [^>]*/>", _both, svg)
    svg = re.sub(r'(?<= )(?:d|x|y|transform|width|height)="[^"]*"', _short, svg)
    svg = svg.replace("xlink:href", "href").replace(' transform="rotate(0 0 0)"', "")
    svg = re.sub(r' transform="rotate\(-?0 \S+ \S+\)"', "", svg)
    svg = re.sub(r"font-family: [^;\"]*;? ?", "", svg)
    svg = re.sub(r"(?<=font-size: )[\d.]+(?=px)", _legible, svg)
    svg = re.sub(r"#[0-9a-f]{6}\b(?=[;\"])", lambda color: f"var(--c{color[0][1:]})", svg)
    svg = re.sub(r"(?:<use [^>]*/>\s*){2,}", _in_groups, svg)
    used = dict.fromkeys(re.findall(r"#([\w.-]+)", re.sub(r"base64,[^\"]*", "", svg)))
    short = {old: f"{name}-{number}" for number, old in enumerate(used)}
    svg = re.sub(r' id="([^"]+)"', lambda i: f' id="{short[i[1]]}"' if i[1] in short else "", svg)
    svg = re.sub(r"(?<=[\"(]#)([\w.-]+)", lambda i: short.get(i[1], i[1]), svg)
    svg = re.sub(r"<g>\s*</g>", "", svg)
    svg = re.sub(r"\s*\n\s*", "\n", svg).replace(">\n<", "><")
    data = ""
    if found and found[1] != "[]":
        numbers = unescape(found[1]).replace("<", "\\u003c")  # nothing may end the script tag
        data = f'<script type="application/json">{numbers}</script>'
    pixels = round(float(width) * 4 / 3), round(float(height) * 4 / 3)
    return (f'<div class="nn-figure"><svg role="img" aria-label="{escape(alternative)}" '
            f'width="{pixels[0]}" height="{pixels[1]}" viewBox="0 0 {float(width):.2f} '
            f'{float(height):.2f}">{svg.strip()}</svg>{data}</div>')


def _both(image):
    encoded = re.search(r'base64,\s*([^"]*)"', image[0])
    pair = zip(("light", "dark"), for_both(encoded[1]))
    text = re.sub(r' style="[^"]*"', "", image[0]).replace("<image", '<image class="nn-{}"')
    return "".join(text.replace(encoded[1], data).replace("{}", theme, 1) for theme, data in pair)


def _short(attribute):
    """Hundredths of a point are finer than any screen."""
    text = re.sub(r"\s*\n\s*", "", attribute[0])
    if re.search("scale|matrix", text):
        return text
    return re.sub(r"-?\d+\.\d+", lambda n: f"{float(n[0]):.2f}".rstrip("0").rstrip("."), text)


def _legible(size):
    """The size of an index or exponent, a little larger than matplotlib sets it."""
    return size[0] if float(size[0]) >= SMALLEST else f"{float(size[0]) * 1.25:.4g}"


def _in_groups(uses):
    """Marks of one style, which stand in a row, say it once."""
    parts = []
    marks = re.findall(r"<use [^>]*/>", uses[0])
    for style, same in itertools.groupby(marks, lambda mark: re.search(r' style="[^"]*"', mark)[0]):
        parts.append(f"<g{style}>{''.join(same).replace(style, '')}</g>")
    return "".join(parts)


def put_in_pages(app, doctree, page):
    if app.builder.format != "html":
        return
    for number, image in enumerate(list(doctree.findall(nodes.image))):
        path = Path(app.srcdir) / image["uri"]
        if path.suffix != ".svg" or "jupyter_execute" not in path.parts:
            continue
        html = in_page(path.read_text(encoding="utf-8"), f"f{number}", image.get("alt", ""))
        image.replace_self(nodes.raw("", html, format="html"))


def styles(body):
    """The colors that a page's figures use, as CSS, for the screen also those in the dark."""
    used = sorted({"000000", *re.findall(r"var\(--c([0-9a-f]{6})\)", body)})  # black is never said
    light = "".join(f"--c{color}:#{color};" for color in used)
    dark = "".join(f"--c{color}:{dark_color(f'#{color}')};" for color in used)
    return (f"<style>.nn-figure{{fill:var(--c000000);{light}}}"
            f"@media screen{{html[data-theme=dark] .nn-figure{{{dark}}}}}</style>")


def add_colors(app, pagename, templatename, context, doctree):
    body = context.get("body") or ""
    if '<div class="nn-figure">' not in body:
        return
    context["body"] = styles(body) + body
    app.add_js_file("figures.js", defer="defer", priority=900)


def setup(app):
    app.add_css_file("figures.css")
    app.connect("doctree-resolved", put_in_pages)
    app.connect("html-page-context", add_colors)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
