"""Reports: support groups for a class, and counts for a school that give no small group away."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from time import perf_counter

import pytest
from flask import Flask
from hypothesis import given, settings, strategies as st
from sqlmodel import Session, select

from learnpath.continuum import queries
from learnpath.continuum.columns import Column
from learnpath.continuum.counts import SMALLEST_GROUP, count, month_ends, withhold
from learnpath.continuum.from_weeks import WeekRow, facts_of_rows
from learnpath.continuum.place import place
from learnpath.people.models import Person
from learnpath.record import Verb
from learnpath.record.models import EvidenceWeek
from learnpath.school.models import School
from learnpath.school.queries import calendar_of
from tests import builders
from tests.builders import MONDAY
from tests.conftest import counted
from tests.continuum.build import (
    CALENDAR,
    LEARNER,
    TEACHER,
    check_in,
    fact,
    goal,
    recorded,
    session_held,
)
from tests.visiting import Visitor

Visit = Callable[..., Visitor]
CELLS: tuple[Column | None, ...] = (*Column, None)


# -- what a subtraction could find -------------------------------------------------------------------


@given(numbers=st.lists(st.integers(0, 60), min_size=5, max_size=5))
@settings(max_examples=400, deadline=None)
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


def test_the_days_of_the_report_are_month_ends_of_the_school_year() -> None:
    days = [day.isoformat() for day in month_ends(CALENDAR, MONDAY.date())]
    assert days == ["2025-10-31", "2025-09-30", "2025-08-31"]


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
        WeekRow(r.learner_id, r.week, r.verb, r.decided_by, r.qualifier, r.facts) for r in rows
    )[learner.id or 0]
    agreed = next(one for one in facts if one.verb is Verb.GOAL_AGREED)
    assert agreed.relations("shaped_by") == {"learner", "teacher"}
    assert agreed.said("drafted_by") == "learner"
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


def test_a_day_that_is_no_month_end_is_passed_over(
    school: School, session: Session, visit: Visit
) -> None:
    leader = builders.a_leader(session, school=school)
    session.commit()
    page = visit(leader).get(f"/schools/{school.id}/leading?on=2025-10-02")
    assert page.status == 200
    assert "too few learners" in page.words


def test_a_thousand_placements_are_counted_in_seconds() -> None:
    calendar = CALENDAR
    known = [
        *goal(2, cited_by=("learner",)), *(check_in(week) for week in range(3, 11)),
        *(fact(Verb.REFLECTED, LEARNER, week) for week in (4, 6, 8)), session_held(6, "together"),
    ]  # fmt: skip
    began = perf_counter()
    placements = [place(known, calendar, MONDAY.date()) for _ in range(1000)]
    assert count(placements).rows
    assert perf_counter() - began < 20
