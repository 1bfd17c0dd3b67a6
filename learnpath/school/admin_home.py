"""The first page of the school office: what waits, and what there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from learnpath.access import current
from learnpath.people.models import Person
from learnpath.school.models import (
    DataRequest,
    Enrolment,
    RequestState,
    SchoolClass,
    SchoolYearRow,
)

# How long before the end of a school year the next one is asked for.
NEXT_YEAR_ASKED = timedelta(days=75)


@dataclass(frozen=True)
class Waiting:
    """What waits for the school office."""

    requests: int
    request_due: date | None
    without_class: int
    year_ends: SchoolYearRow | None
    has_year: bool

    @property
    def anything(self) -> bool:
        """Whether something waits."""
        return bool(self.requests or self.without_class or self.year_ends or not self.has_year)


def waiting(session: Session, school_id: int, today: date) -> Waiting:
    """Return what waits, in three queries."""
    requests, due = session.exec(
        select(func.count(), func.min(DataRequest.due)).where(
            DataRequest.school_id == school_id, DataRequest.state == RequestState.ASKED
        )
    ).one()
    years = session.exec(
        select(SchoolYearRow)
        .where(SchoolYearRow.school_id == school_id)
        .order_by(col(SchoolYearRow.starts).desc())
    ).all()
    newest = years[0] if years else None
    ending = newest if newest and newest.ends - today <= NEXT_YEAR_ASKED else None
    # In the summer nobody has a class yet: that is said once, by the year that is to begin.
    without = 0 if ending else session.exec(without_class(school_id, today)).one()
    return Waiting(requests, due, without, ending, newest is not None)


def without_class(school_id: int, today: date) -> Any:
    """Return, as SQL, how many learners of a school are in no class today."""
    learning = (
        select(Enrolment.learner_id)
        .join(SchoolClass, col(SchoolClass.id) == col(Enrolment.class_id))
        .where(SchoolClass.school_id == school_id, current(Enrolment, today))
    )
    return (
        select(func.count())
        .select_from(Person)
        .where(
            Person.school_id == school_id, col(Person.grade).is_not(None),
            col(Person.left_at).is_(None), col(Person.id).not_in(learning),
        )
    )  # fmt: skip
