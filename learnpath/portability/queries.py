"""Reads for the page of a learner's record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from learnpath.people.queries import names
from learnpath.record.models import Event
from learnpath.record.verbs import Relation, Verb
from learnpath.record.write import chain_name

ON_A_PAGE = 40


@dataclass(frozen=True)
class Told:
    """One event as the page tells it."""

    at: datetime
    verb: Verb
    who: str
    relation: Relation
    object_type: str
    object_id: int
    person: str = ""  # what the person is called whom this is about


@dataclass(frozen=True)
class RecordPage:
    """A page of the record, newest first."""

    events: tuple[Told, ...]
    page: int
    pages: int
    total: int


def record_page(session: Session, learner_id: int, page: int) -> RecordPage:
    """Return one page of a learner's record, in three queries. A page that is not there is the last."""
    return _page(session, Event.learner_id == learner_id, page)


def office_page(session: Session, school_id: int, page: int) -> RecordPage:
    """Return one page of what the office changed about the school, not about one learner, in three queries."""
    return _page(session, Event.chain == chain_name(None, school_id), page)


def _page(session: Session, wanted: Any, page: int) -> RecordPage:
    total = session.exec(select(func.count()).select_from(Event).where(wanted)).one()
    pages = max(1, -(-total // ON_A_PAGE))
    page = min(max(page, 1), pages)
    query = select(Event).where(wanted).order_by(col(Event.seq).desc())
    events = session.exec(query.offset((page - 1) * ON_A_PAGE).limit(ON_A_PAGE)).all()
    about = {event.object_id for event in events if event.object_type == "person"}
    called = names(session, {event.actor_id for event in events} | about)
    told = (
        Told(
            event.at, event.verb, called.get(event.actor_id or 0, ""), event.relation,
            event.object_type, event.object_id,
            called.get(event.object_id, "") if event.object_type == "person" else "",
        )
        for event in events
    )  # fmt: skip
    return RecordPage(tuple(told), page, pages, total)
