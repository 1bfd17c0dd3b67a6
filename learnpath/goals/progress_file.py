"""``learnpath progress FILE.json``: a goal and its log as JSON in, its progress as JSON out.

The format is described in ``docs/progress.md``. Everything is checked before anything is worked out, and a
wrong file is refused with one sentence that names the place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from math import isfinite
from typing import Any, NoReturn, TypeVar

from learnpath.goals.progress_answer import answer
from learnpath.goals.trend import Aim, Direction, Measure, Point, points_from_dates
from learnpath.school.calendar import Break, SchoolCalendar, SchoolYear, monday_of

MOST_POINTS = 1000
MOST_CASES = 1000
LARGEST = 1e12
LARGEST_WEEK = 10_000
LONGEST_DAYS = 20 * 366
LISTS = ("cases", "examples")
Object = Mapping[str, Any]
Choice = TypeVar("Choice", bound=StrEnum)


class WrongFile(ValueError):
    """The file cannot be read as a goal and its log; the text names the place."""


def report(text: str) -> dict[str, Any]:
    """Return the progress of the goal (or of each of the ``cases``) that ``text`` tells of.

    Raises WrongFile with one sentence that names the place in the file when it is wrong.
    """
    try:
        content = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise WrongFile(f"it is not JSON: {error.msg} at {where}") from error
    except RecursionError as error:
        raise WrongFile("it is nested too deeply") from error
    if isinstance(content, list):
        return {"cases": _cases(content, "cases")}
    for name in LISTS:
        if isinstance(content, dict) and name in content:
            return {name: _cases(content[name], name)}
    return _case(_object(content, "the file"), "")


def _no_number(name: str) -> NoReturn:
    raise WrongFile(f"{name} is not a number")


def _cases(content: object, name: str) -> list[dict[str, Any]]:
    if not isinstance(content, list):
        raise WrongFile(f"{name} must be a list")
    if len(content) > MOST_CASES:
        raise WrongFile(f"{name} has more than {MOST_CASES} entries")
    results = []
    for place, case in enumerate(content):
        where = f"{name}[{place}]"
        named = _object(case, where)
        results.append({"id": named.get("id", place), **_case(named, f"{where}.")})
    return results


# -- reading ------------------------------------------------------------------------------------------


def _case(case: Object, at: str) -> dict[str, Any]:
    goal = _object(case.get("goal"), f"{at}goal")
    series = case.get("series")
    if not isinstance(series, list):
        raise WrongFile(f"{at}series must be a list of entries")
    if len(series) > MOST_POINTS:
        raise WrongFile(f"{at}series has more than {MOST_POINTS} entries")
    entries = [_object(entry, f"{at}series[{n}]") for n, entry in enumerate(series)]
    if _is_dated(goal, entries):
        return _dated(case, goal, entries, at)
    aim = _aim(goal, _week(goal.get("due_week"), f"{at}goal.due_week"), f"{at}goal")
    points = [
        Point(_week(entry.get("week"), f"{at}series[{n}].week"), *_said(entry, f"{at}series[{n}]"))
        for n, entry in enumerate(entries)
    ]
    changes = [
        _week(change, f"{at}goal.changes[{n}]")
        for n, change in enumerate(_list(goal.get("changes"), f"{at}goal.changes"))
    ]
    now = None if case.get("as_of") is None else _week(case["as_of"], f"{at}as_of")
    return answer(aim, points, now, changes, _gap(goal, f"{at}goal.new_phase_after"))


def _is_dated(goal: Object, entries: list[Object]) -> bool:
    return "start" in goal or "due" in goal or any("date" in entry for entry in entries)


def _dated(case: Object, goal: Object, entries: list[Object], at: str) -> dict[str, Any]:
    start, due = (
        _date(goal.get("start"), f"{at}goal.start"),
        _date(goal.get("due"), f"{at}goal.due"),
    )
    days = [_date(entry.get("date"), f"{at}series[{n}].date") for n, entry in enumerate(entries)]
    changed = [
        _date(change, f"{at}goal.changes[{n}]")
        for n, change in enumerate(_list(goal.get("changes"), f"{at}goal.changes"))
    ]
    as_of = None if case.get("as_of") is None else _date(case["as_of"], f"{at}as_of")
    for day in [due, *days, *changed, *([as_of] if as_of else [])]:
        if abs((day - start).days) > LONGEST_DAYS:
            raise WrongFile(f"{at}goal.start and {day} are more than 20 years apart")
    calendar = _calendar(case.get("calendar"), [start, due, *days, *changed], f"{at}calendar")
    said = [_said(entry, f"{at}series[{n}]") for n, entry in enumerate(entries)]
    points = points_from_dates(
        [(day, value, excused) for day, (value, excused) in zip(days, said, strict=True)],
        start, calendar,
    )  # fmt: skip
    aim = _aim(goal, calendar.elapsed(start, due), f"{at}goal")
    return answer(
        aim, points, None if as_of is None else calendar.elapsed(start, as_of),
        [calendar.elapsed(start, day) for day in changed],
        _gap(goal, f"{at}goal.new_phase_after"),
    )  # fmt: skip


def _aim(goal: Object, due: float, at: str) -> Aim:
    if due <= 0:
        raise WrongFile(f"{at}: the goal must be due after its start")
    direction = _member(Direction, goal.get("direction"), f"{at}.direction")
    measure = _member(Measure, goal.get("measure", Measure.SCORE), f"{at}.measure")
    low, high = _band(goal, direction, at)
    target = goal.get("target")
    if target is None and direction is Direction.MAINTAIN:
        target = high if high is not None else low
    minimum, maximum = (_number_or_none(goal.get(key), f"{at}.{key}") for key in ("min", "max"))
    if minimum is not None and maximum is not None and minimum >= maximum:
        raise WrongFile(f"{at}.min must be less than {at}.max")
    return Aim(
        target=_number(target, f"{at}.target"), due=due,
        baseline=_number_or_none(goal.get("baseline"), f"{at}.baseline"),
        direction=direction, measure=measure, low=low, high=high, minimum=minimum, maximum=maximum,
    )  # fmt: skip


def _band(goal: Object, direction: Direction, at: str) -> tuple[float | None, float | None]:
    if direction is not Direction.MAINTAIN:
        return None, None
    low, high = (_number_or_none(goal.get(key), f"{at}.{key}") for key in ("low", "high"))
    if low is None and high is None:
        raise WrongFile(f"{at}.low or {at}.high is needed: a goal to maintain has a band")
    if low is not None and high is not None and low > high:
        raise WrongFile(f"{at}.low must not be more than {at}.high")
    return low, high


def _said(entry: Object, at: str) -> tuple[float | None, bool]:
    """Return the value of an entry (or None) and whether a reason was given for having none."""
    value, reason = entry.get("value"), entry.get("reason")
    if isinstance(value, bool):
        value = int(value)
    return _number_or_none(value, f"{at}.value"), bool(reason)


def _calendar(content: object, days: list[date], at: str) -> SchoolCalendar:
    """Return the calendar of the file; without one every week is a school week."""
    if content is None:
        return SchoolCalendar.from_years([SchoolYear("", monday_of(min(days)), max(days))], [])
    calendar = _object(content, at)
    years = [
        SchoolYear(str(row.get("name", "")), *_spell(row, f"{at}.years[{n}]"))
        for n, row in enumerate(_rows(calendar, "years", at))
    ]
    breaks = [
        Break(*_spell(row, f"{at}.breaks[{n}]"), str(row.get("name", "")))
        for n, row in enumerate(_rows(calendar, "breaks", at))
    ]
    if "weeks" not in calendar:
        return SchoolCalendar.from_years(years, breaks)
    named = _list(calendar["weeks"], f"{at}.weeks")
    weeks = {monday_of(_date(day, f"{at}.weeks[{n}]")) for n, day in enumerate(named)}
    return SchoolCalendar(tuple(sorted(weeks)), tuple(sorted(years, key=lambda y: y.starts)))


def _rows(calendar: Object, name: str, at: str) -> list[Object]:
    rows = _list(calendar.get(name), f"{at}.{name}")
    return [_object(row, f"{at}.{name}[{n}]") for n, row in enumerate(rows)]


def _spell(row: Object, at: str) -> tuple[date, date]:
    starts, ends = _date(row.get("start"), f"{at}.start"), _date(row.get("end"), f"{at}.end")
    if ends < starts:
        raise WrongFile(f"{at}.end must not be before its start")
    if (ends - starts).days > LONGEST_DAYS:
        raise WrongFile(f"{at} is longer than 20 years")
    return starts, ends


def _object(value: object, at: str) -> Object:
    if not isinstance(value, dict):
        raise WrongFile(f"{at} must be an object")
    return value


def _list(value: object, at: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise WrongFile(f"{at} must be a list")
    return value


def _number(value: object, at: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongFile(f"{at} must be a number")
    if abs(value) > LARGEST or not isfinite(value):
        raise WrongFile(f"{at} must lie between -{LARGEST:.0e} and {LARGEST:.0e}")
    return float(value)


def _number_or_none(value: object, at: str) -> float | None:
    return None if value is None else _number(value, at)


def _week(value: object, at: str) -> float:
    number = _number(value, at)
    if abs(number) > LARGEST_WEEK:
        raise WrongFile(f"{at} must lie between -{LARGEST_WEEK} and {LARGEST_WEEK}")
    return number


def _gap(goal: Object, at: str) -> float | None:
    return None if goal.get("new_phase_after") is None else _week(goal["new_phase_after"], at)


def _date(value: object, at: str) -> date:
    try:
        return date.fromisoformat(value)  # type: ignore[arg-type] # what is no text is refused below
    except (TypeError, ValueError) as error:
        raise WrongFile(f"{at} must be a date such as 2026-01-30") from error


def _member(kind: type[Choice], value: object, at: str) -> Choice:
    for member in kind:
        if value == member:
            return member
    raise WrongFile(f"{at} must be one of: {', '.join(list(kind))}")
