"""Questions and predictions in the chapter on recurrent networks."""

from nnlib.questions.curves import Axis, Prediction
from nnlib.questions.kinds import Choice, Formula, Number, Order

QUESTIONS = [
    Order(
        "rnn-backward",
        "A sequence has three steps, and every state has a gradient of its own from the loss. In which "
        r"order can the gradient of $\mathbf{W}_{hh}$ be computed?",
        right=r"Compute the states $\mathbf{h}_1, \mathbf{h}_2, \mathbf{h}_3$.",
        then={
            r"Make $\mathbf{\delta}_3$.":
                r"$\mathbf{\delta}_3$ contains slopes of the tanh. What do they need?",
            r"Make $\mathbf{\delta}_2$.":
                r"What does $\mathbf{\delta}_2$ contain besides $\mathbf{g}_2$?",
            r"Make $\mathbf{\delta}_1$.":
                r"What does $\mathbf{\delta}_1$ contain besides $\mathbf{g}_1$?",
            r"Multiply each $\mathbf{\delta}_t$ by the state before it, and add up over $t$.":
                r"The sum runs over all steps. Is every $\mathbf{\delta}_t$ known by then?",
        },
        hints=[r"Which index does $\mathbf{\delta}$ have on the right-hand side of its own equation?"],
        explanation=r"Forward in time for the states, backward for $\mathbf{\delta}_t$, since each needs "
        "the one after it. The sum comes last, because every step uses the same weights.",
    ),
    Formula(
        "rnn-factor",
        "Take one linear unit, $h_t = x_t + w h_{t-1}$. Of $T$ inputs, how much does the first change the "
        "last state? Give the derivative of $h_T$ with respect to $x_1$.",
        answer="w^(T-1)",
        variables={"w": (0.5, 1.5), "T": (3, 12)},
        wrong={
            "w^T": "Nearly. $x_1$ enters $h_1$ as it is. How many steps lead from there to $h_T$?",
            "w^(T+1)": "How many steps lead from $h_1$ to $h_T$?",
            "w*(T-1)": "The steps are counted right. Does a second step add to the factor, or multiply it?",
            "w*T": "Does a second step add to the factor of the first, or multiply it?",
            "w": "This is one step. There are more between $h_1$ and $h_T$.",
            "w^(1-T)": r"With $w = 0.5$ this grows with $T$. Does the trace of an input grow there?",
            "1": "That would be right for $w = 1$.",
        },
        hints=["Write out $h_2$ and $h_3$, with $x_1$ in them."],
        explanation="$h_1$ contains $x_1$ once, and each of the $T - 1$ steps that follow multiplies by $w$.",
    ),
    Number(
        "rnn-slope",
        "A tanh unit with $w = 2$ is at $h_t = 0.9$. What is the derivative of $h_t$ with respect to "
        "$h_{t-1}$, by which the gradient is multiplied on its way back?",
        answer=0.38,
        tolerance=0.005,
        wrong={
            2: "This is what the weight alone would give. What is the slope of the tanh here?",
            0.19: "This is the slope of the tanh. The weight is missing.",
            1.8: "$2 \\cdot 0.9$ takes the state for the slope. How does the slope follow from the state?",
            0.2: "The slope is 1 minus the *square* of the state.",
            0.1: "The slope is 1 minus the *square* of the state, and the weight is missing.",
            1.62: "$0.9^2$ is not the slope yet.",
        },
        hints=["With $z$ for the argument of the tanh, $h_t$ changes with $z$ by $1 - h_t^2$, and $z$ with "
               "$h_{t-1}$ by $w$."],
        explanation=r"$(1 - 0.9^2) \cdot 2 = 0.19 \cdot 2$. A weight of 2, which would double the gradient "
        "of a linear unit, loses more than half of it in a step, because the unit is nearly saturated.",
    ),
    Choice(
        "rnn-cut",
        "A sequence is cut into pieces of 20 steps. The input of step 15 is needed for the answer at step 30. "
        "What is true of a network trained in this way?",
        right="Its answer can depend on that input, but no gradient asks it to remember it.",
        wrong={
            "Its answer cannot depend on that input, which lies before the cut.":
                "What is carried across the cut, and what was it computed from?",
            "It learns to remember that input, since the state is carried on.":
                "Follow the gradient of the answer at step 30 backward. Where does it stop?",
            "It learns to remember that input if the gradient is clipped as well.":
                "Clipping shortens a gradient that is there. Which one gets from step 30 to step 15?",
        },
        hints=["Go through the cut twice: forward with the state, backward with the gradient."],
        explanation="Forward, the state crosses the cut, and may hold something of step 15. Backward, nothing "
        "does: were the weights to drop that input, the answer would be worse and no gradient would say why.",
    ),
    Number(
        "rnn-bits",
        "Two letters come. The model had given the first one a probability of 1/2, the second one 1/8. What "
        "is its loss, in bits per letter?",
        answer=2,
        tolerance=0.005,
        unit="bits",
        wrong={
            4: "These are the bits of both letters. How many are there per letter?",
            1: "The first letter costs this much. What does the second cost?",
            3: "The second letter costs this much. The loss is the mean of both.",
            1.678: "This is the logarithm of the mean probability. The loss is the mean of the logarithms.",
            1.386: "The natural logarithm was taken. In bits, it is the one to the base 2.",
            -2: "A probability below 1 has a negative logarithm, and the loss is minus that.",
            0.3125: "This is the mean probability. The loss is made from the logarithm of each.",
        },
        hints=[r"A letter costs $-\log_2 p$ bits. Which power of ½ is 1/8?"],
        explanation="One bit for 1/2 and three for 1/8: two on average. In all, the model found a sequence of "
        "probability 1/16, and four bits tell sixteen cases apart.",
    ),
]

PREDICTIONS = [
    Prediction(
        "rnn-gradient",
        "Fifty tanh units have a random recurrent matrix of spectral radius 3, and weak inputs. Take the gradient of "
        "one output with respect to the state so many steps earlier, and draw how long it is, relative to its start.",
        x=Axis("steps back", 0, 50, "steps"),
        y=Axis("length of the gradient", 1e-12, 1e12, log=True),
        curve=6,
        compare="end",
    ),
]
