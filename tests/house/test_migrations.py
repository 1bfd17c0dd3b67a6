"""The migrations: from nothing to today and back, on both databases, and exactly what the models say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine

from learnpath import migrate, resources
from learnpath.db import make_engine, open_session, unit_of_work
from learnpath.models import complete_metadata
from learnpath.record.verify import verify
from tests.builders import a_guardian_of, a_learner, a_teacher_of
from tests.postgres import PostgresServer


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Return an engine on a database without any table, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
        yield engine
        engine.dispose()
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.empty_database() as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


def _downgrade(engine: Engine, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(resources.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, to)


def test_an_empty_database_stands_at_nothing(empty_engine: Engine) -> None:
    assert migrate.present(empty_engine) is None


def test_upgrading_makes_every_table_and_doing_it_again_changes_nothing(
    empty_engine: Engine,
) -> None:
    migrate.upgrade(empty_engine)
    assert migrate.present(empty_engine) == migrate.newest()
    there = set(sa.inspect(empty_engine).get_table_names()) - {"alembic_version"}
    assert there == set(complete_metadata().tables)
    migrate.upgrade(empty_engine)
    assert set(sa.inspect(empty_engine).get_table_names()) - {"alembic_version"} == there


def test_the_database_is_what_the_models_say(any_engine: Engine) -> None:
    metadata = complete_metadata()
    with any_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def _named_checks(metadata: sa.MetaData, dialect: sa.Dialect) -> dict[str, set[str]]:
    return {
        table.name: {
            str(dialect.identifier_preparer.format_constraint(constraint))
            for constraint in table.constraints
            if isinstance(constraint, sa.CheckConstraint)
        }
        for table in metadata.tables.values()
    }


def test_every_check_of_the_models_is_in_the_database_and_no_other(any_engine: Engine) -> None:
    # Alembic compares no CHECK constraints: a new choice without a migration would go unseen.
    inspector = sa.inspect(any_engine)
    there = {
        table: {str(check["name"]) for check in inspector.get_check_constraints(table)}
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }
    assert there == _named_checks(complete_metadata(), any_engine.dialect)


def test_every_check_says_what_the_models_say(engine: Engine) -> None:
    inspector = sa.inspect(engine)
    for table in complete_metadata().tables.values():
        said = {
            str(engine.dialect.identifier_preparer.format_constraint(constraint)): str(
                constraint.sqltext.compile(dialect=engine.dialect)
            )
            for constraint in table.constraints
            if isinstance(constraint, sa.CheckConstraint)
        }
        kept = {str(c["name"]): c["sqltext"] for c in inspector.get_check_constraints(table.name)}
        assert kept == said, table.name


def test_every_sqlite_table_is_strict(engine: Engine) -> None:
    with engine.connect() as connection:
        loose = connection.exec_driver_sql(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
            " AND strict = 0 AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'"
        )
        assert loose.scalars().all() == []


def test_there_and_back_leaves_no_table_and_no_function(empty_engine: Engine) -> None:
    migrate.upgrade(empty_engine)
    _downgrade(empty_engine, "base")
    assert set(sa.inspect(empty_engine).get_table_names()) <= {"alembic_version"}
    if empty_engine.dialect.name == "postgresql":
        with empty_engine.connect() as connection:
            left = connection.exec_driver_sql(
                "SELECT count(*) FROM pg_proc WHERE proname = 'event_is_append_only'"
            )
            assert left.scalar_one() == 0
    migrate.upgrade(empty_engine)
    assert migrate.present(empty_engine) == migrate.newest()


def test_upgrading_a_database_with_people_in_it_keeps_them(empty_engine: Engine) -> None:
    script = ScriptDirectory(str(resources.MIGRATIONS))
    first = script.get_base()
    assert first is not None
    migrate.upgrade(empty_engine, first)
    with unit_of_work(empty_engine) as session:
        learner = a_learner(session)
        a_teacher_of(session, learner)
        a_guardian_of(session, learner)
    before = _rows(empty_engine)
    migrate.upgrade(empty_engine)
    after = _rows(empty_engine)
    assert {table: after[table] for table in before} == before
    with open_session(empty_engine, writing=False) as session:
        assert verify(session).faults == ()


def _rows(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table: connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one()
            for table in sa.inspect(engine).get_table_names()
            if table != "alembic_version"
        }


def test_foreign_keys_are_on_again_after_a_migration(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    migrate.upgrade(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    engine.dispose()


def test_a_migration_that_leaves_orphans_is_refused(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        a_learner(session)
    with engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("DELETE FROM school_class")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()
    with pytest.raises(RuntimeError, match="rows that point to nothing"):
        migrate.upgrade(engine)


def test_the_history_of_migrations_is_one_line() -> None:
    script = ScriptDirectory(str(resources.MIGRATIONS))
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1
