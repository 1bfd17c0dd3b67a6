"""``learnpath verify`` finds what somebody with the database in their hands did to the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from learnpath import record
from learnpath.people.models import Person
from learnpath.record import Relation, Verb, chain
from learnpath.record.queries import events_of
from learnpath.record.verify import Fault, Verdict, count_events, verify
from learnpath.record.write import facts_of
from tests.builders import MONDAY, a_learner, a_school, by
from tests.record.build import a_learner_with_events, reflected, tamper


def faults(session: Session) -> tuple[Fault, ...]:
    """Return what verifying the record finds."""
    session.flush()
    return verify(session).faults


def test_a_record_that_nobody_touched_holds(any_session: Session) -> None:
    for _ in range(3):
        a_learner_with_events(any_session, 4)
    assert verify(any_session) == Verdict(count_events(any_session), 3, ())
    assert count_events(any_session) == 18


def test_an_empty_record_holds(any_session: Session) -> None:
    assert verify(any_session) == Verdict(0, 0, ())


def test_verifying_tells_how_far_it_is(any_session: Session) -> None:
    a_learner_with_events(any_session, 4)
    steps: list[int] = []
    verify(any_session, steps.append)
    assert sum(steps) == count_events(any_session)


def test_it_finds_a_changed_payload_and_names_the_event(any_session: Session) -> None:
    learner = a_learner_with_events(any_session, 3)
    event = events_of(any_session, learner.id)[3]
    tamper(any_session, 'UPDATE event SET payload = \'{"prompt":"x"}\' WHERE id = :id', id=event.id)
    assert Fault(f"learner:{learner.id}", event.id, "its payload was changed") in faults(
        any_session
    )


@pytest.mark.parametrize(
    "change",
    [
        "decided_by = 'teacher'", "relation = 'teacher'", "actor_id = NULL", "object_id = 999",
        "verb = 'checked_in'", "object_type = 'outcome'",
    ],
)  # fmt: skip
def test_it_finds_a_changed_fact_and_names_the_event(any_session: Session, change: str) -> None:
    learner = a_learner_with_events(any_session, 3)
    event = events_of(any_session, learner.id)[3]
    tamper(any_session, f"UPDATE event SET {change} WHERE id = :id", id=event.id)
    assert Fault(f"learner:{learner.id}", event.id, "its facts were changed") in faults(any_session)


def test_it_finds_a_changed_moment(any_session: Session) -> None:
    learner = a_learner_with_events(any_session, 3)
    event = events_of(any_session, learner.id)[3]
    tamper(
        any_session, "UPDATE event SET at = :at WHERE id = :id",
        at="2025-11-10 16:00:00.000000", id=event.id,
    )  # fmt: skip
    assert Fault(f"learner:{learner.id}", event.id, "its facts were changed") in faults(any_session)


def test_it_finds_an_event_deleted_from_the_middle(any_session: Session) -> None:
    learner = a_learner_with_events(any_session, 3)
    events = events_of(any_session, learner.id)
    gone, behind = events[2].id, events[3].id
    tamper(any_session, "DELETE FROM event WHERE id = :id", id=gone)
    found = faults(any_session)
    assert Fault(f"learner:{learner.id}", behind, "event 3 of this chain is not there") in found


def test_it_finds_events_closed_up_over_a_gap(any_session: Session) -> None:
    learner = a_learner_with_events(any_session, 3)
    events = events_of(any_session, learner.id)
    gone, behind = events[2].id, events[3].id
    tamper(any_session, "DELETE FROM event WHERE id = :id", id=gone)
    tamper(any_session, "UPDATE event SET seq = 3 WHERE id = :id", id=behind)
    assert any(fault.event_id == behind for fault in faults(any_session))


def test_it_finds_two_events_that_changed_places(any_session: Session) -> None:
    learner = a_learner_with_events(any_session, 3)
    one, two = events_of(any_session, learner.id)[2:4]
    ids = one.id, two.id
    tamper(any_session, "UPDATE event SET seq = 1000 WHERE id = :id", id=ids[0])
    tamper(any_session, "UPDATE event SET seq = 3 WHERE id = :id", id=ids[1])
    tamper(any_session, "UPDATE event SET seq = 4 WHERE id = :id", id=ids[0])
    assert any(fault.event_id == ids[1] for fault in faults(any_session))


def test_it_finds_an_event_put_in_between(any_session: Session) -> None:
    learner = a_learner_with_events(any_session, 3)
    events = events_of(any_session, learner.id)
    copied = events[2].model_dump()
    last = events[-1].seq
    for seq in range(last, 3, -1):
        tamper(
            any_session, "UPDATE event SET seq = seq + 1 WHERE chain = :chain AND seq = :seq",
            chain=f"learner:{learner.id}", seq=seq,
        )  # fmt: skip
    fresh = {**copied, "id": None, "seq": 4, "previous_hash": copied["hash"]}
    model = type(events[2])(**fresh)
    model.hash = chain.event_hash(facts_of(model), model.payload_sha256, model.previous_hash)
    any_session.add(model)
    assert any(fault.chain == f"learner:{learner.id}" for fault in faults(any_session))


def test_it_finds_that_the_newest_events_were_cut_off(any_session: Session) -> None:
    learner = a_learner_with_events(any_session, 3)
    last = events_of(any_session, learner.id)[-1].id
    tamper(any_session, "DELETE FROM event WHERE id = :id", id=last)
    assert Fault(f"learner:{learner.id}", None, "its newest events are not there") in faults(
        any_session
    )


def test_it_finds_that_a_whole_chain_is_gone(any_session: Session) -> None:
    learner = a_learner_with_events(any_session, 3)
    tamper(any_session, "DELETE FROM event WHERE learner_id = :id", id=learner.id)
    assert Fault(f"learner:{learner.id}", None, "its newest events are not there") in faults(
        any_session
    )


def test_it_finds_that_a_head_is_gone(any_session: Session) -> None:
    learner = a_learner_with_events(any_session, 3)
    any_session.execute(
        sa.text("DELETE FROM chain_head WHERE chain = :chain"), {"chain": f"learner:{learner.id}"}
    )
    any_session.expire_all()
    assert Fault(f"learner:{learner.id}", None, "its head is not there") in faults(any_session)


def test_it_finds_a_head_set_back_to_hide_a_cut_tail_when_an_event_came_after(
    any_session: Session,
) -> None:
    learner = a_learner_with_events(any_session, 3)
    events = events_of(any_session, learner.id)
    head = {"chain": f"learner:{learner.id}", "seq": events[-2].seq, "hash": events[-2].hash}
    any_session.execute(
        sa.text("UPDATE chain_head SET seq = :seq, hash = :hash WHERE chain = :chain"), head
    )
    any_session.expire_all()
    assert Fault(f"learner:{learner.id}", None, "its newest events are not there") in faults(
        any_session
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evidence_week SET facts = facts + 1 WHERE verb = 'reflected'",
        "UPDATE evidence_week SET decided_by = 'teacher' WHERE verb = 'reflected'",
        "DELETE FROM evidence_week WHERE verb = 'reflected'",
    ],
)
def test_it_finds_a_roll_up_that_says_something_else(any_session: Session, statement: str) -> None:
    a_learner_with_events(any_session, 3)
    any_session.execute(sa.text(statement))
    any_session.expire_all()
    assert faults(any_session) == (
        Fault("evidence_week", None, "the weekly roll-up differs from the events"),
    )


def test_it_finds_an_erasure_that_no_event_tells_of(any_session: Session) -> None:
    learner = a_learner_with_events(any_session, 3)
    event = events_of(any_session, learner.id)[3]
    tombstone = sa.text("UPDATE event SET payload = :gone WHERE id = :id")
    any_session.execute(tombstone, {"gone": chain.ERASED, "id": event.id})
    any_session.expire_all()
    assert Fault(
        f"learner:{learner.id}", event.id, "its payload was erased, and no event tells of that"
    ) in faults(any_session)


def test_each_school_s_week_turns_at_its_own_midnight(any_session: Session) -> None:
    denver = a_school(any_session)
    berlin = a_school(any_session, "Schule am See")
    berlin.time_zone = "Europe/Berlin"
    any_session.flush()
    late_on_sunday = datetime(2025, 11, 23, 23, 30, tzinfo=UTC)
    for school in (denver, berlin):
        learner = a_learner(any_session, school=school)
        at = late_on_sunday + timedelta(minutes=school.id or 0)
        _reflect_in(any_session, learner, school.time_zone, at)
    assert faults(any_session) == ()


def _reflect_in(session: Session, learner: Person, zone: str, at: datetime) -> None:
    record.write(
        session, replace(by(learner, Relation.LEARNER), zone=zone), Verb.REFLECTED,
        learner_id=learner.id, about=("goal", 1), payload={"prompt": "x"}, at=at,
    )  # fmt: skip


def test_a_broken_chain_hides_no_other_fault(any_session: Session) -> None:
    one, two = a_learner_with_events(any_session, 3), a_learner_with_events(any_session, 3)
    for learner in (one, two):
        event = events_of(any_session, learner.id)[3]
        tamper(any_session, "UPDATE event SET relation = 'peer' WHERE id = :id", id=event.id)
    assert {fault.chain for fault in faults(any_session)} == {
        f"learner:{one.id}",
        f"learner:{two.id}",
    }


def test_later_events_can_still_be_written_to_a_chain(any_session: Session) -> None:
    learner = a_learner_with_events(any_session, 3)
    any_session.commit()
    reflected(any_session, learner, "later", MONDAY + timedelta(days=300))
    assert faults(any_session) == ()
