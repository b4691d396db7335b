"""The few marks that a question's texts may have, turned into HTML that needs no MathJax.

    to_html("The *margin* is `m`, and $w_1 x^2 \\to \\sigma(z)$")

`*...*` emphasizes, backquotes hold code, dollars hold mathematics: letters, numbers, operators,
indices and exponents (`_`, `^`, of one character, one command or a group in braces), Greek letters
and the commands of SYMBOLS, \\mathbf{w} for a vector and \\hat{y}. Anything else is a ValueError.
A number and its unit, as in 3 Å or 5 %, stay on one line.
"""

import html
import re

GREEK = {name: chr(code) for name, code in zip(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho . sigma "
    "tau upsilon phi chi psi omega".split(), range(0x3B1, 0x3CA)) if name != "."}  # . is the final ς
SYMBOLS = {
    "cdot": "·", "times": "×", "le": "≤", "ge": "≥", "ne": "≠", "approx": "≈", "pm": "±", "to": "→",
    "in": "∈", "infty": "∞", "dots": "…", "sum": "∑", "partial": "∂", "nabla": "∇", "quad": " ",
    "lVert": "‖", "rVert": "‖", "Delta": "Δ", "Sigma": "Σ", "Omega": "Ω",
}  # fmt: skip
FUNCTIONS = "exp ln log max min sign tanh sin cos ReLU softmax".split()

_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:%|°C|Å|[mk]?eV|[kMG]Pa|[npµmck]m|[mµn]?s|K|W|kWh|kg)(?!\w))")
_MARK = re.compile(r"\*([^*]+)\*|`([^`]+)`|\$([^$]+)\$")
_MATHS = re.compile(r"\\([A-Za-z]+)|([A-Za-z])|(\d+(?:\.\d+)?)|([_^{}])|(\s+)|([-+=<>()\[\].,;:/|!½·])")
_OPERATORS = ["=", "<", ">", "·", "×", "≤", "≥", "≠", "≈", "±", "→", "∈"]


def to_html(text):
    """The HTML of a text, in which nothing but our own tags is markup; ValueError for other marks."""
    done, parts = 0, []
    for found in _MARK.finditer(text):
        parts.append(_plain(text[done : found.start()]))
        emphasis, code, maths = found.groups()
        if emphasis:
            parts.append(f"<em>{to_html(emphasis)}</em>")
        elif code:
            parts.append(f"<code>{html.escape(code)}</code>")
        else:
            parts.append(f'<span style="white-space: nowrap">{_Maths(maths).all()}</span>')
        done = found.end()
    return "".join([*parts, _plain(text[done:])])


def to_text(text):
    """The same without tags, for names that a screen reader reads."""
    return html.unescape(re.sub(r"<[^>]+>", "", to_html(text)))


def _plain(text):
    left = re.search(r"[*`$]", text)
    if left:
        raise ValueError(f"expected {left[0]!r} in pairs, got {text!r}")
    return html.escape(unbroken(text))


def unbroken(text):
    """The same text with a space between a number and its unit that does not break the line."""
    return _BEFORE_UNIT.sub("\u00a0", text)


class _Maths:
    """Reads one formula between dollars, mark by mark."""

    def __init__(self, source):
        self.source, self.at, self.tokens = source, 0, []
        while self.at < len(source):
            found = _MATHS.match(source, self.at)
            if not found:
                raise self.refuse(f"the character {source[self.at]!r}")
            self.tokens.append(found.groups())
            self.at = found.end()
        self.tokens.reverse()  # the next one is at the end

    def refuse(self, what):
        return ValueError(f"expected simple mathematics between dollars, got {what} in {self.source!r}")

    def all(self):
        parts = []
        while self.tokens:
            parts.append(self.one())
        return "".join(parts)

    def argument(self):
        while self.tokens and self.tokens[-1][4]:
            self.tokens.pop()
        return self.one()

    def one(self):
        if not self.tokens:
            raise self.refuse("nothing behind the last mark")
        command, letter, number, mark, space, sign = self.tokens.pop()
        if command:
            return self.command(command)
        if letter:
            return f"<var>{letter}</var>"
        if mark in ("_", "^"):
            tag = "sub" if mark == "_" else "sup"
            return f"<{tag}>{self.argument()}</{tag}>"
        if mark:
            return self.group(mark)
        if space:
            return ""
        if sign == "-":
            return "−"
        if sign in _OPERATORS:
            return f" {html.escape(sign)} "
        return f"{sign} " if sign in (",", ";") else number or html.escape(sign)

    def group(self, mark):
        parts = []
        while mark == "{" and self.tokens and self.tokens[-1][3] != "}":
            parts.append(self.one())
        if mark != "{" or not self.tokens:
            raise self.refuse("braces that are not in pairs")
        self.tokens.pop()
        return "".join(parts)

    def command(self, name):
        if name in GREEK:
            return f"<var>{GREEK[name]}</var>"
        if name in SYMBOLS:
            sign = SYMBOLS[name]
            return f" {sign} " if sign in _OPERATORS else sign
        if name in FUNCTIONS:
            return f"{name} " if self.tokens and self.tokens[-1][5] not in ("(",) else name
        if name == "mathbf":
            return f"<b>{re.sub('</?var>', '', self.argument())}</b>"
        if name == "hat":
            return self.argument().replace("</var>", "\u0302</var>")
        raise self.refuse(f"\\{name}")
