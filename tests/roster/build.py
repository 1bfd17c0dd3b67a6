"""Helpers of the roster's tests: a set is written, planned and applied in a transaction of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine
from sqlmodel import Session, select

from learnpath.db import open_session, unit_of_work
from learnpath.people.models import Person
from learnpath.record.models import Event
from learnpath.record.verify import verify
from learnpath.school.models import (
    Enrolment,
    Guardianship,
    OutsideId,
    OutsideKind,
    School,
    SchoolClass,
    Teaching,
)
from learnpath.school.roster.apply import apply
from learnpath.school.roster.plan import RosterPlan, plan_of
from tests.builders import MONDAY
from tests.roster.sets import ASet

ZONE = "America/Denver"
_numbers = count(1)


@dataclass
class Office:
    """The school office, with a database and a place for files."""

    engine: Engine
    folder: Path

    def path_of(self, made: ASet | Path) -> Path:
        """Return where the set lies, written now if need be."""
        return (
            made if isinstance(made, Path) else made.folder(self.folder / f"set-{next(_numbers)}")
        )

    @contextmanager
    def planning(
        self, made: ASet | Path, now: datetime = MONDAY, **options: Any
    ) -> Iterator[RosterPlan]:
        """Give the plan of a set."""
        with (
            open_session(self.engine, writing=False) as session,
            plan_of(session, self.path_of(made), now, zone=ZONE, **options) as plan,
        ):
            yield plan

    def plan(self, made: ASet | Path, now: datetime = MONDAY, **options: Any) -> dict[str, Any]:
        """Return the plan as the command prints it."""
        with self.planning(made, now, **options) as plan:
            return plan.as_json()

    def apply(self, made: ASet | Path, now: datetime = MONDAY, **options: Any) -> dict[str, Any]:
        """Apply a set and return its plan; then the record must hold and a second plan be empty."""
        path = self.path_of(made)
        with (
            unit_of_work(self.engine) as session,
            plan_of(session, path, now, zone=ZONE, **options) as plan,
        ):
            said = plan.as_json()
            apply(session, None, plan, now)
        again = self.plan(path, now, **options)
        for act in ("add", "change", "end"):
            assert not any(again[act].values()), (act, again[act])
        with self.reading() as session:
            assert verify(session).faults == ()
        return said

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session to look."""
        with open_session(self.engine, writing=False) as session:
            yield session

    # -- looking ------------------------------------------------------------------------------------

    def _object(self, session: Session, kind: OutsideKind, model: Any, id: str) -> Any:
        key = session.exec(
            select(OutsideId.object_id).where(OutsideId.kind == kind, OutsideId.outside_id == id)
        ).first()
        return None if key is None else session.get_one(model, key)

    def person(self, id: str) -> Person | None:
        """Return the person of that sourcedId."""
        with self.reading() as session:
            return self._object(session, OutsideKind.PERSON, Person, id)

    def school(self, id: str) -> School | None:
        """Return the school of that sourcedId."""
        with self.reading() as session:
            return self._object(session, OutsideKind.SCHOOL, School, id)

    def group(self, id: str) -> SchoolClass | None:
        """Return the class of that sourcedId."""
        with self.reading() as session:
            return self._object(session, OutsideKind.CLASS, SchoolClass, id)

    def enrolment(self, id: str) -> Enrolment | None:
        """Return the enrolment of that sourcedId."""
        with self.reading() as session:
            return self._object(session, OutsideKind.ENROLMENT, Enrolment, id)

    def teaching(self, id: str) -> Teaching | None:
        """Return the teaching of that sourcedId."""
        with self.reading() as session:
            return self._object(session, OutsideKind.TEACHING, Teaching, id)

    def guardians(self, learner: str) -> set[str]:
        """Return the given names of a learner's guardians of today."""
        child = self.person(learner)
        with self.reading() as session:
            query = (
                select(Person.given_name)
                .join(Guardianship, Guardianship.guardian_id == Person.id)
                .where(Guardianship.learner_id == child.id, Guardianship.ends == None)  # noqa: E711
            )
            return set(session.exec(query))

    def verbs(self, id: str) -> list[str]:
        """Return the verbs on a learner's own chain."""
        child = self.person(id)
        with self.reading() as session:
            query = select(Event.verb).where(Event.learner_id == child.id).order_by(Event.seq)
            return [str(verb) for verb in session.exec(query)]


def named(
    said: dict[str, Any], file: str = "", column: str = ""
) -> list[tuple[str, int, str, bool]]:
    """Return what is wrong, as file, line, column and whether it stops."""
    return [
        (row["file"], row["line"], row["column"], row["stops"])
        for row in said["wrong"]
        if file in ("", row["file"]) and column in ("", row["column"])
    ]
