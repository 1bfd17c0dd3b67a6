"""The ``learnpath`` command. Exit codes: 0 done, 1 something was found wrong, 2 used or set up wrongly."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from learnpath import config, migrate
from learnpath.conferences.commands import send
from learnpath.config import Settings
from learnpath.continuum.commands import continuum
from learnpath.db import make_engine, open_session
from learnpath.errors import SettingsError
from learnpath.goals.commands import files
from learnpath.outcomes.commands import outcomes
from learnpath.people.sign_on.commands import sign_on
from learnpath.school.admin_commands import school
from learnpath.school.commands import roster

FOUND_WRONG, USED_WRONGLY = 1, 2


class Command(click.Group):
    """The command: what can be expected to go wrong ends in one line, not in a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run what was asked for."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            stop(str(error))
        except DBAPIError as error:
            stop(f"The database says: {reason_of(error)}.")
        except BrokenPipeError:
            # Whoever read the output has seen enough. Nothing more can be written there.
            sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - until the process ends
            return None


def stop(message: str, code: int = USED_WRONGLY) -> NoReturn:
    """End the command with one clear line on standard error."""
    click.echo(message, err=True)
    raise SystemExit(code)


def reason_of(error: DBAPIError) -> str:
    """Return the first line of what the database said."""
    return (str(error.orig).strip().splitlines() or ["nothing"])[0].rstrip(".")


def open_engine(settings: Settings, *, ready: bool = True) -> Engine:
    """Return the engine, or end with one line when the database is not there or not up to date."""
    engine = make_engine(settings.database_url)
    try:
        standing = migrate.present(engine)
    except DBAPIError as error:
        stop(f"The database cannot be reached: {reason_of(error)}.")
    if standing and not migrate.knows(standing):
        stop(f"The database stands at {standing}, which a newer version made.", FOUND_WRONG)
    if ready and standing != migrate.newest():
        stop("The database is not ready for this version. Run: learnpath db upgrade", FOUND_WRONG)
    return engine


@click.group(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="learnpath", prog_name="learnpath")
def main() -> None:
    """Learner Paths: learners know, plan and track their own learning.

    Settings come from environment variables that begin with LEARNPATH_; the README lists them.
    """


@main.command()
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


@main.command()
@click.option("--fresh", is_flag=True, help="Throw the demo school away and start over.")
@click.option("--json", "as_json", is_flag=True, help="Print the sign-ins as JSON.")
def demo(fresh: bool, as_json: bool) -> None:
    """Fill the database with the demo school: invented people, dates around today.

    A demo school that is already there is kept. A database with another school is never touched.
    """
    from learnpath.demo import fill  # noqa: PLC0415 - only needed here

    settings = config.load()
    engine = open_engine(settings, ready=False)
    try:
        with _bar("Demo school", quiet=as_json) as step:
            made = fill.fill(engine, settings, fresh=fresh, step=step)
    except SettingsError as error:
        stop(str(error), FOUND_WRONG)
    if as_json:
        click.echo(json.dumps(made.as_dict(), ensure_ascii=False, indent=2))
        return
    click.echo(
        "The demo school is ready." if made.new else "The demo school is there; it was kept."
    )
    for line in made.lines():
        click.echo(line)


@main.group()
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


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def verify(as_json: bool) -> None:
    """Walk every chain of the record and name the first link that does not hold."""
    from learnpath.record.verify import count_events, verify as walk  # noqa: PLC0415

    settings = config.load()
    with open_session(open_engine(settings), writing=False) as session:
        total = count_events(session)
        with _bar("Record", quiet=as_json, total=total) as step:
            verdict = walk(session, step)
    if as_json:
        faults = [vars(fault) for fault in verdict.faults]
        click.echo(
            json.dumps({"events": verdict.events, "chains": verdict.chains, "faults": faults})
        )
    else:
        for fault in verdict.faults:
            where = f"event {fault.event_id}" if fault.event_id else "no event"
            click.echo(f"{fault.chain}, {where}: {fault.reason}.", err=True)
        if not verdict.faults:
            click.echo(f"The record holds: {verdict.events} events in {verdict.chains} chains.")
    if verdict.faults:
        raise SystemExit(FOUND_WRONG)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def progress(file: Path) -> None:
    """Work out the progress of a goal from FILE (JSON, see docs/progress.md; - reads standard input)."""
    from learnpath.goals.progress_file import report  # noqa: PLC0415

    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        result: Any = report(text)
    except (OSError, UnicodeDecodeError) as error:
        stop(
            f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}."
        )
    except ValueError as error:
        stop(f"{file}: {error}", FOUND_WRONG)
    click.echo(json.dumps(result, ensure_ascii=False, indent=2))


main.add_command(continuum)
main.add_command(send)
main.add_command(school)
main.add_command(roster)
main.add_command(files)
main.add_command(outcomes)
main.add_command(sign_on)


class _Bar:
    """A progress bar for people at a terminal; silent for machines."""

    def __init__(self, label: str, quiet: bool, total: int) -> None:
        console = Console(stderr=True, quiet=quiet or not sys.stderr.isatty())
        self._progress = Progress(console=console, transient=True)
        self._task = self._progress.add_task(label, total=total)

    def __enter__(self) -> Callable[[int], None]:
        self._progress.start()
        return lambda done: self._progress.advance(self._task, done)

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


def _bar(label: str, *, quiet: bool, total: int = 100) -> _Bar:
    return _Bar(label, quiet, total)
