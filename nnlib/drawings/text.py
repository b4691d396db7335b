"""Labels with a little TeX in them, and how wide they come out.

Outside of dollars a label is plain text. Between them, letters are italic, and `_`, `^`,
`\\mathbf{}` and `\\boldsymbol{}` mean what they mean in TeX: "gate $\\mathbf{f}$", "$h_{t-1}$".
"""

import html
import re

SIZE, SMALL = 15, 11.5  # px: labels; their indices, which are to be readable on a phone too
_TOKEN = re.compile(r"\\(?:mathbf|boldsymbol)\{(.+?)\}|([_^])(?:\{(.*?)\}|(.))|(.)")
# Widths in em, a little more than most typefaces need.
_WIDTHS = {c: w for w, chars in [(0.36, "ijltfrI.,:;'|!()[] -"), (0.9, "mwMW@…")] for c in chars}


def runs(label):
    """A label in pieces (text, style, level): style "", "i", "b" or "r"; level "", "_" or "^"."""
    found = []

    def add(text, style, level=""):
        if found and found[-1][1:] == (style, level):
            text = found.pop()[0] + text
        found.append((text, style, level))

    for k, part in enumerate(label.split("$")):
        if k % 2 == 0:
            if part:
                add(part, "")
            continue
        for bold, level, braced, single, char in _TOKEN.findall(part):
            if bold:
                add(bold, "b")
            for c in braced or single or char:
                add(c.replace("-", "−"), "i" if c.isalpha() and c != "Σ" else "r", level)
    return found


def width(label):
    """The width of a label in px."""
    return sum(
        (SMALL if level else SIZE)
        * sum(_WIDTHS.get(c, 0.72 if c.isupper() else 0.58) for c in text)
        for text, _, level in runs(label)
    )


def plain(label):
    """A label as one reads it: "h t−1" for "$h_{t-1}$"."""
    found, above = "", ""
    for text, _, level in runs(label):
        found += " " * (level not in ("", above)) + text
        above = level
    return found


def spoken(labels):
    """Several labels in a sentence: "x 1, x 2 and x d"."""
    *first, last = map(plain, labels)
    return f"{', '.join(first)} and {last}" if first else last


def svg(label):
    """The inside of an SVG text element."""
    parts, shift = [], 0
    for text, style, level in runs(label):
        wanted = {"": 0, "_": 4, "^": -6}[level]
        classes = " ".join(filter(None, [style, "s" if level else ""]))
        moved = f' dy="{wanted - shift}"' if wanted != shift else ""
        named = f' class="{classes}"' if classes else ""
        text = html.escape(text)
        parts.append(f"<tspan{named}{moved}>{text}</tspan>" if named or moved else text)
        shift = wanted
    return "".join(parts)
