"""Counts for a school as they are released: once for each reporting day, and never changed again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from learnpath.continuum.counts import SchoolCounts, count, reporting_days
from learnpath.continuum.models import CountsRelease
from learnpath.continuum.queries import school_placements
from learnpath.school.calendar import SchoolCalendar

# The counts of each school, by its id, on its days, the newest first.
Released = dict[int, dict[date, SchoolCounts]]


def released(session: Session, school_ids: Collection[int]) -> Released:
    """Return all counts of the schools that were released, in one query."""
    query = (
        select(CountsRelease)
        .where(col(CountsRelease.school_id).in_(sorted(school_ids)))
        .order_by(col(CountsRelease.day).desc())
    )
    found: Released = {id: {} for id in school_ids}
    for row in session.exec(query):
        found[row.school_id][row.day] = SchoolCounts.from_json(row.counts)
    return found


def to_release(
    session: Session, calendars: Mapping[int, SchoolCalendar], found: Released, today: date
) -> Released:
    """Count what was not released yet: two queries for each day of a school, once in its life."""
    return {
        id: {
            day: count(school_placements(session, id, calendar, day))
            for day in reporting_days(calendar, today)
            if day not in found[id]
        }
        for id, calendar in calendars.items()
    }


def release(session: Session, counted: Released, now: datetime) -> None:
    """Keep the counts of days that have none; where somebody else was first, theirs stay."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert if on_sqlite else postgresql.insert
    for id, days in counted.items():
        for day, counts in days.items():
            row = insert(CountsRelease).values(
                school_id=id, day=day, counts=counts.as_json(), released_at=now
            )
            session.execute(row.on_conflict_do_nothing(index_elements=["school_id", "day"]))
