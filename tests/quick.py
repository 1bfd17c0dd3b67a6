"""What every test would do anew and what comes out the same each time, done once in a process.

A test has a database and an app of its own. Without this, two fifths of the time of a run went into reading the
same routes and writing the same SQL again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

_read: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}
_read_anew = Rule._compile_builder
_make_engine = sa.create_engine


def _read_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
    if key not in _read:
        _read[key] = _read_anew(rule, append_unknown)
    return _read[key]


class _SharedSql:
    """The SQL that was written for SQLite: any database file takes it."""

    def __init__(self) -> None:
        first = _make_engine("sqlite://")
        with first.connect():  # it asks for the version of SQLite
            self.dialect = first.dialect
        first.dispose()
        self.written: LRUCache[Any, Any] = LRUCache(5000)

    def make_engine(self, url: Any, **options: Any) -> Engine:
        """Return an engine that writes no SQL that another one wrote before."""
        engine = _make_engine(url, **options)
        if engine.dialect.name == "sqlite":
            engine.dialect = engine.pool._dialect = self.dialect
            engine._compiled_cache = self.written
        return engine


def be_quick() -> None:
    """Let this process read a route once and write a statement once."""
    Rule._compile_builder = _read_once  # type: ignore[method-assign, assignment]
    sa.create_engine = _SharedSql().make_engine  # type: ignore[assignment]
