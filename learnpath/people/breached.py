"""Passwords that everybody would try first: the commonest ones of known leaks, and the person's own words.

The list is shipped, so that no password is ever asked about anywhere. It holds the beginnings of digests
of 30,000 common passwords (see docs/dependencies.md for where they come from): the words themselves are
no reading for a school. Nothing is asked about capitals, digits or signs.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection
from functools import cache
from pathlib import Path

from learnpath.wording import lazy as _l

BYTES = 5  # of each digest: one password in a hundred million is taken for a common one by chance
EASY = _l("Many people use that password, so it is easy to guess. Put a few words together.")
OWN_NAME = _l(
    "Your own name or your school's name is easy to guess. Put a few other words together."
)
_ROWS = ("1234567890", "qwertyuiopasdfghjklzxcvbnm", "qwertyuiopasdfghjklñzxcvbnm", "abcdefghijklmnñopqrstuvwxyz",
         "abcdefghijklmnopqrstuvwxyz")  # fmt: skip
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")


@cache
def _list() -> bytes:
    return Path(__file__).with_name("common_passwords.bin").read_bytes()


def digest_of(word: str) -> bytes:
    """Return the form in which the list keeps a word."""
    return hashlib.sha256(word.encode()).digest()[:BYTES]


class _Slots:
    """The list as a sequence of digests, so that it can be searched in halves."""

    def __len__(self) -> int:
        return len(_list()) // BYTES

    def __getitem__(self, at: int) -> bytes:
        return _list()[at * BYTES : (at + 1) * BYTES]


def is_listed(word: str) -> bool:
    """Tell whether a word, in small letters, is one of the common passwords."""
    slots, wanted = _Slots(), digest_of(word)
    at = bisect_left(slots, wanted)
    return at < len(slots) and slots[at] == wanted


def _small(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def is_common(password: str) -> bool:
    """Tell whether a password is one that everybody would try: listed, all alike, or a row of keys."""
    small = _small(password)
    core = _EDGES.sub("", small)
    if is_listed(small) or (core != small and len(core) >= 3 and is_listed(core)):
        return True
    return _repeats(small) or _is_row(small)


def _repeats(small: str) -> bool:
    """Tell whether a short piece said again and again is all there is: "aaaaaaaa", "abcabcabc"."""
    return any(
        len(small) >= 2 * size and (small[:size] * len(small))[: len(small)] == small
        for size in range(1, 5)
    )


def _is_row(small: str) -> bool:
    return any(small in row * 2 or small in (row * 2)[::-1] for row in _ROWS)


def is_own_name(password: str, names: Collection[str]) -> bool:
    """Tell whether hardly anything is left of a password without the person's and the school's names."""
    small = _small(password)
    words = {_small(word) for name in names for word in re.split(r"[\W_]+", name)}
    words |= {_small(re.sub(r"[\W_]+", "", name)) for name in names}
    rest = re.sub(r"[\W_]+", "", small)
    for word in sorted((w for w in words if len(w) >= 3), key=len, reverse=True):
        rest = rest.replace(word, "")
    left = re.sub(r"\d+", "", rest)
    return rest != re.sub(r"[\W_]+", "", small) and len(left) < 4
