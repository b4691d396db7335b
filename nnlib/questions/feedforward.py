"""Questions and predictions in the chapter on feedforward networks."""

from nnlib.questions.curves import Axis, Prediction
from nnlib.questions.kinds import Choice, Formula, Order, Tap


def place(h1, h2):
    """Where the picture of the hidden layer's values has a point."""
    return 50 + 100 * h1, 150 - 100 * h2


def text(x, y, words):
    return f'<text x="{x}" y="{y}" fill="currentColor" stroke="none" font-size="14" {words}</text>'


AXES = (
    '<path d="M30 150H280M50 170V25" stroke-width="1.2"/>'
    + "".join(text(place(k, 0)[0], 186, f'text-anchor="middle">{k}') for k in (0, 1, 2))
    + text(24, 55, 'text-anchor="middle">1')
    + text(284, 155, ">h₁")
    + text(42, 16, ">h₂")
)


def spot(h1, h2):
    x, y = place(h1, h2)
    return f'<circle cx="{x:g}" cy="{y:g}" r="10"/>'


QUESTIONS = [
    Tap(
        "feedforward-place",
        "The point $(0.5, 0.5)$ lies between the four. Where does the hidden layer put it?",
        picture=AXES,
        size=(310, 195),
        description="Axes for h1, from 0 to 2, and h2, from 0 to 1, with circles at five places.",
        regions={f"({h1:g}, {h2:g})": spot(h1, h2)
                 for h1, h2 in ((0, 0), (0.5, 0.5), (1, 0), (1, 1), (2, 1))},
        right="(1, 0)",
        wrong={
            "(0, 0)": "Both units add the two inputs. What is their sum?",
            "(0.5, 0.5)": "This is where it was before the layer. What do the two units make of it?",
            "(1, 1)": "The first unit is right. The second one has a bias of −1.",
            "(2, 1)": "This is the place of $(1, 1)$, whose inputs add up to 2.",
        },
        hints=[r"$h_1 = \ReLU(x_1 + x_2)$ and $h_2 = \ReLU(x_1 + x_2 - 1)$."],
        explanation=r"$h_1 = \ReLU(1) = 1$ and $h_2 = \ReLU(0) = 0$. The layer sees the sum alone, so all "
        "points with $x_1 + x_2 = 1$ come to the same place, $(0, 1)$ and $(1, 0)$ with them.",
    ),
    Formula(
        "feedforward-parameters",
        "How many parameters does a layer with $p$ inputs and $q$ units have, weights and biases together?",
        answer="q*(p+1)",
        variables={"p": (2, 20), "q": (2, 20)},
        wrong={
            "p*q": "These are the weights. What about the biases?",
            "p*(q+1)": "Each unit has a bias, not each input.",
            "p*q+1": "One bias for all? Each unit has its own.",
            "(p+1)*(q+1)": "Inputs have no biases, and there are only $q$ units.",
            "p+q": "Every unit has a weight for every input.",
            "p+q+1": "Every unit has a weight for every input.",
        },
        hints=["How many numbers does one unit need?"],
        explanation="A unit needs $p$ weights and a bias, and there are $q$ of them: $q(p + 1)$.",
    ),
    Order(
        "feedforward-steps",
        "What does a network with one hidden ReLU layer compute, from a point to its loss? Put the "
        "steps in order.",
        right=r"Multiply the point by $\mathbf{W}^{(1)}$ and add $\mathbf{b}^{(1)}$.",
        then={
            "Apply ReLU.":
                "ReLU works on the sums of the hidden units, so these come first.",
            r"Multiply by $\mathbf{W}^{(2)}$ and add $\mathbf{b}^{(2)}$, which gives the logit $z$.":
                "The output unit reads the values of the hidden units, after their ReLU.",
            r"Take $\sigma(z)$, the probability of class 1.":
                r"$\sigma$ turns the logit into a probability, so the logit comes first.",
            "Take minus the logarithm of the true label's probability.":
                "The logarithm is taken of a probability. Which step gives the probability?",
        },
        hints=["Begin at the end: what does the loss need, and what does that need?"],
        explanation="Backpropagation goes through the same steps in the opposite order, from the loss to "
        r"$\mathbf{W}^{(1)}$.",
    ),
    Choice(
        "feedforward-mirror",
        r"A unit computes $\tanh(w_1 x_1 + w_2 x_2 + b)$, and its map shows this value over the plane. What "
        "happens to the map when $w_1$ changes its sign?",
        right="It is mirrored left to right.",
        wrong={
            "Its two colors are exchanged.":
                "For that the whole sum would have to change its sign. What about the other two terms?",
            "It is mirrored top to bottom.":
                "Which coordinate has to change its sign to undo the change of $w_1$?",
            "It moves left or right, without turning.":
                "The weights give an edge its direction. Which parameter moves it?",
        },
        hints=["$(-w_1) x_1 = w_1 (-x_1)$."],
        explanation="The unit now gives at $(-x_1, x_2)$ what it gave at $(x_1, x_2)$ before.",
    ),
    Choice(
        "feedforward-jump",
        "The target *Step* jumps from 0.25 to 0.75. What becomes of the largest error, with as many bumps as you "
        "like?",
        right="It stays at half the jump or more.",
        wrong={
            "It goes to zero, since the units can be as steep as we like.":
                "However steep it is, a sigmoid takes every value in between. What does it give halfway up?",
            "It is halved when the number of bumps is doubled, as for the wave.":
                "Over narrower bumps the wave rises less. Does the target rise less where it jumps?",
            "It is zero if two bumps meet exactly at the jump.":
                "From one bump to the next the sum passes through all values. Which one does it have in the "
                "middle, and which one does the target have there?",
        },
        hints=["Is a sum of continuous functions continuous?"],
        explanation="The sum is continuous. Where it is halfway up, it is 0.25 off the target, on whichever side of "
        "the jump that is; a bump that reaches across the jump is off by more.",
    ),
    Choice(
        "feedforward-promise",
        "You are given a continuous function on $[0, 1]^d$, and want one hidden layer that stays within "
        "0.01 of it there. What does the theorem promise?",
        right="With some number of units, there are weights that do it.",
        wrong={
            "With enough units and steps, training finds weights that do it.":
                "For XOR, two units are enough. Did training succeed from every start?",
            "The theorem names a number of units that is enough.":
                "Count the towers: with ten parts of each axis, how many for $d = 2$, and for $d = 20$? "
                "The theorem does not count at all.",
            "The network also stays close to the function outside $[0, 1]^d$.":
                "Think of the row of bumps. What can it know of the function to the right of 1?",
            "Nothing, since one hidden layer cannot do XOR.":
                "One *unit* cannot. The first network of this chapter has one hidden layer.",
        },
        hints=["A theorem about what exists says neither how much it takes nor how to find it."],
        explanation="It promises that weights exist, for each function and each error above 0, on a "
        "closed, bounded region. The rest is up to us.",
    ),
]

PREDICTIONS = [
    Prediction(
        "feedforward-bumps",
        "Gentle steps, which rise over about a bump's width, so that neighboring bumps blend: draw their "
        "largest error on the wave, against the number of bumps. For comparison: twice as many steep bumps "
        "have half the error.",
        x=Axis("number of bumps", 5, 160, "bumps", log=True),
        y=Axis("largest error", 1e-4, 1, log=True),
        points=[5, 10, 20, 40, 80, 160],
        compare="end",
    ),
]
