"""Who sees which part of a profile: the one table that page, print, PDF, search and copies ask.

Learners and the teachers who work with them see every block; a family sees what the learner opened to it; a
peer sees single blocks by invitation; nobody else sees any. Within a block, what is hard and from an earlier
school year rests (``resting``): a new teacher meets the person first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from learnpath.access import Actor
from learnpath.people.models import Hat
from learnpath.profiles.models import Audience
from learnpath.school.calendar import SchoolCalendar

SEEN_BY_FAMILY = (Audience.FAMILY, Audience.CONFERENCE)
HARD = ("challenges", "needs")
LAST_WEEKS = timedelta(weeks=6)


def sees(hat: Hat, audience: Audience) -> bool:
    """Tell whether a reader under ``hat`` sees a block that is shown to ``audience``."""
    return hat in (Hat.LEARNER, Hat.TEACHER) or (hat is Hat.FAMILY and audience in SEEN_BY_FAMILY)


def entry_key(block: str, text: str) -> str:
    """Return the key of a line: the block and the start of the text's digest."""
    return f"{block}:{hashlib.sha256(text.encode()).hexdigest()[:12]}"


@dataclass(frozen=True)
class Reader:
    """Who reads, on which day, and which school year it is: all that the table needs to know."""

    hat: Hat
    person_id: int
    today: date
    began: date | None = None
    before: date | None = None
    zone: str = "UTC"
    ends: date | None = None

    @classmethod
    def of(cls, actor: Actor, calendar: SchoolCalendar) -> Reader:
        """Return the signed-in person as a reader in their school's year."""
        began, before = turn(calendar, actor.today)
        year = calendar.year_of(actor.today)
        return cls(
            actor.hat, actor.person_id, actor.today, began, before, actor.zone,
            year.ends if year else None,
        )  # fmt: skip

    @classmethod
    def at(
        cls, hat: Hat, person_id: int, calendar: SchoolCalendar, now: datetime, zone: str
    ) -> Reader:
        """Return a person under ``hat`` as a reader at a moment."""
        today = now.astimezone(ZoneInfo(zone)).date()
        began, before = turn(calendar, today)
        return cls(hat, person_id, today, began, before, zone)

    @classmethod
    def the_learner(cls, person_id: int, today: date) -> Reader:
        """Return a learner who reads the own profile, at no turn of a year."""
        return cls(Hat.LEARNER, person_id, today)

    @property
    def own(self) -> bool:
        """Whether the reader is the learner."""
        return self.hat is Hat.LEARNER

    @property
    def year_ends_soon(self) -> bool:
        """Whether it is time to think of what goes along to new teachers."""
        return self.ends is not None and timedelta(0) <= self.ends - self.today <= LAST_WEEKS

    def moment(self, day: date) -> datetime:
        """Return the first moment of a day at the school."""
        return datetime.combine(day, time.min, ZoneInfo(self.zone))

    def is_of_this_year(self, at: datetime) -> bool:
        """Tell whether something happened in the school year that is now."""
        return self.began is None or at >= self.moment(self.began)


def turn(calendar: SchoolCalendar, today: date) -> tuple[date | None, date | None]:
    """Return the first day of the school year of ``today``, and the first day of the year before it."""
    begun = [year.starts for year in calendar.years if year.starts <= today]
    return (begun[-1] if begun else None, begun[-2] if len(begun) > 1 else None)


@dataclass(frozen=True)
class Resting:
    """A hard line from an earlier school year, and what was said about it at the turn of this one.

    ``known``: the teachers of the last school year saw it. ``learner_says`` is None until the learner went
    through it this year. ``alone``: no teacher who knew it is left, and the learner shows it nevertheless.
    """

    key: str
    block: str
    text: str
    known: bool
    learner_says: bool | None = None
    teacher_agreed: bool = False
    alone: bool = False

    @property
    def kept(self) -> bool:
        """Whether the learner said this year that it still holds and others may see it."""
        return bool(self.learner_says)

    @property
    def open(self) -> bool:
        """Whether a new teacher sees it: learner and teacher said yes, or the learner where none is left."""
        return self.kept and (self.teacher_agreed or self.alone)


@dataclass(frozen=True)
class Rest:
    """The resting lines of one learner, as one reader meets them."""

    lines: Mapping[str, Resting]
    hat: Hat
    # Whether the reader, a teacher, taught the learner in the last school year.
    knows: bool = False

    def seen(self, block: str, lines: Iterable[str]) -> tuple[str, ...]:
        """Return those lines of a block that the reader sees."""
        if block not in HARD:
            return tuple(lines)
        return tuple(line for line in lines if not self.hides(entry_key(block, line)))

    def hides(self, key: str) -> bool:
        """Tell whether the line ``key`` is not for this reader."""
        line = self.lines.get(key)
        if line is None or self.hat is Hat.LEARNER:
            return False
        if self.hat is Hat.TEACHER:
            return not (line.open or (self.knows and line.known))
        return not line.kept

    def waits(self, key: str) -> bool:
        """Tell whether the line ``key`` is one that a new teacher does not see."""
        line = self.lines.get(key)
        return line is not None and not line.open
