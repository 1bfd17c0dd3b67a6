"""People, what they are and where they belong: users.csv and roles.csv."""

from __future__ import annotations

import json
from typing import Any

from learnpath.school.roster.check_classes import ClassCheck
from learnpath.school.roster.scratch import GOOD, LEFT, Weight
from learnpath.school.roster.tables import (
    FAMILY,
    ROLE_ROWS,
    STAFF,
    STUDENT,
    TEACHER,
    USERS,
)  # fmt: skip


class PeopleCheck(ClassCheck):
    """Reads people and their roles."""

    def _roles(self) -> None:
        today = self.present.today
        lines: dict[str, int] = {}
        insert = "INSERT INTO role VALUES (?, ?, ?, ?, ?)"
        for row, said, state in self._rows(ROLE_ROWS):
            id = said["sourcedId"]
            if id in lines:
                self._again(ROLE_ROWS.name, row.line, lines[id])
                continue
            lines[id] = row.line
            org = said["orgSourcedId"]
            if state == GOOD and org not in self.all.orgs and org not in self.all.schools:
                self.scratch.wrong(
                    ROLE_ROWS.name, row.line, "orgSourcedId", "no_org", Weight.NOTED, id=org
                )
            over = said["endDate"] is not None and said["endDate"] < today
            if state == GOOD and not over:
                main = int(said["roleType"] == "primary")
                self.scratch.db.execute(
                    insert, (said["userSourcedId"], said["role"], org, main, row.line)
                )
        self.scratch.db.execute("CREATE INDEX role_person ON role (person)")

    def _users(self) -> None:
        table = USERS[self.roster.version]
        db = self.scratch.db
        insert = (
            "INSERT OR IGNORE INTO user VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)"
        )
        for row, said, told in self._rows(table):
            id = said["sourcedId"]
            roles, orgs = self._roles_and_orgs(id, said)
            org = self._home(row.line, orgs, told)
            if told == GOOD and not roles:
                roles = self._roles_known(id)
            given, legal, family = self._names(said)
            state = self._state_of_user(row.line, told, roles, given or family)
            called = given if STUDENT in roles and given else f"{given} {family}".strip()
            values = (
                id, row.line, state, given, family, called[:80], legal, said.get("pronouns") or "",
                (said["email"] or "").lower()[:254], said["identifier"] or "",
                said["grades"] if STUDENT in roles else None, org, ",".join(roles),
                said["enabledUser"], said["username"] or "",
            )  # fmt: skip
            if db.execute(insert, values).rowcount == 0:
                first = db.execute("SELECT line FROM user WHERE id = ?", (id,)).fetchone()[0]
                self._again(table.name, row.line, first)
                continue
            if state == GOOD:
                db.executemany(
                    "INSERT INTO agent VALUES (?, ?, ?)",
                    ((id, named, row.line) for named in said["agentSourcedIds"]),
                )
        if self.roster.version == "1.2":
            self.scratch.leave_out(
                ROLE_ROWS.name, "userSourcedId", "role_of_nobody",
                "SELECT line, json_object('id', person) AS parts FROM role "
                "WHERE NOT EXISTS (SELECT 1 FROM user WHERE id = person) "
                "AND NOT EXISTS (SELECT 1 FROM c_person WHERE outside = person)",
            )  # fmt: skip

    def _state_of_user(self, line: int, told: int, roles: list[str], name: str) -> int:
        if told != GOOD:
            return told
        if not roles:
            self.scratch.wrong("users.csv", line, "role", "no_role")
            return LEFT
        if not name:
            self.scratch.wrong("users.csv", line, "givenName", "no_name")
            return LEFT
        return GOOD

    def _roles_and_orgs(self, id: str, said: dict[str, Any]) -> tuple[list[str], list[str]]:
        if self.roster.version == "1.1":
            return [said["role"]] if said["role"] else [], said["orgSourcedIds"] or []
        rows = self.scratch.db.execute(
            "SELECT role, org FROM role WHERE person = ? ORDER BY main DESC, line", (id,)
        ).fetchall()
        orgs = [org for _, org in rows]
        primary = said["primaryOrgSourcedId"]
        return list(dict.fromkeys(role for role, _ in rows)), [primary, *orgs] if primary else orgs

    def _roles_known(self, id: str) -> list[str]:
        """Return what a person is by what is here, when a set of changes does not say it."""
        if self.roster.mode_of(ROLE_ROWS.name) == "bulk":
            return []
        row = self.scratch.db.execute(
            "SELECT learns FROM c_person WHERE outside = ?", (id,)
        ).fetchone()
        return [] if row is None else [STUDENT] if row[0] else [STAFF, TEACHER, FAMILY]

    def _home(self, line: int, orgs: list[str], state: int) -> str | None:
        """Return the first school among the organisations of a person."""
        column = "orgSourcedIds" if self.roster.version == "1.1" else "primaryOrgSourcedId"
        for org in orgs:
            school = self._school_of(org)
            if school:
                return school
            if state == GOOD and org not in self.all.orgs and self.roster.version == "1.1":
                self.scratch.wrong(
                    "users.csv", line, column, "no_org", Weight.NOTED, id=org
                )  # fmt: skip
        return None

    @staticmethod
    def _names(said: dict[str, Any]) -> tuple[str, str, str]:
        """Return the given name that is used, the legal one where it differs, and the family name."""
        given, used = said["givenName"] or "", said.get("preferredGivenName") or ""
        family = said.get("preferredFamilyName") or said["familyName"] or ""
        return (used, given, family) if used and used != given else (given, "", family)

    def _homes(self) -> None:
        """Settle the school of each person: of the row itself, else of the child, else of the class."""
        db = self.scratch.db
        db.execute("CREATE TEMP TABLE group_school (class TEXT PRIMARY KEY, school TEXT)")
        db.executemany(
            "INSERT INTO group_school VALUES (?, ?)",
            ((id, group.school) for id, group in self.all.groups.items()),
        )
        scope = json.dumps(sorted(self.scope)) if self.scope is not None else None
        far = (
            "org IS NULL"
            if scope is None
            else "(org IS NULL OR org NOT IN (SELECT value FROM json_each(?1)))"
        )
        near = "" if scope is None else "AND {} IN (SELECT value FROM json_each(?1))"
        args = () if scope is None else (scope,)
        by_class = (
            "(SELECT g.school FROM tie t JOIN group_school g ON g.class = t.class WHERE t.person = user.id "
            f"AND t.state = 1 {near.format('g.school')} ORDER BY t.line LIMIT 1)"
        )
        by_child = (
            "(SELECT coalesce(k.org, s.outside) FROM naming n LEFT JOIN user k ON k.id = n.learner "
            "LEFT JOIN c_person p ON p.outside = n.learner LEFT JOIN c_school s ON s.id = p.school "
            "WHERE n.guardian = user.id AND n.state = 1 AND coalesce(k.org, s.outside) IS NOT NULL "
            f"{near.format('coalesce(k.org, s.outside)')} ORDER BY n.line LIMIT 1)"
        )
        for found in (by_class, by_child):
            db.execute(
                f"UPDATE user SET org = coalesce({found}, org) WHERE state = 1 AND {far} "
                "AND roles NOT IN ('student')", args,
            )  # fmt: skip
        # In a set of changes a person may come without a school: then it stays as it was.
        db.execute(
            "UPDATE user SET org = (SELECT s.outside FROM c_person c JOIN c_school s ON s.id = c.school "
            "WHERE c.outside = user.id) WHERE state = 1 AND org IS NULL"
        )
        self.scratch.leave_out(
            "users.csv", "orgSourcedIds" if self.roster.version == "1.1" else "primaryOrgSourcedId",
            "no_school", "SELECT line, '{}' AS parts FROM user WHERE state = 1 AND org IS NULL",
        )  # fmt: skip
        db.execute("UPDATE user SET state = 0 WHERE state = 1 AND org IS NULL")
        if scope is not None:
            db.execute(f"UPDATE user SET state = 3 WHERE state = 1 AND {far}", args)
