"""Requests about a record: a family or a learner asks to see, to correct or to erase what is kept.

The school office notes the request and answers it. It is the one way in which the office gives a record out
or erases it, and each step of it is an event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from learnpath import record
from learnpath.errors import NotAllowedNow, WrongInput
from learnpath.people.models import Person
from learnpath.record import By, Relation, Verb
from learnpath.school.models import DataRequest, RequestKind, RequestState
from learnpath.wording import lazy as _l

# A school in the United States shows a record within 45 days of being asked (34 CFR 99.10).
DAYS_TO_ANSWER = timedelta(days=45)
ON_A_PAGE = 50
ASKERS = (Relation.FAMILY, Relation.LEARNER)


@dataclass(frozen=True)
class Asked:
    """What somebody asked, as the office writes it down."""

    kind: RequestKind
    asked_as: Relation
    asked_by: str
    about: str
    asked_on: date


@dataclass(frozen=True)
class RequestLine:
    """One request in a list, with the learner's name as it is now."""

    request: DataRequest
    name: str


@dataclass(frozen=True)
class RequestList:
    """The requests of a school: those that wait, the first due on top, then a page of the answered."""

    waiting: Sequence[RequestLine]
    done: Sequence[RequestLine]
    page: int
    pages: int


def note_request(
    session: Session, by: By, learner: Person, asked: Asked, today: date, now: datetime
) -> DataRequest:
    """Note a request. Raises WrongInput without a name of who asked, or for a day that is to come."""
    if asked.asked_as not in ASKERS:
        raise WrongInput("asked_as", _l("Choose who asked."))
    if not asked.asked_by:
        raise WrongInput("asked_by", _l("Enter the name of who asked."))
    if asked.asked_on > today:
        raise WrongInput("asked_on", _l("That day is still to come."))
    request = DataRequest(
        school_id=by.school_id, learner_id=learner.id or 0, due=asked.asked_on + DAYS_TO_ANSWER,
        **vars(asked),
    )  # fmt: skip
    session.add(request)
    session.flush()
    said = {"kind": asked.kind, "by": asked.asked_as, "due": request.due.isoformat()}
    _tell(session, by, Verb.REQUEST_RECORDED, request, said, now)
    return request


def answer(
    session: Session, by: By, request: DataRequest, state: RequestState, words: str, now: datetime
) -> None:
    """Close a request, with what was done or why not.

    Raises NotAllowedNow for one that is closed, and WrongInput without a word of what was done.
    """
    check_open(request)
    if not words:
        raise WrongInput(
            "answer",
            _l("Write why it was declined.")
            if state is RequestState.DECLINED
            else _l("Write what was done."),
        )
    request.state, request.answer = state, words
    request.answered_at, request.answered_by = now, by.person_id
    session.add(request)
    said = {"kind": request.kind, "state": state}
    _tell(session, by, Verb.REQUEST_ANSWERED, request, said, now)


def check_open(request: DataRequest) -> None:
    """Raise NotAllowedNow for a request that was answered or declined."""
    if request.state is not RequestState.ASKED:
        raise NotAllowedNow(_l("This request is closed. Note a new one."))


def others_open(session: Session, request: DataRequest) -> bool:
    """Tell whether another request about the same learner waits: an erasure comes after it."""
    query = select(DataRequest.id).where(
        DataRequest.learner_id == request.learner_id,
        DataRequest.state == RequestState.ASKED,
        DataRequest.id != request.id,
    )
    return session.exec(query).first() is not None


def list_of(session: Session, school_id: int, page: int) -> RequestList:
    """Return a school's requests, in three queries."""
    mine = DataRequest.school_id == school_id
    waiting = _lines(session, mine, DataRequest.state == RequestState.ASKED)
    closed = DataRequest.state != RequestState.ASKED
    found = session.exec(select(func.count()).select_from(DataRequest).where(mine, closed)).one()
    pages = max(1, -(-found // ON_A_PAGE))
    page = min(max(1, page), pages)
    done = _lines(session, mine, closed, newest_first=True, page=page)
    return RequestList(waiting, done, page, pages)


def _lines(
    session: Session, *wanted: Any, newest_first: bool = False, page: int = 1
) -> list[RequestLine]:
    query = (
        select(DataRequest, Person)
        .join(Person, col(Person.id) == col(DataRequest.learner_id))
        .where(*wanted)
        .limit(ON_A_PAGE)
        .offset((page - 1) * ON_A_PAGE)
    )
    order: Sequence[Any] = (
        (col(DataRequest.answered_at).desc(),) if newest_first else (col(DataRequest.due),)
    )
    found = session.exec(query.order_by(*order, col(DataRequest.id)))
    return [RequestLine(request, person.full_name) for request, person in found]


def _tell(
    session: Session, by: By, verb: Verb, request: DataRequest, said: dict[str, Any], now: datetime
) -> None:
    record.write(
        session, by, verb, learner_id=request.learner_id, about=("data_request", request.id),
        payload=said, at=now,
    )  # fmt: skip
