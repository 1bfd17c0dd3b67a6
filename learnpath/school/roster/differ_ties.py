"""Enrolments, teachings and family ties, compared."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from learnpath.school.roster.differ_base import (
    BaseDiffer,
)
from learnpath.school.roster.first_days import Spell, settle
from learnpath.school.roster.scratch import Weight
from learnpath.school.roster.tables import ENROLMENTS


class TieDiffer(BaseDiffer):
    """Compares who is tied to what and to whom."""

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
