"""The school office looks after people: how they belong here and how they sign in. It reads nobody's words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from learnpath.errors import NotAllowedNow, NotFound, WrongInput
from learnpath.people.models import Credential, Person, SignIn
from learnpath.people.one_time_codes import NO_PASSWORD
from learnpath.record import Relation, Verb
from learnpath.record.models import Event
from learnpath.record.verify import verify
from learnpath.school import admin_people
from learnpath.school.admin_people import NewTie, TieKind
from learnpath.school.models import Enrolment, Guardianship, Leadership, RosterEntry
from tests import builders
from tests.conftest import counted
from tests.profiles.build import a_profile
from tests.visiting import Visitor

Visit = Callable[..., Visitor]
TODAY = builders.MONDAY.date()


def told(session: Session, verb: Verb) -> list[Event]:
    """Return the events of one verb, and leave no transaction open."""
    found = list(session.exec(select(Event).where(Event.verb == verb).order_by(Event.id)))
    session.commit()
    return found


def test_the_office_is_reached_from_every_page_and_says_what_waits(
    session: Session, visit: Visit
) -> None:
    administrator = builders.an_administrator(session)
    builders.a_person(session, "Newcomer", grade=4)
    session.commit()
    visitor = visit(administrator)
    assert visitor.get("/").soup.select_one('nav.places a[href="/admin"]')
    page = visitor.get("/admin")
    assert page.heading == "Administration"
    assert "One student is in no class today." in page.words
    found = visitor.get("/admin/people?without=class").words
    assert "Newcomer Example" in found


def test_a_place_of_the_navigation_is_marked_once(session: Session, visit: Visit) -> None:
    administrator = builders.an_administrator(session)
    session.commit()
    office = visit(administrator)
    for path in ("/admin", "/admin/people", f"/admin/people/{administrator.id}", "/admin/calendar"):
        marked = office.get(path).soup.select("nav.places a[aria-current]")
        assert len(marked) == 1, path


def test_people_are_found_by_username_and_by_school_number(session: Session, visit: Visit) -> None:
    learner = builders.a_learner(session, "Linh", username="river.stone")
    session.add(RosterEntry(person_id=learner.id, identifier="A-77_1"))
    administrator = builders.an_administrator(session)
    session.commit()
    visitor = visit(administrator)
    for words in ("river", "A-77_1", "linh stone"):
        assert "Linh Example" in visitor.get("/admin/people", query_string={"name": words}).words
    assert "Linh Example" not in visitor.get("/admin/people?name=A-77%25").words


def test_a_person_is_shown_with_ties_and_days_and_sign_in(session: Session, visit: Visit) -> None:
    learner = builders.a_learner(session, "Linh", username="linh", grade=7)
    builders.a_guardian_of(session, learner, "Rosa")
    administrator = builders.an_administrator(session)
    session.commit()
    visit(learner)
    page = visit(administrator).get(f"/admin/people/{learner.id}")
    assert page.heading == "Linh Example"
    assert "Learns in Room 214, 2025-26" in page.words
    assert "Child of Rosa Example" in page.words
    assert "Aug 18, 2025" in page.words
    assert "on one device" in page.words
    assert page.soup.find("code").get_text() == "linh"


def test_the_office_never_sees_what_a_learner_wrote(session: Session, visit: Visit) -> None:
    learner = a_profile(session, builders.a_learner(session), lines={"strengths": ("zorba sings",)})
    administrator = builders.an_administrator(session)
    session.commit()
    visitor = visit(administrator)
    for path in (f"/admin/people/{learner.id}", f"/admin/people/{learner.id}/opened",
                 f"/admin/people/{learner.id}/details", "/admin/changes"):  # fmt: skip
        page = visitor.get(path)
        assert page.status == 200
        assert "zorba" not in page.text, path
    assert visitor.get(f"/learners/{learner.id}/profile").status == 404
    assert visitor.get(f"/learners/{learner.id}/record").status == 404


def test_a_new_person_comes_in_by_hand_and_gets_a_class(session: Session, visit: Visit) -> None:
    room = builders.a_class(session)
    administrator = builders.an_administrator(session)
    session.commit()
    visitor = visit(administrator)
    sent = visitor.post(
        "/admin/people/new", given_name="Noor", family_name="Haddad", called="Noor", grade="4",
        language="es", username="Noor.H",
    )  # fmt: skip
    assert sent.status == 303
    person = session.exec(select(Person).where(Person.called == "Noor")).one()
    assert session.get_one(Credential, person.id).username == "noor.h"
    assert session.get_one(Credential, person.id).password_hash == NO_PASSWORD
    session.commit()
    tie = visitor.post(
        f"/admin/people/{person.id}/ties/learns", class_id=str(room.id), starts="2025-11-17"
    )
    assert tie.status == 303
    assert "Learns in Room 214" in tie.follow().words
    assert [one.learner_id for one in told(session, Verb.PERSON_ADDED)][-1] == person.id
    assert told(session, Verb.ENROLLED)[-1].actor_id == administrator.id


WRONG = [
    ("called", "", "Enter what this person is called."),
    ("grade", "13", "A grade is a number from 0 to 12."),
    ("grade", "four", "Not a valid integer value."),
    ("username", "taken", "Somebody has this username. Choose another one."),
]


def test_what_is_wrong_with_a_new_person_is_said_and_nothing_is_lost(
    session: Session, visit: Visit
) -> None:
    builders.a_person(session, username="taken")
    administrator = builders.an_administrator(session)
    session.commit()
    before = len(session.exec(select(Person)).all())
    session.commit()
    office = visit(administrator)
    for field, value, words in WRONG:
        fields = {"given_name": "Noor", "called": "Noor", "language": "en", field: value}
        page = office.post("/admin/people/new", **fields)
        assert page.status == 422, words
        assert words in page.words
        assert page.soup.find(id="given_name")["value"] == "Noor"
    assert len(session.exec(select(Person)).all()) == before


def test_details_are_changed_and_told_without_words(session: Session, visit: Visit) -> None:
    learner = builders.a_learner(session, "Linh", grade=7)
    administrator = builders.an_administrator(session)
    session.commit()
    fields = {"given_name": "Linh", "family_name": "Tran", "called": "Linh", "language": "en",
              "grade": "8", "pronouns": "", "say_it": ""}  # fmt: skip
    sent = visit(administrator).post(f"/admin/people/{learner.id}/details", **fields)
    assert sent.status == 303
    session.refresh(learner)
    assert (learner.family_name, learner.grade) == ("Tran", 8)
    session.commit()
    [changed] = told(session, Verb.PERSON_CHANGED)
    assert changed.payload == '{"what":["family_name"]}'
    assert told(session, Verb.GRADE_CHANGED)[0].payload == '{"grade":8}'
    again = visit(administrator).post(f"/admin/people/{learner.id}/details", **fields)
    assert "Nothing was different." in again.follow().words
    assert len(told(session, Verb.PERSON_CHANGED)) == 1


def test_an_adult_is_not_made_a_student_by_a_grade(session: Session, visit: Visit) -> None:
    adult = builders.a_person(session, "Rosa")
    administrator = builders.an_administrator(session)
    session.commit()
    fields = {"called": "Rosa", "language": "en", "grade": "3"}
    page = visit(administrator).post(f"/admin/people/{adult.id}/details", **fields)
    assert page.status == 422
    assert "A student has a grade, an adult has none." in page.words


# -- ties ----------------------------------------------------------------------------------------------


def test_a_family_is_found_by_name_and_linked(session: Session, visit: Visit) -> None:
    learner = builders.a_learner(session, "Linh")
    rosa = builders.a_person(session, "Rosa")
    administrator = builders.an_administrator(session)
    session.commit()
    visitor = visit(administrator)
    address = f"/admin/people/{learner.id}/ties/child_of"
    assert not visitor.get(address).soup.select('input[name="other_id"]')
    offered = visitor.get(address + "?name=ros").soup.select('input[name="other_id"]')
    assert [one["value"] for one in offered] == [str(rosa.id)]
    sent = visitor.post(
        address, name="ros", other_id=str(rosa.id), called="Mamá", starts="2025-11-17"
    )
    assert sent.status == 303
    session.expire_all()
    tie = session.exec(select(Guardianship)).one()
    assert (tie.guardian_id, tie.learner_id, tie.called) == (rosa.id, learner.id, "Mamá")
    session.commit()
    assert visit(rosa).get(f"/learners/{learner.id}/profile").status == 200


def test_who_leads_or_administers_is_told_in_the_record(session: Session, visit: Visit) -> None:
    person = builders.a_person(session, "Ms. Okafor")
    administrator = builders.an_administrator(session)
    session.commit()
    before = len(told(session, Verb.ADMINISTRATION_STARTED))
    visitor = visit(administrator)
    for kind in ("leads", "administers"):
        sent = visitor.post(f"/admin/people/{person.id}/ties/{kind}", starts="2025-11-17")
        assert sent.status == 303, sent.words
    seat = session.exec(select(Leadership).where(Leadership.person_id == person.id)).one()
    session.commit()
    assert told(session, Verb.LEADERSHIP_STARTED)[-1].object_id == seat.id
    assert len(told(session, Verb.ADMINISTRATION_STARTED)) == before + 1
    ended = visitor.post(
        f"/admin/people/{person.id}/ties/end", tie=f"leadership:{seat.id}", last_day="2025-11-17"
    )
    assert ended.status == 303
    assert told(session, Verb.LEADERSHIP_ENDED)[-1].actor_id == administrator.id
    words = visitor.get("/admin/changes").words
    assert "ended the time of a school leader." in words


def test_what_was_changed_names_the_person_and_calls_no_adult_a_student(
    session: Session, visit: Visit
) -> None:
    builders.a_teacher_of(session, builders.a_learner(session, "Mateo"), "Ms. Baca")
    administrator = builders.an_administrator(session)
    session.commit()
    page = visit(administrator).get("/admin/changes")
    added = [one for one in page.soup.select(".timeline li") if "Ms. Baca" in one.get_text()]
    assert "added a person." in added[0].get_text()
    assert added[0].a["href"].startswith("/admin/people/")
    assert "added this student" not in page.words


def test_a_tie_that_ends_takes_its_right_along_the_next_day(session: Session, visit: Visit) -> None:
    learner = builders.a_learner(session)
    teacher = builders.a_teacher_of(session, learner)
    teaching = builders.teaching_of(session, teacher)
    administrator = builders.an_administrator(session)
    session.commit()
    sent = visit(administrator).post(
        f"/admin/people/{teacher.id}/ties/end", tie=f"teaching:{teaching.id}",
        last_day=(TODAY - timedelta(days=1)).isoformat(),
    )  # fmt: skip
    assert sent.status == 303
    assert "One earlier tie" in sent.follow().words
    page = visit(administrator).get(f"/admin/people/{teacher.id}")
    assert "No tie to the school today." in page.words
    with pytest.raises(AssertionError, match="no relationship"):
        visit(teacher)


def test_no_contact_beats_everything_at_once(session: Session, visit: Visit) -> None:
    learner = builders.a_learner(session, "Linh")
    rosa = builders.a_guardian_of(session, learner, "Rosa")
    tie = session.exec(select(Guardianship)).one()
    administrator = builders.an_administrator(session)
    session.commit()
    mother, office = visit(rosa), visit(administrator)
    assert mother.get(f"/learners/{learner.id}/profile").status == 200
    page = office.get(f"/admin/people/{learner.id}/ties/end?tie=guardianship:{tie.id}")
    assert "Mark “no contact”" in page.words
    sent = office.post(f"/admin/people/{learner.id}/ties/no-contact", tie=f"guardianship:{tie.id}")
    assert sent.status == 303
    assert mother.get(f"/learners/{learner.id}/profile").status == 303  # no hat is left to wear
    assert told(session, Verb.GUARDIAN_UNLINKED)[-1].payload == '{"how":"no_contact"}'
    again = office.post(f"/admin/people/{learner.id}/ties/no-contact", tie=f"guardianship:{tie.id}")
    assert again.status == 409


@pytest.mark.parametrize(
    "key", ["enrolment:999", "enrolment:", "person:1", "", "enrolment:²", "teaching:1;", "x"]
)
def test_a_tie_that_is_not_this_persons_is_not_there(session: Session, key: str) -> None:
    learner = builders.a_learner(session)
    with pytest.raises(NotFound):
        admin_people.tie_of(session, learner, key)


def test_the_tie_of_somebody_else_cannot_be_ended_through_this_person(session: Session) -> None:
    mine, other = builders.a_learner(session), builders.a_learner(session)
    key = f"enrolment:{builders.enrolment_of(session, other).id}"
    doer = builders.by_school(builders.the_school(session))
    with pytest.raises(NotFound):
        admin_people.end_tie(session, doer, mine, key, TODAY, builders.MONDAY)


def test_the_last_administrator_stays(session: Session) -> None:
    one = builders.an_administrator(session)
    doer = builders.by(one, Relation.SCHOOL)
    key = admin_people.person_page(session, one, TODAY).ties[0].key
    with pytest.raises(NotAllowedNow):
        admin_people.end_tie(session, doer, one, key, TODAY, builders.MONDAY)
    builders.an_administrator(session)
    admin_people.end_tie(session, doer, one, key, TODAY, builders.MONDAY)


def test_a_tie_is_not_there_twice_on_a_day(session: Session) -> None:
    learner = builders.a_learner(session)
    room = builders.class_of(session, learner)
    doer = builders.by_school(builders.the_school(session))
    new = NewTie(TieKind.LEARNS, TODAY, room.id)
    with pytest.raises(WrongInput) as wrong:
        admin_people.add_tie(session, doer, learner, new, builders.MONDAY)
    assert wrong.value.field == "starts"


@pytest.mark.parametrize("kind", [TieKind.LEARNS, TieKind.TEACHES, TieKind.CHILD_OF])
def test_nothing_of_another_school_can_be_tied(session: Session, kind: TieKind) -> None:
    learner = builders.a_learner(session)
    away = builders.a_school(session, "Prairie School")
    room = builders.a_class(session, school=away)
    stranger = builders.a_person(session, school=away)
    doer = builders.by_school(session.get_one(type(away), learner.school_id))
    with pytest.raises(WrongInput):
        admin_people.add_tie(
            session, doer, learner, NewTie(kind, TODAY, room.id, stranger.id), builders.MONDAY
        )


# -- signing in and leaving -----------------------------------------------------------------------------


def test_all_sign_ins_of_a_person_are_ended(session: Session, visit: Visit) -> None:
    learner = builders.a_learner(session)
    administrator = builders.an_administrator(session)
    session.commit()
    one, two = visit(learner), visit(learner)
    sent = visit(administrator).post(f"/admin/people/{learner.id}/sign-out")
    assert sent.status == 303
    for browser in (one, two):
        assert browser.get("/").status == 303
    assert told(session, Verb.SIGN_INS_ENDED)[0].learner_id == learner.id


def test_who_leaves_loses_every_tie_and_keeps_the_record(session: Session, visit: Visit) -> None:
    learner = builders.a_learner(session)
    administrator = builders.an_administrator(session)
    session.commit()
    visit(learner)
    office = visit(administrator)
    sent = office.post(f"/admin/people/{learner.id}/leave", last_day="2025-11-17")
    assert sent.status == 303
    enrolment = builders.enrolment_of(session, learner)
    session.refresh(enrolment)
    assert enrolment.ends == date(2025, 11, 17)
    assert not session.exec(
        select(SignIn).where(SignIn.person_id == learner.id, col(SignIn.ended_at).is_(None))
    ).all()
    assert told(session, Verb.PERSON_LEFT)[0].learner_id == learner.id
    assert office.post(f"/admin/people/{learner.id}/leave", last_day="2025-11-17").status == 409
    refused = office.post(f"/admin/people/{learner.id}/ties/leads", starts="2025-11-17")
    assert refused.status == 409
    back = office.post(f"/admin/people/{learner.id}/back")
    assert back.status == 303, back.words
    assert verify(session).faults == ()


def test_an_administrator_does_not_leave_by_the_own_hand(session: Session, visit: Visit) -> None:
    administrator = builders.an_administrator(session)
    session.commit()
    page = visit(administrator).post(
        f"/admin/people/{administrator.id}/leave", last_day="2025-11-17"
    )
    assert page.status == 409


def test_the_page_of_a_person_asks_as_often_for_many_ties_as_for_one(
    session: Session, visit: Visit, engine: Engine
) -> None:
    adult = builders.a_person(session)
    administrator = builders.an_administrator(session)
    school = builders.the_school(session)
    numbers = []
    for many in (1, 30):
        for _ in range(many):
            learner = builders.a_learner(session, in_class=None)
            admin_people.add_tie(
                session, builders.by_school(school), adult,
                NewTie(TieKind.FAMILY_OF, TODAY, other_id=learner.id), builders.MONDAY,
            )  # fmt: skip
        session.commit()
        visitor = visit(administrator)
        visitor.get("/admin")
        with counted(engine) as counter:
            assert visitor.get(f"/admin/people/{adult.id}").status == 200
        numbers.append(counter.count)
    assert numbers[0] == numbers[1] <= 12


def test_ties_on_both_databases(any_session: Session) -> None:
    learner = builders.a_learner(any_session)
    rosa = builders.a_person(any_session, "Rosa")
    school = builders.the_school(any_session)
    doer = builders.by_school(school)
    new = NewTie(TieKind.CHILD_OF, TODAY, other_id=rosa.id, called="Mamá")
    admin_people.add_tie(any_session, doer, learner, new, builders.MONDAY)
    page = admin_people.person_page(any_session, learner, TODAY)
    assert len(page.ties) == 2
    found = admin_people.candidates(any_session, school.id or 0, "ros exam", learners=False)
    assert [one.id for one in found] == [rosa.id]
    admin_people.leave(any_session, doer, learner, TODAY, builders.MONDAY)
    assert any_session.exec(select(Enrolment)).one().ends == TODAY
    assert verify(any_session).faults == ()
