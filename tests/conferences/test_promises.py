"""Promises are looked back at after two and after six weeks, and not again when they are done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from learnpath import clock
from learnpath.conferences import afterwards, promises
from learnpath.conferences.models import Promise, PromiseLook, PromiseState
from learnpath.conferences.promises import look_is_due
from learnpath.record import Relation
from tests import builders
from tests.builders import MONDAY
from tests.conferences import build

NOT_YET, DONE = PromiseState.NOT_YET, PromiseState.DONE


@pytest.mark.parametrize(
    ("days", "looked", "state", "due"),
    [
        (13, None, NOT_YET, False),
        (14, None, NOT_YET, True),
        (20, 15, NOT_YET, False),
        (42, 15, NOT_YET, True),
        (42, 15, DONE, False),
        (50, 43, NOT_YET, False),
        (50, None, PromiseState.CHANGED, True),
    ],
)
def test_it_is_time_after_two_and_six_weeks(days, looked, state, due):
    last = None if looked is None else MONDAY + timedelta(days=looked)
    assert look_is_due(MONDAY, last, state, MONDAY + timedelta(days=days)) is due


def test_the_list_has_what_is_due_of_these_learners(any_session: Session):
    learner, other = builders.a_learner(any_session), builders.a_learner(any_session)
    build.a_conference(any_session, learner)
    build.a_conference(any_session, other)
    soon, later = MONDAY + timedelta(days=10), MONDAY + timedelta(days=14)
    assert afterwards.promises_due(any_session, [learner.id], soon) == []
    due = afterwards.promises_due(any_session, [learner.id], later)
    assert {p.by for p in due} == {Relation.LEARNER, Relation.FAMILY, Relation.TEACHER}
    own = any_session.get_one(Promise, due[0].promise_id)
    promises.look_back(
        any_session, build.by(learner, Relation.LEARNER), own, PromiseState.DOING_IT, "", later
    )
    any_session.flush()
    assert len(afterwards.promises_due(any_session, [learner.id], later)) == 2
    six = MONDAY + timedelta(weeks=6)
    assert len(afterwards.promises_due(any_session, [learner.id], six)) == 3


def test_a_learner_says_how_it_is_going(visit, session, engine):
    learner = builders.a_learner(session)
    conference = build.a_conference(session, learner)
    session.commit()
    with clock.standing_at(MONDAY + timedelta(weeks=2)):
        visitor = visit(learner)
        page = visitor.get(f"/conferences/{conference.id}")
        form = page.soup.select_one("form[action*='/promises/']")
        said = visitor.post(form["action"], state="doing_it", note="Every Tuesday.")
        assert said.status == 303
        assert visitor.post("/promises/1/look-back", state="great").status == 303
    with Session(engine) as reading:
        looks = reading.exec(select(PromiseLook)).all()
        assert [(look.state, look.note) for look in looks] == [
            (PromiseState.DOING_IT, "Every Tuesday.")
        ]


def test_a_stranger_cannot_look_back(visit, session):
    build.a_conference(session, builders.a_learner(session))
    stranger = builders.a_learner(session)
    session.commit()
    assert visit(stranger).post("/promises/1/look-back", state="done").status == 404
