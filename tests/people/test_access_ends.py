"""When a tie ends, access ends with the next click: no sign-in outlives what it came from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from learnpath import clock
from learnpath.people.models import Person
from learnpath.school import enrol
from learnpath.school.models import Administration, Guardianship, Leadership, School
from tests.builders import (
    MONDAY,
    a_guardian_of,
    a_leader,
    a_learner,
    a_teacher_of,
    an_administrator,
    by_school,
    class_of,
    enrolment_of,
    teaching_of,
)
from tests.people.test_sign_in import sign_in
from tests.visiting import Visitor

Visit = Callable[..., Visitor]
YESTERDAY = date(2025, 11, 16)


def _the_learner_leaves(session: Session, learner: Person) -> Person:
    learner.left_at = MONDAY
    return learner


def _the_enrolment_ends(session: Session, learner: Person) -> Person:
    by = by_school(session.get_one(School, learner.school_id))
    enrol.end_enrolment(session, by, enrolment_of(session, learner), YESTERDAY, MONDAY)
    return learner


@pytest.mark.parametrize("ending", [_the_learner_leaves, _the_enrolment_ends])
def test_a_learner_s_own_pages_close(
    session: Session, visit: Visit, ending: Callable[[Session, Person], Person]
) -> None:
    learner = a_learner(session)
    session.commit()
    visitor = visit(learner)
    path = f"/learners/{learner.id}/goals"
    assert visitor.get(path).status == 200
    ending(session, learner)
    session.commit()
    assert visitor.get(path).status == 303
    assert visitor.post(f"{path}/new").status in {303, 400, 401, 404}


def test_a_teacher_s_view_of_a_learner_closes_when_the_teaching_ends(
    session: Session, visit: Visit
) -> None:
    learner, other = a_learner(session), a_learner(session)
    teacher = a_teacher_of(session, learner)
    session.commit()
    visitor = visit(teacher)
    path = f"/learners/{learner.id}/goals"
    assert visitor.get(path).status == 200
    by = by_school(session.get_one(School, learner.school_id))
    enrol.end_teaching(session, by, teaching_of(session, teacher), YESTERDAY, MONDAY)
    session.commit()
    assert visitor.get(path).status == 303  # no tie is left at all
    enrol.start_teaching(session, by, teacher, class_of(session, other), date(2025, 8, 18), MONDAY)
    session.commit()
    visitor = visit(teacher)
    assert visitor.get(path).status == 404  # a tie to somebody else opens nothing here
    assert visitor.get(f"/learners/{other.id}/goals").status == 200


def test_a_teacher_loses_a_learner_who_leaves_the_class(session: Session, visit: Visit) -> None:
    learner = a_learner(session)
    teacher = a_teacher_of(session, learner)
    session.commit()
    visitor = visit(teacher)
    path = f"/learners/{learner.id}/goals"
    assert visitor.get(path).status == 200
    _the_enrolment_ends(session, learner)
    session.commit()
    assert visitor.get(path).status == 404


def test_a_guardian_with_no_contact_sees_nothing_from_the_next_click_on(
    session: Session, visit: Visit
) -> None:
    learner, sibling = a_learner(session), a_learner(session)
    guardian = a_guardian_of(session, learner)
    by = by_school(session.get_one(School, learner.school_id))
    enrol.link_guardian(session, by, guardian, sibling, "Dad", date(2025, 8, 18), MONDAY)
    session.commit()
    visitor = visit(guardian)
    path = f"/learners/{learner.id}/goals"
    assert visitor.get(path).status == 200
    tie = session.exec(select(Guardianship).where(Guardianship.learner_id == learner.id)).one()
    enrol.forbid_contact(session, by, tie, MONDAY)
    session.commit()
    assert visitor.get(path).status == 404
    assert visitor.get(f"/learners/{sibling.id}/goals").status == 200


def test_a_guardian_whose_only_tie_is_closed_cannot_even_sign_in(
    session: Session, visit: Visit
) -> None:
    learner = a_learner(session)
    a_guardian_of(session, learner, no_contact=True, username="dad")
    session.commit()
    assert sign_in(visit(None), "dad").status == 422


@pytest.mark.parametrize("make", [a_leader, an_administrator])
def test_a_seat_that_ended_opens_nothing(
    session: Session, visit: Visit, make: Callable[[Session], Person]
) -> None:
    person = make(session)
    session.commit()
    visitor = visit(person)
    assert visitor.get("/about").status == 200
    for seat in (*session.exec(select(Leadership)), *session.exec(select(Administration))):
        seat.ends = YESTERDAY
    session.commit()
    assert visitor.get("/").status == 303


def test_a_tie_that_begins_tomorrow_opens_nothing_today(session: Session, visit: Visit) -> None:
    learner = a_learner(session)
    teacher = a_teacher_of(session, learner)
    other = a_teacher_of(session, learner)
    teaching_of(session, teacher).starts = date(2025, 11, 18)
    session.commit()
    with pytest.raises(AssertionError, match="no relationship"):
        visit(teacher)
    assert visit(other).get(f"/learners/{learner.id}/goals").status == 200


def test_the_last_day_of_a_tie_lasts_until_midnight_at_the_school(
    session: Session, visit: Visit
) -> None:
    learner = a_learner(session)
    teacher = a_teacher_of(session, learner)
    teaching_of(session, teacher).ends = date(2025, 11, 17)
    session.commit()
    path = f"/learners/{learner.id}/goals"
    evening, midnight = (
        datetime(2025, 11, 18, 6, 50, tzinfo=UTC),
        datetime(2025, 11, 18, 7, 0, tzinfo=UTC),
    )
    with clock.standing_at(evening):  # ten to midnight in Denver, already tomorrow in UTC
        visitor = visit(teacher)
        assert visitor.get(path).status == 200
    with clock.standing_at(midnight):
        assert visitor.get(path).status == 303
    with clock.standing_at(midnight - timedelta(minutes=1)):
        assert visitor.get(path).status == 200
