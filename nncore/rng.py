"""Random draws without hidden state: every draw is keyed by what it is for."""

from __future__ import annotations

import hashlib

import numpy as np


def generator(seed: int, purpose: str, *key: int) -> np.random.Generator:
    """Return the generator for one purpose, a pure function of its arguments.

    Different purposes and keys give independent streams, so that a draw can be repeated, or another
    one added, without disturbing the rest. Any integer is a seed, negative ones included.
    """
    name = "/".join(map(str, (seed, purpose, *key)))
    digest = hashlib.sha256(name.encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "little")))
