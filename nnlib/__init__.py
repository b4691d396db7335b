"""A neural network library to read: numpy only, with PyTorch's names.

    import nnlib as nn

`nnlib.plots` needs matplotlib, `nnlib.estimators` scikit-learn and `nnlib.widgets` anywidget; each
is imported by its name, so that this import stays quick.
"""

from nnlib import datasets
from nnlib.functions import absolute, concatenate, cos, exp, log, sin, sqrt
from nnlib.gradcheck import gradcheck
from nnlib.layers import (
    GELU,
    LeakyReLU,
    Linear,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
    gelu,
    leaky_relu,
    linear,
    relu,
    sigmoid,
    softmax,
    tanh,
)
from nnlib.losses import (
    binary_cross_entropy_with_logits,
    cross_entropy,
    hinge_loss,
    mse_loss,
    perceptron_loss,
)
from nnlib.module import Module, Parameter, Sequential
from nnlib.optim import SGD, Adam, Optimizer
from nnlib.perceptron import Perceptron
from nnlib.tensor import Tensor, grad, no_grad
from nnlib.training import Callback, EarlyStopping, History, batches, fit

__version__ = "0.1.0"

__all__ = [
    "GELU",
    "SGD",
    "Adam",
    "Callback",
    "EarlyStopping",
    "History",
    "LeakyReLU",
    "Linear",
    "Module",
    "Optimizer",
    "Parameter",
    "Perceptron",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "Tensor",
    "absolute",
    "batches",
    "binary_cross_entropy_with_logits",
    "concatenate",
    "cos",
    "cross_entropy",
    "datasets",
    "exp",
    "fit",
    "gelu",
    "grad",
    "gradcheck",
    "hinge_loss",
    "leaky_relu",
    "linear",
    "log",
    "mse_loss",
    "no_grad",
    "perceptron_loss",
    "relu",
    "sigmoid",
    "sin",
    "softmax",
    "sqrt",
    "tanh",
]
