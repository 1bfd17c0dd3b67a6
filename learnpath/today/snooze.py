"""A name on a teacher's first page is done with for this week: a talk was had, or it can wait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from learnpath import record
from learnpath.people.models import Person
from learnpath.record import By, Verb
from learnpath.school.calendar import monday_of
from learnpath.today.models import Settled, Snooze
from learnpath.today.reasons import Why

REMEMBERED = timedelta(weeks=8)


@dataclass(frozen=True)
class Standing:
    """What a teacher did about one learner: what is left out now, and when the two last talked."""

    left_out: Snooze | None = None
    talked_at: datetime | None = None


def settle(
    session: Session,
    by: By,
    learner: Person,
    why: Why,
    settled: Settled,
    today: date,
    now: datetime,
) -> Snooze:
    """Leave a learner out of the teacher's first page until next week.

    A talk that was had is told in the learner's record. A more pressing reason still names the learner.
    """
    row = Snooze(
        teacher_id=by.person_id or 0, learner_id=learner.id or 0, why=why, settled=settled, at=now,
        until=monday_of(today) + timedelta(weeks=1),
    )  # fmt: skip
    session.add(row)
    if settled is Settled.TALK_NOTED:
        record.write(
            session, by, Verb.TALK_NOTED, learner_id=learner.id, about=("person", learner.id),
            payload={"reason": str(why)}, at=now,
        )  # fmt: skip
    return row


def show_again(session: Session, by: By, learner: Person, today: date) -> None:
    """Name a learner again where there is a reason. What was noted stays."""
    query = select(Snooze).where(
        Snooze.teacher_id == by.person_id, Snooze.learner_id == learner.id, Snooze.until > today
    )
    for row in session.exec(query):
        row.until = today
        session.add(row)


def standing_of(
    session: Session, teacher_id: int, today: date, now: datetime
) -> dict[int, Standing]:
    """Return what a teacher did of late about each learner. One query."""
    query = select(Snooze).where(Snooze.teacher_id == teacher_id, Snooze.at >= now - REMEMBERED)
    found: dict[int, list[Snooze]] = {}
    for row in session.exec(query.order_by(col(Snooze.id))):
        found.setdefault(row.learner_id, []).append(row)
    return {learner_id: _standing(rows, today) for learner_id, rows in found.items()}


def _standing(rows: Iterable[Snooze], today: date) -> Standing:
    left_out, talked_at = None, None
    for row in rows:
        if row.until > today:
            left_out = row
        if row.settled is Settled.TALK_NOTED:
            talked_at = row.at
    return Standing(left_out, talked_at)
