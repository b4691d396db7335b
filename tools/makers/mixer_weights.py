"""Train the ensembles that ship with the widget AlloyMixer.

    .venv/bin/python -m tools.makers.mixer_weights        writes nnlib/widgets/weights/mixer.npz

Eight ensembles of five networks predict the formation energy that EMT gives an alloy from its
fractions: one has seen alloys of all seven elements, each of the others none with a certain one.
Members differ in their first weights and in the order of the alloys. A fifth of the compositions
is held out of all. No setting was chosen by their errors, which the script prints; the 12 units
make the page small.
"""

import numpy as np

import nnlib as nn
from nnlib.widgets.mixer import (
    ELEMENTS,
    LAYERS,
    MEMBERS,
    TRAINED_ON,
    alloys,
    held_out,
    limit,
    network,
    training_rows,
)
from tools.common import write_weights

EPOCHS, BATCH, RATE = 60, 128, 0.02


def train(rows, seed):
    """The weights of one network, {name: array}, that takes fractions and gives eV/atom."""
    X, y = alloys().X[rows], alloys().formation_energy[rows]
    mean, scale = X.mean(axis=0), X.std(axis=0)
    scale[scale == 0] = 1  # an element that no alloy has
    inputs = ((X - mean) / scale).astype(np.float32)
    target = ((y - y.mean()) / y.std()).astype(np.float32)[:, None]
    rng = np.random.default_rng(seed)
    net = network(rng)
    optimizer = nn.Adam(net.parameters(), lr=RATE)
    for epoch in range(EPOCHS):
        optimizer.lr = RATE * (1 - epoch / EPOCHS)
        for xb, yb in nn.batches(inputs, target, batch_size=BATCH, rng=rng):
            optimizer.zero_grad()
            nn.mse_loss(net(xb), yb).backward()
            optimizer.step()
    w = {name: a.astype(float) for name, a in net.state_dict().items()}
    # The standardization goes into the first and the last layer, so that the page needs none.
    w["0.weight"] = w["0.weight"] / scale
    w["0.bias"] = w["0.bias"] - w["0.weight"] @ mean
    w["4.weight"] = w["4.weight"] * y.std()
    w["4.bias"] = w["4.bias"] * y.std() + y.mean()
    return w


def report(name, members, rows):
    """Print how the ensemble does on some rows."""
    net = network().astype(np.float64)
    values = []
    for w in members:
        net.load_state_dict({key: a.astype(np.float16).astype(float) for key, a in w.items()})
        with nn.no_grad():
            values.append(net(alloys().X[rows]).data[:, 0])
    error = np.abs(np.mean(values, axis=0) - alloys().formation_energy[rows])
    spread = np.std(values, axis=0, ddof=1)
    print(f"{name:26} {rows.sum():5} alloys  MAE {error.mean():.4f} eV/atom"
          f"  mean s {spread.mean():.4f}  within 2 s {(error < 2 * spread).mean():.0%}")


def main():
    arrays = {name: [] for name in LAYERS}
    for trained_on in TRAINED_ON:
        rows = training_rows(trained_on)
        members = [train(rows, seed) for seed in range(MEMBERS)]
        for name in LAYERS:
            arrays[name].append([w[name] for w in members])
        test = held_out()
        if trained_on != "all":
            column = alloys().X[:, ELEMENTS.index(trained_on.split()[1])]
            test = test & (column == 0)
            report(f"{trained_on}: element left out", members, column > 0)
        report(f"{trained_on}: held out", members, test)
    arrays = {name: np.array(a).astype(np.float16) for name, a in arrays.items()}
    arrays["limit"] = np.array([limit(trained_on) for trained_on in TRAINED_ON], np.float16)
    write_weights("mixer", arrays)


if __name__ == "__main__":
    main()
