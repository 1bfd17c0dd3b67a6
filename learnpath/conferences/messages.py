"""Messages to families are put in with the change that they tell of; how they go out is in ``outbox``."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from learnpath.access import current
from learnpath.conferences.models import (
    Conference,
    ConferenceState,
    ConferenceWindow,
    Contact,
    Message,
    MessageKind,
    Promise,
    Summary,
)
from learnpath.school.models import Guardianship
from learnpath.school.queries import day_at

SIX_WEEKS = timedelta(weeks=6)


def put_in(
    session: Session, conference: Conference, kind: MessageKind, now: datetime, *,
    only: Collection[int] | None = None,
) -> list[Message]:  # fmt: skip
    """Put a message in for each guardian who may be told, or for ``only`` some of them.

    What is there already is not put in again.
    """
    there = set(
        session.exec(
            select(Message.guardian_id).where(
                Message.conference_id == conference.id, Message.kind == kind
            )
        ).all()
    )
    guardians = session.exec(
        select(Guardianship.guardian_id).where(
            Guardianship.learner_id == conference.learner_id,
            col(Guardianship.no_contact).is_(False),
            current(Guardianship, day_at(session, conference.school_id, now)),
        )
    ).all()
    made = [
        Message(
            school_id=conference.school_id, conference_id=conference.id or 0,
            learner_id=conference.learner_id, guardian_id=guardian_id, kind=kind, made_at=now,
        )
        for guardian_id in dict.fromkeys(guardians)
        if guardian_id not in there and (only is None or guardian_id in only)
    ]  # fmt: skip
    session.add_all(made)
    return made


def put_in_invitations(
    session: Session, window: ConferenceWindow, families: Iterable[tuple[int, int]], now: datetime,
    *, again: bool = False,
) -> None:  # fmt: skip
    """Put an invitation to the window in for each learner and guardian, once each.

    ``again`` lets those on paper go out once more, when sheets were lost: the earlier ones then rest.
    """
    # Two teachers of a class may press the button at the same moment: the second one waits here.
    session.get(ConferenceWindow, window.id, with_for_update=True)
    of_window = select(Message).where(Message.window_id == window.id)
    there = {(m.learner_id, m.guardian_id): m for m in session.exec(of_window)}
    for learner_id, guardian_id in families:
        kept = there.get((learner_id, guardian_id)) or Message(
            school_id=window.school_id, window_id=window.id, learner_id=learner_id,
            guardian_id=guardian_id, kind=MessageKind.INVITATION, made_at=now,
        )  # fmt: skip
        kept.printed_at = None if again else kept.printed_at
        session.add(kept)
    session.flush()


def put_in_look_backs(session: Session, now: datetime) -> int:
    """Put in the one message after six weeks, for guardians who asked for it. Return how many."""
    query = (
        select(Conference)
        .join(Summary, col(Summary.conference_id) == col(Conference.id))
        .where(
            Conference.state == ConferenceState.HELD,
            col(Summary.shared_at).is_not(None),
            col(Conference.held_at) <= now - SIX_WEEKS,
            col(Conference.held_at) > now - SIX_WEEKS - timedelta(weeks=2),
            sa.exists().where(
                col(Promise.conference_id) == col(Conference.id), col(Promise.text) != ""
            ),
        )
    )
    wanted = set(session.exec(select(Contact.person_id).where(col(Contact.look_back))).all())
    kind, made = MessageKind.PROMISE_LOOK_BACK, 0
    for conference in session.exec(query).all():
        made += len(put_in(session, conference, kind, now, only=wanted))
    return made


def keep_contact(
    session: Session, person_id: int, email: str, look_back: bool, now: datetime
) -> None:
    """Keep an adult's address for messages, or forget it when it is empty."""
    there = session.get(Contact, person_id)
    if not email:
        if there is not None:
            session.delete(there)
        return
    contact = there or Contact(person_id=person_id, email=email, at=now)
    contact.email, contact.look_back, contact.at = email, look_back, now
    session.add(contact)
