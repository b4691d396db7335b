"""Checks of the exercises in the chapter on feedforward networks."""

from itertools import pairwise

import numpy as np

from nnlib.exercises.registry import exercise
from nnlib.exercises.trial import describe, show

XOR = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])


def relu(z):
    return np.maximum(z, 0)


def sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))


def a_list(trial, came, count, what, of, given):
    """The answer is a list or tuple of `count` things."""
    trial.written(came)
    if not isinstance(came, (list, tuple)):
        trial.fail(f"{what}: expected {of}, got {describe(came)}.", "type", given=given,
                   came=describe(came))
    if len(came) != count:
        trial.fail(f"{what}: expected {of}, got {len(came)} of them.", "shape", given=given,
                   came=f"{len(came)} of them")
    return came


def a_state(trial, came, sizes, what, network=None):
    """The answer is the state_dict of a network of these layer sizes: its arrays, as floats."""
    trial.written(came)
    if not isinstance(came, dict):
        trial.fail(f"{what}: expected a dict of arrays, as `state_dict()` returns it, "
                   f"got {describe(came)}.", "type", came=describe(came))
    shapes = {}
    for layer, (p, q) in enumerate(pairwise(sizes)):
        shapes |= {f"{2 * layer}.weight": (q, p), f"{2 * layer}.bias": (q,)}
    if set(came) != set(shapes):
        trial.fail(f"{what}: expected the names {', '.join(shapes)}, got "
                   f"{', '.join(map(str, came)) or 'none'}.", came=show(sorted(map(str, came))))
    arrays = [trial.array(came[name], f"{what}, {name}", shape) for name, shape in shapes.items()]
    arrays = [np.asarray(array, dtype=float) for array in arrays]
    if not all(np.isfinite(array).all() for array in arrays):
        trial.fail(f"{what}: some of its numbers are not finite.")
    return arrays


# --- By hand ---

@exercise("feedforward-by-hand",
          "Write the two differences down first. Which of them does ReLU turn into 0?",
          "Both units look at `x1 - x2` alone: one keeps it where it is positive, the other its "
          "negative where that is positive. Never are both above 0. The output has no ReLU.")
def by_hand(trial, hidden, output, table, place):
    trial.predicted(hidden, [3, 0], "the hidden values at (2, -1)")
    trial.predicted(output, -2, "the output there")
    trial.predicted(table, [1, 0, 0, 1], "the answers on the four points")
    trial.choice(place, "a bent line", ["a straight line", "a plane"],
                 "where the hidden layer puts the plane")


HAND = [1, 0, 0, 1], "a bent line"
by_hand.mistake("This is the value before the ReLU, which lets no negative number pass.",
                [3, -3], -2, *HAND)
by_hand.mistake("The two units are exchanged: the first one subtracts x2 from x1.",
                [0, 3], -2, *HAND)
by_hand.mistake("The difference of 2 and -1: two minus signs make a plus.", [1, 0], 0, *HAND)
by_hand.mistake("The output unit has no ReLU, so it may be negative.", [3, 0], 0, *HAND)
by_hand.mistake("The 1 in the output is missing: it is the output's bias.", [3, 0], -3, *HAND)
by_hand.mistake("Both hidden values are subtracted from 1.", [3, 0], 4, *HAND)
by_hand.mistake("This is XOR. Compute what this network says, point by point.",
                [3, 0], -2, [0, 1, 1, 0], "a bent line")
by_hand.mistake("The differences would lie on a straight line. What does ReLU do to it?",
                [3, 0], -2, HAND[0], "a straight line")
by_hand.mistake("Two points with the same difference x1 - x2 fall on the same place. How many "
                "numbers say where a point comes to lie?", [3, 0], -2, HAND[0], "a plane")


# --- Counting ---

@exercise("feedforward-count",
          "A weight matrix has one row per unit and one column per input; a unit has one bias.",
          "Write `q * (p + 1)` for each of the three layers and add. Then do it again with 64 and "
          "32 hidden units, without scaling the old result.")
def count(trial, shapes, parameters, doubled):
    if isinstance(shapes, np.ndarray):
        shapes = list(shapes)
    a_list(trial, shapes, 3, "the shapes", "three shapes", None)
    for came, right, which in zip(shapes, SHAPES, ("first", "second", "third")):
        trial.shape(came, right, f"the shape of the {which} matrix")
    trial.as_one(0, "the shapes")
    trial.predicted(parameters, 2778, "the parameters")
    trial.predicted(doubled, 6570, "the parameters with twice as many hidden units")


SHAPES = [(32, 64), (16, 32), (10, 16)]
count.mistake("Inputs and units are exchanged: `H @ W.T` needs one row of W per unit.",
              [(64, 32), (32, 16), (16, 10)], 2778, 6570)
count.mistake("These are the biases, one for each unit. A matrix has an axis for the inputs too.",
              [(32,), (16,), (10,)], 2778, 6570)
count.mistake("Each of the three matrices leads from one layer to the next; the input has none before it.",
              [(64, 64), (32, 64), (16, 32)], 2778, 6570)
count.mistake("The biases are missing.", SHAPES, 2720, 6464)
count.mistake("Inputs have no biases; only units have.", SHAPES, 2778 + 64, 6570 + 64)
count.mistake("The last layer has parameters too.", SHAPES, 2608, 6240)
count.mistake("The output's units have biases as well.", SHAPES, 2768, 6560)
count.mistake("Not every layer doubles: the one between the hidden layers has both its sides twice "
              "as long.", SHAPES, 2778, 2 * 2778)
count.mistake("Only the layer between the two hidden ones becomes four times as large.",
              SHAPES, 2778, 4 * 2778)
count.mistake("The biases are missing after the doubling.", SHAPES, 2778, 6464)


# --- The theorem ---

@exercise("feedforward-theorem",
          "The theorem says that weights exist. Strike out each claim that says how many, how they "
          "are found, or what happens elsewhere.",
          "Two claims are left of the seven. For the activations look at who is named as the only "
          "ones that fail.")
def theorem(trial, promised):
    trial.written(promised)
    text = "".join(map(str, promised)) if isinstance(promised, (list, tuple)) else promised
    if not isinstance(text, str):
        trial.fail(f"the claims: expected their letters as a text, got {describe(promised)}.",
                   "type")
    letters = set(text.lower()) - set(" ,;.")
    if not letters or not letters <= set("abcdefg"):
        trial.fail(f"the claims: expected letters from a to g, such as \"bc\", got {text!r}.")
    for letter in "abcdefg":
        marked = letter in letters
        trial.that(marked == (letter in "ae"), f"claim {letter}", "judge this one again.",
                   came="promised" if marked else "not promised")
    trial.as_one(0, "all seven claims")


theorem.mistake("This is the theorem itself: any error above 0 can be reached.", "e")
theorem.mistake("The theorem gives no numbers. In the chapter's figure steep bumps keep such a "
                "proportion on one function of one input.", "abe")
theorem.mistake("That weights exist does not mean that training finds them, as two units for XOR "
                "have shown.", "ace")
theorem.mistake("The promise holds on the cube. Outside of it nobody has said what f is.", "ade")
theorem.mistake("Which activations fail? ReLU is none of them.", "a")
theorem.mistake("The square is a polynomial. Sums of it are polynomials of degree 2 and no more, "
                "however many units there are.", "aef")
theorem.mistake("Think of the target Step: a continuous network is off by half the jump.", "aeg")


# --- Two layers in one ---

A = [np.array([[1.0, 2], [0, 1]]), np.array([[0.0, 1], [1, 1]])], [np.array([1.0, 0]),
                                                                 np.array([0.0, 2])]


def random_layers(sizes, seed):
    rng = np.random.default_rng(seed)
    pairs = list(pairwise(sizes))
    return ([rng.normal(size=(q, p)).round(2) for p, q in pairs],
            [rng.normal(size=q).round(2) for p, q in pairs])


def told(weights, biases, *X):
    """The arguments as the report shows them, unless they are long."""
    if len(weights) > 2:
        return f"with {len(weights)} layers of random numbers"
    arrays = {}
    for i, (W, b) in enumerate(zip(weights, biases)):
        arrays |= {f"weights[{i}]": W, f"biases[{i}]": b}
    arrays |= {"X": X[0]} if X else {}
    return ",\n".join(f"{name} = {show(array.tolist())}" for name, array in arrays.items())


def collapsed(weights, biases):
    W, b = np.eye(weights[0].shape[1]), np.zeros(weights[0].shape[1])
    for W_next, b_next in zip(weights, biases):
        W, b = W_next @ W, W_next @ b + b_next
    return W, b


@exercise("feedforward-collapse",
          "Keep a `W` and a `b` that stand for all layers so far, and let each further layer "
          "change them.",
          "The next layer makes of `W x + b` its own matrix times all of that, plus its own bias. "
          "Multiply out: what stands before x, and what is left?")
def collapse(trial, collapse):
    cases = [("two layers", A), ("a single layer", random_layers([3, 2], 0)),
             ("four layers of different widths", random_layers([3, 5, 4, 2, 6], 1))]
    for since, (name, layers) in enumerate(cases):
        given = told(*layers)
        result = a_list(trial, trial.call(collapse, *layers), 2, name, "a pair W, b", given)
        for what, came, expected in zip(("W", "b"), result, collapsed(*layers)):
            trial.close(came, expected, f"{what} of {name}", given)
        trial.as_one(since, name)


@collapse.mistake("The matrices stand in the wrong order: the first layer acts on x first, and so "
                  "stands next to it.")
def other_order(weights, biases):
    return weights[0] @ weights[-1], biases[0]


@collapse.mistake("The second layer multiplies the first layer's bias too.")
def added_biases(weights, biases):
    return collapsed(weights, biases)[0], np.sum(biases, axis=0)


@collapse.mistake("The first layer's bias is lost: it goes through the second layer.")
def last_bias(weights, biases):
    return collapsed(weights, biases)[0], biases[-1]


@collapse.mistake("In `b` the roles are exchanged: the second layer acts on the first one's bias.")
def other_bias(weights, biases):
    return collapsed(weights, biases)[0], weights[0] @ biases[1] + biases[0]


@collapse.mistake("The second layer's own bias is lost.")
def first_bias(weights, biases):
    return collapsed(weights, biases)[0], weights[-1] @ biases[0]


@collapse.mistake("This takes exactly two layers. There may be any number: use a loop.")
def two_only(weights, biases):
    (A1, A2), (a1, a2) = weights, biases
    return A2 @ A1, A2 @ a1 + a2


# --- The forward pass ---

def layers_of(weights, biases, X):
    H, values = X, []
    for W, b in zip(weights, biases):
        H = H @ W.T + b
        H = H if W is weights[-1] else relu(H)
        values.append(H)
    return values


@exercise("feedforward-forward",
          "One layer makes of H the array `H @ W.T + b`, and then H is that.",
          "Append each layer's H to a list. Only the last layer goes without ReLU: which test "
          "tells that a layer is the last one?")
def forward(trial, forward):
    three = np.array([[1.0, 0], [0, 1], [-1, 2]])
    cases = [("one layer", ([np.array([[1.0, -1], [2, 1]])], [np.array([0.5, -4])]), three),
             ("two layers", ([A[0][0] - 1.5, A[0][1] - 0.5], A[1]), three),
             ("three layers", random_layers([2, 5, 3, 1], 2), three),
             ("a batch of one", random_layers([4, 3, 3], 3), np.array([[1.0, -2, 3, 0.5]]))]
    for since, (name, layers, X) in enumerate(cases):
        count, given = len(layers[0]), told(*layers, X)
        came = a_list(trial, trial.call(forward, *layers, X), count, name,
                      f"a list of {count} array{'s' * (count > 1)}", given)
        for layer, (got, expected) in enumerate(zip(came, layers_of(*layers, X)), start=1):
            trial.close(got, expected, f"{name}, layer {layer}", given)
        trial.as_one(since, name)


@forward.mistake("The last layer has no ReLU: its values may be negative.")
def relu_everywhere(weights, biases, X):
    H, values = X, []
    for W, b in zip(weights, biases):
        H = relu(H @ W.T + b)
        values.append(H)
    return values


@forward.mistake("The ReLU between the layers is missing.")
def no_relu(weights, biases, X):
    H, values = X, []
    for W, b in zip(weights, biases):
        H = H @ W.T + b
        values.append(H)
    return values


@forward.mistake("W has one row per unit, so a batch of rows needs its transpose.")
def not_transposed(weights, biases, X):
    return layers_of([W.T for W in weights], biases, X)


@forward.mistake("The biases are missing.")
def no_biases(weights, biases, X):
    return layers_of(weights, [0 * b for b in biases], X)


@forward.mistake("Every layer reads X here. It should read what the layer before it has computed.")
def all_from_X(weights, biases, X):
    *hidden, last = [X @ W.T + b for W, b in zip(weights, biases)]
    return [*map(relu, hidden), last]


@forward.mistake("This is the output alone. The values of every layer are asked for, in a list.")
def output_alone(weights, biases, X):
    return layers_of(weights, biases, X)[-1]


@forward.mistake("The list begins with X, which no layer has computed.")
def with_X(weights, biases, X):
    return [X, *layers_of(weights, biases, X)]


# --- Network or plain method ---

SCORES = [([97.0, 98, 96, 97.5], [96, 97.5, 95.5, 97.0], "network", "ahead in every split"),
          ([95.0, 96, 94.5], [96.0, 96.5, 95], "plain", "behind in every split"),
          ([96.0, 95.0], [95.0, 96.0], "undecided", "each ahead in one split"),
          ([97.4, 96, 97, 97, 97], [90, 90, 97.4, 97.2, 97.3], "undecided",
           "a higher mean, behind in three of five"),
          ([97.0, 98, 96, 98], [96, 97, 95, 98], "undecided",
           "ahead in three splits, equal in one"),
          ([98, 96, 96, 96], [97, 96.5, 96.5, 96.5], "undecided", "the best single run"),
          ([96.0, 97, 95, 98], [97, 98, 96, 98], "undecided",
           "behind in three splits, equal in one")]


@exercise("feedforward-judge",
          "Compare the two numbers of each split before you summarize anything.",
          "Two questions suffice: is the network's number above the plain one's in all splits? Is "
          "it below in all splits?")
def judge(trial, judge):
    for network, plain, expected, what in SCORES:
        came = trial.call(judge, list(network), list(plain))
        trial.choice(came, expected, sorted({"network", "plain", "undecided"} - {expected}), what,
                     given=f"judge({network}, {plain})")


def above(network, plain):
    return "network" if network > plain else "plain" if plain > network else "undecided"


@judge.mistake("The ranges overlap, but the splits differ in difficulty, and both methods feel "
               "that. Compare within each split.")
def ranges(network, plain):
    if min(network) > max(plain):
        return "network"
    return "plain" if min(plain) > max(network) else "undecided"


@judge.mistake("Where neither is always ahead, nothing is decided. (To keep the plain method then "
               "is wise, but it is another question.)")
def plain_if_in_doubt(network, plain):
    return "network" if all(a > b for a, b in zip(network, plain)) else "plain"


@judge.mistake("A few splits can carry a mean. It does not say in how many the network was ahead.")
def means(network, plain):
    return above(np.mean(network), np.mean(plain))


@judge.mistake("A majority of the splits is not all of them.")
def majority(network, plain):
    ahead = [np.sign(a - b) for a, b in zip(network, plain)]
    return above(sum(ahead), 0)


@judge.mistake("In an equal split nobody is ahead.")
def at_least(network, plain):
    if all(a >= b for a, b in zip(network, plain)):
        return "network"
    return "plain" if all(a <= b for a, b in zip(network, plain)) else "undecided"


@judge.mistake("The names are exchanged: accuracies are better when they are higher.")
def exchanged(network, plain):
    return above(np.sum(np.less(network, plain)), np.sum(np.less(plain, network)))


@judge.mistake("The rule is the same for both. What if the plain method is ahead in every split?")
def network_or_nothing(network, plain):
    return "network" if all(a > b for a, b in zip(network, plain)) else "undecided"


@judge.mistake("Not behind in every split is not yet ahead in every split: there is a third answer.")
def network_unless_behind(network, plain):
    return "plain" if all(a < b for a, b in zip(network, plain)) else "network"


@judge.mistake("The best single run tells more about luck than about the method.")
def best_run(network, plain):
    return above(max(network), max(plain))


# --- Parity ---

@exercise("feedforward-parity",
          "Only the sum `s` of the inputs matters. Draw the wanted output over s = 0, 1, 2, 3.",
          "Each unit adds one kink, at the s where its ReLU begins; its output weight says by how "
          "much the slope changes there.")
def parity(trial, W1, b1, W2, b2):
    arrays = [trial.array(came, name, shape).astype(float) for came, name, shape in
              [(W1, "W1", (3, 3)), (b1, "b1", (3,)), (W2, "W2", (1, 3)), (b2, "b2", (1,))]]
    trial.passed.append("the shapes")
    W1, b1, W2, b2 = arrays
    corners = np.array(list(np.ndindex(2, 2, 2)))
    trial.close(relu(corners @ W1.T + b1) @ W2.T @ [1] + b2, corners.sum(axis=1) % 2,
                "the output for all eight inputs, from 000 to 111")


ONES, ZERO = np.ones((3, 3)), [0]
parity.mistake("A unit that is to begin at s = 1 needs a bias of -1, not +1.",
               ONES, [0, 1, 2], [[1, -2, 2]], ZERO)
parity.mistake("From climbing with slope 1 to falling with -1 the slope changes by 2, not by 1.",
               ONES, [0, -1, -2], [[1, -1, 1]], ZERO)
parity.mistake("XOR plus one unit: at s = 3 the output must be back at 1, so the last kink has to "
               "turn the slope from -1 to +1.", ONES, [0, -1, -2], [[1, -2, 1]], ZERO)
parity.mistake("The last unit bends further down. It must turn the slope up again.",
               ONES, [0, -1, -2], [[1, -2, -2]], ZERO)
parity.mistake("Each unit sees one input only, so the output is a sum of functions of one input.",
               np.eye(3), [0, 0, 0], [[1, 1, 1]], ZERO)
parity.mistake("The kinks are one place too far to the right.",
               ONES, [-1, -2, -3], [[1, -2, 2]], ZERO)
parity.mistake("This is one for an even number of ones.", ONES, [0, -1, -2], [[-1, 2, -2]], [1])


# --- Equal weights ---

@exercise("feedforward-equal",
          "What is different about two hidden units that have the same weights, in the forward "
          "pass, in the gradient, in the step?",
          "Go through `net.named_parameters()` and fill `p.data` with 0.5, leaving out \"0.bias\" "
          "when the biases are to stay random. Copies of one tanh unit have one straight edge: on "
          "how many of the four points of XOR can that be right?")
def equal(trial, most, train):
    trial.predicted(most, 3, "the most points that copies of one unit can get right")
    what = "from equal weights"
    W1, b1, W2, b2 = a_state(trial, trial.call(train, False), [2, 4, 1], what)
    start = max(np.abs(array - 0.5).max() for array in (W1, b1, W2, b2))
    trial.that(start > 1e-3, "a training", "all parameters are still 0.5.")
    trial.that(np.abs(W1).max() > 1e-3, "no zeros", "the weights of the hidden units are all 0.")
    spread = np.ptp(np.column_stack([W1, b1, W2[0]]), axis=0).max()
    trial.that(spread < 1e-3, "four copies of one unit",
               "the hidden units differ, although they began as copies.")
    loss = xor_loss(W1, b1, W2, b2)
    trial.that(loss < 0.6, "enough steps", f"the loss on XOR is still {loss:.2f}.",
               came="a high loss")
    trial.as_one(1, "four copies of one unit from equal weights")

    W1, b1, W2, b2 = a_state(trial, trial.call(train, True), [2, 4, 1], "with random biases")
    trial.that(np.ptp(np.column_stack([W1, b1]), axis=0).max() > 1e-2, "units that differ",
               "with random biases the hidden units are still copies.")
    trial.that(np.abs(W1[:, 0] - W1[:, 1]).max() < 1e-3, "both inputs treated alike",
               "the two columns of the weights differ.")
    right = int(np.sum((np.tanh(XOR @ W1.T + b1) @ W2[0] + b2 > 0) == [0, 1, 1, 0]))
    trial.that(right == 4, "XOR solved with random biases", f"{right} of 4 points are right.",
               came=str(right))
    trial.as_one(2, "different units, and XOR solved, from random biases")


def xor_loss(W1, b1, W2, b2):
    z = (np.tanh(XOR @ W1.T + b1) @ W2[0] + b2) * np.array([-1, 1, 1, -1])
    return np.logaddexp(0, -z).mean()


def trained(W1, b1, W2, b2, steps=300, rate=1.0):
    """Gradient descent on XOR, with the derivatives written out: the state after it."""
    y = np.array([0, 1, 1, 0])
    W1, b1, W2, b2 = (np.array(array, dtype=float) for array in (W1, b1, W2, b2))
    for _ in range(steps):
        H = np.tanh(XOR @ W1.T + b1)
        d = (sigmoid(H @ W2[0] + b2) - y) / 4       # by the output, shape (4,)
        D = d[:, None] * W2 * (1 - H**2)            # by what goes into the hidden units, (4, 4)
        W2, b2 = W2 - rate * d @ H, b2 - rate * d.sum()
        W1, b1 = W1 - rate * D.T @ XOR, b1 - rate * D.sum(axis=0)
    return {"0.weight": W1, "0.bias": b1, "2.weight": W2, "2.bias": b2}


def begin(value, b1=None):
    return [np.full((4, 2), value), np.full(4, value) if b1 is None else b1,
            np.full((1, 4), value), np.full(1, value)]


DRAWN = np.array([0.6, -0.5, 0.2, -0.1])
COPIES = trained(*begin(0.5))


def copies(random_biases):
    return COPIES


def state_of(arrays):
    return dict(zip(["0.weight", "0.bias", "2.weight", "2.bias"], arrays))


equal.mistake("To get all four right, a line would have to separate XOR.", 4, copies)
equal.mistake("Half of them is what guessing gets. Draw the four points: a line can do better.",
              2, copies)
equal.mistake("With zeros in place of 0.5 not even one unit learns: every hidden value is 0, and "
              "so is every gradient but the output bias's.", 3, lambda random_biases:
              state_of([*begin(0.0)[:3], np.array([0.1])]))
equal.mistake("Nothing was learned. Does the loop call `optimizer.step()`, on the parameters of "
              "the network that you return?", 3, lambda random_biases: state_of(begin(0.5)))
equal.mistake("Something began at random values even for `random_biases=False`: that call must set "
              "weights and biases of both layers to 0.5.", 3,
              lambda random_biases: trained(*begin(0.5, DRAWN)))
equal.mistake("The argument `random_biases` changes nothing here.", 3, copies)


def random_weights(random_biases):
    if not random_biases:
        return COPIES
    W1 = np.random.default_rng(0).uniform(-0.7, 0.7, (4, 2))
    return trained(W1, *begin(0.5, DRAWN)[1:], steps=20)


def few_steps(random_biases):
    return trained(*begin(0.5, DRAWN), steps=5) if random_biases else COPIES


equal.mistake("With `random_biases=True` the weights must still begin at 0.5; only the hidden "
              "biases are random.", 3, random_weights)
equal.mistake("A few steps more: with random biases the network needs them to solve XOR.",
              3, few_steps)


# --- A polygon around the inner class ---

def on_circle(radius, count=720):
    angle = 2 * np.pi * np.arange(count) / count
    return radius * np.column_stack([np.cos(angle), np.sin(angle)])


def logits(arrays, X):
    W1, b1, W2, b2 = arrays
    return sigmoid(X @ W1.T + b1) @ W2[0] + b2[0]


@exercise("feedforward-polygon",
          "Inside the polygon all k units are nearly 1, so their sum is nearly k; outside at least "
          "one of them is nearly 0. Which bias puts the output's edge between?",
          "Unit i has the weights `-s * n` and the bias `s * d`, n at the angle `2 * pi * i / k`. "
          "A corner is the hypotenuse of a right triangle with d as one side, an angle of pi / k.")
def polygon(trial, interval, polygon, hexagon, triangle):
    trial.predicted(interval, [2.2, 3.6 * np.cos(np.pi / 6)], "the interval of d for six sides",
              tolerance=1e-2)
    for since, (k, d) in enumerate([(4, 2.3), (6, 2.6), (3, 1.5)], start=1):
        arrays = a_state(trial, trial.call(polygon, k, d), [2, k, 1], f"{k} sides")
        steepness = np.linalg.norm(arrays[0], axis=1).min()
        trial.that(steepness > 9, f"{k} steep units", "a unit's weights are too small for a step. "
                   "Take s = 20.", came="small weights")
        trial.that(logits(arrays, np.zeros((1, 2)))[0] > 0, f"{k} sides, the middle",
                   "the middle belongs to class 0.")
        outside = logits(arrays, on_circle(1.1 * d / np.cos(np.pi / k))) < 0
        trial.that(outside.all(), f"{k} sides, beyond the corners",
                   f"{'no' if not outside.any() else 'not every'} point there belongs to class 0.",
                   came="none" if not outside.any() else "some")
        trial.that((logits(arrays, on_circle(0.9 * d)) > 0).all(), f"{k} sides, within d",
                   "some of these points belong to class 0.")
        # The share of the circle through the corners that lies inside, as the arcs cut off say.
        share = np.mean(logits(arrays, on_circle(1.02 * d)) > 0)
        expected = 1 - k * np.arccos(1 / 1.02) / np.pi
        trial.that(abs(share - expected) < 0.06, f"{k} sides of equal length",
                   "the sides are not spread evenly.")
        trial.as_one(since, f"a polygon of {k} sides")
    arrays = a_state(trial, hexagon, [2, 6, 1], "the hexagon on the playground")
    right = (np.all(logits(arrays, on_circle(2.1)) > 0)
             and np.all(logits(arrays, on_circle(3.7)) < 0))
    trial.that(right, "the hexagon on the playground",
               "it does not part radii up to 2.1 from those of 3.7 and more.")
    came = trial.number(triangle, "the triangle's best accuracy")
    trial.that(0.96 < came < 0.995, "the triangle's best accuracy",
               f"{came:g} is not the share of right points for the best d.", came=show(came))


def sides(k, d, s=20.0, sign=-1, turn=2 * np.pi, bias=None, off=0.5):
    angle = turn * np.arange(k) / k
    normals = np.column_stack([np.cos(angle), np.sin(angle)])
    return {"0.weight": sign * s * normals, "0.bias": np.full(k, -sign * s * d if bias is None
                                                             else bias),
            "2.weight": np.full((1, k), s), "2.bias": np.array([-s * (k - off)])}


SIX = (2.2, 3.6 * np.cos(np.pi / 6))
HEXAGON = sides(6, 2.6)
polygon.mistake("The corners lie farther out than the sides, by a factor of 1 / cos(pi / k).",
                (2.2, 3.6), sides, HEXAGON, 0.98)
polygon.mistake("The angle between a side's normal and a corner is half of that between two sides.",
                (2.2, 3.6 * np.cos(np.pi / 3)), sides, HEXAGON, 0.98)
polygon.mistake("The other way round: it is the corners that must not reach the outer class.",
                (2.2 / np.cos(np.pi / 6), 3.6), sides, HEXAGON, 0.98)
polygon.mistake("Your units are on outside of their sides: look at the sign of the weights.",
                SIX, lambda k, d: sides(k, d, sign=1), HEXAGON, 0.98)
polygon.mistake("This output asks whether any of the units is on. All of them must be.",
                SIX, lambda k, d: sides(k, d, off=k - 0.5), HEXAGON, 0.98)
polygon.mistake("The steepness multiplies the whole bracket, d as well.",
                SIX, lambda k, d: sides(k, d, bias=d), HEXAGON, 0.98)
polygon.mistake("A full turn has 2 pi: cos and sin want the angle in radians.",
                SIX, lambda k, d: sides(k, d, turn=360), HEXAGON, 0.98)
polygon.mistake("Gentle units never come near 0 or 1.",
                SIX, lambda k, d: sides(k, d, s=1.0), HEXAGON, 0.98)
polygon.mistake("That distance lets some of the ring in or leaves some of the disk out.",
                SIX, sides, sides(6, 3.5), 0.98)
polygon.mistake("A triangle cannot get all of them right, whatever its distance. Measure it.",
                SIX, sides, HEXAGON, 1.0)
polygon.mistake("A share between 0 and 1 is asked for, not percent.", SIX, sides, HEXAGON, 97.6)


# --- Better heights ---

def bumps_of(x, count, steepness):
    """One bump of height 1 per column; the outer ones go on beyond 0 and 1, as in the chapter."""
    edges = np.linspace(0, 1, count + 1)
    edges[0], edges[-1] = -1, 2
    steps = sigmoid(steepness * (x[:, None] - edges))
    return steps[:, :-1] - steps[:, 1:]


def fitted(x, y, bumps, steepness):
    return np.linalg.lstsq(bumps_of(x, bumps, steepness), y, rcond=None)[0]


@exercise("feedforward-heights",
          "With the hidden layer fixed, the output is a linear function of the heights.",
          "Let column k of a matrix be bump k alone, with height 1, at all x: `sum_of_bumps` with "
          "a row of the identity matrix gives it. Then `np.linalg.lstsq` has the heights.")
def heights(trial, heights, guaranteed):
    x = np.linspace(0, 1, 401)
    wiggly = 0.5 + 0.3 * np.sin(7 * x)
    cases = [(x, np.where(x < 0.5, 0.25, 0.75), 2, 10_000.0, "a step and two steep bumps"),
             (x, 2 * x - 0.5, 4, 20.0, "a ramp and four gentle bumps"),
             (x, wiggly, 7, 35.0, "another curve and seven bumps"),
             (x[:150], wiggly[:150], 3, 15.0, "a curve known on a part only")]
    for x, y, count, s, what in cases:
        came = trial.call(heights, x, y, count, s)
        came = trial.array(came, what, (count,)).astype(float)
        columns, best = bumps_of(x, count, s), fitted(x, y, count, s)
        error, least = (np.mean((columns @ h - y) ** 2) for h in (came, best))
        # A share of the variance forgives those who stop a search early.
        trial.that(error <= least + 1e-5 * np.var(y), what,
                   f"the mean squared error is {error:.3g}, and it could be {least:.3g}.",
                   given=f"heights(x, y, {count}, {s:g})", expected=show(best), came=show(came))
    trial.choice(guaranteed, "mean squared", ["largest", "both", "neither"],
                 "the error that cannot be larger than before")


def at_middles(x, y, bumps, steepness):
    return np.interp((np.arange(bumps) + 0.5) / bumps, x, y)


def means_over(x, y, bumps, steepness):
    place = np.minimum((x * bumps).astype(int), bumps - 1)
    return np.array([y[place == k].mean() for k in range(bumps)])


def ending(x, y, bumps, steepness):
    steps = sigmoid(steepness * (x[:, None] - np.linspace(0, 1, bumps + 1)))
    return np.linalg.lstsq(steps[:, :-1] - steps[:, 1:], y, rcond=None)[0]


def alone(x, y, bumps, steepness):
    columns = bumps_of(x, bumps, steepness)
    return columns.T @ y / (columns**2).sum(axis=0)


heights.mistake("These are the target's values at the middles: where neighbors blend they are not "
                "the best heights.",
                at_middles, "mean squared")
heights.mistake("These are the target's means over each bump. They would be best if the bumps did "
                "not blend.",
                means_over, "mean squared")
heights.mistake("The outer bumps must go on beyond 0 and 1, as they do in `sum_of_bumps`.",
                ending, "mean squared")
heights.mistake("Each bump was fitted alone, as if the others were not there.",
                alone, "mean squared")
heights.mistake("Least squares makes the sum of squares small, and may pay for it at one place.",
                fitted, "largest")
heights.mistake("One of the two was made as small as it can be. The other was never looked at.",
                fitted, "both")
heights.mistake("The heights at the middles were one candidate for the least-squares problem, and "
                "its solution is the best of all candidates.", fitted, "neither")
