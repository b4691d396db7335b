"""Axes on which the reader draws before the measured curve is shown: nnlib.questions.curves, as a widget."""

import traitlets

from nnlib.questions.curves import Prediction
from nnlib.validation import instance
from nnlib.widgets.base import Widget
from nnlib.widgets.question import in_text
from nnlib.widgets.traits import Checked, boolean


class PredictionWidget(Widget):
    """A Prediction with what was measured, `x` and `y` of shape (n,).

    Notes
    -----
    The page sets the trait `solved`: the reader has guessed, and seen what was measured. `reached`
    is "solved" or "new". The guess stays in the reader's browser, see static/shared/progress.js.

    Raises
    ------
    TypeError
        If `prediction` is not a Prediction.
    ValueError
        If `x` and `y` are not what it expects, naming both.
    """

    _module = "prediction"

    solved = Checked(boolean, False)
    _prediction = traitlets.Dict().tag(sync=True)
    _secret = traitlets.Unicode().tag(sync=True)

    def __init__(self, prediction, x, y):
        instance(Prediction, prediction=prediction)
        self.prediction = prediction
        super().__init__(_prediction=prediction.public(), _secret=prediction.secret(x, y))

    @property
    def reached(self):
        return "solved" if self.solved else "new"

    def __repr__(self):
        return f"prediction({self.prediction.name!r}): {self.reached}"

    def static_html(self):
        """The text and the empty axes, without what was measured."""
        return in_text(self.prediction.plain())
