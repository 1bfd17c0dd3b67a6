"""The commands of the house itself: ``learnpath serve`` and ``learnpath db``."""

from __future__ import annotations

import click

from learnpath import config, migrate
from learnpath.opening import open_engine
from learnpath.terminal import FOUND_WRONG, stop


@click.command()
@click.option("--host", help="Address to listen on. Default: LEARNPATH_HOST or 127.0.0.1.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Port. Default: LEARNPATH_PORT or 5000."
)
def serve(host: str | None, port: int | None) -> None:
    """Serve the app until it is stopped (Ctrl+C)."""
    from learnpath import server  # noqa: PLC0415 - the server is heavy, and only needed here

    settings = config.load()
    open_engine(settings).dispose()
    server.serve(settings, host or settings.host, port or settings.port)


@click.group()
def db() -> None:
    """Look after the database."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the schema of this version."""
    engine = open_engine(config.load(), ready=False)
    before = migrate.present(engine)
    migrate.upgrade(engine)
    after = migrate.present(engine)
    click.echo(f"The database stands at {after}." if before != after else "Nothing to do.")


@db.command("check")
def db_check() -> None:
    """Tell whether the database is up to date (exit code 1 when it is not)."""
    engine = open_engine(config.load(), ready=False)
    standing, newest = migrate.present(engine), migrate.newest()
    if standing != newest:
        stop(f"The database stands at {standing or 'nothing'}, not at {newest}.", FOUND_WRONG)
    click.echo(f"The database stands at {newest}. It is up to date.")
