"""Saying that one has read a profile: the learner knows that somebody knows."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from learnpath import record
from learnpath.errors import NotAllowedNow
from learnpath.profiles.models import ProfileBlock
from learnpath.record import By, Verb
from learnpath.record.models import Event
from learnpath.wording import lazy as _l


def acknowledge(session: Session, by: By, learner_id: int, now: datetime) -> bool:
    """Note that the profile was read as it is now, and return whether that is new.

    Raises NotAllowedNow while there is nothing to read.
    """
    query = select(ProfileBlock).where(ProfileBlock.learner_id == learner_id)
    blocks = session.exec(query.order_by(col(ProfileBlock.changed_at).desc())).all()
    if not blocks or blocks[0].number == 0:
        raise NotAllowedNow(_l("There is nothing to read yet."))
    newest = blocks[0]
    read_at = last_read(session, learner_id, by.person_id)
    if read_at is not None and read_at >= newest.changed_at:
        return False
    record.write(
        session, by, Verb.PROFILE_ACKNOWLEDGED, learner_id=learner_id,
        about=("profile_block", newest.id), at=now,
    )  # fmt: skip
    return True


def last_read(session: Session, learner_id: int, person_id: int | None) -> datetime | None:
    """Return when a person last said that they read the profile."""
    query = select(sa.func.max(col(Event.at))).where(
        Event.learner_id == learner_id, Event.actor_id == person_id,
        Event.verb == Verb.PROFILE_ACKNOWLEDGED,
    )  # fmt: skip
    return session.exec(query).one()
