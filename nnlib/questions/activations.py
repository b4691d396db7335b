"""Questions in the chapter on activation functions."""

from nnlib.questions.curves import Axis, Prediction
from nnlib.questions.kinds import Choice, Choices, Formula, Number

QUESTIONS = [
    Number(
        "activations-slope",
        "A logistic unit says 0.9. What is its slope there?",
        answer=0.09,
        tolerance=0.0005,
        wrong={
            0.9: "This is the value. The slope is the value times another number.",
            0.1: "This is $1 - s$. It is multiplied by something.",
            0.81: "This is $s^2$. Which two numbers are multiplied?",
            0.19: r"This is the slope of tanh where it is 0.9. The logistic function has $s(1 - s)$.",
            0.25: "This is the slope in the middle, where the unit says ½.",
            0.206: r"This is the slope at $z = 0.9$. Here 0.9 is what the unit says.",
        },
        hints=["The slope can be written with the unit's own answer $s$."],
        explanation="$0.9 \\cdot 0.1 = 0.09$. No $z$ is needed: the value determines the slope.",
    ),
    Number(
        "activations-five",
        "Five sigmoid units follow one after another, with weights of 1. At best, by what factor does the "
        "gradient shrink on its way through them?",
        answer=1024,
        tolerance=0.2,
        wrong={
            20: "Do five factors of ¼ add up, or multiply?",
            1.25: "Do five factors of ¼ add up, or multiply?",
            4: "This is the factor of one unit.",
            256: "This is $4^4$. Count the units.",
            4096: "This is $4^6$. Count the units.",
            32: "This is $2^5$. How steep is a sigmoid at most?",
            1: "That would be right for tanh, with all units at 0. How steep is a sigmoid at most?",
            0.0009765625: "This is the part that is left. By what factor has the gradient shrunk?",
        },
        hints=["A sigmoid is steepest in its middle. What is the slope there?", "Multiply five of these slopes."],
        explanation="$4^5 = 1024$: each unit leaves at most a quarter of what reaches it.",
    ),
    Choices(
        "activations-lossless",
        "Ten units follow one after another, with weights of 1, and all have the same weighted sum $z$. In which "
        "chains does the whole gradient get through? Choose all that apply.",
        right={
            "Tanh units at $z = 0$": r"The slope of tanh is $1 - \tanh^2 z$. What is it in the middle?",
            "ReLU units at $z = 2$": "How steep is a ReLU where its sum is positive?",
        },
        wrong={
            "Sigmoid units at $z = 0$": "There a sigmoid is steepest. How steep is that?",
            "Tanh units at $z = 2$": r"At 2, tanh is close to 1. What is $1 - \tanh^2 z$ there?",
            "ReLU units at $z = -1$": "How steep is a ReLU where its sum is negative?",
        },
        hints=["A product of ten equal slopes is 1 only if each of them is 1."],
        explanation="Tanh has the slope 1 at 0 alone, a ReLU for every positive $z$. A sigmoid's is never above ¼.",
    ),
    Choice(
        "activations-closed",
        "In a chain of ten ReLU units with weights of 1, nine have the weighted sum $z = 2$ and one has $z = -1$. "
        "What part of the gradient gets through?",
        right="Nothing",
        wrong={
            "Nine tenths": "The slopes are multiplied, not averaged. What is the slope of the one unit?",
            "All of it, as nine units are open":
                "The gradient has to pass all ten, one after another. What does it meet at the closed one?",
            "A tenth": "The slopes are multiplied. Nine of them are 1; what is the tenth?",
        },
        hints=["Write down the ten slopes and multiply them."],
        explanation="Nine slopes are 1 and one is 0, and so is their product.",
    ),
    Formula(
        "activations-squared",
        r"A logistic unit answers $p = \sigma(z)$, and its loss is ½$(p - y)^2$. Write the slope of the loss "
        "with respect to $z$, using only $p$ and $y$.",
        answer="(p-y)*p*(1-p)",
        variables={"p": (0.1, 0.9), "y": (0.0, 1.0)},
        wrong={
            "p-y": r"This is the slope with respect to $p$. How does $p$ change with $z$?",
            "(y-p)*p*(1-p)": "Check the sign: where the answer is too large, a larger $z$ makes the loss larger.",
            "2*(p-y)*p*(1-p)": "The loss has a factor of ½ in front.",
            "(p-y)*p": r"The slope of $\sigma$ has two factors.",
            "(p-y)*(1-p)": r"The slope of $\sigma$ has two factors.",
            "p*(1-p)": "This is how $p$ changes with $z$. How does the loss change with $p$?",
            "(p-y)*y*(1-y)": r"The slope of $\sigma$ is taken at the answer, not at the target.",
            "(p-y)*(1-p^2)": "This is the slope of tanh. The output here is logistic.",
        },
        hints=[r"$\sigma$ has the slope $s(1 - s)$ where its value is $s$. What is its value here?"],
        explanation=r"The derivative of $\sigma$ at the answer $p$ is $p(1 - p)$. Where $p$ is close to 1, "
        "that is close to 0, however wrong the answer is.",
    ),
    Number(
        "activations-shift",
        "Two logits are 7 and $7 + \\ln 3$. What is the probability of the second class?",
        answer=0.75,
        tolerance=0.0005,
        wrong={
            3: "This is how many times as probable as the first class it is. The two probabilities sum to 1.",
            0.25: "This is the probability of the first class.",
            0.5364: "The logits themselves were divided by their sum. Softmax raises $e$ to each logit first.",
            0.6667: "Three times as probable as the other: what part of the whole is that?",
            0.3333: "Which of the two classes has the larger logit?",
            0.5: "Adding the same number to both changes nothing, but here one logit is larger.",
        },
        hints=["Subtract 7 from both.", r"$e^0 = 1$ and $e^{\ln 3} = 3$."],
        explanation="Without the 7, the powers are 1 and 3, and $3/(1 + 3) = 0.75$.",
    ),
    Choice(
        "activations-dead",
        "A unit of the first layer is closed for all training images. What could open it again in further training?",
        right="Nothing: plain gradient descent, without momentum, leaves it as it is.",
        wrong={
            "A larger learning rate, which makes its steps longer.":
                "A step of its weights is a multiple of what, and how large is that?",
            "Images that the network gets very wrong.":
                "How much of their error reaches the unit's weights?",
            "Changes in the layer above it, so that its output is used differently.":
                "What comes from above is multiplied by the unit's own slope. How large is that?",
            "More epochs, since the gradient is small.":
                "Small, or zero? Multiply by the slope of a closed ReLU.",
        },
        hints=["Write the gradient of the unit's weights as a product. One of the factors is its slope."],
        explanation="The slope is exactly 0 for every image, so every gradient of its weights and bias is 0.",
    ),
    Formula(
        "activations-variance",
        "A unit has $n$ inputs with a mean square of $q$. Its weights are random, with mean 0 and variance $v$. "
        "What must $v$ be for the weighted sum $z$ to have variance 1?",
        answer="1/(n*q)",
        variables={"n": (2, 100), "q": (0.1, 2.0)},
        wrong={
            "1/n": "That is right for inputs with a mean square of 1.",
            "n*q": "This is the variance of the sum with $v = 1$. Solve for $v$.",
            "q/n": "Larger inputs need smaller weights.",
            "n/q": "More inputs need smaller weights.",
            "1/sqrt(n*q)": "This is the standard deviation of the weights.",
            "1/(n*q^2)": r"$q$ is already the mean of the squares.",
        },
        hints=["Put 1 on the left of the equation above."],
        explanation="From $1 = n v q$. If half of the inputs are zero, as after a ReLU, $q$ is half as large and "
        "$v$ twice as large.",
    ),
    Number(
        "activations-glorot",
        "A tanh layer has 256 inputs and 64 units. Its weights have Glorot's variance. By which factor does the "
        "variance of the values change from its inputs to its sums, near 0?",
        answer=1.6,
        tolerance=0.01,
        wrong={
            1: "That would take a variance of 1/256. Glorot's is a compromise with the way back.",
            0.4: "That is the factor on the way back, with the number of units.",
            0.00625: "That is the variance of a weight. How many of them are in a sum?",
            0.8: "The compromise has a 2 on top.",
            4: "That would be with a variance of 1/64, which suits the gradients alone.",
            2: "That would be He's variance, which makes up for the half that a ReLU sets to zero.",
        },
        hints=["The variance of a sum is the number of inputs times the variance of a weight times the mean square of an input."],
        explanation="$v = 2/(256 + 64) = 1/160$, and $256/160 = 1.6$. On the way back the factor is $64/160 = 0.4$: "
        "where a layer narrows, no variance suits both directions.",
    ),
    Number(
        "activations-range",
        "With ReLU, each layer multiplies the gradient by a factor proportional to the scale of its weights. In "
        "20 layers the scale is 10 % too small. What part of the gradient is left, compared with the right scale?",
        answer=0.12,
        tolerance=0.006,
        wrong={
            0.9: "This is what one layer keeps.",
            0.1: "10 % is what one layer loses. What do twenty of them keep?",
            0.81: "This is what two layers keep.",
            -1: "Losses of 10 % do not add up: each is 10 % of what is left.",
            0.0148: "It is the variance that has the square of the scale. The gradient has the scale itself.",
            0.349: "This is what ten layers keep.",
        },
        hints=["Each layer keeps 0.9 of what it would keep."],
        explanation="$0.9^{20} = 0.12$. With a tenth lost in each layer, nearly nine tenths are lost in all.",
    ),
]

PREDICTIONS = [
    Prediction(
        "activations-gradient",
        "A gradient of size 1 goes back through 20 layers of sigmoid units. How large is it after each layer? "
        "Draw it in powers of ten: −3 means a thousandth.",
        x=Axis("layers back", 0, 20, "layers"),
        y=Axis("power of ten of the gradient", -16, 0),
        curve=6,
        compare="end",
    ),
]
