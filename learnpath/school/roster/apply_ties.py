"""Enrolments, teachings and family ties: begun, changed and ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from learnpath.record import Verb
from learnpath.record.many_rows import one_of
from learnpath.school.models import (
    Enrolment,
    Guardianship,
    OutsideId,
    OutsideKind,
    Teaching,
)
from learnpath.school.roster.apply_people import PeopleDoing
from learnpath.school.roster.doing import AT_ONCE, DAY, day_of
from learnpath.school.roster.first_days import free_days
from learnpath.school.roster.present import BESIDE
from learnpath.school.roster.tables import STUDENT


@dataclass(frozen=True)
class TieKind:
    """How an enrolment and a teaching differ."""

    table: sa.Table
    owner: str
    outside: OutsideKind
    word: str
    begun: Verb
    ended: Verb


TIES = {
    STUDENT: TieKind(
        Enrolment.__table__, "learner_id", OutsideKind.ENROLMENT, "enrolment",  # type: ignore[attr-defined]
        Verb.ENROLLED, Verb.ENROLMENT_ENDED,
    ),
    "teacher": TieKind(
        Teaching.__table__, "teacher_id", OutsideKind.TEACHING, "teaching",  # type: ignore[attr-defined]
        Verb.TEACHING_STARTED, Verb.TEACHING_ENDED,
    ),
}  # fmt: skip


class TieDoing(PeopleDoing):
    """Does what the plan says of who is tied to what and to whom."""

    def _step_aside(self) -> None:
        """Let those whose first day another one takes go from it, until their own new day is set."""
        for word, kind in TIES.items():
            keys = [
                key for (key,) in self.db.execute("SELECT id FROM aside WHERE kind = ?", (word,))
            ]
            days = free_days(len(keys))
            rows = [{"id": key, "starts": day} for key, day in zip(keys, days, strict=True)]
            self._update(kind.table, rows)

    def _add_ties(self) -> None:
        query = (
            "SELECT t.id, p.id, p.grade, g.id, g.school, t.first_day, t.ends "
            "FROM todo d JOIN tie t ON t.id = d.outside JOIN c_person p ON p.outside = t.person "
            "JOIN c_class g ON g.outside = t.class WHERE d.kind = 'enrollments' AND d.act = 'add' "
            "AND d.what = ? ORDER BY d.rowid"
        )
        for word, kind in TIES.items():
            for rows in self._chunks(query, word):
                ties = [
                    {
                        kind.owner: person, "class_id": group, "ends": day_of(ends),
                        "starts": day_of(starts),
                    }
                    for _, person, _, group, _, starts, ends in rows
                ]  # fmt: skip
                model = Enrolment if word == STUDENT else Teaching
                keys = self._insert(model, ties)
                for (outside, person, grade, group, school, _, ends), key in zip(
                    rows, keys, strict=True
                ):
                    self._name(kind.outside, outside, key)
                    self._begun(kind, key, person, grade, group, school)
                    if ends and ends < self.today.isoformat():
                        self._ended(kind, key, person, group, school)
                self._flush(len(rows))

    def _begun(
        self, kind: TieKind, key: int, person: int, grade: int | None, group: int, school: int
    ) -> None:
        if kind.begun is Verb.ENROLLED:
            said = {"class": group, "grade": grade}
            self._tell(school, kind.begun, (kind.word, key), person, **said)
        else:
            self._tell(school, kind.begun, (kind.word, key), **{"class": group})

    def _ended(self, kind: TieKind, key: int, person: int, group: int, school: int) -> None:
        learner = person if kind.ended is Verb.ENROLMENT_ENDED else None
        self._tell(school, kind.ended, (kind.word, key), learner, **{"class": group})

    def _change_ties(self) -> None:
        query = (
            "SELECT d.outside, d.what, c.id, c.person, p.grade, c.class, c.school, c.starts, c.ends, "
            "t.first_day, t.ends FROM todo d JOIN tie t ON t.id = d.outside "
            "JOIN c_tie c ON c.id = d.id AND c.kind = t.kind JOIN c_person p ON p.id = c.person "
            "WHERE d.kind = 'enrollments' AND d.act = 'change' AND t.kind = ? ORDER BY d.rowid"
        )
        today = self.today.isoformat()
        for word, kind in TIES.items():
            for rows in self._chunks(query, word):
                ties, renamed = [], []
                for row in rows:
                    outside, what, key, person, grade, group, school, was, over, starts, ends = row
                    begin = starts if "starts" in what.split() else was
                    ties.append({"id": key, "starts": day_of(begin), "ends": day_of(ends)})
                    if " id " in f"{what} ":
                        renamed.append({"key": key, "to": outside})
                    if ends and ends < today and (not over or over >= today):
                        self._ended(kind, key, person, group, school)
                    elif (begin, ends) != (was, over):
                        self._begun(kind, key, person, grade, group, school)
                self._update(kind.table, ties)
                self._rename(kind.outside, renamed)
                self._flush(len(rows))

    def _rename(self, kind: OutsideKind, rows: list[dict[str, Any]]) -> None:
        """Let ties go by another name of the other system."""
        table = OutsideId.__table__  # type: ignore[attr-defined]
        names = sa.select(table.c.id, table.c.object_id).where(
            table.c.source == self.plan.source, table.c.kind == kind,
            one_of(self.session, table.c.object_id, [row["key"] for row in rows]),
        )  # fmt: skip
        found = {object_id: id for id, object_id in self.session.execute(names)} if rows else {}
        renamed = [{"id": found[row["key"]], "outside_id": row["to"]} for row in rows]
        self._update(table, renamed)

    def _end_ties(self) -> None:
        query = (
            "SELECT c.id, c.person, c.class, c.school, c.starts FROM todo d JOIN c_tie c "
            "ON c.id = d.id AND c.kind = d.what WHERE d.kind = 'enrollments' AND d.act = 'end' "
            "AND c.kind = ? ORDER BY d.rowid"
        )
        for word, kind in TIES.items():
            for rows in self._chunks(query, word):
                self._close(
                    kind.table,
                    [
                        (key, starts, {kind.owner: person, "class_id": group})
                        for key, person, group, _, starts in rows
                    ],
                )
                for key, person, group, school, _ in rows:
                    self._ended(kind, key, person, group, school)
                self._flush(len(rows))

    def _close(self, table: sa.Table, rows: list[tuple[int, str, dict[str, int]]]) -> None:
        """Let ties (id, first day, whose) end with yesterday."""
        last = self.today - DAY
        begun = [key for key, starts, _ in rows if date.fromisoformat(starts) <= last]
        self._update(table, [{"id": key, "ends": last} for key in begun])
        for key, starts, whose in rows:
            if date.fromisoformat(starts) > last:
                self._never_held(table, key, whose, last)

    def _never_held(self, table: sa.Table, key: int, whose: dict[str, int], last: date) -> None:
        """Put a tie that would have begun today or later on a day that is over and has none of the kind."""
        same = [table.c[name] == value for name, value in whose.items()]
        taken = set(self.session.execute(sa.select(table.c.starts).where(*same)).scalars())
        day = last
        while day in taken:
            day -= DAY
        self._update(table, [{"id": key, "starts": day, "ends": day}])

    def _families(self) -> None:
        query = (
            "SELECT d.outside, l.id, l.school, g.id FROM todo d "
            "JOIN c_person l ON l.outside = substr(d.outside, 1, instr(d.outside, char(9)) - 1) "
            "JOIN c_person g ON g.outside = substr(d.outside, instr(d.outside, char(9)) + 1) "
            "WHERE d.kind = 'guardians' AND d.act = 'add' ORDER BY d.rowid"
        )
        namings = (
            "SELECT namer, named FROM naming WHERE state = 1 AND ((namer = ?1 AND named = ?2) "
            "OR (namer = ?2 AND named = ?1))"
        )
        for rows in self._chunks(query):
            ties = [
                {
                    "guardian_id": guardian, "learner_id": learner, "called": "", "interpreter": "",
                    "no_contact": False, "starts": self.today, "ends": None,
                }
                for _, learner, _, guardian in rows
            ]  # fmt: skip
            keys = self._insert(Guardianship, ties)
            for (outside, learner, school, _), key in zip(rows, keys, strict=True):
                pair = outside.split(BESIDE)
                for namer, named in self.db.execute(namings, pair).fetchall():
                    self._name(OutsideKind.GUARDIANSHIP, f"{namer}{BESIDE}{named}", key)
                self._tell(school, Verb.GUARDIAN_LINKED, ("guardianship", key), learner)
            self._flush(len(rows))
        self._renamings()
        self._end_families()

    def _renamings(self) -> None:
        query = "SELECT outside, id, what FROM todo WHERE kind = 'guardians' AND act = 'change' ORDER BY rowid"
        for rows in self._chunks(query):
            gone = [outside for outside, _, what in rows if what == "unnamed"]
            for outside, id, what in rows:
                if what == "named":
                    self._name(OutsideKind.GUARDIANSHIP, outside, id)
            self._forget(gone)
            self._flush(len(rows))

    def _end_families(self) -> None:
        query = (
            "SELECT o.id, o.learner, p.school, o.starts, o.guardian FROM todo d JOIN c_guard o ON o.id = d.id "
            "JOIN c_person p ON p.id = o.learner WHERE d.kind = 'guardians' AND d.act = 'end' ORDER BY d.rowid"
        )
        table = Guardianship.__table__  # type: ignore[attr-defined]
        for rows in self._chunks(query):
            self._close(
                table,
                [
                    (key, starts, {"guardian_id": guardian, "learner_id": learner})
                    for key, learner, _, starts, guardian in rows
                ],
            )
            gone: list[str] = []
            for key, learner, school, _, _ in rows:
                self._tell(
                    school, Verb.GUARDIAN_UNLINKED, ("guardianship", key), learner, how="ended"
                )
                names = self.db.execute(
                    "SELECT namer || char(9) || named FROM c_naming WHERE id = ?", (key,)
                ).fetchall()
                gone += [name for (name,) in names]
            self._forget(gone)
            self._flush(len(rows))

    def _forget(self, outsides: list[str]) -> None:
        """Forget names of ties between people: what is ended by the roster may begin again by it."""
        table = OutsideId.__table__  # type: ignore[attr-defined]
        for at in range(0, len(outsides), AT_ONCE):
            self.session.execute(
                sa.delete(table).where(
                    table.c.source == self.plan.source,
                    table.c.kind == OutsideKind.GUARDIANSHIP,
                    one_of(self.session, table.c.outside_id, outsides[at : at + AT_ONCE]),
                )
            )
