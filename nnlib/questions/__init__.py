"""Questions that answer in the page: `question("perceptron-bias")` asks one, in a book and a notebook.

Each chapter has a module here whose list `QUESTIONS` holds its questions. `kinds.py` says what kinds
there are, `markup.py` how their texts are written. Only numpy is needed until a question is shown.
"""

from nnlib.questions.registry import question

__all__ = ["question"]
