"""Reflections on practice as pages show them: one's own, and several people's side by side."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from learnpath.access import Actor
from learnpath.continuum.columns import Column
from learnpath.continuum.models import PracticeReflection, PracticeStep, Scope
from learnpath.continuum.practice import steps_of
from learnpath.people.models import Hat
from learnpath.people.queries import names
from learnpath.school.queries import classes_of


@dataclass(frozen=True)
class Reflected:
    """One reflection with its author's name and its steps."""

    reflection: PracticeReflection
    who: str
    steps: tuple[PracticeStep, ...]
    is_mine: bool


@dataclass(frozen=True)
class SideBySide:
    """The newest reflection of each person about the same practice."""

    scope: Scope
    class_name: str
    reflections: tuple[Reflected, ...]

    @property
    def agree(self) -> bool:
        """Whether all of them put the strand at the same place."""
        return len({one.reflection.place for one in self.reflections}) == 1


@dataclass(frozen=True)
class StrandPage:
    """What one person can read about a strand."""

    mine: tuple[Reflected, ...]
    together: tuple[SideBySide, ...]


def newest_of_mine(session: Session, actor: Actor) -> dict[str, PracticeReflection]:
    """Return one's own newest reflection on each strand, in one query."""
    query = select(PracticeReflection).where(PracticeReflection.owner_id == actor.person_id)
    rows = session.exec(query.order_by(col(PracticeReflection.id))).all()
    return {row.strand: row for row in rows}


def strand_page(session: Session, actor: Actor, strand: str) -> StrandPage:
    """Return one's own history on a strand, and the reflections that one may read beside it.

    Staff read those of teams and of the school; a teacher those of the classes that he or she teaches;
    what somebody wrote for themselves stays with them. Four queries at most.
    """
    taught = {}
    if actor.hat is Hat.TEACHER:
        taught = {one.id: one.name for one in classes_of(session, actor.person_id, actor.today)}
    query = select(PracticeReflection).where(
        PracticeReflection.school_id == actor.school_id,
        PracticeReflection.strand == strand,
        sa.or_(col(PracticeReflection.owner_id) == actor.person_id, _readable(actor, taught)),
    )
    rows = session.exec(query.order_by(col(PracticeReflection.id).desc())).all()
    steps = steps_of(session, [row.id or 0 for row in rows])
    called = names(session, [row.owner_id for row in rows])
    shown = [
        Reflected(
            row,
            called.get(row.owner_id, ""),
            tuple(step for step in steps if step.reflection_id == row.id),
            row.owner_id == actor.person_id,
        )
        for row in rows
    ]
    mine = tuple(one for one in shown if one.is_mine)
    return StrandPage(mine, _side_by_side(shown, taught))


def _readable(actor: Actor, taught: Collection[int]) -> sa.ColumnElement[bool]:
    if actor.hat not in (Hat.TEACHER, Hat.LEADER):
        return sa.false()
    of_staff = col(PracticeReflection.scope).in_([Scope.TEAM, Scope.SCHOOL])
    of_class = col(PracticeReflection.class_id).in_(list(taught))
    return sa.or_(of_staff, of_class)


def _side_by_side(shown: Sequence[Reflected], taught: dict[int, str]) -> tuple[SideBySide, ...]:
    newest: dict[tuple[Scope, int | None], dict[int, Reflected]] = {}
    for one in shown:
        row = one.reflection
        if row.scope is not Scope.OWN:
            newest.setdefault((row.scope, row.class_id), {}).setdefault(row.owner_id, one)
    return tuple(
        SideBySide(
            scope,
            taught.get(class_id, "") if class_id else "",
            tuple(sorted(people.values(), key=lambda one: (one.who, one.reflection.id or 0))),
        )
        for (scope, class_id), people in newest.items()
        if len(people) > 1
    )


def by_column(side: SideBySide) -> dict[Column, list[Reflected]]:
    """Return who put the strand where, in the order of the columns and of the names."""
    return {
        column: [one for one in side.reflections if one.reflection.place is column]
        for column in Column
    }
