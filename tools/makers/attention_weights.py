"""Train the networks of attention alone that ship with the widget AttentionPlayground.

    .venv/bin/python -m tools.makers.attention_weights    writes nnlib/widgets/weights/attention.npz

One network of one layer and one of two learn to continue sequences that repeat with a random
period, as in the chapter on transformers. Both get the same sequences, steps and learning rate. The
script prints the accuracies on sequences that they have not seen, whole and with each head switched
off; nothing was chosen by them.
"""

import numpy as np

import nnlib as nn
from nnlib.widgets.attention import (
    ALPHABET,
    HEAD_NAMES,
    LENGTH,
    PERIODS,
    AttentionOnly,
    AttentionPlayground,
)
from tools.common import write_weights

STEPS, BATCH, RATE, SEED = 3000, 32, 1e-2, 0


def batch(rng):
    """Letters (32, 24), and where the next one is determined (32, 23)."""
    order = rng.permuted(np.tile(np.arange(len(ALPHABET)), (BATCH, 1)), axis=1)
    period = rng.integers(PERIODS[0], PERIODS[1] + 1, size=(BATCH, 1))
    place = np.arange(LENGTH)
    return np.take_along_axis(order, place % period, axis=1), place[:-1] >= period


def train(layers):
    rng = np.random.default_rng(SEED)
    net = AttentionOnly(layers, rng=np.random.default_rng(SEED))
    optimizer = nn.Adam(net.parameters(), lr=RATE)
    schedule = nn.CosineAnnealingLR(optimizer, T_max=STEPS)
    for step in range(STEPS):
        optimizer.lr = schedule.lr_at(step)
        x, known = batch(rng)
        asked = np.flatnonzero(known)
        optimizer.zero_grad()
        logits = net(x)[:, :-1].reshape(-1, len(ALPHABET))[asked]
        nn.cross_entropy(logits, x[:, 1:].ravel()[asked]).backward()
        optimizer.step()
    return net.state_dict()


def main():
    write_weights("attention", {f"{layers}.{name}": array.astype(np.float16)
                                for layers in (1, 2) for name, array in train(layers).items()})
    for layers in (1, 2):
        heads = HEAD_NAMES[:2 * layers]
        for off in [[], *([head] for head in heads), heads]:
            accuracy = AttentionPlayground(layers=layers, off=off).accuracy()
            print(f"{layers} layers, off: {', '.join(off) or 'none':20} {accuracy:5.1f} % right")


if __name__ == "__main__":
    main()
