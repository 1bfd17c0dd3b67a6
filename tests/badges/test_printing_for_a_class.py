"""A teacher prints badges and codes for the own class, and for nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlmodel import Session, col, select

from learnpath.people.models import Badge, OneTimeCode, Person, SecretPictures
from learnpath.record import Verb
from learnpath.record.models import Event
from learnpath.school import enrol
from learnpath.school.models import School
from tests.badges.build import a_card, press, show
from tests.builders import (
    MONDAY,
    YEAR_START,
    a_class,
    a_guardian_of,
    a_learner,
    a_school,
    a_teacher,
    a_teacher_of,
    an_administrator,
    by_school,
    class_of,
)
from tests.conftest import counted
from tests.visiting import Page, Visitor

Visit = Callable[..., Visitor]


def _codes(page: Page) -> dict[str, str]:
    """Return the typed code of each card or slip, by the name on it."""
    return {
        slip.select_one(".name").get_text(strip=True): slip.select_one(".secret").get_text(
            strip=True
        )
        for slip in page.soup.select(".slip")
    }


@pytest.mark.parametrize("what", ["badges", "badges/stop", "codes", "pictures/take-back"])
def test_when_nobody_is_chosen_the_page_asks_and_says_nothing_was_done(
    session: Session, visit: Visit, what: str
) -> None:
    room = a_class(session)
    a_learner(session, "Ana", in_class=room, grade=2)
    teacher = a_teacher(session, room)
    session.commit()
    page = visit(teacher).post(f"/classes/{room.id}/{what}").follow()
    asked = page.soup.select_one(".said .asks")
    assert asked is not None
    assert asked.get_text(strip=True) == "Choose first whom it is for."
    assert "Stopped." not in page.words
    assert "Done." not in page.words


def test_a_sheet_has_a_card_with_name_square_and_code_for_each_that_was_chosen(
    session: Session, visit: Visit
) -> None:
    room = a_class(session)
    learners = [a_learner(session, name, in_class=room, grade=2) for name in ("Ana", "Ben", "Cleo")]
    teacher = a_teacher(session, room)
    session.commit()
    page = visit(teacher).post(f"/classes/{room.id}/badges", learner=["all"])
    codes = _codes(page)
    assert set(codes) == {"Ana", "Ben", "Cleo"}
    assert all(re.fullmatch(r"(\S{4} ){2}\S{4}", code) for code in codes.values())
    assert len(page.soup.select(".slip svg.qr")) == 3
    assert "style=" not in page.text
    one = visit(teacher).post(f"/classes/{room.id}/badges", learner=[str(learners[1].id)])
    assert set(_codes(one)) == {"Ben"}
    assert show(visit(None), codes["Ben"]).status == 422
    assert show(visit(None), _codes(one)["Ben"]).status == 303
    assert show(visit(None), codes["Ana"]).status == 303


def test_choosing_nobody_prints_nothing_and_says_so(session: Session, visit: Visit) -> None:
    learner = a_learner(session)
    teacher = a_teacher_of(session, learner)
    room = class_of(session, learner).id
    session.commit()
    visitor = visit(teacher)
    for what in ("badges", "codes"):
        assert "Choose first whom" in visitor.post(f"/classes/{room}/{what}").follow().words
    assert session.exec(select(Badge)).first() is None
    session.commit()


def test_printing_and_stopping_stand_in_the_learner_s_record_without_the_secret(
    session: Session, visit: Visit
) -> None:
    learner = a_learner(session)
    teacher = a_teacher_of(session, learner)
    room = class_of(session, learner).id
    session.commit()
    visitor = visit(teacher)
    visitor.post(f"/classes/{room}/badges", learner=[str(learner.id)])
    visitor.post(f"/classes/{room}/badges/stop", learner=[str(learner.id)])
    visitor.post(f"/classes/{room}/codes", learner=[str(learner.id)])
    session.expire_all()
    events = session.exec(
        select(Event).where(Event.learner_id == learner.id, Event.actor_id == teacher.id)
        .order_by(col(Event.id))
    ).all()  # fmt: skip
    verbs = [event.verb for event in events]
    assert verbs == [Verb.BADGE_ISSUED, Verb.BADGE_REVOKED, Verb.CODE_ISSUED]
    assert [event.payload for event in events] == ["{}", "{}", '{"expires":"2025-11-24"}']
    session.commit()


def test_a_teacher_reaches_no_learner_of_another_class(session: Session, visit: Visit) -> None:
    mine, other = a_class(session), a_class(session, name="Room 9")
    a_learner(session, in_class=mine)
    stranger = a_learner(session, "Stranger", in_class=other)
    teacher = a_teacher(session, mine)
    card = a_card(session, stranger)
    session.commit()
    visitor, named = visit(teacher), {"learner": [str(stranger.id)]}
    for what in ("badges", "badges/stop", "pictures/take-back", "codes"):
        assert visitor.post(f"/classes/{other.id}/{what}", **named).status == 404
        assert visitor.post(f"/classes/{mine.id}/{what}", **named).status == 303
    assert visitor.post(f"/classes/{other.id}/pictures/start").status == 404
    session.expire_all()
    assert session.get(SecretPictures, stranger.id) is not None
    assert session.exec(select(OneTimeCode)).first() is None
    session.commit()
    there = visit(None)
    show(there, card.token)
    assert press(there).status == 303


def test_pictures_that_a_teacher_took_back_are_chosen_anew(session: Session, visit: Visit) -> None:
    learner = a_learner(session)
    card = a_card(session, learner)
    teacher = a_teacher_of(session, learner)
    room = class_of(session, learner).id
    session.commit()
    visit(teacher).post(f"/classes/{room}/pictures/take-back", learner=[str(learner.id)])
    visitor = visit(None)
    show(visitor, card.token)
    assert visitor.get("/b/pictures").heading == "The first time"
    assert press(visitor).status != 303


def test_the_page_of_the_class_says_who_has_a_badge_and_pictures(
    session: Session, visit: Visit
) -> None:
    room = a_class(session)
    a_card(session, a_learner(session, "Ana", in_class=room))
    a_learner(session, "Ben", in_class=room)
    teacher = a_teacher(session, room)
    session.commit()
    rows = visit(teacher).get(f"/classes/{room.id}/badges").soup.select("tbody tr")
    told = [" ".join(row.get_text(" ").split()) for row in rows]
    assert told == ["Ana Example Since Nov 17 Chosen", "Ben Example No card yet Not yet"]


def test_a_teacher_prints_no_code_for_a_student_who_does_more_at_school(
    session: Session, visit: Visit
) -> None:
    """Her other hat is not her teacher's to open."""
    learner = a_learner(session, grade=12)
    teacher = a_teacher_of(session, learner)
    sibling = a_learner(session, "Little one")
    doer = by_school(session.get_one(School, learner.school_id))
    enrol.link_guardian(session, doer, learner, sibling, "Sister", YEAR_START, MONDAY)
    room = class_of(session, learner).id
    session.commit()
    page = visit(teacher).post(f"/classes/{room}/codes", learner=[str(learner.id)])
    assert page.status == 403
    assert session.exec(select(OneTimeCode)).first() is None
    session.commit()


def test_the_administrator_prints_a_code_for_anybody_of_the_school_and_no_other(
    session: Session, visit: Visit
) -> None:
    learner = a_learner(session)
    guardian = a_guardian_of(session, learner)
    office = an_administrator(session)
    away: Person = a_learner(session, school=a_school(session, "Prairie School"))
    session.commit()
    visitor = visit(office)
    page = visitor.post(f"/admin/people/{guardian.id}/code")
    assert len(_codes(page)) == 1
    assert "Escribe tu usuario" in page.words
    assert visitor.post(f"/admin/people/{away.id}/code").status == 404
    assert visit(guardian).post(f"/admin/people/{learner.id}/code").status == 404


def test_the_page_asks_as_often_for_a_large_class_as_for_a_small_one(
    session: Session, app: Flask, visit: Visit
) -> None:
    room = a_class(session)
    teacher = a_teacher(session, room)
    a_card(session, a_learner(session, in_class=room))
    session.commit()
    visitor = visit(teacher)
    asked = []
    for _ in range(2):
        with counted(app.extensions["learnpath.engine"]) as counter:
            visitor.get(f"/classes/{room.id}/badges")
        asked.append(counter.count)
        for _ in range(9):
            a_learner(session, in_class=room)
        session.commit()
    assert asked[0] == asked[1] <= 8
