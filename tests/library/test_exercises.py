"""Checks of exercises: what each tells about right, wrong and impossible answers."""

import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from nnlib.exercises import registry
from nnlib.exercises.registry import check, exercise, find
from nnlib.exercises.trial import TooSlow, Trial, time_limit
from nnlib.layers.attention import attention_by_loops

for chapter in registry.chapters():
    with pytest.MonkeyPatch.context():
        try:
            find(f"{chapter}-")
        except KeyError:
            pass
REAL = sorted(registry._EXERCISES)


@pytest.fixture(autouse=True)
def fresh_session(monkeypatch):
    """No tries counted yet, failures are reported rather than raised, and there is time enough."""
    monkeypatch.setattr(registry, "_tries", {})
    monkeypatch.setattr(registry, "Trial", lambda: Trial(300))
    monkeypatch.delenv("NNLIB_CHECK", raising=False)


@pytest.fixture
def relu(monkeypatch):
    """An exercise of our own with two answers, two hints and two known mistakes."""
    monkeypatch.setattr(registry, "_EXERCISES", dict(registry._EXERCISES))

    @exercise("demo-relu", "first hint", "second hint")
    def relu(trial, relu, size):
        trial.gives(relu, (np.array([[-2.0, 0, 3]]),), [[0, 0, 3.0]], "three numbers")
        trial.close(size, 2.5, "the size")

    relu.mistake("This is the absolute value.", np.abs, 2.5)
    relu.mistake("This is a step.", lambda x: (x > 0) * 1.0, 2.5)
    return relu


def right(x):
    return np.maximum(x, 0)


def changes(x):
    x[x < 0] = 0
    return x


def test_lists_of_arrays_are_arguments_too(relu):
    @exercise("demo-lists")
    def lists(trial, total):
        arrays = [np.ones(2), np.ones((3, 2))]
        trial.gives(total, (arrays,), 8.0, "the sum of all numbers")

    def adds_in_place(arrays):
        arrays[0] += 1
        return 8.0

    assert check("demo-lists", lambda arrays: sum(a.sum() for a in arrays)).ok
    for changes in (adds_in_place, list.pop):
        assert check("demo-lists", changes).kind == "mutated"

    @exercise("demo-numbers")
    def numbers(trial, sort):
        trial.gives(sort, ([3, 1, 2],), [1, 2, 3], "three numbers")
    assert check("demo-numbers", sorted).ok
    assert check("demo-numbers", lambda numbers: numbers.sort() or numbers).kind == "mutated"


def prints_and_leaves(x):
    sys.exit("bye")


def never_ends(x):
    while True:
        pass


def swallows(x):
    while True:
        try:
            time.sleep(0.01)
        except Exception:  # noqa: BLE001 - what readers write
            pass


@pytest.mark.parametrize("answers, kind, words", [
    ((right, 2.5), None, []),
    ((..., ...), "not written", ["Nothing is here yet"]),
    ((right, ...), "not written", ["Not answered yet"]),
    ((right, np.array([..., 1.0], dtype=object)), "not written", ["Not answered yet"]),
    ((lambda x: None, 2.5), "none", ["returned None", "return"]),
    ((changes, 2.5), "mutated", ["changed its input", "copy"]),
    ((lambda x: x[0], 2.5), "shape", ["shape (1, 3)", "shape (3,)"]),
    ((lambda x: 1 / 0, 2.5), "raised", ["ZeroDivisionError", "division by zero"]),
    ((prints_and_leaves, 2.5), "raised", ["SystemExit"]),
    ((lambda x: "text", 2.5), "type", ["expected numbers", "a str"]),
    ((lambda x: np.array(["a", "b"]), 2.5), "dtype", ["numbers", "array"]),
    ((lambda x: [[1], [1, 2]], 2.5), "shape", ["rows of equal length"]),
    ((lambda x: right(x) + 3j, 2.5), "dtype", ["real numbers", "complex"]),
    ((right(np.zeros(3)), 2.5), "type", ["Expected a function", "without calling"]),
    ((right, 2), "dtype", ["whole", "floats"]),
    ((right, np.nan), "value", ["nan"]),
    ((right, right), "type", ["expected numbers", "a function"]),
    ((np.abs, 2.5), "value", ["index (0, 0)", "is 2", "expected 0", "absolute value"]),
    ((np.sign, 2.5), "value", ["is -1", "expected 0"]),
    ((right,), "type", ["Expected 2 answers", "relu, size"]),
])
def test_every_kind_of_answer_has_its_own_words(relu, answers, kind, words):
    report = check("demo-relu", *answers)
    assert report.ok == (kind is None) and report.kind == kind
    for text in (repr(report), report._repr_html_()):
        from html import unescape
        assert all(word in unescape(text) for word in words)


@pytest.mark.parametrize("slow", [never_ends, swallows])
def test_an_answer_that_never_ends_is_stopped(relu, slow, monkeypatch):
    monkeypatch.setattr(registry, "Trial", lambda: Trial(0.2))
    report = check("demo-relu", slow, 2.5)
    assert report.kind == "slow" and "did not finish" in report.message
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)  # and no alarm is left behind


def test_no_limit_in_another_thread_where_none_can_be_kept():
    outcome = []
    thread = threading.Thread(target=lambda: outcome.append(_limited()))
    thread.start()
    thread.join()
    assert outcome == ["done"]


def _limited():
    with time_limit(0.01):
        time.sleep(0.05)
    return "done"


def test_time_limit_puts_back_what_was_there():
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(TooSlow), time_limit(0.05):
        time.sleep(60)
    assert signal.getsignal(signal.SIGALRM) is before


def test_hints_come_with_different_tries(relu):
    assert check("demo-relu", np.sign, 2.5).hints == ()
    assert check("demo-relu", np.sign, 2.5).hints == ()  # the same answer is not another try
    second = check("demo-relu", np.abs, 2.5)
    assert second.hints == ("first hint",) and second.more_hints
    third = check("demo-relu", lambda x: None, 2.5)
    assert third.hints == ("first hint", "second hint") and not third.more_hints
    assert "Hint 2: second hint" in repr(third) and "second hint" in third._repr_html_()
    assert check("demo-relu", ..., ...).hints == ()  # nothing written yet: no try
    assert check("demo-relu", right, 2.5).hints == ()


def test_an_unknown_name_is_reported_not_raised(relu):
    assert "Did you mean 'demo-relu'?" in repr(check("demo-rleu", right))
    assert "There is no exercise" in repr(check("", right))
    for name in (None, [], {}, np.ones(2), right):
        assert "There is no exercise" in repr(check(name, right))


def test_a_check_that_fails_itself_is_reported(relu, monkeypatch):
    @exercise("demo-broken")
    def broken(trial, x):
        raise RuntimeError("oh")
    report = check("demo-broken", 1)
    assert not report.ok and "RuntimeError: oh" in report.message


class Bad(Exception):
    def __str__(self):
        sys.exit()


class Worse:
    def __array__(self, *arguments, **settings):
        sys.exit()


def test_an_answer_cannot_end_the_session(relu):
    def raises(x):
        raise Bad
    assert "Bad" in check("demo-relu", raises, 2.5).message
    assert "SystemExit" in check("demo-relu", lambda x: Worse(), 2.5).message


def test_html_is_escaped_and_announced(relu):
    @exercise("demo-html")
    def html(trial, x):
        trial.that(False, "<b>what</b>", "use `np.where`", given="<script>")
    text = check("demo-html", 1)._repr_html_()
    assert "<script>" not in text and "<b>" not in text and "role='status'" in text
    assert "<code>np.where</code>" in text


def test_strict_raises_so_that_the_book_stops(relu, monkeypatch):
    monkeypatch.setenv("NNLIB_CHECK", "strict")
    assert check("demo-relu", right, 2.5).ok
    with pytest.raises(AssertionError, match="absolute value"):
        check("demo-relu", np.abs, 2.5)
    with pytest.raises(AssertionError, match="demo-rellu"):
        check("demo-rellu", right, 2.5)


def test_import_needs_numpy_alone():
    code = ("import sys, nnlib.exercises; from nnlib.exercises import check; "
            f"[check(name) for name in {REAL!r}]; "
            "slow = {'matplotlib', 'sklearn', 'scipy', 'ipywidgets', 'IPython'}; "
            "assert not slow & set(sys.modules)")
    subprocess.run([sys.executable, "-c", code], check=True, env=dict(os.environ))


@pytest.mark.parametrize("name", REAL)
def test_each_known_mistake_gets_its_own_message(name):
    item = find(name)
    assert len(item.mistakes) >= 3 and len(item.hints) >= 2
    messages = [mistake.message for mistake in item.mistakes]
    assert len(set(messages)) == len(messages)
    for mistake in item.mistakes:
        report = registry.report_on(item, mistake.answers)
        assert not report.ok and report.why == mistake.message, repr(report)


@pytest.mark.parametrize("name, answers, words", [
    ("cnn-shapes", ((12, 7, 7), 1484, 1484), "for one image"),
    ("cnn-shapes", ((16, 7, 7), 1484, 1484), "axis of the channels is missing"),
    ("rnn-shapes", (605, (50, 5), 605), "for one sequence"),
    ("rnn-shapes", (605, (8, 5), 605), "axis of the steps stays"),
    ("feedforward-count", ([(32,), (16,), (10,)], 2778, 6570), "an axis for the inputs too"),
])
def test_a_shape_without_one_of_its_axes_is_told_which(name, answers, words):
    report = check(name, *answers)
    assert report.kind == "shape" and words in report.why


@pytest.mark.parametrize("name, answers", [
    ("cnn-shapes", ((7, 16, 12), 1484, 1484)),
    ("rnn-shapes", (605, (20, 8), 605)),
])
def test_any_other_shape_with_as_many_axes_is_not_told_so(name, answers):
    assert check(name, *answers).why is None


@pytest.mark.parametrize("name, answers, right", [
    ("cnn-shapes", ((16, 12, 7, 6), 1484, 1484), "16, 12, 7, 7"),
    ("rnn-shapes", (605, (8, 50, 6), 605), "8, 50, 5"),
    ("feedforward-count", ([(32, 64), (16, 32), (10, 17)], 2778, 6570), "10, 16"),
])
def test_a_report_does_not_give_a_predicted_shape_away(name, answers, right):
    report = check(name, *answers)
    assert not report.ok and right not in " ".join(repr(report).split())


@pytest.mark.parametrize("name, answers", [
    ("training-diverge", (0.33, 0.31, 0.85, -1.4, 0.5)),
    ("training-first", (1, 1, 3.2, 0.053)),
    ("regularization-factors", ([0.89, 0.67, 0.02], [1.0, 0.89, 0.02], 0.5)),
])
def test_two_digits_of_a_predicted_number_will_do(name, answers):
    report = check(name, *answers)
    assert report.ok, repr(report)


def test_the_second_step_of_adam_is_not_a_twentieth():
    assert not check("training-first", 1, 1, np.sqrt(10), 0.05).ok


def test_other_right_ways_to_a_transformer_are_right():
    def by_loops(Q, K, V):
        seen = [attention_by_loops(Q[t:t + 1], K[:t + 1], V[:t + 1])[0] for t in range(len(Q))]
        return np.concatenate(seen)

    def by_complex_numbers(x, base):
        pairs = x.reshape(len(x), -1, 2) @ [1, 1j]
        speeds = base ** (-2 * np.arange(pairs.shape[1]) / x.shape[1])
        turned = pairs * np.exp(1j * np.outer(np.arange(len(x)), speeds))
        return np.stack([turned.real, turned.imag], axis=2).reshape(x.shape)

    def place_by_place(letters, sharpness):
        A = np.zeros((len(letters), len(letters)))
        for t in range(len(letters)):
            for s in range(t + 1):
                A[t, s] = np.exp(sharpness) if s and letters[s - 1] == letters[t] else 1
        return A / A.sum(axis=1, keepdims=True)

    for name, answer in [("transformer-attention", by_loops),
                         ("transformer-positions", by_complex_numbers),
                         ("transformer-heads", place_by_place)]:
        report = check(name, answer)
        assert report.ok, repr(report)


@pytest.mark.parametrize("seed", range(1, 4))
def test_a_simulated_best_is_told_so_whatever_it_came_to(seed):
    rng = np.random.default_rng(seed)
    report = check("regularization-best",
                   lambda m, n: rng.binomial(n, 0.5, size=(500, m)).max(axis=1).mean() / n)
    assert report.why.startswith("Close, but simulated.")


@pytest.mark.parametrize("name", REAL)
def test_each_wrong_option_has_an_explanation(name, monkeypatch):
    """Of a choice that the reader makes; what a function chose is shown with its arguments."""
    item, options, explained = find(name), set(), set()
    choose = Trial.choice

    def choice(self, came, right, others, what, given=None):
        options.update((len(self.passed), what, other) for other in others if given is None)
        choose(self, came, right, others, what, given)

    monkeypatch.setattr(Trial, "choice", choice)
    for mistake in item.mistakes:
        failure = item.try_out(*mistake.answers)[1]
        explained.add((failure.step, failure.message.partition(":")[0], failure.came))
    assert options <= explained


def test_every_wrong_set_of_letters_has_an_explanation():
    from itertools import combinations

    for name, letters, right in (("perceptron-xor", "abcd", "ac"),
                                 ("feedforward-theorem", "abcdefg", "ae")):
        item = find(name)
        rest = item.mistakes[0].answers[1:]
        for k in range(1, len(letters) + 1):
            for some in map("".join, combinations(letters, k)):
                report = registry.report_on(item, [some, *rest])
                assert some == right or report.why, some


def test_what_a_function_chose_is_shown_with_its_arguments():
    report = check("feedforward-judge", lambda network, plain: "plain")
    assert report.given.startswith("judge([97.0, 98") and report.expected == "network"


@pytest.mark.parametrize("name", REAL)
def test_blank_and_absurd_answers_are_reported(name):
    item = find(name)
    n = len(item.mistakes[0].answers)
    blank = check(name, *[...] * n)
    assert not blank.ok and blank.kind == "not written"
    for absurd in (object(), "?", -1, [], {}, np.zeros((2, 3, 4)), lambda *a: None, print, int):
        report = check(name, *[absurd] * n)
        assert not report.ok and "did not know what to make" not in report.message, repr(report)


@pytest.mark.parametrize("given", [
    np.array([np.nan]), np.nan, {"a": np.ones(2)}, [np.nan, {"b": 1}], np.array(["a"]),
])
def test_what_is_left_as_it_was_is_not_called_changed(given):
    assert Trial().call(lambda x: 1.0, given) == 1.0


def test_an_array_changed_inside_a_dict_is_noticed():
    def changes(table):
        table["a"][0] = 5
        return 1.0

    with pytest.raises(registry.Failure, match="changed its input"):
        Trial().call(changes, {"a": np.ones(2)})
