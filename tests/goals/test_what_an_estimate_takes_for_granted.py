"""A teacher reads beside an estimate what it takes for granted; a learner is not burdened with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import Session

from tests.goals.build import a_goal, learner_of, the_teacher
from tests.visiting import Visitor

Visit = Callable[..., Visitor]
GRANTED = "growth is even"


@pytest.mark.parametrize(("check_ins", "said"), [(10, True), (2, False)])
def test_a_teacher_reads_it_where_there_is_an_estimate(
    session: Session, visit: Visit, check_ins: int, said: bool
) -> None:
    goal = a_goal(session, check_ins=check_ins)
    teacher = the_teacher(session, learner_of(session, goal))
    session.commit()
    page = visit(teacher).get(f"/goals/{goal.id}")
    assert page.status == 200
    assert (GRANTED in page.text) is said


def test_a_learner_does_not(session: Session, visit: Visit) -> None:
    goal = a_goal(session, check_ins=10)
    page = visit(learner_of(session, goal)).get(f"/goals/{goal.id}")
    assert page.status == 200
    assert GRANTED not in page.text
