"""A first link follows the school's rule: the roster's address, verified and allowed, or a code on paper."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from learnpath import clock
from learnpath.db import unit_of_work
from learnpath.people import one_time_codes
from learnpath.people.models import Person, SignIn, SignInHow
from learnpath.people.sign_in import start
from learnpath.people.sign_on import accounts
from learnpath.people.sign_on.accounts import Answer
from learnpath.people.sign_on.models import LinkedHow, OutsideIdentity
from learnpath.people.sign_on.token import Account
from learnpath.portability.telling import sentence
from learnpath.record import Relation, Verb
from learnpath.record.models import Event
from tests.builders import (
    MONDAY,
    a_guardian_of,
    a_learner,
    a_person,
    a_teacher_of,
    an_administrator,
    by,
    by_school,
    the_school,
)
from tests.sign_on.build import everything, in_the_roster
from tests.sign_on.conftest import DOMAIN, LocalProvider, Traveller, trusted
from tests.visiting import Page, Visitor

Travel = Callable[[], Traveller]
ADDRESS = f"mateo@{DOMAIN}"
GOOGLE = trusted("https://login.example.org", key="google")


@pytest.fixture
def database(app: Flask) -> Engine:
    """Return the app's engine."""
    return app.extensions["learnpath.engine"]


@pytest.fixture
def mateo(session: Session) -> Person:
    """Return a learner of the roster."""
    learner = a_learner(session, "Mateo", username="mateo")
    in_the_roster(session, learner, ADDRESS)
    session.commit()
    return learner


def is_unknown(browser: Traveller) -> Page:
    """Sign in with an account that nobody here has, and return the page that says what to do."""
    page = browser.sign_in()
    assert (page.status, page.location) == (303, "/sign-on-link")
    page = page.follow()
    assert page.status == 200
    assert page.heading == "We do not know this account yet"
    assert "Ask your teacher or the school office" in page.words
    assert not browser.is_in()
    return page


NOT_ENOUGH: dict[str, dict[str, Any]] = {
    "not verified": {"verified": False},
    "nothing said about it": {"verified": None},
    "verified in other words": {"verified": "yes"},
    "another domain": {"email": "mateo@gmail.example.org"},
    "a domain below ours": {"email": f"mateo@mail.{DOMAIN}"},
    "a domain that ends like ours": {"email": f"mateo@evil{DOMAIN}"},
    "two signs": {"email": f"mateo@evil.example@{DOMAIN}"},
    "nobody of the roster": {"email": f"nobody@{DOMAIN}"},
    "no address": {"email": ""},
    "only a domain": {"email": f"@{DOMAIN}"},
    "a letter that only looks the same": {"email": f"m\u0430teo@{DOMAIN}"},
    "a letter that becomes another when made small": {"email": f"\u212aim@{DOMAIN}"},
    "a list": {"email": [ADDRESS]},
    "a space": {"email": f" {ADDRESS}"},
    "a line break": {"email": f"{ADDRESS}\n"},
}


def test_anything_less_than_a_verified_allowed_known_address_links_nobody(
    session: Session, mateo: Person, database: Engine, provider: LocalProvider, traveller: Travel
) -> None:
    in_the_roster(session, a_learner(session, "Kim"), f"kim@{DOMAIN}")
    in_the_roster(session, a_learner(session, "No address"), "")
    session.commit()
    before = everything(database)
    for name, said in NOT_ENOUGH.items():
        provider.somebody("g-77", **({"email": ADDRESS} | said))
        is_unknown(traveller())
        assert everything(database) == before, name


def test_two_persons_with_one_address_are_not_told_apart_by_guess(
    session: Session, mateo: Person, database: Engine, provider: LocalProvider, traveller: Travel
) -> None:
    guardian = a_guardian_of(session, mateo)
    in_the_roster(session, guardian, ADDRESS)
    session.commit()
    before = everything(database)
    provider.somebody("g-77", ADDRESS)
    is_unknown(traveller())
    guardian.left_at = MONDAY  # who left counts too: the address may still be theirs
    session.commit()
    is_unknown(traveller())
    assert everything(database) == before


def test_an_address_that_was_given_to_somebody_else_does_not_open_the_first_one_s_pages(
    session: Session, mateo: Person, provider: LocalProvider, traveller: Travel
) -> None:
    provider.somebody("g-77", ADDRESS)
    traveller().sign_in()
    provider.somebody("g-78", ADDRESS)
    is_unknown(traveller())
    assert session.exec(select(OutsideIdentity.subject)).all() == ["g-77"]


def test_nobody_is_made_a_person_or_staff(
    session: Session, database: Engine, provider: LocalProvider, traveller: Travel
) -> None:
    in_the_roster(session, a_person(session, "Nobody yet"), f"new@{DOMAIN}")
    session.commit()
    before = everything(database)
    provider.somebody("g-1", f"new@{DOMAIN}", role="teacher")
    is_unknown(traveller())
    provider.somebody("g-2", f"principal@{DOMAIN}", groups=["staff"])
    is_unknown(traveller())
    assert everything(database) == before


def test_an_address_that_the_issuer_tells_apart_counts_when_it_is_of_the_same_account(
    session: Session, mateo: Person, database: Engine, provider: LocalProvider, traveller: Travel
) -> None:
    before = everything(database)
    provider.somebody("g-77", ADDRESS)
    quiet = {"without": ["email", "email_verified"]}
    for told in (
        {"sub": "g-78"}, {"sub": None}, {"email_verified": False}, {"email": "m@other.example.org"},
    ):  # fmt: skip
        provider.mood(**quiet, person=told)
        is_unknown(traveller())
    # What the token says of an address is not said of the one that is told apart.
    provider.mood(without=["email"], person={"email_verified": False})
    is_unknown(traveller())
    provider.mood(**quiet, person={}, answers={"/person": [500, "", {}]})
    is_unknown(traveller())
    assert everything(database) == before
    provider.mood(answers={})
    browser = traveller()
    browser.sign_in()
    assert browser.is_in()


# -- the code on paper ------------------------------------------------------------------------------


def a_code(session: Session, person: Person) -> str:
    """Return a code that the office printed for a person."""
    code = one_time_codes.issue_code(session, by_school(the_school(session)), person, MONDAY)
    session.commit()
    return code


def enter(browser: Traveller, username: str, code: str) -> Page:
    """Fill in the form and send it."""
    page = browser.visitor.post("/sign-on-link", username=username, code=code)
    browser.visitor.forget_token()
    return page


def test_a_code_on_paper_links_the_account_once_and_for_all(
    session: Session, mateo: Person, provider: LocalProvider, traveller: Travel
) -> None:
    code = a_code(session, mateo)
    provider.somebody("c-5")
    browser = traveller()
    browser.come_back(provider.go_on(browser.leave(f"?next=/learners/{mateo.id}/goals")))
    page = enter(browser, " Mateo", code.lower())
    assert (page.status, page.location) == (303, f"/learners/{mateo.id}/goals")
    assert "From now on you can sign in with Ridgeline." in page.follow().words
    assert session.exec(select(OutsideIdentity.linked_how)).one() is LinkedHow.ONE_TIME_CODE
    session.commit()
    again = traveller()
    again.sign_in()
    assert again.is_in()
    other = traveller()
    provider.somebody("c-6")
    is_unknown(other)
    assert enter(other, "mateo", code).status == 422


def test_a_wrong_code_says_so_and_is_counted(
    session: Session, mateo: Person, make_app: Callable[..., Flask], provider: LocalProvider,
    app: Flask, database: Engine,
) -> None:  # fmt: skip
    a_code(session, mateo)
    strict = make_app(sign_on=app.extensions["learnpath.settings"].sign_on, sign_in_tries=3)
    provider.somebody("c-5")
    browser = Traveller(Visitor(strict), provider)
    browser.sign_in()
    before = everything(database)
    pages = [enter(browser, name, "AAAA-BBBB-CCCC") for name in ("mateo", "nobody")]
    assert [page.status for page in pages] == [422, 422]
    assert pages[0].words.replace("mateo", "") == pages[1].words.replace("nobody", "")
    assert "do not go together" in pages[0].words or "does not" in pages[0].words
    assert enter(browser, "", "").status == 422
    counted = everything(database)
    assert counted.pop("sign_in_try") > before.pop("sign_in_try")
    assert counted == before
    statuses = [enter(browser, "mateo", "AAAA-BBBB-CCCC").status for _ in range(3)]
    assert statuses == [422, 422, 429]


def test_a_person_or_an_account_that_is_taken_is_not_linked_twice(
    session: Session, mateo: Person, database: Engine, provider: LocalProvider, traveller: Travel
) -> None:
    provider.somebody("g-77", ADDRESS)
    traveller().sign_in()
    code = a_code(session, mateo)
    provider.somebody("stranger")
    browser = traveller()
    is_unknown(browser)
    before = everything(database)
    page = enter(browser, "mateo", code)
    assert page.status == 409
    assert "tied already" in page.words
    assert everything(database) == before
    assert not browser.is_in()


def test_the_page_for_the_code_needs_a_fresh_proof(mateo: Person, traveller: Travel) -> None:
    browser = traveller()
    for proof in (None, ["ridgeline", "c-5", "", 0], ["gone", "c-5", "", int(MONDAY.timestamp())]):
        if proof is not None:
            with browser.visitor.client.session_transaction() as cookie:
                cookie["proven_account"] = proof
        assert browser.visitor.get("/sign-on-link").location == "/sign-in"
        assert enter(browser, "mateo", "AAAA").location == "/sign-in"


def test_a_proof_rests_after_ten_minutes(
    session: Session, mateo: Person, provider: LocalProvider, traveller: Travel
) -> None:
    code = a_code(session, mateo)
    provider.somebody("c-5")
    browser = traveller()
    browser.sign_in()
    with clock.standing_at(MONDAY + timedelta(minutes=11)):
        page = enter(browser, "mateo", code)
        assert page.location == "/sign-in"
        assert "begin again" in page.follow().words
    assert session.exec(select(OutsideIdentity)).first() is None


# -- what the record tells, and taking a link away --------------------------------------------------


def told(session: Session, verb: Verb) -> Event:
    """Return the one event of that verb."""
    session.expire_all()
    return session.exec(select(Event).where(Event.verb == verb)).one()


def test_linking_is_in_the_record_without_the_address_or_the_account(
    session: Session, mateo: Person, provider: LocalProvider, traveller: Travel
) -> None:
    provider.somebody("g-77", ADDRESS)
    traveller().sign_in()
    event = told(session, Verb.IDENTITY_LINKED)
    assert (event.learner_id, event.actor_id, event.object_type) == (
        mateo.id, mateo.id, "outside_identity",
    )  # fmt: skip
    assert event.payload == '{"how":"roster_address","provider":"ridgeline"}'
    assert "Mateo" in sentence(Verb.IDENTITY_LINKED, "Mateo")


def test_people_take_their_own_account_away_and_nobody_else_s(
    session: Session, mateo: Person, provider: LocalProvider, traveller: Travel, app: Flask
) -> None:
    other = a_learner(session, "Linh")
    session.commit()
    provider.somebody("g-77", ADDRESS)
    browser = traveller()
    browser.sign_in()
    identity = session.exec(select(OutsideIdentity)).one()
    session.commit()
    page = browser.visitor.get("/me/sign-on")
    assert page.soup.find("h2", string="Ridgeline")
    assert "/me/sign-on" in browser.visitor.get("/me/comfort").text
    stranger = Visitor(app, other)
    assert "Take away" not in stranger.get("/me/sign-on").words
    for wrong, status in ((identity.id, 404), (987_654_321, 404), ("", 400), ("1 OR 1=1", 400)):
        assert stranger.post("/me/sign-on/unlink", identity=wrong).status == status
    page = browser.visitor.post("/me/sign-on/unlink", identity=identity.id)
    assert "does not sign in here any more" in page.follow().words
    session.expire_all()
    assert session.exec(select(OutsideIdentity)).first() is None
    event = told(session, Verb.IDENTITY_UNLINKED)
    assert (event.learner_id, event.payload) == (mateo.id, '{"how":"self"}')


def test_the_office_parts_an_account_from_a_person(session: Session) -> None:
    teacher = a_teacher_of(session, a_learner(session))
    office = an_administrator(session)
    account = Account("https://login.example.org", "t-1", nonce="n")
    identity = accounts.link(session, teacher, account, "google", LinkedHow.ONE_TIME_CODE, MONDAY)
    assert identity is not None
    for how in (SignInHow.SIGN_ON, SignInHow.PASSWORD):
        start(session, teacher.id, MONDAY, how=how)
    assert accounts.identities_of(session, teacher.id) == [identity]
    accounts.unlink(session, by(office, Relation.SCHOOL), teacher.id, identity.id, MONDAY)
    assert accounts.identities_of(session, teacher.id) == []
    session.flush()
    open_ones = select(SignIn.how).where(col(SignIn.ended_at).is_(None))
    assert session.exec(open_ones).all() == [SignInHow.PASSWORD]
    event = told(session, Verb.IDENTITY_UNLINKED)
    assert (event.learner_id, event.actor_id, event.payload) == (
        None,
        office.id,
        '{"how":"school"}',
    )


# -- both databases ---------------------------------------------------------------------------------


def test_the_database_keeps_an_account_and_a_person_to_one_link_and_an_answer_to_one_use(
    any_session: Session,
) -> None:
    session = any_session
    one, two = a_learner(session, "One"), a_learner(session, "Two")
    in_the_roster(session, one, ADDRESS)
    first = Account("https://login.example.org", "s-1", "nonce 1", ADDRESS)
    assert accounts.arrive(session, first, GOOGLE, MONDAY).answer is Answer.COME_IN
    assert accounts.arrive(session, first, GOOGLE, MONDAY).answer is Answer.USED
    again = Account(first.issuer, "s-1", "nonce 2")
    assert accounts.arrive(session, again, GOOGLE, MONDAY).answer is Answer.COME_IN
    how = LinkedHow.ONE_TIME_CODE
    assert accounts.link(session, two, again, "google", how, MONDAY) is None
    second = Account(first.issuer, "s-2", "nonce 3", ADDRESS)
    assert accounts.link(session, one, second, "google", how, MONDAY) is None
    assert accounts.arrive(session, second, GOOGLE, MONDAY).answer is Answer.UNKNOWN
    elsewhere = Account("https://other.example.org", "s-1", "nonce 4", ADDRESS)
    assert accounts.arrive(session, elsewhere, GOOGLE, MONDAY).answer is Answer.COME_IN
    assert set(session.exec(select(SignIn.person_id))) == {one.id}
    session.commit()


def test_two_tabs_that_arrive_at_once_make_one_link_and_both_come_in(any_engine: Engine) -> None:
    with unit_of_work(any_engine) as session:
        learner = a_learner(session)
        in_the_roster(session, learner, ADDRESS)
    together = Barrier(2)

    def arrive(nonce: str) -> Answer:
        together.wait(10)
        with unit_of_work(any_engine) as session:
            account = Account(GOOGLE.issuer, "s-1", nonce, ADDRESS)
            return accounts.arrive(session, account, GOOGLE, MONDAY).answer

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(arrive, ["nonce 1", "nonce 2"]))
        assert answers == [Answer.COME_IN, Answer.COME_IN]
        answers = list(threads.map(arrive, ["nonce 3", "nonce 3"]))
        assert sorted(answers) == [Answer.COME_IN, Answer.USED]
    with unit_of_work(any_engine) as session:
        assert len(session.exec(select(OutsideIdentity)).all()) == 1
        assert len(session.exec(select(SignIn)).all()) == 3
        linked = select(Event).where(Event.verb == Verb.IDENTITY_LINKED)
        assert len(session.exec(linked).all()) == 1
