"""School data that something elsewhere rests on, such as a goal: found by its id, as a reader may see it.

A learner and the teachers see every kind of data; a family sees the kinds that the learner opened to it, just as
on the data page. Whoever may not see a value still reads that there is one. A value that was taken back is
shown to nobody.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from learnpath.db import key_of as id_of
from learnpath.outcomes.models import Outcome, OutcomeKind, SharedKind, StatedNeed, stands
from learnpath.people.models import Hat

MOST_VALUES, MOST_NEEDS = 12, 6
ONE = Decimal(1)
KEY = re.compile(r"(outcome|need):([0-9]{1,18})")


@dataclass(frozen=True)
class Cited:
    """A value, or what the learner wrote about it (``need``). What the reader may not see is empty.

    ``days`` is set for days at school and for things that are only counted: how many there are up to this one.
    """

    outcome_id: int
    need_id: int | None
    seen: bool
    withdrawn: bool
    replaced: bool
    kind: OutcomeKind | None = None
    name: str = ""
    source: str = ""
    day: date | None = None
    value: Decimal | None = None
    maximum: Decimal | None = None
    scale: str = ""
    said: str = ""
    there: Decimal | None = None
    days: int | None = None
    need: str = ""

    @property
    def key(self) -> str:
        """The name of this choice in a form."""
        return f"need:{self.need_id}" if self.need_id else f"outcome:{self.outcome_id}"


def columns() -> tuple[Any, ...]:
    """Return what a query selects beside its own columns so that ``from_row`` can tell of a value.

    The query joins ``Outcome``, and ``StatedNeed`` where there are words.
    """
    before = aliased(Outcome)
    same = sa.and_(
        col(before.learner_id) == col(Outcome.learner_id), col(before.kind) == col(Outcome.kind),
        col(before.measure) == col(Outcome.measure), col(before.source) == col(Outcome.source),
        col(before.day) <= col(Outcome.day), col(before.replaced_by).is_(None),
        col(before.withdrawn_at).is_(None),
    )  # fmt: skip
    # Only for what is a day or an incident: a score needs no sum.
    summed = sa.and_(same, col(Outcome.kind).in_((OutcomeKind.ATTENDANCE, OutcomeKind.BEHAVIOUR)))
    shared = sa.exists().where(
        col(SharedKind.learner_id) == col(Outcome.learner_id),
        col(SharedKind.kind) == col(Outcome.kind),
    )
    portions = sa.cast(before.value, sa.Float)  # of a day: exact numbers are text in the database
    there = sa.select(sa.func.sum(portions)).where(summed).correlate(Outcome)
    days = sa.select(sa.func.count()).select_from(before).where(summed).correlate(Outcome)
    return (
        Outcome, StatedNeed, shared.label("shared"), there.scalar_subquery().label("there"),
        days.scalar_subquery().label("days"),
    )  # fmt: skip


def from_row(row: Any, hat: Hat) -> Cited:
    """Return what a reader under ``hat`` sees of a row that selected ``columns``."""
    outcome, need, shared, there, days = row
    seen = hat in (Hat.LEARNER, Hat.TEACHER) or (hat is Hat.FAMILY and bool(shared))
    withdrawn = outcome.withdrawn_at is not None
    ids = (id_of(outcome), id_of(need) if need else None)
    if not seen:
        return Cited(*ids, False, withdrawn, False)
    told: dict[str, Any] = {
        "kind": outcome.kind, "name": outcome.measure, "source": outcome.source, "day": outcome.day
    }  # fmt: skip
    # The learner's words stay the learner's own when the value they were about is gone.
    if need and (hat is Hat.LEARNER or not withdrawn):
        told["need"] = need.text
    if not withdrawn:
        told |= {key: getattr(outcome, key) for key in ("value", "maximum", "scale", "said")}
        if _is_counted(outcome):
            told |= {"there": Decimal(str(round(there or 0, 2))), "days": days}
    return Cited(*ids, True, withdrawn, outcome.replaced_by is not None, **told)


def _is_counted(outcome: Outcome) -> bool:
    """Whether the value is one day at school, or says only that something happened: counted with its like."""
    if outcome.kind is OutcomeKind.ATTENDANCE:
        return outcome.maximum == ONE and 0 <= outcome.value <= ONE
    is_incident = outcome.value == ONE and outcome.maximum is None and not outcome.scale
    return outcome.kind is OutcomeKind.BEHAVIOUR and is_incident


def one_of(session: Session, learner_id: int, key: str) -> Cited | None:
    """Return the learner's own value, or words about one, that a form names and that stands; else None."""
    named = KEY.fullmatch(key)
    if named is None:
        return None
    is_words, id = named[1] == "need", int(named[2])
    which = col(StatedNeed.id if is_words else Outcome.id) == id
    return next(iter(_read(session, learner_id, which, stands(), with_words=is_words)), None)


def key_of(chosen: Mapping[str, Any]) -> str:
    """Return the key of something chosen, ``{"outcome": id}`` or the same with ``"need": id``."""
    need_id = chosen.get("need")
    return f"need:{need_id}" if need_id else f"outcome:{chosen['outcome']}"


def found(
    session: Session, learner_id: int, chosen: Collection[Mapping[str, Any]], hat: Hat
) -> list[Cited]:
    """Return what was chosen before, in its order, as a reader may see it now. At most two queries."""
    values = [one["outcome"] for one in chosen if not one.get("need")]
    words = [one["need"] for one in chosen if one.get("need")]
    rows: list[Cited] = []
    if values:
        rows += _read(session, learner_id, col(Outcome.id).in_(values), hat=hat)
    if words:
        which = col(StatedNeed.id).in_(words)
        rows += _read(session, learner_id, which, with_words=True, hat=hat)
    by_key = {one.key: one for one in rows}
    return [by_key[key] for one in chosen if (key := key_of(one)) in by_key]


def _read(
    session: Session, learner_id: int, *where: Any, with_words: bool = False, hat: Hat = Hat.LEARNER,
    most: int | None = None,
) -> list[Cited]:  # fmt: skip
    on = col(StatedNeed.outcome_id) == col(Outcome.id) if with_words else sa.false()
    query = (
        sa.select(*columns())
        .outerjoin_from(Outcome, StatedNeed, on)
        .where(col(Outcome.learner_id) == learner_id, *where)
        .order_by(col(Outcome.day).desc(), col(Outcome.id).desc())
        .limit(most)
    )
    return [from_row(row, hat) for row in session.execute(query)]


def to_choose(
    session: Session, learner_id: int, chosen: Collection[Mapping[str, Any]] = ()
) -> Sequence[Cited]:
    """Return what a goal of the learner can rest on: what was ``chosen`` before, newest words, newest values.

    Two queries, and at most two more for what was chosen.
    """
    kept = found(session, learner_id, chosen, Hat.LEARNER)
    there = {one.key for one in kept}
    values = _read(session, learner_id, col(Outcome.id).in_(_newest(learner_id)), most=MOST_VALUES)
    words = _read(
        session, learner_id, stands(), col(StatedNeed.id).in_(_newest_words(learner_id)),
        with_words=True, most=MOST_NEEDS,
    )  # fmt: skip
    return [*kept, *(one for one in (*words, *values) if one.key not in there)]


def _newest(learner_id: int) -> Any:
    """Return, as SQL, the newest value of each thing that was looked at."""
    place = sa.func.row_number().over(
        partition_by=(col(Outcome.kind), col(Outcome.measure), col(Outcome.source)),
        order_by=(col(Outcome.day).desc(), col(Outcome.id).desc()),
    )
    mine = (
        sa.select(col(Outcome.id).label("id"), place.label("place"))
        .where(col(Outcome.learner_id) == learner_id, stands())
        .subquery()
    )
    return select(mine.c.id).where(mine.c.place == 1)


def _newest_words(learner_id: int) -> Any:
    """Return, as SQL, the newest words about each value."""
    return (
        sa.select(sa.func.max(StatedNeed.id))
        .where(col(StatedNeed.learner_id) == learner_id)
        .group_by(col(StatedNeed.outcome_id))
    )
