"""The teacher's part before the conference: agree or see it differently, and add two sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from learnpath import record
from learnpath.conferences.models import Conference, View
from learnpath.conferences.plan import must_be_open
from learnpath.errors import ChangedMeanwhile, WrongInput
from learnpath.record import By, Verb
from learnpath.wording import lazy as _l


@dataclass(frozen=True)
class Answer:
    """What a teacher says to what the learner prepared."""

    words: str
    view: View | None = None
    view_words: str = ""


def answer(
    session: Session, by: By, conference: Conference, said: Answer, seen: int, now: datetime
) -> None:
    """Keep the teacher's two sentences, and how the teacher sees the learner's guess.

    Raises WrongInput without a sentence, or when a different view is not explained; ChangedMeanwhile
    when another teacher answered first.
    """
    must_be_open(conference)
    if not said.words:
        raise WrongInput("words", _l("Write one or two sentences."))
    if said.view is View.DIFFERENTLY and not said.view_words:
        raise WrongInput("view_words", _l("Say how you see it."))
    theirs = {"words": conference.teacher_words, "view_words": conference.teacher_view_words}
    mine = {"words": said.words, "view_words": said.view_words}
    if seen != conference.teacher_number and mine != theirs:
        raise ChangedMeanwhile(mine, theirs, _l("Another teacher answered while you wrote."))
    conference.teacher_words, conference.teacher_view = said.words, said.view
    conference.teacher_view_words = said.view_words
    conference.teacher_number += 1
    conference.answered_by, conference.answered_at = by.person_id, now
    session.add(conference)
    record.write(
        session, by, Verb.CONFERENCE_PREPARED, learner_id=conference.learner_id,
        about=("conference", conference.id), payload={"part": "answer"}, at=now,
    )  # fmt: skip
