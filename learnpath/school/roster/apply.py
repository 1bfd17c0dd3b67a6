"""The plan, done: in the transaction of the session, with an event for each change, or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from learnpath import record
from learnpath.errors import NotAllowedNow
from learnpath.people.models import ClosedBy, Credential, Person, SignIn
from learnpath.people.one_time_codes import NO_PASSWORD
from learnpath.record import By, Relation, Told, Verb
from learnpath.record.many_rows import insert_rows, one_of, update_rows
from learnpath.record.write import insert_into
from learnpath.school.models import (
    Enrolment,
    Guardianship,
    ImportKind,
    ImportRun,
    OutsideId,
    OutsideKind,
    RosterEntry,
    School,
    SchoolClass,
    SchoolYearRow,
    Teaching,
    Term,
)
from learnpath.school.roster.first_days import free_days
from learnpath.school.roster.plan import RosterPlan
from learnpath.school.roster.present import BESIDE
from learnpath.school.roster.tables import STUDENT
from learnpath.wording import lazy as _l

Step = Callable[[int], None]
AT_ONCE = 2000
DAY = timedelta(days=1)
# What every new person has, whatever the roster says.
NEW_PERSON = Person(school_id=0, given_name="", family_name="", called="").model_dump(
    exclude={"id"}
)


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


def apply(
    session: Session,
    by: int | None,
    plan: RosterPlan,
    now: datetime,
    step: Step = lambda _done: None,
) -> list[ImportRun]:
    """Do what the plan says and return the imports that were noted, one for each school it touched.

    ``by`` is the person who does it, or None for the command. The plan must have been made in this very
    transaction. Nothing to do notes nothing. Raises NotAllowedNow for a plan that is refused.
    """
    if plan.refused:
        raise NotAllowedNow(_l("Rows of this roster stop it. Nothing was changed."))
    if not plan.changes():
        return []
    return _Doing(session, by, plan, now, step).everything()


class _Doing:
    def __init__(
        self, session: Session, by: int | None, plan: RosterPlan, now: datetime, step: Step
    ) -> None:
        assert plan.present is not None
        self.session, self.actor, self.plan, self.now, self.step = session, by, plan, now, step
        self.db, self.present = plan.scratch.db, plan.present
        self.today: date = plan.present.today
        self.told: list[Told] = []
        self.ids: list[dict[str, Any]] = []
        self.zones = {
            id or 0: zone for id, zone in session.exec(select(School.id, School.time_zone))
        }
        self.school_ids = {id: there.id for id, there in plan.present.schools.items()}
        self.year_ids = {key: there.id for key, there in plan.present.years.items()}
        self.touched: set[int] = set()

    def everything(self) -> list[ImportRun]:
        self._schools()
        self._spans()
        self._classes()
        self._add_people()
        self._change_people()
        self._step_aside()
        self._add_ties()
        self._change_ties()
        self._end_ties()
        self._families()
        self._end_classes()
        self._end_people()
        self._flush()
        return self._note()

    # -- the record and the names of the other system -------------------------------------------------------

    def _by(self, school_id: int) -> By:
        self.touched.add(school_id)
        return By(self.actor, Relation.SCHOOL, school_id, self.zones[school_id])

    def _tell(
        self,
        school_id: int,
        verb: Verb,
        about: tuple[str, int],
        learner: int | None = None,
        **said: Any,
    ) -> None:
        self.told.append(Told(self._by(school_id), verb, learner, about, self.now, said))

    def _name(self, kind: OutsideKind, outside: str, object_id: int) -> None:
        self.ids.append(
            {
                "source": self.plan.source, "kind": kind, "outside_id": outside,
                "object_id": object_id,
            }
        )  # fmt: skip

    def _flush(self, done: int = 0) -> None:
        if self.ids:
            insert_rows(self.session, sa.insert(OutsideId.__table__), self.ids)  # type: ignore[attr-defined]
            self.ids = []
        record.write_many(self.session, self.told)
        self.told = []
        self.step(done)

    def _insert(self, model: Any, rows: list[dict[str, Any]]) -> list[int]:
        """Insert many rows and return the ids that they got."""
        if not rows:
            return []
        keys = self._take(model.__table__, len(rows))
        numbered = [{**row, "id": key} for row, key in zip(rows, keys, strict=True)]
        insert_rows(self.session, sa.insert(model.__table__), numbered)
        return keys

    def _take(self, table: sa.Table, many: int) -> list[int]:
        if self.session.get_bind().dialect.name == "postgresql":
            sequence = sa.func.pg_get_serial_sequence(table.name, "id")
            query = sa.select(sa.func.nextval(sequence)).select_from(
                sa.func.generate_series(1, many).alias("n")
            )
            return list(self.session.execute(query).scalars())
        highest = self.session.execute(sa.select(sa.func.max(table.c.id))).scalar() or 0
        return list(range(highest + 1, highest + 1 + many))

    def _update(self, table: sa.Table, rows: list[dict[str, Any]]) -> None:
        update_rows(self.session, table, "id", rows)

    def _todo(self, kind: str, act: str) -> list[tuple[str, int | None, dict[str, Any]]]:
        rows = self.db.execute(
            "SELECT outside, id, what FROM todo WHERE kind = ? AND act = ? ORDER BY rowid",
            (kind, act),
        ).fetchall()
        return [(outside, id, json.loads(what)) for outside, id, what in rows]

    def _chunks(self, query: str, *args: Any) -> Iterator[list[tuple[Any, ...]]]:
        found = self.db.execute(query, args)
        while rows := found.fetchmany(AT_ONCE):
            yield rows

    # -- small tables -----------------------------------------------------------------------------------------

    def _schools(self) -> None:
        for outside, _, said in self._todo("orgs", "add"):
            (key,) = self._insert(
                School,
                [
                    {
                        "name": said["name"],
                        "time_zone": self.plan.zone,
                        "phone": "",
                        "invented": False,
                    }
                ],
            )
            self.school_ids[outside] = key
            self.zones[key] = self.plan.zone
            self._name(OutsideKind.SCHOOL, outside, key)
            self._tell(key, Verb.SCHOOL_ADDED, ("school", key))
        for outside, id, said in self._todo("orgs", "change"):
            assert id is not None
            self._update(School.__table__, [{"id": id, "name": said["name"]}])  # type: ignore[attr-defined]
            if said["tied"]:
                self._name(OutsideKind.SCHOOL, outside, id)
            what = ["source"] if said["tied"] else ["name"]
            self._tell(id, Verb.SCHOOL_CHANGED, ("school", id), what=what)
        self.db.executemany(
            "INSERT OR IGNORE INTO c_school VALUES (?, ?)", list(self.school_ids.items())
        )
        self._flush()

    def _spans(self) -> None:
        """Years first: a term needs the year that it belongs to."""
        spans = [
            (act, outside, id, said)
            for act in ("add", "change")
            for outside, id, said in self._todo("sessions", act)
        ]
        for act, outside, id, said in sorted(spans, key=lambda span: bool(span[3]["year"])):
            school = self.school_ids[said["school"]]
            days = {"name": said["name"], **_days(said)}
            kind = "term" if said["year"] else "year"
            model: Any = Term if said["year"] else SchoolYearRow
            if act == "change":
                assert id is not None
                self._update(model.__table__, [{"id": id, **days}])
                key, how = id, "changed"
            else:
                owner = (
                    {"year_id": self.year_ids[said["year"], school]}
                    if said["year"]
                    else {"school_id": school}
                )
                (made,) = self._insert(model, [{**owner, **days}])
                outside_kind = OutsideKind.TERM if said["year"] else OutsideKind.YEAR
                self._name(outside_kind, f"{outside}{BESIDE}{school}", made)
                key, how = made, "added"
                if not said["year"]:
                    self.year_ids[outside, school] = made
            self._tell(school, Verb.CALENDAR_CHANGED, (kind, key), what=kind, how=how)
        self._flush()

    def _classes(self) -> None:
        new = self._todo("classes", "add")
        rows = []
        for _, _, said in new:
            school = self.school_ids[said["school"]]
            year = self.year_ids[said["year"], school]
            rows.append(
                {
                    "school_id": school, "year_id": year, "name": said["name"], "room": said["room"],
                    "closed_on": None,
                }
            )  # fmt: skip
        for at in range(0, len(rows), AT_ONCE):
            part = rows[at : at + AT_ONCE]
            keys = self._insert(SchoolClass, part)
            for row, key, (outside, _, _) in zip(part, keys, new[at:], strict=False):
                self._name(OutsideKind.CLASS, outside, key)
                self._tell(row["school_id"], Verb.CLASS_ADDED, ("school_class", key))
                self.db.execute(
                    "INSERT OR REPLACE INTO c_class VALUES (?, ?, ?)",
                    (outside, key, row["school_id"]),
                )
            self._flush(len(part))
        for outside, id, said in self._todo("classes", "change"):
            assert id is not None
            there = self.present.classes[outside]
            row = {
                "id": id, "name": said["name"], "room": said["room"], "closed_on": None,
                "year_id": self.year_ids[said["year"], there.school_id],
            }  # fmt: skip
            was = {
                "name": there.name,
                "room": there.room,
                "closed_on": there.closed_on,
                "year_id": there.year_id,
            }
            self._update(SchoolClass.__table__, [row])  # type: ignore[attr-defined]
            what = [name for name, value in was.items() if row[name] != value]
            self._tell(there.school_id, Verb.CLASS_CHANGED, ("school_class", id), what=what)
        self._flush()

    def _end_classes(self) -> None:
        for outside, id, _ in self._todo("classes", "end"):
            assert id is not None
            there = self.present.classes[outside]
            self._update(
                SchoolClass.__table__,  # type: ignore[attr-defined]
                [{"id": id, "closed_on": self.today - DAY}],
            )
            self._tell(there.school_id, Verb.CLASS_ENDED, ("school_class", id))
        self._flush()

    # -- people -----------------------------------------------------------------------------------------------

    def _add_people(self) -> None:
        query = (
            "SELECT u.id, u.given, u.family, u.called, u.pronouns, u.grade, u.org, u.email, u.identifier, "
            "u.legal, u.roles LIKE '%student%', u.enabled, u.username FROM todo d JOIN user u ON u.id = d.outside "
            "WHERE d.kind = 'users' AND d.act = 'add' ORDER BY d.rowid"
        )
        for rows in self._chunks(query):
            people = [
                {
                    **NEW_PERSON, "school_id": self.school_ids[org], "given_name": given,
                    "family_name": family, "called": called, "pronouns": pronouns, "grade": grade,
                    "closed_by": ClosedBy.ROSTER if enabled == 0 else None,
                }
                for _, given, family, called, pronouns, grade, org, *_, enabled, _ in rows
            ]  # fmt: skip
            keys = self._insert(Person, people)
            entries = [
                {
                    "person_id": key,
                    "email": row[7],
                    "identifier": row[8],
                    "legal_given_name": row[9],
                }
                for row, key in zip(rows, keys, strict=True)
            ]
            insert_rows(self.session, sa.insert(RosterEntry.__table__), entries)  # type: ignore[attr-defined]
            for row, key, person in zip(rows, keys, people, strict=True):
                self._name(OutsideKind.PERSON, row[0], key)
                learner = key if row[10] else None
                self._tell(person["school_id"], Verb.PERSON_ADDED, ("person", key), learner)
                if person["closed_by"]:
                    self._account(person["school_id"], Verb.ACCOUNT_CLOSED, key, learner)
            self._usernames(
                [(key, row[12]) for row, key in zip(rows, keys, strict=True) if row[12]]
            )
            self.db.executemany(
                "INSERT INTO c_person VALUES (?, ?, ?, '', '', '', '', '', '', ?, 0, 0, ?, NULL)",
                [
                    (row[0], key, person["school_id"], row[5], row[10])
                    for row, key, person in zip(rows, keys, people, strict=True)
                ],
            )
            self._flush(len(rows))

    def _account(self, school_id: int, verb: Verb, key: int, learner: int | None) -> None:
        self._tell(school_id, verb, ("person", key), learner, how=ClosedBy.ROSTER.value)

    def _usernames(self, named: list[tuple[int, str]]) -> None:
        """Give new people the username of the roster. Without a password it opens nothing yet."""
        rows = [
            {
                "person_id": key, "username": name, "password_hash": NO_PASSWORD,
                "changed_at": self.now,
            }
            for key, name in named
        ]  # fmt: skip
        insert_rows(self.session, sa.insert(Credential.__table__), rows)  # type: ignore[attr-defined]

    def _sign_out(self, keys: list[int]) -> None:
        """End every sign-in of these people, so that none comes back with the account."""
        table = SignIn.__table__  # type: ignore[attr-defined]
        for at in range(0, len(keys), AT_ONCE):
            theirs = one_of(self.session, table.c.person_id, keys[at : at + AT_ONCE])
            self.session.execute(
                sa.update(table).where(theirs, table.c.ended_at.is_(None)).values(ended_at=self.now)
            )

    def _change_people(self) -> None:
        query = (
            "SELECT c.id, d.what, u.given, u.family, u.called, c.called, u.grade, c.grade, s.id, u.email, "
            "u.identifier, u.legal, u.roles LIKE '%student%' OR c.learns, c.closed FROM todo d "
            "JOIN user u ON u.id = d.outside JOIN c_person c ON c.outside = d.outside "
            "JOIN c_school s ON s.outside = u.org WHERE d.kind = 'users' AND d.act = 'change' ORDER BY d.rowid"
        )
        for rows in self._chunks(query):
            people, entries = [], []
            closed: list[int] = []
            for (
                id, words, given, family, called, was_called, grade, was_grade, school, email, number,
                legal, learns, was_closed,
            ) in rows:  # fmt: skip
                what = words.split()
                people.append(
                    {
                        "id": id, "given_name": given, "family_name": family,
                        "called": called if "called" in what else was_called,
                        "grade": grade if "grade" in what else was_grade,
                        "school_id": school, "left_at": None,
                        "closed_by": _closed(what, was_closed),
                    }
                )  # fmt: skip
                entries.append(
                    {
                        "person_id": id,
                        "email": email,
                        "identifier": number,
                        "legal_given_name": legal,
                    }
                )
                learner = id if learns else None
                if "grade" in what:
                    self._tell(school, Verb.GRADE_CHANGED, ("person", id), learner, grade=grade)
                rest = [word for word in what if word not in ("grade", "closed", "opened")]
                if rest:
                    self._tell(school, Verb.PERSON_CHANGED, ("person", id), learner, what=rest)
                if "closed" in what:
                    self._account(school, Verb.ACCOUNT_CLOSED, id, learner)
                    closed.append(id)
                if "opened" in what:
                    self._account(school, Verb.ACCOUNT_OPENED, id, learner)
                self.db.execute("UPDATE c_person SET school = ?, grade = ? WHERE id = ?", (
                    school, people[-1]["grade"], id,
                ))  # fmt: skip
            self._update(Person.__table__, people)  # type: ignore[attr-defined]
            insert = insert_into(self.session, RosterEntry.__table__)  # type: ignore[attr-defined]
            also = {n: insert.excluded[n] for n in ("email", "identifier", "legal_given_name")}
            upsert = insert.on_conflict_do_update(index_elements=["person_id"], set_=also)
            insert_rows(self.session, upsert, entries)
            self._sign_out(closed)
            self._flush(len(rows))

    def _end_people(self) -> None:
        query = (
            "SELECT c.id, c.school, c.learns FROM todo d JOIN c_person c ON c.outside = d.outside "
            "WHERE d.kind = 'users' AND d.act = 'end' ORDER BY d.rowid"
        )
        for rows in self._chunks(query):
            self._update(
                Person.__table__,  # type: ignore[attr-defined]
                [{"id": id, "left_at": self.now} for id, _, _ in rows],
            )
            self._sign_out([id for id, _, _ in rows])
            for id, school, learns in rows:
                self._tell(school, Verb.PERSON_LEFT, ("person", id), id if learns else None)
            self._flush(len(rows))

    # -- enrolments and teachings -------------------------------------------------------------------------------

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
                        kind.owner: person, "class_id": group, "ends": _day(ends),
                        "starts": _day(starts),
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
                    ties.append({"id": key, "starts": _day(begin), "ends": _day(ends)})
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

    # -- families -------------------------------------------------------------------------------------------------

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

    # -- the import itself ------------------------------------------------------------------------------------------

    def _note(self) -> list[ImportRun]:
        summary = self.plan.summary()
        added, changed, ended = (sum(summary[act].values()) for act in ("add", "change", "end"))
        mode = self.plan.roster.mode
        runs = [
            ImportRun(
                school_id=school_id, kind=ImportKind.ROSTER, made_by=self.actor, at=self.now,
                file_name=self.plan.file_name[:200], mode=mode, counts=summary,
            )
            for school_id in sorted(self.touched)
        ]  # fmt: skip
        self.session.add_all(runs)
        self.session.flush()
        for run in runs:
            record.write(
                self.session, self._by(run.school_id), Verb.ROSTER_APPLIED, learner_id=None,
                about=("import_run", run.id), at=self.now,
                payload={"mode": mode, "added": added, "changed": changed, "ended": ended},
            )  # fmt: skip
        return runs


def _closed(what: list[str], was: str | None) -> ClosedBy | None:
    if "closed" in what:
        return ClosedBy.ROSTER
    return None if "opened" in what or was is None else ClosedBy(was)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _days(said: dict[str, Any]) -> dict[str, date]:
    return {name: date.fromisoformat(said[name]) for name in ("starts", "ends")}
