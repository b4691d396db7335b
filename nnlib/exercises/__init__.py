"""Exercises that answer back: `check("perceptron-pocket", pocket)` says what is right and what is not.

Each chapter has a module here with one function per exercise, which tries the reader's answer out.
`trial.py` holds what these functions use, `report.py` what the reader sees. Only numpy is needed.
"""

from nnlib.exercises.registry import check

__all__ = ["check"]
