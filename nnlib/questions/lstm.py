"""Questions and predictions in the chapter on LSTM and GRU."""

from nnlib.questions.curves import Axis, Prediction
from nnlib.questions.kinds import Choice, Formula, Number

QUESTIONS = [
    Number(
        "lstm-sum",
        "What is the derivative of $c_{100}$ with respect to $g_2$, if all other $g_t$ stay as they are?",
        answer=1,
        wrong={
            0: "That is nearly so where a state is made anew at every step. Does anything multiply here?",
            0.01: "This is its share, if all hundred are alike. How much does the *sum* change with one?",
            98: "So many steps follow. Does any of them count $g_2$ once more?",
            99: "Is $g_2$ counted once more at each step?",
            100: "Is $g_2$ counted once more at each step?",
            0.5: "Half of the state was kept in the last chapter's example. How much is kept here?",
        },
        hints=["Write $c_{100}$ as a sum."],
        explanation="$c_{100} = c_0 + g_1 + g_2 + \\dots + g_{100}$, in which $g_2$ stands once, with the factor 1.",
    ),
    Formula(
        "lstm-rest",
        "A forget gate $f$ below 1 is the same at every step, and so is what is written, $a = i g$. At what "
        "value does the cell state come to rest?",
        answer="a/(1-f)",
        variables={"a": (0.1, 1), "f": (0.1, 0.9)},
        wrong={
            "a": "This is the cell after the first step. At the second, a part of it is still there.",
            "a/f": "The larger $f$, the more is kept. Does this $c$ grow with $f$?",
            "f*a": "What was written is not multiplied by $f$ until the next step.",
            "a+f": "The gate multiplies the cell state. Put one and the same $c$ on both sides.",
            "a*(1-f)": "The more is kept, the larger the cell should become.",
            "a*f/(1-f)": "This is what is left of it before the next $a$ is added.",
            "a/(1+f)": "Check the sign: more of the old state makes the new one larger.",
        },
        hints=["At rest, a step changes nothing: the new $c$ is the old one.", "Solve $c = f c + a$."],
        explanation="From $c = f c + a$ follows $c = a/(1 - f)$. The nearer $f$ is to 1, the farther away that "
        "is; at $f = 1$ the sum grows without end, as it could in the first LSTM.",
    ),
    Choice(
        "lstm-between",
        "How should the gates be set from step 3 to step 11?",
        right="$i$ closed, $f$ open, $o$ closed",
        wrong={
            "$i$ open, $f$ open, $o$ closed":
                "Numbers come at these steps too. Where would they go?",
            "$i$ closed, $f$ closed, $o$ closed":
                "Put $f = 0$ and $i = 0$ into the equation of the cell state. What does it hold then?",
            "$i$ closed, $f$ open, $o$ open":
                "The number is kept. But read the third part of the goal.",
            "$i$ open, $f$ closed, $o$ closed":
                "What would the cell hold after step 3, and after step 4?",
        },
        hints=["For each gate in turn: what does it multiply, and is that wanted between write and read?"],
        explanation="Nothing in, nothing lost, nothing shown. Steps 2 and 12 each ask for something else, and "
        "the two flags tell the gates when they come.",
    ),
    Number(
        "lstm-weight",
        "A sigmoid is nearly shut at −6 and nearly open at 6. The input gate has a bias of −6. What weight on the "
        "write flag takes it to 6 when the flag is 1?",
        answer=12,
        wrong={
            6: r"$-6 + 6 = 0$: with the flag, the gate stands half open.",
            -12: "This shuts it even more. Add it to the bias.",
            -6: "This shuts it even more. Add it to the bias.",
            1: r"$\sigma(-6 + 1)$ is still close to 0.",
            18: r"$-6 + 18 = 12$: open, but more is asked of the weight than it takes.",
            0: "Then the flag does nothing.",
        },
        hints=["The sigmoid is taken of the bias plus the weight times the flag."],
        explanation="$-6 + 12 = 6$. Without the flag the bias is left alone, and the gate is shut. The output gate "
        "listens to the read flag in the same way.",
    ),
    Number(
        "lstm-thousandth",
        "With the gates half open, and on the path through the cell state alone: after how many steps is "
        "about a thousandth of the gradient left?",
        answer=10,
        tolerance=0.4,
        unit="steps",
        wrong={
            3: "Three steps of a tenth would do it. Each step here leaves a half.",
            9: "Nearly: $1/2^9$ is 1/512.",
            11: "Nearly: $1/2^{11}$ is 1/2,048.",
            20: "After twenty steps much less is left: that is $1/2^{20}$.",
            500: "Each step leaves half of what was there, and not half of a thousandth less.",
            1000: "Each step leaves half of what was there. How much is left after two?",
            2: "A quarter is left after two steps.",
        },
        hints=["$1/2^n$ is to be about 1/1,000."],
        explanation="$1/2^{10}$ is 1/1,024. With $f = 0.95$ it would take about 135 steps.",
    ),
    Choice(
        "lstm-gru",
        "What can the gates of an LSTM do with its cell state that those of a GRU cannot do with its state?",
        right="Keep all of it, and add something to it.",
        wrong={
            "Leave it as it is for many steps.":
                r"Put $\mathbf{z} = 1$ into the last equation of the GRU.",
            "Drop all of it, and take in something new.":
                r"Put $\mathbf{z} = 0$ into the last equation of the GRU.",
            "Let in something that does not depend on the last output.":
                r"In the equation of $\mathbf{n}$, which part sees the old state, and what multiplies it?",
        },
        hints=["How much of the old state and how much of the new do the gates let through, taken together?"],
        explanation="In an LSTM $f$ and $i$ may both be 1. In a GRU what is kept and what is new are $z$ and "
        "$1 - z$: to write, it must forget. So its state stays between −1 and 1, where a cell state may grow.",
    ),
    Number(
        "lstm-temperature",
        "The network draws each letter from the softmax of its logits divided by a *temperature*. At temperature 1, "
        "one letter is four times as likely as another. How many times as likely is it at temperature 0.5?",
        answer=16,
        tolerance=0.05,
        wrong={
            8: "The *difference of the logits* doubles. The ratio is the exponential of that.",
            2: "So it is at temperature 2. Does a low temperature bring the letters together, or apart?",
            4: "The logits are divided by 0.5. Can the ratio stay?",
            4.5: "Dividing by 0.5 does not add 0.5.",
            1: "They are equally likely only where the temperature is very high.",
            54.6: "This is $e^4$. The ratio 4 is an exponential already.",
        },
        hints=["The ratio of two probabilities is the exponential of the difference of their logits.",
               "The difference is ln 4 at temperature 1. What is twice ln 4 the logarithm of?"],
        explanation=r"The difference of the logits doubles from $\ln 4$ to $2 \ln 4 = \ln 16$. A low temperature makes "
        "likely letters likelier still; a high one gives all of them nearly the same chance.",
    ),
]

PREDICTIONS = [
    Prediction(
        "lstm-recall",
        "Draw the accuracy of the LSTM of 12 units, started as usual, after training on sequences of so many "
        "steps. Guessing gets 50 %.",
        x=Axis("steps", 6, 24, "steps"),
        y=Axis("accuracy (%)", 0, 100, "%"),
        points=[6, 12, 24],
        compare="end",
    ),
]
