"""School data that a goal rests on: chosen in the draft, kept with each version, signed with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from learnpath.goals.models import Goal, GoalBasis, GoalVersion
from learnpath.goals.parts import as_draft
from learnpath.outcomes import cited
from learnpath.outcomes.cited import Cited
from learnpath.outcomes.models import Outcome, StatedNeed
from learnpath.people.models import Hat
from learnpath.record import By, Relation

Entry = dict[str, Any]


@dataclass(frozen=True)
class Rests:
    """Something that a version rests on, as a reader may see it, and who chose it."""

    data: Cited
    cited_by: str


def entry(data: Cited) -> Entry:
    """Return a choice as a draft keeps it."""
    chosen = {"outcome": data.outcome_id}
    return chosen if data.need_id is None else chosen | {"need": data.need_id}


def chosen_in(typed: Mapping[str, Any]) -> list[Entry]:
    """Return what a draft rests on."""
    return [dict(one) for one in typed.get("rests_on") or ()]


def read(session: Session, by: By, learner_id: int, typed: Mapping[str, Any]) -> list[Entry]:
    """Return what a draft rests on with who chose it; an earlier choice keeps its chooser.

    What is not the learner's own is left out: a draft never reaches into another learner's data.
    """
    chosen = chosen_in(typed)
    known = {one.key for one in cited.found(session, learner_id, chosen, Hat.LEARNER)}
    return [
        {**one, "cited_by": one.get("cited_by") or str(by.decided)}
        for one in chosen
        if cited.key_of(one) in known
    ]


def keep(session: Session, version: GoalVersion, rests_on: Sequence[Entry]) -> None:
    """Keep what a new version rests on."""
    session.add_all(
        GoalBasis(
            goal_id=version.goal_id, learner_id=version.learner_id, number=version.number,
            outcome_id=one["outcome"], need_id=one.get("need"), cited_by=Relation(one["cited_by"]),
        )
        for one in rests_on
    )  # fmt: skip
    session.flush()


def of_version(session: Session, version: GoalVersion) -> list[Entry]:
    """Return what a version rests on, as it is signed and as a draft goes on from it."""
    query = select(GoalBasis).where(
        GoalBasis.goal_id == version.goal_id, GoalBasis.number == version.number
    )
    return [_entry(row) for row in session.exec(query.order_by(col(GoalBasis.id)))]


def _entry(row: GoalBasis) -> Entry:
    words = {} if row.need_id is None else {"need": row.need_id}
    return {"outcome": row.outcome_id, **words, "cited_by": str(row.cited_by)}


def as_whole_draft(session: Session, version: GoalVersion) -> dict[str, Any]:
    """Return all of a version, and what it rests on, as a draft to go on from."""
    return as_draft(version) | {"rests_on": of_version(session, version)}


def shown(session: Session, goal: Goal, hat: Hat) -> tuple[list[Entry], list[Rests]]:
    """Return what a goal's newest version rests on, as it is signed and as the reader may see it. One query."""
    query = (
        sa.select(GoalBasis, *cited.columns())
        .join(Outcome, col(Outcome.id) == col(GoalBasis.outcome_id))
        .outerjoin(StatedNeed, col(StatedNeed.id) == col(GoalBasis.need_id))
        .where(col(GoalBasis.goal_id) == goal.key, col(GoalBasis.number) == goal.newest_number)
        .order_by(col(GoalBasis.id))
    )
    rows = session.execute(query).all()
    told = [Rests(cited.from_row(row[1:], hat), str(row[0].cited_by)) for row in rows]
    return [_entry(row[0]) for row in rows], told


def typed_ones(session: Session, learner_id: int, typed: Mapping[str, Any]) -> list[Rests]:
    """Return what a draft rests on, as the learner who writes it reads it. At most two queries."""
    chosen = chosen_in(typed)
    by_whom = {cited.key_of(one): one.get("cited_by") or Relation.LEARNER for one in chosen}
    return [
        Rests(one, str(by_whom[one.key]))
        for one in cited.found(session, learner_id, chosen, Hat.LEARNER)
    ]
