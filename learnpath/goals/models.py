"""Goals: what a learner wants, how it was agreed, and what happened week by week.

A version is written once. What the learner types before the first version stands in ``Goal.draft``.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from learnpath.db import (
    choice,
    identity,
    json_field,
    link,
    moment,
    number as exact_number,
    words,
    yes_no,
)
from learnpath.goals.trend import Direction, Measure
from learnpath.record import Relation


class GoalState(StrEnum):
    """Where a goal stands. How it may move is in ``goals.states``."""

    DRAFT = "draft"
    WITH_TEACHER = "with_teacher"
    TALK = "talk"
    WITH_LEARNER = "with_learner"
    AGREED = "agreed"
    REACHED = "reached"
    CLOSED = "closed"
    CARRIED_ON = "carried_on"


class GoalKind(StrEnum):
    """Whether a goal began as one learner's own or as a class's."""

    INDIVIDUAL = "individual"
    GROUP = "group"


class Confidence(StrEnum):
    """What a learner says about the size of the step: achievable and rigorous in one answer."""

    ALREADY = "already"
    WITH_WORK = "with_work"
    NOT_SURE = "not_sure"


class GoalPart(StrEnum):
    """A part of a goal that can be suggested about and answered on its own."""

    WHAT = "what"
    WHY = "why"
    NOW = "now"
    MEASURE = "measure"
    TARGET = "target"
    WHEN = "when"
    WEEKLY = "weekly"
    OBSTACLE = "obstacle"
    HELPER = "helper"


class ChangeReason(StrEnum):
    """Why a goal or a strategy was changed: all of them are good reasons."""

    LEARNED = "learned"
    TOO_BIG = "too_big"
    TOO_EASY = "too_easy"
    LIFE = "life"
    NOT_IMPORTANT = "not_important"
    IDEA = "idea"
    OTHER = "other"


class SignatureAct(StrEnum):
    """A signature is given, and may be taken back for a short while. Both are rows of their own."""

    SIGNED = "signed"
    WITHDRAWN = "withdrawn"


class Answer(StrEnum):
    """What became of a suggestion."""

    KEPT_MINE = "kept_mine"
    USED_IT = "used_it"
    WROTE_NEW = "wrote_new"


class MessageKind(StrEnum):
    """What a word in the conversation about a goal is."""

    COMMENT = "comment"
    QUESTION = "question"
    TALK_PLANNED = "talk_planned"
    TALK_NOTED = "talk_noted"


class Feel(StrEnum):
    """How the week felt."""

    SMOOTH = "smooth"
    BUMPS = "bumps"
    STUCK = "stuck"


class GapReason(StrEnum):
    """Why there is no number this week. It is an answer like any other."""

    NO_CLASS = "no_class"
    SICK = "sick"
    TRAVEL = "travel"
    BREAK = "break"
    FORGOT = "forgot"
    OTHER = "other"


class FileKind(StrEnum):
    """What a kept file is."""

    JPEG = "jpeg"
    PNG = "png"
    PDF = "pdf"


class GroupGoal(SQLModel, table=True):
    """A goal that a teacher offers to a class or some of it: each learner takes it at an own size, or answers."""

    __tablename__ = "group_goal"

    id: int | None = identity()
    school_id: int = link("school.id")
    class_id: int = link("school_class.id")
    teacher_id: int = link("person.id", index=False)
    at: datetime = moment()
    # The same keys as ``Goal.draft``: each learner's draft begins with them.
    parts: dict[str, Any] = json_field()
    # The learners of a small group; empty for the whole class, whoever comes to learn in it.
    for_ids: list[int] = json_field(default_factory=list)
    closed_at: datetime | None = moment(nullable=True)


class Goal(SQLModel, table=True):
    """One goal of one learner, whatever became of it."""

    __tablename__ = "goal"
    __table_args__ = (
        sa.Index("ix_goal_learner_state", "learner_id", "state"),
        sa.CheckConstraint("newest_number >= 0", name="newest_counted"),
        sa.CheckConstraint(
            "agreed_number IS NULL OR agreed_number BETWEEN 1 AND newest_number",
            name="agreed_is_a_version",
        ),
        sa.CheckConstraint(
            "state <> 'agreed' OR agreed_number = newest_number", name="agreed_is_newest"
        ),
    )

    id: int | None = identity()
    school_id: int = link("school.id")
    learner_id: int = link("person.id", index=False)
    state: GoalState = choice(GoalState, default=GoalState.DRAFT)
    kind: GoalKind = choice(GoalKind, default=GoalKind.INDIVIDUAL)
    drafted_by: Relation = choice(Relation)
    started_by_id: int = link("person.id", index=False)
    started_at: datetime = moment()
    # The state is what it is since then: queues show who waits for whom, and since when.
    since: datetime = moment()
    group_goal_id: int | None = link("group_goal.id", nullable=True)
    follows_id: int | None = link("goal.id", nullable=True)
    newest_number: int = Field(default=0)
    agreed_number: int | None = Field(default=None)
    shared_with_family: bool = yes_no()
    # What is being written: the first draft, or a change to an agreed goal. Keys as in ``GoalVersion``,
    # values as typed.
    draft: dict[str, Any] | None = json_field(default=None, nullable=True)
    ended_at: datetime | None = moment(nullable=True)
    closing_words: str = words(1000, default="")

    @property
    def key(self) -> int:
        """The id of a goal that was flushed."""
        if self.id is None:
            raise ValueError("the goal was not flushed")
        return self.id


class GoalVersion(SQLModel, table=True):
    """The whole text of a goal at one moment. Never changed: a change is the next version."""

    __tablename__ = "goal_version"
    __table_args__ = (
        sa.UniqueConstraint("goal_id", "number"),
        sa.CheckConstraint("number >= 1", name="number_from_one"),
        sa.CheckConstraint("due >= starts", name="dates_in_order"),
        sa.CheckConstraint("length(sha256) = 64", name="hash_whole"),
    )

    id: int | None = identity()
    goal_id: int = link("goal.id", index=False)
    learner_id: int = link("person.id")
    number: int
    author_id: int = link("person.id", index=False)
    relation: Relation = choice(Relation)
    at: datetime = moment()
    # Why this version differs from the one before.
    reason: ChangeReason | None = choice(ChangeReason, default=None, nullable=True)
    reason_words: str = words(400, default="")

    what: str = words(300)
    why: str = words(600, default="")
    can_now: str = words(300, default="")
    # None: not known yet, to be measured in the first week.
    baseline: Decimal | None = exact_number(nullable=True)
    measure: Measure = choice(Measure)
    unit: str = words(60, default="")
    source: str = words(200, default="")
    # The steps of a rubric in the learner's words, lowest first; a value is a place in this list.
    levels: list[str] = json_field()
    direction: Direction = choice(Direction, default=Direction.INCREASE)
    target: Decimal = exact_number()
    # For "keep": the range to stay in; the target is its lower end.
    target_high: Decimal | None = exact_number(nullable=True)
    highest: Decimal | None = exact_number(nullable=True)
    confidence: Confidence | None = choice(Confidence, default=None, nullable=True)
    doable: str = words(400, default="")
    stretch: str = words(400, default="")
    starts: date = Field(sa_type=sa.Date)
    due: date = Field(sa_type=sa.Date)
    actions: list[str] = json_field()
    obstacle: str = words(300, default="")
    plan: str = words(300, default="")
    helpers: list[str] = json_field()
    helper_how: str = words(300, default="")
    # What of the profile it builds on: [{"key", "block", "text", "cited_by"}], as it read then.
    builds_on: list[dict[str, str]] = json_field()
    competency: str = words(120, default="")
    language: str = words(5, default="en")
    # Whose words stand in it: the author's, and those of everybody whose suggestion was used.
    shaped_by: list[str] = json_field()
    sha256: str = words(64)


class GoalSignature(SQLModel, table=True):
    """Somebody put their name to one version, having seen exactly these words."""

    __tablename__ = "goal_signature"
    __table_args__ = (sa.CheckConstraint("length(sha256) = 64", name="hash_whole"),)

    id: int | None = identity()
    goal_id: int = link("goal.id")
    learner_id: int = link("person.id")
    number: int
    relation: Relation = choice(Relation)
    signer_id: int = link("person.id", index=False)
    act: SignatureAct = choice(SignatureAct, default=SignatureAct.SIGNED)
    at: datetime = moment()
    sha256: str = words(64)
    # How the canonical JSON is made; kept for as long as a signature made that way is.
    canon: int = Field(default=1)


class GoalBasis(SQLModel, table=True):
    """School data that a version of a goal rests on: a value, or what the learner wrote that it tells.

    The value itself stays in its own room, where it can be replaced or taken back. Which one it was is a part
    of what both sign.
    """

    __tablename__ = "goal_basis"
    __table_args__ = (
        sa.Index("ix_goal_basis_goal_number", "goal_id", "number"),
        sa.CheckConstraint("number >= 1", name="number_from_one"),
    )

    id: int | None = identity()
    goal_id: int = link("goal.id", index=False)
    learner_id: int = link("person.id")
    number: int
    outcome_id: int = link("outcome.id")
    # Set when it is the learner's own words about the value.
    need_id: int | None = link("stated_need.id", nullable=True)
    cited_by: Relation = choice(Relation)


class GoalSuggestion(SQLModel, table=True):
    """Another wording for one part of a goal. The learner decides what becomes of it."""

    __tablename__ = "goal_suggestion"

    id: int | None = identity()
    goal_id: int = link("goal.id")
    learner_id: int = link("person.id")
    number: int
    part: GoalPart = choice(GoalPart)
    relation: Relation = choice(Relation)
    # Nobody stands behind what came through a family link.
    author_id: int | None = link("person.id", nullable=True, index=False)
    at: datetime = moment()
    # What the part would be, as typed: a number, a date or words.
    text: str = words(400)
    sentence: str = words(300, default="")
    answer: Answer | None = choice(Answer, default=None, nullable=True)
    answered_at: datetime | None = moment(nullable=True)


class GoalMessage(SQLModel, table=True):
    """A word in the conversation about a goal."""

    __tablename__ = "goal_message"

    id: int | None = identity()
    goal_id: int = link("goal.id")
    learner_id: int = link("person.id")
    kind: MessageKind = choice(MessageKind, default=MessageKind.COMMENT)
    relation: Relation = choice(Relation)
    author_id: int | None = link("person.id", nullable=True, index=False)
    at: datetime = moment()
    text: str = words(1000)
    language: str = words(5, default="en")
    talk_on: date | None = Field(default=None, sa_type=sa.Date)
    # An answer that a family reads by its link, though the goal itself is not shared.
    for_family: bool = yes_no()


class CheckIn(SQLModel, table=True):
    """One school week of a goal: a value, or why there is none. A correction is a row of its own."""

    __tablename__ = "check_in"
    __table_args__ = (
        sa.Index(
            "uq_check_in_goal_week", "goal_id", "week", unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        ),
        sa.CheckConstraint(
            "(value IS NULL) <> (gap IS NULL)", name="value_or_gap"
        ),
    )  # fmt: skip

    id: int | None = identity()
    goal_id: int = link("goal.id")
    learner_id: int = link("person.id")
    week: date = Field(sa_type=sa.Date)
    value: Decimal | None = exact_number(nullable=True)
    feel: Feel | None = choice(Feel, default=None, nullable=True)
    gap: GapReason | None = choice(GapReason, default=None, nullable=True)
    line: str = words(280, default="")
    relation: Relation = choice(Relation)
    decided_by: Relation = choice(Relation)
    entered_by_id: int = link("person.id", index=False)
    at: datetime = moment()
    added_later: bool = yes_no()
    wants_talk: bool = yes_no()
    corrects_id: int | None = link("check_in.id", nullable=True)
    replaced_at: datetime | None = moment(nullable=True)


class Evidence(SQLModel, table=True):
    """A piece of the learner's work, given with a check-in: a link to it, or a file.

    A file lies in the file store under a random name. When it is removed the row stays, and says nothing of it.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        sa.UniqueConstraint("file_key"),
        sa.CheckConstraint(
            "CASE WHEN removed_at IS NULL THEN (url <> '') <> (file_key IS NOT NULL)"
            " ELSE url = '' AND file_key IS NULL AND file_name = '' END",
            name="link_or_file_or_gone",
        ),
    )

    id: int | None = identity()
    goal_id: int = link("goal.id")
    learner_id: int = link("person.id")
    check_in_id: int = link("check_in.id", index=False)
    week: date = Field(sa_type=sa.Date)
    at: datetime = moment()
    url: str = words(500, default="")
    file_key: str | None = words(32, default=None, nullable=True)
    file_name: str = words(120, default="")
    file_kind: FileKind | None = choice(FileKind, default=None, nullable=True)
    file_bytes: int | None = Field(default=None)
    file_sha256: str = words(64, default="")
    removed_at: datetime | None = moment(nullable=True)

    @property
    def is_picture(self) -> bool:
        """Whether there is a small picture of it."""
        return self.file_key is not None and self.file_kind is not FileKind.PDF


class StrategyChange(SQLModel, table=True):
    """What a learner does from now on instead. The goal stays; the way there changes."""

    __tablename__ = "strategy_change"

    id: int | None = identity()
    goal_id: int = link("goal.id")
    learner_id: int = link("person.id")
    author_id: int = link("person.id", index=False)
    relation: Relation = choice(Relation)
    at: datetime = moment()
    week: date = Field(sa_type=sa.Date)
    text: str = words(400)
    reason: ChangeReason = choice(ChangeReason)
    reason_words: str = words(400, default="")


class Reflection(SQLModel, table=True):
    """An answer of the learner to a question about their own work."""

    __tablename__ = "reflection"

    id: int | None = identity()
    goal_id: int = link("goal.id")
    learner_id: int = link("person.id")
    at: datetime = moment()
    # Which question; "trend" for the progress said in own words.
    prompt: str = words(40)
    text: str = words(1200)
    language: str = words(5, default="en")


class GrowthBand(SQLModel, table=True):
    """What a teacher says about a class: how much more a week is usual, and how much is ambitious."""

    __tablename__ = "growth_band"
    __table_args__ = (sa.UniqueConstraint("class_id", "measure", "unit"),)

    id: int | None = identity()
    class_id: int = link("school_class.id", index=False)
    measure: Measure = choice(Measure)
    # In small letters, as units are compared; empty for every unit of that measure.
    unit: str = words(60, default="")
    usual: Decimal = exact_number()
    ambitious: Decimal = exact_number()
    set_by_id: int = link("person.id", index=False)
    at: datetime = moment()
