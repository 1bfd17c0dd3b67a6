"""Pages for what goes wrong: the same look, in both languages, with what to do next and nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

import pytest
from bs4 import BeautifulSoup
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session
from werkzeug.test import TestResponse

from learnpath.errors import ChangedMeanwhile, NotAllowed, NotAllowedNow, TooManyTries
from learnpath.web.rules import public
from tests import builders
from tests.visiting import Visitor

MINE = "I want to be quick.\n<b>Very</b> quick."
THEIRS = "So that fractions get easy."


def _fail(kind: str) -> NoReturn:
    if kind.isdigit():
        abort(int(kind))
    locked = OperationalError("", {}, Exception("database is locked"))
    raise {
        "changed": ChangedMeanwhile({"Why": MINE}, {"Why": THEIRS}),
        "stale": StaleDataError("one row expected"),
        "not-now": NotAllowedNow("This goal is closed."),
        "not-allowed": NotAllowed("Only Linh can change this."),
        "tries": TooManyTries(90),
        "busy": locked,
        "bug": RuntimeError("a secret of the house"),
    }[kind]


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    app = make_app()
    app.add_url_rule("/fail/<kind>", "fail", public(_fail), methods=["GET"])
    return app


def soup(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 429, 500])
@pytest.mark.parametrize("language", ["en", "es"])
def test_each_error_keeps_the_look_and_says_what_to_do_next(
    client: FlaskClient, status: int, language: str
) -> None:
    answer = client.get(f"/fail/{status}", headers={"Accept-Language": language})
    page = soup(answer)
    assert answer.status_code == status
    assert page.html["lang"] == language
    assert page.select_one("header .brand")
    assert page.select_one("link[rel=stylesheet]")
    assert page.h1.get_text(strip=True) in page.title.get_text()
    assert len(page.select_one(".lead").get_text(strip=True)) > 40
    assert str(page.select_one("main a.button")["href"]) in {"/", "/sign-in"}


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 429, 500])
def test_each_error_is_said_in_spanish_too(client: FlaskClient, status: int) -> None:
    english, spanish = (
        soup(client.get(f"/fail/{status}", headers={"Accept-Language": language}))
        for language in ("en", "es")
    )
    for part in ("h1", ".lead", "main a.button", ".skip"):
        assert english.select_one(part).get_text() != spanish.select_one(part).get_text(), part


def test_a_signed_in_person_keeps_the_way_home(
    session: Session, visit: Callable[..., Visitor]
) -> None:
    learner = builders.a_learner(session)
    session.commit()
    page = visit(learner).get("/fail/404")
    assert page.status == 404
    assert page.soup.select_one("main a.button")["href"] == "/"
    assert "My goals" in page.words


def test_both_wordings_are_shown_side_by_side_and_can_be_copied(client: FlaskClient) -> None:
    answer = client.get("/fail/changed")
    page = soup(answer)
    assert answer.status_code == 409
    mine, theirs = page.select(".kept")
    assert mine.get_text() == MINE
    assert theirs.get_text() == THEIRS
    assert page.select_one(f'[data-copy="{mine["id"]}"]')
    assert "Yours is not saved yet." in page.get_text()
    assert len(page.select("main ol li")) == 3


def test_the_page_that_changed_can_be_opened_again(client: FlaskClient) -> None:
    page = soup(client.get("/fail/changed", headers={"Referer": "http://localhost/goals/7?step=2"}))
    assert page.select_one("main a.button")["href"] == "/goals/7?step=2"


def test_another_site_is_no_page_to_go_back_to(client: FlaskClient) -> None:
    page = soup(client.get("/fail/changed", headers={"Referer": "http://evil.example/goals/7"}))
    assert page.select_one("main a.button")["href"] == "/sign-in"


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("stale", 409, "It changed while you were reading."),
        ("not-now", 409, "This goal is closed."),
        ("not-allowed", 403, "Only Linh can change this."),
        ("busy", 409, "Send them again."),
    ],
)
def test_what_the_house_says_is_on_the_page(
    client: FlaskClient, kind: str, status: int, words: str
) -> None:
    answer = client.get(f"/fail/{kind}")
    assert answer.status_code == status
    assert words in soup(answer).get_text()


def test_too_many_tries_say_how_long_to_wait(client: FlaskClient) -> None:
    answer = client.get("/fail/tries")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "90"
    assert "You can try again in 2 minutes." in soup(answer).get_text()


def test_an_error_of_ours_tells_nothing_of_the_house(client: FlaskClient) -> None:
    answer = client.get("/fail/bug")
    assert answer.status_code == 500
    assert "secret of the house" not in answer.get_data(as_text=True)
    assert "It is not your fault." in soup(answer).get_text()


def test_a_database_that_is_gone_still_gives_a_page(make_app: Callable[..., Flask]) -> None:
    client = make_app(database_url="sqlite:////nowhere/at/all.db").test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = "a token of before", True
    answer = client.get("/classes")
    assert answer.status_code == 500
    assert soup(answer).select_one("header .brand")


def test_a_form_without_its_token_says_that_it_rested(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"username": "linh", "password": "x"})
    assert answer.status_code == 400
    assert "This page rested too long" in soup(answer).get_text()


def test_too_much_at_once_is_said_kindly(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"username": "x" * 3_000_000})
    assert answer.status_code == 413
    assert "Choose a smaller file" in soup(answer).get_text()


def test_a_wrong_method_is_an_error_page_too(client: FlaskClient) -> None:
    answer = client.delete("/about")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert soup(answer).select_one("header .brand")
