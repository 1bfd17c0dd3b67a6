"""What the page "Who is leading?" shows: each part in the words of its reader, ready for the template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from learnpath.continuum.columns import Column
from learnpath.continuum.models import Observation, ObservationAnswer
from learnpath.continuum.place import Band


@dataclass(frozen=True)
class Seen:
    """An observation with the answers to it."""

    observation: Observation
    answers: tuple[ObservationAnswer, ...]


@dataclass(frozen=True)
class FactLine:
    """One fact to link to: what it is called, who did it, on which day, and where it can be seen."""

    text: object
    who: object
    day: date
    kind: str
    id: int
    is_observed: bool


@dataclass(frozen=True)
class ColumnLine:
    """One column of an indicator: its name, what it asks for, and whether the record shows it."""

    name: str
    text: str
    is_here: bool


@dataclass(frozen=True)
class IndicatorView:
    """One indicator under "How do we know?"."""

    key: str
    name: str
    asks: str
    column: str | None
    says: str
    facts: tuple[FactLine, ...]
    more: int
    columns: tuple[ColumnLine, ...]
    reasons: tuple[str, ...]
    next: str | None


@dataclass(frozen=True)
class MarkView:
    """Where somebody puts a thread, in their words."""

    column: Column
    column_name: str
    text: str
    who: str
    on: datetime
    is_mine: bool


@dataclass(frozen=True)
class KeyFact:
    """What one indicator says in one line, with its newest fact to look at."""

    says: str
    fact: FactLine | None


@dataclass(frozen=True)
class ThreadView:
    """One plain thread of the page."""

    key: str
    name: str
    about: str
    sentence: str
    band: Band | None
    before: Band | None
    learner_mark: MarkView | None
    teacher_mark: MarkView | None
    differ: bool
    facts: tuple[KeyFact, ...]
    to_try: str | None
    indicators: tuple[IndicatorView, ...]

    @property
    def marks(self) -> tuple[MarkView, ...]:
        """The marks that were made, the learner's first."""
        return tuple(mark for mark in (self.learner_mark, self.teacher_mark) if mark)


@dataclass(frozen=True)
class StrandView:
    """One of the two strands, for adults: its band, and all its indicators."""

    key: str
    name: str
    about: str
    band: Band | None
    indicators: tuple[IndicatorView, ...]


@dataclass(frozen=True)
class AnswerView:
    """An answer to something seen."""

    text: str
    who: object
    on: datetime


@dataclass(frozen=True)
class SeenView:
    """Something that somebody saw and the record could not."""

    id: int
    what: str
    about: str
    text: str
    who: object
    day: date
    answers: tuple[AnswerView, ...]


@dataclass(frozen=True)
class LeadingPage:
    """The whole page."""

    learner_id: int
    called: str
    as_of: date
    then: date | None
    weeks: int
    enough_weeks: bool
    gates: tuple[str, ...]
    threads: tuple[ThreadView, ...]
    strands: tuple[StrandView, ...]
    seen: tuple[SeenView, ...]
