"""Reports: support groups for a class, and counts for a school that give no small group away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from itertools import product
from time import perf_counter
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings, strategies as st
from scipy.optimize import linprog
from sqlalchemy.engine import Engine
from sqlmodel import Session, select

from learnpath.continuum import queries
from learnpath.continuum.columns import Column
from learnpath.continuum.counts import (
    CELLS,
    SMALLEST_GROUP,
    Row,
    SchoolCounts,
    count,
    reporting_days,
    together,
    withhold,
)
from learnpath.continuum.driver_model import driver_model
from learnpath.continuum.facts import Fact
from learnpath.continuum.from_weeks import WeekRow, facts_of_rows
from learnpath.continuum.models import CountsRelease
from learnpath.continuum.place import Placement, place
from learnpath.people.models import Person
from learnpath.record import Verb, rollup
from learnpath.record.models import EvidenceWeek
from learnpath.record.rebuild import rebuilt
from learnpath.school.models import Enrolment, Leadership, School, SchoolClass
from learnpath.school.queries import calendar_of
from tests import builders
from tests.builders import MONDAY
from tests.conftest import counted
from tests.continuum.build import (
    CALENDAR,
    DENVER,
    LEARNER,
    SCHOOL,
    TEACHER,
    arrived,
    check_in,
    day_in,
    fact,
    goal,
    recorded,
    session_held,
)
from tests.continuum.test_properties import facts
from tests.visiting import Page, Visitor

Visit = Callable[..., Visitor]


# -- what a subtraction could find -------------------------------------------------------------------


@given(numbers=st.lists(st.integers(0, 60), min_size=5, max_size=5))
@settings(max_examples=200, deadline=None)
def test_no_withheld_cell_can_be_worked_out_from_the_rest_of_its_row(numbers: list[int]) -> None:
    cells = dict(zip(CELLS, numbers, strict=True))
    shown = withhold(cells)
    hidden = [key for key in CELLS if shown[key] is None]
    assert all(number is None or number >= SMALLEST_GROUP for number in shown.values())
    assert all(shown[key] in {None, cells[key]} for key in CELLS)
    if not hidden:
        return
    rest = sum(numbers) - sum(number for number in shown.values() if number is not None)
    # Whoever knows the total knows what the hidden cells add up to. Each could still be many numbers.
    possible = {key: set[int]() for key in hidden}
    for parts in product(range(min(rest, 12) + 1), repeat=len(hidden) - 1):
        if sum(parts) <= rest:
            for turn in range(len(hidden)):
                values = [*parts[:turn], rest - sum(parts), *parts[turn:]]
                for key, value in zip(hidden, values, strict=True):
                    possible[key].add(value)
    if len(hidden) < len(CELLS):
        assert all(len(values) > SMALLEST_GROUP for values in possible.values())


@given(numbers=st.lists(st.integers(0, 60), min_size=5, max_size=5))
def test_nothing_is_withheld_without_a_small_group(numbers: list[int]) -> None:
    cells = dict(zip(CELLS, numbers, strict=True))
    if min(numbers) >= SMALLEST_GROUP:
        assert withhold(cells) == cells


def test_the_smallest_of_the_others_protects_a_single_small_group() -> None:
    cells = dict(zip(CELLS, (30, 4, 20, 12, 0), strict=True))
    shown = withhold(cells)
    assert [shown[key] for key in CELLS] == [30, None, 20, None, None]


def test_under_ten_learners_there_is_no_report() -> None:
    nobody = place([], CALENDAR, MONDAY.date())
    assert not count([nobody] * 9).rows
    assert count([nobody] * 10).rows


def test_the_days_of_the_report_are_the_last_sundays_of_months() -> None:
    days = [day.isoformat() for day in reporting_days(CALENDAR, MONDAY.date())]
    assert days == ["2025-10-26", "2025-09-28", "2025-08-31"]
    on_the_sunday = reporting_days(CALENDAR, date(2025, 10, 26))
    assert on_the_sunday[0] == date(2025, 9, 28), "a day is counted when it is over"


# -- over pages, filters and dates ----------------------------------------------------------------------


numbers_of_a_school = st.lists(st.integers(0, 40), min_size=5, max_size=5)
days_of_a_school = st.lists(numbers_of_a_school, min_size=1, max_size=3)


def shown_by(numbers: list[int]) -> SchoolCounts:
    """Return what a school shows when every indicator has these numbers."""
    if sum(numbers) < SMALLEST_GROUP:
        return SchoolCounts(())
    cells = withhold(dict(zip(CELLS, numbers, strict=True)))
    return SchoolCounts(tuple(Row(key, cells) for key in driver_model().indicators))


Told = list[tuple[list[int], int]]
Name = tuple[int, int, Column | None]


@given(schools=st.lists(days_of_a_school, min_size=1, max_size=4), data=st.data())
@settings(max_examples=40, deadline=None)
def test_no_withheld_cell_can_be_worked_out_from_all_pages_together(
    schools: list[list[list[int]]], data: st.DataObject
) -> None:
    """Whoever reads every page, for every day and every set of schools, and knows how many learners there are.

    Each page is an equation over the true cells; the least and the greatest that a withheld cell can be lie apart.
    """
    names = [(s, d, c) for s, days in enumerate(schools) for d in range(len(days)) for c in CELLS]
    at = {name: number for number, name in enumerate(names)}
    shown = [[shown_by(numbers) for numbers in days] for days in schools]
    fixed, hidden = told_by_schools(schools, shown, at)
    least: Told = []
    for d in range(max(map(len, schools))):
        there = [s for s in range(len(schools)) if d < len(schools[s])]
        some = data.draw(st.sets(st.sampled_from(there), min_size=1))
        for chosen in (there, sorted(some)):
            told_together({s: shown[s][d] for s in chosen}, d, at, fixed, least)
    for cell in hidden[:4]:
        low, high = (reach(cell, sign, len(names), fixed, least) for sign in (1, -1))
        s, d, _c = names[cell]
        if shown[s][d].rows:
            assert high - low >= SMALLEST_GROUP, (schools, names[cell])
        else:
            assert (low, high) == (0, sum(schools[s][d])), "nothing is told beyond the size"


def told_by_schools(
    schools: list[list[list[int]]], shown: list[list[SchoolCounts]], at: dict[Name, int]
) -> tuple[Told, list[int]]:
    """Return what the schools' pages tell, with how many learners there are, and which cells they withhold."""
    fixed: Told = []
    hidden = []
    for s, days in enumerate(shown):
        for d, counts in enumerate(days):
            fixed.append(([at[s, d, c] for c in CELLS], sum(schools[s][d])))
            row = counts.rows[0].counts if counts.rows else {}
            for c in CELLS:
                number = row.get(c)
                if number is None:
                    hidden.append(at[s, d, c])
                else:
                    fixed.append(([at[s, d, c]], number))
    return fixed, hidden


def told_together(
    parts: dict[int, SchoolCounts], day: int, at: dict[Name, int], fixed: Told, least: Told
) -> None:
    """Add what the page of several schools tells."""
    key = next(iter(driver_model().indicators))
    for c, cell in together(list(parts.values())).get(key, {}).items():
        if cell.number is not None:
            told = ([at[s, day, c] for s in parts], cell.number)
            (least if cell.and_more else fixed).append(told)


def reach(cell: int, sign: int, size: int, fixed: Told, least: Told) -> float:
    """Return the least (or, with a minus, the greatest) that a cell can be."""
    goal = [0.0] * size
    goal[cell] = sign

    def lines(told: Told, factor: int) -> list[list[float]]:
        return [[factor * float(n in where) for n in range(size)] for where, _ in told]

    found = linprog(
        goal, A_eq=lines(fixed, 1), b_eq=[number for _, number in fixed],
        A_ub=lines(least, -1) or None, b_ub=[-number for _, number in least] or None,
    )  # fmt: skip
    assert found.status == 0
    return sign * round(found.fun, 6)


@given(schools=st.lists(numbers_of_a_school, min_size=1, max_size=5))
def test_schools_together_show_nothing_that_they_do_not_show_alone(
    schools: list[list[int]],
) -> None:
    parts = [shown_by(numbers) for numbers in schools]
    for cells in together(parts).values():
        for cell in cells.values():
            assert cell.number is None or cell.number >= SMALLEST_GROUP
    hidden_too = [SchoolCounts.from_json(part.as_json()) for part in parts]
    assert together(hidden_too) == together(parts)


# -- the roll-up tells the same as the record ---------------------------------------------------------


def a_year(session: Session, learner: Person, teacher: Person) -> None:
    told = [
        fact(Verb.INVENTORY_ANSWERED, LEARNER, 1, ("inventory_run", 1)),
        fact(Verb.PROFILE_REVISED, LEARNER, 2, ("profile_block", 1), block="hopes", reason=True),
        *goal(2, cited_by=("learner",)),
        *(check_in(week) for week in range(3, 11)),
        fact(Verb.REFLECTED, LEARNER, 5, prompt="helped"),
        session_held(6, "together"),
        session_held(10, "learner", ("learner", "teacher", "family"), id=2, kind="conference"),
        *(fact(Verb.CARD_LED, TEACHER, 10, ("conference", 2), card=card, led_by="learner") for card in "abcd"),
    ]  # fmt: skip
    for one in told:
        recorded(session, teacher if one.by is TEACHER else learner, learner, one)


def seen(week: int, told_in: int, id: int, sighting: str = "learner_led_talk") -> Fact:
    """Return something that was seen in one week and told of in another."""
    return fact(
        Verb.OBSERVED, TEACHER, told_in, ("observation", id), indicator="feedback_leadership",
        seen=sighting, day=day_in(week).isoformat(),
    )  # fmt: skip


def rows_of(known: list[Fact]) -> list[WeekRow]:
    """Return the roll-up of the facts, as the record keeps it."""
    rows: dict[tuple[Any, ...], None] = {}
    for one in known:
        at = datetime.combine(one.day, time(9), DENVER)
        rows[
            rollup.week_of(at, "America/Denver", one.payload, one.verb), one.verb, one.by,
            rollup.qualifier(one.verb, one.payload), rollup.thing_of(one.about[0], int(one.about[1])),
            rollup.told_in(at, "America/Denver"),
        ] = None  # fmt: skip
    return [WeekRow(1, *key) for key in rows]


told_later = st.builds(
    seen, st.integers(1, 16), st.integers(1, 16), st.integers(1, 4),
    st.sampled_from(sorted(driver_model().indicators["feedback_leadership"].seen)),
)  # fmt: skip


@given(
    known=st.lists(st.one_of(facts(), facts(), told_later), max_size=60), week=st.integers(4, 16)
)
@settings(max_examples=100, deadline=None)
def test_whatever_was_done_the_roll_up_places_as_the_record_does(
    known: list[Fact], week: int
) -> None:
    sunday = day_in(week, 6)
    own = place([arrived(), *known], CALENDAR, sunday)
    rolled = facts_of_rows(row for row in rows_of([arrived(), *known]) if row.told <= sunday)
    counted_one = place(rolled.get(1, []), CALENDAR, sunday)
    assert places(own) == places(counted_one)
    assert [one.counted for one in own.indicators] == [
        one.counted for one in counted_one.indicators
    ]


def places(placement: Placement) -> list[Column | None]:
    return [one.column for one in placement.indicators]


def test_a_goal_agreed_again_counts_once_and_what_was_seen_counts_for_its_week(
    any_session: Session,
) -> None:
    session = any_session
    learner = builders.a_learner(session)
    teacher = builders.a_teacher_of(session, learner)
    a_year(session, learner, teacher)
    again = {"number": 2, "kind": "individual", "drafted_by": "teacher", "shaped_by": ["teacher"],
             "cited_by": [], "cites": 0, "basis": "outcomes"}  # fmt: skip
    more = [
        fact(Verb.GOAL_AGREED, TEACHER, 8, ("goal", 1), **again),
        *goal(9, 2, cited_by=("learner",)), *goal(9, 3, drafted_by="teacher", shaped_by=("teacher",)),
        seen(3, 11, 1), seen(3, 11, 2),
    ]  # fmt: skip
    for one in more:
        recorded(session, teacher, learner, one)
    session.flush()
    rows = session.exec(select(EvidenceWeek).where(EvidenceWeek.verb == Verb.OBSERVED)).all()
    assert {row.week for row in rows} == {day_in(3, 0)}
    assert {row.told for row in rows} == {day_in(11, 0)}
    calendar = calendar_of(session, learner.school_id)
    own = queries.placement_of(session, learner.id or 0, calendar, MONDAY)
    (rolled,) = queries.school_placements(session, learner.school_id, calendar, MONDAY.date())
    assert places(own) == places(rolled)
    found = {one.indicator.key: one for one in rolled.indicators}
    assert found["goal_authorship"].counted["goals"] == 3
    assert found["goal_authorship"].column is Column.TOWARD_LEARNER_CENTERED
    kept = {
        (r.learner_id, r.week, r.verb, r.decided_by, r.qualifier, r.thing, r.told): r.facts
        for r in session.exec(select(EvidenceWeek))
    }
    assert kept == dict(rebuilt(session))


def test_what_was_told_later_changes_no_count_of_a_day_before(any_session: Session) -> None:
    session = any_session
    learner = builders.a_learner(session)
    teacher = builders.a_teacher_of(session, learner)
    a_year(session, learner, teacher)
    calendar, sunday = calendar_of(session, learner.school_id), day_in(8, 6)
    (before,) = queries.school_placements(session, learner.school_id, calendar, sunday)
    for id in (1, 2):
        recorded(session, teacher, learner, seen(3, 10, id))
    (after,) = queries.school_placements(session, learner.school_id, calendar, sunday)
    assert places(before) == places(after)


def test_a_placement_from_the_roll_up_is_that_of_the_record(any_session: Session) -> None:
    session = any_session
    learner = builders.a_learner(session)
    teacher = builders.a_teacher_of(session, learner)
    a_year(session, learner, teacher)
    assert learner.id is not None
    calendar = calendar_of(session, learner.school_id)
    own = queries.placement_of(session, learner.id, calendar, MONDAY)
    (counted_one,) = queries.school_placements(session, learner.school_id, calendar, MONDAY.date())
    columns = [[one.column for one in found.indicators] for found in (own, counted_one)]
    assert columns[0] == columns[1]
    assert any(columns[0])


def test_rows_of_the_roll_up_say_what_a_rule_needs(any_session: Session) -> None:
    learner = builders.a_learner(any_session)
    teacher = builders.a_teacher_of(any_session, learner)
    a_year(any_session, learner, teacher)
    rows = any_session.exec(select(EvidenceWeek)).all()
    facts = facts_of_rows(
        WeekRow(r.learner_id, r.week, r.verb, r.decided_by, r.qualifier, r.thing, r.told)
        for r in rows
    )[learner.id or 0]
    agreed = next(one for one in facts if one.verb is Verb.GOAL_AGREED)
    assert agreed.relations("shaped_by") == {"learner", "teacher"}
    assert (agreed.said("drafted_by"), agreed.said("number"), agreed.about) == (
        "learner", 1, ("goal", 1),
    )  # fmt: skip
    revised = next(one for one in facts if one.verb is Verb.PROFILE_REVISED)
    assert revised.said("reason") is True


# -- the pages ---------------------------------------------------------------------------------------------


@pytest.fixture
def school(session: Session) -> School:
    return builders.a_school(session)


def test_a_class_reads_next_steps_by_name_and_no_place(
    school: School, session: Session, visit: Visit
) -> None:
    room = builders.a_class(session, school=school)
    teacher = builders.a_teacher(session, room, school=school)
    for name in ("Zoe", "Ana", "Mia"):
        a_year(session, builders.a_learner(session, name, in_class=room, school=school), teacher)
    builders.a_learner(session, "Newcomer", in_class=room, school=school)
    session.commit()
    page = visit(teacher).get(f"/classes/{room.id}/leading")
    assert page.status == 200
    first = page.soup.select_one("#setting_goals .facts")
    assert first is not None
    assert [a.get_text() for a in first.select("a")] == [
        "Ana Example",
        "Mia Example",
        "Zoe Example",
    ]
    assert "Not enough seen yet of one student" in page.words
    for name in ("Teacher driven", "Learner centered", "Learner driven"):
        assert name not in page.words


def test_the_class_page_asks_as_often_for_three_as_for_nine(
    school: School, session: Session, visit: Visit, app: Flask
) -> None:
    room = builders.a_class(session, school=school)
    teacher = builders.a_teacher(session, room, school=school)
    found = []
    visitor: Visitor | None = None
    for size in (3, 6):
        for _ in range(size):
            a_year(session, builders.a_learner(session, in_class=room, school=school), teacher)
        session.commit()
        visitor = visitor or visit(teacher)
        with counted(app.extensions["learnpath.engine"]) as queries_made:
            visitor.get(f"/classes/{room.id}/leading")
        found.append(queries_made.count)
    assert found[0] == found[1] <= 12


def test_another_classes_teacher_finds_nothing(
    school: School, session: Session, visit: Visit
) -> None:
    room = builders.a_class(session, school=school)
    other = builders.a_teacher(session, builders.a_class(session, school=school), school=school)
    leader = builders.a_leader(session, school=school)
    session.commit()
    assert visit(other).get(f"/classes/{room.id}/leading").status == 404
    assert visit(leader).get(f"/classes/{room.id}/leading").status == 404
    assert visit(other).get(f"/schools/{school.id}/leading").status == 404


def test_a_leader_reads_counts_and_no_name(school: School, session: Session, visit: Visit) -> None:
    room = builders.a_class(session, school=school)
    teacher = builders.a_teacher(session, room, school=school)
    for _ in range(11):
        a_year(
            session, builders.a_learner(session, "Xochitl", in_class=room, school=school), teacher
        )
    for _ in range(12):
        builders.a_learner(session, "Xochitl", in_class=room, school=school)
    leader = builders.a_leader(session, school=school)
    session.commit()
    page = visit(leader).get(f"/schools/{school.id}/leading")
    assert page.status == 200
    assert "Xochitl" not in page.text
    assert "withheld" in page.words
    cells = {cell.get_text(strip=True) for cell in page.soup.select("td")}
    assert cells == {"–withheld", "12"}


def test_a_day_that_is_no_reporting_day_is_passed_over(
    school: School, session: Session, visit: Visit
) -> None:
    leader = builders.a_leader(session, school=school)
    session.commit()
    page = visit(leader).get(f"/schools/{school.id}/leading?on=2025-10-27")
    assert page.status == 200
    assert "too few learners" in page.words


def a_school_with(session: Session, school: School, busy: int, new: int = 0) -> None:
    """Let learners of a school do the same things, and others nothing yet."""
    room = builders.a_class(session, school=school)
    teacher = builders.a_teacher(session, room, school=school)
    for _ in range(busy):
        a_year(session, builders.a_learner(session, in_class=room, school=school), teacher)
    for _ in range(new):
        builders.a_learner(session, in_class=room, school=school)


def cells_of(page: Page) -> list[list[str]]:
    """Return the table of a page that is first, row by row."""
    table = page.soup.select_one("table")
    assert table is not None
    return [
        [cell.get_text(strip=True) for cell in row.select("td")] for row in table.select("tr")[1:]
    ]


def test_an_indicator_over_time_shows_the_same_cells_as_the_days(
    school: School, session: Session, visit: Visit
) -> None:
    a_school_with(session, school, 11, new=12)
    leader = builders.a_leader(session, school=school)
    session.commit()
    reader, url = visit(leader), f"/schools/{school.id}/leading"
    over_time = cells_of(reader.get(f"{url}?indicator=data_rhythm"))
    days = ["2025-10-26", "2025-09-28", "2025-08-31"]
    assert over_time == [cells_of(reader.get(f"{url}?on={day}"))[0] for day in days]
    assert over_time[0][-1] == "12"


def test_counts_that_were_released_never_change(
    school: School, session: Session, visit: Visit
) -> None:
    a_school_with(session, school, 11, new=12)
    leader = builders.a_leader(session, school=school)
    session.commit()
    reader, url = visit(leader), f"/schools/{school.id}/leading?on=2025-10-26"
    first = reader.get(url).words
    for enrolment in session.exec(select(Enrolment)).all()[:11]:
        enrolment.ends = date(2025, 9, 1)
        session.add(enrolment)
    session.commit()
    assert reader.get(url).words == first
    assert session.exec(select(CountsRelease)).all()[0].school_id == school.id


def test_a_leader_of_two_schools_reads_them_together(
    school: School, session: Session, visit: Visit
) -> None:
    other = builders.a_school(session, "Alder Elementary")
    a_school_with(session, school, 11, new=12)
    a_school_with(session, other, 10, new=14)
    leader = builders.a_leader(session, school=school)
    only_one = builders.a_leader(session, school=other)
    session.add(Leadership(person_id=leader.id, school_id=other.id, starts=builders.YEAR_START))
    session.commit()
    page = visit(leader).get("/schools/leading?on=2025-10-26")
    assert page.status == 200
    assert [a.get_text() for a in page.soup.select("main .facts a")] == [
        "Alder Elementary", "Ridgeline Community School",
    ]  # fmt: skip
    assert cells_of(page)[0][-1] == "26"
    alone = visit(only_one).get("/schools/leading?on=2025-10-26")
    assert "Ridgeline" not in alone.words
    assert cells_of(alone)[0][-1] == "14"


def test_who_leads_no_school_has_no_schools_together(session: Session, visit: Visit) -> None:
    learner = builders.a_learner(session)
    session.commit()
    assert visit(learner).get("/schools/leading").status in {403, 404}


def test_a_thousand_learners_are_one_grouped_query(session: Session) -> None:
    school = builders.a_school(session)
    room = builders.a_class(session, school=school)
    add_many(session, school, room, 1000)
    session.commit()
    calendar = calendar_of(session, school.id or 0)
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    began = perf_counter()
    with counted(engine) as made:
        placements = queries.school_placements(
            session, school.id or 0, calendar, date(2025, 10, 26)
        )
    taken = perf_counter() - began
    grouped = [one for one in made.statements if "evidence_week" in one]
    assert len(placements) == 1000
    assert len(grouped) == 1
    assert "GROUP BY" in grouped[0]
    assert made.count == 2, made.statements
    assert any(places(placements[0]))
    assert taken < 30


def add_many(session: Session, school: School, room: SchoolClass, size: int) -> None:
    """Put learners and their roll-up into the database at once, as thirty-two facts each would leave it."""
    first = 10_000
    known = [
        arrived(), *goal(2, cited_by=("learner",)), *(check_in(week) for week in range(3, 11)),
        *(fact(Verb.REFLECTED, LEARNER, week) for week in range(3, 11)), session_held(6, "together"),
        *(fact(Verb.OUTCOME_RECORDED, SCHOOL, week, ("outcome", 1), kind="attendance") for week in range(1, 11)),
        fact(Verb.INVENTORY_ANSWERED, LEARNER, 1, ("inventory_run", 1)),
    ]  # fmt: skip
    ids = range(first, first + size)
    session.execute(
        sa.insert(Person),
        [
            {"id": id, "school_id": school.id, "given_name": "A", "family_name": "B", "called": "A"}
            for id in ids
        ],
    )
    session.execute(
        sa.insert(Enrolment),
        [{"learner_id": id, "class_id": room.id, "starts": builders.YEAR_START} for id in ids],
    )
    rows = rows_of(known)
    session.execute(
        sa.insert(EvidenceWeek),
        [
            {
                "learner_id": id, "week": row.week, "verb": row.verb, "decided_by": row.decided_by,
                "qualifier": row.qualifier, "thing": row.thing, "told": row.told,
                "school_id": school.id, "facts": 1,
            }
            for id in ids for row in rows
        ],
    )  # fmt: skip
