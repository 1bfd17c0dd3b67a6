"""Sharing with the family who is leading: by the learner or a teacher, as it stands today, until taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from learnpath.continuum.leading import furthest_back
from learnpath.continuum.models import SharedPosition
from learnpath.continuum.place import Gathered, Placement
from learnpath.errors import NotAllowed
from learnpath.record import By, Relation, Verb, write

MAY_SHARE = (Relation.LEARNER, Relation.TEACHER)


def share(
    session: Session, by: By, learner_id: int, placement: Placement, now: datetime
) -> SharedPosition:
    """Share a placement with the family as it stands; what was shared before gives way to it."""
    if by.person_id is None or by.relation not in MAY_SHARE:
        raise NotAllowed
    _close(session, learner_id, now)
    made = SharedPosition(
        learner_id=learner_id, as_of=placement.as_of, shared_by=by.person_id, relation=by.relation,
        places={one.key: _places(one) for one in placement.threads}, shared_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    _tell(session, by, made, "family", now)
    return made


def take_back(session: Session, by: By, learner_id: int, now: datetime) -> None:
    """Take back what the family could read. Does nothing when nothing is shared."""
    if by.relation not in MAY_SHARE:
        raise NotAllowed
    ended = _close(session, learner_id, now)
    if ended:
        _tell(session, by, ended, "nobody", now)


def shared_with_family(session: Session, learner_id: int) -> SharedPosition | None:
    """Return what the family may read now, in one query."""
    query = select(SharedPosition).where(
        SharedPosition.learner_id == learner_id, col(SharedPosition.taken_back_at).is_(None)
    )
    return session.exec(query.order_by(col(SharedPosition.id).desc())).first()


def _close(session: Session, learner_id: int, now: datetime) -> SharedPosition | None:
    before = shared_with_family(session, learner_id)
    if before:
        before.taken_back_at = now
        session.add(before)
        session.flush()
    return before


def _tell(session: Session, by: By, shared: SharedPosition, audience: str, now: datetime) -> None:
    write(
        session, by, Verb.POSITION_SHARED, learner_id=shared.learner_id,
        about=("shared_position", shared.id), at=now, payload={"audience": audience},
    )  # fmt: skip


def _places(gathered: Gathered) -> dict[str, Any]:
    """Return a thread by keys: its band, and the step that could come next."""
    band = gathered.band
    chosen = furthest_back(gathered.indicators, "learner")
    return {
        "band": [band.low, band.marker, band.high] if band else None,
        "next": [chosen.indicator.key, chosen.column] if chosen and chosen.column else None,
    }
