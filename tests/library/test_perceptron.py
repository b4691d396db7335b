"""The perceptron: an example by hand, the convergence theorem, and plain words when it fails."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnlib as nn

XOR = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([-1, 1, 1, -1])


def test_worked_example():
    """Three samples, learning rate 1, from zeros; sign(0) = +1.

    a = (1, 1), -1: score 0, predicted +1, wrong: w = (-1, -1), b = -1
    b = (2, 0), +1: score -2 - 1 = -3, wrong:     w = (1, -1),  b = 0
    c = (0, 1), -1: score -1, right
    a: score 1 - 1 + 0 = 0, predicted +1, wrong:  w = (0, -2),  b = -1
    b: score -1, wrong:                           w = (2, -2),  b = 0
    c: score -2, right
    a: score 0, wrong:                            w = (1, -3),  b = -1
    b: score 2 - 1 = 1, right;  c: score -4, right
    a: score -3, right;  b, c: right, so it is done
    """
    X, y = [[1, 1], [2, 0], [0, 1]], [-1, 1, -1]
    p = nn.Perceptron().fit(X, y)
    assert p.weights.tolist() == [1, -3]
    assert p.bias == -1
    assert p.mistakes == [2, 2, 1, 0]
    assert (p.updates, p.converged) == (5, True)
    assert p.predict(X).tolist() == y


def test_learning_sample_by_sample_needs_no_fit():
    p = nn.Perceptron()
    assert not p.update([1.0, 2.0], 1)  # from zeros the score is 0
    assert p.update([1.0, 2.0], -1)
    assert (p.weights.tolist(), p.bias, p.converged) == ([-1.0, -2.0], -1.0, False)


def test_a_score_of_zero_is_class_plus_one():
    p = nn.Perceptron()
    p.weights = np.array([1.0, -1.0])
    assert p.predict([[2.0, 2.0]]).tolist() == [1]
    assert not p.update(np.array([2.0, 2.0]), 1)
    assert p.update(np.array([2.0, 2.0]), -1)


@given(
    margin=st.floats(0.1, 1.0),
    dimensions=st.integers(1, 5),
    learning_rate=st.sampled_from([0.1, 1.0, 7.0]),
    seed=st.integers(0, 999),
)
@settings(max_examples=60, deadline=None)
def test_updates_stay_below_novikoffs_bound(margin, dimensions, learning_rate, seed):
    """Updates ≤ (R / γ)²: samples (x, 1) no longer than R, a unit vector (w, b) of margin γ."""
    rng = np.random.default_rng(seed)
    normal = rng.standard_normal(dimensions + 1)
    normal /= np.linalg.norm(normal)
    X = rng.uniform(-2, 2, (60, dimensions))
    augmented = np.column_stack([X, np.ones(len(X))])
    keep = np.abs(augmented @ normal) >= margin
    if not keep.any():
        return
    X, augmented = X[keep], augmented[keep]
    y = np.where(augmented @ normal > 0, 1, -1)
    bound = (np.linalg.norm(augmented, axis=1).max() / margin) ** 2
    p = nn.Perceptron(learning_rate, max_epochs=int(bound) + 2).fit(X, y)
    assert p.converged
    assert p.updates <= bound
    assert (p.predict(X) == y).all()
    assert p.criterion(X, y) == 0
    assert p.mistakes[-1] == 0


def test_the_learning_rate_changes_no_prediction():
    X, y = nn.datasets.separable(50, margin=0.2, rng=0)
    one, ten = nn.Perceptron(1.0).fit(X, y), nn.Perceptron(10.0).fit(X, y)
    np.testing.assert_allclose(ten.weights, 10 * one.weights)
    assert one.mistakes == ten.mistakes


def test_data_that_no_line_separates_are_reported():
    p = nn.Perceptron(max_epochs=7).fit(*XOR)
    assert not p.converged
    assert len(p.mistakes) == 7
    assert min(p.mistakes) > 0
    assert "not separated" in repr(p)
    assert "no boundary separates these samples, or it needs more epochs" in repr(p)


def test_criterion_and_margin_by_hand():
    """w = (3, 4), b = 0: scores 7 and -5; for labels -1, -1 the first is wrong by 7, 7/5 beyond."""
    p = nn.Perceptron()
    p.weights = np.array([3.0, 4.0])
    X = [[1.0, 1.0], [1.0, -2.0]]
    assert p.criterion(X, [-1, -1]) == 7 / 2
    assert p.margin(X, [-1, -1]) == pytest.approx(-7 / 5)
    assert p.margin(X, [1, -1]) == pytest.approx(1.0)


def test_fit_starts_afresh_and_repr_tells_the_state():
    p = nn.Perceptron()
    assert repr(p) == "Perceptron(learning_rate=1, max_epochs=100)"
    p.fit(*XOR)
    p.fit([[1.0], [-1.0]], [1, -1])
    assert repr(p) == "Perceptron: separated 2 samples after 1 update in 2 epochs"


@pytest.mark.parametrize(
    "call, words",
    [
        (
            lambda: nn.Perceptron().fit([[1.0], [2.0]], [0, 1]),
            r"y: expected labels -1 and \+1, got 0, 1",
        ),
        (lambda: nn.Perceptron().fit([[1.0], [2.0]], ["a", "b"]), "got 'a', 'b'"),
        (lambda: nn.Perceptron().fit([[1.0], [2.0]], [True, False]), "got False, True"),
        (lambda: nn.Perceptron().fit([[1.0], [2.0]], [True, True]), "got True"),
        (lambda: nn.Perceptron().fit([[1.0], [2.0]], ["1", "-1"]), "got '-1', '1'"),
        (lambda: nn.Perceptron().fit([[1.0], [2.0]], np.array([0, 1], "u1")), "got 0, 1"),
        (lambda: nn.Perceptron().update([1.0], 0), "y: expected a label of -1 or .1, got 0"),
        (lambda: nn.Perceptron().fit([[1.0], [2.0]], [1]), "one label for each of 2"),
        (lambda: nn.Perceptron().fit([1.0, 2.0], [1, -1]), r"X: expected shape \(n, d\)"),
        (lambda: nn.Perceptron().fit(np.empty((0, 2)), []), "above 0"),
        (lambda: nn.Perceptron().fit([[np.nan], [1.0]], [1, -1]), "got 1 that are not"),
        (lambda: nn.Perceptron().predict([[1.0]]), "call fit first"),
        (lambda: nn.Perceptron().fit(*XOR).predict([[1.0]]), "expected 2 columns"),
        (lambda: nn.Perceptron().margin(*XOR), "weights are all zero"),
        (lambda: nn.Perceptron(learning_rate=0), "learning_rate"),
        (lambda: nn.Perceptron(learning_rate=np.inf), "learning_rate"),
        (lambda: nn.Perceptron(max_epochs=0), "max_epochs"),
    ],
)  # fmt: skip
def test_errors_say_what_was_expected(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_unsigned_labels_do_not_wrap_around():
    X, y = [[2.0], [4.0]], np.array([1, 1], np.uint8)
    p = nn.Perceptron()
    p.weights, p.bias = np.array([-1.0]), 0.0  # scores -2 and -4
    assert p.criterion(X, y) == 3
    assert p.margin(X, y) == -4
