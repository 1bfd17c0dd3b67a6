"""Who is signed in: read from the sign-in that a browser's token stands for, in one query."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from learnpath.access import Actor, current
from learnpath.people.models import Credential, Hat, Person, SignIn
from learnpath.school.models import (
    Administration,
    Enrolment,
    Guardianship,
    Leadership,
    School,
    Teaching,
)

# A sign-in in use is noted in the database this often, not at each request.
SEEN_EVERY = timedelta(minutes=1)


@dataclass
class SignedIn:
    """The person behind a token, their hats of today, and the actor under the present one.

    ``get_id`` and the three truths are what Flask-Login asks of a user.
    """

    token: str
    sign_in: SignIn
    person: Person
    school: School
    hats: tuple[Hat, ...]
    actor: Actor
    is_authenticated: bool = field(default=True, init=False)
    is_active: bool = field(default=True, init=False)
    is_anonymous: bool = field(default=False, init=False)

    def get_id(self) -> str:
        """Return what the cookie holds: the token, never the person's id."""
        return self.token


def digest(token: str) -> str:
    """Return the form in which a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def find(
    session: Session, token: str, now: datetime, idle_minutes: int, hours: int,
    shared_minutes: int | None = None,
) -> SignedIn | None:  # fmt: skip
    """Return who stands behind ``token``, or None when that sign-in ended, rested too long or lost its ties.

    On a shared device a sign-in rests after ``shared_minutes``.
    """
    shared = idle_minutes if shared_minutes is None else min(shared_minutes, idle_minutes)
    query = (
        select(SignIn, Person, School, *_hat_columns(now))
        .join(Person, col(Person.id) == col(SignIn.person_id))
        .join(School, col(School.id) == col(Person.school_id))
        .where(
            SignIn.token_sha256 == digest(token),
            col(SignIn.ended_at).is_(None),
            sa.or_(
                col(SignIn.seen_at) > now - timedelta(minutes=shared),
                sa.and_(
                    col(SignIn.shared).is_(False),
                    col(SignIn.seen_at) > now - timedelta(minutes=idle_minutes),
                ),
            ),
            SignIn.started_at > now - timedelta(hours=hours),
            col(Person.left_at).is_(None),
            col(Person.closed_by).is_(None),
        )
    )
    row = session.execute(query).first()
    if row is None:
        return None
    sign_in, person, school, *worn = row
    hats = _worn(worn, now, school.time_zone)
    if sign_in.hat not in hats:
        return None
    return _signed_in(token, sign_in, person, school, hats, now)


def _signed_in(
    token: str,
    sign_in: SignIn,
    person: Person,
    school: School,
    hats: tuple[Hat, ...],
    now: datetime,
) -> SignedIn:
    today = now.astimezone(ZoneInfo(school.time_zone)).date()
    actor = Actor(person.id or 0, person.school_id, sign_in.hat, school.time_zone, today)
    return SignedIn(token, sign_in, person, school, hats, actor)


def hats_of(session: Session, person_id: int, now: datetime) -> tuple[Hat, ...]:
    """Return the hats that a person's relationships of today give, the most usual first.

    None while the account is closed: nobody uses the app with it.
    """
    query = (
        select(School.time_zone, *_hat_columns(now))
        .join(Person, col(Person.school_id) == col(School.id))
        .where(Person.id == person_id, col(Person.closed_by).is_(None))
    )
    row = session.execute(query).first()
    return _worn(row[1:], now, row[0]) if row else ()


def who_only_learn(session: Session, ids: Collection[int], now: datetime) -> set[int]:
    """Return those of these persons who learn at the school today and do nothing else there. One query."""
    query = (
        select(Person.id, School.time_zone, *_hat_columns(now))
        .join(School, col(Person.school_id) == col(School.id))
        .where(col(Person.id).in_(ids), col(Person.left_at).is_(None))
    )
    return {
        row[0] for row in session.execute(query) if _worn(row[2:], now, row[1]) == (Hat.LEARNER,)
    }


def names_of(session: Session, person_id: int) -> list[str]:
    """Return every name that is no secret about a person: their own, their username, their school's."""
    query = (
        sa.select(
            col(Person.given_name),
            col(Person.family_name),
            col(Person.called),
            col(School.name),
            col(Credential.username),
        )
        .join(School, col(Person.school_id) == col(School.id))
        .outerjoin(Credential, col(Credential.person_id) == col(Person.id))
        .where(col(Person.id) == person_id)
    )
    return [name for row in session.execute(query) for name in row if name]


def day_of(session: Session, person_id: int, now: datetime) -> date:
    """Return the calendar day that a person's school is living."""
    return school_time(session, person_id, now).date()


def school_time(session: Session, person_id: int, now: datetime) -> datetime:
    """Return the moment as the clocks of a person's school show it."""
    query = select(School.time_zone).join(Person, col(Person.school_id) == col(School.id))
    zone = session.exec(query.where(col(Person.id) == person_id)).one()
    return now.astimezone(ZoneInfo(zone))


def _days_on_earth(now: datetime) -> tuple[date, ...]:
    """Return the two or three calendar days that people live somewhere on Earth at this moment."""
    ends = (now - timedelta(hours=12)).date(), (now + timedelta(hours=14)).date()
    return tuple(ends[0] + timedelta(days=n) for n in range((ends[1] - ends[0]).days + 1))


def _worn(has: Sequence[bool], now: datetime, time_zone: str) -> tuple[Hat, ...]:
    """Pick the hats of the school's own day out of the columns for all days."""
    today = now.astimezone(ZoneInfo(time_zone)).date()
    first = _days_on_earth(now).index(today) * len(Hat)
    return tuple(hat for hat, yes in zip(Hat, has[first : first + len(Hat)], strict=True) if yes)


def _hat_columns(now: datetime) -> list[sa.ColumnElement[bool]]:
    """One truth for each day that the school may be living and each hat, in the order of ``Hat``.

    Whose day it is turns out with the row that is found: so one query does for every time zone.
    """
    ties: tuple[tuple[Any, Any, sa.ColumnElement[bool]], ...] = (
        (Enrolment, Enrolment.learner_id, sa.true()),
        (Teaching, Teaching.teacher_id, sa.true()),
        (Guardianship, Guardianship.guardian_id, col(Guardianship.no_contact).is_(False)),
        (Leadership, Leadership.person_id, sa.true()),
        # Whoever moves to another school takes no administration along: each was given for one school.
        (
            Administration,
            Administration.person_id,
            col(Administration.school_id) == col(Person.school_id),
        ),
    )
    return [
        sa.exists()
        .where(col(owner) == col(Person.id), current(model, day), besides)
        .label(f"{hat}_{number}")
        for number, day in enumerate(_days_on_earth(now))
        for hat, (model, owner, besides) in zip(Hat, ties, strict=True)
    ]
