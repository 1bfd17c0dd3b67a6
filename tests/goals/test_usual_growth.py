"""A teacher says what growth is usual in a class; the coach makes words of it, and stops nobody."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from learnpath.errors import NotFound, WrongInput
from learnpath.goals import band, coach
from learnpath.goals.models import GrowthBand
from learnpath.goals.trend import Measure
from learnpath.people.models import Person
from learnpath.record import Relation, Verb
from learnpath.record.models import Event
from learnpath.school.queries import calendar_of
from tests.builders import MONDAY, a_class, a_learner, a_teacher_of, by, class_of
from tests.goals.build import FACTS, a_draft
from tests.visiting import Visitor

Visit = Callable[..., Visitor]
TODAY = MONDAY.date()


def _say(
    session: Session,
    teacher: Person,
    learner: Person,
    usual: str,
    ambitious: str,
    unit: str = "facts",
) -> GrowthBand:
    said = band.set_band(
        session, by(teacher, Relation.TEACHER), class_of(session, learner), Measure.COUNT, unit,
        Decimal(usual), Decimal(ambitious), MONDAY,
    )  # fmt: skip
    session.flush()
    return said


def _asked(session: Session, learner: Person, **typed: Any) -> list[str]:
    calendar = calendar_of(session, learner.school_id)
    asked = coach.coach(session, learner.id or 0, None, {**FACTS, **typed}, calendar, TODAY)
    return [hint.key for hint in asked.hints]


@pytest.mark.parametrize(
    ("target", "asks"), [("70", "over_band"), ("42", ""), ("26", "under_band"), ("24", "same")]
)
def test_the_coach_asks_about_a_big_jump_and_a_small_step(
    any_session: Session, target: str, asks: str
) -> None:
    """Eight to eleven school weeks: usual is about 10, and 38 facts more is a lot."""
    learner = a_learner(any_session)
    teacher = a_teacher_of(any_session, learner)
    assert not {"over_band", "under_band"} & set(_asked(any_session, learner, target=target))
    _say(any_session, teacher, learner, "1", "3.5")
    asked = _asked(any_session, learner, target=target)
    assert (asks in asked) if asks else not {"over_band", "under_band"} & set(asked)


def test_a_goal_that_goes_down_is_asked_the_same_way(session: Session) -> None:
    learner = a_learner(session)
    _say(session, a_teacher_of(session, learner), learner, "0.5", "1")
    down = {"direction": "decrease", "baseline": "42"}
    assert "over_band" in _asked(session, learner, target="10", **down)
    assert "over_band" not in _asked(session, learner, target="36", **down)


def test_the_very_unit_goes_first_and_another_class_or_measure_says_nothing(
    any_session: Session,
) -> None:
    session = any_session
    learner, other = a_learner(session), a_learner(session, "Teo", in_class=None)
    teacher = a_teacher_of(session, learner)
    doer = by(teacher, Relation.TEACHER)
    far = a_class(session, school=None, name="Room 9")
    band.set_band(session, doer, far, Measure.COUNT, "facts", Decimal(9), Decimal(99), MONDAY)
    assert band.growth_for(session, learner.id or 0, FACTS, TODAY) is None
    _say(session, teacher, learner, "1", "2", unit="")
    found = band.growth_for(session, learner.id or 0, FACTS, TODAY)
    assert found is not None
    assert (found.usual, found.ambitious) == (1, 2)
    _say(session, teacher, learner, "3", "4", unit=" Facts ")
    found = band.growth_for(session, learner.id or 0, {**FACTS, "unit": "FACTS"}, TODAY)
    assert found is not None
    assert (found.usual, found.ambitious) == (3, 4)
    assert band.growth_for(session, learner.id or 0, {**FACTS, "measure": "minutes"}, TODAY) is None
    assert band.growth_for(session, learner.id or 0, {**FACTS, "measure": "rubric"}, TODAY) is None
    assert other.id != learner.id


@pytest.mark.parametrize(("usual", "ambitious"), [("0", "1"), ("-1", "1"), ("2", "1"), ("1", "1")])
def test_numbers_that_say_nothing_are_refused(session: Session, usual: str, ambitious: str) -> None:
    learner = a_learner(session)
    teacher = a_teacher_of(session, learner)
    with pytest.raises(WrongInput):
        _say(session, teacher, learner, usual, ambitious)
    with pytest.raises(NotFound):
        band.remove_band(
            session, by(teacher, Relation.TEACHER), class_of(session, learner), 99, MONDAY
        )


def test_a_teacher_says_it_changes_it_and_takes_it_back(session: Session, visit: Visit) -> None:
    learner = a_learner(session)
    teacher = a_teacher_of(session, learner)
    room = class_of(session, learner)
    session.commit()
    theirs, path = visit(teacher), f"/classes/{room.id}/growth"
    wrong = theirs.post(path, measure="count", unit="facts", usual="many", ambitious="3,5")
    assert wrong.status == 422
    assert wrong.soup.find("input", {"name": "usual"})["value"] == "many"
    assert theirs.post(path, measure="rubric", usual="1", ambitious="2").status == 422
    for usual in ("1", "1,5"):
        said = {"measure": "count", "unit": "facts", "usual": usual, "ambitious": "3,5"}
        assert theirs.post(path, **said).status == 303
    assert "Usual: 1.5 a week. Ambitious: 3.5 a week." in theirs.get(path).words
    goal = a_draft(session, learner)
    session.commit()
    mine = visit(learner)
    step = mine.get(f"/goals/{goal.id}/draft/target").words
    assert "Your teacher says: 1.5 to 3.5 more each week is a good size for most." in step
    assert mine.get(path).status == 404
    (one,) = session.exec(select(GrowthBand)).all()
    session.commit()
    assert theirs.post(f"{path}/{one.id}/remove").status == 303
    assert session.exec(select(GrowthBand)).all() == []
    told = session.exec(select(Event).where(Event.verb == Verb.GROWTH_BAND_SET)).all()
    assert [event.learner_id for event in told] == [None] * 3
