"""The SMART coach: questions about a goal in the making. Never a score, never a stop.

Pure: a draft in, hints out. Each rule is a row of ``RULES``; the words it looks for are data, in English and
Spanish. SMART is Specific, Measurable, Achievable, Rigorous, Timely: the fourth asks the learner to stretch.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from re import findall
from typing import Any

from learnpath.goals.trend import TREND_FROM, Direction, Measure, OwnRate
from learnpath.wording import lazy as _l

WORDS_FILE = Path(__file__).with_name("smart_words.json")
FAR_WEEKS = 12
GENTLE, ABOUT, AMBITIOUS = 1.0, 1.5, 2.0


@dataclass(frozen=True)
class GoalDraft:
    """What the coach looks at. Anything may be missing: the goal is being written.

    ``weeks`` are the school weeks to the due date. ``usual_low`` and ``usual_high`` are the teacher's
    words for how far most people go, as a change from the baseline. ``own_rate`` is the learner's own
    earlier pace on the same measure, ``up_and_down`` its usual spread.
    """

    what: str = ""
    measure: Measure | None = None
    baseline: float | None = None
    target: float | None = None
    direction: Direction = Direction.INCREASE
    low: float | None = None
    high: float | None = None
    highest: float | None = None
    confidence: str = ""
    weeks: float | None = None
    actions: tuple[str, ...] = ()
    plan: str = ""
    usual_low: float | None = None
    usual_high: float | None = None
    own_rate: OwnRate | None = None
    up_and_down: float | None = None

    @property
    def way(self) -> float | None:
        """How far the goal goes in its own direction; negative when it goes the other way."""
        if self.baseline is None or self.target is None or self.keeps or self.by_weeks:
            return None
        way = self.target - self.baseline
        return -way if self.direction is Direction.DECREASE else way

    @property
    def keeps(self) -> bool:
        """The goal is to stay within a range."""
        return self.direction is Direction.MAINTAIN

    @property
    def by_weeks(self) -> bool:
        """The goal counts weeks with yes: there is no way from a baseline."""
        return self.measure is Measure.YES_NO


@dataclass(frozen=True)
class Choice:
    """Something that the learner can do about a hint with one press."""

    key: str
    label: Any


@dataclass(frozen=True)
class Hint:
    """A question about one part of the goal, in the reader's language."""

    key: str
    part: str
    text: Any
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Rule:
    """When to ask what about which part."""

    key: str
    part: str
    fires: Callable[[GoalDraft], bool]
    text: Any
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Letter:
    """One letter of SMART, in a learner's words, and whether the goal has it yet."""

    letter: str
    name: Any
    here: bool

    @property
    def word(self) -> Any:
        """What is said beside the letter."""
        return _l("Here") if self.here else _l("Let's add")


def hints(draft: GoalDraft, part: str = "") -> list[Hint]:
    """Return the coach's questions about the draft, or about one part of it, in the wizard's order."""
    return [
        Hint(rule.key, rule.part, rule.text, rule.choices)
        for rule in RULES
        if part in ("", rule.part) and rule.fires(draft)
    ]


def letters(draft: GoalDraft) -> list[Letter]:
    """Return the five letters and whether each is here."""
    asked = {hint.key for hint in hints(draft)}
    counted = draft.measure is not None and draft.target is not None
    known = draft.baseline is not None or draft.keeps or draft.by_weeks
    stretch = draft.confidence in ("with_work", "not_sure") and not asked & {"same", "other_way"}
    return [
        Letter("S", _l("Clear"), bool(draft.what.strip()) and "vague" not in asked),
        Letter("M", _l("I can count it or see it"), counted and known),
        Letter("A", _l("I can do it with work"), draft.confidence in ("already", "with_work")),
        Letter("R", _l("It makes me stretch"), stretch),
        Letter("T", _l("By when"), draft.weeks is not None),
    ]


# -- words ------------------------------------------------------------------------------------------


@cache
def _words(kind: str) -> tuple[str, ...]:
    lists = json.loads(WORDS_FILE.read_text(encoding="utf-8"))
    return tuple(word for language in ("en", "es") for word in lists[language][kind])


def plain(text: str) -> str:
    """Return ``text`` as small words without accents, one space around each."""
    apart = unicodedata.normalize("NFD", text.casefold().replace("'", "").replace("’", ""))
    bare = "".join(c for c in apart if not unicodedata.combining(c))
    return " ".join(["", *findall(r"[^\W_]+", bare), ""])


def _says(text: str, kind: str) -> bool:
    return any(f" {word} " in text for word in _words(kind))


def _after(text: str, kind: str) -> list[str]:
    """Return what follows each word of that kind in ``text``."""
    return [
        rest for word in _words(kind) for rest in text.split(f" {word} ")[1:] if f" {word} " in text
    ]


def _begins(rest: str, kind: str) -> bool:
    return any(f" {rest} ".startswith(f" {word} ") for word in _words(kind))


def _has_number(text: str) -> bool:
    return any(c.isdigit() for c in text) or _says(text, "numbers")


def _is_vague(draft: GoalDraft) -> bool:
    text = plain(draft.what)
    return draft.measure is None and _says(text, "vague") and not _has_number(text)


def _is_two(draft: GoalDraft) -> bool:
    joined = _after(plain(draft.what), "joiners")
    return len(joined) > 1 or any(_begins(rest, "clause_starts") for rest in joined)


def _is_up_to_others(draft: GoalDraft) -> bool:
    return _says(plain(draft.what), "up_to_others")


def _compares(draft: GoalDraft) -> bool:
    return any(
        rest.strip() and not rest.strip()[0].isdigit() and not _begins(rest.strip(), "own")
        for rest in _after(plain(draft.what), "than")
    )


def _avoids(draft: GoalDraft) -> bool:
    return _says(plain(draft.what), "avoids") and not any(a.strip() for a in draft.actions)


# -- numbers ----------------------------------------------------------------------------------------


def _no_baseline(draft: GoalDraft) -> bool:
    asks = draft.target is not None or draft.measure is not None
    return asks and draft.baseline is None and not draft.keeps and not draft.by_weeks


def _is_same(draft: GoalDraft) -> bool:
    return draft.way == 0


def _is_other_way(draft: GoalDraft) -> bool:
    return draft.way is not None and draft.way < 0


def _is_over_band(draft: GoalDraft) -> bool:
    return draft.way is not None and draft.usual_high is not None and draft.way > draft.usual_high


def _is_under_band(draft: GoalDraft) -> bool:
    return draft.way is not None and draft.usual_low is not None and 0 < draft.way < draft.usual_low


def _is_beyond_scale(draft: GoalDraft) -> bool:
    top = 100.0 if draft.measure is Measure.PERCENT and draft.highest is None else draft.highest
    return draft.target is not None and top is not None and draft.target > top


def _is_short(draft: GoalDraft) -> bool:
    return draft.weeks is not None and 0 < draft.weeks < TREND_FROM


def _is_far(draft: GoalDraft) -> bool:
    return draft.weeks is not None and draft.weeks > FAR_WEEKS


def _is_small(draft: GoalDraft) -> bool:
    return bool(draft.up_and_down and draft.way and 0 < draft.way < 2 * draft.up_and_down)


def pace(draft: GoalDraft) -> float | None:
    """Return the pace that the goal asks for as a multiple of the learner's own earlier pace.

    None when there is no such pace, or when it went the other way.
    """
    if draft.way is None or draft.way <= 0 or not draft.weeks or draft.weeks < 0:
        return None
    own = draft.own_rate.a_week if draft.own_rate else 0.0
    own = -own if draft.direction is Direction.DECREASE else own
    return draft.way / draft.weeks / own if own > 0 else None


def _pace_in(low: float, high: float) -> Callable[[GoalDraft], bool]:
    def fires(draft: GoalDraft) -> bool:
        asked = pace(draft)
        return asked is not None and low <= asked < high

    return fires


KEEP, STEP = Choice("keep", _l("Keep it")), Choice("step", _l("Add a first step"))

RULES: tuple[Rule, ...] = (
    Rule(
        "vague", "what", _is_vague,
        _l("Clear start. How could someone see it? Add a number, or what it would look like."),
    ),
    Rule("two", "what", _is_two, _l("This might be two goals. Which one first?")),
    Rule(
        "up_to_others", "what", _is_up_to_others,
        _l("Part of this is up to others. What part is up to you?"),
    ),
    Rule("compares", "what", _compares, _l("Let's measure you with you. What would you like to see?")),
    Rule("avoids", "what", _avoids, _l("You know what you want less of. What will you do instead?")),
    Rule(
        "no_baseline", "now", _no_baseline,
        _l("Where are you now? It is fine to ask your teacher."),
    ),
    Rule("same", "target", _is_same, _l("That is where you are today. How far would you like to go?")),
    Rule(
        "other_way", "target", _is_other_way,
        _l("You are past that already. How far would you like to go from here?"),
    ),
    Rule(
        "over_band", "target", _is_over_band,
        _l("That is a big jump. Do you want a first step on the way?"), (KEEP, STEP),
    ),
    Rule(
        "under_band", "target", _is_under_band,
        _l("Most people go a bit further. Is this the right size for you now?"),
    ),
    Rule(
        "beyond_scale", "target", _is_beyond_scale,
        _l("The scale ends before that number. What would the top look like for you?"),
    ),
    Rule(
        "already", "target", lambda draft: draft.confidence == "already",
        _l("You can do this already. What would make you stretch?"),
    ),
    Rule(
        "not_sure", "target", lambda draft: draft.confidence == "not_sure",
        _l("Brave. Who could help, or what is a smaller first step?"),
    ),
    Rule(
        "pace_gentle", "target", _pace_in(0.0, GENTLE),
        _l("This is gentler than your own pace lately. Do you want it to ask a bit more of you?"),
    ),
    Rule(
        "pace_about", "target", _pace_in(GENTLE, ABOUT),
        _l("This is about your pace, or a little more. Does that feel right?"),
    ),
    Rule(
        "pace_ambitious", "target", _pace_in(ABOUT, AMBITIOUS),
        _l("This asks for more than your own pace lately. What will you do in a new way?"),
    ),
    Rule(
        "pace_steep", "target", _pace_in(AMBITIOUS, float("inf")),
        _l("This is twice your own pace or more. Do you want a first step on the way?"), (KEEP, STEP),
    ),
    Rule(
        "small", "target", _is_small,
        _l("This is smaller than your usual up and down. How would you know that it changed?"),
    ),
    Rule(
        "short", "when", _is_short,
        _l("Fewer than six check-ins fit in. That is too short to see a direction. Is that fine?"),
    ),
    Rule("far", "when", _is_far, _l("That is far away. Would you like to pick a check point sooner?")),
)  # fmt: skip
