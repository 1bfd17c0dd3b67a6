"""``learnpath continuum``: the Driver Model, and a placement from a file, without the app."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NoReturn

import click

from learnpath.continuum import place_file
from learnpath.continuum.driver_model import FILE, ModelError, load
from learnpath.continuum.paper import model_lines

FOUND_WRONG, USED_WRONGLY = 1, 2
LANGUAGE = click.Choice(["en", "es"])


def _stop(message: str, code: int) -> NoReturn:
    click.echo(message, err=True)
    raise SystemExit(code)


@click.group()
def continuum() -> None:
    """Print the Driver Model, or place a learner's record on it."""


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
