"""``learnpath files``: whether the files that learners added are whole, and nothing lies around."""

from __future__ import annotations

import hashlib

import click
from sqlmodel import Session, col, select

from learnpath import clock, config, housekeeping
from learnpath.db import open_session
from learnpath.goals.evidence import known_keys
from learnpath.goals.file_store import Store, store_of, tidy as erase_strays
from learnpath.goals.models import Evidence
from learnpath.opening import open_engine
from learnpath.terminal import FOUND_WRONG


@click.group()
def files() -> None:
    """Look after the files that learners add to their check-ins."""


@files.command()
def check() -> None:
    """Read every file and compare it with what the database says of it (exit code 1 when one is wrong)."""
    settings = config.load()
    store = store_of(settings)
    with open_session(open_engine(settings), writing=False) as session:
        rows = _rows(session)
    wrong = [row for row in rows if not _is_whole(store, row)]
    for row in wrong:
        click.echo(
            f"sample {row.id} of goal {row.goal_id}: its file is missing or damaged.", err=True
        )
    if wrong:
        raise SystemExit(FOUND_WRONG)
    click.echo(f"Files: {len(rows)}, all whole.")


@files.command()
def tidy() -> None:
    """Erase files that belong to nothing (the machine may have stopped between two steps), and old uploads."""
    settings = config.load()
    clock.install(settings.now)
    engine = open_engine(settings)
    with open_session(engine, writing=False) as session:
        known = known_keys(session)
    housekeeping.go_round(engine, settings, clock.now())
    click.echo(f"Files erased: {erase_strays(store_of(settings), known, clock.now())}.")


def _rows(session: Session) -> list[Evidence]:
    query = select(Evidence).where(col(Evidence.file_key).is_not(None))
    return list(session.exec(query.order_by(col(Evidence.id))))


def _is_whole(store: Store, row: Evidence) -> bool:
    try:
        content = store.get(row.file_key or "")
    except OSError:
        return False
    return hashlib.sha256(content).hexdigest() == row.file_sha256
