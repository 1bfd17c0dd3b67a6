"""Lawful erasure: what was said is gone, the chain holds, and that it was erased can be read."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, select

from learnpath.people.models import Person
from learnpath.record import Verb, chain
from learnpath.record.erase import erase
from learnpath.record.models import EvidenceWeek
from learnpath.record.queries import events_of, payload_of
from learnpath.record.verify import verify
from learnpath.school.models import School
from tests.builders import MONDAY, by_school
from tests.record.build import a_learner_with_events, reflected


def _erase(session: Session, learner: Person) -> int:
    school = session.get_one(School, learner.school_id)
    erased = erase(session, by_school(school), learner.id or 0, MONDAY + timedelta(days=1))
    session.commit()
    session.expire_all()
    return erased


def test_what_was_said_is_gone_and_the_hashes_stay(any_session: Session) -> None:
    learner = a_learner_with_events(any_session, 3)
    hashes = [event.hash for event in events_of(any_session, learner.id)]
    assert _erase(any_session, learner) == 5
    events = events_of(any_session, learner.id)
    assert [event.hash for event in events[:-1]] == hashes
    assert {event.payload for event in events[:-1]} == {chain.ERASED}
    assert payload_of(events[0]) == {}


def test_the_record_holds_after_an_erasure(any_session: Session) -> None:
    learner = a_learner_with_events(any_session, 3)
    _erase(any_session, learner)
    assert verify(any_session).faults == ()


def test_an_erasure_is_an_event_that_says_how_much_was_erased(any_session: Session) -> None:
    learner = a_learner_with_events(any_session, 3)
    _erase(any_session, learner)
    last = events_of(any_session, learner.id)[-1]
    assert last.verb == Verb.RECORD_ERASED
    assert payload_of(last) == {"scope": "learner", "events": 5}


def test_nobody_else_s_record_is_touched(any_session: Session) -> None:
    one, two = a_learner_with_events(any_session, 3), a_learner_with_events(any_session, 3)
    before = [event.payload for event in events_of(any_session, two.id)]
    _erase(any_session, one)
    assert [event.payload for event in events_of(any_session, two.id)] == before


def test_the_counts_of_what_was_erased_are_gone_too(any_session: Session) -> None:
    learner = a_learner_with_events(any_session, 3)
    _erase(any_session, learner)
    left = any_session.exec(select(EvidenceWeek).where(EvidenceWeek.learner_id == learner.id)).all()
    assert [row.verb for row in left] == [Verb.RECORD_ERASED]


def test_life_goes_on_after_an_erasure_and_it_can_happen_again(any_session: Session) -> None:
    learner = a_learner_with_events(any_session, 1)
    _erase(any_session, learner)
    reflected(any_session, learner, "new", MONDAY + timedelta(days=2))
    assert verify(any_session).faults == ()
    assert _erase(any_session, learner) == 1
    assert verify(any_session).faults == ()


def test_one_more_tombstone_than_was_told_of_is_found(any_session: Session) -> None:
    learner = a_learner_with_events(any_session, 1)
    _erase(any_session, learner)
    hidden = reflected(any_session, learner, "hidden", MONDAY + timedelta(days=2)).id
    any_session.execute(
        sa.text("UPDATE event SET payload = :gone WHERE id = :id"),
        {"gone": chain.ERASED, "id": hidden},
    )
    any_session.expire_all()
    assert any(fault.event_id == hidden for fault in verify(any_session).faults)
