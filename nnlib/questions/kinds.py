"""The kinds of question. Each is a class whose fields are what an author writes.

A question that is not well-formed is a ValueError that names it and the field, as soon as its module
is imported. Texts are written as `markup.py` says. A message says why an answer is wrong, and what to
look at; it shows when that answer is given.
"""

import html
import math
import re
from dataclasses import dataclass
from xml.etree import ElementTree

import numpy as np

from nnlib import validation
from nnlib.questions import formula as formulas
from nnlib.questions.markup import GREEK, to_html, to_text, unbroken
from nnlib.questions.secret import hashed, hidden, key, stream

POINTS = 12  # at which formulas are compared


@dataclass(frozen=True)
class Asked:
    """What questions and predictions have: a name, `<chapter>-<what>`, and what is asked."""

    name: str
    text: str

    def __post_init__(self):
        if not re.fullmatch(r"[a-z0-9_]+(-[a-z0-9]+)+", str(self.name)):
            raise ValueError(f"name: expected <chapter>-<what> in lower case, got {self.name!r}")
        self.html("text", self.text)

    def refuse(self, field, expected, got):
        return ValueError(f"{self.name}: {field}: expected {expected}, got {got!r}")

    def html(self, field, text):
        """The HTML of a text that may not be empty."""
        if not isinstance(text, str) or not text.strip():
            raise self.refuse(field, "a text that is not empty", text)
        try:
            return to_html(text)
        except ValueError as error:
            raise ValueError(f"{self.name}: {field}: {error}") from None

    def number(self, field, value, rule=("a finite number", math.isfinite)):
        try:
            validation.number(rule, **{field: value})
        except ValueError as error:
            raise ValueError(f"{self.name}: {error}") from None
        return float(value)


@dataclass(frozen=True)
class Question(Asked):
    """What all kinds have: a name and a text, and what is said after them.

    The explanation shows after the right answer, or with the answer that a reader asks for after a
    wrong try; hints show one by one, before.
    """

    explanation: str
    hints: tuple = ()

    def __post_init__(self):
        super().__post_init__()
        self.html("explanation", self.explanation)
        if not isinstance(self.hints, (list, tuple)):
            raise self.refuse("hints", "a list of texts", self.hints)
        for hint in self.hints:
            self.html("hints", hint)
        self.check()

    def messages(self, field, texts, least=1):
        """A dict of at least so many answers, each with its message."""
        if not isinstance(texts, dict) or len(texts) < least:
            raise self.refuse(field, f"a dict of {least} or more answers with their messages", texts)
        for message in texts.values():
            self.html(field, message)

    # What the page gets.

    @property
    def kind(self):
        return type(self).__name__.lower()

    def public(self):
        """What everybody may see in the page's source, as JSON."""
        return {"name": self.name, "kind": self.kind, "text": to_html(self.text),
                "label": to_text(self.text), **self.form()}

    def secret(self):
        """The rest, as a text in which the answer is not in plain sight."""
        rest = {"hints": [to_html(hint) for hint in self.hints],
                "explanation": to_html(self.explanation), **self.judgment()}
        return hidden(rest, self.name)

    def plain(self):
        """The question in HTML, with room for an answer: for print and without JavaScript."""
        return f"<p><strong>Question.</strong> {to_html(self.text)}</p>{self.blank()}"

    def listed(self, options, tag="ul"):
        return f"<{tag}>{''.join(f'<li>{shown}</li>' for _, shown in options)}</{tag}>"

    def options(self, texts):
        """[[key, HTML], ...] in an order that the name has drawn."""
        return sorted([key(text, self.name), self.html("options", text)] for text in texts)

    def key_of(self, text):
        return key(text, self.name)

    # What each kind has of its own: check() raises a ValueError, form() and judgment() return
    # what the page may and may not show, blank() the HTML below the question where nothing is live.


ROOM = '<p>Answer: <span style="display: inline-block; width: 8em; border-bottom: 1px solid"></span>'


@dataclass(frozen=True)
class Number(Question):
    """A number. `wrong` holds foreseen wrong ones, {number: message}.

    An answer is taken that differs by at most `tolerance`. Readers may type the unit or leave it
    out. An `answer` of None comes from the chapter's run: `question("rnn-minimum", answer=best)`.
    """

    answer: float = None
    tolerance: float = 0.0
    unit: str = ""
    wrong: dict = ()

    def check(self):
        self.number("tolerance", self.tolerance, validation.NOT_NEGATIVE)
        if not isinstance(self.unit, str):
            raise self.refuse("unit", "a text", self.unit)
        self.messages("wrong", self.wrong)
        known = [self.number("wrong", value) for value in self.wrong]
        if self.answer is not None:
            known.insert(0, self.number("answer", self.answer))
        for k, a in enumerate(known):
            for b in known[k + 1 :]:
                if abs(a - b) <= self.reach(a):
                    what = "the answer" if k == 0 and self.answer is not None else f"{a:g}"
                    raise self.refuse("wrong", f"a number that tolerance tells from {what}", b)

    def reach(self, value):
        """How far from a value an answer may be; rounding in the last digits is always forgiven."""
        return self.tolerance + 1e-9 * abs(value)

    def form(self):
        if self.answer is None:
            raise self.refuse("answer", "a number, given by the chapter", None)
        return {"unit": self.unit}

    def judgment(self):
        digits = max(0, 1 - math.floor(math.log10(self.tolerance))) if self.tolerance else 10
        shown = np.format_float_positional(round(self.answer, digits), trim="-").replace("-", "−")
        return {"answer": float(self.answer), "tolerance": self.tolerance,
                "solution": html.escape(unbroken(f"{shown} {self.unit}".strip())),
                "wrong": [[float(value), to_html(text)] for value, text in self.wrong.items()]}

    def blank(self):
        return f"{ROOM} {html.escape(self.unit)}</p>"


@dataclass(frozen=True)
class Choice(Question):
    """One option of several: the `right` one, and {option: message} for those that are `wrong`."""

    right: str = ""
    wrong: dict = ()

    def check(self):
        self.html("right", self.right)
        self.messages("wrong", self.wrong)
        if self.right in self.wrong:
            raise self.refuse("wrong", "options other than the right one", self.right)
        self.different("wrong")

    def offered(self):
        """The options, as the author wrote them."""
        return [self.right, *self.wrong]

    def different(self, field):
        """Options that a reader can tell apart."""
        texts = self.offered()
        shown = [self.html(field, text) for text in texts]
        for k, one in enumerate(shown):
            if one in shown[:k]:
                raise self.refuse(field, "options that differ", texts[k])

    def form(self):
        return {"options": self.options(self.offered())}

    def judgment(self):
        return {"answer": self.key_of(self.right), "solution": to_html(self.right),
                "wrong": {self.key_of(text): to_html(why) for text, why in self.wrong.items()}}

    def blank(self):
        return self.listed(self.form()["options"])


@dataclass(frozen=True)
class Choices(Choice):
    """Any number of options: {option: message}, for a `right` one that is missed, a `wrong` one taken."""

    right: dict = ()

    def check(self):
        self.messages("right", self.right)
        self.messages("wrong", self.wrong)
        self.different("wrong")

    def offered(self):
        return [*self.right, *self.wrong]

    def judgment(self):
        said = {**self.right, **self.wrong}
        return {"answer": [self.key_of(text) for text in self.right],
                "solution": "; ".join(to_html(text) for text in self.right),
                "wrong": {self.key_of(text): to_html(why) for text, why in said.items()}}


@dataclass(frozen=True)
class Order(Choice):
    """Steps to put in order: the `right` first one, `then` the others as {step: message}.

    A message says why its step cannot stand before the one that it follows here.
    """

    then: dict = ()

    def check(self):
        self.html("right", self.right)
        self.messages("then", self.then, least=2)
        self.different("then")

    def offered(self):
        return [self.right, *self.then]

    def form(self):
        options = super().form()["options"]
        if [one for one, _ in options] == self.judgment()["answer"]:
            options = options[1:] + options[:1]
        return {"options": options}

    def judgment(self):
        return {"answer": [self.key_of(text) for text in self.offered()],
                "solution": self.listed(
                    [(None, to_html(text)) for text in self.offered()], "ol"),
                "wrong": {self.key_of(text): to_html(why) for text, why in self.then.items()}}


@dataclass(frozen=True)
class Formula(Question):
    """A formula in `variables`, {name: (smallest, largest value)}, compared by its values.

    The `answer`, and the foreseen wrong ones of `wrong`, {formula: message}, are written as
    `formula.py` says, such as "2*x^2 - ln(y)"; readers have more freedom.
    """

    answer: str = ""
    variables: dict = ()
    wrong: dict = ()

    def check(self):
        if not isinstance(self.variables, dict) or not self.variables:
            raise self.refuse("variables", "a dict of names with their ranges", self.variables)
        for name, span in self.variables.items():
            if not re.fullmatch(r"[A-Za-z]+\d*", name) or name in {**formulas.FUNCTIONS, **formulas.CONSTANTS}:
                raise self.refuse("variables", "names of letters and digits that mean nothing else", name)
            if not isinstance(span, (tuple, list)) or len(span) != 2:
                raise self.refuse("variables", "a smallest and a largest value", span)
            if not self.number("variables", span[0]) < self.number("variables", span[1]):
                raise self.refuse("variables", "a smallest value below the largest", span)
        self.messages("wrong", self.wrong)
        known = [(text, self.values(text)) for text in [self.answer, *self.wrong]]
        if not np.isfinite(known[0][1]).all():
            raise self.refuse("answer", "a formula with a value everywhere in the ranges", self.answer)
        for k, (_, values) in enumerate(known):
            for other, others in known[k + 1 :]:
                if formulas.same(values, others):
                    what = "the answer" if k == 0 else "the others"
                    raise self.refuse("wrong", f"a formula with other values than {what}", other)

    def points(self):
        """[{variable: value}, ...], drawn by the name, so that two builds are alike."""
        draw = stream(hashed(self.name))
        return [{name: round(low + (high - low) * (next(draw) + 0.5) / 256, 4)
                 for name, (low, high) in self.variables.items()} for _ in range(POINTS)]

    def values(self, text):
        try:
            return [formulas.evaluate(text, point) for point in self.points()]
        except (ValueError, AttributeError) as error:
            raise ValueError(f"{self.name}: formula: {error}") from None

    def form(self):
        return {"variables": [[name, GREEK.get(name, name)] for name in self.variables]}

    def judgment(self):
        return {"answer": self.answer, "points": self.points(),
                "wrong": [[text, to_html(why)] for text, why in self.wrong.items()]}

    def blank(self):
        return f"{ROOM} (a formula in {', '.join(shown for _, shown in self.form()['variables'])})</p>"


@dataclass(frozen=True)
class Tap(Choice):
    """A picture in which one of several regions is to be tapped, or chosen from their list.

    `picture` is the inside of an SVG of `size` (width, height), `regions` the SVG shape of each
    region by its name, `description` the picture in words. `right` is a region's name, and `wrong`
    has a message for each of the others.
    """

    picture: str = ""
    size: tuple = (320, 220)
    description: str = ""
    regions: dict = ()

    def check(self):
        self.html("description", self.description)
        if not isinstance(self.regions, dict) or len(self.regions) < 2:
            raise self.refuse("regions", "a dict of at least two names with their shapes", self.regions)
        super().check()
        for name in [self.right, *self.wrong]:
            if name not in self.regions:
                raise self.refuse("regions", f"one of {', '.join(self.regions)}", name)
        for name in self.regions:
            if name not in [self.right, *self.wrong]:
                raise self.refuse("wrong", "a message for every region but the right one", name)
        for field, drawn in [("picture", self.picture), *(("regions", r) for r in self.regions.values())]:
            try:
                ElementTree.fromstring(f"<svg>{drawn}</svg>")
            except ElementTree.ParseError:
                raise self.refuse(field, "well-formed SVG", drawn) from None

    def drawn(self):
        width, height = self.size
        shapes = "".join(f'<g class="nn-region" data-region="{self.key_of(name)}">{shape}</g>'
                         for name, shape in sorted(self.regions.items()))
        return (f'<svg class="nn-tap" viewBox="0 0 {width} {height}" role="img" width="{width}" '
                f'height="{height}" aria-label="{html.escape(to_text(self.description))}" '
                'fill="none" stroke="currentColor" style="display: block; max-width: 100%; height: auto">'
                f"{self.picture}{shapes}</svg>")

    def form(self):
        return {**super().form(), "picture": self.drawn()}

    def blank(self):
        return self.drawn() + super().blank()
