"""Lawful erasure: what an event said gives way to a tombstone, and that it was erased is told.

The hashes stay, so that the chain can still be walked. Words never stand in the record; the rooms erase
theirs themselves.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlmodel import Session, col

from learnpath.record import chain
from learnpath.record.models import Event, EvidenceWeek
from learnpath.record.verbs import Verb
from learnpath.record.write import By, lock_chain, write


def erase(session: Session, by: By, learner_id: int, at: datetime) -> int:
    """Erase what a learner's events say, and their counts in the roll-up; return how many there were.

    An event that tells of an earlier erasure is kept: without it a tombstone looks like tampering.
    """
    lock_chain(session, learner_id, by.school_id)
    tombstones = (
        sa.update(Event)
        .where(
            col(Event.learner_id) == learner_id,
            col(Event.payload) != chain.ERASED,
            col(Event.verb) != Verb.RECORD_ERASED,
        )
        .values(payload=chain.ERASED)
    )
    erased = cast(sa.CursorResult[Any], session.execute(tombstones)).rowcount
    session.execute(sa.delete(EvidenceWeek).where(_counted_from_erased(learner_id)))
    write(
        session, by, Verb.RECORD_ERASED, learner_id=learner_id, about=("person", learner_id),
        payload={"scope": "learner", "events": erased}, at=at,
    )  # fmt: skip
    return erased


def _counted_from_erased(learner_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(
        col(EvidenceWeek.learner_id) == learner_id, col(EvidenceWeek.verb) != Verb.RECORD_ERASED
    )
