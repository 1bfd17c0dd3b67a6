"""The conferences of the demo school: planned, prepared, held, summed up, answered by families."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, select

from learnpath.conferences import answer, feedback, links, plan, prepare, present, promises, summary
from learnpath.conferences.feedback import FamilyWords
from learnpath.conferences.models import (
    Conference,
    FamilyLink,
    Feedback,
    Leader,
    Promise,
    PromiseState,
    Summary,
    Understood,
)
from learnpath.conferences.prepare import Line
from learnpath.conferences.present import Live, Promised
from learnpath.db import key_of
from learnpath.demo.story import Raw, Story, read
from learnpath.goals.models import Goal, GoalState
from learnpath.people.models import Language, Person
from learnpath.profiles.queries import entries_of
from learnpath.profiles.visible import Reader
from learnpath.record import Relation
from learnpath.school.calendar import SCHOOL_DAYS

PLANNED_AHEAD = timedelta(days=12)
LOOKED_BACK = ("omar",)
WAITING_FOR_A_GLANCE = ("sofia", "andres")


def tell_conferences(story: Story) -> None:
    """Let all conferences of the demo happen, or be planned."""
    raw = read("conferences")
    answers = read("goals")["feedback"]
    for key, one in raw["held"].items():
        _tell_held(_Teller(story, key, one), answers)
    for key, one in raw["planned"].items():
        _tell_planned(_Teller(story, key, {**raw["ready"], **one}))


def _tell_held(teller: _Teller, answers: list[Raw]) -> None:
    story, held = teller.story, teller.held_at()
    day = timedelta(days=1)
    story.at(held - PLANNED_AHEAD, teller.plan)
    story.at(held - 6 * day, teller.prepare)
    story.at(held - 3 * day, teller.answer)
    story.at(held - day, teller.get_ready)
    story.at(held, teller.hold)
    story.at(held + timedelta(minutes=25), teller.approve)
    story.at(held + timedelta(hours=1), teller.share)
    if "feedback" in teller.raw:
        told = answers[teller.raw["feedback"]]
        story.at(held + 2 * day, lambda now: teller.family_answers(told, now))
        if teller.key not in WAITING_FOR_A_GLANCE:
            story.at(held + 3 * day, teller.pass_on)
    if teller.key in LOOKED_BACK:
        story.at(held + timedelta(weeks=2, days=1), teller.look_back)


def _tell_planned(teller: _Teller) -> None:
    story = teller.story
    story.at(story.days.at(story.days.monday - timedelta(days=6), 8), teller.plan)
    if not teller.raw["ready"]:
        return
    before = story.days.at(story.days.monday - timedelta(days=4), 13)
    story.at(before, teller.prepare)
    story.at(before + timedelta(hours=2), teller.answer)
    story.at(before + timedelta(hours=20), teller.get_ready)


class _Teller:
    """One conference's steps, each at its moment."""

    def __init__(self, story: Story, key: str, raw: Raw) -> None:
        self.story, self.key, self.raw = story, key, raw
        self.session: Session = story.session
        self.conference_id: int | None = None

    @property
    def conference(self) -> Conference:
        return self.session.get_one(Conference, self.conference_id)

    @property
    def summary(self) -> Summary:
        query = select(Summary).where(Summary.conference_id == self.conference_id)
        return self.session.exec(query).one()

    @property
    def guardian(self) -> Person:
        return self.story.cast.guardians[self.key][0]

    def held_at(self) -> datetime:
        """Return when a conference of the past was held."""
        weeks = self.story.days.weeks
        day = weeks[-1 - self.raw["weeks_ago"]] + timedelta(days=self.raw["weekday"])
        return self.story.days.at(day, self.raw["hour"])

    def ahead_on(self) -> date:
        """Return the school day that a planned conference is on."""
        day = self.story.days.today + timedelta(days=self.raw["in_days"])
        while day.weekday() >= SCHOOL_DAYS:
            day += timedelta(days=1)
        return day

    def plan(self, now: datetime) -> None:
        day = self.held_at().date() if "weeks_ago" in self.raw else self.ahead_on()
        learner = self.story.cast.people[self.key]
        when = plan.When(day, time(self.raw["hour"]), "Room 214")
        made = plan.plan_conference(
            self.session, self.story.cast.teacher(self.key), learner, when, now
        )
        self.conference_id = made.id

    def prepare(self, now: datetime) -> None:
        session, by, conference = self.session, self.story.cast.learner(self.key), self.conference
        lines = self._lines()
        prepare.choose_lines(
            session, by, conference, lines, [line.key for line in lines[:3]], conference.number, now
        )
        goals = self._agreed_goals()
        prepare.choose_goals(
            session, by, conference, goals, goals[:1], not goals, conference.number, now
        )
        for title, did, shows in self._work():
            prepare.add_work(session, by, conference, prepare.Piece(title, did, shows), now)
        hard = prepare.Hard(*self.raw["hard"])
        prepare.say_hard(session, by, conference, hard, conference.number, now)
        prepare.guess(session, by, conference, self.raw["guess"], conference.number, now)
        prepare.say_words(session, by, conference, self.raw["words"], conference.number, now)

    def _lines(self) -> list[Line]:
        learner_id = self.story.cast.id(self.key)
        reader = Reader.the_learner(learner_id, self.story.now.date())
        entries = entries_of(self.session, learner_id, reader)
        return [Line(one.key, one.block, one.text) for one in entries]

    def _agreed_goals(self) -> list[int]:
        query = select(Goal).where(
            Goal.learner_id == self.story.cast.id(self.key),
            col(Goal.state).in_([GoalState.AGREED, GoalState.REACHED]),
        )
        return [key_of(goal) for goal in self.session.exec(query.order_by(col(Goal.id)))]

    def _work(self) -> list[list[str]]:
        said = self.raw["work"]
        return [said] if isinstance(said[0], str) else list(said)

    def answer(self, now: datetime) -> None:
        said = answer.Answer(self.raw["teacher"])
        conference = self.conference
        answer.answer(
            self.session, self.story.cast.teacher(self.key), conference, said,
            conference.teacher_number, now,
        )  # fmt: skip

    def get_ready(self, now: datetime) -> None:
        by = self.story.cast.learner(self.key)
        prepare.rehearsed(self.session, by, self.conference, now)
        prepare.say_ready(self.session, by, self.conference, [], now)

    def hold(self, now: datetime) -> None:
        session, by, conference = self.session, self.story.cast.learner(self.key), self.conference
        present.begin(session, by, conference, now)
        cards = prepare.cards_of(session, key_of(conference))
        led = {
            card.key: Leader(leader) for card, leader in zip(cards, self.raw["leads"], strict=False)
        }
        there = [Relation.LEARNER, Relation.TEACHER]
        if self.raw["family"]:
            there.append(Relation.FAMILY)
        live = Live(led, there, self.raw["family"], self._promises(now.date()))
        present.keep(session, conference, live, now.date())
        present.finish(session, by, conference, now)

    def _promises(self, today: date) -> dict[Relation, Promised]:
        cast = self.story.cast
        who = {
            "learner": cast.people[self.key].called,
            "family": self.raw["family"],
            "teacher": cast.people[cast.teacher_of[self.key]].called,
        }
        due = today + timedelta(weeks=4)
        return {
            Relation(by): Promised(text, who[by], due, due_touched=True, read_back=True)
            for by, text in self.raw["promises"].items()
        }

    def approve(self, now: datetime) -> None:
        summary.approve(
            self.session, self.story.cast.learner(self.key), self.summary, self.raw["words"], now
        )

    def share(self, now: datetime) -> None:
        by, found = self.story.cast.teacher(self.key), self.summary
        summary.share(self.session, by, found, found.sha256, now)
        if "translation" in self.raw:
            texts = dict(self.raw["translation"])
            name = texts.pop("by")
            summary.translate(self.session, by, found, Language.ES, texts, name, now)
        links.issue(self.session, by, self.conference, key_of(self.guardian), now)

    def family_answers(self, told: Raw, now: datetime) -> None:
        query = select(FamilyLink).where(FamilyLink.conference_id == self.conference_id)
        link = self.session.exec(query).one()
        links.opened(self.session, link, now)
        by, found = links.by_family(self.session, link), self.summary
        language, guardian_id = Language(told["language"]), key_of(self.guardian)
        understood = Understood(told["understood"])
        feedback.give(self.session, by, found, guardian_id, understood, language, now)
        words = FamilyWords(told["proud"], told["question"])
        feedback.add_words(self.session, by, found, guardian_id, words, language, now)

    def pass_on(self, now: datetime) -> None:
        query = select(Feedback).where(Feedback.summary_id == self.summary.id)
        found = self.session.exec(query).one()
        feedback.glance(self.session, self.story.cast.teacher(self.key), found, True, now)
        if self.key != "mateo":
            feedback.read(self.session, self.story.cast.learner(self.key), found, now)

    def look_back(self, now: datetime) -> None:
        by = self.story.cast.learner(self.key)
        query = select(Promise).where(
            Promise.conference_id == self.conference_id, Promise.by_relation == Relation.LEARNER
        )
        promises.look_back(
            self.session, by, self.session.exec(query).one(), PromiseState.DOING_IT, "", now
        )
