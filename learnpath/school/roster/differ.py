"""The difference between a set and what is there: one row in ``todo`` for each thing to be done.

Large tables are compared by SQL in the scratch, so that memory does not grow with the school.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from learnpath.people.sign_in import plain_username
from learnpath.school.roster import cells
from learnpath.school.roster.differ_base import (
    ADD,
    CHANGE,
    END,
    GROUPS,
    ORGS,
    SESSIONS,
    USERS_FILE,
)
from learnpath.school.roster.differ_ties import TieDiffer
from learnpath.school.roster.scratch import GONE, GOOD, Weight
from learnpath.school.roster.tables import CLASSES
from learnpath.school.roster.understood import Year


class Differ(TieDiffer):
    """Compares a set with what is there."""

    def everything(self) -> None:
        """Fill ``todo``."""
        self._orgs()
        self._sessions()
        self._classes()
        self._near()
        self._people()
        self._ties()
        self._families()
        self.scratch.settle()

    def _orgs(self) -> None:
        for id, org in self.said.orgs.items():
            if org.type != "school" or org.state != GOOD or not self._in_scope(id):
                continue
            there = self.present.schools.get(id)
            if there is None:
                self._do(ORGS, ADD, id, None, name=org.name)
            elif id in self.tied:
                self._do(ORGS, CHANGE, id, there.id, name=there.name, tied=True)
            elif there.brought and there.name != org.name:
                self._do(ORGS, CHANGE, id, there.id, name=org.name, tied=False)

    def _sessions(self) -> None:
        named = {
            key for key in self.said.years if key in self.said.sessions or key.startswith("year ")
        }
        if not self.said.sessions:
            named = set()
        taught: dict[str, set[str]] = {}
        for group in self.said.groups.values():
            if group.line and group.state == GOOD:
                taught.setdefault(group.school, set()).add(group.year)
        schools = {
            id for id, org in self.said.orgs.items() if org.type == "school" and org.state == GOOD
        } | set(taught)
        if named:
            schools |= set(self.present.schools)
        for school in sorted(filter(self._in_scope, schools)):
            wanted = named | taught.get(school, set())
            # A term needs its year at the same school, also one that came before.
            wanted |= {self.said.years[key].year for key in wanted} - {""}
            self._spans(school, sorted(wanted), named)

    def _spans(self, school: str, keys: Iterable[str], named: set[str]) -> None:
        there_school = self.present.schools.get(school)
        for key in keys:
            span = self.said.years[key]
            book = self.present.terms if span.year else self.present.years
            there = book.get((key, there_school.id)) if there_school else None
            what = {
                "school": school, "name": span.name, "starts": span.starts.isoformat(),
                "ends": span.ends.isoformat(), "year": span.year,
            }  # fmt: skip
            if there is None:
                self._do(SESSIONS, ADD, key, None, **what)
            elif key in named and (there.name, there.starts, there.ends) != _shape(span):
                self._do(SESSIONS, CHANGE, key, there.id, **what)

    def _classes(self) -> None:
        for id, group in self.said.groups.items():
            there = self.present.classes.get(id)
            if group.state != GOOD or not group.line:
                continue
            what = {
                "name": group.name,
                "room": group.room,
                "school": group.school,
                "year": group.year,
            }
            if there is None:
                self._do(GROUPS, ADD, id, None, **what)
                continue
            year = self.present.years.get((group.year, there.school_id))
            same = year is not None and year.id == there.year_id
            if (there.name, there.room) != (group.name, group.room) or not same or there.closed_on:
                self._do(GROUPS, CHANGE, id, there.id, **what)
        for id, there in self.present.classes.items():
            said = self.said.groups.get(id)
            gone = said.state == GONE if said else self.roster.ends_what_is_gone(CLASSES.name)
            if gone and there.closed_on is None and self._in_scope(there.school):
                self._do(GROUPS, END, id, there.id)

    def _near(self) -> None:
        """Settle which schools of ours the plan is about."""
        rows = [(there.id,) for id, there in self.present.schools.items() if self._in_scope(id)]
        self.db.execute("CREATE TEMP TABLE near (id INTEGER PRIMARY KEY)")
        self.db.executemany("INSERT INTO near VALUES (?)", rows)

    def _people(self) -> None:
        db = self.db
        if self.home is not None:
            self._leave_others_alone()
        db.execute(
            "INSERT INTO todo SELECT 'users', 'add', u.id, NULL, '' FROM user u WHERE u.state = 1 "
            "AND NOT EXISTS (SELECT 1 FROM c_person c WHERE c.outside = u.id)"
        )
        parts = " || ".join(
            f"CASE WHEN {test} THEN '{word} ' ELSE '' END" for word, test in CHANGES
        )
        db.execute(
            f"INSERT INTO todo SELECT 'users', 'change', outside, id, what FROM (SELECT c.outside, c.id, "
            f"rtrim({parts}) AS what FROM user u JOIN c_person c ON c.outside = u.id "
            "LEFT JOIN c_school s ON s.outside = u.org WHERE u.state = 1 AND NOT u.elsewhere) "
            "WHERE what <> ''"
        )  # fmt: skip
        self._accounts()
        self._usernames()
        db.execute("CREATE TEMP TABLE ending (outside TEXT PRIMARY KEY, id INT, stays INT)")
        db.execute(
            "INSERT INTO ending SELECT c.outside, c.id, c.seat OR c.gone FROM c_person c "
            "LEFT JOIN user u ON u.id = c.outside WHERE c.school IN (SELECT id FROM near) "
            f"AND (u.state = 2 OR (u.id IS NULL AND {self.bulk_users}))"
        )
        db.execute("CREATE INDEX ending_id ON ending (id)")
        # Whoever leads or administers was appointed by hand, and stays until that ends by hand.
        db.execute(
            "INSERT INTO todo SELECT 'users', 'end', outside, id, '' FROM ending WHERE NOT stays"
        )

    def _accounts(self) -> None:
        """Name the accounts that stay as the office left them."""
        here = "SELECT u.line FROM user u JOIN c_person c ON c.outside = u.id WHERE u.state = 1 AND NOT u.elsewhere"
        for code, which in (
            ("seat_stays", "u.enabled = 0 AND c.closed IS NULL AND c.seat"),
            ("closed_here", "c.gone AND c.closed = 'school'"),
        ):
            for (line,) in self.db.execute(f"{here} AND {which}").fetchall():
                self.scratch.wrong(USERS_FILE, line, "enabledUser", code, Weight.NOTED)

    def _usernames(self) -> None:
        """Settle which of the new people take the username of the roster: one that is free and can be one."""
        db = self.db
        new = db.execute(
            "SELECT u.id, u.line, u.username FROM todo d JOIN user u ON u.id = d.outside "
            "WHERE d.kind = 'users' AND d.act = 'add' AND u.username <> '' ORDER BY u.line"
        ).fetchall()
        if new:
            self.present.read_usernames()
        for id, line, said in new:
            name = plain_username(said)
            code = "" if cells.can_be_username(said) and name else "username_odd"
            if not code:
                free = db.execute("INSERT OR IGNORE INTO c_username VALUES (?)", (name,)).rowcount
                code = "" if free else "username_taken"
            if code:
                self.scratch.wrong(
                    USERS_FILE, line, "username", code, Weight.NOTED, value=said[:40]
                )
            db.execute("UPDATE user SET username = ? WHERE id = ?", ("" if code else name, id))

    def _leave_others_alone(self) -> None:
        """In the browser nobody of another school is changed, and no learner is taken from one."""
        away = (
            "FROM user u JOIN c_person c ON c.outside = u.id WHERE u.state = 1 "
            f"AND c.school <> {int(self.home or 0)}"
        )
        self.scratch.leave_out(
            "users.csv", "sourcedId", "lives_elsewhere",
            f"SELECT u.line, '{{}}' AS parts {away} AND u.roles LIKE '%student%'",
        )  # fmt: skip
        self.db.execute(
            "UPDATE user SET state = CASE WHEN roles LIKE '%student%' THEN 0 ELSE state END, elsewhere = 1 "
            f"WHERE id IN (SELECT u.id {away})"
        )


# What of a person may change, and when it does.
CHANGES = (
    ("given_name", "u.given <> c.given"),
    ("family_name", "u.family <> c.family"),
    # What somebody else wrote for a person to be called by is left alone.
    (
        "called",
        # What the new name would make of it counts too: else it would change with the next roster.
        (
            "u.called <> c.called AND c.called IN (c.given, substr(trim(c.given || ' ' || c.family), 1, 80), "
            "u.given, substr(trim(u.given || ' ' || u.family), 1, 80))"
        ),
    ),
    ("grade", "u.grade IS NOT NULL AND u.grade IS NOT c.grade"),
    ("email", "u.email <> coalesce(c.email, '')"),
    ("identifier", "u.identifier <> coalesce(c.identifier, '')"),
    ("legal_name", "u.legal <> coalesce(c.legal, '')"),
    ("school", "s.id IS NULL OR s.id <> c.school"),
    ("back", "c.gone"),
    ("closed", "u.enabled = 0 AND c.closed IS NULL AND NOT c.seat"),
    # What the office closed by hand, the office opens.
    ("opened", "u.enabled = 1 AND c.closed = 'roster'"),
)


def _shape(span: Year) -> tuple[str, date, date]:
    return span.name, span.starts, span.ends
