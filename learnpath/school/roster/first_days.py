"""Which first days the enrolments of one person in one class may have. Pure.

No two of them begin on the same day. So within one set they may swap days, go round, or take the day of
one that never begins; only a day that another one keeps is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Spell:
    """One enrolment or teaching: the day it has here, and the day that it is to have."""

    # The row of the set, and the line it stands in; none for one that the set does not speak of.
    row: str = ""
    line: int = 0
    # Its id here; none for one that is new.
    tie: int | None = None
    was: str | None = None
    # None: it ends before it began, and so leaves its day.
    day: str | None = None
    by_hand: bool = False
    ends: str | None = None
    # Left out, it would end before it began.
    would_go: bool = False

    @property
    def moves(self) -> bool:
        """Whether it takes a day that it does not have yet."""
        return self.day is not None and self.day != self.was

    @property
    def may_stay(self) -> bool:
        """Whether it can keep its old day and take the rest of its row all the same."""
        return self.was is not None and (self.ends is None or self.was <= self.ends)

    @property
    def keeps_its_day(self) -> bool:
        """Whether its old day is taken when it cannot move."""
        return self.was is not None and (self.may_stay or not self.would_go)


@dataclass(frozen=True)
class Settled:
    """What comes of the days of one person in one class."""

    # These cannot have the day that they are to have; and whether one made by hand has it.
    refused: list[tuple[Spell, bool]]
    # Ids of those whose day somebody else takes: they have to step aside first.
    step_aside: list[int]


def settle(spells: Iterable[Spell]) -> Settled:
    """Give out the days: the earlier line first, and nobody a day that another one keeps."""
    spells = sorted(spells, key=lambda spell: spell.line)
    kept = {spell.was: spell for spell in spells if spell.day is not None and not spell.moves}
    wanting: dict[str, list[Spell]] = defaultdict(list)
    for spell in spells:
        if spell.day is not None and spell.moves:
            wanting[spell.day].append(spell)
    waiting = [s for day, asking in wanting.items() for s in asking[0 if day in kept else 1 :]]
    refused: dict[Spell, bool] = {}
    while waiting:
        spell = waiting.pop()
        if spell in refused:
            continue
        holder = kept.get(spell.day)
        refused[spell] = holder is not None and holder.by_hand
        if spell.was is not None and spell.keeps_its_day:
            kept[spell.was] = spell
            waiting += wanting.get(spell.was, ())
    taken = {spell.day for spell in spells if spell.moves and spell not in refused}
    aside = [s.tie for s in spells if s.tie is not None and s.was in taken]
    return Settled(list(refused.items()), aside)


def free_days(many: int) -> list[date]:
    """Return days at which nothing of a school ever begins, for those who step aside for a moment."""
    return [date.fromordinal(number) for number in range(1, many + 1)]
