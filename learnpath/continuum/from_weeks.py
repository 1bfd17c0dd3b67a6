"""Facts from the weekly roll-up: what a school report is counted from, in one query.

Each row is one kind of fact about one thing in one week, which is just what the rules tell apart. So a
placement from the roll-up is that of the record, at the end of any week.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from learnpath.continuum.facts import Fact
from learnpath.record.rollup import QUALIFIERS
from learnpath.record.verbs import Relation, Verb

LISTS = frozenset({"shaped_by", "cited_by", "present"})
NUMBERS = frozenset({"cites", "number"})
NAMES_ITS_WEEK = {Verb.CHECKED_IN: "week", Verb.GAP_EXPLAINED: "week", Verb.OBSERVED: "day"}


@dataclass(frozen=True)
class WeekRow:
    """One row of the roll-up: a kind of fact about a thing, its week, and when it was first told."""

    learner_id: int
    week: date
    verb: Verb
    decided_by: Relation
    qualifier: str
    thing: str
    told: date


def facts_of_rows(rows: Iterable[WeekRow]) -> dict[int, list[Fact]]:
    """Return the facts of each learner that the rows hold."""
    facts: dict[int, list[Fact]] = defaultdict(list)
    for row in rows:
        facts[row.learner_id].append(
            Fact(row.told, row.verb, row.decided_by, _about(row.thing), _said(row))
        )
    return facts


def _about(thing: str) -> tuple[str, int]:
    kind, _, number = thing.rpartition(":")
    return kind, int(number)


def _said(row: WeekRow) -> Mapping[str, Any]:
    said = _payload(row.verb, row.qualifier)
    key = NAMES_ITS_WEEK.get(row.verb)
    return {**said, key: row.week.isoformat()} if key else said


@lru_cache(maxsize=4096)
def _payload(verb: Verb, qualifier: str) -> Mapping[str, Any]:
    keys = QUALIFIERS.get(verb, ())
    texts = zip(keys, qualifier.split(";"), strict=False)
    return {key: _value(key, text) for key, text in texts if text}


def _value(key: str, text: str) -> Any:
    if key in LISTS:
        return text.split("+")
    if key in NUMBERS:
        return int(text)
    if key == "cards":
        return {who: int(led) for who, _, led in (part.partition(":") for part in text.split("+"))}
    return text == "yes" if text in {"yes", "no"} else text
