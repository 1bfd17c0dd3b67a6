"""Badges: a printed card that says who begins to sign in. It is only the first half of a sign-in.

The card holds a random token of 130 bits, for a camera, and a code of 60 bits, for fingers. The database
keeps neither, so that a badge can be stopped and made anew but never printed a second time.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from learnpath import record
from learnpath.config import Hours
from learnpath.errors import NotAllowed
from learnpath.people import printed
from learnpath.people.models import Badge, Person
from learnpath.people.pictures import forgive
from learnpath.people.queries import hold
from learnpath.people.sign_in import end_by_badge
from learnpath.people.signed_in import digest, school_time, who_only_learn
from learnpath.record import By, Verb
from learnpath.wording import lazy as _l

TOKEN_LENGTH, CODE_LENGTH, START_LENGTH = 26, 12, 4


@dataclass(frozen=True)
class Card:
    """What is printed, this once."""

    learner_id: int
    called: str
    token: str
    code: str


def issue_badges(session: Session, by: By, people: Sequence[Person], now: datetime) -> list[Card]:
    """Make a new badge for each of ``people`` and return the cards; an older badge stops at once.

    Raises NotAllowed for somebody who does more at school than learn: a card is too weak for that.
    """
    ids = {person.id or 0 for person in people}
    if who_only_learn(session, ids, now) != ids:
        raise NotAllowed(_l("Sign-in cards are for students only."))
    return [_issue(session, by, person, now) for person in people]


def _issue(session: Session, by: By, person: Person, now: datetime) -> Card:
    learner_id = person.id or 0
    hold(session, learner_id)
    revoke(session, by, learner_id, now)
    token, code = printed.new(TOKEN_LENGTH), printed.new(CODE_LENGTH)
    badge = Badge(
        learner_id=learner_id, token_sha256=digest(token), code_start=code[:START_LENGTH],
        code_hash=printed.make_hash(code), issued_by_id=by.person_id, issued_at=now,
    )  # fmt: skip
    session.add(badge)
    session.flush()
    # The tries of somebody with the old badge are no reason to keep the new one waiting.
    forgive(session, learner_id)
    record.write(
        session, by, Verb.BADGE_ISSUED, learner_id=learner_id, about=("badge", badge.id), at=now
    )
    return Card(learner_id, person.called, token, code)


def revoke(session: Session, by: By, learner_id: int, now: datetime) -> bool:
    """Stop a learner's badge and every sign-in that began with one. Tells whether there was a badge."""
    badge = standing(session, [learner_id]).get(learner_id)
    if badge is None:
        return False
    badge.revoked_at = now
    session.add(badge)
    session.flush()
    end_by_badge(session, learner_id, now)
    record.write(
        session, by, Verb.BADGE_REVOKED, learner_id=learner_id, about=("badge", badge.id), at=now
    )
    return True


def standing(session: Session, learner_ids: Collection[int]) -> dict[int, Badge]:
    """Return the badges of these learners that were not stopped, in one query."""
    query = select(Badge).where(
        col(Badge.learner_id).in_(learner_ids), col(Badge.revoked_at).is_(None)
    )
    return {badge.learner_id: badge for badge in session.exec(query)}


def badge_of(session: Session, scanned: str) -> Badge | None:
    """Return the standing badge behind what a camera, a scanner or a keyboard gave.

    A camera gives a whole address with the token behind its ``#``; a keyboard gives the short code.
    """
    secret = printed.read(scanned.rpartition("#")[2])
    if len(secret) == TOKEN_LENGTH:
        return session.exec(_stands(Badge.token_sha256 == digest(secret))).first()
    found = (
        session.exec(_stands(Badge.code_start == secret[:START_LENGTH])).all()
        if len(secret) == CODE_LENGTH
        else []
    )
    right = [badge for badge in found if printed.fits(badge.code_hash, secret)]
    if not found:
        printed.fits(None, secret)  # a code that begins like none takes no less time
    return right[0] if right else None


def _stands(rule: Any) -> SelectOfScalar[Badge]:
    return (
        select(Badge)
        .join(Person, col(Person.id) == col(Badge.learner_id))
        .where(
            rule, col(Badge.revoked_at).is_(None), col(Person.left_at).is_(None),
            col(Person.closed_by).is_(None),
        )
    )  # fmt: skip


def opens(session: Session, badge: Badge, now: datetime) -> bool:
    """Tell whether a badge still stands and its learner still learns here, and does nothing else here."""
    return badge.revoked_at is None and bool(who_only_learn(session, {badge.learner_id}, now))


def is_awake(session: Session, badge: Badge, hours: Hours, now: datetime) -> bool:
    """Tell whether it is the time of day at which cards work, by the clock of the learner's school."""
    return school_time(session, badge.learner_id, now) in hours


def person_of_badge(session: Session, token: str, now: datetime) -> Person | None:
    """Return whose standing badge this is, when that person still learns here; else None.

    Whoever calls counts what is wrong, as the pages do for an address.
    """
    badge = badge_of(session, token)
    if badge is None or not opens(session, badge, now):
        return None
    return session.get_one(Person, badge.learner_id)
