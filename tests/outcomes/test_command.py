"""The command ``learnpath outcomes``: what it prints, what it changes, and its exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlmodel import Session, select

from learnpath import cli
from learnpath.outcomes.models import Outcome, SavedMapping, stands
from learnpath.people.models import Person
from tests.builders import a_learner, a_school
from tests.outcomes.files import GOOD_RESULT, LONG, in_folder, known_as, oneroster, quizzes

Run = Callable[..., Result]
TWO = quizzes("4711,09/05/2025,Fractions,15", "4711,10/03/2025,Rates,18")


@pytest.fixture
def learner(session: Session) -> Person:
    made = known_as(session, a_learner(session, "Linh"), "4711")
    session.commit()
    return made


@pytest.fixture
def run(learner: Person, sqlite_url: str, tmp_path: Path) -> Run:
    """Run the command on the test's own database; the clock stands at the Monday of all tests."""
    settings = {
        "LEARNPATH_DATABASE_URL": sqlite_url, "LEARNPATH_DATA_DIR": str(tmp_path),
        "LEARNPATH_NOW": "2025-11-17T09:00-07:00",
    }  # fmt: skip
    return lambda *words: CliRunner(env=settings).invoke(
        cli.main, ["outcomes", *map(str, words)], catch_exceptions=False
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "quizzes.csv"
    path.write_bytes(TWO)
    return path


@pytest.fixture
def said(tmp_path: Path) -> Path:
    path = tmp_path / "mapping.json"
    path.write_text(json.dumps(LONG), encoding="utf-8")
    return path


def as_json(result: Result) -> dict[str, Any]:
    return json.loads(result.stdout)


def test_plan_apply_again_and_undo(run: Run, file: Path, said: Path, session: Session) -> None:
    planned = run("plan", file, "--mapping", said, "--json")
    assert (planned.exit_code, as_json(planned)["add"]) == (0, 2)
    assert session.exec(select(Outcome)).all() == []
    session.rollback()
    applied = run("apply", file, "--mapping", said, "--json")
    assert (applied.exit_code, as_json(applied)["add"]) == (0, 2)
    # The mapping was saved with the header, so that it need not be named any more.
    again = run("apply", file, "--json")
    assert (again.exit_code, as_json(again)["add"], as_json(again)["unchanged"]) == (0, 0, 2)
    assert [one.name for one in session.exec(select(SavedMapping)).all()] == ["Quizzes"]
    session.rollback()
    undone = run("undo", as_json(applied)["run"], "--json")
    assert (undone.exit_code, as_json(undone)["withdrawn"]) == (0, 2)
    assert session.exec(select(Outcome).where(stands())).all() == []
    session.rollback()
    assert run("undo", as_json(applied)["run"]).exit_code == 1


def test_the_plan_in_words_names_each_row_that_is_wrong(run: Run, file: Path, said: Path) -> None:
    file.write_bytes(TWO + b"4711,13/40/2025,Rates,1\n9,09/05/2025,Rates,1\n")
    told = run("plan", file, "--mapping", said)
    assert told.exit_code == 0
    assert "quizzes.csv, line 4, column 'Day': there is no day \"13/40/2025\"." in told.stdout
    assert "No learner here has the key '9': 1 values." in told.stdout
    assert run("plan", file, "--mapping", said, "--strict").exit_code == 1


def test_nothing_changes_where_something_stops_the_file(
    run: Run, file: Path, said: Path, session: Session
) -> None:
    file.write_bytes(TWO + b'4711,"09/05/2025,Rates,1\n')
    stopped = run("apply", file, "--mapping", said)
    assert stopped.exit_code == 1
    assert "Nothing was changed." in stopped.stderr
    assert "This stops the whole file." in stopped.stdout
    assert session.exec(select(Outcome)).all() == []
    assert session.exec(select(SavedMapping)).all() == []


def test_results_of_a_set_need_no_mapping(run: Run, tmp_path: Path) -> None:
    folder = in_folder(tmp_path / "set", oneroster(GOOD_RESULT))
    applied = run("apply", folder, "--json")
    assert (applied.exit_code, as_json(applied)["add"]) == (0, 1)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("plan", "nowhere.csv"), 2, "does not exist"),
        (("plan", "{file}"), 2, "The header of quizzes.csv is new here."),
        (("plan", "{file}", "--mapping", "unheard-of"), 2, "There is no mapping 'unheard-of'."),
        (("plan", "{file}", "--mapping", "gone.json"), 2, "gone.json cannot be read"),
        (("plan", "{file}", "--mapping", "{file}.json"), 2, "cannot be read"),
        (("plan", "{file}", "--mapping", "map-growth"), 1, "is not in the header"),
        (("undo", "77"), 1, "There is no import 77"),
        (("undo", "x"), 2, "Usage:"),
        (("mappings", "--show", "unheard-of"), 1, "There is no mapping"),
        (("apply",), 2, "Usage:"),
    ],
)
def test_wrong_use_is_told_in_one_line(
    run: Run, file: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    ended = run(*(word.format(file=file) for word in words))
    assert ended.exit_code == code
    assert says in ended.output


def test_a_mapping_that_is_wrong_says_where(run: Run, file: Path, said: Path) -> None:
    said.write_text(json.dumps({**LONG, "separator": "|"}), encoding="utf-8")
    ended = run("plan", file, "--mapping", said)
    assert (ended.exit_code, ended.stderr) == (
        2, "mapping.json: separator: must be one of comma, semicolon, tab.\n",
    )  # fmt: skip


def test_mappings_are_listed_and_shown_as_a_beginning(run: Run) -> None:
    listed = as_json(run("mappings", "--json"))
    assert listed["saved"] == []
    assert {"map-growth", "i-ready", "dibels", "daily-attendance"} <= listed["presets"].keys()
    assert all("heck with your own export" in note for note in listed["presets"].values())
    shown = as_json(run("mappings", "--show", "map-growth"))
    assert shown["learner"] == {"column": "StudentID", "by": "identifier"}


def test_where_there_are_two_schools_one_is_named(
    run: Run, file: Path, said: Path, session: Session
) -> None:
    a_school(session, "Prairie School")
    session.commit()
    ended = run("plan", file, "--mapping", said)
    assert ended.exit_code == 2
    assert "Prairie School" in ended.stderr
    home = run("plan", file, "--mapping", said, "--school", "Ridgeline Community School", "--json")
    assert as_json(home)["add"] == 2
    away = run("plan", file, "--mapping", said, "--school", "Prairie School", "--json")
    assert as_json(away)["add"] == 0
