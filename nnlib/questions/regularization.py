"""Questions and a prediction in the chapter on regularization."""

from nnlib.questions.curves import Axis, Prediction
from nnlib.questions.kinds import Choice, Number

QUESTIONS = [
    Choice(
        "regularization-random",
        "The labels of 500 images of digits are drawn at random. A network with 256 hidden units, trained for long, is "
        "then right on how many of these 500 training labels?",
        right="On nearly all of them.",
        wrong={
            "On about 10 %.": "That is what it gets on new images. For the training images, it may use each image by itself.",
            "On about 50 %.": "What would keep it from fitting the other half?",
            "On as many as with true labels, but only if some rule predicts the labels from the pixels.":
                "No rule is needed: how many parameters are there for each image?",
        },
        hints=["Count the parameters, and the labels that they have to produce."],
        explanation="With 40 parameters for each image, it memorizes them. On new images it can only guess.",
    ),
    Choice(
        "regularization-coins",
        "1,000 models flip a coin for each of 100 validation images, and so are right on a random half. The best of the "
        "1,000 on these images is right on about how many?",
        right="65 %",
        wrong={
            "50 %": "That is the average of all. The best is chosen for its score.",
            "52 %": "One model scatters by 5 % around a half. The best of a thousand is farther out.",
            "90 %": "That would be eight standard deviations from the mean, which takes far more than a thousand tries.",
        },
        hints=["The number of right answers has a mean of 50 and a standard deviation of 5."],
        explanation="The largest of a thousand draws is about three standard deviations above the mean: 50 + 3 · 5.",
    ),
    Number(
        "regularization-variance",
        "Points have noise of variance $\\sigma^2$ = 0.09. The variance of a least-squares fit with $p$ coefficients to "
        "$n$ points, averaged over their places, is $\\sigma^2 p/n$. How large is it for 20 points and a cubic polynomial?",
        answer=0.018,
        tolerance=0.0001,
        wrong={
            0.0135: "A cubic polynomial has a coefficient for each power from 0 to 3.",
            0.0045: "That is the variance of a single coefficient's worth, as for a mean.",
            0.09: "That is the noise of one point.",
            0.45: "$p/n$ is below 1 here.",
            0.06: "Take $\\sigma^2$, which is 0.09 already, not $\\sigma$.",
            0.00162: "0.09 is the variance already. Do not square it again.",
        },
        hints=["How many coefficients does $a + bx + cx^2 + dx^3$ have?"],
        explanation="$0.09 \\cdot 4/20$. Each coefficient costs $\\sigma^2/n$, whether it is of use or not.",
    ),
    Number(
        "regularization-half",
        "Ridge regression multiplies the least-squares solution by $\\lambda/(\\lambda + \\alpha)$ along a direction of "
        "eigenvalue $\\lambda$. By what, where $\\lambda$ is as large as $\\alpha$?",
        answer=0.5,
        wrong={
            0: "That is the factor where $\\lambda$ is far smaller than $\\alpha$.",
            1: "That is the factor where $\\lambda$ is far larger than $\\alpha$.",
            2: "A penalty makes weights smaller.",
            0.25: "Insert $\\alpha$ for $\\lambda$, in numerator and denominator.",
        },
        hints=["Put $\\lambda = \\alpha$ into the fraction."],
        explanation="$\\alpha/(2\\alpha)$. So $\\alpha$ is the border between the directions that stay and those that go.",
    ),
    Number(
        "regularization-steps",
        "Gradient descent starts at zero and runs for 200 steps at a rate of 0.05. For directions in which the data vary "
        "little, this does the same as a ridge penalty of which strength $\\alpha$?",
        answer=0.1,
        tolerance=0.0001,
        wrong={
            10: "That is $\\eta t$. Longer training is a *weaker* penalty.",
            0.05: "That is the rate. The number of steps counts, too.",
            0.005: "That is the reciprocal of the number of steps. The rate counts, too.",
            20: "That is the reciprocal of the rate. The number of steps counts, too.",
            0.00025: "The rate divided by the steps: a larger rate goes *farther*, and so is a weaker penalty.",
        },
        hints=["For small $\\lambda$ the two factors are about $\\lambda/\\alpha$ and $\\eta\\lambda t$."],
        explanation="$\\alpha = 1/(\\eta t) = 1/(0.05 \\cdot 200)$. Twice as many steps halve it.",
    ),
    Number(
        "regularization-soft",
        "A single weight has the loss ½$(w - 0.5)^2$, and a penalty of $0.4 |w|$ is added. At which $w$ is the sum lowest?",
        answer=0.1,
        tolerance=0.001,
        wrong={
            0.5: "That is where the loss alone is lowest.",
            0.357: "That is the answer for the penalty $0.2w^2$. Here the penalty's slope is 0.4, whatever $w$ is.",
            0.9: "The penalty pulls toward zero.",
            0: "At zero the loss falls with a slope of 0.5, and the penalty rises with one of 0.4 only.",
            0.2: "What multiplies the difference: is it halved by the ½?",
            0.3: "The penalty's slope is 0.4, not half of it.",
        },
        hints=["For positive $w$ the slope of the sum is $w - 0.5 + 0.4$."],
        explanation="$w - 0.5 + 0.4 = 0$. Had the loss been lowest at 0.3, the penalty would have won, and $w$ would be zero.",
    ),
    Choice(
        "regularization-scale",
        "In training, dropout sets half of the hidden units to zero and doubles the others. What happens in prediction?",
        right="All units take part, and none is doubled.",
        wrong={
            "The same as in training.": "Then an image would get another answer each time.",
            "All units take part, and all are doubled.":
                "In training the doubling makes up for the half that is missing. What is missing now?",
            "All units take part, and all are halved.":
                "That would be right if none had been doubled in training. Compare the means.",
            "The half of the units that did best in training takes part.":
                "Each unit was there half of the time. None is left out for good.",
        },
        hints=["What is the mean of an output in training, over many draws?"],
        explanation="In training the mean of an output is ½ · 2 times its value, so nothing has to be made up for in prediction.",
    ),
    Number(
        "regularization-peak",
        "Random features are fitted by least squares to 100 images, and the test error has its peak at 100 features. At "
        "how many features is the peak with 300 images?",
        answer=300,
        tolerance=30,
        wrong={
            100: "What made 100 features special was that they just suffice to pass through all of 100 images.",
            400: "Where does the number of equations equal that of the unknowns?",
            1000: "The square does not come in.",
            33: "More images need more features to fit all of them.",
            3000: "For each of ten classes there is one set of weights, with its own equations.",
        },
        hints=["At which number of features does the fit just pass through all images?"],
        explanation="The peak is where equations and unknowns are equal in number. At 100 features, 300 images help: the peak has moved away.",
    ),
    Choice(
        "regularization-moves",
        "Polynomials are fitted to 12 noisy points. Of all degrees, the validation error is largest near 11. Where is the "
        "peak with 20 points?",
        right="Near degree 19",
        wrong={
            "Near degree 11, as before": "At degree 11 there are now more points than coefficients, and no fit goes through "
                                         "all of them.",
            "Near degree 6": "At degree 6 there are three times as many points as coefficients.",
            "There is none any more": "More points move the peak. At which degree can a fit just pass through all of them?",
        },
        hints=["How many coefficients has a polynomial of degree 11?"],
        explanation="A polynomial of degree 19 has 20 coefficients, as many as there are points: it can just pass through "
        "all of them, and pays with large swings.",
    ),
    Number(
        "regularization-labels",
        "On some task the error falls as one over the square root of the number of labels. How many times as many labels "
        "does half the error take?",
        answer=4,
        wrong={
            2: "Then the error would fall in proportion to the number itself.",
            1.4142: "Twice as many labels divide the error by this.",
            8: "The square root of 8 is more than 2.",
            0.25: "More labels are needed, not fewer.",
            16: "That is for a quarter of the error.",
        },
        tolerance=0.001,
        hints=["The square root of what is 2?"],
        explanation="The square root of 4 is 2. Half the error again takes 16 times as many as in the beginning.",
    ),
    Choice(
        "regularization-sure",
        "All logits of a network are divided by 2 before softmax. What happens to the share of right answers?",
        right="It stays the same.",
        wrong={
            "It rises.": "Which class has the largest logit, before and after?",
            "It falls.": "Which class has the largest logit, before and after?",
            "It is halved.": "The logits are halved. The answer is the class with the largest.",
        },
        hints=["The answer is the class with the largest logit."],
        explanation="The largest stays the largest. Only the probabilities change: they become more even.",
    ),
]

PREDICTIONS = [
    Prediction(
        "regularization-width",
        "A network with one hidden layer of random features, whose output weights come from least squares, learns from "
        "100 images of digits. Where several weights fit, the smallest are taken. Draw the wrong answers on new images "
        "against the number of features.",
        x=Axis("random features", 10, 3000, "features", log=True),
        y=Axis("wrong on test images (%)", 0, 100, "%"),
        points=(10, 20, 50, 100, 200, 500, 1000, 3000),
        compare="maximum",
    ),
]
