"""What the page of one conference shows: what was prepared, and what came of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from learnpath.access import holds
from learnpath.clock import school_day
from learnpath.conferences import links, readiness
from learnpath.conferences.answers import Answer, answers_to_learner, answers_to_staff
from learnpath.conferences.cards import Card, templates
from learnpath.conferences.models import (
    Conference,
    FamilyLink,
    Leader,
    Promise,
    PromiseLook,
    Summary,
    WorkPiece,
)
from learnpath.conferences.prepare import cards_of, work_of
from learnpath.conferences.present import promises_of
from learnpath.conferences.promises import look_is_due
from learnpath.conferences.readiness import Tick
from learnpath.people.models import Person
from learnpath.people.queries import names
from learnpath.school.models import Guardianship, School


@dataclass(frozen=True)
class ShownCard:
    """A card with its words and what the learner noted for it."""

    card: Card
    notes: str
    led_by: Leader | None


@dataclass(frozen=True)
class Prepared:
    """All that was prepared for a conference."""

    conference: Conference
    learner: Person
    cards: Sequence[ShownCard]
    work: Sequence[WorkPiece]
    ticks: Sequence[Tick]

    @property
    def ready(self) -> bool:
        """Whether nothing is missing."""
        return all(tick.done for tick in self.ticks)

    @property
    def missing(self) -> list[Any]:
        """What the learner still has to prepare."""
        return readiness.missing(self.ticks)


def prepared(session: Session, conference: Conference) -> Prepared:
    """Return what was prepared, in three queries."""
    work = work_of(session, conference.id or 0)
    template = templates()[conference.template]
    cards = [
        ShownCard(template.card(row.key), row.notes, row.led_by)
        for row in cards_of(session, conference.id or 0)
    ]
    learner = session.get_one(Person, conference.learner_id)
    return Prepared(conference, learner, cards, work, readiness.ticks(conference, len(work)))


@dataclass(frozen=True)
class PromiseLine:
    """A promise with whoever made it, and whether it is time to look back."""

    promise: Promise
    look_due: bool


@dataclass(frozen=True)
class GuardianLine:
    """A guardian with the link that is open to them now, if there is one."""

    person_id: int
    name: str
    called: str
    no_contact: bool
    link: FamilyLink | None


@dataclass(frozen=True)
class After:
    """What there is after a conference: the promises, the summary and the answers to it."""

    promises: Sequence[PromiseLine]
    summary: Summary | None
    answers: Sequence[Answer]


def after(session: Session, conference: Conference, for_learner: bool, now: datetime) -> After:
    """Return what a conference left behind. A learner gets what was passed on, and no word for the staff."""
    promises = _promise_lines(session, conference, now)
    summary = session.exec(select(Summary).where(Summary.conference_id == conference.id)).first()
    if summary is None:
        return After(promises, None, ())
    found = answers_to_learner if for_learner else answers_to_staff
    return After(promises, summary, found(session, summary.id or 0))


def guardians_with_links(
    session: Session, conference: Conference, now: datetime
) -> list[GuardianLine]:
    """Return all guardians of today with their open link to this conference."""
    query = (
        select(Guardianship, Person, School.time_zone)
        .join(Person, col(Person.id) == col(Guardianship.guardian_id))
        .join(School, col(School.id) == conference.school_id)
        .where(Guardianship.learner_id == conference.learner_id)
        .order_by(col(Guardianship.id))
    )
    open_links = {
        link.guardian_id: link
        for link in links.links_of(session, conference.id or 0)
        if link.revoked_at is None and link.expires_at > now
    }
    return [
        GuardianLine(
            person.id or 0, person.full_name, tie.called or person.called, tie.no_contact,
            open_links.get(person.id or 0),
        )
        for tie, person, zone in session.exec(query)
        if holds(tie, school_day(now, zone))
    ]  # fmt: skip


def _promise_lines(session: Session, conference: Conference, now: datetime) -> list[PromiseLine]:
    promises = [promise for promise in promises_of(session, conference.id or 0) if promise.text]
    if not promises or conference.held_at is None:
        return [PromiseLine(promise, False) for promise in promises]
    last = _last_looks(session, [promise.id or 0 for promise in promises])
    return [
        PromiseLine(
            promise, look_is_due(conference.held_at, last.get(promise.id or 0), promise.state, now)
        )
        for promise in promises
    ]


def _last_looks(session: Session, promise_ids: Collection[int]) -> dict[int, datetime]:
    query = (
        select(PromiseLook.promise_id, func.max(PromiseLook.at))
        .where(col(PromiseLook.promise_id).in_(promise_ids))
        .group_by(col(PromiseLook.promise_id))
    )
    return dict(session.exec(query).all())


def persons_of(session: Session, conference: Conference) -> dict[int, Person]:
    """Return the people of a conference in one query. Who holds them needs no other one for the learner."""
    ids = [conference.learner_id, conference.planned_by, conference.answered_by]
    query = select(Person).where(col(Person.id).in_([id for id in ids if id is not None]))
    return {person.id or 0: person for person in session.exec(query)}


def people_of(session: Session, conference: Conference) -> dict[int, str]:
    """Return what the people of a conference are called, in one query."""
    return names(session, [conference.learner_id, conference.planned_by, conference.answered_by])
