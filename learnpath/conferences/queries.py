"""Reads of conferences for lists and for the first pages of people; each in one query."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from learnpath.access import current
from learnpath.conferences import readiness
from learnpath.conferences.models import (
    Conference,
    ConferenceCard,
    ConferenceState,
    Feedback,
    Leader,
    Promise,
    PromiseLook,
    PromiseState,
    Summary,
    Understood,
    WorkPiece,
)
from learnpath.conferences.plan import OPEN
from learnpath.conferences.promises import look_is_due
from learnpath.conferences.readiness import Tick
from learnpath.people.models import Person
from learnpath.record import Relation
from learnpath.school.calendar import SCHOOL_DAYS, SchoolCalendar
from learnpath.school.models import Guardianship

Learners = Collection[int] | sa.Select[Any]


@dataclass(frozen=True)
class ConferenceRow:
    """A conference in the list through the years."""

    id: int
    starts_at: datetime
    held_at: datetime | None
    state: ConferenceState
    place: str
    led: int
    parts: int
    summary_id: int | None
    approved: bool
    shared: bool


def list_of(session: Session, learner_id: int) -> list[ConferenceRow]:
    """Return a learner's conferences, the newest first, in one query."""
    counted = sa.and_(
        col(ConferenceCard.led_by).is_not(None), col(ConferenceCard.led_by) != Leader.SKIPPED
    )
    led = _card_count(col(ConferenceCard.led_by) == Leader.LEARNER)
    query = (
        sa.select(
            Conference, led, _card_count(counted), col(Summary.id),
            col(Summary.approved_at).is_not(None), col(Summary.shared_at).is_not(None),
        )
        .outerjoin(Summary, col(Summary.conference_id) == col(Conference.id))
        .where(col(Conference.learner_id) == learner_id)
        .order_by(col(Conference.starts_at).desc(), col(Conference.id).desc())
    )  # fmt: skip
    return [
        ConferenceRow(
            conference.id or 0, conference.starts_at, conference.held_at, conference.state,
            conference.place, led_count, parts, summary_id, approved, shared,
        )
        for conference, led_count, parts, summary_id, approved, shared in session.execute(query)
    ]  # fmt: skip


@dataclass(frozen=True)
class YearOfConferences:
    """The conferences of one school year, the newest first. ``name`` is empty outside of all known years."""

    name: str
    rows: Sequence[ConferenceRow]


def through_the_years(
    rows: Sequence[ConferenceRow], calendar: SchoolCalendar, here: ZoneInfo
) -> list[YearOfConferences]:
    """Return conferences by school year, in the order in which they come."""

    def year(row: ConferenceRow) -> str:
        found = calendar.year_of((row.held_at or row.starts_at).astimezone(here).date())
        return found.name if found else ""

    return [YearOfConferences(name, list(of_year)) for name, of_year in groupby(rows, year)]


def _card_count(which: Any) -> Any:
    return (
        sa.select(sa.func.count())
        .where(col(ConferenceCard.conference_id) == col(Conference.id), which)
        .correlate(Conference)
        .scalar_subquery()
    )


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


@dataclass(frozen=True)
class PromiseDue:
    """A promise that it is time to look back at."""

    promise_id: int
    conference_id: int
    learner_id: int
    learner: str
    by: Relation
    who: str
    text: str
    due: date | None
    state: PromiseState


def promises_due(session: Session, learner_ids: Learners, now: datetime) -> list[PromiseDue]:
    """Return the promises of these learners to look back at now, in one query."""
    last = (
        sa.select(sa.func.max(PromiseLook.at))
        .where(col(PromiseLook.promise_id) == col(Promise.id))
        .correlate(Promise)
        .scalar_subquery()
    )
    query = (
        select(Promise, Person.called, Conference.held_at, last)
        .join(Conference, col(Conference.id) == col(Promise.conference_id))
        .join(Person, col(Person.id) == col(Promise.learner_id))
        .where(
            col(Promise.learner_id).in_(learner_ids),
            col(Promise.text) != "",
            col(Promise.state) != PromiseState.DONE,
            Conference.state == ConferenceState.HELD,
            col(Conference.held_at) <= now - timedelta(weeks=2),
            # After the second look nothing is asked any more; a year on, neither.
            col(Conference.held_at) > now - timedelta(weeks=20),
        )
        .order_by(col(Conference.held_at), col(Promise.id))
    )
    return [
        PromiseDue(
            promise.id or 0, promise.conference_id, promise.learner_id, called,
            promise.by_relation, promise.who, promise.text, promise.due, promise.state,
        )
        for promise, called, held_at, looked in session.exec(query)
        if held_at is not None and look_is_due(held_at, looked, promise.state, now)
    ]  # fmt: skip


@dataclass(frozen=True)
class FeedbackWaiting:
    """A family's answer that no teacher has read yet."""

    feedback_id: int
    summary_id: int
    conference_id: int
    learner_id: int
    learner: str
    guardian: str
    understood: Understood
    given_at: datetime


def feedback_waiting(session: Session, learner_ids: Learners) -> list[FeedbackWaiting]:
    """Return the answers of these learners' families that wait for a glance, oldest first, in one query."""
    guardian = aliased(Person)
    query = (
        select(Feedback, Summary.conference_id, Person.called, guardian.called)
        .join(Summary, col(Summary.id) == col(Feedback.summary_id))
        .join(Person, col(Person.id) == col(Feedback.learner_id))
        .join(guardian, col(guardian.id) == col(Feedback.guardian_id))
        .where(col(Feedback.learner_id).in_(learner_ids), col(Feedback.glanced_at).is_(None))
        .order_by(col(Feedback.given_at), col(Feedback.id))
    )
    return [
        FeedbackWaiting(
            row.id or 0, row.summary_id, conference_id, row.learner_id, learner, called,
            row.understood, row.given_at,
        )
        for row, conference_id, learner, called in session.exec(query)
    ]  # fmt: skip


@dataclass(frozen=True)
class Waits:
    """What waits for a learner after conferences: an answer to read, a summary to say yes to."""

    held: int
    unread_conference: int | None
    to_approve: int | None


def waits_of(session: Session, learner_id: int) -> Waits:
    """Return what waits for a learner, and how many conferences were held, in one query."""
    held = sa.select(func.count()).where(
        col(Conference.learner_id) == learner_id, col(Conference.state) == ConferenceState.HELD
    )
    unread = (
        sa.select(func.min(Summary.conference_id))
        .join(Feedback, col(Feedback.summary_id) == col(Summary.id))
        .where(
            col(Feedback.learner_id) == learner_id, col(Feedback.passed_on_at).is_not(None),
            col(Feedback.read_at).is_(None), col(Feedback.proud) != "",
        )
    )  # fmt: skip
    approve = sa.select(func.min(Summary.id)).where(
        col(Summary.learner_id) == learner_id, col(Summary.approved_at).is_(None)
    )
    row = session.execute(
        sa.select(held.scalar_subquery(), unread.scalar_subquery(), approve.scalar_subquery())
    ).one()
    return Waits(*row)


@dataclass(frozen=True)
class SummaryWaiting:
    """A summary that waits for somebody: for the learner's yes, or for the teacher to share it."""

    summary_id: int
    conference_id: int
    learner_id: int
    learner: str
    for_teacher: bool


def summaries_waiting(session: Session, learner_ids: Learners) -> list[SummaryWaiting]:
    """Return the summaries of these learners that are not shared yet, in one query."""
    query = (
        select(Summary, Person.called)
        .join(Person, col(Person.id) == col(Summary.learner_id))
        .where(col(Summary.learner_id).in_(learner_ids), col(Summary.shared_at).is_(None))
        .order_by(col(Summary.id))
    )
    return [
        SummaryWaiting(
            row.id or 0, row.conference_id, row.learner_id, called, row.approved_at is not None
        )
        for row, called in session.exec(query)
    ]


@dataclass(frozen=True)
class SharedSummary:
    """A summary that a family may read."""

    summary_id: int
    learner_id: int
    learner: str
    day: date
    answered: bool


def shared_with_guardian(session: Session, guardian_id: int, today: date) -> list[SharedSummary]:
    """Return the shared summaries of a guardian's own children, newest first, in one query."""
    answered = (
        sa.select(sa.func.count())
        .where(
            col(Feedback.summary_id) == col(Summary.id), col(Feedback.guardian_id) == guardian_id
        )
        .correlate(Summary)
        .scalar_subquery()
    )
    query = (
        select(Summary, Person.called, answered)
        .join(Person, col(Person.id) == col(Summary.learner_id))
        .where(
            col(Summary.learner_id).in_(
                select(Guardianship.learner_id).where(
                    Guardianship.guardian_id == guardian_id,
                    col(Guardianship.no_contact).is_(False),
                    current(Guardianship, today),
                )
            ),
            col(Summary.shared_at).is_not(None),
        )
        .order_by(col(Summary.shared_at).desc())
    )
    return [
        SharedSummary(
            row.id or 0, row.learner_id, called, date.fromisoformat(row.content["day"]), count > 0
        )
        for row, called, count in session.exec(query)
    ]
