"""Messages to families go out, apart from any page; they were put in by ``messages``.

A message is claimed before it goes out, in a transaction of its own. When the process dies in between, or
the mail server hangs up before it says that it has the letter, nobody knows whether it arrived: it is not
sent a second time by itself, and goes out on paper.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from learnpath.access import current
from learnpath.conferences import links
from learnpath.conferences.models import (
    Conference,
    ConferenceWindow,
    Contact,
    FamilyLink,
    Message,
    MessageKind,
)
from learnpath.conferences.plan import OPEN
from learnpath.db import open_session, unit_of_work
from learnpath.people.models import Person
from learnpath.record import By, Relation
from learnpath.school.models import Guardianship, School
from learnpath.school.queries import day_at

MOST_TRIES = 8
# After this long, a message that was claimed and not sent is taken for one that nobody knows about.
ON_ITS_WAY = timedelta(hours=1)


class InDoubt(OSError):
    """The letter was handed over, and the mail server never said that it has it."""


@dataclass(frozen=True)
class Letter:
    """A message with everything that its words need, and its link."""

    to: str
    language: str
    kind: MessageKind
    school: str
    phone: str
    token: str


@dataclass(frozen=True)
class Report:
    """What a round of sending did."""

    sent: int
    failed: int
    waiting: int


Post = Callable[[Letter], None]


def send_waiting(engine: Engine, post: Post, now: datetime) -> Report:
    """Send what waits and has an address, one after the other. What fails waits for the next round."""
    sent = failed = 0
    for message_id in _waiting_ids(engine, now):
        letter = _claim(engine, message_id, now)
        if letter is None:
            continue
        try:
            post(letter)
        except InDoubt:
            failed += 1
            _note(engine, message_id, None, InDoubt.__name__, in_doubt=True)
        except OSError as error:
            failed += 1
            _note(engine, message_id, None, type(error).__name__)
        else:
            sent += 1
            _note(engine, message_id, now, "")
    return Report(sent, failed, len(_waiting_ids(engine, now)))


def on_paper(
    session: Session, learner_ids: Collection[int], now: datetime, *, by_mail: bool,
    to_change: bool = False, today: date | None = None,
) -> Sequence[Message]:  # fmt: skip
    """Return the messages to these learners' families that nobody can send: they go out on paper.

    Without a mail server (``by_mail``) all that wait are on paper. A message that may have arrived is there
    too. ``today`` is the day at school, where the caller knows it.
    """
    query = _unsent(learner_ids, today or _first_day(now)).order_by(col(Message.id))
    if by_mail:
        query = query.where(
            sa.or_(
                col(Contact.person_id).is_(None),
                col(Message.tries) >= MOST_TRIES,
                col(Message.trouble) == InDoubt.__name__,
                col(Message.claimed_at) < now - ON_ITS_WAY,
            )
        )
    if to_change:
        query = query.with_for_update(of=Message)
    return session.exec(query).all()


@dataclass(frozen=True)
class Waiting:
    """How many messages wait for the mail server, and how many of them it did not take yet."""

    count: int
    not_taken: int


def waiting_for_mail(
    session: Session, learner_ids: Collection[int], now: datetime, today: date | None = None
) -> Waiting:
    """Return how many messages to these learners' families wait for the mail server. One query."""
    day = today or _first_day(now)
    waiting = (
        _unsent(learner_ids, day)
        .where(col(Contact.person_id).is_not(None), *_may_go(day))
        .with_only_columns(sa.func.count(), sa.func.count().filter(col(Message.trouble) != ""))
    )
    return Waiting(*session.execute(waiting).one())


def print_one(
    session: Session, by: By, message: Message, now: datetime
) -> tuple[Person, str] | None:
    """Take a message for paper: the guardian and a fresh token, or None when it may not go out any more."""
    if not _may_be_told(session, message, now):
        return None
    token = _link(session, by, message, now)[1]
    message.printed_at = now
    session.add(message)
    return session.get_one(Person, message.guardian_id), token


def _first_day(now: datetime) -> date:
    """Return the first of the days that schools are living at ``now``: nothing rests before its time.

    Whether a message may go out is asked again for its own school, just before it does.
    """
    return (now - timedelta(hours=12)).date()


def _unsent(learner_ids: Collection[int], day: date) -> SelectOfScalar[Message]:
    """The messages to these learners' families that did not go out yet, with their contacts if there are."""
    return (
        select(Message)
        .outerjoin(Contact, col(Contact.person_id) == col(Message.guardian_id))
        .where(
            col(Message.learner_id).in_(learner_ids),
            col(Message.sent_at).is_(None),
            col(Message.printed_at).is_(None),
            _still_wanted(day),
        )
    )


def _waiting_ids(engine: Engine, now: datetime) -> list[int]:
    query = (
        select(Message.id)
        .join(Contact, col(Contact.person_id) == col(Message.guardian_id))
        .where(*_may_go(_first_day(now)))
        .order_by(col(Message.id))
    )
    with open_session(engine, writing=False) as session:
        return [id for id in session.exec(query) if id is not None]


def _may_go(day: date) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        _still_wanted(day),
        col(Message.sent_at).is_(None),
        col(Message.printed_at).is_(None),
        col(Message.claimed_at).is_(None),
        col(Message.tries) < MOST_TRIES,
    )


def _still_wanted(day: date) -> sa.ColumnElement[bool]:
    """An invitation is wanted while its days are not over and the learner has no time yet."""
    open_days = (
        sa.select(sa.literal(1))
        .where(
            col(ConferenceWindow.id) == col(Message.window_id),
            col(ConferenceWindow.last_day) >= day,
        )
        .correlate(Message)
        .exists()
    )
    has_a_time = (
        sa.select(sa.literal(1))
        .where(
            col(Conference.learner_id) == col(Message.learner_id), col(Conference.state).in_(OPEN)
        )
        .correlate(Message)
        .exists()
    )
    invites = col(Message.kind) == MessageKind.INVITATION
    return sa.or_(~invites, sa.and_(open_days, ~has_a_time))


def _link(session: Session, by: By, message: Message, now: datetime) -> tuple[FamilyLink, str]:
    """Make the link of a message that goes out: to its window, or to its conference."""
    if message.kind is MessageKind.INVITATION:
        window = session.get_one(ConferenceWindow, message.window_id)
        return links.invite(session, by, window, message.learner_id, message.guardian_id, now)
    conference = session.get_one(Conference, message.conference_id)
    return links.issue(session, by, conference, message.guardian_id, now)


def _claim(engine: Engine, message_id: int, now: datetime) -> Letter | None:
    """Take a message for this round, with a fresh link; None when another round has it or it may not go."""
    query = (
        select(Message)
        .where(Message.id == message_id, *_may_go(_first_day(now)))
        .with_for_update(skip_locked=True)
    )
    with unit_of_work(engine) as session:
        message = session.exec(query).first()
        if message is None or not _may_be_told(session, message, now):
            return None
        message.claimed_at, message.tries = now, message.tries + 1
        school = session.get_one(School, message.school_id)
        by = By(None, Relation.SCHOOL, message.school_id, school.time_zone)
        link, token = _link(session, by, message, now)
        contact = session.get_one(Contact, message.guardian_id)
        session.add(message)
        return Letter(
            contact.email, link.language.value, message.kind, school.name, school.phone, token
        )


def _may_be_told(session: Session, message: Message, now: datetime) -> bool:
    """Tell whether a message may go out on this day of its school."""
    day = day_at(session, message.school_id, now)
    if message.window_id and session.get_one(ConferenceWindow, message.window_id).last_day < day:
        return False
    query = select(Guardianship.id).where(
        Guardianship.learner_id == message.learner_id,
        Guardianship.guardian_id == message.guardian_id,
        col(Guardianship.no_contact).is_(False),
        current(Guardianship, day),
    )
    return session.exec(query).first() is not None


def _note(
    engine: Engine, message_id: int, sent_at: datetime | None, trouble: str, *,
    in_doubt: bool = False,
) -> None:  # fmt: skip
    with unit_of_work(engine) as session:
        message = session.get_one(Message, message_id)
        message.sent_at, message.trouble = sent_at, trouble[:120]
        if sent_at is None and not in_doubt:
            message.claimed_at = None
        session.add(message)
