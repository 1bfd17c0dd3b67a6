"""Who may do what, tried: every route, by everybody, with their own things and with those of others.

What is refused has to look exactly like what is not there.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from learnpath import create_app
from learnpath.config import Settings
from tests.access.table import MAY, NEAR, TRIED, allowed, rule_of
from tests.conftest import SECRET
from tests.living import House
from tests.routes import MISSING, Route, routes
from tests.visiting import Page
from tests.world import NOBODY, Case


def _all_routes() -> list[tuple[str, str]]:
    app = create_app(Settings(Path("/tmp"), "sqlite:////nowhere/learnpath.db", SECRET))
    return sorted((route.endpoint, route.method) for route in routes(app))


def _route(house: House, endpoint: str, method: str) -> Route:
    return next(r for r in routes(house.app) if (r.endpoint, r.method) == (endpoint, method))


def plain(page: Page, address: str) -> str:
    """Return what came back, without what differs each time: nonce, tokens, and the address itself."""
    changing = (
        r'nonce="[^"]+"|name="csrf_token" value="[^"]+"|aria-current="page"'
        r'|<div class="said".*?</div>'  # what an earlier form had to say
    )
    text = re.sub(changing, "", page.text, flags=re.DOTALL)
    for form in (address, address.replace("/", "%2F")):
        # The whole address: "/learners/1" also begins the places of that learner's own navigation.
        text = re.sub(re.escape(form) + r"(?![\w/%])", "ADDRESS", text)
    return text


@pytest.mark.parametrize(("endpoint", "method"), _all_routes())
def test_only_who_may(house: House, endpoint: str, method: str) -> None:
    route = _route(house, endpoint, method)
    cases = route.cases(house.world.things["learner"])
    tried = [(case, name) for case in cases for name in TRIED]
    refused = [
        (case, name)
        for case, name in tried
        if name not in allowed(house, route, case) and (case is cases[0] or name in NEAR)
    ]
    before = house.rows() if method == "POST" else {}
    wrong = [
        problem for case, name in refused if (problem := _try(house, route, case, name, False))
    ]
    assert wrong == []
    if method == "POST" and not rule_of(house, route).public:
        assert house.rows() == before, "what was refused changed something"
    for case, name in tried:
        if name in allowed(house, route, case):
            problem = _try(house, route, case, name, True)
            wrong += [problem] if problem else []
            if method == "POST":
                house.set_back()
            if endpoint.startswith(("people.", "goals.routine_")):  # they sign out
                house.open_again(name)
    assert wrong == []


def _try(house: House, route: Route, case: Case, name: str, may: bool) -> str | None:
    page = house.send(name, route, route.address(dict(case.ids)))
    problem = _problem(house, route, case, name, page, may)
    return problem and f"{name} {route} ({case.name}): {page.status} {page.location} {problem}"


def _problem(
    house: House, route: Route, case: Case, name: str, page: Page, may: bool
) -> str | None:
    to_sign_in = page.status == 303 and page.location.startswith("/sign-in?")
    if page.status >= 500:
        return "broke"
    if may:
        return "was refused" if page.status == 404 or to_sign_in else None
    if name == NOBODY and not rule_of(house, route).public:
        return None if to_sign_in or page.location == "/sign-in" else "was let in"
    if page.status != 404:
        return "was let in"
    there, missing = route.address(dict(case.ids)), route.missing(case)
    nothing = house.nothing_at(name, route, missing)
    same = plain(page, there) == plain(nothing, missing)
    return None if same else "can tell that there is something"


def test_the_table_speaks_of_every_permission_that_a_route_asks_for(house: House) -> None:
    asked = {str(can) for route in routes(house.app) if (can := rule_of(house, route).can)}
    assert asked == set(MAY)


@pytest.mark.parametrize("digits", ["0", "9" * 18, "9" * 20, "-1", "²", "٣", "1e3", "1%00", "%20"])
def test_ids_that_are_none_are_not_found(house: House, digits: str) -> None:
    for route in routes(house.app):
        if not route.id_name or route.method != "GET":
            continue
        case = route.cases(house.world.things["learner"])[0]
        address = route.missing(case).replace(str(MISSING), digits)
        page = house.send("learner", route, address)
        assert page.status == 404 or _is_sent_home(page), f"{route}: {address}"


def _is_sent_home(page: Page) -> bool:
    return page.status == 303 and page.location.startswith("/sign-in")


def test_a_nested_id_must_belong_to_the_thing_before_it(house: House) -> None:
    mine = house.world.things["learner"]
    tried = 0
    for route in routes(house.app):
        names = [n for n in route.rule.arguments if n.endswith("_id") and n != "inventory_id"]
        if len(names) < 2:
            continue
        whose = (
            "foreign_learner" if "class_id" in names or "group_goal_id" in names else "classmate"
        )
        [own], [other] = route.cases(mine), route.cases(house.world.things[whose])
        for name in names:
            address = route.address({**own.ids, name: other.ids[name]})
            for person in ("learner", "classmate", "teacher"):
                page = house.send(person, route, address)
                tried += 1
                assert page.status == 404, f"{person} {route} {address}"
    assert tried


# Who has no tie to the world's learner, and whose pages they do open.
STRANGERS = {
    "classmate": "classmate", "other_family": "classmate", "foreign_teacher": "foreign_learner",
    "other_teacher": "learner", "leader": "learner",
}  # fmt: skip


@pytest.mark.parametrize("name", STRANGERS)
def test_words_of_one_learner_turn_up_on_no_page_of_anybody_without_a_tie(
    house: House, name: str
) -> None:
    """Lists, counts, searches and errors leak as easily as pages do: all are read."""
    house.set_back()
    things = house.world.things[STRANGERS[name]]
    addresses = [
        route.address(dict(case.ids))
        for route in routes(house.app)
        if route.method == "GET"
        for case in route.cases(things)
    ]
    shown = {
        address: page.response.get_data().decode("utf-8", "replace")
        for address in addresses
        if (page := house.visitors[name].get(address)).status
    }
    # A classmate may be named, as on the list of whom to invite; what they wrote is for others.
    leaks = [address for address, text in shown.items() if "zorba " in text.replace("Zorba", "")]
    assert leaks == []


@pytest.mark.parametrize("verb", ["PUT", "DELETE", "TRACE", "FOO"])
def test_no_other_verb_does_anything(house: House, verb: str) -> None:
    visitor = house.visitors["learner"]
    for route in {route.path: route for route in routes(house.app)}.values():
        case = route.cases(house.world.things["learner"])[0]
        response = visitor.client.open(route.address(dict(case.ids)), method=verb)
        assert response.status_code in {400, 405}, f"{verb} {route}"


def test_a_form_field_cannot_change_the_verb(house: House) -> None:
    visitor = house.visitors["learner"]
    goal = house.world.things["learner"].cases["goal_id"][0].ids["goal_id"]
    for path in (f"/goals/{goal}?_method=DELETE", f"/goals/{goal}"):
        response = visitor.client.post(
            path, data={"csrf_token": visitor.csrf_token(), "_method": "DELETE"},
            headers={"X-HTTP-Method-Override": "DELETE"},
        )  # fmt: skip
        assert response.status_code == 405
