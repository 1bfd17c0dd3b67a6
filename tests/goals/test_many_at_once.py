"""A class of thirty checks in within the same minute, on SQLite: nobody is refused, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlmodel import Session, func, select

from learnpath.db import open_session
from learnpath.goals.models import CheckIn
from learnpath.people.models import Person
from learnpath.record.verify import verify
from tests.builders import a_class, a_learner
from tests.goals.build import a_goal
from tests.visiting import Visitor

CLASS = 30


def test_thirty_learners_check_in_at_once_and_none_is_refused_or_lost(
    session: Session, app: Flask, visit: Callable[..., Visitor]
) -> None:
    room = a_class(session)
    learners = [a_learner(session, in_class=room) for _ in range(CLASS)]
    goals = {learner.id: a_goal(session, learner=learner).id for learner in learners}
    session.commit()
    visitors = [(visit(learner), learner) for learner in learners]
    for visitor, _learner in visitors:
        visitor.csrf_token()

    def check_in(pair: tuple[Visitor, Person]) -> int:
        visitor, learner = pair
        return visitor.post(
            f"/goals/{goals[learner.id]}/check-in", week="2025-11-17", seen_id="",
            value=str(learner.id), feel="smooth",
        ).status  # fmt: skip

    with ThreadPoolExecutor(CLASS) as together:
        statuses = list(together.map(check_in, visitors))
    assert statuses == [303] * CLASS
    with open_session(app.extensions["learnpath.engine"], writing=False) as reading:
        assert reading.exec(select(func.count()).select_from(CheckIn)).one() == CLASS
        assert {row.value for row in reading.exec(select(CheckIn))} == {p.id for p in learners}
        assert verify(reading).faults == ()
