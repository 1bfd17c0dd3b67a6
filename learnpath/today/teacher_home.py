"""What a teacher's first page shows: whom to see today and why, what waits, who was not seen yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from learnpath.access import Actor, Can, allowed
from learnpath.conferences import afterwards, ahead
from learnpath.conferences.afterwards import FeedbackWaiting, PromiseDue, SummaryWaiting
from learnpath.conferences.ahead import NextConference
from learnpath.goals import queries as goals
from learnpath.goals.models import CheckIn, Feel, Goal, GoalState, GoalVersion
from learnpath.goals.queries import Waiting
from learnpath.goals.states import ENDED, OPEN
from learnpath.goals.trend import Direction
from learnpath.people.models import Person
from learnpath.record import Relation
from learnpath.record.models import Event
from learnpath.school.calendar import SchoolCalendar
from learnpath.today import snooze
from learnpath.today.class_table import ClassRow, Order, OwnGoal, class_rows
from learnpath.today.models import Snooze
from learnpath.today.reasons import LearnerWeek, Reason, see_today
from learnpath.today.snooze import Standing

GOOD_NEWS_DAYS = timedelta(days=7)
LOOK_BACK_WEEKS = 8
COVERAGE = timedelta(weeks=4)


@dataclass(frozen=True)
class Coverage:
    """With whom the teacher has worked in the last four weeks, and with whom not yet."""

    seen: int
    all: int
    not_yet: Sequence[tuple[int, str]]


@dataclass(frozen=True)
class TeacherHome:
    """A teacher's first page."""

    week_number: int | None
    see: Sequence[Reason]
    to_sign: Sequence[Waiting]
    not_ready: Sequence[NextConference]
    coming: Sequence[NextConference]
    feedback: Sequence[FeedbackWaiting]
    summaries: Sequence[SummaryWaiting]
    promises: Sequence[PromiseDue]
    coverage: Coverage
    left_out: Sequence[tuple[str, Snooze]]
    table: Sequence[ClassRow]
    order: Order


def teacher_home(
    session: Session, actor: Actor, calendar: SchoolCalendar, now: datetime,
    order: Order = Order.NAME,
) -> TeacherHome:  # fmt: skip
    """Return a teacher's first page, in a fixed number of queries however large the classes are."""
    learners = session.exec(
        select(Person)
        .where(allowed(Can.READ_LEARNER, Person, actor), col(Person.left_at).is_(None))
        .order_by(col(Person.called), col(Person.id))
    ).all()
    ids = select(Person.id).where(allowed(Can.READ_LEARNER, Person, actor))
    until = datetime.combine(
        ahead.five_school_days_on(calendar, actor.today) + timedelta(days=1),
        datetime.min.time(), ZoneInfo(actor.zone),
    )  # fmt: skip
    coming = ahead.coming(session, ids, now, until)
    to_sign = goals.waiting_for_teacher(session, actor)
    settled = snooze.standing_of(session, actor.person_id, actor.today, now)
    found, recent = _goals(session, actor, now), _check_ins(session, actor, calendar)
    planned = {one.learner_id: one for one in reversed(coming)}
    weeks = [
        _week(
            person, found.get(person.id or 0, []), recent, planned.get(person.id or 0), calendar,
            actor, settled.get(person.id or 0, Standing()),
        )
        for person in learners
    ]  # fmt: skip
    return TeacherHome(
        week_number=calendar.number(actor.today), see=see_today(weeks, actor.today),
        to_sign=to_sign, not_ready=[one for one in coming if not one.ready], coming=coming,
        feedback=afterwards.feedback_waiting(session, ids),
        summaries=[w for w in afterwards.summaries_waiting(session, ids) if w.for_teacher],
        promises=[
            p for p in afterwards.promises_due(session, ids, now) if p.by is Relation.TEACHER
        ],
        coverage=_coverage(session, actor, learners, now),
        left_out=[
            (one.called, row)
            for one in learners
            if (row := settled.get(one.id or 0, Standing()).left_out)
        ],
        table=class_rows(learners, found, recent, planned, order), order=order,
    )  # fmt: skip


def _goals(session: Session, actor: Actor, now: datetime) -> Mapping[int, list[OwnGoal]]:
    """The goals of each learner, newest first, with the words that are agreed, else the newest ones."""
    number = sa.func.coalesce(Goal.agreed_number, Goal.newest_number)
    query = (
        select(Goal, GoalVersion.direction, GoalVersion.what)
        .outerjoin(GoalVersion, goals.is_number(GoalVersion, number))
        .where(
            allowed(Can.READ_GOAL, Goal, actor),
            sa.or_(
                col(Goal.state).in_(OPEN),
                sa.and_(
                    col(Goal.state) == GoalState.REACHED, col(Goal.ended_at) >= now - GOOD_NEWS_DAYS
                ),
            ),
        )
        .order_by(col(Goal.id).desc())
    )
    found: dict[int, list[OwnGoal]] = {}
    for goal, direction, what in session.execute(query):
        found.setdefault(goal.learner_id, []).append((goal, direction, what))
    return found


def _check_ins(
    session: Session, actor: Actor, calendar: SchoolCalendar
) -> Mapping[int, list[CheckIn]]:
    first = (calendar.latest_week(actor.today) or actor.today) - timedelta(weeks=LOOK_BACK_WEEKS)
    query = (
        select(CheckIn)
        .where(
            allowed(Can.CHECK_IN, CheckIn, actor), col(CheckIn.replaced_at).is_(None),
            CheckIn.week >= first,
        )
        .order_by(col(CheckIn.week))
    )  # fmt: skip
    found: dict[int, list[CheckIn]] = {}
    for row in session.exec(query):
        found.setdefault(row.goal_id, []).append(row)
    return found


def _week(
    person: Person, own: Sequence[OwnGoal],
    recent: Mapping[int, list[CheckIn]], planned: NextConference | None, calendar: SchoolCalendar,
    actor: Actor, done: Standing,
) -> LearnerWeek:  # fmt: skip
    under_way = [
        (goal, way) for goal, way, _what in own if goal.agreed_number and goal.state not in ENDED
    ]
    goal, way = under_way[0] if under_way else (None, None)
    rows = recent.get(goal.id or 0, []) if goal else []
    waiting = [goal.since for goal, *_ in own if goal.state is GoalState.WITH_TEACHER]
    reached = [goal.id for goal, *_ in own if goal.state is GoalState.REACHED]
    zone = ZoneInfo(actor.zone)
    # What was talked about is settled; a check-in after the talk may ask anew.
    untold = [row for row in rows if done.talked_at is None or row.at > done.talked_at]
    asks = bool(untold and untold[-1].wants_talk)
    row = done.left_out
    asks_anew = asks and row is not None and untold[-1].at > row.at
    return LearnerWeek(
        person.id or 0, person.called, has_goal=any(g.state not in ENDED for g, *_ in own),
        goal_id=goal.id if goal else None, wants_talk=asks,
        stuck_weeks=_stuck(untold), waiting_since=_day(min(waiting), zone) if waiting else None,
        weeks_without_check_in=_quiet_weeks(goal, rows, calendar, actor.today),
        recent_values=tuple(float(row.value) for row in rows if row.value is not None),
        increases=way is not Direction.DECREASE,
        conference_id=planned.id if planned else None,
        conference_day=_day(planned.starts_at, zone) if planned else None,
        conference_ready=bool(planned and planned.ready),
        reached_goal_id=reached[0] if reached else None,
        left_out=row.why if row and not asks_anew else None,
    )  # fmt: skip


def _stuck(rows: Sequence[CheckIn]) -> int:
    """Return how many of the newest check-ins in a row said "stuck"."""
    count = 0
    for row in reversed(rows):
        if row.feel is not Feel.STUCK:
            break
        count += 1
    return count


def _quiet_weeks(
    goal: Goal | None, rows: Sequence[CheckIn], calendar: SchoolCalendar, today: date
) -> int:
    """Return the whole school weeks before this one without a check-in, explained ones not counted."""
    if goal is None:
        return 0
    since = rows[-1].week if rows else calendar.day_of(goal.started_at)
    return max(0, len(calendar.weeks_between(since, today)) - 2)


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _coverage(
    session: Session, actor: Actor, learners: Sequence[Person], now: datetime
) -> Coverage:
    query: Any = (
        select(Event.learner_id)
        .where(
            Event.actor_id == actor.person_id, col(Event.at) >= now - COVERAGE,
            col(Event.relation).in_([Relation.TEACHER, Relation.TOGETHER]),
            col(Event.learner_id).is_not(None),
        )
        .distinct()
    )  # fmt: skip
    seen = set(session.exec(query))
    not_yet = [(one.id or 0, one.called) for one in learners if one.id not in seen]
    return Coverage(len(learners) - len(not_yet), len(learners), not_yet)
