"""The difference between a set and what is there: one row in ``todo`` for each thing to be done.

Large tables are compared by SQL in the scratch, so that memory does not grow with the school.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from operator import itemgetter

from learnpath.people.sign_in import plain_username
from learnpath.school.roster import cells
from learnpath.school.roster.check import Understood, Year
from learnpath.school.roster.first_days import Spell, settle
from learnpath.school.roster.present import Present
from learnpath.school.roster.read import RosterSet
from learnpath.school.roster.scratch import GONE, GOOD, Weight
from learnpath.school.roster.tables import CLASSES, ENROLMENTS

ORGS, SESSIONS, GROUPS, USERS, TIES, GUARDIANS = KINDS = (
    "orgs", "sessions", "classes", "users", "enrollments", "guardians",
)  # fmt: skip
USERS_FILE = "users.csv"
ADD, CHANGE, END = ACTS = ("add", "change", "end")


class Differ:
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

    def _do(self, kind: str, act: str, outside: str, id: int | None, **what: object) -> None:
        self.db.execute(
            "INSERT INTO todo VALUES (?, ?, ?, ?, ?)",
            (kind, act, outside, id, json.dumps(what, ensure_ascii=False, sort_keys=True)),
        )

    # -- small tables -----------------------------------------------------------------------------------

    def _in_scope(self, school: str) -> bool:
        return self.scope is None or school in self.scope

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

    # -- people -----------------------------------------------------------------------------------------

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

    # -- enrolments and teachings -------------------------------------------------------------------------

    def _ties(self) -> None:
        db = self.db
        # Who was left out since the row was read takes the row along; who is elsewhere is not planned.
        db.execute(
            "UPDATE tie SET state = 3 WHERE state = 1 AND person IN (SELECT id FROM user WHERE state = 3)"
        )
        self._drop(
            "userSourcedId", "no_user",
            "SELECT t.line, t.id, json_object('id', t.person) AS parts FROM tie t "
            "JOIN user u ON u.id = t.person WHERE t.state = 1 AND u.state = 0",
        )  # fmt: skip
        # A class of another school is not this plan's to fill, whatever the set says of it.
        db.execute(
            "UPDATE tie SET state = 3 WHERE state = 1 AND class IN "
            "(SELECT outside FROM c_class WHERE school NOT IN (SELECT id FROM near))"
        )
        if self.home is not None:
            db.execute(
                "UPDATE tie SET state = 3 WHERE state = 1 AND kind = 'student' AND person IN "
                "(SELECT outside FROM c_person WHERE school NOT IN (SELECT id FROM near))"
            )
        db.execute(
            "CREATE TEMP TABLE want AS SELECT t.id, t.line, t.kind, p.id AS person, g.id AS class, "
            "t.ends, t.first_day AS first, c.id AS old, "
            "c.person AS old_person, c.class AS old_class, c.starts AS old_starts, c.ends AS old_ends, "
            # Without a first day the old one stays, and no enrolment begins after its end.
            "CASE WHEN c.id IS NULL THEN t.first_day ELSE min(coalesce(t.starts, c.starts), "
            "coalesce(t.ends, t.starts, c.starts)) END AS day "
            "FROM tie t LEFT JOIN c_person p ON p.outside = t.person LEFT JOIN c_class g ON g.outside = "
            "t.class LEFT JOIN c_tie c ON c.outside = t.id AND c.kind = t.kind WHERE t.state = 1"
        )
        db.execute("CREATE UNIQUE INDEX want_id ON want (id)")
        db.execute("CREATE INDEX want_old ON want (old)")
        db.execute("CREATE INDEX want_person ON want (person)")
        self._drop(
            "sourcedId", "id_used_again",
            "SELECT line, id, '{}' AS parts FROM want WHERE old IS NOT NULL "
            "AND (old_person IS NOT person OR old_class IS NOT class)",
        )  # fmt: skip
        self._adopt()
        self._moving()
        self._first_days()
        db.execute(
            "UPDATE tie SET first_day = (SELECT day FROM want w WHERE w.id = tie.id) "
            "WHERE id IN (SELECT id FROM want WHERE day <> old_starts)"
        )
        db.execute(
            "INSERT INTO todo SELECT 'enrollments', 'add', id, NULL, kind FROM want WHERE old IS NULL"
        )
        db.execute(
            "INSERT INTO todo SELECT 'enrollments', 'change', id, old, kind || ' ' || what FROM ("
            "SELECT id, old, kind, rtrim(CASE WHEN day <> old_starts THEN 'starts ' ELSE '' END || "
            "CASE WHEN ends IS NOT old_ends THEN 'ends' ELSE '' END) AS what FROM want "
            "WHERE old IS NOT NULL) WHERE what <> ''"
        )
        db.execute(f"INSERT INTO todo SELECT 'enrollments', 'end', name, id, kind FROM ({ENDING})", {
            "today": self.today, "bulk": self.bulk_ties,
        })  # fmt: skip

    def _drop(self, column: str, code: str, found: str) -> None:
        """Leave out the rows of enrollments.csv that ``found`` selects."""
        self.db.execute(f"CREATE TEMP TABLE dropped AS {found}")
        self.scratch.leave_out(ENROLMENTS.name, column, code, "SELECT line, parts FROM dropped")
        self.db.execute("UPDATE tie SET state = 0 WHERE id IN (SELECT id FROM dropped)")
        if self.db.execute("SELECT 1 FROM temp.sqlite_master WHERE name = 'want'").fetchone():
            self.db.execute("DELETE FROM want WHERE id IN (SELECT id FROM dropped)")
        self.db.execute("DROP TABLE dropped")

    def _adopt(self) -> None:
        """A sender may number enrolments anew: the same person, class and first day goes on."""
        self.db.execute(
            "CREATE TEMP TABLE adopted AS SELECT w.id, min(h.id) AS old, w.kind FROM want w "
            "JOIN c_tie h ON h.person = w.person AND h.class = w.class AND h.kind = w.kind "
            "AND h.starts = w.first AND h.outside IS NOT NULL LEFT JOIN tie t ON t.id = h.outside "
            "WHERE w.old IS NULL AND (t.id IS NULL OR t.state = 2) GROUP BY w.id"
        )
        self.db.execute(
            "INSERT INTO todo SELECT 'enrollments', 'change', id, old, kind || ' id ends' FROM adopted"
        )
        self.db.execute("DELETE FROM want WHERE id IN (SELECT id FROM adopted)")

    def _moving(self) -> None:
        """Note which classes close and which learners move away: that ends what they hold."""
        self.db.execute(
            "CREATE TEMP TABLE closing AS SELECT id FROM todo WHERE kind = 'classes' AND act = 'end'"
        )
        self.db.execute(
            "CREATE TEMP TABLE moving AS SELECT c.id, c.school FROM todo d JOIN c_person c ON c.id = d.id "
            "WHERE d.kind = 'users' AND d.act = 'change' AND d.what LIKE '%school%' AND c.learns"
        )

    def _first_days(self) -> None:
        """Settle the first days wherever one moves or is new beside others of the person in the class."""
        db, args = self.db, {"today": self.today, "bulk": self.bulk_ties}
        db.execute(f"CREATE TEMP TABLE contested AS {CONTESTED}")
        if not db.execute("SELECT 1 FROM contested LIMIT 1").fetchone():
            return
        db.execute(
            f"CREATE TEMP TABLE leaving AS SELECT id, kind FROM ({ENDING}) WHERE starts >= :today",
            args,
        )
        db.execute("CREATE INDEX leaving_id ON leaving (id)")
        db.execute("CREATE TEMP TABLE refused (id TEXT, line INT, stays INT, by_hand INT)")
        for _, group in groupby(db.execute(SPELLS, args).fetchall(), key=itemgetter(0, 1, 2)):
            spells = [(kind, Spell(*spell)) for kind, _, _, *spell in group]
            settled = settle(spell for _, spell in spells)
            db.executemany(
                "INSERT INTO refused VALUES (?, ?, ?, ?)",
                [(s.row, s.line, s.may_stay, by_hand) for s, by_hand in settled.refused],
            )
            db.executemany(
                "INSERT INTO aside VALUES (?, ?)", [(spells[0][0], id) for id in settled.step_aside]
            )
        self._refuse()

    def _refuse(self) -> None:
        """Name the first days that cannot be. One that is here keeps its own, and takes its last day."""
        db, parts = self.db, "'{}' AS parts FROM refused WHERE"
        for line, _ in db.execute(f"SELECT line, {parts} stays").fetchall():
            self.scratch.wrong(ENROLMENTS.name, line, "beginDate", "day_kept", Weight.NOTED)
        db.execute(
            "UPDATE want SET day = old_starts WHERE id IN (SELECT id FROM refused WHERE stays)"
        )
        self._drop("sourcedId", "by_hand", f"SELECT line, id, {parts} NOT stays AND by_hand")
        self._drop("sourcedId", "same_here", f"SELECT line, id, {parts} NOT stays AND NOT by_hand")

    # -- families -----------------------------------------------------------------------------------------

    def _families(self) -> None:
        db, today = self.db, self.today
        db.execute(
            "CREATE TEMP TABLE link AS SELECT n.namer, n.named, n.learner, n.guardian, l.id AS learner_id, "
            "g.id AS guardian_id FROM naming n LEFT JOIN user lu ON lu.id = n.learner "
            "LEFT JOIN user gu ON gu.id = n.guardian LEFT JOIN c_person l ON l.outside = n.learner "
            "LEFT JOIN c_person g ON g.outside = n.guardian WHERE n.state = 1 "
            # the student is one of ours, in the set or here already, and so is whoever is named
            "AND (lu.state = 1 OR (lu.id IS NULL AND l.school IN (SELECT id FROM near) AND NOT l.gone)) "
            "AND (gu.state = 1 OR (g.id IS NOT NULL AND coalesce(gu.state, 3) = 3)) "
            "AND n.learner NOT IN (SELECT outside FROM ending) "
            "AND n.guardian NOT IN (SELECT outside FROM ending)"
        )
        db.execute("CREATE INDEX link_names ON link (namer, named)")
        db.execute(
            "CREATE TEMP TABLE open_guard AS SELECT id, learner, guardian FROM c_guard "
            "WHERE ends IS NULL OR ends >= ?", (today,)
        )  # fmt: skip
        db.execute("CREATE INDEX open_guard_pair ON open_guard (learner, guardian)")
        # A tie that was ended by hand keeps its naming here: it is not begun again.
        db.execute(
            "CREATE TEMP TABLE fresh AS SELECT k.learner, k.guardian, k.learner_id, k.guardian_id "
            "FROM link k WHERE NOT EXISTS (SELECT 1 FROM open_guard o WHERE o.learner = k.learner_id "
            "AND o.guardian = k.guardian_id) AND NOT EXISTS (SELECT 1 FROM c_naming c WHERE "
            "(c.namer = k.learner AND c.named = k.guardian) OR (c.namer = k.guardian AND c.named = k.learner)) "
            "GROUP BY k.learner, k.guardian"
        )
        db.execute(
            "INSERT INTO todo SELECT 'guardians', 'add', learner || char(9) || guardian, NULL, '' FROM fresh"
        )
        # The other of the two names the tie as well.
        db.execute(
            "INSERT INTO todo SELECT 'guardians', 'change', k.namer || char(9) || k.named, o.id, 'named' "
            "FROM link k JOIN c_guard o ON o.learner = k.learner_id AND o.guardian = k.guardian_id "
            "AND o.ours AND (o.ends IS NULL OR o.ends >= ?) WHERE NOT EXISTS (SELECT 1 FROM c_naming c "
            "WHERE c.namer = k.namer AND c.named = k.named)", (today,)
        )  # fmt: skip
        self._end_families()

    def _end_families(self) -> None:
        """End the ties that nobody names any more. One that was made by hand has no name and stays."""
        db = self.db
        db.execute(
            "CREATE TEMP TABLE unnamed AS SELECT c.namer, c.named, c.id FROM c_naming c "
            "JOIN c_guard o ON o.id = c.id AND o.ours "
            "JOIN c_person l ON l.id = o.learner AND l.school IN (SELECT id FROM near) "
            "LEFT JOIN user u ON u.id = c.namer LEFT JOIN user v ON v.id = c.named "
            "LEFT JOIN naming n ON n.namer = c.namer AND n.named = c.named "
            "WHERE (n.namer IS NULL AND (u.state IN (1, 2, 3) OR (u.id IS NULL AND :bulk))) "
            "OR (n.state = 0 AND coalesce(v.state, 0) <> 0) "
            "OR c.namer IN (SELECT outside FROM ending) OR c.named IN (SELECT outside FROM ending)",
            {"bulk": self.bulk_users},
        )
        db.execute("CREATE INDEX unnamed_id ON unnamed (id)")
        still = "SELECT 1 FROM c_naming c WHERE c.id = o.id AND NOT EXISTS (SELECT 1 FROM unnamed x WHERE x.namer = c.namer AND x.named = c.named)"
        fresh = (
            "SELECT 1 FROM todo d WHERE d.kind = 'guardians' AND d.act = 'change' AND d.what = 'named' "
            "AND d.id = o.id"
        )
        db.execute(
            "INSERT INTO todo SELECT 'guardians', 'end', '', o.id, '' FROM open_guard o WHERE o.id IN "
            f"(SELECT id FROM unnamed) AND NOT EXISTS ({still}) AND NOT EXISTS ({fresh})"
        )
        ended = "SELECT id FROM todo WHERE kind = 'guardians' AND act = 'end'"
        db.execute(
            "INSERT INTO todo SELECT 'guardians', 'change', namer || char(9) || named, id, 'unnamed' "
            f"FROM unnamed WHERE id NOT IN ({ended}) AND id IN (SELECT id FROM open_guard)"
        )


# Ties that end with this set: gone from it, held by a class that closes, or by who leaves or moves away.
ENDING = (
    "SELECT coalesce(c.outside, '') AS name, c.id, c.kind, c.starts "
    "FROM c_tie c LEFT JOIN tie t ON t.id = c.outside AND t.kind IS c.kind "
    "LEFT JOIN tie g ON g.id = c.outside AND g.state = 2 "
    "LEFT JOIN moving m ON m.id = c.person AND m.school = c.school "
    "WHERE (c.ends IS NULL OR c.ends >= :today) AND c.school IN (SELECT id FROM near) "
    "AND NOT EXISTS (SELECT 1 FROM adopted a WHERE a.old = c.id AND a.kind = c.kind) AND ("
    "  (c.outside IS NOT NULL AND (g.id IS NOT NULL OR (t.id IS NULL AND :bulk)))"
    "  OR c.class IN (SELECT id FROM closing)"
    "  OR (c.person IN (SELECT id FROM ending WHERE NOT stays))"
    "  OR (c.outside IS NOT NULL AND c.person IN (SELECT id FROM ending))"
    "  OR (m.id IS NOT NULL AND coalesce(t.state, 0) <> 1))"
)
# Who moves to another first day in a class, or comes anew, and is there already in one way or another.
CONTESTED = (
    "SELECT DISTINCT w.kind, w.person, w.class FROM want w JOIN c_tie c ON c.person = w.person "
    "AND c.class = w.class AND c.kind = w.kind WHERE w.old IS NULL OR w.day <> w.old_starts"
)
# All that these hold or are to hold in that class: the columns of a spell.
SPELLS = (
    "SELECT c.kind, c.person, c.class, coalesce(w.id, ''), coalesce(w.line, 0), c.id, c.starts, "
    "CASE WHEN w.id IS NOT NULL THEN w.day WHEN l.id IS NOT NULL THEN NULL ELSE c.starts END, "
    "c.outside IS NULL, w.ends, m.id IS NOT NULL AND c.starts >= :today "
    "FROM contested g JOIN c_tie c ON c.person = g.person AND c.class = g.class AND c.kind = g.kind "
    "LEFT JOIN want w ON w.old = c.id AND w.kind = c.kind "
    "LEFT JOIN leaving l ON l.id = c.id AND l.kind = c.kind "
    "LEFT JOIN moving m ON m.id = c.person AND m.school = c.school "
    "UNION ALL SELECT w.kind, w.person, w.class, w.id, w.line, NULL, NULL, w.day, 0, w.ends, 0 "
    "FROM contested g JOIN want w ON w.person = g.person AND w.class = g.class AND w.kind = g.kind "
    "WHERE w.old IS NULL ORDER BY 1, 2, 3"
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
