"""What is gone from a whole set ends, never erased; a set of changes changes what it names and no more."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from learnpath import record
from learnpath.access import Actor, Can, fetch
from learnpath.db import unit_of_work
from learnpath.errors import NotFound
from learnpath.people.models import Hat, Person
from learnpath.record import By, Relation, Verb
from learnpath.record.models import Event
from learnpath.school import enrol
from learnpath.school.models import Enrolment, Guardianship, SchoolClass
from tests.roster.build import MONDAY, ZONE, Office, named
from tests.roster.sets import a_class, a_set, a_user, an_enrolment, nothing

LATER = MONDAY + timedelta(days=14)
LAST = date(2025, 11, 30)


def _may_read(office: Office, teacher: str, learner: str, today: date) -> bool:
    one, other = office.person(teacher), office.person(learner)
    actor = Actor(one.id, one.school_id, Hat.TEACHER, ZONE, today)
    with office.reading() as session:
        try:
            fetch(session, actor, Can.READ_LEARNER, Person, other.id)
        except NotFound:
            return False
    return True


def test_what_is_gone_from_a_whole_set_ends_and_stays_readable(any_office: Office) -> None:
    any_office.apply(a_set())
    assert _may_read(any_office, "t1", "s2", date(2025, 12, 1))
    made = a_set()
    made.drop("enrollments.csv", "e2")
    made.drop("users.csv", "s2")
    made.row("users.csv", "g1")["agentSourcedIds"] = "s1"
    said = any_office.apply(made, LATER)
    assert {kind: n for kind, n in said["end"].items() if n} == {
        "users": 1, "enrollments": 1, "guardians": 1,
    }  # fmt: skip
    assert said["add"] == dict.fromkeys(said["add"], 0)
    assert any_office.enrolment("e2").ends == LAST
    assert any_office.person("s2").left_at == LATER
    assert any_office.guardians("s2") == set()
    assert any_office.guardians("s1") == {"Lucía", "Sue"}
    assert any_office.verbs("s2")[-3:] == ["enrolment_ended", "guardian_unlinked", "person_left"]
    assert not _may_read(any_office, "t1", "s2", date(2025, 12, 1))
    assert _may_read(any_office, "t1", "s1", date(2025, 12, 1))


def test_who_comes_back_is_the_same_person_with_the_same_record(any_office: Office) -> None:
    any_office.apply(a_set())
    before = any_office.person("s2").id
    made = a_set()
    made.drop("enrollments.csv", "e2")
    made.drop("users.csv", "s2")
    any_office.apply(made, LATER)
    said = any_office.apply(a_set(), LATER + timedelta(days=7))
    assert (said["add"]["users"], said["change"]["users"]) == (0, 1)
    again = any_office.person("s2")
    assert (again.id, again.left_at) == (before, None)
    assert any_office.enrolment("e2").ends is None
    assert any_office.guardians("s2") == {"Lucía"}


def test_a_set_of_changes_changes_what_it_names_and_no_more(any_office: Office) -> None:
    any_office.apply(a_set())
    made = nothing()
    a_user(made, "s1", "student", "Ana María", "Ruiz", grades="06", agentSourcedIds="g1,t2")
    a_user(made, "s4", "student", "Dan", "New", grades="05")
    an_enrolment(made, "e9", "c1", "s4", "student", beginDate="2025-12-01")
    said = any_office.apply(made, LATER)
    assert said["mode"] == "delta"
    assert said["wrong"] == []
    assert (said["add"]["users"], said["add"]["enrollments"]) == (1, 1)
    assert said["change"] == {**dict.fromkeys(said["change"], 0), "users": 1}
    assert said["end"] == dict.fromkeys(said["end"], 0)
    ana = any_office.person("s1")
    assert (ana.given_name, ana.called, ana.grade) == ("Ana María", "Ana María", 6)
    assert any_office.verbs("s1")[-2:] == ["grade_changed", "person_changed"]
    assert any_office.person("s2").left_at is None
    assert any_office.enrolment("e9").starts == date(2025, 12, 1)


def test_tobedeleted_ends_what_it_names_whatever_else_the_row_lacks(any_office: Office) -> None:
    any_office.apply(a_set())
    made = nothing()
    made.add("enrollments.csv", sourcedId="e1", status="tobedeleted", beginDate="gone")
    made.add("users.csv", sourcedId="g1", status="tobedeleted")
    made.add("classes.csv", sourcedId="c2", status="tobedeleted")
    made.add("enrollments.csv", sourcedId="never-was", status="ToBeDeleted")
    said = any_office.apply(made, LATER)
    assert said["wrong"] == []
    assert {kind: n for kind, n in said["end"].items() if n} == {
        "classes": 1, "users": 1, "enrollments": 3, "guardians": 2,
    }  # fmt: skip
    assert any_office.group("c2").closed_on == LAST
    assert any_office.enrolment("e3").ends == any_office.teaching("e5").ends == LAST
    assert any_office.enrolment("e2").ends is None
    assert any_office.person("s3").left_at is None


def test_a_row_of_changes_without_status_or_date_is_left_out(office: Office) -> None:
    office.apply(a_set())
    made = nothing()
    an_enrolment(made, "e1", "c1", "s1", "student", status="")
    an_enrolment(made, "e2", "c1", "s2", "student", dateLastModified="")
    said = office.plan(made)
    assert named(said) == [
        ("enrollments.csv", 2, "status", False),
        ("enrollments.csv", 3, "dateLastModified", False),
    ]
    assert said["end"]["enrollments"] == 0


def test_what_was_left_out_of_a_whole_set_does_not_count_as_gone(office: Office) -> None:
    office.apply(a_set())
    made = a_set()
    made.row("enrollments.csv", "e1")["beginDate"] = "1/05/2023"
    made.row("users.csv", "s3").update(givenName="", familyName="")
    said = office.apply(made, LATER)
    assert said["left_out"] == {"enrollments.csv": 2, "users.csv": 1}
    assert said["end"] == dict.fromkeys(said["end"], 0)


def test_where_a_row_cannot_be_read_at_all_nobody_knows_who_is_gone(office: Office) -> None:
    office.apply(a_set())
    made = a_set()
    made.row("enrollments.csv", "e1")["sourcedId"] = ""
    made.drop("enrollments.csv", "e2")
    said = office.plan(made)
    assert said["end"]["enrollments"] == 0


@pytest.mark.parametrize("file", ["users.csv", "enrollments.csv", "classes.csv"])
def test_a_header_only_never_ends_a_whole_school(office: Office, file: str) -> None:
    office.apply(a_set())
    made = a_set()
    made.files[file] = []
    said = office.plan(made)
    assert (file, 1, "", True) in named(said)


def test_a_day_that_the_sender_corrects_is_corrected(office: Office) -> None:
    office.apply(a_set())
    made = a_set()
    made.row("enrollments.csv", "e1").update(beginDate="2025-09-01", endDate="2026-05-29")
    made.row("classes.csv", "c1")["title"] = "Room 12 (Baca)"
    made.row("academicSessions.csv", "y")["endDate"] = "2026-06-05"
    said = office.apply(made, LATER)
    assert {kind: n for kind, n in said["change"].items() if n} == {
        "sessions": 1, "classes": 1, "enrollments": 1,
    }  # fmt: skip
    tie = office.enrolment("e1")
    assert (tie.starts, tie.ends) == (date(2025, 9, 1), date(2026, 5, 29))
    assert office.group("c1").name == "Room 12 (Baca)"


def test_an_end_that_the_sender_names_is_the_last_day(office: Office) -> None:
    made = a_set()
    made.row("enrollments.csv", "e1")["endDate"] = "2025-10-10"
    office.apply(made)
    assert office.enrolment("e1").ends == date(2025, 10, 10)
    assert not _may_read(office, "t1", "s1", date(2025, 11, 17))


def test_enrolments_that_are_numbered_anew_go_on(office: Office) -> None:
    office.apply(a_set())
    before = office.enrolment("e1").id
    made = a_set()
    made.row("enrollments.csv", "e1")["sourcedId"] = "new-1"
    said = office.apply(made, LATER)
    assert (said["add"]["enrollments"], said["end"]["enrollments"]) == (0, 0)
    assert said["change"]["enrollments"] == 1
    assert office.enrolment("new-1").id == before
    assert office.enrolment("new-1").ends is None


def test_what_began_today_and_is_gone_today_never_held(office: Office) -> None:
    office.apply(a_set())
    made = a_set()
    an_enrolment(made, "e9", "c2", "s1", "student", beginDate="2025-11-17")
    office.apply(made)
    office.apply(a_set())
    assert office.enrolment("e9").ends == date(2025, 11, 16)


def test_two_that_never_held_keep_apart(office: Office) -> None:
    office.apply(a_set())
    made = a_set()
    for id, day in (("e8", "2025-12-01"), ("e9", "2026-01-05")):
        an_enrolment(made, id, "c2", "s1", "student", beginDate=day)
    office.apply(made)
    said = office.apply(a_set())
    assert said["end"]["enrollments"] == 2
    days = {(office.enrolment(id).starts, office.enrolment(id).ends) for id in ("e8", "e9")}
    assert days == {(date(2025, 11, 16),) * 2, (date(2025, 11, 15),) * 2}


def test_a_school_that_comes_later_gets_the_year_of_its_terms(office: Office) -> None:
    first = a_set()
    first.drop("orgs.csv", "o2")
    office.apply(first)
    later = nothing()
    later.add("orgs.csv", sourcedId="o2", name="Valley School", type="school")
    a_class(later, "c9", "Valley 9", "o2", terms="f")
    said = office.apply(later)
    assert (said["add"]["orgs"], said["add"]["classes"], said["wrong"]) == (1, 1, [])
    assert office.group("c9").school_id == office.school("o2").id


def test_a_sourced_id_is_never_given_to_somebody_else(office: Office) -> None:
    office.apply(a_set())
    made = a_set()
    made.row("enrollments.csv", "e1")["userSourcedId"] = "s3"
    said = office.apply(made)
    assert named(said) == [("enrollments.csv", 2, "sourcedId", False)]
    assert office.enrolment("e1").learner_id == office.person("s1").id


def test_a_learner_who_changes_school_takes_everything_along(any_office: Office) -> None:
    made = a_set()
    a_class(made, "c3", "Valley 3", "o2")
    a_user(made, "t9", "teacher", "Val", "Ley", org="o2")
    an_enrolment(made, "e8", "c3", "t9", "teacher", school="o2")
    any_office.apply(made)
    ana = any_office.person("s1").id
    _lives_a_little(any_office, ana)
    moved = nothing()
    a_user(moved, "s1", "student", "Ana", "Ruiz", org="o2", grades="05", agentSourcedIds="g1,t2")
    an_enrolment(moved, "e9", "c3", "s1", "student", school="o2", beginDate="2025-12-01")
    said = any_office.apply(moved, LATER)
    # The sender forgot to end the old enrolment: whoever moves away ends it.
    assert (said["change"]["users"], said["end"]["enrollments"]) == (1, 1)
    after = any_office.person("s1")
    assert (after.id, after.school_id) == (ana, any_office.school("o2").id)
    assert any_office.verbs("s1")[-3:] == ["person_changed", "enrolled", "enrolment_ended"]
    assert any_office.verbs("s1")[4] == "profile_revised"
    assert any_office.guardians("s1") == {"Lucía", "Sue"}
    assert not _may_read(any_office, "t1", "s1", date(2025, 12, 1))
    assert _may_read(any_office, "t9", "s1", date(2025, 12, 1))
    with any_office.reading() as session:
        chains = set(session.exec(select(Event.chain).where(Event.learner_id == ana)))
    assert chains == {f"learner:{ana}"}


def _lives_a_little(office: Office, learner_id: int) -> None:
    with unit_of_work(office.engine) as session:
        person = session.get_one(Person, learner_id)
        by = By(person.id, Relation.LEARNER, person.school_id)
        record.write(
            session, by, Verb.PROFILE_REVISED, learner_id=learner_id, about=("profile_block", 1),
            payload={"block": "strengths", "number": 1}, at=MONDAY,
        )  # fmt: skip


def test_what_an_office_wrote_by_hand_is_left_alone(office: Office) -> None:
    office.apply(a_set())
    with unit_of_work(office.engine) as session:
        ana = session.get_one(Person, office.person("s1").id)
        by = By(None, Relation.SCHOOL, ana.school_id)
        ana.called = "Nita"
        club = SchoolClass(
            school_id=ana.school_id, year_id=office.group("c1").year_id, name="Club", room=""
        )
        session.add_all([ana, club])
        session.flush()
        by_hand = enrol.enrol(session, by, ana, club, date(2025, 11, 1), MONDAY).id
        aunt = Person(school_id=ana.school_id, given_name="Aunt", family_name="E", called="Aunt")
        session.add(aunt)
        session.flush()
        enrol.link_guardian(session, by, aunt, ana, "Tía", date(2025, 11, 1), MONDAY)
    made = a_set()
    made.row("users.csv", "s1")["givenName"] = "Ana Lucía"
    office.apply(made, LATER)
    ana_now = office.person("s1")
    assert (ana_now.given_name, ana_now.called) == ("Ana Lucía", "Nita")
    with office.reading() as session:
        assert session.get_one(Enrolment, by_hand).ends is None
    assert office.guardians("s1") == {"Lucía", "Sue", "Aunt"}


def test_who_administers_is_not_locked_out_by_a_roster(office: Office) -> None:
    office.apply(a_set())
    with unit_of_work(office.engine) as session:
        teacher = session.get_one(Person, office.person("t1").id)
        by = By(None, Relation.SCHOOL, teacher.school_id)
        enrol.appoint_administrator(session, by, teacher, date(2025, 8, 1), MONDAY)
    made = a_set()
    made.drop("users.csv", "t1")
    made.drop("enrollments.csv", "e4")
    office.apply(made, LATER)
    assert office.person("t1").left_at is None
    assert office.teaching("e4").ends == LAST


# -- families -------------------------------------------------------------------------------------------


def test_a_guardian_whom_the_school_takes_off_loses_the_tie_in_a_set_of_changes(
    office: Office,
) -> None:
    made = a_set()
    made.row("users.csv", "g1")["agentSourcedIds"] = ""  # only the children name her
    office.apply(made)
    change = nothing()
    a_user(change, "s1", "student", "Ana", "Ruiz", grades="05", agentSourcedIds="t2")
    said = office.apply(change, LATER)
    assert said["end"]["guardians"] == 1
    assert office.guardians("s1") == {"Sue"}
    assert office.guardians("s2") == {"Lucía"}


def test_a_tie_that_the_other_one_still_names_holds(office: Office) -> None:
    office.apply(a_set())  # both name each other
    change = nothing()
    a_user(change, "s1", "student", "Ana", "Ruiz", grades="05", agentSourcedIds="t2")
    office.apply(change, LATER)
    assert office.guardians("s1") == {"Lucía", "Sue"}


def test_a_tie_that_was_ended_by_hand_is_not_begun_again(office: Office) -> None:
    office.apply(a_set())
    with unit_of_work(office.engine) as session:
        tie = _tie(session, office, "g1", "s1")
        by = By(None, Relation.SCHOOL, office.person("s1").school_id)
        enrol.end_guardianship(session, by, tie, date(2025, 11, 18), MONDAY)
    office.apply(a_set(), LATER)
    assert office.guardians("s1") == {"Sue"}


def test_no_contact_is_stronger_than_any_roster(office: Office) -> None:
    office.apply(a_set())
    with unit_of_work(office.engine) as session:
        tie = _tie(session, office, "g1", "s1")
        by = By(None, Relation.SCHOOL, office.person("s1").school_id)
        enrol.forbid_contact(session, by, tie, MONDAY)
    gone = a_set()
    gone.row("users.csv", "g1")["agentSourcedIds"] = "s2"
    gone.row("users.csv", "s1")["agentSourcedIds"] = "t2"
    office.apply(gone, LATER)
    office.apply(a_set(), LATER + timedelta(days=7))
    with office.reading() as session:
        ties = session.exec(
            select(Guardianship).where(Guardianship.learner_id == office.person("s1").id)
        ).all()
    assert [tie.no_contact for tie in ties if tie.guardian_id == office.person("g1").id] == [True]


def _tie(session: Session, office: Office, guardian: str, learner: str) -> Guardianship:
    query = select(Guardianship).where(
        Guardianship.guardian_id == office.person(guardian).id,
        Guardianship.learner_id == office.person(learner).id,
    )
    return session.exec(query).one()
