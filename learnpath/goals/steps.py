"""The steps of writing a goal: one thing a page, ten for most learners, six for the youngest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from learnpath.goals.trend import Direction, Measure
from learnpath.wording import lazy as _l

CHECK, ALL = "check", "all"
YOUNGEST_GRADE = 3


@dataclass(frozen=True)
class Step:
    """One page: its key, its question, the words that the answer goes on with, and its fields."""

    key: str
    title: Any
    frame: Any
    fields: tuple[str, ...]
    younger_title: Any = None
    for_youngest: bool = True

    def title_for(self, younger: bool) -> Any:
        """Return the question as this reader gets it."""
        return self.younger_title if younger and self.younger_title else self.title


STEPS: tuple[Step, ...] = (
    Step(
        "what", _l("What do you want to change?"), _l("I want to …"), ("what", "builds_on", "rests_on"),
        _l("What do you want to get better at?"),
    ),
    Step(
        "why", _l("Why does it matter to you?"), _l("It matters because …"), ("why",),
        for_youngest=False,
    ),
    Step("now", _l("Where are you now?"), _l("Right now I can …"), ("can_now", "baseline")),
    Step(
        "measure", _l("How will we see it?"), _l("We will see it by …"),
        ("measure", "unit", "levels", "highest", "direction", "source"),
    ),
    Step(
        "target", _l("How far do you want to go?"), _l("From … to …"),
        ("baseline", "target", "target_high", "confidence", "stretch", "doable"),
    ),
    Step("when", _l("By when?"), _l("By …"), ("due", "due_on"), for_youngest=False),
    Step(
        "weekly", _l("What will you do each week?"), _l("Every … I will …"), ("actions",)
    ),
    Step(
        "obstacle", _l("What could get in the way?"), _l("If …, then I will …"),
        ("obstacle", "plan"), for_youngest=False,
    ),
    Step(
        "helper", _l("Who will help?"), _l("… will help me by …"), ("helpers", "helper_how"),
        for_youngest=False,
    ),
)  # fmt: skip


def fields_of(step: Step, draft: Mapping[str, Any], younger: bool) -> tuple[str, ...]:
    """Return the fields that a step asks for, as far as they fit what was said before."""
    left_out = set()
    if draft.get("direction") != Direction.MAINTAIN:
        left_out.add("target_high")
    if draft.get("measure") == Measure.YES_NO:
        left_out.add("baseline")
    if younger:
        left_out |= {"doable", "highest"}
    return tuple(name for name in step.fields if name not in left_out)


BY_KEY = {step.key: step for step in STEPS}
# Which step a part that is missing or not right can be mended on.
STEP_OF = {name: step.key for step in reversed(STEPS) for name in step.fields} | {
    "levels": "measure", "highest": "measure", "due": "when",
}  # fmt: skip


def steps_for(grade: int | None) -> tuple[Step, ...]:
    """Return the steps of a learner in that grade; the youngest talk the rest over with the teacher."""
    youngest = grade is not None and grade <= YOUNGEST_GRADE
    return tuple(step for step in STEPS if step.for_youngest or not youngest)


def next_key(steps: tuple[Step, ...], key: str) -> str:
    """Return the step after ``key``; after the last one comes the check."""
    keys = [step.key for step in steps] + [CHECK]
    return keys[keys.index(key) + 1] if key in keys[:-1] else CHECK


def key_before(steps: tuple[Step, ...], key: str) -> str | None:
    """Return the step before ``key``, or None before the first."""
    keys = [step.key for step in steps] + [CHECK]
    at = keys.index(key) if key in keys else 0
    return keys[at - 1] if at else None
