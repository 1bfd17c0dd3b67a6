"""The learnpath command: help everywhere, honest exit codes, one line for what goes wrong."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from sqlalchemy.engine import Engine

from learnpath import cli
from learnpath.db import open_session, unit_of_work
from learnpath.record.verify import Verdict, verify
from learnpath.terminal import Later
from tests import builders
from tests.house.running import Done, free_port, run


def commands(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    """Give the words of every command and group below ``group``."""
    yield path
    for name, known in sorted(group.commands.items()):
        command = known.load() if isinstance(known, Later) else known
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        else:
            yield (*path, name)


@pytest.mark.parametrize("words", list(commands(cli.main)), ids=" ".join)
def test_every_command_says_what_it_does(words: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(cli.main, [*words, "--help"])
    assert shown.exit_code == 0
    lines = [line.strip() for line in shown.output.splitlines() if line.strip()]
    assert lines[0].startswith("Usage:")
    assert lines[1].endswith((".", ":")) or len(lines[1]) > 40, "no sentence says what it does"


@pytest.mark.parametrize("known", cli.COMMANDS, ids=lambda known: known.name)
def test_the_list_of_commands_says_what_the_command_says(known: Later) -> None:
    command = known.load()
    assert command.name == known.name
    says = known.get_short_help_str()
    assert says.rstrip(".") == command.get_short_help_str(limit=len(says) + 1).rstrip(".")


def test_help_and_the_lightest_command_wait_for_nothing_heavy(tmp_path: Path) -> None:
    heavy = {"alembic", "authlib", "flask", "rich", "sqlalchemy", "weasyprint"}
    for words in (["--help"], ["progress", "no.json"]):
        ended = run(
            tmp_path, *words, command=(sys.executable, "-X", "importtime", "-m", "learnpath")
        )
        imported = {
            line.rpartition("|")[2].strip().split(".")[0] for line in ended.err.splitlines()
        }
        assert {"click", "learnpath"} <= imported
        assert not imported & heavy, words


def test_the_version_is_told(tmp_path: Path) -> None:
    ended = run(tmp_path, "--version")
    assert (ended.code, ended.out) == (0, "learnpath, version 0.1.0\n")


@pytest.mark.parametrize(
    "words", [["no-such-command"], ["serve", "--port", "0"], ["db"], ["progress"], ["demo", "x"]]
)
def test_wrong_use_ends_with_2(tmp_path: Path, words: list[str]) -> None:
    ended = run(tmp_path, *words)
    assert ended.code == 2
    assert "Usage:" in ended.err + ended.out
    assert "Traceback" not in ended.err


def test_a_database_comes_up_to_date_once(tmp_path: Path) -> None:
    assert run(tmp_path, "db", "check") == Done(
        1, "", "The database stands at nothing, not at 0001.\n"
    )
    assert run(tmp_path, "db", "upgrade") == Done(0, "The database stands at 0001.\n", "")
    assert run(tmp_path, "db", "upgrade") == Done(0, "Nothing to do.\n", "")
    assert run(tmp_path, "db", "check") == Done(
        0, "The database stands at 0001. It is up to date.\n", ""
    )


def _one_line(ended: Done, code: int, says: str) -> None:
    assert "Traceback" not in ended.err
    assert ended.err.count("\n") == 1, ended.err
    assert says in ended.err
    assert (ended.code, ended.out) == (code, "")


@pytest.mark.parametrize(
    ("settings", "code", "says"),
    [
        ({"DATABASE_URL": "mysql://host/paths"}, 2, "LEARNPATH_DATABASE_URL must begin with"),
        ({"DATABASE_URL": "sqlite:////no/such/folder/x.db"}, 2, "unable to open database file"),
        ({"DATABASE_URL": "postgresql://u:p@127.0.0.1:9/x"}, 2, "The database cannot be reached"),
        ({"PORT": "none"}, 2, "LEARNPATH_PORT must be a whole number"),
        ({"PROT": "5000"}, 2, "LEARNPATH_PROT is not a setting"),
        ({"DATA_DIR": "/dev/null/x"}, 2, "LEARNPATH_DATA_DIR: the folder /dev/null/x"),
    ],
)
def test_a_wrong_setting_is_one_line(
    tmp_path: Path, settings: dict[str, str], code: int, says: str
) -> None:
    _one_line(run(tmp_path, "db", "check", **settings), code, says)


@pytest.mark.parametrize("words", [["serve"], ["verify"]])
def test_what_needs_a_database_says_how_to_make_it(tmp_path: Path, words: list[str]) -> None:
    ended = run(tmp_path, *words, PORT=str(free_port()))
    _one_line(ended, 1, "The database is not ready for this version. Run: learnpath db upgrade")


def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "learnpath.db").write_text("This is a letter, not a database. " * 99)
    _one_line(run(tmp_path, "db", "upgrade"), 2, "file is not a database")


def test_a_folder_instead_of_a_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "learnpath.db").mkdir()
    _one_line(run(tmp_path, "db", "check"), 2, "unable to open database file")


def test_the_database_of_a_newer_version_is_left_alone(sqlite_url: str, tmp_path: Path) -> None:
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    for words in (["db", "upgrade"], ["serve"], ["demo"]):
        _one_line(run(tmp_path, *words), 1, "stands at 9999, which a newer version made")


def test_a_locked_database_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "learnpath.db"
    monkeypatch.setenv("LEARNPATH_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("learnpath.db.BUSY_SECONDS", 0)
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("BEGIN IMMEDIATE")
        ended = CliRunner().invoke(cli.main, ["db", "upgrade"])
    assert (ended.exit_code, ended.output) == (2, "The database says: database is locked.\n")


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (None, 2, "cannot be read: No such file or directory"),
        (b"\xff\xfe\x00", 2, "cannot be read: it is not UTF-8 text"),
        (b"not json", 1, "goal.json:"),
        (b"7", 1, "goal.json:"),
        (b"{}", 1, "goal.json:"),
    ],
)
def test_a_goal_that_cannot_be_read_is_one_line(
    tmp_path: Path, content: bytes | None, code: int, says: str
) -> None:
    file = tmp_path / "goal.json"
    if content is not None:
        file.write_bytes(content)
    _one_line(run(tmp_path, "progress", str(file)), code, says)


def test_a_record_that_holds_is_said_so(engine: Engine, tmp_path: Path) -> None:
    with unit_of_work(engine) as session:
        builders.a_learner(session)
    ended = run(tmp_path, "verify")
    assert ended.code == 0
    assert ended.out.startswith("The record holds: ")
    told = json.loads(run(tmp_path, "verify", "--json").out)
    assert told["events"] > 0
    assert told["faults"] == []


def test_a_record_that_somebody_changed_is_found_out(engine: Engine, tmp_path: Path) -> None:
    with unit_of_work(engine) as session:
        builders.a_learner(session)
    with sqlite3.connect(tmp_path / "learnpath.db") as database:
        database.execute("DROP TRIGGER event_is_never_changed")
        first = database.execute("SELECT min(id) FROM event").fetchone()[0]
        database.execute(
            "UPDATE event SET actor_id = NULL, relation = 'family' WHERE id = ?", [first]
        )
    ended = run(tmp_path, "verify")
    assert ended.code == 1
    assert f"event {first}: " in ended.err
    assert json.loads(run(tmp_path, "verify", "--json").out)["faults"]


def test_the_demo_school_never_moves_into_another_schools_house(
    engine: Engine, tmp_path: Path
) -> None:
    with unit_of_work(engine) as session:
        builders.a_learner(session)
    before = _verdict(engine)
    for words in (["demo"], ["demo", "--fresh"]):
        ended = run(tmp_path, *words)
        assert ended.code == 1
        assert "Traceback" not in ended.err
        assert ended.err.count("\n") == 1
    assert _verdict(engine) == before


def _verdict(engine: Engine) -> Verdict:
    with open_session(engine, writing=False) as session:
        return verify(session)
