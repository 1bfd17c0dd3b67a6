"""Requests that no page of ours would send: other sites' forms, other hosts, huge, broken or doubled input."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from itertools import cycle

import pytest
from flask import Flask
from sqlmodel import Session

from learnpath import clock
from learnpath.web.back import own_path
from tests.builders import MONDAY, a_learner
from tests.living import House
from tests.routes import routes
from tests.visiting import Page, Visitor

Visit = Callable[..., Visitor]
PAYLOADS = (
    "<script>alert(1)</script>", "{{7*7}}", "' OR 1=1 --", "\x00", "a\x00b", "\u202egnp.exe", "\U0001f600" * 50,
    "x" * 20_000, "%s%n%x", "../../etc/passwd", "\r\nSet-Cookie: a=b", "²", "٣٤", "-1", "1e999", "NaN",
    "99999999999999999999", "0x10", "true", "[]", "null", "2025-02-30", "\ufffd\ufffe",
)  # fmt: skip


# -- requests from elsewhere ---------------------------------------------------------------------------
# After these there is nobody signed in who could send the next form.
SIGN_OUT = ("people.sign_out", "goals.routine_start", "goals.routine_done")


def test_every_post_without_its_token_is_refused(house: House) -> None:
    let_in = []
    for route in routes(house.app):
        if route.method != "POST":
            continue
        address = route.address(dict(route.cases(house.world.things["learner"])[0].ids))
        for name, data in (("learner", {}), ("learner", {"csrf_token": "made-up"}), ("nobody", {})):
            response = house.visitors[name].client.post(address, data=data)
            if response.status_code != 400:
                let_in.append(f"{name} {address}: {response.status_code}")
    assert let_in == []


def test_a_token_of_one_person_does_not_do_for_another(house: House) -> None:
    token = house.visitors["classmate"].csrf_token()
    response = house.visitors["learner"].client.post("/me/comfort", data={"csrf_token": token})
    assert response.status_code == 400


def test_a_token_in_the_address_does_not_count(house: House) -> None:
    visitor = house.visitors["learner"]
    response = visitor.client.post(f"/me/comfort?csrf_token={visitor.csrf_token()}")
    assert response.status_code == 400


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "evil.example:5000", "localhost@evil.example"],
)
def test_another_host_s_name_is_refused(house: House, host: str) -> None:
    response = house.app.test_client().get("/sign-in", headers={"Host": host})
    assert response.status_code == 400
    assert "evil" not in response.get_data(as_text=True)


def test_a_forwarded_host_changes_no_address(house: House) -> None:
    headers = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "Forwarded": "host=evil.example",
    }
    response = house.app.test_client().get("/", headers=headers)
    assert "evil" not in response.headers["Location"]


def test_over_https_the_cookie_is_bound_to_us(make_app: Callable[..., Flask]) -> None:
    response = make_app(https=True).test_client().get("/sign-in", base_url="https://localhost")
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-learnpath=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {
        p.strip() for p in cookie.split(";")
    }
    assert "Domain" not in cookie
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_body_that_is_too_large_is_refused_with_a_page(make_app: Callable[..., Flask]) -> None:
    client = make_app(max_body_bytes=20_000).test_client()
    response = client.post("/sign-in", data={"username": "x" * 30_000})
    assert response.status_code == 413
    assert "<h1" in response.get_data(as_text=True)


# -- ways back -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "///evil.example",
        "/\t/evil.example", "/\n/evil.example", " //evil.example", "javascript:alert(1)", "evil.example",
        "//[", "http://[", "/\x00", "https:evil.example", "//evil.example@127.0.0.1/", "", "x" * 501,
        "/" + "x" * 500, "mailto:a@b.c", "data:text/html,x", "/a\r\nSet-Cookie: a=b", "./..//evil.example",
    ],
)  # fmt: skip
def test_no_way_back_leads_away_from_us(target: str) -> None:
    assert own_path(target) is None


@pytest.mark.parametrize(
    "target", ["/", "/goals/3?x=1#y", "/learners/4/profile", "/ñ", "/a:b", "/a//b"]
)
def test_ways_back_to_our_own_pages_are_kept(target: str) -> None:
    assert own_path(target) == target


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "//["]
)
def test_signing_in_and_choosing_a_language_lead_to_us(
    session: Session, visit: Visit, target: str
) -> None:
    a_learner(session, username="mateo")
    session.commit()
    visitor = visit(None)
    assert visitor.post("/language", language="es", next=target).location == "/"
    data = {
        "csrf_token": visitor.csrf_token(),
        "username": "mateo",
        "password": "three calm stones",
    }
    response = visitor.client.post("/sign-in", query_string={"next": target}, data=data)
    assert response.headers["Location"] == "/"


@pytest.mark.parametrize(
    "referrer", ["http://[", "https://evil.example/x", "\\", "about:blank", "x" * 9000]
)
def test_a_broken_referrer_breaks_nothing(house: House, referrer: str) -> None:
    visitor = house.visitors["learner"]
    things = house.world.things["learner"].cases
    draft = things["goal_id"][0].ids["goal_id"]
    response = visitor.client.get(f"/goals/{draft}/check-in", headers={"Referer": referrer})
    assert response.status_code < 500
    assert "evil" not in response.get_data(as_text=True)


# -- hostile input ---------------------------------------------------------------------------------------


def _fields(page: Page) -> set[str]:
    return {
        str(tag["name"])
        for tag in page.soup.select("input[name], textarea[name], select[name], button[name]")
        if tag["name"] != "csrf_token"
    }


@pytest.mark.parametrize("name", ["learner", "teacher", "family"])
def test_hostile_words_in_every_field_of_every_form_get_a_clear_answer(
    house: House, name: str
) -> None:
    """Each form is sent with another payload in each of its fields, some times over: nothing breaks."""
    broke = []
    payloads = cycle(PAYLOADS)
    for route in routes(house.app):
        if route.method != "POST" or route.endpoint in {"people.password_send", *SIGN_OUT}:
            continue
        address = route.address(dict(route.cases(house.world.things["learner"])[0].ids))
        fields = _fields(house.visitors[name].get(address)) or {"text", "words", "number"}
        for _ in range(3):
            page = house.visitors[name].post(address, **{field: next(payloads) for field in fields})
            if page.status >= 500:
                broke.append(f"{name} {route}: {page.status}")
            if page.status == 404:
                break
    house.set_back()
    assert broke == []


def test_fields_that_come_twice_or_as_files_break_nothing(house: House) -> None:
    broke = []
    visitor = house.visitors["learner"]
    for route in routes(house.app):
        if route.method != "POST" or route.endpoint.startswith(("people.", *SIGN_OUT)):
            continue
        address = route.address(dict(route.cases(house.world.things["learner"])[0].ids))
        fields = sorted(_fields(visitor.get(address)))
        for doubled in ({name: ["1", "2"] for name in fields}, _as_files(fields)):
            data = {"csrf_token": visitor.csrf_token(), **doubled}
            response = visitor.client.post(address, data=data)
            if response.status_code >= 500:
                broke.append(f"{route} {sorted(doubled)}")
    house.set_back()
    assert broke == []


def _as_files(fields: list[str]) -> dict[str, object]:
    return {name: (BytesIO(b"x"), "x.txt") for name in fields}


@pytest.mark.parametrize(
    "tail",
    [
        "?next=%00&x=%ff%fe&q=%ED%A0%80&x[]=1&x[]=2",
        "?week=2025-02-30&page=-1&number=²&day=99999-01-01&language=xx&grade=x",
        "?week=%00&page=99999999999999999999&day=%F0%9F%8C%B1&step=-1&from=1&to=999999999999999999",
    ],
)
def test_strange_addresses_break_no_page(house: House, tail: str) -> None:
    for route in routes(house.app):
        if route.method != "GET":
            continue
        address = route.address(dict(route.cases(house.world.things["learner"])[0].ids))
        page = house.visitors["learner"].get(address + tail)
        assert page.status < 500, f"{route}{tail}"


@pytest.mark.parametrize(
    "path",
    ["../learnpath/config.py", "..%2f..%2fpyproject.toml", "%2e%2e/%2e%2e/pyproject.toml", "css/../../pyproject.toml",
     "/etc/passwd", "css", "", ".", "css/app.css%00.png", "..\\..\\pyproject.toml"],
)  # fmt: skip
def test_static_files_end_at_their_folder(house: House, path: str) -> None:
    response = house.app.test_client().get(f"/static/{path}")
    assert response.status_code in {404, 308, 400}, path


# -- the write lock --------------------------------------------------------------------------------------


def test_no_post_waits_for_its_own_lock_when_the_sign_in_has_to_be_seen(house: House) -> None:
    """The minute's note that a sign-in is in use is a write of its own: a public form must not block it."""
    slow = []
    for route in routes(house.app):
        if route.method != "POST" or not house.app.view_functions[route.endpoint].rule.public:  # type: ignore[attr-defined]
            continue
        if route.endpoint == "people.sign_out":
            continue
        address = route.address(dict(route.cases(house.world.things["learner"])[0].ids))
        house.set_back()
        visitor = house.visitors["teacher"]
        visitor.csrf_token()
        with clock.standing_at(MONDAY + timedelta(minutes=5)):
            began = time.monotonic()
            page = visitor.post(address)
            if time.monotonic() - began > 5 or page.status >= 500:
                slow.append(f"{route}: {page.status}")
    house.set_back()
    assert slow == []
