"""Reading the record of a learner, and taking a copy along."""

from __future__ import annotations

import json

import sqlalchemy as sa
from sqlmodel import Session, col, select

from learnpath.portability.export import KEPT_BACK, exported_columns, exported_tables
from learnpath.portability.telling import ANYTHING_ELSE, told
from learnpath.record import Verb
from learnpath.record.models import Event
from learnpath.record.verify import verify
from tests.builders import a_guardian_of, a_learner, a_teacher_of

ABOUT_STAFF_ONLY = {Verb.PASSWORD_CHANGED}


def test_a_learner_reads_what_was_recorded(session: Session, visit) -> None:
    learner = a_learner(session, "Linh")
    session.commit()
    page = visit(learner).get(f"/learners/{learner.id}/record")
    assert page.status == 200
    assert page.heading == "The record of Linh"
    assert "The school put this learner into a class." in page.words


def test_every_verb_about_a_learner_has_its_words() -> None:
    silent = [verb for verb in Verb if told(verb) is ANYTHING_ELSE]
    assert set(silent) == ABOUT_STAFF_ONLY


def test_the_copy_holds_the_learners_events_and_nobody_elses(session: Session, visit) -> None:
    learner, other = a_learner(session, "Linh"), a_learner(session, "Teo")
    session.commit()
    answer = visit(learner).post(f"/learners/{learner.id}/record/copy")
    assert answer.status == 200
    assert "attachment" in answer.response.headers["Content-Disposition"]
    document = json.loads(answer.text)
    assert {event["learner_id"] for event in document["events"]} == {learner.id}
    assert other.called not in answer.text


def test_taking_a_copy_is_itself_recorded(session: Session, visit) -> None:
    learner = a_learner(session)
    session.commit()
    visit(learner).post(f"/learners/{learner.id}/record/copy")
    taken = select(Event).where(Event.verb == Verb.RECORD_EXPORTED)
    assert session.exec(taken).one().learner_id == learner.id
    assert verify(session).faults == ()


def test_the_teacher_of_the_class_may_and_others_may_not(session: Session, visit) -> None:
    learner = a_learner(session)
    teacher = a_teacher_of(session, learner)
    guardian = a_guardian_of(session, learner)
    other_class = a_teacher_of(session, a_learner(session))
    session.commit()
    url = f"/learners/{learner.id}/record"
    assert visit(teacher).get(url).status == 200
    assert visit(other_class).get(url).status == 404
    assert visit(guardian).get(url).status == 404


def test_every_table_of_a_learner_leaves_with_the_record_or_says_why_not(session: Session) -> None:
    tables = sa.inspect(session.get_bind()).get_table_names()
    of_learners = {
        name
        for name in tables
        if any(c["name"] == "learner_id" for c in sa.inspect(session.get_bind()).get_columns(name))
    }
    named = {name for name in KEPT_BACK if "." not in name}
    assert of_learners == {table.name for table in exported_tables()} | named


def test_no_secret_leaves_with_the_record() -> None:
    columns = [column.name for table in exported_tables() for column in exported_columns(table)]
    assert not [name for name in columns if "sha256" in name and "token" in name]
    assert not [name for name in columns if "password" in name]


def test_a_long_record_comes_page_by_page(session: Session, visit) -> None:
    learner = a_learner(session)
    session.commit()
    reader = visit(learner)
    for _ in range(45):
        reader.post(f"/learners/{learner.id}/record/copy")
    first = reader.get(f"/learners/{learner.id}/record")
    assert len(first.soup.select("ol.timeline > li")) == 40
    second = reader.get(f"/learners/{learner.id}/record?page=2")
    assert len(second.soup.select("ol.timeline > li")) == 7
    assert reader.get(f"/learners/{learner.id}/record?page=²").status == 200
    events = session.exec(select(Event).where(col(Event.learner_id) == learner.id)).all()
    assert len(events) == 47
