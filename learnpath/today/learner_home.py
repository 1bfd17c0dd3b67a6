"""What a learner's home page shows: one next step, this week's check-in, the path of the year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from learnpath.access import Actor
from learnpath.conferences import afterwards, ahead
from learnpath.conferences.afterwards import PromiseDue
from learnpath.conferences.ahead import NextConference
from learnpath.goals import queries as goals
from learnpath.goals.models import GoalState
from learnpath.goals.progress import GoalProgress
from learnpath.goals.queries import GoalLine
from learnpath.goals.states import ENDED
from learnpath.people.models import Person
from learnpath.profiles import queries as profiles
from learnpath.record import Relation
from learnpath.school.calendar import SchoolCalendar
from learnpath.today.next_step import LearnerFacts, NextStep, Step, next_step


@dataclass(frozen=True)
class LearnerHome:
    """A learner's home page."""

    learner: Person
    hour: int
    week_number: int | None
    next: NextStep
    check_in: GoalLine | None
    goals: Sequence[GoalLine]
    main_goal: GoalLine | None
    progress: GoalProgress | None
    conference: NextConference | None
    conferences_held: int
    has_profile: bool
    promises: Sequence[PromiseDue]

    @property
    def in_the_making(self) -> GoalLine | None:
        """A goal that is not agreed yet: written, or with the teacher."""
        return next((one for one in self.goals if one.state not in ENDED), None)

    @property
    def weeks_of_data(self) -> int:
        """How many weeks of data the main goal has: never a streak, always a count."""
        rows = self.progress.rows if self.progress else ()
        return sum(1 for row in rows if row.value)


def learner_home(
    session: Session, learner: Person, actor: Actor, calendar: SchoolCalendar, now: datetime
) -> LearnerHome:
    """Return the home page of ``learner``, in a fixed number of queries however much there is."""
    lines, progress = goals.home_of(session, actor.person_id, calendar, actor.today)
    start = profiles.start_of(session, actor.person_id)
    waits = afterwards.waits_of(session, actor.person_id)
    coming = ahead.next_conference(session, actor.person_id)
    due = afterwards.promises_due(session, [actor.person_id], now) if waits.held else []
    own = [promise for promise in due if promise.by is Relation.LEARNER]
    main = next((line for line in lines if line.takes_check_ins), None)
    check_in = _to_check_in(lines)
    facts = LearnerFacts(
        goal_with_suggestion=_first(lines, lambda line: line.ideas > 0),
        goal_to_sign=_first(lines, lambda line: line.state is GoalState.WITH_LEARNER),
        unread_feedback=waits.unread_conference, summary_to_approve=waits.to_approve,
        inventory_run=start.run_id, has_profile=start.has_profile,
        conference=coming.id if coming else None,
        conference_day=coming.starts_at.astimezone(ZoneInfo(actor.zone)).date() if coming else None,
        conference_ready=bool(coming and coming.ready),
        goal_to_check_in=check_in.id if check_in else None,
        draft=_first(lines, lambda line: line.state is GoalState.DRAFT),
        has_goal=any(line.state not in ENDED for line in lines),
        promise_to_look_back=own[0].conference_id if own else None,
    )  # fmt: skip
    chosen = next_step(facts, actor.today)
    return LearnerHome(
        learner, now.astimezone(ZoneInfo(actor.zone)).hour, calendar.number(actor.today), chosen,
        check_in if chosen.step is Step.CHECK_IN else None, lines, main, progress, coming,
        waits.held, start.has_profile, own,
    )  # fmt: skip


def _to_check_in(lines: Sequence[GoalLine]) -> GoalLine | None:
    waiting = [line for line in lines if line.takes_check_ins and not line.checked_in_this_week]
    return waiting[0] if waiting and waiting[0].week is not None else None


def _first(lines: Sequence[GoalLine], holds: object) -> int | None:
    assert callable(holds)
    return next((line.id for line in lines if line.state not in ENDED and holds(line)), None)
