"""Questions and a prediction in the chapter on graph networks."""

from nnlib.questions.curves import Axis, Prediction
from nnlib.questions.kinds import Choice, Number

QUESTIONS = [
    Number(
        "gnn-ones",
        "A graph has 5 nodes and 6 edges, each between two different nodes. How many ones are in its adjacency matrix?",
        answer=12,
        wrong={
            6: "An edge between $i$ and $j$ makes $A_{ij} = 1$. And $A_{ji}$?",
            25: "That is the size of the matrix.",
            17: "There are no ones on the diagonal: no node is its own neighbor here.",
            30: "That is nodes times edges.",
            13: "That is how many zeros there are.",
        },
        hints=["The matrix is symmetric."],
        explanation="Every edge stands in it twice, once in each direction: $2 \\cdot 6 = 12$.",
    ),
    Number(
        "gnn-second",
        "A graph has the edges $ab$, $ac$, $bc$ and $cd$, and the numbers $a = 1$, $b = 2$, $c = 0$, $d = 4$. In each "
        "round, every node adds the numbers of its neighbors to its own. What is $d$'s number after two rounds?",
        answer=11,
        wrong={
            4: "That is $d$ after one round: $c$ had 0 to send. What does $c$ send in the second?",
            7: "That is what $c$ sends in the second round. Add it to $d$'s own number.",
            17: "That is $c$ after two rounds.",
            13: "That is $a$, or $b$, after two rounds.",
            16: "Compute all new numbers from the old ones: in the first round $c$ has 0 to send.",
            101: "Compute all new numbers of a round from the old ones, not one from the other.",
        },
        hints=["After the first round the numbers are 3, 3, 7 and 4."],
        explanation="After one round $c$ has $0 + 1 + 2 + 4 = 7$ and $d$ has 4, and then $d$ becomes $4 + 7 = 11$. The "
        "numbers of $a$ and $b$ have reached it, in two rounds.",
    ),
    Number(
        "gnn-weight",
        "A leaf, a node with one neighbor, hangs on a hub that has 7 neighbors in all. In symmetric normalization "
        "every node is also its own neighbor, and a message is divided by the root of the degree at each of its ends. "
        "What weight does a message between the two have?",
        answer=0.25,
        tolerance=0.002,
        wrong={
            0.378: "That leaves the nodes themselves out of the degrees. They are 2 and 8.",
            0.0625: r"That is $1/(2 \cdot 8)$. Take the root.",
            0.125: "That divides by the hub's degree alone.",
            0.5: "That divides by the leaf's degree alone.",
            0.143: "That is $1/7$. Both ends count, with a root, and each node counts itself.",
            4: r"That is the root of $2 \cdot 8$. The message is divided by it.",
        },
        hints=["The degrees are 2 and 8."],
        explanation=r"The root of $2 \cdot 8$ is 4, so the weight is $1/4$, in both directions.",
    ),
    Choice(
        "gnn-left",
        "On a connected graph, rounds without weights and with symmetric normalization are repeated very often. In "
        "what do the numbers of two nodes still differ?",
        right="In their degrees: a node with more neighbors has a number of larger size.",
        wrong={
            "In the group that each belongs to.": "That is in the second eigenvector. What has become of its factor?",
            "In what each began with.": "After many rounds every node has heard from all. What is left is one "
                                        "eigenvector.",
            "In nothing: all numbers are equal.": "That would be so with the mean over the neighbors. Here the first "
            "eigenvector is proportional to the root of the degree.",
            "They alternate from round to round.": "That would need an eigenvalue of $-1$. The loops forbid it.",
        },
        hints=["Of the eigenvalues, only one does not shrink. What does its eigenvector hold?"],
        explanation="The numbers come to be proportional to the root of the degree. How large they are depends on the "
                    "start, but how they compare does not.",
    ),
    Number(
        "gnn-ink",
        "Ten nodes form a path. The first begins with 1, all others with 0. In each round, every node takes the mean of its "
        "own number and its neighbors'. How many nodes have a number other than 0 after four rounds?",
        answer=5,
        wrong={
            4: "The first node keeps a part of its number: it belongs to the mean.",
            10: "Only neighbors talk to each other. How far does a message get in one round?",
            9: "A message goes one step in a round, and only one way leads from the end of a path.",
            2: "That is after one round.",
            16: "There are only ten nodes, and nothing doubles here: it is one more in each round.",
        },
        hints=["After one round, two nodes have a number."],
        explanation="One more node in each round: after four rounds, the first node and the four next to it.",
    ),
    Choice(
        "gnn-passage",
        "Two cliques, in which everybody is linked to everybody, are joined by a single edge. With normalized rounds, "
        "a message between two nodes that are not ends of that edge needs three rounds. Both cliques grow from 10 to "
        "20 nodes. What becomes of the derivative of such a node's number, after three rounds, with respect to that of "
        "one in the other clique?",
        right="It falls to about an eighth.",
        wrong={
            "It stays, since the distance does.": "The distance stays at three. What does each step divide by?",
            "It falls to about a half.": "Three steps are needed, and each divides by a degree.",
            "It falls to about a quarter.": "That would be two steps. There are three.",
            "It doubles, since there are more nodes.": "There are more nodes, but only one way through.",
        },
        hints=["Each of the three steps has a weight of about $1/m$."],
        explanation="There is one walk, and each of its three steps has a weight of about $1/m$: twice the size, an "
        "eighth of the message.",
    ),
    Choice(
        "gnn-hexagon",
        "All nodes of two triangles and of a hexagon begin with the number 1. A graph network with trained weights "
        "makes ten rounds on each. What can be said of the results?",
        right="All twelve nodes have the same number.",
        wrong={
            "The nodes of the triangles differ from those of the hexagon, since a ring of three closes sooner.":
            "A node does not learn from whom a message comes, only what it says. Do messages in a triangle say "
            "anything else?",
            "It depends on the weights.": "Go through a round: what does each of the twelve nodes receive?",
            "In the hexagon opposite nodes differ.": "They are alike: a hexagon looks the same from each of its nodes.",
        },
        hints=["How many neighbors does each node have, and what are their numbers?"],
        explanation="In every round each node receives two numbers equal to its own, in both graphs. No weights can "
                    "make a difference where there is none.",
    ),
    Choice(
        "gnn-neighbors",
        "One atom has two neighbors, both with the number 1. Another has one neighbor with the number 1. Which way of "
        "adding up what arrives tells the two atoms apart?",
        right="The sum.",
        wrong={
            "The mean.": "The mean of 1 and 1 is 1, and so is the mean of 1.",
            "The maximum.": "The largest of 1 and 1 is 1.",
            "None of sum, mean and maximum.": "Try all three: one gives 2 and 1.",
        },
        hints=["Which of them knows how many neighbors there are?"],
        explanation="The sums are 2 and 1. Mean and maximum do not know how many neighbors there are.",
    ),
    Choice(
        "gnn-rotated",
        "A model gives for each atom three numbers that are computed from distances alone, and its authors call them a "
        "force. The crystal is turned by 50°. What becomes of the three numbers, and of the true force?",
        right="The numbers stay, and the true force turns.",
        wrong={
            "Both stay: turning the crystal changes nothing.": "It changes no distance and no energy. But if an atom "
                                                               "is pulled toward its neighbor, in which direction is "
            "it pulled now?",
            "Both turn.": "Has any input of the model changed?",
            "The numbers turn, and the true force stays.": "What do the numbers depend on?",
        },
        hints=["Which of the two can know that the crystal has been turned?"],
        explanation="Distances do not change, so nothing computed from them does. A force is a vector of the crystal "
                    "and turns with it.",
    ),
    Choice(
        "gnn-discovery",
        "Candidates lie 60 ± 40 meV/atom above stability, so that only 7 % are stable. A model finds their energies "
        "with random errors of 20 meV/atom in mean size, and calls stable what it sees below zero. About which share of "
        "these is stable?",
        right="About half.",
        wrong={
            "Nearly all: the error is small beside the distances.":
            "It is, for most. But those that it carries below zero count, and there are many candidates just above.",
            "As many as among all candidates, about 7 %.": "The model knows something: its choice is better than "
                                                           "chance.",
            "It cannot be said without the model.": "For random errors it can be computed.",
        },
        hints=["How many lie just below zero, and how many just above it?"],
        explanation="Many more candidates lie just above zero than below it, so that errors move more of them down "
                    "than up. How a model does near the line counts, not its mean error over all.",
    ),
]

PREDICTIONS = [
    Prediction(
        "gnn-smoothing",
        "Sixty nodes in two groups have noisy features, and six of them a label. With the features alone, about 60 % "
        "of the others are put into the right group. Now every node averages with its neighbors, most of which are of "
        "its own group, once, twice, up to 32 times. How many are right then?",
        x=Axis("rounds", 0, 32, "rounds"),
        y=Axis("accuracy", 0.4, 1),
        points=(0, 2, 4, 8, 12, 16, 24, 32),
        compare="maximum",
    ),
]
