"""The first page of the school office: what waits, and what there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import LazyString
from sqlmodel import Session, col, func, select

from learnpath.people.models import Person
from learnpath.school.directory import in_no_class
from learnpath.school.models import DataRequest, ImportRun, RequestState, SchoolYearRow
from learnpath.wording import lazy as _l

ON_A_PAGE = 50
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
    nobody = select(func.count()).select_from(Person).where(*in_no_class(school_id, today))
    without = 0 if ending else session.exec(nobody).one()
    return Waiting(requests, due, without, ending, newest is not None)


COUNTED: dict[str, LazyString] = {
    "add": _l("added"), "added": _l("added"), "new": _l("added"), "values": _l("added"),
    "change": _l("changed"), "changed": _l("changed"), "end": _l("ended"), "ended": _l("ended"),
    "same": _l("there before"), "keep": _l("there before"), "replace": _l("changed"),
    "conflict": _l("not clear, and left out"), "rows": _l("rows in the file"), "left_out": _l("left out"),
    "wrong": _l("rows that were wrong"), "learners": _l("students"),
}  # fmt: skip


def _sum(value: Any) -> int:
    """Return a count, or all counts below it together."""
    if isinstance(value, dict):
        return sum(_sum(inner) for inner in value.values())
    return value if isinstance(value, int) else 0


@dataclass(frozen=True)
class ImportLine:
    """Something that was brought in from a file, and who did it."""

    run: ImportRun
    who: str

    @property
    def counts(self) -> list[tuple[LazyString | str, int]]:
        """What came of it: how many of each kind, those that are none left out."""
        counts = self.run.counts if isinstance(self.run.counts, dict) else {}
        summed = ((COUNTED.get(key, key), _sum(value)) for key, value in counts.items())
        return [(words, number) for words, number in summed if number]


@dataclass(frozen=True)
class ImportList:
    """A page of what was brought in, the newest first."""

    lines: Sequence[ImportLine]
    page: int
    pages: int


def imports(session: Session, school_id: int, page: int) -> ImportList:
    """Return a page of the imports of a school, in two queries."""
    mine = ImportRun.school_id == school_id
    found = session.exec(select(func.count()).select_from(ImportRun).where(mine)).one()
    pages = max(1, -(-found // ON_A_PAGE))
    page = min(max(1, page), pages)
    rows = session.exec(
        select(ImportRun, Person.called)
        .outerjoin(Person, col(Person.id) == col(ImportRun.made_by))
        .where(mine)
        .order_by(col(ImportRun.at).desc(), col(ImportRun.id).desc())
        .limit(ON_A_PAGE)
        .offset((page - 1) * ON_A_PAGE)
    )
    return ImportList([ImportLine(run, called or "") for run, called in rows], page, pages)
