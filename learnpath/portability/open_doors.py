"""What opens a door just now: family links and printed cards of the young, for the school office to stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from learnpath.conferences import links
from learnpath.conferences.models import FamilyLink
from learnpath.errors import NotAllowedNow, NotFound
from learnpath.people import badges
from learnpath.people.models import Badge, Person
from learnpath.record import By
from learnpath.wording import lazy as _l

ON_A_PAGE = 50


@dataclass(frozen=True)
class OpenLink:
    """A family link that opens something: for whom, about whom, until when."""

    id: int
    guardian: str
    learner: str
    issued_at: datetime
    expires_at: datetime
    opened: int


@dataclass(frozen=True)
class StandingCard:
    """A card with which somebody begins to sign in."""

    learner_id: int
    learner: str
    issued_at: datetime


@dataclass(frozen=True)
class OpenDoors:
    """A page of the links and of the cards, each with how many there are."""

    links: Sequence[OpenLink]
    links_found: int
    cards: Sequence[StandingCard]
    cards_found: int
    page: int
    pages: int


def open_doors(session: Session, school_id: int, now: datetime, page: int) -> OpenDoors:
    """Return the links and cards that open something now, in four queries."""
    learner, guardian = aliased(Person), aliased(Person)
    alive = (
        learner.school_id == school_id, col(FamilyLink.revoked_at).is_(None),
        FamilyLink.expires_at > now,
    )  # fmt: skip
    of_learner: Any = col(learner.id) == col(FamilyLink.learner_id)
    counted = select(func.count()).select_from(FamilyLink).join(learner, of_learner)
    links_found = session.exec(counted.where(*alive)).one()
    standing = (Person.school_id == school_id, col(Badge.revoked_at).is_(None))
    with_person: Any = col(Person.id) == col(Badge.learner_id)
    cards_found = session.exec(
        select(func.count()).select_from(Badge).join(Person, with_person).where(*standing)
    ).one()
    pages = max(1, -(-max(links_found, cards_found) // ON_A_PAGE))
    page = min(max(1, page), pages)
    first = (page - 1) * ON_A_PAGE
    found = session.exec(
        select(FamilyLink, learner, guardian)
        .join(learner, of_learner)
        .join(guardian, col(guardian.id) == col(FamilyLink.guardian_id))
        .where(*alive)
        .order_by(col(FamilyLink.expires_at), col(FamilyLink.id))
        .limit(ON_A_PAGE)
        .offset(first)
    )
    open_links = [
        OpenLink(
            one.id or 0, them.full_name, child.full_name, one.issued_at, one.expires_at,
            one.opened_count,
        )
        for one, child, them in found
    ]  # fmt: skip
    cards = session.exec(
        select(Badge, Person)
        .join(Person, with_person)
        .where(*standing)
        .order_by(col(Person.family_name), col(Person.given_name), col(Badge.id))
        .limit(ON_A_PAGE)
        .offset(first)
    )
    standing_cards = [
        StandingCard(person.id or 0, person.full_name, card.issued_at) for card, person in cards
    ]
    return OpenDoors(open_links, links_found, standing_cards, cards_found, page, pages)


def stop_link(session: Session, by: By, link_id: int, now: datetime) -> None:
    """Stop a family link of the office's own school. Raises NotFound, and NotAllowedNow for a stopped one."""
    query = (
        select(FamilyLink)
        .join(Person, col(Person.id) == col(FamilyLink.learner_id))
        .where(FamilyLink.id == link_id, Person.school_id == by.school_id)
        .with_for_update(of=FamilyLink)
    )
    link = session.exec(query).first()
    if link is None:
        raise NotFound
    if link.revoked_at is not None:
        raise NotAllowedNow(_l("This link was stopped before."))
    links.revoke(session, by, link, now)


def stop_card(session: Session, by: By, learner_id: int, now: datetime) -> None:
    """Stop the card of a learner of the office's own school, and every sign-in that began with it."""
    person = session.get(Person, learner_id)
    if person is None or person.school_id != by.school_id:
        raise NotFound
    if not badges.revoke(session, by, learner_id, now):
        raise NotAllowedNow(_l("This card was stopped before."))
