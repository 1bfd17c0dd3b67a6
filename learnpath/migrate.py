"""Bringing a database to the schema of this version, and telling whether it is there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine

from learnpath import resources


def _config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, to: str = "head") -> None:
    """Run the migrations that the database does not have yet.

    On SQLite foreign keys rest meanwhile: rebuilding a table would otherwise delete the rows that
    point to it. They are checked before the connection is given back.
    """
    config = _config(engine)
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            _foreign_keys(connection, "OFF")
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, to)
            if sqlite:
                _check_foreign_keys(connection)
        finally:
            if sqlite:
                _foreign_keys(connection, "ON")


def start_over(engine: Engine) -> None:
    """Take every table away and make them anew. Everything in them is gone: only the demo does this."""
    config = _config(engine)
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            _foreign_keys(connection, "OFF")
        config.attributes["connection"] = connection
        try:
            command.downgrade(config, "base")
            command.upgrade(config, "head")
        finally:
            if sqlite:
                _foreign_keys(connection, "ON")


def _foreign_keys(connection: sa.Connection, state: str) -> None:
    # The pragma does nothing inside a transaction, so it goes to the driver itself.
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys={state}")
    cursor.close()


def _check_foreign_keys(connection: sa.Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    connection.rollback()
    if broken:
        raise RuntimeError(f"the migration left {len(broken)} rows that point to nothing")


def present(engine: Engine) -> str | None:
    """Return the revision that the database stands at, or None when it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """Return the newest revision that this version brings."""
    return _scripts().get_current_head()


def knows(revision: str) -> bool:
    """Tell whether this version brings ``revision``; a newer version's database is not for it."""
    return revision in {script.revision for script in _scripts().walk_revisions()}


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(resources.MIGRATIONS))
