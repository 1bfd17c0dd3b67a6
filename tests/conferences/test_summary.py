"""The summary stands still once it is approved, whatever happens to what it was made of."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from learnpath.conferences import prepare, queries, reading, summary
from learnpath.conferences.models import Summary
from learnpath.errors import ChangedMeanwhile, NotAllowedNow, WrongInput
from learnpath.people.models import Language, Person
from learnpath.record import Relation, Verb
from learnpath.record.queries import events_of
from tests import builders
from tests.builders import MONDAY
from tests.conferences import build


def teacher_of(session: Session, conference):
    return build.by(session.get_one(Person, conference.planned_by), Relation.TEACHER)


def test_later_changes_do_not_reach_it(any_session):
    learner = builders.a_learner(any_session, "Mateo")
    conference = build.a_conference(any_session, learner)
    made = build.summary_of(any_session, conference)
    before, digest = dict(made.content), made.sha256
    conference.hard_what, conference.teacher_words = "Something else.", "Other words."
    for piece in prepare.work_of(any_session, conference.id):
        piece.title = "Another title"
    learner.called = "Matt"
    any_session.commit()
    any_session.expire_all()
    again = any_session.get_one(Summary, made.id)
    assert again.content == before
    assert (again.sha256, summary.is_unchanged(again)) == (digest, True)
    assert reading.shown(again.content).hard["what"] == build.HARD.what


def test_a_changed_word_is_found(session):
    conference = build.a_conference(session, builders.a_learner(session))
    made = build.summary_of(session, conference)
    session.commit()
    session.execute(sa.text("UPDATE summary SET content = replace(content, 'mayor', 'major')"))
    session.expire_all()
    assert not summary.is_unchanged(session.get_one(Summary, made.id))


def test_the_reader_is_told_of_a_changed_word(visit, session):
    learner = builders.a_learner(session)
    build.a_conference(session, learner)
    session.execute(sa.text("UPDATE summary SET content = replace(content, 'mayor', 'major')"))
    session.commit()
    assert "not the ones that were approved" in visit(learner).get("/summaries/1").words


def test_it_is_not_shared_before_the_learner_said_yes(session):
    learner = builders.a_learner(session)
    conference = build.a_conference(session, learner, approved=False, shared=False)
    made = build.summary_of(session, conference)
    with pytest.raises(NotAllowedNow):
        summary.share(session, teacher_of(session, conference), made, "", MONDAY)


def test_the_teacher_shares_what_the_teacher_read(session):
    learner = builders.a_learner(session)
    conference = build.a_conference(session, learner, shared=False)
    made = build.summary_of(session, conference)
    seen, doer = made.sha256, build.by(learner, Relation.LEARNER)
    summary.open_again(session, doer, made, MONDAY)
    summary.approve(session, doer, made, "Other words of mine.", MONDAY)
    with pytest.raises(ChangedMeanwhile):
        summary.share(session, teacher_of(session, conference), made, seen, MONDAY)
    summary.share(session, teacher_of(session, conference), made, made.sha256, MONDAY)
    assert made.shared_at == MONDAY


def test_what_is_shared_cannot_be_opened_again_or_approved_anew(session):
    learner = builders.a_learner(session)
    made = build.summary_of(session, build.a_conference(session, learner))
    doer = build.by(learner, Relation.LEARNER)
    with pytest.raises(NotAllowedNow):
        summary.open_again(session, doer, made, MONDAY)
    with pytest.raises(NotAllowedNow):
        summary.approve(session, doer, made, "New words.", MONDAY)


def test_sharing_twice_is_sharing_once(session):
    learner = builders.a_learner(session)
    conference = build.a_conference(session, learner)
    made = build.summary_of(session, conference)
    summary.share(session, teacher_of(session, conference), made, made.sha256, MONDAY)
    shared = [e for e in events_of(session, learner.id) if e.verb is Verb.SUMMARY_SHARED]
    assert len(shared) == 1


def test_a_translation_stands_beside_with_a_name_and_changes_nothing(any_session):
    learner = builders.a_learner(any_session)
    conference = build.a_conference(any_session, learner)
    made = build.summary_of(any_session, conference)
    digest, doer = made.sha256, teacher_of(any_session, conference)
    texts = {"own_words": "Ahora leo dos.", "no such part": "x"}
    summary.translate(any_session, doer, made, Language.ES, texts, "Sra. Ortiz", MONDAY)
    any_session.flush()
    there = reading.translated(any_session, made.id, Language.ES)
    assert {part: (t.text, t.by) for part, t in there.items()} == {
        "own_words": ("Ahora leo dos.", "Sra. Ortiz")
    }
    assert summary.content_hash(made.content) == digest
    summary.translate(any_session, doer, made, Language.ES, {}, "Sra. Ortiz", MONDAY)
    any_session.flush()
    assert reading.translated(any_session, made.id, Language.ES) == {}
    with pytest.raises(WrongInput):
        summary.translate(any_session, doer, made, Language.ES, texts, "", MONDAY)


def test_a_family_reads_the_translation_beside_the_words(visit, session):
    learner = builders.a_learner(session, "Mateo")
    teacher = builders.a_teacher_of(session, learner)
    guardian = builders.a_guardian_of(session, learner)
    conference = build.a_conference(session, learner, teacher)
    made = build.summary_of(session, conference)
    session.commit()
    sent = visit(teacher).post(
        f"/summaries/{made.id}/translation", translated_by="Sra. Ortiz", own_words="Ahora leo dos."
    )
    assert sent.status == 303
    page = visit(guardian).get(f"/summaries/{made.id}")
    assert build.OWN_WORDS in page.words
    assert "Ahora leo dos." in page.words
    assert "Sra. Ortiz" in page.words


def test_a_family_of_three_reads_its_own_children_only(visit, session):
    guardian, mine, others = None, [], builders.a_learner(session, "Other")
    for name in ("Ana", "Beto", "Caro"):
        child = builders.a_learner(session, name)
        if guardian is None:
            guardian = builders.a_guardian_of(session, child, "Rosa")
        else:
            build.also_guards(session, guardian, child)
        mine.append(build.summary_of(session, build.a_conference(session, child)))
    foreign = build.summary_of(session, build.a_conference(session, others))
    session.commit()
    reader = visit(guardian)
    assert [reader.get(f"/summaries/{made.id}").status for made in mine] == [200, 200, 200]
    assert reader.get(f"/summaries/{foreign.id}").status == 404
    listed = queries.shared_with_guardian(session, guardian.id, MONDAY.date())
    assert sorted(row.learner for row in listed) == ["Ana", "Beto", "Caro"]


def test_another_learner_and_another_teacher_see_nothing(visit, session):
    learner = builders.a_learner(session, "Mateo")
    conference = build.a_conference(session, learner)
    made = build.summary_of(session, conference)
    other = builders.a_learner(session, "Naomi")
    other_teacher = builders.a_teacher_of(session, other)
    session.commit()
    for stranger in (other, other_teacher):
        visitor = visit(stranger)
        assert visitor.get(f"/summaries/{made.id}").status == 404
        assert visitor.get(f"/conferences/{conference.id}").status == 404
        assert visitor.post(f"/summaries/{made.id}/share", seen=made.sha256).status == 404
        assert visitor.get(f"/conferences/{conference.id}/present").status == 404


def test_long_words_and_a_name_from_right_to_left_stay_as_written(visit, session):
    learner = builders.a_learner(session, "عمر الراشد")
    conference = build.a_planned_conference(session, learner)
    build.prepare_all(session, conference)
    made = build.hold(session, conference)
    words = "Donaudampfschifffahrtsgesellschaft" * 20
    summary.approve(session, build.by(learner, Relation.LEARNER), made, words, MONDAY)
    session.commit()
    page = visit(learner).get(f"/summaries/{made.id}")
    assert words in page.words
    assert "عمر الراشد" in page.text


def test_the_page_is_small(visit, session):
    learner = builders.a_learner(session)
    made = build.summary_of(session, build.a_conference(session, learner))
    session.commit()
    assert len(visit(learner).get(f"/summaries/{made.id}").response.get_data()) < 40_000
