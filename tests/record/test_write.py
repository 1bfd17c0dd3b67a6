"""Writing events: at the end of the right chain, in the transaction of the change, or not at all."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session, select

from learnpath import record
from learnpath.db import open_session, unit_of_work
from learnpath.errors import RecordError
from learnpath.people.models import Person
from learnpath.record import Relation, Verb
from learnpath.record.models import ChainHead, Event, EvidenceWeek
from learnpath.record.queries import events_of, payload_of
from learnpath.record.verbs import PAYLOAD_KEYS
from tests.builders import MONDAY, a_learner, a_person, a_teacher_of, by
from tests.record.build import a_learner_with_events, reflected


def test_events_of_a_learner_follow_each_other_without_a_gap(any_session: Session) -> None:
    learner = a_learner_with_events(any_session, 4)
    events = events_of(any_session, learner.id)
    assert [event.seq for event in events] == [1, 2, 3, 4, 5, 6]
    assert [event.previous_hash for event in events[1:]] == [event.hash for event in events[:-1]]
    assert events[0].previous_hash == "0" * 64


def test_every_learner_has_a_chain_of_their_own(any_session: Session) -> None:
    one, two = a_learner_with_events(any_session, 2), a_learner_with_events(any_session, 3)
    assert [event.seq for event in events_of(any_session, one.id)] == [1, 2, 3, 4]
    assert [event.seq for event in events_of(any_session, two.id)] == [1, 2, 3, 4, 5]


def test_what_belongs_to_no_learner_goes_to_the_school_s_chain(any_session: Session) -> None:
    office_clerk = a_person(any_session)
    event = any_session.exec(select(Event).where(Event.object_id == office_clerk.id)).one()
    assert event.chain == f"school:{office_clerk.school_id}"
    assert event.learner_id is None


def test_an_event_says_who_did_what_as_what_and_when(any_session: Session) -> None:
    learner = a_learner(any_session)
    teacher = a_teacher_of(any_session, learner)
    typed = by(teacher, Relation.TEACHER).deciding(Relation.LEARNER)
    record.write(
        any_session, typed, Verb.CHECKED_IN, learner_id=learner.id, about=("goal", 12),
        payload={"week": "2025-11-17", "measure": "count"}, at=MONDAY,
    )  # fmt: skip
    any_session.commit()
    any_session.expire_all()
    event = events_of(any_session, learner.id)[-1]
    assert (event.actor_id, event.relation, event.decided_by) == (teacher.id, "teacher", "learner")
    assert (event.verb, event.object_type, event.object_id) == (Verb.CHECKED_IN, "goal", 12)
    assert event.at == MONDAY
    assert payload_of(event) == {"measure": "count", "week": "2025-11-17"}
    assert event.payload_sha256 == hashlib.sha256(event.payload.encode()).hexdigest()


def test_the_hash_survives_the_way_through_the_database(any_session: Session) -> None:
    learner = a_learner(any_session)
    odd = MONDAY.astimezone(timezone(timedelta(hours=5, minutes=45))) + timedelta(microseconds=7)
    kept = reflected(any_session, learner, "cafe\u0301\U0001f331", odd).hash
    any_session.commit()
    any_session.expire_all()
    event = events_of(any_session, learner.id)[-1]
    assert event.hash == kept
    assert event.at == odd
    assert payload_of(event) == {"prompt": "caf\u00e9\U0001f331"}


def test_a_verb_says_nothing_that_is_not_listed(any_session: Session) -> None:
    learner = a_learner(any_session)
    with pytest.raises(RecordError, match="does not say title"):
        record.write(
            any_session, by(learner, Relation.LEARNER), Verb.GOAL_DRAFTED, learner_id=learner.id,
            about=("goal", 1), payload={"title": "I read more"}, at=MONDAY,
        )  # fmt: skip


@pytest.mark.parametrize("parts", ["I read more", ["what", "I read more"], {"I read more": 1}, ""])
def test_words_stay_out_of_the_record(any_session: Session, parts: object) -> None:
    learner = a_learner(any_session)
    with pytest.raises(RecordError, match="parts holds words"):
        record.write(
            any_session, by(learner, Relation.LEARNER), Verb.GOAL_REVISED, learner_id=learner.id,
            about=("goal", 1), payload={"number": 2, "parts": parts}, at=MONDAY,
        )  # fmt: skip


def test_a_thing_without_an_id_is_refused(any_session: Session) -> None:
    learner = a_learner(any_session)
    with pytest.raises(RecordError, match="flush it first"):
        record.write(
            any_session, by(learner, Relation.LEARNER), Verb.GOAL_DRAFTED, learner_id=learner.id,
            about=("goal", None), at=MONDAY,
        )  # fmt: skip


def test_a_naive_moment_is_refused(any_session: Session) -> None:
    learner = a_learner(any_session)
    with pytest.raises(RecordError, match="without its time zone"):
        reflected(any_session, learner, "x", datetime(2025, 11, 17, 9, 0))  # noqa: DTZ001


def test_a_change_that_is_undone_leaves_nothing_in_the_record(any_engine: Engine) -> None:
    with unit_of_work(any_engine) as session:
        learner_id = a_learner(session).id
        before = _everything(session)
    with open_session(any_engine, writing=True) as session:
        reflected(session, session.get_one(Person, learner_id), "undone")
        session.rollback()
    with pytest.raises(ZeroDivisionError):
        _break_midway(any_engine, learner_id)
    with open_session(any_engine, writing=False) as session:
        assert _everything(session) == before


def _break_midway(engine: Engine, learner_id: int | None) -> None:
    with unit_of_work(engine) as session:
        reflected(session, session.get_one(Person, learner_id), "broken")
        raise ZeroDivisionError


def _everything(session: Session) -> list[object]:
    return [
        row.model_dump()
        for model in (Event, ChainHead, EvidenceWeek)
        for row in session.exec(select(model))
    ]


def test_the_next_event_after_one_that_was_undone_takes_its_number(any_engine: Engine) -> None:
    with unit_of_work(any_engine) as session:
        learner_id = a_learner(session).id
    with open_session(any_engine, writing=True) as session:
        reflected(session, session.get_one(Person, learner_id), "undone")
        session.rollback()
    with unit_of_work(any_engine) as session:
        event = reflected(session, session.get_one(Person, learner_id), "kept")
        assert event.seq == 3


def test_payloads_hold_keys_numbers_and_choices_never_a_field_for_words() -> None:
    for_words = {"text", "words", "title", "note", "comment", "name", "body", "message", "why"}
    assert not [verb for verb, keys in PAYLOAD_KEYS.items() if keys & for_words]


def test_a_payload_is_kept_as_the_same_bytes_whatever_the_order_of_its_keys(
    any_session: Session,
) -> None:
    learner = a_learner(any_session)
    texts = set()
    for payload in (
        {"kind": "conference", "led_by": "learner"},
        {"led_by": "learner", "kind": "conference"},
    ):
        event = record.write(
            any_session, by(learner, Relation.LEARNER), Verb.SESSION_HELD, learner_id=learner.id,
            about=("conference", 1), payload=payload, at=MONDAY,
        )  # fmt: skip
        texts.add(event.payload)
    assert texts == {json.dumps({"kind": "conference", "led_by": "learner"}, separators=(",", ":"))}
