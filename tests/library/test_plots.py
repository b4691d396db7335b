"""What the plots draw: boundaries where they belong, losses as measured, weights as they are."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC

import nnlib as nn
from nnlib import plots

X = np.array([[-1.0, -2.0], [-1.0, 1.0], [2.0, 0.0], [1.0, 2.0], [0.5, -1.0]])
Y = np.array([0, 0, 1, 1, 1])


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def linear_network(weight, bias):
    weight = np.atleast_2d(weight)
    network = nn.Sequential(nn.Linear(weight.shape[1], len(weight), rng=0))
    network.load_state_dict({"0.weight": weight, "0.bias": np.atleast_1d(bias)})
    return network


def boundary_points(ax):
    """All points of the contours, as drawn, shape (k, 2)."""
    sets = [c for c in ax.collections if isinstance(c, matplotlib.contour.QuadContourSet)]
    paths = [path.vertices for s in sets for path in s.get_paths()]
    return np.concatenate(paths) if paths else np.empty((0, 2))


def color_at(ax, x, y):
    """The background's color at a place, as drawn."""
    image = ax.images[0]
    rows, columns = image.get_array().shape[:2]
    left, right, bottom, top = image.get_extent()
    column = min(int((x - left) / (right - left) * columns), columns - 1)
    row = min(int((y - bottom) / (top - bottom) * rows), rows - 1)
    if image.origin == "upper":
        row = rows - 1 - row
    return np.asarray(image.get_array())[row, column]


def nearest_class(color):
    """The class whose hue the mixture with white has."""
    away = [1 - np.array(to_rgb(c)) for c in plots.CLASS_COLORS]
    mix = 1 - color
    return int(np.argmax([mix @ a / np.linalg.norm(mix) / np.linalg.norm(a) for a in away]))


class TestDecisionBoundary:
    @given(arrays(float, 3, elements=st.floats(-3, 3)))
    @settings(max_examples=30, deadline=None)
    def test_line_of_one_logit_is_where_w_and_b_put_it(self, parameters):
        w, b = parameters[:2], parameters[2]
        assume(np.linalg.norm(w) > 0.1)
        ax = plots.decision_boundary(linear_network(w, b), X, Y)
        points = boundary_points(ax)
        distance = (points @ w + b) / np.linalg.norm(w)
        assert np.abs(distance).max(initial=0) < 1e-4
        (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
        corners = [[x, y] @ w + b for x in (left, right) for y in (bottom, top)]
        if min(corners) < -0.05 and max(corners) > 0.05:
            assert len(points) > 1
        plt.close(ax.figure)

    def test_sides_have_the_colors_of_their_classes(self):
        ax = plots.decision_boundary(linear_network([1.0, 0.0], -0.25), X, Y)
        assert nearest_class(color_at(ax, -0.9, 0)) == 0
        assert nearest_class(color_at(ax, 1.9, 0)) == 1
        # Surer away from the boundary: further from white.
        assert color_at(ax, 2, 0).sum() < color_at(ax, 0.4, 0).sum()

    def test_perceptron_and_two_flat_half_planes(self):
        signs = np.where(Y == 1, 1, -1)
        perceptron = nn.Perceptron().fit(X, signs)
        ax = plots.decision_boundary(perceptron, X, signs)
        points = boundary_points(ax)
        scores = points @ perceptron.weights + perceptron.bias
        assert len(points) > 1 and np.abs(scores).max() < 1e-9
        assert len(np.unique(ax.images[0].get_array().reshape(-1, 3), axis=0)) == 2
        assert [t.get_text() for t in ax.get_legend().get_texts()] == ["class -1", "class 1"]

    def test_three_logits_meet_where_two_are_equal(self):
        weight, bias = np.array([[1.0, 0.0], [-0.5, 0.9], [-0.5, -0.9]]), np.array([0.1, 0.0, -0.2])
        y = np.array([1, 1, 0, 1, 2])
        ax = plots.decision_boundary(linear_network(weight, bias), X, y)
        points = boundary_points(ax)
        first, second = -np.sort(-(points @ weight.T + bias), axis=1)[:, :2].T
        # Each class's contour is interpolated in the cells of a grid; where three meet it is round.
        assert np.quantile(first - second, 0.95) < 1e-4 and (first - second).max() < 0.03
        for k, direction in enumerate(weight):
            place = 1.5 * direction
            assert nearest_class(color_at(ax, *place)) == k

    @pytest.mark.parametrize(
        "model",
        [
            LogisticRegression(),
            SVC(),
            KNeighborsClassifier(1),
            RandomForestClassifier(5, random_state=0),
        ],
        ids=lambda model: type(model).__name__,
    )
    @pytest.mark.parametrize("classes", [2, 3])
    def test_scikit_learn(self, model, classes):
        points, y = nn.datasets.blobs(60, centers=classes, noise=0.15, rng=1)
        names = np.array(["ant", "bee", "cow"])[y]
        model.fit(points, names)
        ax = plots.decision_boundary(model, points, names)
        for (x0, x1), label in zip(points, y):
            predicted = list(model.classes_).index(model.predict([[x0, x1]])[0])
            assert nearest_class(color_at(ax, x0, x1)) == predicted == label
        drawn = [t.get_text() for t in ax.get_legend().get_texts()]
        assert drawn == [f"class {name}" for name in model.classes_]

    def test_a_function_may_scale_first(self):
        data = nn.datasets.load_octet_binaries()
        mean, spread = data.X.mean(axis=0), data.X.std(axis=0)
        perceptron = nn.Perceptron(max_epochs=1000).fit((data.X - mean) / spread, data.y)
        assert perceptron.converged
        ax = plots.decision_boundary(
            lambda points: perceptron.decision_function((points - mean) / spread),
            data.X,
            data.y,
            feature_names=data.feature_names,
            units=data.units,
            class_names=["tetrahedral", "rock salt"],
        )
        assert ax.get_xlabel() == "electronegativity difference (Pauling)"
        assert ax.get_ylabel() == "mean covalent radius (pm)"
        assert [t.get_text() for t in ax.get_legend().get_texts()] == ["tetrahedral", "rock salt"]
        scores = perceptron.decision_function((boundary_points(ax) - mean) / spread)
        assert np.abs(scores).max() < 1e-9

    def test_points_are_where_the_data_are_with_a_marker_for_each_class(self):
        ax = plots.decision_boundary(linear_network([1.0, 1.0], 0), X, Y)
        clouds = [c for c in ax.collections if c.get_label().startswith("class")]
        assert len(clouds) == 2
        for label, cloud in enumerate(clouds):
            np.testing.assert_array_equal(cloud.get_offsets(), X[Y == label])
            np.testing.assert_allclose(
                cloud.get_facecolor()[0, :3], to_rgb(plots.CLASS_COLORS[label])
            )
        shapes = [cloud.get_paths()[0].vertices for cloud in clouds]
        assert shapes[0].shape != shapes[1].shape

    def test_given_axes_are_used_and_returned(self):
        _, axes = plt.subplots(1, 2)
        assert plots.decision_boundary(linear_network([1.0, 1.0], 0), X, Y, axes[1]) is axes[1]
        assert not axes[0].images

    def test_model_is_asked_once_for_the_whole_grid(self):
        shapes = []

        def model(points):
            shapes.append(points.shape)
            return points[:, 0]

        plots.decision_boundary(model, X, Y)
        assert shapes == [(40_000, 2)]

    def test_no_boundary_in_sight(self):
        ax = plots.decision_boundary(lambda points: np.full(len(points), 3.0), X, Y)
        assert len(boundary_points(ax)) == 0
        assert nearest_class(color_at(ax, 0, 0)) == 1

    @pytest.mark.parametrize(
        "model, points, y, error, words",
        [
            (np.sum, X[:, :1], Y, ValueError, r"X: expected shape \(n, 2\).*got shape \(5, 1\)"),
            (np.sum, X, Y[:3], ValueError, r"y: expected one label for each of 5 .*\(3,\)"),
            ("a model", X, Y, TypeError, "model: expected an nnlib network, .*, got str"),
            (np.sum, X, Y, ValueError, r"model: expected scores .* got shape \(\)"),
            (lambda p: p[:, 0] * np.nan, X, Y, ValueError, "model: expected finite scores"),
            (
                lambda p: p,
                X,
                [0, 1, 2, 0, 1],
                ValueError,
                r"2 classes, which do not fit .*\[0, 1, 2\]",
            ),
            (
                nn.Sequential(nn.Linear(2, 1), nn.Sigmoid()),
                X,
                Y,
                TypeError,
                "gives logits, got one that ends in Sigmoid",
            ),
            (
                nn.Sequential(nn.Linear(2, 4), nn.Sequential(nn.Linear(4, 1), nn.Sigmoid())),
                X,
                Y,
                TypeError,
                "gives logits, got one that ends in Sigmoid",
            ),
            (np.sum, [["a", "b"]], [0], TypeError, "X: expected numbers, got dtype <U1"),
            (np.sum, X * np.nan, Y, ValueError, "X: expected finite numbers, got 10 that are"),
        ],
    )
    def test_errors(self, model, points, y, error, words):
        with pytest.raises(error, match=words):
            plots.decision_boundary(model, points, y)

    @pytest.mark.parametrize(
        "settings, error, words",
        [
            ({"ax": 3}, TypeError, "ax: expected an Axes, got int"),
            ({"feature_names": "ab"}, ValueError, "feature_names: expected 2 strings, got 'ab'"),
            ({"feature_names": ["a"]}, ValueError, "feature_names: expected 2 strings, got"),
            ({"units": ("pm",)}, ValueError, "units: expected 2 strings, got"),
            ({"class_names": 3}, ValueError, "class_names: expected 2 strings, got 3"),
        ],
    )
    def test_wrong_settings(self, settings, error, words):
        with pytest.raises(error, match=words):
            plots.decision_boundary(linear_network([1.0, 1.0], 0), X, Y, **settings)

    def test_wrong_number_of_class_names(self):
        with pytest.raises(ValueError, match="class_names: expected 2 strings, got"):
            plots.decision_boundary(linear_network([1.0, 1.0], 0), X, Y, class_names=["one"])


class TestLearningCurve:
    def test_lines_are_the_losses(self):
        ax = plots.learning_curve(nn.History([3.0, 2.0, 1.5], [3.5, 3.0, 3.2]))
        training, validation = ax.get_lines()
        np.testing.assert_array_equal(training.get_xydata(), [[1, 3.0], [2, 2.0], [3, 1.5]])
        np.testing.assert_array_equal(validation.get_xydata(), [[1, 3.5], [2, 3.0], [3, 3.2]])
        assert training.get_linestyle() != validation.get_linestyle()
        assert [t.get_text() for t in ax.get_legend().get_texts()] == ["training", "validation"]
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss")

    def test_without_validation(self):
        _, ax = plt.subplots()
        assert plots.learning_curve(nn.History([3.0, 2.0]), ax) is ax
        assert len(ax.get_lines()) == 1 and ax.get_legend() is None

    def test_empty_history(self):
        with pytest.raises(TypeError, match="history: expected a History, got list"):
            plots.learning_curve([1.0, 0.5])
        with pytest.raises(ValueError, match="history: expected at least one epoch, got none"):
            plots.learning_curve(nn.History())


class TestNetworkDiagram:
    def xor(self):
        network = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
        network.load_state_dict(
            {
                "0.weight": [[1, 1], [1, 1]],
                "0.bias": [0, -1],
                "2.weight": [[1, -2]],
                "2.bias": [-0.25],
            }
        )
        return network

    def lines(self, ax):
        """(start, end, width, color, dashed) of each weight's line."""
        for collection in ax.collections:
            if isinstance(collection, LineCollection):
                widths = np.broadcast_to(collection.get_linewidth(), len(collection.get_segments()))
                for segment, width in zip(collection.get_segments(), widths):
                    dashed = collection.get_linestyle()[0][1] is not None
                    yield *segment, width, tuple(collection.get_color()[0][:3]), dashed

    def test_each_weight_is_one_line_between_its_units(self):
        network = nn.Sequential(nn.Linear(3, 4, rng=0), nn.Tanh(), nn.Linear(4, 2, rng=1))
        ax = plots.network_diagram(network)
        units = [c.get_offsets() for c in ax.collections if not isinstance(c, LineCollection)]
        assert [len(u) for u in units] == [3, 4, 2]
        weights = [network[0].weight.data, network[2].weight.data]
        expected = {
            (column, i, j): w[j, i]
            for column, w in enumerate(weights)
            for j in range(w.shape[0])
            for i in range(w.shape[1])
        }
        drawn = {}
        for start, end, width, color, dashed in self.lines(ax):
            column = round(start[0])
            i = np.argmin(np.linalg.norm(units[column] - start, axis=1))
            j = np.argmin(np.linalg.norm(units[column + 1] - end, axis=1))
            np.testing.assert_allclose(
                [start, end], [units[column][i], units[column + 1][j]], atol=1e-9
            )
            drawn[column, i, j] = (width, color, dashed)
        assert drawn.keys() == expected.keys()
        for key, (_, color, dashed) in drawn.items():
            positive = expected[key] >= 0
            assert dashed == (not positive)
            assert color == to_rgb(plots.POSITIVE if positive else plots.NEGATIVE)
        by_size = sorted(expected, key=lambda key: abs(expected[key]))
        widths = [drawn[key][0] for key in by_size]
        assert widths == sorted(widths) and widths[-1] > 4 * widths[0]
        # Units are listed from the top.
        assert all((np.diff(u[:, 1]) < 0).all() for u in units)

    def test_small_networks_show_their_numbers(self):
        texts = [t.get_text() for t in plots.network_diagram(self.xor()).texts]
        for text, times in {"1": 5, "−2": 1, "−1": 1, "0": 1, "−0.25": 1, "$x_{1}$": 1}.items():
            assert texts.count(text) == times, text
        assert {"input", "ReLU", "output"} <= set(texts)

    def test_numbers_stand_on_their_lines_and_apart(self):
        network = nn.Sequential(nn.Linear(2, 4, rng=0), nn.Tanh(), nn.Linear(4, 3, rng=1))
        ax = plots.network_diagram(network)
        places = []
        for weights, column in ((network[0].weight.data, 0), (network[2].weight.data, 1)):
            for value in weights.ravel():
                text = plots._short(value)
                found = [
                    t.get_position()
                    for t in ax.texts
                    if t.get_text() == text and column < t.get_position()[0] < column + 1
                ]
                assert found
                places += found
        ax.figure.draw_without_rendering()
        pixels = ax.transData.transform(sorted(set(places)))
        gaps = np.linalg.norm(pixels[:, None] - pixels, axis=2)
        assert len(pixels) == 20 and gaps[gaps > 0].min() > 12

    def test_large_networks_do_not(self):
        network = nn.Sequential(nn.Linear(8, 16, rng=0), nn.Tanh(), nn.Linear(16, 1, rng=1))
        ax = plots.network_diagram(network, feature_names=list("abcdefgh"))
        texts = [t.get_text() for t in ax.texts]
        assert texts == ["input", "Tanh", "output", *"abcdefgh"]

    def test_without_bias_and_with_an_output_activation(self):
        network = nn.Sequential(nn.Linear(2, 1, bias=False, rng=0), nn.Sigmoid())
        texts = [t.get_text() for t in plots.network_diagram(network).texts]
        assert "output\nSigmoid" in texts and len(texts) == 2 + 2 + 2

    @pytest.mark.parametrize(
        "network, error, words",
        [
            (lambda x: x, TypeError, "network: expected a Module, got function"),
            (nn.Sequential(nn.Tanh()), ValueError, "network: expected Linear layers .* got Tanh"),
            (nn.Sequential(), ValueError, "network: expected at least one Linear layer, got none"),
            (
                nn.Linear(17, 1, rng=0),
                ValueError,
                "network: expected up to 16 units a layer, got 17",
            ),
        ],
    )
    def test_errors(self, network, error, words):
        with pytest.raises(error, match=words):
            plots.network_diagram(network)

    def test_wrong_number_of_feature_names(self):
        with pytest.raises(ValueError, match="feature_names: expected 2 strings, got"):
            plots.network_diagram(self.xor(), feature_names=["one"])
