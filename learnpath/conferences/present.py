"""The conference itself: it begins, what happens is kept as it happens, it stops or it ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from learnpath import record
from learnpath.conferences.models import (
    Conference,
    ConferenceCard,
    ConferenceState,
    Leader,
    Promise,
    Summary,
)
from learnpath.conferences.plan import must_be_open
from learnpath.conferences.prepare import cards_of
from learnpath.errors import NotAllowedNow, WrongInput
from learnpath.record import By, Relation, Verb
from learnpath.wording import lazy as _l

PROMISERS = (Relation.LEARNER, Relation.FAMILY, Relation.TEACHER)
FARTHEST_PROMISE = timedelta(days=366)


@dataclass(frozen=True)
class Promised:
    """A promise as it was typed. What is None was not touched."""

    text: str | None = None
    who: str | None = None
    due: date | None = None
    due_touched: bool = False
    read_back: bool | None = None


@dataclass(frozen=True)
class Live:
    """What changed in the room since the last time: only what was touched."""

    led_by: Mapping[str, Leader | None] = field(default_factory=dict)
    present: Sequence[Relation] | None = None
    family_names: str | None = None
    promises: Mapping[Relation, Promised] = field(default_factory=dict)


def begin(session: Session, by: By, conference: Conference, now: datetime) -> None:
    """Begin a conference, or go on with one that was stopped. Beginning twice is one beginning."""
    must_be_open(conference)
    if conference.state is ConferenceState.UNDER_WAY:
        return
    conference.state = ConferenceState.UNDER_WAY
    conference.begun_at = conference.begun_at or now
    session.add(conference)
    _tell_plan(session, by, conference, "begun", now)


def keep(session: Session, conference: Conference, live: Live, today: date) -> None:
    """Keep what changed. Sending the same twice changes nothing. Raises WrongInput for a strange date.

    A conference that was stopped still takes what a device sends later; one that never began takes nothing.
    """
    _must_have_begun(conference)
    if live.led_by:
        for card in cards_of(session, conference.id or 0):
            if card.key in live.led_by:
                card.led_by = live.led_by[card.key]
                session.add(card)
    if live.present is not None:
        conference.present = [relation.value for relation in PROMISERS if relation in live.present]
    if live.family_names is not None:
        conference.family_names = live.family_names
    session.add(conference)
    if live.promises:
        _keep_promises(session, conference, live.promises, today)


def another_day(session: Session, by: By, conference: Conference, now: datetime) -> None:
    """Stop for today. Everything stays, and the conference can go on another day.

    Where nothing is under way there is nothing to stop: stopping twice is stopping once.
    """
    must_be_open(conference)
    if conference.state is not ConferenceState.UNDER_WAY:
        return
    conference.state = ConferenceState.PLANNED
    session.add(conference)
    _tell_plan(session, by, conference, "another_day", now)


def finish(session: Session, by: By, conference: Conference, now: datetime) -> Summary:
    """End the conference: who led, who was there and what was promised goes into the record.

    Returns the summary, which now waits for the learner. Raises WrongInput when nobody was there, no card
    was led, or a promise has no date; NotAllowedNow when it never began.
    """
    _must_have_begun(conference)
    cards = cards_of(session, conference.id or 0)
    promises = [p for p in promises_of(session, conference.id or 0) if p.text]
    _can_finish(conference, cards, promises)
    conference.state, conference.held_at = ConferenceState.HELD, now
    session.add(conference)
    summary = Summary(
        conference_id=conference.id or 0, learner_id=conference.learner_id,
        in_my_words=conference.own_words,
    )  # fmt: skip
    session.add(summary)
    session.flush()
    _tell(session, by, conference, cards, promises, now)
    return summary


def promises_of(session: Session, conference_id: int) -> list[Promise]:
    """Return the promises of a conference: the learner's, the family's, the teacher's."""
    found = session.exec(select(Promise).where(col(Promise.conference_id) == conference_id)).all()
    return sorted(found, key=lambda promise: PROMISERS.index(promise.by_relation))


def led_by(cards: Mapping[Leader, int]) -> Relation:
    """Return who led a conference as a whole.

    The thresholds are the continuum's: three quarters of the cards make it the learner's, under one third
    the teacher's. A card led together counts half for each.
    """
    alone, together = cards.get(Leader.LEARNER, 0), cards.get(Leader.TOGETHER, 0)
    everything = alone + together + cards.get(Leader.TEACHER, 0)
    halves = 2 * alone + together
    if 4 * halves >= 3 * 2 * everything:
        return Relation.LEARNER
    return Relation.TEACHER if 3 * halves < 2 * everything else Relation.TOGETHER


def _must_have_begun(conference: Conference) -> None:
    must_be_open(conference)
    if conference.begun_at is None:
        raise NotAllowedNow(_l("Begin the conference first."))


def _keep_promises(
    session: Session, conference: Conference, said: Mapping[Relation, Promised], today: date
) -> None:
    there = {p.by_relation: p for p in promises_of(session, conference.id or 0)}
    for relation, typed in said.items():
        if typed.due is not None and not today <= typed.due <= today + FARTHEST_PROMISE:
            raise WrongInput(f"due_{relation}", _l("Choose today or a day to come."))
        promise = there.get(relation) or Promise(
            conference_id=conference.id or 0, learner_id=conference.learner_id,
            by_relation=relation,
        )  # fmt: skip
        promise.text = promise.text if typed.text is None else typed.text
        promise.who = promise.who if typed.who is None else typed.who
        promise.due = typed.due if typed.due_touched else promise.due
        promise.read_back = promise.read_back if typed.read_back is None else typed.read_back
        session.add(promise)


def _can_finish(
    conference: Conference, cards: Sequence[ConferenceCard], promises: Sequence[Promise]
) -> None:
    if not conference.present:
        raise WrongInput("present", _l("Say who was there."))
    if not any(card.led_by and card.led_by is not Leader.SKIPPED for card in cards):
        raise WrongInput("led_by", _l("Say who led at least one part."))
    for promise in promises:
        if promise.due is None:
            raise WrongInput(f"due_{promise.by_relation}", _l("Choose a day for this promise."))


def _tell_plan(session: Session, by: By, conference: Conference, how: str, now: datetime) -> None:
    day = now.astimezone(ZoneInfo(by.zone)).date().isoformat()
    record.write(
        session, by, Verb.CONFERENCE_PLANNED, learner_id=conference.learner_id,
        about=("conference", conference.id), payload={"day": day, "how": how}, at=now,
    )  # fmt: skip


def _tell(
    session: Session, by: By, conference: Conference, cards: Sequence[ConferenceCard],
    promises: Sequence[Promise], now: datetime,
) -> None:  # fmt: skip
    about = ("conference", conference.id)
    counts: Counter[Leader] = Counter()
    for card in cards:
        if card.led_by is None or card.led_by is Leader.SKIPPED:
            continue
        counts[card.led_by] += 1
        record.write(
            session, by, Verb.CARD_LED, learner_id=conference.learner_id, about=about,
            payload={"card": card.key, "led_by": card.led_by.value}, at=now,
        )  # fmt: skip
    record.write(
        session, by, Verb.SESSION_HELD, learner_id=conference.learner_id, about=about,
        payload={
            "kind": "conference", "led_by": led_by(counts).value, "present": conference.present,
            "cards": {leader.value: number for leader, number in counts.items()},
        },
        at=now,
    )  # fmt: skip
    for promise in promises:
        record.write(
            session, by.deciding(promise.by_relation), Verb.PROMISE_MADE,
            learner_id=conference.learner_id, about=about,
            payload={
                "by": promise.by_relation.value,
                "due": promise.due.isoformat() if promise.due else None,
            },
            at=now,
        )  # fmt: skip
