"""What families answered, as each reader may see it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from learnpath.conferences.models import Feedback, Understood
from learnpath.people.models import Person
from learnpath.school.models import Guardianship


@dataclass(frozen=True)
class Answer:
    """What a family answered. ``question`` is empty for everybody but the school's staff and the family."""

    id: int
    guardian: str
    understood: Understood
    proud: str
    question: str
    may_call: bool
    language: str
    given_at: datetime
    glanced_at: datetime | None
    glanced_by: str
    passed_on: bool
    read: bool


def answers_to_staff(session: Session, summary_id: int) -> list[Answer]:
    """Return all answers to a summary, with all their words: for the learner's teachers only."""
    return [_answer(*row) for row in session.execute(_answers(summary_id))]


def answers_to_learner(session: Session, summary_id: int) -> list[Answer]:
    """Return what the teacher passed on, without the words for the school."""
    query = _answers(summary_id).where(col(Feedback.passed_on_at).is_not(None))
    return [_without_question(_answer(*row)) for row in session.execute(query)]


def answers_of_guardian(session: Session, summary_id: int, guardian_id: int) -> list[Answer]:
    """Return what one guardian answered, and whether a teacher read it."""
    query = _answers(summary_id).where(col(Feedback.guardian_id) == guardian_id)
    return [_answer(*row) for row in session.execute(query)]


def _answers(summary_id: int) -> sa.Select[Feedback, str, str, str]:
    teacher = aliased(Person)
    return (
        sa.select(Feedback, col(Person.called), col(Guardianship.called), col(teacher.called))
        .join(Person, col(Person.id) == col(Feedback.guardian_id))
        .outerjoin(
            Guardianship,
            (col(Guardianship.guardian_id) == col(Feedback.guardian_id))
            & (col(Guardianship.learner_id) == col(Feedback.learner_id))
            & col(Guardianship.ends).is_(None),
        )
        .outerjoin(teacher, col(teacher.id) == col(Feedback.glanced_by))
        .where(col(Feedback.summary_id) == summary_id)
        .order_by(col(Feedback.given_at), col(Feedback.id))
    )


def _answer(row: Feedback, own_name: str, called: str | None, reader: str | None) -> Answer:
    return Answer(
        row.id or 0, called or own_name, row.understood, row.proud, row.question, row.may_call,
        row.language.value, row.given_at, row.glanced_at, reader or "",
        row.passed_on_at is not None, row.read_at is not None,
    )  # fmt: skip


def _without_question(answer: Answer) -> Answer:
    return replace(answer, question="", may_call=False)
