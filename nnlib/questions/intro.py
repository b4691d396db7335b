"""Questions and predictions in the introduction."""

from nnlib.questions.curves import Axis, Prediction
from nnlib.questions.kinds import Choice, Number, Order

QUESTIONS = [
    Number(
        "intro-lines",
        "Each unit in the middle alone divides the plane by a straight line. How many straight lines does it "
        "take at least to enclose the blue points on all sides?",
        answer=3,
        wrong={
            1: "One line has two sides, and each of them goes on forever.",
            2: "Two lines that cross leave a wedge. Is it closed?",
            4: "Four can do it. Can fewer?",
            5: "Five can do it. Can fewer?",
            6: "Six can do it. Can fewer?",
        },
        hints=["Draw lines around a coin until nothing can slip out."],
        explanation="Three lines make a triangle, and two never close. The network has just enough units, so "
        "none of them can be spared.",
    ),
    Number(
        "intro-atoms",
        "A calculation for 100 atoms takes an hour, and the work grows with the cube of their number. How "
        "many atoms can you afford in eight hours?",
        answer=200,
        tolerance=1,
        unit="atoms",
        wrong={
            800: "That would be right if the work grew in proportion. Eight times the atoms are $8^3$ times the work.",
            51200: "The other way around: the hours grow with the cube of the atoms.",
            283: "That would be right if the work grew with the square.",
            267: "Eight is the third *power* of what?",
            108: "The hours are not to be added to the atoms. By what factor may the work grow?",
            100: "One hour is enough for these.",
        },
        hints=["Double the atoms. How many times the work is that?"],
        explanation=r"Twice the atoms are $2^3 = 8$ times the work. Eight times the computer buys twice the crystal.",
    ),
    Choice(
        "intro-between",
        "Somebody else trains a network with a thousand adjustable numbers, and it meets all eight examples "
        "exactly. What does this say about its errors between them?",
        right="By itself, nothing.",
        wrong={
            "They are zero too.":
                "Draw two different curves through the same eight points. Are both right in between?",
            "They are smaller than those of our network.":
                "Many curves go through eight points, some of them wild. Which one did training take?",
            "They are larger than those of our network.":
                "They may be. But one of the curves through the eight points is the calculation itself.",
        },
        hints=["How many curves go through eight points?"],
        explanation="The more freedom, the more curves meet the examples, good and bad ones. Which of them it is "
        "can be seen only where there is no example.",
    ),
    Order(
        "intro-screening",
        "You look for wells with a certain gap, and can afford a few hundred calculations. Put the steps of a "
        "screening in order.",
        right="Calculate the gap for some pairs of depth and distance.",
        then={
            "Train the network on them.":
                "Training needs examples. Where do they come from?",
            "Ask the network about ten thousand other pairs.":
                "What does an untrained network know about gaps?",
            "Pick the pairs that come closest to the gap that is wanted.":
                "Closest by which numbers? There must be an answer for each pair.",
            "Calculate the gap for these few.":
                "Which few? They have to be chosen first.",
        },
        hints=["What is expensive comes twice, for a few pairs each time."],
        explanation="The calculation comes first and last: it makes the examples, and it judges what the "
        "network proposes.",
    ),
]

PREDICTIONS = [
    Prediction(
        "intro-outside",
        "For wells 20 eV deep, the last examples lie near 3 Å, where network and calculation agree on a gap of "
        "about 0.6 eV. Draw what the *network* answers from there to 8 Å.",
        x=Axis("distance of the wells (Å)", 3, 8, "Å"),
        y=Axis("gap from the network (eV)", -2, 2, "eV"),
        curve=6,
        compare="end",
    ),
]
