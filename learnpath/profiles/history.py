"""Reads over time: every revision of a block by school year, two of them compared, what changed lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString
from sqlmodel import Session, col, select

from learnpath.profiles.compare import Line, compare
from learnpath.profiles.models import ProfileBlock, ProfileRevision
from learnpath.profiles.queries import TITLES, ShownBlock, revisions_of
from learnpath.profiles.resting import rest_of
from learnpath.profiles.visible import HARD, Reader
from learnpath.school.calendar import SchoolCalendar

LATEST = 5


@dataclass(frozen=True)
class Year:
    """The revisions of one school year, the newest first."""

    name: str
    revisions: tuple[Wording, ...]


@dataclass(frozen=True)
class History:
    """A block over time, and two of its wordings side by side."""

    years: tuple[Year, ...]
    before: Wording | None
    after: Wording | None
    lines: tuple[Line, ...]

    @property
    def revisions(self) -> list[Wording]:
        """All revisions, the newest first."""
        return [revision for year in self.years for revision in year.revisions]


@dataclass(frozen=True)
class Wording:
    """A block as it was saved once, cut to what the reader sees of it."""

    number: int
    lines: tuple[str, ...]
    what_changed: str
    at: datetime


def history_of(
    session: Session, learner_id: int, block: str, reader: Reader, calendar: SchoolCalendar,
    numbers: tuple[int | None, int | None] = (None, None),
) -> History:  # fmt: skip
    """Return the history of a block as ``reader`` may see it, in at most four queries.

    ``numbers`` are the two revisions to compare; without them, the newest with the one before.
    """
    revisions = _wordings(session, learner_id, block, reader)
    by_number = {revision.number: revision for revision in revisions}
    newest = [revision.number for revision in revisions[:2]]
    first, second = numbers
    after = by_number.get(second or 0) or (by_number[newest[0]] if len(newest) > 1 else None)
    before = by_number.get(first or 0) or (by_number[newest[1]] if len(newest) > 1 else None)
    if before and after and before.number > after.number:
        before, after = after, before
    lines = compare(before.lines, after.lines) if before and after else []
    return History(_years(revisions, calendar), before, after, tuple(lines))


def _wordings(session: Session, learner_id: int, block: str, reader: Reader) -> list[Wording]:
    """Return the revisions; of what is hard, others than the learner see those of this school year."""
    found = revisions_of(session, learner_id, block)
    if block not in HARD or reader.own:
        return [Wording(r.number, tuple(r.lines), r.what_changed, r.at) for r in found]
    rest = rest_of(session, learner_id, reader)
    return [
        Wording(r.number, rest.seen(block, r.lines), r.what_changed, r.at)
        for r in found
        if reader.is_of_this_year(r.at)
    ]


def _years(revisions: Sequence[Wording], calendar: SchoolCalendar) -> tuple[Year, ...]:
    found: dict[str, list[Wording]] = {}
    for revision in revisions:
        year = calendar.year_of(calendar.day_of(revision.at))
        found.setdefault(year.name if year else "", []).append(revision)
    return tuple(Year(name, tuple(rows)) for name, rows in found.items())


def from_earlier_years(blocks: Sequence[ShownBlock], reader: Reader) -> list[ShownBlock]:
    """Return the blocks with lines that the learner has not gone through since the school year began."""
    return [block for block in blocks if block.lines and _is_asked(block, reader)]


def _is_asked(block: ShownBlock, reader: Reader) -> bool:
    if block.key in HARD:
        return bool(block.unasked)
    return block.changed_at is not None and not reader.is_of_this_year(block.changed_at)


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


def changes_of(session: Session, learner_id: int, reader: Reader) -> list[Change]:
    """Return the newest changes with the learner's words about them, in one query.

    Others than the learner see those of this school year: what changed may name what was hard.
    """
    query = (
        select(ProfileBlock.key, ProfileRevision.what_changed, ProfileRevision.at)
        .join(ProfileBlock, col(ProfileBlock.id) == col(ProfileRevision.block_id))
        .where(ProfileRevision.learner_id == learner_id, ProfileRevision.what_changed != "")
        .order_by(col(ProfileRevision.id).desc())
        .limit(LATEST)
    )
    rows = [Change(key, what, at) for key, what, at in session.exec(query)]
    return [row for row in rows if reader.own or reader.is_of_this_year(row.at)]
