"""``learnpath outcomes``: plan, bring in and undo school data from files. Exit codes: 0 done, 1 wrong, 2 usage."""

from __future__ import annotations

import json
from pathlib import Path

import click
from sqlalchemy.engine import Engine
from sqlmodel import Session, select

from learnpath import clock, config
from learnpath.db import key_of, open_session, unit_of_work
from learnpath.errors import DomainError
from learnpath.opening import open_engine
from learnpath.outcomes import bring_in, mappings, plan_words, sources
from learnpath.outcomes.bring_in import PlanStops
from learnpath.outcomes.mapping import Mapping, WrongMapping, from_text
from learnpath.outcomes.plan import OutcomePlan
from learnpath.record import By, Relation
from learnpath.school.models import ImportKind, ImportRun, School
from learnpath.school.which_school import which_school
from learnpath.terminal import FOUND_WRONG, bar, stop, unreadable

MOST_MAPPING_BYTES = 256 * 1024


def _engine() -> Engine:
    settings = config.load()
    clock.install(settings.now)
    return open_engine(settings)


def _school(session: Session, name: str | None) -> By:
    """Return the doer: the office of the school that was named, or of the only one there is."""
    school = which_school(session, name)
    return By(None, Relation.SCHOOL, key_of(school), school.time_zone)


@click.group()
def outcomes() -> None:
    """Bring in school data from files: plan first, then apply; an import can be undone."""


_path = click.argument("path", type=click.Path(path_type=Path, exists=True))
_mapping = click.option(
    "--mapping", "mapping_name", help="A saved mapping, a preset, or a JSON file with a mapping."
)
_school_option = click.option("--school", help="The school, by its name or number.")
_strict = click.option(
    "--strict", is_flag=True, help="Refuse the file when any row is left out as wrong."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@outcomes.command("plan")
@_path
@_mapping
@_school_option
@_strict
@_json
def plan_command(
    path: Path, mapping_name: str | None, school: str | None, strict: bool, as_json: bool
) -> None:
    """Say what the data in PATH (a CSV file, or a OneRoster folder or ZIP) would change. Nothing is changed."""
    with (
        open_session(_engine(), writing=False) as session,
        bar("School data", quiet=as_json) as step,
    ):
        by = _school(session, school)
        mapping = _chosen(session, by, path, mapping_name)
        source = sources.from_path(path, mapping)
        plan = bring_in.plan_of(session, by, source, clock.now(), strict=strict, progress=step)
    _tell(plan, as_json)
    if not plan.can_apply:
        raise SystemExit(FOUND_WRONG)


@outcomes.command("apply")
@_path
@_mapping
@_school_option
@_strict
@_json
def apply_command(
    path: Path, mapping_name: str | None, school: str | None, strict: bool, as_json: bool
) -> None:
    """Bring in the data in PATH, all of its plan or nothing. A mapping from a JSON file is saved."""
    try:
        with unit_of_work(_engine()) as session, bar("School data", quiet=as_json) as step:
            by = _school(session, school)
            mapping = _chosen(session, by, path, mapping_name)
            source = sources.from_path(path, mapping)
            run, plan = bring_in.apply(
                session, by, source, clock.now(), strict=strict, progress=step
            )
            if mapping and mapping_name and _is_file(mapping_name):
                with path.open("rb") as file:
                    header = mappings.header_of(file, mapping)
                mappings.save(session, by, mapping, header, clock.now())
            run_id = key_of(run)
    except PlanStops as stopped:
        _tell(stopped.plan, as_json)
        click.echo("Nothing was changed.", err=True)
        raise SystemExit(FOUND_WRONG) from None
    except DomainError as error:
        stop(str(error), FOUND_WRONG)
    _tell(plan, as_json, run_id)


@outcomes.command("undo")
@click.argument("run_id", metavar="RUN", type=click.IntRange(1, 10**15))
@_json
def undo_command(run_id: int, as_json: bool) -> None:
    """Undo the import RUN: what it brought is withdrawn, what it replaced stands again."""
    try:
        with unit_of_work(_engine()) as session, bar("School data", quiet=as_json) as step:
            query = select(ImportRun, School).join(School).where(ImportRun.id == run_id)
            found = session.exec(query.where(ImportRun.kind == ImportKind.OUTCOMES)).first()
            if found is None:
                stop(f"There is no import {run_id} of school data.", FOUND_WRONG)
            run, school = found
            by = By(None, Relation.SCHOOL, key_of(school), school.time_zone)
            withdrawn = bring_in.undo(session, by, run, clock.now(), progress=step)
    except DomainError as error:
        stop(str(error), FOUND_WRONG)
    if as_json:
        click.echo(json.dumps({"version": 1, "run": run_id, "withdrawn": withdrawn}))
    else:
        click.echo(f"Import {run_id} is undone: {withdrawn} values are withdrawn.")


@outcomes.command("mappings")
@_school_option
@click.option("--show", help="Print the mapping of that name as JSON.")
@_json
def mappings_command(school: str | None, show: str | None, as_json: bool) -> None:
    """List the saved mappings and the presets, or print one as JSON to begin a mapping of your own."""
    with open_session(_engine(), writing=False) as session:
        by = _school(session, school)
        if show:
            found = mappings.named(session, by.school_id, show)
            if found is None:
                stop(f"There is no mapping {show!r}.", FOUND_WRONG)
            click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
            return
        saved = [one.name for one in mappings.saved(session, by.school_id)]
    presets = {key: one.note for key, one in mappings.presets().items()}
    if as_json:
        click.echo(
            json.dumps({"version": 1, "saved": saved, "presets": presets}, ensure_ascii=False)
        )
        return
    for name in saved:
        click.echo(f"{name} (saved)")
    for key, note in presets.items():
        click.echo(f"{key} (preset): {note}")


def _is_file(name: str) -> bool:
    return name.endswith(".json")


def _chosen(session: Session, by: By, path: Path, name: str | None) -> Mapping | None:
    """Return the mapping that was named, or that the file is recognised by; none for a OneRoster set."""
    if name and _is_file(name):
        return _from_file(Path(name))
    if name:
        found = mappings.named(session, by.school_id, name)
        if found is None:
            stop(f"There is no mapping {name!r}. Run: learnpath outcomes mappings")
        return found
    if path.is_dir() or _is_set(path):
        return None
    known, fitting = mappings.recognise(session, by.school_id, lambda: path.open("rb"))
    if known is None:
        offer = f" These presets would fit: {', '.join(fitting)}." if fitting else ""
        stop(f"The header of {path.name} is new here. Name a mapping with --mapping.{offer}")
    return known


def _is_set(path: Path) -> bool:
    with path.open("rb") as file:
        return sources.looks_like_oneroster(file)


def _from_file(path: Path) -> Mapping:
    try:
        with path.open("rb") as file:
            text = file.read(MOST_MAPPING_BYTES + 1)
        if len(text) > MOST_MAPPING_BYTES:
            stop(f"{path.name} is too large for a mapping.")
        return from_text(text.decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        stop(unreadable(path, error))
    except WrongMapping as error:
        stop(f"{path.name}: {error}.")


def _tell(plan: OutcomePlan, as_json: bool, run_id: int | None = None) -> None:
    if as_json:
        done = {} if run_id is None else {"run": run_id}
        click.echo(json.dumps(plan.as_json() | done, ensure_ascii=False, indent=2))
        return
    for line in plan_words.lines(plan, applied=run_id is not None):
        click.echo(line)
    if run_id is not None:
        click.echo(f"This is import {run_id}. To undo it: learnpath outcomes undo {run_id}")
