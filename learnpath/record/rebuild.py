"""The weekly roll-up as the events alone give it: to compare the kept one with, and to write it anew."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from learnpath.record import chain
from learnpath.record.many import ROLL_UP_KEY
from learnpath.record.many_rows import insert_rows
from learnpath.record.models import Event, EvidenceWeek
from learnpath.record.write import By, roll_up_row

Key = tuple[Any, ...]
Rows = dict[Key, dict[str, Any]]

# The school's own table belongs to another room; only its clock is asked for.
_SCHOOL = sa.table("school", sa.column("id"), sa.column("time_zone"))
_TABLE: sa.Table = EvidenceWeek.__table__  # type: ignore[attr-defined]
_READ = (
    "at", "school_id", "learner_id", "relation", "decided_by", "verb", "object_type", "object_id",
    "payload",
)  # fmt: skip


@dataclass(frozen=True)
class Rewritten:
    """What writing the roll-up anew did to it."""

    rows: int
    added: int
    changed: int
    removed: int


def rewrite(session: Session, step: Callable[[int], None] = lambda _: None) -> Rewritten:
    """Make the roll-up what the events give; ``step`` hears of each event about a learner.

    The session must be a writing one: on PostgreSQL other writers wait until it is over, so that no
    event is counted twice or not at all; on SQLite they wait anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("LOCK TABLE evidence_week IN SHARE ROW EXCLUSIVE MODE"))
    right, kept = from_events(session, step), as_kept(session)
    wrong = [key for key, row in kept.items() if right.get(key) != row]
    missing = [row for key, row in right.items() if kept.get(key) != row]
    if wrong:
        here = [_TABLE.c[name] == sa.bindparam(f"of_{name}") for name in ROLL_UP_KEY]
        keys = [
            {f"of_{name}": part for name, part in zip(ROLL_UP_KEY, key, strict=True)}
            for key in wrong
        ]
        session.execute(sa.delete(_TABLE).where(*here), keys)
    insert_rows(session, sa.insert(_TABLE), missing)
    removed = sum(key not in right for key in wrong)
    changed = len(wrong) - removed
    return Rewritten(len(right), len(missing) - changed, changed, removed)


def rebuilt(session: Session) -> Counter[Key]:
    """Return how many facts the events give to each row of the roll-up."""
    return Counter({key: row["facts"] for key, row in from_events(session).items()})


def from_events(session: Session, step: Callable[[int], None] = lambda _: None) -> Rows:
    """Return the rows of the roll-up, by their key, as the events alone would give them."""
    rows: Rows = {}
    for row in _counted(session):
        key = tuple(row[name] for name in ROLL_UP_KEY)
        rows.setdefault(key, {**row, "facts": 0})["facts"] += 1
        step(1)
    return rows


def as_kept(session: Session) -> Rows:
    """Return the rows of the roll-up that is kept, by their key."""
    kept = session.execute(sa.select(_TABLE)).mappings()
    return {tuple(row[name] for name in ROLL_UP_KEY): dict(row) for row in kept}


def _counted(session: Session) -> Iterator[dict[str, Any]]:
    """Give the row that each event about a learner counts in, in the order in which they happened."""
    schools = session.execute(sa.select(_SCHOOL.c.id, _SCHOOL.c.time_zone))
    zones = {school.id: school.time_zone for school in schools}
    query = (
        select(*(getattr(Event, name) for name in _READ))
        .where(col(Event.learner_id).is_not(None), Event.payload != chain.ERASED)
        .order_by(col(Event.id))
    )
    for event in session.execute(query.execution_options(yield_per=1000)).mappings():
        by = By(None, event["relation"], event["school_id"], zones[event["school_id"]])
        yield roll_up_row({**event}, by, json.loads(event["payload"]))
