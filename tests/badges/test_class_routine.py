"""The class routine: one device, one learner after the other, and nothing but the check-in."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlmodel import Session, col, func, select

from learnpath import clock
from learnpath.db import open_session
from learnpath.goals.models import CheckIn, Goal
from learnpath.people.badges import Card
from learnpath.people.models import Person, SharedDevice
from learnpath.record import Relation, Verb
from learnpath.record.models import Event
from learnpath.record.verify import verify
from learnpath.school.models import SchoolClass
from tests.badges.build import MINE, OTHERS, a_card, press, read_token, show
from tests.builders import MONDAY, a_class, a_learner, a_teacher
from tests.conftest import counted
from tests.goals.build import a_goal
from tests.visiting import Page, Visitor

Visit = Callable[..., Visitor]


class Room:
    """A class with two learners who have goals and badges, and a device that their teacher left to them."""

    def __init__(self, session: Session, visit: Visit) -> None:
        self.school_class: SchoolClass = a_class(session)
        self.teacher = a_teacher(session, self.school_class)
        self.learners: list[Person] = []
        self.goals: list[Goal] = []
        self.cards: list[Card] = []
        for name in ("Mateo", "Lucía"):
            learner = a_learner(session, name, in_class=self.school_class, grade=3)
            self.learners.append(learner)
            self.goals.append(a_goal(session, learner=learner, teacher=self.teacher))
            self.cards.append(a_card(session, learner))
        session.commit()
        self.at_teachers = visit(self.teacher)
        self.device = visit(self.teacher)
        self.path = f"/classes/{self.school_class.id}/routine"

    def start(self) -> Page:
        """Let the teacher start the routine on the device."""
        page = self.device.post(self.path)
        self.device.forget_token()
        return page

    def turn(self, number: int, picks: tuple[str, ...] = MINE) -> Page:
        """Let a learner come in at the device."""
        self.device._token = ""
        read_token(self.device, "/b")
        self.device.post("/b", badge=self.cards[number].token)
        page = press(self.device, picks)
        if page.location == "/routine/turn":
            read_token(self.device)
        return page

    def save(self, number: int, **fields: str) -> Page:
        """Save the check-in of this week."""
        told = {"week": "2025-11-17", "seen_id": "", "value": "27", "feel": "smooth", **fields}
        return self.device.post(f"/routine/goals/{self.goals[number].id}", **told)


@pytest.fixture
def room(session: Session, visit: Visit) -> Room:
    """Return such a class."""
    return Room(session, visit)


def test_starting_signs_the_teacher_out_on_that_device_only(room: Room) -> None:
    assert room.start().location == "/routine"
    for path in ("/", "/classes", room.path):
        assert room.device.get(path).location.startswith("/sign-in"), path
    assert room.at_teachers.get("/").status == 200
    page = room.device.get("/routine").follow()
    assert page.heading == "Who is next?"
    assert not any(learner.called in page.text for learner in room.learners)


def test_a_turn_is_badge_pictures_one_screen_and_out_with_two_presses(
    session: Session, app: Flask, room: Room
) -> None:
    room.start()
    assert room.turn(0).location == "/routine/turn"
    with counted(app.extensions["learnpath.engine"]) as counter:
        page = room.device.get("/routine/turn")
    assert counter.count <= 12
    assert "Mateo" in page.heading
    assert "Know 42 multiplication facts" in page.words
    assert room.save(0, line="The sevens went well").location == "/routine/turn"
    done = room.device.get("/routine/turn")
    assert "You are all set, Mateo." in done.heading
    [button] = done.soup.select("main form button")
    assert button.get_text(strip=True) == "I am done"
    out = room.device.post("/routine/done")
    assert out.location == "/routine"
    assert "storage" in out.response.headers["Clear-Site-Data"]
    room.device.forget_token()
    assert room.device.get("/routine").follow().heading == "Who is next?"
    assert room.device.get("/routine/turn").location.startswith("/sign-in")
    session.expire_all()
    row = session.exec(select(CheckIn).where(CheckIn.goal_id == room.goals[0].id)).one()
    assert (row.value, row.relation, row.decided_by) == (Decimal(27), "learner", "learner")
    assert row.line == "The sevens went well"
    event = session.exec(select(Event).where(Event.verb == Verb.CHECKED_IN)).one()
    assert (event.actor_id, event.relation) == (room.learners[0].id, Relation.LEARNER)
    session.commit()


def test_the_next_learner_finds_nothing_of_the_one_before(room: Room) -> None:
    room.start()
    room.turn(0)
    room.save(0)
    room.device.post("/routine/done")
    assert room.turn(1).location == "/routine/turn"
    page = room.device.get("/routine/turn")
    assert "Lucía" in page.heading
    assert "Mateo" not in page.text


def test_a_badge_of_the_next_one_ends_the_turn_that_somebody_left_open(room: Room) -> None:
    room.start()
    room.turn(0)
    before = room.device.client.get_cookie("learnpath").value
    assert room.turn(1).location == "/routine/turn"
    assert "Lucía" in room.device.get("/routine/turn").heading
    room.device.client.set_cookie("learnpath", before)
    assert room.device.get("/routine/turn").location.startswith("/sign-in")


def test_from_a_turn_nothing_else_can_be_opened_or_changed(session: Session, room: Room) -> None:
    room.start()
    room.turn(0)
    learner, goal = room.learners[0].id, room.goals[0].id
    for path in ("/", f"/goals/{goal}", f"/learners/{learner}/profile", "/me/comfort", "/me/pictures",
                 f"/learners/{learner}/record"):  # fmt: skip
        page = room.device.get(path)
        assert (page.status, page.location) == (303, "/routine/turn"), path
    sent = {
        "week": "2025-11-17",
        "seen_id": "",
        "value": "1",
        "hat": "teacher",
    }
    for path in (
        f"/goals/{goal}/check-in",
        f"/goals/{goal}/close",
        "/me/password",
        "/hat",
        room.path,
    ):
        assert room.device.post(path, **sent).location == "/routine/turn", path
    session.expire_all()
    assert session.exec(select(CheckIn)).first() is None
    session.commit()


def test_a_learner_cannot_check_in_for_another_in_a_turn(session: Session, room: Room) -> None:
    room.start()
    room.turn(0)
    assert room.save(1).status == 404
    session.expire_all()
    assert session.exec(select(CheckIn)).first() is None
    session.commit()


def test_a_badge_without_its_pictures_opens_no_turn(room: Room) -> None:
    room.start()
    assert room.turn(0, OTHERS).status == 422
    assert room.device.get("/routine/turn").location.startswith("/sign-in")


def test_a_device_of_a_class_takes_no_badge_of_another_class(session: Session, room: Room) -> None:
    stranger = a_learner(session, "Ana", in_class=a_class(session, name="Room 9"))
    card = a_card(session, stranger)
    session.commit()
    room.start()
    assert show(room.device, card.token).status == 422


def test_what_cannot_be_taken_comes_back_with_all_that_was_typed(room: Room) -> None:
    room.start()
    room.turn(0)
    page = room.save(0, value="many", line="I tried")
    assert page.status == 422
    assert page.soup.select_one("[name=value]")["value"] == "many"
    assert page.soup.select_one("[name=line]")["value"] == "I tried"
    assert page.soup.select_one(".error-summary") is not None


def test_the_teacher_ends_it_and_open_turns_end_with_it(session: Session, room: Room) -> None:
    room.start()
    room.turn(0)
    assert "It runs on one device" in room.at_teachers.get(room.path).words
    room.at_teachers.post(f"{room.path}/end")
    assert room.device.get("/routine/turn").location.startswith("/sign-in")
    assert room.device.get("/routine").heading == "The class routine is over"
    session.expire_all()
    verbs = session.exec(
        select(Event.verb).where(Event.object_type == "shared_device").order_by(col(Event.id))
    ).all()
    assert list(verbs) == [Verb.ROUTINE_STARTED, Verb.ROUTINE_ENDED]
    session.commit()


def test_it_ends_by_itself(room: Room) -> None:
    room.start()
    with clock.standing_at(MONDAY + timedelta(minutes=89)):
        room.turn(0)
        assert room.device.get("/routine/turn").status == 200
    with clock.standing_at(MONDAY + timedelta(minutes=91)):
        assert room.device.get("/routine/turn").location == "/routine"
        assert room.device.get("/routine").heading == "The class routine is over"
        assert room.save(0).location == "/routine"


def test_another_teacher_neither_starts_nor_ends_it(
    session: Session, visit: Visit, room: Room
) -> None:
    other = a_teacher(session, a_class(session, name="Room 9"))
    session.commit()
    room.start()
    visitor = visit(other)
    for path in (room.path, f"{room.path}/end"):
        assert visitor.post(path).status == 404
    assert visit(room.learners[0]).post(room.path).status == 404
    session.expire_all()
    assert session.exec(select(SharedDevice)).one().ended_at is None
    session.commit()


def test_two_goals_are_asked_one_after_the_other(session: Session, visit: Visit) -> None:
    room = Room(session, visit)
    second = a_goal(
        session, learner=room.learners[0], teacher=room.teacher, what="Read a page aloud each day"
    )
    session.commit()
    room.start()
    room.turn(0)
    first = room.device.get("/routine/turn")
    assert "Then comes one more goal." in first.words
    assert "Read a page aloud" in first.words
    room.goals[0] = second
    room.save(0)
    assert "Know 42 multiplication facts" in room.device.get("/routine/turn").words


def test_a_class_on_several_devices_checks_in_at_once_and_loses_nothing(
    session: Session, app: Flask, visit: Visit
) -> None:
    school_class = a_class(session)
    teacher = a_teacher(session, school_class)
    learners = [a_learner(session, in_class=school_class, grade=4) for _ in range(6)]
    goals = [a_goal(session, learner=one, teacher=teacher) for one in learners]
    cards = [a_card(session, one) for one in learners]
    session.commit()
    devices = [visit(teacher) for _ in range(3)]
    for device in devices:
        device.post(f"/classes/{school_class.id}/routine")
        device.forget_token()

    def turns(number: int) -> list[int]:
        device, statuses = devices[number], []
        with clock.standing_at(MONDAY):
            for at in (number, number + 3):
                show(device, cards[at].token)
                press(device)
                read_token(device)
                sent = {"week": "2025-11-17", "seen_id": "", "value": str(10 + at)}
                saved = device.post(f"/routine/goals/{goals[at].id}", **sent)
                out = device.post("/routine/done")
                statuses += [saved.status, out.status]
        return statuses

    with ThreadPoolExecutor(3) as together:
        assert list(together.map(turns, range(3))) == [[303] * 4] * 3
    with open_session(app.extensions["learnpath.engine"], writing=False) as reading:
        assert reading.exec(select(func.count()).select_from(CheckIn)).one() == 6
        told = {row.learner_id: row.value for row in reading.exec(select(CheckIn))}
        assert told == {one.id: Decimal(10 + at) for at, one in enumerate(learners)}
        assert verify(reading).faults == ()
