"""Thinking about one's own work: answers to prompts, the trend in own words, another way to try."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from learnpath import record
from learnpath.errors import NotAllowedNow, WrongInput
from learnpath.goals import states
from learnpath.goals.models import Goal, Reflection, StrategyChange
from learnpath.goals.propose import Reason
from learnpath.record import By, Verb
from learnpath.school.calendar import SchoolCalendar, monday_of
from learnpath.wording import lazy as _l

TREND = "trend"
LONGEST, LONGEST_STRATEGY = 1200, 400
MONTH_IN_WEEKS = 4


def reflect(
    session: Session, by: By, goal: Goal, prompt: str, text: str, now: datetime,
    *, language: str = "en",
) -> Reflection:  # fmt: skip
    """Keep the learner's answer to a prompt; for the prompt ``TREND`` it is the progress in own words.

    Raises WrongInput for no words or too many, NotAllowedNow before the goal is agreed.
    """
    if goal.agreed_number is None:
        raise NotAllowedNow(_l("You can do this when you both agree on the goal."))
    words = _words(text, LONGEST)
    row = Reflection(
        goal_id=goal.key, learner_id=goal.learner_id, at=now, prompt=prompt, text=words,
        language=language,
    )  # fmt: skip
    session.add(row)
    session.flush()
    trend = prompt == TREND
    record.write(
        session, by, Verb.TREND_STATED if trend else Verb.REFLECTED, learner_id=goal.learner_id,
        about=("goal", goal.id), payload=None if trend else {"prompt": prompt}, at=now,
    )  # fmt: skip
    return row


def _words(text: str, limit: int) -> str:
    words = text.strip()
    if not words:
        raise WrongInput("text", _l("Write a few words first."))
    if len(words) > limit:
        raise WrongInput("text", _l("Use %(limit)s letters or fewer.", limit=limit))
    return words


def change_strategy(
    session: Session, by: By, goal: Goal, text: str, reason: Reason, calendar: SchoolCalendar,
    today: date, now: datetime,
) -> StrategyChange:  # fmt: skip
    """Try another way to the same goal, and say why. The goal stays agreed; the chart marks the week.

    Raises WrongInput for no words, NotAllowedNow when there is no agreed goal under way.
    """
    if not states.takes_check_ins(goal):
        raise NotAllowedNow(_l("You can do this when you both agree on the goal."))
    row = StrategyChange(
        goal_id=goal.key, learner_id=goal.learner_id, author_id=by.person_id or 0, relation=by.decided,
        at=now, week=calendar.latest_week(today) or monday_of(today),
        text=_words(text, LONGEST_STRATEGY), reason=reason.kind, reason_words=reason.words.strip(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    record.write(
        session, by, Verb.STRATEGY_CHANGED, learner_id=goal.learner_id, about=("goal", goal.id),
        payload={"reason": str(reason.kind)}, at=now,
    )  # fmt: skip
    return row


def question_due(
    told: Sequence[date], reflected: Sequence[date], prompts: Sequence[str]
) -> str | None:
    """Return the question to ask a learner now, or None: after a check-in one of ``prompts``, in turn.

    After four school weeks with check-ins and no reflection it is the question about the way so far.
    ``told`` are the weeks with a check-in, ``reflected`` the days of reflections; both oldest first.
    """
    since = reflected[-1] if reflected else date.min
    new = [week for week in told if monday_of(since) < week] if reflected else list(told)
    if not new:
        return None
    if len(new) >= MONTH_IN_WEEKS:
        return TREND
    return prompts[len(told) % len(prompts)]
