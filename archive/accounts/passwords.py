"""Passwords: argon2id hashes, the same work for a name that exists and one that does not."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from archive.errors import Invalid

MIN_LENGTH = 12

_hasher = PasswordHasher()
# Each hash takes 64 MiB for 0.15 s: a crowd at the door must wait, not fill the memory.
_at_once = threading.BoundedSemaphore(4)
# Of a password nobody has: checked when the name is unknown, so that the time tells nothing.
_nobody = _hasher.hash("the log-in name is unknown")


def hash_of(password: str) -> str:
    """Return the argon2id hash to store.

    :raises Invalid: if the password is shorter than 12 characters.
    """
    if len(password) < MIN_LENGTH:
        raise Invalid(f"the password has {len(password)} characters; at least {MIN_LENGTH} needed")
    with _at_once:
        return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Return whether the password is the right one; with None the same time is spent for a no."""
    with _at_once:
        try:
            return _hasher.verify(password_hash or _nobody, password) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False
