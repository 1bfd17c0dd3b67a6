"""Coming in with a badge: the badge says who, the pictures say that it is them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session, col, select

from learnpath import clock
from learnpath.config import Hours
from learnpath.errors import NotAllowed
from learnpath.people import badges, pictures
from learnpath.people.models import Badge, Hat, Person, SecretPictures, SignIn, SignInHow
from learnpath.people.pictures import MOST_WRONG, Pressed
from learnpath.record import Relation, Verb
from learnpath.record.models import Event
from learnpath.school import enrol
from learnpath.school.models import School
from tests.badges.build import MINE, OTHERS, a_card, comes_in, press, show
from tests.builders import (
    MONDAY,
    YEAR_START,
    a_class,
    a_learner,
    a_person,
    a_teacher,
    a_teacher_of,
    by,
    by_school,
    class_of,
)
from tests.visiting import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def mateo(session: Session) -> Person:
    """Return a learner of grade 3."""
    return a_learner(session, "Mateo", grade=3)


def _sign_ins(session: Session) -> list[SignIn]:
    session.expire_all()
    found = list(session.exec(select(SignIn).where(col(SignIn.ended_at).is_(None))))
    session.commit()
    return found


def test_badge_and_pictures_lead_to_the_learner_s_own_first_page(
    session: Session, visit: Visit, mateo: Person
) -> None:
    card = a_card(session, mateo)
    session.commit()
    visitor = visit(None)
    assert show(visitor, card.token).location == "/b/pictures"
    assert press(visitor).location == "/"
    assert "Mateo" in visitor.get("/").heading
    [sign_in] = _sign_ins(session)
    assert (sign_in.how, sign_in.shared, sign_in.hat) == (SignInHow.BADGE, True, Hat.LEARNER)


def test_any_camera_scanner_or_keyboard_will_do(
    session: Session, visit: Visit, mateo: Person
) -> None:
    card = a_card(session, mateo)
    session.commit()
    visitor = visit(None)
    for spelling in (
        f"https://paths.example.org/b#{card.token}",
        card.token.lower(),
        card.code,
        " ".join(card.code[n : n + 4] for n in (0, 4, 8)).lower(),
        card.code.replace("0", "O").replace("1", "l"),
    ):
        assert visitor.post("/b", badge=spelling).location == "/b/pictures", spelling


def test_opening_the_address_of_a_badge_changes_nothing_and_names_nobody(
    session: Session, visit: Visit, mateo: Person
) -> None:
    card = a_card(session, mateo)
    session.commit()
    page = visit(None).get(f"/b#{card.token}")
    assert page.status == 200
    assert "Mateo" not in page.text
    assert _sign_ins(session) == []


def test_nobody_is_named_before_the_pictures_are_right(
    session: Session, visit: Visit, mateo: Person
) -> None:
    card = a_card(session, mateo)
    session.commit()
    visitor = visit(None)
    show(visitor, card.token)
    assert "Mateo" not in visitor.get("/b/pictures").text
    wrong = press(visitor, OTHERS)
    assert wrong.status == 422
    assert "Those are not your pictures." in wrong.words
    assert "Mateo" not in wrong.text


def test_a_photographed_badge_alone_opens_nothing(
    session: Session, visit: Visit, mateo: Person
) -> None:
    card = a_card(session, mateo)
    session.commit()
    visitor = visit(None)
    show(visitor, card.token)
    for path in ("/", f"/learners/{mateo.id}/goals", "/me/pictures", "/me/password"):
        assert visitor.get(path).location.startswith("/sign-in"), path


def test_a_photographed_badge_alone_cannot_choose_or_change_the_pictures(
    session: Session, visit: Visit, mateo: Person
) -> None:
    card = a_card(session, mateo)
    before = session.get_one(SecretPictures, mateo.id).secret_hash
    session.commit()
    visitor = visit(None)
    show(visitor, card.token)
    fields = {"number": "123456", "first": ",".join(OTHERS), "picked": "tree,paw", "pick": "star"}
    assert visitor.post("/b/pictures", **fields).status == 422
    old = {"old": ",".join(MINE), "first": ",".join(OTHERS), "picked": "tree,paw", "pick": "star"}
    assert visitor.post("/me/pictures", **old).location == "/sign-in"
    session.expire_all()
    assert session.get_one(SecretPictures, mateo.id).secret_hash == before
    session.commit()


def test_without_the_number_of_the_board_the_first_pictures_cannot_be_chosen(
    session: Session, visit: Visit, mateo: Person
) -> None:
    card = a_card(session, mateo, picks=None)
    session.commit()
    visitor = visit(None)
    show(visitor, card.token)
    page = visitor.post(
        "/b/pictures", number="000000", first=",".join(OTHERS), picked="tree,paw", pick="star"
    )
    assert (page.status, "Ask your teacher" in page.words) == (422, True)
    session.expire_all()
    assert session.get(SecretPictures, mateo.id) is None
    session.commit()


def _start(session: Session, visit: Visit, learner: Person) -> str:
    """Return the number that the learner's teacher puts on the board."""
    teacher = a_teacher_of(session, learner)
    class_id = class_of(session, learner).id
    session.commit()
    page = visit(teacher).post(f"/classes/{class_id}/pictures/start")
    number = page.soup.select_one(".board-number")
    assert number is not None
    return number.get_text(strip=True)


def test_the_first_time_a_learner_chooses_pictures_with_the_number_of_the_board(
    session: Session, visit: Visit, mateo: Person
) -> None:
    card = a_card(session, mateo, picks=None)
    number = _start(session, visit, mateo)
    visitor = visit(None)
    show(visitor, card.token)
    assert "number of today" in visitor.get("/b/pictures").words
    assert "Choose your pictures" in visitor.post("/b/pictures", number=number).heading
    assert "once more" in press(visitor, MINE, number=number).heading
    unlike = press(visitor, OTHERS, number=number, first=",".join(MINE))
    assert "The two were not the same." in unlike.words
    assert press(visitor, MINE, number=number, first=",".join(MINE)).location == "/"
    assert "Mateo" in visitor.get("/").heading
    session.expire_all()
    kept = session.get_one(SecretPictures, mateo.id)
    assert kept.secret_hash.startswith("$argon2id$")
    event = session.exec(select(Event).where(Event.verb == Verb.PICTURES_CHOSEN)).one()
    assert (event.actor_id, event.payload) == (mateo.id, '{"how":"start"}')
    session.commit()


def test_the_number_of_the_board_is_good_once_and_half_an_hour_and_for_that_class(
    session: Session, app: Flask, visit: Visit, mateo: Person
) -> None:
    engine = app.extensions["learnpath.engine"]
    stranger = a_learner(session, "Ana", in_class=a_class(session, name="Room 9"))
    number = _start(session, visit, mateo)
    tried = (engine, mateo.id, number, "here")
    assert pictures.start_fits(*tried, MONDAY)
    assert not pictures.start_fits(engine, stranger.id, number, "here", MONDAY)
    assert not pictures.start_fits(*tried, MONDAY + timedelta(minutes=31))
    newer = _start(session, visit, mateo)
    assert not pictures.start_fits(*tried, MONDAY)
    assert pictures.start_fits(engine, mateo.id, newer, "here", MONDAY)


def test_three_pictures_have_to_differ(session: Session, visit: Visit, mateo: Person) -> None:
    card = a_card(session, mateo, picks=None)
    number = _start(session, visit, mateo)
    visitor = visit(None)
    show(visitor, card.token)
    for picks in (("sun", "sun", "sun"), ("sun", "bike", "bike")):
        page = press(visitor, picks, number=number)
        assert (page.status, "three different pictures" in page.words) == (422, True)


# -- guessing ------------------------------------------------------------------------------------------


def test_five_wrong_tries_from_one_device_wait_ten_minutes(
    session: Session, visit: Visit, mateo: Person
) -> None:
    card = a_card(session, mateo)
    session.commit()
    visitor = visit(None)
    show(visitor, card.token)
    assert [press(visitor, OTHERS).status for _ in range(6)] == [422] * 5 + [429]
    assert press(visitor).status == 429
    with clock.standing_at(MONDAY + timedelta(minutes=11)):
        show(visitor, card.token)
        assert press(visitor).status == 303


def test_guessing_rests_the_pictures_for_good_wherever_it_comes_from(
    session: Session, app: Flask, mateo: Person
) -> None:
    engine = app.extensions["learnpath.engine"]
    a_card(session, mateo)
    session.commit()
    tried = [
        pictures.press(engine, mateo.id, OTHERS, f"10.0.0.{n}", MONDAY + timedelta(hours=n))
        for n in range(MOST_WRONG)
    ]
    assert tried == [Pressed.WRONG] * (MOST_WRONG - 1) + [Pressed.RESTING]
    later = MONDAY + timedelta(days=30)
    assert pictures.press(engine, mateo.id, MINE, "10.0.0.99", later) is Pressed.RESTING


def test_guesses_at_the_same_moment_are_all_counted(
    session: Session, app: Flask, mateo: Person
) -> None:
    engine = app.extensions["learnpath.engine"]
    a_card(session, mateo)
    session.commit()

    def guess(number: int) -> Pressed:
        with clock.standing_at(MONDAY):
            return pictures.press(engine, mateo.id, OTHERS, f"10.0.1.{number}", MONDAY)

    with ThreadPoolExecutor(8) as together:
        came = list(together.map(guess, range(16)))
    assert came.count(Pressed.WRONG) == MOST_WRONG - 1
    session.expire_all()
    assert session.get_one(SecretPictures, mateo.id).wrong_tries == MOST_WRONG
    session.commit()


def test_a_resting_badge_says_what_to_do_and_a_new_card_opens_again(
    session: Session, visit: Visit, mateo: Person
) -> None:
    card = a_card(session, mateo)
    session.get_one(SecretPictures, mateo.id).wrong_tries = MOST_WRONG
    session.commit()
    visitor = visit(None)
    show(visitor, card.token)
    assert visitor.get("/b/pictures").heading == "This card rests"
    assert press(visitor).status == 200
    again = a_card(session, mateo)
    session.commit()
    show(visitor, again.token)
    assert press(visitor).location == "/"


def test_made_up_badges_are_counted_by_address(
    session: Session, make_app: Callable[..., Flask]
) -> None:
    a_learner(session)
    session.commit()
    visitor = Visitor(make_app(sign_in_tries_address=3))
    codes = ["AAAA BBBB CCCC", "x" * 26, "https://elsewhere.example/b#nothing", "0" * 12]
    assert [visitor.post("/b", badge=code).status for code in codes] == [422, 422, 422, 429]


def test_cards_sleep_at_the_hours_that_the_school_chose(
    session: Session, make_app: Callable[..., Flask], mateo: Person
) -> None:
    card = a_card(session, mateo)
    session.commit()
    app = make_app(badge_hours=Hours(6, 20))
    for hours, status in ((0, 303), (10, 303), (11, 422), (20, 422), (21, 303)):  # from 9:00
        with clock.standing_at(MONDAY + timedelta(hours=hours)):
            page = show(Visitor(app), card.token)
        assert page.status == status, hours
        if status == 422:
            assert "Cards work from 6:00 to 20:00." in page.words


# -- stopping ------------------------------------------------------------------------------------------


def test_a_new_card_stops_the_old_one_at_once_and_what_it_opened(
    session: Session, app: Flask, visit: Visit, mateo: Person
) -> None:
    old = a_card(session, mateo)
    session.commit()
    inside = comes_in(app, old)
    waiting = visit(None)
    show(waiting, old.token)
    a_card(session, mateo)
    session.commit()
    assert inside.get("/").location.startswith("/sign-in")
    assert press(waiting).location == "/b"
    for secret in (old.token, old.code):
        refused = show(visit(None), secret)
        assert (refused.status, "That card did not work." in refused.words) == (422, True)


def test_a_learner_who_left_or_teaches_too_cannot_use_a_badge(
    session: Session, visit: Visit, mateo: Person
) -> None:
    card = a_card(session, mateo)
    session.commit()
    mateo.left_at = MONDAY
    session.add(mateo)
    session.commit()
    assert show(visit(None), card.token).status == 422
    mateo.left_at = None
    session.add(mateo)
    room = a_class(session, name="Little ones")
    doer = by_school(session.get_one(School, mateo.school_id))
    enrol.start_teaching(session, doer, mateo, room, YEAR_START, MONDAY)
    session.commit()
    assert show(visit(None), card.token).status == 422


def test_nobody_but_students_gets_a_badge(session: Session) -> None:
    room = a_class(session)
    teacher = a_teacher(session, room)
    nobody = a_person(session)
    for person in (teacher, nobody):
        with pytest.raises(NotAllowed):
            badges.issue_badges(session, by(teacher, Relation.TEACHER), [person], MONDAY)


def test_the_database_holds_nothing_that_could_be_printed_again(
    session: Session, mateo: Person
) -> None:
    card = a_card(session, mateo)
    row = session.exec(select(Badge)).one()
    kept = " ".join(str(value) for value in row.model_dump().values())
    assert card.token not in kept
    assert card.code not in kept
    assert len(card.token) * 5 >= 128
    assert row.code_hash.startswith("$argon2id$")


def test_a_badge_of_today_is_found_on_both_databases(any_session: Session) -> None:
    learner = a_learner(any_session, "Lucía", grade=3)
    first = a_card(any_session, learner)
    second = a_card(any_session, learner)
    assert badges.person_of_badge(any_session, first.token, MONDAY) is None
    assert badges.person_of_badge(any_session, second.token, MONDAY) == learner
    assert badges.person_of_badge(any_session, second.code, MONDAY) == learner
    assert badges.revoke(any_session, by(learner, Relation.SCHOOL), learner.id, MONDAY)
    assert not badges.revoke(any_session, by(learner, Relation.SCHOOL), learner.id, MONDAY)
    assert badges.person_of_badge(any_session, second.token, MONDAY) is None


def test_a_badge_opens_no_other_hat(session: Session, app: Flask, mateo: Person) -> None:
    card = a_card(session, mateo)
    session.commit()
    visitor = comes_in(app, card)
    assert visitor.post("/hat", hat="teacher").status == 403


# -- changing -----------------------------------------------------------------------------------------


def _change(visitor: Visitor, old: tuple[str, ...], new: tuple[str, ...]) -> str:
    known = visitor.post("/me/pictures", picked=",".join(old[:2]), pick=old[2])
    if known.status != 200:
        return known.words
    page = visitor.post(
        "/me/pictures",
        old=",".join(old),
        first=",".join(new),
        picked=",".join(new[:2]),
        pick=new[2],
    )
    return page.location or page.words


def test_a_learner_changes_the_pictures_by_the_old_ones(
    session: Session, app: Flask, visit: Visit, mateo: Person
) -> None:
    card = a_card(session, mateo)
    session.commit()
    visitor = comes_in(app, card)
    assert _change(visitor, MINE, OTHERS) == "/me/comfort"
    there = visit(None)
    show(there, card.token)
    assert press(there, MINE).status == 422
    assert press(there, OTHERS).status == 303


def test_at_somebody_s_open_device_the_pictures_stay_without_the_old_ones(
    session: Session, app: Flask, mateo: Person
) -> None:
    card = a_card(session, mateo)
    session.commit()
    visitor = comes_in(app, card)
    assert "Those are not your pictures." in _change(visitor, OTHERS, OTHERS)
    forged = visitor.post(
        "/me/pictures", old=",".join(OTHERS), first=",".join(OTHERS), picked="tree,paw", pick="star"
    )
    assert forged.status == 422
    session.expire_all()
    events = session.exec(select(Event).where(Event.verb == Verb.PICTURES_CHOSEN)).all()
    assert len(events) == 1
