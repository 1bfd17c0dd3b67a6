"""One result of a learner on a day, and what the learner says it tells them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel, col

from learnpath.db import choice, identity, json_field, link, moment, number, words

LONGEST_NAME, LONGEST_NEED = 80, 500
LARGEST = Decimal(1_000_000)
OLDEST = timedelta(days=366 * 15)


class OutcomeKind(StrEnum):
    """What a result is about."""

    ACADEMIC = "academic"
    ATTENDANCE = "attendance"
    BEHAVIOUR = "behaviour"
    SOCIAL_EMOTIONAL = "social_emotional"


class Outcome(SQLModel, table=True):
    """A result: what was looked at, on which day, the value, and where it comes from.

    ``scale`` says how to read the value ("of 40", "of 20 days", "of 4 (1 never, 4 often)"). A value that
    a file brought names its import and its line; a value that was typed has neither. Nothing is deleted: a newer value
    replaces an older one, and what an import brought is withdrawn when the import is undone.
    """

    __tablename__ = "outcome"
    __table_args__ = (sa.Index("ix_outcome_learner_day", "learner_id", "day"),)

    id: int | None = identity()
    learner_id: int = link("person.id", index=False)
    day: date = Field(sa_type=sa.Date)
    kind: OutcomeKind = choice(OutcomeKind)
    measure: str = words(LONGEST_NAME)
    value: Decimal = number()
    # The highest possible value, where there is one.
    maximum: Decimal | None = number(nullable=True)
    scale: str = words(LONGEST_NAME, default="")
    source: str = words(LONGEST_NAME, default="")
    # What tells two values of one day apart, such as the number of an incident.
    reference: str = words(LONGEST_NAME, default="")
    # What the school's code for the value means in words.
    said: str = words(LONGEST_NAME, default="")
    run_id: int | None = link("import_run.id", nullable=True)
    file: str = words(LONGEST_NAME, default="")
    line: int | None = Field(default=None)
    # Nobody: it came from a file.
    recorded_by: int | None = link("person.id", nullable=True, index=False)
    recorded_at: datetime = moment()
    replaced_by: int | None = link("outcome.id", nullable=True)
    withdrawn_at: datetime | None = moment(nullable=True)


def stands() -> sa.ColumnElement[bool]:
    """Return, as SQL, that a value counts: no newer one took its place, and it was not withdrawn."""
    return sa.and_(col(Outcome.replaced_by).is_(None), col(Outcome.withdrawn_at).is_(None))


class StatedNeed(SQLModel, table=True):
    """A learner's answer to "What does this tell me I need?" Each answer is kept; the newest counts."""

    __tablename__ = "stated_need"

    id: int | None = identity()
    learner_id: int = link("person.id")
    outcome_id: int = link("outcome.id")
    text: str = words(LONGEST_NEED)
    stated_at: datetime = moment()


class SavedMapping(SQLModel, table=True):
    """What the columns of a file mean, as a school said it. A file with the same header is recognised by it."""

    __tablename__ = "outcome_mapping"
    __table_args__ = (sa.UniqueConstraint("school_id", "name"),)

    id: int | None = identity()
    school_id: int = link("school.id", index=False)
    name: str = words(LONGEST_NAME)
    header_sha256: str = words(64, default="", index=True)
    content: Any = json_field()
    saved_by: int | None = link("person.id", nullable=True, index=False)
    saved_at: datetime = moment()


class WaitingFile(SQLModel, table=True):
    """A file between its upload and the moment when it is brought in or let go. It stays no longer than a day."""

    __tablename__ = "outcome_file"

    id: int | None = identity()
    school_id: int = link("school.id")
    name: str = words(200)
    content: bytes = Field(sa_type=sa.LargeBinary)
    # The mapping that was chosen for it.
    mapping: Any = json_field(nullable=True, default=None)
    brought_by: int = link("person.id", index=False)
    brought_at: datetime = moment()


class SharedKind(SQLModel, table=True):
    """A learner lets the family see one kind of own data. Without a row it is for the learner and teachers."""

    __tablename__ = "outcome_shared_kind"

    learner_id: int = link("person.id", primary=True, index=False)
    kind: OutcomeKind = choice(OutcomeKind, primary_key=True)
    shared_at: datetime = moment()
