"""Classes of the school: new ones, other names, their end, and what stays readable afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session, select

from learnpath.errors import NotAllowedNow, WrongInput
from learnpath.record import Verb
from learnpath.record.models import Event
from learnpath.record.verify import verify
from learnpath.school import admin_classes
from learnpath.school.models import SchoolClass, SchoolYearRow
from tests import builders
from tests.builders import MONDAY
from tests.conftest import counted
from tests.visiting import Visitor

Visit = Callable[..., Visitor]
TODAY = MONDAY.date()


def test_a_class_is_added_renamed_and_ended(session: Session, visit: Visit) -> None:
    learner = builders.a_learner(session, "Linh")
    builders.a_teacher_of(session, learner, "Ms. Tran")
    room = builders.class_of(session, learner)
    administrator = builders.an_administrator(session)
    session.commit()
    office = visit(administrator)
    made = office.post("/admin/classes/new", name="Science 7", room="12", year_id=str(room.year_id))
    assert made.status == 303
    assert made.follow().heading == "Science 7"
    renamed = office.post(f"/admin/classes/{room.id}", name="Homeroom 214", room="214")
    page = renamed.follow()
    assert page.heading == "Homeroom 214"
    assert "Linh Example" in page.words
    assert "Ms. Tran Example" in page.words
    ended = office.post(f"/admin/classes/{room.id}/end", last_day="2025-11-17")
    assert "The class has ended for 2 people." in ended.follow().words
    verbs = [event.verb for event in session.exec(select(Event).order_by(Event.id))]
    for verb in (Verb.CLASS_ADDED, Verb.CLASS_CHANGED, Verb.CLASS_ENDED, Verb.ENROLMENT_ENDED,
                 Verb.TEACHING_ENDED):  # fmt: skip
        assert verbs.count(verb) == 1, verb
    session.commit()
    again = office.post(f"/admin/classes/{room.id}/end", last_day="2025-11-18")
    assert again.status == 409
    assert verify(session).faults == ()


def test_a_class_that_ended_is_still_read_by_the_office(session: Session, visit: Visit) -> None:
    learner = builders.a_learner(session, "Linh")
    teacher = builders.a_teacher_of(session, learner)
    room = builders.class_of(session, learner)
    administrator = builders.an_administrator(session)
    doer = builders.by_school(builders.the_school(session))
    admin_classes.end_class(session, doer, room, TODAY - timedelta(days=1), MONDAY)
    builders.a_teacher(session, builders.a_class(session, name="Other"), called="Other")
    session.commit()
    page = visit(administrator).get(f"/admin/classes/{room.id}")
    assert "Linh Example" in page.words
    assert "Nov 16, 2025" in page.words
    assert not page.soup.select('a[href$="/end"]')
    with pytest.raises(AssertionError, match="no relationship"):
        visit(teacher)


def test_two_classes_of_a_year_have_two_names(session: Session) -> None:
    room = builders.a_class(session, name="Room 214")
    doer = builders.by_school(builders.the_school(session))
    year = session.get_one(SchoolYearRow, room.year_id)
    with pytest.raises(WrongInput):
        admin_classes.add_class(session, doer, year, "room 214", "", MONDAY)
    admin_classes.change_class(session, doer, room, "Room 214", "215", MONDAY)
    assert room.room == "215"


def test_a_class_needs_a_name_and_a_year_of_the_own_school(session: Session, visit: Visit) -> None:
    administrator = builders.an_administrator(session)
    away = builders.a_school(session, "Prairie School")
    year = session.exec(select(SchoolYearRow).where(SchoolYearRow.school_id == away.id)).one()
    session.commit()
    office = visit(administrator)
    page = office.post("/admin/classes/new", name="Science", year_id=str(year.id))
    assert page.status == 422
    assert "Choose a school year." in page.words
    assert office.post("/admin/classes/new", name="", year_id="1").status == 422
    session.expire_all()
    assert session.exec(select(SchoolClass)).all() == []


def test_a_class_of_another_school_is_not_there(session: Session, visit: Visit) -> None:
    administrator = builders.an_administrator(session)
    away = builders.a_school(session, "Prairie School")
    room = builders.a_class(session, school=away)
    session.commit()
    office = visit(administrator)
    assert office.get(f"/admin/classes/{room.id}").status == 404
    assert office.post(f"/admin/classes/{room.id}", name="Mine").status == 404
    assert office.post(f"/admin/classes/{room.id}/end", last_day="2025-11-17").status == 404


def test_what_never_began_ends_on_its_first_day(any_session: Session) -> None:
    room = builders.a_class(any_session)
    learner = builders.a_learner(any_session, in_class=room)
    enrolment = builders.enrolment_of(any_session, learner)
    enrolment.starts = TODAY + timedelta(days=30)
    any_session.add(enrolment)
    any_session.flush()
    doer = builders.by_school(builders.the_school(any_session))
    assert admin_classes.end_class(any_session, doer, room, TODAY, MONDAY) == 1
    assert enrolment.ends == enrolment.starts
    with pytest.raises(NotAllowedNow):
        admin_classes.end_class(any_session, doer, room, date(2026, 5, 29), MONDAY)


def test_many_classes_come_in_pages_and_as_few_questions(
    session: Session, visit: Visit, engine: Engine
) -> None:
    administrator = builders.an_administrator(session)
    numbers = []
    for many in (2, 60):
        for number in range(many):
            builders.a_class(session, name=f"Class {many}-{number:02}")
        session.commit()
        office = visit(administrator)
        office.get("/admin")
        with counted(engine) as counter:
            page = office.get("/admin/classes")
        numbers.append(counter.count)
    assert "62 classes, page 1 of 2" in page.words
    assert len(page.soup.select("tbody tr")) == admin_classes.ON_A_PAGE
    assert numbers[0] == numbers[1] <= 8
