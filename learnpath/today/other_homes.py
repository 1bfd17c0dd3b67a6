"""The first pages of families, school leaders and administrators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from learnpath.access import Actor, Can, allowed, current
from learnpath.conferences import queries as conferences
from learnpath.conferences.models import Conference, ConferenceState, ConferenceWindow
from learnpath.conferences.queries import SharedSummary
from learnpath.goals.models import CheckIn, Goal, GoalState
from learnpath.people.models import Person
from learnpath.profiles.models import ProfileBlock
from learnpath.school.calendar import SchoolCalendar
from learnpath.school.models import (
    Administration,
    Enrolment,
    Guardianship,
    Leadership,
    School,
    SchoolClass,
    Teaching,
)

# Groups under ten stay unnamed: no reader of a count can work out a single child.
FEWEST = 10


@dataclass(frozen=True)
class Child:
    """A child of a family, with what the family may read."""

    id: int
    called: str
    summaries: Sequence[SharedSummary]
    goals: int


def family_home(session: Session, actor: Actor) -> list[Child]:
    """Return a guardian's children with what is shared about them, in three queries."""
    children = session.exec(
        select(Person)
        .where(allowed(Can.READ_PROFILE, Person, actor))
        .order_by(col(Person.called), col(Person.id))
    ).all()
    shared = conferences.shared_with_guardian(session, actor.person_id, actor.today)
    counted: Any = (
        select(Goal.learner_id, func.count())
        .where(allowed(Can.READ_GOAL, Goal, actor))
        .group_by(col(Goal.learner_id))
    )
    goals = dict(session.exec(counted).all())
    return [
        Child(
            child.id or 0, child.called, [one for one in shared if one.learner_id == child.id],
            goals.get(child.id, 0),
        )
        for child in children
    ]  # fmt: skip


@dataclass(frozen=True)
class Practice:
    """How many learners of a school do something, said so that no single child can be worked out."""

    key: str
    count: int
    of: int

    @property
    def shown(self) -> str:
        """``number``, or a word where the number or what is left of it is under ten."""
        if self.of < FEWEST:
            return "withheld"
        if self.count < FEWEST:
            return "few"
        return "nearly_all" if self.of - self.count < FEWEST else "number"


@dataclass(frozen=True)
class LeaderHome:
    """A school leader's first page: counts only, never a table of people or classes."""

    learners: int
    practices: Sequence[Practice]
    # Whether conferences of the whole school are planned from today on: what is next hangs on it.
    conferences_ahead: bool


def leader_home(
    session: Session, actor: Actor, calendar: SchoolCalendar, now: datetime
) -> LeaderHome:
    """Return what is done across the school, in one query for each count."""
    learners = _learners(actor)
    total = _count(session, learners)
    year, week = calendar.year_of(actor.today), calendar.latest_week(actor.today)
    since = datetime.combine(year.starts, datetime.min.time(), now.tzinfo) if year else now
    agreed = select(Goal.learner_id).where(Goal.state == GoalState.AGREED)
    doing = {
        "profile": select(ProfileBlock.learner_id).where(ProfileBlock.number > 0),
        "goal": agreed,
        "check_in": select(CheckIn.learner_id).where(
            CheckIn.week == week, col(CheckIn.replaced_at).is_(None)
        ),
        "conference": select(Conference.learner_id).where(
            Conference.state == ConferenceState.HELD, col(Conference.held_at) >= since
        ),
    }
    return LeaderHome(
        total,
        [
            Practice(key, _count(session, learners.where(col(Person.id).in_(query))), total)
            for key, query in doing.items()
        ],
        _conferences_ahead(session, actor),
    )


def _conferences_ahead(session: Session, actor: Actor) -> bool:
    ahead = select(ConferenceWindow.id).where(
        ConferenceWindow.school_id == actor.school_id,
        col(ConferenceWindow.class_id).is_(None),
        ConferenceWindow.last_day >= actor.today,
    )
    return session.exec(ahead.limit(1)).first() is not None


def _learners(actor: Actor) -> Any:
    return (
        select(Person.id)
        .join(Enrolment, col(Enrolment.learner_id) == col(Person.id))
        .join(SchoolClass, col(SchoolClass.id) == col(Enrolment.class_id))
        .join(School, col(School.id) == col(SchoolClass.school_id))
        .where(allowed(Can.SEE_SCHOOL, School, actor), current(Enrolment, actor.today))
        .distinct()
    )


def _count(session: Session, query: Any) -> int:
    return session.exec(select(func.count()).select_from(query.subquery())).one()


@dataclass(frozen=True)
class AdministratorHome:
    """An administrator's first page: what the installation holds."""

    people: dict[str, int]


def administrator_home(session: Session, actor: Actor) -> AdministratorHome:
    """Return how many people of each kind the school has today, in one query."""
    kinds: dict[str, tuple[Any, Any]] = {
        "learners": (Enrolment, Enrolment.learner_id),
        "teachers": (Teaching, Teaching.teacher_id),
        "guardians": (Guardianship, Guardianship.guardian_id),
        "leaders": (Leadership, Leadership.person_id),
        "administrators": (Administration, Administration.person_id),
    }
    counts = [
        sa.select(sa.func.count(sa.distinct(owner)))
        .join(Person, col(Person.id) == owner)
        .where(current(model, actor.today), allowed(Can.ADMINISTER, Person, actor))
        .scalar_subquery()
        .label(kind)
        for kind, (model, owner) in kinds.items()
    ]
    row = session.execute(sa.select(*counts)).one()
    return AdministratorHome(dict(row._mapping))  # noqa: SLF001 - SQLAlchemy's public name for it
