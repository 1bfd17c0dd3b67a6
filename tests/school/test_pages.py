"""A teacher's classes, and the people of the school for its administrator. Nobody else comes in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session

from learnpath.access import Actor
from learnpath.people.models import Hat, Person
from learnpath.school import directory, enrol, queries
from tests import builders
from tests.conftest import counted
from tests.visiting import Visitor

Visit = Callable[..., Visitor]
TODAY = builders.MONDAY.date()


def an_actor(person: Person, hat: Hat = Hat.ADMINISTRATOR) -> Actor:
    return Actor(person.id or 0, person.school_id, hat, "America/Denver", TODAY)


# -- classes ------------------------------------------------------------------------------------------


def test_a_teacher_finds_the_own_classes_and_nobody_elses(session: Session, visit: Visit) -> None:
    own = builders.a_class(session, name="Room 214")
    builders.a_class(session, name="Room 9")
    builders.a_learner(session, in_class=own)
    builders.a_learner(session, in_class=own)
    teacher = builders.a_teacher(session, own)
    session.commit()
    page = visit(teacher).get("/classes")
    assert page.heading == "My classes"
    assert [row.get_text(" ", strip=True) for row in page.soup.select("tbody tr")] == [
        "Room 214 214 2"
    ]


def test_a_class_page_leads_to_each_learner(session: Session, visit: Visit) -> None:
    own = builders.a_class(session)
    learner = builders.a_learner(session, "Linh", in_class=own)
    learner.say_it, learner.pronouns = "LIN", "she/her"
    session.add(learner)
    teacher = builders.a_teacher(session, own)
    session.commit()
    page = visit(teacher).get(f"/classes/{own.id}")
    link = page.soup.select_one("tbody a")
    assert link["href"] == f"/learners/{learner.id}"
    assert "LIN" in page.words
    assert "she/her" in page.words
    assert page.soup.select("td[data-label]")


def test_a_class_without_learners_says_what_will_be_here(session: Session, visit: Visit) -> None:
    own = builders.a_class(session)
    teacher = builders.a_teacher(session, own)
    session.commit()
    page = visit(teacher).get(f"/classes/{own.id}")
    assert "Nobody learns in this class just now." in page.words


def test_who_left_the_class_is_not_on_its_page(session: Session, visit: Visit) -> None:
    own = builders.a_class(session)
    learner = builders.a_learner(session, "Linh", in_class=own)
    stays = builders.a_learner(session, "Mateo", in_class=own)
    teacher = builders.a_teacher(session, own)
    enrol.end_enrolment(
        session, builders.by_school(builders.the_school(session)),
        builders.enrolment_of(session, learner), builders.YEAR_START, builders.MONDAY,
    )  # fmt: skip
    assert [p.id for p in queries.learners_in(session, own.id or 0, TODAY)] == [stays.id]
    session.commit()
    assert "Linh" not in visit(teacher).get(f"/classes/{own.id}").words


def test_a_class_of_somebody_else_is_not_there(session: Session, visit: Visit) -> None:
    other = builders.a_class(session, name="Room 9")
    teacher = builders.a_teacher(session, builders.a_class(session))
    session.commit()
    assert visit(teacher).get(f"/classes/{other.id}").status == 404


@pytest.mark.parametrize("path", ["/classes", "/classes/{id}"])
def test_only_teachers_come_to_classes(session: Session, visit: Visit, path: str) -> None:
    learner = builders.a_learner(session)
    school_class = builders.class_of(session, learner)
    people = [
        learner,
        builders.a_guardian_of(session, learner),
        builders.a_leader(session),
        builders.an_administrator(session),
    ]
    session.commit()
    for person in people:
        page = visit(person).get(path.format(id=school_class.id))
        assert page.status == 404, person.called
    stranger = visit(None).get(path.format(id=school_class.id))
    assert stranger.status == 303
    assert stranger.location.startswith("/sign-in")


def test_a_class_page_asks_as_little_of_a_large_class_as_of_a_small_one(
    session: Session, engine: Engine, visit: Visit
) -> None:
    small, large = builders.a_class(session, name="A"), builders.a_class(session, name="B")
    builders.a_learner(session, in_class=small)
    for _ in range(30):
        builders.a_learner(session, in_class=large)
    teacher = builders.a_teacher(session, small, large)
    session.commit()
    visitor = visit(teacher)
    numbers = []
    for school_class in (small, large):
        app_engine = visitor.client.application.extensions["learnpath.engine"]
        with counted(app_engine) as counter:
            assert visitor.get(f"/classes/{school_class.id}").status == 200
        numbers.append(counter.count)
    assert numbers[0] == numbers[1] <= 5


# -- people -------------------------------------------------------------------------------------------


def test_an_administrator_finds_a_person_with_ties_and_sign_in(
    session: Session, visit: Visit
) -> None:
    learner = builders.a_learner(session, "Linh", username="linh", grade=7)
    builders.a_guardian_of(session, learner, "Rosa")
    builders.a_teacher_of(session, learner, "Ms. Tran")
    administrator = builders.an_administrator(session, "Mr. Okafor")
    session.commit()
    visitor = visit(administrator)
    page = visitor.get("/admin/people?name=lin")
    row = page.soup.select_one("tbody tr").get_text(" ", strip=True)
    assert "Linh Example" in row
    assert "Student, grade 7" in row
    assert "Learns in Room 214" in row
    assert "linh" in row
    assert "Not yet" in row
    everyone = visitor.get("/admin/people").words
    assert "Family of Linh" in everyone
    assert "Teaches Room 214" in everyone
    assert "Looks after the app" in everyone


def test_a_name_is_found_by_any_part_in_any_case_and_order(session: Session) -> None:
    builders.a_learner(session, "Émile")
    administrator = builders.an_administrator(session)
    for words in ("émi", "Émile", "example émile", "EXAMPLE", "mil"):
        found = directory.find_people(session, an_actor(administrator), words, 1)
        assert "Émile Example" in [person.name for person in found.people], words


def test_signs_of_a_pattern_are_letters_like_others(session: Session) -> None:
    builders.a_learner(session, "Linh")
    administrator = builders.an_administrator(session)
    for words in ("%", "_", "L%h", "'; --"):
        assert directory.find_people(session, an_actor(administrator), words, 1).found == 0, words


def test_nobody_of_another_school_is_found(session: Session) -> None:
    administrator = builders.an_administrator(session)
    other = builders.a_school(session, "Another School")
    builders.a_person(session, "Elsewhere", school=other)
    assert directory.find_people(session, an_actor(administrator), "Elsewhere", 1).found == 0


def test_only_the_administrators_hat_finds_anybody(session: Session) -> None:
    administrator = builders.an_administrator(session)
    for hat in set(Hat) - {Hat.ADMINISTRATOR}:
        assert directory.find_people(session, an_actor(administrator, hat), "", 1).found == 0


def test_a_guardian_without_contact_is_marked_so(session: Session) -> None:
    learner = builders.a_learner(session, "Linh")
    builders.a_guardian_of(session, learner, "Rosa", no_contact=True)
    administrator = builders.an_administrator(session)
    (rosa,) = directory.find_people(session, an_actor(administrator), "Rosa", 1).people
    assert [str(tie) for tie in rosa.ties] == ["Family of Linh, no contact"]


def test_many_people_come_in_pages(session: Session, visit: Visit) -> None:
    for number in range(30):
        builders.a_person(session, f"Sam {number:02}")
    administrator = builders.an_administrator(session)
    session.commit()
    visitor = visit(administrator)
    first = visitor.get("/admin/people?name=Sam")
    assert len(first.soup.select("tbody tr")) == directory.ON_A_PAGE
    assert "30 people, page 1 of 2" in first.words
    link = first.soup.select_one("a[rel=next]")["href"]
    second = visitor.get(link)
    assert len(second.soup.select("tbody tr")) == 5
    assert second.soup.select_one("a[rel=prev]")


@pytest.mark.parametrize("page", ["0", "-3", "99999999999999999999", "two", ""])
def test_a_page_number_that_is_none_shows_a_page(session: Session, visit: Visit, page: str) -> None:
    administrator = builders.an_administrator(session)
    session.commit()
    assert visit(administrator).get(f"/admin/people?page={page}").status == 200


def test_nobody_found_says_what_to_try(session: Session, visit: Visit) -> None:
    administrator = builders.an_administrator(session)
    session.commit()
    page = visit(administrator).get("/admin/people?name=zzz")
    assert "Nobody here has that name. Try fewer letters." in page.words
    assert page.soup.find(id="name")["value"] == "zzz"


def test_only_administrators_come_to_people(session: Session, visit: Visit) -> None:
    learner = builders.a_learner(session)
    people = [
        learner,
        builders.a_teacher_of(session, learner),
        builders.a_guardian_of(session, learner),
        builders.a_leader(session),
    ]
    session.commit()
    for person in people:
        assert visit(person).get("/admin/people").status == 404, person.called
    assert visit(None).get("/admin/people").status == 303


def test_the_number_of_questions_to_the_database_does_not_grow(
    session: Session, engine: Engine
) -> None:
    administrator = builders.an_administrator(session)
    session.flush()
    numbers = []
    for _ in range(2):
        with counted(engine) as counter:
            directory.find_people(session, an_actor(administrator), "", 1)
        numbers.append(counter.count)
        for _ in range(20):
            builders.a_guardian_of(session, builders.a_learner(session))
        session.flush()
    assert numbers[0] == numbers[1] <= 8
