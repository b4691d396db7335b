"""All of scikit-learn's own checks, and what they do not ask: does it learn, and in company too?"""

import os
import pickle
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from joblib import parallel_config
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_diabetes, load_digits, load_iris
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.neural_network import MLPClassifier as SklearnMLPClassifier
from sklearn.neural_network import MLPRegressor as SklearnMLPRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import nnlib as nn
from nnlib.estimators import (
    MLPClassifier,
    MLPRegressor,
    NetworkClassifier,
    NetworkRegressor,
    Perceptron,
)

MOONS = nn.datasets.moons(200, noise=0.15, rng=0)
SEPARABLE = nn.datasets.separable(100, margin=0.3, rng=0)

QUICK = {"learning_rate_init": 0.02, "random_state": 0}

unfinished = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@unfinished
@parametrize_with_checks(
    [Perceptron()]
    + [
        kind(max_iter=40, **QUICK)
        for kind in (MLPClassifier, MLPRegressor, NetworkClassifier, NetworkRegressor)
    ]
)
def test_scikit_learn_check(estimator, check):
    check(estimator)


def accuracies(mine, theirs, X, y):
    """Accuracy on a held-out half, ours and scikit-learn's."""
    split = train_test_split(X, y, test_size=0.5, random_state=0, stratify=y)
    X_train, X_test, y_train, y_test = split
    return [m.fit(X_train, y_train).score(X_test, y_test) for m in (mine, theirs)]


class TestPerceptron:
    def test_is_nnlibs_perceptron_on_any_two_labels(self):
        X, y = SEPARABLE
        reference = nn.Perceptron().fit(X, y)
        names = np.where(y == 1, "rock salt", "blende")  # "rock salt" is the second, so positive
        model = Perceptron().fit(X, names)
        np.testing.assert_array_equal(model.classes_, ["blende", "rock salt"])
        np.testing.assert_array_equal(model.coef_, [reference.weights])
        np.testing.assert_array_equal(model.intercept_, [reference.bias])
        np.testing.assert_array_equal(model.predict(X), names)
        np.testing.assert_allclose(model.decision_function(X), reference.decision_function(X))
        assert model.n_iter_ == len(reference.mistakes) and model.score(X, names) == 1
        assert model.perceptron_.mistakes == reference.mistakes

    def test_score_of_zero_is_the_second_class(self):
        # By hand: b is right at once since sign(0) = +1; a is a mistake and leaves w = (1, 0),
        # b = -1; now the score of (1, 0) is 1 - 1 = 0, which is right, and that of (-1, 0) is -2.
        X = [[1.0, 0.0], [-1.0, 0.0]]
        model = Perceptron().fit(X, ["b", "a"])
        np.testing.assert_array_equal(model.decision_function(X), [0.0, -2.0])
        np.testing.assert_array_equal(model.predict(X), ["b", "a"])

    def test_says_when_it_separated_and_when_not(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            Perceptron().fit(*SEPARABLE)
        with pytest.warns(ConvergenceWarning, match="not separated after .* in 100 epochs"):
            Perceptron().fit(*nn.datasets.xor())

    def test_three_classes_and_one(self):
        with pytest.raises(ValueError, match=r"Only binary classification .* multiclass"):
            Perceptron().fit(*nn.datasets.blobs(30))
        with pytest.raises(ValueError, match="y: expected at least two classes, got one class"):
            Perceptron().fit([[1.0], [2.0]], ["a", "a"])

    def test_octet_binaries_in_a_pipeline(self):
        data = nn.datasets.load_octet_binaries()
        model = make_pipeline(StandardScaler(), Perceptron(max_iter=1000)).fit(data.X, data.y)
        assert model.score(data.X, data.y) == 1

    @pytest.mark.parametrize(
        "parameters, error, words",
        [
            ({"eta0": 0}, ValueError, "eta0: expected a finite number above 0, got 0"),
            ({"eta0": "1"}, ValueError, "eta0: expected a finite number .*, got '1'"),
            ({"max_iter": 0}, ValueError, "max_iter: expected a whole number of at least 1, got 0"),
            ({"max_iter": 1.5}, ValueError, "max_iter: expected a whole number .*, got 1.5"),
        ],
    )
    def test_bad_parameters_are_found_by_fit(self, parameters, error, words):
        model = Perceptron(**parameters)
        with pytest.raises(error, match=words):
            model.fit(*SEPARABLE)


@unfinished
class TestLearning:
    def test_moons_as_well_as_scikit_learn(self):
        settings = {"hidden_layer_sizes": (16, 16), "batch_size": 32, "learning_rate_init": 0.01}
        settings["random_state"] = 0
        X, y = nn.datasets.moons(400, noise=0.15, rng=1)
        mine, theirs = accuracies(MLPClassifier(**settings), SklearnMLPClassifier(**settings), X, y)
        assert mine > theirs - 0.02 and mine > 0.95

    def test_digits_as_well_as_scikit_learn(self):
        X, y = load_digits(return_X_y=True)
        settings = {"hidden_layer_sizes": 32, "learning_rate_init": 0.01, "random_state": 0}
        mine, theirs = accuracies(
            MLPClassifier(**settings), SklearnMLPClassifier(**settings), X / 16, y
        )
        assert mine > theirs - 0.02 and mine > 0.95

    def test_diabetes_as_well_as_scikit_learn(self):
        X, y = load_diabetes(return_X_y=True)
        X = StandardScaler().fit_transform(X)
        settings = {
            "hidden_layer_sizes": (16,),
            "alpha": 1.0,
            "learning_rate_init": 0.003,
            "random_state": 0,
        }
        scores = [
            cross_val_score(
                TransformedTargetRegressor(model(**settings), transformer=StandardScaler()),
                X,
                y,
                cv=5,
            ).mean()
            for model in (MLPRegressor, SklearnMLPRegressor)
        ]
        assert scores[0] > scores[1] - 0.05 and scores[0] > 0.35

    @pytest.mark.parametrize("activation", ["relu", "tanh", "logistic"])
    def test_xor_needs_the_hidden_layer(self, activation):
        X, y = nn.datasets.xor(200, noise=0.2, rng=0)
        settings = {"activation": activation, "learning_rate_init": 0.05, "random_state": 0}
        assert MLPClassifier(8, **settings).fit(X, y).score(X, y) > 0.98
        assert MLPClassifier((), **settings).fit(X, y).score(X, y) < 0.8
        settings["activation"] = "identity"
        assert MLPClassifier(8, **settings).fit(X, y).score(X, y) < 0.8

    def test_regressor_finds_a_plane(self):
        X = np.random.default_rng(0).normal(size=(200, 2))
        y = X @ [2.0, -3.0] + 0.5
        model = MLPRegressor((), alpha=0, batch_size=20, learning_rate_init=0.05, random_state=0)
        model.set_params(tol=1e-8).fit(X, y)
        np.testing.assert_allclose(model.network_[0].weight.data, [[2, -3]], atol=0.01)
        np.testing.assert_allclose(model.network_[0].bias.data, [0.5], atol=0.01)


@unfinished
class TestWhatIsLearned:
    @pytest.mark.parametrize("classes, outputs", [(2, 1), (3, 3)])
    def test_attributes_and_probabilities(self, classes, outputs):
        X, y = nn.datasets.blobs(90, centers=classes, rng=0)
        names = np.array(["x", "y", "z"])[y]
        model = MLPClassifier((5, 4), max_iter=30, random_state=0).fit(X, names)
        np.testing.assert_array_equal(model.classes_, np.unique(names))
        shapes = {name: p.shape for name, p in model.network_.named_parameters()}
        assert shapes == {
            "0.weight": (5, 2),
            "0.bias": (5,),
            "2.weight": (4, 5),
            "2.bias": (4,),
            "4.weight": (outputs, 4),
            "4.bias": (outputs,),
        }
        assert model.n_features_in_ == 2 and model.n_iter_ == len(model.loss_curve_) == 30
        probabilities = model.predict_proba(X)
        assert probabilities.shape == (90, classes)
        np.testing.assert_allclose(probabilities.sum(axis=1), 1)
        with nn.no_grad():
            logits = model.network_(X).data
        odds = probabilities[:, -1] / probabilities[:, 0]
        difference = logits[:, 0] if classes == 2 else logits[:, 2] - logits[:, 0]
        np.testing.assert_allclose(np.log(odds), difference)
        predicted = model.classes_[probabilities.argmax(axis=1)]
        np.testing.assert_array_equal(model.predict(X), predicted)

    def test_loss_is_scikit_learns_by_hand(self):
        # A learning rate of next to nothing leaves the weights with which the loss was measured.
        settings = {"alpha": 3.0, "learning_rate_init": 1e-12, "max_iter": 1, "random_state": 0}
        X, y = MOONS
        model = MLPClassifier(5, batch_size=len(X), **settings).fit(X, y)
        squares = sum((model.network_[i].weight.data ** 2).sum() for i in (0, 2))
        expected = log_loss(y, model.predict_proba(X)) + 3.0 / (2 * len(X)) * squares
        assert model.loss_curve_[0] == pytest.approx(expected, rel=1e-6)
        model = MLPRegressor(5, batch_size=len(X), **settings).fit(X, X[:, 0])
        squares = sum((model.network_[i].weight.data ** 2).sum() for i in (0, 2))
        errors = model.predict(X) - X[:, 0]
        expected = np.mean(errors**2) / 2 + 3.0 / (2 * len(X)) * squares
        assert model.loss_curve_[0] == pytest.approx(expected, rel=1e-6)

    def test_validation_loss_has_no_penalty(self):
        settings = {"learning_rate_init": 1e-12, "max_iter": 1, "random_state": 0}
        settings["early_stopping"] = True
        with_penalty, without = (
            MLPClassifier(5, alpha=alpha, **settings).fit(*MOONS) for alpha in (10.0, 0.0)
        )
        assert with_penalty.loss_curve_[0] > without.loss_curve_[0] + 0.01
        assert with_penalty.history_.validation_loss == pytest.approx(
            without.history_.validation_loss, rel=1e-6
        )

    def test_alpha_shrinks_the_weights(self):
        sizes = [
            np.linalg.norm(
                MLPClassifier(8, alpha=alpha, random_state=0).fit(*MOONS).network_[0].weight.data
            )
            for alpha in (0, 10, 100)
        ]
        assert sizes[0] > sizes[1] > sizes[2]

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_network_has_the_dtype_of_the_data(self, dtype):
        X, y = MOONS
        model = MLPClassifier(4, max_iter=3, random_state=0).fit(X.astype(dtype), y)
        assert {p.dtype for p in model.network_.parameters()} == {np.dtype(dtype)}
        assert model.predict_proba(X).dtype == dtype
        other = np.float64 if dtype == np.float32 else np.float32
        np.testing.assert_allclose(
            model.predict_proba(X.astype(other)), model.predict_proba(X.astype(dtype)), atol=1e-5
        )

    def test_same_random_state_same_network(self):
        X, y = MOONS
        first, again, other = (
            MLPClassifier(4, batch_size=32, max_iter=5, random_state=seed).fit(X, y)
            for seed in (1, 1, 2)
        )
        np.testing.assert_array_equal(first.predict_proba(X), again.predict_proba(X))
        assert not np.array_equal(first.predict_proba(X), other.predict_proba(X))
        state = np.random.RandomState(1)
        same = MLPClassifier(4, batch_size=32, max_iter=5, random_state=state).fit(X, y)
        np.testing.assert_array_equal(first.predict_proba(X), same.predict_proba(X))

    def test_network_can_be_drawn_and_its_boundary_too(self):
        import matplotlib

        matplotlib.use("Agg")
        from nnlib import plots

        model = MLPClassifier(4, max_iter=5, random_state=0).fit(*MOONS)
        assert plots.network_diagram(model.network_).texts
        assert plots.learning_curve(model.history_).get_lines()
        assert plots.decision_boundary(model, *MOONS).images
        matplotlib.pyplot.close("all")


class TestStopping:
    def test_warns_when_epochs_run_out(self):
        with pytest.warns(ConvergenceWarning, match="max_iter=4 epochs are over"):
            model = MLPClassifier(8, max_iter=4, random_state=0).fit(*MOONS)
        assert model.n_iter_ == 4
        with pytest.warns(ConvergenceWarning, match="max_iter=3 epochs are over"):
            MLPRegressor(8, max_iter=3, random_state=0).fit(*MOONS)

    def test_stops_silently_when_the_loss_stands_still(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            settings = {"tol": 0.01, "n_iter_no_change": 3, "learning_rate_init": 0.01}
            model = MLPClassifier(8, random_state=0, **settings).fit(*MOONS)
        losses = np.array(model.loss_curve_)
        assert model.n_iter_ == len(losses) < 200
        # The last three bettered the best before them by less than tol; no three before did so.
        best = losses[-4]
        assert (losses[-3:] > best - 0.01).all()

    def test_early_stopping_keeps_validation_data_apart(self):
        rng = np.random.default_rng(0)
        X, y = rng.normal(size=(100, 20)), rng.integers(0, 2, 100)  # nothing to learn
        settings = {"learning_rate_init": 0.03, "random_state": 0, "max_iter": 500}
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            stopped = MLPClassifier(
                32, early_stopping=True, validation_fraction=0.3, n_iter_no_change=5, **settings
            ).fit(X, y)
        assert len(stopped.history_.validation_loss) == stopped.n_iter_ < 60
        # The weights kept are those of the epoch with the best validation loss.
        best = int(np.argmin(stopped.history_.validation_loss))
        assert stopped.n_iter_ - 5 == best + 1
        validation = train_test_split(
            X, y, test_size=0.3, stratify=y, random_state=state_after_one_draw()
        )
        kept = log_loss(validation[3], stopped.predict_proba(validation[1]))
        assert kept == pytest.approx(min(stopped.history_.validation_loss), rel=1e-6)

    def test_divergence_is_an_error_that_says_where(self):
        X = MOONS[0].astype(np.float32)
        with pytest.raises(FloatingPointError, match=r"epoch .*, step .*smaller learning rate"):
            MLPRegressor(8, learning_rate_init=1e30, random_state=0).fit(X, X[:, 0])


def state_after_one_draw():
    """The RandomState(0) of `_train` when it splits the data."""
    state = np.random.RandomState(0)
    state.randint(2**31 - 1)
    return state


def small(shape, n_outputs, rng, width=4):
    return nn.Sequential(
        nn.Linear(*shape, width, rng=rng), nn.Tanh(), nn.Linear(width, n_outputs, rng=rng)
    )


def convolutional(shape, n_outputs, rng, channels=4):
    return nn.Sequential(
        nn.Conv2d(shape[0], channels, 3, rng=rng),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(channels * 9, n_outputs, rng=rng),
    )


class Reader(nn.Module):
    """A network over words, for sequences of their numbers."""

    def __init__(self, n_outputs, rng):
        self.embedding = nn.Embedding(10, 4, rng=rng)
        self.gru = nn.GRU(4, 8, rng=rng)
        self.head = nn.Linear(8, n_outputs, rng=rng)

    def forward(self, words):
        return self.head(self.gru(self.embedding(words))[0][:, -1])


def digits():
    X, y = load_digits(return_X_y=True)
    return (X / 16).astype(np.float32).reshape(-1, 1, 8, 8)[:1200], y[:1200]


@unfinished
class TestAnyNetwork:
    def test_images(self):
        X, y = digits()
        model = NetworkClassifier(convolutional, max_iter=30, batch_size=50, **QUICK)
        assert model.fit(X[:900], y[:900]).score(X[900:], y[900:]) > 0.85
        assert model.network_[0].weight.shape == (4, 1, 3, 3)
        assert model.predict_proba(X).shape == (1200, 10)  # in parts: more than 500 samples
        np.testing.assert_allclose(model.predict_proba(X)[500:], model.predict_proba(X[500:]))

    def test_the_default_network_flattens_images(self):
        X, y = digits()
        settings = {"max_iter": 3, "random_state": 0}
        flat = (
            MLPClassifier(**settings)
            .fit(X.reshape(len(X), -1), y)
            .predict_proba(X.reshape(len(X), -1))
        )
        for model in (NetworkClassifier(**settings), MLPClassifier(**settings)):
            np.testing.assert_array_equal(model.fit(X, y).predict_proba(X), flat)

    def test_sequences_of_words(self):
        rng = np.random.default_rng(0)
        words = rng.integers(0, 10, (300, 5))
        y = np.where((words == 7).any(axis=1), "with", "without")
        model = NetworkClassifier(
            lambda shape, n_outputs, rng: Reader(n_outputs, rng), max_iter=60, **QUICK
        )
        assert cross_val_score(model, words, y, cv=3).min() > 0.9

    def test_loss_of_a_regressor(self):
        # All samples look the same, so the best prediction is the mean, or for l1 the median.
        X, y = np.ones((9, 1)), np.array([0.0] * 6 + [3.0] * 3)
        settings = {"max_iter": 2000, "learning_rate_init": 0.01, "alpha": 0, "tol": 1e-7}
        for loss, best in ((nn.mse_loss, 1.0), (nn.l1_loss, 0.0)):
            model = NetworkRegressor(small, loss=loss, random_state=0, **settings).fit(X, y)
            np.testing.assert_allclose(model.predict(X), best, atol=0.05)

    def test_optimizer_of_ones_own(self):
        made = []

        def optimizer(parameters, lr):
            made.append(nn.SGD(parameters, lr=lr, momentum=0.9))
            return made[-1]

        model = NetworkClassifier(small, optimizer=optimizer, learning_rate_init=0.3)
        assert model.set_params(random_state=0).fit(*MOONS).score(*MOONS) > 0.85
        assert len(made) == 1 and made[0].lr == 0.3

    def test_grid_search_sets_what_build_is_given(self):
        X, y = nn.datasets.xor(200, rng=0)
        steps = [("scale", StandardScaler()), ("net", NetworkClassifier(small))]
        model = Pipeline(steps).set_params(
            net__learning_rate_init=0.05, net__random_state=0, net__max_iter=60
        )
        search = GridSearchCV(
            model, {"net__build__width": [1, 8], "net__alpha": [1e-4, 1e-3]}, cv=3
        ).fit(X, y)
        assert search.best_params_["net__build__width"] == 8 and search.best_score_ > 0.95
        assert search.best_estimator_["net"].network_[0].weight.shape == (8, 2)
        assert model["net"].build_params is None  # the search worked on clones

    def test_set_params_and_clone(self):
        model = NetworkRegressor(small, build_params={"width": 3})
        copy = clone(model).set_params(build__width=5, alpha=0.5)
        assert (copy.build_params, copy.alpha) == ({"width": 5}, 0.5)
        assert model.build_params == {"width": 3} and copy.build is small
        with pytest.raises(ValueError, match="Invalid parameter 'width'"):
            model.set_params(width=2)

    @pytest.mark.parametrize("estimator", [NetworkClassifier, NetworkRegressor])
    @pytest.mark.parametrize(
        "build, error, words",
        [
            (3, TypeError, "build: expected a function that returns a Module, got 3"),
            (nn.Linear(2, 1), TypeError, "build: expected a function .*, got Linear"),
            (lambda *_: 3, TypeError, "build: expected a function that returns a Module, got 3"),
            (
                lambda shape, n_outputs, rng: nn.Linear(2, 5),
                ValueError,
                r"build: expected outputs \(200, 1\), got \(200, 5\)",
            ),
        ],
    )
    def test_bad_build(self, estimator, build, error, words):
        with pytest.raises(error, match=words):
            estimator(build).fit(*MOONS)


@unfinished
class TestPartialFit:
    @pytest.mark.parametrize("stop", [lambda model: model, lambda m: pickle.loads(pickle.dumps(m))])
    def test_is_one_training_in_pieces(self, stop):
        X, y = MOONS
        settings = {"alpha": 0, "learning_rate_init": 0.01, "random_state": 0}
        model = NetworkClassifier(small, **settings).partial_fit(X, y, classes=[0, 1])
        assert model.n_iter_ == 1
        network = NetworkClassifier(small, **settings).partial_fit(X, y, [0, 1]).network_
        for _ in range(10):
            model = stop(model).partial_fit(X, y)
        # The same by hand: Adam, which remembers, from the same first weights. One batch holds all
        # samples, so that their order makes no difference.
        seed = np.random.RandomState(0).randint(2**31 - 1)
        network = small((2,), 1, np.random.default_rng(seed)).astype(np.float64)
        loss = nn.binary_cross_entropy_with_logits
        optimizer = nn.Adam(network.parameters(), lr=0.01)
        for _ in range(11):
            optimizer.zero_grad()
            loss(network(X), y).backward()
            optimizer.step()
        for name, value in network.state_dict().items():
            np.testing.assert_allclose(model.network_.state_dict()[name], value, rtol=1e-9)

    def test_goes_on_after_fit(self):
        X, y = MOONS
        model = MLPClassifier(8, max_iter=100, random_state=0).fit(X, y)
        before = log_loss(y, model.predict_proba(X))
        for _ in range(30):
            model.partial_fit(X, y)
        assert log_loss(y, model.predict_proba(X)) < before - 0.005
        assert model.fit(X, y).n_iter_ == 100  # fit starts anew
        assert log_loss(y, model.predict_proba(X)) == pytest.approx(before)

    def test_batches_of_one_class_each(self):
        X, y = nn.datasets.blobs(90, centers=3, rng=0)
        names = np.array(["x", "y", "z"])[y]
        model = MLPClassifier(learning_rate_init=0.01, random_state=0)
        for _ in range(60):
            for name in "zxy":
                model.partial_fit(X[names == name], names[names == name], classes=["x", "y", "z"])
        assert model.score(X, names) > 0.95

    def test_regressor(self):
        X, y = MOONS[0], MOONS[0][:, 0]
        model = MLPRegressor(learning_rate_init=0.01, random_state=0)
        for _ in range(100):
            model.partial_fit(X, y)
        assert model.score(X, y) > 0.9

    def test_classes_stay_those_of_the_first_call(self):
        X, y = np.arange(6.0).reshape(3, 2), ["a", "b", "a"]
        model = MLPClassifier(random_state=0).partial_fit(X, y, classes=["a", "b"])
        model.partial_fit(X, y, classes=["b", "a"])  # in another order they are the same
        before = model.predict_proba(X)
        for classes in (["a", "b", "c"], ["a"], ["a", "c"]):
            with pytest.raises(ValueError, match="classes: expected those of the first call"):
                model.partial_fit(X, y, classes=classes)
        np.testing.assert_array_equal(model.predict_proba(X), before)

    @pytest.mark.parametrize("classes", [2, 3])
    def test_log_probabilities_reach_where_probabilities_round_to_0(self, classes):
        X = np.linspace(-1, 1, 30)[:, None]
        model = MLPClassifier((4,), max_iter=20, random_state=0)
        with warnings.catch_warnings(action="ignore"):
            model.fit(X, np.arange(30) % classes)
        np.testing.assert_allclose(np.exp(model.predict_log_proba(X)), model.predict_proba(X))
        far = model.predict_log_proba(X[:1] * 1e6)
        assert np.isfinite(far).all() and far.min() < -800
        assert model.predict_proba(X[:1] * 1e6).min() == 0

    def test_classes_are_asked_for(self):
        X, y = MOONS
        with pytest.raises(ValueError, match="classes: expected all labels in the first call"):
            MLPClassifier().partial_fit(X, y)
        with pytest.raises(ValueError, match=r"y: expected labels among the classes \[0 5\], got"):
            MLPClassifier().partial_fit(X, y, classes=[0, 5])
        model = MLPClassifier().partial_fit(X, y, classes=[0, 1, 2])
        with pytest.raises(ValueError, match=r"y: expected labels .* \[0 1 2\], got \[7\]"):
            model.partial_fit(X, y + 7 * (y == 1) - y)
        assert model.predict_proba(X).shape == (200, 3)


@unfinished
class TestSampleWeight:
    """Beside scikit-learn's check that a weight of w does what w copies do, in a single batch."""

    @pytest.mark.parametrize("estimator", [MLPClassifier, MLPRegressor])
    def test_loss_in_small_batches_is_that_of_the_copies(self, estimator):
        # A learning rate of next to nothing: only the loss is measured.
        X, y = MOONS
        weights = np.random.default_rng(0).integers(0, 4, len(X))
        settings = {"alpha": 0, "learning_rate_init": 1e-12, "batch_size": 7, "max_iter": 1}
        weighted, copied = (estimator(8, random_state=0, **settings) for _ in range(2))
        weighted.fit(X, y, weights)
        copied.fit(X.repeat(weights, axis=0), y.repeat(weights))
        assert weighted.loss_curve_ == pytest.approx(copied.loss_curve_, rel=1e-6)
        scaled = estimator(8, random_state=0, **settings).fit(X, y, weights * 0.1)
        assert weighted.loss_curve_ == pytest.approx(scaled.loss_curve_)

    def test_small_batches_learn_what_the_copies_teach(self):
        # Both labels at the same place, weighted 3 to 1.
        X, y = np.ones((60, 1)), np.tile([0, 1], 30)
        model = MLPClassifier((), batch_size=10, learning_rate_init=0.01, alpha=0, random_state=0)
        model.fit(X, y, sample_weight=np.where(y == 1, 3.0, 1.0))
        assert model.predict_proba(X[:1])[0, 1] == pytest.approx(0.75, abs=0.03)
        for _ in range(100):
            model.partial_fit(X, y, sample_weight=np.where(y == 0, 3.0, 1.0))
        assert model.predict_proba(X[:1])[0, 1] == pytest.approx(0.25, abs=0.03)

    def test_weights_that_all_differ_and_early_stopping(self):
        X, y = MOONS
        trusted = np.random.default_rng(0).random(len(X)) < 0.5
        labels = np.where(trusted, y, 1 - y)  # all that is not trusted is wrong
        weights = np.where(trusted, 1.0, 0.05) + np.linspace(0, 0.01, len(X))
        model = MLPClassifier(16, early_stopping=True, learning_rate_init=0.02, random_state=0)
        assert model.fit(X, labels, weights).score(X, y) > 0.8
        assert model.fit(X, labels).score(X, y) < 0.8

    def test_bad_weights(self):
        with pytest.raises(ValueError, match=r"[Nn]egative"):
            MLPRegressor().fit(*MOONS, sample_weight=-np.ones(200))


@unfinished
class TestInCompany:
    def test_pipeline_cross_validation_and_string_labels(self):
        iris = load_iris()
        names = iris.target_names[iris.target]
        settings = {"learning_rate_init": 0.02, "max_iter": 60, "random_state": 0}
        model = make_pipeline(StandardScaler(), MLPClassifier(8, **settings))
        scores = cross_val_score(model, iris.data, names, cv=5)
        assert scores.mean() > 0.9
        assert set(model.fit(iris.data, names).predict(iris.data)) <= set(iris.target_names)

    def test_grid_search_finds_the_hidden_layer(self):
        X, y = nn.datasets.xor(200, rng=0)
        search = GridSearchCV(
            MLPClassifier(learning_rate_init=0.05, max_iter=40, random_state=0),
            {"hidden_layer_sizes": [(), (8,)], "alpha": [1e-4, 1e-2]},
            cv=3,
        ).fit(X, y)
        assert search.best_params_["hidden_layer_sizes"] == (8,)
        assert search.best_score_ > 0.95

    def test_threads_get_the_results_that_one_gets_alone(self):
        model = MLPClassifier(8, max_iter=30, random_state=0)
        X, y = MOONS
        alone = cross_val_score(model, X, y, cv=8, scoring="neg_log_loss")
        with parallel_config("threading", n_jobs=4):
            together = cross_val_score(model, X, y, cv=8, scoring="neg_log_loss")
        # Not to the last digit: the BLAS may share its threads out otherwise.
        np.testing.assert_allclose(together, alone, rtol=1e-4)

    def test_grid_search_on_a_dask_cluster(self):
        from dask.distributed import Client, LocalCluster

        def build(shape, n_outputs, rng, width):  # defined here, it travels to the workers
            hidden = nn.Linear(*shape, width, rng=rng)
            return nn.Sequential(hidden, nn.Tanh(), nn.Linear(width, n_outputs, rng=rng))

        def network_and_process(estimator, X, y):
            return {"accuracy": estimator.score(X, y), "process": os.getpid()}

        model = NetworkClassifier(build, max_iter=40, learning_rate_init=0.05, random_state=0)
        search = GridSearchCV(
            model,
            {"build__width": [1, 2, 8]},
            cv=4,
            scoring=network_and_process,
            refit="accuracy",
        )
        X, y = nn.datasets.xor(200, rng=0)
        alone = clone(search).fit(X, y).cv_results_
        with (
            LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
            Client(cluster, timeout=300) as client,
            parallel_config("dask"),
        ):
            search.fit(X, y)
            workers = set(client.run(os.getpid).values())
        processes = {
            int(search.cv_results_[f"split{i}_test_process"][k]) for i in range(4) for k in range(3)
        }
        # Which of them has the work to do is the scheduler's affair.
        assert len(workers) == 2 and processes <= workers and os.getpid() not in workers
        np.testing.assert_allclose(
            search.cv_results_["mean_test_accuracy"], alone["mean_test_accuracy"]
        )
        assert search.best_params_ == {"build__width": 8} and search.best_score_ > 0.95

    def test_threads_may_share_one_trained_network(self):
        X, y = digits()
        model = NetworkClassifier(convolutional, max_iter=2, random_state=0).fit(X, y)
        parts = [X[i::8] for i in range(8)] * 4
        alone = [model.predict_proba(part) for part in parts]
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(model.predict_proba, parts))
        for a, b in zip(alone, together, strict=True):
            np.testing.assert_allclose(a, b, rtol=0, atol=1e-5)  # as above

    @pytest.mark.parametrize("model", [Perceptron(), MLPClassifier(4, max_iter=3), MLPRegressor(4)])
    def test_clone_and_pickle(self, model):
        X, y = MOONS
        model.fit(X, y)
        copy = pickle.loads(pickle.dumps(model))
        np.testing.assert_array_equal(copy.predict(X), model.predict(X))
        fresh = clone(model)
        assert fresh.get_params() == model.get_params()
        with pytest.raises(NotFittedError):
            fresh.predict(X)

    def test_a_pickle_carries_no_gradients(self):
        model = MLPClassifier(100, max_iter=3).fit(*MOONS)
        assert all(p.grad is None for p in model.network_.parameters())
        numbers = sum(p.data.nbytes for p in model.network_.parameters())
        assert len(pickle.dumps(model)) < numbers + 5000


@pytest.mark.parametrize("estimator", [MLPClassifier, MLPRegressor])
@pytest.mark.parametrize(
    "parameters, error, words",
    [
        ({"hidden_layer_sizes": (5, 0)}, ValueError, "hidden_layer_sizes: .* at least 1, got 0"),
        (
            {"hidden_layer_sizes": 2.5},
            ValueError,
            "hidden_layer_sizes: .* whole number .*, got 2.5",
        ),
        (
            {"hidden_layer_sizes": (2.5,)},
            ValueError,
            "hidden_layer_sizes: .* whole number .*, got 2.5",
        ),
        ({"activation": "step"}, ValueError, "activation: expected .*identity.*got 'step'"),
        ({"alpha": -1}, ValueError, "alpha: expected a finite number of at least 0, got -1"),
        ({"alpha": np.nan}, ValueError, "alpha: expected a finite number .*, got nan"),
        ({"batch_size": 0}, ValueError, "batch_size: .* at least 1, got 0"),
        ({"batch_size": "all"}, ValueError, "batch_size: expected a whole number .*, got 'all'"),
        ({"learning_rate_init": 0}, ValueError, "learning_rate_init: .* above 0, got 0"),
        ({"learning_rate_init": None}, ValueError, "learning_rate_init: .* number .*, got None"),
        ({"max_iter": -1}, ValueError, "max_iter: .* at least 1, got -1"),
        ({"tol": -1}, ValueError, "tol: expected a finite number of at least 0, got -1"),
        ({"n_iter_no_change": 0}, ValueError, "n_iter_no_change: .* at least 1, got 0"),
        (
            {"early_stopping": True, "validation_fraction": 1.0},
            ValueError,
            "validation_fraction: expected a number between 0 and 1, got 1.0",
        ),
    ],
)
def test_bad_parameters_are_found_by_fit(estimator, parameters, error, words):
    model = estimator(**parameters)  # the constructor only stores
    with pytest.raises(error, match=words):
        model.fit(*MOONS)


def test_one_class_is_nothing_to_learn():
    with pytest.raises(ValueError, match=r"y: expected at least two classes, got one class, .1."):
        MLPClassifier().fit([[1.0], [2.0]], [1, 1])


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
@unfinished
def test_a_refit_that_ends_early_leaves_the_estimator_as_it_was(error):
    """Other classes, other features: nothing of them may show if the training does not end."""
    X, y = MOONS
    calls = []

    def build(shape, n_outputs, rng):
        class Stops(nn.Module):
            def __init__(self):
                self.inside = nn.Linear(*shape, n_outputs, rng=rng)

            def forward(self, x):
                calls.append(shape)
                if shape == (3,):
                    raise error("in the middle")
                return self.inside(x)

        return Stops()

    model = NetworkClassifier(build, max_iter=3, random_state=0).fit(X, y)
    before, labels = dict(vars(model)), model.predict(X)
    with pytest.raises(error, match="in the middle"):
        model.fit(np.column_stack([X, X[:, 0]]), np.arange(len(X)) % 3)
    assert calls[-1] == (3,)
    assert vars(model) == before
    np.testing.assert_array_equal(model.predict(X), labels)


def test_a_perceptron_that_fails_to_refit_stays_as_it_was():
    model = Perceptron().fit(*SEPARABLE)
    before = dict(vars(model))
    with pytest.raises(ValueError, match="multiclass"):
        model.fit(np.ones((3, 4)), [0, 1, 2])
    assert vars(model).keys() == before.keys()
    assert all(vars(model)[name] is value for name, value in before.items())
