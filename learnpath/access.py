"""Who may do what to which object: the one policy.

A permission is a row in ``RULES``: its alternatives, each a tie between the person and the object, with
a fact of the object itself where one is needed. The same rows give the SQL that loads a single object
and the SQL that filters a list, so that a page and a list cannot disagree. Nothing is allowed that
no row allows, and what is refused looks exactly like what is not there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col, select

from learnpath.errors import NotFound
from learnpath.people.models import Hat, Person
from learnpath.record import By, Relation
from learnpath.school.models import (
    Administration,
    Enrolment,
    Guardianship,
    Leadership,
    School,
    SchoolClass,
    Teaching,
)

Model = TypeVar("Model", bound=SQLModel)
Fact = Callable[[Any], ColumnElement[bool]]


class Can(StrEnum):
    """Everything that a route may ask leave for."""

    # profiles
    READ_PROFILE = "read_profile"
    WRITE_PROFILE = "write_profile"
    READ_INVENTORY = "read_inventory"
    SUGGEST_PROFILE = "suggest_profile"
    ACKNOWLEDGE_PROFILE = "acknowledge_profile"
    TRY_TIP = "try_tip"
    NOTE_PROFILE = "note_profile"
    CARRY_PROFILE = "carry_profile"
    READ_INVITED = "read_invited"
    # goals
    READ_GOAL = "read_goal"
    READ_GOALS = "read_goals"
    WRITE_GOAL = "write_goal"
    START_GOAL = "start_goal"
    ANSWER_GOAL = "answer_goal"
    COMMENT_GOAL = "comment_goal"
    SUGGEST_GOAL = "suggest_goal"
    OFFER_GOAL = "offer_goal"
    SIGN_GOAL = "sign_goal"
    CHECK_IN = "check_in"
    # outcomes
    READ_OUTCOMES = "read_outcomes"
    SHARE_OUTCOMES = "share_outcomes"
    STATE_NEED = "state_need"
    RECORD_OUTCOME = "record_outcome"
    # conferences
    READ_CONFERENCES = "read_conferences"
    READ_CONFERENCE = "read_conference"
    PLAN_CONFERENCE = "plan_conference"
    CHOOSE_TIME = "choose_time"
    PREPARE_CONFERENCE = "prepare_conference"
    ANSWER_CONFERENCE = "answer_conference"
    PRESENT_CONFERENCE = "present_conference"
    APPROVE_SUMMARY = "approve_summary"
    SHARE_SUMMARY = "share_summary"
    READ_SUMMARY = "read_summary"
    GIVE_FEEDBACK = "give_feedback"
    PASS_FEEDBACK_ON = "pass_feedback_on"
    READ_FEEDBACK = "read_feedback"
    LOOK_BACK = "look_back"
    # continuum
    READ_POSITION = "read_position"
    MARK_POSITION = "mark_position"
    READ_SHARED_POSITION = "read_shared_position"
    SHARE_POSITION = "share_position"
    OBSERVE = "observe"
    LOOK_BACK_AT_PRACTICE = "look_back_at_practice"
    # school and portability
    READ_LEARNER = "read_learner"
    RUN_CLASS = "run_class"
    SEE_SCHOOL = "see_school"
    ADMINISTER = "administer"
    EXPORT_RECORD = "export_record"


class Tie(StrEnum):
    """How a person stands to a learner, a class or a school. Each belongs to one hat."""

    IS_SELF = "is_self"
    TEACHES = "teaches"
    GUARDS = "guards"
    LEADS = "leads"
    ADMINISTERS = "administers"
    INVITED = "invited"


HAT_OF: dict[Tie, Hat] = {
    Tie.IS_SELF: Hat.LEARNER,
    Tie.TEACHES: Hat.TEACHER,
    Tie.GUARDS: Hat.FAMILY,
    Tie.LEADS: Hat.LEADER,
    Tie.ADMINISTERS: Hat.ADMINISTRATOR,
    Tie.INVITED: Hat.LEARNER,
}

RELATION_OF: dict[Hat, Relation] = {
    Hat.LEARNER: Relation.LEARNER,
    Hat.TEACHER: Relation.TEACHER,
    Hat.FAMILY: Relation.FAMILY,
    Hat.LEADER: Relation.SCHOOL,
    Hat.ADMINISTRATOR: Relation.SCHOOL,
}


@dataclass(frozen=True)
class Actor:
    """The signed-in person, under the one hat that they wear now."""

    person_id: int
    school_id: int
    hat: Hat
    zone: str
    today: date

    def by(self) -> By:
        """Return this person as the doer of verbs at the own school; ``fetch`` says where a thing belongs."""
        return By(self.person_id, RELATION_OF[self.hat], self.school_id, self.zone)


@dataclass(frozen=True)
class Allow:
    """One alternative of a rule: a tie, and what must be true of the object besides."""

    tie: Tie
    when: Fact | None = None


def shared_with_family(model: Any) -> ColumnElement[bool]:
    """The object says that the learner's family may see it."""
    return col(model.shared_with_family).is_(True)


def shared(model: Any) -> ColumnElement[bool]:
    """The object was shared by its teacher."""
    return col(model.shared_at).is_not(None)


def stands(model: Any) -> ColumnElement[bool]:
    """The object is an invitation that was not taken back."""
    return col(model.revoked_at).is_(None)


SELF, TEACHES, GUARDS = Allow(Tie.IS_SELF), Allow(Tie.TEACHES), Allow(Tie.GUARDS)
LEADS, ADMINISTERS = Allow(Tie.LEADS), Allow(Tie.ADMINISTERS)

RULES: dict[Can, tuple[Allow, ...]] = {
    Can.READ_PROFILE: (SELF, TEACHES, GUARDS),
    Can.WRITE_PROFILE: (SELF,),
    Can.READ_INVENTORY: (SELF, TEACHES),
    Can.SUGGEST_PROFILE: (TEACHES, GUARDS),
    Can.ACKNOWLEDGE_PROFILE: (TEACHES, GUARDS),
    Can.TRY_TIP: (SELF, TEACHES),
    Can.NOTE_PROFILE: (TEACHES,),
    Can.CARRY_PROFILE: (TEACHES,),
    Can.READ_INVITED: (Allow(Tie.INVITED, stands),),
    Can.READ_GOALS: (SELF, TEACHES, GUARDS),
    Can.READ_GOAL: (SELF, TEACHES, Allow(Tie.GUARDS, shared_with_family)),
    Can.START_GOAL: (SELF,),
    Can.WRITE_GOAL: (SELF,),
    Can.ANSWER_GOAL: (TEACHES,),
    Can.COMMENT_GOAL: (SELF, TEACHES, Allow(Tie.GUARDS, shared_with_family)),
    Can.SUGGEST_GOAL: (TEACHES, Allow(Tie.GUARDS, shared_with_family)),
    Can.OFFER_GOAL: (TEACHES,),
    Can.SIGN_GOAL: (SELF, TEACHES),
    Can.CHECK_IN: (SELF, TEACHES),
    # The family reads only the kinds that the learner lets it see.
    Can.READ_OUTCOMES: (SELF, TEACHES, GUARDS),
    Can.SHARE_OUTCOMES: (SELF,),
    Can.STATE_NEED: (SELF,),
    Can.RECORD_OUTCOME: (TEACHES,),
    Can.READ_CONFERENCES: (SELF, TEACHES, GUARDS),
    Can.READ_CONFERENCE: (SELF, TEACHES),
    Can.PLAN_CONFERENCE: (TEACHES,),
    Can.CHOOSE_TIME: (GUARDS,),
    Can.PREPARE_CONFERENCE: (SELF,),
    Can.ANSWER_CONFERENCE: (TEACHES,),
    Can.PRESENT_CONFERENCE: (SELF, TEACHES),
    Can.APPROVE_SUMMARY: (SELF,),
    Can.SHARE_SUMMARY: (TEACHES,),
    Can.READ_SUMMARY: (SELF, TEACHES, Allow(Tie.GUARDS, shared)),
    Can.GIVE_FEEDBACK: (Allow(Tie.GUARDS, shared),),
    Can.PASS_FEEDBACK_ON: (TEACHES,),
    Can.READ_FEEDBACK: (SELF, TEACHES),
    Can.LOOK_BACK: (SELF, TEACHES),
    Can.READ_POSITION: (SELF, TEACHES),
    Can.MARK_POSITION: (SELF, TEACHES),
    # The family reads what was shared with it, not the page itself.
    Can.READ_SHARED_POSITION: (SELF, TEACHES, GUARDS),
    Can.SHARE_POSITION: (SELF, TEACHES),
    Can.OBSERVE: (SELF, TEACHES, GUARDS),
    # What somebody wrote about practice is theirs alone to go on with, under whichever hat they wear.
    Can.LOOK_BACK_AT_PRACTICE: (SELF, TEACHES, LEADS),
    Can.READ_LEARNER: (TEACHES,),
    Can.RUN_CLASS: (TEACHES,),
    Can.SEE_SCHOOL: (LEADS,),
    Can.ADMINISTER: (ADMINISTERS,),
    Can.EXPORT_RECORD: (SELF, TEACHES),
}


# -- ties as SQL ------------------------------------------------------------------------------------


def current(model: Any, today: date) -> ColumnElement[bool]:
    """Return that a relationship (a row with ``starts`` and ``ends``) holds on ``today``."""
    return sa.and_(
        col(model.starts) <= today,
        sa.or_(col(model.ends).is_(None), col(model.ends) >= today),
    )


def holds(tie: Any, day: date) -> bool:
    """Tell whether a relationship that was read holds on ``day``: the same as ``current``, of a row."""
    return bool(tie.starts <= day and (tie.ends is None or tie.ends >= day))


def _taught_classes(actor: Actor) -> sa.Select[Any]:
    return select(Teaching.class_id).where(
        Teaching.teacher_id == actor.person_id, current(Teaching, actor.today)
    )


def _taught_learners(actor: Actor) -> sa.Select[Any]:
    return select(Enrolment.learner_id).where(
        col(Enrolment.class_id).in_(_taught_classes(actor)), current(Enrolment, actor.today)
    )


def classmates(learner_id: int, today: date) -> sa.Select[Any]:
    """Return, as SQL, who learns in a class with the learner on ``today``, the learner among them."""
    return select(Enrolment.learner_id).where(
        col(Enrolment.class_id).in_(learning_classes(learner_id, today)),
        current(Enrolment, today),
    )


def learning_classes(learner_id: int, today: date) -> sa.Select[Any]:
    """Return, as SQL, the classes in which the learner learns on ``today``."""
    return select(Enrolment.class_id).where(
        Enrolment.learner_id == learner_id, current(Enrolment, today)
    )


def _guarded_learners(actor: Actor) -> sa.Select[Any]:
    return select(Guardianship.learner_id).where(
        Guardianship.guardian_id == actor.person_id,
        col(Guardianship.no_contact).is_(False),
        current(Guardianship, actor.today),
    )


def _schools(model: Any, actor: Actor) -> sa.Select[Any]:
    return select(model.school_id).where(
        model.person_id == actor.person_id, current(model, actor.today)
    )


def _tied(tie: Tie, model: Any, actor: Actor) -> ColumnElement[bool]:
    """Return that ``actor`` has ``tie`` to the rows of ``model``."""
    if HAT_OF[tie] is not actor.hat:
        return sa.false()
    if "owner_id" in model.model_fields:
        return col(model.owner_id) == actor.person_id
    if tie in (Tie.LEADS, Tie.ADMINISTERS):
        seat = Leadership if tie is Tie.LEADS else Administration
        school: ColumnElement[Any] = _school_column(model)
        return school.in_(_schools(seat, actor))
    if model is SchoolClass:
        return col(SchoolClass.id).in_(_taught_classes(actor)) if tie is Tie.TEACHES else sa.false()
    learner: ColumnElement[Any] | None = _learner_column(
        model, "peer_id" if tie is Tie.INVITED else "learner_id"
    )
    if learner is None:
        return sa.false()
    if tie is Tie.INVITED:  # an invitation holds while the two learn in one class
        together = col(model.learner_id).in_(classmates(actor.person_id, actor.today))
        return sa.and_(learner == actor.person_id, together)
    if tie is Tie.IS_SELF:
        return learner == actor.person_id
    return learner.in_(_taught_learners(actor) if tie is Tie.TEACHES else _guarded_learners(actor))


def _learner_column(model: Any, name: str) -> Any:
    """The column that says whose the object is (or, for an invitation, who was invited to it)."""
    if model is Person:
        return col(Person.id) if name == "learner_id" else None
    return col(getattr(model, name)) if name in model.model_fields else None


def _school_column(model: Any) -> Any:
    return col(School.id) if model is School else col(model.school_id)


def allowed(can: Can, model: Any, actor: Actor) -> ColumnElement[bool]:
    """Return, as SQL, which rows of ``model`` the actor may use under the permission ``can``."""
    alternatives = [
        sa.and_(_tied(allow.tie, model, actor), allow.when(model) if allow.when else sa.true())
        for allow in RULES[can]
        if HAT_OF[allow.tie] is actor.hat
    ]
    return sa.or_(sa.false(), *alternatives)


# -- what the rooms and views call ------------------------------------------------------------------


def fetch(
    session: Session,
    actor: Actor,
    can: Can,
    model: type[Model],
    id: int,
    *,
    to_change: bool = False,
) -> tuple[Model, By]:
    """Load one object and check the permission in the same query.

    The doer that comes with it acts for the school of the object: somebody may lead, teach or administer
    at two. ``to_change`` also locks the row until the transaction ends, so that two writers follow each
    other. Raises NotFound when it is not there or not for this person: nobody can tell which.
    """
    key: Any = model.id  # type: ignore[attr-defined] # each table that is asked for has one
    home = aliased(School)
    query = (
        sa.select(model, col(home.id), col(home.time_zone))
        .outerjoin(home, col(home.id) == _school_of(model))
        .where(key == id, allowed(can, model, actor))
    )
    if to_change:
        query = query.with_for_update(of=model).execution_options(populate_existing=True)
    row = session.execute(query).first()
    if row is None:
        raise NotFound
    found, school_id, zone = row
    by = actor.by()
    return found, by if school_id is None else by.at(school_id, zone)


def _school_of(model: Any) -> Any:
    """The school that a row belongs to: its learner's, else the one that it names itself."""
    if model is Person or model is School:
        return _school_column(model)
    if "learner_id" in model.model_fields:
        them = aliased(Person)
        own = sa.select(col(them.school_id)).where(col(them.id) == col(model.learner_id))
        return own.scalar_subquery()
    return _school_column(model) if "school_id" in model.model_fields else sa.null()


def may(session: Session, actor: Actor, can: Can, model: type[Model], id: int) -> bool:
    """Tell whether the actor has the permission on that object, for a link or a button."""
    key: Any = model.id  # type: ignore[attr-defined] # each table that is asked for has one
    query = select(key).where(key == id, allowed(can, model, actor))
    return session.exec(query).first() is not None
