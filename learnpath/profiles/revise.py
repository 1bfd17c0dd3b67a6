"""Changing a block of the profile: only the learner does, and every save is a revision that stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, select

from learnpath import record
from learnpath.db import key_of
from learnpath.errors import ChangedMeanwhile, NotFound, WrongInput
from learnpath.profiles.models import BLOCKS, ProfileBlock, ProfileRevision
from learnpath.profiles.queries import block_title
from learnpath.record import By, Verb
from learnpath.wording import lazy as _l

MOST_LINES, LONGEST_LINE, LONGEST_REASON = 12, 300, 300


def revise(
    session: Session,
    by: By,
    learner_id: int,
    block: str,
    lines: Sequence[str],
    what_changed: str,
    seen_number: int,
    now: datetime,
) -> ProfileBlock:
    """Save the lines of a block; ``seen_number`` is the revision that the learner was looking at.

    The same lines again change nothing. Raises ChangedMeanwhile when another device saved other lines in
    between, WrongInput for too many or too long ones, NotFound for a block that there is none of.
    """
    kept = checked(lines)
    row = block_of(session, learner_id, block, now)
    if row.lines == kept:
        return row
    if row.number != seen_number:
        raise saved_meanwhile(row, kept)
    if len(what_changed) > LONGEST_REASON:
        raise WrongInput(
            "what_changed", _l("Use %(limit)s letters or fewer.", limit=LONGEST_REASON)
        )
    put(session, by, row, kept, what_changed, now)
    record.write(
        session, by, Verb.PROFILE_REVISED, learner_id=learner_id,
        about=("profile_block", row.id),
        payload={"block": block, "number": row.number, "reason": bool(what_changed)}, at=now,
    )  # fmt: skip
    return row


def saved_meanwhile(row: ProfileBlock, mine: Sequence[str]) -> ChangedMeanwhile:
    """Return what tells the learner that another device saved the block, with both wordings."""
    label = str(block_title(row.key))
    return ChangedMeanwhile(
        {label: "\n".join(mine)},
        {label: "\n".join(row.lines)},
        _l("You changed this on another page or device. Both are here, nothing is lost."),
    )


def checked(lines: Sequence[str]) -> list[str]:
    """Return the lines without empty ones and without repetition. Raises WrongInput."""
    kept = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    if len(kept) > MOST_LINES:
        raise WrongInput("lines", _l("Use %(most)s lines or fewer.", most=MOST_LINES))
    if any(len(line) > LONGEST_LINE for line in kept):
        raise WrongInput(
            "lines", _l("Use %(limit)s letters or fewer in a line.", limit=LONGEST_LINE)
        )
    return kept


def block_of(session: Session, learner_id: int, block: str, now: datetime) -> ProfileBlock:
    """Return a learner's block, locked; an empty one when there is none yet. Raises NotFound."""
    if block not in BLOCKS:
        raise NotFound
    query = select(ProfileBlock).where(
        ProfileBlock.learner_id == learner_id, ProfileBlock.key == block
    )
    row = session.exec(query.with_for_update()).first()
    if row is None:
        row = ProfileBlock(learner_id=learner_id, key=block, changed_at=now)
        session.add(row)
        session.flush()
    return row


def put(
    session: Session, by: By, row: ProfileBlock, lines: list[str], what_changed: str, now: datetime
) -> None:
    """Make ``lines`` the block's present ones and keep them as its next revision."""
    row.lines, row.number, row.changed_at = lines, row.number + 1, now
    session.add(row)
    session.add(
        ProfileRevision(
            block_id=key_of(row), learner_id=row.learner_id, number=row.number, lines=lines,
            what_changed=what_changed.strip(), author_id=by.person_id or 0, relation=by.decided,
            at=now,
        )
    )  # fmt: skip
    session.flush()
