"""Three pictures that the course draws again and again, each one call.

Colors are those of the widgets and safe for color-blind readers; nothing is told by color alone:
classes differ by marker, signs of weights and kinds of loss by dash. Importing this module gives
all figures the style of nnlib.figures.
"""

import itertools

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb

from nnlib.figures import CLASS_COLORS, INK, TEXT, use_style
from nnlib.layers import Linear, Sigmoid, Softmax, softmax
from nnlib.module import Module
from nnlib.tape import no_grad
from nnlib.tensor import Tensor
from nnlib.training import History
from nnlib.validation import finite, instance

CLASS_MARKERS = ["s", "o", "^", "D", "P", "h"]
POSITIVE, NEGATIVE = CLASS_COLORS[1], CLASS_COLORS[0]

use_style()


def decision_boundary(
    model, X, y, ax=None, *, feature_names=("$x_1$", "$x_2$"), units=None, class_names=None
):
    """Labeled points in the plane, and the class that a model gives to every place around them.

    Parameters
    ----------
    model : what scores the points: an nnlib network with 1 logit or with one logit per class, an
        nnlib.Perceptron, a fitted scikit-learn classifier, or a function of X, shape (n, 2), that
        returns scores, shape (n,) or (n, 1) with the boundary at 0, or (n, classes).
    X : array, shape (n, 2)
    y : array, shape (n,), of labels
    ax : matplotlib Axes, optional
    feature_names : two strings for the axes
    units : two strings to go with them, such as ("Pauling", "pm"), optional
    class_names : one string per class for the legend, in the order of the sorted labels; optional

    Returns
    -------
    The Axes. The boundary is the thick line. Where the model gives probabilities (a network, or
    `predict_proba`), the background is the stronger the surer the model is.

    Raises
    ------
    ValueError
        If a shape does not fit or a score is not finite.
    TypeError
        If the model is none of these; a network must give logits, not end in Sigmoid or Softmax.
    """
    X, y = np.asarray(X), np.asarray(y)
    if X.dtype.kind not in "fiub":
        raise TypeError(f"X: expected numbers, got dtype {X.dtype}")
    X = X.astype(float)
    if X.ndim != 2 or X.shape[1] != 2 or not len(X):
        raise ValueError(f"X: expected shape (n, 2), points in the plane, got shape {X.shape}")
    if y.shape != (len(X),):
        raise ValueError(f"y: expected one label for each of {len(X)} points, got shape {y.shape}")

    finite("X", X)
    _texts(2, feature_names=feature_names, units=units)

    low, high = X.min(axis=0), X.max(axis=0)
    pad = 0.1 * np.where(high > low, high - low, 1.0)
    low, high = low - pad, high + pad
    across, up = (np.linspace(low[i], high[i], 200) for i in (0, 1))
    grid = np.stack(np.meshgrid(across, up), axis=-1)
    scores, sure = _class_scores(model, grid.reshape(-1, 2))
    labels = _class_labels(model, y, scores.shape[1])
    _texts(len(labels), class_names=class_names)
    if class_names is None:
        class_names = [f"class {label}" for label in labels]

    ax = _axes(ax)
    winner = scores.argmax(axis=1)
    strength = np.full(len(scores), 0.25) if sure is None else 0.06 + 0.32 * sure
    color = np.array([to_rgb(_cycle(CLASS_COLORS, k)) for k in range(len(labels))])[winner]
    field = 1 - strength[:, None] * (1 - color)  # a mixture with white
    place = {"extent": (low[0], high[0], low[1], high[1]), "origin": "lower", "aspect": "auto"}
    ax.imshow(field.reshape(*grid.shape[:2], 3), **place, interpolation="none", zorder=0)
    for k in range(len(labels) if len(labels) != 2 else 1):  # two classes share one boundary
        lead = scores[:, k] - np.delete(scores, k, axis=1).max(axis=1, initial=-np.inf)
        if lead.min() < 0 < lead.max():
            lead = lead.reshape(grid.shape[:2])
            ax.contour(across, up, lead, [0], colors=INK, linewidths=2, zorder=1)
    for k, (label, name) in enumerate(zip(labels, class_names)):
        marks = {"c": _cycle(CLASS_COLORS, k), "marker": _cycle(CLASS_MARKERS, k), "label": name}
        ax.scatter(*X[y == label].T, s=46, **marks, edgecolors="white", linewidths=0.8, zorder=2)
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    units = [f" ({unit})" for unit in units] if units is not None else ["", ""]
    ax.set(xlabel=feature_names[0] + units[0], ylabel=feature_names[1] + units[1])
    ax.legend(frameon=True, facecolor="white", framealpha=0.9, edgecolor="none", handletextpad=0.3)
    return ax


def learning_curve(history, ax=None):
    """The losses of an nnlib.History against the epoch, beginning with 1.

    The training loss is solid, the validation loss, if there is one, dashed. Returns the Axes.
    """
    instance(History, history=history)
    if not history.loss:
        raise ValueError("history: expected at least one epoch, got none")
    ax = _axes(ax)
    epochs = np.arange(1, len(history.loss) + 1)
    ax.plot(epochs, history.loss, color=CLASS_COLORS[1], linewidth=2.2, label="training")
    if history.validation_loss:
        dashed = {"color": CLASS_COLORS[0], "linewidth": 2.2, "linestyle": (0, (4, 1.5))}
        ax.plot(epochs, history.validation_loss, **dashed, label="validation")
        ax.legend()
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.grid(axis="y")
    ax.set(xlabel="epoch", ylabel="loss")
    return ax


def network_diagram(network, ax=None, *, feature_names=None):
    """A network's units and weights: blue solid lines are positive, orange dashed ones negative.

    A line's width grows with the size of its weight. In a small network, of up to 24 weights and 5
    units a layer, the lines carry their numbers and the units their biases.

    Parameters
    ----------
    network : nnlib.Sequential of Linear layers and activations, of up to 16 units a layer
    ax : matplotlib Axes, optional
    feature_names : one string per input, optional

    Returns
    -------
    The Axes.
    """
    layers, below = _linear_layers(network)
    sizes = [layers[0].weight.shape[1]] + [layer.weight.shape[0] for layer in layers]
    if max(sizes) > 16:
        raise ValueError(f"network: expected up to 16 units a layer, got {max(sizes)}")
    _texts(sizes[0], feature_names=feature_names)

    ax = _axes(ax)
    weights = [layer.weight.data for layer in layers]
    numbered = sum(w.size for w in weights) <= 24 and max(sizes) <= 5
    largest = max(float(np.abs(w).max()) for w in weights) or 1.0
    top = max(max(sizes) - 1, 1)
    ys = [top / 2 + (size - 1) / 2 - np.arange(size) for size in sizes]  # the first unit on top
    diameter = 36 if numbered else min(18, 150 / max(sizes))  # points

    for column, w in enumerate(weights):
        pairs = itertools.product(ys[column + 1], ys[column])
        ends = np.array([[(column, start), (column + 1, end)] for end, start in pairs])
        positive, size = w.ravel() >= 0, np.abs(w.ravel()) / largest
        dashed = (0, (3, 1.2))
        for own, color, dash in (positive, POSITIVE, "solid"), (~positive, NEGATIVE, dashed):
            style = {"linewidths": 0.4 + (5 if numbered else 3) * size[own], "linestyles": [dash]}
            ax.add_collection(LineCollection(ends[own], colors=color, zorder=1, **style))
        if numbered:
            for line, (x, y), value in zip(ends, _label_places(ends, top), w.ravel()):
                angle = np.degrees(np.arctan2(*(line[1] - line[0])[::-1]))
                along = {"rotation_mode": "anchor", "transform_rotates_text": True}
                box = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
                color = POSITIVE if value >= 0 else NEGATIVE
                style = {"rotation": angle, **along, "bbox": box, "color": color, "zorder": 2}
                ax.text(x, y, _short(value), ha="center", va="center", **style)

    for column, y in enumerate(ys):
        x = np.full(len(y), column)
        ax.scatter(x, y, s=diameter**2, c="white", edgecolors=INK, linewidths=1.4, zorder=3)
        ax.text(column, -0.16 * top, below[column], ha="center", va="top", fontsize=TEXT)
    for i, y in enumerate(ys[0]):
        if numbered and feature_names is None:
            ax.text(0, y, f"$x_{{{i + 1}}}$", ha="center", va="center", fontsize=TEXT, zorder=4)
        else:
            name = feature_names[i] if feature_names is not None else f"$x_{{{i + 1}}}$"
            beside = {"xytext": (-diameter / 2 - 4, 0), "textcoords": "offset points"}
            ax.annotate(name, (0, y), **beside, ha="right", va="center")
    if numbered:
        for column, layer in enumerate(layers, start=1):
            for y, bias in zip(ys[column], layer.bias.data if layer.bias is not None else []):
                ax.text(column, y, _short(bias), ha="center", va="center", zorder=4)
    ax.set(xlim=(-0.35, len(layers) + 0.35), ylim=(-0.36 * top, 1.12 * top))
    ax.set_axis_off()
    return ax


def _axes(ax):
    if ax is None:
        return plt.subplots(figsize=(6, 4.4))[1]
    instance(Axes, ax=ax)
    return ax


def _texts(count, **settings):
    for name, texts in settings.items():
        if texts is not None and (isinstance(texts, str) or np.shape(texts) != (count,)):
            raise ValueError(f"{name}: expected {count} strings, got {texts!r}")


def _cycle(values, k):
    return values[k % len(values)]


def _class_scores(model, points):
    """Scores (n, classes), the largest of which wins, and how sure (n,) in 0 to 1, or None."""
    if isinstance(model, Module):
        last = model
        while inside := last.named_children():
            last = inside[-1][1]
        if isinstance(last, (Sigmoid, Softmax)):
            raise TypeError(
                "model: expected a network that gives logits, got one that ends in "
                f"{type(last).__name__}; leave that layer to the loss"
            )
        with no_grad():
            scores = model(points)
    elif hasattr(model, "predict_proba"):
        scores = model.predict_proba(points)
    elif hasattr(model, "decision_function"):
        scores = model.decision_function(points)
    elif callable(model):
        scores = model(points)
    else:
        raise TypeError(
            "model: expected an nnlib network, a classifier with predict_proba or "
            f"decision_function, or a function, got {type(model).__name__}"
        )
    scores = np.asarray(scores.data if isinstance(scores, Tensor) else scores, dtype=float)
    if scores.shape in ((len(points),), (len(points), 1)):
        scores = scores.reshape(-1, 1) * [-0.5, 0.5]  # their difference is the score
    if scores.ndim != 2 or len(scores) != len(points):
        raise ValueError(
            f"model: expected scores of shape (n,) or (n, classes) for n = {len(points)} points, "
            f"got shape {scores.shape}"
        )
    if not np.isfinite(scores).all():
        raise ValueError("model: expected finite scores, got nan or infinity")

    if isinstance(model, Module):
        shares = softmax(scores).data
    elif hasattr(model, "predict_proba"):
        shares = scores
    else:
        return scores, None
    classes, most = scores.shape[1], shares.max(axis=1)
    return scores, (classes * most - 1) / (classes - 1) if classes > 1 else most


def _class_labels(model, y, classes):
    """The label that each column of scores stands for."""
    present = np.unique(y)
    if hasattr(model, "classes_"):
        labels = np.asarray(model.classes_)
    elif classes == 2 and np.isin(present, (-1, 1)).all() and (len(present) == 2 or -1 in present):
        labels = np.array([-1, 1])
    elif len(present) == classes:
        labels = present
    else:
        labels = np.arange(classes)
    if len(labels) != classes or not np.isin(present, labels).all():
        raise ValueError(
            f"y: the model has {classes} classes, which do not fit the labels {present.tolist()}"
        )
    return labels


def _linear_layers(network):
    """The Linear layers of a network, and the caption below each column of units."""
    instance(Module, network=network)
    layers, captions = [], ["input"]
    for module in [network] if isinstance(network, Linear) else network:
        if isinstance(module, Linear):
            layers.append(module)
            captions.append("")
        elif module.parameters() or not layers:
            raise ValueError(
                "network: expected Linear layers with activations behind them, got "
                f"{type(module).__name__}"
            )
        else:
            captions[-1] = type(module).__name__
    if not layers:
        raise ValueError("network: expected at least one Linear layer, got none")
    captions[-1] = f"output\n{captions[-1]}".strip()
    return layers, captions


def _label_places(ends, height):
    """A place (x, y) on each line, each as far from the ones before as its line allows."""
    along = np.linspace(0.28, 0.72, 23)[:, None]
    places = []
    for start, end in ends:
        candidates = start + along * (end - start)
        if not places:
            places.append(candidates[0])
            continue
        # A column's distance is about as wide on the page as half the picture's height.
        apart = (candidates[:, None] - np.array(places)) * [1, 1.5 / height]
        places.append(candidates[np.linalg.norm(apart, axis=2).min(axis=1).round(3).argmax()])
    return places


def _short(value):
    """Up to two decimals, with a true minus sign."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−")
