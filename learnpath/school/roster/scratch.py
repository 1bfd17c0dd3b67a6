"""Where a set lies while it is compared: a temporary SQLite file, so that memory stays small at any size."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from learnpath.school.roster.words import reason

SCHEMA = """
CREATE TABLE wrong (file TEXT, line INT, spot TEXT, code TEXT, parts TEXT, weight INT, times INT);
-- role rows of 1.2: who is what where
CREATE TABLE role (person TEXT, role TEXT, org TEXT, main INT, line INT);
CREATE TABLE user (
    id TEXT PRIMARY KEY, line INT, state INT, given TEXT, family TEXT, called TEXT, legal TEXT,
    pronouns TEXT, email TEXT, identifier TEXT, grade INT, org TEXT, roles TEXT, elsewhere INT,
    -- whether the account may be used, where the row says it; the username, which only a new person takes
    enabled INT, username TEXT
) WITHOUT ROWID;
CREATE TABLE agent (namer TEXT, named TEXT, line INT);
CREATE TABLE naming (namer TEXT, named TEXT, line INT, learner TEXT, guardian TEXT, state INT,
    PRIMARY KEY (namer, named)) WITHOUT ROWID;
CREATE TABLE tie (
    id TEXT PRIMARY KEY, line INT, state INT, kind TEXT, person TEXT, class TEXT, starts TEXT,
    first_day TEXT, ends TEXT
) WITHOUT ROWID;
CREATE INDEX tie_person ON tie (person);
-- what is there
CREATE TABLE c_school (outside TEXT PRIMARY KEY, id INT) WITHOUT ROWID;
CREATE TABLE c_person (
    outside TEXT PRIMARY KEY, id INT, school INT, given TEXT, family TEXT, called TEXT, legal TEXT,
    email TEXT, identifier TEXT, grade INT, gone INT, seat INT, learns INT,
    closed TEXT
) WITHOUT ROWID;
CREATE UNIQUE INDEX c_person_id ON c_person (id);
CREATE TABLE c_username (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE c_class (outside TEXT PRIMARY KEY, id INT, school INT) WITHOUT ROWID;
CREATE TABLE c_tie (
    kind TEXT, outside TEXT, id INT, person INT, class INT, school INT, starts TEXT, ends TEXT,
    -- the id first: a key that began with the kind would be searched row by row
    PRIMARY KEY (id, kind)) WITHOUT ROWID;
CREATE INDEX c_tie_outside ON c_tie (outside, kind);
CREATE INDEX c_tie_person ON c_tie (person);
CREATE TABLE c_naming (namer TEXT, named TEXT, id INT, PRIMARY KEY (namer, named)) WITHOUT ROWID;
CREATE INDEX c_naming_id ON c_naming (id);
CREATE TABLE c_guard (
    id INTEGER PRIMARY KEY, guardian INT, learner INT, starts TEXT, ends TEXT, no_contact INT,
    ours INT);
CREATE INDEX c_guard_pair ON c_guard (learner, guardian);
-- what is to be done
CREATE TABLE todo (kind TEXT, act TEXT, outside TEXT, id INT, what TEXT);
CREATE INDEX todo_kind ON todo (kind, act);
-- enrolments and teachings that leave their first day to another one, and so step aside first
CREATE TABLE aside (kind TEXT, id INT);
"""

# The state of a row: it may be planned, it was left out, it says that its thing ended, or it belongs to
# a school that this plan is not about.
LEFT, GOOD, GONE, ELSEWHERE = 0, 1, 2, 3


class Weight(IntEnum):
    """How much a wrong row weighs."""

    NOTED = 0
    LEFT_OUT = 1
    STOPS = 2


@dataclass(frozen=True)
class Wrong:
    """A row of the set that is not as it should be."""

    file: str
    line: int
    column: str
    code: str
    parts: dict[str, Any]
    weight: Weight
    times: int = 1

    @property
    def stops(self) -> bool:
        """Whether nothing can be applied because of it."""
        return self.weight is Weight.STOPS

    def reason(self) -> str:
        """Say in words why."""
        return reason(self.code, self.parts)

    def as_json(self) -> dict[str, Any]:
        """Return it as the command prints it."""
        return {
            "file": self.file, "line": self.line, "column": self.column,
            "reason": self.reason(), "stops": self.stops,
        }  # fmt: skip


class Scratch:
    """The temporary database. It is gone when it is closed, and when the process ends."""

    def __init__(self) -> None:
        self.db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self.db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + SCHEMA)
        self.db.execute("BEGIN")
        self._once: dict[tuple[str, str, str, str], tuple[int, int]] = {}
        self.stopped = False

    def close(self) -> None:
        """Throw it away."""
        self.db.close()

    def wrong(
        self, file: str, line: int, column: str, code: str,
        weight: Weight = Weight.LEFT_OUT, /, **parts: Any,
    ) -> None:  # fmt: skip
        """Note that a row is wrong."""
        self.stopped |= weight is Weight.STOPS
        self._keep(file, line, column, code, json.dumps(parts), weight, 1)

    def noted(self, file: str, line: int, column: str, code: str, /, **parts: Any) -> None:
        """Note something that is read all the same; what comes again is counted, not listed."""
        key = (file, column, code, json.dumps(parts))
        first, times = self._once.get(key, (line, 0))
        self._once[key] = (first, times + 1)

    def _keep(self, *row: Any) -> None:
        self.db.execute("INSERT INTO wrong VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def settle(self) -> None:
        """Write down what was noted more than once."""
        for (file, column, code, parts), (line, times) in self._once.items():
            self._keep(file, line, column, code, parts, Weight.NOTED, times)
        self._once.clear()

    def leave_out(self, file: str, column: str, code: str, found: str, *args: Any) -> None:
        """Note as left out all rows that ``found`` selects as line and parts (JSON)."""
        self.db.execute(
            f"INSERT INTO wrong SELECT ?, line, ?, ?, parts, 1, 1 FROM ({found})",
            (file, column, code, *args),
        )

    def all_wrong(self, limit: int = -1, offset: int = 0) -> Iterator[Wrong]:
        """Return what is wrong, in the order of the files: what stops comes first."""
        rows = self.db.execute(
            "SELECT file, line, spot, code, parts, weight, times FROM wrong "
            "ORDER BY weight = 2 DESC, file, line, spot, code LIMIT ? OFFSET ?", (limit, offset),
        )  # fmt: skip
        for file, line, spot, code, parts, weight, times in rows:
            yield Wrong(file, line, spot, code, json.loads(parts), Weight(weight), times)

    def left_out(self) -> dict[str, int]:
        """Return how many rows of each file are left out."""
        rows = self.db.execute(
            "SELECT file, count(DISTINCT line) FROM wrong WHERE weight = 1 GROUP BY file ORDER BY file"
        )
        return dict(rows.fetchall())
