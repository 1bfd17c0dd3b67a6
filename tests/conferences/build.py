"""Builders of conferences: planned, prepared, answered, held, approved, shared - through the verbs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, select

from learnpath.conferences import answer, links, plan, prepare, present, summary
from learnpath.conferences.answer import Answer
from learnpath.conferences.models import Conference, FamilyLink, Leader, Summary, View
from learnpath.conferences.plan import When
from learnpath.conferences.prepare import Hard, Line, Piece
from learnpath.conferences.present import Live, Promised
from learnpath.people.models import Person
from learnpath.record import By, Relation
from learnpath.school import enrol
from learnpath.school.models import School
from tests import builders
from tests.builders import MONDAY

LINES = (
    Line("strengths:0123456789ab", "strengths", "I explain things well."),
    Line("what_helps:0123456789ab", "what_helps", "An example first helps me start."),
)
OWN_WORDS = "I used to pick the first quote I saw. Now I read two and choose."
HARD = Hard("Finding my own words.", "I read it aloud.", "Ten quiet minutes.")
PIECE = Piece("My letter to the mayor", "I wrote three drafts.", "My evidence fits now.")
GUESS = "Ms. Baca would say that I ask more questions."
TEACHER_WORDS = "Mateo explains why his evidence fits. I keep ten minutes for us on Tuesdays."
PROMISES = {
    Relation.LEARNER: "Two quotes each week.",
    Relation.FAMILY: "Ask me about one quote on Sundays.",
    Relation.TEACHER: "Ten minutes on Tuesdays.",
}


def by(person: Person, relation: Relation) -> By:
    """Return a person as the doer."""
    return builders.by(person, relation)


def a_planned_conference(
    session: Session, learner: Person, teacher: Person | None = None, *,
    now: datetime = MONDAY, day: date = date(2025, 11, 20), at: time = time(17, 20),
) -> Conference:  # fmt: skip
    """Return a conference that a teacher of the learner planned for a Thursday."""
    teacher = teacher or builders.a_teacher_of(session, learner)
    doer = by(teacher, Relation.TEACHER)
    return plan.plan_conference(session, doer, learner, When(day, at, "Room 214"), now)


def prepare_all(
    session: Session, conference: Conference, *, goals: Sequence[int] = (), now: datetime = MONDAY
) -> None:
    """Let the learner prepare everything, and the teacher answer."""
    learner = session.get_one(Person, conference.learner_id)
    doer = by(learner, Relation.LEARNER)
    prepare.choose_lines(
        session, doer, conference, LINES, [line.key for line in LINES], conference.number, now
    )
    prepare.choose_goals(session, doer, conference, goals, goals, not goals, conference.number, now)
    prepare.add_work(session, doer, conference, PIECE, now)
    prepare.say_hard(session, doer, conference, HARD, conference.number, now)
    prepare.say_words(session, doer, conference, OWN_WORDS, conference.number, now)
    prepare.guess(session, doer, conference, GUESS, conference.number, now)
    teacher = session.get_one(Person, conference.planned_by)
    said = Answer(TEACHER_WORDS, View.AGREES)
    answer.answer(
        session, by(teacher, Relation.TEACHER), conference, said, conference.teacher_number, now
    )


def hold(
    session: Session, conference: Conference, *, led_by: Leader = Leader.LEARNER,
    there: Sequence[Relation] = (Relation.LEARNER, Relation.FAMILY, Relation.TEACHER),
    now: datetime = MONDAY,
) -> Summary:  # fmt: skip
    """Let the conference happen, each card led by ``led_by``, and end."""
    learner = session.get_one(Person, conference.learner_id)
    doer = by(learner, Relation.LEARNER)
    present.begin(session, doer, conference, now)
    cards = prepare.cards_of(session, conference.id or 0)
    today = now.date()
    live = Live(
        led_by={card.key: led_by for card in cards},
        present=there,
        family_names="Mamá",
        promises={
            relation: Promised(
                text=text, due=today + timedelta(weeks=2), due_touched=True, read_back=True
            )
            for relation, text in PROMISES.items()
        },
    )
    present.keep(session, conference, live, today)
    return present.finish(session, doer, conference, now)


def a_conference(
    session: Session, learner: Person, teacher: Person | None = None, *, held: bool = True,
    approved: bool = True, shared: bool = True, goals: Sequence[int] = (), now: datetime = MONDAY,
    day: date | None = None,
) -> Conference:  # fmt: skip
    """Return a prepared conference, held and its summary shared unless told otherwise."""
    conference = a_planned_conference(
        session, learner, teacher, now=now, day=day or now.date() + timedelta(days=3)
    )
    prepare_all(session, conference, goals=goals, now=now)
    if held:
        made = hold(session, conference, now=now)
        if approved or shared:
            summary.approve(session, by(learner, Relation.LEARNER), made, OWN_WORDS, now)
        if shared:
            doer = by(session.get_one(Person, conference.planned_by), Relation.TEACHER)
            summary.share(session, doer, made, made.sha256, now)
    session.flush()
    return conference


def summary_of(session: Session, conference: Conference) -> Summary:
    """Return the summary of a held conference."""
    return session.exec(select(Summary).where(Summary.conference_id == conference.id)).one()


def a_link(
    session: Session, conference: Conference, guardian: Person, now: datetime = MONDAY
) -> tuple[FamilyLink, str]:
    """Return a family link and its token."""
    teacher = session.get_one(Person, conference.planned_by)
    return links.issue(session, by(teacher, Relation.TEACHER), conference, guardian.id or 0, now)


def also_guards(session: Session, guardian: Person, learner: Person) -> None:
    """Make a guardian the guardian of one more learner."""
    school = session.get_one(School, learner.school_id)
    enrol.link_guardian(
        session, builders.by_school(school), guardian, learner, "Mamá", builders.YEAR_START, MONDAY
    )
