"""Signing in and out: a sign-in lives in the database, the browser holds only its token."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime, timedelta

from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from learnpath.config import Settings
from learnpath.db import open_session, unit_of_work
from learnpath.errors import NotAllowed
from learnpath.people import passwords, throttle
from learnpath.people.models import Credential, Hat, Person, SignIn, SignInHow
from learnpath.people.signed_in import digest, hats_of
from learnpath.wording import lazy as _l


def sign_in(
    engine: Engine, settings: Settings, username: str, password: str, address: str, now: datetime,
    *, shared: bool = False,
) -> str | None:  # fmt: skip
    """Return the token of a new sign-in, or None when name and password do not fit together.

    Unknown and known names take the same time and the same path. The try is counted first; the slow hash
    is worked out while no write lock is held. Raises TooManyTries.
    """
    name = plain_username(username)
    both = throttle.who("name+address", name, address)
    whole_address = throttle.who("address", address)
    limits = {both: settings.sign_in_tries, whole_address: settings.sign_in_tries_address}
    taken = throttle.take(engine, limits, now)
    with open_session(engine, writing=False) as reading:
        known = _credential(reading, name)
    if not passwords.fits(known.password_hash if known else None, password) or known is None:
        return None
    with unit_of_work(engine) as session:
        token = _start_knowing(session, known, now, shared=shared)
        if token is not None:
            throttle.give_back(session, taken, forget=both)
    return token


def _start_knowing(
    session: Session, known: Credential, now: datetime, *, shared: bool
) -> str | None:
    """Begin a sign-in, unless the password was changed or its person left since it was looked at."""
    kept = session.get(Credential, known.person_id, with_for_update={"read": True})
    if kept is None or kept.password_hash != known.password_hash:
        return None
    return start(session, known.person_id, now, shared=shared)


def plain_username(username: str) -> str:
    """Return a username as it is kept: trimmed, lower case, one Unicode form."""
    return unicodedata.normalize("NFKC", username).strip().casefold()[:80]


def _credential(session: Session, username: str) -> Credential | None:
    query = (
        select(Credential)
        .join(Person, col(Person.id) == col(Credential.person_id))
        .where(Credential.username == username, col(Person.left_at).is_(None))
    )
    return session.exec(query).first()


def start(
    session: Session, person_id: int, now: datetime, *, how: SignInHow = SignInHow.PASSWORD,
    shared: bool = False, device_id: int | None = None,
) -> str | None:  # fmt: skip
    """Begin a sign-in under the person's first hat; without any relationship there is none.

    A badge opens a learner's own pages and nothing else, whatever else that person may be.
    """
    hats = hats_of(session, person_id, now)
    if not hats or (how is SignInHow.BADGE and hats[0] is not Hat.LEARNER):
        return None
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            person_id=person_id,
            token_sha256=digest(token),
            hat=hats[0],
            how=how,
            shared=shared,
            device_id=device_id,
            started_at=now,
            seen_at=now,
        )
    )
    return token


def end_by_badge(session: Session, person_id: int, now: datetime) -> None:
    """End every sign-in of a person that began with a badge, on every device."""
    query = select(SignIn).where(
        SignIn.person_id == person_id, SignIn.how == SignInHow.BADGE, col(SignIn.ended_at).is_(None)
    )
    for sign_in in session.exec(query):
        sign_out(session, sign_in, now)


def sign_out(session: Session, sign_in: SignIn, now: datetime) -> None:
    """End a sign-in: its token opens nothing any more, wherever it was copied to."""
    sign_in.ended_at = now
    session.add(sign_in)


def rests_after(sign_in: SignIn, settings: Settings) -> timedelta:
    """Return after how long a time without a request a sign-in ends."""
    shared = min(settings.shared_timeout, settings.idle_minutes)
    return timedelta(minutes=shared if sign_in.shared else settings.idle_minutes)


def see(session: Session, sign_in: SignIn, now: datetime) -> None:
    """Note that the sign-in is in use, so that it does not rest."""
    sign_in.seen_at = now
    session.add(sign_in)


def wear(session: Session, sign_in: SignIn, hats: tuple[Hat, ...], hat: Hat) -> None:
    """Change the hat of a sign-in. Raises NotAllowed for one that no relationship gives."""
    if hat not in hats or sign_in.how is SignInHow.BADGE:
        raise NotAllowed(_l("You cannot use the app that way."))
    sign_in.hat = hat
    session.add(sign_in)
