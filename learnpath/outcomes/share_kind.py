"""A learner lets the family see one kind of own data, or takes that back. It is private first."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from learnpath import record
from learnpath.outcomes.models import OutcomeKind, SharedKind
from learnpath.record import By, Verb


def share_kind(
    session: Session, by: By, learner_id: int, kind: OutcomeKind, shared: bool, now: datetime
) -> None:
    """Let the family see a kind of data from now on, or no longer. Saying the same again changes nothing."""
    query = select(SharedKind).where(SharedKind.learner_id == learner_id, SharedKind.kind == kind)
    found = session.exec(query).first()
    if bool(found) == shared:
        return
    if found:
        session.delete(found)
    else:
        session.add(SharedKind(learner_id=learner_id, kind=kind, shared_at=now))
    session.flush()
    record.write(
        session, by, Verb.OUTCOMES_SHARED, learner_id=learner_id, about=("person", learner_id),
        payload={"kind": kind, "audience": "family" if shared else "nobody"}, at=now,
    )  # fmt: skip


def shared_kinds(session: Session, learner_id: int) -> frozenset[OutcomeKind]:
    """Return the kinds of data that a learner lets the family see."""
    query = select(SharedKind.kind).where(col(SharedKind.learner_id) == learner_id)
    return frozenset(OutcomeKind(kind) for kind in session.exec(query))
