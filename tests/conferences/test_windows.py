"""Families choose a time: the first one has it, the other is offered the next, and calendars agree."""

from __future__ import annotations

import itertools
import threading
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from sqlmodel import Session, select

from learnpath.conferences import choose, links, plan, window_page, windows
from learnpath.conferences.calendar_file import calendar_file
from learnpath.conferences.choose import SlotTaken, Wish
from learnpath.conferences.models import Conference, ConferenceState, FamilyWish, Slot
from learnpath.conferences.windows import Laying
from learnpath.db import open_session, unit_of_work
from learnpath.errors import NotAllowedNow, NotFound, WrongInput
from learnpath.people.models import Person
from learnpath.record import By, Relation
from learnpath.school.models import SchoolClass, SchoolYearRow, Term
from learnpath.school.queries import calendar_of
from tests import builders
from tests.builders import MONDAY
from tests.conferences import build

THURSDAY = date(2025, 11, 20)
DENVER = ZoneInfo("America/Denver")


class Opened:
    """A class with a teacher, a window and three slots on Thursday."""

    def __init__(self, session: Session) -> None:
        self.learner = builders.a_learner(session, "Mateo")
        self.school_class = builders.class_of(session, self.learner)
        self.other = builders.a_learner(session, "Naomi", in_class=self.school_class)
        self.teacher = builders.a_teacher_of(session, self.learner, "Ms. Baca")
        self.guardian = builders.a_guardian_of(session, self.learner, "Rosa")
        self.other_guardian = builders.a_guardian_of(session, self.other, "Dee")
        self.by = build.by(self.teacher, Relation.TEACHER)
        self.window = windows.open_window(
            session, self.by, self.school_class.id, THURSDAY, THURSDAY + timedelta(days=1), MONDAY
        )
        self.slots = lay(session, self)

    def family(self) -> tuple[By, Person, int | None]:
        return build.by(self.guardian, Relation.FAMILY), self.learner, self.guardian.id

    def other_family(self) -> tuple[By, Person, int | None]:
        return build.by(self.other_guardian, Relation.FAMILY), self.other, self.other_guardian.id


def lay(session: Session, opened: Opened, **changes) -> list[Slot]:
    laying = {
        "day": THURSDAY, "begins": time(15), "ends": time(16, 15), "minutes": 20, "rest": 5,
    } | changes  # fmt: skip
    calendar = calendar_of(session, opened.window.school_id)
    return windows.lay_slots(session, opened.by, opened.window, Laying(**laying), calendar, MONDAY)


@pytest.fixture
def opened(any_session: Session) -> Opened:
    return Opened(any_session)


def test_slots_have_their_rest_between(opened: Opened):
    begins = [slot.starts_at.astimezone(DENVER).time() for slot in opened.slots]
    assert begins == [time(15), time(15, 25), time(15, 50)]


def test_slots_never_overlap_ones_of_the_same_teacher(any_session, opened: Opened):
    more = lay(any_session, opened, begins=time(15, 30), ends=time(17), minutes=20, rest=0)
    begins = [slot.starts_at.astimezone(DENVER).time() for slot in more]
    assert begins == [time(16, 10), time(16, 30)]
    with pytest.raises(WrongInput):
        lay(any_session, opened)


@pytest.mark.parametrize(
    "changes",
    [
        {"day": THURSDAY + timedelta(days=5)},
        {"ends": time(14)},
        {"minutes": 0},
        {"minutes": 500},
        {"begins": time(15), "ends": time(15, 10)},
    ],
)
def test_slots_that_make_no_sense_are_refused(any_session, opened: Opened, changes):
    with pytest.raises(WrongInput):
        lay(any_session, opened, **changes)


def test_over_the_change_of_the_clocks_slots_stay_as_long_as_they_are():
    night = Laying(date(2025, 11, 2), time(0, 30), time(3), 30)
    moments = windows._moments(night, "America/Denver")
    assert moments[0] == datetime(2025, 11, 2, 6, 30, tzinfo=UTC)
    assert len(moments) == 7
    assert {b - a for a, b in itertools.pairwise(moments)} == {timedelta(minutes=30)}


def test_a_family_chooses_and_says_what_it_hopes(any_session, opened: Opened):
    wish = Wish("Spanish", True, "She reads to her brother.", "More books")
    made = choose.choose(any_session, *opened.family(), opened.slots[1].id, wish, MONDAY)
    assert made.starts_at == opened.slots[1].starts_at
    assert made.planned_by == opened.teacher.id
    kept = any_session.exec(select(FamilyWish)).one()
    assert (kept.speaks, kept.interpreter, kept.hope) == ("Spanish", True, "More books")
    free = [slot.id for slot, _teacher in choose.free_slots(any_session, opened.other.id, MONDAY)]
    assert free == [opened.slots[0].id, opened.slots[2].id]


def test_the_second_family_is_told_and_offered_the_next(any_session, opened: Opened):
    slot = opened.slots[0].id
    choose.choose(any_session, *opened.family(), slot, Wish(), MONDAY)
    with pytest.raises(SlotTaken):
        choose.choose(any_session, *opened.other_family(), slot, Wish(), MONDAY)


def test_changing_gives_the_first_time_back_and_keeps_the_preparation(any_session, opened: Opened):
    made = choose.choose(any_session, *opened.family(), opened.slots[0].id, Wish(), MONDAY)
    build.prepare_all(any_session, made)
    again = choose.choose(any_session, *opened.family(), opened.slots[2].id, Wish(), MONDAY)
    any_session.flush()
    assert (again.id, again.own_words, again.moves) == (made.id, build.OWN_WORDS, 1)
    choose.choose(any_session, *opened.other_family(), opened.slots[0].id, Wish(), MONDAY)


def test_what_was_prepared_comes_along_when_a_family_could_not_come(any_session, opened: Opened):
    made = choose.choose(any_session, *opened.family(), opened.slots[0].id, Wish(), MONDAY)
    build.prepare_all(any_session, made)
    choose.cannot_come(any_session, opened.family()[0], made, MONDAY)
    any_session.flush()
    assert made.state is ConferenceState.CALLED_OFF
    new = choose.choose(any_session, *opened.family(), opened.slots[0].id, Wish(), MONDAY)
    assert (new.id == made.id, new.hard_what) == (False, build.HARD.what)


def test_a_slot_that_is_over_or_not_for_this_child_cannot_be_chosen(any_session, opened: Opened):
    stranger = builders.a_learner(any_session)
    family = builders.a_guardian_of(any_session, stranger)
    doer = build.by(family, Relation.FAMILY)
    with pytest.raises(NotFound):
        choose.choose(any_session, doer, stranger, family.id, opened.slots[0].id, Wish(), MONDAY)
    late = opened.slots[0].starts_at + timedelta(minutes=1)
    with pytest.raises(SlotTaken):
        choose.choose(any_session, *opened.family(), opened.slots[0].id, Wish(), late)


def test_two_families_at_the_same_moment_and_one_gets_it(any_engine):
    with unit_of_work(any_engine) as session:
        opened = Opened(session)
        families = [opened.family(), opened.other_family()]
        slot = opened.slots[0].id
    gate, results = threading.Barrier(2), []

    def run(family) -> None:
        gate.wait()
        by, learner, guardian_id = family
        try:
            with unit_of_work(any_engine) as session:
                own = session.get_one(Person, learner.id)
                choose.choose(session, by, own, guardian_id, slot, Wish(), MONDAY)
            results.append("has it")
        except SlotTaken:
            results.append("told")

    threads = [threading.Thread(target=run, args=(family,)) for family in families]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["has it", "told"]
    with open_session(any_engine, writing=False) as session:
        assert len(session.exec(select(Conference)).all()) == 1


def test_a_chosen_slot_cannot_be_taken_away(any_session, opened: Opened):
    choose.choose(any_session, *opened.family(), opened.slots[0].id, Wish(), MONDAY)
    any_session.refresh(opened.slots[0])
    with pytest.raises(NotAllowedNow):
        windows.take_slot_away(any_session, opened.slots[0])
    windows.take_slot_away(any_session, opened.slots[1])


def test_a_window_at_the_end_of_a_term_is_warned_about(any_session, opened: Opened):
    school_id = opened.window.school_id
    assert not windows.is_late_in_term(any_session, school_id, date(2025, 12, 12))
    assert windows.is_late_in_term(any_session, school_id, date(2026, 5, 20))
    year = any_session.exec(select(SchoolYearRow)).one()
    any_session.add(
        Term(year_id=year.id, name="One", starts=date(2025, 8, 18), ends=date(2025, 12, 19))
    )
    any_session.flush()
    assert windows.is_late_in_term(any_session, school_id, date(2025, 12, 12))
    assert not windows.is_late_in_term(any_session, school_id, date(2025, 11, 20))


def test_another_class_sees_a_taken_slot_without_a_name(any_session, opened: Opened):
    other_class = builders.a_class(any_session, name="Room 9")
    from learnpath.school import enrol

    school = builders.the_school(any_session)
    enrol.start_teaching(
        any_session, builders.by_school(school), opened.teacher, other_class,
        builders.YEAR_START, MONDAY,
    )  # fmt: skip
    choose.choose(any_session, *opened.family(), opened.slots[0].id, Wish(), MONDAY)
    any_session.flush()
    for school_class, seen in ((opened.school_class, "Mateo"), (other_class, "")):
        page = window_page.window_page(
            any_session, opened.window, school_class, "America/Denver", THURSDAY
        )
        first = page.days[0].slots[0]
        assert (first.taken, first.learner) == (True, seen)


def test_the_calendar_says_the_schools_own_time_and_no_name(any_session, opened: Opened):
    made = choose.choose(any_session, *opened.family(), opened.slots[0].id, Wish(), MONDAY)
    text = calendar_file([made], "Conference at school", "America/Denver", MONDAY)
    assert b"Mateo" not in text
    calendar = Calendar.from_ical(text)
    (event,) = calendar.walk("VEVENT")
    assert event["dtstart"].dt.astimezone(UTC) == opened.slots[0].starts_at
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=20)
    assert [zone["tzid"] for zone in calendar.walk("VTIMEZONE")] == ["America/Denver"]
    assert str(event["uid"]) == f"conference-{made.id}@learnpath"


def test_a_move_reaches_a_calendar_that_has_the_first_time(any_session, opened: Opened):
    made = choose.choose(any_session, *opened.family(), opened.slots[0].id, Wish(), MONDAY)
    plan.call_off(any_session, opened.by, made, MONDAY)
    (event,) = Calendar.from_ical(
        calendar_file([made], "Conference", "America/Denver", MONDAY)
    ).walk("VEVENT")
    assert (int(event["sequence"]), str(event["status"])) == (1, "CANCELLED")


# -- over the pages ------------------------------------------------------------------------------------


@pytest.fixture
def ready(session: Session) -> Opened:
    made = Opened(session)
    session.commit()
    return made


def test_a_teacher_opens_days_lays_times_and_invites(visit, session):
    learner = builders.a_learner(session, "Mateo")
    teacher = builders.a_teacher_of(session, learner)
    builders.a_guardian_of(session, learner, "Rosa")
    builders.a_guardian_of(session, learner, "Barred", no_contact=True)
    class_id = builders.class_of(session, learner).id
    session.commit()
    visitor = visit(teacher)
    page = visitor.post(
        f"/classes/{class_id}/conferences", first_day="2025-11-20", last_day="2025-11-21"
    )
    assert page.status == 303
    address = page.location
    assert "No times yet" in page.follow().words
    wrong = visitor.post(
        f"{address}/slots", day="2025-11-28", begins="15:00", ends="16:00", minutes="20"
    )
    assert (wrong.status, "Choose a day of this window." in wrong.words) == (422, True)
    laid = visitor.post(
        f"{address}/slots", day="2025-11-20", begins="15:00", ends="16:00", minutes="20", rest="0"
    )
    assert laid.status == 303
    assert "3:40" in laid.follow().words
    sheets = visitor.post(f"{address}/invite")
    assert len(sheets.soup.select(".sheet")) == 1
    assert "Rosa" in sheets.words
    assert "Barred" not in sheets.words


def test_a_family_with_an_account_chooses_changes_and_gives_back(visit, ready, engine):
    visitor = visit(ready.guardian)
    address = f"/learners/{ready.learner.id}/conferences/choose"
    page = visitor.get(address)
    assert len(page.soup.select("input[name=slot]")) == 3
    assert visitor.post(address, speaks="Spanish").status == 422
    chosen = visitor.post(
        address, slot=str(ready.slots[0].id), speaks="Spanish", interpreter="y", hope="More books"
    )
    assert chosen.status == 303
    assert "3:00 p.m." in chosen.follow().words
    ics = visitor.get(f"/learners/{ready.learner.id}/conferences/calendar.ics")
    assert ics.response.content_type.startswith("text/calendar")
    assert visitor.post(f"/learners/{ready.learner.id}/conferences/cannot-come").status == 303
    with Session(engine) as reading:
        assert reading.exec(select(Slot).where(Slot.conference_id.is_not(None))).all() == []


def test_the_second_family_keeps_what_it_typed(visit, ready):
    first = f"/learners/{ready.learner.id}/conferences/choose"
    second = f"/learners/{ready.other.id}/conferences/choose"
    slot = str(ready.slots[0].id)
    assert visit(ready.guardian).post(first, slot=slot).status == 303
    late = visit(ready.other_guardian).post(second, slot=slot, hope="That she talks more")
    assert late.status == 422
    assert "That she talks more" in late.text
    assert len(late.soup.select("input[name=slot]")) == 2


def test_a_family_chooses_by_its_link_and_reads_the_summary_by_the_same(visit, ready, session):
    link, token = links.invite(
        session, ready.by, ready.window, ready.learner.id, ready.guardian.id, MONDAY
    )
    session.commit()
    visitor = visit(None)
    page = visitor.post(f"/f/{token}").follow()
    assert page.soup.html["lang"] == "es"
    assert len(page.soup.select("input[name=slot]")) == 3
    assert visitor.post(f"/family/{link.id}/time", slot="999999").status == 422
    chosen = visitor.post(f"/family/{link.id}/time", slot=str(ready.slots[0].id), speaks="Español")
    assert chosen.status == 303
    assert visitor.get(f"/family/{link.id}/calendar.ics").status == 200
    session.expire_all()
    conference = session.exec(select(Conference)).one()
    build.prepare_all(session, conference)
    made = build.hold(session, conference)
    from learnpath.conferences import summary

    summary.approve(session, build.by(ready.learner, Relation.LEARNER), made, "Mine.", MONDAY)
    summary.share(session, ready.by, made, made.sha256, MONDAY)
    session.commit()
    assert "Mine." in visitor.get(f"/family/{link.id}").words


def test_strangers_stay_outside(visit, ready, session):
    other_class = builders.a_class(session, name="Room 9")
    stranger = builders.a_teacher(session, other_class)
    session.commit()
    visitor = visit(stranger)
    class_id, window_id = ready.school_class.id, ready.window.id
    assert visitor.get(f"/classes/{class_id}/conferences/{window_id}").status == 404
    assert visitor.get(f"/classes/{other_class.id}/conferences/{window_id}").status == 404
    assert visitor.post(f"/classes/{other_class.id}/conferences/{window_id}/invite").status == 404
    assert visit(ready.guardian).get(f"/learners/{ready.other.id}/conferences/choose").status == 404
    assert isinstance(ready.school_class, SchoolClass)


def test_a_leader_sees_counts_of_ten_and_more_only(visit, session):
    leader = builders.a_leader(session)
    school = builders.the_school(session)
    for _number in range(9):
        build.a_conference(session, builders.a_learner(session), shared=False)
    session.commit()
    page = visit(leader).get(f"/schools/{school.id}/conferences")
    assert page.words.count("Not enough to show safely") == 3
    for _number in range(3):
        build.a_conference(session, builders.a_learner(session), shared=False)
    session.commit()
    page = visit(leader).get(f"/schools/{school.id}/conferences")
    assert "Not enough to show safely" not in page.words
    assert page.words.count("12") >= 3


def test_a_leader_opens_days_for_the_whole_school(visit, ready, session, engine):
    leader = builders.a_leader(session)
    session.commit()
    school_id = ready.window.school_id
    sent = visit(leader).post(
        f"/schools/{school_id}/conferences", first_day="2025-12-01", last_day="2025-12-05"
    )
    assert sent.status == 303
    assert "Dec 1 to Dec 5" in visit(ready.teacher).get(
        f"/classes/{ready.school_class.id}/conferences"
    ).words  # fmt: skip


@pytest.mark.parametrize(
    ("place", "links"),
    [
        ("https://meet.example.org/room", ["https://meet.example.org/room"]),
        ("Room 214", []),
        ("javascript:alert(1)", []),
    ],
)
def test_a_video_room_can_be_followed_and_other_words_are_words(visit, session, place, links):
    learner = builders.a_learner(session, "Mateo")
    conference = build.a_planned_conference(session, learner)
    conference.place = place
    session.commit()
    page = visit(learner).get(f"/conferences/{conference.id}")
    assert place in page.words
    found = [str(a["href"]) for a in page.soup.select("main a") if a.get_text() == place]
    assert found == links
