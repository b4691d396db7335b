"""Questions that answer in the page: `question("perceptron-bias")` asks one, in a book and a notebook.

`prediction("feedforward-bumps", x, y)` has the reader draw a curve before it shows the measured one.
Each chapter has a module here whose lists `QUESTIONS` and `PREDICTIONS` hold its own. `kinds.py` says
what kinds of question there are, `curves.py` what a prediction is, `markup.py` how texts are written.
Only numpy is needed until one is shown.
"""

from nnlib.questions.registry import prediction, question

__all__ = ["prediction", "question"]
