"""The one clock: every ``now`` in the app comes from here, so that tests and the demo can stand anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_standing_at: ContextVar[datetime | None] = ContextVar("standing_at", default=None)
_installed: list[datetime] = []


def now() -> datetime:
    """Return the present moment, aware and in UTC."""
    standing = _standing_at.get()
    if standing is not None:
        return standing
    if _installed:
        return _installed[0]
    return datetime.now(UTC)


def today(time_zone: str) -> date:
    """Return the calendar day that people in ``time_zone`` are living."""
    return now().astimezone(ZoneInfo(time_zone)).date()


def school_day(moment: datetime, time_zone: str) -> date:
    """Return the calendar day on which something happened for people in ``time_zone``.

    The day of the moment itself is the day in Greenwich: after five in the evening in Denver it is tomorrow.
    Raises ValueError for a naive datetime.
    """
    return _aware(moment).astimezone(ZoneInfo(time_zone)).date()


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let ``now`` be ``moment`` inside the block, in this context only.

    Raises ValueError for a naive datetime: the clock is aware everywhere.
    """
    token = _standing_at.set(_aware(moment))
    try:
        yield
    finally:
        _standing_at.reset(token)


def install(moment: datetime | None) -> None:
    """Stop the clock of the whole process at ``moment`` (``LEARNPATH_NOW``), or let it run again."""
    _installed[:] = [] if moment is None else [_aware(moment)]


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("the clock needs an aware datetime")
    return moment.astimezone(UTC)
