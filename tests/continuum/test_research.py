"""Counts for research: nobody named, small groups withheld, and the record tells of the export."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlmodel import Session, select

from learnpath import clock
from learnpath.cli import main
from learnpath.continuum.research import COUNTS, DICTIONARY, FIELDS, write_counts
from learnpath.record import Verb
from learnpath.record.models import Event
from tests import builders
from tests.builders import MONDAY
from tests.continuum.build import TEACHER, check_in, goal, recorded

TODAY = MONDAY.date()


def a_school_of(session: Session, size: int, newcomers: int = 0) -> None:
    school = builders.a_school(session)
    room = builders.a_class(session, school=school)
    teacher = builders.a_teacher(session, room, school=school)
    for _ in range(newcomers):
        builders.a_learner(session, in_class=room, school=school)
    for _ in range(size):
        learner = builders.a_learner(session, "Xochitl", in_class=room, school=school)
        for one in [*goal(1, cited_by=("learner",)), *(check_in(week) for week in range(2, 9))]:
            recorded(session, teacher if one.by is TEACHER else learner, learner, one)


def rows_in(folder: Path) -> list[dict[str, str]]:
    with (folder / COUNTS).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_counts_name_nobody_and_withhold_small_groups(any_session: Session, tmp_path: Path) -> None:
    a_school_of(any_session, 12, newcomers=13)
    written = write_counts(any_session, tmp_path, MONDAY)
    rows = rows_in(tmp_path)
    assert written.rows == len(rows) == 3 * 15 * 5
    assert {row["day"] for row in rows} == {"2025-08-31", "2025-09-28", "2025-10-26"}
    assert {row["learners"] for row in rows} == {"13", "withheld"}
    assert "Xochitl" not in (tmp_path / COUNTS).read_text(encoding="utf-8")


def test_a_school_under_ten_has_no_rows(session: Session, tmp_path: Path) -> None:
    a_school_of(session, 9)
    assert write_counts(session, tmp_path, MONDAY).rows == 0


def test_every_field_has_its_meaning_beside_it(session: Session, tmp_path: Path) -> None:
    a_school_of(session, 10)
    write_counts(session, tmp_path, MONDAY)
    with (tmp_path / DICTIONARY).open(encoding="utf-8", newline="") as file:
        told = {row["field"]: row["meaning"] for row in csv.DictReader(file)}
    assert told == FIELDS
    assert rows_in(tmp_path)[0].keys() == told.keys()


def test_the_record_tells_of_the_export(session: Session, tmp_path: Path) -> None:
    a_school_of(session, 10)
    write_counts(session, tmp_path, MONDAY)
    event = session.exec(select(Event).where(Event.verb == Verb.RECORD_EXPORTED)).one()
    assert event.learner_id is None
    assert event.payload == '{"format":"continuum_counts"}'


def test_the_command_says_what_it_wrote(
    session: Session, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_school_of(session, 10)
    session.commit()
    monkeypatch.setenv("LEARNPATH_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("LEARNPATH_DATA_DIR", str(tmp_path / "data"))
    folder = tmp_path / "counts"
    done = CliRunner().invoke(main, ["continuum", "research", str(folder)])
    assert done.exit_code == 0, done.output
    assert "225 rows of 1 schools" in done.stdout
    assert date.fromisoformat(rows_in(folder)[0]["day"]) < TODAY


@pytest.mark.parametrize(
    ("moment", "counted"),
    [
        # Half past eleven on the last Sunday of November at school, and Monday morning in Greenwich.
        ("2025-12-01T06:30:00+00:00", False),
        ("2025-12-01T07:00:00+00:00", True),
    ],
)
def test_a_day_is_counted_when_it_is_over_at_school_and_not_in_greenwich(
    session: Session, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    moment: str, counted: bool,
) -> None:  # fmt: skip
    a_school_of(session, 10)
    session.commit()
    monkeypatch.setenv("LEARNPATH_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("LEARNPATH_DATA_DIR", str(tmp_path / "data"))
    folder = tmp_path / "counts"
    with clock.standing_at(datetime.fromisoformat(moment)):
        done = CliRunner().invoke(main, ["continuum", "research", str(folder)])
    assert done.exit_code == 0, done.output
    assert ("2025-11-30" in {row["day"] for row in rows_in(folder)}) is counted


def test_a_database_that_is_not_there_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEARNPATH_DATABASE_URL", f"sqlite:///{tmp_path}/none/there.db")
    monkeypatch.setenv("LEARNPATH_DATA_DIR", str(tmp_path / "data"))
    done = CliRunner().invoke(main, ["continuum", "research", str(tmp_path / "out")])
    assert done.exit_code in {1, 2}
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.output
