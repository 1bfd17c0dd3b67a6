"""Slowing down guessing: what did not succeed is counted for a short while, in the database.

The counts are shared by all server processes. A username is slowed down together with the address that
tries it, so that a classmate on another device cannot lock somebody out; a whole school behind one
address has room for a class that mistypes.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

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


def count(session: Session, key: str, now: datetime) -> None:
    """Count one try for ``key`` and forget those that are too old to matter."""
    session.execute(sa.delete(SignInTry).where(col(SignInTry.at) < now - WINDOW))
    session.add(SignInTry(who=key, at=now))


def forget(session: Session, key: str) -> None:
    """Forget the tries of ``key``: it turned out well."""
    session.execute(sa.delete(SignInTry).where(col(SignInTry.who) == key))
