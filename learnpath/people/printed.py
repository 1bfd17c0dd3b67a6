"""Secrets that are printed on paper: letters and digits that nobody takes for each other.

Thirty-two signs, five bits each. What is short enough to be typed is kept as a slow hash; what only a
camera reads has 130 bits and is kept as a digest.
"""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# Without I, L, O and U: what somebody types for them is read as what they look like.
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


@cache
def hasher() -> PasswordHasher:
    """Return the hasher: random secrets of sixty bits need less work than passwords, and a class prints thirty."""
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def new(length: int) -> str:
    """Return a random secret of ``length`` signs."""
    return "".join(secrets.choice(SIGNS) for _ in range(length))


def digits(length: int) -> str:
    """Return a random number of ``length`` digits, for a board and for small hands."""
    return "".join(secrets.choice("0123456789") for _ in range(length))


def read(text: str) -> str:
    """Return what was typed or scanned as it was printed: capitals, no gaps, no signs that look alike."""
    kept = text[:400].upper().translate(_LOOKS_LIKE)
    return "".join(sign for sign in kept if sign in SIGNS)


def in_groups(secret: str, size: int = 4) -> str:
    """Return a secret as it is printed: in groups that can be read out."""
    return " ".join(secret[at : at + size] for at in range(0, len(secret), size))


def make_hash(secret: str) -> str:
    """Return the form in which a typed secret is kept."""
    return hasher().hash(secret)


@cache
def _nobodys_hash() -> str:
    return make_hash("nobody has this secret")


def fits(kept: str | None, secret: str) -> bool:
    """Tell whether ``secret`` fits; always does the work of one verification."""
    try:
        hasher().verify(kept or _nobodys_hash(), secret)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None
