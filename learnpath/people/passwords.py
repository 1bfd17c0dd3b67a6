"""Passwords: Argon2id, and nothing else."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from learnpath import record
from learnpath.db import open_session, unit_of_work
from learnpath.errors import WrongInput
from learnpath.people import breached, throttle
from learnpath.people.models import Credential, Hat, SignIn
from learnpath.people.signed_in import hats_of, names_of
from learnpath.record import By, Verb
from learnpath.wording import lazy as _l

SHORTEST, SHORTEST_STAFF, LONGEST = 8, 12, 256
WORKS_FOR_ALL = frozenset({Hat.LEARNER, Hat.FAMILY})


@cache
def hasher() -> PasswordHasher:
    """Return the hasher with the second parameter set that RFC 9106 recommends."""
    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=2)


@cache
def nobodys_hash() -> str:
    """Return a hash that no password fits, so that an unknown name takes as long as a known one."""
    return hasher().hash("nobody has this password")


def one_form(password: str) -> str:
    """Return a password in one Unicode form, whatever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", password)


def fits(password_hash: str | None, password: str) -> bool:
    """Tell whether ``password`` fits; always does the work of one verification."""
    # Somebody with a username and no password yet takes as long as everybody else.
    kept = password_hash if password_hash and password_hash.startswith("$") else None
    try:
        hasher().verify(kept or nobodys_hash(), one_form(password))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def make_hash(password: str) -> str:
    """Return the Argon2id hash of a password of 8 to 256 characters.

    Raises WrongInput for a shorter or longer one.
    """
    check_length(password)
    return hasher().hash(one_form(password))


def check_length(password: str) -> None:
    """Raise WrongInput for a password that is too short or too long for anybody."""
    password = one_form(password)
    if len(password) < SHORTEST:
        raise WrongInput("new_password", _l("Use 8 letters or more. A few words work well."))
    if len(password) > LONGEST:
        raise WrongInput("new_password", _l("Use %(limit)s letters or fewer.", limit=LONGEST))


def check(session: Session, person_id: int, password: str, now: datetime) -> None:
    """Raise WrongInput for a password that is easy to guess for this person.

    Nothing is asked about capitals, digits or signs. Whoever does more at school than learn needs 12.
    """
    password = one_form(password)
    works = not set(hats_of(session, person_id, now)) <= WORKS_FOR_ALL
    if works and len(password) < SHORTEST_STAFF:
        raise WrongInput(
            "new_password", _l("Use 12 letters or more. Three or four words work well.")
        )
    if breached.is_common(password):
        raise WrongInput("new_password", breached.EASY)
    if breached.is_own_name(password, names_of(session, person_id)):
        raise WrongInput("new_password", breached.OWN_NAME)


def change_password(engine: Engine, by: By, old: str, new: str, tries: int, now: datetime) -> None:
    """Set a person's own new password and end every sign-in of theirs, this one included.

    The slow hashes are worked out while no write lock is held. Raises WrongInput when a password
    cannot be taken, and TooManyTries when the old one was guessed at more than ``tries`` times.
    """
    person_id = by.person_id or 0
    key = throttle.who("password", str(person_id))
    check_length(new)
    with open_session(engine, writing=False) as reading:
        check(reading, person_id, new, now)
        known = reading.get(Credential, person_id)
        kept = known.password_hash if known else None
    taken = throttle.take(engine, {key: tries}, now)
    right = fits(kept, old)
    new_hash = make_hash(new) if right else ""
    with unit_of_work(engine) as session:
        credential = session.get(Credential, person_id, with_for_update=True)
        right = right and credential is not None and credential.password_hash == kept
        if credential is not None and right:
            throttle.give_back(session, taken)
            set_hash(session, by, credential, new_hash, "self", now)
    if not right:
        raise WrongInput("old_password", _l("That is not your password now. Try again."))


def set_hash(
    session: Session, by: By, credential: Credential, new_hash: str, how: str, now: datetime
) -> None:
    """Keep a new password and end every sign-in of its person. ``how``: "self" or "code"."""
    credential.password_hash, credential.changed_at = new_hash, now
    session.add(credential)
    end_all(session, credential.person_id, now)
    record.write(
        session, by, Verb.PASSWORD_CHANGED, learner_id=None, about=("person", credential.person_id),
        payload={"how": how}, at=now,
    )  # fmt: skip


def end_all(session: Session, person_id: int, now: datetime) -> None:
    """End every sign-in of a person, on every device."""
    open_ones = select(SignIn).where(SignIn.person_id == person_id, col(SignIn.ended_at).is_(None))
    for sign_in in session.exec(open_ones):
        sign_in.ended_at = now
        session.add(sign_in)
