"""Suggesting a line for a profile, and answering: the learner takes, changes or declines it.

Nobody else writes into a profile. A teacher, the family and an invited peer may offer a line to a block that
they can see; what becomes of it is the learner's to say, with one line back.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from learnpath import record
from learnpath.errors import NotAllowedNow, NotFound, WrongInput
from learnpath.profiles.models import Answer, PeerInvitation, ProfileBlock, ProfileSuggestion
from learnpath.profiles.revise import LONGEST_LINE, block_of, revise
from learnpath.profiles.visible import SEEN_BY_FAMILY
from learnpath.record import By, Relation, Verb
from learnpath.wording import lazy as _l

MOST_WAITING = 10


def suggest(
    session: Session, by: By, learner_id: int, block: str, text: str, now: datetime
) -> ProfileSuggestion:
    """Offer a line for a block. Raises WrongInput for no words or too many, NotFound for a block unseen."""
    row = _seen_block(session, by, learner_id, block, now)
    offered = text.strip()
    if not offered:
        raise WrongInput("text", _l("Write what you suggest."))
    _fits("text", offered)
    if _waiting(session, by, learner_id) >= MOST_WAITING:
        raise WrongInput(
            "text",
            _l("%(most)s of your ideas wait for an answer. Wait for one first.", most=MOST_WAITING),
        )
    suggestion = ProfileSuggestion(
        learner_id=learner_id, block=block, text=offered, author_id=by.person_id or 0,
        relation=by.relation, at=now,
    )  # fmt: skip
    session.add(suggestion)
    session.flush()
    record.write(
        session, by, Verb.SUGGESTION_MADE, learner_id=learner_id, about=("profile_block", row.id),
        payload={"block": block}, at=now,
    )  # fmt: skip
    return suggestion


def answer(
    session: Session, by: By, suggestion: ProfileSuggestion, how: Answer, words: str, reply: str,
    now: datetime,
) -> None:  # fmt: skip
    """Answer a suggestion. Taken or changed, the line is added to the block as the learner's own revision.

    Raises NotAllowedNow for one that was answered, WrongInput for words that cannot be taken.
    """
    if suggestion.answer is not None:
        raise NotAllowedNow(_l("You answered this already."))
    kept = {Answer.TAKEN: suggestion.text, Answer.CHANGED: words.strip(), Answer.DECLINED: ""}[how]
    if how is Answer.CHANGED and not kept:
        raise WrongInput("words", _l("Write it the way you would say it."))
    _fits("words", kept)
    _fits("reply", reply)
    row = block_of(session, suggestion.learner_id, suggestion.block, now)
    if kept and kept not in row.lines:
        _add(session, by, row, kept, now)
    suggestion.answer, suggestion.reply, suggestion.answered_at = how, reply.strip(), now
    session.add(suggestion)
    record.write(
        session, by, Verb.SUGGESTION_ANSWERED, learner_id=suggestion.learner_id,
        about=("profile_block", row.id), at=now,
        payload={"block": row.key, "answer": str(how), "made_by": str(suggestion.relation)},
    )  # fmt: skip


def _add(session: Session, by: By, row: ProfileBlock, line: str, now: datetime) -> None:
    try:
        revise(session, by, row.learner_id, row.key, [*row.lines, line], "", row.number, now)
    except WrongInput as error:  # the block is full: said where the learner chooses
        raise WrongInput("how", error.message) from error


def _seen_block(
    session: Session, by: By, learner_id: int, block: str, now: datetime
) -> ProfileBlock:
    """Return the block when whoever suggests can see it. Raises NotFound."""
    row = block_of(session, learner_id, block, now)
    if by.relation is Relation.FAMILY and row.audience not in SEEN_BY_FAMILY:
        raise NotFound
    if by.relation is Relation.PEER and not _invited(session, by, learner_id, block):
        raise NotFound
    return row


def _invited(session: Session, by: By, learner_id: int, block: str) -> bool:
    query = select(PeerInvitation.id).where(
        PeerInvitation.learner_id == learner_id, PeerInvitation.block == block,
        PeerInvitation.peer_id == by.person_id, PeerInvitation.revoked_at == None,  # noqa: E711
    )  # fmt: skip
    return session.exec(query).first() is not None


def _waiting(session: Session, by: By, learner_id: int) -> int:
    query = select(ProfileSuggestion.id).where(
        ProfileSuggestion.learner_id == learner_id, ProfileSuggestion.author_id == by.person_id,
        ProfileSuggestion.answer == None,  # noqa: E711
    )  # fmt: skip
    return len(session.exec(query).all())


def _fits(field: str, text: str) -> None:
    if len(text) > LONGEST_LINE:
        raise WrongInput(field, _l("Use %(limit)s letters or fewer.", limit=LONGEST_LINE))
