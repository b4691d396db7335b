"""The comparison with PyTorch: each case is one expression that both libraries can evaluate.

Run as a program, with torch installed, it writes tests/library/fixtures/torch.npz anew:

    python tests/library/torch_cases.py
"""

import dataclasses
import types
from pathlib import Path

import numpy as np

import nnlib as nn

FIXTURES = Path(__file__).parent / "fixtures" / "torch.npz"


@dataclasses.dataclass
class Network:
    """A network that both libraries can build, and how to ask it."""

    build: object  # from a library with PyTorch's names
    shape: tuple  # of the input
    masks: dict = dataclasses.field(default_factory=dict)
    whole_numbers: bool = False  # so that a maximum is taken of equal values
    evaluate: bool = False  # in eval mode, after one batch in train mode


def first(lib):
    """PyTorch's recurrent and attention layers have the time first unless told otherwise."""
    return {} if lib is nn else {"batch_first": True}


def itself(lib):
    """Attention of a sequence to itself."""

    class SelfAttention(lib.Module):
        def __init__(self):
            super().__init__()
            self.attention = lib.MultiheadAttention(4, 2, **first(lib))

        def forward(self, x, **masks):
            return self.attention(x, x, x, **masks)

    return SelfAttention()


def cross(lib):
    """Attention of the first two places of a sequence to the others."""

    class CrossAttention(lib.Module):
        def __init__(self):
            super().__init__()
            self.attention = lib.MultiheadAttention(4, 2, **first(lib))

        def forward(self, x):
            return self.attention(x[:, :2], x[:, 2:], x[:, 2:] * 0.5)

    return CrossAttention()


def encoder(**settings):
    return lambda nn: nn.TransformerEncoderLayer(4, 2, 6, dropout=0.0, **settings, **first(nn))


CAUSAL = np.triu(np.ones((5, 5), bool), 1)
PADDING = np.arange(5) >= np.array([[5], [3], [1]])

NETWORKS = {
    "linear": Network(lambda nn: nn.Linear(3, 4), (5, 3)),
    "linear without bias": Network(lambda nn: nn.Linear(3, 4, bias=False), (5, 3)),
    "linear on sequences": Network(lambda nn: nn.Linear(3, 4), (2, 5, 3)),
    "linear on one sample": Network(lambda nn: nn.Linear(3, 4), (3,)),
    "relu": Network(lambda nn: nn.ReLU(), (4, 3)),
    "leaky relu": Network(lambda nn: nn.LeakyReLU(0.2), (4, 3)),
    "tanh": Network(lambda nn: nn.Tanh(), (4, 3)),
    "sigmoid": Network(lambda nn: nn.Sigmoid(), (4, 3)),
    "silu": Network(lambda nn: nn.SiLU(), (4, 3)),
    "softplus": Network(lambda nn: nn.Softplus(), (4, 3)),
    "gelu": Network(lambda nn: nn.GELU(), (4, 3)),
    "softmax": Network(lambda nn: nn.Softmax(dim=-1), (4, 3)),
    "softmax along the first axis": Network(lambda nn: nn.Softmax(dim=0), (4, 3)),
    "network": Network(
        lambda nn: nn.Sequential(
            nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 5), nn.GELU(), nn.Linear(5, 3), nn.Sigmoid()
        ),
        (6, 2),
    ),
    "nested network": Network(
        lambda nn: nn.Sequential(nn.Sequential(nn.Linear(2, 4), nn.ReLU()), nn.Linear(4, 1)),
        (6, 2),
    ),
    "convolution": Network(lambda nn: nn.Conv2d(2, 3, 3), (2, 2, 5, 6)),
    "convolution padded": Network(lambda nn: nn.Conv2d(2, 3, 3, padding=1), (2, 2, 5, 6)),
    "convolution strided": Network(
        lambda nn: nn.Conv2d(2, 3, (3, 2), stride=(2, 3), padding=(1, 2)), (2, 2, 6, 7)
    ),
    "convolution without bias": Network(lambda nn: nn.Conv2d(1, 2, 1, bias=False), (2, 1, 3, 3)),
    "max pooling": Network(lambda nn: nn.MaxPool2d(2), (2, 2, 5, 6)),
    "max pooling of equal values": Network(
        lambda nn: nn.MaxPool2d(3, stride=2, padding=1), (2, 2, 6, 7), whole_numbers=True
    ),
    "average pooling": Network(lambda nn: nn.AvgPool2d(3, stride=1, padding=1), (2, 2, 5, 6)),
    "upsampling": Network(lambda nn: nn.Upsample(scale_factor=2), (2, 2, 3, 2)),
    "cnn": Network(
        lambda nn: nn.Sequential(
            nn.Conv2d(1, 2, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(2, 3, 3, padding=1),
            nn.BatchNorm2d(3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(12, 4),
        ),
        (3, 1, 8, 8),
    ),
    "layer norm": Network(lambda nn: nn.LayerNorm(5), (2, 3, 5)),
    "batch norm": Network(lambda nn: nn.BatchNorm1d(3), (6, 3)),
    "batch norm in use": Network(lambda nn: nn.BatchNorm1d(3), (6, 3), evaluate=True),
    "batch norm of images": Network(lambda nn: nn.BatchNorm2d(3), (2, 3, 4, 2)),
    "batch norm of images in use": Network(
        lambda nn: nn.BatchNorm2d(3), (2, 3, 4, 2), evaluate=True
    ),
    "rnn": Network(lambda nn: nn.RNN(3, 4, **first(nn)), (2, 5, 3)),
    "rnn of two layers": Network(lambda nn: nn.RNN(3, 4, 2, **first(nn)), (2, 5, 3)),
    "gru": Network(lambda nn: nn.GRU(3, 4, **first(nn)), (2, 5, 3)),
    "gru of two layers": Network(lambda nn: nn.GRU(3, 4, 2, **first(nn)), (2, 5, 3)),
    "lstm": Network(lambda nn: nn.LSTM(3, 4, **first(nn)), (2, 5, 3)),
    "lstm of three layers": Network(lambda nn: nn.LSTM(3, 4, 3, **first(nn)), (2, 5, 3)),
    "rnn cell": Network(lambda nn: nn.RNNCell(3, 4), (2, 3)),
    "gru cell": Network(lambda nn: nn.GRUCell(3, 4), (2, 3)),
    "lstm cell": Network(lambda nn: nn.LSTMCell(3, 4), (2, 3)),
    "attention": Network(itself, (3, 5, 4)),
    "attention with masks": Network(
        itself, (3, 5, 4), {"attn_mask": CAUSAL, "key_padding_mask": PADDING}
    ),
    "attention to others": Network(cross, (3, 5, 4)),
    "transformer": Network(encoder(), (3, 5, 4)),
    "transformer with masks": Network(
        encoder(activation="gelu", norm_first=True),
        (3, 5, 4),
        {"src_mask": CAUSAL, "src_key_padding_mask": PADDING},
    ),
}

# name: (loss as a function of library, prediction and target; prediction shape; kind of target)
LOSSES = {
    "mse": (lambda f, p, t: f.mse_loss(p, t), (5, 2), "real"),
    "l1": (lambda f, p, t: f.l1_loss(p, t), (5, 2), "real"),
    "huber": (lambda f, p, t: f.huber_loss(p, t), (5, 2), "real"),
    "huber with delta": (lambda f, p, t: f.huber_loss(p, t, delta=0.4), (5, 2), "real"),
    "cross entropy": (lambda f, p, t: f.cross_entropy(p, t), (5, 3), "class"),
    "cross entropy of large logits": (lambda f, p, t: f.cross_entropy(p * 500, t), (5, 3), "class"),
    "binary cross entropy": (
        lambda f, p, t: f.binary_cross_entropy_with_logits(p, t),
        (5, 1),
        "probability",
    ),
    "binary cross entropy of large logits": (
        lambda f, p, t: f.binary_cross_entropy_with_logits(p * 500, t),
        (5, 1),
        "probability",
    ),
    "perceptron": (lambda f, p, t: f.perceptron_loss(p, t), (7,), "sign"),
}

# name: optimizer over parameters
OPTIMIZERS = {
    "sgd": lambda optim, p: optim.SGD(p, lr=0.1),
    "sgd with weight decay": lambda optim, p: optim.SGD(p, lr=0.1, weight_decay=0.05),
    "sgd with momentum": lambda optim, p: optim.SGD(p, lr=0.02, momentum=0.9),
    "sgd with nesterov": lambda optim, p: optim.SGD(
        p, lr=0.02, momentum=0.9, nesterov=True, weight_decay=0.01
    ),
    "adam": lambda optim, p: optim.Adam(p, lr=0.01),
    "adam with settings": lambda optim, p: optim.Adam(
        p, lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1
    ),
    "adamw": lambda optim, p: optim.AdamW(p, lr=0.01),
    "adamw with settings": lambda optim, p: optim.AdamW(
        p, lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1
    ),
    "rmsprop": lambda optim, p: optim.RMSprop(p, lr=0.01),
    "rmsprop with settings": lambda optim, p: optim.RMSprop(
        p, lr=0.002, alpha=0.9, eps=1e-6, weight_decay=0.1, momentum=0.9
    ),
    "centered rmsprop": lambda optim, p: optim.RMSprop(p, lr=0.01, centered=True),
}
STEPS = 50

# name: schedule of an optimizer
SCHEDULES = {
    "step": lambda s, opt: s.StepLR(opt, step_size=10),
    "step with gamma": lambda s, opt: s.StepLR(opt, step_size=7, gamma=0.5),
    "cosine": lambda s, opt: s.CosineAnnealingLR(opt, T_max=50),
    "cosine that rises again": lambda s, opt: s.CosineAnnealingLR(opt, T_max=15, eta_min=0.01),
    "warm-up": lambda s, opt: s.LinearLR(opt),
    "linear": lambda s, opt: s.LinearLR(opt, start_factor=1.0, end_factor=0.25, total_iters=30),
    "warm-up and cosine": lambda s, opt: s.SequentialLR(
        opt,
        [s.LinearLR(opt, start_factor=0.1, total_iters=5), s.CosineAnnealingLR(opt, T_max=45)],
        milestones=[5],
    ),
    "three in sequence": lambda s, opt: s.SequentialLR(
        opt,
        [s.LinearLR(opt), s.StepLR(opt, step_size=4), s.CosineAnnealingLR(opt, T_max=20)],
        milestones=[8, 21],
    ),
}
EPOCHS = 50


def small_net(nn):
    return nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 1))


def targets(kind, shape, rng):
    if kind == "class":
        return rng.integers(0, shape[1], shape[0])
    if kind == "sign":
        return rng.choice([-1.0, 1.0], shape)
    return rng.standard_normal(shape) if kind == "real" else rng.uniform(0, 1, shape)


# What PyTorch says ----------------------------------------------------------------------------


def torch_libraries():
    import torch
    from torch.nn import functional

    functional = types.SimpleNamespace(
        mse_loss=functional.mse_loss,
        l1_loss=functional.l1_loss,
        huber_loss=functional.huber_loss,
        cross_entropy=functional.cross_entropy,
        binary_cross_entropy_with_logits=functional.binary_cross_entropy_with_logits,
        # PyTorch has no function for this one; its definition, differentiated by it
        perceptron_loss=lambda p, t: (-t * p).clamp(min=0).mean(),
    )
    return torch, functional


def torch_network(name, seed):
    torch, _ = torch_libraries()
    torch.manual_seed(seed)
    case = NETWORKS[name]
    net = case.build(torch.nn).double()
    x = torch.randn(case.shape, dtype=torch.float64)
    x = (x.round() if case.whole_numbers else x).requires_grad_()
    if case.evaluate:
        net(torch.randn(case.shape, dtype=torch.float64))
        net.eval()
    result = {"x": x.detach()}
    result |= {f"state/{key}": p.detach().clone() for key, p in net.state_dict().items()}
    outputs = flat(net(x, **{key: torch.tensor(mask) for key, mask in case.masks.items()}))
    weights = [torch.randn(y.shape, dtype=torch.float64) for y in outputs]
    # The mean attention weights are only looked at; nnlib gives them no gradient.
    sum((y * w).sum() for y, w in list(zip(outputs, weights))[: learned(name)]).backward()
    result |= {f"y{i}": y.detach() for i, y in enumerate(outputs)}
    result |= {f"weights{i}": w for i, w in enumerate(weights)}
    result |= {"dx": x.grad}
    result |= {f"after/{key}": p.detach() for key, p in net.state_dict().items()}
    result |= {f"grad/{key}": p.grad for key, p in net.named_parameters()}
    return {key: value.numpy() for key, value in result.items()}


def flat(output):
    """All tensors in nested tuples of outputs, such as an LSTM's (output, (h, c))."""
    if isinstance(output, tuple):
        return [tensor for part in output for tensor in flat(part)]
    return [output]


def learned(name):
    return 1 if name.startswith("attention") else None


def torch_loss(name, seed):
    torch, functional = torch_libraries()
    loss, shape, kind = LOSSES[name]
    rng = np.random.default_rng(seed)
    p, t = rng.standard_normal(shape), targets(kind, shape, rng)
    prediction = torch.tensor(p, requires_grad=True)
    value = loss(functional, prediction, torch.tensor(t))
    value.backward()
    return {"p": p, "t": t, "value": value.detach().numpy(), "dp": prediction.grad.numpy()}


def torch_trajectory(name, seed):
    torch, functional = torch_libraries()
    torch.manual_seed(seed)
    net = small_net(torch.nn).double()
    rng = np.random.default_rng(seed)
    X, y = rng.standard_normal((12, 2)), rng.standard_normal((12, 1))
    result = {"X": X, "t": y}
    result |= {f"start/{key}": p.detach().numpy().copy() for key, p in net.named_parameters()}
    optimizer = OPTIMIZERS[name](torch.optim, net.parameters())
    for _ in range(STEPS):
        optimizer.zero_grad()
        functional.mse_loss(net(torch.tensor(X)), torch.tensor(y)).backward()
        optimizer.step()
    return result | {f"end/{key}": p.detach().numpy() for key, p in net.named_parameters()}


def torch_schedule(name, seed):
    torch, _ = torch_libraries()
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.3)
    schedule = SCHEDULES[name](torch.optim.lr_scheduler, optimizer)
    rates = []
    for _ in range(EPOCHS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return {"rates": np.array(rates)}


# What nnlib says, from the same numbers -------------------------------------------------------


def part(recorded, prefix):
    return {key[len(prefix) :]: v for key, v in recorded.items() if key.startswith(prefix)}


def nnlib_network(name, recorded):
    case = NETWORKS[name]
    net = case.build(nn).astype(np.float64)
    net.load_state_dict(part(recorded, "state/"))
    if case.evaluate:
        net.eval()
    x = nn.Tensor(recorded["x"], requires_grad=True)
    outputs = flat(net(x, **case.masks))
    weights = [recorded[f"weights{i}"] for i in range(len(outputs))]
    sum((y * w).sum() for y, w in list(zip(outputs, weights))[: learned(name)]).backward()
    result = {key: recorded[key] for key in recorded if key.startswith(("x", "state/", "weights"))}
    result |= {f"y{i}": y.data for i, y in enumerate(outputs)} | {"dx": x.grad}
    result |= {f"after/{key}": value for key, value in net.state_dict().items()}
    return result | {f"grad/{key}": p.grad for key, p in net.named_parameters()}


def nnlib_loss(name, recorded):
    prediction = nn.Tensor(recorded["p"], requires_grad=True)
    value = LOSSES[name][0](nn, prediction, recorded["t"])
    value.backward()
    return recorded | {"value": value.data, "dp": prediction.grad}


def nnlib_trajectory(name, recorded):
    net = small_net(nn).astype(np.float64)
    net.load_state_dict(part(recorded, "start/"))
    optimizer = OPTIMIZERS[name](nn, net.parameters())
    for _ in range(STEPS):
        optimizer.zero_grad()
        nn.mse_loss(net(recorded["X"]), recorded["t"]).backward()
        optimizer.step()
    return recorded | {f"end/{key}": p.data for key, p in net.named_parameters()}


def nnlib_schedule(name, recorded):
    optimizer = nn.SGD([nn.Parameter(np.zeros(1))], lr=0.3)
    schedule = SCHEDULES[name](nn, optimizer)
    rates = []
    for _ in range(EPOCHS):
        rates.append(optimizer.lr)
        optimizer.step()
        schedule.step()
    return {"rates": np.array(rates)}


# kind: (names, what PyTorch says, what nnlib says)
KINDS = {
    "network": (NETWORKS, torch_network, nnlib_network),
    "loss": (LOSSES, torch_loss, nnlib_loss),
    "trajectory": (OPTIMIZERS, torch_trajectory, nnlib_trajectory),
    "schedule": (SCHEDULES, torch_schedule, nnlib_schedule),
}
CASES = [(kind, name) for kind, (names, _, _) in KINDS.items() for name in names]


def main():
    arrays = {}
    for kind, name in CASES:
        for key, value in KINDS[kind][1](name, seed=0).items():
            arrays[f"{kind}|{name}|{key}"] = value
    np.savez_compressed(FIXTURES, **arrays)
    print(f"{len(CASES)} cases, {len(arrays)} arrays written to {FIXTURES.name}")


if __name__ == "__main__":
    main()
