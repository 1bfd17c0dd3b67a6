"""Beginning the next school year as planned (``admin_next_year``): in one transaction, and not a second time.

What follows the learner needs no rolling over: profiles, goals and the record belong to the learner, not to a
class. What ends is the class. The summer belongs to the year that ended: whoever learns or teaches in the next
year keeps the classes of the old one until the day before it begins, so that nobody stands outside in between.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from learnpath import record
from learnpath.db import key_of
from learnpath.errors import NotAllowedNow
from learnpath.people.models import Person
from learnpath.people.passwords import end_all
from learnpath.record import By, Verb
from learnpath.record.many import Told
from learnpath.record.write import lock_chain
from learnpath.school import admin_calendar, admin_classes
from learnpath.school.admin_next_year import Choices, RollOver, plan
from learnpath.school.models import Enrolment, SchoolClass, SchoolYearRow, Teaching
from learnpath.wording import lazy as _l


def apply(session: Session, by: By, choices: Choices, today: date, now: datetime) -> RollOver:
    """Begin the next school year as planned, and return the plan. Begun before, it changes nothing.

    Raises NotAllowedNow while the old year goes on: until its last day everybody learns in its classes.
    """
    lock_chain(session, None, by.school_id)
    made = plan(session, by.school_id, choices, today)
    if made.done:
        return made
    if today <= made.old.ends:
        raise NotAllowedNow(
            _l(
                "School year %(name)s runs until %(day)s. Begin the next one after that day.",
                name=made.old.name, day=made.old.ends.isoformat(),
            )
        )  # fmt: skip
    year = _begin_year(session, by, made, now)
    classes = _begin_classes(session, by, made, year, now)
    desk = _Desk(session, by, now)
    _end_old_classes(desk, made)
    _grades_and_leavers(desk, made)
    _into_classes(desk, made, classes, year)
    desk.tell(
        Verb.YEAR_ROLLED_OVER, None, "year", year,
        {
            "year": year.id, "classes": len(classes), "learners": len(made.learners),
            "leavers": len(made.leavers),
        },
    )  # fmt: skip
    record.write_many(session, desk.told)
    return replace(made, year_id=year.id)


@dataclass
class _Desk:
    """What a roll-over does: all of it is told at once at the end, as the verbs would tell it one by one."""

    session: Session
    by: By
    now: datetime
    told: list[Told] = field(default_factory=list)

    def tell(
        self, verb: Verb, learner_id: int | None, kind: str, row: Any, said: dict[str, Any] | None
    ) -> None:
        """Tell of a row that has its id."""
        about = (kind, key_of(row))
        self.told.append(Told(self.by, verb, learner_id, about, self.now, said or {}))


def _begin_year(session: Session, by: By, made: RollOver, now: datetime) -> SchoolYearRow:
    if made.year_id is None:
        admin_calendar.save_year(session, by, None, made.year, "", now)
    query = select(SchoolYearRow).where(
        SchoolYearRow.school_id == by.school_id, SchoolYearRow.starts == made.year.starts
    )
    year = session.exec(query).one()
    for term in made.terms:
        admin_calendar.save_term(session, by, None, year, term, "", now)
    for rest in made.holidays:
        admin_calendar.save_holiday(session, by, None, rest, "", now)
    return year


def _begin_classes(
    session: Session, by: By, made: RollOver, year: SchoolYearRow, now: datetime
) -> dict[int, SchoolClass]:
    return {
        one.old_id: admin_classes.add_class(session, by, year, one.name, one.room, now)
        for one in made.classes
    }


def _end_old_classes(desk: _Desk, made: RollOver) -> None:
    """End what is open in the classes of the old year: the day before the new one, for leavers on its last."""
    leavers = set(made.leavers)
    for enrolment in _open_ones(desk.session, Enrolment, made):
        last_day = made.old.ends if enrolment.learner_id in leavers else made.ends_on
        enrolment.ends = max(last_day, enrolment.starts)
        said = {"class": enrolment.class_id}
        desk.tell(Verb.ENROLMENT_ENDED, enrolment.learner_id, "enrolment", enrolment, said)
    for teaching in _open_ones(desk.session, Teaching, made):
        teaching.ends = max(made.ends_on, teaching.starts)
        desk.tell(Verb.TEACHING_ENDED, None, "teaching", teaching, {"class": teaching.class_id})


def _open_ones(session: Session, model: Any, made: RollOver) -> Sequence[Any]:
    query = (
        select(model)
        .join(SchoolClass, col(SchoolClass.id) == model.class_id)
        .where(
            SchoolClass.year_id == made.old.id,
            or_(model.ends.is_(None), model.ends > made.ends_on),
        )
        .order_by(model.id)
    )
    return session.exec(query).all()


def _grades_and_leavers(desk: _Desk, made: RollOver) -> None:
    leavers = set(made.leavers)
    query = select(Person).where(col(Person.id).in_([*made.learners, *made.leavers]))
    for person in desk.session.exec(query.order_by(col(Person.id))).all():
        if person.id in leavers:
            person.left_at = desk.now
            end_all(desk.session, key_of(person), desk.now)
            desk.tell(Verb.PERSON_LEFT, person.id, "person", person, None)
        else:
            person.grade = (person.grade or 0) + 1
            desk.tell(Verb.GRADE_CHANGED, person.id, "person", person, {"grade": person.grade})


def _into_classes(
    desk: _Desk, made: RollOver, classes: Mapping[int, SchoolClass], year: SchoolYearRow
) -> None:
    """Let teachers and learners begin in their classes of the new year."""
    teaching = [
        Teaching(teacher_id=id, class_id=key_of(classes[one.old_id]), starts=year.starts)
        for one in made.classes
        for id in one.teachers
    ]
    learning = [
        Enrolment(learner_id=id, class_id=key_of(classes[one.old_id]), starts=year.starts)
        for one in made.classes
        for id in one.learners
    ]
    desk.session.add_all([*teaching, *learning])
    desk.session.flush()
    grades = _grades(desk.session, {row.learner_id for row in learning})
    for row in teaching:
        desk.tell(Verb.TEACHING_STARTED, None, "teaching", row, {"class": row.class_id})
    for one in learning:
        said = {"class": one.class_id, "grade": grades[one.learner_id]}
        desk.tell(Verb.ENROLLED, one.learner_id, "enrolment", one, said)


def _grades(session: Session, ids: Collection[int]) -> dict[int, int | None]:
    query = select(Person.id, Person.grade).where(col(Person.id).in_(ids))
    return {id: grade for id, grade in session.exec(query) if id is not None}
