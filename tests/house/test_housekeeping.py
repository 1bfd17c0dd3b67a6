"""Uploads that nobody brings in go within a day, whether or not anybody looks; so do old days of the access log."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.engine import Engine
from sqlmodel import Session, select

from learnpath import clock, housekeeping
from learnpath.cli import main
from learnpath.config import Settings
from learnpath.db import make_engine, open_session
from learnpath.outcomes import waiting as outcome_files
from learnpath.outcomes.models import WaitingFile
from learnpath.people.models import Hat
from learnpath.record import Relation
from learnpath.school.models import AccessDay
from learnpath.school.roster import waiting as rosters
from tests.builders import MONDAY, a_learner, a_school, a_teacher_of, an_administrator, by

DAY = timedelta(days=1)


def an_upload(session: Session, folder: Path, school_name: str) -> None:
    """Leave a file of school data and a roster waiting since Monday."""
    office = an_administrator(session, school=a_school(session, school_name))
    content = b"Student,Day,Quiz,Score\n4711,09/05/2025,Fractions,15\n"
    outcome_files.take(session, by(office, Relation.SCHOOL), "data.csv", content, MONDAY)
    key = rosters.keep(folder, office.id or 0, "roster.zip", lambda path: _write(path, b"Ana"))
    kept = rosters.find(folder, office.id or 0, key)
    assert kept is not None
    os.utime(kept, (MONDAY.timestamp(), MONDAY.timestamp()))


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def waits(engine: Engine, folder: Path) -> tuple[int, int]:
    """Return how many files of school data wait, and how many rosters."""
    with open_session(engine, writing=False) as session:
        return len(session.exec(select(WaitingFile.id)).all()), len(list(folder.glob("*")))


def soon(done: Callable[[], bool]) -> bool:
    """Tell whether something comes true within some seconds."""
    until = time.monotonic() + 20
    while not done() and time.monotonic() < until:
        time.sleep(0.02)
    return done()


@pytest.fixture
def folder(settings: Settings) -> Path:
    return rosters.folder_in(settings.data_dir)


def test_a_round_lets_uploads_of_all_schools_go_before_their_day_is_over(
    any_engine: Engine, settings: Settings, folder: Path
) -> None:
    with open_session(any_engine, writing=True) as session:
        an_upload(session, folder, "Ridgeline")
        an_upload(session, folder, "Prairie")
        session.commit()
    hour = housekeeping.EVERY
    housekeeping.go_round(any_engine, settings, MONDAY + DAY - 2 * hour)
    assert waits(any_engine, folder) == (2, 2)
    # The next round would come when the day is over.
    housekeeping.go_round(any_engine, settings, MONDAY + DAY - hour + timedelta(seconds=1))
    assert waits(any_engine, folder) == (0, 0)


def test_a_round_forgets_old_days_of_the_access_log(any_engine: Engine, settings: Settings) -> None:
    old, young = (MONDAY.date() - timedelta(days=n + settings.access_log_days) for n in (1, -1))
    with open_session(any_engine, writing=True) as session:
        learner = a_learner(session)
        teacher = a_teacher_of(session, learner)
        session.add_all(
            AccessDay(
                learner_id=learner.id,
                day=day,
                reader_id=teacher.id,
                hat=Hat.TEACHER,
                room="goals",
                times=1,
            )
            for day in (old, young)
        )
        session.commit()
    housekeeping.go_round(any_engine, settings, MONDAY)
    with open_session(any_engine, writing=False) as session:
        assert session.exec(select(AccessDay.day)).all() == [young]


@pytest.mark.parametrize("command", [["send"], ["files", "tidy"]])
def test_commands_that_run_by_the_clock_go_round_too(
    session: Session, settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch,
    command: list[str],
) -> None:  # fmt: skip
    an_upload(session, folder, "Ridgeline")
    session.commit()
    monkeypatch.setenv("LEARNPATH_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("LEARNPATH_DATA_DIR", str(settings.data_dir))
    with clock.standing_at(MONDAY + DAY):
        done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    assert waits(make_engine(settings.database_url), folder) == (0, 0)


def test_the_server_goes_round_when_it_starts(
    session: Session, settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_upload(session, folder, "Ridgeline")
    session.commit()
    monkeypatch.setenv("LEARNPATH_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("LEARNPATH_DATA_DIR", str(settings.data_dir))
    monkeypatch.delitem(sys.modules, "learnpath.wsgi", raising=False)
    app = import_module("learnpath.wsgi").app
    monkeypatch.delitem(sys.modules, "learnpath.wsgi")
    engine = app.extensions["learnpath.engine"]
    assert soon(lambda: waits(engine, folder) == (0, 0))
    engine.dispose()


def test_a_database_that_cannot_be_asked_is_told_and_tried_again(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(housekeeping, "EVERY", timedelta(milliseconds=20))
    thread = housekeeping.keep_going_round(make_engine(f"sqlite:///{tmp_path}/new.db"), settings)
    assert soon(lambda: len(caplog.records) > 1)
    assert "housekeeping waits for its next round" in caplog.text
    assert thread.is_alive()
    monkeypatch.undo()
