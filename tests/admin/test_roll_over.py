"""The next school year: planned, begun once, and what belongs to a learner goes along by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlmodel import Session, col, select

from learnpath import clock
from learnpath.continuum import place
from learnpath.continuum.queries import fact_of
from learnpath.errors import NotAllowedNow, WrongInput
from learnpath.people.models import Person
from learnpath.record import Verb
from learnpath.record.models import Event
from learnpath.record.queries import events_of
from learnpath.record.verify import verify
from learnpath.school import admin_next_year, admin_roll_over, enrol
from learnpath.school.admin_calendar import Dates
from learnpath.school.admin_commands import school as school_command
from learnpath.school.admin_next_year import Choices, next_name
from learnpath.school.models import Enrolment, Holiday, SchoolClass, SchoolYearRow, Teaching, Term
from learnpath.school.queries import calendar_of
from tests import builders
from tests.builders import YEAR_END, YEAR_START
from tests.goals.build import a_goal, progress_of
from tests.profiles.build import a_profile
from tests.visiting import Visitor

Visit = Callable[..., Visitor]
PROPOSED = Choices()
SUMMER = datetime(2026, 6, 15, 16, 0, tzinfo=UTC)
AUTUMN = datetime(2026, 9, 14, 16, 0, tzinfo=UTC)


def begin(session: Session, choices: Choices = PROPOSED, at: datetime = SUMMER):
    """Begin the next school year."""
    doer = builders.by_school(builders.the_school(session))
    return admin_roll_over.apply(session, doer, choices, at.date(), at)


def looked_at(session: Session, choices: Choices = PROPOSED, at: datetime = SUMMER):
    """Return the plan."""
    return admin_next_year.plan(session, builders.the_school(session).id, choices, at.date())


def class_in(session: Session, year: str) -> SchoolClass:
    """Return the one class of a year."""
    query = select(SchoolClass).join(SchoolYearRow).where(SchoolYearRow.name == year)
    return session.exec(query).one()


def test_everybody_goes_along_and_the_last_grade_leaves(any_session: Session) -> None:
    room = builders.a_class(any_session)
    young = builders.a_learner(any_session, "Linh", in_class=room, grade=7)
    eldest = builders.a_learner(any_session, "Ada", in_class=room, grade=12)
    teacher = builders.a_teacher(any_session, room)
    made = begin(any_session)
    assert (made.year.name, made.year.starts) == ("2026-27", YEAR_START + timedelta(days=364))
    assert (made.learners, made.leavers) == ((young.id,), (eldest.id,))
    assert (young.grade, young.left_at) == (8, None)
    assert (eldest.grade, eldest.left_at) == (12, SUMMER)
    new = class_in(any_session, "2026-27")
    ties = {
        (one.learner_id, one.class_id): (one.starts, one.ends)
        for one in any_session.exec(select(Enrolment))
    }
    eve = made.year.starts - timedelta(days=1)
    assert ties == {
        (young.id, room.id): (YEAR_START, eve),
        (young.id, new.id): (made.year.starts, None),
        (eldest.id, room.id): (YEAR_START, YEAR_END),
    }
    taught = {one.class_id: one.ends for one in any_session.exec(select(Teaching))}
    assert taught == {room.id: eve, new.id: None}
    assert teacher.id
    assert verify(any_session).faults == ()


def test_a_second_time_changes_nothing(any_session: Session) -> None:
    learner = builders.a_learner(any_session, grade=7)
    begin(any_session)
    before = len(any_session.exec(select(Event)).all())
    for moment in (SUMMER, AUTUMN, datetime(2027, 4, 1, 16, 0, tzinfo=UTC)):
        assert begin(any_session, at=moment).done
    assert len(any_session.exec(select(Event)).all()) == before
    assert learner.grade == 8
    following = looked_at(any_session, at=datetime(2027, 6, 1, 16, 0, tzinfo=UTC))
    assert (following.done, following.year.name) == (False, "2027-28")
    assert following.learners == (learner.id,)


def test_the_year_that_goes_on_is_not_ended(session: Session) -> None:
    learner = builders.a_learner(session, grade=7)
    made = looked_at(session, at=builders.MONDAY)
    assert made.learners == (learner.id,)
    with pytest.raises(NotAllowedNow) as refused:
        begin(session, at=datetime(2026, 5, 29, 16, 0, tzinfo=UTC))
    assert "2026-05-29" in str(refused.value.message)
    assert learner.grade == 7


def test_a_year_that_began_in_the_calendar_is_still_rolled_over(session: Session) -> None:
    """The roster added the year and its first class; the office begins it when school goes on already."""
    learner = builders.a_learner(session, grade=7)
    brought = builders.a_learner(session, in_class=builders.class_of(session, learner), grade=8)
    school = builders.the_school(session)
    year = SchoolYearRow(
        school_id=school.id, name="2026-27", starts=date(2026, 8, 17), ends=date(2027, 5, 28)
    )
    session.add(year)
    session.flush()
    there = SchoolClass(school_id=school.id, year_id=year.id, name="Room 9")
    session.add(there)
    session.flush()
    enrol.enrol(session, builders.by_school(school), brought, there, year.starts, SUMMER)
    made = begin(session, at=AUTUMN)
    assert (made.old.name, made.year_id) == ("2025-26", year.id)
    assert made.learners == (learner.id,)
    assert (learner.grade, brought.grade) == (8, 8)
    query = select(Enrolment).where(Enrolment.learner_id == brought.id)
    assert len(session.exec(query).all()) == 2
    assert begin(session, at=AUTUMN).done


def test_terms_and_holidays_move_with_the_year(session: Session) -> None:
    builders.the_school(session)
    year = session.exec(select(SchoolYearRow)).one()
    session.add_all([
        Term(year_id=year.id, name="Autumn", starts=YEAR_START, ends=date(2025, 12, 19)),
        Term(year_id=year.id, name="Spring", starts=date(2026, 1, 5), ends=YEAR_END),
    ])  # fmt: skip
    session.flush()
    made = begin(session)
    assert [(one.name, one.starts, one.ends) for one in made.terms] == [
        ("Autumn", date(2026, 8, 17), date(2026, 12, 18)),
        ("Spring", date(2027, 1, 4), date(2027, 5, 28)),
    ]
    rest = session.exec(select(Holiday).order_by(col(Holiday.starts).desc())).first()
    assert (rest.name, rest.starts, rest.ends) == (
        "Autumn break", date(2026, 10, 12), date(2026, 10, 16)
    )  # fmt: skip
    assert made.weeks == len(
        calendar_of(session, year.school_id).weeks_between(made.year.starts, made.year.ends)
    )


def test_another_first_day_moves_everything_by_whole_weeks(session: Session) -> None:
    builders.the_school(session)
    made = looked_at(session, Choices(starts=date(2026, 8, 26), ends=date(2027, 6, 4)))
    [rest] = made.holidays
    assert rest.starts.weekday() == 0
    assert rest.starts == date(2026, 10, 19)


@pytest.mark.parametrize(
    ("choices", "field"),
    [
        (Choices(starts=YEAR_END), "starts"),
        (Choices(starts=date(2026, 8, 17), ends=date(2026, 8, 1)), "ends"),
        (Choices(starts=date(2026, 8, 17), ends=date(2029, 8, 1)), "ends"),
        (Choices(terms=(Dates("One", date(2026, 8, 1), date(2026, 12, 1)),)), "starts"),
    ],
)
def test_days_that_do_not_go_begin_no_year(session: Session, choices: Choices, field: str) -> None:
    builders.the_school(session)
    session.commit()
    with pytest.raises(WrongInput) as wrong:
        begin(session, choices)
    session.rollback()
    assert wrong.value.field == field
    assert len(session.exec(select(SchoolYearRow)).all()) == 1


def test_the_roster_may_place_the_learners_instead(session: Session) -> None:
    learner = builders.a_learner(session, grade=7)
    made = begin(session, Choices(learners_along=False))
    assert made.unplaced == (learner.id,)
    assert learner.grade == 8
    assert len(session.exec(select(Enrolment)).all()) == 1


def test_a_class_that_does_not_go_on_ends_all_the_same(session: Session) -> None:
    learner = builders.a_learner(session, grade=7)
    made = begin(session, Choices(classes={}))
    assert (made.classes, made.unplaced) == ((), (learner.id,))
    assert builders.enrolment_of(session, learner).ends == made.ends_on


@pytest.mark.parametrize(
    ("name", "following"),
    [("2025-26", "2026-27"), ("2025/2026", "2026/2027"), ("1999-00", "2000-01"),
     ("Year 2026", "Year 2027"), ("First", "First +1"), ("2098-99", "2099-00")],
)  # fmt: skip
def test_the_name_of_the_next_year(name: str, following: str) -> None:
    assert next_name(name) == following


def test_over_the_summer_nobody_stands_outside_and_then_rights_change_hands(
    session: Session, visit: Visit
) -> None:
    learner = a_profile(session, builders.a_learner(session, "Linh", grade=7))
    old = builders.a_teacher_of(session, learner, "Ms. Baca")
    begin(session, Choices(classes={}))
    room = builders.a_class(session, name="New room")
    following = session.exec(select(SchoolYearRow).where(SchoolYearRow.name == "2026-27")).one()
    room.year_id = following.id or 0
    school = builders.the_school(session)
    new = builders.a_person(session, "Mr. Cho")
    doer = builders.by_school(school)
    enrol.start_teaching(session, doer, new, room, following.starts, SUMMER)
    enrol.enrol(session, doer, learner, room, following.starts, SUMMER)
    session.commit()
    path = f"/learners/{learner.id}/profile"
    with clock.standing_at(SUMMER):
        assert visit(learner).get(path).status == 200
        assert visit(old).get(path).status == 200
        with pytest.raises(AssertionError, match="no relationship"):
            visit(new)
    with clock.standing_at(AUTUMN):
        page = visit(learner).get(path)
        assert page.status == 200
        assert visit(new).get(path).status == 200
        with pytest.raises(AssertionError, match="no relationship"):
            visit(old)


def test_a_teacher_finds_the_classes_of_earlier_years_by_name_only(
    session: Session, visit: Visit
) -> None:
    learner = builders.a_learner(session, "Linh", grade=7)
    teacher = builders.a_teacher_of(session, learner, "Ms. Baca")
    old = builders.class_of(session, learner)
    begin(session)
    session.commit()
    with clock.standing_at(AUTUMN):
        page = visit(teacher).get("/classes")
        assert "One earlier class" in page.words
        assert "Room 214, 2025-26" in page.words
        assert visit(teacher).get(f"/classes/{old.id}").status == 404


def test_a_goal_that_runs_over_the_summer_counts_school_weeks_only(session: Session) -> None:
    goal = a_goal(session, check_ins=4, due="2026-10-02")
    made = begin(session)
    calendar = calendar_of(session, builders.the_school(session).id)
    last = date(2026, 5, 25)
    assert calendar.weeks_between(last, made.year.starts) == (last, made.year.starts)
    assert calendar.elapsed(last, made.year.starts) == 1
    assert calendar.number(made.year.starts) == 1
    [at_the_end, in_summer, in_autumn] = [
        progress_of(session, goal, calendar, day)
        for day in (date(2026, 6, 1), date(2026, 8, 1), date(2026, 8, 24))
    ]
    assert (
        at_the_end.rows == in_summer.rows
    )  # no week without school counts as one without a number
    assert [row.week for row in in_autumn.rows[:2]] == [made.year.starts, last]
    assert at_the_end.aim == in_autumn.aim
    weeks = len(calendar.weeks_between(date(2025, 10, 20), date(2026, 9, 28)))
    assert abs(in_autumn.aim.due - weeks) <= 1  # the aim line waits over the summer, too
    assert verify(session).faults == ()


def test_places_on_the_continuum_are_in_the_summer_what_they_were_on_the_last_day(
    session: Session,
) -> None:
    goal = a_goal(session, check_ins=8)
    begin(session)
    calendar = calendar_of(session, builders.the_school(session).id)
    events = [fact_of(event) for event in events_of(session, goal.learner_id)]
    at_the_end = place.place(events, calendar, YEAR_END)
    in_summer = place.place(events, calendar, date(2026, 7, 10))
    assert _columns(at_the_end) == _columns(in_summer)
    rhythm = _columns(in_summer)["data_rhythm"]
    first_weeks = place.place(events, calendar, date(2026, 9, 4))
    # The new year counts its own weeks: what was done in the old one is not carried over, nor held against.
    assert first_weeks.weeks == 3
    assert rhythm is None or _columns(first_weeks)["data_rhythm"] is None


def _columns(placement) -> dict:
    return {one.indicator.key: one.column for one in placement.indicators}


# -- by the page and by the command ----------------------------------------------------------------------


def test_the_page_plans_first_and_then_begins(session: Session, visit: Visit) -> None:
    learner = builders.a_learner(session, "Linh", grade=7)
    builders.a_learner(session, "Ada", in_class=builders.class_of(session, learner), grade=12)
    builders.a_teacher_of(session, learner, "Ms. Baca")
    administrator = builders.an_administrator(session)
    session.commit()
    with clock.standing_at(SUMMER):
        office = visit(administrator)
        assert "School year 2025-26 runs until May 29." in office.get("/admin").words
        page = office.get("/admin/next-year")
        assert "School year 2026-27: Aug 17, 2026 – May 28, 2027." in page.words
        assert "Ada Example" in page.words
        assert not page.soup.select('form[method="post"][action="/admin/next-year"]')
        form = page.soup.select_one('main form[method="get"]')
        typed = {one["name"]: one.get("value", "on") for one in form.select("input[name]")
                 if one.get("type") not in ("checkbox", "radio") or one.has_attr("checked")}  # fmt: skip
        typed["name"] = "Year of the owl"
        planned = office.get("/admin/next-year", query_string=typed)
        assert "School year Year of the owl" in planned.words
        begun = planned.soup.select_one('form[method="post"][action="/admin/next-year"]')
        fields = {one["name"]: one["value"] for one in begun.select("input[name]")}
        sent = office.post("/admin/next-year", **fields)
        assert sent.status == 303, sent.words
        assert "School year Year of the owl has begun." in sent.follow().words
        session.expire_all()
        assert session.get_one(Person, learner.id).grade == 8
        session.commit()
        assert "There is nothing left to do." in office.get("/admin/next-year").words
        again = office.post("/admin/next-year", **fields)
        assert "Nothing was changed." in again.follow().words
    rolled = session.exec(select(Event).where(Event.verb == Verb.YEAR_ROLLED_OVER)).one()
    assert rolled.actor_id == administrator.id


def test_the_page_before_the_year_ends_plans_only(session: Session, visit: Visit) -> None:
    builders.a_learner(session, grade=7)
    administrator = builders.an_administrator(session)
    session.commit()
    office = visit(administrator)
    words = office.get("/admin/next-year").words
    assert "You can begin the next one after that day." in words
    wrong = office.get("/admin/next-year?planned=1&name=X&starts=soon&ends=2027-05-28")
    assert wrong.status == 422
    assert "Choose a day." in wrong.words


def test_the_command_plans_and_applies(
    session: Session, sqlite_url: str, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner = builders.a_learner(session, grade=7)
    session.commit()
    for name, value in {"DATA_DIR": tmp_path, "DATABASE_URL": sqlite_url,
                        "NOW": SUMMER.isoformat()}.items():  # fmt: skip
        monkeypatch.setenv(f"LEARNPATH_{name}", str(value))

    def run(*words: str):
        with clock.standing_at(SUMMER):
            return CliRunner().invoke(school_command, ["roll-over", *words])

    planned = run("plan", "--json")
    assert planned.exit_code == 0, planned.output
    said = json.loads(planned.output)
    assert (said["applied"], said["done"], said["grade_up"]) == (False, False, [learner.id])
    assert run("apply", "--starts", "2026-01-01").exit_code == 1
    assert run("apply", "--school", "99").exit_code == 2
    applied = run("apply", "--json", "--name", "Next")
    assert json.loads(applied.output)["year"]["name"] == "Next"
    again = run("apply")
    assert "Nothing to do." in again.output
    session.expire_all()
    assert session.get_one(Person, learner.id).grade == 8
