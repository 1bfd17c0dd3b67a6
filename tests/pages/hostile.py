"""Words as bad as they come, put in the place of everything that a learner wrote."""

from __future__ import annotations

import json

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from tests.world import NOBODY

LONG = "Donaudampf" * 30
# Markup, both template languages, two ways out of an attribute, a placeholder, letters that turn the
# reading direction around, one that is made of two, and a word that no line can hold.
WORDS = (
    "<b data-evil>x</b></script><script data-evil>evil()</script><img src=x data-evil onerror=evil()>"
    "\"' data-evil onfocus='evil()' {{ 7193*7193 }}{% evil %}${7193*7193} %(evil)s %s \u202eevil\u202c "
    f"\U0001f331\U0001f3fd zu\u0308rich {LONG}"
)
PRODUCT = str(7193 * 7193)
KEPT = {"event", "chain_head"}  # the record holds no words, and lets nobody change it


def spoil(engine: Engine, mark: str = "zorba") -> int:
    """Put ``WORDS`` where ``mark`` stands, in every text of every table. Return in how many texts."""
    changed = 0
    with engine.begin() as connection:
        # Longer than a form takes: old rows and other ways in may hold as much.
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        for name in _names(connection, "trigger"):
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        for table in set(_names(connection, "table")) - KEPT:
            for column in sa.inspect(connection).get_columns(table):
                changed += _spoil(connection, table, column["name"], mark)
    return changed


def _names(connection: sa.Connection, kind: str) -> list[str]:
    query = "SELECT name FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite_%'"
    return list(connection.exec_driver_sql(query, (kind,)).scalars())


def _spoil(connection: sa.Connection, table: str, column: str, mark: str) -> int:
    found = connection.exec_driver_sql(
        f'SELECT rowid, "{column}" FROM "{table}" WHERE typeof("{column}") = \'text\''
        f' AND "{column}" LIKE ?', (f"%{mark}%",),
    ).all()  # fmt: skip
    for row, text in found:
        words = json.dumps(WORDS)[1:-1] if text.startswith(("[", "{", '"')) else WORDS
        spoilt = text.replace(mark.title(), words).replace(mark, words)
        connection.exec_driver_sql(
            f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (spoilt, row)
        )
    return len(found)


READERS = ("learner", "classmate", "teacher", "family", "leader", "administrator", NOBODY)
