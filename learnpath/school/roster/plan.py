"""The plan: what a set would add, change and end, and every row that is wrong. Nothing is changed by it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from learnpath.school.models import OutsideId, OutsideKind, School
from learnpath.school.roster.check import Check
from learnpath.school.roster.differ import Differ
from learnpath.school.roster.differ_base import ACTS, KINDS
from learnpath.school.roster.present import Present
from learnpath.school.roster.read import open_set
from learnpath.school.roster.rows import RosterSet
from learnpath.school.roster.scratch import GOOD, Scratch, Wrong
from learnpath.school.roster.understood import Understood

Step = Callable[[int], None]
# Any number: whoever plans in order to apply waits for the one before (PostgreSQL; SQLite has one writer).
ONE_ROSTER_AT_A_TIME = 7_311_402


class RosterPlan:
    """What would happen. It holds a temporary file: close it, or use it in a ``with`` block."""

    def __init__(self, roster: RosterSet, source: str, zone: str, strict: bool) -> None:
        self.roster, self.source, self.zone, self.strict = roster, source, zone, strict
        self.scratch = roster.scratch
        self.present: Present | None = None
        self.said = Understood()
        # Schools made by hand that are to be tied: the sender's name for each -> its id here.
        self.tied: dict[str, int] = {}
        self.file_name = roster.path.name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()

    def close(self) -> None:
        """Throw the temporary file away."""
        self.scratch.close()

    # -- what it says -----------------------------------------------------------------------------------

    def counts(self, act: str) -> dict[str, int]:
        """Return how many things of each kind there are to ``add``, ``change`` or ``end``."""
        rows = self.scratch.db.execute(
            "SELECT kind, count(*), count(DISTINCT outside) FROM todo WHERE act = ? GROUP BY kind",
            (act,),
        )
        # A session is one row of the set, and a year or term of each school.
        found = {kind: (several if kind == "sessions" else n) for kind, n, several in rows}
        return {kind: found.get(kind, 0) for kind in KINDS}

    def changes(self) -> int:
        """Return how many things there are to do."""
        return int(self.scratch.db.execute("SELECT count(*) FROM todo").fetchone()[0])

    def wrong(self, limit: int = -1, offset: int = 0) -> Iterator[Wrong]:
        """Return the rows that are wrong, those that stop everything first."""
        return self.scratch.all_wrong(limit, offset)

    def wrong_count(self) -> int:
        """Return how many rows are wrong."""
        return int(self.scratch.db.execute("SELECT count(*) FROM wrong").fetchone()[0])

    def left_out(self) -> dict[str, int]:
        """Return how many rows of each file are left out."""
        return self.scratch.left_out()

    @property
    def refused(self) -> bool:
        """Whether nothing can be applied."""
        return self.scratch.stopped or (self.strict and self.wrong_count() > 0)

    def names(self, act: str, limit: int) -> list[str]:
        """Return the first names of people who are added, changed or ended."""
        rows = self.scratch.db.execute(
            "SELECT coalesce(u.given || ' ' || u.family, c.given || ' ' || c.family), d.outside "
            "FROM todo d LEFT JOIN user u ON u.id = d.outside AND u.state <> 2 "
            "LEFT JOIN c_person c ON c.outside = d.outside "
            "WHERE d.kind = 'users' AND d.act = ? ORDER BY coalesce(u.line, 0), d.outside LIMIT ?",
            (act, limit),
        )
        return [f"{(name or '').strip()} ({id})" for name, id in rows]

    def accounts(self, act: str, limit: int) -> tuple[int, list[str]]:
        """Return how many accounts are ``closed`` or ``opened``, and the first names of whose they are."""
        found = (
            "FROM todo d JOIN user u ON u.id = d.outside WHERE d.kind = 'users' AND ("
            "(d.act = 'change' AND ' ' || d.what || ' ' LIKE '% ' || :act || ' %') "
            "OR (d.act = 'add' AND u.enabled = 0 AND :act = 'closed'))"
        )
        db, said = self.scratch.db, {"act": act, "limit": limit}
        (count,) = db.execute(f"SELECT count(*) {found}", said).fetchone()
        rows = db.execute(
            f"SELECT trim(u.given || ' ' || u.family), u.id {found} ORDER BY u.line LIMIT :limit",
            said,
        )
        return count, [f"{name} ({id})" for name, id in rows]

    def digest(self) -> str:
        """Return a short name for what this plan would do: two plans that do the same have the same."""
        kept = hashlib.sha256(f"{self.source} {self.roster.version} {self.refused}".encode())
        rows = self.scratch.db.execute(
            "SELECT kind, act, outside, id, what FROM todo ORDER BY kind, act, outside, id, what"
        )
        for row in rows:
            kept.update(repr(row).encode())
        return kept.hexdigest()[:32]

    def as_json(self) -> dict[str, Any]:
        """Return the plan as the command prints it."""
        return {
            "version": self.roster.version or None,
            "mode": self.roster.mode or None,
            **{act: self.counts(act) for act in ACTS},
            "left_out": self.left_out(),
            "wrong": [wrong.as_json() for wrong in self.wrong()],
        }

    def summary(self) -> dict[str, Any]:
        """Return the counts that are kept with the import."""
        return {
            "version": self.roster.version,
            **{act: self.counts(act) for act in ACTS},
            "left_out": self.left_out(),
        }


def plan_of(
    session: Session,
    path: Path,
    now: datetime,
    *,
    zone: str,
    schools: Mapping[str, int | None] | None = None,
    home: int | None = None,
    strict: bool = False,
    step: Step = lambda _done: None,
) -> RosterPlan:
    """Return what the set at ``path`` would do.

    ``schools`` narrows the plan to these organisations of the set; one with an id is a school that was
    made here by hand and is tied to it from now on. ``home`` is the one school of an administrator in
    the browser: nothing else is touched. ``step`` is told how many rows were read.
    """
    scratch = Scratch()
    roster = open_set(path, scratch)
    source = _source(session, roster.source, schools or {}, home)
    plan = RosterPlan(roster, source, zone, strict)
    if scratch.stopped:
        scratch.settle()
        return plan
    today = now.astimezone(ZoneInfo(zone)).date()
    plan.present = present = Present(session, scratch, source, today)
    scope = _scope(session, plan, present, schools, home)
    plan.said = Check(roster, present, scope, step).everything()
    if not scratch.stopped:
        Differ(roster, present, plan.said, scope, set(plan.tied), home).everything()
    return plan


def schools_in(session: Session, path: Path, now: datetime) -> list[tuple[str, str]]:
    """Return the schools that a set names, as sourcedId and name: one of them is the administrator's."""
    scratch = Scratch()
    try:
        roster = open_set(path, scratch)
        if scratch.stopped:
            return []
        nothing = Present(session, scratch, "", now.date())
        orgs = Check(roster, nothing, None, lambda _done: None).only_orgs()
        return sorted(
            (
                (id, org.name)
                for id, org in orgs.items()
                if org.type == "school" and org.state == GOOD
            ),
            key=lambda pair: (pair[1], pair[0]),
        )
    finally:
        scratch.close()


def is_tied(session: Session, school_id: int, path: Path) -> bool:
    """Tell whether the school is tied already to an organisation of the system that sent the set."""
    scratch = Scratch()
    try:
        said = open_set(path, scratch).source
        return _known_source(session, said, school_id) is not None
    finally:
        scratch.close()


def wait_for_others(session: Session) -> None:
    """Let only one roster be applied at a time."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(ONE_ROSTER_AT_A_TIME)))


def _source(
    session: Session, said: str, schools: Mapping[str, int | None], home: int | None
) -> str:
    """Return under which name the ids of this set are kept.

    A set without a code of its system could be anybody's, and two schools of one installation could use the
    same numbers: what an administrator of one school brings has a name of that school's own, unless
    the school is tied already.
    """
    for school_id in filter(None, [home, *schools.values()]):
        known = _known_source(session, said, school_id)
        if known:
            return known
    return f"{said} school {home}"[:80] if home is not None else said


def _known_source(session: Session, said: str, school_id: int) -> str | None:
    query = (
        select(OutsideId.source)
        .where(
            OutsideId.kind == OutsideKind.SCHOOL,
            OutsideId.object_id == school_id,
            col(OutsideId.source).in_([said, f"{said} school {school_id}"[:80]]),
        )
        .order_by(col(OutsideId.id))
    )
    return session.exec(query).first()


def _scope(
    session: Session,
    plan: RosterPlan,
    present: Present,
    schools: Mapping[str, int | None] | None,
    home: int | None,
) -> set[str] | None:
    """Return the organisations that the plan is about, and tie those that were made by hand."""
    for outside, school_id in (schools or {}).items():
        taken = {there.id for there in present.schools.values()}
        if school_id is None or outside in present.schools or school_id in taken:
            continue
        school = session.get(School, school_id)
        if school is not None:
            present.tie_school(outside, school)
            plan.tied[outside] = school_id
    if home is not None:
        return {outside for outside, there in present.schools.items() if there.id == home}
    return set(schools) if schools is not None else None
