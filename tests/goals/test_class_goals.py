"""A goal for a class: offered by the teacher, taken by each learner at an own size."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sqlmodel import Session, select

from learnpath.goals.models import Goal, GoalKind, GroupGoal
from learnpath.record import Relation, Verb
from learnpath.record.models import Event
from tests.builders import a_learner, a_teacher, a_teacher_of, class_of
from tests.goals.build import FACTS, both_sign, look
from tests.visiting import Visitor

Visit = Callable[..., Visitor]
OFFER: dict[str, Any] = {
    "what": "Read every day",
    "measure": "minutes",
    "unit": "minutes",
    "direction": "increase",
    "target": "20",
    "due": "other",
    "due_on": "2026-01-30",
    "actions": "After dinner",
}


def _offer(session: Session, visit: Visit) -> tuple[Any, Any, Any]:
    learner = a_learner(session, "Linh")
    other = a_learner(session, "Teo", in_class=class_of(session, learner))
    teacher = a_teacher_of(session, learner, "Ms. Tran")
    class_id = class_of(session, learner).id
    session.commit()
    page = visit(teacher).post(f"/classes/{class_id}/goals", **OFFER)
    assert page.status == 303, page.words
    return learner, other, teacher


def test_every_learner_of_the_class_finds_it_and_the_record_tells_them(
    session: Session, visit: Visit
) -> None:
    learner, other, _teacher = _offer(session, visit)
    for person in (learner, other):
        words = visit(person).get(f"/learners/{person.id}/goals/new").words
        assert "Read every day from Ms. Tran" in words
    told = session.exec(select(Event.learner_id).where(Event.verb == Verb.GROUP_GOAL_SET)).all()
    assert set(told) == {learner.id, other.id}
    assert len(told) == 2


def test_a_learner_takes_it_at_an_own_size_and_the_goal_says_whose_words_it_has(
    session: Session, visit: Visit
) -> None:
    learner, _other, _teacher = _offer(session, visit)
    group_id = session.exec(select(GroupGoal.id)).one()
    session.commit()
    mine = visit(learner)
    page = mine.post(f"/learners/{learner.id}/goals/from-class/{group_id}")
    assert page.location.endswith("/draft/now")
    goal_id = session.exec(select(Goal.id)).one()
    session.commit()
    mine.post(f"/goals/{goal_id}/draft/target", baseline="5", target="12", confidence="with_work")
    assert mine.post(f"/goals/{goal_id}/draft/check").status == 303
    goal = look(session, Goal, goal_id)
    assert (goal.kind, goal.drafted_by) == (GoalKind.GROUP, Relation.TEACHER)
    both_sign(session, goal)
    event = session.exec(select(Event).where(Event.verb == Verb.GOAL_AGREED)).one()
    said = json.loads(event.payload)
    assert (said["kind"], said["drafted_by"]) == ("group", "teacher")
    assert "learner" in said["shaped_by"]


def test_it_is_taken_once(session: Session, visit: Visit) -> None:
    learner, _other, _teacher = _offer(session, visit)
    group_id = session.exec(select(GroupGoal.id)).one()
    session.commit()
    mine = visit(learner)
    assert mine.post(f"/learners/{learner.id}/goals/from-class/{group_id}").status == 303
    assert mine.post(f"/learners/{learner.id}/goals/from-class/{group_id}").status == 409
    assert "Read every day" not in mine.get(f"/learners/{learner.id}/goals/new").words


def test_a_learner_of_another_class_does_not_find_it(session: Session, visit: Visit) -> None:
    _offer(session, visit)
    group_id = session.exec(select(GroupGoal.id)).one()
    stranger = a_learner(session)
    session.commit()
    theirs = visit(stranger)
    assert theirs.post(f"/learners/{stranger.id}/goals/from-class/{group_id}").status == 404


def test_the_teacher_sees_counts_and_can_stop_offering(session: Session, visit: Visit) -> None:
    learner, other, teacher = _offer(session, visit)
    group = session.exec(select(GroupGoal)).one()
    session.commit()
    visit(learner).post(f"/learners/{learner.id}/goals/from-class/{group.id}")
    theirs = visit(teacher)
    assert "One learner took it." in theirs.get(f"/classes/{group.class_id}/goals").words
    assert theirs.post(f"/classes/{group.class_id}/goals/{group.id}/close").status == 303
    words = visit(other).get(f"/learners/{other.id}/goals/new").words
    assert "Read every day" not in words


def test_only_a_teacher_of_the_class_offers(session: Session, visit: Visit) -> None:
    learner = a_learner(session)
    stranger = a_teacher(session, class_of(session, a_learner(session)))
    class_id = class_of(session, learner).id
    session.commit()
    assert visit(stranger).post(f"/classes/{class_id}/goals", **OFFER).status == 404
    assert session.exec(select(GroupGoal)).first() is None


def test_a_part_that_is_missing_is_told_and_the_words_stay(session: Session, visit: Visit) -> None:
    learner = a_learner(session)
    teacher = a_teacher_of(session, learner)
    class_id = class_of(session, learner).id
    session.commit()
    page = visit(teacher).post(f"/classes/{class_id}/goals", **{**OFFER, "target": ""})
    assert page.status == 422
    assert page.soup.find("input", {"name": "what"})["value"] == "Read every day"
    assert FACTS["what"] not in page.words


def test_a_small_group_finds_it_and_the_rest_of_the_class_does_not(
    session: Session, visit: Visit
) -> None:
    learner = a_learner(session, "Linh")
    other = a_learner(session, "Teo", in_class=class_of(session, learner))
    stranger = a_learner(session, "Ava")
    teacher = a_teacher_of(session, learner, "Ms. Tran")
    class_id = class_of(session, learner).id
    session.commit()
    theirs, path = visit(teacher), f"/classes/{class_id}/goals"
    wrong = theirs.post(path, **OFFER, learners=[str(stranger.id)])
    assert wrong.status == 422
    assert "Choose students of this class." in wrong.words
    assert theirs.post(path, **OFFER, learners=[str(learner.id), str(stranger.id)]).status == 303
    assert "Offered to one learner." in theirs.get(path).words
    for person, finds in ((learner, True), (other, False), (stranger, False)):
        words = visit(person).get(f"/learners/{person.id}/goals/new").words
        assert ("Read every day from Ms. Tran" in words) is finds
    (group,) = session.exec(select(GroupGoal)).all()
    assert group.for_ids == [learner.id]
    told = session.exec(select(Event.learner_id).where(Event.verb == Verb.GROUP_GOAL_SET)).all()
    session.commit()
    assert told == [learner.id]
    take = f"/learners/{other.id}/goals/from-class/{group.id}"
    assert visit(other).post(take).status == 404
