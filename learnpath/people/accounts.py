"""Accounts that are closed: the person stays at the school with all that is theirs, and nobody signs in.

Whoever closed an account is kept with it. What the school office closed by hand, no roster opens.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from learnpath import record
from learnpath.db import key_of
from learnpath.errors import NotAllowedNow
from learnpath.people.models import ClosedBy, Person
from learnpath.people.passwords import end_all
from learnpath.people.queries import hold
from learnpath.record import By, Verb
from learnpath.wording import lazy as _l


def close(session: Session, by: By, person: Person, now: datetime) -> None:
    """Close an account by hand, and end every sign-in with it at once.

    Raises NotAllowedNow for one that is closed, and for one's own.
    """
    if person.id == by.person_id:
        raise NotAllowedNow(_l("Somebody else has to close your account."))
    kept = hold(session, key_of(person))
    if kept.closed_by is not None:
        raise NotAllowedNow(_l("This account is closed already."))
    kept.closed_by = ClosedBy.SCHOOL
    session.add(kept)
    end_all(session, key_of(kept), now)
    _tell(session, by, Verb.ACCOUNT_CLOSED, kept, now)


def open_again(session: Session, by: By, person: Person, now: datetime) -> None:
    """Open an account again, whoever closed it. Raises NotAllowedNow for one that is open."""
    kept = hold(session, key_of(person))
    if kept.closed_by is None:
        raise NotAllowedNow(_l("This account is open."))
    kept.closed_by = None
    session.add(kept)
    _tell(session, by, Verb.ACCOUNT_OPENED, kept, now)


def _tell(session: Session, by: By, verb: Verb, person: Person, now: datetime) -> None:
    record.write(
        session, by, verb, learner_id=person.id if person.grade is not None else None,
        about=("person", person.id), payload={"how": ClosedBy.SCHOOL.value}, at=now,
    )  # fmt: skip
