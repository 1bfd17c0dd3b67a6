"""A new password by a printed one-time code."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Engine

from learnpath.access import RELATION_OF
from learnpath.config import Settings
from learnpath.db import open_session, unit_of_work
from learnpath.errors import WrongInput
from learnpath.people import passwords, throttle
from learnpath.people.models import Credential, Person
from learnpath.people.one_time_codes import DOES_NOT_FIT, fitting_code, spend
from learnpath.people.sign_in import plain_username
from learnpath.people.signed_in import hats_of
from learnpath.record import By, Relation


def set_password(
    engine: Engine, settings: Settings, username: str, code: str, new: str, address: str,
    now: datetime,
) -> None:  # fmt: skip
    """Set a new password with a code, use the code up, and end every sign-in of the person.

    A password that cannot be taken leaves the code as it is. What a password must be like for this
    person is told only to somebody who has the code. Raises WrongInput and TooManyTries.
    """
    name = plain_username(username)
    both, whole = throttle.who("code", name, address), throttle.who("code address", address)
    passwords.check_length(new)
    limits = {both: settings.sign_in_tries, whole: settings.sign_in_tries_address}
    taken = throttle.take(engine, limits, now)
    with open_session(engine, writing=False) as reading:
        found = fitting_code(reading, username, code, now)
    if found is None:
        raise WrongInput("code", DOES_NOT_FIT)
    new_hash = _taken_hash(engine, found.person_id, new, taken, now)
    with unit_of_work(engine) as session:
        spent = spend(session, found.id or 0, now)
        if spent is not None:
            throttle.give_back(session, taken, forget=both)
            credential = session.get_one(Credential, spent.person_id, with_for_update=True)
            person = session.get_one(Person, spent.person_id)
            hats = hats_of(session, spent.person_id, now)
            doer = By(
                person.id, RELATION_OF[hats[0]] if hats else Relation.SCHOOL, person.school_id
            )
            passwords.set_hash(session, doer, credential, new_hash, "code", now)
    if spent is None:
        raise WrongInput("code", DOES_NOT_FIT)


def _taken_hash(engine: Engine, person_id: int, new: str, taken: list[int], now: datetime) -> str:
    """Return the hash of a password that can be taken. Who had the right code did not guess at it."""
    try:
        with open_session(engine, writing=False) as reading:
            passwords.check(reading, person_id, new, now)
    except WrongInput:
        with unit_of_work(engine) as session:
            throttle.give_back(session, taken)
        raise
    return passwords.make_hash(new)
