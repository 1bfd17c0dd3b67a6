"""Looking back at promises, two and six weeks after a conference."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from learnpath import record
from learnpath.conferences.models import Promise, PromiseLook, PromiseState
from learnpath.errors import NotAllowedNow
from learnpath.record import By, Verb
from learnpath.wording import lazy as _l

LOOKS_AFTER = (timedelta(weeks=2), timedelta(weeks=6))


def look_back(
    session: Session, by: By, promise: Promise, state: PromiseState, note: str, now: datetime
) -> PromiseLook:
    """Say what became of a promise by now. Raises NotAllowedNow for one without words."""
    if not promise.text:
        raise NotAllowedNow(_l("Nothing was promised here."))
    look = PromiseLook(
        promise_id=promise.id or 0, learner_id=promise.learner_id, looked_by=by.person_id,
        relation=by.relation, at=now, state=state, note=note,
    )  # fmt: skip
    promise.state = state
    session.add_all([promise, look])
    record.write(
        session, by, Verb.PROMISE_LOOKED_BACK, learner_id=promise.learner_id,
        about=("conference", promise.conference_id), payload={"state": state.value}, at=now,
    )  # fmt: skip
    return look


def look_is_due(
    held_at: datetime, last_look: datetime | None, state: PromiseState, now: datetime
) -> bool:
    """Tell whether it is time to look back: once after two weeks, once after six, and not when done."""
    if state is PromiseState.DONE:
        return False
    passed = [held_at + after for after in LOOKS_AFTER if held_at + after <= now]
    return bool(passed) and (last_look is None or last_look < passed[-1])
