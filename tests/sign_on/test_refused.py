"""What does not prove who somebody is lets nobody in: one calm page, nothing written."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.engine import Engine
from sqlmodel import Session

from learnpath import clock
from learnpath.people.models import Person
from tests.builders import MONDAY, a_learner
from tests.sign_on.build import everything, in_the_roster
from tests.sign_on.conftest import CLIENT_ID, DOMAIN, LocalProvider, Traveller, trusted
from tests.visiting import Page, Visitor

Travel = Callable[[], Traveller]
NOW = int(MONDAY.timestamp())
ADDRESS = f"mateo@{DOMAIN}"


@pytest.fixture
def mateo(session: Session, provider: LocalProvider) -> Person:
    """Return a learner who would come in, if all were well."""
    learner = a_learner(session, "Mateo", username="mateo")
    in_the_roster(session, learner, ADDRESS)
    session.commit()
    provider.somebody("g-77", ADDRESS)
    return learner


@pytest.fixture
def database(app: Flask) -> Engine:
    """Return the app's engine."""
    return app.extensions["learnpath.engine"]


def is_calm(page: Page, browser: Traveller) -> None:
    """Check that it is the one page that says so, without any detail of what was wrong."""
    assert page.status == 400
    assert page.heading == "You are not signed in yet"
    assert "Nothing was changed." in page.words
    assert page.soup.find("a", string="Try again with Ridgeline")
    assert page.soup.find("a", string="Go to the sign-in page")
    assert not browser.is_in()


FORGED: dict[str, dict[str, Any]] = {
    "wrong nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"without": ["nonce"]},
    "a list of nonces": {"claims": {"nonce": ["another"]}},
    "wrong audience": {"claims": {"aud": "another app"}},
    "no audience": {"without": ["aud"]},
    "empty audience": {"claims": {"aud": []}},
    "two audiences and no party": {"claims": {"aud": [CLIENT_ID, "another app"]}},
    "another party": {"claims": {"aud": [CLIENT_ID, "another app"], "azp": "another app"}},
    "one audience, another party": {"claims": {"azp": "another app"}},
    "wrong issuer": {"claims": {"iss": "https://accounts.example.com"}},
    "no issuer": {"without": ["iss"]},
    "expired": {"claims": {"exp": NOW - 121}},
    "no expiry": {"without": ["exp"]},
    "expiry in words": {"claims": {"exp": "tomorrow"}},
    "from the future": {"claims": {"iat": NOW + 300}},
    "long ago": {"claims": {"iat": NOW - 3600}},
    "no time": {"without": ["iat"]},
    "not yet": {"claims": {"nbf": NOW + 300}},
    "no subject": {"without": ["sub"]},
    "empty subject": {"claims": {"sub": ""}},
    "a number for a subject": {"claims": {"sub": 77}},
    "endless subject": {"claims": {"sub": "x" * 256}},
    "a line break in the subject": {"claims": {"sub": "g-77\n"}},
    "no signature": {"alg": "none"},
    "signed with the public key as a secret": {"alg": "HS256"},
    "signed by a stranger": {"stranger": True},
    "another kind of signature": {"alg": "RS512", "header": {"alg": "RS512"}},
    "an unknown key": {"header": {"kid": "nobody's"}},
    "a key's name that is none": {"header": {"kid": ["first"]}},
    "a critical extension": {"header": {"crit": ["exp"]}},
    "another issuer answers": {"iss": "https://accounts.example.com"},
    "an issuer that should name itself does not": {"iss": ""},
    "the person said no": {"cancelled": True},
    "a token that is none": {
        "answers": {"/token": [200, '{"id_token": "a.b"}', {"Content-Type": "application/json"}]}
    },
    "no token": {
        "answers": {"/token": [200, '{"access_token": "x"}', {"Content-Type": "application/json"}]}
    },
    "the code is not taken": {
        "answers": {"/token": [400, '{"error": "invalid_grant"}', {}]}
    },
}  # fmt: skip


def test_a_token_that_does_not_fit_lets_nobody_in(
    mateo: Person, database: Engine, provider: LocalProvider, traveller: Travel
) -> None:
    before = everything(database)
    for name, mood in FORGED.items():
        provider.tell("start-anew")
        provider.somebody("g-77", ADDRESS)
        provider.mood(**mood)
        browser = traveller()
        page = browser.sign_in()
        assert page.status == 400, f"{name}: {page.status}"
        is_calm(page, browser)
        assert everything(database) == before, name


def test_the_same_token_untouched_lets_mateo_in(mateo: Person, traveller: Travel) -> None:
    """The measure of all the others: with nothing forged, the way is open."""
    browser = traveller()
    assert browser.sign_in().status == 303
    assert browser.is_in()


def test_clocks_may_differ_by_two_minutes(
    mateo: Person, provider: LocalProvider, traveller: Travel
) -> None:
    provider.mood(claims={"iat": NOW + 100, "exp": NOW - 100})
    assert traveller().sign_in().status == 303


def test_one_of_several_audiences_will_do_when_we_are_the_party(
    mateo: Person, provider: LocalProvider, traveller: Travel
) -> None:
    provider.mood(claims={"aud": ["another app", CLIENT_ID], "azp": CLIENT_ID})
    assert traveller().sign_in().status == 303


def test_a_claim_that_the_school_asks_for_must_be_there_exactly(
    make_app: Callable[..., Flask], mateo: Person, provider: LocalProvider
) -> None:
    app = make_app(sign_on=(trusted(provider.url, must={"hd": DOMAIN}),))
    browser = Traveller(Visitor(app), provider)
    for said in ({}, {"hd": "gmail.com"}, {"hd": DOMAIN.upper()}, {"hd": [DOMAIN]}, {"hd": None}):
        provider.somebody("g-77", ADDRESS, **said)
        is_calm(browser.sign_in(), browser)
    provider.somebody("g-77", ADDRESS, hd=DOMAIN)
    assert browser.sign_in().status == 303


def test_the_same_answer_does_not_work_twice(
    mateo: Person, database: Engine, traveller: Travel
) -> None:
    browser = traveller()
    address = browser.provider.go_on(browser.leave())
    browser.come_back(address)
    browser.visitor.post("/sign-out")
    browser.visitor.forget_token()
    before = everything(database)
    is_calm(browser.come_back(address), browser)
    assert everything(database) == before


def test_a_copied_cookie_and_a_careless_provider_do_not_make_it_work_twice(
    mateo: Person, database: Engine, provider: LocalProvider, traveller: Travel
) -> None:
    provider.mood(careless=True)
    browser, thief = traveller(), traveller()
    address = provider.go_on(browser.leave())
    kept = browser.visitor.client.get_cookie("learnpath")
    thief.visitor.client.set_cookie("learnpath", kept.value)
    browser.come_back(address)
    before = everything(database)
    is_calm(thief.come_back(address), thief)
    assert everything(database) == before


def test_an_answer_meant_for_another_browser_is_worth_nothing_here(
    mateo: Person, database: Engine, provider: LocalProvider, traveller: Travel
) -> None:
    attacker, victim = traveller(), traveller()
    victim.leave()
    before = everything(database)
    is_calm(victim.come_back(provider.go_on(attacker.leave())), victim)
    assert everything(database) == before


def test_a_code_of_another_journey_does_not_fit_this_one(
    mateo: Person, provider: LocalProvider, traveller: Travel
) -> None:
    attacker, victim = traveller(), traveller()
    stolen = provider.go_on(attacker.leave()).split("code=")[1].split("&")[0]
    own = provider.go_on(victim.leave())
    mixed = own.replace(own.split("code=")[1].split("&")[0], stolen)
    is_calm(victim.come_back(mixed), victim)


def test_an_answer_for_one_issuer_is_not_taken_at_another(
    make_app: Callable[..., Flask], mateo: Person, provider: LocalProvider
) -> None:
    app = make_app(sign_on=(trusted(provider.url), trusted(provider.url, key="other")))
    browser = Traveller(Visitor(app), provider)
    address = provider.go_on(browser.leave())
    page = browser.come_back(address.replace("/sign-on/ridgeline/", "/sign-on/other/"))
    assert page.status == 400
    assert not browser.is_in()


def test_an_address_that_somebody_made_up_is_answered_calmly(
    mateo: Person, traveller: Travel
) -> None:
    browser = traveller()
    browser.leave()
    for query in (
        "", "state=", "code=x", "state=x&code=y", "error=server_error", "state=%00&code=%ff",
        "state=x&state=y&code=z", "code=" + "x" * 20_000,
    ):  # fmt: skip
        is_calm(browser.come_back(f"/sign-on/ridgeline/back?{query}"), browser)


def test_the_reason_is_in_the_log_without_names_and_secrets(
    mateo: Person, provider: LocalProvider, traveller: Travel, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        provider.mood(claims={"aud": "another app"})
        traveller().sign_in()
    said = "\n".join(record.getMessage() for record in caplog.records if "sign-on" in record.msg)
    assert "refused" in said
    assert "aud" in said
    everything_said = "\n".join(record.getMessage() for record in caplog.records)
    for secret in (ADDRESS, "g-77", "a secret between"):
        assert secret not in everything_said


def test_what_is_tried_days_later_is_forgotten_and_still_refused(
    mateo: Person, provider: LocalProvider, traveller: Travel
) -> None:
    browser = traveller()
    address = provider.go_on(browser.leave())
    with clock.standing_at(MONDAY + timedelta(days=2)):
        assert browser.come_back(address).status == 400
