"""Accounts elsewhere that belong to persons here, and answers of issuers that were taken."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import SQLModel

from learnpath.db import choice, identity, link, moment, words


class LinkedHow(StrEnum):
    """By which rule of the school an account was tied to a person."""

    ROSTER_ADDRESS = "roster_address"
    ONE_TIME_CODE = "one_time_code"


class OutsideIdentity(SQLModel, table=True):
    """An account at an issuer and the person whose it is. A person has one account at each issuer."""

    __tablename__ = "outside_identity"
    __table_args__ = (
        sa.UniqueConstraint("issuer", "subject"),
        sa.UniqueConstraint("issuer", "person_id"),
    )

    id: int | None = identity()
    issuer: str = words(255)
    subject: str = words(255)
    person_id: int = link("person.id")
    linked_at: datetime = moment()
    linked_how: LinkedHow = choice(LinkedHow)


class AnsweredSignOn(SQLModel, table=True):
    """An answer of an issuer that somebody came in with: it opens nothing a second time."""

    __tablename__ = "answered_sign_on"

    nonce_sha256: str = words(64, primary_key=True)
    at: datetime = moment(index=True)
