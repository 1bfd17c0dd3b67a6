"""A family chooses a time, says what it needs and hopes, changes its mind or cannot come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from learnpath.access import current
from learnpath.conferences import plan
from learnpath.conferences.models import (
    Conference,
    ConferenceState,
    ConferenceWindow,
    FamilyLink,
    FamilyWish,
    Slot,
)
from learnpath.errors import NotAllowedNow, NotFound
from learnpath.people.models import Person
from learnpath.record import By
from learnpath.school.models import Enrolment, Teaching
from learnpath.school.queries import day_of_learner
from learnpath.wording import lazy as _l


class SlotTaken(NotAllowedNow):
    """Somebody else chose this time first; others are on offer."""


@dataclass(frozen=True)
class Wish:
    """What a family says before the conference."""

    speaks: str = ""
    interpreter: bool = False
    sees: str = ""
    hope: str = ""


def free_slots(session: Session, learner_id: int, now: datetime) -> list[tuple[Slot, str]]:
    """Return the free slots of this learner's teachers in open windows, with the teacher's name. One query."""
    query = (
        select(Slot, Person.called)
        .join(Person, col(Person.id) == col(Slot.teacher_id))
        .where(
            _offered(learner_id, day_of_learner(session, learner_id, now)),
            col(Slot.conference_id).is_(None),
            Slot.starts_at > now,
        )
        .order_by(col(Slot.starts_at), col(Slot.id))
    )
    return list(session.exec(query).all())


def choose(
    session: Session, by: By, learner: Person, guardian_id: int, slot_id: int, wish: Wish,
    now: datetime,
) -> Conference:  # fmt: skip
    """Choose a slot for a learner's conference, or change to it. What was prepared comes along.

    Two families that choose the same slot at the same moment: the row is locked, the first one has it.
    Raises SlotTaken for the other, NotFound for a slot that is not for this learner.
    """
    slot = _locked(session, learner.id or 0, slot_id, now)
    conference = plan.open_conference(session, learner.id or 0)
    if slot.conference_id is not None and (
        conference is None or slot.conference_id != conference.id
    ):
        raise SlotTaken(_l("Somebody chose that time just now. Please choose another one."))
    if slot.starts_at <= now:
        raise SlotTaken(_l("That time is over. Please choose another one."))
    if conference is not None and conference.state is ConferenceState.UNDER_WAY:
        raise NotAllowedNow(_l("The conference is open already."))
    if conference is None:
        conference = plan.begin_plan(session, learner, slot.teacher_id, slot.starts_at, slot.place)
    _take(session, conference, slot)
    _links_follow(session, conference, slot.window_id)
    keep_wish(session, conference, guardian_id, wish, now)
    plan.tell(session, by, conference, "chosen", now)
    return conference


def keep_wish(
    session: Session, conference: Conference, guardian_id: int, wish: Wish, now: datetime
) -> FamilyWish:
    """Keep what a guardian says before the conference."""
    query = select(FamilyWish).where(
        FamilyWish.conference_id == conference.id, FamilyWish.guardian_id == guardian_id
    )
    kept = session.exec(query).first() or FamilyWish(
        conference_id=conference.id or 0, learner_id=conference.learner_id,
        guardian_id=guardian_id, at=now,
    )  # fmt: skip
    kept.speaks, kept.interpreter = wish.speaks, wish.interpreter
    kept.sees, kept.hope, kept.at = wish.sees, wish.hope, now
    session.add(kept)
    return kept


def cannot_come(session: Session, by: By, conference: Conference, now: datetime) -> None:
    """Give a chosen time back. Raises NotAllowedNow once the conference is open or over."""
    if conference.state is not ConferenceState.PLANNED:
        raise NotAllowedNow(_l("The conference is open already."))
    plan.call_off(session, by, conference, now)


def wishes_of(session: Session, conference_id: int) -> list[FamilyWish]:
    """Return what the family of a conference said before it."""
    query = select(FamilyWish).where(FamilyWish.conference_id == conference_id)
    return list(session.exec(query.order_by(col(FamilyWish.id))))


def _offered(learner_id: int, today: date) -> sa.ColumnElement[bool]:
    """The slots that a learner's family may choose: of a teacher of a class that the window is open for."""
    return (
        sa.select(sa.literal(1))
        .select_from(ConferenceWindow)
        .join(Teaching, col(Teaching.teacher_id) == col(Slot.teacher_id))
        .join(Enrolment, col(Enrolment.class_id) == col(Teaching.class_id))
        .where(
            col(ConferenceWindow.id) == col(Slot.window_id),
            col(Enrolment.learner_id) == learner_id,
            current(Enrolment, today),
            current(Teaching, today),
            sa.or_(
                col(ConferenceWindow.class_id).is_(None),
                col(ConferenceWindow.class_id) == col(Enrolment.class_id),
            ),
        )
        .correlate(Slot)
        .exists()
    )


def _locked(session: Session, learner_id: int, slot_id: int, now: datetime) -> Slot:
    query = (
        select(Slot)
        .where(Slot.id == slot_id, _offered(learner_id, day_of_learner(session, learner_id, now)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    slot = session.exec(query).first()
    if slot is None:
        raise NotFound
    return slot


def _take(session: Session, conference: Conference, slot: Slot) -> None:
    plan.give_slot_back(session, conference)
    slot.conference_id = conference.id
    if conference.starts_at != slot.starts_at:
        conference.moves += 1
    conference.starts_at, conference.place = slot.starts_at, slot.place
    session.add_all([slot, conference])
    session.flush()


def _links_follow(session: Session, conference: Conference, window_id: int) -> None:
    """The links with which the family was invited open the conference from now on."""
    session.execute(
        sa.update(FamilyLink)
        .where(
            col(FamilyLink.learner_id) == conference.learner_id,
            col(FamilyLink.window_id) == window_id,
        )
        .values(conference_id=conference.id)
    )
