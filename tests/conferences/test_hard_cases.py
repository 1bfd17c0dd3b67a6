"""What happens at real schools: two who teach one class, three children, nothing to show, no family."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from learnpath import clock
from learnpath.conferences import links, messages, outbox, queries, summary, windows
from learnpath.conferences.models import Conference, Feedback, Message, Slot, Summary
from learnpath.errors import ChangedMeanwhile
from learnpath.record import Relation, Verb
from learnpath.record.queries import events_of
from learnpath.school.models import SchoolYearRow
from learnpath.school.queries import calendar_of
from tests import builders
from tests.builders import MONDAY
from tests.conferences import build
from tests.conferences.test_windows import DENVER, THURSDAY, Opened

# -- two teachers who lead a class together ----------------------------------------------------------


@pytest.fixture
def together(session: Session):
    """A learner with two teachers and a conference that one of them planned."""
    learner = builders.a_learner(session, "Mateo")
    one = builders.a_teacher_of(session, learner, "Ms. Baca")
    two = builders.a_teacher_of(session, learner, "Mr. Lujan")
    conference = build.a_planned_conference(session, learner, one)
    return learner, one, two, conference


def test_either_teacher_answers_and_the_second_is_told(visit, together, session):
    _learner, one, two, conference = together
    session.commit()
    address = f"/conferences/{conference.id}/answer"
    assert visit(two).post(address, words="From the second.", seen="0").status == 303
    late = visit(one).post(address, words="From the first.", seen="0")
    assert late.status == 409
    assert "From the first." in late.text
    assert "From the second." in late.text


def test_either_teacher_shares_and_the_second_is_told(visit, together, session, engine):
    learner, one, two, conference = together
    build.prepare_all(session, conference)
    made = build.hold(session, conference)
    summary.approve(session, build.by(learner, Relation.LEARNER), made, "Mine.", MONDAY)
    builders.a_guardian_of(session, learner, "Rosa")
    session.commit()
    address, seen = f"/summaries/{made.id}/share", made.sha256
    assert "shared with the family" in visit(two).post(address, seen=seen).follow().words
    told = visit(one).post(address, seen=seen).follow()
    assert "Mr. Lujan shared it before you. Nothing changed." in told.words
    with Session(engine) as reading:
        assert len(reading.exec(select(Message)).all()) == 1
        verbs = [event.verb for event in events_of(reading, learner.id)]
        assert verbs.count(Verb.SUMMARY_SHARED) == 1


def test_what_the_second_did_not_read_is_not_shared(together, session):
    learner, one, _two, conference = together
    build.prepare_all(session, conference)
    made = build.hold(session, conference)
    doer = build.by(learner, Relation.LEARNER)
    summary.approve(session, doer, made, "First words.", MONDAY)
    read = made.sha256
    summary.open_again(session, doer, made, MONDAY)
    summary.approve(session, doer, made, "Second words.", MONDAY)
    with pytest.raises(ChangedMeanwhile):
        summary.share(session, build.by(one, Relation.TEACHER), made, read, MONDAY)


def test_two_teachers_invite_each_family_once(session):
    opened = Opened(session)
    second = build.by(builders.a_teacher_of(session, opened.learner, "Mr. Lujan"), Relation.TEACHER)
    pair = [(opened.learner.id, opened.guardian.id)]
    for doer in (opened.by, second):
        messages.put_in_invitations(session, opened.window, pair, MONDAY)
        for message in outbox.on_paper(session, [opened.learner.id], MONDAY, by_mail=False):
            outbox.print_one(session, doer, message, MONDAY)
    issued = [e for e in events_of(session, opened.learner.id) if e.verb is Verb.LINK_ISSUED]
    assert len(issued) == 1


# -- a family with three children ----------------------------------------------------------------------


@pytest.fixture
def three(session: Session):
    """A mother of three, each with a shared summary."""
    children = [builders.a_learner(session, name) for name in ("Ana", "Beto", "Caro")]
    mother = builders.a_guardian_of(session, children[0], "Rosa")
    for child in children[1:]:
        build.also_guards(session, mother, child)
    return mother, [build.a_conference(session, child) for child in children]


def test_three_links_each_open_their_own_child(visit, three, session, engine):
    mother, conferences = three
    opened = [build.a_link(session, conference, mother) for conference in conferences]
    session.commit()
    visitor = visit(None)
    for _link, token in opened:
        assert visitor.post(f"/f/{token}").status == 303
    names = ("Ana", "Beto", "Caro")
    for own, (link, _token) in zip(names, opened, strict=True):
        page = visitor.get(f"/family/{link.id}")
        assert [name for name in names if name in page.words] == [own]
    last = opened[-1][0]
    assert visitor.post(f"/family/{last.id}/feedback", understood="yes").status == 303
    with Session(engine) as reading:
        (given,) = reading.exec(select(Feedback)).all()
        assert given.learner_id == conferences[-1].learner_id
    links.revoke(session, build.by(mother, Relation.TEACHER), opened[0][0], MONDAY)
    session.commit()
    assert visitor.get(f"/family/{opened[0][0].id}").status == 404
    assert visitor.get(f"/family/{opened[1][0].id}").status == 200


def test_one_account_has_three_children_and_each_its_own_page(visit, three, session):
    mother, conferences = three
    session.commit()
    visitor = visit(mother)
    for conference in conferences:
        page = visitor.get(f"/learners/{conference.learner_id}/conferences")
        read = page.soup.select("main a[href^='/summaries/']")
        assert [link["href"] for link in read] == [
            f"/summaries/{build.summary_of(session, conference).id}"
        ]


def test_three_children_are_three_invitations(session):
    opened = Opened(session)
    children = [opened.learner, opened.other]
    children.append(builders.a_learner(session, "Caro", in_class=opened.school_class))
    build.also_guards(session, opened.guardian, opened.other)
    build.also_guards(session, opened.guardian, children[2])
    messages.keep_contact(session, opened.guardian.id, "rosa@example.org", False, MONDAY)
    families = [(child.id, opened.guardian.id) for child in children]
    messages.put_in_invitations(session, opened.window, families, MONDAY)
    rows = session.exec(select(Message).where(Message.guardian_id == opened.guardian.id)).all()
    assert {row.learner_id for row in rows} == {child.id for child in children}
    assert len(rows) == len(children)


# -- times -----------------------------------------------------------------------------------------------


def test_a_slot_that_ended_is_told_and_the_next_is_offered(visit, session):
    opened = Opened(session)
    session.commit()
    address = f"/learners/{opened.learner.id}/conferences/choose"
    with clock.standing_at(opened.slots[0].starts_at + timedelta(minutes=1)):
        late = visit(opened.guardian).post(address, slot=str(opened.slots[0].id), hope="More books")
    assert late.status == 422
    assert "More books" in late.text
    offered = [int(box["value"]) for box in late.soup.select("input[name=slot]")]
    assert offered == [slot.id for slot in opened.slots[1:]]
    assert session.exec(select(Conference)).all() == []


def test_no_slot_is_laid_into_time_that_is_over(session):
    opened = Opened(session)
    for slot in session.exec(select(Slot)).all():
        session.delete(slot)
    session.flush()
    noon = opened.slots[1].starts_at
    begins, ends = _from_three_to_four()
    laid = windows.lay_slots(
        session, opened.by, opened.window,
        windows.Laying(THURSDAY, begins, ends, 20, 5),
        calendar_of(session, opened.window.school_id), noon,
    )  # fmt: skip
    assert [slot.starts_at > noon for slot in laid] == [True]


def _from_three_to_four():
    from datetime import time

    return time(15), time(16, 15)


def test_days_at_the_end_of_a_term_are_opened_with_a_warning(visit, session):
    learner = builders.a_learner(session, "Mateo")
    teacher = builders.a_teacher_of(session, learner)
    class_id = builders.class_of(session, learner).id
    session.commit()
    visitor, address = visit(teacher), f"/classes/{class_id}/conferences"
    warning = "It ends in the last two weeks of a term."
    early = visitor.post(address, first_day="2026-04-20", last_day="2026-04-22").follow()
    assert warning not in early.words
    late = visitor.post(address, first_day="2026-05-20", last_day="2026-05-22")
    assert warning in late.follow().words
    # Not only once, as it is opened: the page of these days keeps saying it.
    assert warning in visitor.get(late.location).words


# -- nothing to show, nobody at home -----------------------------------------------------------------------


def test_a_learner_without_goals_or_family_has_a_conference_all_the_same(visit, session, engine):
    learner = builders.a_learner(session, "Mateo")
    teacher = builders.a_teacher_of(session, learner)
    conference = build.a_planned_conference(session, learner, teacher)
    session.commit()
    child, at = visit(learner), f"/conferences/{conference.id}"
    for part in ("", "/prepare", "/prepare/goals", "/prepare/lines", "/prepare/work", "/rehearse"):
        assert child.get(at + part).status == 200, part
    assert child.post(f"{at}/begin").status == 303
    shown = child.get(f"{at}/present")
    assert shown.status == 200
    assert shown.soup.select("svg.chart-svg") == []
    ended = child.post(
        f"{at}/finish", present=["learner", "teacher"], led_welcome="learner",
        touched=["present"], text_learner="Two quotes.", due_learner="2025-12-01",
    )  # fmt: skip
    assert ended.status == 303, ended.words
    with Session(engine) as reading:
        made = reading.exec(select(Summary)).one()
    assert child.post(f"/summaries/{made.id}/approve", in_my_words="Mine.").status == 303
    page = child.get(f"/summaries/{made.id}")
    assert "Two quotes." in page.words
    with Session(engine) as reading:
        seen = reading.get_one(Summary, made.id).sha256
    assert visit(teacher).post(f"/summaries/{made.id}/share", seen=seen).status == 303
    assert visit(teacher).get(at).status == 200
    assert visit(learner).get(f"/summaries/{made.id}/summary.pdf").status == 200
    with Session(engine) as reading:
        assert reading.exec(select(Message)).all() == []


def test_a_class_without_families_has_nobody_to_invite(visit, session):
    learner = builders.a_learner(session, "Mateo")
    teacher = builders.a_teacher_of(session, learner)
    school_class = builders.class_of(session, learner)
    doer = build.by(teacher, Relation.TEACHER)
    window = windows.open_window(session, doer, school_class.id, THURSDAY, THURSDAY, MONDAY)
    session.commit()
    address = f"/classes/{school_class.id}/conferences/{window.id}"
    page = visit(teacher).post(f"{address}/invite")
    assert (page.status, "Nothing is left to print." in page.words) == (200, True)


# -- through the years ----------------------------------------------------------------------------------


def test_conferences_stand_by_school_year(visit, session):
    learner = builders.a_learner(session, "Mateo")
    teacher = builders.a_teacher_of(session, learner)
    guardian = builders.a_guardian_of(session, learner, "Rosa")
    session.add(
        SchoolYearRow(
            school_id=learner.school_id, name="2024-25", starts=date(2024, 8, 19),
            ends=date(2025, 5, 30),
        )
    )  # fmt: skip
    session.flush()
    for before in (timedelta(weeks=40), timedelta(weeks=34), timedelta()):
        build.a_conference(session, learner, teacher, now=MONDAY - before)
    session.commit()
    for reader in (learner, teacher, guardian):
        page = visit(reader).get(f"/learners/{learner.id}/conferences")
        years = [heading.get_text() for heading in page.soup.select("main h2")]
        assert [year[-7:] for year in years] == ["2025-26", "2024-25"]
        sections = page.soup.select("section[aria-labelledby^=year]")
        assert [len(section.select("h3")) for section in sections] == [1, 2]


def test_a_conference_before_all_known_years_is_listed_too(session):
    learner = builders.a_learner(session, "Mateo")
    build.a_conference(session, learner, now=MONDAY - timedelta(weeks=100))
    rows = queries.list_of(session, learner.id)
    (year,) = queries.through_the_years(rows, calendar_of(session, learner.school_id), DENVER)
    assert (year.name, len(year.rows)) == ("", 1)
