"""All that the page of one goal shows, in a fixed number of queries however long its story is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from learnpath.clock import school_day
from learnpath.goals import basis, reflect, states, wording
from learnpath.goals.basis import Rests
from learnpath.goals.cosign import standing, unchanged_since_signed
from learnpath.goals.models import (
    Evidence,
    Feel,
    Goal,
    GoalMessage,
    GoalSignature,
    GoalSuggestion,
    GoalVersion,
    Reflection,
    StrategyChange,
)
from learnpath.goals.parts import value_of
from learnpath.goals.progress import GoalProgress
from learnpath.goals.queries import agreed_ones, all_rows_of, progress_from, versions_signed
from learnpath.people.models import Hat, Person
from learnpath.record import Relation
from learnpath.school.calendar import SchoolCalendar


@dataclass(frozen=True)
class Signed:
    """A signature as it is shown."""

    name: str
    relation: Relation
    at: datetime
    signer_id: int


@dataclass(frozen=True)
class VersionShown:
    """A version in the history: whose, when, why, and what both signed."""

    version: GoalVersion
    author: str
    signed: tuple[Signed, ...]


@dataclass(frozen=True)
class IdeaShown:
    """A suggestion with who made it and what the goal says now."""

    suggestion: GoalSuggestion
    author: str
    mine: str
    theirs: str


@dataclass(frozen=True)
class Said:
    """A word of the conversation with who said it."""

    message: GoalMessage
    author: str


@dataclass(frozen=True)
class GoalPage:
    """All that the page of one goal shows."""

    goal: Goal
    learner: Person
    newest: GoalVersion | None
    versions: tuple[VersionShown, ...]
    signed: tuple[Signed, ...]
    unchanged: bool
    ideas: tuple[IdeaShown, ...]
    answered_ideas: tuple[IdeaShown, ...]
    said: tuple[Said, ...]
    strategies: tuple[StrategyChange, ...]
    reflections: tuple[Reflection, ...]
    evidence: tuple[Evidence, ...]
    progress: GoalProgress | None
    rests_on: tuple[Rests, ...]
    starter: str
    zone: str

    @property
    def stuck(self) -> bool:
        """Whether the newest word of the learner is that they are stuck."""
        told = [row for row in self.progress.rows if row.feel] if self.progress else []
        return bool(told) and told[0].feel == Feel.STUCK

    @property
    def question(self) -> str | None:
        """The question to think about now, of a goal that goes on."""
        if self.progress is None or self.goal.state in states.ENDED:
            return None
        told = [row.week for row in reversed(self.progress.rows) if row.value or row.gap]
        days = [school_day(one.at, self.zone) for one in reversed(self.reflections)]
        return reflect.question_due(told, days, wording.prompts_for(self.learner))

    @property
    def family_wrote(self) -> bool:
        """Whether the family said something that waits for answers on a goal that is not shared."""
        by_link = any(one.message.relation is Relation.FAMILY for one in self.said)
        return by_link and not self.goal.shared_with_family

    def signed_at(self, person_id: int) -> datetime | None:
        """Return when a person signed the newest version."""
        return next((one.at for one in self.signed if one.signer_id == person_id), None)

    def signed_by(self, relation: Relation | str) -> Signed | None:
        """Return the signature of one side on the newest version; a template names it as text."""
        return next((one for one in self.signed if one.relation == relation), None)


def page_of(
    session: Session, goal: Goal, calendar: SchoolCalendar, today: date, hat: Hat
) -> GoalPage:
    """Return everything on a goal's page for a reader, in five queries however long its story is."""
    key = goal.key
    versions, signed = versions_signed(session, key)
    ideas, said, reflections, strategies, samples = all_rows_of(
        session, key, GoalSuggestion, GoalMessage, Reflection, StrategyChange, Evidence
    )
    people = _people(session, {goal.learner_id, *_authors(goal, versions, signed, ideas, said)})
    learner = people[goal.learner_id]
    called = {id: person.called for id, person in people.items()}
    newest = versions[-1] if versions else None
    told = progress_from(
        session, goal, learner.called, agreed_ones(versions, signed), calendar, today, strategies
    )
    rests, rests_on = basis.shown(session, goal, hat)
    on_newest = [row for row in signed if newest and row.number == newest.number]
    return GoalPage(
        goal=goal, learner=learner, newest=newest,
        versions=tuple(_shown(version, signed, called) for version in reversed(versions)),
        signed=_signatures(on_newest, called), unchanged=_unchanged(newest, on_newest, rests),
        ideas=tuple(_idea(idea, newest, called) for idea in ideas if newest and not idea.answer),
        answered_ideas=tuple(_idea(idea, newest, called) for idea in ideas if idea.answer),
        said=tuple(Said(one, _name(called, one.author_id)) for one in said),
        strategies=tuple(reversed(strategies)),
        reflections=tuple(reversed(reflections)),
        evidence=_samples(samples), progress=told,
        rests_on=tuple(rests_on),
        starter=called.get(goal.started_by_id, ""), zone=calendar.zone,
    )  # fmt: skip


def _samples(rows: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple(row for row in reversed(rows) if row.removed_at is None)


def _people(session: Session, ids: set[int | None]) -> dict[int, Person]:
    query = select(Person).where(col(Person.id).in_({id for id in ids if id is not None}))
    return {person.id or 0: person for person in session.exec(query)}


def _authors(
    goal: Goal, versions: Iterable[GoalVersion], signed: Iterable[GoalSignature],
    ideas: Iterable[GoalSuggestion], said: Iterable[GoalMessage],
) -> set[int | None]:  # fmt: skip
    return {
        goal.started_by_id,
        *(version.author_id for version in versions),
        *(row.signer_id for row in signed),
        *(idea.author_id for idea in ideas),
        *(one.author_id for one in said),
    }


def _name(called: Mapping[int, str], person_id: int | None) -> str:
    return called.get(person_id or 0, "")


def _signatures(rows: Sequence[GoalSignature], called: Mapping[int, str]) -> tuple[Signed, ...]:
    return tuple(
        Signed(_name(called, row.signer_id), row.relation, row.at, row.signer_id)
        for row in standing(rows).values()
    )


def _unchanged(
    version: GoalVersion | None, rows: Sequence[GoalSignature], rests: Sequence[basis.Entry]
) -> bool:
    signed = standing(rows).values()
    return version is not None and unchanged_since_signed(version, signed, rests)


def _shown(
    version: GoalVersion, signed: Sequence[GoalSignature], called: Mapping[int, str]
) -> VersionShown:
    rows = [row for row in signed if row.number == version.number]
    return VersionShown(version, _name(called, version.author_id), _signatures(rows, called))


def _idea(idea: GoalSuggestion, newest: GoalVersion | None, called: Mapping[int, str]) -> IdeaShown:
    mine = wording.label_of(newest, idea.part, value_of(newest, idea.part)) if newest else ""
    theirs = wording.label_of(newest, idea.part, idea.text) if newest else idea.text
    return IdeaShown(idea, _name(called, idea.author_id), mine, theirs)
