"""No route appears unseen: each declares its rule, and the list of all routes is read in review."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from learnpath.access import RULES, Can
from learnpath.web.rules import Rule, undeclared_routes
from tests.routes import routes

LIST = Path(__file__).parent / "routes.txt"


def _declared(app: Flask) -> list[str]:
    return sorted(
        f"{route.path} {route.method} {_rule_words(app.view_functions[route.endpoint].rule)}"
        for route in routes(app)
    )


def _rule_words(rule: Rule) -> str:
    if rule.public:
        return "public"
    if rule.can is not None:
        return str(rule.can)
    return f"signed in as {', '.join(rule.hats)}" if rule.hats else "signed in"


def test_every_route_is_in_the_list_with_its_rule(app: Flask) -> None:
    """When this fails, read what changed; then write the list anew from what is printed."""
    declared = _declared(app)
    listed = LIST.read_text(encoding="utf-8").splitlines()
    assert listed == declared, "\n".join(["routes.txt should say:", *declared])


def test_every_route_declares_a_rule(app: Flask) -> None:
    assert undeclared_routes(app) == []


def test_an_app_with_a_route_that_declares_nothing_does_not_start(
    make_app: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from learnpath.web.views import web

    monkeypatch.setattr(web, "deferred_functions", [
        *web.deferred_functions,
        lambda state: state.add_url_rule("/open", "open", lambda: "open to everybody"),
    ])  # fmt: skip
    with pytest.raises(RuntimeError, match=r"do not say who may use them: web\.open"):
        make_app()  # type: ignore[operator]


def test_every_permission_has_a_rule_and_each_is_used(app: Flask) -> None:
    assert set(RULES) == set(Can)
    used = {app.view_functions[route.endpoint].rule.can for route in routes(app)}
    assert set(Can) - used <= NOT_YET_ASKED


# Permissions of rooms whose pages for leaders and administrators come later.
NOT_YET_ASKED = {Can.SEE_SCHOOL, Can.ADMINISTER}


def test_no_route_takes_an_id_in_any_other_way_than_as_an_id(app: Flask) -> None:
    loose = [
        route.path
        for route in routes(app)
        for name in route.rule.arguments
        if name.endswith("_id")
        and name != "inventory_id"  # the key of a file, not a row's id
        and type(route.rule._converters[name]).__name__ != "IdConverter"
    ]
    assert loose == []


def test_nothing_changes_by_opening_an_address(app: Flask) -> None:
    """Whatever changes things takes POST; other verbs than GET and POST are not used."""
    assert {route.method for route in routes(app)} == {"GET", "POST"}
