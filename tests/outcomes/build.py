"""Builders of outcomes, through the verb that the app uses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlmodel import Session

from learnpath.outcomes.models import Outcome, OutcomeKind
from learnpath.outcomes.record_outcome import NewOutcome, record_outcome
from learnpath.people.models import Person
from learnpath.record import Relation
from tests.builders import MONDAY, by


def an_outcome(
    session: Session, learner: Person, teacher: Person, kind: OutcomeKind = OutcomeKind.ACADEMIC,
    measure: str = "Fractions quiz", value: str = "18", day: date = date(2025, 11, 14),
) -> Outcome:  # fmt: skip
    """Return a result of the learner that the teacher recorded."""
    new = NewOutcome(kind, measure, day, Decimal(value), "of 20", "class test")
    return record_outcome(session, by(teacher, Relation.TEACHER), learner.id or 0, new, MONDAY)
