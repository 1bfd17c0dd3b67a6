"""Many events at once are the same events, hashes and roll-up as one by one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from learnpath import record
from learnpath.db import key_of, open_session
from learnpath.errors import RecordError
from learnpath.people.models import Person
from learnpath.record import Told, Verb
from learnpath.record.models import ChainHead, Event, EvidenceWeek
from learnpath.record.verify import verify
from tests.builders import MONDAY, a_school, by_school


def _two_learners(session: Session) -> tuple[int, int, record.By]:
    school = a_school(session)
    people = [
        Person(school_id=school.id, given_name=n, family_name="E", called=n, grade=3)
        for n in ("Ana", "Ben")
    ]
    session.add_all(people)
    session.flush()
    return key_of(people[0]), key_of(people[1]), by_school(school)


def _what_happened(session: Session) -> list[Told]:
    ana, ben, by = _two_learners(session)
    later = MONDAY + timedelta(days=9)
    return [
        Told(by, Verb.PERSON_ADDED, ana, ("person", ana), MONDAY),
        Told(by, Verb.PERSON_ADDED, ben, ("person", ben), MONDAY),
        Told(by, Verb.CLASS_ADDED, None, ("school_class", 1), MONDAY),
        Told(by, Verb.ENROLLED, ana, ("enrolment", 1), MONDAY, {"class": 1, "grade": 3}),
        Told(by, Verb.ENROLLED, ana, ("enrolment", 1), MONDAY, {"class": 1, "grade": 3}),
        Told(by, Verb.CHECKED_IN, ben, ("goal", 4), later, {"week": "2025-11-10", "measure": "count"}),
        Told(by, Verb.ENROLMENT_ENDED, ana, ("enrolment", 1), later, {"class": 1}),
    ]  # fmt: skip


def _one_by_one(session: Session, told: list[Told]) -> None:
    for one in told:
        record.write(
            session, one.by, one.verb, learner_id=one.learner_id, about=one.about, at=one.at,
            payload=one.payload,
        )  # fmt: skip


def _all(session: Session) -> list[list[dict[str, object]]]:
    session.expire_all()
    events = session.exec(select(Event).order_by(Event.chain, col(Event.seq))).all()
    heads = session.exec(select(ChainHead).order_by(ChainHead.chain)).all()
    weeks = session.exec(
        select(EvidenceWeek).order_by(
            col(EvidenceWeek.learner_id), EvidenceWeek.week, EvidenceWeek.verb, EvidenceWeek.thing
        )
    ).all()
    return [
        [event.model_dump(exclude={"id"}) for event in events],
        [head.model_dump() for head in heads],
        [week.model_dump() for week in weeks],
    ]


def test_many_at_once_are_what_single_writes_give(any_engine: Engine) -> None:
    with open_session(any_engine, writing=True) as session:
        _one_by_one(session, _what_happened(session))
        singly = _all(session)
        session.rollback()
    with open_session(any_engine, writing=True) as session:
        told = _what_happened(session)
        record.write_many(session, told)
        together = _all(session)
    # Each run has its own school and people: where the database numbers them anew, ids differ.
    if any_engine.dialect.name == "sqlite":
        assert together == singly
    assert [len(part) for part in together] == [len(part) for part in singly] == [7, 3, 5]


def test_many_follow_what_was_written_before_and_singles_follow_many(any_session: Session) -> None:
    told = _what_happened(any_session)
    _one_by_one(any_session, told[:2])
    record.write_many(any_session, told[2:5])
    _one_by_one(any_session, told[5:])
    record.write_many(any_session, [told[3], told[3]])
    verdict = verify(any_session)
    assert (verdict.faults, verdict.events, verdict.chains) == ((), 9, 3)
    facts = any_session.exec(
        select(EvidenceWeek.facts).where(EvidenceWeek.verb == Verb.ENROLLED)
    ).one()
    assert facts == 4


def test_words_and_unknown_keys_are_refused_and_nothing_is_written(any_session: Session) -> None:
    told = _what_happened(any_session)
    for payload in ({"class": "a secret of mine"}, {"diary": 1}):
        one = told[3]
        wrong = Told(one.by, one.verb, one.learner_id, one.about, one.at, payload)
        with pytest.raises(RecordError):
            record.write_many(any_session, [told[0], wrong])
    assert any_session.exec(select(Event)).all() == []


def test_a_moment_without_its_time_zone_is_refused(session: Session) -> None:
    one = _what_happened(session)[0]
    naive = Told(one.by, one.verb, one.learner_id, one.about, MONDAY.replace(tzinfo=None))
    with pytest.raises(RecordError):
        record.write_many(session, [naive])
