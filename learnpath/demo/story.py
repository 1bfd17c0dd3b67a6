"""A term as it happened: each happening has its moment, and all are told in that order.

They go through the same verbs that people's clicks call, so that the demo's record is a real one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlmodel import Session

from learnpath.demo.cast import Cast
from learnpath.demo.days import DemoDays
from learnpath.school.calendar import SchoolCalendar

SEED = 20251117
Raw = dict[str, Any]
Happening = Callable[[datetime], object]


@dataclass
class Story:
    """What happens at the demo school, gathered in any order and told in the order of time."""

    session: Session
    cast: Cast
    days: DemoDays
    now: datetime
    happenings: list[tuple[datetime, int, Happening]] = field(default_factory=list)

    @property
    def calendar(self) -> SchoolCalendar:
        """The school's calendar."""
        return self.days.calendar

    def chance(self, *of: object) -> Random:
        """Return a source of chance that is the same in every demo for the same thing."""
        return Random(f"{SEED}:{of}")  # noqa: S311 - nothing secret comes from it

    def on(
        self, week: int, weekday: int, happening: Happening, hour: int = 9, minute: int = 0
    ) -> None:
        """Let something happen on a weekday (0 is Monday) of a school week; 0 is the first one."""
        day = self.days.weeks[week] + timedelta(days=weekday)
        self.at(self.days.at(day, hour, minute), happening)

    def at(self, moment: datetime, happening: Happening) -> None:
        """Let something happen at a moment. What would lie ahead has not happened: it is left out."""
        if moment <= self.now:
            self.happenings.append((moment, len(self.happenings), happening))

    def tell(self) -> Iterator[float]:
        """Let everything happen, in order; gives the share that is told so far."""
        self.happenings.sort(key=lambda one: one[:2])
        for number, (moment, _, happening) in enumerate(self.happenings, start=1):
            happening(moment)
            yield number / len(self.happenings)


def read(name: str) -> Raw:
    """Return one of the demo's data files."""
    path = Path(__file__).parent / f"{name}.json"
    found: Raw = json.loads(path.read_text(encoding="utf-8"))
    return found
