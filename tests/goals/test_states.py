"""Whatever people do to a goal, in whatever order: a state machine drives all relations at random.

What must always hold: an agreed goal bears both names on its newest version, no version is lost or
changed, no move happens that the table does not have, and nothing refused leaves a trace.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlmodel import Session, col, select

from learnpath import migrate
from learnpath.access import Actor, Can, fetch
from learnpath.db import make_engine, open_session
from learnpath.errors import DomainError, NotFound
from learnpath.goals import close, comment, cosign, draft, parts, propose, states, suggest
from learnpath.goals.close import How
from learnpath.goals.models import (
    Answer,
    ChangeReason,
    Goal,
    GoalPart,
    GoalState,
    GoalSuggestion,
    GoalVersion,
)
from learnpath.goals.propose import Reason
from learnpath.goals.states import MOVES, Act
from learnpath.people.models import Hat, Person
from learnpath.record import By, Relation, Verb
from learnpath.record.models import Event
from learnpath.record.verify import verify
from tests.builders import MONDAY, a_guardian_of, a_learner, a_teacher_of, by
from tests.goals.build import FACTS, school_day

TARGETS = st.sampled_from(["30", "36", "42", "50", "lots", ""])
S = GoalState


@cache
def _migrated() -> bytes:
    """The bytes of a migrated database: each example begins with a copy."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "migrated.db"
        engine = make_engine(f"sqlite:///{path}")
        migrate.upgrade(engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        return path.read_bytes()


class Negotiation(RuleBasedStateMachine):
    """Learner, teacher, family and a stranger do what they can think of to one goal."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        path = Path(self.folder.name) / "goal.db"
        path.write_bytes(_migrated())
        self.engine = make_engine(f"sqlite:///{path}")
        self.now = MONDAY
        with open_session(self.engine, writing=True) as session:
            learner = a_learner(session)
            teacher, guardian = a_teacher_of(session, learner), a_guardian_of(session, learner)
            stranger = a_teacher_of(session, a_learner(session))
            goal = draft.start(
                session, by(learner, Relation.LEARNER), learner.id, MONDAY, begins_with=FACTS
            )
            self.people = {"learner": learner, "teacher": teacher, "family": guardian}
            self.stranger, self.goal_id = stranger, goal.key
            session.commit()
        self.texts: dict[int, str] = {}

    def teardown(self) -> None:
        """Whatever happened, the chains of the record hold."""
        with open_session(self.engine, writing=False) as session:
            assert verify(session).faults == ()
        self.engine.dispose()
        self.folder.cleanup()

    def act(self, who: str, act: Callable[[Session, By, Goal], Any]) -> bool:
        """Do something in a unit of work of its own; what is refused is undone, as on the web."""
        relation = Relation(who)
        with open_session(self.engine, writing=True) as session:
            goal = session.get_one(Goal, self.goal_id)
            was = goal.state
            try:
                act(session, by(self.people[who], relation), goal)
            except DomainError:
                session.rollback()
                return False
            session.commit()
            now_is = session.get_one(Goal, self.goal_id, populate_existing=True).state
        reachable = {was, *MOVES[was].values()}
        assert now_is in reachable, f"{was} -> {now_is} is not in the table"
        return True

    # -- what people do ----------------------------------------------------------------------------

    @rule(minutes=st.integers(0, 15))
    def time_goes_by(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(typed=TARGETS)
    def learner_writes(self, typed: str) -> None:
        self.act("learner", lambda s, _b, g: draft.keep(s, g, {"target": typed}))

    @rule()
    def learner_takes_it_up_again(self) -> None:
        self.act("learner", lambda s, _b, g: draft.take_up(s, g))

    @rule()
    def learner_drops_the_change(self) -> None:
        self.act("learner", lambda s, _b, g: draft.drop(s, g))

    @rule(reason=st.sampled_from([None, ChangeReason.TOO_BIG]))
    def learner_sends(self, reason: ChangeReason | None) -> None:
        why = Reason(reason) if reason else None
        self.act(
            "learner",
            lambda s, b, g: propose.send(s, b, g, school_day(self.now), self.now, reason=why),
        )

    @rule()
    def learner_takes_back(self) -> None:
        self.act("learner", lambda s, b, g: propose.take_back(s, b, g, self.now))

    @rule(
        who=st.sampled_from(["teacher", "family"]),
        part=st.sampled_from([GoalPart.TARGET, GoalPart.WHY]),
        words=TARGETS,
        behind=st.integers(0, 1),
    )
    def somebody_suggests(self, who: str, part: GoalPart, words: str, behind: int) -> None:
        self.act(
            who,
            lambda s, b, g: suggest.suggest(
                s, b, g, part, words, "", g.newest_number - behind, self.now
            ),
        )

    @rule(choice=st.sampled_from(Answer), own_words=TARGETS)
    def learner_answers(self, choice: Answer, own_words: str) -> None:
        def answer(session: Session, who: By, goal: Goal) -> None:
            query = select(GoalSuggestion.id).order_by(col(GoalSuggestion.id).desc())
            idea = session.exec(query).first()
            if idea is None:
                raise NotFound
            suggest.answer(
                session, who, goal, idea, choice, school_day(self.now), self.now,
                own_words=own_words,
            )  # fmt: skip

        self.act("learner", answer)

    @rule()
    def teacher_asks(self) -> None:
        self.act("teacher", lambda s, b, g: comment.ask(s, b, g, "Which facts?", self.now))

    @rule()
    def teacher_plans_a_talk(self) -> None:
        today = school_day(self.now)
        self.act("teacher", lambda s, b, g: comment.plan_talk(s, b, g, today, "", self.now, today))

    @rule(who=st.sampled_from(["learner", "teacher", "family"]))
    def somebody_says_something(self, who: str) -> None:
        self.act(who, lambda s, b, g: comment.comment(s, b, g, "Good.", self.now))

    @rule(who=st.sampled_from(["learner", "teacher"]), stale=st.booleans())
    def somebody_signs(self, who: str, stale: bool) -> None:
        def sign(session: Session, signer: By, goal: Goal) -> None:
            shown = draft.newest(session, goal).sha256 if goal.newest_number else ""
            cosign.sign(session, signer, goal, "0" * 64 if stale else shown, self.now)

        assert not (self.act(who, sign) and stale), "a signature under words that nobody showed"

    @rule(who=st.sampled_from(["learner", "teacher"]))
    def somebody_takes_the_yes_back(self, who: str) -> None:
        self.act(who, lambda s, b, g: cosign.withdraw(s, b, g, self.now))

    @rule(how=st.sampled_from(How), words=st.sampled_from(["", "I learned."]))
    def learner_ends_it(self, how: How, words: str) -> None:
        self.act("learner", lambda s, b, g: close.close(s, b, g, how, words, self.now))

    @rule()
    def learner_undoes_the_end(self) -> None:
        self.act("learner", lambda s, b, g: close.reopen(s, b, g, self.now))

    @rule(can=st.sampled_from([Can.WRITE_GOAL, Can.SIGN_GOAL, Can.ANSWER_GOAL, Can.CHECK_IN]))
    def a_stranger_reaches_for_it(self, can: Can) -> None:
        actor = _actor(self.stranger, self.now)
        with open_session(self.engine, writing=True) as session, pytest.raises(NotFound):
            fetch(session, actor, can, Goal, self.goal_id, to_change=True)

    # -- what always holds -------------------------------------------------------------------------

    @invariant()
    def an_agreed_goal_bears_both_names_on_its_newest_version(self) -> None:
        with open_session(self.engine, writing=False) as session:
            goal = session.get_one(Goal, self.goal_id)
            if goal.state is GoalState.AGREED:
                assert goal.agreed_number == goal.newest_number
            if goal.agreed_number is not None:
                signed = cosign.signatures(session, goal.id, goal.agreed_number)
                version = draft.version(session, goal, goal.agreed_number)
                assert set(signed) == {Relation.LEARNER, Relation.TEACHER}
                assert cosign.unchanged_since_signed(version, signed.values())

    @invariant()
    def no_version_is_lost_or_changed(self) -> None:
        with open_session(self.engine, writing=False) as session:
            goal = session.get_one(Goal, self.goal_id)
            query = select(GoalVersion).where(GoalVersion.goal_id == self.goal_id)
            versions = {version.number: version for version in session.exec(query)}
            assert sorted(versions) == list(range(1, goal.newest_number + 1))
            for number, version in versions.items():
                text = parts.canonical(version)
                assert self.texts.setdefault(number, text) == text
                assert version.sha256 == parts.digest(version)

    @invariant()
    def only_learner_and_teacher_have_written_versions(self) -> None:
        with open_session(self.engine, writing=False) as session:
            authors = set(session.exec(select(GoalVersion.author_id)))
        assert authors <= {self.people["learner"].id}

    @precondition(lambda self: self.texts)
    @invariant()
    def the_record_tells_of_every_version(self) -> None:
        with open_session(self.engine, writing=False) as session:
            told = session.exec(
                select(Event.verb).where(
                    Event.object_id == self.goal_id,
                    col(Event.verb).in_([Verb.GOAL_PROPOSED, Verb.GOAL_REVISED]),
                )
            ).all()
            assert len(told) >= len(self.texts)


def _actor(person: Person, now: datetime) -> Actor:
    return Actor(person.id or 0, person.school_id, Hat.TEACHER, "America/Denver", school_day(now))


Negotiation.TestCase.settings = settings(
    max_examples=15, stateful_step_count=20, report_multiple_bugs=False, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
TestNegotiation = Negotiation.TestCase


def test_every_state_has_its_row_and_every_open_one_a_way_to_an_end() -> None:
    assert set(MOVES) == set(GoalState)
    for state in states.OPEN:
        assert _reachable(state) & states.ENDED, f"{state} has no way to an end"


def _reachable(state: GoalState) -> set[GoalState]:
    found: set[GoalState] = set()
    ahead = {state}
    while ahead:
        found |= ahead
        ahead = {after for one in ahead for after in MOVES[one].values()} - found
    return found


def test_an_agreed_goal_is_reached_through_both_signatures_only() -> None:
    ways = {act for moves in MOVES.values() for act, after in moves.items() if after is S.AGREED}
    assert ways == {Act.BOTH_SIGNED, Act.SUGGEST, Act.PLAN_TALK, Act.KEEP_MINE, Act.REOPEN}
    for act in (Act.SUGGEST, Act.PLAN_TALK, Act.KEEP_MINE):
        came_from = {state for state, moves in MOVES.items() if moves.get(act) is S.AGREED}
        assert came_from == {S.AGREED}


def test_a_move_that_is_not_in_the_table_is_refused() -> None:
    goal = Goal(
        school_id=1, learner_id=1, drafted_by=Relation.LEARNER, started_by_id=1, started_at=MONDAY,
        since=MONDAY, state=GoalState.CLOSED,
    )  # fmt: skip
    for act in set(Act) - set(MOVES[GoalState.CLOSED]):
        with pytest.raises(DomainError):
            states.move(goal, act, MONDAY)
    assert goal.state is GoalState.CLOSED
