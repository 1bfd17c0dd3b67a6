"""Whatever the school office changes is an event: every form below /admin is sent as a browser would send it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from learnpath.people.models import Person
from learnpath.people.sign_on.models import LinkedHow, OutsideIdentity
from learnpath.portability.telling import ANYTHING_ELSE, told
from learnpath.record.models import Event
from learnpath.school.models import Guardianship, SchoolYearRow
from tests import builders
from tests.builders import MONDAY
from tests.living import House
from tests.routes import Route, routes
from tests.visiting import Page

Fields = dict[str, object]


def _world(house: House) -> dict[str, int]:
    """Return ids of the world that the forms name, with an account elsewhere to be unlinked."""
    with Session(house.engine) as session:
        learner = house.world.people["learner"]
        tie = session.exec(select(Guardianship).where(Guardianship.learner_id == learner)).first()
        school = session.get_one(Person, learner).school_id
        year = session.exec(select(SchoolYearRow).where(SchoolYearRow.school_id == school)).one()
        account = OutsideIdentity(
            issuer="https://issuer.example", subject="1", person_id=learner, linked_at=MONDAY,
            linked_how=LinkedHow.ONE_TIME_CODE,
        )  # fmt: skip
        session.add(account)
        session.commit()
        link = house.world.things["learner"].cases["link_id"][0].ids["link_id"]
        ids = {"tie": tie.id, "year": year.id, "account": account.id, "link": link}
        return {name: id or 0 for name, id in ids.items()}


def _cards(house: House) -> None:
    """Give the learner a card to be stopped."""
    from learnpath.people.badges import issue_badges

    with Session(house.engine) as session:
        learner = session.get_one(Person, house.world.people["learner"])
        issue_badges(session, builders.by_school(_school(session, learner)), [learner], MONDAY)
        session.commit()


def _school(session: Session, person: Person):
    from learnpath.school.models import School

    return session.get_one(School, person.school_id)


DAY = {"starts": "2025-12-22", "ends": "2025-12-26"}
SAID: dict[str, Callable[[dict[str, int]], Fields]] = {
    "school.admin_new_person": lambda _: {"called": "Noor", "given_name": "Noor", "language": "en"},
    "school.admin_details": lambda _: {"called": "New name", "language": "en", "grade": "7"},
    "school.admin_username": lambda _: {"username": "another.name"},
    "school.admin_sign_out": lambda _: {},
    "school.admin_unlink": lambda ids: {"identity": ids["account"]},
    "school.admin_close": lambda _: {},
    "school.admin_leave": lambda _: {"last_day": "2025-11-17"},
    "school.admin_new_tie": lambda _: {"starts": "2025-11-17"},
    "school.admin_end_tie": lambda ids: {
        "tie": f"guardianship:{ids['tie']}", "last_day": "2025-11-17"
    },
    "school.admin_no_contact": lambda ids: {"tie": f"guardianship:{ids['tie']}"},
    "school.admin_new_class": lambda ids: {"name": "Science 7", "year_id": ids["year"]},
    "school.admin_class": lambda _: {"name": "Another name", "room": "1"},
    "school.admin_end_class": lambda _: {"last_day": "2025-11-17"},
    "school.admin_span": lambda ids: {"name": "Winter", **DAY, "year_id": ids["year"]},
    "portability.new_request": lambda _: {
        "kind": "see", "asked_as": "family", "asked_by": "Rosa", "asked_on": "2025-11-17"
    },
    "portability.request_page": lambda _: {"state": "answered", "answer": "Done."},
    "portability.request_erase": lambda _: {"name": "Zorba Example", "answer": "Erased."},
    "portability.stop_link": lambda ids: {"link": ids["link"]},
}  # fmt: skip
# What can only be done in another state of things stands in a test of its own, named here.
ELSEWHERE = {
    "school.admin_open": "tests/roster/test_accounts.py: the office closes and opens an account",
    "school.admin_back": "tests/admin/test_people.py: who leaves comes back",
    "school.admin_remove_span": "tests/admin/test_calendar.py: a holiday is taken out",
    "school.admin_begin_year": "tests/admin/test_roll_over.py: the page begins the year",
    "portability.request_copy": "tests/admin/test_requests.py: a request to see is served",
    "portability.stop_card": "below: a card is stopped",
}
OWN = ("school.admin_", "portability.")


def office_forms(house: House) -> list[Route]:
    """Return the routes below /admin that change something and belong to the rooms of the office."""
    return [
        route
        for route in routes(house.app)
        if route.method == "POST"
        and route.path.startswith("/admin")
        and route.endpoint.startswith(OWN)
    ]


def _newest(house: House) -> int:
    with house.engine.connect() as connection:
        return connection.execute(sa.select(sa.func.max(Event.id))).scalar_one() or 0


def _events_since(house: House, newest: int) -> list[Event]:
    with Session(house.engine) as session:
        return list(session.exec(select(Event).where(Event.id > newest)))


def test_every_form_of_the_office_writes_an_event(house: House) -> None:
    wrong = []
    for route in office_forms(house):
        if route.endpoint in ELSEWHERE:
            continue
        assert route.endpoint in SAID, f"{route}: say what its form sends, in SAID"
        house.set_back()
        ids, before = _world(house), _newest(house)
        case = route.cases(house.world.things["learner"])[0]
        page = house.visitors["administrator"].post(
            route.address(dict(case.ids)), **SAID[route.endpoint](ids)
        )
        problem = _problem(house, page, before)
        wrong += [f"{route}: {problem}"] if problem else []
    house.set_back()
    assert wrong == []


def _problem(house: House, page: Page, before: int) -> str:
    if page.status != 303:
        return f"{page.status} {page.words[:300]}"
    events = _events_since(house, before)
    if not events:
        return "changed something, and no event tells of it"
    administrator = house.world.people["administrator"]
    if administrator not in {event.actor_id for event in events}:
        return "nobody can tell who did it"
    silent = [event.verb for event in events if told(event.verb) is ANYTHING_ELSE]
    return f"no words for {silent}" if silent else ""


def test_stopping_a_card_writes_an_event(house: House) -> None:
    house.set_back()
    _cards(house)
    before, learner = _newest(house), house.world.people["learner"]
    page = house.visitors["administrator"].post("/admin/open/cards", learner=learner)
    problem = _problem(house, page, before)
    again = house.visitors["administrator"].post("/admin/open/cards", learner=learner)
    house.set_back()
    assert problem == ""
    assert again.status == 409


def test_a_link_is_counted_and_stopped_once(house: House) -> None:
    house.set_back()
    office = house.visitors["administrator"]
    page = office.get("/admin/open")
    stop = page.soup.select('form[action="/admin/open/links"] input[name="link"]')
    assert f"{len(stop)} links are open now." in page.words
    foreign = house.world.things["foreign_learner"].cases["link_id"][0].ids["link_id"]
    assert office.post("/admin/open/links", link=foreign).status == 404
    link = stop[0]["value"]
    assert office.post("/admin/open/links", link=link).status == 303
    assert office.post("/admin/open/links", link=link).status == 409
    left = office.get("/admin/open").soup.select('form[action="/admin/open/links"]')
    house.set_back()
    assert len(left) == len(stop) - 1


@pytest.mark.parametrize("kind", sorted(ELSEWHERE))
def test_what_is_tried_elsewhere_is_a_form_of_the_office(house: House, kind: str) -> None:
    assert kind in {route.endpoint for route in office_forms(house)}
