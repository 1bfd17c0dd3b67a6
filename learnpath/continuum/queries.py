"""Reads of the continuum: a learner's page, and one sentence a thread for other pages.

Positions are worked out from the record when they are shown; nothing keeps them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from learnpath.access import current
from learnpath.continuum.driver_model import driver_model
from learnpath.continuum.facts import Fact
from learnpath.continuum.from_weeks import WeekRow, facts_of_rows
from learnpath.continuum.leading import Reader, lead_page
from learnpath.continuum.leading_shapes import LeadingPage, Seen
from learnpath.continuum.models import Observation, ObservationAnswer, PositionMark
from learnpath.continuum.place import Band, Placement, place
from learnpath.people.models import Person
from learnpath.people.queries import names
from learnpath.record.models import Event, EvidenceWeek
from learnpath.record.queries import events_of, payload_of
from learnpath.record.verbs import Relation, Verb
from learnpath.school.calendar import SchoolCalendar
from learnpath.school.models import Enrolment, SchoolClass

ZONE = "America/Denver"
# A record begins when the learner comes, not with the first thing that was done.
BEGINNINGS = frozenset({Verb.ENROLLED})


def verbs_read() -> list[Verb]:
    """Return every verb that a placement needs."""
    return sorted(driver_model().verbs_read | BEGINNINGS)


def fact_of(event: Event, zone: str = ZONE) -> Fact:
    """Return an event as the rules see it: on its school day, as whom it was decided."""
    return Fact(
        event.at.astimezone(ZoneInfo(zone)).date(), event.verb, event.decided_by,
        (event.object_type, event.object_id), payload_of(event), event.id,
    )  # fmt: skip


def placement_of(
    session: Session,
    learner_id: int,
    calendar: SchoolCalendar,
    now: datetime,
    *,
    zone: str = ZONE,
) -> Placement:
    """Return where a learner's record stands now, in one query."""
    events = events_of(session, learner_id, verbs=verbs_read())
    today = now.astimezone(ZoneInfo(zone)).date()
    return place((fact_of(event, zone) for event in events), calendar, today)


@dataclass(frozen=True)
class ThreadLine:
    """One thread for another page: its key, its name, its sentence, and whether enough was seen."""

    key: str
    name: str
    sentence: str
    band: Band | None


def threads_of(
    session: Session,
    learner_id: int,
    calendar: SchoolCalendar,
    now: datetime,
    *,
    name: str = "",
    language: str = "en",
    zone: str = ZONE,
) -> list[ThreadLine]:
    """Return one sentence for each thread; with ``name`` as an educator reads it, else to the learner."""
    placement = placement_of(session, learner_id, calendar, now, zone=zone)
    return thread_lines(placement, name=name, language=language)


def thread_lines(placement: Placement, *, name: str = "", language: str = "en") -> list[ThreadLine]:
    """Return the threads of a placement as sentences."""
    reader = Reader(language, is_learner=not name, person_id=None)
    threads = {thread.key: thread for thread in driver_model().threads}
    return [
        ThreadLine(
            one.key,
            threads[one.key].name[language],
            reader.sentence(threads[one.key], one.band, name),
            one.band,
        )
        for one in placement.threads
    ]


def placements_of(
    session: Session,
    learner_ids: Collection[int],
    calendar: SchoolCalendar,
    now: datetime,
    *,
    zone: str = ZONE,
) -> dict[int, Placement]:
    """Return the placements of several learners (a class), in one query."""
    query = (
        select(Event)
        .where(
            col(Event.learner_id).in_(sorted(learner_ids)),
            col(Event.verb).in_(verbs_read()),
        )
        .order_by(col(Event.learner_id), col(Event.seq))
    )
    facts: dict[int, list[Fact]] = defaultdict(list)
    for event in session.exec(query):
        facts[event.learner_id or 0].append(fact_of(event, zone))
    today = now.astimezone(ZoneInfo(zone)).date()
    return {id: place(facts[id], calendar, today) for id in learner_ids}


def school_placements(
    session: Session, school_id: int, calendar: SchoolCalendar, as_of: date
) -> list[Placement]:
    """Return where everybody who learns in the school on a day stands, from the roll-up: two queries.

    It is what the record itself shows at the end of a week.
    """
    learning = (
        select(Enrolment.learner_id)
        .join(SchoolClass, col(SchoolClass.id) == col(Enrolment.class_id))
        .where(SchoolClass.school_id == school_id, current(Enrolment, as_of))
        .distinct()
    )
    learners = session.exec(learning).all()
    kind = (
        col(EvidenceWeek.learner_id), col(EvidenceWeek.week), col(EvidenceWeek.verb),
        col(EvidenceWeek.decided_by), col(EvidenceWeek.qualifier), col(EvidenceWeek.thing),
    )  # fmt: skip
    query = (
        sa.select(*kind, sa.func.min(EvidenceWeek.told))
        .where(
            col(EvidenceWeek.learner_id).in_(learning), col(EvidenceWeek.told) <= as_of,
            col(EvidenceWeek.verb).in_(verbs_read()),
        )
        .group_by(*kind)
    )  # fmt: skip
    facts = facts_of_rows(WeekRow(*row) for row in session.execute(query))
    return [place(facts.get(id, []), calendar, as_of) for id in learners]


def page_of(
    session: Session,
    learner: Person,
    calendar: SchoolCalendar,
    now: datetime,
    reader: Reader,
    *,
    then: date | None = None,
    zone: str = ZONE,
) -> LeadingPage:
    """Return the page "Who is leading?" of a learner for a reader, in at most five queries.

    ``then`` is the day to compare with; without one, the middle of the record so far.
    """
    assert learner.id is not None
    events = events_of(session, learner.id, verbs=verbs_read())
    facts = [fact_of(event, zone) for event in events]
    today = now.astimezone(ZoneInfo(zone)).date()
    placement = place(facts, calendar, today)
    since = then or _middle(facts, calendar, today)
    before = place(facts, calendar, since) if since and since < today else None
    marks = marks_of(session, learner.id)
    seen = observations_of(session, learner.id)
    called = names(session, _people(events, marks.values(), seen))
    actors = {event.id: event.actor_id for event in events if event.id is not None}
    return lead_page(learner, placement, before, marks, seen, actors, called, reader)


def _middle(facts: Iterable[Fact], calendar: SchoolCalendar, today: date) -> date | None:
    """Return the last school day before the middle week of the record this year."""
    year = calendar.year_of(today)
    first = min((fact.day for fact in facts), default=today)
    weeks = calendar.weeks_between(max(first, year.starts) if year else first, today)
    enough = 2 * int(driver_model().gates["weeks_of_record"].number)
    if len(weeks) <= enough:
        return None
    middle = weeks[len(weeks) // 2]
    return middle - timedelta(days=3)


def _people(
    events: Sequence[Event], marks: Iterable[PositionMark], seen: Iterable[Seen]
) -> set[int | None]:
    people: set[int | None] = {event.actor_id for event in events}
    people |= {mark.marked_by for mark in marks}
    for one in seen:
        people.add(one.observation.observed_by)
        people |= {answer.answered_by for answer in one.answers}
    return people


def marks_of(session: Session, learner_id: int) -> Mapping[tuple[str, Relation], PositionMark]:
    """Return the newest mark of the learner and of a teacher for each thread."""
    query = select(PositionMark).where(PositionMark.learner_id == learner_id)
    rows = session.exec(query.order_by(col(PositionMark.id))).all()
    return {(row.thread, row.relation): row for row in rows}


def observations_of(session: Session, learner_id: int) -> list[Seen]:
    """Return what people saw, newest first, with the answers to it, in two queries."""
    query = select(Observation).where(Observation.learner_id == learner_id)
    rows = session.exec(query.order_by(col(Observation.day).desc(), col(Observation.id).desc()))
    replies: dict[int, list[ObservationAnswer]] = defaultdict(list)
    answers = select(ObservationAnswer).where(ObservationAnswer.learner_id == learner_id)
    for answer in session.exec(answers.order_by(col(ObservationAnswer.id))):
        replies[answer.observation_id].append(answer)
    return [Seen(row, tuple(replies[row.id or 0])) for row in rows]
