"""Reads of conferences for the list through the years, and of what a family may read; each in one query."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from learnpath.access import current
from learnpath.conferences.models import (
    Conference,
    ConferenceCard,
    ConferenceState,
    Feedback,
    Leader,
    Summary,
)
from learnpath.people.models import Person
from learnpath.school.calendar import SchoolCalendar
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
