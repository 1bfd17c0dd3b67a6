"""Inviting another learner to read one block, and taking the invitation back: it ends at once."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from learnpath import record
from learnpath.errors import WrongInput
from learnpath.profiles.models import PeerInvitation, ProfileBlock
from learnpath.profiles.revise import block_of
from learnpath.record import By, Verb
from learnpath.wording import lazy as _l

MOST_INVITED = 5


def invite(
    session: Session, by: By, learner_id: int, block: str, peer_id: int, classmates: set[int],
    now: datetime,
) -> PeerInvitation:  # fmt: skip
    """Let one of ``classmates`` read a block. The same invitation again changes nothing.

    Raises WrongInput for somebody else, for an empty block, or when five read it already.
    """
    if peer_id not in classmates or peer_id == learner_id:
        raise WrongInput("peer", _l("Choose somebody from your class."))
    row = block_of(session, learner_id, block, now)
    if not row.lines:
        raise WrongInput("peer", _l("Write something here first."))
    there = [one for one in standing(session, learner_id, block) if one.peer_id in classmates]
    for one in there:
        if one.peer_id == peer_id:
            return one
    if len(there) >= MOST_INVITED:
        raise WrongInput("peer", _l("%(most)s people can read this already.", most=MOST_INVITED))
    invitation = PeerInvitation(learner_id=learner_id, block=block, peer_id=peer_id, invited_at=now)
    session.add(invitation)
    session.flush()
    _tell(session, by, row, "peer", now)
    return invitation


def take_back(session: Session, by: By, invitation: PeerInvitation, now: datetime) -> None:
    """End an invitation at once. Ending it again changes nothing."""
    if invitation.revoked_at is not None:
        return
    invitation.revoked_at = now
    session.add(invitation)
    row = block_of(session, invitation.learner_id, invitation.block, now)
    _tell(session, by, row, "peer_ended", now)


def standing(session: Session, learner_id: int, block: str) -> list[PeerInvitation]:
    """Return the invitations to a block that were not taken back."""
    query = select(PeerInvitation).where(
        PeerInvitation.learner_id == learner_id, PeerInvitation.block == block,
        col(PeerInvitation.revoked_at).is_(None),
    )  # fmt: skip
    return list(session.exec(query.order_by(col(PeerInvitation.id))))


def _tell(session: Session, by: By, row: ProfileBlock, audience: str, now: datetime) -> None:
    record.write(
        session, by, Verb.PROFILE_SHARED, learner_id=row.learner_id,
        about=("profile_block", row.id), payload={"block": row.key, "audience": audience}, at=now,
    )  # fmt: skip
