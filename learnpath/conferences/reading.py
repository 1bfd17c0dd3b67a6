"""A frozen summary, ready to be shown: days as days, and translations beside people's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import Session

from learnpath.conferences.summary import translations_of
from learnpath.goals.progress import GoalProgress
from learnpath.people.models import Language
from learnpath.record import Relation
from learnpath.wording import lazy as _l

MOST_WEEKS = 12
# About how many signs one sheet takes in each size of letters; a goal with its chart needs the room of many.
GOAL_IN_SIGNS = 900
DENSITIES = ((2500, ""), (3800, "much"), (5200, "very-much"))
THE_FAMILY = _l("the family")


@dataclass(frozen=True)
class ShownPromise:
    """A promise as the summary has it."""

    by: Relation
    who: str
    text: str
    due: date | None


@dataclass(frozen=True)
class ShownSummary:
    """A summary's content with days as days, and the words of a translation beside people's words."""

    learner: str
    language: str
    school: str
    phone: str
    day: date
    there: Sequence[str]
    led: int
    parts: int
    own_words: str
    goals: Sequence[Mapping[str, Any]]
    work: Sequence[Mapping[str, str]]
    hard: Mapping[str, str]
    teacher: Mapping[str, str]
    promises: Sequence[ShownPromise]
    # Translations stand beside the words, and need room on the paper too.
    signs_beside: int = 0

    @property
    def density(self) -> str:
        """How much there is for one sheet of paper: a class of the style sheet, empty when it is little.

        Smaller than "very-much" nobody can read: what needs more room gets a second sheet.
        """
        texts = [
            self.own_words, self.teacher["words"], *self.hard.values(),
            *(text for piece in self.work for text in piece.values()),
            *(promise.text for promise in self.promises),
        ]  # fmt: skip
        signs = sum(map(len, texts)) + GOAL_IN_SIGNS * len(self.goals) + self.signs_beside
        return next((name for most, name in DENSITIES if signs <= most), "sheets")


def shown(
    content: Mapping[str, Any], beside: Mapping[str, Translated] | None = None
) -> ShownSummary:
    """Return a summary's content in the shape that its page needs, with translations ``beside`` it."""
    there = content["there"]
    people = [there["learner"]] if "learner" in there["relations"] else []
    if "family" in there["relations"] or there["family"]:
        people.append(there["family"] or str(THE_FAMILY))
    return ShownSummary(
        content["learner"], content["language"], content["school"]["name"],
        content["school"]["phone"], date.fromisoformat(content["day"]),
        [*people, *there["teachers"]], content["cards"]["led_by_learner"], content["cards"]["all"],
        content["own_words"], [_goal(goal) for goal in content["goals"]], content["work"],
        content["hard"],
        content["teacher"],
        [
            ShownPromise(
                Relation(promise["by"]), promise["who"], promise["text"],
                date.fromisoformat(promise["due"]) if promise["due"] else None,
            )
            for promise in content["promises"]
        ],
        sum(len(one.text) for one in (beside or {}).values()),
    )  # fmt: skip


def _goal(goal: Mapping[str, Any]) -> dict[str, Any]:
    """Return a goal of a summary. Its table has the last weeks; the chart above has them all."""
    if not goal["progress"]:
        return {**goal, "progress": None, "weeks": 0}
    whole = GoalProgress.from_json(goal["progress"])
    weeks = len(whole.rows)
    return {**goal, "progress": replace(whole, rows=whole.rows[:MOST_WEEKS]), "weeks": weeks}


@dataclass(frozen=True)
class Translated:
    """Somebody's words in another language, with the name of who put them so."""

    text: str
    by: str


def translated(session: Session, summary_id: int, language: Language) -> dict[str, Translated]:
    """Return the translations of a summary into ``language``, by the part that they stand beside."""
    return {
        row.part: Translated(row.text, row.translated_by)
        for row in translations_of(session, summary_id, language)
    }
