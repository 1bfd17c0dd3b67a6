"""Reads of the record."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from learnpath.record.models import Event
from learnpath.record.verbs import Verb


def events_of(
    session: Session,
    learner_id: int,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    verbs: Sequence[Verb] = (),
) -> Sequence[Event]:
    """Return a learner's events, oldest first, in one query."""
    query = select(Event).where(Event.learner_id == learner_id)
    if since is not None:
        query = query.where(Event.at >= since)
    if until is not None:
        query = query.where(Event.at < until)
    if verbs:
        query = query.where(col(Event.verb).in_(list(verbs)))
    return session.exec(query.order_by(col(Event.seq))).all()


def payload_of(event: Event) -> dict[str, object]:
    """Return what the event says; nothing when it was erased."""
    said = json.loads(event.payload)
    return said if isinstance(said, dict) else {}
