"""What a learner's home page asks for: one thing, the right one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from learnpath.today.next_step import LearnerFacts, Step, next_step

TODAY = date(2025, 11, 17)
SETTLED = LearnerFacts(has_profile=True, has_goal=True)


@pytest.mark.parametrize(
    ("facts", "step", "about"),
    [
        ({"has_profile": False}, Step.START_INVENTORY, None),
        ({"has_profile": False, "inventory_run": 4}, Step.CARRY_ON_INVENTORY, 4),
        ({"has_goal": False}, Step.START_GOAL, None),
        ({"has_goal": False, "draft": 5}, Step.CARRY_ON_DRAFT, 5),
        ({"goal_to_check_in": 6}, Step.CHECK_IN, 6),
        ({"goal_with_suggestion": 7}, Step.READ_SUGGESTION, 7),
        ({"goal_to_sign": 8}, Step.SIGN_GOAL, 8),
        ({"unread_feedback": 9}, Step.READ_FAMILY, 9),
        ({"summary_to_approve": 10}, Step.APPROVE_SUMMARY, 10),
        ({"promise_to_look_back": 11}, Step.LOOK_BACK, 11),
        ({}, Step.ALL_SET, None),
    ],
)
def test_each_fact_alone_asks_for_its_step(
    facts: dict[str, object], step: Step, about: int
) -> None:
    found = next_step(replace(SETTLED, **facts), TODAY)  # type: ignore[arg-type]
    assert (found.step, found.about) == (step, about)


@pytest.mark.parametrize(("days", "asked"), [(0, True), (7, True), (8, False), (-1, False)])
def test_a_conference_is_prepared_in_the_week_before_it(days: int, asked: bool) -> None:
    facts = replace(SETTLED, conference=3, conference_day=TODAY + timedelta(days=days))
    assert (next_step(facts, TODAY).step is Step.PREPARE) is asked


def test_on_its_day_a_prepared_conference_can_begin() -> None:
    facts = replace(SETTLED, conference=3, conference_day=TODAY, conference_ready=True)
    assert next_step(facts, TODAY).step is Step.PRESENT


def test_what_somebody_waits_for_comes_before_the_check_in() -> None:
    facts = replace(SETTLED, goal_to_check_in=6, goal_with_suggestion=7)
    assert next_step(facts, TODAY).step is Step.READ_SUGGESTION
