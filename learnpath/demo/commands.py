"""``learnpath demo``: fill an empty database with the demo school."""

from __future__ import annotations

import json

import click

from learnpath import config
from learnpath.errors import SettingsError
from learnpath.opening import open_engine
from learnpath.terminal import FOUND_WRONG, bar, stop


@click.command()
@click.option("--fresh", is_flag=True, help="Throw the demo school away and start over.")
@click.option("--json", "as_json", is_flag=True, help="Print the sign-ins as JSON.")
def demo(fresh: bool, as_json: bool) -> None:
    """Fill the database with the demo school: invented people, dates around today.

    A demo school that is already there is kept. A database with another school is never touched.
    """
    settings = config.load()
    engine = open_engine(settings, ready=False)
    from learnpath.demo import fill  # noqa: PLC0415 - all rooms: only when the database is there

    try:
        with bar("Demo school", quiet=as_json, total=100) as step:
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
