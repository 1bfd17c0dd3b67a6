"""An event belongs to the school of the learner or the thing that it is about, whoever did it, from whatever school."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlmodel import Session, select

from learnpath import record
from learnpath.access import Actor, Can, fetch
from learnpath.people.models import Hat, Person
from learnpath.record import Relation, Told, Verb
from learnpath.record.models import Event, EvidenceWeek
from learnpath.record.verify import verify
from learnpath.school import enrol
from learnpath.school.models import Administration, Leadership, School, SchoolClass
from tests.builders import (
    MONDAY,
    YEAR_START,
    a_class,
    a_guardian_of,
    a_leader,
    a_learner,
    a_school,
    a_teacher,
    an_administrator,
    by,
    by_school,
    class_of,
)
from tests.visiting import Visitor

# Sunday evening in Denver, and Monday morning in Auckland: two weeks of school.
SUNDAY_EVENING = datetime(2025, 11, 17, 3, 0, tzinfo=UTC)


@pytest.fixture
def far(session: Session) -> School:
    """Return a second school, on the other side of the date line."""
    a_school(session)
    school = a_school(session, "Harbour School")
    school.time_zone = "Pacific/Auckland"
    session.add(school)
    session.flush()
    return school


def newest(session: Session, verb: Verb) -> Event:
    session.expire_all()
    query = select(Event).where(Event.verb == verb).order_by(Event.id.desc())
    event = session.exec(query).first()
    assert event is not None
    return event


def reflects(by_whom: record.By, learner: Person) -> Told:
    return Told(by_whom, Verb.REFLECTED, learner.id, ("goal", 1), SUNDAY_EVENING, {"prompt": "why"})


@pytest.mark.parametrize("at_once", [False, True])
def test_what_is_about_a_learner_is_told_to_the_learner_s_school_by_its_own_clock(
    session: Session, far: School, at_once: bool
) -> None:
    learner = a_learner(session, school=far)
    teacher = a_teacher(session)  # of the first school
    assert teacher.school_id != far.id
    told = reflects(by(teacher, Relation.TEACHER), learner)
    if at_once:
        record.write_many(session, [told])
    else:
        record.write(session, told.by, told.verb, learner_id=told.learner_id, about=told.about,
                     at=told.at, payload=told.payload)  # fmt: skip
    event = newest(session, Verb.REFLECTED)
    assert (event.school_id, event.actor_id) == (far.id, teacher.id)
    week = session.exec(select(EvidenceWeek).where(EvidenceWeek.verb == Verb.REFLECTED)).one()
    assert (week.school_id, week.week.isoformat()) == (far.id, "2025-11-17")
    assert verify(session).faults == ()


def test_a_record_with_an_event_that_was_told_to_another_school_once_stays_whole(
    session: Session, far: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner = a_learner(session, school=far)
    told = reflects(by(a_teacher(session), Relation.TEACHER), learner)
    with monkeypatch.context() as before:
        module = sys.modules["learnpath.record.write"]
        before.setattr(module, "at_home", lambda _session, doer, _learner: doer)
        record.write(session, told.by, told.verb, learner_id=learner.id, about=told.about,
                     at=told.at, payload=told.payload)  # fmt: skip
    assert newest(session, Verb.REFLECTED).school_id != far.id
    record.write_many(session, [told])
    assert newest(session, Verb.REFLECTED).school_id == far.id
    assert verify(session).faults == ()


def leads_two(session: Session, far: School) -> tuple[Person, Hat]:
    leader = a_leader(session)
    session.add(Leadership(person_id=leader.id, school_id=far.id, starts=YEAR_START))
    return leader, Hat.LEADER


def administers_two(session: Session, far: School) -> tuple[Person, Hat]:
    office = an_administrator(session)
    session.add(Administration(person_id=office.id, school_id=far.id, starts=YEAR_START))
    return office, Hat.ADMINISTRATOR


@pytest.mark.parametrize(
    ("seated", "can"), [(leads_two, Can.SEE_SCHOOL), (administers_two, Can.ADMINISTER)]
)
def test_who_acts_for_two_schools_acts_for_the_one_whose_page_it_is(
    session: Session, far: School,
    seated: Callable[[Session, School], tuple[Person, Hat]], can: Can,
) -> None:  # fmt: skip
    person, hat = seated(session, far)
    actor = Actor(person.id or 0, person.school_id, hat, "America/Denver", MONDAY.date())
    _school, doer = fetch(session, actor, can, School, far.id or 0)
    assert (doer.school_id, doer.zone) == (far.id, "Pacific/Auckland")
    _school, doer = fetch(session, actor, can, School, person.school_id)
    assert (doer.school_id, doer.zone) == (person.school_id, "America/Denver")


def test_the_office_of_two_schools_tells_each_school_about_its_own_people(
    session: Session, far: School, visit: Callable[..., Visitor]
) -> None:
    office, _hat = administers_two(session, far)
    teacher = a_teacher(session, a_class(session, school=far), school=far)
    session.commit()
    page = visit(office, Hat.ADMINISTRATOR).post(f"/admin/people/{teacher.id}/sign-out")
    assert page.status == 303
    event = newest(session, Verb.SIGN_INS_ENDED)
    assert (event.school_id, event.chain) == (far.id, f"school:{far.id}")


def test_a_teacher_of_classes_in_two_schools_tells_each_school_about_its_own_class(
    session: Session, far: School, visit: Callable[..., Visitor]
) -> None:
    here = a_learner(session)
    there = a_learner(session, school=far)
    guardian = a_guardian_of(session, there)
    teacher = a_teacher(session, class_of(session, here))
    enrol.start_teaching(
        session, by_school(far), teacher, class_of(session, there), YEAR_START, MONDAY
    )
    classes = [
        (class_of(session, one).id, one.id, school_id)
        for one, school_id in ((there, far.id), (here, teacher.school_id))
    ]
    family, child, harbour = guardian.id or 0, there.id or 0, far.id or 0
    session.commit()
    visitor = visit(teacher)
    for group, learner_id, school_id in classes:
        assert visitor.post(f"/classes/{group}/pictures/start").status == 200
        assert newest(session, Verb.PICTURE_START_OPENED).chain == f"school:{school_id}"
        session.commit()
        page = visitor.post(f"/classes/{group}/codes", learner=learner_id)
        assert page.status == 200, page.words
        assert newest(session, Verb.CODE_ISSUED).school_id == school_id
        session.commit()
    actor = Actor(family, harbour, Hat.FAMILY, "Pacific/Auckland", MONDAY.date())
    _there, doer = fetch(session, actor, Can.READ_PROFILE, Person, child)
    assert doer.school_id == harbour
    assert verify(session).faults == ()


def test_a_class_of_nobody_s_is_asked_for_once(session: Session, far: School) -> None:
    """The school of a thing comes with the thing: no query more."""
    from tests.conftest import counted

    learner = a_learner(session, school=far)
    teacher = a_teacher(session, class_of(session, learner), school=far)
    actor = Actor(teacher.id or 0, far.id or 0, Hat.TEACHER, far.time_zone, MONDAY.date())
    group = class_of(session, learner).id or 0
    with counted(session.get_bind()) as seen:
        fetch(session, actor, Can.RUN_CLASS, SchoolClass, group)
        fetch(session, actor, Can.READ_PROFILE, Person, learner.id or 0)
    assert seen.count == 2
