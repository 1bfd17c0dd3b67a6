"""Writing many events at once: the same events, hashes and roll-up as ``write`` gives one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from learnpath.errors import RecordError
from learnpath.record import chain
from learnpath.record.many_rows import insert_rows, one_of, update_rows
from learnpath.record.models import ChainHead, Event, EvidenceWeek
from learnpath.record.verbs import Verb
from learnpath.record.write import (
    PERSON,
    By,
    chain_name,
    checked,
    homes,
    insert_into,
    next_row,
    roll_up_row,
)

# SQLite takes 32,766 values in a statement: far below that.
NAMES_AT_ONCE = 1000
ROLL_UP_KEY = ("learner_id", "week", "verb", "decided_by", "qualifier", "thing", "told")


@dataclass(frozen=True)
class Told:
    """One event to write, as ``write`` takes it."""

    by: By
    verb: Verb
    learner_id: int | None
    about: tuple[str, int]
    at: datetime
    payload: Mapping[str, Any] = field(default_factory=dict)


def write_many(session: Session, told: Sequence[Told]) -> None:
    """Append the events to their chains in the order given. Raises RecordError as ``write`` does."""
    if not told:
        return
    session.flush()
    told = _at_home(session, told)
    names = sorted({chain_name(one.learner_id, one.by.school_id) for one in told})
    heads = _lock_chains(session, names)
    events: list[dict[str, Any]] = []
    weeks: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in told:
        event = _append(one, heads)
        events.append(event)
        if one.learner_id is not None:
            row = roll_up_row(event, one.by, one.payload)
            kept = weeks.setdefault(tuple(row[key] for key in ROLL_UP_KEY), {**row, "facts": 0})
            kept["facts"] += 1
    insert_rows(session, sa.insert(Event.__table__), events)  # type: ignore[attr-defined]
    _move_heads(session, heads)
    if weeks:
        _count_many(session, list(weeks.values()))


def _at_home(session: Session, told: Sequence[Told]) -> Sequence[Told]:
    """Let the doers of events about learners act for the schools where these are, as ``write`` does."""
    learners = sorted({one.learner_id for one in told if one.learner_id is not None})
    where: dict[int, tuple[int, str]] = {}
    for at in range(0, len(learners), NAMES_AT_ONCE):
        where |= homes(session, one_of(session, PERSON.c.id, learners[at : at + NAMES_AT_ONCE]))
    return [
        one
        if one.learner_id not in where or where[one.learner_id] == (one.by.school_id, one.by.zone)
        else replace(one, by=one.by.at(*where[one.learner_id]))
        for one in told
    ]


def _append(one: Told, heads: dict[str, tuple[int, str]]) -> dict[str, Any]:
    object_type, object_id = one.about
    if one.at.tzinfo is None:
        raise RecordError(f"{one.verb}: nobody knows when {one.at} was without its time zone")
    name = chain_name(one.learner_id, one.by.school_id)
    said = checked(one.verb, one.payload)
    head = (name, *heads[name])
    row = next_row(head, said, one.by, one.verb, one.learner_id, object_type, object_id, one.at)
    heads[name] = (row["seq"], row["hash"])
    return row


def _lock_chains(session: Session, names: list[str]) -> dict[str, tuple[int, str]]:
    """Make the heads that are not there and lock all of them, in the order of their names."""
    table = ChainHead.__table__  # type: ignore[attr-defined]
    insert = insert_into(session, table).on_conflict_do_nothing()
    insert_rows(session, insert, [{"chain": n, "seq": 0, "hash": chain.START} for n in names])
    heads: dict[str, tuple[int, str]] = {}
    for at in range(0, len(names), NAMES_AT_ONCE):
        query = (
            select(ChainHead.chain, ChainHead.seq, ChainHead.hash)
            .where(one_of(session, table.c.chain, names[at : at + NAMES_AT_ONCE]))
            .order_by(ChainHead.chain)
            .with_for_update()
        )
        heads.update({name: (seq, hash) for name, seq, hash in session.execute(query)})
    return heads


def _move_heads(session: Session, heads: dict[str, tuple[int, str]]) -> None:
    table = ChainHead.__table__  # type: ignore[attr-defined]
    moved = [{"chain": n, "seq": seq, "hash": hash} for n, (seq, hash) in heads.items()]
    update_rows(session, table, "chain", moved)
    # Heads that this session holds as objects are read anew when they are asked for.
    for held in list(session.identity_map.values()):
        if isinstance(held, ChainHead):
            session.expire(held)


def _count_many(session: Session, rows: list[dict[str, Any]]) -> None:
    table = EvidenceWeek.__table__  # type: ignore[attr-defined]
    insert = insert_into(session, table)
    more = {"facts": table.c.facts + insert.excluded.facts}
    upsert = insert.on_conflict_do_update(index_elements=list(ROLL_UP_KEY), set_=more)
    insert_rows(session, upsert, rows)
