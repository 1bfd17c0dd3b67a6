"""Planning a conference: a teacher says when it is, moves it, or calls it off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from learnpath import record
from learnpath.conferences.cards import template_for
from learnpath.conferences.models import (
    Conference,
    ConferenceCard,
    ConferenceState,
    Slot,
    WorkPiece,
)
from learnpath.errors import NotAllowedNow, WrongInput
from learnpath.people.models import Person
from learnpath.record import By, Verb
from learnpath.wording import lazy as _l

OPEN = (ConferenceState.PLANNED, ConferenceState.UNDER_WAY)
FARTHEST = timedelta(days=366)
# What the learner and the teacher prepared: it comes along when a conference is planned anew.
PREPARED = (
    "own_words", "hard_what", "hard_tried", "hard_need", "teacher_would_say", "lines", "goal_ids",
    "no_goal_to_show", "teacher_words", "teacher_view", "teacher_view_words", "answered_by",
    "answered_at",
)  # fmt: skip


@dataclass(frozen=True)
class When:
    """Day and time as the school's clocks show them, and the place."""

    day: date
    at: time
    place: str = ""


def plan_conference(
    session: Session, by: By, learner: Person, when: When, now: datetime
) -> Conference:
    """Plan a conference for a learner, with the cards of the grade band.

    Raises NotAllowedNow when one is open already, WrongInput for a day that is over or far away.
    """
    if open_conference(session, learner.id or 0) is not None:
        raise NotAllowedNow(_l("There is a conference planned already. Move that one."))
    starts_at = _moment(when, by.zone, now)
    conference = begin_plan(session, learner, by.person_id, starts_at, when.place)
    tell(session, by, conference, "new", now)
    return conference


def begin_plan(
    session: Session, learner: Person, planned_by: int | None, starts_at: datetime, place: str
) -> Conference:
    """Make the conference itself, with the cards of the grade band.

    When the one before was called off, what was prepared for it comes along.
    """
    before = _last(session, learner.id or 0)
    template = template_for(learner.grade)
    conference = Conference(
        school_id=learner.school_id, learner_id=learner.id or 0, planned_by=planned_by,
        template=template.key, starts_at=starts_at, minutes=template.minutes, place=place,
    )  # fmt: skip
    session.add(conference)
    session.flush()
    session.add_all(
        ConferenceCard(
            conference_id=conference.id or 0, learner_id=conference.learner_id, key=card.key,
            position=position,
        )
        for position, card in enumerate(template.cards)
    )  # fmt: skip
    if before is not None and before.state is ConferenceState.CALLED_OFF:
        _take_along(session, before, conference)
    return conference


def move_conference(
    session: Session, by: By, conference: Conference, when: When, now: datetime
) -> None:
    """Give a conference another time. Raises NotAllowedNow when it was held or called off."""
    must_be_open(conference)
    conference.starts_at = _moment(when, by.zone, now)
    conference.place = when.place
    conference.moves += 1
    give_slot_back(session, conference)
    session.add(conference)
    tell(session, by, conference, "moved", now)


def call_off(session: Session, by: By, conference: Conference, now: datetime) -> None:
    """Call a conference off. What was prepared stays to be read."""
    must_be_open(conference)
    conference.state = ConferenceState.CALLED_OFF
    conference.moves += 1
    give_slot_back(session, conference)
    session.add(conference)
    tell(session, by, conference, "called_off", now)


def open_conference(session: Session, learner_id: int) -> Conference | None:
    """Return the learner's conference that is still to come, if there is one."""
    query = (
        select(Conference)
        .where(Conference.learner_id == learner_id, col(Conference.state).in_(OPEN))
        .order_by(col(Conference.starts_at))
    )
    return session.exec(query).first()


def must_be_open(conference: Conference) -> None:
    """Raise NotAllowedNow for a conference that was held or called off."""
    if conference.state not in OPEN:
        raise NotAllowedNow(_l("This conference is over. It stays as it was."))


def _moment(when: When, zone: str, now: datetime) -> datetime:
    """Return the moment that the school's clocks show; of a doubled autumn hour, the first one."""
    here = ZoneInfo(zone)
    starts_at = datetime.combine(when.day, when.at, here).astimezone(UTC)
    if when.day < now.astimezone(here).date():
        raise WrongInput("day", _l("Choose today or a day to come."))
    if starts_at > now + FARTHEST:
        raise WrongInput("day", _l("Choose a day within one year."))
    return starts_at


def give_slot_back(session: Session, conference: Conference) -> None:
    """Let the slot of a conference be chosen by others again."""
    session.execute(
        sa.update(Slot).where(col(Slot.conference_id) == conference.id).values(conference_id=None)
    )


def _last(session: Session, learner_id: int) -> Conference | None:
    query = select(Conference).where(Conference.learner_id == learner_id)
    return session.exec(query.order_by(col(Conference.id).desc())).first()


def _take_along(session: Session, before: Conference, conference: Conference) -> None:
    for name in PREPARED:
        setattr(conference, name, getattr(before, name))
    session.add(conference)
    session.execute(
        sa.update(WorkPiece)
        .where(col(WorkPiece.conference_id) == before.id)
        .values(conference_id=conference.id)
    )


def tell(session: Session, by: By, conference: Conference, how: str, now: datetime) -> None:
    """Write into the record what happened to the plan."""
    day = conference.starts_at.astimezone(ZoneInfo(by.zone)).date()
    record.write(
        session, by, Verb.CONFERENCE_PLANNED, learner_id=conference.learner_id,
        about=("conference", conference.id), payload={"day": day.isoformat(), "how": how}, at=now,
    )  # fmt: skip
