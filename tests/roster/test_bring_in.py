"""A whole set is brought in, in both versions: people, classes, who learns and teaches, families."""

from __future__ import annotations

import json
from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import select

from learnpath.people.models import Credential, Person
from learnpath.people.one_time_codes import NO_PASSWORD
from learnpath.record.models import Event
from learnpath.school.models import ImportRun, RosterEntry, SchoolYearRow, Term
from learnpath.school.queries import calendar_of
from tests.builders import a_school
from tests.roster.build import Office, named
from tests.roster.sets import SECRET, ASet, a_role, a_set, an_enrolment

VERSIONS = pytest.mark.parametrize("version", ["1.1", "1.2"])
EVERYTHING = {
    "orgs": 2, "sessions": 3, "classes": 2, "users": 7, "enrollments": 5, "guardians": 4,
}  # fmt: skip
NOTHING = dict.fromkeys(EVERYTHING, 0)


@VERSIONS
def test_a_clean_set_is_planned_without_a_word_and_applied(
    any_office: Office, version: str
) -> None:
    made = any_office.folder / "clean"
    path = a_set(version).folder(made)
    expected = {
        "version": version, "mode": "bulk", "add": EVERYTHING, "change": NOTHING, "end": NOTHING,
        "left_out": {}, "wrong": [],
    }  # fmt: skip
    assert any_office.plan(path) == expected
    assert any_office.person("s1") is None  # a plan changes nothing
    assert any_office.apply(path) == expected
    ana = any_office.person("s1")
    assert (ana.given_name, ana.family_name, ana.called, ana.grade) == ("Ana", "Ruiz", "Ana", 5)
    assert any_office.person("t1").called == "Tom Baca"
    assert any_office.person("s3").grade == 0
    assert any_office.enrolment("e1").starts == date(2025, 8, 18)
    assert any_office.guardians("s1") == {"Lucía", "Sue"}
    assert any_office.verbs("s1") == [
        "person_added", "enrolled", "guardian_linked", "guardian_linked",
    ]  # fmt: skip


@VERSIONS
def test_again_changes_nothing_in_any_table(office: Office, version: str) -> None:
    path = a_set(version).folder(office.folder / "clean")
    office.apply(path)
    before = _everything(office)
    office.apply(path)
    assert _everything(office) == before
    assert len(before["import_run"]) == 2  # one for each school, of the first time only


def _everything(office: Office) -> dict[str, list[object]]:
    with office.engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        return {
            name: [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}")]
            for name in names
        }


@pytest.mark.parametrize("end_of_line", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", [True, False])
@VERSIONS
def test_bytes_may_begin_and_lines_may_end_in_several_ways(
    office: Office, version: str, bom: bool, end_of_line: str
) -> None:
    made = a_set(version)
    made.bom, made.end_of_line = bom, end_of_line
    said = office.plan(made)
    assert (said["add"], said["wrong"]) == (EVERYTHING, [])


def test_a_zip_is_read_where_it_lies_also_with_a_folder_inside(office: Office) -> None:
    for number, inside in enumerate(("", "export/2025/")):
        path = a_set().zip(office.folder / f"set{number}.zip", inside)
        assert office.plan(path)["add"] == EVERYTHING
    assert sorted(office.folder.glob("*.csv")) == []


def test_columns_may_stand_in_any_order_and_optional_ones_may_be_missing(office: Office) -> None:
    made = a_set()
    made.headers["users.csv"] = "role,familyName,givenName,orgSourcedIds,sourcedId,agentSourcedIds"
    made.headers["enrollments.csv"] = "role,userSourcedId,classSourcedId,sourcedId"
    said = office.apply(made)
    assert (said["add"], said["wrong"]) == (EVERYTHING, [])
    # Without a day of its own an enrolment begins with the class's first term.
    assert office.enrolment("e1").starts == date(2025, 8, 18)


def test_words_may_be_written_in_any_case_and_lists_with_spaces(office: Office) -> None:
    made = a_set()
    made.row("classes.csv", "c1").update(classType="Scheduled", termSourcedIds=" f , s ")
    made.row("users.csv", "s1").update(role="Student", enabledUser="TRUE", agentSourcedIds="g1 ,t2")
    made.row("orgs.csv", "o1")["type"] = "SCHOOL"
    said = office.plan(made)
    assert (said["add"], said["wrong"]) == (EVERYTHING, [])


def test_cells_may_hold_commas_quotes_and_lines(office: Office) -> None:
    made = a_set()
    made.row("users.csv", "s1").update(givenName='Ana "Nita"', familyName="Ruiz, de la\nVega")
    made.row("classes.csv", "c1")["title"] = "=cmd|' /C calc'!A0"
    assert office.apply(made)["wrong"] == []
    ana = office.person("s1")
    assert (ana.given_name, ana.family_name) == ('Ana "Nita"', "Ruiz, de la Vega")
    assert office.group("c1").name == "=cmd|' /C calc'!A0"


@VERSIONS
def test_a_password_is_never_read_kept_or_told(
    office: Office, version: str, caplog: pytest.LogCaptureFixture
) -> None:
    made = a_set(version)
    made.row("users.csv", "s2")["givenName"] = ""
    made.row("users.csv", "s2")["familyName"] = ""
    said = office.apply(made)
    assert said["left_out"]["users.csv"] == 1
    assert SECRET not in json.dumps(said)
    assert SECRET not in caplog.text
    assert SECRET not in repr(_everything(office))
    with office.reading() as session:
        # A username, and no password that fits it: a roster lets nobody in by itself.
        kept = session.exec(select(Credential)).all()
        assert {one.password_hash for one in kept} == {NO_PASSWORD}


def test_the_office_knows_email_number_and_legal_name_and_people_see_the_name_they_use(
    office: Office,
) -> None:
    made = a_set("1.2")
    made.row("users.csv", "s1").update(
        preferredGivenName="Anita", pronouns="she/her", email="A@B.example"
    )
    office.apply(made)
    ana = office.person("s1")
    assert (ana.given_name, ana.called, ana.pronouns) == ("Anita", "Anita", "she/her")
    with office.reading() as session:
        entry = session.get_one(RosterEntry, ana.id)
        teacher = session.get_one(RosterEntry, office.person("t1").id)
    assert (entry.legal_given_name, entry.identifier, entry.email) == ("Ana", "N-s1", "a@b.example")
    assert (teacher.email, teacher.legal_given_name) == ("tom.baca@ridge.example", "")


def test_years_and_terms_come_to_each_school_and_make_its_weeks(office: Office) -> None:
    office.apply(a_set())
    with office.reading() as session:
        years = session.exec(select(SchoolYearRow)).all()
        assert {(year.name, year.starts, year.ends) for year in years} == {
            ("2025-2026", date(2025, 8, 18), date(2026, 5, 29))
        }
        assert len(years) == 2
        assert (
            sorted(term.name for term in session.exec(select(Term)))
            == ["Fall"] * 2 + ["Spring"] * 2
        )
        calendar = calendar_of(session, office.school("o1").id)
    assert calendar.number(date(2025, 8, 25)) == 2


def test_a_session_that_ends_as_the_next_begins_ends_the_day_before(office: Office) -> None:
    made = a_set()
    made.row("academicSessions.csv", "f")["endDate"] = "2026-01-05"
    said = office.apply(made)
    assert named(said) == [("academicSessions.csv", 3, "endDate", False)]
    assert "day before" in said["wrong"][0]["reason"]
    with office.reading() as session:
        falls = session.exec(select(Term.ends).where(Term.name == "Fall")).all()
    assert set(falls) == {date(2026, 1, 4)}


def test_without_a_row_for_the_year_the_year_is_put_together_from_its_terms(office: Office) -> None:
    made = a_set()
    made.drop("academicSessions.csv", "y")
    for id in ("f", "s"):
        made.row("academicSessions.csv", id)["parentSourcedId"] = ""
    office.apply(made)
    with office.reading() as session:
        years = session.exec(select(SchoolYearRow)).all()
    assert {(year.name, year.starts, year.ends) for year in years} == {
        ("2025-26", date(2025, 8, 18), date(2026, 5, 29))
    }


def test_a_teacher_who_is_a_guardian_is_one_person_with_both_ties(office: Office) -> None:
    made = a_set("1.2")
    a_role(made, "r-t2b", "t2", "guardian", roleType="secondary")
    made.row("users.csv", "s1")["agentSourcedIds"] = "g1"
    made.row("users.csv", "t2")["agentSourcedIds"] = "s1"
    office.apply(made)
    assert office.guardians("s1") == {"Lucía", "Sue"}
    assert office.teaching("e5").teacher_id == office.person("t2").id
    with office.reading() as session:
        assert len(session.exec(select(Person).where(Person.given_name == "Sue")).all()) == 1


def test_names_are_never_matched_and_what_was_added_by_hand_is_left_alone(office: Office) -> None:
    from learnpath.db import unit_of_work
    from tests import builders

    with unit_of_work(office.engine) as session:
        school = a_school(session, "Ridge Elementary")
        by_hand = builders.a_learner(session, "Ana", school=school, grade=5).id
    office.apply(a_set())
    assert office.person("s1").id != by_hand
    assert office.school("o1").id != school.id
    with office.reading() as session:
        assert session.get_one(Person, by_hand).left_at is None


def test_a_school_made_by_hand_is_tied_when_the_command_says_so(office: Office) -> None:
    from learnpath.db import unit_of_work

    with unit_of_work(office.engine) as session:
        home = a_school(session, "Our own name").id
    said = office.apply(a_set(), schools={"o1": home})
    assert (said["add"]["orgs"], said["change"]["orgs"]) == (0, 1)
    assert (office.school("o1").id, office.school("o1").name) == (home, "Our own name")
    assert office.person("s1").school_id == home
    assert office.school("o2") is None  # only the school that was named


def test_a_school_that_came_with_a_roster_takes_its_new_name_from_there(office: Office) -> None:
    office.apply(a_set())
    made = a_set()
    made.row("orgs.csv", "o1")["name"] = "Ridge Academy"
    assert office.apply(made)["change"]["orgs"] == 1
    assert office.school("o1").name == "Ridge Academy"


def test_only_the_school_that_is_named_is_brought_in(office: Office) -> None:
    made = a_set()
    from tests.roster.sets import a_class, a_user

    a_class(made, "c9", "Far away", "o2")
    a_user(made, "s9", "student", "Zoe", "Far", org="o2")
    an_enrolment(made, "e9", "c9", "s9", "student", school="o2")
    said = office.apply(made, schools={"o1": None})
    assert said["add"] == {**EVERYTHING, "orgs": 1}
    assert said["left_out"] == {}
    assert office.person("s9") is None


def test_demographics_and_other_files_stay_closed(office: Office) -> None:
    made = a_set()
    made.raw["demographics.csv"] = b"\x00 nobody looks at this"
    made.raw["results.csv"] = b""
    assert office.plan(made)["wrong"] == []


def test_who_did_it_is_told_and_the_import_is_kept(office: Office) -> None:
    office.apply(a_set())
    with office.reading() as session:
        runs = session.exec(select(ImportRun).order_by(ImportRun.school_id)).all()
        assert [(run.mode, run.made_by, run.counts["add"]["users"]) for run in runs] == [
            ("bulk", None, 7),
            ("bulk", None, 7),
        ]
        told = session.exec(select(Event).where(Event.verb == "roster_applied")).all()
    assert [event.object_id for event in told] == [run.id for run in runs]
    assert {event.relation for event in told} == {"school"}


def test_an_empty_database_and_an_empty_set_of_changes_say_nothing(office: Office) -> None:
    made = ASet("1.1", "delta", {"orgs.csv": []})
    said = office.plan(made)
    assert (said["mode"], said["add"]) == ("delta", NOTHING)
    assert named(said) == [("orgs.csv", 1, "", False)]
