"""The profile: blocks of a learner's own words with every revision, and the inventories that start it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from learnpath.db import choice, identity, json_field, link, moment, words, yes_no
from learnpath.record import Relation

BLOCKS = (
    "in_my_words", "strengths", "challenges", "interests", "what_helps", "needs", "hopes",
)  # fmt: skip


class Audience(StrEnum):
    """Who may see a block, each wider than the one before. Private comes first."""

    TEACHERS = "teachers"
    FAMILY = "family"
    CONFERENCE = "conference"


class Answer(StrEnum):
    """What a learner makes of a suggestion."""

    TAKEN = "taken"
    CHANGED = "changed"
    DECLINED = "declined"


class TipResult(StrEnum):
    """How it went when a tip was tried."""

    HELPED = "helped"
    A_BIT = "a_bit"
    NOT_THIS_TIME = "not_this_time"


class ProfileBlock(SQLModel, table=True):
    """One block of a profile as it stands now: its lines, and who may see it."""

    __tablename__ = "profile_block"
    __table_args__ = (sa.UniqueConstraint("learner_id", "key"),)

    id: int | None = identity()
    learner_id: int = link("person.id", index=False)
    key: str = words(40)
    lines: list[str] = json_field(default_factory=list)
    # Counts the revisions: a form carries the one that the person saw.
    number: int = Field(default=0)
    audience: Audience = choice(Audience, default=Audience.TEACHERS)
    changed_at: datetime = moment()


class ProfileRevision(SQLModel, table=True):
    """A block as it was saved once: who, when, and what changed in the learner. Never changed."""

    __tablename__ = "profile_revision"
    __table_args__ = (sa.UniqueConstraint("block_id", "number"),)

    id: int | None = identity()
    block_id: int = link("profile_block.id", index=False)
    learner_id: int = link("person.id")
    number: int
    lines: list[str] = json_field()
    what_changed: str = words(300, default="")
    author_id: int = link("person.id", index=False)
    relation: Relation = choice(Relation)
    at: datetime = moment()


class CarriedLine(SQLModel, table=True):
    """What a teacher and the learner said about taking a hard line over to new teachers.

    ``key`` is that of the line (``visible.entry_key``): its words are not here a second time.
    """

    __tablename__ = "profile_carried"
    __table_args__ = (sa.UniqueConstraint("learner_id", "key"),)

    id: int | None = identity()
    learner_id: int = link("person.id", index=False)
    key: str = words(60)
    teacher_id: int | None = link("person.id", nullable=True, index=False)
    teacher_at: datetime | None = moment(nullable=True)
    # True: it still holds and new teachers may see it. False: it still holds, and it is mine.
    learner_says: bool | None = Field(default=None, sa_type=sa.Boolean, nullable=True)
    learner_at: datetime | None = moment(nullable=True)
    # No teacher who knew it is left, and the learner shows it nevertheless.
    alone: bool = yes_no()


class ProfileNote(SQLModel, table=True):
    """What a teacher noticed about a learner's profile on a day. The learner reads it, and may answer."""

    __tablename__ = "profile_note"

    id: int | None = identity()
    learner_id: int = link("person.id")
    block: str = words(40)
    text: str = words(300)
    day: date = Field(sa_type=sa.Date)
    author_id: int = link("person.id", index=False)
    relation: Relation = choice(Relation)
    at: datetime = moment()
    reply: str = words(300, default="")
    replied_at: datetime | None = moment(nullable=True)


class InventoryRun(SQLModel, table=True):
    """A learner answers an inventory, over as many sittings as it takes."""

    __tablename__ = "inventory_run"

    id: int | None = identity()
    learner_id: int = link("person.id")
    inventory: str = words(80)
    version: int
    # The step to go on with.
    step: int = Field(default=1)
    started_at: datetime = moment()
    finished_at: datetime | None = moment(nullable=True)


class InventoryAnswer(SQLModel, table=True):
    """The answer to one question of a run: the chosen cards, own words, or nothing when skipped."""

    __tablename__ = "inventory_answer"
    __table_args__ = (sa.UniqueConstraint("run_id", "question"),)

    id: int | None = identity()
    run_id: int = link("inventory_run.id", index=False)
    learner_id: int = link("person.id")
    question: str = words(80)
    value: Any = json_field()
    at: datetime = moment()


class ProfileSuggestion(SQLModel, table=True):
    """A line that somebody else would add to a block. Only the learner puts it there, or does not."""

    __tablename__ = "profile_suggestion"

    id: int | None = identity()
    learner_id: int = link("person.id")
    block: str = words(40)
    text: str = words(300)
    author_id: int = link("person.id", index=False)
    relation: Relation = choice(Relation)
    at: datetime = moment()
    answer: Answer | None = choice(Answer, default=None, nullable=True)
    reply: str = words(300, default="")
    answered_at: datetime | None = moment(nullable=True)


class TipTry(SQLModel, table=True):
    """A tip of the profile was tried: by whom, when, and how it went. A profile is full of experiments."""

    __tablename__ = "tip_try"

    id: int | None = identity()
    learner_id: int = link("person.id")
    block: str = words(40)
    tip: str = words(300)
    result: TipResult = choice(TipResult)
    note: str = words(300, default="")
    author_id: int = link("person.id", index=False)
    relation: Relation = choice(Relation)
    at: datetime = moment()


class PeerInvitation(SQLModel, table=True):
    """A learner lets one other learner read one block, until it is taken back."""

    __tablename__ = "peer_invitation"

    id: int | None = identity()
    learner_id: int = link("person.id")
    block: str = words(40)
    peer_id: int = link("person.id")
    invited_at: datetime = moment()
    revoked_at: datetime | None = moment(nullable=True)
