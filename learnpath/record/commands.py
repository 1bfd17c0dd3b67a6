"""``learnpath verify``: whether the record holds."""

from __future__ import annotations

import json

import click

from learnpath import config
from learnpath.db import open_session
from learnpath.opening import open_engine
from learnpath.record.verify import count_events, verify as walk
from learnpath.terminal import FOUND_WRONG, bar


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def verify(as_json: bool) -> None:
    """Walk every chain of the record and name the first link that does not hold."""
    with open_session(open_engine(config.load()), writing=False) as session:
        total = count_events(session)
        with bar("Record", quiet=as_json, total=total) as step:
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
