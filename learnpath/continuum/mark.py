"""Saying where one would put a thread, and why. Each mark is kept; the newest counts."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from learnpath.continuum.columns import Column
from learnpath.continuum.driver_model import driver_model
from learnpath.continuum.models import PositionMark
from learnpath.errors import NotAllowed, NotFound
from learnpath.record import By, Relation, Verb, write

MAY_MARK = (Relation.LEARNER, Relation.TEACHER)


def mark(
    session: Session, by: By, learner_id: int, thread: str, place: Column, text: str, now: datetime
) -> PositionMark:
    """Keep where the learner or a teacher puts a thread, in their own words.

    Raises NotFound for a thread that the model does not have, NotAllowed for anybody else.
    """
    if thread not in {one.key for one in driver_model().threads}:
        raise NotFound
    if by.person_id is None or by.relation not in MAY_MARK:
        raise NotAllowed
    made = PositionMark(
        learner_id=learner_id, thread=thread, place=place, text=text.strip(),
        marked_by=by.person_id, relation=by.relation, marked_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    write(
        session, by, Verb.POSITION_MARKED, learner_id=learner_id, about=("position_mark", made.id),
        at=now, payload={"thread": thread, "column": place},
    )  # fmt: skip
    return made
