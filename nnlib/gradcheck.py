"""Is a derivative right? Compare it with the slope between two nearby points."""

import numpy as np

from nnlib.tensor import Tensor


def gradcheck(function, inputs, eps=1e-6, tol=1e-6):
    """Compare a function's gradients with central differences.

    Parameters
    ----------
    function : takes the inputs, returns a Tensor of any shape
    inputs : list of Tensor, float64
        Each with `requires_grad` is checked, element by element.
    eps : float
        Half the distance between the two points.
    tol : float
        Largest difference allowed, times max(1, abs(slope)).

    Returns
    -------
    True

    Raises
    ------
    AssertionError
        At the first wrong element; the message holds the input, its place and both derivatives.

    Examples
    --------
    >>> x = Tensor(np.array([1.0, 2.0]), requires_grad=True)
    >>> gradcheck(lambda x: x * x, [x])
    True
    """
    inputs = list(inputs)
    for i, x in enumerate(inputs):
        if not isinstance(x, Tensor) or (x.requires_grad and x.dtype != np.float64):
            raise TypeError(f"inputs[{i}]: expected a float64 Tensor, got {x!r}")
    output = function(*inputs)
    # Weights make one number of several outputs; random ones keep errors from canceling.
    rng = np.random.default_rng(0)
    weights = rng.uniform(0.5, 1.5, output.shape) if output.size > 1 else np.ones(output.shape)
    before = [x.grad for x in inputs]
    for x in inputs:
        x.grad = None
    output.backward(weights)
    gradients = [np.zeros(x.shape) if x.grad is None else x.grad for x in inputs]
    for x, grad in zip(inputs, before):
        x.grad = grad

    def value():
        return np.sum(function(*inputs).data * weights)

    for i, (x, gradient) in enumerate(zip(inputs, gradients)):
        if not x.requires_grad:
            continue
        for index in np.ndindex(x.shape):
            original = x.data[index]
            x.data[index] = original + eps
            above = value()
            x.data[index] = original - eps
            below = value()
            x.data[index] = original
            slope = (above - below) / (2 * eps)
            if not abs(gradient[index] - slope) <= tol * max(1, abs(slope)):
                name = getattr(function, "__name__", repr(function))
                raise AssertionError(
                    f"{name}: the derivative with respect to input {i} at {index}, where it is "
                    f"{original:.6g}, came out as {gradient[index]:.8g}; the slope is {slope:.8g}"
                )
    return True
