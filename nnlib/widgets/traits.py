"""What the traits of the widgets accept: a value is checked, and put into the page's form, in one place.

A check is a function of a trait's name and a value. It returns the value as the page reads it, or
raises ValueError. `Checked(check, default)` is a trait that holds to it, in the constructor, on
assignment and for what the page sends. What is a number, or one of some choices, nnlib.validation
knows; here it is only put into the form of a check.

    learning_rate = Checked(number(1e-6, 100), 0.03)

A check has a `form`, which tells static/link.js what the value of a setting in a link must be:
["number", 1e-6, 100] there. A check without one is of a trait that no link sets.
"""

import sys
from collections import OrderedDict

import numpy as np
import traitlets

from nnlib import validation

LARGEST = sys.float_info.max


class InvalidValue(traitlets.TraitError, ValueError):
    """A ValueError that traitlets also knows, so that a rejected assignment leaves the old value."""


class Checked(traitlets.TraitType):
    """A trait that the page shares, whose values pass `check`."""

    def __init__(self, check, default=traitlets.Undefined):
        super().__init__(default)
        self.check = check
        self.tag(sync=True)

    def validate(self, obj, value):
        try:
            return self.check(self.name, value)
        except ValueError as error:
            raise InvalidValue(*error.args) from None


def formed(check, *form):
    """The check, with the form that static/link.js knows it by."""
    check.form = list(form)
    return check


def in_order(trait):
    """A trait of a dict that the page gets as [[key, value], ...].

    The keys of an object come to the built page sorted, since Jupyter writes them so into a
    notebook, and some orders are the author's or the reader's.
    """
    return trait.tag(
        sync=True,
        to_json=lambda value, _: [list(pair) for pair in value.items()],
        from_json=lambda pairs, _: dict(pairs),
    )


class Amounts(OrderedDict):
    """{symbol: amount}, whose order counts also when two are compared."""

    __repr__ = dict.__repr__


def composition(check):
    """A trait of amounts by element, {symbol: amount}, that pass `check`; their order counts."""

    def ordered(name, value):
        return Amounts(check(name, value))

    return in_order(Checked(formed(ordered, *check.form)))


def wrong(name, expected, value):
    """The error for `value`; the message of every check has this form."""
    return InvalidValue(f"{name}: expected {expected}, got {value!r}")


def number(low=-LARGEST, high=LARGEST):
    """A number from `low` to `high`; any finite one without them."""
    expected = "a finite number" if high == LARGEST else f"a number from {low:g} to {high:g}"

    def check(name, value):
        validation.number((expected, lambda value: low <= value <= high), **{name: value})
        return float(value)

    return formed(check, "number", low, high)


def whole(low, high):
    """A whole number from `low` to `high`; the page, which knows floats alone, may send 3.0."""
    expected = f"a whole number from {low} to {high}"

    def check(name, value):
        validation.number(
            (expected, lambda value: low <= value <= high and value == int(value)), **{name: value}
        )
        return int(value)

    return formed(check, "whole", low, high)


def boolean(name, value):
    if not isinstance(value, (bool, np.bool_)):
        raise wrong(name, "True or False", value)
    return bool(value)


formed(boolean, "boolean")


def text(name, value):
    if not isinstance(value, str):
        raise wrong(name, "a string", value)
    return value


def one_of(choices):
    """One of some strings."""

    def check(name, value):
        validation.one_of(choices, **{name: value})
        return str(value)

    return formed(check, "one", list(choices))


def some_of(choices, least=0):
    """A list of some of these strings, `least` or more; it comes back in the order of `choices`."""
    one = one_of(choices)

    def check(name, value):
        chosen = [value] if isinstance(value, str) else items(name, value, "a list of strings")
        for entry in chosen:
            one(name, entry)
        if len(chosen) < least:
            raise wrong(name, f"at least {least} of {', '.join(choices)}", value)
        return [entry for entry in choices if entry in chosen]

    return formed(check, "some", list(choices), least)


def numbers(least, most, low=-LARGEST, high=LARGEST):
    """A list of `least` to `most` numbers from `low` to `high`."""
    count = str(least) if least == most else f"{least} to {most}"

    def check(name, value):
        array = floats(name, value, f"{count} finite numbers")
        if array.ndim != 1 or not least <= len(array) <= most:
            raise InvalidValue(f"{name}: expected {count} numbers, got shape {array.shape}")
        if not np.all((low <= array) & (array <= high)):
            raise wrong(name, f"numbers from {low:g} to {high:g}", array.tolist())
        return array.tolist()

    return formed(check, "array", ["number", low, high], least, most)


def strings(name, value):
    """A list of strings."""
    expected = "a list of strings"
    if isinstance(value, str):
        raise wrong(name, expected, value)
    return [str(entry) for entry in items(name, value, expected)]


def items(name, value, expected):
    """The entries of anything that can be gone through."""
    try:
        return list(value)
    except TypeError:
        raise wrong(name, expected, value) from None


def floats(name, value, expected):
    """An array of finite floats, of any shape."""
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":  # the texts "1" and "2" are not numbers
            raise TypeError
        array = array.astype(float)
    except (TypeError, ValueError):
        raise wrong(name, expected, value) from None
    validation.finite(name, array)
    return array


def points(name, value, least=1):
    """Points of the plane, shape (n, 2), as an array."""
    array = floats(name, value, f"numbers of shape (n, 2), n at least {least}")
    if array.ndim != 2 or array.shape[1] != 2 or len(array) < least:
        raise InvalidValue(
            f"{name}: expected shape (n, 2) with n at least {least}, got {array.shape}"
        )
    return array
