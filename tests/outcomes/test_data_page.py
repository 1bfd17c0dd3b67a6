"""A learner's data in plain words: who sees it, what it asks, and what stays of an answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlmodel import Session, select

from learnpath.outcomes.models import Outcome, OutcomeKind, StatedNeed
from learnpath.people.models import Language, Person
from tests.builders import a_class, a_guardian_of, a_learner, a_teacher, a_teacher_of
from tests.conftest import counted
from tests.outcomes.build import an_outcome
from tests.visiting import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def learner(session: Session) -> Person:
    return a_learner(session, "Linh")


@pytest.fixture
def teacher(session: Session, learner: Person) -> Person:
    return a_teacher_of(session, learner)


def place(learner: Person) -> str:
    return f"/learners/{learner.id}/data"


def test_without_data_the_page_says_what_will_be_here(
    session: Session, visit: Visit, learner: Person
) -> None:
    session.commit()
    page = visit(learner).get(place(learner))
    assert page.heading == "My school data"
    assert "There is no school data here yet." in page.words


def test_results_stand_under_their_kind_newest_first(
    session: Session, visit: Visit, learner: Person, teacher: Person
) -> None:
    an_outcome(session, learner, teacher, value="15")
    an_outcome(session, learner, teacher, value="18")
    an_outcome(session, learner, teacher, OutcomeKind.ATTENDANCE, "Days at school", "19")
    session.commit()
    page = visit(learner).get(place(learner))
    headings = [heading.get_text() for heading in page.soup.main.find_all("h2")]
    assert headings == ["School work", "Being at school"]
    assert page.words.index("18 of 20") < page.words.index("15 of 20")
    assert "Nov 14" in page.words


def test_a_learner_answers_and_the_answer_stands_beside_the_result(
    session: Session, visit: Visit, learner: Person, teacher: Person
) -> None:
    outcome = an_outcome(session, learner, teacher)
    session.commit()
    me = visit(learner)
    answer = me.post(f"/outcomes/{outcome.id}/need", text="More time with thirds")
    assert answer.status == 303
    assert answer.location.endswith(f"{place(learner)}#outcome-{outcome.id}")
    page = me.get(place(learner))
    assert page.soup.select_one(f"#outcome-{outcome.id} .voice").get_text() == (
        "More time with thirds"
    )


def test_the_newest_answer_is_shown_and_the_earlier_one_is_kept(
    session: Session, visit: Visit, learner: Person, teacher: Person
) -> None:
    outcome = an_outcome(session, learner, teacher)
    session.commit()
    me = visit(learner)
    for text in ("First thought", "Second thought"):
        me.post(f"/outcomes/{outcome.id}/need", text=text)
    page = me.get(place(learner))
    assert "Second thought" in page.words
    assert "First thought" not in page.words
    assert len(session.exec(select(StatedNeed)).all()) == 2


def test_an_empty_answer_comes_back_to_its_own_result(
    session: Session, visit: Visit, learner: Person, teacher: Person
) -> None:
    outcome = an_outcome(session, learner, teacher)
    session.commit()
    page = visit(learner).post(f"/outcomes/{outcome.id}/need", text="  ")
    assert page.status == 422
    assert "A few words are enough." in page.words
    assert page.soup.select_one(f"#outcome-{outcome.id} details").has_attr("open")


def test_a_long_answer_stays_on_the_page(
    session: Session, visit: Visit, learner: Person, teacher: Person
) -> None:
    outcome = an_outcome(session, learner, teacher)
    session.commit()
    page = visit(learner).post(f"/outcomes/{outcome.id}/need", text="thirds " * 100)
    assert page.status == 422
    assert "thirds thirds" in page.soup.select_one("textarea#text").get_text()


def test_a_teacher_adds_a_result(
    session: Session, visit: Visit, learner: Person, teacher: Person
) -> None:
    session.commit()
    them = visit(teacher)
    assert them.get(place(learner)).heading == "Linh's school data"
    answer = them.post(
        f"{place(learner)}/new", kind="behaviour", measure="Helps in the group", day="2025-11-14",
        value="3,5", scale="of 4 (1 never, 4 often)", source="talk on Friday",
    )  # fmt: skip
    assert answer.status == 303
    assert "3.5 of 4 (1 never, 4 often)" in answer.follow().words


def test_a_wrong_result_stays_on_the_page_with_what_to_fix(
    session: Session, visit: Visit, learner: Person, teacher: Person
) -> None:
    session.commit()
    page = visit(teacher).post(
        f"{place(learner)}/new", kind="academic", measure="Quiz", day="2030-01-01", value="18"
    )
    assert page.status == 422
    assert "Choose today or a day before." in page.words
    assert page.soup.select('input[name="measure"][value="Quiz"]')
    page = visit(teacher).post(f"{place(learner)}/new", value="many")
    assert page.status == 422
    assert "Type a number, such as 18 or 4.5." in page.words
    assert session.exec(select(Outcome)).all() == []


def test_others_find_nothing(
    session: Session, visit: Visit, learner: Person, teacher: Person
) -> None:
    outcome = an_outcome(session, learner, teacher)
    others = [
        a_learner(session), a_guardian_of(session, a_learner(session)),
        a_teacher(session, a_class(session, name="Another room")),
    ]  # fmt: skip
    session.commit()
    for other in others:
        assert visit(other).get(place(learner)).status == 404
        assert visit(other).post(f"/outcomes/{outcome.id}/need", text="mine").status == 404
        assert visit(other).get(f"{place(learner)}/new").status == 404
    assert session.exec(select(StatedNeed)).all() == []


def test_a_teacher_does_not_speak_for_the_learner_nor_the_learner_for_the_teacher(
    session: Session, visit: Visit, learner: Person, teacher: Person
) -> None:
    outcome = an_outcome(session, learner, teacher)
    session.commit()
    assert visit(teacher).post(f"/outcomes/{outcome.id}/need", text="x").status == 404
    assert visit(learner).get(f"{place(learner)}/new").status == 404


def test_the_page_costs_the_same_with_much_data(
    session: Session, visit: Visit, app: Flask, learner: Person, teacher: Person
) -> None:
    an_outcome(session, learner, teacher)
    session.commit()
    me, site = visit(learner), app.extensions["learnpath.engine"]
    with counted(site) as few:
        me.get(place(learner))
    for number in range(40):
        an_outcome(session, learner, teacher, measure=f"Quiz {number}")
    session.commit()
    with counted(site) as many:
        assert me.get(place(learner)).status == 200
    assert few.count == many.count
    assert many.count <= 12


def test_in_spanish_names_of_kinds_are_words_too(
    session: Session, visit: Visit, teacher: Person
) -> None:
    sofia = a_learner(session, "Sofía", language=Language.ES)
    an_outcome(session, sofia, a_teacher_of(session, sofia))
    session.commit()
    page = visit(sofia).get(f"/learners/{sofia.id}/data")
    assert page.status == 200
    assert page.soup.select('html[lang="es"]')
