"""What a teacher sees of the profiles of a class: who has none yet, whose rests, what many share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import LazyString
from sqlmodel import Session, col, select

from learnpath.access import current
from learnpath.people.models import Person
from learnpath.profiles.models import ProfileBlock
from learnpath.profiles.queries import TITLES
from learnpath.profiles.resting import rests_of
from learnpath.profiles.visible import Reader, Rest
from learnpath.school.calendar import SchoolCalendar
from learnpath.school.models import Enrolment

TERM_WEEKS = 12
FEWEST = 5
COUNTED = ("interests", "what_helps", "needs")


@dataclass(frozen=True)
class Resting:
    """A profile that was not changed for a term."""

    learner: Person
    changed_at: datetime


@dataclass(frozen=True)
class Shared:
    """A line that at least five learners of the class have."""

    block: str
    text: str
    learners: tuple[Person, ...]

    @property
    def title(self) -> LazyString:
        """In which block it stands."""
        return TITLES[self.block]


@dataclass(frozen=True)
class ClassProfiles:
    """The profiles of a class at a glance."""

    learners: tuple[Person, ...]
    without: tuple[Person, ...]
    resting: tuple[Resting, ...]
    shared: tuple[Shared, ...]


def class_profiles(
    session: Session, class_id: int, calendar: SchoolCalendar, reader: Reader
) -> ClassProfiles:
    """Return the profiles of a class at a glance for one of its teachers, in at most four queries."""
    today = reader.today
    query = (
        select(Person, ProfileBlock)
        .join(Enrolment, col(Enrolment.learner_id) == col(Person.id))
        .outerjoin(ProfileBlock, col(ProfileBlock.learner_id) == col(Person.id))
        .where(Enrolment.class_id == class_id, current(Enrolment, today))
        .order_by(col(Person.called), col(Person.id))
    )
    learners: dict[int, Person] = {}
    blocks: list[ProfileBlock] = []
    for learner, block in session.execute(query):
        learners[learner.id] = learner
        if block is not None and block.number:
            blocks.append(block)
    newest: dict[int, datetime] = {}
    for block in blocks:
        newest[block.learner_id] = max(
            block.changed_at, newest.get(block.learner_id, block.changed_at)
        )
    return ClassProfiles(
        tuple(learners.values()),
        tuple(one for id, one in learners.items() if id not in newest),
        tuple(_resting(learners, newest, calendar, today)),
        tuple(_shared(learners, blocks, rests_of(session, list(learners), reader))),
    )


def _resting(
    learners: dict[int, Person], newest: dict[int, datetime], calendar: SchoolCalendar, today: date
) -> Iterable[Resting]:
    for id, learner in learners.items():
        changed = newest.get(id)
        if changed and calendar.elapsed(calendar.day_of(changed), today) > TERM_WEEKS:
            yield Resting(learner, changed)


def _shared(
    learners: dict[int, Person], blocks: Sequence[ProfileBlock], rests: Mapping[int, Rest]
) -> list[Shared]:
    found: dict[tuple[str, str], dict[int, str]] = {}
    for block in blocks:
        if block.key in COUNTED:
            for line in rests[block.learner_id].seen(block.key, block.lines):
                found.setdefault((block.key, line.casefold()), {})[block.learner_id] = line
    many = [
        Shared(
            key, next(iter(who.values())), tuple(one for id, one in learners.items() if id in who)
        )
        for (key, _), who in found.items()
        if len(who) >= FEWEST
    ]
    return sorted(many, key=lambda one: (COUNTED.index(one.block), -len(one.learners), one.text))
