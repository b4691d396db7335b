"""Optimizers: how gradients change parameters.

All parameters of an optimizer live in one flat vector, of which each parameter holds a view, so an
update is a few operations on one array however many layers there are.
"""

import numpy as np

from nnlib.tensor import Tensor


class Optimizer:
    """What all optimizers share; a subclass writes only its rule, `update`."""

    memories = 0  # how many numbers the rule remembers for each parameter

    def __init__(self, parameters, lr, weight_decay):
        self.parameters = list(parameters)
        if not self.parameters:
            raise ValueError("parameters: expected at least one, got none")
        for p in self.parameters:
            if not isinstance(p, Tensor):
                raise TypeError(f"parameters: expected tensors, got {type(p).__name__}")
        dtypes = {p.dtype for p in self.parameters}
        if len(dtypes) > 1:
            raise ValueError(f"parameters: expected one dtype, got {sorted(map(str, dtypes))}")
        _at_least_zero(lr=lr, weight_decay=weight_decay)
        self.lr, self.weight_decay, self.t = lr, weight_decay, 0
        self._flatten()
        self._gradient = np.empty_like(self._flat)
        self._memories = [np.zeros_like(self._flat) for _ in range(self.memories)]

    def _flatten(self):
        """Copy all parameters into one vector and make each parameter a view into it."""
        self._flat = np.concatenate([p.data for p in self.parameters], axis=None)
        ends = np.cumsum([p.size for p in self.parameters])
        self._parts = [slice(end - p.size, end) for end, p in zip(ends, self.parameters)]
        self._views = [
            self._flat[part].reshape(p.shape) for part, p in zip(self._parts, self.parameters)
        ]
        for p, view in zip(self.parameters, self._views):
            p.data = view

    def zero_grad(self):
        """Forget all gradients; `backward` adds to those that are there."""
        for p in self.parameters:
            p.grad = None

    def step(self):
        """Change all parameters by their gradients; one without a gradient stays as it is."""
        for p, view in zip(self.parameters, self._views):
            if p.data is not view:  # another optimizer has taken it over, or a program replaced it
                self._reclaim()
                break
        self.t += 1
        gradients = [p.grad for p in self.parameters]
        if all(g is not None for g in gradients):
            np.concatenate(gradients, axis=None, out=self._gradient)
            self._apply(slice(None))
            return
        for g, part in zip(gradients, self._parts):
            if g is not None:
                self._gradient[part] = g.ravel()
                self._apply(part)

    def _reclaim(self):
        dtype = self._flat.dtype
        if any(p.dtype != dtype for p in self.parameters):
            raise ValueError(f"parameters: no longer {dtype}; make a new optimizer after astype")
        self._flatten()

    def _apply(self, part):
        p, g = self._flat[part], self._gradient[part]
        if self.weight_decay:
            g += self.weight_decay * p
        self.update(p, g, *(memory[part] for memory in self._memories))

    def update(self, p, g, *memories):
        """Change the vector of parameters p in place by their gradients g, in step number self.t.

        g may be overwritten; each memory is a vector like p, zeros at first, that the rule keeps."""
        raise NotImplementedError(f"{type(self).__name__} has no update rule")


class SGD(Optimizer):
    """Stochastic gradient descent, p ← p - lr g, with PyTorch's momentum.

    With momentum μ a velocity v ← μ v + g takes the place of g; with `nesterov` g + μ v does.
    `weight_decay` adds weight_decay · p to g. Source: Sutskever et al. (2013), On the importance of
    initialization and momentum in deep learning.

    >>> w = Tensor([2.0], requires_grad=True)
    >>> optimizer = SGD([w], lr=0.25)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.data
    array([1.], dtype=float32)
    """

    memories = 1

    def __init__(self, parameters, lr=1e-3, momentum=0.0, weight_decay=0.0, nesterov=False):
        super().__init__(parameters, lr, weight_decay)
        _at_least_zero(momentum=momentum)
        if nesterov and not momentum:
            raise ValueError("nesterov: needs a momentum above 0")
        self.momentum, self.nesterov = momentum, nesterov

    def update(self, p, g, v):
        if self.momentum:
            v *= self.momentum
            v += g
            g = g + self.momentum * v if self.nesterov else v
        p -= self.lr * g


class Adam(Optimizer):
    """Adam: each parameter's step is scaled by the size of its recent gradients.

    `betas` are the decay rates of the running means m of g and v of g²; both are divided by
    1 - betaᵗ, since they start at zero. Then p ← p - lr m / (√v + eps).
    Source: Kingma and Ba (2015), Adam: a method for stochastic optimization.
    """

    memories = 2

    def __init__(self, parameters, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        super().__init__(parameters, lr, weight_decay)
        if len(betas) != 2 or not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"betas: expected two numbers from 0 to below 1, got {betas!r}")
        _at_least_zero(eps=eps)
        self.betas, self.eps = tuple(betas), eps

    def update(self, p, g, m, v):
        beta1, beta2 = self.betas
        m *= beta1
        m += (1 - beta1) * g
        v *= beta2
        g *= g
        g *= 1 - beta2
        v += g
        np.sqrt(v, out=g)
        g /= np.sqrt(1 - beta2**self.t)
        g += self.eps
        np.divide(m, g, out=g)
        g *= self.lr / (1 - beta1**self.t)
        p -= g


def _at_least_zero(**settings):
    for name, value in settings.items():
        if not (isinstance(value, (int, float, np.number)) and 0 <= value < np.inf):
            raise ValueError(f"{name}: expected a number of at least 0, got {value!r}")
