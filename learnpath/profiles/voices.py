"""Reads of what others say into a profile: their ideas, what was tried, who was invited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flask_babel import LazyString
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from learnpath.access import classmates
from learnpath.people.models import Hat, Person
from learnpath.profiles.models import (
    Answer,
    PeerInvitation,
    ProfileBlock,
    ProfileNote,
    ProfileSuggestion,
    TipResult,
    TipTry,
)
from learnpath.profiles.queries import TITLES
from learnpath.profiles.resting import rest_of
from learnpath.profiles.visible import Reader, entry_key
from learnpath.record import Relation

MOST_SHOWN = 40
LATELY = timedelta(weeks=10)


@dataclass(frozen=True)
class Idea:
    """A suggestion with its author and what became of it."""

    id: int
    block: str
    text: str
    author_id: int
    author: str
    relation: Relation
    at: datetime
    answer: Answer | None
    reply: str
    answered_at: datetime | None

    @property
    def title(self) -> LazyString:
        """For which block it is."""
        return TITLES[self.block]


def ideas_of(session: Session, learner_id: int, only_by: int | None = None) -> list[Idea]:
    """Return the ideas for a profile, the newest first, in one query.

    The learner and the teachers see all; others, ``only_by`` themselves.
    """
    query = (
        select(ProfileSuggestion, Person)
        .join(Person, col(Person.id) == col(ProfileSuggestion.author_id))
        .where(ProfileSuggestion.learner_id == learner_id)
        .order_by(col(ProfileSuggestion.id).desc())
        .limit(MOST_SHOWN)
    )
    if only_by is not None:
        query = query.where(ProfileSuggestion.author_id == only_by)
    return [_idea(suggestion, author) for suggestion, author in session.exec(query)]


def _idea(one: ProfileSuggestion, author: Person) -> Idea:
    name = author.called if one.relation is Relation.PEER else author.full_name
    return Idea(
        one.id or 0, one.block, one.text, one.author_id, name, one.relation, one.at, one.answer,
        one.reply, one.answered_at,
    )  # fmt: skip


def author_of(session: Session, suggestion: ProfileSuggestion) -> Idea:
    """Return one suggestion as the page shows it."""
    return _idea(suggestion, session.get_one(Person, suggestion.author_id))


@dataclass(frozen=True)
class Noticed:
    """A teacher's note with its author and the learner's line back."""

    id: int
    block: str
    text: str
    day: date
    author_id: int
    author: str
    at: datetime
    reply: str
    replied_at: datetime | None

    @property
    def title(self) -> LazyString:
        """About which block it is."""
        return TITLES[self.block]


def notes_of(session: Session, learner_id: int) -> list[Noticed]:
    """Return what teachers noted about a profile, the newest day first, in one query."""
    query = (
        select(ProfileNote, Person)
        .join(Person, col(Person.id) == col(ProfileNote.author_id))
        .where(ProfileNote.learner_id == learner_id)
        .order_by(col(ProfileNote.day).desc(), col(ProfileNote.id).desc())
        .limit(MOST_SHOWN)
    )
    return [noticed(one, author) for one, author in session.exec(query)]


def noticed(one: ProfileNote, author: Person) -> Noticed:
    """Return a note as the pages show it."""
    return Noticed(
        one.id or 0, one.block, one.text, one.day, one.author_id, author.full_name, one.at,
        one.reply, one.replied_at,
    )  # fmt: skip


@dataclass(frozen=True)
class Tried:
    """A tip that was tried."""

    key: str
    tip: str
    result: TipResult
    note: str
    who: str
    relation: Relation
    at: datetime


def tries_of(session: Session, learner_id: int) -> list[Tried]:
    """Return what was tried, the newest first, in one query."""
    query = (
        select(TipTry, Person)
        .join(Person, col(Person.id) == col(TipTry.author_id))
        .where(TipTry.learner_id == learner_id)
        .order_by(col(TipTry.id).desc())
        .limit(MOST_SHOWN)
    )
    return [
        Tried(
            entry_key(one.block, one.tip), one.tip, one.result, one.note, who.called, one.relation,
            one.at,
        )
        for one, who in session.exec(query)
    ]  # fmt: skip


@dataclass(frozen=True)
class Helped:
    """A tip that helped lately. ``still`` says that it did the last time, too."""

    tip: str
    still: bool


def helped_lately(tries: Sequence[Tried], now: datetime) -> list[Helped]:
    """Return the tips that helped in the last ten weeks, the newest first, each once."""
    lately = [tried for tried in tries if now - tried.at <= LATELY]
    last: dict[str, TipResult] = {}
    for tried in lately:
        last.setdefault(tried.tip, tried.result)
    helped = dict.fromkeys(t.tip for t in lately if t.result is TipResult.HELPED)
    return [Helped(tip, last[tip] is not TipResult.NOT_THIS_TIME) for tip in helped]


@dataclass(frozen=True)
class Invited:
    """An invitation with the other one's name: the peer's for the learner, the learner's for the peer."""

    id: int
    block: str
    name: str

    @property
    def title(self) -> LazyString:
        """For which block it is."""
        return TITLES[self.block]


def invitations(
    session: Session, learner_id: int, today: date
) -> tuple[list[Invited], list[Invited]]:
    """Return the invitations that a learner gave, and those that the learner got, in one query.

    One that was taken back is gone, and so is one between two who share no class any more.
    """
    owner, peer = aliased(Person), aliased(Person)
    together = classmates(learner_id, today)
    query = (
        select(PeerInvitation, owner, peer)
        .join(owner, col(owner.id) == col(PeerInvitation.learner_id))
        .join(peer, col(peer.id) == col(PeerInvitation.peer_id))
        .where(
            (col(PeerInvitation.learner_id) == learner_id)
            | (col(PeerInvitation.peer_id) == learner_id),
            col(PeerInvitation.revoked_at).is_(None),
            col(PeerInvitation.learner_id).in_(together),
            col(PeerInvitation.peer_id).in_(together),
        )
        .order_by(col(PeerInvitation.id))
    )
    given, got = [], []
    for one, whose, whom in session.execute(query):
        if one.learner_id == learner_id:
            given.append(Invited(one.id or 0, one.block, whom.called))
        else:
            got.append(Invited(one.id or 0, one.block, whose.called))
    return given, got


@dataclass(frozen=True)
class InvitedBlock:
    """What a peer sees: one block, and nothing else of the learner."""

    invitation_id: int
    called: str
    title: LazyString
    block: str
    lines: tuple[str, ...]


def invited_block(session: Session, invitation: PeerInvitation, reader: Reader) -> InvitedBlock:
    """Return the block that an invitation opens, as it stands now, in at most three queries.

    What rests after a turn of the year rests for the peer too.
    """
    query = (
        select(Person.called, ProfileBlock.lines)
        .join(ProfileBlock, col(ProfileBlock.learner_id) == col(Person.id))
        .where(Person.id == invitation.learner_id, ProfileBlock.key == invitation.block)
    )
    called, lines = session.exec(query).one()
    rest = rest_of(session, invitation.learner_id, replace(reader, hat=Hat.FAMILY))
    return InvitedBlock(
        invitation.id or 0, called, TITLES[invitation.block], invitation.block,
        rest.seen(invitation.block, lines),
    )  # fmt: skip


def classmates_of(session: Session, learner_id: int, today: date) -> list[Person]:
    """Return who learns in a class with the learner today, by name, in one query."""
    there = classmates(learner_id, today)
    query = select(Person).where(col(Person.id).in_(there), Person.id != learner_id)
    return list(session.exec(query.order_by(col(Person.called), col(Person.id))))
