"""The app with everybody in it, for tests that try every route as everybody."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Engine

from tests.routes import Route
from tests.visiting import Page, Visitor
from tests.world import NOBODY, PEOPLE, World

EVERYBODY = (NOBODY, *PEOPLE)
# What a form must say to lead to anything at all; others answer an empty form by saying what is missing.
SAID: dict[str, Callable[[World], dict[str, object]]] = {
    "conferences.order": lambda _: {"card": "welcome", "way": "down"},
    "conferences.issue_link": lambda world: {"guardian": world.people["family"]},
    "conferences.give_feedback": lambda _: {"understood": "yes"},
    "profiles.inventory_start": lambda _: {"inventory": "older"},
    "conferences.feedback_words": lambda _: {"proud": "You were brave."},
}


class House:
    """The app on a copy of the world, with everybody's browser, set back after each change."""

    def __init__(self, app: Flask, world: World, source: Path, copy: Path) -> None:
        self.app, self.world, self._source, self._copy = app, world, source, copy
        self.visitors = {name: self._visitor(name) for name in EVERYBODY}
        self._nothing: dict[tuple[str, str, str], Page] = {}

    def _visitor(self, name: str) -> Visitor:
        visitor = Visitor(self.app)
        if name != NOBODY:
            with visitor.client.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = self.world.tokens[name], True
        return visitor

    @property
    def engine(self) -> Engine:
        engine: Engine = self.app.extensions["learnpath.engine"]
        return engine

    def set_back(self) -> None:
        """Make the world as it was at first."""
        self.engine.dispose()
        for rest in ("-wal", "-shm"):
            Path(f"{self._copy}{rest}").unlink(missing_ok=True)
        shutil.copyfile(self._source, self._copy)
        self._set_files_back()
        self._nothing.clear()

    def _set_files_back(self) -> None:
        source, copy = (path.parent / "files" for path in (self._source, self._copy))
        if _names_below(source) != _names_below(copy):
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(source, copy)

    def open_again(self, name: str) -> None:
        """Give somebody a new browser, when the old one signed out."""
        self.visitors[name] = self._visitor(name)

    def nothing_at(self, name: str, route: Route, address: str) -> Page:
        """Return what somebody gets where there is nothing; asked for once."""
        key = (name, route.method, address)
        if key not in self._nothing:
            self._nothing[key] = self.send(name, route, address)
        return self._nothing[key]

    def send(self, name: str, route: Route, address: str) -> Page:
        """Let somebody open an address, or send an empty form to it."""
        visitor = self.visitors[name]
        if route.method == "GET":
            return visitor.get(address)
        said = SAID[route.endpoint](self.world) if route.endpoint in SAID else {}
        return visitor.post(address, **said)

    def rows(self) -> dict[str, int]:
        """Return how many rows each table has, and how many changes the file has seen."""
        with self.engine.connect() as connection:
            tables = sa.inspect(connection).get_table_names()
            return {
                table: connection.exec_driver_sql(
                    f'SELECT coalesce(sum(length(t.row)), 0) FROM (SELECT json_array({_columns(connection, table)}) AS row FROM "{table}") t'
                ).scalar_one()
                for table in tables
            }


def _names_below(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def _columns(connection: sa.Connection, table: str) -> str:
    columns = sa.inspect(connection).get_columns(table)
    # JSON takes no bytes: those go in as their digits.
    return ", ".join(
        f'hex("{one["name"]}")' if isinstance(one["type"], sa.LargeBinary) else f'"{one["name"]}"'
        for one in columns
    )
