"""Reads over time: every revision of a block by school year, two of them compared, what changed lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import LazyString
from sqlmodel import Session, col, select

from learnpath.people.models import Hat
from learnpath.profiles.compare import Line, compare
from learnpath.profiles.models import ProfileBlock, ProfileRevision
from learnpath.profiles.queries import TITLES, ShownBlock, revisions_of
from learnpath.profiles.visible import HARD
from learnpath.school.calendar import SchoolCalendar

LATEST = 5


@dataclass(frozen=True)
class Year:
    """The revisions of one school year, the newest first."""

    name: str
    revisions: tuple[ProfileRevision, ...]


@dataclass(frozen=True)
class History:
    """A block over time, and two of its wordings side by side."""

    years: tuple[Year, ...]
    before: ProfileRevision | None
    after: ProfileRevision | None
    lines: tuple[Line, ...]

    @property
    def revisions(self) -> list[ProfileRevision]:
        """All revisions, the newest first."""
        return [revision for year in self.years for revision in year.revisions]


def history_of(
    session: Session, learner_id: int, block: str, hat: Hat, calendar: SchoolCalendar, today: date,
    numbers: tuple[int | None, int | None] = (None, None),
) -> History:  # fmt: skip
    """Return the history of a block as a reader under ``hat`` may see it, in one query.

    ``numbers`` are the two revisions to compare; without them, the newest with the one before.
    """
    revisions = revisions_of(session, learner_id, block)
    if hat is not Hat.LEARNER and block in HARD:
        began = year_began(calendar, today)
        revisions = [r for r in revisions if began is None or r.at.date() >= began]
    by_number = {revision.number: revision for revision in revisions}
    newest = [revision.number for revision in revisions[:2]]
    first, second = numbers
    after = by_number.get(second or 0) or (by_number[newest[0]] if len(newest) > 1 else None)
    before = by_number.get(first or 0) or (by_number[newest[1]] if len(newest) > 1 else None)
    if before and after and before.number > after.number:
        before, after = after, before
    lines = compare(before.lines, after.lines) if before and after else []
    return History(_years(revisions, calendar), before, after, tuple(lines))


def _years(revisions: Sequence[ProfileRevision], calendar: SchoolCalendar) -> tuple[Year, ...]:
    found: dict[str, list[ProfileRevision]] = {}
    for revision in revisions:
        year = calendar.year_of(revision.at.date())
        found.setdefault(year.name if year else "", []).append(revision)
    return tuple(Year(name, tuple(rows)) for name, rows in found.items())


def year_began(calendar: SchoolCalendar, today: date) -> date | None:
    """Return the first day of the school year that ``today`` lies in, or of the newest that began."""
    year = calendar.year_of(today)
    return year.starts if year else None


def from_earlier_years(blocks: Sequence[ShownBlock], began: date | None) -> list[ShownBlock]:
    """Return the blocks with lines that were last written, or kept, before the school year began."""
    if began is None:
        return []
    return [b for b in blocks if b.lines and b.changed_at and b.changed_at.date() < began]


@dataclass(frozen=True)
class Change:
    """A revision with what the learner said about it."""

    block: str
    what_changed: str
    at: datetime

    @property
    def title(self) -> LazyString:
        """What the block is called."""
        return TITLES[self.block]


def changes_of(session: Session, learner_id: int, since: date | None) -> list[Change]:
    """Return the newest changes with the learner's words about them, in one query."""
    query = (
        select(ProfileBlock.key, ProfileRevision.what_changed, ProfileRevision.at)
        .join(ProfileBlock, col(ProfileBlock.id) == col(ProfileRevision.block_id))
        .where(ProfileRevision.learner_id == learner_id, ProfileRevision.what_changed != "")
        .order_by(col(ProfileRevision.id).desc())
        .limit(LATEST)
    )
    rows = [Change(key, what, at) for key, what, at in session.exec(query)]
    return [row for row in rows if since is None or row.at.date() >= since]
