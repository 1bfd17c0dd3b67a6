"""Every route of the app with addresses to try: made from the url map, so that none is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from learnpath.profiles.visible import entry_key
from tests.world import Case, Things

# A line of the profile of the learner in ``tests/world.py``, as something to try.
TIP = entry_key("what_helps", "zorba needs an example")
# What goes into the parts of an address that are no ids.
WORDS = {
    "block": "strengths", "step": "now", "thread": "setting_goals", "token": "not-a-token",
    "strand": "relationships", "inventory_id": "older", "key": TIP, "filename": "css/app.css", "provider": "ridgeline",
}  # fmt: skip
NUMBERS = {"step": 1}
IDS = ("import_id", "outcome_file_id", "band_id", "evidence_id", "reflection_id", "group_goal_id", "invitation_id", "slot_id", "window_id", "note_id", "suggestion_id", "work_id", "goal_id", "conference_id", "summary_id", "run_id", "outcome_id",
       "observation_id", "promise_id", "feedback_id", "link_id", "class_id", "school_id", "request_id", "person_id", "learner_id")  # fmt: skip
MISSING = 987_654_321


@dataclass(frozen=True)
class Route:
    """One endpoint with one method."""

    endpoint: str
    method: str
    path: str
    rule: Rule

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def id_name(self) -> str:
        """The name of the id in the address that says whose thing it is; empty without one."""
        if self.path.startswith("/profile-suggestions/"):
            return "profile_suggestion_id"
        if self.path.startswith("/family/<id:link_id>/goals/"):
            return "family_goal_id"
        return next((name for name in IDS if name in self.rule.arguments), "")

    def cases(self, things: Things) -> list[Case]:
        """Return the cases of somebody's things that the address can lead to."""
        return things.cases[self.id_name] if self.id_name else [Case("", {})]

    def address(self, ids: dict[str, int]) -> str:
        """Return the address with ``ids`` in it, and plain words where it takes words."""
        unknown = {n for n in self.rule.arguments if n.endswith("_id")} - ids.keys() - WORDS.keys()
        assert not unknown, f"{self}: tests/world.py has no case with {unknown}"
        values: dict[str, object] = {}
        for name in self.rule.arguments:
            values[name] = ids.get(name, _word(self.rule, name))
        built = self.rule.build(values)
        assert built is not None, (self.path, values)
        return built[1]

    def missing(self, case: Case) -> str:
        """Return the same address with ids that lead nowhere."""
        return self.address(dict.fromkeys(case.ids, MISSING))


def _word(rule: Rule, name: str) -> object:
    """Return what goes into a part of an address that is no id of a case."""
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return NUMBERS.get(name) if isinstance(converter, IntegerConverter) else WORDS.get(name)


def routes(app: Flask) -> Iterator[Route]:
    """Return every route of the app, but the one of static files."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Route(rule.endpoint, method, rule.rule, rule)
