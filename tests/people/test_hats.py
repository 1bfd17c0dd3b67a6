"""Somebody who is several things at once wears one hat at a time: rights never add up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import Session

from learnpath.people.models import Hat, Person
from learnpath.school import enrol
from learnpath.school.models import School
from tests.builders import MONDAY, YEAR_START, a_learner, a_teacher_of, by_school, teaching_of
from tests.visiting import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def both(session: Session) -> tuple[Person, Person, Person]:
    """Return a teacher who is also a parent, a pupil of theirs, and their own child in another class."""
    pupil, child = a_learner(session), a_learner(session)
    person = a_teacher_of(session, pupil)
    by = by_school(session.get_one(School, person.school_id))
    enrol.link_guardian(session, by, person, child, "Mom", YEAR_START, MONDAY)
    session.commit()
    return person, pupil, child


def test_each_hat_opens_its_own_learners_only(
    visit: Visit, both: tuple[Person, Person, Person]
) -> None:
    person, pupil, child = both
    teacher, parent = visit(person), visit(person, hat=Hat.FAMILY)
    assert teacher.get(f"/learners/{pupil.id}/goals").status == 200
    assert teacher.get(f"/learners/{child.id}/goals").status == 404
    assert parent.get(f"/learners/{child.id}/goals").status == 200
    assert parent.get(f"/learners/{pupil.id}/goals").status == 404


def test_the_hat_can_be_changed_on_the_page(
    visit: Visit, both: tuple[Person, Person, Person]
) -> None:
    person, pupil, child = both
    visitor = visit(person)
    assert visitor.post("/hat", hat="family").status == 303
    assert visitor.get(f"/learners/{child.id}/goals").status == 200
    assert visitor.get(f"/learners/{pupil.id}/goals").status == 404
    assert visitor.post("/hat", hat="teacher").status == 303
    assert visitor.get(f"/learners/{pupil.id}/goals").status == 200


@pytest.mark.parametrize("hat", ["administrator", "leader", "learner"])
def test_a_hat_that_no_relationship_gives_is_refused(
    visit: Visit, both: tuple[Person, Person, Person], hat: str
) -> None:
    visitor = visit(both[0])
    assert visitor.post("/hat", hat=hat).status == 403
    assert visitor.get("/people").status == 404


@pytest.mark.parametrize("hat", ["", "superuser", "TEACHER", "teacher\x00", "{{7*7}}"])
def test_a_hat_that_is_none_changes_nothing(
    visit: Visit, both: tuple[Person, Person, Person], hat: str
) -> None:
    person, pupil, _ = both
    visitor = visit(person)
    assert visitor.post("/hat", hat=hat).status in {303, 400}
    assert visitor.get(f"/learners/{pupil.id}/goals").status == 200


def test_two_browsers_of_one_person_may_wear_different_hats(
    visit: Visit, both: tuple[Person, Person, Person]
) -> None:
    person, pupil, _child = both
    one, two = visit(person), visit(person)
    one.post("/hat", hat="family")
    assert two.get(f"/learners/{pupil.id}/goals").status == 200
    assert one.get(f"/learners/{pupil.id}/goals").status == 404


def test_losing_the_worn_hat_ends_the_sign_in_and_the_other_can_be_used_anew(
    session: Session, visit: Visit, both: tuple[Person, Person, Person]
) -> None:
    person, _pupil, child = both
    visitor = visit(person)
    teaching_of(session, person).ends = date(2025, 11, 16)
    session.commit()
    assert visitor.get("/").status == 303
    assert visit(person).get(f"/learners/{child.id}/goals").status == 200
