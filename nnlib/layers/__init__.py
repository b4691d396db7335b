"""Layers, one file per family; exported from here, they are also names of `nnlib`."""

from nnlib.layers.activation import (
    GELU, LeakyReLU, ReLU, Sigmoid, SiLU, Softmax, Softplus, Tanh, gelu, leaky_relu, relu,
    sigmoid, silu, softmax, softplus, tanh,
)  # fmt: skip
from nnlib.layers.attention import MultiheadAttention, TransformerEncoderLayer, causal_mask
from nnlib.layers.cells import GRUCell, LSTMCell, RNNCell
from nnlib.layers.conv import Conv2d, Upsample, conv2d
from nnlib.layers.dropout import Dropout
from nnlib.layers.embedding import Embedding
from nnlib.layers.graph import GraphConv
from nnlib.layers.linear import Linear, linear
from nnlib.layers.norm import BatchNorm1d, BatchNorm2d, LayerNorm, layer_norm
from nnlib.layers.pool import AvgPool2d, Flatten, MaxPool2d, avg_pool2d, max_pool2d
from nnlib.layers.recurrent import GRU, LSTM, RNN

__all__ = [
    "GELU", "GRU", "LSTM", "RNN", "AvgPool2d", "BatchNorm1d", "BatchNorm2d", "Conv2d", "Dropout",
    "Embedding", "Flatten", "GRUCell", "GraphConv", "LSTMCell", "LayerNorm", "LeakyReLU",
    "Linear", "MaxPool2d", "MultiheadAttention", "RNNCell", "ReLU", "SiLU", "Sigmoid", "Softmax",
    "Softplus", "Tanh", "TransformerEncoderLayer", "Upsample", "avg_pool2d", "causal_mask",
    "conv2d", "gelu", "layer_norm", "leaky_relu", "linear", "max_pool2d", "relu", "sigmoid",
    "silu", "softmax", "softplus", "tanh",
]  # fmt: skip
