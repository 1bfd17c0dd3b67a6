"""Builders of goals: through the same verbs as the app, so that whatever they build is in the record too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import Session, SQLModel, select

from learnpath.goals import checkins, close, cosign, draft, propose, queries
from learnpath.goals.checkins import Entry
from learnpath.goals.close import How
from learnpath.goals.models import Feel, GapReason, Goal
from learnpath.goals.progress import GoalProgress
from learnpath.people.models import Person
from learnpath.record import Relation
from learnpath.school.calendar import SchoolCalendar, monday_of
from learnpath.school.models import Enrolment, Teaching
from learnpath.school.queries import calendar_of
from tests.builders import MONDAY, a_learner, a_teacher_of, by

ZONE = ZoneInfo("America/Denver")
FACTS: dict[str, Any] = {
    "what": "Know 42 multiplication facts from memory",
    "why": "then long problems go faster",
    "can_now": "say 24 of 50 facts",
    "measure": "count",
    "unit": "facts",
    "direction": "increase",
    "source": "the facts quiz on Friday",
    "baseline": "24",
    "target": "42",
    "confidence": "with_work",
    "stretch": "The sevens and eights are the hard ones.",
    "due": "2026-01-30",
    "actions": ["I practise 6 hard ones for 5 minutes after lunch"],
    "obstacle": "I forget the sevens",
    "plan": "draw them as groups",
    "helpers": ["me"],
}
WEEKLY = (24, 25, 27, 27, 30, 33, 32, 36, 37, 39)


Model = TypeVar("Model", bound=SQLModel)


def look(session: Session, model: type[Model], id: int | None) -> Model:
    """Return an object as it is in the database now, and leave no transaction open."""
    found = session.get_one(model, id, populate_existing=True)
    session.commit()
    return found


def learner_of(session: Session, goal: Goal) -> Person:
    """Return whose goal it is. Commits: a request may follow."""
    learner = session.get_one(Person, goal.learner_id)
    session.commit()
    return learner


def school_day(moment: datetime) -> date:
    """Return the day that people at school are living at ``moment``."""
    return moment.astimezone(ZONE).date()


def the_teacher(session: Session, learner: Person) -> Person:
    """Return a teacher of the learner, made when there is none."""
    query = (
        select(Person)
        .join(Teaching, Teaching.teacher_id == Person.id)
        .join(Enrolment, Enrolment.class_id == Teaching.class_id)
        .where(Enrolment.learner_id == learner.id)
    )
    return session.exec(query).first() or a_teacher_of(session, learner)


def a_draft(
    session: Session, learner: Person | None = None, *, now: datetime = MONDAY, **parts: Any
) -> Goal:
    """Return a goal that a learner is writing, with all its parts."""
    learner = learner or a_learner(session)
    return draft.start(
        session, by(learner, Relation.LEARNER), learner.id, now, begins_with={**FACTS, **parts}
    )


def a_sent_goal(
    session: Session, learner: Person | None = None, *, now: datetime = MONDAY, **parts: Any
) -> Goal:
    """Return a goal that a learner has sent to the teacher."""
    learner = learner or a_learner(session)
    goal = a_draft(session, learner, now=now, **parts)
    propose.send(session, by(learner, Relation.LEARNER), goal, school_day(now), now)
    return goal


def both_sign(
    session: Session, goal: Goal, *, now: datetime = MONDAY, teacher: Person | None = None
) -> Goal:
    """Let learner and teacher sign the newest version of a goal."""
    learner = session.get_one(Person, goal.learner_id)
    teacher = teacher or the_teacher(session, learner)
    shown = draft.newest(session, goal).sha256
    cosign.sign(session, by(learner, Relation.LEARNER), goal, shown, now)
    cosign.sign(session, by(teacher, Relation.TEACHER), goal, shown, now + timedelta(minutes=1))
    return goal


def a_goal(
    session: Session,
    *,
    learner: Person | None = None,
    teacher: Person | None = None,
    agreed: bool = True,
    check_ins: int = 0,
    values: Sequence[int | float | None] | None = None,
    feels: Mapping[int, Feel] | None = None,
    weeks_ago: int | None = None,
    shared: bool = False,
    reached: bool = False,
    **parts: Any,
) -> Goal:
    """Return a goal, agreed or only sent, with ``check_ins`` weekly values before this week.

    ``values`` says them one by one (None: not this week); ``feels`` how the n-th week felt.
    """
    learner = learner or a_learner(session)
    told = list(values) if values is not None else _values(check_ins)
    began = MONDAY - timedelta(weeks=len(told) if weeks_ago is None else weeks_ago)
    goal = a_sent_goal(session, learner, now=began, **parts)
    if agreed:
        both_sign(session, goal, now=began, teacher=teacher)
        _check_ins(session, learner, goal, told, feels or {}, began)
    if shared:
        close.share(session, by(learner, Relation.LEARNER), goal, True, MONDAY)
    if reached:
        close.close(
            session, by(learner, Relation.LEARNER), goal, How.REACHED, "I kept going.", MONDAY
        )
    session.flush()
    return goal


def progress_of(
    session: Session, goal: Goal, calendar: SchoolCalendar, today: date
) -> GoalProgress | None:
    """Return the progress of a goal, as its page shows it."""
    versions, signed = queries.versions_of(session, goal.key), queries.signed_of(session, goal.key)
    called = session.get_one(Person, goal.learner_id).called
    agreed = queries.agreed_ones(versions, signed)
    return queries.progress_from(session, goal, called, agreed, calendar, today)


def _values(count: int) -> list[int | float | None]:
    return [WEEKLY[n] if n < len(WEEKLY) else WEEKLY[-1] + n % 4 for n in range(count)]


def _check_ins(
    session: Session, learner: Person, goal: Goal, values: Sequence[int | float | None],
    feels: Mapping[int, Feel], began: datetime,
) -> None:  # fmt: skip
    calendar = every_week(session, learner)
    for n, value in enumerate(values):
        at = began + timedelta(weeks=n, days=4)
        week = monday_of(school_day(at))
        entry = (
            Entry(week, gap=GapReason.SICK)
            if value is None
            else Entry(week, Decimal(str(value)), feels.get(n, Feel.SMOOTH))
        )
        checkins.check_in(
            session, by(learner, Relation.LEARNER), goal, entry, calendar, school_day(at), at
        )


def every_week(session: Session, learner: Person) -> SchoolCalendar:
    """Return the school's calendar with every week of it a school week, for building freely."""
    years = calendar_of(session, learner.school_id).years
    first = min(year.starts for year in years) - timedelta(weeks=60)
    return SchoolCalendar(tuple(monday_of(first) + timedelta(weeks=n) for n in range(200)), years)
