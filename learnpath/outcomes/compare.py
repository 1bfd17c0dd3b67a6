"""What each value of a file would do: come anew, change nothing, take an older one's place, or be in the way.

Values go through in portions, so that a file of any length takes little memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from learnpath.outcomes.models import Outcome, stands
from learnpath.outcomes.rows import Found, Read, Wrong
from learnpath.outcomes.whose import NOBODY, TWO, Learners
from learnpath.wording import lazy as _l

PORTION = 500
Identity = tuple[Any, ...]  # learner, day, measure, source, reference


class Does(StrEnum):
    """What a value does."""

    ADD = "add"
    KEEP = "unchanged"
    REPLACE = "replace"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Value:
    """A value of the file, whose it is, and what it does to what is there."""

    read: Read
    learner_id: int
    does: Does
    there: int | None = None
    before: Decimal | None = None


@dataclass(frozen=True)
class NoLearner:
    """A value whose learner is not known here."""

    read: Read


Compared = Value | NoLearner | Found


def compare(
    session: Session, found: Iterable[Found], learners: Learners, *, newer_replaces: bool
) -> Iterator[list[Compared]]:
    """Give what each finding of a file does, portion by portion."""
    seen = _Seen()
    source = iter(found)
    while portion := list(islice(source, PORTION)):
        yield list(_portion(session, portion, learners, seen, newer_replaces))


def _portion(
    session: Session, portion: Sequence[Found], learners: Learners, seen: _Seen, newer: bool
) -> Iterator[Compared]:
    reads = [one for one in portion if isinstance(one, Read)]
    whose = learners.look_up({read.key for read in reads})
    there = _there(session, {(whose[read.key], read.day) for read in reads})
    for one in portion:
        if not isinstance(one, Read):
            yield one
            continue
        learner_id = whose[one.key]
        if learner_id == NOBODY:
            yield NoLearner(one)
        elif learner_id == TWO:
            yield Wrong(
                one.file, one.line, "", _l("two students have this key: it is not clear which")
            )
        else:
            yield _against(one, learner_id, there, seen, newer)


def _against(
    read: Read,
    learner_id: int,
    there: dict[Identity, tuple[int, Decimal]],
    seen: _Seen,
    newer: bool,
) -> Compared:
    identity = (learner_id, read.day, read.measure, read.source, read.reference)
    earlier = seen.remember(identity, read)
    if earlier is not None:
        line, same = earlier
        if same:
            return Value(read, learner_id, Does.KEEP)
        reason = _l(
            "line %(line)s says another value for the same student, day and measure", line=line
        )
        return Wrong(read.file, read.line, "", reason)
    if identity not in there:
        return Value(read, learner_id, Does.ADD)
    id, before = there[identity]
    if before == read.value:
        return Value(read, learner_id, Does.KEEP, id, before)
    return Value(read, learner_id, Does.REPLACE if newer else Does.CONFLICT, id, before)


def _there(session: Session, wanted: set[tuple[int, Any]]) -> dict[Identity, tuple[int, Decimal]]:
    """Return the values that stand for these learners and days."""
    asked = [pair for pair in wanted if pair[0] > 0]
    if not asked:
        return {}
    columns = [
        getattr(Outcome, name)
        for name in ("id", "learner_id", "day", "measure", "source", "reference", "value")
    ]
    about = sa.tuple_(col(Outcome.learner_id), col(Outcome.day))
    query = sa.select(*columns).where(about.in_(asked), stands()).order_by(col(Outcome.id))
    return {tuple(identity): (id, value) for id, *identity, value in session.execute(query)}


class _Seen:
    """Which values a file said already: sixteen bytes and a line for each, however long its words are."""

    def __init__(self) -> None:
        self._lines: dict[bytes, tuple[int, bytes]] = {}

    def remember(self, identity: Identity, read: Read) -> tuple[int, bool] | None:
        """Return where the same thing stood before, and whether with the same value; keep it if new."""
        key, value = _short(identity), _short(read.value.normalize())
        line, before = self._lines.setdefault(key, (read.line, value))
        return None if line == read.line and before is value else (line, before == value)


def _short(thing: object) -> bytes:
    return hashlib.blake2b(repr(thing).encode(), digest_size=16).digest()
