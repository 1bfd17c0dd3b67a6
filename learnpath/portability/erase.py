"""Erasing a learner for good, as the law asks: words, numbers, files and names.

Every table with a ``learner_id`` is emptied of the learner, so that a new room is covered without anyone
remembering, less what ``KEPT`` names with its reason. The events stay as tombstones: their hashes hold the
chains of the record together, and nothing can be read from them.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from learnpath.db import ExactNumber, Json
from learnpath.goals import evidence
from learnpath.goals.file_store import Store
from learnpath.models import complete_metadata
from learnpath.outcomes.models import WaitingFile
from learnpath.people.models import Person
from learnpath.record import By, erase as record_erase
from learnpath.school.models import DataRequest, Enrolment, Guardianship, OutsideKind

ERASED = "Erased"
# Tables with a learner's id that keep their rows, and why.
KEPT: dict[str, str] = {
    "event": "a tombstone without a payload: the chain of hashes goes through it",
    "evidence_week": "the record's own erasure empties it, and counts that it did",
    "data_request": "the school must be able to show that it was asked, and what it did",
    "goal": "the versions below hang on it; all its words go",
    "goal_version": "the database lets nobody delete what was signed; all its words go, their hash stays",
    "goal_signature": "who signed which hash, without a word",
}
# What stands in the place of the words of a version: the database lets nothing else through.
TOMBSTONE = '"erased"'
# Tables that are a person's own, by the column that says whose.
OWNERS = ("learner_id", "person_id", "owner_id", "peer_id")


def erase_learner(session: Session, by: By, learner: Person, store: Store, now: datetime) -> int:
    """Erase a learner; return how many rows went. The name goes last: who it was is not to be found again."""
    learner_id = learner.id or 0
    evidence.erase_all(session, learner_id, store, now)
    session.flush()
    _forget_outside(session, learner_id, by.school_id)
    gone = sum(_emptied(session, learner_id))
    for name, besides in (("goal_version", {"what": TOMBSTONE}), ("goal", {})):
        table = complete_metadata().tables[name]
        blank = {**_blank(table), **besides}
        session.execute(sa.update(table).where(table.c.learner_id == learner_id).values(blank))
    session.expire_all()
    learner = session.get_one(Person, learner_id)
    learner.given_name, learner.family_name, learner.called = ERASED, "", ERASED
    learner.pronouns, learner.say_it, learner.grade = "", "", None
    learner.left_at = learner.left_at or now
    session.add(learner)
    for request in session.exec(select(DataRequest).where(DataRequest.learner_id == learner_id)):
        request.about = ""  # in the words of who asked: they may tell of the learner
        session.add(request)
    session.flush()
    record_erase.erase(session, by, learner_id, now)
    return gone


def emptied_tables() -> list[tuple[sa.Table, str]]:
    """Return the tables that lose a learner's rows, with the column that says whose they are.

    What points to other rows comes before what it points to.
    """
    tables = reversed(complete_metadata().sorted_tables)
    return [
        (table, name)
        for table in tables
        if table.name not in KEPT
        for name in OWNERS
        if name in table.columns and _is_person(table.columns[name])
    ]


def _is_person(column: sa.Column[Any]) -> bool:
    return any(key.target_fullname == "person.id" for key in column.foreign_keys)


def _emptied(session: Session, learner_id: int) -> list[int]:
    """Delete row by row upwards, and let go of what others still point to."""
    gone = []
    for table, name in emptied_tables():
        doomed = sa.select(table.c[next(iter(table.primary_key)).name]).where(
            table.c[name] == learner_id
        )
        if "id" in table.columns:
            _let_go(session, table, doomed)
        deleted: Any = session.execute(sa.delete(table).where(table.c[name] == learner_id))
        gone.append(deleted.rowcount)
    return gone


def _let_go(session: Session, table: sa.Table, doomed: Any) -> None:
    """Empty the columns that point to rows which are about to go, where the pointing row stays."""
    for other in complete_metadata().sorted_tables:
        for column in other.columns:
            points = any(key.target_fullname == f"{table.name}.id" for key in column.foreign_keys)
            if points and column.nullable:
                session.execute(
                    sa.update(other).where(column.in_(doomed)).values({column.name: None})
                )
            elif points and not set(OWNERS) & set(other.columns.keys()):
                session.execute(sa.delete(other).where(column.in_(doomed)))


def _blank(table: sa.Table) -> dict[str, Any]:
    """Return what the columns of ``table`` hold when nothing that somebody said is left in them."""
    values: dict[str, Any] = {}
    for column in table.columns:
        kind = column.type
        if column.name == "sha256" or column.foreign_keys or isinstance(kind, sa.Enum):
            continue
        if isinstance(kind, Json | ExactNumber):
            empty: Any = [] if isinstance(kind, Json) else Decimal(0)
            values[column.name] = None if column.nullable else empty
        elif isinstance(kind, sa.String | sa.Text):
            values[column.name] = None if column.nullable else ""
    return values


def _forget_outside(session: Session, learner_id: int, school_id: int) -> None:
    """Forget the ids of other systems, and files that wait to be brought in: they may name the learner.

    The ids of ties go while the ties are still there to tell whose they are.
    """
    outside = complete_metadata().tables["outside_id"]
    enrolled = select(Enrolment.id).where(Enrolment.learner_id == learner_id)
    guarded = select(Guardianship.id).where(Guardianship.learner_id == learner_id)
    for kind, ids in (
        (OutsideKind.PERSON, sa.select(sa.literal(learner_id))),
        (OutsideKind.ENROLMENT, enrolled),
        (OutsideKind.GUARDIANSHIP, guarded),
    ):
        session.execute(
            sa.delete(outside).where(outside.c.kind == kind, outside.c.object_id.in_(ids))
        )
    session.execute(sa.delete(WaitingFile).where(col(WaitingFile.school_id) == school_id))
