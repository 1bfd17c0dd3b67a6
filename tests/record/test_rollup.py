"""The weekly roll-up: the same facts as the events, kept in the same transaction."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st
from sqlmodel import Session, select

from learnpath import record
from learnpath.people.models import Person
from learnpath.record import Relation, Verb
from learnpath.record.models import EvidenceWeek
from learnpath.record.rebuild import rebuilt
from learnpath.record.rollup import QUALIFIERS, qualifier, week_of
from learnpath.record.verbs import PAYLOAD_KEYS
from tests.builders import MONDAY, a_learner, a_teacher_of, by
from tests.record.build import reflected


def _rows(session: Session) -> dict[tuple[object, ...], int]:
    return {
        (
            row.learner_id, row.week, row.verb, row.decided_by, row.qualifier, row.thing, row.told,
        ): row.facts
        for row in session.exec(select(EvidenceWeek))
    }  # fmt: skip


def _check_in(session: Session, learner: Person, week: date, at: datetime) -> None:
    record.write(
        session, by(learner, Relation.LEARNER), Verb.CHECKED_IN, learner_id=learner.id,
        about=("goal", 1), payload={"week": week.isoformat(), "measure": "count"}, at=at,
    )  # fmt: skip


def test_facts_of_one_kind_and_week_are_counted_together(any_session: Session) -> None:
    learner = a_learner(any_session)
    for minutes in range(3):
        reflected(any_session, learner, "x", MONDAY + timedelta(minutes=minutes))
    reflected(any_session, learner, "x", MONDAY + timedelta(days=7))
    facts = {key[1]: count for key, count in _rows(any_session).items() if key[2] == Verb.REFLECTED}
    assert facts == {date(2025, 11, 17): 3, date(2025, 11, 24): 1}


def test_a_check_in_counts_for_the_week_it_is_about(any_session: Session) -> None:
    learner = a_learner(any_session)
    _check_in(any_session, learner, date(2025, 11, 10), MONDAY)
    weeks = [key[1] for key in _rows(any_session) if key[2] == Verb.CHECKED_IN]
    assert weeks == [date(2025, 11, 10)]


def test_who_decided_is_counted_apart_from_who_typed(any_session: Session) -> None:
    learner = a_learner(any_session)
    teacher = by(a_teacher_of(any_session, learner), Relation.TEACHER)
    for doer in (teacher, teacher.deciding(Relation.LEARNER)):
        record.write(
            any_session, doer, Verb.REFLECTED, learner_id=learner.id, about=("goal", 1), at=MONDAY
        )
    deciders = {key[3] for key in _rows(any_session) if key[2] == Verb.REFLECTED}
    assert deciders == {Relation.TEACHER, Relation.LEARNER}


def test_facts_of_no_learner_are_not_counted(any_session: Session) -> None:
    learner = a_learner(any_session)
    before = _rows(any_session)
    record.write(
        any_session, by(learner, Relation.LEARNER), Verb.PASSWORD_CHANGED, learner_id=None,
        about=("person", learner.id), payload={"how": "self"}, at=MONDAY,
    )  # fmt: skip
    assert _rows(any_session) == before


@pytest.mark.parametrize(
    ("at", "zone", "week"),
    [
        (datetime(2025, 11, 24, 6, 59, tzinfo=UTC), "America/Denver", date(2025, 11, 17)),
        (datetime(2025, 11, 24, 7, 0, tzinfo=UTC), "America/Denver", date(2025, 11, 24)),
        (datetime(2025, 11, 23, 23, 0, tzinfo=UTC), "Europe/Berlin", date(2025, 11, 24)),
        (datetime(2025, 11, 2, 6, 30, tzinfo=UTC), "America/Denver", date(2025, 10, 27)),
        (datetime(2026, 1, 1, 12, 0, tzinfo=UTC), "America/Denver", date(2025, 12, 29)),
    ],
)
def test_a_week_turns_at_midnight_of_the_school(at: datetime, zone: str, week: date) -> None:
    assert week_of(at, zone, {}) == week


@given(st.integers(0, 5_000_000))
def test_a_week_is_named_by_its_monday(minutes: int) -> None:
    at = MONDAY + timedelta(minutes=minutes)
    assert week_of(at, "America/Denver", {}).weekday() == 0


def test_a_qualifier_is_built_from_keys_that_the_verb_can_say() -> None:
    for verb, keys in QUALIFIERS.items():
        assert set(keys) <= PAYLOAD_KEYS[verb], verb


def test_a_qualifier_does_not_depend_on_the_order_of_a_list() -> None:
    one = {"kind": "conference", "led_by": "learner", "present": ["family", "teacher"]}
    two = {**one, "present": ["teacher", "family"]}
    assert qualifier(Verb.SESSION_HELD, one) == qualifier(Verb.SESSION_HELD, two)
    assert qualifier(Verb.SESSION_HELD, one) == "conference;learner;family+teacher;"


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["reflected", "check-in", "session"]),
        st.integers(0, 40),
        st.sampled_from([Relation.LEARNER, Relation.TEACHER, Relation.TOGETHER]),
    ),
    max_size=12,
)


def test_the_roll_up_rebuilt_from_the_events_equals_the_one_that_was_kept(
    any_session: Session,
) -> None:
    learner = a_learner(any_session)
    any_session.commit()

    @given(STEPS)
    def for_any_history(steps: list[tuple[str, int, Relation]]) -> None:
        for kind, days, decided in steps:
            _do(any_session, learner, kind, MONDAY + timedelta(days=days), decided)
        any_session.expire_all()
        assert dict(rebuilt(any_session)) == _rows(any_session)
        any_session.rollback()

    for_any_history()


def _do(session: Session, learner: Person, kind: str, at: datetime, decided: Relation) -> None:
    doer = by(learner, Relation.LEARNER).deciding(decided)
    verb, payload = {
        "reflected": (Verb.REFLECTED, {"prompt": "x"}),
        "check-in": (Verb.CHECKED_IN, {"week": "2025-11-10", "measure": "count"}),
        "session": (
            Verb.SESSION_HELD,
            {"kind": "feedback", "led_by": str(decided), "present": ["learner", "teacher"]},
        ),
    }[kind]
    record.write(
        session, doer, verb, learner_id=learner.id, about=("goal", 1), payload=payload, at=at
    )
