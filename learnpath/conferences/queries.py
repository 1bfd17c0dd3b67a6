"""Reads that the pages about conferences need, and what the first pages show of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from learnpath.access import current
from learnpath.conferences import links, readiness
from learnpath.conferences.cards import Card, templates
from learnpath.conferences.models import (
    Conference,
    ConferenceCard,
    ConferenceState,
    FamilyLink,
    Feedback,
    Leader,
    Promise,
    PromiseLook,
    PromiseState,
    Summary,
    Understood,
    WorkPiece,
)
from learnpath.conferences.plan import OPEN
from learnpath.conferences.prepare import cards_of, work_of
from learnpath.conferences.present import promises_of
from learnpath.conferences.promises import look_is_due
from learnpath.conferences.readiness import Tick
from learnpath.conferences.summary import translations_of
from learnpath.goals.progress import GoalProgress
from learnpath.people.models import Language, Person
from learnpath.people.queries import names
from learnpath.record import Relation
from learnpath.school.calendar import SCHOOL_DAYS, SchoolCalendar
from learnpath.school.models import Guardianship

Learners = Collection[int] | sa.Select[Any]


# -- one conference -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownCard:
    """A card with its words and what the learner noted for it."""

    card: Card
    notes: str
    led_by: Leader | None


@dataclass(frozen=True)
class Prepared:
    """All that was prepared for a conference."""

    conference: Conference
    learner: Person
    cards: Sequence[ShownCard]
    work: Sequence[WorkPiece]
    ticks: Sequence[Tick]

    @property
    def ready(self) -> bool:
        """Whether nothing is missing."""
        return all(tick.done for tick in self.ticks)

    @property
    def missing(self) -> list[Any]:
        """What the learner still has to prepare."""
        return readiness.missing(self.ticks)


def prepared(session: Session, conference: Conference) -> Prepared:
    """Return what was prepared, in three queries."""
    work = work_of(session, conference.id or 0)
    template = templates()[conference.template]
    cards = [
        ShownCard(template.card(row.key), row.notes, row.led_by)
        for row in cards_of(session, conference.id or 0)
    ]
    learner = session.get_one(Person, conference.learner_id)
    return Prepared(conference, learner, cards, work, readiness.ticks(conference, len(work)))


@dataclass(frozen=True)
class PromiseLine:
    """A promise with whoever made it, and whether it is time to look back."""

    promise: Promise
    look_due: bool


@dataclass(frozen=True)
class GuardianLine:
    """A guardian with the link that is open to them now, if there is one."""

    person_id: int
    name: str
    called: str
    no_contact: bool
    link: FamilyLink | None


@dataclass(frozen=True)
class Answer:
    """What a family answered. ``question`` is empty for everybody but the school's staff and the family."""

    id: int
    guardian: str
    understood: Understood
    proud: str
    question: str
    may_call: bool
    language: str
    given_at: datetime
    glanced_at: datetime | None
    glanced_by: str
    passed_on: bool
    read: bool


@dataclass(frozen=True)
class After:
    """What there is after a conference: the promises, the summary and the answers to it."""

    promises: Sequence[PromiseLine]
    summary: Summary | None
    answers: Sequence[Answer]


def after(session: Session, conference: Conference, for_learner: bool, now: datetime) -> After:
    """Return what a conference left behind. A learner gets what was passed on, and no word for the staff."""
    promises = _promise_lines(session, conference, now)
    summary = session.exec(select(Summary).where(Summary.conference_id == conference.id)).first()
    if summary is None:
        return After(promises, None, ())
    found = answers_to_learner if for_learner else answers_to_staff
    return After(promises, summary, found(session, summary.id or 0))


def answers_to_staff(session: Session, summary_id: int) -> list[Answer]:
    """Return all answers to a summary, with all their words: for the learner's teachers only."""
    return [_answer(*row) for row in session.execute(_answers(summary_id))]


def answers_to_learner(session: Session, summary_id: int) -> list[Answer]:
    """Return what the teacher passed on, without the words for the school."""
    query = _answers(summary_id).where(col(Feedback.passed_on_at).is_not(None))
    return [_without_question(_answer(*row)) for row in session.execute(query)]


def answers_of_guardian(session: Session, summary_id: int, guardian_id: int) -> list[Answer]:
    """Return what one guardian answered, and whether a teacher read it."""
    query = _answers(summary_id).where(Feedback.guardian_id == guardian_id)
    return [_answer(*row) for row in session.execute(query)]


def guardians_with_links(
    session: Session, conference: Conference, now: datetime
) -> list[GuardianLine]:
    """Return all guardians of today with their open link to this conference."""
    query = (
        select(Guardianship, Person)
        .join(Person, col(Person.id) == col(Guardianship.guardian_id))
        .where(Guardianship.learner_id == conference.learner_id, current(Guardianship, now.date()))
        .order_by(col(Guardianship.id))
    )
    open_links = {
        link.guardian_id: link
        for link in links.links_of(session, conference.id or 0)
        if link.revoked_at is None and link.expires_at > now
    }
    return [
        GuardianLine(
            person.id or 0, person.full_name, tie.called or person.called, tie.no_contact,
            open_links.get(person.id or 0),
        )
        for tie, person in session.exec(query)
    ]  # fmt: skip


def _promise_lines(session: Session, conference: Conference, now: datetime) -> list[PromiseLine]:
    promises = [promise for promise in promises_of(session, conference.id or 0) if promise.text]
    if not promises or conference.held_at is None:
        return [PromiseLine(promise, False) for promise in promises]
    last = _last_looks(session, [promise.id or 0 for promise in promises])
    return [
        PromiseLine(
            promise, look_is_due(conference.held_at, last.get(promise.id or 0), promise.state, now)
        )
        for promise in promises
    ]


def _last_looks(session: Session, promise_ids: Collection[int]) -> dict[int, datetime]:
    query = (
        select(PromiseLook.promise_id, func.max(PromiseLook.at))
        .where(col(PromiseLook.promise_id).in_(promise_ids))
        .group_by(col(PromiseLook.promise_id))
    )
    return dict(session.exec(query).all())


def _answers(summary_id: int) -> sa.Select[Any]:
    teacher = sa.orm.aliased(Person)
    return (
        sa.select(Feedback, Person.called, Guardianship.called, teacher.called)
        .join(Person, col(Person.id) == col(Feedback.guardian_id))
        .outerjoin(
            Guardianship,
            (col(Guardianship.guardian_id) == col(Feedback.guardian_id))
            & (col(Guardianship.learner_id) == col(Feedback.learner_id))
            & col(Guardianship.ends).is_(None),
        )
        .outerjoin(teacher, teacher.id == Feedback.glanced_by)  # type: ignore[arg-type]
        .where(col(Feedback.summary_id) == summary_id)
        .order_by(col(Feedback.given_at), col(Feedback.id))
    )


def _answer(row: Feedback, own_name: str, called: str | None, reader: str | None) -> Answer:
    return Answer(
        row.id or 0, called or own_name, row.understood, row.proud, row.question, row.may_call,
        row.language.value, row.given_at, row.glanced_at, reader or "",
        row.passed_on_at is not None, row.read_at is not None,
    )  # fmt: skip


def _without_question(answer: Answer) -> Answer:
    return Answer(
        answer.id, answer.guardian, answer.understood, answer.proud, "", False, answer.language,
        answer.given_at, answer.glanced_at, answer.glanced_by, answer.passed_on, answer.read,
    )  # fmt: skip


# -- the frozen summary, ready to be shown ----------------------------------------------------------------


@dataclass(frozen=True)
class ShownPromise:
    """A promise as the summary has it."""

    by: Relation
    who: str
    text: str
    due: date | None


@dataclass(frozen=True)
class ShownSummary:
    """A summary's content with days as days, and the words of a translation beside people's words."""

    learner: str
    language: str
    school: str
    phone: str
    day: date
    there: Sequence[str]
    led: int
    parts: int
    own_words: str
    goals: Sequence[Mapping[str, Any]]
    work: Sequence[Mapping[str, str]]
    hard: Mapping[str, str]
    teacher: Mapping[str, str]
    promises: Sequence[ShownPromise]


def shown(content: Mapping[str, Any]) -> ShownSummary:
    """Return a summary's content in the shape that its page needs."""
    there = content["there"]
    people = [there["learner"]] if "learner" in there["relations"] else []
    people += [there["family"]] if there["family"] else []
    return ShownSummary(
        content["learner"], content["language"], content["school"]["name"],
        content["school"]["phone"], date.fromisoformat(content["day"]),
        [*people, *there["teachers"]], content["cards"]["led_by_learner"], content["cards"]["all"],
        content["own_words"], [_goal(goal) for goal in content["goals"]], content["work"],
        content["hard"],
        content["teacher"],
        [
            ShownPromise(
                Relation(promise["by"]), promise["who"], promise["text"],
                date.fromisoformat(promise["due"]) if promise["due"] else None,
            )
            for promise in content["promises"]
        ],
    )  # fmt: skip


def _goal(goal: Mapping[str, Any]) -> dict[str, Any]:
    kept = goal["progress"]
    return {**goal, "progress": GoalProgress.from_json(kept) if kept else None}


@dataclass(frozen=True)
class Translated:
    """Somebody's words in another language, with the name of who put them so."""

    text: str
    by: str


def translated(session: Session, summary_id: int, language: Language) -> dict[str, Translated]:
    """Return the translations of a summary into ``language``, by the part that they stand beside."""
    return {
        row.part: Translated(row.text, row.translated_by)
        for row in translations_of(session, summary_id, language)
    }


# -- lists and first pages -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ConferenceRow:
    """A conference in the list through the years."""

    id: int
    starts_at: datetime
    held_at: datetime | None
    state: ConferenceState
    place: str
    led: int
    parts: int
    summary_id: int | None
    approved: bool
    shared: bool


def list_of(session: Session, learner_id: int) -> list[ConferenceRow]:
    """Return a learner's conferences, the newest first, in one query."""
    counted = sa.and_(
        col(ConferenceCard.led_by).is_not(None), col(ConferenceCard.led_by) != Leader.SKIPPED
    )
    led = _card_count(col(ConferenceCard.led_by) == Leader.LEARNER)
    query = (
        select(Conference, Summary, led, _card_count(counted))
        .outerjoin(Summary, col(Summary.conference_id) == col(Conference.id))
        .where(Conference.learner_id == learner_id)
        .order_by(col(Conference.starts_at).desc(), col(Conference.id).desc())
    )
    return [
        ConferenceRow(
            conference.id or 0, conference.starts_at, conference.held_at, conference.state,
            conference.place, led_count, parts, summary.id if summary else None,
            bool(summary and summary.approved_at), bool(summary and summary.shared_at),
        )
        for conference, summary, led_count, parts in session.exec(query)
    ]  # fmt: skip


def _card_count(which: Any) -> Any:
    return (
        sa.select(sa.func.count())
        .where(col(ConferenceCard.conference_id) == col(Conference.id), which)
        .correlate(Conference)
        .scalar_subquery()
    )


@dataclass(frozen=True)
class NextConference:
    """The conference that comes next, and what is there for it."""

    id: int
    learner_id: int
    learner: str
    starts_at: datetime
    place: str
    state: ConferenceState
    ticks: Sequence[Tick]

    @property
    def ready(self) -> bool:
        """Whether nothing is missing."""
        return all(tick.done for tick in self.ticks)

    @property
    def missing(self) -> list[Any]:
        """What the learner still has to prepare."""
        return readiness.missing(self.ticks)


def next_conference(session: Session, learner_id: int) -> NextConference | None:
    """Return the learner's open conference with its readiness, in one query."""
    found = _coming(session, [learner_id], None, None)
    return found[0] if found else None


def coming(
    session: Session, learner_ids: Learners, now: datetime, until: datetime
) -> list[NextConference]:
    """Return the open conferences of these learners up to ``until``, soonest first, in one query."""
    return _coming(session, learner_ids, now, until)


def not_ready(
    session: Session, learner_ids: Learners, now: datetime, until: datetime
) -> list[NextConference]:
    """Return the conferences up to ``until`` for which something is missing, soonest first."""
    return [c for c in _coming(session, learner_ids, now, until) if not c.ready]


def five_school_days_on(calendar: SchoolCalendar, today: date) -> date:
    """Return the fifth school day after ``today``; without any school in a month, the day in a week."""
    left = SCHOOL_DAYS
    for ahead in range(1, 32):
        day = today + timedelta(days=ahead)
        resting = any(rest.holds(day) for rest in calendar.breaks)
        if day.weekday() < SCHOOL_DAYS and calendar.week_of(day) is not None and not resting:
            left -= 1
        if left == 0:
            return day
    return today + timedelta(days=7)


def _coming(
    session: Session, learner_ids: Learners, now: datetime | None, until: datetime | None
) -> list[NextConference]:
    pieces = (
        sa.select(sa.func.count())
        .where(col(WorkPiece.conference_id) == col(Conference.id))
        .correlate(Conference)
        .scalar_subquery()
    )
    query = (
        select(Conference, Person.called, pieces)
        .join(Person, col(Person.id) == col(Conference.learner_id))
        .where(col(Conference.learner_id).in_(learner_ids), col(Conference.state).in_(OPEN))
        .order_by(col(Conference.starts_at), col(Conference.id))
    )
    if now is not None and until is not None:
        query = query.where(
            Conference.starts_at >= now - timedelta(days=1), Conference.starts_at <= until
        )
    return [
        NextConference(
            conference.id or 0, conference.learner_id, called, conference.starts_at,
            conference.place, conference.state, readiness.ticks(conference, count),
        )
        for conference, called, count in session.exec(query)
    ]  # fmt: skip


@dataclass(frozen=True)
class PromiseDue:
    """A promise that it is time to look back at."""

    promise_id: int
    conference_id: int
    learner_id: int
    learner: str
    by: Relation
    who: str
    text: str
    due: date | None
    state: PromiseState


def promises_due(session: Session, learner_ids: Learners, now: datetime) -> list[PromiseDue]:
    """Return the promises of these learners to look back at now, in one query."""
    last = (
        sa.select(sa.func.max(PromiseLook.at))
        .where(col(PromiseLook.promise_id) == col(Promise.id))
        .correlate(Promise)
        .scalar_subquery()
    )
    query = (
        select(Promise, Person.called, Conference.held_at, last)
        .join(Conference, col(Conference.id) == col(Promise.conference_id))
        .join(Person, col(Person.id) == col(Promise.learner_id))
        .where(
            col(Promise.learner_id).in_(learner_ids),
            col(Promise.text) != "",
            col(Promise.state) != PromiseState.DONE,
            Conference.state == ConferenceState.HELD,
            col(Conference.held_at) <= now - timedelta(weeks=2),
            # After the second look nothing is asked any more; a year on, neither.
            col(Conference.held_at) > now - timedelta(weeks=20),
        )
        .order_by(col(Conference.held_at), col(Promise.id))
    )
    return [
        PromiseDue(
            promise.id or 0, promise.conference_id, promise.learner_id, called,
            promise.by_relation, promise.who, promise.text, promise.due, promise.state,
        )
        for promise, called, held_at, looked in session.exec(query)
        if held_at is not None and look_is_due(held_at, looked, promise.state, now)
    ]  # fmt: skip


@dataclass(frozen=True)
class FeedbackWaiting:
    """A family's answer that no teacher has read yet."""

    feedback_id: int
    summary_id: int
    conference_id: int
    learner_id: int
    learner: str
    guardian: str
    understood: Understood
    given_at: datetime


def feedback_waiting(session: Session, learner_ids: Learners) -> list[FeedbackWaiting]:
    """Return the answers of these learners' families that wait for a glance, oldest first, in one query."""
    guardian = sa.orm.aliased(Person)
    query = (
        select(Feedback, Summary.conference_id, Person.called, guardian.called)
        .join(Summary, col(Summary.id) == col(Feedback.summary_id))
        .join(Person, col(Person.id) == col(Feedback.learner_id))
        .join(guardian, guardian.id == Feedback.guardian_id)  # type: ignore[arg-type]
        .where(col(Feedback.learner_id).in_(learner_ids), col(Feedback.glanced_at).is_(None))
        .order_by(col(Feedback.given_at), col(Feedback.id))
    )
    return [
        FeedbackWaiting(
            row.id or 0, row.summary_id, conference_id, row.learner_id, learner, called,
            row.understood, row.given_at,
        )
        for row, conference_id, learner, called in session.exec(query)
    ]  # fmt: skip


@dataclass(frozen=True)
class UnreadAnswer:
    """Something that the family wrote to the learner, not read yet."""

    feedback_id: int
    summary_id: int
    conference_id: int
    guardian: str


def unread_answers(session: Session, learner_id: int) -> list[UnreadAnswer]:
    """Return what was passed on to the learner and waits to be read, in one query."""
    query = (
        select(Feedback, Summary.conference_id, Person.called, Guardianship.called)
        .join(Summary, col(Summary.id) == col(Feedback.summary_id))
        .join(Person, col(Person.id) == col(Feedback.guardian_id))
        .outerjoin(
            Guardianship,
            (col(Guardianship.guardian_id) == col(Feedback.guardian_id))
            & (col(Guardianship.learner_id) == col(Feedback.learner_id))
            & col(Guardianship.ends).is_(None),
        )
        .where(
            Feedback.learner_id == learner_id,
            col(Feedback.passed_on_at).is_not(None),
            col(Feedback.read_at).is_(None),
        )
        .order_by(col(Feedback.given_at))
    )
    return [
        UnreadAnswer(row.id or 0, row.summary_id, conference_id, called or own)
        for row, conference_id, own, called in session.exec(query)
    ]


@dataclass(frozen=True)
class Waits:
    """What waits for a learner after conferences: an answer to read, a summary to say yes to."""

    held: int
    unread_conference: int | None
    to_approve: int | None


def waits_of(session: Session, learner_id: int) -> Waits:
    """Return what waits for a learner, and how many conferences were held, in one query."""
    held = sa.select(func.count()).where(
        col(Conference.learner_id) == learner_id, col(Conference.state) == ConferenceState.HELD
    )
    unread = (
        sa.select(func.min(Summary.conference_id))
        .join(Feedback, col(Feedback.summary_id) == col(Summary.id))
        .where(
            col(Feedback.learner_id) == learner_id, col(Feedback.passed_on_at).is_not(None),
            col(Feedback.read_at).is_(None), col(Feedback.proud) != "",
        )
    )  # fmt: skip
    approve = sa.select(func.min(Summary.id)).where(
        col(Summary.learner_id) == learner_id, col(Summary.approved_at).is_(None)
    )
    row = session.execute(
        sa.select(held.scalar_subquery(), unread.scalar_subquery(), approve.scalar_subquery())
    ).one()
    return Waits(*row)


@dataclass(frozen=True)
class SummaryWaiting:
    """A summary that waits for somebody: for the learner's yes, or for the teacher to share it."""

    summary_id: int
    conference_id: int
    learner_id: int
    learner: str
    for_teacher: bool


def summaries_waiting(session: Session, learner_ids: Learners) -> list[SummaryWaiting]:
    """Return the summaries of these learners that are not shared yet, in one query."""
    query = (
        select(Summary, Person.called)
        .join(Person, col(Person.id) == col(Summary.learner_id))
        .where(col(Summary.learner_id).in_(learner_ids), col(Summary.shared_at).is_(None))
        .order_by(col(Summary.id))
    )
    return [
        SummaryWaiting(
            row.id or 0, row.conference_id, row.learner_id, called, row.approved_at is not None
        )
        for row, called in session.exec(query)
    ]


@dataclass(frozen=True)
class SharedSummary:
    """A summary that a family may read."""

    summary_id: int
    learner_id: int
    learner: str
    day: date
    answered: bool


def shared_with_guardian(session: Session, guardian_id: int, today: date) -> list[SharedSummary]:
    """Return the shared summaries of a guardian's own children, newest first, in one query."""
    answered = (
        sa.select(sa.func.count())
        .where(
            col(Feedback.summary_id) == col(Summary.id), col(Feedback.guardian_id) == guardian_id
        )
        .correlate(Summary)
        .scalar_subquery()
    )
    query = (
        select(Summary, Person.called, answered)
        .join(Person, col(Person.id) == col(Summary.learner_id))
        .where(
            col(Summary.learner_id).in_(
                select(Guardianship.learner_id).where(
                    Guardianship.guardian_id == guardian_id,
                    col(Guardianship.no_contact).is_(False),
                    current(Guardianship, today),
                )
            ),
            col(Summary.shared_at).is_not(None),
        )
        .order_by(col(Summary.shared_at).desc())
    )
    return [
        SharedSummary(
            row.id or 0, row.learner_id, called, date.fromisoformat(row.content["day"]), count > 0
        )
        for row, called, count in session.exec(query)
    ]


def people_of(session: Session, conference: Conference) -> dict[int, str]:
    """Return what the people of a conference are called, in one query."""
    return names(session, [conference.learner_id, conference.planned_by, conference.answered_by])
