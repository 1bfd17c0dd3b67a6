"""Opening every page as everybody who may, in either language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from learnpath.people.models import Language
from learnpath.web.rules import Rule
from tests.living import House
from tests.routes import Route, routes
from tests.visiting import Page
from tests.world import NOBODY

READERS = ("learner", "teacher", "family", "leader", "administrator", NOBODY)
# These answer with data for machines, or a file to keep.
NO_PAGES = ("/healthz", "/manifest.webmanifest", "/robots.txt")
# Public pages that a token opens; their rooms try them with a real one.
BY_TOKEN = ("/f/",)


@dataclass(frozen=True)
class Shown:
    """A page as somebody sees it."""

    reader: str
    address: str
    page: Page

    def __str__(self) -> str:
        return f"{self.reader} {self.address}"


def addresses(house: House) -> Iterator[str]:
    """Return the addresses of all pages, one for each case."""
    return (address for _route, address in _addressed(house))


def _addressed(house: House) -> Iterator[tuple[Route, str]]:
    for route in routes(house.app):
        if route.method != "GET" or route.path in NO_PAGES or route.path.startswith(BY_TOKEN):
            continue
        for case in route.cases(house.world.things["learner"]):
            yield route, route.address(dict(case.ids))


def shown(house: House, language: Language = Language.EN) -> list[Shown]:
    """Open every page as everybody, and return what is not refused (``tests/access`` tries who may)."""
    speak(house, language)
    headers = {"Accept-Language": language.value}
    seen = [
        Shown(reader, address, house.visitors[reader].get(address, headers=headers))
        for reader in READERS
        for address in addresses(house)
    ]
    return [each for each in seen if _is_for_reader(each.page)]


def addresses_for(house: House, reader: str) -> list[str]:
    """Return the addresses of the pages that somebody sees; public ones are for nobody's eyes once."""
    found = []
    for route, address in _addressed(house):
        if _rule(house, route).public and reader != NOBODY:
            continue
        page = house.visitors[reader].get(address)
        if _is_for_reader(page) and page.status in {200, 409}:
            found.append(address)
    return found


def _rule(house: House, route: Route) -> Rule:
    rule: Rule = house.app.view_functions[route.endpoint].rule
    return rule


def _is_for_reader(page: Page) -> bool:
    html = page.response.mimetype == "text/html"
    return html and page.status != 404 and not page.location.startswith("/sign-in")


def speak(house: House, language: Language) -> None:
    """Let everybody read the app in ``language``."""
    with house.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE person SET language = :language"), {"language": language.value}
        )
