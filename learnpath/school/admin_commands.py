"""``learnpath school``: the next school year from the command line."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import click
from sqlmodel import Session

from learnpath import clock, config
from learnpath.db import unit_of_work
from learnpath.errors import DomainError
from learnpath.opening import open_engine
from learnpath.record import By, Relation
from learnpath.school import admin_next_year, admin_roll_over
from learnpath.school.admin_next_year import Choices, RollOver
from learnpath.school.models import School
from learnpath.school.which_school import which_school
from learnpath.terminal import FOUND_WRONG, stop

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group("school")
def school() -> None:
    """Look after a school: begin its next year."""


@school.group("roll-over")
def roll_over() -> None:
    """Begin the next school year: look at the plan first, then apply it."""


def _options(command: Any) -> Any:
    for option in (
        click.option("--school", help="Name or number of the school, if there are several."),
        click.option("--name", default="", help="Name of the new year. Proposed: the old one and one more."),
        click.option("--starts", type=DAY, help="First day. Proposed: 52 weeks after the old one."),
        click.option("--ends", type=DAY, help="Last day. Proposed: 52 weeks after the old one."),
        click.option(
            "--learners", type=click.Choice(["along", "none"]), default="along",
            help="Whether learners go along with their class, or a roster places them.",
        ),
        click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON."),
    ):  # fmt: skip
        command = option(command)
    return command


@roll_over.command("plan")
@_options
def plan_command(**given: Any) -> None:
    """Print what beginning the next year would do. It changes nothing."""
    _run(given, to_apply=False)


@roll_over.command("apply")
@_options
def apply_command(**given: Any) -> None:
    """Begin the next year in one transaction. A second time changes nothing."""
    _run(given, to_apply=True)


def _run(given: dict[str, Any], *, to_apply: bool) -> None:
    settings = config.load()
    clock.install(settings.now)
    engine = open_engine(settings)
    choices = Choices(
        given["name"], _day(given["starts"]), _day(given["ends"]),
        learners_along=given["learners"] == "along",
    )  # fmt: skip
    try:
        with unit_of_work(engine) as session:
            found = which_school(session, given["school"])
            made = _made(session, found, choices, to_apply=to_apply)
    except DomainError as error:
        stop(str(error.message), FOUND_WRONG)
    finally:
        engine.dispose()
    _tell(made, to_apply=to_apply, as_json=given["as_json"])


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


def _made(session: Session, found: School, choices: Choices, *, to_apply: bool) -> RollOver:
    school_id, today = found.id or 0, clock.today(found.time_zone)
    if not to_apply:
        return admin_next_year.plan(session, school_id, choices, today)
    by = By(None, Relation.SCHOOL, school_id, found.time_zone)
    return admin_roll_over.apply(session, by, choices, today, clock.now())


def _tell(made: RollOver, *, to_apply: bool, as_json: bool) -> None:
    if as_json:
        click.echo(
            json.dumps({"applied": to_apply, **made.as_json()}, ensure_ascii=False, indent=2)
        )
        return
    if made.done:
        click.echo(f"School year {made.year.name} was begun before. Nothing to do.")
        return
    year = made.year
    click.echo(f"School year {year.name}: {year.starts} to {year.ends}, {made.weeks} school weeks.")
    click.echo(f"Terms: {len(made.terms)}. Days without school: {len(made.holidays)}.")
    click.echo(f"Classes that go on: {len(made.classes)}.")
    click.echo(
        f"Learners who go up a grade: {len(made.learners)}; {len(made.unplaced)} in no class yet."
    )
    click.echo(f"Learners who leave after grade 12: {len(made.leavers)}.")
    click.echo(f"The classes of {made.old.name} end on {made.ends_on}.")
    click.echo(
        "It was done." if to_apply else "Nothing was changed. To begin the year: roll-over apply"
    )
