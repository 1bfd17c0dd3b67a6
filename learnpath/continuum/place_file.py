"""A placement from a file, so that anyone can check one without the app. Format: docs/continuum.md."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from learnpath.continuum.facts import Fact, Window
from learnpath.continuum.place import as_json, place
from learnpath.record.verbs import PAYLOAD_KEYS, Relation, Verb
from learnpath.school.calendar import SchoolCalendar, SchoolYear, monday_of


class FileError(Exception):
    """The file does not say what it should; one line says where, and what is expected."""

    def __init__(self, message: str) -> None:
        super().__init__(_on_one_line(message))


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def report(text: str, language: str = "en") -> tuple[dict[str, Any], list[str]]:
    """Return the placement that ``text`` (JSON) asks for, and what in it was passed over.

    Raises FileError with one line that names the place.
    """
    try:
        said = json.loads(text)
    except json.JSONDecodeError as error:
        raise FileError(
            f"line {error.lineno}, column {error.colno}: not JSON ({error.msg})"
        ) from None
    except RecursionError:
        raise FileError("it is nested too deeply") from None
    if not isinstance(said, dict):
        raise FileError('the whole must be an object with "as_of", "calendar" and "events"')
    passed_over: list[str] = []
    as_of = _date(said.get("as_of"), "as_of")
    calendar = _calendar(said.get("calendar"))
    zone = _zone(said.get("time_zone"))
    events = _list(said.get("events"), "events")
    facts = [_fact(one, f"event {n}", zone, passed_over) for n, one in enumerate(events, 1)]
    placement = place(facts, calendar, as_of, _window(said.get("window")))
    return as_json(placement, language), passed_over


def _object(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise FileError(f"{where}: an object is expected, not {_shown(value)}")
    return value


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise FileError(f"{where}: a list is expected, not {_shown(value)}")
    return value


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 40 else shown[:40] + "…"


def _date(value: Any, where: str) -> date:
    try:
        if isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise FileError(f"{where}: a date such as 2025-11-17 is expected, not {_shown(value)}")


def _zone(value: Any) -> ZoneInfo | None:
    if value is None:
        return None
    try:
        return ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise FileError(f"time_zone: {_shown(value)} is not the name of a time zone") from None


def _calendar(value: Any) -> SchoolCalendar:
    said = _object(value, "calendar")
    weeks = {
        monday_of(_date(day, "calendar, weeks"))
        for day in _list(said.get("weeks"), "calendar, weeks")
    }
    if not weeks:
        raise FileError("calendar, weeks: at least one school week is needed")
    years = [_year(one) for one in _list(said.get("years"), "calendar, years")]
    return SchoolCalendar(tuple(sorted(weeks)), tuple(sorted(years, key=lambda year: year.starts)))


def _year(value: Any) -> SchoolYear:
    said = _object(value, "calendar, years")
    starts, ends = (_date(said.get(key), f"calendar, years, {key}") for key in ("start", "end"))
    if ends < starts:
        raise FileError(f"calendar, years: {ends} comes before {starts}")
    return SchoolYear(str(said.get("name", "")), starts, ends)


def _window(value: Any) -> Window | None:
    if value is None:
        return None
    said = _object(value, "window")
    first, last = (_date(said.get(key), f"window, {key}") for key in ("first", "last"))
    if last < first:
        raise FileError(f"window: {last} comes before {first}")
    return Window(first, last)


def _fact(value: Any, where: str, zone: ZoneInfo | None, passed_over: list[str]) -> Fact:
    said = _object(value, where)
    verb = _member(Verb, said.get("verb"), f"{where}, verb")
    relation = _member(Relation, said.get("relation"), f"{where}, relation")
    decided = said.get("decided_by")
    by = relation if decided is None else _member(Relation, decided, f"{where}, decided_by")
    payload = _object(said.get("payload", {}), f"{where}, payload")
    for key in ("week", "day"):
        if payload.get(key) is not None:
            _date(payload[key], f"{where}, payload, {key}")
    _check_cards(payload.get("cards"), f"{where}, payload, cards")
    _check_number(payload.get("number"), f"{where}, payload, number")
    unknown = sorted(payload.keys() - PAYLOAD_KEYS.get(verb, frozenset()))
    if unknown:
        line = f"{where}: {verb} does not say {', '.join(unknown)}; passed over"
        passed_over.append(_on_one_line(line))
    return Fact(_day(said.get("at"), f"{where}, at", zone), verb, by, _about(said, where), payload)


def _check_cards(value: Any, where: str) -> None:
    if value is None:
        return
    for who, number in _object(value, where).items():
        _check_number(number, f"{where}, {who}")


def _check_number(value: Any, where: str) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        raise FileError(f"{where}: a whole number is expected, not {_shown(value)}")


def _about(said: Mapping[str, Any], where: str) -> tuple[str, int | str]:
    thing = _object(said.get("object"), f"{where}, object")
    kind, id = thing.get("type"), thing.get("id")
    if not isinstance(kind, str) or isinstance(id, bool) or not isinstance(id, int | str):
        raise FileError(f'{where}, object: a "type" in words and an "id" are expected')
    return kind, id


def _member(members: Any, value: Any, where: str) -> Any:
    try:
        return members(value)
    except ValueError:
        known = ", ".join(members) if len(members) < 10 else "one of those in docs/continuum.md"
        raise FileError(f"{where}: {_shown(value)} is not known; expected: {known}") from None


def _day(value: Any, where: str, zone: ZoneInfo | None) -> date:
    """Return the school day of a moment: as it is written, or in the file's time zone."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise FileError(
            f"{where}: a moment such as 2025-11-17T09:00:00-07:00 is expected, not {_shown(value)}"
        ) from None
    return (moment.astimezone(zone) if zone and moment.tzinfo else moment).date()
