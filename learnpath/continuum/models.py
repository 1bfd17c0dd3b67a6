"""What people say about a position: their own mark, and what they saw that the record could not."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from learnpath.continuum.columns import Column
from learnpath.db import choice, identity, link, moment, words
from learnpath.record.verbs import Relation

LONGEST_WORDS = 500


class PositionMark(SQLModel, table=True):
    """Where a learner or a teacher puts a thread, and why. Each mark is kept; the newest counts."""

    __tablename__ = "position_mark"
    __table_args__ = (sa.Index("ix_position_mark_learner_thread", "learner_id", "thread"),)

    id: int | None = identity()
    learner_id: int = link("person.id", index=False)
    thread: str = words(40)
    place: Column = choice(Column)
    text: str = words(LONGEST_WORDS, default="")
    marked_by: int = link("person.id", index=False)
    relation: Relation = choice(Relation)
    marked_at: datetime = moment()


class Observation(SQLModel, table=True):
    """A dated fact that somebody saw and the record could not see. It bears its author's name."""

    __tablename__ = "observation"

    id: int | None = identity()
    learner_id: int = link("person.id")
    indicator: str = words(40)
    # What was seen, as a key of the indicator's list: it counts like the same fact in the record.
    seen: str = words(40)
    day: date = Field(sa_type=sa.Date)
    text: str = words(LONGEST_WORDS)
    observed_by: int = link("person.id", index=False)
    relation: Relation = choice(Relation)
    observed_at: datetime = moment()


class ObservationAnswer(SQLModel, table=True):
    """What somebody else says to an observation."""

    __tablename__ = "observation_answer"

    id: int | None = identity()
    learner_id: int = link("person.id", index=False)
    observation_id: int = link("observation.id")
    text: str = words(LONGEST_WORDS)
    answered_by: int = link("person.id", index=False)
    relation: Relation = choice(Relation)
    answered_at: datetime = moment()
