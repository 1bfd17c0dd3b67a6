"""``learnpath continuum``: the Driver Model, a placement from a file without the app, counts for research."""

from __future__ import annotations

import json
from pathlib import Path

import click

from learnpath import clock, config
from learnpath.continuum import place_file
from learnpath.continuum.driver_model import FILE, ModelError, load
from learnpath.continuum.paper import model_lines
from learnpath.terminal import FOUND_WRONG, USED_WRONGLY, stop, text_of

LANGUAGE = click.Choice(["en", "es"])


@click.group()
def continuum() -> None:
    """Print the Driver Model, place a record on it, or write counts for research."""


@continuum.command("place")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--lang", "language", type=LANGUAGE, default="en", help="Language of the words.")
def place_command(file: Path, language: str) -> None:
    """Place the events in FILE (JSON, see docs/continuum.md; - reads standard input)."""
    text = text_of(file)
    try:
        placed, passed_over = place_file.report(text, language)
    except place_file.FileError as error:
        stop(f"{file}: {error}.", FOUND_WRONG)
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
        stop(f"{FILE.name}: {error}.", FOUND_WRONG)
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
    # The other two need no database, and do not wait for one.
    from learnpath.continuum import research  # noqa: PLC0415
    from learnpath.db import unit_of_work  # noqa: PLC0415
    from learnpath.opening import open_engine  # noqa: PLC0415

    engine = open_engine(config.load())
    try:
        with unit_of_work(engine) as session:
            written = research.write_counts(session, folder, clock.now())
    except OSError as error:
        stop(f"{folder} cannot be written: {error.strerror}.", USED_WRONGLY)
    click.echo(
        f"{written.rows} rows of {written.schools} schools are in {folder / research.COUNTS}."
    )
