"""Others suggest, the learner takes, changes or declines; nobody else writes into a profile."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from learnpath.db import key_of
from learnpath.errors import NotAllowedNow, NotFound, WrongInput
from learnpath.people.models import Person
from learnpath.profiles import suggest
from learnpath.profiles.models import Answer, Audience, ProfileSuggestion
from learnpath.profiles.queries import entries_of
from learnpath.record import Relation, Verb
from learnpath.record.models import Event
from learnpath.record.queries import payload_of
from tests.builders import MONDAY, a_guardian_of, a_learner, a_teacher_of, by
from tests.profiles.build import a_profile, a_reader


def an_idea(session: Session, learner: Person, who: Person, text: str = "Calm in a storm"):
    """Return an idea of a teacher for the strengths."""
    doer = by(who, Relation.TEACHER)
    return suggest.suggest(session, doer, key_of(learner), "strengths", text, MONDAY)


def lines(session: Session, learner: Person) -> list[str]:
    """Return the lines of the strengths."""
    return [
        e.text
        for e in entries_of(session, key_of(learner), a_reader(learner))
        if e.block == "strengths"
    ]


def test_a_teacher_suggests_and_the_learner_takes_it(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session))
    teacher = a_teacher_of(session, learner, "Ms. Baca")
    session.commit()
    sent = visit(teacher).post(
        f"/learners/{learner.id}/profile/strengths/suggest", text="Calm in a storm"
    )
    assert "decides what to do with it" in sent.follow().words
    visitor = visit(learner)
    page = visitor.get(f"/learners/{learner.id}/profile")
    assert "Somebody has an idea for you" in page.words
    link = page.soup.select_one("a[href^='/profile-suggestions/']")["href"]
    taken = visitor.post(link, how="taken", reply="Thank you!").follow()
    assert "Calm in a storm" in taken.soup.select_one("#strengths").get_text()
    assert "Taken" in taken.words
    assert "Thank you!" in visit(teacher).get(f"/learners/{learner.id}/profile").words


def test_taking_is_told_with_who_suggested_it(any_session: Session) -> None:
    learner = a_profile(any_session, a_learner(any_session))
    idea = an_idea(any_session, learner, a_teacher_of(any_session, learner))
    suggest.answer(any_session, by(learner, Relation.LEARNER), idea, Answer.TAKEN, "", "", MONDAY)
    events = any_session.exec(select(Event).where(Event.learner_id == learner.id)).all()
    told = {event.verb: event for event in events}
    made, answered = told[Verb.SUGGESTION_MADE], told[Verb.SUGGESTION_ANSWERED]
    assert (made.relation, made.object_type) == (Relation.TEACHER, "profile_block")
    assert payload_of(answered) == {"answer": "taken", "block": "strengths", "made_by": "teacher"}
    assert answered.relation is Relation.LEARNER
    assert lines(any_session, learner)[-1] == "Calm in a storm"


def test_changing_keeps_the_learners_words(any_session: Session) -> None:
    learner = a_profile(any_session, a_learner(any_session))
    idea = an_idea(any_session, learner, a_teacher_of(any_session, learner))
    doer = by(learner, Relation.LEARNER)
    suggest.answer(any_session, doer, idea, Answer.CHANGED, "I stay cool", "Close!", MONDAY)
    assert lines(any_session, learner)[-1] == "I stay cool"
    assert (idea.answer, idea.reply) == (Answer.CHANGED, "Close!")
    with pytest.raises(NotAllowedNow):
        suggest.answer(any_session, doer, idea, Answer.TAKEN, "", "", MONDAY)


def test_declining_changes_nothing_in_the_profile(any_session: Session) -> None:
    learner = a_profile(any_session, a_learner(any_session))
    before = lines(any_session, learner)
    idea = an_idea(any_session, learner, a_teacher_of(any_session, learner))
    doer = by(learner, Relation.LEARNER)
    suggest.answer(any_session, doer, idea, Answer.DECLINED, "ignored", "Not me", MONDAY)
    assert lines(any_session, learner) == before


def test_an_answer_without_a_choice_or_words_says_so_at_the_field(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session))
    idea = an_idea(session, learner, a_teacher_of(session, learner))
    session.commit()
    visitor = visit(learner)
    page = visitor.post(f"/profile-suggestions/{idea.id}", reply="Thanks")
    assert page.status == 422
    assert "Choose what to do with it." in page.words
    assert "Thanks" in page.text
    page = visitor.post(f"/profile-suggestions/{idea.id}", how="changed", words=" ")
    assert "Write it the way you would say it." in page.words


def test_a_full_block_takes_no_more_and_says_why(any_session: Session) -> None:
    learner = a_profile(
        any_session, a_learner(any_session), lines={"strengths": tuple(f"S{n}" for n in range(12))}
    )
    idea = an_idea(any_session, learner, a_teacher_of(any_session, learner))
    with pytest.raises(WrongInput) as told:
        suggest.answer(
            any_session, by(learner, Relation.LEARNER), idea, Answer.TAKEN, "", "", MONDAY
        )
    assert told.value.field == "how"


def test_a_family_suggests_only_for_what_it_sees(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session), audience=Audience.FAMILY)
    a_profile_key = f"/learners/{learner.id}/profile"
    guardian = a_guardian_of(session, learner)
    session.commit()
    visitor = visit(guardian)
    assert visitor.post(f"{a_profile_key}/strengths/suggest", text="Nos ayuda").status == 303
    assert visitor.get(f"{a_profile_key}/hopes/suggest").status == 404
    assert visitor.post(f"{a_profile_key}/hopes/suggest", text="Nos ayuda").status == 404
    with pytest.raises(NotFound):
        suggest.suggest(
            session, by(guardian, Relation.FAMILY), key_of(learner), "hopes", "x", MONDAY
        )


def test_the_family_sees_its_own_ideas_only(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session), audience=Audience.FAMILY)
    an_idea(session, learner, a_teacher_of(session, learner), "A teacher's idea")
    guardian = a_guardian_of(session, learner)
    suggest.suggest(
        session, by(guardian, Relation.FAMILY), key_of(learner), "strengths", "Una idea", MONDAY
    )
    session.commit()
    page = visit(guardian).get(f"/learners/{learner.id}/profile")
    assert "Una idea" in page.words
    assert "A teacher's idea" not in page.text


def test_an_idea_needs_words_and_not_too_many_wait(any_session: Session) -> None:
    learner = a_profile(any_session, a_learner(any_session))
    teacher = a_teacher_of(any_session, learner)
    for text in ("  ", "x" * 301):
        with pytest.raises(WrongInput):
            an_idea(any_session, learner, teacher, text)
    for number in range(suggest.MOST_WAITING):
        an_idea(any_session, learner, teacher, f"Idea {number}")
    with pytest.raises(WrongInput, match="10 of your ideas wait"):
        an_idea(any_session, learner, teacher, "One more")


def test_only_the_learner_answers(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session), audience=Audience.FAMILY)
    teacher = a_teacher_of(session, learner)
    idea = an_idea(session, learner, teacher)
    others = [teacher, a_guardian_of(session, learner), a_learner(session)]
    session.commit()
    for other in others:
        assert visit(other).get(f"/profile-suggestions/{idea.id}").status == 404
        assert visit(other).post(f"/profile-suggestions/{idea.id}", how="taken").status == 404
    session.expire_all()
    assert session.get_one(ProfileSuggestion, idea.id).answer is None


def test_reading_is_told_once_until_something_changes(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session), audience=Audience.FAMILY)
    guardian = a_guardian_of(session, learner)
    session.commit()
    visitor = visit(guardian)
    for _again in range(2):
        assert visitor.post(f"/learners/{learner.id}/profile/read").status == 303
    told = session.exec(select(Event).where(Event.verb == Verb.PROFILE_ACKNOWLEDGED)).all()
    assert [event.relation for event in told] == [Relation.FAMILY]
    session.commit()
    empty = a_learner(session)
    reader = a_guardian_of(session, empty)
    session.commit()
    assert visit(reader).post(f"/learners/{empty.id}/profile/read").status == 409
