"""Every page in a real browser: no barriers, no sideways scroll, light and dark, in both languages.

The pages come from the url map, so that a new one is tried without anybody remembering it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial

import pytest
from playwright.sync_api import Browser, Page

from learnpath.people.models import Language
from tests.browsing import LiveServer, a_window, served
from tests.living import House
from tests.pages.reading import READERS, addresses_for, speak
from tests.reading import examined, overflow
from tests.world import NOBODY

pytestmark = pytest.mark.browser
# What axe cannot decide by itself here, and why that is no barrier.
UNSURE = {
    "color-contrast": "letters over a picture or a drawn background; the colours are tried in tests/web",
}


@pytest.fixture(scope="module")
def open_house(house: House) -> Iterator[LiveServer]:
    """Return the house, listening on a port of this machine."""
    with served(house.app) as server:
        yield server


@pytest.fixture(scope="module")
def addresses_of(house: House) -> Callable[[str], list[str]]:
    """Return the addresses of the pages that somebody sees: the same in every language, looked up once."""
    return cache(partial(addresses_for, house))


@pytest.mark.timeout(
    600
)  # some sixty pages, and axe reads each of them twice over on a busy machine
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [(Language.EN, 1280, "light"), (Language.ES, 320, "dark")],
    ids=["wide light English", "narrow dark Spanish"],
)
def test_every_page_can_be_read_by_everybody(
    house: House, open_house: LiveServer, browser: Browser, addresses_of: Callable[[str], list[str]],
    reader: str, language: Language, width: int, scheme: str,
) -> None:  # fmt: skip
    to_read = addresses_of(reader)
    speak(house, language)
    assert to_read
    wrong = []
    with a_window(browser, open_house.url, width=width, scheme=scheme, locale=f"{language}-US") as (
        context,
        page,
    ):
        if reader != NOBODY:
            cookie = house.visitors[reader].client.get_cookie("learnpath")
            context.add_cookies(
                [{"name": "learnpath", "value": cookie.value, "url": open_house.url}]
            )
        for address in to_read:
            wrong += [f"{address}: {problem}" for problem in _problems(page, address)]
    house.set_back()
    assert wrong == []


def _problems(page: Page, address: str) -> list[str]:
    answer = page.goto(address, wait_until="load")
    assert answer is not None
    if answer.status not in {200, 409}:
        return [f"came as {answer.status}"]
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    found, unsure = examined(page)
    found += [f"not sure: {one}" for rule, one in unsure if rule not in UNSURE]
    wider = overflow(page)
    return [*found, *([f"{wider} pixels wider than the window"] if wider > 0 else [])]
