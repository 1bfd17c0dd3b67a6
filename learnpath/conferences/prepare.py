"""Preparing: the learner orders the cards, picks what to show, and finds the words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from learnpath import record
from learnpath.conferences.models import Conference, ConferenceCard, WorkPiece
from learnpath.conferences.plan import must_be_open
from learnpath.errors import ChangedMeanwhile, NotAllowedNow, NotFound, WrongInput
from learnpath.record import By, Verb
from learnpath.wording import lazy as _l

MOST_LINES, MOST_GOALS, MOST_PIECES = 3, 2, 4


@dataclass(frozen=True)
class Line:
    """A line of the profile that may be shown."""

    key: str
    block: str
    text: str


@dataclass(frozen=True)
class Hard:
    """Something that is still hard: what, what I tried, what I need."""

    what: str
    tried: str
    need: str


@dataclass(frozen=True)
class Piece:
    """A piece of work in words: what it is, what I did, what it shows."""

    title: str
    did: str
    shows: str


def move_card(
    session: Session, by: By, conference: Conference, key: str, up: bool, now: datetime
) -> None:
    """Move a card one place up or down. At the end of the row it stays. Raises NotFound."""
    must_be_open(conference)
    cards = cards_of(session, conference.id or 0)
    at = next((n for n, card in enumerate(cards) if card.key == key), None)
    if at is None:
        raise NotFound
    to = at - 1 if up else at + 1
    if not 0 <= to < len(cards):
        return
    cards.insert(to, cards.pop(at))
    for position, card in enumerate(cards):
        card.position = position
    session.add_all(cards)
    _tell(session, by, conference, "order", now)


def note(
    session: Session, by: By, conference: Conference, notes: dict[str, str], now: datetime
) -> None:
    """Keep the learner's own notes for the cards; cards that are not named keep theirs."""
    must_be_open(conference)
    changed = [
        card
        for card in cards_of(session, conference.id or 0)
        if card.key in notes and notes[card.key] != card.notes
    ]
    for card in changed:
        card.notes = notes[card.key]
    if changed:
        session.add_all(changed)
        _tell(session, by, conference, "notes", now)


def choose_lines(
    session: Session, by: By, conference: Conference, offered: Sequence[Line],
    keys: Collection[str], seen: int, now: datetime,
) -> None:  # fmt: skip
    """Choose the lines of the profile that are shown, out of the ones on offer, in their order.

    Raises WrongInput for more than three.
    """
    _may_change(conference, seen, {"lines": ", ".join(sorted(keys))})
    if len(keys) > MOST_LINES:
        raise WrongInput("lines", _l("Choose up to %(most)s lines.", most=MOST_LINES))
    conference.lines = [
        {"key": line.key, "block": line.block, "text": line.text[:1500]}
        for line in offered
        if line.key in keys
    ]
    _keep(session, by, conference, "lines", now)


def choose_goals(
    session: Session, by: By, conference: Conference, offered: Collection[int],
    goal_ids: Sequence[int], none_to_show: bool, seen: int, now: datetime,
) -> None:  # fmt: skip
    """Choose the goals that are shown, or say that there is none yet. Raises WrongInput, NotFound."""
    _may_change(conference, seen, {"goals": str(len(goal_ids))})
    if len(goal_ids) > MOST_GOALS:
        raise WrongInput("goals", _l("Choose up to %(most)s goals.", most=MOST_GOALS))
    if not set(goal_ids) <= set(offered):
        raise NotFound
    conference.goal_ids = list(dict.fromkeys(goal_ids))
    conference.no_goal_to_show = none_to_show and not goal_ids
    _keep(session, by, conference, "goals", now)


def say_hard(
    session: Session, by: By, conference: Conference, hard: Hard, seen: int, now: datetime
) -> None:
    """Say what is still hard, what was tried, and what would help."""
    theirs = Hard(conference.hard_what, conference.hard_tried, conference.hard_need)
    _may_change(conference, seen, vars(hard), vars(theirs))
    conference.hard_what, conference.hard_tried = hard.what, hard.tried
    conference.hard_need = hard.need
    _keep(session, by, conference, "hard", now)


def say_words(
    session: Session, by: By, conference: Conference, own_words: str, seen: int, now: datetime
) -> None:
    """Say in own words what this time was like."""
    _may_change(conference, seen, {"own_words": own_words}, {"own_words": conference.own_words})
    conference.own_words = own_words
    _keep(session, by, conference, "words", now)


def guess(
    session: Session, by: By, conference: Conference, words: str, seen: int, now: datetime
) -> None:
    """Say what the teacher would say about this work. The teacher answers after that."""
    theirs = {"teacher_would_say": conference.teacher_would_say}
    _may_change(conference, seen, {"teacher_would_say": words}, theirs)
    conference.teacher_would_say = words
    _keep(session, by, conference, "guess", now)


def add_work(
    session: Session, by: By, conference: Conference, piece: Piece, now: datetime
) -> WorkPiece:
    """Add a piece of work. Raises NotAllowedNow when there are four already."""
    must_be_open(conference)
    there = work_of(session, conference.id or 0)
    if len(there) >= MOST_PIECES:
        raise NotAllowedNow(_l("Four pieces are enough. Take one away first."))
    work = WorkPiece(
        conference_id=conference.id or 0, learner_id=conference.learner_id, title=piece.title,
        did=piece.did, shows=piece.shows, position=max([w.position for w in there], default=-1) + 1,
    )  # fmt: skip
    session.add(work)
    _keep(session, by, conference, "work", now)
    return work


def change_work(
    session: Session, by: By, conference: Conference, work_id: int, piece: Piece, seen: int,
    now: datetime,
) -> None:  # fmt: skip
    """Change the words of a piece of work. Raises NotFound."""
    work = _work(session, conference, work_id)
    theirs = {"title": work.title, "did": work.did, "shows": work.shows}
    _may_change(conference, seen, vars(piece), theirs)
    work.title, work.did, work.shows = piece.title, piece.did, piece.shows
    session.add(work)
    _keep(session, by, conference, "work", now)


def remove_work(
    session: Session, by: By, conference: Conference, work_id: int, now: datetime
) -> None:
    """Take a piece of work out of the conference. Raises NotFound."""
    must_be_open(conference)
    session.delete(_work(session, conference, work_id))
    _keep(session, by, conference, "work", now)


def rehearsed(session: Session, by: By, conference: Conference, now: datetime) -> None:
    """Note that the learner went through the cards once."""
    must_be_open(conference)
    conference.rehearsed_at = now
    session.add(conference)
    _tell(session, by, conference, "rehearsed", now)


def say_ready(
    session: Session, by: By, conference: Conference, missing: Sequence[object], now: datetime
) -> None:
    """Say "I am ready". Raises NotAllowedNow while something of the learner's own is ``missing``."""
    must_be_open(conference)
    if missing:
        raise NotAllowedNow(_l("Almost. First: %(thing)s.", thing=missing[0]))
    conference.ready_at = now
    session.add(conference)
    _tell(session, by, conference, "ready", now)


def cards_of(session: Session, conference_id: int) -> list[ConferenceCard]:
    """Return the cards of a conference in the learner's order."""
    query = (
        select(ConferenceCard)
        .where(ConferenceCard.conference_id == conference_id)
        .order_by(col(ConferenceCard.position), col(ConferenceCard.id))
    )
    return list(session.exec(query))


def work_of(session: Session, conference_id: int) -> list[WorkPiece]:
    """Return the pieces of work of a conference, in order."""
    query = (
        select(WorkPiece)
        .where(WorkPiece.conference_id == conference_id)
        .order_by(col(WorkPiece.position), col(WorkPiece.id))
    )
    return list(session.exec(query))


def _work(session: Session, conference: Conference, work_id: int) -> WorkPiece:
    work = session.get(WorkPiece, work_id)
    if work is None or work.conference_id != conference.id:
        raise NotFound
    return work


def _may_change(
    conference: Conference, seen: int, mine: dict[str, str], theirs: dict[str, str] | None = None
) -> None:
    must_be_open(conference)
    if seen != conference.number and mine != theirs:
        raise ChangedMeanwhile(
            mine, theirs or {}, _l("This was changed on another page while you wrote.")
        )


def _keep(session: Session, by: By, conference: Conference, part: str, now: datetime) -> None:
    conference.number += 1
    session.add(conference)
    _tell(session, by, conference, part, now)


def _tell(session: Session, by: By, conference: Conference, part: str, now: datetime) -> None:
    record.write(
        session, by, Verb.CONFERENCE_PREPARED, learner_id=conference.learner_id,
        about=("conference", conference.id), payload={"part": part}, at=now,
    )  # fmt: skip
