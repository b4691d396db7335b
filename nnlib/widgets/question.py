"""A question in the text that hears the answer: what nnlib.questions asks, as a widget.

The page judges the answer (static/question). Python writes the question, and learns how far the
reader got.
"""

import traitlets

from nnlib.questions.kinds import Question
from nnlib.validation import instance
from nnlib.widgets.base import Widget
from nnlib.widgets.traits import Checked, boolean, whole


class QuestionWidget(Widget):
    """A question of nnlib.questions.kinds, with what the reader has reached.

    Notes
    -----
    The page sets the traits `tries`, the number of different wrong answers up to the first right
    one and that one, `solved`, and `shown`, whether the reader asked for the answer. `reached` is
    "solved", "shown", "tried" or "new". Answers stay in the reader's browser, see
    static/shared/progress.js.

    Raises
    ------
    TypeError
        If `question` is not a Question.
    """

    _module = "question"

    tries = Checked(whole(0, 10**6), 0)
    solved = Checked(boolean, False)
    shown = Checked(boolean, False)
    _question = traitlets.Dict().tag(sync=True)
    _secret = traitlets.Unicode().tag(sync=True)

    def __init__(self, question):
        instance(Question, question=question)
        self.question = question
        super().__init__(_question=question.public(), _secret=question.secret())

    @property
    def reached(self):
        states = {"solved": self.solved, "shown": self.shown, "tried": self.tries}
        return next((state for state, so in states.items() if so), "new")

    def __repr__(self):
        return f"question({self.question.name!r}): {self.reached}"

    def static_html(self):
        """The question with its options and room for the answer, which it does not hold."""
        return in_text(self.question.plain())


def in_text(plain):
    """What stands in print and without JavaScript for something that is asked in the text."""
    return ('<div class="nnlib-static" style="margin: 1em 0; padding: 0 1em; border-left: 3px solid '
            f'#7a8490; break-inside: avoid">{plain}</div>')
