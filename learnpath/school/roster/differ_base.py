"""What every comparison needs: the two sides, and ``todo``."""

from __future__ import annotations

import json

from learnpath.school.roster.present import Present
from learnpath.school.roster.rows import RosterSet
from learnpath.school.roster.tables import ENROLMENTS
from learnpath.school.roster.understood import Understood

ORGS, SESSIONS, GROUPS, USERS, TIES, GUARDIANS = KINDS = (
    "orgs", "sessions", "classes", "users", "enrollments", "guardians",
)  # fmt: skip
USERS_FILE = "users.csv"
ADD, CHANGE, END = ACTS = ("add", "change", "end")


class BaseDiffer:
    """Compares a set with what is there.

    ``scope`` are the organisations that the plan is about, ``home`` the one school of whoever asks in the
    browser: people of other schools are then never touched.
    """

    def __init__(
        self, roster: RosterSet, present: Present, said: Understood, scope: set[str] | None,
        tied: set[str], home: int | None,
    ) -> None:  # fmt: skip
        self.roster, self.present, self.said = roster, present, said
        self.scope, self.tied, self.home = scope, tied, home
        self.scratch, self.db = roster.scratch, roster.scratch.db
        self.today = present.today.isoformat()
        self.bulk_users = int(roster.ends_what_is_gone("users.csv"))
        self.bulk_ties = int(roster.ends_what_is_gone(ENROLMENTS.name))

    def _do(self, kind: str, act: str, outside: str, id: int | None, **what: object) -> None:
        self.db.execute(
            "INSERT INTO todo VALUES (?, ?, ?, ?, ?)",
            (kind, act, outside, id, json.dumps(what, ensure_ascii=False, sort_keys=True)),
        )

    def _in_scope(self, school: str) -> bool:
        return self.scope is None or school in self.scope
