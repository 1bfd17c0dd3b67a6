"""One learner on one screen: what a teacher reads before a talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from learnpath.access import Actor
from learnpath.conferences import afterwards, ahead
from learnpath.conferences.afterwards import PromiseDue
from learnpath.conferences.ahead import NextConference
from learnpath.continuum import queries as continuum
from learnpath.continuum.queries import ThreadLine
from learnpath.goals import queries as goals
from learnpath.goals.progress import GoalProgress
from learnpath.goals.queries import GoalLine
from learnpath.people.models import Person
from learnpath.profiles import queries as profiles
from learnpath.profiles.queries import ShownBlock
from learnpath.profiles.visible import Reader
from learnpath.school.calendar import SchoolCalendar
from learnpath.school.queries import GuardianOf, guardians_of

HELPFUL_BLOCKS = ("in_my_words", "strengths", "challenges", "what_helps", "needs")


@dataclass(frozen=True)
class LearnerPage:
    """Everything on the page about one learner."""

    learner: Person
    blocks: Sequence[ShownBlock]
    goals: Sequence[GoalLine]
    main_goal: GoalLine | None
    progress: GoalProgress | None
    conference: NextConference | None
    promises: Sequence[PromiseDue]
    threads: Sequence[ThreadLine]
    guardians: Sequence[GuardianOf]


def learner_page(
    session: Session, learner: Person, actor: Actor, calendar: SchoolCalendar, now: datetime,
    language: str,
) -> LearnerPage:  # fmt: skip
    """Return the page about ``learner``, in a fixed number of queries however much there is."""
    learner_id = learner.id or 0
    lines, progress = goals.home_of(session, learner_id, calendar, actor.today)
    blocks = profiles.shown_blocks(session, learner_id, Reader.of(actor, calendar))
    return LearnerPage(
        learner,
        [block for block in blocks if block.lines and block.key in HELPFUL_BLOCKS],
        lines, next((line for line in lines if line.takes_check_ins), None), progress,
        ahead.next_conference(session, learner_id),
        afterwards.promises_due(session, [learner_id], now),
        continuum.threads_of(
            session, learner_id, calendar, now, name=learner.called, language=language,
            zone=actor.zone,
        ),
        guardians_of(session, learner_id, actor.today),
    )  # fmt: skip
