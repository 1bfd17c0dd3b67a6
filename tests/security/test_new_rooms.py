"""Attacks on rosters, the school office, evidence, cards and logs: each was tried once and must not work again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import select

from learnpath.school.models import Enrolment, Teaching
from tests.builders import MONDAY
from tests.roster.build import Office
from tests.roster.sets import a_class, a_set, a_user, an_enrolment, nothing


@pytest.fixture
def office(engine: Engine, tmp_path: Path) -> Office:
    """Return an office in which a district brought in two schools, the second with a class and a teacher."""
    made = Office(engine, tmp_path)
    both = a_set()
    a_class(both, "c9", "Valley 9", "o2")
    a_user(both, "s9", "student", "Zoe", "Valley", org="o2", grades="04")
    a_user(both, "t9", "teacher", "Ned", "Valley", org="o2")
    an_enrolment(both, "e9", "c9", "s9", "student", school="o2")
    an_enrolment(both, "e10", "c9", "t9", "teacher", school="o2")
    made.apply(both)
    return made


def _ties_to_other_class(office: Office) -> list[int]:
    with office.reading() as session:
        group = office.group("c1")
        zoe, ned = office.person("s9"), office.person("t9")
        assert group and zoe and ned
        learns = select(Enrolment.id).where(
            Enrolment.class_id == group.id, Enrolment.learner_id == zoe.id
        )
        teaches = select(Teaching.id).where(
            Teaching.class_id == group.id, Teaching.teacher_id == ned.id
        )
        return [*session.exec(learns), *session.exec(teaches)]


@pytest.mark.parametrize("trick", ["class not in the set", "class said to be ours"])
def test_a_roster_of_one_school_puts_nobody_into_a_class_of_another(
    office: Office, trick: str
) -> None:
    valley = office.school("o2")
    assert valley
    made = nothing()
    school = ""
    if trick == "class said to be ours":
        made = a_set()
        made.files["enrollments.csv"], made.files["classes.csv"] = [], []
        a_user(made, "s9", "student", "Zoe", "Valley", org="o2", grades="04")
        a_user(made, "t9", "teacher", "Ned", "Valley", org="o2")
        a_class(made, "c9", "Valley 9", "o2")
        a_class(made, "c1", "Room 12", "o2")
        an_enrolment(made, "e9", "c9", "s9", "student", school="o2")
        an_enrolment(made, "e10", "c9", "t9", "teacher", school="o2")
    an_enrolment(made, "x1", "c1", "s9", "student", school=school)
    an_enrolment(made, "x2", "c1", "t9", "teacher", school=school)
    office.apply(made, MONDAY + timedelta(days=1), home=valley.id)
    assert _ties_to_other_class(office) == []
