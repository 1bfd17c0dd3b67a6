"""A small world with everything in it: two schools, each kind of person, each kind of thing.

Tests that must cover every route and every page read it: a new page finds what it needs here.
All words of a learner hold a mark of their own, so that they can be recognised wherever they turn up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from PIL import Image
from sqlmodel import Session, col, select

from learnpath.conferences import feedback, links, windows
from learnpath.conferences.feedback import FamilyWords
from learnpath.conferences.models import (
    FamilyLink,
    Feedback,
    Promise,
    Slot,
    Summary,
    Understood,
    WorkPiece,
)
from learnpath.conferences.windows import Laying
from learnpath.continuum import practice
from learnpath.continuum.columns import Column
from learnpath.continuum.driver_model import driver_model
from learnpath.continuum.models import Scope
from learnpath.continuum.observe import observe
from learnpath.goals import band, checkins, group, suggest, work_file
from learnpath.goals.checkins import Entry
from learnpath.goals.file_store import Store
from learnpath.goals.models import Evidence, Goal, GoalPart
from learnpath.goals.trend import Measure
from learnpath.people.models import Language, Person
from learnpath.people.sign_in import start
from learnpath.portability import requests
from learnpath.portability.requests import Asked
from learnpath.profiles import peers
from learnpath.profiles.models import Audience
from learnpath.profiles.note import note
from learnpath.profiles.suggest import suggest as profile_suggest
from learnpath.record import Relation
from learnpath.school import enrol
from learnpath.school.models import Enrolment, RequestKind, School, SchoolClass
from learnpath.school.queries import calendar_of
from tests import builders
from tests.builders import MONDAY, YEAR_START, by
from tests.conferences import build as conferences
from tests.goals import build as goals
from tests.outcomes.build import an_import, an_outcome
from tests.profiles.build import a_profile, an_inventory_run

BEFORE = MONDAY - timedelta(weeks=3)


@dataclass(frozen=True)
class Things:
    """One learner's things: the name of each id in an address, and the ids there are for it.

    Each entry is a case: the ids that go together, and whether the thing is shared with the family.
    """

    learner_id: int
    mark: str
    cases: Mapping[str, list[Case]]


@dataclass(frozen=True)
class Case:
    """Ids that go into an address together."""

    name: str
    ids: Mapping[str, int]
    shared: bool = False


@dataclass
class World:
    """Who there is, with the token of a sign-in of each, and what there is."""

    people: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    things: dict[str, Things] = field(default_factory=dict)
    link_token: str = ""


NOBODY = "nobody"
PEOPLE = (
    "learner", "classmate", "teacher", "other_teacher", "family", "other_family", "leader",
    "administrator", "foreign_learner", "foreign_teacher", "foreign_family", "foreign_leader",
    "foreign_administrator",
)  # fmt: skip


def a_world(session: Session, store: Store) -> World:
    """Build the world, everybody signed in."""
    world = World()
    home = builders.a_school(session)
    away = builders.a_school(session, "Prairie School")
    people = _people_of(session, home, "", "zorba", "wexley")
    people |= _people_of(session, away, "foreign_", "quorra", "")
    other_class = builders.a_class(session, school=home, name="Room 9")
    builders.a_learner(session, "Tamsin", in_class=other_class, school=home)
    people["other_teacher"] = builders.a_teacher(
        session, other_class, called="Mr. Otherby", school=home
    )
    _forbid(session, people["other_family"], people["learner"])
    for name, person in people.items():
        world.people[name] = person.id or 0
        token = start(session, person.id or 0, MONDAY)
        assert token, name
        world.tokens[name] = token
    for owner, family in (
        ("learner", "family"), ("classmate", "other_family"), ("foreign_learner", "foreign_family")
    ):  # fmt: skip
        teacher = people["foreign_teacher" if owner == "foreign_learner" else "teacher"]
        world.things[owner], token = _things(session, people[owner], teacher, people[family], store)
        world.link_token = world.link_token or token
    return world


def _people_of(
    session: Session, school: School, prefix: str, mark: str, second: str
) -> dict[str, Person]:
    """Return the people of one school; learners are called by their marks."""
    room = builders.a_class(session, school=school)
    people = {
        "learner": builders.a_learner(session, mark.title(), in_class=room, school=school),
        "teacher": builders.a_teacher(session, room, called=f"Ms. {prefix}Baca", school=school),
        "leader": builders.a_leader(session, school=school),
        "administrator": builders.an_administrator(session, school=school),
    }
    people["family"] = builders.a_guardian_of(
        session, people["learner"], language=Language.EN, as_called="Mom"
    )
    if not second:
        builders.a_learner(session, "Ansel", in_class=room, school=school)
    else:
        people["classmate"] = builders.a_learner(
            session, second.title(), in_class=room, school=school
        )
        people["other_family"] = builders.a_guardian_of(
            session, people["classmate"], language=Language.EN
        )
    return {prefix + name: person for name, person in people.items()}


def _forbid(session: Session, guardian: Person, learner: Person) -> None:
    """Make somebody a guardian who may have no contact: that beats every right."""
    doer = builders.by_school(session.get_one(School, learner.school_id))
    tie = enrol.link_guardian(session, doer, guardian, learner, "Dad", YEAR_START, MONDAY)
    enrol.forbid_contact(session, doer, tie, MONDAY)


def _things(
    session: Session, learner: Person, teacher: Person, guardian: Person, store: Store
) -> tuple[Things, str]:
    mark = learner.called.lower()
    words = _marked(goals.FACTS, mark)
    room = builders.class_of(session, learner)
    a_profile(session, learner, lines=_lines(mark), audience=Audience.FAMILY, now=BEFORE)
    a_profile(session, learner, lines={"challenges": (f"{mark} plans slowly",)}, now=BEFORE)
    outcome = an_outcome(session, learner, teacher, measure=f"{mark} quiz")
    words["rests_on"] = [{"outcome": outcome.id}]
    goal_cases = _goals(session, learner, teacher, words, store)
    shared_goal = next(case for case in goal_cases["goal_id"] if case.shared).ids["goal_id"]
    conference_cases, link_token = _conferences(
        session, learner, teacher, guardian, mark, shared_goal
    )
    runs = [
        an_inventory_run(session, learner, finished=True, now=BEFORE),
        an_inventory_run(session, learner, answered=2),
    ]
    observed = observe(
        session, by(teacher, Relation.TEACHER), learner.id or 0, *_first_indicator(),
        date(2025, 11, 14), f"{mark} asked a classmate for help.", MONDAY,
    )  # fmt: skip
    cases: dict[str, list[Case]] = {
        "learner_id": [Case("learner", {"learner_id": learner.id or 0})],
        "class_id": [Case("class", {"class_id": room.id or 0})],
        "run_id": [Case(f"run {n}", {"run_id": run.id or 0}) for n, run in enumerate(runs)],
        "outcome_id": [Case("outcome", {"outcome_id": outcome.id or 0})],
        "observation_id": [Case("observation", {"observation_id": observed.id or 0})],
        **goal_cases,
        **conference_cases,
        **_window(session, teacher, room),
        "band_id": [Case("usual growth", _band(session, teacher, room))],
        **_voices(session, learner, teacher, mark),
        **_practice(session, teacher, mark),
        "school_id": [Case("school", {"school_id": learner.school_id})],
        **_imported(session, learner, mark),
        "person_id": [Case("person", {"person_id": learner.id or 0})],
        "request_id": [Case("request", {"request_id": _request(session, learner)})],
    }
    session.flush()
    return Things(learner.id or 0, mark, cases), link_token


def _request(session: Session, learner: Person) -> int:
    """Return a request of the family to erase what is kept about a learner."""
    doer = builders.by_school(session.get_one(School, learner.school_id))
    asked = Asked(RequestKind.ERASE, Relation.FAMILY, "A parent", "", BEFORE.date())
    made = requests.note_request(session, doer, learner, asked, MONDAY.date(), MONDAY)
    return made.id or 0


def _band(session: Session, teacher: Person, room: SchoolClass) -> dict[str, int]:
    """Return what the teacher said is usual in the class."""
    said = band.set_band(
        session, by(teacher, Relation.TEACHER), room, Measure.COUNT, "facts", Decimal(1),
        Decimal(3), MONDAY,
    )  # fmt: skip
    session.flush()
    return {"class_id": room.id or 0, "band_id": said.id or 0}


def _imported(session: Session, learner: Person, mark: str) -> dict[str, list[Case]]:
    """Return a file of school data that waits, and one that was brought in."""
    waits, run = an_import(session, learner, mark)
    return {
        "outcome_file_id": [Case("file", {"outcome_file_id": waits})],
        "import_id": [Case("import", {"import_id": run})],
    }


def _window(session: Session, teacher: Person, room: SchoolClass) -> dict[str, list[Case]]:
    """Return a conference window of the class, with times to choose from."""
    doer, day = by(teacher, Relation.TEACHER), date(2025, 12, 4)
    window = windows.open_window(session, doer, room.id, day, day + timedelta(days=4), MONDAY)
    calendar = calendar_of(session, teacher.school_id)
    hours = (
        (time(15, 0), time(17, 0)) if session.exec(select(Slot)).first() else (time(17), time(19))
    )
    laying = Laying(day, *hours, 20, 5, "Room 214")
    slots = windows.lay_slots(session, doer, window, laying, calendar, MONDAY)
    ids = {"class_id": room.id or 0, "window_id": window.id or 0}
    return {
        "window_id": [Case("window", ids)],
        "slot_id": [Case("slot", {**ids, "slot_id": slots[0].id or 0})],
    }


def _voices(session: Session, learner: Person, teacher: Person, mark: str) -> dict[str, list[Case]]:
    """Return an idea for the profile, an invited classmate, and a goal that is offered to the class."""
    room = builders.class_of(session, learner)
    peer = session.exec(
        select(Person)
        .join(Enrolment, col(Enrolment.learner_id) == col(Person.id))
        .where(Enrolment.class_id == room.id, Person.id != learner.id)
    ).one()
    doer, tutor = by(learner, Relation.LEARNER), by(teacher, Relation.TEACHER)
    written = note(
        session, tutor, learner.id or 0, "strengths", f"{mark} was noticed", MONDAY.date(),
        MONDAY.date(), MONDAY,
    )  # fmt: skip
    invitation = peers.invite(
        session, doer, learner.id or 0, "strengths", peer.id or 0, {peer.id or 0}, MONDAY
    )
    idea = profile_suggest(session, tutor, learner.id or 0, "strengths", f"{mark} listens", MONDAY)
    offered = group.offer_to_class(
        session, tutor, room, {**goals.FACTS, "what": "Read together"}, MONDAY.date(), MONDAY
    )
    ids = {
        "learner_id": learner.id or 0,
        "class_id": room.id or 0,
        "group_goal_id": offered.id or 0,
    }
    return {
        "invitation_id": [Case("invitation", {"invitation_id": invitation.id or 0})],
        "note_id": [Case("note", {"note_id": written.id or 0})],
        "profile_suggestion_id": [Case("idea", {"suggestion_id": idea.id or 0})],
        "group_goal_id": [Case("group goal", ids)],
    }


def _practice(session: Session, teacher: Person, mark: str) -> dict[str, list[Case]]:
    strand = next(iter(practice.strands_to_reflect_on()))
    reflected = practice.reflect(
        session, by(teacher, Relation.TEACHER), strand, Scope.OWN,
        Column.LEARNER_CENTERED, f"{mark} leads the talk.", MONDAY,
    )  # fmt: skip
    return {"reflection_id": [Case("reflection", {"reflection_id": reflected.id or 0})]}


def _marked(facts: Mapping[str, Any], mark: str) -> dict[str, Any]:
    return {
        key: f"{mark} {value}" if key in {"what", "why", "can_now", "plan"} else value
        for key, value in facts.items()
    }


def _lines(mark: str) -> dict[str, tuple[str, ...]]:
    return {
        "in_my_words": (f"{mark} tries first and asks later.",),
        "strengths": (f"{mark} explains", "Keeping at it"),
        "what_helps": (f"{mark} needs an example",),
    }


def _first_indicator() -> tuple[str, str]:

    return next(
        (key, next(iter(one.seen))) for key, one in driver_model().indicators.items() if one.seen
    )


def _goals(
    session: Session, learner: Person, teacher: Person, words: dict[str, Any], store: Store
) -> dict[str, list[Case]]:
    draft = goals.a_draft(session, learner, **words)
    sent = goals.a_sent_goal(session, learner, **words)
    agreed = goals.a_goal(session, learner=learner, teacher=teacher, values=(24, None, 27), **words)
    shared = goals.a_goal(
        session, learner=learner, teacher=teacher, check_ins=8, shared=True, **words
    )
    suggestion = suggest.suggest(
        session, by(teacher, Relation.TEACHER), sent, GoalPart.TARGET, "40", "", sent.newest_number,
        MONDAY,
    )  # fmt: skip
    kinds = {"draft": draft, "sent": sent, "agreed": agreed, "shared": shared}
    return {
        "goal_id": [
            Case(name, {"goal_id": goal.id or 0}, shared=name == "shared")
            for name, goal in kinds.items()
        ],
        "evidence_id": [
            Case("work", _work(session, shared, store), shared=True),
        ],
        "suggestion_id": [
            Case("sent", {"goal_id": sent.id or 0, "suggestion_id": suggestion.id or 0})
        ],
    }


def _work(session: Session, goal: Goal, store: Store) -> dict[str, int]:
    """Return a picture that the learner added to this week's check-in."""
    learner = session.get_one(Person, goal.learner_id)
    picture = BytesIO()
    Image.new("RGB", (30, 20), "teal").save(picture, "PNG")
    file = work_file.read(f"{learner.called.lower()} draws.png", picture.getvalue())
    entry = Entry(MONDAY.date(), Decimal(30), files=(file,))
    checkins.check_in(
        session, by(learner, Relation.LEARNER), goal, entry, goals.every_week(session, learner),
        MONDAY.date(), MONDAY, store=store,
    )  # fmt: skip
    row = session.exec(select(Evidence).where(Evidence.goal_id == goal.id)).one()
    return {"goal_id": goal.key, "evidence_id": row.id or 0}


def _conferences(
    session: Session, learner: Person, teacher: Person, guardian: Person, mark: str, goal_id: int
) -> tuple[dict[str, list[Case]], str]:
    held = conferences.a_conference(session, learner, teacher, goals=[goal_id], now=BEFORE)
    waiting = conferences.a_conference(
        session, learner, teacher, approved=False, shared=False, now=BEFORE + timedelta(days=7)
    )
    planned = conferences.a_planned_conference(session, learner, teacher, at=time(16, 0))
    conferences.prepare_all(session, planned)
    summary, unshared = (
        conferences.summary_of(session, held),
        conferences.summary_of(session, waiting),
    )
    link, token = conferences.a_link(session, held, guardian)
    answer = _answer(session, link, summary, mark)
    work = session.exec(select(WorkPiece).where(WorkPiece.conference_id == planned.id)).first()
    promise = session.exec(select(Promise).where(Promise.conference_id == held.id)).first()
    assert work is not None
    assert promise is not None
    return {
        "conference_id": [
            Case("planned", {"conference_id": planned.id or 0}),
            Case("held", {"conference_id": held.id or 0}),
        ],
        "summary_id": [
            Case("shared", {"summary_id": summary.id or 0}, shared=True),
            Case("unshared", {"summary_id": unshared.id or 0}),
        ],
        "work_id": [Case("work", {"conference_id": planned.id or 0, "work_id": work.id or 0})],
        "promise_id": [Case("promise", {"promise_id": promise.id or 0})],
        "feedback_id": [Case("feedback", {"feedback_id": answer.id or 0})],
        "link_id": [Case("link", {"link_id": link.id or 0})],
        "family_goal_id": [Case("goal by link", {"link_id": link.id or 0, "goal_id": goal_id})],
    }, token


def _answer(session: Session, link: FamilyLink, summary: Summary, mark: str) -> Feedback:

    doer = links.by_family(session, link)
    given = (session, doer, summary, link.guardian_id)
    feedback.give(*given, Understood.PARTLY, Language.EN, MONDAY)
    said = FamilyWords(proud=f"{mark} was brave", question=f"{mark} asks a lot")
    return feedback.add_words(*given, said, Language.EN, MONDAY)
