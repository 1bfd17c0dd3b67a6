"""``learnpath record rebuild``: the weekly roll-up is written anew from the events, and only from them."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.engine import Engine
from sqlmodel import Session

from learnpath.cli import main
from learnpath.db import open_session, unit_of_work
from learnpath.record.rebuild import Rewritten, rewrite
from learnpath.record.verify import count_events, verify
from tests.house.running import run
from tests.record.build import a_learner_with_events, reflected

SPOILED = [
    ("UPDATE evidence_week SET facts = facts + 1 WHERE verb = 'reflected'", (0, 1, 0)),
    ("UPDATE evidence_week SET decided_by = 'teacher' WHERE verb = 'reflected'", (1, 0, 1)),
    ("UPDATE evidence_week SET qualifier = 'older' WHERE verb = 'reflected'", (1, 0, 1)),
    ("DELETE FROM evidence_week WHERE verb = 'reflected'", (1, 0, 0)),
    ("UPDATE evidence_week SET told = '2024-01-01' WHERE verb = 'reflected'", (1, 0, 1)),
]


@pytest.mark.parametrize(("statement", "done"), SPOILED)
def test_what_the_events_do_not_say_is_put_right(
    any_session: Session, statement: str, done: tuple[int, int, int]
) -> None:
    a_learner_with_events(any_session, 3)
    any_session.flush()
    rows = any_session.execute(sa.text("SELECT count(*) FROM evidence_week")).scalar_one()
    any_session.execute(sa.text(statement))
    assert verify(any_session).faults
    steps: list[int] = []
    assert rewrite(any_session, steps.append) == Rewritten(rows, *done)
    assert sum(steps) == count_events(any_session)
    assert verify(any_session).faults == ()
    assert rewrite(any_session) == Rewritten(rows, 0, 0, 0)


def test_the_roll_up_of_an_empty_record_is_empty(any_session: Session) -> None:
    assert rewrite(any_session) == Rewritten(0, 0, 0, 0)


def test_somebody_who_writes_meanwhile_is_counted_once(any_engine: Engine) -> None:
    with unit_of_work(any_engine) as session:
        learner = a_learner_with_events(session, 2)

    def rebuild() -> Rewritten:
        with unit_of_work(any_engine) as session:
            return rewrite(session)

    with ThreadPoolExecutor(1) as pool:
        with open_session(any_engine, writing=True) as session:
            reflected(session, learner, "meanwhile")
            session.flush()
            waiting = pool.submit(rebuild)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.3)
            session.commit()
        done = waiting.result(timeout=30)
    assert (done.added, done.changed, done.removed) == (0, 0, 0)
    with open_session(any_engine, writing=False) as session:
        assert verify(session).faults == ()


def test_the_command_that_verify_names_puts_the_roll_up_right(
    engine: Engine, tmp_path: Path
) -> None:
    with unit_of_work(engine) as session:
        a_learner_with_events(session, 3)
    with sqlite3.connect(tmp_path / "learnpath.db") as database:
        database.execute("UPDATE evidence_week SET qualifier = 'older' WHERE verb = 'reflected'")
    found = run(tmp_path, "verify")
    assert (found.code, found.out) == (1, "")
    assert "the weekly roll-up differs from the events.\n" in found.err
    assert "To write the roll-up anew: learnpath record rebuild" in found.err
    done = run(tmp_path, "record", "rebuild")
    assert (done.code, done.err) == (0, "")
    assert "Added: 1. Changed: 0. Removed: 1." in done.out
    again = run(tmp_path, "record", "rebuild", "--json")
    told = json.loads(again.out)
    assert (again.code, told["faults"]) == (0, [])
    assert told["roll_up"]["rows"] > 0
    assert {told["roll_up"][key] for key in ("added", "changed", "removed")} == {0}
    with open_session(engine, writing=False) as session:
        assert verify(session).faults == ()


def test_nothing_is_counted_from_events_that_somebody_changed(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unit_of_work(engine) as session:
        a_learner_with_events(session, 3)
    with sqlite3.connect(tmp_path / "learnpath.db") as database:
        database.execute("DROP TRIGGER event_is_never_changed")
        database.execute("UPDATE event SET payload = '{\"prompt\":\"x\"}' WHERE verb = 'reflected'")
        database.execute("UPDATE evidence_week SET facts = 99 WHERE verb = 'reflected'")
    monkeypatch.setenv("LEARNPATH_DATA_DIR", str(tmp_path))
    found = CliRunner().invoke(main, ["verify"])
    assert "its payload was changed" in found.stderr
    assert "record rebuild" not in found.stderr
    done = CliRunner().invoke(main, ["record", "rebuild"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "its payload was changed" in done.stderr
    assert done.stderr.endswith("Nothing was changed: the events come first.\n")
    told = CliRunner().invoke(main, ["record", "rebuild", "--json"])
    assert (told.exit_code, told.stderr) == (1, "")
    assert json.loads(told.stdout)["faults"]
    assert json.loads(told.stdout)["roll_up"] is None
    with sqlite3.connect(tmp_path / "learnpath.db") as database:
        query = "SELECT max(facts) FROM evidence_week WHERE verb = 'reflected'"
        assert database.execute(query).fetchone() == (99,)
