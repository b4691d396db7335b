"""Questions and a prediction in the chapter on transformers."""

from nnlib.questions.curves import Axis, Prediction
from nnlib.questions.kinds import Choice, Formula, Number

QUESTIONS = [
    Number(
        "transformer-weights",
        r"A query has two keys, with the scores 0 and $\ln 3$. What weight does the softmax give the second key?",
        answer=0.75,
        tolerance=0.005,
        wrong={
            3: "That is how many times as large it is as the other weight. The two must sum to 1.",
            0.25: "That is the weight of the first key.",
            1.0986: "That is the score. The softmax takes exponentials and divides by their sum.",
            1: "Only an infinitely higher score takes everything.",
            0.5: "Equal weights come from equal scores.",
            0.3333: "That is the ratio of the weights, 1 to 3. What is the larger one's part of the sum?",
        },
        hints=["The exponentials of the scores are 1 and 3."],
        explanation="$3/(1 + 3) = 0.75$. Only differences of scores count: 5 and $5 + \\ln 3$ give the same weights.",
    ),
    Number(
        "transformer-scale",
        "Queries and keys are 64 numbers long, independent, with mean 0 and variance 1. What is the standard deviation "
        "of their dot product, before any division?",
        answer=8,
        wrong={
            64: "That is the variance, the sum of 64 variances of 1.",
            1: "That is the variance of one product. 64 of them are added.",
            4096: "Variances of independent numbers add. Their squares do not enter.",
            32: "Variances add: 64 times 1. What is the root of that?",
            0.125: "That is the factor by which a division makes the standard deviation 1.",
            16: "What is the root of 64?",
        },
        hints=["Each product has variance 1, and variances of independent numbers add."],
        explanation="The root of 64 is 8, so a difference of 11 between two dot products is nothing unusual, and $e^{11}$ "
        "is about 60,000.",
    ),
    Choice(
        "transformer-longer",
        "A query reads from four keys through a softmax, and fits one of them best. Now the query is made three times as "
        "long, its direction unchanged. What happens to the weights?",
        right="The best key's weight comes closer to 1, and the others' closer to 0.",
        wrong={
            "All weights stay, since the softmax divides by their sum.": "The softmax divides exponentials of the scores. "
            "What happens to the scores when the query is three times as long?",
            "All weights become three times as large.": "Weights sum to 1, whatever the query is.",
            "The weights come closer to each other.": "The differences between the scores become three times as large.",
        },
        hints=["Dot products grow with the query, and so do the differences between scores."],
        explanation="All scores are multiplied by three, and so are their differences. The softmax turns larger differences "
        "into weights that are farther apart.",
    ),
    Choice(
        "transformer-order",
        "An attention layer without a mask reads a list of vectors to which no position has been added. Two of the "
        "vectors are exchanged. What happens to the outputs?",
        right="The same two outputs are exchanged, and nothing else changes.",
        wrong={
            "All outputs change.": "An output is a sum over all places. Does a sum depend on the order?",
            "Only outputs after the two places change.": "That would need a mask, or a state that goes from left to right.",
            "Nothing changes.": "The query of a place is made from its vector, and goes with it.",
            "The two outputs become equal.": "They have different queries still.",
        },
        hints=["A weighted sum of values does not depend on the order in which they are added."],
        explanation="The layer sees a set. Without positions, and without a mask, *dog bites man* and *man bites dog* are one.",
    ),
    Choice(
        "transformer-rotary",
        "With rotary positions, a query at place 7 and a key at place 4 have the score 1.3. Both are moved on by 100 "
        "places, with the same vectors. What is the score?",
        right="1.3",
        wrong={
            "Smaller, since both are farther from the start.": "The start does not enter. What is left of the two positions in the equation?",
            "Larger, since the angles are larger.": "Both angles grow alike. A dot product depends on the angle between the two.",
            "It cannot be known without $\\theta$.": "The factor with $\\theta$ holds only the difference of the positions, which is the same.",
            "0": "A turn of both by the same angle does not make them orthogonal.",
        },
        hints=["The score depends on $n - m$ alone."],
        explanation="The difference of the positions is still $-3$, so the score stays.",
    ),
    Number(
        "transformer-count",
        "A transformer block has vectors of length $d = 512$ and a network of $4d$ hidden units. How many weights, in "
        "millions, does it have without biases and normalizations?",
        answer=3.1457,
        tolerance=0.06,
        wrong={
            1.0486: "That is the attention alone, $4d^2$.",
            2.0972: "That is $8d^2$: the network alone, or the attention with one of the network's two matrices.",
            0.2621: "That is $d^2$, a single matrix.",
            2.8836: "The attention has four matrices: for queries, keys, values and the output.",
            2.3593: "That is $9d^2$, one matrix for the attention. It has four: for queries, keys, values and the output.",
            1.5729: "That is $6d^2$: the network has $4d$ hidden units, so each of its two matrices has $4d^2$ weights.",
            1.31: "The network's two matrices have the shapes $(4d, d)$ and $(d, 4d)$.",
            12: "That is the number of matrices of $d^2$ weights. $d^2$ is $512^2$.",
        },
        hints=["$12 d^2$, and $512^2 = 262{,}144$."],
        explanation="$12 \\cdot 512^2$ is 3.1 million. Twice the length of the vectors makes four times the weights.",
    ),
    Formula(
        "transformer-cross",
        "Attention takes $4Td^2 + 2T^2d$ multiplications, an LSTM of $d$ units $8Td^2$. At which number of places $T$ "
        "are they equal?",
        answer="2*d",
        variables={"d": (8, 512)},
        wrong={
            "d": "At $T = d$ attention is at $6d^3$, the LSTM at $8d^3$.",
            "4*d": "Take the $4Td^2$ of attention off both sides first.",
            "d^2": "Divide both sides by $Td$.",
            "8*d": "At $T = 8d$ attention is at $160 d^3$, the LSTM at $64 d^3$.",
            "d/2": "At $T = d/2$ attention takes $2.5 d^3$, the LSTM $4 d^3$.",
            "6*d": "The $4Td^2$ stands on the other side, so it is taken off, not added.",
        },
        hints=["$4Td^2 + 2T^2d = 8Td^2$. Divide by $2Td$."],
        explanation="Divided by $2Td$: $2d + T = 4d$. With vectors of 4,096 numbers, the two are equal at about 8,000 places.",
    ),
    Number(
        "transformer-memory",
        "A model has 32 layers and vectors of 4,096 numbers of 2 bytes. How many megabytes, of a million bytes, does its "
        "key-value cache take for 1,000 places?",
        answer=524.3,
        tolerance=6,
        wrong={
            262.1: "That is the keys. The values are kept too.",
            131.1: "Keys and values, and 2 bytes for each number.",
            16.4: "That is one layer. Each of the 32 has keys and values of its own.",
            8.19: "That is the keys of one layer.",
            0.5243: "That is one place, or the answer in gigabytes.",
            1048.6: "Four bytes a number would give that. Here it is two.",
        },
        hints=["Two vectors per place and layer, 4,096 numbers each, 2 bytes each."],
        explanation="$2 \\cdot 32 \\cdot 4096 \\cdot 2 = 524{,}288$ bytes for each place. If eight heads share one key and "
        "value, it is an eighth.",
    ),
    Choice(
        "transformer-why-two",
        "The letters run *k b f a e k b*, and the last place must find *f*. Its query is made from the letter *b*. One "
        "attention layer compares it with keys that are made from single letters and their positions; the period is "
        "unknown. Where can it look?",
        right="At the earlier *b*.",
        wrong={
            "At *f*, since it comes next.": "What in the key of *f*, made from an *f* at place 2, fits a *b*?",
            "Five places back, at *b*, and then one on.": "That takes two looks, and the period differs from sequence to sequence.",
            "At the letter before the earlier *b*.": "Its key is made from *k*. What would make a *b* look there?",
        },
        hints=["What do the keys know? Only their own letter and position."],
        explanation="It finds the earlier *b*, whose value says *b*. That the next place is wanted is not in any key, until "
        "a first layer has written there what came before.",
    ),
    Choice(
        "transformer-alone",
        "Each head of a network is switched off once, alone, and the accuracy does not change for three of the four. What "
        "follows for these three?",
        right="Each of them can be missing, as long as the others work; what they do together is not known.",
        wrong={
            "They do nothing, and the network would work without all three.": "Two heads may do the same. What happens if "
            "only one of them is taken away?",
            "They are there for other sequences than the ones tested.": "That may be, but nothing here says so.",
            "The fourth head does everything.": "It cannot be spared. That does not say that it is enough.",
        },
        hints=["Suppose that two heads do exactly the same work. What does switching off one of them show?"],
        explanation="Heads can stand in for each other. Taken away one at a time, two that do the same both look useless; "
        "it takes pairs to find out.",
    ),
]

PREDICTIONS = [
    Prediction(
        "transformer-induction",
        "Two layers of attention learn to continue repeated sequences of 12 letters. What accuracy on new sequences do "
        "they have after each step of training? A guess is right in 8 % of the cases.",
        x=Axis("step", 0, 160, "steps"),
        y=Axis("accuracy (%)", 0, 100, "%"),
        curve=9,
        compare="crossing",
        level=50,
    ),
]
