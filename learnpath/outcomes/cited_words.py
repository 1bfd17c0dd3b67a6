"""School data that something rests on, in words for a page."""

from __future__ import annotations

from decimal import Decimal

from babel.dates import format_skeleton
from babel.numbers import format_decimal
from flask_babel import get_locale, ngettext

from learnpath.outcomes.cited import Cited
from learnpath.outcomes.models import OutcomeKind
from learnpath.wording import lazy as _l, number_locale


def line(one: Cited) -> str:
    """Return a value in one line, or the learner's words with what they are about."""
    if one.need:
        return str(_l("“%(words)s” (about %(what)s)", words=one.need, what=named(one)))
    value = _value(one)
    return f"{named(one)}: {value}" if value else named(one)


def named(one: Cited) -> str:
    """Return what was looked at, where it comes from, and the day."""
    day = format_skeleton("yMMMd", one.day, locale=get_locale() or "en") if one.day else ""
    return ", ".join(part for part in (one.name, one.source, day) if part)


def _value(one: Cited) -> str:
    if one.value is None:
        return ""
    if one.days is not None:
        return _counted(one)
    words = _number(one.value)
    if one.scale:
        words = f"{words} {one.scale}"
    elif one.maximum is not None:
        words = f"{words} {_l('of %(most)s', most=_number(one.maximum))}"
    return f"{words}, {one.said}" if one.said else words


def _counted(one: Cited) -> str:
    days = one.days or 0
    if one.kind is OutcomeKind.ATTENDANCE:
        there = _number(one.there)
        return str(
            ngettext("%(there)s of %(num)s day", "%(there)s of %(num)s days", days, there=there)
        )
    return str(ngettext("written down once", "written down %(num)s times", days))


def _number(value: Decimal | None) -> str:
    return "" if value is None else format_decimal(value, locale=number_locale())
