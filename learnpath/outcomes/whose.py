"""Whose a value is: a file's own key for a learner, looked up. Never by name, and never by guess."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from learnpath.outcomes.mapping import Key
from learnpath.people.models import Credential, Person
from learnpath.school.models import Enrolment, OutsideId, OutsideKind, RosterEntry

NOBODY, TWO = 0, -1


class Learners:
    """The learners of one school by the key that a file uses; what was looked up once is remembered.

    Whoever learned at the school at some time counts: data of a learner who left stays that learner's.
    """

    def __init__(self, session: Session, school_id: int, key: Key) -> None:
        self._session, self._school_id, self._key = session, school_id, key
        self._known: dict[str, int] = {}

    def look_up(self, keys: Collection[str]) -> dict[str, int]:
        """Return the learner of each key: ``NOBODY`` when there is none, ``TWO`` when it is not clear which."""
        unknown = {key for key in keys if key not in self._known}
        if unknown:
            self._known.update(dict.fromkeys(unknown, NOBODY))
            for key, learner_id in self._session.execute(self._query(unknown)):
                clear = self._known.get(key, NOBODY) in (NOBODY, learner_id)
                self._known[key] = learner_id if clear else TWO
        return {key: self._known[key] for key in keys}

    def _query(self, keys: Collection[str]) -> sa.Select[Any]:
        name, person = _KEYS[self._key]
        query = (
            sa.select(name, col(Person.id))
            .join_from(name.class_, Person, person == col(Person.id))
            .where(
                name.in_(keys),
                col(Person.school_id) == self._school_id,
                col(Person.id).in_(select(Enrolment.learner_id)),
            )
        )
        if self._key is Key.SOURCED_ID:
            return query.where(col(OutsideId.kind) == OutsideKind.PERSON)
        return query


_KEYS: dict[Key, tuple[Any, Any]] = {
    Key.SOURCED_ID: (OutsideId.outside_id, OutsideId.object_id),
    Key.IDENTIFIER: (RosterEntry.identifier, RosterEntry.person_id),
    Key.USERNAME: (Credential.username, Credential.person_id),
}
