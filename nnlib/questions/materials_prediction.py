"""Questions and predictions in the chapter on predicting properties of materials."""

from nnlib.questions.curves import Axis, Prediction
from nnlib.questions.kinds import Choice, Choices, Number, Tap

# Mean and s of four alloys, in eV/atom.
ALLOYS = {"A": (-0.06, 0.01), "B": (-0.08, 0.005), "C": (-0.02, 0.08), "D": (-0.05, 0.03)}


def height(energy):
    """Where the picture of the four alloys has an energy."""
    return 80 - 1000 * energy


def text(x, y, words):
    return f'<text x="{x}" y="{y:g}" fill="currentColor" stroke="none" font-size="14" {words}</text>'


def bar(x, mean, s):
    """A mean's s up and down, from the edge of its circle on."""
    return "".join(f"M{x} {height(mean + sign * 0.01):g}V{height(mean + sign * s):g}m-6 0h12"
                   for sign in (-1, 1) if s > 0.01)


PLACES = dict(zip(ALLOYS, (85, 145, 205, 265)))
PICTURE = (
    '<path d="M50 10V190" stroke-width="1.2"/>'
    + "".join(f'<path d="M45 {height(e):g}H50"/>' + text(42, height(e) + 5, f'text-anchor="end">{shown}')
              for e, shown in ((0.05, "0.05"), (0, "0"), (-0.05, "−0.05"), (-0.1, "−0.10")))
    + f'<path d="{"".join(bar(PLACES[name], *values) for name, values in ALLOYS.items())}"/>'
    + "".join(text(x + 15, height(ALLOYS[name][0]) + 5, f">{name}") for name, x in PLACES.items())
)

QUESTIONS = [
    Choice(
        "materials_prediction-below",
        "On many new random cells, of compositions that occur several times, a model's error is far below "
        "the floor. It is said to see the composition alone. What do you conclude?",
        right="It has seen more: the tested energies, or where the atoms sit.",
        wrong={
            "It has found the function of the composition that other models miss.":
                "Cells of one composition have several energies. How many answers does a function of the "
                "composition give?",
            "It had more training data, which lower the floor.":
                "Data help to find the mean of a composition. What do they say about a single new cell?",
            "The floor was estimated with a poor model and has to be corrected.":
                "Look at how the floor was computed. Which model went into it?",
        },
        hints=["What is the best answer for two cells with one composition and two energies?"],
        explanation="The best function of the composition predicts the means, and is then off by the floor. "
        "What gets below it has information of another kind, mostly by mistake.",
    ),
    Choice(
        "materials_prediction-system",
        "From random folds to folds by chemical system: which models get worse by the largest factors?",
        right="Nearest neighbor and forest",
        wrong={
            "Mean and ridge":
                "They can describe little, in any system. How much can they lose?",
            "Quadratic and cubic":
                "They have a term for each pair of elements. Is a pair of the new system in other systems too?",
            "Network, since it has the most parameters":
                "What matters is what they hold: something about elements and pairs, or about single alloys?",
        },
        hints=["When a whole system is left out, what do its alloys still share with those in the training set?",
               "Which models answer with energies of stored alloys?"],
        explanation="With its system left out, an alloy has no close neighbor any more to copy from. Terms "
        "of pairs are still there, learned from other systems.",
    ),
    Choice(
        "materials_prediction-unknown",
        "And with one element left out, how do the models do compared with always predicting the mean?",
        right="All of them are about as bad as the mean.",
        wrong={
            "The cubic stays far ahead, since it knows how pairs of elements mix.":
                "It has a term for each pair. Which alloys taught it the terms with platinum?",
            "Each gets worse by about the same factor as by chemical system.":
                "A new system still has known elements and known pairs. What is known of platinum?",
            "The network stays ahead, since it has learned something general about metals.":
                "It is given seven fractions. Do these say anything about platinum besides its name?",
        },
        hints=["Which of the training alloys say anything about the element that is left out?"],
        explanation="Nothing in the training set tells how the element mixes, so there is nothing to carry over. "
        "The next section looks at what that means inside the network.",
    ),
    Choice(
        "materials_prediction-column",
        "Each of the 32 hidden units has a weight for platinum, random at first. There is no penalty on the "
        "weights. What does training without platinum do to these 32?",
        right="Nothing: they stay as they were at first.",
        wrong={
            "It drives them to zero, as nobody needs them.":
                "What would push them there? A step follows the gradient, and there is no penalty.",
            "It makes them like those of palladium and gold, the most similar metals.":
                "The inputs are seven fractions. Which of them says what platinum is similar to?",
            "It lets them grow, as nothing holds them back.":
                "To grow, they must be moved. Which training alloy moves them?",
        },
        hints=["The gradient of a weight is its input times what comes back from the unit. What is the input?"],
        explanation="The input is zero for every training alloy, and so is each of their gradients.",
    ),
    Number(
        "materials_prediction-power",
        "On logarithmic axes a learning curve is straight: 0.020 eV/atom with 50 alloys, 0.010 with 200. "
        "If it goes on like this, how many alloys does an error of 0.0025 eV/atom take?",
        answer=3200,
        tolerance=1,
        unit="alloys",
        wrong={
            800: "By what factor did the data grow for the first halving? And how many halvings are left?",
            400: "Twice the data would not even halve the error: see the first halving.",
            312.5: "This line is straight on ordinary axes. On logarithmic ones, equal steps are equal "
                   "factors.",
            500: "The first halving took 150 more alloys. On a logarithmic axis, is it the difference that "
                 "counts?",
            350: "The first halving took 150 more alloys. On a logarithmic axis, is it the difference that "
                 "counts? And how many halvings are left?",
            12800: "The error there is 0.00125. Count the halvings again.",
        },
        hints=["Four times the data halved the error.", "From 0.010 to 0.0025 it is halved twice."],
        explanation="Each halving takes four times the alloys: 200, 800, 3,200. Whether the curve stays "
        "straight is another matter; a floor bends it.",
    ),
    Choices(
        "materials_prediction-promise",
        "We make such intervals for 95 %. Which of these break the promise? Choose all.",
        right={
            "All ratios came from alloys that the networks were trained on.":
                "Are errors on training alloys drawn like those on new ones?",
            "The new alloys are ordered, and the validation set held random cells.":
                "Where were ordered compounds in the figures above: among the others?",
            "Of 50 ensembles we kept the one with the smallest ratios on the same validation set.":
                "Then the ratios served for something else too, and their luck was part of the choice.",
        },
        wrong={
            "The networks are poor.":
                "Then the ratios of the validation set show it. What becomes of the interval?",
            "The errors do not follow a normal distribution.":
                "The ratios were only sorted and counted. Which distribution does that assume?",
        },
        hints=["The promise needs new ratios that are drawn like those of the validation set.",
               "It asks nothing of the model. What does it ask of the data?"],
        explanation="A poor model or odd errors make intervals wide, not wrong. They become wrong "
        "when the alloys in use are not drawn like those that set the width.",
    ),
    Choice(
        "materials_prediction-seven",
        "Five networks have learned from alloys of at most four metals each, chosen from seven. Now they predict "
        "one of all seven in equal parts. How large is their spread $s$?",
        right="Smaller than for most of the alloys that they know.",
        wrong={
            "Far larger than for the known alloys, since no training alloy is like this one.":
                "Is there anything that makes networks disagree far from their data? What the extra metals do "
                "can be much the same in all five.",
            "Zero, since no training alloy can tell the networks apart here.":
                "They began with different weights. Do five networks ever give the very same answer?",
            "Like that of a typical known alloy.":
                "Alloys of few metals lie at the edge of all mixtures, this one in the middle. Where can a smooth "
                "function be bent more freely?",
        },
        hints=["The spread says how far the networks disagree. Who tells them that they are far from home?"],
        explanation="The mixture lies in the middle of what each network has seen, and there smooth functions "
        "agree. The spread measures agreement, not knowledge.",
    ),
    Choice(
        "materials_prediction-ordered",
        "Networks predict an alloy's energy from the fractions of its elements. The ordered compound Ni₃Pt is off "
        "their prediction by many times their spread $s$, much more than cells with the same atoms at random "
        "places. What could have warned us?",
        right="Neither the spread nor the distance to the nearest training alloy.",
        wrong={
            "The spread, which is large where the networks are wrong.":
                "The fractions are the same for order and chance. So what can the networks disagree about that "
                "they did not before?",
            "The distance to the nearest training alloy.":
                "It is measured in fractions. How far apart are two cells of the same atoms, differently placed?",
            "A larger ensemble, whose spread is more exact.":
                "Every member reads the same fractions. Which of them says where the atoms sit?",
        },
        hints=["Both are computed from the inputs of the network. What is the same for order and chance?"],
        explanation="The order of the atoms is not an input, so nothing computed from the inputs can notice it.",
    ),
    Tap(
        "materials_prediction-next",
        r"Four alloys are not computed yet. Circles are $\mu$ in eV/atom, bars reach $s$ up and down (short ones "
        r"are hidden by the circle). Which does the rule $\mu - s$ take first?",
        picture=PICTURE,
        size=(310, 200),
        description="Energies in eV/atom of four alloys. A is at −0.06 and B at −0.08, without bars. C is "
        "at −0.02 with a bar from 0.06 to −0.10. D is at −0.05 with a bar from −0.02 to −0.08.",
        regions={name: f'<circle cx="{PLACES[name]}" cy="{height(mean):g}" r="10"/>'
                 for name, (mean, _) in ALLOYS.items()},
        right="C",
        wrong={
            "A": r"Here $\mu - s$ is about −0.07. Can another alloy be lower, as far as the model knows?",
            "B": r"It has the lowest $\mu$. The rule takes $s$ off; where does each bar end?",
            "D": r"Here $\mu - s$ is −0.08. Where does each of the other bars end, below?",
        },
        hints=["The rule compares the lower ends of the bars."],
        explanation="The bar of C reaches down to −0.10. Its mean is the worst of the four, but so little is "
        "known of it that it may be the best; and if it is not, the model learns most here.",
    ),
]

PREDICTIONS = [
    Prediction(
        "materials_prediction-curve",
        "Now the cubic, with its 84 coefficients. How large is its error on the test alloys after training on 50 "
        "alloys, on 100, and so on? How many does it take to reach the network's 5 meV/atom?",
        x=Axis("training alloys", 50, 2000, "alloys", log=True),
        y=Axis("MAE (meV/atom)", 1, 100, "meV/atom", log=True),
        points=[50, 100, 200, 400, 800, 1600],
        compare="crossing",
        level=5,
    ),
    Prediction(
        "materials_prediction-within",
        "What share of the alloys with platinum lies within $k$ standard deviations $s$ of this "
        "ensemble's mean?",
        x=Axis("k (standard deviations s)", 0, 6, "s"),
        y=Axis("share within k", 0, 1),
        curve=7,
        compare="end",
    ),
]
