"""No page asks the database more often because the school is larger."""

from __future__ import annotations

import pytest

from tests.conftest import counted
from tests.living import House
from tests.pages.many import add_copies
from tests.pages.reading import addresses

READERS = ("learner", "teacher", "family", "leader", "administrator")
SMALL, LARGE = 10, 300
# How often a page may ask, the sign-in's own look-up included.
BUDGETS = {"learner": 12, "teacher": 16, "family": 12, "leader": 12, "administrator": 12}
Counts = dict[tuple[str, str], int]


@pytest.fixture(scope="module")
def measured(house: House) -> tuple[Counts, Counts]:
    """Return how often each page asks, for each of its readers, in a small school and in a large one."""
    whom = house.world.people["classmate"]
    add_copies(house.engine, whom, 1, SMALL - 2)
    small = _counts(house)
    add_copies(house.engine, whom, SMALL - 1, LARGE - 2)
    return small, _counts(house)


def _counts(house: House) -> Counts:
    counts = {}
    for reader in READERS:
        visitor = house.visitors[reader]
        visitor.get("/")  # the first request of a minute also notes that the sign-in is in use
        for address in dict.fromkeys(addresses(house)):
            with counted(house.engine) as counter:
                page = visitor.get(address)
            if page.status in {200, 409}:
                counts[reader, address] = counter.count
    return counts


def test_a_large_school_asks_as_often_as_a_small_one(measured: tuple[Counts, Counts]) -> None:
    small, large = measured
    assert small.keys() == large.keys()
    grown = {
        f"{reader} {address}": f"{small[reader, address]} -> {asked}"
        for (reader, address), asked in large.items()
        if asked
        > small[reader, address]  # what is worked out once a month is there the second time
    }
    assert grown == {}


def test_every_page_stays_in_its_budget(measured: tuple[Counts, Counts]) -> None:
    over = {
        f"{reader} {address}": asked
        for (reader, address), asked in measured[1].items()
        if asked > BUDGETS[reader]
    }
    assert len(measured[1]) > 80
    assert over == {}
