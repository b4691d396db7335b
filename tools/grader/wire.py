"""How values pass between the grader and a student's code: as JSON, never as pickles.

A pickle runs code when it is read, and the grader must run none of the student's. So only plain
data crosses: numbers, texts, lists, tuples, dicts, arrays. A function crosses as a number under
which the other side keeps it, anything else as the name of its type.
"""

import base64
import math
import re

import numpy as np

LARGEST = 8 * 2**20  # bytes of one value; no exercise needs nearly as much
LONGEST_LINE = 3 * LARGEST // 2  # base64 makes four letters of three bytes
_DTYPE = re.compile(r"[<>|=](b1|[iufc]\d{1,2}|[US]\d{1,6})")


class Opaque:
    """Stands for a value that does not cross, say a network; `type_name` is what it was."""

    def __init__(self, type_name):
        self.type_name = type_name

    def __repr__(self):
        return f"<{self.type_name}>"


class TooLarge(Exception):
    pass


def encode(value, number_of):
    """What json.dumps takes; number_of(function) gives the number under which it is kept."""
    try:
        return _encode(value, number_of, [LARGEST], 0)
    except TooLarge:
        name = "array" if isinstance(value, np.ndarray) else type(value).__name__
        return {"opaque": f"{name} of more than {LARGEST >> 20} MB"}
    except RecursionError:
        return {"opaque": f"{type(value).__name__} nested too deeply"}


def _encode(value, number_of, room, depth):
    if depth > 50:
        raise RecursionError
    _take(room, 64)  # about what an item takes as a Python object

    def items(values):
        return [_encode(item, number_of, room, depth + 1) for item in values]

    # Subclasses become the plain type, so that whatever they override stays in their own process.
    if value is None or isinstance(value, bool):
        return value
    if value is ...:
        return {"ellipsis": True}
    if isinstance(value, np.generic) and not isinstance(value, str):
        return _array(np.asarray(value), "scalar", room) or _opaque(value)
    if isinstance(value, int):
        # Python reads whole numbers of up to 4300 digits.
        return int.__int__(value) if int.bit_length(value) < 10_000 else _opaque(value)
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    if isinstance(value, str):
        _take(room, len(value))
        return str.__str__(value)
    if isinstance(value, list):
        return items(list.__iter__(value))
    if isinstance(value, tuple):
        return {"tuple": items(tuple.__iter__(value))}
    if isinstance(value, dict):
        return {"dict": [items(pair) for pair in dict.items(value)]}
    if isinstance(value, np.ndarray):
        return _array(np.asarray(value), "array", room) or _opaque(value)
    if callable(value):
        return {"function": number_of(value)}
    try:  # as a check in a notebook would read it: ranges, memoryviews, nnlib's tensors
        array = np.asarray(value)
    except Exception:  # noqa: BLE001 - the object is the student's and may raise anything
        return _opaque(value)
    return (array.dtype.kind in "biufc" and _array(array, "array", room)) or _opaque(value)


def _take(room, size):
    room[0] -= size
    if room[0] < 0:
        raise TooLarge


def _array(array, kind, room):
    if not _DTYPE.fullmatch(array.dtype.str):
        return None
    _take(room, array.nbytes)
    data = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
    return {kind: [array.dtype.str, list(array.shape), data]}


def _opaque(value):
    return {"opaque": type(value).__name__}


def decode(message, function):
    """The value; function(number) gives what stands for a function. ValueError if malformed.

    The message may come from a student's process, so nothing in it is taken on trust.
    """
    try:
        return _decode(message, function)
    except (TypeError, KeyError, RecursionError, MemoryError, OverflowError) as error:
        raise ValueError(f"malformed value: {error}") from None


def _decode(message, function):
    if message is None or isinstance(message, (bool, int, float, str)):
        return message
    if isinstance(message, list):
        return [_decode(item, function) for item in message]
    (kind, content), = message.items() if isinstance(message, dict) else {"?": message}.items()
    if kind == "ellipsis":
        return ...
    if kind == "complex":
        return complex(*map(float, content))
    if kind == "tuple":
        return tuple(_decode(item, function) for item in content)
    if kind == "dict":
        return {_decode(key, function): _decode(item, function) for key, item in content}
    if kind in ("array", "scalar"):
        dtype, shape, data = content
        if not _DTYPE.fullmatch(dtype) or any(type(n) is not int or n < 0 for n in shape):
            raise ValueError(f"no array of {dtype!r} and shape {shape!r}")
        data = base64.b64decode(data, validate=True)
        dtype = np.dtype(dtype)
        if dtype.itemsize * math.prod(shape) != len(data):
            raise ValueError(f"{len(data)} bytes do not fill the shape {shape!r}")
        array = np.frombuffer(bytearray(data), dtype).reshape(shape)
        return array if kind == "array" else array[()]
    if kind == "function":
        return function(int(content))
    if kind == "opaque":
        name = "".join(c for c in str(content)[:80] if c.isprintable())
        return Opaque(name or "value")
    raise ValueError(f"no kind of value: {kind!r}")
