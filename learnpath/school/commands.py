"""``learnpath roster``: what a roster would change, and the change itself."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from learnpath import clock, config, migrate
from learnpath.db import make_engine, open_session, unit_of_work
from learnpath.errors import SettingsError

if TYPE_CHECKING:
    from learnpath.school.roster.plan import RosterPlan

FOUND_WRONG, USED_WRONGLY = 1, 2
NAMES_SHOWN = 5
KINDS = {
    "orgs": "schools", "sessions": "years and terms", "classes": "classes", "users": "people",
    "enrollments": "enrolments", "guardians": "family ties",
}  # fmt: skip
Schools = dict[str, int | None]


def _stop(message: str, code: int) -> NoReturn:
    if message:
        click.echo(message, err=True)
    raise SystemExit(code)


def _settings() -> config.Settings:
    try:
        settings = config.load()
    except SettingsError as error:
        _stop(str(error), USED_WRONGLY)
    clock.install(settings.now)
    return settings


def _engine(settings: config.Settings) -> Engine:
    engine = make_engine(settings.database_url)
    try:
        standing = migrate.present(engine)
    except DBAPIError as error:
        said = (str(error.orig).strip().splitlines() or ["nothing"])[0].rstrip(".")
        _stop(f"The database cannot be reached: {said}.", USED_WRONGLY)
    if standing != migrate.newest():
        _stop("The database is not ready for this version. Run: learnpath db upgrade", USED_WRONGLY)
    return engine


def _schools(
    _context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]
) -> Schools | None:
    schools: Schools = {}
    for text in texts:
        outside, equals, id = text.rpartition("=") if "=" in text else (text, "", "")
        if not outside or (equals and not id.isdecimal()):
            raise click.BadParameter(f"{text!r} is not a sourcedId, or SOURCEDID=NUMBER.")
        schools[outside] = int(id) if equals else None
    return schools or None


_path = click.argument("path", type=click.Path(path_type=Path, exists=True))
_json = click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
_strict = click.option("--strict", is_flag=True, help="Refuse a set in which any row is wrong.")
_school = click.option(
    "--school", "schools", multiple=True, callback=_schools, metavar="SOURCEDID[=NUMBER]",
    help="Only this school of the set. With =NUMBER it is the school of that number here, made by hand.",
)  # fmt: skip


@click.group()
def roster() -> None:
    """Bring in people, classes and families from OneRoster CSV 1.1 or 1.2 (a folder or a zip).

    People are matched by their sourcedId only, never by name. What was added by hand is left alone.
    """


@roster.command()
@_path
@_json
@_strict
@_school
def plan(path: Path, as_json: bool, strict: bool, schools: Schools | None) -> None:
    """Print what PATH would add, change and end, and every row that is wrong. Changes nothing.

    Exit codes: 0 it can be applied, 1 rows stop it, 2 used wrongly.
    """
    from learnpath.school.roster.plan import plan_of  # noqa: PLC0415 - only needed here

    settings = _settings()
    started = time.monotonic()
    with open_session(_engine(settings), writing=False) as session:
        with _bar("Reading", as_json) as step:
            made = plan_of(
                session, path, clock.now(), zone=settings.time_zone, schools=schools,
                strict=strict, step=step,
            )  # fmt: skip
        with made:
            _print(made, as_json)
            if not as_json:
                click.echo(_rate("Read", "rows", sum(made.roster.rows.values()), started))
            refused = made.refused
    if refused:
        _stop("" if as_json else "Nothing can be applied.", FOUND_WRONG)


@roster.command()
@_path
@_json
@_strict
@_school
def apply(path: Path, as_json: bool, strict: bool, schools: Schools | None) -> None:
    """Do what the plan of PATH says, in one transaction or not at all. Again changes nothing.

    Exit codes: 0 done, 1 rows stop it and nothing was changed, 2 used wrongly.
    """
    from learnpath.school.roster.apply import apply as do  # noqa: PLC0415 - only needed here
    from learnpath.school.roster.plan import plan_of, wait_for_others  # noqa: PLC0415

    settings, now = _settings(), clock.now()
    started = time.monotonic()
    with unit_of_work(_engine(settings)) as session:
        wait_for_others(session)
        with _bar("Reading", as_json) as step:
            made = plan_of(
                session, path, now, zone=settings.time_zone, schools=schools, strict=strict,
                step=step,
            )  # fmt: skip
        with made:
            _print(made, as_json)
            if made.refused:
                _stop("" if as_json else "Nothing was changed.", FOUND_WRONG)
            changes = made.changes()
            with _bar("Applying", as_json, changes) as step:
                do(session, None, made, now, step)
    if not as_json:
        click.echo(
            _rate("Made", "changes", changes, started) if changes else "Nothing was to be done."
        )


def _rate(verb: str, what: str, things: int, started: float) -> str:
    seconds = time.monotonic() - started
    rate = things / max(seconds, 0.001)
    return f"{verb} {things:,} {what} in {seconds:.1f} s, {rate:,.0f} a second."


def _print(made: RosterPlan, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(made.as_json(), ensure_ascii=False, indent=2))
        return
    if made.roster.version:
        click.echo(f"OneRoster {made.roster.version}, {made.roster.mode or 'nothing to read'}.")
    for act, word in (("add", "To add"), ("change", "To change"), ("end", "To end")):
        counts = {kind: n for kind, n in made.counts(act).items() if n}
        said = ", ".join(f"{n:,} {KINDS[kind]}" for kind, n in counts.items())
        click.echo(f"{word}: {said or 'nothing'}.")
        names = made.names(act, NAMES_SHOWN)
        if names:
            more = counts["users"] - len(names)
            click.echo(f"  {'; '.join(names)}{f'; and {more:,} more' if more > 0 else ''}")
    for file, count in made.left_out().items():
        click.echo(f"Left out of {file}: {count:,} {'row' if count == 1 else 'rows'}.")
    for wrong in made.wrong():
        where = f"{wrong.file}, line {wrong.line}" if wrong.line else wrong.file
        column = f", {wrong.column}" if wrong.column else ""
        times = f" ({wrong.times:,} times)" if wrong.times > 1 else ""
        mark = "STOPS  " if wrong.stops else ""
        click.echo(f"{mark}{where}{column}: {wrong.reason()}{times}")
    click.echo("What was added by hand is left alone: only what this source sent is compared.")


class _Bar:
    """A progress bar for people at a terminal; silent for machines."""

    def __init__(self, label: str, quiet: bool, total: int | None) -> None:
        console = Console(stderr=True, quiet=quiet or not sys.stderr.isatty())
        self._progress = Progress(console=console, transient=True)
        self._task = self._progress.add_task(label, total=total)

    def __enter__(self) -> Callable[[int], None]:
        self._progress.start()
        return lambda done: self._progress.advance(self._task, done)

    def __exit__(self, *_: object) -> None:
        self._progress.stop()


def _bar(label: str, quiet: bool, total: int | None = None) -> _Bar:
    return _Bar(label, quiet, total)
