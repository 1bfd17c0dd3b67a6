"""The files that a learner added come along with the record, each to be checked by its digest."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlmodel import Session

from learnpath.cli import main
from tests.builders import MONDAY, a_learner
from tests.goals.build import a_goal
from tests.visiting import Visitor

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"


@pytest.fixture
def mine(session: Session, visit: Callable[..., Visitor]) -> Visitor:
    """A learner who added one file."""
    learner = a_learner(session, "Linh")
    goal = a_goal(session, learner=learner)
    session.commit()
    visitor = visit(learner)
    sent = visitor.post(
        f"/goals/{goal.id}/check-in", week=MONDAY.date().isoformat(), seen_id="", value="30",
        files=[(BytesIO(PDF), "Essay.pdf")],
    )  # fmt: skip
    assert sent.status == 303
    visitor.record = f"/learners/{learner.id}/record"  # type: ignore[attr-defined]
    return visitor


def test_the_copy_has_each_file_with_its_digest(mine: Visitor) -> None:
    path: str = mine.record  # type: ignore[attr-defined]
    assert "Download the record with its files" in mine.get(path).words
    answer = mine.post(f"{path}/copy-with-files").response
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    body = answer.get_data()
    answer.close()
    with zipfile.ZipFile(BytesIO(body)) as archive:
        record = json.loads(archive.read("record.json"))
        (file,) = record["files"]
        content = archive.read(file["path"])
    assert content == PDF
    assert file["sha256"] == hashlib.sha256(content).hexdigest()
    assert file["path"].endswith("Essay.pdf")
    (row,) = record["tables"]["evidence"]
    assert "file_key" not in row


def test_a_lost_file_and_a_stray_one_are_found(
    mine: Visitor, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = app.extensions["learnpath.settings"]
    monkeypatch.setenv("LEARNPATH_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("LEARNPATH_DATABASE_URL", settings.database_url)
    run = CliRunner().invoke
    assert run(main, ["files", "check"]).output == "Files: 1, all whole.\n"
    (kept,) = [path for path in Path(settings.data_dir / "files").rglob("*") if path.is_file()]
    stray = kept.with_name(f"{kept.name[:2]}{'0' * 30}")
    for path in (stray, kept):
        path.write_bytes(PDF)
        os.utime(path, (0, 0))
    young = kept.with_name(f"{kept.name[:2]}{'1' * 30}")
    young.write_bytes(PDF)
    assert run(main, ["files", "tidy"]).output == "Files erased: 1.\n"
    assert kept.exists()
    assert not stray.exists()
    assert young.exists()
    kept.write_bytes(PDF + b" ")
    checked = run(main, ["files", "check"])
    assert checked.exit_code == 1
    assert "missing or damaged" in checked.output
    kept.unlink()
    assert run(main, ["files", "check"]).exit_code == 1
    # What is lost is named by the record, and does not keep the rest from coming along.
    record: str = mine.record  # type: ignore[attr-defined]
    answer = mine.post(f"{record}/copy-with-files").response
    body = answer.get_data()
    answer.close()
    with zipfile.ZipFile(BytesIO(body)) as archive:
        assert archive.namelist() == ["record.json"]
