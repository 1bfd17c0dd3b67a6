"""A teacher notes what they saw; the learner reads it and answers; it never becomes the learner's words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from learnpath.db import key_of
from learnpath.errors import NotAllowedNow, WrongInput
from learnpath.people.models import Hat
from learnpath.profiles import note as noting
from learnpath.profiles.models import ProfileBlock, ProfileNote
from learnpath.profiles.page import profile_page
from learnpath.record import Relation, Verb
from learnpath.record.models import Event
from tests.builders import (
    MONDAY,
    a_guardian_of,
    a_learner,
    a_teacher_of,
    by,
    weeks_before,
)
from tests.profiles.build import a_profile, a_reader

TODAY = MONDAY.date()


def a_note(session: Session, teacher, learner, *, text="Explains well", block="strengths", **when):
    now = when.get("now", MONDAY)
    return noting.note(
        session, by(teacher, Relation.TEACHER), key_of(learner), block, text, now.date(),
        now.date(), now,
    )  # fmt: skip


def test_the_learner_reads_it_and_answers(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session))
    teacher = a_teacher_of(session, learner)
    session.commit()
    url = f"/learners/{learner.id}/profile"
    sent = visit(teacher).post(f"{url}/strengths/note", text="Helped Ana", day=TODAY.isoformat())
    assert sent.status == 303
    page = visit(learner).get(url)
    assert "Helped Ana" in page.soup.select_one("#notes").get_text()
    assert "Helped Ana" not in page.soup.select_one("#strengths").get_text()
    written = session.exec(select(ProfileNote)).one()
    session.commit()
    answer = f"/profile-notes/{written.id}"
    assert "Do you see it the same way?" in visit(learner).get(answer).words
    assert visit(learner).post(answer, reply="I like helping").status == 303
    assert "I like helping" in visit(teacher).get(url).words
    assert visit(learner).post(answer, reply="Again").status == 409


def test_the_family_and_other_learners_do_not_read_it(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session))
    teacher, family = a_teacher_of(session, learner), a_guardian_of(session, learner)
    written = a_note(session, teacher, learner, text="Only for us")
    session.commit()
    assert "Only for us" not in visit(family).get(f"/learners/{learner.id}/profile").text
    for other in (teacher, family):
        assert visit(other).get(f"/profile-notes/{written.id}").status == 404
    assert visit(family).post(f"/learners/{learner.id}/profile/strengths/note").status == 404


def test_the_record_tells_of_both_and_the_profile_has_an_author(any_session: Session) -> None:
    learner = a_learner(any_session)
    teacher = a_teacher_of(any_session, learner)
    written = a_note(any_session, teacher, learner)
    noting.reply(any_session, by(learner, Relation.LEARNER), written, "Yes", MONDAY)
    query = select(Event).where(Event.learner_id == learner.id).order_by(Event.id)
    told = [(one.verb, one.relation) for one in any_session.exec(query)][-2:]
    assert told == [
        (Verb.PROFILE_NOTED, Relation.TEACHER), (Verb.NOTE_ANSWERED, Relation.LEARNER)
    ]  # fmt: skip
    block = any_session.exec(select(ProfileBlock)).one()
    assert (block.lines, block.number) == ([], 0)


def test_a_note_on_something_hard_is_not_told_to_a_new_teacher(any_session: Session) -> None:
    learner = a_profile(any_session, a_learner(any_session))
    teacher, new = a_teacher_of(any_session, learner), a_teacher_of(any_session, learner)
    earlier = weeks_before(MONDAY, 30)
    a_note(any_session, teacher, learner, text="Gave up", block="challenges", now=earlier)
    a_note(any_session, teacher, learner, text="Sings", block="interests", now=earlier)

    def read_by(person) -> list[str]:
        reader = a_reader(person, Hat.TEACHER)
        return [n.text for n in profile_page(any_session, key_of(learner), reader, MONDAY).notes]

    assert read_by(new) == ["Sings"]
    assert sorted(read_by(teacher)) == ["Gave up", "Sings"]


@pytest.mark.parametrize(
    ("text", "day", "field"),
    [("", TODAY, "text"), ("x" * 301, TODAY, "text"), ("Fine", TODAY + timedelta(days=1), "day"),
     ("Fine", TODAY - timedelta(days=90), "day")],
)  # fmt: skip
def test_what_cannot_be_taken_is_said_at_the_field(
    any_session: Session, text: str, day, field: str
) -> None:
    learner = a_learner(any_session)
    doer = by(a_teacher_of(any_session, learner), Relation.TEACHER)
    with pytest.raises(WrongInput) as told:
        noting.note(any_session, doer, key_of(learner), "strengths", text, day, TODAY, MONDAY)
    assert told.value.field == field


def test_what_was_typed_stays_on_the_page(session: Session, visit) -> None:
    learner = a_learner(session)
    teacher = a_teacher_of(session, learner)
    session.commit()
    url = f"/learners/{learner.id}/profile/strengths/note"
    for day in ("2031-01-01", "soon"):
        page = visit(teacher).post(url, text="Helped Ana", day=day)
        assert page.status == 422
        assert "Helped Ana" in page.text


def test_it_is_answered_once(any_session: Session) -> None:
    learner = a_learner(any_session)
    written = a_note(any_session, a_teacher_of(any_session, learner), learner)
    doer = by(learner, Relation.LEARNER)
    with pytest.raises(WrongInput):
        noting.reply(any_session, doer, written, " ", MONDAY)
    noting.reply(any_session, doer, written, "Yes", MONDAY)
    with pytest.raises(NotAllowedNow):
        noting.reply(any_session, doer, written, "Again", MONDAY)
