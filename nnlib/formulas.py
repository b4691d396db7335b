"""Chemical formulas as papers and databases write them: read, or refused with the reason.

What can be understood in one way is read. What can be understood in two, and what does not give all
amounts, is refused with the word for it and what to write instead, since a wrong composition would
not show in what is learned from it. The page reads the same and says the same, in
widgets/static/shared/formula.js.
"""

import difflib
import re
import unicodedata
from dataclasses import dataclass, field

import numpy as np

from nnlib.datasets.elements import load_elements
from nnlib.validation import described

CLOSING = {"(": ")", "[": "]", "{": "}"}
DOTS = "·\u0387•●‧∙⋅・･⸱*∗×"  # what stands for the dot of a hydrate
DASHES = "-−–—‐‑‒"

INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
SPACES = re.compile("[ \t\n\v\f\r\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
# Subscripts, full-width and mathematical letters and digits, Roman numerals of one character, and
# fractions that do not follow a number: 1½ would become 11/2. Superscripts are no amounts.
STYLED = re.compile("[₀-ₜ！-～Ⅰ-ⅿ\U0001d400-\U0001d7ff]|(?<![0-9.])[¼-¾⅐-⅞]")

NUMERAL = "(?:0|I{1,3}|IV|VI{0,3}|IX)"
NUMERALS = f"{NUMERAL}(?:[,/]{NUMERAL})*"
TOKEN = re.compile(
    rf"""(?xa)
    (?P<dot>\ ?(?:[{DOTS}]|\.\.+|\.(?=\ |[A-Za-z(\[{{]))\ ?)
    | (?P<space>\ )
    | (?P<oxidation>\({NUMERALS}\)|\[{NUMERALS}\])
    | (?P<element>[A-Z][a-z]?)
    | (?P<opening>[(\[{{])
    | (?P<closing>[)\]}}])
    | (?P<amount>\d+/\d+(?![\d.])|(?:\d+(?:\.\d+|\.(?=$|[)\]}}]))?|\.\d+)(?:[eE][-+−]?\d+)?)
    """
)
# Two or more letters that follow an element and may be a Roman numeral; VI with an amount at the
# end, as in CsVI3, is vanadium and iodine.
ROMAN = re.compile(rf"(?a)(?!VI[\d.]+(?: ?[{DOTS}]|[)\]}}]|$))[IV]{{2,}}(?![a-z])")
TWICE = re.compile("(?:II|VV)(?![a-z])")
# An amount that may be a dot or a slash and a coefficient, of up to two digits, and what follows it
# up to the next dot.
TWOFOLD = re.compile(
    rf"(?a)(\d*)([./])([1-9]\d?)((?:[A-Z][a-z]?\d*|\((?:[A-Z][a-z]?\d*)+\)\d*)+)"
    rf"(?=$|[ )\]}}{DOTS}])"
)
SPACED_NUMBER = re.compile(r"(?a) \.?\d")
CRYSTAL_WATER = ("H2O", "(H2O)", "D2O", "(D2O)", "NH3", "(NH3)")  # and ammonia

# What stands in a formula and cannot be read: the first that fits is what it is called.
END = rf"(?= ?(?:$|[)\]}}{DOTS}]))"
UNREADABLE = [
    (re.compile(pattern), words)
    for pattern, words in (
        (f"e[{DASHES}⁻]", "an electron, which is no element: leave it out"),
        (r"(?<=\()(?:s|l|g|aq|am|cr|gas)(?=\))", "a state of matter: leave it out"),
        (f"^(?:[a-z]{{1,4}}(?=[{DASHES}])|[α-ω])",
         "a prefix that names a structure: leave it out"),
        (f"[{DASHES}+±] ?(?:[a-z](?![a-z])|[α-ω])|(?<=.)[mnxyz](?![a-z])|[mnxyz](?=[A-Z(\\[{{])",
         "an unknown amount: write the number that is meant"),
        ("[α-ω]", "an unknown amount or the name of a structure: write the number, or leave it out"),
        (rf"(?:\++|[{DASHES}]+|\+ ?[0-9]+){END}", "a charge: leave it out, with its number"),
        (r"\+", "a charge or a sum: leave a charge out, join the parts of a sum with ·"),
        (f"[{DASHES}] ?[0-9.]+{END}",
         "a charge, a range or an isotope: leave it out, or write the number that is meant"),
        (f"[{DASHES}]", "a dash: write one formula with the amounts of atoms, its parts joined with ·"),
        ("[⁰¹²³⁴-⁹⁺⁻ⁿ^]", "a superscript, of a charge or an isotope: leave it out"),
        (r"[_$\\<>&]", "markup: write the formula alone"),
        ("(?<=[0-9]),(?=[0-9])", "a decimal comma: write a full stop"),
        (",", "elements in unknown proportions: give each its amount, as in (Mg0.5Fe0.5)2SiO4"),
        ("[/:@|]", "parts in unknown proportions: give each its amount, and join them with ·"),
        ("%", "a percentage: write the amounts of atoms"),
        ("[□◻▢]", "a vacancy: leave it out"),
        ("['\"`´ʹ‘’“”′″‴]", "a prime or a quotation mark: leave it out"),
        ("[¼-¾⅐-⅞]", "a fraction behind a number: write a decimal"),
    )
]  # fmt: skip
NO_ELEMENTS = {
    "D": "deuterium, an isotope of hydrogen: write H",
    "T": "tritium, an isotope of hydrogen: write H",
    "Me": "methyl: write CH3", "Et": "ethyl: write C2H5", "Bu": "butyl: write C4H9",
    "Ph": "phenyl: write C6H5", "Cp": "cyclopentadienyl: write C5H5",
}  # fmt: skip
DIGITS = "nubtqphsoe"  # of the provisional symbols: Uue is element 119
MISSING = ("nan", "NaN", "NaT", "None", "none", "null", "NULL", "NA", "N/A", "n/a", "<NA>")
LONG = 60  # characters of a formula that a message repeats


def parse_formula(formula):
    """Amount of each element in a formula, in the order in which they first appear.

    Whole amounts are returned as int. What is read:

    - amounts above zero: 2, ₂, 0.25, 1/3, ½, and 1e-05 as Python writes it;
    - groups in (), [] or {}, which may be nested;
    - parts joined by a middle dot or what looks like one (· • ⋅ * and others, or a full stop before
      a letter), each with a coefficient or without: CuSO4·5H2O, CaSO4·0.5H2O, 2MgO·SiO2;
    - spaces between elements, groups and parts, full-width characters;
    - oxidation states in Roman numerals, which change nothing: Fe(III)2O3 is Fe2O3.

    >>> parse_formula("Ba(NO3)2")
    {'Ba': 1, 'N': 2, 'O': 6}
    >>> parse_formula("Fe0.5Ni0.5")
    {'Fe': 0.5, 'Ni': 0.5}
    >>> parse_formula("CuSO4·5H2O")
    {'Cu': 1, 'S': 1, 'O': 9, 'H': 10}

    Raises
    ------
    TypeError
        If it is no string.
    ValueError
        With the position, counted from 1, of whatever cannot be read and, where there is one, the
        word for it: an unknown element, a bracket without its partner, a zero amount, a charge, an
        isotope such as D, an unknown amount such as x, elements in unknown proportions. Also for
        what can be read in two ways: CuSO4.5H2O has 4.5 O or a dot, Cu(I)2 iodine or an oxidation
        state.
    """
    if not isinstance(formula, str):
        raise TypeError(f"formula: expected a string, got {described(formula)}")
    text = _plain(formula)
    if text in MISSING:
        raise ValueError(f"formula: expected a formula, got {text!r}, which stands for a missing value")
    return _Reader(text).read()


def write_formula(amounts):
    """Amounts above zero as a formula that `parse_formula` reads back, in their order.

    >>> write_formula({"Ni": 3.0, "Al": 1.0})
    'Ni3Al'
    """
    numbers = [np.format_float_positional(float(n), trim="-") for n in amounts.values()]
    short = "".join(symbol + ("" if n == "1" else n) for symbol, n in zip(amounts, numbers))
    try:
        parse_formula(short)
    except ValueError:  # FeVI and MgCl2.6H2O could be read in another way
        pairs = map("".join, zip(amounts, numbers))
        return "".join(f"({pair})" if "." in pair else pair for pair in pairs)
    return short


def _plain(formula):
    """The formula in a keyboard's characters where they say the same, without invisible ones."""
    formula = STYLED.sub(lambda c: unicodedata.normalize("NFKC", c[0]), INVISIBLE.sub("", formula))
    return SPACES.sub(" ", re.sub("[⁄∕]", "/", formula)).strip(" ")


def _excerpt(text, start=0):
    """A text, or of a long one what stands around a place."""
    if len(text) <= LONG:
        return text
    first, last = max(0, start - LONG // 3), start + LONG // 3
    return ("…" if first else "") + text[first:last] + ("…" if last < len(text) else "")


def _number(text):
    numerator, _, denominator = text.replace("−", "-").partition("/")
    divisor = float(denominator or 1)
    return float(numerator) / divisor if divisor else np.inf


def _add(amounts, more, factor=1.0):
    for symbol, n in more.items():
        amounts[symbol] = amounts.get(symbol, 0.0) + factor * n


@dataclass
class _Level:
    """A formula, or what stands in one pair of brackets: parts, joined by dots."""

    opened: str = ""
    where: int = 0
    amounts: dict = field(default_factory=dict)  # of the parts that are complete
    part: dict = field(default_factory=dict)  # what the current one has so far
    factor: float = 1.0  # its coefficient
    asked: tuple = ()  # the dot or coefficient that an element has to follow, and its place


class _Reader:
    """Goes through a formula once; each kind of token has a method, called as the token.

    `unit` is the element or group that was read last and that an amount would multiply. `after` is
    what was read last: "dot" (or nothing yet), "coefficient", "opening", "unit" or "amount".
    """

    def __init__(self, text):
        self.text = text
        self.levels = [_Level()]
        self.unit, self.unit_start = {}, 0
        self.after = "dot"

    def read(self):
        start = 0
        while start < len(self.text):
            token = TOKEN.match(self.text, start)
            if token is None:
                raise self.refuse(self.unreadable(start), start)
            getattr(self, token.lastgroup)(token[0], start)
            start = token.end()
        level = self.levels[-1]
        if level.opened:
            raise self.refuse(f"{level.opened!r} is never closed", level.where)
        self.end_part()
        amounts = level.amounts
        if not amounts:
            raise ValueError(f"formula: expected at least one element, got {self.text!r}")
        if not all(0 < n < np.inf for n in amounts.values()):  # products can leave the range
            raise ValueError(
                "formula: expected amounts above zero and below 1.8e308, got "
                f"{_excerpt(self.text)!r}"
            )
        return {symbol: int(n) if n.is_integer() else n for symbol, n in amounts.items()}

    def refuse(self, what, start):
        return ValueError(
            f"formula: {what} at position {start + 1} of {_excerpt(self.text, start)!r}"
        )

    def two_readings(self, what, first, second, start):
        first, second = (_excerpt(text, start) for text in (first, second))
        return self.refuse(f"{what} can be read in two ways, write {first!r} or {second!r}", start)

    # One method for each kind of token.

    def space(self, text, start):
        if self.after in ("unit", "amount") and SPACED_NUMBER.match(self.text, start):
            raise self.refuse(
                "white space before a number (write an amount directly behind its element, · before "
                "the water of a hydrate, and no charge)", start
            )  # fmt: skip

    def element(self, symbol, start):
        if symbol not in load_elements().symbols:
            raise self.refuse(f"unknown element {self.unknown(symbol, start)}", start)
        end = start + len(symbol)
        if roman := ROMAN.match(self.text, end):
            rest = self.text[roman.end() :]
            if re.match("[0-9.]", rest):
                counted = "1".join(roman[0])
            else:
                counted = "".join(f"{c}{roman[0].count(c)}" for c in dict.fromkeys(roman[0]))
            raise self.two_readings(
                f"{roman[0]!r} behind {symbol!r}",
                f"{self.text[:end]}({roman[0]}){rest}", f"{self.text[:end]}{counted}{rest}", end,
            )  # fmt: skip
        if twice := TWICE.match(self.text, start):
            raise self.refuse(
                f"expected an element before {twice[0]!r}, an oxidation state (of atoms: {symbol}2)",
                start,
            )
        self.begin_unit({symbol: 1.0}, start)

    def oxidation(self, text, start):
        behind_element = self.after in ("unit", "amount") and self.text[self.unit_start].isalpha()
        if text[1:-1] in ("I", "V"):
            if behind_element:
                head, rest = self.text[:start], self.text[start + 3 :]
                one = "1" if head.endswith(text[1]) else ""
                raise self.two_readings(
                    f"{text!r} behind an element", f"{head}{rest}", f"{head}{one}{text[1]}{rest}",
                    start,
                )  # fmt: skip
            for method, character in zip((self.opening, self.element, self.closing), text):
                method(character, start)
        elif not behind_element:
            raise self.refuse(f"expected an element before {text!r}, an oxidation state", start)

    def opening(self, text, start):
        _add(self.levels[-1].part, self.unit)
        self.unit = {}
        self.levels.append(_Level(text, start))
        self.after = "opening"

    def closing(self, text, start):
        level = self.levels[-1]
        if not level.opened:
            raise self.refuse(f"{text!r} closes nothing", start)
        if text != CLOSING[level.opened]:
            raise self.refuse(f"expected {CLOSING[level.opened]!r}, got {text!r}", start)
        if self.after == "opening":
            raise self.refuse("an empty group", level.where)
        self.end_part()
        self.levels.pop()
        self.begin_unit(level.amounts, level.where)

    def amount(self, text, start):
        if self.after not in ("dot", "unit"):
            advice = {
                "opening": " (an isotope, an oxidation state or an uncertainty: leave it out)",
                "amount": " (two full stops in one number)" if text[0] == "." else "",
            }.get(self.after, "")
            raise self.refuse(f"expected an element or a group before {_excerpt(text)!r}{advice}", start)
        if not 0 < (number := _number(text)) < np.inf:
            end = start + len(text)
            if not number and end < len(self.text) and not TOKEN.match(self.text, end):
                raise self.refuse(self.unreadable(end), end)  # 0,5 and the range 0-1
            limit = "below 1.8e308" if number else "above zero"
            raise self.refuse(f"expected an amount {limit}, got {_excerpt(text)!r}", start)
        if self.after == "dot":
            self.levels[-1].factor, self.levels[-1].asked = number, (text, start)
            self.after = "coefficient"
        else:
            self.refuse_twofold(start)
            self.unit = {symbol: n * number for symbol, n in self.unit.items()}
            self.after = "amount"

    def dot(self, text, start):
        if self.after in ("dot", "opening") and not self.levels[-1].asked:
            raise self.refuse(f"expected an element or a group before {text.strip()!r}", start)
        self.end_part()
        self.levels[-1].asked = text.strip(), start
        self.after = "dot"

    # What the methods share.

    def begin_unit(self, amounts, start):
        _add(self.levels[-1].part, self.unit)
        self.unit, self.unit_start, self.after = amounts, start, "unit"

    def end_part(self):
        level = self.levels[-1]
        _add(level.part, self.unit)
        self.unit = {}
        if level.asked and not level.part:
            text, where = level.asked
            raise self.refuse(f"expected an element or a group behind {_excerpt(text)!r}", where)
        _add(level.amounts, level.part, level.factor)
        level.part, level.factor, level.asked = {}, 1.0, ()

    def refuse_twofold(self, start):
        """Refuse 4.5 in CuSO4.5H2O, but not in MgCl4.5Br1.5, where no part could follow a dot."""
        found = TWOFOLD.match(self.text, start)
        if not found or (found[1] and not found[1].strip("0")):  # 0.5 is nothing but a number
            return
        before = {**self.levels[-1].part, **self.unit}
        behind = set(re.findall("[A-Z][a-z]?", found[4]))
        molecule = found[4] in CRYSTAL_WATER or {"C", "H"} <= behind
        if molecule or (behind & before.keys() and found[1] != "1"):
            sign, rest = found.start(2), found.start(4)
            unit = self.text[self.unit_start : rest]
            raise self.two_readings(
                repr(self.text[start:rest]),
                f"{self.text[:sign]}·{self.text[sign + 1 :]}",
                f"{self.text[: self.unit_start]}({unit}){self.text[rest:]}", start,
            )  # fmt: skip

    # What cannot be read, in words.

    def unreadable(self, start):
        for pattern, words in UNREADABLE:
            if found := pattern.match(self.text, start):
                return f"unexpected {found[0]!r} ({words})"
        character = self.text[start]
        if character.isalpha() and not character.isascii():
            return f"unexpected {character!r} (not one of the letters A to Z)"
        return f"unexpected {character!r}{self.advice(start)}"

    def unknown(self, symbol, start):
        if provisional := re.match(f"U([{DIGITS}])([{DIGITS}])(?![a-z])", self.text[start:]):
            tens, ones = map(DIGITS.index, provisional.groups())
            number = 100 + 10 * tens + ones
            symbols = load_elements().symbols
            now = f": write {symbols[number - 1]}" if number <= len(symbols) else ", not yet made"
            return f"{provisional[0]!r} (the provisional symbol of element {number}{now})"
        if symbol in NO_ELEMENTS:
            return f"{symbol!r} ({NO_ELEMENTS[symbol]})"
        if symbol[1:] in ("m", "n", "x", "y", "z") and symbol[0] in load_elements().symbols:
            return f"{symbol!r} ({symbol[0]} with an unknown amount: write the number that is meant)"
        return f"{symbol!r}{self.advice(start)}"

    def advice(self, start):
        """Which element may have been meant where there is none."""
        symbols = load_elements().symbols
        letters = re.match("[A-Za-z]{0,2}", self.text[start : start + 2])[0]
        if letters.capitalize() in symbols:
            near = [letters.capitalize()]
        elif letters[:1].isupper():
            near = difflib.get_close_matches(letters, symbols, cutoff=0.5)
        else:
            near = []
        return f" (did you mean {' or '.join(near)}?)" if near else ""
