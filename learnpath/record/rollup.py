"""What of an event goes into the weekly roll-up: its week, and the qualifier that a rule needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from learnpath.record.verbs import Verb

# The payload keys that stay apart in the roll-up, in this order.
QUALIFIERS: dict[Verb, tuple[str, ...]] = {
    Verb.PROFILE_REVISED: ("reason",),
    Verb.PROFILE_SHARED: ("audience",),
    Verb.SUGGESTION_ANSWERED: ("made_by",),
    Verb.TIP_TRIED: ("result",),
    Verb.GOAL_DRAFTED: ("kind",),
    Verb.GOAL_AGREED: ("kind", "drafted_by", "shaped_by", "cited_by", "basis"),
    Verb.GOAL_SHARED: ("audience",),
    Verb.CHECKED_IN: ("measure",),
    Verb.GAP_EXPLAINED: ("reason",),
    Verb.OUTCOME_RECORDED: ("kind",),
    Verb.NEED_STATED: ("kind",),
    Verb.SESSION_HELD: ("kind", "led_by", "present"),
    Verb.CARD_LED: ("led_by",),
    Verb.SUMMARY_SHARED: ("audience",),
    Verb.PROMISE_MADE: ("by",),
    Verb.OBSERVED: ("indicator", "seen"),
}


def qualifier(verb: Verb, payload: Mapping[str, Any]) -> str:
    """Return what keeps this event's facts apart from others of its verb, as short text."""
    return ";".join(_plain(payload.get(key)) for key in QUALIFIERS.get(verb, ()))


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "+".join(sorted(str(part) for part in value))
    return "" if value is None else str(value)


def week_of(at: datetime, zone: str, payload: Mapping[str, Any]) -> date:
    """Return the Monday of the week that an event counts for.

    A check-in says which week it is about (``week``); all else counts when it happened, in school time.
    """
    named = payload.get("week")
    day = date.fromisoformat(named) if named else at.astimezone(ZoneInfo(zone)).date()
    return day - timedelta(days=day.weekday())
