"""Questions and a prediction in the chapter on training."""

from nnlib.questions.curves import Axis, Prediction
from nnlib.questions.kinds import Choice, Formula, Number

QUESTIONS = [
    Number(
        "training-limit",
        "The loss of one weight is $4 w^2$. Above which learning rate does gradient descent diverge?",
        answer=0.25,
        tolerance=0.0005,
        wrong={
            0.125: "At this rate a single step lands at the minimum. Where does the error begin to grow?",
            0.5: "That would be right for a curvature of 4. The curvature is the second derivative of the loss.",
            4: "This is the number in front of $w^2$.",
            8: "This is the curvature. The limit is 2 divided by it.",
            1: "At this rate the factor is $1 - 8 = -7$.",
            2: "Divide by the curvature.",
        },
        hints=["What is the second derivative of $4 w^2$?"],
        explanation=r"The curvature is 8, so the factor is $1 - 8 \eta$, which reaches $-1$ at a rate of $2/8$.",
    ),
    Number(
        "training-scale",
        "A loss has two uncorrelated features with mean zero. One is in pm and has a standard deviation of 100, the "
        "other a standard deviation of 1. The curvature of a weight is the mean square of its feature. What is the "
        "condition number?",
        answer=10000,
        wrong={
            100: "That is the ratio of the features. Curvatures are mean squares.",
            10: "That is the root of the ratio of the features. Is the curvature not a square?",
            1: "That would be so after standardizing.",
            99: "Take the ratio of the mean squares.",
            1000000: "That is the cube of the ratio. A mean square is enough.",
            0.0001: "Divide the larger curvature by the smaller one.",
        },
        hints=["A feature with mean zero has its variance as mean square."],
        explanation=r"$100^2/1^2 = 10^4$: a unit a hundred times too small costs ten thousand times as many steps.",
    ),
    Number(
        "training-noise",
        "The batch grows from 32 samples to 128. By which factor does the standard deviation of the gradient's noise "
        "fall?",
        answer=2,
        wrong={
            4: "That is how the variance falls. What is its root?",
            16: "The variance falls in proportion to the batch, not to its square.",
            96: "That is how many samples were added. Which ratio counts?",
            1: "A mean over more samples scatters less.",
            0.5: "That is what is left. By which factor did it fall?",
        },
        hints=["The variance falls in proportion to $1/B$."],
        explanation="The variance falls to a quarter, the standard deviation to a half: four times the work for half "
        "the noise.",
    ),
    Number(
        "training-inertia",
        "Momentum keeps 0.9 of the old velocity and adds the gradient. The gradient is 1 in every step. Which value "
        "does the velocity approach?",
        answer=10,
        wrong={
            1: "That is the velocity after the first step. The next one keeps 0.9 of it and adds 1.",
            1.9: "That is the velocity after two steps. It goes on growing.",
            0.9: "That is the share which is kept.",
            9: "That is 0.9 of the velocity. What is it after 1 has been added?",
            1.1111: r"That is $1/\mu$. Solve $v = \mu v + 1$.",
            0.1: r"That is $1 - \mu$. Solve $v = \mu v + 1$.",
        },
        hints=["In the end a step changes nothing: $v = 0.9 v + 1$."],
        explanation=r"$v = 1/(1 - \mu) = 10$. With a momentum of 0.9, the same rate makes steps ten times as long.",
    ),
    Formula(
        "training-bias",
        "A running mean $m$ begins at 0. Each step keeps $b$ times the old $m$ and adds $1 - b$ times the gradient. If "
        "every gradient is 1, what is $m$ after $t$ steps?",
        answer="1-b^t",
        variables={"b": (0.5, 0.99), "t": (1, 20)},
        wrong={
            "1-b": "That is right after the first step.",
            "b^t": "That is what is missing from 1.",
            "(1-b)^t": "Each step multiplies by $b$ what is missing from 1.",
            "1": "That is what $m$ approaches.",
            "t*(1-b)": "Earlier gradients are multiplied by $b$ in each later step.",
            "1-b*t": "What is missing from 1 is multiplied by $b$ in each step, not reduced by it.",
            "1-b^(t-1)": "Count again: after one step $m$ is $1 - b$.",
            "(1-b^t)/(1-b)": "The gradients come in with the factor $1 - b$.",
        },
        hints=["What is missing from 1 after one step? And after two?"],
        explanation="$1 - m$ is multiplied by $b$ in each step and begins at 1, so $1 - m = b^t$.",
    ),
    Number(
        "training-root",
        r"Suppose that Adam divided by $\hat v$ itself and not by its square root. The loss is multiplied by 100. By "
        "which factor would its steps change?",
        answer=0.01,
        tolerance=0.0001,
        wrong={
            1: r"That is so with the root. How does $\hat v$ itself change when every gradient is 100 times as large?",
            100: r"That is what happens to $\hat m$, and to the steps of SGD. What happens to $\hat v$?",
            0.1: r"$\hat v$ is a mean of squares, so it grows by $100^2$.",
            0.0001: r"That is what dividing by $\hat v$ does. $\hat m$ has grown as well.",
            10000: r"That is the factor of $\hat v$, by which the steps are divided.",
        },
        hints=[r"Every gradient is multiplied by 100. By what are $\hat m$ and $\hat v$ multiplied?"],
        explanation=r"$\hat m$ grows by 100 and $\hat v$ by $100^2$, so the steps shrink to $1/100$. With the root, both "
        "grow by 100, and the steps stay as they are.",
    ),
    Choice(
        "training-decay",
        r"Adam is given a penalty $\gamma w^2/2$ in the loss, whose gradient $\gamma w$ is small beside that of the "
        "data. Which weights does it shrink the least?",
        right="Those with large gradients.",
        wrong={
            "Those with small gradients.": "The penalty's gradient is divided by the root of $v$ too. Where is that small?",
            "All shrink in the same proportion.": r"That is what AdamW does. Here $\gamma w$ is divided by the root of $v$.",
            "The largest weights.": r"$\gamma w$ grows with the weight. What else is in the step?",
            "None: it shrinks no weight at all.": "A weight that has no gradient from the data has only this one.",
        },
        hints=[r"The penalty's part of the step is $\gamma w$ times the rate, divided by the root of $v$."],
        explanation="The penalty's part of a step is divided by the root of $v$, the size of recent gradients, so a "
        "large one nearly switches it off. AdamW multiplies every weight by the same factor.",
    ),
    Number(
        "training-heavy",
        "The steepest curvature of a quadratic loss is 10. Above which learning rate does gradient descent with a "
        "momentum of 0.9 diverge?",
        answer=0.38,
        tolerance=0.0005,
        wrong={
            0.2: "That is the limit without momentum.",
            2: "With a gradient that stays the same, steps get ten times as long. In the steepest direction it "
               "alternates.",
            0.02: "With a gradient that stays the same, steps get ten times as long. In the steepest direction it "
                  "alternates.",
            0.19: "The limit has a factor of 2.",
            3.8: "Divide by the curvature.",
            0.1: "At this rate, without momentum, a single step lands at the minimum.",
        },
        hints=[r"The limit is at $\eta\lambda = 2 (1 + \mu)$."],
        explanation=r"$2 \cdot 1.9/10 = 0.38$. What alternates from step to step cancels in the velocity, so momentum "
        "makes the steep direction more stable.",
    ),
    Choice(
        "training-turn",
        "A long ravine that ran at a slant is turned until its floor lies along an axis. All start again from the same "
        "place in it, each at its best rate. Which optimizer now gets there many times sooner?",
        right="RMSprop",
        wrong={
            "SGD": "Its step is the gradient times one number. Turn the map, and its path turns along.",
            "SGD with momentum": "A sum of gradients turns with the map, as each of them does.",
            "Adam": "It too divides by a root for each weight, but its momentum overshoots, and it gains only a little.",
        },
        hints=["Which of them treat the two weights differently?"],
        explanation="RMSprop divides each weight's step by the size of that weight's own gradients. This helps where the "
        "steep and the flat direction each belong to one weight.",
    ),
    Choice(
        "training-fair",
        "A paper compares a new optimizer, at the best of twenty learning rates, with SGD at 0.01, and the new one wins "
        "clearly. What does that show?",
        right="Nothing about the two optimizers: SGD at another rate might have won.",
        wrong={
            "That the new one is better, since 0.01 is the usual rate.":
                "Usual for which loss? The limit depends on the curvature.",
            "That the new one needs less tuning.": "Which of the two was tuned?",
            "That the new one is better on this problem, though perhaps not on others.":
                "Look at the figure at a rate of 0.01, and then at 1.",
        },
        hints=["How many rates did each of them get?"],
        explanation="Each needs the same number of tries, on validation data, and several starts.",
    ),
    Choice(
        "training-thermostat",
        "A network is trained by gradient descent on all samples at once, at a rate of 0.1, until the sharpness has "
        "reached its limit of 20. Now the rate is doubled, so that the limit is 10. What happens?",
        right="The loss jumps up, and then falls again, while the sharpness drops to below 10.",
        wrong={
            "The loss falls about twice as fast, and the sharpness stays at 20.": "A step along the steepest direction is "
            r"multiplied by $1 - 0.2 \cdot 20 = -3$. What does that do to the distance from the floor of the ravine?",
            "The run diverges.": "On a quadratic it would. But the farther the weights swing, the less the loss is one.",
            "Nothing changes at first, since the gradient is small.": "The smallest part along the steepest direction "
            "triples in every step.",
        },
        hints=[r"Along the steepest direction, the factor $1 - \eta\lambda$ of a step is $-3$, as long as the curvature is 20."],
        explanation="Along the steepest direction the weights swing three times as far in every step. That throws them out "
        "of the narrow place, to one where the curvature suits the new rate.",
    ),
    Number(
        "training-first-loss",
        "By mistake, a classifier of ten classes ends in a softmax, although the loss, a cross-entropy, takes logits "
        "and applies softmax itself. Its outputs are between 0 and 1. What is the smallest loss that it can reach for "
        "a sample?",
        answer=1.461,
        tolerance=0.006,
        wrong={
            0: "That would take a logit far above the others. The largest difference here is 1.",
            2.303: r"That is $\ln 10$, for ten equal outputs. What if the true class has 1 and the others 0?",
            0.313: "That is right for two classes. Here nine others have an output of 0.",
            1: "Put the outputs 1, 0, 0, ... into softmax, and take minus the logarithm.",
            0.2320: "That is the largest probability. The loss is minus its logarithm.",
        },
        hints=["At best the outputs are 1 for the true class and 0 for the nine others. They are taken as logits."],
        explanation=r"$e/(e + 9) = 0.23$, and $-\ln 0.23 = 1.46$. A loss that sticks at this number names its fault.",
    ),
]

PREDICTIONS = [
    Prediction(
        "training-sharpness",
        "A small tanh network is trained by gradient descent on all samples at once, at a learning rate of 0.4. A "
        "quadratic loss would diverge at any curvature above 5. How does the sharpness, the largest curvature, "
        "change during training?",
        x=Axis("step", 0, 3000, "steps"),
        y=Axis("sharpness", 0, 12),
        curve=6,
        compare="end",
    ),
]
