"""Counts of practice for research: per school, month and indicator, nobody named, small groups withheld."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session, col, select

from learnpath.continuum.columns import Column
from learnpath.continuum.counts import SMALLEST_GROUP, count, month_ends
from learnpath.continuum.driver_model import driver_model
from learnpath.continuum.queries import school_placements
from learnpath.record import By, Relation, Verb, write
from learnpath.school.models import School
from learnpath.school.queries import calendar_of

COUNTS, DICTIONARY = "counts.csv", "dictionary.csv"
NOT_SEEN, WITHHELD = "not_enough_seen", "withheld"
FIELDS: dict[str, str] = {
    "school": "Number of the school in this installation. It names nobody.",
    "day": "Last day of a month (ISO date): practice in the school year up to this day.",
    "strand": "Key of the strand in the Driver Model data (learnpath continuum model --json).",
    "indicator": "Key of the indicator in the same data; its rule is in docs/continuum.md.",
    "column": f"Key of the column that the record shows, or {NOT_SEEN}. Keys have an order, no distance.",
    "learners": "How many learners of the school the record shows there, or "
    f"{WITHHELD}: the group is under {SMALLEST_GROUP}, or would give one such group away.",
}


@dataclass(frozen=True)
class Written:
    """What was written: how many rows, over how many schools."""

    rows: int
    schools: int


def write_counts(session: Session, folder: Path, now: datetime, today: date) -> Written:
    """Write the counts and their data dictionary into ``folder``, and say so in each school's record.

    Raises OSError when a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    schools = session.exec(select(School).order_by(col(School.id))).all()
    with (folder / COUNTS).open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(FIELDS)
        written = 0
        for school in schools:
            for row in _rows(session, school, today):
                out.writerow(row)
                written += 1
    with (folder / DICTIONARY).open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["field", "meaning"])
        out.writerows(FIELDS.items())
    for school in schools:
        by = By(None, Relation.SCHOOL, school.id or 0, school.time_zone)
        write(
            session, by, Verb.RECORD_EXPORTED, learner_id=None, about=("school", school.id), at=now,
            payload={"format": "continuum_counts"},
        )  # fmt: skip
    return Written(written, len(schools))


def _rows(session: Session, school: School, today: date) -> Iterator[list[object]]:
    calendar = calendar_of(session, school.id or 0)
    indicators = driver_model().indicators
    for day in reversed(month_ends(calendar, today)):
        for row in count(school_placements(session, school.id or 0, calendar, day)).rows:
            for column in (*Column, None):
                number = row.counts[column]
                yield [
                    school.id, day.isoformat(), indicators[row.indicator].strand, row.indicator,
                    column or NOT_SEEN, WITHHELD if number is None else number,
                ]  # fmt: skip
