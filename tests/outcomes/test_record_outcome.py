"""A teacher records a result of a learner: checked, kept, and told in the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from learnpath.errors import WrongInput
from learnpath.outcomes.models import Outcome, OutcomeKind
from learnpath.outcomes.record_outcome import NewOutcome, read_value, record_outcome
from learnpath.outcomes.state_need import state_need
from learnpath.record import Relation, Verb
from learnpath.record.models import Event, EvidenceWeek
from tests.builders import MONDAY, a_learner, a_teacher_of, by
from tests.outcomes.build import an_outcome

QUIZ = NewOutcome(
    OutcomeKind.ACADEMIC, "Fractions quiz", date(2025, 11, 14), Decimal(18), "of 20", "class test"
)


def test_a_result_is_kept_and_told_in_the_record(any_session: Session) -> None:
    learner = a_learner(any_session)
    outcome = an_outcome(any_session, learner, a_teacher_of(any_session, learner))
    kept = any_session.exec(select(Outcome)).one()
    assert (kept.value, kept.scale, kept.day) == (Decimal(18), "of 20", date(2025, 11, 14))
    event = any_session.exec(select(Event).where(Event.verb == Verb.OUTCOME_RECORDED)).one()
    assert (event.object_type, event.object_id) == ("outcome", outcome.id)
    assert event.relation is Relation.TEACHER
    assert event.payload == '{"kind":"academic","source":"typed"}'


def test_each_kind_is_counted_apart_for_the_continuum(any_session: Session) -> None:
    learner = a_learner(any_session)
    teacher = a_teacher_of(any_session, learner)
    for kind in OutcomeKind:
        an_outcome(any_session, learner, teacher, kind)
    counted = any_session.exec(
        select(EvidenceWeek.qualifier).where(EvidenceWeek.verb == Verb.OUTCOME_RECORDED)
    ).all()
    assert set(counted) == {"academic", "attendance", "behaviour", "social_emotional"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"measure": ""}, "measure"),
        ({"measure": "x" * 81}, "measure"),
        ({"source": "x" * 81}, "source"),
        ({"value": Decimal("NaN")}, "value"),
        ({"value": Decimal(10) ** 9}, "value"),
        ({"day": date(2025, 11, 18)}, "day"),
        ({"day": date(1999, 1, 1)}, "day"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    session: Session, wrong: dict[str, object], field: str
) -> None:
    learner = a_learner(session)
    teacher = by(a_teacher_of(session, learner), Relation.TEACHER)
    with pytest.raises(WrongInput) as refused:
        record_outcome(session, teacher, learner.id or 0, replace(QUIZ, **wrong), MONDAY)
    assert refused.value.field == field
    assert session.exec(select(Outcome)).all() == []


@pytest.mark.parametrize(("typed", "value"), [("18", "18"), (" 4,5 ", "4.5"), ("-3", "-3")])
def test_numbers_are_read_with_point_or_comma(typed: str, value: str) -> None:
    assert read_value(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["", "ten", "NaN", "1e99", "1,000,000", "9" * 30])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(WrongInput):
        read_value(typed)


def test_a_learner_says_what_it_tells_them(any_session: Session) -> None:
    learner = a_learner(any_session)
    outcome = an_outcome(any_session, learner, a_teacher_of(any_session, learner))
    need = state_need(
        any_session, by(learner, Relation.LEARNER), outcome, "More time with thirds", MONDAY
    )
    assert (need.learner_id, need.text) == (learner.id, "More time with thirds")
    event = any_session.exec(select(Event).where(Event.verb == Verb.NEED_STATED)).one()
    assert (event.object_id, event.relation) == (outcome.id, Relation.LEARNER)
    assert event.payload == '{"kind":"academic"}'


@pytest.mark.parametrize("text", ["", "x" * 501])
def test_an_empty_or_endless_answer_is_refused(session: Session, text: str) -> None:
    learner = a_learner(session)
    outcome = an_outcome(session, learner, a_teacher_of(session, learner))
    with pytest.raises(WrongInput):
        state_need(session, by(learner, Relation.LEARNER), outcome, text, MONDAY)
