"""Measure what we promise and print it beside the promise: python -m benchmarks [parts]

Parts are book, widgets, training and growth; without any, all of them.
"""

import sys

from benchmarks import book, growth, training, widgets


def show(figures):
    print(f"{'':<58} {'measured':>9} {'':<8} {'budget':>9}")
    for figure in figures:
        print(figure.line(figure.measure()), flush=True)


PARTS = {
    "book": lambda: show(book.MEASUREMENTS),
    "widgets": lambda: show(widgets.MEASUREMENTS),
    "training": training.table,
    "growth": growth.main,
}

if __name__ == "__main__":
    chosen = sys.argv[1:] or list(PARTS)
    unknown = set(chosen) - set(PARTS)
    if unknown:
        sys.exit(f"No part is called {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}.")
    for name in chosen:
        print(f"\n{name}", flush=True)
        PARTS[name]()
