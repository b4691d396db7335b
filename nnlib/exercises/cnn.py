"""Checks of the exercises on convolutional networks."""

import numpy as np

from nnlib.exercises.registry import exercise


@exercise(
    "cnn-shapes",
    "Go layer by layer: padding 2 around a kernel of 5, then a window of 2, then stride 2.",
    "The widths are 32, 16 and 7. A filter of the first layer has 3 kernels of 25 weights and a "
    "bias, one of the last has 8 kernels of 9 and a bias.",
)
def shapes(trial, shape, parameters, parameters_64):
    trial.shape(shape, (16, 12, 7, 7), "the shape of the result")
    trial.predicted(parameters, 1484, "the number of parameters")
    trial.predicted(parameters_64, 1484, "the number for images of 64 × 64")


shapes.mistake("Halving is not all: without padding the kernel of 3 loses places at the border. Put "
               "16, 3, 0 and 2 into the formula.", (16, 12, 8, 8), 1484, 1484)
shapes.mistake("The last axes do not come out by this: did you forget the padding of the first "
               "layer?", (16, 12, 6, 6), 1484, 1484)
shapes.mistake("The stride of the last layer is missing.", (16, 12, 14, 14), 1484, 1484)
shapes.mistake("The channels stand on the second axis, in nnlib as in PyTorch.",
               (16, 7, 7, 12), 1484, 1484)
shapes.mistake("That is the shape for one image. The batch of 16 comes first and passes through every "
               "layer.", (12, 7, 7), 1484, 1484)
shapes.mistake("The axis of the channels is missing: each of the last layer's filters gives a map.",
               (16, 7, 7), 1484, 1484)
shapes.mistake("The channels of the result are the filters of the last layer, not the image's colors.",
               (16, 3, 7, 7), 1484, 1484)
shapes.mistake("Every filter has a bias of its own.", (16, 12, 7, 7), 1464, 1484)
shapes.mistake("A filter of the first layer is as deep as the image has channels, and one of the "
               "last as deep as the first layer has filters.", (16, 12, 7, 7), 328, 1484)
shapes.mistake("The same kernels are used at all places. Which array would grow with the image?",
               (16, 12, 7, 7), 1484, 4 * 1484)


@exercise(
    "cnn-conv",
    "Begin without stride and padding, and make the loops over rows and columns right.",
    "A window is `x[:, top:top + kh, left:left + kw]` of the padded image; top is the stride times "
    "the output's row. The number of rows is the height minus kh, divided by the stride and rounded "
    "down, plus 1.",
)
def conv(trial, convolve):
    block = np.array([[[0.0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 0, 0]]])
    edge = np.array([[[[-1.0, 1], [-1, 1]]]])
    trial.gives(convolve, (block, edge, np.zeros(1), 1, 0), [[[0, 2, 0], [0, 2, 0], [0, 1, 0.0]]],
                "the example worked by hand")
    rng = np.random.default_rng(0)
    x, K, b = rng.normal(size=(1, 4, 4)), rng.normal(size=(1, 1, 2, 2)), np.zeros(1)
    trial.gives(convolve, (x, K, b, 1, 0), _conv(x, K, b, 1, 0), "a kernel without symmetry")
    x, K, b = rng.normal(size=(3, 4, 3)), rng.normal(size=(2, 3, 3, 2)), rng.normal(size=2)
    trial.gives(convolve, (x, K, b, 1, 0), _conv(x, K, b, 1, 0),
                "three channels, two filters, not square")
    trial.gives(convolve, (x, K, b, 1, 1), _conv(x, K, b, 1, 1), "padding 1")
    trial.gives(convolve, (x, K, b, 2, 2), _conv(x, K, b, 2, 2), "stride 2 and padding 2")
    trial.gives(convolve, (x, K, b, 5, 0), _conv(x, K, b, 5, 0), "a stride of 5")


def _conv(x, K, b, s, p, turned=False, edge="constant"):
    x = np.pad(x, ((0, 0), (p, p), (p, p)), mode=edge)
    windows = np.lib.stride_tricks.sliding_window_view(x, K.shape[2:], axis=(1, 2))[:, ::s, ::s]
    K = K[:, :, ::-1, ::-1] if turned else K
    return np.einsum("cijab,fcab->fij", windows, K) + b[:, None, None]


@conv.mistake("The kernel is turned by 180 degrees: that is the convolution of signal processing. "
              "Here the indices of kernel and window run in the same direction.")
def conv_turned(x, K, b, stride, padding):
    return _conv(x, K, b, stride, padding, turned=True)


@conv.mistake("The kernel is transposed: its rows belong to the window's rows.")
def conv_transposed(x, K, b, stride, padding):
    square = K.shape[2] == K.shape[3]
    return _conv(x, K.swapaxes(2, 3) if square else K, b, stride, padding)


@conv.mistake("The biases are missing.")
def conv_no_bias(x, K, b, stride, padding):
    return _conv(x, K, 0 * b, stride, padding)


@conv.mistake("The bias belongs to the sum, once. Here it was added once for each channel.")
def conv_bias_often(x, K, b, stride, padding):
    return _conv(x, K, b * len(x), stride, padding)


@conv.mistake("The padding repeats the image's edge. It should be zeros.")
def conv_edge(x, K, b, stride, padding):
    return _conv(x, K, b, stride, padding, edge="edge")


@conv.mistake("Which axes are padded? Only the last two get rings of zeros: `((0, 0), (p, p), (p, p))`. "
              "With padded channels too, the window no longer fits the filter.")
def conv_all_padded(x, K, b, stride, padding):
    x = np.pad(x, padding)
    height, width = K.shape[2:]
    rows = (x.shape[1] - height) // stride + 1
    columns = (x.shape[2] - width) // stride + 1
    y = np.empty((len(K), rows, columns))
    for f, i, j in np.ndindex(y.shape):
        i0, j0 = stride * i, stride * j
        y[f, i, j] = np.sum(x[:, i0:i0 + height, j0:j0 + width] * K[f]) + b[f]
    return y


@conv.mistake("The padding is not there yet: where do the rings of zeros come in?")
def conv_no_padding(x, K, b, stride, padding):
    return _conv(x, K, b, stride, 0)


@conv.mistake("The stride is not there yet: the map has as many places as with stride 1.")
def conv_no_stride(x, K, b, stride, padding):
    return _conv(x, K, b, 1, padding)


@exercise(
    "cnn-backward",
    "Every output place used the kernel once. What did it multiply with it there?",
    "Add up, over all places of G, its number times the window that begins at row stride · i and "
    "column stride · j.",
)
def backward(trial, kernel_gradient):
    x = np.arange(9.0).reshape(3, 3)
    trial.gives(kernel_gradient, (x, np.array([[1.0, 0], [0, 0]]), 2, 1), [[0, 1], [3, 4.0]],
                "one output place")
    rng = np.random.default_rng(1)
    x, G = rng.normal(size=(5, 5)), rng.normal(size=(3, 3))
    trial.gives(kernel_gradient, (x, G, 3, 1), _backward(x, G, 3, 1), "all places, stride 1")
    x, G = rng.normal(size=(8, 6)), rng.normal(size=(3, 2))
    trial.gives(kernel_gradient, (x, G, 3, 2), _backward(x, G, 3, 2), "stride 2, not square")
    trial.gives(kernel_gradient, (x, rng.normal(size=(2, 2)) * 0, 2, 4), np.zeros((2, 2)),
                "a gradient of zero")


def _backward(x, G, k, s):
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k))[::s, ::s]
    return np.einsum("ij,ijab->ab", G, windows[:G.shape[0], :G.shape[1]])


@backward.mistake("The result is turned by 180 degrees: K_ab multiplies the pixel a rows below and b "
                  "columns to the right of the window's corner.")
def backward_turned(x, G, k, stride):
    return _backward(x, G, k, stride)[::-1, ::-1]


@backward.mistake("This is the mean over the places. The loss depends on the kernel through each of "
                  "them, and the contributions add up.")
def backward_mean(x, G, k, stride):
    return _backward(x, G, k, stride) / G.size


@backward.mistake("G is turned before it is used. That belongs to the gradient of the image; here x "
                  "and G run in the same direction.")
def backward_turned_g(x, G, k, stride):
    return _backward(x, G[::-1, ::-1], k, stride)


@backward.mistake("The stride is missing: output place i looks at the rows from stride · i on.")
def backward_no_stride(x, G, k, stride):
    return _backward(x, G, k, 1)


@backward.mistake("Only the last place is in it: add to the gradient, do not overwrite it.")
def backward_overwritten(x, G, k, stride):
    (i, j), g = list(np.ndenumerate(G))[-1]
    return g * x[stride * i : stride * i + k, stride * j : stride * j + k]


@exercise(
    "cnn-field",
    "Work the table of the chapter through your loop: 3, 4, 8.",
    "Two variables, both 1 at the start. The width grows by (k - 1) times the jump; only then is the "
    "jump multiplied by s.",
)
def field(trial, receptive_field, plain_needed, pooled_needed):
    trial.gives(receptive_field, ([(3, 1)],), 3, "one convolution of 3")
    trial.gives(receptive_field, ([(3, 1), (5, 1)],), 7, "convolutions of 3 and 5")
    trial.gives(receptive_field, ([(3, 1), (2, 2), (3, 1)],), 8, "the stack of the chapter")
    trial.gives(receptive_field, ([],), 1, "no layer at all")
    trial.gives(receptive_field, ([(7, 2), (3, 2), (3, 1), (3, 2), (1, 1), (2, 3)],), 35,
                "six layers with strides")
    trial.predicted(plain_needed, 16, "how many convolutions alone")
    trial.predicted(pooled_needed, 4, "how many with pooling")


def _field(layers, start=1, late=False):
    r, jump = start, 1
    for k, s in layers:
        jump = jump * s if late else jump
        r += (k - 1) * jump
        jump = jump if late else jump * s
    return r


field.mistake("The view starts from no pixel. Before the first layer, a pixel sees itself: 1.",
              lambda layers: _field(layers, start=0), 16, 4)
field.mistake("The widths of the kernels are added. Neighboring units share pixels: a kernel of k "
              "adds only k - 1.", lambda layers: sum(k for k, s in layers), 16, 4)
field.mistake("The strides do not count in it. Behind a stride of 2, neighboring units look 2 pixels "
              "apart.", lambda layers: 1 + sum(k - 1 for k, s in layers), 16, 4)
field.mistake("A layer's own stride enters too early: it spreads out the layers behind it, not this "
              "one.", lambda layers: _field(layers, late=True), 16, 4)
field.mistake("The widths multiply. They add, each weighted with the jump.",
              lambda layers: int(np.prod([k for k, s in layers])), 16, 4)
field.mistake("15 convolutions see 31 pixels.", _field, 15, 4)
field.mistake("Half of the image would be enough to the left and to the right; but each layer adds "
              "one pixel on each side, so how many are 31 more pixels?", _field, 31, 4)
field.mistake("Three blocks see 22 pixels.", _field, 16, 3)
field.mistake("Count the convolutions alone, without the poolings.", _field, 16, 8)


@exercise(
    "cnn-corner",
    "At the corner, the window has four bright pixels; at an edge six, inside nine.",
    "Give the four bright places +1, the five dark ones -1. The perfect match then sums to 4; how "
    "large is the second best, and what bias lies between?",
)
def corner(trial, kernel, bias):
    trial.written(kernel, bias)
    K = trial.array(kernel, "the kernel", shape=(3, 3)).astype(float)
    b = trial.number(bias, "the bias")
    for top, left, height, width in [(4, 4, 4, 4), (2, 5, 3, 6), (6, 2, 5, 3)]:
        picture = np.zeros((12, 12))
        picture[top : top + height, left : left + width] = 1
        windows = np.lib.stride_tricks.sliding_window_view(picture, (3, 3))
        Y = (windows * K).sum(axis=(2, 3)) + b
        found = {(int(i), int(j)) for i, j in np.argwhere(Y > 1e-9)}
        place = (top - 1, left - 1)  # the window whose middle is the corner's pixel
        name = f"a rectangle of {height} × {width}"
        # The corner may stand anywhere in the window, so a whole map may be offset by a pixel.
        near = {(i, j) for i, j in found if abs(i - place[0]) <= 1 and abs(j - place[1]) <= 1}
        trial.that(found, f"{name}, an answer", "the map is zero everywhere.", came="silent")
        trial.that(near, f"{name}, at the corner", "the map is positive, but not at the upper left "
                   "corner.", came=f"{len(found)}")
        trial.that(len(found) == 1, f"{name}, nowhere else",
                   f"the map is positive at {len(found)} places.", came=f"{len(found)}")
    pixel = np.zeros((5, 5))
    pixel[2, 2] = 1
    windows = np.lib.stride_tricks.sliding_window_view(pixel, (3, 3))
    Y = (windows * K).sum(axis=(2, 3)) + b
    trial.that((Y <= 1e-9).all(), "silence at a single pixel",
               "the map is positive somewhere around a single bright pixel.", came="pixel")


_CORNER = [[-1, -1, -1], [-1, 1, 1], [-1, 1, 1]]
corner.mistake("Nothing gets above zero. How large is the sum at the corner, before the bias?",
               _CORNER, -4.5)
corner.mistake("The bias is too weak: windows along the edges, and the other corners, still get "
               "through. What is the second largest sum?", _CORNER, 0.0)
corner.mistake("This kernel answers to the lower right corner. The map compares the window with the "
               "kernel as it stands; nothing is turned.",
               [[1, 1, -1], [1, 1, -1], [-1, -1, -1]], -3.5)
corner.mistake("This kernel answers to whatever is bright: nothing punishes pixels that should be "
               "dark.", np.ones((3, 3)).tolist(), -3.5)
corner.mistake("This kernel answers to an edge, all along it. A corner is where two edges meet.",
               [[-1, -1, -1], [1, 1, 1], [1, 1, 1]], -5.5)


@exercise(
    "cnn-shift",
    "For each network ask: does it treat all places alike, and does it skip any?",
    "The invisible picture has zeros wherever the row and the column are even. After the move to the "
    "left, the old columns 1, 3, 5 and 7 lie there.",
)
def shift(trial, a, b, c, d, pixels, invisible):
    options = ["move along", "stay the same", "neither"]

    def choose(answer, right, what):
        trial.choice(answer, right, [o for o in options if o != right], what)

    choose(a, "move along", "convolution and ReLU")
    choose(b, "neither", "stride 2")
    choose(c, "stay the same", "the mean over the map")
    choose(d, "neither", "a dense layer")
    trial.predicted(pixels, 4, "the shift for two poolings")
    picture = trial.array(invisible, "the picture", shape=(8, 8))
    trial.that(np.isin(picture, [0, 1]).all(), "zeros and ones", "there is another number in it.",
               came="numbers")
    seen = int(np.sum(picture[::2, ::2] != 0))
    trial.that(seen == 0, "an invisible picture", f"{seen} of 16 numbers on its map are not 0.",
               came=f"{seen}")
    moved = np.pad(picture, ((0, 0), (0, 1)))[:, 1:]
    ones = int(np.sum(moved[::2, ::2] == 1))
    trial.that(ones == 16, "all ones after the move", f"{ones} of 16 numbers on its map are 1.",
               came=f"{ones}")


_STRIPES = np.tile([0, 1], (8, 4))
_RIGHT = ("move along", "neither", "stay the same", "neither", 4)
shift.mistake("ReLU works on each number alone, so it cannot tell where the number stands.",
              "neither", *_RIGHT[1:], _STRIPES)
shift.mistake("A convolution does not forget places: its map shows the pattern where it is now.",
              "stay the same", *_RIGHT[1:], _STRIPES)
shift.mistake("One pixel is half a step of the map, and the kernel now stands on pixels that it "
              "skipped before.", "move along", "move along", *_RIGHT[2:], _STRIPES)
shift.mistake("Does the kernel with stride 2 stand on the same part of the pattern as before?",
              "move along", "stay the same", *_RIGHT[2:], _STRIPES)
shift.mistake("The mean adds up the same numbers in another order.",
              "move along", "neither", "move along", *_RIGHT[3:], _STRIPES)
shift.mistake("The pattern moves by one pixel in the map as well. How many numbers are left of a map "
              "when its mean is taken?", "move along", "neither", "neither", *_RIGHT[3:], _STRIPES)
shift.mistake("To stay the same, the output must not ask where a pixel is. Which weight did a bright "
              "pixel meet before the move, and which one now?",
              *_RIGHT[:3], "stay the same", 4, _STRIPES)
shift.mistake("A dense layer has a separate weight for every pixel, and no two need be equal.",
              *_RIGHT[:3], "move along", 4, _STRIPES)
shift.mistake("Two pixels are one step of the map after the first pooling, and so half a step after "
              "the second.", *_RIGHT[:4], 2, _STRIPES)
shift.mistake("With one pixel, already the first pooling has other windows.",
              *_RIGHT[:4], 1, _STRIPES)
shift.mistake("The picture is seen as it is: the places looked at are the even rows and columns, "
              "from 0 on.", *_RIGHT, 1 - _STRIPES)
shift.mistake("Invisible, but it stays so when it moves. In which columns of the even rows must the "
              "ones stand?", *_RIGHT, np.zeros((8, 8)))
shift.mistake("The move is to the left: column 1 comes to column 0, and nothing but a zero comes to "
              "the last.", *_RIGHT, np.tile([0, 0, 0, 1], (8, 2)))


@exercise(
    "cnn-occlusion",
    "The score needs the map of the whole covered image, not only of the patch.",
    "Two nested loops over the places of the patch; in each: copy, cover, score, and subtract the new "
    "score from the old one.",
)
def occlusion(trial, occlude):
    image, K = np.array([[0.0, 2, 0, 1]]), np.array([[1.0]])
    trial.gives(occlude, (image, K, 1), [[0, 1, 0, 0.0]], "four pixels in a row")
    rng = np.random.default_rng(2)
    image, K = rng.uniform(size=(6, 8)), rng.normal(size=(3, 3))
    trial.gives(occlude, (image, K, 2), _occlude(image, K, 2), "an image that is not square")
    trial.gives(occlude, (image - 1, K, 3), _occlude(image - 1, K, 3), "negative pixels, a patch of 3")
    trial.gives(occlude, (image, K, 6), _occlude(image, K, 6), "a patch as high as the image")


def _score(image, K, of=np.max):
    windows = np.lib.stride_tricks.sliding_window_view(image, K.shape)
    return of((windows * K).sum(axis=(2, 3)))


def _occlude(image, K, size, patch=0.0, of=np.max):
    falls = np.empty([n - size + 1 for n in image.shape])
    for i, j in np.ndindex(falls.shape):
        covered = image.copy()
        covered[i : i + size, j : j + size] = patch
        falls[i, j] = _score(image, K, of) - _score(covered, K, of)
    return falls


@occlusion.mistake("The sign is reversed: asked for is how much the score falls.")
def occlusion_reversed(image, K, size):
    return -_occlude(image, K, size)


@occlusion.mistake("This is the score of the covered image. Asked for is the difference.")
def occlusion_score(image, K, size):
    return _score(image, K) - _occlude(image, K, size)


@occlusion.mistake("The score is the largest number on the map, not the mean of it.")
def occlusion_mean(image, K, size):
    return _occlude(image, K, size, of=np.mean)


@occlusion.mistake("The score is the sum over the map here. It should be its largest number alone.")
def occlusion_sum(image, K, size):
    return _occlude(image, K, size, of=np.sum)


@occlusion.mistake("The patch is filled with ones. It should be dark, 0.")
def occlusion_bright(image, K, size):
    return _occlude(image, K, size, patch=1.0)


@occlusion.mistake("The patches pile up: each place needs a fresh copy of the image.")
def occlusion_piled(image, K, size):
    falls, covered = np.empty([n - size + 1 for n in image.shape]), image.copy()
    for i, j in np.ndindex(falls.shape):
        covered[i : i + size, j : j + size] = 0
        falls[i, j] = _score(image, K) - _score(covered, K)
    return falls


@exercise(
    "cnn-two-point",
    "For one distance and one direction: the picture, and the picture rolled by it. Where are both "
    "True?",
    "The mean of `bright & np.roll(bright, r, axis=0)` is the share for the vertical direction; take "
    "the mean of both directions.",
)
def two_point(trial, two_point):
    small = np.zeros((4, 4), bool)
    small[0, :3], small[1, 3] = True, True
    trial.gives(two_point, (small, 2), [4 / 16, 1 / 16, 1 / 16], "four bright pixels of sixteen")
    block = np.zeros((6, 6), bool)
    block[:, 0], block[0, :] = True, True
    trial.gives(two_point, (block, 3), _two_point(block, 3), "a cross at the edge")
    picture = np.random.default_rng(3).random((8, 8)) < 0.4
    trial.gives(two_point, (picture, 8), _two_point(picture, 8), "random pixels, once around")
    trial.gives(two_point, (np.ones((5, 5), bool), 0), [1.0], "all bright, distance 0 alone")


def _two_point(bright, longest, both=np.logical_and, axes=(0, 1), roll=np.roll):
    return np.array([np.mean([np.mean(both(bright, roll(bright, r, axis=axis))) for axis in axes])
                     for r in range(longest + 1)])


@two_point.mistake("This is the probability that both pixels are alike, two dark ones included. Both "
                   "must be bright.")
def two_point_alike(bright, longest):
    return _two_point(bright, longest, both=np.equal)


@two_point.mistake("Only one direction counts here: the vertical one. Which other one is there?")
def two_point_vertical(bright, longest):
    return _two_point(bright, longest, axes=(0,))


@two_point.mistake("Only the horizontal direction counts here.")
def two_point_horizontal(bright, longest):
    return _two_point(bright, longest, axes=(1,))


@two_point.mistake("One value is missing: from 0 to `longest` there are longest + 1 distances.")
def two_point_short(bright, longest):
    return _two_point(bright, longest)[:-1]


@two_point.mistake("The picture does not repeat itself here: pairs across the border are lost.")
def two_point_open(bright, longest):
    def moved(bright, r, axis):
        result = np.roll(bright, r, axis)
        np.moveaxis(result, axis, 0)[:r] = False
        return result
    return _two_point(bright, longest, roll=moved)


@two_point.mistake("The pair is moved in both directions at once, along the diagonal. That distance is "
                   "not r.")
def two_point_diagonal(bright, longest):
    return _two_point(bright, longest, axes=((0, 1),))


@two_point.mistake("The share of bright pixels was subtracted or divided out. S₂(0) is that share.")
def two_point_covariance(bright, longest):
    return _two_point(bright, longest) - np.mean(bright)**2
