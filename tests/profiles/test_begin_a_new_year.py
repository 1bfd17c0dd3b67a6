"""The turn of a school year: keep, change or let go; what is hard waits for the learner and a teacher."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, select

from learnpath import clock
from learnpath.db import key_of
from learnpath.errors import ChangedMeanwhile, NotAllowedNow
from learnpath.people.models import Hat, Person
from learnpath.profiles import carry, renew, revise, share
from learnpath.profiles.carried import of_learner
from learnpath.profiles.models import Audience
from learnpath.profiles.queries import cited_for, entries_of, reads_hard_words, shown_blocks
from learnpath.profiles.resting import teachers_who_know
from learnpath.profiles.visible import Reader, entry_key
from learnpath.record import Relation, Verb
from learnpath.record.models import Event
from learnpath.school import enrol
from learnpath.school.models import Enrolment, SchoolClass
from tests.builders import (
    MONDAY,
    YEAR_START,
    a_class,
    a_learner,
    a_person,
    a_teacher,
    by,
    by_school,
    the_school,
    weeks_before,
)
from tests.profiles.build import a_profile, a_reader, an_inventory_run

LAST_YEAR = weeks_before(MONDAY, 30)
LAST_AUGUST = date(2024, 8, 19)
PLANNING = entry_key("challenges", "Planning")


def a_teacher_of_last_year(
    session: Session, learner: Person, *, stays: bool, called: str = "Ms. Before"
) -> Person:
    """Return who taught the learner last year, in another class, and perhaps still does."""
    school = the_school(session)
    room: SchoolClass = a_class(session, name="Room of last year")
    teacher, office = a_person(session, called), by_school(school)
    teaching = enrol.start_teaching(session, office, teacher, room, LAST_AUGUST, LAST_YEAR)
    there: Enrolment = enrol.enrol(session, office, learner, room, LAST_AUGUST, LAST_YEAR)
    if not stays:
        teaching.ends = there.ends = date(2025, 5, 30)
        session.add_all([teaching, there])
        session.flush()
    return teacher


def a_new_teacher(session: Session, learner: Person, called: str = "") -> Person:
    """Return a teacher of the class that the learner came into this year."""
    query = select(SchoolClass).join(Enrolment).where(Enrolment.learner_id == learner.id)
    room = session.exec(query.order_by(Enrolment.id)).first()
    assert room is not None
    return a_teacher(session, room, called=called)


def a_hard_profile(session: Session) -> Person:
    """Return a learner who wrote last year that planning is hard."""
    lines = {"strengths": ("Explaining",), "challenges": ("Planning",)}
    return a_profile(session, a_learner(session), lines=lines, now=LAST_YEAR)


def seen(session: Session, learner: Person, reader: Reader) -> list[str]:
    """Return all lines that a reader sees."""
    blocks = shown_blocks(session, key_of(learner), reader)
    return [line for block in blocks for line in block.lines]


def test_the_learner_is_asked_line_by_line(session: Session, visit) -> None:
    lines = {"strengths": ("Explaining", "Drawing", "Running"), "challenges": ("Planning",)}
    learner = a_profile(session, a_learner(session), lines=lines, now=LAST_YEAR)
    teacher = a_new_teacher(session, learner)
    session.commit()
    visitor, url = visit(learner), f"/learners/{learner.id}/profile"
    assert "A new school year" in visitor.get(url).words
    assert "Planning" not in visit(teacher).get(url).text
    asked = visitor.get(f"{url}/new-year")
    assert "Keep, change, or let go?" in asked.heading
    assert "Planning" not in asked.text, "one part on each page"
    answers = {"seen": 1, "line-0": "keep", "line-1": "let_go"}
    again = visitor.post(f"{url}/new-year?part=strengths", **answers)
    assert again.status == 422
    assert again.soup.select_one("input[value=let_go][checked]") is not None
    answers |= {"line-2": "change", "line-2-new": "Running far"}
    assert visitor.post(f"{url}/new-year?part=strengths", **answers).status == 303
    texts = seen(session, learner, a_reader(learner))
    session.commit()
    assert texts == ["Explaining", "Running far", "Planning"]
    left = visitor.get(f"{url}/new-year")
    assert "Planning" in left.words
    assert "Explaining" not in left.text
    visitor.post(f"{url}/new-year?part=challenges", **{"seen": 1, "line-0": "let_go"})
    assert "nothing to go through" in visitor.get(f"{url}/new-year").words


def test_the_learners_yes_alone_does_not_carry_what_is_hard(session: Session, visit) -> None:
    learner = a_hard_profile(session)
    before = a_teacher_of_last_year(session, learner, stays=True)
    teacher = a_new_teacher(session, learner, "Mr. Now")
    session.commit()
    url = f"/learners/{learner.id}/profile"
    visit(learner).post(f"{url}/new-year?part=challenges", **{"seen": 1, "line-0": "keep"})
    assert "Planning" not in visit(teacher).get(url).text
    assert "Planning" in visit(before).get(url).words, "who knew it still knows it"
    waits = visit(learner).get(f"{url}/from-last-year").words
    assert "waits for a yes from Ms. Before" in waits
    assert visit(before).post(f"{url}/new-teachers", lines=PLANNING).status == 303
    assert "Planning" in visit(teacher).get(url).words
    visit(learner).post(f"{url}/from-last-year", line=PLANNING, says="no")
    assert "Planning" not in visit(teacher).get(url).text


def test_the_teachers_yes_alone_does_not_either(session: Session, visit) -> None:
    learner = a_hard_profile(session)
    before = a_teacher_of_last_year(session, learner, stays=True)
    teacher = a_new_teacher(session, learner, "Mr. Now")
    session.commit()
    url = f"/learners/{learner.id}/profile"
    visit(before).post(f"{url}/new-teachers", lines=PLANNING)
    assert "Planning" not in visit(teacher).get(url).text
    visit(learner).post(f"{url}/new-year?part=challenges", **{"seen": 1, "line-0": "only_me"})
    assert "Planning" not in visit(teacher).get(url).text
    assert "Planning" not in visit(teacher).get(f"{url}/new-teachers").text


def test_a_new_teacher_cannot_say_yes_to_what_they_do_not_see(session: Session, visit) -> None:
    learner = a_hard_profile(session)
    teacher = a_new_teacher(session, learner)
    session.commit()
    url = f"/learners/{learner.id}/profile"
    visit(learner).post(f"{url}/new-year?part=challenges", **{"seen": 1, "line-0": "keep"})
    assert visit(teacher).post(f"{url}/new-teachers", lines=PLANNING).status == 422
    assert "Planning" not in visit(teacher).get(url).text


def test_where_no_teacher_is_left_it_stays_until_the_learner_shows_it(
    session: Session, visit
) -> None:
    learner = a_hard_profile(session)
    a_teacher_of_last_year(session, learner, stays=False)
    teacher = a_new_teacher(session, learner)
    session.commit()
    url = f"/learners/{learner.id}/profile"
    visit(learner).post(f"{url}/new-year?part=challenges", **{"seen": 1, "line-0": "keep"})
    assert "Planning" not in visit(teacher).get(url).text
    page = visit(learner).get(f"{url}/from-last-year")
    assert "Show it to my teachers" in page.words
    visit(learner).post(f"{url}/from-last-year", line=PLANNING, says="alone")
    assert "Planning" in visit(teacher).get(url).words


def test_the_learner_does_not_pass_over_a_teacher_who_knows(any_session: Session) -> None:
    learner = a_hard_profile(any_session)
    a_teacher_of_last_year(any_session, learner, stays=True)
    knowing = teachers_who_know(any_session, key_of(learner), a_reader(learner))
    assert [one.called for one in knowing] == ["Ms. Before"]
    with pytest.raises(NotAllowedNow):
        carry.alone_is_right(knowing)


def test_one_new_line_does_not_take_the_old_ones_along(any_session: Session) -> None:
    learner = a_hard_profile(any_session)
    teacher = a_new_teacher(any_session, learner)
    doer, id = by(learner, Relation.LEARNER), key_of(learner)
    revise.revise(any_session, doer, id, "challenges", ["Planning", "Reading maps"], "", 1, MONDAY)
    reader = a_reader(teacher, Hat.TEACHER)
    assert seen(any_session, learner, reader) == ["Explaining", "Reading maps"]
    own = a_reader(learner)
    assert [one.text for one in of_learner(any_session, id, own)] == ["Planning"]


def test_it_is_asked_again_the_year_after(any_session: Session) -> None:
    """What was open once is known to the teachers of that year, and waits for new ones again."""
    learner = a_hard_profile(any_session)
    before = a_teacher_of_last_year(any_session, learner, stays=True)
    id, doer = key_of(learner), by(learner, Relation.LEARNER)
    carry.agree(any_session, by(before, Relation.TEACHER), id, [PLANNING], [PLANNING], MONDAY)
    carry.say(any_session, doer, id, PLANNING, True, MONDAY)
    teacher = a_new_teacher(any_session, learner)
    assert "Planning" in seen(any_session, learner, a_reader(teacher, Hat.TEACHER))
    next_year = date(2026, 8, 17)
    new = a_teacher_of_last_year(any_session, learner, stays=True, called="Ms. Next")
    later = Reader(Hat.TEACHER, key_of(teacher), next_year, next_year, YEAR_START)
    assert "Planning" in seen(any_session, learner, later)
    stranger = Reader(Hat.TEACHER, key_of(new) + 1, next_year, next_year, YEAR_START)
    assert "Planning" not in seen(any_session, learner, stranger)


def test_goals_and_conferences_are_not_offered_what_waits(any_session: Session) -> None:
    learner = a_hard_profile(any_session)
    id, own = key_of(learner), a_reader(learner)
    assert [one.text for one in entries_of(any_session, id, own)] == ["Explaining"]
    carry.say(any_session, by(learner, Relation.LEARNER), id, PLANNING, True, MONDAY, alone=True)
    texts = [one.text for one in entries_of(any_session, id, own)]
    assert texts == ["Explaining", "Planning"]


def test_what_a_goal_of_last_year_cites_is_not_told_to_a_new_teacher(any_session: Session) -> None:
    learner = a_hard_profile(any_session)
    known = a_teacher_of_last_year(any_session, learner, stays=True)
    teacher = a_new_teacher(any_session, learner)
    cited = [{"key": PLANNING, "block": "challenges", "text": "Planning"}]
    id = key_of(learner)

    def told(person: Person, hat: Hat) -> bool:
        return bool(cited_for(any_session, id, cited, LAST_YEAR, a_reader(person, hat)))

    assert told(learner, Hat.LEARNER)
    assert told(known, Hat.TEACHER)
    assert not told(teacher, Hat.TEACHER)
    assert not told(a_person(any_session), Hat.FAMILY)
    last_year = (LAST_YEAR, a_reader(teacher, Hat.TEACHER))
    assert not reads_hard_words(any_session, id, *last_year)
    assert reads_hard_words(any_session, id, LAST_YEAR, a_reader(known, Hat.TEACHER))


def test_a_family_reads_cited_lines_of_blocks_that_are_open_to_it(any_session: Session) -> None:
    learner = a_profile(any_session, a_learner(any_session))
    family = a_reader(a_person(any_session), Hat.FAMILY)
    cited = [
        {"key": entry_key("strengths", "Explaining"), "block": "strengths", "text": "Explaining"}
    ]
    id = key_of(learner)
    assert cited_for(any_session, id, cited, MONDAY, family) == []
    doer = by(learner, Relation.LEARNER)
    share.choose_audience(any_session, doer, id, "strengths", Audience.FAMILY, MONDAY)
    assert cited_for(any_session, id, cited, MONDAY, family) == cited


def test_the_record_tells_both(any_session: Session) -> None:
    learner = a_hard_profile(any_session)
    before = a_teacher_of_last_year(any_session, learner, stays=True)
    id = key_of(learner)
    renew.renew(
        any_session, by(learner, Relation.LEARNER), id, "challenges", ["Planning"], 1, MONDAY,
        {"Planning": True},
    )  # fmt: skip
    doer = by(before, Relation.TEACHER)
    carry.agree(any_session, doer, id, [PLANNING], [PLANNING], MONDAY)
    carry.agree(any_session, doer, id, [PLANNING], [], MONDAY)
    query = select(Event).where(Event.at == MONDAY, Event.verb == Verb.PROFILE_SHARED)
    told = [(one.relation, one.payload) for one in any_session.exec(query.order_by(Event.id))]
    assert [relation for relation, _said in told] == ["learner", "teacher", "teacher"]
    assert ["not_new_teachers" in said for _relation, said in told] == [False, False, True]
    renewals = select(Event).where(Event.verb == Verb.PROFILE_REVISED, Event.at == MONDAY)
    assert len(any_session.exec(renewals).all()) == 1


def test_a_stale_answer_is_told(any_session: Session) -> None:
    learner = a_profile(any_session, a_learner(any_session), now=LAST_YEAR)
    doer = by(learner, Relation.LEARNER)
    with pytest.raises(ChangedMeanwhile):
        renew.renew(any_session, doer, key_of(learner), "challenges", [], 0, MONDAY)


def test_a_new_teacher_does_not_read_last_years_answers(session: Session, visit) -> None:
    learner = a_learner(session, grade=8)
    run = an_inventory_run(session, learner, finished=True, now=LAST_YEAR)
    teacher = a_new_teacher(session, learner)
    session.commit()
    url = f"/inventory-runs/{run.id}/check"
    assert visit(learner).get(url).status == 200
    assert visit(teacher).get(url).status == 404
    assert url not in visit(teacher).get(f"/learners/{learner.id}/profile").text


def test_a_teacher_is_asked_before_the_summer(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session), lines={"challenges": ("Planning",)})
    teacher = a_new_teacher(session, learner)
    session.commit()
    url = f"/learners/{learner.id}/profile"
    assert "Before the summer" not in visit(teacher).get(url).words
    with clock.standing_at(datetime(2026, 5, 4, 16, 0, tzinfo=UTC)):
        assert "Before the summer" in visit(teacher).get(url).words
        assert "Planning" in visit(teacher).get(f"{url}/new-teachers").words
        assert visit(teacher).post(f"{url}/new-teachers", lines=PLANNING).status == 303
