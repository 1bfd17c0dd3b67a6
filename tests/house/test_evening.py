"""In the evening it is tomorrow in Greenwich: whatever a day decides, the day at school decides it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from learnpath.clock import school_day
from learnpath.conferences import choose, goals_shown, links, messages, outbox, overview, windows
from learnpath.conferences.models import Message, MessageKind
from learnpath.conferences.windows import Laying
from learnpath.goals import progress, reflect
from learnpath.goals.models import Goal, GoalVersion
from learnpath.goals.page import page_of
from learnpath.goals.wording import prompts_for
from learnpath.people.models import Hat, Person
from learnpath.profiles.class_facts import TERM_WEEKS, _resting
from learnpath.profiles.history import Wording, _years
from learnpath.record import Relation, Verb
from learnpath.record.models import Event
from learnpath.school.calendar import SchoolCalendar, SchoolYear
from learnpath.school.models import Enrolment, Guardianship
from learnpath.school.queries import calendar_of, day_at, day_of_learner
from learnpath.today.teacher_home import _quiet_weeks
from tests import builders
from tests.builders import MONDAY, YEAR_END, YEAR_START, by
from tests.conferences import build as conferences
from tests.goals.build import a_goal, progress_of

TODAY = MONDAY.date()
# Half past seven in the evening in Denver, and half past two the next morning in Greenwich.
EVENING = datetime(2025, 11, 18, 2, 30, tzinfo=UTC)
# The same on a Sunday, at the end of a school week.
SUNDAY = datetime(2025, 11, 24, 2, 30, tzinfo=UTC)
DENVER = "America/Denver"
CALENDAR = SchoolCalendar.from_years([SchoolYear("2025-26", YEAR_START, YEAR_END)], [], DENVER)


def test_the_day_at_school_is_not_the_day_in_greenwich(any_session: Session) -> None:
    learner = builders.a_learner(any_session)
    assert school_day(EVENING, DENVER) == TODAY != EVENING.date()
    assert school_day(EVENING, "Europe/Madrid") == EVENING.date()
    assert day_at(any_session, learner.school_id, EVENING) == TODAY
    assert day_of_learner(any_session, learner.id or 0, EVENING) == TODAY
    assert calendar_of(any_session, learner.school_id).day_of(EVENING) == TODAY
    with pytest.raises(ValueError, match="aware"):
        school_day(datetime(2025, 11, 18, 2, 30), DENVER)  # noqa: DTZ001 - that is the point


def _ended_on_sunday(session: Session) -> Goal:
    goal = a_goal(session, check_ins=3)
    goal.ended_at = SUNDAY
    session.add(goal)
    session.flush()
    return goal


def test_a_goal_that_ended_on_sunday_evening_has_no_gap_in_the_week_that_was_still_open(
    session: Session,
) -> None:
    goal = _ended_on_sunday(session)
    calendar = calendar_of(session, goal.school_id)
    found = progress_of(session, goal, calendar, date(2025, 12, 12))
    assert found.rows[0].week == TODAY - timedelta(days=7)


def test_nor_has_it_one_in_the_conference(session: Session) -> None:
    goal = _ended_on_sunday(session)
    learner = session.get_one(Person, goal.learner_id)
    conference = conferences.a_planned_conference(session, learner)
    conference.goal_ids = [goal.id]
    calendar = calendar_of(session, goal.school_id)
    [shown] = goals_shown.goals_shown(session, conference, learner, calendar, date(2025, 12, 12))
    assert shown.progress.rows[0].week == TODAY - timedelta(days=7)


def test_a_target_that_was_changed_on_sunday_evening_is_marked_on_sunday() -> None:
    before = GoalVersion(number=1, target=1, at=MONDAY, starts=TODAY, due=YEAR_END)
    after = GoalVersion(number=2, target=2, at=SUNDAY, starts=TODAY, due=YEAR_END)
    [mark] = progress._changes([before, after], [], progress._Times(TODAY, CALENDAR))
    assert mark.day == date(2025, 11, 23)
    assert mark.x == CALENDAR.elapsed(TODAY, date(2025, 11, 23))


def test_the_next_question_comes_after_the_week_of_a_sunday_evening(session: Session) -> None:
    goal = a_goal(session, check_ins=8, weeks_ago=6)
    learner = session.get_one(Person, goal.learner_id)
    told = progress_of(session, goal, calendar_of(session, goal.school_id), date(2025, 12, 12))
    newest = next(row.week for row in told.rows if row.value)
    last_sunday = datetime.combine(newest, time(2, 30), UTC)  # Sunday evening before that week
    reflect.reflect(
        session, by(learner, Relation.LEARNER), goal, prompts_for(learner)[0], "It went well.",
        last_sunday,
    )  # fmt: skip
    page = page_of(
        session, goal, calendar_of(session, goal.school_id), date(2025, 12, 12), Hat.LEARNER
    )
    assert page.question is not None


def test_what_was_written_on_the_last_evening_belongs_to_the_year_that_ends() -> None:
    years = [
        SchoolYear("old", YEAR_START, TODAY), SchoolYear("new", TODAY + timedelta(days=1), YEAR_END)
    ]  # fmt: skip
    calendar = SchoolCalendar.from_years(years, [], DENVER)
    [year] = _years([Wording(1, ("I sing",), "", EVENING)], calendar)
    assert year.name == "old"


def test_a_profile_rests_from_the_day_on_which_it_was_changed() -> None:
    learner = Person(id=1, school_id=1, given_name="Linh", family_name="", called="Linh")
    open_year = SchoolCalendar.from_years([SchoolYear("long", TODAY, date(2026, 5, 1))], [], DENVER)
    day = TODAY + timedelta(weeks=TERM_WEEKS, days=1)
    assert [*_resting({1: learner}, {1: EVENING}, open_year, day)]
    assert not [*_resting({1: learner}, {1: EVENING}, open_year, day - timedelta(days=1))]


def test_quiet_weeks_are_counted_from_the_day_on_which_a_goal_began() -> None:
    goal = Goal(school_id=1, learner_id=1, started_by_id=1, started_at=SUNDAY, since=SUNDAY)
    assert _quiet_weeks(goal, [], CALENDAR, date(2025, 12, 5)) == 1


# -- what ends today still holds in the evening -----------------------------------------------------------


@pytest.fixture
def family(any_session: Session):
    """Return a learner with a teacher and a guardian whose days end today."""
    learner = builders.a_learner(any_session, "Linh")
    teacher = builders.a_teacher_of(any_session, learner)
    guardian = builders.a_guardian_of(any_session, learner)
    return learner, teacher, guardian


def ends_today(session: Session, model: Any) -> None:
    """End all relationships of a kind after today."""
    for tie in session.exec(select(model)):
        tie.ends = TODAY
        session.add(tie)
    session.flush()


@pytest.mark.parametrize(
    ("moment", "still"), [(EVENING, True), (EVENING + timedelta(days=1), False)]
)
def test_a_link_opens_as_long_as_its_guardian_has_the_day(
    any_session: Session, family, moment: datetime, still: bool
) -> None:
    learner, teacher, guardian = family
    conference = conferences.a_planned_conference(any_session, learner, teacher)
    link, token = conferences.a_link(any_session, conference, guardian)
    ends_today(any_session, Guardianship)
    assert bool(links.find(any_session, token, moment)) is still
    assert bool(links.still_open(any_session, link.id or 0, moment)) is still
    lines = overview.guardians_with_links(any_session, conference, moment)
    assert [one.person_id for one in lines] == ([guardian.id] if still else [])
    made = messages.put_in(any_session, conference, MessageKind.SUMMARY_READY, moment)
    assert len(made) == still


def test_the_record_says_until_which_day_at_school_a_link_is_open(
    any_session: Session, family
) -> None:
    learner, teacher, guardian = family
    conference = conferences.a_planned_conference(any_session, learner, teacher)
    link, _token = conferences.a_link(any_session, conference, guardian, now=EVENING)
    event = any_session.exec(select(Event).where(Event.verb == Verb.LINK_ISSUED)).one()
    assert school_day(link.expires_at, DENVER).isoformat() in event.payload
    assert link.expires_at.date().isoformat() not in event.payload


@pytest.mark.parametrize(
    ("moment", "still"), [(EVENING, True), (EVENING + timedelta(days=1), False)]
)
def test_times_can_be_chosen_on_the_evening_of_the_last_day_in_a_class(
    any_session: Session, family, moment: datetime, still: bool
) -> None:
    learner, teacher, _guardian = family
    room = builders.class_of(any_session, learner)
    day, doer = date(2025, 11, 20), by(teacher, Relation.TEACHER)
    window = windows.open_window(any_session, doer, room.id, day, day, MONDAY)
    calendar = calendar_of(any_session, learner.school_id)
    laying = Laying(day, time(15), time(16), 20, 5, "Room 214")
    windows.lay_slots(any_session, doer, window, laying, calendar, MONDAY)
    ends_today(any_session, Enrolment)
    assert bool(choose.free_slots(any_session, learner.id or 0, moment)) is still


@pytest.mark.parametrize(
    ("moment", "still"), [(EVENING, True), (EVENING + timedelta(days=1), False)]
)
def test_an_invitation_goes_out_on_the_evening_of_the_last_day_of_its_window(
    any_session: Session, family, moment: datetime, still: bool
) -> None:
    learner, teacher, _guardian = family
    room, doer = builders.class_of(any_session, learner), by(teacher, Relation.TEACHER)
    window = windows.open_window(any_session, doer, room.id, TODAY, TODAY, MONDAY)
    any_session.add(
        Message(
            school_id=learner.school_id, window_id=window.id, learner_id=learner.id,
            guardian_id=_guardian.id, kind=MessageKind.INVITATION, made_at=MONDAY,
        )
    )  # fmt: skip
    any_session.flush()
    message = any_session.exec(select(Message)).one()
    today = school_day(moment, DENVER)
    waiting = outbox.on_paper(any_session, [learner.id or 0], moment, by_mail=False, today=today)
    assert bool(waiting) is still
    assert outbox._may_be_told(any_session, message, moment) is still
