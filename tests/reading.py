"""Whether a page can be read by everybody: axe in a real browser, with the WCAG 2.2 AA rules."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# axe leaves the size of targets out unless it is asked for.
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations", "incomplete"],
}


def barriers(page: Page) -> list[str]:
    """Return what axe finds wrong on the page, each with the places."""
    return examined(page)[0]


def examined(page: Page) -> tuple[list[str], list[tuple[str, str]]]:
    """Return what axe finds wrong on the page, and what it cannot decide (with the rule's name)."""
    found = Axe().run(page, options=OPTIONS).response
    return (
        [_told(one) for one in found["violations"]],
        [(one["id"], _told(one)) for one in found["incomplete"]],
    )


def _told(one: dict[str, Any]) -> str:
    return f"{one['id']}: {one['help']} at {[node['target'] for node in one['nodes']]}"


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )
