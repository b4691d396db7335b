"""Checks of the exercises on transformers."""

import numpy as np

from nnlib import causal_mask, softmax
from nnlib.exercises.registry import exercise, instead

SHAPES = [(8, 4, 10, 16), (8, 4, 10, 10), 16_640, 49_984]


@exercise(
    "transformer-shapes",
    "Each head has queries of length d / heads. Its weights have a row for each place that reads, and a column for each "
    "that is read from.",
    "The attention has 4 d² + 4 d parameters; the block has 12 d² + 13 d.",
)
def shapes(trial, queries, weights, attention, block):
    trial.shape(queries, SHAPES[0], "shape of the queries")
    trial.shape(weights, SHAPES[1], "shape of the weights")
    trial.predicted(attention, SHAPES[2], "parameters of the attention")
    trial.predicted(block, SHAPES[3], "parameters of the block")


shapes.mistake("Queries: heads share out the 64 numbers; each gets 16 of them.", *instead(SHAPES, 0, (8, 4, 10, 64)))
shapes.mistake("Queries: you have places and heads exchanged.", *instead(SHAPES, 0, (8, 10, 4, 16)))
shapes.mistake("Weights: they say how much each place reads from each place. The length of the vectors is gone.",
               *instead(SHAPES, 1, (8, 4, 10, 16)))
shapes.mistake("Weights: the heads do not attend to one another.", *instead(SHAPES, 1, (8, 10, 4, 4)))
shapes.mistake("Attention: you left the four biases out.", *instead(SHAPES, 2, 16_384))
shapes.mistake("Attention: there is a fourth matrix, which mixes what the heads bring.", *instead(SHAPES, 2, 12_480))
shapes.mistake("Attention: more heads do not make more parameters, only narrower heads.", *instead(SHAPES, 2, 66_560))
shapes.mistake("Block: biases and normalizations have 13 d parameters.", *instead(SHAPES, 3, 49_152))
shapes.mistake("Block: two normalizations with a factor and an offset for each of 64 numbers are missing.",
               *instead(SHAPES, 3, 49_728))
shapes.mistake("Block: that is the network alone. The attention comes on top.", *instead(SHAPES, 3, 33_088))


def _causal(scores):
    return np.where(causal_mask(len(scores)), -np.inf, scores)


def _open(scores):
    return scores


def _attend(Q, K, V, mask=_causal, scale=True, axis=-1):
    scores = Q @ K.T / (np.sqrt(Q.shape[1]) if scale else 1)
    return softmax(mask(scores), axis).data @ V


@exercise(
    "transformer-attention",
    "Scores first, then the mask, then the softmax along each row. np.triu(..., 1) marks what lies above the diagonal.",
    "scores = Q @ K.T / np.sqrt(d), then scores[later] = -np.inf; subtract each row's maximum before np.exp.",
)
def attention(trial, causal_attention):
    rng = np.random.default_rng(1)
    Q, K, V = rng.normal(size=(3, 2, 4)) * 2
    trial.gives(causal_attention, (Q[:1], K[:1], V[:1]), V[:1], "one place reads from itself")
    trial.gives(causal_attention, (Q, K, V), _attend(Q, K, V), "two places")
    Q, K, V = rng.normal(size=(5, 3)), rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    trial.gives(causal_attention, (Q, K, V), _attend(Q, K, V), "five places, values of length 2")
    trial.gives(causal_attention, (5000 * Q, K, V), _attend(5000 * Q, K, V), "large scores")


@attention.mistake("No mask: early places read from later ones.")
def attention_open(Q, K, V):
    return _attend(Q, K, V, mask=_open)


@attention.mistake("The division by the root of d is missing.")
def attention_unscaled(Q, K, V):
    return _attend(Q, K, V, scale=False)


@attention.mistake("The division is by d. It is the standard deviation of the dot product that is to be 1, so by its root.")
def attention_by_d(Q, K, V):
    return _attend(Q / np.sqrt(Q.shape[1]), K, V)


@attention.mistake("A score of 0 is no mask: exp(0) = 1. Add minus infinity.")
def attention_zero(Q, K, V):
    return _attend(Q, K, V, mask=np.tril)


@attention.mistake("The mask comes after the softmax, so the weights of a row no longer sum to 1.")
def attention_late(Q, K, V):
    return np.tril(softmax(Q @ K.T / np.sqrt(Q.shape[1])).data) @ V


@attention.mistake("The softmax runs down the columns. Each row, a place that reads, has weights that sum to 1.")
def attention_columns(Q, K, V):
    return _attend(Q, K, V, axis=0)


@attention.mistake("The mask is the wrong way round: places read from later ones only.")
def attention_backward(Q, K, V):
    return _attend(Q[::-1], K[::-1], V[::-1])[::-1]


@attention.mistake("For large scores exp overflows. Subtract the largest score of each row first; the weights stay the same.")
def attention_overflow(Q, K, V):
    with np.errstate(all="ignore"):
        scores = Q @ K.T / np.sqrt(Q.shape[1])
        e = np.tril(np.exp(scores))
        return e / e.sum(axis=1, keepdims=True) @ V


def _rotate(x, base, sign=1, power=None, halves=False):
    T, d = x.shape
    i = np.arange(d // 2)
    theta = base ** (-2.0 * i / d) if power is None else base ** (power * i)
    angle = sign * np.arange(T)[:, None] * theta
    c, s = np.cos(angle), np.sin(angle)
    first, second = (slice(None, d // 2), slice(d // 2, None)) if halves else (slice(0, None, 2), slice(1, None, 2))
    out = np.empty_like(x)
    out[:, first] = c * x[:, first] - s * x[:, second]
    out[:, second] = s * x[:, first] + c * x[:, second]
    return out


@exercise(
    "transformer-positions",
    "Pair i is x[:, 2 * i] and x[:, 2 * i + 1]; x[:, 0::2] holds the first numbers of all pairs. The angles have the shape "
    "(T, d / 2).",
    "angle = np.arange(T)[:, None] * base ** (-2 * np.arange(d // 2) / d); then c a - s b and s a + c b.",
)
def positions(trial, rotate):
    trial.gives(rotate, (np.array([[1.0, 2.0]]), 100.0), [[1, 2]], "place 0 is not turned")
    x = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    trial.gives(rotate, (x, 100.0), _rotate(x, 100.0), "one pair, at three places")
    x = np.random.default_rng(0).normal(size=(4, 6))
    trial.gives(rotate, (x, 100.0), _rotate(x, 100.0), "three pairs, each with its own frequency")
    trial.gives(rotate, (x, 10.0), _rotate(x, 10.0), "another base")


@positions.mistake("This turns the other way. Counterclockwise, the first number becomes c a - s b.")
def positions_backward(x, base):
    return _rotate(x, base, sign=-1)


@positions.mistake("All pairs turn at the same speed. Pair i has the frequency base ** (-2 i / d).")
def positions_same(x, base):
    return _rotate(x, base, power=0.0) if x.shape[1] > 2 else _rotate(x, base)


@positions.mistake("The frequencies fall too slowly: pair i has base ** (-2 i / d), where i counts pairs, not numbers.")
def positions_slow(x, base):
    return _rotate(x, base, power=-1 / x.shape[1])


@positions.mistake("You pair the first half with the second half, as some programs do. Here neighbors are pairs.")
def positions_halves(x, base):
    return _rotate(x, base, halves=True)


@positions.mistake("Places count from 0 here: the first is not turned.")
def positions_from_one(x, base):
    return _rotate(np.vstack([x[:1], x]), base)[1:]


@positions.mistake("Both results use the first number after it was changed. Compute both from the old pair.")
def positions_overwritten(x, base):
    out = _rotate(x, base)
    T, d = x.shape
    angle = np.arange(T)[:, None] * base ** (-2.0 * np.arange(d // 2) / d)
    out[:, 1::2] = np.sin(angle) * out[:, 0::2] + np.cos(angle) * x[:, 1::2]
    return out


@exercise(
    "transformer-cache",
    "The new key and value are added to the caches first, since a place may read from itself.",
    "K = np.vstack([K, k]), V likewise; weights = softmax(K @ q / np.sqrt(len(q))); return weights @ V, K, V.",
)
def cache(trial, step):
    rng = np.random.default_rng(2)
    K, V = np.zeros((0, 4)), np.zeros((0, 3))
    for place, what in enumerate(["the first place", "the second place", "the third place"]):
        q, k, v = rng.normal(size=4) * 2, rng.normal(size=4), rng.normal(size=3)
        came = trial.call(step, q, k, v, K, V)
        given = f"{what}, with {place} places in the cache"
        right = _step(q, k, v, K, V)
        if not isinstance(came, (tuple, list)) or len(came) != 3:
            trial.fail("Return three things: the output and both caches.", "type", given=given)
        for got, wanted, part in zip(came[1:], right[1:], ("keys", "values")):
            trial.close(got, wanted, f"{what}: the cache of {part}", given)
        trial.close(came[0], right[0], f"{what}: the output", given)
        K, V = right[1:]


def _step(q, k, v, K, V, scale=True):
    K, V = np.vstack([K, k]), np.vstack([V, v])
    return softmax(K @ q / (np.sqrt(len(q)) if scale else 1)).data @ V, K, V


@cache.mistake("This reads from the old cache only. A place may read from itself too.")
def cache_others(q, k, v, K, V):
    _, grown, values = _step(q, k, v, K, V)
    return (softmax(K @ q / np.sqrt(len(q))).data @ V if len(K) else v), grown, values


@cache.mistake("The new key and value are put in front. The caches are in the order of the places, the new ones last.")
def cache_in_front(q, k, v, K, V):
    return _step(q, k, v, K, V)[0], np.vstack([k, K]), np.vstack([v, V])


@cache.mistake("The caches come back as they were: the next place would not find this one.")
def cache_forgets(q, k, v, K, V):
    return _step(q, k, v, K, V)[0], K, V


@cache.mistake("The division by the root of the length of q is missing.")
def cache_unscaled(q, k, v, K, V):
    return _step(q, k, v, K, V, scale=False)


@cache.mistake("The query went into the cache. Nobody asks for an old query again; keys and values are kept.")
def cache_query(q, k, v, K, V):
    return _step(q, q, v, K, V)


FAULTS = ["no causal mask", "no positions", "no scaling", "no padding mask"]  # A to D


@exercise(
    "transformer-faults",
    "For each fault, ask who sees what should not be seen, or does not see what should.",
    "The answer in training cannot be looked up when writing. A set has no order. A softmax of large scores picks one "
    "key.",
)
def faults(trial, a, b, c, d):
    trial.written(a, b, c, d)
    for letter, came, fault in zip("ABCD", (a, b, c, d), FAULTS):
        trial.choice(came, fault, [other for other in FAULTS if other != fault], f"network {letter}")


faults.mistake("A: without positions the training loss could not be so low. What does it see in training that is not there "
               "when it writes?", *instead(FAULTS, 0, "no positions"))
faults.mistake("A: large scores slow training down. This one was all too quick.", *instead(FAULTS, 0, "no scaling"))
faults.mistake("A: filling carries no answers. From where does it copy the next letter?", *instead(FAULTS, 0, "no padding mask"))
faults.mistake("B: with all places in view it would still tell their order, if it had one.",
               *instead(FAULTS, 1, "no causal mask"))
faults.mistake("B: the size of the scores does not mix up the order.", *instead(FAULTS, 1, "no scaling"))
faults.mistake("B: here all sequences have the same length.", *instead(FAULTS, 1, "no padding mask"))
faults.mistake("C: a mask takes places away. Here every place has one weight close to 1, wherever it may look.",
               *instead(FAULTS, 2, "no causal mask"))
faults.mistake("C: without positions, keys are only more alike, and weights more even.", *instead(FAULTS, 2, "no positions"))
faults.mistake("C: filling would draw weight away, and not with long vectors only.", *instead(FAULTS, 2, "no padding mask"))
faults.mistake("D: what comes after the name is filling, the same in each batch. Why does its amount count?",
               *instead(FAULTS, 3, "no causal mask"))
faults.mistake("D: the letters of the name keep their places. What else came into the batch?", *instead(FAULTS, 3, "no positions"))
faults.mistake("D: the length of the vectors is the same in both batches.", *instead(FAULTS, 3, "no scaling"))


def _induction(letters, sharpness, before=None, mask=_causal):
    if before is None:
        before = np.append(-1, letters[:-1])
    return softmax(mask(sharpness * (letters[:, None] == before))).data


@exercise(
    "transformer-heads",
    "before[s] is the letter at s - 1; place 0 has none, for which -1 will do. Compare each letters[t] with each "
    "before[s].",
    "same = letters[:, None] == before[None, :]; scores = sharpness * same, with -inf above the diagonal; softmax each row.",
)
def heads(trial, induction):
    for letters, sharpness, what in [
            ([0, 1, 2], 5.0, "no letter comes twice: equal weights"), ([0, 1, 2, 0, 1], 5.0, "a period of three"),
            ([3, 3, 1, 3, 2, 3], 2.0, "several earlier copies"), ([0, 1, 0, 1], 0.0, "sharpness 0")]:
        arguments = np.array(letters), sharpness
        trial.gives(induction, arguments, _induction(*arguments), what)


@heads.mistake("This finds the earlier copies of the letter itself, as one layer does. Compare with the letter before each "
               "place.")
def heads_one_layer(letters, sharpness):
    return _induction(letters, sharpness, before=letters)


@heads.mistake("This compares with the letter after each place. What follows must be read, not compared.")
def heads_after(letters, sharpness):
    return _induction(letters, sharpness, before=np.append(letters[1:], -1))


@heads.mistake("No causal mask: places read from later ones.")
def heads_later(letters, sharpness):
    return _induction(letters, sharpness, mask=_open)


@heads.mistake("Place 0 is taken to follow the last letter, as np.roll does. Nothing comes before it.")
def heads_roll(letters, sharpness):
    return _induction(letters, sharpness, before=np.roll(letters, 1))


@heads.mistake("This compares with the letter two places before. One back.")
def heads_two_back(letters, sharpness):
    return _induction(letters, sharpness, before=np.append([-1, -1], letters)[:len(letters)])


@heads.mistake("The sharpness is left out: it multiplies the scores.")
def heads_blunt(letters, sharpness):
    return _induction(letters, 1.0)
