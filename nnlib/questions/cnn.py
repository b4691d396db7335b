"""Questions and predictions in the chapter on convolutional networks."""

from nnlib.questions.curves import Axis, Prediction
from nnlib.questions.kinds import Choice, Number, Tap


def digit(x, y, shown):
    return (f'<text x="{x}" y="{y}" fill="currentColor" stroke="none" font-size="14" '
            f'text-anchor="middle">{shown}</text>')


SQUARE = (
    '<rect x="20" y="10" width="240" height="180" stroke-width="1.2"/>'
    '<rect x="80" y="40" width="120" height="120" fill="currentColor" fill-opacity="0.2"/>'
    + digit(50, 105, 0) + digit(230, 105, 0) + digit(140, 80, 1)
)  # fmt: skip


def strip(x, y, width, height):
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="4"/>'


QUESTIONS = [
    Tap(
        "cnn-sign",
        "The same kernel slides over a larger image: a square of ones on zeros. Where is its map "
        "negative?",
        picture=SQUARE,
        size=(280, 200),
        description="A square of ones in the middle of an image of zeros. Strips lie across its four "
        "edges, and a field in its middle.",
        regions={
            "at the left edge": strip(68, 64, 24, 72),
            "at the right edge": strip(188, 64, 24, 72),
            "at the upper edge": strip(104, 28, 72, 24),
            "at the lower edge": strip(104, 148, 72, 24),
            "inside": strip(116, 92, 48, 28),
        },
        right="at the right edge",
        wrong={
            "at the left edge": "Here the window holds zeros on the left and ones on the right, as in the "
                                "example. What was the sign there?",
            "at the upper edge": "Here the window has zeros above and ones below. Add up the four products.",
            "at the lower edge": "Here the window has ones above and zeros below. Add up the four products.",
            "inside": "All four pixels of the window are 1. Add up the four products.",
        },
        hints=["The kernel subtracts the pixels on the left from those on the right.",
               "Which side of the window must hold the ones, for the sum to be below 0?"],
        explanation="Across the right edge the window holds ones on the left, where the kernel has −1, and "
        "zeros on the right: −2. Along the upper and lower edge and inside, left and right are the same.",
    ),
    Number(
        "cnn-growth",
        r"The images become $16 \times 16$, and both layers are to make 8 maps of $16 \times 16$ from "
        "them. By what factor does the number of weights of the dense layer grow?",
        answer=16,
        wrong={
            1: "That is right for the convolution. The dense layer has a weight for each pair of a pixel and "
               "an output.",
            2: "The width doubles. How many pixels are there then?",
            4: "There are four times as many pixels. What about the outputs?",
            8: "There are 8 maps before and after. Count pixels and outputs.",
        },
        hints=["The dense layer has a weight for each pixel and each output. By what factor does each "
               "of the two numbers grow?"],
        explanation="Four times as many pixels and four times as many outputs: 256 · 2,048 weights in "
        "place of 64 · 512. The convolution keeps its 72 weights.",
    ),
    Choice(
        "cnn-border",
        "The picture *Diagonal edge* is 1 all along its left frame. The kernel subtracts the left column from "
        "the right one, and the padding is 1. What does the map have along its left side?",
        right="Positive numbers, as at an edge.",
        wrong={
            "Zeros: the picture is even there.":
                "The window now also reaches beyond the frame. What does it find there?",
            "Negative numbers, as at an edge.":
                "An edge it is. On which side of the window are the ones, and which sign has that column?",
            "Nothing: the kernel does not fit there.":
                "That would be right without padding. How many rings of zeros are put around the image?",
        },
        hints=["Write down a window whose middle lies on the frame, row by row."],
        explanation="On the left the window holds the zeros of the padding, on the right the ones of the picture. "
        "The kernel cannot tell this border from an edge of the picture: padding invents one.",
    ),
    Number(
        "cnn-view",
        "Ten convolutions of 3 with stride 1 follow one another. How many pixels wide is the receptive "
        "field of a unit of the last?",
        answer=21,
        unit="pixels",
        wrong={
            3: "A unit of the second layer sees three units of the first, and each of these three pixels.",
            11: "Each layer adds a pixel on one side. And on the other?",
            20: "This is how much the ten layers add. How wide is the view without any?",
            30: "The windows of neighboring units overlap. By how many pixels does one more layer "
                "widen the view?",
        },
        hints=["Two layers see 5 pixels. How many do three see?"],
        explanation=r"The jump stays 1, so each layer adds $(3 - 1) \cdot 1 = 2$ pixels to the one at the "
        r"start: $1 + 10 \cdot 2$.",
    ),
    Choice(
        "cnn-noise",
        "The network is shown random pixels, which are no digit at all. What does it answer?",
        right="Some digit, often with a high probability.",
        wrong={
            "All ten digits, with about the same probability.":
                "Equal probabilities take equal logits. Did any example in training ask for these?",
            "Ten probabilities that are all close to zero.":
                "The ten probabilities come from a softmax. What do they add up to?",
            "That it is none of the ten.":
                "How many numbers come out at the end, and what does each of them stand for?",
        },
        hints=["Ten logits go through a softmax, whatever the image."],
        explanation="The softmax makes ten probabilities of any ten logits, and no example taught the network to "
        "be in doubt. A high probability says which digit it is, if it is one.",
    ),
    Choice(
        "cnn-moved",
        "The convolutional network was trained on centered digits. What happens to its accuracy when "
        "every test image moves by one pixel, and why?",
        right="It falls: the maps move, and the dense layer has a weight of its own for every place.",
        wrong={
            "It stays: a convolution passes a shift on exactly.":
                "So the maps move along. Which layer reads them, and does it take notice?",
            "It stays: pooling keeps the largest number, wherever it lies.":
                "Wherever in its window. What if it moves to the next window? And what reads the pooled "
                "maps?",
            "It falls: a kernel has other weights at other places.":
                "How many kernels does a filter have for all places of a channel?",
        },
        hints=["Follow the shift from layer to layer, to the last: which of them treat all places alike?"],
        explanation="Convolution and ReLU pass the shift on, pooling does in part, and then `Flatten` and "
        "`Linear` read every place with weights that were learned for it. How far it falls is for the test "
        "to say.",
    ),
    Choice(
        "cnn-pixels",
        "Ridge regression on the pixels adds up 1,024 gray levels, each with a weight of its own. How "
        "will it do?",
        right="Hardly better than the mean: no weight fits a pixel that is bright as often early as late.",
        wrong={
            "Better than the spectrum: the pixels hold all that its 16 numbers hold, and more.":
                "They hold it. Can a weighted *sum* of gray levels get it out, if domains lie anywhere?",
            "About as well as the network, which sees the same pixels.":
                "The network squeezes them through ReLU before it adds up. What is left to a sum alone?",
            "Better than the mean: bright images are those that were annealed for long.":
                "The equation conserves the mean composition. Does annealing make an image brighter?",
        },
        hints=["Take one pixel alone. Is it brighter after a long annealing?"],
        explanation="Every image begins at random, so a given pixel lies in a bright domain as often after a "
        "long time as after a short one. What time changes is how pixels go together, and a sum of single "
        "pixels does not see that.",
    ),
]

PREDICTIONS = [
    Prediction(
        "cnn-far",
        "Draw how many of the moved test images the convolutional network gets right. It was trained on centered "
        r"digits of $8 \times 8$ pixels.",
        x=Axis("shift (pixels)", 0, 3, "pixels"),
        y=Axis("accuracy (%)", 0, 100, "%"),
        points=[0, 1, 2, 3],
        compare="crossing",
        level=50,
    ),
]
