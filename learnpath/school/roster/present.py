"""What is there already of what a source sent: the side that a set is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from learnpath.people.models import Credential, Person
from learnpath.record import Verb
from learnpath.record.models import Event
from learnpath.school.models import (
    Administration,
    Enrolment,
    Guardianship,
    Leadership,
    OutsideId,
    OutsideKind,
    RosterEntry,
    School,
    SchoolClass,
    SchoolYearRow,
    Teaching,
    Term,
)
from learnpath.school.roster.scratch import Scratch
from learnpath.school.roster.tables import STUDENT, TEACHER

AT_ONCE = 5000
# One thing beside another, where a name of the other system is not enough: a year of a school, a tie.
BESIDE = "\t"


@dataclass(frozen=True)
class SchoolThere:
    """A school that is tied to an organisation of the source."""

    id: int
    name: str
    zone: str
    # Whether it came with a roster. One that was made by hand keeps its name.
    brought: bool = False


@dataclass(frozen=True)
class SpanThere:
    """A school year or a term of one school."""

    id: int
    name: str
    starts: date
    ends: date
    year_id: int = 0


@dataclass(frozen=True)
class ClassThere:
    """A class."""

    id: int
    school: str
    school_id: int
    year_id: int
    name: str
    room: str
    closed_on: date | None


@dataclass(frozen=True)
class KnownSession:
    """A session that came before, as any of its schools has it."""

    name: str
    starts: date
    ends: date
    year: str = ""


class Present:
    """What is there of a source, small tables at hand and large ones in the scratch."""

    def __init__(self, session: Session, scratch: Scratch, source: str, today: date) -> None:
        self.session, self.scratch, self.source, self.today = session, scratch, source, today
        brought = set(session.exec(select(Event.school_id).where(Event.verb == Verb.SCHOOL_ADDED)))
        self.schools: dict[str, SchoolThere] = {
            outside: SchoolThere(
                school.id or 0, school.name, school.time_zone, school.id in brought
            )
            for outside, school in self._of(OutsideKind.SCHOOL, School)
        }  # fmt: skip
        self._outside_of_school = {there.id: outside for outside, there in self.schools.items()}
        self.years: dict[tuple[str, int], SpanThere] = {}
        self.terms: dict[tuple[str, int], SpanThere] = {}
        self.key_of_year: dict[int, str] = {}
        self.known_sessions: dict[str, KnownSession] = {}
        self._read_years()
        self.classes: dict[str, ClassThere] = {
            outside: ClassThere(
                row.id or 0, self._outside_of_school.get(row.school_id, ""), row.school_id,
                row.year_id, row.name, row.room, row.closed_on,
            )
            for outside, row in self._of(OutsideKind.CLASS, SchoolClass)
        }  # fmt: skip
        self._read_people()
        self._read_ties()
        self._read_families()

    def tie_school(self, outside: str, school: School) -> None:
        """Let ``school``, made by hand, be the school that the source calls ``outside``."""
        there = SchoolThere(school.id or 0, school.name, school.time_zone)
        self.schools[outside] = there
        self._outside_of_school[there.id] = outside
        self.scratch.db.execute("INSERT INTO c_school VALUES (?, ?)", (outside, there.id))

    def has_any(self, file: str) -> bool:
        """Tell whether anything is there that a file could end."""
        if file == "classes.csv":
            return any(there.closed_on is None for there in self.classes.values())
        query = {
            "users.csv": "SELECT 1 FROM c_person WHERE NOT gone AND ? LIMIT 1",
            "enrollments.csv": "SELECT 1 FROM c_tie WHERE outside IS NOT NULL "
            "AND coalesce(ends, '9999') >= ? LIMIT 1",
        }.get(file)
        today = self.today.isoformat()
        return bool(query and self.scratch.db.execute(query, (today,)).fetchone())

    # -- reading ----------------------------------------------------------------------------------------

    def _of(self, kind: OutsideKind, model: Any) -> Iterator[tuple[str, Any]]:
        query = (
            select(OutsideId.outside_id, model)
            .join(model, col(model.id) == col(OutsideId.object_id))
            .where(*self._named(kind))
            .order_by(col(OutsideId.id))
        )
        for outside, row in self.session.execute(query).all():
            self.session.expunge(row)
            yield outside, row

    def _named(self, kind: OutsideKind) -> tuple[sa.ColumnElement[bool], ...]:
        return col(OutsideId.source) == self.source, col(OutsideId.kind) == kind

    def _read_years(self) -> None:
        self.scratch.db.executemany(
            "INSERT OR IGNORE INTO c_school VALUES (?, ?)",
            [(outside, there.id) for outside, there in self.schools.items()],
        )
        for outside, row in self._of(OutsideKind.YEAR, SchoolYearRow):
            key = outside.partition(BESIDE)[0]
            self.years[key, row.school_id] = SpanThere(row.id or 0, row.name, row.starts, row.ends)
            self.key_of_year[row.id or 0] = key
            self.known_sessions[key] = KnownSession(row.name, row.starts, row.ends)
        for outside, row in self._of(OutsideKind.TERM, Term):
            key, _, school = outside.partition(BESIDE)
            self.terms[key, int(school)] = SpanThere(
                row.id or 0, row.name, row.starts, row.ends, row.year_id
            )
            year = self.key_of_year.get(row.year_id, "")
            self.known_sessions[key] = KnownSession(row.name, row.starts, row.ends, year)

    def _read_people(self) -> None:
        seats = [
            sa.exists().where(
                col(model.person_id) == col(Person.id),
                sa.or_(col(model.ends).is_(None), col(model.ends) >= self.today),
            )
            for model in (Administration, Leadership)
        ]
        learns = sa.or_(
            col(Person.grade).is_not(None),
            sa.exists().where(col(Enrolment.learner_id) == col(Person.id)),
        )
        query = (
            _select(
                OutsideId.outside_id, Person.id, Person.school_id, Person.given_name,
                Person.family_name, Person.called, RosterEntry.legal_given_name, RosterEntry.email,
                RosterEntry.identifier, Person.grade, col(Person.left_at).is_not(None),
                sa.or_(*seats), learns, Person.closed_by,
            )
            .join(Person, col(Person.id) == col(OutsideId.object_id))
            .outerjoin(RosterEntry, col(RosterEntry.person_id) == col(Person.id))
            .where(*self._named(OutsideKind.PERSON))
        )  # fmt: skip
        self._keep("c_person", 14, query)

    def read_usernames(self) -> None:
        """Put all usernames of this installation into the scratch: a new person may have none of them."""
        self._keep("c_username", 1, _select(Credential.username))

    def _read_ties(self) -> None:
        """All enrolments and teachings at the schools of the source, those by hand too.

        Their names are joined in the scratch: PostgreSQL, which does not yet know how many there are after
        a first roster, would look through all of them for each.
        """
        db, schools = self.scratch.db, [there.id for there in self.schools.values()]
        for word, kind, model, owner in (
            (STUDENT, OutsideKind.ENROLMENT, Enrolment, Enrolment.learner_id),
            (TEACHER, OutsideKind.TEACHING, Teaching, Teaching.teacher_id),
        ):
            query = (
                _select(
                    sa.literal(word), sa.null(), model.id, owner, model.class_id,
                    SchoolClass.school_id, model.starts, model.ends,
                )
                .join(SchoolClass, col(SchoolClass.id) == col(model.class_id))
                .where(col(SchoolClass.school_id).in_(schools))
            )  # fmt: skip
            self._keep("c_tie", 8, query)
            names = _select(OutsideId.outside_id, OutsideId.object_id).where(*self._named(kind))
            for rows in self._parts(names):
                db.executemany(
                    f"UPDATE c_tie SET outside = ? WHERE id = ? AND kind = '{word}'",
                    (tuple(row) for row in rows),
                )
        self.scratch.db.executemany(
            "INSERT INTO c_class VALUES (?, ?, ?)",
            [(outside, there.id, there.school_id) for outside, there in self.classes.items()],
        )

    def _read_families(self) -> None:
        named = _select(OutsideId.outside_id, OutsideId.object_id).where(
            *self._named(OutsideKind.GUARDIANSHIP)
        )
        for rows in self._parts(named):
            self.scratch.db.executemany(
                "INSERT OR IGNORE INTO c_naming VALUES (?, ?, ?)",
                ((*outside.split(BESIDE, 1), id) for outside, id in rows),
            )
        schools = [there.id for there in self.schools.values()]
        query = _select(
            Guardianship.id, Guardianship.guardian_id, Guardianship.learner_id,
            Guardianship.starts, Guardianship.ends, Guardianship.no_contact, sa.literal(0),
        ).join(Person, col(Person.id) == col(Guardianship.learner_id)).where(
            col(Person.school_id).in_(schools)
        )  # fmt: skip
        self._keep("c_guard", 7, query)
        # Where somebody may have no contact, no roster ends that, and none begins it anew.
        self.scratch.db.execute("UPDATE c_guard SET ends = NULL WHERE no_contact")
        self.scratch.db.execute(
            "UPDATE c_guard SET ours = 1 WHERE NOT no_contact AND id IN (SELECT id FROM c_naming)"
        )

    def _keep(self, table: str, width: int, query: Any) -> None:
        insert = f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * width)})"
        for rows in self._parts(query):
            self.scratch.db.executemany(insert, (_plain(row) for row in rows))

    def _parts(self, query: Any) -> Iterable[Sequence[Any]]:
        found = self.session.execute(query.execution_options(yield_per=AT_ONCE))
        return found.partitions(AT_ONCE)


def _select(*columns: Any) -> sa.Select[Any]:
    return sa.select(*columns)


def _plain(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(value.isoformat() if isinstance(value, date) else value for value in row)
