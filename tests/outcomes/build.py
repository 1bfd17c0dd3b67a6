"""Builders of outcomes, through the verb that the app uses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlmodel import Session, select

from learnpath.outcomes import bring_in, waiting
from learnpath.outcomes.models import Outcome, OutcomeKind
from learnpath.outcomes.record_outcome import NewOutcome, record_outcome
from learnpath.people.models import Person
from learnpath.record import Relation
from learnpath.school.models import Administration, School
from tests.builders import MONDAY, an_administrator, by, by_school
from tests.outcomes import files


def an_outcome(
    session: Session, learner: Person, teacher: Person, kind: OutcomeKind = OutcomeKind.ACADEMIC,
    measure: str = "Fractions quiz", value: str = "18", day: date = date(2025, 11, 14),
) -> Outcome:  # fmt: skip
    """Return a result of the learner that the teacher recorded."""
    new = NewOutcome(kind, measure, day, Decimal(value), "of 20", "class test")
    return record_outcome(session, by(teacher, Relation.TEACHER), learner.id or 0, new, MONDAY)


def an_import(session: Session, learner: Person, mark: str) -> tuple[int, int]:
    """Bring a file about the learner in, and leave another one waiting; return the ids of file and import."""
    files.known_as(session, learner, f"{mark}-1")
    school = session.get_one(School, learner.school_id)
    doer = replace(by_school(school), person_id=_office(session, school))
    content = files.quizzes(f"{mark}-1,09/05/2025,{mark} fractions,15")
    run, _plan = bring_in.apply(session, doer, files.source(content), MONDAY)
    waits = waiting.take(session, doer, f"{mark}.csv", content, MONDAY)
    waiting.choose(session, doer, waits, files.mapping(), MONDAY)
    return waits.id or 0, run.id or 0


def _office(session: Session, school: School) -> int:
    query = select(Administration.person_id).where(Administration.school_id == school.id)
    return session.exec(query).first() or an_administrator(session, school=school).id or 0
