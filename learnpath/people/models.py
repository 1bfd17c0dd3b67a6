"""Persons, how they sign in, and their reading comfort."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from learnpath.db import choice, identity, link, moment, words, yes_no


class Hat(StrEnum):
    """As what a person uses the app just now. Rights never add up over hats."""

    LEARNER = "learner"
    TEACHER = "teacher"
    FAMILY = "family"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"


class SignInHow(StrEnum):
    """By which door somebody came in."""

    PASSWORD = "password"  # noqa: S105 - the name of a door
    BADGE = "badge"
    SIGN_ON = "sign_on"


class ClosedBy(StrEnum):
    """Who closed an account."""

    SCHOOL = "school"
    ROSTER = "roster"


class Language(StrEnum):
    """A language of the interface."""

    EN = "en"
    ES = "es"


class TextSize(StrEnum):
    """How large the letters are."""

    NORMAL = "normal"
    LARGE = "large"
    LARGER = "larger"


class Spacing(StrEnum):
    """How much room the letters, words and lines have."""

    NORMAL = "normal"
    WIDE = "wide"


class Theme(StrEnum):
    """Light, dark, or as the device says."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class Person(SQLModel, table=True):
    """Anybody the school knows. What they may do comes from their relationships, never from here."""

    __tablename__ = "person"

    id: int | None = identity()
    school_id: int = link("school.id")
    given_name: str = words(80)
    family_name: str = words(80)
    # What people are called in the app: "Linh", "Ms. Tran".
    called: str = words(80)
    pronouns: str = words(40, default="")
    say_it: str = words(80, default="")
    language: Language = choice(Language, default=Language.EN)
    # How far the grade-band wording goes down: grades 2 to 5 get bigger targets and fewer words.
    grade: int | None = Field(default=None, sa_type=sa.SmallInteger)
    text_size: TextSize = choice(TextSize, default=TextSize.NORMAL)
    spacing: Spacing = choice(Spacing, default=Spacing.NORMAL)
    theme: Theme = choice(Theme, default=Theme.AUTO)
    left_at: datetime | None = moment(nullable=True)
    # Nobody signs in with a closed account. The person is here all the same, and so is the record.
    closed_by: ClosedBy | None = choice(ClosedBy, default=None, nullable=True)

    __table_args__ = (
        sa.CheckConstraint("grade IS NULL OR grade BETWEEN 0 AND 12", name="grade_known"),
    )

    @property
    def full_name(self) -> str:
        """Given name and family name."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def younger(self) -> bool:
        """Whether the pages for grades 2 to 5 fit this person."""
        return self.grade is not None and self.grade <= 5


class Credential(SQLModel, table=True):
    """A username and the Argon2id hash of a password."""

    __tablename__ = "credential"

    person_id: int = link("person.id", primary=True, index=False)
    username: str = words(80, unique=True)
    password_hash: str = words(200)
    changed_at: datetime = moment()


class SignIn(SQLModel, table=True):
    """One signed-in browser. It ends here, whatever cookie somebody kept."""

    __tablename__ = "sign_in"

    id: int | None = identity()
    person_id: int = link("person.id")
    token_sha256: str = words(64, unique=True)
    hat: Hat = choice(Hat)
    how: SignInHow = choice(SignInHow, default=SignInHow.PASSWORD)
    # On a device that others use after this person: it rests sooner.
    shared: bool = yes_no()
    # During a class routine on a shared device: it opens the check-in and nothing else.
    device_id: int | None = link("shared_device.id", nullable=True)
    started_at: datetime = moment()
    seen_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)


class SignInTry(SQLModel, table=True):
    """A try to sign in that did not succeed, kept a short while to slow guessing down.

    ``who`` is a digest of the username or of the address, never the thing itself.
    """

    __tablename__ = "sign_in_try"
    __table_args__ = (sa.Index("ix_sign_in_try_who_at", "who", "at"),)

    id: int | None = identity()
    who: str = words(64)
    at: datetime = moment()


class Badge(SQLModel, table=True):
    """A printed card with which a learner begins to sign in. The database holds nothing to print it again.

    ``code_start`` finds a typed code, and ``code_hash`` proves the rest of it.
    """

    __tablename__ = "badge"
    __table_args__ = (
        sa.Index(
            "uq_badge_standing", "learner_id", unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        ),
    )  # fmt: skip

    id: int | None = identity()
    learner_id: int = link("person.id", index=False)
    token_sha256: str = words(64, unique=True)
    code_start: str = words(4, index=True)
    code_hash: str = words(200)
    issued_by_id: int | None = link("person.id", nullable=True, index=False)
    issued_at: datetime = moment()
    revoked_at: datetime | None = moment(nullable=True)


class SecretPictures(SQLModel, table=True):
    """The pictures that a learner presses after showing the badge, as a slow hash."""

    __tablename__ = "secret_pictures"

    learner_id: int = link("person.id", primary=True, index=False)
    secret_hash: str = words(200)
    chosen_at: datetime = moment()
    # Wrong tries since the last right one, from wherever they came.
    wrong_tries: int = Field(default=0, sa_type=sa.SmallInteger)


class PictureStart(SQLModel, table=True):
    """A teacher lets the learners of a class choose their pictures, with a number that stands on the board."""

    __tablename__ = "picture_start"

    id: int | None = identity()
    class_id: int = link("school_class.id")
    code_hash: str = words(200)
    opened_by_id: int | None = link("person.id", nullable=True, index=False)
    opened_at: datetime = moment()
    ends_at: datetime = moment()


class OneTimeCode(SQLModel, table=True):
    """A printed code with which a person sets a new password, once."""

    __tablename__ = "one_time_code"

    id: int | None = identity()
    person_id: int = link("person.id")
    code_hash: str = words(200)
    issued_by_id: int | None = link("person.id", nullable=True, index=False)
    issued_at: datetime = moment()
    expires_at: datetime = moment()
    # Used, or replaced by a newer one: both end it.
    ended_at: datetime | None = moment(nullable=True)


class SharedDevice(SQLModel, table=True):
    """A device on which the learners of a class check in one after the other, for one lesson."""

    __tablename__ = "shared_device"

    id: int | None = identity()
    class_id: int = link("school_class.id")
    opened_by_id: int | None = link("person.id", nullable=True, index=False)
    token_sha256: str = words(64, unique=True)
    opened_at: datetime = moment()
    ends_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)
