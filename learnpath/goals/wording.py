"""The words for goals: what each choice, number and week is called. Whole sentences are in ``sentences``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_skeleton
from flask_babel import LazyString, get_locale

from learnpath.goals.band import Growth
from learnpath.goals.models import (
    Answer,
    ChangeReason,
    Confidence,
    Feel,
    GapReason,
    GoalPart,
    GoalState,
    GoalVersion,
    MessageKind,
    StrategyChange,
)
from learnpath.goals.parts import as_typed
from learnpath.goals.progress import GoalProgress
from learnpath.goals.progress_told import Reader, Told
from learnpath.goals.progress_words import notes_for_teachers, sentences as told_sentences
from learnpath.goals.trend import Direction, Measure
from learnpath.people.models import Person
from learnpath.record import Relation
from learnpath.wording import lazy as _l, number

SMALL_KILOBYTES = 100
STATES: dict[GoalState, LazyString] = {
    GoalState.DRAFT: _l("You are writing it"),
    GoalState.WITH_TEACHER: _l("Your teacher has it"),
    GoalState.TALK: _l("Let's talk about it"),
    GoalState.WITH_LEARNER: _l("It is your turn"),
    GoalState.AGREED: _l("Both agreed"),
    GoalState.REACHED: _l("Reached"),
    GoalState.CLOSED: _l("Closed"),
    GoalState.CARRIED_ON: _l("Carried on"),
}
# The same for everybody who is not the learner.
STATES_FOR_OTHERS: dict[GoalState, LazyString] = {
    **STATES,
    GoalState.DRAFT: _l("Being written"),
    GoalState.WITH_TEACHER: _l("Waits for the teacher"),
    GoalState.TALK: _l("A talk is planned"),
    GoalState.WITH_LEARNER: _l("Waits for the learner"),
}
PARTS: dict[GoalPart, LazyString] = {
    GoalPart.WHAT: _l("What"),
    GoalPart.WHY: _l("Why it matters"),
    GoalPart.NOW: _l("Where I am now"),
    GoalPart.MEASURE: _l("How we will see it"),
    GoalPart.TARGET: _l("How far"),
    GoalPart.WHEN: _l("By when"),
    GoalPart.WEEKLY: _l("Each week"),
    GoalPart.OBSTACLE: _l("If something gets in the way"),
    GoalPart.HELPER: _l("Who helps"),
}
# The same names by the step of the wizard that asks for the part.
PARTS_BY_STEP: dict[str, LazyString] = {str(part): name for part, name in PARTS.items()}
MEASURES: dict[Measure, LazyString] = {
    Measure.COUNT: _l("I count something"),
    Measure.MINUTES: _l("Minutes"),
    Measure.PERCENT: _l("Percent"),
    Measure.SCORE: _l("A score"),
    Measure.RUBRIC: _l("Steps in words"),
    Measure.YES_NO: _l("Yes or no each week"),
}
DIRECTIONS: dict[Direction, LazyString] = {
    Direction.INCREASE: _l("Up: I want more of it"),
    Direction.DECREASE: _l("Down: I want less of it"),
    Direction.MAINTAIN: _l("Keep it in a range"),
}
CONFIDENCES: dict[Confidence, LazyString] = {
    Confidence.ALREADY: _l("I can already do this"),
    Confidence.WITH_WORK: _l("I can with work"),
    Confidence.NOT_SURE: _l("I am not sure I could"),
}
HELPERS: dict[str, LazyString] = {
    "me": _l("I do it myself"),
    "teacher": _l("My teacher"),
    "family": _l("My family"),
    "friend": _l("A friend"),
}
REASONS: dict[ChangeReason, LazyString] = {
    ChangeReason.LEARNED: _l("I learned something new"),
    ChangeReason.TOO_BIG: _l("It was too big"),
    ChangeReason.TOO_EASY: _l("It was too easy"),
    ChangeReason.LIFE: _l("Life got busy"),
    ChangeReason.NOT_IMPORTANT: _l("It is not important to me now"),
    ChangeReason.IDEA: _l("Somebody had an idea"),
    ChangeReason.OTHER: _l("Something else"),
}
FEELS: dict[Feel, LazyString] = {
    Feel.SMOOTH: _l("Smooth"),
    Feel.BUMPS: _l("Some bumps"),
    Feel.STUCK: _l("Stuck"),
}
NOT_THIS_WEEK = "not_this_week"
FEEL_ICONS = {
    "smooth": "waves", "bumps": "mountain", "stuck": "hand-helping", NOT_THIS_WEEK: "calendar-off",
}  # fmt: skip
GAPS: dict[GapReason, LazyString] = {
    GapReason.NO_CLASS: _l("There was no class"),
    GapReason.SICK: _l("I was sick"),
    GapReason.TRAVEL: _l("I was away"),
    GapReason.BREAK: _l("I needed a break"),
    GapReason.FORGOT: _l("I forgot"),
    GapReason.OTHER: _l("Something else"),
}
ANSWERS: dict[Answer, LazyString] = {
    Answer.KEPT_MINE: _l("Kept my words"),
    Answer.USED_IT: _l("Used this idea"),
    Answer.WROTE_NEW: _l("Wrote a new one"),
}
MESSAGES: dict[MessageKind, LazyString] = {
    MessageKind.COMMENT: _l("wrote"),
    MessageKind.QUESTION: _l("asks"),
    MessageKind.TALK_PLANNED: _l("would like to talk"),
    MessageKind.TALK_NOTED: _l("noted a talk"),
}
RELATIONS: dict[Relation, LazyString] = {
    Relation.LEARNER: _l("Learner"),
    Relation.TEACHER: _l("Teacher"),
    Relation.TOGETHER: _l("Learner and teacher together"),
    Relation.FAMILY: _l("Family"),
    Relation.PEER: _l("Classmate"),
    Relation.SCHOOL: _l("School"),
}
# Questions to think with, by key: younger learners get the first three.
PROMPTS: dict[str, LazyString] = {
    "can_now": _l("One thing I can do now that I could not do before:"),
    "try_again": _l("The part I had to try again was:"),
    "next": _l("Next I will try:"),
    "evidence": _l("What best shows my progress, and why:"),
    "strategy": _l("A way of working that I changed, and what happened:"),
    "not_in_numbers": _l("One thing that the numbers do not show:"),
    "trend": _l("My progress in my own words:"),
}
YOUNGER_PROMPTS = ("can_now", "try_again", "next")
OLDER_PROMPTS = ("evidence", "strategy", "not_in_numbers")


def feel(key: str) -> LazyString:
    """Return how a week felt, in words."""
    return FEELS[Feel(key)]


def gap(key: str) -> LazyString:
    """Return why a week has no number, in words."""
    return GAPS[GapReason(key)]


def relation(key: str) -> LazyString:
    """Return as what somebody acted, in words."""
    return RELATIONS[Relation(key)]


def prompts_for(learner: Person) -> tuple[str, ...]:
    """Return the keys of the questions that fit a learner's age."""
    return YOUNGER_PROMPTS if learner.younger else OLDER_PROMPTS


def short_link(url: str) -> str:
    """Return where a link leads, in short: its site and the end of its path."""
    address = urlsplit(url)
    last = address.path.rstrip("/").rpartition("/")[2]
    return f"{address.hostname}/…/{last}"[:80] if last else str(address.hostname)


def growth_words(growth: Growth, draft: Mapping[str, Any]) -> str:
    """Return what a teacher finds usual, as the learner reads it beside the question how far to go."""
    low, high = number(growth.usual), number(growth.ambitious)
    if draft.get("direction") == Direction.DECREASE:
        return str(
            _l(
                "Your teacher says: %(low)s to %(high)s less each week is a good size for most.",
                low=low,
                high=high,
            )
        )
    return str(
        _l(
            "Your teacher says: %(low)s to %(high)s more each week is a good size for most.",
            low=low,
            high=high,
        )
    )


def file_size(size: int | None) -> str:
    """Return how large a file is, as people say it."""
    kilobytes = (size or 0) / 1024
    if kilobytes < SMALL_KILOBYTES:
        return str(_l("%(size)s KB", size=max(1, round(kilobytes))))
    megabytes = number(round(kilobytes / 1024, 1))
    return str(_l("%(size)s MB", size=megabytes))


def reason_words(change: GoalVersion | StrategyChange) -> str:
    """Return why something was changed: the chosen reason, and own words if there are any."""
    chosen = str(REASONS[change.reason]) if change.reason else ""
    return f"{chosen}: {change.reason_words}" if change.reason_words else chosen


def typed_part(draft: Mapping[str, Any], step: str) -> str:
    """Return what a draft says for a step of the wizard, as it was typed."""
    if step == "measure":
        kind = MEASURES[Measure(draft.get("measure") or Measure.COUNT)]
        return " · ".join(
            part for part in (str(kind), draft.get("unit"), draft.get("source")) if part
        )
    if step == "when":
        due = str(draft.get("due") or "")
        return day(date.fromisoformat(due)) if due else ""
    keys = {
        "what": ("what",), "why": ("why",), "now": ("can_now", "baseline"),
        "target": ("target", "target_high", "stretch"), "weekly": ("actions",),
        "obstacle": ("obstacle", "plan"), "helper": ("helpers", "helper_how"),
    }[step]  # fmt: skip
    return " · ".join(part for part in (_as_text(draft.get(key), key) for key in keys) if part)


def _as_text(value: Any, key: str) -> str:
    if key == "helpers":
        return ", ".join(str(HELPERS[who]) for who in value or () if who in HELPERS)
    return "; ".join(value) if isinstance(value, list) else str(value or "")


# -- numbers and days ------------------------------------------------------------------------------


def day(value: date) -> str:
    """Return a day in short, as the reader's language writes it."""
    return format_skeleton("MMMd", value, locale=get_locale() or "en")


def amount(version: GoalVersion, value: Decimal | None) -> str:
    """Return a value of the goal's measure with what it counts: "24 facts", "60%", "Step 2: I say why"."""
    if value is None:
        return str(_l("not known yet"))
    if version.measure is Measure.RUBRIC:
        return level(version.levels, value)
    if version.measure is Measure.PERCENT:
        return str(_l("%(number)s percent", number=number(value)))
    if version.measure is Measure.YES_NO:
        return str(_l("a yes in %(number)s weeks", number=number(value)))
    unit = version.unit or (_l("minutes") if version.measure is Measure.MINUTES else "")
    return f"{number(value)} {unit}".strip()


def typed(value: Decimal | None) -> str:
    """Return a number as a person would type it."""
    return as_typed(value)


def week_value(version: GoalVersion, value: Decimal | None) -> str:
    """Return what one week's value says."""
    if version.measure is Measure.YES_NO and value is not None:
        return str(_l("Yes") if value else _l("No"))
    return amount(version, value) if value is not None else ""


def level(levels: Sequence[str], value: Decimal) -> str:
    """Return the learner's own words for a step."""
    place = int(value)
    return levels[place - 1] if 1 <= place <= len(levels) else number(value)


# -- progress ---------------------------------------------------------------------------------------


def progress_words(progress: GoalProgress, reader: Reader | str) -> list[LazyString]:
    """Return what a reader is told about a goal's progress, the most important first."""
    return told_sentences(_told(progress), Reader(reader))


def progress_notes(progress: GoalProgress, reader: Reader | str) -> list[LazyString]:
    """Return what a teacher should know about an estimate; nothing for others, or as long as there is none."""
    estimated = progress.trend.label and progress.trend.line
    return notes_for_teachers(_told(progress)) if reader == Reader.TEACHER and estimated else []


def _told(progress: GoalProgress) -> Told:
    return Told(
        progress.aim, progress.trend, progress.due or date.max, progress.called, progress.levels,
        progress.baseline_looks,
    )  # fmt: skip


def earlier_values(progress: GoalProgress, values: Iterable[str]) -> str:
    """Return the values that a week had before it was corrected."""
    return ", ".join(row_value(progress, value) or str(_l("No number")) for value in values)


def row_value(progress: GoalProgress, value: str) -> str:
    """Return the value of a row of the table as people read it."""
    if not value:
        return ""
    exact = Decimal(value)
    if progress.aim.measure is Measure.YES_NO:
        return str(_l("Yes") if exact else _l("No"))
    return level(progress.levels, exact) if progress.levels else number(exact)


def label_of(version: GoalVersion, part: GoalPart, words: str) -> str:
    """Return a suggested or present value of a part as people read it."""
    try:
        if part in (GoalPart.NOW, GoalPart.TARGET) and words:
            return amount(version, Decimal(words))
        if part is GoalPart.WHEN and words:
            return day(date.fromisoformat(words))
    except (ArithmeticError, ValueError):
        return words
    return words
