"""The tape: in which order derivatives are multiplied, from an output back to what it came from.

Each tensor that an operation returns keeps its `_inputs`, the function `_backward` that gives the
derivatives (see `record` in tensor.py), and a number that tells when it was `_created`. Walking from
the newest to the oldest, whoever comes has got all of its own gradient: every operation that used it
is younger.
"""

import contextlib
import itertools
import operator
import threading

import numpy as np

creation = itertools.count()


class _Tape(threading.local):
    recording = True  # per thread, so that one thread may predict while another trains


tape = _Tape()


@contextlib.contextmanager
def no_grad():
    """Inside `with no_grad():` nothing is recorded: less work where no derivative is needed."""
    before, tape.recording = tape.recording, False
    try:
        yield
    finally:
        tape.recording = before


def start_of(output, gradient):
    """The gradient that a backward pass begins with."""
    if not output.requires_grad:
        raise ValueError("output: nothing it was computed from has requires_grad=True")
    if gradient is None:
        if output.size != 1:
            raise ValueError(f"gradient: expected one for an output of shape {output.shape}")
        return np.array(1, output.dtype).reshape(output.shape)
    gradient = np.asarray(gradient, dtype=output.dtype)
    if gradient.shape != output.shape:
        raise ValueError(f"gradient: expected shape {output.shape}, got {gradient.shape}")
    return gradient


def ancestors(output):
    """The set of all tensors that need a gradient and lead to output, itself included; and its results
    of operations, oldest first, so that each comes after its inputs: the chain rule's way back."""
    needed, stack = {output}, [output]
    while stack:
        for tensor in stack.pop()._inputs:
            if tensor.requires_grad and tensor not in needed:
                needed.add(tensor)
                stack.append(tensor)
    return needed, sorted([t for t in needed if t._inputs], key=operator.attrgetter("_created"))


def gradients_of(output, start, needed, order, create_graph=False, wanted=()):
    """A dict of d(output)/d(tensor) for the leaves among the needed tensors, and for the wanted."""
    gradients, results, wanted = {output: start}, {}, set(wanted)
    for tensor in reversed(order):
        g, inputs = gradients.pop(tensor), tensor._inputs
        if tensor in wanted:
            results[tensor] = g
        y = tensor if create_graph else tensor.data
        values = inputs if create_graph else [t.data for t in inputs]
        for t, part in tensor._backward(g, y, values, needed):
            gradients[t] = gradients[t] + part if t in gradients else part
    return gradients | results
