"""Layers on arrays: gradients over random shapes, plain versions beside clever ones, wrong input.

PyTorch's outputs and gradients for the same layers are in test_against_torch.py.
"""

import os
import platform
import subprocess
import sys
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnlib as nn
from nnlib.kernels import conv
from nnlib.kernels.conv import conv2d
from nnlib.layers.attention import attention_by_loops
from nnlib.layers.conv import conv2d_by_loops
from nnlib.layers.pool import avg_pool2d, max_pool2d
from nnlib.tensor import Tensor


def tensor(*shape, seed=0):
    return Tensor(np.random.default_rng(seed).standard_normal(shape), requires_grad=True)


def in_float64(layer):
    return layer.astype(np.float64)


def check_layer(layer, *inputs):
    """Gradients of inputs and parameters by central differences."""
    parameters = layer.parameters()
    assert nn.gradcheck(lambda *_: layer(*inputs), [*inputs, *parameters])


@pytest.mark.parametrize("shape", [(3,), (5, 3), (2, 5, 3)])
@pytest.mark.parametrize("bias", [True, False])
def test_linear_on_any_number_of_axes_once_and_twice(shape, bias):
    layer, x = in_float64(nn.Linear(3, 2, bias=bias, rng=0)), tensor(*shape)
    expected = x.data @ layer.weight.data.T + (layer.bias.data if bias else 0)
    np.testing.assert_allclose(layer(x).data, expected)
    check_layer(layer, x)

    def slopes(x, *_):  # the derivative by x of tanh(Wx + b), which depends on all of them
        return nn.grad(nn.Tanh()(layer(x)).sum(), x, create_graph=True)

    assert nn.gradcheck(slopes, [x, *layer.parameters()])


# Convolution and pooling ----------------------------------------------------------------------

images = {
    "n": st.integers(1, 2),
    "channels": st.integers(1, 2),
    "height": st.integers(3, 6),
    "width": st.integers(3, 6),
    "seed": st.integers(0, 99),
}
steps = st.tuples(st.integers(1, 2), st.integers(1, 2))
kernels = st.tuples(st.integers(1, 3), st.integers(1, 3))
paddings = st.tuples(st.integers(0, 2), st.integers(0, 2))


@given(
    **images, filters=st.integers(1, 2), kernel=kernels, stride=steps, padding=paddings,
    block=st.sampled_from([1, 100, conv.BLOCK]),
)  # fmt: skip
@settings(max_examples=30, deadline=None)
def test_convolution(n, channels, height, width, seed, filters, kernel, stride, padding, block):
    x = tensor(n, channels, height, width, seed=seed)
    w, b = tensor(filters, channels, *kernel, seed=seed + 1), tensor(filters, seed=seed + 2)
    with mock.patch.object(conv, "BLOCK", block):
        y = conv2d(x, w, b, stride, padding)
        assert nn.gradcheck(lambda x, w, b: conv2d(x, w, b, stride, padding), [x, w, b])
    plain = conv2d_by_loops(x.data, w.data, b.data, stride, padding)
    np.testing.assert_allclose(y.data, plain, rtol=1e-12, atol=1e-12)


def test_filters_are_as_deep_as_the_image():
    words = r"x: expected 3 channels, as deep as weight, got shape \(1, 1, 5, 5\)"
    with pytest.raises(ValueError, match=words):
        conv2d(Tensor(np.ones((1, 1, 5, 5))), Tensor(np.ones((2, 3, 3, 3))))


def test_convolution_of_whole_numbers_without_bias():
    image, half = np.ones((1, 1, 2, 3), int), np.full((1, 1, 2, 2), 0.5)
    np.testing.assert_array_equal(conv2d_by_loops(image, half), np.full((1, 1, 1, 2), 2.0))


def test_a_cell_casts_its_state_as_a_layer_does():
    x, h = np.ones((2, 3)), np.zeros((2, 5))
    for cell in (nn.RNNCell(3, 5), nn.GRUCell(3, 5)):
        assert cell(x, h).dtype == np.float32


def test_convolution_by_hand():
    """The kernel (1, -1) takes each pixel minus its right neighbor."""
    x = np.array([[[[5.0, 3.0, 4.0], [1.0, 1.0, 7.0]]]])
    y = conv2d(Tensor(x), Tensor(np.array([[[[1.0, -1.0]]]])))
    np.testing.assert_array_equal(y.data, [[[[2.0, -1.0], [0.0, -6.0]]]])


@given(**images, kernel=kernels, stride=steps, data=st.data())
@settings(max_examples=30, deadline=None)
@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
def test_pooling(pool, n, channels, height, width, seed, kernel, stride, data):
    padding = tuple(data.draw(st.integers(0, k // 2)) for k in kernel)
    x = tensor(n, channels, height, width, seed=seed)
    y = pool(x, kernel, stride, padding).data
    value = -np.inf if pool is max_pool2d else 0
    padded = np.pad(x.data, ((0, 0), (0, 0), *((p, p) for p in padding)), constant_values=value)
    reduce = np.max if pool is max_pool2d else np.mean
    for i in range(y.shape[2]):
        for j in range(y.shape[3]):
            top, left = i * stride[0], j * stride[1]
            window = padded[:, :, top : top + kernel[0], left : left + kernel[1]]
            np.testing.assert_allclose(y[:, :, i, j], reduce(window, axis=(2, 3)))
    assert nn.gradcheck(lambda x: pool(x, kernel, stride, padding), [x])


@given(**images, kernel=kernels, stride=steps, data=st.data())
@settings(max_examples=30, deadline=None)
def test_of_equal_values_the_first_gets_the_gradient(
    n, channels, height, width, seed, kernel, stride, data
):
    padding = tuple(data.draw(st.integers(0, k // 2)) for k in kernel)
    rng = np.random.default_rng(seed)
    x = Tensor(rng.integers(0, 3, (n, channels, height, width)) / 1, requires_grad=True)
    y = max_pool2d(x, kernel, stride, padding)
    g = rng.standard_normal(y.shape)
    y.backward(g)
    around = ((0, 0), (0, 0), *((p, p) for p in padding))
    padded = np.pad(x.data, around, constant_values=-np.inf)
    expected = np.zeros_like(padded)
    for a, b, i, j in np.ndindex(y.shape):
        window = np.s_[a, b, i * stride[0] :, j * stride[1] :]
        first = np.argmax(padded[window][: kernel[0], : kernel[1]])
        expected[window][np.unravel_index(first, kernel)] += g[a, b, i, j]
    (ph, pw), shape = padding, x.shape
    np.testing.assert_allclose(x.grad, expected[:, :, ph : ph + shape[2], pw : pw + shape[3]])


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="what it looks at is glibc's")
def test_a_training_step_keeps_the_memory_of_the_step_before():
    """Else the system hands out every page of it again: hundreds at each step."""
    code = """
import resource, numpy as np, nnlib as nn
net = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
x, faults = np.ones((64, 1, 28, 28), np.float32), []
for _ in range(20):
    net(x).sum().backward()
    faults.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
print(min(np.diff(faults)[9:]))  # of a step in which the system had nothing else in mind
"""
    # Dask, in another test of this process, sets MALLOC_TRIM_THRESHOLD_ for what comes after it.
    env = {key: value for key, value in os.environ.items() if not key.startswith("MALLOC_")}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env,
                         check=True)
    assert float(run.stdout) < 50


def test_small_image_layers():
    x = tensor(2, 3, 2, 2)
    assert nn.Flatten()(x).shape == (2, 12)
    check_layer(nn.Flatten(), x)
    y = nn.Upsample(3)(x)
    np.testing.assert_array_equal(y.data, np.kron(x.data, np.ones((3, 3))))
    check_layer(nn.Upsample(3), x)
    check_layer(in_float64(nn.Conv2d(3, 2, 2, bias=False, rng=0)), x)


# Recurrent networks ---------------------------------------------------------------------------

RECURRENT = [(nn.RNN, nn.RNNCell), (nn.GRU, nn.GRUCell), (nn.LSTM, nn.LSTMCell)]


def copy_layer(cell, network, layer):
    """A cell with the weights of one layer of a network."""
    state = network.state_dict()
    cell.load_state_dict({name: state[f"{name}_l{layer}"] for name in cell.state_dict()})
    return cell


@pytest.mark.parametrize("network, cell", RECURRENT)
@given(
    batch=st.integers(1, 3),
    length=st.integers(1, 4),
    features=st.integers(1, 3),
    hidden=st.integers(1, 3),
    layers=st.integers(1, 2),
    seed=st.integers(0, 99),
)
@settings(max_examples=15, deadline=None)
def test_sequences_equal_their_cells(network, cell, batch, length, features, hidden, layers, seed):
    net = in_float64(network(features, hidden, layers, rng=seed))
    cells = [
        copy_layer(in_float64(cell(hidden if k else features, hidden)), net, k)
        for k in range(layers)
    ]
    x = tensor(batch, length, features, seed=seed)
    output, last = net(x)
    states = [None] * layers
    for t in range(length):
        h = x[:, t]
        for k in range(layers):
            states[k] = cells[k](h, states[k])
            h = states[k][0] if cell is nn.LSTMCell else states[k]
        np.testing.assert_allclose(output.data[:, t], h.data, atol=1e-12)
    if cell is nn.LSTMCell:
        for part in (0, 1):
            expected = [state[part].data for state in states]
            np.testing.assert_allclose(last[part].data, expected, atol=1e-12)
    else:
        np.testing.assert_allclose(last.data, [state.data for state in states], atol=1e-12)


@pytest.mark.parametrize("network, cell", RECURRENT)
def test_recurrent_gradients(network, cell):
    x = tensor(2, 3, 2)
    net = in_float64(network(2, 3, 2, rng=0))
    start = [tensor(2, 2, 3, seed=s) for s in (1, 2)]

    def everything(*_):
        if network is nn.LSTM:
            output, (h, c) = net(x, tuple(start))
            return nn.concatenate([t.reshape(-1) for t in (output, h, c)])
        output, h = net(x, start[0])
        return nn.concatenate([output.reshape(-1), h.reshape(-1)])

    used = start if network is nn.LSTM else start[:1]
    assert nn.gradcheck(everything, [x, *used, *net.parameters()])
    step = in_float64(cell(2, 3, rng=0))
    check_layer(lambda_module(step, cell is nn.LSTMCell), tensor(2, 2))


def lambda_module(cell, is_lstm):
    class Output(nn.Module):
        def __init__(self):
            self.cell = cell

        def forward(self, x):
            return nn.concatenate(list(self.cell(x))) if is_lstm else self.cell(x)

    return Output()


# Normalization, dropout, embedding ------------------------------------------------------------


@given(rows=st.integers(1, 4), features=st.integers(2, 5), seed=st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_layer_norm(rows, features, seed):
    x = tensor(rows, 2, features, seed=seed)
    layer = in_float64(nn.LayerNorm(features))
    y = layer(x).data
    np.testing.assert_allclose(y.mean(axis=-1), 0, atol=1e-12)
    expected = (x.data - x.data.mean(-1, keepdims=True)) / np.sqrt(
        x.data.var(-1, keepdims=True) + 1e-5
    )
    np.testing.assert_allclose(y, expected, rtol=1e-9, atol=1e-12)
    layer.weight.data[:] = np.linspace(0.5, 2, features)
    assert nn.gradcheck(lambda *_: layer(x), [x, *layer.parameters()], tol=1e-4)


@pytest.mark.parametrize("layer, shape", [(nn.BatchNorm1d, (5, 3)), (nn.BatchNorm2d, (3, 2, 2, 3))])
def test_batch_norm(layer, shape):
    x, layer = tensor(*shape), in_float64(layer(shape[1]))
    axes = (0, *range(2, len(shape)))
    y = layer(x).data
    np.testing.assert_allclose(y.mean(axis=axes), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(axis=axes), 1, atol=1e-4)
    np.testing.assert_allclose(layer.running_mean.data, 0.1 * x.data.mean(axis=axes))
    np.testing.assert_allclose(
        layer.running_var.data, 0.9 + 0.1 * x.data.var(axis=axes, ddof=1), rtol=1e-12
    )
    check_layer(layer, x)
    before = layer.state_dict()
    check_layer(layer.eval(), x)
    for name, value in layer.state_dict().items():
        np.testing.assert_array_equal(value, before[name])


# Attention ------------------------------------------------------------------------------------


def padding_of(batch, keys, rng):
    """True behind a random length of at least one key."""
    return np.arange(keys) >= rng.integers(1, keys + 1, (batch, 1))


@given(
    batch=st.integers(1, 2),
    length=st.integers(1, 4),
    heads=st.integers(1, 2),
    causal=st.booleans(),
    padded=st.booleans(),
    seed=st.integers(0, 99),
)
@settings(max_examples=25, deadline=None)
def test_attention_is_its_definition(batch, length, heads, causal, padded, seed):
    rng, size = np.random.default_rng(seed), 4
    layer = in_float64(nn.MultiheadAttention(size, heads, rng=rng))
    x = rng.standard_normal((batch, length, size))
    masks = {}
    if causal:
        masks["attn_mask"] = nn.causal_mask(length)
    if padded:
        masks["key_padding_mask"] = padding_of(batch, length, rng)
    y, weights = layer(x, x, x, **masks)

    W, b = layer.in_proj_weight.data, layer.in_proj_bias.data
    for n in range(batch):
        q, k, v = np.split(x[n] @ W.T + b, 3, axis=1)
        mask = np.zeros((length, length))
        if causal:
            mask[nn.causal_mask(length)] = -np.inf
        if padded:
            mask[:, masks["key_padding_mask"][n]] = -np.inf
        d = size // heads
        parts = [slice(h * d, (h + 1) * d) for h in range(heads)]
        results = [attention_by_loops(q[:, p], k[:, p], v[:, p], mask) for p in parts]
        expected = np.hstack([out for out, _ in results]) @ layer.out_proj.weight.data.T
        np.testing.assert_allclose(y.data[n], expected + layer.out_proj.bias.data, atol=1e-12)
        np.testing.assert_allclose(weights.data[n], np.mean([w for _, w in results], axis=0))


def test_masks_of_whole_numbers_are_refused():
    """They could mean True and False, or numbers to add."""
    with pytest.raises(TypeError, match="attn_mask: expected bools or floats, got int64"):
        attend(2, 3, 4, attn_mask=np.triu(np.ones((3, 3), int), 1))


@pytest.mark.parametrize("dtype", [np.uint8, np.int64])
def test_whole_numbers_go_in_as_floats(dtype):
    x = np.array([[1, 2, 200]], dtype)
    for function in (nn.relu, nn.leaky_relu, nn.gelu, nn.softplus, nn.silu, nn.softmax, nn.tanh):
        np.testing.assert_allclose(function(x).data, function(x.astype(np.float32)).data)
    image = np.full((1, 1, 2, 2), 200, dtype)
    assert nn.AvgPool2d(2)(image).item() == nn.MaxPool2d(2)(image).item() == 200
    assert nn.cross_entropy(x, [2]).item() == nn.cross_entropy(x.astype(np.float32), [2]).item()


def test_attention_gradients():
    layer = in_float64(nn.MultiheadAttention(4, 2, rng=0))
    x, key, value = tensor(2, 3, 4), tensor(2, 5, 4, seed=1), tensor(2, 5, 4, seed=2)
    mask = np.zeros((3, 5), bool)
    mask[0, 2:] = True

    def cross(*_):
        return layer(x, key, value, attn_mask=mask)[0]

    def itself(*_):
        return layer(x, x, x, attn_mask=nn.causal_mask(3))[0]

    assert nn.gradcheck(cross, [x, key, value, *layer.parameters()])
    assert nn.gradcheck(itself, [x, *layer.parameters()])


@pytest.mark.parametrize("norm_first", [False, True])
@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_transformer_gradients(norm_first, activation):
    block = nn.TransformerEncoderLayer(
        4, 2, 6, dropout=0.0, activation=activation, norm_first=norm_first, rng=0
    )
    check_layer(in_float64(block), tensor(2, 3, 4))


# Graphs ---------------------------------------------------------------------------------------


@given(
    nodes=st.integers(1, 5),
    edges=st.integers(0, 8),
    weighted=st.booleans(),
    seed=st.integers(0, 99),
)
@settings(max_examples=25, deadline=None)
def test_graph_convolution_sums_over_neighbors(nodes, edges, weighted, seed):
    rng = np.random.default_rng(seed)
    layer = in_float64(nn.GraphConv(3, 2, rng=rng))
    x, edge_index = tensor(nodes, 3, seed=seed), rng.integers(0, nodes, (2, edges))
    weights = tensor(edges, seed=seed + 1) if weighted else None
    y = layer(x, edge_index, weights)
    W_rel, W_root = layer.lin_rel.weight.data, layer.lin_root.weight.data
    for i in range(nodes):
        total = np.zeros(3)
        for e, (source, target) in enumerate(edge_index.T):
            if target == i:
                total += x.data[source] * (weights.data[e] if weighted else 1)
        expected = W_rel @ total + W_root @ x.data[i] + layer.lin_rel.bias.data
        np.testing.assert_allclose(y.data[i], expected, atol=1e-12)
    inputs = [x, weights] if weighted else [x]
    assert nn.gradcheck(lambda *_: layer(x, edge_index, weights), [*inputs, *layer.parameters()])


def test_the_order_of_nodes_and_edges_does_not_matter():
    rng = np.random.default_rng(0)
    layer, x = in_float64(nn.GraphConv(3, 2, rng=0)), rng.standard_normal((5, 3))
    edges = rng.integers(0, 5, (2, 9))
    order = rng.permutation(5)
    place = np.argsort(order)  # where each node went
    moved = layer(x[order], place[edges][:, rng.permutation(9)])
    np.testing.assert_allclose(moved.data, layer(x, edges).data[order], atol=1e-12)


# Wrong input ----------------------------------------------------------------------------------

ZEROS = np.zeros


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: nn.Conv2d(1, 0, 3), "out_channels"),
        (lambda: nn.Conv2d(1, 1, 0), "kernel_size"),
        (lambda: nn.Conv2d(1, 1, (1, 2, 3)), "kernel_size"),
        (lambda: nn.Conv2d(1, 1, 3, stride=0), "stride"),
        (lambda: nn.Conv2d(1, 1, 3, padding=-1), "padding"),
        (lambda: nn.Conv2d(1, 1, 3)(ZEROS((2, 5, 5))), "batch, channels, height, width"),
        (lambda: nn.Conv2d(1, 1, 3)(ZEROS((0, 1, 5, 5))), r"got \(0, 1, 5, 5\)"),
        (lambda: nn.Conv2d(1, 1, 3)(ZEROS((2, 3, 5, 5))), "expects 1 channels"),
        (lambda: nn.Conv2d(1, 1, 3)(ZEROS((2, 1, 2, 5))), "3 x 3 kernel .* larger"),
        (lambda: nn.Conv2d(1, 1, 3)(Tensor(ZEROS((2, 1, 5, 5)))), "float32 weights"),
        (lambda: nn.MaxPool2d(2)(ZEROS((1, 1, 1, 4))), "larger than an image"),
        (lambda: nn.MaxPool2d(2, padding=2), "at most half"),
        (lambda: nn.AvgPool2d(2, stride=0), "stride"),
        (lambda: nn.Upsample(0), "scale_factor"),
        (lambda: nn.RNN(3, 0), "hidden_size"),
        (lambda: nn.GRU(3, 2, num_layers=0), "num_layers"),
        (lambda: nn.RNN(3, 2)(ZEROS((4, 3))), r"expects shape \(batch, time, 3\)"),
        (lambda: nn.RNN(3, 2)(ZEROS((4, 0, 3))), r"got \(4, 0, 3\)"),
        (lambda: nn.RNN(3, 2)(Tensor(ZEROS((4, 5, 3)))), "float32 weights, got a float64"),
        (lambda: nn.RNN(3, 2)(ZEROS((4, 5, 3)), ZEROS((1, 3, 2))), r"state: .*\(1, 4, 2\)"),
        (
            lambda: nn.LSTM(3, 2)(ZEROS((4, 5, 3)), (ZEROS((1, 4, 2)), ZEROS((4, 2)))),
            r"state\[1\]",
        ),
        (lambda: nn.Linear(3, 2)(np.full((4, 3), np.nan)), "12 that are nan"),
        (lambda: nn.RNN(3, 2)(np.full((1, 2, 3), np.inf)), "6 that are nan or infinite"),
        (lambda: nn.LSTMCell(3, 2)(ZEROS((4, 2))), r"LSTMCell\(3, 2\) expects shape \(batch, 3\)"),
        (
            lambda: nn.RNNCell(3, 2)(ZEROS((4, 3)), ZEROS((1, 2))),
            r"h: RNNCell\(3, 2\) expects shape \(4, 2\), got \(1, 2\)",
        ),
        (
            lambda: nn.LSTMCell(3, 2)(ZEROS((4, 3)), (ZEROS((4, 2)), ZEROS((4, 1)))),
            r"state\[1\]: .*\(4, 2\), got \(4, 1\)",
        ),
        (lambda: nn.GRUCell(3, 2)(ZEROS((4, 3)), np.full((4, 2), np.nan)), "h: .*8 that are nan"),
        (lambda: nn.LayerNorm(0), "normalized_shape"),
        (lambda: nn.LayerNorm(3)(ZEROS((2, 4))), r"expects shape \(\.\.\., 3\)"),
        (
            lambda: nn.BatchNorm1d(3)(ZEROS((1, 3))),
            r"training BatchNorm1d\(3\) expects more than one value .* got shape \(1, 3\). "
            r"Where the last batch is one sample, choose a batch_size .* call eval\(\)",
        ),
        (lambda: nn.BatchNorm1d(3, momentum=2), "momentum: expected a number from 0 to 1, got 2"),
        (lambda: nn.LayerNorm(3)(ZEROS((2, 0, 3))), r"got \(2, 0, 3\), which is empty"),
        (lambda: nn.GRUCell(3, 2)(ZEROS((0, 3))), r"got \(0, 3\), which is empty"),
        (lambda: nn.Flatten()(3.0), r"Flatten\(\) expects shape \(batch, ...\), got a single"),
        (lambda: nn.softmax(ZEROS((2, 0))), r"at least one number along each axis, got \(2, 0\)"),
        (lambda: nn.Linear(2, 1)([[1, 2], [1]]), "x: expected rows of equal length"),
        (lambda: nn.GraphConv(0, 3), "in_channels: expected a whole number of at least 1, got 0"),
        (lambda: nn.TransformerEncoderLayer(6, 4), "nhead: expected a divisor of d_model 6, got 4"),
        (lambda: nn.TransformerEncoderLayer(0, 4), "d_model: expected a whole number"),
        (lambda: nn.TransformerEncoderLayer(4, 2, 0), "dim_feedforward: expected a whole number"),
        (lambda: nn.TransformerEncoderLayer(4, 2, dropout=2), "dropout: expected a number from 0"),
        (lambda: nn.RNN(2, 3)(ZEROS((1, 4, 2)), np.full((1, 1, 3), np.nan)), "state: .*3 that are"),
        (lambda: nn.RNN(2, 3)(ZEROS((1, 4, 2)), Tensor(ZEROS((1, 1, 3)))), "state: .*float32"),
        (lambda: nn.concatenate([]), "tensors: expected shapes that are equal .* got none"),
        (lambda: nn.concatenate([ZEROS((2, 3)), ZEROS((2, 4))]), r"got \(2, 3\), \(2, 4\)"),
        (lambda: nn.concatenate([Tensor(1.0), Tensor(2.0)]), r"got \(\), \(\)"),
        (lambda: nn.gather(Tensor(1.0), [0]), "x: expected shape .* got a single number"),
        (lambda: nn.scatter_sum(ZEROS(3), [0, 1, 2], 2.5), "size: expected a whole number"),
        (lambda: nn.BatchNorm1d(3)(ZEROS((2, 3, 4, 4))), r"expects shape \(batch, 3\)"),
        (lambda: nn.BatchNorm2d(3)(ZEROS((2, 4, 2, 2))), "expects shape"),
        (lambda: nn.MultiheadAttention(6, 4), "num_heads"),
        (lambda: attend(2, 3, 5)[0], r"query: .*\(batch, length, 4\)"),
        (lambda: attend(2, 3, 4, attn_mask=ZEROS((2, 2), bool)), r"attn_mask: expected .*\(3, 3\)"),
        (lambda: attend(2, 3, 4, key_padding_mask=np.ones((2, 3), bool)), "no key to look at"),
        (
            lambda: nn.MultiheadAttention(4, 2)(*(ZEROS((b, 3, 4)) for b in (2, 3, 3))),
            "batch of the query",
        ),
        (lambda: nn.TransformerEncoderLayer(4, 2, activation="swish"), "'swish'"),
        (lambda: nn.GraphConv(3, 2)(ZEROS(3), ZEROS((2, 0), int)), r"\(nodes, 3\)"),
        (
            lambda: nn.GraphConv(3, 2)(ZEROS((4, 3)), ZEROS((3, 1), int)),
            r"expected shape \(2, edges\)",
        ),
        (lambda: nn.GraphConv(3, 2)(ZEROS((4, 3)), np.array([[0], [4]])), "from 0 to 3"),
        (
            lambda: nn.GraphConv(3, 2)(ZEROS((4, 3)), np.array([[0], [1]]), ZEROS(2)),
            r"edge_weight: expected shape \(1,\)",
        ),
    ],
)
def test_errors_say_what_was_expected(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize("layer", [nn.LSTM(2, 3), nn.LSTMCell(2, 3)], ids=repr)
@pytest.mark.parametrize("state, came", [(ZEROS((1, 1, 3)), "ndarray"), ([1, 2, 3], "3 things")])
def test_a_state_that_is_no_pair_is_told_so(layer, state, came):
    x = ZEROS((1, 4, 2)) if isinstance(layer, nn.LSTM) else ZEROS((1, 2))
    with pytest.raises(TypeError, match=rf"state: LSTM.*expects a pair \(h, c\), got {came}"):
        layer(x, state)


@pytest.mark.parametrize("rng", ["a", -1, 1.5])
def test_random_numbers_that_are_none_are_told_so(rng):
    for make in (nn.Linear, nn.RNN, nn.Embedding, nn.GraphConv):
        with pytest.raises(TypeError, match="rng: expected a whole number of at least 0, a numpy"):
            make(2, 3, rng=rng)


def test_long_batches_leave_nothing_behind():
    """Bias gradients are products with ones; those of a long batch are not kept."""
    from nnlib.layers.linear import LONG, _ones

    dtype = np.dtype(np.float32)
    assert _ones(3, dtype).base is _ones(LONG, dtype).base is not None
    assert _ones(LONG + 1, dtype).base is None
    layer = nn.Linear(1, 1, rng=0)
    layer(ZEROS((LONG + 5, 1))).sum().backward()
    assert layer.bias.grad == LONG + 5


def test_an_edge_list_may_change_after_the_forward_pass():
    edges, layer = np.array([[0, 1], [1, 2]]), nn.GraphConv(1, 1, rng=0).astype(float)
    x = Tensor(np.array([[1.0], [2.0], [4.0]]), requires_grad=True)

    def gradient(spoil):
        x.grad, given = None, edges.copy()
        y = layer(x, given)[2].sum()
        if spoil:
            given[:] = 0
        y.backward()
        return x.grad

    np.testing.assert_array_equal(gradient(True), gradient(False))


def attend(batch, length, size, **masks):
    x = ZEROS((batch, length, size))
    return nn.MultiheadAttention(4, 2)(x, x, x, **masks)


def test_layers_say_what_they_are():
    assert repr(nn.Conv2d(1, 6, 5, padding=2)) == (
        "Conv2d(1, 6, kernel_size=(5, 5), padding=2)  # 156 parameters"
    )
    assert repr(nn.MaxPool2d(2)) == "MaxPool2d(2)"
    assert repr(nn.Embedding(10, 3)) == "Embedding(10, 3)  # 30 parameters"
    assert repr(nn.GraphConv(4, 8)) == "GraphConv(4, 8)  # 72 parameters"
    assert repr(nn.LSTM(3, 4, num_layers=2)) == "LSTM(3, 4, num_layers=2)  # 304 parameters"
    assert repr(nn.MultiheadAttention(8, 2)).startswith("MultiheadAttention(8, 2)  # 288")


@pytest.mark.parametrize(
    "layer, shape",
    [
        (nn.Linear(3, 2), (4, 2)),
        (nn.LayerNorm(3), (4, 2)),
        (nn.BatchNorm1d(3), (4, 2)),
        (nn.LSTM(3, 2), (4, 5, 2)),
        (nn.GRUCell(3, 2), (4, 2)),
        (nn.TransformerEncoderLayer(4, 2), (4, 5, 3)),
        (nn.GraphConv(3, 2), (4, 2)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_names_the_layer_without_counting_its_parameters(layer, shape):
    with pytest.raises(ValueError, match=rf"{type(layer).__name__}\(.*\) expects shape") as error:
        layer(ZEROS(shape), *[ZEROS((2, 0), int)] * isinstance(layer, nn.GraphConv))
    assert "parameter" not in str(error.value)


def test_layers_computed_as_a_whole_are_differentiated_once():
    x = Tensor(np.ones((2, 3), np.float32), requires_grad=True)
    with pytest.raises(NotImplementedError, match="layer_norm can be differentiated once"):
        nn.grad(nn.LayerNorm(3)(x).sum(), x, create_graph=True)
