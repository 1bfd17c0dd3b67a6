"""What now? One sentence and one thing to do, worked out from counted facts: a pure core.

The order: first what somebody waits for, then what has a day, then what starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Step(StrEnum):
    """What a learner's home page can ask for. Each has its sentence and button in the template."""

    READ_SUGGESTION = "read_suggestion"
    SIGN_GOAL = "sign_goal"
    READ_FAMILY = "read_family"
    APPROVE_SUMMARY = "approve_summary"
    CARRY_ON_INVENTORY = "carry_on_inventory"
    START_INVENTORY = "start_inventory"
    PRESENT = "present"
    PREPARE = "prepare"
    CHECK_IN = "check_in"
    CARRY_ON_DRAFT = "carry_on_draft"
    START_GOAL = "start_goal"
    LOOK_BACK = "look_back"
    ALL_SET = "all_set"


@dataclass(frozen=True)
class LearnerFacts:
    """What the rooms know about a learner's week. An id is None where there is no such thing."""

    goal_with_suggestion: int | None = None
    goal_to_sign: int | None = None
    unread_feedback: int | None = None
    summary_to_approve: int | None = None
    inventory_run: int | None = None
    has_profile: bool = False
    conference: int | None = None
    conference_day: date | None = None
    conference_ready: bool = False
    goal_to_check_in: int | None = None
    draft: int | None = None
    has_goal: bool = False
    promise_to_look_back: int | None = None


@dataclass(frozen=True)
class NextStep:
    """The one thing to do, and the id of what it is about."""

    step: Step
    about: int | None = None


PREPARE_DAYS = 7


def next_step(facts: LearnerFacts, today: date) -> NextStep:
    """Return the one thing that a learner's home page asks for on ``today``."""
    days = (facts.conference_day - today).days if facts.conference_day else None
    soon = days is not None and 0 <= days <= PREPARE_DAYS
    steps: tuple[tuple[bool, Step, int | None], ...] = (
        (facts.goal_with_suggestion is not None, Step.READ_SUGGESTION, facts.goal_with_suggestion),
        (facts.goal_to_sign is not None, Step.SIGN_GOAL, facts.goal_to_sign),
        (facts.unread_feedback is not None, Step.READ_FAMILY, facts.unread_feedback),
        (facts.summary_to_approve is not None, Step.APPROVE_SUMMARY, facts.summary_to_approve),
        (facts.inventory_run is not None, Step.CARRY_ON_INVENTORY, facts.inventory_run),
        (not facts.has_profile, Step.START_INVENTORY, None),
        (days == 0 and facts.conference_ready, Step.PRESENT, facts.conference),
        (soon and not facts.conference_ready, Step.PREPARE, facts.conference),
        (facts.goal_to_check_in is not None, Step.CHECK_IN, facts.goal_to_check_in),
        (facts.draft is not None, Step.CARRY_ON_DRAFT, facts.draft),
        (not facts.has_goal, Step.START_GOAL, None),
        (facts.promise_to_look_back is not None, Step.LOOK_BACK, facts.promise_to_look_back),
    )
    return next(
        (NextStep(step, about) for holds, step, about in steps if holds), NextStep(Step.ALL_SET)
    )
