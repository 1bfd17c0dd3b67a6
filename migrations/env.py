"""Alembic's environment: one engine, one transaction a migration, foreign keys checked afterwards."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from learnpath.db import make_engine
from learnpath.models import complete_metadata


def run(connection: Connection) -> None:
    """Bring the database that ``connection`` leads to up to date."""
    sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=complete_metadata(),
        render_as_batch=sqlite,
        compare_type=False,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    """Use the connection that the caller gave, or open one for the address in the options."""
    given = context.config.attributes.get("connection")
    if given is not None:
        run(given)
        return
    engine = make_engine(context.config.get_main_option("sqlalchemy.url") or "")
    with engine.connect() as connection:
        run(connection)


main()
