"""A teacher's dated note on a profile: what was seen, for the learner to read and to answer.

It stands beside the learner's words and never among them.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlmodel import Session

from learnpath import record
from learnpath.errors import NotAllowedNow, WrongInput
from learnpath.profiles.models import ProfileNote
from learnpath.profiles.revise import LONGEST_LINE, block_of
from learnpath.record import By, Verb
from learnpath.wording import lazy as _l

LONGEST_AGO = timedelta(days=60)


def note(
    session: Session, by: By, learner_id: int, block: str, text: str, day: date, today: date,
    now: datetime,
) -> ProfileNote:  # fmt: skip
    """Write down what a teacher noticed on ``day``. Raises WrongInput, NotFound for no such block."""
    said = text.strip()
    if not said:
        raise WrongInput("text", _l("Write what you noticed."))
    if len(said) > LONGEST_LINE:
        raise WrongInput("text", _l("Use %(limit)s letters or fewer.", limit=LONGEST_LINE))
    if not today - LONGEST_AGO <= day <= today:
        raise WrongInput("day", _l("Choose a day of the last two months."))
    row = block_of(session, learner_id, block, now)
    written = ProfileNote(
        learner_id=learner_id, block=block, text=said, day=day, author_id=by.person_id or 0,
        relation=by.relation, at=now,
    )  # fmt: skip
    session.add(written)
    session.flush()
    record.write(
        session, by, Verb.PROFILE_NOTED, learner_id=learner_id, about=("profile_block", row.id),
        at=now,
    )  # fmt: skip
    return written


def reply(session: Session, by: By, written: ProfileNote, text: str, now: datetime) -> None:
    """Answer a note with one line, once. Raises NotAllowedNow the second time, WrongInput."""
    if written.replied_at is not None:
        raise NotAllowedNow(_l("You answered this already."))
    said = text.strip()
    if not said:
        raise WrongInput("reply", _l("Write a line back, or leave it."))
    if len(said) > LONGEST_LINE:
        raise WrongInput("reply", _l("Use %(limit)s letters or fewer.", limit=LONGEST_LINE))
    row = block_of(session, written.learner_id, written.block, now)
    written.reply, written.replied_at = said, now
    session.add(written)
    record.write(
        session, by, Verb.NOTE_ANSWERED, learner_id=written.learner_id,
        about=("profile_block", row.id), at=now,
    )  # fmt: skip
