"""Conferences and what grows out of them: cards, picks, promises, the frozen summary, family links."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from learnpath.db import choice, identity, json_field, link, moment, words, yes_no
from learnpath.people.models import Language
from learnpath.record import Relation

LONGEST_LINE, LONGEST_TEXT = 300, 1500


class ConferenceState(StrEnum):
    """Where a conference stands."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    HELD = "held"
    CALLED_OFF = "called_off"


class View(StrEnum):
    """How the teacher sees what the learner thinks the teacher would say."""

    AGREES = "agrees"
    DIFFERENTLY = "differently"


class PromiseState(StrEnum):
    """What became of a promise, in the words of who looks back."""

    NOT_YET = "not_yet"
    DOING_IT = "doing_it"
    DONE = "done"
    CHANGED = "changed"


class Understood(StrEnum):
    """Whether the family understood what their child works on."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Leader(StrEnum):
    """Who led a card. A card that was skipped counts for nobody."""

    LEARNER = "learner"
    TOGETHER = "together"
    TEACHER = "teacher"
    SKIPPED = "skipped"


class Conference(SQLModel, table=True):
    """One conference of one learner: when it is, what the learner prepared, what the teacher answers.

    ``number`` counts the learner's saves and ``teacher_number`` the teacher's: a form carries the one it saw.
    """

    __tablename__ = "conference"
    __table_args__ = (
        sa.Index("ix_conference_learner_starts", "learner_id", "starts_at"),
        sa.CheckConstraint("minutes BETWEEN 5 AND 120", name="minutes_sensible"),
    )

    id: int | None = identity()
    school_id: int = link("school.id")
    learner_id: int = link("person.id", index=False)
    planned_by: int | None = link("person.id", nullable=True, index=False)
    template: str = words(20)
    starts_at: datetime = moment()
    minutes: int = Field(sa_type=sa.SmallInteger)
    place: str = words(120, default="")
    # How often day, time or place changed: calendars tell by it which file is the newer one.
    moves: int = Field(default=0, sa_type=sa.Integer)
    state: ConferenceState = choice(ConferenceState, default=ConferenceState.PLANNED)
    number: int = Field(default=0, sa_type=sa.Integer)

    own_words: str = words(LONGEST_TEXT, default="")
    hard_what: str = words(LONGEST_TEXT, default="")
    hard_tried: str = words(LONGEST_TEXT, default="")
    hard_need: str = words(LONGEST_TEXT, default="")
    teacher_would_say: str = words(LONGEST_TEXT, default="")
    # Lines of the profile as they stood when they were chosen: [{"key", "block", "text"}].
    lines: Any = json_field(default_factory=list)
    # Ids of the goals that are shown, in order.
    goal_ids: Any = json_field(default_factory=list)
    no_goal_to_show: bool = yes_no()
    rehearsed_at: datetime | None = moment(nullable=True)
    ready_at: datetime | None = moment(nullable=True)

    teacher_number: int = Field(default=0, sa_type=sa.Integer)
    teacher_view: View | None = choice(View, default=None, nullable=True)
    teacher_view_words: str = words(LONGEST_TEXT, default="")
    teacher_words: str = words(LONGEST_TEXT, default="")
    answered_by: int | None = link("person.id", nullable=True, index=False)
    answered_at: datetime | None = moment(nullable=True)

    begun_at: datetime | None = moment(nullable=True)
    held_at: datetime | None = moment(nullable=True)
    # Relations that were there: a list such as ["learner", "teacher", "family"].
    present: Any = json_field(default_factory=list)
    family_names: str = words(200, default="")


class ConferenceWindow(SQLModel, table=True):
    """The days in which a class, or without a class a whole school, has its conferences."""

    __tablename__ = "conference_window"
    __table_args__ = (sa.CheckConstraint("last_day >= first_day", name="in_order"),)

    id: int | None = identity()
    school_id: int = link("school.id")
    class_id: int | None = link("school_class.id", nullable=True)
    first_day: date = Field(sa_type=sa.Date)
    last_day: date = Field(sa_type=sa.Date)
    opened_by: int | None = link("person.id", nullable=True, index=False)
    opened_at: datetime = moment()


class Slot(SQLModel, table=True):
    """A time that a teacher offers. Once a family chose it, it holds the conference."""

    __tablename__ = "conference_slot"
    __table_args__ = (
        sa.UniqueConstraint("teacher_id", "starts_at"),
        sa.UniqueConstraint("conference_id"),
        sa.CheckConstraint("minutes BETWEEN 5 AND 120", name="minutes_sensible"),
    )

    id: int | None = identity()
    window_id: int = link("conference_window.id")
    teacher_id: int = link("person.id")
    starts_at: datetime = moment()
    minutes: int = Field(sa_type=sa.SmallInteger)
    place: str = words(120, default="")
    conference_id: int | None = link("conference.id", nullable=True, index=False)


class FamilyWish(SQLModel, table=True):
    """What a family says before the conference: its language, an interpreter, what it sees and hopes."""

    __tablename__ = "family_wish"
    __table_args__ = (sa.UniqueConstraint("conference_id", "guardian_id"),)

    id: int | None = identity()
    conference_id: int = link("conference.id", index=False)
    learner_id: int = link("person.id")
    guardian_id: int = link("person.id", index=False)
    speaks: str = words(40, default="")
    interpreter: bool = yes_no()
    sees: str = words(LONGEST_TEXT, default="")
    hope: str = words(LONGEST_TEXT, default="")
    at: datetime = moment()


class ConferenceCard(SQLModel, table=True):
    """One card of a conference, in the learner's order, with the learner's notes and who led it."""

    __tablename__ = "conference_card"
    __table_args__ = (sa.UniqueConstraint("conference_id", "key"),)

    id: int | None = identity()
    conference_id: int = link("conference.id", index=False)
    learner_id: int = link("person.id", index=False)
    key: str = words(40)
    position: int = Field(sa_type=sa.SmallInteger)
    notes: str = words(LONGEST_TEXT, default="")
    led_by: Leader | None = choice(Leader, default=None, nullable=True)


class WorkPiece(SQLModel, table=True):
    """A piece of work that the learner shows: what it is, what I did, what it shows."""

    __tablename__ = "conference_work"

    id: int | None = identity()
    conference_id: int = link("conference.id")
    learner_id: int = link("person.id", index=False)
    title: str = words(LONGEST_LINE)
    did: str = words(LONGEST_TEXT)
    shows: str = words(LONGEST_TEXT)
    position: int = Field(sa_type=sa.SmallInteger)


class Promise(SQLModel, table=True):
    """What somebody promised at a conference, until when, and what became of it."""

    __tablename__ = "promise"
    __table_args__ = (
        sa.UniqueConstraint("conference_id", "by_relation"),
        sa.Index("ix_promise_learner", "learner_id"),
    )

    id: int | None = identity()
    conference_id: int = link("conference.id", index=False)
    learner_id: int = link("person.id", index=False)
    by_relation: Relation = choice(Relation)
    who: str = words(80, default="")
    text: str = words(LONGEST_LINE, default="")
    due: date | None = Field(default=None, sa_type=sa.Date)
    read_back: bool = yes_no()
    state: PromiseState = choice(PromiseState, default=PromiseState.NOT_YET)


class PromiseLook(SQLModel, table=True):
    """A look back at a promise: what became of it by then."""

    __tablename__ = "promise_look"

    id: int | None = identity()
    promise_id: int = link("promise.id")
    learner_id: int = link("person.id", index=False)
    looked_by: int | None = link("person.id", nullable=True, index=False)
    relation: Relation = choice(Relation)
    at: datetime = moment()
    state: PromiseState = choice(PromiseState)
    note: str = words(LONGEST_LINE, default="")


class Summary(SQLModel, table=True):
    """What stays of a conference. The learner approves it, and from then on its content stands still.

    ``content`` is all that readers see, ``sha256`` the digest of its canonical JSON.
    """

    __tablename__ = "summary"
    __table_args__ = (
        sa.UniqueConstraint("conference_id"),
        sa.CheckConstraint("shared_at IS NULL OR approved_at IS NOT NULL", name="approved_first"),
    )

    id: int | None = identity()
    conference_id: int = link("conference.id", index=False)
    learner_id: int = link("person.id")
    in_my_words: str = words(LONGEST_TEXT, default="")
    content: Any = json_field(default_factory=dict)
    sha256: str = words(64, default="")
    approved_at: datetime | None = moment(nullable=True)
    shared_at: datetime | None = moment(nullable=True)
    shared_by: int | None = link("person.id", nullable=True, index=False)


class SummaryTranslation(SQLModel, table=True):
    """The words of one part of a summary in another language, by a person who is named."""

    __tablename__ = "summary_translation"
    __table_args__ = (sa.UniqueConstraint("summary_id", "part", "language"),)

    id: int | None = identity()
    summary_id: int = link("summary.id", index=False)
    learner_id: int = link("person.id", index=False)
    part: str = words(40)
    language: Language = choice(Language)
    text: str = words(LONGEST_TEXT)
    translated_by: str = words(80)
    added_by: int | None = link("person.id", nullable=True, index=False)
    at: datetime = moment()


class FamilyLink(SQLModel, table=True):
    """A link for one guardian to one conference: choosing its time, its summary and the answer to it.

    Before a time is chosen there is no conference yet; the link then belongs to the window. Only the digest
    of its token is kept.
    """

    __tablename__ = "family_link"
    __table_args__ = (
        sa.CheckConstraint(
            "conference_id IS NOT NULL OR window_id IS NOT NULL", name="opens_something"
        ),
    )

    id: int | None = identity()
    conference_id: int | None = link("conference.id", nullable=True)
    window_id: int | None = link("conference_window.id", nullable=True)
    learner_id: int = link("person.id", index=False)
    guardian_id: int = link("person.id")
    token_sha256: str = words(64, unique=True)
    language: Language = choice(Language)
    issued_by: int | None = link("person.id", nullable=True, index=False)
    issued_at: datetime = moment()
    expires_at: datetime = moment()
    revoked_at: datetime | None = moment(nullable=True)
    opened_count: int = Field(default=0, sa_type=sa.Integer)
    last_opened_at: datetime | None = moment(nullable=True)


class MessageKind(StrEnum):
    """Why a family is written to."""

    INVITATION = "invitation"
    SUMMARY_READY = "summary_ready"
    PROMISE_LOOK_BACK = "promise_look_back"


class Contact(SQLModel, table=True):
    """An e-mail address that an adult gave for messages about conferences. They may take it back."""

    __tablename__ = "contact"

    person_id: int = link("person.id", primary=True, index=False)
    email: str = words(200)
    # Whether they want the one message that looks back at promises after six weeks.
    look_back: bool = yes_no()
    at: datetime = moment()


class Message(SQLModel, table=True):
    """A message to one guardian that waits, is on its way, or is out: by e-mail or on paper, once.

    Neither its words nor its link are kept: both are made when it goes out. An invitation belongs to a
    window, every other message to a conference.
    """

    __tablename__ = "message"
    __table_args__ = (
        sa.UniqueConstraint("conference_id", "guardian_id", "kind"),
        sa.UniqueConstraint("window_id", "learner_id", "guardian_id"),
        sa.CheckConstraint(
            "(conference_id IS NULL) <> (window_id IS NULL)", name="about_one_thing"
        ),
    )

    id: int | None = identity()
    school_id: int = link("school.id", index=False)
    conference_id: int | None = link("conference.id", nullable=True, index=False)
    window_id: int | None = link("conference_window.id", nullable=True, index=False)
    learner_id: int = link("person.id")
    guardian_id: int = link("person.id", index=False)
    kind: MessageKind = choice(MessageKind)
    made_at: datetime = moment()
    tries: int = Field(default=0, sa_type=sa.SmallInteger)
    # Set just before it goes out. Without ``sent_at`` nobody knows whether it arrived: it is not sent twice.
    claimed_at: datetime | None = moment(nullable=True)
    sent_at: datetime | None = moment(nullable=True)
    printed_at: datetime | None = moment(nullable=True)
    # Why the last try did not work, in the mail server's kind of error, without addresses.
    trouble: str = words(120, default="")


class Feedback(SQLModel, table=True):
    """A family's answer to a summary. ``proud`` is for the child, ``question`` for the school only."""

    __tablename__ = "feedback"

    id: int | None = identity()
    summary_id: int = link("summary.id")
    learner_id: int = link("person.id")
    guardian_id: int = link("person.id", index=False)
    language: Language = choice(Language)
    understood: Understood = choice(Understood)
    proud: str = words(LONGEST_TEXT, default="")
    question: str = words(LONGEST_TEXT, default="")
    may_call: bool = yes_no()
    given_at: datetime = moment()
    glanced_at: datetime | None = moment(nullable=True)
    glanced_by: int | None = link("person.id", nullable=True, index=False)
    passed_on_at: datetime | None = moment(nullable=True)
    read_at: datetime | None = moment(nullable=True)
