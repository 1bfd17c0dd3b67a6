"""What a family answers: the child's part waits for the teacher's glance, the school's stays there."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from learnpath.conferences import afterwards, answers, feedback
from learnpath.conferences.feedback import FamilyWords
from learnpath.conferences.models import Feedback, Understood
from learnpath.errors import NotAllowedNow
from learnpath.people.models import Language
from learnpath.record import Relation, Verb
from learnpath.record.queries import events_of
from tests import builders
from tests.builders import MONDAY
from tests.conferences import build


@pytest.fixture
def shared(any_session: Session):
    learner = builders.a_learner(any_session, "Mateo")
    teacher = builders.a_teacher_of(any_session, learner, "Ms. Baca")
    guardian = builders.a_guardian_of(any_session, learner, "Rosa")
    made = build.summary_of(any_session, build.a_conference(any_session, learner, teacher))
    return learner, teacher, guardian, made


def answered(session, shared, understood=Understood.YES, words=None):
    _learner, _teacher, guardian, made = shared
    doer = build.by(guardian, Relation.FAMILY)
    given = feedback.give(session, doer, made, guardian.id, understood, Language.ES, MONDAY)
    if words:
        feedback.add_words(session, doer, made, guardian.id, words, Language.ES, MONDAY)
    return given


def test_tapping_again_changes_the_answer_and_adds_none(any_session, shared):
    answered(any_session, shared, Understood.NO)
    answered(any_session, shared, Understood.YES)
    answered(any_session, shared, Understood.YES)
    rows = any_session.exec(select(Feedback)).all()
    assert [row.understood for row in rows] == [Understood.YES]
    given = [e for e in events_of(any_session, shared[0].id) if e.verb is Verb.FEEDBACK_GIVEN]
    assert len(given) == 2


def test_the_learner_reads_what_was_passed_on_and_no_word_for_the_school(any_session, shared):
    learner, teacher, _guardian, made = shared
    given = answered(any_session, shared, words=FamilyWords("Orgullosa.", "¿Leer más?", True))
    assert answers.answers_to_learner(any_session, made.id) == []
    assert afterwards.waits_of(any_session, learner.id).unread_conference is None
    feedback.glance(any_session, build.by(teacher, Relation.TEACHER), given, True, MONDAY)
    any_session.flush()
    (seen,) = answers.answers_to_learner(any_session, made.id)
    assert (seen.proud, seen.question, seen.may_call) == ("Orgullosa.", "", False)
    assert afterwards.waits_of(any_session, learner.id).unread_conference == made.conference_id
    feedback.read(any_session, build.by(learner, Relation.LEARNER), given, MONDAY)
    any_session.flush()
    assert afterwards.waits_of(any_session, learner.id).unread_conference is None


def test_nothing_is_read_before_it_was_passed_on(any_session, shared):
    learner, *_rest = shared
    given = answered(any_session, shared)
    with pytest.raises(NotAllowedNow):
        feedback.read(any_session, build.by(learner, Relation.LEARNER), given, MONDAY)


def test_a_glance_without_passing_on_takes_it_off_the_list(any_session, shared):
    learner, teacher, _guardian, made = shared
    given = answered(any_session, shared, words=FamilyWords("Hm."))
    waiting = afterwards.feedback_waiting(any_session, [learner.id])
    assert [w.feedback_id for w in waiting] == [given.id]
    feedback.glance(any_session, build.by(teacher, Relation.TEACHER), given, False, MONDAY)
    any_session.flush()
    assert afterwards.feedback_waiting(any_session, [learner.id]) == []
    assert answers.answers_to_learner(any_session, made.id) == []


def test_after_the_glance_a_new_answer_is_a_new_one(any_session, shared):
    _learner, teacher, guardian, made = shared
    first = answered(any_session, shared)
    feedback.glance(any_session, build.by(teacher, Relation.TEACHER), first, True, MONDAY)
    any_session.flush()
    second = answered(any_session, shared, Understood.PARTLY)
    assert second.id != first.id
    own = answers.answers_of_guardian(any_session, made.id, guardian.id)
    assert [a.glanced_by for a in own] == ["Ms. Baca", ""]


def test_words_come_after_the_first_tap(any_session, shared):
    _learner, _teacher, guardian, made = shared
    with pytest.raises(NotAllowedNow):
        feedback.add_words(
            any_session, build.by(guardian, Relation.FAMILY), made, guardian.id,
            FamilyWords("Bien."), Language.ES, MONDAY,
        )  # fmt: skip


def test_an_answer_needs_a_shared_summary(any_session):
    learner = builders.a_learner(any_session)
    guardian = builders.a_guardian_of(any_session, learner)
    made = build.summary_of(any_session, build.a_conference(any_session, learner, shared=False))
    with pytest.raises(NotAllowedNow):
        feedback.give(
            any_session, build.by(guardian, Relation.FAMILY), made, guardian.id, Understood.YES,
            Language.ES, MONDAY,
        )  # fmt: skip
