"""A goal for a class: the teacher offers it, each learner takes it at an own size or answers with another one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, func, select

from learnpath import record
from learnpath.access import current
from learnpath.errors import NotAllowedNow, NotFound, WrongInput
from learnpath.goals import draft, parts
from learnpath.goals.models import CheckIn, Goal, GroupGoal
from learnpath.people.models import Person
from learnpath.people.queries import names
from learnpath.record import By, Relation, Verb
from learnpath.school.models import Enrolment, SchoolClass
from learnpath.wording import lazy as _l

# Each learner says these for themselves.
OWN_PARTS = ("baseline", "can_now", "confidence", "stretch", "doable", "builds_on", "rests_on")


def offer_to_class(
    session: Session, by: By, school_class: SchoolClass, typed: Mapping[str, Any], today: date,
    now: datetime, *, only: Collection[int] = (),
) -> GroupGoal:  # fmt: skip
    """Offer a goal to everybody who learns in a class today, or to a small group of them.

    Raises WrongInput for a missing part, or for a group with nobody of the class in it.
    """
    parts.read(typed, today)
    there = _learners(session, school_class.id or 0, today)
    chosen = [learner_id for learner_id in there if learner_id in set(only)]
    if only and not chosen:
        raise WrongInput("learners", _l("Choose students of this class."))
    shared = {key: value for key, value in typed.items() if key in parts.DRAFT_KEYS}
    group = GroupGoal(
        school_id=by.school_id, class_id=school_class.id or 0, teacher_id=by.person_id or 0, at=now,
        parts=shared | dict.fromkeys(OWN_PARTS, ""), for_ids=chosen,
    )  # fmt: skip
    session.add(group)
    session.flush()
    for learner_id in chosen or there:
        record.write(
            session, by, Verb.GROUP_GOAL_SET, learner_id=learner_id,
            about=("group_goal", group.id), at=now,
        )  # fmt: skip
    return group


def _learners(session: Session, class_id: int, today: date) -> Sequence[int]:
    query = select(Enrolment.learner_id).where(
        Enrolment.class_id == class_id, current(Enrolment, today)
    )
    return session.exec(query.order_by(col(Enrolment.learner_id))).all()


def take(
    session: Session, by: By, learner: Person, group_goal_id: int, today: date, now: datetime
) -> Goal:
    """Begin one's own goal from a class's: its words, at an own size.

    Raises NotFound for a goal of another class, NotAllowedNow for one that is closed or taken.
    """
    offered = {group.id: group for group in _of_learner(session, learner.id or 0, today)}
    group = offered.get(group_goal_id)
    if group is None:
        raise NotFound
    if group.closed_at is not None or group.id in _taken(session, learner.id or 0):
        raise NotAllowedNow(_l("You have this goal already, or it is closed."))
    return draft.start(
        session, by, learner.id or 0, now, begins_with=group.parts, group_goal_id=group.id,
        drafted_by=Relation.TEACHER,
    )  # fmt: skip


def close_group(session: Session, group: GroupGoal, now: datetime) -> None:
    """Stop offering a class's goal; those who took it go on."""
    group.closed_at = now
    session.add(group)


def _of_learner(session: Session, learner_id: int, today: date) -> Sequence[GroupGoal]:
    classes = select(Enrolment.class_id).where(
        Enrolment.learner_id == learner_id, current(Enrolment, today)
    )
    query = select(GroupGoal).where(col(GroupGoal.class_id).in_(classes))
    groups = session.exec(query.order_by(col(GroupGoal.id).desc())).all()
    return [group for group in groups if not group.for_ids or learner_id in group.for_ids]


def _taken(session: Session, learner_id: int) -> set[int | None]:
    query = select(Goal.group_goal_id).where(
        Goal.learner_id == learner_id, col(Goal.group_goal_id).is_not(None)
    )
    return set(session.exec(query))


@dataclass(frozen=True)
class Offered:
    """A class's goal as a learner finds it."""

    id: int
    title: str
    teacher: str


def offered_to(session: Session, learner_id: int, today: date) -> list[Offered]:
    """Return the goals of a learner's classes that they have not taken yet. Three queries."""
    taken = _taken(session, learner_id)
    groups = [
        group
        for group in _of_learner(session, learner_id, today)
        if group.closed_at is None and group.id not in taken
    ]
    called = names(session, [group.teacher_id for group in groups])
    return [
        Offered(group.id or 0, str(group.parts.get("what") or ""), called.get(group.teacher_id, ""))
        for group in groups
    ]


@dataclass(frozen=True)
class OfferedByMe:
    """A class's goal as its teacher sees it: counts only, nobody's numbers side by side."""

    id: int
    title: str
    at: datetime
    closed: bool
    group_of: int
    taken: int
    check_ins: int


def of_class(session: Session, class_id: int) -> list[OfferedByMe]:
    """Return what was offered to a class, with how many took it and how often they checked in."""
    groups = session.exec(
        select(GroupGoal).where(GroupGoal.class_id == class_id).order_by(col(GroupGoal.id).desc())
    ).all()
    counts = session.execute(
        select(
            col(Goal.group_goal_id),
            func.count(col(Goal.id).distinct()),
            func.count(col(CheckIn.id)),
        )
        .outerjoin(
            CheckIn, (col(CheckIn.goal_id) == col(Goal.id)) & col(CheckIn.replaced_at).is_(None)
        )
        .where(col(Goal.group_goal_id).in_([group.id for group in groups]))
        .group_by(col(Goal.group_goal_id))
    ).all()
    by_group = {group_id: (taken, check_ins) for group_id, taken, check_ins in counts}
    return [
        OfferedByMe(
            group.id or 0, str(group.parts.get("what") or ""), group.at,
            group.closed_at is not None, len(group.for_ids), *by_group.get(group.id, (0, 0)),
        )
        for group in groups
    ]  # fmt: skip
