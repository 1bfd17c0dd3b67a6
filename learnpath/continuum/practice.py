"""Reflecting on practice: where a strand stands today, where it is to go, the steps, and the look back.

The twelve strands outside Learner Paths are placed by people, not by the record. A learner, a teacher or
a leader reflects alone, for a class, a team or the school; nothing is averaged and nobody is compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from learnpath.continuum.columns import Column
from learnpath.continuum.driver_model import LEARNER_PATHS, Strand, driver_model
from learnpath.continuum.models import PracticeReflection, PracticeStep, Scope
from learnpath.errors import NotAllowed, NotAllowedNow, NotFound, WrongInput
from learnpath.record import By, Relation, Verb, write
from learnpath.wording import lazy as _l

MAY_REFLECT = (Relation.LEARNER, Relation.TEACHER, Relation.SCHOOL)


@dataclass(frozen=True)
class Step:
    """One thing that somebody means to do."""

    text: str
    owner: str = ""
    due: date | None = None


@dataclass(frozen=True)
class Aim:
    """Where a strand is to go, and by when."""

    target: Column
    day: date


def strands_to_reflect_on() -> dict[str, Strand]:
    """Return the strands that people place: all but the two of Learner Paths."""
    return {key: one for key, one in driver_model().strands.items() if one.group != LEARNER_PATHS}


def reflect(
    session: Session,
    by: By,
    strand: str,
    scope: Scope,
    place: Column,
    evidence: str,
    now: datetime,
    *,
    class_id: int | None = None,
    aim: Aim | None = None,
    steps: Sequence[Step] = (),
) -> PracticeReflection:
    """Keep a reflection with its steps.

    Raises NotFound for a strand that people do not place, WrongInput for no evidence or an aim in the past.
    ``class_id`` is a class that the caller has loaded under its own permission.
    """
    owner_id = _checked_owner(by, strand, evidence, aim, now)
    made = PracticeReflection(
        school_id=by.school_id, owner_id=owner_id, relation=by.relation, strand=strand,
        scope=scope, class_id=class_id if scope is Scope.CLASS else None, place=place,
        evidence=evidence.strip(), target=aim.target if aim else None,
        target_day=aim.day if aim else None, reflected_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    kept = _keep_steps(session, made, steps)
    write(
        session, by, Verb.PRACTICE_REFLECTED, learner_id=_own_chain(by),
        about=("practice_reflection", made.id), at=now,
        payload={
            "strand": strand, "column": place, "scope": scope,
            "target": aim.target if aim else None, "steps": kept,
        },
    )  # fmt: skip
    return made


def _checked_owner(by: By, strand: str, evidence: str, aim: Aim | None, now: datetime) -> int:
    """Return whose reflection it is, once nothing speaks against it."""
    if strand not in strands_to_reflect_on():
        raise NotFound
    if by.person_id is None or by.relation not in MAY_REFLECT:
        raise NotAllowed
    if not evidence.strip():
        raise WrongInput("evidence", _l("Say what you saw."))
    if aim and aim.day < now.astimezone(ZoneInfo(by.zone)).date():
        raise WrongInput("target_day", _l("Choose a day that is still to come."))
    return by.person_id


def _keep_steps(session: Session, made: PracticeReflection, steps: Sequence[Step]) -> int:
    """Keep the steps that say something, and return how many they are."""
    kept = [step for step in steps if step.text.strip()]
    for step in kept:
        session.add(
            PracticeStep(
                reflection_id=made.id or 0, text=step.text.strip(), owner=step.owner.strip(),
                due=step.due,
            )
        )  # fmt: skip
    return len(kept)


def look_back(
    session: Session,
    by: By,
    reflection: PracticeReflection,
    text: str,
    done: Sequence[int],
    now: datetime,
) -> None:
    """Keep what came of it, and which steps (by their ids) were done.

    Raises NotAllowedNow when it was looked back at before, WrongInput for no words.
    """
    if reflection.looked_back_at is not None:
        raise NotAllowedNow(_l("You have looked back at this already."))
    if not text.strip():
        raise WrongInput("looked_back", _l("Say in a few words what came of it."))
    reflection.looked_back, reflection.looked_back_at = text.strip(), now
    session.add(reflection)
    ticked = [step for step in steps_of(session, [reflection.id or 0]) if step.id in set(done)]
    for step in ticked:
        step.done_at = step.done_at or now
        session.add(step)
    write(
        session, by, Verb.PRACTICE_LOOKED_BACK, learner_id=_own_chain(by),
        about=("practice_reflection", reflection.id), at=now,
        payload={"strand": reflection.strand, "done": len(ticked)},
    )  # fmt: skip


def _own_chain(by: By) -> int | None:
    """A learner's reflection belongs to the learner's record, an adult's to the school's."""
    return by.person_id if by.relation is Relation.LEARNER else None


def steps_of(session: Session, reflection_ids: Sequence[int]) -> Sequence[PracticeStep]:
    """Return the steps of some reflections, in the order they were written."""
    query = select(PracticeStep).where(col(PracticeStep.reflection_id).in_(list(reflection_ids)))
    return session.exec(query.order_by(col(PracticeStep.id))).all()
