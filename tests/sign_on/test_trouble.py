"""When the provider is away, slow or strange, a plain page says so, and all else goes on."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session

from learnpath import clock
from learnpath.people.models import Person
from learnpath.people.sign_on import fetch
from learnpath.people.sign_on.desk import Desk
from learnpath.people.sign_on.fetch import IssuerRefused, IssuerSilent
from tests.builders import MONDAY, PASSWORD, a_learner
from tests.sign_on.build import everything, in_the_roster
from tests.sign_on.conftest import DOMAIN, LocalProvider, Traveller, meet_anew, trusted
from tests.visiting import Page, Visitor

JSON = {"Content-Type": "application/json"}
DISCOVERY = "/.well-known/openid-configuration"


@pytest.fixture
def mateo(session: Session, provider: LocalProvider) -> Person:
    """Return a learner who would come in, if all were well."""
    learner = a_learner(session, "Mateo", username="mateo")
    in_the_roster(session, learner, f"mateo@{DOMAIN}")
    session.commit()
    provider.somebody("g-77", f"mateo@{DOMAIN}")
    return learner


@pytest.fixture
def fresh(app: Flask, provider: LocalProvider) -> Callable[..., Traveller]:
    """Return a maker of browsers in front of an app that has not met the provider yet."""

    def make(url: str = provider.url) -> Traveller:
        meet_anew(app, url)
        return Traveller(Visitor(app), provider)

    return make


@pytest.fixture
def nobody() -> Iterator[str]:
    """Return an address of this machine where nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


def says_so(page: Page) -> None:
    """Check the plain page, and that the other ways to sign in are one click away."""
    assert page.status == 503
    assert page.response.headers["Retry-After"]
    assert page.heading == "Ridgeline does not answer"
    assert "Nothing is wrong with your account here." in page.words
    assert page.soup.find("a", string="Go to the sign-in page")["href"] == "/sign-in"


def test_a_provider_that_is_away_is_said_and_passwords_still_work(
    mateo: Person, fresh: Callable[..., Traveller], nobody: str
) -> None:
    browser = fresh(nobody)
    says_so(browser.visitor.get("/sign-on/ridgeline"))
    page = browser.visitor.post("/sign-in", username="mateo", password=PASSWORD)
    assert page.status == 303


def test_whatever_goes_wrong_on_the_way_nothing_is_written(
    mateo: Person, app: Flask, provider: LocalProvider, fresh: Callable[..., Traveller]
) -> None:
    before = everything(app.extensions["learnpath.engine"])
    for path, answer in {
        DISCOVERY: [500, "no", {}],
        f"{DISCOVERY} ": [200, "<html>", {}],
        f"{DISCOVERY}  ": [200, "[]", JSON],
        f"{DISCOVERY}   ": [200, '"' + "x" * 600_000 + '"', JSON],
        f"{DISCOVERY}    ": [302, "", {"Location": f"{provider.url}/keys"}],
        f"{DISCOVERY}     ": [200, '{"issuer": "https://accounts.example.com"}', JSON],
        f"{DISCOVERY}      ": [404, "{}", JSON],
        f"{DISCOVERY}       ": [200, "[" * 100_000, JSON],
        "/token": [502, "", {}],
        "/token ": [200, "", JSON],
        "/token  ": [307, "", {"Location": "http://127.0.0.1:9/"}],
        "/keys": [200, '{"keys": "none"}', JSON],
        "/keys ": [429, "", {}],
    }.items():
        provider.tell("start-anew")
        provider.somebody("g-77", f"mateo@{DOMAIN}")
        provider.mood(answers={path.strip(): answer})
        fetch._resting.clear()
        browser = fresh()
        page = browser.visitor.get("/sign-on/ridgeline")
        if page.status == 303:
            page = browser.come_back(provider.go_on(page.location))
        assert page.status == 503, (path, answer, page.status)
        says_so(page)
    assert everything(app.extensions["learnpath.engine"]) == before


@pytest.mark.parametrize(
    "about",
    [
        {"token_endpoint": "http://accounts.example.com/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"token_endpoint": ["https://accounts.example.com"]},
        {"authorization_endpoint": "https://[broken"},
    ],
)
def test_an_address_that_is_not_safe_is_not_asked(
    provider: LocalProvider, about: dict[str, object]
) -> None:
    provider.mood(about=about)
    with pytest.raises(IssuerSilent):
        Desk(trusted(provider.url)).about(MONDAY)
    for address in ("http://example.com/", "file:///etc/passwd", "ftp://127.0.0.1/", "", "http:"):
        with pytest.raises(IssuerSilent):
            fetch.ask(address)


def test_a_slow_provider_is_not_waited_for(
    mateo: Person, provider: LocalProvider, fresh: Callable[..., Traveller],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    browser = fresh()
    address = provider.go_on(browser.leave())
    monkeypatch.setattr(fetch, "SECONDS", 0.3)
    provider.mood(slow={"/token": 3.0})
    began = time.monotonic()
    says_so(browser.come_back(address))
    assert time.monotonic() - began < 2.5


def test_an_answer_that_drips_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        dripping = threading.Thread(target=_drip, args=(listening,), daemon=True)
        dripping.start()
        began = time.monotonic()
        with pytest.raises(IssuerSilent):
            fetch.ask(f"http://127.0.0.1:{listening.getsockname()[1]}/")
        assert time.monotonic() - began < 2.5
        dripping.join(5)


def _drip(listening: socket.socket) -> None:
    connection, _ = listening.accept()
    with connection:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(30):
            time.sleep(0.1)
            try:
                connection.sendall(b" ")
            except OSError:
                return


def test_a_waiting_crowd_does_not_hold_all_threads(
    provider: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "TURN", 0.05)
    with fetch._AT_ONCE, fetch._AT_ONCE, pytest.raises(IssuerSilent, match="waiting"):
        fetch.ask(f"{provider.url}/keys")
    assert "keys" in fetch.ask(f"{provider.url}/keys")
    assert provider.tell("mood") == ["/keys"]


def test_who_did_not_answer_is_left_alone_for_a_while(
    provider: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "SECONDS", 0.2)
    provider.mood(slow={"/keys": 2.0})
    with pytest.raises(IssuerSilent, match=r"URLError|TimeoutError"):
        fetch.ask(f"{provider.url}/keys")
    monkeypatch.undo()
    provider.mood(slow={})
    with pytest.raises(IssuerSilent, match="a moment ago"):
        fetch.ask(f"{provider.url}/keys")
    (host,) = fetch._resting
    assert 0 < fetch._resting[host] - time.monotonic() <= fetch.REST
    fetch._resting[host] = time.monotonic()
    assert "keys" in fetch.ask(f"{provider.url}/keys")
    assert provider.tell("mood") == ["/keys", "/keys"]


def test_a_proxy_of_the_environment_is_not_asked_about_this_machine(
    provider: LocalProvider, nobody: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, nobody)
    fetch._opener.cache_clear()
    try:
        assert fetch.ask(provider.url + DISCOVERY)["issuer"] == provider.url
    finally:
        fetch._opener.cache_clear()


# -- keys -------------------------------------------------------------------------------------------


def test_a_changed_key_is_fetched_and_the_old_one_opens_nothing_any_more(
    mateo: Person, provider: LocalProvider, fresh: Callable[..., Traveller]
) -> None:
    browser = fresh()
    browser.sign_in()
    provider.tell("new-key")
    with clock.standing_at(MONDAY + timedelta(seconds=40)):
        browser.visitor.post("/sign-out")
        browser.visitor.forget_token()
        browser.sign_in()
        assert browser.is_in()
        browser.visitor.post("/sign-out")
        browser.visitor.forget_token()
        provider.mood(header={"kid": "first"})
        assert browser.sign_in().status == 400


def test_unknown_keys_make_us_ask_twice_a_minute_at_most(provider: LocalProvider) -> None:
    desk = Desk(trusted(provider.url))
    assert desk.key("first", MONDAY) is not None
    for second in range(61):
        assert desk.key(f"made up {second}", MONDAY + timedelta(seconds=second)) is None
    assert provider.tell("mood").count("/keys") == 3  # at 0, 30 and 60 seconds
    provider.tell("new-key")
    assert desk.key("second", MONDAY + timedelta(seconds=80)) is None
    assert desk.key("second", MONDAY + timedelta(seconds=91)) is not None
    assert desk.key("first", MONDAY + timedelta(seconds=91)) is None


def test_addresses_and_keys_are_asked_anew_each_hour(provider: LocalProvider) -> None:
    desk = Desk(trusted(provider.url))
    for minutes in (0, 1, 59, 61, 90):
        desk.key("first", MONDAY + timedelta(minutes=minutes))
        desk.about(MONDAY + timedelta(minutes=minutes))
    asked = provider.tell("mood")
    assert asked.count(DISCOVERY) == 2
    assert asked.count("/keys") == 2


def test_only_public_keys_for_signatures_count(provider: LocalProvider) -> None:
    secret = {"kty": "oct", "k": "c2VjcmV0", "kid": "shared", "use": "sig", "alg": "HS256"}
    first = fetch.ask(f"{provider.url}/keys")["keys"][0]
    offered = [
        secret, {**first, "kid": "for secrets", "use": "enc"}, {"kty": "RSA", "kid": "broken"}, {**first, "kid": "weak", "n": first["n"][:171]},
        {"kty": "quantum", "kid": "new"}, "no key", None, first,
    ]  # fmt: skip
    provider.mood(answers={"/keys": [200, json.dumps({"keys": offered}), JSON]})
    desk = Desk(trusted(provider.url))
    found = {
        kid: desk.key(kid, MONDAY) for kid in ("shared", "for secrets", "broken", "weak", "new")
    }
    assert set(found.values()) == {None}
    assert desk.key("first", MONDAY) is not None
    assert desk.key(None, MONDAY) is not None  # the only one left


def test_a_refusal_is_told_from_silence(provider: LocalProvider) -> None:
    provider.mood(answers={"/keys": [403, "no", {}]})
    with pytest.raises(IssuerRefused):
        fetch.ask(f"{provider.url}/keys")
