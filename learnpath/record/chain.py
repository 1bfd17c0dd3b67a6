"""The hash chain of the record: a pure core.

Each event's hash covers its own facts, the digest of its payload and the hash before it. The payload
enters by its digest, so that a lawful erasure can take the payload away and leave the chain whole.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

START = "0" * 64
ERASED = '"erased"'


@dataclass(frozen=True)
class Link:
    """One event as the chain sees it: ``facts`` are all its columns but payload and hashes."""

    id: int
    facts: dict[str, Any]
    payload: str
    payload_sha256: str
    previous_hash: str
    hash: str


@dataclass(frozen=True)
class Break:
    """The first place where a chain does not hold, and why."""

    event_id: int
    reason: str


def digest(text: str) -> str:
    """Return the SHA-256 of ``text`` in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def event_hash(facts: dict[str, Any], payload_sha256: str, previous_hash: str) -> str:
    """Return the hash of an event. ``facts`` may hold text, whole numbers and None only."""
    body = {**facts, "payload_sha256": payload_sha256, "previous_hash": previous_hash}
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return digest(unicodedata.normalize("NFC", text))


def first_break(links: Iterable[Link]) -> Break | None:
    """Walk one chain in order and return its first broken link, or None when it holds."""
    previous, expected = START, 1
    for link in links:
        reason = _fault(link, previous, expected)
        if reason:
            return Break(link.id, reason)
        previous, expected = link.hash, expected + 1
    return None


def _fault(link: Link, previous: str, expected: int) -> str | None:
    if link.facts["seq"] != expected:
        return f"event {expected} of this chain is not there"
    if link.previous_hash != previous:
        return "it does not follow from the event before it"
    if link.payload != ERASED and digest(link.payload) != link.payload_sha256:
        return "its payload was changed"
    if event_hash(link.facts, link.payload_sha256, link.previous_hash) != link.hash:
        return "its facts were changed"
    return None
