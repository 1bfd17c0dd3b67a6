"""What people say themselves: their mark, what they saw, and where they put the other twelve strands."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from learnpath.continuum.columns import Column
from learnpath.db import choice, identity, json_field, link, moment, words
from learnpath.record.verbs import Relation

LONGEST_WORDS = 500
LONGEST_EVIDENCE = 2000
LONGEST_STEP = 200


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


class Scope(StrEnum):
    """Whose practice a reflection is about."""

    OWN = "own"
    TEAM = "team"
    CLASS = "class"
    SCHOOL = "school"


class PracticeReflection(SQLModel, table=True):
    """Where somebody puts a strand today, what they saw, and where it is to go by when.

    Written once; what comes later is a new reflection, or the look back. ``place`` and ``target`` are columns.
    """

    __tablename__ = "practice_reflection"
    __table_args__ = (
        sa.Index("ix_practice_reflection_school_strand", "school_id", "strand"),
        sa.CheckConstraint("(target IS NULL) = (target_day IS NULL)", name="target_has_day"),
        sa.CheckConstraint("(scope = 'class') = (class_id IS NOT NULL)", name="class_named"),
    )

    id: int | None = identity()
    school_id: int = link("school.id", index=False)
    owner_id: int = link("person.id")
    relation: Relation = choice(Relation)
    strand: str = words(40)
    scope: Scope = choice(Scope)
    class_id: int | None = link("school_class.id", nullable=True)
    place: Column = choice(Column)
    evidence: str = words(LONGEST_EVIDENCE)
    target: Column | None = choice(Column, default=None, nullable=True)
    target_day: date | None = Field(default=None, sa_type=sa.Date)
    reflected_at: datetime = moment()
    looked_back: str = words(LONGEST_EVIDENCE, default="")
    looked_back_at: datetime | None = moment(nullable=True)


class PracticeStep(SQLModel, table=True):
    """One thing to do on the way to the target: what, who, by when."""

    __tablename__ = "practice_step"

    id: int | None = identity()
    reflection_id: int = link("practice_reflection.id")
    text: str = words(LONGEST_STEP)
    owner: str = words(80, default="")
    due: date | None = Field(default=None, sa_type=sa.Date)
    done_at: datetime | None = moment(nullable=True)


class CountsRelease(SQLModel, table=True):
    """The counts of a school for a reporting day, as they were first shown, small groups already withheld.

    Kept, so that they never change: a later version of the same counts would tell what one child did, or
    where one stood whose record was erased.
    """

    __tablename__ = "counts_release"
    __table_args__ = (sa.UniqueConstraint("school_id", "day"),)

    id: int | None = identity()
    school_id: int = link("school.id", index=False)
    day: date = Field(sa_type=sa.Date)
    counts: dict[str, Any] = json_field()
    released_at: datetime = moment()


class SharedPosition(SQLModel, table=True):
    """What the learner or a teacher shared with the family: the places of a day, as they were.

    ``places`` holds keys only; the words are chosen when somebody reads it, in their language. The newest
    that was not taken back is what the family reads.
    """

    __tablename__ = "shared_position"

    id: int | None = identity()
    learner_id: int = link("person.id")
    as_of: date = Field(sa_type=sa.Date)
    places: dict[str, Any] = json_field()
    shared_by: int = link("person.id", index=False)
    relation: Relation = choice(Relation)
    shared_at: datetime = moment()
    taken_back_at: datetime | None = moment(nullable=True)
