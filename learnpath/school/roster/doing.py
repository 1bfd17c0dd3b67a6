"""How a plan is done: ids taken, rows put in and changed, each change told, all of it in large parts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from learnpath import record
from learnpath.people.models import Credential, Person
from learnpath.record import By, Relation, Told, Verb
from learnpath.record.many_rows import insert_rows, look_at_tables, update_rows
from learnpath.record.models import ChainHead, Event, EvidenceWeek
from learnpath.school.models import (
    Enrolment,
    Guardianship,
    OutsideId,
    OutsideKind,
    RosterEntry,
    School,
    SchoolClass,
    Teaching,
)
from learnpath.school.roster.plan import RosterPlan

Step = Callable[[int], None]
AT_ONCE = 2000
DAY = timedelta(days=1)
GROWING: tuple[sa.Table, ...] = tuple(
    model.__table__  # type: ignore[union-attr]
    for model in (
        Person, Credential, RosterEntry, SchoolClass, Enrolment, Teaching, Guardianship, OutsideId,
        Event, ChainHead, EvidenceWeek,
    )
)  # fmt: skip


class Doing:
    """A plan that is being done in the transaction of the session."""

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
        self.done, self.look_again_at = 0, AT_ONCE

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
        self._plan_for_size(done)
        self.step(done)

    def _plan_for_size(self, done: int) -> None:
        """Let the database look at its tables again whenever twice as much was done.

        PostgreSQL plans by what it last saw. In a transaction that fills empty tables nobody tells it
        better: it would go through all of a table that it takes for empty, once for each row.
        """
        self.done += done
        if self.done >= self.look_again_at:
            self.look_again_at = 2 * self.done
            look_at_tables(self.session, GROWING)

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


def day_of(text: str | None) -> date | None:
    """Return the day that the scratch keeps as text."""
    return date.fromisoformat(text) if text else None


def days_of(said: dict[str, Any]) -> dict[str, date]:
    """Return the first and the last day of a year or a term."""
    return {name: date.fromisoformat(said[name]) for name in ("starts", "ends")}
