"""``learnpath progress``: the progress of a goal from a file, without the app and its database."""

from __future__ import annotations

import json
from pathlib import Path

import click

from learnpath.goals.progress_file import report
from learnpath.terminal import FOUND_WRONG, stop, text_of


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def progress(file: Path) -> None:
    """Work out the progress of a goal from FILE (JSON, see docs/progress.md; - reads standard input)."""
    text = text_of(file)
    try:
        result = report(text)
    except ValueError as error:
        stop(f"{file}: {error}", FOUND_WRONG)
    click.echo(json.dumps(result, ensure_ascii=False, indent=2))
