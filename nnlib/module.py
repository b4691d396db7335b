"""What every layer and every network is: a function with parameters that can be found by name."""

import numpy as np

from nnlib.tensor import Tensor
from nnlib.validation import signature


class Parameter(Tensor):
    """A tensor that is learned: assigned to a module's attribute, it becomes part of it."""

    __slots__ = ()

    def __init__(self, array):
        super().__init__(array, requires_grad=True)


class Buffer(Tensor):
    """A tensor that is kept but not learned, such as a running mean; assigned like a parameter."""

    __slots__ = ()


class Module:
    """The base of all layers and networks, used as in PyTorch.

    A subclass assigns parameters and other modules to attributes and defines `forward`:

    >>> class Shift(Module):
    ...     def __init__(self, size):
    ...         self.by = Parameter(np.zeros(size))
    ...     def forward(self, x):
    ...         return x + self.by
    >>> [name for name, _ in Shift(3).named_parameters()]
    ['by']
    """

    training = True

    def __call__(self, *inputs, **options):
        return self.forward(*inputs, **options)

    def forward(self, *inputs):
        raise NotImplementedError(f"{type(self).__name__} has no forward method")

    def __setattr__(self, name, value):
        _refuse_hidden(name, value)
        super().__setattr__(name, value)

    def named_children(self):
        """Pairs of name and module, for the modules assigned to this one's attributes."""
        for name, value in vars(self).items():
            _refuse_hidden(name, value)  # a list may have been appended to
        return [(name, v) for name, v in vars(self).items() if isinstance(v, Module)]

    def named_parameters(self):
        """Pairs of name and parameter: this module's own, then its children's, as `child.name`."""
        return self._named(Parameter)

    def _named(self, kind, prefix=""):
        for name, value in vars(self).items():
            if isinstance(value, kind):
                yield prefix + name, value
        for name, child in self.named_children():
            yield from child._named(kind, f"{prefix}{name}.")

    def parameters(self):
        """The list of all parameters; one that is used in two places is listed once."""
        return list(dict.fromkeys(p for _, p in self.named_parameters()))

    def state_dict(self):
        """Copies of all parameters and buffers by name, with PyTorch's names and shapes."""
        return {name: p.data.copy() for name, p in self._named((Parameter, Buffer))}

    def load_state_dict(self, state):
        """Take parameters and buffers from a dict of name to array, or to a PyTorch tensor on the CPU.

        Raises
        ------
        TypeError
            If state is no dict.
        ValueError
            If a name is missing or unexpected, a shape differs or an array does not hold real
            numbers that the dtype here can hold. Nothing is changed in any of these cases.
        """
        if not hasattr(state, "items"):
            raise TypeError(f"state: expected a dict of arrays, got {type(state).__name__}")
        mine = dict(self._named((Parameter, Buffer)))
        problems, arrays = [f"{name} is missing" for name in mine if name not in state], {}
        for name, value in state.items():
            try:
                array = arrays[name] = np.asarray(value)
            except ValueError:
                array = np.array(None)  # lists of unequal lengths
            if array.dtype.kind not in "fiub":
                problems.append(f"{name} holds {array.dtype}, not real numbers")
            elif name not in mine:
                problems.append(f"{name} is unexpected")
            elif array.shape != mine[name].shape:
                problems.append(f"{name} has shape {array.shape} instead of {mine[name].shape}")
            elif not _can_hold(mine[name].dtype, array):
                problems.append(f"{name} holds numbers that are none of {mine[name].dtype}")
        if problems:
            raise ValueError(f"state: does not fit {type(self).__name__}: " + "; ".join(problems))
        for name, p in mine.items():
            p.data[...] = arrays[name]

    def astype(self, dtype):
        """Convert parameters and float buffers to float32 or float64; returns the module."""
        if np.dtype(dtype) not in (np.float32, np.float64):
            raise TypeError(f"dtype: expected float32 or float64, got {np.dtype(dtype)}")
        for _, p in self._named((Parameter, Buffer)):
            if p.dtype.kind == "f" and p.dtype != dtype:
                p.data, p.grad = p.data.astype(dtype), None
        return self

    def train(self, mode=True):
        """Switch to training behavior (of dropout and the like), in all children too."""
        self.training = mode
        for _, child in self.named_children():
            child.train(mode)
        return self

    def eval(self):
        """Switch to the behavior for predicting; the opposite of `train`."""
        return self.train(False)

    def extra_repr(self):
        """What `repr` shows between the parentheses, in the place of children if there are any."""
        return ""

    def __repr__(self):
        count = sum(p.size for p in self.parameters())
        total = f"  # {count:,} parameter{'' if count == 1 else 's'}" if count else ""
        children = [] if self.extra_repr() else self.named_children()
        if not children:
            return signature(self) + total
        lines = [f"  ({name}): {child!r}".replace("\n", "\n  ") for name, child in children]
        return "\n".join([f"{type(self).__name__}(", *lines, ")"]) + total


def _refuse_hidden(name, value):
    """Nothing in a container would be found, and so learn; only attributes are searched."""
    waiting = [value]
    while waiting:
        inside = waiting.pop()
        inside = inside.values() if isinstance(inside, dict) else inside
        if isinstance(inside, (list, tuple, set, frozenset, type({}.values()))):
            if any(isinstance(v, (Module, Parameter)) for v in inside):
                raise TypeError(
                    f"{name}: modules and parameters in a {type(value).__name__} are not found; use "
                    "Sequential or attributes"
                )
            waiting += [v for v in inside if isinstance(v, (list, tuple, set, frozenset, dict))]


def _can_hold(dtype, array):
    """Whether numbers stay what they are in a dtype: finite, and whole where that has no others."""
    with np.errstate(all="ignore"):
        cast = array.astype(dtype)
    if dtype.kind == "f":
        return np.isfinite(cast).sum() == np.isfinite(array).sum()
    return bool(np.all(cast == array))


class Sequential(Module):
    """Modules applied one after the other.

    >>> from nnlib import Linear, Tanh
    >>> Sequential(Linear(2, 3, rng=0), Tanh(), Linear(3, 1, rng=1))
    Sequential(
      (0): Linear(2, 3)  # 9 parameters
      (1): Tanh()
      (2): Linear(3, 1)  # 4 parameters
    )  # 13 parameters
    """

    def __init__(self, *modules):
        for i, module in enumerate(modules):
            if not isinstance(module, Module):
                raise TypeError(
                    f"modules: expected Module objects such as Tanh(), got {module!r} in place {i}"
                )
            setattr(self, str(i), module)

    def forward(self, x):
        for module in self:
            x = module(x)
        return x

    def __iter__(self):
        return iter([v for v in vars(self).values() if isinstance(v, Module)])

    def __len__(self):
        return len(self.named_children())

    def __getitem__(self, i):
        modules = list(self)[i]
        return Sequential(*modules) if isinstance(i, slice) else modules
