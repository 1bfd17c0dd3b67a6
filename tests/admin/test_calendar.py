"""The office changes the calendar: what goes together is checked, and no counted week moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import Session, select

from learnpath.errors import ChangedMeanwhile, NotAllowedNow, WrongInput
from learnpath.record import Verb
from learnpath.record.models import Event, EvidenceWeek
from learnpath.record.verify import verify
from learnpath.school import admin_calendar
from learnpath.school.admin_calendar import Dates
from learnpath.school.models import Holiday, SchoolYearRow, Term
from learnpath.school.queries import calendar_of
from tests import builders
from tests.builders import MONDAY, YEAR_END, YEAR_START
from tests.goals.build import a_goal
from tests.visiting import Visitor

Visit = Callable[..., Visitor]
WINTER = Dates("Winter break", date(2025, 12, 22), date(2026, 1, 2))


def doer(session: Session):
    """Return the office as the doer."""
    return builders.by_school(builders.the_school(session))


def the_year(session: Session) -> SchoolYearRow:
    """Return the first school year."""
    builders.the_school(session)
    return session.exec(select(SchoolYearRow)).one()


def test_days_without_school_take_their_weeks_out(session: Session, visit: Visit) -> None:
    administrator = builders.an_administrator(session)
    session.commit()
    before = len(calendar_of(session, administrator.school_id).weeks)
    session.commit()
    visitor = visit(administrator)
    sent = visitor.post(
        "/admin/calendar/holiday", name="Winter break", starts="2025-12-22", ends="2026-01-02"
    )
    assert sent.status == 303
    assert f"The year has {before - 2} school weeks now." in sent.follow().words
    session.expire_all()
    assert len(calendar_of(session, administrator.school_id).weeks) == before - 2
    event = session.exec(select(Event).where(Event.verb == Verb.CALENDAR_CHANGED)).one()
    assert event.payload == f'{{"how":"added","weeks":{before - 2},"what":"holiday"}}'


REFUSED = [
    ("holiday", ("2025-12-22", "2025-12-19"), "The last day comes before the first."),
    ("holiday", ("2026-07-01", "2026-07-05"), "These days lie in no school year."),
    ("holiday", ("2025-10-17", "2025-10-21"), "These days meet “Autumn break”."),
    ("year", ("2026-05-01", "2027-05-01"), "These days meet “2025-26”."),
    ("year", ("2026-08-01", "2028-05-01"), "A school year is not longer than 13 months."),
    ("term", ("2025-08-01", "2025-10-01"), "A term lies inside its year."),
    ("holiday", ("2025-13-01", "2025-12-19"), "That is no day. Write it as 2026-08-17."),
    ("holiday", ("0001-01-01", "0001-01-02"), "Choose a day between the years 2000 and 2100."),
]


def test_days_that_do_not_go_are_refused_with_a_reason(session: Session, visit: Visit) -> None:
    administrator = builders.an_administrator(session)
    year = the_year(session)
    session.commit()
    office = visit(administrator)
    for kind, (starts, ends), words in REFUSED:
        page = office.post(
            f"/admin/calendar/{kind}", name="Something", starts=starts, ends=ends,
            year_id=str(year.id),
        )  # fmt: skip
        assert page.status == 422, words
        assert words in page.words
        assert page.soup.find(id="name")["value"] == "Something"
    assert not session.exec(select(Event).where(Event.verb == Verb.CALENDAR_CHANGED)).all()


def test_terms_of_a_year_do_not_meet_each_other(session: Session) -> None:
    year, by = the_year(session), doer(session)
    autumn = Dates("Autumn term", YEAR_START, date(2025, 12, 19))
    assert admin_calendar.save_term(session, by, None, year, autumn, "", MONDAY) == 17
    with pytest.raises(WrongInput):
        admin_calendar.save_term(
            session, by, None, year, Dates("Spring", date(2025, 12, 19), YEAR_END), "", MONDAY
        )
    spring = Dates("Spring", date(2026, 1, 5), YEAR_END)
    admin_calendar.save_term(session, by, None, year, spring, "", MONDAY)
    with pytest.raises(WrongInput) as wrong:  # the year must go on holding its terms
        admin_calendar.save_year(
            session, by, year, Dates("2025-26", YEAR_START, date(2026, 5, 1)),
            admin_calendar.seen(year), MONDAY,
        )  # fmt: skip
    assert "Spring" in str(wrong.value.message)


def test_a_week_with_check_ins_stays_a_school_week(session: Session) -> None:
    goal = a_goal(session, check_ins=3)
    by, year = doer(session), the_year(session)
    week = session.exec(
        select(EvidenceWeek.week).where(EvidenceWeek.verb == Verb.CHECKED_IN)
    ).first()
    with pytest.raises(WrongInput) as wrong:
        admin_calendar.save_holiday(
            session, by, None, Dates("Snow", week, date.fromordinal(week.toordinal() + 4)), "",
            MONDAY,
        )  # fmt: skip
    assert week.isoformat() in str(wrong.value.message)
    with pytest.raises((WrongInput, NotAllowedNow)):
        admin_calendar.remove(session, by, year, MONDAY)
    assert goal.id


def test_a_holiday_moves_nothing_that_was_counted(session: Session) -> None:
    a_goal(session, check_ins=3)
    session.flush()
    before = session.exec(select(EvidenceWeek)).all()
    kept = {(row.learner_id, row.week, row.verb, row.thing): row.facts for row in before}
    admin_calendar.save_holiday(session, doer(session), None, WINTER, "", MONDAY)
    session.expire_all()
    after = session.exec(select(EvidenceWeek)).all()
    assert {(row.learner_id, row.week, row.verb, row.thing): row.facts for row in after} == kept
    assert verify(session).faults == ()


def test_a_year_with_classes_is_never_removed(session: Session, visit: Visit) -> None:
    builders.a_class(session)
    administrator = builders.an_administrator(session)
    year = the_year(session)
    session.commit()
    page = visit(administrator).post("/admin/calendar/year/remove", id=str(year.id))
    assert page.status == 409
    assert "This year has classes." in page.words
    session.expire_all()
    assert session.get(SchoolYearRow, year.id) is not None


def test_an_empty_year_goes_with_its_terms_and_holidays(session: Session) -> None:
    by = doer(session)
    admin_calendar.save_year(
        session, by, None, Dates("2026-27", date(2026, 8, 17), date(2027, 5, 28)), "", MONDAY
    )
    year = session.exec(select(SchoolYearRow).where(SchoolYearRow.name == "2026-27")).one()
    admin_calendar.save_term(
        session, by, None, year, Dates("One", date(2026, 8, 17), date(2026, 12, 18)), "", MONDAY
    )
    admin_calendar.save_holiday(
        session, by, None, Dates("Fall", date(2026, 10, 12), date(2026, 10, 16)), "", MONDAY
    )
    admin_calendar.remove(session, by, year, MONDAY)
    assert session.exec(select(Term)).all() == []
    assert [one.name for one in session.exec(select(Holiday))] == ["Autumn break"]
    assert [one.name for one in session.exec(select(SchoolYearRow))] == ["2025-26"]


def test_two_who_change_the_same_days_see_both(session: Session, visit: Visit) -> None:
    administrator = builders.an_administrator(session)
    holiday = session.exec(select(Holiday)).one()
    saw = admin_calendar.seen(holiday)
    session.commit()
    visitor = visit(administrator)
    fields = {"id": str(holiday.id), "saw": saw, "name": "Autumn break"}
    first = visitor.post(
        "/admin/calendar/holiday", starts="2025-10-13", ends="2025-10-20", **fields
    )
    assert first.status == 303
    second = visitor.post(
        "/admin/calendar/holiday", starts="2025-10-13", ends="2025-10-14", **fields
    )
    assert second.status == 409
    assert "2025-10-20" in second.words
    assert "2025-10-14" in second.words
    session.refresh(holiday)
    with pytest.raises(ChangedMeanwhile):
        admin_calendar.save_holiday(session, doer(session), holiday, WINTER, saw, MONDAY)


def test_the_calendar_of_another_school_is_not_there(session: Session, visit: Visit) -> None:
    administrator = builders.an_administrator(session)
    away = builders.a_school(session, "Prairie School")
    year = session.exec(select(SchoolYearRow).where(SchoolYearRow.school_id == away.id)).one()
    term = Term(year_id=year.id, name="One", starts=YEAR_START, ends=date(2025, 12, 1))
    session.add(term)
    holiday = session.exec(select(Holiday).where(Holiday.school_id == away.id)).one()
    session.commit()
    office = visit(administrator)
    for kind, key in {"year": year.id, "term": term.id, "holiday": holiday.id}.items():
        assert office.get(f"/admin/calendar/{kind}?id={key}").status == 404
        assert office.post(f"/admin/calendar/{kind}/remove", id=str(key)).status == 404
        sent = office.post(
            f"/admin/calendar/{kind}", id=str(key), name="Mine", starts="2025-09-01",
            ends="2025-09-02",
        )  # fmt: skip
        assert sent.status == 404, kind


def test_the_calendar_on_both_databases(any_session: Session) -> None:
    by, year = doer(any_session), the_year(any_session)
    weeks = admin_calendar.save_holiday(any_session, by, None, WINTER, "", MONDAY)
    assert weeks == len(calendar_of(any_session, year.school_id).weeks)
    holiday = any_session.exec(select(Holiday).where(Holiday.name == WINTER.name)).one()
    admin_calendar.remove(any_session, by, holiday, MONDAY)
    assert len(calendar_of(any_session, year.school_id).weeks) == weeks + 2
    assert verify(any_session).faults == ()
