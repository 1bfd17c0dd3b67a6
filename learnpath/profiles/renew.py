"""The turn of a school year: keep, change or let go, line by line. What is kept counts as written anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from learnpath import record
from learnpath.profiles import carry
from learnpath.profiles.models import ProfileBlock
from learnpath.profiles.revise import block_of, checked, put, saved_meanwhile
from learnpath.profiles.visible import entry_key
from learnpath.record import By, Verb


def renew(
    session: Session, by: By, learner_id: int, block: str, lines: Sequence[str], seen_number: int,
    now: datetime, shows: Mapping[str, bool] | None = None,
) -> ProfileBlock:  # fmt: skip
    """Say what of a block still holds: a revision of this year, even when every line was kept.

    ``shows`` says of each hard line that was kept whether new teachers may see it (``carry``).

    Raises ChangedMeanwhile when the block was saved elsewhere in between, WrongInput as ``revise`` does.
    """
    kept = checked(lines)
    row = block_of(session, learner_id, block, now)
    if row.number != seen_number:
        raise saved_meanwhile(row, kept)
    put(session, by, row, kept, "", now)
    record.write(
        session, by, Verb.PROFILE_REVISED, learner_id=learner_id,
        about=("profile_block", row.id),
        payload={"block": block, "number": row.number, "reason": False}, at=now,
    )  # fmt: skip
    for line, may_be_seen in (shows or {}).items():
        carry.say(session, by, learner_id, entry_key(block, line), may_be_seen, now)
    return row
