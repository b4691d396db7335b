"""Questions and a prediction in the chapter on backpropagation."""

from nnlib.questions.curves import Axis, Prediction
from nnlib.questions.kinds import Choice, Formula, Number

QUESTIONS = [
    Number(
        "backpropagation-passes",
        "A network's 4,810 parameters were each nudged in one direction. A slope from both sides is more accurate. "
        "How many forward passes would that take for all parameters?",
        answer=9620,
        wrong={
            4810: "Each parameter is nudged up, and then down.",
            4811: "That is right for one side. For both sides, each parameter needs two passes of its own.",
            9621: "Is the loss without a nudge still needed?",
            9622: "Is the loss without a nudge still needed?",
            2405: "Two sides are more work, not less.",
        },
        hints=["Which losses does the slope between two points need?"],
        explanation="Two for each parameter: $2 \\cdot 4810$. The loss in the middle is no longer needed.",
    ),
    Number(
        "backpropagation-paths",
        "In the graph of $e = c + d$, $f = c d$ and $y = e + f$, let $c = 2$ and $d = 3$. By how much does $y$ "
        "change per unit of change in $c$?",
        answer=4,
        wrong={
            1: "That is the path through $e$. There is another.",
            3: "That is the path through $f$, or the value of $d$. There is another path.",
            5: "That is the value of $e$.",
            2: "That is twice the path through $e$, or the value of $c$. What does $f$ do to a change in $c$?",
            6: "That is the value of $f$. Its derivative with respect to $c$ is smaller.",
            11: "That is the value of $y$.",
        },
        hints=["Let $c$ grow by 0.1 and compute $e$, $f$ and $y$ again."],
        explanation="With $c = 2.1$: $e = 5.1$, $f = 6.3$ and $y = 11.4$. The change is 0.4, four times that of $c$.",
    ),
    Formula(
        "backpropagation-unit",
        "One tanh unit with one weight: $h = \\tanh(w x)$, and the loss is ½$(h - t)^2$. What is the derivative "
        "of the loss with respect to $w$?",
        answer="(tanh(w*x) - t)*(1 - tanh(w*x)^2)*x",
        variables={"w": (0.2, 1.5), "x": (0.3, 1.8), "t": (-1, 1)},
        wrong={
            "(tanh(w*x) - t)*x": "The tanh has a slope, and the gradient passes through it.",
            "(tanh(w*x) - t)*(1 - tanh(w*x)^2)": "That is the derivative with respect to $w x$. What multiplies $w$?",
            "(tanh(w*x) - t)*(1 - tanh(w*x)^2)*w": "That is the derivative with respect to $x$.",
            "2*(tanh(w*x) - t)*(1 - tanh(w*x)^2)*x": "The ½ cancels the 2.",
            "(t - tanh(w*x))*(1 - tanh(w*x)^2)*x": "This is the sign of a training step. What is the derivative?",
            "(tanh(w*x) - t)*(1 - (w*x)^2)*x": "The slope of tanh is 1 minus the square of what comes *out*.",
            "(tanh(w*x) - t)*tanh(w*x)*(1 - tanh(w*x))*x": "That is the slope of the logistic function.",
            "w*x - t": "That is the error of a linear unit.",
        },
        hints=["Three steps: $w x$, tanh, loss. Multiply their local derivatives.",
               "The slope of tanh is $1 - h^2$."],
        explanation="The loss gives $h - t$, tanh the factor $1 - h^2$, and the product $w x$ the factor $x$.",
    ),
    Choice(
        "backpropagation-order",
        "Three steps: $u = x^2$, $v = u + x$, $y = u v$. In which order may the nodes pass their gradients on?",
        right="$y$, $v$, $u$",
        wrong={
            "$y$, $u$, $v$": "$v$ uses $u$. Has everything that belongs to $u$ arrived when $u$ fires?",
            "$v$, $y$, $u$": "What does $v$ have to pass on before $y$ has given it anything?",
            "$u$, $v$, $y$": "This is the order of the forward pass.",
            "Both $y$, $u$, $v$ and $y$, $v$, $u$ will do.":
                "The two orders differ, since one of the nodes $u$ and $v$ uses the other.",
        },
        hints=["Which nodes use $u$? All of them must come before it."],
        explanation="$u$ is used by $v$ and by $y$, and so comes after both; $v$ is used by $y$ alone.",
    ),
    Number(
        "backpropagation-orders",
        "In the graph of $c = a b$, $e = c + d$, $f = c d$ and $y = e + f$, a node may pass its gradient on once "
        "everything that uses it has done so. In how many orders can $y$, $e$, $f$ and $c$ do it?",
        answer=2,
        wrong={
            1: "Must $e$ wait for $f$, or $f$ for $e$?",
            6: "With $y$ in front, three nodes have six orders. Which of the three must wait for the others?",
            24: "Four nodes have 24 orders. Which node must be the first, and which the last?",
            3: "$c$ is used by both $e$ and $f$. Where is its only place?",
            4: "$y$ must be first. Which node must be last, and what is left to choose?",
        },
        hints=["Begin with the node that nothing uses.", "Which node is used by two others?"],
        explanation="$y$ is first and $c$ last; $e$ and $f$ come between them, in either order.",
    ),
    Choice(
        "backpropagation-off",
        "For some sample, the sum of a hidden ReLU unit is negative, so that its output $h$ is 0. The next layer "
        "multiplies $h$ by a weight $v$. Which gradients are zero for this sample?",
        right="Those of the unit's weights and bias, and that of $v$.",
        wrong={
            "Those of the unit's weights and bias, but not that of $v$.":
                "The gradient of $v$ is what comes back times the value that $v$ multiplies. What is that value?",
            "Only that of $v$.":
                "Whatever reaches the unit's weights has passed its ReLU. What is the slope there?",
            "None, as long as the answer is wrong.":
                "The error goes back along paths. Which factors does it meet on the way to this unit's weights?",
        },
        hints=["Write each gradient as a product: what comes back, times the slope on the way, times the value "
               "that is multiplied."],
        explanation="Behind the ReLU the slope is 0, and before $v$ the value is 0. A unit that is off for a sample "
        "learns nothing from it.",
    ),
    Choice(
        "backpropagation-shape",
        "A batch has $n$ rows. `D` holds the derivatives of the batch's loss with respect to the sums of the layer's $q$ units, shape $(n, q)$, and `H` what "
        "the layer has read, shape $(n, p)$. Which product is the gradient of its weights, shape $(q, p)$?",
        right="`D.T @ H`",
        wrong={
            "`H.T @ D`": "All the right numbers, but in which shape?",
            "`D @ H.T`": "That has shape $(n, n)$ where it fits at all: it sums over units, not over samples.",
            "`D * H`": "That fits only where $p = q$, and it has a row for each sample.",
            "`D.T @ H / n`": "The shape is right. If the loss is a mean, where has it already divided by $n$?",
        },
        hints=["The sum runs over the samples. Which axis must disappear?"],
        explanation="Row $i$ and column $j$ of `D.T @ H` is the sum over the samples of $\\delta_i h_j$. If the loss is "
        "a mean, the $1/n$ is in `D` already.",
    ),
    Choice(
        "backpropagation-mode",
        "A simulation has 3 settings and computes the temperature at 10,000 places. You want the derivative of "
        "each temperature with respect to each setting. Which mode?",
        right="Forward mode, in 3 passes.",
        wrong={
            "Reverse mode, in 1 pass.": "One backward pass starts from one output. How many are there?",
            "Reverse mode, in 3 passes.": "Reverse mode takes one pass for each output, not for each input.",
            "Reverse mode, in 10,000 passes.": "That works. Is there a cheaper way?",
            "Forward mode, in 10,000 passes.": "One pass carries the derivatives of *all* outputs with respect to one input.",
        },
        hints=["Count the inputs and the outputs."],
        explanation="Forward mode takes one pass for each input. Losses are the opposite case: thousands of inputs and "
        "a single output.",
    ),
]

PREDICTIONS = [
    Prediction(
        "backpropagation-step",
        "Slopes are computed from both sides, in double precision, whose numbers have about 16 digits. Draw the "
        "relative error of a network's slopes against the step. At the far right the step is 1, as large as the weights.",
        x=Axis("step", 1e-14, 1, log=True),
        y=Axis("relative error", 1e-12, 1, log=True),
        curve=8,
        compare="minimum",
    ),
]
