"""What the page of a window shows a teacher of one class: its slots by day, and who has no time yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from learnpath.access import current
from learnpath.conferences.models import (
    Conference,
    ConferenceWindow,
    FamilyWish,
    Message,
    Slot,
)
from learnpath.conferences.plan import OPEN
from learnpath.people.models import Person
from learnpath.record import Relation, Verb
from learnpath.record.models import EvidenceWeek
from learnpath.school.calendar import SchoolCalendar, monday_of
from learnpath.school.models import Enrolment, Guardianship, SchoolClass, Teaching


@dataclass(frozen=True)
class SlotLine:
    """A slot in the list of a day. ``learner`` is empty when it is free or another class's."""

    id: int
    starts_at: datetime
    minutes: int
    place: str
    teacher: str
    taken: bool
    conference_id: int | None
    learner: str
    wishes: Sequence[FamilyWish]


@dataclass(frozen=True)
class Day:
    """One day of a window with its slots."""

    day: date
    slots: Sequence[SlotLine]


@dataclass(frozen=True)
class WindowPage:
    """A window as a class's teacher sees it."""

    window: ConferenceWindow
    days: Sequence[Day]
    without_time: Sequence[Person]
    # Whether somebody without a time was invited on paper, so that the sheets can be printed again.
    invited: bool


def windows_of(
    session: Session, school_class: SchoolClass, today: date
) -> Sequence[ConferenceWindow]:
    """Return the windows of a class and of its whole school that are not over, in one query."""
    query = (
        select(ConferenceWindow)
        .where(
            ConferenceWindow.school_id == school_class.school_id,
            sa.or_(
                col(ConferenceWindow.class_id).is_(None),
                col(ConferenceWindow.class_id) == school_class.id,
            ),
            ConferenceWindow.last_day >= today,
        )
        .order_by(col(ConferenceWindow.first_day), col(ConferenceWindow.id))
    )
    return session.exec(query).all()


def window_page(
    session: Session, window: ConferenceWindow, school_class: SchoolClass, zone: str, today: date
) -> WindowPage:
    """Return the window for one class, in four queries."""
    rows = _slots(session, window, school_class, today)
    wishes = _wishes(session, [row[2].id or 0 for row in rows if row[2] is not None])
    lines = [
        SlotLine(
            slot.id or 0, slot.starts_at, slot.minutes, slot.place, teacher,
            slot.conference_id is not None, conference.id if conference else None, learner or "",
            wishes.get(conference.id or 0, []) if conference else [],
        )
        for slot, teacher, conference, learner in rows
    ]  # fmt: skip
    here = ZoneInfo(zone)
    days = [
        Day(day, list(of_day))
        for day, of_day in groupby(lines, lambda line: line.starts_at.astimezone(here).date())
    ]
    without_time = _without_time(session, school_class, today)
    return WindowPage(window, days, without_time, _invited(session, window, without_time))


def to_invite(
    session: Session, school_class: SchoolClass, today: date
) -> Sequence[tuple[Person, Person]]:
    """Return the learners without a time, each with a guardian who may be told. One query."""
    guardian = aliased(Person)
    query = (
        select(Person, guardian)
        .join(Enrolment, col(Enrolment.learner_id) == col(Person.id))
        .join(Guardianship, col(Guardianship.learner_id) == col(Person.id))
        .join(guardian, col(guardian.id) == col(Guardianship.guardian_id))
        .where(
            Enrolment.class_id == school_class.id,
            current(Enrolment, today),
            current(Guardianship, today),
            col(Guardianship.no_contact).is_(False),
            ~_has_open_conference(),
        )
        .order_by(col(Person.family_name), col(Person.id), col(Guardianship.id))
    )
    return session.exec(query).all()


def _slots(
    session: Session, window: ConferenceWindow, school_class: SchoolClass, today: date
) -> Sequence[tuple[Slot, str, Conference | None, str | None]]:
    """The slots of this class's teachers. A conference of another class's learner stays without a name."""
    teacher = aliased(Person)
    own = select(Enrolment.learner_id).where(
        Enrolment.class_id == school_class.id, current(Enrolment, today)
    )
    query = (
        sa.select(Slot, col(teacher.called), Conference, col(Person.called))
        .join(teacher, col(teacher.id) == col(Slot.teacher_id))
        .outerjoin(
            Conference,
            (col(Conference.id) == col(Slot.conference_id)) & col(Conference.learner_id).in_(own),
        )
        .outerjoin(Person, col(Person.id) == col(Conference.learner_id))
        .where(
            col(Slot.window_id) == window.id,
            col(Slot.teacher_id).in_(
                select(Teaching.teacher_id).where(
                    Teaching.class_id == school_class.id, current(Teaching, today)
                )
            ),
        )
        .order_by(col(Slot.starts_at), col(teacher.family_name), col(Slot.id))
    )
    return [tuple(row) for row in session.execute(query)]


def _wishes(session: Session, conference_ids: Sequence[int]) -> dict[int, list[FamilyWish]]:
    query = select(FamilyWish).where(col(FamilyWish.conference_id).in_(conference_ids))
    found: dict[int, list[FamilyWish]] = {}
    for wish in session.exec(query.order_by(col(FamilyWish.id))):
        found.setdefault(wish.conference_id, []).append(wish)
    return found


def _invited(session: Session, window: ConferenceWindow, learners: Sequence[Person]) -> bool:
    query = select(Message.id).where(
        Message.window_id == window.id,
        col(Message.learner_id).in_([learner.id for learner in learners]),
        col(Message.printed_at).is_not(None),
    )
    return session.exec(query.limit(1)).first() is not None


def _without_time(session: Session, school_class: SchoolClass, today: date) -> Sequence[Person]:
    query = (
        select(Person)
        .join(Enrolment, col(Enrolment.learner_id) == col(Person.id))
        .where(
            Enrolment.class_id == school_class.id, current(Enrolment, today),
            ~_has_open_conference(),
        )
        .order_by(col(Person.family_name), col(Person.id))
    )  # fmt: skip
    return session.exec(query).all()


def _has_open_conference() -> sa.ColumnElement[bool]:
    return (
        sa.select(sa.literal(1))
        .where(
            col(Conference.learner_id) == col(Person.id),
            col(Conference.state).in_(OPEN),
        )
        .correlate(Person)
        .exists()
    )


# -- for school leaders: days and counts, never a learner ---------------------------------------------


@dataclass(frozen=True)
class SchoolCounts:
    """How many conferences were held this school year. None stands for a number that would tell of few."""

    held: int | None
    learner_led: int | None
    with_family: int | None


FEWEST = 10


def school_windows(session: Session, school_id: int, today: date) -> Sequence[ConferenceWindow]:
    """Return the windows of a school that are not over, in one query."""
    query = select(ConferenceWindow).where(
        ConferenceWindow.school_id == school_id, ConferenceWindow.last_day >= today
    )
    return session.exec(query.order_by(col(ConferenceWindow.first_day))).all()


def school_counts(
    session: Session, school_id: int, calendar: SchoolCalendar, today: date
) -> SchoolCounts:
    """Return what a leader may know of this year's conferences, out of the record's roll-up. One query.

    Numbers under ten are withheld, and so is a number that leaves fewer than ten on the other side.
    """
    year = calendar.year_of(today)
    since = monday_of(year.starts) if year else date.min
    query = (
        sa.select(col(EvidenceWeek.qualifier), sa.func.sum(EvidenceWeek.facts))
        .where(
            col(EvidenceWeek.school_id) == school_id,
            col(EvidenceWeek.verb) == Verb.SESSION_HELD,
            col(EvidenceWeek.week) >= since,
            col(EvidenceWeek.qualifier).startswith("conference;"),
        )
        .group_by(col(EvidenceWeek.qualifier))
    )
    held = led = family = 0
    for qualifier, facts in session.execute(query):
        _kind, led_by, there, _cards = qualifier.split(";")
        held += facts
        led += facts if led_by == Relation.LEARNER else 0
        family += facts if Relation.FAMILY in there.split("+") else 0
    return SchoolCounts(_safe(held, held), _safe(led, held), _safe(family, held))


def _safe(count: int, of: int) -> int | None:
    rest = of - count
    return None if count < FEWEST or 0 < rest < FEWEST else count
