"""Which conferences come next, and what is still missing for them; each read in one query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from learnpath.conferences import readiness
from learnpath.conferences.models import Conference, ConferenceState, WorkPiece
from learnpath.conferences.plan import OPEN
from learnpath.conferences.queries import Learners
from learnpath.conferences.readiness import Tick
from learnpath.people.models import Person
from learnpath.school.calendar import SCHOOL_DAYS, SchoolCalendar


@dataclass(frozen=True)
class NextConference:
    """The conference that comes next, and what is there for it."""

    id: int
    learner_id: int
    learner: str
    starts_at: datetime
    place: str
    state: ConferenceState
    ticks: Sequence[Tick]

    @property
    def ready(self) -> bool:
        """Whether nothing is missing."""
        return all(tick.done for tick in self.ticks)

    @property
    def missing(self) -> list[Any]:
        """What the learner still has to prepare."""
        return readiness.missing(self.ticks)


def next_conference(session: Session, learner_id: int) -> NextConference | None:
    """Return the learner's open conference with its readiness, in one query."""
    found = _coming(session, [learner_id], None, None)
    return found[0] if found else None


def coming(
    session: Session, learner_ids: Learners, now: datetime, until: datetime
) -> list[NextConference]:
    """Return the open conferences of these learners up to ``until``, soonest first, in one query."""
    return _coming(session, learner_ids, now, until)


def not_ready(
    session: Session, learner_ids: Learners, now: datetime, until: datetime
) -> list[NextConference]:
    """Return the conferences up to ``until`` for which something is missing, soonest first."""
    return [c for c in _coming(session, learner_ids, now, until) if not c.ready]


def five_school_days_on(calendar: SchoolCalendar, today: date) -> date:
    """Return the fifth school day after ``today``; without any school in a month, the day in a week."""
    left = SCHOOL_DAYS
    for ahead in range(1, 32):
        day = today + timedelta(days=ahead)
        resting = any(rest.holds(day) for rest in calendar.breaks)
        if day.weekday() < SCHOOL_DAYS and calendar.week_of(day) is not None and not resting:
            left -= 1
        if left == 0:
            return day
    return today + timedelta(days=7)


def _coming(
    session: Session, learner_ids: Learners, now: datetime | None, until: datetime | None
) -> list[NextConference]:
    pieces = (
        sa.select(sa.func.count())
        .where(col(WorkPiece.conference_id) == col(Conference.id))
        .correlate(Conference)
        .scalar_subquery()
    )
    query = (
        select(Conference, Person.called, pieces)
        .join(Person, col(Person.id) == col(Conference.learner_id))
        .where(col(Conference.learner_id).in_(learner_ids), col(Conference.state).in_(OPEN))
        .order_by(col(Conference.starts_at), col(Conference.id))
    )
    if now is not None and until is not None:
        query = query.where(
            Conference.starts_at >= now - timedelta(days=1), Conference.starts_at <= until
        )
    return [
        NextConference(
            conference.id or 0, conference.learner_id, called, conference.starts_at,
            conference.place, conference.state, readiness.ticks(conference, count),
        )
        for conference, called, count in session.exec(query)
    ]  # fmt: skip
