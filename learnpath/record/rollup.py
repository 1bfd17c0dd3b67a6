"""What of an event goes into the weekly roll-up: its weeks, its thing, and the qualifier that a rule needs."""

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
    Verb.GOAL_AGREED: ("kind", "drafted_by", "shaped_by", "cited_by", "cites", "number", "basis"),
    Verb.GOAL_SHARED: ("audience",),
    Verb.CHECKED_IN: ("measure",),
    Verb.GAP_EXPLAINED: ("reason",),
    Verb.OUTCOME_RECORDED: ("kind",),
    Verb.NEED_STATED: ("kind",),
    Verb.SESSION_HELD: ("kind", "led_by", "present", "cards"),
    Verb.CARD_LED: ("led_by", "card"),
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
    if isinstance(value, Mapping):
        return "+".join(sorted(f"{key}:{part}" for key, part in value.items()))
    return "" if value is None else str(value)


def week_of(at: datetime, zone: str, payload: Mapping[str, Any], verb: Verb | None = None) -> date:
    """Return the Monday of the week that an event counts for.

    A check-in says which week it is about (``week``), what a person saw says on which ``day`` it was; all
    else counts when it happened, in school time.
    """
    named = payload.get("week") or (payload.get("day") if verb is Verb.OBSERVED else None)
    return _monday(date.fromisoformat(named)) if named else told_in(at, zone)


def told_in(at: datetime, zone: str) -> date:
    """Return the Monday of the week in which the record was told of it, in school time.

    It is later than the week that the event counts for when somebody adds what was before: a count for
    a day that is gone leaves out what nobody had told by then.
    """
    return _monday(at.astimezone(ZoneInfo(zone)).date())


def thing_of(object_type: str, object_id: int) -> str:
    """Return the name of the thing that an event is about: facts about two things are two facts."""
    return f"{object_type}:{object_id}"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
