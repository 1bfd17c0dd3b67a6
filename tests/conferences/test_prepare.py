"""Preparing: the cards go where the learner puts them, and only what was chosen is shown."""

from __future__ import annotations

import pytest

from learnpath.conferences import answer, overview, plan, prepare
from learnpath.conferences.answer import Answer
from learnpath.conferences.cards import template_for, templates
from learnpath.conferences.models import View
from learnpath.conferences.plan import When
from learnpath.conferences.prepare import Line, Piece
from learnpath.errors import ChangedMeanwhile, NotAllowedNow, NotFound, WrongInput
from learnpath.record import Relation
from tests import builders
from tests.builders import MONDAY
from tests.conferences import build


@pytest.fixture
def planned(session):
    learner = builders.a_learner(session, "Mateo")
    conference = build.a_planned_conference(session, learner)
    return conference, build.by(learner, Relation.LEARNER)


@pytest.mark.parametrize(
    ("grade", "key", "minutes"),
    [
        (2, "2-3", 15),
        (3, "2-3", 15),
        (5, "4-5", 18),
        (7, "6-8", 20),
        (12, "9-12", 20),
        (None, "6-8", 20),
    ],
)
def test_each_grade_has_its_cards(grade, key, minutes):
    template = template_for(grade)
    assert (template.key, template.minutes) == (key, minutes)


def test_every_card_speaks_both_languages():
    for template in templates().values():
        for card in template.cards:
            assert card.title("en") != card.title("es")
            assert len(card.says("en")) == len(card.says("es")) > 0


def test_cards_move_up_and_down_and_stop_at_the_ends(session, planned):
    conference, doer = planned
    keys = lambda: [card.key for card in prepare.cards_of(session, conference.id)]  # noqa: E731
    first = keys()
    prepare.move_card(session, doer, conference, first[1], True, MONDAY)
    assert keys()[:2] == [first[1], first[0]]
    prepare.move_card(session, doer, conference, first[1], True, MONDAY)
    assert keys()[:2] == [first[1], first[0]]
    prepare.move_card(session, doer, conference, first[-1], False, MONDAY)
    assert keys()[-1] == first[-1]
    with pytest.raises(NotFound):
        prepare.move_card(session, doer, conference, "grades", True, MONDAY)


def test_three_lines_at_most_and_only_offered_ones(session, planned):
    conference, doer = planned
    offered = [Line(f"hopes:{n}", "hopes", f"Hope {n}") for n in range(5)]
    with pytest.raises(WrongInput):
        prepare.choose_lines(
            session, doer, conference, offered, [line.key for line in offered], 0, MONDAY
        )
    prepare.choose_lines(
        session, doer, conference, offered, ["hopes:1", "made:up"], conference.number, MONDAY
    )
    assert [line["text"] for line in conference.lines] == ["Hope 1"]


def test_a_goal_of_another_learner_cannot_be_shown(session, planned):
    conference, doer = planned
    with pytest.raises(NotFound):
        prepare.choose_goals(session, doer, conference, [1], [2], False, 0, MONDAY)


def test_work_belongs_to_its_conference(session, planned):
    conference, doer = planned
    other = build.a_planned_conference(session, builders.a_learner(session))
    piece = Piece("Letter", "Drafts", "Evidence")
    foreign = prepare.add_work(session, doer, other, piece, MONDAY)
    with pytest.raises(NotFound):
        prepare.remove_work(session, doer, conference, foreign.id, MONDAY)
    for _number in range(4):
        prepare.add_work(session, doer, conference, piece, MONDAY)
    with pytest.raises(NotAllowedNow):
        prepare.add_work(session, doer, conference, piece, MONDAY)


def test_two_pages_at_once_lose_nothing(session, planned):
    conference, doer = planned
    prepare.say_words(session, doer, conference, "First.", 0, MONDAY)
    with pytest.raises(ChangedMeanwhile) as changed:
        prepare.say_words(session, doer, conference, "Second.", 0, MONDAY)
    assert changed.value.mine == {"own_words": "Second."}
    assert changed.value.theirs == {"own_words": "First."}


def test_ready_asks_for_the_learners_part_first(session, planned):
    conference, doer = planned
    before = overview.prepared(session, conference)
    assert len(before.missing) == 6
    with pytest.raises(NotAllowedNow):
        prepare.say_ready(session, doer, conference, before.missing, MONDAY)
    build.prepare_all(session, conference)
    after = overview.prepared(session, conference)
    assert after.ready
    prepare.say_ready(session, doer, conference, after.missing, MONDAY)
    assert conference.ready_at == MONDAY


def test_it_is_not_ready_before_the_teacher_answered(session, planned):
    conference, _doer = planned
    build.prepare_all(session, conference)
    conference.teacher_words = ""
    prepared = overview.prepared(session, conference)
    assert (prepared.missing, prepared.ready) == ([], False)


def test_a_teacher_who_sees_it_differently_says_how(session, planned):
    conference, _doer = planned
    teacher = build.by(builders.a_teacher(session), Relation.TEACHER)
    with pytest.raises(WrongInput) as wrong:
        answer.answer(session, teacher, conference, Answer("Words.", View.DIFFERENTLY), 0, MONDAY)
    assert wrong.value.field == "view_words"


def test_two_teachers_at_once_lose_nothing(session, planned):
    conference, _doer = planned
    one = build.by(builders.a_teacher(session), Relation.TEACHER)
    two = build.by(builders.a_teacher(session), Relation.TEACHER)
    answer.answer(session, one, conference, Answer("From one."), 0, MONDAY)
    with pytest.raises(ChangedMeanwhile):
        answer.answer(session, two, conference, Answer("From two."), 0, MONDAY)


def test_one_open_conference_at_a_time(session):
    learner = builders.a_learner(session)
    teacher = builders.a_teacher_of(session, learner)
    conference = build.a_planned_conference(session, learner, teacher)
    with pytest.raises(NotAllowedNow):
        build.a_planned_conference(session, learner, teacher)
    doer = build.by(teacher, Relation.TEACHER)
    plan.call_off(session, doer, conference, MONDAY)
    assert build.a_planned_conference(session, learner, teacher).id != conference.id


def test_the_schools_clock_counts_over_the_change_of_the_hour(session):
    learner = builders.a_learner(session)
    teacher = builders.a_teacher_of(session, learner)
    doer = build.by(teacher, Relation.TEACHER)
    conference = build.a_planned_conference(session, learner, teacher)
    assert conference.starts_at.isoformat() == "2025-11-21T00:20:00+00:00"
    summer = When(MONDAY.date().replace(year=2026, month=4, day=9), build.time(17, 20))
    plan.move_conference(session, doer, conference, summer, MONDAY)
    assert conference.starts_at.isoformat() == "2026-04-09T23:20:00+00:00"
