"""What waits after a conference: promises to look back at, answers to read, summaries to say yes to or share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from learnpath.conferences.models import (
    Conference,
    ConferenceState,
    Feedback,
    Promise,
    PromiseLook,
    PromiseState,
    Summary,
    Understood,
)
from learnpath.conferences.promises import look_is_due
from learnpath.conferences.queries import Learners
from learnpath.people.models import Person
from learnpath.record import Relation


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
