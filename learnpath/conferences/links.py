"""Family links: one for each guardian, to one conference. Only the digest of a link's token is kept.

Opening one takes a button: programs that follow every address in a message change nothing.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from learnpath import record
from learnpath.access import current, holds
from learnpath.clock import school_day
from learnpath.conferences.models import Conference, ConferenceWindow, FamilyLink
from learnpath.errors import NotAllowedNow, NotFound
from learnpath.people.models import Language, Person
from learnpath.record import By, Relation, Verb
from learnpath.record.chain import digest
from learnpath.school.models import Guardianship, School
from learnpath.wording import lazy as _l

LASTS = timedelta(days=60)
# How long a browser may read on after the button was pressed.
READ_ON = timedelta(hours=2)


def issue(
    session: Session, by: By, conference: Conference, guardian_id: int, now: datetime
) -> tuple[FamilyLink, str]:
    """Make a link for one guardian and return it with its token, which is shown this once.

    An earlier link of the same guardian to the same conference is revoked. Raises NotFound for somebody who
    is no guardian of this learner today, NotAllowedNow for one with a no-contact mark.
    """
    for old in links_of(session, conference.id or 0):
        if old.guardian_id == guardian_id:
            revoke(session, by, old, now)
    return _issue(
        session, by, guardian_id, now,
        FamilyLink(conference_id=conference.id, **_blank(conference.learner_id, by, now)),
    )  # fmt: skip


def invite(
    session: Session, by: By, window: ConferenceWindow, learner_id: int, guardian_id: int,
    now: datetime,
) -> tuple[FamilyLink, str]:  # fmt: skip
    """Make a link with which a guardian chooses a time in the window. It opens the conference after that.

    Raises NotFound and NotAllowedNow as ``issue`` does.
    """
    query = select(FamilyLink).where(
        FamilyLink.window_id == window.id,
        FamilyLink.learner_id == learner_id,
        FamilyLink.guardian_id == guardian_id,
    )
    conference_id = None
    for old in session.exec(query):
        conference_id = old.conference_id or conference_id
        revoke(session, by, old, now)
    made = FamilyLink(
        window_id=window.id, conference_id=conference_id, **_blank(learner_id, by, now)
    )
    return _issue(session, by, guardian_id, now, made)


def _blank(learner_id: int, by: By, now: datetime) -> dict[str, Any]:
    return {
        "learner_id": learner_id, "guardian_id": 0, "token_sha256": "", "language": Language.EN,
        "issued_by": by.person_id, "issued_at": now, "expires_at": now + LASTS,
    }  # fmt: skip


def _issue(
    session: Session, by: By, guardian_id: int, now: datetime, link: FamilyLink
) -> tuple[FamilyLink, str]:
    guardian = _guardian(session, by, link.learner_id, guardian_id, now)
    token = secrets.token_urlsafe(32)
    link.guardian_id, link.language = guardian_id, guardian.language
    link.token_sha256 = digest(token)
    session.add(link)
    session.flush()
    record.write(
        session, by, Verb.LINK_ISSUED, learner_id=link.learner_id, about=_about(link),
        payload={"expires": school_day(link.expires_at, by.zone).isoformat()}, at=now,
    )  # fmt: skip
    return link, token


def _about(link: FamilyLink) -> tuple[str, int | None]:
    if link.conference_id is not None:
        return "conference", link.conference_id
    return "window", link.window_id


def revoke(session: Session, by: By, link: FamilyLink, now: datetime) -> None:
    """Let a link rest for good. Revoking twice is once."""
    if link.revoked_at is not None:
        return
    link.revoked_at = now
    session.add(link)
    record.write(
        session, by, Verb.LINK_REVOKED, learner_id=link.learner_id,
        about=_about(link), at=now,
    )  # fmt: skip


def find(session: Session, token: str, now: datetime) -> FamilyLink | None:
    """Return the link behind a token, locked, or None for every token that opens nothing (any more)."""
    return _alive(session, col(FamilyLink.token_sha256) == digest(token), now, to_change=True)


def still_open(
    session: Session, link_id: int, now: datetime, *, to_change: bool = False
) -> FamilyLink | None:
    """Return a link that was opened before, when it still opens what it opened."""
    return _alive(session, col(FamilyLink.id) == link_id, now, to_change=to_change)


def opened(session: Session, link: FamilyLink, now: datetime) -> None:
    """Count that the button was pressed."""
    link.opened_count += 1
    link.last_opened_at = now
    session.add(link)
    record.write(
        session, by_family(session, link), Verb.LINK_OPENED, learner_id=link.learner_id,
        about=_about(link), at=now,
    )  # fmt: skip


def choose_language(session: Session, link: FamilyLink, language: Language) -> None:
    """Keep the language in which the link is read."""
    link.language = language
    session.add(link)


def links_of(session: Session, conference_id: int) -> list[FamilyLink]:
    """Return the links to a conference, oldest first."""
    query = select(FamilyLink).where(FamilyLink.conference_id == conference_id)
    return list(session.exec(query.order_by(col(FamilyLink.id))))


def by_family(session: Session, link: FamilyLink) -> By:
    """Return the holder of a link as a doer: family, without a signed-in person."""
    school = session.exec(
        select(School)
        .join(Person, col(Person.school_id) == col(School.id))
        .where(Person.id == link.learner_id)
    ).one()
    return By(None, Relation.FAMILY, school.id or 0, school.time_zone)


def _guardian(session: Session, by: By, learner_id: int, guardian_id: int, now: datetime) -> Person:
    today = school_day(now, by.zone)
    query = (
        select(Guardianship, Person)
        .join(Person, col(Person.id) == col(Guardianship.guardian_id))
        .where(
            Guardianship.learner_id == learner_id,
            Guardianship.guardian_id == guardian_id,
            current(Guardianship, today),
        )
    )
    found = session.exec(query).first()
    if found is None:
        raise NotFound
    tie, guardian = found
    if tie.no_contact:
        raise NotAllowedNow(
            _l("The school has marked that this person gets no link. Ask the office.")
        )
    return guardian


def _alive(
    session: Session, which: ColumnElement[bool], now: datetime, *, to_change: bool
) -> FamilyLink | None:
    """A link opens while it is not revoked, not expired, and its guardian may still be told."""
    query = (
        select(FamilyLink, Guardianship, School.time_zone)
        .join(
            Guardianship,
            (col(Guardianship.guardian_id) == col(FamilyLink.guardian_id))
            & (col(Guardianship.learner_id) == col(FamilyLink.learner_id)),
        )
        .join(Person, col(Person.id) == col(FamilyLink.learner_id))
        .join(School, col(School.id) == col(Person.school_id))
        .where(
            which,
            col(FamilyLink.revoked_at).is_(None),
            FamilyLink.expires_at > now,
            col(Guardianship.no_contact).is_(False),
        )
    )
    if to_change:
        query = query.with_for_update(of=FamilyLink).execution_options(populate_existing=True)
    found = session.exec(query).all()
    return next((link for link, tie, zone in found if holds(tie, school_day(now, zone))), None)
