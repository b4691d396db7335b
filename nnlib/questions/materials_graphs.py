"""Questions and predictions in the chapter on crystals as graphs."""

from nnlib.questions.curves import Axis, Prediction
from nnlib.questions.kinds import Choice, Choices, Formula, Number

QUESTIONS = [
    Number(
        "materials_graphs-rows",
        "A chain of equal atoms, 1.5 Å apart, has no end. Its cell holds one atom, and the cutoff is 3.6 Å. "
        "The list of edges has a row for each direction of an edge. How many rows does it have?",
        answer=4,
        wrong={
            0: "The cell has one atom, and that atom has images. Are they neighbors?",
            1: "An image lies on either side, and there may be more than one within the cutoff.",
            2: "How far away is the image after the next? Mind both sides of the atom.",
            6: "The third image is 4.5 Å away.",
            8: "The edge to the right and the edge to the left are the two directions already.",
            5: "An atom is no neighbor of itself at the distance 0.",
        },
        hints=["Images lie at 1.5, 3.0, 4.5 Å and so on, on both sides.",
               "A row leads to the atom from an image within the cutoff. How many of these are there?"],
        explanation="Two images on each side are within 3.6 Å, at 1.5 and 3.0 Å. So the one node has four "
        "edges that come from itself.",
    ),
    Number(
        "materials_graphs-rounds",
        "Now five atoms in a row, still 1.8 Å apart. After how many rounds does the number of the first atom "
        "depend on what the fifth began with?",
        answer=4,
        unit="rounds",
        wrong={
            5: "Count the steps between the atoms, not the atoms.",
            2: "That takes two atoms a round. What is the weight at 3.6 Å?",
            1: "What has a distant atom's number had to pass through, round by round?",
            3: "Who has heard from the fifth atom after one round? And after two?",
        },
        hints=["After one round only the fourth atom has heard from the fifth, besides the fifth itself."],
        explanation="The news of the fifth atom moves on by one neighbor a round: to the fourth, third, "
        "second and first.",
    ),
    Number(
        "materials_graphs-gold",
        "Every atom of Cu₃Au has 12 neighbors, and those of an Au atom are all Cu. How many of a Cu atom's "
        "neighbors are Au?",
        answer=4,
        wrong={
            12: "Each bond between Cu and Au has one end of either kind. Are there as many Cu as Au atoms?",
            3: "That is a quarter of 12, as if the atoms were placed at random. Here they are in order.",
            8: "So many are Cu.",
            36: "There are 36 bonds to Au for three Au atoms. You are asked about one Cu atom.",
            0: "The neighbors of Au are Cu. Is a neighbor not a neighbor from both sides?",
        },
        hints=["Count the bonds between Cu and Au, once from the Au atoms and once from the Cu atoms."],
        explanation="For each Au atom there are three Cu atoms, which share its 12 bonds: four for each of them.",
    ),
    Choice(
        "materials_graphs-salt",
        "In NaCl an atom has six neighbors of the other kind, 2.82 Å away along the axes. Which neighbors does "
        "it gain when the cutoff is raised from 3.6 to 4.2 Å?",
        right="Twelve of its own kind",
        wrong={
            "Six of its own kind":
                "Two steps straight on lead 5.64 Å away. How far do two steps at a right angle lead?",
            "Eight of the other kind":
                "One step along each of three axes leads 4.88 Å away.",
            "Twelve of the other kind":
                "They are two steps away. Each step changes the kind.",
            "None":
                "Take one step along an axis and one along another. How far is that?",
        },
        hints=[r"Two steps at a right angle lead $2.82 \cdot 1.414$ Å away, which is 3.99 Å."],
        explanation="One step along an axis and one along another lead to an atom of the same kind, 3.99 Å away. "
        "There are three pairs of axes with four corners each: 12.",
    ),
    Choices(
        "materials_graphs-rotation",
        "Which of these, computed for an atom, stay the same when the whole crystal is rotated? Choose all.",
        right={
            "The number of copper atoms within 3 Å":
                "Does a rotation bring an atom nearer or move it away?",
            "The distance to its farthest neighbor":
                "A rotation turns the vector to this neighbor. What becomes of its length?",
            "The angle between its edges to two neighbors":
                "Both edges turn, by the same rotation. What about the angle between them?",
        },
        wrong={
            "The $x$ component of the vector to its nearest neighbor":
                "Turn a vector along $x$ by 90°. What is left of this component?",
            "The angle between an edge and the $z$ axis":
                "The edge turns with the crystal. Does the $z$ axis?",
        },
        hints=["For each, ask whether it needs only the atoms, or axes outside the crystal too."],
        explanation="What relates atoms to atoms stays. What relates them to axes that we drew does not.",
    ),
    Choice(
        "materials_graphs-pairs",
        "The graph network is far better than the cubic. The pair sums, on the other hand, are fitted by least "
        "squares. Where do they end up?",
        right="Level with the graph network",
        wrong={
            "Level with the cubic, since it takes a network to make use of the structure":
                "Twins of one composition have different energies. Can the pair sums tell them apart? Can the "
                "cubic?",
            "Between the cubic and the graph network, since energies are not linear in the sums":
                "All these crystals are close to one lattice. What does a smooth function look like up close?",
            "Far ahead of the graph network, since least squares finds the best fit":
                "It finds the best *linear* fit. Which sums does the network see, and can it be nearly linear too?",
        },
        hints=["Which model is given what? And how different are the crystals?"],
        explanation="Both see the same sums over neighbors, and near one lattice the energy is nearly linear in "
        "them.",
    ),
    Choice(
        "materials_graphs-cause",
        "The graph network beats the cubic by a wide margin, and is level with the pair sums. To what does it owe "
        "its lead over the cubic?",
        right="To the sums over neighbors that it is given",
        wrong={
            "To its nonlinear layers":
                "Which of the three models is linear in its features, and how does it do?",
            "To its many parameters":
                "The network on fractions has many as well. How does it do beside the cubic?",
            "To its training by gradient descent":
                "The network on fractions was trained that way, the pair sums were not. Compare them.",
        },
        hints=["What do graph network and pair sums have in common that the cubic lacks?"],
        explanation="The pair sums share only these inputs with the network, and their fit is linear.",
    ),
    Formula(
        "materials_graphs-spring",
        "Two atoms lie on the $x$ axis, at 0 and at $d > 0$, and have the energy $E = c (d - b)^2/2$. What is "
        "the $x$ component of the force on the atom at 0?",
        answer="c*(d-b)",
        variables={"c": (1, 5), "d": (2, 4), "b": (1, 3)},
        wrong={
            "-c*(d-b)": "For $d > b$ the pair is stretched. To which side is the atom at 0 pulled?",
            "c*(d-b)^2/2": "This is the energy. How does it change when the atom moves a little?",
            "2*c*(d-b)": "There is one pair, and $E$ counts it once.",
            "-2*c*(d-b)": "There is one pair, and $E$ counts it once. And to which side is the atom pulled?",
            "c*(d-b)/2": "The derivative of a square brings a factor of 2.",
            "c*d": "What is the force at $d = b$, where the energy is lowest?",
            "0": "The forces on both atoms add up to 0. This is about one of them.",
        },
        hints=["When the atom at 0 moves to the right by a little, what becomes of $d$?",
               "The force is minus the derivative of $E$ with respect to the atom's own position."],
        explanation="A move to the right makes $d$ shorter by as much, so two signs cancel: the force is "
        r"$\partial E/\partial d$, toward the other atom if the pair is stretched.",
    ),
    Choices(
        "materials_graphs-stacking",
        "Our network gives both stackings the same energy. What could let a network tell them apart? Choose "
        "all.",
        right={
            "A cutoff of 5 Å":
                "The stackings are different crystals. Must the distances between farther atoms agree too?",
            "Sums over pairs of neighbors that hold the angle between them":
                "In one stacking the third plane lies above the first, in the other it does not. Are an "
                "atom's neighbors above and below placed in the same way?",
        },
        wrong={
            "More rounds of messages":
                "Every atom of either crystal has 12 neighbors that are like itself. What news can they send?",
            "More hidden units":
                "The hidden units are given the same numbers for both crystals.",
            "Training on both crystals, with their energies":
                "Weights change in training. Do the inputs of the two crystals?",
        },
        hints=["Whatever is computed from equal inputs is equal. What changes the inputs?"],
        explanation="Farther atoms and angles differ between the stackings. Weights, units and rounds work on "
        "what the graph holds, and within 3.6 Å the two graphs agree at every atom.",
    ),
]

PREDICTIONS = [
    Prediction(
        "materials_graphs-reach",
        "In copper every atom has twelve nearest neighbors. From how many other atoms has an atom heard after one "
        "round, after two, three and four?",
        x=Axis("rounds", 1, 4, "rounds"),
        y=Axis("atoms", 1, 1e5, "atoms", log=True),
        points=[1, 2, 3, 4],
        compare="end",
    ),
    Prediction(
        "materials_graphs-cutoff",
        "With a cutoff of 3.6 Å the pair sums err by about 4 meV/atom. How large is their error with other "
        "cutoffs, shorter and longer?",
        x=Axis("cutoff (Å)", 2.6, 6, "Å"),
        y=Axis("MAE (meV/atom)", 1, 100, "meV/atom", log=True),
        curve=8,
        compare="end",
    ),
]
