"""What a model says about a column is held by the database itself, on both engines, in every table.

The tables come from the metadata, so that a new one is covered without anybody remembering.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, default
from sqlalchemy.exc import DBAPIError

from learnpath.db import ExactNumber, Json, UtcMoment
from learnpath.models import complete_metadata

TABLES = sorted(complete_metadata().tables.values(), key=lambda table: table.name)
Row = dict[str, Any]


def _fitting_values(column: sa.Column[Any]) -> list[object]:
    """Return values that the column's own checks allow, the plainest first."""
    return [*([None] if column.nullable else []), *_values_of(column.type)]


PLAIN: dict[type[Any], Sequence[object]] = {
    UtcMoment: ["2025-11-17 16:00:00.000000"],
    ExactNumber: ["1", "0"],
    Json: ["{}", "[]"],
    sa.Boolean: [False, True],
    sa.Date: ["2025-11-17", "2025-11-24"],
    sa.Integer: [1, 0, 2, 5, 20, 60],
    sa.LargeBinary: [b"a", b""],
}


def _values_of(kind: Any) -> Sequence[object]:
    if isinstance(kind, sa.Enum):
        return kind.enums
    for known, values in PLAIN.items():
        if isinstance(kind, known):
            return values
    return ["a", "", "a" * (kind.length or 1)]


def _insert(connection: Connection, table: sa.Table, row: Mapping[str, Any]) -> str | None:
    """Try to put a row in; return why the database refused it, and leave nothing behind."""
    names = ", ".join(f'"{name}"' for name in row)
    values = ", ".join(f":{name}" for name in row)
    savepoint = connection.begin_nested()
    try:
        connection.execute(sa.text(f'INSERT INTO "{table.name}" ({names}) VALUES ({values})'), row)
    except DBAPIError as error:
        return str(error.orig)
    finally:
        savepoint.rollback()
    return None


@pytest.fixture
def loose(any_engine: Engine) -> Iterator[Connection]:
    """Return a connection that follows no foreign key, so that each table can be tried alone."""
    with any_engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            cursor = connection.connection.cursor()
            cursor.execute("PRAGMA foreign_keys=OFF")
            cursor.close()
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        yield connection
        connection.rollback()
        if connection.dialect.name == "sqlite":
            cursor = connection.connection.cursor()
            cursor.execute("PRAGMA foreign_keys=ON")
            cursor.close()
        else:
            connection.exec_driver_sql("SET session_replication_role = origin")


def _fitting_row(connection: Connection, table: sa.Table, filled: str = "") -> Row:
    """Find a row that the table takes, with something in the column ``filled``.

    Where one of the table's own rules refuses, other values are tried in the columns it speaks of.
    """
    values = {column.name: _fitting_values(column) for column in table.columns}
    if filled:
        values[filled] = [value for value in values[filled] if value is not None]
    row = {name: fitting[0] for name, fitting in values.items()}
    for _ in range(20):
        refused = _insert(connection, table, row)
        if refused is None:
            return row
        row = _without_that_refusal(connection, table, row, values, refused)
    raise AssertionError(f"no row fits {table.name}")


def _without_that_refusal(
    connection: Connection, table: sa.Table, row: Row, values: dict[str, list[object]], refused: str
) -> Row:
    rules = [
        c for c in table.constraints if isinstance(c, sa.CheckConstraint) and _names(c, refused)
    ]
    assert rules, f"{table.name}: {refused}"
    spoken_of = [name for name in values if re.search(rf"\b{name}\b", str(rules[0].sqltext))]
    for chosen in product(*(values[name] for name in spoken_of)):
        changed = {**row, **dict(zip(spoken_of, chosen, strict=True))}
        reason = _insert(connection, table, changed)
        if reason is None or not _names(rules[0], reason):
            return changed
    raise AssertionError(f"no row satisfies {rules[0].name} of {table.name}")


def _names(rule: sa.CheckConstraint, refused: str) -> bool:
    return re.search(rf"{_full_name(rule)}\b", refused) is not None


def _full_name(rule: sa.CheckConstraint) -> str:
    return str(default.DefaultDialect().identifier_preparer.format_constraint(rule))


def _wrong_values(column: sa.Column[Any], sqlite: bool) -> Iterator[tuple[object, str]]:
    """Return values that the column must refuse, and what the refusal has to name."""
    kind: Any = column.type
    name = f"ck_{column.table.name}_{column.name}"
    if isinstance(kind, sa.Enum):
        yield "superuser", f"{name}_choice"
        yield "", f"{name}_choice"
        yield kind.enums[0].upper(), f"{name}_choice"
    elif isinstance(kind, ExactNumber):
        yield "1" * 41, f"{name}_length" if sqlite else ""
    elif isinstance(kind, sa.Boolean):
        yield 2, f"{name}_yes_no" if sqlite else ""
        yield "maybe", ""
    elif isinstance(kind, sa.Integer):
        yield "abc", ""
    elif isinstance(kind, sa.String) and kind.length:
        yield "x" * (kind.length + 1), f"{name}_length" if sqlite else ""
    if not column.nullable:
        yield None, column.name


def test_every_column_refuses_what_its_model_does_not_allow(loose: Connection) -> None:
    sqlite = loose.dialect.name == "sqlite"
    let_in = []
    tried = 0
    for table in TABLES:
        for column in table.columns:
            if column.autoincrement is True and column.primary_key:
                continue
            row = _fitting_row(loose, table, column.name)
            for wrong, named in _wrong_values(column, sqlite):
                if wrong is None and sqlite and column.primary_key and len(table.primary_key) == 1:
                    continue  # SQLite fills in the id by itself
                refused = _insert(loose, table, {**row, column.name: wrong})
                tried += 1
                if refused is None or named not in refused:
                    let_in.append((table.name, column.name, wrong, refused))
    assert let_in == []
    assert tried > 200


def test_every_link_must_lead_to_something(any_engine: Engine, loose: Connection) -> None:
    rows = {
        key: _fitting_row(loose, table, key.parent.name)
        for table in TABLES
        for key in table.foreign_keys
    }
    loose.rollback()
    dangling = []
    for key, row in rows.items():
        dangling_row = {**row, key.parent.name: 987654321}
        with any_engine.connect() as connection:
            if not _refused_at_commit(connection, key.parent.table, dangling_row):
                dangling.append(str(key.parent))
    assert dangling == []


def _refused_at_commit(connection: Connection, table: sa.Table, row: Row) -> bool:
    names = ", ".join(f'"{name}"' for name in row)
    values = ", ".join(f":{name}" for name in row)
    try:
        connection.execute(sa.text(f'INSERT INTO "{table.name}" ({names}) VALUES ({values})'), row)
        connection.commit()
    except DBAPIError as error:
        return "foreign key" in str(error.orig).lower()
    return False


def test_every_text_column_has_a_limit_or_holds_json() -> None:
    limitless = {
        f"{table.name}.{column.name}"
        for table in TABLES
        for column in table.columns
        if isinstance(column.type, sa.String)
        and not isinstance(column.type, sa.Enum)
        and not column.type.length
    }
    # A payload holds a few keys, numbers and choices that ``record.write`` checks by name.
    assert limitless == {"event.payload"}
