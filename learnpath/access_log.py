"""Who opened a learner's pages: kept by the day, outside of the request's own transaction.

Reading is logged in the one place where every page asks for its objects (``learnpath.web.rules.fetch``), so
that a new page is covered without anyone remembering. What learners open of their own is not logged.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel, col, func, select

from learnpath.access import Actor
from learnpath.db import BUSY_SECONDS
from learnpath.people.models import Hat, Person
from learnpath.school.models import AccessDay

# How long a page may wait for another writer before its reading is kept in memory and told later.
WAIT_MILLISECONDS = 500
# As many readings as wait in memory while the database cannot be written.
MOST_WAITING, MOST_AT_ONCE = 10_000, 1_000
ON_A_PAGE = 100
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reading:
    """Somebody opened a page of a learner."""

    learner_id: int
    day: date
    reader_id: int
    hat: Hat
    room: str


def reading_of(actor: Actor, found: SQLModel, room: str) -> Reading | None:
    """Return what is to be logged when ``actor`` opens ``found``; nothing for one's own things."""
    learner_id = _learner_of(found)
    if learner_id is None or learner_id == actor.person_id:
        return None
    return Reading(learner_id, actor.today, actor.person_id, actor.hat, room)


def _learner_of(found: SQLModel) -> int | None:
    if isinstance(found, Person):
        return found.id if found.grade is not None else None
    learner_id = getattr(found, "learner_id", None)
    return learner_id if isinstance(learner_id, int) else None


class AccessLog:
    """The access log of one app: each page's readings in one statement.

    A page is not refused because another writer is at work for long: then its readings wait in memory, and
    go along with the next ones.
    """

    def __init__(self, engine: Engine, keep_days: int) -> None:
        self._engine, self._keep = engine, timedelta(days=keep_days)
        self._waiting: Counter[Reading] = Counter()
        self._lock = Lock()
        self._forgot_on: date | None = None

    def note(self, readings: list[Reading]) -> None:
        """Count ``readings``, and those that wait, in one statement."""
        with self._lock:
            self._waiting.update(readings)
            told = Counter(dict(self._waiting.most_common(MOST_AT_ONCE)))
            self._waiting -= told
        try:
            self._write(lambda connection: _counted(connection, told))
        except DBAPIError:
            log.warning("the access log waits: the database cannot be written just now")
            with self._lock:
                self._waiting.update(told)
                self._waiting = Counter(dict(self._waiting.most_common(MOST_WAITING)))

    def forget(self, today: date) -> None:
        """Forget the days that are too old, once a day; a log that is busy forgets the next time."""
        if self._forgot_on == today:
            return
        with suppress(DBAPIError):
            self._write(lambda _: _before(today - self._keep))
            self._forgot_on = today

    def _write(self, statement: Callable[[Connection], Any]) -> None:
        with (
            self._engine.execution_options(writing=True).connect() as connection,
            _waiting_shortly(connection),
        ):
            connection.execute(statement(connection))
            connection.commit()


@contextmanager
def _waiting_shortly(connection: Connection) -> Iterator[None]:
    """Let SQLite wait a short while only for another writer. PostgreSQL locks rows, which is never long."""
    if connection.dialect.name != "sqlite":
        yield
        return
    # On the driver's own connection: ours would begin its transaction first, and wait there.
    raw: Any = connection.connection.dbapi_connection
    raw.execute(f"PRAGMA busy_timeout={WAIT_MILLISECONDS}")
    try:
        yield
    finally:
        raw.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def _counted(connection: Connection, told: Counter[Reading]) -> Any:
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    rows = [vars(reading) | {"times": times} for reading, times in told.items()]
    # In one order for all writers, so that two of them cannot wait for each other.
    rows.sort(key=lambda row: tuple(str(value) for value in row.values()))
    statement = insert(AccessDay).values(rows)
    return statement.on_conflict_do_update(
        index_elements=["learner_id", "day", "reader_id", "hat", "room"],
        set_={"times": col(AccessDay.times) + statement.excluded.times},
    )


def _before(day: date) -> Any:
    return sa.delete(AccessDay).where(col(AccessDay.day) < day)


# -- what the log tells --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opened:
    """Somebody opened pages of one kind on one day, so many times."""

    day: date
    who: str
    hat: Hat
    room: str
    times: int


@dataclass(frozen=True)
class OpenedPage:
    """A page of a learner's access log, the newest day first."""

    lines: Sequence[Opened]
    found: int
    page: int
    pages: int


def opened_page(
    session: Session, learner_id: int, first: date, page: int, on_a_page: int = ON_A_PAGE
) -> OpenedPage:
    """Return who opened a learner's pages since the day ``first``, a page of it, in two queries."""
    wanted = (AccessDay.learner_id == learner_id, AccessDay.day >= first)
    found = session.exec(select(func.count()).select_from(AccessDay).where(*wanted)).one()
    pages = max(1, -(-found // on_a_page))
    page = min(max(1, page), pages)
    query = (
        select(AccessDay, Person)
        .join(Person, col(Person.id) == col(AccessDay.reader_id))
        .where(*wanted)
        .order_by(
            col(AccessDay.day).desc(), col(Person.family_name), col(Person.id), col(AccessDay.hat),
            col(AccessDay.room),
        )
        .limit(on_a_page)
        .offset((page - 1) * on_a_page)
    )  # fmt: skip
    lines = [
        Opened(one.day, person.full_name, one.hat, one.room, one.times)
        for one, person in session.exec(query)
    ]
    return OpenedPage(lines, found, page, pages)
