"""Measure every figure and print it beside its budget: python -m benchmarks [words of its name]"""

import sys

from benchmarks import book, widgets

FIGURES = [*book.FIGURES, *widgets.FIGURES]

if __name__ == "__main__":
    wanted = " ".join(sys.argv[1:]).lower()
    print(f"{'':<58} {'measured':>9} {'':<8} {'budget':>9}")
    for figure in FIGURES:
        if wanted in figure.what.lower():
            print(figure.line(figure.measure()), flush=True)
