"""School weeks: which weeks count, how they are numbered, and how long a stretch of them is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given, strategies as st

from learnpath.school.calendar import Break, SchoolCalendar, SchoolYear, monday_of

YEAR = SchoolYear("2025-26", date(2025, 8, 18), date(2026, 5, 29))
LAST_YEAR = SchoolYear("2024-25", date(2024, 8, 19), date(2025, 5, 30))
BREAKS = (
    Break(date(2025, 9, 1), date(2025, 9, 1), "Labor Day"),
    Break(date(2025, 10, 13), date(2025, 10, 17), "Autumn break"),
    Break(date(2025, 12, 22), date(2026, 1, 2), "Winter break"),
    Break(date(2026, 3, 23), date(2026, 3, 27), "Spring break"),
)
CALENDAR = SchoolCalendar.from_years([LAST_YEAR, YEAR], BREAKS)


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2025, 8, 18), date(2025, 8, 18)),  # the first day of school
        (date(2025, 8, 17), None),  # the Sunday before it
        (date(2025, 8, 24), date(2025, 8, 18)),  # a Sunday belongs to the week behind it
        (date(2025, 9, 1), date(2025, 9, 1)),  # a holiday in a week with school
        (date(2025, 10, 15), None),  # the middle of a break of one week
        (date(2025, 10, 19), None),  # the Sunday after that break
        (date(2025, 10, 20), date(2025, 10, 20)),
        (date(2025, 12, 25), None),
        (date(2026, 1, 1), None),
        (date(2026, 1, 5), date(2026, 1, 5)),
        (date(2026, 5, 29), date(2026, 5, 25)),  # the last day of school
        (date(2026, 6, 1), None),
        (date(2025, 7, 15), None),  # between two years
    ],
)
def test_a_day_lies_in_its_school_week_or_in_none(day: date, week: date | None) -> None:
    assert CALENDAR.week_of(day) == week


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2025, 8, 18), 1),
        (date(2025, 8, 22), 1),
        (date(2025, 8, 25), 2),
        (date(2025, 10, 10), 8),
        (date(2025, 10, 15), None),  # a break has no number
        (date(2025, 10, 20), 9),  # and takes none away
        (date(2025, 11, 17), 13),
        (date(2026, 5, 25), 37),
        (date(2026, 6, 3), None),
        (date(2024, 8, 19), 1),  # each year counts from one
    ],
)
def test_weeks_are_numbered_within_their_year(day: date, number: int | None) -> None:
    assert CALENDAR.number(day) == number


def test_a_year_that_begins_on_a_wednesday_has_its_first_week_from_that_monday() -> None:
    calendar = SchoolCalendar.from_years(
        [SchoolYear("2026-27", date(2026, 8, 19), date(2027, 6, 2))], []
    )
    assert calendar.weeks[0] == date(2026, 8, 17)
    assert calendar.number(date(2026, 8, 19)) == 1
    assert calendar.number(date(2026, 8, 17)) == 1
    assert calendar.number(date(2026, 8, 24)) == 2
    assert calendar.weeks[-1] == date(2027, 5, 31)


def test_a_year_that_begins_on_a_saturday_begins_with_the_next_monday() -> None:
    calendar = SchoolCalendar.from_years(
        [SchoolYear("odd", date(2026, 8, 22), date(2026, 9, 5))], []
    )
    assert calendar.weeks == (date(2026, 8, 24), date(2026, 8, 31))
    assert calendar.number(date(2026, 8, 24)) == 1
    assert calendar.number(date(2026, 8, 22)) is None


def test_a_school_that_starts_in_the_middle_of_the_year_counts_from_there() -> None:
    calendar = SchoolCalendar.from_years(
        [SchoolYear("2025-26", date(2026, 1, 5), date(2026, 5, 29))], BREAKS
    )
    assert calendar.number(date(2026, 1, 5)) == 1
    assert calendar.week_of(date(2025, 11, 17)) is None
    assert calendar.year_of(date(2025, 11, 17)) is None
    assert calendar.latest_week(date(2025, 11, 17)) is None


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2025, 11, 17), YEAR),
        (date(2025, 6, 15), LAST_YEAR),  # June looks back at the year that was
        (date(2025, 8, 10), LAST_YEAR),  # and so does August until school begins
        (date(2026, 7, 4), YEAR),
        (date(2024, 8, 18), None),
    ],
)
def test_a_day_belongs_to_the_newest_year_that_began(day: date, year: SchoolYear | None) -> None:
    assert CALENDAR.year_of(day) == year


def test_in_summer_the_latest_week_is_the_last_one_of_the_year_before() -> None:
    assert CALENDAR.latest_week(date(2025, 8, 10)) == date(2025, 5, 26)
    assert CALENDAR.latest_week(date(2025, 10, 15)) == date(2025, 10, 6)
    assert CALENDAR.latest_week(date(2025, 11, 19)) == date(2025, 11, 17)


def test_a_leap_day_is_a_day_like_any_other() -> None:
    calendar = SchoolCalendar.from_years(
        [SchoolYear("2027-28", date(2027, 8, 16), date(2028, 5, 26))], []
    )
    assert calendar.week_of(date(2028, 2, 29)) == date(2028, 2, 28)
    assert calendar.number(date(2028, 3, 6)) == calendar.number(date(2028, 2, 29)) + 1
    assert calendar.elapsed(date(2028, 2, 28), date(2028, 3, 6)) == pytest.approx(1)


def test_a_break_takes_its_weeks_out_of_the_time_between() -> None:
    assert CALENDAR.elapsed(date(2025, 10, 6), date(2025, 10, 20)) == pytest.approx(1)
    assert CALENDAR.elapsed(date(2025, 12, 15), date(2026, 1, 5)) == pytest.approx(1)
    assert CALENDAR.elapsed(date(2025, 10, 20), date(2025, 10, 6)) == pytest.approx(-1)
    assert CALENDAR.elapsed(date(2025, 11, 17), date(2025, 11, 19)) == pytest.approx(2 / 7)


def test_the_weeks_between_two_days_leave_the_breaks_out() -> None:
    assert CALENDAR.weeks_between(date(2025, 10, 8), date(2025, 10, 21)) == (
        date(2025, 10, 6),
        date(2025, 10, 20),
    )
    assert CALENDAR.weeks_between(date(2025, 10, 21), date(2025, 10, 8)) == ()
    assert CALENDAR.weeks_between(date(2025, 10, 14), date(2025, 10, 16)) == ()


def test_a_calendar_without_years_has_no_weeks() -> None:
    empty = SchoolCalendar.from_years([], BREAKS)
    assert empty.weeks == ()
    assert empty.week_of(date(2025, 11, 17)) is None
    assert empty.number(date(2025, 11, 17)) is None


def test_a_week_that_two_breaks_fill_together_is_no_school_week() -> None:
    calendar = SchoolCalendar.from_years(
        [YEAR],
        [
            Break(date(2025, 11, 24), date(2025, 11, 25)),
            Break(date(2025, 11, 26), date(2025, 11, 28)),
        ],
    )
    assert calendar.week_of(date(2025, 11, 26)) is None


# -- what holds for every calendar -------------------------------------------------------------------

DAYS = st.dates(date(2019, 1, 1), date(2032, 12, 31))


@st.composite
def calendars(draw: st.DrawFn) -> SchoolCalendar:
    """Some school years that follow each other, with some breaks anywhere."""
    starts = draw(st.dates(date(2020, 1, 1), date(2028, 12, 31)))
    years = []
    for number in range(draw(st.integers(1, 3))):
        ends = starts + timedelta(days=draw(st.integers(5, 320)))
        years.append(SchoolYear(str(number), starts, ends))
        starts = ends + timedelta(days=draw(st.integers(1, 100)))
    breaks = [
        Break(first, first + timedelta(days=draw(st.integers(0, 20))))
        for first in draw(st.lists(st.dates(date(2020, 1, 1), date(2031, 12, 31)), max_size=6))
    ]
    return SchoolCalendar.from_years(years, breaks)


@given(calendars())
def test_weeks_are_mondays_in_order_and_each_once(calendar: SchoolCalendar) -> None:
    assert all(week.weekday() == 0 for week in calendar.weeks)
    assert list(calendar.weeks) == sorted(set(calendar.weeks))


@given(calendars(), DAYS)
def test_a_week_has_a_day_of_school_and_a_resting_week_has_none(
    calendar: SchoolCalendar, day: date
) -> None:
    school_days = [
        each
        for each in (monday_of(day) + timedelta(days=n) for n in range(5))
        if any(year.holds(each) for year in calendar.years)
        and not any(rest.holds(each) for rest in calendar.breaks)
    ]
    assert (calendar.week_of(day) is not None) == bool(school_days)


@given(calendars(), DAYS)
def test_all_days_of_a_week_share_it(calendar: SchoolCalendar, day: date) -> None:
    week = [monday_of(day) + timedelta(days=n) for n in range(7)]
    assert len({calendar.week_of(each) for each in week}) == 1


@given(calendars())
def test_numbers_run_from_one_and_begin_anew_with_each_year(calendar: SchoolCalendar) -> None:
    numbers = [calendar.number(week) for week in calendar.weeks]
    before, year = 0, None
    for week, number in zip(calendar.weeks, numbers, strict=True):
        friday = week + timedelta(days=4)
        if calendar.year_of(friday) != year:
            year, before = calendar.year_of(friday), 0
        assert number == before + 1
        before = number


@given(calendars(), DAYS)
def test_all_days_of_a_week_have_its_number(calendar: SchoolCalendar, day: date) -> None:
    week = [monday_of(day) + timedelta(days=n) for n in range(7)]
    assert len({calendar.number(each) for each in week}) == 1


@given(calendars(), DAYS, DAYS)
def test_the_weeks_between_are_the_weeks_of_the_days_between(
    calendar: SchoolCalendar, first: date, last: date
) -> None:
    assume(first <= last and (last - first).days < 500)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    there = {calendar.week_of(day) for day in days} - {None}
    assert set(calendar.weeks_between(first, last)) == there


@given(calendars(), DAYS, DAYS)
def test_time_between_turns_its_sign_and_is_never_longer_than_the_days(
    calendar: SchoolCalendar, one: date, two: date
) -> None:
    first, last = sorted((one, two))
    assert calendar.elapsed(first, last) == pytest.approx(-calendar.elapsed(last, first))
    assert 0 <= calendar.elapsed(first, last) <= (last - first).days / 7 + 1e-9


@given(calendars(), st.data())
def test_time_grows_from_school_day_to_school_day(
    calendar: SchoolCalendar, data: st.DataObject
) -> None:
    assume(calendar.weeks)
    day_of = st.builds(
        lambda week, n: week + timedelta(days=n), st.sampled_from(calendar.weeks), st.integers(0, 6)
    )
    first, middle, last = sorted(data.draw(st.tuples(day_of, day_of, day_of)))
    parts = calendar.elapsed(first, middle) + calendar.elapsed(middle, last)
    assert calendar.elapsed(first, middle) <= calendar.elapsed(first, last)
    assert calendar.elapsed(first, last) == pytest.approx(parts)


@given(calendars(), st.data())
def test_from_monday_to_monday_time_is_the_count_of_school_weeks(
    calendar: SchoolCalendar, data: st.DataObject
) -> None:
    first, last = sorted((monday_of(data.draw(DAYS)), monday_of(data.draw(DAYS))))
    before_last = calendar.weeks_between(first, last - timedelta(days=7)) if first < last else ()
    assert calendar.elapsed(first, last) == pytest.approx(len(before_last))
