"""Who is family of whom, and who learns and teaches in which class: agents and enrollments.csv."""

from __future__ import annotations

from datetime import date
from typing import Any

from learnpath.school.roster.check_people import PeopleCheck
from learnpath.school.roster.scratch import ELSEWHERE, GONE, GOOD, LEFT, Weight
from learnpath.school.roster.tables import (
    ENROLMENTS,
    FAMILY,
    STAFF,
    STUDENT,
    TEACHER,
)  # fmt: skip
from learnpath.school.roster.understood import Group


class TieCheck(PeopleCheck):
    """Reads families and enrolments."""

    def _families(self) -> None:
        """Find out of each naming who is the student and who the guardian, whichever names the other."""
        db = self.scratch.db
        rows = db.execute(
            "SELECT n.namer, n.named, n.line, u.roles, v.state, v.roles, c.learns "
            "FROM agent n JOIN user u ON u.id = n.namer LEFT JOIN user v ON v.id = n.named "
            "LEFT JOIN c_person c ON c.outside = n.named"
        )
        keep = "INSERT OR IGNORE INTO naming VALUES (?, ?, ?, ?, ?, ?)"
        for namer, named, line, roles, state, other, learns in rows:
            there = state in (GOOD, ELSEWHERE) if state is not None else self._still(learns)
            their = other if state is not None else _roles_text(learns)
            code = self._fault_of_naming(namer, named, roles, there, their)
            if code:
                if state != GONE:
                    parts = {"id": named} if code == "agent_unknown" else {}
                    self.scratch.wrong(
                        "users.csv", line, "agentSourcedIds", code, Weight.NOTED, **parts
                    )
                db.execute(keep, (namer, named, line, None, None, LEFT))
            elif STUDENT in roles:
                db.execute(keep, (namer, named, line, namer, named, GOOD))
            else:
                db.execute(keep, (namer, named, line, named, namer, GOOD))
        db.execute("CREATE INDEX naming_guardian ON naming (guardian, learner)")
        # A guardian whom no student names is nobody that this app needs to know.
        lonely = (
            "SELECT line, '{}' AS parts FROM user u WHERE state = 1 AND roles = 'family' AND NOT EXISTS "
            "(SELECT 1 FROM naming n WHERE n.guardian = u.id AND n.state = 1) AND NOT EXISTS "
            "(SELECT 1 FROM c_naming c WHERE c.namer = u.id OR c.named = u.id)"
        )
        self.scratch.leave_out("users.csv", "agentSourcedIds", "agent_of_nobody", lonely)
        db.execute(f"UPDATE user SET state = 0 WHERE line IN (SELECT line FROM ({lonely}))")

    def _still(self, learns: int | None) -> bool:
        """Whether a person who is not in the set is there all the same, as one who was here before."""
        return learns is not None and not self.roster.ends_what_is_gone("users.csv")

    @staticmethod
    def _fault_of_naming(
        namer: str, named: str, roles: str, there: bool, their: str | None
    ) -> str | None:
        if namer == named:
            return "agent_self"
        if not there or their is None:
            return "agent_unknown"
        if STUDENT in roles and STUDENT in their:
            return "agent_student"
        if STUDENT not in roles and STUDENT not in their:
            return "agent_nobody"
        # A teacher who lists students may mean those whom they look after at school.
        if STUDENT not in roles and FAMILY not in roles:
            return "agent_staff"
        return None

    def _enrolments(self) -> None:
        db, file = self.scratch.db, ENROLMENTS.name
        insert = "INSERT OR IGNORE INTO tie VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        for row, said, told in self._rows(ENROLMENTS):
            id, kind = said["sourcedId"], said["role"]
            group = self.all.groups.get(said["classSourcedId"] or "")
            state = self._state_of_tie(row.line, told, said, group)
            first = said["beginDate"] or (group and group.first_day) or self.present.today
            first = min(first, said["endDate"] or first)
            values = (
                id, row.line, state, kind, said["userSourcedId"], said["classSourcedId"],
                _iso(said["beginDate"]), _iso(first), _iso(said["endDate"]),
            )  # fmt: skip
            if db.execute(insert, values).rowcount == 0:
                line = db.execute("SELECT line FROM tie WHERE id = ?", (id,)).fetchone()[0]
                self._again(file, row.line, line)
        self._same_ties()

    def _state_of_tie(self, line: int, told: int, said: dict[str, Any], group: Group | None) -> int:
        if told != GOOD:
            return told
        fault = self._fault_of_tie(said, group)
        if fault:
            column, code, parts = fault
            self.scratch.wrong(ENROLMENTS.name, line, column, code, Weight.LEFT_OUT, **parts)
            return LEFT
        elsewhere = group is not None and group.state == ELSEWHERE
        return ELSEWHERE if said["role"] == STAFF or elsewhere else GOOD

    def _fault_of_tie(
        self, said: dict[str, Any], group: Group | None
    ) -> tuple[str, str, dict[str, str]] | None:
        person, school = said["userSourcedId"], said["schoolSourcedId"]
        if group is None or group.state not in (GOOD, ELSEWHERE):
            return "classSourcedId", "no_class", {"id": said["classSourcedId"]}
        if school and school != group.school:
            known = school in self.all.schools or school in self.all.orgs
            code = "other_school" if known else "no_org"
            return "schoolSourcedId", code, {"id": school} if code == "no_org" else {}
        roles = self._roles_in(person)
        if roles is None:
            return "userSourcedId", "no_user", {"id": person}
        if said["role"] == TEACHER and TEACHER not in roles and STAFF not in roles:
            return "role", "not_staff", {}
        if said["role"] == STUDENT and STUDENT not in roles:
            return "role", "not_student", {}
        starts, ends = said["beginDate"], said["endDate"]
        if starts and ends and ends < starts:
            return "endDate", "ends_first", {}
        return None

    def _roles_in(self, person: str) -> str | None:
        db = self.scratch.db
        row = db.execute("SELECT state, roles FROM user WHERE id = ?", (person,)).fetchone()
        if row is not None:
            return row[1] if row[0] in (GOOD, ELSEWHERE) else None
        there = db.execute("SELECT learns FROM c_person WHERE outside = ?", (person,)).fetchone()
        if there is None or not self._still(there[0]):
            return None
        return _roles_text(there[0])

    def _same_ties(self) -> None:
        """One person, class and first day under two names is one enrolment."""
        same = (
            "SELECT t.line, t.id, json_object('line', min(o.line)) AS parts FROM tie t "
            "JOIN tie o ON o.person = t.person AND o.class = t.class AND o.kind = t.kind "
            "AND o.first_day = t.first_day "
            "AND o.line < t.line AND o.state = 1 WHERE t.state = 1 GROUP BY t.line"
        )
        db, file = self.scratch.db, ENROLMENTS.name
        db.execute(f"CREATE TEMP TABLE same_tie AS {same}")
        self.scratch.leave_out(file, "sourcedId", "same_tie", "SELECT line, parts FROM same_tie")
        db.execute("UPDATE tie SET state = 0 WHERE id IN (SELECT id FROM same_tie)")


def _roles_text(learns: int | None) -> str:
    return STUDENT if learns else f"{STAFF},{TEACHER},{FAMILY}"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
