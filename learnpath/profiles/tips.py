"""Trying what a profile says that helps, and telling how it went. A tip is an experiment, not a type."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from learnpath import record
from learnpath.errors import NotFound, WrongInput
from learnpath.profiles.models import TipResult, TipTry
from learnpath.profiles.revise import LONGEST_REASON, block_of
from learnpath.profiles.visible import entry_key
from learnpath.record import By, Verb
from learnpath.wording import lazy as _l

TIP_BLOCKS = ("what_helps", "needs")


def tell(
    session: Session, by: By, learner_id: int, key: str, result: TipResult, note: str, now: datetime
) -> TipTry:
    """Tell how it went when the line ``key`` was tried. Raises NotFound for a line that is not there."""
    block, _, _digest = key.partition(":")
    if block not in TIP_BLOCKS:
        raise NotFound
    if len(note) > LONGEST_REASON:
        raise WrongInput("note", _l("Use %(limit)s letters or fewer.", limit=LONGEST_REASON))
    row = block_of(session, learner_id, block, now)
    tip = next((line for line in row.lines if entry_key(block, line) == key), None)
    if tip is None:
        raise NotFound
    tried = TipTry(
        learner_id=learner_id, block=block, tip=tip, result=result, note=note.strip(),
        author_id=by.person_id or 0, relation=by.relation, at=now,
    )  # fmt: skip
    session.add(tried)
    session.flush()
    record.write(
        session, by, Verb.TIP_TRIED, learner_id=learner_id, about=("profile_block", row.id),
        payload={"result": str(result)}, at=now,
    )  # fmt: skip
    return tried
