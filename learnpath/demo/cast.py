"""The people of the demo school, and how they belong together."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from learnpath.db import key_of
from learnpath.demo.days import ZONE, DemoDays
from learnpath.people.models import Language, Person
from learnpath.people.passwords import make_hash
from learnpath.record import By, Relation
from learnpath.school import enrol
from learnpath.school.enrol import NewPerson
from learnpath.school.models import Holiday, School, SchoolClass, SchoolYearRow, Term

PEOPLE = Path(__file__).parent / "people.json"
PASSWORD = "three calm stones"  # noqa: S105 - it opens the invented school only, and is printed
Raw = dict[str, Any]


@dataclass
class Cast:
    """Everybody, by the key of the data file; guardians of a learner in their order."""

    school: School
    people: dict[str, Person] = field(default_factory=dict)
    guardians: dict[str, list[Person]] = field(default_factory=dict)
    teacher_of: dict[str, str] = field(default_factory=dict)
    learners: list[Raw] = field(default_factory=list)

    def office(self) -> By:
        """Return the school office as the doer."""
        return By(None, Relation.SCHOOL, key_of(self.school), ZONE)

    def by(self, key: str, relation: Relation) -> By:
        """Return somebody as the doer, as ``relation``."""
        return By(key_of(self.people[key]), relation, key_of(self.school), ZONE)

    def learner(self, key: str) -> By:
        """Return a learner as the doer."""
        return self.by(key, Relation.LEARNER)

    def teacher(self, key: str) -> By:
        """Return the teacher of a learner as the doer."""
        return self.by(self.teacher_of[key], Relation.TEACHER)

    def id(self, key: str) -> int:
        """Return somebody's id."""
        return key_of(self.people[key])


def assemble(session: Session, days: DemoDays) -> Cast:
    """Found the school with its calendar and bring everybody in, the day before school begins."""
    raw = json.loads(PEOPLE.read_text(encoding="utf-8"))
    school = School(time_zone=ZONE, invented=True, **raw["school"])
    session.add(school)
    session.flush()
    year = _keep_calendar(session, school, days)
    cast, now = (
        Cast(school, learners=raw["learners"]),
        days.at(days.year.starts) - timedelta(days=3),
    )
    password_hash = make_hash(PASSWORD)
    classes = _staff(session, cast, raw["staff"], year, password_hash, now)
    for one in raw["learners"]:
        _learner(session, cast, one, classes[one["teacher"]], password_hash, now)
    return cast


def _keep_calendar(session: Session, school: School, days: DemoDays) -> SchoolYearRow:
    school_id = key_of(school)
    before, year = (
        SchoolYearRow(school_id=school_id, name=one.name, starts=one.starts, ends=one.ends)
        for one in (days.year_before, days.year)
    )
    session.add_all([before, year])
    session.flush()
    session.add_all(
        Holiday(school_id=school_id, name=rest.name, starts=rest.starts, ends=rest.ends)
        for rest in days.breaks
    )
    session.add_all(
        Term(year_id=key_of(year), name=name, starts=first, ends=last)
        for name, first, last in days.terms
    )
    session.flush()
    return year


def _staff(
    session: Session, cast: Cast, staff: list[Raw], year: SchoolYearRow, password_hash: str,
    now: datetime,
) -> dict[str, SchoolClass]:  # fmt: skip
    classes: dict[str, SchoolClass] = {}
    for one in staff:
        new = NewPerson(one["given"], one["family"], one["called"])
        person = _add(session, cast, one["key"], new, password_hash, now)
        if one["as"] == "leader":
            enrol.appoint_leader(session, cast.office(), person, year.starts, now)
        elif one["as"] == "administrator":
            enrol.appoint_administrator(session, cast.office(), person, year.starts, now)
        else:
            school_class = SchoolClass(
                school_id=key_of(cast.school),
                year_id=key_of(year),
                name=one["class"],
                room=one["room"],
            )
            session.add(school_class)
            session.flush()
            classes[one["key"]] = school_class
            enrol.start_teaching(session, cast.office(), person, school_class, year.starts, now)
    return classes


def _learner(
    session: Session, cast: Cast, one: Raw, school_class: SchoolClass, password_hash: str,
    now: datetime,
) -> None:  # fmt: skip
    key = one["key"]
    new = NewPerson(
        one["given"], one["family"], one["given"], Language(one.get("language", "en")),
        one["grade"], one.get("pronouns", ""), one.get("say_it", ""),
    )  # fmt: skip
    learner = _add(session, cast, key, new, password_hash, now)
    cast.teacher_of[key] = one["teacher"]
    starts = now.date() + timedelta(days=3)
    enrol.enrol(session, cast.office(), learner, school_class, starts, now)
    cast.guardians[key] = [
        _guardian(session, cast, f"{key}-family-{n}", learner, said, password_hash, now)
        for n, said in enumerate(one["guardians"], start=1)
    ]


def _guardian(
    session: Session, cast: Cast, key: str, learner: Person, said: list[str], password_hash: str,
    now: datetime,
) -> Person:  # fmt: skip
    given, family, called, language, interpreter = said
    new = NewPerson(given, family, f"{given} {family}", Language(language))
    person = _add(session, cast, key, new, password_hash, now)
    starts = now.date() + timedelta(days=3)
    tie = enrol.link_guardian(session, cast.office(), person, learner, called, starts, now)
    tie.interpreter = interpreter
    session.add(tie)
    return person


def _add(
    session: Session, cast: Cast, key: str, new: NewPerson, password_hash: str, now: datetime
) -> Person:
    person = enrol.add_person(session, cast.office(), new, now)
    enrol.give_hashed_sign_in(session, person, key, password_hash, now)
    cast.people[key] = person
    return person
