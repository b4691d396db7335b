"""Questions and predictions in the chapter on the perceptron."""

from nnlib.questions.curves import Axis, Prediction
from nnlib.questions.kinds import Choice, Choices, Formula, Number

QUESTIONS = [
    Choice(
        "perceptron-bias",
        r"The weights stay $\mathbf{w} = (5, 0.1)$, and the bias grows from −18.4 to −17. What happens "
        "to the line on which the score is zero?",
        right="It moves toward smaller values, and more of the plane gets $+1$.",
        wrong={
            "It moves toward larger values, and less of the plane gets $+1$.":
                "Every score grows by 1.4. So points whose score was just below zero get $+1$ now: on "
                "which side of the old line do they lie?",
            r"It turns, since $b$ now weighs more beside $\mathbf{w}$.":
                r"Compare $5 x_1 + 0.1 x_2 = 18.4$ with $5 x_1 + 0.1 x_2 = 17$. Which of the numbers in "
                "these equations give a line its direction?",
            "It stays where it is; only the scores grow.":
                "The line is where the score is 0. What is the new score of a point on the old line?",
        },
        hints=["The line is where $5 x_1 + 0.1 x_2 = -b$. Where does it cross the axis $x_2 = 0$, "
               "before and after?"],
        explanation=r"On the axis $x_2 = 0$ the line goes from $18.4/5 = 3.68$ to $17/5 = 3.4$, parallel "
        r"to itself. $\mathbf{w}$ turns a line, $b$ moves it.",
    ),
    Choices(
        "perceptron-step",
        "*Step* makes one update, for one point with a ring. What can happen? Choose all that apply.",
        right={
            "The number of rings grows.":
                "The step is made for one point. Which others may the line pass while it moves?",
            "The point that the step was made for keeps its ring.":
                r"The step adds $\eta (\lVert\mathbf{x}\rVert^2 + 1)$ to the point's $y z$. Is that "
                "always enough to get above 0?",
            r"The arrow $\mathbf{w}$ is pushed away from the point.":
                "What does the rule do with an orange square, for which $y = -1$?",
        },
        wrong={
            "Nothing moves, because the point was right already.":
                "A ring marks a point on the wrong side, and *Step* takes no other.",
            "The score of the point, multiplied by $y$, becomes smaller.":
                r"The step adds $\eta (\lVert\mathbf{x}\rVert^2 + 1)$ to it. What is its sign?",
        },
        hints=["Read the rule for $y = +1$ and for $y = -1$.",
               "In the table above, point *A* was right before the line moved for *B* and *C*."],
        explanation="For a blue circle the arrow is pulled toward the point, for an orange square it is "
        "pushed away. The point's own $y z$ always grows, though perhaps not enough; the step takes no "
        "account of other points.",
    ),
    Number(
        "perceptron-narrow",
        r"Two clouds come closer: $\gamma$ falls to a tenth of what it was, and $R$ stays. By what "
        "factor does the bound on the number of updates grow?",
        answer=100,
        wrong={
            10: r"In the bound, $\gamma$ is squared.",
            20: "The square of 10 is not twice 10.",
            0.01: "Upside down: a narrow gap is harder, so the bound grows.",
            0.1: r"$\gamma$ stands in the denominator, and is squared.",
            1: r"$R$ stays, but $\gamma$ is in the bound too.",
        },
        hints=[r"The bound is $R^2/\gamma^2$. Put $\gamma/10$ in place of $\gamma$."],
        explanation=r"$R^2/(\gamma/10)^2 = 100 R^2/\gamma^2$. The table that follows shows how much of it "
        "comes true.",
    ),
    Formula(
        "perceptron-entropy",
        "A unit gives label 1 the probability $p$. The true label of the sample is 0. What is its loss?",
        answer="-ln(1-p)",
        variables={"p": (0.05, 0.95)},
        wrong={
            "-ln(p)": "This would be the loss if the label were 1. What probability does the unit give to "
                      "label 0?",
            "ln(1-p)": "The logarithm of a probability is negative. A loss is never below 0.",
            "ln(p)": "This is for label 1, and its sign is missing.",
            "1-p": "This is the probability of the true label. The loss is minus its logarithm.",
            "p": "The loss is minus the logarithm of the probability that the true label gets.",
            "-log10(1-p)": "Nearly: we take the natural logarithm, `ln`.",
            "-log2(1-p)": "This is the loss in bits. We take the natural logarithm, `ln`.",
        },
        hints=["The two labels share a probability of 1. How much is left for label 0?"],
        explanation="The true label has the probability $1-p$. The loss is near 0 if the unit is sure of "
        "label 0, and grows without limit the surer it is of label 1.",
    ),
]

PREDICTIONS = [
    Prediction(
        "perceptron-mistakes",
        "The perceptron goes through the 200 points of two clouds that overlap, again and again. How many "
        "mistakes does it make in an epoch, from the first one to the last?",
        x=Axis("epoch", 0, 200, "epochs"),
        y=Axis("mistakes of 200", 0, 50, "mistakes"),
        curve=6,
        compare="slope",
    ),
]
