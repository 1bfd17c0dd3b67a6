"""A learner's data as its page shows it: by kind and by what was looked at, with what the learner made of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Session, col, select

from learnpath.outcomes.models import Outcome, OutcomeKind, StatedNeed, stands
from learnpath.outcomes.share_kind import shared_kinds

# A year of days at school fits in; what is older stays in the learner's record.
MOST_OF_A_KIND, MOST_NEEDS = 250, 200
ASKED_ABOUT, CHARTS = 3, 6
ONE = Decimal(1)


@dataclass(frozen=True)
class Need:
    """What the learner said a result tells them."""

    id: int
    text: str
    stated_at: datetime


@dataclass(frozen=True)
class OutcomeRow:
    """One result, and where it comes from: a file and its line, or somebody who typed it."""

    id: int
    day: date
    value: Decimal
    maximum: Decimal | None
    scale: str
    said: str
    file: str
    line: int | None
    need: Need | None

    @property
    def typed(self) -> bool:
        """Whether somebody at school typed it."""
        return not self.file


@dataclass(frozen=True)
class Week:
    """How many days of a week a learner was at school; ``days`` 0: nothing was noted in that week."""

    monday: date
    there: Decimal
    days: int


@dataclass(frozen=True)
class Measure:
    """All results of one thing that was looked at, newest first.

    ``asked`` says whether the page asks the learner what it tells them, ``drawn`` whether it has a chart.
    """

    kind: OutcomeKind
    name: str
    source: str
    rows: tuple[OutcomeRow, ...]
    asked: bool
    drawn: bool

    @property
    def newest(self) -> OutcomeRow:
        """The newest result."""
        return self.rows[0]

    @property
    def first_day(self) -> date:
        """The day of the oldest result."""
        return self.rows[-1].day

    @property
    def is_days(self) -> bool:
        """Whether each result is one day at school: 1 for there, 0 for away."""
        return self.kind is OutcomeKind.ATTENDANCE and all(
            row.maximum == ONE and 0 <= row.value <= ONE for row in self.rows
        )

    @property
    def is_count(self) -> bool:
        """Whether each result only says that something happened."""
        return self.kind is OutcomeKind.BEHAVIOUR and all(
            row.value == ONE and row.maximum is None and not row.scale for row in self.rows
        )

    @property
    def there(self) -> Decimal:
        """How many days at school, of those that are here."""
        return sum((row.value for row in self.rows), Decimal(0))

    @property
    def away(self) -> Decimal:
        """How many days away."""
        return len(self.rows) - self.there

    @property
    def weeks(self) -> tuple[Week, ...]:
        """The weeks of days at school, oldest first, those without a note in between too."""
        noted: dict[date, list[Decimal]] = {}
        for row in self.rows:
            noted.setdefault(_monday(row.day), []).append(row.value)
        first, last = min(noted), max(noted)
        mondays = (first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1))
        return tuple(
            Week(day, sum(noted.get(day, ()), Decimal(0)), len(noted.get(day, ())))
            for day in mondays
        )

    @property
    def points(self) -> tuple[tuple[date, float | None], ...]:
        """What a chart shows: a value a day, oldest first; None where nothing is known of a week."""
        if self.is_days:
            return tuple((w.monday, float(w.there) if w.days else None) for w in self.weeks)
        return tuple((row.day, float(row.value)) for row in reversed(self.rows))

    @property
    def top(self) -> float | None:
        """The highest possible value, where there is one for all results."""
        if self.is_days:
            return 5.0
        highest = {row.maximum for row in self.rows}
        return float(self.newest.maximum) if len(highest) == 1 and self.newest.maximum else None

    @property
    def needs(self) -> tuple[tuple[OutcomeRow, Need], ...]:
        """What the learner said of these results, newest result first."""
        return tuple((row, row.need) for row in self.rows if row.need)


@dataclass(frozen=True)
class KindOfData:
    """All that was looked at of one kind, and whether the family may see it."""

    kind: OutcomeKind
    measures: tuple[Measure, ...]
    shared: bool

    @property
    def from_files(self) -> bool:
        """Whether any of it came from a file that the school office brought in."""
        return any(not row.typed for one in self.measures for row in one.rows)


@dataclass(frozen=True)
class DataPage:
    """A learner's page of data. ``earlier_needs`` is about results that are not here any more."""

    kinds: tuple[KindOfData, ...]
    earlier_needs: tuple[Need, ...]
    shares_anything: bool


def page_of(session: Session, learner_id: int, *, for_family: bool = False) -> DataPage:
    """Return what a learner's page of data shows, in three queries; kinds without results are left out.

    ``for_family`` leaves out what the learner does not share with the family.
    """
    shared = shared_kinds(session, learner_id)
    kinds = [kind for kind in OutcomeKind if not for_family or kind in shared]
    found = _newest(session, learner_id, kinds)
    needs = _newest_needs(session, learner_id)
    shown = []
    charts = CHARTS
    for kind in OutcomeKind:
        measures = _measures(kind, [row for row in found if row.kind is kind], needs, charts)
        charts -= sum(one.drawn for one in measures)
        if measures:
            shown.append(KindOfData(kind, measures, kind in shared))
    here = {row.id for row in found}
    lost = () if for_family else tuple(n for id, n in needs.items() if id not in here)
    return DataPage(tuple(shown), lost, bool(shared))


def _newest(session: Session, learner_id: int, kinds: Sequence[OutcomeKind]) -> Sequence[Outcome]:
    """Return the newest results of each kind that stand, newest first."""
    order = (col(Outcome.day).desc(), col(Outcome.id).desc())
    place = sa.func.row_number().over(partition_by=col(Outcome.kind), order_by=order)
    mine = (
        sa.select(col(Outcome.id).label("id"), place.label("place"))
        .where(col(Outcome.learner_id) == learner_id, stands(), col(Outcome.kind).in_(kinds))
        .subquery()
    )
    query = select(Outcome).join(mine, mine.c.id == col(Outcome.id))
    return session.exec(query.where(mine.c.place <= MOST_OF_A_KIND).order_by(*order)).all()


def _newest_needs(session: Session, learner_id: int) -> dict[int, Need]:
    stated = session.exec(
        select(StatedNeed)
        .where(StatedNeed.learner_id == learner_id)
        .order_by(col(StatedNeed.id).desc())
        .limit(MOST_NEEDS)
    ).all()
    return {
        need.outcome_id: Need(need.id or 0, need.text, need.stated_at) for need in reversed(stated)
    }


def _measures(
    kind: OutcomeKind, found: Iterable[Outcome], needs: dict[int, Need], charts: int
) -> tuple[Measure, ...]:
    """Return what was looked at, the newest first; only the newest few ask, so that the page stays short."""
    groups: dict[tuple[str, str], list[OutcomeRow]] = {}
    for row in found:
        groups.setdefault((row.measure, row.source), []).append(_row(row, needs))
    made = []
    for place, ((name, source), rows) in enumerate(groups.items()):
        drawn = len({row.day for row in rows}) > 1 and charts > 0
        one = Measure(kind, name, source, tuple(rows), place < ASKED_ABOUT, drawn)
        if drawn and (one.is_count or len(one.points) < 2):
            one = Measure(kind, name, source, tuple(rows), place < ASKED_ABOUT, drawn=False)
        charts -= one.drawn
        made.append(one)
    return tuple(made)


def _row(row: Outcome, needs: dict[int, Need]) -> OutcomeRow:
    id = row.id or 0
    return OutcomeRow(
        id, row.day, row.value, row.maximum, row.scale, row.said, row.file, row.line, needs.get(id)
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
