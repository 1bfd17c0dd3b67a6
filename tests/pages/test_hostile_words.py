"""Whatever people write is shown as words, on every page that shows it: never as markup, never run."""

from __future__ import annotations

import pytest

from learnpath.pdf import draw
from tests.living import House
from tests.pages.hostile import PRODUCT, READERS, WORDS, spoil
from tests.pages.reading import Shown, addresses


@pytest.fixture(scope="module")
def answers(house: House) -> list[Shown]:
    """Return every answer to everybody, in a house in which the learner wrote such words everywhere."""
    assert spoil(house.engine) > 30
    return [
        Shown(reader, address, house.visitors[reader].get(address))
        for reader in READERS
        for address in addresses(house)
    ]


@pytest.fixture(scope="module")
def pages(answers: list[Shown]) -> list[Shown]:
    """Return those of them that are pages and show the words."""
    return [
        each
        for each in answers
        if each.page.response.mimetype == "text/html" and "data-evil" in each.page.text
    ]


@pytest.fixture(scope="module")
def papers(answers: list[Shown]) -> list[Shown]:
    """Return those of them that go on paper; each holds the page that would be laid out."""
    return [each for each in answers if each.page.response.mimetype == "application/pdf"]


def test_no_page_breaks(answers: list[Shown]) -> None:
    assert [f"{each}: {each.page.status}" for each in answers if each.page.status >= 500] == []


def test_the_words_are_shown_as_they_were_written(pages: list[Shown]) -> None:
    assert len({each.reader for each in pages}) >= 4
    assert len(pages) > 60
    whole = " ".join(WORDS.split())
    assert sum(whole in each.page.words for each in pages) > 40


def test_they_are_never_markup(pages: list[Shown], papers: list[Shown]) -> None:
    wrong = [
        f"{each}: {[str(tag)[:80] for tag in tags]}"
        for each in [*pages, *papers]
        if (tags := each.page.soup.select("[data-evil], [onfocus], [onerror]"))
        or "<b data-evil" in each.page.text
        or "<script data-evil" in each.page.text
    ]
    assert wrong == []


def test_they_are_never_worked_out(answers: list[Shown]) -> None:
    assert [
        str(each)
        for each in answers
        if PRODUCT in each.page.response.get_data().decode("utf-8", "replace")
    ] == []


def test_no_sheet_of_paper_breaks(papers: list[Shown]) -> None:
    on_paper = {each.address: each.page.text for each in papers if "data-evil" in each.page.text}
    assert len(on_paper) >= 2
    assert all(draw(html, ()).startswith(b"%PDF-") for html in on_paper.values())
