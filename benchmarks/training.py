"""Seconds per training step of nnlib beside scikit-learn and PyTorch, on ten networks of a course.

    python -m benchmarks.training [words of a case's name]

A step is what a reader writes: zero_grad, forward, loss, backward, Adam; in float32, on one thread.
scikit-learn has no single step, so one of its epochs is divided by the epoch's steps. All take
turns, round by round, and each median is over the rounds: a slow moment of the machine hits all.
"""

import dataclasses
import itertools
import resource
import statistics
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np

import nnlib as nn


@dataclasses.dataclass
class Case:
    """One network and its data; `build` works with nnlib and with torch.nn alike."""

    name: str
    build: object
    inputs: tuple  # shape of one sample
    outputs: tuple  # shape of one target; () for a class label
    batch: int
    samples: int
    floors: dict  # how many times as fast as the peer nnlib has to be
    hidden: tuple = ()  # for scikit-learn's multilayer perceptrons
    activation: str = "relu"

    def data(self, batch=None):
        rng = np.random.default_rng(0)
        n = self.samples if batch is None else 4 * batch
        X = rng.standard_normal((n, *self.inputs)).astype(np.float32)
        if self.outputs:
            return X, rng.standard_normal((n, *self.outputs)).astype(np.float32)
        return X, rng.integers(0, 2 if self.inputs == (2,) else 10, n)


def mlp(*widths, activation="ReLU"):
    def build(lib):
        layers = []
        for a, b in itertools.pairwise(widths):
            layers += [lib.Linear(a, b), getattr(lib, activation)()]
        return lib.Sequential(*layers[:-1])

    return build


def cnn(size):
    def build(lib):
        return lib.Sequential(
            lib.Conv2d(1, 16, 3, padding=1), lib.ReLU(), lib.MaxPool2d(2),
            lib.Conv2d(16, 32, 3, padding=1), lib.ReLU(), lib.MaxPool2d(2),
            lib.Flatten(), lib.Linear(32 * (size // 4) ** 2, 10),
        )  # fmt: skip

    return build


def recurrent(name, features):
    def build(lib):
        class LastState(lib.Module):
            def __init__(self):
                super().__init__()
                options = {} if lib is nn else {"batch_first": True}
                self.recurrent = getattr(lib, name)(features, 64, **options)
                self.dense = lib.Linear(64, 1)

            def forward(self, x):
                return self.dense(self.recurrent(x)[0][:, -1])

        return LastState()

    return build


def transformer(lib):
    options = {} if lib is nn else {"batch_first": True}
    return lib.TransformerEncoderLayer(64, 4, 256, dropout=0.0, **options)


CASES = [
    Case("2-8-8-2, batch 32", mlp(2, 8, 8, 2, activation="Tanh"), (2,), (), 32, 1000,
         {"scikit-learn": 2.5, "PyTorch": 3.5}, (8, 8), "tanh"),
    Case("64-128-64-10, batch 32", mlp(64, 128, 64, 10), (64,), (), 32, 1797,
         {"scikit-learn": 2.2, "PyTorch": 2.5}, (128, 64)),
    Case("64-128-64-10, batch 256", mlp(64, 128, 64, 10), (64,), (), 256, 1797,
         {"scikit-learn": 2.0, "PyTorch": 1.5}, (128, 64)),
    Case("100-256-128-1, batch 128", mlp(100, 256, 128, 1), (100,), (1,), 128, 4000,
         {"scikit-learn": 1.6, "PyTorch": 1.3}, (256, 128)),
    Case("CNN on 8 x 8, batch 64", cnn(8), (1, 8, 8), (), 64, 1797, {"PyTorch": 1.8}),
    Case("CNN on 28 x 28, batch 64", cnn(28), (1, 28, 28), (), 64, 1920, {"PyTorch": 1.0}),
    Case("RNN, 50 steps, batch 32", recurrent("RNN", 1), (50, 1), (1,), 32, 960,
         {"PyTorch": 2.2}),
    Case("LSTM, 100 steps, batch 32", recurrent("LSTM", 8), (100, 8), (1,), 32, 960,
         {"PyTorch": 0.55}),
    Case("GRU, 100 steps, batch 32", recurrent("GRU", 8), (100, 8), (1,), 32, 960,
         {"PyTorch": 2.0}),
    Case("Transformer block, batch 32", transformer, (64, 64), (64, 64), 32, 640,
         {"PyTorch": 1.0}),
]  # fmt: skip


# The contestants: each is a function that does k training steps -----------------------------------


def in_nnlib(case, batch=None):
    X, y = case.data(batch)
    net = case.build(nn)
    loss = nn.mse_loss if case.outputs else nn.cross_entropy
    return loop(net, loss, nn.Adam(net.parameters()), X, y, batch or case.batch)


def in_torch(case, batch=None):
    import torch
    from torch import nn as tnn

    torch.set_num_threads(1)
    X, y = map(torch.from_numpy, case.data(batch))
    net = case.build(tnn)
    loss = tnn.functional.mse_loss if case.outputs else tnn.functional.cross_entropy
    return loop(net, loss, torch.optim.Adam(net.parameters()), X, y, batch or case.batch)


def loop(net, loss, optimizer, X, y, batch):
    batches = [(X[i : i + batch], y[i : i + batch]) for i in range(0, len(X) - batch + 1, batch)]
    turn = 0

    def steps(k):
        nonlocal turn
        for _ in range(k):
            xb, yb = batches[turn % len(batches)]
            turn += 1
            optimizer.zero_grad()
            loss(net(xb), yb).backward()
            optimizer.step()

    steps.least = 1
    return steps


def in_sklearn(case, batch=None):
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    X, y = case.data(batch)
    estimator = MLPRegressor if case.outputs else MLPClassifier
    model = estimator(hidden_layer_sizes=case.hidden, activation=case.activation, alpha=0.0,
                      batch_size=batch or case.batch, random_state=0)  # fmt: skip
    y = y.ravel()
    model.partial_fit(X, y, **({} if case.outputs else {"classes": np.unique(y)}))
    epoch = -(-len(X) // (batch or case.batch))

    def steps(k):
        for _ in range(max(1, k // epoch)):
            model.partial_fit(X, y)

    steps.least = epoch
    return steps


PEERS = {"nnlib": in_nnlib, "scikit-learn": in_sklearn, "PyTorch": in_torch}


def contestants(case):
    """nnlib and those peers that have this network and are installed."""
    made = {"nnlib": in_nnlib(case)}
    for name in case.floors:
        try:
            made[name] = PEERS[name](case)
        except ImportError:
            print(f"{name} is not installed: left out", file=sys.stderr)
    return made


def seconds_per_step(contestants, rounds=7, slice_seconds=0.15):
    """Median seconds per step of each, taking turns."""
    counts, times = {}, {name: [] for name in contestants}
    for name, steps in contestants.items():
        steps(3 * steps.least)  # warm up
        start = time.perf_counter()
        steps(steps.least)
        once = time.perf_counter() - start
        counts[name] = steps.least * max(1, round(slice_seconds / once))
    for _ in range(rounds):
        for name, steps in contestants.items():
            start = time.perf_counter()
            steps(counts[name])
            times[name].append((time.perf_counter() - start) / counts[name])
    return {name: statistics.median(values) for name, values in times.items()}


def resident_peak():
    """Peak resident memory of this process in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux: ru_maxrss would start from the parent's peak
        lines = status.read_text(encoding="utf-8").splitlines()
        line = next(line for line in lines if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def peak_memory(index, peer):
    """MB that training one case takes at its peak, in its own process, on top of the imports."""
    code = (
        "from benchmarks.training import *\n"
        f"case, make = CASES[{index}], PEERS[{peer!r}]\n"
        "if make is in_torch: import torch; torch.ones(2) @ torch.ones(2)\n"
        "if make is in_sklearn: import sklearn.neural_network\n"
        "before = resident_peak()\n"
        "steps = make(case); steps(3 * steps.least)\n"
        "print(resident_peak() - before)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(out.stdout)


def table(wanted=""):
    """Print a line for each case: milliseconds per step, the ratios beside their floors, memory."""
    from threadpoolctl import threadpool_limits

    warnings.filterwarnings("ignore", module="sklearn")
    print(f"{'one thread, float32':<30}{'nnlib':>10}{'memory':>9}   peer's time / nnlib's (floor)")
    missed = []
    for index, case in enumerate(CASES):
        if wanted not in case.name.lower():
            continue
        with threadpool_limits(1):
            seconds = seconds_per_step(contestants(case))
        line = f"{case.name:<30}{seconds['nnlib'] * 1e3:>7.3f} ms"
        line += f"{peak_memory(index, 'nnlib'):>6.0f} MB"
        for peer, floor in case.floors.items():
            if peer in seconds:
                ratio = seconds[peer] / seconds["nnlib"]
                line += f"   {peer} {ratio:.2f} ({floor:g})"
                line += f" {peak_memory(index, peer):.0f} MB"
                if ratio < floor:
                    missed.append(f"{case.name}: {ratio:.2f} of {floor:g} against {peer}")
        print(line, flush=True)
    print("All floors reached." if not missed else "Below the floor: " + "; ".join(missed))


if __name__ == "__main__":
    table(" ".join(sys.argv[1:]).lower())
