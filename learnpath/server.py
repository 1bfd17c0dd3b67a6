"""Serving the app with a production WSGI server."""

from __future__ import annotations

import errno
import os
import signal
import socket

import click
from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from learnpath.config import Settings
from learnpath.errors import SettingsError

THREADS = 4  # of each worker process
PATIENCE = 15  # seconds for open requests when the server is stopped


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT stops it. Raises SettingsError when the address cannot be used."""
    _check_free(host, port)
    # The workers are processes of their own and read the settings again, as they stand here.
    os.environ["LEARNPATH_HOST"], os.environ["LEARNPATH_PORT"] = host, str(port)
    server = Granian(
        "learnpath.wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=THREADS,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE,
    )
    server.on_startup(
        lambda: click.echo(f"Learner Paths is at {_address(host, port)} (Ctrl+C stops it)")
    )
    _let_workers_stop()
    server.serve(target_loader=_load_app, wrap_loader=False)


def _let_workers_stop() -> None:
    """Have each worker end when the server tells it to, also while it is still starting.

    A worker is a copy of the server, with the server's own way of hearing signals until the app is
    loaded: it would take SIGTERM and go on. And Ctrl+C reaches every process of a terminal, but a
    worker that is told twice does not stop: only the server's own SIGTERM is for it. No signal may
    come in between, so all wait while the copy is made.
    """
    if not hasattr(os, "register_at_fork"):
        return
    told = {signal.SIGTERM, signal.SIGINT}

    def in_worker() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})

    os.register_at_fork(
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, told),
        after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, told),
        after_in_child=in_worker,
    )


def _load_app() -> Flask:
    from learnpath.wsgi import app  # noqa: PLC0415 - each worker has an app of its own

    return app


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _check_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            in_use = error.errno == errno.EADDRINUSE
            advice = f" Choose another: LEARNPATH_PORT={port + 1}" if in_use else ""
            raise SettingsError(
                f"Port {port} on {host} cannot be used ({(error.strerror or '').lower()}).{advice}"
            ) from error
