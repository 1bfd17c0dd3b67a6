"""Passwords: Argon2id, and nothing else."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from learnpath import record
from learnpath.db import open_session, unit_of_work
from learnpath.errors import WrongInput
from learnpath.people import throttle
from learnpath.people.models import Credential, SignIn
from learnpath.record import By, Verb
from learnpath.wording import lazy as _l

SHORTEST, LONGEST = 8, 200


@cache
def hasher() -> PasswordHasher:
    """Return the hasher with the second parameter set that RFC 9106 recommends."""
    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=2)


@cache
def nobodys_hash() -> str:
    """Return a hash that no password fits, so that an unknown name takes as long as a known one."""
    return hasher().hash("nobody has this password")


def fits(password_hash: str | None, password: str) -> bool:
    """Tell whether ``password`` fits; always does the work of one verification."""
    try:
        hasher().verify(password_hash or nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def make_hash(password: str) -> str:
    """Return the Argon2id hash of a password of 8 to 200 characters.

    Raises WrongInput for a shorter or longer one: there are no other rules.
    """
    if len(password) < SHORTEST:
        raise WrongInput("new_password", _l("Use 8 letters or more. A few words work well."))
    if len(password) > LONGEST:
        raise WrongInput("new_password", _l("Use 200 letters or fewer."))
    return hasher().hash(password)


def change_password(engine: Engine, by: By, old: str, new: str, tries: int, now: datetime) -> None:
    """Set a person's own new password and end every sign-in of theirs, this one included.

    The slow hashes are worked out while no write lock is held. Raises WrongInput when a password
    cannot be taken, and TooManyTries when the old one was guessed at more than ``tries`` times.
    """
    person_id = by.person_id or 0
    key = throttle.who("password", str(person_id))
    new_hash = make_hash(new)
    with open_session(engine, writing=False) as reading:
        throttle.check(reading, key, tries, now)
        kept = reading.get_one(Credential, person_id).password_hash
    right = fits(kept, old)
    with unit_of_work(engine) as session:
        credential = session.get_one(Credential, person_id, with_for_update=True)
        right = right and credential.password_hash == kept
        if right:
            _set(session, by, credential, new_hash, now)
        else:
            throttle.count(session, key, now)
    if not right:
        raise WrongInput("old_password", _l("That is not your password now. Try again."))


def _set(session: Session, by: By, credential: Credential, new_hash: str, now: datetime) -> None:
    credential.password_hash, credential.changed_at = new_hash, now
    session.add(credential)
    end_all(session, credential.person_id, now)
    record.write(
        session, by, Verb.PASSWORD_CHANGED, learner_id=None, about=("person", credential.person_id),
        payload={"how": "self"}, at=now,
    )  # fmt: skip


def end_all(session: Session, person_id: int, now: datetime) -> None:
    """End every sign-in of a person, on every device."""
    open_ones = select(SignIn).where(SignIn.person_id == person_id, col(SignIn.ended_at).is_(None))
    for sign_in in session.exec(open_ones):
        sign_in.ended_at = now
        session.add(sign_in)
