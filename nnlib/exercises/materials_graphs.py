"""Checks of the exercises on crystals as graphs."""

import numpy as np

from nnlib.exercises.registry import exercise

# --- Count before you look ---


@exercise(
    "materials_graphs-shells",
    "In a body-centered cube an atom sits in the middle of eight corners, √3/2 times the edge away. "
    "The middles of the neighboring cubes are one edge away.",
    "The list holds an edge for each atom and each of its neighbors, so it has atoms times neighbors "
    "rows. A cell that is doubled along three axes has eight times the atoms.",
)
def shells(trial, near, far, edges, edges_repeated):
    trial.predicted(near, 8, "neighbors within 2.6 Å")
    trial.predicted(far, 14, "neighbors within 3.0 Å")
    trial.predicted(edges, 28, "edges of one cell")
    trial.predicted(edges_repeated, 224, "edges of the doubled cell")


shells.mistake("Six are the neighbors of the second shell alone. Within the cutoff are those of the "
               "first too.", 8, 6, 12, 96)
shells.mistake("This counts each pair once, or one atom alone. The cell has two atoms, and the list "
               "has every edge in both directions.",
               8, 14, 14, 112)
shells.mistake("Doubling along one axis doubles the number of atoms. Here all three are doubled.",
               8, 14, 28, 56)
shells.mistake("This is the simple cube, with an atom at the corners only. Iron has another in the "
               "middle.", 6, 18, 18, 144)


# --- Sums over neighbors ---


@exercise(
    "materials_graphs-sums",
    "Begin with zeros of shape (atoms, features, K). Go through the edges and add to the row of the "
    "target.",
    "`x[source][:, :, None] * g[:, None, :]` holds all messages, (edges, features, K); "
    "`nn.scatter_sum(messages, target, len(x))` adds them up.",
)
def sums(trial, neighbor_sums):
    x = np.array([[1.0], [10.0], [100.0]])
    source, target = np.array([0, 2, 1]), np.array([1, 1, 2])
    g = np.array([[1.0, 0.5], [0.1, 2.0], [3.0, 0.0]])
    trial.gives(neighbor_sums, (x, source, target, g), _sums(x, source, target, g),
                "three atoms, two filters")
    rng = np.random.default_rng(0)
    x, g = rng.normal(size=(4, 2)), rng.random((5, 2))
    source, target = np.array([0, 1, 2, 3, 1]), np.array([1, 0, 1, 2, 2])
    trial.gives(neighbor_sums, (x, source, target, g), _sums(x, source, target, g),
                "five edges, and an atom to which none leads")


def _sums(x, source, target, g):
    s = np.zeros((*x.shape, g.shape[1]))
    for j, i, weights in zip(source, target, g):
        s[i] += x[j][:, None] * weights
    return s


def _mean_messages(x, source, target, g):
    count = np.maximum(np.bincount(target, minlength=len(x)), 1)
    return _sums(x, source, target, g) / count[:, None, None]


def _last_message(x, source, target, g):
    s = np.zeros((*x.shape, g.shape[1]))
    s[target] += x[source][:, :, None] * g[:, None, :]
    return s


sums.mistake("The messages arrived at the source. An edge leads from source to target.",
             lambda x, source, target, g: _sums(x, target, source, g))
sums.mistake("This is the mean of the messages, and the number of neighbors is lost. Sum them.",
             _mean_messages)
sums.mistake("`s[target] += ...` keeps one message for each target where several arrive. Use a "
             "loop or `nn.scatter_sum`.", _last_message)
sums.mistake("The atom's own number was added. Here the sum goes over its neighbors alone.",
             lambda x, source, target, g: _sums(x, source, target, g) + x[:, :, None])
sums.mistake("The weights take no part: every message came with weight 1.",
             lambda x, source, target, g: _sums(x, source, target, np.ones_like(g)))


# --- A chain without end ---


@exercise(
    "materials_graphs-images",
    "An image of atom j is at its position plus a whole number of lengths. How many lengths away can "
    "it be and still lie within the cutoff?",
    "Wrap all positions into the cell first, `positions % length`. Then all differences for shifts "
    "from -m to m with m = ceil(cutoff / length) make one array; count those with an absolute value "
    "above 0 and up to the cutoff.",
)
def images(trial, count_neighbors):
    for r, length, cutoff, what in (
            ([0.0, 1.0, 2.5], 4.0, 1.8, "three atoms"),
            ([0.0, 1.0, 2.5], 4.0, 1.5, "a distance equal to the cutoff"),
            ([0.2, 1.1, 1.9], 2.3, 7.2, "a cutoff beyond the cell"),
            ([0.0], 1.0, 3.5, "one atom and its images"),
            ([-0.3, 7.1, 1.0], 3.0, 2.05, "positions outside of the cell")):
        r = np.array(r)
        trial.gives(count_neighbors, (r, length, cutoff), _count(r, length, cutoff), what)


def _count(r, length, cutoff, most=50, own=True, zero=False, equal=True):
    shifts = length * np.arange(-most, most + 1)
    d = np.abs(r[None, :, None] + shifts - r[:, None, None])
    near = (d <= cutoff if equal else d < cutoff) & (zero | (d > 1e-9))
    if not own:
        near &= ~np.eye(len(r), dtype=bool)[:, :, None]
    return near.sum(axis=(1, 2))


def _nearest_image(r, length, cutoff):
    d = r[None] - r[:, None]
    d = np.abs(d - length * np.round(d / length))
    return ((d <= cutoff) & (d > 1e-9)).sum(axis=1)


images.mistake("No images were counted. The chain goes on beyond both ends of the cell.",
               lambda *a: _count(*a, most=0))
images.mistake("Every atom was counted as its own neighbor at distance zero.",
               lambda *a: _count(*a, zero=True))
images.mistake("Each pair was counted once, with its nearest image. With a long cutoff several images "
               "of an atom, and an atom's own ones, are neighbors.", _nearest_image)
images.mistake("An atom's own images are neighbors too.", lambda *a: _count(*a, own=False))
images.mistake("Shifts by -1, 0 and 1 are not enough when the cutoff is longer than the cell.",
               lambda *a: _count(*a, most=1))
images.mistake("A neighbor exactly at the cutoff counts too: compare with <=.",
               lambda *a: _count(*a, equal=False))
images.mistake("Positions outside of the cell need more shifts than those inside. Wrap them first: "
               "`positions % length`.", lambda r, length, cutoff: _count(
                   r, length, cutoff, most=int(np.ceil(cutoff / length))))
images.mistake("One shift more than the cutoff needs is not enough for positions far outside of the cell. "
               "Wrap them first: `positions % length`.", lambda r, length, cutoff: _count(
                   r, length, cutoff, most=int(np.ceil(cutoff / length)) + 1))


# --- Break an invariance ---


@exercise(
    "materials_graphs-invariance",
    "Imagine each change in turn and ask whether the number stays: the x component of a vector does "
    "not survive a rotation.",
    "Doubling the cell doubles a sum over atoms. It leaves alone a mean, a largest value, and what "
    "belongs to one atom of the list.",
)
def invariance(trial, total, mean, x_component, first_atom, largest):
    changes = ["rotated", "permuted", "repeated", "none"]
    for answer, right, what in ((total, "repeated", "the sum of e"), (mean, "none", "the mean of e"),
                                (x_component, "rotated", "the mean of |x| over edges"),
                                (first_atom, "permuted", "e of atom 0"),
                                (largest, "none", "the largest e")):
        trial.choice(answer, right, [c for c in changes if c != right], what)


invariance.mistake("A sum has no order, but the doubled cell has twice the terms.",
                   "none", "none", "rotated", "permuted", "none")
invariance.mistake("A sum is the same in any order. What happens when there are more atoms?",
                   "permuted", "none", "rotated", "permuted", "none")
invariance.mistake("A mean divides by the number of atoms, so the doubled cell has the same.",
                   "repeated", "repeated", "rotated", "permuted", "none")
invariance.mistake("Distances do not rotate, but components of a vector do.",
                   "repeated", "none", "none", "permuted", "none")
invariance.mistake("The x components keep their mean in any order, but not under any rotation.",
                   "repeated", "none", "permuted", "permuted", "none")
invariance.mistake("After renumbering, atom 0 is another atom.",
                   "repeated", "none", "rotated", "none", "none")
_EACH = ["repeated", "none", "rotated", "permuted", "none"]
for _at, _answer, _message in (
        (0, "rotated", "Bonds turn with the crystal, but each e is made of their lengths, which stay. "
                       "Ask next how many terms the sum has."),
        (1, "rotated", "Bonds turn with the crystal, but each e is made of their lengths, which stay. "
                       "A mean of numbers that stay does so too."),
        (1, "permuted", "A mean adds up the same numbers in another order, and divides by as many."),
        (2, "repeated", "The doubled cell has each edge twice. More of the same moves a sum, but does "
                        "it move a mean? Look at what the mean is of."),
        (3, "rotated", "The neighbors of atom 0 turn around it, at the same distances. What makes it "
                       "atom 0?"),
        (3, "repeated", "The old atoms come first, each with neighbors at the same distances as "
                        "before. What makes it atom 0?"),
        (4, "rotated", "Turning a crystal changes no distance, so no e grows or shrinks."),
        (4, "permuted", "The largest number of a list is the same wherever in the list it stands.")):
    invariance.mistake(_message, *_EACH[:_at], _answer, *_EACH[_at + 1:])
invariance.mistake("The doubled cell has every value twice, and its largest value is the same.",
                   "repeated", "none", "rotated", "permuted", "repeated")


# --- Level or better? ---


@exercise(
    "materials_graphs-level",
    "One number for each crystal: the absolute error of p minus that of q. Then its mean.",
    "The standard error is the standard deviation of these numbers (divisor: n minus 1), divided by "
    "the root of n.",
)
def level(trial, paired):
    y = np.array([0.0, 1.0, 2.0, 3.0])
    p, q = np.array([1.0, 1.0, 4.0, 3.0]), np.array([0.0, 2.0, 3.0, 2.0])
    trial.gives(paired, (p, q, y), _paired(p, q, y), "four crystals")
    rng = np.random.default_rng(0)
    y = rng.normal(size=80)
    shared = rng.normal(size=80)
    p, q = y + shared + 0.2 * rng.normal(size=80), y + shared - 0.1 + 0.2 * rng.normal(size=80)
    trial.gives(paired, (p, q, y), _paired(p, q, y), "errors that two models share")


def _paired(p, q, y, sign=1, ddof=1, root=True):
    e = sign * (np.abs(p - y) - np.abs(q - y))
    return e.mean(), e.std(ddof=ddof) / (len(e)**0.5 if root else 1)


def _unpaired(p, q, y):
    a, b = np.abs(p - y), np.abs(q - y)
    return a.mean() - b.mean(), np.hypot(a.std(ddof=1), b.std(ddof=1)) / len(y)**0.5


level.mistake("The sign: negative means that the first model is better, so it is p's error minus q's.",
              lambda *a: _paired(*a, sign=-1))
level.mistake("This is the standard deviation. The mean of n numbers is known √n times better.",
              lambda *a: _paired(*a, root=False))
level.mistake("The divisor of the standard deviation is n minus 1.", lambda *a: _paired(*a, ddof=0))
level.mistake("This treats the errors of both models as independent. They are made on the same "
              "crystals: take the difference for each crystal first.", _unpaired)
level.mistake("The signs of the errors were kept, so errors up and down cancel.",
              lambda p, q, y: ((p - q).mean(), (p - q).std(ddof=1) / len(y)**0.5))


# --- Outside of what was seen ---


@exercise(
    "materials_graphs-outside",
    "For each column the smallest and the largest value of the training rows; then ask each test "
    "value whether it lies below the one or above the other.",
    "A row counts if any of its values lies outside: `.any(axis=1)`, then the mean.",
)
def outside(trial, share_outside):
    F_train = np.array([[-3.0, 3.0], [1.0, -6.0], [0.0, 0.0]])
    F_test = np.array([[-1.0, 3.0], [-8.0, 4.0], [3.0, 2.0], [-9.0, -6.0], [0.0, -9.0],
                       [4.0, 5.0], [-8.0, -4.0], [6.0, -6.0], [7.0, -1.0], [-2.0, 4.0]])
    trial.gives(share_outside, (F_train, F_test), 0.9, "ten rows")
    rng = np.random.default_rng(0)
    F_train, F_test = rng.normal(size=(40, 6)), rng.normal(size=(30, 6))
    trial.gives(share_outside, (F_train, F_test), _outside(F_train, F_test), "thirty rows")


def _outside(F_train, F_test, count=lambda out: out.any(axis=1).mean(), above=True, below=True,
             strict=True, axis=0):
    low, high = F_train.min(axis=axis), F_train.max(axis=axis)
    out = np.zeros(F_test.shape, dtype=bool)
    if above:
        out |= (F_test > high) if strict else (F_test >= high)
    if below:
        out |= (F_test < low) if strict else (F_test <= low)
    return count(out)


outside.mistake("Here a row counts only if all of its features lie outside. One is enough.",
                lambda *a: _outside(*a, count=lambda out: out.all(axis=1).mean()))
outside.mistake("This is the share of numbers, not of rows.",
                lambda *a: _outside(*a, count=np.mean))
outside.mistake("A value equal to the smallest or largest of the training rows was seen there.",
                lambda *a: _outside(*a, strict=False))
outside.mistake("This is the number of rows. Divide by all rows.",
                lambda *a: _outside(*a, count=lambda out: out.any(axis=1).sum() * 1.0))
outside.mistake("Values below the smallest of the training rows lie outside too.",
                lambda *a: _outside(*a, below=False))
outside.mistake("Values above the largest of the training rows lie outside too.",
                lambda *a: _outside(*a, above=False))
outside.mistake("This is the share of rows inside. Asked is the share outside.",
                lambda *a: 1 - _outside(*a))
outside.mistake("Training and test rows are exchanged: the box is that of the training rows.",
                lambda F_train, F_test: _outside(F_test, F_train))
outside.mistake("One smallest and one largest value for all features let a value pass that no training "
                "row has in its own column. Take them with axis=0.", lambda *a: _outside(*a, axis=None))
outside.mistake("The signs were dropped. A value may lie below the smallest although its size is "
                "ordinary.",
                lambda F_train, F_test: _outside(np.abs(F_train), np.abs(F_test), below=False))


# --- Forces from edges ---


@exercise(
    "materials_graphs-forces",
    "The vector of an edge is r[source] + shift - r[target]; divided by its length it is the unit "
    "vector along which the target is pulled if the energy rises with the distance.",
    "Each edge adds slope times its unit vector to its target, and the opposite to its source.",
)
def forces(trial, edge_forces):
    r = np.array([[0.0, 0, 0], [2.0, 1.0, 2.0]])  # no force is zero, whose sign would be by chance
    trial.gives(edge_forces, (r, np.array([1]), np.array([0]), np.zeros((1, 3)), np.array([3.0])),
                [[2.0, 1.0, 2.0], [-2.0, -1.0, -2.0]], "one edge that pulls")
    rng = np.random.default_rng(0)
    r, slope = rng.normal(size=(3, 3)).round(1), np.array([1.0, -2.0, 0.5, 3.0])
    source, target = np.array([1, 2, 1, 0]), np.array([0, 0, 2, 2])
    shift = np.array([[4.0, 0, 0], [0, -4.0, 0], [0, 0, 0], [-4.0, 0, 4.0]])
    trial.gives(edge_forces, (r, source, target, shift, slope),
                _forces(r, source, target, shift, slope), "four edges across the cell")


def _forces(r, source, target, shift, slope, ends=(1, -1), unit=True, image=1, add=np.add.at):
    """ends: by how much of its pull an edge changes the force on its target and on its source."""
    v = r[source] + image * shift - r[target]
    if unit:
        v = v / np.linalg.norm(v, axis=1)[:, None]
    F = np.zeros(r.shape)
    for atoms, share in zip((target, source), ends):
        if share:
            add(F, atoms, share * slope[:, None] * v)
    return F


def _buffered(F, atoms, pull):
    F[atoms] += pull


forces.mistake("The sign is that of the gradient. A force points to where the energy falls.",
               lambda *a: _forces(*a, ends=(-1, 1)))
forces.mistake("The vectors were not divided by their lengths.", lambda *a: _forces(*a, unit=False))
forces.mistake("Only the target feels this edge. The distance depends on both its ends.",
               lambda *a: _forces(*a, ends=(1, 0)))
forces.mistake("Only the source feels this edge. The distance depends on both its ends.",
               lambda *a: _forces(*a, ends=(0, -1)))
forces.mistake("Both ends are pulled the same way. An edge pulls them toward each other.",
               lambda *a: _forces(*a, ends=(1, 1)))
forces.mistake("This counts every edge twice. The list holds it once, and its slope pulls each end once.",
               lambda *a: _forces(*a, ends=(2, -2)))
forces.mistake("This takes the list to hold every edge in both directions. Here it stands once, so its slope "
               "pulls the source too, and each end once.", lambda *a: _forces(*a, ends=(2, 0)))
forces.mistake("The shifts are missing: an edge may lead across the face of the cell.",
               lambda *a: _forces(*a, image=0))
forces.mistake("The shifts have the wrong sign: they move the source, r[source] + shift - r[target].",
               lambda *a: _forces(*a, image=-1))
forces.mistake("`F[target] += ...` keeps one pull for each atom where several arrive. Use a loop, "
               "`np.add.at` or `nn.scatter_sum`.", lambda *a: _forces(*a, add=_buffered))


# --- A smoother envelope ---


@exercise(
    "materials_graphs-envelope",
    "The first derivative of the cosine envelope is -π/(2 r) sin(π d / r), which is zero at the "
    "cutoff r. What about the next one?",
    "With u = d / cutoff, try 1 - a u³ + b u⁴ - c u⁵: three equations at u = 1, for the value and two "
    "derivatives. Beyond the cutoff return 0.",
)
def envelope(trial, first_jump, smooth):
    trial.predicted(first_jump, 2, "the first derivative of the cosine that jumps")
    trial.gives(smooth, (np.array([0.0, 2.0, 4.0]), 4.0), [1.0, 0.5, 0.0],
                "at zero, half way and the cutoff")
    d = np.linspace(0, 5, 11)
    trial.gives(smooth, (d, 3.6), _smooth(d, 3.6), "from 0 to beyond the cutoff")


def _smooth(d, cutoff, cut=True):
    u = d / cutoff
    u = np.minimum(u, 1) if cut else u
    return 1 - 10 * u**3 + 15 * u**4 - 6 * u**5


def _cubic(d, cutoff):
    u = np.minimum(d / cutoff, 1)
    return 1 - 3 * u**2 + 2 * u**3


envelope.mistake("The first derivative of the cosine envelope is a sine, which is zero at the cutoff.",
                 1, _smooth)
envelope.mistake("The second derivative is a cosine. Is it zero at the cutoff?", 3, _smooth)
envelope.mistake("This is the cosine envelope again. Its second derivative jumps at the cutoff.", 2,
                 lambda d, cutoff: 0.5 * (1 + np.cos(np.pi * np.minimum(d / cutoff, 1))))
envelope.mistake("Value and first derivative are right at both ends. The second derivative is not "
                 "zero there: a cubic has too few coefficients.", 2, _cubic)
envelope.mistake("Beyond the cutoff the polynomial goes on. There the envelope is zero.", 2,
                 lambda d, cutoff: _smooth(d, cutoff, cut=False))
envelope.mistake("This is one minus the envelope: it rises from 0 to 1.", 2,
                 lambda d, cutoff: 1 - _smooth(d, cutoff))


# --- Tell fcc from hcp ---


@exercise(
    "materials_graphs-angles",
    "Divide every vector by its length. The products of all pairs, `u @ u.T`, are the cosines of the "
    "angles between them.",
    "Opposite neighbors have the cosine -1. Each pair stands twice in the matrix.",
)
def angles(trial, opposite):
    trial.gives(opposite, (np.array([[1.0, 0, 0], [-1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0]]),), 1,
                "four neighbors")
    # The cosine of the second pair is rounded to a number below -1.
    trial.gives(opposite, (np.array([[2.0, 0, 0], [-1.0, 0, 0], [0, 3.0, 0], [1.0, 1.0, 1.0],
                                     [-2.0, -2.0, -2.0], [0, 0, 0.5]]),), 2, "at different distances")
    rng = np.random.default_rng(0)
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    half = rng.normal(size=(3, 3))
    v = np.concatenate([half, -half, rng.normal(size=(1, 3))]) @ turn
    trial.gives(opposite, (v,), 3, "seven neighbors, turned, with cosines that are rounded")


def _opposite(v, unit=True, wanted=-1, twice=False):
    u = v / np.linalg.norm(v, axis=1)[:, None] if unit else v
    pairs = np.isclose(u @ u.T, wanted, atol=1e-6)
    return int(pairs.sum()) if twice else int(np.triu(pairs, 1).sum())


def _exactly_opposite(v):
    u = v / np.linalg.norm(v, axis=1)[:, None]
    return int(np.sum(np.triu(u @ u.T, 1) == -1))


angles.mistake("Every pair was counted twice, once in each order.", lambda v: _opposite(v, twice=True))
angles.mistake("The vectors have different lengths. Divide by them first.",
               lambda v: _opposite(v, unit=False))
angles.mistake("These are the right angles, with the cosine 0. Opposite means the cosine -1.",
               lambda v: _opposite(v, wanted=0))
angles.mistake("Neighbors may be opposite at different distances. Compare directions: divide the vectors "
               "by their lengths.",
               lambda v: int(np.triu(np.isclose(v[:, None] + v[None], 0).all(axis=2), 1).sum()))
angles.mistake("A pair was lost to rounding: its cosine misses -1 by about 1e-16, to either side. Compare "
               "with a tolerance, and before `np.arccos` clip it to -1 and 1, or there is nan.",
               _exactly_opposite)
