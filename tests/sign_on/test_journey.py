"""Signing in with an account from school: there, back, and in."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from learnpath import clock
from learnpath.people.models import Person, SignIn, SignInHow
from learnpath.people.sign_on.desk import Desk
from learnpath.people.sign_on.models import LinkedHow, OutsideIdentity
from tests.builders import MONDAY, a_learner, a_teacher_of, enrolment_of
from tests.sign_on.build import everything, in_the_roster
from tests.sign_on.conftest import DOMAIN, LocalProvider, Traveller, asked_of, trusted
from tests.visiting import Visitor

Travel = Callable[[], Traveller]
ADDRESS = f"mateo@{DOMAIN}"


@pytest.fixture
def mateo(session: Session, provider: LocalProvider) -> Person:
    """Return a learner of the roster, who sits in front of the provider."""
    learner = a_learner(session, "Mateo", username="mateo")
    in_the_roster(session, learner, ADDRESS)
    session.commit()
    provider.somebody("g-77", ADDRESS)
    return learner


def test_a_verified_address_of_the_roster_opens_the_first_page(
    session: Session, mateo: Person, provider: LocalProvider, traveller: Travel
) -> None:
    page = traveller().sign_in()
    assert (page.status, page.location) == (303, "/")
    assert "Mateo" in page.follow().words
    identity = session.exec(select(OutsideIdentity)).one()
    assert (identity.issuer, identity.subject) == (provider.url, "g-77")
    assert (identity.person_id, identity.linked_how) == (mateo.id, LinkedHow.ROSTER_ADDRESS)
    assert session.exec(select(SignIn.how)).one() is SignInHow.SIGN_ON


def test_the_second_time_no_address_is_needed(
    session: Session, mateo: Person, provider: LocalProvider, traveller: Travel
) -> None:
    traveller().sign_in()
    provider.somebody("g-77", "another@elsewhere.example.org", verified=False)
    browser = traveller()
    browser.sign_in()
    assert browser.is_in()
    assert len(session.exec(select(OutsideIdentity)).all()) == 1


def test_the_sign_in_page_offers_each_issuer_in_both_languages(
    mateo: Person, traveller: Travel
) -> None:
    visitor = traveller().visitor
    page = visitor.get("/sign-in?next=/about")
    link = page.soup.find("a", string="Sign in with Ridgeline")
    assert link["href"] == "/sign-on/ridgeline?next=/about"
    visitor.post("/language", language="es", next="/sign-in")
    assert "Entrar con Ridgeline" in visitor.get("/sign-in").words


def test_without_a_setting_there_is_nothing_of_it(
    make_app: Callable[..., Flask], session: Session
) -> None:
    session.commit()
    visitor = Visitor(make_app())
    assert "Sign in with" not in visitor.get("/sign-in").words
    assert visitor.get("/sign-on/ridgeline").status == 404
    assert visitor.get("/sign-on/ridgeline/back").status == 404


def test_the_request_carries_state_nonce_and_a_challenge_and_no_secret(
    mateo: Person, traveller: Travel
) -> None:
    browser = traveller()
    asked, again = asked_of(browser.leave()), asked_of(browser.leave())
    assert asked["redirect_uri"] == "http://localhost/sign-on/ridgeline/back"
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"] == "openid email"
    assert asked.keys() == {
        "client_id", "code_challenge", "code_challenge_method", "nonce", "redirect_uri",
        "response_type", "scope", "state",
    }  # fmt: skip
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[name]) >= 43
        assert asked[name] != again[name]
    with browser.visitor.client.session_transaction() as cookie:
        verifiers = [kept[3] for kept in cookie["sign_on"]]
    digests = [hashlib.sha256(one.encode()).digest() for one in verifiers]
    assert asked["code_challenge"] in [urlsafe_b64encode(d).rstrip(b"=").decode() for d in digests]


def test_it_brings_people_to_the_page_that_they_wanted(mateo: Person, traveller: Travel) -> None:
    wanted = f"/learners/{mateo.id}/goals"
    browser = traveller()
    link = browser.visitor.get(wanted).follow().soup.find("a", string="Sign in with Ridgeline")
    page = browser.come_back(browser.provider.go_on(browser.visitor.get(link["href"]).location))
    assert page.location == wanted
    assert page.follow().status == 200


def test_it_never_leads_out_of_the_app(mateo: Person, traveller: Travel) -> None:
    for target in (
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
    ):
        assert traveller().sign_in(f"?next={target}").location == "/", target


def test_our_public_address_is_the_one_to_come_back_to(
    make_app: Callable[..., Flask], app: Flask, provider: LocalProvider, mateo: Person
) -> None:
    ways = app.extensions["learnpath.settings"].sign_on
    public = make_app(sign_on=ways, public_url="https://paths.example.org", https=True)
    browser = Traveller(Visitor(public), provider)
    asked = asked_of(browser.leave())
    assert asked["redirect_uri"] == "https://paths.example.org/sign-on/ridgeline/back"
    behind = make_app(sign_on=ways, https=True)
    assert asked_of(Traveller(Visitor(behind), provider).leave())["redirect_uri"].startswith(
        "https://localhost/"
    )


def test_a_new_cookie_begins_and_a_planted_one_is_worth_nothing(
    mateo: Person, traveller: Travel
) -> None:
    browser = traveller()
    address = browser.provider.go_on(browser.leave())
    with browser.visitor.client.session_transaction() as cookie:
        cookie["planted"] = "by an attacker"
    browser.come_back(address)
    with browser.visitor.client.session_transaction() as cookie:
        assert cookie.keys() == {"_user_id", "_fresh", "_id"} & cookie.keys()
        assert len(cookie["_user_id"]) >= 43


def test_somebody_whose_old_sign_in_ended_comes_in_again(mateo: Person, traveller: Travel) -> None:
    browser = traveller()
    browser.sign_in()
    with browser.visitor.client.session_transaction() as cookie:
        old = dict(cookie)
    browser.visitor.post("/sign-out")
    browser.visitor.forget_token()
    address = browser.provider.go_on(browser.leave())
    with browser.visitor.client.session_transaction() as cookie:
        cookie["_user_id"] = old["_user_id"]
    browser.come_back(address)
    assert browser.is_in()


def test_signing_out_ends_it_here(mateo: Person, traveller: Travel) -> None:
    browser = traveller()
    browser.sign_in()
    page = browser.visitor.post("/sign-out").follow()
    assert "Sign out of your school account too." in page.words
    assert not browser.is_in()


def test_an_account_for_shared_devices_makes_a_sign_in_that_rests_sooner(
    session: Session, mateo: Person, app: Flask, provider: LocalProvider, traveller: Travel
) -> None:
    app.extensions["learnpath.sign_on"] = {"ridgeline": Desk(trusted(provider.url, shared=True))}
    traveller().sign_in()
    assert session.exec(select(SignIn.shared)).one() is True


def test_two_tabs_at_once_both_end_inside(
    session: Session, mateo: Person, traveller: Travel
) -> None:
    browser = traveller()
    first, second = browser.leave(), browser.leave("?next=/about")
    back_second, back_first = browser.provider.go_on(second), browser.provider.go_on(first)
    assert browser.come_back(back_second).location == "/about"
    page = browser.come_back(back_first)
    assert (page.status, page.location) == (303, "/")
    assert browser.is_in()
    assert len(session.exec(select(SignIn)).all()) == 1


def test_either_of_two_tabs_may_be_the_one_that_is_used(mateo: Person, traveller: Travel) -> None:
    browser = traveller()
    first = browser.leave()
    for _ in range(2):
        browser.leave()
    browser.come_back(browser.provider.go_on(first))
    assert browser.is_in()


def test_somebody_who_is_signed_in_stays_who_they_are(
    session: Session, mateo: Person, app: Flask, provider: LocalProvider
) -> None:
    other = a_learner(session, "Linh")
    session.commit()
    visitor = Visitor(app, other)
    assert visitor.get("/sign-on/ridgeline").location == "/"
    assert "Linh" in visitor.get("/").words


def test_a_teacher_of_the_roster_comes_in_under_the_own_hat_whatever_the_claims_say(
    session: Session, mateo: Person, provider: LocalProvider, traveller: Travel
) -> None:
    teacher = a_teacher_of(session, mateo, "Ms. Tran")
    in_the_roster(session, teacher, f"tran@{DOMAIN}")
    session.commit()
    provider.somebody("g-1", f"tran@{DOMAIN}", role="administrator", roles=["administrator"])
    browser = traveller()
    browser.sign_in()
    assert browser.visitor.get("/classes").status == 200
    assert browser.visitor.get("/people").status == 404
    provider.somebody("g-77", ADDRESS, role="teacher")
    learner = traveller()
    learner.sign_in()
    assert learner.visitor.get("/classes").status == 404


def test_when_the_relationships_end_nobody_comes_in_any_more(
    session: Session, mateo: Person, traveller: Travel, app: Flask
) -> None:
    browser = traveller()
    browser.sign_in()
    enrolment_of(session, mateo).ends = (MONDAY - timedelta(days=3)).date()
    session.commit()
    assert not browser.is_in()
    before = everything(app.extensions["learnpath.engine"])
    page = traveller().sign_in()
    assert page.status == 403
    assert page.heading == "This account is at rest"
    assert everything(app.extensions["learnpath.engine"]) == before


def test_somebody_who_left_does_not_come_in(
    session: Session, mateo: Person, traveller: Travel
) -> None:
    traveller().sign_in()
    mateo.left_at = MONDAY
    session.commit()
    assert traveller().sign_in().status == 403


def test_the_way_there_and_back_may_take_ten_minutes(
    mateo: Person, traveller: Travel, provider: LocalProvider
) -> None:
    now = int(MONDAY.timestamp())
    provider.mood(claims={"iat": now + 540, "exp": now + 900})
    browser = traveller()
    address = provider.go_on(browser.leave())
    with clock.standing_at(MONDAY + timedelta(minutes=9)):
        assert browser.come_back(address).status == 303
    late = traveller()
    address = provider.go_on(late.leave())
    with clock.standing_at(MONDAY + timedelta(minutes=11)):
        assert late.come_back(address).status == 400
