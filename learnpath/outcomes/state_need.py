"""A learner says what a result tells them that they need. Every answer stays; the newest is shown."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from learnpath import record
from learnpath.db import key_of
from learnpath.errors import WrongInput
from learnpath.outcomes.models import LONGEST_NEED, Outcome, StatedNeed
from learnpath.record import By, Verb
from learnpath.wording import lazy as _l


def state_need(session: Session, by: By, outcome: Outcome, text: str, now: datetime) -> StatedNeed:
    """Keep the learner's answer to "What does this tell me I need?" about one result.

    Raises WrongInput for an empty or too long answer.
    """
    if not text:
        raise WrongInput("text", _l("Write what this tells you. A few words are enough."))
    if len(text) > LONGEST_NEED:
        raise WrongInput("text", _l("Use %(limit)s letters or fewer.", limit=LONGEST_NEED))
    need = StatedNeed(
        learner_id=outcome.learner_id, outcome_id=key_of(outcome), text=text, stated_at=now
    )
    session.add(need)
    session.flush()
    record.write(
        session, by, Verb.NEED_STATED, learner_id=outcome.learner_id,
        about=("outcome", outcome.id), payload={"kind": outcome.kind}, at=now,
    )  # fmt: skip
    return need
