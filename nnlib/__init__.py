"""A neural network library to read: numpy only, with PyTorch's names.

    import nnlib as nn

`nnlib.plots` needs matplotlib, `nnlib.estimators` scikit-learn and `nnlib.widgets` anywidget; each
is imported by its name, so that this import stays quick.
"""

import numpy as np

from nnlib import datasets, init, layers
from nnlib.functions import (
    absolute, concatenate, cos, exp, gather, log, scatter_sum, sin, sqrt,
)  # fmt: skip
from nnlib.gradcheck import gradcheck
from nnlib.layers import *
from nnlib.losses import (
    binary_cross_entropy_with_logits, cross_entropy, huber_loss, l1_loss, mse_loss,
    perceptron_loss,
)  # fmt: skip
from nnlib.module import Module, Parameter, Sequential
from nnlib.optim import SGD, Adam, AdamW, Optimizer, RMSprop, clip_grad_norm_
from nnlib.perceptron import Perceptron
from nnlib.schedules import CosineAnnealingLR, LinearLR, LRScheduler, SequentialLR, StepLR
from nnlib.serialization import load, save
from nnlib.tape import no_grad
from nnlib.tensor import Tensor, grad
from nnlib.training import Callback, EarlyStopping, History, batches, fit

__version__ = "0.1.0"

# Linux's C library gives freed memory back to the system, and a training step then spends up to half
# its time on asking for it again, unless a block this large was freed before. Nothing touches it.
np.empty(2**25 - 2**16, np.uint8)

__all__ = [
    "SGD", "Adam", "AdamW", "Callback", "CosineAnnealingLR", "EarlyStopping", "History",
    "LRScheduler", "LinearLR", "Module", "Optimizer", "Parameter", "Perceptron", "RMSprop",
    "Sequential", "SequentialLR", "StepLR", "Tensor", "absolute", "batches",
    "binary_cross_entropy_with_logits", "clip_grad_norm_", "concatenate", "cos", "cross_entropy",
    "datasets", "exp", "fit", "gather", "grad", "gradcheck", "huber_loss", "init",
    "l1_loss", "load", "log", "mse_loss", "no_grad", "perceptron_loss", "save", "scatter_sum",
    "sin", "sqrt",
]  # fmt: skip
__all__ += layers.__all__  # a new layer is exported in one place, there
