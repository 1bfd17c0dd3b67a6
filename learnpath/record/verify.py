"""Verifying the record: walk every chain, and compare the roll-up with what the events say."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from sqlmodel import Session, col, func, select

from learnpath.record import chain
from learnpath.record.models import ChainHead, Event
from learnpath.record.rebuild import as_kept, from_events
from learnpath.record.verbs import Verb
from learnpath.record.write import facts_of

ROLL_UP = "evidence_week"  # where a fault of the roll-up is, in place of a chain


@dataclass(frozen=True)
class Fault:
    """Something in the record that does not hold: where, and why."""

    chain: str
    event_id: int | None
    reason: str


@dataclass(frozen=True)
class Verdict:
    """What a walk over the whole record found."""

    events: int
    chains: int
    faults: tuple[Fault, ...]


def verify(session: Session, step: Callable[[int], None] = lambda _: None) -> Verdict:
    """Walk every chain and look at the roll-up: return what was found; ``step`` hears of each event."""
    walked = walk(session, step)
    return replace(walked, faults=(*walked.faults, *_wrong_roll_up(session)))


def walk(session: Session, step: Callable[[int], None] = lambda _: None) -> Verdict:
    """Walk every chain of the record and return what was found; ``step`` hears of each event."""
    faults: list[Fault] = []
    ends: dict[str, tuple[int, str]] = {}
    events = 0
    for name, links in groupby(_links(session), key=lambda link: link.facts["chain"]):
        whole = list(links)
        events += len(whole)
        step(len(whole))
        ends[name] = (whole[-1].facts["seq"], whole[-1].hash)
        broken = chain.first_break(whole)
        if broken:
            faults.append(Fault(name, broken.event_id, broken.reason))
        faults += _untold_erasures(name, whole)
    faults += _lost_tails(session, ends)
    return Verdict(events, len(ends), tuple(faults))


def count_events(session: Session) -> int:
    """Return how many events the record holds."""
    return session.exec(select(func.count()).select_from(Event)).one()


def _links(session: Session) -> Iterator[chain.Link]:
    query = select(Event).order_by(col(Event.chain), col(Event.seq))
    for event in session.exec(query.execution_options(yield_per=1000)):
        yield chain.Link(
            event.id or 0, facts_of(event), event.payload, event.payload_sha256,
            event.previous_hash, event.hash,
        )  # fmt: skip
        session.expunge(event)


def _untold_erasures(name: str, links: list[chain.Link]) -> list[Fault]:
    """A payload may be gone only when the chain itself tells that it was erased, and how many were."""
    erased = [link for link in links if link.payload == chain.ERASED]
    told = sum(
        json.loads(link.payload).get("events", 0)
        for link in links
        if link.facts["verb"] == Verb.RECORD_ERASED and link.payload != chain.ERASED
    )
    if len(erased) <= told:
        return []
    return [Fault(name, erased[-1].id, "its payload was erased, and no event tells of that")]


def _lost_tails(session: Session, ends: dict[str, tuple[int, str]]) -> list[Fault]:
    heads = session.exec(select(ChainHead)).all()
    lost = [
        Fault(head.chain, None, "its newest events are not there")
        for head in heads
        if head.seq and ends.get(head.chain) != (head.seq, head.hash)
    ]
    headless = ends.keys() - {head.chain for head in heads}
    return lost + [Fault(name, None, "its head is not there") for name in sorted(headless)]


def _wrong_roll_up(session: Session) -> list[Fault]:
    if as_kept(session) == from_events(session):
        return []
    return [Fault(ROLL_UP, None, "the weekly roll-up differs from the events")]
