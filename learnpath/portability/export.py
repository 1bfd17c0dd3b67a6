"""A learner's record as one JSON document, to take along.

Every table with a ``learner_id`` is in it, so that a new room is covered without anyone remembering,
less what ``KEPT_BACK`` names with its reason. A test holds the two lists to the database.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from learnpath import record
from learnpath.goals import evidence
from learnpath.models import complete_metadata
from learnpath.people.models import Person
from learnpath.portability import files
from learnpath.portability.teacher_copy import Sight, sight_of
from learnpath.record import By, Verb
from learnpath.record.models import Event

FORMAT, VERSION = "learnpath-record", 1

# Whole tables, or single columns ("table.column"), that do not leave with the record, and why.
KEPT_BACK: dict[str, str] = {
    "event": "told as events, in their own place",
    "evidence_week": "can be worked out again from the events",
    "badge": "a key to sign in with, not a part of the record",
    "secret_pictures": "a key to sign in with, not a part of the record",
    "evidence.file_key": "where a file lies on the server; the files have paths of their own",
    "snooze": "how a teacher orders the week; that there was a talk stands among the events",
    "guardianship": "it is about the adults of the family, and they did not ask",
}
SECRET_ENDINGS = ("token_sha256", "password_hash")


def export(session: Session, by: By, learner: Person, now: datetime, *, kind: str = "json") -> str:
    """Return the record of a learner as JSON text, and note in the record that it was taken.

    A teacher's copy holds what the teacher sees (``teacher_copy``), every other one is whole.
    """
    learner_id = learner.id or 0
    sight = sight_of(session, by, learner_id, now)
    document = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": now.isoformat(),
        "learner": {"id": learner_id, "name": learner.full_name, "called": learner.called},
        "events": [_event(event) for event in _events(session, learner_id)],
        "files": files.listed(evidence.files_of(session, learner_id)),
        "tables": {
            table.name: _rows(session, table, learner_id, sight) for table in exported_tables()
        },
    }
    record.write(
        session, by, Verb.RECORD_EXPORTED, learner_id=learner_id, about=("person", learner_id),
        payload={"format": kind}, at=now,
    )  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=1)


def exported_tables() -> list[sa.Table]:
    """Return the tables whose rows leave with a record, by name."""
    tables = complete_metadata().tables.values()
    mine = [t for t in tables if "learner_id" in t.columns and t.name not in KEPT_BACK]
    return sorted(mine, key=lambda table: table.name)


def exported_columns(table: sa.Table) -> list[sa.Column[Any]]:
    """Return the columns of ``table`` that leave with a record."""
    return [
        column
        for column in table.columns
        if not column.name.endswith(SECRET_ENDINGS)
        and f"{table.name}.{column.name}" not in KEPT_BACK
    ]


def _events(session: Session, learner_id: int) -> list[Event]:
    query = select(Event).where(Event.learner_id == learner_id).order_by(col(Event.seq))
    return list(session.exec(query))


def _event(event: Event) -> dict[str, Any]:
    facts = {name: _plain(getattr(event, name)) for name in Event.model_fields if name != "payload"}
    return {**facts, "payload": json.loads(event.payload)}


def _rows(session: Session, table: sa.Table, learner_id: int, sight: Sight) -> list[dict[str, Any]]:
    """Return the rows of a table, as whoever takes the copy sees them."""
    columns = exported_columns(table)
    query = sa.select(*columns).where(table.c.learner_id == learner_id).order_by(*table.primary_key)
    seen = (sight(table.name, dict(row)) for row in session.execute(query).mappings().all())
    return [{key: _plain(v) for key, v in row.items()} for row in seen if row is not None]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return format(value, "f") if isinstance(value, Decimal) else value
