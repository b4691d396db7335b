"""The comparison with PyTorch: each case is one expression that both libraries can evaluate.

Run as a program, with torch installed, it writes tests/fixtures/torch.npz anew:

    python tests/torch_cases.py
"""

import types
from pathlib import Path

import numpy as np

import nnlib as nn

FIXTURES = Path(__file__).parent / "fixtures" / "torch.npz"

# name: (network built from a library with PyTorch's names, input shape)
NETWORKS = {
    "linear": (lambda nn: nn.Linear(3, 4), (5, 3)),
    "linear without bias": (lambda nn: nn.Linear(3, 4, bias=False), (5, 3)),
    "linear on sequences": (lambda nn: nn.Linear(3, 4), (2, 5, 3)),
    "linear on one sample": (lambda nn: nn.Linear(3, 4), (3,)),
    "relu": (lambda nn: nn.ReLU(), (4, 3)),
    "leaky relu": (lambda nn: nn.LeakyReLU(0.2), (4, 3)),
    "tanh": (lambda nn: nn.Tanh(), (4, 3)),
    "sigmoid": (lambda nn: nn.Sigmoid(), (4, 3)),
    "gelu": (lambda nn: nn.GELU(), (4, 3)),
    "softmax": (lambda nn: nn.Softmax(dim=-1), (4, 3)),
    "softmax along the first axis": (lambda nn: nn.Softmax(dim=0), (4, 3)),
    "network": (
        lambda nn: nn.Sequential(
            nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 5), nn.GELU(), nn.Linear(5, 3), nn.Sigmoid()
        ),
        (6, 2),
    ),
    "nested network": (
        lambda nn: nn.Sequential(nn.Sequential(nn.Linear(2, 4), nn.ReLU()), nn.Linear(4, 1)),
        (6, 2),
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
    "hinge": (lambda f, p, t: f.hinge_loss(p, t), (7,), "sign"),
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


# What PyTorch says ----------------------------------------------------------------------------------


def torch_libraries():
    import torch
    from torch.nn import functional

    functional = types.SimpleNamespace(
        mse_loss=functional.mse_loss,
        l1_loss=functional.l1_loss,
        huber_loss=functional.huber_loss,
        cross_entropy=functional.cross_entropy,
        binary_cross_entropy_with_logits=functional.binary_cross_entropy_with_logits,
        # PyTorch has no function for these two; their definitions, differentiated by it
        hinge_loss=lambda p, t: (1 - t * p).clamp(min=0).mean(),
        perceptron_loss=lambda p, t: (-t * p).clamp(min=0).mean(),
    )
    return torch, functional


def torch_network(name, seed):
    torch, _ = torch_libraries()
    torch.manual_seed(seed)
    build, shape = NETWORKS[name]
    net = build(torch.nn).double()
    x = torch.randn(shape, dtype=torch.float64, requires_grad=True)
    y = net(x)
    weights = torch.randn(y.shape, dtype=torch.float64)
    (y * weights).sum().backward()
    result = {"x": x.detach(), "weights": weights, "y": y.detach(), "dx": x.grad}
    for key, p in net.named_parameters():
        result[f"state/{key}"] = p.detach()
        result[f"grad/{key}"] = p.grad
    return {key: value.numpy() for key, value in result.items()}


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


# What nnlib says, from the same numbers ---------------------------------------------------------------


def part(recorded, prefix):
    return {key[len(prefix) :]: v for key, v in recorded.items() if key.startswith(prefix)}


def nnlib_network(name, recorded):
    net = NETWORKS[name][0](nn).astype(np.float64)
    net.load_state_dict(part(recorded, "state/"))
    x = nn.Tensor(recorded["x"], requires_grad=True)
    y = net(x)
    y.backward(recorded["weights"])
    result = {"x": x.data, "weights": recorded["weights"], "y": y.data, "dx": x.grad}
    for key, p in net.named_parameters():
        result[f"state/{key}"] = p.data
        result[f"grad/{key}"] = p.grad
    return result


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
