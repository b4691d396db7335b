"""The exercises by name, and `check`, which tries an answer and reports."""

import difflib
import importlib
import inspect
import math
import os
import pkgutil
from dataclasses import dataclass, field

from nnlib.exercises.report import Report
from nnlib.exercises.trial import Failure, Trial, words_of

_EXERCISES = {}  # name -> Exercise
_tries = {}      # name -> the different failures seen in this session


@dataclass
class Mistake:
    """A wrong answer that people often give, and what to tell them.

    It is recognized by its effect: when the check fails at the same step with the same wrong value.
    """

    message: str
    answers: tuple


@dataclass
class Exercise:
    name: str
    check: callable
    hints: tuple
    mistakes: list[Mistake] = field(default_factory=list)
    effects: list = field(default_factory=list)  # the Failure of each mistake, once it is known

    def mistake(self, message, *answers):
        """Add a known wrong answer: given here, or the one function that is decorated."""
        if answers:
            self.mistakes.append(Mistake(message, answers))
            return None

        def add(function):
            self.mistakes.append(Mistake(message, (function,)))
            return function
        return add

    def try_out(self, *answers):
        """Run the check: (what was passed, Failure or None)."""
        trial = Trial()
        try:
            self.check(trial, *answers)
        except Failure as failure:
            return trial.passed, failure
        return trial.passed, None

    def explain(self, failure):
        """What to tell about a failure that a known mistake causes too, else None."""
        if failure.kind in ("not written", "slow"):
            return None
        for mistake in self.mistakes[len(self.effects) :]:
            effect = self.try_out(*mistake.answers)[1]
            if effect and effect.kind == "slow":
                return None  # on this machine just now; another time it may be known
            self.effects.append(effect and effect.with_traceback(None))
        for alike in (_alike, _nearly_alike):
            for mistake, its_failure in zip(self.mistakes, self.effects):
                if its_failure and alike(its_failure, failure):
                    return mistake.message
        return None


def exercise(name, *hints):
    """Register a check under the exercise's name, `<module>-<exercise>`, with its graded hints."""
    def register(check):
        _EXERCISES[name] = Exercise(name, check, hints)
        return _EXERCISES[name]
    return register


def instead(right, place, answer):
    """The right answers but for one, which a known mistake gives."""
    return [answer if k == place else other for k, other in enumerate(right)]


def find(name):
    """The exercise of this name, or a KeyError that lists what there is."""
    name = name if isinstance(name, str) else repr(name)
    chapter = name.partition("-")[0]
    if chapter in chapters():
        importlib.import_module(f"nnlib.exercises.{chapter}")
    if name not in _EXERCISES:
        for module in chapters():
            importlib.import_module(f"nnlib.exercises.{module}")
        near = difflib.get_close_matches(name, _EXERCISES, 1)
        raise KeyError(f"There is no exercise {name!r}. "
                       + (f"Did you mean {near[0]!r}?" if near else
                          f"There are: {', '.join(sorted(_EXERCISES))}."))
    return _EXERCISES[name]


def chapters():
    """The modules of this package that hold exercises."""
    modules = pkgutil.iter_modules(importlib.import_module("nnlib.exercises").__path__)
    return [m.name for m in modules if m.name not in ("registry", "report", "trial")]


def check(name, *answers):
    """Try an answer to an exercise out, and say what is right and what is not yet.

    Parameters
    ----------
    name : str
        As the exercise gives it, for example "perceptron-pocket".
    *answers
        What the exercise asks for: functions, numbers, arrays or texts.

    Returns
    -------
    Report
        Shown by a notebook, and printed as plain text; `report.ok` tells whether all is right.
        Nothing is raised, whatever the answer does, so that the cells below still run.

    Examples
    --------
    >>> check("perceptron-rate", ..., ...).ok
    False
    """
    try:
        item = find(name)
    except KeyError as error:
        item, report = None, Report(str(name), False, message=error.args[0])
    else:
        report = report_on(item, answers)
    if item and not report.ok and report.kind != "not written":
        seen = _tries.setdefault(item.name, [])
        if report.key not in seen:
            seen.append(report.key)
        report.hints = item.hints[: max(0, len(seen) - 1)]
        report.more_hints = len(report.hints) < len(item.hints)
    if not report.ok and os.environ.get("NNLIB_CHECK") == "strict":
        raise AssertionError(repr(report))  # while the book is built, a wrong solution must stop it
    return report


def report_on(item, answers):
    """The report on these answers, whatever happens; the grader uses it too."""
    asked = list(inspect.signature(item.check).parameters)[1:]
    if len(answers) != len(asked):
        return Report(item.name, False, message=f"Expected {len(asked)} answer{'s' * (len(asked) != 1)} "
                      f"({', '.join(asked)}) after the name, got {len(answers)}.", kind="type")
    try:
        passed, failure = item.try_out(*answers)
        why = item.explain(failure) if failure else None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - an answer may be of any kind, a report must come
        return Report(item.name, False, kind="raised", message="The check did not know what to "
                      f"make of this answer ({type(error).__name__}: {words_of(error)}).")
    if failure is None:
        return Report(item.name, True, passed)
    return Report(item.name, False, passed, failure.message, why, failure.given, failure.expected,
                  failure.came, failure.kind)


def _alike(a, b):
    if a.came is None:
        return (a.kind, a.step, a.message) == (b.kind, b.step, b.message)
    return (a.kind, a.step, a.came) == (b.kind, b.step, b.came)


def _nearly_alike(a, b):
    """The same but for rounding, where a single number came."""
    try:
        near = math.isclose(float(a.came), float(b.came), rel_tol=5e-3)
    except (TypeError, ValueError):
        return False
    return (a.kind, a.step) == (b.kind, b.step) and near
