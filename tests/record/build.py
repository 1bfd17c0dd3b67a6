"""Builders of the record's tests: events, and an insider who goes round the guards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from learnpath import record
from learnpath.people.models import Person
from learnpath.record import Relation, Verb
from learnpath.record.models import Event
from tests.builders import MONDAY, a_learner, by


def a_learner_with_events(session: Session, events: int = 5, at: datetime = MONDAY) -> Person:
    """Return a learner who was enrolled (two events) and then reflected some times."""
    learner = a_learner(session)
    for number in range(events):
        reflected(session, learner, f"prompt-{number}", at + timedelta(minutes=number))
    return learner


def reflected(session: Session, learner: Person, prompt: str, at: datetime = MONDAY) -> Event:
    """Write that a learner reflected."""
    return record.write(
        session, by(learner, Relation.LEARNER), Verb.REFLECTED, learner_id=learner.id,
        about=("goal", 1), payload={"prompt": prompt}, at=at,
    )  # fmt: skip


@contextmanager
def guards_down(session: Session) -> Iterator[None]:
    """Take the triggers away, as somebody could who holds the database itself."""
    if session.get_bind().dialect.name == "sqlite":
        query = sa.text(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'"
        )
        triggers = session.execute(query).all()
        for name, _ in triggers:
            session.execute(sa.text(f"DROP TRIGGER {name}"))
        yield
        for _, statement in triggers:
            session.execute(sa.text(statement))
        return
    session.execute(sa.text("ALTER TABLE event DISABLE TRIGGER USER"))
    yield
    session.execute(sa.text("ALTER TABLE event ENABLE TRIGGER USER"))


def tamper(session: Session, statement: str, **values: object) -> None:
    """Run one statement on the record with its guards down."""
    with guards_down(session):
        done = session.execute(sa.text(statement), values)
        assert done.rowcount  # type: ignore[attr-defined]
    session.expire_all()
