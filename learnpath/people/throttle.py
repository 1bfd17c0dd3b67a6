"""Slowing down guessing: what did not succeed is counted for a short while, in the database.

The counts are shared by all server processes. A try is counted before it is looked at and given back when it
turns out well, so that guesses that come at the same moment cannot slip through beside each other. A username is
slowed down together with the address that tries it, so that a classmate on another device cannot lock somebody
out; a whole school behind one address has room for a class that mistypes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, func, select

from learnpath.db import key_of, open_session, unit_of_work
from learnpath.errors import TooManyTries
from learnpath.people.models import SignInTry
from learnpath.wording import lazy as _l

WINDOW = timedelta(minutes=10)


def who(kind: str, *parts: str) -> str:
    """Return the digest under which tries of this kind and these parts are counted."""
    return hashlib.sha256("\x1f".join((kind, *parts)).encode()).hexdigest()


def check(session: Session, key: str, limit: int, now: datetime) -> None:
    """Raise TooManyTries when ``key`` had ``limit`` tries in the last ten minutes."""
    query = select(func.count(), func.min(SignInTry.at)).where(
        SignInTry.who == key, SignInTry.at > now - WINDOW
    )
    tries, first = session.exec(query).one()
    if tries >= limit and first is not None:
        wait = max(1, int((first + WINDOW - now).total_seconds()))
        raise TooManyTries(
            wait, _l("That was tried many times. Wait a few minutes, then try again.")
        )


def take(engine: Engine, limits: Mapping[str, int], now: datetime) -> list[int]:
    """Count one try for each key, before anybody looks whether it is right; return their ids.

    Raises TooManyTries, and counts nothing, when a key has had its tries. What turns out well is given
    back (``give_back``).
    """
    with open_session(engine, writing=False) as reading:  # who rests costs no write
        for key, limit in limits.items():
            check(reading, key, limit, now)
    with unit_of_work(engine) as session:
        for key in sorted(limits):
            _wait_for(session, key)
        for key, limit in limits.items():
            check(session, key, limit, now)
        _forget_old(session, now)
        tries = [SignInTry(who=key, at=now) for key in limits]
        session.add_all(tries)
        session.flush()
        return [key_of(one) for one in tries]


def _wait_for(session: Session, key: str) -> None:
    """Let those who count for one key follow each other. On SQLite all who write do."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(sa.select(func.pg_advisory_xact_lock(int(key[:15], 16))))


def give_back(session: Session, taken: Sequence[int], *, forget: str = "") -> None:
    """Take tries off the count again, they were no guesses; with ``forget``, all earlier ones of a key."""
    if forget:  # first of all: who waits for another's rows holds none of their own
        _wait_for(session, forget)
    mine = col(SignInTry.id).in_(taken)
    session.execute(sa.delete(SignInTry).where(sa.or_(mine, col(SignInTry.who) == forget)))


def count(session: Session, key: str, now: datetime) -> None:
    """Count one try for ``key`` and forget those that are too old to matter."""
    _forget_old(session, now)
    session.add(SignInTry(who=key, at=now))


def _forget_old(session: Session, now: datetime) -> None:
    """Forget what is too old to matter, and leave to others what they are forgetting just now."""
    old = select(SignInTry.id).where(col(SignInTry.at) < now - WINDOW)
    free = old.with_for_update(skip_locked=True)
    session.execute(sa.delete(SignInTry).where(col(SignInTry.id).in_(free)))
