"""Serving the app with a production WSGI server."""

from __future__ import annotations

import os
import socket

from granian import Granian
from granian.constants import Interfaces

from learnpath.config import Settings
from learnpath.errors import SettingsError


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until a signal stops it. Raises SettingsError when the address cannot be used."""
    _check_free(host, port)
    # The workers are processes of their own and read the settings again, as they stand here.
    os.environ["LEARNPATH_HOST"], os.environ["LEARNPATH_PORT"] = host, str(port)
    Granian(
        "learnpath.wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=4,
        log_access=False,
        respawn_failed_workers=True,
        process_name="learnpath",
    ).serve()


def _check_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"Port {port} on {host} cannot be used ({(error.strerror or '').lower()}). "
                f"Choose another, for example: LEARNPATH_PORT={port + 1} make run"
            ) from error
