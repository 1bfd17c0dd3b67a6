"""Choosing who can see a block. Private comes first, and nothing widens by itself."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from learnpath import record
from learnpath.profiles.models import Audience, ProfileBlock
from learnpath.profiles.revise import block_of
from learnpath.record import By, Verb


def choose_audience(
    session: Session, by: By, learner_id: int, block: str, audience: Audience, now: datetime
) -> ProfileBlock:
    """Let a block be seen by ``audience`` from now on. Choosing the same again changes nothing."""
    row = block_of(session, learner_id, block, now)
    if row.audience is audience:
        return row
    row.audience = audience
    session.add(row)
    record.write(
        session, by, Verb.PROFILE_SHARED, learner_id=learner_id, about=("profile_block", row.id),
        payload={"block": block, "audience": str(audience)}, at=now,
    )  # fmt: skip
    return row
