"""Tips are experiments: tried by learner or teacher, with what came of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from learnpath.db import key_of
from learnpath.errors import NotFound, WrongInput
from learnpath.profiles import tips, voices
from learnpath.profiles.models import Audience, TipResult
from learnpath.profiles.visible import entry_key
from learnpath.record import Relation, Verb
from learnpath.record.models import Event
from learnpath.record.queries import payload_of
from tests.builders import MONDAY, a_guardian_of, a_learner, a_teacher_of, by
from tests.profiles.build import a_profile

KEY = entry_key("what_helps", "An example first")


def test_a_learner_tells_how_it_went(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session))
    teacher = a_teacher_of(session, learner)
    session.commit()
    visitor = visit(learner)
    page = visitor.get(f"/learners/{learner.id}/profile")
    link = page.soup.select_one("#what-helps a[href*='/tips/']")["href"]
    assert "An example first" in visitor.get(link).words
    after = visitor.post(link, result="helped", note="Math on Tuesday").follow()
    assert "Math on Tuesday" in after.words
    assert (
        "Helped lately An example first"
        in visit(teacher).get(f"/learners/{learner.id}/profile").words
    )


def test_it_is_told_as_whom(any_session: Session) -> None:
    learner = a_profile(any_session, a_learner(any_session))
    teacher = a_teacher_of(any_session, learner)
    for who, relation in ((learner, Relation.LEARNER), (teacher, Relation.TEACHER)):
        tips.tell(any_session, by(who, relation), key_of(learner), KEY, TipResult.A_BIT, "", MONDAY)
    query = select(Event).where(Event.verb == Verb.TIP_TRIED).order_by(Event.id)
    told = any_session.exec(query).all()
    assert [event.relation for event in told] == [Relation.LEARNER, Relation.TEACHER]
    assert payload_of(told[0]) == {"result": "a_bit"}


def test_what_helped_long_ago_is_not_lately(any_session: Session) -> None:
    learner = a_profile(any_session, a_learner(any_session))
    doer = by(learner, Relation.LEARNER)
    tips.tell(any_session, doer, key_of(learner), KEY, TipResult.HELPED, "", MONDAY)
    tries = voices.tries_of(any_session, key_of(learner))
    [helped] = voices.helped_lately(tries, MONDAY + timedelta(weeks=10))
    assert (helped.tip, helped.still) == ("An example first", True)
    assert voices.helped_lately(tries, MONDAY + timedelta(weeks=10, days=1)) == []


@pytest.mark.parametrize("key", ["what_helps:000000000000", "strengths:x", "", "nothing", ":"])
def test_a_line_that_is_not_there_is_not_there(any_session: Session, key: str) -> None:
    learner = a_profile(any_session, a_learner(any_session))
    with pytest.raises(NotFound):
        tips.tell(
            any_session, by(learner, Relation.LEARNER), key_of(learner), key, TipResult.HELPED,
            "", MONDAY,
        )  # fmt: skip


def test_a_note_that_is_too_long_and_no_choice_say_so(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session))
    session.commit()
    url = f"/learners/{learner.id}/profile/tips/{KEY}"
    page = visit(learner).post(url, note="x" * 301)
    assert page.status == 422
    assert "Choose how it went." in page.words
    page = visit(learner).post(url, result="wonderful")
    assert page.status == 422
    with pytest.raises(WrongInput):
        tips.tell(
            session, by(learner, Relation.LEARNER), key_of(learner), KEY, TipResult.HELPED,
            "x" * 301, MONDAY,
        )  # fmt: skip


def test_the_family_does_not_tell_about_tips(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session), audience=Audience.FAMILY)
    guardian = a_guardian_of(session, learner)
    session.commit()
    url = f"/learners/{learner.id}/profile/tips/{KEY}"
    assert visit(guardian).post(url, result="helped").status == 404


def test_what_helped_and_then_did_not_says_so(any_session: Session) -> None:
    learner = a_profile(any_session, a_learner(any_session))
    doer = by(learner, Relation.LEARNER)
    for result in (TipResult.HELPED, TipResult.NOT_THIS_TIME):
        tips.tell(any_session, doer, key_of(learner), KEY, result, "", MONDAY)
    [helped] = voices.helped_lately(voices.tries_of(any_session, key_of(learner)), MONDAY)
    assert not helped.still
