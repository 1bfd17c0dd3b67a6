"""Whom it would be good to see today."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from learnpath.today.reasons import MOST, LearnerWeek, Why, moves_away, see_today

TODAY = date(2025, 11, 17)
WELL = LearnerWeek(1, "Amara", has_goal=True, goal_id=5)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"wants_talk": True}, Why.ASKED),
        ({"stuck_weeks": 2}, Why.STUCK),
        ({"waiting_since": TODAY - timedelta(days=3)}, Why.WAITING),
        ({"recent_values": (5.0, 4.0, 3.0)}, Why.MOVING_AWAY),
        ({"recent_values": (3.0, 4.0, 5.0), "increases": False}, Why.MOVING_AWAY),
        ({"weeks_without_check_in": 2}, Why.QUIET),
        ({"has_goal": False, "goal_id": None}, Why.NO_GOAL),
        ({"conference_day": TODAY + timedelta(days=5), "conference_id": 9}, Why.NOT_READY),
        ({"reached_goal_id": 4}, Why.GOOD_NEWS),
    ],
)
def test_each_reason_is_found(facts: dict[str, object], why: Why) -> None:
    (reason,) = see_today([replace(WELL, **facts)], TODAY)  # type: ignore[arg-type]
    assert reason.why is why


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"waiting_since": TODAY - timedelta(days=2)},
        {"recent_values": (5.0, 4.0)},
        {"recent_values": (5.0, 5.0, 5.0)},
        {"weeks_without_check_in": 1},
        {"conference_day": TODAY + timedelta(days=6)},
        {"conference_day": TODAY + timedelta(days=2), "conference_ready": True},
    ],
)
def test_where_all_is_well_nobody_is_named(facts: dict[str, object]) -> None:
    assert see_today([replace(WELL, **facts)], TODAY) == []  # type: ignore[arg-type]


def test_help_comes_first_and_one_learner_stands_once() -> None:
    both = replace(WELL, stuck_weeks=1, wants_talk=True, has_goal=False)
    quiet = replace(WELL, learner_id=2, called="Ben", weeks_without_check_in=3)
    assert [r.why for r in see_today([quiet, both], TODAY)] == [Why.ASKED, Why.QUIET]


def test_good_news_keeps_a_place_in_a_full_list() -> None:
    stuck = [replace(WELL, learner_id=n, called=f"S{n:02}", stuck_weeks=1) for n in range(20)]
    good = replace(WELL, learner_id=99, called="Zoe", reached_goal_id=3)
    found = see_today([*stuck, good], TODAY)
    assert len(found) == MOST
    assert found[-1].why is Why.GOOD_NEWS


@given(st.lists(st.integers(0, 40).map(float), max_size=8), st.booleans())
def test_a_mirrored_goal_moves_away_the_mirrored_way(values: list[float], increases: bool) -> None:
    mirrored = tuple(-value for value in values)
    assert moves_away(tuple(values), increases) == moves_away(mirrored, not increases)
