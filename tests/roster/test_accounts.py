"""``enabledUser`` and ``username`` of users.csv: who may sign in, and by which name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar

import pytest
from argon2.exceptions import VerifyMismatchError
from sqlmodel import Session, select

from learnpath.db import unit_of_work
from learnpath.people import accounts, badges, one_time_codes, passwords
from learnpath.people.models import ClosedBy, Credential, Person
from learnpath.people.sign_in import start
from learnpath.record import By, Relation, Verb
from learnpath.record.models import Event
from learnpath.school import admin_people, enrol
from learnpath.school.roster_page import page_of
from tests import builders
from tests.roster.build import MONDAY, Office, named
from tests.roster.sets import ASet, a_set, a_user, an_enrolment, nothing
from tests.visiting import Visitor

Visit = Callable[..., Visitor]
LATER = MONDAY + timedelta(minutes=5)


def _with(said: str, *ids: str, version: str = "1.1") -> ASet:
    """Return the clean set with ``enabledUser`` of these people as ``said``."""
    made = a_set(version)
    for id in ids or ("s1",):
        made.row("users.csv", id)["enabledUser"] = said
    return made


def _may_start(office: Office, id: str) -> bool:
    with unit_of_work(office.engine) as session:
        return start(session, office.person(id).id, LATER) is not None


def _by(office: Office, id: str) -> By:
    return By(None, Relation.SCHOOL, office.person(id).school_id)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_a_person_who_is_not_enabled_cannot_sign_in_until_enabled_again(
    any_office: Office, version: str
) -> None:
    any_office.apply(_with("true", version=version))
    assert _may_start(any_office, "s1")
    said = any_office.apply(_with("false", version=version), LATER)
    assert {kind: n for kind, n in said["change"].items() if n} == {"users": 1}
    assert any_office.person("s1").closed_by is ClosedBy.ROSTER
    assert not _may_start(any_office, "s1")
    assert _may_start(any_office, "s2")
    any_office.apply(_with("true", version=version), LATER)
    assert _may_start(any_office, "s1")
    assert any_office.verbs("s1")[-2:] == ["account_closed", "account_opened"]


def test_who_is_new_and_not_enabled_is_there_and_cannot_sign_in(office: Office) -> None:
    said = office.apply(_with("FALSE"))
    assert said["add"]["users"] == 7
    assert not _may_start(office, "s1")
    assert office.enrolment("e1").ends is None
    assert office.verbs("s1")[:2] == ["person_added", "account_closed"]


def test_what_is_not_said_or_not_understood_leaves_the_account_as_it_is(office: Office) -> None:
    office.apply(_with("false", "s1", "t1"))
    made = _with("", "s1")
    made.row("users.csv", "t1")["enabledUser"] = "perhaps"
    said = office.apply(made, LATER)
    assert named(said) == [("users.csv", 5, "enabledUser", False)]
    assert said["left_out"] == {}
    assert not _may_start(office, "s1")
    assert not _may_start(office, "t1")


def test_open_sign_ins_end_at_once_and_do_not_come_back(
    office: Office, visit: Visit, app: object
) -> None:
    office.apply(a_set())
    browser = visit(office.person("t1"))
    assert browser.get("/").status == 200
    office.apply(_with("false", "t1"), LATER)
    assert browser.get("/").status == 303
    office.apply(_with("true", "t1"), LATER)
    assert browser.get("/").status == 303


def test_neither_badge_nor_code_opens_an_account_that_is_closed(office: Office) -> None:
    office.apply(a_set())
    with unit_of_work(office.engine) as session:
        ana, by = session.get_one(Person, office.person("s1").id), _by(office, "s1")
        (card,) = badges.issue_badges(session, by, [ana], MONDAY)
        code = one_time_codes.issue_code(session, by, ana, MONDAY)
        name = session.get_one(Credential, ana.id).username
    office.apply(_with("false"), LATER)
    with unit_of_work(office.engine) as session:
        assert badges.person_of_badge(session, card.token, LATER) is None
        assert one_time_codes.fitting_code(session, name, code, LATER) is None
    office.apply(_with("true"), LATER)
    with unit_of_work(office.engine) as session:
        assert badges.person_of_badge(session, card.token, LATER) is not None
        assert one_time_codes.fitting_code(session, name, code, LATER) is not None


def test_what_the_office_closed_no_roster_opens(office: Office) -> None:
    office.apply(a_set())
    with unit_of_work(office.engine) as session:
        person = session.get_one(Person, office.person("g1").id)
        accounts.close(session, _by(office, "g1"), person, MONDAY)
    office.apply(_with("false", "g1"), LATER)
    said = office.apply(_with("true", "g1"), LATER)
    assert not any(said["change"].values())
    assert office.person("g1").closed_by is ClosedBy.SCHOOL
    assert not _may_start(office, "g1")
    with unit_of_work(office.engine) as session:
        person = session.get_one(Person, office.person("g1").id)
        accounts.open_again(session, _by(office, "g1"), person, LATER)
    assert _may_start(office, "g1")


def test_whom_the_office_let_go_is_back_with_a_roster_and_the_account_stays_closed(
    office: Office,
) -> None:
    office.apply(a_set())
    with unit_of_work(office.engine) as session:
        person = session.get_one(Person, office.person("t1").id)
        admin_people.leave(session, _by(office, "t1"), person, MONDAY.date(), MONDAY)
    said = office.apply(a_set(), LATER)
    assert named(said) == [("users.csv", 5, "enabledUser", False)]
    assert office.person("t1").left_at is None
    assert not _may_start(office, "t1")
    assert office.plan(a_set(), LATER)["wrong"] == []


def test_who_administers_is_not_locked_out(office: Office) -> None:
    office.apply(a_set())
    with unit_of_work(office.engine) as session:
        person = session.get_one(Person, office.person("t1").id)
        enrol.appoint_administrator(session, _by(office, "t1"), person, MONDAY.date(), MONDAY)
    said = office.apply(_with("false", "t1"), LATER)
    assert named(said) == [("users.csv", 5, "enabledUser", False)]
    assert _may_start(office, "t1")


def test_the_plan_says_in_plain_words_whose_accounts_close_and_open(office: Office) -> None:
    office.apply(_with("false", "s2"))
    with office.planning(_with("false", "s1", "t1"), LATER) as plan:
        page = page_of(plan, 1)
        said = {str(group.words): list(group.names) for group in page.names}
        assert said["Account closed, so that nobody signs in with it"] == [
            "Ana Ruiz (s1)", "Tom Baca (t1)",
        ]  # fmt: skip
        assert said["Account open again"] == ["Ben Ruiz (s2)"]
    assert office.person("s1").closed_by is None


def test_the_office_closes_and_opens_an_account_on_the_page_of_a_person(
    session: Session, visit: Visit
) -> None:
    teacher = builders.a_teacher(session, builders.a_class(session))
    administrator = builders.an_administrator(session)
    session.commit()
    browser, office = visit(teacher), visit(administrator)
    page = f"/admin/people/{teacher.id}"
    assert "The account is open." in office.get(page).text
    assert office.post(f"{page}/close").status == 303
    assert "Closed by the school." in office.get(page).text
    assert browser.get("/").status == 303
    assert office.post(f"{page}/close").status == 409
    assert office.post(f"{page}/open").status == 303
    assert office.post(f"{page}/open").status == 409
    assert browser.get("/").status == 303
    assert office.post(f"/admin/people/{administrator.id}/close").status == 409
    session.rollback()
    verbs = [event.verb for event in session.exec(select(Event).order_by(Event.id)).all()[-2:]]
    assert verbs == [Verb.ACCOUNT_CLOSED, Verb.ACCOUNT_OPENED]


# -- usernames ----------------------------------------------------------------------------------------


def _username(office: Office, id: str) -> str | None:
    with office.reading() as session:
        kept = session.get(Credential, office.person(id).id)
        return kept.username if kept else None


def test_who_is_new_gets_the_username_of_the_roster(any_office: Office) -> None:
    made = a_set()
    made.row("users.csv", "s1")["username"] = "Ana.Ruiz@Ridge.example"
    said = any_office.apply(made)
    assert said["wrong"] == []
    assert _username(any_office, "s1") == "ana.ruiz@ridge.example"
    assert _username(any_office, "t1") == "user.t1"
    with unit_of_work(any_office.engine) as session:
        ana = session.get_one(Person, any_office.person("s1").id)
        slip = one_time_codes.slip_for(session, _by(any_office, "s1"), ana, MONDAY)
        assert slip.username == "ana.ruiz@ridge.example"
        found = one_time_codes.fitting_code(session, "ANA.Ruiz@ridge.example", slip.code, MONDAY)
        assert found.person_id == ana.id


def test_a_username_that_is_taken_or_none_is_noted_and_one_is_made_when_a_slip_is_printed(
    any_office: Office,
) -> None:
    with unit_of_work(any_office.engine) as session:
        builders.a_person(session, "Taken", username="taken.name")
    made = a_set()
    for id, name in (
        ("s1", "Taken.Name"), ("s2", "same"), ("s3", "SAME"), ("t1", "two words"), ("t2", ""),
        ("g1", "x" * 81),
    ):  # fmt: skip
        made.row("users.csv", id)["username"] = name
    said = any_office.apply(made)
    assert named(said) == [
        ("users.csv", line, "username", False) for line in (2, 4, 5, 7)
    ]  # fmt: skip
    assert said["left_out"] == {}
    assert [_username(any_office, id) for id in ("s1", "s2", "s3", "t1", "t2", "g1")] == [
        None, "same", None, None, None, None,
    ]  # fmt: skip
    with unit_of_work(any_office.engine) as session:
        ana = session.get_one(Person, any_office.person("s1").id)
        assert (
            one_time_codes.slip_for(session, _by(any_office, "s1"), ana, MONDAY).username == "anar"
        )
    assert any_office.plan(made)["wrong"] == []


def test_a_username_without_a_password_takes_the_work_of_any_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Hasher:
        tried: ClassVar[list[str]] = []

        def verify(self, kept: str, _password: str) -> bool:
            self.tried.append(kept)
            raise VerifyMismatchError

    monkeypatch.setattr(passwords, "hasher", Hasher)
    monkeypatch.setattr(passwords, "nobodys_hash", lambda: "$nobody")
    assert not passwords.fits(one_time_codes.NO_PASSWORD, "none")
    assert not passwords.fits(None, "none")
    assert Hasher.tried == ["$nobody", "$nobody"]


def test_the_username_of_somebody_who_is_here_is_not_changed(office: Office) -> None:
    office.apply(a_set())
    change = nothing()
    a_user(
        change, "t1", "teacher", "Tom", "Baca", username="another", email="Tom.Baca@Ridge.example"
    )
    said = office.apply(change, LATER)
    assert (said["change"]["users"], said["wrong"]) == (0, [])
    assert _username(office, "t1") == "user.t1"


# -- a class that changes its school -------------------------------------------------------------------


def test_what_refers_to_a_class_that_changes_school_is_left_out_with_it(office: Office) -> None:
    office.apply(a_set())
    made = a_set()
    made.row("classes.csv", "c1")["schoolSourcedId"] = "o2"
    for id in ("e1", "e2", "e4"):
        made.row("enrollments.csv", id)["schoolSourcedId"] = "o2"
    made.row("enrollments.csv", "e1")["endDate"] = "2025-11-14"
    a_user(made, "s9", "student", "Eva", "New", grades="05")
    an_enrolment(made, "e9", "c1", "s9", "student", school="o2")
    said = office.apply(made, LATER)
    assert named(said, "classes.csv") == [("classes.csv", 2, "schoolSourcedId", False)]
    assert named(said, "enrollments.csv") == [
        ("enrollments.csv", line, "classSourcedId", False) for line in (2, 3, 5, 7)
    ]
    assert said["left_out"] == {"classes.csv": 1, "enrollments.csv": 4}
    assert not any(said["end"].values())
    assert office.group("c1").school_id == office.school("o1").id
    assert office.enrolment("e1").ends is None
    assert office.enrolment("e9") is None
