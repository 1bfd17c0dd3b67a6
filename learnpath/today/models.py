"""What a teacher did about a name on the first page: a talk was had, or it can wait for a week."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from learnpath.db import choice, identity, link, moment
from learnpath.today.reasons import Why


class Settled(StrEnum):
    """What was done about a reason to see somebody."""

    TALK_NOTED = "talk_noted"
    SNOOZED = "snoozed"


class Snooze(SQLModel, table=True):
    """A teacher's own page leaves a learner out until a day. The reason is kept; nobody else sees it."""

    __tablename__ = "snooze"
    __table_args__ = (sa.Index("ix_snooze_teacher_until", "teacher_id", "until"),)

    id: int | None = identity()
    teacher_id: int = link("person.id", index=False)
    learner_id: int = link("person.id")
    why: Why = choice(Why)
    settled: Settled = choice(Settled)
    at: datetime = moment()
    until: date = Field(sa_type=sa.Date)
