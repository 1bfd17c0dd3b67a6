"""A learner's results as their page shows them: by kind, newest first, with what the learner made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session, col, select

from learnpath.outcomes.models import Outcome, OutcomeKind, StatedNeed

MOST_ROWS = 200
ASKED_ABOUT = 3


@dataclass(frozen=True)
class Need:
    """What the learner said a result tells them."""

    text: str
    stated_at: datetime


@dataclass(frozen=True)
class OutcomeRow:
    """One result. ``asked`` says whether the page asks the learner what it tells them."""

    id: int
    kind: OutcomeKind
    day: date
    measure: str
    value: Decimal
    scale: str
    source: str
    need: Need | None
    asked: bool


@dataclass(frozen=True)
class KindOfData:
    """All results of one kind, newest first."""

    kind: OutcomeKind
    rows: tuple[OutcomeRow, ...]


def page_of(session: Session, learner_id: int) -> list[KindOfData]:
    """Return what a learner's page of data shows, in two queries; kinds without results are left out."""
    found = session.exec(
        select(Outcome)
        .where(Outcome.learner_id == learner_id)
        .order_by(col(Outcome.day).desc(), col(Outcome.id).desc())
        .limit(MOST_ROWS)
    ).all()
    needs = _newest_needs(session, learner_id)
    return [
        KindOfData(kind, tuple(_rows([row for row in found if row.kind is kind], needs)))
        for kind in OutcomeKind
        if any(row.kind is kind for row in found)
    ]


def _newest_needs(session: Session, learner_id: int) -> dict[int, Need]:
    stated = session.exec(
        select(StatedNeed)
        .where(StatedNeed.learner_id == learner_id)
        .order_by(col(StatedNeed.id).desc())
        .limit(MOST_ROWS)
    ).all()
    return {need.outcome_id: Need(need.text, need.stated_at) for need in reversed(stated)}


def _rows(found: Sequence[Outcome], needs: dict[int, Need]) -> list[OutcomeRow]:
    """Return the rows of one kind; only the newest few ask, so that the page stays short."""
    return [
        OutcomeRow(
            row.id or 0, row.kind, row.day, row.measure, row.value, row.scale, row.source,
            needs.get(row.id or 0), place < ASKED_ABOUT,
        )
        for place, row in enumerate(found)
    ]  # fmt: skip
