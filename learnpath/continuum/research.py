"""Counts of practice for research: per school, month and indicator, nobody named, small groups withheld.

There is no row for a learner. Fifteen places and a few dates make nearly every child the only one of its
kind in a school: such a row would name whoever knows three facts about the child.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session, col, select

from learnpath.clock import school_day
from learnpath.continuum.counts import CELLS, NOT_SEEN, SMALLEST_GROUP, SchoolCounts
from learnpath.continuum.driver_model import driver_model
from learnpath.continuum.releases import release, released, to_release
from learnpath.record import By, Relation, Verb, write
from learnpath.school.models import School
from learnpath.school.queries import calendars_of
from learnpath.spreadsheet import Table

COUNTS, DICTIONARY = "counts.csv", "dictionary.csv"
WITHHELD = "withheld"
FIELDS: dict[str, str] = {
    "school": "Number of the school in this installation. It names nobody.",
    "day": "Last Sunday of a month (ISO date): practice in the school year up to this day, as it was first "
    "counted. What is told later changes nothing. No other days are given out.",
    "strand": "Key of the strand in the Driver Model data (learnpath continuum model --json).",
    "indicator": "Key of the indicator in the same data; its rule is in docs/continuum.md.",
    "column": f"Key of the column that the record shows, or {NOT_SEEN}. Keys have an order, no distance.",
    "learners": "How many learners of the school the record shows there, or "
    f"{WITHHELD}: the group is under {SMALLEST_GROUP}, or would give one such group away. There is no row "
    "for a learner: fifteen places and a day would make most of them the only one of a kind.",
}


@dataclass(frozen=True)
class Written:
    """What was written: how many rows, over how many schools."""

    rows: int
    schools: int


def write_counts(session: Session, folder: Path, now: datetime) -> Written:
    """Write the counts and their data dictionary into ``folder``, and say so in each school's record.

    A day counts as over when it is over at the school.

    Raises OSError when a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    schools = session.exec(select(School).order_by(col(School.id))).all()
    calendars = calendars_of(session, [school.id or 0 for school in schools])
    before = released(session, calendars)
    for id, calendar in calendars.items():
        due = to_release(session, {id: calendar}, before, school_day(now, calendar.zone))
        release(session, due, now)
    found = released(session, calendars)
    with (folder / COUNTS).open("w", encoding="utf-8", newline="") as file:
        table = Table(file)
        table.row(FIELDS)
        written = 0
        for id, counts in found.items():
            for row in _rows(id, counts):
                table.row(row)
                written += 1
    with (folder / DICTIONARY).open("w", encoding="utf-8", newline="") as file:
        table = Table(file)
        for pair in (("field", "meaning"), *FIELDS.items()):
            table.row(pair)
    for school in schools:
        by = By(None, Relation.SCHOOL, school.id or 0, school.time_zone)
        write(
            session, by, Verb.RECORD_EXPORTED, learner_id=None, about=("school", school.id), at=now,
            payload={"format": "continuum_counts"},
        )  # fmt: skip
    return Written(written, len(schools))


def _rows(school_id: int, days: Mapping[date, SchoolCounts]) -> Iterator[list[object]]:
    indicators = driver_model().indicators
    for day in sorted(days):
        for row in days[day].rows:
            for column in CELLS:
                number = row.counts[column]
                yield [
                    school_id, day.isoformat(), indicators[row.indicator].strand, row.indicator,
                    column or NOT_SEEN, WITHHELD if number is None else number,
                ]  # fmt: skip
