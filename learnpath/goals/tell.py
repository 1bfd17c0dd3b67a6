"""What happens to a goal is told to the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from learnpath import record
from learnpath.goals.models import Goal
from learnpath.record import By, Verb


def tell(
    session: Session, by: By, verb: Verb, goal: Goal, payload: Mapping[str, Any], now: datetime
) -> None:
    """Write to the learner's record that ``verb`` happened to a goal."""
    record.write(
        session, by, verb, learner_id=goal.learner_id, about=("goal", goal.id), payload=payload,
        at=now,
    )  # fmt: skip
