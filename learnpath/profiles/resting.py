"""What rests at the turn of a school year: the hard lines that were there before it began.

Whether a line is from an earlier year is read from the revisions, not from the block's last save: writing
one new line does not take the old ones along.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from learnpath.access import current
from learnpath.people.models import Hat, Person
from learnpath.profiles.models import CarriedLine, ProfileBlock, ProfileRevision
from learnpath.profiles.visible import HARD, Reader, Rest, Resting, entry_key
from learnpath.school.models import Enrolment, Teaching

Lines = dict[str, tuple[str, str]]


def rest_of(session: Session, learner_id: int, reader: Reader) -> Rest:
    """Return what of a learner's profile rests for ``reader``, in at most three queries."""
    return rests_of(session, [learner_id], reader)[learner_id]


def rests_of(session: Session, learner_ids: Collection[int], reader: Reader) -> dict[int, Rest]:
    """Return what rests of each learner's profile for ``reader``, in at most three queries."""
    rests = {id: Rest({}, reader.hat) for id in learner_ids}
    there, earlier = _old_lines(session, learner_ids, reader)
    if not there:
        return rests
    said = _carried(session, there)
    taught = _taught_last_year(session, there, reader) if reader.hat is Hat.TEACHER else set()
    for id, lines in there.items():
        resting = {
            key: _resting(key, line, key in earlier.get(id, ()), said.get((id, key)), reader)
            for key, line in lines.items()
        }
        rests[id] = Rest(resting, reader.hat, id in taught)
    return rests


def _old_lines(
    session: Session, learner_ids: Collection[int], reader: Reader
) -> tuple[dict[int, Lines], dict[int, Lines]]:
    """Return the hard lines from before the year began, and those from before the year before it."""
    if reader.began is None or not learner_ids:
        return {}, {}
    began = reader.moment(reader.began)
    before = reader.moment(reader.before) if reader.before else None
    newest = _newest_before(began)
    wanted = newest if before is None else sa.or_(newest, _newest_before(before))
    query = (
        select(ProfileBlock.learner_id, ProfileBlock.key, ProfileRevision.lines, ProfileRevision.at)
        .join(ProfileRevision, col(ProfileRevision.block_id) == col(ProfileBlock.id))
        .where(
            col(ProfileBlock.learner_id).in_(learner_ids), col(ProfileBlock.key).in_(HARD), wanted
        )
        .order_by(col(ProfileRevision.number))
    )
    there: dict[int, Lines] = {}
    earlier: dict[int, Lines] = {}
    newest_of: dict[tuple[int, str], Lines] = {}
    for learner_id, block, lines, at in session.execute(query):
        found = {entry_key(block, line): (block, line) for line in lines}
        newest_of[learner_id, block] = found  # the last one before the year began comes last
        if before is not None and at < before:
            earlier.setdefault(learner_id, {}).update(found)
    for (learner_id, _block), found in newest_of.items():
        if found:
            there.setdefault(learner_id, {}).update(found)
    return there, earlier


def _newest_before(moment: datetime) -> sa.ColumnElement[bool]:
    other = aliased(ProfileRevision)
    newest = (
        sa.select(sa.func.max(col(other.number)))
        .where(col(other.block_id) == col(ProfileBlock.id), col(other.at) < moment)
        .scalar_subquery()
    )
    return col(ProfileRevision.number) == newest


def _carried(
    session: Session, learner_ids: Collection[int]
) -> Mapping[tuple[int, str], CarriedLine]:
    query = select(CarriedLine).where(col(CarriedLine.learner_id).in_(learner_ids))
    return {(row.learner_id, row.key): row for row in session.exec(query)}


def _resting(
    key: str, line: tuple[str, str], earlier: bool, said: CarriedLine | None, reader: Reader
) -> Resting:
    block, text = line
    if said is None:
        return Resting(key, block, text, not earlier)
    told = said.learner_at is not None and reader.is_of_this_year(said.learner_at)
    # What was open in the last year, its teachers saw, however old it is.
    known = not earlier or (bool(said.learner_says) and _since(said.learner_at, reader))
    return Resting(
        key, block, text, known, said.learner_says if told else None,
        _since(said.teacher_at, reader), told and said.alone,
    )  # fmt: skip


def _since(at: datetime | None, reader: Reader) -> bool:
    """Tell whether something was said in this school year or the one before."""
    return at is not None and (reader.before is None or at >= reader.moment(reader.before))


# -- who knew it ---------------------------------------------------------------------------------------


def _last_year(model: Any, reader: Reader) -> sa.ColumnElement[bool]:
    """Return that a relationship held at some day of the school year before this one."""
    began = reader.began or date.max
    lasted = sa.or_(col(model.ends).is_(None), col(model.ends) >= (reader.before or date.min))
    return sa.and_(col(model.starts) < began, lasted)


def _taught_last_year(session: Session, learner_ids: Collection[int], reader: Reader) -> set[int]:
    query = (
        select(Enrolment.learner_id)
        .join(Teaching, col(Teaching.class_id) == col(Enrolment.class_id))
        .where(
            col(Enrolment.learner_id).in_(learner_ids), Teaching.teacher_id == reader.person_id,
            _last_year(Teaching, reader), _last_year(Enrolment, reader),
        )
    )  # fmt: skip
    return set(session.exec(query))


def taught_last_year(session: Session, learner_id: int, reader: Reader) -> bool:
    """Tell whether a teacher taught the learner in the last school year, in one query."""
    return reader.hat is Hat.TEACHER and learner_id in _taught_last_year(
        session, [learner_id], reader
    )


def teachers_who_know(session: Session, learner_id: int, reader: Reader) -> Sequence[Person]:
    """Return who teaches the learner today and did so in the last school year, by name, in one query."""
    classes = select(Enrolment.class_id).where(Enrolment.learner_id == learner_id)
    then = select(Teaching.teacher_id).where(
        col(Teaching.class_id).in_(classes.where(_last_year(Enrolment, reader))),
        _last_year(Teaching, reader),
    )
    now = select(Teaching.teacher_id).where(
        col(Teaching.class_id).in_(classes.where(current(Enrolment, reader.today))),
        current(Teaching, reader.today),
    )
    query = select(Person).where(col(Person.id).in_(then), col(Person.id).in_(now))
    return session.exec(query.order_by(col(Person.called), col(Person.id))).all()
