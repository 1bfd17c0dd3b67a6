"""``learnpath roster plan`` and ``apply``: exit codes, JSON, and what a kill in the middle leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from learnpath.db import make_engine, open_session
from learnpath.people.models import Person
from learnpath.school.commands import roster
from tests.builders import MONDAY
from tests.roster.sets import ASet, a_set, a_user


@pytest.fixture
def run(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name, value in _settings(sqlite_url, tmp_path).items():
        monkeypatch.setenv(name, value)

    def run(*words: object) -> Result:
        return CliRunner().invoke(roster, [str(word) for word in words])

    return run


def _settings(url: str, folder: Path) -> dict[str, str]:
    return {
        "LEARNPATH_DATABASE_URL": url, "LEARNPATH_DATA_DIR": str(folder / "data"),
        "LEARNPATH_NOW": MONDAY.isoformat(),
    }  # fmt: skip


def test_plan_then_apply_then_again(run, tmp_path: Path) -> None:
    path = a_set().folder(tmp_path / "set")
    planned = run("plan", path, "--json")
    assert planned.exit_code == 0
    said = json.loads(planned.stdout)
    assert list(said) == ["version", "mode", "add", "change", "end", "left_out", "wrong"]
    done = run("apply", path)
    assert done.exit_code == 0
    assert "To add: 2 schools, 3 years and terms, 2 classes, 7 people" in done.output
    assert "Ana Ruiz (s1)" in done.output
    assert "added by hand is left alone" in done.output
    assert "a second" in done.output
    again = run("apply", path)
    assert again.exit_code == 0
    assert "Nothing was to be done." in again.output


def test_rows_that_stop_end_with_one_and_change_nothing(
    run, tmp_path: Path, sqlite_url: str
) -> None:
    made = a_set()
    made.raw["enrollments.csv"] = b""
    path = made.zip(tmp_path / "set.zip")
    for word in ("plan", "apply"):
        said = run(word, path)
        assert said.exit_code == 1
        assert "STOPS  enrollments.csv, line 1: The file is empty" in said.output
        as_json = run(word, path, "--json")
        assert as_json.exit_code == 1
        (wrong,) = json.loads(as_json.stdout)["wrong"]
        assert set(wrong) == {"file", "line", "column", "reason", "stops"}
    engine = make_engine(sqlite_url)
    with open_session(engine, writing=False) as session:
        assert session.exec(sa.select(sa.func.count()).select_from(Person)).scalar() == 0
    engine.dispose()


def test_rows_left_out_are_named_and_strict_refuses_them(run, tmp_path: Path) -> None:
    made = a_set()
    made.row("enrollments.csv", "e1")["beginDate"] = "1/05/2023"
    path = made.folder(tmp_path / "set")
    assert run("apply", path, "--strict").exit_code == 1
    done = run("apply", path)
    assert done.exit_code == 0
    assert "Left out of enrollments.csv: 1 row." in done.output
    assert "enrollments.csv, line 2, beginDate: “1/05/2023” can be read as more" in done.output


@pytest.mark.parametrize(
    "words", [("plan", "not-there"), ("plan",), ("apply", ".", "--school", "=4")]
)
def test_wrong_use_ends_with_two(run, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


def test_a_database_that_is_not_ready_ends_with_two(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_set().folder(tmp_path / "set")
    monkeypatch.setenv("LEARNPATH_DATABASE_URL", f"sqlite:///{tmp_path}/new.db")
    assert run("plan", path).exit_code == 2


def _larger(people: int) -> ASet:
    made = a_set()
    for number in range(people):
        a_user(made, f"x{number}", "student", "Name", str(number), grades="07")
    return made


# Stops inside the transaction, after people were written, and says so.
KILLED = """
import sys, time
from learnpath.school.roster import apply
real = apply._Doing._add_ties
def stop(self):
    self.session.flush()
    print("in the middle", flush=True)
    time.sleep(60)
apply._Doing._add_ties = stop
from learnpath.school.commands import roster
roster(["apply", sys.argv[1]])
"""


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_killed_in_the_middle_leaves_the_database_as_before(
    request: pytest.FixtureRequest, tmp_path: Path, database: str
) -> None:
    url = request.getfixturevalue(f"{database}_url")
    path = _larger(200).folder(tmp_path / "set")
    environment = {**os.environ, **_settings(url, tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert any("in the middle" in line for line in process.stdout)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    engine = make_engine(url)
    with engine.connect() as connection:
        for table in ("person", "school", "event", "outside_id", "import_run", "evidence_week"):
            count = connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar()
            assert count == 0, table
    engine.dispose()
