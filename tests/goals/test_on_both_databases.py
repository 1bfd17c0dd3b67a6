"""The verbs and reads of goals mean the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from learnpath.access import Actor
from learnpath.db import open_session
from learnpath.errors import ChangedMeanwhile
from learnpath.goals import (
    checkins,
    comment,
    cosign,
    draft,
    group,
    propose,
    queries,
    suggest,
)
from learnpath.goals.checkins import Entry
from learnpath.goals.models import (
    Answer,
    ChangeReason,
    CheckIn,
    Feel,
    GapReason,
    GoalPart,
    GoalState,
)
from learnpath.goals.page import page_of
from learnpath.goals.progress import GoalProgress
from learnpath.goals.propose import Reason
from learnpath.goals.wording import progress_words
from learnpath.people.models import Hat, Person
from learnpath.record import By, Relation
from learnpath.record.verify import verify
from learnpath.school.queries import calendar_of
from tests.builders import MONDAY, a_learner, a_teacher_of, by, class_of
from tests.goals.build import FACTS, a_goal, a_sent_goal, both_sign, progress_of

TODAY = date(2025, 11, 17)
WEEK = date(2025, 11, 17)


def test_the_whole_way_of_a_goal(any_session: Session) -> None:
    session = any_session
    learner = a_learner(session, "Mateo")
    teacher = a_teacher_of(session, learner, "Ms. Baca")
    mine, theirs = by(learner, Relation.LEARNER), by(teacher, Relation.TEACHER)
    goal = a_sent_goal(session, learner)
    idea = suggest.suggest(session, theirs, goal, GoalPart.TARGET, "36", "A step.", 1, MONDAY)
    suggest.answer(session, mine, goal, idea.id or 0, Answer.USED_IT, TODAY, MONDAY)
    both_sign(session, goal, teacher=teacher)
    calendar = calendar_of(session, learner.school_id)
    first = checkins.check_in(
        session, mine, goal, Entry(WEEK, Decimal("2.5"), Feel.BUMPS), calendar, TODAY, MONDAY
    )
    checkins.check_in(
        session, mine, goal, Entry(WEEK, Decimal(25), Feel.SMOOTH), calendar, TODAY, MONDAY,
        seen_id=first.id,
    )  # fmt: skip
    draft.take_up(session, goal)
    draft.keep(session, goal, {"target": "48"})
    reason = Reason(ChangeReason.TOO_EASY, "I am quick")
    propose.send(session, mine, goal, TODAY, MONDAY, reason=reason)
    session.commit()
    session.expire_all()
    shown = page_of(session, goal, calendar, TODAY, Hat.LEARNER)
    assert [one.version.target for one in shown.versions] == [48, 36, 42]
    assert [sorted(s.name for s in one.signed) for one in shown.versions] == [
        [], ["Mateo", "Ms. Baca"], [],
    ]  # fmt: skip
    assert (goal.state, goal.agreed_number, goal.newest_number) == (GoalState.WITH_TEACHER, 2, 3)
    assert shown.progress is not None
    assert [row.value for row in shown.progress.rows] == ["25"]
    assert shown.progress.rows[0].earlier == ("2.5",)
    assert verify(session).faults == ()


def test_a_week_has_one_standing_check_in_whatever_the_code_does(any_session: Session) -> None:
    goal = a_goal(any_session, check_ins=1)
    standing = any_session.exec(select(CheckIn).where(CheckIn.goal_id == goal.id)).one()
    again = CheckIn(**standing.model_dump(exclude={"id"}))
    any_session.add(again)
    with pytest.raises(IntegrityError):
        any_session.flush()


def test_a_value_and_a_reason_for_none_exclude_each_other(any_session: Session) -> None:
    goal = a_goal(any_session, check_ins=1)
    standing = any_session.exec(select(CheckIn).where(CheckIn.goal_id == goal.id)).one()
    standing.gap = GapReason.SICK
    with pytest.raises(IntegrityError):
        any_session.flush()


def test_an_agreed_goal_whose_newest_version_is_not_the_agreed_one_cannot_be_kept(
    any_session: Session,
) -> None:
    goal = a_goal(any_session)
    goal.newest_number = 2
    any_session.add(goal)
    with pytest.raises(IntegrityError):
        any_session.flush()


def test_a_line_says_what_a_first_page_needs(any_session: Session) -> None:
    learner = a_learner(any_session)
    a_goal(any_session, learner=learner, check_ins=5)
    calendar = calendar_of(any_session, learner.school_id)
    [line] = queries.goals_of(any_session, learner.id or 0, calendar, TODAY)
    assert (line.title, line.state) == (FACTS["what"], GoalState.AGREED)
    assert (line.last_value, line.last_words) == (Decimal(30), "30 facts")
    assert (line.week, line.checked_in_this_week, line.takes_check_ins) == (WEEK, False, True)


def test_progress_is_the_same_after_it_was_kept_as_json(any_session: Session) -> None:
    goal = a_goal(any_session, values=[24, 25, None, 27, 30, 33, 32, 36])
    calendar = calendar_of(any_session, goal.school_id)
    told = progress_of(any_session, goal, calendar, TODAY)
    assert told is not None
    kept = GoalProgress.from_json(json.loads(json.dumps(told.as_json())))
    assert kept == told
    for reader in ("learner", "family", "teacher"):
        said = [str(sentence) for sentence in progress_words(kept, reader)]
        assert said == [str(sentence) for sentence in progress_words(told, reader)]
        assert said


def test_there_is_no_progress_before_both_agree(any_session: Session) -> None:
    goal = a_sent_goal(any_session)
    calendar = calendar_of(any_session, goal.school_id)
    assert progress_of(any_session, goal, calendar, TODAY) is None


def test_an_unknown_baseline_is_the_first_value(any_session: Session) -> None:
    goal = a_goal(any_session, baseline="", values=[18, 20])
    calendar = calendar_of(any_session, goal.school_id)
    told = progress_of(any_session, goal, calendar, TODAY)
    assert told is not None
    assert told.aim.baseline == 18


def test_a_changed_target_keeps_the_first_aim_line_and_marks_the_change(
    any_session: Session,
) -> None:
    session = any_session
    goal = a_goal(session, check_ins=8)
    learner = by(session.get_one(Person, goal.learner_id), Relation.LEARNER)
    draft.take_up(session, goal)
    draft.keep(session, goal, {"target": "50"})
    propose.send(session, learner, goal, TODAY, MONDAY, reason=Reason(ChangeReason.TOO_EASY))
    calendar = calendar_of(session, goal.school_id)
    before = progress_of(session, goal, calendar, TODAY)
    assert before is not None
    assert before.aim.target == 42
    both_sign(session, goal)
    after = progress_of(session, goal, calendar, TODAY)
    assert after is not None
    assert after.aim.target == 50
    assert [line.y2 for line in after.picture.aims] == [42, 50]
    assert [change.kind for change in after.picture.changes] == ["target"]


def test_a_signature_for_other_words_leaves_nothing_behind(any_engine: Engine) -> None:
    with open_session(any_engine, writing=True) as session:
        learner = a_learner(session)
        goal = a_sent_goal(session, learner)
        session.commit()
        with pytest.raises(ChangedMeanwhile):
            cosign.sign(session, by(learner, Relation.LEARNER), goal, "0" * 64, MONDAY)
        session.rollback()
        assert cosign.signatures(session, goal.id, 1) == {}


def test_a_teacher_s_queue_holds_the_goals_of_their_own_learners_only(any_session: Session) -> None:
    learner = a_learner(any_session, "Linh")
    teacher = a_teacher_of(any_session, learner)
    a_sent_goal(any_session, learner)
    a_sent_goal(any_session, a_learner(any_session))
    a_goal(any_session, learner=learner)
    actor = Actor(teacher.id or 0, teacher.school_id, Hat.TEACHER, "America/Denver", TODAY)
    assert [one.called for one in queries.waiting_for_teacher(any_session, actor)] == ["Linh"]


def test_a_class_s_goal_is_counted(any_session: Session) -> None:
    session = any_session
    learner = a_learner(session)
    teacher = a_teacher_of(session, learner)
    room = class_of(session, learner)
    offered = group.offer_to_class(
        session, by(teacher, Relation.TEACHER), room, FACTS, TODAY, MONDAY
    )
    mine = by(learner, Relation.LEARNER)
    goal = group.take(session, mine, learner, offered.id or 0, TODAY, MONDAY)
    assert (goal.draft or {})["baseline"] == ""
    [shown] = group.of_class(session, room.id or 0)
    assert (shown.taken, shown.check_ins, shown.closed) == (1, 0, False)
    assert group.offered_to(session, learner.id or 0, TODAY) == []


def test_a_family_that_came_by_a_link_speaks_without_being_a_person(any_session: Session) -> None:
    session = any_session
    goal = a_goal(session, shared=True)
    family = By(None, Relation.FAMILY, goal.school_id)
    comment.comment(session, family, goal, "Estamos orgullosos.", MONDAY, language="es")
    suggest.suggest(session, family, goal, GoalPart.OBSTACLE, "ask Abuela", "", 1, MONDAY)
    session.commit()
    shown = page_of(session, goal, calendar_of(session, goal.school_id), TODAY, Hat.LEARNER)
    assert [(one.author, one.message.text) for one in shown.said] == [("", "Estamos orgullosos.")]
    assert [idea.theirs for idea in shown.ideas] == ["ask Abuela"]
    assert goal.state is GoalState.AGREED
