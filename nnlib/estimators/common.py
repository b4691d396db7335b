"""What all estimators share: a fit that fails leaves nothing half done, and what labels must be."""

from copy import copy
from functools import wraps

import numpy as np
from sklearn.utils.multiclass import check_classification_targets


def whole_or_not_at_all(fit):
    """Let fit work on a copy and take all its attributes over at the end, or none after an error.

    What `partial_fit` goes on training is one network, though, as far as it came.
    """

    @wraps(fit)
    def fit_a_copy(self, *args, **options):
        vars(self).update(vars(fit(copy(self), *args, **options)))
        return self

    return fit_a_copy


def find_classes(y):
    """The sorted labels, two at least."""
    check_classification_targets(y)
    classes = np.unique(y)
    if len(classes) > 1:
        return classes
    raise ValueError(f"y: expected at least two classes, got one class, {classes.tolist()}")
