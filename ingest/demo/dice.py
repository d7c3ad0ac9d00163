"""Chance that always falls the same way: the demo city is the same on every machine.

Not for secrets. Nothing here looks at the clock. Begin at `dice`.
"""

from __future__ import annotations

import hashlib
import random

import numpy as np


def dice(*key: object) -> random.Random:
    """Return a random source that depends on the key and on nothing else."""
    return random.Random(seed_of(*key))  # noqa: S311 - drawing pictures, not keeping secrets


def noise(*key: object) -> np.random.RandomState:
    """Return numpy's frozen generator (its stream is the same in every version) for the key."""
    return np.random.RandomState(seed_of(*key) % 2**32)


def seed_of(*key: object) -> int:
    """Return 64 bits of the key's digest."""
    text = "\x1f".join(str(part) for part in key)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
