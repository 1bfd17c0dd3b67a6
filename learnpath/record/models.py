"""The record's tables: one append-only stream of events, and its weekly roll-up."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from learnpath.db import choice, identity, link, moment, words
from learnpath.record.verbs import Relation, Verb


class Event(SQLModel, table=True):
    """Somebody did something. Written once, in the transaction of the change that it tells of."""

    __tablename__ = "event"
    __table_args__ = (
        sa.UniqueConstraint("chain", "seq"),
        sa.Index("ix_event_learner_at", "learner_id", "at"),
        sa.CheckConstraint("seq >= 1", name="seq_from_one"),
        sa.CheckConstraint("length(hash) = 64", name="hash_whole"),
    )

    id: int | None = identity()
    chain: str = words(40)
    seq: int = Field(sa_type=sa.BigInteger)
    at: datetime = moment()
    school_id: int = link("school.id")
    learner_id: int | None = link("person.id", nullable=True, index=False)
    # No person stands behind an event that came through a family link.
    actor_id: int | None = link("person.id", nullable=True)
    relation: Relation = choice(Relation)
    decided_by: Relation = choice(Relation)
    verb: Verb = choice(Verb)
    object_type: str = words(40)
    object_id: int = Field(sa_type=sa.BigInteger)
    payload: str = Field(sa_type=sa.Text)
    payload_sha256: str = words(64)
    previous_hash: str = words(64)
    hash: str = words(64)


class ChainHead(SQLModel, table=True):
    """The newest link of a chain. Its row is the lock that orders the writers of one learner."""

    __tablename__ = "chain_head"

    chain: str = words(40, primary_key=True)
    seq: int = Field(sa_type=sa.BigInteger)
    hash: str = words(64)


class EvidenceWeek(SQLModel, table=True):
    """How many facts of a kind a learner's school week holds: what reports group over."""

    __tablename__ = "evidence_week"
    __table_args__ = (sa.Index("ix_evidence_week_school_week", "school_id", "week"),)

    learner_id: int = link("person.id", primary=True, index=False)
    week: date = Field(primary_key=True, sa_type=sa.Date)
    verb: Verb = choice(Verb, primary_key=True)
    decided_by: Relation = choice(Relation, primary_key=True)
    qualifier: str = words(120, primary_key=True)
    # The thing that the facts are about ("goal:7"), and the week in which the record was told of them.
    thing: str = words(62, primary_key=True)
    told: date = Field(primary_key=True, sa_type=sa.Date)
    school_id: int = link("school.id", index=False)
    facts: int
