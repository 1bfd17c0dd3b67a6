"""What every rule is made of: its limits, what it found, and the list of all rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from learnpath.continuum.columns import Column
from learnpath.continuum.driver_model import Threshold
from learnpath.continuum.facts import Evidence, Fact
from learnpath.record.verbs import Relation

TEACHER, TOWARD, CENTERED, DRIVEN = Column
LEARNER_TOO = (Relation.LEARNER, Relation.TOGETHER)
ADULTS = (Relation.TEACHER, Relation.SCHOOL)


@dataclass(frozen=True)
class Reading:
    """What a rule found: the column, what it counted, and the facts that it counted.

    ``basis`` is how many things the answer rests on; weeks that stayed empty are things too.
    """

    column: Column | None
    counted: Mapping[str, int]
    facts: tuple[Fact, ...]
    basis: int


class Limits:
    """The thresholds of one indicator, by their keys, as exact numbers."""

    def __init__(self, thresholds: Mapping[str, Threshold]) -> None:
        self._thresholds = thresholds

    def __getitem__(self, key: str) -> Fraction:
        """Return the number."""
        return self._thresholds[key].number


Rule = Callable[[Evidence, Limits], Reading]
RULES: dict[str, Rule] = {}


def rule(rule: Rule) -> Rule:
    """Enter a function among the rules, under its own name."""
    RULES[rule.__name__] = rule
    return rule


def reading(
    column: Column | None,
    facts: Iterable[Fact],
    counted: Mapping[str, int],
    basis: int | None = None,
) -> Reading:
    """Return what a rule found; without a ``basis`` the answer rests on its facts."""
    seen = tuple(facts)
    return Reading(column, counted, seen, len(seen) if basis is None else basis)


def highest(*steps: tuple[Column, bool]) -> Column | None:
    """Return the last column, in the model's order, whose condition holds."""
    reached = [column for column, holds in steps if holds]
    return reached[-1] if reached else None
