"""``learnpath continuum``: the Driver Model, a placement from a file without the app, counts for research."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NoReturn

import click
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from learnpath import clock, config, migrate
from learnpath.continuum import place_file, research
from learnpath.continuum.driver_model import FILE, ModelError, load
from learnpath.continuum.paper import model_lines
from learnpath.db import make_engine, unit_of_work
from learnpath.errors import SettingsError

FOUND_WRONG, USED_WRONGLY = 1, 2
LANGUAGE = click.Choice(["en", "es"])


def _stop(message: str, code: int) -> NoReturn:
    click.echo(message, err=True)
    raise SystemExit(code)


@click.group()
def continuum() -> None:
    """Print the Driver Model, place a record on it, or write counts for research."""


@continuum.command("place")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--lang", "language", type=LANGUAGE, default="en", help="Language of the words.")
def place_command(file: Path, language: str) -> None:
    """Place the events in FILE (JSON, see docs/continuum.md; - reads standard input)."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        _stop(f"{file} cannot be read: {reason}.", USED_WRONGLY)
    try:
        placed, passed_over = place_file.report(text, language)
    except place_file.FileError as error:
        _stop(f"{file}: {error}.", FOUND_WRONG)
    for line in passed_over:
        click.echo(f"{file}: {line}.", err=True)
    click.echo(json.dumps(placed, ensure_ascii=False, indent=2))


@continuum.command("model")
@click.option("--json", "as_json", is_flag=True, help="Print the data file's content as JSON.")
@click.option("--lang", "language", type=LANGUAGE, default="en", help="Language of the words.")
def model_command(as_json: bool, language: str) -> None:
    """Print the Driver Model: groups, strands, columns, indicators and thresholds with reasons."""
    try:
        model = load(FILE.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ModelError) as error:
        _stop(f"{FILE.name}: {error}.", FOUND_WRONG)
    if as_json:
        click.echo(json.dumps(model.raw, ensure_ascii=False, indent=2))
        return
    for line in model_lines(model, language):
        click.echo(line)


@continuum.command("research")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def research_command(folder: Path) -> None:
    """Write counts of practice for research into FOLDER: nobody named, groups under ten withheld.

    Two files: counts.csv, and dictionary.csv that says what each field means. The record tells of it.
    """
    engine = _engine()
    try:
        with unit_of_work(engine) as session:
            today = clock.now().date()
            written = research.write_counts(session, folder, clock.now(), today)
    except OSError as error:
        _stop(f"{folder} cannot be written: {error.strerror}.", USED_WRONGLY)
    click.echo(
        f"{written.rows} rows of {written.schools} schools are in {folder / research.COUNTS}."
    )


def _engine() -> Engine:
    """Return the engine of this installation, or end with one line that says what is missing."""
    try:
        engine = make_engine(config.load().database_url)
    except SettingsError as error:
        _stop(str(error), USED_WRONGLY)
    try:
        ready = migrate.present(engine) == migrate.newest()
    except DBAPIError as error:
        _stop(f"The database cannot be reached: {str(error.orig).splitlines()[0]}", USED_WRONGLY)
    if not ready:
        _stop("The database is not ready for this version. Run: learnpath db upgrade", FOUND_WRONG)
    return engine
