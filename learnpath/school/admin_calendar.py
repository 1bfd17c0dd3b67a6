"""Changing the school's calendar: years, their terms, and days without school.

A week is a school week by the calendar alone, and all that is counted by week is kept by its Monday: a
change moves no count. A week in which somebody checked in had school, so it stays a school week.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from learnpath import record
from learnpath.errors import ChangedMeanwhile, NotAllowedNow, WrongInput
from learnpath.record import By, Verb
from learnpath.record.models import EvidenceWeek
from learnpath.record.write import lock_chain
from learnpath.school.calendar import Break, SchoolCalendar, SchoolYear
from learnpath.school.models import Holiday, SchoolClass, SchoolYearRow, Term
from learnpath.wording import lazy as _l

LONGEST_YEAR = timedelta(days=400)
Span = SchoolYearRow | Term | Holiday


@dataclass(frozen=True)
class Dates:
    """A name, a first and a last day."""

    name: str
    starts: date
    ends: date


@dataclass(frozen=True)
class YearPage:
    """A school year as the calendar's page shows it."""

    year: SchoolYearRow
    terms: Sequence[Term]
    holidays: Sequence[Holiday]
    weeks: int


# -- reads ---------------------------------------------------------------------------------------------


@dataclass
class Rows:
    """All rows of a school's calendar, in the order of time."""

    years: list[SchoolYearRow]
    terms: list[Term]
    holidays: list[Holiday]

    def calendar(self) -> SchoolCalendar:
        """Return the calendar that these rows make."""
        return SchoolCalendar.from_years(
            (SchoolYear(year.name, year.starts, year.ends) for year in self.years),
            (Break(rest.starts, rest.ends, rest.name) for rest in self.holidays),
        )


def rows_of(session: Session, school_id: int) -> Rows:
    """Return a school's calendar, row by row, in three queries."""
    years = session.exec(
        select(SchoolYearRow)
        .where(SchoolYearRow.school_id == school_id)
        .order_by(col(SchoolYearRow.starts))
    ).all()
    terms = session.exec(
        select(Term)
        .join(SchoolYearRow, col(SchoolYearRow.id) == col(Term.year_id))
        .where(SchoolYearRow.school_id == school_id)
        .order_by(col(Term.starts))
    ).all()
    holidays = session.exec(
        select(Holiday).where(Holiday.school_id == school_id).order_by(col(Holiday.starts))
    ).all()
    return Rows(list(years), list(terms), list(holidays))


def calendar_page(session: Session, school_id: int) -> list[YearPage]:
    """Return the school years with what is in them, the newest first, in three queries."""
    rows = rows_of(session, school_id)
    calendar = rows.calendar()
    return [
        YearPage(
            year,
            [term for term in rows.terms if term.year_id == year.id],
            [rest for rest in rows.holidays if _inside(rest, year)],
            _weeks_in(calendar, year),
        )
        for year in reversed(rows.years)
    ]


def _weeks_in(calendar: SchoolCalendar, span: Any) -> int:
    return len(calendar.weeks_between(span.starts, span.ends))


def _inside(inner: Any, outer: Any) -> bool:
    return bool(outer.starts <= inner.starts and inner.ends <= outer.ends)


def _overlaps(one: Any, other: Any) -> bool:
    return bool(one.starts <= other.ends and other.starts <= one.ends)


def seen(span: Span) -> str:
    """Return what somebody saw of a span, to be compared when they change it."""
    return f"{span.starts.isoformat()}/{span.ends.isoformat()}/{span.name}"


# -- changes -------------------------------------------------------------------------------------------


def save_year(
    session: Session, by: By, year: SchoolYearRow | None, dates: Dates, saw: str, now: datetime
) -> int:
    """Add a school year or change one. Return how many school weeks it has then.

    Raises WrongInput for days that do not go, and ChangedMeanwhile for a year that somebody else changed.
    """
    before = _alone_with_rows(session, by)
    _unchanged(year, dates, saw)
    _in_order(dates)
    if dates.ends - dates.starts > LONGEST_YEAR:
        raise WrongInput("ends", _l("A school year is not longer than 13 months."))
    _clear_of(dates, [one for one in before.years if one.id != (year.id if year else None)])
    if year is not None:
        _holds(dates, [term for term in before.terms if term.year_id == year.id])
        _holds(dates, [rest for rest in before.holidays if _inside(rest, year)])
    return _save(session, by, year or SchoolYearRow(**_blank(by)), dates, before, now)


def save_term(
    session: Session, by: By, term: Term | None, year: SchoolYearRow, dates: Dates, saw: str,
    now: datetime,
) -> int:  # fmt: skip
    """Add a term to a year or change it. Return how many school weeks it has then."""
    before = _alone_with_rows(session, by)
    _unchanged(term, dates, saw)
    _in_order(dates)
    if not _inside(dates, year):
        raise WrongInput("starts", _outside(year))
    others = [t for t in before.terms if t.year_id == year.id and t.id != (term and term.id)]
    _clear_of(dates, others)
    term = term or Term(year_id=year.id or 0, name="", starts=dates.starts, ends=dates.ends)
    return _save(session, by, term, dates, before, now)


def save_holiday(
    session: Session, by: By, holiday: Holiday | None, dates: Dates, saw: str, now: datetime
) -> int:
    """Add days without school or change them. Return how many school weeks their year has then."""
    before = _alone_with_rows(session, by)
    _unchanged(holiday, dates, saw)
    _in_order(dates)
    year = next((one for one in before.years if _inside(dates, one)), None)
    if year is None:
        raise WrongInput("starts", _l("These days lie in no school year. Choose days inside one."))
    _clear_of(dates, [one for one in before.holidays if one.id != (holiday and holiday.id)])
    return _save(session, by, holiday or Holiday(**_blank(by)), dates, before, now, year)


def remove(session: Session, by: By, span: Span, now: datetime) -> None:
    """Take a year, a term or a holiday out of the calendar.

    Raises NotAllowedNow for a year with classes in it, and for anything whose weeks hold check-ins.
    """
    before = _alone_with_rows(session, by)
    if isinstance(span, SchoolYearRow):
        _free_of_classes(session, span)
        for row in [t for t in before.terms if t.year_id == span.id]:
            session.delete(row)
        for rest in [h for h in before.holidays if _inside(h, span)]:
            session.delete(rest)
        session.flush()
    key, kind = span.id, _kind(span)
    session.delete(span)
    session.flush()
    after = rows_of(session, by.school_id).calendar()
    _keeps_its_weeks(session, by, before.calendar(), after, NotAllowedNow)
    _tell(session, by, kind, key, "removed", len(after.weeks), now)


def _save(
    session: Session, by: By, span: Span, dates: Dates, before: Rows, now: datetime,
    counted: SchoolYearRow | None = None,
) -> int:  # fmt: skip
    """Keep a span, tell of it, and return how many school weeks it (or ``counted``) has then."""
    how = "added" if span.id is None else "changed"
    calendar = before.calendar()  # worked out now: its rows are about to change
    span.name, span.starts, span.ends = dates.name, dates.starts, dates.ends
    session.add(span)
    session.flush()
    after = rows_of(session, by.school_id).calendar()
    _keeps_its_weeks(session, by, calendar, after, lambda words: WrongInput("starts", words))
    weeks = _weeks_in(after, counted or span)
    _tell(session, by, _kind(span), span.id, how, weeks, now)
    return weeks


def _blank(by: By) -> dict[str, Any]:
    day = date.min
    return {"school_id": by.school_id, "name": "", "starts": day, "ends": day}


def _kind(span: Span) -> str:
    if isinstance(span, SchoolYearRow):
        return "year"
    return "term" if isinstance(span, Term) else "holiday"


def _tell(
    session: Session, by: By, kind: str, key: int | None, how: str, weeks: int, now: datetime
) -> None:
    record.write(
        session, by, Verb.CALENDAR_CHANGED, learner_id=None, about=(kind, key),
        payload={"what": kind, "how": how, "weeks": weeks}, at=now,
    )  # fmt: skip


def _alone_with_rows(session: Session, by: By) -> Rows:
    """Return the calendar's rows once no other change of this school's calendar is going on."""
    lock_chain(session, None, by.school_id)
    return rows_of(session, by.school_id)


# -- what has to hold ----------------------------------------------------------------------------------


def _unchanged(span: Span | None, dates: Dates, saw: str) -> None:
    if span is not None and seen(span) != saw:
        mine = f"{dates.name}, {dates.starts} – {dates.ends}"
        theirs = f"{span.name}, {span.starts} – {span.ends}"
        raise ChangedMeanwhile(
            {str(_l("Days")): mine}, {str(_l("Days")): theirs},
            _l("Somebody changed these days while you did. Look at both, then try again."),
        )  # fmt: skip


def _in_order(dates: Dates) -> None:
    if dates.ends < dates.starts:
        raise WrongInput("ends", _l("The last day comes before the first. Change one of them."))


def _clear_of(dates: Dates, others: Iterable[Span]) -> None:
    for other in others:
        if _overlaps(dates, other):
            raise WrongInput(
                "starts",
                _l("These days meet “%(name)s”. Choose days that do not.", name=other.name),
            )


def _holds(dates: Dates, inner: Iterable[Span]) -> None:
    for one in inner:
        if not _inside(one, dates):
            raise WrongInput(
                "starts",
                _l("“%(name)s” would lie outside of the year. Change it first.", name=one.name),
            )


def _outside(year: SchoolYearRow) -> Any:
    return _l("A term lies inside its year. “%(name)s” has other days.", name=year.name)


def _free_of_classes(session: Session, year: SchoolYearRow) -> None:
    query = select(func.count()).select_from(SchoolClass).where(SchoolClass.year_id == year.id)
    if session.exec(query).one():
        raise NotAllowedNow(_l("This year has classes. It stays in the calendar."))


def _keeps_its_weeks(
    session: Session, by: By, before: SchoolCalendar, after: SchoolCalendar, refuse: Any
) -> None:
    """Refuse what would take school out of a week in which somebody checked in."""
    lost = sorted(set(before.weeks) - set(after.weeks))
    if not lost:
        return
    checked = select(func.min(EvidenceWeek.week)).where(
        EvidenceWeek.school_id == by.school_id,
        col(EvidenceWeek.verb).in_((Verb.CHECKED_IN, Verb.GAP_EXPLAINED)),
        col(EvidenceWeek.week).in_(lost),
    )
    week = session.exec(checked).one()
    if week is not None:
        raise refuse(
            _l(
                "Students checked in for the week of %(day)s. It stays a school week.",
                day=week.isoformat(),
            )
        )


def shifted(dates: Dates, days: int, name: str = "") -> Dates:
    """Return the same days some days later, under another name if one is given."""
    step = timedelta(days=days)
    return replace(
        dates, name=name or dates.name, starts=dates.starts + step, ends=dates.ends + step
    )


def dates_of(span: Span) -> Dates:
    """Return name and days of a row."""
    return Dates(span.name, span.starts, span.ends)
