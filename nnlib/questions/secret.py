"""Hides what a reader should not see by looking at a page's source. This is no encryption.

The page must be able to judge an answer without a server, so whoever wants to can read the answer in
it. The questions are for studying by oneself, and nobody's exam.
"""

import base64
import json

MASK = 0xFFFFFFFF


def hashed(text):
    """A number of 32 bits for a text (the hash of Fowler, Noll and Vo, FNV-1a); never 0."""
    number = 0x811C9DC5
    for byte in text.encode():
        number = (number ^ byte) * 0x01000193 & MASK
    return number or 1


def stream(seed):
    """Bytes without end from a seed (Marsaglia's xorshift of 32 bits)."""
    while True:
        seed ^= seed << 13 & MASK
        seed ^= seed >> 17
        seed ^= seed << 5 & MASK
        yield seed >> 24


def hidden(data, salt):
    """Data for JSON as a text that static/shared/secret.js reads with the same salt."""
    plain = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.b64encode(bytes(a ^ b for a, b in zip(plain, stream(hashed(salt))))).decode()


def key(text, salt):
    """A short name for an option, by which its answer is stored and its place is drawn."""
    return f"{hashed(f'{salt}/{text}'):08x}"
