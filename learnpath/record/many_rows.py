"""Many rows in one statement.

SQLite lives in our own process: it takes them one by one, quickly. PostgreSQL takes each column as one
array: a statement with a place for every value of a thousand rows costs far more to put together and
to read than the rows themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session

Row = dict[str, Any]


def insert_rows(session: Session, insert: Any, rows: list[Row]) -> None:
    """Insert rows that all name the same columns; ``insert`` may say what happens on a conflict."""
    if not rows:
        return
    if not _on_postgresql(session):
        session.execute(insert, rows)
        return
    names = list(rows[0])
    arrays, values = _arrays(session, insert.table, names, rows)
    session.execute(insert.from_select(names, sa.select(*arrays.c)), values)


def update_rows(session: Session, table: sa.Table, key: str, rows: list[Row]) -> None:
    """Set the columns that the rows name, where ``key`` is what each row says."""
    if not rows:
        return
    names = [name for name in rows[0] if name != key]
    query = sa.update(table)
    if _on_postgresql(session):
        arrays, values = _arrays(session, table, [key, *names], rows)
        query = query.where(table.c[key] == arrays.c[key])
        session.execute(query.values({name: arrays.c[name] for name in names}), values)
        return
    binds: dict[str, Any] = {name: sa.bindparam(f"to_{name}") for name in names}
    query = query.where(table.c[key] == sa.bindparam("of_key")).values(binds)
    session.execute(
        query, [{"of_key": row[key], **{f"to_{n}": row[n] for n in names}} for row in rows]
    )


def one_of(session: Session, column: sa.ColumnElement[Any], values: Collection[Any]) -> Any:
    """Return, as SQL, that a column is one of ``values``."""
    if _on_postgresql(session):
        return column == sa.any_(sa.literal(list(values), ARRAY(_plain(column.type))))
    return column.in_(values)


def look_at_tables(session: Session, tables: Sequence[sa.Table]) -> None:
    """Let PostgreSQL learn how large tables are by now; SQLite does not plan by that."""
    if _on_postgresql(session):
        quoted = session.get_bind().dialect.identifier_preparer.format_table
        session.execute(sa.text(f"ANALYZE {', '.join(quoted(table) for table in tables)}"))


def _on_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _arrays(
    session: Session, table: sa.Table, names: list[str], rows: list[Row]
) -> tuple[Any, dict[str, list[Any]]]:
    """Return the rows as a table made of one array for each column, and what each array holds."""
    dialect = session.get_bind().dialect
    binds, values = [], {}
    for name in names:
        type_ = table.c[name].type
        stored: Callable[[Any], Any] | None = type_.dialect_impl(dialect).bind_processor(dialect)
        column = [row[name] for row in rows]
        values[f"all_{name}"] = column if stored is None else [stored(value) for value in column]
        binds.append(sa.bindparam(f"all_{name}", type_=ARRAY(_plain(type_))))
    columns = (sa.column(name, _plain(table.c[name].type)) for name in names)
    return sa.func.unnest(*binds).table_valued(*columns).render_derived(), values


def _plain(type_: Any) -> Any:
    """Return the type of PostgreSQL that takes any value of ours whole, so that the column judges it."""
    if isinstance(type_, TypeDecorator):
        type_ = type_.impl_instance
    if isinstance(type_, sa.String):  # a choice is one too
        return sa.Text()
    if isinstance(type_, sa.Integer):
        return sa.BigInteger()
    return type_
