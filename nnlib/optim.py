"""Optimizers: how gradients change parameters.

All parameters of an optimizer live in one flat vector, of which each parameter holds a view, so an
update is a few operations on one array however many layers there are.
"""

import numpy as np

from nnlib.tensor import Tensor
from nnlib.validation import BELOW_ONE, NOT_NEGATIVE, instance, number


class Optimizer:
    """What all optimizers share; a subclass writes only its rule, `update`."""

    memories = 0  # how many numbers the rule remembers for each parameter

    def __init__(self, parameters, lr, weight_decay):
        if isinstance(parameters, Tensor) or not hasattr(parameters, "__iter__"):
            kind = type(parameters).__name__
            raise TypeError(f"parameters: expected a list such as network.parameters(), got {kind}")
        parameters = list(parameters)
        instance(Tensor, **{f"parameters[{i}]": p for i, p in enumerate(parameters)})
        self.parameters = list(dict.fromkeys(parameters))
        if not self.parameters:
            raise ValueError("parameters: expected at least one, got none")
        for p in self.parameters:
            if not p.requires_grad or p._inputs:
                got = "one computed from others" if p._inputs else "one without"
                raise ValueError(f"parameters: expected tensors with requires_grad, got {got}")
        dtypes = {p.dtype for p in self.parameters}
        if len(dtypes) > 1:
            raise ValueError(f"parameters: expected one dtype, got {sorted(map(str, dtypes))}")
        number(NOT_NEGATIVE, lr=lr, weight_decay=weight_decay)
        # A numpy number would turn float32 arithmetic into float64.
        self.lr, self.weight_decay = float(lr), float(weight_decay)
        # All steps, and for each parameter those in which it had no gradient.
        self._steps, self._missed = 0, [0] * len(self.parameters)
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

    def __setstate__(self, state):
        vars(self).update(state)
        self._flatten()  # copying and pickling separate the parameters from the vector

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
        gradients = [p.grad for p in self.parameters]
        self._steps += 1
        self._missed = [missed + (g is None) for missed, g in zip(self._missed, gradients)]
        if not any(self._missed):
            np.concatenate(gradients, None, self._gradient)
            self._apply(slice(None), self._steps)
            return
        for g, part, missed in zip(gradients, self._parts, self._missed):
            if g is not None:
                self._gradient[part] = g.ravel()
                self._apply(part, self._steps - missed)

    def state_dict(self):
        """Copies of all that the rule remembers; `lr` and the like are settings, and not in it."""
        memories = [memory.copy() for memory in self._memories]
        return {"steps": self._steps, "missed": list(self._missed), "memories": memories}

    def load_state_dict(self, state):
        """Take over what `state_dict` of an optimizer of the same kind and parameters gave.

        Raises ValueError if it is none, or does not fit; nothing is changed then.
        """
        try:
            shapes = [np.shape(memory) for memory in state["memories"]]
            fits = shapes == [m.shape for m in self._memories]
            fits = fits and len(state["missed"]) == len(self.parameters)
        except (KeyError, TypeError):
            fits = False
        if not fits:
            raise ValueError(
                f"state: expected the state_dict of a {type(self).__name__} over as many parameters"
            )
        self._steps, self._missed = state["steps"], list(state["missed"])
        for mine, memory in zip(self._memories, state["memories"]):
            mine[...] = memory

    def _reclaim(self):
        dtype = self._flat.dtype
        if any(p.dtype != dtype for p in self.parameters):
            raise ValueError(f"parameters: no longer {dtype}; make a new optimizer after astype")
        self._flatten()

    def _apply(self, part, t):
        p, g = self._flat[part], self._gradient[part]
        if self.weight_decay:
            self.decay(p, g)
        self.update(p, g, t, *[memory[part] for memory in self._memories])

    def decay(self, p, g):
        """Pull toward zero: the gradient of weight_decay/2 · p² is added to the loss's."""
        g += self.weight_decay * p

    def update(self, p, g, t, *memories):
        """Change the vector of parameters p in place by their gradients g, in their step number t.

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

    def __init__(self, parameters, lr=1e-3, momentum=0.0, *, weight_decay=0.0, nesterov=False):
        super().__init__(parameters, lr, weight_decay)
        number(NOT_NEGATIVE, momentum=momentum)
        if nesterov and not momentum:
            raise ValueError("nesterov: needs a momentum above 0")
        self.momentum, self.nesterov = float(momentum), nesterov

    def update(self, p, g, t, v):
        direction = g
        if self.momentum:
            v *= self.momentum
            v += g
            if self.nesterov:
                g += self.momentum * v
            else:
                direction = v
        p -= np.multiply(direction, self.lr, out=g)


class RMSprop(Optimizer):
    """Each parameter's step is divided by the recent size of its gradient, the root of a mean of g².

    The running mean is v ← alpha v + (1 - alpha) g², and p ← p - lr g / (√v + eps). `centered`
    subtracts the square of the running mean of g from v: what is left is g's variance. With
    momentum μ a velocity u ← μ u + g / (√v + eps) takes the place of the quotient.
    Source: Tieleman and Hinton (2012), Lecture 6.5, Neural networks for machine learning.
    """

    memories = 3

    def __init__(self, parameters, lr=1e-2, alpha=0.99, eps=1e-8, weight_decay=0.0, momentum=0.0,
                 centered=False):  # fmt: skip
        super().__init__(parameters, lr, weight_decay)
        number(BELOW_ONE, alpha=alpha)
        number(NOT_NEGATIVE, eps=eps, momentum=momentum)
        self.alpha, self.eps, self.momentum = float(alpha), float(eps), float(momentum)
        self.centered = centered

    def update(self, p, g, t, v, mean, u):
        v *= self.alpha
        v += (1 - self.alpha) * (g * g)
        size = v
        if self.centered:
            mean *= self.alpha
            mean += (1 - self.alpha) * g
            size = np.maximum(v - mean * mean, 0)  # rounding may leave less than 0
        size = np.sqrt(size)
        size += self.eps
        g /= size
        direction = g
        if self.momentum:
            u *= self.momentum
            u += g
            direction = u
        p -= np.multiply(direction, self.lr, out=g)


class Adam(Optimizer):
    """Adam: each parameter's step is scaled by the size of its recent gradients.

    With m a mean of the gradients so far and v one of their squares, p ← p - lr m / (√v + eps).
    In the means a gradient's weight shrinks with every step by the factor beta, one of `betas` for
    m and one for v. Source: Kingma and Ba (2015), Adam: a method for stochastic optimization.
    """

    memories = 2

    def __init__(self, parameters, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        super().__init__(parameters, lr, weight_decay)
        if not isinstance(betas, (tuple, list)) or len(betas) != 2:
            raise ValueError(f"betas: expected two numbers from 0 to below 1, got {betas!r}")
        number(BELOW_ONE, **{"betas[0]": betas[0], "betas[1]": betas[1]})
        number(NOT_NEGATIVE, eps=eps)
        self.betas, self.eps = tuple(map(float, betas)), float(eps)

    def update(self, p, g, t, m, v):
        # m and v hold weighted sums; the means are these divided by the sum of the weights,
        # 1 + beta + ... + betaᵗ⁻¹. Dividing the few numbers below instead saves passes over p.
        beta1, beta2 = self.betas
        weights1, weights2 = (1 - beta1**t) / (1 - beta1), (1 - beta2**t) / (1 - beta2)
        m *= beta1
        m += g
        g *= g
        v *= beta2
        v += g
        np.sqrt(v, out=g)
        g += self.eps * weights2**0.5
        np.divide(m, g, out=g)
        g *= self.lr * weights2**0.5 / weights1
        p -= g


class AdamW(Adam):
    """Adam whose weight decay shrinks the parameters themselves, p ← (1 - lr weight_decay) p.

    In `Adam` it is added to the gradient, whose size the step then divides out again.
    Source: Loshchilov and Hutter (2019), Decoupled weight decay regularization.
    """

    def __init__(self, parameters, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
        super().__init__(parameters, lr, betas, eps, weight_decay)

    def decay(self, p, g):
        p *= 1 - self.lr * self.weight_decay


def clip_grad_norm_(parameters, max_norm):
    """Scale all gradients down together, if the length of the vector they form is above max_norm.

    Call it between `backward` and `step`. Source: Pascanu, Mikolov and Bengio (2013), On the
    difficulty of training recurrent neural networks.

    Returns
    -------
    float : the length before

    Examples
    --------
    >>> w = Tensor([2.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> clip_grad_norm_([w], max_norm=1.0)
    4.0
    >>> w.grad.round(4)
    array([1.], dtype=float32)
    """
    number(NOT_NEGATIVE, max_norm=max_norm)
    parameters = [parameters] if isinstance(parameters, Tensor) else parameters
    if not hasattr(parameters, "__iter__"):
        came = type(parameters).__name__
        raise TypeError(f"parameters: expected a list such as network.parameters(), got {came}")
    gradients = [p.grad for p in parameters if p.grad is not None]
    # In float64, since in float32 the square of a gradient above 1e19 is infinite.
    norm = sum(np.sum(np.square(g, dtype=np.float64)) for g in gradients) ** 0.5
    scale = float(max_norm / (norm + 1e-6))  # as in PyTorch, which keeps 0/0 away in this way
    if not scale >= 1:
        for g in gradients:
            g *= scale
    return float(norm)
