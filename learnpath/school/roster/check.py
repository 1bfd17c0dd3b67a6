"""What each row may say, and what the rows say together: the set, understood, lies in the scratch afterwards.

Files are taken in the order in which one refers to another. A row that cannot be used is left out and
named; what refers to it is left out too. What was left out never counts as gone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from learnpath.school.roster import cells
from learnpath.school.roster.present import Present
from learnpath.school.roster.read import DELTA, RosterSet, Row, rows_of
from learnpath.school.roster.scratch import ELSEWHERE, GONE, GOOD, LEFT, Weight
from learnpath.school.roster.tables import (
    CLASSES,
    COURSES,
    ENDED,
    ENROLMENTS,
    FAMILY,
    ORGS,
    ROLE_ROWS,
    SESSIONS,
    STAFF,
    STUDENT,
    TEACHER,
    USERS,
    Cell,
    Column,
    TableFile,
)  # fmt: skip

Step = Callable[[int], None]
EVERY = 2000


@dataclass
class Org:
    """A school, a district or another body."""

    name: str
    type: str
    parent: str
    line: int
    state: int


@dataclass
class Year:
    """A school year or a part of one, as days."""

    name: str
    starts: date
    ends: date
    # The year that a part belongs to; empty for a year.
    year: str = ""


@dataclass
class Session:
    """One row of academicSessions.csv."""

    title: str
    type: str
    starts: date
    ends: date
    parent: str
    label: str
    line: int
    state: int


@dataclass
class Group:
    """A class."""

    name: str
    room: str
    school: str
    year: str
    first_day: date | None
    line: int
    state: int


@dataclass
class Understood:
    """The small tables of the set. Persons, ties and namings lie in the scratch."""

    schools: dict[str, str | None] = field(default_factory=dict)
    orgs: dict[str, Org] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    years: dict[str, Year] = field(default_factory=dict)
    year_of: dict[str, str] = field(default_factory=dict)
    courses: dict[str, tuple[str, str]] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)


class Check:
    """Reads a set file by file. ``scope`` are the schools that the plan is about; None means all."""

    def __init__(
        self, roster: RosterSet, present: Present, scope: set[str] | None, step: Step
    ) -> None:
        self.roster, self.present, self.scope = roster, present, scope
        self.scratch, self.step = roster.scratch, step
        self.all = Understood()

    def only_orgs(self) -> dict[str, Org]:
        """Return the organisations of the set and read no further."""
        self._orgs()
        return self.all.orgs

    def everything(self) -> Understood:
        """Read all files and return what they say."""
        self._orgs()
        self._sessions()
        self._courses()
        self._classes()
        if self.roster.version == "1.2":
            self._roles()
        self._users()
        self._families()
        self._enrolments()
        self._homes()
        self.scratch.settle()
        return self.all

    # -- one row ------------------------------------------------------------------------------------

    def _rows(self, table: TableFile) -> Iterator[tuple[Row, dict[str, Any], int]]:
        """Return the rows whose sourcedId can be read: their values, and whether they can be used."""
        scratch, file = self.scratch, table.name
        for number, row in enumerate(rows_of(self.roster, table)):
            if number % EVERY == EVERY - 1:
                self.step(EVERY)
            values, odd = self._values(table, row)
            gone = values["status"] == ENDED
            # Of what ended only the name is asked for.
            counted = [found for found in odd if not gone or found[0] == "sourcedId"]
            for column, code, parts in counted:
                scratch.wrong(file, row.line, column, code, Weight.LEFT_OUT, **parts)
            good = not row.broken and not counted
            if not gone:
                self._day_of_change(file, row.line, values["dateLastModified"])
            if values["sourcedId"] is None:
                self.roster.unsure.add(file)
                continue
            if good and self.roster.mode_of(file) == DELTA:
                good = self._dated(file, row.line, values)
            state = GONE if gone else GOOD
            yield row, values, state if good else LEFT
        self._none_at_all(table)

    def _values(
        self, table: TableFile, row: Row
    ) -> tuple[dict[str, Any], list[tuple[str, str, dict[str, str]]]]:
        """Return what each cell means, and which of them mean nothing."""
        values: dict[str, Any] = {}
        odd: list[tuple[str, str, dict[str, str]]] = []
        for column in table.columns:
            text = row.cells.get(column.name, "")
            values[column.name] = [] if column.cell is Cell.IDS else None
            if not text and not column.needed:
                continue
            try:
                values[column.name] = self._value(table.name, row.line, column, text)
            except cells.Odd as found:
                odd.append((column.name, found.code, _parts(found.code, text)))
        return values, odd

    def _dated(self, file: str, line: int, values: dict[str, Any]) -> bool:
        for name in ("status", "dateLastModified"):
            if not values[name]:
                self.scratch.wrong(file, line, name, "delta_status")
                return False
        return True

    def _day_of_change(self, file: str, line: int, text: str | None) -> None:
        """Name a day of change that cannot be read. Nothing depends on it, so the row is read all the same."""
        if not text:
            return
        try:
            cells.day(text)
        except cells.Odd as found:
            self.scratch.noted(
                file, line, "dateLastModified", f"{found.code}_unused", value=text[:40]
            )

    def _value(self, file: str, line: int, column: Column, text: str) -> Any:
        if not text:
            raise cells.Odd("needed")
        if column.cell is Cell.ID:
            return _id(text)
        if column.cell is Cell.IDS:
            return [id for id in cells.ids(text) if cells.is_id(id)]
        if column.cell is Cell.DATE:
            found, timed = cells.day(text)
            if timed:
                self.scratch.noted(file, line, column.name, "date_with_time")
            return found
        if column.cell is Cell.CHOICE:
            return _choice(column, text)
        if column.cell is Cell.GRADES:
            found_grade, odd = cells.grade(text)
            if odd:
                self.scratch.noted(file, line, column.name, "odd_grade", value=odd)
            return found_grade
        if column.cell is Cell.YES_NO:
            return self._yes_no(file, line, column, text)
        return self._text(file, line, column, text)

    def _yes_no(self, file: str, line: int, column: Column, text: str) -> bool | None:
        said = cells.yes_no(text)
        if said is None:
            self.scratch.noted(file, line, column.name, "odd_enabled", value=text[:20])
        return said

    def _text(self, file: str, line: int, column: Column, text: str) -> str:
        plain = cells.one_line(text)
        if column.needed and not plain:
            raise cells.Odd("needed")
        if len(plain) > column.longest:
            self.scratch.wrong(
                file, line, column.name, "cut", Weight.NOTED, most=column.longest
            )  # fmt: skip
            plain = plain[: column.longest - 1].rstrip() + "…"
        return plain

    def _none_at_all(self, table: TableFile) -> None:
        """A file with a header and no row would end all that is there: nobody means that."""
        file = table.name
        if self.roster.rows.get(file) != 0:
            return
        ends = self.roster.ends_what_is_gone(file) and self.present.has_any(file)
        if ends or (table.name == "users.csv" and self.roster.mode_of(file) != DELTA):
            code = "header_only_ends" if ends else "header_only"
            self.scratch.wrong(file, 1, "", code, Weight.STOPS)
        else:
            self.scratch.wrong(file, 1, "", "header_only", Weight.NOTED)

    def _again(self, file: str, line: int, first: int) -> None:
        self.scratch.wrong(file, line, "sourcedId", "same_id", line=first)

    # -- organisations --------------------------------------------------------------------------------

    def _orgs(self) -> None:
        orgs = self.all.orgs
        for row, said, state in self._rows(ORGS):
            id = said["sourcedId"]
            if id in orgs:
                self._again(ORGS.name, row.line, orgs[id].line)
                continue
            orgs[id] = Org(
                said["name"] or "",
                said["type"] or "",
                said["parentSourcedId"] or "",
                row.line,
                state,
            )
        for id, org in orgs.items():
            self._parent_of_org(id, org)
        self.all.schools = {id: row.name for id, row in self.present.schools.items()}
        for id, org in orgs.items():
            if org.state == GOOD:
                self._may_be_a_school(org)
            if org.type == "school" and org.state == GOOD:
                self.all.schools[id] = org.name

    def _parent_of_org(self, id: str, org: Org) -> None:
        file, orgs = ORGS.name, self.all.orgs
        if org.parent and org.parent not in orgs and org.parent not in self.present.schools:
            self.scratch.wrong(
                file, org.line, "parentSourcedId", "no_parent", Weight.NOTED, id=org.parent
            )
            org.parent = ""
        if _leads_back(id, lambda at: orgs[at].parent if at in orgs else ""):
            self.scratch.wrong(file, org.line, "parentSourcedId", "parent_cycle", Weight.NOTED)
            org.parent = ""

    def _may_be_a_school(self, org: Org) -> None:
        """Some senders call a school a department: one with nothing above it can only be a school."""
        if org.type == "department" and not org.parent:
            org.type = "school"
            self.scratch.wrong(ORGS.name, org.line, "type", "read_as_school", Weight.NOTED)

    def _school_of(self, org: str) -> str | None:
        """Return the school that an organisation is, or is a part of."""
        at = org
        while at:
            if at in self.all.schools:
                return at
            at = self.all.orgs[at].parent if at in self.all.orgs else ""
        return None

    def _in_scope(self, school: str) -> bool:
        return self.scope is None or school in self.scope

    def _near(self, *schools: str) -> bool:
        return any(self._in_scope(school) for school in schools)

    # -- sessions -------------------------------------------------------------------------------------

    def _sessions(self) -> None:
        file, sessions = SESSIONS.name, self.all.sessions
        for row, said, state in self._rows(SESSIONS):
            id = said["sourcedId"]
            if id in sessions:
                self._again(file, row.line, sessions[id].line)
                continue
            starts, ends = said["startDate"], said["endDate"]
            upside_down = state == GOOD and ends < starts
            if upside_down:
                self.scratch.wrong(file, row.line, "endDate", "ends_first")
            sessions[id] = Session(
                said["title"] or "", said["type"] or "", starts, ends,
                said["parentSourcedId"] or "", said["schoolYear"] or "", row.line,
                LEFT if upside_down else state,
            )  # fmt: skip
        good = {id: s for id, s in sessions.items() if s.state == GOOD}
        for id, session in good.items():
            if session.parent and session.parent not in good:
                if session.parent not in self.present.known_sessions:
                    self.scratch.wrong(
                        file, session.line, "parentSourcedId", "no_parent", Weight.NOTED,
                        id=session.parent,
                    )  # fmt: skip
                    session.parent = ""
            elif _leads_back(id, lambda at: good[at].parent if at in good else ""):
                self.scratch.wrong(
                    file, session.line, "parentSourcedId", "parent_cycle", Weight.NOTED
                )
                session.parent = ""
        self._shorten(good)
        self._years(good)

    def _shorten(self, good: dict[str, Session]) -> None:
        """Some senders end a session on the first day of the next one: that day belongs to the next."""
        begins = {(s.type, s.starts) for s in good.values()}
        for session in good.values():
            if (session.type, session.ends) in begins and session.ends > session.starts:
                self.scratch.wrong(
                    SESSIONS.name, session.line, "endDate", "ends_as_next_begins", Weight.NOTED
                )
                session.ends -= timedelta(days=1)

    def _years(self, good: dict[str, Session]) -> None:
        """Find the school year of every session: above it, or by the name of its school year."""
        years = self.all.years
        years.update(
            {
                id: Year(k.name, k.starts, k.ends, k.year)
                for id, k in self.present.known_sessions.items()
            }
        )
        self.all.year_of.update({id: y.year or id for id, y in years.items()})
        for id, session in good.items():
            if session.type == "schoolYear":
                years[id] = Year(session.title, session.starts, session.ends)
                self.all.year_of[id] = id
        for id, session in good.items():
            if session.type != "schoolYear":
                self.all.year_of[id] = self._year_above(id, session, good)
        for id, session in good.items():
            year = self.all.year_of[id]
            if session.type in ("term", "semester") and year != id:
                years[id] = Year(session.title, session.starts, session.ends, year)

    def _year_above(self, id: str, session: Session, good: dict[str, Session]) -> str:
        at = session.parent
        while at:
            if at in self.all.year_of and (at not in good or good[at].type == "schoolYear"):
                return self.all.year_of[at]
            at = good[at].parent if at in good else ""
        years, label = self.all.years, session.label.strip()
        key = f"year {label}" if label and cells.is_id(label) else id
        title = _span_of(label) if label else session.title
        known = years.get(key, Year(title, session.starts, session.ends))
        years[key] = replace(
            known, starts=min(known.starts, session.starts), ends=max(known.ends, session.ends)
        )
        return key

    # -- courses and classes ----------------------------------------------------------------------------

    def _courses(self) -> None:
        lines: dict[str, int] = {}
        for row, said, state in self._rows(COURSES):
            id = said["sourcedId"]
            if id in lines:
                self._again(COURSES.name, row.line, lines[id])
            elif state == GOOD:
                self.all.courses[id] = (said["title"] or "", said["schoolYearSourcedId"] or "")
            lines.setdefault(id, row.line)

    def _classes(self) -> None:
        groups = self.all.groups
        for id, there in self.present.classes.items():
            # One that the set does not name is still there for those who refer to it.
            if not self.roster.ends_what_is_gone(CLASSES.name) and there.closed_on is None:
                year = self.present.key_of_year.get(there.year_id, "")
                groups[id] = Group(there.name, there.room, there.school, year, None, 0, GOOD)
        for row, said, state in self._rows(CLASSES):
            id = said["sourcedId"]
            if id in groups and groups[id].line:
                self._again(CLASSES.name, row.line, groups[id].line)
                continue
            groups[id] = self._group(row.line, said, state)

    def _group(self, line: int, said: dict[str, Any], state: int) -> Group:
        course, course_year = self._course_of(line, said)
        name, school = said["title"] or course, said["schoolSourcedId"] or ""
        terms = self._terms_of(line, said["termSourcedIds"] or [])
        year = self.all.year_of.get(terms[0], "") if terms else ""
        first_day = min((self._begins(term) for term in terms), default=None)
        if not year:
            year = self.all.year_of.get(course_year, "")
        if state == GOOD:
            fault = self._fault_of_group(said["sourcedId"], name, school, year)
            if fault:
                column, code, parts = fault
                self.scratch.wrong(CLASSES.name, line, column, code, Weight.LEFT_OUT, **parts)
                state = LEFT
            elif not self._in_scope(school):
                state = ELSEWHERE
        return Group(name, said["location"] or "", school, year, first_day, line, state)

    def _begins(self, session: str) -> date:
        if session in self.all.sessions and self.all.sessions[session].state == GOOD:
            return self.all.sessions[session].starts
        return self.all.years[session].starts

    def _fault_of_group(
        self, id: str, name: str, school: str, year: str
    ) -> tuple[str, str, dict[str, str]] | None:
        there = self.present.classes.get(id)
        if there is not None and there.school != school and self._near(there.school, school):
            return "schoolSourcedId", "class_elsewhere", {}
        if school not in self.all.schools:
            known = school in self.all.orgs and self.all.orgs[school].state == GOOD
            return "schoolSourcedId", "not_a_school" if known else "no_org", {"id": school}
        if not year:
            return "termSourcedIds", "no_year", {}
        if not name:
            return "title", "no_title", {}
        return None

    def _course_of(self, line: int, said: dict[str, Any]) -> tuple[str, str]:
        id = said["courseSourcedId"]
        if id and id not in self.all.courses:
            if self.roster.ends_what_is_gone(COURSES.name):
                self.scratch.wrong(
                    CLASSES.name, line, "courseSourcedId", "no_course", Weight.NOTED, id=id
                )
            return "", ""
        return self.all.courses.get(id or "", ("", ""))

    def _terms_of(self, line: int, named: list[str]) -> list[str]:
        terms = []
        for id in named:
            if id in self.all.year_of:
                terms.append(id)
            else:
                self.scratch.wrong(
                    CLASSES.name, line, "termSourcedIds", "no_session", Weight.NOTED, id=id
                )
        return terms

    # -- people -----------------------------------------------------------------------------------------

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

    # -- families ---------------------------------------------------------------------------------------

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

    # -- enrolments ---------------------------------------------------------------------------------------

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

    # -- who lives where ----------------------------------------------------------------------------------

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


def _id(text: str) -> str:
    if not cells.is_id(text):
        raise cells.Odd("bad_id")
    return text


def _choice(column: Column, text: str) -> str:
    assert column.choices is not None
    word = column.choices.get(text.lower())
    if word is None:
        raise cells.Odd("odd_choice")
    return word


def _roles_text(learns: int | None) -> str:
    return STUDENT if learns else f"{STAFF},{TEACHER},{FAMILY}"


def _leads_back(id: str, parent: Callable[[str], str]) -> bool:
    """Tell whether going up from ``id`` comes back to it."""
    seen: set[str] = set()
    at = parent(id)
    while at and at != id and at not in seen:
        seen.add(at)
        at = parent(at)
    return at == id


def _span_of(label: str) -> str:
    """Return how people write a school year that OneRoster names by the year in which it ends."""
    if len(label) == 4 and label.isdecimal():
        return f"{int(label) - 1}-{label[2:]}"
    return label[:40]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _parts(code: str, text: str) -> dict[str, str]:
    return {"value": text[:40]} if code in ("odd_choice", "ambiguous_date", "bad_date") else {}
