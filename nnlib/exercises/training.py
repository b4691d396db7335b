"""Checks of the exercises on training."""

import numpy as np

from nnlib.exercises.registry import exercise, instead


@exercise(
    "training-diverge",
    "The curvatures are the second derivatives: of 3 w1², and of w2² / 4.",
    "Limit 2 / 6, best rate 2 / (6 + ½). With κ = 12 the factor is (κ - 1) / (κ + 1). Momentum multiplies the "
    "limit by 1 + μ.",
)
def diverge(trial, limit, best, factor, times_w1, limit_with_momentum):
    for came, right, what in [(limit, 1 / 3, "the limit"), (best, 4 / 13, "the best rate"),
                              (factor, 11 / 13, "the factor"), (times_w1, -1.4, "the factor of w1"),
                              (limit_with_momentum, 0.5, "the limit with momentum")]:
        trial.predicted(came, right, what, tolerance=5e-3)  # two digits will do


diverge.mistake("Limit: that is 2 / 3. The curvature of 3 w² is its second derivative, 6.",
                2 / 3, 8 / 13, 11 / 13, -0.2, 1.0)
diverge.mistake("Limit: that is 2 / ½, of the flat direction. The steep one diverges long before.",
                4.0, 4 / 13, 11 / 13, -1.4, 0.5)
diverge.mistake("Limit: at 1 / 6 the steep direction is done in one step. Where does its error begin to grow?",
                1 / 6, 4 / 13, 11 / 13, -1.4, 0.5)
diverge.mistake("Best rate: that is best for the steep direction alone. The flat one then waits.",
                1 / 3, 1 / 6, 11 / 13, -1.4, 0.5)
diverge.mistake("Best rate: that lies halfway between the two single best rates. Which rate makes both factors equally "
                "large?", 1 / 3, 13 / 12, 11 / 13, -1.4, 0.5)
diverge.mistake("Best rate: nearly, but this is rounded too far. Give a fraction, or two digits.",
                1 / 3, 0.3, 11 / 13, -1.4, 0.5)
diverge.mistake("Factor: that is (√κ - 1) / (√κ + 1), with momentum. Without, κ itself stands there.",
                1 / 3, 4 / 13, (np.sqrt(12) - 1) / (np.sqrt(12) + 1), -1.4, 0.5)
diverge.mistake("Factor: that is what is lost in each step. By which factor is the error multiplied?",
                1 / 3, 4 / 13, 2 / 13, -1.4, 0.5)
diverge.mistake("w1: the size is right, but it changes sides in each step.", 1 / 3, 4 / 13, 11 / 13, 1.4, 0.5)
diverge.mistake("w1: that is the factor of w2.", 1 / 3, 4 / 13, 11 / 13, 0.8, 0.5)
diverge.mistake("w1: that is ηλ. The factor is 1 minus it.", 1 / 3, 4 / 13, 11 / 13, 2.4, 0.5)
diverge.mistake("Momentum: that is the limit without it.", 1 / 3, 4 / 13, 11 / 13, -1.4, 1 / 3)
diverge.mistake("Momentum: with a constant gradient the steps get 1 / (1 - μ) times as long, but in the steep direction "
                "they alternate, and momentum helps.", 1 / 3, 4 / 13, 11 / 13, -1.4, 1 / 6)
diverge.mistake("Momentum: the limit grows by the factor 1 + μ, not by 1 / (1 - μ).",
                1 / 3, 4 / 13, 11 / 13, -1.4, 2 / 3)


@exercise(
    "training-first",
    "After one gradient g: m = 0.1 g and v = 0.001 g². Divide each by 1 minus its beta.",
    "Corrected, the quotient is g / |g|. Uncorrected, 0.1 / √0.001. In the second step m is 0.09 - 0.1, and its "
    "correction 1 - 0.81.",
)
def first(trial, small, large, uncorrected, second):
    trial.predicted(small, 1, "the first step with a small gradient", tolerance=5e-3)
    trial.predicted(large, 1, "the first step with a large gradient", tolerance=5e-3)
    trial.predicted(uncorrected, np.sqrt(10), "the first step without corrections", tolerance=1e-2)
    trial.predicted(second, 1 / 19, "the second step", tolerance=1e-3)


first.mistake("That is the step of SGD, learning rate times gradient. Adam divides by the gradient's size.",
              0.001, 1000, np.sqrt(10), 1 / 19)
first.mistake("That is without the corrections, which (c) asks for.", np.sqrt(10), np.sqrt(10), np.sqrt(10), 1 / 19)
first.mistake("That is m / √v̂, with m not corrected.", 0.1, 0.1, np.sqrt(10), 1 / 19)
first.mistake("That is the corrected mean divided by v̂. Take the root of v̂ first.", 1000, 0.001, np.sqrt(10), 1 / 19)
first.mistake("Large: the same division takes the size out here too.", 1, 1000, np.sqrt(10), 1 / 19)
first.mistake("Uncorrected: that is 0.1 / 0.001. v is under a root.", 1, 1, 100, 1 / 19)
first.mistake("Uncorrected: the corrections do not cancel. m is a tenth of its true mean, √v about a thirtieth.",
              1, 1, 1, 1 / 19)
first.mistake("Uncorrected: that is m alone. It is divided by √v, which is smaller still.", 1, 1, 0.1, 1 / 19)
first.mistake("Uncorrected: that is the inverse. Which of m and √v is closer to its true mean?",
              1, 1, 1 / np.sqrt(10), 1 / 19)
first.mistake("Second: two gradients that disagree nearly cancel in the mean.", 1, 1, np.sqrt(10), 1)
first.mistake("Second: you give the mean without its correction. The factors on the two gradients sum to 1 - 0.9².",
              1, 1, np.sqrt(10), 0.01)
first.mistake("Second: that is the correction of the first step. In the second it is 1 - 0.9².",
              1, 1, np.sqrt(10), 0.1)
first.mistake("Second: the older gradient has lost a tenth of its weight, so they do not cancel entirely.",
              1, 1, np.sqrt(10), 0)
first.mistake("Second: the size is right. You are asked how long the step is, so leave the sign out.",
              1, 1, np.sqrt(10), -1 / 19)


@exercise(
    "training-nesterov",
    "Two places: the weights, from which the step goes, and the look-ahead point, where the gradient is taken.",
    "v = mu * v + H @ (w - lr * mu * v), and then w = w - lr * v. Begin with v = np.zeros_like(w).",
)
def nesterov(trial, nesterov):
    one = np.array([[2.0]])
    trial.gives(nesterov, (one, np.array([1.0]), 0.1, 0.5, 1), [0.8], "one step of one weight")
    trial.gives(nesterov, (one, np.array([1.0]), 0.1, 0.5, 2), [0.56], "two steps")
    H, w = np.array([[2.0, 0.5], [0.5, 1.0]]), np.array([1.0, -2.0])
    trial.gives(nesterov, (H, w, 0.2, 0.8, 7), _nesterov(H, w, 0.2, 0.8, 7), "seven steps of two weights")
    trial.gives(nesterov, (H, w, 0.2, 0.0, 7), _nesterov(H, w, 0.2, 0.0, 7), "no momentum")


def _nesterov(H, w, lr, mu, steps, look=-1.0, keep=False):
    v = np.zeros_like(w)
    for _ in range(steps):
        place = w + look * lr * mu * v
        v = mu * v + H @ place
        w = (place if keep else w) - lr * v
    return w


@nesterov.mistake("This is plain momentum: the gradient is taken at w, before the velocity has carried it anywhere.")
def nesterov_plain(H, w, lr, mu, steps):
    return _nesterov(H, w, lr, mu, steps, look=0.0)


@nesterov.mistake("These are the look-ahead points, which PyTorch's `nesterov=True` keeps in place of the weights. Return the weights.")
def nesterov_looking(H, w, lr, mu, steps):
    v = np.zeros_like(w)
    for _ in range(steps):
        g = H @ w
        v = mu * v + g
        w = w - lr * (g + mu * v)
    return w


@nesterov.mistake("This looks backward. The velocity carries the weights against it, to w - lr * mu * v.")
def nesterov_backward(H, w, lr, mu, steps):
    return _nesterov(H, w, lr, mu, steps, look=1.0)


@nesterov.mistake("The step starts from the look-ahead point, so the old velocity counts twice.")
def nesterov_twice(H, w, lr, mu, steps):
    return _nesterov(H, w, lr, mu, steps, keep=True)


@nesterov.mistake("There is no momentum in this: the velocity is not kept from step to step.")
def nesterov_forgets(H, w, lr, mu, steps):
    return _nesterov(H, w, lr, 0.0, steps)


@nesterov.mistake("This looks at w - mu * v. The velocity moves the weights by lr times itself.")
def nesterov_without_rate(H, w, lr, mu, steps):
    return _nesterov(H, w, lr, mu, steps, look=-1 / lr)


@nesterov.mistake("The new gradient comes in with the factor 1 - mu. In this rule, as in SGD's, it does not.")
def nesterov_mean(H, w, lr, mu, steps):
    v = np.zeros_like(w)
    for _ in range(steps):
        v = mu * v + (1 - mu) * (H @ (w - lr * mu * v))
        w = w - lr * v
    return w


@nesterov.mistake("The last step is missing.")
def nesterov_short(H, w, lr, mu, steps):
    return _nesterov(H, w, lr, mu, steps - 1)


@exercise(
    "training-schedule",
    "During warm-up the rate is proportional to step + 1. Afterward, the part that is over is (step - warmup) / "
    "(total - warmup).",
    "After the warm-up: top * (1 + cos(π part)) / 2.",
)
def schedule(trial, rate):
    for step, what in [(0, "the first step"), (3, "the end of the warm-up"), (4, "the start of the cosine"),
                       (5, "a third of the way"), (7, "the end")]:
        trial.gives(rate, (step, 4, 7, 0.5), _rate(step, 4, 7, 0.5), what)
    trial.gives(rate, (5, 0, 10, 2.0), 1.0, "no warm-up")


def _rate(step, warmup, total, top):
    if step < warmup:
        return top * (step + 1) / warmup
    return _cosine(step - warmup, total - warmup, top)


def _cosine(step, total, top):
    return float(top * (1 + np.cos(np.pi * step / total)) / 2)


@schedule.mistake("The first rate is 0, so the first step is lost. Begin with top / warmup.")
def schedule_from_zero(step, warmup, total, top):
    return top * step / warmup if step < warmup else _rate(step, warmup, total, top)


@schedule.mistake("After the warm-up the cosine must begin at its top. Count its steps from there.")
def schedule_not_shifted(step, warmup, total, top):
    return _rate(step, warmup, total, top) if step < warmup else _cosine(step, total, top)


@schedule.mistake("The cosine has total - warmup steps, not total.")
def schedule_too_long(step, warmup, total, top):
    return _rate(step, warmup, total, top) if step < warmup else _cosine(step - warmup, total, top)


@schedule.mistake("This is a quarter of a wave, cos(π part / 2). Half a wave goes from +1 to -1, and is then shifted.")
def schedule_quarter(step, warmup, total, top):
    if step < warmup:
        return _rate(step, warmup, total, top)
    return float(top * np.cos(np.pi / 2 * (step - warmup) / (total - warmup)))


@schedule.mistake("This is a whole wave: the rate goes back up. Half a wave is cos(π part).")
def schedule_whole(step, warmup, total, top):
    if step < warmup:
        return _rate(step, warmup, total, top)
    return _cosine(2 * (step - warmup), total - warmup, top)


@schedule.mistake("After the warm-up this falls in a straight line.")
def schedule_straight(step, warmup, total, top):
    if step < warmup:
        return _rate(step, warmup, total, top)
    return top * (1 - (step - warmup) / (total - warmup))


@schedule.mistake("The warm-up is missing.")
def schedule_cold(step, warmup, total, top):
    return _cosine(step, total, top)


FAULTS = ["no activation", "rate too large", "rate too small", "gradients not cleared", "labels shuffled"]  # A to E


@exercise(
    "training-diagnose",
    "B and C are wrong from the first epochs. A and D begin as the healthy run does. E treats training and validation "
    "images differently.",
    "A linear model can fit these images in part. A missing zero_grad acts as a momentum of 1.",
)
def diagnose(trial, a, b, c, d, e):
    trial.written(a, b, c, d, e)
    for letter, came, fault in zip("ABCDE", (a, b, c, d, e), FAULTS):
        trial.choice(came, fault, [other for other in FAULTS if other != fault], f"run {letter}")


diagnose.mistake("A: with a rate too small, a curve goes on falling. This one has come to rest.",
                 *instead(FAULTS, 0, "rate too small"))
diagnose.mistake("A: with shuffled labels there is nothing to learn for new images, but here the validation loss is "
                 "far below a guess.", *instead(FAULTS, 0, "labels shuffled"))
diagnose.mistake("A: it does not swing; it stays. What can this network not do?", *instead(FAULTS, 0, "rate too large"))
diagnose.mistake("A: gradients that add up lead to growing swings. This run is calm.",
                 *instead(FAULTS, 0, "gradients not cleared"))
diagnose.mistake("B: gradients add up only after some steps. This run is in trouble from the first one on.",
                 *instead(FAULTS, 1, "gradients not cleared"))
diagnose.mistake("B: short steps cannot make a loss jump.", *instead(FAULTS, 1, "rate too small"))
diagnose.mistake("B: with shuffled labels the network would learn the training images by heart.",
                 *instead(FAULTS, 1, "labels shuffled"))
diagnose.mistake("B: a linear model would do better than a guess, as one of the other runs does.",
                 *instead(FAULTS, 1, "no activation"))
diagnose.mistake("C: with shuffled labels the validation loss would not fall. Here it falls along with the other.",
                 *instead(FAULTS, 2, "labels shuffled"))
diagnose.mistake("C: it is slow, but it has not come to rest. A linear model would fall as fast as the healthy run at "
                 "first.", *instead(FAULTS, 2, "no activation"))
diagnose.mistake("C: a curve as smooth as this one comes from short steps.", *instead(FAULTS, 2, "rate too large"))
diagnose.mistake("C: gradients that add up make the steps longer and longer. These are short.",
                 *instead(FAULTS, 2, "gradients not cleared"))
diagnose.mistake("D: a rate that is too large shows at once. This run begins well; what grows with time?",
                 *instead(FAULTS, 3, "rate too large"))
diagnose.mistake("D: labels do not make a loss swing beyond the axis.", *instead(FAULTS, 3, "labels shuffled"))
diagnose.mistake("D: short steps cannot make a loss swing.", *instead(FAULTS, 3, "rate too small"))
diagnose.mistake("D: a linear model is calmer than this.", *instead(FAULTS, 3, "no activation"))
diagnose.mistake("E: a network without an activation treats training and validation images much alike.",
                 *instead(FAULTS, 4, "no activation"))
diagnose.mistake("E: with short steps the validation loss falls along with the training loss.",
                 *instead(FAULTS, 4, "rate too small"))
diagnose.mistake("E: the training loss falls steadily, so the steps are not too long. What about the validation loss?",
                 *instead(FAULTS, 4, "rate too large"))
diagnose.mistake("E: nothing swings here. Compare the two curves.", *instead(FAULTS, 4, "gradients not cleared"))


@exercise(
    "training-edge",
    "v @ (H @ v) for a v of length 1 is the eigenvalue with its sign. With momentum the limit of a quadratic is "
    "2 (1 + μ) / η.",
    "In the loop: v = H @ v, v = v / np.linalg.norm(v). After it: return v @ H @ v.",
)
def edge(trial, sharpest, settles):
    H = np.array([[2.0, 1.0], [1.0, 2.0]])
    trial.gives(sharpest, (H, np.array([3.0, 1.0]), 0), 2.6, "no iteration: v scaled to length 1")
    trial.gives(sharpest, (H, np.array([3.0, 1.0]), 1), _sharpest(H, np.array([3.0, 1.0]), 1), "one iteration")
    trial.gives(sharpest, (H, np.array([3.0, 1.0]), 30), 3.0, "thirty iterations")
    negative = np.diag([1.0, -3.0, 2.0])
    trial.gives(sharpest, (negative, np.ones(3), 60), -3.0, "a negative eigenvalue")
    trial.predicted(settles, 15.2, "where the sharpness settles", tolerance=1e-3)


def _vector(H, v, iterations):
    v = v / np.linalg.norm(v)
    for _ in range(iterations):
        v = H @ v
        v = v / np.linalg.norm(v)
    return v


def _sharpest(H, v, iterations):
    v = _vector(H, v, iterations)
    return float(v @ H @ v)


def _unscaled(H, v, iterations):
    for _ in range(iterations):
        v = H @ v
    return float(v @ H @ v)


def _length(H, v, iterations):
    return float(np.linalg.norm(H @ _vector(H, v, iterations)))


def _last_length(H, v, iterations):
    return _length(H, v, iterations - 1) if iterations else float(np.linalg.norm(v))


def _length_from_zero(H, v, iterations):
    return _length(H, v, iterations - 1) if iterations else 0.0


def _length_after_all(H, v, iterations):
    return _length(H, v, iterations - 1) if iterations else _sharpest(H, v, 0)


def _unset(H, v, iterations):
    for _ in range(iterations):
        v = H @ v
        length = np.linalg.norm(v)
        v = v / length
    return float(length)


def _once_less(H, v, iterations):
    return _sharpest(H, v, max(0, iterations - 1))


def _once_more(H, v, iterations):
    return _sharpest(H, v, iterations + 1)


edge.mistake("v is not scaled to length 1 at the start, so its length comes into the result.", _unscaled, 15.2)
edge.mistake("This is the length of H v, without the sign of the eigenvalue, and not yet v · H v.", _length, 15.2)
edge.mistake("This is the length by which v was last divided: that of H v for the vector before, without a sign. You are "
             "asked for v · H v, after the loop.", _last_length, 15.2)
edge.mistake("With no iteration this is still 0. In the loop, too, a length is not v · H v: it has no sign, and belongs to "
             "the vector before. Compute v · H v after the loop.", _length_from_zero, 15.2)
edge.mistake("Without iterations this is right. With them it is the length of H v for the vector before, which has no "
             "sign. Return v · H v of the last v.", _length_after_all, 15.2)
edge.mistake("The loop alone gives this variable a value, and with no iteration there is none. Compute v · H v after the "
             "loop.", _unset, 15.2)
edge.mistake("This takes one iteration too few: v · H v is computed before v is replaced.", _once_less, 15.2)
edge.mistake("This is the eigenvector. You are asked for the number v · H v.", _vector, 15.2)
edge.mistake("This takes one iteration too many.", _once_more, 15.2)
edge.mistake("That is 2 / η, the limit without momentum.", _sharpest, 8.0)
edge.mistake("The factor is 1 + μ. Dividing by 1 - μ is right for a gradient that stays the same, but along the "
             "steepest direction it alternates.", _sharpest, 80.0)
edge.mistake("Momentum moves the limit up, by the factor 1 + μ.", _sharpest, 0.8)
edge.mistake("That is (1 + μ) / η. The limit has a factor of 2.", _sharpest, 7.6)
