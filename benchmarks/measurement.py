"""A figure that we promise to keep: what it is, its budget, and the function that measures it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Measurement:
    what: str
    budget: float  # the largest value that keeps the promise
    unit: str
    measure: Callable[[], float]

    def line(self, value):
        verdict = "ok" if value <= self.budget else "OVER"
        return f"{self.what:<58} {value:>9.4g} {self.unit:<8} {self.budget:>9.4g}  {verdict}"
