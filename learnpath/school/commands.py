"""``learnpath roster``: what a roster would change, and the change itself."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from learnpath import clock, config
from learnpath.db import open_session, unit_of_work
from learnpath.opening import open_engine
from learnpath.terminal import FOUND_WRONG, USED_WRONGLY, bar, stop

if TYPE_CHECKING:
    from learnpath.school.roster.plan import RosterPlan

NAMES_SHOWN = 5
KINDS = {
    "orgs": "schools", "sessions": "years and terms", "classes": "classes", "users": "people",
    "enrollments": "enrolments", "guardians": "family ties",
}  # fmt: skip
Schools = dict[str, int | None]


def _settings() -> config.Settings:
    settings = config.load()
    clock.install(settings.now)
    return settings


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
    with open_session(open_engine(settings, unready=USED_WRONGLY), writing=False) as session:
        with bar("Reading", quiet=as_json) as step:
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
        stop("" if as_json else "Nothing can be applied.", FOUND_WRONG)


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
    with unit_of_work(open_engine(settings, unready=USED_WRONGLY)) as session:
        wait_for_others(session)
        with bar("Reading", quiet=as_json) as step:
            made = plan_of(
                session, path, now, zone=settings.time_zone, schools=schools, strict=strict,
                step=step,
            )  # fmt: skip
        with made:
            _print(made, as_json)
            if made.refused:
                stop("" if as_json else "Nothing was changed.", FOUND_WRONG)
            changes = made.changes()
            with bar("Applying", quiet=as_json, total=changes) as step:
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
    for act, word in (("closed", "Accounts to close"), ("opened", "Accounts to open again")):
        count, names = made.accounts(act, NAMES_SHOWN)
        if count:
            more = count - len(names)
            click.echo(
                f"{word}: {count:,}. {'; '.join(names)}{f'; and {more:,} more' if more > 0 else ''}"
            )
    for file, count in made.left_out().items():
        click.echo(f"Left out of {file}: {count:,} {'row' if count == 1 else 'rows'}.")
    for wrong in made.wrong():
        where = f"{wrong.file}, line {wrong.line}" if wrong.line else wrong.file
        column = f", {wrong.column}" if wrong.column else ""
        times = f" ({wrong.times:,} times)" if wrong.times > 1 else ""
        mark = "STOPS  " if wrong.stops else ""
        click.echo(f"{mark}{where}{column}: {wrong.reason()}{times}")
    click.echo("What was added by hand is left alone: only what this source sent is compared.")
