"""Reads about persons."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session, col, select

from learnpath.people.models import Person


def names(session: Session, ids: Collection[int | None]) -> dict[int, str]:
    """Return what the persons with these ids are called, in one query."""
    wanted = {id for id in ids if id is not None}
    if not wanted:
        return {}
    query = select(Person.id, Person.called).where(col(Person.id).in_(wanted))
    return {id: called for id, called in session.exec(query) if id is not None}


def hold(session: Session, person_id: int) -> Person:
    """Return a person, and keep others who change how that person signs in waiting until this is done."""
    return session.get_one(
        Person, person_id, with_for_update={"key_share": True}, populate_existing=True
    )
