"""Guessing is slowed down, and nobody can lock somebody else out by guessing for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlmodel import Session, select

from learnpath import clock
from learnpath.people.models import SignInTry
from tests.builders import MONDAY, PASSWORD, a_learner
from tests.visiting import Page, Visitor

Visit = Callable[..., Visitor]


def _try(visitor: Visitor, name: str, password: str, address: str = "10.0.0.1") -> Page:
    data = {"csrf_token": visitor.csrf_token(), "username": name, "password": password}
    response = visitor.client.post(
        "/sign-in", data=data, environ_overrides={"REMOTE_ADDR": address}
    )
    return Page(visitor, response)


def test_ten_wrong_tries_from_one_address_rest_the_name_there(
    session: Session, visit: Visit
) -> None:
    a_learner(session, username="mateo")
    session.commit()
    visitor = visit(None)
    assert [_try(visitor, "mateo", "wrong").status for _ in range(10)] == [422] * 10
    page = _try(visitor, "mateo", PASSWORD)
    assert page.status == 429
    assert 0 < int(page.response.headers["Retry-After"]) <= 600


def test_a_classmate_at_another_address_cannot_lock_anybody_out(
    session: Session, visit: Visit
) -> None:
    a_learner(session, username="mateo")
    session.commit()
    visitor = visit(None)
    for _ in range(12):
        _try(visitor, "mateo", "wrong", "10.0.0.66")
    assert _try(visit(None), "mateo", PASSWORD, "10.0.0.1").status == 303


def test_a_resting_name_does_not_rest_the_others_at_that_address(
    session: Session, visit: Visit
) -> None:
    a_learner(session, username="mateo")
    a_learner(session, username="linh")
    session.commit()
    visitor = visit(None)
    for _ in range(12):
        _try(visitor, "mateo", "wrong")
    assert _try(visitor, "linh", PASSWORD).status == 303


def test_it_is_over_after_ten_minutes(session: Session, visit: Visit) -> None:
    a_learner(session, username="mateo")
    session.commit()
    visitor = visit(None)
    for _ in range(11):
        _try(visitor, "mateo", "wrong")
    with clock.standing_at(MONDAY + timedelta(minutes=9)):
        assert _try(visitor, "mateo", PASSWORD).status == 429
    with clock.standing_at(MONDAY + timedelta(minutes=11)):
        assert _try(visitor, "mateo", PASSWORD).status == 303


def test_signing_in_well_forgets_the_tries_before_it(session: Session, visit: Visit) -> None:
    a_learner(session, username="mateo")
    session.commit()
    for _ in range(3):
        visitor = visit(None)
        statuses = [_try(visitor, "mateo", "wrong").status for _ in range(8)]
        assert statuses == [422] * 8
        assert _try(visitor, "mateo", PASSWORD).status == 303


def test_unknown_names_are_slowed_down_like_known_ones(session: Session, visit: Visit) -> None:
    a_learner(session, username="mateo")
    session.commit()
    for name in ("mateo", "nobody"):
        visitor = visit(None)
        statuses = [_try(visitor, name, "wrong").status for _ in range(12)]
        assert statuses == [422] * 10 + [429] * 2, name


def test_spelling_a_name_differently_gives_no_further_tries(session: Session, visit: Visit) -> None:
    a_learner(session, username="mateo")
    session.commit()
    visitor = visit(None)
    spellings = ["mateo", "MATEO", " mateo", "Mateo ", "\uff4dateo"] * 3
    statuses = [_try(visitor, name, "wrong").status for name in spellings]
    assert statuses == [422] * 10 + [429] * 5


def test_trying_one_password_for_many_names_is_slowed_down_by_address(
    session: Session, make_app: Callable[..., Flask]
) -> None:
    a_learner(session, username="mateo")
    session.commit()
    visitor = Visitor(make_app(sign_in_tries_address=20))
    statuses = [_try(visitor, f"name-{n}", "wrong").status for n in range(22)]
    assert statuses == [422] * 20 + [429] * 2


def test_a_header_cannot_make_up_an_address(session: Session, visit: Visit) -> None:
    a_learner(session, username="mateo")
    session.commit()
    visitor = visit(None)
    data = {"csrf_token": visitor.csrf_token(), "username": "mateo", "password": "wrong"}
    statuses = [
        visitor.client.post(
            "/sign-in", data=data,
            headers={"X-Forwarded-For": f"10.1.1.{n}", "X-Real-IP": f"10.1.1.{n}"},
        ).status_code
        for n in range(11)
    ]  # fmt: skip
    assert statuses == [422] * 10 + [429]


def test_neither_names_nor_addresses_are_kept(session: Session, visit: Visit) -> None:
    _try(visit(None), "mateo", "wrong", "10.9.8.7")
    kept = [row.who for row in session.exec(select(SignInTry))]
    assert len(kept) == 2
    assert all(len(who) == 64 and "mateo" not in who and "10.9" not in who for who in kept)


def test_old_tries_are_forgotten(session: Session, visit: Visit) -> None:
    _try(visit(None), "mateo", "wrong")
    with clock.standing_at(MONDAY + timedelta(hours=1)):
        _try(visit(None), "linh", "wrong")
    assert len(session.exec(select(SignInTry)).all()) == 2
