"""On a device that others use, a quiet sign-in ends soon, after a word that one press answers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from learnpath import clock, config
from learnpath.errors import SettingsError
from learnpath.people.models import Person, SignIn
from tests.badges.build import a_card, comes_in
from tests.builders import MONDAY, PASSWORD, a_learner
from tests.visiting import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def mateo(session: Session) -> Person:
    """Return a learner with the username "mateo"."""
    learner = a_learner(session, "Mateo", username="mateo")
    session.commit()
    return learner


def _at(minutes: float) -> AbstractContextManager[None]:
    return clock.standing_at(MONDAY + timedelta(minutes=minutes))


def _status(visitor: Visitor, minutes: float) -> int:
    with _at(minutes):
        return visitor.get("/").status


def _signed_in(visit: Visit, **extra: str) -> Visitor:
    visitor = visit(None)
    assert visitor.post("/sign-in", username="mateo", password=PASSWORD, **extra).status == 303
    visitor.forget_token()
    return visitor


def test_the_choice_at_sign_in_ends_a_quiet_sign_in_sooner(visit: Visit, mateo: Person) -> None:
    shared, own = _signed_in(visit, shared="y"), _signed_in(visit)
    assert (_status(shared, 11), _status(own, 11)) == (303, 200)


def test_who_goes_on_working_is_not_signed_out(visit: Visit, mateo: Person) -> None:
    shared = _signed_in(visit, shared="y")
    assert [_status(shared, minute) for minute in (9, 18, 27)] == [200] * 3
    assert _status(shared, 38) == 303


def test_a_badge_is_always_on_a_shared_device(session: Session, app: Flask, mateo: Person) -> None:
    card = a_card(session, mateo)
    session.commit()
    visitor = comes_in(app, card)
    assert (_status(visitor, 9), _status(visitor, 20)) == (200, 303)


def test_the_time_is_the_school_s_to_set(
    session: Session, make_app: Callable[..., Flask], mateo: Person
) -> None:
    visitor = Visitor(make_app(shared_timeout=4))
    visitor.post("/sign-in", username="mateo", password=PASSWORD, shared="y")
    assert visitor.get("/").soup.body["data-rests-in"] == "240"
    assert (_status(visitor, 3), _status(visitor, 8)) == (200, 303)
    with pytest.raises(SettingsError, match="LEARNPATH_SHARED_TIMEOUT"):
        config.load({"LEARNPATH_SHARED_TIMEOUT": "1"})


def test_every_page_says_how_long_the_database_waits(visit: Visit, mateo: Person) -> None:
    shared = _signed_in(visit, shared="y")
    for seconds, left in ((0, "600"), (40, "560"), (90, "600"), (120, "570")):
        with clock.standing_at(MONDAY + timedelta(seconds=seconds)):
            assert shared.get("/").soup.body["data-rests-in"] == left
    dialog = shared.get("/").soup.select_one("dialog#still-there")
    assert dialog["role"] == "alertdialog"
    assert "two minutes" in dialog.get_text()


def test_one_press_lets_it_go_on(session: Session, visit: Visit, mateo: Person) -> None:
    shared = _signed_in(visit, shared="y")
    shared.csrf_token()
    with _at(9):
        answer = shared.post("/me/stay")
    assert (answer.status, answer.response.get_json()) == (200, {"seconds": 600})
    session.expire_all()
    assert session.exec(select(SignIn)).one().seen_at == MONDAY + timedelta(minutes=9)
    session.commit()
    assert _status(shared, 18) == 200


def test_a_press_that_comes_after_the_end_opens_nothing(visit: Visit, mateo: Person) -> None:
    shared = _signed_in(visit, shared="y")
    shared.csrf_token()
    with _at(11):
        assert shared.post("/me/stay").location.startswith("/sign-in")


def test_the_way_back_leads_to_the_page_that_was_left(visit: Visit, mateo: Person) -> None:
    shared = _signed_in(visit, shared="y")
    address = shared.get(f"/learners/{mateo.id}/goals").soup.body["data-rested"]
    page = visit(None).get(address)
    assert "What you typed is kept" in page.words
    back = visit(None).post(address, username="mateo", password=PASSWORD)
    assert back.location == f"/learners/{mateo.id}/goals"
