"""Whose account is about to be tied, who sees what is tied since when, and who is told of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session

from learnpath import clock
from learnpath.people import one_time_codes
from learnpath.people.models import Person
from learnpath.people.sign_on import accounts
from learnpath.people.sign_on.models import LinkedHow
from learnpath.people.sign_on.token import Account, masked
from tests.builders import (
    MONDAY,
    PASSWORD,
    a_class,
    a_learner,
    a_teacher,
    a_teacher_of,
    by_school,
    class_of,
    the_school,
)
from tests.sign_on.conftest import LocalProvider, Traveller, asked_of
from tests.visiting import Page, Visitor

Travel = Callable[[], Traveller]
DAY_AFTER = MONDAY + timedelta(days=1)


@pytest.fixture
def mateo(session: Session) -> Person:
    """Return a learner with a username."""
    learner = a_learner(session, "Mateo", username="mateo")
    session.commit()
    return learner


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Mateo.Ruiz@school.example.org", "M•••@school.example.org"),
        ("m@school.example.org", "m•••@school.example.org"),
        ("", ""), ("no sign", ""), ("@school.example.org", ""), ("a@", ""), (None, ""),
        (["a@b.example.org"], ""), ("a@b\n.example.org", ""), ("x" * 300 + "@b.example.org", ""),
        ("<b>@b.example.org", "<•••@b.example.org"), ("a@b@c.example.org", "a•••@c.example.org"),
        ("\u202ea@b.example.org", ""),
    ],
)  # fmt: skip
def test_an_address_is_shown_by_its_first_letter_and_its_domain(said: Any, shown: str) -> None:
    assert masked(said) == shown


def test_the_page_for_the_code_names_the_account_that_is_about_to_be_tied(
    mateo: Person, provider: LocalProvider, traveller: Travel
) -> None:
    provider.somebody("g-1", "ana.ruiz@elsewhere.example.org", verified=False)
    page = traveller().sign_in().follow()
    assert "Ridgeline, a•••@elsewhere.example.org" in page.words
    assert "ana.ruiz" not in page.text
    assert "Is this not your account?" in page.words
    provider.somebody("g-2")  # an issuer that says no address
    page = traveller().sign_in().follow()
    assert "•••" not in page.words
    assert "Is this not your account?" in page.words


def test_who_chooses_another_account_is_asked_by_the_issuer_which_one(
    mateo: Person, provider: LocalProvider, traveller: Travel
) -> None:
    provider.somebody("g-1")
    browser = traveller()
    page = browser.sign_in().follow()
    other = page.soup.find("a", string="Use another account of Ridgeline")
    assert other is not None
    address = browser.visitor.get(str(other["href"])).location
    assert asked_of(address)["prompt"] == "select_account"
    assert "prompt" not in asked_of(traveller().leave())
    assert asked_of(traveller().leave("?other=1"))["state"]


def a_link(session: Session, person: Person, issuer: str) -> None:
    """Tie an account of ``issuer`` to a person, as if somebody had their slip."""
    account = Account(issuer, f"s-{person.id}", nonce="n")
    code = LinkedHow.ONE_TIME_CODE
    assert accounts.link(session, person, account, "ridgeline", code, MONDAY)
    session.commit()


def come_in(visitor: Visitor) -> Page:
    """Sign in by name and password, and return the first page."""
    visitor.forget_token()
    page = visitor.post("/sign-in", username="mateo", password=PASSWORD).follow()
    visitor.forget_token()
    return page


TOLD = "An account of Ridgeline was tied to yours on Monday, November 17"


def test_whose_account_was_tied_is_told_at_the_next_sign_in_of_their_own_and_once(
    session: Session, mateo: Person, app: Flask, provider: LocalProvider, traveller: Travel
) -> None:
    assert TOLD not in come_in(Visitor(app)).words
    code = one_time_codes.issue_code(session, by_school(the_school(session)), mateo, MONDAY)
    session.commit()
    finder = traveller()  # somebody who found the slip ties an own account
    provider.somebody("finder")
    finder.sign_in()
    tied = MONDAY + timedelta(minutes=5)
    with clock.standing_at(tied):
        page = finder.visitor.post("/sign-on-link", username="mateo", code=code)
        assert page.status == 303, page.words
    with clock.standing_at(MONDAY + timedelta(hours=1)):
        seconds = int(clock.now().timestamp())
        provider.mood(claims={"iat": seconds, "exp": seconds + 300})
        again = traveller()  # coming in by it does not use the notice up
        again.sign_in()
        assert again.is_in()
    with clock.standing_at(DAY_AFTER):
        page = come_in(Visitor(app))
        assert TOLD in page.words
        assert "Was it not you?" in page.words
        assert TOLD not in come_in(Visitor(app)).words


def test_a_learner_and_the_teacher_see_what_is_tied_since_when(
    session: Session, mateo: Person, app: Flask, provider: LocalProvider
) -> None:
    group = class_of(session, mateo)
    other = a_learner(session, "Ana", in_class=group)
    teacher, stranger = a_teacher_of(session, mateo), a_teacher(session, a_class(session))
    session.commit()
    a_link(session, mateo, provider.url)
    a_link(session, other, "https://gone.example.org")
    mine = Visitor(app, mateo).get("/me/sign-on")
    assert "Ridgeline" in mine.words
    assert "Since Monday, November 17" in mine.words
    page = Visitor(app, teacher).get(f"/classes/{group.id}/badges")
    cells = {row.th.get_text(" ", strip=True): row.get_text(" ", strip=True)
             for row in page.soup.select("tbody tr")}  # fmt: skip
    assert "Ridgeline, since Nov 17" in cells[mateo.full_name]
    assert "gone.example.org, since Nov 17" in cells[other.full_name]
    assert f"s-{mateo.id}" not in page.text
    assert Visitor(app, stranger).get(f"/classes/{group.id}/badges").status in {403, 404}
