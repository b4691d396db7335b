"""How the time of a training step grows with batch, width and sequence length.

    python -m benchmarks.growth    writes _build/growth.png, log-log, and prints the slopes
"""

from pathlib import Path

import numpy as np

from benchmarks.training import Case, in_nnlib, in_torch, mlp, recurrent, seconds_per_step

PICTURE = Path(__file__).resolve().parent.parent / "_build" / "growth.png"


def cases():
    """Pairs of what grows and a dict of its size to a case."""
    batch = [8, 32, 128, 512, 2048]
    width = [16, 32, 64, 128, 256, 512]
    length = [8, 16, 32, 64, 128]
    yield "batch (64-128-64-10)", {
        b: Case("", mlp(64, 128, 64, 10), (64,), (), b, 4 * b, {}) for b in batch
    }
    yield "width (64-w-w-10, batch 64)", {
        w: Case("", mlp(64, w, w, 10), (64,), (), 64, 256, {}) for w in width
    }
    yield "sequence length (GRU, 64 units)", {
        t: Case("", recurrent("GRU", 8), (t, 8), (1,), 32, 128, {}) for t in length
    }


def measure(case):
    made = {"nnlib": in_nnlib(case)}
    try:
        made["PyTorch"] = in_torch(case)
    except ImportError:
        pass
    return seconds_per_step(made, rounds=5, slice_seconds=0.05)


def main():
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt
    from threadpoolctl import threadpool_limits

    fig, axes = plt.subplots(1, 3, figsize=(12, 3.8), layout="constrained")
    with threadpool_limits(1):
        for ax, (what, sized) in zip(axes, cases()):
            measured = {size: measure(case) for size, case in sized.items()}
            sizes = list(measured)
            for name in measured[sizes[0]]:
                seconds = [measured[size][name] for size in sizes]
                # The slope between the two largest: 1 is time in proportion.
                slope = np.diff(np.log(seconds[-2:]))[0] / np.diff(np.log(sizes[-2:]))[0]
                ax.loglog(sizes, 1e3 * np.array(seconds), "o-", label=f"{name}, slope {slope:.2f}")
                print(f"{what:<34}{name:<9}{seconds[0] * 1e3:>8.3f} to {seconds[-1] * 1e3:.2f} ms, "
                      f"slope at the end {slope:.2f}", flush=True)  # fmt: skip
            ax.set(xlabel=what, ylabel="ms per training step")
            ax.legend(frameon=False)
    PICTURE.parent.mkdir(exist_ok=True)
    fig.savefig(PICTURE, dpi=150)
    print(f"drawn in {PICTURE.relative_to(PICTURE.parent.parent)}")


if __name__ == "__main__":
    main()
