"""Sending a goal: the words become a version that nobody changes any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from learnpath.errors import NotAllowedNow
from learnpath.goals import basis, draft, parts, states
from learnpath.goals.models import (
    ChangeReason,
    Goal,
    GoalMessage,
    GoalSignature,
    GoalState,
    GoalSuggestion,
    GoalVersion,
)
from learnpath.goals.states import Act
from learnpath.goals.tell import tell
from learnpath.record import By, Relation, Verb
from learnpath.wording import lazy as _l


@dataclass(frozen=True)
class Reason:
    """Why something was changed."""

    kind: ChangeReason
    words: str = ""


def send(
    session: Session,
    by: By,
    goal: Goal,
    today: date,
    now: datetime,
    *,
    reason: Reason | None = None,
    language: str = "en",
) -> GoalVersion:
    """Send the learner's draft to the teacher, as the next version.

    Raises WrongInput for a part that is missing, NotAllowedNow when there is nothing to send.
    """
    if goal.draft is None:
        raise NotAllowedNow(_l("This goal was sent already."))
    made = revise(session, by, goal, goal.draft, today, now, reason=reason, language=language)
    goal.draft = None
    return made


def revise(
    session: Session,
    by: By,
    goal: Goal,
    typed: Mapping[str, Any],
    today: date,
    now: datetime,
    *,
    reason: Reason | None = None,
    with_words_of: Sequence[Relation] = (),
    language: str = "en",
) -> GoalVersion:
    """Put what the learner typed, and may have taken from others, to the teacher as the next version.

    Raises WrongInput for a part that is missing, NotAllowedNow when the goal does not move that way.
    """
    states.check(goal, Act.SEND)
    was = goal.state
    before = draft.newest(session, goal) if goal.newest_number else None
    made = _next_version(by, goal, before, typed, today, now)
    made.reason, made.reason_words = (reason.kind, reason.words) if reason else (None, "")
    made.shaped_by = sorted({*made.shaped_by, *map(str, with_words_of)})
    states.move(goal, Act.SEND, now)
    rests_on = basis.read(session, by, goal.learner_id, typed)
    _keep(session, by, goal, before, made, rests_on, language, now)
    if was is GoalState.DRAFT:
        tell(session, by, Verb.GOAL_PROPOSED, goal, {"number": made.number}, now)
    elif was is GoalState.AGREED:
        _tell_change(session, by, goal, made, now)
    return made


def offer(
    session: Session,
    by: By,
    learner_id: int,
    typed: Mapping[str, Any],
    today: date,
    now: datetime,
    *,
    language: str = "en",
) -> Goal:
    """Start a goal for a learner, as a teacher: it goes to the learner, who decides.

    Raises WrongInput for a part that is missing.
    """
    goal = draft.start(session, by, learner_id, now, begins_with=typed)
    made = _next_version(by, goal, None, typed, today, now)
    goal.draft = None
    states.move(goal, Act.OFFER, now)
    rests_on = basis.read(session, by, learner_id, typed)
    _keep(session, by, goal, None, made, rests_on, language, now)
    tell(session, by, Verb.GOAL_PROPOSED, goal, {"number": made.number}, now)
    return goal


def take_back(session: Session, by: By, goal: Goal, now: datetime) -> None:
    """Take a goal back that was just sent, as long as nobody has answered.

    Raises NotAllowedNow when somebody did, or when it stands elsewhere.
    """
    states.check(goal, Act.TAKE_BACK)
    if goal.newest_number != 1 or _answered(session, goal):
        raise NotAllowedNow(
            _l("Your teacher has answered already. You can still change your goal.")
        )
    goal.draft = basis.as_whole_draft(session, draft.newest(session, goal))
    states.move(goal, Act.TAKE_BACK, now)
    session.add(goal)
    tell(session, by, Verb.GOAL_UNDONE, goal, {"what": "sent"}, now)


def _answered(session: Session, goal: Goal) -> bool:
    return any(
        session.exec(select(col(model.id)).where(col(model.goal_id) == goal.id)).first() is not None
        for model in (GoalSignature, GoalSuggestion, GoalMessage)
    )


def preview(goal: Goal, typed: Mapping[str, Any], today: date) -> GoalVersion:
    """Return what would be sent, not kept anywhere. Raises WrongInput for a part that is missing."""
    return GoalVersion(
        goal_id=goal.key, learner_id=goal.learner_id, number=goal.newest_number + 1,
        **parts.read(typed, today),
    )  # fmt: skip


def _next_version(
    by: By,
    goal: Goal,
    before: GoalVersion | None,
    typed: Mapping[str, Any],
    today: date,
    now: datetime,
) -> GoalVersion:
    """Read what was typed as the next version; nothing is changed yet. Raises WrongInput."""
    goes_on = before is not None and goal.agreed_number is not None
    columns = parts.read(typed, before.starts if before and goes_on else today)
    columns["builds_on"] = parts.entries_cited(columns["builds_on"], by.decided)
    shaped_by = {*(before.shaped_by if before else ()), str(by.decided)}
    return GoalVersion(
        goal_id=goal.key, learner_id=goal.learner_id, number=goal.newest_number + 1,
        author_id=by.person_id or 0, relation=by.decided, at=now, shaped_by=sorted(shaped_by),
        sha256="", **columns,
    )  # fmt: skip


def _keep(
    session: Session,
    by: By,
    goal: Goal,
    before: GoalVersion | None,
    made: GoalVersion,
    rests_on: Sequence[basis.Entry],
    language: str,
    now: datetime,
) -> None:
    """Keep the next version. The one before stays as it was, and its signatures are for it alone."""
    made.language = language
    made.sha256 = parts.digest(made, rests_on)
    goal.newest_number = made.number
    session.add_all([goal, made])
    session.flush()
    basis.keep(session, made, rests_on)
    if before is not None:
        changed = parts.changed_parts(before, made)
        if basis.of_version(session, before) != rests_on:
            changed.append("rests_on")
        tell(session, by, Verb.GOAL_REVISED, goal, _what_changed(made, changed), now)


def _what_changed(after: GoalVersion, changed: Sequence[str]) -> dict[str, Any]:
    return {
        "number": after.number,
        "parts": list(changed),
        "reason": str(after.reason) if after.reason else None,
    }


def _tell_change(session: Session, by: By, goal: Goal, made: GoalVersion, now: datetime) -> None:
    reason = str(made.reason) if made.reason else None
    tell(session, by, Verb.GOAL_CHANGED, goal, {"number": made.number, "reason": reason}, now)
