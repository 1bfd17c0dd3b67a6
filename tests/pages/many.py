"""Many more learners in the world's class, copied row by row from one who has everything."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlmodel import SQLModel

FAR = 1_000_000  # between the ids of a row and its copies
# The record has its own chain, and keys to a door are nobody else's.
NOT_COPIED = {"event", "family_link", "message", "conference_slot", "peer_invitation", "contact"}

# Texts of which the database takes each only once.
ONLY_ONCE = {"file_key"}


def add_copies(engine: Engine, learner_id: int, first: int, last: int) -> None:
    """Add the copies ``first`` to ``last`` of a learner, with everything that belongs to them."""
    tables = [t for t in SQLModel.metadata.sorted_tables if t.name not in NOT_COPIED]
    with engine.begin() as connection:
        rows = {
            table: found
            for table in tables
            if (found := _rows_of(connection, table, learner_id)) is not None
        }
        own = {table.name: {row.get("id") for row in found} for table, found in rows.items()}
        for table, found in rows.items():
            copies = [
                {name: _moved(table.c[name], value, own, number) for name, value in row.items()}
                for number in range(first, last + 1)
                for row in found
            ]
            if copies:
                connection.execute(table.insert(), copies)


def _rows_of(
    connection: sa.Connection, table: sa.Table, learner_id: int
) -> list[dict[str, Any]] | None:
    if table.name != "person" and "learner_id" not in table.c:
        return None
    whose = table.c.id if table.name == "person" else table.c.learner_id
    return [
        dict(row)
        for row in connection.execute(table.select().where(whose == learner_id)).mappings()
    ]


def _moved(column: sa.Column[Any], value: Any, own: dict[str, set[Any]], number: int) -> Any:
    """Return the value of a copy: its own id, and where it points to a row that is copied, to the copy."""
    points_to = next((key.column.table.name for key in column.foreign_keys), None)
    if column.name == "id" or (points_to and value in own.get(points_to, set())):
        return value + FAR * number
    if column.name in ONLY_ONCE and value:
        return f"{number:06}{value[6:]}"
    return value
