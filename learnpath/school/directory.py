"""Who is at the school, for its administrator: found by name, with their ties and their sign-in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import LazyString
from sqlmodel import Session, col, func, or_, select

from learnpath.access import Actor, Can, allowed, current
from learnpath.people.models import Credential, Person, SignIn
from learnpath.school.models import (
    Administration,
    Enrolment,
    Guardianship,
    Leadership,
    RosterEntry,
    SchoolClass,
    Teaching,
)
from learnpath.wording import lazy as _l

ON_A_PAGE = 25


@dataclass(frozen=True)
class PersonLine:
    """One person: name, ties of today in words, and how they sign in."""

    id: int
    name: str
    called: str
    grade: int | None
    ties: tuple[LazyString, ...]
    username: str | None
    last_here: datetime | None
    left_at: datetime | None


@dataclass(frozen=True)
class Directory:
    """One page of the people who were looked for."""

    words: str
    people: Sequence[PersonLine]
    found: int
    page: int
    pages: int


def find_people(
    session: Session, actor: Actor, words: str, page: int, *, without_class: bool = False
) -> Directory:
    """Return a page of the people whose name, username or number has all of ``words``.

    ``without_class`` keeps the students who are in no class today. Seven queries, however many there are.
    """
    wanted = [allowed(Can.ADMINISTER, Person, actor), *(_has(word) for word in words.split())]
    if without_class:
        wanted += in_no_class(actor.school_id, actor.today)
    everybody = select(func.count()).select_from(Person)
    found = session.exec(_with_names(everybody).where(*wanted)).one()
    pages = max(1, -(-found // ON_A_PAGE))
    page = min(max(1, page), pages)
    rows = session.exec(
        _with_names(select(Person, Credential.username, _last_seen()))
        .where(*wanted)
        .order_by(col(Person.family_name), col(Person.given_name), col(Person.id))
        .limit(ON_A_PAGE)
        .offset((page - 1) * ON_A_PAGE)
    ).all()
    ties = _ties(session, [person.id or 0 for person, _, _ in rows], actor.today)
    people = [
        PersonLine(
            person.id or 0, person.full_name, person.called, person.grade,
            tuple(ties[person.id or 0]), username, seen, person.left_at,
        )
        for person, username, seen in rows
    ]  # fmt: skip
    return Directory(words, people, found, page, pages)


def in_no_class(school_id: int, today: date) -> list[Any]:
    """Return, as SQL, that somebody is a student of the school who is in no class today."""
    learning = (
        select(Enrolment.learner_id)
        .join(SchoolClass, col(SchoolClass.id) == col(Enrolment.class_id))
        .where(SchoolClass.school_id == school_id, current(Enrolment, today))
    )
    return [
        Person.school_id == school_id, col(Person.grade).is_not(None),
        col(Person.left_at).is_(None), col(Person.id).not_in(learning),
    ]  # fmt: skip


def _with_names(query: Any) -> Any:
    """Join what else a person is known by: the username and the number of the school."""
    return query.outerjoin(Credential, col(Credential.person_id) == col(Person.id)).outerjoin(
        RosterEntry, col(RosterEntry.person_id) == col(Person.id)
    )


def _has(word: str) -> Any:
    # SQLite folds the case of plain letters only: "émile" also finds "Émile" by its capital.
    columns = (
        Person.given_name, Person.family_name, Person.called, Credential.username,
        RosterEntry.identifier,
    )  # fmt: skip
    spellings = {word, word.title()}
    return or_(*(col(c).icontains(s, autoescape=True) for c in columns for s in spellings))


def _last_seen() -> Any:
    return (
        select(func.max(SignIn.seen_at))
        .where(SignIn.person_id == Person.id)
        .correlate(Person)
        .scalar_subquery()
    )


def _ties(session: Session, ids: Sequence[int], today: date) -> dict[int, list[LazyString]]:
    """Return what ties each of these people to the school today, in words."""
    ties: dict[int, list[LazyString]] = defaultdict(list)
    for person_id, words in _all_ties(session, ids, today):
        ties[person_id].append(words)
    return ties


def _all_ties(
    session: Session, ids: Sequence[int], today: date
) -> Iterator[tuple[int, LazyString]]:
    for learner, name in _in_classes(session, Enrolment, Enrolment.learner_id, ids, today):
        yield learner, _l("Learns in %(group)s", group=name)
    for teacher, name in _in_classes(session, Teaching, Teaching.teacher_id, ids, today):
        yield teacher, _l("Teaches %(group)s", group=name)
    for guardian, name, no_contact in _families(session, ids, today):
        yield (
            guardian,
            (
                _l("Family of %(name)s, no contact", name=name)
                if no_contact
                else _l("Family of %(name)s", name=name)
            ),
        )
    for leader in _seats(session, Leadership, ids, today):
        yield leader, _l("Leads the school")
    for administrator in _seats(session, Administration, ids, today):
        yield administrator, _l("Looks after the app")


def _in_classes(
    session: Session, model: Any, owner: Any, ids: Sequence[int], today: date
) -> Iterable[tuple[int, str]]:
    query = (
        select(owner, SchoolClass.name)
        .join(SchoolClass, col(SchoolClass.id) == model.class_id)
        .where(col(owner).in_(ids), current(model, today))
        .order_by(col(SchoolClass.name))
    )
    return session.exec(query).all()


def _families(session: Session, ids: Sequence[int], today: date) -> Iterable[tuple[int, str, bool]]:
    query = (
        select(Guardianship.guardian_id, Person.called, Guardianship.no_contact)
        .join(Person, col(Person.id) == col(Guardianship.learner_id))
        .where(col(Guardianship.guardian_id).in_(ids), current(Guardianship, today))
        .order_by(col(Person.called))
    )
    return session.exec(query).all()


def _seats(session: Session, model: Any, ids: Sequence[int], today: date) -> Iterable[int]:
    query = select(model.person_id).where(col(model.person_id).in_(ids), current(model, today))
    return session.exec(query).all()
