"""Writing an event: in the transaction of the change that it tells of, at the end of its chain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from learnpath.db import canonical_json
from learnpath.errors import RecordError
from learnpath.record import chain
from learnpath.record.models import ChainHead, Event, EvidenceWeek
from learnpath.record.rollup import qualifier, thing_of, told_in, week_of
from learnpath.record.verbs import PAYLOAD_KEYS, Relation, Verb

# Other rooms' own tables: only where a learner is at school, and that school's clock, is asked for.
PERSON = sa.table("person", sa.column("id", sa.BigInteger), sa.column("school_id"))
_SCHOOL = sa.table("school", sa.column("id"), sa.column("time_zone"))

# Keys, enum values, dates and digests are short and hold no space. Somebody's words do.
NO_WORDS = re.compile(r"\S{1,80}")


@dataclass(frozen=True)
class By:
    """Who does a thing, and as what.

    ``person_id`` is None for a family that came by a link. ``decided_by`` differs from ``relation``
    when an adult types what a learner decided: an adult at the keyboard takes nothing away.
    """

    person_id: int | None
    relation: Relation
    school_id: int
    zone: str = "America/Denver"
    decided_by: Relation | None = None

    @property
    def decided(self) -> Relation:
        """As whom the thing was decided."""
        return self.decided_by or self.relation

    def deciding(self, relation: Relation) -> By:
        """Return the same person, with ``relation`` as the one who decided."""
        return By(self.person_id, self.relation, self.school_id, self.zone, relation)

    def at(self, school_id: int, zone: str) -> By:
        """Return the same person, acting for that school."""
        if (school_id, zone) == (self.school_id, self.zone):
            return self
        return By(self.person_id, self.relation, school_id, zone, self.decided_by)


def write(
    session: Session,
    by: By,
    verb: Verb,
    *,
    learner_id: int | None,
    about: tuple[str, int | None],
    at: datetime,
    payload: Mapping[str, Any] | None = None,
) -> Event:
    """Append an event to the learner's chain (or the school's, without a learner) and return it.

    ``about`` is the type and id of the thing. An event about a learner belongs to the school where the learner
    is, and to its weeks, whoever did it from whatever school. Raises RecordError for a payload key that the verb
    does not have, for words in a payload, for an object that was not flushed and so has no id, or
    for a moment without a time zone.
    """
    object_type, object_id = about
    if at.tzinfo is None:
        raise RecordError(f"{verb}: nobody knows when {at} was without its time zone")
    if object_id is None:
        raise RecordError(f"{verb}: the {object_type} has no id yet; flush it first")
    said = checked(verb, payload or {})
    by = at_home(session, by, learner_id)
    head = lock_chain(session, learner_id, by.school_id)
    before = (head.chain, head.seq, head.hash)
    row = next_row(before, said, by, verb, learner_id, object_type, object_id, at)
    event = Event(**row)
    head.seq, head.hash = event.seq, event.hash
    session.add_all([head, event])
    session.flush()
    if learner_id is not None:
        _count(session, row, by, said)
    return event


def at_home(session: Session, by: By, learner_id: int | None) -> By:
    """Return the doer at the school of the learner; as they are when it is about none."""
    if learner_id is None:
        return by
    where = homes(session, PERSON.c.id == learner_id).get(learner_id)
    return by.at(*where) if where else by


def homes(session: Session, which: sa.ColumnElement[bool]) -> dict[int, tuple[int, str]]:
    """Return the school, and its time zone, of each person that is asked for. One query."""
    query = (
        sa.select(PERSON.c.id, _SCHOOL.c.id, _SCHOOL.c.time_zone)
        .join_from(PERSON, _SCHOOL, _SCHOOL.c.id == PERSON.c.school_id)
        .where(which)
    )
    return {person: (school, zone) for person, school, zone in session.execute(query)}


def checked(verb: Verb, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the payload as it is kept. Raises RecordError for what the verb may not say."""
    unknown = payload.keys() - PAYLOAD_KEYS.get(verb, frozenset())
    if unknown:
        raise RecordError(f"{verb} does not say {', '.join(sorted(unknown))}")
    for key, value in payload.items():
        if not all(NO_WORDS.fullmatch(text) for text in _texts(value)):
            raise RecordError(f"{verb}: {key} holds words, and words stay in their room")
    return dict(payload)


def _texts(value: Any) -> Iterator[str]:
    """Return every text in a value of a payload, the keys of a mapping too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for pair in value.items() for part in pair for text in _texts(part))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (text for part in value for text in _texts(part))


def chain_name(learner_id: int | None, school_id: int) -> str:
    """Return the name of the chain that an event belongs to."""
    return f"learner:{learner_id}" if learner_id is not None else f"school:{school_id}"


def lock_chain(session: Session, learner_id: int | None, school_id: int) -> ChainHead:
    """Return the head of a chain, made when there is none, and keep other writers off the chain."""
    name = chain_name(learner_id, school_id)
    insert = insert_into(session, ChainHead).values(chain=name, seq=0, hash=chain.START)
    session.execute(insert.on_conflict_do_nothing())
    query = select(ChainHead).where(col(ChainHead.chain) == name)
    return session.exec(query.with_for_update().execution_options(populate_existing=True)).one()


def next_row(
    head: tuple[str, int, str],
    payload: dict[str, Any],
    by: By,
    verb: Verb,
    learner_id: int | None,
    object_type: str,
    object_id: int,
    at: datetime,
) -> dict[str, Any]:
    """Return the columns of the event that follows ``head`` (chain, number, hash), with its hashes."""
    name, seq, previous = head
    text = canonical_json(payload)
    row: dict[str, Any] = {
        "chain": name, "seq": seq + 1, "at": at.astimezone(UTC), "school_id": by.school_id,
        "learner_id": learner_id, "actor_id": by.person_id, "relation": by.relation,
        "decided_by": by.decided, "verb": verb, "object_type": object_type, "object_id": object_id,
        "payload": text, "payload_sha256": chain.digest(text), "previous_hash": previous,
    }  # fmt: skip
    row["hash"] = chain.event_hash(_facts(row), row["payload_sha256"], previous)
    return row


FACTS = (
    "chain", "seq", "at", "school_id", "learner_id", "actor_id", "relation", "decided_by", "verb",
    "object_type", "object_id",
)  # fmt: skip


def facts_of(event: Event) -> dict[str, Any]:
    """Return the columns of an event that its hash covers, as text and whole numbers."""
    return _facts({name: getattr(event, name) for name in FACTS})


def _facts(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in FACTS},
        "at": row["at"].astimezone(UTC).isoformat(timespec="microseconds"),
        "relation": str(row["relation"]),
        "decided_by": str(row["decided_by"]),
        "verb": str(row["verb"]),
    }


def insert_into(session: Session, model: Any) -> Any:
    """Return an INSERT that can say what happens on a conflict, for the database at hand."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(model) if on_sqlite else postgresql.insert(model)


def roll_up_row(event: Mapping[str, Any], by: By, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row of the weekly roll-up that an event about a learner counts in."""
    at, verb = event["at"], event["verb"]
    return {
        "learner_id": event["learner_id"], "week": week_of(at, by.zone, payload, verb),
        "verb": verb, "decided_by": event["decided_by"], "qualifier": qualifier(verb, payload),
        "thing": thing_of(event["object_type"], event["object_id"]), "told": told_in(at, by.zone),
        "school_id": event["school_id"], "facts": 1,
    }  # fmt: skip


def _count(session: Session, event: Mapping[str, Any], by: By, payload: Mapping[str, Any]) -> None:
    insert = insert_into(session, EvidenceWeek).values(**roll_up_row(event, by, payload))
    keys = ["learner_id", "week", "verb", "decided_by", "qualifier", "thing", "told"]
    more = {"facts": sa.text("evidence_week.facts + 1")}
    session.execute(insert.on_conflict_do_update(index_elements=keys, set_=more))
