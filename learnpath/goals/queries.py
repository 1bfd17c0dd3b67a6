"""Reads of goals that other rooms need too; each in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from learnpath.access import Actor, Can, allowed
from learnpath.goals import checkins, progress, states, wording
from learnpath.goals.cosign import SIGNERS, standing
from learnpath.goals.models import (
    CheckIn,
    Evidence,
    Feel,
    Goal,
    GoalKind,
    GoalMessage,
    GoalSignature,
    GoalState,
    GoalSuggestion,
    GoalVersion,
    Reflection,
    StrategyChange,
)
from learnpath.goals.progress import GoalProgress
from learnpath.goals.trend import Measure
from learnpath.people.models import Person
from learnpath.record import Relation
from learnpath.school.calendar import SchoolCalendar

Row = TypeVar("Row", CheckIn, StrategyChange, GoalSuggestion, GoalMessage, Reflection, Evidence)


# -- a learner's goals in lines --------------------------------------------------------------------


@dataclass(frozen=True)
class GoalLine:
    """A goal in a list, with what the check-in form of this week needs."""

    id: int
    title: str
    state: GoalState
    kind: GoalKind
    drafted_by: Relation
    waits_for: Relation | None
    since: datetime
    due: date | None
    week: date | None
    last_value: Decimal | None
    last_week: date | None
    last_words: str
    last_feel: Feel | None
    checked_in_this_week: bool
    this_week_id: int | None
    takes_check_ins: bool
    measure: Measure | None
    unit: str
    levels: tuple[str, ...]
    ideas: int
    shared_with_family: bool


def goals_of(
    session: Session, learner_id: int, calendar: SchoolCalendar, today: date
) -> list[GoalLine]:
    """Return a learner's goals, those under way first and the newest first among them. Two queries."""
    return _lines(session, _with_versions(session, learner_id), calendar, today)


def home_of(
    session: Session, learner_id: int, calendar: SchoolCalendar, today: date
) -> tuple[list[GoalLine], GoalProgress | None]:
    """Return a learner's goals and the progress of the first one under way, in six queries at most."""
    rows = _with_versions(session, learner_id)
    lines = _lines(session, rows, calendar, today)
    main = next((line for line in lines if line.takes_check_ins), None)
    if main is None:
        return lines, None
    goal = next(goal for goal, *_ in rows if goal.key == main.id)
    versions, signed = versions_of(session, main.id), signed_of(session, main.id)
    agreed = agreed_ones(versions, signed)
    return lines, progress_from(session, goal, "", agreed, calendar, today)


def _with_versions(session: Session, learner_id: int) -> Sequence[Any]:
    """Return a learner's goals with the newest and the agreed version, and the count of open ideas."""
    newest, agreed = aliased(GoalVersion), aliased(GoalVersion)
    ideas = (
        sa.select(sa.func.count())
        .where(col(GoalSuggestion.goal_id) == col(Goal.id), col(GoalSuggestion.answer).is_(None))
        .correlate(Goal)
        .scalar_subquery()
    )
    query = (
        sa.select(Goal, newest, agreed, ideas)
        .outerjoin(newest, is_number(newest, Goal.newest_number))
        .outerjoin(agreed, is_number(agreed, Goal.agreed_number))
        .where(col(Goal.learner_id) == learner_id)
        .order_by(col(Goal.id).desc())
    )
    return session.execute(query).all()


def _lines(
    session: Session, rows: Sequence[Any], calendar: SchoolCalendar, today: date
) -> list[GoalLine]:
    check_ins = standing_check_ins(session, [goal.key for goal, *_ in rows])
    lines = [
        _line(goal, shown, held, check_ins.get(goal.key, []), ideas, calendar, today)
        for goal, shown, held, ideas in rows
    ]
    return sorted(lines, key=lambda line: line.state in states.ENDED)


def is_number(version: type[GoalVersion], number: object) -> sa.ColumnElement[bool]:
    """Return that ``version`` is the one of its goal with ``number``."""
    return sa.and_(col(version.goal_id) == Goal.id, col(version.number) == number)


def standing_check_ins(session: Session, goal_ids: Collection[int]) -> dict[int, list[CheckIn]]:
    """Return the standing check-ins of some goals, oldest first."""
    query = (
        select(CheckIn)
        .where(col(CheckIn.goal_id).in_(goal_ids), col(CheckIn.replaced_at).is_(None))
        .order_by(col(CheckIn.week))
    )
    found: dict[int, list[CheckIn]] = {}
    for row in session.exec(query) if goal_ids else ():
        found.setdefault(row.goal_id, []).append(row)
    return found


def _line(
    goal: Goal, shown: GoalVersion | None, held: GoalVersion | None,
    check_ins: Sequence[CheckIn], ideas: int, calendar: SchoolCalendar, today: date,
) -> GoalLine:  # fmt: skip
    with_value = [row for row in check_ins if row.value is not None]
    last = with_value[-1] if with_value else None
    measured = held or shown
    week = _week_asked(measured, check_ins, calendar, today)
    this_week = next((row for row in check_ins if row.week == week), None)
    return GoalLine(
        id=goal.key, title=title_of(goal, shown), state=goal.state, kind=goal.kind,
        drafted_by=goal.drafted_by, waits_for=states.WAITS_FOR.get(goal.state), since=goal.since,
        due=shown.due if shown else None, week=week, last_value=last.value if last else None,
        last_week=last.week if last else None,
        last_words=wording.week_value(measured, last.value) if last and measured else "",
        last_feel=check_ins[-1].feel if check_ins else None,
        checked_in_this_week=this_week is not None,
        this_week_id=this_week.id if this_week else None,
        takes_check_ins=states.takes_check_ins(goal),
        measure=measured.measure if measured else None, unit=measured.unit if measured else "",
        levels=tuple(measured.levels) if measured else (), ideas=ideas,
        shared_with_family=goal.shared_with_family,
    )  # fmt: skip


def _week_asked(
    version: GoalVersion | None, check_ins: Sequence[CheckIn], calendar: SchoolCalendar, today: date
) -> date | None:
    """The week that the form on the first page is for; the newest one while nothing is agreed."""
    weeks = checkins.weeks_open(version, calendar, today) if version else ()
    told = {row.week for row in check_ins}
    return checkins.week_asked(weeks, told, today) or calendar.latest_week(today)


def title_of(goal: Goal, version: GoalVersion | None) -> str:
    """Return what a goal is called: the learner's own first words."""
    if version is not None:
        return version.what
    return str((goal.draft or {}).get("what") or "")


# -- progress --------------------------------------------------------------------------------------


def progress_from(
    session: Session, goal: Goal, called: str, agreed: Sequence[GoalVersion],
    calendar: SchoolCalendar, today: date, strategies: Sequence[StrategyChange] | None = None,
) -> GoalProgress | None:  # fmt: skip
    """Return the progress of a goal with these agreed versions, in one query with its ``strategies``, else two."""
    held = [version for version in agreed if version.number <= (goal.agreed_number or 0)]
    if not held:
        return None
    return progress.build(
        goal.key, called, goal.state, held, rows_of(session, CheckIn, goal.key),
        rows_of(session, StrategyChange, goal.key) if strategies is None else strategies,
        calendar, today,
        until=calendar.day_of(goal.ended_at) if goal.ended_at else None,
    )  # fmt: skip


def versions_of(session: Session, goal_id: int) -> list[GoalVersion]:
    """Return all versions of a goal, in order."""
    query = select(GoalVersion).where(GoalVersion.goal_id == goal_id)
    return list(session.exec(query.order_by(col(GoalVersion.number))))


def signed_of(session: Session, goal_id: int) -> list[GoalSignature]:
    """Return all that was signed and withdrawn on a goal, in order."""
    query = select(GoalSignature).where(GoalSignature.goal_id == goal_id)
    return list(session.exec(query.order_by(col(GoalSignature.id))))


def versions_signed(
    session: Session, goal_id: int
) -> tuple[list[GoalVersion], list[GoalSignature]]:
    """Return both, versions and what was signed on them, in order and in one query."""
    query = (
        select(GoalVersion, GoalSignature)
        .outerjoin(
            GoalSignature,
            sa.and_(
                col(GoalSignature.goal_id) == col(GoalVersion.goal_id),
                col(GoalSignature.number) == col(GoalVersion.number),
            ),
        )
        .where(GoalVersion.goal_id == goal_id)
        .order_by(col(GoalVersion.number), col(GoalSignature.id))
    )
    rows = session.execute(query).all()
    versions = list(dict.fromkeys(version.number for version, _signed in rows))
    by_number = {version.number: version for version, _signed in rows}
    signed = [signature for _version, signature in rows if signature is not None]
    return [by_number[number] for number in versions], sorted(signed, key=lambda one: one.id)


def rows_of(session: Session, model: type[Row], goal_id: int) -> list[Row]:
    """Return all rows of a goal, in the order in which they were written."""
    query = select(model).where(col(model.goal_id) == goal_id)
    return list(session.exec(query.order_by(col(model.id))))


def all_rows_of(session: Session, goal_id: int, *models: Any) -> list[list[Any]]:
    """Return the rows that a goal has in each of some tables, as they were written, in one query."""
    ids: list[Any] = [
        sa.select(sa.literal_column(str(place)).label("place"), col(model.id).label("id")).where(
            col(model.goal_id) == goal_id
        )
        for place, model in enumerate(models)
    ]
    listed = sa.union_all(*ids).subquery()
    query = sa.select(*models).select_from(listed).order_by(listed.c.place, listed.c.id)
    for place, model in enumerate(models):
        same = sa.and_(listed.c.place == place, col(model.id) == listed.c.id)
        query = query.outerjoin(model, sa.and_(same, col(model.goal_id) == goal_id))
    rows = session.execute(query).all()
    return [[row[n] for row in rows if row[n] is not None] for n in range(len(models))]


def agreed_ones(
    versions: Iterable[GoalVersion], signed: Sequence[GoalSignature]
) -> list[GoalVersion]:
    """Return the versions that both sides have signed, in order."""
    return [
        version
        for version in versions
        if standing(row for row in signed if row.number == version.number).keys() >= set(SIGNERS)
    ]


# -- what waits for a teacher ----------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """A goal that waits for a teacher, or for a talk."""

    goal_id: int
    learner_id: int
    called: str
    title: str
    state: GoalState
    since: datetime
    version: GoalVersion
    changed: bool


def waiting_for_teacher(session: Session, actor: Actor) -> list[Waiting]:
    """Return the goals of the teacher's learners that wait for them, the longest wait first. One query."""
    query = (
        select(Goal, GoalVersion, Person)
        .join(GoalVersion, is_number(GoalVersion, Goal.newest_number))
        .join(Person, col(Person.id) == col(Goal.learner_id))
        .where(
            allowed(Can.ANSWER_GOAL, Goal, actor),
            col(Goal.state).in_([GoalState.WITH_TEACHER, GoalState.TALK]),
        )
        .order_by(col(Goal.since), col(Goal.id))
    )
    return [
        Waiting(
            goal.key, goal.learner_id, person.called, version.what, goal.state, goal.since, version,
            goal.agreed_number is not None,
        )
        for goal, version, person in session.execute(query)
    ]  # fmt: skip
