"""The questions by name, and `question`, which asks one."""

import dataclasses
import difflib
import importlib
import pkgutil

TOOLS = ("formula", "kinds", "markup", "registry", "secret")


def chapters():
    """The modules of this package that hold questions."""
    modules = pkgutil.iter_modules(importlib.import_module("nnlib.questions").__path__)
    return [module.name for module in modules if module.name not in TOOLS]


def questions(chapter):
    """{name: question} of a chapter."""
    asked = {}
    for one in importlib.import_module(f"nnlib.questions.{chapter}").QUESTIONS:
        if not one.name.startswith(f"{chapter}-") or one.name in asked:
            raise ValueError(f"{one.name}: name: expected {chapter}-<what>, each only once")
        asked[one.name] = one
    return asked


def find(name):
    """The question of this name, or a KeyError with the name that may have been meant."""
    name = name if isinstance(name, str) else repr(name)
    chapter = name.partition("-")[0]
    if chapter in chapters() and name in questions(chapter):
        return questions(chapter)[name]
    every = [one for module in chapters() for one in questions(module)]
    near = difflib.get_close_matches(name, every, 1)
    raise KeyError(f"There is no question {name!r}. "
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
