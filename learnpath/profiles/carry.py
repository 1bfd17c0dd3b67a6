"""Taking what is hard over to new teachers: a teacher who knows it and the learner both say yes, line by line.

Where no teacher who knew it is left, it stays with the learner until the learner shows it alone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, select

from learnpath import record
from learnpath.errors import NotAllowedNow, NotFound
from learnpath.profiles.models import CarriedLine
from learnpath.profiles.revise import block_of
from learnpath.profiles.visible import HARD
from learnpath.record import By, Verb
from learnpath.wording import lazy as _l


def agree(
    session: Session, by: By, learner_id: int, offered: Sequence[str], chosen: Collection[str],
    now: datetime,
) -> None:  # fmt: skip
    """Let a teacher say which of the lines ``offered`` (their keys) may go along. The others may not."""
    there = {row.key: row for row in _rows(session, learner_id)}
    for key in offered:
        row = there.get(key) or CarriedLine(learner_id=learner_id, key=key)
        agreed = key in chosen
        if agreed == (row.teacher_at is not None):
            if not agreed:
                continue
            row.teacher_at = now  # said again, for the year that comes now
            session.add(row)
            continue
        row.teacher_id, row.teacher_at = (by.person_id, now) if agreed else (None, None)
        session.add(row)
        session.flush()
        _tell(session, by, row, agreed, now)


def say(
    session: Session, by: By, learner_id: int, key: str, shows: bool, now: datetime, *,
    alone: bool = False,
) -> CarriedLine:  # fmt: skip
    """Let the learner say of a line that still holds whether new teachers may see it.

    ``alone`` shows it without a teacher's yes; whether nobody is left to say it is for ``alone_is_right``.
    """
    row = next((one for one in _rows(session, learner_id) if one.key == key), None)
    row = row or CarriedLine(learner_id=learner_id, key=key)
    row.learner_says, row.learner_at, row.alone = shows, now, shows and alone
    session.add(row)
    session.flush()
    _tell(session, by, row, shows, now)
    return row


def alone_is_right(teachers_who_know: Sequence[object]) -> None:
    """Raise NotAllowedNow while a teacher who knew it is there: then both say yes."""
    if teachers_who_know:
        raise NotAllowedNow(_l("Ask your teacher from last year first. You both say yes."))


def _rows(session: Session, learner_id: int) -> Sequence[CarriedLine]:
    query = select(CarriedLine).where(CarriedLine.learner_id == learner_id)
    return session.exec(query.with_for_update()).all()


def _tell(session: Session, by: By, row: CarriedLine, shows: bool, now: datetime) -> None:
    block, _, _digest = row.key.partition(":")
    if block not in HARD:
        raise NotFound
    about = block_of(session, row.learner_id, block, now)
    record.write(
        session, by, Verb.PROFILE_SHARED, learner_id=row.learner_id,
        about=("profile_block", about.id), at=now,
        payload={"block": block, "audience": "new_teachers" if shows else "not_new_teachers"},
    )  # fmt: skip
