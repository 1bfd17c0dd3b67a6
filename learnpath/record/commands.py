"""``learnpath verify`` and ``learnpath record``: whether the record holds, and its roll-up written anew."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

import click

from learnpath import config
from learnpath.db import open_session, unit_of_work
from learnpath.opening import open_engine
from learnpath.record.rebuild import rewrite
from learnpath.record.verify import ROLL_UP, Fault, count_events, verify as verdict_on, walk
from learnpath.terminal import FOUND_WRONG, bar, stop


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def verify(as_json: bool) -> None:
    """Walk every chain of the record and name the first link that does not hold."""
    with open_session(open_engine(config.load()), writing=False) as session:
        total = count_events(session)
        with bar("Record", quiet=as_json, total=total) as step:
            verdict = verdict_on(session, step)
    if as_json:
        faults = [vars(fault) for fault in verdict.faults]
        click.echo(
            json.dumps({"events": verdict.events, "chains": verdict.chains, "faults": faults})
        )
    elif not verdict.faults:
        click.echo(f"The record holds: {verdict.events} events in {verdict.chains} chains.")
    else:
        _tell(verdict.faults)
        if all(fault.chain == ROLL_UP for fault in verdict.faults):
            click.echo(
                "The events hold. To write the roll-up anew: learnpath record rebuild", err=True
            )
    if verdict.faults:
        raise SystemExit(FOUND_WRONG)


@click.group()
def record() -> None:
    """Look after what is counted from the record."""


@record.command()
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def rebuild(as_json: bool) -> None:
    """Write the weekly roll-up anew from the events, for the reports that count.

    Needed when an update counts something new, or when verify says that the roll-up differs. The
    events are walked first: if a chain does not hold, nothing is changed. Again changes nothing.
    """
    with unit_of_work(open_engine(config.load())) as session:
        total = count_events(session)
        with bar("Record", quiet=as_json, total=2 * total) as step:
            broken = walk(session, step).faults
            done = None if broken else rewrite(session, step)
    if as_json:
        faults = [vars(fault) for fault in broken]
        click.echo(json.dumps({"faults": faults, "roll_up": asdict(done) if done else None}))
    elif done:
        click.echo(
            f"The roll-up has {done.rows} rows. Added: {done.added}. Changed: {done.changed}. "
            f"Removed: {done.removed}."
        )
    if broken:
        if not as_json:
            _tell(broken)
        stop("" if as_json else "Nothing was changed: the events come first.", FOUND_WRONG)


def _tell(faults: Sequence[Fault]) -> None:
    for fault in faults:
        where = f"event {fault.event_id}" if fault.event_id else "no event"
        click.echo(f"{fault.chain}, {where}: {fault.reason}.", err=True)
