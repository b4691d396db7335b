"""Train the network of letters that ships with the widget SpellerPlayground.

    .venv/bin/python -m tools.makers.speller_weights        writes nnlib/widgets/weights/speller.npz

An LSTM of 32 units reads the names of minerals letter by letter and predicts the next one. Dropout
and weight decay hold back overfitting, and the number of epochs was chosen with the held-out names;
so their loss, which the script prints, is a little too good.
"""

import numpy as np

import nnlib as nn
from nnlib.widgets.speller import ALPHABET, encode
from tools.common import write_weights

HIDDEN, EPOCHS, STREAMS, PIECE = 32, 25, 16, 20
EYE = np.eye(len(ALPHABET), dtype=np.float32)


class Speller(nn.Module):
    def __init__(self, rng):
        self.lstm = nn.LSTM(len(ALPHABET), HIDDEN, rng=rng)
        self.dropout = nn.Dropout(0.4, rng=rng)
        self.out = nn.Linear(HIDDEN, len(ALPHABET), rng=rng)

    def forward(self, letters, state=None):
        states, state = self.lstm(EYE[letters], state)
        return self.out(self.dropout(states)), state


def bits(net, words):
    s = encode(f".{'.'.join(words)}.")
    with nn.no_grad():
        logits, _ = net(s[None, :-1])
    return nn.cross_entropy(logits[0], s[1:]).item() / np.log(2)


def split():
    """503 names to train on and 100 held out, as in the chapters."""
    names = nn.datasets.load_minerals()
    order = np.random.default_rng(0).permutation(len(names))
    return [names[i] for i in order[100:]], [names[i] for i in order[:100]]


def train(seed=0):
    known, _ = split()
    rng = np.random.default_rng(seed)
    net = Speller(rng)
    optimizer = nn.AdamW(net.parameters(), lr=1e-2, weight_decay=0.1)
    for _ in range(EPOCHS):
        s = encode(f".{'.'.join(known[i] for i in rng.permutation(len(known)))}.")
        length = (len(s) - 1) // STREAMS
        x = s[: STREAMS * length].reshape(STREAMS, length)
        y = s[1 : STREAMS * length + 1].reshape(STREAMS, length)
        state = None
        for t in range(0, length, PIECE):
            optimizer.zero_grad()
            logits, state = net(x[:, t : t + PIECE], state)
            state = tuple(part.detach() for part in state)
            target = y[:, t : t + PIECE].reshape(-1)
            nn.cross_entropy(logits.reshape(-1, len(ALPHABET)), target).backward()
            nn.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
    return net.eval()


def main():
    net = train()
    known, held_out = split()
    print(f"bits a letter: known {bits(net, known):.3f}, held out {bits(net, held_out):.3f}")
    weights = net.state_dict()
    bias = weights.pop("lstm.bias_ih_l0") + weights.pop("lstm.bias_hh_l0")
    names = {"weight_ih": "lstm.weight_ih_l0", "weight_hh": "lstm.weight_hh_l0",
             "out_weight": "out.weight", "out_bias": "out.bias"}
    arrays = {new: weights[old].astype(np.float16) for new, old in names.items()}
    arrays["bias"] = bias.astype(np.float16)
    write_weights("speller", arrays)


if __name__ == "__main__":
    main()
