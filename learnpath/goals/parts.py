"""The parts of a goal: as typed in a draft, as kept in a version, as signed.

A draft holds what was typed, right or not; a version holds what was understood. The signed form is
canonical JSON: the same words give the same bytes for ever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from learnpath.db import canonical_json
from learnpath.errors import WrongInput
from learnpath.goals.models import Confidence, GoalPart, GoalVersion
from learnpath.goals.trend import Direction, Measure
from learnpath.record import Relation
from learnpath.wording import lazy as _l

CANON = 1
BIGGEST = Decimal(1_000_000)
LONGEST_WEEKS = 52
USUAL_WEEKS = 6
# The columns that hold words, with the most letters each takes.
WORDS: dict[str, int] = {
    "what": 300, "why": 600, "can_now": 300, "unit": 60, "source": 200, "doable": 400,
    "stretch": 400, "obstacle": 300, "plan": 300, "helper_how": 300, "competency": 120,
}  # fmt: skip
NUMBERS = ("baseline", "target", "target_high", "highest")
LISTS: dict[str, tuple[int, int]] = {"levels": (8, 120), "actions": (3, 200), "helpers": (4, 20)}
HELPERS = ("me", "teacher", "family", "friend")
DRAFT_KEYS = frozenset(
    {
        *WORDS, *NUMBERS, *LISTS, "measure", "direction", "confidence", "due", "builds_on",
        "rests_on",
    }
)  # fmt: skip
# Which one typed value a suggestion for a part replaces.
FIELD_OF: dict[GoalPart, str] = {
    GoalPart.WHAT: "what",
    GoalPart.WHY: "why",
    GoalPart.NOW: "baseline",
    GoalPart.MEASURE: "source",
    GoalPart.TARGET: "target",
    GoalPart.WHEN: "due",
    GoalPart.WEEKLY: "actions",
    GoalPart.OBSTACLE: "plan",
    GoalPart.HELPER: "helper_how",
}
SIGNED = (
    *WORDS, *NUMBERS, *LISTS, "measure", "direction", "confidence", "starts", "due", "builds_on",
    "language",
)  # fmt: skip


# -- from what was typed ---------------------------------------------------------------------------


def read_number(text: str, field: str) -> Decimal | None:
    """Return the number that a person typed, with a point or a comma; None for nothing.

    Raises WrongInput, for ``field``, for anything else.
    """
    plain = text.strip().replace(" ", "").replace("\u00a0", "").rstrip("%")
    if not plain:
        return None
    if "," in plain and "." not in plain:
        plain = _with_point(plain)
    plain = plain.replace(",", "")
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise WrongInput(field, _l("Type a number, like 24 or 2.5.")) from error
    if not number.is_finite() or abs(number) > BIGGEST:
        raise WrongInput(field, _l("Type a number up to 1,000,000."))
    if number != round(number, 3):
        raise WrongInput(field, _l("Use at most three digits after the point."))
    return Decimal(format(number.normalize(), "f"))


def _with_point(text: str) -> str:
    """``2,5`` is two and a half in Spanish; ``1,200`` is a thousand in English."""
    whole, _comma, rest = text.rpartition(",")
    return text if len(rest) == 3 and whole.lstrip("-") not in {"", "0"} else f"{whole}.{rest}"


def read_day(text: str, field: str) -> date | None:
    """Return the day that was typed as YYYY-MM-DD; None for nothing. Raises WrongInput."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise WrongInput(field, _l("Choose a day from the calendar.")) from error


def lines(value: Any) -> list[str]:
    """Return the lines of a text, or the texts of a list, without empty ones."""
    parts = value.splitlines() if isinstance(value, str) else list(value or ())
    return [text for text in (" ".join(str(part).split()) for part in parts) if text]


def read(draft: Mapping[str, Any], starts: date) -> dict[str, Any]:
    """Return the columns of a version as the draft says them, for a goal that starts on ``starts``.

    Raises WrongInput for the first part that is missing or cannot be taken as it is.
    """
    columns: dict[str, Any] = {key: _words(draft, key, limit) for key, limit in WORDS.items()}
    if not columns["what"]:
        raise WrongInput("what", _l("Say what you want to get better at."))
    columns["measure"] = _one_of(Measure, draft.get("measure"), Measure.COUNT)
    columns["direction"] = _one_of(Direction, draft.get("direction"), Direction.INCREASE)
    columns["confidence"] = _one_of(Confidence, draft.get("confidence"), None)
    columns |= {key: read_number(str(draft.get(key) or ""), key) for key in NUMBERS}
    columns |= {key: _list(draft, key, *limits) for key, limits in LISTS.items()}
    columns["helpers"] = [who for who in columns["helpers"] if who in HELPERS]
    columns["builds_on"] = [dict(entry) for entry in draft.get("builds_on") or ()]
    columns["starts"] = starts
    columns["due"] = read_day(str(draft.get("due") or ""), "due") or starts + timedelta(
        weeks=USUAL_WEEKS
    )
    _fit_together(columns)
    return columns


def _words(draft: Mapping[str, Any], key: str, limit: int) -> str:
    text = str(draft.get(key) or "").strip()
    if len(text) > limit:
        raise WrongInput(key, _l("Use %(limit)s letters or fewer.", limit=limit))
    return text


def _list(draft: Mapping[str, Any], key: str, most: int, limit: int) -> list[str]:
    texts = lines(draft.get(key))
    if len(texts) > most:
        raise WrongInput(key, _l("Use at most %(most)s lines.", most=most))
    if any(len(text) > limit for text in texts):
        raise WrongInput(key, _l("Use %(limit)s letters or fewer.", limit=limit))
    return texts


def _one_of(members: Any, value: Any, otherwise: Any) -> Any:
    return members(value) if value in set(members) else otherwise


def _fit_together(columns: dict[str, Any]) -> None:
    """Raise WrongInput where two parts cannot both be meant."""
    target, high = columns["target"], columns["target_high"]
    if target is None:
        raise WrongInput("target", _l("Say how far you want to go."))
    if columns["direction"] is Direction.MAINTAIN and (high is None or high < target):
        raise WrongInput("target_high", _l("Say the highest number of the range to stay in."))
    if columns["direction"] is not Direction.MAINTAIN:
        columns["target_high"] = None
    if columns["due"] <= columns["starts"]:
        raise WrongInput("due", _l("Choose a day that is still to come."))
    if columns["due"] > columns["starts"] + timedelta(weeks=LONGEST_WEEKS):
        raise WrongInput("due", _l("Choose a day within a year."))
    if columns["measure"] is Measure.RUBRIC:
        _fit_levels(columns)
    else:
        columns["levels"] = []
        _fit_bounds(columns)


def _fit_levels(columns: dict[str, Any]) -> None:
    steps = len(columns["levels"])
    if steps < 2:
        raise WrongInput("levels", _l("Write at least two steps, the first one on top."))
    for key in ("baseline", "target"):
        value = columns[key]
        if value is not None and (value != int(value) or not 1 <= value <= steps):
            raise WrongInput(key, _l("Choose one of your steps: 1 to %(steps)s.", steps=steps))
    columns["highest"] = Decimal(steps)


def _fit_bounds(columns: dict[str, Any]) -> None:
    if columns["measure"] is Measure.PERCENT:
        columns["highest"] = Decimal(100)
    if columns["measure"] is Measure.YES_NO:
        columns["baseline"] = columns["highest"] = None
    for key in ("baseline", "target", "target_high"):
        value = columns[key]
        if value is not None and value < 0:
            raise WrongInput(key, _l("Type a number from 0 up."))
        if value is not None and columns["highest"] is not None and value > columns["highest"]:
            raise WrongInput(key, _l("That is more than the most there can be."))


# -- from a version --------------------------------------------------------------------------------


def as_draft(version: GoalVersion) -> dict[str, Any]:
    """Return a version's parts as a draft to go on from."""
    draft: dict[str, Any] = {key: getattr(version, key) for key in (*WORDS, *LISTS)}
    draft |= {key: as_typed(getattr(version, key)) for key in NUMBERS}
    draft |= {
        "measure": str(version.measure),
        "direction": str(version.direction),
        "confidence": str(version.confidence or ""),
        "due": version.due.isoformat(),
        "builds_on": version.builds_on,
    }
    return draft


def as_typed(value: Decimal | None) -> str:
    """Return a number as a person would type it."""
    return "" if value is None else format(value.normalize(), "f")


def value_of(version: GoalVersion, part: GoalPart) -> str:
    """Return what a version says for a part, as typed."""
    value = as_draft(version)[FIELD_OF[part]]
    return "\n".join(value) if isinstance(value, list) else str(value)


def changed_parts(before: GoalVersion, after: GoalVersion) -> list[str]:
    """Return the names of the columns in which two versions differ."""
    return [key for key in SIGNED if getattr(before, key) != getattr(after, key)]


# -- as signed -------------------------------------------------------------------------------------


def canonical(version: GoalVersion, rests_on: Sequence[Mapping[str, Any]] = ()) -> str:
    """Return the canonical JSON of all that a signer of ``version`` was shown.

    ``rests_on`` names the school data that it rests on; a goal without any is signed as it always was.
    """
    said = {key: _plain(getattr(version, key)) for key in SIGNED}
    if rests_on:
        said["rests_on"] = [dict(one) for one in rests_on]
    return canonical_json(
        {
            "canon": CANON,
            "goal": version.goal_id,
            "learner": version.learner_id,
            "number": version.number,
            "meaning": "This is the goal that we both agree on.",
            "said": said,
        }
    )


def digest(version: GoalVersion, rests_on: Sequence[Mapping[str, Any]] = ()) -> str:
    """Return the SHA-256 of a version's canonical JSON."""
    return hashlib.sha256(canonical(version, rests_on).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return as_typed(value)
    return value.isoformat() if isinstance(value, date) else value


def entries_cited(entries: list[dict[str, str]], by: Relation) -> list[dict[str, str]]:
    """Return profile entries with who chose them; an earlier choice keeps its chooser."""
    return [{**entry, "cited_by": entry.get("cited_by") or str(by)} for entry in entries]
