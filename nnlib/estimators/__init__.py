"""nnlib's networks as scikit-learn estimators, for pipelines, cross-validation and grid search.

Names and defaults are scikit-learn's, `fit` is nnlib's; `network_` is the trained network.
"""

from nnlib.estimators.networks import (
    MLPClassifier, MLPRegressor, NetworkClassifier, NetworkRegressor, multilayer_perceptron,
)  # fmt: skip
from nnlib.estimators.perceptron import Perceptron

__all__ = [
    "MLPClassifier", "MLPRegressor", "NetworkClassifier", "NetworkRegressor", "Perceptron",
    "multilayer_perceptron",
]  # fmt: skip
