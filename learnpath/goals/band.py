"""What growth a week a teacher finds usual, and what ambitious, for a class and a kind of measure.

The coach makes words of it. It is the teacher's experience, typed in: nothing here is worked out from the
numbers of other learners.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from learnpath import record
from learnpath.access import current
from learnpath.errors import NotFound, WrongInput
from learnpath.goals.models import GrowthBand
from learnpath.goals.trend import Measure
from learnpath.record import By, Verb
from learnpath.school.models import Enrolment, SchoolClass
from learnpath.wording import lazy as _l

# Steps in words and yes or no do not grow by a number a week.
COUNTED = (Measure.COUNT, Measure.MINUTES, Measure.PERCENT, Measure.SCORE)


@dataclass(frozen=True)
class Growth:
    """How much more a week (or less, for a goal that goes down)."""

    usual: float
    ambitious: float


def set_band(
    session: Session, by: By, school_class: SchoolClass, measure: Measure, unit: str,
    usual: Decimal | None, ambitious: Decimal | None, now: datetime,
) -> GrowthBand:  # fmt: skip
    """Say what is usual and what is ambitious; said again, the newer one holds.

    Raises WrongInput for a number that is missing or not above 0, or for an ambitious one that is not above the usual.
    """
    for name, number in (("usual", usual), ("ambitious", ambitious)):
        if number is None or number <= 0:
            raise WrongInput(name, _l("Type a number above 0."))
    assert usual is not None
    assert ambitious is not None
    if ambitious <= usual:
        raise WrongInput("ambitious", _l("Ambitious has to be more than usual."))
    class_id, unit = school_class.id or 0, _as_compared(unit)
    query = select(GrowthBand).where(
        GrowthBand.class_id == class_id, GrowthBand.measure == measure, GrowthBand.unit == unit
    )
    band = session.exec(query).first() or GrowthBand(
        class_id=class_id, measure=measure, unit=unit, usual=usual, ambitious=ambitious,
        set_by_id=by.person_id or 0, at=now,
    )  # fmt: skip
    band.usual, band.ambitious, band.set_by_id, band.at = usual, ambitious, by.person_id or 0, now
    session.add(band)
    _tell(session, by, band, now)
    return band


def remove_band(
    session: Session, by: By, school_class: SchoolClass, band_id: int, now: datetime
) -> None:
    """Say nothing any more. Raises NotFound for what was said of another class."""
    band = session.get(GrowthBand, band_id)
    if band is None or band.class_id != school_class.id:
        raise NotFound
    _tell(session, by, band, now)
    session.delete(band)


def bands_of(session: Session, class_id: int) -> list[GrowthBand]:
    """Return what was said of a class, by measure and unit."""
    query = select(GrowthBand).where(GrowthBand.class_id == class_id)
    return list(session.exec(query.order_by(col(GrowthBand.measure), col(GrowthBand.unit))))


def growth_for(
    session: Session, learner_id: int, typed: Mapping[str, Any], today: date
) -> Growth | None:
    """Return what a learner's teachers find usual for a goal as it is typed. One query.

    What was said of the very unit goes before what was said of the measure; of two classes the newer word holds.
    """
    measure = str(typed.get("measure") or "")
    if measure not in COUNTED:
        return None
    unit = _as_compared(str(typed.get("unit") or ""))
    query = (
        select(GrowthBand)
        .join(Enrolment, col(Enrolment.class_id) == col(GrowthBand.class_id))
        .where(
            Enrolment.learner_id == learner_id, current(Enrolment, today),
            GrowthBand.measure == Measure(measure), col(GrowthBand.unit).in_({unit, ""}),
        )
        .order_by(col(GrowthBand.unit).desc(), col(GrowthBand.at).desc(), col(GrowthBand.id).desc())
    )  # fmt: skip
    band = session.exec(query).first()
    return Growth(float(band.usual), float(band.ambitious)) if band else None


def _as_compared(unit: str) -> str:
    return " ".join(unit.casefold().split())


def _tell(session: Session, by: By, band: GrowthBand, now: datetime) -> None:
    record.write(
        session, by, Verb.GROWTH_BAND_SET, learner_id=None, about=("school_class", band.class_id),
        payload={"class": band.class_id, "measure": str(band.measure)}, at=now,
    )  # fmt: skip
