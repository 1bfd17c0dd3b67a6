"""A form changes what it asks for, and nothing else, whatever else somebody sends along.

Every form of the url map is sent twice in the same house: as it is, and with the name of every column of
every table beside it. What stands in the tables afterwards has to be the same.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from bs4 import Tag
from sqlmodel import SQLModel

from tests.living import SAID, House
from tests.pages.reading import addresses
from tests.routes import Route, routes
from tests.visiting import Page

SENDERS = ("learner", "teacher", "family", "classmate", "leader", "administrator")
# Each time anew by chance, or worked out from what is.
BY_CHANCE = {"token_sha256", "password_hash", "code_hash", "code_start", "secret_hash"}
# Signing in and out changes no row of a learner; tests/people and tests/badges try it.
LEFT_OUT = ("people.sign_in", "people.sign_out", "goals.routine_start", "goals.routine_done")
# What a form asks for although no page of the world shows it now: a conference that is going on, by hand
# or kept by itself as it goes.
ASKED_LATER = {
    "/conferences/<id:conference_id>/present": {"present", "family_names"},
    "/conferences/<id:conference_id>/another-day": {"present", "family_names"},
    "/conferences/<id:conference_id>/finish": {"present", "family_names"},
    # Which year, term or holiday goes: its page is asked for with the id.
    "/admin/calendar/<any(year,term,holiday):kind>/remove": {"id"},
}
Fields = dict[str, list[str]]
Rows = dict[str, list[tuple[Any, ...]]]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("sender", SENDERS)
def test_columns_that_a_form_does_not_ask_for_change_nothing(house: House, sender: str) -> None:
    house.set_back()
    forms = _forms(house, sender)
    columns = {column.name for table in SQLModel.metadata.tables.values() for column in table.c}
    wrong, sent = [], 0
    for route in routes(house.app):
        if route.method != "POST" or route.endpoint.startswith(LEFT_OUT):
            continue
        for case in route.cases(house.world.things["learner"]):
            address = route.address(dict(case.ids))
            fields = forms.get(address) or _said(house, route)
            plain = _send(house, sender, address, fields)
            if plain[0] == 404:
                continue
            sent += 1
            asked = fields.keys() | ASKED_LATER.get(route.path, set())
            more = {name: ["1"] for name in columns - asked}
            full = _send(house, sender, address, fields | more)
            refused_alike = min(plain[0], full[0]) >= 400 and plain[2] == full[2]
            if full != plain and not refused_alike:
                wrong.append(f"{route} {address}: {_difference(plain, full)}")
    house.set_back()
    assert sent
    assert wrong == []


def _said(house: House, route: Route) -> Fields:
    said = SAID[route.endpoint](house.world) if route.endpoint in SAID else {}
    return {name: [str(value)] for name, value in said.items()}


Sent = tuple[int, str, Rows]


def _send(house: House, sender: str, address: str, fields: Fields) -> Sent:
    house.set_back()
    page = house.visitors[sender].post(address, **fields)
    assert page.status < 500, f"{address}: {page.status}"
    return page.status, page.location, _rows(house)


def _rows(house: House) -> Rows:
    """Return what stands in each table, as the database file has it: read often, so without a mapping."""
    with house.engine.connect() as connection:
        cursor = connection.connection.cursor()
        return {name: cursor.execute(query).fetchall() for name, query in _queries().items()}


@cache
def _queries() -> dict[str, str]:
    kept = {
        table.name: [column.name for column in table.c if column.name not in BY_CHANCE]
        for table in SQLModel.metadata.sorted_tables
    }
    return {
        name: f"""SELECT {", ".join(f'"{one}"' for one in columns)} FROM "{name}" ORDER BY rowid"""
        for name, columns in kept.items()
    }


def _difference(plain: Sent, full: Sent) -> str:
    tables = [
        f"{name}: {[row for row in plain[2][name] if row not in rows]} -> "
        f"{[row for row in rows if row not in plain[2][name]]}"
        for name, rows in full[2].items()
        if rows != plain[2][name]
    ]
    return f"{plain[:2]} -> {full[:2]} {tables}"[:1500]


# -- forms as a browser would send them -----------------------------------------------------------------


def _forms(house: House, sender: str) -> dict[str, Fields]:
    """Return what each form on the sender's pages would send, by where it goes."""
    found: dict[str, Fields] = {}
    for address in dict.fromkeys(addresses(house)):
        page = house.visitors[sender].get(address)
        if page.status in {200, 409} and page.response.mimetype == "text/html":
            for form in page.soup.select('form[method="post" i]'):
                found.setdefault(str(form.get("action") or address), _filled(form, page))
    return found


def _filled(form: Tag, page: Page) -> Fields:
    """Return the fields of a form, each with a value that it might well have."""
    fields: Fields = {}
    for tag in page.soup.select("input[name], textarea[name], select[name], button[name]"):
        name = str(tag["name"])
        mine = tag.find_parent("form") is form or (form.get("id") and tag.get("form") == form["id"])
        if name == "csrf_token" or not mine:
            continue
        if tag.name == "select":
            options = [str(one.get("value", one.get_text())) for one in tag.select("option")]
            fields[name] = [next((one for one in options if one), "")]
        elif tag.get("type") in {"radio", "checkbox", "submit"} or tag.name == "button":
            fields.setdefault(name, [str(tag.get("value", "on"))])
        else:
            fields[name] = [_value(tag)]
    return fields


def _value(tag: Tag) -> str:
    given = tag.get_text() if tag.name == "textarea" else str(tag.get("value") or "")
    if given.strip():
        return given.strip()
    kind = "number" if tag.get("inputmode") in {"numeric", "decimal"} else str(tag.get("type"))
    return {"date": "2025-12-10", "time": "15:30", "number": "3"}.get(kind, "Some words.")
