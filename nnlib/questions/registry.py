"""Questions and predictions by name, and `question` and `prediction`, which ask one."""

import dataclasses
import difflib
import importlib
import pkgutil

TOOLS = ("curves", "formula", "kinds", "markup", "registry", "secret")


def chapters():
    """The modules of this package that hold questions and predictions."""
    modules = pkgutil.iter_modules(importlib.import_module("nnlib.questions").__path__)
    return [module.name for module in modules if module.name not in TOOLS]


def _listed(chapter, what):
    module = importlib.import_module(f"nnlib.questions.{chapter}")
    asked = {}
    for one in getattr(module, what, []):
        if not one.name.startswith(f"{chapter}-") or one.name in asked:
            raise ValueError(f"{one.name}: name: expected {chapter}-<what>, each only once")
        asked[one.name] = one
    return asked


def questions(chapter):
    """{name: question} of a chapter."""
    return _listed(chapter, "QUESTIONS")


def predictions(chapter):
    """{name: prediction} of a chapter."""
    return _listed(chapter, "PREDICTIONS")


def find(name, listed=questions):
    """The question, or prediction, of this name, or a KeyError with the name that may have been meant."""
    name = name if isinstance(name, str) else repr(name)
    chapter = name.partition("-")[0]
    if chapter in chapters() and name in listed(chapter):
        return listed(chapter)[name]
    every = [one for module in chapters() for one in listed(module)]
    near = difflib.get_close_matches(name, every, 1)
    what = listed.__name__.removesuffix("s")
    raise KeyError(f"There is no {what} {name!r}. "
                   + (f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(sorted(every))}."))


def question(name, **values):
    """Ask a question of the book, which the page answers by itself.

    Parameters
    ----------
    name : str
        `<chapter>-<what>`, as in the chapter's module of nnlib.questions.
    **values
        Fields of the question that come from the chapter's run, such as `answer=best`.

    Returns
    -------
    nnlib.widgets.question.QuestionWidget
        Its `tries`, `solved`, `shown` and `reached` follow the page.

    Raises
    ------
    KeyError
        If there is no question of that name.
    ValueError
        If a value does not fit the question, naming both.

    Examples
    --------
    >>> question("perceptron-bias").reached
    'new'
    """
    from nnlib.widgets.question import QuestionWidget

    return QuestionWidget(dataclasses.replace(find(name), **values))


def prediction(name, x, y):
    """Ask for a prediction of the book: the page draws what was measured after the reader's guess.

    Parameters
    ----------
    name : str
        `<chapter>-<what>`, as in the chapter's module of nnlib.questions.
    x, y : array_like, shape (n,)
        What was measured, in the units of the prediction's axes: `n` points, two or more, with
        increasing `x`.

    Returns
    -------
    nnlib.widgets.prediction.PredictionWidget
        Its `solved` follows the page: whether the reader has guessed and seen what was measured.

    Raises
    ------
    KeyError
        If there is no prediction of that name.
    ValueError
        If the measured values do not fit the prediction, naming both.

    Examples
    --------
    >>> prediction("feedforward-bumps", x=[5, 160], y=[0.4, 0.001]).reached
    'new'
    """
    from nnlib.widgets.prediction import PredictionWidget

    return PredictionWidget(find(name, predictions), x, y)
