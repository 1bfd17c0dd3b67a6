"""One result of a learner on a day, and what the learner says it tells them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from learnpath.db import choice, identity, link, moment, number, words

LONGEST_NAME, LONGEST_NEED = 80, 500


class OutcomeKind(StrEnum):
    """What a result is about."""

    ACADEMIC = "academic"
    ATTENDANCE = "attendance"
    BEHAVIOUR = "behaviour"
    SOCIAL_EMOTIONAL = "social_emotional"


class Outcome(SQLModel, table=True):
    """A result: what was looked at, on which day, the value, and where it comes from.

    ``scale`` says how to read the value ("of 40", "of 20 days", "of 4 (1 never, 4 often)").
    """

    __tablename__ = "outcome"
    __table_args__ = (sa.Index("ix_outcome_learner_day", "learner_id", "day"),)

    id: int | None = identity()
    learner_id: int = link("person.id", index=False)
    day: date = Field(sa_type=sa.Date)
    kind: OutcomeKind = choice(OutcomeKind)
    measure: str = words(LONGEST_NAME)
    value: Decimal = number()
    scale: str = words(LONGEST_NAME, default="")
    source: str = words(LONGEST_NAME, default="")
    # Nobody: it came from a file.
    recorded_by: int | None = link("person.id", nullable=True, index=False)
    recorded_at: datetime = moment()


class StatedNeed(SQLModel, table=True):
    """A learner's answer to "What does this tell me I need?" Each answer is kept; the newest counts."""

    __tablename__ = "stated_need"

    id: int | None = identity()
    learner_id: int = link("person.id")
    outcome_id: int = link("outcome.id")
    text: str = words(LONGEST_NEED)
    stated_at: datetime = moment()
