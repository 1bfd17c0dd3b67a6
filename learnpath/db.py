"""The data layer: engine, sessions, and the column types that mean the same on SQLite and PostgreSQL.

SQLite tables are STRICT and every length, choice and truth value is a CHECK constraint, because a
SQLModel table class validates nothing by itself and SQLite ignores ``VARCHAR(n)``.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, Session, SQLModel

BUSY_SECONDS = 10

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


# -- column types ------------------------------------------------------------------------------

# STRICT tables know five storage classes only; these say which one each of our types takes.
for _type, _storage in (
    (sa.String, "TEXT"),
    (sa.Text, "TEXT"),
    (sa.Enum, "TEXT"),
    (sa.DateTime, "TEXT"),
    (sa.Date, "TEXT"),
    (sa.JSON, "TEXT"),
    (sa.Boolean, "INTEGER"),
    (sa.BigInteger, "INTEGER"),
    (sa.SmallInteger, "INTEGER"),
    (sa.Float, "REAL"),
):

    def _stored_as(_element: Any, _compiler: Any, storage: str = _storage, **_: Any) -> str:
        return storage

    compiles(_type, "sqlite")(_stored_as)


class UtcMoment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. A naive datetime is refused: nobody knows when it was."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment in the database needs its time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactNumber(TypeDecorator[Decimal]):
    """A decimal kept as its digits, so that 0.1 stays 0.1 on every database."""

    impl = sa.String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else format(value, "f")

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Json(TypeDecorator[Any]):
    """A JSON value as text: the same bytes on both databases (keys sorted, no NaN)."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def canonical_json(value: Any) -> str:
    """Return ``value`` as JSON that is always the same bytes: NFC text, sorted keys, no spaces."""
    text = json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return unicodedata.normalize("NFC", text)


# -- fields: how our models write their columns ---------------------------------------------------


def identity() -> Any:
    """Return a primary key that the database numbers."""
    return Field(default=None, primary_key=True, sa_type=sa.BigInteger)


def link(target: str, *, nullable: bool = False, index: bool = True, primary: bool = False) -> Any:
    """Return a foreign key to ``table.column``."""
    extra: dict[str, Any] = {"default": None} if nullable else {}
    return Field(
        foreign_key=target, sa_type=sa.BigInteger, nullable=nullable, index=index,
        primary_key=primary, **extra,
    )  # fmt: skip


def words(limit: int, *, default: Any = ..., **extra: Any) -> Any:
    """Return a text column of at most ``limit`` characters, held by a CHECK constraint."""
    if default is not ...:
        extra["default"] = default
    return Field(sa_type=sa.String(limit), **extra)


def choice(members: type[StrEnum], *, default: Any = ..., **extra: Any) -> Any:
    """Return a column that holds one of ``members`` by its value, held by a CHECK constraint."""
    if default is not ...:
        extra["default"] = default
    stored = sa.Enum(
        members, native_enum=False, create_constraint=False, length=40,
        values_callable=lambda enum: [member.value for member in enum],
        name=_snake(members.__name__),
    )  # fmt: skip
    return Field(sa_type=stored, **extra)


def moment(*, nullable: bool = False, **extra: Any) -> Any:
    """Return a column of aware moments in UTC."""
    if nullable:
        extra["default"] = None
    return Field(sa_type=UtcMoment, nullable=nullable, **extra)


def yes_no(*, default: bool = False) -> Any:
    """Return a truth column."""
    return Field(
        default=default,
        sa_type=sa.Boolean(create_constraint=False),
        nullable=False,
    )


def number(*, nullable: bool = False, **extra: Any) -> Any:
    """Return an exact decimal column."""
    if nullable:
        extra["default"] = None
    return Field(sa_type=ExactNumber, nullable=nullable, **extra)


def key_of(row: SQLModel) -> int:
    """Return the id that the database gave to a row. Raises ValueError for one that was not flushed."""
    key = getattr(row, "id", None)
    if not isinstance(key, int):
        raise ValueError(f"this {type(row).__name__} was not flushed yet")
    return key


def json_field(**extra: Any) -> Any:
    """Return a JSON column with canonical text inside."""
    return Field(sa_type=Json, **extra)


def _snake(name: str) -> str:
    return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")


def harden(metadata: sa.MetaData) -> None:
    """Give every table its STRICT mark and its CHECK constraints on lengths, choices and truth values.

    Called when all models are known, by the migrations and by nothing else; calling it again is harmless.
    """
    for table in metadata.tables.values():
        table.kwargs["sqlite_strict"] = True
        present = {str(c.name) for c in table.constraints if isinstance(c, sa.CheckConstraint)}
        for column in table.columns:
            for suffix, rule in _checks_of(column).items():
                if not any(name.endswith(f"{column.name}_{suffix}") for name in present):
                    table.append_constraint(
                        sa.CheckConstraint(rule, name=f"{column.name}_{suffix}")
                    )


def _checks_of(column: sa.Column[Any]) -> dict[str, str]:
    kind: TypeEngine[Any] = column.type
    if isinstance(kind, sa.Boolean):
        return {"yes_no": f"{column.name} IN (true, false)"}
    if isinstance(kind, sa.Enum):
        values = ", ".join(f"'{value}'" for value in kind.enums)
        return {"choice": f"{column.name} IN ({values})"}
    if isinstance(kind, ExactNumber):
        return {"length": f"length({column.name}) <= 40"}
    if isinstance(kind, sa.String) and kind.length:
        return {"length": f"length({column.name}) <= {kind.length}"}
    return {}


# -- engine and sessions --------------------------------------------------------------------------


def make_engine(url: str) -> Engine:
    """Return an engine with this project's settings for the database that ``url`` names."""
    if sa.make_url(url).get_backend_name() == "sqlite":
        engine = sa.create_engine(url, connect_args={"check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return sa.create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=15)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transactions lost 175 of 200 concurrent updates; we say BEGIN ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "trusted_schema=OFF",
        "secure_delete=ON",
        "recursive_triggers=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def open_session(engine: Engine, *, writing: bool) -> Session:
    """Return a session; ``writing`` takes the write lock at its first statement, not midway."""
    bound = engine.execution_options(writing=writing)
    return Session(bound, expire_on_commit=False)


@contextmanager
def unit_of_work(engine: Engine) -> Iterator[Session]:
    """Give a writing session that commits when the block ends well, and undoes all of it when not."""
    with open_session(engine, writing=True) as session:
        yield session
        session.commit()


def is_busy(error: sa.exc.OperationalError) -> bool:
    """Tell whether ``error`` only means that another writer was there for too long."""
    return "database is locked" in str(error.orig)
