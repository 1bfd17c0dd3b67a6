"""Visitors: they come through the door that people use, and read pages as people do."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from sqlmodel import Session, col, select
from werkzeug.test import TestResponse

from learnpath import clock
from learnpath.db import unit_of_work
from learnpath.people.models import Hat, Person, SignIn
from learnpath.people.sign_in import start


class Page:
    """What came back."""

    def __init__(self, visitor: Visitor, response: TestResponse) -> None:
        self._visitor = visitor
        self.response = response

    @property
    def status(self) -> int:
        """The status code."""
        return self.response.status_code

    @property
    def text(self) -> str:
        """The body as text."""
        return self.response.get_data(as_text=True)

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The page, to look things up in."""
        return BeautifulSoup(self.text, "html.parser")

    @property
    def location(self) -> str:
        """Where the answer sends the browser."""
        return str(self.response.headers.get("Location", ""))

    @property
    def heading(self) -> str:
        """The words of the page's first heading."""
        heading = self.soup.h1
        return " ".join(heading.get_text().split()) if heading else ""

    @property
    def words(self) -> str:
        """All that a person can read on the page, with single spaces."""
        return " ".join(self.soup.get_text(" ").split())

    def follow(self) -> Page:
        """Go where the answer sends the browser."""
        assert self.location, f"no redirect: {self.status}\n{self.words[:500]}"
        return self._visitor.get(self.location)


class Visitor:
    """A browser of somebody, signed in as ``person`` or as nobody."""

    def __init__(self, app: Flask, person: Person | None = None, hat: Hat | None = None) -> None:
        self._app = app
        self.client = app.test_client()
        self._token = ""
        if person is not None:
            self._sign_in(person, hat)

    def _sign_in(self, person: Person, hat: Hat | None) -> None:
        with unit_of_work(self._app.extensions["learnpath.engine"]) as session:
            token = start(session, person.id or 0, clock.now())
            assert token, f"{person.called} has no relationship to sign in with"
            if hat is not None:
                _wear(session, hat)
        with self.client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True

    def get(self, path: str, **extra: Any) -> Page:
        """Open a page."""
        return Page(self, self.client.get(path, **extra))

    def post(self, path: str, /, **fields: Any) -> Page:
        """Send a form with its CSRF token. A list sends a field several times."""
        data = {"csrf_token": self.csrf_token(), **fields}
        return Page(self, self.client.post(path, data=data))

    def forget_token(self) -> None:
        """Forget the token: signing in or out begins a clean cookie with forms of its own."""
        self._token = ""

    def csrf_token(self) -> str:
        """Return the token of this visitor's forms."""
        if not self._token:
            page = self.get("/about")
            field = page.soup.find("input", {"name": "csrf_token"})
            assert field is not None, "the page has no form with a token"
            self._token = str(field["value"])
        return self._token


def _wear(session: Session, hat: Hat) -> None:
    newest = session.exec(select(SignIn).order_by(col(SignIn.id).desc())).first()
    assert newest is not None
    newest.hat = hat
