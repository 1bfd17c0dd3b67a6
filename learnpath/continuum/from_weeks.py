"""Facts from the weekly roll-up: enough to count a school, in one query, whatever the number of events.

The roll-up has no ids of things. Each counted thing becomes one of its own, and a goal that was agreed
twice counts twice here; a learner's own page reads the record itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from learnpath.continuum.facts import Fact
from learnpath.record.rollup import QUALIFIERS
from learnpath.record.verbs import Relation, Verb

LISTS = frozenset({"shaped_by", "cited_by", "present"})
# Of these a rule asks for how many things there were; of all others, for the weeks that hold one.
COUNTED = frozenset(
    {Verb.GOAL_AGREED, Verb.GOAL_CLOSED, Verb.GOAL_DRAFTED, Verb.SESSION_HELD, Verb.CARD_LED,
     Verb.TIP_TRIED, Verb.SUGGESTION_ANSWERED, Verb.TREND_STATED, Verb.GROUP_GOAL_SET}
)  # fmt: skip


@dataclass(frozen=True)
class WeekRow:
    """One row of the roll-up."""

    learner_id: int
    week: date
    verb: Verb
    decided_by: Relation
    qualifier: str
    facts: int


def facts_of_rows(rows: Iterable[WeekRow]) -> dict[int, list[Fact]]:
    """Return the facts of each learner that the rows count."""
    facts: dict[int, list[Fact]] = defaultdict(list)
    numbers: Counter[tuple[int, Verb]] = Counter()
    for row in sorted(rows, key=lambda one: (one.learner_id, one.week)):
        payload = _payload(row.verb, row.qualifier)
        for number in range(1, (row.facts if row.verb in COUNTED else 1) + 1):
            numbers[row.learner_id, row.verb] += 1
            facts[row.learner_id].append(
                Fact(
                    row.week, row.verb, row.decided_by,
                    _about(row, number, numbers[row.learner_id, row.verb]),
                    {**payload, "card": number} if row.verb is Verb.CARD_LED else payload,
                )
            )  # fmt: skip
    return facts


def _about(row: WeekRow, number: int, of_all: int) -> tuple[str, int | str]:
    """Return a stand-in for the thing: parts belong to the conference of their week."""
    if row.verb is Verb.CARD_LED:
        return "conference", f"{row.week}.1"
    if row.verb is Verb.SESSION_HELD:
        return "conference", f"{row.week}.{number}"
    if row.verb in {Verb.GOAL_AGREED, Verb.GOAL_CLOSED}:
        return "goal", of_all  # the first that was closed is taken for the first that was agreed
    return row.verb.value, of_all


@lru_cache(maxsize=4096)
def _payload(verb: Verb, qualifier: str) -> Mapping[str, Any]:
    keys = QUALIFIERS.get(verb, ())
    said: dict[str, Any] = {}
    for key, text in zip(keys, qualifier.split(";"), strict=False):
        if key in LISTS:
            said[key] = [part for part in text.split("+") if part]
        elif text in {"yes", "no"}:
            said[key] = text == "yes"
        elif text:
            said[key] = text
    return said
