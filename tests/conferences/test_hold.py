"""A conference happens: what is typed is kept, who led is counted, and it ends with a summary."""

from __future__ import annotations

import pytest

from learnpath.conferences import present
from learnpath.conferences.models import ConferenceState, Leader
from learnpath.conferences.present import Live, Promised
from learnpath.errors import NotAllowedNow, WrongInput
from learnpath.record import Relation, Verb
from learnpath.record.queries import events_of, payload_of
from tests import builders
from tests.builders import MONDAY
from tests.conferences import build


@pytest.mark.parametrize(
    ("cards", "expected"),
    [
        ({Leader.LEARNER: 6, Leader.TEACHER: 1}, Relation.LEARNER),
        ({Leader.LEARNER: 3, Leader.TEACHER: 1}, Relation.LEARNER),
        ({Leader.LEARNER: 5, Leader.TEACHER: 2}, Relation.TOGETHER),
        ({Leader.TOGETHER: 7}, Relation.TOGETHER),
        ({Leader.TEACHER: 5, Leader.TOGETHER: 1, Leader.LEARNER: 1}, Relation.TEACHER),
        ({Leader.TEACHER: 4, Leader.LEARNER: 2}, Relation.TOGETHER),
    ],
)
def test_who_led_follows_the_cards(cards, expected):
    assert present.led_by(cards) is expected


def test_finishing_tells_the_record_who_led_who_was_there_and_what_was_promised(any_session):
    learner = builders.a_learner(any_session)
    conference = build.a_planned_conference(any_session, learner)
    build.prepare_all(any_session, conference)
    build.hold(any_session, conference)
    any_session.commit()
    events = events_of(any_session, learner.id)
    held = [payload_of(e) for e in events if e.verb is Verb.SESSION_HELD]
    assert held == [
        {
            "kind": "conference", "led_by": "learner",
            "present": ["learner", "family", "teacher"], "cards": {"learner": 7},
        }
    ]  # fmt: skip
    assert len([e for e in events if e.verb is Verb.CARD_LED]) == 7
    assert {payload_of(e)["by"] for e in events if e.verb is Verb.PROMISE_MADE} == {
        "learner", "family", "teacher",
    }  # fmt: skip
    assert conference.state is ConferenceState.HELD


def test_keeping_the_same_twice_changes_nothing(session):
    learner = builders.a_learner(session)
    conference = build.a_planned_conference(session, learner)
    present.begin(session, build.by(learner, Relation.LEARNER), conference, MONDAY)
    live = Live(
        led_by={"welcome": Leader.LEARNER},
        present=[Relation.LEARNER],
        promises={Relation.FAMILY: Promised(text="Read on Sundays.")},
    )
    for _time in range(2):
        present.keep(session, conference, live, MONDAY.date())
    promises = present.promises_of(session, conference.id)
    assert [p.text for p in promises] == ["Read on Sundays."]
    assert conference.present == ["learner"]


def test_what_was_not_touched_stays(session):
    learner = builders.a_learner(session)
    conference = build.a_planned_conference(session, learner)
    day = MONDAY.date()
    present.begin(session, build.by(learner, Relation.LEARNER), conference, MONDAY)
    first = Promised(text="Read on Sundays.", who="Mamá", due=day, due_touched=True)
    present.keep(session, conference, Live(promises={Relation.FAMILY: first}), day)
    present.keep(
        session, conference, Live(promises={Relation.FAMILY: Promised(read_back=True)}), day
    )
    promise = present.promises_of(session, conference.id)[0]
    assert (promise.text, promise.who, promise.due) == ("Read on Sundays.", "Mamá", day)
    assert promise.read_back


def test_it_cannot_end_before_anybody_led_a_part(session):
    learner = builders.a_learner(session)
    conference = build.a_planned_conference(session, learner)
    doer = build.by(learner, Relation.LEARNER)
    present.begin(session, doer, conference, MONDAY)
    present.keep(
        session, conference,
        Live(present=[Relation.LEARNER], led_by={"welcome": Leader.SKIPPED}), MONDAY.date(),
    )  # fmt: skip
    with pytest.raises(WrongInput) as wrong:
        present.finish(session, doer, conference, MONDAY)
    assert wrong.value.field == "led_by"


def test_a_promise_needs_a_day(session):
    learner = builders.a_learner(session)
    conference = build.a_planned_conference(session, learner)
    present.begin(session, build.by(learner, Relation.LEARNER), conference, MONDAY)
    live = Live(
        led_by={"welcome": Leader.LEARNER},
        present=[Relation.LEARNER],
        promises={Relation.TEACHER: Promised(text="Ten minutes.")},
    )
    present.keep(session, conference, live, MONDAY.date())
    with pytest.raises(WrongInput) as wrong:
        present.finish(session, build.by(learner, Relation.LEARNER), conference, MONDAY)
    assert wrong.value.field == "due_teacher"


def test_what_never_began_keeps_nothing_and_cannot_end(session):
    learner = builders.a_learner(session)
    conference = build.a_planned_conference(session, learner)
    with pytest.raises(NotAllowedNow, match="Begin the conference first"):
        present.keep(session, conference, Live(family_names="Mamá"), MONDAY.date())
    with pytest.raises(NotAllowedNow, match="Begin the conference first"):
        present.finish(session, build.by(learner, Relation.LEARNER), conference, MONDAY)
    assert (conference.family_names, conference.state) == ("", ConferenceState.PLANNED)


def test_what_a_device_sends_after_the_stop_is_still_kept(session):
    learner = builders.a_learner(session)
    conference = build.a_planned_conference(session, learner)
    doer = build.by(learner, Relation.LEARNER)
    present.begin(session, doer, conference, MONDAY)
    present.another_day(session, doer, conference, MONDAY)
    present.keep(session, conference, Live(family_names="Mamá"), MONDAY.date())
    assert (conference.family_names, conference.state) == ("Mamá", ConferenceState.PLANNED)


def test_stopping_what_is_not_under_way_changes_nothing_and_tells_nothing(session):
    learner = builders.a_learner(session)
    conference = build.a_planned_conference(session, learner)
    doer = build.by(learner, Relation.LEARNER)
    told = len(events_of(session, learner.id))
    present.another_day(session, doer, conference, MONDAY)
    assert len(events_of(session, learner.id)) == told
    present.begin(session, doer, conference, MONDAY)
    for _time in range(2):
        present.another_day(session, doer, conference, MONDAY)
    assert len(events_of(session, learner.id)) == told + 2


def test_it_ends_once(session):
    learner = builders.a_learner(session)
    conference = build.a_conference(session, learner)
    with pytest.raises(NotAllowedNow):
        present.finish(session, build.by(learner, Relation.LEARNER), conference, MONDAY)


def test_it_can_go_on_another_day_with_everything_kept(session):
    learner = builders.a_learner(session)
    conference = build.a_planned_conference(session, learner)
    doer = build.by(learner, Relation.LEARNER)
    present.begin(session, doer, conference, MONDAY)
    present.keep(session, conference, Live(led_by={"welcome": Leader.LEARNER}), MONDAY.date())
    present.another_day(session, doer, conference, MONDAY)
    assert conference.state is ConferenceState.PLANNED
    present.begin(session, doer, conference, MONDAY)
    assert conference.begun_at == MONDAY
