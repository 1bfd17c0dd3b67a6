"""From a thing in the record to the page where it can be seen."""

from __future__ import annotations

from typing import Any

from flask import url_for
from werkzeug.routing import BuildError

# type of object -> endpoint, the name of its id there, and the anchor on the page
PLACES: dict[str, tuple[str, str, str]] = {
    "goal": ("goals.page", "goal_id", ""),
    "conference": ("conferences.page", "conference_id", ""),
    "summary": ("conferences.summary", "summary_id", ""),
    "inventory_run": ("profiles.inventory_check", "run_id", ""),
}
# Things that are shown on a page about the learner, at an anchor with their id.
ON_LEARNER_PAGES: dict[str, tuple[str, str]] = {
    "profile_block": ("profiles.page", "block-{id}"),
    "outcome": ("outcomes.page", "outcome-{id}"),
    "observation": ("continuum.page", "observation-{id}"),
}


def url_for_object(kind: str, id: int, learner_id: int | None) -> str | None:
    """Return the address where the thing can be seen, or None when it has no page."""
    try:
        if kind in PLACES:
            endpoint, name, anchor = PLACES[kind]
            values: dict[str, Any] = {name: id}
            return url_for(endpoint, _anchor=anchor or None, **values)
        if kind in ON_LEARNER_PAGES and learner_id is not None:
            endpoint, anchor = ON_LEARNER_PAGES[kind]
            return url_for(endpoint, learner_id=learner_id, _anchor=anchor.format(id=id))
    except BuildError:
        return None
    return None
