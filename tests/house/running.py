"""Running the command as people do: as a process of its own, with nothing of ours around it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

COMMAND = (sys.executable, "-m", "learnpath")
PATIENCE = 30  # seconds; a busy machine starts a server in three


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """Return the environment of a fresh installation with its data in ``folder``."""
    bare = {key: value for key, value in os.environ.items() if not key.startswith("LEARNPATH_")}
    ours = {f"LEARNPATH_{key}": value for key, value in settings.items()}
    return bare | {"LEARNPATH_DATA_DIR": str(folder)} | ours


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


def run(folder: Path, *arguments: str, command: tuple[str, ...] = COMMAND, **settings: str) -> Done:
    """Run ``learnpath`` with ``arguments`` to its end."""
    ended = subprocess.run(
        [*command, *arguments],
        env=environment(folder, **settings), cwd=folder, stdin=subprocess.DEVNULL,
        capture_output=True, encoding="utf-8", timeout=PATIENCE * 4, check=False,
    )  # fmt: skip
    return Done(ended.returncode, ended.stdout, ended.stderr)


def free_port() -> int:
    """Return a port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Answer:
    """What a running server answered."""

    status: int
    headers: http.client.HTTPMessage
    body: str


class Server:
    """A running ``learnpath serve``."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a page."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path, headers=named)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read().decode())
        finally:
            connection.close()

    def stop(self, sent: signal.Signals = signal.SIGTERM) -> Done:
        """Send a signal and wait for the end."""
        self.process.send_signal(sent)
        out, err = self.process.communicate(timeout=PATIENCE)
        return Done(self.process.returncode, out, err)


@contextmanager
def starting(
    folder: Path, *, command: tuple[str, ...] = COMMAND, **settings: str
) -> Iterator[subprocess.Popen[str]]:
    """Give the process of a server on the database in ``folder``, as soon as it was begun."""
    process = subprocess.Popen(
        [*command, "serve", "--port", settings.setdefault("PORT", str(free_port()))],
        env=environment(folder, **settings), cwd=folder, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=PATIENCE)


@contextmanager
def serving(
    folder: Path, *, command: tuple[str, ...] = COMMAND, **settings: str
) -> Iterator[Server]:
    """Give a server on the migrated database in ``folder``, ready to answer."""
    port = free_port()
    with starting(folder, command=command, PORT=str(port), **settings) as process:
        server = Server(process, port)
        _wait(server)
        yield server


def _wait(server: Server) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.process.poll() is not None:
            raise AssertionError(f"the server ended at once: {server.process.communicate()}")
        try:
            server.get("/sign-in")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server does not answer")
