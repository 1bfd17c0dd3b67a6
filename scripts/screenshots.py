#!/usr/bin/env python3
"""Take the README's pictures: the demo school, in a real browser, on a Monday in November.

screenshots.py [FOLDER]   FOLDER is docs/screenshots when it is not named
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, sync_playwright
from sqlmodel import col, select

from learnpath import clock, create_app, migrate
from learnpath.conferences.models import Conference
from learnpath.config import Settings
from learnpath.db import make_engine, open_session
from learnpath.demo.fill import Made, fill
from learnpath.people.models import Credential
from tests.browsing import a_window, launch, served

MONDAY = datetime(2025, 11, 17, 9, tzinfo=ZoneInfo("America/Denver"))
WIDTH, HEIGHT = 1280, 1000
FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"


def main(folder: Path) -> int:
    """Fill a demo school in a folder of its own, and take the pictures."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with TemporaryDirectory() as data:
        settings = Settings(
            Path(data), f"sqlite:///{data}/demo.db", "only for these pictures" * 2,
            chartjs="local", demo=True, now=MONDAY, sign_in_tries=1000,
        )  # fmt: skip
        clock.install(MONDAY)
        engine = make_engine(settings.database_url)
        migrate.upgrade(engine)
        made = fill(engine, settings, fresh=False)
        with open_session(engine, writing=False) as session:
            conference, leading = session.exec(
                select(Conference.id, Credential.username)
                .join(Credential, col(Credential.person_id) == Conference.learner_id)
                .where(col(Conference.ready_at).is_not(None), col(Conference.held_at).is_(None))
                .order_by(col(Conference.id))
            ).first() or (0, "")
        with served(create_app(settings)) as server, sync_playwright() as playwright:
            browser = launch(playwright)
            take = _Camera(browser, server.url, folder)
            take.picture("student", *_sign_in(made, "student"), "/")
            take.picture("teacher", *_sign_in(made, "teacher"), "/")
            password = made.sign_ins[0].password
            clicks = ("form[action$='/begin'] button", "[data-to]:has-text('goal')")
            take.picture("conference", leading, password, f"/conferences/{conference}", *clicks)
            browser.close()
    return 0


def _sign_in(made: Made, role: str) -> tuple[str, str]:
    shown = next(one for one in made.sign_ins if one.role == role)
    return shown.username, shown.password


class _Camera:
    def __init__(self, browser: Browser, url: str, folder: Path) -> None:
        self._browser, self._url, self._folder = browser, url, folder
        folder.mkdir(parents=True, exist_ok=True)

    def picture(self, name: str, username: str, password: str, path: str, *clicks: str) -> None:
        """Sign in, open ``path``, click, and keep what the window shows."""
        with self._signed_in(username, password) as page:
            answer = page.goto(path, wait_until="networkidle")
            if answer is None or not answer.ok:
                raise SystemExit(f"{name}: {path} answered {answer and answer.status}.")
            for click in clicks:
                page.click(click)
                page.wait_for_load_state("networkidle")
            page.screenshot(path=self._folder / f"{name}.png", animations="disabled")
            print(f"{name}.png: {page.title()}")

    @contextmanager
    def _signed_in(self, username: str, password: str) -> Iterator[Page]:
        with a_window(self._browser, self._url, width=WIDTH, height=HEIGHT) as (_context, page):
            page.goto("/sign-in")
            page.fill("[name=username]", username)
            page.fill("[name=password]", password)
            page.click("main button[type=submit]")
            page.wait_for_load_state("networkidle")
            yield page


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
