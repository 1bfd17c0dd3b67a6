"""Marks, observations, answers and sharing: what they keep, who may, and what the record tells of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from learnpath.continuum import queries
from learnpath.continuum.columns import Column
from learnpath.continuum.mark import mark
from learnpath.continuum.models import PositionMark
from learnpath.continuum.observe import answer, observe
from learnpath.continuum.place import place
from learnpath.continuum.share import share, shared_with_family, take_back
from learnpath.errors import NotAllowed, NotFound, WrongInput
from learnpath.people.models import Person
from learnpath.record import By, Relation, Verb
from learnpath.record.models import Event
from learnpath.record.queries import payload_of
from learnpath.school.queries import calendar_of
from tests import builders
from tests.builders import MONDAY
from tests.continuum.build import CALENDAR

YESTERDAY = MONDAY.date() - timedelta(days=1)


def by(person: Person, relation: Relation = Relation.LEARNER) -> By:
    return builders.by(person, relation)


def told(session: Session, verb: Verb) -> list[dict[str, object]]:
    return [payload_of(event) for event in session.exec(select(Event).where(Event.verb == verb))]


def test_each_mark_is_kept_and_the_newest_counts(any_session: Session) -> None:
    learner = builders.a_learner(any_session)
    assert learner.id is not None
    for column in (Column.TEACHER_DRIVEN, Column.LEARNER_DRIVEN):
        mark(any_session, by(learner), learner.id, "reflecting", column, " Because. ", MONDAY)
    newest = queries.marks_of(any_session, learner.id)["reflecting", Relation.LEARNER]
    assert (newest.place, newest.text) == (Column.LEARNER_DRIVEN, "Because.")
    assert len(any_session.exec(select(PositionMark)).all()) == 2
    assert told(any_session, Verb.POSITION_MARKED)[-1] == {
        "thread": "reflecting", "column": "learner_driven",
    }  # fmt: skip


@pytest.mark.parametrize("relation", [Relation.FAMILY, Relation.SCHOOL, Relation.PEER])
def test_only_learner_and_teacher_mark_and_share(session: Session, relation: Relation) -> None:
    learner = builders.a_learner(session)
    assert learner.id is not None
    other = by(builders.a_person(session), relation)
    with pytest.raises(NotAllowed):
        mark(session, other, learner.id, "reflecting", Column.LEARNER_DRIVEN, "", MONDAY)
    with pytest.raises(NotAllowed):
        share(session, other, learner.id, place([], CALENDAR, MONDAY.date()), MONDAY)
    with pytest.raises(NotAllowed):
        take_back(session, other, learner.id, MONDAY)


def test_a_thread_that_the_model_does_not_have_is_not_found(session: Session) -> None:
    learner = builders.a_learner(session)
    with pytest.raises(NotFound):
        mark(session, by(learner), learner.id or 0, "dancing", Column.LEARNER_DRIVEN, "", MONDAY)


def test_an_observation_is_a_fact_with_its_day_and_its_author(any_session: Session) -> None:
    learner = builders.a_learner(any_session)
    teacher = builders.a_teacher_of(any_session, learner)
    made = observe(
        any_session, by(teacher, Relation.TEACHER), learner.id or 0, "goal_reflection",
        "reflected_aloud", YESTERDAY, "Aloud, after reading.", MONDAY,
    )  # fmt: skip
    assert made.observed_by == teacher.id
    assert told(any_session, Verb.OBSERVED) == [
        {"indicator": "goal_reflection", "seen": "reflected_aloud", "day": YESTERDAY.isoformat()}
    ]
    placement = queries.placement_of(
        any_session, learner.id or 0, calendar_of(any_session, learner.school_id), MONDAY
    )
    found = {one.indicator.key: one for one in placement.indicators}
    assert [fact.observed_for for fact in found["goal_reflection"].facts] == ["goal_reflection"]
    assert not found["data_breadth"].facts, "it counts for its own indicator only"


def test_an_answer_stands_beside_the_observation(any_session: Session) -> None:
    learner = builders.a_learner(any_session)
    made = observe(
        any_session, by(learner), learner.id or 0, "goal_monitoring", "something_else", YESTERDAY,
        "On paper.", MONDAY,
    )  # fmt: skip
    with pytest.raises(WrongInput):
        answer(any_session, by(learner), made, "  ", MONDAY)
    answer(any_session, by(learner), made, "Here is the paper.", MONDAY)
    (seen,) = queries.observations_of(any_session, learner.id or 0)
    assert [one.text for one in seen.answers] == ["Here is the paper."]
    assert len(told(any_session, Verb.OBSERVATION_ANSWERED)) == 1


def test_no_words_of_anybody_stand_in_the_record(session: Session) -> None:
    learner = builders.a_learner(session)
    secret = "Only between us."
    mark(session, by(learner), learner.id or 0, "reflecting", Column.LEARNER_DRIVEN, secret, MONDAY)
    made = observe(
        session, by(learner), learner.id or 0, "goal_monitoring", "something_else", YESTERDAY,
        secret, MONDAY,
    )  # fmt: skip
    answer(session, by(learner), made, secret, MONDAY)
    assert not [e for e in session.exec(select(Event)) if secret in e.payload]


def test_sharing_again_replaces_and_taking_back_ends_it(any_session: Session) -> None:
    learner = builders.a_learner(any_session)
    assert learner.id is not None
    placement = place([], CALENDAR, MONDAY.date())
    first = share(any_session, by(learner), learner.id, placement, MONDAY)
    second = share(any_session, by(learner), learner.id, placement, MONDAY + timedelta(hours=1))
    assert shared_with_family(any_session, learner.id) == second
    assert first.taken_back_at is not None
    take_back(any_session, by(learner), learner.id, MONDAY + timedelta(hours=2))
    take_back(any_session, by(learner), learner.id, MONDAY + timedelta(hours=3))
    assert shared_with_family(any_session, learner.id) is None
    audiences = [one["audience"] for one in told(any_session, Verb.POSITION_SHARED)]
    assert audiences == ["family", "family", "nobody"]


def test_one_sentence_a_thread_goes_to_other_pages(any_session: Session) -> None:
    learner = builders.a_learner(any_session)
    calendar = calendar_of(any_session, learner.school_id)
    lines = queries.threads_of(any_session, learner.id or 0, calendar, MONDAY)
    assert [line.key for line in lines][:2] == ["knowing_myself", "setting_goals"]
    assert {line.sentence for line in lines} == {"We have not seen enough yet."}
    spanish = queries.threads_of(any_session, learner.id or 0, calendar, MONDAY, language="es")
    assert spanish[0].name == "Conocerme"
