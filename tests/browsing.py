"""A real browser in front of a real server, for journeys and for what only a browser can tell."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright
from werkzeug.serving import make_server

# A machine's Chromium looks for updates and the like at start; tests stay on this machine.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 10_000  # milliseconds


def launch(playwright: Playwright) -> Browser:
    """Start Chromium: the one that is named, the one on this machine, or Playwright's own."""
    found = os.environ.get("LEARNPATH_CHROMIUM") or shutil.which("chromium")
    return playwright.chromium.launch(executable_path=found, args=FLAGS)


@dataclass(frozen=True)
class LiveServer:
    """An app that listens on a port of this machine."""

    app: Flask
    url: str


@contextmanager
def served(app: Flask) -> Iterator[LiveServer]:
    """Serve ``app`` on a free port of this machine while the block runs."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield LiveServer(app, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def a_window(
    browser: Browser, url: str, *, width: int = 1280, height: int = 900, scheme: str = "light",
    locale: str = "en-US", **extra: object,
) -> Iterator[tuple[BrowserContext, Page]]:  # fmt: skip
    """Open a window of a person: its own cookies, its own size."""
    context = browser.new_context(
        base_url=url, viewport={"width": width, "height": height}, color_scheme=scheme,
        locale=locale, reduced_motion="reduce", **extra,
    )  # type: ignore[arg-type]  # fmt: skip
    context.set_default_timeout(PATIENCE)
    try:
        yield context, context.new_page()
    finally:
        context.close()
