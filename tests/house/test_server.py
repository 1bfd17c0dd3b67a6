"""The production server: it answers, it stops when it is told to, and it says what went wrong."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import time
from pathlib import Path

import pytest
from flask.sessions import SecureCookieSessionInterface

from learnpath import create_app
from learnpath.config import Settings
from tests.house.running import PATIENCE, Server, free_port, run, serving, starting


@pytest.fixture
def folder(sqlite_url: str, tmp_path: Path) -> Path:
    """Return the data folder of an installation whose database is ready."""
    assert sqlite_url.endswith("learnpath.db")
    return tmp_path


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_when_it_is_told_to(folder: Path, sent: signal.Signals) -> None:
    with serving(folder) as server:
        assert server.get("/sign-in").status == 200
        began = time.monotonic()
        ended = server.stop(sent)
    assert ended.code == 0
    assert ended.err == ""
    assert ended.out == f"Learner Paths is at http://127.0.0.1:{server.port} (Ctrl+C stops it)\n"
    assert time.monotonic() - began < 10


def test_ctrl_c_at_a_terminal_reaches_all_its_processes_and_stops_them_at_once(
    folder: Path,
) -> None:
    with serving(folder, WORKERS="2") as server:
        began = time.monotonic()
        os.killpg(server.process.pid, signal.SIGINT)
        out, err = server.process.communicate(timeout=PATIENCE)
    assert (server.process.returncode, err) == (0, "")
    assert "refused" not in out
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once_also_while_its_workers_are_still_starting(
    folder: Path, sent: signal.Signals
) -> None:
    with starting(folder, WORKERS="2") as process:
        assert process.stdout.readline().startswith("Learner Paths is at")
        time.sleep(0.2)  # its workers are there, and are reading the app
        began = time.monotonic()
        os.killpg(process.pid, sent)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, err) == (0, "", "")
    assert time.monotonic() - began < 10


def test_several_workers_answer_and_all_of_them_stop(folder: Path) -> None:
    with serving(folder, WORKERS="2") as server:
        assert {server.get("/sign-in").status for _ in range(20)} == {200}
        ended = server.stop()
    assert (ended.code, ended.err) == (0, "")
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", server.port), timeout=2)


def test_a_port_in_use_is_one_line(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = run(folder, "serve", "--port", str(port))
    assert ended.code == 2
    assert ended.err == (
        f"Port {port} on 127.0.0.1 cannot be used (address already in use). "
        f"Choose another: LEARNPATH_PORT={port + 1}\n"
    )


@pytest.mark.parametrize("host", ["no-such-host.invalid", "203.0.113.1"])
def test_an_address_that_is_not_this_machines_is_one_line(folder: Path, host: str) -> None:
    ended = run(folder, "serve", "--host", host, "--port", str(free_port()))
    assert ended.code == 2
    assert re.fullmatch(rf"Port \d+ on {host} cannot be used \(.+\)\.\n", ended.err)


def test_pages_and_static_files_are_there_and_browsers_keep_the_files(folder: Path) -> None:
    with serving(folder) as server:
        page = server.get("/sign-in")
        assert page.headers["Cache-Control"] == "private, no-store"
        styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.body)
        assert styles
        for address in styles:
            style = server.get(address)
            assert style.status == 200
            assert style.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert style.headers["Content-Type"].startswith("text/css")


def test_other_hosts_names_are_refused(folder: Path) -> None:
    with serving(folder) as server:
        answer = server.get("/sign-in", Host="evil.example.org")
        ended = server.stop()
    assert answer.status == 400
    assert "LEARNPATH_TRUSTED_HOSTS" in answer.body
    assert ended.err == ""


def test_an_unexpected_error_is_told_on_standard_error_and_not_to_the_visitor(folder: Path) -> None:
    with serving(folder) as server:
        cookie = _cookie_of_somebody(folder)
        with sqlite3.connect(folder / "learnpath.db") as database:
            database.execute("ALTER TABLE sign_in RENAME TO gone")
        answer = server.get("/", Cookie=cookie)
        ended = server.stop()
    assert answer.status == 500
    assert "no such table" not in answer.body
    assert "ERROR learnpath" in ended.err
    assert "no such table: sign_in" in ended.err
    assert ended.code == 0


def _cookie_of_somebody(folder: Path) -> str:
    secret = (folder / "secret.key").read_text().strip()
    app = create_app(Settings(folder, f"sqlite:///{folder}/learnpath.db", secret))
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    app.extensions["learnpath.engine"].dispose()
    assert signer is not None
    return f"learnpath={signer.dumps({'_user_id': 'anybody', '_fresh': True})}"


def test_a_page_that_is_asked_for_often_comes_every_time(folder: Path) -> None:
    with serving(folder, WORKERS="2") as server:
        assert _all_ok(server, 60)


def _all_ok(server: Server, times: int) -> bool:
    return all(server.get("/sign-in").status == 200 for _ in range(times))
