"""What a check uses to try out a reader's answer, and how it says what went wrong."""

import contextlib
import copy
import re
import signal
import threading
import time
import traceback

import numpy as np


class Failure(Exception):
    """Ends a check: the first thing that is not as it should be.

    kind is one of "not written", "type", "dtype", "shape", "none", "mutated", "raised", "slow" and
    "value". The others are texts or None; `came` is also what a known mistake is recognized by.
    """

    def __init__(self, kind, message, given=None, expected=None, came=None):
        super().__init__(message)
        self.kind, self.message = kind, message
        self.given, self.expected, self.came = given, expected, came
        self.step = 0  # how many steps had been passed before


class AnswerRaised(Exception):
    """The reader's code raised: the error's type, its text, and the line it came from."""

    def __init__(self, type_name, text, line=""):
        super().__init__(type_name, text, line)
        self.type_name, self.text, self.line = type_name, text, line


class TooSlow(BaseException):
    """The reader's code did not end in time. Not an Exception, so that `except Exception` misses it."""


class Trial:
    """One run of a check over an answer. `passed` lists in words what was found right."""

    def __init__(self, seconds=5.0):
        self.passed = []
        self.seconds = seconds  # for each call of a reader's function

    def fail(self, message, kind="value", **details):
        failure = Failure(kind, message, **details)
        failure.step = len(self.passed)
        raise failure

    def call(self, function, *arguments):
        """What the reader's function returns, given copies of the arguments, which it may not change."""
        name = getattr(function, "__name__", "your function")
        if is_blank(function):
            self.fail("Nothing is here yet: write your answer in the cell above.", "not written")
        if not callable(function):
            self.fail(f"Expected a function, got {describe(function)}. Pass the function itself, "
                      "without calling it: no parentheses after its name.", "type")
        copies = copy.deepcopy(list(arguments))
        given = _call(function, arguments)
        try:
            value = _run(function, copies, self.seconds)
        except TooSlow:
            self.fail(f"{name} did not finish within {self.seconds:g} seconds. Does a loop never "
                      "end, or do much more than it must?", "slow", given=given)
        except AnswerRaised as error:
            if error.type_name == "NotImplementedError":
                self.fail(f"{name} is not written yet: replace the line `raise "
                          "NotImplementedError` with your code.", "not written")
            where = f", at the line `{error.line}`" if error.line else ""
            self.fail(f"{name} raised {error.type_name}: {error.text}{where}.", "raised",
                      given=given, came=error.type_name)
        for before, after in zip(arguments, copies):
            if not _same(before, after):
                self.fail(f"{name} changed its input. Work on a copy, or make a new array: "
                          "whoever called it may still need the old one.", "mutated", given=given,
                          expected=show(before), came=show(after))
        if value is None:
            self.fail(f"{name} returned None. Is there a `return` at its end?", "none", given=given)
        return value

    def gives(self, function, arguments, expected, what, tolerance=1e-6):
        """The reader's function, called with a tuple of arguments, returns this number or array."""
        value = self.call(function, *arguments)
        self.close(value, expected, what, _call(function, arguments), tolerance)

    def close(self, came, expected, what, given=None, tolerance=1e-6):
        """The answer is this number, or this array, to a relative (and absolute) tolerance."""
        wanted = np.asarray(expected)
        got = self.array(came, what, shape=wanted.shape, given=given)
        details = {"given": given, "expected": show(wanted), "came": show(got)}
        if np.isnan(got).any() and not np.isnan(wanted).any():
            self.fail(f"{what}: the result has nan in it.", **details)
        if wanted.dtype.kind == "f" and got.dtype.kind in "iu" and np.allclose(got, wanted, 0, 1):
            if not np.allclose(got, wanted, rtol=tolerance, atol=tolerance):
                self.fail(f"{what}: the numbers are whole ({got.dtype}), cut or rounded from the "
                          "right ones. Compute with floats.", "dtype", **details)
        if not np.allclose(got, wanted, rtol=tolerance, atol=tolerance):
            if wanted.size > 1:
                at = tuple(int(i) for i in np.argwhere(
                    ~np.isclose(got, wanted, rtol=tolerance, atol=tolerance))[0])
                spot = at[0] if len(at) == 1 else at
                self.fail(f"{what}: the value at index {spot} is {show(got[at])}, expected "
                          f"{show(wanted[at])}.", **details)
            self.fail(f"{what}: not this value.", **details)
        self.passed.append(what)

    def predicted(self, came, right, what, tolerance=1e-6):
        """A number or array worked out beforehand; the report must not give the right one away."""
        got = self.array(came, what, shape=np.shape(right)) * 1.0  # 3 and 3.0 are the same mistake
        self.that(np.allclose(got, right, rtol=tolerance, atol=tolerance), what, "not this value.",
                  came=show(got))

    def shape(self, came, right, what):
        """The shape of an array, worked out beforehand; an axis too many or too few is said as such."""
        got = tuple(self.array(came, what, shape=(-1,)).tolist())
        if len(got) != len(right):
            wanted, given = (f"{n} {'axis' if n == 1 else 'axes'}" for n in (len(right), len(got)))
            self.fail(f"{what}: expected {wanted}, got {given}.", "shape", came=str(got))
        self.that(got == right, what, "not this shape.", came=str(got))

    def array(self, came, what, shape=None, given=None):
        """The answer as an array of numbers of this shape (None: any; -1 in it: any length)."""
        self.written(came)
        if isinstance(came, (str, bytes, dict, set)) or callable(came):
            self.fail(f"{what}: expected numbers, got {describe(came)}.", "type", given=given,
                      came=describe(came))
        try:
            got = np.asarray(came)
        except ValueError:
            self.fail(f"{what}: expected numbers in rows of equal length, got {describe(came)} "
                      "whose rows differ.", "shape", given=given)
        if got.dtype.kind == "c":
            self.fail(f"{what}: expected real numbers, got complex ones.", "dtype", given=given,
                      came=describe(came))
        if got.dtype.kind not in "biuf":
            held = describe(got.flat[0]) if got.size else "nothing"
            kind = "type" if got.ndim == 0 else "dtype"
            self.fail(f"{what}: expected numbers, got {describe(came)} that holds {held}."
                      if kind == "dtype" else f"{what}: expected numbers, got {describe(came)}.",
                      kind, given=given, came=describe(came))
        fits = shape is None or (got.ndim == len(shape) and all(
            want in (-1, have) for want, have in zip(shape, got.shape)))
        if not fits:
            self.fail(f"{what}: expected {_shape(shape)}, got {_shape(got.shape)}.", "shape",
                      given=given, expected=_shape(shape), came=_shape(got.shape))
        return got

    def number(self, came, what):
        """The answer as one Python float, or a failure in words."""
        return float(self.array(came, what, shape=())[()])

    def choice(self, came, right, others, what, given=None):
        """The answer is the text `right`, one of several that the exercise names.

        given: the call that returned it, if a reader's function did. The right one is then shown.
        """
        options = [right, *others]
        if came is None and "none" in options:
            self.fail(f'{what}: got None. Write "none", in quotes.', "type")
        self.written(came)
        listed = ", ".join(map(repr, sorted(options)))
        if not isinstance(came, str):
            self.fail(f"{what}: expected one of the texts {listed}, got {describe(came)}.", "type")
        text = " ".join(came.lower().split())
        if text not in options:
            self.fail(f"{what}: {came!r} is none of the texts {listed}.")
        if text != right:
            self.fail(f"{what}: {came!r} is not right.", given=given,
                      expected=None if given is None else right, came=text)
        self.passed.append(what)

    def as_one(self, since, what):
        """Of what was found right in several steps, after the first `since`, say one thing."""
        self.passed[since:] = [what]

    def that(self, true, what, message, **details):
        """Something else must hold of the answer: what it is, and what to say if it does not."""
        if not true:
            self.fail(f"{what}: {message}", **details)
        self.passed.append(what)

    def written(self, *answers):
        if any(is_blank(answer) for answer in answers):
            self.fail("Not answered yet: replace every ... in the cell above.", "not written")


def is_blank(answer):
    """Whether this stands for an answer to come: ..., None, or a list or array that holds one."""
    if isinstance(answer, np.ndarray) and answer.dtype == object:
        answer = answer.ravel().tolist()
    if isinstance(answer, (list, tuple)):
        return any(is_blank(item) for item in answer)
    return answer is ... or answer is None


def describe(value):
    """A value's type in words: 'an array of shape (3,)', 'a function', 'None', 'a str'."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype} of shape {value.shape}"
    if callable(value):
        return "a class" if isinstance(value, type) else "a function"
    name = getattr(value, "type_name", type(value).__name__)  # of what stands for a far value
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def show(value, most=60):
    """A value, short enough for one or two lines of a report: arrays of up to `most` numbers in full."""
    if isinstance(value, np.ndarray) and value.size > most:
        return f"an array of shape {value.shape}"
    if isinstance(value, (np.ndarray, np.generic, float)):
        if isinstance(value, np.ndarray) and value.ndim:
            rows = np.array2string(value, precision=4, separator=", ", suppress_small=True)
            return re.sub(r"\s*\n\s*", " ", rows)
        number = np.asarray(value)[()]
        return f"{number:.6g}" if number.dtype.kind == "f" else str(number)
    text = repr(value)
    return text if len(text) < 200 else text[:197] + "..."


def _call(function, arguments):
    shown = ", ".join(show(argument, most=24) for argument in arguments)
    return f"{getattr(function, '__name__', 'f')}({shown})"


def _shape(shape):
    if shape == ():
        return "a single number"
    if shape == (-1,):
        return "a flat list of numbers"
    lengths = ", ".join("any number" if n == -1 else str(n) for n in shape)
    return f"shape ({lengths}{',' if len(shape) == 1 else ''})"


def _same(before, after):
    if isinstance(before, (np.ndarray, float)):
        return np.array_equal(before, after, equal_nan=np.asarray(before).dtype.kind == "f")
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(map(_same, before, after))
    if isinstance(before, dict):
        return list(before) == list(after) and _same([*before.values()], [*after.values()])
    return before == after if isinstance(before, (str, int)) else True


def _run(function, arguments, seconds):
    """The function's value; whatever it raises, sys.exit included, comes back as AnswerRaised."""
    if hasattr(function, "call_far"):  # it lives in another process, which keeps the time
        return function.call_far(arguments, seconds)
    try:
        with time_limit(seconds):
            return function(*arguments)
    except (TooSlow, KeyboardInterrupt):
        raise
    except BaseException as error:  # noqa: BLE001 - sys.exit() too is only a wrong answer
        raise AnswerRaised(type(error).__name__, words_of(error), line_of(error)) from None


def words_of(error):
    """What an error says, even if it cannot."""
    try:
        return str(error)
    except BaseException:  # noqa: BLE001 - a reader's class may raise in its __str__, sys.exit too
        return "(no words)"


def line_of(error):
    """The line of code on which an error arose, as near to the reader's own as we can see."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "ipykernel" in frame.filename or "<" in frame.filename]
    return (own or frames)[-1].line or ""


@contextlib.contextmanager
def time_limit(seconds):
    """Raise TooSlow in what computes for longer, where the system can (not on Windows, nor in threads).

    On a busy machine the clock runs on while a program waits for its turn, so the time that the
    processor worked counts; but whoever sleeps is stopped too, after four times as long.
    """
    if (not hasattr(signal, "setitimer")
            or threading.current_thread() is not threading.main_thread()):
        yield
        return

    worked, latest = time.process_time(), time.monotonic() + 4 * seconds

    def ring(signum, frame):
        if time.process_time() - worked >= seconds or time.monotonic() >= latest:
            raise TooSlow

    before = signal.signal(signal.SIGALRM, ring)
    # It rings again and again: a loop may hold an `except:` that catches even this.
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.2)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
